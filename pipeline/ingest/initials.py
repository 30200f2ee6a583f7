"""Whom a list of those present says that initials mean: "Ifor Treharne (IT)", or a line "IT = Ifor Treharne"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.facilitator import says_so
from pipeline.ingest.lines import Line

# Of those who are there a list stands within the first lines.
_LIST_OF_PEOPLE = 40
# More letters than this are no list.
_LONGEST_LIST_OF_PEOPLE = 2_000
# "Ifor Treharne (IT)", "Glesni Roe (GR, chair)"; or a line "IT = Ifor Treharne"
_WHOLE_NAME = r"(?:[^\W\d_a-z][\w'’-]+ ){1,3}[^\W\d_a-z][\w'’-]+"
_THEIR_INITIALS = "(?P<initials>[A-ZÀ-Þ]{2,4})"
_PRESENTED = (
    re.compile(rf"(?P<name>{_WHOLE_NAME}) \({_THEIR_INITIALS}\b(?:[,;]\s*(?P<role>[^()]{{1,40}})\))?"),
    re.compile(rf"\s*{_THEIR_INITIALS}\s*(?:=|\s[-–—])\s*(?P<name>{_WHOLE_NAME})(?P<role>)(?=\s*(?:[,;(–—-]|$))"),
)


def initials_of(lines: Sequence[Line]) -> dict[str, str]:
    """Whom initials mean by a list of those present, "Ann Rees (AR)"; nobody where two people share them."""
    labels: dict[str, str] = {}
    for initials, label in (pair for line in lines[:_LIST_OF_PEOPLE] for pair in _presented(line.text)):
        labels[initials] = label if labels.get(initials, label) == label else ""
    return labels


def _presented(line: str) -> Iterator[tuple[str, str]]:
    """The initials, case folded, by which a list of those present calls people, and "Ann Rees (AR) (chair)"."""
    head = line[:_LONGEST_LIST_OF_PEOPLE]
    alone = _PRESENTED[1].match(head)
    for found in (*_PRESENTED[0].finditer(head), *((alone,) if alone else ())):
        letters = "".join(part[0] for part in re.split("[ -]", found["name"]))
        if letters.endswith(found["initials"]) or letters[0] + letters[-1] == found["initials"]:
            role = f" ({found['role']})" if says_so(found["role"] or "") else ""
            yield found["initials"].casefold(), f"{found['name']} ({found['initials']}){role}"
