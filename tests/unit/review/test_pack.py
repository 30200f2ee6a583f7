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
