"""Whether words can be somebody's name where they stand, and how likely."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from pipeline.anonymise.behaviour import KIN, UNTOLD, behaves, close
from pipeline.anonymise.beside import is_told, says_who
from pipeline.anonymise.detect import (
    ALSO_FAMILIES,
    BY_GRAMMAR,
    HYPHENS,
    INSTITUTIONS,
    NO_HALVES,
    SAINTS,
    SPEECH,
    acts,
    addressed,
    after_a_given_name,
    has_a_trade,
    is_everyday_welsh,
    names_by_context,
)
from pipeline.anonymise.forms import (
    EVERYDAY_WELSH,
    PARTICLES,
    WELSH_WORDS,
    Word,
    is_given,
    is_usual,
    is_usual_mutated,
    is_word,
    joined,
)
from pipeline.anonymise.in_welsh import is_a_word_too, opens_a_body
from pipeline.anonymise.keep import KeepList, is_of_a_law
from pipeline.anonymise.language import LITTLE_WELSH
from pipeline.anonymise.lists import listed
from pipeline.anonymise.places import HYPHENED, gazetteer
from pipeline.anonymise.reading import Lore, Reading

BEFORE_A_NAME = listed("before_a_name")
NO_NAMES = listed("no_names")
DETERMINERS = listed("determiners")


def is_plain(folded: str, lore: Lore) -> bool:
    """Whether a word that no list knows for a name is an ordinary one where nothing has capitals."""
    return lore.is_plain(folded) and folded not in FAMILIES and not is_given(folded)


def plausible(reading: Reading, inside: Sequence[Word], lore: Lore, keep: KeepList) -> float:
    """How likely words that the model takes for a person are one; below 0.5 it is a question for people."""
    folded = [word.folded for word in inside]
    place = reading.place_of(inside[0])
    if not can_be_name(reading, inside, keep):
        return 0.0
    before = reading.before(place)
    if reading.title(place)[1]:
        return 0.95
    if len(folded) == 1 and before is not None and before.capital and before.folded in KIN:
        return 0.0 if lore.is_word(folded[0]) else 0.8
    if len(folded) == 1:
        return _plausible_alone(reading, place, lore)
    if lore.is_written_small(folded[-1]) and not is_word(folded[-1]):
        return 0.0
    if reading.language == "cy" and not (is_given(folded[0]) or is_usual_mutated(folded[0])):
        return 0.3  # the model knows no Welsh
    if not reading.cased and not (is_given(folded[0]) and reading.pos(inside[-1]) == "PROPN"):
        return 0.3  # without capitals a model takes many a noun for a name
    if is_given(folded[0]):
        return 0.9
    if len(folded[0]) == 1:
        numbered = reading.text[: inside[0].start].endswith("\n")  # "B. Censorship" is a heading
        if numbered or lore.is_ever_small(folded[-1]):
            return 0.0
        return UNTOLD if all(map(is_word, folded)) else 0.8  # "J. Fisher"
    foreign = "(" in reading.text[max(0, inside[0].start - 60) : inside[0].start].rpartition(")")[2]
    thing = before is not None and before.folded in DETERMINERS  # "the Big Lamp"
    words_too = any(lore.is_word(word) for word in folded if word not in PARTICLES)
    return 0.3 if foreign or thing or words_too else 0.6


_ILLNESSES = listed("illnesses")
_POSSESSIVE = re.compile("['’]s")
# Words of a name at most.
LONGEST_NAME = 5


def can_be_name(reading: Reading, inside: Sequence[Word], keep: KeepList) -> bool:
    """Whether words may be a name at all, by what they are made of."""
    whole = reading.shown(inside[0], inside[-1])
    if len(inside) > LONGEST_NAME or re.search(r"[\d—:;/\n]", whole):
        return False
    little = not reading.cased and all(word.folded in PARTICLES for word in inside)  # "they bin them"
    if little or HYPHENED.match(reading.text, inside[0].start):
        return False  # "Craig-cefn-parc"
    if len(inside) == 1 and (_is_an_illness(reading, inside[0]) or _is_part_of_a_body(reading, inside[0], keep)):
        return False
    of_a_law = not is_given(inside[0].folded) and is_of_a_law(reading.text, inside[-1].end)
    if of_a_law or _is_of_a_welsh_body(reading, reading.place_of(inside[0]), len(inside)):
        return False
    if not reading.cased and _is_welsh_talk(reading, inside):
        return False
    # "Auntie Nesta" is no foundation.
    given_here = _is_given_here(reading, inside)
    bodies = not (is_usual(whole.casefold()) and close(reading, reading.place_of(inside[0])))
    if keep.keeps(whole, bodies=bodies) and not (given_here and len(inside) == 1):
        return False
    if not all(joined(reading.text, *pair) for pair in pairwise(inside)):
        return False
    folded = [word.folded for word in inside]
    # "Non-Executive Directors", and Non is a name; "Pro-Vice-Chancellor"
    place = reading.place_of(inside[0])
    begins = folded[0] in NO_HALVES and reading.text[inside[0].end : inside[0].end + 1] in HYPHENS
    if begins or (place and reading.gap(place) in HYPHENS and reading.words[place - 1].folded in NO_HALVES):
        return False
    if len(inside) == 1 and not is_given(folded[0]) and _after_a_welsh_article(reading, inside[0]):
        return False
    saint = is_usual(folded[0]) and len(inside) > 2 and folded[1] == "st"  # "Ian St. John-Price"
    no_name = (NO_NAMES | INSTITUTIONS | SAINTS) - ({"st"} if saint else set())
    # "Jack London" and "Mr Bedford" are names: only what stands first, or alone, is judged by the map.
    judged = folded[given_here : len(folded) - _is_family(reading, inside)]
    if any(word in no_name for word in judged):
        return False
    titled = reading.title(reading.place_of(inside[0]))[1]
    if not titled and not is_given(folded[0]) and (folded[0] in gazetteer() or folded[-1] in gazetteer()):
        return False
    following = reading.next_to(reading.place_of(inside[-1]))
    if following is not None and following.capital and following.folded in INSTITUTIONS:
        return False
    acronym = any(len(word.folded) > 1 and reading.shown(word).isupper() for word in inside)
    return not (acronym and reading.cased) or is_given(folded[0])


def _is_of_a_welsh_body(reading: Reading, place: int, count: int) -> bool:
    """Whether these words are a Welsh body, or stand in its name: "Tir Dewi", and of it "Dewi"; not "Mrs Capel"."""
    if reading.title(place)[1]:
        return False
    opens = count > 1 and opens_a_body(reading, place)
    return opens or (reading.before(place) is not None and opens_a_body(reading, place - 1))


def _after_a_welsh_article(reading: Reading, word: Word) -> bool:
    """Whether "the" stands before a word: "i'r Neuadd", "y Drenewydd"; people have no article."""
    place = reading.place_of(word)
    before = reading.before(place)
    if before is None:
        return False
    shortened = before.folded == "r" and reading.text[before.start - 1 : before.start] in ("'", "’")
    return shortened or before.folded in ("y", "yr")


_PLACED = frozenset("in at on near along behind outside opposite beside down up".split())
# Before a month or a law; "by June Davies" may be a person's, so that a family name must follow.
OF_A_MONTH = frozenset("in since until till during last next early late mid".split()) | DETERMINERS
MAY_BE_OF_A_MONTH = frozenset("of by from to for on before after and around".split())


# Words of a body's name at most: "Department for Work and Pensions".
_LONGEST_BODY = 6


def _is_part_of_a_body(reading: Reading, word: Word, keep: KeepList) -> bool:
    """Whether a word and those beside it are a body that stays: of "the Aneurin Bevan health board" no Bevan."""
    if word.folded not in keep.words_of_several:
        return False
    place, words = reading.place_of(word), reading.words
    shown = (
        reading.shown(words[first], words[last])
        for first in range(max(0, place - _LONGEST_BODY + 1), place + 1)
        for last in range(max(place, first + 1), min(first + _LONGEST_BODY, len(words)))
    )
    return any(keep.keeps(told, bodies=True) and not _PARTED.search(told) for told in shown)


_PARTED = re.compile(r"[.,;:?!]")


def _is_an_illness(reading: Reading, word: Word) -> bool:
    """Whether it is "he's Down's"; and not "Mr Bell's wife"."""
    named = word.folded in _ILLNESSES and _POSSESSIVE.match(reading.text, word.end)
    return bool(named) and not reading.title(reading.place_of(word))[1]


def _is_welsh_talk(reading: Reading, inside: Sequence[Word]) -> bool:
    """Whether words in small letters are Welsh, which the model doesn't know: "dan bwysau", "dan sydd nesaf"."""
    place = reading.place_of(inside[0])
    little = any(reading.shown(word).casefold() in LITTLE_WELSH | EVERYDAY_WELSH for word in inside[1:])
    opening = inside[0].folded  # "croeso pawb i'll start", and not "o'leary"
    first = opening in LITTLE_WELSH and len(opening) > len("am") and not is_usual(opening)
    return first or is_everyday_welsh(reading, place) or (little and reading.language_from(place) == "cy")


def _is_given_here(reading: Reading, inside: Sequence[Word]) -> bool:
    """Whether the first word, elsewhere a month or a law, is a given name here: "Bill Evans", "June said"."""
    first, place = inside[0], reading.place_of(inside[0])
    if not (is_usual(first.folded) and first.folded in NO_NAMES):
        return False
    before, after = reading.before(place), reading.next_to(place)
    if reading.title(place)[1] or is_told(reading, place):
        return True
    if reading.opens(first) and len(inside) == 1 and says_who(reading, place):
        return True
    if before is not None and (before.folded in OF_A_MONTH or (before.capital and not reading.opens(before))):
        return False
    if len(inside) == 1 and not first.capital and has_a_trade(reading, place):
        return True
    if len(inside) == 1 and (addressed(reading, place) or after_a_given_name(reading, place)):
        return True
    if reading.text[: first.start].rstrip()[-1:].isdigit() or after is None:
        return False
    if len(inside) == 1:
        if before is not None and before.folded in MAY_BE_OF_A_MONTH:
            return False
        return after.folded in SPEECH or acts(reading, place) or _read_as_doing(reading, place)
    return True


def _read_as_doing(reading: Reading, place: int) -> bool:
    """Whether the model takes a word for a person who does something: "Bill paid the deposit"."""
    word, following = reading.words[place], reading.next_to(place)
    one = any(
        one.label == "PERSON" and one.start == word.start and one.end == word.end for one in reading.analysis.entities
    )
    did = following is not None and reading.analysis.tag[reading.token(following)] in ("VBD", "VBZ")
    return one and did and following is not None and following.folded not in SELDOM_DONE


def _no_month(reading: Reading, inside: Sequence[Word], sure: float) -> float:
    """How sure it is that "by June Rivers" is a person's: a question where neither list nor model knows the family."""
    start, end = inside[0].start, inside[-1].end
    before = reading.before(reading.place_of(inside[0]))
    if inside[0].folded not in NO_NAMES or before is None or before.folded not in MAY_BE_OF_A_MONTH:
        return sure
    one = any(one.label == "PERSON" and one.start <= start and end <= one.end for one in reading.analysis.entities)
    return sure if one or inside[-1].folded in FAMILIES else min(sure, UNTOLD)


def _is_family(reading: Reading, inside: Sequence[Word]) -> bool:
    """Whether the last word, elsewhere a street or a month, is a family name here: "Mr Hall", "Emily Young"."""
    if inside[-1].folded not in ALSO_FAMILIES:
        return False
    place = reading.place_of(inside[0])
    if reading.title(place)[1]:
        return True
    first, before = inside[0].folded, reading.before(place)
    somewhere = before is not None and before.folded in (_PLACED | DETERMINERS)
    return len(inside) > 1 and is_usual(first) and first not in ALSO_PLACES and not somewhere


def no_street(reading: Reading, inside: Sequence[Word], sure: float) -> float:
    """How sure it is that a given name and "Hall" or "Street" are a person: a question where nothing tells."""
    sure = _no_month(reading, inside, sure)
    if inside[-1].folded not in INSTITUTIONS or reading.title(reading.place_of(inside[0]))[1]:
        return sure
    return min(sure, behaves(reading, reading.place_of(inside[-1])))


def _plausible_alone(reading: Reading, place: int, lore: Lore) -> float:
    word = reading.words[place]
    if opens_in_welsh(reading, place):
        return 0.3 if is_given(word.folded) and word.folded != "beth" else 0.0
    short = len(word.folded) < 3 and not is_usual(word.folded)  # of two letters are Jo, Mo and Ed
    if short or reading.shown(word).isupper() or word.folded in gazetteer():
        return 0.0
    if word.folded in KIN and not is_given(word.folded):
        return 0.0  # "to see Mam"
    if lore.is_word(word.folded):
        named = names_by_context(reading, place) if is_word(word.folded) else 0.0
        told = word.folded not in NO_NAMES or acts(reading, place) or _spoken_of(reading, place)
        if named >= BY_GRAMMAR and told and is_usual(word.folded) and lore.mostly_person(word.folded):
            return 0.6
        # "And lee was on a plan": what the model reads as somebody in small letters is asked about.
        read = not reading.cased and is_usual(word.folded) and reading.pos(word) == "PROPN"
        return UNTOLD if named or read else 0.0
    if not lore.mostly_person(word.folded) or lore.takes_article(word.folded):
        return 0.2
    if is_usual(word.folded):
        return 0.8
    if _spoken_of(reading, place):
        return 0.6
    # What opens a sentence has its capital anyway, and the model knows no Welsh.
    unsure = reading.opens(word) or WELSH_PLACE.match(word.folded) or reading.language == "cy"
    return 0.3 if unsure else 0.6


WELSH_PLACE = re.compile(r"(?:llan|aber|pont|pwll|ynys|cwm)\w{4}")


def _spoken_of(reading: Reading, place: int) -> bool:
    """Whether somebody says or is called something here: "X said", "thank you, X"."""
    following = reading.next_to(place)
    if following is not None and following.folded in SPEECH:
        return True
    return addressed(reading, place) and not reading.opens(reading.words[place])


def opens_in_welsh(reading: Reading, place: int) -> bool:
    """Whether a word opens a Welsh sentence, which a verb or a small word does: "Beth bynnag"; nobody is called.

    For strangers, whom one only guesses at; whoever sits at the table is asked more (`detect.is_everyday_welsh`).
    """
    opens, following = reading.opens(reading.words[place]), reading.next_to(place)
    said = reading.words[place].folded
    if is_usual(said) and not is_a_word_too(said) and _FROM_THE.match(reading.text, reading.words[place].end):
        return False  # "Llŷr o'r Urdd"
    if said == "beth" and following is not None and following.folded in _IS | _WAS | _ASKED:
        return True  # "Beth sy angen newid?", in a turn in English
    named = is_usual(said) and said != "beth"
    if named and following is not None and following.folded in (_IS if said in WELSH_WORDS else _IS | _WAS):
        return False  # "Rhian yw'r cadeirydd", "Mair oedd ei henw", and not "Beth yw hynny?", "Haf oedd hi"
    return opens and reading.language_from(place) == "cy" and not addressed(reading, place)


_FROM_THE = re.compile(r" o['’](?:r|n|ch|i)\b| o [A-ZŴŶ]")
_IS = frozenset({"yw", "ydy", "ydi"})
_WAS = frozenset({"oedd", "sy", "sydd", "fydd", "fuodd", "wnaeth"})
_ASKED = frozenset({"nesaf", "arall", "am", "mae", "fyddai", "fuasai", "ddylai", "allwn", "allai", "ddigwyddodd"})


ALSO_PLACES = listed("also_places")
SELDOM_DONE = listed("seldom_done")
OFFICES = listed("nobody") | listed("offices")


def is_office(word: Word) -> bool:
    """Whether a word, or what it is the plural of, is an office: "Commissioner", "officers"; nobody is called so."""
    return word.folded in OFFICES or word.folded.removesuffix("s") in OFFICES


FAMILIES = listed("families")
