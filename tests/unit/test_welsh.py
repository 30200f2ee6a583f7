"""Welsh words change at their beginning."""

from __future__ import annotations

import pytest

from pipeline.welsh import mutations


@pytest.mark.parametrize(
    ("word", "changed"),
    [
        ("caerdydd", ("gaerdydd", "nghaerdydd", "chaerdydd")),
        ("llandudno", ("landudno",)),
        ("gwynedd", ("wynedd", "ngwynedd")),
        ("bangor", ("fangor", "mangor")),
        ("chester", ()),
        ("aberystwyth", ()),
    ],
)
def test_welsh_words_mutate(word, changed):
    assert mutations(word) == changed
