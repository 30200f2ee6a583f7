"""What a document says of who said a quotation, held against who did."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipeline.synthesis.verify.folding import fold
from pipeline.tables import Participant

_PSEUDONYM = re.compile(r"\b([PFO]\d{2,})\b")
_SECTOR = re.compile(
    r"\b(?:participants?|leader|colleague|speaker|attendee|cyfranogwr|cyfranogwyr)\s+(?:from|in|o faes|o'r|o)\s+"
    r"(?:the\s+|y\s+|yr\s+)?(.+?)(?=$|[,.;:!?()⟨/]|\s(?:said|noted|put|told|who|at|reflected|described|and|was|had)\b)",
    re.IGNORECASE,
)
_ROLES = {
    "facilitator": re.compile(r"\b(?:facilitators?|chair|moderator|hwylusydd|cadeirydd)\b", re.IGNORECASE),
    "participant": re.compile(r"\b(?:participants?|cyfranogwr|cyfranogwyr)\b", re.IGNORECASE),
    "observer": re.compile(r"\b(?:observers?|sylwedydd)\b", re.IGNORECASE),
}
_ELSEWHERE = re.compile(r"\b(?:roundtable|bord|ford|table|series|discussion|room|session|meeting)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Credit:
    """How finely a quote may be credited: to its speaker, with or without the sector."""

    speakers: frozenset[str]  # pseudonyms of those whose words these may be
    sector_allowed: bool


def misattribution(around: str, credit: Credit, people: Mapping[str, Participant]) -> str:
    """What is wrong with the credit that stands around a quotation; empty if nothing is.

    A coarser credit than allowed is always right; no credit is too.
    """
    text = fold(around).text
    said_by = [people[name] for name in sorted(credit.speakers) if name in people]
    if not said_by:
        return ""
    return _wrong_person(text, credit) or _wrong_sector(text, credit, said_by, people) or _wrong_role(text, said_by)


def _wrong_person(text: str, credit: Credit) -> str:
    named = set(_PSEUDONYM.findall(text))
    if not named or named & credit.speakers:
        return ""
    return f"credited to {', '.join(sorted(named))}, said by {', '.join(sorted(credit.speakers))}"


def _wrong_sector(text: str, credit: Credit, said_by: Iterable[Participant], people: Mapping[str, Participant]) -> str:
    theirs = {_plain(person.sector) for person in said_by}
    for claimed in _sectors(text, people.values()):
        if claimed not in theirs:
            return f"credited to “{claimed}”, said by somebody else"
        if not credit.sector_allowed:
            return f"credited to “{claimed}”, which is more than was agreed"
    return ""


def _wrong_role(text: str, said_by: Iterable[Participant]) -> str:
    roles = {person.role for person in said_by}
    claimed = [role for role, called in _ROLES.items() if called.search(text)]
    if len(claimed) != 1 or claimed[0] in roles:
        return ""
    return f"credited to {_A[claimed[0]]}, said by {_A[min(roles)]}"


_A = {"facilitator": "the facilitator", "participant": "a participant", "observer": "an observer"}


def _sectors(text: str, people: Iterable[Participant]) -> list[str]:
    known = {_plain(person.sector) for person in people if person.sector}
    found = []
    for match in _SECTOR.finditer(text):
        claimed = _plain(match[1])
        longest = max((sector for sector in known if claimed.startswith(sector)), key=len, default="")
        if longest or not _ELSEWHERE.search(claimed):
            found.append(longest or claimed)
    return found


def _plain(sector: str) -> str:
    """A sector without its article: "from the third sector" and "from third sector" are one."""
    return re.sub(r"^(?:the|y|yr)\s+", "", fold(sector).text.strip().casefold())
