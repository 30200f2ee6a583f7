"""A run's emergent themes as a BERTopic model: which topic is which."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import ExchangeError
from pipeline.tables import ASSIGNMENTS, STATEMENTS, THEMES, VECTORS, Assignment, Statement, Theme, VectorSet
from pipeline.topics import bertopic_archive

TEXTS = ("The bus is late.", "The school is shut.", "The school is far.", "Nobody says why.")


def write_run(folder: Path, themes: tuple[str, ...]) -> None:
    """A statement each of these themes; an empty one is none."""
    rows = [
        Statement(f"rt1:t0000:s{at:02d}", "rt1:t0000", "rt1", at * 20, at * 20 + len(text), text, "substantive", "en")
        for at, text in enumerate(TEXTS)
    ]
    STATEMENTS.write(STATEMENTS.frame(rows), folder)
    carried = [
        Assignment(row.statement_id, theme, "emergent", True, 0.9)
        for row, theme in zip(rows, themes, strict=True)
        if theme
    ]
    ASSIGNMENTS.write(ASSIGNMENTS.frame(carried), folder)
    names = {"e01": "Buses", "e02": "Schools"}
    THEMES.write(
        THEMES.frame(Theme(name, names[name], "emergent", "", (), 1, 1, 1, 1.0) for name in sorted({*themes} - {""})),
        folder,
    )
    own = np.eye(4, dtype=np.float32)
    VECTORS.write(VectorSet(tuple(row.statement_id for row in rows), own, own, "plain", "plain 1"), folder)


@pytest.mark.filterwarnings("ignore")  # of libraries within BERTopic
def test_topic_0_is_the_largest_theme_and_what_has_none_is_no_topic(tmp_path: Path) -> None:
    """As after people merged themes: the second of them is larger than the first."""
    write_run(tmp_path, ("e01", "e02", "e02", ""))
    with zipfile.ZipFile(io.BytesIO(bertopic_archive(tmp_path))) as archive:
        told = json.loads(archive.read("topics.json"))
    assert told["topics"] == [1, 0, 0, -1]
    assert told["custom_labels"][-2:] == ["Schools", "Buses"]


def test_where_nothing_emerged_there_is_no_model_and_it_is_said(tmp_path: Path) -> None:
    write_run(tmp_path, ("", "", "", ""))
    with pytest.raises(ExchangeError, match="no theme emerged"):
        bertopic_archive(tmp_path)
