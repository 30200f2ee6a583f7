"""Lines of text with speakers' names in them, as people and programs type them, become turns; for .txt, .docx, .odt,
.rtf and .pdf alike.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from pipeline.ingest.account import NAMELESS, Account
from pipeline.ingest.columns import Row, find_columns, read_table
from pipeline.ingest.cues import read_cues
from pipeline.ingest.doubts import doubts_of
from pipeline.ingest.edges import PAGE_EDGE, page_edges
from pipeline.ingest.emphasis import BY_BOLD, told_by_bold
from pipeline.ingest.initials import initials_of
from pipeline.ingest.labels import Label
from pipeline.ingest.likely_names import is_unknown
from pipeline.ingest.lines import (
    BEFORE_FIRST,
    BY_A_MACHINE,
    CUE_TIME,
    NOTE_LINE,
    PROGRAM_LINES,
    RULE,
    TIME_LINE,
    TIMED_WORDS,
    WATCH_LINE,
    Line,
    is_all,
    is_time,
    told_by_time,
)
from pipeline.ingest.markdown import read_markdown_table
from pipeline.ingest.naming import UNNAMED, best_labels, with_unnamed
from pipeline.ingest.times import HASHED_TIME, SENT, seconds

HEADING = "a heading: nobody is said to have said it"
NOTE = "a note in brackets on a line of its own"
MINUTED = "an action or a decision, as somebody noted it"
PROGRAM = "added by the program that made the transcript"
PRIVATE = "written to one person, and not to all"
MACHINE_NOTES = "notes beside the transcript: nobody said them"

# What a chat's export notes: who joined, and in the place of words what it doesn't hold.
_CHAT_LINE = re.compile(rf"{SENT}[^:]+")
# What Zoom writes in a chat of an answer and of a sign: the words in quotes are somebody else's.
_ECHOED = re.compile(
    r"\s*(?:replying to [\"“].*[\"”]"
    r"|(?:reacted to|removed an? .{1,30} reaction from) [\"“].*[\"”](?: with \W{1,30})?)\s*",
    re.IGNORECASE,
)
_NOT_EXPORTED = re.compile(
    r"\W*(?:<?(?:media|image|video|audio|sticker|gif|document|contact card) omitted>?|null"
    r"|(?:this message was|you) deleted(?: this message)?)\W*",
    re.IGNORECASE,
)
# Zoom saves what was written to one person beside what all could read: "From Nia to Gwyn(Direct Message):".
_PRIVATE = re.compile(r"\bFrom\b.*\bto\b.*\(\s*(?:Direct Message|Privately)\s*\)", re.IGNORECASE)
# f4 and MAXQDA put a time wherever the typist pressed a key, `#00:01:02-5#`, and typists `[00:01:02]`.
# In round brackets only with its hours: "(10:30)" may be an hour that somebody names.
_MARKED_TIME = (
    rf"(?:{HASHED_TIME}|\[\d{{1,2}}:\d{{2}}(?::\d{{2}}(?:[.,]\d{{1,3}})?)?\]"
    r"|\(\d{1,2}:\d{2}:\d{2}(?:[.,]\d{1,3})?\))"
)
# Of two spaces around it one is its own.
_INNER_TIME = re.compile(rf"(?:\s(?={_MARKED_TIME}(?:\W|$)))?{_MARKED_TIME}")
# What stands between the turns of a transcript that is minutes too.
_MINUTED = re.compile(
    r"\W*(?:actions?(?: points?)?|decisions?|resolved"
    r"|(?:cam(?:au)?|pwynt(?:iau)?) gweithredu|penderfyniad(?:au)?|penderfynwyd)\s*:",
    re.IGNORECASE,
)
_NUMBERED_HEADING = re.compile(r"\d{1,2}(?:\.\d{1,2})?\.? [A-ZÀ-ÞŴŶ]\S.*")
_MARKDOWN_HEADING = re.compile(r"#{1,6}\s+\S.*")
# Of words in bold, as Markdown closes them.
_MARKS_AFTER = re.compile(r"(?:\*\*|__)\s*$")
# Of a table's lines, so many have all its cells.
_MOST_ROWS = 0.6
# Notes by a machine, or by whoever took them, have such a line above them; a transcript has the other.
_NOTES_HEAD = re.compile(
    r"\W*(?:notes?|summary|details|(?:suggested |recommended )?next steps|action items"
    r"|key (?:points|takeaways|decisions)"
    r"|decisions"
    r"|(?:meeting|ai|gemini|copilot)[ -](?:generated )?(?:notes?|summary)|notes by gemini|meeting records"
    r"|attachments?|invited"
    r"|nodiadau(?: (?:gan gemini|y cyfarfod))?|crynodeb|manylion|camau nesaf(?: a awgrymir)?"
    r"|pwyntiau allweddol|penderfyniadau)\W*",
    re.IGNORECASE,
)
_TRANSCRIPT_HEAD = re.compile(
    r"\W*(?:(?:full |meeting )?transcript(?:ion)?|(?:y )?trawsgrifiad(?: (?:llawn|y cyfarfod))?"
    r"|.{1,80}\s[-–—]\s*(?:transcript|trawsgrifiad))\W*",
    re.IGNORECASE,
)


def read_lines(lines: Sequence[Line], account: Account, *, known: frozenset[str] = frozenset()) -> str:
    """Pass lines on to the account, a line break after each but the last; returns the layout that was recognised."""
    if lines and lines[0].text.startswith("WEBVTT"):
        return read_cues("\n".join(line.text for line in lines), account, known=known)
    if rows := _rows(lines, known):
        return f"table, {read_table(rows, account, known=known)}"
    if layout := read_markdown_table(lines, account, known):
        return layout
    edges = page_edges(["" if line.aside else line.text for line in lines])
    lines = [replace(line, aside=PAGE_EDGE) if place in edges else line for place, line in enumerate(lines)]
    noted = _notes(lines)
    initials = initials_of(lines)
    account.present({short: label for short, label in initials.items() if label and short not in known})
    known = known.union(initials)
    bold = told_by_bold(lines, with_unnamed(best_labels(lines, noted, known), lines, noted))
    lines = [replace(line, heading=True) if place in bold.headings else line for place, line in enumerate(lines)]
    labels = bold.labels
    if bold.doubt:
        account.doubt("", bold.doubt)
    reader = _Reader(lines, labels, account)
    for place, line in enumerate(lines):
        if place:
            account.space("\n")
        account.time(line.number)
        if noted[place]:
            account.leave_out(line.text, line.place, MACHINE_NOTES)
        else:
            reader.take(place)
    account.close()
    for where, what in doubts_of(lines, labels, noted, account):
        account.doubt(where, what)
    return "times only" if reader.nameless else _layout([label for label in labels if label])


def _rows(lines: Sequence[Line], known: frozenset[str]) -> list[Row]:
    """The lines as a table's rows, if most have the same tabs in them and columns of speakers and words."""
    tabs = Counter((line.number + line.text).count("\t") for line in lines if line.text.strip())
    most, count = tabs.most_common(1)[0] if tabs else (0, 0)
    if most < 2 or count < _MOST_ROWS * tabs.total() or any(line.aside for line in lines):
        return []
    rows = [Row(tuple((line.number + line.text).split("\t")), line.place) for line in lines]
    columns = find_columns(rows, known=known)
    return rows if columns and columns.speaker >= 0 else []


def _layout(labels: Sequence[Label]) -> str:
    if not labels:
        return "no speakers"
    # The first of two that come as often, for a set has no order that comes again.
    return Counter(label.form for label in labels).most_common(1)[0][0]


def _notes(lines: Sequence[Line]) -> list[bool]:
    """Which lines belong to notes that stand beside a transcript, and not in it.

    Only in a document that has a line "Transcript" somewhere after them: elsewhere "Summary" may be anything.
    """
    heads = [is_all(_NOTES_HEAD, line.text) for line in lines]
    begins = [is_all(_TRANSCRIPT_HEAD, line.text) for line in lines]
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
        self.head = ""  # their name as it stands in the file
        self.silent = True  # nothing said since the name
        self.start_s: float | None = None
        self.after_time = False  # a line with a time alone stands above
        self.in_chat = False  # as Zoom saves it
        self.private = False  # what stands here one person wrote to one other
        first = next((place for place, label in enumerate(labels) if label), 0)
        paragraphs = sum(line.starts and bool(line.text.strip()) for line in lines[first:])
        self.nameless = not any(labels) and told_by_time(lines)
        self.dense = paragraphs < 2  # nothing sets one off from another
        # One paragraph a turn: there an unlabelled line that is no sentence belongs to nobody.
        labelled = sum(label is not None for label in labels)
        self.one_a_turn = labelled >= 0.7 * max(paragraphs, 1)
        # Without paragraphs lines aren't wrapped then: each is somebody's, or nobody's.
        self.one_a_line = self.dense and labelled >= 0.7 * sum(bool(line.text.strip()) for line in lines[first:])

    def take(self, place: int) -> None:
        """Pass one line on."""
        line, label = self.lines[place], self.labels[place]
        text = line.text
        if line.start_s is not None:
            self._at(line.start_s)
        if label:
            self._begin(label, line)
        elif not text.strip():
            self.account.space(text)
        elif self.private:
            self.account.leave_out(text, line.place, PRIVATE)
        elif is_time(text) or is_all(RULE, text) or self._counts_a_cue(place):
            self._time(text)
        elif (self.head and self._is_head_again(text)) or self._is_badge(place):
            self.account.name(text)
        elif self.nameless and not line.aside and (found := TIMED_WORDS.match(text)):
            self._time(found[0])
            self._say(text[found.end() :], line)
        elif reason := self._aside(place):
            self.account.leave_out(text, line.place, reason)
        else:
            self._say(text, line)

    def _begin(self, label: Label, line: Line) -> None:
        speaker = self.account.speaker(label.name)
        if speaker != self.speaker or is_unknown(speaker) or label.form == UNNAMED:
            self.account.close()
        if label.timed or not self.after_time:
            self.start_s = label.start_s
        self.speaker, self.silent, self.after_time = speaker, True, False
        self.head = line.text[: label.words_at].strip()
        self.account.name(line.text[: label.words_at])
        words = line.text[label.words_at :]
        if label.form == BY_BOLD and (marks := _MARKS_AFTER.search(words)):
            self.account.markup(marks[0])
            words = words[: marks.start()]
        self.in_chat = label.in_chat
        self.private = label.timed and _PRIVATE.search(line.text[: label.words_at]) is not None
        if self.private and words.strip():
            self.account.leave_out(words, line.place, PRIVATE)
        elif is_all(_NOT_EXPORTED, words) or (self.in_chat and is_all(_ECHOED, words)):
            self.account.leave_out(words, line.place, PROGRAM)
        else:
            self._say(words, line)

    def _say(self, words: str, line: Line) -> None:
        done = 0
        for time in _INNER_TIME.finditer(words):
            self.account.say(self.speaker, words[done : time.start()], line.place, start_s=self.start_s)
            self.account.time(time[0])
            done = time.end()
        self.account.say(self.speaker, words[done:], line.place, start_s=self.start_s)
        self.silent = self.silent and not words.strip()

    def _counts_a_cue(self, place: int) -> bool:
        """Whether captions stand in a text or a document, and this is a cue's number above its time."""
        after = self.lines[place + 1].text if place + 1 < len(self.lines) else ""
        return self.lines[place].text.strip().isdigit() and is_all(CUE_TIME, after)

    def _is_badge(self, place: int) -> bool:
        """Whether these are the initials of the name right under them, which a page shows in the place of a picture."""
        below = self.labels[place + 1] if place + 1 < len(self.labels) else None
        parts = below.name.split() if below and below.form == "name alone" else []
        initials = [part[0].upper() for part in (parts[0], parts[-1])] if len(parts) > 1 else []
        # Who is called `Cadwallen, Nia` there has either order.
        return bool(initials) and self.lines[place].text.strip() in ("".join(initials), "".join(initials[::-1]))

    def _is_head_again(self, text: str) -> bool:
        """Whether this repeats the name above it, with a time: so it is when copied from Teams' page."""
        rest = text.strip().removeprefix(self.head)
        return self.silent and rest != text.strip() and is_all(TIME_LINE, rest)

    def _time(self, text: str) -> None:
        self.account.time(text)
        self._at(seconds(text))

    def _at(self, start_s: float | None) -> None:
        self.start_s = start_s
        self.after_time = True
        if self.nameless:
            self.speaker = self.account.speaker(NAMELESS)

    def _aside(self, place: int) -> str:
        """Why nobody said this line; empty if the speaker did."""
        line = self.lines[place]
        if line.aside:
            return line.aside
        if any(is_all(lines, line.text) for lines in (PROGRAM_LINES, _CHAT_LINE, WATCH_LINE, BY_A_MACHINE)) or (
            self.in_chat and is_all(_ECHOED, line.text)
        ):
            return PROGRAM
        if not self.speaker:
            return BEFORE_FIRST
        if line.heading or is_all(_MARKDOWN_HEADING, line.text) or self._looks_like_heading(place):
            return HEADING
        alone = (line.starts and self.one_a_turn) or self.one_a_line
        if alone and not self.silent and _MINUTED.match(line.text):
            return MINUTED
        # Right under the name it is all that the transcript has of what they said.
        if is_all(NOTE_LINE, line.text) and not self.silent:
            return NOTE
        return ""

    def _looks_like_heading(self, place: int) -> bool:
        """Short, no sentence, alone in its paragraph, and a speaker's name right under it."""
        line = self.lines[place]
        text = line.text.strip()
        numbered = is_all(_NUMBERED_HEADING, text)
        if (
            not ((line.starts and (self.one_a_turn or numbered)) or (numbered and self.dense))
            or len(text.split()) > 10
            or text[-1] in ".!?…,;:—–-\"”’')]"
        ):
            return False
        following = (i for i in range(place + 1, len(self.lines)) if self.lines[i].text.strip())
        below = next(following, None)
        return below is not None and self.labels[below] is not None and (text[:1].isupper() or numbered)
