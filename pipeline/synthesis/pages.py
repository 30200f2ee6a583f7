"""Estimates on which page each heading of our own layout falls, for the table of contents before anybody updates it.

Word and LibreOffice lay out a page only when they open it, and a table of contents without numbers looks unfinished.
The fonts' widths are those of Arial (and of Liberation Sans, made to match it); what a program does differently in
detail may move a heading by a page, until the table is updated.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from docx.document import Document
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

from pipeline.synthesis.letters import letter_width
from pipeline.synthesis.wordstyles import LOOKS, Look

POINTS_A_CM = 28.3465
TEXT_WIDTH, TEXT_HEIGHT = 16.0 * POINTS_A_CM, 25.1 * POINTS_A_CM
LINE = 1.149  # the height of an Arial line over its size
CELL = 5.5  # points above and below a cell's text and its line, together
CELL_SIDE = 7.0
_BOLD = 1.07  # bold letters are about so much wider
_STYLE, _WIDTH = f"{qn('w:pPr')}/{qn('w:pStyle')}", f"{qn('w:tcPr')}/{qn('w:tcW')}"


@dataclass(frozen=True)
class _Box:
    """A paragraph or a table's row, in points."""

    before: float
    lines: int
    line: float
    after: float
    keep_next: bool
    whole: bool  # may not be cut by a page's end
    new_page: bool
    note: float  # height of the footnotes that it calls
    marks: tuple[str, ...]

    @property
    def height(self) -> float:
        return self.before + self.lines * self.line + self.after

    @property
    def least(self) -> float:
        """What must fit for it to begin on a page: two lines, or three if there are no more."""
        lines = self.lines if self.whole or self.lines <= 3 else 2
        return self.before + lines * self.line + self.note


def pages_of_bookmarks(document: Document) -> dict[str, int]:
    """The page, from 1, of each bookmark in a document of our own styles."""
    boxes = _collapsed(list(_boxes(document)))
    pages: dict[str, int] = {}
    page, left = 1, TEXT_HEIGHT
    for index, box in enumerate(boxes):
        if index and (box.new_page or left < _needed(boxes, index)):
            # At the top of a page a paragraph stands without the space before it, unless it asked for the new page.
            page, left = page + 1, TEXT_HEIGHT + (0 if box.new_page else box.before)
        for mark in box.marks:
            pages[mark] = page
        left -= box.height + box.note
        while left < 0 and not box.whole:
            page, left = page + 1, left + TEXT_HEIGHT
    return pages


def _collapsed(boxes: Sequence[_Box]) -> list[_Box]:
    """Between two paragraphs stands the larger of the space after the one and before the other, not their sum."""
    following = (*boxes[1:], None)
    return [
        replace(box, after=max(0.0, box.after - after.before)) if after is not None else box
        for box, after in zip(boxes, following, strict=True)
    ]


def _needed(boxes: Sequence[_Box], index: int) -> float:
    """The height that must be free for a box to stand here: its own, and what it must not be parted from."""
    needed = 0.0
    while boxes[index].keep_next and index + 1 < len(boxes) and not boxes[index + 1].new_page:
        needed += boxes[index].height
        index += 1
    return min(needed + boxes[index].least, TEXT_HEIGHT)


def _boxes(document: Document) -> Iterator[_Box]:
    by_name = {look.name: look for look in LOOKS}
    looks = {style.style_id: by_name[style.name] for style in document.styles if style.name in by_name}
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            yield from _rows(block, looks)
        else:
            yield _paragraph(block, looks)


def _look(paragraph: Any, looks: Mapping[str, Look]) -> Look:
    style = paragraph.find(_STYLE)
    return looks.get("" if style is None else style.get(qn("w:val")), looks["BodyText"])


def _paragraph(paragraph: Paragraph, looks: Mapping[str, Look]) -> _Box:
    look = _look(paragraph._p, looks)
    marks = tuple(found.get(qn("w:name"), "") for found in paragraph._p.iter(qn("w:bookmarkStart")))
    notes = sum(1 for _ in paragraph._p.iter(qn("w:footnoteReference")))
    drawings: list[Any] = list(paragraph._p.iter(qn("wp:extent")))
    width = TEXT_WIDTH - look.left * POINTS_A_CM
    line = look.size * LINE * look.line
    shape = paragraph.paragraph_format
    return _Box(
        before=look.before,
        lines=count_lines(_text(paragraph._p), width, look),
        line=line if not drawings else int(drawings[0].get("cy")) / 12_700,
        after=look.after,
        keep_next=look.keep_next if shape.keep_with_next is None else bool(shape.keep_with_next),
        whole=bool(drawings),
        new_page=bool(shape.page_break_before),
        note=notes * 2 * 9 * LINE * 1.1,
        marks=marks,
    )


def _text(written: Any) -> str:
    return "".join(found.text or "" for found in written.iter(qn("w:t")))


def _rows(table: Table, looks: Mapping[str, Look]) -> Iterator[_Box]:
    # By their XML: python-docx counts the columns of the whole row anew for each of its cells.
    for number, row in enumerate(table._tbl.iterchildren(qn("w:tr"))):
        heights = []
        cells = row.findall(qn("w:tc"))
        for cell in cells:
            paragraphs = cell.findall(qn("w:p"))
            look = _look(paragraphs[0], looks)
            lines = count_lines("\n".join(map(_text, paragraphs)), _cell_width(cell, len(cells)) - CELL_SIDE, look)
            heights.append(lines * look.size * LINE * look.line + look.after)
        yield _Box(CELL, 1, max(heights), 0, number == 0, True, False, 0, ())


def _cell_width(cell: Any, cells: int) -> float:
    """In points; where the cell doesn't say it, its share of the text's."""
    width = cell.find(_WIDTH)
    return TEXT_WIDTH / cells if width is None else int(width.get(qn("w:w"))) / 20  # twentieths of a point


def count_lines(text: str, width: float, look: Look) -> int:
    """How many lines a text takes in a column so many points wide, broken at spaces."""
    lines, filled = 1, 0.0
    space = _width(" ", look)
    for word in text.split(" "):
        needed = _width(word, look)
        if filled and filled + space + needed > width:
            lines, filled = lines + 1, needed
        else:
            filled += needed + (space if filled else 0)
        lines += word.count("\n")
    return lines


def _width(text: str, look: Look) -> float:
    return _thousandths(text) / 1000 * look.size * (_BOLD if look.bold else 1)


@lru_cache(maxsize=2**14)
def _thousandths(word: str) -> int:
    # A report's words come again and again: one in ten is another.
    return sum(map(letter_width, word))
