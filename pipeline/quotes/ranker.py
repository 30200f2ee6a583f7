"""A small linear model of what readers print: weights on features and on a statement's meaning, told by group.

The weights stand in data/ranker.json, made by `python -m benchmarks.train_quotes` (see docs/model-card-quotes.md).
There are two sets: one with the meaning as all-MiniLM-L6-v2 gives it, one without, for every other encoder.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.quotes.features import GROUPS, Described, Numbers, group_of
from pipeline.tables import Statement

MEANING = "its meaning"
SURROUNDINGS = "what stands around it"
ALL_GROUPS = (*GROUPS, MEANING, SURROUNDINGS)
# How much the statement before and after in the turn count beside the statement itself: chosen by leaving meetings
# out in turn (0.5 as good as 0.8, better than 0).
BESIDE = 0.5
# Statements of general talk that a transcript's own mean and spread are drawn to: a short transcript has little to
# say of what is usual.
PRIOR_STATEMENTS = 50.0


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

    def told(self, described: Described, own: NDArray[np.float32], statements: Sequence[Statement]) -> Numbers:
        """What each group adds to each statement's score, of shape (statements, ALL_GROUPS).

        A row's sum and the constant are the log-odds that a reader would print the statement. Raises a ValueError
        when the features aren't those that the weights were made for: that is our bug.
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
            told[:, -2] = own @ self.own
            told[:, -1] = before @ self.before + after @ self.after
            # A vector's level is the same for all statements: it is the constant's, and no reason for any of them.
            told[:, -2:] -= told[:, -2:].mean(axis=0) if len(told) else 0.0
        return told

    def to_json(self) -> dict[str, Any]:
        """As it stands in the file, to four significant figures."""
        arrays = ("mean", "deviation", "features", "own", "before", "after")
        listed = {name: [float(f"{value:.4g}") for value in getattr(self, name)] for name in arrays}
        return {"names": list(self.names), **listed, "constant": float(f"{self.constant:.4g}")}

    @classmethod
    def from_json(cls, read: Mapping[str, Any]) -> Weights:
        """The set as the file has it."""
        arrays = {
            name: np.array(read[name], dtype=np.float64)
            for name in ("mean", "deviation", "features", "own", "before", "after")
        }
        return cls(names=tuple(read["names"]), constant=float(read["constant"]), **arrays)


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
    """The weights of this version: `with meaning` and `without meaning`."""
    read = json.loads(RANKER.read_text(encoding="utf-8"))
    return {name: Weights.from_json(read[name]) for name in ("with meaning", "without meaning")}


def weights_for(model: str, dimensions: int) -> Weights:
    """The set that fits an encoder: vectors of another model mean other things, so it does without them."""
    known = shipped()
    fits = "all_minilm_l6" in model.lower().replace("-", "_") and dimensions == len(known["with meaning"].own)
    return known["with meaning" if fits else "without meaning"]
