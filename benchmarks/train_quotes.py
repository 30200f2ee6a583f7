"""Trains pipeline/quotes/data/ranker.json: `python -m benchmarks.train_quotes --gold ../shared/gold --hearings ...`.

Logistic regression on statements, with the readers' choices as soft labels. Meetings whose gold has two coders are
never seen here: they report the figures (benchmarks/quotes.py). See docs/model-card-quotes.md, which also says where
the hearings' words are had.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks import gold as g
from benchmarks import quote_talk
from benchmarks.quote_data import READINGS, SECOND, Meeting, fingerprint, grades, read_hearing, read_meeting
from pipeline import tables as t
from pipeline.backends.protocols import Encoder
from pipeline.backends.toolbox import Toolbox
from pipeline.config import Config
from pipeline.quotes.features import Described, describe
from pipeline.quotes.ranker import (
    PRIOR_STATEMENTS,
    RANKER,
    READ_CLOSELY,
    SETS,
    Closer,
    ReadClosely,
    Reading,
    Weights,
    beside,
    halves,
    worth_a_closer_look,
)

# The strength of the prior on the weights (scikit-learn's C, on features of unit spread): of 0.0003, 0.0006, 0.001
# and 0.002 the best, leaving out a meeting and all others in which the same people speak.
STRENGTH = 0.002
# With a closer reading as well there is more to weigh, and the prior is stronger: .0006 and .002 are no better.
STRENGTH_CLOSELY = 0.001
# Of each talk the best half is read closely to learn from, and what the rest would say of itself is left out: better
# among the best of a talk than to learn from all, and than to learn from a quarter, which is what a run reads.
LEARNED_CLOSELY = 0.5
READS = SETS[:2]  # the sets that know how a statement reads
# What the counts weigh where how a statement reads is known as well, which tells much of the same: 0, 0.25, 0.5 and 1
# are about as good on coder D's meetings (average precision .369 to .377), and on the nine others (.470 to .463).
COUNTS = 0.5
# How sure we are that a statement is worth printing, by the grade of the second reading (0 to 3): where the gold's
# coder didn't choose it, where they did, and where there is no coder.
NOT_CODED = np.array([0.0, 0.25, 0.6, 0.8])
CODED = np.array([0.7, 0.85, 1.0, 1.0])
ALONE = np.array([0.0, 0.3, 0.7, 1.0])
# The same for one who read a talk after four of D's meetings with D's choices; their mean counts as much as the second
# reading. A talk that only they read counts half: at its whole weight D's meetings gain no more, and less in the first
# twenty (docs/method-quotes.md).
FURTHER = np.array([0.0, 0.4, 0.8, 1.0])
FURTHER_ALONE = 0.5


@dataclass(frozen=True)
class Example:
    """One meeting as the model sees it: only statements that could be quoted count."""

    meeting: Meeting
    rows: tuple[t.Statement, ...]
    described: Described
    own: NDArray[np.float32]
    read: NDArray[np.float32]  # how each reads
    open: NDArray[np.bool_]  # said by somebody who may be quoted
    wanted: NDArray[np.float64]  # 0 to 1
    weight: float  # how much a statement of this talk counts in learning
    closer: Encoder | None

    def read_closely(self, first: Weights, *, share: float = READ_CLOSELY) -> ReadClosely:
        """What a closer reading gives of the best, where these weights choose; what it gave is kept between runs."""
        scores = first.told(self.described, self.own, self.rows, read=self.read).sum(axis=1)
        rows = worth_a_closer_look(scores, self.described.transcripts, self.open, share=share)
        texts = [self.rows[row].text for row in rows] if self.closer else []
        return ReadClosely(rows, self.closer.encode(texts) if self.closer else np.zeros((len(rows), 0), np.float32))


def prepare(meeting: Meeting, *, counted: frozenset[str] | None = None) -> Example:
    """The features and the labels of a meeting; where `counted` names turns, only what was said there counts."""
    rows = meeting.rows
    turns = {turn.turn_id: turn for turn in t.TURNS.rows(meeting.turns)}
    guessed = {person.pseudonym for person in t.PARTICIPANTS.rows(meeting.participants) if person.role_is_guess}
    said_by = [turns[row.turn_id] for row in rows]
    # Who is only guessed to facilitate stays: sometimes it is a participant, and else it shows how a chair talks.
    open_ = np.array(
        [
            turn.turn_id in counted if counted is not None else turn.role == "participant" or turn.speaker in guessed
            for turn in said_by
        ]
    )
    described = describe(rows, turns, meeting.tokens, meeting.vectors.own)
    closer = Toolbox.of(Config()).closer_encoder()
    weight = 1.0 if SECOND in meeting.readers else FURTHER_ALONE
    own, read = meeting.vectors.own, meeting.read
    return Example(meeting, tuple(rows), described, own, read, open_, _wanted(meeting), weight, closer)


def _wanted(meeting: Meeting) -> NDArray[np.float64]:
    second = grades(meeting, SECOND)
    if "D" in meeting.readers:
        return np.asarray(np.where(grades(meeting, "D") > 0, CODED[second], NOT_CODED[second]))
    further = [FURTHER[grades(meeting, reader)] for reader in sorted(set(meeting.readers) - {SECOND})]
    told = [ALONE[second]] if SECOND in meeting.readers else []
    told += [np.mean(further, axis=0)] if further else []
    return np.asarray(np.mean(told, axis=0))


def train(examples: Sequence[Example], kind: str) -> Weights:
    """The weights that these meetings teach, of one of the SETS."""
    from sklearn.linear_model import LogisticRegression

    closely = _closely(examples) if kind == SETS[0] else [None] * len(examples)
    usual = _usual(examples, closely)
    seen = np.vstack([_seen(example, one, usual, kind) for example, one in zip(examples, closely, strict=True)])
    wanted = np.concatenate([example.wanted[example.open] for example in examples])
    counts = np.concatenate([np.full(int(example.open.sum()), example.weight) for example in examples])
    weight = np.concatenate([counts * wanted, counts * (1 - wanted)])
    label = np.concatenate([np.ones(len(wanted)), np.zeros(len(wanted))])
    model = LogisticRegression(C=STRENGTH_CLOSELY if kind == SETS[0] else STRENGTH, max_iter=1000, tol=1e-6)
    model.fit(np.vstack([seen, seen])[weight > 0], label[weight > 0], sample_weight=weight[weight > 0])
    return _weights(examples[0], usual, model.coef_[0], float(model.intercept_[0]), kind)


def _closely(examples: Sequence[Example]) -> list[ReadClosely | None]:
    """What is read closely to learn from: the best half of each talk, by the weights that choose it in a run."""
    first = train(examples, SETS[1])
    return [example.read_closely(first, share=LEARNED_CLOSELY) for example in examples]


@dataclass(frozen=True)
class _Usual:
    """What is usual in general talk, of everything that the model sees."""

    mean: NDArray[np.float64]
    deviation: NDArray[np.float64]
    read: NDArray[np.float64]
    closely: NDArray[np.float64]  # empty where nothing is read closely


def _usual(examples: Sequence[Example], closely: Sequence[ReadClosely | None]) -> _Usual:
    stacked = np.vstack([example.described.values[example.open] for example in examples])
    read = np.vstack([example.read[example.open] for example in examples]).astype(np.float64)
    given = [one.given for one in closely if one is not None]
    of_given = np.vstack(given).astype(np.float64).mean(axis=0) if given else np.zeros(0)
    return _Usual(stacked.mean(axis=0), stacked.std(axis=0) + 1e-6, read.mean(axis=0), of_given)


def _seen(example: Example, closely: ReadClosely | None, usual: _Usual, kind: str) -> NDArray[np.float64]:
    """What the model sees of the statements that could be quoted."""
    scaled = _counts(kind) * example.described.scaled(usual.mean, usual.deviation, prior=PRIOR_STATEMENTS)
    vectors: list[NDArray[np.float32]] = []
    if kind != SETS[-1]:
        vectors += [example.own, *beside(example.rows, example.own)]
    if kind in READS:
        mean_read, most_read = halves(example.read, example.described.transcripts, usual.read)
        vectors += [mean_read, most_read, *beside(example.rows, mean_read)]
    if closely is not None:
        vectors += _placed(closely, example.described.transcripts, usual.closely)
    # Unit rows of d dimensions have a spread of 1 / sqrt(d) in each: the same footing as the features.
    return np.hstack([scaled, *(np.sqrt(one.shape[1]) * one for one in vectors)])[example.open]


def _placed(
    closely: ReadClosely, transcripts: Sequence[str], usual: NDArray[np.float64]
) -> Iterator[NDArray[np.float32]]:
    """Both halves of a closer reading, a row a statement.

    Of what isn't read closely nothing is known: it takes part in learning all the rest.
    """
    for half in halves(closely.given, np.array(transcripts)[closely.rows].tolist(), usual):
        whole = np.zeros((len(transcripts), half.shape[1]), dtype=np.float32)
        whole[closely.rows] = half
        yield whole


def _weights(example: Example, usual: _Usual, learned: NDArray[np.float64], constant: float, kind: str) -> Weights:
    """What was learned, each part where it belongs."""
    n, size, wide = len(usual.mean), example.own.shape[1], len(usual.closely) // 2
    features, of_vectors, of_closer = np.split(learned, [n, len(learned) - 2 * wide])
    parts = list(of_vectors.reshape(-1, size) * np.sqrt(size))
    own, before, after = parts[:3] or [np.zeros(0)] * 3
    return Weights(
        example.described.names,
        usual.mean,
        usual.deviation,
        _counts(kind) * features,
        own,
        before,
        after,
        constant,
        Reading(usual.read, *parts[3:]) if kind in READS else None,
        Closer(usual.closely, *np.split(of_closer * np.sqrt(wide), 2)) if wide else None,
    )


def _counts(kind: str) -> float:
    return COUNTS if kind in READS else 1.0


def training_names(gold: Path) -> list[str]:
    """The gold's meetings to learn from: those with one coder, and those read only by this project's second reader."""
    known = json.loads(READINGS.read_text(encoding="utf-8"))
    return [name for name, meeting in g.meetings(gold).items() if fingerprint(meeting) in known]


def hearings(folder: Path) -> Iterator[Example]:
    """The hearings that were read, by name; what the witnesses said in them counts."""
    known = json.loads(READINGS.read_text(encoding="utf-8"))
    for name, hearing in quote_talk.hearings(folder).items():
        if fingerprint(hearing) in known:
            witnesses = quote_talk.witnesses(hearing)
            turns = enumerate(hearing["meeting_transcripts"])
            counted = frozenset(f"rt1:t{index:04d}" for index, turn in turns if turn["speaker"] in witnesses)
            yield prepare(read_hearing(name, hearing), counted=counted)


def to_file(sets: Iterable[tuple[str, Weights]]) -> str:
    """The file's text: one array a line, so that a change can be read."""
    lines = []
    for name, weights in sets:
        rows = ",\n".join(f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in weights.to_json().items())
        lines.append(f"{json.dumps(name)}: {{\n{rows}\n}}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def main() -> None:
    """Read, train, write, and say what was learned from."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gold", type=Path, default=Path("../shared/gold"))
    parser.add_argument("--hearings", type=Path, default=Path("../uk-covid19-inquiry"))
    given = parser.parse_args()
    examples = [prepare(read_meeting(given.gold, name)) for name in training_names(given.gold)]
    examples += hearings(given.hearings)
    if missing := len(json.loads(READINGS.read_text(encoding="utf-8"))) - len(examples):
        raise SystemExit(f"the words of {missing} readings are neither in {given.gold} nor in {given.hearings}")
    sets = [(kind, train(examples, kind)) for kind in SETS]
    RANKER.parent.mkdir(exist_ok=True)
    RANKER.write_text(to_file(sets), encoding="utf-8")
    n = sum(int(example.open.sum()) for example in examples)
    wanted = sum(float(example.wanted[example.open].sum()) for example in examples)
    print(f"{RANKER}: {len(examples)} meetings and hearings, {n} statements, {wanted:.0f} of them wanted")


if __name__ == "__main__":
    main()
