"""The lower layers of a Llama through onnxruntime; what stands before and after each text is a part of the graph.

A text is read alone, behind an opening and before a closing that are always the same. What the layers keep of the
opening, its keys and values, are constants: it costs next to nothing, and the huge activations of a model's very
first token, which eight bits can't hold beside all others, are in no text (Xiao et al. 2024, Efficient Streaming
Language Models with Attention Sinks, section 3).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.backends.onnx_session import session
from pipeline.backends.onnx_texts import MICROSOFT, Graph, Weights

Kept = Sequence[tuple[NDArray[np.float32], NDArray[np.float32]]]  # keys and values of each layer, (1, heads, n, d)
# A product of a graph: what comes in, its name, its weights (outputs, inputs); what goes out.
Product = Callable[[Graph, str, str, NDArray[Any]], str]


@dataclass(frozen=True)
class Shape:
    """What of a model's description the graph depends on."""

    layers: int  # those that are run: the end is read after the last
    mean_layer: int  # of them, the one whose mean is read
    width: int
    wide: int  # of the gated product
    heads: int
    kept_heads: int
    epsilon: float
    base: float  # of the rotation
    most_tokens: int  # opening, text and closing


@dataclass(frozen=True)
class Smoothed:
    """By what each channel of a layer's products is divided, and its weights multiplied."""

    attention: NDArray[np.float32]  # (width,)
    gate: NDArray[np.float32]  # (width,)
    down: NDArray[np.float32]  # (wide,)


@dataclass(frozen=True)
class Around:
    """What stands around each text."""

    opening: Kept
    closing: Sequence[int]  # tokens


def build_graph(weights: Weights, shape: Shape, around: Around, scales: Sequence[Smoothed]) -> Any:
    """The ONNX model of a Llama's first `shape.layers` layers: tokens (1, n) to a unit row (1, 2 width).

    Its halves are of one length: the mean over the text's own tokens after `shape.mean_layer` layers, and the last
    token of the closing after all; each token's state has length 1 before. Weights by the names of the GGUF format,
    (outputs, inputs) each, queries and keys in the order of its rotation; token_embd.weight in eight bits with a
    scale for 32 numbers (token_embd.scales). As in Touvron et al. 2023 (LLaMA, section 2), with shared keys and
    values (Ainslie et al. 2023).
    """
    graph = Graph(weights)
    closing = graph.keep("closing", np.array([around.closing], dtype=np.int64))
    hidden = _embedded(graph, graph.add("Concat", ["tokens", closing], "all tokens", axis=1), shape)
    places = _places(graph, "all tokens", shape, around.opening[0][0].shape[2])
    for layer in range(shape.layers):
        opening, precise = around.opening[layer], (_in_eight_bits, _in_twice_eight_bits)
        hidden = _layer(graph, hidden, layer, shape, places, opening, scales[layer], precise)
        if layer + 1 == shape.mean_layer:
            _mean(graph, hidden, len(around.closing))
    graph.add("LpNormalization", [hidden], "end states", axis=2, p=2)
    graph.add("Gather", ["end states", graph.keep("last", np.array(-1))], "end state", axis=1)
    halves = [graph.add("LpNormalization", [name], f"{name} of one", axis=1, p=2) for name in ("mean", "end state")]
    graph.add("LpNormalization", [graph.add("Concat", halves, "both", axis=1)], "vectors", axis=1, p=2)
    return graph.model("vectors", width=2 * shape.width)


def _mean(graph: Graph, hidden: str, closing: int) -> None:
    """The mean over the text's own tokens, each state of length 1."""
    graph.add("LpNormalization", [hidden], "states", axis=2, p=2)
    bounds = [graph.keep(name, np.array([at])) for name, at in (("first", 0), ("end", -closing))]
    graph.add("Slice", ["states", *bounds, graph.keep("of tokens", np.array([1]))], "own")
    graph.add("ReduceMean", ["own"], "mean", axes=[1], keepdims=0)


def keep_opening(weights: Weights, shape: Shape, opening: Sequence[int]) -> Kept:
    """What each layer keeps of the opening, at full precision."""
    none = np.zeros((1, shape.kept_heads, 0, shape.width // shape.heads), dtype=np.float32)
    found = _seen(weights, shape, [(none, none)] * shape.layers, [opening])[0]
    return [(found[f"blk.{layer}.keys"], found[f"blk.{layer}.values"]) for layer in range(shape.layers)]


def smoothed(weights: Weights, shape: Shape, around: Around, texts: Sequence[Sequence[int]]) -> list[Smoothed]:
    """How to share the burden of eight bits between what comes into a product and its weights.

    From what these texts (tokens each) bring: near most^.7 / weight^.3 for each channel, a power of two, so that at
    full precision not a bit of the result changes. As SmoothQuant (Xiao et al. 2023, section 4).
    """
    seen = _seen(weights, shape, around.opening, [[*text, *around.closing] for text in texts])

    def scale(name: str, inputs: NDArray[Any]) -> NDArray[np.float32]:
        most = np.max([np.abs(one[name][0]).max(axis=0) for one in seen], axis=0)
        burden = np.maximum(most, 1e-6) ** _SHARE / np.maximum(np.abs(inputs).max(axis=0), 1e-6) ** (1 - _SHARE)
        return np.asarray(2.0 ** np.round(np.log2(burden)), dtype=np.float32)

    found = []
    for at in (f"blk.{layer}." for layer in range(shape.layers)):
        attention, gate = _attention(weights, at), _gate(weights, at)
        down = weights[f"{at}ffn_down.weight"]
        parts = ((f"{at}attn_norm", attention), (f"{at}ffn_norm", gate), (f"{at}gated", down))
        found.append(Smoothed(*(scale(name, inputs) for name, inputs in parts)))
    return found


_SHARE = 0.7


def _seen(
    weights: Weights, shape: Shape, opening: Kept, texts: Sequence[Sequence[int]]
) -> list[dict[str, NDArray[np.float32]]]:
    """What goes through each layer at full precision, by name: keys, values, and what comes into its products.

    A layer at a time: all of them at once would take some gigabytes.
    """
    numbers, scales = weights["token_embd.weight"], weights["token_embd.scales"]
    blocks = [numbers[list(text)].reshape(len(text), scales.shape[1], -1) for text in texts]
    states = [block * scales[list(text)][..., None] for block, text in zip(blocks, texts, strict=True)]
    states = [one.reshape(1, -1, shape.width).astype(np.float32) for one in states]
    plain = Smoothed(*(np.ones(n, dtype=np.float32) for n in (shape.width, shape.width, shape.wide)))
    found: list[dict[str, NDArray[np.float32]]] = [{} for _ in texts]
    for layer in range(shape.layers):
        graph = Graph(weights)
        places = _places(graph, "states", shape, opening[layer][0].shape[2])
        hidden = _layer(graph, "states", layer, shape, places, opening[layer], plain, (_in_full, _in_full))
        names = [f"blk.{layer}.{part}" for part in ("keys", "values", "attn_norm", "ffn_norm", "gated")]
        runs = session(graph.model(*names, hidden, states=shape.width).SerializeToString())
        for row, given in enumerate(states):
            *seen, states[row] = runs.run(None, {"states": given})
            found[row] |= dict(zip(names, seen, strict=True))
    return found


def _embedded(graph: Graph, tokens: str, shape: Shape) -> str:
    numbers, scales = graph.weights["token_embd.weight"], graph.weights["token_embd.scales"]
    graph.add("Gather", [graph.keep("token_embd.weight", numbers), tokens], "in eight bits", axis=0)
    graph.add("Cast", ["in eight bits"], "as floats", to=1)
    blocks = graph.keep("blocks", np.array([1, -1, *scales.shape[1:], shape.width // scales.shape[1]]))
    graph.add("Reshape", ["as floats", blocks], "in blocks")
    graph.add("Gather", [graph.keep("token_embd.scales", scales), tokens], "their scales", axis=0)
    graph.add("Unsqueeze", ["their scales", graph.keep("of blocks", np.array([3]))], "a scale a block")
    graph.add("Mul", ["in blocks", "a scale a block"], "scaled")
    return graph.add("Reshape", ["scaled", graph.keep("of width", np.array([1, -1, shape.width]))], "embedded")


def _places(graph: Graph, tokens: str, shape: Shape, before: int) -> list[str]:
    """The inputs that tell attention where the tokens stand: behind `before` others, each turned by its place."""
    graph.add("Shape", [tokens], "length", start=1, end=2)
    graph.add("Add", ["length", graph.keep("before", np.array([before]))], "with the opening")
    graph.add("Cast", ["with the opening"], "total", to=6)
    last = graph.add("Sub", ["total", graph.keep("one", np.array([1], dtype=np.int32))], "last place")
    whole = graph.add("Squeeze", ["total", graph.keep("of rows", np.array([0]))], "whole")
    half = np.arange(0, shape.width // shape.heads, 2) / (shape.width // shape.heads)
    angles = np.arange(shape.most_tokens)[:, None] * shape.base**-half
    turns = [graph.keep(name, turn(angles).astype(np.float32)) for name, turn in (("cos", np.cos), ("sin", np.sin))]
    return [last, whole, *turns]


def _layer(
    graph: Graph,
    hidden: str,
    layer: int,
    shape: Shape,
    places: Sequence[str],
    opening: tuple[NDArray[np.float32], NDArray[np.float32]],
    scales: Smoothed,
    products: tuple[Product, Product],
) -> str:
    """One layer; of the two kinds of products the second is for what comes out of the gate, which has outliers."""
    at, (product, product_of_gated) = f"blk.{layer}.", products
    normed = _norm(graph, hidden, f"{at}attn_norm", shape, scales.attention)
    attention = product(graph, normed, f"{at}attn_qkv", _attention(graph.weights, at) * scales.attention)
    sizes = np.array([shape.width, *[shape.width // shape.heads * shape.kept_heads] * 2])
    parts = [f"{at}{part}" for part in "qkv"]
    graph.add("Split", [attention, graph.keep(f"{at}sizes", sizes)], *parts, axis=2)
    before = [graph.keep(f"{at}opening {part}", kept) for part, kept in zip("kv", opening, strict=True)]
    outputs = (f"{at}heads", f"{at}keys", f"{at}values")
    how = {"num_heads": shape.heads, "kv_num_heads": shape.kept_heads, "do_rotary": 1, "rotary_interleaved": 1}
    graph.add("GroupQueryAttention", [*parts, *before, *places], *outputs, domain=MICROSOFT, **how)
    attended = product(graph, f"{at}heads", f"{at}attn_output", graph.weights[f"{at}attn_output.weight"])
    hidden = graph.add("Add", [attended, hidden], f"{at}attended")
    normed = _norm(graph, hidden, f"{at}ffn_norm", shape, scales.gate)
    both = _gate(graph.weights, at) * scales.gate
    both[shape.wide :] /= scales.down[:, None]
    wide = product(graph, normed, f"{at}ffn_both", both)
    graph.add("Split", [wide, graph.keep(f"{at}halves", np.array([shape.wide] * 2))], f"{at}gate", f"{at}up", axis=2)
    graph.add("QuickGelu", [f"{at}gate"], f"{at}silu", domain=MICROSOFT, alpha=1.0)  # x / (1 + exp(-x))
    graph.add("Mul", [f"{at}silu", f"{at}up"], f"{at}gated")
    down = product_of_gated(graph, f"{at}gated", f"{at}ffn_down", graph.weights[f"{at}ffn_down.weight"] * scales.down)
    return graph.add("Add", [down, hidden], f"{at}hidden")


def _norm(graph: Graph, hidden: str, name: str, shape: Shape, scales: NDArray[np.float32]) -> str:
    weight = graph.keep(f"{name}.weight", (graph.weights[f"{name}.weight"] / scales).astype(np.float32))
    return graph.add("SimplifiedLayerNormalization", [hidden, weight], name, axis=-1, epsilon=shape.epsilon)


def _in_full(graph: Graph, inner: str, name: str, weights: NDArray[Any]) -> str:
    return graph.add("MatMul", [inner, graph.keep(f"{name}.weight", weights.T.astype(np.float32))], f"{name}.product")


def _in_eight_bits(graph: Graph, inner: str, name: str, weights: NDArray[Any]) -> str:
    """Weights in whole numbers with a scale for each output; what comes in, with one for the text."""
    return _whole(graph, inner, f"{name}.product", _kept_whole(graph, name, weights))


def _in_twice_eight_bits(graph: Graph, inner: str, name: str, weights: NDArray[Any]) -> str:
    """The same, and once more for what eight bits leave of what comes in: nearly as at full precision."""
    kept = _kept_whole(graph, name, weights)
    first = _whole(graph, inner, f"{name}.first", kept)
    told = [f"{name}.first {part}" for part in ("whole", "scale", "zero")]
    back = graph.add("DequantizeLinear", told, f"{name}.told")
    left = graph.add("Sub", [inner, back], f"{name}.left")
    return graph.add("Add", [first, _whole(graph, left, f"{name}.second", kept)], f"{name}.product")


def _kept_whole(graph: Graph, name: str, weights: NDArray[Any]) -> tuple[str, str]:
    """Weights as whole numbers from -127 to 127, and their scales, by name."""
    scales = np.maximum(np.abs(weights).max(axis=1), 1e-12) / 127
    whole = np.rint(weights / scales[:, None]).T.astype(np.int8)
    return graph.keep(f"{name}.weight", whole), graph.keep(f"{name}.scales", scales.astype(np.float32))


def _whole(graph: Graph, inner: str, name: str, kept: tuple[str, str]) -> str:
    """The product of whole numbers, and back to floats; onnxruntime makes one operator of it."""
    whole, scale, zero = (f"{name} {part}" for part in ("whole", "scale", "zero"))
    graph.add("DynamicQuantizeLinear", [inner], whole, scale, zero)
    graph.add("MatMulInteger", [whole, kept[0], zero], f"{name} sum")
    graph.add("Cast", [f"{name} sum"], f"{name} float", to=1)
    scales = graph.add("Mul", [scale, kept[1]], f"{name} scales")
    return graph.add("Mul", [f"{name} float", scales], name)


def _attention(weights: Weights, at: str) -> NDArray[np.float32]:
    return np.concatenate([weights[f"{at}attn_{part}.weight"] for part in "qkv"])


def _gate(weights: Weights, at: str) -> NDArray[np.float32]:
    return np.concatenate([weights[f"{at}ffn_{part}.weight"] for part in ("gate", "up")])
