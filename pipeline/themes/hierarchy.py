"""Which themes hang under which: at most three levels, and only where there are more than a reader takes in at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.themes.returning import Parts, likeness

# So many themes are read as one list.
TOP = 8
# Below the themes at the top there may be two levels more.
_LEVELS = 3
# Themes that are on average less alike are never put under each other; from .6 on they would have been one theme.
_LEAST_ALIKE = 0.25

Merges = Sequence[tuple[tuple[int, ...], float]]


def merges_of(parts: Parts) -> Merges:
    """Step by step, the most alike first: which themes are together after it, and how alike those were on average."""
    from scipy.cluster.hierarchy import linkage

    if len(parts) < 2:
        return []
    pairs = np.triu_indices(len(parts), 1)
    # Rounded before it is linked: ties are broken by number and not by the last bit of a product.
    tree = linkage(np.round(-likeness(parts)[pairs], 6), "average")
    together: list[tuple[int, ...]] = [(theme,) for theme in range(len(parts))]
    merges = []
    for first, second, distance, _ in tree.tolist():
        together.append(tuple(sorted(together[int(first)] + together[int(second)])))
        merges.append((together[-1], -float(distance)))
    return merges


def parents(merges: Merges, sizes: Sequence[int]) -> dict[int, int]:
    """The parent of each theme that has one; a theme hangs under the largest of those it is put together with.

    Steps that would make a fourth level, or leave fewer than eight themes at the top, are left out.
    """
    above: dict[int, int] = {}
    for together, alike in merges:
        tops = sorted({_top(theme, above) for theme in together}, key=lambda theme: (-sizes[theme], theme))
        if alike < _LEAST_ALIKE or len(sizes) - len(above) - (len(tops) - 1) < TOP:
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
