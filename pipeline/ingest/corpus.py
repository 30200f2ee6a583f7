"""A folder of transcripts becomes tables: its files are found, given codes, read, and accounted for."""

from __future__ import annotations

import fnmatch
import hashlib
import itertools
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from pipeline.errors import CorpusError, NoSpeakers, PipelineError, UnreadableFile, stop_at
from pipeline.ingest.readers import ADVICE, MOST_BYTES, READERS, Given, Read, read_file
from pipeline.ingest.report import FileReport, ImportReport, PassedOver
from pipeline.ingest.roster import NAME as ROSTER_NAME
from pipeline.ingest.roster import read_roster
from pipeline.ingest.series import NAME as SERIES_NAME
from pipeline.ingest.series import RoundtableEntry, Series, read_series
from pipeline.tables import (
    GIVEN_CODES,
    OMISSIONS,
    OMITTED_TEXTS,
    ROSTER,
    SOURCE_ROUNDTABLES,
    SOURCE_TURNS,
    SOURCES,
    GivenCode,
    Omission,
    OmittedText,
    RosterEntry,
    Roundtable,
    Source,
    SourceTurn,
)

WHOLE = "the whole file"
NOT_A_TRANSCRIPT = "not a kind of transcript that is read"
AN_ARCHIVE = "an archive: unpack it there if it holds transcripts"
A_PAGE = "a web page: open it in Word and save it as .docx, if it is a transcript"
A_PROGRAMS_OWN = "a program's own file: export it from there as .txt, .csv or .vtt, if it is a transcript"
A_LINK = "a link: nothing outside the folder is read"
SAME_BYTES = "the same file once more"
TOLD = "left out, as series.toml says"
# A code as we give it; series.toml may give one of the same form.
_GIVEN = re.compile(r"rt[1-9]\d{0,8}")
# What a folder starts with that is a program's own.
_UNREAD = (".", "__MACOSX")
# What may hold a transcript and is passed over all the same: it is as often something else.
_TO_TURN_INTO = {
    **dict.fromkeys((".zip", ".7z", ".rar", ".tar", ".gz", ".tgz"), AN_ARCHIVE),
    **dict.fromkeys((".html", ".htm", ".mht", ".mhtml"), A_PAGE),
    # ELAN, Praat, EXMARaLDA, Transcriber, CLAN, MAXQDA, NVivo; captions that editors keep
    **dict.fromkeys(
        (".eaf", ".textgrid", ".exb", ".trs", ".cha", ".mx24", ".nvpx", ".ttml", ".dfxp", ".ass"), A_PROGRAMS_OWN
    ),
}
_WHAT_TO_DO = {
    AN_ARCHIVE: "unpack {} there",
    A_PAGE: "save {} as .docx",
    A_PROGRAMS_OWN: "export {} as .txt, .csv or .vtt",
}
# What a list of participants may be kept in.
_SHEETS = (".xlsx", ".xls", ".ods", ".numbers")
# Of series in a folder, in a message.
_SHOWN = 5
# What people and programs put beside transcripts; the workbook too that participants.csv was saved from.
_BESIDE = re.compile(
    r"(?:readme|licen[cs]e|copying|notice|changelog)(?:\.[a-z]{1,4})?|participants\.(?:xlsx?|ods|numbers)",
    re.IGNORECASE,
)


class Ingested(NamedTuple):
    """The tables of a corpus, and the account of how they came about."""

    sources: pd.DataFrame
    given_codes: pd.DataFrame
    source_turns: pd.DataFrame
    roster: pd.DataFrame
    roundtables: pd.DataFrame
    omissions: pd.DataFrame
    omitted_texts: pd.DataFrame
    report: ImportReport


@dataclass(frozen=True)
class _Found:
    """A transcript with its place in the series."""

    path: Path
    shown: str  # relative to the corpus, with forward slashes
    transcript_id: str
    entry: RoundtableEntry


@dataclass(frozen=True)
class _Transcript:
    """A transcript that was read."""

    found: _Found
    read: Read
    sha256: str


def read_corpus(corpus: Path, *, encoding: str = "", previous: pd.DataFrame | None = None) -> Ingested:
    """Everything that a folder of transcripts says, and how it was read.

    The same files give the same tables whatever order the folder lists them in. Each transcript has the code that
    series.toml gives its roundtable (`rt1`; the second file of one roundtable is `rt1b`); one that series.toml doesn't
    name gets the next free `rt<n>` in the order of file names, numbers in them counted as numbers. A code never repeats
    a file's name. A transcript that the `previous` GIVEN_CODES of this series know, by path or by content, keeps its
    code, or has it again; one that is added gets a code behind all of theirs wherever its name sorts: decisions,
    withdrawals and whatever was worked out are kept by code.

    Raises:
        CorpusError: there is no folder or no transcript, or series.toml or participants.csv can't be used.
        UnreadableFile: a transcript can't be read.
        NoSpeakers: nobody is said to speak in one.
    """
    before = () if previous is None else tuple(GIVEN_CODES.rows(previous))
    return _Corpus(corpus, encoding, before).ingested()


def check_corpus(corpus: Path, *, encoding: str = "") -> ImportReport:
    """The report of what `read_corpus` would read, and the same errors; makes no tables."""
    return _Corpus(corpus, encoding, ()).report()


class _Corpus:
    """One reading of one folder."""

    def __init__(self, corpus: Path, encoding: str, before: Sequence[GivenCode]) -> None:
        if not corpus.is_dir():
            raise CorpusError(f"no folder {corpus}: name the folder that holds the transcripts (corpora/<series>)")
        _require_one_series(corpus)
        _require_own_names(corpus)
        _require_names_in_letters(corpus)
        self.corpus = corpus
        # A folder that was given as `.` has its name all the same.
        self.name = corpus.name if corpus.name not in ("", "..") else corpus.resolve().name
        self.encoding = encoding
        self.series = read_series(corpus)
        self.passed_over: list[PassedOver] = []
        found, self._before = self._coded(self._files(), before)
        self.roundtables = _roundtables(found, self.series)
        codes = {roundtable.roundtable_id for roundtable in self.roundtables}
        self.roster = _with_facilitators(read_roster(corpus, codes, encoding=encoding), [one.entry for one in found])
        self.transcripts = list(self._read(found))
        self.roundtables = [self._with_questions(roundtable) for roundtable in self.roundtables]

    def ingested(self) -> Ingested:
        """The tables."""
        sources = SOURCES.frame(_source(one) for one in self.transcripts)
        return Ingested(
            sources=sources,
            given_codes=codes_of(sources, before=self._before),
            source_turns=SOURCE_TURNS.frame(turn for one in self.transcripts for turn in _turns(one)),
            roster=ROSTER.frame(self.roster),
            roundtables=SOURCE_ROUNDTABLES.frame(self.roundtables),
            omissions=OMISSIONS.frame(self._omissions()),
            omitted_texts=OMITTED_TEXTS.frame(row for one in self.transcripts for row in _omitted_texts(one)),
            report=self.report(),
        )

    def report(self) -> ImportReport:
        """What was read of each file, and what was not."""
        return ImportReport.of(
            corpus=self.name,
            files=[_file_report(one) for one in self.transcripts],
            passed_over=self.passed_over,
            roster=self.roster,
        )

    def _files(self) -> list[Path]:
        """Everything in the folder that may be a transcript, in the order of names."""
        files = []
        for folder, folders, names in os.walk(self.corpus, onerror=stop_at, followlinks=False):
            folders[:] = sorted(name for name in folders if not name.startswith(_UNREAD))
            if folder == str(self.corpus) and "evidence" in folders:
                folders.remove("evidence")  # the papers that a report leans on: nobody said what stands in them
            for name in (*names, *(inner for inner in folders if (Path(folder) / inner).is_symlink())):
                path = Path(folder) / name
                if not name.startswith((".", "~$")) and not self._is_beside(path):
                    files.append(path)
        return sorted(files, key=lambda path: _natural(self._shown(path)))

    def _is_beside(self, path: Path) -> bool:
        return path.parent == self.corpus and path.name in (SERIES_NAME, ROSTER_NAME)

    def _shown(self, path: Path) -> str:
        return path.relative_to(self.corpus).as_posix()

    def _coded(self, files: Iterable[Path], before: Sequence[GivenCode]) -> tuple[list[_Found], Sequence[GivenCode]]:
        """The transcripts among the files, each with its roundtable and code; and the codes that were given before.

        Where none of those is known again, it is another series in the same place, and none was.
        """
        kept = {self._shown(path): path for path in files if self._is_transcript(path)}
        if not kept:
            endings = ", ".join(READERS)
            wants = (_WHAT_TO_DO[one.reason].format(one.path) for one in self.passed_over if one.reason in _WHAT_TO_DO)
            what = next(wants, "put them there")
            raise CorpusError(f"no transcripts in {self.corpus} (looking for {endings}): {what}")
        again = _codes_again(kept, before)
        before = before if again else ()
        found: list[_Found] = []
        for entry in self.series.roundtables:
            for shown in self._named_files(entry, kept, [one.shown for one in found]):
                code = entry.code + _suffix(sum(one.entry.code == entry.code for one in found))
                found.append(_Found(kept.pop(shown), shown, code, entry))
        taken = {entry.code for entry in self.series.roundtables}
        # Not even the code of a file that is gone is given anew: what was decided about it would be told of another.
        given = (int(one.transcript_id[2:]) for one in before if _GIVEN.fullmatch(one.transcript_id))
        first = max(given, default=0) + 1
        free = (code for code in (f"rt{number}" for number in itertools.count(first)) if code not in taken)
        for shown, path in kept.items():
            code = again[shown] if shown in again and again[shown] not in taken else next(free)
            found.append(_Found(path, shown, code, RoundtableEntry(code=code)))
        return found, before

    def _is_transcript(self, path: Path) -> bool:
        shown = self._shown(path)
        reason = ""
        if path.is_symlink():
            reason = A_LINK
        elif any(fnmatch.fnmatchcase(shown, pattern) for pattern in self.series.leave_out):
            reason = TOLD
        elif path.suffix.lower() in _TO_TURN_INTO:
            reason = _TO_TURN_INTO[path.suffix.lower()]
        elif (
            not path.is_file()
            or path.suffix.lower() not in READERS.keys() | ADVICE.keys()
            or _BESIDE.fullmatch(path.name)
        ):
            reason = NOT_A_TRANSCRIPT
        if reason:
            self.passed_over.append(PassedOver(shown, reason))
        return not reason

    def _named_files(self, entry: RoundtableEntry, kept: Mapping[str, Path], given: Sequence[str]) -> list[str]:
        named: list[str] = []
        for pattern in entry.files:
            matching = [shown for shown in kept if fnmatch.fnmatchcase(shown, pattern) and shown not in named]
            if not matching:
                why = self._why_not(pattern, [*given, *named])
                raise CorpusError(f"{self.corpus / SERIES_NAME}: roundtable {entry.code} names {pattern}, {why}")
            named += matching
        return named

    def _why_not(self, pattern: str, given: Sequence[str]) -> str:
        """Why a pattern of series.toml gives a roundtable no file, and what would."""
        if any(fnmatch.fnmatchcase(shown, pattern) for shown in given):
            return "which an earlier line or roundtable names too: a file belongs to one roundtable"
        if any(fnmatch.fnmatchcase(passed.path, pattern) for passed in self.passed_over):
            return "which isn't a transcript, or was left out"
        return "and there is no such file: put it there, or take the roundtable out until it has been held"

    def _read(self, found: Sequence[_Found]) -> Iterator[_Transcript]:
        """Each transcript, read; every one is tried, so that all that is wrong is said at once."""
        known = frozenset(name.casefold() for entry in self.roster for name in (entry.name, *entry.aliases))
        problems: list[PipelineError] = []
        seen: dict[str, str] = {}
        for one in found:
            try:
                transcript = self._read_one(one, known)
            except (UnreadableFile, NoSpeakers) as error:
                problems.append(error)
                continue
            if transcript.sha256 in seen:
                self.passed_over.append(PassedOver(one.shown, f"{SAME_BYTES} (as {seen[transcript.sha256]})"))
                continue
            seen[transcript.sha256] = one.transcript_id
            yield transcript
        if problems:
            lines = [str(problem) for problem in problems]
            raise type(problems[0])("\n            ".join(lines))

    def _read_one(self, found: _Found, known: frozenset[str]) -> _Transcript:
        shown = f"{self.name}/{found.shown}"
        content = _content(found.path, shown)
        told = {**self.series.columns, **found.entry.columns}
        speakers = {**self.series.speakers, **found.entry.speakers}
        read = read_file(Given(shown, content, self.encoding, told, known, speakers), found.path.suffix.lower())
        if not read.account.turns:
            raise NoSpeakers(
                f'{shown}: nobody is said to speak; expected "Name: what they said", or names on lines of their own. '
                "If it is no transcript, list it in series.toml under leave_out"
            )
        return _Transcript(found, read, hashlib.sha256(content).hexdigest())

    def _with_questions(self, roundtable: Roundtable) -> Roundtable:
        """The roundtable, with the questions of its forms where series.toml gives none."""
        forms = (one for one in self.transcripts if one.found.entry.code == roundtable.roundtable_id)
        asked = tuple(dict.fromkeys(question for one in forms for question in one.read.account.asked))
        return roundtable if roundtable.questions else replace(roundtable, questions=asked)

    def _omissions(self) -> Iterator[Omission]:
        for one in self.transcripts:
            yield from _omissions(one)
        for number, passed in enumerate(self.passed_over, 1):
            # By number: a file's name may be somebody's, and this table leaves private/.
            reason = passed.reason.split(" (", 1)[0]
            yield Omission("ingest", "corpus", f"file {number} passed over", reason, 0)


def _require_one_series(corpus: Path) -> None:
    """Nothing, if no folder below this one is a series of its own: its roster would be read as a transcript.

    Raises:
        CorpusError: says which folders are.
    """
    inner = sorted(
        {
            path.parent
            for name in (SERIES_NAME, ROSTER_NAME)
            for path in corpus.glob(f"*/**/{name}")
            if not any(part.startswith(_UNREAD) for part in path.relative_to(corpus).parts)
        }
    )
    if not inner:
        return
    shown = ", ".join(str(path) for path in inner[:_SHOWN]) + (" ..." if len(inner) > _SHOWN else "")
    if any((corpus / name).is_file() for name in (SERIES_NAME, ROSTER_NAME)):
        raise CorpusError(
            f"{corpus} is a series, and so is {shown}: {SERIES_NAME} and {ROSTER_NAME} stand at the top of one series; "
            "move the inner ones up, or the inner folder out"
        )
    holds = "holds several series" if len(inner) > 1 else "holds a series, and is none itself"
    raise CorpusError(f"{corpus} {holds}: name one ({shown})")


def _require_own_names(corpus: Path) -> None:
    """Nothing, if no file is called nearly as the two that say who sat there and what can't be guessed, without these:
    what it says of consent, or leaves out, wouldn't count.

    Raises:
        CorpusError: says what to call it.
    """
    for path in sorted(corpus.iterdir()):
        for name in (SERIES_NAME, ROSTER_NAME):
            nearly = {name, f"{name}.txt", *(f"{Path(ROSTER_NAME).stem}{ending}" for ending in _SHEETS)}
            right = ROSTER_NAME if path.suffix.casefold() in _SHEETS else name
            named = path.name != name and path.name.casefold() in nearly and path.is_file()
            if named and not (corpus / right).is_file():
                raise CorpusError(f"{path} isn't read under this name: save it as {right}")


def _require_names_in_letters(corpus: Path) -> None:
    """Nothing, if the name of each file can be written down: an old archive leaves bytes that are no letters.

    Raises:
        CorpusError: says which can't.
    """
    for path in sorted(corpus.rglob("*")):
        letters = os.fsencode(path).decode("utf-8", errors="replace")
        if letters != str(path):
            raise CorpusError(f"{letters}: the name holds bytes that are no letters in UTF-8: give it another")


def _natural(shown: str) -> tuple[tuple[bool, int, str], ...]:
    """`round 2` before `round 10`; capitals don't matter unless nothing else differs."""
    parts = re.split(r"(\d{1,18})", shown.casefold())
    return (*((part.isdigit(), int(part) if part.isdigit() else 0, part) for part in parts), (False, 0, shown))


def codes_of(sources: pd.DataFrame, *, before: Iterable[GivenCode] = ()) -> pd.DataFrame:
    """GIVEN_CODES: of these SOURCES, and of those that had a code before and are gone."""
    given = {one.transcript_id: one for one in before}
    for one in SOURCES.rows(sources):
        given[one.transcript_id] = GivenCode(one.transcript_id, _text_sha256(one.path), one.sha256)
    return GIVEN_CODES.frame(given.values())


def _codes_again(files: Mapping[str, Path], before: Iterable[GivenCode]) -> dict[str, str]:
    """The codes that these files had, by path; one that is new under its name has that of the same bytes, renamed."""
    places = {shown: _text_sha256(shown) for shown in files}
    given = [one for one in before if _GIVEN.fullmatch(one.transcript_id)]
    known = {one.path_sha256: one.transcript_id for one in given}
    again = {shown: known[place] for shown, place in places.items() if place in known}
    gone = {one.sha256: one.transcript_id for one in given if one.path_sha256 not in places.values()}
    for shown, path in files.items() if gone else ():
        if shown not in again and (code := gone.pop(_sha256(path), "")):
            again[shown] = code
    return again


def _text_sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def _sha256(path: Path) -> str:
    return hashlib.sha256(_content(path, path.name)).hexdigest()


def _suffix(before: int) -> str:
    """The first file of a roundtable has its code; those after it b, c ... z, and then numbers."""
    if not before:
        return ""
    return chr(ord("a") + before) if before < 26 else f"x{before}"


def _content(path: Path, shown: str) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UnreadableFile(f"{shown} is bigger than any transcript ({MOST_BYTES // 1_000_000} MB): cut it up")
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"{shown} can't be opened: {error.strerror}") from error


def _roundtables(found: Sequence[_Found], series: Series) -> list[Roundtable]:
    """The meetings: by date if each has one, else as series.toml lists them, then those it doesn't name."""
    entries = list(dict.fromkeys(one.entry.code for one in found))
    by_code = {one.entry.code: one.entry for one in found}
    ordered = [by_code[code] for code in entries]
    if all(entry.date for entry in ordered):
        ordered.sort(key=lambda entry: str(entry.date))
    return [
        Roundtable(
            entry.code,
            place,
            entry.title,
            entry.date.isoformat() if entry.date else "",
            entry.language or series.language,
            entry.questions,
            series.title,
        )
        for place, entry in enumerate(ordered, 1)
    ]


def _with_facilitators(roster: list[RosterEntry], entries: Iterable[RoundtableEntry]) -> list[RosterEntry]:
    """The roster, with those whom series.toml names as facilitators."""
    named: dict[str, set[str]] = {}
    for entry in entries:
        for name in entry.facilitators:
            named.setdefault(name.casefold(), set()).add(entry.code)
    spelled = {name.casefold(): name for entry in entries for name in entry.facilitators}
    whole: list[RosterEntry] = []
    for person in roster:
        names = {name.casefold() for name in (person.name, *person.aliases)}
        facilitates = names & named.keys()
        for name in facilitates:
            del named[name]
        whole.append(replace(person, role="facilitator") if facilitates else person)
    for key, codes in sorted(named.items()):
        name = " ".join(spelled[key].split())
        whole.append(RosterEntry(name, (), "facilitator", "", "", "quote_without_attribution", tuple(sorted(codes))))
    return whole


def _source(one: _Transcript) -> Source:
    found, read = one.found, one.read
    place = (found.transcript_id, found.entry.code, found.shown)
    return Source(*place, one.sha256, read.format, read.encoding, read.account.characters)


def _turns(one: _Transcript) -> Iterator[SourceTurn]:
    turns = one.read.account.turns
    width = max(4, len(str(len(turns) - 1)))  # so that IDs sort as they were spoken
    code = one.found.transcript_id
    for index, turn in enumerate(turns):
        turn_id = f"{code}:t{index:0{width}d}"
        yield SourceTurn(turn_id, code, index, turn.speaker, turn.text, turn.start_s, turn.end_s, turn.locator)


def _omissions(one: _Transcript) -> Iterator[Omission]:
    """What of a file is in no turn: place by place what was left out, and in sum what every file of the kind has."""
    counts: dict[tuple[str, str], int] = {}
    for left in one.read.account.left_out:
        key = (left.locator, left.reason)
        counts[key] = counts.get(key, 0) + len(left.text)
    for reason, characters in one.read.account.structure.items():
        if characters:
            counts[WHOLE, reason] = counts.get((WHOLE, reason), 0) + characters
    for (locator, reason), characters in counts.items():
        yield Omission("ingest", one.found.transcript_id, locator, reason, characters)


def _omitted_texts(one: _Transcript) -> Iterator[OmittedText]:
    texts: dict[str, list[str]] = {}
    for left in one.read.account.left_out:
        texts.setdefault(left.locator, []).append(left.text)
    for locator, pieces in texts.items():
        yield OmittedText(one.found.transcript_id, locator, "\n".join(pieces))


def _file_report(one: _Transcript) -> FileReport:
    return FileReport.of(one.found.shown, one.found.transcript_id, one.found.entry.code, one.read)
