"""The import report: what was read of each file, what was left out and why, and what a person should look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.ingest.account import STRUCTURE, Doubt, LeftOut
from pipeline.ingest.readers import Read
from pipeline.tables import RosterEntry, Roundtable

# In the terminal; the page shows all of them.
_SHOWN = 5


@dataclass(frozen=True)
class PassedOver:
    """A file of the folder that was not read."""

    path: str
    reason: str


@dataclass(frozen=True)
class Voice:
    """A speaker of a file."""

    name: str
    turns: int
    words: int
    share: float  # of the file's words, 0 to 1


@dataclass(frozen=True)
class FileReport:
    """What came of a file."""

    path: str
    transcript_id: str
    roundtable_id: str
    format: str
    encoding: str
    turns: int
    words: int
    voices: tuple[Voice, ...]  # who said most first
    start_s: float | None
    end_s: float | None
    joined: int  # pieces of the file that were added to the turn before them
    characters: int
    in_turns: int
    structure: tuple[tuple[str, int], ...]
    left_out: tuple[LeftOut, ...]
    doubts: tuple[Doubt, ...]

    @classmethod
    def of(cls, path: str, transcript_id: str, roundtable_id: str, read: Read) -> FileReport:
        """The report of a file that was read."""
        account = read.account
        words: Counter[str] = Counter()
        turns: Counter[str] = Counter()
        for turn in account.turns:
            words[turn.speaker] += len(turn.text.split())
            turns[turn.speaker] += 1
        total = max(sum(words.values()), 1)
        ordered = sorted(words, key=lambda name: (-words[name], name))
        starts = [turn.start_s for turn in account.turns if turn.start_s is not None]
        ends = [turn.end_s for turn in account.turns if turn.end_s is not None] or starts
        return cls(
            path, transcript_id, roundtable_id, read.format, read.encoding, len(account.turns), sum(words.values()),
            tuple(Voice(name, turns[name], words[name], words[name] / total) for name in ordered),
            min(starts, default=None), max(ends, default=None), account.joined, account.characters,
            sum(len(turn.text) for turn in account.turns),
            tuple((reason, account.structure[reason]) for reason in STRUCTURE if account.structure[reason]),
            tuple(account.left_out), tuple(account.doubts),
        )  # fmt: skip

    def lines(self) -> Iterator[str]:
        """The report of the file, for a terminal: it names speakers, and repeats nothing that they said."""
        encoding = f", {self.encoding}" if self.encoding else ""
        yield f"{self.path}: {self.transcript_id} ({self.format}{encoding})"
        span = _span(self.start_s, self.end_s)
        speakers = _count(len(self.voices), "speaker")
        yield f"  {_count(self.turns, 'turn')}, {_count(self.words, 'word')}{span}, {speakers}"
        for voice in self.voices:
            yield f"    {voice.share:>4.0%}  {voice.name} ({_count(voice.turns, 'turn')})"
        if self.joined:
            yield f"  joined: {_count(self.joined, 'piece')} added to the turn before, as the same speaker went on"
        reasons = Counter(left.reason for left in self.left_out)
        for reason, count in sorted(reasons.items()):
            places = [left.locator for left in self.left_out if left.reason == reason]
            more = f" and {count - _SHOWN:,} more" if count > _SHOWN else ""
            characters = sum(len(left.text) for left in self.left_out if left.reason == reason)
            yield f"  left out: {reason}: {characters:,} characters at {', '.join(places[:_SHOWN])}{more}"
        rest = sum(count for _, count in self.structure)
        left = self.characters - self.in_turns - rest
        yield (
            f"  {self.characters:,} characters = {self.in_turns:,} in turns + {left:,} left out "
            f"+ {rest:,} names, times, marks and spaces"
        )
        for doubt in self.doubts:
            yield f"  look at: {f'{doubt.locator}: ' if doubt.locator else ''}{doubt.what}"


@dataclass(frozen=True)
class ImportReport:
    """What came of a folder."""

    corpus: str
    files: tuple[FileReport, ...]
    passed_over: tuple[PassedOver, ...]
    questions: tuple[str, ...]

    @classmethod
    def of(
        cls,
        *,
        corpus: str,
        files: Sequence[FileReport],
        passed_over: Sequence[PassedOver],
        roster: Sequence[RosterEntry],
        roundtables: Sequence[Roundtable],
    ) -> ImportReport:
        """The report of a folder that was read."""
        return cls(corpus, tuple(files), tuple(passed_over), ())

    def lines(self) -> list[str]:
        """The report for a terminal."""
        lines = [line for file in self.files for line in file.lines()]
        lines += [f"{passed.path}: passed over: {passed.reason}" for passed in self.passed_over]
        lines += [f"question: {question}" for question in self.questions]
        return lines

    def html(self) -> str:
        """The report as one page with nothing from outside; it holds names and stays in private/."""
        from html import escape

        return (
            f"<!doctype html><meta charset=utf-8><title>Import</title><pre>{escape(chr(10).join(self.lines()))}</pre>"
        )


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def _span(start_s: float | None, end_s: float | None) -> str:
    if start_s is None or end_s is None:
        return ""
    return f", {_clock(start_s)} to {_clock(end_s)}"


def _clock(seconds: float) -> str:
    whole = int(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"
