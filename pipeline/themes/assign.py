"""Applies a codebook to every statement, several codes a statement, and learns from the codings people confirmed.

A code's score for a statement comes from three places, each explained in docs/method-codebook.md: how the statement's
meaning lies to the code's examples and to those of the other codes; the code's own phrases in its words; and what
the statements around it in the same transcript are about.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.backends.protocols import Encoder
from pipeline.decisions import Decision
from pipeline.tables import ASSIGNMENTS, Assignment, VectorSet
from pipeline.themes.codebook import Code, Codebook

Scores = NDArray[np.float64]  # (statements, codes)

# A confidence below this is not written: a table of every statement by every code would be mostly zeros.
FLOOR = 0.02
# From here on a statement counts as coded; the best of a statement's codes is its primary one.
THRESHOLD = 0.5
_SPREAD = 3.0  # statements: how far around a statement its conversation colours it
_FROM_CONVERSATION = 0.4  # of a score, the rest is the statement's own
_PHRASES_AT_MOST = 3  # a fourth phrase of the same code in one statement says nothing new


def assign_codes(
    statements: pd.DataFrame,
    turns: pd.DataFrame,
    vectors: VectorSet,
    *,
    codebook: Codebook,
    encoder: Encoder,
    decisions: Sequence[Decision] = (),
) -> pd.DataFrame:
    """ASSIGNMENTS of origin "codebook": each statement's codes with a confidence, the best as primary.

    Only statements that stand in `vectors` are coded. Rows under FLOOR are left out; a row under THRESHOLD is a
    weak one, kept for ranking and never primary.
    """
    placed = _in_order(statements, turns, vectors)
    if placed.empty:
        return ASSIGNMENTS.empty()
    rows = {name: row for row, name in enumerate(vectors.ids)}
    own = vectors.own[[rows[name] for name in placed["statement_id"]]].astype(np.float64)
    scores = _scores(own, placed["text"].tolist(), codebook, encoder)
    scores = _in_conversation(scores, placed["transcript_id"].tolist())
    confidences = 1.0 / (1.0 + np.exp(-(1.6 * scores - 4.0)))
    return _assignments(placed["statement_id"].tolist(), codebook.ids, confidences)


def _in_order(statements: pd.DataFrame, turns: pd.DataFrame, vectors: VectorSet) -> pd.DataFrame:
    """The statements that have a vector, in the order in which they were said, transcript by transcript."""
    index = turns.set_index("turn_id")["index"]
    known = statements[statements["statement_id"].isin(set(vectors.ids))]
    placed = known.assign(turn_index=known["turn_id"].map(index))
    return placed.sort_values(["transcript_id", "turn_index", "start", "statement_id"], ignore_index=True)


def _scores(own: NDArray[np.float64], texts: list[str], codebook: Codebook, encoder: Encoder) -> Scores:
    from sklearn.linear_model import LogisticRegression

    taught, labels = _taught(codebook)
    known = np.asarray(encoder.encode(taught), dtype=np.float64)
    meaning = np.zeros((len(texts), len(codebook.codes)))
    for column in range(len(codebook.codes)):
        model = LogisticRegression(C=1.0, class_weight="balanced", max_iter=2000)
        model.fit(known, labels[:, column])
        meaning[:, column] = model.decision_function(own)
    return meaning + _phrase_counts(texts, codebook)


def _taught(codebook: Codebook) -> tuple[list[str], NDArray[np.bool_]]:
    """The codebook's own texts, and which code each teaches."""
    taught: list[str] = []
    teaches: list[int] = []
    for column, code in enumerate(codebook.codes):
        for text in (f"{code.name}: {code.definition}", *code.examples):
            taught.append(text)
            teaches.append(column)
    taught.extend(codebook.uncoded)
    labels = np.zeros((len(taught), len(codebook.codes)), dtype=bool)
    labels[np.arange(len(teaches)), teaches] = True
    return taught, labels


def _phrase_counts(texts: list[str], codebook: Codebook) -> Scores:
    patterns = [phrase_pattern(code) for code in codebook.codes]
    counts = np.zeros((len(texts), len(patterns)))
    for row, text in enumerate(texts):
        for column, pattern in enumerate(patterns):
            if pattern is not None:
                different = {found.lower() for found in pattern.findall(text)}
                counts[row, column] = min(len(different), _PHRASES_AT_MOST)
    return counts


def phrase_pattern(code: Code) -> re.Pattern[str] | None:
    """What finds a code's phrases in a text, whole words, any case; None where it has none."""
    if not code.phrases:
        return None
    parts = [re.escape(phrase).replace(r"\*", r"\w*") for phrase in sorted(code.phrases, key=len, reverse=True)]
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE)


def _in_conversation(scores: Scores, transcripts: list[str]) -> Scores:
    """Each score blended with those of the statements around it, never across transcripts."""
    from scipy.ndimage import gaussian_filter1d

    blended = scores.copy()
    names = np.array(transcripts)
    for name in sorted(set(transcripts)):
        rows = np.flatnonzero(names == name)
        around = gaussian_filter1d(scores[rows], _SPREAD, axis=0, mode="nearest")
        blended[rows] = (1.0 - _FROM_CONVERSATION) * scores[rows] + _FROM_CONVERSATION * around
    return blended


def _assignments(ids: list[str], codes: tuple[str, ...], confidences: Scores) -> pd.DataFrame:
    rows = []
    for name, row in zip(ids, confidences, strict=True):
        best = int(row.argmax())
        for column in np.flatnonzero(row >= FLOOR):
            primary = bool(column == best and row[best] >= THRESHOLD)
            rows.append(Assignment(name, codes[column], "codebook", primary, float(row[column])))
    return ASSIGNMENTS.frame(rows)
