"""Who says who they are and where they work: it stands in each transcript, and is a subject of none."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pandas as pd
from numpy.typing import NDArray

INTRODUCTION = "introduction"
# Somebody says who they are in one of their first turns; "you're anonymous, P04" comes later, and is another's.
_FIRST_TURNS = 3
# In a turn of so many words everything belongs to it: what they do, and how long they have done it. In a longer one it
# is only the sentence itself.
_SHORT = 60


def introductions(placed: pd.DataFrame) -> NDArray[np.bool_]:
    """Which statements are somebody's introduction of themselves, in the rows' order.

    `placed` are statements with their turns' `index` and `speaker`. It is known by the speaker's own pseudonym, which
    stands where they said their name.
    """
    said = placed["text"].tolist()
    turns = placed["turn_id"].tolist()
    words: dict[str, int] = defaultdict(int)
    named: set[str] = set()
    first = _first_turns(placed)
    speakers = placed["speaker"].tolist()
    own = np.array([f"[{speaker}]" in text for speaker, text in zip(speakers, said, strict=True)], dtype=bool)
    for turn, text, names_self in zip(turns, said, own.tolist(), strict=True):
        words[turn] += len(text.split())
        if names_self and turn in first:
            named.add(turn)
    return np.array(
        [turn in named and (names or words[turn] <= _SHORT) for turn, names in zip(turns, own.tolist(), strict=True)],
        dtype=bool,
    )


def _first_turns(placed: pd.DataFrame) -> set[str]:
    """The first turns of each speaker in each transcript."""
    turns = placed.drop_duplicates("turn_id").sort_values(["transcript_id", "index"], kind="stable")
    return set(turns.loc[turns.groupby(["transcript_id", "speaker"]).cumcount() < _FIRST_TURNS, "turn_id"])
