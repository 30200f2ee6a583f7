"""Themes found in the conversation and themes of the codebook, side by side in the same tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from pipeline.backends.protocols import Encoder, Memory
from pipeline.decisions import Decision
from pipeline.tables import (
    ASSIGNMENTS,
    OMISSIONS,
    THEME_NOTES,
    THEME_OVERLAPS,
    THEMES,
    WELSH,
    Assignment,
    Omission,
    Theme,
    ThemeNote,
    ThemeOverlap,
    VectorSet,
)
from pipeline.themes.assign import assign_codes
from pipeline.themes.cluster import ABSENT
from pipeline.themes.codebook import Code, Codebook
from pipeline.themes.context import fullness
from pipeline.themes.decided import as_decided, codebook_as_decided, codes_as_decided
from pipeline.themes.emergent import FACILITATED, FEWEST_WORDS, KINDS, Talks, find_emergent, talks_of
from pipeline.themes.hierarchy import TOP, merges_of, parents
from pipeline.themes.introductions import INTRODUCTION, introductions
from pipeline.themes.name import Named, name_themes
from pipeline.themes.people import one_voice, prompted, stretches, theme_people
from pipeline.themes.phrases import kinds_of_words, phrases_said
from pipeline.themes.returning import parts_of, sums_of
from pipeline.themes.series import theme_series
from pipeline.themes.speech import speech_of
from pipeline.themes.stability import Holding, holdings, left_out_in_turn
from pipeline.themes.without import found_without


class Themed(NamedTuple):
    """What the themes stage gives."""

    themes: pd.DataFrame
    assignments: pd.DataFrame
    people: pd.DataFrame  # THEME_PEOPLE
    notes: pd.DataFrame  # THEME_NOTES, of emergent themes
    series: pd.DataFrame  # THEME_SERIES
    overlaps: pd.DataFrame  # THEME_OVERLAPS
    omissions: pd.DataFrame


def find_themes(
    statements: pd.DataFrame,
    turns: pd.DataFrame,
    vectors: VectorSet,
    roundtables: pd.DataFrame,
    *,
    encoder: Encoder,
    opinions: Encoder | None = None,
    codebook: Codebook | None,
    decisions: Sequence[Decision] = (),
    n_themes: int = 0,
    stability: bool = True,
    tokens: pd.DataFrame | None = None,
    memory: Memory | None = None,
) -> Themed:
    """The themes of a run and who carries them; every statement has a primary theme or an omission that says why.

    No chance is in it, and so no seed. Facilitators' and observers' statements have themes too, but are in no count.

    Args:
        opinions: an encoder taught which opinions are the same one, for statements that answer nobody.
        n_themes: emergent themes asked for; 0 for as many as there are.
        stability: leave participants out in turn; without it every theme is fragile at 0.
        tokens: the TOKENS of the turns, so that names are made of nouns; without it of any words.
        memory: where the subjects of each talk, and of each without somebody, are kept between runs.
    """
    placed = _placed(statements, turns)
    talks = talks_of(placed, vectors, opinions=opinions)
    emergent, omissions = _emergent(talks, placed, count=n_themes, memory=memory)
    decided = as_decided(emergent, statements, decisions)
    codebook = codebook_as_decided(codebook, decided, placed, decisions)
    coded = ASSIGNMENTS.empty()
    if codebook is not None:
        told: dict[str, Any] = {"encoder": encoder, "decisions": decisions, "memory": memory}
        coded = assign_codes(statements, turns, vectors, codebook=codebook, **told)
        coded = _of_substance(codes_as_decided(coded, statements, decisions, codes=codebook.ids), placed)
    assignments = ASSIGNMENTS.check(pd.concat([decided.assignments, coded], ignore_index=True))
    carried = assignments[assignments["primary"]].merge(placed, on="statement_id", validate="many_to_one")
    own = carried[carried["origin"] == "emergent"]
    codes = {code.id: code.name for code in codebook.codes} if codebook else {}
    kinds = None if tokens is None else kinds_of_words(turns, tokens) or None
    speakers = dict(zip(turns["turn_id"].tolist(), turns["speaker"].tolist(), strict=True))
    speech = speech_of(statements, phrases_said(statements, kinds), speakers)
    welsh = frozenset(statements.loc[statements["language"] == WELSH, "statement_id"])
    given = {**codes, **decided.names}
    named = name_themes(speech, _evidence(own), vectors, encoder=encoder, given=given, welsh=welsh)
    coded_words = _evidence(carried[carried["origin"] == "codebook"])
    spoken = name_themes(speech, coded_words, vectors, encoder=encoder, given=codes)
    held = _held(talks, decided.assignments, placed, count=n_themes, memory=memory) if stability else {}
    people = theme_people(carried)
    return Themed(
        themes=_themes(carried, named, held, _codes(codebook, spoken), _parents(own, vectors, talks)),
        assignments=assignments,
        people=people,
        notes=_notes(own, turns, named, held, people),
        series=theme_series(carried, turns, roundtables),
        overlaps=_overlaps(carried),
        omissions=omissions,
    )


def _placed(statements: pd.DataFrame, turns: pd.DataFrame) -> pd.DataFrame:
    spoken = turns[["turn_id", "roundtable_id", "index", "speaker", "role"]]
    placed = statements.merge(spoken, on="turn_id", how="left", validate="many_to_one")
    placed["kind"] = placed["kind"].mask(introductions(placed), INTRODUCTION)
    return placed.sort_values("statement_id", kind="stable", ignore_index=True)


def _theme_id(number: int) -> str:
    return f"e{number + 1:02d}"


def _emergent(
    talks: Talks, placed: pd.DataFrame, *, count: int, memory: Memory | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    found = find_emergent(talks, count=count, memory=memory)
    assignments: list[Assignment] = []
    homeless: dict[str, str] = {}
    for row, (name, inside, label) in enumerate(zip(talks.ids, talks.in_theme, found.labels.tolist(), strict=True)):
        if inside and label >= 0:
            assignments.append(Assignment(name, _theme_id(label), "emergent", True, float(found.confidence[row])))
        elif inside:
            homeless[name] = "only facilitators speak of it" if label == FACILITATED else "unlike all others"
    for row, label, sure in found.further:
        if talks.in_theme[row] and found.labels[row] >= 0 and label >= 0:
            assignments.append(Assignment(talks.ids[row], _theme_id(label), "emergent", False, sure))
    themed = {one.statement_id for one in assignments}
    left = placed[~placed["statement_id"].isin(themed)]
    omissions = [
        Omission("themes", str(name), "", _reason(str(kind), homeless.get(str(name), "")), len(text))
        for name, kind, text in zip(left["statement_id"], left["kind"], left["text"], strict=True)
    ]
    return ASSIGNMENTS.frame(assignments), OMISSIONS.frame(omissions)


def _reason(kind: str, homeless: str) -> str:
    if homeless:
        return f"no theme: {homeless}"
    if kind not in KINDS:
        return f"no theme: {kind}"
    return f"no theme: under {FEWEST_WORDS} words"


def _of_substance(coded: pd.DataFrame, placed: pd.DataFrame) -> pd.DataFrame:
    """The codes, none of them primary to what has no part in themes, such as procedure, unless people confirmed it.

    Who says at the start what their job is would count among those who spoke of it. The rows stay, for the ranking.
    """
    outside = placed.loc[~placed["kind"].isin(KINDS), "statement_id"]
    counted = ~coded["statement_id"].isin(outside) | (coded["confidence"] == 1.0)
    return coded.assign(primary=coded["primary"] & counted)


def _evidence(own: pd.DataFrame) -> dict[str, list[str]]:
    """Statements by theme, participants' only; a theme that only a facilitator speaks of stands on theirs."""
    members: dict[str, list[str]] = {}
    for theme, rows in own.groupby("theme_id", sort=True):
        mine = rows.loc[rows["role"] == "participant", "statement_id"].tolist()
        members[str(theme)] = mine or rows["statement_id"].tolist()
    return members


def _held(
    talks: Talks, assignments: pd.DataFrame, placed: pd.DataFrame, *, count: int, memory: Memory | None
) -> dict[str, Holding]:
    primary = assignments[assignments["primary"]]
    theme = dict(zip(primary["statement_id"].tolist(), primary["theme_id"].tolist(), strict=True))
    groups = list(left_out_in_turn(placed.loc[placed["role"] == "participant", "speaker"].tolist()))
    again = found_without(talks, groups, count=count, memory=memory)
    # What is about nothing stands in a subject and counts in no theme.
    counted = (np.where(talks.in_theme, labels, ABSENT) for labels in again)
    return holdings([theme.get(name, "") for name in talks.ids], counted)


def _parents(own: pd.DataFrame, vectors: VectorSet, talks: Talks) -> dict[str, str]:
    """The parent of each emergent theme that has one."""
    mine = own[own["role"] == "participant"].sort_values("statement_id", kind="stable", ignore_index=True)
    sizes = mine["theme_id"].value_counts()
    order = sorted(sizes.index, key=lambda theme: (-int(sizes[theme]), theme))
    if len(order) <= TOP:
        return {}
    number = {theme: at for at, theme in enumerate(order)}
    labels = np.array([number[theme] for theme in mine["theme_id"].tolist()], dtype=np.int64)
    rows = vectors.own[np.searchsorted(np.array(vectors.ids), mine["statement_id"].to_numpy(dtype=str))]
    sums = sums_of(rows, fullness(mine["text"].tolist()), labels)
    row_of = {name: row for row, name in enumerate(talks.ids)}
    words = talks.words[[row_of[name] for name in mine["statement_id"].tolist()]]
    found = parents(merges_of(parts_of([sums], [labels], words)), [int(sizes[theme]) for theme in order])
    return {order[child]: order[parent] for child, parent in found.items()}


def _themes(
    carried: pd.DataFrame,
    named: Mapping[str, Named],
    held: Mapping[str, Holding],
    codes: Sequence[tuple[Code, tuple[str, ...]]],
    above: Mapping[str, str],
) -> pd.DataFrame:
    counted = carried[carried["role"] == "participant"]
    counts = {str(theme): _counts(rows) for theme, rows in counted.groupby("theme_id", sort=True)}
    none = (0, 0, 0)
    themes = [
        Theme(
            theme_id=theme,
            name=one.name,
            origin="emergent",
            parent_id=above.get(theme, ""),
            keywords=one.keywords,
            n_statements=counts.get(theme, none)[0],
            n_participants=counts.get(theme, none)[1],
            n_roundtables=counts.get(theme, none)[2],
            stability=_stability(held, theme),
        )
        for theme, one in named.items()
    ]
    # A code is what people decided it is: it doesn't change when somebody is left out.
    themes += [
        Theme(code.id, code.name, "codebook", code.parent, words, *counts.get(code.id, none), 1.0, code.name_cy)
        for code, words in codes
    ]
    return THEMES.frame(themes)


def _codes(codebook: Codebook | None, spoken: Mapping[str, Named]) -> list[tuple[Code, tuple[str, ...]]]:
    """The codes, each with the words that people spoke of it in."""
    return [
        (code, spoken[code.id].keywords if code.id in spoken else ()) for code in (codebook.codes if codebook else ())
    ]


def _counts(mine: pd.DataFrame) -> tuple[int, int, int]:
    return len(mine), int(mine["speaker"].nunique()), int(mine["roundtable_id"].nunique())


def _stability(held: Mapping[str, Holding], theme: str) -> float:
    return held[theme].stability if theme in held else 0.0


def _notes(
    own: pd.DataFrame,
    turns: pd.DataFrame,
    named: Mapping[str, Named],
    held: Mapping[str, Holding],
    people: pd.DataFrame,
) -> pd.DataFrame:
    talk = list(stretches(own))
    occurs = Counter(theme for theme, _ in talk)
    shares = prompted(talk, turns)
    words = people[people["theme_id"].isin(list(named))].groupby("theme_id")["n_words"].sum()
    return THEME_NOTES.frame(
        ThemeNote(
            theme_id=theme,
            holds=held.get(theme, Holding(0.0, 0)).label,
            n_left_out=held.get(theme, Holding(0.0, 0)).times,
            n_stretches=occurs[theme],
            share_of_talk=round(float(words.get(theme, 0)) / max(float(words.sum()), 1.0), 4),
            prompted=shares.get(theme, 0.0),
            one_voice=one_voice(people, theme),
            central=one.central,
            nearest=one.nearest,
            differs=one.differs,
        )
        for theme, one in named.items()
    )


def _overlaps(carried: pd.DataFrame) -> pd.DataFrame:
    """Where an emergent theme and a code lie on the same participants' statements."""
    counted = carried[carried["role"] == "participant"]
    own = counted.loc[counted["origin"] == "emergent", ["statement_id", "theme_id"]]
    codes = counted.loc[counted["origin"] == "codebook", ["statement_id", "theme_id"]]
    both = own.merge(codes.rename(columns={"theme_id": "code"}), on="statement_id")
    of_theme, of_code = own["theme_id"].value_counts(), codes["theme_id"].value_counts()
    grouped = both.groupby(["theme_id", "code"], sort=True).size()
    return THEME_OVERLAPS.frame(
        ThemeOverlap(
            str(theme), str(code), int(n), round(float(n / of_theme[theme]), 4), round(float(n / of_code[code]), 4)
        )
        for (theme, code), n in zip(grouped.index, grouped.to_numpy(), strict=True)
    )
