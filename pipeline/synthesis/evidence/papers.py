"""Papers with their pages: a file of text matched with its reference, or a reference that brings only an abstract."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from pipeline.errors import UnreadableFile
from pipeline.synthesis.evidence.references import CitationStyle, Reference, cite, read_bib, read_csv, read_ris

Pages = tuple[tuple[str, str], ...]  # (page, text); the page is empty where the format has none
MAX_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True)
class Paper:
    """A paper that may be cited."""

    key: str
    citation: str
    pages: Pages


def read_papers(files: Mapping[str, bytes], *, style: CitationStyle = "author-date") -> tuple[Paper, ...]:
    """The papers in these files, by name, sorted by key.

    A text is matched with its reference by the reference's `file`, its key, or its title; one without a reference is
    cited by its file's name, so that people see what is missing.

    Raises:
        UnreadableFile: a file can't be read as what its name says it is.
    """
    references: list[Reference] = []
    texts: dict[str, Pages] = {}
    for name in sorted(files):
        ending = PurePosixPath(name).suffix.lower()
        if ending in _REFERENCES:
            references += _REFERENCES[ending](_decoded(name, files[name]))
        elif ending in _TEXTS:
            texts[PurePosixPath(name).name] = _TEXTS[ending](name, files[name])
    return tuple(sorted(_matched(references, texts, style), key=lambda paper: paper.key))


def _matched(references: Iterable[Reference], texts: Mapping[str, Pages], style: CitationStyle) -> Iterable[Paper]:
    left = dict(texts)
    for reference in sorted(references, key=lambda found: found.key):
        name = next((name for name in sorted(left) if _is_of(name, reference)), "")
        pages = left.pop(name) if name else ((("", reference.abstract),) if reference.abstract else ())
        yield Paper(reference.key, cite(reference, style), pages)
    for name, pages in left.items():
        stem = PurePosixPath(name).stem
        yield Paper(_slug(stem), stem.replace("_", " ").replace("-", " "), pages)


def _is_of(name: str, reference: Reference) -> bool:
    stem = _slug(PurePosixPath(name).stem)
    title = _slug(reference.title)
    return name in reference.files or stem == _slug(reference.key) or (len(title) > 8 and title.startswith(stem[:40]))


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "", plain.lower())


def _decoded(name: str, content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFile(f"{name}: neither UTF-8 nor Windows-1252")


def _txt(name: str, content: bytes) -> Pages:
    """A form feed parts the pages of a text that came from a paper one."""
    pages = _decoded(name, content).split("\f")
    return tuple((str(number) if len(pages) > 1 else "", text) for number, text in enumerate(pages, start=1))


def _pdf(name: str, content: bytes) -> Pages:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(content))
        labels = reader.page_labels
        return tuple((labels[number], page.extract_text() or "") for number, page in enumerate(reader.pages))
    except (PyPdfError, ValueError, KeyError, IndexError) as error:
        raise UnreadableFile(f"{name}: not a .pdf that can be read") from error


def _docx(name: str, content: bytes) -> Pages:
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MAX_BYTES:
                raise UnreadableFile(f"{name}: unpacked it is larger than {MAX_BYTES // 2**20} MB")
        document = docx.Document(io.BytesIO(content))
    except (zipfile.BadZipFile, PackageNotFoundError, KeyError, ValueError) as error:
        raise UnreadableFile(f"{name}: not a .docx") from error
    return (("", "\n\n".join(paragraph.text for paragraph in document.paragraphs)),)


_REFERENCES: dict[str, Callable[[str], list[Reference]]] = {".bib": read_bib, ".ris": read_ris, ".csv": read_csv}
_TEXTS: dict[str, Callable[[str, bytes], Pages]] = {".pdf": _pdf, ".docx": _docx, ".txt": _txt}
