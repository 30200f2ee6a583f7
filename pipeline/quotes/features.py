"""What can be counted about a statement: its grammar, its words and its place, as numbers that a linear model weighs.

The features come in groups, by which a quote's reasons are told: see GROUPS. Everything is counted from the tokens
and the text as they stand after anonymising; nothing is loaded.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from pipeline.quotes.words import FORMS, LEMMAS, OPENERS, PATTERNS
from pipeline.tables import Statement, Token, Turn

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
    tokens: Mapping[str, Sequence[Token]],
    own: NDArray[np.float32],
) -> Described:
    """The features of every statement; `statements` sorted by statement_id, `tokens` a turn's in order."""
    counts, openings, words = _count(statements, turns, tokens)
    n_words = np.maximum(counts.pop("n_words"), 1.0)
    features: dict[str, Numbers] = {"word_length": counts.pop("n_letters") / n_words, "log_words": np.log(n_words)}
    for name, values in counts.items():
        features[name] = np.minimum(values, _MOST)
        features[f"{name}_share"] = values / np.sqrt(n_words)
    for knee in _LENGTH_KNEES:
        features[f"over_{knee}"] = np.maximum(0.0, n_words - knee) / 20.0
    features |= openings | _places(statements, turns) | _rarities(statements, words) | _likeness(statements, own)
    values = np.column_stack(list(features.values())) if statements else np.zeros((0, len(features)))
    return Described(tuple(features), values, tuple(statement.transcript_id for statement in statements))


def group_of(feature: str) -> str:
    """The group that a feature is told in."""
    plain = feature.removesuffix("_share") if feature != "speaker_share" else feature
    return next(group for group, names in GROUPS.items() if plain in names)


def _count(
    statements: Sequence[Statement], turns: Mapping[str, Turn], tokens: Mapping[str, Sequence[Token]]
) -> tuple[dict[str, Numbers], dict[str, Numbers], list[tuple[str, ...]]]:
    """Counts by name, openings by name, and each statement's words in lower case (a name is no word)."""
    rows, openings, words = [], [], []
    starts = {turn_id: [token.start for token in listed] for turn_id, listed in tokens.items()}
    for statement in statements:
        inside = starts.get(statement.turn_id, [])
        low, high = bisect_left(inside, statement.start), bisect_left(inside, statement.end)
        spoken = [token for token in tokens.get(statement.turn_id, ())[low:high] if token.pos not in _SILENT]
        text = turns[statement.turn_id].text
        forms = [text[token.start : token.end].lower().replace("’", "'") for token in spoken]
        rows.append(_counts(statement.text, spoken, forms))
        openings.append(_opening(spoken, forms))
        words.append(tuple(map(_folded, spoken, forms)))
    return _columns(rows, _counts("", [], [])), _columns(openings, _opening([], [])), words


_SILENT = frozenset({"PUNCT", "SPACE", "SYM"})


def _columns(rows: Sequence[Mapping[str, float]], names: Mapping[str, float]) -> dict[str, Numbers]:
    return {name: np.array([row[name] for row in rows], dtype=np.float64) for name in names}


def _counts(text: str, spoken: Sequence[Token], forms: Sequence[str]) -> dict[str, float]:
    plain = text.translate(_PLAIN)
    lower = plain.lower()
    lemmas = Counter(token.lemma.lower() for token in spoken)
    said = Counter(forms)
    tags = Counter(token.tag for token in spoken)
    row = {"n_words": float(len(spoken)), "n_letters": float(sum(map(len, forms)))}
    row |= {name: float(sum(lemmas[word] for word in lemmas.keys() & listed)) for name, listed in LEMMAS.items()}
    row |= {name: float(sum(said[word] for word in said.keys() & listed)) for name, listed in FORMS.items()}
    for name, pattern in PATTERNS.items():
        row[name] = float(len(pattern.findall(plain if name == "acronym" else lower)))
    row |= {f"tag_{tag}": float(tags[tag]) for tag in _TAGS}
    row["compared"] = float(sum(tags[tag] for tag in _COMPARED))
    row["name"] = float(sum(token.pos == "PROPN" for token in spoken))
    row["negated"] = float(sum(token.dep == "neg" for token in spoken))
    row["clauses"] = float(sum(token.dep in _CLAUSES for token in spoken))
    row["conditions"] = float(sum(token.dep == "advcl" for token in spoken))
    row["root_is"] = float(sum(token.dep == "ROOT" and token.lemma == "be" for token in spoken))
    row["root_past"] = float(sum(token.dep == "ROOT" and token.tag == "VBD" for token in spoken))
    row["asks_mark"] = float(lower.rstrip(" '\"").endswith("?"))
    return row


_PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"'})


def _opening(spoken: Sequence[Token], forms: Sequence[str]) -> dict[str, float]:
    first = forms[0] if forms else ""
    row = {name: float(first in listed) for name, listed in OPENERS.items()}
    row["opens_noun"] = float(bool(spoken) and spoken[0].pos in ("NOUN", "PROPN", "DET", "ADJ"))
    row["opens_think"] = float("i think" in " ".join(forms[:6]))
    row["points_early"] = float(any(form in FORMS["pointing"] for form in forms[:3]))
    dangling, named = 0, False
    for token, form in zip(spoken, forms, strict=True):
        named = named or token.pos == "NOUN"
        dangling += not named and token.pos == "PRON" and form in FORMS["pointing"]
    row["dangling"] = float(min(dangling, 3))
    return row


def _folded(token: Token, form: str) -> str:
    if token.pos == "PROPN" or form.startswith("["):
        return "<name>"
    return "<number>" if token.pos == "NUM" else form


def _places(statements: Sequence[Statement], turns: Mapping[str, Turn]) -> dict[str, Numbers]:
    """Where a statement stands in its turn and its transcript, and how much its speaker says there."""
    speakers = [(statement.transcript_id, turns[statement.turn_id].speaker) for statement in statements]
    in_turn = Counter(statement.turn_id for statement in statements)
    in_transcript = Counter(statement.transcript_id for statement in statements)
    said_by = Counter(speakers)
    seen: Counter[str] = Counter()
    seen_there: Counter[str] = Counter()
    rows = []
    for statement, speaker in zip(statements, speakers, strict=True):
        order, there = seen[statement.turn_id], seen_there[statement.transcript_id]
        seen[statement.turn_id] += 1
        seen_there[statement.transcript_id] += 1
        size, length = in_turn[statement.turn_id], in_transcript[statement.transcript_id]
        rows.append(
            {
                "turn_start": float(order == 0),
                "turn_second": float(order == 1),
                "turn_end": float(order == size - 1),
                "turn_place": order / max(size - 1, 1),
                "turn_order": min(order, 10) / 10,
                "turn_size": log(size),
                "transcript_place": there / length,
                "speaker_share": said_by[speaker] / length,
            }
        )
    return _columns(rows, dict.fromkeys(GROUPS["place in the talk"][:8], 0.0))


def _rarities(statements: Sequence[Statement], words: Sequence[tuple[str, ...]]) -> dict[str, Numbers]:
    """How unusual the words are in their transcript: mean inverse document frequency, and that of the four rarest."""
    spoken_in: dict[str, Counter[str]] = defaultdict(Counter)
    n_in = Counter(statement.transcript_id for statement in statements)
    for statement, said in zip(statements, words, strict=True):
        spoken_in[statement.transcript_id].update(set(said))
    rows = []
    for statement, said in zip(statements, words, strict=True):
        known, n = spoken_in[statement.transcript_id], n_in[statement.transcript_id]
        values = sorted(log(n / known[word]) for word in set(said)) or [0.0]
        rows.append({"rarity": sum(values) / len(values), "rarest": sum(values[-4:]) / len(values[-4:])})
    return _columns(rows, {"rarity": 0.0, "rarest": 0.0})


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
