"""A statement's vectors: its own words, and its words in the conversation around it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest

from pipeline.backends.protocols import Vectors
from pipeline.embed import blend, embed, in_order
from pipeline.tables import STATEMENTS, TURNS, Statement, Turn


class Corners:
    """An encoder that gives each different first word a direction of its own."""

    revision = "corners 1"
    _places: tuple[str, ...] = ("bus", "school", "money", "trust")

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit rows."""
        return np.eye(4, dtype=np.float32)[[self._places.index(text.split()[0]) for text in texts]]


def turn(transcript: str, index: int, text: str) -> Turn:
    turn_id = f"{transcript}:t{index:04d}"
    return Turn(turn_id, transcript, transcript, index, "P01", "participant", "en", text, None, None)


def statement(transcript: str, turn_index: int, number: int, text: str) -> Statement:
    turn_id = f"{transcript}:t{turn_index:04d}"
    place = (10 * number, 10 * number + len(text))
    return Statement(f"{turn_id}:s{number:02d}", turn_id, transcript, *place, text, "substantive", "en")


def test_statements_stand_as_they_were_said_whatever_their_turns_are_called() -> None:
    """A turn that came in before another has the higher number and the lower index."""
    turns = TURNS.frame([turn("rt1", 0, "bus"), turn("rt1", 1, "school")]).assign(index=[1, 0])
    statements = STATEMENTS.frame([statement("rt1", 0, 0, "bus"), statement("rt1", 1, 0, "school")])
    assert in_order(statements, turns)["text"].tolist() == ["school", "bus"]


def test_a_context_is_of_the_statement_and_its_neighbours_the_nearer_the_more() -> None:
    own = Corners().encode(["bus", "school", "money", "trust"])
    weights = np.exp(-0.5 * (np.arange(4) / 2.0) ** 2)
    expected = weights / np.linalg.norm(weights)
    assert blend(own, ["rt1"] * 4, width=2.0)[0] == pytest.approx(expected, abs=1e-6)


def test_transcripts_never_mix() -> None:
    own = Corners().encode(["bus", "school"])
    assert np.array_equal(blend(own, ["rt1", "rt2"], width=4.0), own)


def test_without_a_width_context_is_own() -> None:
    own = Corners().encode(["bus", "school"])
    assert np.array_equal(blend(own, ["rt1", "rt1"], width=0), own)


def test_rows_stand_by_statement_id_each_with_its_own_context() -> None:
    turns = TURNS.frame([turn("rt1", 0, "bus"), turn("rt1", 1, "school"), turn("rt2", 0, "money")])
    turns = turns.assign(index=[1, 0, 0])
    rows = [statement("rt1", 0, 0, "bus"), statement("rt1", 1, 0, "school"), statement("rt2", 0, 0, "money")]
    made = embed(STATEMENTS.frame(rows).sample(frac=1, random_state=1), turns, encoder=Corners())
    assert made.ids == tuple(row.statement_id for row in rows)
    assert np.array_equal(made.own, np.eye(4, dtype=np.float32)[:3])
    assert made.context.argmax(axis=1).tolist() == [0, 1, 2]
    assert (made.model, made.revision) == ("corners", "corners 1")
    assert np.linalg.norm(made.context, axis=1) == pytest.approx(1.0)


class Boat:
    """An encoder that knows one Welsh word, and that it is a boat that goes by road."""

    revision = "boat 1"

    def encode(self, texts: Sequence[str]) -> Vectors:
        """The direction of "bus"."""
        assert set(texts) == {"bws"}
        return np.eye(4, dtype=np.float32)[[0] * len(texts)]


def test_what_was_said_in_welsh_is_read_by_who_knows_welsh() -> None:
    turns = TURNS.frame([turn("rt1", 0, "money"), turn("rt1", 1, "bws"), turn("rt1", 2, "bus")])
    rows = [statement("rt1", 0, 0, "money"), statement("rt1", 1, 0, "bws"), statement("rt1", 2, 0, "bus")]
    statements = STATEMENTS.frame(rows).assign(language=["en", "cy", "en"])
    made = embed(statements, turns, encoder=Corners(), welsh_encoder=Boat())
    assert made.own.argmax(axis=1).tolist() == [2, 0, 0]
    assert made.context[1] @ made.own[2] > made.context[0] @ made.own[2]
    assert (made.model, made.revision, made.welsh_revision) == ("corners", "corners 1", "boat 1")
    alone = embed(statements[1:2], turns, encoder=Corners(), welsh_encoder=Boat())
    assert np.array_equal(alone.own, made.own[1:2])


def test_where_nobody_spoke_welsh_nobody_is_said_to_have_read_it() -> None:
    made = embed(
        STATEMENTS.frame([statement("rt1", 0, 0, "bus")]),
        TURNS.frame([turn("rt1", 0, "bus")]),
        encoder=Corners(),
        welsh_encoder=Boat(),
    )
    assert (made.own.tolist(), made.welsh_revision) == ([[1, 0, 0, 0]], "")


def test_nothing_was_said() -> None:
    made = embed(STATEMENTS.empty(), TURNS.empty(), encoder=Corners())
    assert (made.ids, made.own.shape, made.context.shape) == ((), (0, 4), (0, 4))


def test_rows_of_a_frame_keep_their_columns() -> None:
    turns = TURNS.frame([turn("rt1", 0, "bus")])
    statements = STATEMENTS.frame([statement("rt1", 0, 0, "bus")])
    pd.testing.assert_frame_equal(in_order(statements, turns), statements)
