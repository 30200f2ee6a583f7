"""What tests of several chapters need: the sample series, run once for all of them with the real models."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Protocol

import pytest
from filelock import FileLock

ROOT = Path(__file__).parents[1]


class Command(Protocol):
    """Calls `roundtable` as a user would from this folder."""

    def __call__(self, *arguments: str | Path, folder: Path = ...) -> subprocess.CompletedProcess[str]: ...


@pytest.fixture(scope="session")
def roundtable() -> Command:
    """The command line, in a process of its own."""
    return _roundtable


def _roundtable(*arguments: str | Path, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pipeline", *map(str, arguments)]
    # One thread each: two workers of pytest on two cores would otherwise wait for each other.
    surroundings = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONWARNINGS": "default", "COLUMNS": "120"}
    return subprocess.run(command, cwd=folder, env=surroundings, capture_output=True, text=True, check=False)


@pytest.fixture(scope="session")
def sample_run(tmp_path_factory: pytest.TempPathFactory, roundtable: Command) -> Path:
    """A folder with the run of corpora/sample, and what the command printed in `printed.txt` beside it.

    To be read, not written to: all tests, in all processes, share it.
    """
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent  # the workers' own folders stand in one
    folder, printed = shared / "sample" / "run", shared / "sample" / "printed.txt"
    with FileLock(shared / "sample.lock"):
        if not printed.is_file():
            done = roundtable("run", "corpora/sample", "--out", folder)
            assert done.returncode == 0, done.stderr
            printed.write_text(done.stdout, encoding="utf-8")
    return folder
