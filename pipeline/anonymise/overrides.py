"""What people decided about redactions, applied on every run: which stand, whose they are, and who is one person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from pipeline.anonymise.forms import fold
from pipeline.anonymise.pseudonyms import Numbered
from pipeline.decisions import Decision, Span
from pipeline.tables import Redaction

# What stands in the place of something that a person added, where they didn't say what.
_SHOWN = {"ORG": "[organisation]", "PLACE": "[place]", "ROLE": "[role]", "CONTACT": "[contact]", "PERSON": "[name]"}


_ON_WORDS = ("keep", "replace", "add", "same_person", "different_person")


def overruled(
    redactions: Sequence[Redaction], decisions: Iterable[Decision], texts: Mapping[str, str], people: Mapping[str, str]
) -> list[Redaction]:
    """The redactions as people want them, in order; the latest decision on a span holds.

    `keep` leaves the words, `replace {replacement}` sets what stands in their place, `add {entity_type, replacement}`
    replaces words that nothing found, `same_person {person_id}` says who is meant, `different_person` that it is
    nobody known. Each holds for its spans, or with `everywhere: true` for every place where the same words stand. A
    decision whose words no longer stand at its place is passed over: the words were changed.

    Args:
        people: what stands in the place of each person_id: "[P07]".
    """
    current = {(one.turn_id, one.start, one.end): one for one in redactions}
    for decision in decisions:
        if decision.kind != "redaction" or decision.action not in _ON_WORDS or "same_as" in decision.value:
            continue
        for span in decision.subject:
            for place in _places(span, decision, texts):
                _overrule(current, place, span.text, decision, people)
    return sorted(current.values(), key=lambda one: (one.turn_id, one.start, one.end))


def _places(span: Span, decision: Decision, texts: Mapping[str, str]) -> list[tuple[str, int, int]]:
    """Where a decision holds."""
    places = []
    if texts.get(span.turn_id, "")[span.start : span.end] == span.text and span.text:
        places.append((span.turn_id, span.start, span.end))
    if decision.value.get("everywhere") and span.text:
        for turn_id, text in sorted(texts.items()):
            places += [(turn_id, start, start + len(span.text)) for start in _standing(span.text, text)]
    return sorted(set(places))


def _standing(words: str, text: str) -> list[int]:
    """Where words stand as whole words in a text."""
    found, start = [], text.find(words)
    while start >= 0:
        end = start + len(words)
        if not text[start - 1 : start].isalnum() and not text[end : end + 1].isalnum():
            found.append(start)
        start = text.find(words, start + 1)
    return found


_Place = tuple[str, int, int]


def _overrule(
    current: dict[_Place, Redaction], place: _Place, words: str, decision: Decision, people: Mapping[str, str]
) -> None:
    turn_id, start, end = place
    crossed = [key for key in current if key[0] == turn_id and key[1] < end and start < key[2]]
    known = current.get(place) or (current[crossed[0]] if crossed else None)
    if decision.action == "keep":
        for key in crossed or [place]:
            base = current.get(key) or Redaction(turn_id, start, end, words, "", "OTHER", "", "people", 1.0, "kept")
            current[key] = replace(base, status="kept", found_by="people", confidence=1.0, reason=_DECIDED)
        return
    for key in crossed:
        del current[key]
    kind, person, shown = _instead(known, decision, people)
    current[place] = Redaction(turn_id, start, end, words, shown, kind, person, "people", 1.0, "replaced", _DECIDED)


_DECIDED = "people decided it"


def _instead(known: Redaction | None, decision: Decision, people: Mapping[str, str]) -> tuple[str, str, str]:
    """The kind, the person and the replacement that a decision asks for."""
    kind = str(decision.value.get("entity_type") or (known.entity_type if known else "OTHER"))
    person = str(decision.value.get("person_id", ""))
    if person in people:
        return "PERSON", person, people[person]
    if decision.action == "different_person":
        return "PERSON", "", _SHOWN["PERSON"]
    if decision.value.get("replacement"):
        return kind, "", _bracketed(str(decision.value["replacement"]))
    if known is not None and known.entity_type == kind and known.replacement:
        return kind, known.person_id, known.replacement
    return kind, "", _SHOWN.get(kind, "[removed]")


def _bracketed(shown: str) -> str:
    """A replacement is always marked with brackets, whatever somebody typed."""
    return shown if shown.startswith("[") and shown.endswith("]") else f"[{shown.strip('[]')}]"


def merged_people(
    decisions: Iterable[Decision], numbered: Mapping[str, Numbered], speakers: Mapping[str, str]
) -> dict[str, str]:
    """Whose words and mentions become somebody else's, because people said that they are one: key → key.

    `same_person {person_id, same_as}` merges two people of the people table, under the pseudonym of `same_as`.
    """
    keys = {one.person_id: key for key, one in numbered.items()}
    merged: dict[str, str] = {}
    for decision in decisions:
        if decision.kind != "redaction" or decision.action not in ("same_person", "different_person"):
            continue
        goes = _who(decision, keys, speakers)
        stays = keys.get(str(decision.value.get("same_as" if "same_as" in decision.value else "person_id", "")))
        if decision.action == "same_person" and goes and stays and goes != stays:
            merged[goes] = stays
        elif decision.action == "different_person" and goes:
            merged.pop(goes, None)
    return {goes: _last(goes, merged) for goes in sorted(merged)}


def _who(decision: Decision, keys: Mapping[str, str], speakers: Mapping[str, str]) -> str:
    """Whom a decision is about: the person it names beside `same_as`, else who speaks in the turn it points at."""
    if "same_as" in decision.value:
        return keys.get(str(decision.value.get("person_id", "")), "")
    return next((speakers[span.turn_id] for span in decision.subject if span.turn_id in speakers), "")


def _last(key: str, merged: Mapping[str, str]) -> str:
    seen = {key}
    while key in merged and merged[key] not in seen:
        key = merged[key]
        seen.add(key)
    return key


def in_order_of_doubt(redactions: Iterable[Redaction]) -> list[Redaction]:
    """The redactions as people should look at them: doubtful ones first, then the least sure."""
    rank = {"doubtful": 0, "replaced": 1, "kept": 2}
    return sorted(
        redactions,
        key=lambda one: (rank.get(one.status, 3), one.confidence, fold(one.original), one.turn_id, one.start),
    )
