"""Word documents: every paragraph with what was inserted and without what was deleted, as lines or as table rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipeline.ingest.account import Account
from pipeline.ingest.document import DELETED, HIDDEN, TEXT_BOX, Block, Paragraph, read_document
from pipeline.ingest.zipped import Package

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


def read_docx(content: bytes, name: str, account: Account, *, known: frozenset[str] = frozenset()) -> str:
    """Pass a document's text on to the account; returns the layout that was recognised."""
    package = Package(content, name)
    document = _Document(package)
    return read_document(document.blocks(), account, outside=document.outside(), known=known)


class _Document:
    """A document's paragraphs and tables, in their order."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.body = package.xml("word/document.xml").find(f"{_W}body")
        self.headings = _heading_styles(package)
        self.count = 0

    def blocks(self) -> list[Block]:
        """Everything in the body."""
        return [] if self.body is None else list(self._blocks(self.body))

    def outside(self) -> Iterator[tuple[str, str, str]]:
        """Place, reason and words of what stands in the file's other parts."""
        for prefix, reason in OUTSIDE.items():
            for part in self.package.names(prefix):
                for number, element in enumerate(self.package.xml(part).iter(f"{_W}p"), 1):
                    place = f"{part.removeprefix('word/').removesuffix('.xml')} {number}"
                    paragraph = self._paragraph(element)
                    yield place, reason, paragraph.text
                    yield from ((place, why, words) for why, words in paragraph.asides)

    def _blocks(self, parent: Any) -> Iterator[Block]:
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

    def _cell(self, cell: Any) -> Iterator[Paragraph]:
        for block in self._blocks(cell):
            if isinstance(block, Paragraph):
                yield block
            else:
                yield from (paragraph for row in block for inner in row for paragraph in inner)

    def _paragraph(self, element: Any) -> Paragraph:
        self.count += 1
        style = element.find(f"{_W}pPr/{_W}pStyle")
        heading = style is not None and style.get(f"{_W}val") in self.headings
        paragraph = Paragraph(str(self.count), heading)
        self._runs(element, paragraph, bold=False, deleted=False)
        return paragraph

    def _runs(self, parent: Any, paragraph: Paragraph, *, bold: bool, deleted: bool) -> None:
        for child in parent:
            tag = child.tag
            if tag == f"{_W}r":
                self._runs(child, paragraph, bold=_is_bold(child), deleted=deleted)
            elif tag == f"{_W}delText" or (deleted and tag == f"{_W}t"):
                paragraph.asides.append((DELETED, child.text or ""))
            elif tag == f"{_W}t" and parent.find(f"{_W}rPr/{_W}vanish") is not None:
                paragraph.asides.append((HIDDEN, child.text or ""))
            elif tag == f"{_W}t":
                # A line break in the XML is none in the document.
                paragraph.pieces.append(((child.text or "").replace("\n", " "), bold))
            elif tag in _SIGNS and parent.tag == f"{_W}r":
                paragraph.pieces.append((_SIGNS[tag], bold))
            elif tag == f"{_W}txbxContent":
                paragraph.asides += [(TEXT_BOX, self._paragraph(inner).text) for inner in child.iter(f"{_W}p")]
            elif tag != _FALLBACK:
                self._runs(child, paragraph, bold=bold, deleted=deleted or tag in _DELETIONS)


def _within(parent: Any, tag: str) -> Iterator[Any]:
    """The rows of a table or the cells of a row, also those in content controls, but not those of tables inside."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag not in (f"{_W}tc", f"{_W}tr", f"{_W}tbl", *_DELETIONS):
            yield from _within(child, tag)


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
