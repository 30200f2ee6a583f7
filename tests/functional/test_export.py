"""A run leaves for other programs, to wherever people want it, and never with a name."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import pytest
from conftest import Command

from pipeline.decisions import Decision, Span, append
from pipeline.tables import ASSIGNMENTS, PEOPLE, STATEMENTS, THEMES, TURNS, Person

CALLED = "Rhosyn Abernantcwm"


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


def leaking(sample_run: Path, folder: Path) -> Path:
    """The sample's run, where a name nobody replaced stands in a theme's name."""
    run = folder / "run"
    for name in ("tables", "private"):
        (run / name).mkdir(parents=True)
        for path in (sample_run / name).glob("*.parquet"):
            (run / name / path.name).write_bytes(path.read_bytes())
    (run / "manifest.json").write_bytes((sample_run / "manifest.json").read_bytes())
    added = Person("person-9999", "P99", CALLED, (), "participant", "", "", "no_quotes")
    PEOPLE.write(PEOPLE.frame([*PEOPLE.rows(PEOPLE.read(run)), added]), run)
    THEMES.write(THEMES.read(run).assign(name=lambda frame: frame["name"] + f" of {CALLED}"), run)
    return run


@pytest.mark.parametrize(
    "asked", [("export", "--format", "csv", "--out"), ("review", "--pack")], ids=["an export", "a pack"]
)
def test_what_would_leak_is_not_left_behind(
    asked: tuple[str, ...], sample_run: Path, roundtable: Command, tmp_path: Path
) -> None:
    target, run = tmp_path / "leaves.html", leaking(sample_run, tmp_path)
    done = roundtable(asked[0], run, *asked[1:], target)
    assert done.returncode == 18
    assert CALLED not in done.stderr
    assert not target.exists()
    target.write_text("what was exported before", encoding="utf-8")
    assert roundtable(asked[0], run, *asked[1:], target).returncode == 18
    assert target.read_text(encoding="utf-8") == "what was exported before"
    assert not list((run / "private").glob("*/leaves.html*"))


def test_a_name_in_a_picture_stops_a_pack(sample_run: Path, roundtable: Command, tmp_path: Path) -> None:
    """In the page a picture is in base64, in which nobody finds a name."""
    run = tmp_path / "run"
    shutil.copytree(sample_run, run)
    drawing = min((run / "tables").rglob("*.svg"))
    drawing.write_text(drawing.read_text("utf-8").replace("</svg>", "<text>Gethin</text></svg>"), "utf-8")
    assert roundtable("review", run, "--pack", tmp_path / "pack.html").returncode == 18
    assert not (tmp_path / "pack.html").exists()


def test_a_facilitator_who_decides_under_her_own_name_can_make_a_pack(
    sample_run: Path, roundtable: Command, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    shutil.copytree(sample_run, run)
    turn = next(row for row in TURNS.rows(TURNS.read(run)) if row.role == "participant")
    note = "ask Gethin whether he minds"
    span = Span.cut(turn.turn_id, turn.text, 0, len(turn.text))
    for number, by, told in ((1, "Marged", "good"), (2, "a colleague", note)):
        made = Decision(
            decision_id=f"d{number}", at="", by=by, kind="quote", action="maybe", subject=(span,), note=told
        )
        append(run, [made])
    done = roundtable("review", run, "--pack", tmp_path / "pack.html")
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "pack.html").read_text(encoding="utf-8")
    assert '"by": "reviewer 1"' in text or '"by":"reviewer 1"' in text
    assert "a colleague" in text and "Marged" not in text and "Gethin" not in text


def test_a_pack_of_the_sample_passes_the_gate(sample_run: Path, roundtable: Command, tmp_path: Path) -> None:
    done = roundtable("review", sample_run, "--pack", tmp_path / "pack.html")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "pack.html").stat().st_size > 0


@pytest.mark.parametrize("asked", [("export", "--format", "csv", "--out"), ("review", "--pack")])
def test_a_file_that_is_to_be_called_after_somebody_is_not_written(
    asked: tuple[str, ...], sample_run: Path, roundtable: Command, tmp_path: Path
) -> None:
    done = roundtable(asked[0], sample_run, *asked[1:], tmp_path / "for-Gethin.html")
    assert done.returncode == 18
    assert "the name of the file that you asked for is somebody's: give another" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_word_of_the_page_that_is_somebodys_name_does_not_stop_a_pack(
    sample_run: Path, roundtable: Command, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    shutil.copytree(sample_run, run)
    added = Person("person-9999", "P99", "Rhosyn Lock", (), "participant", "", "", "no_quotes")
    PEOPLE.write(PEOPLE.frame([*PEOPLE.rows(PEOPLE.read(run)), added]), run)
    done = roundtable("review", run, "--pack", tmp_path / "pack.html")
    assert done.returncode == 0, done.stderr
