"""The rows of a run that the page shows, as plain data for JSON; nothing private is in it.

Offsets are code points throughout; the page turns them into its own when it cuts text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline import tables as t
from pipeline.decisions import (
    AnotherLook,
    Decision,
    Locator,
    Span,
    allowed_attributions,
    reanchor,
    spans_of,
    text_hash,
)
from pipeline.store import Table
from pipeline.synthesis.material import Picture
from pipeline.synthesis.reasons import reason_in
from pipeline.synthesis.retold import retold, told_in
from pipeline.synthesis.wording import LANGUAGES

_ANCHOR = 5  # statements that stand for a theme in a decision: enough to find it when a few have moved
# How much of two spans must be common (shared over together) for a decision on one to be shown with the other.
_SAME_CANDIDATE = 0.5
_PICTURES = "pictures"
_PERHAPS = 0.1  # confidence from which a code that a statement doesn't carry is offered to be confirmed


@dataclass
class Item:
    """Something to decide: a candidate of this run, or words that people decided on in an earlier one."""

    id: str
    theme: str
    themes: list[str]
    rank: int
    overall: int
    score: float
    turn: int  # row of the turns; -1 where its words are gone
    start: int
    end: int
    proposed: bool
    reasons: list[str] = field(default_factory=list)
    risk: str = "none"
    risk_reasons: list[str] = field(default_factory=list)
    dissent: bool = False
    ways: list[str] = field(default_factory=list)  # how it may be attributed, the finest first
    consent: str = ""
    question: list[int] = field(default_factory=list)  # turn row, start, end
    words: str = ""  # only where the words are gone: what they were


@dataclass(frozen=True)
class RunRows:
    """A run's public tables, as far as they are there, and what finds things in them."""

    run_folder: Path
    turns: pd.DataFrame
    statements: pd.DataFrame
    themes: pd.DataFrame
    assignments: pd.DataFrame
    quotes: pd.DataFrame
    participants: pd.DataFrame
    roundtables: pd.DataFrame
    locator: Locator

    @classmethod
    def read(cls, run_folder: Path) -> RunRows:
        """What stands in a run folder; a table that isn't made yet is empty."""
        turns = _read(t.TURNS, run_folder).sort_values(["transcript_id", "index"], ignore_index=True)
        # A run that was stopped, or is being made, may hold new turns beside old candidates: what no longer fits the
        # turns isn't shown.
        statements = _standing(_read(t.STATEMENTS, run_folder), turns)
        quotes = _standing(_read(t.QUOTES, run_folder), turns)
        assignments = _read(t.ASSIGNMENTS, run_folder)
        assignments = assignments[assignments["statement_id"].isin(statements["statement_id"])]
        return cls(
            run_folder=run_folder,
            turns=turns,
            statements=statements,
            themes=_read(t.THEMES, run_folder),
            assignments=assignments,
            quotes=quotes.sort_values("overall_rank", ignore_index=True),
            participants=_read(t.PARTICIPANTS, run_folder),
            roundtables=_read(t.ROUNDTABLES, run_folder),
            locator=Locator(statements, assignments),
        )

    @cached_property
    def turn_rows(self) -> Mapping[str, int]:
        """The row of each turn."""
        return {turn_id: row for row, turn_id in enumerate(self.turns["turn_id"].tolist())}

    @property
    def ranks(self) -> dict[tuple[str, int, int], int]:
        """The candidates' places, 1 the best, by turn, start and end."""
        columns = (self.quotes[name].tolist() for name in ("turn_id", "start", "end", "overall_rank"))
        return {(turn, start, end): rank for turn, start, end, rank in zip(*columns, strict=True)}

    @cached_property
    def statement_rows(self) -> Mapping[str, int]:
        """The row of each statement."""
        return {name: row for row, name in enumerate(self.statements["statement_id"].tolist())}

    @cached_property
    def texts(self) -> Mapping[str, str]:
        """The words of each turn."""
        return dict(zip(self.turns["turn_id"], self.turns["text"], strict=True))

    def theme_called(self, decision: Decision) -> str:
        """The name that the run gave the theme which a decision is about; empty where no theme is left of it."""
        names = dict(zip(self.themes["theme_id"], self.themes["name"], strict=True))
        origin = str(decision.value.get("origin", "emergent"))
        code = str(decision.value.get("code" if decision.kind == "coding" else "theme_code", ""))
        return str(names.get(code) or names.get(self.locator.theme_id(decision.subject, origin=origin), ""))

    @cached_property
    def welsh_codes(self) -> Mapping[str, str]:
        """The Welsh names of codes that have one, by their own."""
        return {theme.name: theme.name_cy for theme in t.THEMES.rows(self.themes) if theme.name_cy}

    @cached_property
    def items(self) -> Mapping[str, Item]:
        """The run's candidates by id."""
        return candidates(self)

    @property
    def advice(self) -> str:
        """What the page should say where there is nothing to decide yet: a key of its strings; empty if there is."""
        if not (self.run_folder / "manifest.json").is_file() and self.turns.empty:
            return "advice_no_run"
        if self.turns.empty:
            return "advice_held_back" if t.LEAKS.path(self.run_folder).is_file() else "advice_no_turns"
        if self.themes.empty and self.quotes.empty:
            return "advice_half_made"
        if not self.quotes.empty:
            return ""
        if not t.QUOTES.path(self.run_folder).is_file():
            return "advice_no_quotes"
        consents = self.participants.loc[self.participants["role"] == "participant", "consent"]
        return "advice_nobody" if set(consents) <= {*t.NOT_QUOTED} else "advice_none_found"


def page_data(rows: RunRows, decisions: Sequence[Decision]) -> dict[str, Any]:
    """Everything that the page shows of a run, but for what is private."""
    items = dict(rows.items)
    placed = place(rows, decisions, items)
    return {
        "version": 1,
        "run": {"name": rows.run_folder.name, "id": _run_id(rows)},
        "advice": rows.advice,
        "roundtables": [_plain(row) for row in t.ROUNDTABLES.rows(rows.roundtables)],
        "participants": [_plain(row) for row in t.PARTICIPANTS.rows(rows.participants)],
        "hearings": [_plain(row) for row in t.HEARINGS.rows(_read(t.HEARINGS, rows.run_folder))],
        "turns": _turn_columns(rows),
        "statements": _statement_columns(rows),
        "themes": _themes(rows),
        "assignments": _assignment_columns(rows),
        "carried_from": t.CARRIED_FROM,
        "items": [vars(item) for item in items.values()],
        "told": _told_in_welsh(rows),
        "decisions": placed,
        "notes": [_plain(row) for row in t.THEME_NOTES.rows(_read(t.THEME_NOTES, rows.run_folder))],
        "series": [_plain(row) for row in t.THEME_SERIES.rows(_read(t.THEME_SERIES, rows.run_folder))],
        "passages": [_plain(row) for row in t.PASSAGES.rows(_read(t.PASSAGES, rows.run_folder))],
        "pictures": pictures(rows.run_folder),
    }


def candidates(rows: RunRows) -> dict[str, Item]:
    """The run's candidates by id."""
    consent = dict(zip(rows.participants["pseudonym"], rows.participants["consent"], strict=True))
    sector = dict(zip(rows.participants["pseudonym"], rows.participants["sector"], strict=True))
    further: dict[str, list[str]] = {}
    for link in t.QUOTE_THEMES.rows(_read(t.QUOTE_THEMES, rows.run_folder)):
        further.setdefault(link.quote_id, []).append(link.theme_id)
    questions = {row.quote_id: row for row in t.QUOTE_CONTEXTS.rows(_read(t.QUOTE_CONTEXTS, rows.run_folder))}
    items: dict[str, Item] = {}
    for quote in t.QUOTES.rows(rows.quotes):
        asked = questions.get(quote.quote_id)
        question: list[int] = []
        if asked is not None and asked.question_turn_id in rows.turn_rows:
            question = [rows.turn_rows[asked.question_turn_id], asked.question_start, asked.question_end]
        given = consent.get(quote.speaker, "quote_without_attribution")
        item = Item(
            id=f"{quote.turn_id}:{quote.start}-{quote.end}",
            theme=quote.theme_id,
            themes=sorted({quote.theme_id, *further.get(quote.quote_id, ())}),
            rank=quote.rank,
            overall=quote.overall_rank,
            score=quote.score,
            turn=rows.turn_rows[quote.turn_id],
            start=quote.start,
            end=quote.end,
            proposed=True,
            reasons=list(quote.reasons),
            risk=quote.risk,
            risk_reasons=list(quote.risk_reasons),
            dissent=quote.dissent,
            ways=list(allowed_attributions(given, risk=quote.risk, sector=sector.get(quote.speaker, ""))),
            consent=given,
            question=question,
        )
        items[item.id] = item
    return items


def place(rows: RunRows, decisions: Iterable[Decision], items: dict[str, Item]) -> list[dict[str, Any]]:
    """Each public decision with what it is about in this run; adds items for words that this run doesn't propose.

    Decisions keep their log's form, and get: `item` (a quote's item), `moved` (filed under another place than the
    item's), `look` (why it needs another look), `present` (where its words stand now), `anchor`, `into` and
    `picked` (rows of statements).
    """
    public = [decision for decision in decisions if decision.kind != "redaction"]
    again = reanchor(public, rows.turns)
    standing = {decision.decision_id: decision for decision in again.anchored}
    looks = {look.decision.decision_id: look for look in again.needs_another_look}
    index = _ItemIndex(items, rows)
    placed = []
    for decision in public:
        look = looks.get(decision.decision_id)
        now = standing.get(decision.decision_id, decision)
        row: dict[str, Any] = decision.model_dump(mode="json")
        row["look"] = look.reason if look else ""
        present = look.present if look else now.subject
        row["present"] = [span.model_dump(mode="json") for span in present]
        if decision.kind == "quote" and decision.subject:
            row["item"], row["moved"] = index.item(now, look)
        for name, spans in _pointed_at(now).items():
            row[name] = [rows.statement_rows[found] for found in rows.locator.statement_ids(spans)]
        placed.append(row)
    return placed


def _pointed_at(decision: Decision) -> dict[str, tuple[Span, ...]]:
    if decision.kind not in ("theme", "coding", "evidence"):
        return {}
    value = decision.value
    return {
        "anchor": decision.subject,
        "into": spans_of(value.get("into") or value.get("theme_anchor")),
        "picked": spans_of(value.get("spans")),
    }


def _told_in_welsh(rows: RunRows) -> dict[str, str]:
    """What the stages say of candidates, of who isn't heard, of codes and under the pictures, for a page in Welsh."""
    columns = [rows.quotes[name].explode() for name in ("reasons", "risk_reasons")]
    said = {str(reason) for column in columns for reason in column.dropna()}
    said |= set(_read(t.HEARINGS, rows.run_folder)["reason"])
    drawn = {row[name] for row in pictures(rows.run_folder) for name in ("title", "description")}
    reasons = {reason: reason_in("cy", reason) for reason in sorted(said)}
    return {**reasons, **rows.welsh_codes, **{text: told_in("cy", text) for text in sorted(drawn)}}


class _ItemIndex:
    """Finds the item that a quote decision is about, or makes one."""

    def __init__(self, items: dict[str, Item], rows: RunRows) -> None:
        self._items = items
        self._rows = rows
        self._by_turn: dict[int, list[Item]] = {}
        for item in items.values():
            self._by_turn.setdefault(item.turn, []).append(item)

    def item(self, decision: Decision, look: AnotherLook | None) -> tuple[str, bool]:
        """The item's id, and whether the decision is filed under another place."""
        if look is not None and not look.present:
            return self._gone(decision), True
        spans = spans_of(decision.value.get("candidate")) or (look.present if look else decision.subject)
        if look is not None:
            spans = look.present
        whole = _whole(spans)
        exact = f"{whole[0]}:{whole[1]}-{whole[2]}"
        if exact in self._items:
            return exact, look is not None
        row = self._rows.turn_rows.get(whole[0])
        if row is None:
            return self._gone(decision), True
        near = max(self._by_turn.get(row, ()), key=lambda item: _common(item, whole), default=None)
        if near is not None and _common(near, whole) >= _SAME_CANDIDATE:
            return near.id, True
        return self._add(decision, row, whole).id, look is not None

    def _add(self, decision: Decision, row: int, whole: tuple[str, int, int]) -> Item:
        speaker = str(self._rows.turns["speaker"].iloc[row])
        people = self._rows.participants
        known = people[people["pseudonym"] == speaker]
        consent = str(known["consent"].iloc[0]) if len(known) else "quote_without_attribution"
        sector = str(known["sector"].iloc[0]) if len(known) else ""
        anchor = spans_of(decision.value.get("theme_anchor")) or decision.subject
        theme = self._rows.locator.theme_id(anchor, origin="emergent") or self._rows.locator.theme_id(anchor)
        ways = list(allowed_attributions(consent, risk="none", sector=sector))
        item = Item(
            id=f"{whole[0]}:{whole[1]}-{whole[2]}",
            theme=theme,
            themes=[theme] if theme else [],
            rank=0,
            overall=len(self._items) + 1,
            score=0.0,
            turn=row,
            start=whole[1],
            end=whole[2],
            proposed=False,
            ways=ways,
            consent=consent,
        )
        self._items[item.id] = item
        self._by_turn.setdefault(row, []).append(item)
        return item

    def _gone(self, decision: Decision) -> str:
        words = " … ".join(span.text for span in decision.subject)
        name = f"gone:{text_hash(words)[:12]}"
        overall = len(self._items) + 1
        self._items.setdefault(
            name, Item(name, "", [], 0, overall, 0.0, -1, 0, 0, proposed=False, words=words, consent="")
        )
        return name


def _whole(spans: Sequence[Span]) -> tuple[str, int, int]:
    """From the first span's start to the last one's end; spans of one quote are of one turn."""
    return spans[0].turn_id, min(span.start for span in spans), max(span.end for span in spans)


def _common(item: Item, whole: tuple[str, int, int]) -> float:
    shared = min(item.end, whole[2]) - max(item.start, whole[1])
    together = max(item.end, whole[2]) - min(item.start, whole[1])
    return max(0, shared) / together if together else 0.0


def pictures(run_folder: Path) -> list[dict[str, str]]:
    """The pictures of the themes stage: their file's name, and what they call themselves."""
    found = []
    for path in sorted((run_folder / "tables" / _PICTURES).glob("*.svg")):
        svg = path.read_text(encoding="utf-8")
        title = re.search(r"<title[^>]*>([^<]*)</title>", svg)
        told = re.search(r"<desc[^>]*>([^<]*)</desc>", svg)
        found.append(
            {
                "name": path.name,
                "title": _unescaped(title.group(1)) if title else path.stem.replace("_", " "),
                "description": _unescaped(told.group(1)) if told else "",
            }
        )
    return found


def picture(rows: RunRows, name: str, language: str = "en") -> bytes | None:
    """One of those pictures, its own words in this language.

    None for a name that isn't among them, so that no path can be asked for.
    """
    if language not in LANGUAGES or name not in {row["name"] for row in pictures(rows.run_folder)}:
        return None
    svg = (rows.run_folder / "tables" / _PICTURES / name).read_text(encoding="utf-8")
    return retold(Picture("", svg, ""), (language,), rows.welsh_codes).svg.encode("utf-8")


def _unescaped(text: str) -> str:
    import html

    return html.unescape(text).strip()


def _read(table: Table[Any], run_folder: Path) -> pd.DataFrame:
    return table.read(run_folder) if table.path(run_folder).is_file() else table.empty()


def _standing(spans: pd.DataFrame, turns: pd.DataFrame) -> pd.DataFrame:
    """The rows whose words stand in these turns, to the letter."""
    texts = dict(zip(turns["turn_id"], turns["text"], strict=True))
    columns = zip(*(spans[name].tolist() for name in ("turn_id", "start", "end", "text")), strict=True)
    stands = [texts.get(turn_id, "")[start:end] == text for turn_id, start, end, text in columns]
    return spans.loc[pd.Series(stands, dtype=bool)].reset_index(drop=True)


def _run_id(rows: RunRows) -> str:
    """The same for the same words, so that a pack finds what it saved in the browser."""
    return text_hash("\n".join([rows.run_folder.name, *rows.turns["turn_id"], *rows.turns["text"]]))[:16]


def _plain(row: Any) -> dict[str, Any]:
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in ((name, getattr(row, name)) for name in type(row).__dataclass_fields__)
    }


def _turn_columns(rows: RunRows) -> dict[str, list[Any]]:
    names = ("turn_id", "transcript_id", "roundtable_id", "speaker", "role", "language", "text")
    columns: dict[str, list[Any]] = {name: rows.turns[name].tolist() for name in names}
    columns["start_s"] = [None if pd.isna(value) else round(float(value), 1) for value in rows.turns["start_s"]]
    return columns


def _statement_columns(rows: RunRows) -> dict[str, list[Any]]:
    return {
        "statement_id": rows.statements["statement_id"].tolist(),
        "turn": [rows.turn_rows[turn_id] for turn_id in rows.statements["turn_id"]],
        "start": rows.statements["start"].tolist(),
        "end": rows.statements["end"].tolist(),
        "kind": rows.statements["kind"].tolist(),
    }


def _assignment_columns(rows: RunRows) -> dict[str, list[Any]]:
    # Codes below CARRIED_FROM are there for rankings; the likelier of them are worth a person's look.
    known = rows.assignments[(rows.assignments["origin"] != "codebook") | (rows.assignments["confidence"] >= _PERHAPS)]
    return {
        "statement": [rows.statement_rows[name] for name in known["statement_id"]],
        "theme": known["theme_id"].tolist(),
        "primary": [bool(value) for value in known["primary"]],
        "confidence": [round(float(value), 3) for value in known["confidence"]],
    }


def _themes(rows: RunRows) -> list[dict[str, Any]]:
    """The themes, the most spoken of first, each with the statements that stand for it in a decision."""
    central = t.carried(rows.assignments).sort_values(["confidence", "statement_id"], ascending=[False, True])
    # What participants say of a theme stands for it before what the chair says, and where nothing has it as its
    # primary theme, its further statements do.
    roles = dict(zip(rows.turns["turn_id"], rows.turns["role"], strict=True))
    said_by = {
        name: roles[turn]
        for name, turn in zip(rows.statements["statement_id"], rows.statements["turn_id"], strict=True)
    }
    central = central.assign(by_participant=central["statement_id"].map(said_by) == "participant")
    central = central.sort_values(["primary", "by_participant"], ascending=False, kind="stable")
    notes = t.THEME_NOTES.rows(_read(t.THEME_NOTES, rows.run_folder))
    anchors: dict[str, list[int]] = {
        note.theme_id: [rows.statement_rows[name] for name in note.central if name in rows.statement_rows][:_ANCHOR]
        for note in notes
    }
    for theme_id, statement_id in zip(central["theme_id"], central["statement_id"], strict=True):
        chosen = anchors.setdefault(theme_id, [])
        row = rows.statement_rows[statement_id]
        if len(chosen) < _ANCHOR and row not in chosen:
            chosen.append(row)
    ordered = sorted(t.THEMES.rows(rows.themes), key=lambda theme: (-theme.n_statements, theme.theme_id))
    return [{**_plain(theme), "anchor": anchors.get(theme.theme_id, [])} for theme in ordered]
