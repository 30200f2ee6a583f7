"""The themes that emerge from all transcripts of a run: found in each conversation, then joined over the series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.backends.protocols import Encoder, Memory
from pipeline.tables import VectorSet
from pipeline.themes.cluster import Subjects, by_size
from pipeline.themes.context import Matrix, Rows, Talk
from pipeline.themes.opinions import opinions_of
from pipeline.themes.remembered import remembered_subjects
from pipeline.themes.returning import join, parts_of
from pipeline.themes.words import content_words

# What stands in a theme; procedure, thanks and nods are kept out of the themes and stay visible.
KINDS = ("substantive", "question")
# "I agree with that." has a place in the conversation, but a statement of two words is about nothing.
FEWEST_WORDS = 3
# In a conversation somebody speaks again, and neighbours speak of the same: by so much more alike than any two others.
_NEIGHBOURLY = 0.02


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
    """All transcripts, each statement in its place; `ids` and `in_theme` are parallel to their statements."""

    talks: tuple[Talk, ...]
    ids: tuple[str, ...]
    in_theme: tuple[bool, ...]
    opinions: Encoder | None  # reads the statements where they answer nobody; None leaves the talks' own vectors

    def without(self, left_out: frozenset[str]) -> Talks:
        """The transcripts as if these speakers had not been there."""
        talks: list[Talk] = []
        ids: list[str] = []
        in_theme: list[bool] = []
        first = 0
        for talk in self.talks:
            kept, rows = talk.without(left_out)
            if len(kept):
                talks.append(kept)
                ids.extend(self.ids[first + row] for row in rows)
                in_theme.extend(self.in_theme[first + row] for row in rows)
            first += len(talk)
        return Talks(tuple(talks), tuple(ids), tuple(in_theme), self.opinions)


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
                words=[content_words(text) for text in rows["text"]],
            )
        )
    return Talks(tuple(talks), tuple(ordered["statement_id"]), tuple(bool(value) for value in inside), opinions)


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
    single = len(talks.talks) == 1
    parts = [remembered_subjects(talk, memory, count=count if single else 0) for talk in talks.talks]
    if single:
        return _largest_first(parts[0], talks)
    return _largest_first(_joined(talks.talks, parts, count), talks)


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


def _joined(talks: Sequence[Talk], parts: Sequence[Subjects], count: int) -> Subjects:
    """The subjects of several talks, the same subject of two talks under one label."""
    themes = join(parts_of(talks, parts), count=count)
    labels: list[Rows] = []
    further: list[tuple[int, int, float]] = []
    first = subject = 0
    for part in parts:
        count_here = int(part.labels.max()) + 1
        theme = np.append(themes[subject : subject + count_here], -1)  # a label of -1 stays one
        labels.append(theme[part.labels])
        others = ((first + row, int(theme[at]), sure) for row, at, sure in part.further)
        further.extend(one for one in others if one[1] != labels[-1][one[0] - first])
        first, subject = first + len(part.labels), subject + count_here
    return Subjects(np.concatenate(labels), np.concatenate([part.confidence for part in parts]), _once(further))


def _once(further: Sequence[tuple[int, int, float]]) -> tuple[tuple[int, int, float], ...]:
    best: dict[tuple[int, int], float] = {}
    for row, label, sure in further:
        best[row, label] = max(sure, best.get((row, label), 0.0))
    return tuple((row, label, sure) for (row, label), sure in sorted(best.items()))


def _largest_first(found: Subjects, talks: Talks) -> Emergent:
    """Renumbered by the participants' statements in each theme, so that e01 is what most was said about."""
    facilitated = np.concatenate([talk.facilitator for talk in talks.talks])
    counted = np.array(talks.in_theme) & ~facilitated
    labels = by_size(found.labels, counted.astype(np.float64))
    new = dict(zip(found.labels.tolist(), labels.tolist(), strict=True))
    carried = set(labels[counted].tolist()) if counted.any() else set(labels.tolist())
    further = tuple((row, new[label], sure) for row, label, sure in found.further if new.get(label) in carried)
    by_people = np.isin(labels, sorted(carried)) | (labels == UNLIKE)
    return Emergent(np.where(by_people, labels, FACILITATED), found.confidence, further)
