"""The reviewers' accepts and rejects weigh in, and the shipped weights are not forgotten."""

from __future__ import annotations

import numpy as np
import pytest
from invented_quotes import decided, listed, talk
from scipy.optimize import minimize

from pipeline import tables as t
from pipeline.quotes.features import GROUPS
from pipeline.quotes.learning import EXPECTED_CHANGE, learn
from pipeline.quotes.ranker import ALL_GROUPS

LINES = "\n".join(f"P{1 + number % 3:02d}: We wait {number} years for a letter from the board." for number in range(40))
VIVID = list(GROUPS).index("vivid and concrete")
LEVELS = np.full(len(LINES.splitlines()), -3.0)


def rows_and_told() -> tuple[list[t.Statement], np.ndarray]:
    made = talk(LINES)
    rows = sorted(t.STATEMENTS.rows(made.statements), key=lambda row: row.statement_id)
    told = np.zeros((len(rows), len(ALL_GROUPS)))
    told[::2, VIVID] = 1.0
    return rows, told


def quote(row: t.Statement) -> t.Quote:
    return t.Quote(
        row.statement_id, "", 1, 1, 0.0, (row.statement_id,), row.turn_id, row.start, row.end, row.text, "P01",
        (), "none", (), False,
    )  # fmt: skip


def test_without_decisions_every_group_counts_as_shipped() -> None:
    rows, told = rows_and_told()

    learned = learn([], rows, told, LEVELS)

    assert set(learned.gains) == {1.0}
    assert learned.seen == 0


def test_what_reviewers_accept_comes_to_count_for_more() -> None:
    rows, told = rows_and_told()
    vivid = [decided("accept", quote(row)) for row in rows[0:20:2]]
    plain = [decided("reject", quote(row)) for row in rows[1:20:2]]

    learned = learn([*vivid, *plain], rows, told, LEVELS)

    assert (learned.accepted, learned.rejected) == (10, 10)
    assert learned.gains[VIVID] > 1.05
    assert all(gain == pytest.approx(1.0) for index, gain in enumerate(learned.gains) if index != VIVID)


def test_a_few_decisions_move_less_than_many() -> None:
    rows, told = rows_and_told()
    both = [
        *(decided("accept", quote(row)) for row in rows[::2]),
        *(decided("reject", quote(row)) for row in rows[1::2]),
    ]

    few, many = learn([both[0], both[-1]], rows, told, LEVELS), learn(both, rows, told, LEVELS)

    assert 1.0 < few.gains[VIVID] < many.gains[VIVID]


def test_maybe_and_words_that_are_not_here_say_nothing() -> None:
    rows, told = rows_and_told()
    elsewhere = quote(rows[0]).__class__(**{**_fields(quote(rows[0])), "turn_id": "rt9:t0001"})

    learned = learn([decided("maybe", quote(rows[0])), decided("accept", elsewhere)], rows, told, LEVELS)

    assert learned.seen == 0


def _fields(row: t.Quote) -> dict[str, object]:
    return {name: getattr(row, name) for name in t.QUOTES.columns}


def test_the_order_of_the_decisions_does_not_matter() -> None:
    rows, told = rows_and_told()
    both = [decided("accept", quote(rows[0])), decided("reject", quote(rows[1])), decided("accept", quote(rows[2]))]

    assert learn(both, rows, told, LEVELS) == learn(both[::-1], rows, told, LEVELS)


def test_every_candidate_says_how_many_decisions_weighed_in() -> None:
    made = talk(LINES)
    first = listed(made.quoted())
    again = made.quoted(decisions=[decided("accept", first[0]), decided("reject", first[-1])])

    assert again.learned.seen == 2
    said = again.reasons[again.reasons["group"] == "this project's reviewers"]
    assert set(said["words"]) == {"weighed after 1 accepted and 1 rejected quotes"}
    assert len(said) == len(again.quotes)


def test_without_end_of_decisions_no_gain_runs_away() -> None:
    """Twenty against twenty that one group tells apart: without the prior its gain would have no limit."""
    rows, told = rows_and_told()
    both = [
        *(decided("accept", quote(row)) for row in rows[::2]),
        *(decided("reject", quote(row)) for row in rows[1::2]),
    ]
    assert learn(both, rows, told, LEVELS).gains[VIVID] < 3


def test_a_decision_teaches_of_the_statements_that_it_touches_and_no_others_of_their_turn() -> None:
    made = talk("P01: We wait for years for a letter. It never comes to us. Nobody knows why that is.")
    rows = sorted(t.STATEMENTS.rows(made.statements), key=lambda row: row.statement_id)
    told = np.zeros((len(rows), len(ALL_GROUPS)))
    told[2, VIVID] = 1.0
    assert learn([decided("accept", quote(rows[1]))], rows, told, LEVELS).gains[VIVID] == pytest.approx(1.0)
    assert learn([decided("accept", quote(rows[2]))], rows, told, LEVELS).gains[VIVID] > 1.0


def test_the_gains_are_the_most_probable_ones() -> None:
    """Held against a general minimiser, on what is written in the module's first lines."""
    rows, told = rows_and_told()
    made = [decided("accept" if number % 3 else "reject", quote(row)) for number, row in enumerate(rows[:16])]
    labels = np.array([float(number % 3 > 0) for number in range(16)])
    seen = told[:16, VIVID]

    def unlikely(weights: np.ndarray) -> float:
        logits = weights[0] * seen + weights[1] - 3.0
        prior = ((weights[0] - 1) / EXPECTED_CHANGE) ** 2 + 0.01 * weights[1] ** 2
        return float((np.logaddexp(0.0, logits) - labels * logits).sum() + 0.5 * prior)

    expected = minimize(unlikely, np.array([1.0, 0.0]), method="BFGS", options={"gtol": 1e-8}).x[0]
    assert learn(made, rows, told, LEVELS).gains[VIVID] == pytest.approx(expected, abs=1e-4)
