"""The page as one file: what people took back in it names nobody any more."""

from __future__ import annotations

from pipeline.decisions import Decision, Span
from pipeline.review.pack import nameless

ANCHOR = Span.cut("rt1:t0000", "The hall is cold.", 0, 17)


def renamed(number: int, name: str) -> Decision:
    """A theme's new name, given at this place in time."""
    return Decision(
        decision_id=f"d{number}", at=f"2026-01-01T00:00:0{number}Z", by="ab", kind="theme", action="rename",
        subject=(ANCHOR,), value={"name": name},
    )  # fmt: skip


def accepted(under: str) -> Decision:
    """A quote accepted for a theme that was called so."""
    return Decision(
        decision_id="q", at="2026-01-01T00:00:00Z", by="ab", kind="quote", action="accept", subject=(ANCHOR,),
        value={"attribution": "none", "theme_name": under},
    )  # fmt: skip


def find_names(text: str) -> list[str]:
    """Whose names stand in a text, where one Dean sits at the table."""
    return ["person-0001"] if "Dean" in text else []


def test_a_themes_name_that_was_changed_because_it_named_somebody_is_left_out() -> None:
    """The gate said to change it, and found the first one in the next pack, for a log is only ever added to."""
    names = ["Cold halls", "As Dean said", "Warm halls"]
    decisions = [renamed(number, name) for number, name in enumerate(names)]
    assert [one.value["name"] for one in nameless(decisions, find_names)] == ["Cold halls", "Warm halls"]


def test_a_themes_name_that_stands_is_there_for_the_gate_to_find() -> None:
    decisions = [renamed(0, "Cold halls"), renamed(1, "As Dean said")]
    assert nameless(decisions, find_names) == decisions


def test_what_a_theme_was_called_when_a_quote_was_accepted_for_it_names_nobody() -> None:
    """Nobody could mend it but by accepting each quote once more: to rename the theme changes no older decision."""
    found = nameless([accepted("Cold halls"), accepted("As Dean said")], find_names)
    assert [one.value for one in found] == [
        {"attribution": "none", "theme_name": "Cold halls"},
        {"attribution": "none"},
    ]


def test_a_reviewer_who_sat_there_is_a_number_and_a_note_that_names_somebody_stays_at_home() -> None:
    notes = [("Dean Prys", "as I said"), ("ab", "ask Dean"), ("ab", "too long"), ("Beca Dean", "")]
    made = [
        renamed(number, "Cold halls").model_copy(update={"by": by, "note": note})
        for number, (by, note) in enumerate(notes)
    ]
    assert [(one.by, one.note) for one in nameless(made, find_names)] == [
        ("reviewer 2", "as I said"),
        ("ab", ""),
        ("ab", "too long"),
        ("reviewer 1", ""),
    ]
