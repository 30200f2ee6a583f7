"""The codebook applied to meetings that two readers coded: average precision of each code, where both agree.

Tuned on the eight meetings with one coder; the four with two coders only report.
Takes about three minutes of two cores.
For each code the positives are the statements that both coders gave it, the negatives those that neither did; what
one gave and the other not is left out. Statements of all four meetings are ranked together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score

from benchmarks import Figure
from benchmarks import gold as g
from pipeline import tables as t
from pipeline.backends.protocols import Encoder
from pipeline.backends.toolbox import Toolbox
from pipeline.config import Config
from pipeline.decisions.standing import CodingExample
from pipeline.embed import embed
from pipeline.themes.assign import assign_codes
from pipeline.themes.codebook import Codebook, read_codebook

WELSH = Path(__file__).parent / "data" / "codebook" / "welsh.csv"
CODEBOOK = Path(__file__).parents[1] / "configs" / "codebooks" / "public-services.toml"
_TWENTY = 20
_DRAWS = 3  # of the twenty examples: their mean is printed, their range as the interval
_RESAMPLED = 500
_SEED = 7
_NEAREST = 5
_SMALL = 6  # codes of a codebook as a project writes one in an hour, with no phrases
_SMALL_EXAMPLES, _SMALL_DRAWS = (2, 5), 10

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Coded:
    """Meetings as tables, and what each coder gave each statement, in the statements' order."""

    statements: pd.DataFrame
    turns: pd.DataFrame
    vectors: t.VectorSet
    coders: tuple[Flags, ...]  # (statements, codes) each


def measure(gold: Path) -> list[Figure]:
    """Every figure of the codebook."""
    tools = Toolbox.of(Config())
    encoder = tools.encoder()
    codebook = read_codebook(CODEBOOK)
    names = [path.stem for path in sorted((gold / "senedd" / "coding").glob("*.json"))]
    judged = [name for name in names if len(g.coding(gold, name)["coders"]) == 2]
    taught = [name for name in names if name not in judged]
    judge = _read(gold, judged, codebook, encoder)
    teach = _read(gold, taught, codebook, encoder)
    both = _read(gold, [*judged, *taught], codebook, encoder)
    return [
        *_alone(judge, teach, codebook, encoder),
        *(_small(judge, codebook, encoder, examples) for examples in _SMALL_EXAMPLES),
        *_with_examples(judge, teach, both, codebook, encoder),
        *_in_welsh(codebook, tools),
    ]


def _in_welsh(codebook: Codebook, tools: Toolbox) -> list[Figure]:
    """Invented statements in Welsh, six a code and twelve on nothing, by a writer who had not seen the phrases."""
    encoder = tools.encoder()
    codes, told = _welsh(encoder, tools.welsh_encoder())
    _, unread = _welsh(encoder, None)
    without = replace(codebook, codes=tuple(replace(code, phrases_cy=()) for code in codebook.codes))
    found, meant, phrased, before = (
        _scores(talk, book, encoder) for talk in (told, unread) for book in (codebook, without)
    )
    right = np.array([[code == one for one in codebook.ids] for code in codes])
    about, carries = right.any(axis=1), found >= t.CARRIED_FROM
    rows = np.flatnonzero(about)
    first, meaning, phrases, baseline = (
        float(right[rows, scores[rows].argmax(axis=1)].mean()) for scores in (found, meant, phrased, before)
    )
    n, kind = f"{len(rows)} invented statements, {len(codes) - len(rows)} on nothing", "codebook"
    return [
        Figure(kind, "in Welsh: the likeliest code is the one written for", first, n, baseline=baseline),
        Figure(kind, "  the same by meaning alone; by Welsh phrases alone", meaning, n, baseline=phrases),
        Figure(
            kind, "  of the five English examples that it lies nearest to, those of its code",
            _nearest(told, codes, codebook, encoder), n, baseline=_nearest(unread, codes, codebook, encoder),
        ),
        Figure(kind, "  those about something that carry a code", float(carries[rows].any(axis=1).mean()), n),
        Figure(kind, "  of the codes that are carried, those written for", float(right[carries].mean()), n),
        Figure(kind, "  those on nothing that carry a code", float(carries[~about].any(axis=1).mean()), n),
    ]  # fmt: skip


def _nearest(told: Coded, codes: Sequence[str], codebook: Codebook, encoder: Encoder) -> float:
    """How many of a statement's nearest examples are of its own code, on average over the codes' statements."""
    examples = [(text, code.id) for code in codebook.codes for text in code.examples]
    likeness = told.vectors.own @ encoder.encode([text for text, _ in examples]).T
    shares = [
        np.mean([examples[place][1] == code for place in np.argsort(-row, kind="stable")[:_NEAREST].tolist()])
        for row, code in zip(likeness, codes, strict=True)
        if code
    ]
    return float(np.mean(shares))


def _welsh(encoder: Encoder, welsh_encoder: Encoder | None) -> tuple[list[str], Coded]:
    """The code that each statement was written for, empty for none, and the statements as one talk."""
    said = pd.read_csv(WELSH, keep_default_na=False)
    turns = [
        t.Turn(f"cy:t{row:04d}", "cy", "cy", row, "P01", "participant", "cy", text, None, None)
        for row, text in enumerate(said["statement"])
    ]
    rows = [
        t.Statement(one.turn_id, one.turn_id, "cy", 0, len(one.text), one.text, "substantive", "cy") for one in turns
    ]
    statements, talk = t.STATEMENTS.frame(rows), t.TURNS.frame(turns)
    vectors = embed(statements, talk, encoder=encoder, welsh_encoder=welsh_encoder)
    return said["code"].tolist(), Coded(statements, talk, vectors, ())


def _read(gold: Path, names: Sequence[str], codebook: Codebook, encoder: Encoder) -> Coded:
    statements, turns = [], []
    given: dict[int, dict[str, list[str]]] = {0: {}, 1: {}}
    for name in names:
        meeting, coding = g.meetings(gold)[name]["meeting_transcripts"], g.coding(gold, name)
        turns += [
            t.Turn(f"{name}:t{index:04d}", name, name, index, "P01", "participant", "en", turn["content"], None, None)
            for index, turn in enumerate(meeting)
        ]
        ids = {one["id"]: f"{name}:t{one['turn']:04d}:{one['start']:06d}" for one in coding["statements"]}
        for one in coding["statements"]:
            text = meeting[one["turn"]]["content"][one["start"] : one["end"]]
            place = (f"{name}:t{one['turn']:04d}", name, one["start"], one["end"])
            statements.append(t.Statement(ids[one["id"]], *place, text, "substantive", "en"))
        for number, coder in enumerate(coding["coders"].values()):
            given[number].update({ids[key]: codes for key, codes in coder["codes"].items()})
    table = t.STATEMENTS.frame(statements)
    own = encoder.encode(table["text"].tolist())
    vectors = t.VectorSet(tuple(table["statement_id"]), own, own, "benchmark", encoder.revision)
    coders = tuple(
        np.array([[code in codes.get(name, ()) for code in codebook.ids] for name in table["statement_id"]])
        for codes in given.values()
        if codes
    )
    return Coded(table, t.TURNS.frame(turns), vectors, coders)


def _alone(judge: Coded, teach: Coded, codebook: Codebook, encoder: Encoder) -> list[Figure]:
    definitions = encoder.encode([f"{code.name}: {code.definition}" for code in codebook.codes])
    nearest = judge.vectors.own @ definitions.T
    found, alone = _scores(judge, codebook, encoder), _scores(teach, codebook, encoder)
    n = f"{len(judge.statements)} statements of 4 meetings, where both coders agree"
    precision = float(judge.coders[0][found >= t.CARRIED_FROM].mean())
    return [
        Figure(
            "codebook", "codebook, from definitions and examples of our own: macro AP", _macro(judge, found), n,
            floor=0.40, baseline=_macro(judge, nearest), interval=_interval(judge, found),
        ),
        Figure(
            "codebook", "the same on the 8 meetings it was tuned on", float(_each(teach, alone).mean()),
            f"{len(teach.statements)} statements, one coder",
        ),
        *(
            Figure("codebook", f"  AP of {code}", value, f"{int(_agreed(judge)[1][:, column].sum())} statements")
            for column, (code, value) in enumerate(zip(codebook.ids, _each(judge, found), strict=True))
        ),
        Figure(
            "codebook", f"share of codes given (confidence {t.CARRIED_FROM} or more) that coder A gave too", precision,
            f"{int((found >= t.CARRIED_FROM).sum())} codes given",
        ),
        Figure("codebook", "expected calibration error over 10 bins", _calibration(judge, found), n, at_most=True),
    ]  # fmt: skip


def _small(judge: Coded, codebook: Codebook, encoder: Encoder, examples: int) -> Figure:
    """How far what is carried agrees with coder A where chance leaves of the codebook what a small one has."""
    values = []
    for draw in range(_SMALL_DRAWS):
        chance = np.random.default_rng(_SEED + draw)
        columns = sorted(chance.permutation(len(codebook.codes))[:_SMALL].tolist())
        kept = [(code, chance.permutation(len(code.examples))[:examples]) for code in codebook.codes]
        codes = [
            replace(code, examples=tuple(code.examples[place] for place in places), phrases=(), phrases_cy=())
            for code, places in kept
        ]
        book = Codebook("small", tuple(codes[column] for column in columns))
        carries, gave = _scores(judge, book, encoder) >= t.CARRIED_FROM, judge.coders[0][:, columns]
        values.append(float(2 * (carries & gave).sum() / (carries.sum() + gave.sum())))
    return Figure(
        "codebook", f"{_SMALL} of the codes, {examples} examples each and no phrases: F1 of what is carried, coder A",
        float(np.mean(values)), f"{len(judge.statements)} statements; mean and range of {_SMALL_DRAWS} draws",
        interval=(min(values), max(values)),
    )  # fmt: skip


def _with_examples(judge: Coded, teach: Coded, both: Coded, codebook: Codebook, encoder: Encoder) -> list[Figure]:
    gave = teach.coders[0]
    ids = teach.statements["statement_id"].tolist()
    draws = []
    for draw in range(_DRAWS):
        chance = np.random.default_rng(_SEED + draw)
        few = np.zeros_like(gave)
        for column in range(gave.shape[1]):
            few[chance.permutation(np.flatnonzero(gave[:, column]))[:_TWENTY], column] = True
        draws.append((few, _macro(judge, _scores(both, codebook, encoder, _examples(ids, few, few, codebook), judge))))
    values = [value for _, value in draws]
    everything = _scores(both, codebook, encoder, _examples(ids, np.ones_like(gave), gave, codebook), judge)
    n = f"{len(judge.statements)} statements of 4 meetings"
    return [
        Figure(
            "codebook", "with 20 confirmed examples a code from the 8 other meetings: macro AP",
            float(np.mean(values)), f"{n}; mean and range of {_DRAWS} draws", floor=0.45,
            baseline=_macro(judge, _classified(teach, judge, draws[0][0])), interval=(min(values), max(values)),
        ),
        Figure(
            "codebook", "with every coding of the 8 other meetings: macro AP", _macro(judge, everything), n, floor=0.50,
            baseline=_macro(judge, _classified(teach, judge, gave)), interval=_interval(judge, everything),
        ),
    ]  # fmt: skip


def _examples(ids: Sequence[str], decided: Flags, holds: Flags, codebook: Codebook) -> list[CodingExample]:
    return [
        CodingExample(ids[row], "", codebook.ids[column], bool(holds[row, column]), "gold", f"{row}-{column}")
        for row, column in zip(*np.nonzero(decided), strict=True)
    ]


def _scores(
    coded: Coded,
    codebook: Codebook,
    encoder: Encoder,
    examples: Sequence[CodingExample] = (),
    only: Coded | None = None,
) -> NDArray[np.float64]:
    """Confidences as a matrix, of the statements of `only` where given; a row that isn't there is 0."""
    made = assign_codes(
        coded.statements, coded.turns, coded.vectors, codebook=codebook, encoder=encoder, examples=examples
    )
    wide = made.pivot(index="statement_id", columns="theme_id", values="confidence")
    asked = (only or coded).statements["statement_id"]
    return np.asarray(wide.reindex(index=asked, columns=list(codebook.ids)).fillna(0.0), dtype=np.float64)


def _classified(teach: Coded, judge: Coded, holds: Flags) -> NDArray[np.float64]:
    """What a user would do instead: a logistic regression on the statements' vectors."""
    scores = np.zeros((len(judge.statements), holds.shape[1]))
    looked = holds.any(axis=1) if holds.sum() <= _TWENTY * holds.shape[1] else np.ones(len(holds), dtype=bool)
    for column in range(holds.shape[1]):
        model = LogisticRegression(C=1.0, class_weight="balanced", max_iter=1000)
        model.fit(teach.vectors.own[looked], holds[looked, column])
        scores[:, column] = model.decision_function(judge.vectors.own)
    return scores


def _agreed(coded: Coded) -> tuple[Flags, Flags]:
    """Where the coders agree, and what they agree on."""
    first, last = coded.coders[0], coded.coders[-1]
    return first == last, first & last


def _each(coded: Coded, scores: NDArray[np.floating], rows: NDArray[np.int64] | None = None) -> NDArray[np.float64]:
    agreed, holds = _agreed(coded)
    rows = np.arange(len(scores)) if rows is None else rows
    values = []
    for column in range(scores.shape[1]):
        kept = rows[agreed[rows, column]]
        if holds[kept, column].any():
            values.append(average_precision_score(holds[kept, column], scores[kept, column]))
        else:
            values.append(np.nan)
    return np.array(values)


def _macro(coded: Coded, scores: NDArray[np.floating]) -> float:
    return float(np.nanmean(_each(coded, scores)))


def _interval(coded: Coded, scores: NDArray[np.float64]) -> tuple[float, float]:
    """95 % over resampled turns: what is said in one turn is not independent."""
    chance = np.random.default_rng(_SEED)
    of_turn = list(coded.statements.groupby("turn_id").indices.values())
    values = []
    for _ in range(_RESAMPLED):
        picked = chance.integers(0, len(of_turn), len(of_turn))
        values.append(float(np.nanmean(_each(coded, scores, np.concatenate([of_turn[turn] for turn in picked])))))
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def _calibration(coded: Coded, scores: NDArray[np.float64]) -> float:
    """Mean distance between confidence and the share that holds, over ten bins, weighed by their size."""
    agreed, holds = _agreed(coded)
    said, true = scores[agreed], holds[agreed]
    bins = np.minimum((said * 10).astype(int), 9)
    gaps = [abs(said[bins == one].mean() - true[bins == one].mean()) * (bins == one).sum() for one in np.unique(bins)]
    return float(sum(gaps) / len(said))
