"""What a reader is told first of a candidate."""

from __future__ import annotations

import numpy as np

from pipeline.quotes.candidates import Candidate
from pipeline.quotes.features import Described
from pipeline.quotes.rank import TOLD, Scored
from pipeline.quotes.ranker import MEANING
from pipeline.quotes.reasons import in_short, signs

FEATURES = ("dangling", "tag_VBD", "daily", "feeling", "procedure", "asks", "turn_start")


def short(*shown: str, n: int = 1, **told: float) -> tuple[str, ...]:
    """What is told of a quote of `n` statements, whose last one has these features."""
    values = {name.replace("_", " "): value for name, value in told.items()}
    scored = Scored(Candidate("rt1:t0000", ("s",) * n, 0, 0, 9), tuple(values.get(group, 0.0) for group in TOLD), 0.0)
    values_of = np.zeros((n, len(FEATURES)))
    values_of[-1] = [name in shown for name in FEATURES]
    return in_short(scored, [(0.0, 1.0)] * len(TOLD), signs(Described(FEATURES, values_of, ("rt1",) * n)))


def test_what_can_be_checked_against_the_quote_comes_before_what_cannot() -> None:
    assert MEANING == "its meaning"
    assert short(its_meaning=9.0, makes_a_claim=2.0, stands_alone=3.0) == (
        "stands alone", "makes a claim", "close in meaning to what readers print",
    )  # fmt: skip


def test_what_holds_it_back_follows_and_what_hardly_matters_is_not_said() -> None:
    assert short("dangling", stands_alone=-2.0, length=1.0, a_question=0.4) == (
        "a good length",
        "but: leans on what was said before",
    )


def test_nobody_reads_more_than_three_of_each() -> None:
    groups = {"stands_alone": 5.0, "makes_a_claim": 4.0, "length": 3.0, "plainly_said": 2.0}
    assert short(**groups) == ("stands alone", "makes a claim", "a good length")


def test_nothing_is_said_of_a_quote_that_its_own_words_contradict() -> None:
    # "They've left it till then" stands alone, and "I've washed him in the kitchen for six years" tells no experience.
    assert short("dangling", stands_alone=3.0) == short("tag_VBD", tells_an_experience=-3.0) == ()
    assert short(stands_alone=-3.0) == short(tells_an_experience=3.0) == ()
    assert short(procedure_and_paperwork=-3.0) == short(a_question=-3.0) == short(vivid_and_concrete=3.0) == ()
    assert short("feeling", feeling_and_judgement=-3.0) == short("turn_start", place_in_the_talk=3.0) == ()


def test_what_a_quote_leans_on_is_read_at_its_beginning() -> None:
    assert short("dangling", n=2, stands_alone=3.0) == ("stands alone",)
    assert short("tag_VBD", n=2, tells_an_experience=3.0) == ("tells an experience",)
