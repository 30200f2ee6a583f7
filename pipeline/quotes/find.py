"""The stage: candidates made, scored, folded, listed fairly, and set beside their context."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.decisions import Decision
from pipeline.quotes.candidates import Candidate, spans
from pipeline.quotes.disclosure import disclosure
from pipeline.tables import (
    ASSIGNMENTS,
    HEARINGS,
    OMISSIONS,
    PARTICIPANTS,
    QUOTE_CONTEXTS,
    QUOTE_REASONS,
    QUOTE_THEMES,
    QUOTES,
    STATEMENTS,
    THEME_HEARINGS,
    THEMES,
    TURNS,
    Hearing,
    Omission,
    Quote,
    QuoteTheme,
    VectorSet,
)


class Quoted(NamedTuple):
    """What the stage gives: the candidates, and everything a reader needs beside them."""

    quotes: pd.DataFrame
    reasons: pd.DataFrame
    themes: pd.DataFrame
    contexts: pd.DataFrame
    theme_hearings: pd.DataFrame
    hearings: pd.DataFrame
    omissions: pd.DataFrame


def find_quotes(
    statements: pd.DataFrame,
    turns: pd.DataFrame,
    tokens: pd.DataFrame,
    vectors: VectorSet,
    themes: pd.DataFrame,
    assignments: pd.DataFrame,
    participants: pd.DataFrame,
    *,
    decisions: Sequence[Decision] = (),
    seed: int,
    per_theme: int = 12,
    per_roundtable: int = 120,
) -> Quoted:
    """Candidate quotes, best first, with reasons, risk, context and who is heard."""
    turn_of = {turn.turn_id: turn for turn in TURNS.rows(turns)}
    said = sorted(STATEMENTS.rows(statements), key=lambda statement: statement.statement_id)
    people = {person.pseudonym: person for person in PARTICIPANTS.rows(participants)}
    silent = {name for name, person in people.items() if person.consent in ("no_quotes", "withdrawn")}
    omissions = []
    open_to_all: list[Candidate] = []
    for candidate in spans(said, turn_of):
        turn = turn_of[candidate.turn_id]
        if turn.speaker in silent:
            if len(candidate.statement_ids) == 1:
                reason = f"no consent: {people[turn.speaker].consent}"
                omissions.append(
                    Omission(
                        "quotes",
                        candidate.statement_ids[0],
                        candidate.quote_id,
                        reason,
                        candidate.end - candidate.start,
                    )
                )
        elif turn.role != "facilitator":
            open_to_all.append(candidate)
    scores = np.array([_thin_score(c, turn_of[c.turn_id].text, said[c.first].kind) for c in open_to_all])
    best = _apart(open_to_all, scores)[: per_roundtable * max(1, turns["roundtable_id"].nunique())]
    theme_of, all_themes = _theme_of(assignments, themes)
    rank: dict[str, int] = defaultdict(int)
    quotes, memberships, heard = [], [], defaultdict(list)
    for index in best:
        candidate = open_to_all[index]
        turn = turn_of[candidate.turn_id]
        theme = next((theme_of[s] for s in candidate.statement_ids if s in theme_of), "")
        text = turn.text[candidate.start : candidate.end]
        if not theme:
            continue
        risk = disclosure(text, people.get(turn.speaker), list(people.values()))
        rank[theme] += 1
        heard[turn.speaker].append(candidate.quote_id)
        quotes.append(
            Quote(candidate.quote_id, theme, rank[theme], len(quotes) + 1, float(scores[index]), candidate.statement_ids,
                  candidate.turn_id, candidate.start, candidate.end, text, turn.speaker, ("stands alone",), risk.risk, risk.reasons, False)
        )  # fmt: skip
        memberships.append(QuoteTheme(candidate.quote_id, theme, rank[theme], float(scores[index]), False))
    hearings = [
        Hearing(name, 0, len(heard[name]), next(iter(heard[name]), ""), "" if heard[name] else "no candidate")
        for name, person in people.items()
        if person.role == "participant"
    ]
    return Quoted(
        QUOTES.frame(quotes),
        QUOTE_REASONS.empty(),
        QUOTE_THEMES.frame(memberships),
        QUOTE_CONTEXTS.empty(),
        THEME_HEARINGS.empty(),
        HEARINGS.frame(hearings),
        OMISSIONS.frame(omissions),
    )


def _thin_score(candidate: Candidate, text: str, kind: str) -> float:
    words = len(text[candidate.start : candidate.end].split())
    opening = text[candidate.start : candidate.end].split(" ", 1)[0].lower().strip(",.")
    dangling = opening in {"and", "but", "so", "that", "it", "they", "he", "she", "this", "those", "these", "which"}
    return -abs(words - 35) / 20 - 0.7 * dangling - 1.5 * (kind == "question")


def _apart(candidates: Sequence[Candidate], scores: NDArray[np.float64]) -> list[int]:
    taken: dict[str, list[Candidate]] = defaultdict(list)
    kept = []
    for index in sorted(range(len(candidates)), key=lambda i: (-scores[i], candidates[i].quote_id)):
        candidate = candidates[index]
        if all(candidate.end <= other.start or candidate.start >= other.end for other in taken[candidate.turn_id]):
            taken[candidate.turn_id].append(candidate)
            kept.append(index)
    return kept


def _theme_of(assignments: pd.DataFrame, themes: pd.DataFrame) -> tuple[dict[str, str], dict[str, list[str]]]:
    origin = {theme.theme_id: theme.origin for theme in THEMES.rows(themes)}
    main: dict[str, str] = {}
    every: dict[str, list[str]] = defaultdict(list)
    for row in sorted(
        ASSIGNMENTS.rows(assignments),
        key=lambda r: (r.statement_id, origin.get(r.theme_id, "") != "codebook", not r.primary, r.theme_id),
    ):
        every[row.statement_id].append(row.theme_id)
        if row.primary:
            main.setdefault(row.statement_id, row.theme_id)
    return main, every
