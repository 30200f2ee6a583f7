"""The material of one report, read once, with its settings: what every part of the composing shares."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import pandas as pd

from pipeline.synthesis.choices import Choices, choices
from pipeline.synthesis.material import ReportMaterial
from pipeline.synthesis.paper import Kind
from pipeline.synthesis.series import changes, spoke_at, voices
from pipeline.synthesis.wording import Line, Scale, say, words
from pipeline.tables import (
    NOT_QUOTED,
    PARTICIPANTS,
    QUOTES,
    ROUNDTABLES,
    THEMES,
    TURNS,
    Participant,
    Quote,
    Roundtable,
    Theme,
    Turn,
)


class Reach(NamedTuple):
    """How far a theme went."""

    people: int  # participants
    roundtables: int


@dataclass(frozen=True)
class Desk:
    """The material, read once, with the settings: what the functions below share."""

    kind: Kind
    languages: tuple[str, ...]
    scale: Scale
    material: ReportMaterial
    chosen: Choices
    people: Mapping[str, Participant]
    themes: Mapping[str, Theme]
    candidates: tuple[Quote, ...]  # by rank, then by id
    roundtables: tuple[Roundtable, ...]  # in the order of the series
    sectors: Mapping[str, int]  # participants by sector; "" where it isn't given
    present: int  # participants, silent ones too
    spoke: pd.DataFrame  # as `voices` gives it
    changes: Mapping[str, Line] = field(default_factory=dict)

    def say(self, key: str, **values: Any) -> Line:
        """A sentence of `words/*.toml` in each language of the report."""
        return say(self.languages, key, **values)

    def in_words(self, table: str, code: str) -> Line:
        """What a code that a stage or the page wrote is called for readers; itself where it has no other words."""
        return tuple((language, str(words(language)[table].get(code, code))) for language in self.languages)

    @cached_property
    def reach(self) -> Mapping[str, Reach]:
        """By theme how many participants spoke of it, and at how many roundtables."""
        grouped = self.spoke.groupby("theme_id")[["speaker", "roundtable_id"]].nunique()
        counted = zip(grouped.index, grouped.to_numpy().tolist(), strict=True)
        return {str(theme): Reach(*map(int, counts)) for theme, counts in counted}

    def reach_of(self, theme: Theme) -> Reach:
        """The same of one theme; nobody, where no participant spoke of it, at as many roundtables as its row says."""
        return self.reach.get(theme.theme_id, Reach(0, theme.n_roundtables))

    @cached_property
    def carried(self) -> frozenset[str]:
        """The themes that something said is first of all about, whoever said it."""
        return frozenset(self.material.assignments.loc[self.material.assignments["primary"], "theme_id"])

    @cached_property
    def turns(self) -> Mapping[str, Turn]:
        """The turns that somebody may be quoted from, by turn_id."""
        wanted = self.material.turns["turn_id"].isin({quote.turn_id for quote in self.candidates})
        return {turn.turn_id: turn for turn in TURNS.rows(self.material.turns[wanted])}

    @cached_property
    def proposed(self) -> Mapping[str, Sequence[Quote]]:
        """The candidates that may be printed and that nobody rejected, by theme; the best first."""
        by_theme: dict[str, list[Quote]] = defaultdict(list)
        for quote in self.candidates:
            if self.may_be_quoted(quote) and (quote.turn_id, quote.start, quote.end) not in self.chosen.rejected_places:
                by_theme[quote.theme_id].append(quote)
        return by_theme

    def level(self, level: str) -> Line:
        """What a level of the scale ("some", "most") is called in each language; a house's own word goes first."""
        return tuple((language, self.scale.phrase(level, language)) for language in self.languages)

    def may_be_quoted(self, quote: Quote) -> bool:
        """Whether who said it is at the table, and has consented to be quoted."""
        person = self.people.get(quote.speaker)
        return person is not None and person.consent not in NOT_QUOTED

    def name(self, theme: Theme) -> str:
        """What people call a theme, or else what the run called it."""
        return called(theme, self.chosen.names, self.languages)

    def named(self, theme_id: str) -> Line:
        """A theme's name in a sentence of each language."""
        theme, names = self.themes[theme_id], self.chosen.names
        return tuple((language, called(theme, names, (language,))) for language in self.languages)


def called(theme: Theme, names: Mapping[str, str], languages: Sequence[str]) -> str:
    """What people call a theme, by theme_id, or its own name in these languages."""
    own = {"cy": theme.name_cy or theme.name}
    return names.get(theme.theme_id) or " / ".join(dict.fromkeys(own.get(name, theme.name) for name in languages))


def sit_down(material: ReportMaterial, kind: Kind, languages: tuple[str, ...], scale: Scale) -> Desk:
    """The desk with everything on it."""
    people = {person.pseudonym: person for person in PARTICIPANTS.rows(material.participants)}
    roundtables = sorted(ROUNDTABLES.rows(material.roundtables), key=lambda found: (found.order, found.roundtable_id))
    chosen = choices(material)
    spoke = voices(material, chosen.approved)
    return Desk(
        kind=kind,
        languages=languages,
        scale=scale,
        material=material,
        chosen=chosen,
        people=people,
        themes={theme.theme_id: theme for theme in THEMES.rows(material.themes)},
        candidates=tuple(sorted(QUOTES.rows(material.quotes), key=lambda quote: (quote.rank, quote.quote_id))),
        roundtables=tuple(roundtables),
        sectors=Counter(person.sector for person in people.values() if person.role == "participant"),
        present=sum(person.role == "participant" for person in people.values()),
        spoke=spoke,
        changes=changes(spoke, roundtables, languages, spoke_at(material.turns)),
    )
