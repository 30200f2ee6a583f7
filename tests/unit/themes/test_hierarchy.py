"""Themes under themes: at most three levels, eight at the top."""

from __future__ import annotations

from pipeline.themes.hierarchy import parents


def test_up_to_eight_themes_none_hangs_under_another() -> None:
    assert parents([((0, 1), 0.1), ((0, 1, 2), 0.2)], [9, 8, 7, 6, 5, 4, 3, 2]) == {}


def test_the_smaller_hangs_under_the_larger_nearest_first_until_eight_are_left() -> None:
    merges = [((3, 9), 0.2), ((2, 8), 0.3), ((0, 1), 0.4)]

    assert parents(merges, [20, 19, 18, 17, 16, 15, 14, 13, 12, 30]) == {3: 9, 8: 2}


def test_themes_with_nothing_in_common_stay_apart() -> None:
    assert parents([((0, 1), 0.95)], list(range(20, 0, -1))) == {}


def test_no_theme_hangs_deeper_than_the_third_level() -> None:
    chain = [(tuple(range(first, 20)), 0.1) for first in range(18, -1, -1)]
    sizes = [100 - number for number in range(20)]

    above = parents(chain, sizes)

    def depth(theme: int) -> int:
        return 1 + depth(above[theme]) if theme in above else 1

    assert max(depth(theme) for theme in range(20)) == 3
