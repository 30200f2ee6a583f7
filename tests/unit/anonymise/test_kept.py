"""Part of a name that was let be is listed for people where it stands inside another name, and nowhere else."""

import pandas as pd
import pytest
from anonymise_talk import turns

from pipeline.anonymise.kept import with_kept
from pipeline.tables import PEOPLE, REDACTIONS, Person, Redaction

TEXT = "We met at Trinity Saint David, and David came."


def _people(*names: str) -> pd.DataFrame:
    return PEOPLE.frame(
        Person(f"person:{number}", f"P0{number}", name, (), "participant", "", "", "quote_with_role")
        for number, name in enumerate(names, start=1)
    )


def _listed(text: str, *hits: Redaction, names: tuple[str, ...] = ("David Rees",)) -> list[Redaction]:
    found = with_kept(REDACTIONS.frame(hits), turns([("Nia Pugh", text)]), _people(*names))
    return list(REDACTIONS.rows(found))


def test_a_part_of_another_name_is_one_row_of_what_was_kept() -> None:
    assert _listed(TEXT, names=("Nia Pugh", "David Rees", "David Puw")) == [
        Redaction(
            "rt1:t0000", 24, 29, "David", "", "PERSON", "person:2", "form", 0.3, "kept", "part of another name"
        )
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("It is at Saint David.", ["David"]),
        ("The David Street centre.", ["David"]),
        ("On St David’s Day we close.", ["David"]),
        ("On David’s Day we close.", ["David"]),
        ("It was David’s.", []),
        ("It was David’s day.", []),
        ("And then David spoke.", []),
        ("It was Friday, David, Lampeter was full.", []),
        ("David", []),
        ("From Saint David to David Street.", ["David", "David"]),
    ],
)
def test_a_name_on_its_own_is_never_excused(text: str, kept: list[str]) -> None:
    assert [row.original for row in _listed(text)] == kept


def test_what_was_replaced_is_not_kept_as_well_and_no_row_is_lost() -> None:
    hit = Redaction("rt1:t0000", 10, 29, TEXT[10:29], "[organisation]", "ORG", "", "model", 0.9, "replaced", "")
    beside = Redaction("rt1:t0000", 29, 34, TEXT[29:34], "", "PERSON", "", "model", 0.3, "doubtful", "")
    assert _listed(TEXT, hit) == [hit]
    assert [row.status for row in _listed(TEXT, beside)] == ["kept", "doubtful"]


def test_a_surname_that_is_an_ordinary_word_is_not_sought() -> None:
    assert _listed("The Bevan Day Centre.", names=("Rhodri Day",)) == []
