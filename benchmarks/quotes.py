"""How often the pipeline's best candidates are what readers would print, on meetings that it never learned from.

About ten minutes at the first run, four when the models' answers are kept. A candidate is a reader's when at least
half of its words are in one quote of theirs; the symmetrical measure asks for half of the reader's words as well.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks import Figure
from benchmarks import gold as g
from benchmarks.quote_data import HALF, Meeting, ReaderQuote, read_meeting, words_between
from benchmarks.train_quotes import Example, prepare, train, training_names
from pipeline import tables as t
from pipeline.backends.toolbox import Toolbox
from pipeline.config import Config
from pipeline.quotes import Quoted, find_quotes
from pipeline.quotes.features import GROUPS
from pipeline.quotes.ranker import ALL_GROUPS, SETS, Weights

BEST, READ = 20, 60  # how many a report prints, and how many a facilitator reads
_DRAWS = 2000  # of meetings, for the interval
_Words = Mapping[str, frozenset[int]]


def measure(gold: Path) -> list[Figure]:
    """The figures of issue 5, with what happens without each group of features."""
    judged = [Judged.of(gold, name) for name in reporting_names(gold)]
    shares = {name: [share(one) for one in judged] for name, share in _SHARES.items()}
    n = f"{len(judged)} meetings, coders A and B"
    figures = [
        Figure("quotes", name, float(np.mean(values)), n, _FLOORS.get(name), interval=_interval(values))
        for name, values in shares.items()
    ]
    figures += _baselines(judged, n)
    figures += list(_exact(judged))
    figures += list(_without_groups(gold))
    return figures


def reporting_names(gold: Path) -> list[str]:
    """The meetings with two coders."""
    paths = sorted((gold / "senedd" / "coding").glob("*.json"))
    return [path.stem for path in paths if {"A", "B"} <= g.coding(gold, path.stem)["coders"].keys()]


@dataclass(frozen=True)
class Judged:
    """A meeting, its candidates in order, and both readers' quotes as words."""

    meeting: Meeting
    quoted: Quoted
    candidates: tuple[t.Quote, ...]  # by overall_rank
    a: tuple[ReaderQuote, ...]
    b: tuple[ReaderQuote, ...]

    @classmethod
    def of(cls, gold: Path, name: str) -> Judged:
        """The meeting through the whole pipeline, themes included."""
        meeting = read_meeting(gold, name)
        quoted = run(meeting)
        ranked = tuple(t.QUOTES.rows(quoted.quotes.sort_values("overall_rank")))
        return cls(meeting, quoted, ranked, meeting.readers["A"], meeting.readers["B"])

    def same(self, candidate: t.Quote, quotes: Sequence[ReaderQuote], *, both_ways: bool = False) -> bool:
        """Whether at least half of the candidate's words are in one of these quotes."""
        return any(self._shares(candidate, quote, both_ways=both_ways) for quote in quotes)

    def _shares(self, candidate: t.Quote, quote: ReaderQuote, *, both_ways: bool) -> bool:
        rows = self.meeting.rows
        if rows[quote.rows[0]].turn_id != candidate.turn_id:
            return False
        text = self._texts[candidate.turn_id]
        ours = words_between(text, candidate.start, candidate.end)
        theirs = words_between(text, rows[quote.rows[0]].start, rows[quote.rows[-1]].end)
        shared = len(ours & theirs)
        return shared >= HALF * len(ours) and (not both_ways or shared >= HALF * len(theirs))

    @property
    def _texts(self) -> Mapping[str, str]:
        return dict(zip(self.meeting.turns["turn_id"], self.meeting.turns["text"], strict=True))

    def chosen_by_both(self) -> list[ReaderQuote]:
        """A's quotes, half of whose words or more are in one of B's."""
        return [quote for quote in self.a if any(_overlap(self.meeting.rows, quote, other) >= HALF for other in self.b)]


def _overlap(rows: Sequence[t.Statement], one: ReaderQuote, other: ReaderQuote) -> float:
    lengths = {row: len(rows[row].text.split()) for row in one.rows}
    return sum(lengths[row] for row in one.rows if row in other.rows) / max(sum(lengths.values()), 1)


def run(meeting: Meeting) -> Quoted:
    """The meeting's candidates, with themes from the shipped codebook."""
    themed, tools = _themes(meeting), Toolbox.of(Config())
    return find_quotes(
        meeting.statements,
        meeting.turns,
        meeting.tokens,
        meeting.vectors,
        themed[0],
        themed[1],
        meeting.participants,
        encoder=tools.quote_encoder(),
        closer=tools.closer_encoder(),
    )


def _themes(meeting: Meeting) -> tuple[pd.DataFrame, pd.DataFrame]:
    from pipeline.stages import codebook_path
    from pipeline.themes import find_themes
    from pipeline.themes.codebook import read_codebook

    config = Config()
    path = codebook_path(config)
    made = find_themes(
        meeting.statements,
        meeting.turns,
        meeting.vectors,
        meeting.roundtables,
        encoder=Toolbox.of(config).encoder(),
        codebook=None if path is None else read_codebook(path),
        **config.themes.model_dump(exclude={"codebook"}),
    )
    return made.themes, made.assignments


def _share_of_best(judged: Judged, keep: Callable[[t.Quote], bool]) -> float:
    return sum(map(keep, judged.candidates[:BEST])) / BEST


def _by_either(judged: Judged) -> float:
    return _share_of_best(judged, lambda quote: judged.same(quote, [*judged.a, *judged.b]))


def _by_either_both_ways(judged: Judged) -> float:
    return _share_of_best(judged, lambda quote: judged.same(quote, [*judged.a, *judged.b], both_ways=True))


def _by_both(judged: Judged) -> float:
    return _share_of_best(judged, lambda quote: judged.same(quote, judged.a) and judged.same(quote, judged.b))


def _found(judged: Judged) -> float:
    """Of the quotes that both chose, those that share half of their words with one of the candidates that are read."""
    wanted = judged.chosen_by_both()
    rows = {row.statement_id: index for index, row in enumerate(judged.meeting.rows)}
    read = [ReaderQuote(tuple(rows[name] for name in quote.statement_ids), 1, "") for quote in judged.candidates[:READ]]
    return sum(any(_overlap(judged.meeting.rows, quote, one) >= HALF for one in read) for quote in wanted) / len(wanted)


def _average_precision(judged: Judged) -> float:
    """Over statements: in the order in which the candidates bring them, those in no candidate last."""
    rows = {row.statement_id: index for index, row in enumerate(judged.meeting.rows)}
    order = [rows[name] for quote in judged.candidates for name in quote.statement_ids]
    return average_precision(order, _wanted(judged), len(rows))


def _wanted(judged: Judged) -> set[int]:
    return {row for quote in (*judged.a, *judged.b) for row in quote.rows}


def average_precision(order: Sequence[int], wanted: set[int], n: int) -> float:
    """Mean over the wanted of the precision where each is met; what isn't in `order` comes after it, at random."""
    seen = dict.fromkeys(order)
    hits, total = 0, 0.0
    for place, row in enumerate(seen, start=1):
        if row in wanted:
            hits += 1
            total += hits / place
    missing, rest = len(wanted) - hits, max(n - len(seen), 1)
    for index in range(missing):
        # Where the next of the missing stands on average, when they lie at random in the rest.
        total += (hits + index + 1) / (len(seen) + (index + 1) * (rest + 1) / (missing + 1))
    return total / max(len(wanted), 1)


def _right_theme(judged: Judged) -> float:
    """Of the candidates that are a coder's quote, those whose main theme is that coder's code."""
    return _under(judged, lambda candidate: {candidate.theme_id})


def _a_right_theme(judged: Judged) -> float:
    """Of the candidates that are a coder's quote, those that stand under that coder's code, be it not the first."""
    under: dict[str, set[str]] = defaultdict(set)
    for row in t.QUOTE_THEMES.rows(judged.quoted.themes):
        under[row.quote_id].add(row.theme_id)
    return _under(judged, lambda candidate: under[candidate.quote_id])


def _under(judged: Judged, themes_of: Callable[[t.Quote], set[str]]) -> float:
    right: list[bool] = []
    for candidate in judged.candidates:
        for quotes in (judged.a, judged.b):
            codes = {quote.code for quote in quotes if judged.same(candidate, [quote])}
            if codes:
                right.append(bool(codes & themes_of(candidate)))
    return sum(right) / max(len(right), 1)


_EITHER = f"of the {BEST} best, chosen by A or B"
_SHARES: dict[str, Callable[[Judged], float]] = {
    _EITHER: _by_either,
    f"{_EITHER} (half of the words of both)": _by_either_both_ways,
    f"of the {BEST} best, chosen by both": _by_both,
    "average precision over statements, against A or B": _average_precision,
    f"of the quotes that both chose, among the best {READ}": _found,
    "the codebook's theme is the coder's code": _right_theme,
    "the coder's code is among the candidate's themes": _a_right_theme,
}
_FLOORS = dict(zip(_SHARES, (0.45, None, 0.30, 0.38, 0.80, 0.60, None), strict=True))


def _interval(values: Sequence[float]) -> tuple[float, float]:
    """95 % of the means over meetings drawn with replacement."""
    draws = np.random.default_rng(0).integers(0, len(values), (_DRAWS, len(values)))
    low, high = np.quantile(np.array(values)[draws].mean(axis=1), [0.025, 0.975])
    return float(low), float(high)


def _baselines(judged: Sequence[Judged], n: str) -> list[Figure]:
    """What a user would do instead: the longest statements, those nearest the middle, and one reader for the other."""
    figures = []
    for name, order in (("the longest", _longest), ("nearest the centre", _nearest)):
        values, precision = [], []
        for one in judged:
            ranked = order(one)
            wanted = _wanted(one)
            values.append(sum(row in wanted for row in ranked[:BEST]) / BEST)
            precision.append(average_precision(ranked, wanted, len(ranked)))
        figures.append(Figure("quotes", f"baseline, {name}: {_EITHER}", float(np.mean(values)), n))
        figures.append(Figure("quotes", f"baseline, {name}: average precision", float(np.mean(precision)), n))
    agreed = [len(one.chosen_by_both()) / len(one.a) for one in judged]
    figures.append(Figure("quotes", "of A's quotes, chosen by B", float(np.mean(agreed)), n))
    alike = [a.code == b.code for one in judged for a in one.a for b in one.b if set(a.rows) & set(b.rows)]
    return [*figures, Figure("quotes", "A's code is B's, where their quotes overlap", float(np.mean(alike)), n)]


def _longest(judged: Judged) -> list[int]:
    lengths = [len(row.text) for row in judged.meeting.rows]
    return sorted(range(len(lengths)), key=lambda row: (-lengths[row], row))


def _nearest(judged: Judged) -> list[int]:
    own = judged.meeting.vectors.own
    near = own @ own.mean(axis=0)
    return sorted(range(len(near)), key=lambda row: (-float(near[row]), row))


def _exact(judged: Sequence[Judged]) -> Iterator[Figure]:
    texts = [
        (quote.text, turn[quote.start : quote.end])
        for one in judged
        for turns in [dict(zip(one.meeting.turns["turn_id"], one.meeting.turns["text"], strict=True))]
        for quote in one.candidates
        for turn in [turns[quote.turn_id]]
    ]
    true = sum(text == span for text, span in texts) / len(texts)
    yield Figure("quotes", "each text equals its span", true, f"{len(texts)} candidates", 1.0)
    still = [one.quoted.quotes.equals(run(_shuffled(one.meeting)).quotes) for one in judged]
    yield Figure("quotes", "nothing moves when rows are shuffled", float(np.mean(still)), f"{len(still)} meetings", 1.0)


def _shuffled(meeting: Meeting) -> Meeting:
    return replace(
        meeting,
        turns=meeting.turns.sample(frac=1, random_state=1),
        tokens=meeting.tokens.sample(frac=1, random_state=2),
        statements=meeting.statements.sample(frac=1, random_state=3),
    )


def _without_groups(gold: Path) -> Iterator[Figure]:
    """What each group is worth: average precision on the meetings of coder D, without it.

    Each is left out in turn with all other meetings in which its main speakers speak. The hearings take no part: their
    words aren't in the gold.
    """
    examples = {name: prepare(read_meeting(gold, name)) for name in training_names(gold)}
    heard = {name: _main_speakers(meeting) for name, meeting in g.meetings(gold).items()}
    tested = {name: example for name, example in examples.items() if "D" in example.meeting.readers}
    lessons = [[one for other, one in examples.items() if not heard[name] & heard[other]] for name in tested]
    learned = [(train(others, SETS[0]), train(others, SETS[1])) for others in lessons]
    n = f"{len(tested)} meetings of coder D, each left out with its main speakers' others"

    def figure(name: str, without: Sequence[str]) -> Figure:
        values = [_precision(test, *weights, without) for test, weights in zip(tested.values(), learned, strict=True)]
        return Figure("quotes", name, float(np.mean(values)), n, interval=_interval(values))

    whole = figure("average precision against D", ())
    yield whole
    for group in ALL_GROUPS:
        yield replace(figure(f"the same without: {group}", (group,)), baseline=whole.value)
    yield replace(figure("the same on meaning alone", tuple(GROUPS)), baseline=whole.value)
    yield replace(figure("the same without meaning", ALL_GROUPS[len(GROUPS) :]), baseline=whole.value)


_MAIN = 0.12  # of a meeting's words: who says more is one of those it was held to hear


def _main_speakers(meeting: Mapping[str, Any]) -> frozenset[str]:
    said: Counter[str] = Counter()
    for turn in meeting["meeting_transcripts"]:
        said[turn["speaker"]] += len(turn["content"].split())
    return frozenset(name for name, words in said.items() if words > _MAIN * said.total())


def _precision(test: Example, weights: Weights, first: Weights, without: Sequence[str]) -> float:
    told = weights.told(test.described, test.own, test.rows, read=test.read, closely=test.read_closely(first))
    kept = [index for index, group in enumerate(ALL_GROUPS) if group not in without]
    scores: NDArray[np.float64] = np.where(test.open, told[:, kept].sum(axis=1), -np.inf)
    wanted = {row for quote in test.meeting.readers["D"] for row in quote.rows}
    order = sorted(range(len(scores)), key=lambda row: (-float(scores[row]), row))
    return average_precision(order, wanted, len(order))
