"""What the benchmarks put together by hand; the rest of them is measured, and not tested."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from benchmarks.__main__ import MODULES
from benchmarks.quote_data import Meeting
from benchmarks.themes import _as_series
from pipeline import tables as t


def meeting(name: str, meaning: float) -> Meeting:
    """A meeting of two statements, of which the second came first into the table."""
    turn = t.Turn("rt1:t0001", "rt1", "rt1", 1, "P01", "participant", "en", "We wait. They wait.", None, None)
    said = [
        t.Statement(f"rt1:t0001:s{n:02}", "rt1:t0001", "rt1", 9 * n, 9 * n + 8, text, "substantive", "en")
        for n, text in enumerate(("We wait.", "They wait."))
    ]
    rows = np.full((2, 3), meaning, dtype=np.float32)
    return Meeting(
        name=name,
        turns=t.TURNS.frame([turn]),
        tokens=t.TOKENS.empty(),
        participants=t.PARTICIPANTS.empty(),
        roundtables=t.ROUNDTABLES.empty(),
        statements=t.STATEMENTS.frame(said[::-1]),
        vectors=t.VectorSet(tuple(one.statement_id for one in said), rows, rows, "plain", "plain"),
        read=rows,
        readers={},
    )


def test_whatever_measures_is_run_by_make_benchmark() -> None:
    folder = Path(__file__).parents[2] / "benchmarks"
    measuring = {path.stem for path in folder.glob("*.py") if "\ndef measure(" in path.read_text(encoding="utf-8")}
    assert measuring == set(MODULES), "make benchmark runs what MODULES of benchmarks/__main__.py names"


def test_meetings_become_one_series_with_each_statements_own_vectors() -> None:
    """They did not once: a field that a meeting had got since was not given, and the command stopped there."""
    series = _as_series([meeting("b", 2.0), meeting("a", 1.0)])
    assert series.vectors.ids == tuple(sorted(series.statements["statement_id"]))
    of_a = [name.startswith("a:") for name in series.vectors.ids]
    for rows in (series.vectors.own, series.vectors.context, series.read):
        assert np.array_equal(rows[:, 0] == 1.0, of_a)
    assert set(series.turns["speaker"]) == {"a P01", "b P01"}
    assert series.roundtables["roundtable_id"].tolist() == ["a", "b"]
