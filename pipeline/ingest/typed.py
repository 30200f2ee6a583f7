"""Lines of text with speakers' names in them, as people and programs type them, become turns; for .txt, .docx, .odt,
.rtf and .pdf alike.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.ingest.account import Account
from pipeline.ingest.labels import TIME, Label, is_unknown, label_of, name_line, seconds, settle

BEFORE_FIRST = "before the first speaker: nobody is said to have said it"
HEADING = "a heading: nobody is said to have said it"
NOTE = "a note in brackets on a line of its own"
PROGRAM = "added by the program that made the transcript"
MACHINE_NOTES = "notes beside the transcript: nobody said them"
AFTER_NOTES = "between the notes and the first speaker: nobody is said to have said it"

_PROGRAM_LINES = re.compile(
    r"(?:transcribed by\s+https?://\S+|.{1,80}\s(?:started|stopped) (?:the )?transcription\.?"
    r"|(?:transcription|transcript|meeting|recording) (?:ended|started|stopped|resumed|paused)\b.{0,60}"
    r"|this editable transcript was computer.generated.*|this transcript was (?:generated|created|exported) .*"
    r"|.{0,40}people can also change the text after it was created\.?"
    r"|\(?end of (?:transcript|transcription|recording|tape|audio).{0,40}|\[?\(?(?:transcript|recording) ends\)?\]?"
    r"|(?:this )?(?:transcript|file) (?:exported|downloaded|generated) (?:from|by|on|with) .*"
    r"|page \d{1,4}(?: of \d{1,4})?|tudalen \d{1,4})",
    re.IGNORECASE,
)
_TIME_LINE = re.compile(rf"\s*[\[(]?{TIME}(?:\s*(?:-->|-|–|to)\s*{TIME})?[\])]?\s*")
# Teams wrote them without leading zeros once: 0:0:4.120.
_CLOCK = r"(?:\d{1,3}:)?\d{1,3}:\d{1,2}(?:[.,]\d{1,3})?"
_CUE_TIME = re.compile(rf"\s*{_CLOCK}\s*-->\s*{_CLOCK}\s*")
_NOTE_LINE = re.compile(r"\s*(?:\[[^\[\]]*\]|\([^()]*\)|<[^<>]*>|\*[^*]+\*|\{[^{}]*\})[.!]?\s*")
# A time, a heading or a note in brackets is shorter.
_LONGEST_MARK = 400
_RULE = re.compile(r"\s*[-–—_=*~#•.]{3,}\s*")
# Notes by a machine, or by whoever took them, have such a line above them; a transcript has the other.
_NOTES_HEAD = re.compile(
    r"\W*(?:notes?|summary|details|(?:suggested |recommended )?next steps|action items"
    r"|key (?:points|takeaways|decisions)"
    r"|decisions"
    r"|(?:meeting|ai|gemini|copilot)[ -](?:generated )?(?:notes?|summary)|notes by gemini|meeting records"
    r"|attachments?|invited)\W*",
    re.IGNORECASE,
)
_TRANSCRIPT_HEAD = re.compile(
    r"\W*(?:(?:full |meeting )?transcript(?:ion)?|.{1,80}\s[-–—]\s*transcript)\W*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a document."""

    text: str
    place: str
    starts: bool = True  # a paragraph begins here
    heading: bool = False  # set as a heading
    bold: int = 0  # this many characters at its start are bold, and those after them aren't
    aside: str = ""  # why nobody said it, where the document says so


def text_lines(text: str) -> list[Line]:
    """A text's lines; a paragraph begins after an empty line, or everywhere if there is none."""
    lines: list[Line] = []
    after_blank = True
    for number, line in enumerate(text.split("\n"), 1):
        lines.append(Line(line, str(number), starts=after_blank))
        after_blank = not line.strip()
    return lines


def read_lines(lines: Sequence[Line], account: Account, *, known: frozenset[str] = frozenset()) -> str:
    """Pass lines on to the account, a line break after each but the last; returns the layout that was recognised."""
    noted = _notes(lines)
    labels = _labels(lines, noted, known)
    if not any(labels):
        labels = _names_alone(lines, noted, known)
    reader = _Reader(lines, labels, account)
    for place, line in enumerate(lines):
        if place:
            account.space("\n")
        if noted[place]:
            account.leave_out(line.text, line.place, MACHINE_NOTES)
        else:
            reader.take(place)
    account.close()
    return _layout([label for label in labels if label])


def _layout(labels: Sequence[Label]) -> str:
    if not labels:
        return "no speakers"
    forms = sorted({label.form for label in labels}, key=lambda form: -sum(label.form == form for label in labels))
    return forms[0]


def _labels(lines: Sequence[Line], noted: Sequence[bool], known: frozenset[str]) -> list[Label | None]:
    candidates = [
        None if noted[place] or _no_label(line) else _bold_label(line, known) or label_of(line.text, known=known)
        for place, line in enumerate(lines)
    ]
    wordless = [not line.text.strip() or _is_mark(line.text) for line in lines]
    return settle(candidates, [line.starts for line in lines], wordless)


def _is_mark(text: str) -> bool:
    """A time, a rule or a note in brackets."""
    return _is(_TIME_LINE, text) or _is(_RULE, text) or _is(_NOTE_LINE, text)


def _is(pattern: re.Pattern[str], text: str) -> bool:
    """Whether this is all that stands on a line; a longer line is none of these, and would keep a pattern busy."""
    return len(text) < _LONGEST_MARK and pattern.fullmatch(text.strip()) is not None


def _no_label(line: Line) -> bool:
    return bool(line.heading or line.aside or not line.text.strip() or _is(_CUE_TIME, line.text))


def _bold_label(line: Line, known: frozenset[str]) -> Label | None:
    """`Nia Cadwallen I think` with the name in bold; a colon may belong to either."""
    if not 0 < line.bold < len(line.text):
        return None
    found = name_line(line.text[: line.bold], known=known)
    if found is None or line.text[line.bold :].lstrip().startswith(("(", "[", "\t")):
        return None
    after = re.compile(r"\s*:?\s*").match(line.text, line.bold)
    words_at = after.end() if after else line.bold
    return Label("name in bold", found.name, None, words_at, found.grade, False)


def _names_alone(lines: Sequence[Line], noted: Sequence[bool], known: frozenset[str]) -> list[Label | None]:
    """Names on lines of their own, each with words under it; believed if they come again or look like whole names."""
    candidates: list[Label | None] = []
    for place, line in enumerate(lines):
        after = lines[place + 1].text if place + 1 < len(lines) else ""
        below = after.strip() or (lines[place + 2].text.strip() if place + 2 < len(lines) else "")
        alone = line.starts or (bool(place) and _is(_CUE_TIME, lines[place - 1].text))
        can = alone and below and not noted[place] and not line.aside and not _is(_CUE_TIME, line.text)
        candidates.append(name_line(line.text, known=known) if can else None)
    counts: dict[str, int] = {}
    for label in candidates:
        if label:
            counts[label.key] = counts.get(label.key, 0) + 1
    if not any(count > 1 for count in counts.values()) and not any(label and label.grade == 3 for label in candidates):
        candidates = [
            label if place and _is(_CUE_TIME, lines[place - 1].text) else None for place, label in enumerate(candidates)
        ]
    first = next((place for place, label in enumerate(candidates) if label and counts[label.key] > 1), 0)
    return [
        label
        if label and _name_stands(label, counts[label.key], lines[place]) and (place >= first or label.grade == 3)
        else None
        for place, label in enumerate(candidates)
    ]


def _name_stands(label: Label, count: int, line: Line) -> bool:
    # A line set as a heading is a name only if it comes again: "Public Trust" looks like one.
    return count > 1 or label.grade == 3 or (label.grade == 2 and not line.heading)


def _notes(lines: Sequence[Line]) -> list[bool]:
    """Which lines belong to notes that stand beside a transcript, and not in it.

    Only in a document that has a line "Transcript" somewhere after them: elsewhere "Summary" may be anything.
    """
    heads = [_is(_NOTES_HEAD, line.text) for line in lines]
    begins = [_is(_TRANSCRIPT_HEAD, line.text) for line in lines]
    if not any(heads) or not any(begins):
        return [False] * len(lines)
    noted: list[bool] = []
    inside = True  # what stands above both is the notes' title
    for head, begin in zip(heads, begins, strict=True):
        inside = (inside or head) and not begin
        noted.append(inside)
    return noted


class _Reader:
    """Goes through the lines and remembers who speaks."""

    def __init__(self, lines: Sequence[Line], labels: Sequence[Label | None], account: Account) -> None:
        self.lines = lines
        self.labels = labels
        self.account = account
        self.speaker = ""
        self.silent = True  # nothing said since the name
        self.start_s: float | None = None
        self.after_time = False  # a line with a time alone stands above
        paragraphs = sum(line.starts and bool(line.text.strip()) for line in lines)
        # One paragraph a turn: there an unlabelled line that is no sentence belongs to nobody.
        self.one_a_turn = sum(label is not None for label in labels) >= 0.7 * max(paragraphs, 1)

    def take(self, place: int) -> None:
        """Pass one line on."""
        line, label = self.lines[place], self.labels[place]
        text = line.text
        if label:
            self._begin(label, line)
        elif not text.strip():
            self.account.space(text)
        elif _is(_TIME_LINE, text) or _is(_CUE_TIME, text) or _is(_RULE, text):
            self._time(text)
        elif reason := self._aside(place):
            self.account.leave_out(text, line.place, reason)
        else:
            self._say(text, line)

    def _begin(self, label: Label, line: Line) -> None:
        speaker = self.account.speaker(label.name)
        if speaker != self.speaker or is_unknown(speaker):
            self.account.close()
        if label.timed or not self.after_time:
            self.start_s = label.start_s
        self.speaker, self.silent, self.after_time = speaker, True, False
        self.account.name(line.text[: label.words_at])
        self._say(line.text[label.words_at :], line)

    def _say(self, words: str, line: Line) -> None:
        self.account.say(self.speaker, words, line.place, start_s=self.start_s)
        self.silent = self.silent and not words.strip()

    def _time(self, text: str) -> None:
        self.account.time(text)
        self.start_s = seconds(text)
        self.after_time = True

    def _aside(self, place: int) -> str:
        """Why nobody said this line; empty if the speaker did."""
        line = self.lines[place]
        if line.aside:
            return line.aside
        if _is(_PROGRAM_LINES, line.text):
            return PROGRAM
        if not self.speaker:
            return BEFORE_FIRST
        if line.heading or self._looks_like_heading(place):
            return HEADING
        # Right under the name it is all that the transcript has of what they said.
        if _is(_NOTE_LINE, line.text) and not self.silent:
            return NOTE
        return ""

    def _looks_like_heading(self, place: int) -> bool:
        """Short, no sentence, alone in its paragraph, and a speaker's name right under it."""
        line = self.lines[place]
        text = line.text.strip()
        if not (self.one_a_turn and line.starts) or len(text.split()) > 10 or text[-1] in ".!?…,;:—–-\"”’')]":
            return False
        following = (i for i in range(place + 1, len(self.lines)) if self.lines[i].text.strip())
        below = next(following, None)
        return below is not None and self.labels[below] is not None and text[:1].isupper()
