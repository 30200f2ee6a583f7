"""Scores, overlaps, near-duplicates and variety."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.quotes.candidates import Candidate
from pipeline.quotes.rank import TOLD, Scored, apart, folded, score, varied


def candidate(start: int, end: int, *, turn: str = "rt1:t0001", first: int = 0, size: int = 1) -> Candidate:
    return Candidate(turn, tuple(f"{turn}:s{first + place:02d}" for place in range(size)), first, start, end)


def scored(value: float, start: int = 0, end: int = 10, turn: str = "rt1:t0001") -> Scored:
    return Scored(candidate(start, end, turn=turn), (value, *(0.0,) * (len(TOLD) - 1)), value)


def test_a_further_statement_joins_only_when_it_is_nearly_as_good_as_the_best() -> None:
    told = np.zeros((40, len(TOLD) - 1))
    told[:4, 0] = 5.0, 4.9, 3.0, -1.0
    alone, with_good, with_fair, with_poor = (
        candidate(0, 10),
        candidate(0, 20, size=2),
        candidate(10, 30, first=1, size=2),
        candidate(20, 40, first=2, size=2),
    )

    one, good = score([alone, with_good, with_fair, with_poor], told, np.full(40, 10.0))

    assert (one.candidate, good.candidate) == (alone, with_good)
    assert one.best < good.best < one.best + 0.1


def test_a_quote_of_several_statements_is_as_good_as_they_are_letter_by_letter():
    told = np.zeros((40, len(TOLD) - 1))
    told[:2, 0], told[:2, 1] = (5.0, 4.5), (0.4, 0.8)

    (found,) = score([candidate(0, 40, size=2)], told, np.array([30.0, *[10.0] * 39]))

    assert found.told[:2] == pytest.approx((4.875, 0.5))
    assert found.score == pytest.approx(5.375 + found.told[-1])
    assert 0 < found.told[-1] < 0.1


def test_of_overlapping_candidates_the_one_with_the_best_statement_stands_wherever_its_mean_ranks_it() -> None:
    whole, alone, other = (
        Scored(candidate(0, 20, size=2), (2.0,), 3.1),
        Scored(candidate(0, 10), (3.0,), 3.0),
        Scored(candidate(30, 40, first=3), (2.5,), 2.5),
    )

    assert apart([alone, whole, other]) == [other, whole]


def test_what_is_below_the_mean_joins_nothing() -> None:
    told = np.zeros((40, len(TOLD) - 1))
    told[:2, 0], told[2:4, 0] = -5.0, 5.0
    below, above = candidate(0, 20, size=2), candidate(20, 40, first=2, size=2)

    assert [one.candidate for one in score([below, above], told, np.full(40, 10.0))] == [above]


def test_what_the_groups_add_is_the_score() -> None:
    told = np.arange(2 * (len(TOLD) - 1), dtype=float).reshape(2, -1)

    (found,) = score([candidate(0, 10, first=1)], told, np.full(2, 10.0))

    assert len(found.told) == len(TOLD)
    assert found.score == sum(found.told)


def test_a_clause_scores_a_little_less_than_its_whole_statement() -> None:
    told = np.ones((1, len(TOLD) - 1))

    whole, clause = score([candidate(0, 100), candidate(0, 60)], told, np.array([100.0]))

    assert whole.score > clause.score


def test_of_two_that_overlap_the_better_stands() -> None:
    kept = apart([scored(1.0, 0, 10), scored(3.0, 5, 20), scored(2.0, 20, 30), scored(0.5, 0, 10, turn="rt1:t0002")])

    assert [(one.candidate.turn_id, one.candidate.start) for one in kept] == [
        ("rt1:t0001", 5),
        ("rt1:t0001", 20),
        ("rt1:t0002", 0),
    ]


def test_a_tie_goes_to_what_was_said_first() -> None:
    kept = apart([scored(1.0, 20, 30), scored(1.0, 0, 10)])

    assert [one.candidate.start for one in kept] == [0, 20]


def test_the_strongest_of_near_duplicates_stands_and_the_other_is_named() -> None:
    texts = ["Trust takes years.", "We need money.", "Trust takes years, you see."]
    vectors = np.array([[1, 0], [0, 1], [0.99, 0.14]], dtype=np.float32)

    kept, duplicates = folded([scored(3.0), scored(2.0), scored(1.0)], texts, vectors, most=10)

    assert kept == [0, 1]
    assert duplicates == [(2, 0)]


def test_what_sounds_alike_in_meaning_but_not_in_words_both_stand() -> None:
    vectors = np.array([[1, 0], [0.8, 0.6]], dtype=np.float32)

    kept, _ = folded([scored(2.0), scored(1.0)], ["Trust takes years.", "It is slow to earn."], vectors, most=10)

    assert kept == [0, 1]


def test_variety_prefers_what_has_not_been_said() -> None:
    vectors = np.array([[1, 0], [1, 0], [0, 1]], dtype=np.float32)

    found = list(varied([0, 1, 2], [3.0, 2.9, 2.0], vectors, most=2, speakers=["P01", "P02", "P03"], cap=2, weight=0.5))

    assert found == [0, 2]


def test_nobody_has_more_than_the_cap() -> None:
    vectors = np.eye(4, dtype=np.float32)

    found = list(
        varied(
            [0, 1, 2, 3],
            [4.0, 3.0, 2.0, 1.0],
            vectors,
            most=4,
            speakers=["P01", "P01", "P01", "P02"],
            cap=2,
            weight=0.7,
        )
    )

    assert found == [0, 1, 3]


def test_what_is_reserved_is_in_the_list_however_weak() -> None:
    vectors = np.eye(4, dtype=np.float32)

    found = list(
        varied(
            [0, 1, 2, 3],
            [4.0, 3.0, 2.0, 1.0],
            vectors,
            most=2,
            speakers=["P01", "P02", "P03", "P04"],
            cap=2,
            first=[3],
            weight=0.7,
        )
    )

    assert found == [0, 3]


def test_the_same_letters_are_one_thing_whatever_their_vectors_say() -> None:
    texts = ["We wait four years for a letter from the board.", "We wait for years for a letter from the board."]
    vectors = np.array([[1.0, 0.0], [0.7, 0.714]], dtype=np.float32)
    scored = [Scored(Candidate(f"rt1:t{row:04d}", ("s",), row, 0, 10), (1.0,), 1.0) for row in range(2)]
    assert folded(scored, texts, vectors, most=5) == ([0], [(1, 0)])


def test_what_must_be_among_the_chosen_counts_among_what_one_participant_may_have() -> None:
    """The last is theirs too, and is to be among them: it is one of the two that they may have, and no third."""
    found = varied(
        [0, 1, 2, 3, 4],
        [3.0, 2.9, 2.8, 2.7, 1.0],
        np.eye(5, dtype=np.float32),
        most=4,
        speakers=["P01", "P01", "P01", "P02", "P01"],
        cap=2,
        first=[4],
        weight=0.7,
    )
    assert sorted(found) == [0, 3, 4]
