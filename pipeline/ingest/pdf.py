"""PDF: the words of its pages, line by line, where a program wrote them there; a picture of a page holds none."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from pipeline.errors import UnreadableFile
from pipeline.ingest.account import Account
from pipeline.ingest.numbering import line_numbers
from pipeline.ingest.text import clean
from pipeline.ingest.typed import Line, read_lines

PAGE_EDGE = "the head or foot of a page"
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
_CUT = re.compile(r"[^\W\d_]{2}[-\u2010\u00ad]\s*$")


def read_pdf(content: bytes, name: str, account: Account, *, known: frozenset[str] = frozenset()) -> str:
    """Pass the text of the pages on to the account; returns the layout that was recognised.

    Raises:
        UnreadableFile: it is damaged, has a password, or holds pictures of pages and no words.
    """
    pages = _pages(content, name, account)
    if sum(map(len, pages)) < _FEWEST_CHARACTERS * len(pages):
        raise UnreadableFile(
            f"{name} holds pictures of pages and no text: have them recognised (OCR), or ask for the original"
        )
    numbered = [(page.split("\n"), line_numbers(page.split("\n"))) for page in pages]
    _doubt_cut_words([row for rows, _ in numbered for row in rows], account)
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
                aside = PAGE_EDGE if (_shape(words), _edge(next(left), kept)) in edges else ""
                lines.append(Line(words, place, aside=aside))
            elif not digits:
                next(left)
                lines.append(Line(text, place))
    return read_lines(lines, account, known=known)


def _doubt_cut_words(rows: Sequence[str], account: Account) -> None:
    cut = sum(bool(_CUT.search(row)) and after.strip()[:1].islower() for row, after in pairwise(rows))
    if cut:
        account.doubt("", f"{cut:,} words may be cut at the ends of lines (coun- cil): they stay as the page has them")


def _without(rows: Sequence[str], counted: Mapping[int, str]) -> list[str]:
    """A page's lines without their numbers, and without those that are nothing else."""
    cut = [row[len(counted.get(at, "")) :] for at, row in enumerate(rows)]
    return [row for at, row in enumerate(cut) if row or at not in counted]


def _pages(content: bytes, name: str, account: Account) -> list[str]:
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
        return [_page(page, number, account) for number, page in enumerate(reader.pages, 1)]
    except flaws as error:
        raise UnreadableFile(f"{name} is damaged, or isn't a PDF: save it again") from error


def _page(page: Any, number: int, account: Account) -> str:
    heights: list[float] = []

    def note(text: str, _: Any, matrix: Sequence[float], *__: Any) -> None:
        if text.strip():
            heights.append(matrix[5])

    text = clean(page.extract_text(visitor_text=note))
    if _out_of_order(heights):
        account.doubt(str(number), "its words may stand in columns or out of order: compare the turns with the page")
    return text


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
        seen.update(
            {(_shape(text), _edge(row, len(rows))) for row, text in enumerate(rows, 1) if _edge(row, len(rows))}
        )
    return {edge for edge, count in seen.items() if edge[0] and count > 2 and count >= _EDGE_SHARE * len(pages)}


def _edge(row: int, rows: int) -> str:
    return "head" if row <= 2 else "foot" if row > rows - 2 else ""


def _shape(text: str) -> str:
    return re.sub(r"\d+", "0", " ".join(text.split()))
