"""Themes under themes: at most three levels, eight at the top."""

from __future__ import annotations

import numpy as np

from pipeline.themes.hierarchy import merges_of, parents
from pipeline.themes.returning import parts_of, sums_of
from pipeline.themes.words import words_of_each


def test_up_to_eight_themes_none_hangs_under_another() -> None:
    assert parents([((0, 1), 0.9), ((0, 1, 2), 0.8)], [9, 8, 7, 6, 5, 4, 3, 2]) == {}


def test_the_smaller_hangs_under_the_larger_nearest_first_until_eight_are_left() -> None:
    merges = [((3, 9), 0.5), ((2, 8), 0.4), ((0, 1), 0.3)]

    assert parents(merges, [20, 19, 18, 17, 16, 15, 14, 13, 12, 30]) == {3: 9, 8: 2}


def test_themes_with_nothing_in_common_stay_apart() -> None:
    assert parents([((0, 1), 0.1)], list(range(20, 0, -1))) == {}


def test_no_theme_hangs_deeper_than_the_third_level() -> None:
    chain = [(tuple(range(first, 20)), 0.5) for first in range(18, -1, -1)]
    sizes = [100 - number for number in range(20)]

    above = parents(chain, sizes)

    def depth(theme: int) -> int:
        return 1 + depth(above[theme]) if theme in above else 1

    assert max(depth(theme) for theme in range(20)) == 3


def test_what_means_nearly_the_same_is_put_together_first() -> None:
    chance = np.random.default_rng(1)
    directions = np.eye(30)[[0, 1, 0, 2]] + np.eye(30)[[3, 4, 5, 6]] * 0.6
    rows = [direction + 0.4 * chance.normal(size=(30, 30)) for direction in directions]
    labels = np.repeat(np.arange(4), 30)
    sums = sums_of(np.concatenate(rows).astype(np.float32), np.ones(120), labels)

    merges = merges_of(parts_of([sums], [labels], words_of_each([""] * 120)))

    assert merges[0][0] == (0, 2)
    assert merges[-1][0] == (0, 1, 2, 3)
    assert [alike for _, alike in merges] == sorted((alike for _, alike in merges), reverse=True)
