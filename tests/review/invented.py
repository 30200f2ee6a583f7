"""An invented run folder: three roundtables about public services, with as many candidates as a test wants."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipeline import tables as t
from pipeline.store import Table

_CLAIMS = (
    ("Trust and lived experience", "People trust us when somebody who has lived it is in the room"),
    ("Trust and lived experience", "We lost the trust of that estate in one winter and took nine to win it back"),
    ("Risk and permission", "Nobody was ever promoted for stopping a programme that did not work"),
    ("Risk and permission", "My board asks what could go wrong before it asks what could go right"),
    ("Short cycles", "A grant of eleven months buys you eight months of work and three of paperwork"),
    ("Short cycles", "Every spring we make good people redundant and every summer we hire them back"),
    ("Policy and delivery", "It reads well on paper, but nobody had asked the ward sister whether it could be done"),
    ("Policy and delivery", "The people who write the policy never meet the people who answer the phone"),
    ("Data that travels", "My mother told her story to seven services, and each of them typed it in again"),
    ("Data that travels", "We can see the bed is empty, they can see the patient is ready, and no screen shows both"),
    ("Leadership across borders", "I can lead my own house, but the problem lives in the street between the houses"),
    ("Leadership across borders", "The bravest thing a leader did here was to give away a budget"),
)  # fmt: skip
_DETAILS = (
    "and that was before the second lockdown",
    "so in the end we met in a chapel, with tea, and it worked",
    "which is what I would say to any minister who asked",
    "and I say that as somebody who sat on both sides of the table",
    "though the younger staff see it differently",
    "and nobody has yet shown me the evidence for the other view",
    "because the forms were designed for somebody else",
    "and the families noticed long before we did",
    "so we stopped asking for permission and asked for forgiveness",
)
_SECTORS = ("health", "local government", "housing", "education", "third sector", "police", "", "fire and rescue")
PEOPLE = tuple(f"P{number:02d}" for number in range(1, 9))
_QUESTION = "What gets in the way of working together, and what has helped?"


def write_run(
    folder: Path, *, roundtables: int = 3, turns_each: int = 20, seed_words: Sequence[str] = (), private: bool = True
) -> Path:
    """Make a run folder with two statements a turn, each of them a candidate; the same every time.

    `seed_words` are put, one each, in front of the first turns: what a test wants to see on the page.
    """
    turns, statements, assignments, quotes = _talk(roundtables, turns_each, seed_words)
    themes = _themes(statements, assignments, turns)
    participants = [t.Participant("F01", "facilitator", False, "", "quote_without_attribution", _rounds(roundtables))]
    for number, name in enumerate(PEOPLE):
        consent = ("quote_with_role", "quote_with_role", "quote_without_attribution", "no_quotes")[
            min(number % 5, 3) if number > 3 else 0
        ]
        participants.append(t.Participant(name, "participant", False, _SECTORS[number], consent, _rounds(roundtables)))
    meetings = [
        t.Roundtable(f"rt{n}", n, f"Roundtable {n}", f"2026-0{n}-15" if n < 10 else "", "en", (_QUESTION,))
        for n in range(1, roundtables + 1)
    ]
    tables: tuple[tuple[Table[Any], Sequence[Any]], ...] = (
        (t.ROUNDTABLES, meetings), (t.PARTICIPANTS, participants), (t.TURNS, turns), (t.STATEMENTS, statements),
        (t.THEMES, themes), (t.ASSIGNMENTS, assignments), (t.QUOTES, quotes),
    )  # fmt: skip
    for table, rows in tables:
        table.write(table.frame(rows), folder)
    if private:
        _write_private(folder, turns)
    (folder / "manifest.json").write_text(json.dumps({"stages": {}}), encoding="utf-8")
    return folder


def _rounds(count: int) -> tuple[str, ...]:
    return tuple(sorted(f"rt{n}" for n in range(1, count + 1)))


def _talk(
    roundtables: int, turns_each: int, seed_words: Sequence[str]
) -> tuple[list[t.Turn], list[t.Statement], list[t.Assignment], list[t.Quote]]:
    turns: list[t.Turn] = []
    statements: list[t.Statement] = []
    assignments: list[t.Assignment] = []
    quotes: list[t.Quote] = []
    names = sorted({theme for theme, _ in _CLAIMS})
    ranks = dict.fromkeys(names, 0)
    seeds = list(seed_words)
    said = 0
    for meeting in range(1, roundtables + 1):
        code = f"rt{meeting}"
        turns.append(t.Turn(f"{code}:t0000", code, code, 0, "F01", "facilitator", "en", _QUESTION, 0.0, 5.0))
        for number in range(1, turns_each + 1):
            turn_id = f"{code}:t{number:04d}"
            speaker = PEOPLE[(said // 2 + meeting) % len(PEOPLE)]
            sentences = []
            for _ in range(2):
                theme, claim = _CLAIMS[said % len(_CLAIMS)]
                detail = _DETAILS[(said // len(_CLAIMS)) % len(_DETAILS)]
                opening = f"{seeds.pop(0)} " if seeds else ""
                nth = said // (len(_CLAIMS) * len(_DETAILS))
                again = f", as I wrote in {2025 - nth}" if nth else ""
                sentences.append((theme, f"{opening}{claim}, {detail}{again}."))
                said += 1
            text = " ".join(sentence for _, sentence in sentences)
            turns.append(
                t.Turn(
                    turn_id, code, code, number, speaker, "participant", "en", text, 40.0 * number, 40.0 * number + 38
                )
            )
            start = 0
            for place, (theme, sentence) in enumerate(sentences):
                statement_id = f"{turn_id}:s{place:02d}"
                end = start + len(sentence)
                statements.append(t.Statement(statement_id, turn_id, code, start, end, sentence, "substantive", "en"))
                theme_id = f"e{names.index(theme) + 1:02d}"
                assignments.append(t.Assignment(statement_id, theme_id, "emergent", True, 0.5 + (said % 40) / 100))
                if "trust" in sentence.casefold():
                    assignments.append(t.Assignment(statement_id, "trust", "codebook", True, 0.8))
                ranks[theme] += 1
                risk = ("none", "none", "low", "none", "high", "none", "none")[len(quotes) % 7]
                quotes.append(
                    t.Quote(
                        f"q{len(quotes):05d}", theme_id, ranks[theme], len(quotes) + 1, 3.0 - len(quotes) / 1000,
                        (statement_id,), turn_id, start, end, sentence, speaker,
                        ("stands alone", "tells an experience" if place else "makes a claim"), risk,
                        () if risk == "none" else ("names a place: check",), len(quotes) % 9 == 8,
                    )
                )  # fmt: skip
                start = end + 1
    return turns, statements, assignments, quotes


def _themes(
    statements: Sequence[t.Statement], assignments: Sequence[t.Assignment], turns: Sequence[t.Turn]
) -> list[t.Theme]:
    names = sorted({theme for theme, _ in _CLAIMS})
    speakers = {turn.turn_id: turn.speaker for turn in turns}
    turn_of = {statement.statement_id: statement.turn_id for statement in statements}
    themes = []
    for theme_id in sorted({assignment.theme_id for assignment in assignments}):
        held = [assignment for assignment in assignments if assignment.theme_id == theme_id]
        spoke = {speakers[turn_of[assignment.statement_id]] for assignment in held}
        met = {turn_of[assignment.statement_id].split(":")[0] for assignment in held}
        emergent = theme_id != "trust"
        name = names[int(theme_id[1:]) - 1] if emergent else "Trust"
        themes.append(
            t.Theme(
                theme_id, name, "emergent" if emergent else "codebook", "", ("services", "people", "time"), len(held),
                len(spoke), len(met), 0.81 if emergent else 1.0,
            )
        )  # fmt: skip
    return themes


def _write_private(folder: Path, turns: Sequence[t.Turn]) -> None:
    """Source turns in which two names stand, one of them found without doubt and one that is also a word."""
    source, redactions = [], []
    for turn in turns:
        text = turn.text
        if turn.index == 1:
            text = f"Thank you, Siân Prydderch. {turn.text}"
            redactions.append(
                t.Redaction(
                    turn.turn_id, 11, 25, "Siân Prydderch", "[P01]", "PERSON", "person-0001", "roster", 1.0, "replaced"
                )
            )  # fmt: skip
        if turn.index in (2, 4):
            text = f"As Dawn told us, it is hard. {turn.text}"
            redactions.append(
                t.Redaction(
                    turn.turn_id, 3, 7, "Dawn", "[person A]", "PERSON", "person-0009", "model", 0.48, "doubtful"
                )
            )  # fmt: skip
        source.append(
            t.SourceTurn(turn.turn_id, turn.transcript_id, turn.index, "Speaker", text, turn.start_s, turn.end_s, "")
        )  # fmt: skip
    people = [
        t.Person(
            "person-0001", "P01", "Siân Prydderch", ("Sian",), "participant", "Cwm Derw Council", "local government",
            "quote_with_role",
        ),
        t.Person("person-0002", "P02", "Ffion Maredudd", (), "participant", "", "housing", "quote_with_role"),
        t.Person("person-0009", "person A", "Dawn", (), "third_party", "", "", "no_quotes"),
    ]  # fmt: skip
    t.SOURCE_TURNS.write(t.SOURCE_TURNS.frame(source), folder)
    t.REDACTIONS.write(t.REDACTIONS.frame(redactions), folder)
    t.PEOPLE.write(t.PEOPLE.frame(people), folder)
