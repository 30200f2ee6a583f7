# ruff: noqa: E501 - a file that is read stands here as it is
"""Word, OpenDocument, rich text and PDF are read as the turns that a person would write down."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import UnreadableFile
from pipeline.ingest.pdf import _out_of_order
from tests.unit.ingest.files import (
    docx,
    left_out,
    lines_docx,
    odt,
    paragraph,
    pdf,
    placed_pdf,
    read,
    run,
    turns,
    zipped,
)

EXPECTED = [
    ("Nia Cadwallen", "Nobody had read the file."),
    ("Will Adeyinka", "Ours is in a drawer. It's locked: twice."),
    ("Nia Cadwallen", "Who has the key?"),
]

WORD = {
    "Teams, one paragraph": lines_docx(
        "First roundtable-20260224_100214-Meeting Recording",
        "24 February 2026, 10:02am",
        "Rose Delahaye started transcription",
        "Nia Cadwallen   0:04\nNobody had read\nthe file.",
        "Will Adeyinka   0:09\nOurs is in a drawer. It's locked: twice.",
        "Nia Cadwallen   1:00:12\nWho has the key?",
        "Rose Delahaye stopped transcription",
    ),
    "Teams, two paragraphs and a tab": lines_docx(
        "Nia Cadwallen   0:04",
        "Nobody had read the file.",
        "Will Adeyinka\t0:09",
        "Ours is in a drawer. It's locked: twice.",
        "Nia Cadwallen   0:12",
        "Who has the key?",
    ),
    "Teams, the old times": lines_docx(
        "0:0:0.0 --> 0:0:4.120\nNia Cadwallen\nNobody had read the file.",
        "0:0:4.120 --> 0:0:9.0\nWill Adeyinka\nOurs is in a drawer. It's locked: twice.",
        "0:0:9.0 --> 0:0:12.0\nNia Cadwallen\nWho has the key?",
    ),
    "Teams and Otter, bold names": docx(
        paragraph(run("Rose Delahaye started transcription"))
        + paragraph(run("Nia Cadwallen", bold=True), run("   0:04\nNobody had read the file."))
        + paragraph(run("Will Adeyinka", bold=True), run("   0:09\nOurs is in a drawer. It's locked: twice."))
        + paragraph(run("Nia Cadwallen", bold=True), run("  1:00:12"))
        + paragraph(run("Who has the key?"))
    ),
    "Sonix": docx(
        paragraph(run("Nia Cadwallen: ", bold=True), run("[00:00:04] Nobody had read the file."))
        + paragraph(run("Will Adeyinka: ", bold=True), run("[00:00:09] Ours is in a drawer. It's locked: twice."))
        + paragraph(run("Nia Cadwallen: ", bold=True), run("[01:00:12] Who has the key?"))
        + paragraph(run("Sonix is the world's most advanced automated transcription platform."))
    ),
    "names and a colon": lines_docx(
        "Nia Cadwallen: Nobody had read the file.",
        "Will Adeyinka: Ours is in a drawer.",
        "It's locked: twice.",
        "Nia Cadwallen: Who has the key?",
    ),
    "bold names": docx(
        paragraph(run("Nia Cadwallen", bold=True), run(" Nobody had read the file."))
        + paragraph(run("Will ", bold=True), run("Adeyinka", bold=True), run("\tOurs is in a drawer. It's locked: twice."))
        + paragraph(run("Nia Cadwallen", bold=True), run(" Who has the key?"))
    ),
    "bold names with a colon": docx(
        paragraph(run("Nia Cadwallen:", bold=True), run(" Nobody had read the file."))
        + paragraph(run("Will Adeyinka", bold=True), run(": Ours is in a drawer. It's locked: twice."))
        + paragraph(run("Nia Cadwallen: ", bold=True), run("Who has the key?"))
    ),
}  # fmt: skip


@pytest.mark.parametrize("layout", WORD)
def test_every_layout_of_word_gives_the_same_turns(tmp_path: Path, layout: str) -> None:
    assert turns(tmp_path, a_docx=WORD[layout]) == EXPECTED


def table(*rows: tuple[str, ...]) -> str:
    """A table of one paragraph a cell."""
    cells = ["".join(f"<w:tc>{paragraph(run(cell))}</w:tc>" for cell in row) for row in rows]
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"


@pytest.mark.parametrize(
    "rows",
    [
        [*EXPECTED],
        [("Speaker", "Transcript"), *EXPECTED],
        [("Time", "Speaker", "Transcript"), *((f"0:0{n}", *said) for n, said in enumerate(EXPECTED))],
        [("0:01", *EXPECTED[0]), ("0:04", *EXPECTED[1]), ("0:09", *EXPECTED[2])],
    ],
)
def test_a_table_in_word_gives_the_same_turns(tmp_path: Path, rows: list[tuple[str, ...]]) -> None:
    assert turns(tmp_path, a_docx=docx(paragraph(run("Minutes")) + table(*rows))) == EXPECTED


SAID_AND_TRANSLATED = [
    ("Nia Cadwallen", "Doedd neb wedi darllen y ffeil.", "Nobody had read the file."),
    ("Will Adeyinka", "Ours is in a drawer. It's locked: twice.", "Ours is in a drawer. It's locked: twice."),
    ("Nia Cadwallen", "Pwy sydd â'r allwedd?", "Who has the key, then?"),
]
BILINGUAL = {
    "labels on both sides": [(f"{name}: {said}", f"{name}: {told}") for name, said, told in SAID_AND_TRANSLATED],
    "labels on the left": [(f"{name}: {said}", told) for name, said, told in SAID_AND_TRANSLATED],
    "an office in each language": [
        ("Cadeirydd: Pwy sydd nesaf, felly?", "Chair: Who is next, then?"),
        *((f"{name}: {said}", f"{name}: {told}") for name, said, told in SAID_AND_TRANSLATED),
    ],
    "names in rows of their own": [
        cells for name, said, told in SAID_AND_TRANSLATED for cells in ((name, name), (said, told))
    ],
    "names in a column of their own": SAID_AND_TRANSLATED,
}


@pytest.mark.parametrize("layout", BILINGUAL)
def test_a_bilingual_record_is_read_as_it_was_said_and_not_twice(tmp_path: Path, layout: str) -> None:
    found = turns(tmp_path, a_docx=docx(table(*BILINGUAL[layout])))

    office = [("Cadeirydd", "Pwy sydd nesaf, felly?")] if "office" in layout else []
    assert found == [*office, *((name, said) for name, said, _ in SAID_AND_TRANSLATED)]
    translated = " ".join(text for text, _ in left_out(tmp_path))
    assert "Nobody had read the file." in translated
    assert "Who has the key, then?" in translated


def test_notes_beside_what_was_said_become_nobodys_words(tmp_path: Path) -> None:
    notes = ("trust; files", "humour?", "access")
    rows = [(f"{name}: {words}", note) for (name, words), note in zip(EXPECTED, notes, strict=True)]

    assert turns(tmp_path, a_docx=docx(table(*rows))) == EXPECTED
    assert [text for text, _ in left_out(tmp_path)] == [*notes]


def test_a_note_beside_an_empty_cell_makes_no_words_of_the_others(tmp_path: Path) -> None:
    rows = [(f"{name}: {words}", "trust") for name, words in EXPECTED]
    rows = [rows[0], ("", "and the files"), ("", "humour?"), *rows[1:]]

    assert turns(tmp_path, a_docx=docx(table(*rows))) == EXPECTED
    assert [text for text, _ in left_out(tmp_path)] == ["trust", "and the files", "humour?", "trust", "trust"]


def test_question_and_answer_side_by_side_are_two_peoples_words(tmp_path: Path) -> None:
    rows = [
        ("Nia Cadwallen: Nobody had read the file.", "Will Adeyinka: Ours is in a drawer. It's locked: twice."),
        ("Nia Cadwallen: Who has the key?", "Will Adeyinka: Rose has it, since the summer."),
    ]

    assert turns(tmp_path, a_docx=docx(table(*rows))) == [
        *EXPECTED,
        ("Will Adeyinka", "Rose has it, since the summer."),
    ]


def test_a_column_that_says_who_somebody_is_holds_no_words_of_theirs(tmp_path: Path) -> None:
    rows = [(f"Participant: {name}", words) for name, words in EXPECTED]

    assert [words for _, words in turns(tmp_path, a_docx=docx(table(*rows)))] == [words for _, words in EXPECTED]


def test_what_was_inserted_counts_and_what_was_deleted_does_not(tmp_path: Path) -> None:
    body = paragraph(
        run("Nia: Nobody "),
        f"<w:ins>{run('had ')}</w:ins>",
        "<w:del><w:r><w:delText>never </w:delText></w:r></w:del>",
        f"<w:sdt><w:sdtContent>{run('read it.')}</w:sdtContent></w:sdt>",
    )
    document = docx(body + paragraph(run("Will: No.")) + paragraph(run("Nia: So.")))
    assert turns(tmp_path, a_docx=document)[0] == ("Nia", "Nobody had read it.")
    assert left_out(tmp_path) == [("never", "deleted in the document, with its changes tracked")]


def test_heads_of_pages_notes_and_text_boxes_are_nobodys_words(tmp_path: Path) -> None:
    box = f"<w:r><w:pict><w:txbxContent>{paragraph(run('a box'))}</w:txbxContent></w:pict></w:r>"
    document = docx(
        paragraph(run("Nia: Yes."), box) + paragraph(run("Will: No.")) + paragraph(run("Nia: So.")),
        hdr1="", header1=paragraph(run("DRAFT")), footnotes=paragraph(run("a footnote")), comments=paragraph(run("check")),
    )  # fmt: skip
    assert turns(tmp_path, a_docx=document) == [("Nia", "Yes."), ("Will", "No."), ("Nia", "So.")]
    assert left_out(tmp_path) == [
        ("a box", "in a text box"),
        ("DRAFT", "the head of a page"),
        ("a footnote", "a footnote"),
        ("check", "a comment in the margin"),
    ]


def test_what_a_machine_noted_beside_the_transcript_never_becomes_a_turn(tmp_path: Path) -> None:
    document = lines_docx(
        "📝 Notes",
        "24 Feb 2026",
        "One public service",
        "Summary",
        "Nia Cadwallen said that nobody had read the file.",
        "Details",
        "The drawer: Will Adeyinka explained that it is locked (00:00:04).",
        "Nia Cadwallen: will find the key.",
        "Suggested next steps",
        "Will Adeyinka will buy a drawer.",
        "📖 Transcript",
        "24 Feb 2026",
        "One public service - Transcript",
        "00:00:00",
        "Nia Cadwallen: Nobody had read the file.",
        "Will Adeyinka: Ours is in a drawer. It's locked: twice.",
        "00:05:00",
        "Nia Cadwallen: Who has the key?",
        "Transcription ended after 00:05:41",
        "This editable transcript was computer generated and might contain errors.",
    )
    assert turns(tmp_path, a_docx=document) == EXPECTED
    notes = [words for words, reason in left_out(tmp_path) if reason == "notes beside the transcript: nobody said them"]
    assert len(notes) == 10


@pytest.mark.parametrize(("transcript", "summary"), [("Transcript", "Summary"), ("Trawsgrifiad", "Camau nesaf")])
def test_notes_that_come_after_the_transcript_never_become_a_turn(
    tmp_path: Path, transcript: str, summary: str
) -> None:
    document = lines_docx(
        transcript,
        "Nia Cadwallen: Nobody had read the file.",
        "Will Adeyinka: Ours is in a drawer. It's locked: twice.",
        "Nia Cadwallen: Who has the key?",
        summary,
        "Nia Cadwallen: wants a key.",
    )
    assert turns(tmp_path, a_docx=document) == EXPECTED


def odt_lines(*lines: str) -> bytes:
    """An OpenDocument text of a paragraph a line."""
    return odt("".join(f"<text:p>{line}</text:p>" for line in lines))


def test_open_document_keeps_its_spaces_breaks_and_insertions(tmp_path: Path) -> None:
    document = odt_lines(
        "Nia Cadwallen<text:s text:c='3'/>0:04<text:line-break/>Nobody had <text:span>read</text:span> the file.",
        "Will Adeyinka<text:tab/>0:09<text:line-break/>Ours is in a drawer. It's locked: twice.",
        "Nia Cadwallen 0:12<text:line-break/>Who has<text:s/>the key?<office:annotation><text:p>check</text:p></office:annotation>",
    )
    assert turns(tmp_path, a_odt=document) == EXPECTED
    assert left_out(tmp_path) == [("check", "a comment in the margin")]


def test_open_document_tables_and_bold_names_are_read(tmp_path: Path) -> None:
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>"
    rows = "".join(f"<table:table-row>{''.join(map(cell.format, said))}</table:table-row>" for said in EXPECTED)
    assert turns(tmp_path, a_odt=odt(f"<table:table>{rows}</table:table>")) == EXPECTED


RTF = r"""{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Calibri;}}{\info{\author Rose Delahaye}}
{\header \pard DRAFT\par}\pard{\b Nia Cadwallen:} Nobody had {\deleted never }read the file.\par
{\b Will Adeyinka:} Ours is in a drawer. It\rquote s locked: twice.\par
{\b Nia Cadwallen:} Who has the key? Si\'e2n, t\u375?\{!\}\par}"""


def test_rich_text_gives_its_words_and_nothing_of_its_marks(tmp_path: Path) -> None:
    assert turns(tmp_path, a_rtf=RTF.encode("ascii")) == [
        EXPECTED[0],
        ("Will Adeyinka", "Ours is in a drawer. It’s locked: twice."),
        ("Nia Cadwallen", "Who has the key? Siân, tŷ?{!}".replace("ŷ?", "ŷ")),
    ]
    assert left_out(tmp_path) == [
        ("DRAFT", "the head of a page"),
        ("never", "deleted in the document, with its changes tracked"),
    ]


def test_a_heading_in_rich_text_is_put_in_nobodys_mouth(tmp_path: Path) -> None:
    text = rb"{\rtf1{\stylesheet{\s0 Normal;}{\s2\b\fs26 heading 2;}}\pard Nia: We did.\par {}Will: Did you?\par }"
    text = text.replace(b"{}", rb"\pard\s2\b Risk\par \pard\plain ")
    assert turns(tmp_path, a_rtf=text) == [("Nia", "We did."), ("Will", "Did you?")]
    assert left_out(tmp_path) == [("Risk", "a heading: nobody is said to have said it")]


def test_a_pdf_gives_its_words_and_not_the_edges_of_its_pages(tmp_path: Path) -> None:
    pages = [
        ["One public service", "Nia Cadwallen: Nobody had read the", "file.", "Page 1"],
        ["One public service", "Will Adeyinka: Ours is in a drawer. It's", "locked: twice.", "Page 2"],
        ["One public service", "Nia Cadwallen: Who has the key?", "Page 3"],
    ]
    assert turns(tmp_path, a_pdf=pdf(*pages)) == EXPECTED
    assert {words for words, _ in left_out(tmp_path)} == {"One public service", "Page 1", "Page 2", "Page 3"}


def test_a_pdf_of_pictures_is_refused_with_advice(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="OCR"):
        read(tmp_path, a_pdf=pdf([], []))


def test_a_part_that_has_a_password_is_refused_with_what_to_do(tmp_path: Path) -> None:
    """The bits that say so are the seventh byte of a part and the ninth of its entry in the list at the end."""
    content = bytearray(odt("<text:p>Nia: Nobody had read the file.</text:p>"))
    content[content.index(b"PK\x03\x04") + 6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(UnreadableFile, match=r"a\.odt has a password: save it without one"):
        turns(tmp_path, a_odt=bytes(content))


def test_a_doc_under_the_name_of_a_docx_is_refused_with_advice(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"save it as \.docx"):
        read(tmp_path, a_docx=b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)


def test_a_document_that_declares_entities_is_not_opened(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><d>&b;</d>'
    with pytest.raises(UnreadableFile, match="entities"):
        read(tmp_path, a_docx=zipped({"word/document.xml": bomb}))


def test_a_document_that_unpacks_without_end_is_not_opened(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="unpacks to more"):
        read(tmp_path, a_docx=zipped({"word/document.xml": " " * 30_000_000}))


def test_a_bold_word_after_a_bold_name_is_said(tmp_path: Path) -> None:
    content = docx(
        paragraph(run("Nia:", bold=True), run(" "), run("Never", bold=True), run(" again."))
        + paragraph(run("Will Adeyinka", bold=True), run(" [Inaudible.] it is."))
        + paragraph(run("Nia:", bold=True), run(" Never."))
    )
    assert turns(tmp_path, a_docx=content) == [
        ("Nia", "Never again."),
        ("Will Adeyinka", "[Inaudible.] it is."),
        ("Nia", "Never."),
    ]


def test_what_a_picture_in_opendocument_shows_is_no_part_of_a_name(tmp_path: Path) -> None:
    picture = "<draw:frame><draw:image/><svg:desc>Nia's picture</svg:desc></draw:frame>"
    body = "".join(
        f"<text:p>{picture}{who}   0:0{n}<text:line-break/>{words}</text:p>" for n, (who, words) in enumerate(EXPECTED)
    )
    assert turns(tmp_path, a_odt=odt(body)) == EXPECTED
    assert ("Nia's picture", "what a picture is said to show") in left_out(tmp_path)


@pytest.mark.parametrize("apart", [False, True])
def test_the_numbers_of_a_pages_lines_are_not_said(tmp_path: Path, apart: bool) -> None:
    said = [f"{who}: {words}" for who, words in (*EXPECTED, *EXPECTED)]
    numbers = [str(n) for n in range(1, 7)]
    page = [*said, *numbers] if apart else [f"{n} {line}" for n, line in zip(numbers, said, strict=True)]
    assert turns(tmp_path, a_pdf=pdf(page))[:2] == EXPECTED[:2]
    assert left_out(tmp_path)[0] == ("1", "the number of a line")


def test_a_cell_may_hold_a_name_and_its_time(tmp_path: Path) -> None:
    rows = "".join(
        f"<w:tr><w:tc>{paragraph(run(who))}{paragraph(run(f'00:0{n}'))}</w:tc><w:tc>{paragraph(run(words))}</w:tc></w:tr>"
        for n, (who, words) in enumerate(EXPECTED)
    )
    assert turns(tmp_path, a_docx=docx(f"<w:tbl>{rows}</w:tbl>")) == EXPECTED
    assert list(read(tmp_path).source_turns["start_s"]) == [0, 1, 2]


def test_who_started_the_transcription_did_not_say_so_though_the_name_is_bold(tmp_path: Path) -> None:
    made = docx(
        paragraph(run("Nia Cadwallen", bold=True), run(" started transcription"))
        + paragraph(run("Nia Cadwallen", bold=True), run("   0:03\nWho has the key?"))
        + paragraph(run("Will Adeyinka", bold=True), run("   0:06\nNobody."))
        + paragraph(run("Nia Cadwallen", bold=True), run(" stopped transcription"))
    )
    assert turns(tmp_path, a_docx=made) == [("Nia Cadwallen", "Who has the key?"), ("Will Adeyinka", "Nobody.")]


def test_captions_that_were_pasted_into_word_keep_their_voices(tmp_path: Path) -> None:
    made = lines_docx("WEBVTT", "", "00:01.000 --> 00:02.000", "<v Nia Cadwallen>Who has it?</v>", "",
                      "00:03.000 --> 00:04.000", "<v Will Adeyinka>Nobody.</v>")  # fmt: skip
    assert turns(tmp_path, a_docx=made) == [("Nia Cadwallen", "Who has it?"), ("Will Adeyinka", "Nobody.")]


def test_words_that_a_page_cuts_at_the_ends_of_lines_are_counted_for_people_to_see(tmp_path: Path) -> None:
    made = pdf(["Nia Cadwallen: We asked the coun-", "cil.", "Will Adeyinka: Well -", "no.", "Nia Cadwallen: So."])
    doubts = [doubt.what for file in read(tmp_path, a_pdf=made).report.files for doubt in file.doubts]
    assert doubts == ["1 words may be cut at the ends of lines (coun- cil): they stay as the page has them"]


def test_rich_text_of_an_old_mac_keeps_its_letters(tmp_path: Path) -> None:
    text = rb"{\rtf1\mac\ansicpg10000 Nia: The carers\'d5 form.\par Will: Si\'89n\'d5s?\par Nia: Yes.}"
    assert turns(tmp_path, a_rtf=text)[:2] == [("Nia", "The carers’ form."), ("Will", "Siân’s?")]


def test_a_page_that_goes_back_up_halfway_is_pointed_at() -> None:
    """Names in a column of their own all stood before the words, which were all the last one's."""
    column = [780.0 - 14 * line for line in range(9)]
    assert _out_of_order(column + column)
    assert not _out_of_order([40.0, *column])
    assert not _out_of_order([*column, 820.0, 806.0])


SPOKEN = [
    (who, f"We waited {weeks} weeks for it and nobody rang us.")
    for weeks, who in enumerate(("Nia Rees", "Will Hall") * 4)
]


def test_names_in_bold_are_found_on_the_pages_of_a_pdf(tmp_path: Path) -> None:
    """A typist's file with names in bold and no colon had no speakers once it was printed."""
    pieces = [
        piece
        for line, (who, words) in enumerate(SPOKEN)
        for piece in (
            (50, 780 - 30 * line, f"*{who} *"),
            (110, 780 - 30 * line, words),
            (50, 766 - 30 * line, "Not once."),
        )
    ]
    said = [(who, f"{words} Not once.") for who, words in SPOKEN]
    assert turns(tmp_path, a_pdf=placed_pdf(pieces)) == said


@pytest.mark.parametrize("numbered", [True, False])
def test_a_table_on_the_pages_of_a_pdf_is_read_row_by_row(tmp_path: Path, numbered: bool) -> None:
    """Cells are written one after the other, each with its lines; a row may go on on the next page."""
    pages: list[list[tuple[int, int, str]]] = []
    for first in (0, 4):
        titles = [(90, 800, "Amser / Time"), (170, 800, "Pwy / Who"), (260, 800, "Geiriau / Words")]
        pages.append([(50, 820, "Roundtable three"), (50, 800, "No."), *titles])
        for row, (who, words) in enumerate(SPOKEN[first : first + 4]):
            y = 780 - 40 * row
            cells = [(90, y, f"00:0{first + row}:07"), (170, y, who.split()[0]), (170, y - 14, who.split()[1])]
            words_in_lines = [(260, y, words[:17]), (260, y - 14, words[18:])]
            pages[-1] += [(50, y, str(first + row + 1)), *cells, *words_in_lines]
    pages.append([(50, 820, "Roundtable three"), (260, 780, "And then they did.")])
    if not numbered:
        pages = [[piece for piece in page if piece[0] != 50 or piece[1] > 800] for page in pages]
    pages = [[*page, (300, 40, str(number))] for number, page in enumerate(pages, 1)]
    said = [*SPOKEN[:-1], (SPOKEN[-1][0], f"{SPOKEN[-1][1]} And then they did.")]
    assert turns(tmp_path, a_pdf=placed_pdf(*pages)) == said
    assert {words for words, reason in left_out(tmp_path) if reason == "the head or foot of a page"} == {
        "Roundtable three",
        "1",
        "2",
        "3",
    }


def test_a_double_barrelled_name_that_its_column_cuts_is_one(tmp_path: Path) -> None:
    rows = [
        [
            (50, y, "Nia Pryce-" if y % 80 else "Will Hall"),
            *([(50, y - 14, "Roberts")] if y % 80 else []),
            (150, y, "We waited for it."),
        ]
        for y in range(760, 360, -40)
    ]
    read_turns = turns(tmp_path, a_pdf=placed_pdf([piece for row in rows for piece in row]))
    assert {who for who, _ in read_turns} == {"Nia Pryce-Roberts", "Will Hall"}


def test_bold_words_at_the_start_of_a_line_of_a_pdf_are_said(tmp_path: Path) -> None:
    """They made "Council Tax" a speaker, in a file with names before colons."""
    pieces = [(50, 780 - 45 * line, f"{who}: {words}") for line, (who, words) in enumerate(SPOKEN)]
    for line in (0, 3, 6):
        pieces += [(50, 766 - 45 * line, "*Council Tax *"), (120, 766 - 45 * line, "went up.")]
    pieces.sort(key=lambda piece: (-piece[1], piece[0]))
    said = [
        (who, words + (" Council Tax went up." if line % 3 == 0 else "")) for line, (who, words) in enumerate(SPOKEN)
    ]
    assert turns(tmp_path, a_pdf=placed_pdf(pieces)) == said


def test_the_numbers_of_every_fifth_line_of_a_page_are_not_said_on_its_last_page_either(tmp_path: Path) -> None:
    pages = [[f"Nia: We waited {n}.", "And we waited.", "Will: Yes.", "So did I.", "5 Nia: And then?"] for n in "abc"]
    pages = [[*page, "Well.", "Will: Well.", "We left.", "Both.", "10 Nia: So."] for page in pages]
    made = turns(tmp_path, a_pdf=pdf(*pages, pages[0][:5]))
    assert {who for who, _ in made} == {"Nia", "Will"}
    assert not any(digit in words for _, words in made for digit in "50")
