"""The gate finds a planted name in every form and every kind of place, and stops at nothing that is no name."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.planted import FORMS, PLACES, PLANTED, TEXT, sought_names
from pipeline.anonymise.leaks import Needles, find, hold, leaks, needles
from pipeline.errors import LeakFound
from pipeline.tables import PEOPLE, REDACTIONS, TOKENS, TURNS, Person, Redaction, Turn


@pytest.fixture(scope="module")
def sought() -> Needles:
    return sought_names()


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
def test_a_name_is_found_in_every_form(form: str, sought: Needles) -> None:
    assert find(f"It was agreed, {form} and all that.", sought)
    assert find(form, sought)


HARMLESS = [
    TEXT,
    "The mark of trust is small.",
    "A mark on the wall; a question mark.",
    "Trust, and the health board near the place.",
    "P01 spoke to person A; [P02] did not.",
    "1632 people and 417 pounds",
    "Mark my words",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_no_name_passes(text: str, sought: Needles) -> None:
    assert find(text, sought) == []


@pytest.mark.parametrize("place", PLACES)
def test_a_planted_name_is_found_in_every_kind_of_place(place: str, sought: Needles, tmp_path: Path) -> None:
    file_name, make = PLACES[place]
    for name in PLANTED:
        path = tmp_path / file_name
        path.write_bytes(make(name))
        assert list(leaks([path], sought, root=tmp_path)), name
        path.write_bytes(make("nobody"))
        assert not list(leaks([path], sought, root=tmp_path))


def test_more_than_two_hundred_kinds_of_place_and_form_are_planted() -> None:
    assert len(PLACES) * len(PLANTED) + len(FORMS) >= 200


@pytest.mark.parametrize("name", ["Siân Tregarth.txt", "notes-sian.txt", "Oyelaran_report.txt"])
def test_a_name_in_a_files_name_is_found_and_not_told(name: str, sought: Needles, tmp_path: Path) -> None:
    (tmp_path / name).write_text("nothing")
    with pytest.raises(LeakFound) as stopped:
        hold([tmp_path / name], sought, root=tmp_path)
    assert "Tregarth" not in str(stopped.value)
    assert "ian" not in str(stopped.value).replace("guardian", "")


def test_the_gate_says_where_and_whose_and_not_the_name(sought: Needles, tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text("<p>as Angharad O'Brannagh said</p>")
    with pytest.raises(LeakFound, match=r"report\.html.*person-0003") as stopped:
        hold([tmp_path / "report.html"], sought, root=tmp_path)
    assert "rannagh" not in str(stopped.value)
    assert stopped.value.exit_code == 18


# As the talk itself writes it, three times inside a sentence; "Will" only opens sentences.
CHRISTMAS = (
    "It closed before Christmas. The letter said Christmas, and Christmas came. Each Christmas is so, said [person A]. "
    "Will it hold? Will it last? Will we know?"
)


def test_a_word_that_the_talk_writes_with_a_capital_may_stand_alone_though_somebody_is_called_so() -> None:
    people = PEOPLE.frame(
        [
            Person("person-0001", "person A", "Rhosyn Christmas", (), "third_party", "", "", "no_quotes"),
            Person("person-0002", "P01", "Will Abernant", (), "participant", "", "", "no_quotes"),
        ]
    )
    turns = TURNS.frame([Turn("rt1:t0000", "rt1", "rt1", 0, "P01", "participant", "en", CHRISTMAS, None, None)])
    end = len("It closed before Christmas")
    kept = Redaction("rt1:t0000", end - 9, end, "Christmas", "", "PERSON", "", "model", 0.3, "kept")
    sought = needles(people, REDACTIONS.frame([kept]), turns, TOKENS.empty())
    assert find("Christmas", sought) == []
    assert find("Opening at Christmas", sought) == []
    assert find("Rhosyn Christmas", sought) == ["person-0001"]
    assert find("Ask Will", sought) == ["person-0002"]
