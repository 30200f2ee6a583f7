"""Statements that stand alone, as a survey's answers do, become groups by what each of them says.

All answers to one question are about the same, and a general sentence model hardly sees beyond that. So their vectors
are made by an encoder that was taught which arguments are the same one (docs/model-card-opinions.md), what they have
in common is taken out, shared rare words count beside them, and each opinion is blended with those likest to it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from pipeline.backends.protocols import Vectors
from pipeline.themes.cluster import Subjects, by_size, linked
from pipeline.themes.context import Matrix, Rows
from pipeline.themes.words import grammar_words

# What the meaning and the words count in the likeness of two opinions.
_MEANING, _WORDS = 0.55, 0.45
# An opinion is blended with so many of the likest, and keeps this share of itself: two that were put in other words
# are known for the same by what lies between them. Of few opinions fewer, or the groups would run together.
_LIKEST, _ITSELF = 10, 0.35
_OPINIONS_A_NEIGHBOUR = 6
# Groups are joined as long as their mean likeness is above this.
_ALIKE = 0.05
# Fewer are no group; they go to the likest one.
_FEWEST = 3
# So many are compared each with each; further ones go to the likest group.
_FITTED = 4000
# A word in more than this share of the opinions is the question's, not theirs.
_COMMON = 0.4
# How sharp a confidence is: an opinion between two groups is near a half, one inside its group near 1.
_SHARPNESS = 25.0
_ENDING = re.compile(r"(?:ies|es|s|ing|ed)$")
_WORD = re.compile(r"[^\W\d_]{3,}")


def opinions_of(vectors: Vectors, texts: Sequence[str], *, count: int = 0) -> Subjects:
    """A label and a confidence for each opinion.

    Args:
        vectors: (n, d) unit rows, in the order of `texts`; best of the encoder that was adapted to opinions.
        count: groups asked for; 0 for as many as there are.
    """
    if len(vectors) < 2 * _FEWEST:
        return Subjects(np.zeros(len(vectors), dtype=np.int64), np.full(len(vectors), 0.5), ())
    features = np.hstack([np.sqrt(_MEANING) * _centred(vectors), np.sqrt(_WORDS) * _words(texts)])
    fitted = np.unique(np.linspace(0, len(features) - 1, min(len(features), _FITTED)).astype(np.int64))
    blended = _blended(features, fitted)
    likeness = np.round(blended[fitted] @ blended[fitted].T, 6)
    labels = np.full(len(features), -1, dtype=np.int64)
    labels[fitted] = linked(1.0 - likeness, 1.0 - _ALIKE, count)
    return _to_the_likest(labels, blended, fewest=1 if count else _FEWEST)


def _centred(vectors: Vectors) -> Matrix:
    """Unit rows without what all of them have in common."""
    rows = vectors.astype(np.float64)
    rows = rows - rows.mean(0)
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12))


def _words(texts: Sequence[str]) -> Matrix:
    """TF-IDF rows of length 1 over the words' stems; a text without a telling word is a row of zeros."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    counter = TfidfVectorizer(analyzer=_stems, sublinear_tf=True, max_df=max(_COMMON, 2 / len(texts)))
    if not any(_stems(text) for text in texts):
        return np.zeros((len(texts), 1))
    return np.asarray(counter.fit_transform(texts).toarray(), dtype=np.float64)


def _stems(text: str) -> list[str]:
    return [_ENDING.sub("", word) for word in _WORD.findall(text.lower()) if word not in grammar_words()]


def _blended(features: Matrix, fitted: Rows) -> Matrix:
    """Each row, and the mean of its likest among the fitted ones; of equally like ones the first."""
    count = min(_LIKEST, max(1, len(fitted) // _OPINIONS_A_NEIGHBOUR))
    blended = _ITSELF * features
    for first in range(0, len(features), _FITTED):
        rows = np.arange(first, min(first + _FITTED, len(features)))
        likeness = np.round(features[rows] @ features[fitted].T, 6)
        likeness[rows[:, None] == fitted] = -np.inf
        likest = np.argsort(-likeness, axis=1, kind="stable")[:, :count]
        for rank in range(count):
            blended[rows] += (1 - _ITSELF) / count * features[fitted[likest[:, rank]]]
    return blended


def _to_the_likest(labels: Rows, features: Matrix, *, fewest: int) -> Subjects:
    """Every opinion in a group: those of groups too small, and those that weren't compared, in the likest."""
    sizes = np.bincount(labels[labels >= 0])
    kept = [label for label in range(len(sizes)) if sizes[label] >= fewest] or [0]
    means = np.stack([features[labels == label].mean(0) for label in kept])
    likeness = np.round(features @ means.T, 6)
    grouped = np.where(np.isin(labels, kept), labels, np.array(kept)[likeness.argmax(1)])
    near = np.exp(_SHARPNESS * likeness)
    at = np.searchsorted(np.array(kept), grouped)
    confidence = np.round(near[np.arange(len(near)), at] / near.sum(1), 4)
    return Subjects(by_size(grouped), confidence, ())
