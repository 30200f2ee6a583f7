"""A span that seems to name somebody who isn't at the table: what every way of finding one gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.anonymise.detect import with_other_halves
from pipeline.anonymise.forms import Word
from pipeline.anonymise.reading import Reading


@dataclass(frozen=True, slots=True)
class Discovery:
    """A span that seems to name somebody who isn't at the table."""

    turn_id: str
    roundtable_id: str
    start: int  # of the name, titles left out
    end: int
    text: str
    found_by: str  # model, title, given name, introduction, family name, particle, behaviour, review, initials
    confidence: float  # below 0.5 it is a question for people
    title: str


def discovered(reading: Reading, inside: Sequence[Word], by: str, confidence: float) -> Discovery:
    """What was found at these words, with the other halves of a double name and the title before it."""
    first = reading.place_of(inside[0])
    first, last = with_other_halves(reading, first, first + len(inside) - 1)
    start, end = reading.words[first].start, reading.words[last].end
    title = reading.title(first)[1]
    return Discovery(reading.turn_id, reading.roundtable_id, start, end, reading.text[start:end], by, confidence, title)
