"""Lines of text with speakers' names in them, as people and programs type them, become turns; for .txt, .docx, .odt,
.rtf and .pdf alike.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pipeline.ingest.account import NAMELESS, Account
from pipeline.ingest.columns import Row, find_columns, read_table
from pipeline.ingest.cues import read_cues
from pipeline.ingest.edges import PAGE_EDGE, page_edges
from pipeline.ingest.labels import (
    HASHED_TIME,
    IN_LETTERS,
    SENT,
    TIME,
    Label,
    is_unknown,
    label_of,
    loose_label,
    name_line,
    odd_label,
    odd_name_line,
    presented,
    seconds,
    settle,
)
from pipeline.ingest.numbering import line_numbers

BEFORE_FIRST = "before the first speaker: nobody is said to have said it"
HEADING = "a heading: nobody is said to have said it"
NOTE = "a note in brackets on a line of its own"
MINUTED = "an action or a decision, as somebody noted it"
PROGRAM = "added by the program that made the transcript"
PRIVATE = "written to one person, and not to all"
MACHINE_NOTES = "notes beside the transcript: nobody said them"

_PROGRAM_LINES = re.compile(
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
_WATCH_LINE = re.compile(r"[A-Z][A-Z ]{3,30}: .* - WATCH: https?://\S+")
# What Copilot and Zoom write under what they made of a talk.
_BY_A_MACHINE = re.compile(
    r"(?:ai|copilot|machine)[- ]generated (?:content|summary|notes)\b.{0,60}\b(?:incorrect|inaccurate|errors)\b.*",
    re.IGNORECASE,
)
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
# Of the day, as a record has it in its margin.
_HOUR = r"\d{1,2}\.\d{2}\s?[AaPp]\.?[Mm]\.?"
# A rule may stand on both sides: `----- 00:05:00 -----`.
_TIME_LINE = re.compile(
    rf"\s*(?:[-–—=*_~]{{2,}}\s*)?[\[(]?(?:{TIME}(?:\s*(?:-->|-|–|to)\s*{TIME})?|{IN_LETTERS}|{_HOUR})[\])]?"
    r"(?:\s*[-–—=*_~]{2,})?\s*"
)
# Teams wrote them without leading zeros once: 0:0:4.120.
_CLOCK = r"(?:\d{1,3}:)?\d{1,3}:\d{1,2}(?:[.,]\d{1,3})?"
_CUE_TIME = re.compile(rf"\s*{_CLOCK}\s*-->\s*{_CLOCK}\s*")
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
# A line that begins with a time, as a recogniser writes it that tells nobody apart.
_TIMED_WORDS = re.compile(rf"\s*\[{TIME}(?:\s*-->\s*{TIME})?\](?=\s+\S)")
# What stands above a transcript about it: `Date: 3 March`, and in lines beside it who was there.
_ABOVE = re.compile(
    r"\W*(?:date|time|place|location|venue|duration|length|language|file(?:name)?|recording"
    r"|interview (?:date|id|number)"
    r"|dyddiad|lleoliad|hyd)\s*:",
    re.IGNORECASE,
)
_LONGEST_ABOVE = 6
# What stands between the turns of a transcript that is minutes too.
_MINUTED = re.compile(
    r"\W*(?:actions?(?: points?)?|decisions?|resolved"
    r"|(?:cam(?:au)?|pwynt(?:iau)?) gweithredu|penderfyniad(?:au)?|penderfynwyd)\s*:",
    re.IGNORECASE,
)
_NUMBERED_HEADING = re.compile(r"\d{1,2}(?:\.\d{1,2})?\.? [A-ZÀ-ÞŴŶ]\S.*")
_NOTE_LINE = re.compile(r"\s*(?:\[[^\[\]]*\]|\([^()]*\)|<[^<>]*>|\*[^*]+\*|\{[^{}]*\})[.!]?\s*")
# A time, a heading or a note in brackets is shorter.
_LONGEST_MARK = 400
# Where names stand on lines of their own, words under each, so much of this half of the lines are names.
_NEARLY_EVERY_OTHER = 0.9
# Of a table's lines, so many have all its cells.
_MOST_ROWS = 0.6
# What a meeting was and who was there takes this share of a file's words at most.
_MOST_ABOVE = 0.2
# One who is named more often speaks alone.
_FEW = 2
# So many times under names are the way of a text.
_FEWEST_TIMES = 3
# If fewer of the times stand beside a name, that is no name.
_FEW_TIMES = 1 / 3
# So many times as many names that stand otherwise than before a colon: that is the file's way.
_MANY_MORE = 3
# A dash after a name is believed where so many paragraphs have one.
_LOOSE_SHARE = 0.6
# Of those who are there a list stands within the first lines.
_LIST_OF_PEOPLE = 40
_ASKED = re.compile(r"\s*[QA]\.\s")
# Where so many paragraphs begin with "Q." or "A.", those letters are who speaks, whoever else is named.
_ASKED_SHARE = 0.4
_BRACKET_AFTER = re.compile(rf"\s*(?:[\[(]\s*{TIME}|[\[(][^\[\]()]{{1,80}}[\])]\s*:)")
_IN_BOLD = "name in bold"
# By which captioners show that another speaks; fewer in a text without names may be anything.
_ANOTHER = re.compile(r"\s*>{2,3}(?=[^>\n])\s*")
_FEWEST_MARKS = 3
_UNNAMED = ">> words"
# A bold name in Markdown, with words after it.
_IN_STARS = re.compile(r"(?:\*\*[^*:]{1,60}\*\*|__[^_:]{1,60}__)(?=\s+[^\s\d_*])")
_RULE = re.compile(r"\s*[-–—_=*~#•.]{3,}\s*")
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


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a document."""

    text: str
    place: str
    starts: bool = True  # a paragraph begins here
    heading: bool = False  # set as a heading
    bold: int = 0  # this many characters at its start are bold, and those after them aren't
    aside: str = ""  # why nobody said it, where the document says so
    number: str = ""  # what stands before it to count it, with the space before that


def text_lines(text: str) -> list[Line]:
    """A text's lines; a paragraph begins after an empty line, or everywhere if there is none."""
    lines: list[Line] = []
    after_blank = True
    rows = text.split("\n")
    numbers = line_numbers(rows)
    for place, row in enumerate(rows):
        number = numbers.get(place, "")
        words = row[len(number) :]
        bold = _IN_STARS.match(words)
        lines.append(Line(words, str(place + 1), starts=after_blank, bold=bold.end() if bold else 0, number=number))
        after_blank = not words.strip()
    return lines


def read_lines(lines: Sequence[Line], account: Account, *, known: frozenset[str] = frozenset()) -> str:
    """Pass lines on to the account, a line break after each but the last; returns the layout that was recognised."""
    if lines and lines[0].text.startswith("WEBVTT"):
        return read_cues("\n".join(line.text for line in lines), account, known=known)
    if rows := _rows(lines, known):
        return f"table, {read_table(rows, account, known=known)}"
    edges = page_edges(["" if line.aside else line.text for line in lines])
    lines = [replace(line, aside=PAGE_EDGE) if place in edges else line for place, line in enumerate(lines)]
    noted = _notes(lines)
    initials = _initials(lines[:_LIST_OF_PEOPLE])
    account.present({short: label for short, label in initials.items() if label and short not in known})
    known = known.union(initials)
    labels = _with_unnamed(_best_labels(lines, noted, known), lines, noted)
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
    above = sum(len(left.text) for left in account.left_out if left.reason == BEFORE_FIRST)
    if above > sum(len(turn.text) for turn in account.turns) > 0:
        account.doubt(
            "", "more stands above the first speaker than anybody is said to say: are names written otherwise?"
        )
    if any(_is(_BY_A_MACHINE, line.text) for line in lines):
        account.doubt("", "it says that a machine generated some of it: are these notes, and not what was said?")
    return "times only" if reader.nameless else _layout([label for label in labels if label])


def _best_labels(lines: Sequence[Line], noted: Sequence[bool], known: frozenset[str]) -> list[Label | None]:
    """The labels of the way of naming that this file has.

    What stands before a colon may be said ("Budget Reality: we have none") in a file that names people otherwise: a way
    in which more come again is the file's, many more where several stand before colons and again. Where there is but
    one name, far down, or hardly one of many times has any, nobody is named: what is above would be lost.
    """
    labels = _with_questions(_labels(lines, noted, known), lines, noted)
    sure, named = _sure(labels, known), _named(labels)
    # There is no room for many more.
    if sure and _MANY_MORE * named >= sum(bool(line.text.strip()) for line in lines):
        return labels
    for others in (
        _loose_labels(lines, noted, known, timed=True),
        _names_alone(lines, noted, known),
        _loose_labels(lines, noted, known, timed=False),
    ):
        if (any(others) and not named) or _again(others) > named * (_MANY_MORE if sure else 1):
            return others
    if sure:
        return labels
    one = len({label.key for label in labels if label}) == 1
    lone = (one and named <= _FEW and _much_above(lines, labels)) or (
        named < _FEW_TIMES * _times(lines) and not _opens(lines, labels)
    )
    return [None] * len(lines) if lone else labels


def _with_unnamed(labels: list[Label | None], lines: Sequence[Line], noted: Sequence[bool]) -> list[Label | None]:
    """The labels, and one of nobody's wherever a captioner's `>>` says that another speaks, and not who: beside names
    with the same marks, or in a text that names nobody."""
    marks = [_ANOTHER.match(line.text[:_LONGEST_MARK]) for line in lines]
    beside = any(label and mark for label, mark in zip(labels, marks, strict=True))
    # A mail that answers a mail that answers one has single marks too.
    answers = any(line.text.startswith(">") and not mark for line, mark in zip(lines, marks, strict=True))
    if not beside and (any(labels) or answers or sum(map(bool, marks)) < _FEWEST_MARKS):
        return labels
    return [
        label or (Label(_UNNAMED, NAMELESS, None, mark.end(), 0, False) if mark and not none else None)
        for label, mark, none in zip(labels, marks, noted, strict=True)
    ]


def _named(labels: Sequence[Label | None]) -> int:
    return sum(label is not None for label in labels)


def _again(labels: Sequence[Label | None]) -> int:
    """How many of these names stand there more than once; none where all are one, as a heading that comes again is."""
    counts = Counter(label.key for label in labels if label)
    return sum(count for count in counts.values() if count > 1) if len(counts) > 1 else 0


def _sure(labels: Sequence[Label | None], known: frozenset[str]) -> bool:
    """Whether two are named, one of them twice, or somebody as a recogniser or the roster does."""
    return _again(labels) > 0 or any(label and (label.grade == 3 or label.key in known) for label in labels)


def _much_above(lines: Sequence[Line], labels: Sequence[Label | None]) -> bool:
    """Whether more stands above the first label than what a transcript has above it."""
    first = next(place for place, label in enumerate(labels) if label)
    above, all_words = (sum(len(line.text.split()) for line in part) for part in (lines[:first], lines))
    return above > _MOST_ABOVE * all_words


def _opens(lines: Sequence[Line], labels: Sequence[Label | None]) -> bool:
    """Whether the first words of all stand beside a name."""
    first = next((place for place, label in enumerate(labels) if label), 0)
    return all(_wordless(lines[:first]))


def _initials(lines: Sequence[Line]) -> dict[str, str]:
    """Whom initials mean by a list of those present, "Ann Rees (AR)"; nobody where two people share them."""
    labels: dict[str, str] = {}
    for initials, label in (pair for line in lines for pair in presented(line.text)):
        labels[initials] = label if labels.get(initials, label) == label else ""
    return labels


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


def _labels(lines: Sequence[Line], noted: Sequence[bool], known: frozenset[str]) -> list[Label | None]:
    above = _above(lines)
    none = [noted[place] or place < above or _no_label(line) for place, line in enumerate(lines)]
    candidates = _candidates(lines, none, known)
    odd = [
        None if no or found else odd_label(line.text) for line, no, found in zip(lines, none, candidates, strict=True)
    ]
    settled = settle(candidates, [line.starts for line in lines], _wordless(lines), odd=odd)
    # Who speaks here speaks in other capitals too: `nia cadwallen:`.
    names = frozenset(label.key for label in settled if label and " " in label.name)
    return [
        label or (None if no or candidate else _variant(line.text, names))
        for line, no, candidate, label in zip(lines, none, candidates, settled, strict=True)
    ]


def _candidates(lines: Sequence[Line], none: Sequence[bool], known: frozenset[str]) -> list[Label | None]:
    """What may be a label in each line; bold words are emphasis where others come again that have a colon or a time."""
    found = [
        None if no else _bold_label(line, known) or label_of(line.text, known=known)
        for line, no in zip(lines, none, strict=True)
    ]
    bare = [
        bool(label and label.form == _IN_BOLD and ":" not in line.text[: label.words_at])
        for line, label in zip(lines, found, strict=True)
    ]
    others = [None if by_bold else label for label, by_bold in zip(found, bare, strict=True)]
    if _MANY_MORE * _again(others) <= sum(bare):
        return found
    sure = {label.key for label in others if label} | known
    return [
        label_of(line.text, known=known) if label and by_bold and label.key not in sure else label
        for line, label, by_bold in zip(lines, found, bare, strict=True)
    ]


def _variant(text: str, names: frozenset[str]) -> Label | None:
    """The label that a line begins with, if it is one of these names, case folded."""
    found = label_of(text, known=names) if text.lstrip().casefold().startswith(tuple(names)) else None
    return found if found and found.key in names else None


def _wordless(lines: Sequence[Line]) -> list[bool]:
    return [not line.text.strip() or _is_mark(line.text) for line in lines]


def _above(lines: Sequence[Line]) -> int:
    """How many lines at the top say what was recorded, when and who with: short ones, of which one is `Date:` or so."""
    last = 0
    for place, line in enumerate(lines):
        text = line.text.strip()
        if len(text.split()) > _LONGEST_ABOVE or text.endswith((".", "?", "!")):
            break
        if _ABOVE.match(text) or (last == place and text and place):
            last = place + 1
    return last


def _loose_labels(
    lines: Sequence[Line], noted: Sequence[bool], known: frozenset[str], *, timed: bool
) -> list[Label | None]:
    """Labels that look like speech too; believed where they come again, those without a time all through the file."""
    candidates = [
        None if noted[place] or _no_label(line) else loose_label(line.text, timed=timed, known=known)
        for place, line in enumerate(lines)
    ]
    counts = Counter(label.key for label in candidates if label)
    labels = [label if label and (counts[label.key] > 1 or label.grade > 1) else None for label in candidates]
    paragraphs = sum(line.starts and not none for line, none in zip(lines, _wordless(lines), strict=True))
    labelled = sum(label is not None for label in labels)
    enough = max(0.0 if timed else _LOOSE_SHARE * paragraphs, 3)
    again = len(counts) > 1 and any(label and counts[label.key] > 1 for label in labels)
    return labels if again and labelled >= enough else [None] * len(lines)


def _with_questions(labels: list[Label | None], lines: Sequence[Line], noted: Sequence[bool]) -> list[Label | None]:
    """The labels, and the "Q." and "A." of a hearing where others than these two are named in another form."""
    if not any(labels):
        return labels
    asked = [
        loose_label(line.text, timed=False)
        if not (label or noted[place] or _no_label(line)) and _ASKED.match(line.text)
        else None
        for place, (line, label) in enumerate(zip(lines, labels, strict=True))
    ]
    counts = Counter(label.name for label in asked if label)
    paragraphs = sum(line.starts and not none for line, none in zip(lines, _wordless(lines), strict=True))
    enough = min(counts["Q"], counts["A"]) > 1 and counts.total() >= _ASKED_SHARE * paragraphs
    return [label or other for label, other in zip(labels, asked, strict=True)] if enough else labels


def _is_mark(text: str) -> bool:
    """A time, a rule or a note in brackets."""
    return _is(_TIME_LINE, text) or _is(_RULE, text) or _is(_NOTE_LINE, text)


def _is(pattern: re.Pattern[str], text: str) -> bool:
    """Whether this is all that stands on a line; a longer line is none of these, and would keep a pattern busy."""
    return len(text) < _LONGEST_MARK and pattern.fullmatch(text.strip()) is not None


def _no_label(line: Line) -> bool:
    text = line.text
    return bool(line.heading or line.aside or not text.strip() or _is(_CUE_TIME, text) or _is(_WATCH_LINE, text))


def _bold_label(line: Line, known: frozenset[str]) -> Label | None:
    """`Nia Cadwallen I think` with the name in bold; a colon may belong to either."""
    if not 0 < line.bold < len(line.text) or _is(_PROGRAM_LINES, line.text):
        return None
    name, rest = line.text[: line.bold], line.text[line.bold :]
    found = None if ":" in name.rstrip(" :") else name_line(name, known=known)
    # A time or what somebody is belongs to the label, and a form of labels knows where it ends.
    if found is None or rest.startswith("\t") or _is(_TIME_LINE, rest) or _BRACKET_AFTER.match(rest[:_LONGEST_MARK]):
        return None
    after = re.compile(r"\s*:?\s*").match(line.text, line.bold)
    words_at = after.end() if after else line.bold
    return Label(_IN_BOLD, found.name, None, words_at, found.grade, False)


def _names_alone(lines: Sequence[Line], noted: Sequence[bool], known: frozenset[str]) -> list[Label | None]:
    """Names on lines of their own, each with words under it; believed if they come again or look like whole names."""
    candidates = _with_odd_lines(lines, _lines_of_names(lines, noted, known))
    counts = Counter(label.key for label in candidates if label)
    timed = [_beside_time(lines, place) for place in range(len(lines))]
    again = [place for place, label in enumerate(candidates) if label and counts[label.key] > 1]
    if not again and not any(label and label.grade == 3 for label in candidates):
        over_times = _over_times(lines, known)
        candidates = [
            label if over_times or (place and _is_time(lines[place - 1].text)) else None
            for place, label in enumerate(candidates)
        ]
    # Above the first who comes again stand titles; but where most times have a name, who has one speaks.
    most = 2 * sum(bool(label) and beside for label, beside in zip(candidates, timed, strict=True))
    by_time = most >= _stretches_of_times(lines) and all(timed[place] for place in again)
    first = again[0] if again else 0
    return [
        label
        if label
        and _name_stands(label, counts[label.key], lines[place])
        and (place >= first or label.grade == 3 or (by_time and timed[place]))
        else None
        for place, label in enumerate(candidates)
    ]


def _stretches_of_times(lines: Sequence[Line]) -> int:
    """How many times stand there; several in a row, as Teams writes one in words and in digits, are one."""
    times = [_is_time(line.text) for line in lines if line.text.strip()]
    return sum(time and not before for before, time in pairwise([False, *times]))


def _lines_of_names(lines: Sequence[Line], noted: Sequence[bool], known: frozenset[str]) -> list[Label | None]:
    """What may be a name on a line of its own: where a paragraph begins, under a time, or over one if all are."""
    candidates: list[Label | None] = []
    over_times = _over_times(lines, known)
    for place, line in enumerate(lines):
        after = lines[place + 1].text if place + 1 < len(lines) else ""
        below = after.strip() or (lines[place + 2].text.strip() if place + 2 < len(lines) else "")
        alone = _is_time(after) if over_times else line.starts or (bool(place) and _is_time(lines[place - 1].text))
        can = alone and below and not noted[place] and not line.aside and not _is_time(line.text)
        candidates.append(name_line(line.text, known=known) or odd_name_line(line.text) if can else None)
    return candidates


def _beside_time(lines: Sequence[Line], place: int) -> bool:
    """Whether a time stands right under or over this line, an empty one aside."""
    near = (lines[max(place - 2, 0) : place][::-1], lines[place + 1 : place + 3])
    return any(_is_time(next((line.text for line in side if line.text.strip()), "")) for side in near)


def _over_times(lines: Sequence[Line], known: frozenset[str]) -> bool:
    """Whether names stand right over the times of a text, as in what is copied from a program's page."""
    over = [before.text for before, line in pairwise(lines) if _is_time(line.text) and not _is_time(before.text)]
    named = sum(name_line(text, known=known) is not None for text in over)
    return named >= max(_FEWEST_TIMES, _NEARLY_EVERY_OTHER * len(over))


def _is_time(text: str) -> bool:
    return _is(_TIME_LINE, text) or _is(_CUE_TIME, text)


def _with_odd_lines(lines: Sequence[Line], candidates: Sequence[Label | None]) -> list[Label | None]:
    """The candidates; those that look like no name only if they come again and nearly every other paragraph is one."""
    counts = Counter(label.key for label in candidates if label)
    fits = [bool(label and (label.grade or counts[label.key] > 1)) for label in candidates]
    paragraphs = sum(line.starts and bool(line.text.strip()) and not _is_mark(line.text) for line in lines)
    everywhere = 2 * sum(fits) >= _NEARLY_EVERY_OTHER * paragraphs
    return [
        label if label and (label.grade or (fit and everywhere)) else None
        for label, fit in zip(candidates, fits, strict=True)
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


def _times(lines: Sequence[Line]) -> int:
    """How many lines are a time, or begin with one."""
    return sum(_is_time(line.text) or bool(_TIMED_WORDS.match(line.text[:_LONGEST_MARK])) for line in lines)


def _told_by_time(lines: Sequence[Line]) -> bool:
    """Whether times part the words of a text in which nobody is named."""
    times = _times(lines)
    return times > 2 and 3 * times >= sum(bool(line.text.strip()) for line in lines)


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
        self.nameless = not any(labels) and _told_by_time(lines)
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
        if label:
            self._begin(label, line)
        elif not text.strip():
            self.account.space(text)
        elif self.private:
            self.account.leave_out(text, line.place, PRIVATE)
        elif _is_time(text) or _is(_RULE, text) or self._counts_a_cue(place):
            self._time(text)
        elif (self.head and self._is_head_again(text)) or self._is_badge(place):
            self.account.name(text)
        elif self.nameless and not line.aside and (found := _TIMED_WORDS.match(text)):
            self._time(found[0])
            self._say(text[found.end() :], line)
        elif reason := self._aside(place):
            self.account.leave_out(text, line.place, reason)
        else:
            self._say(text, line)

    def _begin(self, label: Label, line: Line) -> None:
        speaker = self.account.speaker(label.name)
        if speaker != self.speaker or is_unknown(speaker) or label.form == _UNNAMED:
            self.account.close()
        if label.timed or not self.after_time:
            self.start_s = label.start_s
        self.speaker, self.silent, self.after_time = speaker, True, False
        self.head = line.text[: label.words_at].strip()
        self.account.name(line.text[: label.words_at])
        words = line.text[label.words_at :]
        self.in_chat = label.in_chat
        self.private = label.timed and _PRIVATE.search(line.text[: label.words_at]) is not None
        if self.private and words.strip():
            self.account.leave_out(words, line.place, PRIVATE)
        elif _is(_NOT_EXPORTED, words) or (self.in_chat and _is(_ECHOED, words)):
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
        return self.lines[place].text.strip().isdigit() and _is(_CUE_TIME, after)

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
        return self.silent and rest != text.strip() and _is(_TIME_LINE, rest)

    def _time(self, text: str) -> None:
        self.account.time(text)
        self.start_s = seconds(text)
        self.after_time = True
        if self.nameless:
            self.speaker = self.account.speaker(NAMELESS)

    def _aside(self, place: int) -> str:
        """Why nobody said this line; empty if the speaker did."""
        line = self.lines[place]
        if line.aside:
            return line.aside
        if any(_is(lines, line.text) for lines in (_PROGRAM_LINES, _CHAT_LINE, _WATCH_LINE, _BY_A_MACHINE)) or (
            self.in_chat and _is(_ECHOED, line.text)
        ):
            return PROGRAM
        if not self.speaker:
            return BEFORE_FIRST
        if line.heading or self._looks_like_heading(place):
            return HEADING
        alone = (line.starts and self.one_a_turn) or self.one_a_line
        if alone and not self.silent and _MINUTED.match(line.text):
            return MINUTED
        # Right under the name it is all that the transcript has of what they said.
        if _is(_NOTE_LINE, line.text) and not self.silent:
            return NOTE
        return ""

    def _looks_like_heading(self, place: int) -> bool:
        """Short, no sentence, alone in its paragraph, and a speaker's name right under it."""
        line = self.lines[place]
        text = line.text.strip()
        numbered = _is(_NUMBERED_HEADING, text)
        if (
            not ((line.starts and (self.one_a_turn or numbered)) or (numbered and self.dense))
            or len(text.split()) > 10
            or text[-1] in ".!?…,;:—–-\"”’')]"
        ):
            return False
        following = (i for i in range(place + 1, len(self.lines)) if self.lines[i].text.strip())
        below = next(following, None)
        return below is not None and self.labels[below] is not None and (text[:1].isupper() or numbered)
