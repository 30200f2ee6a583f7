"""How much of who is named waits for people, counted without loading what reads whole tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.tables import PEOPLE, REDACTIONS


@dataclass(frozen=True, slots=True)
class ToDecide:
    """How much of who is named waits for people."""

    doubtful: int  # different words that may be a name
    questions: int  # people who may be one with somebody of their name at another roundtable


def to_decide(run_folder: Path) -> ToDecide:
    """What the names of a run ask of people; nothing while they are in the vault, or before they are made."""
    if not REDACTIONS.path(run_folder).is_file() or not PEOPLE.path(run_folder).is_file():
        return ToDecide(0, 0)
    hits = REDACTIONS.read_columns(run_folder, "original", "entity_type", "status")
    doubtful = {(original, kind) for original, kind, status in hits if status == "doubtful"}
    people = dict(PEOPLE.read_columns(run_folder, "person_id", "may_be"))
    return ToDecide(len(doubtful), sum(len(group) - 1 for group in maybe_one(people)))


def maybe_one(may_be: Mapping[str, Sequence[str]]) -> list[tuple[str, ...]]:
    """The ids of people who may be one, a group each, sorted; `may_be` says of each whom they may be."""
    return sorted({tuple(sorted({one, *others} & may_be.keys())) for one, others in may_be.items() if len(others)})
