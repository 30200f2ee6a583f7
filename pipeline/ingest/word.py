"""Word documents: every paragraph with what was inserted and without what was deleted, as lines or as table rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pipeline.ingest.account import Account
from pipeline.ingest.columns import Row, read_table
from pipeline.ingest.text import clean
from pipeline.ingest.typed import Line, read_lines
from pipeline.ingest.zipped import Package

DELETED = "deleted in Word, with its changes tracked"
TEXT_BOX = "in a text box"
BESIDE_TABLE = "beside the table that holds the transcript"
OUTSIDE = {
    "word/header": "the head of a page",
    "word/footer": "the foot of a page",
    "word/footnotes": "a footnote",
    "word/endnotes": "an endnote",
    "word/comments.": "a comment in the margin",
}

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_DELETIONS = (f"{_W}del", f"{_W}moveFrom")
_SIGNS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "‑"}
_HEADINGS = ("heading", "title", "subtitle", "toc ")


@dataclass(slots=True)
class _Paragraph:
    """A paragraph's words, and what stands in it that is none of them."""

    place: str
    heading: bool = False
    pieces: list[tuple[str, bool]] = field(default_factory=list)  # words, and whether they are bold
    deleted: list[str] = field(default_factory=list)
    boxed: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
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


def read_docx(content: bytes, name: str, account: Account, *, known: frozenset[str] = frozenset()) -> str:
    """Pass a document's text on to the account; returns the layout that was recognised."""
    package = Package(content, name)
    document = _Document(package)
    layout = document.read_as_table(account, known) or document.read_as_lines(account, known)
    for place, reason, text in document.asides():
        account.space("\n")
        account.leave_out(text, place, reason)
    account.close()
    return layout


class _Document:
    """A document's paragraphs and tables, in their order."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.body = package.xml("word/document.xml").find(f"{_W}body")
        self.headings = _heading_styles(package)
        self.count = 0
        # A paragraph, or a table as rows of cells of paragraphs.
        self.blocks: list[_Paragraph | list[list[list[_Paragraph]]]] = (
            [] if self.body is None else list(self._blocks(self.body))
        )

    def read_as_table(self, account: Account, known: frozenset[str]) -> str:
        """The layout of a document most of whose words stand in tables of speakers and words; or nothing."""
        tables = [block for block in self.blocks if isinstance(block, list)]
        rows = [
            Row(tuple("\n".join(paragraph.text for paragraph in cell) for cell in row), f"row {number}")
            for number, row in enumerate((row for table in tables for row in table), 1)
        ]
        inside = sum(len(cell) for row in rows for cell in row.cells)
        beside = [block for block in self.blocks if isinstance(block, _Paragraph)]
        if not rows or inside < sum(len(paragraph.text) for paragraph in beside):
            return ""
        layout = read_table(rows, account, known=known)
        for paragraph in beside if layout else ():
            account.space("\n")
            account.leave_out(paragraph.text, paragraph.place, BESIDE_TABLE)
        return f"table, {layout}" if layout else ""

    def read_as_lines(self, account: Account, known: frozenset[str]) -> str:
        """The layout of the document read paragraph by paragraph; a table's row is a line, its cells tabs apart."""
        lines: list[Line] = []
        for block in self.blocks:
            if isinstance(block, _Paragraph):
                lines += _lines(block.text, block)
            else:
                for row in block:
                    first = next((paragraph for cell in row for paragraph in cell), None)
                    if first:
                        cells = ["\n".join(paragraph.text for paragraph in cell) for cell in row]
                        lines += _lines("\t".join(cells), first)
        return read_lines(lines, account, known=known)

    def asides(self) -> Iterator[tuple[str, str, str]]:
        """Place, reason and text of everything in the file that is no paragraph of its body."""
        for paragraph in self._paragraphs():
            for words in paragraph.deleted:
                yield paragraph.place, DELETED, clean(words)
            for words in paragraph.boxed:
                yield paragraph.place, TEXT_BOX, clean(words)
        for prefix, reason in OUTSIDE.items():
            for part in self.package.names(prefix):
                root = self.package.xml(part)
                for number, element in enumerate(root.iter(f"{_W}p"), 1):
                    paragraph = self._paragraph(element)
                    yield f"{part.removeprefix('word/').removesuffix('.xml')} {number}", reason, paragraph.text

    def _paragraphs(self) -> Iterator[_Paragraph]:
        for block in self.blocks:
            if isinstance(block, _Paragraph):
                yield block
            else:
                yield from (paragraph for row in block for cell in row for paragraph in cell)

    def _blocks(self, parent: Any) -> Iterator[_Paragraph | list[list[list[_Paragraph]]]]:
        for child in parent:
            if child.tag == f"{_W}p":
                yield self._paragraph(child)
            elif child.tag == f"{_W}tbl":
                yield [
                    [list(self._cell(cell)) for cell in _within(row, f"{_W}tc")] for row in _within(child, f"{_W}tr")
                ]
            elif child.tag != _FALLBACK:
                # Content controls, tracked insertions and the like wrap paragraphs.
                yield from self._blocks(child)

    def _cell(self, cell: Any) -> Iterator[_Paragraph]:
        for block in self._blocks(cell):
            if isinstance(block, _Paragraph):
                yield block
            else:
                yield from (paragraph for row in block for inner in row for paragraph in inner)

    def _paragraph(self, element: Any) -> _Paragraph:
        self.count += 1
        style = element.find(f"{_W}pPr/{_W}pStyle")
        heading = style is not None and style.get(f"{_W}val") in self.headings
        paragraph = _Paragraph(str(self.count), heading)
        self._runs(element, paragraph, bold=False, deleted=False)
        return paragraph

    def _runs(self, parent: Any, paragraph: _Paragraph, *, bold: bool, deleted: bool) -> None:
        for child in parent:
            tag = child.tag
            if tag == f"{_W}r":
                self._runs(child, paragraph, bold=_is_bold(child), deleted=deleted)
            elif tag == f"{_W}delText" or (deleted and tag == f"{_W}t"):
                paragraph.deleted.append(child.text or "")
            elif tag == f"{_W}t":
                # A line break in the XML is none in the document.
                paragraph.pieces.append(((child.text or "").replace("\n", " "), bold))
            elif tag in _SIGNS and parent.tag == f"{_W}r":
                paragraph.pieces.append((_SIGNS[tag], bold))
            elif tag == f"{_W}txbxContent":
                paragraph.boxed += [self._paragraph(inner).text for inner in child.iter(f"{_W}p")]
            elif tag != _FALLBACK:
                self._runs(child, paragraph, bold=bold, deleted=deleted or tag in _DELETIONS)


def _within(parent: Any, tag: str) -> Iterator[Any]:
    """The rows of a table or the cells of a row, also those in content controls, but not those of tables inside."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag not in (f"{_W}tc", f"{_W}tr", f"{_W}tbl", *_DELETIONS):
            yield from _within(child, tag)


def _lines(text: str, paragraph: _Paragraph) -> list[Line]:
    """A paragraph's lines: it may hold line breaks."""
    first, *others = text.split("\n")
    bold = paragraph.bold if first.startswith(text[: paragraph.bold]) else 0
    head = Line(first, paragraph.place, heading=paragraph.heading, bold=bold)
    return [head, *(Line(line, paragraph.place, starts=False) for line in others)]


def _is_bold(run: Any) -> bool:
    for path in (f"{_W}rPr/{_W}b", f"{_W}rPr/{_W}rStyle"):
        found = run.find(path)
        if found is not None:
            value = found.get(f"{_W}val", "true")
            return value == "Strong" if path.endswith("rStyle") else value not in ("0", "false", "off")
    return False


def _heading_styles(package: Package) -> frozenset[str]:
    """The ids of styles that are headings; an id is in the user's language, a style's name isn't."""
    if "word/styles.xml" not in package:
        return frozenset()
    headings = set()
    for style in package.xml("word/styles.xml").iter(f"{_W}style"):
        name = style.find(f"{_W}name")
        if name is not None and name.get(f"{_W}val", "").lower().startswith(_HEADINGS):
            headings.add(style.get(f"{_W}styleId"))
    return frozenset(headings)
