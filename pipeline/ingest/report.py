"""The import report: what was read of each file, what was left out and why, and what a person should look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from zlib import crc32

from pipeline.facilitator import Guess, likely_facilitator, says_so
from pipeline.ingest.account import STRUCTURE, Doubt, LeftOut, Spoken
from pipeline.ingest.readers import Read
from pipeline.ingest.speakers import in_several, is_named, not_listed, spellings
from pipeline.tables import RosterEntry

# In the terminal; the page shows all of them.
_SHOWN = 5
# A turn of so many words is said once; a shorter one ("Thank you very much") at every meeting.
_LONGER = 8
# Two files are of one talk if so many of these turns, and this share of the shorter file's, stand in both: a welcome
# that is read out at each meeting is neither.
_FEWEST_SHARED = 3
_SAME_TALK = 0.3


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
    guess: Guess | None  # who may facilitate, by behaviour
    said: frozenset[int]  # a sum of each longer turn's words, by which another file of the same talk is told

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
            tuple(account.left_out), tuple(account.doubts), _guess(account.turns), _sums(account.turns),
        )  # fmt: skip

    @property
    def left(self) -> int:
        """Characters of words that are in no turn."""
        return sum(len(left.text) for left in self.left_out)

    def reasons(self) -> list[tuple[str, int, int, list[str]]]:
        """Why words were left out: the reason, how often, how many characters, and where."""
        reasons = Counter(left.reason for left in self.left_out)
        return [
            (
                reason,
                count,
                sum(len(left.text) for left in self.left_out if left.reason == reason),
                [left.locator for left in self.left_out if left.reason == reason],
            )
            for reason, count in sorted(reasons.items())
        ]

    @property
    def span(self) -> str:
        """From when to when, where the file says so."""
        if self.start_s is None or self.end_s is None:
            return ""
        return f"{_clock(self.start_s)} to {_clock(self.end_s)}"

    def lines(self) -> Iterator[str]:
        """The report of the file, for a terminal: it names speakers, and repeats nothing that they said."""
        encoding = f", {self.encoding}" if self.encoding else ""
        yield f"{self.path}: {self.transcript_id} ({self.format}{encoding})"
        span = f", {self.span}" if self.span else ""
        speakers = _count(len(self.voices), "speaker")
        yield f"  {_count(self.turns, 'turn')}, {_count(self.words, 'word')}{span}, {speakers}"
        for voice in self.voices:
            yield f"    {voice.share:>4.0%}  {voice.name} ({_count(voice.turns, 'turn')})"
        if self.joined:
            yield f"  joined: {_count(self.joined, 'piece')} added to the turn before, as the same speaker went on"
        for reason, _, characters, found in self.reasons():
            places = list(dict.fromkeys(found))
            more = f" and {len(places) - _SHOWN:,} more" if len(places) > _SHOWN else ""
            yield f"  left out: {reason}: {characters:,} characters at {', '.join(places[:_SHOWN])}{more}"
        rest = sum(count for _, count in self.structure)
        yield (
            f"  {self.characters:,} characters = {self.in_turns:,} in turns + {self.left:,} left out "
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
    people: tuple[str, ...]  # what was concluded about who is who
    questions: tuple[str, ...]  # what only people can say

    @classmethod
    def of(
        cls,
        *,
        corpus: str,
        files: Sequence[FileReport],
        passed_over: Sequence[PassedOver],
        roster: Sequence[RosterEntry],
    ) -> ImportReport:
        """The report of a folder that was read."""
        people = (*_joined(files), *_facilitators(files, roster))
        return cls(corpus, tuple(files), tuple(passed_over), people, tuple(_questions(files, roster)))

    def lines(self) -> list[str]:
        """The report for a terminal."""
        lines = [line for file in self.files for line in file.lines()]
        lines += [f"{passed.path}: passed over: {passed.reason}" for passed in self.passed_over]
        lines += [f"people: {line}" for line in self.people]
        lines += [f"question: {question}" for question in self.questions]
        turns, words = sum(file.turns for file in self.files), sum(file.words for file in self.files)
        return [*lines, f"{_count(len(self.files), 'transcript')}, {_count(turns, 'turn')}, {_count(words, 'word')}"]

    def html(self) -> str:
        """The report as one page with nothing from outside; it holds names and words, and stays in private/."""
        from jinja2 import Environment, FileSystemLoader

        loader = FileSystemLoader(Path(__file__).parent / "templates")
        environment = Environment(autoescape=True, loader=loader, trim_blocks=True, lstrip_blocks=True)
        return environment.get_template("import.html").render(report=self)


def _joined(files: Iterable[FileReport]) -> Iterator[str]:
    for group in spellings(voice.name for file in files for voice in file.voices):
        yield (
            f"{' = '.join(group)}: one person in {len(group)} spellings (accents, capitals, the order of names and "
            "what stands in brackets don't count); if they are two, give one another name in series.toml (speakers)"
        )


def _facilitators(files: Sequence[FileReport], roster: Sequence[RosterEntry]) -> Iterator[str]:
    listed = [entry for entry in roster if entry.role == "facilitator"]
    for file in files:
        told = [entry.name for entry in listed if not entry.roundtables or file.roundtable_id in entry.roundtables]
        if told:
            yield f"{file.transcript_id}: facilitated by {', '.join(told)} (as you said)"
            continue
        labelled = sorted(voice.name for voice in file.voices if says_so(voice.name))
        if labelled:
            yield f"{file.transcript_id}: facilitated by {', '.join(labelled)} (as the file says)"
        elif file.guess:
            yield (
                f"{file.transcript_id}: {file.guess.who} behaves as a facilitator does ({_told(file.guess)}); this is "
                "a guess: say who facilitates in participants.csv or series.toml"
            )


def _guess(turns: Sequence[Spoken]) -> Guess | None:
    names = {turn.speaker: turn.speaker for turn in turns if is_named(turn.speaker)}
    return likely_facilitator([(turn.speaker, turn.text) for turn in turns], names)


def _told(guess: Guess) -> str:
    """What speaks for a guess: "opens, closes, asks 3 people, calls on 5 people"."""
    signs = {
        "opens": guess.opened,
        "closes": guess.closed,
        f"asks {_people(guess.asked)}": guess.asked,
        f"calls on {_people(guess.handed_over)}": guess.handed_over,
    }
    return ", ".join(sign for sign, there in signs.items() if there)


def _people(number: int) -> str:
    return "1 person" if number == 1 else f"{number:,} people"


def _sums(turns: Sequence[Spoken]) -> frozenset[int]:
    words = (turn.text.casefold().split() for turn in turns)
    return frozenset(crc32(" ".join(said).encode()) for said in words if len(said) >= _LONGER)


def _same_talk(files: Sequence[FileReport]) -> Iterator[str]:
    """Which files hold the turns of another: Teams gives one meeting as .vtt and as .docx."""
    holding: dict[int, list[int]] = {}
    for number, file in enumerate(files):
        for said in file.said:
            holding.setdefault(said, []).append(number)
    shared = Counter(pair for numbers in holding.values() for pair in combinations(numbers, 2))
    group = list(range(len(files)))
    for (one, other), count in sorted(shared.items()):
        if count >= max(_FEWEST_SHARED, _SAME_TALK * min(len(files[one].said), len(files[other].said))):
            group = [group[one] if number == group[other] else number for number in group]
    for first, count in sorted(Counter(group).items()):
        if count > 1:
            codes = ", ".join(file.transcript_id for file, number in zip(files, group, strict=True) if number == first)
            yield (
                f"{codes} say the same, word for word: one talk in several files? It counts as often as it is there; "
                "name those that are too many in series.toml (leave_out)"
            )


def _questions(files: Sequence[FileReport], roster: Sequence[RosterEntry]) -> Iterator[str]:
    yield from _same_talk(files)
    labels: dict[str, set[str]] = {}
    for file in files:
        labels.setdefault(file.roundtable_id, set()).update(voice.name for voice in file.voices)
    for name, places in in_several(labels, (name for entry in roster for name in (entry.name, *entry.aliases))):
        yield (
            f"{name} speaks at {', '.join(places)}: one person or several? They are kept apart until participants.csv "
            "lists the name"
        )
    nameless = [file.transcript_id for file in files if not any(is_named(voice.name) for voice in file.voices)]
    if nameless:
        yield (
            f"nobody is named in {', '.join(nameless)}: who speaks there? Say so in series.toml "
            '(speakers = {SPEAKER_00 = "..."})'
        )
    if not roster:
        yield "there is no participants.csv: who took part, in which role, and who consented to be quoted, and how?"
    elif any(entry.role != "facilitator" for entry in roster):
        for name, places in not_listed(labels, (name for entry in roster for name in (entry.name, *entry.aliases))):
            yield (
                f"{name} speaks at {', '.join(places)} and is not in participants.csv: until a line there says who "
                "that is and what they consented to, they count as a participant, to be quoted without attribution"
            )


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def _clock(seconds: float) -> str:
    whole = int(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"
