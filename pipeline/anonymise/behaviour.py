"""What a person does that a word in capitals which no list knows may do too: says, owns, is called, is he or she."""

from __future__ import annotations

import re

from pipeline.anonymise.detect import SPEECH, addressed
from pipeline.anonymise.forms import Word, is_usual, is_usual_mutated, is_word
from pipeline.anonymise.lists import listed, phrases
from pipeline.anonymise.reading import SUBJECTS, Reading

KIN = listed("kin")
_DETERMINERS = listed("determiners")
_KIN_OF = re.compile(rf"['’]s? (?:late |own |little |old |young )?(?:{'|'.join(sorted(listed('family')))})\b")
_DEAR = ("fach", "bach", "annwyl")
_FOND = listed("fond")
_HE_OR_SHE = frozenset({"he", "she", "him", "her", "his", "himself", "herself"})
# "Over to you, Oyin", and not the towns of a list.
_CALLS = re.compile(
    rf"\b(?:{'|'.join(phrases('thanks'))}|you|me|us|yes|no|okay|ok|right|please|well|now),?[ \u00a0]$", re.IGNORECASE
)
# "A woman from Zimbabwe, Precious, who looked after her"
_SOMEBODY_FROM = re.compile(
    rf"\b(?:{'|'.join(sorted(listed('somebody')))}) (?:from|in|at|of|on|over) [^,;.?!\n]{{2,40}}, $"
)
# "There was a lady, Shanthi."; of one with a trade it may be where or for whom: "a nurse, Barnardo's"
_SOMEBODY_IS = re.compile(r"\b(?:man|woman|lady|gentleman|chap|lad|lass|girl|boy|guy|bloke|fella), $")
# "Tangye in Highways, he says 2027"
_HE_OF_THERE = re.compile(r" (?:in|from|at|on) (?:[\w'’-]+ ){0,3}[\w'’-]+, (?:he|she)\b")
_CLAUSE = 70  # letters
_ENDS = re.compile(r"[,.;?!]")
# "It was Oyin. She knew.": the next sentence tells.
_HE_OPENS = re.compile(r"\. (?:He|She|His|Her)\b")
# "The girl who comes, Oyin, she's good"
_HE_FOLLOWS = re.compile(r", (?:he|she)\b")
# Nothing tells: a question for people.
UNTOLD = 0.3
# Words after a name within which "he" or "she" tells what it is.
_NEAR = 8


def does_or_has(reading: Reading, place: int) -> bool:
    """Whether a word that opens a sentence is somebody who does or has something there: no "Brilliant." or "Roedd"."""
    told = reading.analysis.dep[reading.token(reading.words[place])] in (*SUBJECTS, "poss")
    return told and reading.language != "cy"


def plainly_mutated(word: Word) -> bool:
    """Whether a word is a given name after a Welsh mutation that opens no English word: "o Ddafydd"."""
    return word.folded.startswith("dd") and is_usual_mutated(word.folded)


def behaves(reading: Reading, place: int) -> float:
    """How sure it is, by what stands around a word, that it is a person."""
    word, following = reading.words[place], reading.next_to(place)
    if _KIN_OF.match(reading.text, word.end) or (following is not None and following.folded in _DEAR):
        return 0.7
    mutated = plainly_mutated(word) or (is_usual_mutated(word.folded) and reading.language == "cy")
    before = reading.text[: word.start].rstrip(" \u00a0")
    if before.endswith((",", ";", ":")) and _HE_FOLLOWS.match(reading.text, word.end):
        return 0.6
    told = reading.text[max(0, word.start - _CLAUSE) : word.start]
    somebody = _SOMEBODY_FROM.search(told) or _SOMEBODY_IS.search(told)
    if (somebody and _ENDS.match(reading.text, word.end)) or is_told_of_there(reading, place):
        return 0.6
    if _is_somewhere(reading, place):
        return UNTOLD  # "Ruth in Legal told me", "Dave in Housing and Sue in Finance"
    known = close(reading, place) or mutated or _beside_a_given_name(reading, place)
    if known or _HE_OPENS.match(reading.text, word.end):
        return 0.6
    body = any(one.label == "ORG" for one in reading.entities_at(word))
    called = addressed(reading, place) and _CALLS.search(reading.text[max(0, word.start - 20) : word.start])
    if called or (following is not None and (following.folded in SPEECH or following.folded == "who")):
        return UNTOLD if body and not _he_or_she(reading, place) else 0.6
    subject = reading.analysis.dep[reading.token(word)] in SUBJECTS
    return 0.6 if subject and _he_or_she(reading, place) else UNTOLD


def is_told_of_there(reading: Reading, place: int) -> bool:
    """Whether what somebody of some place says or does follows a word: "Tangye in Highways, he says 2027"."""
    return _HE_OF_THERE.match(reading.text, reading.words[place].end) is not None


def _is_somewhere(reading: Reading, place: int) -> bool:
    """Whether "in" or "at" stands before a word of which no list tells: a department, a firm or a village."""
    before = reading.before(place)
    return before is not None and before.folded in ("in", "at") and not is_usual(reading.words[place].folded)


def close(reading: Reading, place: int) -> bool:
    """Whether a fond word or one of kin stands before a name: "old Ieuan", "Grandad Otis"; and not "the Big Lamp"."""
    before = reading.before(place)
    if before is None or not (before.folded in _FOND or (before.capital and before.folded in KIN)):
        return False
    first, word = reading.before(place - 1), reading.words[place].folded
    known = is_usual(word) and not is_word(word)  # "before her Big Mike", and "the Big Grant"
    return known or not (before.capital and first is not None and first.folded in _DETERMINERS)


def _beside_a_given_name(reading: Reading, place: int) -> bool:
    """Whether somebody else stands beside it: "with Oyin and Vern", "Vern and Oyin"."""
    for beside in (reading.words[place + 1 : place + 4], reading.words[max(0, place - 2) : place][::-1]):
        if beside and beside[0].folded in ("and", "or"):
            named = [word for word in beside[1:] if word.folded not in _FOND][:1]
            if any(word.capital and is_usual(word.folded) for word in named):
                return True
    return False


def _he_or_she(reading: Reading, place: int) -> bool:
    """Whether the same sentence goes on about him or her before anybody else is named."""
    word = reading.words[place]
    for other in reading.words[place + 1 : place + 1 + _NEAR]:
        between = reading.text[word.end : other.start]
        if other.capital or any(stop in between for stop in ".?!"):
            return False
        if other.folded in _HE_OR_SHE:
            return True
    return False
