"""Reads ArgKP: one-sentence opinions on a question, matched by people to key points; and parts it by topics."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

# The adapters that the benchmark judges, each trained without the topics of its fold, stand in this folder.
FOLDS = 7
FOLDER = Path(__file__).parent / "data" / "opinions"


@dataclass(frozen=True)
class Question:
    """One topic in one stance: its opinions, each with its key point where it has exactly one, else ""."""

    topic: str
    opinions: tuple[tuple[str, str], ...]
    points: dict[str, str]  # the key points' texts


def questions_of(gold: Path) -> Iterator[Question]:
    """ArgKP's train and dev, question by question."""
    for part in ("train", "dev"):
        keys: dict[str, list[str]] = defaultdict(list)
        for row in _rows(gold / "argkp" / f"labels_{part}.csv"):
            if row["label"] == "1":
                keys[row["arg_id"]].append(row["key_point_id"])
        opinions: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
        points: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
        for row in _rows(gold / "argkp" / f"arguments_{part}.csv"):
            mine = keys[row["arg_id"]]
            opinions[row["topic"], row["stance"]].append((row["argument"], mine[0] if len(mine) == 1 else ""))
        for row in _rows(gold / "argkp" / f"key_points_{part}.csv"):
            points[row["topic"], row["stance"]][row["key_point_id"]] = row["key_point"]
        for key in sorted(opinions):
            yield Question(key[0], tuple(opinions[key]), points[key])


def held_out(questions: Sequence[Question], fold: int) -> frozenset[str]:
    """The topics that a fold is judged on; whole topics, because both stances share their words."""
    return frozenset(sorted({question.topic for question in questions})[fold::FOLDS])


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
