"""What lifted a candidate and what held it back, in words that a reader can check against the quote."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.quotes.features import GROUPS, Described
from pipeline.quotes.languages import LANGUAGE
from pipeline.quotes.rank import LENGTH, TOLD, Scored
from pipeline.quotes.ranker import CLOSER, MEANING, READING, SURROUNDINGS
from pipeline.tables import QuoteReason

_LIFTS: dict[str, str] = {
    "stands alone": "stands alone",
    "makes a claim": "makes a claim",
    "tells an experience": "tells an experience",
    "vivid and concrete": "vivid and concrete",
    "feeling and judgement": "says what is at stake",
    "length": "a good length",
    "plainly said": "plainly said",
    "procedure and paperwork": "not about procedure",
    "a question": "not a question",
    "place in the talk": "well into an answer",
    "speaks for its subject": "more than the usual talk here",
    MEANING: "close in meaning to what readers print",
    READING: "reads like what readers print",
    CLOSER: "stands out on a closer reading",
    SURROUNDINGS: "in a passage worth quoting",
    LANGUAGE: "ranked among what was said in Welsh",
    LENGTH: "the further statements carry it on",
}
_HOLDS: dict[str, str] = {
    "stands alone": "leans on what was said before",
    "makes a claim": "claims little",
    "tells an experience": "tells no experience",
    "vivid and concrete": "abstract",
    "feeling and judgement": "says little of what is at stake",
    "length": "an awkward length",
    "plainly said": "not plainly said",
    "procedure and paperwork": "about procedure or paperwork",
    "a question": "a question",
    "place in the talk": "at the edge of a turn",
    "speaks for its subject": "the usual talk here",
    MEANING: "far in meaning from what readers print",
    READING: "doesn't read like what readers print",
    # True too of what was not read closely, because others stood above it.
    CLOSER: "not among what a closer reading lifts",
    SURROUNDINGS: "in a passage seldom quoted",
    LENGTH: "leaves out words of a long statement",
}
# What the words themselves say can be seen in a quote: a group's weights may lift "They've left it till then", of which
# nobody would say that it stands alone. Each sign is any of its features; of what a quote leans on, its beginning's.
_SIGNS: dict[str, frozenset[str]] = {
    "leans": frozenset({"opens_and", "opens_but", "opens_so", "opens_because", "opens_pointing", "points_early",
                        "dangling", "back_reference"}),
    "tells": frozenset({"told_scene", "i", "tag_VBD", "root_past"}),
    "concrete": frozenset({"image", "daily", "people", "harsh", "scale", "amount"}),
    "at stake": frozenset({"feeling", "problem", "worth"}),
    "paperwork": frozenset({"procedure", "administration", "thanks", "programme_talk", "measure"}),
    "asks": frozenset({"asks", "asks_mark", "tag_question"}),
    "edge": frozenset({"turn_start", "turn_end"}),
    "start": frozenset({"turn_start"}),
}  # fmt: skip
_NEEDS = {
    "leans on what was said before": "leans",
    "tells an experience": "tells",
    "vivid and concrete": "concrete",
    "says what is at stake": "at stake",
    "about procedure or paperwork": "paperwork",
    "a question": "asks",
    "at the edge of a turn": "edge",
}
_RULED_OUT_BY = {
    "stands alone": "leans",
    "tells no experience": "tells",
    "abstract": "concrete",
    "says little of what is at stake": "at stake",
    "not about procedure": "paperwork",
    "not a question": "asks",
    "well into an answer": "start",
}
_OF_ITS_BEGINNING = frozenset({"leans", "start"})
Signs = Mapping[str, NDArray[np.bool_]]
# A group is named where it moves a candidate by more than this much of its usual spread among all candidates.
NOTABLE = 0.5
MOST_NAMED = 3  # lifts, and as many holds: more is a list that nobody reads
_OPAQUE = frozenset(words[group] for words in (_LIFTS, _HOLDS) for group in (MEANING, READING, CLOSER, SURROUNDINGS))
PROJECT = "this project's reviewers"
# What goes by English words, or by an encoder that Welsh was kept from: it says nothing of a Welsh quote.
_OF_ENGLISH = frozenset({
    "stands alone", "makes a claim", "tells an experience", "vivid and concrete", "feeling and judgement",
    "plainly said", "procedure and paperwork", CLOSER,
})  # fmt: skip


def signs(described: Described) -> Signs:
    """Which of the statements have each of the signs that a reason's words speak of."""
    return {
        sign: np.asarray(described.values[:, [name in features for name in described.names]].any(axis=1))
        for sign, features in _SIGNS.items()
    }


def explain(
    scored: Scored, usual: Sequence[tuple[float, float]], shown: Signs, *, welsh: bool = False
) -> list[tuple[str, float, str]]:
    """(group, score, words) for each group, in the order of TOLD; words are empty where it hardly mattered.

    And where what is `shown` by the candidate's statements contradicts them; of a Welsh candidate also where the group
    goes by what it knows of English. `usual` has the mean and the spread of each group among all candidates: a reason
    is what sets this one apart.
    """
    found = []
    for group, value, (mean, spread) in zip(TOLD, scored.told, usual, strict=True):
        away = (value - mean) / spread if spread > 0 else 0.0
        words = _LIFTS[group] if away > NOTABLE else _HOLDS.get(group, "") if away < -NOTABLE else ""
        if (welsh and group in _OF_ENGLISH) or not _true_of(scored, words, shown):
            words = ""
        found.append((group, value, words))
    return found


def _true_of(scored: Scored, words: str, shown: Signs) -> bool:
    """Whether the quote has the sign that these words need, or lacks the one that rules them out."""
    sign = _NEEDS.get(words) or _RULED_OUT_BY.get(words)
    if sign is None:
        return True
    rows = list(scored.candidate.rows)[: 1 if sign in _OF_ITS_BEGINNING else None]
    return bool(shown[sign][rows].any()) == (words in _NEEDS)


def in_short(
    scored: Scored, usual: Sequence[tuple[float, float]], shown: Signs, *, welsh: bool = False
) -> tuple[str, ...]:
    """The reasons that mattered most: what lifted it, then "but" what held it back."""
    told = explain(scored, usual, shown, welsh=welsh)
    away = {words: value - mean for (_, value, words), (mean, _) in zip(told, usual, strict=True) if words}
    # What can be checked against the quote comes first; that it is like other quotes, last.
    lifts = sorted(
        (words for words in away if away[words] > 0), key=lambda words: (words in _OPAQUE, -away[words], words)
    )
    holds = sorted(
        (words for words in away if away[words] < 0), key=lambda words: (words in _OPAQUE, away[words], words)
    )
    return (*lifts[:MOST_NAMED], *(f"but: {words}" for words in holds[:MOST_NAMED]))


def reason_rows(
    quote_id: str, scored: Scored, usual: Sequence[tuple[float, float]], shown: Signs, *, welsh: bool = False
) -> Iterator[QuoteReason]:
    """The candidate's rows of the table quote_reasons; their scores add up to its score."""
    for group, value, words in explain(scored, usual, shown, welsh=welsh):
        yield QuoteReason(quote_id, group, value, words)


# To stand lower for its language happens only where hardly anybody spoke English, and is no reason against a quote.
assert set(_LIFTS) == {*_HOLDS, LANGUAGE} == {*GROUPS, MEANING, READING, CLOSER, SURROUNDINGS, LANGUAGE, LENGTH}
