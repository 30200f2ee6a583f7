"""Tables (.csv, .xlsx, tables in documents) become turns: which column says who, what and when is found or told."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.ingest.account import NAMELESS, Account
from pipeline.ingest.likely_names import is_unknown, name_grade, tidy_name
from pipeline.ingest.times import TIME, seconds, time_unit

TITLE_ROW = "a column's title"
OTHER_COLUMN = "in a column that holds no words of a speaker"
ABOVE = "above the table"
BESIDE_TABLE = "beside the table that holds the transcript"

# Titles that people and programs give the columns, case folded.
TITLES: dict[str, tuple[str, ...]] = {
    "speaker": (
        "speaker", "speaker name", "speaker_name", "name", "who", "participant", "person", "speaker label",
        "speaker_label", "participant name", "voice", "spoken by", "user", "siaradwr", "enw", "respondent",
        "participant id", "participant_id", "respondent id", "respondent_id", "interviewee", "cyfranogwr",
        "first name", "firstname", "forename", "given name", "enw cyntaf",
        "author", "posted by", "created by", "contributor", "voter", "awdur", "pwy", "siaradwyr", "panellist",
        "attendee",
    ),
    "text": (
        "text", "transcript", "content", "utterance", "speech", "words", "what they said", "said", "caption",
        "sentence", "message", "statement", "contribution", "dialogue", "comment", "testun", "transcription", "body",
        "quote", "turn", "spoken text", "what was said", "answer", "response", "verbatim", "reply", "ateb", "sylw",
        "geiriau", "trawsgrifiad", "dywedwyd", "beth ddywedwyd", "beth a ddywedwyd", "wedi dweud", "beth",
    ),
    "start": (
        "start", "start time", "start_time", "time", "timestamp", "begin", "from", "in", "start_s", "start (s)",
        "start seconds", "timecode", "time code", "amser", "starttime", "timespan", "start_ms", "start ms",
        "start (ms)", "startms", "begin time", "dechrau",
    ),
    "end": (
        "end", "end time", "end_time", "to", "out", "end_s", "end (s)", "end seconds", "finish", "stop", "endtime",
        "end_ms", "end ms", "end (ms)", "endms", "diwedd",
    ),
}  # fmt: skip

_SPEAKERS = frozenset(TITLES["speaker"])
_TEXTS = frozenset(TITLES["text"])
_SURNAMES = ("last name", "lastname", "surname", "family name", "cyfenw")
# What tells one recording in a table from another: the times of each begin anew.
_RECORDINGS = ("recording", "roundtable", "session", "file", "file name", "filename", "part", "meeting", "recordiad")
# What stands over the columns of a form beside its questions, case folded.
_OF_A_FORM = frozenset(
    """
    id|response id|responseid|respondent id|submission id|collector id|no|no.|number|timestamp|start time|start date
    |startdate|completion time|end date|enddate|submitted|submitted at|submission date|date submitted|recorded date
    |recordeddate|date|email|email address|e-mail|username|ip address|ipaddress|language|last modified time
    |stamp amser|amser cychwyn|amser dechrau|amser cwblhau|amser gorffen|dyddiad|e-bost|ebost|iaith|rhif
    |cyfeiriad e-bost
    """.replace("\n    ", "").strip().split("|")
) | _SPEAKERS  # fmt: skip
# Of these, those that may tell respondents apart.
_TELLS_WHO = frozenset({"id", "response id", "responseid", "submission id", "no", "no.", "number"}) | _SPEAKERS
# Under its questions, what SurveyMonkey and Qualtrics write of each.
_UNDER_QUESTIONS = re.compile(r"open-ended response|\{\"importid\":.*\}", re.IGNORECASE)
# Above its questions stand the codes that Qualtrics gives them, or a session's title.
_MOST_ABOVE = 6
# A title of so many words is a question, with or without its mark: "Anything else to add"
_QUESTION = 4
# In people's own words answers differ; of "Strongly agree" there are five.
_OWN_WORDS = 0.5

# Columns are about as long if in so many rows neither has more than so many times the words of the other.
_NEARLY_ALL = 0.7
_MOST_WORDS_OVER = 3
_LITTLE_WELSH = re.compile(r"\b(?:y|yr|yn|yw|ac|mae|maen|wedi|oedd|bod|sydd|ein|eu|ni|ddim|wrth|gan)\b", re.IGNORECASE)
_LITTLE_ENGLISH = re.compile(r"\b(?:the|and|of|to|is|that|was|we|it|for|not|are|on|with)\b", re.IGNORECASE)
# Under a name in its cell: when it was said.
_TIME_BESIDE = re.compile(rf"\s+[\[(]?(?P<time>{TIME})[\])]?\s*$")
_WORD = re.compile(r"[^\W\d_]{3}")
# Fewer may be times that are a second apart.
_FEWEST_ROWS = 4
_TWO_LETTERS = re.compile(r"[^\W\d_]{2}")
_LONGEST_TITLE = 4  # words; "Start of the day" may stand for the time of somebody's first sentence
_APART = re.compile(r"[/|()\[\]\n]|\s[-–—]\s")
_SPAN = re.compile(rf"\s*(?P<start>{TIME})\s*(?:-->|[-–—]|to)\s*(?P<end>{TIME})\s*")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table, with its place."""

    cells: tuple[str, ...]
    place: str


@dataclass(frozen=True, slots=True)
class Columns:
    """Where in a row each thing stands; -1 where it doesn't."""

    text: int
    speaker: int = -1
    surname: int = -1  # where it stands in a column of its own
    start: int = -1
    end: int = -1
    title_row: int = -1
    unit: float = 1.0  # what a number of a time counts, in seconds
    answers: tuple[int, ...] = ()  # of a form: the columns of answers, a respondent a row
    asked: tuple[str, ...] = ()  # what was asked in each of them


def read_table(
    rows: Sequence[Row], account: Account, *, told: Mapping[str, str] | None = None, known: frozenset[str] = frozenset()
) -> str:
    """Pass a table on to the account, a tab after each cell and a line break after each row but the last.

    Returns how the columns were found, or nothing (and passes nothing on) if no column holds words of speakers.
    """
    columns = find_columns(rows, told=told, known=known)
    if columns is None:
        return ""
    account.asked += columns.asked
    speaker = ""
    titles = rows[columns.title_row].cells if columns.title_row >= 0 else ()
    for number, row in enumerate(_in_time(rows, columns, account)):
        if number:
            account.space("\n")
        if number <= columns.title_row:
            titled = number == columns.title_row or columns.answers
            leave_row(row, account, TITLE_ROW if titled else ABOVE)
        elif row.cells == titles:  # once more, at the top of a page
            leave_row(row, account, TITLE_ROW)
        else:
            speaker = _read_row(row, columns, speaker, account)
    account.close()
    return "columns told" if told else "columns by their titles" if columns.title_row >= 0 else "columns by content"


def _in_time(rows: Sequence[Row], columns: Columns, account: Account) -> Sequence[Row]:
    """The rows as they were said, where a program wrote each speaker's by themselves (ELAN, tier by tier)."""
    head, below = rows[: columns.title_row + 1], rows[columns.title_row + 1 :]
    said, blank = ([row for row in below if any(map(str.strip, row.cells)) == filled] for filled in (True, False))
    cells = [dict(enumerate(row.cells)) for row in said]
    speakers = [cell.get(columns.speaker, "").strip() for cell in cells]
    starts = [_times(cell, columns)[0] for cell in cells]
    blocks = 1 + sum(before != after for before, after in pairwise(speakers))
    apart = 1 < blocks == len(set(speakers)) < len(speakers)
    if columns.answers or not apart or None in starts or not all(speakers) or _in_recordings(head, cells):
        return rows
    order = sorted(range(len(said)), key=lambda at: starts[at] or 0.0)
    if order == list(range(len(said))):
        return rows
    account.doubt("", "its rows stand speaker by speaker: they were put in the order of their times")
    return [*head, *(said[at] for at in order), *blank]


def _in_recordings(head: Sequence[Row], cells: Sequence[Mapping[int, str]]) -> bool:
    """Whether a column says that the rows are of several recordings."""
    at = _place([cell.casefold().strip() for cell in head[-1].cells], _RECORDINGS) if head else -1
    return at >= 0 and len({cell.get(at, "").strip() for cell in cells}) > 1


def find_columns(
    rows: Sequence[Row], *, told: Mapping[str, str] | None = None, known: frozenset[str] = frozenset()
) -> Columns | None:
    """The columns: by the titles told in series.toml, by titles that are known, or by what stands in them.

    Of a form, whose titles are its questions, all columns of answers in people's own words.
    """
    wanted = {
        kind: (told[kind].casefold().strip(),) if told and kind in told else titles for kind, titles in TITLES.items()
    }
    for number, row in enumerate(rows[:20]):
        if not told and number < _MOST_ABOVE and (form := _form(rows, number)):
            return form
        titles = [" ".join(cell.casefold().split()) for cell in row.cells]
        found = {kind: _place(titles, names) for kind, names in wanted.items()}
        if found["text"] not in (-1, found["speaker"]) and (found["speaker"] >= 0 or found["start"] >= 0 or bool(told)):
            title = titles[found["start"]] if found["start"] >= 0 else ""
            unit = _unit(rows[number + 1 :], title, found["start"], found["text"])
            surname = _place(titles, _SURNAMES)
            return Columns(found["text"], found["speaker"], surname, found["start"], found["end"], number, unit)
    return None if told else _by_content(rows, known)


def _place(titles: Sequence[str], names: Sequence[str]) -> int:
    """Where the first of these names is a title, or else a part of one: `Siaradwr / Speaker`, `Words (verbatim)`."""
    parts = [_parts(title) for title in titles]
    whole = (titles.index(name) for name in names if name in titles)
    part = (at for name in names for at, title in enumerate(parts) if name in title)
    return next(whole, next(part, -1))


def are_titles(cells: Sequence[str]) -> bool:
    """Whether these are what the columns of speakers and of words are called."""
    titles = [" ".join(cell.casefold().split()) for cell in cells]
    return len(titles) > 1 and min(_place(titles, TITLES["speaker"]), _place(titles, TITLES["text"])) >= 0


def _parts(title: str) -> list[str]:
    """What a title says: in one language and the other, and without its mark."""
    return [part.strip(" :?*.") for part in _APART.split(title)]


def _form(rows: Sequence[Row], first: int) -> Columns | None:
    """The columns of a form as survey programs export it: this row asks, each one below answers."""
    titles = [" ".join(cell.casefold().split()) for cell in rows[first].cells]
    asked = [at for at, title in enumerate(titles) if title.endswith("?") or len(title.split()) >= _QUESTION]
    beside = [title for at, title in enumerate(titles) if at not in asked and title and not _again(rows, first, at)]
    # A row of speech is no row of titles: a form's own columns stand beside its questions, or all of the first asks.
    all_ask = first == 0 and not beside and all(title.endswith("?") for title in titles)
    its_own = {part for title in beside for part in (title, *_parts(title))}
    if not asked or (_OF_A_FORM.isdisjoint(its_own) and not all_ask):
        return None
    below = next((at for at in range(first + 1, len(rows)) if not _under_questions(rows[at])), len(rows))
    columns = {at: [row.cells[at].strip() for row in rows[below:] if at < len(row.cells)] for at in range(len(titles))}
    answers = tuple(at for at in asked if _in_own_words(columns[at]))
    told_apart = (
        title in _TELLS_WHO and _all_differ(columns[at], len(rows) - below) for at, title in enumerate(titles)
    )
    who = next((at for at, tells in enumerate(told_apart) if tells), -1)
    # One question beside names that come again is what people said there; beside names and words it is a note on them.
    said = not _SPEAKERS.isdisjoint(beside) and (who < 0 or not _TEXTS.isdisjoint(beside))
    if not answers or (len(asked) < 2 and (not beside or said)):
        return None
    questions = tuple(" ".join(rows[first].cells[at].split()) for at in answers)
    return Columns(answers[0], who, title_row=below - 1, answers=answers, asked=questions)


def _again(rows: Sequence[Row], first: int, at: int) -> bool:
    """Whether a cell's words stand below it once more, as no title's do: "No", "Respondent"."""
    title = rows[first].cells[at].strip()
    return any(at < len(row.cells) and row.cells[at].strip() == title for row in rows[first + 1 :])


def _under_questions(row: Row) -> bool:
    return any(_UNDER_QUESTIONS.fullmatch(cell.strip()) for cell in row.cells)


def _in_own_words(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    many = sum(len(cell.split()) for cell in filled) >= 2 * len(filled)
    return bool(filled) and many and len(set(filled)) >= _OWN_WORDS * len(filled) and not _holds_times(cells)


def _all_differ(cells: Sequence[str], count: int) -> bool:
    return len(set(filter(None, cells))) == count


def _by_content(rows: Sequence[Row], known: frozenset[str]) -> Columns | None:
    """Two columns or more: names in one, longer words in another."""
    width = max((len(row.cells) for row in rows), default=0)
    if width < 2:
        return None
    columns = [[row.cells[at].strip() if at < len(row.cells) else "" for row in rows] for at in range(width)]
    texts = max(range(width), key=lambda at: sum(map(len, columns[at])))
    # What was said stands to the left of its translation, whichever is longer.
    texts = next(
        at
        for at in range(width)
        if at == texts or (_holds_sentences(columns[at], known) and _translated(columns[at], columns[texts]))
    )
    names = [at for at in range(width) if at != texts and _holds_names(columns[at], known)]
    times = [at for at in range(width) if at != texts and _holds_times(columns[at][1:] or columns[at])]
    if not names or not _holds_sentences(columns[texts], known):
        return None
    # A title stands too where every row has its time but the first, which has words in its place, and few said.
    short = len(columns[texts][0].split()) <= _LONGEST_TITLE
    over_times = short and any(_time(columns[at][0]) is None and _TWO_LETTERS.search(columns[at][0]) for at in times)
    title_row = 0 if over_times or _is_title(columns[names[0]]) else -1
    times = [at for at in times if not _numbers_rows(list(filter(None, columns[at][title_row + 1 :])))]
    start = times[0] if times else -1
    # ELAN writes each time twice, as a clock and in seconds: the end is the first that is another time.
    ends = (at for at in times[1:] if [_time(cell) for cell in columns[at]] != [_time(cell) for cell in columns[start]])
    surname = _place([cells[0].casefold() for cells in columns], _SURNAMES) if title_row == 0 else -1
    return Columns(texts, names[0], surname, start, next(ends, -1), title_row, _unit(rows, "", start, texts))


def _is_title(names: Sequence[str]) -> bool:
    """Whether the first of these is what the column is called, and nobody's name."""
    return not _SPEAKERS.isdisjoint(_parts(names[0].casefold())) and names.count(names[0]) == 1


def as_long(cells: Sequence[str], others: Sequence[str]) -> bool:
    """Whether nearly all cells of two columns have about as many words."""
    counts = [sorted((len(cell.split()), len(other.split()))) for cell, other in zip(cells, others, strict=True)]
    filled = [pair for pair in counts if any(pair)]
    return sum(most <= _MOST_WORDS_OVER * least for least, most in filled) >= _NEARLY_ALL * len(filled)


def _translated(cells: Sequence[str], others: Sequence[str]) -> bool:
    """Whether nearly every row of two columns says the same in Welsh and in English, or in the same words."""
    both = [pair for pair in zip(cells, others, strict=True) if all(pair)]
    apart = sum(_in_welsh(one) != _in_welsh(other) for one, other in both)
    same = apart + sum(one == other for one, other in both)
    return apart > 0 and same >= _NEARLY_ALL * len(both) and as_long(cells, others)


def _in_welsh(cell: str) -> bool:
    return len(_LITTLE_WELSH.findall(cell)) > len(_LITTLE_ENGLISH.findall(cell))


def _unit(rows: Sequence[Row], title: str, start: int, text: int) -> float:
    if start < 0:
        return 1.0
    told = [(_plain_number(row.cells[start]), row.cells[text]) for row in rows if len(row.cells) > max(start, text)]
    return time_unit(title, told)


def _plain_number(cell: str) -> int | None:
    return int(cell) if cell.strip().isascii() and cell.strip().isdigit() and len(cell) < 15 else None


def _holds_names(cells: Sequence[str], known: frozenset[str]) -> bool:
    filled = [tidy_name(_TIME_BESIDE.sub("", cell).rstrip(":")) for cell in cells if cell]
    graded = sum(bool(name.casefold() in known or name_grade(name)) for name in filled)
    return bool(filled) and graded >= 0.8 * len(filled) and not _holds_times(cells)


def _holds_sentences(cells: Sequence[str], known: frozenset[str]) -> bool:
    """Not a list of who was invited, with their organisations."""
    filled = [cell for cell in cells if cell]
    return sum(len(cell.split()) for cell in filled) >= 3 * len(filled) and not _holds_names(cells, known)


def _holds_times(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    times = sum(_time(cell) is not None and not _WORD.search(cell) for cell in filled)
    return bool(filled) and times >= 0.8 * len(filled)


def _numbers_rows(cells: Sequence[str]) -> bool:
    """Whether these are the numbers of rows, or of the one session that all belong to, and no times."""
    numbers = [_plain_number(cell) for cell in cells]
    steps = {None if a is None or b is None else b - a for a, b in pairwise(numbers)}
    return len(cells) >= _FEWEST_ROWS and steps in ({1}, {0})


def _time(cell: str, unit: float = 1.0) -> float | None:
    found = seconds(cell) if ":" in cell else None
    if found is None:
        try:
            found = round(float(cell.replace(",", ".")) * unit, 3)
        except (ValueError, OverflowError):
            return None
    return found if 0 <= found < 1e6 else None


def _times(cells: Mapping[int, str], columns: Columns) -> tuple[float | None, float | None]:
    """When a row begins and ends; NVivo writes both in one cell."""
    if columns.end < 0 and (span := _SPAN.fullmatch(cells.get(columns.start, "")[:100])):
        return seconds(span["start"]), seconds(span["end"])
    start, end = (
        _time(cells[at].strip(), columns.unit) if at in cells and cells[at].strip() else None
        for at in (columns.start, columns.end)
    )
    return start, end


def _read_row(row: Row, columns: Columns, speaker: str, account: Account) -> str:
    cells = dict(enumerate(row.cells))
    words = cells.get(columns.text, "")
    beside = _TIME_BESIDE.search(cells.get(columns.speaker, ""))
    first = _TIME_BESIDE.sub("", cells.get(columns.speaker, "")).rstrip(": ")
    surname = cells.get(columns.surname, "").strip()
    # Some programs give the whole name, and the surname once more.
    whole = first if f" {first}".casefold().endswith(f" {surname}".casefold()) else f"{first} {surname}"
    name = account.speaker(tidy_name(whole))
    # An empty cell under a name goes on with it, as in a table that people make; nobody at all is not known.
    if columns.answers:
        speaker = name or f"Respondent {row.place.rpartition(' ')[2]}"
    else:
        speaker = name or speaker or account.speaker(NAMELESS)
    if name and (is_unknown(name) or not words.strip()):
        account.close()
    start, end = _times(cells, columns)
    if start is None and beside:
        start = seconds(beside["time"])
    for at, cell in cells.items():
        if at:
            account.space("\t")
        if at == columns.text or at in columns.answers:
            # Of an answer also its column: the question stands above it.
            place = f"{row.place} column {at + 1}" if columns.answers else row.place
            account.say(speaker, cell, place, start_s=start, end_s=end, fresh=bool(columns.answers))
        elif at in (columns.speaker, columns.surname):
            account.name(cell)
        elif at in (columns.start, columns.end) and (not cell.strip() or _is_time(cell, columns.unit)):
            account.time(cell)
        else:
            account.leave_out(cell, row.place, OTHER_COLUMN)
    return speaker


def _is_time(cell: str, unit: float) -> bool:
    return _time(cell.strip(), unit) is not None


def leave_row(row: Row, account: Account, reason: str) -> None:
    """A whole row of a table as an omission with one reason, cell by cell; the tabs between them are spacing."""
    for at, cell in enumerate(row.cells):
        if at:
            account.space("\t")
        account.leave_out(cell, row.place, reason)
