"""How wide Arial's letters are, for what is laid out before a program with fonts sees it."""

from __future__ import annotations

import unicodedata
from functools import cache

# Adobe's metrics of Helvetica, which Arial matches: thousandths of the size, from the space to the tilde.
_WIDTHS = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
    556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
    260, 334, 584,
)  # fmt: skip
_MARKS = {"’": 222, "‘": 222, "“": 333, "”": 333, "—": 1000, "–": 556, "…": 1000, "\u00a0": 278, "•": 350}


@cache
def letter_width(letter: str) -> int:
    """In thousandths of the size; a letter with an accent is as wide as one without."""
    plain = letter if letter in _MARKS else unicodedata.normalize("NFD", letter)[0]
    place = ord(plain) - 32
    return _WIDTHS[place] if 0 <= place < len(_WIDTHS) else _MARKS.get(plain, 556)
