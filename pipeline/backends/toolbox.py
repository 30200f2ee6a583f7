"""Chooses the models that the config names, and keeps what they have answered."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from pipeline.backends import models
from pipeline.backends.cache import CachedEncoder, CachedLinguist, Progress, Store
from pipeline.backends.protocols import Encoder, Linguist
from pipeline.config import AnonymiseSettings, EmbedSettings


def _ignore(done: int, total: int) -> None:
    """The progress of nobody who looks."""


class Toolbox:
    """The models of a run, each loaded when a text comes that it has not seen."""

    def __init__(self, anonymise: AnonymiseSettings, embed: EmbedSettings, *, progress: Progress = _ignore) -> None:
        self._anonymise = anonymise
        self._embed = embed
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
        return CachedLinguist(lambda: SpacyLinguist(name), revision=revision, store=store, progress=self._progress)

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

        precision, graphs = self._embed.precision, cache_folder() / "graphs"
        return (lambda: OnnxEncoder(folder, revision=revision, precision=precision, graphs=graphs)), revision


def cache_folder() -> Path:
    """Where vectors are kept over all runs: $ROUNDTABLE_CACHE, or the platform's own place for caches."""
    if given := os.environ.get("ROUNDTABLE_CACHE"):
        return Path(given)
    from platformdirs import user_cache_path

    return user_cache_path("roundtable", appauthor=False)
