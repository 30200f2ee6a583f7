"""What people decided: an append-only log, and its fold to the present state.

The log is `review/decisions*.jsonl` in a run folder, one file a person, one decision a line. A decision points at
words by their place and hash, never at a theme's number, so that it survives a re-run. Redaction decisions, which
may hold a name, stand apart in `private/decisions*.jsonl`, in the same form.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from pipeline.errors import DecisionError

Kind = Literal["quote", "theme", "coding", "redaction", "report", "evidence"]


def text_hash(text: str) -> str:
    """SHA-256 of a text's UTF-8 bytes, in hex: how decisions, provenance and verify name words."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


class Span(BaseModel):
    """Words of a turn: their place, the words as they were approved, and their hash."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    turn_id: str
    start: int  # code points, in the anonymised turn's text
    end: int
    text: str
    sha256: str


class Decision(BaseModel):
    """One thing that one person decided at one time; a later one on the same subject replaces it.

    `subject` says what it is about: for a quote and a coding the spans; for a theme the spans of its most central
    statements when it was decided (its anchor); for a redaction the span of the source turn.
    `value` says what was chosen, by action:
      quote      accept {attribution, theme_anchor, theme_name} | reject | maybe | undecided
      theme      rename {name} | describe {text} | merge {into: anchor spans} | split {spans} | reject | keep |
                 add_to_codebook {code} | place {part, order}
      coding     confirm {code} | refuse {code} | move {theme_anchor, theme_name}
      redaction  keep | replace {replacement} | add {entity_type} | same_person {person_id} | different_person
      report     write {place, text}   (a summary or a theme's description)
      evidence   accept {passage} | reject
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    decision_id: str  # unique, made by whoever decides (a UUID)
    at: str  # UTC, ISO 8601 with "Z"
    by: str  # the reviewer's short name; not a participant
    kind: Kind
    action: str
    subject: tuple[Span, ...] = ()
    value: dict[str, Any] = {}
    reason: str = ""
    note: str = ""


def read_log(paths: Iterable[Path]) -> list[Decision]:
    """All decisions in these files, each once, in order of time (then by decision_id).

    A last line cut short by a power cut is passed over; any other line that isn't a decision is an error.

    Raises:
        DecisionError: says which file and line.
    """
    found: dict[str, Decision] = {}
    for path in sorted(paths):
        lines = path.read_text(encoding="utf-8").split("\n")
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                decision = Decision.model_validate(json.loads(line))
            except (json.JSONDecodeError, ValidationError) as error:
                if number == len(lines):
                    continue
                raise DecisionError(f"{path}, line {number}: not a decision") from error
            found.setdefault(decision.decision_id, decision)
    return sorted(found.values(), key=lambda decision: (decision.at, decision.decision_id))
