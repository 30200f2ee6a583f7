"""Opinions that stand alone become groups by what each says, in any order, without a number of groups."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline.backends.plain_encoder import PlainEncoder
from pipeline.backends.protocols import Vectors
from pipeline.embed import embed
from pipeline.themes.emergent import find_emergent, talks_of
from pipeline.themes.opinions import _blended, opinions_of
from tests.unit.themes.invented_talk import Said, tables, talk

WIDTH = 32
SAID = [
    "The ferry is late whenever the tide is low",
    "Nobody tells passengers when the ferry is late",
    "A late ferry makes me miss my shift",
    "Cheaper lunches would bring children back to the canteen",
    "The canteen should sell lunches from local farms",
    "Children throw half of their canteen lunches away",
]


def vectors_of(groups: Sequence[int], *, noise: float = 0.4) -> Vectors:
    """A direction for each group, and what is each opinion's own."""
    chance = np.random.default_rng(4)
    rows = np.eye(WIDTH)[list(groups)] + noise * chance.normal(size=(len(groups), WIDTH)) / np.sqrt(WIDTH)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def texts_of(groups: Sequence[int]) -> list[str]:
    return [f"{SAID[3 * (group % 2) + number % 3]} {'abcdefgh'[group] * 4}" for number, group in enumerate(groups)]


def same_pairs(labels: NDArray[np.int64]) -> NDArray[np.bool_]:
    return np.asarray(labels[:, None] == labels[None, :])


def test_opinions_that_say_the_same_are_one_group_and_no_number_is_asked_for() -> None:
    groups = np.repeat([0, 1, 2, 3], 12)
    found = opinions_of(vectors_of(groups.tolist()), texts_of(groups.tolist()))

    np.testing.assert_array_equal(same_pairs(found.labels), same_pairs(groups))


def test_the_order_of_the_opinions_changes_no_group() -> None:
    groups = np.repeat([0, 1, 2, 3], [20, 14, 9, 7])
    vectors, texts = vectors_of(groups.tolist(), noise=1.2), texts_of(groups.tolist())
    order = np.random.default_rng(9).permutation(len(groups))
    found = opinions_of(vectors, texts).labels
    shuffled = opinions_of(vectors[order], [texts[row] for row in order]).labels

    np.testing.assert_array_equal(same_pairs(found)[np.ix_(order, order)], same_pairs(shuffled))


def test_an_opinion_is_blended_with_its_likest_and_not_with_itself() -> None:
    features = np.eye(12)
    features[1, 0], features[2, 0] = 0.9, 0.8  # the two likest to the first, of twelve
    blended = _blended(features, np.arange(12))

    expected = 0.35 * features[0] + 0.65 * (features[1] + features[2]) / 2
    np.testing.assert_allclose(blended[0], expected)


def test_noisy_opinions_are_told_apart_by_what_lies_between_them() -> None:
    groups = np.repeat([0, 1], 40)
    vectors = vectors_of(groups.tolist(), noise=2.2)  # two of one group are hardly more alike than any two
    found = opinions_of(vectors, ["it is so"] * 80, count=2).labels

    agreed = max((found == groups).mean(), (found != groups).mean())
    assert agreed > 0.85  # .81 without


def test_so_many_groups_as_people_ask_for() -> None:
    groups = np.repeat([0, 1, 2, 3], 12).tolist()
    assert set(opinions_of(vectors_of(groups), texts_of(groups), count=2).labels.tolist()) == {0, 1}


def test_a_group_of_two_goes_to_the_likest() -> None:
    groups = [0] * 14 + [1] * 14 + [2] * 2
    assert set(opinions_of(vectors_of(groups), texts_of(groups)).labels.tolist()) == {0, 1}


def test_an_opinion_between_two_groups_is_less_sure_than_one_inside() -> None:
    vectors = vectors_of([0] * 14 + [1] * 14)
    between = (vectors[0] + vectors[20]) / np.linalg.norm(vectors[0] + vectors[20])
    found = opinions_of(np.vstack([vectors, between]), ["it is so"] * 29)

    assert found.confidence[-1] < found.confidence[:28].min()


def test_five_opinions_are_one_group() -> None:
    found = opinions_of(vectors_of([0, 1, 2, 3, 4]), texts_of([0, 1, 2, 3, 4]))
    assert found.labels.tolist() == [0] * 5


def test_opinions_without_a_telling_word_are_grouped_by_their_vectors() -> None:
    groups = [0] * 10 + [1] * 10
    found = opinions_of(vectors_of(groups), ["it is so"] * 20)
    np.testing.assert_array_equal(same_pairs(found.labels), same_pairs(np.array(groups)))


def test_more_opinions_than_are_compared_with_each_other_find_their_group(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.themes.opinions._FITTED", 40)
    groups = np.repeat([0, 1], 60)
    found = opinions_of(vectors_of(groups.tolist()), texts_of(groups.tolist()))
    np.testing.assert_array_equal(same_pairs(found.labels), same_pairs(groups))


class _Opinions:
    """An encoder that tells opinions apart by their last letter."""

    revision = "last letters"

    def __init__(self) -> None:
        self.asked = 0

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.asked += 1
        return vectors_of([ord(text[-1]) - ord("a") for text in texts])


def _found(said: list[Said], opinions: _Opinions) -> NDArray[np.int64]:
    statements, turns, _ = tables({"rt1": said})
    placed = statements.merge(turns[["turn_id", "index", "speaker", "role"]], on="turn_id")
    vectors = embed(statements, turns, encoder=PlainEncoder())
    return find_emergent(talks_of(placed, vectors, opinions=opinions)).labels


def test_a_surveys_answers_are_read_by_the_encoder_for_opinions() -> None:
    groups = [0, 1] * 20
    answers: list[Said] = [
        (f"P{number:02d}", "participant", f"It is much the same with us here {'ab'[group]}")
        for number, group in enumerate(groups)
    ]
    np.testing.assert_array_equal(same_pairs(_found(answers, _Opinions())), same_pairs(np.array(groups)))


def test_a_conversation_is_not_read_as_opinions() -> None:
    opinions = _Opinions()
    _found(talk(("trust", "money")), opinions)
    assert opinions.asked == 0
