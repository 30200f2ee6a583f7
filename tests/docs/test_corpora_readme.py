"""The forms that corpora/README.md shows are forms that ingest takes."""

from __future__ import annotations

import re
from pathlib import Path

from pipeline.ingest import read_corpus
from pipeline.ingest.series import RoundtableEntry, Series
from pipeline.tables import ROSTER, ROUNDTABLES

README = (Path(__file__).parents[2] / "corpora" / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```\w*\n(.*?)^```", README, flags=re.DOTALL | re.MULTILINE)
ROSTER_SHOWN = next(block for block in BLOCKS if block.startswith("name,aliases"))
SERIES_SHOWN = next(block for block in BLOCKS if block.startswith("title ="))


def test_what_it_shows_is_read(tmp_path: Path) -> None:
    (tmp_path / "roundtable-1.txt").write_text("Siân Tregarth: We publish everything.\nMarged Elfyn-Rowe: Do we?\n")
    (tmp_path / "series.toml").write_text(SERIES_SHOWN.replace(".docx", ".txt"), encoding="utf-8")
    (tmp_path / "participants.csv").write_text(ROSTER_SHOWN.replace("rt1;rt2;rt3", "rt1"), encoding="utf-8")
    read = read_corpus(tmp_path)
    assert [person.consent for person in ROSTER.rows(read.roster) if person.name == "Siân Tregarth"] == [
        "quote_with_role"
    ]
    assert [roundtable.title for roundtable in ROUNDTABLES.rows(read.roundtables)] == ["Public trust"]


def test_it_shows_every_key() -> None:
    keys = {*Series.model_fields, *RoundtableEntry.model_fields} - {"roundtables"}
    assert sorted(key for key in keys if not re.search(rf"^{key} =", SERIES_SHOWN, flags=re.MULTILINE)) == []
