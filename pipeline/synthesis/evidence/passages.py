"""Cuts papers into passages and proposes, for each theme, those closest in meaning to what was said on it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.backends.protocols import Encoder
from pipeline.decisions import text_hash
from pipeline.synthesis.evidence.papers import Paper
from pipeline.tables import PASSAGES, Passage, VectorSet

WORDS = 60  # about three sentences: as much as a sentence encoder reads well, and a person at a glance
SHORTEST = 12  # words: a heading or a running title is no passage
CLOSE = 0.35  # cosine: below it a passage is about something else (MiniLM; sentences on one subject have .4 and more)
A_PAPER = 2  # passages of one paper a theme at most, or a long report would hide the others


def propose(
    papers: Iterable[Paper],
    themes: pd.DataFrame,
    assignments: pd.DataFrame,
    vectors: VectorSet,
    *,
    encoder: Encoder,
    per_theme: int = 3,
) -> pd.DataFrame:
    """The PASSAGES table: for each theme the passages nearest to the mean of its statements' own vectors.

    Ties go by passage_id. A theme that no passage comes near has none.
    """
    cut = sorted({passage[0]: passage for paper in papers for passage in _passages(paper)}.values())
    if not cut or not per_theme:
        return PASSAGES.empty()
    meanings = encoder.encode([text for _, _, _, _, text in cut])
    rows: list[Passage] = []
    for theme, centre in _centres(themes, assignments, vectors):
        scores = meanings @ centre
        taken: dict[str, int] = {}
        for index in sorted(range(len(cut)), key=lambda index: (-round(float(scores[index]), 6), cut[index][0])):
            passage_id, key, citation, page, text = cut[index]
            if scores[index] < CLOSE or sum(taken.values()) >= per_theme:
                break
            if taken.get(key, 0) < A_PAPER:
                taken[key] = taken.get(key, 0) + 1
                rows.append(Passage(passage_id, theme, key, citation, page, text, round(float(scores[index]), 6)))
    return PASSAGES.frame(rows)


def _centres(
    themes: pd.DataFrame, assignments: pd.DataFrame, vectors: VectorSet
) -> Iterator[tuple[str, NDArray[np.float32]]]:
    """Each theme that has primary statements, and their mean as a unit row."""
    rows = {name: row for row, name in enumerate(vectors.ids)}
    primary = assignments[assignments["primary"]]
    for theme in sorted(themes["theme_id"]):
        mine = sorted(rows[name] for name in primary[primary["theme_id"] == theme]["statement_id"] if name in rows)
        if mine:
            mean = vectors.own[mine].astype(np.float64).mean(axis=0)
            yield str(theme), (mean / max(float(np.linalg.norm(mean)), 1e-12)).astype(np.float32)


def _passages(paper: Paper) -> Iterator[tuple[str, str, str, str, str]]:
    """passage_id, key, citation, page and text of each passage; the id holds the words' hash, so that it stays."""
    for page, text in paper.pages:
        for passage in _windows(_sentences(text)):
            name = f"{paper.key}:p{page}:{text_hash(passage)[:8]}"
            yield name, paper.key, paper.citation, page, passage


def _sentences(text: str) -> list[str]:
    # A word broken at a line's end is made whole; the line breaks of a pdf mean nothing.
    whole = re.sub(r"(\w)-\n(\w)", r"\1\2", text)
    paragraphs = [" ".join(found.split()) for found in re.split(r"\n\s*\n", whole)]
    return [
        found for paragraph in paragraphs for found in re.split(r"(?<=[.!?])\s+(?=[A-ZÀ-Ž“\"])", paragraph) if found
    ]


def _windows(sentences: Sequence[str]) -> Iterator[str]:
    """Sentences in a row of about WORDS words together."""
    gathered: list[str] = []
    count = 0
    for sentence in sentences:
        gathered.append(sentence)
        count += len(sentence.split())
        if count >= WORDS:
            yield " ".join(gathered)
            gathered, count = [], 0
    if count >= SHORTEST:
        yield " ".join(gathered)
