"""Each theme's candidates: diverse in what is said and by whom, every roundtable and language heard, dissent marked."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.quotes.rank import Scored, varied
from pipeline.quotes.words import LEMMAS
from pipeline.tables import Theme, ThemeHearing

# How much a candidate's score counts against its being unlike those already chosen. 0.7 keeps a theme's best three
# where they are unless two of them say the same thing.
RELEVANCE = 0.7
# Nobody has more than this share of a theme's candidates, and everybody may have two.
LARGEST_SHARE = 1 / 3
# A theme leans when so large a part of what takes sides in it is of one side; then the other side complicates it.
LEANING = 0.65
_FEWEST_SIDES = 5  # statements that take a side, before a theme can be said to lean
_STRONG_SIDE = 2  # words more of one side than of the other

_DISSENT = re.compile(
    r"\b(i (would |do |have to |'d )?(disagree|dispute|challenge|question that|take issue)|"
    r"i don't (agree|accept|think that's|recognise|share|buy|see it)|"
    r"i'm not (convinced|sure that|so sure|persuaded|comfortable)|not everyone|not everybody|not all of us|"
    r"on the other hand|on the flip ?side|conversely|the other side of|that said|having said that|"
    r"playing devil's advocate|to push back|i would argue|contrary to|it isn't true|"
    r"that('s| is) ?n[o']t (true|right|my experience|fair|what)|with respect|a myth|the opposite|"
    r"some (people )?would say|"
    r"i see it differently|a different (view|experience|perspective)|unlike (some|others|what)|"
    r"(dw i|dwi|dydw i|rydw i|wi|sa i) (ddim )?yn anghytuno|(dw i|dwi|dydw i|wi) ddim yn (cytuno|derbyn|gweld hynny)|"
    r"sa i'n cytuno|ar y llaw arall|i'r gwrthwyneb|(gyda|efo) (phob|pob) parch|"
    r"(nid|dim) pawb|nid dyna|wedi dweud hynny)\b",
)


@dataclass(frozen=True, slots=True)
class InTheme:
    """A candidate in a theme's list."""

    index: int  # among the candidates
    theme_id: str
    rank: int
    dissent: bool


@dataclass(frozen=True, slots=True)
class Lists:
    """Every theme's list, and how fair it is."""

    chosen: tuple[InTheme, ...]
    hearings: tuple[ThemeHearing, ...]


@dataclass(frozen=True)
class Pool:
    """The candidates that themes choose from, best first; parallel columns."""

    scored: Sequence[Scored]
    texts: Sequence[str]
    vectors: NDArray[np.float32]
    speakers: Sequence[str]
    roundtables: Sequence[str]
    languages: Sequence[str]
    themes: Sequence[Sequence[str]]  # those that each candidate's statements carry: it may stand in their lists
    speaks_for: Sequence[Sequence[str]]  # its main one first, which its statements may not quite carry; then `themes`

    @cached_property
    def scores(self) -> Sequence[float]:
        """Of each candidate, higher is better."""
        return [one.score for one in self.scored]

    @cached_property
    def sides(self) -> Sequence[int]:
        """Which side each takes: see `side`."""
        return [side(text) for text in self.texts]

    @cached_property
    def announced(self) -> Sequence[bool]:
        """Which say that they see things otherwise."""
        return [announces_dissent(text) for text in self.texts]

    def dissents(self, index: int, leaning: int) -> bool:
        """Whether a candidate says that it sees things otherwise, or takes the other side of a theme that leans.

        A first reading by words alone, for people to check: it finds who announces dissent, and who praises where
        others complain or the other way round; it can't follow an argument.
        """
        return self.announced[index] or (leaning != 0 and self.sides[index] * leaning <= -_STRONG_SIDE)


def lists(pool: Pool, themes: Sequence[Theme], leanings: Mapping[str, int], *, per_theme: int) -> Lists:
    """The list of each theme, in the order of theme_id; an empty one where no candidate speaks for it."""
    of_theme: dict[str, list[int]] = defaultdict(list)
    for index, carried in enumerate(pool.themes):
        for theme in carried:
            of_theme[theme].append(index)
    chosen: list[InTheme] = []
    hearings: list[ThemeHearing] = []
    for theme_id in sorted(theme.theme_id for theme in themes):
        order = of_theme.get(theme_id, [])
        picked, hearing = _list(theme_id, order, pool, leanings.get(theme_id, 0), per_theme)
        chosen.extend(picked)
        hearings.append(hearing)
    return Lists(tuple(chosen), tuple(hearings))


def _list(
    theme_id: str, order: Sequence[int], pool: Pool, leaning: int, per_theme: int
) -> tuple[list[InTheme], ThemeHearing]:
    speakers = Counter(pool.speakers[index] for index in order)
    cap = max(2, ceil(per_theme * LARGEST_SHARE), ceil(per_theme / max(len(speakers), 1)))
    dissents = dict.fromkeys(index for index in order if pool.dissents(index, leaning))
    first_of = {pool.roundtables[index]: index for index in reversed(order)}
    spoken = {pool.languages[index]: index for index in reversed(order)}
    heard_first = [*(first_of[name] for name in sorted(first_of)), *(spoken[name] for name in sorted(spoken))]
    reserved = list(dict.fromkeys([*order[:1], *list(dissents)[:1], *heard_first]))
    picked = list(
        varied(
            order,
            pool.scores,
            pool.vectors,
            most=per_theme,
            speakers=pool.speakers,
            cap=cap,
            first=reserved,
            weight=RELEVANCE,
        )
    )
    heard = {pool.roundtables[index] for index in picked}
    dissent = next((index for index in picked if index in dissents), None)
    rows = [InTheme(index, theme_id, rank, index in dissents) for rank, index in enumerate(picked, start=1)]
    hearing = ThemeHearing(
        theme_id,
        len(picked),
        len({pool.speakers[index] for index in picked}),
        cap,
        tuple(sorted(set(first_of) - heard)),
        "" if dissent is None else pool.scored[dissent].candidate.quote_id,
    )
    return rows, hearing


def announces_dissent(text: str) -> bool:
    """Whether a text says that it sees things otherwise."""
    return bool(_DISSENT.search(text.replace("’", "'").lower()))


def side(text: str) -> int:
    """How many more words of praise than of complaint; a negated one counts for the other side."""
    words = re.findall(r"[\w'-]+", text.lower().replace("’", "'"))
    if _TAKES_SIDES.isdisjoint(words):
        return 0
    total, negated = 0, 0
    for word in words:
        if word in _NEGATIONS or word.endswith("n't"):
            negated = 4  # how many words a negation reaches: "not a very good thing"
            continue
        plain = word.removesuffix("s")
        value = int(word in LEMMAS["worth"] or plain in LEMMAS["worth"])
        value -= int(word in _COMPLAINTS or plain in _COMPLAINTS)
        total += -value if negated > 0 else value
        negated -= 1
    return total


_NEGATIONS = frozenset({"not", "no", "never", "nor", "without", "neither", "hardly", "isn't", "cannot"})
_COMPLAINTS = LEMMAS["problem"] | LEMMAS["harsh"]
_TAKES_SIDES = frozenset(word + ending for word in LEMMAS["worth"] | _COMPLAINTS for ending in ("", "s"))


def leanings(texts: Mapping[str, str], assignments: pd.DataFrame) -> dict[str, int]:
    """Which way each theme leans: 1 to praise, -1 to complaint, 0 where it doesn't; by its primary statements."""
    primary = assignments[assignments["primary"]]
    taken_by: dict[str, int] = {}  # a statement may be primary twice: of an emergent theme, and of a code
    sides: dict[str, list[int]] = defaultdict(list)
    for statement_id, theme_id in zip(primary["statement_id"], primary["theme_id"], strict=True):
        if statement_id in texts:
            if statement_id not in taken_by:
                taken_by[statement_id] = side(texts[statement_id])
            sides[theme_id].append(taken_by[statement_id])
    found = {}
    for theme, values in sides.items():
        taken = [value for value in values if value]
        praise = sum(value > 0 for value in taken) / len(taken) if taken else 0.5
        if len(taken) >= _FEWEST_SIDES and max(praise, 1 - praise) >= LEANING:
            found[theme] = 1 if praise > 0.5 else -1
    return found
