"""A run leaves for other programs, to wherever people want it, and never with a name."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from conftest import Command

from pipeline.tables import ASSIGNMENTS, PEOPLE, STATEMENTS, THEMES, Person


@pytest.mark.parametrize(("form", "name"), [("qdc", "codes.qdc"), ("csv", "themes.csv"), ("bertopic", "themes.zip")])
def test_a_run_is_exported_to_any_folder(
    form: str, name: str, sample_run: Path, roundtable: Command, tmp_path: Path
) -> None:
    target = tmp_path / "for analysts" / name
    done = roundtable("export", sample_run, "--format", form, "--out", target)
    assert done.returncode == 0, done.stderr
    assert target.stat().st_size > 0


def test_bertopic_is_given_the_themes_of_the_run(sample_run: Path, roundtable: Command, tmp_path: Path) -> None:
    done = roundtable("export", sample_run, "--format", "bertopic", "--out", tmp_path / "themes.zip")
    assert "WARNING" not in done.stderr
    with zipfile.ZipFile(tmp_path / "themes.zip") as archive:
        topics = json.loads(archive.read("topics.json"))["topics"]
    carried = ASSIGNMENTS.read(sample_run)
    sizes = carried[carried["primary"] & (carried["origin"] == "emergent")]["theme_id"].value_counts().tolist()
    assert len(topics) == len(STATEMENTS.read(sample_run))
    assert [topics.count(number) for number in range(len(sizes))] == sorted(sizes, reverse=True)


def test_what_would_leak_is_not_left_behind(sample_run: Path, roundtable: Command, tmp_path: Path) -> None:
    run, target = tmp_path / "run", tmp_path / "themes.csv"
    for folder in ("tables", "private"):
        (run / folder).mkdir(parents=True)
        for path in (sample_run / folder).glob("*.parquet"):
            (run / folder / path.name).write_bytes(path.read_bytes())
    (run / "manifest.json").write_bytes((sample_run / "manifest.json").read_bytes())
    called = "Rhosyn Abernantcwm"
    people = list(PEOPLE.rows(PEOPLE.read(run)))
    others = [Person("person-9999", "P99", called, (), "participant", "", "", "no_quotes")]
    PEOPLE.write(PEOPLE.frame([*people, *others]), run)
    THEMES.write(THEMES.read(run).assign(name=lambda frame: frame["name"] + f" of {called}"), run)
    done = roundtable("export", run, "--format", "csv", "--out", target)
    assert done.returncode == 18
    assert called not in done.stderr
    assert not target.exists()
