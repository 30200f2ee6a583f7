"""The heads and feet of pages in a text that was once printed: nobody said them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

PAGE_EDGE = "the head or foot of a page"

# `12`, `- 12 -`, `Page 12 of 40`, on a line of its own.
_PAGE_NUMBER = re.compile(
    r"\s*(?:(?:page|tudalen)\s+|[-–—]\s*)?(?P<page>\d{1,4})(?:\s*(?:of|o|/)\s*\d{1,4}|\s*[-–—])?\s*", re.IGNORECASE
)
_LONGEST = 30
# A page has more lines than that; the cues of captions, which are numbered too, have fewer.
_FEWEST_LINES = 8
_FEWEST_PAGES = 3
# A line that stands beside the numbers of this share of the pages isn't said again and again.
_EDGE_SHARE = 0.6
# So far from its number stands a page's head or foot.
_BESIDE = (-2, -1, 1, 2)


def page_edges(rows: Sequence[str]) -> set[int]:
    """The places of the numbers of pages, each by itself and counting on, and of what comes again beside them.

    >>> first, second, third = "abcdefghi", "klmnopqrs", "ABCDEFGHI"
    >>> sorted(page_edges([*first, "Trust", "1", *second, "Trust", "2", *third, "Trust", "3"]))
    [9, 10, 20, 21, 31, 32]
    """
    filled = [at for at, row in enumerate(rows) if row.strip()]
    numbers = _numbers([rows[at] for at in filled])
    beside = {nth + far for nth in numbers for far in _BESIDE} & set(range(len(filled))) - set(numbers)
    counts = Counter(shape(rows[filled[nth]]) for nth in beside)
    # What stands elsewhere too is a name on a line of its own, or said.
    anywhere = Counter(shape(rows[at]) for at in filled) if counts else counts
    fewest = max(_FEWEST_PAGES, _EDGE_SHARE * len(numbers))
    again = {text for text, count in counts.items() if count >= fewest and count == anywhere[text]}
    return {filled[nth] for nth in numbers} | {filled[nth] for nth in beside if shape(rows[filled[nth]]) in again}


def shape(text: str) -> str:
    """A line, numbers and wide spaces aside."""
    return re.sub(r"\d+", "0", " ".join(text.split()))


def _numbers(rows: Sequence[str]) -> list[int]:
    """Where the numbers of pages stand; none if fewer than a few count on."""
    chain: list[tuple[int, int]] = []
    longest: list[tuple[int, int]] = []
    for nth, row in enumerate(rows):
        found = _PAGE_NUMBER.fullmatch(row) if len(row.strip()) < _LONGEST else None
        if found is None:
            continue
        page = int(found["page"])
        follows = bool(chain) and page == chain[-1][1] + 1 and nth - chain[-1][0] >= _FEWEST_LINES
        chain = [*chain, (nth, page)] if follows else [(nth, page)]
        longest = max(longest, chain, key=len)
    return [nth for nth, _ in longest] if len(longest) >= _FEWEST_PAGES else []
