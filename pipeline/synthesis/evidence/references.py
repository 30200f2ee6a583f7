"""Reads .bib, .ris and .csv into references, and writes a reference as a footnote in one of two styles."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

CitationStyle = Literal["author-date", "numeric"]
MANY_AUTHORS = 3  # more are "and others"


@dataclass(frozen=True)
class Reference:
    """What is known of a paper; every field but the key may be empty."""

    key: str
    authors: tuple[str, ...] = ()  # "Surname, First"
    year: str = ""
    title: str = ""
    container: str = ""  # the journal, with volume and pages, the book, or who published it
    url: str = ""
    abstract: str = ""
    files: tuple[str, ...] = ()  # the names of files that the entry says hold it


def cite(reference: Reference, style: CitationStyle) -> str:
    """The reference as a footnote: `Hughes, A. and Rees, B. (2021) Title. Publisher.` or, numeric, the year last."""
    who = _authors(reference.authors)
    where = f" {reference.container}." if reference.container else ""
    title = f"{reference.title.rstrip('.')}." if reference.title else reference.key
    link = f" {reference.url}" if reference.url else ""
    if style == "author-date":
        year = f" ({reference.year})" if reference.year else ""
        return f"{who}{year} {title}{where}{link}".strip()
    year = f" {reference.year}." if reference.year else ""
    return f"{who.rstrip('.') + '. ' if who else ''}{title}{where}{year}{link}".strip()


def _authors(authors: tuple[str, ...]) -> str:
    named = [_initials(author) for author in authors]
    if len(named) > MANY_AUTHORS:
        return f"{named[0]} and others"
    return " and ".join(part for part in (", ".join(named[:-1]), *named[-1:]) if part)


def _initials(author: str) -> str:
    """ "Hughes, Anna Mair" as "Hughes, A. M."; an organisation stays as it is."""
    surname, comma, given = author.partition(",")
    if not comma or not given.strip():
        return author.strip()
    letters = " ".join(f"{name[0]}." for name in re.split(r"[\s.]+", given.strip()) if name)
    return f"{surname.strip()}, {letters}"


# --- BibTeX

_ACCENTS = {"'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303", "c": "\u0327"}
_ENTRY = re.compile(r"@(\w+)\s*[{(]\s*([^,\s]+)\s*,")
_PASSED_OVER = {"comment", "string", "preamble"}


def read_bib(text: str) -> list[Reference]:
    """The entries of a .bib file; what isn't an entry is passed over."""
    found = []
    for match in _ENTRY.finditer(text):
        if match[1].lower() in _PASSED_OVER:
            continue
        fields = dict(_bib_fields(text, match.end()))
        authors = fields.get("author") or fields.get("editor") or ""
        found.append(
            Reference(
                key=match[2],
                authors=tuple(_surname_first(name) for name in re.split(r"\s+and\s+", authors) if name.strip()),
                year=(re.search(r"\d{4}", fields.get("year") or fields.get("date") or "") or [""])[0],
                title=fields.get("title", ""),
                container=_issue(
                    _first(fields, "journal", "journaltitle", "booktitle"),
                    _first(fields, "publisher", "institution"),
                    *(_first(fields, *names) for names in (("volume",), ("number", "issue"), ("pages",))),
                ),
                url=fields.get("url") or _resolved(fields.get("doi", "")),
                abstract=fields.get("abstract", ""),
                files=tuple(part.split("/")[-1] for part in re.split(r"[:;]", fields.get("file", "")) if "." in part),
            )
        )
    return found


def _bib_fields(text: str, place: int) -> Iterable[tuple[str, str]]:
    """The fields of an entry, from the comma after its key to the brace that closes it."""
    field = re.compile(r"\s*,?\s*([\w-]+)\s*=\s*")
    while match := field.match(text, place):
        value, place = _bib_value(text, match.end())
        yield match[1].lower(), _plain(value)


def _bib_value(text: str, place: int) -> tuple[str, int]:
    """A value in braces (which may hold others), in quotation marks, or bare; and where it ends."""
    opening = text[place : place + 1]
    if opening not in '{"':
        match = re.compile(r"[^,}\n]*").match(text, place)
        assert match is not None
        return match[0].strip(), match.end()
    depth = 0
    for at in range(place, len(text)):
        letter = text[at]
        depth += (letter == "{") - (letter == "}")
        if (opening == "{" and depth == 0) or (opening == '"' and letter == '"' and depth == 0 and at > place):
            return text[place + 1 : at], at + 1
    return text[place + 1 :], len(text)


def _plain(value: str) -> str:
    """LaTeX as text: accents put on their letters, braces and commands dropped."""

    def accent(match: re.Match[str]) -> str:
        return unicodedata.normalize("NFC", match[2] + _ACCENTS[match[1]])

    value = re.sub(r"\{?\\(['`^\"~c])\s*\{?([A-Za-z])\}?\}?", accent, value)
    value = re.sub(r"\\([&%$#_])", r"\1", value).replace("---", "—").replace("--", "–").replace("~", " ")
    return " ".join(re.sub(r"\\[A-Za-z]+\s*|[{}]", "", value).split())


def _surname_first(name: str) -> str:
    name = name.strip()
    parts = name.split()
    if "," in name or len(parts) < 2 or not all(part[:1].isupper() for part in parts) or len(parts) > 3:
        return name
    return f"{parts[-1]}, {' '.join(parts[:-1])}"


def _issue(within: str, publisher: str, volume: str, number: str, pages: str) -> str:
    """Where in a journal or a book a paper stands: `Journal of Rivers, 12(3), pp. 44–61`."""
    issue = volume + (f"({number})" if volume and number else number)
    pages = re.sub(r"^pp?\.?\s*(?=\d)", "", pages)
    several = re.search(r"\d\D+\d", pages)
    # Of a paper that stands in nothing, one number is how many pages it has.
    where = f"{'pp.' if several else 'p.'} {pages}" if pages and (within or several) else ""
    return ", ".join(part for part in (within or publisher, issue, where) if part)


def _resolved(doi: str) -> str:
    """A DOI as the address that it stands for."""
    return f"https://doi.org/{doi}" if doi.startswith("10.") else doi


def _first(fields: Mapping[str, str], *names: str) -> str:
    return next((fields[name] for name in names if fields.get(name)), "")


# --- RIS and CSV


def read_ris(text: str) -> list[Reference]:
    """The records of a .ris file."""
    found: list[Reference] = []
    fields: dict[str, list[str]] = {}
    for line in text.splitlines():
        match = re.match(r"([A-Z][A-Z0-9])\s{1,2}-\s?(.*)", line.strip("\ufeff"))
        if not match:
            continue
        if match[1] == "ER":
            found.append(_ris_record(fields, len(found) + 1))
            fields = {}
        else:
            fields.setdefault(match[1], []).append(match[2].strip())
    return found


def _ris_record(fields: Mapping[str, list[str]], number: int) -> Reference:
    def first(*tags: str) -> str:
        return next((fields[tag][0] for tag in tags if fields.get(tag)), "")

    authors = [*fields.get("AU", []), *fields.get("A1", [])]
    year = re.search(r"\d{4}", first("PY", "Y1", "DA"))
    return Reference(
        key=first("ID") or f"ris{number}",
        authors=tuple(author for author in authors if author),
        year=year[0] if year else "",
        title=first("TI", "T1"),
        container=_issue(
            first("JO", "JF", "T2"),
            first("PB"),
            first("VL"),
            first("IS"),
            "–".join(dict.fromkeys(page for page in (first("SP"), first("EP")) if page)),
        ),
        url=first("UR") or _resolved(first("DO")),
        abstract=first("AB", "N2"),
        files=tuple(path.split("/")[-1] for path in fields.get("L1", [])),
    )


def read_csv(text: str) -> list[Reference]:
    """The rows of a .csv with a heading: key, author(s), year, title, publisher or journal, url, abstract, file."""
    found = []
    for number, row in enumerate(csv.DictReader(io.StringIO(text)), start=1):
        fields = {str(name).strip().lower(): str(value or "").strip() for name, value in row.items() if name}
        authors = _first(fields, "author", "authors")
        found.append(
            Reference(
                key=_first(fields, "key", "id") or f"csv{number}",
                authors=tuple(part.strip() for part in re.split(r";|\band\b", authors) if part.strip()),
                year=_first(fields, "year", "date")[:4],
                title=_first(fields, "title"),
                container=_issue(
                    _first(fields, "journal"),
                    _first(fields, "publisher", "source"),
                    *(_first(fields, name) for name in ("volume", "issue", "pages")),
                ),
                url=_first(fields, "url", "link") or _resolved(_first(fields, "doi")),
                abstract=_first(fields, "abstract", "notes"),
                files=tuple(part for part in [_first(fields, "file")] if part),
            )
        )
    return found
