"""The Senedd meetings as the pipeline reads them, each with what readers would quote, as rows of its statements.

Readers marked spans of the source text; the pipeline quotes from the anonymised text, in statements of its own. A
statement is a reader's when at least half of its letters are.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks import gold as g
from pipeline import tables as t
from pipeline.backends.toolbox import Toolbox, cache_folder
from pipeline.config import Config

READINGS = Path(__file__).parent / "data" / "quote_readings.json"
SECOND = "second reading"
HALF = 0.5


@dataclass(frozen=True)
class ReaderQuote:
    """What one reader would print: rows of consecutive statements, how gladly (1 to 3), and as what."""

    rows: tuple[int, ...]
    grade: int
    code: str


@dataclass(frozen=True)
class Meeting:
    """One meeting after segmenting and embedding, and its readers' choices."""

    name: str
    turns: pd.DataFrame
    tokens: pd.DataFrame
    participants: pd.DataFrame
    roundtables: pd.DataFrame
    statements: pd.DataFrame
    vectors: t.VectorSet
    read: NDArray[np.float32]  # how each statement reads, by statement_id
    readers: Mapping[str, tuple[ReaderQuote, ...]]

    @property
    def rows(self) -> list[t.Statement]:
        """The statements, by statement_id."""
        return sorted(t.STATEMENTS.rows(self.statements), key=lambda statement: statement.statement_id)


def read_meeting(gold: Path, name: str, *, config: Config | None = None) -> Meeting:
    """A meeting of the gold through ingest's last tables, anonymise, segment and embed, with its readers' choices."""
    source = g.meetings(gold)[name]
    return read_source(source, name, _readings(gold, name, source), config=config)


def read_hearing(name: str, source: Mapping[str, Any], *, config: Config | None = None) -> Meeting:
    """A hearing outside the gold (benchmarks/quote_talk.py), with what this project's readers chose in it."""
    return read_source(source, name, _own_readings(source), config=config)


def read_source(
    source: Mapping[str, Any], name: str, marked: Mapping[str, Sequence[_Marked]], *, config: Config | None = None
) -> Meeting:
    """Anything in the gold's layout, through the pipeline; models' answers are kept between runs."""
    from pipeline.anonymise import anonymise
    from pipeline.embed import embed
    from pipeline.segment import segment

    config = config or Config()
    tools = Toolbox.of(config)
    source_turns = g.source_turns(dict(source), "rt1")
    made = anonymise(
        source_turns,
        t.ROSTER.empty(),
        t.ROUNDTABLES.frame([t.Roundtable("rt1", 1, "", "", "en", ())]),
        t.SOURCES.frame([t.Source("rt1", "rt1", "rt1", "", "json", "", int(source_turns["text"].str.len().sum()))]),
        linguist=tools.linguist(cache_folder() / "benchmarks" / name.replace("/", "-")),
        seed=config.seed,
    )
    statements = segment(made.turns, made.tokens).statements
    vectors = embed(statements, made.turns, encoder=tools.encoder(), welsh_encoder=tools.welsh_encoder())
    moved = _Moved(made.redactions)
    readers = {reader: tuple(_placed(quotes, statements, moved)) for reader, quotes in marked.items()}
    reading = tools.quote_encoder()
    texts = statements.set_index("statement_id")["text"].loc[list(vectors.ids)].tolist()
    read = vectors.own[:, :0] if reading is None else reading.encode(texts)
    return Meeting(
        name, made.turns, made.tokens, made.participants, made.roundtables, statements, vectors, read, readers
    )


@dataclass(frozen=True)
class _Marked:
    turn: int
    start: int  # in the source text
    end: int
    grade: int
    code: str


def _readings(gold: Path, name: str, source: Mapping[str, Any]) -> dict[str, list[_Marked]]:
    """Each reader's spans: the gold's coders, and the readings that this project made for training."""
    found: dict[str, list[_Marked]] = {}
    if (gold / "senedd" / "coding" / f"{name}.json").is_file():
        coded = g.coding(gold, name)
        places = {row["id"]: row for row in coded["statements"]}
        for coder, work in coded["coders"].items():
            found[coder] = [_of_ids([places[i] for i in q["ids"]], q["grade"], q["code"]) for q in work["quotes"]]
    return found | _own_readings(source)


def _own_readings(source: Mapping[str, Any]) -> dict[str, list[_Marked]]:
    readings = json.loads(READINGS.read_text(encoding="utf-8")).get(fingerprint(source), {})
    return {
        reader: [_Marked(turn, start, end, grade, "") for turn, start, end, grade in rows]
        for reader, rows in readings.items()
    }


def fingerprint(source: Mapping[str, Any]) -> str:
    """What a meeting is known by in data/quote_readings.json: its words, not its name."""
    said = "\n".join(turn["content"] for turn in source["meeting_transcripts"])
    return hashlib.sha256(said.encode("utf-8")).hexdigest()[:16]


def _of_ids(rows: Sequence[Mapping[str, Any]], grade: int, code: str) -> _Marked:
    return _Marked(rows[0]["turn"], rows[0]["start"], rows[-1]["end"], grade, code)


class _Moved:
    """Where an offset of a source turn stands in the anonymised turn."""

    def __init__(self, redactions: pd.DataFrame) -> None:
        self._of: dict[str, list[tuple[int, int, int]]] = {}
        replaced = (row for row in t.REDACTIONS.rows(redactions) if row.status == "replaced")
        for row in sorted(replaced, key=lambda row: (row.turn_id, row.start)):
            self._of.setdefault(row.turn_id, []).append((row.start, row.end, len(row.replacement)))

    def __call__(self, turn_id: str, offset: int) -> int:
        shift = 0
        for start, end, length in self._of.get(turn_id, ()):
            if end <= offset:
                shift += length - (end - start)
            elif start < offset:
                return start + shift + min(offset - start, length)
        return offset + shift


def _placed(marks: Iterable[_Marked], statements: pd.DataFrame, moved: _Moved) -> Iterable[ReaderQuote]:
    rows = sorted(t.STATEMENTS.rows(statements), key=lambda statement: statement.statement_id)
    first: dict[str, int] = {}
    for index, statement in enumerate(rows):
        first.setdefault(statement.turn_id, index)
    for mark in marks:
        turn_id = f"rt1:t{mark.turn:04d}"
        start, end = moved(turn_id, mark.start), moved(turn_id, mark.end)
        inside = []
        for index in range(first.get(turn_id, len(rows)), len(rows)):
            statement = rows[index]
            if statement.turn_id != turn_id:
                break
            shared = min(end, statement.end) - max(start, statement.start)
            if shared >= HALF * (statement.end - statement.start):
                inside.append(index)
        if inside:
            yield ReaderQuote(tuple(inside), mark.grade, mark.code)


def words_between(text: str, start: int, end: int) -> frozenset[int]:
    """The words of a turn that a span holds, each by where it begins."""
    begins = [0, *(index + 1 for index, letter in enumerate(text) if letter.isspace())]
    begins = [begin for begin in begins if begin < len(text) and not text[begin].isspace()]
    low = max(0, bisect_right(begins, start) - 1)
    return frozenset(begin for begin in begins[low:] if begin < end and begin >= start)


def grades(meeting: Meeting, reader: str) -> np.ndarray[Any, np.dtype[np.int64]]:
    """The grade that a reader gave each statement; 0 where they would not print it."""
    given = np.zeros(len(meeting.statements), dtype=np.int64)
    for quote in meeting.readers.get(reader, ()):
        rows = list(quote.rows)
        given[rows] = np.maximum(given[rows], quote.grade)
    return given
