"""Reads the gold data into the project's own tables; knows its layout and nothing of its content."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.tables import SOURCE_TURNS, SourceTurn


def meetings(gold: Path) -> dict[str, dict[str, Any]]:
    """The Senedd meetings by name, sorted: `meeting_transcripts`, `topic_list`, `specific_query_list`."""
    paths = sorted((gold / "senedd" / "transcripts").glob("*.json"))
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in paths}


def source_turns(meeting: dict[str, Any], code: str) -> pd.DataFrame:
    """A meeting's turns as ingest would give them; the index is the gold's turn number."""
    return SOURCE_TURNS.frame(
        SourceTurn(f"{code}:t{index:04d}", code, index, turn["speaker"], turn["content"], None, None, f"turn {index}")
        for index, turn in enumerate(meeting["meeting_transcripts"])
    )


def coding(gold: Path, name: str) -> dict[str, Any]:
    """What readers coded and would quote in a meeting: `statements`, `coders`."""
    return dict(json.loads((gold / "senedd" / "coding" / f"{name}.json").read_text(encoding="utf-8")))


def pii(gold: Path, name: str) -> list[dict[str, Any]]:
    """The spans that would have to be replaced or looked at: `turn, start, end, type, refers_to`."""
    return list(json.loads((gold / "senedd" / "pii" / f"{name}.json").read_text(encoding="utf-8"))["spans"])
