"""The numbers by which a document counts its lines: a program put them there, and nobody said them."""

from __future__ import annotations

import re
from collections.abc import Sequence

# So many numbers that count on are the numbers of lines, wherever a program put them; fewer may be a list.
_FEWEST_NUMBERS = 5
# Where they stand by themselves they are half of the lines.
_NUMBERED_SHARE = 0.4
_NUMBER = re.compile(r"\s*\d{1,5}(?=\s|$)")


def line_numbers(rows: Sequence[str]) -> dict[int, str]:
    """What a page or a file counts its lines by, by their places: at the start of each, or by itself.

    >>> line_numbers(["1 We waited", "2 a year.", "3 And", "4 then", "5 a letter"])[1]
    '2'
    >>> line_numbers(["1 We waited", "2 a year.", "3 And", "so", "4 then", "5 a letter"])
    {}
    """
    filled = [at for at, row in enumerate(rows) if row.strip()]
    numbers = [(nth, at, found[0]) for nth, at in enumerate(filled) if (found := _NUMBER.match(rows[at]))]
    counted: dict[int, str] = {}
    run: list[tuple[int, int, str]] = []
    for nth, at, digits in [*numbers, (-1, -1, "-1")]:
        if run and int(digits) == int(run[-1][2]) + 1 and nth == run[-1][0] + 1:
            run.append((nth, at, digits))
            continue
        if len(run) >= _FEWEST_NUMBERS:
            counted.update((place, number) for _, place, number in run)
        run = [(nth, at, digits)]
    return counted if len(counted) >= _NUMBERED_SHARE * len(filled) else {}
