"""BERT through onnxruntime: graphs of fused operators, built here from weights, and texts run through them.

Built by hand instead of exported, so that no torch is needed at run time and the same weights always give the same
graph. Texts are grouped by their exact number of tokens: nothing is padded.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from pipeline.backends.cores import cores
from pipeline.backends.protocols import Vectors
from pipeline.tables import write_aside

Weights = Mapping[str, NDArray[Any]]  # by the names that transformers gives a BERT's

# The opset that has LayerNormalization, and is known to every onnxruntime of the last three years.
_OPSET = 17
_MICROSOFT = "com.microsoft"


@dataclass(frozen=True)
class Shape:
    """What of a BERT's config.json the graph depends on."""

    layers: int
    heads: int
    epsilon: float
    max_tokens: int


class Texts:
    """A tokenizer and a graph: texts become rows of numbers."""

    def __init__(self, graph: Path, tokenizer: Path, *, max_tokens: int, tokens_a_batch: int, threads: int = 0) -> None:
        """`threads` batches are run at once, each by one thread: cores that share a batch wait for each other.

        0 takes all cores; the rows are the same. With `tokens_a_batch` 1 each text is run alone.
        """
        import onnxruntime
        from tokenizers import Tokenizer

        self._threads = threads or cores()
        self._tokens_a_batch = tokens_a_batch
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(max_tokens)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])

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


def kept_graph(build: Callable[[], Any], *, revision: str, precision: str, graphs: Path) -> Path:
    """Where the graph stands in `graphs`: made the first time, and kept under its model's revision."""
    name = hashlib.sha256(revision.encode()).hexdigest()[:16]
    target = graphs / f"{name}-{precision}.onnx"
    if target.is_file():
        return target
    plain = build()
    if precision == "fp32":
        write_aside(target, lambda path: path.write_bytes(plain.SerializeToString(deterministic=True)))
    else:
        write_aside(target, lambda path: _quantise(plain, path))
    return target


def _quantise(plain: Any, target: Path) -> None:
    from onnx import TensorProto, helper
    from onnxruntime.quantization import QuantType, quantize_dynamic

    # What it would fuse beforehand is fused already; without this mark it advises us, on the console, to do so.
    helper.set_model_props(plain, {"onnx.quant.pre_process": "onnxruntime.quant"})
    # The fused operators are not in ONNX' shape inference, so the quantiser must be told that all is float.
    options = {"DefaultTensorType": TensorProto.FLOAT}
    quantize_dynamic(plain, target, weight_type=QuantType.QInt8, per_channel=True, extra_options=options)


def build_graph(weights: Weights, shape: Shape, *, pooling: Literal["mean", "mean and most"]) -> Any:
    """The ONNX model of a BERT's first `shape.layers` layers: tokens (batch, length) to unit rows (batch, d).

    Pooled over a text's tokens: their mean; or their mean and, beside it, the most of each dimension, both of one
    length. As in Devlin et al. 2019 (BERT, section 3) and Reimers and Gurevych 2019 (Sentence-BERT, section 3).
    """
    from onnx import TensorProto, helper

    graph = _Graph(weights)
    hidden = _embeddings(graph, shape)
    for layer in range(shape.layers):
        hidden = _layer(graph, hidden, f"encoder.layer.{layer}.", shape)
    width = graph.weights["embeddings.word_embeddings.weight"].shape[1]
    graph.add("ReduceMean", [hidden], "mean", axes=[1], keepdims=0)
    if pooling == "mean":
        graph.add("LpNormalization", ["mean"], "vectors", axis=1, p=2)
    else:
        graph.add("ReduceMax", [hidden], "most", axes=[1], keepdims=0)
        halves = [graph.add("LpNormalization", [name], f"{name} of one", axis=1, p=2) for name in ("mean", "most")]
        graph.add("Concat", halves, "both", axis=1)
        graph.add("LpNormalization", ["both"], "vectors", axis=1, p=2)
        width *= 2
    made = helper.make_graph(
        graph.nodes,
        "bert",
        [helper.make_tensor_value_info("tokens", TensorProto.INT64, ["batch", "length"])],
        [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["batch", width])],
        initializer=graph.initializers,
    )
    opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_MICROSOFT, 1)]
    return helper.make_model(made, opset_imports=opsets, ir_version=9)


class _Graph:
    """The nodes and weights of a graph while it is built."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self.nodes: list[Any] = []
        self.initializers: list[Any] = []

    def add(self, operator: str, inputs: list[str], output: str, *, domain: str = "", **attributes: Any) -> str:
        from onnx import helper

        self.nodes.append(helper.make_node(operator, inputs, [output], name=output, domain=domain, **attributes))
        return output

    def keep(self, name: str, values: NDArray[Any]) -> str:
        from onnx import numpy_helper

        self.initializers.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def weight(self, name: str, *, transposed: bool = False) -> str:
        values = self.weights[name].astype(np.float32)
        return self.keep(name, values.T if transposed else values)


def _embeddings(graph: _Graph, shape: Shape) -> str:
    graph.add("Shape", ["tokens"], "length", start=1, end=2)
    # All our tokens are of the first of BERT's two segments, so its row is added to every position's.
    places = (
        graph.weights["embeddings.position_embeddings.weight"]
        + graph.weights["embeddings.token_type_embeddings.weight"][0]
    )
    graph.add("Gather", [graph.weight("embeddings.word_embeddings.weight"), "tokens"], "words", axis=0)
    first = graph.keep("first", np.array([0], dtype=np.int64))
    graph.add("Slice", [graph.keep("places", places.astype(np.float32)), first, "length", first], "placed")
    graph.add("Add", ["words", "placed"], "sum")
    norm = [graph.weight("embeddings.LayerNorm.weight"), graph.weight("embeddings.LayerNorm.bias")]
    return graph.add("LayerNormalization", ["sum", *norm], "embedded", axis=-1, epsilon=shape.epsilon)


def _layer(graph: _Graph, hidden: str, at: str, shape: Shape) -> str:
    parts = [f"{at}attention.self.{part}" for part in ("query", "key", "value")]
    heads = graph.keep(f"{at}qkv", np.concatenate([graph.weights[f"{part}.weight"].T for part in parts], axis=1))
    biases = graph.keep(f"{at}qkv.bias", np.concatenate([graph.weights[f"{part}.bias"] for part in parts]))
    graph.add("Attention", [hidden, heads, biases], f"{at}heads", domain=_MICROSOFT, num_heads=shape.heads)
    attended = _dense_and_norm(graph, f"{at}heads", hidden, f"{at}attention.output.", shape)
    wide = graph.weight(f"{at}intermediate.dense.weight", transposed=True)
    graph.add("MatMul", [attended, wide], f"{at}wide")
    # Two operators: onnxruntime makes one of them at fp32, and at int8 the first a part of the product.
    graph.add("Add", [f"{at}wide", graph.weight(f"{at}intermediate.dense.bias")], f"{at}raised")
    graph.add("Gelu", [f"{at}raised"], f"{at}gelu", domain=_MICROSOFT)
    return _dense_and_norm(graph, f"{at}gelu", attended, f"{at}output.", shape)


def _dense_and_norm(graph: _Graph, inner: str, skip: str, at: str, shape: Shape) -> str:
    graph.add("MatMul", [inner, graph.weight(f"{at}dense.weight", transposed=True)], f"{at}product")
    # Three operators, because onnxruntime's fused SkipLayerNormalization takes three times as long as they do.
    graph.add("Add", [f"{at}product", skip], f"{at}skipped")
    graph.add("Add", [f"{at}skipped", graph.weight(f"{at}dense.bias")], f"{at}sum")
    norm = [graph.weight(f"{at}LayerNorm.weight"), graph.weight(f"{at}LayerNorm.bias")]
    return graph.add("LayerNormalization", [f"{at}sum", *norm], f"{at}normed", axis=-1, epsilon=shape.epsilon)
