"""Replacing spans of a turn, and carrying its tokens over to the text that comes of it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.backends.protocols import Analysis
from pipeline.tables import Redaction


@dataclass(frozen=True, slots=True)
class _Piece:
    """A replaced span, in the source and in the anonymised text."""

    start: int
    end: int
    new_start: int
    replacement: str


def replaced(text: str, redactions: Sequence[Redaction]) -> str:
    """The text with the redactions of status "replaced" applied; they don't overlap."""
    shown, last = [], 0
    for redaction in sorted(redactions, key=lambda one: one.start):
        if redaction.status == "replaced":
            shown += [text[last : redaction.start], redaction.replacement]
            last = redaction.end
    return "".join((*shown, text[last:]))


class Carried(NamedTuple):
    """A turn's tokens as the columns of TOKENS, one entry a token."""

    start: Sequence[int]
    end: Sequence[int]
    pos: Sequence[str]
    tag: Sequence[str]
    lemma: Sequence[str]
    dep: Sequence[str]
    head: Sequence[int]
    sent_start: Sequence[bool]


def carried_tokens(text: str, analysis: Analysis, redactions: Sequence[Redaction]) -> Carried:
    """The tokens of the source text, in the anonymised one.

    A replacement is one PROPN token that hangs where the root of the replaced words hung. Of a token that a
    replacement cuts, what is left of it stays a token with itself for a lemma: the "s" of "Marks".
    """
    pieces = _pieces(redactions)
    if pieces:
        return Carried(*zip(*_carried(replaced(text, redactions), analysis, pieces), strict=True))
    # Nothing moved: most turns name nobody.
    told = zip(analysis.pos, analysis.lemma, analysis.starts, strict=True)
    lemmas = [_lemma(lemma, pos, text[start]) for pos, lemma, start in told]
    return Carried(
        analysis.starts, analysis.ends, analysis.pos, analysis.tag, lemmas, analysis.dep, analysis.head,
        analysis.sent_start,
    )  # fmt: skip


def _lemma(lemma: str, pos: str, opening: str) -> str:
    """A name's lemma may be another name ("Rees's" gives "Rees") and tells nobody anything: it stays empty."""
    return "" if pos == "PROPN" or opening.isupper() else lemma


def _carried(
    new_text: str, analysis: Analysis, pieces: Sequence[_Piece]
) -> Iterator[tuple[int, int, str, str, str, str, int, bool]]:
    """The rows of `Carried` where something was replaced."""
    parts = list(_parts(analysis, pieces))
    # A source token's place among the new ones: of a token that was cut, its first part.
    place: dict[int, int] = {}
    for number, part in enumerate(parts):
        for source in part.sources:
            place.setdefault(source, number)
    for number, part in enumerate(parts):
        root = _root(part.sources, analysis)
        head = place.get(analysis.head[root], number) if root >= 0 else number
        lead = root if root >= 0 else 0
        if part.replacement:
            shown = ("PROPN", "NNP", part.replacement)
        else:
            whole = part.end - part.start == analysis.ends[lead] - analysis.starts[lead]
            lemma = (
                _lemma(analysis.lemma[lead], analysis.pos[lead], new_text[part.start : part.end][:1]) if whole else ""
            )
            shown = (analysis.pos[lead], analysis.tag[lead], lemma)
        dep = analysis.dep[root] if root >= 0 else "dep"
        opens = any(analysis.sent_start[source] for source in part.sources if place[source] == number)
        yield part.start, part.end, *shown, dep, head, opens


class _Part(NamedTuple):
    """A token to be: its span in the anonymised text and the source tokens it stands for."""

    start: int
    end: int
    sources: tuple[int, ...]
    replacement: str


def _pieces(redactions: Sequence[Redaction]) -> list[_Piece]:
    pieces, shift = [], 0
    for one in sorted((one for one in redactions if one.status == "replaced"), key=lambda one: one.start):
        pieces.append(_Piece(one.start, one.end, one.start + shift, one.replacement))
        shift += len(one.replacement) - (one.end - one.start)
    return pieces


def _parts(analysis: Analysis, pieces: Sequence[_Piece]) -> Iterator[_Part]:
    listed = list(_left_over(analysis, pieces))
    for piece in pieces:
        inside = tuple(range(_first_after(analysis.ends, piece.start), bisect_left(analysis.starts, piece.end)))
        listed.append(_Part(piece.new_start, piece.new_start + len(piece.replacement), inside, piece.replacement))
    yield from sorted(listed, key=lambda part: part.start)


def _first_after(ends: Sequence[int], offset: int) -> int:
    return bisect_right(ends, offset)


def _left_over(analysis: Analysis, pieces: Sequence[_Piece]) -> Iterator[_Part]:
    """What no replacement covers of each token, moved by the replacements before it."""
    ends = [piece.end for piece in pieces]
    for number, (start, end) in enumerate(zip(analysis.starts, analysis.ends, strict=True)):
        place, left = bisect_right(ends, start), start
        while left < end:
            covering = pieces[place] if place < len(pieces) else None
            stop = min(end, covering.start) if covering else end
            if left < stop:
                moved = _shift(pieces, place)
                yield _Part(left + moved, stop + moved, (number,), "")
            if covering is None or covering.start >= end:
                break
            left, place = covering.end, place + 1


def _shift(pieces: Sequence[_Piece], place: int) -> int:
    """By how much the text after the first `place` replacements has moved."""
    if place == 0:
        return 0
    last = pieces[place - 1]
    return last.new_start + len(last.replacement) - last.end


def _root(sources: Sequence[int], analysis: Analysis) -> int:
    """The source token that the others hang on: its head is outside, or itself; -1 for none."""
    if len(sources) == 1:
        return sources[0]
    inside = set(sources)
    for source in sources:
        if analysis.head[source] == source or analysis.head[source] not in inside:
            return source
    return sources[0] if sources else -1
