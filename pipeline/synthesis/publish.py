"""Writes draft/ and release/: each file aside first and then renamed, and nothing in release/ that nobody approved."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.decisions import sharing_words
from pipeline.errors import ConfigError
from pipeline.store import write_aside
from pipeline.synthesis.choices import Choices, choices
from pipeline.synthesis.compose import compose
from pipeline.synthesis.html import render_html
from pipeline.synthesis.material import ReportMaterial
from pipeline.synthesis.paper import Paper
from pipeline.synthesis.word import render_docx
from pipeline.synthesis.wording import LANGUAGES, Scale

RELEASE_FILES = ("report.docx", "report.html", "quotes.xlsx", "themes.csv", "project.qdpx", "provenance.json")
PROVENANCE_FORMAT = 1


@dataclass(frozen=True)
class Style:
    """How the report reads and looks."""

    languages: tuple[str, ...] = ("en",)  # ("en", "cy"): side by side
    scale: Scale = field(default_factory=Scale)
    template: bytes = b""  # a .docx whose styles are taken


STYLE = Style()


def style_of(
    *,
    language: str = "en",
    template: str = "",
    scale: Mapping[str, Any] | None = None,
    **others: Any,
) -> Style:
    """The style that the config's [report] section asks for; `**config.report.model_dump()`.

    Raises:
        ConfigError: the template isn't there, or isn't a .docx.
    """
    given = dict(scale or {})
    phrases = {language: given.pop(language, {}) for language in LANGUAGES}
    languages = LANGUAGES if language == "both" else (language,)
    return Style(languages, Scale(**given, phrases=phrases), _template(template))


def _template(place: str) -> bytes:
    if not place:
        return b""
    path = Path(place)
    if not path.is_file() or not zipfile.is_zipfile(path):
        raise ConfigError(f"report.template: {place} is not a .docx file")
    return path.read_bytes()


@dataclass(frozen=True)
class Written:
    """What came of writing a folder."""

    files: tuple[Path, ...]
    quotes: int  # printed
    themes: int  # that hold one of these quotes
    unprinted: Mapping[str, int]  # accepted quotes left out, by reason
    unmade: int = 0  # merges and splits of themes that wait for the next run
    disputed: int = 0  # what people differ on about themes
    codings: int = 0  # and about the codes that statements carry
    twice: tuple[tuple[str, str], ...] = ()  # each two printed quotes, by quote_id, that have words in common

    @property
    def empty(self) -> bool:
        """True where nothing has been decided yet, so that there is nothing to release."""
        return not self.files


def draft_files(material: ReportMaterial, *, style: Style = STYLE) -> dict[str, bytes]:
    """The two files of draft/ by name: everything proposed, each item marked so."""
    paper = _paper(material, "draft", style)
    return {
        "report.docx": render_docx(paper, template=style.template),
        "report.html": render_html(paper).encode("utf-8"),
    }


def release_files(material: ReportMaterial, *, style: Style = STYLE) -> dict[str, bytes]:
    """The six files of release/ by name; none where nobody has decided anything that can be printed."""
    return _release(_paper(material, "release", style), style)


def write_release(material: ReportMaterial, folder: Path, *, style: Style = STYLE) -> Written:
    """Write release/: what people approved and nothing else; empty it where nothing is approved (any more)."""
    paper = _paper(material, "release", style)
    return _write(_release(paper, style), paper, folder, choices(material))


def _paper(material: ReportMaterial, kind: Any, style: Style) -> Paper:
    return compose(material, kind=kind, languages=style.languages, scale=style.scale)


def _release(paper: Paper, style: Style) -> dict[str, bytes]:
    from pipeline.synthesis.exchange import release_project, release_quotes, release_themes, write_qdpx

    if not paper.sections and not paper.summary and not paper.closing:
        return {}
    return {
        "report.docx": render_docx(paper, template=style.template),
        "report.html": render_html(paper).encode("utf-8"),
        "quotes.xlsx": release_quotes(paper),
        "themes.csv": release_themes(paper),
        "project.qdpx": write_qdpx(release_project(paper)),
        "provenance.json": provenance_json(paper),
    }


def provenance_json(paper: Paper) -> bytes:
    """Where each printed quote comes from: roundtable, transcript, turn, offsets (code points) and hash."""
    quotes = [
        {
            "quote_id": quote.quote_id,
            "theme": section.name,
            "theme_id": section.theme_id,
            "roundtable_id": quote.roundtable_id,
            "transcript_id": quote.transcript_id,
            "language": quote.language,
            "attribution": dict(quote.attribution),
            "sha256": quote.sha256,
            "spans": [
                {"turn_id": s.turn_id, "start": s.start, "end": s.end, "sha256": s.sha256, "text": s.text}
                for s in quote.spans
            ],
        }
        for section in paper.sections
        for quote in (*section.quotes, *section.dissents)
    ]
    whole = {"format": PROVENANCE_FORMAT, "title": paper.title, "quotes": quotes}
    return (json.dumps(whole, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def _write(contents: Mapping[str, bytes], paper: Paper, folder: Path, chosen: Choices) -> Written:
    written = []
    for name in sorted(contents):
        write_aside(folder / name, lambda path, name=name: path.write_bytes(contents[name]))
        written.append(folder / name)
    for name in RELEASE_FILES:
        if name not in contents:  # or a quote that was taken back would stay published
            (folder / name).unlink(missing_ok=True)
    themes = len({quote.theme_id for quote in paper.quotes})
    waiting = {"unmade": chosen.unmade, "disputed": chosen.disputed, "codings": chosen.codings}
    places = [[(span.turn_id, span.start, span.end) for span in quote.spans] for quote in paper.quotes]
    names = [quote.quote_id for quote in paper.quotes]
    twice = tuple((names[one], names[other]) for one, other in sharing_words(places))
    return Written(tuple(written), len(paper.quotes), themes, chosen.unprinted, **waiting, twice=twice)
