"""Welsh is ranked among Welsh."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.quotes.languages import raised
from pipeline.tables import WELSH

ALL = np.ones(6, dtype=bool)


def are_welsh(languages: str) -> np.ndarray:
    return np.array([language == WELSH for language in languages.split()])


def ranked(scores: list[float], languages: str, choosable: np.ndarray | None = None) -> np.ndarray:
    told, every = np.array(scores), np.ones(len(scores), dtype=bool)
    return told + raised(told, are_welsh(languages), every if choosable is None else choosable, coded=~every)


def test_a_welsh_statement_stands_among_all_where_it_stands_among_the_welsh_ones() -> None:
    english = list(np.linspace(0.0, 1.0, 101))
    told = ranked([*english, -9.0, -8.0, -7.0], "en " * 101 + "cy cy cy")
    assert told[:101].tolist() == english
    assert told[101:] == pytest.approx([1 / 6, 1 / 2, 5 / 6], abs=0.01)


def test_the_only_welsh_statement_is_neither_first_nor_last() -> None:
    assert ranked([0.0, 1.0, 2.0, 50.0], "en en en cy")[3] == pytest.approx(1.0)


def test_more_welsh_than_english_statements_keep_their_order() -> None:
    told = ranked([0.0, 3.0, *range(-40, 0)], "en en " + "cy " * 40)
    assert (np.diff(told[2:]) > 0).all()
    assert (told[2:] > 1.5).sum() == 20


@pytest.mark.parametrize("languages", ["en en en", "cy cy cy"], ids=["all English", "all Welsh"])
def test_one_language_alone_is_left_as_it_is(languages: str) -> None:
    assert ranked([3.0, 1.0, 2.0], languages).tolist() == [3.0, 1.0, 2.0]


def test_what_cannot_be_chosen_neither_moves_nor_counts() -> None:
    choosable = np.array([True, True, False, True, False])
    told = ranked([0.0, 1.0, 90.0, -5.0, -9.0], "en en en cy cy", choosable)
    assert told.tolist() == pytest.approx([0.0, 1.0, 90.0, 0.5, -9.0])


def test_of_two_alike_what_was_said_first_stands_higher() -> None:
    told = ranked([0.0, 1.0, 2.0, 7.0, 7.0], "en en en cy cy")
    assert told[3] > told[4]


def test_among_the_welsh_ones_what_carries_a_code_stands_higher() -> None:
    scores, welsh = np.array([0.0, 1.0, 2.0, 5.0, 5.02, 5.2]), are_welsh("en en en cy cy cy")
    coded = np.array([False, False, False, True, False, False])
    plain, told = (scores + raised(scores, welsh, ALL, coded=given) for given in (~ALL, coded))
    assert plain[3] < plain[4] < plain[5]
    assert told[4] < told[3] < told[5]
