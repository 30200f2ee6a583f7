"""What stands beside a word and says that somebody is called so, whatever it means else: kin, a role, "called"."""

from __future__ import annotations

import re

from pipeline.anonymise.forms import is_usual, is_word
from pipeline.anonymise.lists import listed, phrases
from pipeline.anonymise.reading import Reading

# Letters before a word within which it is told.
_REACH = 40
_KIN = listed("kin")
_FOND = listed("fond")
_DETERMINERS = listed("determiners")
_ONE_OF_A_FAMILY = "|".join(sorted(listed("family") - {"funeral"}))
_SOMEBODY = "|".join(sorted(listed("somebody")))
_CALLED_HER = re.compile(
    r"(?:\b(?:[Cc]all(?:s|ed)?|[Nn]amed) (?:her|him|me|them)|\b(?:[Hh]is|[Hh]er|[Tt]heir|[Mm]y) name(?:['’]s| is| was)"
    rf"|\b(?:{_SOMEBODY}|bloke) (?:called|named)|\b(?:{_ONE_OF_A_FAMILY})['’]s name(?:['’]s| is| was)"
    # "his son-in-law, who's called Art"; a scheme is called so too
    rf"|\b(?:who|[Hh]e|[Ss]he|(?:{_ONE_OF_A_FAMILY})(?:-in-law)?)(?:['’]s| is| was) called) $"
)


def called_by_name(reading: Reading, place: int) -> bool:
    """Whether what stands before a word says that somebody is called so: "her name's Destiny"."""
    start = reading.words[place].start
    return _CALLED_HER.search(reading.text[max(0, start - _REACH) : start]) is not None


# "Spud they call him.", "Ffi she's called"; not "yesterday she was called".
_CALLED_AFTER = re.compile(
    r",? (?:(?:he|she)(?:['’]s| is) called|(?:we|they|people|everybody|everyone)(?: all| always)? (?:used to )?call"
    r" (?:him|her))\b(?= by\b|,| and\b|[.?!;]|$)"
)


def called_after(reading: Reading, place: int) -> bool:
    """Whether what stands after a word says that somebody is called so: "Spud they call him"."""
    return _CALLED_AFTER.match(reading.text, reading.words[place].end) is not None


_SHE_FOLLOWS = re.compile(r", (?:he|she)\b")
_WHOSE = frozenset("my our your his her their".split())


def of_ones_own(reading: Reading, place: int) -> bool:
    """Whether a word in capitals is somebody's own: "My Joy, she's our outreach worker", "My Grace, my daughter,"."""
    word, before = reading.words[place], reading.before(place)
    if before is None or before.folded not in _WHOSE or not (reading.cased and word.capital):
        return False
    return any(told.match(reading.text, word.end) for told in (_SHE_FOLLOWS, _IN_APPOSITION))


# "Ron's brother Will said", "her daughter Grace".
_OF_A_FAMILY = re.compile(rf"(?:['’]s?|\b(?i:my|our|his|her|their|your)) (?:\w+ )?(?:{_ONE_OF_A_FAMILY}) $")


def _is_fond(reading: Reading, place: int) -> bool:
    """Whether a word in capitals is said of a person one is fond of: "and Big Al"; not "the Old Bill", "Big Issue"."""
    before = reading.before(place)
    determined = before is not None and before.folded in _DETERMINERS
    return reading.words[place].folded in _FOND and not determined and not reading.opens(reading.words[place])


# Before what is somebody's name in few lists, "his cousin Moss": one of them alone, and no partner, as bodies have.
_ONE_OF_ONES_KIN = (
    "son|daughter|husband|wife|boyfriend|girlfriend|brother|sister|grandson|granddaughter|nephew|niece|cousin|uncle"
)
_OF_ONES_KIN = re.compile(rf"\b(?i:my|our|his|her|their|your) (?:\w+ )?(?:{_ONE_OF_ONES_KIN}) $")


def is_kin(reading: Reading, place: int) -> bool:
    """Whether a given name stands after what somebody is to another: "Ron's brother Will", "Auntie May"."""
    word, before, following = reading.words[place], reading.before(place), reading.next_to(place)
    alone = following is None or not following.capital or following.folded == "i"
    if not (reading.cased and word.capital and alone):
        return False
    told = reading.text[max(0, word.start - _REACH) : word.start]
    if not is_usual(word.folded):
        return is_word(word.folded) and _OF_ONES_KIN.search(told) is not None
    titled = before is not None and before.capital and (before.folded in _KIN or _is_fond(reading, place - 1))
    return titled or _OF_A_FAMILY.search(told) is not None


def is_told(reading: Reading, place: int) -> bool:
    """Whether what stands before a word in capitals leaves no doubt that a person is called so."""
    return called_by_name(reading, place) or of_ones_own(reading, place) or is_kin(reading, place)


# "Sunny, my colleague, says", "Hope, who runs it"; and not "Sadly, my mother died".
_RELATIONS = set(phrases("relations"))
_RELATED = "|".join(sorted(listed("family") | _RELATIONS))
_OF_A_RELATION = re.compile(rf"\b(?:my|our|his|her|their|your) (?:\w+ )?(?:{_RELATED}) $")
_IN_APPOSITION = re.compile(rf", (?:my|our|his|her|their|your) (?:\w+ )?(?:{_RELATED})\b, ")
# "Hope, the night nurse, said", "Patience, the TA, goes"; and not "Price, the man's problem",
# "Grace, the nurse said, is what one needs".
_POSTS = "|".join(sorted(_RELATIONS | listed("jobs") | listed("somebody")))
_SAYS = "|".join(sorted(listed("speech") | {"tells", "is", "was"}))
_IN_A_POST = re.compile(rf", the (?:[\w-]+ )?(?:{_POSTS}|CEO|HCA|SENCO|TA)\b(?!['’]| (?:{_SAYS})\b)")
_WHO = re.compile(r",? who\b")
# "Grace, do you want to come in?", "Grace, I'd like you to begin."
_CALLED_UPON = re.compile(
    r", (?:(?:what |how )?(?:do|would|could|can|did|will|have|are|were) you|I(?:['’]d| would) like you)\b"
)
_AND_YOU = re.compile(r", you(?:['’](?:ve|re|d|ll)| can| could| had| have| said| wanted| mentioned)\b")
# "Mark in your complaints team told me"
_TELLS_FROM = re.compile(
    r" (?:in|from|at|on) (?:[\w'’-]+ ){1,4}(?:told|said|says|rang|asked|phoned|emailed|texted) (?:me|us|him|her|them)\b"
)
# "Dot from domestics made toast", "Dot from domestics, she"; and not "Hope from the community was strong".
_DOES = "|".join(sorted(listed("speech") | listed("deeds")))
_FROM_THERE = re.compile(rf" from (?:[a-z'’-]+ ){{0,3}}[a-z'’-]+(?:, (?:he|she)| (?:{_DOES}))\b")
_IS_RELATED = re.compile(rf" (?:is|was) (?:my|our|his|her|their|your) (?:\w+ )?(?:{_RELATED})\b(?!['’])")
# "Grace and me were on nights"; for "Grace and I" see below.
_AND_ME = re.compile(r" and (?:me|myself)\b")


def says_who(reading: Reading, place: int) -> bool:
    """Whether what follows a word that opens a sentence says who that is: "Hope, who runs it", "Grace and I went"."""
    end = reading.words[place].end
    told = (_IN_APPOSITION, _IN_A_POST, _WHO, _CALLED_UPON, _TELLS_FROM, _AND_ME)
    return is_related(reading, place) or any(one.match(reading.text, end) for one in told) or _and_i_did(reading, place)


def is_called_upon(reading: Reading, place: int) -> bool:
    """Whether one turns to who is called so: "Petra, would you read it?", "Petra, you can go now"."""
    end = reading.words[place].end
    return any(one.match(reading.text, end) for one in (_CALLED_UPON, _AND_YOU))


def _and_i_did(reading: Reading, place: int) -> bool:
    """Whether somebody and who speaks did or do something: "May and I went"; not "June and I think July"."""
    beside = reading.words[place + 1 : place + 4]
    tag = reading.analysis.tag[reading.token(beside[2])] if len(beside) > 2 else ""
    did = tag == "VBD" or (tag == "VBP" and beside[2].folded not in _OF_ONES_MIND)
    return did and reading.text.startswith(" and I ", reading.words[place].end)


_OF_ONES_MIND = frozenset("think mean guess suppose know hope believe feel want need am m ve see".split())


def from_there(reading: Reading, place: int) -> bool:
    """Whether somebody who is from somewhere did something: "Dot from domestics made toast"."""
    return _FROM_THERE.match(reading.text, reading.words[place].end) is not None


def is_related(reading: Reading, place: int) -> bool:
    """Whether a word is said to be somebody's: "Bill was her husband"."""
    return _IS_RELATED.match(reading.text, reading.words[place].end) is not None


def of_a_relation(reading: Reading, place: int) -> bool:
    """Whether what one is to another stands before a word: "his manager carol"."""
    start = reading.words[place].start
    return _OF_A_RELATION.search(reading.text[max(0, start - _REACH) : start]) is not None
