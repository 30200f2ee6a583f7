"""A line of a document, and what it shows itself to be by its form alone: a time, a rule, a note, a program's own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.ingest.numbering import line_numbers
from pipeline.ingest.times import CUE_CLOCK, IN_LETTERS, TIME

BEFORE_FIRST = "before the first speaker: nobody is said to have said it"
# Of the day, as a record has it in its margin.
_HOUR = r"\d{1,2}\.\d{2}\s?[AaPp]\.?[Mm]\.?"
# A rule may stand on both sides: `----- 00:05:00 -----`.
TIME_LINE = re.compile(
    rf"\s*(?:[-–—=*_~]{{2,}}\s*)?[\[(]?(?:{TIME}(?:\s*(?:-->|-|–|to)\s*{TIME})?|{IN_LETTERS}|{_HOUR})[\])]?"
    r"(?:\s*[-–—=*_~]{2,})?\s*"
)
CUE_TIME = re.compile(rf"\s*{CUE_CLOCK}\s*-->\s*{CUE_CLOCK}\s*")
# A line that begins with a time, as a recogniser writes it that tells nobody apart.
TIMED_WORDS = re.compile(rf"\s*\[{TIME}(?:\s*-->\s*{TIME})?\](?=\s+\S)")
NOTE_LINE = re.compile(r"\s*(?:\[[^\[\]]*\]|\([^()]*\)|<[^<>]*>|\*[^*]+\*|\{[^{}]*\})[.!]?\s*")
# A time, a heading or a note in brackets is shorter.
LONGEST_MARK = 400
RULE = re.compile(r"\s*[-–—_=*~#•.]{3,}\s*")
PROGRAM_LINES = re.compile(
    r"(?:transcribed by\s+https?://\S+(?:\s+-\s\d{1,4} of \d{1,4}\s-)?|transcript by rev\.com.*"
    r"|.{1,80} \(completed \d\d/\d\d/\d\d\)"
    r"|sonix (?:is the world.s most|has many features) .*|automatically convert your \w{1,5} files to text .*"
    r"|.{1,80}\s(?:started|stopped) (?:the )?transcription\.?"
    r"|(?:transcription|transcript|meeting|recording) (?:ended|started|stopped|resumed|paused)\b.{0,60}"
    # With its hour: "The meeting started late" is what somebody says.
    r"|the (?:meeting|session|public part of the meeting) (?:began|started|ended|adjourned|resumed)"
    r" (?:at|between) \d{1,2}[:.]\d{2}.{0,30}"
    r"|this editable transcript was computer.generated.*|this transcript was (?:generated|created|exported) .*"
    r"|.{0,40}people can also change the text after it was created\.?"
    r"|\(?end of (?:transcript|transcription|recording|tape|audio).{0,40}|\[?\(?(?:transcript|recording) ends\)?\]?"
    r"|(?:this )?(?:transcript|file) (?:exported|downloaded|generated) (?:from|by|on|with) .*"
    r"|(?:dechreuodd|stopiodd) .{1,80} (?:y )?(?:trawsgrifiad|trawsgrifio)\.?"
    r"|(?:dechreuodd|gorffennodd|daeth|ailymgynullodd) y cyfarfod (?:i ben )?(?:am|rhwng) \d{1,2}[:.]\d{2}.{0,30}"
    r"|\(?diwedd y (?:trawsgrifiad|recordiad|sain|tâp).{0,40}"
    r"|page \d{1,4}(?: of \d{1,4})?|[-–—]\s?\d{1,4}\s?[-–—]|tudalen \d{1,4}(?: o \d{1,4})?)",
    re.IGNORECASE,
)
# What Fathom puts among the words, with an address at which to watch it: "ACTION ITEM: Find it - WATCH: https://..."
WATCH_LINE = re.compile(r"[A-Z][A-Z ]{3,30}: .* - WATCH: https?://\S+")
# What Copilot and Zoom write under what they made of a talk.
BY_A_MACHINE = re.compile(
    r"(?:ai|copilot|machine)[- ]generated (?:content|summary|notes)\b.{0,60}\b(?:incorrect|inaccurate|errors)\b.*",
    re.IGNORECASE,
)
# Seconds with six places, tabs after both.
_SPAN = re.compile(r"(?P<start>\d{1,6}[.,]\d{6})\t\d{1,6}[.,]\d{6}\t")
# A line of a text that is all in bold, as Markdown writes it.
_ALL_IN_STARS = re.compile(r"\s*(?:\*\*[^*]+\*\*|__[^_]+__)\s*")
# A bold name in Markdown, with words after it.
_IN_STARS = re.compile(r"(?:\*\*[^*:]{1,60}\*\*|__[^_:]{1,60}__)(?=\s+[^\s\d_*])")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a document."""

    text: str
    place: str
    starts: bool = True  # a paragraph begins here
    heading: bool = False  # set as a heading
    bold: int = 0  # this many characters at its start are bold, and those after them aren't
    all_bold: bool = False  # a paragraph by itself, all of it bold
    aside: str = ""  # why nobody said it, where the document says so
    number: str = ""  # what stands before it to count it or to time it, with the space beside that
    start_s: float | None = None  # when it begins, where that says so


def text_lines(text: str) -> list[Line]:
    """A text's lines; a paragraph begins after an empty line, or everywhere if there is none."""
    lines: list[Line] = []
    after_blank = True
    rows = text.split("\n")
    spans = _spans(rows)
    numbers = {place: span[0] for place, span in spans.items()} or line_numbers(rows)
    for place, row in enumerate(rows):
        number = numbers.get(place, "")
        words = row[len(number) :]
        bold = _IN_STARS.match(words)
        alone = after_blank and not any(row.strip() for row in rows[place + 1 : place + 2])
        lines.append(
            Line(
                words,
                str(place + 1),
                starts=after_blank,
                bold=bold.end() if bold else 0,
                all_bold=alone and _ALL_IN_STARS.fullmatch(words) is not None,
                number=number,
                start_s=float(spans[place]["start"].replace(",", ".")) if place in spans else None,
            )
        )
        after_blank = not words.strip()
    return lines


def _spans(rows: Sequence[str]) -> dict[int, re.Match[str]]:
    """From when to when each row is, as Audacity writes its labels: all of a text's rows, or none."""
    found = {place: _SPAN.match(row[:LONGEST_MARK]) for place, row in enumerate(rows) if row.strip()}
    spans = {place: span for place, span in found.items() if span}
    return spans if len(spans) == len(found) else {}


def is_all(pattern: re.Pattern[str], text: str) -> bool:
    """Whether this is all that stands on a line; a longer line is none of these, and would keep a pattern busy."""
    return len(text) < LONGEST_MARK and pattern.fullmatch(text.strip()) is not None


def is_time(text: str) -> bool:
    """Whether a line is a time, or from when to when, and nothing else."""
    return is_all(TIME_LINE, text) or is_all(CUE_TIME, text)


def is_mark(text: str) -> bool:
    """A time, a rule or a note in brackets."""
    return is_all(TIME_LINE, text) or is_all(RULE, text) or is_all(NOTE_LINE, text)


def wordless(lines: Sequence[Line]) -> list[bool]:
    """Of each line, whether nothing can be said in it."""
    return [not line.text.strip() or is_mark(line.text) for line in lines]


def no_label(line: Line) -> bool:
    """Whether a line can't begin with a speaker's name, whatever stands before a colon."""
    text = line.text
    return bool(line.heading or line.aside or not text.strip() or is_all(CUE_TIME, text) or is_all(WATCH_LINE, text))


def times_of(lines: Sequence[Line]) -> int:
    """How many lines are a time, or begin with one."""
    return sum(
        line.start_s is not None or is_time(line.text) or bool(TIMED_WORDS.match(line.text[:LONGEST_MARK]))
        for line in lines
    )


def told_by_time(lines: Sequence[Line]) -> bool:
    """Whether times part the words of a text in which nobody is named."""
    times = times_of(lines)
    return times > 2 and 3 * times >= sum(bool(line.text.strip()) for line in lines)
