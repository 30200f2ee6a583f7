"""How a theme holds when somebody is left out of the conversation: resampled people, not seeds.

Each participant in turn (or each of twelve groups of them, where there are more) is taken out of the transcripts, the
themes are found anew, and a theme is compared with the one of the new themes that is most like it, by the Jaccard
index of the statements that are in both runs. The mean over the times is the theme's stability (cluster-wise
stability; Hennig 2007, Computational Statistics and Data Analysis 52, section 3).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.tables import holds
from pipeline.themes.context import Rows

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
        return holds(self.stability)


def left_out_in_turn(participants: Sequence[str]) -> Iterator[frozenset[str]]:
    """The participants one by one, or in twelve groups where there are more of them."""
    # By number, so that one more participant, who has the last, joins a group and leaves the others as they were.
    names = sorted(set(participants), key=lambda name: (len(name), name))
    if len(names) < 2:
        return
    groups = min(_TIMES, len(names))
    for first in range(groups):
        yield frozenset(names[first::groups])


def holdings(found: Sequence[str], again: Iterable[Rows]) -> dict[str, Holding]:
    """How each theme held, by theme_id.

    Args:
        found: the theme_id of each statement, empty where it has none.
        again: a theme's number for each statement, below 0 where it has none or isn't there; once for each time that
            somebody was left out. Where that was never, nothing is known and every theme is fragile.
    """
    themes = sorted({theme for theme in found if theme})
    number = {theme: at for at, theme in enumerate(themes)}
    before = np.array([number.get(theme, -1) for theme in found], dtype=np.int64)
    indexes: dict[str, list[float]] = {theme: [] for theme in themes}
    for after in again:
        for at, index in _likeness(before, after).items():
            indexes[themes[at]].append(index)
    return {
        theme: Holding(round(float(np.mean(values)), 4) if values else 0.0, len(values))
        for theme, values in indexes.items()
    }


def _likeness(before: Rows, after: Rows) -> dict[int, float]:
    """For each theme the Jaccard index with its likest; a theme with no statement left isn't in it."""
    both = (before >= 0) & (after >= 0)
    if not both.any():
        return {}
    shape = int(before.max()) + 1, int(after.max()) + 1
    common = np.bincount(before[both] * shape[1] + after[both], minlength=shape[0] * shape[1]).reshape(shape)
    mine, others = common.sum(axis=1), common.sum(axis=0)
    indexes = common / np.maximum(mine[:, None] + others - common, 1)
    return {at: float(indexes[at].max()) for at in np.flatnonzero(mine).tolist()}
