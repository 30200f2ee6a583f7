"""Every text in a file, whatever its format: what the gate reads, so that no name hides in a corner of one.

A text comes with the place where it stands ("word/document.xml", "column speaker"). Markup gives its text twice:
raw, with its attributes, comments and processing instructions; and as people read it, with the tags taken out, so
that a name cut in two by a tag is whole again. What has no known format is read as bytes in the usual encodings.
"""

from __future__ import annotations

import html
import io
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

_MARKUP = (".xml", ".html", ".htm", ".svg", ".rels", ".qde", ".qdc", ".xhtml")
_ZIPPED = (".docx", ".dotx", ".xlsx", ".qdpx", ".odt", ".zip")
# Tags at which a reader sees a gap; at others ("w:r", "b") a word goes on.
_GAP = re.compile(
    r"</?(?:\w+:)?(?:p|br|tab|td|tr|tc|div|li|h[1-6]|title|si|c|row|cell|item|option|text|tspan)\b[^>]*>", re.I
)
_TAG = re.compile(r"<[^>]*>", re.S)
# Between two cells of a column (ASCII's record separator): no name goes on from one to the next.
CELL = "\x1e"
# An archive in an archive is opened so often; ours have one level.
_NESTED = 3
# More than any file of ours; a larger member is not ours to release.
_LARGEST_MEMBER = 512 * 1024 * 1024


def texts(path: Path) -> Iterator[tuple[str, str]]:
    """The texts of a file, each with its place in it; the file's own name comes first."""
    yield "the file's name", path.name
    suffix = path.suffix.lower()
    if suffix == ".parquet":
        yield from _of_parquet(path)
    elif suffix == ".npz":
        yield from _of_arrays(path)
    elif suffix == ".sqlite":
        yield from _of_database(path)
    elif suffix == ".pdf":
        yield from _of_pdf(path)
    else:
        yield from _of_bytes(path.name, path.read_bytes(), _NESTED)


def _of_bytes(name: str, content: bytes, nested: int) -> Iterator[tuple[str, str]]:
    suffix = PurePosixPath(name).suffix.lower()
    if nested and (suffix in _ZIPPED or content[:4] == b"PK\x03\x04"):
        yield from _of_archive(content, nested)
        return
    for encoding in ("utf-8", "utf-16-le") if b"\0" in content else ("utf-8",):
        text = content.decode(encoding, errors="replace")
        yield ("", text)
        if suffix in _MARKUP or text.lstrip()[:1] == "<":
            yield ("as read", as_read(text))
        if "\\u" in text:
            yield ("unescaped", _unescaped(text))


def as_read(markup: str) -> str:
    """Markup as people read it: without tags, its entities written out."""
    return html.unescape(_TAG.sub("", _GAP.sub(" ", markup)))


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

    table = pq.read_table(path)
    yield "the table's metadata", repr(table.schema.metadata)
    for name in table.column_names:
        yield "a column's name", name
        column = table[name]
        while pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
            column = pc.list_flatten(column)
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            # Joined, because a million cells one by one would take minutes.
            different = [value for value in pc.unique(column).to_pylist() if value is not None]
            yield f"column {name}", CELL.join(different)


def _of_arrays(path: Path) -> Iterator[tuple[str, str]]:
    import numpy as np

    with np.load(path, allow_pickle=False) as arrays:
        for name in arrays.files:
            yield "an array's name", name
            if arrays[name].dtype.kind in "US":
                yield f"array {name}", CELL.join(str(value) for value in arrays[name].ravel())


def _of_database(path: Path) -> Iterator[tuple[str, str]]:
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for name in names:
        for row in connection.execute(f'SELECT * FROM "{name}"'):  # noqa: S608 - the name is the database's own
            for value in row:
                text = value.decode("utf-8", errors="replace") if isinstance(value, bytes) else str(value)
                yield f"table {name}", text
    connection.close()


def _of_pdf(path: Path) -> Iterator[tuple[str, str]]:
    from pypdf import PdfReader

    reader = PdfReader(path)
    yield "the document's properties", " \n".join(str(value) for value in (reader.metadata or {}).values())
    for number, page in enumerate(reader.pages, start=1):
        yield f"page {number}", page.extract_text()
        for note in page.get("/Annots") or ():
            yield f"a note on page {number}", str(note.get_object().get("/Contents", ""))
    yield from _of_bytes(path.stem, path.read_bytes(), 0)
