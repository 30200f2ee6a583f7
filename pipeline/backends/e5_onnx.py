"""multilingual-e5-small through onnxruntime: what is said in Welsh, brought to where English of that meaning lies.

The embedding model of all stages knows English. This one was made so that a sentence and its translation have the same
vector, Welsh among its hundred languages; a linear map (bridge.py) then brings its vectors to the other's, so that
Welsh and English can be compared, clustered and coded together (docs/adr/0030).

Its package is a program of which nothing is imported. It carries the weights in four bits, in blocks as llama.cpp
writes them (Q4_0), in a file of its own form. They are read from there, and the graph is built here.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.backends.bert_onnx import PACKED, SCALES, Shape, build_graph
from pipeline.backends.bridge import WELSH, read_bridge
from pipeline.backends.onnx_texts import Texts, kept_graph, kept_tokenizer
from pipeline.backends.protocols import Vectors
from pipeline.errors import MissingModel

# Another graph gives other rows: what an older one gave is neither read nor mixed with this one's.
GRAPH = "fp32, graph 2"
FILE = "e5-small-q4.bin"
# It was trained with a word before each text, which says what the text is for; this one is for likeness of any kind.
_BEFORE = "query: "
_MOST_TOKENS = 256  # as many as the encoder reads beside which it stands
_TOKENS_A_BATCH = 512
_MAGIC = b"E5S1"
_SPACES = r"[\s\u200b-\u200f\u2581\ufeff\ufffd]+"  # what it takes for one: what nobody sees too, as web pages have it
_BLOCK = 32  # weights that share a scale: two bytes of it, then sixteen of two weights each


class E5Encoder:
    """An Encoder of Welsh whose rows are those that the bridge's model would give the same in English."""

    def __init__(
        self, folder: Path, *, revision: str, graphs: Path, bridge: Path | None = WELSH, threads: int = 0
    ) -> None:
        """Make the graph, or find it in `graphs` where it was kept under this revision; `threads` as in Texts.

        Without a bridge the rows are the model's own.

        Raises:
            MissingModel: the folder has no such model, or it can't be read.
        """
        self._revision = revision
        path = folder / FILE
        if not path.is_file():
            raise MissingModel(f"{folder} holds no multilingual-e5-small: {FILE} is missing")
        read = cache(lambda: _Read(path))  # once, and only where something has to be made

        def build() -> Any:
            over = None if bridge is None else read_bridge(bridge)
            return build_graph(read().weights(), read().shape(), pooling="mean", bridge=over)

        tokenizer = kept_tokenizer(lambda: read().tokenizer().to_str(), revision=revision, graphs=graphs)
        graph = kept_graph(build, revision=revision, precision="fp32", graphs=graphs)
        self._texts = Texts(graph, tokenizer, max_tokens=_MOST_TOKENS, tokens_a_batch=_TOKENS_A_BATCH, threads=threads)

    @property
    def revision(self) -> str:
        """The model's name and version, the graph's, and the bridge's checksum."""
        return self._revision

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit rows of shape (len(texts), 384), in the same order."""
        return self._texts.rows([_BEFORE + text for text in texts])


class _Read:
    """The model's file: its description, its pieces of words, its weights."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._bytes = path.read_bytes()
        with _told(path):
            self._describe()

    def _describe(self) -> None:
        if self._bytes[:4] != _MAGIC:
            raise ValueError("it doesn't begin as such a model does")
        take = _Cursor(self._bytes, 8)
        self._width, self._layers, self._heads, self._wide, self._words, self._places, _ = take("7i")
        self._epsilon, _ = take("fi")
        count, self._first, self._last, _, self._unknown = take("5i")
        (length,) = take("Q")
        ends = np.array(take(f"{count + 1}I")).tolist()
        scores = take(f"{count}f")
        text = take.bytes(length)
        pieces = (text[start:end].decode("utf-8") for start, end in pairwise(ends))
        self._pieces = list(zip(pieces, scores, strict=True))
        _, normalised = take("iI")
        take.bytes(normalised)  # what each odd character becomes: `tokenizer` has the rule that made the list
        (tensors,) = take("i")
        self._tensors = dict(self._tensor(take) for _ in range(tensors))
        if any(start + length > len(self._bytes) for _, start, length in self._tensors.values()):
            raise ValueError("it ends before its last weight")

    @staticmethod
    def _tensor(take: _Cursor) -> tuple[str, tuple[int, int, int]]:
        """Its name, and how many numbers stand where, in how many bytes."""
        name = take.bytes(take("H")[0]).decode("ascii")
        _, count, start, length = take("BIQQ")
        return name, (count, start, length)

    def shape(self) -> Shape:
        """Of all layers."""
        return Shape(self._layers, self._heads, self._epsilon, _MOST_TOKENS)

    def tokenizer(self) -> Any:
        """Pieces of words by how likely they are (Kudo 2018), after Unicode's compatibility forms are made one."""
        from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

        tokenizer = Tokenizer(models.Unigram(self._pieces, unk_id=self._unknown, byte_fallback=False))
        spaces = normalizers.Replace(Regex(_SPACES), " ")
        tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), spaces])
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
        ends = [("<s>", self._first), ("</s>", self._last)]
        tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A </s>", special_tokens=ends)
        return tokenizer

    def weights(self) -> dict[str, NDArray[Any]]:
        """By the names that transformers gives them, as floats; of the words' vectors the four bits and the scales."""
        with _told(self._path):
            return {**self._embeddings(), **self._in_layers()}

    def _embeddings(self) -> dict[str, NDArray[Any]]:
        numbers, scales = self._blocks("emb.word")
        return {
            PACKED: numbers.reshape(self._words, -1),
            SCALES: scales.reshape(self._words, -1).astype(np.float32),
            "embeddings.position_embeddings.weight": self._floats("emb.pos").reshape(self._places, -1),
            "embeddings.token_type_embeddings.weight": self._floats("emb.type").reshape(-1, self._width),
            "embeddings.LayerNorm.weight": self._floats("emb.ln.w"),
            "embeddings.LayerNorm.bias": self._floats("emb.ln.b"),
        }

    def _in_layers(self) -> dict[str, NDArray[Any]]:
        found: dict[str, NDArray[Any]] = {}
        for layer in range(self._layers):
            for name, place in _OF_A_LAYER.items():
                at = f"encoder.layer.{layer}.{place}"
                bias = self._floats(f"l{layer}.{name}.b")
                weight = self._floats(f"l{layer}.{name}.w")
                found[f"{at}.weight"] = weight if len(weight) == len(bias) else weight.reshape(len(bias), -1)
                found[f"{at}.bias"] = bias
        return found

    def _floats(self, name: str) -> NDArray[np.float32]:
        count, start, length = self._tensors[name]
        if length == 4 * count:
            return np.frombuffer(self._bytes, np.dtype("<f4"), count, start)
        numbers, scales = self._blocks(name)
        # The low halves of a block's bytes are its first sixteen weights, and the high halves the others.
        whole = np.concatenate([numbers & 15, numbers >> 4], axis=1).astype(np.float32) - 8
        return np.asarray((whole * scales.astype(np.float32)).ravel())

    def _blocks(self, name: str) -> tuple[NDArray[np.uint8], NDArray[np.float16]]:
        """(blocks, 16) of two weights a byte, and (blocks, 1) of their scales."""
        _, start, length = self._tensors[name]
        blocks = np.frombuffer(self._bytes, np.uint8, length, start).reshape(-1, 2 + _BLOCK // 2)
        return blocks[:, 2:], np.ascontiguousarray(blocks[:, :2]).view(np.dtype("<f2"))


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """What can't be read of the model, or isn't in it, said to whom can mend it."""
    try:
        yield
    except (struct.error, ValueError, KeyError) as error:
        raise MissingModel(f"{path} cannot be read: {error}; is it whole?") from error


class _Cursor:
    """Reads one thing after the other."""

    def __init__(self, data: bytes, at: int) -> None:
        self._data = data
        self._at = at

    def __call__(self, form: str) -> tuple[Any, ...]:
        """Numbers in the form of `struct`, without gaps between them."""
        found = struct.unpack_from(f"<{form}", self._data, self._at)
        self._at += struct.calcsize(f"<{form}")
        return found

    def bytes(self, length: int) -> bytes:
        """The next bytes."""
        found = self._data[self._at : self._at + length]
        self._at += length
        return found


# What the file calls the parts of a layer.
_OF_A_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
