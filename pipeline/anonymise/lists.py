"""The shipped lists of words that the rules use: data, to be read and edited as such."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files


def lines(name: str) -> list[str]:
    """The lines of a shipped file that aren't empty or a comment."""
    text = (files("pipeline.anonymise") / "data" / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def listed(name: str) -> frozenset[str]:
    """A list of words of `data/words.toml`."""
    return frozenset(_word_lists()[name].split())


def phrases(name: str) -> tuple[str, ...]:
    """A list of phrases of `data/words.toml`, parted by bars."""
    return tuple(phrase.strip() for phrase in _word_lists()[name].split("|"))


@cache
def _word_lists() -> dict[str, str]:
    return tomllib.loads((files("pipeline.anonymise") / "data" / "words.toml").read_text(encoding="utf-8"))
