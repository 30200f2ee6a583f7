"""The themes found anew as if some of the people had not been there; what nobody's absence changes is kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from pipeline.backends.protocols import Memory
from pipeline.themes.cluster import ABSENT
from pipeline.themes.context import Rows
from pipeline.themes.emergent import Talks, carried_by_people, find_emergent, is_conversation, themes_of_subjects
from pipeline.themes.remembered import labels_without
from pipeline.themes.returning import Sums, sums_of


def found_without(
    talks: Talks, left_out: Sequence[frozenset[str]], *, count: int = 0, memory: Memory | None = None
) -> Iterator[Rows]:
    """The themes without each of these groups of speakers in turn.

    Each time a number for each statement: of its theme, or below 0 where it has none or nobody was there to say it.
    """
    joined = [group for group in left_out if _are_joined(talks, group)]
    subjects = [labels_without(talk, joined, memory) for talk in talks.talks] if joined else []
    weights = [talk.weights() for talk in talks.talks]
    whole: dict[int, Sums] = {}
    for group in left_out:
        if group not in joined:
            yield _found_in_the_rest(talks, group, count, memory)
            continue
        labels = [here[joined.index(group)] for here in subjects]
        sums = []
        for at, talk in enumerate(talks.talks):
            # Most people spoke in one talk: what the others add up to is the same whoever of them is left out.
            kept = whole.get(at) if group.isdisjoint(talk.speakers) else None
            sums.append(kept or sums_of(talk.own, weights[at], labels[at]))
            if group.isdisjoint(talk.speakers):
                whole[at] = sums[-1]
        found = np.concatenate(themes_of_subjects(talks, labels, sums, count))
        yield np.where(carried_by_people(talks, found, np.concatenate(labels) != ABSENT), found, ABSENT)


def _are_joined(talks: Talks, left_out: frozenset[str]) -> bool:
    """Whether several talks are left, and one of them is a conversation: then their subjects are joined."""
    rest = [talk for talk in talks.talks if not left_out.issuperset(talk.speakers)]
    return len(rest) > 1 and any(is_conversation(talk.without(left_out)[0]) for talk in rest)


def _found_in_the_rest(talks: Talks, left_out: frozenset[str], count: int, memory: Memory | None) -> Rows:
    labels = np.full(len(talks.ids), ABSENT, dtype=np.int64)
    rest = talks.without(left_out)
    labels[talks.spoken_without(left_out)] = find_emergent(rest, count=count, memory=memory).labels
    return labels
