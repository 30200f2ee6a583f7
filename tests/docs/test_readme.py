"""The README's own commands, run."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
Command = Callable[..., subprocess.CompletedProcess[str]]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands(language: str) -> list[list[str]]:
    """The calls of `roundtable` in the README's blocks of this language; those in `sh` are made to be run."""
    blocks = re.findall(rf"^```{language}\n(.*?)^```", README, flags=re.DOTALL | re.MULTILINE)
    lines = [line for block in blocks for line in block.splitlines()]
    return [shlex.split(line, comments=True)[1:] for line in lines if line.startswith("roundtable")]


@pytest.fixture(scope="module")
def clone(sample_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder like a clone after `make run`."""
    folder = tmp_path_factory.mktemp("clone")
    for name in ("corpora", "configs"):
        (folder / name).symlink_to(ROOT / name)
    shutil.copytree(sample_run, folder / "outputs" / "sample")
    return folder


def test_the_readme_has_commands_that_are_run() -> None:
    assert len(commands("sh")) >= 6


def test_the_commands_of_the_readme_work_in_their_order(clone: Path, roundtable: Command) -> None:
    for arguments in commands("sh"):
        done = roundtable(*arguments, folder=clone)
        assert done.returncode == 0, f"roundtable {shlex.join(arguments)}\n{done.stdout}\n{done.stderr}"


@pytest.mark.parametrize("name", sorted({arguments[0] for arguments in [*commands("sh"), *commands("console")]}))
def test_the_options_that_the_readme_gives_are_known(name: str, roundtable: Command) -> None:
    if name.startswith("-"):
        return
    told = roundtable(name, "--help").stdout
    given = [word for words in [*commands("sh"), *commands("console")] if words[0] == name for word in words]
    assert [word for word in given if word.startswith("--") and word not in told] == []


def test_the_commands_in_the_running_text_exist(roundtable: Command) -> None:
    told = roundtable("--help").stdout
    named = set(re.findall(r"`roundtable ([a-z]+)", README))
    assert sorted(name for name in named if not re.search(rf"^\W*{name}\b", told, flags=re.MULTILINE)) == []


def test_what_the_readme_promises_of_a_run_is_there(sample_run: Path) -> None:
    promised = ("draft/report.html", "draft/report.docx", "private/redactions.parquet", "manifest.json", "tables")
    assert [place for place in promised if place not in README and place.split("/")[-1] not in README] == []
    assert [place for place in promised if not (sample_run / place).exists()] == []


def test_a_second_run_of_the_sample_makes_nothing_again(sample_run: Path, roundtable: Command) -> None:
    done = roundtable("run", "corpora/sample", "--out", sample_run, "--plan")
    assert done.returncode == 0, done.stderr
    assert [line for line in done.stdout.splitlines() if line.strip() and not line.rstrip().endswith("kept")] == []
