"""An edited document, in each format: what is true, what isn't, and a name wherever it hides."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import docx
import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText

from pipeline.decisions import Span
from pipeline.errors import UnreadableFile, VerificationFailed
from pipeline.synthesis.publish import Style, draft_files, release_files
from pipeline.synthesis.verify import VerifyReport, verify, verify_document
from pipeline.synthesis.verify.blocks import Block
from pipeline.synthesis.verify.check import Run
from pipeline.synthesis.verify.credits import Credit, misattribution
from pipeline.synthesis.verify.folding import fold
from pipeline.synthesis.verify.quotations import marked_spans
from pipeline.synthesis.verify.reading import _pdf_lines
from pipeline.synthesis.verify.sections import standings
from pipeline.synthesis.verify.speech import Speech
from pipeline.synthesis.wording import Scale
from pipeline.tables import ROUNDTABLES, Participant, Roundtable
from tests.unit.synthesis.invented import decide, decided, decisions, material, span

SOFFICE = shutil.which("soffice") or ""
NAME = "Rhodri Penllyn"  # invented


def find_names(text: str) -> list[str]:
    """The gate's part, for one invented name."""
    return ["person-0001"] * len(re.findall(r"Penllyn", text, re.IGNORECASE))


@cache
def run() -> Run:
    return Run(decided(), Scale())


@cache
def released() -> dict[str, bytes]:
    """The six files."""
    return release_files(decided())


def checked(text: str | bytes, name: str = "paper.md") -> VerifyReport:
    content = text.encode() if isinstance(text, str) else text
    return verify_document(name, content, decided(), find_names=find_names, run=run())


def kinds(text: str | bytes, name: str = "paper.md") -> list[str]:
    return [found.kind for found in checked(text, name).findings]


def test_a_quote_with_words_cut_out_is_true_with_its_ellipsis_and_not_without_it() -> None:
    bench = span("rt1:t0001", "Trust is built at the front desk, not in a strategy.")
    chosen = material((decide(1, "quote", "accept", bench, span("rt1:t0001", "no strategy repairs it.")),))
    told = "“Trust is built at the front desk, not in a strategy.{}no strategy repairs it.”, said one participant."

    def found(between: str) -> list[str]:
        report = verify_document("paper.md", told.format(between).encode(), chosen)
        return [finding.kind for finding in report.findings]

    assert [found(between) for between in (" […] ", " … ", " ... ")] == [[], [], []]
    assert found(" ") == ["changed"]


@pytest.mark.parametrize(
    ("credit", "found"),
    [("P05", []), ("P06", []), ("P01", ["misattributed"]), ("P07", ["misattributed"])],
)
def test_words_that_two_people_said_and_both_were_approved_may_be_credited_to_either(
    credit: str, found: list[str]
) -> None:
    words = "Short money makes short promises."
    whole = material()
    said = whole.turns.assign(text=whole.turns["text"].where(whole.turns["turn_id"] != "rt2:t0003", words))
    both = tuple(
        decide(number, "quote", "accept", Span.cut(turn_id, words, 0, len(words)))
        for number, turn_id in enumerate(("rt2:t0003", "rt2:t0004"), start=1)
    )
    report = verify_document("paper.md", f"“{words}” ({credit})".encode(), material(both, turns=said))
    assert [finding.kind for finding in report.findings] == found


@pytest.mark.parametrize(("credit", "found"), [("an observer", []), ("the facilitator", ["misattributed"]), ("", [])])
def test_who_only_sat_in_is_not_the_facilitator(credit: str, found: list[str]) -> None:
    words = "Trust is built at the front desk, not in a strategy."
    whole = material((decide(1, "quote", "accept", span("rt1:t0001", words)),))
    role = whole.participants["role"].mask(whole.participants["pseudonym"] == "P01", "observer")
    sat_in = replace(whole, participants=whole.participants.assign(role=role))
    report = verify_document("paper.md", f"“{words}” {credit}".encode(), sat_in)
    assert [finding.kind for finding in report.findings] == found


@pytest.mark.parametrize("name", ["report.docx", "report.html"])
@pytest.mark.parametrize("languages", [("en",), ("cy",), ("en", "cy")])
def test_an_untouched_report_gives_no_finding(name: str, languages: tuple[str, ...]) -> None:
    content = release_files(decided(), style=Style(languages=languages))[name]
    report = checked(content, name)
    assert report.findings == ()
    assert [found.kind for found in report.checked] == ["true"] * 6


def test_an_untouched_report_with_everything_in_it_gives_no_finding() -> None:
    translation = {"text": "The money ends before the work begins.", "by": "a translator"}
    money = span("rt1:t0007", "Mae’r arian yn dod i ben cyn i’r gwaith ddechrau.")
    bench = span("rt1:t0001", "Trust is built at the front desk, not in a strategy.")
    chosen = (
        *decisions(),
        decide(41, "quote", "accept", money, translation=translation),
        decide(42, "quote", "accept", bench, span("rt1:t0001", "no strategy repairs it.")),
        decide(43, "report", "write", place="summary", text="Most participants spoke about short-term money."),
    )
    whole = material(chosen)
    for name, content in release_files(whole).items():
        if name.startswith("report."):
            assert verify_document(name, content, whole).findings == ()


def moved(docx_file: bytes, words: str, heading: str) -> bytes:
    """The Word file with the quote that holds these words, and its credit, right under another heading."""
    document = docx.Document(io.BytesIO(docx_file))
    paragraphs = list(document.paragraphs)
    place = next(index for index, found in enumerate(paragraphs) if words in found.text and found.style.name == "Quote")
    under = next(found for found in paragraphs if found.text == heading and found.style.name.startswith("Heading"))
    for paragraph in (paragraphs[place + 1], paragraphs[place]):
        under._p.addnext(paragraph._p)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_a_true_quote_that_was_moved_under_another_theme_is_found_and_the_rest_is_not() -> None:
    content = moved(released()["report.docx"], "on horseback", "Short-term money")
    (found,) = checked(content, "report.docx").findings
    assert (found.kind, found.detail) == (
        "other_theme",
        "accepted for “Trust is built in person”, and stands under “Short-term money”",
    )


def test_a_figure_of_the_page_that_was_moved_under_another_theme_is_found() -> None:
    page = released()["report.html"].decode()
    figure = next(
        found[0]
        for found in re.finditer(r"<figure class=.quote.*?</figure>", page, re.DOTALL)
        if "horseback" in found[0]
    )
    section = re.search(r'<section class="theme"[^>]*data-theme="cycles">.*?</h\d>', page, re.DOTALL)
    assert section
    elsewhere = page.replace(figure, "").replace(section[0], section[0] + figure)
    assert kinds(elsewhere, "report.html") == ["other_theme"]


def test_a_text_without_headings_has_no_sections() -> None:
    text = "Short-term money\n\nWell.\n\nOur reflections\n\n“Trust leaves on horseback and comes back on foot.”\n"
    assert kinds(text, "paper.txt") == []


def test_what_people_append_after_the_annexes_stands_under_its_theme_again() -> None:
    titles = [("Trust", 2), ("Annexes", 1), ("Trust", 2), ("Our own chapter", 1), ("Trust", 2)]
    blocks = [Block(f"paragraph {at}", text, heading=level) for at, (text, level) in enumerate(titles)]
    found = [(one.theme, one.in_annex) for one in standings(blocks, {"t1": "Trust"})]
    assert found == [("t1", False), ("", True), ("", True), ("", False), ("t1", False)]


def test_a_heading_that_people_renamed_is_known_by_its_mark_and_without_one_opens_no_theme() -> None:
    titles = [("Money", 2, ""), ("Well.", 0, ""), ("Faith in services", 2, "t-1"), ("So.", 0, ""), ("Hope", 2, "")]
    blocks = [
        Block(f"paragraph {at}", text, heading=level, theme=mark) for at, (text, level, mark) in enumerate(titles)
    ]
    found = [one.theme for one in standings(blocks, {"t_1": "Trust", "t2": "Money"})]
    assert found == ["t2", "t2", "t_1", "t_1", ""]


def test_a_draft_is_not_approved_and_says_so() -> None:
    found = verify_document("draft.docx", draft_files(material())["report.docx"], material()).findings
    assert {finding.kind for finding in found} == {"not_approved"}


@pytest.mark.parametrize(
    "text",
    [
        "“It's the silence that costs us.”",
        '"It’s the silence that costs us."',
        "«It’s the silence that costs us.»",
        "“It’s the si\u00adlence that\u00a0costs us.”",
        "As was put to us, “It’s the silence that costs us”, and nobody disagreed.",
        "> It’s the silence that\n> costs us.",
        "*“It’s the silence that costs us.”*",
    ],
)
def test_typography_alone_is_no_finding(text: str) -> None:
    assert kinds(text) == []


def test_a_pdf_is_read_across_its_lines(tmp_path: Path) -> None:
    if not SOFFICE:
        pytest.skip("LibreOffice (soffice) was not found: no .pdf to read")
    (tmp_path / "report.docx").write_bytes(released()["report.docx"])
    for ending in ("pdf", "docx"):
        command = [SOFFICE, "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", ending]
        subprocess.run(
            [*command, "--outdir", str(tmp_path / "out"), str(tmp_path / "report.docx")],
            check=True, capture_output=True, timeout=300,
        )  # fmt: skip
        report = verify(tmp_path / "out" / f"report.{ending}", decided())
        assert report.findings == ()
        assert len(report.checked) == 6
    writer = PdfWriter(clone_from=PdfReader(tmp_path / "out" / "report.pdf"))
    writer.add_metadata({"/Author": NAME})
    writer.add_annotation(0, FreeText(text=f"Ask {NAME}", rect=(0, 0, 50, 50)))
    stream = io.BytesIO()
    writer.write(stream)
    assert kinds(stream.getvalue(), "report.pdf") == ["name_leak", "name_leak"]


# --- words, wherever they stand

SAID = "“Trust leaves on a horse and comes back on foot.”"
RUN = f"<w:r><w:t>{SAID}</w:t></w:r>"
BOX = f"<w:r><w:pict><w:txbxContent><w:p>{RUN}</w:p></w:txbxContent></w:pict></w:r>"
TWICE = (
    '<w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
    f'<mc:Choice Requires="wps">{BOX}</mc:Choice><mc:Fallback>{BOX}</mc:Fallback></mc:AlternateContent></w:r>'
)
STANDS = {
    "a text box": lambda: in_part("word/document.xml", at_the_end(BOX)),
    "a text box, written twice for old programs": lambda: in_part("word/document.xml", at_the_end(TWICE)),
    "a box in a table": lambda: in_part(
        "word/document.xml", at_the_end(f"</w:p><w:tbl><w:tr><w:tc><w:p>{BOX}</w:p></w:tc></w:tr></w:tbl><w:p>")
    ),
    "an insertion": lambda: in_part("word/document.xml", at_the_end(f'<w:ins w:author="x">{RUN}</w:ins>')),
    "a footer": lambda: in_part("word/footer1.xml", put("Trust in", f"{SAID} Trust in")),
}


@pytest.mark.parametrize("place", STANDS)
def test_words_are_read_once_wherever_they_stand(place: str) -> None:
    found = checked(STANDS[place](), "report.docx").findings
    assert [(one.kind, one.detail) for one in found] == [("changed", "“a horse” for “horseback”")]


def test_a_note_stands_in_no_section_though_the_annexes_are_gone() -> None:
    """Word keeps notes behind all text, so that each would stand under the last theme."""
    names = {"trust": "Trust", "cycles": "Money"}
    blocks = [Block("p", "Trust", heading=2), Block("p", "Money", heading=2), Block("note 1", "“So it is.”", "note")]
    assert [found.theme for found in standings(blocks, names)] == ["trust", "cycles", ""]


# --- a name, wherever it hides


def in_part(part: str, change: Callable[[str], str]) -> bytes:
    """The released .docx with one of its parts changed."""
    archive = zipfile.ZipFile(io.BytesIO(released()["report.docx"]))
    parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = change(parts[part].decode()).encode()
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return stream.getvalue()


def put(before: str, after: str) -> Callable[[str], str]:
    """Exchanges the first of something for something else."""

    def change(xml: str) -> str:
        assert before in xml
        return xml.replace(before, after, 1)

    return change


def at_the_end(xml: str) -> Callable[[str], str]:
    """Puts a paragraph behind all others."""
    return put("</w:body>", f"<w:p>{xml}</w:p></w:body>")


NOTE = f'<w:footnote w:id="9"><w:p><w:r><w:t>{NAME}</w:t></w:r></w:p></w:footnote></w:footnotes>'
VARIABLE = f'<w:docVars><w:docVar w:name="a" w:val="{NAME}"/></w:docVars></w:settings>'
PLACES: dict[str, tuple[str, Callable[[str], str]]] = {
    "running text": ("word/document.xml", put("Most participants", f"{NAME} and others")),
    "split over runs": ("word/document.xml", at_the_end("<w:r><w:t>Pen</w:t></w:r><w:r><w:t>llyn</w:t></w:r>")),
    "deleted text": (
        "word/document.xml",
        at_the_end(f'<w:del w:author="x"><w:r><w:delText>{NAME}</w:delText></w:r></w:del>'),
    ),
    "who inserted": ("word/document.xml", at_the_end(f'<w:ins w:author="{NAME}"><w:r/></w:ins>')),
    "alternative text": ("word/document.xml", put('w:tblDescription w:val="', f'w:tblDescription w:val="{NAME} ')),
    "footnotes": ("word/footnotes.xml", put("</w:footnotes>", NOTE)),
    "footer": ("word/footer1.xml", put("Trust in", f"{NAME}, Trust in")),
    "properties": ("docProps/core.xml", put("</dc:title>", f"</dc:title><dc:description>{NAME}</dc:description>")),
    "styles": ("word/styles.xml", put('w:name w:val="Quote"', f'w:name w:val="Quote {NAME}"')),
    "settings": ("word/settings.xml", put("</w:settings>", VARIABLE)),
}


@pytest.mark.parametrize("place", PLACES)
def test_a_name_is_found_in_each_part_of_a_word_file(place: str) -> None:
    found = checked(in_part(*PLACES[place]), "report.docx").findings
    assert "name_leak" in {finding.kind for finding in found}
    assert NAME not in "\n".join(VerifyReport("report.docx", found).lines()), "no message repeats a name"


def test_a_name_is_found_in_a_comment() -> None:
    document = docx.Document(io.BytesIO(released()["report.docx"]))
    run = document.paragraphs[0].runs[0]
    document.add_comment(run, text="Is this true?", author=NAME, initials="RP")
    stream = io.BytesIO()
    document.save(stream)
    assert "name_leak" in kinds(stream.getvalue(), "report.docx")


HTML_PLACES = {
    "text": f"<p>{NAME}</p>",
    "comment": f"<!-- {NAME} -->",
    "attribute": f'<p title="{NAME}">x</p>',
    "hidden": f'<p hidden>{NAME}</p>',
    "script": f"<script>var a = '{NAME}'</script>",
    "address": f'<a href="https://example.org/{NAME}">x</a>',
}  # fmt: skip


@pytest.mark.parametrize("place", HTML_PLACES)
def test_a_name_is_found_in_each_part_of_a_page(place: str) -> None:
    page = released()["report.html"].decode()
    assert "name_leak" in kinds(page.replace("</main>", HTML_PLACES[place] + "</main>"), "report.html")


@pytest.mark.parametrize("text", [f"Thanks to {NAME}’s team.", f"<!-- {NAME} -->", f"[link](https://x.example/{NAME})"])
def test_a_name_is_found_in_markdown(text: str) -> None:
    assert kinds(text) == ["name_leak"]


# --- the report on it


def test_findings_are_lines_json_and_an_error() -> None:
    report = checked("“It’s the noise that costs us.”")
    assert report.lines() == [
        "paragraph 1: not what was said [rt1:t0004]: “It’s the noise that costs us.”",
        "    “noise” for “silence”",
        "paper.md: 1 not what was said",
    ]
    assert json.loads(report.json())["findings"][0]["turn_id"] == "rt1:t0004"
    with pytest.raises(VerificationFailed, match="1 changed"):
        report.hold()
    checked("“It’s the silence that costs us.”").hold()


@pytest.mark.parametrize("name", ["a.docx", "a.pdf", "a.xyz"])
def test_what_can_not_be_read_is_refused_in_words(name: str) -> None:
    with pytest.raises(UnreadableFile, match=name):
        checked(b"not that", name)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="no such file"):
        verify(tmp_path / "none.docx", material())


# --- its parts


def test_folding_keeps_the_way_back() -> None:
    folded = fold("a\u00a0\u00a0‘b\u00ad’ —\nc…")
    assert folded.text == "a 'b' - c..."
    assert folded.span(2, 5) == (3, 7)


MARKED = [
    ("He said “one” and “two”.", ["one", "two"]),
    ("It’s ‘radically honest’, they don’t say.", ["radically honest"]),
    ("‘We don’t know,’ she said.", ["We don’t know,"]),
    ('"One" is not "two"', ["One", "two"]),
    ("“One ‘inner’ word”", ["One ‘inner’ word"]),
    ("The participants’ view and the leaders’ view", []),
    ("“A mark that is never closed, though it should be", ["A mark that is never closed, though it should be"]),
    ("5' 10\" tall", []),
    ("She said ‘the leaders’ view isn’t ours.’ So there.", ["the leaders’ view isn’t ours."]),
    ("‘The first’ and ‘the other’", ["The first", "the other"]),
    ("We met. It was said that trust leaves on horseback.” So there.", ["It was said that trust leaves on horseback."]),
    ("It was said that trust leaves on horseback.”", ["It was said that trust leaves on horseback."]),
    ("Trust, it was said.” So there.", []),  # a mark after so little is a slip
]


@pytest.mark.parametrize(("text", "expected"), MARKED)
def test_words_between_marks_are_found(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in marked_spans(text)] == expected


def test_verify_counts_whoever_is_quoted_under_a_theme_as_the_report_does() -> None:
    bench = span("rt1:t0001", "Trust is built at the front desk, not in a strategy.")
    under = decide(1, "quote", "accept", bench, theme_code="risk", theme_name="Leadership and risk")
    paper = b"# Trust\n\n## Leadership and risk\n\nSome participants spoke about this.\n"
    found = [verify_document("paper.md", paper, material(chosen)).findings for chosen in ((under,), decisions())]
    assert [[finding.kind for finding in one] for one in found] == [[], ["unearned_quantifier"]]


@pytest.mark.parametrize(
    "text",
    [
        "What does trust look like from where you sit?",
        "We asked all of them: what does trust look like from where you sit? It helped.",
    ],
)
def test_a_question_of_the_series_is_nobodys_words_though_the_facilitator_read_it_out(text: str) -> None:
    asked = ("What does trust look like from where you sit?",)
    listed = [Roundtable("rt1", 1, "Trust", "2026-02-11", "en", asked), Roundtable("rt2", 2, "Money", "", "en", ())]
    known = material(decisions(), roundtables=ROUNDTABLES.frame(listed))
    assert verify_document("paper.md", text.encode(), known).findings == ()
    assert kinds(text) == ["not_approved"]


def test_a_line_that_is_nothing_but_a_themes_name_claims_nothing() -> None:
    bench = span("rt1:t0001", "Trust is built at the front desk, not in a strategy.")
    renamed = material((decide(1, "theme", "rename", bench, name="All participants agreed to wait"),))
    found = [
        [one.kind for one in verify_document("paper.txt", text.encode(), renamed).findings]
        for text in (
            "All participants agreed to wait\n\nWe met.",
            "All participants agreed to wait, it seems.\n\nWe met.",
        )
    ]
    assert found == [[], ["unearned_quantifier"]]


def test_a_quote_of_a_pdf_is_one_although_its_sentence_ends_a_short_line() -> None:
    page = (
        "A heading that is as wide as the page is, more or less, of this paper here\n"
        "“I need somebody to stand next to me.\n"
        "When they close it there will be\n"
        '"the partnership" on the front page.”\n'
        "— one participant"
    )
    assert [block.text.count("\n") for block in _pdf_lines([page])] == [0, 2, 0]


def test_a_mark_of_a_pdf_that_nobody_closes_takes_in_no_more_than_its_paragraph() -> None:
    page = (
        "A heading that is as wide as the page is, more or less, of this paper here\n"
        '“I need somebody to stand next to me."\n'
        "Short-term money\n"
        "Most participants agreed.\n"
        "“The bench is where it starts.”"
    )
    assert [block.text.count("\n") for block in _pdf_lines([page])] == [0, 0, 0, 0, 0]


def test_what_is_nearest_is_told_in_whole_words_with_its_last_stop() -> None:
    said = "Nobody was unhappy with the letterboxes. So we left it there and went home."
    nearest = Speech([("rt1:t0001", said)]).nearest("happy with a letterbox")
    assert nearest is not None
    assert said[nearest[0].start : nearest[0].end] == "unhappy with the letterboxes."


@pytest.mark.parametrize(
    ("around", "wrong"),
    [
        ("a participant from the second roundtable", ""),
        ("a participant from the meeting house", "credited to “meeting house”, said by somebody else"),
        ("a participant from health said", ""),
        ("a participant from health boards", ""),
        ("one participant", ""),
        ("P01", ""),
        ("P02 and P01", ""),
        ("P02", "credited to P02, said by P01"),
        ("P05, P03, P04 and P02", "credited to P02, P03, P04, P05, said by P01"),
        ("the chair", "credited to the facilitator, said by a participant"),
        ("the chair, and a participant", ""),
    ],
)
def test_a_credit_is_wrong_where_it_names_another_and_not_where_it_names_a_place(around: str, wrong: str) -> None:
    sectors = {"P01": "Health", "P02": "the meeting house"}
    people = {
        name: Participant(name, "participant", False, sector, "quote_with_role", ("rt1",))
        for name, sector in sectors.items()
    }
    assert misattribution(around, Credit(frozenset({"P01"}), True), people) == wrong
    assert misattribution(around, Credit(frozenset({"P77"}), True), people) == ""  # of whom the run says nothing
    coarse = misattribution(around, Credit(frozenset({"P01"}), False), people)
    assert coarse == ("credited to “health”, which is more than was agreed" if "health" in around else wrong)
