"""The styles of a Word report: what a house changes when it restyles the paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor

from pipeline.synthesis.ooxml import WORD_LANGUAGES, element

FONT = "Arial"  # on every machine, and read well by those who read with difficulty
INK, ACCENT, SOFT, GAP, GAP_RULE = "1D2430", "17435C", "46545F", "FFF6DA", "8A6100"
TEXT_WIDTH = Cm(16)


@dataclass(frozen=True)
class Look:
    """A paragraph style; sizes and spaces in points."""

    name: str
    size: float
    colour: str = INK
    bold: bool = False
    italic: bool = False
    before: float = 0
    after: float = 6
    left: float = 0  # cm
    line: float = 1.25
    keep_next: bool = False
    bar: str = ""  # a coloured line on the left
    fill: str = ""


LOOKS = (
    Look("Normal", 11),
    Look("Body Text", 11, after=8),
    Look("Title", 30, ACCENT, bold=True, before=6, after=10, line=1.05),
    Look("Subtitle", 14, SOFT, after=24),
    Look("Series", 12, SOFT, before=90, after=4),
    Look("TOC Heading", 15, ACCENT, bold=True, before=18, after=8),
    Look("Heading 1", 20, ACCENT, bold=True, before=26, after=10, line=1.1, keep_next=True),
    Look("Heading 2", 14, ACCENT, bold=True, before=20, after=6, line=1.1, keep_next=True),
    Look("Heading 3", 11.5, ACCENT, bold=True, before=12, after=4, keep_next=True),
    Look("Question", 11, bold=True, after=8, left=0.8),
    Look("Quote", 11.5, italic=True, before=9, after=1, left=0.8, keep_next=True),
    Look("Quote Translation", 11, before=0, after=1, left=0.8, keep_next=True),
    Look("Quote Attribution", 10.5, SOFT, before=0, after=6, left=0.8),
    Look("Gap", 11, "5C4100", before=4, after=10, left=0.25, keep_next=True, bar=GAP_RULE, fill=GAP),
    Look("Undecided", 8.5, "5C4100", before=4, after=2, keep_next=True),
    Look("Note", 8.5, SOFT, after=8),
    Look("Quote Note", 8.5, SOFT, before=0, after=6, left=0.8),
    Look("Caption", 10, ACCENT, bold=True, before=8, after=4, keep_next=True),
    Look("List Bullet", 11, after=4),
    Look("TOC 1", 11, bold=True, before=6, after=2),
    Look("TOC 2", 10.5, after=1, left=0.6),
    Look("Table Text", 9.5, after=0, line=1.15),
    Look("Table Number", 9.5, after=0, line=1.15),
    Look("Table Heading", 9.5, ACCENT, bold=True, after=0, line=1.15, keep_next=True),
    Look("Header", 8.5, "5C4100", after=0),
    Look("Footer", 9, SOFT, after=0),
    Look("footnote text", 9, after=2, line=1.1),
)


def dress(document: Document, *, own: bool, language: str) -> None:
    """Give the document every style that the report uses; in a template only those that it lacks."""
    styles = document.styles
    for look in LOOKS:
        known = look.name in [style.name for style in styles]
        style = styles[look.name] if known else styles.add_style(look.name, WD_STYLE_TYPE.PARAGRAPH)
        if own or not known:
            _paint(style, look)
            style.base_style = None if look.name == "Normal" else styles["Normal"]
    _reference_style(styles)
    _table_styles(styles)
    for name in ("TOC 1", "TOC 2", "Footer"):
        if own:
            _clear_tabs(styles[name])
            leader = WD_TAB_LEADER.DOTS if name.startswith("TOC") else WD_TAB_LEADER.SPACES
            styles[name].paragraph_format.tab_stops.add_tab_stop(TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT, leader)
    styles["Table Number"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _languages(styles, language)
    if own:
        _page(document)


def _paint(style: Any, look: Look) -> None:
    style.hidden, style.unhide_when_used, style.quick_style = False, False, True
    font = style.font
    font.size, font.bold, font.italic = Pt(look.size), look.bold, look.italic
    font.color.rgb = RGBColor.from_string(look.colour)
    _typeface(style.element.get_or_add_rPr())
    shape = style.paragraph_format
    shape.space_before, shape.space_after = Pt(look.before), Pt(look.after)
    shape.line_spacing, shape.keep_with_next = look.line, look.keep_next
    shape.widow_control = True
    if look.name != "List Bullet":
        shape.left_indent, shape.first_line_indent = Cm(look.left), Cm(0)
    _frame(style.element.get_or_add_pPr(), look)


def _clear_tabs(style: Any) -> None:
    properties = style.element.get_or_add_pPr()
    for tabs in properties.findall(qn("w:tabs")):
        properties.remove(tabs)


def _typeface(properties: Any) -> None:
    for old in properties.findall(qn("w:rFonts")):
        properties.remove(old)
    properties.insert(0, element("w:rFonts", ascii=FONT, hAnsi=FONT, cs=FONT, eastAsia=FONT))


def _frame(properties: Any, look: Look) -> None:
    for tag in ("w:pBdr", "w:shd", "w:contextualSpacing"):
        for old in properties.findall(qn(tag)):
            properties.remove(old)
    # CT_PPr is a sequence: pBdr and shd come before the spacing.
    following = properties.find(qn("w:spacing"))
    if look.bar:
        border = parse_xml(
            f'<w:pBdr {nsdecls("w")}><w:left w:val="single" w:sz="24" w:space="8" w:color="{look.bar}"/></w:pBdr>'
        )
        following.addprevious(border)
    if look.fill:
        following.addprevious(element("w:shd", val="clear", color="auto", fill=look.fill))


def _reference_style(styles: Any) -> None:
    if "footnote reference" in [style.name for style in styles]:
        return
    style = styles.add_style("footnote reference", WD_STYLE_TYPE.CHARACTER)
    style.element.set(qn("w:styleId"), "FootnoteReference")
    style.font.superscript = True


def _table_styles(styles: Any) -> None:
    known = [style.name for style in styles]
    if "Paper Table" not in known:
        _table_style(styles, "Paper Table", rules=True)
    if "Side By Side" not in known:
        _table_style(styles, "Side By Side", rules=False)


def _table_style(styles: Any, name: str, *, rules: bool) -> None:
    style = styles.add_style(name, WD_STYLE_TYPE.TABLE)
    lines = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="C9D3D9"/>' for side in ("top", "bottom", "insideH")
    )
    borders = f"<w:tblBorders>{lines}</w:tblBorders>" if rules else ""
    style.element.append(
        parse_xml(
            f'<w:tblPr {nsdecls("w")}>{borders}<w:tblCellMar><w:top w:w="50" w:type="dxa"/>'
            '<w:left w:w="70" w:type="dxa"/><w:bottom w:w="50" w:type="dxa"/><w:right w:w="70" w:type="dxa"/>'
            "</w:tblCellMar></w:tblPr>"
        )
    )
    if rules:
        style.element.append(
            parse_xml(
                f'<w:tblStylePr {nsdecls("w")} w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr>'
                f'<w:tcBorders><w:bottom w:val="single" w:sz="12" w:space="0" w:color="{ACCENT}"/></w:tcBorders>'
                '<w:shd w:val="clear" w:color="auto" w:fill="F3F6F8"/></w:tcPr></w:tblStylePr>'
            )
        )


def _languages(styles: Any, language: str) -> None:
    defaults = styles.element.find(qn("w:docDefaults"))
    properties = defaults.find(f".//{qn('w:rPr')}") if defaults is not None else None
    if properties is None:
        return
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    made = OxmlElement("w:lang")
    made.set(qn("w:val"), WORD_LANGUAGES[language])
    made.set(qn("w:eastAsia"), "en-GB")
    properties.append(made)


def _page(document: Document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin = section.bottom_margin = Cm(2.3)
