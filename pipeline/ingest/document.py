"""A document, whatever program wrote it, as paragraphs and tables; its words go to the account as lines or as rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.ingest.account import Account
from pipeline.ingest.columns import Row, read_table
from pipeline.ingest.text import clean
from pipeline.ingest.typed import Line, read_lines

DELETED = "deleted in the document, with its changes tracked"
TEXT_BOX = "in a text box"
BESIDE_TABLE = "beside the table that holds the transcript"


@dataclass(slots=True)
class Paragraph:
    """A paragraph's words, and what stands in it that is none of them."""

    place: str
    heading: bool = False
    pieces: list[tuple[str, bool]] = field(default_factory=list)  # words, and whether they are bold
    asides: list[tuple[str, str]] = field(default_factory=list)  # reason, and words

    @property
    def text(self) -> str:
        """The words, as text."""
        return clean("".join(words for words, _ in self.pieces))

    @property
    def bold(self) -> int:
        """How many characters at the start are bold, where something follows that isn't."""
        count = 0
        for words, bold in self.pieces:
            if not bold and words.strip():
                return count
            count += len(words)
        return 0


Table = list[list[list[Paragraph]]]  # rows of cells of paragraphs
Block = Paragraph | Table


def read_document(
    blocks: Sequence[Block],
    account: Account,
    *,
    outside: Iterable[tuple[str, str, str]] = (),
    known: frozenset[str] = frozenset(),
) -> str:
    """Pass a document on to the account, and after it what stands outside its paragraphs: place, reason and words.

    Returns the layout that was recognised.
    """
    layout = _read_as_table(blocks, account, known) or _read_as_lines(blocks, account, known)
    asides = ((paragraph.place, *aside) for paragraph in _paragraphs(blocks) for aside in paragraph.asides)
    for place, reason, words in (*asides, *outside):
        account.space("\n")
        account.leave_out(clean(words), place, reason)
    account.close()
    return layout


def _read_as_table(blocks: Sequence[Block], account: Account, known: frozenset[str]) -> str:
    """The layout of a document most of whose words stand in tables of speakers and words; or nothing."""
    tables = [block for block in blocks if isinstance(block, list)]
    rows = [Row(tuple(_cell(cell) for cell in row), "") for table in tables for row in table]
    rows = [Row(row.cells, f"row {number}") for number, row in enumerate(rows, 1)]
    beside = [block for block in blocks if isinstance(block, Paragraph)]
    inside = sum(len(cell) for row in rows for cell in row.cells)
    if not rows or inside < sum(len(paragraph.text) for paragraph in beside):
        return ""
    layout = read_table(rows, account, known=known)
    for paragraph in beside if layout else ():
        account.space("\n")
        account.leave_out(paragraph.text, paragraph.place, BESIDE_TABLE)
    return f"table, {layout}" if layout else ""


def _read_as_lines(blocks: Sequence[Block], account: Account, known: frozenset[str]) -> str:
    """The layout of a document read paragraph by paragraph; a table's row is a line, its cells tabs apart."""
    lines: list[Line] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            lines += _lines(block.text, block)
            continue
        for row in block:
            first = next((paragraph for cell in row for paragraph in cell), None)
            lines += _lines("\t".join(_cell(cell) for cell in row), first) if first else []
    return read_lines(lines, account, known=known)


def _cell(cell: Sequence[Paragraph]) -> str:
    return "\n".join(paragraph.text for paragraph in cell)


def _lines(text: str, paragraph: Paragraph) -> list[Line]:
    """A paragraph's lines: it may hold line breaks, which begin none."""
    first, *others = text.split("\n")
    bold = paragraph.bold if paragraph.bold <= len(first) else 0
    head = Line(first, paragraph.place, heading=paragraph.heading, bold=bold)
    return [head, *(Line(line, paragraph.place, starts=False) for line in others)]


def _paragraphs(blocks: Iterable[Block]) -> Iterator[Paragraph]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block
        else:
            yield from (paragraph for row in block for cell in row for paragraph in cell)
