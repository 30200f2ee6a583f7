"""Whatever is done to an approved quote, it is found; whatever only typography does to it, it isn't."""

from __future__ import annotations

from functools import cache
from random import Random

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pipeline.synthesis.verify.check import Run, verify_document
from pipeline.synthesis.verify.findings import VerifyReport
from pipeline.synthesis.verify.folding import fold
from pipeline.synthesis.wording import Scale
from tests.unit.synthesis.invented import ACCEPTED, decided

QUOTES = [text for _, text in ACCEPTED]


@cache
def run() -> Run:
    return Run(decided(), Scale())


def checked(quote: str) -> VerifyReport:
    return verify_document("paper.txt", f"“{quote}”".encode(), decided(), run=run())


@settings(deadline=None, max_examples=100)
@given(st.sampled_from(QUOTES), st.data())
def test_any_other_letter_is_found(quote: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(quote) - 1).filter(lambda at: quote[at].isalnum()))
    other = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwyzâŵŷ0123456789").filter(lambda one: one != quote[place]))
    edited = data.draw(
        st.sampled_from(
            [
                quote[:place] + other + quote[place + 1 :],
                quote[:place] + quote[place + 1 :],
                quote[:place] + other + quote[place:],
            ]
        )
    )
    assume(fold(edited).text != fold(quote).text)
    assert [found.kind for found in checked(edited).findings] == ["changed"]


@settings(deadline=None, max_examples=100)
@given(st.sampled_from(QUOTES), st.data())
def test_any_word_left_out_or_put_in_is_found(quote: str, data: st.DataObject) -> None:
    listed = quote.split()
    place = data.draw(st.integers(0, len(listed) - 1))
    other = data.draw(st.sampled_from(["not", "never", "always", "twelve", "money"]))
    edited = " ".join(
        data.draw(
            st.sampled_from(
                [
                    [*listed[:place], *listed[place + 1 :]],
                    [*listed[:place], other, *listed[place:]],
                    [*listed[:place], other, *listed[place + 1 :]],
                ]
            )
        )
    )
    assume(fold(edited).text != fold(quote).text)
    assert [found.kind for found in checked(edited).findings] == ["changed"]


SPACES = [" ", "\u00a0", "\u202f", "  ", "\n"]


@settings(deadline=None, max_examples=100)
@given(st.sampled_from(QUOTES), st.randoms(use_true_random=False))
def test_typography_alone_is_no_finding(quote: str, chance: Random) -> None:
    pieces = []
    for letter in quote:
        if letter == " ":
            pieces.append(chance.choice(SPACES))
        elif letter in "’'":
            pieces.append(chance.choice("’'ʼ"))
        else:
            pieces.append(letter + ("\u00ad" if letter.isalpha() and chance.random() < 0.1 else ""))
    assert checked("".join(pieces)).findings == ()


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=60))
def test_folding_never_loses_its_place(text: str) -> None:
    folded = fold(text)
    assert len(folded.places) == len(folded.text) + 1
    assert list(folded.places) == sorted(folded.places)
    assert folded.places[-1] == len(text)
    assert fold(folded.text).text == folded.text
