"""Who carries a theme, where talk on it begins and ends, and whether a facilitator had brought it up."""

import pandas as pd
import pytest

from pipeline.themes.people import one_voice, prompted, stretches, theme_people

COLUMNS = ["theme_id", "transcript_id", "turn_id", "index", "start", "role", "speaker", "text"]


def said(*rows: tuple[str, str, str], transcript: str = "rt1") -> pd.DataFrame:
    """Statements of (theme, speaker, words), each a turn of its own."""
    roles = {"P": "participant", "F": "facilitator", "O": "observer"}
    return pd.DataFrame(
        [
            (theme, transcript, f"{transcript}:t{place:04d}", place, 0, roles[speaker[0]], speaker, words)
            for place, (theme, speaker, words) in enumerate(rows)
        ],
        columns=COLUMNS,
    )


def share(*tables: pd.DataFrame) -> dict[str, float]:
    table = pd.concat(tables, ignore_index=True)
    return prompted(stretches(table[table["theme_id"] != ""]), table)


def lengths(table: pd.DataFrame) -> list[tuple[str, int]]:
    return [(theme, len(stretch)) for theme, stretch in stretches(table)]


def test_only_participants_are_counted_with_their_statements_and_words() -> None:
    table = said(
        ("e1", "F01", "What of the bus?"), ("e1", "P02", "It is late."), ("e1", "P01", "Yes."), ("e2", "P02", "No")
    )
    again = said(("e1", "P02", "Late again, always late."), ("e1", "O01", "I only listen."), transcript="rt2")

    counted = theme_people(pd.concat([table, again]))

    assert counted.to_numpy().tolist() == [["e1", "P01", 1, 1], ["e1", "P02", 2, 7], ["e2", "P02", 1, 1]]


@pytest.mark.parametrize(
    ("theirs", "others", "one"), [(3, (1,), True), (2, (1,), False), (5, (1, 1), False), (1, (), True)]
)
def test_one_voice_makes_three_quarters_of_a_theme(theirs: int, others: tuple[int, ...], one: bool) -> None:
    listed = [("e1", "P01", "Yes.")] * theirs + [("e1", f"P{n:02d}", "No.") for n in range(2, 2 + sum(others))]
    people = theme_people(said(*listed, ("e2", "P09", "So."), ("e2", "P08", "So.")))

    assert one_voice(people, "e1") is one
    assert one_voice(people, "nobody spoke to it") is False


def test_a_stretch_goes_on_over_ten_statements_of_other_themes_and_no_more() -> None:
    def apart(count: int) -> pd.DataFrame:
        return said(("e1", "P01", "Bus."), *[("e2", "P02", "Rent.")] * count, ("e1", "P01", "Bus."))

    assert lengths(apart(10)) == [("e1", 2), ("e2", 10)]
    assert lengths(apart(11)) == [("e1", 1), ("e1", 1), ("e2", 11)]


def test_a_stretch_ends_with_its_transcript_and_reads_in_the_order_of_speaking() -> None:
    table = pd.concat(
        [said(("e1", "P01", "One"), ("e1", "P02", "two")), said(("e1", "P01", "three"), transcript="rt2")]
    )

    found = [[one.text for one in stretch] for _, stretch in stretches(table[::-1])]

    assert found == [["One", "two"], ["three"]]


@pytest.mark.parametrize(
    ("words", "share_of_it"),
    [
        ("Buses leave the villages empty.", 1.0),
        ("Our buses are full in the villages.", 0.0),  # two of the words
        ("Buses, buses and buses leave.", 0.0),  # one word three times is one
        ("BUSES LEAVE VILLAGES", 1.0),
    ],
)
def test_who_repeats_three_of_the_facilitators_words_was_prompted(words: str, share_of_it: float) -> None:
    asked = said(
        ("", "F01", "When did buses leave your villages?"), ("e2", "P02", "The rent first."), ("e1", "P01", words)
    )

    assert share(asked)["e1"] == share_of_it


def test_what_opens_right_after_the_facilitator_is_prompted_as_a_whole_and_nothing_of_another_meeting() -> None:
    first = said(("", "F01", "Go on."), ("e1", "P01", "Bus."), ("e1", "P02", "Bus."), ("e2", "P02", "Rent."))
    second = said(("e1", "P01", "Bus."), ("e2", "F01", "And rent?"), ("e2", "P03", "Rent."), transcript="rt2")

    assert share(first, second) == {"e1": 0.6667, "e2": 0.5}
    assert share(said(("e1", "F01", "Only I speak."))) == {"e1": 0.0}
