"""Tells a speaker's name at the start of a line from words that happen to stand before a colon.

A line by itself can't settle it ("Note: a colon in speech is not a name"), so each line gets a candidate with a
grade, and the file as a whole decides: who is on the roster, who speaks again, where in the paragraph names stand.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TIME = r"(?:\d{1,3}:)?\d{1,3}:\d{2}(?:[.,:]\d{1,3})?(?:\s?[AaPp]\.?[Mm]\.?)?"
_BRACKETED_TIME = rf"(?:[\[(<{{]\s*{TIME}(?:\s*(?:-->|[-–—]|to)\s*{TIME})?\s*[\])>}}]|{TIME})"
_NAME = r"(?P<name>[^:\t\n]{1,80}?)"
_SHORT = r"(?P<name>[^:\t\n\[\]]{1,60}?)"

# Each form of a label, with whether it carries a time: then the form itself is nearly proof.
_FORMS: tuple[tuple[str, bool, re.Pattern[str]], ...] = (
    ("[time] [name] words", True, re.compile(rf"\s*(?P<time>{_BRACKETED_TIME})\s*\[{_SHORT}\]\s*:?\s+(?P<rest>\S.*)")),
    ("time, name, words", True, re.compile(rf"\s*(?P<time>{_BRACKETED_TIME})\s*\t\s*{_NAME}\s*:?\s*\t\s*(?P<rest>.*)")),
    ("name, time, words", True, re.compile(rf"\s*{_NAME}\s*\t\s*(?P<time>{_BRACKETED_TIME})\s*\t\s*(?P<rest>.*)")),
    (
        "[time] name: words",
        True,
        re.compile(rf"\s*(?P<time>{_BRACKETED_TIME})\s*[-–—|:]?\s*{_NAME}\s*:(?P<rest>(?:\s.*)?)$"),
    ),
    (
        "name [time]: words",
        True,
        re.compile(rf"\s*{_NAME}\s*[,|–—-]?\s*(?P<time>{_BRACKETED_TIME})\s*:(?P<rest>(?:\s.*)?)$"),
    ),
    ("name [time] words", True, re.compile(rf"\s*{_NAME}\s*(?P<time>[\[(]\s*{TIME}\s*[\])])(?P<rest>\s.*|)$")),
    ("name time", True, re.compile(rf"\s*{_NAME}(?:\s+|\s*[,|–—-]\s*)(?P<time>{_BRACKETED_TIME})(?P<rest>\s*)$")),
    ("time name", True, re.compile(rf"\s*(?P<time>{_BRACKETED_TIME})\s*[-–—|]?\s*{_SHORT}(?P<rest>\s*)$")),
    ("name: words", False, re.compile(rf"\s*(?:[-–—•*]\s+)?{_NAME}\s*:(?P<rest>(?:[\s“\"‘'\[(].*)?)$")),
    ("[name] words", False, re.compile(r"\s*\[(?P<name>[A-Za-z]{1,12}[ _-]?\d{1,3})\]:?\s+(?P<rest>\S.*)")),
    ("name, words", False, re.compile(rf"\s*{_NAME}\t+\s*(?P<rest>\S.*)$")),
)

GENERIC = re.compile(
    r"(?:the\s+)?(?:unknown|unidentified|unnamed)(?:\s+(?:speaker|voice|person|man|woman|male|female|participant))?"
    r"(?:[\s_-]*\d{1,3})?"
    r"|(?:unknown_speaker|speaker|spk|spkr|participant|respondent|interviewee|interviewer|voice|channel|person"
    r"|audience(?:\s+member)?|attendee|panellist|panelist|student|several\s+speakers|male|female|man|woman"
    r"|(?:male|female)\s+(?:speaker|voice|participant))(?:[\s_-]*\d{1,3}|[\s_-]+[A-Z])?"
    r"|(?:the\s+)?(?:chair|chairperson|chairman|chairwoman|facilitator|moderator|host|convenor|convener|president"
    r"|minister|clerk|llywydd|cadeirydd|hwylusydd)[\s_-]*\d{0,3}"
    # Not Q1: that is a question of the guide.
    r"|(?!q)[A-Za-z]{1,2}[_-]?\d{1,3}|[A-Z]",
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
_FORBIDDEN = re.compile(r"[!?;\"“”=<>{}|\\…]|\.\.")
_ASIDE = re.compile(r"\s*(?:\([^()]{1,80}\)|\[[^\[\]]{1,80}\])\s*$")
# A label stands in the first characters of a line, however long the line is.
_HEAD = 300
# Where the paragraphs of a file begin with a label so often, a single capitalised word is one too.
_NEARLY_ALL = 0.6
# So many labels show where in a paragraph they stand.
_ENOUGH = 5
_DOTTED = re.compile(r"(?:[A-Za-z]|Mr|Mrs|Ms|Dr|Prof|Rev|Cllr|St|Hon|Jr|Sr|[A-Z]{1,3})\.", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Label:
    """A possible label: the name, a time if there is one, and where in the line the words begin."""

    form: str
    name: str
    start_s: float | None
    words_at: int
    grade: int  # 3 certain, 2 looks like a name, 1 may be one
    timed: bool

    @property
    def key(self) -> str:
        """Two labels with the same key are the same spelling of a name."""
        return self.name.casefold()


def label_of(line: str, *, known: frozenset[str] = frozenset()) -> Label | None:
    """The label that this line may begin with, or None; `known` are names from the roster, case folded."""
    head = line[:_HEAD]
    for form, timed, pattern in _FORMS:
        found = pattern.match(head)
        if found is None:
            continue
        name = tidy_name(found["name"])
        grade = 3 if name.casefold() in known else name_grade(name)
        if grade and not (timed and _is_no_name(name)):
            time = seconds(found["time"]) if timed else None
            return Label(form, name, time, found.start("rest"), grade, timed)
    return None


def name_line(line: str, *, known: frozenset[str] = frozenset()) -> Label | None:
    """The label that a line may be which holds a name and nothing else."""
    name = tidy_name(line.rstrip(" :"))
    if len(name) > 50 or line.rstrip().endswith((".", "!", "?", ",", ";", "…")):
        return None
    grade = 3 if name.casefold() in known else name_grade(name)
    return Label("name alone", name, None, len(line), grade, False) if grade else None


def tidy_name(text: str) -> str:
    """A name as it is written down: without marks around it and with single spaces."""
    return " ".join(text.split()).strip("*_-–—•#>|, ").removesuffix(".").strip()


def name_grade(name: str) -> int:
    """How much this looks like a speaker's name: 0 not, 1 may be, 2 does; 3 is for labels of recognisers.

    >>> [name_grade(text) for text in ("Nia Cadwallen", "SPEAKER_00", "Nia", "Note", "and I said")]
    [2, 3, 1, 0, 0]
    """
    if GENERIC.fullmatch(name):
        return 1 if len(name) == 1 else 3
    bare = _ASIDE.sub("", name).strip()
    if not bare or len(bare) > 60 or _FORBIDDEN.search(bare) or bare.casefold().startswith(_HEADING_STARTS):
        return 0
    if "," in bare:
        return _reversed_grade(bare)
    return _words_grade(bare.split())


def _reversed_grade(name: str) -> int:
    """`Surname, First`; longer lists before a colon are enumerations."""
    parts = [part.split() for part in name.split(",")]
    if len(parts) != 2 or not all(parts) or any(len(part) > 3 for part in parts):
        return 0
    return 2 if all(_words_grade(part) for part in parts) else 0


def _words_grade(words: Sequence[str]) -> int:
    folded = [word.casefold().strip("().,'’") for word in words]
    if len(words) > 6 or (folded[0] in _HEADINGS and folded[0] not in _TITLES):
        return 0
    starter = folded[0] in _STARTERS
    if starter and len(words) == 1 and folded[0] not in _NAMES_TOO:
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


def is_unknown(name: str) -> bool:
    """Whether the file says that it doesn't know who spoke: such stretches may be different people."""
    return bool(NOBODY_KNOWN.fullmatch(name))


def settle(candidates: Sequence[Label | None], at_start: Sequence[bool], empty: Sequence[bool]) -> list[Label | None]:
    """Which of the candidates, one a line, are labels: judged by the file as a whole.

    `at_start` says which lines begin a paragraph, `empty` which hold no words.

    A label is believed that carries a time, is on the roster or of a recogniser, or comes again; one that comes once
    if it looks like a whole name, or if nearly every paragraph of the file begins with a label of its style.
    """
    counts = Counter(label.key for label in candidates if label)
    repeated = {key for key, count in counts.items() if count > 1}
    sure = [bool(label and (label.timed or label.key in repeated or label.grade == 3)) for label in candidates]
    style = _at_starts(candidates, sure, at_start)
    starts = [start or not style for start in at_start]
    paragraphs = sum(start and not none for start, none in zip(at_start, empty, strict=True))
    labelled = sum(label is not None and start for label, start in zip(candidates, starts, strict=True))
    everywhere = labelled >= _NEARLY_ALL * max(paragraphs, 1)
    first = next((i for i, label in enumerate(candidates) if label and label.key in repeated), 0)
    styles = [_style(label) for label, certain in zip(candidates, sure, strict=True) if label and certain]
    settled: list[Label | None] = []
    for place, label in enumerate(candidates):
        fits = everywhere and label is not None and (len(styles) < _ENOUGH or _style(label) in styles)
        believed = label is not None and _believed(label, sure[place], starts[place], fits)
        if label and believed and place < first and counts[label.key] == 1 and _ROLES.fullmatch(label.name):
            believed = False  # "Facilitator: Nia Cadwallen" above the transcript says who, and nobody says it
        settled.append(label if believed else None)
    return settled


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
