"""Names a theme in its participants' own words, and says how it differs from its nearest neighbour.

Candidates are weighed by class-based TF-IDF (Grootendorst 2022, arXiv:2203.05794, section 3.3), counted by people
rather than by lines, by how much of what was said with them is in the theme (exclusivity; Bischof and Airoldi 2012),
by how central the statements are in which they stand, by how near their own meaning is to the theme's (as KeyBERT), and
chosen to differ from each other (maximal marginal relevance; Carbonell and Goldstein 1998).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.backends.protocols import Encoder, Vectors
from pipeline.tables import VectorSet
from pipeline.themes.speech import Counts, Rows, Speech, first_of_each

Matrix = NDArray[np.float64]

_EXCLUSIVE = 0.25  # power of the share of a phrase's uses that lies in the theme: of 1, "trust" could name no theme
_NAME_OF_ITS_OWN = 0.5  # weight of "Cardiff" or "Erasmus": where it was, oftener than what it was about
_SHORTLIST = 40  # phrases a theme whose meaning is looked at: beyond, c-TF-IDF is near zero
_KEYWORDS = 8
_CENTRAL = 5
# A phrase's score is its c-TF-IDF to this power, times its meaning's cosine with the theme's and what even one that has
# nothing to do with it is given: a name must be both said and meant.
_OFTEN, _LEAST_MEANT = 0.5, 0.3
_DIVERSITY = 0.2  # of MMR: 0 takes the best phrases, 1 the most different ones
_SAME = 0.7  # phrases so alike are one: "child" and "children"
_STEM = 5  # letters: "form" begins "formula"
_SAYS_ENOUGH = (3, 4)  # words in one phrase, and in two; "grain and switchboard" is known by a third
_USUALLY_NEAR = 2  # statements as near as usual that stand in for a phrase, which was perhaps said once
_JOINED = " and "
# "A" and "ac" change the word after them; a comma changes none.
_JOINED_IN_WELSH = ", "


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
    speech: Speech,
    members: Mapping[str, Sequence[str]],
    vectors: VectorSet,
    *,
    encoder: Encoder,
    given: Mapping[str, str] | None = None,
    welsh: Collection[str] = (),
) -> dict[str, Named]:
    """A name for each theme, by theme_id; no two alike.

    Args:
        speech: every statement's phrases.
        members: statement ids by theme_id, as evidence of what the theme is: leave out what facilitators said.
        vectors: `own` is used.
        encoder: the one that made the vectors, for the phrases.
        given: names that stand, by theme_id: people's, or a codebook's. No other theme takes them, also where their
            own theme isn't among `members`.
        welsh: the statements that were said in Welsh; a theme that is mostly of them is named without an English "and".
    """
    given = given or {}
    order = sorted(members)
    counts = [speech.counted(_rows(speech, members[theme])) for theme in order]
    place = {name: row for row, name in enumerate(vectors.ids)}
    known = [sorted(name for name in members[theme] if name in place) for theme in order]
    held = [np.array([place[name] for name in names], dtype=np.int64) for names in known]
    middles = _middles(held, vectors.own)
    near = [_nearness(*one, vectors.own) for one in zip(known, held, middles, strict=True)]
    weights = [_more_if_central(one, near[row], speech) for row, one in enumerate(_class_tfidf(counts, speech.is_name))]
    keywords = dict(zip(order, _keywords(weights, middles, speech, encoder), strict=True))
    joined = {theme: _JOINED_IN_WELSH if _mostly(members[theme], welsh) else _JOINED for theme in order}
    names = _unique_names(order, members, keywords, speech.written, given, joined)
    named = {}
    for row, theme in enumerate(order):
        nearest = _nearest(row, middles)
        differs = _differs(weights[row], weights[nearest]) if nearest >= 0 else ()
        named[theme] = Named(
            theme,
            names[theme],
            tuple(speech.written[phrase] for phrase in keywords[theme]),
            _central(near[row]),
            order[nearest] if nearest >= 0 else "",
            tuple(speech.written[phrase] for phrase in differs),
        )
    return named


def _rows(speech: Speech, names: Iterable[str]) -> Rows:
    """The statements' numbers, in their order."""
    return np.array(sorted(speech.row_of[name] for name in names if name in speech.row_of), dtype=np.int64)


def _class_tfidf(counts: Sequence[Counts], is_name: NDArray[np.bool_]) -> list[Counts]:
    """tf(phrase, theme) * log(1 + A / f(phrase)), times how exclusive the phrase is to the theme."""
    total = np.zeros(len(is_name))
    for one in counts:
        total[one.phrases] += one.values
    average = _sum(total[_in_order_said(counts)]) / max(len(counts), 1)
    weights = []
    for one in counts:
        share = one.values / total[one.phrases]
        values = one.values / max(_sum(one.values), 1.0) * np.log1p(average / total[one.phrases])
        # By Python's power: numpy's differs in the last bit from machine to machine.
        values = values * np.array([value**_EXCLUSIVE for value in share.tolist()])
        weights.append(Counts(one.phrases, values * np.where(is_name[one.phrases], _NAME_OF_ITS_OWN, 1.0)))
    return weights


def _in_order_said(counts: Sequence[Counts]) -> Rows:
    """Each phrase once, in the order of the themes and in each of its phrases."""
    phrases = np.concatenate([one.phrases for one in counts]) if counts else np.zeros(0, dtype=np.int64)
    return np.asarray(phrases[first_of_each(phrases)])


def _sum(values: Matrix) -> float:
    """One after the other, as people would add them: numpy adds in blocks, which its versions choose differently."""
    return sum(values.tolist(), 0.0)


def _middles(held: Sequence[Rows], own: Vectors) -> Matrix:
    """The unit mean of each theme's statements, less the mean of all."""
    general = own.mean(axis=0, dtype=np.float64) if len(own) else np.zeros(own.shape[1])
    middles = np.zeros((len(held), own.shape[1]))
    for number, rows in enumerate(held):
        if len(rows):
            middles[number] = own[rows].mean(axis=0, dtype=np.float64) - general
    unit: Matrix = middles / np.maximum(np.linalg.norm(middles, axis=1, keepdims=True), 1e-12)
    return unit


def _keywords(weights: Sequence[Counts], middles: Matrix, speech: Speech, encoder: Encoder) -> list[tuple[int, ...]]:
    """The phrases that say best what each theme is, by number, the best first."""
    shortlists = [_heaviest(one.phrases, one.values, _SHORTLIST) for one in weights]
    phrases = sorted({phrase for shortlist in shortlists for phrase in shortlist.tolist()})
    # In one go: a model answers a thousand phrases at once in half of the time.
    meaning = np.asarray(encoder.encode([speech.keys[phrase] for phrase in phrases]), dtype=np.float64)
    place = np.full(len(speech.keys), -1, dtype=np.int64)
    place[phrases] = np.arange(len(phrases))
    chosen = []
    for one, shortlist, middle in zip(weights, shortlists, middles, strict=True):
        strength = np.zeros(len(speech.keys))
        strength[one.phrases] = one.values
        words = [set(speech.keys[phrase].split()) for phrase in shortlist.tolist()]
        best = _most_telling(strength[shortlist], words, meaning[place[shortlist]], middle) if len(shortlist) else []
        chosen.append(tuple(shortlist[best].tolist()))
    return chosen


def _heaviest(phrases: Rows, values: Matrix, count: int) -> Rows:
    """Of equally heavy ones the first in the alphabet."""
    return np.asarray(phrases[np.lexsort((phrases, -values))[:count]])


def _most_telling(
    strength: Matrix, words: Sequence[set[str]], meaning: Matrix, middle: NDArray[np.float64]
) -> list[int]:
    """Phrases of a theme's shortlist, by MMR: strong, near the theme's middle, and unlike each other."""
    score = (strength / max(strength.max(), 1e-12)) ** _OFTEN * np.maximum(_LEAST_MEANT + meaning @ middle, 0.0)
    score, alike = np.round(score, 6), np.round(meaning @ meaning.T, 6)  # another BLAS differs in the last bits
    chosen = [int(score.argmax())]
    while len(chosen) < min(_KEYWORDS, len(words)):
        gain = (1 - _DIVERSITY) * score - _DIVERSITY * alike[:, chosen].max(axis=1)
        taken = set().union(*(words[number] for number in chosen))
        gain[[_share_a_word(one, taken) for one in words]] = -np.inf
        gain[(alike[:, chosen] > _SAME).any(axis=1)] = -np.inf
        if not np.isfinite(gain).any():
            break
        chosen.append(int(gain.argmax()))
    return chosen


def _share_a_word(first: set[str], second: set[str]) -> bool:
    """Whether two phrases have a word in common, or a form of one: "child" and "children"."""
    return any(one == other or _are_forms(one, other) for one in first for other in second)


def _are_forms(one: str, other: str) -> bool:
    # A key has lost its plural's "s": "universitie".
    short, long = sorted((word[:-1] + "ie" if word.endswith("y") else word for word in (one, other)), key=len)
    return len(short) >= _STEM and long.startswith(short)


def _unique_names(
    order: list[str],
    members: Mapping[str, Sequence[str]],
    keywords: Mapping[str, tuple[int, ...]],
    written: Sequence[str],
    given: Mapping[str, str],
    joined: Mapping[str, str],
) -> dict[str, str]:
    """People's names first, then the largest theme first: it has the first word."""
    names = {theme: given[theme] for theme in order if theme in given}
    taken = {name.casefold() for name in given.values()}
    for theme in sorted(set(order) - set(names), key=lambda theme: (-len(members[theme]), theme)):
        words = [written[phrase] for phrase in keywords[theme]]
        names[theme] = next(
            (name for name in _possible_names(words, joined[theme]) if name.casefold() not in taken),
            f"Unnamed theme {theme}",
        )
        taken.add(names[theme].casefold())
    return names


def _mostly(statements: Sequence[str], welsh: Collection[str]) -> bool:
    return 2 * sum(name in welsh for name in statements) > len(statements)


def _possible_names(words: list[str], joined: str) -> list[str]:
    """As many phrases as say enough, three at most; where that name is taken other pairs, then other threes."""
    lengths = [word.count(" ") + 1 for word in words]
    enough = next((number for number, least in enumerate(_SAYS_ENOUGH, 1) if sum(lengths[:number]) >= least), 3)
    pairs = [(first, second) for first in range(len(words)) for second in range(first + 1, len(words))]
    lead = words[:enough]
    possible = [", ".join(lead[:-1]) + joined + lead[-1] if lead[:-1] else lead[0]] if lead else []
    possible += [words[first] + joined + words[second] for first, second in sorted(pairs, key=sum)]
    possible += [", ".join(words[:2]) + joined + word for word in words[2:]]
    possible += words
    return [name[:1].upper() + name[1:] for name in possible]


def _nearest(row: int, middles: Matrix) -> int:
    """The nearest other theme; -1 where there is none."""
    if len(middles) < 2:
        return -1
    alike = middles @ middles[row]
    alike[row] = -np.inf
    return int(alike.argmax())


def _differs(mine: Counts, theirs: Counts) -> Rows:
    """The three phrases by which a theme is most ahead of another."""
    gain = dict(zip(mine.phrases.tolist(), mine.values.tolist(), strict=True))
    for phrase, weight in zip(theirs.phrases.tolist(), theirs.values.tolist(), strict=True):
        if phrase in gain:
            gain[phrase] -= weight
    return _heaviest(np.array(list(gain), dtype=np.int64), np.array(list(gain.values())), 3)


def _nearness(names: Sequence[str], rows: Rows, middle: NDArray[np.float64], own: Vectors) -> dict[str, float]:
    """How near each of a theme's statements is to its middle, by statement_id in order."""
    near = np.round(own[rows].astype(np.float64) @ middle, 6)
    return dict(zip(names, near.tolist(), strict=True))


def _central(near: Mapping[str, float]) -> tuple[str, ...]:
    return tuple(sorted(near, key=lambda name: (-near[name], name))[:_CENTRAL])


def _more_if_central(weights: Counts, near: Mapping[str, float], speech: Speech) -> Counts:
    """The weights, e times as much for phrases of statements that are a standard deviation nearer than usual."""
    values = np.array(list(near.values()) or [0.0])
    spread = max(float(values.std()), 1e-6)
    known = [(speech.row_of[name], value) for name, value in near.items() if name in speech.row_of]
    nearer = np.zeros(len(speech.begins) - 1)
    nearer[[row for row, _ in known]] = (np.array([value for _, value in known]) - float(values.mean())) / spread
    phrases, places = speech.said_in(np.array([row for row, _ in known], dtype=np.int64))
    once = first_of_each(phrases, places)
    count = len(speech.keys)
    above = np.bincount(phrases[once], nearer[places[once]], minlength=count)
    times = np.bincount(phrases[once], minlength=count)
    more = np.exp(above / (times + _USUALLY_NEAR))
    return Counts(weights.phrases, weights.values * more[weights.phrases])
