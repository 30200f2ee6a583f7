"""Names a theme in its participants' own words, and says how it differs from its nearest neighbour.

Candidates are the phrases between function words in the statements of a theme (no model of grammar is needed, so that
a Welsh turn or a poor transcript has names too), said in two turns or more where there are such: what is said once is
colour, not a subject. They are weighed by class-based TF-IDF (Grootendorst 2022,
arXiv:2203.05794, section 3.3), by how near their meaning is to the theme's (as KeyBERT), and chosen to differ from each
other (maximal marginal relevance; Carbonell and Goldstein 1998).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.backends.protocols import Encoder
from pipeline.tables import VectorSet
from pipeline.themes.words import folded, function_words

Matrix = NDArray[np.float64]

# A word, with its inner apostrophes and hyphens; or a break, which no phrase crosses: a mark, a pseudonym in brackets.
_PIECE = re.compile(r"\[[^\]]*\]|[^\W\d_](?:[\w'’-]*\w)?|[^\w\s]|\d\S*")
_WORDS_AT_MOST = 3  # in a phrase: a longer one is a clause, and is hardly said twice
_SAID_AGAIN = 2  # turns: see above
_FEWEST = 3  # candidates of a theme before those that were said once are let in
_LONGER = 1.5  # what a word more adds to a phrase's weight: "bus lane" says more than "bus", and is counted less
_SWALLOWED = (
    0.6  # of its turns a word stands in one longer phrase: then it is a part of that phrase, not a word beside it
)
_SHORTLIST = 40  # phrases a theme whose meaning is looked at: beyond, c-TF-IDF is near zero
_KEYWORDS = 8
_CENTRAL = 5
_NEARNESS = 0.5  # weight of meaning against c-TF-IDF
_DIVERSITY = 0.4  # of MMR: 0 takes the best phrases, 1 the most different ones
_JOINED = " and "


@dataclass(frozen=True, slots=True)
class Named:
    """What a theme is called, and by what."""

    theme_id: str
    name: str
    keywords: tuple[str, ...]  # best first
    central: tuple[str, ...]  # ids of the statements nearest to the theme's middle, nearest first
    nearest: str  # theme_id of the nearest other theme; empty where there is none
    differs: tuple[str, ...]  # phrases that this theme has and the nearest one has not


def name_themes(
    statements: pd.DataFrame,
    members: Mapping[str, Sequence[str]],
    vectors: VectorSet,
    *,
    encoder: Encoder,
    given: Mapping[str, str] | None = None,
) -> dict[str, Named]:
    """A name for each theme, by theme_id; no two alike.

    Args:
        statements: the statements table.
        members: statement ids by theme_id, as evidence of what the theme is: leave out what facilitators said.
        vectors: `own` is used.
        encoder: the one that made the vectors, for the phrases.
        given: names that stand, by theme_id: people's, or a codebook's. No other theme takes them, also where their
            own theme isn't among `members`.
    """
    given = given or {}
    said = dict(
        zip(statements["statement_id"], zip(statements["turn_id"], statements["text"], strict=True), strict=True)
    )
    order = sorted(members)
    counted = {theme: _count(said[name] for name in sorted(members[theme]) if name in said) for theme in order}
    weights = _class_tfidf({theme: phrases for theme, (phrases, _) in counted.items()})
    surface = Counter[tuple[str, str]]()
    for _, forms in counted.values():
        surface.update(forms)
    written = _most_written(surface)
    middles = _middles(order, members, vectors)
    keywords = {theme: _keywords(weights[theme], middles[row], encoder) for row, theme in enumerate(order)}
    names = _unique_names(order, members, keywords, written, given)
    named = {}
    for row, theme in enumerate(order):
        nearest = _nearest(row, order, middles)
        differs = _differs(weights[theme], weights[nearest]) if nearest else ()
        named[theme] = Named(
            theme,
            names[theme],
            tuple(written[phrase] for phrase in keywords[theme]),
            _central(members[theme], middles[row], vectors),
            nearest,
            tuple(written[phrase] for phrase in differs),
        )
    return named


def phrases_of(text: str) -> list[str]:
    """The candidate phrases of a statement as they stand in it: up to three words between function words."""
    phrases = []
    for run in _runs(text):
        for first in range(len(run)):
            for last in range(first + 1, min(first + _WORDS_AT_MOST, len(run)) + 1):
                phrases.append(" ".join(run[first:last]))
    return phrases


def _runs(text: str) -> list[list[str]]:
    runs: list[list[str]] = [[]]
    for piece in _PIECE.findall(text):
        if _breaks(piece):
            runs.append([])
        else:
            runs[-1].append(piece)
    return [run for run in runs if run]


def _breaks(piece: str) -> bool:
    """Whether no phrase goes over this: a mark, a function word, a number, a contraction, an adverb."""
    word = piece.lower().replace("’", "'")
    return (
        not piece[0].isalpha()
        or len(piece) < 3
        or "'" in word
        or word in function_words()
        or (word.endswith("ly") and word not in _LY_NOUNS)
        or _NUMBER.match(word) is not None
    )


def _count(said: Iterable[tuple[str, str]]) -> tuple[Counter[str], Counter[tuple[str, str]]]:
    """In how many turns each phrase stands, folded; and how it is written. `said` is turn ids and texts."""
    turns: dict[str, set[str]] = defaultdict(set)
    forms: Counter[tuple[str, str]] = Counter()
    for turn_id, text in said:
        for phrase in phrases_of(text):
            if not phrase.lower().endswith("ed"):  # "people called": a clause that was cut, not a thing
                turns[folded(phrase)].add(turn_id)
                forms[(folded(phrase), phrase)] += 1
    phrases = Counter({phrase: len(found) for phrase, found in turns.items()})
    return _without_parts(_said_again(phrases)), forms


def _said_again(phrases: Counter[str]) -> Counter[str]:
    again = Counter({phrase: count for phrase, count in phrases.items() if count >= _SAID_AGAIN})
    return again if len(again) >= _FEWEST else phrases


def _without_parts(phrases: Counter[str]) -> Counter[str]:
    """The phrases but for those that mostly stand within one longer phrase."""
    within: Counter[str] = Counter()
    for phrase, count in phrases.items():
        words = phrase.split()
        for first in range(len(words)):
            for last in range(first + 1, len(words) + 1):
                if last - first < len(words):
                    part = folded(" ".join(words[first:last]))
                    within[part] = max(within[part], count)
    return Counter({phrase: count for phrase, count in phrases.items() if within[phrase] < _SWALLOWED * count})


def _most_written(forms: Counter[tuple[str, str]]) -> dict[str, str]:
    """The way a phrase is mostly written; on a tie the smaller letters, as sentences' first words are capital."""
    best: dict[str, tuple[int, str]] = {}
    for (key, form), count in sorted(forms.items()):
        best[key] = max(best.get(key, (0, "")), (count, form))
    return {key: form for key, (_, form) in best.items()}


def _class_tfidf(counts: Mapping[str, Counter[str]]) -> dict[str, dict[str, float]]:
    """tf(phrase, theme) * log(1 + A / f(phrase)); longer phrases gain by their length, since their counts are small."""
    total: Counter[str] = Counter()
    for phrases in counts.values():
        total.update(phrases)
    average = sum(total.values()) / max(len(counts), 1)
    weights = {}
    for theme, phrases in counts.items():
        size = max(sum(phrases.values()), 1)
        weights[theme] = {
            phrase: count / size * float(np.log1p(average / total[phrase])) * _LONGER ** phrase.count(" ")
            for phrase, count in phrases.items()
        }
    return weights


def _middles(order: list[str], members: Mapping[str, Sequence[str]], vectors: VectorSet) -> Matrix:
    """The unit mean of each theme's statements, less the mean of all."""
    rows = {name: row for row, name in enumerate(vectors.ids)}
    own = vectors.own.astype(np.float64)
    general = own.mean(axis=0) if len(own) else np.zeros(own.shape[1])
    middles = np.zeros((len(order), own.shape[1]))
    for number, theme in enumerate(order):
        found = sorted(rows[name] for name in members[theme] if name in rows)
        if found:
            middles[number] = own[found].mean(axis=0) - general
    unit: Matrix = middles / np.maximum(np.linalg.norm(middles, axis=1, keepdims=True), 1e-12)
    return unit


def _keywords(weights: Mapping[str, float], middle: NDArray[np.float64], encoder: Encoder) -> tuple[str, ...]:
    """The phrases that say best what a theme is, by MMR."""
    shortlist = sorted(weights, key=lambda phrase: (-weights[phrase], phrase))[:_SHORTLIST]
    if not shortlist:
        return ()
    meaning = np.asarray(encoder.encode(shortlist), dtype=np.float64)
    strength = np.array([weights[phrase] for phrase in shortlist])
    score = (1 - _NEARNESS) * strength / max(strength.max(), 1e-12) + _NEARNESS * (meaning @ middle)
    alike = meaning @ meaning.T
    chosen = [int(score.argmax())]
    while len(chosen) < min(_KEYWORDS, len(shortlist)):
        gain = (1 - _DIVERSITY) * score - _DIVERSITY * alike[:, chosen].max(axis=1)
        for taken in chosen:
            same = set(shortlist[taken].split())
            for number, phrase in enumerate(shortlist):
                if same & set(phrase.split()):
                    gain[number] = -np.inf
        gain[chosen] = -np.inf
        if not np.isfinite(gain).any():
            break
        chosen.append(int(gain.argmax()))
    return tuple(shortlist[number] for number in chosen)


def _unique_names(
    order: list[str],
    members: Mapping[str, Sequence[str]],
    keywords: Mapping[str, tuple[str, ...]],
    written: Mapping[str, str],
    given: Mapping[str, str],
) -> dict[str, str]:
    """People's names first, then the largest theme first: it has the first word."""
    names = {theme: given[theme] for theme in order if theme in given}
    taken = {name.casefold() for name in given.values()}
    for theme in sorted(set(order) - set(names), key=lambda theme: (-len(members[theme]), theme)):
        words = [written[phrase] for phrase in keywords[theme]]
        names[theme] = next(
            (name for name in _possible_names(words) if name.casefold() not in taken), f"Unnamed theme {theme}"
        )
        taken.add(names[theme].casefold())
    return names


def _possible_names(words: list[str]) -> list[str]:
    """One long phrase or two, then other pairs, then three."""
    pairs = [(first, second) for first in range(len(words)) for second in range(first + 1, len(words))]
    possible = [words[0]] if words and words[0].count(" ") >= 2 else []
    possible += [words[first] + _JOINED + words[second] for first, second in sorted(pairs, key=sum)]
    possible += [", ".join(words[:2]) + _JOINED + word for word in words[2:]]
    possible += words
    return [name[:1].upper() + name[1:] for name in possible]


def _nearest(row: int, order: list[str], middles: Matrix) -> str:
    if len(order) < 2:
        return ""
    alike = middles @ middles[row]
    alike[row] = -np.inf
    return order[int(alike.argmax())]


def _differs(mine: Mapping[str, float], theirs: Mapping[str, float]) -> tuple[str, ...]:
    gain = {phrase: weight - theirs.get(phrase, 0.0) for phrase, weight in mine.items()}
    return tuple(sorted(gain, key=lambda phrase: (-gain[phrase], phrase))[:3])


def _central(ids: Sequence[str], middle: NDArray[np.float64], vectors: VectorSet) -> tuple[str, ...]:
    rows = {name: row for row, name in enumerate(vectors.ids)}
    known = sorted(name for name in ids if name in rows)
    nearness = {name: float(vectors.own[rows[name]].astype(np.float64) @ middle) for name in known}
    return tuple(sorted(known, key=lambda name: (-round(nearness[name], 6), name))[:_CENTRAL])


_LY_NOUNS = frozenset({"family", "supply", "assembly", "reply", "anomaly", "elderly", "daily"})
_NUMBER = re.compile(
    r"(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
    r"|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|hundreds?|thousands?|millions?|half|third|quarter)(?:-|$)"
)
