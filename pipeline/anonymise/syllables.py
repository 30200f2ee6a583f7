"""Names that somebody says in their syllables, so that others may say them too: "So-lo-mi-ya"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pipeline.anonymise.detect import Mention
from pipeline.anonymise.forms import fold, parse_name
from pipeline.anonymise.reading import Reading
from pipeline.anonymise.roster import Somebody
from pipeline.anonymise.sound import alike

# A syllable has so many letters at most; "co-op" has two parts, and no name of less than five letters needs telling.
_SYLLABLES = re.compile(r"(?<![\w-])[^\W\d_]{1,6}(?:[-‐‑][^\W\d_]{1,6}){1,7}(?![\w-])")
_SHORTEST = 5
# What says that a name is told by its sound: "you say it Shi-vawn".
_TOLD = re.compile(r"\b(?:say|says|said|saying|sounds|pronounced?|pronounces|dweud)\b[^.?!]{0,20}$")
_REACH = 40  # letters
_CONFIDENCE = 0.8


def find_syllables(readings: Iterable[Reading], people: Iterable[Somebody]) -> Iterator[Mention]:
    """Each place where a name of somebody at that roundtable stands in pieces; by its sound, where it is said so."""
    named = _names(people)
    for reading in readings:
        for found in _SYLLABLES.finditer(reading.text) if "-" in reading.text or "‑" in reading.text else ():
            pieces, here = fold("".join(re.split("[-‐‑]", found.group()))), named.get(reading.roundtable_id, {})
            owners = here.get(pieces, ())
            if not owners and _TOLD.search(reading.text[max(0, found.start() - _REACH) : found.start()]):
                owners = [key for name, keys in here.items() if alike(pieces, name) for key in keys]
            if owners and len(pieces) >= _SHORTEST:
                candidates = tuple(sorted(set(owners)))
                yield Mention(
                    reading.turn_id, found.start(), found.end(), candidates, "sound", "propagation", _CONFIDENCE
                )


def _names(people: Iterable[Somebody]) -> Mapping[str, Mapping[str, Sequence[str]]]:
    """Who has which name of one word, by roundtable."""
    named: dict[str, dict[str, list[str]]] = {}
    for somebody in people:
        name = parse_name(somebody.name)
        for part in (*name.given[:1], *name.family) if somebody.named else ():
            for roundtable in somebody.roundtables:
                named.setdefault(roundtable, {}).setdefault(part, []).append(somebody.key)
    return named
