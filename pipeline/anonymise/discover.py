"""People nobody listed: found by the model, a title, a given name, an introduction, or a review called after them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from pipeline.anonymise.behaviour import (
    KIN,
    UNTOLD,
    behaves,
    close,
    does_or_has,
    is_told_of_there,
    plainly_mutated,
)
from pipeline.anonymise.beside import (
    called_after,
    called_by_name,
    from_there,
    is_called_upon,
    is_kin,
    is_told,
    says_who,
)
from pipeline.anonymise.called import CALLED_SO, nicknames
from pipeline.anonymise.company import is_in_company
from pipeline.anonymise.detect import (
    BY_GRAMMAR,
    HOMES,
    HYPHENS,
    SPEECH,
    names_by_context,
    plainly_somebody,
    with_other_halves,
)
from pipeline.anonymise.discovery import Discovery, discovered
from pipeline.anonymise.forms import (
    PARTICLES,
    POSTNOMINALS,
    TITLES,
    Word,
    is_given,
    is_usual,
    is_usual_mutated,
    is_word,
)
from pipeline.anonymise.judge import (
    ALSO_PLACES,
    BEFORE_A_NAME,
    DETERMINERS,
    FAMILIES,
    LONGEST_NAME,
    MAY_BE_OF_A_MONTH,
    NO_NAMES,
    OF_A_MONTH,
    SELDOM_DONE,
    WELSH_PLACE,
    can_be_name,
    is_office,
    is_plain,
    no_street,
    opens_in_welsh,
    plausible,
)
from pipeline.anonymise.keep import KeepList
from pipeline.anonymise.lists import listed
from pipeline.anonymise.places import gazetteer
from pipeline.anonymise.reading import Lore, Reading, is_article
from pipeline.anonymise.uncased import INTRODUCED, by_going_on, by_own_word, by_slip, in_small_letters, in_small_welsh


def discover(readings: Iterable[Reading], lore: Lore, keep: KeepList) -> Iterator[Discovery]:
    """Spans that seem to name a person; the same span may come more than once."""
    for reading in readings:
        yield from _by_model(reading, lore, keep)
        if reading.cased:
            yield from _by_title(reading, lore, keep)
            yield from _by_given_name(reading, lore, keep)
            yield from _by_introduction(reading, lore, keep)
            yield from by_slip(reading, lore, keep)
            yield from _by_family_name(reading, keep)
            yield from _by_particle(reading, keep)
            yield from _by_mutation(reading, lore, keep)
            yield from _by_behaviour(reading, lore, keep)
            yield from _by_grammar(reading, lore, keep)
            yield from _by_deed(reading, lore, keep)
            yield from _by_company(reading, lore, keep)
            yield from _by_what_is_to_come(reading)
            yield from _by_job(reading, lore, keep)
            yield from _by_review(reading, lore, keep)
            yield from _by_initials(reading)
        elif reading.language == "cy":
            yield from in_small_welsh(reading, lore, keep)
        else:
            yield from in_small_letters(reading, lore, keep)
            yield from by_own_word(reading, keep)
            yield from by_going_on(reading, lore, keep)


def _by_model(reading: Reading, lore: Lore, keep: KeepList) -> Iterator[Discovery]:
    for entity in reading.analysis.entities:
        if entity.label != "PERSON":
            continue
        inside = reading.within(entity.start, entity.end)
        for part in _parted(reading, inside):
            yield from _one_by_model(reading, part, lore, keep)


# Small words that part two people of whom the model makes one; "y" and "o" stand inside names: "Wil y Felin".
_PARTING = (listed("little_welsh") - PARTICLES - {"y", "yr"}) | {"a", "and", "or"}
_PARTING_IN_SMALL_LETTERS = BEFORE_A_NAME | {"a", "ac", "and", "or", "something"}


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
    whole = inside = _in_one_sentence(reading, _trimmed(reading, part, lore), lore)
    if reading.cased and not any(word.folded in HOMES and is_usual(word.folded) for word in whole):
        inside = _without_home(whole)
    if inside:
        # With the home behind it a given name is surer than alone: "Elin Hafod", in talk in Welsh.
        sure = no_street(reading, inside, max(plausible(reading, told, lore, keep) for told in (whole, inside)))
        yield discovered(reading, inside, "model", sure)


def _trimmed(reading: Reading, inside: Sequence[Word], lore: Lore) -> list[Word]:
    """Without titles, letters after the name, a possessive and words in small letters at the ends."""
    left = list(inside)
    while left and _is_no_first_part(reading, left):
        left = left[1:]
    if len(left) > 1 and reading.text[: left[0].end].endswith(_CASUALTY):
        left = left[1:]  # "he ended up in A and E. Aoife took him"
    if len(left) > 1 and left[0].folded in KIN:
        left = left[1:]  # of "Auntie Beti" or "Sister Immaculata" the second is the name
    while left and (_no_last_part(reading, left, lore) or _is_i(reading, left[-1])):
        left = left[:-1]
    return left


def _is_no_first_part(reading: Reading, left: Sequence[Word]) -> bool:
    """Whether a name can't begin so: with a title, a small letter, "Roedd Myfanwy", "Gwrthododd Guto"."""
    first = left[0]
    if len(left) > 1 and (first.folded in BEFORE_A_NAME or _is_a_welsh_deed(reading, first)):
        return True
    return first.folded in TITLES or (reading.cased and not first.capital) or _is_i(reading, first)


# Of "Todd" and "Dodd" nobody does anything.
_SHORTEST_DEED = 6
# So long a word is Welsh, whatever stands around it: "Eglurodd", "Esboniodd".
_SURELY_A_DEED = 8


def _is_a_welsh_deed(reading: Reading, word: Word) -> bool:
    """Whether a word that opens a Welsh sentence is a verb by its ending, which stands before who did it."""
    past = word.folded.endswith("odd") and len(word.folded) >= _SHORTEST_DEED and not is_given(word.folded)
    if not past or not reading.opens(word):
        return False
    return len(word.folded) >= _SURELY_A_DEED or reading.language_from(reading.place_of(word)) == "cy"


def _is_i(reading: Reading, word: Word) -> bool:
    """Whether it is who speaks ("I", "I'd") and not an initial ("I. Rees")."""
    return reading.shown(word) == "I" and not reading.text.startswith(".", word.end)


_CASUALTY = ("A and E", "A & E")
_NUMBERED = frozenset({"flat", "block", "unit", "room", "bed", "ward", "table", "floor", "bay"})
_A_NUMBER = re.compile(r" \d")


def _no_last_part(reading: Reading, left: Sequence[Word], lore: Lore) -> bool:
    last, shown = left[-1], reading.shown(left[-1])
    if len(left) > 1 and not reading.cased and reading.language == "cy" and last.folded not in FAMILIES:
        return True  # "diolch gwyn reit te": the model knows no Welsh
    if len(left) > 1 and not reading.cased and is_plain(last.folded, lore):
        return True  # "bernie rings", "eamon gallagher date of birth"
    if len(left) > 1 and last.folded in _NUMBERED and _A_NUMBER.match(reading.text, last.end):
        return True  # "Agnes Flat 9"
    if len(left) > 1 and shown.isupper() and lore.is_abbreviation(last.folded):
        return True  # "declining Susan ITU admission"
    if shown in POSTNOMINALS or (reading.cased and not last.capital):
        return True
    possessive = last.folded == "s" and reading.text[last.start - 1] in "'’"
    return len(left) > 1 and (possessive or re.fullmatch(r"[IVX]{2,}", shown) is not None)


def _by_title(reading: Reading, lore: Lore, keep: KeepList) -> Iterator[Discovery]:
    """ "Mr Reckless", "Mr Z.M. Necatigil", "Baroness Morgan": the capitalised words after a title."""
    for place in reading.capitals:
        word = reading.words[place]
        if place == 0 or word.folded in TITLES or not reading.title(place)[1]:
            continue
        inside = _trimmed(reading, _capitals_from(reading, place, lore), lore) or [word]
        if named := _longest_name(reading, inside, keep):
            # "Mr J" is who a court calls so, and nobody else can be found by one letter: a question.
            unsure = _is_a_letter(named) or _may_be_an_office(reading, named, lore)
            yield discovered(reading, named, "title", UNTOLD if unsure else 0.95)


# Ranks in letters that are much else, and "Sr Manager".
_LETTERED = frozenset("dc ds dci pcso sr".split())


def _may_be_an_office(reading: Reading, inside: Sequence[Word], lore: Lore) -> bool:
    """Whether a rank that is much else is before things or a word of talk, or after an article: "PCSO Numbers"."""
    place = reading.place_of(inside[0])
    if reading.title(place)[1] not in _LETTERED or any(
        is_given(one.folded) or one.folded in FAMILIES for one in inside
    ):
        return False
    things = any(reading.analysis.tag[reading.token(one)] in ("NNS", "NNPS") or is_office(one) for one in inside)
    before = reading.before(place - 1)
    things = things or all(lore.is_ever_small(one.folded) for one in inside)  # "DC Power", where "the power went"
    return things or (before is not None and is_article(before, reading.words[place - 1]))


def _is_a_letter(inside: Sequence[Word]) -> bool:
    return len(inside) == 1 and len(inside[0].folded) == 1


def _longest_name(reading: Reading, inside: Sequence[Word], keep: KeepList) -> Sequence[Word]:
    """The most of these words, from the first, that can be a name: "Parri" of "Mrs Parri Tŷ Capel"; none may."""
    if can_be_name(reading, inside[:LONGEST_NAME], keep):
        return inside
    shorter = (inside[:count] for count in range(min(len(inside), LONGEST_NAME) - 1, 0, -1))
    return next((part for part in shorter if can_be_name(reading, part, keep)), ())


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
        pos = reading.pos(inside[at])
        opens = reading.opens_by_grammar(inside[at]) or pos in _NEVER_A_NAME
        opens = opens and (lore.is_ever_small(inside[at].folded) or pos not in ("PROPN", "X"))
        if stopped and (opens or inside[at].folded in TITLES):
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
        whole = _trimmed(reading, _capitals_from(reading, place, lore), lore)
        inside = _without_home(whole)
        # A tagger that has never seen the name Wil takes it for a conjunction.
        unread = len(inside) == 1 and is_usual(word.folded) and not lore.is_word(word.folded)
        if not unread and any(reading.pos(one) not in ("PROPN", "X") for one in inside):
            continue
        if not inside or not can_be_name(reading, inside, keep):
            continue
        opens_as_word = lore.is_word(word.folded) and reading.opens(word)
        if opens_as_word and not _opens_as_a_name(reading, inside, lore):
            continue
        if len(whole) == 1 or (len(inside) == 1 and lore.is_word(word.folded)):
            yield from _lone_given_name(reading, place, lore)
        elif not (lore.is_written_small(inside[-1].folded) and not is_word(inside[-1].folded)):
            yield discovered(reading, inside, "given name", no_street(reading, inside, 0.85))


def _opens_as_a_name(reading: Reading, inside: Sequence[Word], lore: Lore) -> bool:
    """Whether a word that opens a sentence is a given name by the family name after it: "June Blythe told me"."""
    family = inside[-1]
    if len(inside) == 3 and reading.gap(reading.place_of(family)) in HYPHENS:
        return is_usual(inside[0].folded) and reading.pos(family) == "PROPN"  # "Violet Arkwright-Tew, eighty-four"
    known = family.folded in FAMILIES or not (lore.is_word(family.folded) or lore.is_ever_small(family.folded))
    if len(inside) == 2 and _is_a_sentence(reading, inside) and not lore.is_ever_small(family.folded):
        return True
    if len(inside) == 2 and _SHE_IS.match(reading.text, family.end):
        return True
    # "Hope Addo, in my form": the model knows the second for somebody's; not "Hope Sian is well"
    read = not is_given(family.folded) and any(one.label == "PERSON" for one in reading.entities_at(family))
    return len(inside) == 2 and known and (family.folded in FAMILIES or read or _tells_next(reading, family))


# "Charity Banks, she was the chaplain"; and not "Faith Matters, she said"
_SHE_IS = re.compile(r", (?:he|she)(?:['’]s| is| was| has| had| does| did| used)\b")


def _is_a_sentence(reading: Reading, inside: Sequence[Word]) -> bool:
    """Whether a name that is a word too, and its family name, are all that is said: "Penny Waters.", "Hope Trewin?"."""
    stops = reading.text[inside[-1].end : inside[-1].end + 1] in ("", ".", "?", "!")
    family = reading.pos(inside[-1]) == "PROPN" and not reading.shown(inside[-1]).isupper()
    return stops and is_usual(inside[0].folded) and (is_word(inside[-1].folded) or family)


def _tells_next(reading: Reading, word: Word) -> bool:
    following = reading.next_to(reading.place_of(word))
    return following is not None and following.folded in SPEECH


def _without_home(inside: Sequence[Word]) -> list[Word]:
    """Without the house or farm that tells one Wil from another: "Wil Tŷ Isaf"."""
    at = next((at for at, word in enumerate(inside) if at and word.folded in HOMES), len(inside))
    return list(inside[:at])


def _lone_given_name(reading: Reading, place: int, lore: Lore) -> Iterator[Discovery]:
    word = reading.words[place]
    if opens_in_welsh(reading, place):
        return
    known = is_usual(word.folded) and not lore.is_word(word.folded) and word.folded not in gazetteer()
    # The model takes many a Welsh name for a town or a firm; of a name that is a town too it may be right.
    a_place = word.folded in ALSO_PLACES and not lore.mostly_person(word.folded)
    a_place = a_place and not (reading.opens(word) and says_who(reading, place))  # "Lourdes and me did the bay"
    if (
        known
        and not a_place
        and not lore.takes_article(word.folded)
        and len(word.folded) > 2
        and not reading.shown(word).isupper()
    ):
        yield discovered(reading, [word], "given name", 0.6)


_CALLS_ME = re.compile(r"\b[Cc]alls? me $")
_ASKED_FOR = re.compile(r"\b[Aa]sk(?:ed|ing)? for $")


def _by_introduction(reading: Reading, lore: Lore, keep: KeepList) -> Iterator[Discovery]:
    """Words in capitals after what introduces a person: "my colleague Ola Bakare", "a man called Osman"."""
    own = {first for first, _ in nicknames(reading, lore, keep)}
    for place in reading.capitals:
        word = reading.words[place]
        told = reading.text[max(0, word.start - 40) : word.start]
        asked_for = _ASKED_FOR.search(told)  # "ask for Cerian", "ask for Universal Credit"
        after = called_after(reading, place) and not lore.is_ever_small(word.folded)
        if not (INTRODUCED.search(told) or asked_for or word in own or after):
            continue
        called = is_word(word.folded) and called_by_name(reading, place)  # "a lady called Star", and no scheme
        inside = _trimmed(reading, _capitals_from(reading, place, lore), lore)
        read = (
            reading.pos(word) in ("PROPN", "X")
            or (called and is_usual(word.folded))
            or (after and reading.pos(word) == "NOUN")
        )
        if not inside or not read or not can_be_name(reading, inside, keep):
            continue
        if inside[-1].folded in KIN and not is_given(inside[-1].folded):
            continue  # "my kids call me Mam"
        a_word = any(lore.is_word(one.folded) for one in inside) and not (is_usual(word.folded) or called)
        if not a_word and not reading.shown(word).isupper():
            unsure = asked_for and not is_given(word.folded)
            if unsure and len(inside) > 1:
                continue
            unsure = unsure or (len(inside) == 1 and word.folded in CALLED_SO and _CALLS_ME.search(told) is not None)
            yield discovered(reading, inside, "introduction", UNTOLD if unsure else 0.7)


def _by_family_name(reading: Reading, keep: KeepList) -> Iterator[Discovery]:
    """A word before a usual family name, which is then a given name: "Chance Moyo took it"; not "Will Evans ask?"."""
    for place in reading.capitals:
        word, before = reading.words[place], reading.before(place)
        if word.folded not in FAMILIES or is_word(word.folded):
            continue
        start, end = with_other_halves(reading, place, place)
        whole = reading.words[start : end + 1]
        if len(whole) > 1 and can_be_name(reading, whole, keep):
            yield discovered(reading, whole, "family name", 0.7)  # "a Hughes-Price"
        if before is None or not before.capital:
            continue
        given = is_word(before.folded) and len(before.folded) > 2 and reading.pos(before) in ("PROPN", "NOUN", "ADJ")
        first = reading.before(place - 1)
        alone = first is None or not (first.capital or first.folded in DETERMINERS) or reading.opens(before)
        if given and alone and before.folded not in TITLES | KIN and can_be_name(reading, [before, word], keep):
            yield discovered(reading, [before, word], "family name", 0.7)


_SURE_PARTICLES = listed("sure_particles") - {"van"}  # which is also what one drives


def _by_particle(reading: Reading, keep: KeepList) -> Iterator[Discovery]:
    """A family name by the small words before it: "then de la Cruz came"; and not "Costa de la Luz"."""
    for place in reading.capitals:
        first = place
        while (before := reading.before(first)) is not None and before.folded in PARTICLES and not before.capital:
            first -= 1
        opening = {word.folded for word in reading.words[first:place]}
        determined = before is not None and (before.capital or before.folded in DETERMINERS)
        word = reading.words[place]
        if opening.isdisjoint(_SURE_PARTICLES) or determined or reading.pos(word) not in ("PROPN", "X"):
            continue
        if can_be_name(reading, [word], keep) and word.folded not in gazetteer():
            yield discovered(reading, [word], "particle", 0.6)


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
            yield discovered(reading, named, "given name", 0.7)


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
        determined = before is not None and before.folded in DETERMINERS and reading.pos(before) != "SCONJ"
        if before is not None and before.folded == "a":
            determined = is_article(before, word)
        the = determined and reading.text[: word.start].endswith(("the ", "The "))
        # "the Nowak twins"
        by_name = the and word.folded in FAMILIES and following is not None and following.folded in _OF_ONE_FAMILY
        a_family = by_name or (the and word.folded[-1] == "s")
        a_people = any(one.label == "NORP" for one in reading.entities_at(word))
        if (determined and not a_family) or a_people:
            continue
        goes_on = following is not None and following.capital and not _is_i(reading, following)
        if goes_on or not can_be_name(reading, [word], keep):
            continue
        also_a_word = lore.is_word(word.folded)
        if also_a_word and not (is_usual(word.folded) and names_by_context(reading, place) >= BY_GRAMMAR):
            continue
        # "Thank you, Commissioner"
        office = is_office(word) and not is_given(word.folded)
        if office or word.folded in TITLES or word.folded in KIN or (lore.takes_article(word.folded) and not a_family):
            continue
        nobody = reading.opens(word) and not does_or_has(reading, place) and not plainly_mutated(word)
        nobody = nobody and not is_told_of_there(reading, place)
        called = is_given(word.folded) and not (is_word(word.folded) or word.folded in CALLED_SO)
        called = called and is_called_upon(reading, place)
        if (nobody and not called) or WELSH_PLACE.match(word.folded):
            continue
        one = word.folded.removesuffix("s")
        plural_of_a_word = one != word.folded and (
            lore.is_ever_small(one) or one in NO_NAMES or one in gazetteer() or reading.shown(word)[:-1].isupper()
        )
        if plural_of_a_word or (lore.is_ever_small(word.folded) and not also_a_word):
            continue
        sure = 0.6 if called else behaves(reading, place)
        yield discovered(reading, [word], "behaviour", 0.6 if by_name else UNTOLD if a_family else sure)


_OF_ONE_FAMILY = frozenset("twins brothers sisters family boys girls kids children".split())


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
        named = is_given(word.folded) or is_kin(reading, place)
        if not (named and is_word(word.folded)) or not can_be_name(reading, [word], keep):
            continue
        if word.folded in ALSO_PLACES or word.folded in TITLES or reading.shown(word).isupper():
            continue
        if lore.takes_article(word.folded) or reading.language_from(place) == "cy":
            continue
        told = reading.text[max(0, word.start - _BEFORE_WHO_IS_SPOKEN_OF) : word.start]
        ends = is_usual(word.folded) and _STOP.match(reading.text, word.end) and _SPOKEN_OF.search(told)
        before = reading.before(place)
        alone = reading.opens(word) or before is None or not (before.capital or before.folded in (DETERMINERS | {"s"}))
        own = is_told(reading, place) and word.folded not in CALLED_SO
        if own or (alone and plainly_somebody(reading, place)) or (ends and not reading.opens(word)):
            yield discovered(reading, [word], "behaviour", 0.6)


def _by_company(reading: Reading, lore: Lore, keep: KeepList) -> Iterator[Discovery]:
    """A name that is also a word and is listed with somebody: "Penny and Frank do it", "with Rowan, Jewel and Clay".

    A word that no list has for a given name is a question where the model reads no person, since bodies are listed too;
    so is what a comma follows at once, which may be a call.
    """
    for place in reading.capitals:
        word = reading.words[place]
        named = lore.is_word(word.folded) and reading.pos(word) == "PROPN" and not lore.takes_article(word.folded)
        if not named or word.folded in TITLES | KIN or is_office(word) or not can_be_name(reading, [word], keep):
            continue
        if is_in_company(reading, place):
            read = any(one.label == "PERSON" for one in reading.entities_at(word))
            calm = reading.opens(word) and reading.next_to(place) is None  # "Patience, Huw and Mair."
            sure = (is_usual(word.folded) or read) and not calm
            yield discovered(reading, [word], "behaviour", 0.6 if sure else UNTOLD)


def _by_deed(reading: Reading, lore: Lore, keep: KeepList) -> Iterator[Discovery]:
    """A name that is also a word, where it may be somebody: "Faith works nights", "without Patience", "I saw Clay".

    A question, since faith may keep people going too, and what no list has for a given name may be a body.
    """
    for place in reading.capitals:
        word, before, following = reading.words[place], reading.before(place), reading.next_to(place)
        may_be = is_given(word.folded) or _is_read_as_a_name(reading, place)
        if not (may_be and is_word(word.folded)) or not can_be_name(reading, [word], keep):
            continue
        if (
            word.folded in ALSO_PLACES | TITLES
            or is_office(word)
            or word.folded in KIN
            or reading.shown(word).isupper()
        ):
            continue
        if lore.takes_article(word.folded) or reading.language_from(place) == "cy":
            continue
        goes_on = before is not None and before.capital and not reading.opens(before)
        if goes_on or (following is not None and following.capital):
            continue
        if _does(reading, place) if reading.opens(word) else _stands_alone(reading, place):
            yield discovered(reading, [word], "behaviour", UNTOLD)


_OF_WHOM = ("nsubj", "dobj", "pobj", "conj", "poss", "attr", "dative")


def _is_read_as_a_name(reading: Reading, place: int) -> bool:
    """Whether a word that no list has for a given name may be one by its capital inside a sentence: "I saw Clay";
    not "Stage 1", "Voices from Care"."""
    word, before = reading.words[place], reading.before(place)
    read = reading.pos(word) == "PROPN" and reading.analysis.dep[reading.token(word)] in _OF_WHOM
    numbered = _A_NUMBER.match(reading.text, word.end) is not None
    first = reading.before(place - 1) if before is not None and reading.pos(before) == "ADP" else None
    named = first is not None and first.capital and not reading.opens(first)
    return read and not (reading.opens(word) or numbered or named)


def _does(reading: Reading, place: int) -> bool:
    """Whether a word that opens a sentence did something there, or shares something: "Harmony and her sister"."""
    following = reading.next_to(place)
    if following is None:
        return False
    # "Rose from Gofal Hedd, is she here?", "Joy from the Samaritans", "Dot from domestics made toast"
    the = [one.folded for one in reading.words[place + 2 : place + 3]] == ["the"]
    somewhere = reading.words[place + 2 + the : place + 3 + the]
    if following.folded == "from" and (any(one.capital for one in somewhere) or _usual_from(reading, place)):
        return True
    if not (does_or_has(reading, place) or _is_no_modal(reading, place, following)):
        return False
    if reading.pos(following) == "ADV" and place + 2 < len(reading.words):
        following = reading.words[place + 2]  # "Penny never saw a penny"
    finite = reading.analysis.tag[reading.token(following)] in ("VBD", "VBZ")
    beside = {word.folded for word in reading.words[place + 2 : place + 3]}
    hers = following.folded == "and" and not beside.isdisjoint({"her", "his"})
    return hers or _is_no_modal(reading, place, following) or (finite and following.folded not in SELDOM_DONE)


def _usual_from(reading: Reading, place: int) -> bool:
    return is_usual(reading.words[place].folded) and from_there(reading, place)


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
        if not (word.folded in NO_NAMES and is_usual(word.folded)):
            continue
        before, told = reading.before(place), [other.folded for other in reading.words[place + 1 : place + 3]]
        dated = before is not None and before.folded in (OF_A_MONTH | MAY_BE_OF_A_MONTH) - {"and"}
        dated = dated and before is not None and reading.pos(before) != "SCONJ"  # "I'm told that April will"
        named = before is not None and before.capital and not reading.opens(before)
        if not (dated or named) and len(told) == 2 and told[0] in _WILL and told[1] in _IN_THE_FUTURE:
            yield discovered(reading, [word], "behaviour", UNTOLD)


def _stands_alone(reading: Reading, place: int) -> bool:
    """Whether a word has its capital in the middle of a sentence, and nothing before it that a thing would have."""
    before = reading.before(place)
    if before is None:
        return False
    described = reading.pos(before) in ("DET", "ADJ", "NOUN", "PROPN", "NUM") or before.folded in (DETERMINERS | {"s"})
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
        if not inside or not can_be_name(reading, inside, keep):
            continue
        ordinary = any(len(one.folded) > 2 and lore.is_ever_small(one.folded) for one in inside)
        ordinary = ordinary or (lore.is_word(inside[-1].folded) and not is_usual(inside[-1].folded))
        if ordinary or any(map(is_office, inside)) or _of_a_thing(reading, inside):
            continue
        known = is_given(inside[0].folded) or inside[-1].folded in FAMILIES or inside[0].folded in _IRISH
        told = known or behaves(reading, reading.place_of(inside[-1])) > UNTOLD
        yield discovered(reading, inside, "title", 0.7 if told else UNTOLD)


def _of_a_thing(reading: Reading, inside: Sequence[Word]) -> bool:
    """Whether a noun follows to which the words belong: "the Nurse Endoscopist role"."""
    last = reading.token(inside[-1])
    return reading.analysis.dep[last] == "compound" and reading.next_to(reading.place_of(inside[-1])) is not None


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
        if can_be_name(reading, [word], keep) and not lore.is_written_small(word.folded):
            yield discovered(reading, [word], "review", 0.6)


_DOTTED = listed("dotted")
_INITIALS = re.compile(r"(?<![\w.])(?:[A-Z]\.){2,3}(?![\w])")


def _by_initials(reading: Reading) -> Iterator[Discovery]:
    """People who are called by their initials: "his son, J.P., said"."""
    for found in _INITIALS.finditer(reading.text):
        inside = reading.within(*found.span())
        if found.group().replace(".", "") not in _DOTTED:
            yield discovered(reading, inside, "initials", 0.6)
