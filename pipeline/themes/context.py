"""Where a conversation changes its subject: for every two moments of it, how likely it is that no change lies between.

A transcript is cut into blocks (a turn, or a few statements of a long one). A segmentation of the blocks costs what
its segments scatter around their means (kernel change-point detection; Harchaoui and Cappe 2007; Arlot, Celisse and
Harchaoui 2019), and a price for each boundary. Instead of taking the one cheapest segmentation, which jumps when a
single person is left out, all of them are weighed by their cost (a forward and a backward pass; Fearnhead 2006) and
several prices are averaged. What people say about changing the subject makes a boundary cheaper there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from pipeline.backends.protocols import Vectors

Matrix = NDArray[np.float64]
Rows = NDArray[np.int64]

# Prices of a boundary, in units of the scatter of one statement. On committee talk of 500 statements the lowest gives
# about 18 segments and the highest about 4; averaging over them makes no guess of how many there are.
PRICES = (1.5, 2.0, 2.5, 3.0, 3.5)
# The number of statements for which the prices stand; they grow with its logarithm, as in the BIC.
_PRICED_FOR = 500
# What statements near each other have in common, of all that they say, in talk for which the prices stand; below, the
# prices fall with it. "Near" is so many statements away: the very next one often only answers.
_PRICED_AT = 0.07
_NEAR = (2, 5)
_LEAST_SAID = 0.3  # below, it is chance
# How sharply the cheapest segmentation is preferred: 1 is a posterior that hardly chooses, 4 nearly the single best.
_SHARPNESS = 2.0
# A statement of so many words counts in full; a shorter one by its share: a "Yes" hardly says what the talk is about.
_FULL_WORDS = 15
# What is not about the subject (thanks, procedure, a nod) still stands somewhere in it, and counts a fifth.
_ASIDE = 0.2
# A long turn may change its subject too: at so many statements there may be a boundary, at a price of its own.
_BLOCK = 20
_INSIDE_TURN = 1.0
# Above so many blocks they are joined in pairs: the matrices are square in them.
_MOST_BLOCKS = 1500

# By how much a boundary becomes cheaper, in the unit of the prices: where somebody hands over to the next subject;
# where a facilitator speaks without asking; where a turn opens a subject; where somebody enters who long said nothing.
_HANDED_OVER = 0.78
_FACILITATOR_SPEAKS = 0.26
_SUBJECT_OPENED = 0.26
_NEWLY_IN = 0.39
# A participant who has not spoken for so many turns is new to the exchange.
_LONG_SILENT = 25

_HANDOVER = re.compile(
    r"\bquestions?\b.{0,30}\bfrom\b|\bmov(?:e|ing) on\b|\bnext (?:item|question|area|topic|theme|section|set|subject)\b"
    r"|\bitem \d|\bgo on to\b|\bturn(?:ing)? (?:now )?to\b|\b(?:more|some|any) questions?\b|\bcome on to\b|\bon to\b"
    r"|\bcwestiynau gan\b|\bsymud (?:ymlaen|at)\b|\bcwestiwn nesaf\b|\beitem \d|\btroi at\b",
    re.IGNORECASE,
)
_NOT_YET = re.compile(
    r"\bbefore (?:we|i|you) (?:move|go|turn|come)|\bcome back\b|\bcyn (?:i ni )?symud\b", re.IGNORECASE
)
_OPENS = re.compile(
    r"\b(?:want(?:ed)? to|like to|can i|could i|i'll|i will|let's|let me|going to|just) (?:just |now |also |go on to )*"
    r"(?:to )?(?:ask|turn|move|talk|explore|focus|look|go back|return|start|begin|pick up)\b"
    r"|\bquestions? (?:about|on|around|regarding)\b|^(?:in terms of|on the|turning to|moving)"
    r"|\b(?:hoffwn i|ga i|allaf i) (?:ofyn|droi|symud)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Talk:
    """One transcript's statements in the order in which they were said; parallel columns."""

    transcript_id: str
    own: Vectors  # (n, d) unit rows
    turns: Rows  # the turn's index
    speakers: Sequence[str]
    facilitator: NDArray[np.bool_]
    aside: NDArray[np.bool_]  # procedure and backchannels
    texts: Sequence[str]

    def __len__(self) -> int:
        return len(self.texts)

    def weights(self) -> Matrix:
        """How much each statement says about the subject, 0 to 1."""
        return np.asarray(np.where(self.aside, _ASIDE, 1.0) * fullness(self.texts) + 1e-6)

    def without(self, left_out: frozenset[str]) -> tuple[Talk, Rows]:
        """The talk as if these speakers had not been there, and the rows that stay."""
        rows = np.array([row for row, name in enumerate(self.speakers) if name not in left_out], dtype=np.int64)
        kept = Talk(
            self.transcript_id,
            self.own[rows],
            self.turns[rows],
            [self.speakers[row] for row in rows],
            self.facilitator[rows],
            self.aside[rows],
            [self.texts[row] for row in rows],
        )
        return kept, rows


@dataclass(frozen=True)
class Course:
    """The course of a talk, in blocks."""

    block_of: Rows  # (n,) the block of each statement
    weights: Matrix  # (blocks,)
    sums: Matrix  # (blocks, d): weighted sums of the centred vectors
    same: Matrix  # (blocks, blocks): the probability that no change of subject lies between the two

    def smoothed(self) -> Matrix:
        """(blocks, d) unit rows: each block's meaning in its conversation, its neighbours weighed by `same`."""
        mixed = np.asarray(self.same @ self.sums)
        return np.asarray(mixed / np.maximum(np.linalg.norm(mixed, axis=1, keepdims=True), 1e-12))


def fullness(texts: Sequence[str]) -> Matrix:
    """How much each text counts by its length, 0 to 1: from fifteen words on, in full."""
    words = np.array([len(text.split()) for text in texts], dtype=np.float64)
    return np.asarray(np.minimum(words, _FULL_WORDS) / _FULL_WORDS)


def course_of(talk: Talk) -> Course:
    """The course of a talk; the same whatever the order in which its statements were stored."""
    weights = talk.weights()
    centred = _centred(talk.own, weights)
    starts, inside = _blocks(talk)
    sums = np.add.reduceat(centred * weights[:, None], starts, axis=0)
    cheaper = _cheaper(talk, starts) - np.where(inside, _INSIDE_TURN, 0.0)
    cost = _scatter(sums, np.add.reduceat(weights, starts), np.add.reduceat(weights * (centred**2).sum(1), starts))
    scale = float(np.log(max(len(talk), 2)) / np.log(_PRICED_FOR)) * _said_of_subject(centred, weights)
    same = _together(cost, cheaper, scale)
    block_of = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(talk))))
    # Rounded: another BLAS differs in the last bits, and a tie must not be broken by them.
    return Course(block_of, np.add.reduceat(weights, starts), sums, np.round(same, 6))


# Kept, because whoever is left out, the turns of all others stay the same.
@lru_cache(maxsize=1 << 14)
def hands_over(text: str) -> bool:
    """Whether a turn leads on to another subject: "we've got questions now from ...", "let's move on"."""
    return _HANDOVER.search(text) is not None and _NOT_YET.search(text) is None


@lru_cache(maxsize=1 << 14)
def _opens(text: str) -> bool:
    return _OPENS.search(text) is not None


def _centred(own: Vectors, weights: Matrix) -> Matrix:
    """Vectors without what all of the talk has in common, with a mean scatter of 1 a statement."""
    rows = own.astype(np.float64)
    rows = rows - (weights[:, None] * rows).sum(0) / weights.sum()
    scatter = float((weights * (rows**2).sum(1)).sum() / weights.sum())
    return np.asarray(rows / np.sqrt(max(scatter, 1e-12)))


def _said_of_subject(centred: Matrix, weights: Matrix) -> float:
    """How much of what statements say is about the subject of their stretch, beside the talk of the prices; at most 1.

    It is what statements two to five places apart have in common beyond any two of the talk. Where people speak in
    short sentences and by telling what happened to them it is half of what it is in a committee, a change of subject
    moves their meaning by half as much, and a boundary must cost half.
    """
    common = said = 0.0
    for lag in range(_NEAR[0], min(_NEAR[1], len(weights) - 1) + 1):
        pair = weights[lag:] * weights[:-lag]
        common += float((pair * (centred[lag:] * centred[:-lag]).sum(1)).sum())
        said += float(pair.sum())
    # The weighted vectors add up to nothing, so that any two have a little less than nothing in common.
    others = float((weights**2 * (centred**2).sum(1)).sum() / max(weights.sum() ** 2 - (weights**2).sum(), 1e-12))
    share = common / max(said, 1e-12) + others
    return float(np.clip(round(share, 6) / _PRICED_AT, _LEAST_SAID, 1.0))


def _blocks(talk: Talk) -> tuple[Rows, NDArray[np.bool_]]:
    """The first row of each block, and whether the block begins inside a turn."""
    starts: list[int] = []
    inside: list[bool] = []
    for row in range(len(talk)):
        new_turn = row == 0 or talk.turns[row] != talk.turns[row - 1]
        if new_turn or row - starts[-1] >= _BLOCK:
            starts.append(row)
            inside.append(not new_turn)
    while len(starts) > _MOST_BLOCKS:
        starts, inside = starts[::2], inside[::2]
    return np.array(starts, dtype=np.int64), np.array(inside, dtype=bool)


def _cheaper(talk: Talk, starts: Rows) -> Matrix:
    """By how much a boundary before each block is cheaper than its price."""
    ends = np.append(starts[1:], len(talk))
    last_spoke: dict[str, int] = {}
    # Where nobody is known to facilitate, whoever hands over does so in their stead.
    facilitated = bool(talk.facilitator.any())
    found = np.zeros(len(starts))
    for block, (start, end) in enumerate(zip(starts, ends, strict=True)):
        text = " ".join(talk.texts[start:end])
        leads = bool(talk.facilitator[start])
        if (leads or not facilitated) and hands_over(text):
            found[block] += _HANDED_OVER
        if leads and "?" not in text:
            found[block] += _FACILITATOR_SPEAKS
        if _opens(text):
            found[block] += _SUBJECT_OPENED
        if not leads and block - last_spoke.get(talk.speakers[start], -_LONG_SILENT - 1) > _LONG_SILENT:
            found[block] += _NEWLY_IN
        last_spoke[talk.speakers[start]] = block
    return found


def _scatter(sums: Matrix, weights: Matrix, squares: Matrix) -> Matrix:
    """cost[i, j]: the scatter around its mean of the segment of blocks i to j - 1, for i < j."""
    total = np.vstack([np.zeros(sums.shape[1]), np.cumsum(sums, axis=0)])
    mass = np.append(0.0, np.cumsum(weights))
    energy = np.append(0.0, np.cumsum(squares))
    products = total @ total.T
    own = np.diag(products)
    of_mean = own[None, :] + own[:, None] - 2 * products
    length = mass[None, :] - mass[:, None]
    within = energy[None, :] - energy[:, None] - of_mean / np.where(length > 0, length, 1.0)
    return np.asarray(np.where(length > 0, within, 0.0))


def _together(cost: Matrix, cheaper: Matrix, scale: float) -> Matrix:
    """same[i, j]: the share of all segmentations that have i and j in one segment.

    Each segmentation is weighed by exp(-its cost), once for each of the prices, and the shares are averaged.
    """
    count = len(cheaper)
    discount = np.append(0.0, cheaper[1:])[:, None] * scale
    gains = -_SHARPNESS * (cost[:count] - discount + np.array(PRICES)[:, None, None] * scale)
    gains[:, *np.tril_indices(count, 0, count + 1)] = -np.inf
    ahead = np.full((len(PRICES), count + 1), -np.inf)
    ahead[:, 0] = 0.0
    for end in range(1, count + 1):
        ahead[:, end] = _log_sum(ahead[:, :end] + gains[:, :end, end])
    behind = np.full((len(PRICES), count + 1), -np.inf)
    behind[:, count] = 0.0
    for start in range(count - 1, -1, -1):
        behind[:, start] = _log_sum(gains[:, start, start + 1 :] + behind[:, start + 1 :])
    whole = ahead[:, count][:, None, None]
    segments = np.exp(ahead[:, :count, None] + gains + behind[:, None, :] - whole).mean(0)
    # Blocks i <= j are together in each segment that starts at or before i and ends after j.
    covering = np.cumsum(np.cumsum(segments, axis=0)[:, ::-1], axis=1)[:, ::-1][:, 1:]
    upper = np.triu(covering)
    return np.asarray(np.clip(upper + np.triu(upper, 1).T, 0.0, 1.0))


def _log_sum(values: Matrix) -> Matrix:
    """log of the sum of exp, row by row; numpy's, because scipy's takes a hundred microseconds a call."""
    highest = values.max(axis=1, keepdims=True)
    return np.asarray(np.log(np.exp(values - highest).sum(axis=1)) + highest[:, 0])
