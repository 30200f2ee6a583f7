"""Quotes as .xlsx and themes as .csv, in which nothing that somebody said can run as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from pipeline.synthesis.choices import Choices, choices
from pipeline.synthesis.material import ReportMaterial
from pipeline.synthesis.paper import Paper
from pipeline.synthesis.series import voices
from pipeline.synthesis.zipped import restamp
from pipeline.tables import QUOTES, THEMES, Theme

# A cell that begins with one of these is a formula to Excel and LibreOffice (OWASP, "CSV Injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_CREATED = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_WIDE = 60  # characters
_MAX_CELL = 32_767  # what Excel holds in a cell

QUOTE_COLUMNS = (
    "quote", "attribution", "theme", "dissent", "roundtable_id", "language", "translation",
    "quote_id", "places", "sha256",
)  # fmt: skip
THEME_COLUMNS = (
    "theme_id", "theme", "description", "participants", "participants_present", "wording", "quotes",
)  # fmt: skip


def release_quotes(paper: Paper) -> bytes:
    """The printed quotes as .xlsx: one a row, as they stand in the report."""
    rows = [
        (
            quote.text,
            " / ".join(text for _, text in quote.attribution),
            section.name,
            "yes" if quote.dissent else "",
            quote.roundtable_id,
            quote.language,
            quote.translation,
            quote.quote_id,
            " ".join(f"{span.turn_id}:{span.start}-{span.end}" for span in quote.spans),
            quote.sha256,
        )
        for section in paper.sections
        for quote in (*section.quotes, *section.dissents)
    ]
    return workbook("quotes", QUOTE_COLUMNS, rows, title=paper.title)


def release_themes(paper: Paper) -> bytes:
    """The printed themes as .csv: one a row, with how many participants spoke of it and the wording that earns."""
    rows = [
        (
            section.theme_id,
            section.name,
            section.description,
            section.people,
            section.present,
            section.level,
            len(section.quotes) + len(section.dissents),
        )
        for section in paper.sections
    ]
    return csv_bytes(THEME_COLUMNS, rows)


def quotes_xlsx(material: ReportMaterial) -> bytes:
    """All candidates as .xlsx, for work in a spreadsheet, under themes as people call them; not for publication."""
    names = dict(zip(material.themes["theme_id"], material.themes["name"], strict=True)) | dict(choices(material).names)
    columns = ("rank", "quote", "theme", "speaker", "risk", "reasons", "dissent", "turn_id", "start", "end", "quote_id")
    rows = [
        (
            quote.overall_rank,
            quote.text,
            names.get(quote.theme_id, ""),
            quote.speaker,
            "; ".join((quote.risk, *quote.risk_reasons)),
            "; ".join(quote.reasons),
            "yes" if quote.dissent else "",
            quote.turn_id,
            quote.start,
            quote.end,
            quote.quote_id,
        )
        for quote in sorted(QUOTES.rows(material.quotes), key=lambda quote: (quote.overall_rank, quote.quote_id))
    ]
    return workbook("candidates", columns, rows, title=material.series)


def themes_csv(material: ReportMaterial) -> bytes:
    """All themes as .csv, as people call them and counted as the report counts them: who was quoted under one, too."""
    chosen = choices(material)
    spoke = voices(material, chosen.approved).groupby("theme_id")[["speaker", "roundtable_id"]].nunique()
    columns = (
        "theme_id", "name", "found_as", "origin", "parent_id", "keywords", "n_statements", "n_participants",
        "participants_present", "n_roundtables", "stability", "decided",
    )  # fmt: skip
    present = int((material.participants["role"] == "participant").sum())
    rows = []
    for theme in THEMES.rows(material.themes):
        people, roundtables = spoke.loc[theme.theme_id].tolist() if theme.theme_id in spoke.index else (0, 0)
        rows.append(
            (
                theme.theme_id,
                chosen.names.get(theme.theme_id, theme.name),
                theme.name,
                theme.origin,
                theme.parent_id,
                "; ".join(theme.keywords),
                theme.n_statements,
                people,
                present,
                roundtables,
                _measured(theme),
                _fate(theme.theme_id, chosen),
            )
        )
    return csv_bytes(columns, rows)


def _measured(theme: Theme) -> float | str:
    """Its stability; empty of a code, which people gave, and at 0, where nobody was left out."""
    return round(theme.stability, 4) if theme.origin == "emergent" and theme.stability else ""


def _fate(theme_id: str, chosen: Choices) -> str:
    """What people decided of a theme; empty where nobody did."""
    if theme_id in chosen.gone:
        return f"merged into {chosen.gone[theme_id]}" if chosen.gone[theme_id] else "rejected"
    return "kept" if theme_id in chosen.touched else ""


def csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """UTF-8 with a BOM, or Excel takes Welsh letters for others; a would-be formula gets an apostrophe before it."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_harmless(value) for value in row])
    return stream.getvalue().encode("utf-8-sig")


def _harmless(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return value


def workbook(sheet: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], *, title: str = "") -> bytes:
    """One sheet whose texts are texts: no formula, no link, no number made of words; the same rows, the same bytes."""
    import xlsxwriter

    stream = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(stream, options)
    book.set_properties({"title": title, "author": "", "created": _CREATED})
    page = book.add_worksheet(sheet)
    head = book.add_format({"bold": True, "bg_color": "#F3F6F8", "bottom": 2})
    cell = book.add_format({"text_wrap": True, "valign": "top"})
    for column, name in enumerate(columns):
        page.write_string(0, column, name, head)
        longest = max([len(name), *(len(str(row[column])) for row in rows)])
        page.set_column(column, column, min(_WIDE, longest + 2))
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, int | float):
                page.write_number(number, column, value, cell)
            else:
                page.write_string(number, column, str(value)[:_MAX_CELL], cell)
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, max(1, len(rows)), len(columns) - 1)
    book.close()
    return restamp(stream.getvalue())
