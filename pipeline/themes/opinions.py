"""Statements that stand alone, as a survey's answers do, become groups by what each of them says.

All answers to one question are about the same, and a general sentence model hardly sees beyond that. So what they have
in common is taken out, the vectors are turned to the directions in which arguments differ (a linear discriminant
trained on other questions; docs/model-card-opinions.md), and shared rare words count beside them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.backends.protocols import Vectors
from pipeline.themes.cluster import Subjects, by_size, linked
from pipeline.themes.context import Matrix, Rows

PROJECTION = Path(__file__).parent / "data" / "opinions.npz"

# What the meaning and the words count in the likeness of two opinions.
_MEANING, _WORDS = 0.45, 0.55
# Groups are joined as long as their mean likeness is above this.
_ALIKE = 0.065
# Fewer are no group; they go to the likest one.
_FEWEST = 3
# So many are compared each with each; further ones go to the likest group.
_FITTED = 4000
# A word in more than this share of the opinions is the question's, not theirs.
_COMMON = 0.4
_ENDING = re.compile(r"(?:ies|es|s|ing|ed)$")
_WORD = re.compile(r"[^\W\d_]{3,}")


def opinions_of(
    vectors: Vectors, texts: Sequence[str], *, model: str, count: int = 0, projection: Matrix | None = None
) -> Subjects:
    """A label and a confidence for each opinion.

    Args:
        vectors: (n, d) unit rows, in the order of `texts`.
        model: whose vectors these are; the trained projection is used for those it was trained on.
        count: groups asked for; 0 for as many as there are.
        projection: (d, k) in place of the trained one.
    """
    if len(vectors) < 2 * _FEWEST:
        return Subjects(np.zeros(len(vectors), dtype=np.int64), np.full(len(vectors), 0.5), ())
    turned = trained_projection(model, vectors.shape[1]) if projection is None else projection
    meaning = centred(vectors) if turned is None else _unit(centred(vectors) @ turned)
    features = np.hstack([np.sqrt(_MEANING) * _unit(meaning - meaning.mean(0)), np.sqrt(_WORDS) * _words(texts)])
    fitted = np.unique(np.linspace(0, len(features) - 1, min(len(features), _FITTED)).astype(np.int64))
    likeness = np.round(features[fitted] @ features[fitted].T, 6)
    labels = np.full(len(features), -1, dtype=np.int64)
    labels[fitted] = linked(1.0 - likeness, 1.0 - _ALIKE, count)
    return _to_the_likest(labels, features, fewest=1 if count else _FEWEST)


def centred(vectors: Vectors) -> Matrix:
    """Unit rows without what all of them have in common."""
    rows = vectors.astype(np.float64)
    return _unit(rows - rows.mean(0))


@lru_cache(maxsize=4)
def trained_projection(model: str, width: int) -> Matrix | None:
    """The projection (width, k) that was trained for this model's vectors; None for any other model."""
    with np.load(PROJECTION, allow_pickle=False) as stored:
        if str(stored["model"]) != model or stored["projection"].shape[0] != width:
            return None
        return np.asarray(stored["projection"], dtype=np.float64)


def _unit(rows: Matrix) -> Matrix:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12))


def _words(texts: Sequence[str]) -> Matrix:
    """TF-IDF rows of length 1 over the words' stems; a text without a telling word is a row of zeros."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    counter = TfidfVectorizer(analyzer=_stems, sublinear_tf=True, max_df=max(_COMMON, 2 / len(texts)))
    if not any(_stems(text) for text in texts):
        return np.zeros((len(texts), 1))
    return np.asarray(counter.fit_transform(texts).toarray(), dtype=np.float64)


def _stems(text: str) -> list[str]:
    return [_ENDING.sub("", word) for word in _WORD.findall(text.lower()) if word not in _function_words()]


@lru_cache(maxsize=1)
def _function_words() -> frozenset[str]:
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    return frozenset(ENGLISH_STOP_WORDS)


def _to_the_likest(labels: Rows, features: NDArray[np.float64], *, fewest: int) -> Subjects:
    """Every opinion in a group: those of groups too small, and those that weren't compared, in the likest."""
    sizes = np.bincount(labels[labels >= 0])
    kept = [label for label in range(len(sizes)) if sizes[label] >= fewest] or [0]
    means = np.stack([features[labels == label].mean(0) for label in kept])
    likeness = np.round(features @ means.T, 6)
    grouped = np.where(np.isin(labels, kept), labels, np.array(kept)[likeness.argmax(1)])
    # Sharp enough that an opinion between two groups is near a half, and one inside its group near 1.
    near = np.exp(8.0 * likeness)
    at = np.searchsorted(np.array(kept), grouped)
    confidence = np.round(near[np.arange(len(near)), at] / near.sum(1), 4)
    return Subjects(by_size(grouped), confidence, ())
