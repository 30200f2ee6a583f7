"""What the page shows of names: private rows, only ever handed out by the local server, and never part of a pack."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline import tables as t
from pipeline.anonymise.leaks import let_pass
from pipeline.decisions import Decision, Span, in_force, reanchor
from pipeline.waiting import maybe_one

_AROUND = 70  # code points of a turn shown on either side of a hit: a line or so
_SHOWN = 30  # places shown of one name; the decision is on all of them
_FIRST_WORDS = 60  # code points of what somebody said first, for who is asked whether they know them
_ORDER = {"doubtful": 0, "kept": 1, "replaced": 2}


def names_data(run_folder: Path, decisions: Sequence[Decision]) -> dict[str, Any]:
    """The hits, those of one text, kind and person together, the doubtful and the least certain first."""
    if not t.REDACTIONS.path(run_folder).is_file():
        return {"groups": [], "people": [], "questions": [], "let_pass": [], "stopped": [], "decisions": [], "looks": 0}
    turns = t.SOURCE_TURNS.read(run_folder)
    texts = dict(zip(turns["turn_id"], turns["text"], strict=True))
    redactions = t.REDACTIONS.read(run_folder)
    groups: dict[tuple[str, str, str, str], list[t.Redaction]] = {}
    for hit in t.REDACTIONS.rows(redactions):
        if hit.turn_id in texts:
            groups.setdefault((hit.original, hit.entity_type, hit.person_id, hit.status), []).append(hit)
    shown = [_group(key, hits, texts) for key, hits in groups.items()]
    shown.sort(key=lambda group: (_ORDER.get(group["status"], 1), group["confidence"], group["original"]))
    private = [decision for decision in decisions if decision.kind == "redaction"]
    return {
        "groups": shown,
        "people": _people(run_folder),
        "questions": _questions(run_folder, texts),
        "let_pass": _let_pass(run_folder, redactions),
        "stopped": _stopped(run_folder),
        "decisions": [_placed(decision) for decision in in_force(private, turns)],
        "looks": len(reanchor(in_force(private), turns).needs_another_look),
    }


def find_name(run_folder: Path, text: str) -> list[dict[str, Any]]:
    """Each place where these words stand in the source turns as whole words, whatever their case and accents."""
    wanted = _folded(text.strip())[0]
    if not wanted or not t.SOURCE_TURNS.path(run_folder).is_file():
        return []
    pattern = re.compile(rf"(?<!\w){re.escape(wanted)}(?!\w)")
    found = []
    for turn in t.SOURCE_TURNS.rows(t.SOURCE_TURNS.read(run_folder)):
        folded, places = _folded(turn.text)
        for match in pattern.finditer(folded):
            start, end = places[match.start()], places[match.end() - 1] + 1
            found.append(_place(turn.turn_id, turn.text, start, end))
    return found


def is_source_text(run_folder: Path, spans: Sequence[Span]) -> bool:
    """Whether these words are those of the source turns, to the letter."""
    turns = t.SOURCE_TURNS.read(run_folder)
    texts = dict(zip(turns["turn_id"], turns["text"], strict=True))
    return all(texts.get(span.turn_id, "")[span.start : span.end] == span.text for span in spans)


def _group(key: tuple[str, str, str, str], hits: Sequence[t.Redaction], texts: dict[str, str]) -> dict[str, Any]:
    original, entity_type, person_id, status = key
    return {
        "original": original,
        "entity_type": entity_type,
        "person_id": person_id,
        "status": status,
        "replacement": hits[0].replacement,
        "confidence": round(min(hit.confidence for hit in hits), 3),
        "found_by": sorted({hit.found_by for hit in hits}),
        "places": [_place(hit.turn_id, texts[hit.turn_id], hit.start, hit.end) for hit in hits],
        "shown": _SHOWN,
    }


def _place(turn_id: str, text: str, start: int, end: int) -> dict[str, Any]:
    span = Span.cut(turn_id, text, start, end)
    return {
        "span": span.model_dump(mode="json"),
        "before": _whole_words(text[max(0, start - _AROUND) : start], cut_before=start > _AROUND),
        "after": _whole_words(text[end : end + _AROUND], cut_after=end + _AROUND < len(text)),
    }


def _whole_words(part: str, *, cut_before: bool = False, cut_after: bool = False) -> str:
    """A part of a turn without the half of a word where it was cut, and with an ellipsis there."""
    if cut_before:
        part = f"… {part.partition(' ')[2] or part}"
    if cut_after:
        part = f"{part.rpartition(' ')[0] or part} …"
    return part


def _pairs(people: Sequence[t.Person]) -> list[tuple[t.Person, t.Person]]:
    """The people of one name at several roundtables: the first of them, and each of the others."""
    known = {person.person_id: person for person in people}
    groups = maybe_one({person.person_id: person.may_be for person in people})
    return [(known[first], known[other]) for first, *others in groups for other in others]


def _questions(run_folder: Path, texts: Mapping[str, str]) -> list[dict[str, Any]]:
    """Who may be one person, with the first words of each: the decision points at them."""
    if not t.TURNS.path(run_folder).is_file():
        return []  # the gate stopped the first run, and holds them back
    spoken: dict[str, str] = {}
    turns = t.TURNS.read(run_folder).sort_values("turn_id")
    for turn_id, speaker in zip(turns["turn_id"], turns["speaker"], strict=True):
        spoken.setdefault(speaker, turn_id)
    asked = []
    for first, other in _pairs(list(t.PEOPLE.rows(t.PEOPLE.read(run_folder)))):
        said = [spoken[one.pseudonym] for one in (other, first) if spoken.get(one.pseudonym) in texts]
        if len(said) == 2:
            asked.append(
                {
                    "name": first.name,
                    "person_id": other.person_id,
                    "same_as": first.person_id,
                    "sat": [sorted(one.roundtable_ids) for one in (other, first)],
                    "places": [_place(turn_id, texts[turn_id], 0, _FIRST_WORDS) for turn_id in said],
                }
            )
    return asked


def _let_pass(run_folder: Path, redactions: pd.DataFrame) -> list[dict[str, Any]]:
    """The words of third parties' names that the gate lets stand alone, with whose name each is part of."""
    if not t.TURNS.path(run_folder).is_file():
        return []
    people, turns = t.PEOPLE.read(run_folder), t.TURNS.read(run_folder)
    pseudonyms = dict(zip(people["person_id"], people["pseudonym"], strict=True))
    return [
        {"word": one.word, "whose": pseudonyms[one.person_id], "times": one.times}
        for one in let_pass(people, redactions, turns)
    ]


def _stopped(run_folder: Path) -> list[dict[str, str]]:
    """Where the gate stopped the last run, each place in its words and whose it is; none where it passed."""
    if not (listed := t.LEAKS.path(run_folder)).is_file():
        return []
    with listed.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _placed(decision: Decision) -> dict[str, Any]:
    return {**decision.model_dump(mode="json"), "places": [list(span.place) for span in decision.subject]}


def _people(run_folder: Path) -> list[dict[str, str]]:
    people: pd.DataFrame = t.PEOPLE.read(run_folder)
    rows = sorted(t.PEOPLE.rows(people), key=lambda person: (person.role == "third_party", person.pseudonym))
    return [
        {"person_id": row.person_id, "pseudonym": row.pseudonym, "name": row.name, "role": row.role} for row in rows
    ]


def _folded(text: str) -> tuple[str, list[int]]:
    """A text without accents and capitals, and for each of its letters the place it came from."""
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        for part in unicodedata.normalize("NFKD", letter).casefold():
            if not unicodedata.combining(part):
                letters.append(part)
                places.append(place)
    return "".join(letters), places
