"""Which themes hang under which: at most three levels, and only where there are more than a reader takes in at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

# So many themes are read as one list.
TOP = 8
# Below the themes at the top there may be two levels more.
_LEVELS = 3
# Themes whose words have so little in common are never put under each other: one less the cosine of their c-TF-IDF.
_FURTHEST = 0.9

Merges = Sequence[tuple[tuple[int, ...], float]]


class Frame(Protocol):
    """Says which themes are nearest by their words."""

    def merges(self, texts: Sequence[str], vectors: NDArray[np.float32], labels: NDArray[np.int64]) -> Merges:
        """Step by step, the nearest first: which themes are together after it, and the distance that it bridged."""


def parents(merges: Merges, sizes: Sequence[int]) -> dict[int, int]:
    """The parent of each theme that has one; a theme hangs under the largest of those it is put together with.

    Steps that would make a fourth level, or leave fewer than eight themes at the top, are left out.
    """
    above: dict[int, int] = {}
    for together, distance in merges:
        tops = sorted({_top(theme, above) for theme in together}, key=lambda theme: (-sizes[theme], theme))
        if distance > _FURTHEST or len(sizes) - len(above) - (len(tops) - 1) < TOP:
            continue
        if max(_depth(theme, above) + (theme != tops[0]) for theme in tops) <= _LEVELS:
            above.update(dict.fromkeys(tops[1:], tops[0]))
    return above


def _top(theme: int, above: dict[int, int]) -> int:
    while theme in above:
        theme = above[theme]
    return theme


def _depth(theme: int, above: dict[int, int]) -> int:
    """How many levels hang together under a theme, itself included."""
    below = [child for child, parent in above.items() if parent == theme]
    return 1 + max((_depth(child, above) for child in below), default=0)
