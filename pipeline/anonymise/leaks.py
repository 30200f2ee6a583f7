"""The gate: no name of the people table, and no original of a redaction, in anything that may leave private/.

It searches whole words in folded text, so that "SIAN'S" finds Siân. A name that is also a word ("Mark", "Young") is
a leak only where it opens with a capital and stands where anonymise did not see it and let it be: "young people" in
the talk excuses the heading "Young people", and neither "as Young said" nor "Young" by itself. It says where a leak is
and whose (by person_id), and never repeats the name.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

import pandas as pd

from pipeline.anonymise.contents import CELL, texts
from pipeline.anonymise.forms import (
    EVERYDAY_FOLDED,
    EVERYDAY_WELSH,
    WELSH_WORDS,
    Runs,
    Word,
    find_words,
    fold,
    is_name,
    is_word,
    joined,
    surfaces,
    words,
    words_around,
)
from pipeline.anonymise.sheet import as_csv
from pipeline.errors import LeakFound
from pipeline.store import write_aside
from pipeline.tables import PEOPLE, REDACTIONS, TURNS, Redaction
from pipeline.welsh import mutations

Phrase = tuple[str, ...]
# A word with the one before and the one after it: enough to know a place again in another table or a document.
Context = tuple[str, str, str]
# Two words beside each other, one of them a name that is also a word.
Pair = tuple[str, str]

_LETTERS = re.compile(r"[^\W\d_]+")
_AS_A_NUMBER = re.compile("%[0-9A-Fa-f]{2}")
_MIXED = re.compile(r"\d.*[^\W\d_]|[^\W\d_].*\d", re.DOTALL)
_NO_WORD = re.compile(r"[\W_]+")
# A number may go on after a line's end, and never in another cell: a sheet's rows count 1, 2, 3, 4, 5, 6.
_DIGITS = re.compile(r"\d(?:[\d().-]|[^\S\n\x1c-\x1f]|\n(?!\n)){4,}\d")
# Soft hyphens, zero-width letters and marks of direction: they cut a name in two for a program, and for nobody else.
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_AFTER_AN_ARTICLE = re.compile(r"(?:\b[Yy]r? |['’]r )([a-zà-ÿŵŷ]{3,})\b")
# What a redaction's original may be without pointing at anybody: "he", "10".
_SHORTEST_ORIGINAL = 3
# Between two words of one sentence; a line's end opens a new one for the word after it, but may cut a label in two.
_TOUCHING = re.compile(r",?[ \u00a0\u202f]|['’‘‐‑–-]")
_FOLLOWING = re.compile(r",?[^\S\x1c-\x1f]{1,3}|['’‘‐‑–-]")
# A theme as the machine names it, "Price and heating" or "Price, fuel bill and heating": a line by itself, no sentence.
# Up to so many words follow "and".
_TITLED = re.compile(
    r"[^\W\d_]+(?:, (?![A-Z])[^\W\d_]+(?: (?![A-Z])[^\W\d_]+){0,2})? and (?=[^\W\d_])(?![A-Z])(?P<rest>[\w '’-]+)"
    r"(?P<end>[.?!,]?)"
)
_TITLE = 5
# No sentence goes on behind it: "Tim, wyt ti am ddechrau" calls him.
_WELSH_TITLE = re.compile(r"[^\W\d_]+, (?![A-Z])[^\W\d_]+(?: [^\W\d_]+)?(?=[\n\x1e\"”<:;(]|,\w| [\d·(]|$)")
# What parts a list's words: its cells and lines, "Words that mark it: hall · Dean.", and a sheet's "hall; Dean".
_PARTING = re.compile(r"[\n\x1e]|: | · |; ")
# A theme by two of its phrases, of which the second is one word: "Housing office and Dean".
_OF_TWO = re.compile(r"(?:[^\W\d_]+ ){0,2}[^\W\d_]+(?: and|,) (?P<last>[^\W\d_]+)")
# Letters on each side of a word within which the words of its list end: a page has a million, and many such words.
_REACH = 200
_NUMBERED = re.compile(r" \d{1,2}$")  # "Roundtable 2"
_OF_A_SCRIPT = re.compile(r"[{(]")
# Once or twice may be a name that was missed.
_SEVERAL = 3
# Where no model read the grammar there are these kinds only, and "X" is any word in small letters.
_WITHOUT_GRAMMAR = frozenset({"PROPN", "X", "NUM", "PUNCT"})
# Digits of a number that no other holds by chance: a telephone's goes on from its country's code.
_OWN_NUMBER = 9
# Letters on each side of a name that show where it stands.
_AROUND = 60
# A message names so many places; the others are counted.
_PLACES_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Leak:
    """A place in a file where a name, or what a redaction replaced, still stands."""

    file: str
    place: str
    whose: str  # a person_id, or a redaction's entity_type
    words: str = ""  # the name with what stands around it: for private/ alone

    def __str__(self) -> str:
        return f"{self.file}{f' ({self.place})' if self.place else ''}: {self.whose}"


@dataclass(frozen=True)
class Needles:
    """What must not be found, and what may."""

    phrases: Mapping[str, tuple[tuple[Phrase, str], ...]]  # by first word, longest first: the phrase, and whose it is
    numbers: Mapping[str, str]  # digits only, to whose they are
    mixed: Mapping[str, str]  # letters and digits as `_as_it_stands` writes them, to whose they are
    ambiguous: frozenset[str]  # single words that are names and words
    common: frozenset[str]  # of these, those that the talk itself writes in small letters
    kept: frozenset[Context]  # where something was found and people, or anonymise, kept it
    parts: frozenset[Pair]  # a kept word and the capitalised one beside it: "Port Talbot"
    read: frozenset[Context]  # where anonymise read a lone word of a name, and let it be
    read_capital: frozenset[Context]  # of these, where it stood with a capital
    free: frozenset[str]  # words that may stand alone anywhere; `let_pass` lists them for people
    spared: frozenset[str]  # words that people kept: they may open a heading and stand in lists of words, nowhere else
    labels: frozenset[str]  # names of one word that our own codebook gives its codes, as they are written


@dataclass(frozen=True, slots=True)
class LetPass:
    """A word of a third party's name that may stand alone, because the talk writes it as a word of its own."""

    word: str
    person_id: str
    times: int  # with a capital, inside sentences of the anonymised turns


def let_pass(people: pd.DataFrame, redactions: pd.DataFrame, turns: pd.DataFrame) -> list[LetPass]:
    """What the gate lets pass without looking at its place, for people to see: never a name from the table itself.

    "Christmas" stands in the talk with a capital three times or more, inside sentences, where anonymise let it be, and
    somebody called Christmas was spoken of: a theme may be called "Christmas". Somebody called so who sits at a table,
    or is on a roster, has no such word.
    """
    whose = _words_of_third_parties(people)
    return _let_pass(whose, redactions, _capitals_inside(_places(turns["text"].tolist(), whose.keys())))


def _let_pass(whose: Mapping[str, str], redactions: pd.DataFrame, times: Mapping[str, int]) -> list[LetPass]:
    let_be = {row.original.casefold() for row in REDACTIONS.rows(redactions) if row.status != "replaced"}
    told = [LetPass(word, whose[word], times[word]) for word in sorted(whose) if times.get(word, 0) >= _SEVERAL]
    return [one for one in told if one.word in {fold(word) for word in let_be}]


def _words_of_third_parties(people: pd.DataFrame) -> dict[str, str]:
    """Whose each word of a name is that nobody has who sits at a table or is on a roster."""
    whose: dict[str, str] = {}
    at_table: set[str] = set()
    for person in PEOPLE.rows(people):
        lone = {surface for surface, _ in surfaces(person.name, person.aliases) if " " not in surface}
        if person.role == "third_party":
            whose.update({word: person.person_id for word in lone if word not in whose})
        else:
            at_table |= lone
    return {word: person_id for word, person_id in whose.items() if word not in at_table}


def needles(
    people: pd.DataFrame,
    redactions: pd.DataFrame,
    turns: pd.DataFrame,
    tokens: pd.DataFrame,
    *,
    own_texts: Iterable[str] = (),
    labels: Iterable[str] = (),
) -> Needles:
    """What to search for in everything made from these turns.

    Args:
        own_texts: words of ours that reports and pages are made of, where "Will" and "Grant" are nobody.
        labels: names of the codes that we ship: "Trust" heads a theme in every run, whoever sits there.
    """
    replaced = [row for row in REDACTIONS.rows(redactions) if row.status == "replaced"]
    words_of_talk, own_texts = _words_of_talk(turns, tokens), tuple(own_texts)
    # A code of ours, "policy_delivery_gap", names nobody where somebody is called Delivery.
    words_of_ours = {fold(run) for text in own_texts for run in Runs(text).written if run.islower()}
    wanted, ambiguous = _wanted(people, replaced, words_of_talk | words_of_ours)
    numbers = {_digits(row.original): row.entity_type for row in replaced if len(_digits(row.original)) > 5}
    mixed = {_as_it_stands(row.original): row.entity_type for row in replaced if _MIXED.search(row.original)}
    let_be = tuple(_let_be(redactions, turns))
    kept_words = {word for (_, word, _), _ in let_be}
    sought, whose = ambiguous | kept_words, _words_of_third_parties(people)
    places = list(_places(turns["text"].tolist(), sought | whose.keys()))
    times = _capitals_inside(places)
    # Of a kept word that is no ambiguous one ("Talbot", of Port Talbot) small letters are a keyword, and no name.
    ambiguous |= {word for word in sought if times[word] >= _SEVERAL}
    read, read_capital = _read(place for place in places if place.context[1] in sought)
    ours, ours_capital = _read(_places(own_texts, sought))
    # A label of ours, "Mark", doesn't excuse a cell that says "Mark" and nothing else.
    lone = {("", word, "") for word in sought}
    return Needles(
        _by_first_word(wanted),
        numbers,
        mixed,
        frozenset(ambiguous),
        common=words_of_talk & ambiguous,
        kept=frozenset(context for context, _ in let_be),
        parts=frozenset(pair for _, pairs in let_be for pair in pairs),
        read=read | (ours - lone),
        read_capital=read_capital | (ours_capital - lone),
        free=frozenset(one.word for one in _let_pass(whose, redactions, times)),
        spared=frozenset(_kept_by_people(redactions)),
        labels=frozenset(labels),
    )


def _wanted(
    people: pd.DataFrame, replaced: Iterable[Redaction], words_of_talk: frozenset[str]
) -> tuple[dict[Phrase, str], set[str]]:
    """Whose each phrase is that must not be found, and which single words of them are ordinary words too."""
    wanted: dict[Phrase, str] = {}
    ambiguous: set[str] = set()
    # "Facilitator:" and "SPEAKER_00:" are labels of people too, and name nobody.
    named = [person for person in PEOPLE.rows(people) if is_name(person.name)]
    for person in named:
        for surface, also_a_word in surfaces(person.name, person.aliases):
            phrase = tuple(surface.split(" "))
            wanted.setdefault(phrase, person.person_id)
            # As a file's name or a user's may write it: SianTregarth. Of T. Rust it would be "trust".
            if len(phrase) > 1 and "".join(phrase) not in words_of_talk:
                wanted.setdefault(("".join(phrase),), person.person_id)
            if len(phrase) == 1 and (also_a_word or phrase[0] in words_of_talk or phrase[0] in WELSH_WORDS):
                ambiguous.add(phrase[0])
    mutated = {changed for person in named for changed in mutations(fold(person.name).split()[0])}
    for row in replaced:
        phrase = tuple(_LETTERS.findall(fold(row.original)))
        # "INQ000274189" and "17 November 1963" are sought as they stand: INQ and November are anybody's.
        as_it_stands = len(phrase) == 1 and _digits(row.original)
        if as_it_stands or len("".join(phrase)) < _SHORTEST_ORIGINAL or _is_shown(phrase, row.replacement):
            continue
        wanted.setdefault(phrase, row.person_id or row.entity_type)
        if len(phrase) > 1:
            continue
        # Also of a person: "Rose", whom the roster has as Rosemary, where prices rose; and Mair in "i Fair", fair play.
        if row.entity_type != "PERSON" or is_word(phrase[0]) or phrase[0] in mutated:
            ambiguous |= {phrase[0]} & words_of_talk
        ambiguous |= {phrase[0]} & (WELSH_WORDS | (EVERYDAY_FOLDED & words_of_talk))
        if row.entity_type != "PERSON":
            wanted.update(
                {
                    (form,): row.entity_type
                    for form in mutations(phrase[0])
                    if len(form) > 4 and form not in words_of_talk
                }
            )
    return wanted, ambiguous


def _is_shown(phrase: Phrase, replacement: str) -> bool:
    """Whether a placeholder says as much: "Fire Service" became "[organisation: fire service]", and hides nothing."""
    return f" {' '.join(phrase)} " in f" {' '.join(_LETTERS.findall(fold(replacement)))} "


def find(text: str, sought: Needles) -> list[str]:
    """Whose names and originals stand in a text, one entry a place."""
    return [whose for whose, _ in _found(text, sought)]


def _found(text: str, sought: Needles) -> Iterator[tuple[str, str]]:
    """Whose names and originals stand in a text, and the words at each place."""
    text = _plain(text)
    runs = [(run, _digits(run)) for run in _DIGITS.findall(text)] if sought.numbers else []
    for number, whose in sought.numbers.items():
        if any(number in digits and _counts_in(number, run) for run, digits in runs):
            yield whose, number
    whole = f" {_as_it_stands(text)} " if sought.mixed else ""
    for written, whose in sought.mixed.items():
        if f" {written} " in whole:
            yield whose, written
    past = 0  # the last name's end: "Nia Pryce" is one place, though Pryce alone would be found too
    for start, phrases in _written_alike(text, sought):
        if start < past:
            continue
        listed = words_around(text, start, after=max(len(phrase) for phrase, _ in phrases))
        place = next(place for place, word in enumerate(listed) if word.start == start)
        for phrase, whose in phrases:
            if _stands(text, listed, place, phrase) and not _harmless(text, listed, place, phrase, sought):
                yield whose, " ".join(text[max(0, start - _AROUND) : start + _AROUND].split())
                past = listed[place + len(phrase) - 1].end
                break


def _counts_in(number: str, run: str) -> bool:
    """Whether a number stands in a run of digits by itself: the 123456 of "AB 12 34 56 C" is not in 100101234567."""
    if len(number) >= _OWN_NUMBER:
        return True
    return re.search(r"(?<!\d)" + r"\D*".join(number) + r"(?!\d)", run) is not None


def _as_it_stands(text: str) -> str:
    """Its words and numbers in small letters, with one space between them: "17 november 1963"."""
    return _NO_WORD.sub(" ", text.casefold()).strip()


def _written_alike(text: str, sought: Needles) -> Iterator[tuple[int, list[tuple[Phrase, str]]]]:
    """Where words follow each other as in something sought: the first one's start, and what it may be.

    Only these places are then read with what stands around them: a series has millions of words, and some hundred
    such places.
    """
    found = Runs(text)
    folded = {run: fold(run) for run in set(found.written)}
    told = [folded[run] for run in found.written]
    for number in sorted(_openings(told, sought)):
        phrases = sought.phrases[told[number]]
        following = tuple(told[number : number + len(phrases[0][0])])
        yield found.start(number), [(phrase, whose) for phrase, whose in phrases if following[: len(phrase)] == phrase]


def _openings(told: Sequence[str], sought: Needles) -> set[int]:
    """The numbers of the words at which a phrase that is sought begins.

    Each is looked for by the word of it that is rarest here: of "the Bevan Trust", not by "the".
    """
    often = Counter(told)
    by_rarest: dict[str, list[tuple[int, Phrase]]] = defaultdict(list)
    for word in often.keys() & sought.phrases.keys():
        for phrase, _ in sought.phrases[word]:
            if all(part in often for part in phrase):
                place = min(range(len(phrase)), key=lambda at: often[phrase[at]])
                by_rarest[phrase[place]].append((place, phrase))
    return {
        number - place
        for number, word in enumerate(told)
        if word in by_rarest
        for place, phrase in by_rarest[word]
        if tuple(told[number - place : number - place + len(phrase)]) == phrase
    }


def _plain(text: str) -> str:
    """The text without letters that nobody sees, and with those that an address writes as numbers."""
    seen = _UNSEEN.sub("", text)
    return unquote(seen) if _AS_A_NUMBER.search(seen) else seen


def leaks(files: Iterable[Path], sought: Needles, *, root: Path) -> Iterator[Leak]:
    """Every place in these files where something sought stands; `root` is what their names are told from."""
    for path in files:
        shown = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
        # A name in a file's own name must not be told by telling the file.
        if find(re.sub(r"[_.-]", " ", shown), sought):
            folder = f"{path.parent.relative_to(root).as_posix()}/" if path.is_relative_to(root) else "another folder"
            shown = f"a file in {folder} whose name is one"
            yield Leak(shown, "the file's name", "")
        for place, text in texts(path):
            told = place if not find(place, sought) else "a place whose name is one"
            yield from (Leak(shown, told, whose, words) for whose, words in _found(text, sought))


def hold(
    files: Iterable[Path],
    sought: Needles,
    *,
    root: Path,
    listed: Path | None = None,
    called: Mapping[str, str] | None = None,
) -> None:
    """Nothing, if no leak is in these files.

    Args:
        called: what people know each person_id as, its pseudonym: a message with the id alone tells them nothing.
        listed: where each place is written with its words, as CSV: it holds names, so a file in private/.

    Raises:
        LeakFound: says where, and whose, without the name.
    """
    known = called or {}
    found = [replace(leak, whose=known.get(leak.whose, leak.whose)) for leak in leaks(files, sought, root=root)]
    if listed is not None:
        listed.unlink(missing_ok=True)
    if not found:
        return
    where = ""
    if listed is not None:
        content = _as_sheet(found).encode("utf-8-sig")
        write_aside(listed, lambda path: path.write_bytes(content), mode=0o600)
        where = f"{listed.parent.name}/{listed.name} shows each place in its words. "
    places = list(dict.fromkeys(str(leak) for leak in found))
    more = f"; and {len(places) - _PLACES_SHOWN} more" if len(places) > _PLACES_SHOWN else ""
    raise LeakFound(
        f"a name, or what a redaction replaced, still stands in {'; '.join(places[:_PLACES_SHOWN])}{more}. "
        f"{where}Add the missing redaction in `roundtable review`, or keep there what is no name, then run again; "
        "where people wrote it themselves, in a theme's name or its description, in a codebook or in the settings, "
        "change it there. What was made is held back"
    )


def _as_sheet(found: Iterable[Leak]) -> str:
    rows = dict.fromkeys((leak.file, leak.place, leak.whose, leak.words) for leak in found)
    return as_csv([("file", "place", "whose", "words"), *rows])


def _stands(text: str, listed: tuple[Word, ...], place: int, phrase: Phrase) -> bool:
    found = listed[place : place + len(phrase)]
    if tuple(word.folded for word in found) != phrase:
        return False
    return CELL not in text[found[0].start : found[-1].end]


def _harmless(text: str, listed: tuple[Word, ...], place: int, phrase: Phrase, sought: Needles) -> bool:
    if _context(listed, place) in sought.kept:
        return True
    if len(phrase) > 1:
        found = listed[place : place + len(phrase)]
        return _is_an_article(listed, place, phrase) or _is_a_list(text, found) or _is_code(text, found)
    word = phrase[0]
    if word in sought.free or (word in sought.ambiguous and not listed[place].capital):
        return True
    if word in sought.spared and _is_listed(text, listed[place]):
        return True
    if text[listed[place].start : listed[place].end] in sought.labels and _is_a_heading(text, listed[place]):
        return True
    if any(pair in sought.parts for pair in _pairs(listed, place)):
        return True
    before, after = _beside(text, listed, place)
    if before and listed[place].capital:
        # A capital inside a sentence is a name's, unless it stood there with one.
        return (before, word, after) in sought.read_capital
    if word in sought.spared or (before, word, after) in sought.read:
        return True
    return word in sought.common and (_titled(text, listed[place]) or _titled_in_welsh(text, listed[place]))


def _is_an_article(listed: tuple[Word, ...], place: int, phrase: Phrase) -> bool:
    """Whether "a bright" is no A. Bright: after an initial her name has its capital."""
    opens = len(phrase) == 2 and phrase[0] in ("a", "i", "o", "y")
    return opens and is_word(phrase[1]) and not listed[place + 1].capital


def _is_a_list(text: str, found: Sequence[Word]) -> bool:
    """Whether words in small letters have a comma between them: "autumn, bright spot" is no Autumn Bright."""
    return "," in text[found[0].start : found[-1].end] and not any(word.capital for word in found)


def _is_code(text: str, found: Sequence[Word]) -> bool:
    """Whether a letter and a word in small letters are a script's: "t. {page}" and `t("page")` are no T. Page."""
    initial, *others = found
    opens = initial.end - initial.start == 1 and _OF_A_SCRIPT.search(text, initial.end, found[-1].start) is not None
    return opens and all(is_word(word.folded) and not word.capital for word in others)


def _is_listed(text: str, word: Word) -> bool:
    """Whether a word is one of a list, or names a theme with another: "hall · Dean", "Hall and Dean"; no sentence."""
    part, shown = _part(text, word).strip(" ."), text[word.start : word.end]
    named = _OF_TWO.fullmatch(part)
    return part == shown or (named is not None and named["last"] == shown)


def _is_a_heading(text: str, word: Word) -> bool:
    """Whether a word has a line or a cell to itself, or with a number, and no full stop: it may be a theme's name."""
    return _NUMBERED.sub("", _part(text, word).strip()) == text[word.start : word.end]


def _part(text: str, word: Word) -> str:
    """What stands around a word up to what parts the words of a list, or as far as a list's words may reach."""
    first, last = max(0, word.start - _REACH), word.end + _REACH
    start = max((found.end() for found in _PARTING.finditer(text, first, word.start)), default=first)
    found = _PARTING.search(text, word.end, last)
    return text[start : found.start() if found else last]


def _titled(text: str, word: Word) -> bool:
    """Whether a word opens a theme's name and not a sentence about somebody: "Price and heating"."""
    found = _TITLED.match(text, word.start)
    return found is not None and not found["end"] and len(found["rest"].split()) <= _TITLE


def _titled_in_welsh(text: str, word: Word) -> bool:
    """Whether a Welsh word that is a name too opens a theme's name: "Tîm, cyllideb", where a Tim sits."""
    return word.folded in WELSH_WORDS | EVERYDAY_FOLDED and _WELSH_TITLE.match(text, word.start) is not None


def _beside(text: str, listed: tuple[Word, ...], place: int) -> tuple[str, str]:
    """The words right before and after one in its sentence; empty where it opens or ends one, or stands alone."""
    word = listed[place]
    before = after = ""
    if place and _TOUCHING.fullmatch(text, listed[place - 1].end, word.start):
        before = listed[place - 1].folded
    if place + 1 < len(listed) and _FOLLOWING.fullmatch(text, word.end, listed[place + 1].start):
        after = listed[place + 1].folded
    return before, after


def _pairs(listed: tuple[Word, ...], place: int) -> Iterator[Pair]:
    if place:
        yield listed[place - 1].folded, listed[place].folded
    if place + 1 < len(listed):
        yield listed[place].folded, listed[place + 1].folded


def _context(listed: tuple[Word, ...], place: int) -> Context:
    before = listed[place - 1].folded if place else ""
    after = listed[place + 1].folded if place + 1 < len(listed) else ""
    return before, listed[place].folded, after


def _by_first_word(wanted: Mapping[Phrase, str]) -> dict[str, tuple[tuple[Phrase, str], ...]]:
    grouped: dict[str, list[tuple[Phrase, str]]] = defaultdict(list)
    for phrase in sorted(wanted, key=lambda phrase: (-len(phrase), phrase)):
        grouped[phrase[0]].append((phrase, wanted[phrase]))
    return {first: tuple(phrases) for first, phrases in grouped.items()}


def _words_of_talk(turns: pd.DataFrame, tokens: pd.DataFrame) -> frozenset[str]:
    """Words that this talk uses as words: in lower case, no proper noun, in turns that do use capitals."""
    cased = {row.turn_id: row.text for row in TURNS.rows(turns) if re.search(r"[A-Z]", row.text)}
    # By columns: a long series has millions of tokens, and most are told apart by their part of speech alone.
    nameless = {"PROPN"} if set(tokens["pos"].unique()) <= _WITHOUT_GRAMMAR else {"PROPN", "X"}
    common = tokens[~tokens["pos"].isin(nameless)]
    places = zip(common["turn_id"].tolist(), common["start"].tolist(), common["end"].tolist(), strict=True)
    written = {cased[turn_id][start:end] for turn_id, start, end in places if turn_id in cased}
    # The linguist knows no Welsh, and takes a word of it for a name as often as not.
    welsh = {run for row in TURNS.rows(turns) if row.language == "cy" for run in Runs(row.text).written}
    everyday = {fold(word) for word in welsh & EVERYDAY_WELSH}
    # "Beth am y bws?", where somebody is called Idwal Bws: nobody has an article.
    articled = (_AFTER_AN_ARTICLE.findall(row.text) for row in TURNS.rows(turns) if row.language == "cy")
    everyday |= {fold(word) for found in articled for word in found}
    return frozenset(everyday | {fold(word) for word in written if word.islower()})


def _let_be(redactions: pd.DataFrame, turns: pd.DataFrame) -> Iterator[tuple[Context, tuple[Pair, ...]]]:
    """Where in the anonymised turns something was found and kept: its words with those around it, and which of these
    are more of the same name."""
    anonymised = {row.turn_id: row.text for row in TURNS.rows(turns)}
    by_turn: dict[str, list[Redaction]] = defaultdict(list)
    for row in REDACTIONS.rows(redactions):
        by_turn[row.turn_id].append(row)
    for turn_id in sorted(anonymised.keys() & by_turn.keys()):
        text, spans = anonymised[turn_id], list(_kept_spans(by_turn[turn_id]))
        listed = words(text) if spans else ()
        starts = [word.start for word in listed]
        for start, end in spans:
            first, last = bisect_left(starts, start), bisect_left(starts, end)
            inside = [place for place in range(first, last) if listed[place].end <= end]
            yield from ((_context(listed, place), tuple(_parts(text, listed, place))) for place in inside)


def _parts(text: str, listed: tuple[Word, ...], place: int) -> Iterator[Pair]:
    """A word with each capitalised one that stands as close as the parts of a name do: "Port Talbot"."""
    for left in (place - 1, place):
        here = listed[left : left + 2] if left >= 0 else ()
        if len(here) == 2 and all(word.capital for word in here) and joined(text, *here):
            yield here[0].folded, here[1].folded


def _kept_by_people(redactions: pd.DataFrame) -> Iterator[str]:
    """The lone words of which somebody looked at every hit that was kept, and kept it."""
    by_word: dict[str, set[str]] = defaultdict(set)
    for row in REDACTIONS.rows(redactions):
        if row.status != "replaced":
            by_word[fold(row.original)].add(row.found_by)
    yield from (word for word, by in by_word.items() if by == {"people"})


def _kept_spans(redactions: Iterable[Redaction]) -> Iterator[tuple[int, int]]:
    shift = 0
    for row in sorted(redactions, key=lambda row: row.start):
        if row.status == "replaced":
            shift += len(row.replacement) - (row.end - row.start)
        else:
            yield row.start + shift, row.end + shift


class _Place(NamedTuple):
    """Where a word stands that is looked for."""

    context: Context
    capital: bool


def _places(texts_read: Iterable[str], sought: Set[str]) -> Iterator[_Place]:
    """Where these words stand in texts: one pass for whatever is to be known of them, for a series has many words."""
    listed = list(texts_read)
    for number, near, place in find_words(listed, sought):
        before, after = _beside(listed[number], near, place)
        yield _Place((before, near[place].folded, after), near[place].capital)


def _read(places: Iterable[_Place]) -> tuple[frozenset[Context], frozenset[Context]]:
    """Where texts have a word that is also a name, and where with a capital: anonymise has read each of them.

    A statement may be cut right before or after it, so each place counts with one neighbour too.
    """
    found: set[Context] = set()
    capitals: set[Context] = set()
    for (before, word, after), capital in places:
        contexts = {(before, word, after)}
        contexts |= {(before, word, "")} if before else set()
        contexts |= {("", word, after)} if after else set()
        found |= contexts
        capitals |= contexts if capital else set()
    return frozenset(found), frozenset(capitals)


def _capitals_inside(places: Iterable[_Place]) -> Counter[str]:
    """How often each word stands with a capital inside sentences; "Will", which opens them, hardly does."""
    return Counter(place.context[1] for place in places if place.capital and place.context[0])


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)
