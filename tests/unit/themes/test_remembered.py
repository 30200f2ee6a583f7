"""What was worked out of a talk is kept, and asked anew where anything of the talk is another."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from counting_memory import CountingMemory

from pipeline.themes.cluster import ABSENT, subjects_of
from pipeline.themes.context import Talk
from pipeline.themes.remembered import labels_without, remembered_subjects

SUBJECTS = [0] * 15 + [1] * 15 + [2] * 15


def invented() -> Talk:
    """Three subjects, one after the other, each in a direction of its own."""
    chance = np.random.default_rng(1)
    own = np.eye(8)[SUBJECTS] + 0.1 * chance.normal(size=(len(SUBJECTS), 8))
    return Talk(
        transcript_id="rt1",
        own=(own / np.linalg.norm(own, axis=1, keepdims=True)).astype(np.float32),
        turns=np.arange(len(SUBJECTS)),
        speakers=[f"P{number % 3}" for number in range(len(SUBJECTS))],
        facilitator=np.zeros(len(SUBJECTS), dtype=bool),
        aside=np.zeros(len(SUBJECTS), dtype=bool),
        texts=["What we saw there was much the same as what the others had seen before us then."] * len(SUBJECTS),
    )


def test_the_second_time_the_same_subjects_are_found_without_work(tmp_path: Path) -> None:
    talk = invented()
    first = remembered_subjects(talk, CountingMemory(tmp_path))
    again = CountingMemory(tmp_path)
    found = remembered_subjects(talk, again)
    assert again.made == 0
    for one in (first, subjects_of(talk)):
        assert found.labels.tolist() == one.labels.tolist()
        assert found.confidence.tolist() == one.confidence.tolist()
        assert found.further == one.further


@pytest.mark.parametrize(
    "change",
    [
        {"own": np.roll(invented().own, 1, axis=0)},
        {"speakers": ["P9"] * len(SUBJECTS)},
        {"aside": np.ones(len(SUBJECTS), dtype=bool)},
        {"texts": ["Let's move on to the next item, please, as we have little time left today."] * len(SUBJECTS)},
        {"turns": np.arange(len(SUBJECTS)) // 2},
        {"facilitator": np.ones(len(SUBJECTS), dtype=bool)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_another_talk_is_worked_out_anew(tmp_path: Path, change: dict[str, Any]) -> None:
    kept = CountingMemory(tmp_path)
    remembered_subjects(invented(), kept)
    remembered_subjects(replace(invented(), **change), kept)
    assert kept.made == 2


def test_another_number_asked_for_and_other_code_are_worked_out_anew(tmp_path: Path) -> None:
    kept, other_code = CountingMemory(tmp_path), CountingMemory(tmp_path, code="two")
    remembered_subjects(invented(), kept)
    remembered_subjects(invented(), kept, count=2)
    remembered_subjects(invented(), other_code)
    assert (kept.made, other_code.made) == (2, 1)


def test_a_talk_without_some_is_worked_out_once_and_as_if_they_had_not_been_there(tmp_path: Path) -> None:
    talk, kept = invented(), CountingMemory(tmp_path)
    groups = [frozenset({"P0", "P7"}), frozenset({"P8"}), frozenset({"P2"})]
    labels = labels_without(talk, groups, None)
    for _ in range(2):
        assert labels_without(talk, groups, kept).tolist() == labels.tolist()
    # With all of them, and without each group of whom somebody spoke: two questions.
    assert kept.made == 2
    rest, rows = talk.without(frozenset({"P0"}))
    assert labels[0, rows].tolist() == subjects_of(rest).labels.tolist()
    assert set(np.delete(labels[0], rows).tolist()) == {ABSENT}
    assert labels[1].tolist() == subjects_of(talk).labels.tolist()
    labels_without(talk, groups[:2], kept)
    assert kept.made == 3
