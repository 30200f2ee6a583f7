"""The words of statements in columns: which, in which order, and what is counted of them."""

from __future__ import annotations

from math import log
from pathlib import Path

import numpy as np
import pytest
from counting_memory import CountingMemory
from invented_quotes import Talk, talk

from pipeline import tables as t
from pipeline.quotes.features import describe
from pipeline.quotes.remembered import described
from pipeline.quotes.spoken import Spoken, spoken_in

TALK = """
P01: The bus never came. We waited, and they told us nothing.
P02: And you said: the bus never came.
rt2 P03: The bus came.
"""


def rows_and_turns(made: Talk) -> tuple[list[t.Statement], dict[str, t.Turn]]:
    rows = sorted(t.STATEMENTS.rows(made.statements), key=lambda row: row.statement_id)
    return rows, {turn.turn_id: turn for turn in t.TURNS.rows(made.turns)}


def spoken(made: Talk) -> Spoken:
    return spoken_in(*rows_and_turns(made), made.tokens)


def said(words: Spoken) -> list[list[str]]:
    found: list[list[str]] = [[] for _ in range(words.count)]
    for row, number in zip(words.row, words.form.numbers, strict=True):
        found[row].append(words.form.vocabulary[number])
    return found


def test_each_statement_has_its_own_words_in_order_and_no_punctuation() -> None:
    assert said(spoken(talk(TALK))) == [
        ["the", "bus", "never", "came"],
        ["we", "waited", "and", "they", "told", "us", "nothing"],
        ["and", "you", "said", "the", "bus", "never", "came"],
        ["the", "bus", "came"],
    ]


def test_statements_are_described_anew_where_their_words_or_their_meaning_are_others(tmp_path: Path) -> None:
    made, memory = talk(TALK), CountingMemory(tmp_path)
    rows, turns = rows_and_turns(made)
    own = np.ones((len(rows), 4), dtype=np.float32)
    other = made.tokens.assign(lemma=made.tokens["lemma"] + "s")
    for tokens, vectors, talks in (
        (made.tokens, own, 2),
        (made.tokens, own, 2),
        (made.tokens, 2 * own, 4),
        (other, own, 6),
    ):
        described(rows, turns, tokens, vectors, memory=memory)
        assert memory.made == talks


def test_the_order_of_the_tokens_table_changes_nothing() -> None:
    made = talk(TALK)

    assert said(spoken(made.shuffled(3))) == said(spoken(made))


def test_words_outside_the_statements_asked_for_are_left_out() -> None:
    made = talk(TALK)
    rows, turns = rows_and_turns(made)

    assert said(spoken_in(rows[1:2], turns, made.tokens)) == [
        ["we", "waited", "and", "they", "told", "us", "nothing"],
    ]
    assert said(spoken_in([], turns, made.tokens)) == []


def feature(name: str, made: Talk) -> list[float]:
    described = describe(*rows_and_turns(made), made.tokens, made.vectors.own)
    return [float(value) for value in described.values[:, described.names.index(name)]]


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("we", [0, 2, 0, 0]),
        ("they", [0, 1, 0, 0]),
        ("we_share", [0, 2 / np.sqrt(7), 0, 0]),
        ("word_length", [15 / 4, 28 / 7, 25 / 7, 10 / 3]),
        ("opens_we", [0, 1, 0, 0]),
        ("opens_you", [0, 0, 0, 0]),
        ("points_early", [0, 0, 0, 0]),
        ("you", [0, 0, 1, 0]),
        ("comma", [0, 1, 0, 0]),
        ("turn_place", [0, 1, 0, 0]),
        ("transcript_place", [0, 1 / 3, 2 / 3, 0]),
        ("speaker_share", [2 / 3, 2 / 3, 1 / 3, 1]),
    ],
)
def test_what_is_counted_of_a_statement(name: str, values: list[float]) -> None:
    assert feature(name, talk(TALK)) == pytest.approx(values)


def test_a_word_is_rare_where_few_statements_of_its_own_transcript_have_it() -> None:
    seldom, often = log(3 / 1), log(3 / 2)

    assert feature("rarity", talk(TALK)) == pytest.approx(
        [often, (6 * seldom + often) / 7, (2 * seldom + 5 * often) / 7, 0]
    )
    assert feature("rarest", talk(TALK)) == pytest.approx([often, seldom, (2 * seldom + 2 * often) / 4, 0])
