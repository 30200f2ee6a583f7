"""The forms that a label has at the start of a line, `[time] name: words`: where in it the name and the words stand.

Each is a pattern, and what it finds where the name would be may be anything: who knows names judges that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.ingest.likely_names import LONGEST_NAME
from pipeline.ingest.times import BRACKETED_TIME, HASHED_TIME, IN_LETTERS, SENT, SPAN, TIME

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
_NAME = rf"(?P<name>[^:\t\n]{{1,{LONGEST_NAME}}}?)"
_SHORT = r"(?P<name>[^:\t\n\[\]]{1,60}?)"

# Of the forms below, those that are asked for by name.
ZOOM_CHAT = "time From name to name: words"
BEFORE_A_COLON = "name: words"
IN_BRACKETS = "[name] words"
TABBED = "name, words"
GAPPED = "[gap] name words"

Form = tuple[str, bool, re.Pattern[str]]
# Each form of a label, with whether it carries a time: then the form itself is nearly proof.
FORMS: tuple[Form, ...] = (
    ("date, time - name: words", True, re.compile(rf"{SENT}(?P<time>){_SHORT}:(?P<rest>(?:\s.*)?)$")),
    # What Zoom saves of a chat, before and after it put the words on a line of their own.
    (
        ZOOM_CHAT,
        True,
        re.compile(rf"\s*(?P<time>{TIME})\s+From\s+{_NAME}(?:\s+to\s+[^:\t\n]{{1,80}}?)?\s*:(?P<rest>(?:\s.*)?)$"),
    ),
    ("[name] time", True, re.compile(rf"\s*\[{_SHORT}\]\s*(?P<time>{BRACKETED_TIME})(?P<rest>\s*)$")),
    (
        "SPEAKER: name",
        False,
        re.compile(r"\s*speaker\s*:\s*(?P<name>[A-Z]{1,2}\d{1,3}|UU)(?P<rest>\s*)$", re.IGNORECASE),
    ),
    ("time | name | words", True, re.compile(rf"\s*(?P<time>{BRACKETED_TIME})\s*\|\s*{_SHORT}\s*\|(?P<rest>.*)$")),
    ("[time] [name] words", True, re.compile(rf"\s*(?P<time>{BRACKETED_TIME})\s*\[{_SHORT}\]\s*:?\s+(?P<rest>\S.*)")),
    # As whisper.cpp tells two channels apart; `(speaker ?)` where it can't.
    (
        "[time] (speaker 0) words",
        True,
        re.compile(rf"\s*(?P<time>{BRACKETED_TIME})\s*\((?P<name>speaker(?: \d{{1,2}})?)(?: \?)?\)\s*(?P<rest>\S.*)"),
    ),
    (
        "time, name, words",
        True,
        re.compile(rf"\s*(?:\d{{1,4}}\t\s*)?(?P<time>{BRACKETED_TIME})\s*\t\s*{_NAME}\s*:?\s*\t\s*(?P<rest>.*)"),
    ),
    ("name, time, words", True, re.compile(rf"\s*{_NAME}\s*\t\s*(?P<time>{BRACKETED_TIME})\s*\t\s*(?P<rest>.*)")),
    (
        "[time] name: words",
        True,
        re.compile(
            rf"\s*(?P<time>{BRACKETED_TIME}|{HASHED_TIME})\s*[-–—|:]?\s*{_NAME}\s*{_COLON}[*_]{{0,2}}"
            r"(?P<rest>(?:\s.*)?)$"
        ),
    ),
    (
        "name [time]: words",
        True,
        re.compile(rf"\s*{_NAME}\s*[,|–—-]?\s*(?P<time>{BRACKETED_TIME})\s*:(?P<rest>(?:\s.*)?)$"),
    ),
    (
        "name [time] words",
        True,
        re.compile(rf"\s*{_NAME}\s*(?P<time>[\[(]\s*(?:{TIME}|{IN_LETTERS})\s*[\])])(?P<rest>\s.*|)$"),
    ),
    ("name time", True, re.compile(rf"\s*{_NAME}(?:\s+|\s*[,|–—-]\s*)(?P<time>{BRACKETED_TIME})(?P<rest>\s*)$")),
    ("time name", True, re.compile(rf"\s*(?P<time>{BRACKETED_TIME})\s*[-–—|]?\s*{_SHORT}(?P<rest>\s*)$")),
    (
        "name: [time] words",
        True,
        re.compile(rf"{_NUMBER}{_NAME}\s*:[*_]{{0,2}}\s*(?P<time>[\[(]\s*{SPAN}\s*[\])])(?P<rest>(?:\s.*)?)$"),
    ),
    # Markdown's bold name may close after its colon, and a mark of direction stand there.
    (
        BEFORE_A_COLON,
        False,
        re.compile(
            rf"(?:\s*[-–—•*]\s+|{_NUMBER})\s*{_NAME}\s*(?::(?:\*\*|__)?|：){_MARKS}(?P<rest>(?:[\s“\"‘'\[(].*)?)$"
        ),
    ),
    (IN_BRACKETS, False, re.compile(rf"\s*\[{_SHORT}:?\]:?\s+(?P<rest>\S.*)")),
    (
        IN_BRACKETS,
        False,
        re.compile(r"\s*\[(?P<name>speaker:\d{1,3})\]:?\s+(?P<rest>\S.*)", re.IGNORECASE),
    ),
    (TABBED, False, re.compile(rf"{_ROW}{_NAME}\t+\s*(?P<rest>\S.*)$")),
)
# Without one no form with a time can fit, and a line of spaces would keep its pattern busy for minutes.
_ANY_TIME = re.compile(r"\d:\d\d|\d\s?s(?:ec(?:ond)?s?)?\b|\d\.\d\d")
# Forms in which anything may be a speaker, if the whole file has them.
NAMING = frozenset(
    (
        "date, time - name: words", "[time] name: words", "name [time]: words", "name time", "time name",
        "name: [time] words", BEFORE_A_COLON,
    )
)  # fmt: skip
SPACED_FORMS = (("name time words", True, re.compile(rf"\s*{_NAME}\s+(?P<time>{TIME})\s+(?P<rest>\S.*)$")),)
LOOSE_FORMS: tuple[Form, ...] = (
    (
        "time – name – words",
        True,
        re.compile(rf"\s*(?P<time>{BRACKETED_TIME})(?:\s+[-–—])?\s+{_NAME}\s+[-–—]\s+(?P<rest>\S.*)$"),
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
# A label stands in the first characters of a line, however long the line is.
_HEAD = 300
_WIDE_GAP = re.compile(r"\s{24}")


def matches(line: str, forms: Sequence[Form]) -> Iterator[tuple[str, bool, re.Match[str]]]:
    """The forms that a line begins with, in their order, each with whether it carries a time."""
    head = _head(line)
    has_time = _ANY_TIME.search(head) is not None
    for form, timed, pattern in forms:
        found = None if timed and not has_time else pattern.match(head)
        if found is not None:
            yield form, timed, found


def _head(line: str) -> str:
    """Where in a line a label may stand: its first characters, up to where a wide gap has opened.

    Patterns with several gaps of any width would try each way to share out hundreds of spaces.
    """
    gap = _WIDE_GAP.search(line, 0, _HEAD)
    return line[: gap.end() if gap else _HEAD]
