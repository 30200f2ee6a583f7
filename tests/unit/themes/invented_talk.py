"""An invented roundtable on four subjects, one of which comes back an hour later, for the tests of themes."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pandas as pd

from pipeline.segment import kind_of
from pipeline.tables import ROUNDTABLES, STATEMENTS, TURNS, Roundtable, Statement, Turn

SUBJECTS = {
    "trust": "trust neighbours promises honesty openness reputation listening confidence belief faith",
    "money": "budgets grants pounds funding treasury invoices spending savings accounts costs",
    "health": "nurses hospital wards patients surgeries clinics doctors medicine ambulances beds",
    "transport": "buses trains timetables stations roads cycling traffic railways tickets drivers",
}
QUESTIONS = {
    "trust": "Let's move on to trust: what builds the confidence and honesty of neighbours?",
    "money": "Let's move on to budgets: where do the grants and the funding go?",
    "health": "Let's move on to the hospital: how do patients and nurses find the wards?",
    "transport": "Let's move on to buses: do the trains and the timetables serve the stations?",
}
Said = tuple[str, str, str]  # speaker, role, text


def stretch(subject: str, speakers: Sequence[str], turns: int, chance: random.Random) -> list[Said]:
    """A facilitator's question and so many turns of two statements on a subject."""
    words = SUBJECTS[subject].split()
    said: list[Said] = [("F01", "facilitator", QUESTIONS[subject])]
    for number in range(turns):
        picked = [" ".join(chance.sample(words, 4)) for _ in range(2)]
        said.append((speakers[number % len(speakers)], "participant", f"We saw {picked[0]}. They had {picked[1]}."))
    return said


def talk(
    subjects: Sequence[str], *, speakers: Sequence[str] = ("P01", "P02", "P03", "P04"), seed: int = 1
) -> list[Said]:
    """A conversation on these subjects, one after the other."""
    chance = random.Random(seed)
    return [one for subject in subjects for one in stretch(subject, speakers, 8, chance)]


def tables(talks: dict[str, list[Said]]) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The statements, turns and roundtables of transcripts by their code; a full stop ends a statement."""
    turns: list[Turn] = []
    statements: list[Statement] = []
    for code, said in talks.items():
        for index, (speaker, role, text) in enumerate(said):
            turn_id = f"{code}:t{index:04d}"
            turns.append(Turn(turn_id, code, code, index, speaker, role, "en", text, None, None))
            start = 0
            for number, sentence in enumerate(text.replace(". ", ".|").split("|")):
                at = text.index(sentence, start)
                start = at + len(sentence)
                statement_id = f"{turn_id}:s{number:02d}"
                statements.append(Statement(statement_id, turn_id, code, at, start, sentence, kind_of(sentence), "en"))
    order = [Roundtable(code, number + 1, "", "", "en", ()) for number, code in enumerate(talks)]
    return STATEMENTS.frame(statements), TURNS.frame(turns), ROUNDTABLES.frame(order)
