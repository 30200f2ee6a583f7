"""Themes found in the conversation and themes of the codebook, side by side in one table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from pipeline.backends.protocols import Encoder
from pipeline.decisions import Decision
from pipeline.tables import ASSIGNMENTS, OMISSIONS, THEMES, Assignment, Omission, Theme, VectorSet
from pipeline.themes.assign import assign_codes
from pipeline.themes.cluster import communities
from pipeline.themes.codebook import Codebook
from pipeline.themes.name import name_themes

_KINDS = ("substantive", "question")


class Themed(NamedTuple):
    """What the themes stage gives."""

    themes: pd.DataFrame
    assignments: pd.DataFrame
    omissions: pd.DataFrame


def find_themes(
    statements: pd.DataFrame,
    turns: pd.DataFrame,
    vectors: VectorSet,
    participants: pd.DataFrame,
    roundtables: pd.DataFrame,
    *,
    encoder: Encoder,
    codebook: Codebook | None,
    decisions: Sequence[Decision] = (),
    seed: int,
) -> Themed:
    """The themes of a run and who carries them; every statement has a primary theme or an omission that says why.

    Facilitators' statements have themes too, but are in no count.
    """
    placed = _placed(statements, turns)
    inside = placed["kind"].isin(_KINDS) & (placed["text"].str.split().str.len() >= 3)
    emergent, omissions = _emergent(placed, inside, vectors, seed)
    coded = ASSIGNMENTS.empty()
    if codebook is not None:
        coded = assign_codes(statements, turns, vectors, codebook=codebook, encoder=encoder, decisions=decisions)
    assignments = ASSIGNMENTS.check(pd.concat([emergent, coded], ignore_index=True))
    themes = _themes(placed, assignments, vectors, codebook, encoder)
    return Themed(themes, assignments, omissions)


def _placed(statements: pd.DataFrame, turns: pd.DataFrame) -> pd.DataFrame:
    spoken = turns[["turn_id", "roundtable_id", "index", "speaker", "role"]]
    placed = statements.merge(spoken, on="turn_id", how="left", validate="many_to_one")
    return placed.sort_values("statement_id", kind="stable", ignore_index=True)


def _emergent(
    placed: pd.DataFrame, inside: pd.Series, vectors: VectorSet, seed: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    rows = {name: row for row, name in enumerate(vectors.ids)}
    chosen = placed[inside]
    context = vectors.context[[rows[name] for name in chosen["statement_id"]]].astype(np.float64)
    for transcript in sorted(set(chosen["transcript_id"])):
        mine = (chosen["transcript_id"] == transcript).to_numpy()
        context[mine] -= context[mine].mean(axis=0)
    labels = communities(context.astype(np.float32), seed=seed % (2**31))
    assignments = [
        Assignment(name, f"e{label + 1:02d}", "emergent", True, 0.5)
        for name, label in zip(chosen["statement_id"], labels, strict=True)
    ]
    omissions = [
        Omission("themes", row.statement_id, "", f"no theme: {row.kind}", len(row.text))
        for row in placed[~inside].itertuples()
    ]
    return ASSIGNMENTS.frame(assignments), OMISSIONS.frame(omissions)


def _themes(
    placed: pd.DataFrame,
    assignments: pd.DataFrame,
    vectors: VectorSet,
    codebook: Codebook | None,
    encoder: Encoder,
) -> pd.DataFrame:
    primary = assignments[assignments["primary"]].merge(placed, on="statement_id")
    counted = primary[primary["role"] == "participant"]
    members: dict[str, list[str]] = {
        theme: [] for theme in sorted(set(primary.loc[primary["origin"] == "emergent", "theme_id"]))
    }
    for row in counted[counted["origin"] == "emergent"].itertuples():
        members[row.theme_id].append(row.statement_id)
    named = name_themes(placed, members, vectors, encoder=encoder)
    described = {theme: (one.name, "emergent", "", one.keywords) for theme, one in named.items()}
    for code in codebook.codes if codebook else ():
        described[code.id] = (code.name, "codebook", code.parent, code.phrases)
    return THEMES.frame(
        Theme(theme, name, origin, parent, tuple(keywords), *_counts(counted[counted["theme_id"] == theme]), 0.5)
        for theme, (name, origin, parent, keywords) in described.items()
    )


def _counts(mine: pd.DataFrame) -> tuple[int, int, int]:
    return len(mine), mine["speaker"].nunique(), mine["roundtable_id"].nunique()
