"""Every form in which a person's name may be written or said: pure functions of the name and its aliases.

Detection searches with these forms, and the gate proves with them that none is left.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice, pairwise
from typing import NamedTuple

from pipeline.anonymise.lists import lines, listed
from pipeline.welsh import mutations

# Letters that Unicode doesn't take apart into a plain one and an accent.
_PLAIN = str.maketrans(
    {"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "ı": "i"}
    | {"İ": "I", "ð": "d", "þ": "th", "ŋ": "n", "’": "'", "‘": "'"}
)
# Letters between two words beside each other, at most: spaces, and the gaps where a document's tags were.
_BEFORE = 1_000
# Nearly always it is within so many.
_JUST_BEFORE = 40
# Letters of a part of a text: a run's place is found by reading one of them again, not the whole text.
_PART = 2_000
# Where a text may be cut; a column of a table has lines and no spaces.
_CUT = re.compile(r"[\s,;.]")
_RUN = re.compile(r"[^\W\d_]+(?:[̀-ͯ]+[^\W\d_]*)*")
# How a name's parts may stand beside each other: "Finch-Saunders", "J. P. Smith", "O'Neill", a line's end.
_GAP = re.compile(r"(?:[\s\-‐‑–.]{1,3}|['’‘`])?")

TITLES = listed("titles") | listed("titles_he") | listed("titles_she") | listed("titles_they")
SHORT_TITLES = listed("short_titles")
POSTNOMINALS = listed("postnominals")
_HE = listed("titles_he")
_SHE = listed("titles_she")
PARTICLES = listed("particles")
# In small letters these are words, in whatever language the talk is: "yr haf".
WELSH_WORDS = listed("welsh_words")
# And these, as they are written here, where the talk is Welsh.
WELSH_QUESTIONS = listed("welsh_questions")
EVERYDAY_WELSH = WELSH_QUESTIONS | listed("welsh_everyday")


def fold(text: str) -> str:
    """The text without accents and case: "Siân" and "SIAN" are both "sian"."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.translate(_PLAIN))
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).casefold()


EVERYDAY_FOLDED = frozenset(fold(word) for word in EVERYDAY_WELSH)


class Word(NamedTuple):
    """A run of letters in a text."""

    start: int
    end: int
    folded: str
    capital: bool  # it opens with a capital letter


def words(text: str) -> tuple[Word, ...]:
    """The runs of letters of a text, in order; "O'Neill's" gives three."""
    return tuple(map(_word, _RUN.finditer(text)))


def _word(found: re.Match[str]) -> Word:
    # Not by Word(...), which takes as long as all the rest, and a series has a million of them.
    return tuple.__new__(Word, (*found.span(), *_told(found.group())))


class Runs:
    """The runs of letters of a text as they are written, in order, and where each of them stands."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._cuts = [0, *_spaces(text), len(text)]
        self._firsts: list[int] = []  # the number of each part's first run
        self.written: list[str] = []
        for start, end in pairwise(self._cuts):
            self._firsts.append(len(self.written))
            self.written += _as_written(text[start:end])

    def start(self, number: int) -> int:
        """Where the run of this number starts; only its part of the text is read again for it."""
        part = bisect_right(self._firsts, number) - 1
        found = _RUN.finditer(self._text, self._cuts[part], self._cuts[part + 1])
        return next(islice(found, number - self._firsts[part], None)).start()


def _as_written(text: str) -> list[str]:
    try:
        letters = text.encode("cp1252").translate(_LETTERS_ALONE)
    except UnicodeEncodeError:
        return _RUN.findall(text)
    # Half of the pattern's time, for what is written with the letters of Western Europe and typists' marks.
    return letters.decode("cp1252").split()


def _letters_alone() -> bytes:
    """Each byte of Windows-1252 by what it is among letters: itself, or a space."""
    shown = (bytes([number]).decode("cp1252", errors="replace") for number in range(256))
    return bytes(number if _RUN.fullmatch(letter) else 32 for number, letter in enumerate(shown))


_LETTERS_ALONE = _letters_alone()


def _spaces(text: str) -> Iterator[int]:
    """Where a long text is parted, none of its runs in two."""
    found = _CUT.search(text, _PART)
    while found:
        yield found.start()
        found = _CUT.search(text, found.start() + _PART)


def words_around(text: str, start: int, *, after: int) -> tuple[Word, ...]:
    """The word before `start`, the one there, and up to `after` that follow; without reading the whole text."""
    return tuple(map(_word, (*_before(text, start), *islice(_RUN.finditer(text, start), after + 1))))


def _before(text: str, start: int) -> Iterable[re.Match[str]]:
    """The run of letters before `start`; none if there is none near."""
    for reach in (_JUST_BEFORE, _BEFORE):
        opens = max(0, start - reach)
        found = deque(_RUN.finditer(text, opens, start), maxlen=1)
        # What opens the part that was searched may be the end of a longer word.
        if found and (found[0].start() > opens or not opens):
            break
    return found


def find_words(
    texts: Iterable[str], sought: Set[str], *, after: int = 1
) -> Iterator[tuple[int, tuple[Word, ...], int]]:
    """Each place in these texts where one of these folded words stands: the text's number, the word before it with it
    itself and up to `after` that follow, and its number among these."""
    listed = [(text, Runs(text)) for text in texts]
    written = {run for run in set().union(*(found.written for _, found in listed)) if _told(run)[0] in sought}
    for number, (text, found) in enumerate(listed):
        if not written.isdisjoint(found.written):
            for start in (found.start(place) for place, run in enumerate(found.written) if run in written):
                near = words_around(text, start, after=after)
                yield number, near, int(near[0].start < start)


@lru_cache(maxsize=2**16)
def _told(written: str) -> tuple[str, bool]:
    # A series of a million words has some ten thousand different ones, and each is read by many questions.
    return fold(written), written[0].isupper()


def joined(text: str, left: Word, right: Word) -> bool:
    """Whether two words stand as close as the parts of one name do."""
    # A full stop inside a name follows an initial: "J. P. Rees", not "thank you, Bob. Will you".
    if "." in text[left.end : right.start] and len(left.folded) > 2:
        return False
    return _GAP.fullmatch(text, left.end, right.start) is not None


@dataclass(frozen=True, slots=True)
class Name:
    """A speaker's label or a roster's name, taken apart."""

    given: tuple[str, ...]  # folded; ("sian",); all but the last word's family name
    family: tuple[str, ...]  # folded; ("finch", "saunders"); empty where there is one word only
    sex: str  # "he" or "she" where the title tells; else empty
    shown: str  # without title, letters after the name and organisation
    organisation: str  # "First Surname (Organisation)" and "[ORG]"; empty where not given
    initials: str = ""  # "First Surname (FS)", as it stands there; empty where not given

    @property
    def folded(self) -> str:
        """The whole name, folded: what two labels of one person have in common."""
        return " ".join((*self.given, *self.family))


_BRACKET = re.compile(r"[(\[]([^)\]]*)[)\]]")
# "Siôn | Taf", "Nia Pryce - Powys CC": how people say in Zoom where they are from. A lone word after a dash may be half
# of a name, "Ann Llwyd - Parry".
_BESIDE = re.compile(r"\s+(?:\||[–—-](?=\s+\S+\s+\S))\s+(.+)$")
# "Bryn's iPhone": whose it is.
_DEVICE = re.compile(r"(?i)['’]s (?:iphone|ipad|mac|macbook|galaxy|pixel|phone|laptop|tablet|surface|pc)\b.*$")
_NOBODY = listed("nobody") | listed("offices")
_BESIDE_OFFICES = listed("beside_offices")
# Of these, the ones that are usual family names.
_FAMILY_OFFICES = frozenset("ward young head foster link key senior junior".split())
_SOMEWHERE = listed("institutions") | listed("no_names")
_CALLED = listed("kin") | listed("offices") | listed("jobs")


def is_name(label: str) -> bool:
    """Whether a speaker's label names somebody: "SPEAKER_00", "Chair", "Social Worker 2" and "P07" don't."""
    runs = {word.folded for word in words(label)}
    nobody = (_is_office(runs) or _is_office_somewhere(label)) and not _is_titled(label)
    return not nobody and any(len(run) > 1 for run in runs)


def _is_office(runs: Set[str]) -> bool:
    # Head or Young alone is a family name; "Head of Service" and "Young Person 3" are not.
    return runs - _BESIDE_OFFICES <= _NOBODY and not _NOBODY.isdisjoint(runs)


def _is_titled(label: str) -> bool:
    """Whether it is an office with a family name behind it, "Councillor Young"; what tells which stands before it."""
    told = [word.folded for word in words(label)]
    return len(told) == 2 and told[0] in _NOBODY and told[1] in _FAMILY_OFFICES


def _is_office_somewhere(label: str) -> bool:
    """Whether it tells an office and where: "Head of Ysgol Aeron", "Manager, Aeron Council"; not "Nurse, Ann"."""
    office, parted, where = label.partition(" of ")
    if parted and {word.folded for word in words(office)} <= _NOBODY | _BESIDE_OFFICES:
        return True
    office, parted, where = label.partition(",")
    told = {word.folded for word in words(where)}
    # "Aeron" is a river, a council's and a man's.
    somewhere = bool(told) and (not told.isdisjoint(_SOMEWHERE) or not any(map(is_given, told)))
    return somewhere and _is_office({word.folded for word in words(office)})


@lru_cache(maxsize=2**14)
def parse_name(label: str) -> Name:
    """A label taken apart: "Surname, First [ORG]", "Prof. Sian Gwenllian AM", "Ann Rees (Powys)", "Ann Rees (AR)"."""
    label = _named_beside_an_office(label)
    outside = _DEVICE.sub("", re.sub(r"\s+", " ", _BRACKET.sub(" ", label)).strip(" ,;:"))
    bare = _BESIDE.sub("", outside)
    head, comma, tail = bare.partition(",")
    if comma and not all(part.strip(".") in POSTNOMINALS for part in re.split(r"[ ,]+", tail.strip())):
        bare = f"{tail.strip()} {head.strip()}"
    parts = bare.replace(",", " ").split()
    sex = ""
    while len(parts) > 1 and parts[0].casefold().strip(".") in TITLES:
        sex = sex_of(parts[0].casefold().strip(".")) or sex
        parts = parts[1:]
    while len(parts) > 1 and parts[-1].strip(".") in POSTNOMINALS:
        parts = parts[:-1]
    # "Sister Hafgan", "Nurse Oyelaran", "Auntie Bev": what one calls her is no given name. Nan is one.
    if len(parts) > 1 and fold(parts[0]) in _CALLED and not is_given(fold(parts[0])):
        parts = parts[1:]
    given, family = map(_runs, _split(parts))
    if not given:  # "7 Rees", "Rees, 7": a number is no name
        given, family = family, ()
    brackets = _BRACKET.findall(label)
    initials = next((one for one in brackets if _are_initials(one, parts)), "")
    organisation = " ".join((*(one for one in brackets if one != initials), *_BESIDE.findall(outside)))
    return Name(given, family, sex, " ".join(parts), organisation.strip(), initials)


def _named_beside_an_office(label: str) -> str:
    """The name in brackets behind an office, "Ward Manager (Sister Hafgan)"; else the label as it is."""
    inside = _BRACKET.search(label)
    told = fold(inside[1]).split() if inside else []
    if inside is None or len(told) == 0 or _is_office(set(told)):
        return label
    beside = {word.folded for word in words(_BRACKET.sub(" ", label))}
    titled = len(told) > 1 and told[0].strip(".") in TITLES | _CALLED and not beside.isdisjoint(_NOBODY)
    return inside[1] if titled or (is_given(told[0]) and _is_office(beside)) else label


def _are_initials(letters: str, parts: Sequence[str]) -> bool:
    firsts = "".join(half[0] for part in parts for half in part.split("-") if half)
    return letters.isupper() and letters in {firsts, firsts[:1] + firsts[-1:]} and len(letters) > 1


def sex_of(title: str) -> str:
    """ "he" or "she" where a folded title tells; else empty."""
    return "he" if title in _HE else "she" if title in _SHE else ""


def _split(parts: list[str]) -> tuple[list[str], list[str]]:
    if len(parts) < 2:
        return parts, []
    if _is_of_a_place(parts):
        return parts[:1], parts[1:]
    last = len(parts) - 1
    while last > 1 and fold(parts[last - 1]).strip(".'") in PARTICLES:
        last -= 1
    return parts[:last], parts[last:]


def _is_of_a_place(parts: Sequence[str]) -> bool:
    """Whether somebody is called by a place or a trade: "Nerys y Bont", "Wil yr Efail"; the bridge and the smithy are
    no family names."""
    return len(parts) == 3 and parts[1] in ("y", "yr")


def _runs(parts: Iterable[str]) -> tuple[str, ...]:
    return tuple(word.folded for part in parts for word in words(part))


@dataclass(frozen=True, slots=True)
class Form:
    """One way of naming a person."""

    words: tuple[str, ...]  # folded runs of letters
    kind: str  # full, alias, initials, given, family, half, nickname, middle
    is_word: bool  # also an English word, or too short to be sure: needs case, grammar or address beside it


def forms_of(name: str, aliases: Iterable[str] = ()) -> tuple[Form, ...]:
    """The forms of a person, the most telling kind first; a form that two kinds give keeps the first.

    Possessives need none of their own: the words are runs of letters, so "Siân's" is "sian" and an "s".
    """
    found: dict[tuple[str, ...], Form] = {}
    for form_words, kind in _every_form(name, aliases):
        if kind == "initials" and all(len(word) == 1 for word in form_words):
            continue  # of "Jane R": two letters beside each other are in any table
        if form_words and form_words not in found and len("".join(form_words)) > 1:
            found[form_words] = Form(form_words, kind, len(form_words) == 1 and is_word(form_words[0]))
    return tuple(found.values())


def _every_form(name: str, aliases: Iterable[str]) -> Iterator[tuple[tuple[str, ...], str]]:
    parsed = parse_name(name)
    given, family = parsed.given, parsed.family
    yield (*given, *family), "full"
    yield from ((_runs([alias]), "alias") for alias in aliases)
    if not given:  # a telephone's number, where nobody said whose it is
        return
    if family and family[0] not in ("y", "yr"):
        yield (*given[:1], *family), "full"
        yield (given[0][0], *family), "initials"
        yield (*(part[0] for part in given), *family), "initials"
        yield from (((short, *family), "full") for short in nicknames(given[0]))
        # Of Tomos Rees, whom the list calls Tom too, "Tom Rees"; initials would take "ar Rees" with them.
        yield from (
            ((*called, *family), "full") for called in (_runs([alias]) for alias in aliases) if _is_lone_given(called)
        )
        if len(family) > 1:
            yield from (((given[0], half), "full") for half in family if half not in PARTICLES)
    if len(given) > 1 and any(len(part) > 1 for part in given):
        # Of "T. R. Mortlake" the initials alone name nobody: they are a table's row, and a person in any company.
        yield given, "given"
    yield given[:1], "given"
    if family and family[0] not in ("y", "yr"):
        yield family, "family"
        # "Cruz" alone is as much Maricel dela Cruz as "dela Cruz" is.
        if len(bare := tuple(part for part in family if part not in PARTICLES)) == 1:
            yield bare, "family"
        if len(family) > 1:
            yield from (((half,), "half") for half in family if half not in PARTICLES and len(half) > 2)
            yield ("".join(family),), "half"
    yield from (((short,), "nickname") for short in nicknames(given[0]))
    yield from (((middle,), "middle") for middle in given[1:] if len(middle) > 2 and middle not in PARTICLES)


def _is_lone_given(called: Sequence[str]) -> bool:
    return len(called) == 1 and is_given(called[0])


def surfaces(name: str, aliases: Iterable[str] = ()) -> tuple[tuple[str, bool], ...]:
    """What must not be found of a person in anything released: folded text, and whether it is also a word.

    A search for them is for whole words in folded text, so that a possessive is covered; a part of a name that is
    also a word ("mark", "white") can't be told from the word by its letters alone.
    """
    listed = {
        " ".join(form.words): form.is_word
        for form in forms_of(name, aliases)
        if form.kind not in ("nickname", "middle")
    }
    return tuple(sorted(listed.items()))


def nicknames(given: str) -> tuple[str, ...]:
    """Short forms of a folded given name, and what it may be short for."""
    return _nicknames().get(given, ())


def is_word(form: str) -> bool:
    """Whether a folded name is also an English word, or too short to be sure."""
    return len(form) < 3 or form in word_names()


def is_given(form: str) -> bool:
    """Whether a folded word is known as a given name, anywhere in the world that the list knows."""
    return form in _given_names()["anywhere"]


def is_usual(form: str) -> bool:
    """Whether a folded word is known as a given name in Wales, England, Scotland or Ireland."""
    return form in _given_names()["usual"]


def is_usual_mutated(form: str) -> bool:
    """Whether a folded word is a Welsh mutation of a usual given name: "i Ddewi", "am Fererid"."""
    return form in _mutated_names()


@cache
def _mutated_names() -> frozenset[str]:
    names = _given_names()["usual"]
    return frozenset(changed for name in names for changed in mutations(name) if len(changed) > 3) - word_names()


@cache
def _nicknames() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for row in csv.reader(lines("nicknames.csv")):
        for short in row[1:]:
            found.setdefault(row[0], []).append(short)
            found.setdefault(short, []).append(row[0])
    return {name: tuple(dict.fromkeys(others)) for name, others in found.items()}


@cache
def word_names() -> frozenset[str]:
    """The names that are also English words, folded."""
    return frozenset(word for line in lines("word_names.txt") for word in line.split())


@cache
def _given_names() -> dict[str, frozenset[str]]:
    sections: dict[str, set[str]] = {"usual": set(), "elsewhere": set()}
    section = "usual"
    for line in lines("first_names.txt"):
        if line.startswith("["):
            section = "usual" if line.startswith("[usual") else "elsewhere"
        else:
            sections[section] |= set(line.split())
    return {"usual": frozenset(sections["usual"]), "anywhere": frozenset(sections["usual"] | sections["elsewhere"])}
