"""The parts of a Word file that python-docx has no words for: footnotes, fields, bookmarks, languages, hidden data."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from copy import deepcopy
from typing import Any

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from lxml import etree

PROVENANCE_NAMESPACE = "urn:roundtable:provenance:1"
_FOOTNOTES_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_CUSTOM_XML = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/customXml"
WORD_LANGUAGES = {"en": "en-GB", "cy": "cy-GB"}
# What XML 1.0 can't hold; a transcript may.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """The text without the control characters that no XML file can hold."""
    return _NOT_XML.sub("", text)


def element(tag: str, **attributes: Any) -> Any:
    """An element of Word's main namespace: `element("w:jc", val="left")`."""
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    return made


def set_language(run: Run, language: str) -> None:
    """Mark a run as English or Welsh, so that it is spelt and read aloud as such."""
    properties = run._r.get_or_add_rPr()
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    properties.append(element("w:lang", val=WORD_LANGUAGES.get(language, language)))


class Words:
    """Adds runs to paragraphs, each marked with its language.

    A run is a copy of one that was made once: python-docx takes a text letter by letter, and a draft has thousands.
    """

    def __init__(self) -> None:
        self._empty: dict[str, Any] = {}

    def add(self, paragraph: Paragraph, text: str, language: str) -> None:
        """Put a text at a paragraph's end; its tabs and line ends become Word's own."""
        if language not in self._empty:
            self._empty[language] = OxmlElement("w:r")
            set_language(Run(self._empty[language], paragraph), language)
        run = deepcopy(self._empty[language])
        if _BREAKS.search(text):
            run.text = text
        elif text:
            run.add_t(text)
        paragraph._p.append(run)


_BREAKS = re.compile("[\t\n\r]")


class Marks:
    """Numbers bookmarks; their names are how a heading or a quote is found again after an edit."""

    def __init__(self) -> None:
        self._numbers: Iterator[int] = itertools.count(1)

    def around(self, paragraph: Paragraph, name: str) -> None:
        """Put a bookmark around all of a paragraph's runs; one whose name begins with "_" is hidden."""
        number = next(self._numbers)
        properties = paragraph._p.pPr
        at = 0 if properties is None else paragraph._p.index(properties) + 1
        paragraph._p.insert(at, element("w:bookmarkStart", id=number, name=name))
        paragraph._p.append(element("w:bookmarkEnd", id=number))


def field_runs(instruction: str, shown: str = "") -> list[Any]:
    """The runs of a field (PAGE, TOC ...), with what is shown until the field is updated."""
    code = OxmlElement("w:instrText")
    code.set(qn("xml:space"), "preserve")
    code.text = f" {instruction} "
    result = OxmlElement("w:t")
    result.text = shown
    begin, between, end = (element("w:fldChar", fldCharType=kind) for kind in ("begin", "separate", "end"))
    runs = []
    for piece in (begin, code, between, result, end):
        run = OxmlElement("w:r")
        run.append(piece)
        runs.append(run)
    return runs


class Footnotes:
    """The footnotes part: real footnotes, which Word and LibreOffice number and move themselves."""

    def __init__(self, document: Document) -> None:
        self._part = _footnotes_part(document)
        self._root = etree.fromstring(self._part.blob)
        used = [int(found.get(qn("w:id"))) for found in self._root.findall(qn("w:footnote"))]
        self._next = max([0, *used]) + 1

    def add(self, paragraph: Paragraph, text: str, language: str) -> None:
        """Put a reference at the end of a paragraph, and its note at the foot of the page."""
        reference = paragraph.add_run()
        reference._r.get_or_add_rPr().append(element("w:rStyle", val="FootnoteReference"))
        reference._r.append(element("w:footnoteReference", id=self._next))
        note = parse_xml(
            f'<w:footnote {nsdecls("w")} w:id="{self._next}"><w:p><w:pPr><w:pStyle w:val="FootnoteText"/></w:pPr>'
            '<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteRef/></w:r>'
            f'<w:r><w:rPr><w:lang w:val="{WORD_LANGUAGES.get(language, language)}"/></w:rPr>'
            '<w:t xml:space="preserve"></w:t></w:r></w:p></w:footnote>'
        )
        note.findall(f".//{qn('w:t')}")[0].text = " " + xml_text(text)
        self._root.append(etree.fromstring(etree.tostring(note)))
        self._next += 1

    def save(self) -> None:
        """Put the notes into the package."""
        self._part._blob = etree.tostring(self._root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _footnotes_part(document: Document) -> Any:
    try:
        return document.part.part_related_by(RELATIONSHIP_TYPE.FOOTNOTES)
    except KeyError:
        pass
    # Notes -1 and 0 are the line above the notes and its continuation; Word refuses a file without them.
    lines = "".join(
        f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:pPr><w:spacing w:after="0" w:line="240" '
        f'w:lineRule="auto"/></w:pPr><w:r><w:{mark}/></w:r></w:p></w:footnote>'
        for kind, number, mark in (
            ("separator", -1, "separator"),
            ("continuationSeparator", 0, "continuationSeparator"),
        )
    )
    blob = f"<w:footnotes {nsdecls('w')}>{lines}</w:footnotes>".encode()
    part = Part(PackURI("/word/footnotes.xml"), _FOOTNOTES_TYPE, blob, document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    settings = document.settings.element
    properties = OxmlElement("w:footnotePr")
    for number in (-1, 0):
        properties.append(element("w:footnote", id=number))
    # CT_Settings is a sequence: after w:characterSpacingControl and before w:compat.
    compat = settings.find(qn("w:compat"))
    if compat is None:
        settings.append(properties)
    else:
        compat.addprevious(properties)
    return part


def add_provenance(document: Document, quotes: Iterable[dict[str, str]]) -> None:
    """Where each quote comes from, as a custom XML part: nothing of it shows on a page, and Word keeps it."""
    root = etree.Element(f"{{{PROVENANCE_NAMESPACE}}}quotes", nsmap={None: PROVENANCE_NAMESPACE})
    for quote in quotes:
        etree.SubElement(root, f"{{{PROVENANCE_NAMESPACE}}}quote", quote)
    blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    place = document.part.package.next_partname("/customXml/item%d.xml")
    part = Part(PackURI(place), "application/xml", blob, document.part.package)
    document.part.relate_to(part, _CUSTOM_XML)
