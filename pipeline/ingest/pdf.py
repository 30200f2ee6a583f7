"""PDF: the words of its pages, line by line, where a program wrote them there; a picture of a page holds none."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from pipeline.errors import UnreadableFile
from pipeline.ingest.account import Account
from pipeline.ingest.columns import TITLE_ROW, are_titles
from pipeline.ingest.edges import PAGE_EDGE, shape
from pipeline.ingest.lines import Line
from pipeline.ingest.numbering import line_numbers
from pipeline.ingest.text import clean
from pipeline.ingest.typed import read_lines

LINE_NUMBER = "the number of a line"

# A day of talk prints on 300 pages.
_MOST_PAGES = 5_000
# Fewer characters a page than this, and the pages are pictures.
_FEWEST_CHARACTERS = 20
# A line that stands at the edge of this share of the pages isn't said again and again.
_EDGE_SHARE = 0.6
# Words that stand this much higher (in points) than those before them begin another column, or were written out of
# order; a superscript does not.
_JUMP = 40.0
# The head or the foot of a page has no more lines.
_EDGE_LINES = 5
# So many lines of a page with words at the same place behind a gap are no chance.
_FEWEST_ROWS = 4
# So many lines a name has in its cell, or what stands beside it.
_MOST_LINES = 6
# Two lines are further apart than half of this, in points.
_LINE = 10.0
_NEXT_LINE = 36.0
_CUT = re.compile(r"[^\W\d_]{2}[-\u2010\u00ad]\s*$")


def read_pdf(content: bytes, name: str, account: Account, *, known: frozenset[str] = frozenset()) -> str:
    """Pass the text of the pages on to the account; returns the layout that was recognised.

    Raises:
        UnreadableFile: it is damaged, has a password, or holds pictures of pages and no words.
    """
    pages = _pages(content, name, account)
    if sum(len(row) for page in pages for row, _ in page) < _FEWEST_CHARACTERS * len(pages):
        raise UnreadableFile(
            f"{name} holds pictures of pages and no text: have them recognised (OCR), or ask for the original"
        )
    texts = [[row for row, _ in page] for page in pages]
    numbered = list(zip(texts, _line_numbers(texts), strict=True))
    # Numbers of lines that stand under a page's words would hide its foot.
    edges = _edges([_without(rows, counted) for rows, counted in numbered])
    lines: list[Line] = []
    for number, (rows, counted) in enumerate(numbered, 1):
        left = iter(range(1, len(rows) + 1))
        kept = len(_without(rows, counted))
        for row, text in enumerate(rows, 1):
            place = f"{number} line {row}"
            digits = counted.get(row - 1, "")
            if digits:
                lines.append(Line(digits, place, aside=LINE_NUMBER))
            if words := text[len(digits) :]:
                aside = PAGE_EDGE if (shape(words), _edge(next(left), kept)) in edges else ""
                aside = aside or (TITLE_ROW if are_titles(words.split("\t")) else "")
                bold = max(pages[number - 1][row - 1][1] - len(digits), 0)
                lines.append(Line(words, place, aside=aside, bold=bold))
            elif not digits:
                next(left)
                lines.append(Line(text, place))
    return read_lines(lines, account, known=known)


def _doubt_cut_words(rows: Sequence[str], account: Account) -> None:
    cut = sum(bool(_CUT.search(row)) and after.strip()[:1].islower() for row, after in pairwise(rows))
    if cut:
        account.doubt("", f"{cut:,} words may be cut at the ends of lines (coun- cil): they stay as the page has them")


def _line_numbers(pages: Sequence[Sequence[str]]) -> list[dict[int, str]]:
    """The numbers of each page's lines: as the page shows, or else all pages together, of which the last is short."""
    together = line_numbers([row for rows in pages for row in rows])
    numbers, first = [], 0
    for rows in pages:
        of_page = {at - first: number for at, number in together.items() if first <= at < first + len(rows)}
        numbers.append(line_numbers(rows) or of_page)
        first += len(rows)
    return numbers


def _without(rows: Sequence[str], counted: Mapping[int, str]) -> list[str]:
    """A page's lines without their numbers, and without those that are nothing else."""
    cut = [row[len(counted.get(at, "")) :] for at, row in enumerate(rows)]
    return [row for at, row in enumerate(cut) if row or at not in counted]


@dataclass(slots=True)
class _Piece:
    """Words that stand together in a line of a page, and where on it."""

    x: float
    y: float
    text: str
    bold: bool
    opens: bool  # a line begins here
    gap: bool  # there is one before it


_Row = tuple[str, int]  # the words of a line, and how many characters at its start are bold and those after them not


def _pages(content: bytes, name: str, account: Account) -> list[list[_Row]]:
    """The lines of each page; where it holds a table, a row of it is a line, its cells tabs apart."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    # It writes of every flaw that it mended, with words of the file.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    # What pypdf raises at damaged files isn't only its own: each of these was met by the fuzz test.
    flaws = (
        PyPdfError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError, OSError,
        AssertionError, NotImplementedError,
    )  # fmt: skip
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableFile(f"{name} has a password: save it without one")
        if len(reader.pages) > _MOST_PAGES:
            raise UnreadableFile(f"{name} has more than {_MOST_PAGES:,} pages: cut it up")
        pages = [_page(page, number, account) for number, page in enumerate(reader.pages, 1)]
    except flaws as error:
        raise UnreadableFile(f"{name} is damaged, or isn't a PDF: save it again") from error
    _doubt_cut_words(["".join(piece.text for piece in line) for page in pages for line in page], account)
    columns = _columns(pages)
    return [_rows(page, columns) for page in pages]


def _page(page: Any, number: int, account: Account) -> list[list[_Piece]]:
    """The lines of a page, each as the pieces between which it has gaps."""
    heights: list[float] = []
    lines: list[list[_Piece]] = [[]]
    gap = True

    def note(text: str, outer: Sequence[float], matrix: Sequence[float], font: Any, _: float) -> None:
        nonlocal gap
        if text.strip():
            heights.append(matrix[5])
        # A gap that pypdf sees is a space, by itself and without a font or before the words behind it.
        gap = gap or (bool(lines[-1]) and (text.startswith(" ") or lines[-1][-1].text.endswith(" ")))
        if font is None and text == " " and lines[-1]:
            return
        x, y = (matrix[4] * outer[at] + matrix[5] * outer[at + 2] + outer[at + 4] for at in (0, 1))
        bold = "bold" in str((font or {}).get("/BaseFont", "")).lower()
        for at, words in enumerate(text.split("\n")):
            if at:
                lines.append([])
                gap = True
            if words and (gap or lines[-1][-1].bold != bold):
                spaced = not lines[-1] or words.startswith(" ") or lines[-1][-1].text.endswith(" ")
                space = " " if gap and not spaced else ""
                lines[-1].append(_Piece(round(x, 1), y, space + words, bold, not lines[-1], gap))
                gap = False
            elif words:
                lines[-1][-1].text += words

    page.extract_text(visitor_text=note)
    if _out_of_order(heights):
        account.doubt(str(number), "its words may stand in columns or out of order: compare the turns with the page")
    return lines


def _columns(pages: Sequence[Sequence[Sequence[_Piece]]]) -> list[float]:
    """Where words begin behind a gap in so many lines, or go back up so often, that a column or a tab stop is there."""
    behind = Counter(piece.x for page in pages for line in page for piece in line[1:] if piece.gap)
    ups = Counter(
        line[0].x
        for page in pages
        for before, line in pairwise([line for line in page if line])
        if line[0].y > before[-1].y + _LINE / 2
    )
    # Pages in two columns go back up once each.
    return sorted(
        x
        for x in behind.keys() | ups.keys()
        if behind[x] >= max(_FEWEST_ROWS, len(pages) // 2) or ups[x] >= max(_FEWEST_ROWS, 2 * len(pages))
    )


def _rows(page: Sequence[Sequence[_Piece]], columns: Sequence[float]) -> list[_Row]:
    """The lines of a page, with a tab before each column; those of a table's row as one."""
    rows: list[_Cells] = []
    for line in page:
        for place, piece in enumerate(line or [_Piece(0.0, 0.0, "", False, True, True)]):
            column = columns.index(piece.x) + 1 if piece.gap and piece.x in columns else 0
            if not place:
                _begin(rows, column, piece.y)
            rows[-1].fill(column)
            rows[-1].add(piece)
    return [row.row() for row in rows]


def _begin(rows: list[_Cells], column: int, y: float) -> None:
    """Find or open the row in which a line stands that begins in this column, at this height."""
    last = range(max(len(rows) - _MOST_LINES, 0), len(rows)) if column else ()
    beside = next((at for at in reversed(last) if abs(rows[at].y - y) < _LINE / 2), -1)
    if beside >= 0:
        # What goes back up stands beside lines that were written before it: they are cells of one row.
        for other in rows[beside + 1 :]:
            rows[beside].join(other)
        del rows[beside + 1 :]
    elif not (rows and column and (y > rows[-1].y or rows[-1].goes_on(column, y))):
        rows.append(_Cells(y))
    rows[-1].last_y = y


@dataclass(slots=True)
class _Cells:
    """A row of a table that is being put together, or a line."""

    y: float
    last_y: float = 0.0
    cells: list[str] = field(default_factory=lambda: [""])
    bold: int = 0  # at the start
    plain: bool = False  # something that isn't bold has come

    def goes_on(self, column: int, y: float) -> bool:
        """Whether a line that begins there is the next one of the last cell; the foot of the page is further down."""
        return column == len(self.cells) - 1 and self.last_y - y < _NEXT_LINE

    def fill(self, column: int) -> None:
        """Have at least so many cells before the next words."""
        self.cells += [""] * (column + 1 - len(self.cells))

    def add(self, piece: _Piece) -> None:
        """Put a piece behind the words of the last cell."""
        self.cells[-1] = _together(self.cells[-1], piece.text, apart=piece.opens)
        self.plain = self.plain or (bool(piece.text.strip()) and not piece.bold)
        if not self.plain:
            self.bold = len("\t".join(self.cells))

    def join(self, other: _Cells) -> None:
        """Put another row's words behind those of the same cells."""
        self.fill(len(other.cells) - 1)
        for at, words in enumerate(other.cells):
            self.cells[at] = _together(self.cells[at], words, apart=True)

    def row(self) -> _Row:
        """The line that comes of it."""
        text = clean("\t".join(self.cells)).replace("\n", " ")
        return text, self.bold if self.bold < len(text) else 0


def _together(words: str, more: str, *, apart: bool) -> str:
    """The words of a cell with more behind them; a double-barrelled name may be cut after its hyphen."""
    if not words:
        return more.lstrip()
    cut = more[:1].isupper() and _CUT.search(words)
    return words.rstrip() + more if cut else words + (" " if apart and more and not words.endswith(" ") else "") + more


def _out_of_order(heights: Sequence[float]) -> bool:
    """Whether words go from below to far above more than once, or once with lines enough on either side: a foot or a
    head of the page, written before its body or after it, has fewer.
    """
    jumps = [at for at, (before, after) in enumerate(pairwise(heights), 1) if after - before > _JUMP]
    sides = [(heights[:at], heights[at:]) for at in jumps]
    return len(jumps) > 1 or any(min(len(set(above)), len(set(below))) > _EDGE_LINES for above, below in sides)


def _edges(pages: Sequence[Sequence[str]]) -> set[tuple[str, str]]:
    """Lines, numbers aside, that stand first or last on most pages."""
    seen: Counter[tuple[str, str]] = Counter()
    for rows in pages:
        seen.update({(shape(text), _edge(row, len(rows))) for row, text in enumerate(rows, 1) if _edge(row, len(rows))})
    return {edge for edge, count in seen.items() if edge[0] and count > 2 and count >= _EDGE_SHARE * len(pages)}


def _edge(row: int, rows: int) -> str:
    return "head" if row <= 2 else "foot" if row > rows - 2 else ""
