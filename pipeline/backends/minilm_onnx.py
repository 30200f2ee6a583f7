"""MiniLM through onnxruntime: a text's vector does not depend on which texts are encoded beside it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.backends.adapter import Adapter
from pipeline.backends.bert_onnx import Shape, build_graph
from pipeline.backends.onnx_texts import Texts, kept_graph
from pipeline.backends.protocols import Vectors
from pipeline.errors import MissingModel

# Another graph sums in another order: what an older one gave is neither read nor mixed with this one's.
GRAPH = "graph 2"
# What it gives between two layers fits one core's cache: four times as many take a seventh longer at int8.
TOKENS_A_BATCH = 512


class OnnxEncoder:
    """An Encoder for a folder that holds a BERT of sentence-transformers with mean pooling and normalisation."""

    def __init__(
        self,
        folder: Path,
        *,
        revision: str,
        precision: str,
        graphs: Path,
        threads: int = 0,
        adapter: Adapter | None = None,
    ) -> None:
        """Make the graph, or find it in `graphs` where it was kept under this revision; `threads` as in Texts."""
        self._revision = revision
        shape = _shape(folder)

        def build() -> Any:
            return build_graph(_weights(folder, adapter), shape, pooling="mean")

        graph = kept_graph(build, revision=revision, precision=precision, graphs=graphs)
        tokenizer = folder / "tokenizer.json"
        self._texts = Texts(
            graph, tokenizer, max_tokens=shape.max_tokens, tokens_a_batch=TOKENS_A_BATCH, threads=threads
        )

    @property
    def revision(self) -> str:
        """The model's name, version, checksum and precision."""
        return self._revision

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit rows of shape (len(texts), d), in the same order."""
        return self._texts.rows(texts)


def _shape(folder: Path) -> Shape:
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        limits = json.loads((folder / "sentence_bert_config.json").read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise MissingModel(
            f"{folder} holds no sentence-transformers model: {Path(error.filename).name} is missing"
        ) from error
    if config.get("model_type") != "bert":
        raise MissingModel(f"{folder} is a {config.get('model_type')}, not a bert: set embed.backend to torch for it")
    return Shape(
        config["num_hidden_layers"], config["num_attention_heads"], config["layer_norm_eps"], limits["max_seq_length"]
    )


def _weights(folder: Path, adapter: Adapter | None) -> dict[str, NDArray[Any]]:
    from safetensors.numpy import load_file

    weights: dict[str, NDArray[Any]] = load_file(folder / "model.safetensors")
    for name, change in adapter.changes.items() if adapter else ():
        weights[name] = np.asarray(weights[name] + change)
    return weights
