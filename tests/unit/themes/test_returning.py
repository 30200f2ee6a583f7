"""Which subjects of several transcripts are the same."""

from __future__ import annotations

from collections import Counter

import numpy as np

from pipeline.themes.cluster import Subjects
from pipeline.themes.context import Matrix, Rows, Talk
from pipeline.themes.returning import MOST_THEMES, Part, join, parts_of
from pipeline.themes.words import content_words

DIRECTIONS = np.eye(40)


def spoken(direction: Matrix, statements: int, seed: int, *words: str) -> Part:
    """A subject whose statements all point its way, each with much chance of its own."""
    chance = np.random.default_rng(seed)
    rows = direction + 0.5 * chance.normal(size=(statements, len(direction)))
    return Part(rows.sum(0), float(statements), float(statements), float((rows**2).sum()), Counter(words))


def same(labels: Rows) -> list[int]:
    return [int(label) for label in labels]


def test_what_two_transcripts_speak_of_is_one_theme_however_short_the_stretch() -> None:
    parts = [spoken(DIRECTIONS[subject], size, number) for number, (subject, size) in enumerate(
        [(0, 60), (1, 60), (2, 60), (0, 8), (1, 8), (3, 60)]
    )]  # fmt: skip

    labels = same(join(parts))

    assert labels[0] == labels[3]
    assert labels[1] == labels[4]
    assert len(set(labels)) == 4


def test_rare_words_join_what_its_meaning_leaves_open() -> None:
    between = DIRECTIONS[0] * 0.5 + DIRECTIONS[9]
    others = [spoken(DIRECTIONS[at], 40, at, "people", f"word{at}") for at in range(1, 6)]
    first, unlike = spoken(DIRECTIONS[0], 40, 0, "people", "slurry"), spoken(between, 40, 7, "people", "milk")
    like = spoken(between, 40, 7, "people", "slurry")

    assert same(join([first, unlike, *others]))[:2] != [0, 0]
    assert len({*same(join([first, like, *others]))[:2]}) == 1


def test_there_are_no_more_themes_than_a_report_can_hold_unless_asked_for() -> None:
    parts = [spoken(DIRECTIONS[at], 30, at) for at in range(40)]

    assert len(set(same(join(parts)))) == MOST_THEMES
    assert len(set(same(join(parts, count=30)))) == 30


def test_more_subjects_than_are_fitted_go_to_the_nearest_joined_one() -> None:
    subjects = np.arange(4200) % 4
    parts = [spoken(DIRECTIONS[subject][:6] * 3, 4, number) for number, subject in enumerate(subjects)]

    labels = join(parts)

    assert len(set(zip(subjects.tolist(), labels.tolist(), strict=True))) == 4


def test_a_part_holds_its_statements_less_what_the_series_has_in_common() -> None:
    own = np.array([[1.0, 0.0], [0.0, 1.0]], dtype=np.float32)
    texts = ["The slurry on the lane was there again before the milk came", "And the [person A] said of the slurry"] * 1
    talk = Talk(
        "rt1", own, np.arange(2), ["P01", "P02"], np.zeros(2, dtype=bool), np.zeros(2, dtype=bool), texts,
        [content_words(text) for text in texts],
    )  # fmt: skip
    one = Subjects(np.array([0, 0]), np.ones(2), ())

    part = parts_of([talk], [one])[0]

    assert np.allclose(part.total, 0.0)
    assert part.words == {"lane": 1, "milk": 1, "slurry": 2}
