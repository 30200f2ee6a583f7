"""Texts through a graph of onnxruntime's: what a graph is made of, where it is kept, and how texts are run through it.

Graphs are built by hand instead of exported, so that no torch is needed at run time and the same weights always give
the same graph. Texts are grouped by their exact number of tokens: nothing is padded.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.backends.cores import cores
from pipeline.backends.onnx_session import session
from pipeline.backends.protocols import Vectors
from pipeline.backends.whole_products import multiplies_signed_weights, with_unsigned_weights
from pipeline.store import write_aside

Weights = Mapping[str, NDArray[Any]]  # by the names that the model's own library gives them

# The opset that has LayerNormalization, and is known to every onnxruntime of the last three years.
_OPSET = 17
MICROSOFT = "com.microsoft"


class Texts:
    """A tokenizer and a graph: texts become rows of numbers."""

    def __init__(self, graph: Path, tokenizer: Path, *, max_tokens: int, tokens_a_batch: int, threads: int = 0) -> None:
        """`threads` batches are run at once, each by one thread: cores that share a batch wait for each other.

        0 takes all cores; the rows are the same. With `tokens_a_batch` 1 each text is run alone.
        """
        from tokenizers import Tokenizer

        self._threads = threads or cores()
        self._tokens_a_batch = tokens_a_batch
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(max_tokens)
        self._session = session(str(graph))

    def rows(self, texts: Sequence[str]) -> Vectors:
        """What the graph gives for each text, of shape (len(texts), d), in the same order."""
        width = self._session.get_outputs()[0].shape[1]
        vectors = np.zeros((len(texts), width), dtype=np.float32)
        tokens = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]

        def fill(rows: list[int]) -> None:
            # A row alone is summed in another order than a row among others, and would differ in its last bit.
            batch = [tokens[row] for row in rows] * (2 if len(rows) == 1 and self._tokens_a_batch > 1 else 1)
            (found,) = self._session.run(None, {"tokens": np.array(batch, dtype=np.int64)})
            vectors[rows] = found[: len(rows)]

        with ThreadPoolExecutor(self._threads) as pool:
            # The longest first, so that no core is left with a large batch at the end; consumed for its errors.
            list(pool.map(fill, reversed(list(_batches(tokens, self._tokens_a_batch)))))
        return vectors


def _batches(tokens: Sequence[Sequence[int]], tokens_a_batch: int) -> Iterator[list[int]]:
    """The rows in groups of the same number of tokens, none too large."""
    order = sorted(range(len(tokens)), key=lambda row: (len(tokens[row]), row))
    for length, group in groupby(order, key=lambda row: len(tokens[row])):
        rows = list(group)
        size = max(1, tokens_a_batch // length)
        for first in range(0, len(rows), size):
            yield rows[first : first + size]


# How a kept file ends, so that one that a copy or a power cut left short is seen, which onnxruntime would only refuse:
# a graph with a property of that name, as ONNX writes it (field 14 of a model), and a tokenizer as JSON does.
_WHOLE, _WHOLE_TOKENIZER = b"\x72\x0c\x0a\x05whole\x12\x03yes", b"}"


def _is_whole(path: Path, end: bytes) -> bool:
    """Whether a file is there, to its end."""
    if not path.is_file():
        return False
    with path.open("rb") as stream:
        stream.seek(-min(len(end), path.stat().st_size), os.SEEK_END)
        return stream.read() == end


def kept_graph(
    build: Callable[[], Any], *, revision: str, precision: str, graphs: Path, quantised: bool = False
) -> Path:
    """Where the graph stands in `graphs`: made the first time, or where it isn't whole, and kept under its model's
    revision.

    At int8 what `build` gives is quantised, unless it is `quantised` already; how it stands there depends on the
    processor, and what it gives does not.
    """
    signed = precision == "fp32" or multiplies_signed_weights()
    # A name of its own: machines of several kinds may share a folder.
    target = graphs / f"{_kept_under(revision)}-{precision}{'' if signed else '-unsigned'}.onnx"
    if not _is_whole(target, _WHOLE):
        made, quantise = build(), precision != "fp32" and not quantised
        write_aside(target, lambda path: _write(made, path, quantise=quantise, signed=signed))
    return target


def _write(made: Any, path: Path, *, quantise: bool, signed: bool) -> None:
    if quantise:
        _quantise(made, path)
    else:
        path.write_bytes(made.SerializeToString(deterministic=True))
    if not signed:
        path.write_bytes(with_unsigned_weights(path.read_bytes()))
    with path.open("ab") as stream:
        stream.write(_WHOLE)


def _kept_under(revision: str) -> str:
    return hashlib.sha256(revision.encode()).hexdigest()[:16]


def _quantise(plain: Any, target: Path) -> None:
    from onnx import TensorProto, helper
    from onnxruntime.quantization import QuantType, quantize_dynamic

    # What it would fuse beforehand is fused already; without this mark it advises us, on the console, to do so.
    helper.set_model_props(plain, {"onnx.quant.pre_process": "onnxruntime.quant"})
    # The fused operators are not in ONNX' shape inference, so the quantiser must be told that all is float.
    options = {"DefaultTensorType": TensorProto.FLOAT}
    quantize_dynamic(plain, target, weight_type=QuantType.QInt8, per_channel=True, extra_options=options)


def kept_tokenizer(write: Callable[[], str], *, revision: str, graphs: Path) -> Path:
    """Where a model's tokenizer stands in `graphs`, as `tokenizers` reads it: made and kept as a graph is."""
    target = graphs / f"{_kept_under(revision)}-tokenizer.json"
    if not _is_whole(target, _WHOLE_TOKENIZER):
        text = write()
        write_aside(target, lambda path: path.write_text(text, encoding="utf-8"))
    return target


class Graph:
    """The nodes and weights of a graph while it is built."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self.nodes: list[Any] = []
        self.initializers: list[Any] = []

    def add(self, operator: str, inputs: list[str], *outputs: str, domain: str = "", **attributes: Any) -> str:
        """A node, called as its first output is; that output."""
        from onnx import helper

        self.nodes.append(helper.make_node(operator, inputs, outputs, name=outputs[0], domain=domain, **attributes))
        return outputs[0]

    def keep(self, name: str, values: NDArray[Any]) -> str:
        """A constant; its name."""
        from onnx import numpy_helper

        # Not ascontiguousarray, which makes a row of a single number.
        self.initializers.append(numpy_helper.from_array(np.array(values, order="C"), name))
        return name

    def weight(self, name: str, *, transposed: bool = False) -> str:
        """One of the weights, as a constant of its name."""
        values = self.weights[name].astype(np.float32)
        return self.keep(name, values.T if transposed else values)

    def model(self, *outputs: str, width: int | None = None, states: int | None = None) -> Any:
        """The whole: tokens (batch, length) to the outputs, (batch, width) where a width is given.

        Or, with `states`, from what a layer before gave: "states" (batch, length, states).
        """
        from onnx import TensorProto, helper

        tokens = helper.make_tensor_value_info("tokens", TensorProto.INT64, ["batch", "length"])
        given = helper.make_tensor_value_info("states", TensorProto.FLOAT, ["batch", "length", states])
        shape = None if width is None else ["batch", width]
        made = helper.make_graph(
            self.nodes,
            "texts",
            [tokens if states is None else given],
            [helper.make_tensor_value_info(output, TensorProto.FLOAT, shape) for output in outputs],
            initializer=self.initializers,
        )
        opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(MICROSOFT, 1)]
        return helper.make_model(made, opset_imports=opsets, ir_version=9)
