"""How speech recognition and typists spell the names of people at the table: by sound, by a letter or two."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from jellyfish import metaphone
from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from pipeline.anonymise.detect import BY_GRAMMAR, names_by_context
from pipeline.anonymise.discovery import Discovery
from pipeline.anonymise.forms import Word, forms_of, is_given, is_usual, is_word, joined, parse_name
from pipeline.anonymise.judge import is_plain
from pipeline.anonymise.keep import KeepList
from pipeline.anonymise.language import LITTLE_WELSH
from pipeline.anonymise.places import gazetteer
from pipeline.anonymise.reading import Lore, Reading
from pipeline.anonymise.roster import Somebody
from pipeline.anonymise.turned_to import is_turned_to, who_speaks_beside

# Letters of a name below which one letter's difference makes another name ("Reid", "Rees"): those must sound the same.
ONE_EDIT_FROM = 5
TWO_EDITS_FROM = 8
# Names that sound the same by Metaphone must also look alike this much (Jaro-Winkler), or "Michelle" is "Mikhail".
LOOKS_ALIKE = 0.8
_I_AM = re.compile(r"\b(?:i['’]m|i am|my name['’]s|my name is) $")
_AFTER_ONES_NAME = frozenset("and from i i'm the um er erm uh".split())


def alike(heard: str, name: str) -> bool:
    """Whether a folded word may be how somebody heard a folded name; never the name itself.

    Metaphone (Philips 1990), Damerau-Levenshtein and Jaro-Winkler, from jellyfish and rapidfuzz.
    """
    shorter = min(len(heard), len(name))
    if heard in (name, f"{name}s") or shorter < 3:
        return False
    edits = DamerauLevenshtein.distance(heard, name, score_cutoff=2)
    if edits <= (2 if shorter >= TWO_EDITS_FROM else 1 if shorter >= ONE_EDIT_FROM else 0):
        return True
    return _sound(heard) == _sound(name) and JaroWinkler.similarity(heard, name) >= LOOKS_ALIKE


@lru_cache(maxsize=2**16)
def _sound(word: str) -> str:
    # Each word of a talk is held against a hundred names and more.
    return metaphone(word)


def heard_as(
    readings: Sequence[Reading], people: Iterable[Somebody], lore: Lore, keep: KeepList
) -> dict[str, tuple[str, ...]]:
    """Spellings of each person's name at their roundtables that aren't their name but sound or look like it, by key.

    A given and a family name beside each other need only be alike; a lone word must also be capitalised, unknown as a
    word, place or given name, and no part of somebody else's name. In talk without capitals it says something there, or
    is thanked.
    """
    listed = [somebody for somebody in people if somebody.at_table and somebody.named]
    near = _near({part for somebody in listed for part in _parts(somebody)}, readings)
    names = {somebody.key: _Sought.of(somebody, near) for somebody in listed}
    theirs = {form.words[0] for one in listed for form in forms_of(one.name, one.aliases) if len(form.words) == 1}
    found: dict[str, set[str]] = {}
    beside = who_speaks_beside(readings)
    for reading in readings:
        here = [somebody for somebody in listed if reading.roundtable_id in somebody.roundtables]
        for somebody in here:
            sought = names[somebody.key]
            spelt = {*_pairs(reading, sought.wholes), *_alone(reading, sought.sounds, theirs, lore, keep)}
            if not reading.cased:
                asked = somebody.key in beside.get(reading.turn_id, ())
                told = sought.sounds - theirs
                spelt.update(_in_small_letters(reading, told, asked, own=reading.speaker == somebody.key))
            if spelt:
                found.setdefault(somebody.key, set()).update(spelt)
    return {key: tuple(sorted(spelt)) for key, spelt in sorted(found.items())}


def also_heard_as(found: Iterable[Discovery], people: Sequence[Somebody]) -> list[Somebody]:
    """The same people, each with the lone names found at their roundtables that sound or look like theirs alone.

    In talk without capitals a word that is alike may be any word, but for those that were found to be a name anyway:
    "teggid said", where Tegid sits. A name that people have is somebody's own.
    """
    told: dict[str, set[str]] = {}
    for word, roundtable in sorted({(parse_name(one.text).folded, one.roundtable_id) for one in found}):
        if " " in word or is_usual(word) or is_word(word) or word in LITTLE_WELSH:
            continue
        here = [one for one in people if one.named and roundtable in one.roundtables]
        fits = [one.key for one in here if any(alike(word, part) for part in _parts(one))]
        if len(fits) == 1:
            told.setdefault(fits[0], set()).add(word)
    return [replace(one, heard_as=tuple(sorted({*one.heard_as, *told.get(one.key, ())}))) for one in people]


def _near(parts: Set[str], readings: Iterable[Reading]) -> dict[str, frozenset[str]]:
    """The words of the talk that are alike to each part of a name."""
    by_end: dict[tuple[int, str], set[str]] = defaultdict(set)
    for word in set().union(*(reading.said for reading in readings)):
        if len(word) > 2:
            by_end[0, word[0]].add(word)
            by_end[-1, word[-1]].add(word)
    # A quick look before the slow one: of about the same length, and with a letter in common at either end.
    could_be = {part: by_end[0, part[0]] | by_end[-1, part[-1]] for part in parts}
    return {
        part: frozenset(word for word in words if abs(len(word) - len(part)) <= 3 and alike(word, part))
        for part, words in could_be.items()
    }


@dataclass(frozen=True)
class _Sought:
    """What of somebody is looked for in each turn."""

    wholes: Mapping[tuple[str, ...], tuple[frozenset[str], ...]]  # whole names, each with what its parts may be
    sounds: frozenset[str]  # what may be a part of the name, alone

    @classmethod
    def of(cls, somebody: Somebody, near: Mapping[str, frozenset[str]]) -> _Sought:
        sounds = frozenset[str]().union(*(near.get(part, frozenset()) for part in _parts(somebody)))
        return cls(
            {whole: tuple(near.get(part, frozenset()) | {part} for part in whole) for whole in _wholes(somebody)},
            sounds,
        )


def _parts(somebody: Somebody) -> set[str]:
    name = parse_name(somebody.name)
    return {part for part in (*name.given[:1], *name.family) if len(part) > 2}


def _wholes(somebody: Somebody) -> Iterable[tuple[str, ...]]:
    """A given name with the family name, and with its last half."""
    name = parse_name(somebody.name)
    return dict.fromkeys(((*name.given[:1], *name.family), (*name.given[:1], *name.family[-1:]))) if name.family else ()


def _pairs(reading: Reading, wholes: Mapping[tuple[str, ...], tuple[frozenset[str], ...]]) -> Iterable[str]:
    """ "Shan Gwenlian", where Siân Gwenllian sits."""
    for whole, fitting in wholes.items():
        if any(reading.said.isdisjoint(fits) for fits in fitting):
            continue
        for place in range(len(reading.words) - len(whole) + 1):
            found = reading.words[place : place + len(whole)]
            if not all(word.folded in fits for word, fits in zip(found, fitting, strict=True)):
                continue
            spelt = tuple(word.folded for word in found)
            near_enough = all(joined(reading.text, *pair) for pair in pairwise(found))
            if spelt != whole and near_enough and (all(word.capital for word in found) or not reading.cased):
                yield " ".join(spelt)


def _alone(reading: Reading, sounds: frozenset[str], theirs: set[str], lore: Lore, keep: KeepList) -> Iterable[str]:
    """ "Gwenlian" alone; what anybody else at the table is called is theirs."""
    if reading.said.isdisjoint(sounds - theirs):
        return
    for place in reading.capitals if reading.cased else range(len(reading.words)):
        word = reading.words[place]
        if word.folded not in sounds or word.folded in theirs:
            continue
        if not reading.cased:
            if _names_somebody(reading, place, lore):
                yield word.folded
            continue
        known = is_usual(word.folded) or lore.is_word(word.folded) or word.folded in gazetteer()
        known = known or _is_welsh(reading, word, lore)
        if known or keep.keeps(reading.shown(word), bodies=True) or not reading.may_name(word):
            continue
        if not _in_another_name(reading, place):
            yield word.folded


def _is_welsh(reading: Reading, word: Word, lore: Lore) -> bool:
    """Whether Welsh talk uses a word as one: "Mae hyn", where a Mai sits; "Saith mis", where a Faith does, and "saith"
    stands in small letters too."""
    opens_as_a_word = reading.opens(word) and lore.is_ever_small(word.folded)
    return reading.language == "cy" and (word.folded in LITTLE_WELSH or opens_as_a_word)


def _in_small_letters(reading: Reading, sounds: frozenset[str], asked: bool, *, own: bool) -> Iterable[str]:
    """What sounds like the name of who speaks, where they say who they are ("i'm cadee i'm in the chair"), or of who
    speaks beside them, where they turn to them ("will you do that tadeus"); not "i'm sure", where a Shari speaks."""
    if not (own or asked) or reading.said.isdisjoint(sounds):
        return
    for place, word in enumerate(reading.words):
        if word.folded not in sounds or is_word(word.folded) or is_usual(word.folded) or word.folded in LITTLE_WELSH:
            continue
        following = reading.next_to(place)
        goes_on = following is None or following.folded in _AFTER_ONES_NAME
        told = own and goes_on and _I_AM.search(reading.text[: word.start][-len("my name is ") :])
        if told or (asked and is_turned_to(reading, place)):
            yield word.folded


def _names_somebody(reading: Reading, place: int, lore: Lore) -> bool:
    """Whether a word in small letters, any of which may be alike, says something or is thanked; "sadly" doesn't."""
    word = reading.words[place].folded
    known = is_word(word) or is_usual(word) or word in LITTLE_WELSH
    return (
        not (known or is_plain(word, lore) or reading.pos(reading.words[place]) == "ADV")
        and names_by_context(reading, place) >= BY_GRAMMAR
    )


def _in_another_name(reading: Reading, place: int) -> bool:
    before, after = reading.before(place), reading.next_to(place)
    named = before is not None and before.capital and is_given(before.folded)
    return named or (after is not None and after.capital and not reading.opens(after))
