"""The words of statements in columns, so that what is counted of them is counted in one pass over a talk."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.tables import Statement, Turn

Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]

_SILENT = frozenset({"PUNCT", "SPACE", "SYM"})


@dataclass(frozen=True)
class Column:
    """A text for each word, by its number in a vocabulary."""

    vocabulary: Sequence[str]
    numbers: Rows  # a word each

    def among(self, listed: Collection[str]) -> Mask:
        """Which words have one of these texts."""
        return np.array([text in listed for text in self.vocabulary], dtype=bool)[self.numbers]

    def lowered(self) -> Column:
        """The same in lower case; two numbers may then mean one text."""
        return Column([text.lower() for text in self.vocabulary], self.numbers)


@dataclass(frozen=True)
class Spoken:
    """The words of some statements, in the order of talk; punctuation, space and symbols are none."""

    count: int  # statements
    row: Rows  # (words,) the statement that each stands in, ascending
    place: Rows  # (words,) its place among the statement's words, from 0
    form: Column  # in lower case, with plain apostrophes
    lemma: Column
    pos: Column
    tag: Column
    dep: Column

    def counted(self, which: Mask) -> NDArray[np.float64]:
        """How many of these words each statement has, of shape (count,)."""
        return np.bincount(self.row[which], minlength=self.count).astype(np.float64)


def spoken_in(statements: Sequence[Statement], turns: Mapping[str, Turn], tokens: pd.DataFrame) -> Spoken:
    """The words of these statements: the tokens that begin in them, by start and end; `tokens` in any order."""
    turn_ids = list(dict.fromkeys(statement.turn_id for statement in statements))
    row, at, of_turn = _tokens_of(statements, turn_ids, tokens)
    pos = _column(tokens["pos"], at)
    heard = ~pos.among(_SILENT)
    row, at = row[heard], at[heard]
    starts, ends = tokens["start"].to_numpy()[at], tokens["end"].to_numpy()[at]
    texts = [turns[turn_id].text for turn_id in turn_ids]
    numbers: dict[str, int] = {}
    forms = [
        numbers.setdefault(texts[turn][start:end].lower().replace("’", "'"), len(numbers))
        for turn, start, end in zip(of_turn[at].tolist(), starts.tolist(), ends.tolist(), strict=True)
    ]
    return Spoken(
        count=len(statements),
        row=row,
        place=_places_within(row, len(statements)),
        form=Column(tuple(numbers), np.array(forms, dtype=np.int64)),
        lemma=_column(tokens["lemma"], at),
        pos=_column(tokens["pos"], at),
        tag=_column(tokens["tag"], at),
        dep=_column(tokens["dep"], at),
    )


def _tokens_of(
    statements: Sequence[Statement], turn_ids: Sequence[str], tokens: pd.DataFrame
) -> tuple[Rows, Rows, Rows]:
    """Of each token in a statement the statement's row and the token's, and of every token its turn (-1: of none)."""
    of_turn = pd.Index(turn_ids, dtype="str").get_indexer(tokens["turn_id"]).astype(np.int64)
    starts, ends = tokens["start"].to_numpy(), tokens["end"].to_numpy()
    # One number says turn and place, so that one search finds where a statement begins and ends.
    longest = 1 + max(int(starts.max(initial=0)), max((statement.end for statement in statements), default=0))
    places = of_turn * longest + starts
    order = np.lexsort((ends, places))
    number = {turn_id: at for at, turn_id in enumerate(turn_ids)}
    begins = [number[statement.turn_id] * longest + statement.start for statement in statements]
    lengths = [statement.end - statement.start for statement in statements]
    low = np.searchsorted(places[order], begins)
    many = np.searchsorted(places[order], np.add(begins, lengths)) - low
    row = np.repeat(np.arange(len(statements)), many)
    return row, order[np.repeat(low, many) + _places_within(row, len(statements))], of_turn


def _places_within(row: Rows, count: int) -> Rows:
    """The place of each among those of its row, from 0; `row` ascending."""
    many = np.bincount(row, minlength=count)
    return np.arange(len(row)) - (np.cumsum(many) - many)[row]


def _column(texts: pd.Series[str], at: Rows) -> Column:
    numbers, vocabulary = pd.factorize(texts)
    return Column(vocabulary.tolist(), numbers[at].astype(np.int64))
