"""What changed since the last roundtable, theme by theme, in numbers of participants."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from pipeline.synthesis.choices import Approved
from pipeline.synthesis.material import ReportMaterial
from pipeline.synthesis.wording import Line, say, words
from pipeline.tables import Roundtable, moved


def voices(material: ReportMaterial, approved: Iterable[Approved]) -> pd.DataFrame:
    """Who speaks of what and where: distinct rows of theme_id, roundtable_id, speaker; participants only.

    By the first theme of what they said; and whoever people quote under a theme speaks of it, whatever else the
    program heard in it first. Or "one participant spoke about this" would stand above the words of two.
    """
    primary = material.assignments[material.assignments["primary"]]
    spoken = primary.merge(material.statements[["statement_id", "turn_id"]], on="statement_id")
    spoken = spoken.merge(material.turns[["turn_id", "roundtable_id", "speaker", "role"]], on="turn_id")
    spoken = spoken[spoken["role"] == "participant"]
    columns = ["theme_id", "roundtable_id", "speaker"]
    roles = dict(zip(material.participants["pseudonym"], material.participants["role"], strict=True))
    quoted = [
        (quote.theme_id, quote.roundtable_id, quote.speaker)
        for quote in approved
        if quote.theme_id and roles.get(quote.speaker) == "participant"
    ]
    both = pd.concat([spoken[columns], pd.DataFrame(quoted, columns=columns, dtype="str")])
    return both.drop_duplicates(ignore_index=True)


def people_by_roundtable(spoke: pd.DataFrame) -> dict[str, dict[str, int]]:
    """theme_id to roundtable_id to how many participants spoke of it there; `spoke` as `voices` gives it."""
    counts = spoke.groupby(["theme_id", "roundtable_id"], sort=True).size()
    found: dict[str, dict[str, int]] = {}
    for (theme, roundtable), people in counts.items():
        found.setdefault(str(theme), {})[str(roundtable)] = int(people)
    return found


def spoke_at(turns: pd.DataFrame) -> dict[str, int]:
    """roundtable_id to how many participants spoke there: a roster may list who didn't come, or not say where."""
    counted = turns[turns["role"] == "participant"].groupby("roundtable_id")["speaker"].nunique()
    return {str(roundtable): int(people) for roundtable, people in counted.items()}


def changes(
    spoke: pd.DataFrame, roundtables: Sequence[Roundtable], languages: tuple[str, ...], present: Mapping[str, int]
) -> dict[str, Line]:
    """For each theme the sentence on what changed; none where there was one roundtable. `present` as `spoke_at`.

    Where nobody took the floor but who led it, nothing could be heard, and nothing is said to have been absent.
    """
    order = [(number, one.roundtable_id) for number, one in enumerate(roundtables, 1) if present.get(one.roundtable_id)]
    if len(order) < 2:
        return {}
    found = {}
    for theme, people in people_by_roundtable(spoke).items():
        counts = [(people.get(roundtable, 0), present[roundtable]) for _, roundtable in order]
        change, earlier = _change(counts)
        name = tuple((language, ordinal(order[earlier][0], language)) for language in languages)
        found[theme] = say(languages, f"change.{change}", roundtable=name)
    return found


def _change(counts: Sequence[tuple[int, int]]) -> tuple[str, int]:
    """What happened to a theme, by its people and those present at each, and the index of the earlier to speak of."""
    *before, now = counts
    heard = [index for index, (people, _) in enumerate(before) if people]
    if not heard:
        return "new", 0
    last = heard[-1]
    if not now[0]:
        return "absent", last
    if last < len(before) - 1:
        return "returned", last
    return _CHANGES[moved(*before[last], *now)], last


_CHANGES = {1: "grown", 0: "present", -1: "faded"}


def ordinal(number: int, language: str) -> str:
    """ "the first roundtable", "yr ail ford gron"."""
    known: Mapping[str, object] = words(language)["ordinals"]
    listed = known["list"]
    assert isinstance(listed, list)
    return str(listed[number - 1]) if number <= len(listed) else str(known["other"]).format(n=number)
