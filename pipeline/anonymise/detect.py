"""Where a text names a person: whom it may mean by the form, and how sure that is.

Names are searched for by their forms; who is searched for are the people at the table, and third parties that
`discover` found anywhere in the series, so that a name found once is found everywhere.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.anonymise.forms import POSTNOMINALS, TITLES, Form, Word, fold, forms_of, is_given, is_word, joined, words
from pipeline.anonymise.keep import KeepList
from pipeline.anonymise.roster import Somebody
from pipeline.backends.protocols import Analysis

# Of the words of normal English text, some 5 % open with a capital; speech recognition that writes none has about 0.
UNCASED_SHARE = 0.01
# In capitals throughout, a capital says nothing either.
SHOUTED_SHARE = 0.7


@dataclass(frozen=True)
class Reading:
    """A turn with its words and its linguistic analysis."""

    turn_id: str
    transcript_id: str
    roundtable_id: str
    index: int
    speaker: str  # key of who speaks; empty for a title or a question
    text: str
    analysis: Analysis
    cased: bool = True  # whether capitals tell names here
    words: tuple[Word, ...] = field(default=(), compare=False)

    def token(self, offset: int) -> int:
        """The index of the token at an offset, or of the last before it; -1 before the first."""
        return bisect_right(self.analysis.starts, offset) - 1

    def tag(self, word: Word) -> str:
        """The universal part of speech of a word."""
        place = self.token(word.start)
        return self.analysis.pos[place] if place >= 0 else "X"

    def opens(self, word: Word) -> bool:
        """Whether a word opens a sentence, so that its capital tells nothing."""
        place = self.token(word.start)
        first = place >= 0 and self.analysis.sent_start[place] and self.analysis.starts[place] == word.start
        return first or not re.search(r"[^\W_][^.?!:…]*$", self.text[max(0, word.start - 40) : word.start])


@dataclass(frozen=True, slots=True)
class Mention:
    """A span of a turn that names a person."""

    turn_id: str
    start: int
    end: int
    candidates: tuple[str, ...]  # keys of whom the form fits, the likeliest kind of form first
    kind: str  # of the form: full, alias, given ...
    found_by: str  # roster, speaker, model, propagation, sound
    confidence: float
    title: str = ""  # "mr" before it, folded


def read(turns: Iterable[tuple[str, str, str, int, str, str]], analyses: Sequence[Analysis]) -> list[Reading]:
    """Readings of (turn_id, transcript_id, roundtable_id, index, speaker, text); case is judged by transcript."""
    listed = list(turns)
    told = [words(turn[-1]) for turn in listed]
    capitals: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for turn, found in zip(listed, told, strict=True):
        total[turn[1]] += len(found)
        capitals[turn[1]] += sum(word.capital for word in found)
    cased = {name: UNCASED_SHARE < capitals[name] / max(1, total[name]) < SHOUTED_SHARE for name in total}
    return [
        Reading(*turn, analysis, cased[turn[1]], found)
        for turn, analysis, found in zip(listed, analyses, told, strict=True)
    ]


class Vocabulary:
    """What the series itself says about a word: how often it stands without a capital in text that has them."""

    def __init__(self, readings: Iterable[Reading]) -> None:
        small: Counter[str] = Counter()
        for reading in readings:
            if reading.cased:
                small.update(word.folded for word in reading.words if not word.capital)
        self._small = small

    def is_word(self, form: str) -> bool:
        """Whether a folded name is also a word, by the shipped list or by how people write it here."""
        return is_word(form) or self._small[form] > 1


# --- searching for known people ----------------------------------------------------------------------------------

_KINDS = ("full", "alias", "initials", "given", "family", "half", "nickname", "sound")
# How sure a form is by itself.
_CONFIDENCE = {
    "full": 0.99, "alias": 0.95, "initials": 0.9, "given": 0.9, "family": 0.85, "half": 0.85, "nickname": 0.75, "sound": 0.7,
}  # fmt: skip


class Forms:
    """The forms of many people, by their first word."""

    def __init__(self, people: Iterable[Somebody], vocabulary: Vocabulary) -> None:
        self.people = {somebody.key: somebody for somebody in people}
        self._by_first: dict[str, dict[tuple[str, ...], list[tuple[str, str]]]] = {}
        self._vocabulary = vocabulary
        for somebody in self.people.values():
            for form in _searched(somebody):
                owners = self._by_first.setdefault(form.words[0], {}).setdefault(form.words, [])
                owners.append((form.kind, somebody.key))

    def starting(self, word: str) -> list[tuple[tuple[str, ...], list[tuple[str, str]]]]:
        """The forms that open with a word, longest first, each with (kind, key) of whom it names."""
        return sorted(self._by_first.get(word, {}).items(), key=lambda item: (-len(item[0]), item[0]))

    def unsure(self, form: tuple[str, ...]) -> bool:
        """Whether a form needs case, grammar or address beside it."""
        return len(form) == 1 and self._vocabulary.is_word(form[0])


def _searched(somebody: Somebody) -> list[Form]:
    if not somebody.named:
        return []
    forms = forms_of(somebody.name, somebody.aliases)
    if somebody.at_table:
        return list(forms)
    # A third party's nicknames and halves would fit too many words.
    return [form for form in forms if form.kind in ("full", "alias", "given", "family", "initials")]


def find_people(readings: Iterable[Reading], forms: Forms, keep: KeepList) -> Iterator[Mention]:
    """Every place where a text has a form of somebody's name, if what stands around it allows it."""
    for reading in readings:
        place = 0
        while place < len(reading.words):
            mention, taken = _at(reading, place, forms, keep)
            if mention is not None:
                yield mention
            place += taken


def _at(reading: Reading, place: int, forms: Forms, keep: KeepList) -> tuple[Mention | None, int]:
    for form, owners in forms.starting(reading.words[place].folded):
        last = place + len(form) - 1
        if not _spelt(reading, place, form):
            continue
        here = _allowed(reading, place, last, form, owners, forms, keep)
        if here is None:
            continue
        kind, candidates, confidence = here
        start, title = _title_before(reading, place)
        who = forms.people[candidates[0]]
        by = ("roster" if who.key.startswith("roster") else "speaker") if who.at_table else "propagation"
        found = Mention(reading.turn_id, start, reading.words[last].end, candidates, kind, by, confidence, title)
        return found, len(form)
    return None, 1


def _spelt(reading: Reading, place: int, form: tuple[str, ...]) -> bool:
    found = reading.words[place : place + len(form)]
    if tuple(word.folded for word in found) != form:
        return False
    return all(joined(reading.text, left, right) for left, right in zip(found, found[1:], strict=False))


def _allowed(
    reading: Reading,
    first: int,
    last: int,
    form: tuple[str, ...],
    owners: Sequence[tuple[str, str]],
    forms: Forms,
    keep: KeepList,
) -> tuple[str, tuple[str, ...], float] | None:
    """The kind of form, whom it may name and how sure it is; None where it names nobody here."""
    if _inside_a_word(reading, first, last):
        return None
    title = _title_before(reading, first)[1]
    owners = _near(owners, forms, reading.roundtable_id, title)
    if not owners:
        return None
    kind = min((kind for kind, _ in owners), key=_KINDS.index)
    if title and any(kind == "family" for kind, _ in owners):
        kind = "family"
    candidates = tuple(key for own, key in owners if own == kind)
    word = reading.words[first]
    if len(form) > 1:
        if reading.cased and not word.capital and any(is_word(part) for part in form):
            return None
        return kind, candidates, _CONFIDENCE[kind]
    if reading.cased and not word.capital:
        return None
    if keep.keeps(reading.text[word.start : word.end], bodies=False) and not title:
        return None
    if _part_of_another_name(reading, first):
        return None
    if not forms.unsure(form):
        return kind, candidates, _CONFIDENCE[kind]
    sure = names_by_context(reading, first)
    return (kind, candidates, round(sure * _CONFIDENCE[kind], 3)) if sure else None


def _inside_a_word(reading: Reading, first: int, last: int) -> bool:
    """Whether the letters go on in digits or an underscore: "mark2", "will_i"."""
    before = reading.text[reading.words[first].start - 1 : reading.words[first].start]
    after = reading.text[reading.words[last].end : reading.words[last].end + 1]
    return before.isdigit() or after.isdigit() or before in ("_", "@", "#") or after in ("_", "@")


def _near(owners: Sequence[tuple[str, str]], forms: Forms, roundtable: str, title: str) -> list[tuple[str, str]]:
    """Whom a form may name at this roundtable: those who sit here before all others.

    A nickname or half a family name of somebody who isn't here says too little; nor does a given name alone of a
    third party whose whole name nobody said here.
    """
    here = [(kind, key) for kind, key in owners if roundtable in forms.people[key].roundtables]
    if here:
        return here
    told = [(kind, key) for kind, key in owners if kind in ("full", "alias", "family", "initials")]
    if told:
        return told
    return [(kind, key) for kind, key in owners if kind == "given" and forms.people[key].at_table]


_SAINT = frozenset({"st", "saint", "sant", "santes", "san", "santa", "llan"})
_INSTITUTION = frozenset(
    ["university", "college", "school", "academy", "institute", "foundation", "trust", "hospital", "hospice", "house", "hall", "street", "road", "avenue", "lane", "square", "park", "centre", "center", "building", "prize", "award", "cup", "ltd", "limited", "plc", "llp", "inc", "bank", "council", "committee", "court", "church", "chapel", "cathedral", "airport", "station", "bridge", "paper", "papers", "ysgol", "coleg", "prifysgol"]
)


def _part_of_another_name(reading: Reading, place: int) -> bool:
    """Whether a lone name belongs to a saint or an institution: "Trinity Saint David", "Grant Thornton House"."""
    if not reading.cased:
        return False
    if (
        place
        and reading.words[place - 1].folded in _SAINT
        and joined(reading.text, *reading.words[place - 1 : place + 1])
    ):
        return True
    word = reading.words[place]
    for entity in reading.analysis.entities:
        if (
            entity.start <= word.start
            and word.end <= entity.end
            and entity.label in ("ORG", "FAC", "GPE", "LOC", "LAW")
        ):
            inside = {other.folded for other in reading.words if entity.start <= other.start < entity.end}
            return len(inside) > 1 and bool(inside & _INSTITUTION)
    following = reading.words[place + 1 : place + 2]
    return bool(
        following
        and following[0].capital
        and following[0].folded in _INSTITUTION
        and reading.text[word.end : following[0].start] == " "
    )


def _title_before(reading: Reading, place: int) -> tuple[int, str]:
    """Where a name starts with its titles ("Professor Dame"), and the title nearest to it; empty for none."""
    start, title = reading.words[place].start, ""
    while place and reading.words[place - 1].folded in TITLES:
        before = reading.words[place - 1]
        if not re.fullmatch(r"\.?\s", reading.text[before.end : reading.words[place].start]):
            break
        if reading.cased and not before.capital:
            break
        start, title, place = before.start, title or before.folded, place - 1
    return start, title


_ADDRESS = frozenset(
    ["thank", "thanks", "hi", "hello", "hey", "dear", "diolch", "welcome", "sorry", "please", "okay", "ok", "yes", "no", "right", "well", "so", "cheers", "croeso"]
)
_SPEECH = frozenset(
    ["said", "says", "say", "mentioned", "asked", "asks", "made", "raised", "talked", "spoke", "told", "referred", "pointed", "suggested", "described", "explained", "thinks", "thought", "wants", "wanted", "knows", "agrees", "agreed", "touched", "alluded", "outlined", "and's", "was's", "has's"]
)
_DETERMINER = frozenset(
    ["the", "a", "an", "this", "that", "these", "those", "my", "your", "our", "their", "his", "her", "its", "each", "every", "any", "some", "no", "another"]
)


def names_by_context(reading: Reading, place: int) -> float:
    """How sure it is that a word which may be a name is one here, by grammar and address; 0 where it isn't."""
    word = reading.words[place]
    before = reading.words[place - 1] if place else None
    if _title_before(reading, place)[1]:
        return 1.0
    if before is not None and before.folded in _DETERMINER and reading.text[before.end : word.start] == " ":
        return 0.0
    if _addressed(reading, place):
        return 0.9
    if not reading.cased:
        return 0.7 if _speaks(reading, place) else 0.0
    if _before_another_capital(reading, place):
        return 0.0
    if reading.tag(word) == "PROPN":
        return 0.7 if reading.opens(word) else 0.9
    entity = any(
        found.label == "PERSON" and found.start <= word.start < found.end for found in reading.analysis.entities
    )
    return 0.7 if entity and not reading.opens(word) else 0.0


def _addressed(reading: Reading, place: int) -> bool:
    """Whether a word stands where one calls a person: "thank you, mark.", "mark, do you", "mark?"."""
    word = reading.words[place]
    before = reading.text[: word.start].rstrip(" \u00a0")
    after = reading.text[word.end :].lstrip(" \u00a0")
    closed = not after or after[0] in ",.?!;:—–-"
    opened = not before or before[-1] in ",.?!;:—–-"
    if reading.cased and reading.words[place].capital and reading.tag(word) in ("AUX", "VERB") and not closed:
        return False
    called = " ".join(other.folded for other in reading.words[max(0, place - 2) : place])
    thanked = called.endswith(
        ("thank you", "thanks", "over to", "back to", "thank you very", "you very much", "diolch")
    )
    return closed and (opened or thanked or (called.split()[-1:] == ["and"] and not reading.cased and False))


def _speaks(reading: Reading, place: int) -> bool:
    """Whether a verb of saying follows: "mark said"."""
    following = reading.words[place + 1 : place + 2]
    return bool(following) and following[0].folded in _SPEECH


def _before_another_capital(reading: Reading, place: int) -> bool:
    """Whether a capitalised word follows directly: "White Paper", "Bill Committee"."""
    following = reading.words[place + 1 : place + 2]
    if not following or not following[0].capital or len(following[0].folded) < 2:
        return False
    return reading.text[reading.words[place].end : following[0].start] in (" ", "-")


# --- finding people nobody listed --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Discovery:
    """A span that seems to name somebody who isn't at the table."""

    turn_id: str
    roundtable_id: str
    start: int  # of the name, titles left out
    end: int
    text: str
    found_by: str  # model, title, given name, review
    confidence: float
    title: str


def discover(readings: Iterable[Reading], vocabulary: Vocabulary, keep: KeepList) -> Iterator[Discovery]:
    """Spans that seem to name a person, by the model, a title, a given name, or a review called after somebody."""
    for reading in readings:
        yield from _by_model(reading, vocabulary, keep)
        if reading.cased:
            yield from _by_title(reading, keep)
            yield from _by_given_name(reading, vocabulary, keep)
            yield from _by_review(reading, vocabulary, keep)


def _by_model(reading: Reading, vocabulary: Vocabulary, keep: KeepList) -> Iterator[Discovery]:
    for entity in reading.analysis.entities:
        if entity.label != "PERSON":
            continue
        inside = [word for word in reading.words if entity.start <= word.start and word.end <= entity.end]
        inside = _trimmed(reading, inside)
        if inside:
            yield _found(reading, inside, "model", plausible(reading, inside, vocabulary, keep))


def _trimmed(reading: Reading, inside: list[Word]) -> list[Word]:
    """Without titles, letters after the name, a possessive and words in small letters at the ends."""
    while inside and (inside[0].folded in TITLES or (reading.cased and not inside[0].capital)):
        inside = inside[1:]
    while inside and (
        reading.text[inside[-1].start : inside[-1].end] in POSTNOMINALS
        or (inside[-1].folded == "s" and len(inside) > 1)
        or (reading.cased and not inside[-1].capital)
    ):
        inside = inside[:-1]
    return inside


_NO_NAMES = frozenset(
    ["minister", "ministers", "committee", "council", "act", "bill", "review", "report", "government", "assembly", "senedd", "parliament", "cymru", "wales", "welsh", "ysgol", "coleg", "prifysgol", "cylch", "ty", "ynys", "cwm", "cefn", "university", "college", "school", "trust", "service", "services", "health", "board", "education", "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "court", "convention", "article", "section", "department", "office", "university", "commission", "association", "society", "centre", "national", "international", "programme", "strategy", "fund", "children", "people", "young", "first", "north", "south", "east", "west", "royal", "high", "street", "road", "county", "city", "town", "district", "republic", "union", "company", "limited", "bank", "group", "party", "federal", "code"]
)


def plausible(reading: Reading, inside: Sequence[Word], vocabulary: Vocabulary, keep: KeepList) -> float:
    """How likely words that the model takes for a person are one; below 0.5 it is a question for people."""
    folded = [word.folded for word in inside]
    whole = reading.text[inside[0].start : inside[-1].end]
    if keep.keeps(whole, bodies=True) or not all(
        joined(reading.text, *pair) for pair in zip(inside, inside[1:], strict=False)
    ):
        return 0.0
    if len(inside) > 5 or any(word in _NO_NAMES for word in folded) or re.search(r"[\d—:;/]", whole):
        return 0.0
    if _title_before(reading, reading.words.index(inside[0]))[1]:
        return 0.95
    if len(folded) == 1:
        return _plausible_alone(reading, inside[0], vocabulary)
    if is_given(folded[0]) or len(folded[0]) == 1:
        return 0.9
    return 0.3 if any(vocabulary.is_word(word) for word in folded) else 0.6


def _plausible_alone(reading: Reading, word: Word, vocabulary: Vocabulary) -> float:
    if len(word.folded) < 3 or reading.text[word.start : word.end].isupper():
        return 0.0
    if vocabulary.is_word(word.folded):
        return 0.3 if is_given(word.folded) and names_by_context(reading, reading.words.index(word)) else 0.0
    if is_given(word.folded):
        return 0.8
    place = reading.words.index(word)
    return 0.6 if _speaks(reading, place) or (_addressed(reading, place) and not reading.opens(word)) else 0.3


def _found(reading: Reading, inside: Sequence[Word], by: str, confidence: float) -> Discovery:
    start, end = inside[0].start, inside[-1].end
    title = _title_before(reading, reading.words.index(inside[0]))[1]
    return Discovery(reading.turn_id, reading.roundtable_id, start, end, reading.text[start:end], by, confidence, title)


def _by_title(reading: Reading, keep: KeepList) -> Iterator[Discovery]:
    """ "Mr Reckless", "Mr Z.M. Necatigil", "Baroness Morgan": the capitalised words after a title."""
    for place, word in enumerate(reading.words):
        if place == 0 or not word.capital or word.folded in TITLES or not _title_before(reading, place)[1]:
            continue
        inside = _capitals_from(reading, place)
        whole = reading.text[inside[0].start : inside[-1].end]
        if not keep.keeps(whole, bodies=False) and not all(one.folded in _NO_NAMES for one in inside):
            yield _found(reading, inside, "title", 0.95)


_BINDING = frozenset(["de", "del", "della", "di", "da", "dos", "du", "la", "le", "van", "von", "der", "den", "ter", "ten", "ap", "ab", "al", "el", "bin", "ibn"])


def _capitals_from(reading: Reading, place: int) -> list[Word]:
    """A capitalised word and those that go on from it as one name: initials, particles, hyphens."""
    inside = [reading.words[place]]
    for follower, after in zip(reading.words[place + 1 :], [*reading.words[place + 2 :], None], strict=True):
        gap = reading.text[inside[-1].end : follower.start]
        initial = len(inside[-1].folded) == 1 or (len(inside[-1].folded) == 2 and gap == ".")
        near = gap in (" ", "-", "'", "’", "\u00a0") or (initial and gap in (".", ". ", ".-"))
        binding = follower.folded in _BINDING and after is not None and after.capital
        if not near or not (follower.capital or binding) or (gap in ("'", "’") and follower.folded == "s"):
            break
        if reading.text[follower.start : follower.end] in POSTNOMINALS and len(inside) > 1:
            break
        inside.append(follower)
    return inside[:6]


def _by_given_name(reading: Reading, vocabulary: Vocabulary, keep: KeepList) -> Iterator[Discovery]:
    """A known given name with a capitalised word after it that isn't an ordinary one: "Ceri Bevan"."""
    for place, word in enumerate(reading.words[:-1]):
        if not word.capital or not is_given(word.folded) or (vocabulary.is_word(word.folded) and reading.opens(word)):
            continue
        inside = _trimmed(reading, _capitals_from(reading, place))
        folded = [one.folded for one in inside]
        if len(inside) < 2 or len(inside) > 4 or any(one in _NO_NAMES for one in folded):
            continue
        if _part_of_another_name(reading, place) or keep.keeps(reading.text[word.start : inside[-1].end], bodies=True):
            continue
        if any(reading.tag(one) not in ("PROPN", "X") for one in inside):
            continue
        yield _found(reading, inside, "given name", 0.85)


_REVIEW = frozenset(["review", "report", "reviews", "recommendations", "inquiry", "commission's", "proposals"])


def _by_review(reading: Reading, vocabulary: Vocabulary, keep: KeepList) -> Iterator[Discovery]:
    """A review called after whoever led it: "the Augar review"."""
    for place, word in enumerate(reading.words[:-1]):
        follower = reading.words[place + 1]
        if not word.capital or follower.folded not in _REVIEW or reading.text[word.end : follower.start] != " ":
            continue
        before = reading.words[place - 1] if place else None
        lone = (
            before is None
            or not before.capital
            or reading.text[before.end : word.start] != " "
            or reading.opens(before)
        )
        shown = reading.text[word.start : word.end]
        if not lone or shown.isupper() or word.folded in _NO_NAMES or len(word.folded) < 4:
            continue
        if keep.keeps(shown, bodies=True) or (vocabulary.is_word(word.folded) and reading.tag(word) != "PROPN"):
            continue
        if reading.tag(word) == "PROPN":
            yield _found(reading, [word], "review", 0.6)


def folded_words(text: str) -> tuple[str, ...]:
    """The folded words of a name."""
    return tuple(word.folded for word in words(fold(text)))


def by_turn(mentions: Iterable[Mention]) -> Mapping[str, list[Mention]]:
    """Mentions by their turn, in order of place."""
    found: dict[str, list[Mention]] = {}
    for mention in mentions:
        found.setdefault(mention.turn_id, []).append(mention)
    return {turn: sorted(listed, key=lambda one: (one.start, -one.end)) for turn, listed in found.items()}
