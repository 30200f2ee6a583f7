"""A codebook is read as people write it, refused where it can't be applied, and written so that it reads the same."""

from __future__ import annotations

import csv
from dataclasses import replace
from html import escape
from pathlib import Path

import pytest

from pipeline.errors import ConfigError, ExchangeError
from pipeline.themes.assign import phrases_found
from pipeline.themes.codebook import (
    Code,
    Codebook,
    add_code,
    code_id,
    codebook_toml,
    described,
    read_codebook,
    with_examples,
)
from pipeline.welsh import mutations

SHIPPED = Path(__file__).parents[3] / "configs" / "codebooks" / "public-services.toml"

BUSES = Code(
    "buses",
    "Buses",
    "Getting about without a car.",
    include=("Timetables.",),
    exclude=("Money: fares.",),
    examples=('She said "never again", and walked.', "Y bws olaf \\ the last bus"),
    phrases=("bus*", "timetable"),
    phrases_cy=("bws", "teithi*"),
    name_cy="Bysiau",
)
FARES = Code("fares", "Fares", "What it costs.", parent="buses")


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_what_is_written_reads_back_the_same(tmp_path: Path) -> None:
    book = Codebook("Getting about", (BUSES, FARES), ("Good morning.",), "2")
    assert read_codebook(written(tmp_path, "book.toml", codebook_toml(book))) == book


def test_the_shipped_codebook_has_thirteen_codes_that_can_each_be_told_from_the_others() -> None:
    book = read_codebook(SHIPPED)
    assert book.ids == (
        "trust", "lived_experience", "transparency", "policy_delivery_gap", "short_termism", "funding", "risk",
        "leadership_culture", "collaboration", "accountability", "workforce", "equity_access", "evidence_learning",
    )  # fmt: skip
    for code in book.codes:
        assert code.definition and code.include and code.exclude and code.name_cy, code.id
        assert len(code.examples) >= 30, code.id
    shared = [text for code in book.codes for text in code.examples]
    assert len(shared) == len(set(shared))
    assert not set(shared) & set(book.uncoded)


@pytest.mark.parametrize(
    ("code", "said", "also_said"),
    [
        ("risk", "Ar bwy mae'r bai, a pham mai ni sydd ar fai?", "Dw i'n meddwl mai mis Mai oedd hi, pe bai'n bwysig."),
        ("risk", "Rhaid i ni fod yn bwyllog.", "Mae'r pwyllgor yn cwrdd bob wythnos."),
        ("policy_delivery_gap", "Mae'r Bil yn mynd trwy'r Senedd.", "Roedd mil o bobl yno, a dwy fil y tro nesaf."),
        ("workforce", "Does dim digon o sgiliau gyda ni.", "Caeodd y neuadd yn sgil y pandemig."),
    ],
)
def test_a_welsh_phrase_of_the_shipped_codebook_is_no_other_word(code: str, said: str, also_said: str) -> None:
    """ "Bai" is blame, and its mutation "mai" stands in every other sentence; "yn sgil" is no skill."""
    [phrases] = [found.phrases_cy for found in read_codebook(SHIPPED).codes if found.id == code]
    forms = [form for phrase in phrases for form in (phrase, *mutations(phrase))]
    found = phrases_found([said, also_said], forms).any(axis=1)
    assert found.tolist() == [True, False]


def test_a_codebook_may_be_a_spreadsheet(tmp_path: Path) -> None:
    rows = (
        "Name,Definition,Examples",
        "Buses,Getting about,The last bus is at six.|We walk.",
        ",,",
        "Fares,What it costs,",
    )
    text = "\ufeff" + "\n".join(rows)
    book = read_codebook(written(tmp_path, "book.csv", text))
    assert [(code.id, code.definition, code.examples) for code in book.codes] == [
        ("buses", "Getting about", ("The last bus is at six.", "We walk.")),
        ("fares", "What it costs", ()),
    ]


@pytest.mark.parametrize(
    "rows",
    [
        ("name;definition;examples", "Buses;Getting about;The last bus is at six.|We walk."),
        ("Name\tDefinition\tExample", "Buses\tGetting about\tThe last bus is at six.|We walk."),
        ("Name,Definition,Example 1,Example 2,Example 3", "Buses,Getting about,The last bus is at six.,We walk.,"),
    ],
)
def test_examples_in_a_spreadsheet_are_found_as_people_write_them_down(tmp_path: Path, rows: tuple[str, str]) -> None:
    [code] = read_codebook(written(tmp_path, "book.csv", "\n".join(rows))).codes
    assert (code.name, code.definition) == ("Buses", "Getting about")
    assert code.examples == ("The last bus is at six.", "We walk.")


@pytest.mark.parametrize("title", ["name,definition", "name,definition,"])
def test_what_a_comma_cut_off_is_refused_and_not_passed_over(tmp_path: Path, title: str) -> None:
    with pytest.raises(ConfigError, match=r"book\.csv, line 1: column 3 has words and no title: .* a comma in quotes"):
        read_codebook(written(tmp_path, "book.csv", f"{title}\nBuses,Getting about, and lifts"))
    empty = read_codebook(written(tmp_path, "book.csv", "name,,\nBuses,,\n  , ,\n"))
    assert empty.ids == ("buses",)


def test_what_other_programs_write_of_a_code_stops_nothing_and_is_told(tmp_path: Path) -> None:
    text = "No,Name,Definition,Colour,Notes,Files\n1,Buses,Getting about,#FF0000,ask Nia,12\n"
    book = read_codebook(written(tmp_path, "book.csv", text))
    assert [(code.id, code.definition) for code in book.codes] == [("buses", "Getting about")]
    assert book.unread == ("No", "Colour", "Notes", "Files")


def test_lines_may_end_as_an_old_mac_ends_them(tmp_path: Path) -> None:
    path = tmp_path / "book.csv"
    path.write_bytes(b"name,phrases\rBuses,bus; coach; lift\r")
    assert [code.phrases for code in read_codebook(path).codes] == [("bus", "coach", "lift")]


def test_phrases_in_a_spreadsheet_may_be_parted_as_aliases_are_and_an_example_keeps_its_semicolon(
    tmp_path: Path,
) -> None:
    rows = (
        "name,examples,phrases,phrases_cy",
        "Homes,It is damp; it always was.,damp; mould|repair*,lleithder;llwydni",
    )
    [code] = read_codebook(written(tmp_path, "book.csv", "\n".join(rows))).codes
    assert code.examples == ("It is damp; it always was.",)
    assert (code.phrases, code.phrases_cy) == (("damp", "mould", "repair*"), ("lleithder", "llwydni"))


def test_a_codebook_of_another_program_keeps_its_notes_and_its_levels(tmp_path: Path) -> None:
    text = """<?xml version="1.0" encoding="utf-8"?>
    <CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="elsewhere"><Codes>
      <Code guid="b0e2e1c0-0000-4000-8000-000000000001" name="Getting about" isCodable="true">
        <Description>Moving around.
          Include: walking | cycling
          Exclude: holidays
          Example: The last bus is at six.</Description>
        <Code guid="b0e2e1c0-0000-4000-8000-000000000002" name="Fares" isCodable="true"/>
      </Code>
      <Code guid="b0e2e1c0-0000-4000-8000-000000000003" name="Fares" isCodable="true"/>
    </Codes></CodeBook>"""
    book = read_codebook(written(tmp_path, "book.qdc", text))
    assert [(code.id, code.name, code.parent) for code in book.codes] == [
        ("getting_about", "Getting about", ""),
        ("fares", "Fares", "getting_about"),
        ("fares_2", "Fares", ""),
    ]
    top = book.code("getting_about")
    assert (top.definition, top.include, top.exclude, top.examples) == (
        "Moving around.", ("walking", "cycling"), ("holidays",), ("The last bus is at six.",)
    )  # fmt: skip


def test_a_code_of_another_program_has_an_id_of_its_own_whatever_the_others_are_called(tmp_path: Path) -> None:
    codes = "".join(f'<Code name="{name}"/>' for name in ("Fares", "Fares", "Fares 2", "E01", "e1", "信任", "金钱"))
    text = f'<CodeBook xmlns="urn:QDA-XML:codebook:1.0"><Codes>{codes}</Codes></CodeBook>'
    ids = ("fares", "fares_2", "fares_2_2", "code_e01", "e1", "code", "code_2")
    assert read_codebook(written(tmp_path, "book.qdc", text)).ids == ids


def test_a_code_comes_back_from_its_description_with_its_id_and_all_that_it_held(tmp_path: Path) -> None:
    own = replace(BUSES, id="own")
    codes = "".join(
        f'<Code name="{name}"><Description>{escape(text)}</Description></Code>'
        for name, text in (("Own", "no id of its own"), (own.name, described(own)), ("Late", "Id: e01"))
    )
    text = f'<CodeBook xmlns="urn:QDA-XML:codebook:1.0"><Codes>{codes}</Codes></CodeBook>'
    first, second, last = read_codebook(written(tmp_path, "book.qdc", text)).codes
    assert second == own
    assert (first.id, last.id) == ("own_2", "late"), "an id that is told is nobody else's, and none of a run's own"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("title = ", "is not TOML"),
        ('title = "Empty"', "no code in it"),
        ('[[code]]\nid = "buses"\nname = "Buses"\n' * 2, "code 1: the id buses stands there 2 times"),
        ('[[code]]\nid = "Bus lanes"\nname = "Buses"', "small letters, digits and underscores"),
        ('[[code]]\nid = "buses"', "code buses: no name"),
        ('[[code]]\nname = "Buses"\nexample = ["a"]', "unknown key example"),
        ('[[code]]\nname = "Buses"\nexamples = [1]', "examples must be a list of texts"),
        ("[[code]]\nname = 3", "name must be a text"),
        ('[[code]]\nid = "e01"\nname = "Buses"', "code 1: a run calls its own themes e01; take another id, c_e01 say"),
        ('[[code]]\nid = "e12b"\nname = "Buses"', "a run calls its own themes e12b"),
        ('codes = []\n[[code]]\nname = "Buses"', "unknown key codes"),
        ('code = "Buses"', "one block a code"),
        ('[[code]]\nname = "Buses"\nparent = "trains"', "its parent trains isn't in the codebook"),
        ('[[code]]\nname = "A"\nparent = "b"\n[[code]]\nname = "B"\nparent = "a"', "it stands above itself"),
    ],
)
def test_what_could_not_be_applied_is_refused_with_its_place(tmp_path: Path, text: str, says: str) -> None:
    path = written(tmp_path, "book.toml", text)
    with pytest.raises(ConfigError) as refused:
        read_codebook(path)
    assert says in str(refused.value) and str(path) in str(refused.value)


def test_a_file_that_is_none_or_of_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no codebook"):
        read_codebook(tmp_path / "nowhere.toml")
    with pytest.raises(ConfigError, match=r"a \.toml, \.csv, \.qdc file"):
        read_codebook(written(tmp_path, "book.docx", ""))
    with pytest.raises(ConfigError, match="line 1"):
        read_codebook(written(tmp_path, "book.csv", "code;meaning\n"))


def test_a_definition_may_be_as_long_as_people_like(tmp_path: Path) -> None:
    before = csv.field_size_limit(131_072)  # Python's own, whatever was read before in this process
    try:
        book = read_codebook(written(tmp_path, "book.csv", f"name,definition\nFares,{'word ' * 40_000}\n"))
    finally:
        csv.field_size_limit(before)
    assert len(book.codes[0].definition) == 5 * 40_000 - 1


@pytest.mark.parametrize(
    "text",
    [
        "<CodeBook",
        "<Codes/>",
        '<!DOCTYPE a [<!ENTITY b "c">]><CodeBook xmlns="urn:QDA-XML:codebook:1.0">&b;</CodeBook>',
        '<CodeBook xmlns="urn:QDA-XML:codebook:1.0"><Codes/></CodeBook>',
    ],
)
def test_another_programs_file_that_is_no_codebook_is_an_exchange_error(tmp_path: Path, text: str) -> None:
    with pytest.raises(ExchangeError):
        read_codebook(written(tmp_path, "book.qdc", text))


def test_confirmed_words_are_carried_to_the_next_roundtable_once_each() -> None:
    book = Codebook("Getting about", (BUSES, FARES))
    frozen = with_examples(book, {"fares": ["Four pounds.", "Four pounds."], "buses": BUSES.examples}, version="2")
    assert frozen.code("fares").examples == ("Four pounds.",)
    assert frozen.code("buses") == BUSES
    assert frozen.version == "2"


def test_an_emergent_theme_becomes_a_code_unless_its_id_is_taken() -> None:
    book = Codebook("Getting about", (BUSES,))
    assert add_code(book, FARES).ids == ("buses", "fares")
    with pytest.raises(ConfigError, match="stands there 2 times"):
        add_code(book, BUSES)


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("The gap: policy & delivery", "the_gap_policy_delivery"),
        ("Tŷ a chartref", "ty_a_chartref"),
        ("5 a day", "code_5_a_day"),
    ],
)
def test_an_id_is_made_of_a_name(name: str, made: str) -> None:
    assert code_id(name) == made
