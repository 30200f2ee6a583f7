"""Whom one turns to in talk without capitals and stops: who is named at a turn's end, and speaks before or after it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from pipeline.anonymise.lists import listed
from pipeline.anonymise.reading import Reading

_DETERMINERS = listed("determiners")
# "Will you come in" asks, and "i think they will" is no call: these two name nobody but after "what do you think".
_MODALS = frozenset({"will", "may"})
# "rose what about your side", "mark can you hear me", "rose you wanted to say"; and not "hope you are well".
_ASKS = re.compile(
    r" (?:what|how|where|when|why|(?:do|did|can|could|would|have|are) you"
    r"|you (?:had|mentioned|raised|said|wanted|were))\b"
)
# "nobody's the baddie rose okay so first one"
_GOES_ON = re.compile(r" (?:okay|ok)\b")
# "last but not least rose"
_IS_NEXT = ("not least", "how about", "what about")
# Of other verbs what follows may be what is needed or had: "we need hope".
_BEFORE_WHO_IS_ASKED = frozenset("think say said reckon feel know mean agree see go".split())
_IS = frozenset("be am is was are were been s re m".split())
# After these a noun stands: "full of hope", "such a grand mark".
_BEFORE_A_THING = ("ADP", "ADJ", "NUM", "DET", "CCONJ")


def who_speaks_beside(readings: Iterable[Reading]) -> Mapping[str, frozenset[str]]:
    """Who speaks right before and right after each turn without capitals: turn_id → keys, its own speaker left out."""
    by_place = {(one.transcript_id, one.index): one for one in readings}
    return {
        one.turn_id: frozenset(
            beside.speaker
            for near in (one.index - 1, one.index + 1)
            if (beside := by_place.get((one.transcript_id, near))) and beside.speaker not in ("", one.speaker)
        )
        for one in by_place.values()
        if not one.cased
    }


def is_turned_to(reading: Reading, place: int) -> bool:
    """Whether a word in small letters stands where one calls who speaks beside this turn: last of all, before a
    question, before "okay"."""
    word = reading.words[place]
    if place == 0:
        return word.folded not in _MODALS and _ASKS.match(reading.text, word.end) is not None
    goes_on = _GOES_ON.match(reading.text, word.end) is not None
    last = place == len(reading.words) - 1
    if not (last or goes_on):
        return False
    before = reading.words[place - 1]
    if reading.text[: before.end].endswith(_IS_NEXT) or before.folded in _BEFORE_WHO_IS_ASKED:
        return True
    did = reading.pos(word) == "VERB" and not goes_on  # "the prices rose"
    return word.folded not in _MODALS and not _may_be_a_thing(reading, place, did)


def _may_be_a_thing(reading: Reading, place: int, did: bool) -> bool:
    """Whether what stands before a word asks for a thing there, or is what `did` it."""
    before, pos = reading.words[place - 1].folded, reading.pos(reading.words[place - 1])
    if before in _DETERMINERS | _IS or pos == "VERB" or pos in _BEFORE_A_THING:
        return True
    return did and pos in ("NOUN", "PROPN", "PRON")
