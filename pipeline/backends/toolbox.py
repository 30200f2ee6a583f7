"""Chooses the models that the config names, and keeps what they have answered."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from pipeline.backends import models
from pipeline.backends.adapter import OPINIONS, Adapter, read_adapter
from pipeline.backends.bridge import WELSH, read_bridge
from pipeline.backends.cache import CachedEncoder, CachedLinguist, KeptArrays, Progress, Store, key_of, nobody_looks
from pipeline.backends.protocols import Encoder, Linguist
from pipeline.backends.workers import ManyEncoders, ManyLinguists, Pool, Reads
from pipeline.config import AnonymiseSettings, Config, EmbedSettings

# Of what is read one text at a time, by the processes of this command: up to twenty seconds' work of two slow cores.
# Workers are asked for many more at once, or most of them would have nothing to do.
_READ_A_COMMIT = 128


class Toolbox:
    """The models of a run, each loaded when a text comes that it has not seen."""

    def __init__(
        self,
        anonymise: AnonymiseSettings,
        embed: EmbedSettings,
        *,
        quotes_model: str = "",
        closer_model: str = "",
        readers: Pool | None = None,
        encoders: Pool | None = None,
        progress: Progress = nobody_looks,
    ) -> None:
        """The pools, where there are any, do the models' work: `readers` see names, `encoders` don't.

        Without a `quotes_model` there is no encoder for quotes, and without a `closer_model` nothing is read closely.
        """
        self._anonymise = anonymise
        self._embed = embed
        self._quotes_model = quotes_model
        self._closer_model = closer_model
        self._readers = readers
        self._encoders = encoders
        self._progress = progress

    @classmethod
    def of(cls, config: Config, **how: Any) -> Toolbox:
        """All that a config names; `how` as for the constructor: pools, and whom to tell of progress."""
        how |= {"quotes_model": config.quotes_model, "closer_model": config.closer_model}
        return cls(config.anonymise, config.embed, **how)

    def linguist(self, run_folder: Path) -> Linguist:
        """Reads texts; what it has read is kept in the run's private/ folder, because lemmas may be names."""
        from pipeline.backends.spacy_linguist import SpacyLinguist

        name = self._anonymise.model
        if name == "plain":
            from pipeline.backends.plain import PlainLinguist

            return PlainLinguist()
        revision, readers = self._linguist_revision(), self._readers

        def make(characters: int) -> Linguist:
            if readers is None or characters < readers.least:
                return SpacyLinguist(name)
            return ManyLinguists(name, revision=revision, pool=readers)

        return CachedLinguist(make, revision=revision, store=_analyses(run_folder), progress=self._progress)

    def encoder(self) -> Encoder:
        """Turns texts into vectors, the same one for all stages; what it has made is kept over all runs."""
        return self._encoder

    def welsh_encoder(self) -> Encoder | None:
        """Turns what was said in Welsh into vectors beside `encoder`'s; None where no model is named for it."""
        return self._welsh_encoder

    def opinions(self) -> Encoder | None:
        """The encoder adapted to opinions that stand alone; None for a model that the adapter was not trained for."""
        return self._opinions

    def quote_encoder(self) -> Encoder | None:
        """Tells how a statement reads; None where no model is named for it."""
        return self._quote_encoder

    def closer_encoder(self) -> Encoder | None:
        """Reads a statement more closely, and takes longer; None where no model is named for it."""
        return self._closer_encoder

    @cached_property
    def _encoder(self) -> Encoder:
        name = self._embed.model
        if name == "plain":
            from pipeline.backends.plain_encoder import PlainEncoder

            return PlainEncoder()
        make, revision = self._maker(name)
        return CachedEncoder(make, revision=revision, store=_vectors(), progress=self._progress)

    @cached_property
    def _welsh_encoder(self) -> Encoder | None:
        from pipeline.backends.e5_onnx import E5Encoder

        return self._kept_reading("e5", E5Encoder, self._embed.reads_welsh, self._welsh_revision)

    @cached_property
    def _opinions(self) -> Encoder | None:
        adapter = read_adapter(OPINIONS)
        if self._embed.model != adapter.model:
            return None
        make, revision = self._maker(adapter.model, adapter)
        return CachedEncoder(make, revision=revision, store=_vectors(), progress=self._progress)

    @cached_property
    def _quote_encoder(self) -> Encoder | None:
        from pipeline.backends.bge_onnx import BgeEncoder

        return self._kept_reading("bge", BgeEncoder, self._quotes_model, self._quote_revision)

    @cached_property
    def _closer_encoder(self) -> Encoder | None:
        from pipeline.backends.smollm_onnx import SmolLmEncoder

        return self._kept_reading("smollm", SmolLmEncoder, self._closer_model, self._closer_revision)

    def _kept_reading(
        self, kind: Reads, encoder: Callable[..., Encoder], name: str, revision_of: Callable[[], str]
    ) -> Encoder | None:
        if not name:
            return None
        revision = revision_of()

        def make() -> Encoder:
            how: Any = {"revision": revision, "graphs": cache_folder() / "graphs"}
            folder = models.embedding_folder(name)
            if self._encoders:
                return ManyEncoders(kind, folder, precision="int8", **how, pool=self._encoders)
            return encoder(folder, **how)

        how: Any = {} if self._encoders else {"texts_a_commit": _READ_A_COMMIT}
        return CachedEncoder(make, revision=revision, store=_vectors(), **how, progress=self._progress)

    def memory(self, run_folder: Path, *, code: str) -> KeptArrays:
        """Keeps what stages worked out on the way, in the run's private/ folder; `code` is the hash of theirs."""
        return KeptArrays(Store(_arrays(run_folder)), code=code)

    def forget(self, run_folder: Path, *, source_texts: Sequence[str], texts: Sequence[str]) -> None:
        """Take what was kept of these texts out of every cache."""
        read_by = self._linguist_revision()
        encoded_by = [self._encoder_revision(), self._encoder_revision(read_adapter(OPINIONS))]
        encoded_by += [self._welsh_revision()] if self._embed.reads_welsh else []
        encoded_by += [self._quote_revision()] if self._quotes_model else []
        encoded_by += [self._closer_revision()] if self._closer_model else []
        _analyses(run_folder).forget([key_of(read_by, text) for text in source_texts])
        _vectors().forget([key_of(revision, text) for revision in encoded_by for text in texts])
        # Whole, because an answer is about a talk and not about one of those who took part in it.
        for path in _arrays(run_folder).parent.glob(f"{_arrays(run_folder).name}*"):
            path.unlink()

    def _linguist_revision(self) -> str:
        return f"{self._anonymise.model} {models.version(self._anonymise.model)}"

    def _encoder_revision(self, adapter: Adapter | None = None) -> str:
        from pipeline.backends.minilm_onnx import GRAPH, TOKENS_A_BATCH

        embed = self._embed
        backend = f"onnx {GRAPH}" if embed.backend == "onnx" else embed.backend
        # Activations are quantised by the batch, so a text's vector depends a little on those encoded beside it.
        how = f"int8 in full by {TOKENS_A_BATCH} tokens" if embed.precision == "int8" else embed.precision
        changed = f" adapted {adapter.checksum}" if adapter else ""
        return f"{embed.model} {models.version(embed.model)} {backend} {how}{changed}"

    def _welsh_revision(self) -> str:
        from pipeline.backends.e5_onnx import GRAPH

        name = self._embed.reads_welsh
        return f"{name} {models.version(name)} {GRAPH} over {read_bridge(WELSH).checksum}"

    def _quote_revision(self) -> str:
        from pipeline.backends.bge_onnx import GRAPH

        return f"{self._quotes_model} {models.version(self._quotes_model)} {GRAPH}"

    def _closer_revision(self) -> str:
        from pipeline.backends.smollm_onnx import GRAPH

        return f"{self._closer_model} {models.version(self._closer_model)} {GRAPH}"

    def _maker(self, name: str, adapter: Adapter | None = None) -> tuple[Callable[[], Encoder], str]:
        """What makes the encoder, once there is a text to encode: to hash its weights takes a tenth of a second."""
        revision, precision = self._encoder_revision(adapter), self._embed.precision

        def make_torch() -> Encoder:
            from pipeline.backends.minilm_torch import TorchEncoder

            folder = models.embedding_folder(name)
            return TorchEncoder(folder, revision=revision, precision=precision, adapter=adapter)

        def make_onnx() -> Encoder:
            from pipeline.backends.minilm_onnx import OnnxEncoder

            folder, graphs = models.embedding_folder(name), cache_folder() / "graphs"
            how: Any = {"revision": revision, "precision": precision, "graphs": graphs}
            # Workers know no adapter: opinions are few beside what people say in a series of conversations.
            if self._encoders and adapter is None:
                return ManyEncoders("minilm", folder, **how, pool=self._encoders)
            return OnnxEncoder(folder, **how, adapter=adapter)

        return make_torch if self._embed.backend == "torch" else make_onnx, revision


def _analyses(run_folder: Path) -> Store:
    return Store(run_folder / "private" / "cache" / "analyses.sqlite")


def _arrays(run_folder: Path) -> Path:
    return run_folder / "private" / "cache" / "arrays.sqlite"


def _vectors() -> Store:
    return Store(cache_folder() / "vectors.sqlite")


def cache_folder() -> Path:
    """Where vectors are kept over all runs: $ROUNDTABLE_CACHE, or the platform's own place for caches."""
    if given := os.environ.get("ROUNDTABLE_CACHE"):
        return Path(given)
    from platformdirs import user_cache_path

    return user_cache_path("roundtable", appauthor=False)
