"""SmolLM2's middle through onnxruntime: a closer reading of the statements that may be worth printing.

A language model that has read much knows what a striking sentence is. It is asked for nothing and writes nothing: a
statement stands between an opening and a closing that speak of quotations, and what layers in the model's upper middle
make of its words, and of the closing's last, is a row of numbers that the quotes' ranker weighs (docs/adr/0028).

Its package carries the weights in four bits, as llama.cpp writes them (GGUF). They are read from there, and the graph
is built here, at eight bits. Each text is run alone: activations are quantised by the batch, and would otherwise depend
a little on the texts beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.backends.llama_onnx import Around, Shape, build_graph, keep_opening, smoothed
from pipeline.backends.onnx_texts import Texts, kept_graph, kept_tokenizer
from pipeline.backends.protocols import Vectors
from pipeline.errors import MissingModel

# Another graph gives other rows: what an older one gave is neither read nor mixed with this one's.
GRAPH = "mean of layer 20, end of 24, int8, graph 2"
_FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"
# Of the thirty. What comes later is about the next word (docs/adr/0028 has others).
_MEAN_LAYER, _LAYERS = 20, 24
_MOST_TOKENS = 200  # of a statement: as the ranker was trained with
_OPENING = (
    "Minutes of a public meeting. The sentences most worth quoting in the report, in the exact words of the "
    'speakers:\n\n"'
)
_CLOSING = '" This quote stands out because it'
# Invented, as people talk in meetings: what the channels of a layer bring is measured on them.
_TALK = (
    "We were told to plan for ten years and given money for one.",
    "Nobody rang the family back for eleven weeks, and in the end they stopped asking.",
    "I think that the board has to answer for this, and it doesn't at the moment.",
    "What worked was a nurse who knew every street in the valley by name.",
    "The regulations came into force in April, but the guidance was published in November.",
    "There's a real fear of getting it wrong, so people do nothing at all.",
    "You can't build trust in a meeting; you build it on the doorstep, week after week.",
    "So, we've written to the local authorities on that, and we're waiting for a reply from two of them.",
    "In 2016, £1.5 million was made available, and 43 per cent of it was never spent.",
    "My own daughter waited a year, and by then she'd given up on us.",
    "Yes, I agree, and I think the inspectorate said the same in its last report.",
    "If nobody owns the outcome, nobody will ever be blamed for it, and nothing will change.",
    "It's a postcode lottery, plain and simple.",
    "We have very good people who are tired, and who are leaving, because nobody has listened to them for years.",
)


class SmolLmEncoder:
    """An Encoder of two halves: the mean over a statement's tokens, and the end of the closing, of one length."""

    def __init__(self, folder: Path, *, revision: str, graphs: Path, threads: int = 0) -> None:
        """Make the graph, or find it in `graphs` where it was kept under this revision; `threads` as in Texts.

        Raises:
            MissingModel: the folder has no such model.
        """
        self._revision = revision
        path = folder / _FILE
        if not path.is_file():
            raise MissingModel(f"{folder} holds no SmolLM2-135M: {_FILE} is missing")
        read = cache(lambda: _Read(path))  # once, and only where something has to be made
        tokenizer = kept_tokenizer(lambda: read().tokenizer().to_str(), revision=revision, graphs=graphs)
        how: Any = {"precision": "int8", "graphs": graphs, "quantised": True}
        graph = kept_graph(lambda: _graph(read()), revision=revision, **how)
        self._texts = Texts(graph, tokenizer, max_tokens=_MOST_TOKENS, tokens_a_batch=1, threads=threads)

    @property
    def revision(self) -> str:
        """The model's name and version, and the graph's."""
        return self._revision

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit rows of shape (len(texts), 1152), in the same order."""
        return self._texts.rows(texts)


def _graph(read: _Read) -> Any:
    tokenizer, shape, weights = read.tokenizer(), read.shape(), read.weights()

    def tokens(text: str) -> list[int]:
        return list(tokenizer.encode(text).ids)

    opening = keep_opening(weights, shape, [read.first, *tokens(_OPENING)])
    around = Around(opening, tokens(_CLOSING))
    return build_graph(weights, shape, around, smoothed(weights, shape, around, [tokens(text) for text in _TALK]))


class _Read:
    """The model's file: its description, its weights, its tokenizer."""

    def __init__(self, path: Path) -> None:
        from gguf import GGUFReader

        try:
            self._reader = GGUFReader(path)
        except (ValueError, IndexError) as error:
            raise MissingModel(f"{path} cannot be read: {error}; is it whole?") from error
        self.first = int(self._told("tokenizer.ggml.bos_token_id"))

    def _told(self, name: str) -> Any:
        return self._reader.fields[name].contents()

    def shape(self) -> Shape:
        """Of the layers that are read."""
        told = {name: self._told(f"llama.{name}") for name in _DESCRIBED}
        return Shape(
            layers=_LAYERS,
            mean_layer=_MEAN_LAYER,
            width=told["embedding_length"],
            wide=told["feed_forward_length"],
            heads=told["attention.head_count"],
            kept_heads=told["attention.head_count_kv"],
            epsilon=told["attention.layer_norm_rms_epsilon"],
            base=told["rope.freq_base"],
            most_tokens=2 * _MOST_TOKENS,
        )

    def weights(self) -> dict[str, Any]:
        """By GGUF's names, as floats; of the words' vectors the eight bits, and the scales of their blocks."""
        from gguf.quants import dequantize

        wanted = {f"blk.{layer}" for layer in range(_LAYERS)}
        found: dict[str, Any] = {}
        for tensor in self._reader.tensors:
            if tensor.name == "token_embd.weight":  # Q8_0: a float of two bytes, then 32 numbers
                blocks = np.asarray(tensor.data).reshape(len(tensor.data), -1, 34)
                scales = np.ascontiguousarray(blocks[..., :2]).view(np.float16)[..., 0]
                found["token_embd.scales"] = scales.astype(np.float32)
                found[tensor.name] = blocks[..., 2:].view(np.int8).reshape(len(blocks), -1)
            elif ".".join(tensor.name.split(".")[:2]) in wanted:
                found[tensor.name] = dequantize(tensor.data, tensor.tensor_type)
        return found

    def tokenizer(self) -> Any:
        """Byte pairs (Sennrich et al. 2016), each digit by itself."""
        from tokenizers import Tokenizer, models, pre_tokenizers

        words = {word: number for number, word in enumerate(self._told("tokenizer.ggml.tokens"))}
        merges = [tuple(pair.split(" ")) for pair in self._told("tokenizer.ggml.merges")]
        tokenizer = Tokenizer(models.BPE(vocab=words, merges=merges))
        parts = [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence(parts)
        return tokenizer


_DESCRIBED = (
    "embedding_length",
    "feed_forward_length",
    "attention.head_count",
    "attention.head_count_kv",
    "attention.layer_norm_rms_epsilon",
    "rope.freq_base",
)
