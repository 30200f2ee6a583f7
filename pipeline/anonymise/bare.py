"""Names that are words too, in talk without capitals, where a thing would have an article: "heather rang"."""

from __future__ import annotations

import re

from pipeline.anonymise.beside import is_related
from pipeline.anonymise.forms import is_usual, is_word
from pipeline.anonymise.lists import listed, phrases
from pipeline.anonymise.reading import SUBJECTS, Reading

_DETERMINERS = listed("determiners")
_DESCRIBES = ("ADJ", "NOUN", "NUM", "DET", "ADP")
_FINITE = ("VBD", "VBZ", "MD")
# "dale never worked", "april can't sing"
_BETWEEN = ("RB", "MD")
_HE_OR_SHE = frozenset({"he", "she"})
# Of "hope is all she had", "grace is what he needs" she has the hope; in "dawn broke and she left" she is another.
_OF_WHAT = frozenset(
    "all what that which whatever everything something anything where when how than as if and but or so then".split()
)
_SAYS = listed("speech") | {"thought", "reckons", "goes"}
_SOMEBODY = listed("somebody") | listed("family") | listed("kin") | {one.split()[-1] for one in phrases("relations")}
_ONE_OF_A_FAMILY = "|".join(sorted(listed("family") - {"funeral", "family", "carer", "carers"}))
# Words after a name within which "she" tells what it is.
_NEAR = 9
# "poppy's been waiting", "olive's all right", "joy's not here"
_HAS_BEEN = re.compile(
    r"['’]s (?:been|got|gone|done|had|not|still|always|never|just|only|really|all right|alright|okay|fine)\b"
)
_ASKS = frozenset("is was has did does can could would".split())


def opens_a_clause(reading: Reading, place: int) -> bool:
    """Whether nothing stands before a word, or only what one says before one begins: "yeah", "oh", "um"."""
    if place == 0:
        return True
    before = reading.words[place - 1]
    return before.folded in _BEGINS or reading.analysis.tag[reading.token(before)] == "UH"


_BEGINS = frozenset({"ok", "okay", "anyway"})
_KIN_OF = re.compile(rf"['’]s (?:late |own )?(?:{_ONE_OF_A_FAMILY})\b")
_WHO_DID = re.compile(r" who(?:['’]s| (?:is|was|has|had|did|does|ran|runs|came|comes|went|goes|made|\w{2,20}ed))\b")


def is_ones_own(reading: Reading, place: int) -> bool:
    """Whether a bare word is somebody's or has somebody, or is "who": "iris is my niece", "joy's husband", "rose who
    runs it"; not "her hope is my sister"."""
    end = reading.words[place].end
    told = is_related(reading, place) or _KIN_OF.match(reading.text, end) or _WHO_DID.match(reading.text, end)
    return bool(told) and _is_bare(reading, place)


def goes_on_about(reading: Reading, place: int) -> bool:
    """Whether a bare word does or is something, and the talk goes on about him or her: "heather is late she's on the
    bus"; not "hope is all she had", "faith is gone she said", "joy was my aunt's she left it"."""
    word = reading.words[place]
    subject = reading.analysis.dep[reading.token(word)] in (*SUBJECTS, "conj")
    if not (subject and _is_bare(reading, place) and _is_or_does(reading, place + 1)):
        return False
    for at in range(place + 2, min(place + 2 + _NEAR, len(reading.words))):
        other = reading.words[at]
        if other.folded in _HE_OR_SHE:
            return _is_said_of(reading, at)
        if other.folded in _SOMEBODY or (is_usual(other.folded) and not is_word(other.folded)):
            return False
    return False


def is_known_here(reading: Reading, place: int) -> bool:
    """Whether a bare word is somebody where somebody is called so: "olive's been waiting", "is olive still there",
    "oh olive never complained", "olive yes she came"; not "is faith important"."""
    if not _is_bare(reading, place):
        return False
    if _HAS_BEEN.match(reading.text, reading.words[place].end):
        return True
    before = reading.before(place)
    asked = before is not None and before.folded in _ASKS and opens_a_clause(reading, place - 1)
    following = reading.next_to(place)
    tag = "" if following is None else reading.analysis.tag[reading.token(following)]
    # "is olive still there", "did rose come", of which the grammar makes other things; not "is faith important"
    asked = asked and tag in ("RB", "VBG", "VB", "VBN", "VBP")
    subject = reading.analysis.dep[reading.token(reading.words[place])] in SUBJECTS
    if tag == "UH" and opens_a_clause(reading, place):
        return True
    if subject and opens_a_clause(reading, place) and _is_or_does(reading, place + 1):
        return True
    return asked or goes_on_about(reading, place)


def _is_bare(reading: Reading, place: int) -> bool:
    """Whether no article, number or other noun stands before a word, as before a thing of which there are many."""
    if opens_a_clause(reading, place):
        return True
    before = reading.words[place - 1]
    return before.folded not in _DETERMINERS and reading.pos(before) not in _DESCRIBES


def _is_or_does(reading: Reading, place: int) -> bool:
    told = reading.words[place : place + 2]
    tags = [reading.analysis.tag[reading.token(one)] for one in told]
    return bool(tags) and (tags[0] in _FINITE or (tags[0] in _BETWEEN and tags[-1] in _FINITE))


def _is_said_of(reading: Reading, place: int) -> bool:
    """Whether "she" begins to tell of who was named, and isn't who said it or to whom something happened."""
    before, following = reading.words[place - 1], reading.words[place + 1 : place + 2]
    says = any(one.folded in _SAYS for one in following)
    return before.folded not in _OF_WHAT and reading.pos(before) not in ("SCONJ", "ADP") and not says
