"""What is counted of a transcript's statements, worked out once: a transcript more has only its own described."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.backends.protocols import Arrays, Memory
from pipeline.quotes.features import Described, describe
from pipeline.store import content_hash
from pipeline.tables import Statement, Turn


def described(
    statements: Sequence[Statement],
    turns: Mapping[str, Turn],
    tokens: pd.DataFrame,
    own: NDArray[np.float32],
    *,
    memory: Memory | None,
) -> Described:
    """As `describe`, of statements sorted by statement_id; with a memory, no transcript is described twice."""
    if memory is None or not statements:
        return describe(statements, turns, tokens, own)
    rows_of: dict[str, list[int]] = defaultdict(list)
    for row, statement in enumerate(statements):
        rows_of[statement.transcript_id].append(row)
    talks = _talks(turns, tokens)
    found = []
    for transcript, rows in rows_of.items():
        there, words = talks[transcript]
        given = [statements[row] for row in rows], there, words, own[rows]
        asked = content_hash(repr(given[:2]), *given[2:])
        found.append(memory.recall(asked, partial(_described, *given)))
    # Sorted by statement_id, which begins with the transcript's: its statements stand together.
    values = np.concatenate([arrays["values"] for arrays in found])
    names = tuple(str(name) for name in found[0]["names"])
    return Described(names, values, tuple(statement.transcript_id for statement in statements))


def _talks(turns: Mapping[str, Turn], tokens: pd.DataFrame) -> dict[str, tuple[dict[str, Turn], pd.DataFrame]]:
    """Each transcript's turns and tokens."""
    turns_of: dict[str, dict[str, Turn]] = defaultdict(dict)
    for turn_id, turn in turns.items():
        turns_of[turn.transcript_id][turn_id] = turn
    transcript_of = {turn_id: turn.transcript_id for turn_id, turn in turns.items()}
    tokens_of = {name: words for (name,), words in tokens.groupby([tokens["turn_id"].map(transcript_of)])}
    return {name: (there, tokens_of.get(name, tokens[:0])) for name, there in turns_of.items()}


def _described(
    statements: Sequence[Statement], turns: Mapping[str, Turn], tokens: pd.DataFrame, own: NDArray[np.float32]
) -> Arrays:
    found = describe(statements, turns, tokens, own)
    return {"names": np.array(found.names, dtype=np.str_), "values": found.values}
