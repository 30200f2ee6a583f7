"""Themes counted by people: who carries each, how much of the talk it is, and whether a facilitator had brought it up.

Only participants are counted; what facilitators and observers say is context.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import pandas as pd

from pipeline.tables import THEME_PEOPLE, ThemePerson

# So many statements of other themes may lie inside one stretch of a theme: an aside, a point of order.
_ASIDE = 10
# A statement that repeats so many different words of the facilitator's last turn echoes it.
_ECHOED = 3
# Shorter words are in every turn.
_LONG_WORD = re.compile(r"[^\W\d_]{5,}")
_ONE_VOICE = 0.75


def theme_people(carried: pd.DataFrame) -> pd.DataFrame:
    """THEME_PEOPLE; `carried` is the primary assignments with their statements and turns."""
    mine = carried[carried["role"] == "participant"]
    counted = mine.assign(words=mine["text"].str.split().str.len())
    grouped = counted.groupby(["theme_id", "speaker"], sort=True)["words"].agg(["size", "sum"])
    return THEME_PEOPLE.frame(
        ThemePerson(str(theme), str(person), int(size), int(words))
        for (theme, person), (size, words) in zip(grouped.index, grouped.to_numpy(), strict=True)
    )


def one_voice(people: pd.DataFrame, theme_id: str) -> bool:
    """Whether one participant made three quarters of a theme's statements or more."""
    counts = people.loc[people["theme_id"] == theme_id, "n_statements"]
    return bool(len(counts)) and bool(counts.max() >= _ONE_VOICE * counts.sum())


class _Said(NamedTuple):
    """One statement of a stretch."""

    place: int  # among its transcript's statements that carry a theme
    turn_id: str
    role: str
    text: str


Stretch = tuple[str, list[_Said]]


def stretches(carried: pd.DataFrame) -> Iterator[Stretch]:
    """Each stretch of talk on one theme, in the order of speaking: the theme_id and what was said.

    `carried` is of one origin. A stretch ends where the theme doesn't come again within ten statements.
    """
    ordered = carried.sort_values(["transcript_id", "index", "start"], kind="stable", ignore_index=True)
    # By plain rows: a long series has ten thousands of stretches, and pandas takes a millisecond for each.
    columns = ordered[["theme_id", "transcript_id", "turn_id", "role", "text"]].astype(object).to_numpy().tolist()
    together: dict[tuple[str, str], list[_Said]] = {}
    places = ordered.groupby("transcript_id").cumcount().tolist()
    for place, (theme, transcript, turn_id, role, text) in zip(places, columns, strict=True):
        together.setdefault((theme, transcript), []).append(_Said(place, turn_id, role, text))
    for theme, transcript in sorted(together):
        stretch: list[_Said] = []
        for said in together[theme, transcript]:
            if stretch and said.place - stretch[-1].place > _ASIDE + 1:
                yield theme, stretch
                stretch = []
            stretch.append(said)
        yield theme, stretch


def prompted(talk: Iterable[Stretch], turns: pd.DataFrame) -> dict[str, float]:
    """By theme the share of participants' statements that a facilitator had prompted, from its stretches of talk.

    That is: made in a stretch that opens with or right after a facilitator's turn, or repeating three words of the
    facilitator's last turn.
    """
    asked = _asked(turns)
    counts: dict[str, list[int]] = {}
    for theme, stretch in talk:
        opened = asked[stretch[0].turn_id].just_now
        mine = [said for said in stretch if said.role == "participant"]
        told = counts.setdefault(theme, [0, 0])
        told[0] += len(mine) if opened else sum(_echoes(said.text, asked[said.turn_id]) for said in mine)
        told[1] += len(mine)
    return {theme: round(some / all_, 4) if all_ else 0.0 for theme, (some, all_) in counts.items()}


class _Asked(NamedTuple):
    """What a facilitator had last said when a turn began."""

    words: frozenset[str]
    just_now: bool  # in the turn before, or this is it


_NOTHING = _Asked(frozenset(), False)


def _asked(turns: pd.DataFrame) -> dict[str, _Asked]:
    found: dict[str, _Asked] = {}
    ordered = turns.sort_values(["transcript_id", "index"], kind="stable", ignore_index=True)
    columns = (ordered[name].tolist() for name in ("transcript_id", "turn_id", "role", "text"))
    last, here = _NOTHING, ""
    for transcript, turn_id, role, text in zip(*columns, strict=True):
        last, here = (last if transcript == here else _NOTHING), transcript
        if role == "facilitator":
            last = found[turn_id] = _Asked(_long_words(text), True)
        else:
            found[turn_id] = last
            last = last._replace(just_now=False)
    return found


def _echoes(text: str, asked: _Asked) -> bool:
    return len(_long_words(text) & asked.words) >= _ECHOED


def _long_words(text: str) -> frozenset[str]:
    return frozenset(word.lower() for word in _LONG_WORD.findall(text))
