"""The lower half of bge-small-en-v1.5 through onnxruntime: how a statement reads, for the quotes' ranker.

What makes a sentence worth printing is in how it is built and what it calls up, more than in its subject. The last
layers of a sentence encoder keep the subject and drop the rest: those in the middle have both (docs/method-quotes.md).

Its package carries the weights in eight bits, as onnxruntime's quantiser writes them. They are read from there, and
the graph is built here and run on floats: with eight bits on the way, what processors' last bits differ by moved rows
by up to a tenth.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.backends.bert_onnx import Shape, build_graph
from pipeline.backends.onnx_texts import Texts, kept_graph
from pipeline.backends.protocols import Vectors
from pipeline.errors import MissingModel

# Another graph gives other rows: what an older one gave is neither read nor mixed with this one's.
GRAPH = "six layers, mean and most, fp32"
# Of the twelve, and the longest text: both as the ranker was trained with.
_SHAPE = Shape(layers=6, heads=12, epsilon=1e-12, max_tokens=256)
_TOKENS_A_BATCH = 512  # what it gives between two layers fits one core's cache, as in minilm_onnx
_PREFIXES = ("embeddings.", "encoder.layer.")


class BgeEncoder:
    """An Encoder of two halves: the mean and the most of the sixth layer's states, each of the same length."""

    def __init__(self, folder: Path, *, revision: str, graphs: Path, threads: int = 0) -> None:
        """Make the graph, or find it in `graphs` where it was kept under this revision; `threads` as in Texts.

        Raises:
            MissingModel: the folder has no such model.
        """
        self._revision = revision

        def build() -> Any:
            return build_graph(quantised_weights(folder / "model.onnx"), _SHAPE, pooling="mean and most")

        graph = kept_graph(build, revision=revision, precision="fp32", graphs=graphs)
        tokenizer = folder / "tokenizer.json"
        self._texts = Texts(
            graph, tokenizer, max_tokens=_SHAPE.max_tokens, tokens_a_batch=_TOKENS_A_BATCH, threads=threads
        )

    @property
    def revision(self) -> str:
        """The model's name and version, and the graph's."""
        return self._revision

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit rows of shape (len(texts), 768), in the same order."""
        return self._texts.rows(texts)


def quantised_weights(path: Path) -> dict[str, NDArray[np.float32]]:
    """A BERT's weights, by the names that transformers gives them, from a graph that was quantised dynamically.

    There each is whole numbers, with one scale for all or for each output.

    Raises:
        MissingModel: there is no such file, or it isn't such a graph.
    """
    import onnx

    if not path.is_file():
        raise MissingModel(f"{path.parent} holds no bge-small-en-v1.5: {path.name} is missing")
    graph = onnx.load(path).graph
    found = dict(_weights(graph, {one.name: one for one in graph.initializer}))
    if missing := {"embeddings.word_embeddings.weight", "encoder.layer.0.output.dense.weight"} - set(found):
        raise MissingModel(f"{path} is no quantised BERT: it has no {min(missing)}")
    return found


def _weights(graph: Any, kept: dict[str, Any]) -> Iterator[tuple[str, NDArray[np.float32]]]:
    from onnx import numpy_helper

    def array(name: str) -> NDArray[Any]:
        return np.asarray(numpy_helper.to_array(kept[name]))

    def whole(name: str) -> NDArray[np.float32]:
        numbers = array(f"{name}_quantized").astype(np.float32) - array(f"{name}_zero_point").astype(np.float32)
        return np.asarray(numbers * array(f"{name}_scale"), dtype=np.float32)

    for name in sorted(kept):
        if name.startswith("embeddings.") and name.endswith("_quantized"):
            yield name.removesuffix("_quantized"), whole(name.removesuffix("_quantized"))
        elif name.startswith(_PREFIXES) and len(kept[name].dims) == 1:  # layer norms and biases stay floats
            yield name, array(name)
    for node in graph.node:
        if node.op_type == "MatMulInteger":
            # /encoder/layer.0/attention/self/query/MatMul_quant: (inputs, outputs) there, and here the other way.
            place = node.name.strip("/").removesuffix("/MatMul_quant").replace("/", ".")
            yield f"{place}.weight", whole(node.input[1].removesuffix("_quantized")).T
