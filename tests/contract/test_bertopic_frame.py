"""BERTopic takes our themes in its slots, and its hierarchy, classes, merging and new documents work on them."""

from __future__ import annotations

import io
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from pipeline.backends.bertopic_frame import bertopic_model, saved_model

SUBJECTS = ("trust honesty neighbours", "trust promises neighbours", "hospital nurses wards", "buses trains stations")
LABELS = np.array([number % 4 for number in range(40)])
TEXTS = [SUBJECTS[label] for label in LABELS]
NAMES = {0: "Trust", 1: "Promises", 2: "Health", 3: "Transport"}
VECTORS = np.eye(4, dtype=np.float32)[LABELS]


@pytest.mark.filterwarnings("ignore")
def test_themes_and_names_stay_as_they_were_given() -> None:
    model = bertopic_model(TEXTS, VECTORS, LABELS, names=NAMES)

    assert model.topics_ == LABELS.tolist()
    assert model.custom_labels_ == ["Trust", "Promises", "Health", "Transport"]
    assert {word for word, _ in model.get_topic(2)} >= {"hospital", "nurses", "wards"}


@pytest.mark.filterwarnings("ignore")
def test_what_bertopic_does_with_topics_works_on_them() -> None:
    model = bertopic_model(TEXTS, VECTORS, LABELS)

    by_roundtable = model.topics_per_class(TEXTS, classes=["rt1"] * 20 + ["rt2"] * 20)
    topics, _ = model.transform(["nurses on the wards"], embeddings=VECTORS[2:3])
    nearest = model.hierarchical_topics(TEXTS).sort_values("Distance").iloc[0]["Topics"]
    model.merge_topics(TEXTS, [0, 1])

    assert by_roundtable.groupby("Class")["Frequency"].sum().to_dict() == {"rt1": 20, "rt2": 20}
    assert list(topics) == [2]
    assert sorted(nearest) == [0, 1]
    assert sorted(model.get_topic_info()["Count"]) == [10, 10, 20]


@pytest.mark.filterwarnings("ignore")
def test_a_saved_model_is_loaded_with_its_topics_and_holds_no_document(tmp_path: Path) -> None:
    packed = saved_model(bertopic_model(TEXTS, VECTORS, LABELS, names=NAMES))
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        archive.extractall(tmp_path)
        whole = b"".join(archive.read(name) for name in archive.namelist())
    from bertopic import BERTopic

    loaded = BERTopic.load(tmp_path)

    assert loaded.topics_ == LABELS.tolist()
    assert loaded.custom_labels_ == list(NAMES.values())
    assert {word for word, _ in loaded.get_topic(3)} >= {"buses", "trains", "stations"}
    assert not [text for text in TEXTS if text.encode() in whole]
    assert packed == saved_model(bertopic_model(TEXTS, VECTORS, LABELS, names=NAMES))


def test_nothing_looks_uninstalled_after_the_import() -> None:
    bertopic_model(TEXTS, VECTORS, LABELS)

    assert None not in [sys.modules.get(name, "absent") for name in ("plotly", "umap", "hdbscan", "transformers")]
