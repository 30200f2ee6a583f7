"""The list of hits as a spreadsheet that people correct, and what they corrected as decisions.

The spreadsheet holds names: it stands in private/, or on a desk, and in no release.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from pipeline.anonymise.overrides import in_order_of_doubt
from pipeline.decisions import Decision, Span, text_hash
from pipeline.errors import DecisionError
from pipeline.tables import Redaction

HEADINGS = (
    "decision", "replacement", "original", "now", "status", "entity_type", "confidence", "found_by", "reason",
    "turn_id", "start", "end",
)  # fmt: skip
# What a person writes in the first column, and the action it is; an empty cell decides nothing.
_ACTIONS = {"keep": "keep", "replace": "replace", "add": "add"}
# A cell that opens with one of these would be run as a formula by a spreadsheet program.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def sheet(redactions: Iterable[Redaction]) -> str:
    """The hits as CSV (UTF-8), one a line, the doubtful and the least sure first.

    People write `keep`, `replace` or `add` under `decision`, and under `replacement` what is to stand there.
    """
    cells = (
        ("", "", one.original, one.replacement, one.status, one.entity_type, f"{one.confidence:.2f}", one.found_by,
         one.reason, one.turn_id, str(one.start), str(one.end))
        for one in in_order_of_doubt(redactions)
    )  # fmt: skip
    return as_csv([HEADINGS, *cells])


def as_csv(rows: Iterable[Sequence[str]]) -> str:
    """Rows as CSV, in which no cell is run as a formula."""
    written = io.StringIO()
    csv.writer(written).writerows([_safe(cell) for cell in row] for row in rows)
    return written.getvalue()


class Decided(NamedTuple):
    """What people decided in a spreadsheet."""

    decisions: list[Decision]  # in its order
    changed: list[int]  # lines whose words stand no longer where it says: the transcript was corrected since


def decided(text: str, turns: Mapping[str, str], *, by: str, at: str, name: str = "the spreadsheet") -> Decided:
    """The decisions in a corrected spreadsheet; a line with an empty decision has none.

    Args:
        turns: the words of each source turn: a decision holds what stands around its own, to be found by again.
        at: when it was read, UTC, ISO 8601 with "Z".
        name: what an error calls the spreadsheet.

    Raises:
        DecisionError: says which line, and what is wrong with it, without what it says.
    """
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    missing = sorted({"decision", "original", "turn_id", "start", "end"} - set(rows.fieldnames or ()))
    if missing:
        raise DecisionError(f"{name} has no column {', '.join(missing)}: give back the file that was written")
    taken = Decided([], [])
    for line, row in _filled(rows, name):
        span = _span(row, turns.get(row["turn_id"], ""))
        if span is None:
            taken.changed.append(line)
        else:
            taken.decisions.append(_decision(row, span, by=by, at=at))
    return taken


def _filled(rows: csv.DictReader[str], name: str) -> Iterator[tuple[int, dict[str, str]]]:
    """The lines in which something is decided, by their numbers, each with its action."""
    for row in rows:
        told = (row["decision"] or "").strip().casefold()
        if not told:
            continue
        where = f"{name}, line {rows.line_num}"
        if told not in _ACTIONS:
            raise DecisionError(f"{where}: a decision is keep, replace or add")
        if not (row["start"].isdigit() and row["end"].isdigit()):
            raise DecisionError(f"{where}: start and end are the numbers that were there")
        yield rows.line_num, {**row, "decision": _ACTIONS[told]}


def _span(row: Mapping[str, str], turn: str) -> Span | None:
    """Where a line's words stand, with what stands around them; None where others stand there."""
    start, end = int(row["start"]), int(row["end"])
    found = Span.cut(row["turn_id"], turn, start, end)
    return found if found.text == _unsafe(row["original"]) else None


def _decision(row: Mapping[str, str], span: Span, *, by: str, at: str) -> Decision:
    action = row["decision"]
    value = {"replacement": row.get("replacement") or "", "entity_type": row.get("entity_type") or ""}
    # The same line read twice is the same decision.
    made = text_hash("\x1f".join((by, at, action, row["turn_id"], str(span.start), str(span.end), *value.values())))
    return Decision(
        decision_id=f"sheet-{made[:24]}", at=at, by=by, kind="redaction", action=action, subject=(span,),
        value={key: told for key, told in value.items() if told},
    )  # fmt: skip


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _unsafe(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell
