"""A report as a plan: every word of it and where it stands, before it becomes Word or html.

Two papers are made of the same material: the draft, with everything proposed and nothing decided, and the release,
with nothing in it that people haven't approved.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from pipeline.decisions import text_hash
from pipeline.synthesis.material import Picture
from pipeline.synthesis.wording import Level, Line
from pipeline.tables import Passage

Kind = Literal["draft", "release"]


@dataclass(frozen=True)
class PrintedSpan:
    """Words of a turn, as they are printed, and their place."""

    turn_id: str
    start: int
    end: int
    text: str
    sha256: str


@dataclass(frozen=True)
class PrintedQuote:
    """A quote in the paper; several spans are shown with an ellipsis between them."""

    quote_id: str
    spans: tuple[PrintedSpan, ...]
    language: str
    roundtable_id: str
    transcript_id: str
    theme_id: str
    attribution: Line
    translation: str = ""
    translated_by: str = ""
    dissent: bool = False
    decided: bool = False
    notes: tuple[str, ...] = ()  # in the draft: the place, reasons and risk, for those who decide

    @property
    def sha256(self) -> str:
        """The hash of the words, all spans of them."""
        return text_hash("\n".join(span.text for span in self.spans))

    @property
    def text(self) -> str:
        """The words as they are printed."""
        return " […] ".join(span.text for span in self.spans)


@dataclass(frozen=True)
class Section:
    """A theme's place in the paper."""

    theme_id: str
    name: str
    level: Level
    people: int
    present: int
    spoke: Line
    shared_sense: bool
    description: str  # people's; empty: a marked gap
    change: Line  # what changed since the last roundtable; empty: nothing to say
    quotes: tuple[PrintedQuote, ...]
    dissents: tuple[PrintedQuote, ...]
    sources: tuple[Passage, ...]  # accepted ones (in the draft: the proposed ones too)
    keywords: tuple[str, ...]
    decided: bool
    whereabouts: Line = ()  # of quotes: that it has none, or under which themes more of them stand


@dataclass(frozen=True)
class Part:
    """Some themes under one heading."""

    title: Line
    intro: str
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class Grid:
    """A table in an annex."""

    caption: Line
    headers: tuple[Line, ...]
    rows: tuple[tuple[Line | str, ...], ...]
    numeric: frozenset[int] = frozenset()  # columns of numbers


@dataclass(frozen=True)
class Annex:
    """What a reader may ask about: how it was made, who was heard, what was left out."""

    title: Line
    paragraphs: tuple[Line, ...] = ()
    grids: tuple[Grid, ...] = ()
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True)
class Paper:
    """A report, whole."""

    kind: Kind
    languages: tuple[str, ...]
    title: str
    subtitle: Line
    date: str  # ISO: of the latest roundtable; empty where none is known
    stamp: str  # ISO date and time that the document's properties carry: of the last decision, never the clock's
    notice: Line  # empty in a release
    intro: Line  # what the paper draws on
    questions: tuple[str, ...]
    summary: str
    points: tuple[Line, ...]
    parts: tuple[Part, ...]
    closing: str
    annexes: tuple[Annex, ...]

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """All themes' sections, in their order."""
        return tuple(section for part in self.parts for section in part.sections)

    @cached_property
    def quotes(self) -> tuple[PrintedQuote, ...]:
        """All quotes that are printed under a theme, in their order."""
        return tuple(quote for section in self.sections for quote in (*section.quotes, *section.dissents))


def mark_of(theme_id: str) -> str:
    """A theme's id as a bookmark may hold it: letters, digits and "_", at most 40 with its prefix."""
    return "".join(letter if letter.isalnum() else "_" for letter in theme_id)[:30]
