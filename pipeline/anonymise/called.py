"""What people at the table say that they are called: "I'm Bethan, but everyone calls me Bex"."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from pipeline.anonymise.behaviour import KIN
from pipeline.anonymise.detect import addressed
from pipeline.anonymise.forms import TITLES, Word, fold, forms_of, is_given, is_name, is_usual, is_word, parse_name
from pipeline.anonymise.keep import KeepList
from pipeline.anonymise.lists import listed
from pipeline.anonymise.places import gazetteer
from pipeline.anonymise.reading import Lore, Reading
from pipeline.anonymise.roster import Somebody

_WHO = r"every(?:body|one)|they|people|folk|friends|mates|all|family|kids|children|most|lads|girls|always|usually"
_SAID = re.compile(
    r"(?:\b(?:please|just|but|so|and|can|could|may|to|you) call me|(?:^|[.?!,;:(–—\n-]) ?call me"
    rf"|\b(?:{_WHO}) calls? me|\b(?P<goes>i (?:just |usually |mostly )?go by)(?: the name(?: of)?)?"
    r"|\b(?:i['’]m|i am) (?:\w+ )?known as|\bknows? me as|\bmy nickname(?:['’]s| is| was)"
    r"|\bngalw i['’]n|\bgalwch fi['’]n|\bgalwch fi yn) (?=\w)",
    re.IGNORECASE,
)
# A quick look before the slow one: the text of a series is long, and few say what they are called.
_HAS = ("all me ", "alls me ", "go by ", "known as ", "me as ", "nickname", "ngalw i", "alwch fi")
# "She said: call me Liz" is no name of who tells it, nor is "the manager said" one, nor what stands in quotation marks.
_TOLD_OF_ANOTHER = re.compile(
    r"\b(?:he|she|they|who|it)\b(?: \w+)? (?:goes|went|was like|is like)\b|(?<!\bi )(?<!\bwe )\b(?:said|says|told)\b",
    re.IGNORECASE,
)
# Letters before a nickname within which its sentence says whose it is.
_REACH = 60


def called_oneself(reading: Reading) -> list[tuple[int, bool]]:
    """The places of the words after "everyone calls me", "I go by"; and whether it was the latter, which a train may
    follow too."""
    if not any(said in reading.text for said in _HAS):
        return []
    places = {word.start: place for place, word in enumerate(reading.words)}
    return [
        (places[found.end()], found["goes"] is not None)
        for found in _SAID.finditer(reading.text)
        if found.end() in places and not _is_of_another(reading.text, found.start())
    ]


def _is_of_another(text: str, start: int) -> bool:
    before = text[max(0, start - _REACH) : start]
    quoted = before.rfind("“") > before.rfind("”") or before.count('"') % 2 == 1
    return quoted or _TOLD_OF_ANOTHER.search(re.split(r"[.?!\n]", before)[-1]) is not None


def with_nicknames(
    people: Sequence[Somebody], readings: Iterable[Reading], lore: Lore, keep: KeepList
) -> list[Somebody]:
    """The same people, each with what they say they are called as an alias; what anybody else here is called stays
    theirs."""
    theirs, readings = _lone_forms(people), list(readings)
    told = _clipped(people, readings, theirs.keys(), lore, keep)
    for reading in readings:
        for first, last in nicknames(reading, lore, keep) if reading.speaker else ():
            nickname = reading.shown(first, last)
            if reading.roundtable_id not in theirs.get(fold(nickname), ()):
                told.setdefault(reading.speaker, set()).add(nickname)
    return [
        replace(one, aliases=(*one.aliases, *sorted(told[one.key] - {*one.aliases}))) if one.key in told else one
        for one in people
    ]


# A shorter beginning of a name is too many other words.
_SHORTEST_CLIPPED = 3


def _clipped(
    people: Sequence[Somebody], readings: Sequence[Reading], others: Collection[str], lore: Lore, keep: KeepList
) -> dict[str, set[str]]:
    """By which first letters of their name each is called at their roundtable: "Cheers, Tam.", to a Tamsin."""
    told: dict[str, set[str]] = {}
    given = [(one, name) for one in people if one.named for name in parse_name(one.name).given[:1]]
    for reading in readings:
        for place in reading.capitals if reading.cased else ():
            word = reading.words[place]
            if word.folded in others or not _may_be_clipped(reading, word, lore):
                continue
            # "Ibs", of Ibrahim
            short = (word.folded, word.folded.removesuffix("s"))
            fits = [one for one, name in given if name.startswith(short)]
            theirs = {one.key for one in fits if reading.roundtable_id in one.roundtables}
            called = len(theirs) == 1 and addressed(reading, place)
            if called and not keep.keeps(reading.shown(word), bodies=True):
                told.setdefault(theirs.pop(), set()).add(reading.shown(word))
    return told


def _may_be_clipped(reading: Reading, word: Word, lore: Lore) -> bool:
    """Whether a word may be part of a name: no place, no abbreviation, and not the "Man, that was hard"."""
    other = is_usual(word.folded) or word.folded in _NO_NAMES or word.folded in gazetteer()
    exclaimed = reading.opens(word) and (lore.is_word(word.folded) or reading.pos(word) not in ("PROPN", "X"))
    short = len(word.folded) < _SHORTEST_CLIPPED or reading.shown(word).isupper()
    return not (other or exclaimed or short or lore.is_ever_small(word.folded))


def _lone_forms(people: Iterable[Somebody]) -> Mapping[str, set[str]]:
    """What each is called by a part of their name, short forms left out, and at which roundtables."""
    found: dict[str, set[str]] = {}
    for one in people:
        for form in forms_of(one.name, one.aliases) if one.named else ():
            if len(form.words) == 1 and form.kind != "nickname":
                found.setdefault(form.words[0], set()).update(one.roundtables)
    return found


def nicknames(reading: Reading, lore: Lore, keep: KeepList) -> Iterator[tuple[Word, Word]]:
    """The first and the last word of each name by which somebody says they are called."""
    for place, goes_by in called_oneself(reading):
        first, following = reading.words[place], reading.next_to(place)
        fond = following is not None and following.capital and first.folded in _FOND  # "Big Al"
        last = following if fond and following is not None else first
        if _is_no_nickname(last) or last.folded in gazetteer() or not is_name(reading.shown(last)):
            continue
        if keep.keeps(reading.shown(last), bodies=True) or _is_of_a_people(reading, last):
            continue
        if goes_by and not fond and not is_given(last.folded):
            continue  # "I go by Stagecoach"
        if _in_capitals(reading, last, lore) if reading.cased else _in_small_letters(reading, last):
            yield first, last


_FOND = listed("fond")
# What one calls many people: whether it is a nickname, people are asked.
CALLED_SO = listed("endearments") | listed("jobs") | listed("offices")
_NO_NAMES = listed("no_names")
_NO_NICKNAMES = KIN | TITLES | CALLED_SO


def _is_no_nickname(word: Word) -> bool:
    # "At work they call me May"
    return word.folded in _NO_NICKNAMES or (word.folded in _NO_NAMES and not is_given(word.folded))


def _is_of_a_people(reading: Reading, word: Word) -> bool:
    return any(one.label in ("NORP", "LANGUAGE") for one in reading.entities_at(word))


def _in_capitals(reading: Reading, word: Word, lore: Lore) -> bool:
    following = reading.next_to(reading.place_of(word))
    alone = following is None or not following.capital
    return word.capital and alone and (is_word(word.folded) or not lore.is_ever_small(word.folded))


def _in_small_letters(reading: Reading, word: Word) -> bool:
    """Whether a word in small letters is a name: "call me seun", and not "call me lazy"."""
    return not is_word(word.folded) and (is_given(word.folded) or reading.pos(word) == "PROPN")
