"""Tells a speaker's name at the start of a line from words that happen to stand before a colon.

A line by itself can't settle it ("Note: a colon in speech is not a name"), so each line gets a candidate with a
grade, and the file as a whole decides: who is on the roster, who speaks again, where in the paragraph names stand.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.facilitator import says_so

TIME = r"(?:\d{1,3}:)?\d{1,3}:\d{2}(?:[.,:]\d{1,3})?(?!\d)(?:\s?[AaPp]\.?[Mm]\.?)?"
_SPAN = rf"{TIME}(?:\s*(?:-->|[-–—]|to)\s*{TIME})?"
# `1h 2m 3s`, `0 minutes 3 seconds`.
IN_LETTERS = r"(?:\d{1,2}\s?h(?:(?:ou)?rs?)?,?\s?)?\d{1,3}\s?m(?:in(?:ute)?s?)?,?\s?\d{1,2}\s?s(?:ec(?:ond)?s?)?\b"
_WITH_STOPS = r"\d{2}\.\d{2}(?:\.\d{2})?"
# A message copied from Teams has its day: `[Yesterday 10:05]`, `[12/03 10:05]`.
_DAY = r"(?:(?:(?i:yesterday|today)|[^\W\d_]{3,12}day|\d{1,4}[./-]\d{1,2}(?:[./-]\d{2,4})?),?\s+)?"
_BRACKETED_TIME = (
    rf"[*_]{{0,2}}@?(?:[\[(<{{]\s*(?:{_DAY}{_SPAN}|\d{{1,6}}(?:\.\d{{1,3}})?\s?s|{IN_LETTERS}|{_WITH_STOPS})\s*[\])>}}]"
    rf"|{_SPAN})[*_]{{0,2}}"
)
# Where MAXQDA and f4 note a place in the recording.
HASHED_TIME = r"#\d{1,2}:\d{2}:\d{2}(?:[-.,]\d{1,3})?#"
# When a message of a chat was sent, as WhatsApp exports it, with a mark of direction before it on a phone: the time of
# day is no place in a recording.
SENT = (
    r"[\u200e\u200f\s]*\[?\d{1,4}[./-]\d{1,2}[./-]\d{2,4},?\s+\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s?[AaPp]\.?[Mm]\.?)?\]?"
    r"\s+(?:-\s+)?"
)
# Oral evidence numbers its questions (`Q12 Chair:`), minutes their paragraphs (`[12] Nia Cadwallen:`, `3.4 ...`).
_NUMBER = (
    r"(?:\s*(?:(?:\[\d{1,4}\]|Q\d{1,4}\.?|0\d{1,3}(?=\s+[^\W\d])|\(?\d{1,4}(?:\.\d{1,3})*[.)])\s+"
    # A list that became a PDF: `10.Nia Cadwallen:`.
    r"|\d{1,4}[.)](?=[^\W\d])"
    r"|\d{1,4}(?:\.\d{1,3})+\s+|\d{1,4}(?:\t|\s{2,})))?"
)
_ROW = r"\s*(?:\d{1,4}\t\s*)?"
_COLON = "[:：]"
_MARKS = "[\u200b-\u200f\u2060]*"
# With what somebody is, and where: "Head of Adult Services, Cantref Bay County Borough Council".
_LONGEST = 120
_NAME = rf"(?P<name>[^:\t\n]{{1,{_LONGEST}}}?)"
_SHORT = r"(?P<name>[^:\t\n\[\]]{1,60}?)"

_ZOOM_CHAT = "time From name to name: words"

_Form = tuple[str, bool, re.Pattern[str]]
# Each form of a label, with whether it carries a time: then the form itself is nearly proof.
_FORMS: tuple[_Form, ...] = (
    ("date, time - name: words", True, re.compile(rf"{SENT}(?P<time>){_SHORT}:(?P<rest>(?:\s.*)?)$")),
    # What Zoom saves of a chat, before and after it put the words on a line of their own.
    (
        _ZOOM_CHAT,
        True,
        re.compile(rf"\s*(?P<time>{TIME})\s+From\s+{_NAME}(?:\s+to\s+[^:\t\n]{{1,80}}?)?\s*:(?P<rest>(?:\s.*)?)$"),
    ),
    ("[name] time", True, re.compile(rf"\s*\[{_SHORT}\]\s*(?P<time>{_BRACKETED_TIME})(?P<rest>\s*)$")),
    (
        "SPEAKER: name",
        False,
        re.compile(r"\s*speaker\s*:\s*(?P<name>[A-Z]{1,2}\d{1,3}|UU)(?P<rest>\s*)$", re.IGNORECASE),
    ),
    ("time | name | words", True, re.compile(rf"\s*(?P<time>{_BRACKETED_TIME})\s*\|\s*{_SHORT}\s*\|(?P<rest>.*)$")),
    ("[time] [name] words", True, re.compile(rf"\s*(?P<time>{_BRACKETED_TIME})\s*\[{_SHORT}\]\s*:?\s+(?P<rest>\S.*)")),
    # As whisper.cpp tells two channels apart; `(speaker ?)` where it can't.
    (
        "[time] (speaker 0) words",
        True,
        re.compile(rf"\s*(?P<time>{_BRACKETED_TIME})\s*\((?P<name>speaker(?: \d{{1,2}})?)(?: \?)?\)\s*(?P<rest>\S.*)"),
    ),
    (
        "time, name, words",
        True,
        re.compile(rf"\s*(?:\d{{1,4}}\t\s*)?(?P<time>{_BRACKETED_TIME})\s*\t\s*{_NAME}\s*:?\s*\t\s*(?P<rest>.*)"),
    ),
    ("name, time, words", True, re.compile(rf"\s*{_NAME}\s*\t\s*(?P<time>{_BRACKETED_TIME})\s*\t\s*(?P<rest>.*)")),
    (
        "[time] name: words",
        True,
        re.compile(
            rf"\s*(?P<time>{_BRACKETED_TIME}|{HASHED_TIME})\s*[-–—|:]?\s*{_NAME}\s*{_COLON}[*_]{{0,2}}"
            r"(?P<rest>(?:\s.*)?)$"
        ),
    ),
    (
        "name [time]: words",
        True,
        re.compile(rf"\s*{_NAME}\s*[,|–—-]?\s*(?P<time>{_BRACKETED_TIME})\s*:(?P<rest>(?:\s.*)?)$"),
    ),
    (
        "name [time] words",
        True,
        re.compile(rf"\s*{_NAME}\s*(?P<time>[\[(]\s*(?:{TIME}|{IN_LETTERS})\s*[\])])(?P<rest>\s.*|)$"),
    ),
    ("name time", True, re.compile(rf"\s*{_NAME}(?:\s+|\s*[,|–—-]\s*)(?P<time>{_BRACKETED_TIME})(?P<rest>\s*)$")),
    ("time name", True, re.compile(rf"\s*(?P<time>{_BRACKETED_TIME})\s*[-–—|]?\s*{_SHORT}(?P<rest>\s*)$")),
    (
        "name: [time] words",
        True,
        re.compile(rf"{_NUMBER}{_NAME}\s*:[*_]{{0,2}}\s*(?P<time>[\[(]\s*{_SPAN}\s*[\])])(?P<rest>(?:\s.*)?)$"),
    ),
    # Markdown's bold name may close after its colon, and a mark of direction stand there.
    (
        "name: words",
        False,
        re.compile(
            rf"(?:\s*[-–—•*]\s+|{_NUMBER})\s*{_NAME}\s*(?::(?:\*\*|__)?|：){_MARKS}(?P<rest>(?:[\s“\"‘'\[(].*)?)$"
        ),
    ),
    ("[name] words", False, re.compile(rf"\s*\[{_SHORT}:?\]:?\s+(?P<rest>\S.*)")),
    (
        "[name] words",
        False,
        re.compile(r"\s*\[(?P<name>speaker:\d{1,3})\]:?\s+(?P<rest>\S.*)", re.IGNORECASE),
    ),
    ("name, words", False, re.compile(rf"{_ROW}{_NAME}\t+\s*(?P<rest>\S.*)$")),
)
# Without one no form with a time can fit, and a line of spaces would keep its pattern busy for minutes.
_ANY_TIME = re.compile(r"\d:\d\d|\d\s?s(?:ec(?:ond)?s?)?\b|\d\.\d\d")
_IN_BRACKETS = "[name] words"
_TABBED = "name, words"
# Forms in which anything may be a speaker, if the whole file has them.
_NAMING = frozenset(
    (
        "date, time - name: words", "[time] name: words", "name [time]: words", "name time", "time name",
        "name: [time] words", "name: words",
    )
)  # fmt: skip
_SPACED_FORMS = (("name time words", True, re.compile(rf"\s*{_NAME}\s+(?P<time>{TIME})\s+(?P<rest>\S.*)$")),)
GAPPED = "[gap] name words"
_LOOSE_FORMS: tuple[_Form, ...] = (
    (
        "time – name – words",
        True,
        re.compile(rf"\s*(?P<time>{_BRACKETED_TIME})(?:\s+[-–—])?\s+{_NAME}\s+[-–—]\s+(?P<rest>\S.*)$"),
    ),
    (
        "[name] or <name> words",
        False,
        re.compile(r"\s*[\[<](?P<name>[^:\t\n\[\]<>]{1,60}):?[\]>]:?\s+(?P<rest>\S.*)$"),
    ),
    # Of several words: "(Laughter)" opens a paragraph too.
    (
        "(name) words",
        False,
        re.compile(r"\s*\((?P<name>[^\s:()]{1,30}\s[^:\t\n()]{1,60})\):?\s+(?P<rest>\S.*)$"),
    ),
    ("name – words", False, re.compile(rf"{_NUMBER}{_NAME}\s+[-–—|]\s+(?P<rest>\S.*)$")),
    ("name:- words", False, re.compile(rf"{_NUMBER}{_NAME}\s*(?::[-–—]\s*|{_COLON})(?P<rest>[^\s\])}}].*)$")),
    ("name—words", False, re.compile(rf"{_NUMBER}{_NAME}(?:\s*—\s*|[-–]\s+)(?P<rest>\S.*)$")),
    # A gap where a tab would be, `INT   words`; after initials and numbers of people a space, `P1 Words`.
    (GAPPED, False, re.compile(r"\s*(?P<name>[^:\t\n.,;?!]{1,40}?)[ \u00a0]{2,}(?P<rest>\S.*)$")),
    (
        GAPPED,
        False,
        re.compile(r"\s*(?P<name>[A-Z]{2,4}\d{0,2}|[A-Z]\d{1,3}) (?P<rest>(?![A-ZÀ-ÞŴŶ]{2})[A-ZÀ-ÞŴŶ\d“‘\"'(\[].*)$"),
    ),
    ("Q. words", False, re.compile(r"\s*(?P<name>[A-Z]{1,3}\d{0,3})\.\s+(?P<rest>\S.*)$")),
)

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
NOBODY_KNOWN = re.compile(
    r"(?:the\s+)?(?:unknown|unidentified|unnamed)(?:[\s_]+(?:speaker|voice|person|man|woman|male|female|participant))?",
    re.IGNORECASE,
)
_ROLES = re.compile(
    r"(?:the\s+)?(?:chair|chairperson|chairman|chairwoman|facilitator|moderator|host|convenor|convener|clerk|interviewer"
    r"|president|minister|cadeirydd|hwylusydd)s?",
    re.IGNORECASE,
)
_LISTS: dict[str, Any] = tomllib.loads((Path(__file__).parent / "labels.toml").read_text(encoding="utf-8"))
_TITLES = frozenset(_LISTS["titles"].split())
_PARTICLES = frozenset(_LISTS["particles"].split())
_HEADINGS = frozenset(_LISTS["headings"].split())
_HEADING_STARTS = tuple(_LISTS["heading_starts"])
_STARTERS = frozenset(_LISTS["starters"].split())
_NAMES_TOO = frozenset(_LISTS["names_too"])
_TOGETHER = frozenset(_LISTS["together"])
# What opens a note, and somebody's initials where others are called by theirs: the file as a whole decides.
_NOTES_TOO = frozenset({"NB", "PS"})
_IN_INITIALS = re.compile(r"[A-Z]{2,3}")
_FORBIDDEN = re.compile(r"[!?;\"“”=<>{}|\\…]|\.\.")
# Marks of direction and of joining, which nobody sees: one name with and without them would be two people.
_UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\u00ad]")
_INITIALS = re.compile(r"(?:\S+ )?(?:[^\W\d_]\.){2,}")
_ASIDE = re.compile(r"\s*(?:\([^()]{1,80}\)|\[[^\[\]]{1,80}\])\s*$")
# A label stands in the first characters of a line, however long the line is.
_HEAD = 300
_WIDE_GAP = re.compile(r"\s{24}")
# Where the paragraphs of a file begin with a label so often, a single capitalised word is one too.
_NEARLY_ALL = 0.6
# Where so many do, what stands there is one though it looks like no name.
_NEARLY_EVERY = 0.9
# The same of captions, where those who speak once are still to be counted.
_MOST_CUES = 0.8
# `catrin.price@council.example`, `Rhiannon (she/her) - Cyngor Gwynedd`; a longer one is a sentence.
_LONGEST_ODD = 60
# Who rings in is shown by number; a shorter one is a part of a time.
_SHORTEST_NUMBER = 6
# Nobody says a word in ten seconds through a whole meeting.
_SLOWEST = 0.1
# So many labels show where in a paragraph they stand.
_ENOUGH = 5
# Between those who speak at once; a comma would make speakers of "P1, P2" in a list of them.
_TOGETHER_MARK = re.compile(r"\s*[&/+]\s*|\s+(?:and|a|ac)\s+")
_DOTTED = re.compile(r"(?:[A-Za-z]|Mr|Mrs|Ms|Dr|Prof|Rev|Cllr|St|Hon|Jr|Sr|[A-Z]{1,3})\.", re.IGNORECASE)


# People who are presented in a list; more letters than this are no list.
_LISTED = re.compile(r"\s*(?:[,;&|/]|\band\b|\ba\b|\bac\b)\s*")
_LONGEST_LIST = 200
_LONGEST_LIST_OF_PEOPLE = 2_000


@dataclass(frozen=True, slots=True)
class Label:
    """A possible label: the name, a time if there is one, and where in the line the words begin."""

    form: str
    name: str
    start_s: float | None
    words_at: int
    grade: int  # 3 certain, 2 looks like a name, 1 may be one
    timed: bool
    presents: bool = False  # no words follow, but who somebody is: "Facilitator: Nia Cadwallen"

    @property
    def key(self) -> str:
        """Two labels with the same key are the same spelling of a name."""
        return self.name.casefold()

    @property
    def in_chat(self) -> bool:
        """Whether it is as Zoom saves a chat, in which what others said is repeated."""
        return self.form == _ZOOM_CHAT


def label_of(line: str, *, known: frozenset[str] = frozenset()) -> Label | None:
    """The label that this line may begin with, or None; `known` are names from the roster, case folded."""
    return _label(line, _FORMS, known)


def _head(line: str) -> str:
    """Where in a line a label may stand: its first characters, up to where a wide gap has opened.

    Patterns with several gaps of any width would try each way to share out hundreds of spaces.
    """
    gap = _WIDE_GAP.search(line, 0, _HEAD)
    return line[: gap.end() if gap else _HEAD]


def odd_label(line: str) -> Label | None:
    """What stands where a label would, and looks like no name: `02920 123456: words`, `catrin@x.example: words`.

    Of grade 0: only a file that names everybody so can make it one.
    """
    for form, timed, found in _matches(line, _FORMS):
        if form not in _NAMING:
            continue
        name = tidy_name(found["name"])
        says = any(letter.isalpha() for letter in name) or sum(digit.isdigit() for digit in name) >= _SHORTEST_NUMBER
        if not says or len(name) > _LONGEST_ODD:
            continue
        if not _reads_like_speech(name) or _in_small_letters(name) or name in _NAMES_TOO:
            return Label(form, name, seconds(found["time"]) if timed else None, found.start("rest"), 0, timed)
    return None


def _in_small_letters(name: str) -> bool:
    """Whether it may be a whole name as people call themselves in Zoom, `nia cadwallen`, by its form alone."""
    words = [word.strip("'’-") for word in re.split("[ -]", name)]
    small = all(word.replace("'", "").replace("’", "").isalpha() and word[0].islower() for word in words if word)
    return small and 2 <= len(name.split()) <= 3 and _STARTERS.isdisjoint(words) and words[0] not in _HEADINGS


def loose_label(line: str, *, timed: bool, known: frozenset[str] = frozenset()) -> Label | None:
    """A label that looks like speech too: `Nia 00:12 words` if timed, or `Nia – words`; for a file without others."""
    return _label(line, _SPACED_FORMS if timed else _LOOSE_FORMS, known)


def _matches(line: str, forms: Sequence[_Form]) -> Iterator[tuple[str, bool, re.Match[str]]]:
    """The forms that a line begins with, in their order, each with whether it carries a time."""
    head = _head(line)
    has_time = _ANY_TIME.search(head) is not None
    for form, timed, pattern in forms:
        found = None if timed and not has_time else pattern.match(head)
        if found is not None:
            yield form, timed, found


def _label(line: str, forms: Sequence[_Form], known: frozenset[str]) -> Label | None:
    for form, timed, found in _matches(line, forms):
        name = tidy_name(found["name"])
        grade = 3 if name.casefold() in known else name_grade(name)
        # "[Laughter] Nia did." and "[00:39] Exactly." are somebody's words.
        if (form == _IN_BRACKETS and grade < 3) or (form == "time name" and _ends_a_sentence(found["name"], name)):
            continue
        if grade and not (timed and _is_no_name(name)):
            time = _clock(found["time"]) if timed else None
            return Label(form, name, time, found.start("rest"), grade, timed, _presents(line[found.start("rest") :]))
    return None


def _presents(words: str) -> bool:
    """Whether this is a name, or a list of names, and no sentence."""
    first = _LISTED.split(words[:_LONGEST_LIST].strip(), maxsplit=1)[0]
    ends = words.rstrip().endswith(("?", "!", "…")) or (words.rstrip().endswith(".") and not name_grade(words.strip()))
    return not first or (len(words) < _LONGEST_LIST and not ends and name_grade(tidy_name(first)) > 0)


def _ends_a_sentence(text: str, name: str) -> bool:
    return text.rstrip().endswith((".", "!", "?", ",", ";", "…")) and not name.endswith(".")


def _clock(text: str) -> float | None:
    """Seconds of a label's time; None beside a day, of which no recording knows."""
    # Without a colon: the stop of `[00:00:14.020]` stands before a part of a second.
    if found := re.search(IN_LETTERS, text) or re.fullmatch(rf"\W*{_WITH_STOPS}\W*", text):
        return float(sum(int(part) * 60**place for place, part in enumerate(reversed(re.findall(r"\d+", found[0])))))
    if re.match(rf"\W*{_DAY[:-1]}\d", text):
        return None
    found = re.search(r"(\d+(?:\.\d+)?)\s?s\b", text)
    return float(found[1]) if found else seconds(text)


def _reads_like_speech(name: str) -> bool:
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


def name_line(line: str, *, known: frozenset[str] = frozenset()) -> Label | None:
    """The label that a line may be which holds a name and nothing else."""
    name = _alone(line)
    if len(name) > 50 or _ends_a_sentence(line, name):
        return None
    grade = 3 if name.casefold() in known else name_grade(name)
    return Label("name alone", name, None, len(line), grade, False) if grade else None


def odd_name_line(line: str) -> Label | None:
    """A line that holds what looks like no name, and no sentence either: `catrin@x.example`, `Table 3 – Voice 2`."""
    name = _alone(line)
    if not name or len(name) > _LONGEST_ODD or len(name.split()) > 5 or _ends_a_sentence(line, name):
        return None
    return None if _reads_like_speech(name) or name.isdigit() else Label("name alone", name, None, len(line), 0, False)


def _alone(line: str) -> str:
    """The name that is all of a line; `[SPEAKER_00]` is one in brackets, and `[Laughter]` is none."""
    name = tidy_name(line.rstrip(" :"))
    inner = name[1:-1] if name.startswith("[") and name.endswith("]") else ""
    return inner if name_grade(inner) == 3 else name


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
    if not bare or len(bare) > _LONGEST or _FORBIDDEN.search(bare) or bare.casefold().startswith(_HEADING_STARTS):
        return 0
    if "," in bare:
        return _reversed_grade(bare)
    return _words_grade(bare.split())


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
    if len(words) == 1 and _are_initials_too(words[0]):
        return 1
    if len(words) > 6 or (folded[0] in _HEADINGS and folded[0] not in _TITLES):
        return 0
    starter = folded[0] in _STARTERS
    if starter and len(words) == 1 and folded[0] not in _NAMES_TOO | _TOGETHER:
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
    doubtful = joined or bool(numbers) or (starter and folded[0] not in _NAMES_TOO)
    return 0 if not named else 2 if named > 1 and not doubtful else 1


def _are_initials_too(word: str) -> bool:
    """Whether these capitals are also a word that begins a sentence or a note: Ifor Treharne is IT."""
    plain = word.casefold()
    return bool(_IN_INITIALS.fullmatch(word)) and (word in _NOTES_TOO or plain in _STARTERS or plain in _HEADINGS)


def _dotted(word: str) -> bool:
    return all(_DOTTED.fullmatch(part + ".") for part in word.split(".") if part)


def _is_no_name(name: str) -> bool:
    return name.casefold() in _HEADINGS or name.isdigit()


def seconds(text: str) -> float | None:
    """Seconds of a time such as `1:02:21`, `0:35`, `[00:01.5]`; None for a time of day, which starts nowhere."""
    if re.search(r"[ap]\.?m", text, re.IGNORECASE):
        return None
    found = re.search(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2})(?:[.,:](\d{1,3}))?", text)
    if found is None:
        return None
    hours, minutes, whole, fraction = found.groups()
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(whole) + (float(f"0.{fraction}") if fraction else 0.0)


def time_unit(title: str, told: Sequence[tuple[Any, str]]) -> float:
    """What numbers of times count, in seconds, given each with the words said then.

    Milliseconds if they are called so, or if nobody could speak so slowly as they would say.
    """
    if re.search(r"(?:_|\(|\b|[a-z]M)ms\)?$|[a-z]Ms$|[Mm]illis", title):
        return 1e-3
    times = [time for time, _ in told if isinstance(time, (int, float)) and not isinstance(time, bool)]
    words = sum(len(text.split()) for _, text in told)
    whole = bool(times) and all(abs(time) < 1e15 and float(time).is_integer() for time in times)
    return 1e-3 if whole and words < _SLOWEST * max(times) else 1.0


# "Ifor Treharne (IT)", "Glesni Roe (GR, chair)"; or a line "IT = Ifor Treharne"
_WHOLE_NAME = r"(?:[^\W\d_a-z][\w'’-]+ ){1,3}[^\W\d_a-z][\w'’-]+"
_THEIR_INITIALS = "(?P<initials>[A-ZÀ-Þ]{2,4})"
_PRESENTED = (
    re.compile(rf"(?P<name>{_WHOLE_NAME}) \({_THEIR_INITIALS}\b(?:[,;]\s*(?P<role>[^()]{{1,40}})\))?"),
    re.compile(rf"\s*{_THEIR_INITIALS}\s*(?:=|\s[-–—])\s*(?P<name>{_WHOLE_NAME})(?P<role>)(?=\s*(?:[,;(–—-]|$))"),
)


def presented(line: str) -> Iterator[tuple[str, str]]:
    """The initials, case folded, by which a list of those present calls people, and "Ann Rees (AR) (chair)"."""
    head = line[:_LONGEST_LIST_OF_PEOPLE]
    alone = _PRESENTED[1].match(head)
    for found in (*_PRESENTED[0].finditer(head), *((alone,) if alone else ())):
        letters = "".join(part[0] for part in re.split("[ -]", found["name"]))
        if letters.endswith(found["initials"]) or letters[0] + letters[-1] == found["initials"]:
            role = f" ({found['role']})" if says_so(found["role"] or "") else ""
            yield found["initials"].casefold(), f"{found['name']} ({found['initials']}){role}"


def is_unknown(name: str) -> bool:
    """Whether the file says that it doesn't know who spoke: such stretches may be different people."""
    return bool(NOBODY_KNOWN.fullmatch(name))


def settle(
    candidates: Sequence[Label | None],
    at_start: Sequence[bool],
    empty: Sequence[bool],
    *,
    odd: Sequence[Label | None] = (),
    captions: bool = False,
) -> list[Label | None]:
    """Which of the candidates, one a line, are labels: judged by the file as a whole.

    `at_start` says which lines begin a paragraph, `empty` which hold no words; `odd` are what `odd_label` found where
    there is no candidate. In `captions` that name nearly everybody, who looks like no name may speak once.

    A label is believed that carries a time, is on the roster or of a recogniser, or comes again; one that comes once
    if it looks like a whole name, or if nearly every paragraph of the file begins with a label of its style.
    """
    candidates = _without_strays(candidates)
    counts = Counter(label.key for label in candidates if label)
    repeated = {key for key, count in counts.items() if count > 1}
    sure = [bool(label and (label.timed or label.key in repeated or label.grade == 3)) for label in candidates]
    timed = [label is not None and label.timed for label in candidates]
    # Where names stand with their times, a word before a colon that comes again doesn't show where names stand.
    style = _at_starts(candidates, timed if 2 * sum(timed) > sum(sure) else sure, at_start)
    starts = [start or not style for start in at_start]
    paragraphs = sum(start and not none for start, none in zip(at_start, empty, strict=True))
    labelled = sum(label is not None and start for label, start in zip(candidates, starts, strict=True))
    everywhere = labelled >= _NEARLY_ALL * max(paragraphs, 1)
    first = next((i for i, label in enumerate(candidates) if label and label.key in repeated), 0)
    styles = [_style(label) for label, certain in zip(candidates, sure, strict=True) if label and certain]
    settled: list[Label | None] = []
    for place, label in enumerate(candidates):
        # "All" is written as a word beside "P1" and in capitals beside "Nia".
        fits = (
            everywhere
            and label is not None
            and (len(styles) < _ENOUGH or _style(label) in styles or label.key in _TOGETHER)
        )
        believed = label is not None and _believed(label, sure[place], starts[place], fits)
        if label and believed and place < first and counts[label.key] == 1:
            # "Facilitator: Nia Cadwallen" above the transcript says who, and nobody says it.
            believed = not (label.presents and _ROLES.fullmatch(label.name))
        settled.append(label if believed else None)
    untimed = _MOST_CUES if captions else _NEARLY_EVERY
    settled = _with_odd(settled, odd, starts, paragraphs, untimed=untimed) if any(odd) else settled
    return _with_lone(settled, candidates, odd, paragraphs) if captions else settled


def _without_strays(candidates: Sequence[Label | None]) -> list[Label | None]:
    """The candidates without those that are written otherwise than most of the file's.

    There a tab after a name parts the columns of a list, a time before a word ("10:30 Monday") is what was said, and so
    is a word before a colon ("Agreed: and risk?") where names stand with their times. NB and IT are somebody if a
    list of those present says so, or if they come again and others are called by their initials.
    """
    found = [label for label in candidates if label]
    counts = Counter(label.key for label in found)
    by_initials = {label.name for label in found if counts[label.key] > 1 and _IN_INITIALS.fullmatch(label.name)}
    others = any(not _are_initials_too(name) for name in by_initials)
    few_tabs = 2 * sum(label.form == _TABBED for label in found) < len(found)
    times = sum(label.timed for label in found)
    few_times, most_times = 2 * times < len(found), 2 * times > len(found)

    def stray(label: Label) -> bool:
        lone = label.grade < 2 and counts[label.key] == 1
        otherwise = few_times if label.timed else most_times
        somebody = label.grade == 3 or (label.name in by_initials and others)
        note = _are_initials_too(label.name) and not somebody
        return note or (few_tabs and label.form == _TABBED) or (lone and otherwise)

    return [None if label is None or stray(label) else label for label in candidates]


def _with_odd(
    settled: list[Label | None],
    odd: Sequence[Label | None],
    starts: Sequence[bool],
    paragraphs: int,
    *,
    untimed: float,
) -> list[Label | None]:
    """The labels with those beside them that look like no name but come again, where that leaves hardly a paragraph;
    and with one small word that comes once, `gwyn:`, where others are called so and it leaves none.

    `untimed` is the share that must have one where labels carry no time.
    """
    counts = Counter(label.key for label in odd if label)
    at_start = [
        label if here is None and start else None for label, here, start in zip(odd, settled, starts, strict=True)
    ]
    found = [label if label and counts[label.key] > 1 else None for label in at_start]
    filled = [here or label for here, label in zip(settled, found, strict=True)]
    labelled = sum(label is not None and start for label, start in zip(filled, starts, strict=True))
    timed = all(label.timed for label in filled if label)
    if labelled < (_NEARLY_ALL if timed else untimed) * max(paragraphs, 1):
        return settled
    lone = [label if label and _is_a_small_word(label.name) else None for label in at_start]
    small = {label.key for label in found if label and _is_a_small_word(label.name)}
    whole = [here or label for here, label in zip(filled, lone, strict=True)]
    none_left = sum(label is not None and start for label, start in zip(whole, starts, strict=True)) >= paragraphs
    return whole if len(small) > 1 and none_left else filled


def _is_a_small_word(name: str) -> bool:
    return name.isalpha() and name.islower() and name not in _HEADINGS


def _with_lone(
    settled: list[Label | None],
    candidates: Sequence[Label | None],
    odd: Sequence[Label | None],
    paragraphs: int,
) -> list[Label | None]:
    """The labels of captions, with those of people who speak once, where nearly every cue has one: Zoom repeats a name
    at each cue, so that a cue without any would be the words of somebody else."""
    if sum(label is not None for label in settled) < max(_ENOUGH, _MOST_CUES * paragraphs):
        return settled
    spare = [label or other for label, other in zip(candidates, odd, strict=True)]
    return [
        here or (label if label and _is_no_sentence(label.name) else None)
        for here, label in zip(settled, spare, strict=True)
    ]


def _is_no_sentence(name: str) -> bool:
    """Whether no word in small letters stands in it but a name's particles: `p.okonjo@x.example`, `iPad (2)`."""
    small = (word for word in name.split() if word.isalpha() and word.islower())
    return all(word in _PARTICLES for word in small)


def _at_starts(candidates: Sequence[Label | None], sure: Sequence[bool], at_start: Sequence[bool]) -> bool:
    """Whether the sure labels stand at the start of paragraphs, so that one inside a paragraph is none."""
    placed = [start for label, certain, start in zip(candidates, sure, at_start, strict=True) if label and certain]
    return len(placed) >= _ENOUGH and sum(placed) >= 0.9 * len(placed)


def _style(label: Label) -> tuple[bool, bool]:
    """How a file writes its labels: in capitals, in several words."""
    return label.name.isupper(), " " in label.name


def _believed(label: Label, sure: bool, at_start: bool, fits: bool) -> bool:
    if label.timed or label.grade == 3:
        return True
    if sure:
        return at_start
    return at_start and (label.grade == 2 or fits)
