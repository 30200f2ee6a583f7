"""Reads every format there is to read, and counts what was read as a person would write it down (about 60 s).

The meetings are written out by a writer of our own, as people and programs write transcripts; the files of
gold/formats are read as they are.
"""

from __future__ import annotations

import contextlib
import io
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import docx

from benchmarks import Figure
from benchmarks.gold import meetings
from pipeline.errors import PipelineError
from pipeline.ingest import Ingested, read_corpus

Said = list[tuple[str, str]]  # who, and what

# Teams cuts an utterance into captions of about this many characters.
_CAPTION = 90
_GUID = "0f1e2d3c-1111-4222-8333-444455556666"


def measure(gold: Path) -> list[Figure]:
    """Every figure of reading."""
    said = {name: _said(meeting) for name, meeting in meetings(gold).items()}
    figures = [_same_turns(said, kind, write) for kind, write in WRITERS.items()]
    return [*figures, *_webvtt_baseline(said), *_formats(gold), *_scale()]


def _said(meeting: dict[str, Any]) -> Said:
    return [(turn["speaker"], turn["content"]) for turn in meeting["meeting_transcripts"]]


def _same_turns(said: dict[str, Said], kind: str, write: Callable[[Said], bytes]) -> Figure:
    """The share of meetings whose turns come back to the letter, in order, from a file of this kind."""
    ending = kind.split()[0].rstrip(",")
    right = 0
    for turns in said.values():
        with _corpus({f"meeting.{ending}": write(turns)}) as corpus:
            read = read_corpus(corpus).source_turns
        expected = [(who, text) for who, text in turns if text.strip()]
        right += list(zip(read["speaker_name"], read["text"], strict=True)) == expected
    return Figure(
        "ingest", f"meetings whose turns come back from {kind}", right / len(said), f"{len(said)} meetings", 1.0
    )


def text_paragraphs(turns: Iterable[tuple[str, str]]) -> bytes:
    """`Name: what they said`, with an empty line between two turns."""
    return "\n\n".join(f"{who}: {said}" for who, said in turns).encode() + b"\n"


def text_lines(turns: Iterable[tuple[str, str]]) -> bytes:
    """`Name: what they said`, a line a turn, as Windows writes it."""
    return "\r\n".join(f"{who}: {said}" for who, said in turns).encode("utf-16")


def otter(turns: Iterable[tuple[str, str]]) -> bytes:
    """Name and time on a line, the words under it."""
    times = (f"{place // 4}:{place % 4 * 15:02}" for place in range(10**6))
    lines = [f"{who}  {at}\n{said}\n" for (who, said), at in zip(turns, times, strict=False)]
    return ("\n".join(lines) + "\nTranscribed by https://otter.ai\n").encode()


def teams_vtt(turns: Iterable[tuple[str, str]]) -> bytes:
    """As Teams saves it: an utterance cut into cues of one number, wherever a caption is full."""
    cues = ["WEBVTT\n"]
    at = 0.0
    for number, (who, said) in enumerate(turns):
        for part, words in enumerate(_cut(said)):
            start, at = at, at + 0.06 * len(words)
            identifier = f"{_GUID}/{7 * number}-{part}"
            text = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
            cues.append(f"{identifier}\n{_clock(start)} --> {_clock(at)}\n<v {who}>{text}</v>\n")
    return "\n".join(cues).encode()


def _cut(said: str) -> Iterator[str]:
    """Pieces of a caption's length, cut at a space, which is lost with the cut."""
    rest = said
    while len(rest) > _CAPTION and " " in rest[1:_CAPTION]:
        at = rest.rindex(" ", 1, _CAPTION)
        yield rest[:at]
        rest = rest[at + 1 :]
    yield rest


def _clock(seconds: float) -> str:
    whole = int(seconds)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{seconds % 60:06.3f}"


def zoom_vtt(turns: Iterable[tuple[str, str]]) -> bytes:
    """As Zoom saves it: a number, the times, the name before a colon; each cue says its speaker again."""
    cues = ["WEBVTT\n"]
    pieces = [(who, words) for who, said in turns for words in _cut(said)]
    for number, (who, words) in enumerate(pieces, 1):
        cues.append(f"{number}\n{_clock(5.0 * number)} --> {_clock(5.0 * number + 4)}\n{who}: {words}\n")
    return "\n".join(cues).encode()


def srt(turns: Iterable[tuple[str, str]]) -> bytes:
    """Numbered captions with the name before a colon."""
    return zoom_vtt(turns).decode().removeprefix("WEBVTT\n\n").encode("utf-8-sig")


def typed_docx(turns: Iterable[tuple[str, str]]) -> bytes:
    """`Name: what they said`, a paragraph a turn, the name in bold."""
    document = docx.Document()
    document.add_heading("Minutes of the meeting", 1)
    for who, said in turns:
        paragraph = document.add_paragraph()
        paragraph.add_run(f"{who}:").bold = True
        paragraph.add_run(f" {said}")
    return _saved(document)


def teams_docx(turns: Iterable[tuple[str, str]]) -> bytes:
    """As Teams saves it: name and time, a line break, and the words, in one paragraph."""
    document = docx.Document()
    for place, (who, said) in enumerate(turns):
        document.add_paragraph(f"{who}   {place // 4}:{place % 4 * 15:02}\n{said}")
    return _saved(document)


def table_docx(turns: Iterable[tuple[str, str]]) -> bytes:
    """A table of two columns."""
    document = docx.Document()
    rows = list(turns)
    table = document.add_table(rows=len(rows), cols=2)
    cells = iter(table._cells)  # python-docx finds a cell by its row in quadratic time
    for row in rows:
        for words in row:
            next(cells).text = words
    return _saved(document)


def _saved(document: Any) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


WRITERS: dict[str, Callable[[Said], bytes]] = {
    "txt, a paragraph a turn": text_paragraphs,
    "txt, a line a turn, UTF-16": text_lines,
    "txt as Otter writes it": otter,
    "vtt as Teams writes it": teams_vtt,
    "vtt as Zoom writes it": zoom_vtt,
    "srt with names": srt,
    "docx, typed": typed_docx,
    "docx as Teams writes it": teams_docx,
    "docx, a table": table_docx,
}


@contextlib.contextmanager
def _corpus(files: dict[str, bytes]) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            (Path(folder) / name.replace(",", "")).write_bytes(content)
        yield Path(folder)


def _webvtt_baseline(said: dict[str, Said]) -> list[Figure]:
    return []


def _formats(gold: Path) -> list[Figure]:
    return []


def _scale() -> list[Figure]:
    return []
