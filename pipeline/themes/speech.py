"""Every phrase where it was said, in columns, so that what names a theme is counted in one pass over its statements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.themes.phrases import Uttered, most_written, parts_of_phrase

Numbers = NDArray[np.float64]
Rows = NDArray[np.int64]

# What a phrase counts that only one participant used, and what one that was said in one turn only: colour, more often
# than a subject, but in a short theme there may be nothing else.
_ONE_PERSONS = 0.5
_SAID_ONCE = 0.5
# What a word more adds to a phrase's weight: "bus lane" says more than "bus", and is counted less. Said once, "the
# council highways fella" is only longer.
_LONGER = 1.5
# Of its turns a word stands in one longer phrase: then it is a part of that phrase, not a word beside it.
_SWALLOWED = 0.6


@dataclass(frozen=True)
class Counts:
    """Phrases by number, in the order in which they were first said, and a number for each."""

    phrases: Rows
    values: Numbers


@dataclass(frozen=True)
class Speech:
    """The phrases of a series of talks; statements are numbered by their ids' order, phrases by that of their keys."""

    row_of: Mapping[str, int]  # the number of each statement, by its id
    keys: tuple[str, ...]
    written: tuple[str, ...]  # as each is mostly written
    is_name: NDArray[np.bool_]  # of a place, a house, a programme
    begins: Rows  # (statements + 1,) where each statement's phrases begin in `said`
    said: Rows  # the phrases, statement by statement
    turns: Rows  # (statements,) which turn, by whom and in which transcript; the numbers mean nothing further
    speakers: Rows
    transcripts: Rows

    def said_in(self, statements: Rows) -> tuple[Rows, Rows]:
        """The phrases of these statements in their order, and the statement of each."""
        many = self.begins[statements + 1] - self.begins[statements]
        shift = self.begins[statements] - (np.cumsum(many) - many)
        return self.said[np.arange(int(many.sum())) + np.repeat(shift, many)], np.repeat(statements, many)

    def counted(self, statements: Rows) -> Counts:
        """How much each phrase was said in these statements, given in order; only those that are fit to name them.

        By people: who says it again adds less each time, and what one person or one turn says counts less. What a
        theme returned with at several talks names it better than what was said of it on one day.
        """
        phrases, places = self.said_in(statements)
        count = len(self.keys)
        once = first_of_each(phrases, self.turns[places])  # in each turn
        by_turn, who = phrases[once], self.speakers[places[once]]
        each = first_of_each(by_turn, who)
        times = _times(by_turn, who)[each]
        again = np.bincount(by_turn, minlength=count) > 1
        several = np.bincount(by_turn[each], minlength=count) > 1
        often: Numbers = np.asarray(np.bincount(by_turn[each], np.log2(1.0 + times), minlength=count), dtype=np.float64)
        often = often * np.where(several, 1.0, _ONE_PERSONS) * np.where(again, 1.0, _SAID_ONCE)
        days = np.bincount(phrases[first_of_each(phrases, self.transcripts[places])], minlength=count)
        often = often * np.sqrt(days / max(len(np.unique(self.transcripts[statements])), 1))
        kept = self._whole(phrases[first_of_each(phrases)], often)
        return Counts(kept, often[kept] * np.where(again[kept], self._longer[kept], 1.0))

    def _whole(self, phrases: Rows, often: Numbers) -> Rows:
        """Those of the phrases that are not mostly parts of one longer phrase."""
        part, longer = self._parts
        within = np.zeros(len(self.keys))
        np.maximum.at(within, part, often[longer])
        return np.asarray(phrases[within[phrases] < _SWALLOWED * often[phrases]])

    @cached_property
    def _longer(self) -> Numbers:
        return np.array([_LONGER ** key.count(" ") for key in self.keys])

    @cached_property
    def _parts(self) -> tuple[Rows, Rows]:
        """Pairs of a phrase and a longer one that it stands in."""
        number = {key: at for at, key in enumerate(self.keys)}
        pairs = [(number.get(part, -1), at) for key, at in number.items() for part in parts_of_phrase(key)]
        table = np.array([pair for pair in pairs if pair[0] >= 0], dtype=np.int64).reshape(-1, 2)
        return table[:, 0], table[:, 1]


def speech_of(
    statements: pd.DataFrame, uttered: Mapping[str, Sequence[Uttered]], speakers: Mapping[str, str]
) -> Speech:
    """The phrases of statements, by statement_id (see `phrases.phrases_said`), and who said them, by turn_id."""
    ordered = statements.sort_values("statement_id", kind="stable", ignore_index=True)
    ids, turns = ordered["statement_id"].tolist(), ordered["turn_id"].tolist()
    phrases = [uttered.get(name, ()) for name in ids]
    forms = Counter((key, form) for one in phrases for key, form, _ in one)
    keys = sorted({key for key, _ in forms})
    number = {key: at for at, key in enumerate(keys)}
    written = most_written(forms)
    names = {key for one in phrases for key, _, is_name in one if is_name}
    return Speech(
        row_of={name: row for row, name in enumerate(ids)},
        keys=tuple(keys),
        written=tuple(written[key] for key in keys),
        is_name=np.array([key in names for key in keys], dtype=bool),
        begins=np.cumsum([0, *map(len, phrases)]),
        said=np.array([number[key] for one in phrases for key, _, _ in one], dtype=np.int64),
        turns=pd.factorize(ordered["turn_id"])[0],
        speakers=pd.factorize(np.array([speakers.get(turn, turn) for turn in turns], dtype=object))[0],
        transcripts=pd.factorize(ordered["transcript_id"])[0],
    )


def first_of_each(first: Rows, second: Rows | None = None) -> Rows:
    """Where each value of a column, or each pair of two, stands first, in order."""
    _, at = np.unique(first if second is None else _paired(first, second), return_index=True)
    return np.sort(at)


def _times(first: Rows, second: Rows) -> Rows:
    """How often each row's pair stands in the two columns."""
    _, row, times = np.unique(_paired(first, second), return_inverse=True, return_counts=True)
    return np.asarray(times[row], dtype=np.int64)


def _paired(first: Rows, second: Rows) -> Rows:
    return first * (int(second.max(initial=0)) + 1) + second
