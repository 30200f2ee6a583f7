"""Two invented series of roundtables in which it is known what is spoken of where, and what comes back.

Written before the way themes are joined over roundtables was, so that it could be measured; they have no agenda, and
the same subject comes in another order and in other words.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipeline.segment import segment
from pipeline.tables import ROUNDTABLES, TOKENS, TURNS, Roundtable, Turn

SERIES = Path(__file__).parent / "data" / "themes"
_NONE = "-"
_HALF = 0.5


@dataclass(frozen=True)
class PlantedSeries:
    """A series, and what its statements are about."""

    name: str
    statements: pd.DataFrame
    turns: pd.DataFrame
    roundtables: pd.DataFrame
    subjects: Mapping[str, str]  # by statement_id, participants' only
    words: Mapping[str, frozenset[str]]  # by subject: a good name of it has one of them

    def returning(self) -> list[str]:
        """The subjects of more than one roundtable."""
        places: dict[str, set[str]] = defaultdict(set)
        for name, subject in self.subjects.items():
            places[subject].add(name.split(":")[0])
        return sorted(subject for subject, found in places.items() if len(found) > 1)


def read_series(path: Path) -> PlantedSeries:
    """A series as its file has it: see the comments at the head of `data/themes/farms.txt`."""
    turns: list[Turn] = []
    subject_of: dict[str, str] = {}
    words: dict[str, frozenset[str]] = {}
    code = subject = _NONE
    for line in path.read_text(encoding="utf-8").splitlines():
        mark, _, rest = line.partition(" ")
        if mark == "==":
            code = rest
        elif mark == "--":
            subject = rest
        elif mark == "~":
            name, _, listed = rest.partition(": ")
            words[name] = frozenset(listed.split())
        elif line and mark != "#":
            speaker, _, text = line.partition(": ")
            index = sum(turn.transcript_id == code for turn in turns)
            role = "facilitator" if speaker.startswith("F") else "participant"
            turns.append(Turn(f"{code}:t{index:04d}", code, code, index, speaker, role, "en", text, None, None))
            if role == "participant" and subject != _NONE:
                subject_of[turns[-1].turn_id] = subject
    statements = segment(TURNS.frame(turns), TOKENS.empty()).statements
    codes = sorted({turn.transcript_id for turn in turns})
    return PlantedSeries(
        name=path.stem,
        statements=statements,
        turns=TURNS.frame(turns),
        roundtables=ROUNDTABLES.frame(Roundtable(code, at + 1, "", "", "en", ()) for at, code in enumerate(codes)),
        subjects={
            name: subject_of[turn]
            for name, turn in zip(statements["statement_id"], statements["turn_id"], strict=True)
            if turn in subject_of
        },
        words=words,
    )


def theme_of(series: PlantedSeries, themes: Mapping[str, str], subject: str) -> str:
    """The theme that a returning subject became at every roundtable where it was spoken of; empty where there is none.

    That is, one that holds at least half of the subject's statements at each of its roundtables, and of whose
    statements on planted subjects at least half are on this one. `themes` is by statement_id.
    """
    places: dict[str, list[str]] = defaultdict(list)
    for name, spoken in series.subjects.items():
        if spoken == subject and name in themes:
            places[name.split(":")[0]].append(themes[name])
    first = Counter(theme for found in places.values() for theme in found).most_common(1)
    if not first:
        return ""
    theme = first[0][0]
    spoken_of = [spoken for name, spoken in series.subjects.items() if themes.get(name) == theme]
    held = min(found.count(theme) / len(found) for found in places.values())
    return theme if held >= _HALF and spoken_of.count(subject) >= _HALF * len(spoken_of) else ""


def is_named(series: PlantedSeries, subject: str, name: str) -> bool:
    """Whether a theme's name has one of the words that say what the subject is."""
    return bool(series.words[subject] & set(name.lower().replace(",", " ").split()))
