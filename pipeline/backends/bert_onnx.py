"""BERT through onnxruntime: its graph of fused operators, built from its weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from pipeline.backends.bridge import Bridge
from pipeline.backends.onnx_texts import MICROSOFT, Graph, Weights

# Where the words' vectors come in four bits: two numbers a byte, sixteen bytes for each of the scales.
PACKED, SCALES = "embeddings.word_embeddings.packed", "embeddings.word_embeddings.scales"


@dataclass(frozen=True)
class Shape:
    """What of a BERT's config.json the graph depends on."""

    layers: int
    heads: int
    epsilon: float
    max_tokens: int


def build_graph(
    weights: Weights,
    shape: Shape,
    *,
    pooling: Literal["mean", "mean and most"],
    bridge: Bridge | None = None,
) -> Any:
    """The ONNX model of a BERT's first `shape.layers` layers: tokens (batch, length) to unit rows (batch, d).

    Pooled over a text's tokens: their mean; or their mean and, beside it, the most of each dimension, both of one
    length. As in Devlin et al. 2019 (BERT, section 3) and Reimers and Gurevych 2019 (Sentence-BERT, section 3). With
    a `bridge` the mean, of length 1, is then brought to another model's rows.
    """
    graph = Graph(weights)
    hidden = _embeddings(graph, shape)
    for layer in range(shape.layers):
        hidden = _layer(graph, hidden, f"encoder.layer.{layer}.", shape)
    width = graph.weights["embeddings.position_embeddings.weight"].shape[1]
    graph.add("ReduceMean", [hidden], "mean", axes=[1], keepdims=0)
    if bridge is not None:
        graph.add("LpNormalization", ["mean"], "own", axis=1, p=2)
        graph.add("MatMul", ["own", graph.keep("bridge", bridge.weights)], "turned")
        graph.add("Add", ["turned", graph.keep("offset", bridge.offset)], "over the bridge")
        graph.add("LpNormalization", ["over the bridge"], "vectors", axis=1, p=2)
        width = len(bridge.offset)
    elif pooling == "mean":
        graph.add("LpNormalization", ["mean"], "vectors", axis=1, p=2)
    else:
        graph.add("ReduceMax", [hidden], "most", axes=[1], keepdims=0)
        halves = [graph.add("LpNormalization", [name], f"{name} of one", axis=1, p=2) for name in ("mean", "most")]
        graph.add("Concat", halves, "both", axis=1)
        graph.add("LpNormalization", ["both"], "vectors", axis=1, p=2)
        width *= 2
    return graph.model("vectors", width=width)


def _embeddings(graph: Graph, shape: Shape) -> str:
    graph.add("Shape", ["tokens"], "length", start=1, end=2)
    # All our tokens are of the first of BERT's two segments, so its row is added to every position's.
    places = (
        graph.weights["embeddings.position_embeddings.weight"]
        + graph.weights["embeddings.token_type_embeddings.weight"][0]
    )
    if PACKED in graph.weights:
        _unpacked_words(graph)
    else:
        graph.add("Gather", [graph.weight("embeddings.word_embeddings.weight"), "tokens"], "words", axis=0)
    first = graph.keep("first", np.array([0], dtype=np.int64))
    graph.add("Slice", [graph.keep("places", places.astype(np.float32)), first, "length", first], "placed")
    graph.add("Add", ["words", "placed"], "sum")
    norm = [graph.weight("embeddings.LayerNorm.weight"), graph.weight("embeddings.LayerNorm.bias")]
    return graph.add("LayerNormalization", ["sum", *norm], "embedded", axis=-1, epsilon=shape.epsilon)


def _unpacked_words(graph: Graph) -> None:
    """Each token's row from four bits: first the low halves of a block's bytes, then the high ones."""
    packed, scales = graph.weights[PACKED], graph.weights[SCALES]
    blocks = scales.shape[1]
    graph.add("Gather", [graph.keep(PACKED, packed.reshape(len(packed), blocks, -1)), "tokens"], "bytes", axis=0)
    graph.add("Cast", ["bytes"], "of bytes", to=1)
    sixteen = graph.keep("sixteen", np.array(16, dtype=np.float32))
    graph.add("Div", ["of bytes", sixteen], "sixteenths")
    graph.add("Floor", ["sixteenths"], "high halves")
    graph.add("Mul", ["high halves", sixteen], "without the low")
    graph.add("Sub", ["of bytes", "without the low"], "low halves")
    graph.add("Concat", ["low halves", "high halves"], "halves", axis=3)
    graph.add("Sub", ["halves", graph.keep("eight", np.array(8, dtype=np.float32))], "whole numbers")
    graph.add("Gather", [graph.keep(SCALES, scales[..., None]), "tokens"], "their scales", axis=0)
    graph.add("Mul", ["whole numbers", "their scales"], "in blocks")
    rows = graph.keep("of rows", np.array([0, 0, -1], dtype=np.int64))
    graph.add("Reshape", ["in blocks", rows], "words")


def _layer(graph: Graph, hidden: str, at: str, shape: Shape) -> str:
    parts = [f"{at}attention.self.{part}" for part in ("query", "key", "value")]
    heads = graph.keep(f"{at}qkv", np.concatenate([graph.weights[f"{part}.weight"].T for part in parts], axis=1))
    biases = graph.keep(f"{at}qkv.bias", np.concatenate([graph.weights[f"{part}.bias"] for part in parts]))
    graph.add("Attention", [hidden, heads, biases], f"{at}heads", domain=MICROSOFT, num_heads=shape.heads)
    attended = _dense_and_norm(graph, f"{at}heads", hidden, f"{at}attention.output.", shape)
    wide = graph.weight(f"{at}intermediate.dense.weight", transposed=True)
    graph.add("MatMul", [attended, wide], f"{at}wide")
    # Two operators: onnxruntime makes one of them at fp32, and at int8 the first a part of the product.
    graph.add("Add", [f"{at}wide", graph.weight(f"{at}intermediate.dense.bias")], f"{at}raised")
    graph.add("Gelu", [f"{at}raised"], f"{at}gelu", domain=MICROSOFT)
    return _dense_and_norm(graph, f"{at}gelu", attended, f"{at}output.", shape)


def _dense_and_norm(graph: Graph, inner: str, skip: str, at: str, shape: Shape) -> str:
    graph.add("MatMul", [inner, graph.weight(f"{at}dense.weight", transposed=True)], f"{at}product")
    # Three operators, because onnxruntime's fused SkipLayerNormalization takes three times as long as they do.
    graph.add("Add", [f"{at}product", skip], f"{at}skipped")
    graph.add("Add", [f"{at}skipped", graph.weight(f"{at}dense.bias")], f"{at}sum")
    norm = [graph.weight(f"{at}LayerNorm.weight"), graph.weight(f"{at}LayerNorm.bias")]
    return graph.add("LayerNormalization", [f"{at}sum", *norm], f"{at}normed", axis=-1, epsilon=shape.epsilon)
