"""Time and memory against what people would do instead, in one run on the same words with the same models.

Every command runs in a process of its own. On a machine that others use too, only ratios within one run mean
something; so each ratio is given by the clock and, beside it, by processor time, which other people's work moves
less. All 21 meetings take about 20 minutes on two idle cores, most of it the naive stack and the growth;
`python -m benchmarks.speed --meetings 4` measures on fewer, and says so in its figures.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

import pipeline
from benchmarks import Figure
from benchmarks.gold import meetings

SAMPLE = Path(__file__).parents[1] / "corpora" / "sample"
# A tenth of the sample's words: then ten times are minutes, and a hundred times still fit a measurement.
_UNIT_WORDS = 1_500
_SPEAKERS = 8
SENTENCE_END = re.compile(r"(?<=[.?!])\s+")
_TRIES = 5
_TURNS = 3


@dataclass(frozen=True)
class Cost:
    """What a command took."""

    seconds: float
    processor: float  # seconds of all cores, its children's too
    megabytes: float  # at most, of one process
    said: str

    def over(self, other: Cost) -> float:
        """How many times the other's time."""
        return self.seconds / other.seconds


def measure(gold: Path, *, use: int = 21) -> list[Figure]:
    """Every figure of speed."""
    # As after a command or two: the first one would compile every module, and no later one.
    compileall.compile_dir(str(Path(pipeline.__file__).parent), quiet=2)
    texts = {name: _text(meeting) for name, meeting in list(meetings(gold).items())[:use]}
    with tempfile.TemporaryDirectory() as folder:
        figures = [*_start_up(Path(folder)), *_runs(texts, Path(folder))]
        return [*figures, *_embedding(texts), *_growth(Path(folder))]


def _text(meeting: dict[str, Any]) -> str:
    return "\n\n".join(f"{turn['speaker']}: {turn['content']}" for turn in meeting["meeting_transcripts"]) + "\n"


def cost_of(*command: str | Path, cache: Path) -> Cost:
    """Run a command, and give what it took.

    Raises:
        RuntimeError: it failed.
    """
    surroundings = {
        **os.environ,
        "ROUNDTABLE_CACHE": str(cache),
        "HF_HUB_OFFLINE": "1",
        "TOKENIZERS_PARALLELISM": "false",
    }
    # Where it is set Python compiles all our modules at each start, as on nobody's own machine.
    surroundings.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryFile() as told, tempfile.TemporaryFile() as complained:
        started = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, *map(str, command)], stdout=told, stderr=complained, env=surroundings
        )
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        for stream in (told, complained):
            stream.seek(0)
        if process.returncode:
            raise RuntimeError(f"{command}: {complained.read().decode()[-2000:]}")
        return Cost(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, told.read().decode())


def _run(corpus: Path, out: Path, *more: str | Path) -> Cost:
    return cost_of("-m", "pipeline", "run", corpus, "--out", out, *more, cache=out.parent / "cache")


def _start_up(folder: Path) -> list[Figure]:
    """The best of some tries: what a start costs, without what else the machine does."""
    asked = {"--help": ("--help",), "run --plan on the sample": ("run", SAMPLE, "--out", folder / "none", "--plan")}
    floors = {"--help": 0.5, "run --plan on the sample": 1.5}
    figures = []
    for name, arguments in asked.items():
        tries = [cost_of("-m", "pipeline", *arguments, cache=folder / "cache") for _ in range(_TRIES)]
        best = min(cost.seconds for cost in tries)
        n = f"best of {_TRIES}; {min(cost.processor for cost in tries):.2f} s of processor"
        figures.append(Figure("speed", f"seconds of roundtable {name}", best, n, floors[name], at_most=True))
    return figures


def _runs(texts: dict[str, str], folder: Path) -> list[Figure]:
    """A cold run of all meetings but one, the same by the naive stack, and what later runs cost."""
    corpus, out = folder / "corpus", folder / "run"
    corpus.mkdir()
    *most, last = texts
    for name in most:
        (corpus / f"{name}.txt").write_text(texts[name], encoding="utf-8")
    n = f"{len(most)} meetings, {sum(len(texts[name].split()) for name in most):,} words"
    cold = _run(corpus, out)
    naive = cost_of("-m", "benchmarks.naive", corpus, cache=folder / "cache")
    print(
        f"    naive stack {naive.seconds:.0f} s {naive.said.strip()}; ours {cold.seconds:.0f} s {_stages(out)}",
        flush=True,
    )
    parts = _by_part(json.loads(naive.said), _stages(out), n)
    again = _run(corpus, out)
    small = folder / "int8.toml"
    small.write_text('[embed]\nprecision = "int8"\n', encoding="utf-8")
    at_int8 = _run(corpus, folder / "int8" / "run", "--config", small)
    setting = folder / "setting.toml"
    setting.write_text("[themes]\nn_themes = 12\n", encoding="utf-8")
    other = _run(corpus, out, "--config", setting)
    _run(corpus, out)
    (corpus / f"{last}.txt").write_text(texts[last], encoding="utf-8")
    more = _run(corpus, out)
    print(f"    one meeting more {more.seconds:.0f} s {_stages(out)}", flush=True)
    return [
        *_ratio("whole run, cold: the naive stack's time over ours", naive, cold, n, 4),
        *parts,
        *_ratio("whole run, cold, embed.precision = int8: the naive stack's time over ours", naive, at_int8, n, None),
        Figure("speed", "peak memory of the cold run, MB", cold.megabytes, n, baseline=naive.megabytes),
        *_ratio("first run's time over a second's, nothing changed", cold, again, n, 50),
        *_ratio("first run's time over a second's, one theme setting changed", cold, other, n, 8),
        *_ratio(f"first run's time over that of one meeting more than {len(most)}", cold, more, n, 6),
    ]


# What does the same work in the naive stack, the stage here, and what is asked of it by itself.
_PARTS = (("presidio", "anonymise", 3.0), ("sentence-transformers", "embed", None), ("bertopic", "themes", None))


def _by_part(naive: dict[str, float], ours: dict[str, float], n: str) -> list[Figure]:
    """Part by part, models loaded in each; and without the quotes, which the naive stack doesn't make."""
    figures = []
    for theirs, stage, floor in _PARTS:
        told = f"{n}; {naive[theirs]:.1f} s over {ours[stage]:.1f} s"
        figures.append(Figure("speed", f"of it, {theirs}'s time over ours", naive[theirs] / ours[stage], told, floor))
    without = sum(seconds for stage, seconds in ours.items() if stage != "quotes")
    told = f"{n}; {sum(naive.values()):.1f} s over {without:.1f} s"
    return [*figures, Figure("speed", "the parts that both have: time", sum(naive.values()) / without, told)]


def _stages(out: Path) -> dict[str, float]:
    stages = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["stages"]
    return {name: record["seconds"] for name, record in stages.items()}


def _ratio(measure: str, slow: Cost, quick: Cost, n: str, floor: float | None) -> list[Figure]:
    processor = slow.processor / quick.processor
    return [
        Figure("speed", measure, slow.over(quick), f"{n}; {slow.seconds:.1f} s over {quick.seconds:.1f} s", floor),
        Figure("speed", f"{measure}, by processor time", processor, n),
    ]


def _embedding(texts: dict[str, str]) -> list[Figure]:
    """Sentences through sentence-transformers and through ours, both on all cores; and how far the vectors are."""
    from benchmarks import naive
    from pipeline.backends.minilm_onnx import OnnxEncoder
    from pipeline.backends.models import embedding_folder

    turns = [block.partition(": ")[2] for text in texts.values() for block in text.split("\n\n")]
    sentences = sorted({part for turn in turns for part in SENTENCE_END.split(turn) if part})
    # Enough for a steady rate; the ratio does not move with more.
    sentences = random.Random(0).sample(sentences, min(len(sentences), 4_000))  # noqa: S311 - words, not secrets
    n = f"{len(sentences):,} sentences"
    floors = {"fp32": (2.0, 0.99999), "int8": (4.0, None)}
    figures = []
    with tempfile.TemporaryDirectory() as graphs:

        def ours(precision: str, texts: list[str]) -> Any:
            folder = embedding_folder(naive._VECTORS)
            return OnnxEncoder(folder, revision="speed", precision=precision, graphs=Path(graphs)).encode(texts)

        ways: dict[str, Callable[[list[str]], Any]] = {"reference": naive.embed}
        ways.update({precision: partial(ours, precision) for precision in floors})
        seconds, made = _in_turn(ways, sentences)
    for precision, (floor, close) in floors.items():
        told = f"embedding alone: sentence-transformers fp32 over ours at {precision}"
        rate = f"{n}, {len(sentences) / seconds['reference']:.0f} a second there, best of {_TURNS} of each"
        figures.append(Figure("speed", told, seconds["reference"] / seconds[precision], rate, floor))
        least = float((made[precision] * made["reference"]).sum(axis=1).min())
        figures.append(Figure("speed", f"least cosine of ours at {precision} with the reference", least, n, close))
        kept = _neighbours_kept(made["reference"][:1000], made[precision][:1000])
        figures.append(Figure("speed", f"share of 10 nearest neighbours kept at {precision}", kept, "1,000 sentences"))
    return figures


def _in_turn(ways: dict[str, Callable[[list[str]], Any]], texts: list[str]) -> tuple[dict[str, float], dict[str, Any]]:
    """The best time of each way, its model's loading included, and what it gave; in turn, because a machine's pace
    changes from minute to minute."""
    seconds, made = dict.fromkeys(ways, float("inf")), {}
    for way in ways.values():
        way(texts[:8])
    for _ in range(_TURNS):
        for name, way in ways.items():
            started = time.perf_counter()
            made[name] = way(texts)
            seconds[name] = min(seconds[name], time.perf_counter() - started)
    return seconds, made


def _neighbours_kept(reference: Any, vectors: Any) -> float:
    nearest = [np.argsort(-(rows @ rows.T), axis=1, kind="stable")[:, 1:11] for rows in (reference, vectors)]
    return float(np.mean([len(set(a) & set(b)) / 10 for a, b in zip(*nearest, strict=True)]))


def _growth(folder: Path) -> list[Figure]:
    """Cold runs over words recombined from the sample's: 1, 10 and 100 times a tenth of it."""
    costs = {}
    for times in (1, 10, 100):
        corpus = folder / f"times{times}" / "corpus"
        recombine(corpus, words=times * _UNIT_WORDS, seed=times)
        costs[times] = _run(corpus, corpus.parent / "run")
        told = f"{costs[times].seconds:.0f} s, {costs[times].megabytes:.0f} MB {_stages(corpus.parent / 'run')}"
        print(f"    {times} times: {told}", flush=True)
    n = f"{100 * _UNIT_WORDS:,} words over {10 * _UNIT_WORDS:,}"
    ten, hundred = costs[10], costs[100]
    processor = hundred.processor / ten.processor
    return [
        Figure("speed", "100 times the words over 10 times: time", hundred.over(ten), n, 11, at_most=True),
        Figure("speed", "100 times the words over 10 times: processor time", processor, n, 11, at_most=True),
        Figure(
            "speed", "100 times the words over 10 times: peak memory", hundred.megabytes / ten.megabytes,
            f"{n}; {hundred.megabytes:.0f} MB over {ten.megabytes:.0f}", 3, at_most=True,
        ),
    ]  # fmt: skip


def recombine(corpus: Path, *, words: int, seed: int, said: Sequence[str] = ()) -> None:
    """Write transcripts of 5,000 words at most, of half sentences put together anew: of the sample's, or of `said`.

    Halves, because whole sentences would come again and again, and be found in a cache.
    """
    chance = random.Random(seed)  # noqa: S311 - words, not secrets
    sentences = [part.split() for part in said or _sentences_of_sample()]
    heads = [part[: len(part) // 2] for part in sentences if len(part) > 7]
    tails = [part[len(part) // 2 :] for part in sentences if len(part) > 7]
    corpus.mkdir(parents=True)
    written = 0
    while written < words:
        turns, here = [], 0
        while here < min(5_000, words - written):
            spoken = [*chance.choice(heads), *chance.choice(tails), *chance.choice(heads), *chance.choice(tails)]
            turns.append(f"Speaker {chance.randrange(_SPEAKERS) + 1}: {' '.join(spoken)}")
            here += len(spoken)
        (corpus / f"talk-{written:07}.txt").write_text("\n\n".join(turns) + "\n", encoding="utf-8")
        written += here


def _sentences_of_sample() -> list[str]:
    from pipeline.ingest import read_corpus

    texts = read_corpus(SAMPLE).source_turns["text"]
    return [part for text in texts for part in SENTENCE_END.split(text)]


def main() -> None:
    """Measure on fewer meetings than all."""
    from benchmarks.__main__ import line

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gold", type=Path, default=Path("../shared/gold"), help="the annotated data")
    parser.add_argument("--meetings", type=int, default=21, help="how many of the Senedd meetings")
    asked = parser.parse_args()
    for figure in measure(asked.gold, use=asked.meetings):
        print(line(figure))


if __name__ == "__main__":
    main()
