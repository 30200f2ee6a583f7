"""Each cause that a user can mend has a code of its own, and the table of them is true."""

from __future__ import annotations

import re
from pathlib import Path

from pipeline import errors
from pipeline.errors import PipelineError, no_run


def causes() -> list[type[PipelineError]]:
    return PipelineError.__subclasses__()


def test_every_cause_has_an_exit_code_of_its_own() -> None:
    codes = [cause.exit_code for cause in causes()]
    assert len(set(codes)) == len(codes)


def test_no_cause_takes_a_code_that_means_something_else() -> None:
    # 0 is done, 1 our own bug, 2 Typer's refusal; from 64 on, sysexits and shells have meanings of their own.
    assert all(3 <= cause.exit_code < 64 for cause in causes())


def test_the_table_that_opens_the_module_is_true() -> None:
    told = re.findall(r"^  \+ (\w+) +(\d+)   (.+)$", str(errors.__doc__), flags=re.MULTILINE)
    said = [(cause.__name__, str(cause.exit_code), _sentence(cause)) for cause in causes()]
    assert told == said


def test_the_tree_has_one_level() -> None:
    assert [cause.__name__ for cause in causes() if cause.__subclasses__()] == []


def _sentence(cause: type[PipelineError]) -> str:
    opening = str(cause.__doc__).split("\n\n")[0].rstrip(".")
    return opening[0].lower() + opening[1:]


def test_a_command_in_a_message_can_be_copied_though_its_path_has_a_space() -> None:
    assert "`roundtable run CORPUS --out 'my runs/spring'`" in str(no_run(Path("my runs/spring")))
