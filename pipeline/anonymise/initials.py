"""People whom notes call by the letters of their names: "RA: she has had four of them", of Rosalind Achebe."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pipeline.anonymise.detect import SPEECH, Mention
from pipeline.anonymise.discovery import Discovery, discovered
from pipeline.anonymise.forms import POSTNOMINALS, TITLES, Word, parse_name
from pipeline.anonymise.judge import DETERMINERS
from pipeline.anonymise.keep import KeepList
from pipeline.anonymise.lists import listed
from pipeline.anonymise.reading import Reading
from pipeline.anonymise.roster import Somebody

# Of two letters the gate makes no needle; of three, "GAN" would be sought as the Welsh "gan": those are asked about.
_TOLD, _LONGEST = 2, 3
_CONFIDENCE = 0.7
_ASKED = 0.3
_OF_A_THING = DETERMINERS | {"their", "your", "y", "yr"}
_NO_INITIALS = listed("no_initials")


def find_initials(readings: Sequence[Reading], people: Iterable[Somebody], keep: KeepList) -> list[Mention | Discovery]:
    """Each place of initials that a transcript uses as a name: whose they are, or else a question.

    They are used so where they speak: before a colon, or "said". They are somebody's where one person alone who is
    named at that roundtable has them, and then everywhere in that transcript. What also stands with a determiner in the
    series ("my GP") is a question, where it speaks.
    """
    whose = _owners(people)
    every = [(reading, word) for reading in readings if reading.cased for word in _letters(reading, keep)]
    things = {word.folded for reading, word in every if _is_a_thing(reading, word)}
    lettered = [(reading, word) for reading, word in every if not _is_a_thing(reading, word)]
    used = {(reading.transcript_id, word.folded) for reading, word in lettered if _speaks(reading, word)}
    return [
        _found(reading, word, () if word.folded in things else whose.get((reading.roundtable_id, word.folded), ()))
        for reading, word in lettered
        if (reading.transcript_id, word.folded) in used and (word.folded not in things or _speaks(reading, word))
    ]


def _found(reading: Reading, word: Word, owners: Sequence[Somebody]) -> Mention | Discovery:
    if len(owners) != 1 or len(word.folded) > _TOLD:
        return discovered(reading, [word], "initials", _ASKED)
    who, by = owners[0], "speaker" if owners[0].at_table else "propagation"
    return Mention(reading.turn_id, word.start, word.end, (who.key,), "initials", by, _CONFIDENCE)


def _owners(people: Iterable[Somebody]) -> Mapping[tuple[str, str], tuple[Somebody, ...]]:
    """Who has which initials, by roundtable and folded letters."""
    whose: dict[tuple[str, str], tuple[Somebody, ...]] = {}
    for somebody in people:
        name = parse_name(somebody.name)
        firsts = "".join(part[0] for part in (*name.given, *name.family))
        for initials in sorted({firsts, firsts[:1] + firsts[-1:]}) if somebody.named and len(firsts) > 1 else ():
            for roundtable in somebody.roundtables:
                whose[roundtable, initials] = (*whose.get((roundtable, initials), ()), somebody)
    return whose


def _letters(reading: Reading, keep: KeepList) -> Iterator[Word]:
    """The runs of two or three capitals that are no abbreviation we know."""
    for place in reading.capitals:
        word, before = reading.words[place], reading.before(place)
        shown = reading.shown(word)
        if not (_TOLD <= len(shown) <= _LONGEST and shown.isupper()):
            continue
        if shown in POSTNOMINALS and before is not None and before.capital:
            continue  # "Ann Rees JP says"
        known = word.folded in TITLES | _NO_INITIALS or keep.keeps(shown, bodies=True)
        if not known:
            yield word


def _is_a_thing(reading: Reading, word: Word) -> bool:
    before = reading.before(reading.place_of(word))
    return before is not None and before.folded in _OF_A_THING


def _speaks(reading: Reading, word: Word) -> bool:
    following = reading.next_to(reading.place_of(word))
    return reading.text.startswith(": ", word.end) or (following is not None and following.folded in SPEECH)
