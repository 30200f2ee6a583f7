"""Two invented roundtables, with their themes, candidates and decisions: small enough to read, enough to publish."""
# ruff: noqa: E501

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from pipeline.decisions import Decision, Span
from pipeline.synthesis.material import ReportMaterial
from pipeline.tables import (
    ASSIGNMENTS,
    OMISSIONS,
    PARTICIPANTS,
    QUOTES,
    ROUNDTABLES,
    STATEMENTS,
    THEMES,
    TURNS,
    Assignment,
    Omission,
    Participant,
    Quote,
    Roundtable,
    Statement,
    Theme,
    Turn,
)

# turn_id, speaker, theme (empty: none), what was said; two statements a turn are parted by " | "
TALK = """
rt1:t0000  F01  -        Welcome, everybody. | What does trust look like from where you sit?
rt1:t0001  P01  trust    Trust is built at the front desk, not in a strategy. | If the first call goes unanswered, no strategy repairs it.
rt1:t0002  P02  trust    People remember how you treated them when it went wrong.
rt1:t0003  P03  cycles   We get eleven months of money and spend three of them hiring.
rt1:t0004  P04  trust    I don’t think honesty costs us anything. | It’s the silence that costs us.
rt1:t0005  P05  cycles   By the time a pilot works, it’s over.
rt1:t0006  P06  risk     Nobody was ever sacked for doing nothing.
rt1:t0007  P02  cycles   Mae’r arian yn dod i ben cyn i’r gwaith ddechrau.
rt1:t0008  P07  trust    We told the families the truth, all of it, at [organisation: health board], and they stayed with us.
rt1:t0009  P08  trust    Honestly, None. | 100 % of it comes down to whether somebody rings back.
rt2:t0000  F01  -        Where has the money moved since last time?
rt2:t0001  P01  cycles   The cycle is the problem: twelve months is no time at all.
rt2:t0002  P03  cycles   Three-year money let us keep the same faces, and the same faces are the service.
rt2:t0003  P05  cycles   I’d rather have half the money for twice as long.
rt2:t0004  P06  cycles   Short money makes short promises.
rt2:t0005  P09  trust    Trust leaves on horseback and comes back on foot.
rt2:t0006  P04  cycles   Actually, annual budgets keep us honest; I would not give them up.
rt2:t0007  P07  trust    She said [P02] would ring back, and [P02] rang back. That’s all trust is.
"""

PEOPLE = """
F01  facilitator  -                 quote_with_role
P01  participant  local government  quote_with_role
P02  participant  health            quote_with_role
P03  participant  local government  quote_with_role
P04  participant  third sector      quote_without_attribution
P05  participant  local government  quote_with_role
P06  participant  police            quote_with_role
P07  participant  health            quote_with_role
P08  participant  health            no_quotes
P09  participant  third sector      quote_with_role
"""

NAMES = {"trust": "Trust is built in person", "cycles": "Short-term money", "risk": "Leadership and risk"}


def turns() -> list[Turn]:
    """The turns of both roundtables."""
    found = []
    for line in TALK.strip().splitlines():
        turn_id, speaker, _, text = line.split(None, 3)
        transcript, index = turn_id.split(":t")
        language = "cy" if text.startswith("Mae’r") else "en"
        role = "facilitator" if speaker == "F01" else "participant"
        said = text.replace(" | ", " ")
        found.append(Turn(turn_id, transcript, transcript, int(index), speaker, role, language, said, None, None))
    return found


def statements() -> list[tuple[Statement, str]]:
    """The statements, each with its theme."""
    found = []
    for line, turn in zip(TALK.strip().splitlines(), turns(), strict=True):
        _, _, theme, text = line.split(None, 3)
        start = 0
        for number, sentence in enumerate(text.split(" | ")):
            name = f"{turn.turn_id}:s{number:02d}"
            kind = "question" if sentence.endswith("?") else "substantive"
            end = start + len(sentence)
            statement = Statement(name, turn.turn_id, turn.transcript_id, start, end, sentence, kind, turn.language)
            found.append((statement, theme))
            start = end + 1
    return found


def quotes() -> list[Quote]:
    """One candidate a themed statement."""
    speakers = {turn.turn_id: turn.speaker for turn in turns()}
    found: list[Quote] = []
    ranks: dict[str, int] = {}
    for statement, theme in statements():
        if theme == "-":
            continue
        ranks[theme] = ranks.get(theme, 0) + 1
        found.append(
            Quote(
                quote_id=f"{statement.turn_id}:{statement.start}-{statement.end}",
                theme_id=theme,
                rank=ranks[theme],
                overall_rank=len(found) + 1,
                score=1 / (len(found) + 1),
                statement_ids=(statement.statement_id,),
                turn_id=statement.turn_id,
                start=statement.start,
                end=statement.end,
                text=statement.text,
                speaker=speakers[statement.turn_id],
                reasons=("stands alone", "makes a claim"),
                risk="none",
                risk_reasons=(),
                dissent="would not give them up" in statement.text,
            )
        )
    return found


def span(turn_id: str, words: str) -> Span:
    """The place of these words in a turn."""
    text = next(turn.text for turn in turns() if turn.turn_id == turn_id)
    start = text.index(words)
    return Span.cut(turn_id, text, start, start + len(words))


def decide(number: int, kind: str, action: str, *subject: Span, reason: str = "", **value: Any) -> Decision:
    """A decision of an invented reviewer."""
    return Decision(
        decision_id=f"d{number:03d}",
        at=f"2026-04-29T10:{number:02d}:00Z",
        by="reviewer-1",
        kind=kind,  # type: ignore[arg-type]
        action=action,
        subject=subject,
        value=value,
        reason=reason,
    )


ACCEPTED = (
    ("rt1:t0001", "Trust is built at the front desk, not in a strategy."),
    ("rt1:t0004", "It’s the silence that costs us."),
    ("rt1:t0007", "Mae’r arian yn dod i ben cyn i’r gwaith ddechrau."),
    ("rt2:t0003", "I’d rather have half the money for twice as long."),
    ("rt2:t0005", "Trust leaves on horseback and comes back on foot."),
    ("rt2:t0006", "Actually, annual budgets keep us honest; I would not give them up."),
)


def decisions() -> tuple[Decision, ...]:
    """Six quotes accepted, one refused, a theme described."""
    accepted = [
        decide(number, "quote", "accept", span(turn, words)) for number, (turn, words) in enumerate(ACCEPTED, start=1)
    ]
    return (
        *accepted,
        decide(20, "quote", "reject", span("rt2:t0004", "Short money makes short promises."), reason="a slogan"),
        decide(
            21,
            "theme",
            "describe",
            span("rt2:t0003", "I’d rather have half the money for twice as long."),
            text="Money comes by the year.",
        ),
    )


@cache
def decided() -> ReportMaterial:
    """The material with the decisions, made once for many tests."""
    return material(decisions())


def material(chosen: Sequence[Decision] = (), **fields: Any) -> ReportMaterial:
    """The material of a report on the two invented roundtables."""
    coded = [(statement, theme) for statement, theme in statements() if theme != "-"]
    speakers = {turn.turn_id: turn.speaker for turn in turns()}
    places = {turn.turn_id: turn.roundtable_id for turn in turns()}

    def theme(theme_id: str) -> Theme:
        mine = [statement for statement, found in coded if found == theme_id]
        people = {speakers[statement.turn_id] for statement in mine}
        tables = {places[statement.turn_id] for statement in mine}
        return Theme(
            theme_id, NAMES[theme_id], "codebook", "", ("words", "people"), len(mine), len(people), len(tables), 0.9
        )

    people = []
    for line in PEOPLE.strip().splitlines():
        name, role, *sector, consent = line.split()
        sat = tuple(sorted({turn.roundtable_id for turn in turns() if turn.speaker == name}))
        people.append(Participant(name, role, False, " ".join(sector).strip("-"), consent, sat))
    whole = {
        "series": "Trust in public services",
        "roundtables": ROUNDTABLES.frame(
            [
                Roundtable("rt1", 1, "Trust", "2026-02-11", "en", ("What builds trust?",)),
                Roundtable("rt2", 2, "Money", "2026-04-22", "en", ()),
            ]
        ),
        "participants": PARTICIPANTS.frame(people),
        "turns": TURNS.frame(turns()),
        "statements": STATEMENTS.frame(statement for statement, _ in statements()),
        "themes": THEMES.frame(theme(name) for name in NAMES),
        "assignments": ASSIGNMENTS.frame(
            Assignment(statement.statement_id, found, "codebook", True, 0.8) for statement, found in coded
        ),
        "quotes": QUOTES.frame(quotes()),
        "omissions": OMISSIONS.frame([Omission("ingest", "rt1", "line 40", "a note of the recording", 31)]),
        "decisions": tuple(chosen),
        "manifest": {"pipeline": "0.1.0", "stages": {"themes": {"settings": {"seed": 7}, "models": {}}}},
    }
    return ReportMaterial(**{**whole, **fields})  # type: ignore[arg-type]
