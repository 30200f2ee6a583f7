"""Which subjects of several transcripts are the same."""

from __future__ import annotations

import numpy as np

from pipeline.themes.cluster import ABSENT
from pipeline.themes.context import Matrix, Rows, Talk
from pipeline.themes.returning import MOST_THEMES, Parts, join, parts_of, sums_of
from pipeline.themes.words import words_of_each

DIRECTIONS = np.eye(40)


Spoken = tuple[Matrix, float, str]


def spoken(direction: Matrix, statements: int, seed: int, *words: str) -> Spoken:
    """A subject whose statements all point its way, each with much chance of its own."""
    chance = np.random.default_rng(seed)
    rows = direction + 0.5 * chance.normal(size=(statements, len(direction)))
    return rows.sum(0), float((rows**2).sum()), f"{statements} {' '.join(words)}"


def together(subjects: list[Spoken]) -> Parts:
    """These subjects, of statements that all count 1."""
    sizes = np.array([float(said.split()[0]) for _, _, said in subjects])
    words = words_of_each([said for _, _, said in subjects])
    return Parts(np.stack([one[0] for one in subjects]), sizes, sizes, np.array([one[1] for one in subjects]), words)


def same(labels: Rows) -> list[int]:
    return [int(label) for label in labels]


def test_what_two_transcripts_speak_of_is_one_theme_however_short_the_stretch() -> None:
    parts = [spoken(DIRECTIONS[subject], size, number) for number, (subject, size) in enumerate(
        [(0, 60), (1, 60), (2, 60), (0, 8), (1, 8), (3, 60)]
    )]  # fmt: skip

    labels = same(join(together(parts)))

    assert labels[0] == labels[3]
    assert labels[1] == labels[4]
    assert len(set(labels)) == 4


def test_rare_words_join_what_its_meaning_leaves_open() -> None:
    between = DIRECTIONS[0] * 0.5 + DIRECTIONS[9]
    others = [spoken(DIRECTIONS[at], 40, at, "people", f"word{at}") for at in range(1, 6)]
    first, unlike = spoken(DIRECTIONS[0], 40, 0, "people", "slurry"), spoken(between, 40, 7, "people", "milk")
    like = spoken(between, 40, 7, "people", "slurry")

    assert same(join(together([first, unlike, *others])))[:2] != [0, 0]
    assert len({*same(join(together([first, like, *others])))[:2]}) == 1


def test_there_are_no_more_themes_than_a_report_can_hold_unless_asked_for() -> None:
    parts = [spoken(DIRECTIONS[at], 30, at) for at in range(40)]

    assert len(set(same(join(together(parts))))) == MOST_THEMES
    assert len(set(same(join(together(parts), count=30)))) == 30


def test_more_subjects_than_are_fitted_go_to_the_nearest_joined_one() -> None:
    subjects = np.arange(4200) % 4
    parts = [spoken(DIRECTIONS[subject][:6] * 3, 4, number) for number, subject in enumerate(subjects)]

    labels = join(together(parts))

    assert len(set(zip(subjects.tolist(), labels.tolist(), strict=True))) == 4


def test_a_part_holds_its_statements_less_what_the_series_has_in_common() -> None:
    own = np.array([[1.0, 0.0], [0.0, 1.0]], dtype=np.float32)
    texts = ["The slurry on the lane was there again before the milk came", "And the [person A] said of the slurry"] * 1
    talk = Talk(
        "rt1", own, np.arange(2), ["P01", "P02"], np.zeros(2, dtype=bool), np.zeros(2, dtype=bool), texts,
    )  # fmt: skip
    whole = np.array([0, 0])

    part = parts_of([sums_of(talk.own, talk.weights(), whole)], [whole], words_of_each(texts))

    assert np.allclose(part.totals, 0.0)
    assert part.words.toarray().tolist() == [[1, 1, 2]]  # lane, milk, slurry


def test_a_statement_of_no_subject_is_in_what_all_have_in_common_and_one_that_isnt_there_is_not() -> None:
    own = np.eye(3, dtype=np.float32)
    texts = ["The slurry", "The milk", "The lane"]
    labels = np.array([0, -1, ABSENT])

    part = parts_of([sums_of(own, np.array([1.0, 0.5, 1.0]), labels)], [labels], words_of_each(texts))

    assert np.allclose(part.totals, [[1 / 3, -1 / 3, 0]])
    assert np.allclose(part.itself, [2 / 9])
    assert part.words.toarray().tolist() == [[0, 0, 1]]
