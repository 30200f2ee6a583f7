"""Many statements through the workers of a Dask cluster: whether the run is whole, its time and everybody's memory.

The words are recombined from the sample's, so that nearly every text is a new one to the models; from its sentences
that name nobody, because half a name is nobody's, and the gate holds it back. Two workers of one thread each stand on
this machine; both may read names. A million takes hours on two cores, fewer at int8:
`python -m benchmarks.scale --statements 1000000 --precision int8 --folder BIG`. Asked again after a stop, it goes on
from what stands in the folder.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks import Figure
from benchmarks.speed import SAMPLE, SENTENCE_END, cost_of, recombine
from pipeline.tables import REDACTIONS, SOURCE_TURNS, STATEMENTS

_STATEMENTS = 10_000
_WORDS_A_STATEMENT = 15
_WORKERS = 2
_MOST_MEGABYTES = 4_000


def measure(gold: Path) -> list[Figure]:
    """What a run of ten thousand statements costs; `gold` is not needed."""
    with tempfile.TemporaryDirectory() as made:
        return _measured(Path(made), _STATEMENTS, "fp32")


def _measured(folder: Path, statements: int, precision: str) -> list[Figure]:
    """What a run of about so many statements costs, or the rest of one that was begun in the folder."""
    begun = (folder / "run").exists()
    if not (folder / "corpus").exists():
        said = _sentences_without_names(folder)
        recombine(folder / "corpus", words=statements * _WORDS_A_STATEMENT, seed=0, said=said)
    with _cluster() as cluster:
        names = [str(worker["name"]) for worker in cluster.scheduler_info["workers"].values()]
        settings = folder / "settings.toml"
        settings.write_text(f'[workers]\nprivate = {json.dumps(names)}\n[embed]\nprecision = "{precision}"\n')
        cost = cost_of(
            *("-m", "pipeline", "run", folder / "corpus", "--out", folder / "run", "--config", settings),
            *("--scheduler", cluster.scheduler_address),
            cache=folder / "cache",
        )
        held = max(_peaks(cluster))
    stages = json.loads((folder / "run" / "manifest.json").read_text(encoding="utf-8"))["stages"]
    texts = [text for (text,) in STATEMENTS.read_columns(folder / "run", "text")]
    print(f"    { ({name: record['seconds'] for name, record in stages.items()}) }", flush=True)
    n = f"{len(texts):,} statements, {len(set(texts)):,} different, {precision}, {_WORKERS} workers of a Dask cluster"
    n += "; the rest of a run begun before" if begun else ""
    return [
        Figure("scale", "seconds of a run through Dask workers", cost.seconds, n),
        Figure("scale", "peak memory of a worker, MB", held, n, _MOST_MEGABYTES, at_most=True),
        Figure("scale", "peak memory of the command, MB", cost.megabytes, n),
    ]


def _sentences_without_names(folder: Path) -> list[str]:
    """The sample's sentences in which anonymise found nothing at all."""
    cost_of("-m", "pipeline", "run", SAMPLE, "--out", folder / "sample", "--until", "anonymise", cache=folder / "cache")
    hits = REDACTIONS.read_columns(folder / "sample", "turn_id", "start", "end")
    sentences = []
    for turn_id, text in SOURCE_TURNS.read_columns(folder / "sample", "turn_id", "text"):
        found = [(start, end) for hit, start, end in hits if hit == turn_id]
        ends = [*(end.end() for end in SENTENCE_END.finditer(text)), len(text)]
        for first, last in pairwise([0, *ends]):
            if not any(start < last and first < end for start, end in found):
                sentences.append(text[first:last].strip())
    return sentences


@contextmanager
def _cluster() -> Iterator[Any]:
    from distributed import LocalCluster

    told_nobody = {"dashboard_address": None, "silence_logs": 50}
    with LocalCluster(_WORKERS, threads_per_worker=1, processes=True, host="127.0.0.1", **told_nobody) as made:
        yield made


def _peaks(cluster: Any) -> list[float]:
    """The most that each worker held since its start, in MB."""
    from distributed import Client

    with Client(cluster.scheduler_address, set_as_default=False) as client:
        return [kilobytes / 1024 for kilobytes in client.run(_own_peak).values()]


def _own_peak() -> int:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main() -> None:
    """Measure as many statements as asked."""
    from benchmarks.__main__ import line

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--statements", type=int, default=_STATEMENTS, help="about how many")
    parser.add_argument("--precision", default="fp32", choices=("fp32", "int8"), help="of the encoder")
    parser.add_argument("--folder", type=Path, help="where words and run are kept; else thrown away")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as thrown_away:
        folder = asked.folder or Path(thrown_away)
        figures = _measured(folder, asked.statements, asked.precision)
    for figure in figures:
        print(line(figure))


if __name__ == "__main__":
    main()
