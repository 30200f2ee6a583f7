"""Whether what may be a name is a word of Welsh or somebody, by Welsh grammar: the linguist knows none.

A Beth, a Dan and a Mai sit at many a table in Wales, and "beth", "dan" and "mai" stand in every other sentence.
"""

from __future__ import annotations

import re

from pipeline.anonymise.forms import (
    EVERYDAY_FOLDED,
    WELSH_QUESTIONS,
    WELSH_WORDS,
    Word,
    is_given,
    is_usual,
    is_word,
)
from pipeline.anonymise.language import language_of
from pipeline.anonymise.lists import listed
from pipeline.anonymise.reading import SPACE, Reading
from pipeline.welsh import mutations

_SAYS = r" (?:yn|wedi) (?:dd?weud|deud|gofyn|siarad|s[oô]n|meddwl|cytuno)\b"
# "Beth sydd nesaf?", "Pam lai?", "Dan ni'n gwybod"; "Beth a Huw" are two people, and
# "Ben sydd nesaf", "Pam sy'n iawn" and "Beth yn dweud" one.
_OPENS = re.compile(
    rf"(?:Beth|Pam(?! sy)|Ella)(?! ac? [A-Z]|{_SAYS})\b|Dan (?:ni|yr?|ein|eich|eu|fy)\b"
    r"|Bob (?:dydd|blwyddyn|wythnos|mis|tro|amser|un)\b"
)


def _just_before(reading: Reading, word: Word) -> str:
    return reading.text[max(0, word.start - 30) : word.start].casefold()


_BODIES = {form for word in listed("welsh_bodies") for form in (word, *mutations(word))}


def opens_a_body(reading: Reading, place: int) -> bool:
    """Whether a word in capitals opens a Welsh body's name, and whoever stands after it is nobody: "Tir Dewi"."""
    word = reading.words[place]
    return reading.cased and word.capital and word.folded in _BODIES and reading.next_to(place) is not None


_CALLED = re.compile(
    r"\b(?:diolch(?: yn fawr)?(?: iawn)?(?: i chi| i ti)?|da iawn|croeso|helo|hwyl|(?<!i )fi y(?:w|d[yi])|bore da"
    r"|prynhawn da|meddai|medd) $"
)
_SAID = re.compile(r"\b(?:gofynnodd|dd?ywedodd|d?wedodd|dd?eudodd|soniodd|atebodd|holodd|awgrymodd) $")
_IS = re.compile(r"\b(?:mae|yd[yi]|r?oedd|bydd|byddai|[bf]od) $")
_DOES = re.compile(r" (?:yn|wedi|newydd|ddim)\b|['’]n\b")
_WHO = re.compile(r" sy(?:dd)?\b")
_THAT = re.compile(r" [bf]od\b")
# "mai arian yw e": that it is.
_NOT_SAID = WELSH_QUESTIONS | {"mai"}
_NO_NAME = re.compile(_OPENS.pattern, re.IGNORECASE)
_BESIDE = re.compile(r"\b(?:gyda|h?efo|wel) $")
_AM = re.compile(r" ydw i\b")
_AM_I = re.compile(r" (?:dw i|dwi)\b")
# Of "under", "every" and "benefit" a noun follows or a preposition went before; else one calls somebody.
_CALLS = re.compile(r"(?:dan|bob|les)(?: (?:mae|does|r?oedd|dyw|wyt|ti|achos|falle)\b|$)", re.IGNORECASE)
_BEFORE_A_NOUN = re.compile(r"(?:\b(?:er|i|o|fy|dy|ei|eu|ein|eich|yr?)|['’][irwn]) $")
_THING = re.compile(r"(?:\b(?:yr?|papur|bwrdd)|['’]r) $")


def is_called(reading: Reading, place: int) -> bool:
    """Whether one greets, thanks or cites a word as somebody: "diolch dan", "meddai beth"."""
    return _CALLED.search(_just_before(reading, reading.words[place])) is not None


def opens_as_a_word(reading: Reading, place: int) -> bool:
    """Whether a word with a capital opens a sentence as a word: "Beth sydd nesaf?", "Dan ni'n gwybod"."""
    return _OPENS.match(reading.text, reading.words[place].start) is not None


def is_a_thing(reading: Reading, place: int) -> bool:
    """Whether a name that is also a word of Welsh is one, without capitals: "yr haf", "mae'r eira", "papur gwyn"."""
    word = reading.words[place]
    thing = not reading.cased and word.folded in WELSH_WORDS
    return thing and bool(_THING.search(_just_before(reading, word)))


def is_somebody(reading: Reading, place: int) -> bool:
    """Without capitals: "diolch dan", "mae beth yn iawn", "gofynnodd tim", "gyda mai"; and not "gofynnodd beth"."""
    word = reading.words[place]
    before, after = _just_before(reading, word), reading.text[word.end : word.end + 10]
    if _CALLED.search(before) or (_IS.search(before) and _DOES.match(after)):
        return True
    said = _SAID.search(before) is not None
    if word.folded in WELSH_QUESTIONS and said and _THAT.match(after):
        return True
    if word.folded not in _NOT_SAID and (said or _WHO.match(after)):
        return True
    return _stands_as_a_name(reading, place, before, after)


def _stands_as_a_name(reading: Reading, place: int, before: str, after: str) -> bool:
    word = reading.words[place]
    if not reading.shown(word).isascii() or _NO_NAME.match(reading.text, word.start):
        return False
    if _BESIDE.search(before) or _AM.match(after):
        return True
    if word.folded not in _NOT_SAID and (_is_beside_somebody(reading, place) or _joins_who_is_called(reading, place)):
        return True
    calls = _CALLS.match(reading.text, word.start) and not _BEFORE_A_NOUN.search(before)
    return bool(calls or (place == 0 and _AM_I.match(after)))


def _joins_who_is_called(reading: Reading, place: int) -> bool:
    """Whether "and" stands before a word, and before that somebody who is called: "bore da beth a dan"."""
    if place < 2 or reading.words[place - 1].folded not in ("a", "ac"):
        return False
    beside = reading.words[place - 2]
    return is_usual(beside.folded) and is_somebody(reading, place - 2)


def _is_beside_somebody(reading: Reading, place: int) -> bool:
    """Whether other names stand around a word without capitals: "dan a gwyn", "les siân", "dan haf tim"."""
    after = [word.folded for word in reading.words[place + 1 : place + 3]]
    before = [word.folded for word in reversed(reading.words[max(0, place - 2) : place])]
    joined_after, joined_before = after[:1] in (["a"], ["ac"]), before[:1] in (["a"], ["ac"])
    near = [*after[joined_after : joined_after + 1], *before[joined_before : joined_before + 1]]
    listed = len(after) > 1 and is_usual(after[1]) and (joined_after or is_usual(after[0]))
    return listed or any(is_usual(name) and not is_a_word_too(name) for name in near)


def is_a_word_too(folded: str) -> bool:
    """Whether what may be a name is a word of English or of Welsh, as the lists have them."""
    return is_word(folded) or folded in WELSH_WORDS | EVERYDAY_FOLDED


_WELSH_MONTHS = frozenset("mai medi ebrill hydref".split())
# What is Welsh whatever stands around it: "Daeth Mai ym mis Mai" has little else that tells its language.
_SURELY_BEFORE_A_MONTH = frozenset("mis fis ddechrau ddiwedd ganol diwedd dechrau".split())
_BEFORE_A_WELSH_MONTH = _SURELY_BEFORE_A_MONTH | {"ym", "ers", "tan", "than", "canol"}


def is_a_welsh_month(reading: Reading, place: int) -> bool:
    """Whether it is "ym mis Mai" or "ers Medi"."""
    word, before = reading.words[place], reading.before(place)
    dated = before is not None and word.folded in _WELSH_MONTHS and before.folded in _BEFORE_A_WELSH_MONTH
    sure = before is not None and before.folded in _SURELY_BEFORE_A_MONTH
    return dated and (sure or reading.language_from(place - 1) == "cy")


# Words on each side within which a clause tells its language.
_CLAUSE = 5


def is_welsh_beside(reading: Reading, place: int) -> bool:
    """Whether the words around one, up to a stop or a comma, are Welsh: people change language inside a sentence."""
    first = last = place
    while place - first < _CLAUSE and first and reading.gap(first) in SPACE:
        first -= 1
    while last - place < _CLAUSE and reading.next_to(last) is not None:
        last += 1
    return language_of(reading.words[first : last + 1]) == "cy"


def is_inside_welsh(reading: Reading, place: int) -> bool:
    """Whether a word has a capital inside a Welsh sentence, and no other word of it beside it but a given name."""
    word, following, other = reading.words[place], reading.next_to(place), reading.before(place)
    if other is not None and other.capital and not (is_given(other.folded) or reading.opens(other)):
        return False  # "y Bil Grant"
    before = reading.text[max(0, word.start - 40) : word.start].rstrip(" \u00a0\"'“‘([")
    alone = following is None or not following.capital
    inside = reading.cased and word.capital and alone and before[-1:] not in ("", *".?!…:\n")
    return inside and reading.language_from(place) == "cy"
