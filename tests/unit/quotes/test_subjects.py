"""Which theme a candidate is put under."""

from __future__ import annotations

import pytest

from pipeline.quotes.candidates import Candidate
from pipeline.quotes.subjects import Subjects
from pipeline.tables import ASSIGNMENTS, Assignment, Statement, Theme


def statement(place: int, transcript: str = "rt1") -> Statement:
    text = "We plan for one year at a time."
    return Statement(
        f"{transcript}:s{place:02d}", f"{transcript}:t0001", transcript, 0, len(text), text, "substantive", "en"
    )


def theme(theme_id: str, origin: str = "codebook") -> Theme:
    return Theme(theme_id, theme_id, origin, "", (), 1, 1, 1, 1.0)


def given(place: int, theme_id: str, confidence: float, *, origin: str = "codebook") -> Assignment:
    return Assignment(f"rt1:s{place:02d}", theme_id, origin, origin != "codebook", confidence)


def candidate(first: int, size: int = 1) -> Candidate:
    return Candidate("rt1:t0001", tuple(f"rt1:s{first + place:02d}" for place in range(size)), first, 0, 10)


ROWS = [statement(place) for place in range(20)]
THEMES = [theme("funding"), theme("trust")]


def test_the_nearest_code_is_the_main_theme_even_where_no_statement_quite_carries_it() -> None:
    found = Subjects(ROWS, THEMES, ASSIGNMENTS.frame([given(10, "trust", 0.15), given(10, "funding", 0.06)]))

    assert found.carried(candidate(10)) == ()
    assert found.of(candidate(10)) == ("trust",)


def test_a_code_that_nobody_speaks_of_gives_way_to_one_that_is_and_to_what_emerged() -> None:
    themes = [*THEMES, theme("e-buses", "emergent")]
    likely = [given(10, "trust", 0.19), given(10, "funding", 0.06), given(12, "trust", 0.19)]
    emerged = given(12, "e-buses", 0.8, origin="emergent")

    found = Subjects(ROWS, themes, ASSIGNMENTS.frame([*likely, emerged, given(0, "funding", 0.3)]))

    assert found.of(candidate(10))[0] == "funding"
    assert found.of(candidate(12)) == ("e-buses",)


def test_what_stands_around_decides_between_two_that_are_as_likely() -> None:
    likely = [given(10, "funding", 0.3), given(10, "trust", 0.3), given(0, "funding", 0.9), given(1, "funding", 0.9)]

    found = Subjects(ROWS, THEMES, ASSIGNMENTS.frame([*likely, given(9, "trust", 0.9), given(11, "trust", 0.9)]))

    assert found.of(candidate(10)) == ("trust", "funding")


@pytest.mark.parametrize(("place", "counts"), [(6, False), (7, True), (9, True), (11, True), (13, True), (14, False)])
def test_three_statements_on_either_side_stand_around_a_candidate(place: int, counts: bool) -> None:
    likely = [given(10, "funding", 0.3), given(10, "trust", 0.3), given(0, "funding", 0.9)]

    found = Subjects(ROWS, THEMES, ASSIGNMENTS.frame([*likely, given(place, "trust", 0.9)]))

    assert found.of(candidate(10))[0] == ("trust" if counts else "funding")


def test_what_stands_around_in_another_transcript_says_nothing() -> None:
    rows = [*(statement(place, "rt0") for place in range(3)), *ROWS[:3]]
    elsewhere = [Assignment(f"rt0:s{place:02d}", "trust", "codebook", False, 0.9) for place in range(3)]

    found = Subjects(rows, THEMES, ASSIGNMENTS.frame([*elsewhere, given(0, "funding", 0.3), given(0, "trust", 0.3)]))

    assert found.of(Candidate("rt1:t0001", ("rt1:s00",), 3, 0, 10))[0] == "funding"


def test_what_all_talk_is_about_counts_less() -> None:
    elsewhere = [given(place, "funding", 0.6) for place in (0, 1, 2, 3, 17, 18, 19)]

    found = Subjects(ROWS, THEMES, ASSIGNMENTS.frame([*elsewhere, given(10, "funding", 0.32), given(10, "trust", 0.3)]))

    assert found.of(candidate(10))[0] == "trust"


def test_where_no_code_is_likely_an_emergent_theme_is_the_main_one() -> None:
    themes = [*THEMES, theme("e-buses", "emergent")]

    found = Subjects(
        ROWS, themes, ASSIGNMENTS.frame([given(10, "trust", 0.04), given(10, "e-buses", 0.8, origin="emergent")])
    )

    assert found.of(candidate(10)) == ("e-buses",)
    assert found.of(candidate(15)) == ()


def test_what_people_confirmed_stands_whatever_is_near() -> None:
    near = [given(place, "trust", 0.99) for place in range(7, 14)]

    found = Subjects(ROWS, THEMES, ASSIGNMENTS.frame([*near, given(10, "funding", 1.0)]))

    assert found.of(candidate(10))[0] == "funding"


def test_assignments_of_other_statements_and_to_other_themes_say_nothing() -> None:
    known = [given(10, "trust", 0.9)]
    strange = [given(99, "trust", 0.9), given(10, "buses", 0.95), given(10, "e-old", 0.9, origin="emergent")]

    plain, found = (Subjects(ROWS, THEMES, ASSIGNMENTS.frame(rows)) for rows in (known, [*known, *strange]))

    assert found.of(candidate(10)) == plain.of(candidate(10)) == ("trust",)


def test_the_order_of_the_assignments_says_nothing() -> None:
    rows = ASSIGNMENTS.frame([given(place, name, 0.3) for place in (9, 10, 11) for name in ("funding", "trust")])

    one, other = (Subjects(ROWS, THEMES, frame) for frame in (rows, rows.iloc[::-1]))

    assert one.of(candidate(9, 3)) == other.of(candidate(9, 3)) == ("funding", "trust")


def test_the_neighbours_of_another_transcript_are_none() -> None:
    """Both codes are as common in the run; only what stands next, over the border, speaks for the second."""
    rows = [*(statement(place, "rt0") for place in range(3)), *ROWS[:9]]
    beyond = [Assignment(f"rt0:s{place:02d}", "trust", "codebook", False, 0.9) for place in range(3)]
    far = [given(place, "funding", 0.9) for place in (6, 7, 8)]

    found = Subjects(rows, THEMES, ASSIGNMENTS.frame([*beyond, *far, given(0, "funding", 0.3), given(0, "trust", 0.3)]))

    assert found.of(Candidate("rt1:t0001", ("rt1:s00",), 3, 0, 10))[0] == "funding"
