"""What people decided is laid over what a run found, and no statement is ever left without its theme by it."""

import pandas as pd
import pytest

from pipeline.decisions import Decision, Span
from pipeline.tables import ASSIGNMENTS, Assignment
from pipeline.themes.codebook import Code, Codebook
from pipeline.themes.decided import as_decided, codebook_as_decided

SAID = ("The bus is late.", "The bus is full.", "The rent is high.", "Good morning.")
TEXT = " ".join(SAID)
STARTS = [TEXT.index(said) for said in SAID]
STATEMENTS = pd.DataFrame(
    [
        (f"rt1:t0001:s{n:02d}", "rt1:t0001", start, start + len(said), said)
        for n, (start, said) in enumerate(zip(STARTS, SAID, strict=True))
    ],
    columns=["statement_id", "turn_id", "start", "end", "text"],
)
FOUND = ASSIGNMENTS.frame(
    Assignment(f"rt1:t0001:s{n:02d}", theme, "emergent", True, 0.7) for n, theme in enumerate(("e01", "e01", "e02"))
)


def span(number: int) -> Span:
    return Span.cut("rt1:t0001", TEXT, STARTS[number], STARTS[number] + len(SAID[number]))


def moved(number: int, to: int, *, at: int = 1, **value: object) -> Decision:
    """Somebody moved a statement to the theme of another."""
    return Decision(
        decision_id=f"d{at}", at=f"2026-04-22T09:0{at}:00Z", by="megan", kind="coding", action="move",
        subject=(span(number),), value={"theme_anchor": [span(to).model_dump()], **value},
    )  # fmt: skip


def themes(*decisions: Decision) -> list[tuple[str, float]]:
    made = as_decided(FOUND, STATEMENTS, decisions).assignments
    return list(zip(made["theme_id"], made["confidence"], strict=True))


@pytest.mark.parametrize(
    ("decisions", "expected"),
    [
        ((), [("e01", 0.7), ("e01", 0.7), ("e02", 0.7)]),
        ((moved(0, to=2),), [("e02", 1.0), ("e01", 0.7), ("e02", 0.7)]),
        # The theme is none any more: the statement stays where it was found.
        ((moved(0, to=3),), [("e01", 0.7), ("e01", 0.7), ("e02", 0.7)]),
        # A code is chosen among codes: what emerged is left alone.
        ((moved(0, to=2, origin="codebook"),), [("e01", 0.7), ("e01", 0.7), ("e02", 0.7)]),
        # What has no theme that could be moved gets none by it.
        ((moved(3, to=2),), [("e01", 0.7), ("e01", 0.7), ("e02", 0.7)]),
        ((moved(0, to=2), moved(0, to=1, at=2)), [("e01", 1.0), ("e01", 0.7), ("e02", 0.7)]),
    ],
)
def test_a_statement_that_people_moved_is_of_the_theme_they_chose_or_stays(
    decisions: tuple[Decision, ...], expected: list[tuple[str, float]]
) -> None:
    assert themes(*decisions) == expected
    assert themes(*decisions[::-1]) == expected


def added(number: int, code: str, **value: object) -> Decision:
    """Somebody added the theme of a statement to the codebook."""
    return Decision(
        decision_id="d9", at="2026-04-22T09:09:00Z", by="megan", kind="theme", action="add_to_codebook",
        subject=(span(number),), value={"code": code, "origin": "emergent", **value},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("decision", "expected"),
    [
        (added(0, "buses", name="Late buses"), Code("buses", "Late buses", "", examples=SAID[:2])),
        (added(2, "High rent"), Code("high_rent", "high rent", "", examples=SAID[2:3])),
        (added(2, "e02"), Code("code_e02", "code e02", "", examples=SAID[2:3])),
        # Of a code that is there, they are further examples.
        (added(2, "fares"), Code("fares", "Fares", "", examples=("A day ticket is dear.", SAID[2]))),
    ],
)
def test_a_theme_that_people_added_to_the_codebook_is_a_code_taught_by_its_statements(
    decision: Decision, expected: Code
) -> None:
    book = Codebook("Fares", (Code("fares", "Fares", "", examples=("A day ticket is dear.",)),))
    placed = STATEMENTS.assign(role="participant")
    made = codebook_as_decided(book, as_decided(FOUND, STATEMENTS, [decision]), placed, [decision])
    assert made is not None and made.code(expected.id) == expected
    assert len(made.codes) == (1 if expected.id == "fares" else 2)


def test_a_code_is_taught_by_no_words_of_who_leads_the_talk_and_needs_no_codebook_before_it() -> None:
    decision = added(0, "buses")
    placed = STATEMENTS.assign(role=["facilitator", "participant", "participant", "participant"])
    decided = as_decided(FOUND, STATEMENTS, [decision])
    made = codebook_as_decided(None, decided, placed, [decision])
    assert made is not None and [code.examples for code in made.codes] == [SAID[1:2]]
    assert codebook_as_decided(None, decided, placed, []) is None


def codes_of(*decisions: Decision, found: pd.DataFrame = FOUND) -> list[tuple[str, str, tuple[str, ...]]]:
    placed = STATEMENTS.assign(role="participant")
    made = codebook_as_decided(None, as_decided(found, STATEMENTS, decisions), placed, decisions)
    return [(code.id, code.name, code.examples) for code in made.codes] if made else []


def test_a_code_stays_where_its_theme_is_found_no_more_and_goes_where_it_is_undone() -> None:
    decision = added(0, "buses", name="Late buses")
    undone = decision.model_copy(update={"decision_id": "d10", "action": "undo", "value": {"undoes": "d9"}})
    undone = undone.model_copy(update={"at": "2026-04-22T09:10:00Z"})
    assert codes_of(decision, found=FOUND[FOUND["theme_id"] != "e01"]) == [("buses", "Late buses", SAID[:1])]
    assert codes_of(decision, undone) == []


def test_two_codes_whose_themes_were_merged_are_two_with_the_words_that_each_was_added_by() -> None:
    buses, rent = added(0, "buses", name="Late buses"), added(2, "rent", name="High rent")
    rent = rent.model_copy(update={"decision_id": "d8"})
    into = {"into": [span(2).model_dump()], "into_name": "High rent", "origin": "emergent"}
    merged = buses.model_copy(update={"decision_id": "d7", "action": "merge", "value": into})
    apart = [("buses", "Late buses", SAID[:1]), ("rent", "High rent", SAID[2:3])]
    assert sorted(codes_of(buses, rent, merged)) == apart
    assert codes_of(buses, merged) == [("buses", "High rent", SAID[:3])]


def test_two_people_who_add_a_theme_as_one_code_agree_whatever_it_was_called_then() -> None:
    mine = added(0, "buses", name="Late buses")
    theirs = mine.model_copy(update={"decision_id": "d8", "by": "tom", "value": {**mine.value, "name": "Buses"}})
    assert [code for code, _, _ in codes_of(mine, theirs)] == ["buses"]
