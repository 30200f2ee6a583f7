"""Rows of vectors become groups: a graph of nearest neighbours cut into communities, the same in any order of rows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.backends.protocols import Vectors

Labels = NDArray[np.int64]

NEIGHBOURS = 15
RESOLUTION = 0.3


def communities(vectors: Vectors, *, seed: int, neighbours: int = NEIGHBOURS, resolution: float = RESOLUTION) -> Labels:
    """Leiden communities (Traag et al. 2019) of the graph of nearest neighbours by cosine; 0 is the largest."""
    if len(vectors) < 3:
        return np.zeros(len(vectors), dtype=np.int64)
    from graspologic_native import leiden
    from scipy.sparse import coo_matrix

    unit = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    near = min(neighbours, len(unit) - 1)
    # Rounded, so that another BLAS or thread count, which differ in the last bits, give the same graph.
    similarity = np.round(unit.astype(np.float64) @ unit.T.astype(np.float64), 6)
    np.fill_diagonal(similarity, -np.inf)
    nearest = np.argsort(-similarity, axis=1, kind="stable")[:, :near]
    rows = np.repeat(np.arange(len(unit)), near)
    weights = np.maximum(np.take_along_axis(similarity, nearest, axis=1).ravel(), 1e-6)
    graph = coo_matrix((weights, (rows, nearest.ravel())), shape=similarity.shape).tocsr()
    graph = graph.maximum(graph.T).tocoo()
    edges = [(str(a), str(b), float(w)) for a, b, w in zip(graph.row, graph.col, graph.data, strict=True) if a < b]
    _, found = leiden(sorted(edges), resolution=resolution, seed=seed, use_modularity=True, trials=4)
    return by_size(np.array([found.get(str(row), -1) for row in range(len(unit))], dtype=np.int64))


def by_size(labels: Labels) -> Labels:
    """The same groups, renumbered: 0 is the largest, ties by who comes first."""
    values, first, counts = np.unique(labels, return_index=True, return_counts=True)
    order = sorted(range(len(values)), key=lambda at: (-counts[at], first[at]))
    new = {values[at]: number for number, at in enumerate(order)}
    return np.array([new[label] for label in labels], dtype=np.int64)
