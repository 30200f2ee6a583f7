"""BERTopic with our parts in its slots: our vectors, our themes and our names; what it does with topics works on them.

model = bertopic_model(texts, vectors, labels, names=names)
model.hierarchical_topics(texts)
model.topics_per_class(texts, classes=roundtables)
model.merge_topics(texts, [3, 7])
saved_model(model)
"""

from __future__ import annotations

import io
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from bertopic import BERTopic

# BERTopic looks for these when it is imported, and does without them where they aren't there: UMAP alone compiles for
# half a minute in every process. None of them is in a slot that we leave open.
_NOT_NEEDED = ("plotly", "umap", "hdbscan", "transformers", "sentence_transformers")

# Letters only: a number is no keyword.
_WORD = r"(?u)\b[^\W\d_]{3,}\b"


class GivenThemes:
    """A clusterer for BERTopic's slot: it has the themes already, and puts a new vector to the nearest one."""

    def __init__(self, labels: NDArray[np.int64]) -> None:
        """The themes by number, one a document, in the documents' order; -1 is none."""
        self.labels_ = np.asarray(labels, dtype=np.int64)
        self._middles = np.zeros((0, 0), dtype=np.float32)

    def fit(self, vectors: NDArray[np.float32], y: object = None) -> GivenThemes:
        """Learn where each theme's middle is."""
        count = int(self.labels_.max(initial=-1)) + 1
        middles = np.stack([vectors[self.labels_ == label].mean(axis=0) for label in range(count)])
        self._middles = middles / np.maximum(np.linalg.norm(middles, axis=1, keepdims=True), 1e-12)
        return self

    def predict(self, vectors: NDArray[np.float32]) -> NDArray[np.int64]:
        """The nearest theme of each vector, by cosine; ties to the larger theme."""
        return np.asarray(np.argmax(np.round(vectors @ self._middles.T, 6), axis=1), dtype=np.int64)


def bertopic_model(
    texts: Sequence[str],
    vectors: NDArray[np.float32],
    labels: NDArray[np.int64],
    *,
    names: Mapping[int, str] | None = None,
) -> BERTopic:
    """BERTopic fitted on these documents with these themes; numbers stay as they are, 0 the largest.

    Args:
        texts: the documents, one or more.
        vectors: (n, d), one row a document.
        labels: the theme of each document, by size as BERTopic numbers them; -1 is none.
        names: the themes' names, by number, as BERTopic's custom labels.
    """
    # First, so that it is never imported while something is hidden from it.
    from sklearn.feature_extraction.text import CountVectorizer

    with _hidden(_NOT_NEEDED):
        from bertopic import BERTopic
        from bertopic.backend import BaseEmbedder
        from bertopic.dimensionality import BaseDimensionalityReduction
    model = BERTopic(
        embedding_model=BaseEmbedder(),
        umap_model=BaseDimensionalityReduction(),
        hdbscan_model=GivenThemes(labels),
        vectorizer_model=CountVectorizer(stop_words="english", token_pattern=_WORD),
        calculate_probabilities=False,
    )
    with _quiet():
        model.fit(list(texts), embeddings=np.asarray(vectors, dtype=np.float32))
    if names:
        model.set_topic_labels({topic: names.get(topic, "") for topic in sorted(set(model.topics_))})
    return model


def saved_model(model: BERTopic) -> bytes:
    """A .zip of the folder that `BERTopic.load` reads; the same model gives the same bytes.

    It holds the topics, their words, sizes and vectors, and which document has which; no document, and not the c-TF-IDF
    either: its vocabulary is every word that was said, and takes "Bevan" out of "Aneurin Bevan health board".
    """
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "model"
        with _quiet():
            model.save(folder, serialization="safetensors", save_embedding_model=False)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(folder.iterdir()):
                archive.writestr(zipfile.ZipInfo(path.name), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


@contextmanager
def _hidden(names: Sequence[str]) -> Iterator[None]:
    """While an import runs, packages that aren't loaded yet look as if they weren't installed."""
    modules: dict[str, Any] = sys.modules
    hidden = [name for name in names if name not in modules]
    modules.update(dict.fromkeys(hidden))
    try:
        yield
    finally:
        for name in hidden:
            modules.pop(name, None)


@contextmanager
def _quiet() -> Iterator[None]:
    """Without tqdm's bar and BERTopic's advice on a user's terminal, and without warnings on columns of mixed types."""
    import logging
    import warnings
    from functools import partial

    import bertopic._bertopic as inside

    shown, logger = inside.tqdm, logging.getLogger("BERTopic")
    level = logger.level
    inside.tqdm = partial(shown, disable=True)
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        inside.tqdm = shown
        logger.setLevel(level)
