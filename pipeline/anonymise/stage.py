"""The stage: who is at the table, what names or points at people, and the turns without it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple

import pandas as pd

from pipeline.anonymise import detect, identifiers, link
from pipeline.anonymise import overrides as overruling
from pipeline.anonymise.called import with_nicknames
from pipeline.anonymise.detect import Mention
from pipeline.anonymise.discover import discover
from pipeline.anonymise.discovery import Discovery
from pipeline.anonymise.forms import fold
from pipeline.anonymise.initials import find_initials
from pipeline.anonymise.keep import KeepList, read_keep_list
from pipeline.anonymise.language import language_of
from pipeline.anonymise.patterns import SHOWN, Found, births_answered, patterns_of_each
from pipeline.anonymise.pseudonyms import Numbered, letters, number
from pipeline.anonymise.reading import Lore, Reading, read
from pipeline.anonymise.replace import carried_tokens, replaced
from pipeline.anonymise.roster import Somebody, Table, people_at_table
from pipeline.anonymise.sound import also_heard_as, heard_as
from pipeline.anonymise.syllables import find_syllables
from pipeline.backends.protocols import Linguist, Memory
from pipeline.decisions import Decision
from pipeline.tables import (
    OMISSIONS,
    PARTICIPANTS,
    PEOPLE,
    REDACTIONS,
    ROSTER,
    ROUNDTABLES,
    SOURCE_TURNS,
    SOURCES,
    TOKENS,
    TURNS,
    WITHDRAWN,
    Omission,
    Participant,
    Person,
    Redaction,
    Roundtable,
    SourceTurn,
    Turn,
    stretches,
)

_BEARS_A_NAME = "bears the name of somebody at the table"
# How likely what was let be is a name after all: enough to be looked at.
_LET_BE = 0.3
# A detail as long as this, and not of letters alone, is the same one wherever it stands again.
_NUMBER_LIKE = 5
Policy = Literal["names", "employers", "all"]


class Anonymised(NamedTuple):
    """What comes of the stage: TURNS, TOKENS, PEOPLE, REDACTIONS, PARTICIPANTS, ROUNDTABLES, OMISSIONS."""

    turns: pd.DataFrame
    tokens: pd.DataFrame
    people: pd.DataFrame
    redactions: pd.DataFrame
    participants: pd.DataFrame
    roundtables: pd.DataFrame
    omissions: pd.DataFrame


def anonymise(
    source_turns: pd.DataFrame,
    roster: pd.DataFrame,
    roundtables: pd.DataFrame,
    sources: pd.DataFrame,
    *,
    linguist: Linguist,
    policy: Policy = "employers",
    overrides: Sequence[Decision] = (),
    previous_people: pd.DataFrame | None = None,
    seed: int,
    already_anonymised: bool = False,
    keep: Sequence[str] = (),
    memory: Memory | None = None,
) -> Anonymised:
    """The turns with pseudonyms for people, and placeholders for what else the policy hides.

    Every turn is read once, by the linguist, and its tokens are carried over to the anonymised text. A turn's text is
    the source turn's with its redactions of status "replaced" applied. The result doesn't depend on the order of the
    rows. Turns of who withdrew are left out, and said in the omissions.

    `keep` are names that stay, beside the shipped list of public bodies, countries and programmes.

    With `already_anonymised` nothing is replaced in the turns; only who speaks gets a pseudonym.

    With a `memory`, no transcript is searched for contact details twice.
    """
    series = _Series.read(source_turns, roster, roundtables, sources, linguist)
    everybody: list[Somebody] = list(series.table.people)
    found: list[_Hit] = []
    if not already_anonymised:
        everybody, found = _found(series, policy, read_keep_list(keep), memory)
    previous = [] if previous_people is None else list(PEOPLE.rows(previous_people))
    numbered = number(everybody, seed=seed, previous=previous)
    merged = overruling.merged_people(overrides, numbered, series.spoken_by())
    redactions = _redactions(found, numbered, merged, series)
    shown = {one.person_id: one.shown for one in numbered.values()}
    texts = {one.turn_id: one.text for one in series.readings}
    redactions = overruling.overruled(redactions, overrides, texts, shown)
    return _written(series, everybody, numbered, merged, redactions)


@dataclass(frozen=True)
class _Series:
    """All that was read, in a canonical order."""

    turns: tuple[SourceTurn, ...]
    readings: tuple[Reading, ...]  # of the turns, then of titles and questions
    table: Table
    roundtable_of: Mapping[str, str]  # transcript_id → roundtable_id
    roundtables: tuple[Roundtable, ...]

    @classmethod
    def read(
        cls,
        source_turns: pd.DataFrame,
        roster: pd.DataFrame,
        roundtables: pd.DataFrame,
        sources: pd.DataFrame,
        linguist: Linguist,
    ) -> _Series:
        turns = tuple(sorted(SOURCE_TURNS.rows(source_turns), key=lambda turn: turn.turn_id))
        roundtable_of = {source.transcript_id: source.roundtable_id for source in SOURCES.rows(sources)}
        for turn in turns:
            roundtable_of.setdefault(turn.transcript_id, turn.transcript_id)
        listed = tuple(sorted(ROUNDTABLES.rows(roundtables), key=lambda one: one.roundtable_id))
        table = people_at_table(turns, tuple(ROSTER.rows(roster)), roundtable_of)
        told = [
            (one.turn_id, one.transcript_id, roundtable_of[one.transcript_id], one.index,
             table.speaker_of[one.transcript_id, one.speaker_name], one.text)
            for one in turns
        ]  # fmt: skip
        told += [
            (f"{one.roundtable_id}:{place}", f"{one.roundtable_id}:guide", one.roundtable_id, place, "", text)
            for one in listed
            for place, text in enumerate(_written_by_people(one))
        ]
        # Of titles and questions alone: in Welsh talk "Rhiannon agreed" is said in English.
        languages = {f"{one.roundtable_id}:guide": one.language for one in listed}
        readings = read(told, linguist.analyse([turn[-1] for turn in told]), languages)
        return cls(turns, tuple(readings), table, roundtable_of, listed)

    def spoken_by(self) -> dict[str, str]:
        """Who speaks, by turn: keys."""
        return {reading.turn_id: reading.speaker for reading in self.readings if reading.speaker}


@dataclass(frozen=True, slots=True)
class _Hit:
    """A redaction to be: what was found, before anybody has a number."""

    turn_id: str
    start: int
    end: int
    entity_type: str
    key: str  # of the person; empty for none
    replacement: str  # empty for a person
    found_by: str
    confidence: float
    status: str
    reason: str
    rank: int  # of two that overlap, the lower one holds


def _found(series: _Series, policy: Policy, keep: KeepList, memory: Memory | None) -> tuple[list[Somebody], list[_Hit]]:
    """Everybody who is named or speaks, and all hits that the policy asks for, none overlapping another."""
    readings = series.readings
    lore = Lore(readings)
    known = with_nicknames(series.table.people, readings, lore, keep)
    heard = heard_as(readings, known, lore, keep)
    contacts = _contacts(readings, memory)
    # Of "nia dot pugh hyphen rees at ..." a model makes somebody called Hyphen.
    discoveries = list(_outside(contacts, discover(readings, lore, keep)))
    sure = [one for one in discoveries if one.confidence >= link.SURE_ENOUGH]
    at_table = also_heard_as(sure, [replace(one, heard_as=heard.get(one.key, ())) for one in known])
    everybody = [*at_table, *link.third_parties(discoveries, at_table)]
    forms = detect.Forms(everybody, lore)
    mutated = list(detect.find_mutated(readings, forms))
    elsewhere = {(one.turn_id, one.start) for one in mutated}
    told = {(one.turn_id, one.start) for one in sure}
    found = detect.find_people(readings, forms, keep, told)
    mentions = [one for one in found if (one.turn_id, one.start) not in elsewhere]
    mentions += mutated
    mentions += find_syllables(readings, everybody)
    lettered = find_initials(readings, everybody, keep)
    mentions += [one for one in lettered if isinstance(one, Mention)]
    discoveries += [one for one in lettered if isinstance(one, Discovery)]
    chosen = link.choose(mentions, readings)
    hits = [_person_hit(mention, forms.people[mention.candidates[0]]) for mention in chosen]
    hits += [_doubt(found) for found in discoveries if found.confidence < link.SURE_ENOUGH and found.confidence > 0]
    hits += contacts
    if policy != "names":
        employers = identifiers.employers(readings, everybody)
        hits += map(_identifier, identifiers.find_employers(readings, employers, keep))
    if policy == "all":
        hits += map(_identifier, identifiers.find_organisations(readings, keep))
        hits += map(_identifier, identifiers.find_places(readings, keep))
        hits += map(_identifier, identifiers.find_roles(readings))
    named = {hit.key for hit in hits}
    spoken_of = [somebody for somebody in everybody if somebody.at_table or somebody.key in named]
    return spoken_of, _apart(_widened(hits))


def _outside(contacts: Sequence[_Hit], discoveries: Iterable[Discovery]) -> Iterable[Discovery]:
    """Who was found elsewhere than inside a contact detail."""
    spans: dict[str, list[_Hit]] = {}
    for hit in contacts:
        spans.setdefault(hit.turn_id, []).append(hit)
    for one in discoveries:
        if not any(hit.start <= one.start and one.end <= hit.end for hit in spans.get(one.turn_id, ())):
            yield one


def _person_hit(mention: Mention, who: Somebody) -> _Hit:
    if not mention.confidence:
        return _Hit(
            mention.turn_id, mention.start, mention.end, "PERSON", "", "", mention.found_by, _LET_BE, "kept",
            "a word here, or part of another name", 8,
        )  # fmt: skip
    if mention.kind == "institution":
        return _Hit(
            mention.turn_id, mention.start, mention.end, "ORG", "", "[organisation]", mention.found_by,
            mention.confidence, "replaced", _BEARS_A_NAME, 1,
        )  # fmt: skip
    reason = f"{'at the table' if who.at_table else 'spoken of'}: {mention.kind}"
    return _Hit(
        mention.turn_id, mention.start, mention.end, "PERSON", who.key, "", mention.found_by, mention.confidence,
        "replaced", reason, 1,
    )  # fmt: skip


def _doubt(found: Discovery) -> _Hit:
    return _Hit(
        found.turn_id, found.start, found.end, "PERSON", "", "[name]", found.found_by, found.confidence,
        "doubtful", "may be a name", 9,
    )  # fmt: skip


def _contacts(readings: Sequence[Reading], memory: Memory | None) -> list[_Hit]:
    """Contact details and numbers; each case or reference has its own letter, so that a reader can tell two apart."""
    found = [
        (reading, one)
        for talk in stretches([reading.transcript_id for reading in readings])
        for reading, ones in _with_patterns(readings[talk], memory)
        for one in ones
    ]
    found += _said_again(readings, found)
    told = {fold(reading.text[one.start : one.end]) for reading, one in found if one.kind == "reference"}
    letter = {text: letters(count) for count, text in enumerate(sorted(told), start=1)}
    hits = []
    for reading, one in found:
        which = letter.get(fold(reading.text[one.start : one.end]), "") if one.kind == "reference" else ""
        shown = f"[{SHOWN[one.kind]} {which}]" if which else f"[{SHOWN[one.kind]}]"
        hits.append(
            _Hit(
                reading.turn_id, one.start, one.end, "CONTACT", "", shown, "pattern", one.confidence, "replaced",
                SHOWN[one.kind], 0,
            )
        )  # fmt: skip
    return hits


def _with_patterns(talk: Sequence[Reading], memory: Memory | None) -> Iterable[tuple[Reading, list[Found]]]:
    texts = [reading.text for reading in talk]
    found = patterns_of_each(texts, memory)
    for place, one in births_answered(texts):
        found[place].append(one)
    return zip(talk, found, strict=True)


def _said_again(readings: Sequence[Reading], found: Sequence[tuple[Reading, Found]]) -> list[tuple[Reading, Found]]:
    """The places where a detail stands a second time, without the words by which it was known: "case", "number"."""
    kinds: dict[str, Found] = {}
    for reading, one in found:
        text = reading.text[one.start : one.end].casefold()
        if len(text) >= _NUMBER_LIKE and not text.isalpha():
            kinds.setdefault(text, one)
    if not kinds:
        return []
    longest_first = sorted(kinds, key=lambda text: (-len(text), text))
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)
    again = []
    for reading in readings:
        for match in pattern.finditer(reading.text):
            known = kinds.get(match.group().casefold())
            if known is not None:
                again.append((reading, known._replace(start=match.start(), end=match.end())))
    return again


def _identifier(found: identifiers.Identifier) -> _Hit:
    # Of a body and a place the longer holds: of "Rhos-y-Bont" no Rhos is a body.
    rank = {"ROLE": 2, "ORG": 3, "PLACE": 3}[found.entity_type]
    return _Hit(
        found.turn_id, found.start, found.end, found.entity_type, "", found.replacement, found.found_by,
        found.confidence, "replaced", "points at a person", rank,
    )  # fmt: skip


def _widened(hits: Sequence[_Hit]) -> list[_Hit]:
    """The same hits; an institution that bears a participant's name reaches over the whole of what was found of it."""
    organisations: dict[str, list[_Hit]] = {}
    for hit in hits:
        if hit.entity_type == "ORG":
            organisations.setdefault(hit.turn_id, []).append(hit)
    widened = []
    for hit in hits:
        if hit.reason == _BEARS_A_NAME:
            over = [one for one in organisations[hit.turn_id] if one.start < hit.end and hit.start < one.end]
            hit = replace(hit, start=min(one.start for one in over), end=max(one.end for one in over))  # noqa: PLW2901
        widened.append(hit)
    return widened


def _apart(hits: Iterable[_Hit]) -> list[_Hit]:
    """Hits that don't overlap: of two that do, the lower rank, then the longer, then the surer one holds."""
    kept: list[_Hit] = []
    taken: dict[str, list[tuple[int, int]]] = {}
    order = sorted(
        hits, key=lambda hit: (hit.turn_id, hit.rank, hit.start - hit.end, -hit.confidence, hit.start, hit.replacement)
    )
    for hit in order:
        here = taken.setdefault(hit.turn_id, [])
        place = bisect_left(here, (hit.start, hit.end))
        # Looked up among its neighbours alone: a turn of an hour may have thousands.
        if not any(start < hit.end and hit.start < end for start, end in here[max(0, place - 1) : place + 1]):
            here.insert(place, (hit.start, hit.end))
            kept.append(hit)
    return kept


def _redactions(
    hits: Iterable[_Hit], numbered: Mapping[str, Numbered], merged: Mapping[str, str], series: _Series
) -> list[Redaction]:
    texts = {reading.turn_id: reading.text for reading in series.readings}
    redactions = []
    for hit in hits:
        who = numbered[merged.get(hit.key, hit.key)] if hit.key else None
        shown = who.shown if who else hit.replacement
        redactions.append(
            Redaction(
                hit.turn_id, hit.start, hit.end, texts[hit.turn_id][hit.start : hit.end], shown, hit.entity_type,
                who.person_id if who else "", hit.found_by, hit.confidence, hit.status, hit.reason,
            )
        )  # fmt: skip
    return redactions


def _written(
    series: _Series,
    everybody: Sequence[Somebody],
    numbered: Mapping[str, Numbered],
    merged: Mapping[str, str],
    redactions: Sequence[Redaction],
) -> Anonymised:
    """All tables, from the people, their numbers and the redactions."""
    people = {somebody.key: somebody for somebody in everybody if somebody.key not in merged}
    by_turn: dict[str, list[Redaction]] = {}
    for redaction in redactions:
        by_turn.setdefault(redaction.turn_id, []).append(redaction)
    turns: list[Turn] = []
    tokens: dict[str, list[Any]] = {name: [] for name in TOKENS.columns}
    omissions: list[Omission] = []
    readings = {reading.turn_id: reading for reading in series.readings}
    languages = {one.roundtable_id: one.language for one in series.roundtables}
    for source in series.turns:
        reading = readings[source.turn_id]
        key = merged.get(reading.speaker, reading.speaker)
        if people[key].consent == "withdrawn":
            omissions.append(_withdrawn(source))
            continue
        mine = by_turn.get(source.turn_id, [])
        language = language_of(reading.words, languages.get(reading.roundtable_id, ""))
        turns.append(_turn(source, reading, people[key], numbered[key], language, replaced(source.text, mine)))
        carried = carried_tokens(source.text, reading.analysis, mine)
        tokens["turn_id"] += [source.turn_id] * len(carried.start)
        for name, values in carried._asdict().items():
            tokens[name] += values
    source_ids = {turn.turn_id for turn in series.turns}
    shown = [one for one in redactions if one.turn_id in source_ids]
    return Anonymised(
        TURNS.frame(turns),
        TOKENS.of_columns({**tokens, "lemma": _without_originals(tokens["lemma"], redactions)}),
        PEOPLE.frame(
            _person(one, numbered[key], _may_be(key, people, series, numbered)) for key, one in people.items()
        ),
        REDACTIONS.frame(shown),
        PARTICIPANTS.frame(_participant(one, numbered[key]) for key, one in people.items() if one.at_table),
        ROUNDTABLES.frame(_clean(one, by_turn) for one in series.roundtables),
        OMISSIONS.frame(omissions),
    )


def _without_originals(lemmas: Sequence[str], redactions: Iterable[Redaction]) -> list[str]:
    """The lemmas; one that is what a redaction replaced elsewhere ("minister", of "ministers") is empty."""
    originals = {fold(one.original) for one in redactions if one.status == "replaced"}
    gone = {lemma for lemma in set(lemmas) if fold(lemma) in originals}
    return ["" if lemma in gone else lemma for lemma in lemmas]


def _turn(source: SourceTurn, reading: Reading, who: Somebody, numbered: Numbered, language: str, text: str) -> Turn:
    return Turn(
        source.turn_id, source.transcript_id, reading.roundtable_id, source.index, numbered.pseudonym, who.role,
        language, text, source.start_s, source.end_s,
    )  # fmt: skip


def _withdrawn(source: SourceTurn) -> Omission:
    return Omission("anonymise", source.turn_id, source.locator, WITHDRAWN, len(source.text))


def _may_be(
    key: str, people: Mapping[str, Somebody], series: _Series, numbered: Mapping[str, Numbered]
) -> tuple[str, ...]:
    """Others of the same name who sit elsewhere: a question that only people can answer."""
    same = next((keys for keys in series.table.questions if key in keys), ())
    return tuple(sorted(numbered[other].person_id for other in same if other != key and other in people))


def _person(somebody: Somebody, numbered: Numbered, may_be: tuple[str, ...]) -> Person:
    return Person(
        numbered.person_id, numbered.pseudonym, somebody.name, (*somebody.aliases, *somebody.heard_as), somebody.role,
        somebody.organisation, somebody.sector, somebody.consent, somebody.roundtables, may_be,
    )  # fmt: skip


def _participant(somebody: Somebody, numbered: Numbered) -> Participant:
    return Participant(
        numbered.pseudonym,
        somebody.role,
        somebody.role_is_guess,
        somebody.sector,
        somebody.consent,
        somebody.roundtables,
    )


def _clean(one: Roundtable, by_turn: Mapping[str, Sequence[Redaction]]) -> Roundtable:
    texts = [
        replaced(text, by_turn.get(f"{one.roundtable_id}:{place}", ()))
        for place, text in enumerate(_written_by_people(one))
    ]
    title, *questions, series = texts
    return Roundtable(one.roundtable_id, one.order, title, one.date, one.language, tuple(questions), series)


def _written_by_people(one: Roundtable) -> tuple[str, ...]:
    """What series.toml says of a roundtable and may name somebody: its title, the questions, the series' title."""
    return (one.title, *one.questions, one.series)
