"""OpenDocument texts (.odt): every paragraph with its spaces and breaks, and apart from it what nobody said."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipeline.ingest.account import Account
from pipeline.ingest.document import DELETED, TEXT_BOX, Block, Paragraph, read_document
from pipeline.ingest.zipped import Package

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"

PICTURE = "what a picture is said to show"

_PARAGRAPHS = (f"{_TEXT}p", f"{_TEXT}h")
# What stands inside a paragraph and is none of its words.
_ASIDES = {
    f"{_OFFICE}annotation": "a comment in the margin",
    f"{_TEXT}note": "a footnote",
    f"{_DRAW}text-box": TEXT_BOX,
    f"{_SVG}title": PICTURE,
    f"{_SVG}desc": PICTURE,
}
# A run of spaces is written as its length; nobody types more than a line of them.
_MOST_SPACES = 200


def read_odt(content: bytes, name: str, account: Account, *, known: frozenset[str] = frozenset()) -> str:
    """Pass a document's text on to the account; returns the layout that was recognised."""
    package = Package(content, name)
    return read_document(_Document(package).blocks(), account, outside=_outside(package), known=known)


def _outside(package: Package) -> Iterator[tuple[str, str, str]]:
    """The heads and feet of pages."""
    if "styles.xml" not in package:
        return
    for tag, reason in ((f"{_STYLE}header", "the head of a page"), (f"{_STYLE}footer", "the foot of a page")):
        for number, element in enumerate(package.xml("styles.xml").iter(tag), 1):
            yield f"{tag.rsplit('}', 1)[1]} {number}", reason, "".join(element.itertext())


class _Document:
    """A document's paragraphs and tables, in their order."""

    def __init__(self, package: Package) -> None:
        self.root = package.xml("content.xml")
        self.bolds = frozenset(_bold_styles(self.root))
        self.count = 0

    def blocks(self) -> list[Block]:
        """Everything in the body; what was deleted, and the heads and feet of pages, as asides."""
        body = self.root.find(f"{_OFFICE}body/{_OFFICE}text")
        return [] if body is None else list(self._blocks(body))

    def _blocks(self, parent: Any) -> Iterator[Block]:
        for child in parent:
            if child.tag in _PARAGRAPHS:
                yield self._paragraph(child)
            elif child.tag == f"{_TABLE}table":
                yield [
                    [self._cell(cell) for cell in row.iterfind(f"{_TABLE}table-cell")]
                    for row in child.iter(f"{_TABLE}table-row")
                ]
            elif child.tag == f"{_TEXT}tracked-changes":
                deleted = ["".join(element.itertext()) for element in child.iter(f"{_TEXT}deletion")]
                yield Paragraph(str(self.count + 1), asides=[(DELETED, words) for words in deleted])
            elif child.tag not in (f"{_TEXT}sequence-decls", f"{_OFFICE}forms"):
                # Lists, sections and frames wrap paragraphs.
                yield from self._blocks(child)

    def _cell(self, cell: Any) -> list[Paragraph]:
        return [self._paragraph(element) for element in cell.iter(*_PARAGRAPHS)]

    def _paragraph(self, element: Any) -> Paragraph:
        self.count += 1
        paragraph = Paragraph(str(self.count), heading=element.tag == f"{_TEXT}h")
        self._pieces(element, paragraph, bold=element.get(f"{_TEXT}style-name") in self.bolds)
        return paragraph

    def _pieces(self, parent: Any, paragraph: Paragraph, *, bold: bool) -> None:
        # White space in the XML is one space; more are written as elements.
        paragraph.pieces.append((_spaced(parent.text), bold))
        for child in parent:
            tag = child.tag
            if tag in _ASIDES:
                paragraph.asides.append((_ASIDES[tag], "".join(child.itertext())))
            elif tag == f"{_TEXT}s":
                count = child.get(f"{_TEXT}c", "1")
                paragraph.pieces.append((" " * min(int(count) if count.isdigit() else 1, _MOST_SPACES), bold))
            elif tag == f"{_TEXT}tab":
                paragraph.pieces.append(("\t", bold))
            elif tag == f"{_TEXT}line-break":
                paragraph.pieces.append(("\n", bold))
            else:
                style = child.get(f"{_TEXT}style-name")
                self._pieces(child, paragraph, bold=style in self.bolds if style else bold)
            paragraph.pieces.append((_spaced(child.tail), bold))


def _spaced(text: str | None) -> str:
    return "" if not text else text.replace("\n", " ").replace("\t", " ")


def _bold_styles(root: Any) -> Iterator[str]:
    for style in root.iter(f"{_STYLE}style"):
        properties = style.find(f"{_STYLE}text-properties")
        if properties is not None and properties.get(f"{_FO}font-weight") in ("bold", "600", "700", "800", "900"):
            yield style.get(f"{_STYLE}name", "")
