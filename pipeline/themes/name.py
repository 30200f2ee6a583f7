"""Names a theme in its participants' own words, and says how it differs from its nearest neighbour.

Candidates are weighed by class-based TF-IDF (Grootendorst 2022, arXiv:2203.05794, section 3.3), counted by people
rather than by lines, by how much of what was said with them is in the theme (exclusivity; Bischof and Airoldi 2012),
by how central the statements are in which they stand, by how near their own meaning is to the theme's (as KeyBERT), and
chosen to differ from each other (maximal marginal relevance; Carbonell and Goldstein 1998).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.backends.protocols import Encoder
from pipeline.tables import VectorSet
from pipeline.themes.phrases import Uttered, most_written, without_parts

Matrix = NDArray[np.float64]

# What a phrase counts that only one participant used, and what one that was said in one turn only: colour, more often
# than a subject, but in a short theme there may be nothing else.
_ONE_PERSONS = 0.5
_SAID_ONCE = 0.5
# What a word more adds to a phrase's weight: "bus lane" says more than "bus", and is counted less. Said once, "the
# council highways fella" is only longer.
_LONGER = 1.5
_EXCLUSIVE = 0.25  # power of the share of a phrase's uses that lies in the theme: of 1, "trust" could name no theme
# Of its turns a word stands in one longer phrase: then it is a part of that phrase, not a word beside it.
_SWALLOWED = 0.6
_NAME_OF_ITS_OWN = 0.5  # weight of "Cardiff" or "Erasmus": where it was, oftener than what it was about
_SHORTLIST = 40  # phrases a theme whose meaning is looked at: beyond, c-TF-IDF is near zero
_KEYWORDS = 8
_CENTRAL = 5
# A phrase's score is its c-TF-IDF to this power, times its meaning's cosine with the theme's and what even one that has
# nothing to do with it is given: a name must be both said and meant.
_OFTEN, _LEAST_MEANT = 0.5, 0.3
_DIVERSITY = 0.2  # of MMR: 0 takes the best phrases, 1 the most different ones
_SAME = 0.7  # phrases so alike are one: "child" and "children"
_USUALLY_NEAR = 2  # statements as near as usual that stand in for a phrase, which was perhaps said once
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


@dataclass
class _Heard:
    """Where a phrase was said in a theme."""

    turns: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  # by participant
    transcripts: set[str] = field(default_factory=set)

    def weight(self) -> float:
        """How often, by people: who says it again adds less each time, and what one person says counts less."""
        often = sum(float(np.log2(1 + len(turns))) for turns in self.turns.values())
        return often * (1.0 if len(self.turns) > 1 else _ONE_PERSONS) * (1.0 if self.again() else _SAID_ONCE)

    def again(self) -> bool:
        """Whether it was said in more than one turn."""
        return sum(map(len, self.turns.values())) > 1


def name_themes(
    statements: pd.DataFrame,
    members: Mapping[str, Sequence[str]],
    vectors: VectorSet,
    *,
    uttered: Mapping[str, Sequence[Uttered]],
    speakers: Mapping[str, str],
    encoder: Encoder,
    given: Mapping[str, str] | None = None,
) -> dict[str, Named]:
    """A name for each theme, by theme_id; no two alike.

    Args:
        statements: the statements table.
        members: statement ids by theme_id, as evidence of what the theme is: leave out what facilitators said.
        vectors: `own` is used.
        uttered: the phrases of each statement, by statement_id (see `phrases.phrases_said`).
        speakers: who spoke, by turn_id.
        encoder: the one that made the vectors, for the phrases.
        given: names that stand, by theme_id: people's, or a codebook's. No other theme takes them, also where their
            own theme isn't among `members`.
    """
    given = given or {}
    order = sorted(members)
    places = {
        name: (turn, speakers.get(turn, turn), transcript)
        for name, turn, transcript in zip(
            statements["statement_id"], statements["turn_id"], statements["transcript_id"], strict=True
        )
    }
    counts = {theme: _counts(sorted(members[theme]), places, uttered) for theme in order}
    tfidf = _class_tfidf(counts, _names_of_their_own(uttered))
    written = most_written(Counter((one.key, one.written) for name in places for one in uttered.get(name, ())))
    middles = _middles(order, members, vectors)
    near = {theme: _nearness(members[theme], middles[row], vectors) for row, theme in enumerate(order)}
    weights = {theme: _more_if_central(tfidf[theme], near[theme], uttered) for theme in order}
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
            _central(near[theme]),
            nearest,
            tuple(written[phrase] for phrase in differs),
        )
    return named


def _counts(
    members: Sequence[str], places: Mapping[str, tuple[str, str, str]], uttered: Mapping[str, Sequence[Uttered]]
) -> dict[str, float]:
    """How much each phrase was said in a theme, by its key; only those that are fit to name it."""
    heard: dict[str, _Heard] = defaultdict(_Heard)
    transcripts: set[str] = set()
    for name in members:
        if name not in places:
            continue
        turn, speaker, transcript = places[name]
        transcripts.add(transcript)
        for phrase in uttered.get(name, ()):
            heard[phrase.key].turns[speaker].add(turn)
            heard[phrase.key].transcripts.add(transcript)
    # What a theme returned with names it better than what was said of it on one day.
    spread = {key: (len(one.transcripts) / len(transcripts)) ** 0.5 for key, one in heard.items()}
    whole = without_parts({key: one.weight() * spread[key] for key, one in heard.items()}, swallowed=_SWALLOWED)
    return {key: count * (_LONGER ** key.count(" ") if heard[key].again() else 1.0) for key, count in whole.items()}


def _names_of_their_own(uttered: Mapping[str, Sequence[Uttered]]) -> frozenset[str]:
    return frozenset(one.key for phrases in uttered.values() for one in phrases if one.is_name)


def _class_tfidf(counts: Mapping[str, Mapping[str, float]], names: frozenset[str]) -> dict[str, dict[str, float]]:
    """tf(phrase, theme) * log(1 + A / f(phrase)), times how exclusive the phrase is to the theme."""
    total: dict[str, float] = defaultdict(float)
    for phrases in counts.values():
        for phrase, count in phrases.items():
            total[phrase] += count
    average = sum(total.values()) / max(len(counts), 1)
    weights = {}
    for theme, phrases in counts.items():
        size = max(sum(phrases.values()), 1.0)
        weights[theme] = {
            phrase: count / size * float(np.log1p(average / total[phrase])) * (count / total[phrase]) ** _EXCLUSIVE
            * (_NAME_OF_ITS_OWN if phrase in names else 1.0)
            for phrase, count in phrases.items()
        }  # fmt: skip
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
    score = (strength / max(strength.max(), 1e-12)) ** _OFTEN * np.maximum(_LEAST_MEANT + meaning @ middle, 0.0)
    score, alike = np.round(score, 6), np.round(meaning @ meaning.T, 6)  # another BLAS differs in the last bits
    chosen = [int(score.argmax())]
    while len(chosen) < min(_KEYWORDS, len(shortlist)):
        gain = (1 - _DIVERSITY) * score - _DIVERSITY * alike[:, chosen].max(axis=1)
        for taken in chosen:
            same = set(shortlist[taken].split())
            for number, phrase in enumerate(shortlist):
                if same & set(phrase.split()):
                    gain[number] = -np.inf
        gain[(alike[:, chosen] > _SAME).any(axis=1)] = -np.inf
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


def _nearness(ids: Sequence[str], middle: NDArray[np.float64], vectors: VectorSet) -> dict[str, float]:
    """How near each of a theme's statements is to its middle, by statement_id in order."""
    rows = {name: row for row, name in enumerate(vectors.ids)}
    known = sorted(name for name in ids if name in rows)
    near = np.round(vectors.own[[rows[name] for name in known]].astype(np.float64) @ middle, 6)
    return dict(zip(known, near.tolist(), strict=True))


def _central(near: Mapping[str, float]) -> tuple[str, ...]:
    return tuple(sorted(near, key=lambda name: (-near[name], name))[:_CENTRAL])


def _more_if_central(
    weights: Mapping[str, float], near: Mapping[str, float], uttered: Mapping[str, Sequence[Uttered]]
) -> dict[str, float]:
    """The weights, e times as much for phrases of statements that are a standard deviation nearer than usual."""
    values = np.array(list(near.values()) or [0.0])
    spread = max(float(values.std()), 1e-6)
    nearer: dict[str, float] = defaultdict(float)
    times: Counter[str] = Counter()
    for name, value in near.items():
        for key in {phrase.key for phrase in uttered.get(name, ())}:
            nearer[key] += (value - float(values.mean())) / spread
            times[key] += 1
    return {
        phrase: weight * float(np.exp(nearer[phrase] / (times[phrase] + _USUALLY_NEAR)))
        for phrase, weight in weights.items()
    }
