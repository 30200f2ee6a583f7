"""A document, whatever program wrote it, as paragraphs and tables; its words go to the account as lines or as rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from pipeline.ingest.account import Account
from pipeline.ingest.columns import BESIDE_TABLE, Row, as_long, read_table
from pipeline.ingest.labels import label_of
from pipeline.ingest.likely_names import name_grade, tidy_name
from pipeline.ingest.lines import Line
from pipeline.ingest.text import clean
from pipeline.ingest.typed import read_lines

DELETED = "deleted in the document, with its changes tracked"
TEXT_BOX = "in a text box"
HIDDEN = "set as hidden text"
TWICE = "the same again in the column beside it, as in another language"

BESIDE_WORDS = "in a column beside what was said"

# Two columns say the same if so many of their speakers follow each other alike: "Cadeirydd" is "Chair" beside it.
_ALIKE = 0.7
_FEWEST_TURNS = 2
# A column of "Participant: Nia" holds no words of hers.
_FEWEST_WORDS_A_ROW = 5


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
    layout = (
        _read_side_by_side(blocks, account, known)
        or _read_as_table(blocks, account, known)
        or _read_as_lines(blocks, account, known)
    )
    asides = ((paragraph.place, *aside) for paragraph in _paragraphs(blocks) for aside in paragraph.asides)
    for place, reason, words in (*asides, *outside):
        account.space("\n")
        account.leave_out(clean(words), place, reason)
    account.close()
    return layout


def _read_side_by_side(blocks: Sequence[Block], account: Account, known: frozenset[str]) -> str:
    """The layout of a document with what was said in a table's left column, and something else beside it; or nothing.

    A bilingual record has the translation there, a transcript that was worked on somebody's notes. It is left out:
    nothing is counted twice, and neither a translation nor a note becomes somebody's words.
    """
    rows = [row for block in blocks if isinstance(block, list) for row in block]
    if not rows or any(len(row) > 2 for row in rows):
        return ""
    known |= _heads(rows)
    left, right = (_column(blocks, side) for side in (0, 1))
    said, beside = (_speakers(lines, account, known) for lines in (left, right))
    cells = ([_cell(row[side]) if side < len(row) else "" for row in rows] for side in (0, 1))
    if _speak_alike(said, beside) and as_long(*cells):
        reason, what = TWICE, "says everything twice, side by side"
    elif not beside and len(set(said)) >= _FEWEST_TURNS and _each_labelled(rows, known):
        reason, what = BESIDE_WORDS, "has something beside what people say"
    else:
        return ""
    layout = read_lines(left, account, known=known)
    for row in rows:
        for paragraph in row[1] if len(row) > 1 else ():
            account.space("\n")
            account.leave_out(paragraph.text, paragraph.place, reason)
    account.doubt(
        "", f"its table {what}: only the left column was read. If the right one is wanted, take the left one out"
    )
    return f"two columns, {layout}"


def _each_labelled(rows: Sequence[Sequence[Sequence[Paragraph]]], known: frozenset[str]) -> bool:
    """Whether nearly every row says on the left who speaks, and most of the words stand there."""
    cells = [tuple(_cell(cell) for cell in row) for row in rows if len(row) == 2 and _cell(row[0]).strip()]
    labelled = sum(label_of(left.split("\n", 1)[0], known=known) is not None for left, _ in cells)
    words = [sum(len(row[side].split()) for row in cells) for side in (0, 1)]
    enough = words[0] >= _FEWEST_WORDS_A_ROW * len(cells) and 2 * words[0] >= words[1] > 0
    return enough and labelled >= _ALIKE * len(cells)


def _heads(rows: Sequence[Sequence[Sequence[Paragraph]]]) -> frozenset[str]:
    """The names that stand in both cells of a row alone, or on a line of their own above the words; case folded."""
    cells = [[_cell(cell).split("\n", 1) for cell in row] for row in rows if len(row) == 2]
    heads = [(tidy_name(left[0]), len(left)) for left, right in cells if (left[0], len(left)) == (right[0], len(right))]
    return frozenset(head.casefold() for head, lines in heads if name_grade(head) >= (1 if lines > 1 else 2))


def _column(blocks: Sequence[Block], side: int) -> list[Line]:
    """The lines of a document if its tables had this column alone."""
    lines: list[Line] = []
    for block in blocks:
        cells = [[block]] if isinstance(block, Paragraph) else [row[side] for row in block if side < len(row)]
        lines += [line for cell in cells for paragraph in cell for line in _lines(paragraph.text, paragraph)]
    return lines


def _speakers(lines: Sequence[Line], account: Account, known: frozenset[str]) -> list[str]:
    """Who speaks in these lines, turn by turn."""
    tried = Account(account.unit, account.told)
    read_lines(lines, tried, known=known)
    return [turn.speaker for turn in tried.turns]


def _speak_alike(left: Sequence[str], right: Sequence[str]) -> bool:
    fewest = min(len(left), len(right))
    return fewest >= _FEWEST_TURNS and SequenceMatcher(None, left, right, autojunk=False).ratio() >= _ALIKE


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
    """The layout of a document read paragraph by paragraph; a table's row is a line, its cells tabs apart, unless
    several of them say who speaks."""
    lines: list[Line] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            lines += _lines(block.text, block)
            continue
        for row in block:
            first = next((paragraph for cell in row for paragraph in cell), None)
            if sum(bool(cell) and label_of(_first_line(cell), known=known) is not None for cell in row) > 1:
                lines += [line for cell in row for paragraph in cell for line in _lines(paragraph.text, paragraph)]
                continue
            lines += _lines("\t".join(_cell(cell) for cell in row), first) if first else []
    return read_lines(lines, account, known=known)


def _cell(cell: Sequence[Paragraph]) -> str:
    return "\n".join(paragraph.text for paragraph in cell)


def _first_line(cell: Sequence[Paragraph]) -> str:
    return _cell(cell).split("\n", 1)[0]


def _lines(text: str, paragraph: Paragraph) -> list[Line]:
    """A paragraph's lines: it may hold line breaks, which begin none."""
    first, *others = text.split("\n")
    bold = paragraph.bold if paragraph.bold <= len(first) else 0
    all_bold = all(bold for words, bold in paragraph.pieces if words.strip())
    head = Line(first, paragraph.place, heading=paragraph.heading, bold=bold, all_bold=all_bold)
    return [head, *(Line(line, paragraph.place, starts=False, all_bold=all_bold) for line in others)]


def _paragraphs(blocks: Iterable[Block]) -> Iterator[Paragraph]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block
        else:
            yield from (paragraph for row in block for cell in row for paragraph in cell)
