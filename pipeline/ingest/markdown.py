"""A table of Markdown, `| Speaker | Time | Text |`, as the rows of a table; bars and rules are its marks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.ingest.account import Account
from pipeline.ingest.columns import BESIDE_TABLE, Row, find_columns, read_table
from pipeline.ingest.lines import Line

_RULE = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)+\|?\s*")
# A bar that is no cell's edge is written \|.
_BAR = re.compile(r"(?<!\\)\|")
# Of a text's words, so many stand in its table.
_MOST_WORDS = 0.5


def read_markdown_table(lines: Sequence[Line], account: Account, known: frozenset[str]) -> str:
    """Pass a text most of whose words stand in such a table on to the account; returns its layout, or nothing."""
    barred = (place for place, line in enumerate(lines) if "|" in line.text)
    rule = next((place for place in barred if _RULE.fullmatch(lines[place].text.strip()[:400])), 0)
    if not rule or "|" not in lines[rule - 1].text:
        return ""
    end = next((place for place in range(rule, len(lines)) if "|" not in lines[place].text), len(lines))
    rows = [Row(_cells(line.text), line.place) for line in (lines[rule - 1], *lines[rule + 1 : end])]
    # By its titles: a list of folders and what is in them has names and sentences too.
    inside, whole = (sum(len(line.text) for line in part) for part in (lines[rule - 1 : end], lines))
    columns = find_columns(rows, known=known)
    if inside < _MOST_WORDS * whole or columns is None or columns.speaker < 0 or columns.title_row:
        return ""
    before = account.characters
    layout = read_table(rows, account, known=known)
    # Its rows are parted by line breaks, as the lines of the text are.
    text = "\n".join(line.number + line.text for line in lines[rule - 1 : end])
    account.markup(text[: max(len(text) - (account.characters - before), 0)])
    for place, line in enumerate(lines):
        if not rule - 1 <= place < end:
            account.space("\n")
            account.leave_out(line.number + line.text, line.place, BESIDE_TABLE)
    account.close()
    return f"table, {layout}"


def _cells(text: str) -> tuple[str, ...]:
    """The cells of a row, without its bars."""
    inner = re.sub(r"^\s*\||(?<!\\)\|\s*$", "", text)
    return tuple(cell.strip() for cell in _BAR.split(inner))
