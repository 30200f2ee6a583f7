"""Who is who among a series' speakers: one person in two spellings, one name in two meetings, and who facilitates."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.ingest.account import NAMELESS, Spoken
from pipeline.ingest.labels import GENERIC, is_unknown

_BRACKETS = re.compile(r"\s*[(\[][^()\[\]]*[)\]]")
_REVERSED = re.compile(r"([^,]+),\s*([^,]+)")

# A facilitator is guessed only from this many questions and hand-overs, and with such a lead over the next.
_FEWEST_SIGNS = 4
_LEAD = 1.5


@dataclass(frozen=True)
class Guess:
    """Somebody who behaves as facilitators do."""

    name: str
    asked: int  # turns that end in a question
    handed_over: int  # turns that name who speaks next
    opened: bool


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
    places: dict[str, dict[str, str]] = {}
    for roundtable, names in sorted(labels.items()):
        for name in sorted(names):
            if is_named(name) and folded(name) not in known:
                places.setdefault(folded(name), {})[roundtable] = name
    return [(next(iter(where.values())), tuple(where)) for _, where in sorted(places.items()) if len(where) > 1]


def likely_facilitator(turns: Sequence[Spoken]) -> Guess | None:
    """Who opens, asks and hands over more than all others; None where nobody leads, or too little is to be seen."""
    asked: dict[str, int] = {}
    handed: dict[str, int] = {}
    for place, turn in enumerate(turns):
        following = turns[place + 1].speaker if place + 1 < len(turns) else ""
        asked[turn.speaker] = asked.get(turn.speaker, 0) + turn.text.rstrip().endswith("?")
        handed[turn.speaker] = handed.get(turn.speaker, 0) + _names(turn.text, following)
    if len(asked) < 3:
        return None
    opener = turns[0].speaker
    signs = {name: asked[name] + handed[name] + 2 * (name == opener) for name in asked}
    first, second = sorted(signs, key=lambda name: (-signs[name], name))[:2]
    if signs[first] < _FEWEST_SIGNS or signs[first] < _LEAD * signs[second]:
        return None
    return Guess(first, asked[first], handed[first], first == opener)


def _names(text: str, label: str) -> bool:
    """Whether somebody is called by a name in the last sentences of a turn."""
    if not is_named(label):
        return False
    said = set(folded(text[-200:]).split())
    return any(word in said for word in folded(label).split() if len(word) > 2)
