"""An invented roundtable, written as lines, and the tables that the quotes stage would be given of it."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pipeline import tables as t
from pipeline.backends.plain import PlainLinguist
from pipeline.backends.protocols import Encoder, Memory
from pipeline.decisions import Decision, Span, text_hash
from pipeline.quotes import Quoted, find_quotes
from pipeline.segment import segment

DIMENSIONS = 48
CONSENTS = ("quote_with_role", "quote_without_attribution", "no_quotes", "withdrawn")


@dataclass(frozen=True)
class Talk:
    """What find_quotes takes."""

    statements: pd.DataFrame
    turns: pd.DataFrame
    tokens: pd.DataFrame
    vectors: t.VectorSet
    themes: pd.DataFrame
    assignments: pd.DataFrame
    participants: pd.DataFrame

    def quoted(
        self,
        *,
        decisions: Sequence[Decision] = (),
        per_theme: int = 12,
        per_roundtable: int = 120,
        encoder: Encoder | None = None,
        closer: Encoder | None = None,
        memory: Memory | None = None,
    ) -> Quoted:
        """The stage's answer."""
        return find_quotes(
            self.statements,
            self.turns,
            self.tokens,
            self.vectors,
            self.themes,
            self.assignments,
            self.participants,
            decisions=decisions,
            per_theme=per_theme,
            per_roundtable=per_roundtable,
            encoder=encoder,
            closer=closer,
            memory=memory,
        )

    def shuffled(self, seed: int) -> Talk:
        """The same tables with their rows in another order."""
        frames = {
            name: getattr(self, name) for name in ("statements", "turns", "tokens", "assignments", "participants")
        }
        return replace(self, **{name: frame.sample(frac=1, random_state=seed) for name, frame in frames.items()})


def talk(
    lines: str,
    *,
    consent: dict[str, str] | None = None,
    sectors: dict[str, str] | None = None,
    themes: dict[str, str] | None = None,
) -> Talk:
    """A talk from lines `P01: words` (`F01` facilitates; `rt2 P01: words` at another roundtable).

    `themes` says which codebook theme a statement carries, by a word that it holds; the first that fits.
    """
    turns = list(_turns(lines))
    frame = t.TURNS.frame(turns)
    tokens = t.TOKENS.frame(token for turn in turns for token in _tokens(turn))
    statements = segment(frame, tokens).statements
    return Talk(
        statements,
        frame,
        tokens,
        vectors(statements),
        t.THEMES.frame(_theme(name, statements, themes or {}) for name in sorted({*(themes or {}).values()})),
        t.ASSIGNMENTS.frame(_assignments(statements, themes or {})),
        t.PARTICIPANTS.frame(_people(turns, consent or {}, sectors or {})),
    )


def _turns(lines: str) -> Sequence[t.Turn]:
    turns: list[t.Turn] = []
    for line in filter(None, map(str.strip, lines.splitlines())):
        head, text = line.split(": ", 1)
        transcript, speaker = head.split() if " " in head else ("rt1", head)
        index = sum(turn.transcript_id == transcript for turn in turns)
        role = "facilitator" if speaker.startswith("F") else "participant"
        turn_id = f"{transcript}:t{index:04d}"
        turns.append(t.Turn(turn_id, transcript, transcript, index, speaker, role, "en", text, index * 30.0, None))
    return turns


def _tokens(turn: t.Turn) -> Sequence[t.Token]:
    (read,) = PlainLinguist().analyse([turn.text])
    columns = zip(
        read.starts, read.ends, read.pos, read.tag, read.lemma, read.dep, read.head, read.sent_start, strict=True
    )
    return [t.Token(turn.turn_id, *columns_of) for columns_of in columns]


def vectors(statements: pd.DataFrame, model: str = "hashed words", dimensions: int = DIMENSIONS) -> t.VectorSet:
    """Each statement's words, hashed to a unit row."""
    ordered = statements.sort_values("statement_id")
    rows = np.zeros((len(ordered), dimensions), dtype=np.float32)
    for row, text in zip(rows, ordered["text"], strict=True):
        for word in text.lower().split():
            row[zlib.crc32(word.strip(".,?!").encode()) % dimensions] += 1.0
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return t.VectorSet(tuple(ordered["statement_id"]), rows, rows, model, model)


def _theme(name: str, statements: pd.DataFrame, themes: dict[str, str]) -> t.Theme:
    n = sum(row.theme_id == name for row in _assignments(statements, themes))
    return t.Theme(name, name.capitalize(), "codebook", "", (), n, 1, 1, 1.0)


def _assignments(statements: pd.DataFrame, themes: dict[str, str]) -> list[t.Assignment]:
    found = []
    for row in t.STATEMENTS.rows(statements):
        name = next((theme for word, theme in themes.items() if word in row.text.lower()), None)
        if name is not None:
            found.append(t.Assignment(row.statement_id, name, "codebook", True, 0.8))
    return found


def _people(turns: Sequence[t.Turn], consent: dict[str, str], sectors: dict[str, str]) -> Sequence[t.Participant]:
    return [
        t.Participant(
            name,
            "facilitator" if name.startswith("F") else "participant",
            False,
            sectors.get(name, ""),
            consent.get(name, "quote_with_role"),
            tuple(sorted({turn.roundtable_id for turn in turns if turn.speaker == name})),
        )
        for name in sorted({turn.speaker for turn in turns} | consent.keys() | sectors.keys())
    ]


def decided(action: str, quote: t.Quote, number: int = 0) -> Decision:
    """Somebody's accept or reject of a candidate."""
    span = Span(turn_id=quote.turn_id, start=quote.start, end=quote.end, text=quote.text, sha256=text_hash(quote.text))
    return Decision(
        decision_id=f"d{number:04d}-{quote.quote_id}",
        at="2026-04-22T10:00:00Z",
        by="mair",
        kind="quote",
        action=action,
        subject=(span,),
    )


def listed(made: Quoted) -> list[t.Quote]:
    """The candidates, best first."""
    return list(t.QUOTES.rows(made.quotes.sort_values("overall_rank")))
