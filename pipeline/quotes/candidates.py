"""Every span that could be a quote: one to three consecutive statements of one turn, with its ends tidied.

A span is cut out of its turn by offsets; what is left outside at an end (a false start, a trailing "you know",
"[Laughter.]") is never changed, only not taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.tables import Statement, Turn

LONGEST = 3  # statements: two readers' quotes had one (65 %), two (26 %) or three (9 %), never more

# What may be left outside at the start of a span, one after the other.
_LEADING = re.compile(
    r"""(?:
        \W*\[?(?:Laughter|Interruption|Inaudible|Applause|Crosstalk|Pause)\.?\]\W*   # what the typist heard
      | (?:[^.?!]{0,60}?)[—–-]\s*\.\s+                                                # a false start: "I don't th—. "
      | (?:u[mh]+|e[rmh]+|hmm+)\b[\s,.…]*                                             # a filler
      | (?:yes|yeah|no|okay|ok|right|sure|thank\ you|thanks)(?:,\ (?:yes|yeah|no|thank\ you))?[.!]\s+
      | [\s.,;:…—–]+
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_TRAILING = re.compile(
    r"""(?:
        \s*\[(?:Laughter|Interruption|Inaudible|Applause|Crosstalk|Pause)\.?\]\W*
      | ,\s+(?:you\ know|if\ you\ like|if\ you\ know\ what\ I\ mean|okay|right|yeah)[.…—–\s]*
      | \s+
    )$""",
    re.IGNORECASE | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span of a turn that might be printed."""

    turn_id: str
    statement_ids: tuple[str, ...]
    first: int  # row of its first statement among the statements, sorted by statement_id
    start: int
    end: int

    @property
    def quote_id(self) -> str:
        """Where the span is: `rt1:t0012:c104-215`."""
        return f"{self.turn_id}:c{self.start}-{self.end}"


def spans(statements: Sequence[Statement], turns: dict[str, Turn], *, longest: int = LONGEST) -> Iterator[Candidate]:
    """All candidates of one to `longest` consecutive statements of a turn, in the order of the statements.

    A span neither begins nor ends with procedural talk or a backchannel. Statements follow each other when nothing
    but white space lies between them.
    """
    for first, opening in enumerate(statements):
        text = turns[opening.turn_id].text
        for last in range(first, min(first + longest, len(statements))):
            closing = statements[last]
            if last > first and not _follows(statements[last - 1], closing, text):
                break
            if opening.kind in _SAYS_NOTHING or closing.kind in _SAYS_NOTHING:
                continue
            start, end = tidied(text, opening.start, closing.end)
            if start < end:
                ids = tuple(statement.statement_id for statement in statements[first : last + 1])
                yield Candidate(opening.turn_id, ids, first, start, end)


_SAYS_NOTHING = frozenset({"procedural", "backchannel"})


def _follows(before: Statement, after: Statement, text: str) -> bool:
    return before.turn_id == after.turn_id and not text[before.end : after.start].strip()


def tidied(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without what nobody would print at its ends; empty (start == end) where nothing is left."""
    while match := _LEADING.match(text, start, end):
        if match.end() == start:
            break
        start = match.end()
    while match := _TRAILING.search(text, start, end):
        end = match.start()
    return start, max(start, end)
