"""What people's confirmed and refused codings teach: a small correction to each code's log-odds, and nothing else.

For each code, a logistic regression starts from what the codebook says (its log-odds are an offset, not a feature) and
may move away from it only as far as the examples pull against a Gaussian prior around zero: the maximum a posteriori,
found by Newton's method (Bishop 2006, Pattern Recognition and Machine Learning, sections 4.3.3 and 4.5). Ten examples
move little, a thousand move much; no draw of chance is in it. Silence is not an answer: statements that nobody
decided on teach nothing.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]

# The prior's precision: how many examples it takes to move a code. Set on the eight development meetings, each pair
# left out in turn: 1 follows the subject of a meeting too far, 10 hardly learns.
_PRECISION = 3.0
_A_PHRASE = 0.5  # a phrase's presence beside a vector of length 1
_STEPS = 5  # of Newton: the loss is convex and near its start; the fifth step changes no third decimal
_BIAS_PRECISION = (
    1.0  # free enough that confirmed examples alone do not raise every statement, as a penalised one would
)


def learned(log_odds: Matrix, own: Matrix, phrases: Matrix, said: NDArray[np.int8]) -> Matrix:
    """The probability of each code for each statement, after what people said.

    Args:
        log_odds: (statements, codes), by the codebook alone.
        own: (statements, d), unit rows.
        phrases: (statements, phrases), 1 where a phrase of the codebook stands in the statement.
        said: (statements, codes), 1 confirmed, -1 refused, 0 nothing.
    """
    features = np.hstack([own, _A_PHRASE * phrases])
    moved = log_odds.copy()
    for column in range(log_odds.shape[1]):
        decided = np.flatnonzero(said[:, column])
        if len(decided):
            holds = (said[decided, column] > 0).astype(np.float64)
            moved[:, column] += features @ _correction(features[decided], log_odds[decided, column], holds)
    return sigmoid(moved)


def sigmoid(log_odds: Matrix) -> Matrix:
    """Log-odds as probabilities; what is beyond 30 is 1 to a computer, and must not overflow."""
    probabilities: Matrix = 1.0 / (1.0 + np.exp(-np.clip(log_odds, -30.0, 30.0)))
    return probabilities


def _correction(features: Matrix, offset: Matrix, holds: Matrix) -> Matrix:
    """The weights that these examples ask for; the constant that was fitted with them is not kept."""
    with_constant = np.hstack([features, np.ones((len(features), 1))])
    precision = np.full(with_constant.shape[1], _PRECISION)
    precision[-1] = _BIAS_PRECISION
    weights = np.zeros(with_constant.shape[1])
    for _ in range(_STEPS):
        expected = sigmoid(offset + with_constant @ weights)
        gradient = with_constant.T @ (holds - expected) - precision * weights
        curvature = (with_constant * (expected * (1.0 - expected))[:, None]).T @ with_constant
        weights += np.linalg.solve(curvature + np.diag(precision), gradient)
    return weights[:-1]
