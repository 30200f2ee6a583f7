"""Theming a series without an agenda: a subject that comes back, in other words, is the same theme, and is named so.

With the real sentence model, on two invented series that are nothing like each other (benchmarks/planted_series.py).
"""

from __future__ import annotations

import pytest

from benchmarks.planted_series import SERIES, PlantedSeries, is_named, read_series, theme_of
from pipeline.backends.protocols import Encoder
from pipeline.backends.toolbox import Toolbox
from pipeline.config import Config
from pipeline.embed import embed
from pipeline.tables import THEMES
from pipeline.themes import Themed, find_themes


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Toolbox(Config().anonymise, Config().embed).encoder()


def themed(name: str, encoder: Encoder) -> tuple[PlantedSeries, Themed]:
    series = read_series(SERIES / f"{name}.txt")
    vectors = embed(series.statements, series.turns, encoder=encoder)
    made = find_themes(
        series.statements, series.turns, vectors, series.roundtables,
        encoder=encoder, codebook=None, stability=False,
    )  # fmt: skip
    return series, made


@pytest.mark.parametrize(("name", "at_least"), [("farms", 5), ("school", 3)])
def test_what_comes_back_at_another_roundtable_is_the_same_theme_and_named_for_it(
    encoder: Encoder, name: str, at_least: int
) -> None:
    series, made = themed(name, encoder)
    rows = made.assignments[made.assignments["primary"]]
    themes = dict(zip(rows["statement_id"], rows["theme_id"], strict=True))
    names = {theme.theme_id: theme.name for theme in THEMES.rows(made.themes)}

    joined = {subject: theme for subject in series.returning() if (theme := theme_of(series, themes, subject))}
    named = [subject for subject, theme in joined.items() if is_named(series, subject, names[theme])]

    assert len(joined) >= at_least, f"only {sorted(joined)} of {series.returning()}"
    assert len(named) >= at_least - 1, names


@pytest.mark.parametrize("name", ["farms", "school"])
def test_there_are_about_as_many_themes_as_subjects(encoder: Encoder, name: str) -> None:
    series, made = themed(name, encoder)
    subjects = len(set(series.subjects.values()))

    assert 0.7 * subjects <= len(made.themes) <= 2 * subjects
