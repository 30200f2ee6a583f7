"""What is said of a theme, and by how many, in columns."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pipeline.themes.phrases import Uttered
from pipeline.themes.speech import Speech, speech_of

# statement_id, turn_id, transcript_id, the phrases said in it
SAID = [
    ("s1", "t1", "rt1", ["bus lane", "bus", "lane", "Hedges"]),
    ("s2", "t2", "rt1", ["bus lane", "bus", "lane"]),
    ("s3", "t3", "rt2", ["hedges", "hedges", "ferry"]),
    ("s4", "t3", "rt2", ["hedges"]),
    ("s5", "t4", "rt2", ["bus", "ferry"]),
]
SPEAKERS = {"t1": "P01", "t2": "P02", "t3": "P03", "t4": "P03"}


def speech(order: list[int]) -> Speech:
    rows = [SAID[at] for at in order]
    statements = pd.DataFrame([row[:3] for row in rows], columns=["statement_id", "turn_id", "transcript_id"])
    uttered = {name: [Uttered(word.lower(), word, word == "ferry") for word in words] for name, _, _, words in rows}
    return speech_of(statements, uttered, SPEAKERS)


def counted(of: Speech, *names: str) -> dict[str, float]:
    counts = of.counted(np.array(sorted(of.row_of[name] for name in names), dtype=np.int64))
    return {of.keys[at]: value for at, value in zip(counts.phrases.tolist(), counts.values.tolist(), strict=True)}


def test_phrases_are_counted_by_people_turns_and_talks_and_parts_of_one_phrase_are_not() -> None:
    half = 0.5**0.5  # of two talks, in one
    assert counted(speech([0, 1, 2, 3, 4]), "s1", "s2", "s3", "s4") == pytest.approx(
        # Two people in two turns, and a word longer; two people, in both talks; once, by one person.
        {"bus lane": 2 * half * 1.5, "hedges": 2.0, "ferry": 0.5 * 0.5 * half}
    )
    # It stands alone too, and so is more than a part of a longer phrase.
    assert counted(speech([0, 1, 2, 3, 4]), "s1", "s2", "s5")["bus"] == pytest.approx(3.0)
    # Who says it again in another turn adds less.
    assert counted(speech([0, 1, 2, 3, 4]), "s3", "s5")["ferry"] == pytest.approx(0.5 * np.log2(3))


def test_the_order_of_statements_changes_nothing_and_a_phrase_is_written_as_it_mostly_is() -> None:
    one, other = speech([0, 1, 2, 3, 4]), speech([4, 2, 0, 3, 1])
    assert counted(one, "s1", "s3", "s5") == counted(other, "s1", "s3", "s5")
    assert dict(zip(one.keys, one.written, strict=True))["hedges"] == "hedges"
    assert [key for key, is_name in zip(one.keys, one.is_name, strict=True) if is_name] == ["ferry"]


def test_statements_without_a_phrase_count_nothing() -> None:
    none = speech_of(pd.DataFrame([("s1", "t1", "rt1")], columns=["statement_id", "turn_id", "transcript_id"]), {}, {})
    assert counted(none, "s1") == {}
