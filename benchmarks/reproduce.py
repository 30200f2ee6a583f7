"""Makes the sample twice in different ways and compares every byte; exit code 1 where one differs (about 3 minutes).

The second time: the folder stands elsewhere, its files were written in another order, the models run in two
processes, and every library is given another number of threads; nothing is taken from a cache.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

_SAMPLE = Path(__file__).parents[1] / "corpora" / "sample"
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS", "RAYON_NUM_THREADS")
# They say when, where and how, and not what.
_OF_THE_MOMENT = {"manifest.json", ".lock", "private/corpus.json"}


def main() -> None:
    """Twice, and the differences."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        backwards = folder / "elsewhere" / _SAMPLE.name
        for path in sorted((path for path in _SAMPLE.rglob("*") if path.is_file()), reverse=True):
            target = backwards / path.relative_to(_SAMPLE)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
        first, second = folder / "first" / "run", folder / "second" / "run"
        _make(_SAMPLE, first, workers=1, threads=1)
        _make(backwards, second, workers=2, threads=2)
        before, after = files(first), files(second)
    differing = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    for name in differing:
        print(f"differs: {name}")
    if differing:
        sys.exit(1)
    print(f"All {len(before)} files are the same, byte by byte.")


def _make(corpus: Path, out: Path, *, workers: int, threads: int) -> None:
    surroundings = {
        **os.environ,
        **dict.fromkeys(_THREADS, str(threads)),
        "ROUNDTABLE_CACHE": str(out.parent / "cache"),
    }
    command = [sys.executable, "-m", "pipeline", "run", str(corpus), "--out", str(out), "--workers", str(workers)]
    subprocess.run(command, check=True, env=surroundings)


def files(run_folder: Path) -> dict[str, bytes]:
    """What a run made, by its place: tables, drafts, pages; not what it keeps to be quicker next time."""
    found = {path.relative_to(run_folder).as_posix(): path for path in run_folder.rglob("*") if path.is_file()}
    kept = {name: path for name, path in found.items() if name not in _OF_THE_MOMENT and "/cache/" not in name}
    return {name: path.read_bytes() for name, path in kept.items()}


if __name__ == "__main__":
    main()
