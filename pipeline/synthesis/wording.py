"""How many is "some": words that a count of distinct participants has earned, and the count that a word claims.

The scale counts people, not lines, facilitators and observers out, against the participants who were present.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from math import floor
from typing import Any, Literal

Level = Literal["none", "one", "some", "many", "most", "all"]
LEVELS: tuple[Level, ...] = ("none", "one", "some", "many", "most", "all")
LANGUAGES = ("en", "cy")
MANY_PEOPLE = 4  # three people are never "many", however small the table
MOST_PEOPLE = 3  # nor two "most", or "all"


@dataclass(frozen=True)
class Scale:
    """From which share of the participants present a word is earned."""

    many: float = 0.4
    most: float = 0.5  # more than this
    shared_sense: float = 0.66
    phrases: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # language, level: a house's own words

    def level(self, people: int, present: int) -> Level:
        """The strongest word that so many people of those present have earned."""
        earned = [level for level in LEVELS if self.earns(level, people, present)]
        return earned[-1]

    def earns(self, level: Level, people: int, present: int) -> bool:
        """Whether a word says no more than so many people of those present support.

        A weaker word is always earned with a stronger one: "some" is true of all.
        """
        share = people / present if present else 0.0
        conditions = {
            "none": True,
            "one": people >= 1,
            "some": people >= 2,
            "many": people >= MANY_PEOPLE and share >= self.many,
            "most": people >= MOST_PEOPLE and share > self.most,
            "all": people >= MOST_PEOPLE and people == present,
        }
        # At a table of four, three are "most" without being "many": a stronger word lends its truth to a weaker one.
        return any(conditions[stronger] for stronger in LEVELS[LEVELS.index(level) :])

    def earns_shared_sense(self, people: int, present: int, *, dissent: bool) -> bool:
        """Whether "a shared sense" is earned: so many, at least four, and nobody's dissent printed."""
        return people >= MANY_PEOPLE and people / present >= self.shared_sense and not dissent

    def phrase(self, level: str, language: str) -> str:
        """The words for a level: "some participants", "rhai cyfranogwyr"."""
        own = self.phrases.get(language, {})
        return own.get(level) or str(words(language)["levels"][level])


@cache
def words(language: str) -> dict[str, Any]:
    """The report's fixed wording in a language, as it stands in words/<language>.toml."""
    text = resources.files("pipeline.synthesis").joinpath("words", f"{language}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


Line = tuple[tuple[str, str], ...]  # (language, text): one language, or the same said in two


def say(languages: tuple[str, ...], key: str, **values: Any) -> Line:
    """A fixed sentence in each language: `say(("en", "cy"), "annex.counts", n=3)`; a value may be a Line."""
    return tuple((language, _sentence(language, key, values)) for language in languages)


def _sentence(language: str, key: str, values: Mapping[str, Any]) -> str:
    found: Any = words(language)
    for part in key.split("."):
        found = found[part]
    chosen = {name: _in_language(value, language) for name, value in values.items()}
    return str(found).format(**chosen)


# English says "from health" and "from local government", but "from the voluntary sector".
_TAKES_AN_ARTICLE = re.compile(r"(?!the ).*\b(?:sector|police|nhs|civil service)$", re.IGNORECASE)


def with_article(sector: str, language: str) -> str:
    """A sector as it stands after "from"."""
    return f"the {sector}" if language == "en" and _TAKES_AN_ARTICLE.match(sector) else sector


def percent(share: float) -> str:
    """A share as people round it, and as the review page does: 5 of 8 are 63%, which Python's own way makes 62.

    None and all are said of none and all only: of 300 of whom one differs, 99% are the same, and 1% isn't.
    """
    rounded = floor(100 * share + 0.5)
    return f"{min(max(rounded, 1), 99) if 0 < share < 1 else rounded}%"


def _in_language(value: Any, language: str) -> Any:
    if not isinstance(value, tuple):
        return value
    texts = dict(value)
    return texts.get(language) or next(iter(texts.values()), "")
