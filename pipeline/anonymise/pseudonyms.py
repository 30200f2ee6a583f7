"""Numbers for people: in a seeded order that tells nothing, and kept when a run is repeated."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.anonymise.forms import fold, parse_name
from pipeline.anonymise.roster import Somebody
from pipeline.tables import Person

_LETTER = {"participant": "P", "facilitator": "F", "observer": "O"}
# Somebody who was spoken of, and not at the table: "person A".
_THIRD = "person"


@dataclass(frozen=True, slots=True)
class Numbered:
    """What a person is called from now on."""

    person_id: str
    pseudonym: str  # P07, F01, O01, person A

    @property
    def shown(self) -> str:
        """What stands in a turn in the name's place."""
        return f"[{self.pseudonym}]"


def number(people: Iterable[Somebody], *, seed: int, previous: Sequence[Person] = ()) -> dict[str, Numbered]:
    """Each person's ID and pseudonym, by key: those of the previous run first, then new ones after the last.

    The order is that of a hash of the seed and who it is, not of speaking, of files, or of the alphabet. A person of
    the previous run is known again by name and role, and by a roundtable where there are several of one name.
    """
    listed = sorted(people, key=lambda somebody: _drawn(somebody.key, seed))
    numbered = _again(listed, previous)
    next_id = max((int(re.sub(r"\D", "", person.person_id) or 0) for person in previous), default=0)
    last: dict[str, int] = defaultdict(int)
    for person in previous:
        kind, count = _counted(person.pseudonym)
        last[kind] = max(last[kind], count)
    for somebody in listed:
        if somebody.key not in numbered:
            next_id += 1
            kind = _LETTER.get(somebody.role, _THIRD)
            last[kind] += 1
            numbered[somebody.key] = Numbered(f"person-{next_id:04d}", _pseudonym(kind, last[kind]))
    return numbered


def _drawn(key: str, seed: int) -> str:
    return hashlib.sha256(f"{seed}\x1f{key}".encode()).hexdigest()


def _again(people: Sequence[Somebody], previous: Sequence[Person]) -> dict[str, Numbered]:
    numbered: dict[str, Numbered] = {}
    known = _Known(previous)
    for strict in (True, False):  # first those who sat at the same roundtables
        for somebody in people:
            found = None if somebody.key in numbered else known.take(somebody, strict=strict)
            if found is not None:
                numbered[somebody.key] = Numbered(found.person_id, found.pseudonym)
    return numbered


class _Known:
    """The people of the previous run, each to be known again once; found by their names, for there may be thousands."""

    def __init__(self, previous: Iterable[Person]) -> None:
        self._taken: set[str] = set()
        self._sat: dict[tuple[str, str], list[Person]] = defaultdict(list)
        self._called: dict[str, list[Person]] = defaultdict(list)
        for person in previous:
            name = _plain(person.name)
            self._called[name].append(person)
            for roundtable in person.roundtable_ids:
                self._sat[name, roundtable].append(person)

    def take(self, somebody: Somebody, *, strict: bool) -> Person | None:
        """Who it was, the first of several; None where nobody is known."""
        kind = _LETTER.get(somebody.role, _THIRD)
        able = [
            person
            for person in (self._at_the_table(somebody) if strict else self._anywhere(somebody))
            if person.person_id not in self._taken and _counted(person.pseudonym)[0] == kind
        ]
        first = min(able, key=lambda person: person.person_id, default=None)
        if first is not None:
            self._taken.add(first.person_id)
        return first

    def _at_the_table(self, somebody: Somebody) -> Iterator[Person]:
        for name in {_plain(name) for name in (somebody.name, *somebody.aliases)}:
            for roundtable in somebody.roundtables:
                yield from self._sat.get((name, roundtable), ())

    def _anywhere(self, somebody: Somebody) -> Iterator[Person]:
        """Somebody who now sits elsewhere too is known, but not somebody else of that name."""
        told = somebody.key.startswith(("roster", "third"))
        for person in self._called.get(_plain(somebody.name), ()):
            if told or not person.roundtable_ids:
                yield person


def _plain(name: str) -> str:
    return parse_name(name).folded or fold(name)


def _counted(pseudonym: str) -> tuple[str, int]:
    """What kind of pseudonym it is, and which of its kind: P07 is ("P", 7), person B ("person", 2)."""
    kind, _, shown = pseudonym.partition(" ")
    if shown:
        return kind, _from_letters(shown)
    return re.sub(r"\d.*", "", kind), int(re.sub(r"\D", "", kind) or 0)


def _pseudonym(kind: str, count: int) -> str:
    return f"{kind} {letters(count)}" if kind == _THIRD else f"{kind}{count:02d}"


def letters(count: int) -> str:
    """1 is A, 26 is Z, 27 is AA."""
    shown = ""
    while count:
        count, rest = divmod(count - 1, 26)
        shown = chr(ord("A") + rest) + shown
    return shown


def _from_letters(shown: str) -> int:
    count = 0
    for letter in shown:
        count = 26 * count + ord(letter) - ord("A") + 1
    return count
