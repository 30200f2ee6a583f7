"""What came of checking a document: a table for people, JSON for programs, an error for CI."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any, Literal

from pipeline.errors import VerificationFailed

Kind = Literal[
    "true",
    "typography_only",
    "changed",
    "spliced",
    "misattributed",
    "other_theme",
    "not_approved",
    "no_consent",
    "name_leak",
    "unearned_quantifier",
    "unchecked_quantifier",
    "unknown",
]
FINE: frozenset[str] = frozenset({"true", "typography_only", "unchecked_quantifier"})
EXPLAINED: dict[Kind, str] = {
    "true": "true to the letter",
    "typography_only": "true but for typography",
    "changed": "not what was said",
    "spliced": "put together from two places",
    "misattributed": "said by somebody else, or told more of them than was agreed",
    "other_theme": "true, but accepted for another theme than it stands under",
    "not_approved": "said, but not approved",
    "no_consent": "said by somebody who may not be quoted",
    "name_leak": "a name, or what a redaction replaced",
    "unearned_quantifier": "more than the count of participants supports",
    "unchecked_quantifier": "a number that can't be checked here",
    "unknown": "not found in the transcripts",
}
_SHOWN = 160  # characters of a quotation in the table for people


@dataclass(frozen=True)
class Checked:
    """A quotation, or another place in the document, and what it is."""

    kind: Kind
    place: str  # in the document
    text: str  # the words in the document; empty for a name, which is never repeated
    detail: str = ""  # how it was changed, what was approved, which number is earned
    turn_id: str = ""  # where the words, or those nearest to them, were said
    start: int = 0
    end: int = 0
    quote_id: str = ""

    @property
    def is_finding(self) -> bool:
        """Whether people should look at it."""
        return self.kind not in FINE


@dataclass(frozen=True)
class VerifyReport:
    """Everything that was checked in one document."""

    file: str
    checked: tuple[Checked, ...]

    @property
    def findings(self) -> tuple[Checked, ...]:
        """What people should look at; empty for a document that quotes truly."""
        return tuple(found for found in self.checked if found.is_finding)

    def lines(self) -> list[str]:
        """For people: a line a finding, or a number that they must check by hand; then the count of each kind."""
        lines = []
        for found in self.checked:
            if not found.is_finding and found.kind != "unchecked_quantifier":
                continue
            words = f" “{_short(found.text)}”" if found.text else ""
            where = f" [{found.turn_id}]" if found.turn_id else ""
            lines.append(f"{found.place}: {EXPLAINED[found.kind]}{where}:{words}")
            if found.detail:
                lines.append(f"    {found.detail}")
        counts = Counter(found.kind for found in self.checked)
        told = ", ".join(f"{counts[kind]} {EXPLAINED[kind]}" for kind in EXPLAINED if counts[kind])
        return [*lines, f"{self.file}: {told or 'no quotation found'}"]

    def json(self) -> str:
        """For programs."""
        whole: dict[str, Any] = {
            "file": self.file,
            "counts": dict(sorted(Counter(found.kind for found in self.checked).items())),
            "findings": [self._record(found) for found in self.findings],
            "checked": [self._record(found) for found in self.checked],
        }
        return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"

    def _record(self, found: Checked) -> dict[str, Any]:
        record: dict[str, Any] = {"kind": found.kind, "place": found.place, "text": found.text, "detail": found.detail}
        if found.turn_id:
            record |= {"turn_id": found.turn_id, "start": found.start, "end": found.end}
        return record | ({"quote_id": found.quote_id} if found.quote_id else {})

    def hold(self) -> None:
        """Nothing, if the document quotes truly.

        Raises:
            VerificationFailed: it doesn't; says how many findings of which kind.
        """
        if self.findings:
            counts = Counter(found.kind for found in self.findings)
            told = ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items()))
            raise VerificationFailed(f"{self.file} does not quote truly: {told}")


def _short(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= _SHOWN else one_line[: _SHOWN - 2] + " …"
