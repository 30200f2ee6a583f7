"""Products of whole numbers in eight bits that are the same on every processor.

Without instructions of its own for them (VNNI, AMX) a processor of 2021 or before adds pairs of products of signed
weights in sixteen bits, where onnxruntime lets it: 255 times 127, twice, is 64,770, of which it keeps 32,767. Of the
closer reading's end that left a cosine of .60 to what other processors give (AMD EPYC with AVX2; by hand, once).
Unsigned weights, the same numbers with a zero of 128, are multiplied there in full, in about the same time, but more
slowly where the instructions are. So graphs are kept with signed ones, and a processor that needs it turns them.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from pipeline.backends.onnx_session import session

# The inputs of each operator that are weights: they, and their zero points.
_WEIGHTS = {"MatMulInteger": (1, 3), "QAttention": (1, 7)}
_HALF = 128


@cache
def multiplies_signed_weights() -> bool:
    """Whether the largest numbers' products are whole here: looked at, because nothing else tells."""
    depth = 64
    most = np.full((depth, depth), 255, dtype=np.uint8), np.full((depth, depth), 127, dtype=np.int8)
    (found,) = session(product_of(most[1])).run(None, {"inputs": most[0]})
    return bool((found == 255 * 127 * depth).all())


def product_of(weights: Any) -> bytes:
    """A graph of one product: "inputs" (n, depth), from 0 to 255, and weights (depth, width), from -128 to 127."""
    from onnx import TensorProto, helper, numpy_helper

    depth, width = weights.shape
    shapes = ("inputs", TensorProto.UINT8, ["n", depth]), ("products", TensorProto.INT32, ["n", width])
    given, made = (helper.make_tensor_value_info(*shape) for shape in shapes)
    node = helper.make_node("MatMulInteger", ["inputs", "weights"], ["products"])
    graph = helper.make_graph([node], "one", [given], [made], [numpy_helper.from_array(weights, "weights")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    return bytes(model.SerializeToString())


def with_unsigned_weights(graph: bytes) -> bytes:
    """The same graph with 128 more in each weight and in its zero point: the same products, to the last bit."""
    import onnx
    from onnx import numpy_helper

    model = onnx.load_from_string(graph)
    kept = {tensor.name: tensor for tensor in model.graph.initializer}
    half = numpy_helper.from_array(np.array(_HALF, dtype=np.uint8), "half of 256")
    model.graph.initializer.append(half)
    for node in model.graph.node:
        if node.op_type == "MatMulInteger":
            # Two inputs may be left out: the zero of what comes in, and that of the weights.
            node.input.extend([""] * (3 - len(node.input)))
            node.input.extend([half.name] * (4 - len(node.input)))
        for at in _WEIGHTS.get(node.op_type, ()):
            _turn(kept.get(node.input[at]))
    return bytes(model.SerializeToString())


def _turn(tensor: Any) -> None:
    """A constant of signed numbers becomes one of unsigned; one that has been turned for another node stays."""
    from onnx import TensorProto, numpy_helper

    if tensor is not None and tensor.data_type == TensorProto.INT8:
        unsigned = numpy_helper.to_array(tensor).view(np.uint8) ^ np.uint8(_HALF)
        tensor.CopyFrom(numpy_helper.from_array(unsigned, tensor.name))
