"""Hits as a spreadsheet, and back as decisions."""

import csv
import io

import pytest
from anonymise_talk import run, turns

from pipeline.anonymise.sheet import decided, sheet
from pipeline.decisions import reanchor
from pipeline.errors import DecisionError
from pipeline.tables import REDACTIONS, Redaction

SAID = turns([("Nia Pugh", "I asked Cadi Wynne, and Egin; write to +44 7700 900123.")])
TEXTS = dict(zip(SAID["turn_id"], SAID["text"], strict=True))
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
    made = run(SAID, overrides=decided(filled, TEXTS, by="ab", at=AT).decisions)
    assert made.turns["text"][0] == "I asked Cadi Wynne, and [person A]; write to [a number]."


def test_a_sheet_that_nobody_touched_decides_nothing():
    assert decided(_sheet(), TEXTS, by="ab", at=AT) == ([], [])


def test_a_cell_is_no_formula():
    assert all(not cell.startswith(("=", "+", "-", "@")) for line in csv.reader(io.StringIO(_sheet())) for cell in line)


def test_an_error_says_the_line_and_not_what_it_says():
    with pytest.raises(DecisionError, match="line 2: a decision is keep, replace or add") as raised:
        decided(_filled({"+44 7700 900123": ("delete", ""), "Cadi Wynne": ("delete", "")}), TEXTS, by="ab", at=AT)
    assert "Cadi" not in str(raised.value)
    with pytest.raises(DecisionError, match="has no column decision"):
        decided("original,turn_id,start,end\n", TEXTS, by="ab", at=AT)


def test_a_short_name_is_found_again_where_another_turn_has_it_too():
    """A decision without its surroundings needed another look at each run, and was never heeded."""
    said = turns([("Nia Pugh", "I asked Egin. Then Egin rang."), ("Nia Pugh", "So did Egin.")])
    texts = dict(zip(said["turn_id"], said["text"], strict=True))
    (turn, other) = texts
    hits = [Redaction(turn, at, at + 4, "Egin", "", "PERSON", "", "model", 0.3, "kept") for at in (8, 19)]
    filled = sheet([*hits, Redaction(other, 7, 11, "Egin", "", "PERSON", "", "model", 0.3, "kept")])
    taken = decided(filled.replace("\r\n,", "\r\nkeep,"), texts, by="ab", at=AT)
    assert (len(reanchor(taken.decisions, said).anchored), taken.changed) == (3, [])


def test_a_line_whose_words_were_corrected_is_told_and_the_others_are_taken():
    filled = _filled({"Cadi Wynne": ("keep", ""), "Egin": ("keep", "")})
    taken = decided(filled, {name: text.replace("Cadi", "Kadi") for name, text in TEXTS.items()}, by="ab", at=AT)
    assert [one.subject[0].text for one in taken.decisions] == ["Egin"]
    assert len(taken.changed) == 1
