"""Applies a codebook to every statement, several codes a statement, and learns from the codings people confirmed.

A code's score for a statement comes from three places, each explained in docs/method-codebook.md: how the statement's
meaning lies to the code's examples and to those of the other codes; the code's own phrases in its words; and what
the statements around it in the same transcript are about. The score becomes a probability, people's confirmed and
refused codings move it (pipeline.themes.confirmed), and what they said of a statement itself stands.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, islice, takewhile

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.backends.protocols import Encoder, Memory, Vectors
from pipeline.decisions import Decision
from pipeline.decisions.standing import CodingExample, coding_examples
from pipeline.store import content_hash
from pipeline.tables import ASSIGNMENTS, CARRIED_FROM, WELSH, VectorSet, stretches
from pipeline.themes.codebook import Code, Codebook
from pipeline.themes.confirmed import learned, sigmoid
from pipeline.welsh import mutations

Scores = NDArray[np.float64]  # (statements, codes)

# A confidence below this is not written: most statements have nothing to do with most codes. On the development
# meetings the ranking of a code loses .001 of its average precision by it; at .05 it would lose .025.
FLOOR = 0.01
# A phrase of the code weighs as much as two units of the classifier's log-odds, a statement's length a little: a
# sentence of five words is hardly ever coded. Set on the eight development meetings, the same for every code.
_A_PHRASE = 2.1
_A_LENGTH = 0.5
# Where no encoder read what was said in Welsh only the phrases tell anything: the log-odds of one that knows English
# hang on the code alone there, -1.0 to -2.5, so that one number near their mean stands for them.
_A_WELSH_PHRASE, _WELSH_MEANING = 4.0, -1.5
# How far a conversation colours a statement, in statements: the point being made, and the subject under discussion.
_NEAR, _FAR = 1.5, 8.0
# Where people's codings are learned from, beside a vector of length 1: a phrase, and what stands around the statement.
_A_PHRASE_LEARNED, _NEAR_LEARNED = 0.5, 0.7
# What turns a score into log-odds: fitted on the same meetings, two numbers for all codes and encoders.
_SLOPE, _START = 0.48, -4.17
# Those meetings are read statements of 22 words; people at a table say 10 at a time, and the same two numbers would
# find next to nothing in them. So where a talk's statements of some length would have fewer codes on average than
# this (the meetings have .6), all log-odds are raised alike, up to a limit: a codebook may really not fit a talk.
_CODES_A_STATEMENT, _MOST_RAISED, _SOME_LENGTH = 0.45, 1.5, 5
# The average is of a codebook of so many codes; a smaller one covers less of a talk.
_CODES_OF_THE_AVERAGE = 13
# The classifier's penalty was set with so many texts. It weighs the same against any number, so that fewer would teach
# next to nothing: they weigh as much together as these. So it is for codes without phrases; beside phrases the F1 with
# a reader is no better then (six codes, two examples each: .42 for .43).
_TEXTS_OF_THE_PENALTY = 500
# Where a code has no phrases, its scores lie closer together, and where few examples taught it, their level is chance.
# So these codes have a slope of their own, their mean over the talk is given, and half of what sets one apart from the
# others' mean is taken away: not all, as a talk may really be about one. Set on the eight meetings, with 0 to 30
# examples a code.
_SLOPE_UNPHRASED, _MEAN_UNPHRASED, _OWN_LEVEL = 0.7, -3.6, 0.5
_WORD = re.compile(r"\w+")


def assign_codes(
    statements: pd.DataFrame,
    turns: pd.DataFrame,
    vectors: VectorSet,
    *,
    codebook: Codebook,
    encoder: Encoder,
    decisions: Sequence[Decision] = (),
    examples: Sequence[CodingExample] = (),
    memory: Memory | None = None,
) -> pd.DataFrame:
    """ASSIGNMENTS of origin "codebook": each statement's codes with a confidence, the best as primary.

    Only statements that stand in `vectors` are coded. The confidence is a probability; a statement carries a code
    from CARRIED_FROM on, and rows below it, down to FLOOR, are there so that a ranking is whole. What people confirmed
    has confidence 1; what they refused has no row.

    Args:
        encoder: the one that made the vectors, for the codebook's own examples.
        decisions: those of kind "coding" are heeded, of statements in this run.
        examples: further ones, of statements in this run.
        memory: where what the codebook's examples teach, and what each transcript is scored, is kept between runs.
    """
    placed = _in_order(statements, turns, vectors)
    if placed.empty:
        return ASSIGNMENTS.empty()
    place = {name: row for row, name in enumerate(vectors.ids)}
    rows = np.array([place[name] for name in placed["statement_id"].tolist()], dtype=np.int64)
    texts, transcripts = placed["text"].tolist(), placed["transcript_id"].tolist()
    welsh = (placed["language"] == WELSH).to_numpy()
    weights = _weights(codebook, encoder, memory)
    said = _said(placed, codebook, [*coding_examples(decisions, statements), *examples])
    # One transcript at a time, each scored by itself: a run with one more has only that one to score, and no second
    # copy of all vectors is ever held.
    talks = list(stretches(transcripts))
    unread = welsh if not vectors.welsh_revision else np.zeros_like(welsh)
    said_in = [_Talk(texts[talk], vectors.own[rows[talk]], welsh[talk], unread[talk]) for talk in talks]
    alone = [_remembered(talk, codebook, weights, memory) for talk in said_in]
    scores = _in_conversation(np.concatenate(alone), transcripts)
    log_odds = _raised(_log_odds(scores, codebook, unread), placed["text"].str.split().str.len().to_numpy())
    if said.any():
        features = np.concatenate([_features(talk, codebook) for talk in said_in])
        confidences = learned(log_odds, _with_surroundings(features, transcripts), said)
    else:
        confidences = sigmoid(log_odds)
    confidences = np.where(said > 0, 1.0, np.where(said < 0, 0.0, confidences))
    return _assignments(placed["statement_id"].tolist(), codebook.ids, confidences, said > 0)


def _log_odds(scores: Scores, codebook: Codebook, unread: NDArray[np.bool_]) -> Scores:
    """What the scores are worth; of a code without phrases by how far each lies from what is usual in this talk."""
    log_odds = _SLOPE * scores + _START
    bare = _unphrased(codebook)
    if not bare.any() or unread.all():
        return log_odds
    usual = scores[~unread][:, bare].mean(axis=0)
    level = _OWN_LEVEL * usual + (1 - _OWN_LEVEL) * usual.mean()
    log_odds[:, bare] = _MEAN_UNPHRASED + _SLOPE_UNPHRASED * (scores[:, bare] - level)
    log_odds[np.ix_(unread, bare)] = _MEAN_UNPHRASED  # nothing is known of them
    return log_odds


def _unphrased(codebook: Codebook) -> NDArray[np.bool_]:
    return np.array([not (code.phrases or code.phrases_cy) for code in codebook.codes])


def _raised(log_odds: Scores, words: NDArray[np.int64]) -> Scores:
    """The log-odds, raised alike where the talk would have next to no codes."""
    from scipy.special import expit

    whole = log_odds[words >= _SOME_LENGTH]
    wanted = _CODES_A_STATEMENT * min(1.0, log_odds.shape[1] / _CODES_OF_THE_AVERAGE)

    def lacking(raise_by: float) -> float:
        return float(wanted - expit(whole + raise_by).sum(axis=1).mean())

    if not len(whole) or lacking(0.0) <= 0:
        return log_odds
    if lacking(_MOST_RAISED) >= 0:
        return log_odds + _MOST_RAISED
    from scipy.optimize import brentq  # slow to load, and most talks need no raise

    return log_odds + float(brentq(lacking, 0.0, _MOST_RAISED, xtol=1e-6))


def phrases_found(texts: Sequence[str], phrases: Sequence[str]) -> NDArray[np.float64]:
    """(texts, phrases): 1 where a phrase stands in a text, as whole words, any case."""
    plain = [_plain(text) for text in texts]
    small = [text.lower() for text in plain]
    index = _Index(small)
    found = np.zeros((len(texts), len(phrases)))
    for column, phrase in enumerate(phrases):
        # What must stand in a text literally: looking for it first is much quicker than the pattern, which is made only
        # where it does. Python keeps 512 patterns, and a codebook with more had each made again for every transcript.
        stem = max(_plain(phrase).lower().split("*"), key=len)
        if rows := [row for row in index.where(_plain(phrase).lower()) if stem in small[row]]:
            pattern = phrase_pattern(phrase)
            found[[row for row in rows if pattern.search(plain[row]) is not None], column] = 1.0
    return found


class _Index:
    """In which texts each word stands: few of a codebook's phrases begin with a word that is in many."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._all = range(len(texts))
        self._rows: dict[str, list[int]] = {}
        for row, text in enumerate(texts):
            for word in set(_WORD.findall(text)):
                self._rows.setdefault(word, []).append(row)
        self._words = sorted(self._rows)

    def where(self, phrase: str) -> Iterable[int]:
        """The texts in which a phrase's first word stands; all, where it begins with none."""
        begins = _WORD.match(phrase)
        if begins is None:
            return self._all
        word = begins[0]
        if phrase[len(word) : len(word) + 1] != "*":
            return self._rows.get(word, ())
        first = bisect_left(self._words, word)
        words = takewhile(lambda other: other.startswith(word), islice(self._words, first, None))
        return {row for other in words for row in self._rows[other]}


def phrase_pattern(phrase: str) -> re.Pattern[str]:
    """What finds a phrase in a text whose apostrophes are straight: a `*` stands for any ending of a word."""
    plain = re.escape(_plain(phrase)).replace(r"\*", r"\w*")
    # Only beside a letter is an edge an edge of a word: "£*" stands before a figure.
    before = r"(?<!\w)" if phrase[:1].isalnum() else ""
    after = r"(?!\w)" if phrase[-1:].isalnum() else ""
    return re.compile(before + plain + after, re.IGNORECASE)


def _plain(text: str) -> str:
    return text.replace("’", "'")


def _in_order(statements: pd.DataFrame, turns: pd.DataFrame, vectors: VectorSet) -> pd.DataFrame:
    """The statements that have a vector, in the order in which they were said, transcript by transcript."""
    index = turns.set_index("turn_id")["index"]
    known = statements[statements["statement_id"].isin(set(vectors.ids))]
    placed = known.assign(turn_index=known["turn_id"].map(index))
    return placed.sort_values(["transcript_id", "turn_index", "start", "statement_id"], ignore_index=True)


@dataclass(frozen=True)
class _Talk:
    """What is read of one transcript."""

    texts: Sequence[str]
    own: Vectors
    welsh: NDArray[np.bool_]  # which of the texts are
    unread: NDArray[np.bool_]  # which no encoder that knows their language read


def _remembered(talk: _Talk, codebook: Codebook, weights: Scores, memory: Memory | None) -> Scores:
    """As `_alone`, of one transcript; with a memory it is not worked out twice."""

    def work() -> dict[str, Scores]:
        return {"scores": _alone(talk, codebook, weights)}

    if memory is None:
        return work()["scores"]
    phrases = repr([(code.phrases, code.phrases_cy) for code in codebook.codes])
    question = content_hash("\0".join(talk.texts), talk.welsh, talk.unread, phrases, talk.own, weights)
    return np.asarray(memory.recall(question, work)["scores"])


def _alone(talk: _Talk, codebook: Codebook, weights: Scores) -> Scores:
    """How much a statement by itself speaks for each code: by its meaning, the code's phrases in it, and its length."""
    phrases = [code.phrases for code in codebook.codes]
    told = _A_PHRASE * (phrases_found(talk.texts, [*chain(*phrases)]) @ _whose(phrases))
    told += np.where(talk.unread, _A_WELSH_PHRASE, _A_PHRASE)[:, None] * _welsh_found(talk, codebook)
    length = np.log1p([len(text.split()) for text in talk.texts])
    meaning = _meaning(talk.own.astype(np.float64), weights)
    meaning[talk.unread] = _WELSH_MEANING
    return np.asarray(meaning + told + _A_LENGTH * length[:, None])


def _whose(phrases: Sequence[Sequence[object]]) -> NDArray[np.float64]:
    """(all phrases, codes): 1 at the code that a phrase is of."""
    return np.repeat(np.eye(len(phrases)), [len(mine) for mine in phrases], axis=0)


def _welsh_found(talk: _Talk, codebook: Codebook) -> NDArray[np.float64]:
    """(texts, codes): how many of a code's Welsh phrases stand in a Welsh text, in whatever form; 0 in English ones."""
    found = np.zeros((len(talk.texts), len(codebook.codes)))
    rows = np.flatnonzero(talk.welsh)
    forms = [[_forms(phrase) for phrase in code.phrases_cy] for code in codebook.codes]
    if len(rows) and any(forms):
        every = [form for mine in forms for form in mine]
        stands = phrases_found([talk.texts[row] for row in rows.tolist()], [*chain(*every)]) @ _whose(every)
        found[rows] = np.minimum(stands, 1.0) @ _whose(forms)
    return found


def _forms(phrase: str) -> tuple[str, ...]:
    """A Welsh phrase and its mutations; of "g*", which loses its only letter, there is one less."""
    return (phrase, *(form for form in mutations(phrase.lower()) if form.strip("*")))


def _features(talk: _Talk, codebook: Codebook) -> NDArray[np.float64]:
    """What people's codings are learned on, but for what stands around: a statement's meaning and phrases."""
    phrases = phrases_found(talk.texts, [phrase for code in codebook.codes for phrase in code.phrases])
    found = np.hstack([phrases, _welsh_found(talk, codebook)])
    return np.hstack([talk.own.astype(np.float64), _A_PHRASE_LEARNED * found])


def _meaning(own: NDArray[np.float64], weights: Scores) -> Scores:
    """Log-odds by what a statement means, from a weight for each dimension, and last a constant."""
    # One code at a time: so a statement's score has the same bits whatever codes stand beside.
    return np.hstack([own @ weights[[code], :-1].T + weights[code, -1] for code in range(len(weights))])


def _weights(codebook: Codebook, encoder: Encoder, memory: Memory | None) -> Scores:
    """(codes, dimensions + 1): a logistic regression a code, taught by its own examples against everybody else's.

    A code without examples is taught by its name and definition alone.
    """
    taught, labels = _taught(codebook)
    text_weight = np.where(_unphrased(codebook), max(1.0, _TEXTS_OF_THE_PENALTY / len(taught)), 1.0)

    def work() -> dict[str, Scores]:
        from sklearn.linear_model import LogisticRegression

        known = np.asarray(encoder.encode(taught), dtype=np.float64)
        weights = np.zeros((len(codebook.codes), known.shape[1] + 1))
        for column in range(len(codebook.codes)):
            if labels[:, column].all():
                continue  # nothing to tell it from: its phrases speak alone
            model = LogisticRegression(C=text_weight[column], class_weight="balanced", max_iter=2000)
            model.fit(known, labels[:, column])
            weights[column] = np.append(model.coef_[0], model.intercept_)
        return {"weights": weights}

    if memory is None:
        return work()["weights"]
    question = content_hash("\0".join(taught), labels, encoder.revision, text_weight)
    return np.asarray(memory.recall(question, work)["weights"])


def _taught(codebook: Codebook) -> tuple[list[str], NDArray[np.bool_]]:
    """The codebook's own texts, and which codes each teaches; an example that two codes share teaches both."""
    teaches: dict[str, set[int]] = {text: set() for text in codebook.uncoded}
    for column, code in enumerate(codebook.codes):
        for text in (_in_words(code), *code.examples):
            teaches.setdefault(text, set()).add(column)
    labels = np.zeros((len(teaches), len(codebook.codes)), dtype=bool)
    for row, columns in enumerate(teaches.values()):
        labels[row, sorted(columns)] = True
    return list(teaches), labels


def _in_words(code: Code) -> str:
    return f"{code.name}: {code.definition}" if code.definition else code.name


def _in_conversation(scores: Scores, transcripts: list[str]) -> Scores:
    """Each score and those around it, at two distances, never across transcripts.

    People coded runs of statements: what is being talked of tells as much of a statement as its own words.
    """
    return scores + _around(scores, transcripts, _NEAR) + _around(scores, transcripts, _FAR)


def _with_surroundings(alone: NDArray[np.float64], transcripts: list[str]) -> NDArray[np.float64]:
    """The same of each statement, and of those around it."""
    return np.hstack([alone, _NEAR_LEARNED * _around(alone, transcripts, _NEAR)])


def _around(values: NDArray[np.float64], transcripts: list[str], spread: float) -> NDArray[np.float64]:
    """Each row's Gaussian mean over its transcript's rows."""
    from scipy.ndimage import gaussian_filter1d

    around = np.zeros_like(values)
    for rows in stretches(transcripts):
        # Divided by the weights that fall into the transcript, so that its first words aren't toned down.
        weights = gaussian_filter1d(np.ones(rows.stop - rows.start), spread, mode="constant")
        around[rows] = gaussian_filter1d(values[rows], spread, axis=0, mode="constant") / weights[:, None]
    return around


def _said(placed: pd.DataFrame, codebook: Codebook, examples: Sequence[CodingExample]) -> NDArray[np.int8]:
    """(statements, codes): 1 confirmed, -1 refused, 0 where people said nothing, or contradict each other."""
    rows = {name: row for row, name in enumerate(placed["statement_id"])}
    columns = {code: column for column, code in enumerate(codebook.ids)}
    said = np.zeros((len(rows), len(columns)), dtype=np.int64)
    for example in examples:
        if example.statement_id in rows and example.code in columns:
            said[rows[example.statement_id], columns[example.code]] += 1 if example.holds else -1
    return np.sign(said).astype(np.int8)


def _assignments(
    ids: list[str], codes: tuple[str, ...], confidences: Scores, confirmed: NDArray[np.bool_]
) -> pd.DataFrame:
    """Rows from FLOOR on; of codes as likely as each other the codebook's first is primary."""
    best = confidences.argmax(axis=1)
    rows, columns = np.nonzero((confidences >= FLOOR) | confirmed)
    likely = confidences[rows, columns]
    return ASSIGNMENTS.of_columns(
        {
            "statement_id": np.array(ids, dtype=object)[rows],
            "theme_id": np.array(codes, dtype=object)[columns],
            "origin": "codebook",
            "primary": (columns == best[rows]) & (likely >= CARRIED_FROM),
            "confidence": likely,
        }
    )
