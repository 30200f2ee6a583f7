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

from pipeline.backends.onnx_texts import MICROSOFT, Graph, Weights, session

Kept = Sequence[tuple[NDArray[np.float32], NDArray[np.float32]]]  # keys and values of each layer, (1, heads, n, d)
# A product of a graph: what comes in, its name, its weights (outputs, inputs); what goes out.
Product = Callable[[Graph, str, str, NDArray[Any]], str]


@dataclass(frozen=True)
class Shape:
    """What of a model's description the graph depends on."""

    layers: int  # those that are run: the closing's end is read after the last
    text_layers: int  # of them, those that the text itself goes through: its mean is read after the last
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

    Its halves are of one length: the mean over the text's own tokens after `shape.text_layers` layers, and the last
    token of the closing after all; each token's state has length 1 before. In the layers between, the closing listens
    to the text as it was then, which saves the text's own products there, and is as good to learn from.

    Weights by the names of the GGUF format, (outputs, inputs) each, queries and keys in the order of its rotation;
    token_embd.weight in eight bits with a scale for 32 numbers (token_embd.scales). As in Touvron et al. 2023 (LLaMA,
    section 2), with shared keys and values (Ainslie et al. 2023).
    """
    graph = Graph(weights)
    closing = graph.keep("closing", np.array([around.closing], dtype=np.int64))
    hidden = _embedded(graph, graph.add("Concat", ["tokens", closing], "all tokens", axis=1), shape)
    places = _places(graph, "all tokens", shape, around.opening[0][0].shape[2])
    text = ""
    for layer in range(shape.layers):
        opening = around.opening[layer]
        hidden = _layer(graph, hidden, layer, shape, places, opening, scales[layer], _in_eight_bits, text)
        if layer + 1 == shape.text_layers:
            text, hidden = _parted(graph, hidden, len(around.closing))
    _mean(graph, text)
    graph.add("LpNormalization", [hidden], "end states", axis=2, p=2)
    graph.add("Gather", ["end states", graph.keep("last", np.array(-1))], "end state", axis=1)
    halves = [graph.add("LpNormalization", [name], f"{name} of one", axis=1, p=2) for name in ("mean", "end state")]
    graph.add("LpNormalization", [graph.add("Concat", halves, "both", axis=1)], "vectors", axis=1, p=2)
    return graph.model("vectors", width=2 * shape.width)


def _parted(graph: Graph, states: str, closing: int) -> tuple[str, str]:
    """The states of the text's own tokens, and those of the closing's."""
    for name, at in (("text's first", 0), ("closing's first", -closing), ("none", 2**31), ("of tokens", 1)):
        graph.keep(name, np.array([at]))
    text = graph.add("Slice", [states, "text's first", "closing's first", "of tokens"], "text")
    return text, _closing(graph, states, "closing states")


def _closing(graph: Graph, states: str, name: str) -> str:
    return graph.add("Slice", [states, "closing's first", "none", "of tokens"], name)


def _mean(graph: Graph, text: str) -> None:
    """The mean over the text's own tokens, each state of length 1."""
    graph.add("LpNormalization", [text], "states", axis=2, p=2)
    graph.add("ReduceMean", ["states"], "mean", axes=[1], keepdims=0)


def keep_opening(weights: Weights, shape: Shape, opening: Sequence[int]) -> Kept:
    """What each layer keeps of the opening, at full precision."""
    none = np.zeros((1, shape.kept_heads, 0, shape.width // shape.heads), dtype=np.float32)
    found = _seen(weights, shape, [(none, none)] * shape.layers, [opening])[0]
    return [(found[f"blk.{layer}.keys"], found[f"blk.{layer}.values"]) for layer in range(shape.layers)]


def smoothed(weights: Weights, shape: Shape, around: Around, texts: Sequence[Sequence[int]]) -> list[Smoothed]:
    """How to share the burden of eight bits between what comes into a product and its weights.

    From what these texts (tokens each) bring: near usual^.7 / weight^.3 for each channel, a power of two, so that at
    full precision not a bit of the result changes. As SmoothQuant (Xiao et al. 2023, section 4), but by a channel's
    root mean square instead of its most, which keeps more of the end.
    """
    seen = _seen(weights, shape, around.opening, [[*text, *around.closing] for text in texts])

    def scale(name: str, inputs: NDArray[Any]) -> NDArray[np.float32]:
        usual = np.sqrt(np.concatenate([one[name][0] ** 2 for one in seen]).mean(axis=0))
        burden = np.maximum(usual, 1e-6) ** _SHARE / np.maximum(np.abs(inputs).max(axis=0), 1e-6) ** (1 - _SHARE)
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
        hidden = _layer(graph, "states", layer, shape, places, opening[layer], plain, _in_full)
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
    product: Product,
    text: str = "",
) -> str:
    """One layer. With a `text`, that stands before what is hidden and is listened to, but goes no further itself."""
    at = f"blk.{layer}."
    asked = _asked(graph, hidden, at, shape, scales, product, text)
    before = [graph.keep(f"{at}opening {part}", kept) for part, kept in zip("kv", opening, strict=True)]
    outputs = (f"{at}heads", f"{at}keys", f"{at}values")
    how = {"num_heads": shape.heads, "kv_num_heads": shape.kept_heads, "do_rotary": 1, "rotary_interleaved": 1}
    graph.add("GroupQueryAttention", [*asked, *before, *places], *outputs, domain=MICROSOFT, **how)
    heads = _closing(graph, f"{at}heads", f"{at}closing's heads") if text else f"{at}heads"
    attended = product(graph, heads, f"{at}attn_output", graph.weights[f"{at}attn_output.weight"])
    hidden = graph.add("Add", [attended, hidden], f"{at}attended")
    gated, size = _gated(graph, hidden, at, shape, scales, product)
    down = product(graph, gated, f"{at}ffn_down", graph.weights[f"{at}ffn_down.weight"] * scales.down)
    return graph.add("Add", [graph.add("Div", [down, size], f"{at}down"), hidden], f"{at}hidden")


def _asked(
    graph: Graph, hidden: str, at: str, shape: Shape, scales: Smoothed, product: Product, text: str
) -> list[str]:
    """Queries, keys and values. A text that goes no further asks for nothing: anything stands for its queries."""
    whole = graph.add("Concat", [text, hidden], f"{at}with the text", axis=1) if text else hidden
    normed = _norm(graph, whole, f"{at}attn_norm", shape, scales.attention)
    parts, kept = [f"{at}{part}" for part in "qkv"], shape.width // shape.heads * shape.kept_heads
    query, *others = (graph.weights[f"{at}attn_{part}.weight"] * scales.attention for part in "qkv")
    if not text:
        made = product(graph, normed, f"{at}attn_qkv", np.concatenate([query, *others]))
        graph.add("Split", [made, graph.keep(f"{at}sizes", np.array([shape.width, kept, kept]))], *parts, axis=2)
        return parts
    made = product(graph, normed, f"{at}attn_kv", np.concatenate(others))
    graph.add("Split", [made, graph.keep(f"{at}sizes", np.array([kept, kept]))], *parts[1:], axis=2)
    asked = product(graph, _closing(graph, normed, f"{at}asks"), f"{at}attn_q", query)
    graph.add("Concat", [text, asked], parts[0], axis=1)
    return parts


def _gated(graph: Graph, hidden: str, at: str, shape: Shape, scales: Smoothed, product: Product) -> tuple[str, str]:
    """What comes out of a layer's gate, each token's of one size, and what that was multiplied by.

    A few tokens' are many times as large as the others', which would leave these next to nothing of eight bits.
    """
    normed = _norm(graph, hidden, f"{at}ffn_norm", shape, scales.gate)
    both = _gate(graph.weights, at) * scales.gate
    both[shape.wide :] /= scales.down[:, None]
    wide = product(graph, normed, f"{at}ffn_both", both)
    graph.add("Split", [wide, graph.keep(f"{at}halves", np.array([shape.wide] * 2))], f"{at}gate", f"{at}up", axis=2)
    graph.add("QuickGelu", [f"{at}gate"], f"{at}silu", domain=MICROSOFT, alpha=1.0)  # x / (1 + exp(-x))
    graph.add("Mul", [f"{at}silu", f"{at}up"], f"{at}uneven")
    ones = graph.keep(f"{at}ones", np.ones(shape.wide, dtype=np.float32))
    even = (f"{at}gated", f"{at}size")
    graph.add("SimplifiedLayerNormalization", [f"{at}uneven", ones], *even, axis=-1, epsilon=1e-12)
    return even


def _norm(graph: Graph, hidden: str, name: str, shape: Shape, scales: NDArray[np.float32]) -> str:
    weight = graph.keep(f"{name}.weight", (graph.weights[f"{name}.weight"] / scales).astype(np.float32))
    return graph.add("SimplifiedLayerNormalization", [hidden, weight], name, axis=-1, epsilon=shape.epsilon)


def _in_full(graph: Graph, inner: str, name: str, weights: NDArray[Any]) -> str:
    return graph.add("MatMul", [inner, graph.keep(f"{name}.weight", weights.T.astype(np.float32))], f"{name}.product")


def _in_eight_bits(graph: Graph, inner: str, name: str, weights: NDArray[Any]) -> str:
    """Weights in whole numbers with a scale for each output; what comes in, with one for the text.

    The product of whole numbers, and back to floats: onnxruntime makes one operator of it.
    """
    scales = np.maximum(np.abs(weights).max(axis=1), 1e-12) / 127
    kept = graph.keep(f"{name}.weight", np.rint(weights / scales[:, None]).T.astype(np.int8))
    whole, scale, zero = (f"{name} {part}" for part in ("whole", "scale", "zero"))
    graph.add("DynamicQuantizeLinear", [inner], whole, scale, zero)
    graph.add("MatMulInteger", [whole, kept, zero], f"{name} sum")
    graph.add("Cast", [f"{name} sum"], f"{name} float", to=1)
    told = graph.add("Mul", [scale, graph.keep(f"{name}.scales", scales.astype(np.float32))], f"{name} scale of all")
    return graph.add("Mul", [f"{name} float", told], f"{name}.product")


def _attention(weights: Weights, at: str) -> NDArray[np.float32]:
    return np.concatenate([weights[f"{at}attn_{part}.weight"] for part in "qkv"])


def _gate(weights: Weights, at: str) -> NDArray[np.float32]:
    return np.concatenate([weights[f"{at}ffn_{part}.weight"] for part in ("gate", "up")])
