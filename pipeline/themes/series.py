"""Themes over the roundtables of a series: present, new, grown, faded, returned, by people and not by lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from pipeline.tables import ROUNDTABLES, THEME_SERIES, ThemeSeries, moved


def theme_series(carried: pd.DataFrame, turns: pd.DataFrame, roundtables: pd.DataFrame) -> pd.DataFrame:
    """THEME_SERIES: each theme at each roundtable; `carried` is the primary assignments with their turns.

    Before its first roundtable a theme has no row. Roundtables that nobody declared come last, by their id.
    """
    order = roundtable_order(turns, roundtables)
    mine = carried[carried["role"] == "participant"]
    present = turns[turns["role"] == "participant"].groupby("roundtable_id")["speaker"].nunique().to_dict()
    grouped = mine.groupby(["theme_id", "roundtable_id"])["speaker"].agg(["size", "nunique"])
    counts = {key: (int(row[0]), int(row[1])) for key, row in zip(grouped.index, grouped.to_numpy(), strict=True)}
    rows: list[ThemeSeries] = []
    for theme in sorted(set(carried["theme_id"])):
        rows.extend(_course(theme, order, counts, {name: int(present.get(name, 0)) for name in order}))
    return THEME_SERIES.frame(rows)


def roundtable_order(turns: pd.DataFrame, roundtables: pd.DataFrame) -> list[str]:
    """The roundtables in the order of the series; those that nobody declared last, by their id."""
    declared = sorted(ROUNDTABLES.rows(roundtables), key=lambda one: (one.order, one.roundtable_id))
    known = [one.roundtable_id for one in declared]
    spoken = set(turns["roundtable_id"])
    return [name for name in known if name in spoken] + sorted(spoken - set(known))


def new_themes(series: pd.DataFrame) -> list[tuple[str, int]]:
    """How many themes each roundtable brought for the first time, in order; says nothing about those still to come."""
    in_order = series.sort_values(["order", "theme_id"])[["roundtable_id", "order"]].drop_duplicates()
    first = series[series["change"] == "new"].groupby("roundtable_id").size().to_dict()
    return [(str(name), int(first.get(name, 0))) for name in in_order["roundtable_id"]]


def _course(
    theme: str, order: Sequence[str], counts: dict[tuple[str, str], tuple[int, int]], present: dict[str, int]
) -> Iterator[ThemeSeries]:
    before: tuple[int, int] | None = None  # participants with the theme, and present, at the roundtable before
    for place, name in enumerate(order):
        statements, people = counts.get((theme, name), (0, 0))
        if before is None and statements == 0:
            continue
        change = "new" if before is None else _change(before, (people, present[name]))
        yield ThemeSeries(theme, name, place + 1, statements, people, present[name], change)
        if present[name]:  # where nobody spoke but who led it, nothing could be heard
            before = (people, present[name])


def _change(before: tuple[int, int], now: tuple[int, int]) -> str:
    if now[0] == 0:
        return "absent"
    if before[0] == 0:
        return "returned"
    return _CHANGES[moved(*before, *now)]


_CHANGES = {1: "grown", 0: "steady", -1: "faded"}
