"""What people decided is laid over what a run found, and no statement is ever left without its theme by it."""

import pandas as pd
import pytest

from pipeline.decisions import Decision, Span
from pipeline.tables import ASSIGNMENTS, Assignment
from pipeline.themes.decided import as_decided

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
