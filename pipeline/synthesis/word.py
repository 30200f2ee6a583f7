"""The paper as a Word document that people can edit and restyle, with Word's own styles, contents and footnotes."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm
from docx.text.paragraph import Paragraph

from pipeline.synthesis.dates import long_date
from pipeline.synthesis.ooxml import (
    Footnotes,
    Marks,
    Words,
    add_provenance,
    element,
    field_runs,
    set_language,
    xml_text,
)
from pipeline.synthesis.pages import pages_of_bookmarks
from pipeline.synthesis.paper import Annex, Grid, Paper, PrintedQuote, Section, mark_of
from pipeline.synthesis.pictures import add_svg
from pipeline.synthesis.wording import Line, say
from pipeline.synthesis.wordstyles import dress
from pipeline.synthesis.zipped import restamp

# cm: of the text, of a letter in a table, and of one in its heading, which is bold. Where there is no Arial, as on most
# Linux machines, the font that stands in is a fifth wider: a heading's word must fit in that too, or it is broken.
PAGE_WIDTH, LETTER_WIDTH, HEADING_WIDTH = 16.0, 0.2, 0.25
LONGEST_WORD = 20  # letters; a longer one (an id, an address) is broken
LONGEST_LINE = 160  # letters: a text of more is on several lines whatever stands beside it
NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)  # in the properties of a paper on which nothing was decided yet


def render_docx(paper: Paper, *, template: bytes = b"") -> bytes:
    """A .docx; with a template, its styles and page are taken and its own text is left out.

    The same paper gives the same bytes. The properties hold no person's name.
    """
    document = docx.Document(io.BytesIO(template)) if template else docx.Document()
    _empty(document)
    dress(document, own=not template, language=paper.languages[0])
    _Writer(document, paper, own=not template).write()
    _properties(document, paper)
    stream = io.BytesIO()
    document.save(stream)
    return restamp(stream.getvalue())


def _empty(document: Document) -> None:
    body = document.element.body
    for child in list(body):
        if child.tag != qn("w:sectPr"):
            body.remove(child)


def _properties(document: Document, paper: Paper) -> None:
    properties = document.core_properties
    stamp = _moment(paper.stamp)
    properties.title = xml_text(paper.title)
    properties.subject = " / ".join(text for _, text in paper.subtitle)
    properties.author = properties.last_modified_by = properties.comments = properties.keywords = ""
    properties.created = properties.modified = properties.last_printed = stamp
    properties.language = " ".join(paper.languages)
    properties.revision = 1
    for name, relation in list(document.part.package.rels.items()):
        if relation.reltype.endswith("/thumbnail"):  # of python-docx's own template
            del document.part.package.rels[name]


def _moment(stamp: str) -> datetime:
    try:
        return datetime.fromisoformat(stamp).astimezone(UTC).replace(microsecond=0)
    except ValueError:
        return NO_DATE


class _Writer:
    """Writes one paper into one document, from its title to its last annex."""

    def __init__(self, document: Document, paper: Paper, *, own: bool) -> None:
        self.document, self.paper, self.own = document, paper, own
        self.marks, self.notes, self.words = Marks(), Footnotes(document), Words()
        self.headings: list[tuple[int, str, str, str]] = []  # level, text, language, bookmark
        self.language = paper.languages[0]
        self.style_ids = {style.name: style.style_id for style in document.styles}

    def styled(self, paragraph: Paragraph, style: str) -> Paragraph:
        """The paragraph, in a style by its name: python-docx would look through all styles for each of thousands."""
        paragraph._p.style = self.style_ids[style]
        return paragraph

    def say(self, key: str, **values: Any) -> Line:
        return say(self.paper.languages, key, **values)

    def write(self) -> None:
        self.cover()
        contents = self.document.add_paragraph()  # filled when all headings are known
        self.summary()
        for part in self.paper.parts:
            self.heading(part.title, 1)
            self.written(part.intro)
            for section in part.sections:
                self.section(section)
        self.heading(self.say("body.closing"), 1)
        self.written_or_gap(self.paper.closing, "body.closing_gap")
        self.annexes()
        self.contents(contents)
        self.furniture()
        self.notes.save()
        add_provenance(self.document, _provenance(self.paper))

    def cover(self) -> None:
        self.line(self.paper.subtitle, "Series")
        self.plain(self.paper.title, "Title", self.language)
        if self.paper.date:
            self.line(long_date(self.paper.date, self.paper.languages), "Subtitle")
        if self.paper.notice:
            self.line(self.paper.notice, "Gap")
        self.line(self.say("title.contents"), "TOC Heading", joined=True)

    def summary(self) -> None:
        paper = self.paper
        self.heading(self.say("body.summary"), 1, page=True)
        self.line(paper.intro)
        if paper.questions:
            self.line(self.say("body.question" if len(paper.questions) == 1 else "body.questions"))
            for question in paper.questions:
                self.plain(question, "Question", self.language)
        self.written_or_gap(paper.summary, "body.summary_gap")
        if paper.points and (paper.kind == "draft" or not paper.summary):
            self.heading(self.say("body.points"), 3)
            for point in paper.points:
                self.line(point, "List Bullet", joined=True)

    def section(self, section: Section) -> None:
        heading = self.plain(section.name, "Heading 2", self.language)
        self._mark_heading(heading, 2, section.name, self.language)
        self.marks.around(heading, f"_theme_{mark_of(section.theme_id)}")
        if self.paper.kind == "draft" and not section.decided:
            self.line(self.say("title.draft_mark"), "Undecided", joined=True)
        # A theme's first lines stay with what follows them, so that none ends a page under its heading alone.
        for opening in filter(None, (section.spoke, section.change)):
            self.line(opening, kept=True)
        last = self.written_or_gap(section.description, "body.description_gap")
        self.cite(section, last)
        if section.keywords:
            self.line(self.say("body.keywords", words=" · ".join(section.keywords)), "Note", kept=True)
        for quote in section.quotes:
            self.quote(quote)
        if section.whereabouts:
            self.line(section.whereabouts)
        if section.dissents:
            if section.quotes:  # alone it differs from nothing that stands there
                self.line(self.say("body.dissent"), "Heading 3", joined=True)
            for quote in section.dissents:
                self.quote(quote)
        elif self.paper.kind == "draft":
            self.line(self.say("body.dissent_none"), "Note")

    def cite(self, section: Section, last: Paragraph | None) -> None:
        """The accepted sources, as footnotes at the end of what people wrote on the theme."""
        if not section.sources:
            return
        paragraph = last if last is not None else self.line(self.say("body.sources"), joined=True)
        for passage in section.sources:
            page = f", p. {passage.page}" if passage.page else ""
            self.notes.add(paragraph, f"{passage.citation}{page}", "en")

    def quote(self, quote: PrintedQuote) -> None:
        paragraph = self.plain(f"“{quote.text}”", "Quote", quote.language)
        self.marks.around(paragraph, f"_quote_{quote.sha256[:24]}")
        if quote.translation:
            by = self.say("attribution.translated", by=quote.translated_by)
            self.plain(f"{quote.translation} ({by[0][1]})", "Quote Translation", self.language)
        if quote.attribution:
            who = self.line(self.say("attribution.dash", who=quote.attribution), "Quote Attribution", joined=True)
            who.paragraph_format.keep_with_next = bool(quote.notes)
        if quote.notes:
            mark = "title.accepted_mark" if quote.decided else "title.draft_mark"
            self.plain(" · ".join((_joined(self.say(mark)), *quote.notes)), "Quote Note", self.language)

    def annexes(self) -> None:
        self.heading(self.say("annex.title"), 1, page=True)
        for annex in self.paper.annexes:
            self.annex(annex)

    def annex(self, annex: Annex) -> None:
        self.heading(annex.title, 2)
        for paragraph in annex.paragraphs:
            self.line(paragraph)
        for grid in annex.grids:
            self.grid(grid, annex.title)
        for picture in annex.pictures:
            # Above it, as over a table: under it, it read as the heading of the next picture.
            self.plain(picture.title, "Caption", self.language)
            add_svg(self.document, picture)

    def grid(self, grid: Grid, title: Line) -> None:
        if grid.caption != title:  # the heading has just said it
            self.line(grid.caption, "Caption", joined=True)
        table = self.document.add_table(rows=1, cols=len(grid.headers))
        table.style = "Paper Table"
        table.autofit = False
        table._tbl.tblPr.append(element("w:tblCaption", val=_joined(grid.caption)))
        table._tbl.tblPr.append(element("w:tblDescription", val=f"{_joined(title)}: {_joined(grid.caption)}"))
        widths = _widths(grid)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Cm(width)
        heading = table._tbl.tr_lst[0]
        row = deepcopy(heading)
        self._dress_row(heading, widths, grid.numeric, dict.fromkeys(range(len(widths)), "Table Heading"))
        self._fill_row(heading, grid.headers)
        heading.get_or_add_trPr().append(element("w:tblHeader"))
        self._dress_row(row, widths, grid.numeric, dict.fromkeys(grid.numeric, "Table Number"))
        for cells in grid.rows:
            table._tbl.append(written := deepcopy(row))
            self._fill_row(written, cells)
        self.styled(self.document.add_paragraph(), "Table Text")

    def _dress_row(self, row: Any, widths: list[float], numeric: frozenset[int], styles: Mapping[int, str]) -> None:
        # By its XML: python-docx counts the columns of the whole row anew for each of its cells.
        row.get_or_add_trPr().append(element("w:cantSplit"))
        for column, (width, cell) in enumerate(zip(widths, row.tc_lst, strict=True)):
            cell.width = Cm(width)
            paragraph = Paragraph(cell.p_lst[0], self.document._body)
            self.styled(paragraph, styles.get(column, "Table Text"))
            if column in numeric:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT

    def _fill_row(self, row: Any, cells: Sequence[Line | str]) -> None:
        for content, cell in zip(cells, row.tc_lst, strict=True):
            said = content if isinstance(content, tuple) else ((self.language, content),)
            self.runs(Paragraph(cell.p_lst[0], self.document._body), said)

    # --- the small words of the writer

    def heading(self, said: Line, level: int, *, page: bool = False) -> None:
        paragraph = self.line(said, f"Heading {level}", joined=True)
        paragraph.paragraph_format.page_break_before = page or None
        if level < 3:
            self._mark_heading(paragraph, level, _joined(said), said[0][0])

    def _mark_heading(self, paragraph: Paragraph, level: int, text: str, language: str) -> None:
        name = f"_Toc{len(self.headings) + 1:08d}"
        self.headings.append((level, text, language, name))
        self.marks.around(paragraph, name)

    def plain(self, text: str, style: str, language: str) -> Paragraph:
        paragraph = self.styled(self.document.add_paragraph(), style)
        self.runs(paragraph, ((language, text),))
        return paragraph

    def line(self, said: Line, style: str = "Body Text", *, joined: bool = False, kept: bool = False) -> Paragraph:
        """A sentence: in two languages side by side in a table without lines, or joined by a stroke.

        What is `kept` stays on the page of what follows it.
        """
        if len(said) == 1 or joined:
            paragraph = self.styled(self.document.add_paragraph(), style)
            paragraph.paragraph_format.keep_with_next = kept or None
            self.runs(paragraph, said)
            return paragraph
        table = self.document.add_table(rows=1, cols=len(said))
        table.style = "Side By Side"
        table._tbl.tr_lst[0].get_or_add_trPr().append(element("w:cantSplit"))
        for (language, text), cell in zip(said, table.rows[0].cells, strict=True):
            self.styled(cell.paragraphs[0], style).paragraph_format.keep_with_next = kept or None
            self.runs(cell.paragraphs[0], ((language, text),))
        return table.rows[0].cells[-1].paragraphs[0]

    def runs(self, paragraph: Paragraph, said: Line) -> None:
        for index, (language, text) in enumerate(said):
            if index:
                paragraph.add_run(" / ")
            self.words.add(paragraph, xml_text(text), language)

    def written(self, text: str) -> Paragraph | None:
        """People's words, a paragraph a line; the last one is given back."""
        last = None
        for paragraph in text.split("\n"):
            if paragraph.strip():
                last = self.plain(paragraph.strip(), "Body Text", self.language)
        return last

    def written_or_gap(self, text: str, gap: str) -> Paragraph | None:
        if text.strip():
            return self.written(text)
        self.line(self.say(gap), "Gap")
        return None

    def contents(self, first: Paragraph) -> None:
        """Word's table of contents, already filled, so that it stands there before anybody updates it."""
        first.style = "TOC 1"
        entries = [first]
        for _ in self.headings[1:]:
            following = element("w:p")
            entries[-1]._p.addnext(following)
            entries.append(Paragraph(following, first._parent))
        numbers = [self._entry(entry, heading) for entry, heading in zip(entries, self.headings, strict=True)]
        begin = field_runs('TOC \\o "1-2" \\h \\z \\u')
        at = entries[0]._p.index(entries[0]._p.pPr) + 1
        for offset, piece in enumerate(begin[:3]):
            entries[0]._p.insert(at + offset, piece)
        entries[-1]._p.append(begin[-1])
        if self.own:  # of another house's layout nothing is known
            pages = pages_of_bookmarks(self.document)
            for number, (_, _, _, name) in zip(numbers, self.headings, strict=True):
                number.text = str(pages.get(name, ""))

    def _entry(self, entry: Paragraph, heading: tuple[int, str, str, str]) -> Any:
        """A line of the contents; the element that holds its page's number is given back."""
        level, text, language, name = heading
        self.styled(entry, f"TOC {level}")
        link = element("w:hyperlink", anchor=name, history="1")
        words, tab = entry.add_run(xml_text(text)), entry.add_run()
        set_language(words, language)
        tab.add_tab()
        reference = field_runs(f"PAGEREF {name} \\h")
        for piece in (words._r, tab._r, *reference):
            link.append(piece)
        entry._p.append(link)
        return reference[3].find(qn("w:t"))

    def furniture(self) -> None:
        """Page numbers, and on a draft's every page what it is; the cover has none."""
        section = self.document.sections[0]
        section.different_first_page_header_footer = True
        footer = section.footer.paragraphs[0]
        footer.style = "Footer"
        self.runs(footer, ((self.language, f"{self.paper.title}\t"),))
        for piece in field_runs("PAGE", "1"):
            footer._p.append(piece)
        if self.paper.notice:
            header = section.header.paragraphs[0]
            header.style = "Header"
            self.runs(header, self.say("title.draft_mark"))


def _widths(grid: Grid) -> list[float]:
    """The columns' widths in cm: each at least its longest word, the rest of the page by what each lacks for a line.

    So a column of short references takes no room from the one of quotes beside it. Numbers lack nothing; their
    heading lacks what it takes to stand on two lines.
    """
    least, lacking = [], []
    for column, header in enumerate(grid.headers):
        cells = [_joined(cell) if isinstance(cell, tuple) else cell for cell in (row[column] for row in grid.rows)]
        heading, words = _longest_word([_joined(header)]), _longest_word(cells)
        least.append(max(heading * HEADING_WIDTH, words * LETTER_WIDTH) + 0.4)
        line = min(max(map(len, cells), default=1), LONGEST_LINE) * LETTER_WIDTH
        if column in grid.numeric:
            line = min(len(_joined(header)), LONGEST_LINE) * HEADING_WIDTH / 2
        lacking.append(max(line + 0.4 - least[-1], 0.0 if column in grid.numeric else 0.01))
    if sum(least) > PAGE_WIDTH:
        # A word that is broken can be read; what stands beyond the edge of the page can't.
        return [width * PAGE_WIDTH / sum(least) for width in least]
    left = PAGE_WIDTH - sum(least)
    share = sum(lacking) or 1
    return [width + left * more / share for width, more in zip(least, lacking, strict=True)]


def _longest_word(texts: Iterable[str]) -> int:
    return min(max((len(word) for text in texts for word in text.split()), default=1), LONGEST_WORD)


def _joined(said: Line) -> str:
    return " / ".join(text for _, text in said)


def _provenance(paper: Paper) -> Sequence[dict[str, str]]:
    return [
        {
            "quote": quote.quote_id,
            "sha256": quote.sha256,
            "theme": quote.theme_id,
            "roundtable": quote.roundtable_id,
            "transcript": quote.transcript_id,
            "places": " ".join(f"{span.turn_id}:{span.start}-{span.end}" for span in quote.spans),
        }
        for quote in paper.quotes
    ]
