"""Which subjects of several transcripts are one theme: those that mean the same, and share words that are rare.

Two short stretches of talk look less alike than two long ones on the same, because their means hold more chance. So
what two subjects have in common is measured against what each has in common with itself, statement by statement and
without a statement's likeness to itself: a correlation freed of its attenuation (Spearman 1904, American Journal of
Psychology 15), about 1 where two stretches speak of the same, however long they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipeline.backends.protocols import Vectors
from pipeline.themes.cluster import by_size, linked
from pipeline.themes.context import Matrix, Rows

if TYPE_CHECKING:
    from scipy.sparse import csr_array

# Subjects are joined as long as they are on average so much alike (see `likeness`). On invented series in which it is
# known what returns, .5 to .7 find the same.
_ALIKE = 0.6
# How much the cosine of their rare words counts beside their meaning; 2 to 8 differ little.
_WORDS = 4.0
# A stretch knows how alike its statements are only from many of them: so many stand in for it at what is usual.
_USUAL = 6.0
# Below this share of what is usual, a subject's likeness to itself is chance.
_LEAST_OF_USUAL = 0.3
# A report of more themes is not read; asked for by people, the number is theirs.
MOST_THEMES = 24
# Subjects that are fitted together: their distances are square in them. The others go to the nearest joined one.
_FITTED = 4000
_FURTHEST = 2.0


@dataclass(frozen=True)
class Sums:
    """What the statements of some groups add up to; rows are the groups, and last those that are in no group."""

    totals: Matrix  # (groups + 1, d) of the vectors, by their weights
    crossed: Matrix  # (groups + 1, d) the same by their squared weights
    weights: Matrix  # (groups + 1,)
    squares: Matrix  # (groups + 1,) of the weights
    lengths: Matrix  # (groups + 1,) of the vectors' squared lengths, by their squared weights


@dataclass(frozen=True)
class Parts:
    """Subjects of transcripts, one a row."""

    totals: Matrix  # (n, d) the weighted sum of their statements' vectors, less what the whole series has in common
    weights: Matrix  # (n,)
    squares: Matrix  # (n,) the sum of their statements' squared weights
    itself: Matrix  # (n,) the weighted sum of their statements' likeness each to itself: a part of |total|^2
    words: csr_array  # (n, vocabulary) in how many of their statements each content word stands

    def __len__(self) -> int:
        return len(self.weights)

    def of(self, rows: Rows) -> Parts:
        """Some of them."""
        columns = (self.totals[rows], self.weights[rows], self.squares[rows], self.itself[rows])
        return Parts(*columns, self.words[rows])


def sums_of(own: Vectors, weights: Matrix, labels: Rows) -> Sums:
    """The sums of groups of statements, by their vectors, weights and labels; -1 is in no group, ABSENT isn't there."""
    numbers = np.append(np.arange(int(labels.max(initial=-1)) + 1), -1)
    once = (labels == numbers[:, None]) * weights
    twice = once * weights
    rows = own.astype(np.float64)
    return Sums(once @ rows, twice @ rows, once.sum(1), twice.sum(1), twice @ (rows**2).sum(1))


def parts_of(sums: Sequence[Sums], labels: Sequence[Rows], words: csr_array) -> Parts:
    """The subjects of all transcripts, in the order of the transcripts and of their labels.

    Args:
        sums: of each transcript.
        labels: of each transcript's statements, as they were summed.
        words: (statements of all transcripts, vocabulary): 1 where a statement has a content word.
    """
    mass = max(sum(float(one.weights.sum()) for one in sums), 1e-12)
    general = sum((one.totals.sum(0) for one in sums), np.zeros(sums[0].totals.shape[1])) / mass
    totals, crossed = (np.concatenate([getattr(one, name)[:-1] for one in sums]) for name in ("totals", "crossed"))
    weights, squares, lengths = (
        np.concatenate([getattr(one, name)[:-1] for one in sums]) for name in ("weights", "squares", "lengths")
    )
    itself = lengths - 2 * crossed @ general + squares * (general @ general)
    return Parts(totals - weights[:, None] * general, weights, squares, itself, _words_of(labels, words))


def _words_of(labels: Sequence[Rows], words: csr_array) -> csr_array:
    from scipy.sparse import csr_array

    count = [int(one.max(initial=-1)) + 1 for one in labels]
    first = np.cumsum(count) - count
    part = np.concatenate([np.where(one >= 0, one + at, -1) for one, at in zip(labels, first, strict=True)])
    rows = np.flatnonzero(part >= 0)
    held = csr_array((np.ones(len(rows)), (part[rows], rows)), shape=(sum(count), len(part)))
    return held @ words


def join(parts: Parts, *, count: int = 0) -> Rows:
    """Which parts are one theme: a label for each; `count` themes if asked for, 0 for as many as there are."""
    if len(parts) < 2:
        return np.zeros(len(parts), dtype=np.int64)
    fitted = _sample(parts.weights)
    distances = np.asarray(np.round(np.maximum(_FURTHEST - likeness(parts.of(fitted)), 0.0), 6), dtype=np.float64)
    joined = linked(distances, _FURTHEST - _ALIKE, count)
    if not count and joined.max() + 1 > MOST_THEMES:
        joined = linked(distances, _FURTHEST - _ALIKE, MOST_THEMES)
    return _nearest(parts.totals, parts.weights, fitted, joined)


def likeness(parts: Parts) -> Matrix:
    """How alike any two are, by meaning and words; about 0 for two that have nothing to do with each other."""
    products = parts.totals @ parts.totals.T
    shared = products.diagonal() - parts.itself
    pairs = parts.weights**2 - parts.squares
    usual = max(float(shared.sum() / max(pairs.sum(), 1e-12)), 1e-6)
    within = np.maximum((shared + _USUAL**2 * usual) / (pairs + _USUAL**2), _LEAST_OF_USUAL * usual)
    meaning = products / np.outer(parts.weights, parts.weights) / np.sqrt(np.outer(within, within))
    words = _words_alike(parts.words)
    return np.asarray(meaning + _WORDS * (words - np.median(words[np.triu_indices(len(parts), 1)])))


def _words_alike(words: csr_array) -> Matrix:
    """Cosines of the parts' TF-IDF."""
    parts_with = np.bincount(words.indices, minlength=words.shape[1])
    table = words.copy()
    table.data = (1.0 + np.log(words.data)) * np.log((words.shape[0] + 1) / parts_with[words.indices])
    alike = np.asarray((table @ table.T).toarray())
    lengths = np.sqrt(np.maximum(alike.diagonal(), 1e-24))
    return np.asarray(alike / np.outer(lengths, lengths))


def _sample(weights: Matrix) -> Rows:
    """The rows that are fitted: all, or the heaviest and then every n-th of the others, in order."""
    if len(weights) <= _FITTED:
        return np.arange(len(weights))
    order = np.lexsort((np.arange(len(weights)), -np.round(weights, 6)))
    heavy, others = order[: _FITTED // 2], np.sort(order[_FITTED // 2 :])
    spread = others[np.linspace(0, len(others) - 1, _FITTED - len(heavy)).astype(np.int64)]
    return np.unique(np.concatenate([heavy, spread]))


def _nearest(totals: Matrix, weights: Matrix, fitted: Rows, joined: Rows) -> Rows:
    labels = np.full(len(totals), -1, dtype=np.int64)
    labels[fitted] = joined
    rest = np.flatnonzero(labels < 0)
    if len(rest):
        middles = np.stack([totals[labels == at].sum(0) for at in range(int(joined.max()) + 1)])
        middles /= np.maximum(np.linalg.norm(middles, axis=1, keepdims=True), 1e-12)
        labels[rest] = np.argmax(np.round(totals[rest] @ middles.T / weights[rest, None], 6), axis=1)
    return by_size(labels, weights)
