"""Candidates get scores made of what each group adds; overlapping ones give way, and near-duplicates are folded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.quotes.candidates import Candidate
from pipeline.quotes.features import Numbers
from pipeline.quotes.languages import LANGUAGE
from pipeline.quotes.ranker import ALL_GROUPS

# A further statement joins a quote when it is nearly as good as the best one: at most JOINS_WITHIN below it, and above
# the mean, both in standard deviations of the statements' scores. So a list's sharpest lines stand alone, and further
# down, where neighbours are about equally good, they stand together. Leaving meetings out in turn, narrower loses
# quotes of several statements among the first sixty, wider loses hits among the first twenty (docs/method-quotes.md).
JOINS_WITHIN = 0.6
# Of two spans with the same best statement the longer one stands: a further statement adds so much.
A_FURTHER = 0.02  # standard deviations
LENGTH = "further statements"
# The whole statement stands unless a clause of it loses no more than a tenth of its words for less rambling; the
# ranker has read the whole, so a clause has its score, less a little for each word that is gone.
CLAUSE_COST = 0.5
SAME_WORDS = 90.0  # per cent of letters in common, where two candidates say one thing in the same words
SAME_MEANING = 0.92  # cosine, where they say it in other words


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate, and what each group adds to its score; the sum is the score."""

    candidate: Candidate
    told: tuple[float, ...]  # in the order of TOLD
    best: float  # the score of its best statement, and what is added to it: of those that overlap the highest stands

    @property
    def score(self) -> float:
        """Higher is better; only the order means anything."""
        return sum(self.told)


TOLD = (*ALL_GROUPS, LANGUAGE, LENGTH)


def score(candidates: Sequence[Candidate], told: Numbers, lengths: Numbers) -> list[Scored]:
    """The candidates that hold together, each with its score: its statements' mean, and a little for each further one.

    `told` has a row a statement and a column for each of TOLD but the last; `lengths` are the statements' letters, by
    which the mean is taken and a clause is held against its statement. A span with a statement that doesn't belong
    (JOINS_WITHIN) is left out.
    """
    totals = told.sum(axis=1)
    spread, mean = (float(totals.std()) or 1.0, float(totals.mean())) if len(totals) else (1.0, 0.0)
    found = []
    for candidate in candidates:
        rows = list(candidate.rows)
        best = max(rows, key=lambda row: (totals[row], -row))
        bar = max(mean, float(totals[best]) - JOINS_WITHIN * spread)
        if all(row == best or totals[row] >= bar for row in rows):
            further = float(A_FURTHER * spread * (len(rows) - 1) - _missing(candidate, lengths[best]))
            means = map(float, _mean(told[rows], lengths[rows]))
            found.append(Scored(candidate, (*means, further), float(totals[best]) + further))
    return found


def _mean(told: Numbers, letters: Numbers) -> Numbers:
    return told[0] if len(told) == 1 else np.average(told, axis=0, weights=np.maximum(letters, 1.0))


def _missing(candidate: Candidate, letters: float) -> float:
    """What a clause loses by the words of its statement that it leaves out."""
    if len(candidate.rows) > 1:
        return 0.0
    return CLAUSE_COST * (1.0 - (candidate.end - candidate.start) / max(letters, 1.0))


def apart(scored: Sequence[Scored]) -> list[Scored]:
    """The candidates that don't overlap one with a better statement, best first; ties by place."""
    taken: dict[str, list[tuple[int, int]]] = {}
    kept = []
    for one in sorted(scored, key=lambda one: _by_place(one, one.best)):
        candidate = one.candidate
        there = taken.setdefault(candidate.turn_id, [])
        if all(candidate.end <= start or candidate.start >= end for start, end in there):
            there.append((candidate.start, candidate.end))
            kept.append(one)
    return sorted(kept, key=lambda one: _by_place(one, one.score))


def _by_place(one: Scored, value: float) -> tuple[float, str, int]:
    """The key by which the highest comes first, and of equal ones what was said first."""
    return -round(value, 9), one.candidate.turn_id, one.candidate.start


def folded(
    scored: Sequence[Scored], texts: Sequence[str], vectors: NDArray[np.float32], *, most: int
) -> tuple[list[int], list[tuple[int, int]]]:
    """The first `most` that say something new, and pairs (duplicate, what it duplicates); both as indexes.

    `scored` best first; `vectors` a unit row each. What is left after `most` are found is in neither.
    """
    kept: list[int] = []
    duplicates: list[tuple[int, int]] = []
    lowered = [text.casefold() for text in texts]
    stands = np.zeros(len(scored), dtype=bool)
    for index, near in _neighbours(vectors[: len(scored)]):
        if len(kept) >= most:
            break
        twin = next(
            (int(other) for other in near if stands[other] and _one_thing(lowered, vectors, index, other)), None
        )
        if twin is None:
            kept.append(index)
            stands[index] = True
        else:
            duplicates.append((index, twin))
    return kept, duplicates


_WORTH_COMPARING = 0.6  # two texts of the same words have vectors nearer than this
_BLOCK = 256  # rows whose likeness to all before them is held at once


def _neighbours(vectors: NDArray[np.float32]) -> Iterator[tuple[int, NDArray[np.intp]]]:
    """Each row, and the rows before it that are near enough to be compared, in order."""
    for first in range(0, len(vectors), _BLOCK):
        alike = vectors[first : first + _BLOCK] @ vectors[: first + _BLOCK].T
        for offset, row in enumerate(alike):
            yield first + offset, np.flatnonzero(row[: first + offset] >= _WORTH_COMPARING)


def _one_thing(lowered: Sequence[str], vectors: NDArray[np.float32], one: int, other: int) -> bool:
    from rapidfuzz import fuzz

    if float(vectors[one] @ vectors[other]) >= SAME_MEANING:
        return True
    return float(fuzz.ratio(lowered[one], lowered[other], score_cutoff=SAME_WORDS)) >= SAME_WORDS


def varied(
    order: Sequence[int],
    relevance: Sequence[float],
    vectors: NDArray[np.float32],
    *,
    most: int,
    speakers: Sequence[str],
    cap: int,
    first: Sequence[int] = (),
    weight: float,
) -> Iterator[int]:
    """Up to `most` of `order` by maximal marginal relevance (Carbonell and Goldstein 1998), `first` among them.

    Each is the best of `weight` times its relevance (scaled to 0..1) less the rest times its likeness to what is
    already there; nobody has more than `cap`, but by `first`. Ties by the given order.
    """
    scaled = _scaled(np.array([relevance[index] for index in order]))
    left = {index: float(value) for index, value in zip(order, scaled, strict=True)}
    said: Counter[str] = Counter()
    chosen: list[int] = []
    reserved = [index for index in first if index in left][:most]
    likeness = dict.fromkeys(order, 0.0)
    while left and len(chosen) < most:
        room = most - len(chosen) > len(reserved)
        # Those that wait count too, or somebody would have them besides all that the cap allows.
        held = said + Counter(speakers[index] for index in reserved)
        able = [i for i in order if i in left and (i in reserved or (room and held[speakers[i]] < cap))]
        if not able:
            return
        best = max(able, key=lambda index: weight * left[index] - (1 - weight) * likeness[index])
        yield best
        chosen.append(best)
        del left[best]
        reserved = [index for index in reserved if index != best]
        said[speakers[best]] += 1
        for index in left:
            likeness[index] = max(likeness[index], float(vectors[index] @ vectors[best]))


def _scaled(values: Numbers) -> Numbers:
    span = float(values.max() - values.min()) if len(values) else 0.0
    return (values - values.min()) / span if span else np.ones_like(values)
