"""Chooses the models that the config names, and keeps what they have answered."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipeline.backends import models
from pipeline.backends.cache import CachedEncoder, CachedLinguist, Progress, Store
from pipeline.backends.protocols import Encoder, Linguist
from pipeline.backends.workers import ManyEncoders, ManyLinguists, Pool
from pipeline.config import AnonymiseSettings, EmbedSettings


def _ignore(done: int, total: int) -> None:
    """The progress of nobody who looks."""


class Toolbox:
    """The models of a run, each loaded when a text comes that it has not seen."""

    def __init__(
        self,
        anonymise: AnonymiseSettings,
        embed: EmbedSettings,
        *,
        readers: Pool | None = None,
        encoders: Pool | None = None,
        progress: Progress = _ignore,
    ) -> None:
        """The pools, where there are any, do the models' work: `readers` see names, `encoders` don't."""
        self._anonymise = anonymise
        self._embed = embed
        self._readers = readers
        self._encoders = encoders
        self._progress = progress

    def linguist(self, run_folder: Path) -> Linguist:
        """Reads texts; what it has read is kept in the run's private/ folder, because lemmas may be names."""
        from pipeline.backends.spacy_linguist import SpacyLinguist

        name = self._anonymise.model
        if name == "plain":
            from pipeline.backends.plain import PlainLinguist

            return PlainLinguist()
        store = Store(run_folder / "private" / "cache" / "analyses.sqlite")
        revision = f"{name} {models.version(name)}"
        readers = self._readers

        def make() -> Linguist:
            return ManyLinguists(name, revision=revision, pool=readers) if readers else SpacyLinguist(name)

        return CachedLinguist(make, revision=revision, store=store, progress=self._progress)

    def encoder(self) -> Encoder:
        """Turns texts into vectors; what it has made is kept over all runs."""
        name = self._embed.model
        if name == "plain":
            from pipeline.backends.plain_encoder import PlainEncoder

            return PlainEncoder()
        make, revision = self._maker(name)
        store = Store(cache_folder() / "vectors.sqlite")
        return CachedEncoder(make, revision=revision, store=store, progress=self._progress)

    def _maker(self, name: str) -> tuple[Callable[[], Encoder], str]:
        folder = models.embedding_folder(name)
        revision = f"{name} {models.version(name)} {self._embed.backend} {self._embed.precision}"
        if self._embed.backend == "torch":
            from pipeline.backends.minilm_torch import TorchEncoder

            return (lambda: TorchEncoder(folder, revision=revision)), revision
        from pipeline.backends.minilm_onnx import OnnxEncoder

        how: Any = {"revision": revision, "precision": self._embed.precision, "graphs": cache_folder() / "graphs"}
        encoders = self._encoders

        def make() -> Encoder:
            return ManyEncoders(folder, **how, pool=encoders) if encoders else OnnxEncoder(folder, **how)

        return make, revision


def cache_folder() -> Path:
    """Where vectors are kept over all runs: $ROUNDTABLE_CACHE, or the platform's own place for caches."""
    if given := os.environ.get("ROUNDTABLE_CACHE"):
        return Path(given)
    from platformdirs import user_cache_path

    return user_cache_path("roundtable", appauthor=False)
