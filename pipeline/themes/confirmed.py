"""What people's confirmed and refused codings teach: a small correction to each code's log-odds, and nothing else.

For each code, a logistic regression starts from what the codebook says (its log-odds are an offset, not a feature) and
may move away from it only as far as the examples pull against a Gaussian prior around zero: the maximum a posteriori
(Bishop 2006, Pattern Recognition and Machine Learning, sections 4.3.2 and 4.5). Ten examples move little, a thousand
move much; no draw of chance is in it. Statements that nobody decided on teach nothing. Where somebody confirmed one
code of a statement and said nothing of another, that is weak evidence against the other.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]

# The prior's precision: how many examples it takes to move a code. Set on the eight development meetings, each left
# out in turn: at 1 all codings, at 3 twenty examples a code teach a little less.
_PRECISION = 2.0
# Free enough that confirmed examples alone do not raise every statement, as a penalised constant would.
_CONSTANT_PRECISION = 1.0
# What it counts that a person who coded a statement left a code out, of a refusal; .1 to 1 differ by .002.
_SILENCE = 0.3
_MOST_STEPS = 60  # of L-BFGS: the loss is convex and near its start; further ones change no third decimal


def learned(log_odds: Matrix, features: Matrix, said: NDArray[np.int8]) -> Matrix:
    """The probability of each code for each statement, after what people said.

    Args:
        log_odds: (statements, codes), by the codebook alone.
        features: (statements, features), rows of about unit length.
        said: (statements, codes), 1 confirmed, -1 refused, 0 nothing.
    """
    decided = np.flatnonzero(said.any(axis=1))
    if not len(decided):
        return sigmoid(log_odds)
    return sigmoid(log_odds + features @ _correction(features[decided], log_odds[decided], said[decided]))


def sigmoid(log_odds: Matrix) -> Matrix:
    """Log-odds as probabilities; what is beyond 30 is 1 to a computer, and must not overflow."""
    probabilities: Matrix = 1.0 / (1.0 + np.exp(-np.clip(log_odds, -30.0, 30.0)))
    return probabilities


def _correction(features: Matrix, offset: Matrix, said: NDArray[np.int8]) -> Matrix:
    """(features, codes): the weights that these examples ask for; the constants fitted with them are not kept.

    A code of which nobody said anything has weights of 0.
    """
    from scipy.optimize import minimize

    counts = _counts(said)
    holds = (said > 0).astype(np.float64)
    with_constant = np.hstack([features, np.ones((len(features), 1))])
    precision = np.full((with_constant.shape[1], 1), _PRECISION)
    precision[-1] = _CONSTANT_PRECISION
    shape = (with_constant.shape[1], said.shape[1])

    def loss(flat: Matrix) -> tuple[float, Matrix]:
        weights = flat.reshape(shape)
        moved = offset + with_constant @ weights
        surprise = counts * (np.logaddexp(0.0, moved) - holds * moved)
        gradient = with_constant.T @ (counts * (sigmoid(moved) - holds)) + precision * weights
        return float(surprise.sum() + 0.5 * (precision * weights**2).sum()), gradient.ravel()

    start = np.zeros(shape[0] * shape[1])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _MOST_STEPS})
    return np.asarray(found.x.reshape(shape)[:-1])


def _counts(said: NDArray[np.int8]) -> Matrix:
    """How much each statement counts for each code."""
    confirmed = said > 0
    # A code that nobody confirmed may not have been looked for.
    left_out = np.outer(confirmed.any(axis=1), confirmed.any(axis=0))
    return np.where(said != 0, 1.0, np.where(left_out, _SILENCE, 0.0))
