"""What a report is made of: public tables, what people decided, and the papers it leans on."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline import tables as t
from pipeline.decisions import Decision, log_files, read_log
from pipeline.errors import RunError
from pipeline.store import Privacy, Table
from pipeline.tables import Passage


@dataclass(frozen=True)
class Picture:
    """A drawing by an earlier stage, with what it shows in words."""

    title: str
    svg: str
    description: str  # for those who don't see it
    by_person: bool = False  # it tells pseudonyms apart, and is not for publication
    themes: frozenset[str] = frozenset()  # the theme_ids that it names or counts


@dataclass(frozen=True)
class ReportMaterial:
    """Everything a report may draw on: no table in it is private."""

    series: str  # the series' title; empty where none was given
    roundtables: pd.DataFrame
    participants: pd.DataFrame
    turns: pd.DataFrame
    statements: pd.DataFrame
    themes: pd.DataFrame
    assignments: pd.DataFrame
    quotes: pd.DataFrame
    omissions: pd.DataFrame
    decisions: tuple[Decision, ...] = ()
    manifest: Mapping[str, Any] = field(default_factory=dict)
    pictures: tuple[Picture, ...] = ()
    passages: tuple[Passage, ...] = ()  # proposed evidence, of which only the accepted is cited


def _title(roundtables: pd.DataFrame) -> str:
    """The series' title, as its roundtables say it."""
    return next((one.series for one in t.ROUNDTABLES.rows(roundtables) if one.series), "")


def read_material(run_folder: Path, *, taken: Mapping[str, Any] | None = None) -> ReportMaterial:
    """The material that stands in a run folder; its private tables aren't opened.

    What was read already is `taken`, by the table's name.

    Raises:
        RunError: a table that the report needs isn't there.
    """

    def read(table: Table[Any], *, needed: bool = True) -> pd.DataFrame:
        if taken is not None and table.name in taken:
            return taken[table.name]
        return table.read(run_folder) if needed or table.path(run_folder).is_file() else table.empty()

    roundtables = read(t.ROUNDTABLES)
    return ReportMaterial(
        series=_title(roundtables),
        roundtables=roundtables,
        participants=read(t.PARTICIPANTS),
        turns=read(t.TURNS),
        statements=read(t.STATEMENTS),
        themes=read(t.THEMES),
        assignments=t.carried(read(t.ASSIGNMENTS)),
        quotes=read(t.QUOTES),
        omissions=read(t.OMISSIONS, needed=False),
        decisions=tuple(one for one in read_log(log_files(run_folder)) if one.kind != "redaction"),
        manifest=_manifest(run_folder / "manifest.json"),
        pictures=_pictures(run_folder),
        passages=tuple(t.PASSAGES.rows(read(t.PASSAGES, needed=False))),
    )


def _manifest(path: Path) -> Any:
    if not path.is_file():
        return {}
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise RunError(f"{path} is damaged: remove it, and `roundtable run` makes every stage again") from error


def _pictures(run_folder: Path) -> tuple[Picture, ...]:
    """The drawings of the themes stage, each with the title and the description that stand in it."""
    found = []
    for path in sorted((run_folder / Privacy.PUBLIC.value / "pictures").glob("*.svg")):
        svg = path.read_text(encoding="utf-8")
        title, told = (re.search(rf"<{tag}[^>]*>([^<]*)</{tag}>", svg) for tag in ("title", "desc"))
        name = unescape(title[1]).strip() if title else path.stem
        by_person = re.search(r"\b[PFO]\d{2,}\b", svg) is not None
        # A row that counts themes names them all, with spaces between them.
        themes = frozenset(
            theme for named in re.findall(r'data-theme="([^"]*)"', svg) for theme in unescape(named).split()
        )
        found.append(Picture(name, svg, unescape(told[1]).strip() if told else name, by_person, themes))
    return tuple(found)
