"""Statements become groups without a number of groups to guess: the same in any order, for sixty or a million.

Within a conversation two blocks belong together if no change of subject lies between them, or if they say the same
an hour apart; groups are joined by their mean belonging (average linkage) until what is left is nothing alike.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.themes.context import Course, Matrix, Rows, Talk, course_of

# What saying the same counts beside standing in the same stretch, of 1.
_RETURN = 0.3
# Blocks are joined as long as their mean belonging is above this: of two that never stand in one stretch, a cosine
# of two thirds between their smoothed meanings.
_BELONGING = 0.2
# A group of fewer statements is no theme: it goes to the group it belongs to most, if to any.
_FEWEST = 8
_FEWEST_SHARE = 0.012
# Below this mean belonging to every group a small group is unlike all others.
_UNLIKE = 0.01
# The label of a statement whose speaker is left out.
ABSENT = -3


@dataclass(frozen=True)
class Subjects:
    """A talk's subjects: a label and a confidence for each statement; -1 is unlike all others."""

    labels: Rows
    confidence: Matrix  # 0 to 1: the share of a statement's belonging that lies in its subject
    further: tuple[tuple[int, int, float], ...]  # (row, label, confidence) of other subjects that it carries


def subjects_of(talk: Talk, *, count: int = 0) -> Subjects:
    """What a talk was about, statement by statement; `count` subjects if asked for, 0 for as many as there are."""
    if len(talk) < _FEWEST:
        zeros = np.zeros(len(talk), dtype=np.int64)
        return Subjects(zeros, np.full(len(talk), 0.5), ())
    course = course_of(talk)
    belonging = _belonging(course)
    labels = linked(1.0 - belonging, 1.0 - _BELONGING, count)
    labels = _without_small(labels, belonging, course, len(talk))
    return _statements(labels, belonging, course)


def by_size(labels: Rows, weights: Matrix | None = None) -> Rows:
    """The same groups, renumbered: 0 is the heaviest, ties by who comes first; -1 stays."""
    known = labels >= 0
    mass = np.ones(len(labels)) if weights is None else weights
    values, first = np.unique(labels[known], return_index=True)
    sizes = [round(float(mass[known][labels[known] == value].sum()), 6) for value in values]
    order = sorted(range(len(values)), key=lambda at: (-sizes[at], first[at]))
    new = {int(values[at]): number for number, at in enumerate(order)}
    return np.array([new.get(int(label), -1) for label in labels], dtype=np.int64)


def linked(distances: Matrix, furthest: float, count: int) -> Rows:
    """Average linkage, until no two groups are nearer than `furthest`; or `count` groups, where asked for."""
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    if len(distances) < 2:
        return np.zeros(len(distances), dtype=np.int64)
    symmetric = np.maximum((distances + distances.T) / 2, 0.0)
    np.fill_diagonal(symmetric, 0.0)
    tree = linkage(squareform(symmetric, checks=False), "average")
    found = fcluster(tree, count, "maxclust") if count else fcluster(tree, furthest, "distance")
    return by_size(np.asarray(found, dtype=np.int64))


def _belonging(course: Course) -> Matrix:
    """1 where two blocks surely stand in one stretch; else what they have in common, counted less."""
    smoothed = course.smoothed()
    alike = np.maximum(smoothed @ smoothed.T, 0.0)
    mixed = course.same + _RETURN * alike * (1.0 - course.same)
    mixed = np.round((mixed + mixed.T) / 2, 6)
    np.fill_diagonal(mixed, 1.0)
    return np.asarray(np.clip(mixed, 0.0, 1.0))


def _without_small(labels: Rows, belonging: Matrix, course: Course, statements: int) -> Rows:
    """Groups of a few statements go where they belong most, the smallest first; or nowhere."""
    held = np.bincount(course.block_of, minlength=len(labels)).astype(np.float64)
    fewest = max(_FEWEST, _FEWEST_SHARE * statements)
    labels = labels.copy()
    while True:
        values = [value for value in np.unique(labels) if value >= 0]
        sizes = {int(value): float(held[labels == value].sum()) for value in values}
        small = sorted((size, -value) for value, size in sizes.items() if size < fewest)
        if not small or len(sizes) < 2:
            return by_size(labels, held)
        mine = -small[0][1]
        near = {value: float(belonging[np.ix_(labels == mine, labels == value)].mean()) for value in sizes}
        best = min((value for value in near if value != mine), key=lambda value: (-round(near[value], 6), value))
        labels[labels == mine] = best if near[best] >= _UNLIKE else -1


# Another subject is carried too where it holds so much of a statement's belonging.
_CARRIED = 0.25


def _statements(labels: Rows, belonging: Matrix, course: Course) -> Subjects:
    count = int(labels.max()) + 1
    members = np.stack([(labels == label) * course.weights for label in range(count)], axis=1)
    shares = belonging @ members
    shares = np.round(shares / np.maximum(shares.sum(1, keepdims=True), 1e-12), 4)
    of_statement = labels[course.block_of]
    confidence = np.where(of_statement >= 0, shares[course.block_of, np.maximum(of_statement, 0)], 0.0)
    further = tuple(
        (int(row), int(label), float(shares[course.block_of[row], label]))
        for row, label in zip(*np.nonzero(shares[course.block_of] >= _CARRIED), strict=True)
        if of_statement[row] not in (label, -1)
    )
    return Subjects(of_statement, np.clip(confidence, 0.0, 1.0), further)
