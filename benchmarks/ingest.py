"""Reads every format there is to read, and counts what was read as a person would write it down (about 2 minutes).

The meetings are written out by a writer of our own, as people and programs write transcripts; the files of
gold/formats are read as they are.
"""

from __future__ import annotations

import contextlib
import io
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import docx

from benchmarks import Figure
from benchmarks.gold import meetings
from pipeline.errors import PipelineError
from pipeline.ingest import read_corpus

Said = list[tuple[str, str]]  # who, and what

# Teams cuts an utterance into captions of about this many characters.
_CAPTION = 90
_GUID = "0f1e2d3c-1111-4222-8333-444455556666"


def measure(gold: Path) -> list[Figure]:
    """Every figure of reading."""
    said = {name: _said(meeting) for name, meeting in meetings(gold).items()}
    figures = [_same_turns(said, kind, write) for kind, write in WRITERS.items()]
    return [*figures, *_formats(gold), *_scale()]


def _said(meeting: dict[str, Any]) -> Said:
    return [(turn["speaker"], turn["content"]) for turn in meeting["meeting_transcripts"]]


def _same_turns(said: dict[str, Said], kind: str, write: Callable[[Said], bytes]) -> Figure:
    """The share of meetings whose turns come back to the letter, in order, from a file of this kind."""
    ending = kind.split(maxsplit=1)[0].rstrip(",")
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


def _webvtt(content: bytes) -> list[tuple[str, str]]:
    """What a user would do instead: webvtt-py, with the captions of one voice joined."""
    import webvtt

    with tempfile.NamedTemporaryFile(suffix=".vtt") as file:
        file.write(content)
        file.flush()
        captions = webvtt.read(file.name)
    turns: list[tuple[str, str]] = []
    for caption in captions:
        who, words = caption.voice or "", caption.text
        if turns and turns[-1][0] == who:
            turns[-1] = (who, f"{turns[-1][1]} {words}")
        else:
            turns.append((who, words))
    return turns


# What a person writes down of the files that come with other projects: turns, speakers, words. None: it holds no talk
# and is refused.
WRITTEN_DOWN: dict[str, tuple[int, int, int] | None] = {
    "layouts/bracket_time_code.txt": (2, 2, 4),
    "layouts/otter_export.txt": (3, 3, 19),
    "layouts/teams_download_guid_cues.vtt": (2, 2, 12),
    "layouts/teams_graph_api.vtt": (1, 1, 5),
    "layouts/zoom_cc_no_speakers.vtt": (2, 1, 16),
    "layouts/zoom_transcript.vtt": (4, 4, 24),
    "turnchunk/assemblyai.json": (2, 2, 9),
    "turnchunk/aws_transcribe.json": (2, 2, 5),
    "turnchunk/basic.srt": (2, 2, 10),
    "turnchunk/bracketed.txt": (2, 2, 15),
    "turnchunk/deepgram.json": (2, 2, 5),
    "turnchunk/otter.txt": (2, 2, 22),
    "turnchunk/rev.json": (2, 2, 3),
    "turnchunk/teams.vtt": (2, 2, 33),
    "turnchunk/whisper_plain.json": (1, 1, 11),
    "turnchunk/whisperx_diarized.json": (2, 2, 22),
    "turnchunk/youtube_rolling.vtt": (1, 1, 26),
    "turnchunk/zoom.vtt": (3, 2, 19),
    "webvtt-py/captions_with_bom.vtt": (1, 1, 12),
    "webvtt-py/comments.vtt": (5, 1, 20),
    "webvtt-py/cue_tags.vtt": (1, 1, 13),
    "webvtt-py/empty.vtt": None,
    "webvtt-py/invalid_format.sbv": None,
    "webvtt-py/invalid_format1.srt": None,
    "webvtt-py/invalid_format2.srt": None,
    "webvtt-py/invalid_format3.srt": None,
    "webvtt-py/invalid_format4.srt": None,
    "webvtt-py/invalid_timeframe.srt": (1, 1, 15),
    "webvtt-py/invalid_timeframe.vtt": (1, 1, 21),
    "webvtt-py/missing_caption_text.sbv": (1, 1, 12),
    "webvtt-py/missing_caption_text.srt": (1, 1, 12),
    "webvtt-py/missing_timeframe.sbv": (1, 1, 12),
    "webvtt-py/missing_timeframe.srt": (1, 1, 12),
    "webvtt-py/no_captions.vtt": None,
    "webvtt-py/non_padded_timestamps.vtt": (3, 2, 10),
    "webvtt-py/regions.vtt": (2, 2, 8),
    "webvtt-py/sample.sbv": (1, 1, 22),
    "webvtt-py/styles.vtt": (1, 1, 2),
    "webvtt-py/styles_with_comments.vtt": (1, 1, 2),
    "webvtt-py/using_identifiers.vtt": (1, 1, 18),
    "webvtt-py/youtube_dl.vtt": (1, 1, 8),
}


def _formats(gold: Path) -> list[Figure]:
    """How many of the files of other projects are read to what a person writes down, and accounted for."""
    paths = [path for path in sorted((gold / "formats").rglob("*.*")) if path.is_file()]
    counts = {path.relative_to(gold / "formats").as_posix(): _counts(path) for path in paths}
    known = [name for name in counts if name in WRITTEN_DOWN]
    right = [name for name in known if counts[name] == WRITTEN_DOWN[name]]
    for name in sorted(set(known) - set(right)):
        print(f"    {name}: turns, speakers, words {counts[name]}, a person wrote {WRITTEN_DOWN[name]}")
    share = len(right) / max(len(known), 1)
    return [
        Figure(
            "ingest",
            "files of other projects read as a person would write them down",
            share,
            f"{len(known)} files",
            1.0,
        )
    ]


def _counts(path: Path) -> tuple[int, int, int] | None:
    with _corpus({path.name: path.read_bytes()}) as corpus:
        try:
            read = read_corpus(corpus)
        except PipelineError:
            return None
    turns = read.source_turns
    characters = int(turns["text"].str.len().sum() + read.omissions["characters"].sum())
    assert characters == read.sources["characters"].sum(), f"{path.name} is not accounted for"
    return len(turns), turns["speaker_name"].nunique(), int(turns["text"].str.split().str.len().sum())


# An hour of talk is about 9,000 words.
_WORDS_AN_HOUR = 9_000
_READ = """
import resource, sys, time
from pathlib import Path
from pipeline.ingest import read_corpus
started = time.perf_counter()
read = read_corpus(Path(sys.argv[1]))
print(time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, len(read.source_turns))
"""


def _scale() -> list[Figure]:
    """Time a word and memory, for 100 and for 1,000 generated hours, each in a process of its own."""
    few, few_mb = _read_hours(100)
    many, many_mb = _read_hours(1_000)
    return [
        Figure(
            "ingest", "time a word at 1,000 hours, against 100 hours", many / few, "9 million words", 1.25, at_most=True
        ),
        Figure(
            "ingest",
            "memory of reading 1,000 hours, MB",
            many_mb,
            "9 million words",
            2_000,
            at_most=True,
            baseline=few_mb,
        ),
        Figure("ingest", "seconds to read 1,000 hours", many * 1_000 * _WORDS_AN_HOUR, "9 million words"),
    ]


def _read_hours(hours: int) -> tuple[float, float]:
    """Seconds a word, and megabytes at most."""
    with tempfile.TemporaryDirectory() as folder:
        for number in range(hours):
            kind, write = list(GENERATED.items())[number % len(GENERATED)]
            (Path(folder) / f"hour {number}.{kind}").write_bytes(write(_hour(number)))
        done = subprocess.run([sys.executable, "-c", _READ, folder], check=True, capture_output=True, text=True)
    seconds, megabytes, _ = map(float, done.stdout.split())
    return seconds / (hours * _WORDS_AN_HOUR), megabytes


GENERATED: dict[str, Callable[[Said], bytes]] = {"txt": text_paragraphs, "vtt": teams_vtt, "srt": srt}


def _hour(number: int) -> Said:
    """An hour of words that mean nothing: 150 turns of 60 words by eight people."""
    chance = random.Random(number)  # noqa: S311 - words, not secrets
    people = [f"{given} {'ABCDEFGHIJ'[number % 10]}ynfor" for given in _GIVEN]
    turns: Said = []
    for turn in range(150):
        words = " ".join(chance.choices(_WORDS, k=60))
        turns.append((people[(turn + chance.randrange(1, 8)) % 8], words))
    return turns


_GIVEN = ("Alys", "Bedwyr", "Catrin", "Dewi", "Elin", "Ffion", "Gwil", "Heledd")
_WORDS = (
    "we the trust service people that of and money file nobody reads it drawer council risk learn share, know. who?"
).split()
