"""A folder of transcripts: which files are read, under which codes, and what is said when something is wrong."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from pipeline.errors import ConfigError, CorpusError, NoSpeakers, UnreadableFile
from pipeline.ingest import check_corpus, read_corpus
from pipeline.ingest.readers import MOST_BYTES
from tests.unit.ingest.files import corpus, lines_docx, read

TALK = "Nia: {}\nWill: No.\nNia: So.\n"


def codes(folder: Path) -> dict[str, str]:
    """Which file has which code."""
    sources = read_corpus(folder).sources
    return dict(zip(sources["path"], sources["transcript_id"], strict=True))


def test_codes_follow_file_names_and_hold_none(tmp_path: Path) -> None:
    for name in ("meeting 10.txt", "Meeting 2.txt", "nia cadwallen.txt"):
        (tmp_path / name).write_text(TALK.format(name))
    assert codes(tmp_path) == {"Meeting 2.txt": "rt1", "meeting 10.txt": "rt2", "nia cadwallen.txt": "rt3"}


def test_a_transcript_that_is_added_behind_the_others_renumbers_none(tmp_path: Path) -> None:
    corpus(tmp_path, a1_txt=TALK.format(1), a2_txt=TALK.format(2))
    before = codes(tmp_path)
    corpus(tmp_path, a3_txt=TALK.format(3))
    assert codes(tmp_path) == {**before, "a3.txt": "rt3"}


def codes_again(folder: Path, previous: pd.DataFrame) -> dict[str, str]:
    """Which file has which code, where the same series was read before."""
    sources = read_corpus(folder, previous=previous).sources
    return dict(zip(sources["path"], sources["transcript_id"], strict=True))


def test_a_transcript_that_is_added_between_the_others_renumbers_none(tmp_path: Path) -> None:
    before = read(tmp_path, a1_txt=TALK.format(1), a3_txt=TALK.format(3)).given_codes
    corpus(tmp_path, a2_txt=TALK.format(2))
    assert codes_again(tmp_path, before) == {"a1.txt": "rt1", "a2.txt": "rt3", "a3.txt": "rt2"}


def test_a_file_that_is_renamed_or_corrected_keeps_its_code_and_one_that_is_gone_leaves_none(tmp_path: Path) -> None:
    files = {f"a{number}_txt": TALK.format(number) for number in (1, 2, 3)}
    before = read(tmp_path, **files).given_codes
    (tmp_path / "a1.txt").rename(tmp_path / "b1.txt")
    (tmp_path / "a2.txt").write_text(TALK.format("Two."))
    (tmp_path / "a3.txt").unlink()
    corpus(tmp_path, a0_txt=TALK.format(0))
    assert codes_again(tmp_path, before) == {"a0.txt": "rt4", "a2.txt": "rt2", "b1.txt": "rt1"}


def test_a_file_that_comes_back_has_its_code_again_and_nobody_else_had_it_meanwhile(tmp_path: Path) -> None:
    """Decisions about it, and a voice that has withdrawn in it, were told of the transcript that came after it."""
    before = read(tmp_path, a1_txt=TALK.format(1), a2_txt=TALK.format(2), a3_txt=TALK.format(3)).given_codes
    for gone in ("a2.txt", "a3.txt"):
        (tmp_path / gone).unlink()
    without = read_corpus(tmp_path, previous=before)
    corpus(tmp_path, a4_txt=TALK.format(4))
    more = read_corpus(tmp_path, previous=without.given_codes)
    assert dict(zip(more.sources["path"], more.sources["transcript_id"], strict=True)) == {
        "a1.txt": "rt1", "a4.txt": "rt4"
    }  # fmt: skip
    corpus(tmp_path, a2_txt=TALK.format("Two, corrected."), b3_txt=TALK.format(3))
    assert codes_again(tmp_path, more.given_codes) == {
        "a1.txt": "rt1", "a2.txt": "rt2", "a4.txt": "rt4", "b3.txt": "rt3"
    }  # fmt: skip


def test_a_code_that_the_series_gives_is_kept_by_nobody_else(tmp_path: Path) -> None:
    before = read(tmp_path, a_txt=TALK.format(1), b_txt=TALK.format(2)).given_codes
    corpus(tmp_path, series_toml='[[roundtables]]\ncode = "rt1"\nfiles = ["b.txt"]\n')
    assert codes_again(tmp_path, before) == {"a.txt": "rt3", "b.txt": "rt1"}


def test_another_series_in_the_same_place_has_codes_of_its_own(tmp_path: Path) -> None:
    before = read(tmp_path, a_txt=TALK.format(1)).given_codes
    (tmp_path / "a.txt").unlink()
    corpus(tmp_path, b_txt=TALK.format(2))
    assert codes_again(tmp_path, before) == {"b.txt": "rt1"}


def test_the_series_gives_codes_titles_questions_and_who_facilitates(tmp_path: Path) -> None:
    series = """
title = "One public service"
language = "en"

[[roundtables]]
code = "trust"
files = ["b.txt", "c*.txt"]
title = "Trust"
date = 2026-04-21
facilitators = ["Rose Delahaye"]
questions = ["Who pays?", "Who is not in the room?"]

[[roundtables]]
code = "risk"
files = ["a.txt"]
date = 2026-02-24
"""
    read_in = read(tmp_path, a_txt=TALK.format(1), b_txt=TALK.format(2), c9_txt=TALK.format(3), series_toml=series)
    sources = read_in.sources
    assert list(zip(sources["path"], sources["transcript_id"], sources["roundtable_id"], strict=True)) == [
        ("a.txt", "risk", "risk"),
        ("b.txt", "trust", "trust"),
        ("c9.txt", "trustb", "trust"),
    ]
    assert read_in.roundtables[["roundtable_id", "order", "title", "date", "language"]].to_dict("records") == [
        {"roundtable_id": "risk", "order": 1, "title": "", "date": "2026-02-24", "language": "en"},
        {"roundtable_id": "trust", "order": 2, "title": "Trust", "date": "2026-04-21", "language": "en"},
    ]
    assert list(read_in.roundtables["questions"]) == [(), ("Who pays?", "Who is not in the room?")]
    assert read_in.roster[["name", "role", "roundtables"]].to_dict("records") == [
        {"name": "Rose Delahaye", "role": "facilitator", "roundtables": ("trust",)}
    ]


def test_a_label_can_be_told_to_be_somebody(tmp_path: Path) -> None:
    series = '[[roundtables]]\ncode = "rt1"\nfiles = ["a.txt"]\nspeakers = {SPEAKER_00 = "Nia Cadwallen"}\n'
    read_in = read(tmp_path, a_txt="SPEAKER_00: Yes.\nSPEAKER_01: No.\n", series_toml=series)
    assert list(read_in.source_turns["speaker_name"]) == ["Nia Cadwallen", "SPEAKER_01"]


def test_two_labels_told_to_be_one_person_make_one_turn(tmp_path: Path) -> None:
    series = 'speakers = {Nia = "Nia Cadwallen", SPEAKER_00 = "Nia Cadwallen"}\n'
    read_in = read(tmp_path, a_txt="Nia: One.\nSPEAKER_00: Two.\nWill: No.\nNia: So.\n", series_toml=series)
    assert list(read_in.source_turns["text"]) == ["One. Two.", "No.", "So."]


@pytest.mark.parametrize(
    ("series", "message"),
    [
        ("title = ", "is not TOML"),
        ("titel = 'x'", "unknown key titel; did you mean title?"),
        ("[[roundtables]]\nfiles = []", r"\[\[roundtables\]\] number 1 has no code: give it one"),
        ("[[roundtables]]\ncode = 'Nia C'", "roundtables.1.code: a code is a small letter"),
        ("[[roundtables]]\ncode = 'a'\n[[roundtables]]\ncode = 'a'", "the code a is given to two"),
        (
            "[[roundtables]]\ncode = 'a'\nfiles = ['gone.txt']",
            "a names gone.txt, and there is no such file: put it there",
        ),
        ("[[roundtables]]\ncode = 'a'\nfiles = ['a.txt', 'a*']", "which an earlier line or roundtable names too"),
        ("leave_out = ['a*']\n[[roundtables]]\ncode = 'a'\nfiles = ['b.txt', 'a*']", "which .* was left out"),
        ("[[roundtables]]\ncode = 'a'\ndate = 'soon'", "roundtables.1.date"),
    ],
)
def test_a_series_that_cannot_be_used_says_where(tmp_path: Path, series: str, message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        read(tmp_path, a_txt=TALK.format(1), b_txt=TALK.format(2), series_toml=series)


def test_the_roster_is_read_as_people_write_it(tmp_path: Path) -> None:
    roster = """Name;Aliases;Role;Organisation;Sector;Consent;Roundtables
Siân Tregarth;Sian, Cyngor;;Cantref Bay Council;local government;Quote with role;rt1
None;;Observer;;;no quotes;
Will Adeyinka;;chair;;;Withdrawn;
Rose;;;;;;
"""
    entries = read(tmp_path, a_txt=TALK.format(1), participants_csv=roster.encode("cp1252")).roster
    assert entries[["name", "role", "consent", "roundtables"]].to_dict("records") == [
        {"name": "None", "role": "observer", "consent": "no_quotes", "roundtables": ()},
        {"name": "Rose", "role": "participant", "consent": "quote_without_attribution", "roundtables": ()},
        {"name": "Siân Tregarth", "role": "participant", "consent": "quote_with_role", "roundtables": ("rt1",)},
        {"name": "Will Adeyinka", "role": "facilitator", "consent": "withdrawn", "roundtables": ()},
    ]


@pytest.mark.parametrize(
    ("roster", "message"),
    [
        ("who,role\nNia,participant\n", "its first line has to name the columns"),
        ("name,shoe size\nNia,7\n", "line 1: column 2 is none of"),
        ("name,role\nNia,queen\n", "line 2: the role is none of participant, facilitator, observer"),
        ("name,consent\nNia,perhaps\n", "line 2: the consent is none of quote with role"),
        ("name,roundtables\nNia,rt9\n", "line 2: roundtable 1 is none of rt1"),
        ("name,role\n,observer\n", "line 2: the name is missing"),
        ("name,role\nNia,observer\nnia,participant\n", "line 3: the same name and organisation as in line 2"),
        ("name,role\nNia,observer,x\n", "line 2: 3 cells for 2 columns"),
    ],
)
def test_a_roster_that_cannot_be_used_says_the_line_and_no_name(tmp_path: Path, roster: str, message: str) -> None:
    with pytest.raises(CorpusError, match=message) as caught:
        read(tmp_path, a_txt=TALK.format(1), participants_csv=roster)
    assert "nia" not in str(caught.value).casefold().replace(str(tmp_path).casefold(), "")


def test_a_roster_says_every_line_that_cannot_be_used(tmp_path: Path) -> None:
    roster = "name,role,roundtables\nNia,,rt1\nMali,,rt9\nElin,queen,rt1\nGwen,,rt9\nCeri,,rt1;rt9\n"
    with pytest.raises(CorpusError) as caught:
        read(tmp_path, a_txt=TALK.format(1), participants_csv=roster)
    assert str(caught.value).partition(", ")[2] == (
        "lines 3, 5: roundtable 1 is none of rt1; line 4: the role is none of participant, facilitator, observer; "
        "line 6: roundtable 2 is none of rt1"
    )


def test_files_that_are_no_transcripts_are_passed_over_and_reported(tmp_path: Path) -> None:
    corpus(tmp_path, a_txt=TALK.format(1), b_txt=TALK.format(1), c_mp4=b"\0", d_txt="a list", README_md="# Corpus")
    (tmp_path / ".hidden.txt").write_text("x")
    (tmp_path / "series.toml").write_text('leave_out = ["d.*"]')
    report = check_corpus(tmp_path)
    assert [(passed.path, passed.reason) for passed in report.passed_over] == [
        ("c.mp4", "not a kind of transcript that is read"),
        ("d.txt", "left out, as series.toml says"),
        ("README.md", "not a kind of transcript that is read"),
        ("b.txt", "the same file once more (as rt1)"),
    ]
    omissions = read_corpus(tmp_path).omissions
    assert len(omissions[omissions["subject_id"] == "corpus"]) == 4


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    outside, inside = tmp_path / "outside", tmp_path / "inside"
    outside.mkdir(), inside.mkdir()
    corpus(outside, secret_txt=TALK.format("secret"))
    corpus(inside, a_txt=TALK.format(1))
    (inside / "b.txt").symlink_to(outside / "secret.txt")
    (inside / "folder").symlink_to(outside)
    read_in = read_corpus(inside)
    assert list(read_in.sources["path"]) == ["a.txt"]
    assert [passed.reason for passed in read_in.report.passed_over] == [
        "a link: nothing outside the folder is read"
    ] * 2


def test_an_empty_folder_says_what_is_looked_for(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"no transcripts in .* \(looking for \.vtt, \.srt"):
        read_corpus(tmp_path)
    with pytest.raises(CorpusError, match="no folder"):
        read_corpus(tmp_path / "gone")


def test_all_files_that_cannot_be_read_are_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read(tmp_path, a_txt="", b_doc=b"x", c_docx=b"PK", d_txt=TALK.format(1))
    message = str(caught.value)
    assert "a.txt is empty" in message and "save it as .docx" in message and "c.docx is damaged" in message


def test_the_order_in_which_files_were_made_changes_no_table(tmp_path: Path) -> None:
    files = {
        "b.txt": TALK.format(2).encode(),
        "a.docx": lines_docx("Nia: Yes.", "Will: No."),
        "c.txt": TALK.format(3).encode(),
    }
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir(), two.mkdir()
    for folder, names in ((one, sorted(files)), (two, sorted(files, reverse=True))):
        for name in names:
            (folder / name).write_bytes(files[name])
    for left, right in zip(read_corpus(one)[:6], read_corpus(two)[:6], strict=True):
        assert left.equals(right)


def test_subfolders_are_read_too(tmp_path: Path) -> None:
    (tmp_path / "2026").mkdir()
    corpus(tmp_path / "2026", a_txt=TALK.format(1))
    assert codes(tmp_path) == {"2026/a.txt": "rt1"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_the_encoding_is_found(tmp_path: Path, encoding: str) -> None:
    text = "Siân: Mae’n ddrud — £5.\nWill: No.\nSiân: Ie.\n"
    read_in = read(tmp_path, a_txt=text.encode(encoding))
    assert next(iter(read_in.source_turns["text"])) == "Mae’n ddrud — £5."
    assert read_in.sources["encoding"][0] == encoding


def test_an_encoding_that_is_told_is_taken(tmp_path: Path) -> None:
    corpus(tmp_path, a_txt="Siân: Tŷ.\nWill: No.\nSiân: Ie.\n".encode("iso8859-14"))
    assert next(iter(read_corpus(tmp_path, encoding="iso8859-14").source_turns["text"])) == "Tŷ."
    shutil.rmtree(tmp_path / "x", ignore_errors=True)
    with pytest.raises(UnreadableFile, match="is not text in utf-8"):
        read_corpus(tmp_path, encoding="utf-8")


@pytest.mark.parametrize("encoding", ["nonsense", "rot13", "base64", "undefined"])
def test_what_is_no_encoding_of_a_text_is_said(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.txt").write_bytes(b"Anwen Prosser: We promise people a call.")
    with pytest.raises(ConfigError, match="no encoding is called"):
        read_corpus(tmp_path, encoding=encoding)


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            ["a/series.toml", "b/participants.csv"],
            r"corpora holds several series: name one \(.*corpora.a, .*corpora.b\)",
        ),
        (["a/participants.csv"], r"corpora holds a series, and is none itself: name one \(.*corpora.a\)"),
        (["series.toml", "a/participants.csv"], r"corpora is a series, and so is .*corpora.a: "),
    ],
)
def test_the_folder_above_a_series_is_no_series(files: list[str], expected: str, tmp_path: Path) -> None:
    for name in files:
        path = tmp_path / "corpora" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("name\nNia Cadwallen\n" if name.endswith(".csv") else "")
        (path.parent / "round 1.txt").write_text("Nia Cadwallen: Well.\nIolo Penhallow: Quite.\n")
    with pytest.raises(CorpusError, match=expected):
        check_corpus(tmp_path / "corpora")


def test_one_talk_in_two_files_is_asked_about(tmp_path: Path) -> None:
    """Teams gives a meeting as .vtt and as .docx: everything that was said there counted twice."""
    said = [f"This is what I said at the table, for the {n} time." for n in ("first", "second", "third", "fourth")]
    lines = [f"{'Nia Will'.split()[number % 2]}: {words}" for number, words in enumerate(said)]
    corpus(tmp_path, a_docx=lines_docx(*lines), b_txt="\n".join(lines), c_txt=TALK.format(lines[0].split(": ")[1]))
    asked = [question for question in check_corpus(tmp_path).questions if "word for word" in question]
    assert [question.partition(" say ")[0] for question in asked] == ["rt1, rt2"]


def test_who_speaks_is_asked_of_talks_in_which_nobody_is_named(tmp_path: Path) -> None:
    nobody = "SPEAKER_00: One thing.\nSPEAKER_01: Two things.\n"
    corpus(tmp_path, a_txt=nobody, b_txt="Nia: One thing.\nSPEAKER_01: Two things.\n", c_txt=nobody.replace("One", "A"))
    asked = [question for question in check_corpus(tmp_path).questions if question.startswith("nobody is named")]
    assert [question.partition(":")[0] for question in asked] == ["nobody is named in rt1, rt3"]


def test_who_speaks_and_is_not_on_the_roster_is_asked_about_whatever_its_spelling(tmp_path: Path) -> None:
    roster = "name,aliases\nSiân Tregarth,\nWill Adeyinka,Bill\n"
    said = (
        "Sian Tregarth (Cantref Bay): One thing.\nBill: Two things.\nSiân: Three.\nMali Wyn: Four.\nSPEAKER_00: Five.\n"
    )
    corpus(tmp_path, participants_csv=roster, a_txt=said)
    asked = [question for question in check_corpus(tmp_path).questions if "participants.csv" in question]
    assert [question.partition(":")[0] for question in asked] == [
        "Mali Wyn speaks at rt1 and is not in participants.csv"
    ]


def test_a_roster_says_every_line_that_comes_twice(tmp_path: Path) -> None:
    roster = "name,organisation\nNia,\nMali,Cantref\nnia,\nMali,\nNIA,\nmali,cantref\n"
    with pytest.raises(CorpusError) as caught:
        read(tmp_path, a_txt=TALK.format(1), participants_csv=roster)
    assert str(caught.value).partition(", ")[2] == (
        "lines 4, 6: the same name and organisation as in line 2; line 7: the same name and organisation as in line 3; "
        "take one of the two out, or tell two people apart by their organisations"
    )


def test_a_folder_of_nothing_but_an_archive_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "all.zip").write_bytes(b"PK")
    with pytest.raises(CorpusError, match=r"no transcripts in .*: unpack all\.zip there"):
        read_corpus(tmp_path)


def test_an_archive_is_passed_over_with_what_to_do(tmp_path: Path) -> None:
    corpus(tmp_path, a_txt=TALK.format(1), b_zip=b"PK")
    assert [passed.reason for passed in check_corpus(tmp_path).passed_over] == [
        "an archive: unpack it there if it holds transcripts"
    ]


@pytest.mark.parametrize(
    ("name", "advice", "alone"),
    [
        ("b.html", "a web page: open it in Word and save it as .docx", "save b.html as .docx"),
        ("b.eaf", "a program's own file: export it from there as .txt", "export b.eaf as .txt"),
        ("b.TTML", "a program's own file: export it from there as .txt", "export b.TTML as .txt"),
    ],
)
def test_what_may_hold_a_transcript_is_passed_over_with_what_to_do(
    tmp_path: Path, name: str, advice: str, alone: str
) -> None:
    (tmp_path / name).write_bytes(b"<p>Nia: Yes.</p>")
    with pytest.raises(CorpusError, match=rf"no transcripts in .*: {alone}"):
        read_corpus(tmp_path)
    corpus(tmp_path, a_txt=TALK.format(1))
    assert [passed.reason.startswith(advice) for passed in check_corpus(tmp_path).passed_over] == [True]


def test_who_puts_notes_beside_a_transcript_is_told_how_to_set_them_aside(tmp_path: Path) -> None:
    corpus(tmp_path, a_txt=TALK.format(1), recap_txt="Meeting notes:\n\nMissing files: nobody had read the file.\n")
    with pytest.raises(NoSpeakers, match=r"recap\.txt: nobody is said to speak.* under leave_out"):
        read_corpus(tmp_path)


@pytest.mark.parametrize(
    ("called", "right"),
    [
        ("Participants.csv", "participants.csv"),
        ("participants.xlsx", "participants.csv"),
        ("participants.csv.txt", "participants.csv"),
        ("Series.toml", "series.toml"),
        ("series.toml.txt", "series.toml"),
    ],
)
def test_a_file_called_nearly_as_the_two_that_say_more_is_not_taken_for_another(
    tmp_path: Path, called: str, right: str
) -> None:
    """What it said of consent, or left out, didn't count, and nothing said so."""
    corpus(tmp_path, a_txt=TALK.format(1))
    (tmp_path / called).write_text("name\nNia\n")
    with pytest.raises(CorpusError, match=f"{called} isn't read under this name: save it as {right}"):
        read_corpus(tmp_path)


def test_the_workbook_that_a_roster_was_saved_from_may_lie_beside_it(tmp_path: Path) -> None:
    corpus(tmp_path, a_txt=TALK.format(1), participants_csv="name\nNia\n", participants_xlsx=b"PK")
    assert [(passed.path, passed.reason) for passed in check_corpus(tmp_path).passed_over] == [
        ("participants.xlsx", "not a kind of transcript that is read")
    ]


def test_a_roster_may_have_columns_that_hold_nothing(tmp_path: Path) -> None:
    entries = read(tmp_path, a_txt=TALK.format(1), participants_csv="name,role,,\nNia,observer,,\nWill,,,\n").roster
    assert list(entries["name"]) == ["Nia", "Will"]


def test_a_file_bigger_than_any_transcript_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with (tmp_path / "a.txt").open("wb") as file:
        file.truncate(MOST_BYTES + 1)  # a hole: nothing is on the disk
    with pytest.raises(UnreadableFile, match=r"a\.txt is bigger than any transcript \(\d+ MB\): cut it up"):
        read_corpus(tmp_path)
