"""How likely a printed quote is to give its speaker away, why, and which coarser attribution would lower that.

Thin: the attributes alone; the text's own clues follow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.tables import Participant


@dataclass(frozen=True, slots=True)
class Disclosure:
    """A candidate's risk of giving its speaker away."""

    risk: str  # none, low, high
    reasons: tuple[str, ...]


def disclosure(text: str, speaker: Participant | None, table: Sequence[Participant]) -> Disclosure:
    """The risk of printing `text` with the speaker's sector, among those who sat at the `table`."""
    marks = text.count("[")
    if marks:
        return Disclosure("low", (f"{marks} redaction(s) in the text",))
    return Disclosure("none", ())
