"""The numbers by which a document counts its lines: a program put them there, and nobody said them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

# So many numbers that count on are the numbers of lines, wherever a program put them; fewer may be a list.
_FEWEST_NUMBERS = 5
# Where they stand by themselves they are half of the lines.
_NUMBERED_SHARE = 0.4
# Many count every fifth line or every tenth; three such numbers, so far apart, are no chance.
_STEPS = (5, 10)
_FEWEST_STEPS = 3
# Lines of a page's edges, which its numbers may leave out.
_EDGES = 6
_NUMBER = re.compile(r"\s*\d{1,5}(?=\s|$)")


class _Number(NamedTuple):
    nth: int  # of the lines that aren't empty
    at: int
    digits: str  # with the space before them

    @property
    def value(self) -> int:
        return int(self.digits)


def line_numbers(rows: Sequence[str]) -> dict[int, str]:
    """What a page or a file counts its lines by, by their places: at the start of each, or by itself.

    >>> line_numbers(["1 We waited", "2 a year.", "3 And", "4 then", "5 a letter"])[1]
    '2'
    >>> line_numbers(["1 We waited", "2 a year.", "3 And", "so", "4 then", "5 a letter"])
    {}
    """
    filled = [at for at, row in enumerate(rows) if row.strip()]
    found = [_Number(nth, at, found[0]) for nth, at in enumerate(filled) if (found := _NUMBER.match(rows[at]))]
    numbers = list(_by_one(found, rows))
    if not numbers or len(numbers) < _NUMBERED_SHARE * len(filled):
        numbers = next((steps for step in _STEPS if (steps := _by_steps(found, step))), [])
        if _NUMBERED_SHARE * len(filled) > sum(after.nth - before.nth for before, after in pairwise(numbers)):
            return {}
    return {number.at: number.digits for number in numbers}


def _by_one(found: Sequence[_Number], rows: Sequence[str]) -> Iterator[_Number]:
    """The numbers of lines that are all counted; where each page begins anew, those of a short one and the pages' own
    too."""
    counting = False
    runs = list(_runs(found))
    for place, run in enumerate(runs):
        after = runs[place + 1] if place + 1 < len(runs) else []
        of_page = len(run) == 1 and not rows[run[0].at].strip().strip("0123456789") and _follows(after, run)
        goes_on = counting and _follows(run, runs[place - 1], anew=not of_page)
        counting = goes_on or len(run) >= _FEWEST_NUMBERS
        if counting:
            yield from run


def _runs(found: Sequence[_Number]) -> Iterator[list[_Number]]:
    """The numbers in stretches that count on, line by line."""
    run: list[_Number] = []
    for number in found:
        if run and (number.value, number.nth) != (run[-1].value + 1, run[-1].nth + 1):
            yield run
            run = []
        run.append(number)
    if run:
        yield run


def _follows(run: Sequence[_Number], before: Sequence[_Number], *, anew: bool = True) -> bool:
    """Whether it stands right under another, and counts from one."""
    return bool(run) and run[0].nth == before[-1].nth + 1 and (run[0].value == 1 or not anew)


def _by_steps(found: Sequence[_Number], step: int) -> list[_Number]:
    """The numbers of every fifth or tenth line, throughout or on each page anew; most just so far apart."""
    numbers: list[_Number] = []
    for number in found:
        last = numbers[-1] if numbers else None
        if number.value == step if last is None else _counts_on(last, number, step):
            numbers.append(number)
    exact = sum(
        after.value > before.value and step in (after.nth - before.nth, after.at - before.at)
        for before, after in pairwise(numbers)
    )
    return numbers if exact + 1 >= max(_FEWEST_STEPS, len(numbers) / 2) else []


def _counts_on(last: _Number, number: _Number, step: int) -> bool:
    """Whether a number is the next one, or the first of another page; a page's edges may stand between."""
    apart = number.nth - last.nth
    anew = number.value == step and apart <= 2 * step + _EDGES
    goes_on = number.value == last.value + step and apart <= step + _EDGES
    return number.at - last.at >= step and (anew or goes_on)
