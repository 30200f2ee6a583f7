"""Who is who among a series' speakers: one person in two spellings, and one name in two meetings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from pipeline.ingest.account import NAMELESS
from pipeline.ingest.likely_names import GENERIC, is_unknown

_BRACKETS = re.compile(r"\s*[(\[][^()\[\]]*[)\]]")
_REVERSED = re.compile(r"([^,]+),\s*([^,]+)")


def is_named(label: str) -> bool:
    """Whether a label says who it is; `SPEAKER_00` in two files is two people, and `Unknown Speaker` may be many."""
    return label != NAMELESS and not is_unknown(label) and not GENERIC.fullmatch(label)


def folded(label: str) -> str:
    """What all spellings of a name share: no accents or capitals, first name first, nothing in brackets.

    >>> folded("Tregarth, Siân [Cantref Bay]") == folded("Sian Tregarth")
    True
    """
    bare = _BRACKETS.sub("", label)
    turned = _REVERSED.fullmatch(bare.strip())
    if turned:
        bare = f"{turned[2]} {turned[1]}"
    letters = (letter for letter in unicodedata.normalize("NFD", bare) if not unicodedata.combining(letter))
    return " ".join(re.findall(r"\w+", "".join(letters).casefold())) or label.casefold()


def spellings(labels: Iterable[str]) -> list[tuple[str, ...]]:
    """The labels that are one person in several spellings, sorted."""
    groups: dict[str, set[str]] = {}
    for label in labels:
        if is_named(label):
            groups.setdefault(folded(label), set()).add(label)
    return sorted(tuple(sorted(group)) for group in groups.values() if len(group) > 1)


def in_several(labels: Mapping[str, Iterable[str]], listed: Iterable[str]) -> list[tuple[str, tuple[str, ...]]]:
    """Names that speak at several roundtables and that no roster lists: nobody said whether they are one person.

    `labels` are the speakers by roundtable, `listed` the names and aliases of the roster.
    """
    known = {folded(name) for name in listed}
    return [(name, where) for name, where in _speaking(labels) if len(where) > 1 and folded(name) not in known]


def not_listed(labels: Mapping[str, Iterable[str]], listed: Iterable[str]) -> list[tuple[str, tuple[str, ...]]]:
    """Names that no roster lists, each with its roundtables, sorted.

    A label that is a part of a listed name, or holds one whole, may be that person: "Siân", "Siân Tregarth Bay".
    """
    known = [frozenset(folded(name).split()) for name in listed]

    def may_be_listed(name: str) -> bool:
        words = frozenset(folded(name).split())
        return any(words <= whole or whole <= words for whole in known)

    return [(name, where) for name, where in _speaking(labels) if not may_be_listed(name)]


def _speaking(labels: Mapping[str, Iterable[str]]) -> list[tuple[str, tuple[str, ...]]]:
    """Who says who they are, in one spelling each, with their roundtables; sorted."""
    places: dict[str, dict[str, str]] = {}
    for roundtable, names in sorted(labels.items()):
        for name in sorted(filter(is_named, names)):
            places.setdefault(folded(name), {})[roundtable] = name
    return [(next(iter(where.values())), tuple(where)) for _, where in sorted(places.items())]
