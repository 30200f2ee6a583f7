"""Hits as a spreadsheet, and back as decisions."""

import csv
import io

import pytest
from anonymise_talk import run, turns

from pipeline.anonymise.sheet import decided, sheet
from pipeline.errors import DecisionError
from pipeline.tables import REDACTIONS, Redaction

SAID = turns([("Nia Pugh", "I asked Cadi Wynne, and Egin; write to +44 7700 900123.")])
AT = "2026-01-01T00:00:00Z"


def _sheet() -> str:
    return sheet(REDACTIONS.rows(run(SAID).redactions))


def _filled(decisions: dict[str, tuple[str, str]]) -> str:
    rows = list(csv.DictReader(io.StringIO(_sheet())))
    for row in rows:
        row["decision"], row["replacement"] = decisions.get(row["original"].lstrip("'"), ("", ""))
    written = io.StringIO()
    writer = csv.DictWriter(written, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue()


def test_the_doubtful_and_the_least_sure_come_first():
    hits = [
        Redaction("t", 0, 3, "Nia", "[P01]", "PERSON", "p", "roster", 0.9, "replaced"),
        Redaction("t", 4, 8, "Egin", "[name]", "PERSON", "", "model", 0.3, "doubtful"),
        Redaction("t", 9, 12, "Ann", "[P02]", "PERSON", "q", "model", 0.6, "replaced"),
    ]
    assert [row["original"] for row in csv.DictReader(io.StringIO(sheet(hits)))] == ["Egin", "Ann", "Nia"]


def test_what_is_corrected_holds_on_the_next_run():
    filled = _filled({"Cadi Wynne": ("keep", ""), "+44 7700 900123": ("replace", "a number")})
    made = run(SAID, overrides=decided(filled, by="ab", at=AT))
    assert made.turns["text"][0] == "I asked Cadi Wynne, and [person A]; write to [a number]."


def test_a_sheet_that_nobody_touched_decides_nothing():
    assert decided(_sheet(), by="ab", at=AT) == []


def test_a_cell_is_no_formula():
    assert all(not cell.startswith(("=", "+", "-", "@")) for line in csv.reader(io.StringIO(_sheet())) for cell in line)


def test_an_error_says_the_line_and_not_what_it_says():
    with pytest.raises(DecisionError, match="line 2: a decision is keep, replace or add") as raised:
        decided(_filled({"+44 7700 900123": ("delete", ""), "Cadi Wynne": ("delete", "")}), by="ab", at=AT)
    assert "Cadi" not in str(raised.value)
    with pytest.raises(DecisionError, match="has no column decision"):
        decided("original,turn_id,start,end\n", by="ab", at=AT)
