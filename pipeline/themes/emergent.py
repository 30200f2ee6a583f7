"""The themes that emerge from all transcripts of a run: found in each conversation, then joined over the series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.backends.protocols import Encoder, Memory
from pipeline.tables import VectorSet
from pipeline.themes.cluster import Subjects, by_size
from pipeline.themes.context import Matrix, Rows, Talk
from pipeline.themes.opinions import opinions_of
from pipeline.themes.remembered import remembered_subjects
from pipeline.themes.returning import Sums, join, parts_of, sums_of
from pipeline.themes.words import words_of_each

if TYPE_CHECKING:
    from scipy.sparse import csr_array

# What stands in a theme; procedure, thanks and nods are kept out of the themes and stay visible.
KINDS = ("substantive", "question")
# "I agree with that." has a place in the conversation, but a statement of two words is about nothing.
FEWEST_WORDS = 3
# In a conversation somebody speaks again, and neighbours speak of the same: by so much more alike than any two others.
_NEIGHBOURLY = 0.02

# A talk whose facilitators have some subjects to themselves is asked for so many more; each asking is another linkage.
_ASKED_AGAIN = 12

# Labels of statements without a theme: unlike all others; in talk that no participant takes part in.
UNLIKE = -1
FACILITATED = -2


@dataclass(frozen=True)
class Emergent:
    """Emergent themes by number, 0 the largest; parallel to the statements of the talks, one after the other."""

    labels: Rows  # UNLIKE and FACILITATED are no theme
    confidence: Matrix  # 0 to 1
    further: tuple[tuple[int, int, float], ...]  # (row, label, confidence)


@dataclass(frozen=True)
class Talks:
    """All transcripts, each statement in its place; `ids`, `in_theme` and `words` are parallel to their statements."""

    talks: tuple[Talk, ...]
    ids: tuple[str, ...]
    in_theme: NDArray[np.bool_]
    words: csr_array  # (statements, vocabulary): 1 where a content word stands in a statement
    opinions: Encoder | None  # reads the statements where they answer nobody; None leaves the talks' own vectors

    @property
    def facilitated(self) -> NDArray[np.bool_]:
        """Which statements a facilitator said."""
        return np.concatenate([talk.facilitator for talk in self.talks])

    def without(self, left_out: frozenset[str]) -> Talks:
        """The transcripts as if these speakers had not been there."""
        kept = [talk.without(left_out)[0] for talk in self.talks]
        rows = self.spoken_without(left_out)
        ids = tuple(self.ids[row] for row in rows)
        return Talks(
            tuple(talk for talk in kept if len(talk)), ids, self.in_theme[rows], self.words[rows], self.opinions
        )

    def spoken_without(self, left_out: frozenset[str]) -> Rows:
        """The statements that were said by others."""
        speakers = (name for talk in self.talks for name in talk.speakers)
        return np.array([row for row, name in enumerate(speakers) if name not in left_out], dtype=np.int64)


def talks_of(placed: pd.DataFrame, vectors: VectorSet, *, opinions: Encoder | None = None) -> Talks:
    """The transcripts of statements placed in their turns (with `index`, `speaker` and `role`).

    Args:
        opinions: an encoder that was taught which opinions are the same one, for statements that stand alone.
    """
    row_of = {name: row for row, name in enumerate(vectors.ids)}
    ordered = placed.sort_values(["transcript_id", "index", "start"], kind="stable", ignore_index=True)
    long_enough = ordered["text"].str.split().str.len() >= FEWEST_WORDS
    inside = ordered["kind"].isin(KINDS) & long_enough
    talks = []
    for name, rows in ordered.groupby("transcript_id", sort=True):
        talks.append(
            Talk(
                transcript_id=str(name),
                own=vectors.own[[row_of[statement] for statement in rows["statement_id"]]],
                turns=rows["index"].to_numpy(dtype=np.int64),
                speakers=rows["speaker"].tolist(),
                facilitator=(rows["role"] == "facilitator").to_numpy(dtype=bool),
                aside=~rows["kind"].isin(KINDS).to_numpy(dtype=bool),
                texts=rows["text"].tolist(),
            )
        )
    words = words_of_each(ordered["text"].tolist())
    return Talks(tuple(talks), tuple(ordered["statement_id"]), inside.to_numpy(dtype=bool), words, opinions)


def find_emergent(talks: Talks, *, count: int = 0, memory: Memory | None = None) -> Emergent:
    """The themes of all talks; `count` themes if people asked for so many, 0 for as many as there are.

    With a `memory`, the subjects of a talk that was seen before are not worked out again.
    """
    if not talks.ids:
        return Emergent(np.zeros(0, dtype=np.int64), np.zeros(0), ())
    if not any(is_conversation(talk) for talk in talks.talks):
        texts = [text for talk in talks.talks for text in talk.texts]
        vectors = talks.opinions.encode(texts) if talks.opinions else _own(talks.talks)
        return _largest_first(opinions_of(vectors, texts, count=count), talks)
    if len(talks.talks) == 1:
        return _of_one(talks, count, memory)
    return _largest_first(_joined(talks, [remembered_subjects(talk, memory) for talk in talks.talks], count), talks)


def _of_one(talks: Talks, count: int, memory: Memory | None) -> Emergent:
    """The themes of a single talk; where `count` are asked for, as near to it as some asking finds.

    A subject of which only facilitators speak is no theme, and one of a few statements goes to another: then the talk
    has fewer themes than subjects that were asked for.
    """
    near: list[tuple[int, int, Emergent]] = []
    for asked in range(count, count + _ASKED_AGAIN if count else 1):
        found = _largest_first(remembered_subjects(talks.talks[0], memory, count=asked), talks)
        themes = len(np.unique(found.labels[found.labels >= 0]))
        near.append((abs(themes - count), asked, found))
        if themes >= count:
            break
    return min(near, key=lambda one: one[:2])[2]


def is_conversation(talk: Talk) -> bool:
    """Whether statements stand beside what they answer to; the answers to a survey, one under the other, do not."""
    turns = len(np.unique(talk.turns))
    if turns < 2 or len(set(talk.speakers)) == turns:
        # One voice is a conversation where it goes on; as many voices as turns answer nobody, unless they go on too.
        return len(talk) >= 3 * turns and len(talk) > 3
    if len(talk) > turns * 1.5:
        return True
    neighbours = float((talk.own[1:] * talk.own[:-1]).sum(1).mean())
    middle = talk.own.astype(np.float64).mean(0)
    return neighbours - float(middle @ middle) > _NEIGHBOURLY


def _own(talks: Sequence[Talk]) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return np.concatenate([talk.own for talk in talks])


def themes_of_subjects(talks: Talks, labels: Sequence[Rows], sums: Sequence[Sums], count: int) -> list[Rows]:
    """The theme of each statement of several talks, from its subject in its own talk; what is below 0 stays."""
    themes = join(parts_of(sums, labels, talks.words), count=count)
    found: list[Rows] = []
    first = 0
    for one in labels:
        here = np.append(themes[first : first + int(one.max(initial=-1)) + 1], UNLIKE)
        found.append(np.where(one >= 0, here[np.maximum(one, -1)], one))
        first += len(here) - 1
    return found


def _joined(talks: Talks, subjects: Sequence[Subjects], count: int) -> Subjects:
    """The subjects of several talks, the same subject of two talks under one label."""
    own = [one.labels for one in subjects]
    sums = [sums_of(talk.own, talk.weights(), one) for talk, one in zip(talks.talks, own, strict=True)]
    labels = np.concatenate(themes_of_subjects(talks, own, sums, count))
    further: list[tuple[int, int, float]] = []
    first = 0
    for one in subjects:
        theme = dict(zip(one.labels.tolist(), labels[first : first + len(one.labels)].tolist(), strict=True))
        others = ((first + row, theme[at], sure) for row, at, sure in one.further)
        further.extend(other for other in others if other[1] != labels[other[0]])
        first += len(one.labels)
    return Subjects(labels, np.concatenate([one.confidence for one in subjects]), _once(further))


def _once(further: Sequence[tuple[int, int, float]]) -> tuple[tuple[int, int, float], ...]:
    best: dict[tuple[int, int], float] = {}
    for row, label, sure in further:
        best[row, label] = max(sure, best.get((row, label), 0.0))
    return tuple((row, label, sure) for (row, label), sure in sorted(best.items()))


def _largest_first(found: Subjects, talks: Talks) -> Emergent:
    """Renumbered by the participants' statements in each theme, so that e01 is what most was said about."""
    by_people = carried_by_people(talks, found.labels, np.ones(len(talks.ids), dtype=bool))
    labels = by_size(found.labels, (talks.in_theme & ~talks.facilitated).astype(np.float64))
    new = dict(zip(found.labels.tolist(), labels.tolist(), strict=True))
    carried = set(found.labels[by_people].tolist())
    further = tuple((row, new[label], sure) for row, label, sure in found.further if label in carried)
    return Emergent(np.where(by_people | (labels == UNLIKE), labels, FACILITATED), found.confidence, further)


def carried_by_people(talks: Talks, labels: Rows, there: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which statements are of a theme that a participant speaks of, of those who were there; all where none does."""
    counted = talks.in_theme & ~talks.facilitated & there
    return np.isin(labels, np.unique(labels[counted] if counted.any() else labels))
