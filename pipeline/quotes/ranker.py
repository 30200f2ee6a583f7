"""A small linear model of what readers print: weights on counts, on a statement's meaning and on how it reads.

The weights stand in data/ranker.json, made by `python -m benchmarks.train_quotes` (see docs/model-card-quotes.md).
There are four sets: with the meaning as all-MiniLM-L6-v2 gives it, what a second encoder says of how it reads, and what
a third says of the best of them, which it reads more closely; without the third; with the meaning alone; and, for every
other encoder, without all of them.
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
CLOSER = "a closer reading"
SURROUNDINGS = "what stands around it"
ALL_GROUPS = (*GROUPS, MEANING, READING, CLOSER, SURROUNDINGS)
# How much the statement before and after in the turn count beside the statement itself: chosen by leaving meetings
# out in turn (0.5 as good as 0.8, better than 0).
BESIDE = 0.5
# Statements of general talk that a transcript's own mean and spread are drawn to: a short transcript has little to
# say of what is usual.
PRIOR_STATEMENTS = 50.0
# Of a transcript's statements that may be quoted, those that are read more closely: a quarter, which fills the sixty
# candidates that are read, and of a short transcript more. A seventh loses .014 of average precision and .03 of the
# quotes among the sixty; two fifths gain .003 and .03, for another half minute (docs/method-quotes.md).
READ_CLOSELY = 0.25
LEAST_READ_CLOSELY = 40
# The sets of weights, the best first.
SETS = ("with a closer reading", "with reading", "with meaning", "without meaning")
_COLUMN = {group: column for column, group in enumerate(ALL_GROUPS)}
# What stands in the file of a set, and of its reading.
_ARRAYS = ("mean", "deviation", "features", "own", "before", "after")
_OF_READING = ("usual", "mean", "most", "before", "after")
_OF_CLOSER = ("usual", "mean", "end")


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
class Closer:
    """Weights on a closer reading: on the mean over a statement's tokens, and on what is made of it at the end.

    Halves of a row, as those of a Reading are, and treated alike.
    """

    usual: Numbers  # (2 d,)
    mean: Numbers  # (d,)
    end: Numbers  # (d,)


@dataclass(frozen=True)
class ReadClosely:
    """Some of the statements, and what the third encoder gives of each."""

    rows: NDArray[np.intp]  # (m,)
    given: NDArray[np.float32]  # (m, 2 d)


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
    closer: Closer | None = None

    def told(
        self,
        described: Described,
        own: NDArray[np.float32],
        statements: Sequence[Statement],
        *,
        read: NDArray[np.float32] | None = None,
        closely: ReadClosely | None = None,
    ) -> Numbers:
        """What each group adds to each statement's score, of shape (statements, ALL_GROUPS).

        `read` is what the second encoder gives of them, (n, 2 d), and `closely` what the third gives of some; each is
        needed where the set has weights for it. A statement that wasn't read closely counts there as the least of its
        transcript's that were. A row's sum and the constant are the log-odds that a reader would print the statement.
        Raises a ValueError when the features or the rows aren't those that the weights were made for: that is our bug.
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
        if self.closer is not None:
            if closely is None:
                raise ValueError("these weights need what the third encoder gives")
            told[:, _COLUMN[CLOSER]] = _told_closely(self.closer, closely, described.transcripts)
        # A vector's level is the same for all statements: it is the constant's, and no reason for any of them.
        of_vectors = slice(len(GROUPS), None)
        told[:, of_vectors] -= told[:, of_vectors].mean(axis=0) if len(told) else 0.0
        return told

    def to_json(self) -> dict[str, Any]:
        """As it stands in the file, to four significant figures."""
        told = {"names": list(self.names), **_short(self, _ARRAYS), "constant": float(f"{self.constant:.4g}")}
        reading = {} if self.reading is None else _short(self.reading, _OF_READING)
        closer = {} if self.closer is None else _short(self.closer, _OF_CLOSER)
        told |= {f"reading {name}": values for name, values in reading.items()}
        return told | {f"closer {name}": values for name, values in closer.items()}

    @classmethod
    def from_json(cls, read: Mapping[str, Any]) -> Weights:
        """The set as the file has it."""
        arrays = {name: np.array(read[name], dtype=np.float64) for name in _ARRAYS}

        def of(kind: str, names: Iterable[str]) -> dict[str, Numbers]:
            return {name: np.array(read[f"{kind} {name}"], dtype=np.float64) for name in names}

        reading = Reading(**of("reading", _OF_READING)) if "reading usual" in read else None
        closer = Closer(**of("closer", _OF_CLOSER)) if "closer usual" in read else None
        names, constant = tuple(read["names"]), float(read["constant"])
        return cls(names=names, constant=constant, reading=reading, closer=closer, **arrays)


def worth_a_closer_look(
    scores: Numbers, transcripts: Sequence[str], may_be_quoted: NDArray[np.bool_], *, share: float = READ_CLOSELY
) -> NDArray[np.intp]:
    """The rows of the best statements of each transcript that may be quoted, in order; ties by place.

    This share of them, and LEAST_READ_CLOSELY where there are so many.
    """
    chosen: list[int] = []
    labels = np.array(transcripts)
    for transcript in sorted(set(transcripts)):
        rows = np.flatnonzero((labels == transcript) & may_be_quoted)
        most = max(int(np.ceil(share * len(rows))), LEAST_READ_CLOSELY)
        # Rounded, so that a last bit that another processor sums otherwise chooses no other statement.
        chosen += rows[np.argsort(-np.round(scores[rows], 9), kind="stable")[:most]].tolist()
    return np.array(sorted(chosen), dtype=np.intp)


def _told_closely(weights: Closer, closely: ReadClosely, transcripts: Sequence[str]) -> Numbers:
    """What a closer reading adds to each statement of these transcripts."""
    labels = np.array(transcripts)
    if not len(closely.rows):
        # Nobody may be quoted: an encoder gives of no text no columns either.
        return np.zeros(len(labels))
    of_read = labels[closely.rows]
    mean, end = halves(closely.given, of_read.tolist(), weights.usual)
    found = mean @ weights.mean + end @ weights.end
    told = np.zeros(len(labels))
    for transcript in sorted(set(of_read.tolist())):
        told[labels == transcript] = found[of_read == transcript].min()
    told[closely.rows] = found
    return told


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


def _short(one: Weights | Reading | Closer, names: Iterable[str]) -> dict[str, list[float]]:
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


def weights_for(model: str, dimensions: int, *, reads: bool = False, closely: bool = False) -> Weights:
    """The set that fits an encoder: vectors of another model mean other things, so it does without them.

    `reads` says whether there is a second encoder, for how a statement reads; `closely`, whether there is a third
    beside it, which reads the best of them again.
    """
    known = shipped()
    fits = "all_minilm_l6" in model.lower().replace("-", "_") and dimensions == len(known["with meaning"].own)
    if not fits:
        return known["without meaning"]
    if not reads:
        return known["with meaning"]
    return known["with a closer reading" if closely else "with reading"]
