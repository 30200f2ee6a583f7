"""Spans that could be quotes, and what is left outside their ends."""

from __future__ import annotations

import pytest
from invented_quotes import talk

from pipeline import tables as t
from pipeline.quotes.candidates import LONG_STATEMENT, clauses, spans, tidied


def texts(lines: str) -> list[str]:
    made = talk(lines)
    turns = {turn.turn_id: turn for turn in t.TURNS.rows(made.turns)}
    rows = sorted(t.STATEMENTS.rows(made.statements), key=lambda row: row.statement_id)
    return [turns[one.turn_id].text[one.start : one.end] for one in spans(rows, turns)]


def test_one_to_three_statements_of_a_turn_are_a_candidate() -> None:
    found = texts("P01: Trust takes years. It goes in a day. We forget that. Nobody plans for it.")

    assert len(found) == 4 + 3 + 2
    assert "Trust takes years. It goes in a day. We forget that." in found
    assert not any("Trust" in text and "Nobody" in text for text in found)


def test_no_candidate_goes_over_the_end_of_a_turn() -> None:
    found = texts("P01: Trust takes years to build.\nP02: And it goes in a day or two.")

    assert found == ["Trust takes years to build.", "And it goes in a day or two."]


def test_a_name_alone_is_no_candidate_whoever_it_stands_for() -> None:
    found = texts("P01: [P04].\nP02: Oh, [P06].\nP03: Ask [P04] first.\nP04: She never [inaudible] rang.")

    assert found == ["Ask [P04] first.", "She never [inaudible] rang."]


@pytest.mark.parametrize(
    ("said", "taken"),
    [
        ("[Laughter.] Trust takes years.", "Trust takes years."),
        ("Laughter.] Trust takes years.", "Trust takes years."),
        ("I don't th—. Trust takes years.", "Trust takes years."),
        ("Um, trust takes years.", "trust takes years."),
        ("Yes. Trust takes years.", "Trust takes years."),
        ("Trust takes years, you know.", "Trust takes years"),
        ("Trust takes years. [Interruption.]", "Trust takes years."),
        ("  Trust takes years. ", "Trust takes years."),
        ("That is not right.", "That is not right."),
        ("Yes", "Yes"),
        ("It is what it is—they said so—and it stays.", "It is what it is—they said so—and it stays."),
    ],
)
def test_what_nobody_would_print_at_an_end_is_left_outside(said: str, taken: str) -> None:
    start, end = tidied(said, 0, len(said))

    assert said[start:end] == taken


def test_a_noise_alone_leaves_nothing() -> None:
    said = "[Laughter.]"

    start, end = tidied(said, 0, len(said))

    assert start == end


def test_a_long_statement_is_also_offered_cut_at_a_clause() -> None:
    head = " ".join(["we wait for the letter that never comes to the house"] * 5)
    said = f"{head}; and then they close the file without a word to anybody who asked."

    found = [said[start:end] for start, end in clauses(said, 0, len(said))]

    assert head in found
    assert all(len(text.split()) * 2 >= len(said.split()) for text in found)
    assert texts(f"P01: {said}\nP02: Thank you.") == [said, *found]


def test_a_short_statement_is_never_cut() -> None:
    said = "We wait; and then they close the file."

    assert len(said.split()) < LONG_STATEMENT
    assert clauses(said, 0, len(said)) == []


def test_a_candidate_neither_begins_nor_ends_with_what_says_nothing() -> None:
    assert texts("P01: Trust takes many years to build. Thank you all.") == ["Trust takes many years to build."]


def test_what_lies_between_two_statements_parts_them() -> None:
    """As where somebody took a statement out: a candidate over it would print it."""
    made = talk("P01: Trust takes years. It goes in a day. We forget that.")
    turns = {turn.turn_id: turn for turn in t.TURNS.rows(made.turns)}
    first, _, last = sorted(t.STATEMENTS.rows(made.statements), key=lambda row: row.statement_id)
    assert [one.statement_ids for one in spans([first, last], turns)] == [(first.statement_id,), (last.statement_id,)]
