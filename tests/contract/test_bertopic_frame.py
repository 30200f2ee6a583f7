"""BERTopic takes our themes in its slots, and its hierarchy, classes, merging and new documents work on them."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from pipeline.backends.bertopic_frame import BertopicFrame, bertopic_model

SUBJECTS = ("trust honesty neighbours", "trust promises neighbours", "hospital nurses wards", "buses trains stations")
LABELS = np.array([number % 4 for number in range(40)])
TEXTS = [SUBJECTS[label] for label in LABELS]
VECTORS = np.eye(4, dtype=np.float32)[LABELS]


@pytest.mark.filterwarnings("ignore")
def test_themes_and_names_stay_as_they_were_given() -> None:
    model = bertopic_model(TEXTS, VECTORS, LABELS, names={0: "Trust", 1: "Promises", 2: "Health", 3: "Transport"})

    assert model.topics_ == LABELS.tolist()
    assert model.custom_labels_ == ["Trust", "Promises", "Health", "Transport"]
    assert {word for word, _ in model.get_topic(2)} >= {"hospital", "nurses", "wards"}


@pytest.mark.filterwarnings("ignore")
def test_what_bertopic_does_with_topics_works_on_them() -> None:
    model = bertopic_model(TEXTS, VECTORS, LABELS)

    by_roundtable = model.topics_per_class(TEXTS, classes=["rt1"] * 20 + ["rt2"] * 20)
    topics, _ = model.transform(["nurses on the wards"], embeddings=VECTORS[2:3])
    model.merge_topics(TEXTS, [0, 1])

    assert by_roundtable.groupby("Class")["Frequency"].sum().to_dict() == {"rt1": 20, "rt2": 20}
    assert list(topics) == [2]
    assert sorted(model.get_topic_info()["Count"]) == [10, 10, 20]


@pytest.mark.filterwarnings("ignore")
def test_the_themes_with_the_same_words_are_put_together_first() -> None:
    merges = BertopicFrame().merges(TEXTS, VECTORS, LABELS)

    assert merges[0][0] == (0, 1)
    assert [distance for _, distance in merges] == sorted(distance for _, distance in merges)


def test_nothing_looks_uninstalled_after_the_import() -> None:
    bertopic_model(TEXTS, VECTORS, LABELS)

    assert None not in [sys.modules.get(name, "absent") for name in ("plotly", "umap", "hdbscan", "transformers")]
