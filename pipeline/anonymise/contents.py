"""Every text in a file, whatever its format: what the gate reads, so that no name hides in a corner of one.

A text comes with the place where it stands ("word/document.xml", "column speaker"). Markup gives its text as people
read it, with the tags taken out, so that a name cut in two by a tag is whole again; and by itself each attribute's
value, comment, declaration and script. What has no known format is read as bytes in the usual encodings.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import sqlite3
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from typing import Any
from xml.parsers import expat

from pipeline.errors import UnreadableFile

_MARKUP = (".xml", ".html", ".htm", ".svg", ".rels", ".qde", ".qdc", ".xhtml")
_ZIPPED = (".docx", ".dotx", ".xlsx", ".qdpx", ".odt", ".zip")
# HTML's tags inside which a word goes on, and those of Word's at which it ends; at every other tag a reader sees a gap.
_INLINE = frozenset("a abbr b bdi bdo cite code del em font i ins mark q s small span strong sub sup u".split())
_ENDS_A_WORD = frozenset("w:p w:br w:tab w:tc w:tr w:tbl w:del w:ins w:comment w:footnote".split())
# Attributes that name styles and not people. Their values are given in lower case: "Mark" is a style of ours, and a
# name that is no word is found all the same.
_STRUCTURAL = frozenset(["class", "id", "style", "val", "styleid", "for", "href", "aria-labelledby", "typeface", "rel"])
# Elements all of whose attributes are Word's own, in every document: the styles that it knows of ("Strong", "Quote"),
# its colours ("Office Theme"), and the languages of its letters ("ja-JP", where a JP sits).
_OF_STYLES = frozenset(
    ["w:lsdexception", "a:theme", "a:clrscheme", "a:fontscheme", "a:fmtscheme", "w:themefontlang", "w:lang"]
)
# Elements that begin with a word of a program's own: Word's field "PAGE", and "Microsoft Macintosh Word". Given in
# lower case for the same reason; of a field only the first word is the program's.
_OF_A_PROGRAM = {"w:instrtext": re.compile(r"\s*\w+"), "application": re.compile(r".+")}
# What a format calls itself by, in each of its files: ".../office/mac/office/2008/main" is nobody's Mac.
_NAMES_A_FORMAT = re.compile(
    r"(?:https?://(?:schemas\.(?:openxmlformats\.org|microsoft\.com)|www\.w3\.org|purl\.org)/"
    r"|urn:(?:schemas-microsoft-com|oasis:names):)[\w./:#-]+"
)
# Between two cells of a column (ASCII's record separator): no name goes on from one to the next.
CELL = "\x1e"
# Of a drawing (EMF): the bytes that open each record, the kind that draws a text, and where that text's place is told.
_RECORD, _DRAWS_TEXT, _TEXT_AT = 8, 84, 52
# An archive in an archive is opened so often; ours have one level.
_NESTED = 3
# More than any file of ours; a larger member is not ours to release.
_LARGEST_MEMBER = 512 * 1024 * 1024
# What those raise who open a damaged file; for one with a password zipfile has a RuntimeError.
_DAMAGED = (zipfile.BadZipFile, zlib.error, sqlite3.DatabaseError, struct.error, EOFError, ValueError, RuntimeError)


def texts(path: Path) -> Iterator[tuple[str, str]]:
    """The texts of a file, each with its place in it; the file's own name comes first.

    Raises:
        UnreadableFile: it can't be opened, or not to its end; comes after its bytes were given as they stand.
    """
    yield "the file's name", path.name
    try:
        yield from _READERS.get(path.suffix.lower(), _of_file)(path)
    except _DAMAGED as error:
        yield from _of_bytes("", content_of(path), 0)
        raise UnreadableFile(f"{path}: can't be opened, it is damaged or has a password") from error


def content_of(path: Path) -> bytes:
    """A file's bytes; of an SQLite database and the files beside it without ever closing them again.

    To close a file takes away every lock that this process has on it, those of an open connection too: another process
    then cleans up under it, and both have a damaged file (sqlite.org/howtocorrupt.html, section 2.2).
    """
    if ".sqlite" not in path.name:
        return path.read_bytes()
    with open(os.open(path, os.O_RDONLY), "rb", closefd=False) as stream:
        return stream.read()


def _of_file(path: Path) -> Iterator[tuple[str, str]]:
    return _of_bytes(path.name, content_of(path), _NESTED)


def _of_bytes(name: str, content: bytes, nested: int) -> Iterator[tuple[str, str]]:
    suffix = PurePosixPath(name).suffix.lower()
    if suffix == ".emf":
        words, content = _of_metafile(content)
        yield "", words
    if suffix == ".safetensors":
        # Eight bytes say how long the head is, in JSON; what follows is numbers, in which "Ed" stands by chance.
        content = content[8 : 8 + int.from_bytes(content[:8], "little")]
    if nested and (suffix in _ZIPPED or content[:4] == b"PK\x03\x04"):
        yield from _of_archive(content, nested)
        return
    for encoding in ("utf-8", "utf-16-le") if b"\0" in content else ("utf-8",):
        text = _in_cells(content.decode(encoding, errors="replace"), suffix)
        read = _of_markup(text) if suffix in _MARKUP or text.lstrip()[:1] == "<" else [("", text)]
        for place, part in read:
            yield place, part
            # The field of a table of contents in Word has a `\u` that escapes nothing.
            if "\\u" in part and (meant := _unescaped(part)) != part:
                yield f"{place} unescaped".strip(), meant


def _in_cells(text: str, suffix: str) -> str:
    """The same text; of a sheet and of JSON each cell and each string by itself, as in a table's column.

    Between marks and commas a theme's name is no heading: `e01,Hall and Dean,emergent`.
    """
    try:
        if suffix == ".csv":
            return CELL.join(cell for row in csv.reader(io.StringIO(text, newline=""), strict=True) for cell in row)
        if suffix == ".json":
            return CELL.join(_told(json.loads(text)))
    except (csv.Error, ValueError):
        pass  # it isn't what it calls itself, and is read as it stands
    return text


def _told(value: Any) -> Iterator[str]:
    """Every name, string and number in what JSON holds."""
    if isinstance(value, dict):
        for name, held in value.items():
            yield name
            yield from _told(held)
    elif isinstance(value, list):
        for held in value:
            yield from _told(held)
    else:
        yield str(value)


def _of_metafile(content: bytes) -> tuple[str, bytes]:
    """The texts of a drawing in Windows' format (MS-EMF 2.3.5.8), a line each, and the rest of its bytes.

    Read as bytes, the numbers around a text are letters too, and a word of it stands in no line of its own.
    """
    lines, rest, at = [], [], 0
    while len(content) - at >= _RECORD:
        kind, size = struct.unpack_from("<2I", content, at)
        record = content[at : at + max(size, _RECORD)]
        at += len(record)
        if kind == _DRAWS_TEXT and len(record) >= _TEXT_AT:
            count, start = struct.unpack_from("<2I", record, _TEXT_AT - 8)
            lines.append(record[start : start + 2 * count].decode("utf-16-le", errors="replace"))
            record = record[:start] + record[start + 2 * count :]
        rest.append(record)
    return "\n".join(lines), b"".join(rest) + content[at:]


def _of_markup(text: str) -> Iterator[tuple[str, str]]:
    found = _of_xml(text) or _of_any_markup(text)
    yield "", "".join(found.read)
    for place, values in (("attributes", found.attributes), ("comments", found.comments)):
        if values:
            yield place, CELL.join(dict.fromkeys(values))


def _of_any_markup(text: str) -> _Markup:
    found = _Markup()
    found.feed(text)
    found.close()
    return found


def _of_xml(text: str) -> _Markup | None:
    """The same as by HTML's parser, in a third of the time: a report's Word file has a hundred thousand tags.

    None where the text is no well-formed XML, or has more in it than elements, comments and instructions: entities of
    its own, and sections whose markup is none.
    """
    if not text.startswith(("<?xml", "<svg")) or _DECLARES.search(text):
        return None
    read = _Xml(text.encode("utf-8", errors="replace"))
    if text.startswith("<?xml"):
        read.found.handle_pi(text[2 : text.find("?>") + 1])
    try:
        read.parser.Parse(read.content, True)
    except expat.ExpatError:
        return None
    return read.found


_DECLARES = re.compile(r"<!(?!--)")


class _Xml:
    """Tells a _Markup what expat finds in some XML."""

    def __init__(self, content: bytes) -> None:
        self.content, self.found = content, _Markup()
        self.parser = expat.ParserCreate("utf-8")  # whatever it says of itself: it was decoded, and is told anew
        self.parser.buffer_text = True
        self.parser.StartElementHandler, self.parser.EndElementHandler = self._start, self._end
        self.parser.CharacterDataHandler, self.parser.CommentHandler = self._data, self.found.handle_comment
        self.parser.ProcessingInstructionHandler = lambda target, data: self.found.handle_pi(f"{target} {data}?")
        self._opened = False  # and nothing stood in the element yet

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._opened = True
        self.found.handle_starttag(tag, attributes.items())

    def _end(self, tag: str) -> None:
        # An element that is opened and closed by one tag is one gap.
        if not (self._opened and self._by_one_tag()):
            self.found.handle_endtag(tag)
        self._opened = False

    def _by_one_tag(self) -> bool:
        at = self.parser.CurrentByteIndex
        return self.content[at - 2 : at] == b"/>"

    def _data(self, data: str) -> None:
        self._opened = False
        self.found.handle_data(data)


class _Markup(HTMLParser):
    """The text, the attributes and the comments of HTML, SVG or XML, well-formed or not."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.read: list[str] = []
        self.attributes: list[str] = []
        self.comments: list[str] = []
        self._of_a_program: re.Pattern[str] | None = None
        self._in_json = False

    def handle_starttag(self, tag: str, attrs: Iterable[tuple[str, str | None]]) -> None:
        self.handle_endtag(tag)
        self._of_a_program = _OF_A_PROGRAM.get(tag.lower())
        self._in_json = tag.lower() == "script" and ("type", "application/json") in attrs
        told = ((name, value) for name, value in attrs if value and not _NAMES_A_FORMAT.fullmatch(value))
        styles = tag.lower() in _OF_STYLES
        self.attributes += [value.lower() if styles or _is_structural(name) else value for name, value in told]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self._of_a_program, self._in_json = None, False
        if _parts_words(tag):
            # A line of its own: what follows opens a cell, a heading or a paragraph.
            self.read.append("\n")

    def handle_data(self, data: str) -> None:
        if self._of_a_program and (found := self._of_a_program.match(data)):
            data = found[0].lower() + data[found.end() :]
        if self._in_json:
            data = _in_cells(data, ".json")
        self.read.append(data)

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def handle_decl(self, decl: str) -> None:
        self.comments.append(decl)

    def handle_pi(self, data: str) -> None:
        self.comments.append(data)

    def unknown_decl(self, data: str) -> None:
        self.comments.append(data)


# A report has a hundred thousand tags, and some dozen names of tags and attributes.
@lru_cache(maxsize=2**12)
def _parts_words(tag: str) -> bool:
    tag = tag.lower()
    return tag in _ENDS_A_WORD if tag.startswith("w:") else tag not in _INLINE


@lru_cache(maxsize=2**12)
def _is_structural(attribute: str) -> bool:
    return attribute.lower().rpartition(":")[2] in _STRUCTURAL


def _unescaped(text: str) -> str:
    """JSON's and JavaScript's `\\u00e2` as the letter that it means."""
    return re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)


def _of_archive(content: bytes, nested: int) -> Iterator[tuple[str, str]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        yield "the archive's comment", archive.comment.decode("utf-8", errors="replace")
        for member in archive.infolist():
            yield "a member's name", member.filename
            yield "a member's comment", member.comment.decode("utf-8", errors="replace")
            if member.file_size > _LARGEST_MEMBER:
                raise ValueError(f"a member of {member.file_size} bytes")
            for place, text in _of_bytes(member.filename, archive.read(member), nested - 1):
                yield f"{member.filename} {place}".strip(), text


def _of_parquet(path: Path) -> Iterator[tuple[str, str]]:
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    table = pq.ParquetFile(path).read()
    yield "the table's metadata", repr(table.schema.metadata)
    for name in table.column_names:
        yield "a column's name", name
        column = table[name]
        while pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
            column = pc.list_flatten(column)
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            # Joined, because a million cells one by one would take minutes.
            different = [value for value in pc.unique(column).to_pylist() if value is not None]
            text = CELL.join(different)
            # A lemma is a word of its turn, told without its neighbours; "Mark" is one as "mark" is.
            yield f"column {name}", text.lower() if name == "lemma" else text


def _of_arrays(path: Path) -> Iterator[tuple[str, str]]:
    import numpy as np

    # numpy leaves a file open that it finds damaged.
    with path.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
        for name in arrays.files:
            yield "an array's name", name
            if arrays[name].dtype.kind in "US":
                yield f"array {name}", CELL.join(str(value) for value in arrays[name].ravel())


def _of_database(path: Path) -> Iterator[tuple[str, str]]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for name in names:
            for row in connection.execute(f'SELECT * FROM "{name}"'):  # noqa: S608 - the name is the database's own
                for value in row:
                    text = value.decode("utf-8", errors="replace") if isinstance(value, bytes) else str(value)
                    yield f"table {name}", text


def _of_pdf(path: Path) -> Iterator[tuple[str, str]]:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(path)
        yield "the document's properties", " \n".join(str(value) for value in (reader.metadata or {}).values())
        for number, page in enumerate(reader.pages, start=1):
            yield f"page {number}", page.extract_text()
            for note in page.get("/Annots") or ():
                yield f"a note on page {number}", str(note.get_object().get("/Contents", ""))
    except (PyPdfError, LookupError, TypeError, AttributeError, ArithmeticError) as error:
        raise ValueError("not a .pdf that can be read") from error  # what pypdf meets in a damaged one
    yield from _of_bytes(path.stem, path.read_bytes(), 0)


_READERS = {".parquet": _of_parquet, ".npz": _of_arrays, ".sqlite": _of_database, ".pdf": _of_pdf}
