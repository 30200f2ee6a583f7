"""The paper as one html file that needs nothing but itself, reads well aloud and prints well."""

from __future__ import annotations

import base64
import dataclasses
from importlib import resources
from typing import Any

from pipeline.synthesis.dates import long_date
from pipeline.synthesis.paper import Annex, Paper
from pipeline.synthesis.wording import Line, say
from pipeline.tables import Passage


def render_html(paper: Paper) -> str:
    """One file: no script, no font, no request; the pictures stand in it as images with their words beside them."""
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    templates = resources.files("pipeline.synthesis").joinpath("templates")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=False)
    environment.filters["data_uri"] = _data_uri
    css = templates.joinpath("report.css").read_text(encoding="utf-8")
    notes, numbered = number_sources(paper)
    return environment.from_string(templates.joinpath("report.html").read_text(encoding="utf-8")).render(
        paper=_with_anchors(paper, numbered),
        notes=notes,
        css=Markup(css),  # our own file, no word of a transcript in it  # noqa: S704
        date=long_date(paper.date, paper.languages),
        say=lambda key, **values: say(paper.languages, key, **values),
    )


def number_sources(paper: Paper) -> tuple[tuple[Passage, ...], dict[str, tuple[int, ...]]]:
    """The accepted sources in the order of their first citing, and for each theme its notes' numbers, from 1."""
    notes = [(section.theme_id, passage) for section in paper.sections for passage in section.sources]
    numbers: dict[str, tuple[int, ...]] = {}
    for number, (theme, _) in enumerate(notes, start=1):
        numbers[theme] = (*numbers.get(theme, ()), number)
    return tuple(passage for _, passage in notes), numbers


def _with_anchors(paper: Paper, notes: dict[str, tuple[int, ...]]) -> dict[str, Any]:
    """The paper's fields, with what a page needs besides: an anchor a theme, a label a table."""
    fields = {field.name: getattr(paper, field.name) for field in dataclasses.fields(paper)}
    count = 0
    parts = []
    for part in paper.parts:
        sections = []
        for section in part.sections:
            count += 1
            own = {field.name: getattr(section, field.name) for field in dataclasses.fields(section)}
            sections.append({**own, "anchor": f"theme-{count}", "notes": notes.get(section.theme_id, ())})
        parts.append({"title": part.title, "intro": part.intro, "sections": sections})
    return {**fields, "parts": parts, "annexes": [_annex(annex) for annex in paper.annexes]}


def _annex(annex: Annex) -> dict[str, Any]:
    grids = [
        {
            "caption": grid.caption,
            "headers": grid.headers,
            "rows": grid.rows,
            "numeric": grid.numeric,
            "label": f"{_first(annex.title)}: {_first(grid.caption)}",  # two regions may not share a name
        }
        for grid in annex.grids
    ]
    return {"title": annex.title, "paragraphs": annex.paragraphs, "pictures": annex.pictures, "grids": grids}


def _first(line: Line) -> str:
    return line[0][1]


def _data_uri(svg: str) -> str:
    # As an image, an SVG can run nothing and fetch nothing.
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode("utf-8")).decode("ascii")
