"""The reviewers' accepts and rejects in a project move how much each group of features counts there.

A gain a group: 1 as shipped, above 1 where what people accept has more of it than what they reject. The gains are
the most probable ones under a logistic likelihood and a normal prior around 1, so that ten decisions move little and
a hundred move much, and the shipped weights are never forgotten.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.decisions import Decision
from pipeline.quotes.features import Numbers
from pipeline.quotes.ranker import ALL_GROUPS
from pipeline.tables import Statement

# The prior's standard deviation of a gain: without decisions, two thirds of projects are expected to weigh a group
# between 0.75 and 1.25 times as readers of the training meetings did.
EXPECTED_CHANGE = 0.25
_ROUNDS = 30  # of Newton's method: it converges in fewer than ten
_SMALLEST_STEP = 1e-4


@dataclass(frozen=True, slots=True)
class Learned:
    """How a project's reviewers weigh the groups, and how many decisions say so."""

    gains: tuple[float, ...]  # in the order of ALL_GROUPS
    accepted: int
    rejected: int

    @property
    def seen(self) -> int:
        """How many decisions it was learned from."""
        return self.accepted + self.rejected


def learn(decisions: Sequence[Decision], statements: Sequence[Statement], told: Numbers, constants: Numbers) -> Learned:
    """The gains that the accepted and rejected quotes among `decisions` teach; all 1 where there are none.

    `told` and `constants` add up to a statement's log-odds, a row each. A decision counts for the mean of the
    statements that its spans touch; one whose words aren't here counts nothing. `maybe` and `undecided` say nothing.
    """
    by_turn: dict[str, list[int]] = {}
    for row, statement in enumerate(statements):
        by_turn.setdefault(statement.turn_id, []).append(row)
    seen, labels, levels = [], [], []
    for decision in sorted(decisions, key=lambda decision: decision.decision_id):
        rows = _touched(decision, statements, by_turn)
        if decision.kind == "quote" and decision.action in ("accept", "reject") and rows:
            seen.append(told[rows].mean(axis=0))
            labels.append(float(decision.action == "accept"))
            levels.append(constants[rows].mean())
    if not seen:
        return Learned((1.0,) * len(ALL_GROUPS), 0, 0)
    gains = _most_probable(np.array(seen), np.array(labels), np.array(levels))
    return Learned(tuple(map(float, gains)), int(sum(labels)), len(labels) - int(sum(labels)))


def _touched(decision: Decision, statements: Sequence[Statement], by_turn: Mapping[str, Sequence[int]]) -> list[int]:
    return [
        row
        for span in decision.subject
        for row in by_turn.get(span.turn_id, ())
        if statements[row].start < span.end and statements[row].end > span.start
    ]


def _most_probable(seen: Numbers, labels: Numbers, constants: Numbers) -> Numbers:
    """Newton's method on the log posterior of the gains and of an offset.

    The offset is free (a flat prior but for stability): people are shown good candidates, so that far more are
    accepted than statements in general would be.
    """
    design = np.column_stack([seen, np.ones(len(seen))])
    prior = np.append(np.ones(seen.shape[1]), 0.0)
    precision = np.append(np.full(seen.shape[1], EXPECTED_CHANGE**-2), 0.01)

    def unlikely(gains: Numbers) -> float:
        logits = design @ gains + constants
        misfit = np.logaddexp(0.0, logits).sum() - labels @ logits
        return float(misfit + 0.5 * precision @ (gains - prior) ** 2)

    gains = prior.copy()
    for _ in range(_ROUNDS):
        expected = 1.0 / (1.0 + np.exp(-np.clip(design @ gains + constants, -30.0, 30.0)))
        slope = design.T @ (labels - expected) - precision * (gains - prior)
        bend = (design * (expected * (1 - expected))[:, None]).T @ design + np.diag(precision)
        step, size = np.linalg.solve(bend, slope), 1.0
        # A whole step overshoots where the offset is far off; half of it, or a quarter, never does for long.
        while size > _SMALLEST_STEP and unlikely(gains + size * step) > unlikely(gains):
            size /= 2
        gains = gains + size * step
    return np.asarray(np.maximum(gains[:-1], 0.0), dtype=np.float64)
