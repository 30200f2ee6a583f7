"""What is installed, which models with which checksums, and what is missing: nothing is loaded to find it out."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.backends.models import Finding, look_at, require, version
from pipeline.config import Config

_PACKAGES = (
    "spacy", "sentence-transformers", "bertopic", "torch", "onnxruntime", "pandas", "typer",
)  # fmt: skip


def examine(config: Config) -> list[Finding]:
    """Every package and model that this config needs, found or missing."""
    return [*_packages(), *(look_at(name) for name in _models(config))]


def require_models(config: Config) -> None:
    """Nothing, if the models that this config needs are there and are the known ones.

    Raises:
        MissingModel: says which isn't, and what to do.
    """
    for name in _models(config):
        require(name)


def _models(config: Config) -> list[str]:
    asked = (
        config.anonymise.model,
        config.embed.model,
        config.embed.reads_welsh,
        config.quotes_model,
        config.closer_model,
    )
    return [name for name in asked if name not in ("", "plain")]


def _packages() -> Iterator[Finding]:
    for name in _PACKAGES:
        found = version(name)
        yield Finding(name, found or "not installed", well=bool(found))
