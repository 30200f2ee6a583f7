"""What speaks for a candidate and against it, in Welsh: all that the quotes stage can say."""

from __future__ import annotations

import pytest

from pipeline.quotes import disclosure, reasons
from pipeline.synthesis.reasons import reason_in

SAID = [
    *reasons._LIFTS.values(),
    *reasons._HOLDS.values(),
    *(clue.words for clue in disclosure._CLUES),
    *(clue.coarser for clue in disclosure._CLUES),
]


@pytest.mark.parametrize("reason", sorted(set(SAID)))
def test_every_reason_has_its_words_in_welsh(reason: str) -> None:
    assert reason_in("cy", reason) != reason
    assert reason_in("en", reason) == reason


def test_a_reason_is_told_whole_with_its_number_and_its_advice() -> None:
    assert reason_in("cy", "but: abstract") == "ond: haniaethol"
    assert reason_in("cy", "check: only 3 at this roundtable are of the speaker's sector") == (
        "gwiriwch: dim ond 3 yn y ford gron hon sydd o sector y siaradwr"
    )
    assert reason_in("cy", "to lower it: leave the date out; print as one participant") == (
        "i’w lleihau: gadewch y dyddiad allan; argraffwch fel un cyfranogwr"
    )
    assert reason_in("cy", "something that 4 new models say") == "something that 4 new models say"


def test_what_speaks_against_a_quote_says_so_in_welsh() -> None:
    """ "Yn honni ychydig" is that it claims a little."""
    assert reason_in("cy", "but: claims little; says little of what is at stake") == (
        "ond: heb honni llawer; heb ddweud llawer am yr hyn sydd yn y fantol"
    )
