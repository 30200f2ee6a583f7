"""A small linear model of what readers print: weights on counts, on a statement's meaning and on how it reads.

The weights stand in data/ranker.json, made by `python -m benchmarks.train_quotes` (see docs/model-card-quotes.md).
There are three sets: with the meaning as all-MiniLM-L6-v2 gives it and what a second encoder says of how it reads;
with the meaning alone; and, for every other encoder, without both.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.quotes.features import GROUPS, Described, Numbers, group_of
from pipeline.tables import Statement

MEANING = "its meaning"
READING = "how it reads"
SURROUNDINGS = "what stands around it"
ALL_GROUPS = (*GROUPS, MEANING, READING, SURROUNDINGS)
# How much the statement before and after in the turn count beside the statement itself: chosen by leaving meetings
# out in turn (0.5 as good as 0.8, better than 0).
BESIDE = 0.5
# Statements of general talk that a transcript's own mean and spread are drawn to: a short transcript has little to
# say of what is usual.
PRIOR_STATEMENTS = 50.0
# The sets of weights, the best first.
SETS = ("with reading", "with meaning", "without meaning")
_COLUMN = {group: column for column, group in enumerate(ALL_GROUPS)}
# What stands in the file of a set, and of its reading.
_ARRAYS = ("mean", "deviation", "features", "own", "before", "after")
_OF_READING = ("usual", "mean", "most", "before", "after")


@dataclass(frozen=True)
class Reading:
    """Weights on how a statement reads: on the mean over its tokens, and on the most of each dimension.

    The second encoder gives both as halves of a row. A half is held against what is usual in its transcript, drawn to
    general talk as the counts are, and then has length 1.
    """

    usual: Numbers  # (2 d,), of both halves in general talk
    mean: Numbers  # (d,)
    most: Numbers  # (d,)
    before: Numbers  # (d,), of the mean
    after: Numbers


@dataclass(frozen=True)
class Weights:
    """One set of weights: of the features, and of the vectors where it has them."""

    names: tuple[str, ...]
    mean: Numbers
    deviation: Numbers
    features: Numbers
    own: Numbers  # (d,); empty where the set does without vectors
    before: Numbers
    after: Numbers
    constant: float
    reading: Reading | None = None

    def told(
        self,
        described: Described,
        own: NDArray[np.float32],
        statements: Sequence[Statement],
        *,
        read: NDArray[np.float32] | None = None,
    ) -> Numbers:
        """What each group adds to each statement's score, of shape (statements, ALL_GROUPS).

        `read` is what the second encoder gives of them, (n, 2 d), and is needed where the set has weights for it. A
        row's sum and the constant are the log-odds that a reader would print the statement. Raises a ValueError when
        the features or the rows aren't those that the weights were made for: that is our bug.
        """
        if described.names != self.names:
            raise ValueError("data/ranker.json was trained on other features: run python -m benchmarks.train_quotes")
        scaled = described.scaled(self.mean, self.deviation, prior=PRIOR_STATEMENTS)
        groups = [group_of(name) for name in self.names]
        told = np.zeros((len(statements), len(ALL_GROUPS)))
        for column, group in enumerate(ALL_GROUPS[: len(GROUPS)]):
            mine = [index for index, name in enumerate(groups) if name == group]
            told[:, column] = scaled[:, mine] @ self.features[mine]
        if len(self.own):
            before, after = beside(statements, own)
            told[:, _COLUMN[MEANING]] = own @ self.own
            told[:, _COLUMN[SURROUNDINGS]] = before @ self.before + after @ self.after
        if self.reading is not None:
            if read is None:
                raise ValueError("these weights need what the second encoder gives")
            mean, most = halves(read, described.transcripts, self.reading.usual)
            before, after = beside(statements, mean)
            told[:, _COLUMN[READING]] = mean @ self.reading.mean + most @ self.reading.most
            told[:, _COLUMN[SURROUNDINGS]] += before @ self.reading.before + after @ self.reading.after
        # A vector's level is the same for all statements: it is the constant's, and no reason for any of them.
        of_vectors = slice(len(GROUPS), None)
        told[:, of_vectors] -= told[:, of_vectors].mean(axis=0) if len(told) else 0.0
        return told

    def to_json(self) -> dict[str, Any]:
        """As it stands in the file, to four significant figures."""
        told = {"names": list(self.names), **_short(self, _ARRAYS), "constant": float(f"{self.constant:.4g}")}
        reading = {} if self.reading is None else _short(self.reading, _OF_READING)
        return told | {f"reading {name}": values for name, values in reading.items()}

    @classmethod
    def from_json(cls, read: Mapping[str, Any]) -> Weights:
        """The set as the file has it."""
        arrays = {name: np.array(read[name], dtype=np.float64) for name in _ARRAYS}
        reading = None
        if "reading usual" in read:
            reading = Reading(**{name: np.array(read[f"reading {name}"], dtype=np.float64) for name in _OF_READING})
        return cls(names=tuple(read["names"]), constant=float(read["constant"]), reading=reading, **arrays)


def halves(
    read: NDArray[np.float32], transcripts: Sequence[str], usual: Numbers
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The mean and the most, unit rows each, of rows as the second encoder gives them, (n, 2 d), of these transcripts.

    Both are held against their transcript's own mean, drawn to the `usual` one by PRIOR_STATEMENTS.
    """
    against = np.zeros(read.shape)
    labels = np.array(transcripts)
    for transcript in sorted(set(transcripts)):
        rows = np.flatnonzero(labels == transcript)
        total = read[rows].astype(np.float64).sum(axis=0) + PRIOR_STATEMENTS * usual
        against[rows] = read[rows] - total / (len(rows) + PRIOR_STATEMENTS)
    mean, most = np.hsplit(against.astype(np.float32), 2)
    return _unit(mean), _unit(most)


def _short(one: Weights | Reading, names: Iterable[str]) -> dict[str, list[float]]:
    return {name: [float(f"{value:.4g}") for value in getattr(one, name)] for name in names}


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9), dtype=np.float32)


def beside(
    statements: Sequence[Statement], own: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The vectors of the statements before and after in the same turn, times BESIDE; zeros where there is none."""
    before, after = np.zeros_like(own), np.zeros_like(own)
    turns = np.array([statement.turn_id for statement in statements])
    if len(turns) > 1:
        same = (turns[1:] == turns[:-1])[:, None]
        before[1:] = np.where(same, own[:-1], 0.0) * BESIDE
        after[:-1] = np.where(same, own[1:], 0.0) * BESIDE
    return before, after


RANKER = Path(__file__).parent / "data" / "ranker.json"


@cache
def shipped() -> Mapping[str, Weights]:
    """The weights of this version, one for each of the SETS."""
    read = json.loads(RANKER.read_text(encoding="utf-8"))
    return {name: Weights.from_json(read[name]) for name in SETS}


def weights_for(model: str, dimensions: int, *, reads: bool = False) -> Weights:
    """The set that fits an encoder: vectors of another model mean other things, so it does without them.

    `reads` says whether there is a second encoder, for how a statement reads.
    """
    known = shipped()
    fits = "all_minilm_l6" in model.lower().replace("-", "_") and dimensions == len(known["with meaning"].own)
    if not fits:
        return known["without meaning"]
    return known["with reading" if reads else "with meaning"]
