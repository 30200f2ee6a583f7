"""What can be counted about a statement: its grammar, its words and its place, as numbers that a linear model weighs.

The features come in groups, by which a quote's reasons are told: see GROUPS. Everything is counted from the tokens
and the text as they stand after anonymising; nothing is loaded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.quotes.spoken import Rows, Spoken, spoken_in
from pipeline.quotes.words import FORMS, LEMMAS, OPENERS, PATTERNS
from pipeline.tables import Statement, Turn

Numbers = NDArray[np.float64]

_TAGS = ("VBD", "VBP", "VBZ", "VBG", "VB", "VBN", "MD", "JJ", "RB", "NN", "NNS", "PRP", "CD")
_CLAUSES = frozenset({"ccomp", "advcl", "relcl", "acl", "conj"})
_COMPARED = frozenset({"JJR", "JJS", "RBR", "RBS"})
_LENGTH_KNEES = (8, 14, 20, 28, 38, 50, 65, 90)  # words: where the liking for a length may change its slope
_MOST = 5.0  # a count above this says no more: six commas are as many as twenty

GROUPS: dict[str, tuple[str, ...]] = {
    "stands alone": (*OPENERS, "opens_noun", "points_early", "dangling", "pointing", "they", "connective",
                     "back_reference"),
    "makes a claim": ("ought", "the_problem_is", "it_is_hard", "not_but", "not_about", "universal", "cause", "if_then",
                      "negated", "contrast", "aphorism", "stand", "superlative", "compared", "root_is", "nobody",
                      "conditions", "opens_think"),
    "tells an experience": ("told_us", "told_scene", "own", "saying", "speech", "i", "tag_VBD", "root_past", "time"),
    "vivid and concrete": ("image", "daily", "people", "harsh", "rarity", "rarest", "scale", "amount"),
    "feeling and judgement": ("feeling", "problem", "worth", "emphasis", "candid"),
    "length": ("log_words", "word_length", *(f"over_{knee}" for knee in _LENGTH_KNEES)),
    "plainly said": ("filler", "hedge", "cut_off", "comma", "dash", "strong_stop", "clauses", "we", "you",
                     *(f"tag_{tag}" for tag in _TAGS if tag != "VBD")),
    "procedure and paperwork": ("procedure", "administration", "thanks", "programme_talk", "year", "acronym", "name",
                                "mark", "measure"),
    "a question": ("asks", "asks_mark", "tag_question"),
    "place in the talk": ("turn_start", "turn_second", "turn_end", "turn_place", "turn_order", "turn_size",
                          "transcript_place", "speaker_share", "near_before", "near_after"),
    "speaks for its subject": ("near_centre",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Described:
    """The statements' features: neither scaled nor centred, but by transcript where `scaled` is called."""

    names: tuple[str, ...]
    values: Numbers  # (n, features)
    transcripts: tuple[str, ...]  # of each statement

    def scaled(self, mean: Numbers, deviation: Numbers, *, prior: float) -> Numbers:
        """Each feature against its transcript's own mean and deviation, drawn to the given ones by `prior` statements.

        What counts as long, or as plain, is a matter of the company: a table of nurses and one of lawyers differ.
        """
        scaled = np.zeros_like(self.values)
        labels = np.array(self.transcripts)
        for transcript in sorted(set(self.transcripts)):
            rows = np.flatnonzero(labels == transcript)
            own, n = self.values[rows], len(rows)
            centre = (own.sum(axis=0) + prior * mean) / (n + prior)
            spread = (((own - centre) ** 2).sum(axis=0) + prior * deviation**2) / (n + prior)
            scaled[rows] = (own - centre) / np.sqrt(np.maximum(spread, 1e-12))
        return np.clip(scaled, -6.0, 6.0)


def describe(
    statements: Sequence[Statement],
    turns: Mapping[str, Turn],
    tokens: pd.DataFrame,
    own: NDArray[np.float32],
) -> Described:
    """The features of every statement; `statements` sorted by statement_id, `tokens` the table, in any order.

    A statement's features depend on its own transcript alone.
    """
    spoken = spoken_in(statements, turns, tokens)
    counts = _counts([statement.text for statement in statements], spoken)
    n_words = np.maximum(counts.pop("n_words"), 1.0)
    features: dict[str, Numbers] = {"word_length": counts.pop("n_letters") / n_words, "log_words": np.log(n_words)}
    for name, values in counts.items():
        features[name] = np.minimum(values, _MOST)
        features[f"{name}_share"] = values / np.sqrt(n_words)
    for knee in _LENGTH_KNEES:
        features[f"over_{knee}"] = np.maximum(0.0, n_words - knee) / 20.0
    features |= _openings(spoken) | _places(statements, turns)
    features |= _rarities(statements, spoken) | _likeness(statements, own)
    values = np.column_stack(list(features.values()))
    return Described(tuple(features), values, tuple(statement.transcript_id for statement in statements))


def group_of(feature: str) -> str:
    """The group that a feature is told in."""
    plain = feature.removesuffix("_share") if feature != "speaker_share" else feature
    return next(group for group, names in GROUPS.items() if plain in names)


def _counts(texts: Sequence[str], spoken: Spoken) -> dict[str, Numbers]:
    """What each statement has how many of, by name."""
    lemmas, counted = spoken.lemma.lowered(), spoken.counted
    letters = np.array([len(form) for form in spoken.form.vocabulary], dtype=np.int64)[spoken.form.numbers]
    found: dict[str, Numbers] = {
        "n_words": np.bincount(spoken.row, minlength=spoken.count).astype(np.float64),
        "n_letters": np.bincount(spoken.row, letters, spoken.count).astype(np.float64),
    }
    found |= {name: counted(lemmas.among(listed)) for name, listed in LEMMAS.items()}
    found |= {name: counted(spoken.form.among(listed)) for name, listed in FORMS.items()}
    plain = [text.translate(_PLAIN) for text in texts]
    lower = [text.lower() for text in plain]
    for name, pattern in PATTERNS.items():
        searched = plain if name == "acronym" else lower
        found[name] = np.array([len(pattern.findall(text)) for text in searched], dtype=np.float64)
    found |= {f"tag_{tag}": counted(spoken.tag.among({tag})) for tag in _TAGS}
    found["compared"] = counted(spoken.tag.among(_COMPARED))
    found["name"] = counted(spoken.pos.among({"PROPN"}))
    found["negated"] = counted(spoken.dep.among({"neg"}))
    found["clauses"] = counted(spoken.dep.among(_CLAUSES))
    found["conditions"] = counted(spoken.dep.among({"advcl"}))
    root = spoken.dep.among({"ROOT"})
    found["root_is"] = counted(root & spoken.lemma.among({"be"}))
    found["root_past"] = counted(root & spoken.tag.among({"VBD"}))
    found["asks_mark"] = np.array([text.rstrip(" '\"").endswith("?") for text in lower], dtype=np.float64)
    return found


_PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"'})


def _openings(spoken: Spoken) -> dict[str, Numbers]:
    """How each statement begins, and what points at something that it hasn't named yet."""
    form, first = spoken.form, spoken.place == 0
    found = {name: spoken.counted(first & form.among(listed)) for name, listed in OPENERS.items()}
    found["opens_noun"] = spoken.counted(first & spoken.pos.among({"NOUN", "PROPN", "DET", "ADJ"}))
    early = spoken.place < 6
    heads: list[list[str]] = [[] for _ in range(spoken.count)]
    for row, number in zip(spoken.row[early].tolist(), form.numbers[early].tolist(), strict=True):
        heads[row].append(form.vocabulary[number])
    found["opens_think"] = np.array(["i think" in " ".join(head) for head in heads], dtype=np.float64)
    points = form.among(FORMS["pointing"])
    found["points_early"] = np.minimum(spoken.counted(points & (spoken.place < 3)), 1.0)
    nouns = np.cumsum(spoken.pos.among({"NOUN"}))
    before = np.cumsum(np.bincount(spoken.row[spoken.pos.among({"NOUN"})], minlength=spoken.count))
    named = nouns > np.append(0, before)[spoken.row]
    found["dangling"] = np.minimum(spoken.counted(points & ~named & spoken.pos.among({"PRON"})), 3.0)
    return found


def _places(statements: Sequence[Statement], turns: Mapping[str, Turn]) -> dict[str, Numbers]:
    """Where a statement stands in its turn and its transcript, and how much its speaker says there."""
    order, size = _orders([statement.turn_id for statement in statements])
    there, length = _orders([statement.transcript_id for statement in statements])
    speakers = [(statement.transcript_id, turns[statement.turn_id].speaker) for statement in statements]
    said_by = Counter(speakers)
    return {
        "turn_start": (order == 0).astype(np.float64),
        "turn_second": (order == 1).astype(np.float64),
        "turn_end": (order == size - 1).astype(np.float64),
        "turn_place": order / np.maximum(size - 1, 1),
        "turn_order": np.minimum(order, 10) / 10,
        "turn_size": np.array([log(many) for many in size.tolist()], dtype=np.float64),
        "transcript_place": there / length,
        "speaker_share": np.array([said_by[speaker] for speaker in speakers], dtype=np.float64) / length,
    }


def _orders(names: Sequence[str]) -> tuple[Rows, Rows]:
    """Of each the place among those of the same name, from 0, and how many they are."""
    many, seen = Counter(names), Counter[str]()
    order = np.zeros(len(names), dtype=np.int64)
    for at, name in enumerate(names):
        order[at] = seen[name]
        seen[name] += 1
    return order, np.array([many[name] for name in names], dtype=np.int64)


def _rarities(statements: Sequence[Statement], spoken: Spoken) -> dict[str, Numbers]:
    """How unusual the words are in their transcript: mean inverse document frequency, and that of the four rarest."""
    transcript = pd.factorize(np.array([statement.transcript_id for statement in statements], dtype=object))[0]
    row, word = _different_words(spoken)
    _, there, spoken_in = np.unique(
        transcript[row] * (int(word.max(initial=0)) + 1) + word, return_inverse=True, return_counts=True
    )
    ratios, which = np.unique(np.bincount(transcript)[transcript[row]] / spoken_in[there], return_inverse=True)
    values = np.array([log(ratio) for ratio in ratios.tolist()], dtype=np.float64)[which]
    # From the commonest to the rarest, and added up one by one in that order.
    order = np.lexsort((values, row))
    row, values = row[order], values[order]
    many = np.bincount(row, minlength=len(statements))
    rarest = np.cumsum(many)[row] - np.arange(len(row)) <= _RAREST
    return {
        "rarity": np.bincount(row, values, len(statements)) / np.maximum(many, 1),
        "rarest": np.bincount(row[rarest], values[rarest], len(statements)) / np.clip(many, 1, _RAREST),
    }


_RAREST = 4  # words


def _different_words(spoken: Spoken) -> tuple[Rows, Rows]:
    """Each statement's different words by number, statement by statement; names are one word, and so are numbers."""
    count = len(spoken.form.vocabulary)
    marks = np.array([form.startswith("[") for form in spoken.form.vocabulary], dtype=bool)[spoken.form.numbers]
    word = np.where(spoken.pos.among({"NUM"}), count + 1, spoken.form.numbers)
    word = np.where(marks | spoken.pos.among({"PROPN"}), count, word)
    pairs = np.unique(spoken.row * (count + 2) + word)
    return pairs // (count + 2), pairs % (count + 2)


def _likeness(statements: Sequence[Statement], own: NDArray[np.float32]) -> dict[str, Numbers]:
    """How near a statement is to what its transcript is about, and to the statements beside it in its turn."""
    n = len(statements)
    transcripts = np.array([statement.transcript_id for statement in statements])
    centre = np.zeros(n)
    for transcript in sorted(set(transcripts.tolist())):
        rows = np.flatnonzero(transcripts == transcript)
        mean = own[rows].mean(axis=0)
        centre[rows] = own[rows] @ mean / max(float(np.linalg.norm(mean)), 1e-9)
    before = np.zeros(n)
    for row in range(1, n):
        if statements[row].turn_id == statements[row - 1].turn_id:
            before[row] = float(own[row] @ own[row - 1])
    return {"near_centre": centre, "near_before": before, "near_after": np.append(before[1:], 0.0)[:n]}
