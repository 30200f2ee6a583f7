"""What a reader is told first of a candidate."""

from __future__ import annotations

from pipeline.quotes.candidates import Candidate
from pipeline.quotes.rank import TOLD, Scored
from pipeline.quotes.ranker import MEANING
from pipeline.quotes.reasons import in_short


def short(**told: float) -> tuple[str, ...]:
    values = {name.replace("_", " "): value for name, value in told.items()}
    scored = Scored(Candidate("rt1:t0000", ("s",), 0, 0, 9), tuple(values.get(group, 0.0) for group in TOLD), 0.0)
    return in_short(scored, [(0.0, 1.0)] * len(TOLD))


def test_what_can_be_checked_against_the_quote_comes_before_what_cannot() -> None:
    assert MEANING == "its meaning"
    assert short(its_meaning=9.0, makes_a_claim=2.0, stands_alone=3.0) == (
        "stands alone", "makes a claim", "close in meaning to what readers print",
    )  # fmt: skip


def test_what_holds_it_back_follows_and_what_hardly_matters_is_not_said() -> None:
    assert short(stands_alone=-2.0, length=1.0, a_question=0.4) == (
        "a good length",
        "but: leans on what was said before",
    )


def test_nobody_reads_more_than_three_of_each() -> None:
    groups = {"stands_alone": 5.0, "makes_a_claim": 4.0, "length": 3.0, "plainly_said": 2.0}
    assert short(**groups) == ("stands alone", "makes a claim", "a good length")
