"""People nobody listed: found by the model, a title, a given name, an introduction, or a review called after them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.anonymise.behaviour import KIN, UNTOLD, behaves, close, does_or_has, plainly_mutated
from pipeline.anonymise.called import called_oneself, nicknames
from pipeline.anonymise.detect import (
    ALSO_FAMILIES,
    BY_GRAMMAR,
    HYPHENS,
    INSTITUTIONS,
    NO_HALVES,
    SAINTS,
    SPEECH,
    SURE_TITLES,
    acts,
    acts_in_small_letters,
    addressed,
    after_a_given_name,
    called_by_name,
    names_by_context,
    plainly_somebody,
    with_other_halves,
)
from pipeline.anonymise.forms import (
    PARTICLES,
    POSTNOMINALS,
    TITLES,
    WELSH_WORDS,
    Word,
    is_given,
    is_usual,
    is_usual_mutated,
    is_word,
    joined,
)
from pipeline.anonymise.keep import KeepList
from pipeline.anonymise.lists import listed, phrases
from pipeline.anonymise.places import gazetteer
from pipeline.anonymise.reading import Lore, Reading, is_article


@dataclass(frozen=True, slots=True)
class Discovery:
    """A span that seems to name somebody who isn't at the table."""

    turn_id: str
    roundtable_id: str
    start: int  # of the name, titles left out
    end: int
    text: str
    found_by: str  # model, title, given name, introduction, family name, particle, behaviour, review, initials
    confidence: float  # below 0.5 it is a question for people
    title: str


def discover(readings: Iterable[Reading], lore: Lore, keep: KeepList) -> Iterator[Discovery]:
    """Spans that seem to name a person; the same span may come more than once."""
    for reading in readings:
        yield from _by_model(reading, lore, keep)
        if reading.cased:
            yield from _by_title(reading, lore, keep)
            yield from _by_given_name(reading, lore, keep)
            yield from _by_introduction(reading, lore, keep)
            yield from _by_slip(reading, lore, keep)
            yield from _by_family_name(reading, keep)
            yield from _by_particle(reading, keep)
            yield from _by_mutation(reading, lore, keep)
            yield from _by_behaviour(reading, lore, keep)
            yield from _by_grammar(reading, lore, keep)
            yield from _by_deed(reading, lore, keep)
            yield from _by_what_is_to_come(reading)
            yield from _by_job(reading, lore, keep)
            yield from _by_review(reading, lore, keep)
            yield from _by_initials(reading)
        elif reading.language != "cy":
            yield from _in_small_letters(reading, lore, keep)
            yield from _by_own_word(reading, keep)


def _found(reading: Reading, inside: Sequence[Word], by: str, confidence: float) -> Discovery:
    first = reading.place_of(inside[0])
    first, last = with_other_halves(reading, first, first + len(inside) - 1)
    start, end = reading.words[first].start, reading.words[last].end
    title = reading.title(first)[1]
    return Discovery(reading.turn_id, reading.roundtable_id, start, end, reading.text[start:end], by, confidence, title)


def _by_model(reading: Reading, lore: Lore, keep: KeepList) -> Iterator[Discovery]:
    for entity in reading.analysis.entities:
        if entity.label != "PERSON":
            continue
        inside = reading.within(entity.start, entity.end)
        for part in _parted(reading, inside):
            yield from _one_by_model(reading, part, lore, keep)


# Small words that part two people of whom the model makes one; "y" and "o" stand inside names: "Wil y Felin".
_PARTING = (listed("little_welsh") - PARTICLES - {"y", "yr"}) | {"a", "and", "or"}

_BEFORE_A_NAME = listed("before_a_name")
_PARTING_IN_SMALL_LETTERS = _BEFORE_A_NAME | {"a", "ac", "and", "or", "something"}


def _parted(reading: Reading, inside: Sequence[Word]) -> Iterator[list[Word]]:
    """The people of a span: "Rhys a Catrin", "Gwenllian wrth Dewi Crwys", "Fitz or Fitzroy Rees" are two each."""
    part: list[Word] = []
    for word in inside:
        # In small letters throughout, only what can't be a part of a name.
        if part and reading.shown(word) in (_PARTING if reading.cased else _PARTING_IN_SMALL_LETTERS):
            yield part
            part = []
        else:
            part.append(word)
    yield part


def _one_by_model(reading: Reading, part: Sequence[Word], lore: Lore, keep: KeepList) -> Iterator[Discovery]:
    inside = _in_one_sentence(reading, _trimmed(reading, part, lore), lore)
    if inside:
        sure = _no_street(reading, inside, plausible(reading, inside, lore, keep))
        yield _found(reading, inside, "model", sure)


def _trimmed(reading: Reading, inside: Sequence[Word], lore: Lore) -> list[Word]:
    """Without titles, letters after the name, a possessive and words in small letters at the ends."""
    left = list(inside)
    while len(left) > 1 and left[0].folded in _BEFORE_A_NAME:
        left = left[1:]  # "Roedd Myfanwy", "Diolch Aled"
    while left and (left[0].folded in TITLES or (reading.cased and not left[0].capital) or _is_i(reading, left[0])):
        left = left[1:]
    if len(left) > 1 and left[0].folded in KIN:
        left = left[1:]  # of "Auntie Beti" or "Sister Immaculata" the second is the name
    while left and (_no_last_part(reading, left, lore) or _is_i(reading, left[-1])):
        left = left[:-1]
    return left


def _is_i(reading: Reading, word: Word) -> bool:
    """Whether it is who speaks ("I", "I'd") and not an initial ("I. Rees")."""
    return reading.shown(word) == "I" and not reading.text.startswith(".", word.end)


_NUMBERED = frozenset({"flat", "block", "unit", "room", "bed", "ward", "table", "floor", "bay"})
_A_NUMBER = re.compile(r" \d")


def _is_plain(folded: str, lore: Lore) -> bool:
    """Whether a word that no list knows for a name is an ordinary one where nothing has capitals."""
    return lore.is_plain(folded) and folded not in _FAMILIES and not is_given(folded)


def _no_last_part(reading: Reading, left: Sequence[Word], lore: Lore) -> bool:
    last, shown = left[-1], reading.shown(left[-1])
    if len(left) > 1 and not reading.cased and _is_plain(last.folded, lore):
        return True  # "bernie rings", "eamon gallagher date of birth"
    if len(left) > 1 and last.folded in _NUMBERED and _A_NUMBER.match(reading.text, last.end):
        return True  # "Agnes Flat 9"
    if len(left) > 1 and shown.isupper() and lore.is_abbreviation(last.folded):
        return True  # "declining Susan ITU admission"
    if shown in POSTNOMINALS or (reading.cased and not last.capital):
        return True
    possessive = last.folded == "s" and reading.text[last.start - 1] in "'’"
    return len(left) > 1 and (possessive or re.fullmatch(r"[IVX]{2,}", shown) is not None)


_NO_NAMES = listed("no_names")
_DETERMINERS = listed("determiners")


def plausible(reading: Reading, inside: Sequence[Word], lore: Lore, keep: KeepList) -> float:
    """How likely words that the model takes for a person are one; below 0.5 it is a question for people."""
    folded = [word.folded for word in inside]
    place = reading.place_of(inside[0])
    if not _can_be_name(reading, inside, keep):
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
    thing = before is not None and before.folded in _DETERMINERS  # "the Big Lamp"
    words_too = any(lore.is_word(word) for word in folded if word not in PARTICLES)
    return 0.3 if foreign or thing or words_too else 0.6


# Words of a name at most.
_LONGEST_NAME = 5


def _can_be_name(reading: Reading, inside: Sequence[Word], keep: KeepList) -> bool:
    """Whether words may be a name at all, by what they are made of."""
    whole = reading.shown(inside[0], inside[-1])
    if len(inside) > _LONGEST_NAME or re.search(r"[\d—:;/\n]", whole):
        return False
    # "Auntie Nesta" is no foundation.
    given_here = _is_given_here(reading, inside)
    bodies = not (is_usual(whole.casefold()) and close(reading, reading.place_of(inside[0])))
    if keep.keeps(whole, bodies=bodies) and not given_here:
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
    no_name = _NO_NAMES | INSTITUTIONS | SAINTS
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
_OF_A_MONTH = frozenset("in since until till during last next early late mid".split()) | _DETERMINERS
_MAY_BE_OF_A_MONTH = frozenset("of by from to for on before after and around".split())


def _is_given_here(reading: Reading, inside: Sequence[Word]) -> bool:
    """Whether the first word, elsewhere a month or a law, is a given name here: "Bill Evans", "June said"."""
    first, place = inside[0], reading.place_of(inside[0])
    if not (is_usual(first.folded) and first.folded in _NO_NAMES):
        return False
    before, after = reading.before(place), reading.next_to(place)
    if reading.title(place)[1]:
        return True
    if before is not None and (before.folded in _OF_A_MONTH or (before.capital and not reading.opens(before))):
        return False
    if len(inside) == 1 and (addressed(reading, place) or after_a_given_name(reading, place)):
        return True
    if reading.text[: first.start].rstrip()[-1:].isdigit() or after is None:
        return False
    if len(inside) == 1:
        if before is not None and before.folded in _MAY_BE_OF_A_MONTH:
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
    return one and did and following is not None and following.folded not in _SELDOM_DONE


def _no_month(reading: Reading, inside: Sequence[Word], sure: float) -> float:
    """How sure it is that "by June Rivers" is a person's: a question where neither list nor model knows the family."""
    start, end = inside[0].start, inside[-1].end
    before = reading.before(reading.place_of(inside[0]))
    if inside[0].folded not in _NO_NAMES or before is None or before.folded not in _MAY_BE_OF_A_MONTH:
        return sure
    one = any(one.label == "PERSON" and one.start <= start and end <= one.end for one in reading.analysis.entities)
    return sure if one or inside[-1].folded in _FAMILIES else min(sure, UNTOLD)


def _is_family(reading: Reading, inside: Sequence[Word]) -> bool:
    """Whether the last word, elsewhere a street or a month, is a family name here: "Mr Hall", "Emily Young"."""
    if inside[-1].folded not in ALSO_FAMILIES:
        return False
    place = reading.place_of(inside[0])
    if reading.title(place)[1]:
        return True
    first, before = inside[0].folded, reading.before(place)
    somewhere = before is not None and before.folded in (_PLACED | _DETERMINERS)
    return len(inside) > 1 and is_usual(first) and first not in _ALSO_PLACES and not somewhere


def _no_street(reading: Reading, inside: Sequence[Word], sure: float) -> float:
    """How sure it is that a given name and "Hall" or "Street" are a person: a question where nothing tells."""
    sure = _no_month(reading, inside, sure)
    if inside[-1].folded not in INSTITUTIONS or reading.title(reading.place_of(inside[0]))[1]:
        return sure
    return min(sure, behaves(reading, reading.place_of(inside[-1])))


def _plausible_alone(reading: Reading, place: int, lore: Lore) -> float:
    word = reading.words[place]
    if _opens_in_welsh(reading, place):
        return 0.3 if is_given(word.folded) and word.folded != "beth" else 0.0
    short = len(word.folded) < 3 and not is_usual(word.folded)  # of two letters are Jo, Mo and Ed
    if short or reading.shown(word).isupper() or word.folded in gazetteer():
        return 0.0
    if word.folded in KIN and not is_given(word.folded):
        return 0.0  # "to see Mam"
    if lore.is_word(word.folded):
        named = names_by_context(reading, place) if is_word(word.folded) else 0.0
        told = word.folded not in _NO_NAMES or acts(reading, place) or _spoken_of(reading, place)
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
    unsure = reading.opens(word) or _WELSH_PLACE.match(word.folded) or reading.language == "cy"
    return 0.3 if unsure else 0.6


_WELSH_PLACE = re.compile(r"(?:llan|aber|pont|pwll|ynys|cwm)\w{4}")


def _spoken_of(reading: Reading, place: int) -> bool:
    """Whether somebody says or is called something here: "X said", "thank you, X"."""
    following = reading.next_to(place)
    if following is not None and following.folded in SPEECH:
        return True
    return addressed(reading, place) and not reading.opens(reading.words[place])


def _by_title(reading: Reading, lore: Lore, keep: KeepList) -> Iterator[Discovery]:
    """ "Mr Reckless", "Mr Z.M. Necatigil", "Baroness Morgan": the capitalised words after a title."""
    for place in reading.capitals:
        word = reading.words[place]
        if place == 0 or word.folded in TITLES or not reading.title(place)[1]:
            continue
        inside = _trimmed(reading, _capitals_from(reading, place, lore), lore) or [word]
        if named := _longest_name(reading, inside, keep):
            # "Mr J" is who a court calls so, and nobody else can be found by one letter: a question.
            yield _found(reading, named, "title", UNTOLD if _is_a_letter(named) else 0.95)


def _is_a_letter(inside: Sequence[Word]) -> bool:
    return len(inside) == 1 and len(inside[0].folded) == 1


def _longest_name(reading: Reading, inside: Sequence[Word], keep: KeepList) -> Sequence[Word]:
    """The most of these words, from the first, that can be a name: "Parri" of "Mrs Parri Tŷ Capel"; none may."""
    if _can_be_name(reading, inside[:_LONGEST_NAME], keep):
        return inside
    shorter = (inside[:count] for count in range(min(len(inside), _LONGEST_NAME) - 1, 0, -1))
    return next((part for part in shorter if _can_be_name(reading, part, keep)), ())


def _capitals_from(reading: Reading, place: int, lore: Lore) -> list[Word]:
    """A capitalised word and those that go on from it as one name: initials, particles, hyphens."""
    inside = [reading.words[place]]
    for at in range(place + 1, min(place + 6, len(reading.words))):
        follower, gap = reading.words[at], reading.gap(at)
        initial = len(inside[-1].folded) == 1 or (len(inside[-1].folded) == 2 and not is_given(inside[-1].folded))
        near = gap in (" ", "-", "'", "’", "\u00a0") or (initial and gap in (".", ". ", ".-"))
        binding = follower.folded in PARTICLES and at + 1 < len(reading.words) and reading.words[at + 1].capital
        possessive = gap in ("'", "’") and follower.folded == "s"
        if not near or not (follower.capital or binding) or possessive or reading.shown(follower) in POSTNOMINALS:
            break
        if gap == ". " and lore.is_written_small(follower.folded):
            break
        inside.append(follower)
    return _in_one_sentence(reading, inside, lore)


# Of "Mr J. He told us" the grammar may miss the stop, and never takes "he" for a name.
_NEVER_A_NAME = ("PRON", "DET", "CCONJ", "SCONJ")


def _in_one_sentence(reading: Reading, inside: Sequence[Word], lore: Lore) -> list[Word]:
    """A name's words up to where the next sentence opens: of "Mr J.S. Further, she" the "J.S"."""
    for at in range(1, len(inside)):
        stopped = ". " in reading.shown(inside[at - 1], inside[at])
        opens = reading.opens_by_grammar(inside[at]) or reading.pos(inside[at]) in _NEVER_A_NAME
        if stopped and opens and lore.is_ever_small(inside[at].folded):
            return list(inside[:at])
    return list(inside)


def _by_given_name(reading: Reading, lore: Lore, keep: KeepList) -> Iterator[Discovery]:
    """A known given name, alone or with capitalised words after it: "Ceri Bevan"."""
    for place in reading.capitals:
        word = reading.words[place]
        if not is_given(word.folded):
            continue
        before = reading.before(place)
        if before is not None and before.capital and not close(reading, place) and not reading.opens(before):
            continue
        inside = _without_home(_trimmed(reading, _capitals_from(reading, place, lore), lore))
        # A tagger that has never seen the name Wil takes it for a conjunction.
        unread = len(inside) == 1 and is_usual(word.folded) and not lore.is_word(word.folded)
        if not unread and any(reading.pos(one) not in ("PROPN", "X") for one in inside):
            continue
        if not inside or not _can_be_name(reading, inside, keep):
            continue
        opens_as_word = lore.is_word(word.folded) and reading.opens(word)
        if opens_as_word and not _opens_as_a_name(reading, inside, lore):
            continue
        if len(inside) == 1:
            yield from _lone_given_name(reading, place, lore)
        elif not (lore.is_written_small(inside[-1].folded) and not is_word(inside[-1].folded)):
            yield _found(reading, inside, "given name", _no_street(reading, inside, 0.85))


def _opens_as_a_name(reading: Reading, inside: Sequence[Word], lore: Lore) -> bool:
    """Whether a word that opens a sentence is a given name by the family name after it: "June Blythe told me"."""
    family = inside[-1]
    known = family.folded in _FAMILIES or not (lore.is_word(family.folded) or lore.is_ever_small(family.folded))
    if len(inside) == 2 and _is_a_sentence(reading, inside) and not lore.is_ever_small(family.folded):
        return True
    return len(inside) == 2 and known and (family.folded in _FAMILIES or _tells_next(reading, family))


def _is_a_sentence(reading: Reading, inside: Sequence[Word]) -> bool:
    """Whether two names that are words too are all that is said: "Penny Waters.", of whom somebody spoke."""
    stops = reading.text[inside[-1].end : inside[-1].end + 1] in ("", ".", "?", "!")
    return stops and is_usual(inside[0].folded) and all(is_word(word.folded) for word in inside)


def _tells_next(reading: Reading, word: Word) -> bool:
    following = reading.next_to(reading.place_of(word))
    return following is not None and following.folded in SPEECH


def _opens_in_welsh(reading: Reading, place: int) -> bool:
    """Whether a word opens a Welsh sentence, which a verb or a small word does: "Beth bynnag"; nobody is called."""
    opens, following = reading.opens(reading.words[place]), reading.next_to(place)
    said = reading.words[place].folded
    if said == "beth" and following is not None and following.folded in _IS | _WAS:
        return True  # "Beth sy angen newid?", in a turn in English
    named = is_usual(said) and said != "beth"
    if named and following is not None and following.folded in (_IS if said in WELSH_WORDS else _IS | _WAS):
        return False  # "Rhian yw'r cadeirydd", "Mair oedd ei henw", and not "Beth yw hynny?", "Haf oedd hi"
    return opens and reading.language_from(place) == "cy" and not addressed(reading, place)


_IS = frozenset({"yw", "ydy", "ydi"})
_WAS = frozenset({"oedd", "sy", "sydd", "fydd", "fuodd", "wnaeth"})


_HOMES = listed("homes")
_ALSO_PLACES = listed("also_places")


def _without_home(inside: Sequence[Word]) -> list[Word]:
    """Without the house or farm that tells one Wil from another: "Wil Tŷ Isaf"."""
    at = next((at for at, word in enumerate(inside) if at and word.folded in _HOMES), len(inside))
    return list(inside[:at])


def _lone_given_name(reading: Reading, place: int, lore: Lore) -> Iterator[Discovery]:
    word = reading.words[place]
    if _opens_in_welsh(reading, place):
        return
    known = is_usual(word.folded) and not lore.is_word(word.folded) and word.folded not in gazetteer()
    # The model takes many a Welsh name for a town or a firm; of a name that is a town too it may be right.
    a_place = word.folded in _ALSO_PLACES and not lore.mostly_person(word.folded)
    if (
        known
        and not a_place
        and not lore.takes_article(word.folded)
        and len(word.folded) > 2
        and not reading.shown(word).isupper()
    ):
        yield _found(reading, [word], "given name", 0.6)


_INTRODUCED = re.compile(
    rf"(?:\b(?:{'|'.join(phrases('relations'))}|called|named|"
    r"(?:[Cc]all(?:s|ed)?|named) (?:him|her|them|me)|o['’]r enw|galw(?:['’]n| yn)|name is|name was|name['’]s|name"
    r"|surname|nickname)"
    r"(?:, (?:a |an |the )?|:? )[“\"‘']?)$"
)
_ASKED_FOR = re.compile(r"\b[Aa]sk(?:ed|ing)? for $")


def _by_introduction(reading: Reading, lore: Lore, keep: KeepList) -> Iterator[Discovery]:
    """Words in capitals after what introduces a person: "my colleague Ola Bakare", "a man called Osman"."""
    own = {first for first, _ in nicknames(reading, lore, keep)}
    for place in reading.capitals:
        word = reading.words[place]
        told = reading.text[max(0, word.start - 40) : word.start]
        asked_for = _ASKED_FOR.search(told)  # "ask for Cerian", "ask for Universal Credit"
        if not (_INTRODUCED.search(told) or asked_for or word in own):
            continue
        inside = _trimmed(reading, _capitals_from(reading, place, lore), lore)
        if not inside or reading.pos(word) not in ("PROPN", "X") or not _can_be_name(reading, inside, keep):
            continue
        if inside[-1].folded in KIN and not is_given(inside[-1].folded):
            continue  # "my kids call me Mam"
        called = is_word(word.folded) and called_by_name(reading, place)  # "a lady called Star", and no scheme
        a_word = any(lore.is_word(one.folded) for one in inside) and not (is_usual(word.folded) or called)
        if not a_word and not reading.shown(word).isupper():
            unsure = asked_for and not is_given(word.folded)
            if unsure and len(inside) > 1:
                continue
            yield _found(reading, inside, "introduction", UNTOLD if unsure else 0.7)


def _by_family_name(reading: Reading, keep: KeepList) -> Iterator[Discovery]:
    """A word before a usual family name, which is then a given name: "Chance Moyo took it"; not "Will Evans ask?"."""
    for place in reading.capitals:
        word, before = reading.words[place], reading.before(place)
        if word.folded not in _FAMILIES or is_word(word.folded):
            continue
        start, end = with_other_halves(reading, place, place)
        whole = reading.words[start : end + 1]
        if len(whole) > 1 and _can_be_name(reading, whole, keep):
            yield _found(reading, whole, "family name", 0.7)  # "a Hughes-Price"
        if before is None or not before.capital:
            continue
        given = is_word(before.folded) and len(before.folded) > 2 and reading.pos(before) in ("PROPN", "NOUN", "ADJ")
        first = reading.before(place - 1)
        alone = first is None or not (first.capital or first.folded in _DETERMINERS) or reading.opens(before)
        if given and alone and before.folded not in TITLES | KIN and _can_be_name(reading, [before, word], keep):
            yield _found(reading, [before, word], "family name", 0.7)


_SURE_PARTICLES = listed("sure_particles") - {"van"}  # which is also what one drives


def _by_particle(reading: Reading, keep: KeepList) -> Iterator[Discovery]:
    """A family name by the small words before it: "then de la Cruz came"; and not "Costa de la Luz"."""
    for place in reading.capitals:
        first = place
        while (before := reading.before(first)) is not None and before.folded in PARTICLES and not before.capital:
            first -= 1
        opening = {word.folded for word in reading.words[first:place]}
        determined = before is not None and (before.capital or before.folded in _DETERMINERS)
        word = reading.words[place]
        if opening.isdisjoint(_SURE_PARTICLES) or determined or reading.pos(word) not in ("PROPN", "X"):
            continue
        if _can_be_name(reading, [word], keep) and word.folded not in gazetteer():
            yield _found(reading, [word], "particle", 0.6)


_MUTATING = listed("mutating")


def _by_mutation(reading: Reading, lore: Lore, keep: KeepList) -> Iterator[Discovery]:
    """A usual given name that Welsh changed, after a word that changes it: "i Fleddyn", "wrth Fair Gwynedd"."""
    if reading.language != "cy":
        return
    for place in reading.capitals:
        word, before = reading.words[place], reading.before(place)
        if before is None or before.folded not in _MUTATING or not is_usual_mutated(word.folded):
            continue
        ordinary = lore.is_ever_small(word.folded) or word.folded in gazetteer()
        inside = _trimmed(reading, _capitals_from(reading, place, lore), lore)
        if inside and not ordinary and (named := _longest_name(reading, inside, keep)):
            yield _found(reading, named, "given name", 0.7)


def _by_behaviour(reading: Reading, lore: Lore, keep: KeepList) -> Iterator[Discovery]:
    """A lone word in capitals that no list knows: somebody, where it does what people do, or else a question.

    "Oyin sent her apologies" is a person. Of one word or two in an hour of talk nothing tells; a question costs
    somebody a second, and a name that stays costs somebody their trust.
    """
    for place in reading.capitals:
        word, before, following = reading.words[place], reading.before(place), reading.next_to(place)
        short = len(word.folded) < 3 and not is_usual(word.folded)
        if short or reading.shown(word).isupper() or not reading.may_name(word):
            continue
        if before is not None and before.capital and not close(reading, place) and not reading.opens(before):
            continue
        # "the Dragomirs" may be a family; in "that Oyin knows" stands a conjunction.
        determined = before is not None and before.folded in _DETERMINERS and reading.pos(before) != "SCONJ"
        if before is not None and before.folded == "a":
            determined = is_article(before, word)
        a_family = determined and word.folded[-1] == "s" and reading.text[: word.start].endswith(("the ", "The "))
        a_people = any(one.label == "NORP" and one.start <= word.start < one.end for one in reading.analysis.entities)
        if (determined and not a_family) or a_people:
            continue
        if (following is not None and following.capital) or not _can_be_name(reading, [word], keep):
            continue
        also_a_word = lore.is_word(word.folded)
        if also_a_word and not (is_usual(word.folded) and names_by_context(reading, place) >= BY_GRAMMAR):
            continue
        # "Thank you, Commissioner"
        office = _is_office(word) and not is_given(word.folded)
        if office or word.folded in TITLES or word.folded in KIN or (lore.takes_article(word.folded) and not a_family):
            continue
        nobody = reading.opens(word) and not does_or_has(reading, place) and not plainly_mutated(word)
        if nobody or _WELSH_PLACE.match(word.folded):
            continue
        one = word.folded.removesuffix("s")
        plural_of_a_word = one != word.folded and (
            lore.is_ever_small(one) or one in _NO_NAMES or one in gazetteer() or reading.shown(word)[:-1].isupper()
        )
        if plural_of_a_word or (lore.is_ever_small(word.folded) and not also_a_word):
            continue
        yield _found(reading, [word], "behaviour", UNTOLD if a_family else behaves(reading, place))


def _by_slip(reading: Reading, lore: Lore, keep: KeepList) -> Iterator[Discovery]:
    """A usual given name without its capital after what introduces somebody, as chats have it: "my mate gurpreet"."""
    for place, word in enumerate(reading.words):
        known = not word.capital and is_usual(word.folded) and not lore.is_word(word.folded)
        if not known or word.folded in gazetteer() or not _can_be_name(reading, [word], keep):
            continue
        told = reading.text[max(0, word.start - 40) : word.start]
        before = reading.before(place)
        kin = before is not None and before.folded in KIN and reading.text[: before.start].endswith(_WHOSE)
        if kin or _INTRODUCED.search(told) or _SOMEBODY_CALLED.search(told):
            yield _found(reading, [word], "introduction", 0.6)


# "Let's not talk about Will.", "Ask Rose.", "We told Hope."; and not "the move from Bill to Act".
_SPOKEN_OF = re.compile(
    r"\b(?:about|with|from|to|by|for|like|(?:[Tt]ell|[Aa]sk|[Tt]hank|[Ee]mail|[Pp]hone|[Rr]ing|[Ii]nvite|[Mm]eet|[Mm]iss)s?"
    r"|(?:ask|thank|email|phon|invit|miss)ed|told|rang|met|[Tt]hank you) $"
)
_BEFORE_WHO_IS_SPOKEN_OF = 12  # letters
_STOP = re.compile(r"[.,;?!]")


def _by_grammar(reading: Reading, lore: Lore, keep: KeepList) -> Iterator[Discovery]:
    """A given name that is also a word, where a word of its kind can't stand: "Will told me", "about Will."."""
    for place in reading.capitals:
        word = reading.words[place]
        if not (is_given(word.folded) and is_word(word.folded)) or not _can_be_name(reading, [word], keep):
            continue
        if word.folded in _ALSO_PLACES or word.folded in TITLES or reading.shown(word).isupper():
            continue
        if lore.takes_article(word.folded) or reading.language_from(place) == "cy":
            continue
        told = reading.text[max(0, word.start - _BEFORE_WHO_IS_SPOKEN_OF) : word.start]
        ends = is_usual(word.folded) and _STOP.match(reading.text, word.end) and _SPOKEN_OF.search(told)
        before = reading.before(place)
        alone = reading.opens(word) or before is None or not (before.capital or before.folded in (_DETERMINERS | {"s"}))
        if (alone and plainly_somebody(reading, place)) or (ends and not reading.opens(word)):
            yield _found(reading, [word], "behaviour", 0.6)


def _by_deed(reading: Reading, lore: Lore, keep: KeepList) -> Iterator[Discovery]:
    """A given name that is also a word, where it may be somebody: "Faith works nights", "without Patience".

    A question, since faith may keep people going too.
    """
    for place in reading.capitals:
        word, before, following = reading.words[place], reading.before(place), reading.next_to(place)
        if not (is_given(word.folded) and is_word(word.folded)) or not _can_be_name(reading, [word], keep):
            continue
        if word.folded in _ALSO_PLACES | TITLES or word.folded in KIN or reading.shown(word).isupper():
            continue
        if lore.takes_article(word.folded) or reading.language_from(place) == "cy":
            continue
        goes_on = before is not None and before.capital and not reading.opens(before)
        if goes_on or (following is not None and following.capital):
            continue
        if _does(reading, place) if reading.opens(word) else _stands_alone(reading, place):
            yield _found(reading, [word], "behaviour", UNTOLD)


_SELDOM_DONE = listed("seldom_done")


def _does(reading: Reading, place: int) -> bool:
    """Whether a word that opens a sentence did something there, or shares something: "Harmony and her sister"."""
    following = reading.next_to(place)
    if following is None or not (does_or_has(reading, place) or _is_no_modal(reading, place, following)):
        return False
    if reading.pos(following) == "ADV" and place + 2 < len(reading.words):
        following = reading.words[place + 2]  # "Penny never saw a penny"
    finite = reading.analysis.tag[reading.token(following)] in ("VBD", "VBZ")
    beside = {word.folded for word in reading.words[place + 2 : place + 3]}
    hers = following.folded == "and" and not beside.isdisjoint({"her", "his"})
    return hers or _is_no_modal(reading, place, following) or (finite and following.folded not in _SELDOM_DONE)


def _is_no_modal(reading: Reading, place: int, following: Word) -> bool:
    """Whether what the grammar takes for a modal verb is somebody: in "Will sold his car", not "Will used cars be"."""
    participle = reading.analysis.tag[reading.token(following)] == "VBN" and reading.pos(reading.words[place]) == "AUX"
    after = reading.next_to(place + 1) if place + 1 < len(reading.words) else None
    return participle and after is not None and reading.pos(after) in ("DET", "PRON", "ADP")


# What a month has in its gift as nobody has: "April will see a rise", "June will be wet".
_WILL = frozenset({"will", "would", "can", "ll"})
_IN_THE_FUTURE = listed("done_by_people")


def _by_what_is_to_come(reading: Reading) -> Iterator[Discovery]:
    """A month or a law that will do what people do: "April will send the papers out". A question."""
    for place in reading.capitals:
        word = reading.words[place]
        if not (word.folded in _NO_NAMES and is_usual(word.folded)):
            continue
        before, told = reading.before(place), [other.folded for other in reading.words[place + 1 : place + 3]]
        dated = before is not None and before.folded in (_OF_A_MONTH | _MAY_BE_OF_A_MONTH) - {"and"}
        dated = dated and before is not None and reading.pos(before) != "SCONJ"  # "I'm told that April will"
        named = before is not None and before.capital and not reading.opens(before)
        if not (dated or named) and len(told) == 2 and told[0] in _WILL and told[1] in _IN_THE_FUTURE:
            yield _found(reading, [word], "behaviour", UNTOLD)


def _stands_alone(reading: Reading, place: int) -> bool:
    """Whether a word has its capital in the middle of a sentence, and nothing before it that a thing would have."""
    before = reading.before(place)
    if before is None:
        return False
    described = reading.pos(before) in ("DET", "ADJ", "NOUN", "PROPN", "NUM") or before.folded in (_DETERMINERS | {"s"})
    return not described and names_by_context(reading, place) >= BY_GRAMMAR


_JOBS = listed("jobs")
# What opens an Irish or a Scottish surname.
_IRISH = frozenset("ni nic ui mac mc o".split())


def _by_job(reading: Reading, lore: Lore, keep: KeepList) -> Iterator[Discovery]:
    """Words in capitals after somebody's trade: "Nurse Ní Bhriain", "Coach Delaney"; of "Nurse Practitioner" none."""
    for place in reading.capitals:
        before = reading.before(place)
        if before is None or before.folded not in _JOBS or not before.capital:
            continue
        inside = _trimmed(reading, _capitals_from(reading, place, lore), lore)
        if not inside or not _can_be_name(reading, inside, keep):
            continue
        ordinary = any(len(one.folded) > 2 and lore.is_ever_small(one.folded) for one in inside)
        ordinary = ordinary or (lore.is_word(inside[-1].folded) and not is_usual(inside[-1].folded))
        if ordinary or any(map(_is_office, inside)) or _of_a_thing(reading, inside):
            continue
        known = is_given(inside[0].folded) or inside[-1].folded in _FAMILIES or inside[0].folded in _IRISH
        told = known or behaves(reading, reading.place_of(inside[-1])) > UNTOLD
        yield _found(reading, inside, "title", 0.7 if told else UNTOLD)


def _of_a_thing(reading: Reading, inside: Sequence[Word]) -> bool:
    """Whether a noun follows to which the words belong: "the Nurse Endoscopist role"."""
    last = reading.token(inside[-1])
    return reading.analysis.dep[last] == "compound" and reading.next_to(reading.place_of(inside[-1])) is not None


# What says in small letters that a name follows, whatever the grammar takes it for.
_SOMEBODY_CALLED = re.compile(
    r"\b(?:man|woman|lady|gentleman|chap|lad|lass|girl|boy|person|guy|bloke|fella|kid|tenant|patient|councillor|nurse|"
    r"doctor|teacher|officer|worker|volunteer|colleague|friend|neighbour|somebody|someone) (?:called|named) $"
)
_SAYS_WHO = re.compile(r"(?:\bi'm|\bi am|\bthis is|\bname's|\bsays|\bsaid|\bwith) $")
_TITLES_IN_TALK = listed("titles_in_talk")
_OFFICES = listed("nobody") | listed("offices")


def _is_office(word: Word) -> bool:
    return word.folded in _OFFICES or word.folded.removesuffix("s") in _OFFICES


def _in_small_letters(reading: Reading, lore: Lore, keep: KeepList) -> Iterator[Discovery]:
    """What a title, an introduction or the list of names tells where speech recognition wrote no capitals."""
    free = 0
    for place, word in enumerate(reading.words):
        if word.folded in _TITLES_IN_TALK:
            continue  # "call her mrs x"
        # "councillor o'leary"
        particle = word.folded in PARTICLES and _after_small_title(reading, place)
        if place < free or (len(word.folded) < 3 and not particle):
            continue
        told = reading.text[max(0, word.start - 40) : word.start]
        # "a lad called tyrone"
        if word.folded in gazetteer() and not (
            is_usual(word.folded) and (_INTRODUCED.search(told) or len(_with_family_name(reading, place, lore)) > 1)
        ):
            continue
        before = reading.before(place)
        titled, after_a_title = _after_small_title(reading, place), _is_surely_titled(reading, place)
        if is_word(word.folded) and not (after_a_title or particle or _also_a_name(reading, place)):
            continue
        introduced = any(pattern.search(told) for pattern in (_INTRODUCED, _SOMEBODY_CALLED))
        called = introduced or _SAYS_WHO.search(told) is not None
        given = is_usual(word.folded) and word.folded not in _ALSO_PLACES
        kin = before is not None and before.folded in (KIN | _FAMILIAR) and not is_word(before.folded)
        read = after_a_title or ((titled or called or kin) and reading.pos(word) == "PROPN")
        read = read or (introduced and is_given(word.folded))
        if not given and not read and not _SOMEBODY_CALLED.search(told):
            continue
        inside = _with_family_name(reading, place, lore)
        if _can_be_name(reading, inside, keep) and len(inside) > particle:
            sure = 0.95 if titled else 0.85 if len(inside) > 1 else 0.6
            yield _found(reading, inside, "title" if titled else "introduction" if called else "given name", sure)
            free = place + len(inside)


def _by_own_word(reading: Reading, keep: KeepList) -> Iterator[Discovery]:
    """What somebody says they are called, in small letters, where it may be a word too: "i'm known as taff"."""
    for place, goes_by in called_oneself(reading):
        word = reading.words[place]
        noun = reading.pos(word) in ("PROPN", "NOUN", "NUM", "X") and len(word.folded) > 2
        if noun and not goes_by and word.folded not in KIN | {"names"} and _can_be_name(reading, [word], keep):
            yield _found(reading, [word], "introduction", UNTOLD)


# What the grammar takes a name in small letters for.
_MAY_BE_READ_AS = ("PROPN", "NOUN", "ADJ", "VERB", "X")


def _after_small_title(reading: Reading, place: int) -> bool:
    before = reading.before(place)
    if before is None:
        return False
    # "a teacher called miss trimble", and not "we miss school"
    return before.folded in _TITLES_IN_TALK or (before.folded == "miss" and reading.pos(before) == "PROPN")


def _is_surely_titled(reading: Reading, place: int) -> bool:
    word, before = reading.words[place], reading.before(place)
    # "mr speaker", "mr chairman", "the mrs said"
    nobody = word.folded in _OFFICES or word.folded in SPEECH
    return before is not None and before.folded in SURE_TITLES and reading.pos(word) in _MAY_BE_READ_AS and not nobody


# What stands in small letters before somebody's name, and seldom before anything else.
_FAMILIAR = frozenset({"father", "imam", "pastor", "rabbi"})


def _also_a_name(reading: Reading, place: int) -> bool:
    """Whether a given name that is also a word is one, in small letters: "a nurse called precious", "my nan beryl",
    "sue pritchard"."""
    word, before, following = reading.words[place], reading.before(place), reading.next_to(place)
    if not is_given(word.folded):
        return False
    if _SOMEBODY_CALLED.search(reading.text[max(0, word.start - 40) : word.start]):
        return True
    noun = reading.pos(word) in ("PROPN", "NOUN", "ADJ")
    if is_usual(word.folded) and acts_in_small_letters(reading, place):
        return True
    if before is not None and before.folded in KIN and noun:
        return reading.text[: before.start].endswith(_WHOSE)
    return following is not None and following.folded in _FAMILIES and is_usual(word.folded)


_FAMILIES = listed("families")
_WHOSE = tuple(f"{whose} " for whose in ("my", "your", "our", "his", "her", "their"))


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
        part = reading.analysis.dep[token] == "compound" and reading.analysis.head[token] == family
        noun = part or reading.pos(other) == "PROPN" or other.folded in _FAMILIES
        known = other.folded in _FAMILIES or not (is_word(other.folded) or _is_plain(other.folded, lore))
        name = noun and len(other.folded) > 2 and known
        # "thanks hamza priscilla" greets two
        another = not part and is_usual(other.folded) and not is_word(other.folded) and other.folded not in _FAMILIES
        if (
            not near
            or not name
            or another
            or other.folded in (SPEECH | _TITLES_IN_TALK | _BEFORE_A_NAME)
            or other.folded in gazetteer()
        ):
            break
        inside.append(other)
    return inside


_REVIEWS = listed("reviews")


def _by_review(reading: Reading, lore: Lore, keep: KeepList) -> Iterator[Discovery]:
    """A review called after whoever led it: "the Augar review"."""
    for place in reading.capitals:
        word, following, before = reading.words[place], reading.next_to(place), reading.before(place)
        if following is None or following.folded not in _REVIEWS or len(word.folded) < 4:
            continue
        lone = before is None or not before.capital or reading.opens(before)
        if not lone or reading.shown(word).isupper() or reading.pos(word) != "PROPN" or word.folded in gazetteer():
            continue
        if _can_be_name(reading, [word], keep) and not lore.is_written_small(word.folded):
            yield _found(reading, [word], "review", 0.6)


_DOTTED = listed("dotted")
_INITIALS = re.compile(r"(?<![\w.])(?:[A-Z]\.){2,3}(?![\w])")


def _by_initials(reading: Reading) -> Iterator[Discovery]:
    """People who are called by their initials: "his son, J.P., said"."""
    for found in _INITIALS.finditer(reading.text):
        inside = [word for word in reading.words if found.start() <= word.start < found.end()]
        if found.group().replace(".", "") not in _DOTTED:
            yield _found(reading, inside, "initials", 0.6)
