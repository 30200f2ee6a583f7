"""participants.csv: who sat at which table, in which role, and what they consented to."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from pipeline.errors import CorpusError
from pipeline.ingest.text import decode
from pipeline.tables import RosterEntry

NAME = "participants.csv"
COLUMNS = ("name", "aliases", "role", "organisation", "sector", "consent", "roundtables")
ROLES = ("participant", "facilitator", "observer")

# Where consent isn't given in the roster the words may be used and their speaker not described: what a participant
# information sheet usually promises, and what can't be taken back if we are more generous than the form was.
DEFAULT_CONSENT = "quote_without_attribution"

_CONSENTS = {
    "quote with role": "quote_with_role",
    "with role": "quote_with_role",
    "role": "quote_with_role",
    "quote": "quote_without_attribution",
    "yes": "quote_without_attribution",
    "quote without attribution": "quote_without_attribution",
    "without attribution": "quote_without_attribution",
    "anonymous": "quote_without_attribution",
    "quote anonymously": "quote_without_attribution",
    "no quotes": "no_quotes",
    "no quote": "no_quotes",
    "do not quote": "no_quotes",
    "no": "no_quotes",
    "none": "no_quotes",
    "withdrawn": "withdrawn",
    "withdrew": "withdrawn",
    "": DEFAULT_CONSENT,
}
_ROLE_WORDS = {
    "": "participant",
    "participant": "participant",
    "attendee": "participant",
    "member": "participant",
    "facilitator": "facilitator",
    "chair": "facilitator",
    "moderator": "facilitator",
    "host": "facilitator",
    "observer": "observer",
    "note taker": "observer",
    "notetaker": "observer",
}
_HEADINGS = {
    "full name": "name",
    "participant": "name",
    "alias": "aliases",
    "also known as": "aliases",
    "organization": "organisation",
    "organisations": "organisation",
    "employer": "organisation",
    "roundtable": "roundtables",
    "meetings": "roundtables",
    "quote": "consent",
    "quotes": "consent",
}


def read_roster(corpus: Path, codes: Collection[str], *, encoding: str = "") -> list[RosterEntry]:
    """The lines of participants.csv; an empty list where there is none.

    `codes` are those of the roundtables. A name may come again if another organisation tells the two people apart.

    Raises:
        CorpusError: a column or cell can't be used; it says in which lines, and never what stands there.
    """
    path = corpus / NAME
    if not path.is_file():
        return []
    rows = _rows(decode(path.read_bytes(), NAME, encoding=encoding).text, path)
    entries = _entries(rows, codes, path)
    seen: dict[tuple[str, str], int] = {}
    wrong: dict[str, list[str]] = {}
    for (line, _), entry in zip(rows, entries, strict=True):
        first = seen.setdefault((entry.name.casefold(), entry.organisation.casefold()), line)
        if first != line:
            wrong.setdefault(f"the same name and organisation as in line {first}", []).append(str(line))
    if wrong:
        mend = "take one of the two out, or tell two people apart by their organisations"
        raise CorpusError(f"{path}, {_told(wrong)}; {mend}")
    return entries


def _rows(text: str, path: Path) -> list[tuple[int, dict[str, str]]]:
    first = text.split("\n", 1)[0]
    # Excel writes semicolons where the comma is the decimal sign.
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    try:
        header = [_heading(cell) for cell in next(reader, [])]
        # Excel writes columns that are formatted and hold nothing.
        while header and not header[-1]:
            header.pop()
        _check_header(header, path)
        rows: list[tuple[int, dict[str, str]]] = []
        for cells in reader:
            if any(cell.strip() for cell in cells):
                if any(cell.strip() for cell in cells[len(header) :]):
                    raise CorpusError(
                        f"{path}, line {reader.line_num}: {len(cells)} cells for {len(header)} columns; "
                        'put a cell that holds a comma into "quotes", and part aliases by semicolons'
                    )
                rows.append((reader.line_num, dict(zip(header, (cell.strip() for cell in cells), strict=False))))
    except csv.Error as error:
        raise CorpusError(f"{path}, line {reader.line_num}: not a table that can be read ({error})") from error
    return rows


def _heading(cell: str) -> str:
    plain = " ".join(cell.casefold().replace("_", " ").split())
    return _HEADINGS.get(plain, plain)


def _check_header(header: list[str], path: Path) -> None:
    unknown = [name for name in header if name not in COLUMNS]
    if "name" not in header:
        raise CorpusError(f"{path}: its first line has to name the columns: {', '.join(COLUMNS)} (only name is needed)")
    if unknown:
        place = header.index(unknown[0]) + 1
        raise CorpusError(f"{path}, line 1: column {place} is none of {', '.join(COLUMNS)}")
    if len(set(header)) < len(header):
        raise CorpusError(f"{path}, line 1: two columns have one name")


def _entries(rows: Iterable[tuple[int, dict[str, str]]], codes: Collection[str], path: Path) -> list[RosterEntry]:
    """The entries, if each line can be used; else every line that can't is told at once, by what is wrong with it."""
    entries = []
    wrong: dict[str, list[str]] = {}
    for line, row in rows:
        try:
            entries.append(_entry(row, codes))
        except CorpusError as error:
            wrong.setdefault(str(error), []).append(str(line))
    if wrong:
        raise CorpusError(f"{path}, {_told(wrong)}")
    return entries


def _told(wrong: Mapping[str, Sequence[str]]) -> str:
    """In which lines what is wrong."""
    return "; ".join(f"line{'s' * (len(lines) > 1)} {', '.join(lines)}: {what}" for what, lines in wrong.items())


def _entry(row: dict[str, str], codes: Collection[str]) -> RosterEntry:
    if not row["name"]:
        raise CorpusError("the name is missing")
    roundtables = _listed(row.get("roundtables", ""))
    for number, code in enumerate(roundtables, 1):
        if code not in codes:
            raise CorpusError(f"roundtable {number} is none of {', '.join(sorted(codes))}")
    return RosterEntry(
        name=" ".join(row["name"].split()),
        aliases=_listed(row.get("aliases", "")),
        role=_one_of(row.get("role", ""), _ROLE_WORDS, "the role", ROLES),
        organisation=row.get("organisation", ""),
        sector=row.get("sector", ""),
        consent=_one_of(
            row.get("consent", ""),
            _CONSENTS,
            "the consent",
            ("quote with role", "quote without attribution", "no quotes", "withdrawn"),
        ),
        roundtables=roundtables,
    )


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part for part in (" ".join(piece.split()) for piece in cell.split(";")) if part))


def _one_of(cell: str, known: dict[str, str], what: str, wanted: Iterable[str]) -> str:
    plain = " ".join(re.sub(r"[_\-.,]", " ", cell.casefold()).split())
    if plain not in known:
        raise CorpusError(f"{what} is none of {', '.join(wanted)}")
    return known[plain]
