"""What a speaker's name looks like, and what other words do: judged by the words alone, not by where they stand."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

# With what somebody is, and where: "Head of Adult Services, Cantref Bay County Borough Council".
LONGEST_NAME = 120
# What people are called whose names a recogniser or a typist doesn't write: by a number, or by their role.
GENERIC = re.compile(
    r"(?:the\s+)?(?:unknown|unidentified|unnamed)(?:\s+(?:speaker|voice|person|man|woman|male|female|participant))?"
    r"(?:[\s_-]*\d{1,3})?"
    r"|(?:unknown_speaker|speaker|spk|spkr|participant|respondent|interviewee|interviewer|voice|channel|person"
    r"|audience(?:\s+member)?|(?:a\s+)?voices?\s+from\s+(?:the\s+)?(?:floor|audience|gallery|back)"
    r"|member\s+of\s+(?:the\s+)?(?:public|audience|staff)|attendee|panellist|panelist|student|male|female|man|woman"
    r"|(?:several|multiple|many|various|mixed)\s+(?:speakers|voices|participants)"
    r"|(?:male|female)\s+(?:speaker|voice|participant))(?:[\s_:-]*\d{1,3}|[\s_-]+[A-Z])?"
    r"|(?:the\s+)?(?:chair|chairperson|chairman|chairwoman|facilitator|moderator|host|convenor|convener|president"
    r"|minister|clerk|llywydd|cadeirydd|hwylusydd)[\s_-]*\d{0,3}"
    # Not Q1: that is a question of the guide.
    r"|(?!q)[A-Za-z]{1,2}[_-]?\d{1,3}|[A-Z]|cyfranogwr(?:[\s_-]*\d{1,3})?|(?:participant|speaker)\s+#\d{1,3}",
    re.IGNORECASE,
)
_NOBODY_KNOWN = re.compile(
    r"(?:the\s+)?(?:unknown|unidentified|unnamed)(?:[\s_]+(?:speaker|voice|person|man|woman|male|female|participant))?",
    re.IGNORECASE,
)
_LISTS: dict[str, Any] = tomllib.loads((Path(__file__).parent / "likely_names.toml").read_text(encoding="utf-8"))
_TITLES = frozenset(_LISTS["titles"].split())
_PARTICLES = frozenset(_LISTS["particles"].split())
_HEADINGS = frozenset(_LISTS["headings"].split())
_HEADING_STARTS = tuple(_LISTS["heading_starts"])
_STARTERS = frozenset(_LISTS["starters"].split())
NAMES_TOO = frozenset(_LISTS["names_too"])
TOGETHER = frozenset(_LISTS["together"])
# What opens a note, and somebody's initials where others are called by theirs: the file as a whole decides.
_NOTES_TOO = frozenset({"NB", "PS"})
IN_INITIALS = re.compile(r"[A-Z]{2,3}")
_FORBIDDEN = re.compile(r"[!?;\"“”=<>{}|\\…]|\.\.")
# Marks of direction and of joining, which nobody sees: one name with and without them would be two people.
_UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\u00ad]")
_INITIALS = re.compile(r"(?:\S+ )?(?:[^\W\d_]\.){2,}")
_ASIDE = re.compile(r"\s*(?:\([^()]{1,80}\)|\[[^\[\]]{1,80}\])\s*$")
# Between those who speak at once; a comma would make speakers of "P1, P2" in a list of them.
_TOGETHER_MARK = re.compile(r"\s*[&/+]\s*|\s+(?:and|a|ac)\s+")
_DOTTED = re.compile(r"(?:[A-Za-z]|Mr|Mrs|Ms|Dr|Prof|Rev|Cllr|St|Hon|Jr|Sr|[A-Z]{1,3})\.", re.IGNORECASE)


def tidy_name(text: str) -> str:
    """A name as it is written down: without marks around it or that can't be seen, and with single spaces."""
    name = " ".join(_UNSEEN.sub("", text).split()).strip("*_-–—•#>|@, ")
    return name if _INITIALS.fullmatch(name) else name.removesuffix(".").strip()


def name_grade(name: str) -> int:
    """How much this looks like a speaker's name: 0 not, 1 may be, 2 does; 3 is for labels of recognisers.

    >>> [name_grade(text) for text in ("Nia Cadwallen", "SPEAKER_00", "Nia", "Q", "Note", "and I said")]
    [2, 3, 1, 1, 0, 0]
    """
    if GENERIC.fullmatch(name):
        return 1 if len(name) == 1 else 3
    # "Ifor?": the typist wasn't sure.
    bare = _ASIDE.sub("", name).strip().removesuffix("?")
    if bare != name and GENERIC.fullmatch(bare):
        return 1 if len(bare) == 1 else 3
    if _are_several(bare):
        return 2
    if not bare or len(bare) > LONGEST_NAME or _FORBIDDEN.search(bare) or bare.casefold().startswith(_HEADING_STARTS):
        return 0
    if "," in bare:
        return _reversed_grade(bare)
    return _words_grade(bare.split())


def is_unknown(name: str) -> bool:
    """Whether the file says that it doesn't know who spoke: such stretches may be different people."""
    return bool(_NOBODY_KNOWN.fullmatch(name))


def are_initials_too(word: str) -> bool:
    """Whether these capitals are also a word that begins a sentence or a note: Ifor Treharne is IT."""
    plain = word.casefold()
    return bool(IN_INITIALS.fullmatch(word)) and (word in _NOTES_TOO or plain in _STARTERS or plain in _HEADINGS)


def is_no_name(name: str) -> bool:
    """Whether it is a heading or a number, which a time beside it would make somebody."""
    return name.casefold() in _HEADINGS or name.isdigit()


def is_a_small_word(name: str) -> bool:
    """Whether it is one word in small letters and no heading, as some write a first name: `gwyn`."""
    return name.isalpha() and name.islower() and name not in _HEADINGS


def in_small_letters(name: str) -> bool:
    """Whether it may be a whole name as people call themselves in Zoom, `nia cadwallen`, by its form alone."""
    words = [word.strip("'’-") for word in re.split("[ -]", name)]
    small = all(word.replace("'", "").replace("’", "").isalpha() and word[0].islower() for word in words if word)
    return small and 2 <= len(name.split()) <= 3 and _STARTERS.isdisjoint(words) and words[0] not in _HEADINGS


def reads_like_speech(name: str) -> bool:
    """Whether it begins a sentence or a heading, and isn't what a device or an address looks like."""
    words = name.split()
    first = words[0].casefold().strip("().,'’")
    if (
        len(words) > 7
        or re.search(r'[{}"<>=;!?]', name)
        # "Page Williams" and "Key Points": the file as a whole decides.
        or (first in _HEADINGS and not (len(words) == 2 and words[1].isalpha() and words[1].istitle()))
        or first in _STARTERS
        or first.startswith(_HEADING_STARTS)
    ):
        return True
    return words[0][:1].islower() and len(words) > 1 and not words[0].startswith("i")


def is_no_sentence(name: str) -> bool:
    """Whether no word in small letters stands in it but a name's particles: `p.okonjo@x.example`, `iPad (2)`."""
    small = (word for word in name.split() if word.isalpha() and word.islower())
    return all(word in _PARTICLES for word in small)


def _are_several(name: str) -> bool:
    """Whether it is what a recogniser or a typist calls two people or more who speak at once: `P1/P2`, `F1 & M2`."""
    parts = _TOGETHER_MARK.split(name)
    return len(parts) > 1 and all(len(part) > 1 and GENERIC.fullmatch(part) for part in parts)


def _reversed_grade(name: str) -> int:
    """`Surname, First`, or `Dr Ann de Vries-Rees, Consultant Paediatrician`, which the file has to show; longer lists
    before a colon are enumerations."""
    parts = [part.split() for part in name.split(",")]
    if not 2 <= len(parts) <= 3 or not all(parts):
        return 0
    if len(parts) == 2 and all(len(part) <= 3 for part in parts):
        return 2 if all(_words_grade(part) for part in parts) else 0
    return int(_words_grade(parts[0]) == 2 and all(_words_grade(part) for part in parts[1:]))


def _words_grade(words: Sequence[str]) -> int:
    folded = [word.casefold().strip("().,'’") for word in words]
    if len(words) == 1 and are_initials_too(words[0]):
        return 1
    if len(words) > 6 or (folded[0] in _HEADINGS and folded[0] not in _TITLES):
        return 0
    starter = folded[0] in _STARTERS
    if starter and len(words) == 1 and folded[0] not in NAMES_TOO | TOGETHER:
        return 0
    named = numbers = 0
    for word, plain in zip(words, folded, strict=True):
        if word.isdigit() and len(word) <= 3:
            numbers += 1
            continue
        if any(character.isdigit() for character in word) or ("." in word and not _dotted(word)):
            return 0
        if plain in _PARTICLES or not plain:
            continue
        if word.lstrip("('‘’")[:1].islower():
            return 0
        named += 1
    joined = any(word in {"of", "the", "and", "&", "/", "a", "i"} for word in folded)
    if folded[0] in _TITLES and len(words) > 1:
        return 2
    # "Will Adeyinka" is a name and "So Ed" is none: the file has to show it.
    doubtful = joined or bool(numbers) or (starter and folded[0] not in NAMES_TOO)
    return 0 if not named else 2 if named > 1 and not doubtful else 1


def _dotted(word: str) -> bool:
    return all(_DOTTED.fullmatch(part + ".") for part in word.split(".") if part)
