"""How much of a run waits for people, counted without loading what reads whole tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.tables import PEOPLE, REDACTIONS, ROSTER, THEMES

# Of a codebook's codes: of one that fits its series a few don't come up, and of one with too few examples most don't.
MANY_UNHEARD = 0.3


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


def unlisted(run_folder: Path) -> int:
    """How many participants the roster doesn't list, so that nobody said what they consented to.

    None where it lists no participant at all: that there is none is a choice, and one who is missing is forgotten.
    """
    if not ROSTER.path(run_folder).is_file() or not PEOPLE.path(run_folder).is_file():
        return 0
    listed = dict(ROSTER.read_columns(run_folder, "name", "role"))
    if set(listed.values()) <= {"facilitator"}:
        return 0
    seated = [name for name, role in PEOPLE.read_columns(run_folder, "name", "role") if role == "participant"]
    return sum(name not in listed for name in seated)


def codes_unheard(run_folder: Path) -> tuple[int, int]:
    """How many codes the codebook has, and of how many no participant's statement is first of all about."""
    if not THEMES.path(run_folder).is_file():
        return 0, 0
    found = [said for origin, said in THEMES.read_columns(run_folder, "origin", "n_statements") if origin == "codebook"]
    return len(found), found.count(0)


def maybe_one(may_be: Mapping[str, Sequence[str]]) -> list[tuple[str, ...]]:
    """The ids of people who may be one, a group each, sorted; `may_be` says of each whom they may be."""
    return sorted({tuple(sorted({one, *others} & may_be.keys())) for one, others in may_be.items() if len(others)})
