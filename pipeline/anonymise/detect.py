"""Where a text names somebody who is known: whom it may mean by the form, and how sure that is."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from pipeline.anonymise.bare import is_known_here, opens_a_clause
from pipeline.anonymise.beside import from_there, is_related, is_told, of_a_relation, says_who
from pipeline.anonymise.forms import (
    EVERYDAY_WELSH,
    PARTICLES,
    TITLES,
    WELSH_WORDS,
    Form,
    Word,
    forms_of,
    is_given,
    is_usual,
    is_word,
    joined,
    parse_name,
    sex_of,
)
from pipeline.anonymise.in_welsh import (
    is_a_thing,
    is_a_welsh_month,
    is_a_word_too,
    is_called,
    is_inside_welsh,
    is_somebody,
    is_welsh_beside,
    opens_a_body,
    opens_as_a_word,
)
from pipeline.anonymise.keep import KeepList
from pipeline.anonymise.lists import listed, phrases
from pipeline.anonymise.places import gazetteer
from pipeline.anonymise.reading import SPACE, SUBJECTS, Lore, Reading
from pipeline.anonymise.roster import Somebody
from pipeline.anonymise.turned_to import is_turned_to, who_speaks_beside
from pipeline.welsh import mutations

_KINDS = ("full", "alias", "initials", "given", "family", "half", "nickname", "middle", "sound")
# How sure a form is by itself.
_CONFIDENCE = {
    "full": 0.99, "alias": 0.95, "initials": 0.9, "given": 0.9, "family": 0.85, "half": 0.85, "nickname": 0.75,
    "middle": 0.7, "sound": 0.7,
}  # fmt: skip
# How sure a form is where somebody was found, though by grammar it may be a word: "we had a worker joy she was good".
_TOLD = 0.6
# Shorter words before a family name are initials and particles.
_SHORTEST_GIVEN = 3


@dataclass(frozen=True, slots=True)
class Mention:
    """A span of a turn that names a person."""

    turn_id: str
    start: int
    end: int
    candidates: tuple[str, ...]  # keys of whom the form fits
    kind: str  # of the form: full, alias, given ...; "institution" where it is part of one's name
    found_by: str  # roster, speaker, propagation
    confidence: float  # 0 where the form stands but names nobody: "White Paper"
    title: str = ""  # "mr" before it, folded


class Forms:
    """The forms of many people, by their first word."""

    def __init__(self, people: Iterable[Somebody], lore: Lore) -> None:
        self.people = {somebody.key: somebody for somebody in people}
        self.lore = lore
        by_first: dict[str, dict[tuple[str, ...], list[tuple[str, str]]]] = {}
        for somebody in self.people.values():
            for form in _searched(somebody):
                owners = by_first.setdefault(form.words[0], {}).setdefault(form.words, [])
                owners.append((form.kind, somebody.key))
        self._by_first = {
            word: sorted(forms.items(), key=lambda item: (-len(item[0]), item[0])) for word, forms in by_first.items()
        }

    @cached_property
    def _mutated(self) -> dict[str, list[tuple[str, str]]]:
        found: dict[str, list[tuple[str, str]]] = {}
        for forms in self._by_first.values():
            for form, owners in forms:
                # Of a third party alone a name of one word is a "full" one.
                given = [(kind, key) for kind, key in owners if kind in ("given", "alias", "full")]
                for changed in mutations(form[0]) if len(form) == 1 and is_given(form[0]) else ():
                    found.setdefault(changed, []).extend(given)
        return found

    def starting(self, word: str) -> Sequence[tuple[tuple[str, ...], list[tuple[str, str]]]]:
        """The forms that open with a word, longest first, each with (kind, key) of whom it names."""
        return self._by_first.get(word, ())

    def mutated(self, word: str) -> list[tuple[str, str]]:
        """Whose given name a word is a Welsh mutation of, as (kind, key)."""
        return self._mutated.get(word, [])

    def opening(self, word: str) -> Sequence[tuple[tuple[str, ...], list[tuple[str, str]]]]:
        """The forms that a word opens, or else is a plural or possessive of."""
        return self.starting(word) or self.with_an_s(word)

    def with_an_s(self, word: str) -> Sequence[tuple[tuple[str, ...], list[tuple[str, str]]]]:
        """The lone forms that a word is a plural or unmarked possessive of: "Pughs", "Joneses", in small letters
        "sians"."""
        if word[-1] != "s" or word in _FAMILIES or is_given(word) or self.lore.is_word(word):
            return ()
        return [
            (found, owners)
            for ending in _plurals(word)
            for found, owners in self.starting(word.removesuffix(ending))
            if found == (word.removesuffix(ending),)
        ]


# Of three letters, "less" and "goes" would be Les's and Goe's: those must have a capital.
_SHORTEST_WITH_AN_S = 3
_HISSING = ("s", "x", "z", "ch", "sh")


def _plurals(word: str) -> Iterator[str]:
    """The endings that make a plural of a name, where a word may have them."""
    if len(word) > _SHORTEST_WITH_AN_S:
        yield "s"
    if word.endswith("es") and word[:-2].endswith(_HISSING) and len(word) > _SHORTEST_WITH_AN_S + 1:
        yield "es"


# Family names that are a given name and an "s": "Roberts" is no Robert's.
_FAMILIES = listed("families_with_s")
_USUAL_FAMILIES = listed("families") | _FAMILIES
# Shorter halves of a family name are particles and words: "ap", "Lee".
_SHORTEST_HALF = 4


def _searched(somebody: Somebody) -> list[Form]:
    if not somebody.named:
        return []
    forms = forms_of(somebody.name, somebody.aliases)
    if somebody.at_table:
        return [*forms, *(Form(tuple(spelt.split()), "sound", False) for spelt in somebody.heard_as)]
    # A third party's nicknames would fit too many words, and so would most halves of their family names.
    kinds = ("full", "alias", "given", "family", "initials", "middle")
    return [form for form in forms if form.kind in kinds or _is_telling_half(form)]


def _is_telling_half(form: Form) -> bool:
    """Whether half of a family name is nobody else's: "Parata", of Parata-Jenkins, and not "Jenkins"."""
    known = form.is_word or is_usual(form.words[0]) or form.words[0] in _USUAL_FAMILIES or form.words[0] in gazetteer()
    return form.kind == "half" and len(form.words) == 1 and len(form.words[0]) >= _SHORTEST_HALF and not known


def find_people(
    readings: Iterable[Reading], forms: Forms, keep: KeepList, told: Collection[tuple[str, int]] = ()
) -> Iterator[Mention]:
    """Every place where a text has a form of somebody's name, with how sure it is by what stands around it.

    Of the places `told`, (turn_id, start), it is known already that a name stands there, where nothing has capitals.
    """
    listed = list(readings)
    opening = {word for word in set().union(*(one.said for one in listed)) if forms.opening(word)}
    beside = who_speaks_beside(listed)
    for reading in listed:
        free = 0
        near = beside.get(reading.turn_id, frozenset())
        for place in (place for place, word in enumerate(reading.words) if word.folded in opening):
            if place < free:
                continue
            surely = not reading.cased and (reading.turn_id, reading.words[place].start) in told
            mention, taken = _at(reading, place, forms, keep, surely, near)
            if mention is not None:
                yield mention
            free = place + taken


_MUTATING = listed("mutating")
# How sure a mutated given name is, where Welsh stands around it and somebody of that name is known.
_MUTATED = 0.85


def find_mutated(readings: Sequence[Reading], forms: Forms) -> Iterator[Mention]:
    """Every place where Welsh changed the given name of somebody known: "diolch i Fair", where a Mair sits.

    What is no word and was changed once is the same somebody wherever it stands at that roundtable.
    """
    places = [
        (reading, place)
        for reading in readings
        for place in (reading.capitals if reading.cased else range(len(reading.words)))
        if forms.mutated(reading.words[place].folded) and (reading.cased or _is_no_word(reading.words[place], forms))
    ]
    changed = {
        (reading.roundtable_id, reading.words[place].folded)
        for reading, place in places
        if _is_mutated_here(reading, place)
    }
    for reading, place in places:
        told = reading.words[place].folded
        again = (reading.roundtable_id, told) in changed and not (is_word(told) or forms.lore.is_ever_small(told))
        if again or _is_mutated_here(reading, place):
            yield from _mutated(reading, place, forms)


# A shorter mutation of a name is a word in small letters: "dim", where a Tim sits.
_SHORTEST_MUTATED = 4


def _is_no_word(changed: Word, forms: Forms) -> bool:
    """Whether what may be a mutated name can be no word in small letters: "i ddewi", and not "i fryn", "a pham"."""
    given = {name for _, key in forms.mutated(changed.folded) for name in parse_name(forms.people[key].name).given[:1]}
    return len(changed.folded) >= _SHORTEST_MUTATED and not any(map(is_a_word_too, {changed.folded, *given}))


def _is_mutated_here(reading: Reading, place: int) -> bool:
    before = reading.before(place)
    changing = before is not None and before.folded in _MUTATING and (not before.capital or reading.opens(before))
    return changing and is_welsh_beside(reading, place)


def _mutated(reading: Reading, place: int, forms: Forms) -> Iterator[Mention]:
    word = reading.words[place]
    kind, candidates = _nearest(forms.mutated(word.folded), forms, reading.roundtable_id, "")
    following = reading.next_to(place)
    if candidates:
        who = forms.people[candidates[0]]
        end = _with_family(reading, place, who)
        # "i Lyn Ebwy", where a Glyn sits, is a town; and "i Fair Ddu" is another Mair.
        if end > word.end or following is None or not following.capital:
            yield Mention(reading.turn_id, word.start, end, candidates, kind, _found_by(who), _MUTATED)


def _with_family(reading: Reading, place: int, who: Somebody) -> int:
    """Where somebody's name ends that begins with this word: "Fair Llywarch" is whole, of "Fair Ddu" the first."""
    following, family = reading.next_to(place), parse_name(who.name).family
    own = following is not None and following.capital and following.folded in family[-1:]
    return following.end if own and following is not None else reading.words[place].end


def _at(
    reading: Reading, place: int, forms: Forms, keep: KeepList, surely: bool, near: frozenset[str]
) -> tuple[Mention | None, int]:
    """What is named at this word, and how many words that takes: the longest form that is sure, else one that isn't.

    `surely` where it is known that a name stands there; `near` are those who speak beside a turn without capitals.
    """
    unsure: Mention | None = None
    for form, owners in forms.opening(reading.words[place].folded):
        last = place + len(form) - 1
        if not _spelt(reading, place, form) or _inside_a_word(reading, place, last):
            continue
        start, title = reading.title(place)
        kind, candidates = _nearest(owners, forms, reading.roundtable_id, title)
        if not candidates:
            continue
        called = surely or (
            kind in ("given", "alias") and not near.isdisjoint(candidates) and is_turned_to(reading, place)
        )
        sure = _sure(reading, place, last, forms.people[candidates[0]], kind, forms.lore, keep) or _TOLD * called
        # A nickname that is a word here is nothing to ask people about: "the Bill" where a William sits.
        if not sure and _must_go_whole(reading, place, last, forms, candidates):
            start, end = _institution(reading, place)
            return Mention(reading.turn_id, start, end, candidates, "institution", "roster", 0.7), 1
        if sure or (reading.words[place].capital and kind not in ("nickname", "middle", "sound")):
            given = _given_that_nobody_knows(reading, place)
            by = _found_by(forms.people[candidates[0]])
            confidence = round(sure * _CONFIDENCE[kind], 3)
            # Of "Pughs" the name is replaced and the "s" stays, as of "Pugh's".
            end = reading.words[last].end - (len(reading.words[last].folded) - len(form[-1]))
            start = given.start if given else _with_particles(reading, place, start)
            end = _with_what_follows(reading, last, forms.people[candidates[0]], forms.lore) or end
            if kind in ("given", "alias"):
                end = _own_name(reading, last, forms.people[candidates[0]], forms.lore) or end
            halves = with_other_halves(reading, place, last)
            if sure and reading.cased and halves != (place, last):
                start, end = min(start, reading.words[halves[0]].start), max(end, reading.words[halves[1]].end)
            if sure and reading.cased:
                end = max(end, _with_home(reading, last), _with_trade(reading, last))
            found = Mention(reading.turn_id, start, end, candidates, kind, by, confidence, title)
            if sure:
                return found, len(form)
            # What names nobody hides nobody: of "Onslow crane" Onslow may be somebody by itself.
            unsure = unsure or found
    return unsure, 1


_IN_A_PLACE = frozenset({"y", "yr", "ar", "wrth"})
HYPHENS = ("-", "\u2010", "\u2011")
# What a hyphen joins to a name, and is no half of it: "Post-Thatcher".
NO_HALVES = frozenset("anglo anti co ex mid neo non post pre pro un vice".split())


def with_other_halves(reading: Reading, first: int, last: int) -> tuple[int, int]:
    """The places of a name's first and last word, and of what a hyphen joins to them: "she's a Hughes-Lacey", of which
    one half is known."""
    while first and reading.gap(first) in HYPHENS and _is_half(reading, reading.words[first - 1]):
        first -= 1
    for place in range(last + 1, len(reading.words)):
        word, before = reading.words[place], reading.words[place - 1]
        joins = word.folded in _IN_A_PLACE or before.folded in _IN_A_PLACE  # "Dewi Bryn-y-grug"
        if reading.gap(place) not in HYPHENS or not (joins or _is_half(reading, word)):
            break
        last = place
    return first, last


def _is_half(reading: Reading, word: Word) -> bool:
    thing = word.folded in (_NO_NAMES | INSTITUTIONS | NO_HALVES) or word.folded in gazetteer()
    return word.capital and not reading.shown(word).isupper() and not thing


def _must_go_whole(reading: Reading, first: int, last: int, forms: Forms, candidates: Sequence[str]) -> bool:
    """Whether an institution has the name of somebody who sits here: then it goes as a whole, so that no name stays."""
    word = reading.words[first]
    here = any(reading.roundtable_id in forms.people[key].roundtables for key in candidates)
    who = here and forms.people[candidates[0]].at_table
    word_too = forms.lore.is_word(word.folded) or is_everyday_welsh(reading, first) or _is_a_month(reading, first)
    return who and first == last and word.capital and not word_too


def _institution(reading: Reading, place: int) -> tuple[int, int]:
    """The whole name that a word is part of: as the model sees it, else the capitalised words around it."""
    word = reading.words[place]
    for entity in reading.analysis.entities:
        if entity.start <= word.start and word.end <= entity.end and entity.end - entity.start > word.end - word.start:
            text = reading.text[entity.start : entity.end]
            return entity.start + 4 * text.startswith(("the ", "The ")), entity.end - 2 * text.endswith(("'s", "’s"))
    first = last = place
    while (before := reading.before(first)) is not None and before.capital and not reading.opens(before):
        first -= 1
    while (following := reading.next_to(last)) is not None and following.capital:
        last += 1
    return reading.words[first].start, reading.words[last].end


def _found_by(who: Somebody) -> str:
    if not who.at_table:
        return "propagation"
    return "roster" if who.key.startswith("roster") else "speaker"


def _spelt(reading: Reading, place: int, form: tuple[str, ...]) -> bool:
    found = reading.words[place : place + len(form)]
    spelt = tuple(word.folded for word in found)
    if spelt != form:
        short = len(form[0]) <= _SHORTEST_WITH_AN_S
        plural = spelt in ((f"{form[0]}s",), (f"{form[0]}es",))
        # "The Tanners are a good family", where a Tanner sits.
        if plural and is_word(form[0]) and not _is_a_family(reading, place):
            return False
        if not plural or (short and not (reading.cased and found[0].capital and not reading.opens(found[0]))):
            return False
    return all(joined(reading.text, left, right) for left, right in pairwise(found))


# "The Tanners", "we need more Pearls"
_BEFORE_SEVERAL = frozenset("the more two three many".split())


def _is_a_family(reading: Reading, place: int) -> bool:
    word, before, following = reading.words[place], reading.before(place), reading.next_to(place)
    the = before is not None and before.folded in _BEFORE_SEVERAL
    return the and reading.cased and word.capital and (following is None or not following.capital)


def _given_that_nobody_knows(reading: Reading, place: int) -> Word | None:
    """The word before a family name that the model takes for one person with it, and that is no word: "Jeane"."""
    word, before = reading.words[place], reading.before(place)
    if before is None or not before.capital or len(before.folded) < _SHORTEST_GIVEN:
        return None
    token = reading.token(before)
    part = reading.analysis.dep[token] == "compound" and reading.analysis.head[token] == reading.token(word)
    if is_usual(before.folded) and is_word(before.folded) and part and reading.pos(before) == "PROPN":
        return before  # "Dawn Blythe", where a Miss Blythe is known
    if reading.opens(before):
        return None
    if is_word(before.folded) or is_given(before.folded) or before.folded in TITLES or before.folded in gazetteer():
        return None
    one = any(
        entity.label == "PERSON" and entity.start == before.start and word.end <= entity.end
        for entity in reading.analysis.entities
    )
    return before if one else None


_SURE_PARTICLES = listed("sure_particles")
_SON_OR_DAUGHTER = listed("son_or_daughter")


def _with_particles(reading: Reading, place: int, start: int) -> int:
    """Where a name begins with what stands before its family name: "de la Cruz", "Mr van der Berg", "Gethin Wyn ab
    Iorwerth"; else `start`."""
    first = place
    while (before := reading.before(first)) is not None and before.folded in PARTICLES:
        first -= 1
    # Of "o Ddafydd" and "bore da Siân" nothing is a part of the name.
    opening = [word.folded for word in reading.words[first:place]]
    if not reading.cased or not set(opening) & _SURE_PARTICLES:
        return start
    if opening[-1] in _SON_OR_DAUGHTER:
        first = _given_before(reading, place - 1)
    elif before is not None and before.capital and _may_be_given(reading, before):
        first -= 1
    return min(start, reading.title(first)[0])


def _may_be_given(reading: Reading, word: Word) -> bool:
    """Whether a word in capitals before "dos Santos" is the given name: "Conceição", and not "Then" or "Mrs"."""
    if word.folded in TITLES or word.folded in _NO_NAMES or is_word(word.folded):
        return False
    return reading.pos(word) == "PROPN" or reading.analysis.dep[reading.token(word)] in (*SUBJECTS, "compound")


def _given_before(reading: Reading, place: int) -> int:
    """The first of the words in capitals before "ap" or "bin", at most two; one that opens a sentence may be a verb."""
    first = place
    while (before := reading.before(first)) is not None and before.capital and place - first < 2:
        if first < place and ((reading.opens(before) and not is_given(before.folded)) or before.folded in TITLES):
            break
        first -= 1
    return first


def _with_what_follows(reading: Reading, last: int, who: Somebody, lore: Lore) -> int:
    """Where the family name ends that follows somebody of whom only a given name is known: "Fitzroy Adeyemi-Rees"; 0
    where none does."""
    word = reading.words[last]
    if parse_name(who.name).family or is_word(word.folded) or not reading.cased:
        return 0
    end = 0
    for place in range(last + 1, min(last + 5, len(reading.words))):
        other, gap = reading.words[place], reading.gap(place)
        if other.folded in _SON_OR_DAUGHTER and gap in SPACE:
            continue
        if place == last + 1 and gap in SPACE and _is_an_initial(reading, other):
            return other.end  # "Cadi T's brother"
        ordinary = lore.is_ever_small(other.folded) or other.folded in (_NO_NAMES | INSTITUTIONS | TITLES)
        if gap not in (*SPACE, "-", "‑") or not other.capital or ordinary or reading.shown(other).isupper():
            break
        if reading.opens(other) or reading.pos(other) != "PROPN" or (other.folded in gazetteer() and gap != "-"):
            break
        end = other.end
    return end


def _is_an_initial(reading: Reading, word: Word) -> bool:
    """Whether a capital alone is that of a family name: "Cadi T"; not "Cadi I asked", "Cadi A and B"."""
    shown, after = reading.shown(word), reading.text[word.end : word.end + 1]
    return len(shown) == 1 and shown.isupper() and shown not in ("A", "I") and after in ("", *"'’.,;?! ")


# What one says before and after one's own name: "I'm Dot Faraday.", "Dot Faraday, I'm with the council"
_I_AM = re.compile(r"(?:^|\bI['’]m |\bI am |\b[Mm]y name(?:['’]s| is) )(?:\w+[.,] )?$")
_I_GO_ON = re.compile(r"(?P<family>(?:[ -][A-Z][\w'’]+){1,3})(?=, (?:I|from|and|here|they|she|he)\b|\.|$)")


def _own_name(reading: Reading, place: int, who: Somebody, lore: Lore) -> int:
    """Where the name ends that somebody gives as their own, however it was misheard: "Dot Faraday, I'm with the
    council", of Dot Ferriday; 0 where they give none there."""
    word = reading.words[place]
    told = reading.speaker == who.key and reading.cased and _I_AM.search(reading.text[: word.start][-_NEAR:])
    found = _I_GO_ON.match(reading.text, word.end) if told else None
    if found is None:
        return 0
    inside = reading.within(*found.span("family"))
    thing = any(one.folded in (_NO_NAMES | INSTITUTIONS) or lore.is_ever_small(one.folded) for one in inside)
    return 0 if thing or not inside else found.end("family")


HOMES = listed("homes")
# Behind its own name: "Hafod Farm".
_FARMS = frozenset({"farm", "cottage"})
# Words of a farm's or a house's name at most: "Ty'n y Llwyn", "Tŷ Isaf Farm".
_LONGEST_HOME = 4
_IN_A_HOME = frozenset({"n", "y", "yr"})
_WITHIN_A_HOME = (*SPACE, *HYPHENS, "'", "’")


def _with_home(reading: Reading, last: int) -> int:
    """Where the farm or house ends that tells its owner from others: "Emrys Ty'n Llwyn", "John Hafod Farm"; 0 for none.
    After a comma it must say that it is a farm: "Emrys, Fferm Bryn Celyn", and not "Siân, Cwm Taf's lead".

    Of a farm everybody for miles knows who lives there.
    """
    home: list[Word] = []
    for place in range(last + 1, min(last + 1 + _LONGEST_HOME, len(reading.words))):
        word, gap = reading.words[place], reading.gap(place)
        joins = (word.folded in _IN_A_HOME or gap in HYPHENS) and bool(home)  # "Emrys Ty'n Llwyn", "Nesta Bryn-y-grug"
        told_of = gap in (_WITHIN_A_HOME if home else (*SPACE, ", ")) and reading.shown(word) != "I"
        if not told_of or not (word.capital or joins):
            break
        home.append(word)
    told = [word.folded for word in home]
    while home and not home[-1].capital and reading.text[home[-1].start - 1] not in HYPHENS:
        home.pop()
    comma = last + 1 < len(reading.words) and reading.gap(last + 1) == ", "
    if len(home) > 1 and (home[0].folded in ({"fferm"} if comma else HOMES) or not _FARMS.isdisjoint(told[1:])):
        return home[-1].end
    return 0


# "Marian y Siop", "Moi'r Felin": Welsh tells by a trade or a place whom one means.
_TRADE = re.compile(r"(?: yr? |['’]r )(?P<trade>[A-ZŴŶ][\w’'-]+)")


def _with_trade(reading: Reading, last: int) -> int:
    """Where the trade ends that Welsh puts behind a name: "Marian y Siop"; 0 for none, as of "Mair y Cyngor"."""
    word = reading.words[last]
    found = _TRADE.match(reading.text, word.end)
    if found is None or reading.title(last)[1] or word.folded in WELSH_WORDS or is_word(word.folded):
        return 0
    trade = reading.within(*found.span("trade"))
    body = any(one.folded in (_NO_NAMES | INSTITUTIONS) for one in trade)
    return 0 if body or not trade else found.end("trade")


def _inside_a_word(reading: Reading, first: int, last: int) -> bool:
    """Whether the letters go on in digits or signs of an address: "mark2", "@will"."""
    start, end = reading.words[first].start, reading.words[last].end
    before, after = reading.text[start - 1 : start], reading.text[end : end + 1]
    return before.isdigit() or after.isdigit() or before in ("_", "@", "#") or after in ("_", "@")


def _nearest(
    owners: Sequence[tuple[str, str]], forms: Forms, roundtable: str, title: str
) -> tuple[str, tuple[str, ...]]:
    """Whom a form may name at this roundtable, by the likeliest kind of form: those who sit here before all others.

    A nickname or a middle name of somebody who isn't here says too little. After "Mr" or "Dr" a family name comes
    before a given one.
    """
    owners = [one for one in owners if not _other_sex(title, forms.people[one[1]])]
    near = [(kind, key) for kind, key in owners if roundtable in forms.people[key].roundtables]
    near = near or [(kind, key) for kind, key in owners if kind in ("full", "alias", "family", "initials", "half")]
    near = near or [(kind, key) for kind, key in owners if kind == "given"]
    if not near:
        return "", ()
    if title and any(kind == "family" for kind, _ in near):
        near = [(kind, key) for kind, key in near if kind == "family"]
    best = min((kind for kind, _ in near), key=_KINDS.index)
    return best, tuple(sorted({key for kind, key in near if kind == best}))


def _other_sex(title: str, who: Somebody) -> bool:
    """Whether a title says that somebody else is meant: "Mrs Rees" isn't the Rees whom people call "Mr"."""
    return bool(who.sex and sex_of(title) and who.sex != sex_of(title))


def _sure(reading: Reading, first: int, last: int, who: Somebody, kind: str, lore: Lore, keep: KeepList) -> float:
    """How sure it is, by what stands around it, that a form is a name here; 0 where it isn't."""
    found = reading.words[first : last + 1]
    if last > first:
        # Of the people at the table a slip of the shift key is forgiven, where no part is also a word.
        small = [word for word in found if not word.capital and word.folded not in PARTICLES | {"y", "yr"}]
        slip = who.at_table and not any(is_word(word.folded) for word in small)
        return 1.0 if not reading.cased or not small or slip else 0.0
    word = found[0]
    titled = reading.cased and not word.capital and _after_a_small_title(reading, first)
    if titled and kind in ("family", "full", "half"):
        return 1.0
    if not word.capital and is_usual(word.folded) and has_a_trade(reading, first):
        return 0.7
    if is_everyday_welsh(reading, first) or is_a_thing(reading, first):
        return 0.0
    if reading.cased and not word.capital:
        # Of a name that can't be a word, a small letter is a slip; "gwen", "haf" and "mair" can be Welsh ones.
        if word.folded in WELSH_WORDS:
            return 0.0
        no_word = len(word.folded) >= _SHORTEST_SLIP and reading.language != "cy"
        slip = is_usual(word.folded) and not is_word(word.folded) and (who.at_table or no_word)
        return 0.7 if slip else 0.0
    title = reading.title(first)[1]
    kept = not who.at_table and not title and keep.keeps(reading.shown(word), bodies=False)
    # Where a Bill Rivers is spoken of, "from Bill to Act" stays, and "Bill wanted" is he.
    if kept and not (is_usual(word.folded) and _acts(reading, first)):
        return 0.0
    told = title or is_told(reading, first)
    if not told and (_belongs_to_an_institution(reading, first) or _is_a_month(reading, first)):
        return 0.0
    # Where a Mr May is spoken of, the month stays; "Hall said" is Mr Hall.
    if word.folded in ALSO_FAMILIES and not who.at_table and not told:
        following = reading.next_to(first)
        says = following is not None and following.folded in SPEECH
        return 0.7 if says or (reading.opens(word) and says_who(reading, first)) else 0.0
    if not lore.is_word(word.folded) or (who.at_table and kind == "alias" and _is_lettered(reading, first, lore)):
        return 1.0
    if kind in ("given", "alias") and _own_name(reading, first, who, lore):
        return 1.0
    return names_by_context(reading, first, family=kind in ("family", "full", "half"))


def is_everyday_welsh(reading: Reading, place: int) -> bool:
    """Whether what is a name too is a word of Welsh here: "a beth nesaf", "dan bwysau", "y tîm", where a Beth sits, a
    Daniel and a Tim; not where one calls them."""
    word, written = reading.words[place], reading.shown(reading.words[place]).casefold()
    small = reading.cased and not word.capital
    # Of "gofyn beth, a phryd" the end alone tells nothing.
    if written not in EVERYDAY_WELSH or not (
        reading.language_from(place) == "cy" or (small and is_welsh_beside(reading, place))
    ):
        return False
    if small:
        return not is_called(reading, place)
    if addressed(reading, place) or _does_in_english(reading, place):
        return False
    if not reading.cased:
        return not names_by_context(reading, place)
    return reading.opens(word) and (not written.isascii() or opens_as_a_word(reading, place))


def _does_in_english(reading: Reading, place: int) -> bool:
    """Whether an English verb says what somebody does, whatever follows it: "Beth says mae'n iawn"."""
    following = reading.next_to(place)
    return following is not None and (following.folded in SPEECH or acts(reading, place))


def _is_lettered(reading: Reading, place: int, lore: Lore) -> bool:
    """Whether letters by which notes call who sits here are theirs wherever they stand: "LB to circulate it"; not "the
    OT", nor the IT of which people say "it"."""
    word, before = reading.words[place], reading.before(place)
    thing = (before is not None and before.folded in _DETERMINERS) or lore.is_ever_small(word.folded)
    return reading.cased and len(word.folded) > 1 and reading.shown(word).isupper() and not thing


_BEFORE_A_MONTH = frozenset("in since until till during early late mid last next one".split())
_MONTHS = listed("months")
_TO_A_MONTH = frozenset("to till until through or".split())  # "from September to April"


def _is_a_month(reading: Reading, place: int) -> bool:
    """Whether it is "in April" or "ym mis Mai", where an April or a Mai sits or is spoken of."""
    word, before, following = reading.words[place], reading.before(place), reading.next_to(place)
    if is_a_welsh_month(reading, place):
        return True
    dated = word.folded in _NO_NAMES and before is not None and before.folded in _BEFORE_A_MONTH
    dated = dated or (
        word.folded in _MONTHS
        and before is not None
        and before.folded in _TO_A_MONTH
        and place > 1
        and reading.words[place - 2].folded in _MONTHS
    )
    return dated and (following is None or not following.capital)


# Of people who aren't there: shorter names can be too many other things.
_SHORTEST_SLIP = 4


def _after_a_small_title(reading: Reading, place: int) -> bool:
    """Whether a slip of the shift key took the title with it: "mrs ebsworth sorted it", "sergeant major hartnoll"."""
    word, before = reading.words[place], reading.before(place)
    if before is None or before.folded in SURE_TITLES:
        return before is not None
    # "a canon law", "the general rule": what a rank may be too stands before words.
    return before.folded in _RANKS and len(word.folded) > _SHORTEST_SLIP and not is_word(word.folded)


_RANKS = listed("titles")


def _acts(reading: Reading, place: int) -> bool:
    """Whether somebody is called or says something here, or opens a sentence by doing something."""
    following = reading.next_to(place)
    says = following is not None and following.folded in SPEECH
    called = addressed(reading, place) or after_a_given_name(reading, place)
    here = says or called or is_told(reading, place) or reading.opens(reading.words[place])
    return is_related(reading, place) or (here and names_by_context(reading, place) >= BY_GRAMMAR)


def after_a_given_name(reading: Reading, place: int) -> bool:
    """Whether somebody stands before it: "Mark and Bill", and not "April and May"."""
    first, joining = reading.words[max(0, place - 2) : place] if place > 1 else (None, None)
    if first is None or joining is None or joining.folded not in ("and", "or"):
        return False
    return first.capital and is_usual(first.folded) and first.folded not in _NO_NAMES


# In small letters, nothing but a name follows these: "mr gittins the head".
SURE_TITLES = frozenset({"mr", "mister", "mrs", "ms"})
SAINTS = listed("saints")
_WELSH_SAINTS = frozenset({"sant", "santes"})
INSTITUTIONS = listed("institutions")
_NO_NAMES = listed("no_names")
ALSO_FAMILIES = listed("also_families")
_NO_PERSON = ("ORG", "FAC", "GPE", "LOC", "LAW", "WORK_OF_ART", "PRODUCT")


def _belongs_to_an_institution(reading: Reading, place: int) -> bool:
    """Whether a lone name is a saint's or part of an institution's: "Trinity Saint David", "Russell Group"."""
    word, before = reading.words[place], reading.before(place)
    if before is not None and (before.folded in SAINTS or opens_a_body(reading, place - 1)):
        return True
    following = reading.next_to(place)
    if following is not None and following.folded in _WELSH_SAINTS and following.capital:
        return True  # "Dewi Sant"
    if following is not None and following.folded in INSTITUTIONS and (following.capital or not reading.cased):
        return True
    for entity in reading.entities_at(word):
        if word.end <= entity.end and entity.label in _NO_PERSON:
            inside = {other.folded for other in reading.within(entity.start, entity.end)}
            return len(inside) > 1 and bool(inside & (INSTITUTIONS | SAINTS))
    return False


# --- a word that is also a name ----------------------------------------------------------------------------------

SPEECH = listed("speech")
_DEEDS = listed("deeds")
# How sure the grammar must be that a word which is also a name is one.
BY_GRAMMAR = 0.7
_DETERMINERS = listed("determiners")
_FINITE = ("VBZ", "VBD", "MD")


def names_by_context(reading: Reading, place: int, *, family: bool = False) -> float:
    """How sure it is that a word which may be a name is one here, by grammar and address; 0 where it isn't.

    `family` where it would be a family name: then "the Diamond review" names somebody too.
    """
    word, before, following = reading.words[place], reading.before(place), reading.next_to(place)
    if reading.title(place)[1]:
        return 1.0
    if before is not None and before.folded == "that" and following is not None and following.folded in SPEECH:
        return 0.8  # "those pressures that Sally talked about"
    if is_told(reading, place) or _is_asked_which(reading, place):
        return 0.8  # "we call her Pat", "Which Mo?"
    if is_inside_welsh(reading, place):
        return 0.8  # "i Huw a Mark": the linguist knows no Welsh, and no English word has a capital there
    if _is_determined(reading, place):
        called_after = family and reading.cased and following is not None and not following.capital
        called_after = called_after and following is not None and following.folded != "of"  # "the Bishop of Bangor"
        return 0.6 if called_after and reading.pos(word) in ("PROPN", "NOUN", "ADJ") else 0.0
    if addressed(reading, place):
        return 0.9
    if not reading.cased:
        welsh = reading.language_from(place) == "cy" and is_somebody(reading, place)
        return 0.7 if welsh else _named_in_small_letters(reading, place)
    if following is not None and following.capital and len(following.folded) > 1:
        return 0.0  # "White Paper"
    if reading.opens(word):
        return _opening(reading, place)
    if _given_that_nobody_knows(reading, place) is not None:
        return 0.9
    if before is not None and before.capital and not is_given(before.folded) and not reading.opens(before):
        return 0.0  # "Education Bill"
    if reading.pos(word) == "PROPN":
        return 0.9
    adjective = before is not None and reading.pos(before) in ("ADJ", "NOUN", "NUM", "DET")
    return 0.0 if adjective else 0.7


def _is_asked_which(reading: Reading, place: int) -> bool:
    """Whether one asks which of them is meant: "Which Mo?"; not "Which Bill are we on?"."""
    word, before = reading.words[place], reading.before(place)
    named = reading.cased and word.capital and is_usual(word.folded) and word.folded not in _NO_NAMES
    return named and before is not None and before.folded == "which" and reading.next_to(place) is None


def _is_determined(reading: Reading, place: int) -> bool:
    """Whether a word like "the" stands before one; "a" is "and" in Welsh."""
    before = reading.before(place)
    determined = before is not None and before.folded in _DETERMINERS
    return determined and not (reading.words[place - 1].folded == "a" and reading.language_from(place) == "cy")


def _named_in_small_letters(reading: Reading, place: int) -> float:
    """Without capitals a word is a name where one greets or calls it, or it does what people do: "dawn is asking"."""
    word, following = reading.words[place], reading.next_to(place)
    called = " ".join(other.folded for other in reading.words[max(0, place - 2) : place])
    if is_known_here(reading, place):
        return 0.6
    if following is None:
        # "the next question is from mark."; "mark's questions are next"
        whose = reading.text[word.end : word.end + 2] in ("'s", "’s") and reading.opens(word)
        return 0.6 if whose or (called.endswith(_CALLED) and reading.gap(place) in SPACE) else 0.0
    if following.folded in SPEECH or acts_in_small_letters(reading, place):
        return 0.7
    if spoken_of_in_small_letters(reading, place):
        return 0.6
    if following.folded in ("has", "is", "was") and (reading.opens(word) or _does_something(reading, place + 2)):
        return 0.6
    if following.folded == "had" and _had_done(reading, place + 2):
        return 0.6
    if _did_something(reading, place):
        return 0.6
    greeted = called.endswith(_GREETED) and reading.gap(place) in SPACE
    return 0.6 if greeted and following.folded not in _DETERMINERS else 0.0


def _did_something(reading: Reading, place: int) -> bool:
    """Whether a given name, where somebody is called so, is what did something: "and joy came every week"."""
    word, before, following = reading.words[place], reading.before(place), reading.next_to(place)
    described = before is not None and (before.folded in _DETERMINERS or reading.pos(before) in ("ADJ", "NOUN"))
    did = following is not None and reading.analysis.tag[reading.token(following)] == "VBD"
    subject = reading.analysis.dep[reading.token(word)] in SUBJECTS
    return is_usual(word.folded) and did and subject and not described and not _is_a_month(reading, place)


# Of what people do in speaking, what no hope or grace does: "so will said", and not "faith wants", "joy knows".
_SAYING = frozenset("said says told mentioned asked talked spoke thinks agreed explained".split())


def acts_in_small_letters(reading: Reading, place: int) -> bool:
    """Whether a word does what a person does, where who does it would stand: "then dawn rang", no "at dawn, rang"."""
    opens = opens_a_clause(reading, place) or reading.words[place - 1].folded in _BEFORE_WHO_ACTS
    following = reading.next_to(place)
    # The grammar takes "joy cooked" for a joy that was cooked.
    did = following is not None and reading.analysis.tag[reading.token(following)] in ("VBD", "VBN", "VBZ")
    says = following is not None and following.folded in _SAYING
    return opens and did and (says or _is_a_deed(reading, place + 1))


_BEFORE_WHO_IS_ASKED = frozenset("ask asked told rang thanked met".split())


_OF_PEOPLE_ALONE = frozenset("thank tell invite invited visited".split())

# "who's good is mark from the foodbank"; and not "what we need is hope from somebody"
_WHO_IS = re.compile(r"\bwho(?:['’]s)?\b(?:(?!\bwhat\b)[^.?!])* (?:is|was) $")


def spoken_of_in_small_letters(reading: Reading, place: int) -> bool:
    """Whether a word stands where a person is asked, beside one, or after what one is to somebody: "ask precious",
    "abi and precious", "his manager carol"."""
    word, before, following = reading.words[place], reading.before(place), reading.next_to(place)
    if has_a_trade(reading, place):
        return True
    # "who's good is mark from the foodbank"
    is_from = following is not None and following.folded == "from" and is_usual(word.folded)
    if is_from and _WHO_IS.search(reading.text[max(0, word.start - _NEAR) : word.start]):
        return True
    if before is None or reading.pos(word) not in ("PROPN", "NOUN", "ADJ"):
        return False
    # "she rang joy", and not "we met grace periods"
    goes_on = following is not None and reading.pos(following) == "NOUN" and not is_usual(following.folded)
    beside = reading.words[place - 2].folded if place > 1 and before.folded == "and" else ""
    somebody = (
        of_a_relation(reading, place)
        or before.folded in _BEFORE_WHO_IS_ASKED
        or (before.folded in _OF_PEOPLE_ALONE and reading.pos(before) == "VERB")
        or (is_usual(beside) and not is_word(beside))
    )
    return somebody and not goes_on


_TRADES = listed("jobs") | set(phrases("relations"))
_ABOUT_SOMEBODY = _BEFORE_WHO_IS_ASKED | {"about", "with", "from", "by"}


def has_a_trade(reading: Reading, place: int) -> bool:
    """Whether a trade tells which Bill it is: "so bill the caretaker rang", "we asked bill the caretaker"; and not
    "they bill the client", "will the caretaker come"."""
    listed, before = reading.words[place + 1 : place + 3], reading.before(place)
    told = [word.folded for word in listed]
    if len(told) < 2 or told[0] != "the" or told[1] not in _TRADES or reading.next_to(place) is None:
        return False
    after = reading.next_to(place + 2)
    tag = "" if after is None else reading.analysis.tag[reading.token(after)]
    if tag in ("VBD", "VBZ"):
        return place == 0 or reading.words[place - 1].folded in _BEFORE_WHO_ACTS
    return tag != "VB" and before is not None and before.folded in _ABOUT_SOMEBODY


_BEFORE_WHO_ACTS = frozenset("so and but then because when that if cos since until though as".split())


def _does_something(reading: Reading, place: int) -> bool:
    """Whether a word is a verb's -ing form: what "is" and "was" say of a person."""
    return place < len(reading.words) and reading.analysis.tag[reading.token(reading.words[place])] == "VBG"


def _had_done(reading: Reading, place: int) -> bool:
    """Whether "had" goes on by what somebody had done: "precious had already taken a job"."""
    beside = reading.words[place : place + 2]
    return any(reading.analysis.tag[reading.token(word)] == "VBN" and word.folded != "been" for word in beside)


# What a thing that is also a name may do too: "Faith made him whole".
_OF_THINGS = frozenset("made raised touched suggested described pointed".split())
# After a modal verb none of these stands: "Will is the director", "May has left".
_MODALS = frozenset({"will", "may"})
_NOT_AFTER_A_MODAL = frozenset("is was has had does did will would".split())


def plainly_somebody(reading: Reading, place: int) -> bool:
    """Whether a word that opens a sentence can be nothing but a name there, whatever the grammar takes it for."""
    word, following = reading.words[place], reading.next_to(place)
    # After a modal verb stands no other in the past: "Will told me". And no thing tells: "Bill told me".
    told = following is not None and reading.analysis.tag[reading.token(following)] == "VBD"
    if told and following is not None and following.folded in SPEECH - _OF_THINGS:
        return True
    if acts(reading, place):
        return True
    # Nor one that says of one person what he or she does: "Will sends his apologies".
    one_does = following is not None and reading.analysis.tag[reading.token(following)] == "VBZ"
    modal = word.folded in _MODALS and following is not None
    modal = modal and (one_does or (following is not None and following.folded in _NOT_AFTER_A_MODAL))
    if modal or says_who(reading, place):
        return True
    return reading.pos(word) == "AUX" and (told or _and_somebody(reading, place))


def acts(reading: Reading, place: int) -> bool:
    """Whether what follows a word is what nobody but a person does: "Joy cooked for us"."""
    following = reading.next_to(place)
    finite = following is not None and reading.analysis.tag[reading.token(following)] in ("VBD", "VBZ")
    return finite and _is_a_deed(reading, place + 1)


def _is_a_deed(reading: Reading, place: int) -> bool:
    """Whether a verb is what nobody but a person does; not "Joy washed over us", "Grant signed off by the board"."""
    after = reading.next_to(place)
    return reading.words[place].folded in _DEEDS and (after is None or after.folded not in _OF_WHAT_IS_NO_DEED)


_OF_WHAT_IS_NO_DEED = frozenset("by into off over away out".split())


def _and_somebody(reading: Reading, place: int) -> bool:
    """Whether "and" and somebody follow: what would be a modal verb is none in "Will and Mark were late"."""
    following, others = reading.next_to(place), reading.words[place + 2 : place + 3]
    beside = following is not None and following.folded == "and"
    return beside and any(one.capital and (one.folded == "i" or is_given(one.folded)) for one in others)


def _opening(reading: Reading, place: int) -> float:
    """A word that opens a sentence is a name where it is the subject: "Dawn has a question", not "Will there be"."""
    word, following = reading.words[place], reading.next_to(place)
    if plainly_somebody(reading, place):
        return 0.7
    pos = reading.pos(word)
    if pos != "VERB" and is_usual(word.folded) and from_there(reading, place):
        return 0.6  # "Dot from domestics", where a Dot is known; not "Rose from 20 to 30 per cent"
    if pos in ("AUX", "VERB", "ADP", "ADV", "PRON", "SCONJ", "CCONJ", "INTJ"):
        return 0.0
    if following is None:
        possessive = reading.text[word.end : word.end + 2].casefold() in ("'s", "’s")
        return 0.7 if possessive or (pos == "PROPN" and _person_here(reading, place)) else 0.0
    finite = reading.analysis.tag[reading.token(following)] in _FINITE
    return 0.7 if finite or following.folded in SPEECH else (0.6 if pos == "PROPN" else 0.0)


def _person_here(reading: Reading, place: int) -> bool:
    word = reading.words[place]
    return any(one.label == "PERSON" for one in reading.entities_at(word))


_THANKED = phrases("thanks")
_GREETED = phrases("greetings")
_CALLED = (" from", " then")
_STOPS = ",.?!;:—–…"
_NEAR = 40


def addressed(reading: Reading, place: int) -> bool:
    """Whether a word stands where one calls a person: "thank you, mark.", "mark, do you", "mark?"."""
    word = reading.words[place]
    # No more than a few letters: a turn of an hour has a million, and many such words.
    before = reading.text[max(0, word.start - _NEAR) : word.start].rstrip("".join(SPACE))
    after = reading.text[word.end : word.end + _NEAR].lstrip("".join(SPACE))
    closed = not after or after[0] in _STOPS
    opened = not before or before[-1] in _STOPS
    called = " ".join(other.folded for other in reading.words[max(0, place - 2) : place])
    thanked = called.endswith(_THANKED) and reading.gap(place) in SPACE
    alone = not before and not after  # a turn of one word: "Will."
    return closed and (opened or thanked) and not (alone and reading.pos(word) == "AUX")
