"""Who is at the table: each roster line and each speaker's label, as one somebody.

With a roster, one line is one person wherever they sat. Without one, a label is one person within a roundtable, and
the same name at two roundtables stays two people and a question.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.anonymise.forms import Name, fold, forms_of, is_name, is_usual, nicknames, parse_name
from pipeline.anonymise.lists import listed
from pipeline.anonymise.places import gazetteer
from pipeline.facilitator import likely_facilitator, says_so, without_role
from pipeline.tables import RosterEntry, SourceTurn

_ALSO_PLACES = listed("also_places")
# Where nobody said what a speaker consented to, their words are printed without any attribution.
UNSAID_CONSENT = "quote_without_attribution"


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person, before they have a pseudonym."""

    key: str  # unique and stable from run to run; never shown
    name: str
    aliases: tuple[str, ...] = ()
    role: str = "participant"  # participant, facilitator, observer, third_party
    organisation: str = ""
    sector: str = ""
    consent: str = UNSAID_CONSENT
    roundtables: tuple[str, ...] = ()  # where they sit, or for a third party where their whole name is said; sorted
    role_is_guess: bool = False
    sex: str = ""  # "he" or "she" where a title tells
    heard_as: tuple[str, ...] = ()  # how recognition or a typist spells the name; folded
    named: bool = True  # false for "SPEAKER_00" and the like: there is no name to look for

    @property
    def at_table(self) -> bool:
        """Whether this is somebody who sits at a roundtable."""
        return self.role != "third_party"


@dataclass(frozen=True)
class Table:
    """Everybody at the tables of a series, and who speaks in each turn."""

    people: tuple[Somebody, ...]
    speaker_of: Mapping[tuple[str, str], str]  # (transcript_id, speaker_name) → key
    questions: tuple[tuple[str, ...], ...]  # keys of people who have one name and may be one person


def people_at_table(
    turns: Sequence[SourceTurn], roster: Sequence[RosterEntry], roundtable_of: Mapping[str, str]
) -> Table:
    """Everybody on the roster or speaking, in the order of their keys."""
    everywhere = tuple(sorted(set(roundtable_of.values())))
    people = {somebody.key: somebody for somebody in _on_roster(roster, everywhere)}
    on_roster = list(people.values())
    speaker_of: dict[tuple[str, str], str] = {}
    for transcript, label in sorted({(turn.transcript_id, turn.speaker_name) for turn in turns}):
        roundtable = roundtable_of[transcript]
        somebody = _known(without_role(label), roundtable, on_roster) or _unlisted(label, transcript, roundtable)
        people[somebody.key] = _seen(people.get(somebody.key, somebody), somebody, roundtable)
        speaker_of[transcript, label] = somebody.key
    joined = _joined_labels(people)
    speaker_of = {place: joined.get(key, key) for place, key in speaker_of.items()}
    also = _also_called(speaker_of)
    kept = [_called(people[key], also.get(key, ())) for key in sorted(people) if key not in joined]
    kept = _with_facilitators(kept, turns, speaker_of, roundtable_of)
    return Table(tuple(kept), speaker_of, _questions(kept))


def _also_called(speaker_of: Mapping[tuple[str, str], str]) -> dict[str, set[str]]:
    """What each is called by their labels beside their name: initials, "Ann Rees (AR)", and another given name."""
    found: dict[str, set[str]] = {}
    for (_, label), key in speaker_of.items():
        if also := {*_other_given(label), parse_name(label).initials} - {""}:
            found.setdefault(key, set()).update(also)
    return found


_MARKED = re.compile(r"(?<!\w)[(\[“\"‘']([^\W\d_]+)[)\]”\"’'](?!\w)")


def _other_given(label: str) -> tuple[str, ...]:
    """A given name in brackets or quotation marks, "Tomos (Tom) Rees"; not where somebody is from, "(Arfon)"."""
    marked = [(found[1], found) for found in _MARKED.finditer(label) if is_usual(fold(found[1]))]
    return tuple(
        name
        for name, found in marked
        if fold(name) not in gazetteer() | _ALSO_PLACES and (found.end() < len(label) or _is_short(name, label))
    )


def _is_short(name: str, label: str) -> bool:
    """Whether a name is a given name's short or long form: behind a whole name "(Aeron)" may be a river's."""
    given, called = " ".join(parse_name(label).given[:1]), fold(name)
    return called in nicknames(given) or (bool(given) and (called.startswith(given) or given.startswith(called)))


def _called(somebody: Somebody, also: Iterable[str]) -> Somebody:
    return replace(somebody, aliases=tuple(sorted({*somebody.aliases, *also})))


def _on_roster(roster: Sequence[RosterEntry], everywhere: tuple[str, ...]) -> Iterable[Somebody]:
    for entry in roster:
        where = tuple(sorted(entry.roundtables)) or everywhere
        # A second line of the same name is a second person: the organisation and roundtables tell them apart.
        key = "\x1f".join(("roster", fold(entry.name), fold(entry.organisation), *sorted(entry.roundtables)))
        yield Somebody(
            key, entry.name, (*entry.aliases, *_other_given(entry.name)), entry.role, entry.organisation, entry.sector,
            entry.consent, where,
        )  # fmt: skip


def _known(label: str, roundtable: str, roster: Sequence[Somebody]) -> Somebody | None:
    """The line of the roster that a label means, the whole name first, then a part of it that only one line has."""
    here = [somebody for somebody in roster if roundtable in somebody.roundtables]
    for same in (_same_name, _same_form):
        matching = [somebody for somebody in here if same(label, somebody)]
        if len(matching) == 1:
            return matching[0]
        organisation = fold(parse_name(label).organisation)
        told_apart = [somebody for somebody in matching if organisation and fold(somebody.organisation) == organisation]
        if len(told_apart) == 1:
            return told_apart[0]
    return None


def _same_name(label: str, somebody: Somebody) -> bool:
    wanted = parse_name(label).folded
    return bool(wanted) and wanted in {parse_name(name).folded for name in (somebody.name, *somebody.aliases)}


def _same_form(label: str, somebody: Somebody) -> bool:
    wanted = parse_name(label)
    words = (*wanted.given, *wanted.family)
    return any(form.words == words for form in forms_of(somebody.name, somebody.aliases))


def _unlisted(label: str, transcript: str, roundtable: str) -> Somebody:
    name = without_role(label)
    parsed = parse_name(name)
    role = "facilitator" if says_so(label) else "participant"
    if not is_name(name):
        # "SPEAKER_00" of two files are two unknown people.
        return Somebody(f"unknown\x1f{label}\x1f{transcript}", label, role=role, roundtables=(roundtable,), named=False)
    key = f"label\x1f{parsed.folded}\x1f{roundtable}"
    organisation = "" if parsed.organisation in _other_given(label) else parsed.organisation
    return Somebody(key, parsed.shown, role=role, organisation=organisation, roundtables=(roundtable,), sex=parsed.sex)


def _seen(known: Somebody, now: Somebody, roundtable: str) -> Somebody:
    """The same somebody with a spelling more, and a roundtable more where they spoke."""
    aliases = set(known.aliases) | ({now.name} - {known.name})
    where = tuple(sorted({*known.roundtables, roundtable}))
    organisation = known.organisation or now.organisation
    role = now.role if known.key.startswith("label") and now.role == "facilitator" else known.role
    # The spelling that sorts last is the one with accents, whatever the order of files.
    name, *others = (
        sorted({known.name, *aliases}, reverse=True)
        if known.key.startswith("label")
        else (known.name, *sorted(aliases))
    )
    return replace(
        known, name=name, aliases=tuple(sorted(others)), role=role, roundtables=where, organisation=organisation
    )


def _joined_labels(people: Mapping[str, Somebody]) -> dict[str, str]:
    """Labels of one word that are the given name of exactly one other label of their roundtable: whom they mean."""
    unlisted = [somebody for somebody in people.values() if somebody.key.startswith("label")]
    parsed: dict[str, Name] = {somebody.key: parse_name(somebody.name) for somebody in unlisted}
    joined = {}
    for somebody in unlisted:
        if parsed[somebody.key].family:
            continue
        whole = [
            other.key
            for other in unlisted
            if other.roundtables == somebody.roundtables
            and parsed[other.key].family
            and parsed[other.key].given[:1] == parsed[somebody.key].given
        ]
        if len(whole) == 1:
            joined[somebody.key] = whole[0]
    return joined


def _questions(people: Sequence[Somebody]) -> tuple[tuple[str, ...], ...]:
    by_name: dict[str, list[str]] = {}
    for somebody in people:
        if somebody.named:
            by_name.setdefault(parse_name(somebody.name).folded, []).append(somebody.key)
    return tuple(tuple(keys) for _, keys in sorted(by_name.items()) if len(keys) > 1)


def _with_facilitators(
    people: list[Somebody],
    turns: Sequence[SourceTurn],
    speaker_of: Mapping[tuple[str, str], str],
    roundtable_of: Mapping[str, str],
) -> list[Somebody]:
    """The same people; where neither roster nor label says who facilitates, the likeliest is marked, as a guess."""
    guessed = set()
    for roundtable in sorted(set(roundtable_of.values())):
        here = {somebody.key: somebody for somebody in people if roundtable in somebody.roundtables}
        if any(somebody.role == "facilitator" for somebody in here.values()):
            continue
        spoken = [turn for turn in turns if roundtable_of[turn.transcript_id] == roundtable]
        names = {key: somebody.name for key, somebody in here.items() if somebody.named}
        likeliest = _likeliest(spoken, speaker_of, names)
        if likeliest and here[likeliest].key.startswith(("label", "unknown")):
            guessed.add(likeliest)
    return [replace(one, role="facilitator", role_is_guess=True) if one.key in guessed else one for one in people]


def _likeliest(turns: Sequence[SourceTurn], speaker_of: Mapping[tuple[str, str], str], names: Mapping[str, str]) -> str:
    """Whose behaviour is a facilitator's; nobody where nobody leads."""
    ordered = sorted(turns, key=lambda turn: (turn.transcript_id, turn.index))
    guess = likely_facilitator(
        [(speaker_of[turn.transcript_id, turn.speaker_name], turn.text) for turn in ordered], names
    )
    return guess.who if guess else ""
