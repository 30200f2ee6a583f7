"""Emergent themes against what people said the topics were, and how they hold; BERTopic's defaults in the same run.

Takes about six minutes where the models' answers are kept, of which BERTopic's defaults are half. A statement without
a theme counts as one of a group of its own kind, "none". `python -m benchmarks.themes --precision int8` gives the
figures against people's topics with vectors of another precision.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks import Figure
from benchmarks import gold as g
from benchmarks.opinions import judge_opinions
from benchmarks.planted_series import SERIES, is_named, read_series, theme_of
from benchmarks.quote_data import Meeting, read_meeting
from pipeline import tables as t
from pipeline.backends.protocols import Encoder, Linguist
from pipeline.backends.toolbox import Toolbox, cache_folder
from pipeline.config import Config
from pipeline.embed import embed
from pipeline.themes import Themed, find_themes
from pipeline.themes.emergent import find_emergent, talks_of

SEED = 7
_SHUFFLES = 10
_WORDS = 5  # a shorter statement is not scored: it says nothing of a topic
# Meetings of one committee on one subject, by the number in their name: a fact of the data that the issue states.
SHARED = ((0, 1, 2), (12, 14), (19, 20), (23, 24), (7, 22), (8, 10))


@dataclass(frozen=True)
class Judged:
    """A meeting with the topic of each scored statement."""

    meeting: Meeting
    topics: Mapping[str, str]  # by statement_id
    n_topics: int


def measure(gold: Path) -> list[Figure]:
    """Every figure of the emergent themes."""
    judged, found, encoder = _all_meetings(gold, Config())
    return [
        *_topics(judged, found),
        *_order(judged, found, encoder),
        *_left_out(judged, found),
        *_series(judged, encoder),
        *_planted(encoder),
        *judge_opinions(gold, encoder),
        *_threads(judged, gold),
    ]


def _all_meetings(gold: Path, config: Config) -> tuple[list[Judged], list[Themed], Encoder]:
    judged = [_judged(gold, name, config) for name in sorted(g.meetings(gold))]
    encoder = Toolbox(config.anonymise, config.embed).encoder()
    return judged, [_themes(one.meeting, encoder) for one in judged], encoder


def primary(made: Themed) -> dict[str, str]:
    """The primary emergent theme by statement_id."""
    mine = made.assignments[made.assignments["primary"] & (made.assignments["origin"] == "emergent")]
    return dict(zip(mine["statement_id"], mine["theme_id"], strict=True))


def _judged(gold: Path, name: str, config: Config) -> Judged:
    meeting = read_meeting(gold, name, config=config)
    source = g.meetings(gold)[name]
    topic_of: dict[int, str] = {}
    for topic in source["topic_list"]:
        for first, last in topic["relevant_text_span"]:
            for turn in range(int(first), int(last) + 1):
                topic_of.setdefault(turn, str(topic["topic"]))
    index = dict(zip(meeting.turns["turn_id"], meeting.turns["index"], strict=True))
    topics = {
        row.statement_id: topic_of[index[row.turn_id]]
        for row in t.STATEMENTS.rows(meeting.statements)
        if index[row.turn_id] in topic_of and len(row.text.split()) >= _WORDS
    }
    return Judged(meeting, topics, len(source["topic_list"]))


def _themes(meeting: Meeting, encoder: Encoder, *, stability: bool = False) -> Themed:
    return find_themes(
        meeting.statements, meeting.turns, meeting.vectors, meeting.roundtables,
        encoder=encoder, codebook=None, stability=stability,
    )  # fmt: skip


def _agreement(topics: Mapping[str, str], themes: Mapping[str, str]) -> tuple[float, float]:
    """ARI and V over the scored statements."""
    from sklearn.metrics import adjusted_rand_score, v_measure_score

    names = sorted(topics)
    said, got = [topics[name] for name in names], [themes.get(name, "none") for name in names]
    return float(adjusted_rand_score(said, got)), float(v_measure_score(said, got))


def _topics(judged: Sequence[Judged], found: Sequence[Themed]) -> Iterator[Figure]:
    scores = np.array([_agreement(one.topics, primary(made)) for one, made in zip(judged, found, strict=True)])
    plain = [_bertopic(one.meeting) for one in judged]
    base = np.array([_agreement(one.topics, made) for one, made in zip(judged, plain, strict=True)])
    n = f"{len(judged)} meetings, each alone"
    for column, (name, floor) in enumerate((("ARI", 0.65), ("V", 0.78))):
        yield Figure(
            "themes", f"themes against topic_list, mean {name}", float(scores[:, column].mean()), n,
            floor=floor, baseline=float(base[:, column].mean()), interval=_interval(scores[:, column]),
        )  # fmt: skip
    ratios = [len(set(primary(made).values())) / one.n_topics for one, made in zip(judged, found, strict=True)]
    yield Figure("themes", "themes over topics, median (0.7 to 2 asked)", float(np.median(ratios)), n, floor=0.7)
    yield Figure("themes", "themes over topics, median (the upper end)", float(np.median(ratios)), n, 2.0, at_most=True)
    shares = [_homeless(one.meeting, primary(made)) for one, made in zip(judged, found, strict=True)]
    yield Figure(
        "themes", "substantive statements without a primary theme, mean", float(np.mean(shares)), n, 0.10,
        at_most=True, baseline=float(np.mean([_homeless(a.meeting, b) for a, b in zip(judged, plain, strict=True)])),
    )  # fmt: skip


def _homeless(meeting: Meeting, themes: Mapping[str, str]) -> float:
    substantive = meeting.statements.loc[meeting.statements["kind"] == "substantive", "statement_id"]
    return float(1 - substantive.isin(list(themes)).mean())


def _bertopic(meeting: Meeting) -> dict[str, str]:
    """What BERTopic finds with its defaults; what it calls an outlier has no theme."""
    from bertopic import BERTopic

    mine = meeting.statements[meeting.statements["kind"].isin(("substantive", "question"))]
    rows = {name: row for row, name in enumerate(meeting.vectors.ids)}
    own = meeting.vectors.own[[rows[name] for name in mine["statement_id"]]]
    topics, _ = BERTopic().fit_transform(mine["text"].tolist(), embeddings=own)
    return {name: str(topic) for name, topic in zip(mine["statement_id"], topics, strict=True) if topic >= 0}


def _interval(values: np.ndarray[Any, Any]) -> tuple[float, float]:
    """95 % of the means of meetings drawn with replacement."""
    chance = np.random.default_rng(SEED)
    means = [float(chance.choice(values, len(values)).mean()) for _ in range(2000)]
    return float(np.quantile(means, 0.025)), float(np.quantile(means, 0.975))


def _same(before: Mapping[str, Any], after: Mapping[str, Any], names: Sequence[str] | None = None) -> float:
    from sklearn.metrics import adjusted_rand_score

    both = sorted(set(before) & set(after)) if names is None else names
    return float(adjusted_rand_score([before[name] for name in both], [after[name] for name in both]))


def _order(judged: Sequence[Judged], found: Sequence[Themed], encoder: Encoder) -> Iterator[Figure]:
    chance = np.random.default_rng(SEED)
    worst = 1.0
    for number in range(_SHUFFLES):
        at = number % len(judged)
        meeting = judged[at].meeting
        order = chance.permutation(len(meeting.statements))
        shuffled = Meeting(**{**vars(meeting), "statements": meeting.statements.iloc[order],
                              "turns": meeting.turns.sample(frac=1, random_state=number)})  # fmt: skip
        worst = min(worst, _same(primary(found[at]), primary(_themes(shuffled, encoder))))
    yield Figure("themes", "statements and turns shuffled: lowest ARI with the first", worst, f"{_SHUFFLES} times", 1.0)


def _left_out(judged: Sequence[Judged], found: Sequence[Themed]) -> Iterator[Figure]:
    values = []
    for one, made in zip(judged, found, strict=True):
        people = one.meeting.participants
        for person in people.loc[people["role"] == "participant", "pseudonym"]:
            values.append(_same(primary(made), _found_again(_without(one.meeting, str(person)))))
    yield Figure(
        "themes", "each participant left out in turn: median ARI on the others' statements", float(np.median(values)),
        f"{len(values)} participants", floor=0.85, interval=(float(np.quantile(values, 0.25)), float(np.max(values))),
    )  # fmt: skip


def _found_again(meeting: Meeting) -> dict[str, int]:
    """The themes alone, without their names, which take longer than they do."""
    placed = meeting.statements.merge(meeting.turns[["turn_id", "index", "speaker", "role"]], on="turn_id")
    talks = talks_of(placed, meeting.vectors)
    labels = find_emergent(talks).labels.tolist()
    return {
        name: label
        for name, inside, label in zip(talks.ids, talks.in_theme, labels, strict=True)
        if inside and label >= 0
    }


def _without(meeting: Meeting, person: str) -> Meeting:
    turns = meeting.turns[meeting.turns["speaker"] != person]
    statements = meeting.statements[meeting.statements["turn_id"].isin(turns["turn_id"])]
    return Meeting(**{**vars(meeting), "turns": turns, "statements": statements})


def _series(judged: Sequence[Judged], encoder: Encoder) -> Iterator[Figure]:
    from sklearn.metrics import adjusted_mutual_info_score

    series = _as_series([one.meeting for one in judged])
    started = time.perf_counter()
    made = _themes(series, encoder, stability=True)
    seconds = time.perf_counter() - started
    themes = primary(made)
    of_meeting = {name: name.split(":")[0] for name in themes}
    names = sorted(themes)
    value = adjusted_mutual_info_score([of_meeting[name] for name in names], [themes[name] for name in names])
    n = f"{len(judged)} meetings, {len(names)} statements, {len(made.themes)} themes"
    yield Figure("themes", "meetings as one series: AMI of themes with the meeting", float(value), n, 0.60)
    groups = [[f"education_{number}" for number in group] for group in SHARED]
    shared = [_shares(group, themes, of_meeting) for group in groups]
    for group, top in zip(groups, shared, strict=True):
        print(f"    {', '.join(group)}: {'; '.join(top) or 'no theme among the three largest of each'}")
    yield Figure(
        "themes", "groups of meetings on one subject that share one of their three largest themes",
        float(np.mean([bool(top) for top in shared])), f"{len(groups)} groups",
    )  # fmt: skip
    yield Figure("themes", "seconds for the series, stability included", seconds, n, 180.0, at_most=True)
    largest = max((one.meeting for one in judged), key=lambda meeting: len(meeting.statements))
    started = time.perf_counter()
    _themes(largest, encoder, stability=True)
    seconds = time.perf_counter() - started
    yield Figure(
        "themes", "seconds for one meeting, stability included", seconds, f"{len(largest.statements)} statements",
        20.0, at_most=True,
    )  # fmt: skip


def _planted(encoder: Encoder) -> Iterator[Figure]:
    """Invented series, of which it is known what comes back at another roundtable."""
    tools = Toolbox(Config().anonymise, Config().embed)
    agreed, joined, named = [], [], []
    for path in sorted(SERIES.glob("*.txt")):
        series = read_series(path)
        made = find_themes(
            series.statements, series.turns, embed(series.statements, series.turns, encoder=encoder),
            series.roundtables, encoder=encoder, codebook=None, stability=False,
            tokens=_tokens(series.turns, tools.linguist(cache_folder() / "benchmarks" / series.name)),
        )  # fmt: skip
        themes = primary(made)
        names = dict(zip(made.themes["theme_id"], made.themes["name"], strict=True))
        agreed.append(_agreement(series.subjects, themes)[0])
        for subject in series.returning():
            theme = theme_of(series, themes, subject)
            print(f"    {series.name}, {subject}: {names.get(theme, 'not one theme')}")
            joined.append(bool(theme))
            named.append(bool(theme) and is_named(series, subject, names[theme]))
    n = f"{len(joined)} subjects of {len(agreed)} invented series that come back at another roundtable"
    yield Figure("themes", "returning subjects that are one theme at all their roundtables", float(np.mean(joined)), n)
    yield Figure("themes", "the same, and named with a word that says what it is", float(np.mean(named)), n)
    yield Figure("themes", "invented series: themes against planted subjects, mean ARI", float(np.mean(agreed)), n)


def _tokens(turns: pd.DataFrame, linguist: Linguist) -> pd.DataFrame:
    read = zip(turns["turn_id"], linguist.analyse(turns["text"].tolist()), strict=True)
    return t.TOKENS.frame(
        t.Token(turn, *values)
        for turn, one in read
        for values in zip(
            one.starts, one.ends, one.pos, one.tag, one.lemma, one.dep, one.head, one.sent_start, strict=True
        )
    )


def _shares(group: Sequence[str], themes: Mapping[str, str], of_meeting: Mapping[str, str]) -> list[str]:
    tops = []
    for meeting in group:
        mine = pd.Series([theme for name, theme in themes.items() if of_meeting[name] == meeting], dtype="str")
        tops.append(mine.value_counts(normalize=True).head(3))
    both = set.intersection(*(set(top.index) for top in tops))
    return [f"{theme} {' '.join(f'{top[theme]:.0%}' for top in tops)}" for theme in sorted(both)]


def _as_series(meetings: Sequence[Meeting]) -> Meeting:
    """Several meetings as one run: the transcript code in their ids is the meeting's name."""

    def renamed(frame: pd.DataFrame, meeting: Meeting) -> pd.DataFrame:
        codes = {name: frame[name].str.replace("rt1", meeting.name, n=1) for name in
                 ("statement_id", "turn_id", "transcript_id", "roundtable_id") if name in frame}  # fmt: skip
        if "speaker" in frame:
            codes["speaker"] = meeting.name + " " + frame["speaker"]
        return frame.assign(**codes)

    ids = [name.replace("rt1", one.name, 1) for one in meetings for name in one.vectors.ids]
    order = np.argsort(ids)
    own = np.concatenate([one.vectors.own for one in meetings])[order]
    context = np.concatenate([one.vectors.context for one in meetings])[order]
    first = meetings[0]
    return Meeting(
        name="series",
        turns=pd.concat([renamed(one.turns, one) for one in meetings], ignore_index=True),
        tokens=first.tokens.head(0),
        participants=t.PARTICIPANTS.empty(),
        roundtables=t.ROUNDTABLES.frame(
            t.Roundtable(one.name, number + 1, "", "", "en", ()) for number, one in enumerate(meetings)
        ),
        statements=pd.concat([renamed(one.statements, one) for one in meetings], ignore_index=True),
        vectors=t.VectorSet(tuple(sorted(ids)), own, context, first.vectors.model, first.vectors.revision),
        read=np.concatenate([one.read for one in meetings])[order],
        readers={},
    )


def _threads(judged: Sequence[Judged], gold: Path) -> Iterator[Figure]:
    """The same meeting in two processes with another number of threads, models included."""
    name = judged[0].meeting.name
    program = (
        "import json, sys; from pathlib import Path; from benchmarks import themes as b;"
        "from benchmarks.quote_data import read_meeting; m = read_meeting(Path(sys.argv[1]), sys.argv[2]);"
        "print(json.dumps(b.primary(b._themes(m, b.Toolbox(b.Config().anonymise, b.Config().embed).encoder()))))"
    )
    found = []
    for threads in ("1", "2"):
        environment = {**os.environ, "OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads}
        done = subprocess.run(
            [sys.executable, "-c", program, str(gold), name], env=environment, capture_output=True, check=True
        )
        found.append(_read(done.stdout))
    yield Figure("themes", "one thread and two: ARI", _same(found[0], found[1]), name, 0.99)


def _read(printed: bytes) -> dict[str, str]:
    import json

    return dict(json.loads(printed.decode().splitlines()[-1]))


def main() -> None:
    """The figures against people's topics, with vectors of a precision."""
    from benchmarks.__main__ import line

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gold", type=Path, default=Path("../shared/gold"), help="the annotated data")
    parser.add_argument("--precision", default="fp32", help="fp32 or int8")
    asked = parser.parse_args()
    judged, found, _ = _all_meetings(asked.gold, Config.model_validate({"embed": {"precision": asked.precision}}))
    for figure in _topics(judged, found):
        print(line(figure))


if __name__ == "__main__":
    main()
