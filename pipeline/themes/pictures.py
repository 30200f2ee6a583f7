"""Pictures of the themes where people would rather look: inline SVG from tables, readable in greyscale.

Each picture is drawn from the rows of a table and comes with that table as HTML, so that nothing stands in the picture
that a screen reader, or a person who wants the number, cannot read. No colour carries meaning: shades of one grey do,
with the number in each cell, and a pattern of places along a line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Protocol

import pandas as pd

from pipeline.themes.series import new_themes

_CELL, _LABELS, _PAD = 34, 250, 8  # px
_LETTER = 6.5  # px: the width of a letter, so that no name runs out of its picture
_LINE = 640  # px: the length of a meeting's line
_SHORT = 34  # letters of a name in a picture; the table has all of it
_INDENT = "– "  # before the name of a theme that hangs under another
_LIGHTEST, _DARKEST = 245, 60  # grey, of a cell that counts anything
# Black is readable (4.5 to 1) on this grey and lighter ones, white on that and darker ones, and still so when a page by
# night shows the picture the other way round. The greys between them stay out.
_BLACK_FROM, _WHITE_TO = 138, 117
_CODES: Mapping[str, str] = {}  # roundtables without a name of their own: they are called by their codes


@dataclass(frozen=True)
class Picture:
    """One picture and its table."""

    title: str
    svg: str  # inline, with its title and description
    table: str  # HTML


class Drawable(Protocol):
    """What the themes stage gives, as far as it can be drawn."""

    @property
    def themes(self) -> pd.DataFrame:
        """THEMES."""

    @property
    def assignments(self) -> pd.DataFrame:
        """ASSIGNMENTS."""

    @property
    def people(self) -> pd.DataFrame:
        """THEME_PEOPLE."""

    @property
    def series(self) -> pd.DataFrame:
        """THEME_SERIES."""

    @property
    def overlaps(self) -> pd.DataFrame:
        """THEME_OVERLAPS."""


def drawn(
    themed: Drawable, statements: pd.DataFrame, turns: pd.DataFrame, roundtables: pd.DataFrame
) -> dict[str, Picture]:
    """Every picture of a run, by the name of its file."""
    called = meetings(roundtables)
    found = {
        "1-participants": themes_by_participants(themed.themes, themed.people),
        "2-roundtables": themes_by_roundtable(themed.themes, themed.series, called=called),
    }
    # At the only roundtable every theme is heard for the first time.
    if turns["roundtable_id"].nunique() > 1:
        found["3-first-heard"] = new_by_roundtable(themed.themes, themed.series, called=called)
    if len(themed.overlaps):
        found["4-codebook"] = codes_by_themes(themed.themes, themed.overlaps)
    along = themes_along_time(themed.themes, statements, turns, themed.assignments, called=called)
    found.update((f"{number}-along-{name}", picture) for number, (name, picture) in enumerate(along.items(), start=5))
    return found


def meetings(roundtables: pd.DataFrame) -> dict[str, str]:
    """What each roundtable is called in a picture: its title; its number where it has none, or shares it."""
    titles = roundtables["title"].tolist()
    rows = zip(roundtables["roundtable_id"].tolist(), roundtables["order"].tolist(), titles, strict=True)
    return {
        name: title
        if title and titles.count(title) == 1
        else " ".join(filter(None, (title or "Roundtable", str(order))))
        for name, order, title in rows
    }


def themes_by_participants(themes: pd.DataFrame, people: pd.DataFrame) -> Picture:
    """Who spoke of what: statements by theme and participant; people who spoke of nothing are not in `people`."""
    order = _emergent(themes)
    columns = sorted(set(people["participant"]))
    counts = {(row.theme_id, row.participant): int(row.n_statements) for row in people.itertuples()}
    values = [[counts.get((theme, person), 0) for person in columns] for theme in order]
    return _grid("Themes by participants", "statements", order, columns, values)


def themes_by_roundtable(themes: pd.DataFrame, series: pd.DataFrame, *, called: Mapping[str, str] = _CODES) -> Picture:
    """How many participants spoke of each theme at each roundtable, in the order of the series."""
    order = _emergent(themes)
    tables = series.sort_values(["order", "theme_id"])["roundtable_id"].drop_duplicates().tolist()
    counts = {(row.theme_id, row.roundtable_id): int(row.n_participants) for row in series.itertuples()}
    values = [[counts.get((theme, name), 0) for name in tables] for theme in order]
    columns = [called.get(name, name) for name in tables]
    return _grid("Themes by roundtable", "participants", order, columns, values)


def codes_by_themes(themes: pd.DataFrame, overlaps: pd.DataFrame) -> Picture:
    """Where the codebook and the themes that emerged lie on the same statements."""
    order = _emergent(themes)
    named = dict(zip(themes["theme_id"], themes["name"], strict=True))
    codes = sorted(set(overlaps["code"]))
    counts = {(row.theme_id, row.code): int(row.n_both) for row in overlaps.itertuples()}
    values = [[counts.get((theme, code), 0) for code in codes] for theme in order]
    columns = [str(named.get(code, code)) for code in codes]
    return _grid("The codebook and what emerged", "statements with both", order, columns, values, codes)


def new_by_roundtable(themes: pd.DataFrame, series: pd.DataFrame, *, called: Mapping[str, str] = _CODES) -> Picture:
    """How many themes each roundtable brought for the first time; it says nothing of those that were not asked for."""
    kinds = [("emergent", "new, emergent"), ("codebook", "new, of the codebook")]
    counts, counted = {}, {}
    for origin, name in kinds:
        mine = themes.loc[themes["origin"] == origin, "theme_id"]
        heard = series[series["theme_id"].isin(mine)]
        counts[name], counted[name] = dict(new_themes(heard)), " ".join(sorted(set(heard["theme_id"])))
    columns = [name for name, _ in new_themes(series)]
    rows = {counted[name]: name for name, found in counts.items() if found} or {"": kinds[0][1]}
    values = [[counts[name].get(place, 0) for place in columns] for name in rows.values()]
    heads = [called.get(place, place) for place in columns]
    return _grid("Themes heard for the first time", "themes", rows, heads, values)


def themes_along_time(
    themes: pd.DataFrame,
    statements: pd.DataFrame,
    turns: pd.DataFrame,
    assignments: pd.DataFrame,
    *,
    called: Mapping[str, str] = _CODES,
) -> dict[str, Picture]:
    """Where in each transcript each theme was spoken of: a mark a statement, from its first to its last."""
    order = _emergent(themes)
    index = turns.set_index("turn_id")["index"]
    said = statements.assign(_turn=statements["turn_id"].map(index))
    said = said.sort_values(["transcript_id", "_turn", "start"], kind="stable", ignore_index=True)
    primary = assignments[assignments["primary"] & assignments["theme_id"].isin(list(order))]
    theme_of = dict(zip(primary["statement_id"].tolist(), primary["theme_id"].tolist(), strict=True))
    counts = dict.fromkeys(sorted(set(turns["transcript_id"])), 0)
    places: dict[str, dict[str, list[int]]] = {name: {theme: [] for theme in order} for name in counts}
    for transcript, name in zip(said["transcript_id"].tolist(), said["statement_id"].tolist(), strict=True):
        if name in theme_of:
            places[transcript][theme_of[name]].append(counts[transcript])
        counts[transcript] += 1
    held = dict(zip(turns["transcript_id"], turns["roundtable_id"], strict=True))
    shared = Counter(held.values())

    def title(name: str) -> str:
        meeting = called.get(held[name], held[name])
        # A roundtable of several transcripts has a line for each, and they must be told apart.
        part = f", {name}" if shared[held[name]] > 1 else ""
        return f"Themes along the meeting: {meeting}{part}"

    return {
        name: _lines(title(name), order, {theme: marks for theme, marks in places[name].items() if marks}, count)
        for name, count in counts.items()
    }


def _emergent(themes: pd.DataFrame) -> Mapping[str, str]:
    """The names of the emergent themes by theme_id, the largest first, each with those that hang under it."""
    mine = themes[themes["origin"] == "emergent"]
    ordered = mine.sort_values(["n_statements", "theme_id"], ascending=[False, True], kind="stable")
    below: dict[str, list[tuple[str, str]]] = {}
    for theme, name, parent in zip(ordered["theme_id"], ordered["name"], ordered["parent_id"], strict=True):
        below.setdefault(parent if parent in set(ordered["theme_id"]) else "", []).append((theme, name))
    return dict(_under("", below, ""))


def _under(parent: str, below: Mapping[str, Sequence[tuple[str, str]]], indent: str) -> Iterator[tuple[str, str]]:
    for theme, name in below.get(parent, ()):
        yield theme, indent + name
        yield from _under(theme, below, indent + _INDENT)


def _grid(
    title: str,
    unit: str,
    named: Mapping[str, str],
    columns: Sequence[str],
    values: Sequence[Sequence[int]],
    codes: Sequence[str] = (),
) -> Picture:
    """A grid with a row a name, by theme_id, or by those of all that it counts; `codes` are the columns' themes."""
    lines = list(named.items())
    rows = [name for _, name in lines]
    most = max((value for line in values for value in line), default=0)
    # Turned by an eighth, a column's name needs as much room above as beside it.
    slope = round(max((min(len(name), _SHORT) for name in columns), default=0) * _LETTER * 0.71)
    head = slope + 2 * _PAD
    drawn = [
        _text(_LABELS + at * _CELL + _CELL // 2, head - 6, name, turned=True, theme=codes[at] if codes else "")
        for at, name in enumerate(columns)
    ]
    for number, ((theme, name), line) in enumerate(zip(lines, values, strict=True)):
        top = head + number * _CELL
        drawn.append(_text(_LABELS - 8, top + _CELL // 2 + 4, name, anchor="end", theme=theme))
        drawn.extend(_cell(_LABELS + at * _CELL, top, value, most) for at, value in enumerate(line))
    size = (_LABELS + len(columns) * _CELL + max(slope - _CELL // 2, 0) + _PAD, head + len(rows) * _CELL + _PAD)
    description = f"{len(rows)} by {len(columns)}, {unit}: from 0, empty, to {most}, the strongest shade."
    table = _table(title, unit, columns, [(name, list(line)) for name, line in zip(rows, values, strict=True)])
    return Picture(title, _svg(title, description, size, drawn), table)


def _cell(left: int, top: int, value: int, most: int) -> str:
    grey = _grey(value / most) if value else 255
    ink = "#fff" if grey <= _WHITE_TO else "#000"
    box = (
        f'<rect x="{left}" y="{top}" width="{_CELL}" height="{_CELL}" fill="rgb({grey},{grey},{grey})" stroke="#888"/>'
    )
    if value == 0:
        return box
    return box + (
        f'<text x="{left + _CELL // 2}" y="{top + _CELL // 2 + 4}" text-anchor="middle" fill="{ink}">{value}</text>'
    )


def _grey(share: float) -> int:
    left_out = _BLACK_FROM - _WHITE_TO - 1
    grey = round(_LIGHTEST - (_LIGHTEST - _DARKEST - left_out) * share)
    return grey if grey >= _BLACK_FROM else grey - left_out


def _lines(title: str, order: Mapping[str, str], places: Mapping[str, Sequence[int]], count: int) -> Picture:
    height = _CELL * 2 // 3
    drawn, rows = [], []
    for number, (theme, found) in enumerate(places.items()):
        middle = _PAD + number * height + height // 2
        drawn.append(_text(_LABELS - 8, middle + 4, order[theme], anchor="end", theme=theme))
        drawn.append(f'<path d="M{_LABELS} {middle}h{_LINE}" stroke="#bbb"/>')
        marks = "".join(f"M{_LABELS + at * _LINE / max(count, 1):.1f} {middle - 7}v14" for at in found)
        drawn.append(f'<path d="{marks}" stroke="#000" stroke-width="1.5"/>')
        rows.append((order[theme], [len(found), *_tenths(found, count)]))
    columns = ["all", *(f"{tenth * 10} to {tenth * 10 + 10} %" for tenth in range(10))]
    size = (_LABELS + _LINE + _PAD, _PAD * 2 + len(places) * height)
    description = f"Themes: {len(places)}. Statements, from the first to the last, a mark each: {count}."
    return Picture(title, _svg(title, description, size, drawn), _table(title, "statements", columns, rows))


def _tenths(places: Sequence[int], count: int) -> list[int]:
    return [sum(10 * at // max(count, 1) == tenth for at in places) for tenth in range(10)]


def _text(x: int, y: int, words: str, *, anchor: str = "start", turned: bool = False, theme: str = "") -> str:
    """Words in a picture; those that name a theme say which, so that a report knows whom a picture speaks of."""
    short = words if len(words) <= _SHORT else f"{words[: _SHORT - 1].rstrip()}…"
    turn = f' transform="rotate(-45 {x} {y})"' if turned else ""
    named = f' data-theme="{escape(theme)}"' if theme else ""
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}"{turn}{named}>{escape(short)}</text>'


def _svg(title: str, description: str, size: tuple[int, int], drawn: Sequence[str]) -> str:
    width, height = size
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" font-family="sans-serif" font-size="12"><title>{escape(title)}</title>'
        f"<desc>{escape(description)}</desc>{''.join(drawn)}</svg>"
    )


def _table(caption: str, unit: str, columns: Sequence[str], rows: Sequence[tuple[str, Sequence[int]]]) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in columns)
    body = "".join(
        f'<tr><th scope="row">{escape(name)}</th>{"".join(f"<td>{value}</td>" for value in line)}</tr>'
        for name, line in rows
    )
    return (
        f"<table><caption>{escape(caption)} ({escape(unit)})</caption><thead><tr><td></td>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table>"
    )
