"""The subjects of a talk, worked out once: a run with another setting, or with a transcript more, finds them again."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import partial

import numpy as np

from pipeline.backends.protocols import Arrays, Memory
from pipeline.themes.cluster import ABSENT, Subjects, subjects_of
from pipeline.themes.context import Rows, Talk


def remembered_subjects(talk: Talk, memory: Memory | None, *, count: int = 0) -> Subjects:
    """As `subjects_of`; with a memory, no talk is worked out twice."""
    if memory is None:
        return subjects_of(talk, count=count)
    kept = memory.recall(_asked(talk, count), partial(_worked_out, talk, count))
    further = zip(kept["rows"].tolist(), kept["others"].tolist(), kept["shares"].tolist(), strict=True)
    return Subjects(kept["labels"], kept["confidence"], tuple(further))


def labels_without(talk: Talk, left_out: Sequence[frozenset[str]], memory: Memory | None) -> Rows:
    """(len(left_out), n): the subjects of a talk as if each of these groups of speakers had not been there in turn.

    Their own statements are ABSENT. Groups of whom nobody spoke here change nothing.
    """
    here = [tuple(sorted(group.intersection(talk.speakers))) for group in left_out]
    groups = sorted({group for group in here if group})
    whole = remembered_subjects(talk, memory).labels
    if not groups:
        return np.tile(whole, (len(here), 1))
    if memory is None:
        again = _without_each(talk, groups)["labels"]
    else:
        asked = hashlib.sha256(_asked(talk, 0) + repr(groups).encode()).digest()
        again = memory.recall(asked, partial(_without_each, talk, groups))["labels"]
    return np.stack([again[groups.index(group)] if group else whole for group in here])


def _without_each(talk: Talk, groups: Sequence[tuple[str, ...]]) -> Arrays:
    labels = np.full((len(groups), len(talk)), ABSENT, dtype=np.int64)
    for at, group in enumerate(groups):
        rest, rows = talk.without(frozenset(group))
        labels[at, rows] = subjects_of(rest).labels
    return {"labels": labels}


def _asked(talk: Talk, count: int) -> bytes:
    """A hash over everything that the subjects depend on."""
    digest = hashlib.sha256(f"{count} {talk.own.shape} {talk.own.dtype}".encode())
    for column in (talk.own, talk.turns, talk.facilitator, talk.aside):
        digest.update(np.ascontiguousarray(column).tobytes())
    for words in (talk.speakers, talk.texts):
        digest.update(b"\0".join(word.encode() for word in words) + b"\0\0")
    return digest.digest()


def _worked_out(talk: Talk, count: int) -> Arrays:
    found = subjects_of(talk, count=count)
    return {
        "labels": found.labels,
        "confidence": found.confidence,
        "rows": np.array([row for row, _, _ in found.further], dtype=np.int64),
        "others": np.array([label for _, label, _ in found.further], dtype=np.int64),
        "shares": np.array([share for _, _, share in found.further], dtype=np.float64),
    }
