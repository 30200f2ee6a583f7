"""What changed since the last roundtable, theme by theme, in numbers of participants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.synthesis.material import ReportMaterial
from pipeline.synthesis.wording import Line, say, words
from pipeline.tables import Roundtable

CLEAR_CHANGE = 2  # participants more or fewer: one can be chance at a table of ten


def voices(material: ReportMaterial) -> pd.DataFrame:
    """Who speaks of what and where: distinct rows of theme_id, roundtable_id, speaker; participants only."""
    primary = material.assignments[material.assignments["primary"]]
    spoken = primary.merge(material.statements[["statement_id", "turn_id"]], on="statement_id")
    spoken = spoken.merge(material.turns[["turn_id", "roundtable_id", "speaker", "role"]], on="turn_id")
    spoken = spoken[spoken["role"] == "participant"]
    return spoken[["theme_id", "roundtable_id", "speaker"]].drop_duplicates(ignore_index=True)


def people_by_roundtable(material: ReportMaterial) -> dict[str, dict[str, int]]:
    """theme_id to roundtable_id to how many participants spoke of it there."""
    counts = voices(material).groupby(["theme_id", "roundtable_id"], sort=True).size()
    found: dict[str, dict[str, int]] = {}
    for (theme, roundtable), people in counts.items():
        found.setdefault(str(theme), {})[str(roundtable)] = int(people)
    return found


def changes(material: ReportMaterial, roundtables: Sequence[Roundtable], languages: tuple[str, ...]) -> dict[str, Line]:
    """For each theme the sentence on what changed; none where there was one roundtable."""
    order = [roundtable.roundtable_id for roundtable in roundtables]
    if len(order) < 2:
        return {}
    found = {}
    for theme, people in people_by_roundtable(material).items():
        change, earlier = _change([people.get(roundtable, 0) for roundtable in order])
        name = tuple((language, ordinal(earlier + 1, language)) for language in languages)
        found[theme] = say(languages, f"change.{change}", roundtable=name)
    return found


def _change(people: Sequence[int]) -> tuple[str, int]:
    """What happened to a theme, and the index of the earlier roundtable to speak of."""
    *before, now = people
    heard = [index for index, count in enumerate(before) if count]
    if not heard:
        return "new", 0
    last = heard[-1]
    if not now:
        return "absent", last
    if last < len(before) - 1:
        return "returned", last
    if now >= before[last] + CLEAR_CHANGE:
        return "grown", last
    return ("faded" if now <= before[last] - CLEAR_CHANGE else "present"), last


def ordinal(number: int, language: str) -> str:
    """ "the first roundtable", "yr ail ford gron"."""
    known: Mapping[str, object] = words(language)["ordinals"]
    listed = known["list"]
    assert isinstance(listed, list)
    return str(listed[number - 1]) if number <= len(listed) else str(known["other"]).format(n=number)
