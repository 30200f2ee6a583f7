"""A decision: who, when, what, why, and the words it is about, by their place and hash.

A decision points at words, never at a theme's number, so that it survives a re-run.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

Kind = Literal["quote", "theme", "coding", "redaction", "report", "evidence"]
# What can be decided of each kind, as `Decision` tells; "undo" can be of any.
ACTIONS: Mapping[Kind, frozenset[str]] = {
    "quote": frozenset({"accept", "reject", "maybe", "undecided"}),
    "theme": frozenset({"rename", "describe", "merge", "split", "reject", "keep", "add_to_codebook", "place"}),
    "coding": frozenset({"confirm", "refuse", "move"}),
    "redaction": frozenset({"keep", "replace", "add", "same_person", "different_person"}),
    "report": frozenset({"write"}),
    "evidence": frozenset({"accept", "reject"}),
}
# How much of what stands around a span is kept with it, to find it again (W3C Web Annotation, TextQuoteSelector).
CONTEXT = 48  # code points on either side
# The parts of a decision's value that are spans.
SPANS_IN_VALUE = ("candidate", "theme_anchor", "into", "spans")
# By which a theme of the codebook is found without them.
_CODED = {"theme_anchor": "theme_code", "into": "into_code"}


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
    prefix: str = ""  # up to CONTEXT code points before it in its turn; helps to find it in a corrected transcript
    suffix: str = ""  # and after it

    @classmethod
    def cut(cls, turn_id: str, turn_text: str, start: int, end: int) -> Span:
        """The span of a turn's text between two offsets, with what stands around it."""
        text = turn_text[start:end]
        before = turn_text[max(0, start - CONTEXT) : start]
        after = turn_text[end : end + CONTEXT]
        return cls(
            turn_id=turn_id, start=start, end=end, text=text, sha256=text_hash(text), prefix=before, suffix=after
        )

    @property
    def place(self) -> tuple[str, int, int]:
        """Turn, start and end."""
        return self.turn_id, self.start, self.end


class Decision(BaseModel):
    """One thing that one person decided at one time; a later one on the same subject replaces it.

    `subject` says what it is about: for a quote and a coding the spans; for a theme the spans of its most central
    statements when it was decided (its anchor); for a redaction the spans of the source turns.
    `value` says what was chosen, by action:
      quote      accept {attribution, theme_anchor, theme_name} | reject | maybe | undecided
      theme      rename {name} | describe {text} | merge {into: anchor spans, into_name} | split {spans, name} |
                 reject | keep | add_to_codebook {code, name} | place {part, order}
      coding     confirm {code} | refuse {code} | move {theme_anchor, theme_name}
      redaction  keep | replace {replacement} | add {entity_type} | same_person {person_id} | different_person
                 (with everywhere: true, for every place where the same words stand, in later transcripts too)
      report     write {place, text}   (a summary or a theme's description)
      evidence   accept {passage} | reject
    Every kind also has
      undo       {undoes: decision_id}: as if that decision of the same person had not been made
    and every value may hold
      speaker    (quote) who said it when it was decided on, by pseudonym: the same words of somebody else aren't it
      candidate  (quote) the span that the machine had proposed, where a person moved its ends: what it is filed under
      settles    the decision_ids of other people that this one overrules: how a disagreement ends
      origin     (theme, evidence) emergent or codebook: among which themes the anchor is looked for
      theme_code, into_code  (theme, quote, evidence) the code, where it is one of the codebook: people gave it,
                 so it stays
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

    @property
    def order(self) -> tuple[str, str]:
        """What decisions are sorted by: time, then decision_id."""
        return self.at, self.decision_id


def spans_of(value: Any) -> tuple[Span, ...]:
    """The spans that stand in a decision's value: one, several, or none."""
    if isinstance(value, dict):
        value = [value]
    return tuple(Span.model_validate(span) for span in value or ())


def without_turns(decision: Decision, turn_ids: Collection[str]) -> Decision | None:
    """The decision without its words in these turns; None where nothing is left that it could be about.

    A quote goes with any of its pieces. What a theme is found by are several people's words: those of the others stay.
    """
    subject = _elsewhere(decision.subject, turn_ids)
    if subject != decision.subject and (decision.kind == "quote" or not subject):
        return None
    value = dict(decision.value)
    for key in SPANS_IN_VALUE:
        spans = spans_of(value.get(key))
        kept = _elsewhere(spans, turn_ids)
        if kept != spans:
            # A quote stands without the theme's other words, and a code without any; a merge into nothing doesn't.
            alone = (decision.kind, key) == ("quote", "theme_anchor") or bool(value.get(_CODED.get(key, "")))
            if not kept and not alone:
                return None
            value[key] = [span.model_dump(mode="json", exclude_defaults=True) for span in kept]
    return decision.model_copy(update={"subject": subject, "value": value})


def _elsewhere(spans: Sequence[Span], turn_ids: Collection[str]) -> tuple[Span, ...]:
    return tuple(span for span in spans if span.turn_id not in turn_ids)
