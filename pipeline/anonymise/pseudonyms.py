"""Numbers for people: in a seeded order that tells nothing, and kept when a run is repeated."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.anonymise.forms import fold, parse_name
from pipeline.anonymise.roster import Somebody
from pipeline.tables import Person

_LETTER = {"participant": "P", "facilitator": "F", "observer": "O"}


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
    ids = {int(re.sub(r"\D", "", person.person_id) or 0) for person in previous}
    taken = {person.pseudonym for person in previous}
    next_id = max(ids, default=0)
    for somebody in listed:
        if somebody.key not in numbered:
            next_id += 1
            pseudonym = _next(somebody.role, taken)
            taken.add(pseudonym)
            numbered[somebody.key] = Numbered(f"person-{next_id:04d}", pseudonym)
    return numbered


def _drawn(key: str, seed: int) -> str:
    return hashlib.sha256(f"{seed}\x1f{key}".encode()).hexdigest()


def _again(people: Sequence[Somebody], previous: Sequence[Person]) -> dict[str, Numbered]:
    numbered: dict[str, Numbered] = {}
    free = sorted(previous, key=lambda person: person.person_id)
    for strict in (True, False):  # first those who sat at the same roundtables
        for somebody in people:
            if somebody.key in numbered:
                continue
            known = next((person for person in free if _same(person, somebody, strict=strict)), None)
            if known is not None:
                free.remove(known)
                numbered[somebody.key] = Numbered(known.person_id, known.pseudonym)
    return numbered


def _same(person: Person, somebody: Somebody, *, strict: bool) -> bool:
    if _plain(person.name) != _plain(somebody.name) and not (
        strict and _plain(person.name) in map(_plain, somebody.aliases)
    ):
        return False
    if _kind(person.pseudonym) != _LETTER.get(somebody.role, "person"):
        return False
    where = set(person.roundtable_ids) & set(somebody.roundtables)
    # Without the strictness somebody who now sits elsewhere too is known, but not somebody else of that name.
    return bool(where) if strict else not person.roundtable_ids or somebody.key.startswith(("roster", "third"))


def _plain(name: str) -> str:
    return parse_name(name).folded or fold(name)


def _kind(pseudonym: str) -> str:
    return re.split(r"[\d ]", pseudonym, maxsplit=1)[0]


def _next(role: str, taken: set[str]) -> str:
    letter = _LETTER.get(role)
    if letter is None:
        count = 1 + max((_fromletters(name[7:]) for name in taken if name.startswith("person ")), default=0)
        return f"person {letters(count)}"
    count = 1 + max((int(name[1:]) for name in taken if re.fullmatch(letter + r"\d+", name)), default=0)
    return f"{letter}{count:02d}"


def letters(count: int) -> str:
    """1 is A, 26 is Z, 27 is AA."""
    shown = ""
    while count:
        count, rest = divmod(count - 1, 26)
        shown = chr(ord("A") + rest) + shown
    return shown


def _fromletters(shown: str) -> int:
    count = 0
    for letter in shown:
        count = 26 * count + ord(letter) - ord("A") + 1
    return count
