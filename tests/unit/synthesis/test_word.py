"""The Word file: real styles, contents, footnotes, languages, and nothing in it that tells who."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from lxml import etree

from pipeline.synthesis.compose import compose
from pipeline.synthesis.material import Picture
from pipeline.synthesis.paper import Annex, Grid
from pipeline.synthesis.publish import Style, draft_files, release_files
from pipeline.synthesis.word import render_docx
from pipeline.tables import Passage
from tests.unit.synthesis.invented import decide, decided, decisions, material, span

BENCH = span("rt1:t0001", "Trust is built at the front desk, not in a strategy.")
PASSAGE = Passage("one", "trust", "hughes", "Hughes, A. (2021) Trust. Press.", "12", "Trust is local.", 0.6)
PICTURE = Picture(
    "Themes", '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 100"></svg>', "Two bars: 6 and 6."
)


def released(*more: Any, **fields: Any) -> bytes:
    return release_files(material((*decisions(), *more), **fields))["report.docx"]


def part(content: bytes, name: str) -> Any:
    return etree.fromstring(zipfile.ZipFile(io.BytesIO(content)).read(name))


def test_headings_quotes_and_titles_are_words_own_styles() -> None:
    document = docx.Document(io.BytesIO(released()))
    styles = {paragraph.style.name for paragraph in document.paragraphs if paragraph.style}
    assert {"Title", "Heading 1", "Heading 2", "Quote", "Quote Attribution", "List Bullet", "TOC 1", "TOC 2"} <= styles


def test_a_themes_first_lines_stay_on_the_page_of_its_first_quote() -> None:
    document = docx.Document(io.BytesIO(draft_files(material())["report.docx"]))
    styles = [paragraph.style.name for paragraph in document.paragraphs if paragraph.style]
    quote = styles.index("Quote")
    heading = max(number for number in range(quote) if styles[number] == "Heading 2")
    opening = document.paragraphs[heading:quote]
    assert {"Heading 2", "Body Text", "Gap", "Note"} <= set(styles[heading:quote])
    assert all(
        one.paragraph_format.keep_with_next or (one.style and one.style.paragraph_format.keep_with_next)
        for one in opening
    )


def test_in_two_languages_a_themes_first_lines_are_neither_parted_nor_left_under_their_heading() -> None:
    content = draft_files(material(), style=Style(languages=("en", "cy")))["report.docx"]
    tables = docx.Document(io.BytesIO(content)).tables
    beside = [table for table in tables if table.style and table.style.name == "Side By Side"]
    spoke = next(table for table in beside if "spoke about" in table.rows[0].cells[0].text)
    assert all(cell.paragraphs[0].paragraph_format.keep_with_next for cell in spoke.rows[0].cells)
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for table in beside for row in table.rows)


def test_the_contents_are_a_field_that_is_already_filled() -> None:
    root = part(released(), "word/document.xml")
    assert any("TOC " in (code.text or "") for code in root.iter(qn("w:instrText")))
    styled = [(p.find(f"{qn('w:pPr')}/{qn('w:pStyle')}"), "".join(p.itertext())) for p in root.iter(qn("w:p"))]
    lines = [text for style, text in styled if style is not None and style.get(qn("w:val")).startswith("TOC")]
    assert any("Trust is built in person" in line and line.rstrip().endswith("2") for line in lines)


def test_sources_are_real_footnotes() -> None:
    content = released(decide(40, "evidence", "accept", BENCH, passage="one"), passages=(PASSAGE,))
    notes = part(content, "word/footnotes.xml").findall(qn("w:footnote"))
    called = [found.get(qn("w:id")) for found in part(content, "word/document.xml").iter(qn("w:footnoteReference"))]
    assert called == [notes[-1].get(qn("w:id"))]
    assert "".join(notes[-1].itertext()).strip() == "Hughes, A. (2021) Trust. Press., p. 12"
    kinds = [note.get(qn("w:type")) for note in notes]
    assert kinds == ["separator", "continuationSeparator", None]


def test_each_run_says_its_language() -> None:
    root = part(released(), "word/document.xml")
    languages = {
        "".join(run.itertext()): run.find(f"{qn('w:rPr')}/{qn('w:lang')}").get(qn("w:val"))
        for run in root.iter(qn("w:r"))
        if run.find(f"{qn('w:rPr')}/{qn('w:lang')}") is not None
    }
    assert languages["“Mae’r arian yn dod i ben cyn i’r gwaith ddechrau.”"] == "cy-GB"
    assert languages["Most participants spoke about this."] == "en-GB"


def test_pictures_and_tables_say_what_they_show() -> None:
    content = released(pictures=(PICTURE,))
    root = part(content, "word/document.xml")
    assert [found.get("descr") for found in root.iter(qn("wp:docPr"))] == ["Two bars: 6 and 6."]
    tables = list(root.iter(qn("w:tbl")))
    assert all(table.find(f"{qn('w:tblPr')}/{qn('w:tblDescription')}") is not None for table in tables)
    assert any(name.endswith(".svg") for name in zipfile.ZipFile(io.BytesIO(content)).namelist())


def test_properties_hold_no_person() -> None:
    properties = docx.Document(io.BytesIO(released())).core_properties
    assert (properties.author, properties.last_modified_by, properties.comments) == ("", "", "")
    assert properties.title == "Trust in public services"
    assert properties.created is not None and properties.created.isoformat() == "2026-04-29T10:21:00+00:00"


def test_where_a_quote_comes_from_is_hidden_in_the_file() -> None:
    content = released()
    names = [name for name in zipfile.ZipFile(io.BytesIO(content)).namelist() if name.startswith("customXml/item")]
    quotes = [quote for name in names for quote in part(content, name).iter("{urn:roundtable:provenance:1}quote")]
    assert "rt2:t0005:0-49" in {quote.get("places") for quote in quotes}
    marks = [mark.get(qn("w:name")) for mark in part(content, "word/document.xml").iter(qn("w:bookmarkStart"))]
    assert sum(mark.startswith("_quote_") for mark in marks) == 6
    assert len(marks) == len(set(marks))


def test_the_same_decisions_give_the_same_bytes() -> None:
    assert released() == released()
    assert draft_files(material())["report.docx"] == draft_files(material())["report.docx"]


def test_a_template_gives_its_styles_and_none_of_its_text() -> None:
    house = docx.Document()
    house.add_paragraph("Text of the template")
    house.styles["Heading 1"].font.name = "Georgia"
    stream = io.BytesIO()
    house.save(stream)
    content = release_files(decided(), style=Style(template=stream.getvalue()))["report.docx"]
    document = docx.Document(io.BytesIO(content))
    assert "Text of the template" not in "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert document.styles["Heading 1"].font.name == "Georgia"
    assert "Quote Attribution" in [style.name for style in document.styles]


def test_two_languages_stand_side_by_side() -> None:
    paper = compose(decided(), kind="release", languages=("en", "cy"))
    document = docx.Document(io.BytesIO(render_docx(paper)))
    pairs = [[cell.text for cell in table.rows[0].cells] for table in document.tables]
    assert ["Most participants spoke about this.", "Siaradodd y rhan fwyaf o gyfranogwyr am hyn."] in pairs


def test_what_no_xml_can_hold_is_left_out() -> None:
    odd = material(series="A title\x0b with\x00 controls")
    written = docx.Document(io.BytesIO(draft_files(odd)["report.docx"]))
    assert "A title with controls" in [paragraph.text for paragraph in written.paragraphs]


def test_each_cell_of_an_annex_has_its_own_words_and_line_ends() -> None:
    grid = Grid(
        (("en", "Lines"),), ((("en", "Who"),), (("en", "How many"),)), (("A\nB", "1"), ("", "2"), (" C\tD", "3"))
    )
    paper = replace(compose(decided(), kind="release"), annexes=(Annex((("en", "Annex"),), (), (grid,)),))

    table = docx.Document(io.BytesIO(render_docx(paper))).tables[-1]

    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["Who", "How many"],
        ["A\nB", "1"],
        ["", "2"],
        [" C\tD", "3"],
    ]
    assert [row.cells[0].paragraphs[0].style.name for row in table.rows[:2]] == ["Table Heading", "Table Text"]


def test_a_table_of_many_columns_stays_on_its_page() -> None:
    headers = ((("en", "Theme"),), *((("en", f"Roundtable {n}: Public trust"),) for n in range(1, 13)))
    grid = Grid((("en", "Participants"),), headers, (("Trust", *"123456789012"),), frozenset(range(1, 13)))
    paper = replace(compose(decided(), kind="draft"), annexes=(Annex((("en", "Series"),), (), (grid,)),))
    *_, table = docx.Document(io.BytesIO(render_docx(paper))).tables
    assert sum(column.width.cm for column in table.columns) == pytest.approx(16, abs=0.1)


def test_a_heading_has_room_for_its_longest_word_in_a_wider_font() -> None:
    headers = tuple((("en", word),) for word in ("Theme", "Roundtables", "Number"))
    grid = Grid((("en", "By theme"),), headers, (("Trust", "3", "1"),), frozenset({1, 2}))
    paper = replace(compose(decided(), kind="draft"), annexes=(Annex((("en", "Shared"),), (), (grid,)),))
    *_, table = docx.Document(io.BytesIO(render_docx(paper))).tables
    # Measured in DejaVu Sans Bold at 9.5 points, with the margins of a cell.
    assert table.columns[1].width.cm >= 2.76
    assert table.columns[2].width.cm >= 1.89


def test_a_heading_of_a_column_of_numbers_stands_on_two_lines_where_there_is_room() -> None:
    headers = tuple((("cy", word),) for word in ("Thema", "Bord gron 1: Cau neu gadw", "Bord gron 2: Beth nesaf"))
    grid = Grid((("cy", "Cyfranogwyr"),), headers, (("Faint a siaradodd yno", "5", "4"),), frozenset({1, 2}))
    paper = replace(compose(decided(), kind="draft"), annexes=(Annex((("cy", "Y themâu"),), (), (grid,)),))
    *_, table = docx.Document(io.BytesIO(render_docx(paper))).tables
    assert min(column.width.cm for column in table.columns) > 3


def test_the_room_of_a_table_goes_to_its_quotes_and_not_to_their_references() -> None:
    headers = tuple((("en", word),) for word in ("Place", "Quote"))
    grid = Grid((("en", "Further"),), headers, (("rt1:t0001", "Nobody rang the family back for weeks. " * 5),))
    paper = replace(compose(decided(), kind="draft"), annexes=(Annex((("en", "More"),), (), (grid,)),))
    *_, table = docx.Document(io.BytesIO(render_docx(paper))).tables
    place, quote = (column.width.cm for column in table.columns)
    assert 1.8 <= place <= 2.4
    assert place + quote == pytest.approx(16, abs=0.1)


@pytest.mark.parametrize("text", ["=cmd()", "<b>bold</b>", "A \u202eright-to-left mark", "🙂 🙂"])
def test_text_stays_text(text: str) -> None:
    document = docx.Document(io.BytesIO(draft_files(material(series=text))["report.docx"]))
    assert text in [paragraph.text for paragraph in document.paragraphs]
