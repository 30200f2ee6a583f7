"""One reader a family of formats, found by a file's ending; what it is inside, each reader finds out."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol

from pipeline.errors import NoSpeakers, UnreadableFile
from pipeline.ingest.account import Account
from pipeline.ingest.text import Decoded, decode

# A thousand hours of talk typed out are 50 MB; more than this in one file is no transcript.
MOST_BYTES = 256_000_000
# What people keep beside transcripts; a transcript in these is refused with advice, and not passed over.
ADVICE = {
    ".doc": "save it as .docx",
    ".dot": "save it as .docx",
    ".xls": "save it as .xlsx",
    ".ods": "save it as .xlsx",
    ".wpd": "save it as .docx",
    ".pages": "export it as .docx",
    ".numbers": "export it as .xlsx",
    ".gdoc": "it is only a link: download it as .docx",
}


@dataclass(frozen=True)
class Given:
    """A file as a reader gets it, with what is known beside it."""

    name: str  # for messages
    content: bytes
    encoding: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)  # of a table, told in series.toml
    known: frozenset[str] = frozenset()  # names on the roster, case folded
    speakers: Mapping[str, str] = field(default_factory=dict)  # who a label is, told in series.toml

    def account(self, unit: str) -> Account:
        """An empty account for this file."""
        return Account(unit, self.speakers)


@dataclass(frozen=True)
class Read:
    """What came of a file."""

    account: Account
    format: str  # "teams-vtt", "typed-docx" ...
    encoding: str  # empty where the format has its own


class _ReadDocument(Protocol):
    """Reads a document into an account, and says what layout it found."""

    def __call__(self, content: bytes, name: str, account: Account, *, known: frozenset[str]) -> str: ...


def read_file(given: Given, ending: str) -> Read:
    """The turns of a file and everything else in it.

    Raises:
        UnreadableFile: it isn't what its ending says, is damaged, empty, protected, or too big.
    """
    if ending in ADVICE:
        raise UnreadableFile(f"{given.name} is of a kind that isn't read: {ADVICE[ending]}")
    if not given.content.strip():
        raise UnreadableFile(f"{given.name} is empty: put the transcript there, or take the file away")
    return READERS[ending](given)


def _captions(given: Given, ending: str) -> Read:
    from pipeline.ingest.cues import read_cues

    decoded = decode(given.content, given.name, encoding=given.encoding)
    account = _account(given, "cue", decoded)
    layout = read_cues(decoded.text, account, known=given.known)
    if not account.turns:
        raise UnreadableFile(
            f"{given.name} holds no captions: each needs a line with its times, such as 00:01 --> 00:04"
        )
    return Read(account, f"{ending}, {layout}", decoded.encoding)


def _vtt(given: Given) -> Read:
    return _captions(given, "vtt")


def _srt(given: Given) -> Read:
    return _captions(given, "srt")


def _sbv(given: Given) -> Read:
    return _captions(given, "sbv")


def _text(given: Given) -> Read:
    from pipeline.ingest.lines import text_lines
    from pipeline.ingest.typed import read_lines

    decoded = decode(given.content, given.name, encoding=given.encoding)
    if decoded.text.startswith("WEBVTT"):
        return _vtt(given)
    if table := _saved_table(given, decoded.text):
        return table
    account = _account(given, "line", decoded)
    layout = read_lines(text_lines(decoded.text), account, known=given.known)
    return Read(account, f"txt, {layout}", decoded.encoding)


def _saved_table(given: Given, text: str) -> Read | None:
    """A spreadsheet that was saved as text: tabs between its cells, and quotation marks around those with a comma."""
    if '\t"' not in text:
        return None
    with suppress(NoSpeakers, UnreadableFile, csv.Error):
        # Strictly: in a typed text a quotation mark opens what somebody said, and would run over the lines below it.
        cells = [cell for row in csv.reader(io.StringIO(text), delimiter="\t", strict=True) for cell in row]
        table = None if any("\t" in cell for cell in cells) else _csv(given)
        return table if table and table.format.endswith("titles") and not table.account.asked else None
    return None


def _document(given: Given, kind: str, unit: str, read: _ReadDocument) -> Read:
    account = given.account(unit)
    layout = read(given.content, given.name, account, known=given.known)
    return Read(account, f"{kind}, {layout}", "")


def _docx(given: Given) -> Read:
    from pipeline.ingest.word import read_docx

    return _document(given, "docx", "paragraph", read_docx)


def _odt(given: Given) -> Read:
    from pipeline.ingest.opendocument import read_odt

    return _document(given, "odt", "paragraph", read_odt)


def _rtf(given: Given) -> Read:
    from pipeline.ingest.rtf import read_rtf

    return _document(given, "rtf", "paragraph", read_rtf)


def _pdf(given: Given) -> Read:
    from pipeline.ingest.pdf import read_pdf

    return _document(given, "pdf", "page", read_pdf)


def _csv(given: Given) -> Read:
    from pipeline.ingest.sheets import read_csv

    decoded = decode(given.content, given.name, encoding=given.encoding)
    account = _account(given, "line", decoded)
    layout = read_csv(decoded.text, given.name, account, told=given.columns, known=given.known)
    return Read(account, f"csv, {layout}", decoded.encoding)


def _xlsx(given: Given) -> Read:
    from pipeline.ingest.sheets import read_xlsx

    account = given.account("row")
    layout = read_xlsx(given.content, given.name, account, told=given.columns, known=given.known)
    return Read(account, f"xlsx, {layout}", "")


def _json(given: Given) -> Read:
    from pipeline.ingest.vendors import read_json

    decoded = decode(given.content, given.name, encoding=given.encoding)
    account = _account(given, "segment", decoded)
    return Read(account, f"json, {read_json(decoded.text, given.name, account)}", decoded.encoding)


def _otr(given: Given) -> Read:
    from pipeline.ingest.otranscribe import read_otr

    decoded = decode(given.content, given.name, encoding=given.encoding)
    account = _account(given, "line", decoded)
    layout = read_otr(decoded.text, given.name, account, known=given.known)
    return Read(account, f"otr, {layout}", decoded.encoding)


def _account(given: Given, unit: str, decoded: Decoded) -> Account:
    account = given.account(unit)
    if decoded.doubt:
        account.doubt("", decoded.doubt)
    if decoded.dropped:
        account.doubt("", f"{decoded.dropped} characters that are no text (NUL and the like) were dropped")
    return account


READERS: dict[str, Callable[[Given], Read]] = {
    ".vtt": _vtt,
    ".srt": _srt,
    ".sbv": _sbv,
    ".txt": _text,
    ".text": _text,
    ".md": _text,
    ".docx": _docx,
    ".odt": _odt,
    ".rtf": _rtf,
    ".pdf": _pdf,
    ".csv": _csv,
    ".tsv": _csv,
    ".xlsx": _xlsx,
    ".json": _json,
    ".jsonl": _json,
    ".json3": _json,
    ".otr": _otr,
}
