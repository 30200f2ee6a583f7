"""People nobody listed whose names stand in small letters: in talk without capitals, or by a slip in a chat."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.anonymise.bare import goes_on_about, is_ones_own
from pipeline.anonymise.behaviour import KIN, UNTOLD
from pipeline.anonymise.called import called_oneself
from pipeline.anonymise.detect import (
    HYPHENS,
    SAINTS,
    SPEECH,
    SURE_TITLES,
    acts_in_small_letters,
    has_a_trade,
    spoken_of_in_small_letters,
)
from pipeline.anonymise.discovery import Discovery, discovered
from pipeline.anonymise.forms import PARTICLES, Word, is_given, is_usual, is_word, joined, word_names
from pipeline.anonymise.in_welsh import is_a_word_too
from pipeline.anonymise.judge import ALSO_PLACES, BEFORE_A_NAME, FAMILIES, OFFICES, can_be_name, is_plain
from pipeline.anonymise.keep import KeepList
from pipeline.anonymise.language import LITTLE_WELSH
from pipeline.anonymise.lists import listed, phrases
from pipeline.anonymise.places import gazetteer
from pipeline.anonymise.reading import Lore, Reading

INTRODUCED = re.compile(
    rf"(?:\b(?:{'|'.join(phrases('relations'))}|called|named|"
    r"(?:[Cc]all(?:s|ed)?|named) (?:him|her|them|me)|o['’]r enw|galw(?:['’]n| yn)|name is|name was|name['’]s|name"
    r"|surname|nickname)"
    r"(?:, (?:a |an |the )?|:? )[“\"‘']?)$"
)


def by_slip(reading: Reading, lore: Lore, keep: KeepList) -> Iterator[Discovery]:
    """A usual given name without its capital after what introduces somebody, as chats have it: "my mate gurpreet"."""
    for place, word in enumerate(reading.words):
        if word.capital or not is_usual(word.folded):
            continue
        trade = has_a_trade(reading, place)
        known = trade or not lore.is_word(word.folded)
        if not known or word.folded in gazetteer() or not can_be_name(reading, [word], keep):
            continue
        told = reading.text[max(0, word.start - 40) : word.start]
        before = reading.before(place)
        kin = before is not None and before.folded in KIN and reading.text[: before.start].endswith(_WHOSE)
        if trade or kin or INTRODUCED.search(told) or _SOMEBODY_CALLED.search(told):
            yield discovered(reading, [word], "introduction", 0.6)


# What says in small letters that a name follows, whatever the grammar takes it for.
_SOMEBODY_CALLED = re.compile(
    r"\b(?:man|woman|lady|gentleman|chap|lad|lass|girl|boy|person|guy|bloke|fella|kid|tenant|patient|councillor|nurse|"
    r"doctor|teacher|officer|worker|volunteer|colleague|friend|neighbour|somebody|someone)(?:['’]s| is| was)? "
    r"(?:called|named) $"
)
_SAYS_WHO = re.compile(r"(?:\bi'm|\bi am|\bthis is|\bname's|\bsays|\bsaid|\bwith) $")
_TITLES_IN_TALK = listed("titles_in_talk")


def in_small_letters(reading: Reading, lore: Lore, keep: KeepList) -> Iterator[Discovery]:
    """What a title, an introduction or the list of names tells where speech recognition wrote no capitals."""
    free = 0
    for place, word in enumerate(reading.words):
        if word.folded in _TITLES_IN_TALK:
            continue  # "call her mrs x"
        # "councillor o'leary"
        particle = word.folded in PARTICLES and _after_small_title(reading, place)
        short = len(word.folded) < 3 and not (is_usual(word.folded) and _and_mo(reading, place))
        if place < free or (short and not particle):
            continue
        told = reading.text[max(0, word.start - 40) : word.start]
        # "a lad called tyrone"
        if word.folded in gazetteer() and not (
            is_usual(word.folded) and (INTRODUCED.search(told) or len(_with_family_name(reading, place, lore)) > 1)
        ):
            continue
        before = reading.before(place)
        if before is not None and (before.folded in SAINTS or (word.folded == "eve" and before.folded in _BEFORE_EVE)):
            continue  # "saint dyfrig's", "christmas eve"
        titled, after_a_title = _after_small_title(reading, place), _is_surely_titled(reading, place)
        if is_word(word.folded) and not (after_a_title or particle or _also_a_name(reading, place)):
            continue
        introduced = any(pattern.search(told) for pattern in (INTRODUCED, _SOMEBODY_CALLED))
        called = introduced or _SAYS_WHO.search(told) is not None
        given = is_usual(word.folded) or _is_whole(reading, place, lore)
        given = given and word.folded not in ALSO_PLACES
        kin = before is not None and before.folded in _KIN and not is_word(before.folded)
        read = after_a_title or ((titled or called or kin) and reading.pos(word) == "PROPN")
        read = read or (introduced and is_given(word.folded))
        meant = _is_whom_they_mean(reading, place) and not _is_what_they_have(reading, place)
        unread = meant or _had_miss(reading, place)
        read = read or (unread and not lore.is_plain(word.folded))
        if not given and not read and not _SOMEBODY_CALLED.search(told):
            if sure := _by_rank(reading, place, lore, keep):
                yield discovered(reading, [word], "title", sure)
            continue
        inside = _with_family_name(reading, place, lore)
        if can_be_name(reading, inside, keep) and len(inside) > particle:
            sure = 0.95 if titled else 0.85 if len(inside) > 1 else 0.6
            yield discovered(reading, inside, "title" if titled else "introduction" if called else "given name", sure)
            free = place + len(inside)


_BEFORE_EVE = frozenset({"christmas", "s", "year", "years"})
# After a rank that nothing else is called by, and after one that things have too: "councillor training".
_RANKS = {"sergeant": 0.7, "reverend": 0.7, "councillor": UNTOLD, "professor": UNTOLD}


def _by_rank(reading: Reading, place: int, lore: Lore, keep: KeepList) -> float:
    """How sure it is that a rank in small letters names a word which the grammar takes for a noun: "it's sergeant
    beddow", and of "councillor blakemore" a question; 0 for none: "a sergeant post", "councillor colleagues"."""
    word, before = reading.words[place], reading.before(place)
    first = reading.before(place - 1) if before is not None else None
    noun = reading.analysis.tag[reading.token(word)] in ("NN", "NNP", "VBN", "JJ")
    known = is_word(word.folded) or lore.is_plain(word.folded) or word.folded in SPEECH | OFFICES
    if before is None or not noun or known or not can_be_name(reading, [word], keep):
        return 0.0
    described = first is not None and (first.folded in _ARTICLES or reading.pos(first) in ("ADJ", "NOUN", "PROPN"))
    following, sure = reading.next_to(place), _RANKS.get(before.folded, 0.0)
    she = following is not None and following.folded in ("he", "she")
    does = following is not None and reading.analysis.tag[reading.token(following)] in ("VBD", "VBZ")
    return sure if she or (not described and (does or sure > UNTOLD)) else 0.0


def _and_mo(reading: Reading, place: int) -> bool:
    """Whether a short form of two letters stands beside a given name, and nothing goes on from it: "gaz and mo"."""
    beside, before = reading.words[place - 2 : place - 1] if place > 1 else (), reading.before(place)
    known = any(is_usual(one.folded) and not is_word(one.folded) for one in beside)
    following = reading.next_to(place)
    alone = following is None or reading.pos(following) not in ("NOUN", "PROPN", "X")
    return known and before is not None and before.folded == "and" and alone


def in_small_welsh(reading: Reading, lore: Lore, keep: KeepList) -> Iterator[Discovery]:
    """Usual given names that no Welsh word is, and what follows a title, where nothing has capitals: "mam gethin",
    "mrs jones y post", "carys morgan". The linguist knows no Welsh: only lists tell."""
    free = 0
    for place, word in enumerate(reading.words):
        titled = place > 0 and reading.words[place - 1].folded in _WELSH_TITLES_IN_TALK
        known = titled and (is_usual(word.folded) or word.folded in FAMILIES)
        given = is_usual(word.folded) and not (is_a_word_too(word.folded) or lore.is_plain(word.folded))
        if place < free or not (known or given) or word.folded in LITTLE_WELSH | gazetteer() | ALSO_PLACES:
            continue
        following = reading.next_to(place)
        family = following is not None and following.folded in FAMILIES and not is_a_word_too(following.folded)
        inside = list(reading.words[place : place + 1 + family])
        if can_be_name(reading, inside, keep):
            yield discovered(reading, inside, "title" if titled else "given name", 0.95 if titled else 0.6)
            free = place + len(inside)


# What is nothing else in Welsh.
_WELSH_TITLES_IN_TALK = (_TITLES_IN_TALK - {"pastor"}) | set("cynghorydd gynghorydd chynghorydd parch".split())


def by_going_on(reading: Reading, lore: Lore, keep: KeepList) -> Iterator[Discovery]:
    """A usual given name that is a word too, of whom the talk goes on as of somebody: "heather is late she's on the
    bus". A question: of faith somebody may go on so too."""
    for place, word in enumerate(reading.words):
        named = is_usual(word.folded) and is_word(word.folded) and not lore.takes_article(word.folded)
        if named and goes_on_about(reading, place) and can_be_name(reading, [word], keep):
            yield discovered(reading, [word], "behaviour", UNTOLD)


def by_own_word(reading: Reading, keep: KeepList) -> Iterator[Discovery]:
    """What somebody says they are called, in small letters, where it may be a word too: "i'm known as taff"."""
    for place, goes_by in called_oneself(reading):
        word = reading.words[place]
        noun = reading.pos(word) in ("PROPN", "NOUN", "NUM", "X") and len(word.folded) > 2
        if noun and not goes_by and word.folded not in KIN | {"names"} and can_be_name(reading, [word], keep):
            yield discovered(reading, [word], "introduction", UNTOLD)


# What the grammar takes a name in small letters for.
_MAY_BE_READ_AS = ("PROPN", "NOUN", "ADJ", "VERB", "X")


def _after_small_title(reading: Reading, place: int) -> bool:
    before = reading.before(place)
    if before is None:
        return False
    if before.folded != "miss":
        return before.folded in _TITLES_IN_TALK
    # "a teacher called miss trimble", "my girl had miss trimble"; and not "we miss school"
    return reading.pos(before) == "PROPN" or _had_miss(reading, place)


def _had_miss(reading: Reading, place: int) -> bool:
    """Whether "miss" stands where a person does, before one word and no number of things: "had miss trimble"."""
    before, first = reading.before(place), reading.before(place - 1) if place else None
    somebody = first is not None and first.folded in _BEFORE_MISS
    one = reading.analysis.tag[reading.token(reading.words[place])] in ("NN", "NNP", "JJ")
    one = one and reading.words[place].folded not in _DAYS
    return somebody and one and before is not None and before.folded == "miss"


_BEFORE_MISS = frozenset("with from by about told asked had called saw rang thanked".split())


def _is_surely_titled(reading: Reading, place: int) -> bool:
    word, before = reading.words[place], reading.before(place)
    # "mr speaker", "mr chairman", "the mrs said"
    nobody = word.folded in OFFICES or word.folded in SPEECH
    if before is None or nobody or reading.pos(word) not in _MAY_BE_READ_AS:
        return False
    return before.folded in SURE_TITLES or _has_a_doctorate(reading, place, before)


def _has_a_doctorate(reading: Reading, place: int, before: Word) -> bool:
    """Whether a word that is a name too stands after "doctor" or "councillor" without an article: "it's doctor price
    now", and not "the doctor post", "doctor staff"."""
    first = reading.before(place - 1)
    lone = first is None or not (first.folded in _ARTICLES or reading.pos(first) in ("ADJ", "NOUN"))
    titled = before.folded in _DOCTORS or (before.folded == "miss" and _after_small_title(reading, place))
    name = reading.pos(before) != "VERB" and reading.words[place].folded in word_names()
    return titled and lone and name and reading.words[place].folded not in _AFTER_A_DOCTOR


_DOCTORS = _TITLES_IN_TALK - {"mr", "mister", "mrs", "missus", "missis", "ms"}
_ARTICLES = frozenset("the a an this that my your our his her their every each any no some".split())
_AFTER_A_DOCTOR = frozenset("people place post staff stage still ward well work".split())


# What stands in small letters before somebody's name, and seldom before anything else.
# A sister is "ate" in the Philippines, and in talk without capitals somebody ate something.
_KIN = KIN - {"ate"} | {"father", "imam", "pastor", "rabbi"}


def _also_a_name(reading: Reading, place: int) -> bool:
    """Whether a given name that is also a word is one, in small letters: "a nurse called precious", "my nan beryl",
    "sue pritchard"."""
    word, before, following = reading.words[place], reading.before(place), reading.next_to(place)
    if not is_given(word.folded):
        return False
    told = reading.text[max(0, word.start - 40) : word.start]
    if _SOMEBODY_CALLED.search(told) or _NAME_IS.search(told) or _is_whom_they_mean(reading, place):
        return True
    if is_usual(word.folded) and _I_AM.search(told) and reading.pos(word) != "ADJ" and _goes_on_to_say(reading, place):
        return True
    noun = reading.pos(word) in ("PROPN", "NOUN", "ADJ")
    if is_usual(word.folded) and (acts_in_small_letters(reading, place) or is_ones_own(reading, place)):
        return True
    if before is not None and before.folded in KIN and noun:
        return reading.text[: before.start].endswith(_WHOSE)
    if is_usual(word.folded) and (spoken_of_in_small_letters(reading, place) or _read_with_a_family(reading, place)):
        return True
    return following is not None and following.folded in FAMILIES and is_usual(word.folded)


_NAME_IS = re.compile(r"\b(?:my|your|his|her|their) name(?:['’]s| is| was) $")
_I_AM = re.compile(r"\b(?:i['’]m|i am) $")


def _goes_on_to_say(reading: Reading, place: int) -> bool:
    """Whether somebody who said "i'm rose" goes on as one does who introduces oneself, or stops; not "rose-tinted"."""
    following = reading.next_to(place)
    if reading.text.startswith("-", reading.words[place].end):
        return False
    return following is None or following.folded in {"and", "from", "i", "the", "one"}


def _is_whom_they_mean(reading: Reading, place: int) -> bool:
    """Whether a word stands between what somebody is and "she": "we had a worker joy she was brilliant"."""
    word, before, following = reading.words[place], reading.before(place), reading.next_to(place)
    between = before is not None and before.folded in _PEOPLE and following is not None
    she = between and following is not None and following.folded in {"he", "she"}
    return she and reading.pos(word) in ("PROPN", "NOUN", "X") and word.folded not in _DAYS


_SHE_WAS_CALLED = re.compile(r" (?:he|she)(?:['’]s| is| was) called\b")


def _is_what_they_have(reading: Reading, place: int) -> bool:
    """Whether "she" after a word goes on about a thing: "worker support she needed", no "guy spud he was called"."""
    if _SHE_WAS_CALLED.match(reading.text, reading.words[place].end):
        return False
    she = reading.token(reading.words[place + 1])
    verb = reading.analysis.head[she]
    return reading.pos(reading.words[place]) != "PROPN" and reading.analysis.dep[verb] in ("relcl", "aux")


_PEOPLE = listed("somebody") | listed("jobs") | {one.split()[-1] for one in phrases("relations")} | {"worker"}
_DAYS = frozenset("today yesterday tomorrow tonight monday tuesday wednesday thursday friday saturday sunday".split())
_WHOSE = tuple(f"{whose} " for whose in ("my", "your", "our", "his", "her", "their"))


def _read_with_a_family(reading: Reading, place: int) -> bool:
    """Whether the model reads a word and the next, that is no word, as one person: "bill trefelyn"; or the next alone,
    and the grammar both as one: "my deputy joy mukherjee"."""
    word, following = reading.words[place], reading.next_to(place)
    if following is None or is_word(following.folded) or len(following.folded) <= len("mac"):
        return False
    token, family = reading.token(word), reading.token(following)
    one = reading.analysis.dep[token] == "compound" and reading.analysis.head[token] == family
    spans = {(word.start, following.end)} | ({(following.start, following.end)} if one else set())
    return any(one.label == "PERSON" and (one.start, one.end) in spans for one in reading.analysis.entities)


def _read_as_one(reading: Reading, place: int) -> bool:
    """Whether the model reads a usual given name and the next word as one person, though the grammar takes that for a
    verb that can't stand there: "paula gilchrist she's in bristol"; not "let paula know"."""
    word, following, before = reading.words[place], reading.next_to(place), reading.before(place)
    if following is None or not is_usual(word.folded) or is_word(following.folded):
        return False
    bare = reading.analysis.tag[reading.token(following)] == "VB"
    span = (word.start, following.end)
    one = any(one.label == "PERSON" and (one.start, one.end) == span for one in reading.analysis.entities)
    return bare and one and (before is None or reading.pos(before) not in ("VERB", "AUX", "PART"))


def _is_whole(reading: Reading, place: int, lore: Lore) -> bool:
    """Whether a given name from elsewhere stands with a family name, as the grammar sees it: "kian dolwen"."""
    word = reading.words[place]
    known = is_given(word.folded) and not is_word(word.folded) and reading.pos(word) == "PROPN"
    return known and len(_with_family_name(reading, place, lore)) > 1


def _with_family_name(reading: Reading, place: int, lore: Lore) -> list[Word]:
    """A word in small letters, and the family name after it, where the grammar takes it for one."""
    inside = [reading.words[place]]
    said_again = place + 1 < len(reading.words) and reading.words[place + 1].folded == inside[0].folded
    for other in reading.words[place + 1 : place + 3 + said_again]:  # "cerys cerys tutton"
        if other.folded == "o" and reading.text[other.end : other.end + 1] in ("'", "’"):
            inside.append(other)  # "gemma o'shea"
            continue
        near = joined(reading.text, inside[-1], other) and reading.text[inside[-1].end] in " -'’"
        token, family = reading.token(inside[-1]), reading.token(other)
        # Of "christina gwyther-birch" both are of the last.
        heads = (family, reading.analysis.head[family])
        part = reading.analysis.dep[token] == "compound" and reading.analysis.head[token] in heads
        noun = part or reading.pos(other) == "PROPN" or other.folded in FAMILIES
        known = other.folded in FAMILIES or not (is_word(other.folded) or is_plain(other.folded, lore))
        # "faye sterling", and not "seren work"
        named = part and reading.pos(other) == "PROPN" and is_usual(inside[-1].folded)
        known = known or (named and not is_plain(other.folded, lore))
        # "christina gwyther-birch"
        half = len(inside) > 1 and reading.text[inside[-1].end : other.start] in HYPHENS
        double = reading.text[inside[-1].end : other.start] in HYPHENS and is_given(other.folded)  # "tyler-jay"
        noun = noun or (len(inside) == 1 and _read_as_one(reading, place))
        name = len(other.folded) > 2 and ((noun and known) or half or double)
        # "thanks hamza priscilla" greets two
        another = not (part or double) and is_usual(other.folded) and not is_word(other.folded)
        another = another and other.folded not in FAMILIES
        if (
            not near
            or not name
            or another
            or other.folded in (SPEECH | _TITLES_IN_TALK | BEFORE_A_NAME)
            or other.folded in gazetteer()
        ):
            break
        inside.append(other)
    return inside
