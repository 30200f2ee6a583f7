"""Every span that could be a quote: one to three consecutive statements of one turn, with its ends tidied.

A span is cut out of its turn by offsets; what is left outside at an end (a false start, a trailing "you know",
"[Laughter.]") is never changed, only not taken. An ellipsis inside a printed quote would be two spans, and that is
for people to decide: no candidate has one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from pipeline.tables import Statement, Turn

LONGEST = 3  # statements: readers' quotes had one (58 %), two (30 %) or three (12 %), never more
# Above so many words a statement is also offered cut at a clause: longer sentences are hardly ever printed whole.
LONG_STATEMENT = 60
# A clause keeps at least half of its statement: less than that is another statement's thought.
LEAST_KEPT = 0.5

_NOISES = "Laughter|Laughs|Interruption|Inaudible|Applause|Crosstalk|Pause|Chuckles|Unclear"
# A false start, "I don't th—. ", has its dash after so many letters at most.
_BEFORE_DASH, _DASHES = 60, ("—", "–", "-")
_FALSE_START = rf"[^.?!]{{0,{_BEFORE_DASH}}}?[{''.join(_DASHES)}]\s*\.\s+"


def _leading(*further: str) -> re.Pattern[str]:
    """What may be left outside at the start of a span, one after the other."""
    parts = (
        rf"\W*\[?(?:{_NOISES})\.?\]\W*",  # what the typist heard
        *further,
        r"(?:u[mh]+|e[rmh]+|hmm+|mhm)\b[\s,.…]*",  # a filler
        r"(?:yes|yeah|no|okay|ok|right|sure|thank you|thanks)(?:, (?:yes|yeah|no|thank you))?[.!]\s+",
        r"[\s.,;:…—–]+",
    )
    return re.compile("|".join(f"(?:{part})" for part in parts), re.IGNORECASE)


_LEADING, _LEADING_WITHOUT_DASH = _leading(_FALSE_START), _leading()
_TRAILING = re.compile(
    rf"""(?:
        \s*\[(?:{_NOISES})\.?\]\W*
      | ,\s+(?:you\ know|if\ you\ like|if\ you\ know\ what\ I\ mean|okay|right|yeah)[.…—–\s]*
      | \s+
    )$""",
    re.IGNORECASE | re.VERBOSE,
)
# Where a long statement may be cut, so that what is left is a clause with its own verb and subject.
_CLAUSE = re.compile(
    r"(?:;|—|,)\s*(?=(?:(?:and|but|so|because|which means|whereas)\s+)?(?:then\s+)?(?:I|we|you|they|it|there|that)\b)"
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span of a turn that might be printed."""

    turn_id: str
    statement_ids: tuple[str, ...]
    first: int  # row of its first statement, among the statements sorted by statement_id
    start: int
    end: int

    @property
    def quote_id(self) -> str:
        """Where the span is: `rt1:t0012:104-215`."""
        return f"{self.turn_id}:{self.start}-{self.end}"

    @property
    def rows(self) -> range:
        """The rows of its statements."""
        return range(self.first, self.first + len(self.statement_ids))


def spans(statements: Sequence[Statement], turns: Mapping[str, Turn]) -> Iterator[Candidate]:
    """All candidates, in the order of the statements: each run of up to LONGEST, and clauses of the long ones.

    A span neither begins nor ends with procedural talk or a backchannel. Statements follow each other when nothing
    but white space lies between them.
    """
    for first, opening in enumerate(statements):
        text = turns[opening.turn_id].text
        for last in range(first, min(first + LONGEST, len(statements))):
            closing = statements[last]
            if last > first and not _follows(statements[last - 1], closing, text):
                break
            if opening.kind in SAYS_NOTHING or closing.kind in SAYS_NOTHING:
                continue
            ids = tuple(statement.statement_id for statement in statements[first : last + 1])
            start, end = tidied(text, opening.start, closing.end)
            if start < end and _has_words(text, start, end):
                yield Candidate(opening.turn_id, ids, first, start, end)
        if opening.kind not in SAYS_NOTHING:
            for start, end in clauses(text, opening.start, opening.end):
                yield Candidate(opening.turn_id, (opening.statement_id,), first, start, end)


SAYS_NOTHING = frozenset({"procedural", "backchannel"})
# What stands for a name is nobody's words: "Oh, [P06]." says nothing that could be printed.
_FEWEST_WORDS = 2
_WORD = re.compile(r"\[[^\]]*\]|(?P<word>[^\W_]+)")


def _has_words(text: str, start: int, end: int) -> bool:
    """Whether a span has words beside those that stand for a name."""
    words = (match for match in _WORD.finditer(text, start, end) if match["word"])
    return len(list(islice(words, _FEWEST_WORDS))) == _FEWEST_WORDS


def _follows(before: Statement, after: Statement, text: str) -> bool:
    return before.turn_id == after.turn_id and not text[before.end : after.start].strip()


def tidied(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without what nobody would print at its ends; empty (start == end) where nothing is left."""
    while (match := _leading_at(text, start).match(text, start, end)) and match.end() > start:
        start = match.end()
    while match := _TRAILING.search(text, _first_aside(text, start, end), end):
        end = match.start()
    return start, max(start, end)


def _leading_at(text: str, start: int) -> re.Pattern[str]:
    # To look for a false start takes longer than all the rest, and few have a dash.
    head = text[start : start + _BEFORE_DASH + 1]
    return _LEADING if any(dash in head for dash in _DASHES) else _LEADING_WITHOUT_DASH


def _first_aside(text: str, start: int, end: int) -> int:
    """From where what is left outside at the end may begin: without a bracket, from the last comma or white space."""
    if text.find("[", start, end) >= 0:
        return start
    comma = text.rfind(",", start, end)
    return comma if comma >= 0 else start + len(text[start:end].rstrip())


def clauses(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The clauses that a long statement may be cut to: its head or its tail, at least half of its words."""
    start, end = tidied(text, start, end)
    n_words = len(text[start:end].split())
    if n_words <= LONG_STATEMENT:
        return []
    found = []
    for match in _CLAUSE.finditer(text, start, end):
        for cut in (tidied(text, start, match.start()), tidied(text, match.end(), end)):
            if n_words * LEAST_KEPT <= len(text[cut[0] : cut[1]].split()) <= LONG_STATEMENT:
                found.append(cut)
    return sorted(set(found))
