"""What a typed text leaves in doubt is pointed at, and what it makes plain is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.ingest.files import read, turns


def _doubts(folder: Path, text: str) -> list[str]:
    return [f"{doubt.locator} {doubt.what}" for doubt in read(folder, a_txt=text).report.files[0].doubts]


@pytest.mark.parametrize(
    ("told", "asked"),
    [
        (("explained that it rained.", "then asked why.", "noted it.", "agreed."), True),
        (("esboniodd ei bod yn bwrw.", "gofynnodd pam.", "nododd hynny.", "diolchodd."), True),
        (("It rained.", "I asked why.", "Noted.", "He agreed."), False),
        (("explained it to me, he did.", "Did he?", "He did.", "Well."), False),
    ],
)
def test_minutes_that_tell_what_people_said_are_asked_about(tmp_path: Path, told: tuple[str, ...], asked: bool) -> None:
    people = ("Nia Rees", "Will Hall", "Nia Rees", "Will Hall")
    text = "\n\n".join(f"{who}: {words}" for who, words in zip(people, told, strict=True))
    assert any("as minutes do" in doubt for doubt in _doubts(tmp_path, text)) == asked


LONG = (
    "Nia: We met.\n\nIt rained.\n\nGwyn: All day.\n\nAnd more.\n\nRose: So.\n\nYes.\n\nNia: Ah.\n\nNo.\n\nRose: Mm.\n"
)


def test_a_name_that_may_be_a_word_is_pointed_at_where_it_was_read_as_said(tmp_path: Path) -> None:
    """Who speaks once, by a first name, in a text of long turns is told from "Trust: they listen" by nothing."""
    assert turns(tmp_path, a_txt=LONG)[0] == ("Nia", "We met. It rained. Gwyn: All day. And more.")
    assert [doubt.split(": ")[0] for doubt in _doubts(tmp_path, LONG)] == [
        "line 5 what stands before its colon comes once, and was read as said"
    ]


def test_who_is_listed_as_the_doubt_asks_speaks(tmp_path: Path) -> None:
    (tmp_path / "participants.csv").write_text("name,aliases\nGwyn Pask,Gwyn\n")
    assert ("Gwyn", "All day. And more.") in turns(tmp_path, a_txt=LONG)
    assert _doubts(tmp_path, LONG) == []


def test_a_text_in_which_all_is_plain_is_in_no_doubt(tmp_path: Path) -> None:
    assert _doubts(tmp_path, "Nia: We met: twice.\n\nWill: And said so.\n\nNia: So.\n\nWill: Yes: so.\n") == []
