"""What people decided about themes, laid over what a run found: names, merges, splits, moved statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain, count, product
from string import ascii_lowercase
from typing import NamedTuple

import pandas as pd

from pipeline.decisions import Decision
from pipeline.decisions.record import spans_of
from pipeline.decisions.standing import Locator, ThemeDecision, in_force, theme_decisions
from pipeline.tables import ASSIGNMENTS


class Decided(NamedTuple):
    """The emergent assignments as people want them, and the names they gave, by theme_id."""

    assignments: pd.DataFrame
    names: Mapping[str, str]


def as_decided(assignments: pd.DataFrame, statements: pd.DataFrame, decisions: Sequence[Decision]) -> Decided:
    """Merges, splits and moves applied in order of time; a theme that was merged away is gone.

    A split-off theme takes the id of the one it came from and a letter, or two after the 26th. What people moved
    stands with confidence 1.
    Each decision is read on the themes as they were found, so that the order of two of them never matters to what
    they point at.
    """
    if not decisions:
        return Decided(ASSIGNMENTS.check(assignments), {})
    made = theme_decisions(decisions, statements, assignments)
    made = [one for one in made if one.theme_id in set(assignments["theme_id"])]
    into = _merged(made)
    themes = assignments["theme_id"].map(lambda theme: into.get(theme, theme))
    changed = assignments.assign(theme_id=themes)
    names = _names(made, into)
    picked: dict[str, str] = {}
    for one in made:
        if one.action == "split" and one.statement_ids:
            theme = _split_id(into.get(one.theme_id, one.theme_id), set(changed["theme_id"]) | set(picked.values()))
            picked.update(dict.fromkeys(one.statement_ids, theme))
            if one.value.get("name"):
                names[theme] = str(one.value["name"])
    for statement, theme in _moves(decisions, statements, assignments).items():
        picked[statement] = into.get(theme, theme)
    return Decided(_moved(changed, picked), names)


def _names(made: Sequence[ThemeDecision], into: Mapping[str, str]) -> dict[str, str]:
    """What people called the themes that are left, the last of several.

    What another theme was merged into keeps the name that it was chosen by: with twice the statements the program
    would call it something else, and nobody would know it again.
    """
    names: dict[str, str] = {}
    for one in made:
        if name := one.value.get(_NAMED_BY.get(one.action, "")):
            names[into.get(one.theme_id, one.theme_id)] = str(name)
    return names


_NAMED_BY = {"rename": "name", "merge": "into_name"}


def _merged(made: Sequence[ThemeDecision]) -> dict[str, str]:
    """Where each merged theme went, followed to the end."""
    into: dict[str, str] = {}
    for one in made:
        if one.action != "merge" or not one.into:
            continue
        target = one.into
        while target in into:
            target = into[target]
        if target != one.theme_id:
            into[one.theme_id] = target
            into.update({theme: target for theme, other in into.items() if other == one.theme_id})
    return into


def _split_id(theme: str, taken: set[str]) -> str:
    """The first of e01a to e01z, e01aa, e01ab ... that is free."""
    endings = chain.from_iterable(product(ascii_lowercase, repeat=length) for length in count(1))
    return next(name for ending in endings if (name := f"{theme}{''.join(ending)}") not in taken)


def _moves(decisions: Sequence[Decision], statements: pd.DataFrame, assignments: pd.DataFrame) -> dict[str, str]:
    locator = Locator(statements, assignments)
    moves = {}
    for decision in in_force(one for one in decisions if one.kind == "coding" and one.action == "move"):
        theme = locator.theme_id(spans_of(decision.value.get("theme_anchor")), origin="emergent")
        if theme:
            moves.update(dict.fromkeys(locator.statement_ids(decision.subject), theme))
    return moves


def _moved(assignments: pd.DataFrame, picked: Mapping[str, str]) -> pd.DataFrame:
    primary = assignments["primary"] & assignments["statement_id"].isin(set(picked))
    moved = assignments.assign(
        theme_id=assignments["theme_id"].where(~primary, assignments["statement_id"].map(picked)),
        confidence=assignments["confidence"].where(~primary, 1.0),
    )
    # A merge or a move can bring a statement's further theme onto its primary one: the primary row stays.
    ordered = moved.sort_values(["statement_id", "theme_id", "primary"], ascending=[True, True, False], kind="stable")
    once = ordered.drop_duplicates(["statement_id", "theme_id"], ignore_index=True)
    return ASSIGNMENTS.check(once.astype({"theme_id": "str"}))
