"""How a theme holds when somebody is left out of the conversation: resampled people, not seeds.

Each participant in turn (or each of twelve groups of them, where there are more) is taken out of the transcripts, the
themes are found anew, and a theme is compared with the one of the new themes that is most like it, by the Jaccard
index of the statements that are in both runs. The mean over the times is the theme's stability (cluster-wise
stability; Hennig 2007, Computational Statistics and Data Analysis 52, section 3).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

# Hennig's reading of the index: from .85 a group is highly stable, from .6 it shows a pattern; below, don't rely on it.
STRONG = 0.85
FAIR = 0.6
# More groups than this tell nothing that twelve do not.
_TIMES = 12


@dataclass(frozen=True)
class Holding:
    """How a theme held."""

    stability: float  # 0 to 1
    times: int

    @property
    def label(self) -> str:
        """strong, fair or fragile."""
        if self.times == 0:
            return "fragile"
        return "strong" if self.stability >= STRONG else "fair" if self.stability >= FAIR else "fragile"


def left_out_in_turn(participants: Sequence[str]) -> Iterator[frozenset[str]]:
    """The participants one by one, or in twelve groups where there are more of them."""
    names = sorted(set(participants))
    if len(names) < 2:
        return
    groups = min(_TIMES, len(names))
    for first in range(groups):
        yield frozenset(names[first::groups])


def holdings(
    found: Mapping[str, str],
    again: Callable[[frozenset[str]], Mapping[str, str]],
    participants: Sequence[str],
) -> dict[str, Holding]:
    """How each theme held, by theme_id.

    Args:
        found: theme_id by statement_id.
        again: the same, found without these participants; its theme_ids need not be the same.
        participants: who is left out in turn; with fewer than two, nothing is known and every theme is fragile.
    """
    indexes: dict[str, list[float]] = {theme: [] for theme in sorted(set(found.values()))}
    for left_out in left_out_in_turn(participants):
        for theme, index in _likeness(found, again(left_out)).items():
            indexes[theme].append(index)
    return {
        theme: Holding(round(float(np.mean(values)), 4) if values else 0.0, len(values))
        for theme, values in indexes.items()
    }


def _likeness(found: Mapping[str, str], again: Mapping[str, str]) -> dict[str, float]:
    """For each theme the Jaccard index with its likest; a theme with no statement left isn't in it."""
    before: dict[str, set[str]] = {}
    after: dict[str, set[str]] = {}
    for statement in sorted(found.keys() & again.keys()):
        before.setdefault(found[statement], set()).add(statement)
        after.setdefault(again[statement], set()).add(statement)
    return {
        theme: max(len(mine & other) / len(mine | other) for other in after.values()) for theme, mine in before.items()
    }
