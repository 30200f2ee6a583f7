"""Who is meant: third parties gathered from what was found, and one person chosen for each mention."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipeline.anonymise.detect import Mention
from pipeline.anonymise.discovery import Discovery
from pipeline.anonymise.forms import Name, forms_of, nicknames, parse_name, sex_of
from pipeline.anonymise.reading import Reading
from pipeline.anonymise.roster import Somebody

# Below this a discovery is no name that is replaced, but a question for people.
SURE_ENOUGH = 0.5


def third_parties(discoveries: Iterable[Discovery], at_table: Sequence[Somebody]) -> list[Somebody]:
    """Those spoken of who aren't at the table, one a name, in the order of their keys.

    A whole name is one person throughout the series; initials belong to the one whole name they fit; a name of one
    word is somebody of their own at that roundtable only where nobody with a whole name has it.
    """
    whole: dict[str, _Told] = {}
    alone: dict[tuple[str, str, str], None] = {}
    seats = _seats(at_table)
    for found in discoveries:
        if found.confidence < SURE_ENOUGH:
            continue
        name = parse_name(found.text)
        if name.family and not _sits(name, found.roundtable_id, seats):
            told = whole.setdefault(found.text, _Told(name, found.text))
            told.where.add(found.roundtable_id)
            told.sexes |= {sex_of(found.title)} - {""}
        elif name.given and not name.family:
            alone[found.text, found.roundtable_id, sex_of(found.title)] = None
    people = _with_short_forms(_whole_names(whole.values()), alone, at_table)
    people += _lone_names(alone, [*at_table, *people])
    return sorted(people, key=lambda somebody: somebody.key)


@dataclass
class _Told:
    """A whole name that was said, where, and of which sex its titles tell."""

    name: Name
    shown: str
    where: set[str] = field(default_factory=set)
    sexes: set[str] = field(default_factory=set)
    aliases: set[str] = field(default_factory=set)

    def take(self, other: _Told) -> None:
        self.where |= other.where
        self.sexes |= other.sexes

    def somebody(self) -> Somebody:
        sex = next(iter(self.sexes)) if len(self.sexes) == 1 else ""
        where, aliases = tuple(sorted(self.where)), tuple(sorted(self.aliases))
        key = f"third\x1f{self.name.folded}"
        return Somebody(key, self.shown, aliases, "third_party", roundtables=where, sex=sex)


def _seats(at_table: Sequence[Somebody]) -> dict[str, set[tuple[str, ...]]]:
    """The forms of those who sit at each roundtable."""
    seats: dict[str, set[tuple[str, ...]]] = {}
    for somebody in at_table:
        if somebody.named:
            forms = {form.words for form in forms_of(somebody.name, somebody.aliases) if len(form.words) > 1}
            forms |= {tuple(spelt.split()) for spelt in somebody.heard_as}
            for roundtable in (*somebody.roundtables, ""):
                seats.setdefault(roundtable, set()).update(forms)
    return seats


def _sits(name: Name, roundtable: str, seats: Mapping[str, set[tuple[str, ...]]]) -> bool:
    form = (*name.given, *name.family)
    return form in seats.get(roundtable, ()) or form in seats.get("", ())


def _whole_names(found: Iterable[_Told]) -> list[Somebody]:
    """One somebody a whole name; "A. Rees" and "Ann Rees" are one where only one whole name fits."""
    by_name: dict[str, _Told] = {}
    for told in sorted(found, key=lambda told: told.shown, reverse=True):
        by_name.setdefault(told.name.folded, _Told(told.name, told.shown)).take(told)
    short: set[str] = set()
    for key, told in sorted(by_name.items()):
        fits = [other for other, whole in by_name.items() if other != key and _may_be(told.name, whole.name)]
        if len(fits) == 1:
            by_name[fits[0]].aliases.add(told.shown)
            by_name[fits[0]].take(told)
            short.add(key)
    return [told.somebody() for key, told in by_name.items() if key not in short]


def _may_be(short: Name, whole: Name) -> bool:
    """Whether "A. Rees" or "Steve Rees" may be the whole name's short form: its initials, nickname or fewer words."""
    if short.family != whole.family or not short.given or not whole.given:
        return False
    if all(len(part) == 1 for part in short.given):
        first = tuple(part[0] for part in whole.given)
        return len(whole.given[0]) > 1 and first[: len(short.given)] == tuple(part[0] for part in short.given)
    if len(whole.given) > len(short.given):
        return whole.given[: len(short.given)] == short.given
    # "Steve" is short for "Stephen", and not the other way about, so that no two are each other's short form.
    return len(short.given[0]) < len(whole.given[0]) and short.given[0] in nicknames(whole.given[0])


def _with_short_forms(
    people: Sequence[Somebody], alone: Iterable[tuple[str, str, str]], at_table: Iterable[Somebody]
) -> list[Somebody]:
    """The same people, each with the short forms by which they were called at their roundtables, as aliases.

    Of somebody who isn't at the table a short form is looked for only where it was found to be a name: "Steve said" is
    Stephen Rees, where nobody is called Steve and no other Stephen is spoken of, and the will of William Rees is his.
    """
    called_so = {form for somebody in (*at_table, *people) for form in _lone_forms(somebody)}
    told: dict[str, set[str]] = {somebody.key: set() for somebody in people}
    for text, roundtable, _ in sorted(alone):
        folded = parse_name(text).folded
        if (folded, roundtable) in called_so or (folded, "") in called_so:
            continue
        called = [one for one in people if roundtable in one.roundtables and _is_short_for(folded, one)]
        if len(called) == 1:
            told[called[0].key].add(text)
    return [replace(one, aliases=tuple(sorted({*one.aliases, *told[one.key]}))) for one in people]


def _is_short_for(folded: str, somebody: Somebody) -> bool:
    kinds = {form.kind for form in forms_of(somebody.name) if form.words == (folded,)}
    return bool(kinds) and kinds <= {"nickname", "half"}


def _lone_names(found: Iterable[tuple[str, str, str]], known: Sequence[Somebody]) -> list[Somebody]:
    """Names of one word that nobody known has: one somebody a word and roundtable, and a sex where "Mrs" tells one."""
    has: dict[tuple[str, str], set[str]] = {}  # (word, roundtable or "" for all) → the sexes of those who have it
    for somebody in known:
        for word, where in _lone_forms(somebody):
            has.setdefault((word, where), set()).add(somebody.sex)
    people: dict[str, Somebody] = {}
    for text, roundtable, sex in sorted(found, reverse=True):
        folded = parse_name(text).folded
        sexes = has.get((folded, ""), set()) | has.get((folded, roundtable), set())
        if sexes and (not sex or sex in sexes or "" in sexes):
            continue
        key = "\x1f".join(("third", folded, roundtable, *([sex] if sexes else [])))
        # "Mr Rees" where a "Mrs Rees" was found is somebody else, whom nobody would look for as her.
        if sex and key in people and people[key].sex not in ("", sex):
            key += f"\x1f{sex}"
        people.setdefault(key, Somebody(key, text, (), "third_party", roundtables=(roundtable,), sex=sex))
    return list(people.values())


def _lone_forms(somebody: Somebody) -> Iterator[tuple[str, str]]:
    """What somebody is called without their whole name, and where: at a roundtable, or anywhere ("")."""
    if not somebody.named:
        return
    yield from ((spelt, roundtable) for spelt in somebody.heard_as for roundtable in somebody.roundtables)
    for form in forms_of(somebody.name, somebody.aliases):
        spelt = " ".join(form.words)
        # Nobody looks for these of a third party: who is called so, and not known to be them, is somebody else.
        if not somebody.at_table and form.kind in ("nickname", "half"):
            continue
        yield from ((spelt, roundtable) for roundtable in somebody.roundtables)
        if form.kind in ("family", "alias") or (form.kind == "given" and somebody.at_table):
            yield spelt, ""


def choose(mentions: Sequence[Mention], readings: Sequence[Reading]) -> list[Mention]:
    """The same mentions, each with one candidate, and less sure where there was a choice.

    Of several whom a form fits, it is the one whose whole name was said last before in that transcript; else who
    speaks next, or spoke just before, since one names whom one addresses or answers; else the first by key.
    """
    order = {reading.turn_id: (reading.transcript_id, reading.index) for reading in readings}
    told = _told(mentions, order)
    speakers: dict[str, list[tuple[int, str]]] = {}
    for reading in sorted(readings, key=lambda reading: reading.index):
        speakers.setdefault(reading.transcript_id, []).append((reading.index, reading.speaker))
    chosen = []
    for mention in mentions:
        if len(mention.candidates) == 1:
            chosen.append(mention)
            continue
        transcript, index = order[mention.turn_id]
        key = _last_told(mention, told, transcript, index) or _beside(mention, speakers[transcript], index)
        confidence = round(mention.confidence * (0.8 if key else 0.5), 3)
        chosen.append(replace(mention, candidates=(key or min(mention.candidates),), confidence=confidence))
    return chosen


def _told(
    mentions: Iterable[Mention], order: Mapping[str, tuple[str, int]]
) -> dict[tuple[str, str], list[tuple[int, int]]]:
    """Where in each transcript a person's whole name is said: (transcript, key) → places, in order."""
    told: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for mention in mentions:
        if mention.kind in ("full", "alias", "initials") and len(mention.candidates) == 1:
            transcript, index = order[mention.turn_id]
            told.setdefault((transcript, mention.candidates[0]), []).append((index, mention.start))
    return {place: sorted(listed) for place, listed in told.items()}


def _last_told(
    mention: Mention, told: Mapping[tuple[str, str], list[tuple[int, int]]], transcript: str, index: int
) -> str:
    last: list[tuple[tuple[int, int], str]] = []
    for key in mention.candidates:
        places = told.get((transcript, key), [])
        before = bisect_right(places, (index, mention.start))
        if before:
            last.append((places[before - 1], key))
    return max(last)[1] if last else ""


def _beside(mention: Mention, speakers: Sequence[tuple[int, str]], index: int) -> str:
    """The candidate who speaks next, or spoke just before."""
    place = bisect_right([at for at, _ in speakers], index) - 1
    for near in (place + 1, place - 1, place + 2):
        if 0 <= near < len(speakers) and speakers[near][1] in mention.candidates:
            return speakers[near][1]
    return ""
