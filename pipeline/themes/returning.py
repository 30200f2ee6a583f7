"""Which subjects of several transcripts are one theme: those that mean the same, and share words that are rare.

Two short stretches of talk look less alike than two long ones on the same, because their means hold more chance. So
what two subjects have in common is measured against what each has in common with itself, statement by statement and
without a statement's likeness to itself: a correlation freed of its attenuation (Spearman 1904, American Journal of
Psychology 15), about 1 where two stretches speak of the same, however long they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.themes.cluster import Subjects, by_size, linked
from pipeline.themes.context import Matrix, Rows, Talk

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
class Part:
    """One subject of one transcript."""

    total: Matrix  # (d,) the weighted sum of its statements' vectors, less what the whole series has in common
    weight: float
    squares: float  # the sum of its statements' squared weights
    itself: float  # the weighted sum of its statements' likeness each to itself: a part of `total @ total`
    words: Counter[str]  # in how many of its statements each content word stands


def parts_of(talks: Sequence[Talk], found: Sequence[Subjects]) -> list[Part]:
    """The subjects of all transcripts, in the order of the transcripts and of their labels."""
    weights = [talk.weights() for talk in talks]
    general = sum(weight @ talk.own.astype(np.float64) for weight, talk in zip(weights, talks, strict=True))
    general = np.asarray(general) / max(sum(float(weight.sum()) for weight in weights), 1e-12)
    parts: list[Part] = []
    for talk, subjects, weight in zip(talks, found, weights, strict=True):
        centred = talk.own - general
        for label in range(int(subjects.labels.max()) + 1):
            mine = np.flatnonzero(subjects.labels == label)
            parts.append(part_of(centred[mine], weight[mine], [talk.words[row] for row in mine.tolist()]))
    return parts


def part_of(centred: Matrix, weights: Matrix, words: Sequence[tuple[str, ...]]) -> Part:
    """A subject from its statements: their vectors, less what all have in common, their weights and content words."""
    itself = float((weights**2 * (centred**2).sum(1)).sum())
    said = Counter(word for one in words for word in one)
    return Part(weights @ centred, float(weights.sum()), float((weights**2).sum()), itself, said)


def join(parts: Sequence[Part], *, count: int = 0) -> Rows:
    """Which parts are one theme: a label for each; `count` themes if asked for, 0 for as many as there are."""
    if len(parts) < 2:
        return np.zeros(len(parts), dtype=np.int64)
    weights = np.array([part.weight for part in parts])
    fitted = _sample(weights)
    alike = likeness([parts[row] for row in fitted])
    distances = np.asarray(np.round(np.maximum(_FURTHEST - alike, 0.0), 6), dtype=np.float64)
    joined = linked(distances, _FURTHEST - _ALIKE, count)
    if not count and joined.max() + 1 > MOST_THEMES:
        joined = linked(distances, _FURTHEST - _ALIKE, MOST_THEMES)
    return _nearest(np.stack([part.total for part in parts]), weights, fitted, joined)


def likeness(parts: Sequence[Part]) -> Matrix:
    """How alike any two are, by meaning and words; about 0 for two that have nothing to do with each other."""
    totals = np.stack([part.total for part in parts])
    weights = np.array([part.weight for part in parts])
    products = totals @ totals.T
    shared = products.diagonal() - np.array([part.itself for part in parts])
    pairs = weights**2 - np.array([part.squares for part in parts])
    usual = max(float(shared.sum() / max(pairs.sum(), 1e-12)), 1e-6)
    within = np.maximum((shared + _USUAL**2 * usual) / (pairs + _USUAL**2), _LEAST_OF_USUAL * usual)
    meaning = products / np.outer(weights, weights) / np.sqrt(np.outer(within, within))
    words = _words_alike([part.words for part in parts])
    return np.asarray(meaning + _WORDS * (words - np.median(words[np.triu_indices(len(parts), 1)])))


def _words_alike(words: Sequence[Counter[str]]) -> Matrix:
    """Cosines of the parts' TF-IDF."""
    from scipy.sparse import csr_array

    spread = Counter(word for counts in words for word in counts)
    column = {word: number for number, word in enumerate(sorted(spread))}
    rows = np.repeat(np.arange(len(words)), [len(counts) for counts in words])
    columns = np.array([column[word] for counts in words for word in counts], dtype=np.int64)
    times = np.array([times for counts in words for times in counts.values()], dtype=np.float64)
    parts_with = np.array([spread[word] for counts in words for word in counts], dtype=np.float64)
    values = (1.0 + np.log(times)) * np.log((len(words) + 1) / parts_with)
    lengths = np.sqrt(np.bincount(rows, values**2, minlength=len(words)))
    values /= np.maximum(lengths, 1e-12)[rows]
    table = csr_array((values, (rows, columns)), shape=(len(words), len(column)))
    return np.asarray((table @ table.T).toarray())


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
