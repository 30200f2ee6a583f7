"""What is stored comes back as it was, to the byte, and is never half there."""

from __future__ import annotations

import errno
import os
import signal
import stat
import sys
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pandera.errors
import pytest
from filelock import Timeout
from hypothesis import given, settings
from hypothesis import strategies as some

from pipeline.errors import DiskFull, Inaccessible, RunError, of_the_machine
from pipeline.store import content_hash, locked, write_aside
from pipeline.tables import (
    ASSIGNMENTS,
    PEOPLE,
    PICTURES,
    QUOTES,
    REDACTIONS,
    SOURCE_TURNS,
    STATEMENTS,
    THEMES,
    TURNS,
    Assignment,
    Person,
    Redaction,
    SourceTurn,
    Statement,
    Theme,
    Turn,
)

TURN = Turn("rt1:t0000", "rt1", "rt1", 0, "P01", "participant", "en", "None", 0.0, None)
STATEMENT = Statement("rt1:t0000:s00", "rt1:t0000", "rt1", 0, 4, "None", "substantive", "en")
THEME = Theme("trust", "Trust", "codebook", "", ("trust", "belief"), 3, 2, 1, 0.75)
SIAN = Person("person-0001", "P01", "Siân Tregarth", ("Sian", "Siân"), "participant", "", "", "quote_with_role")

ANY_TEXT = some.text(some.characters(codec="utf-8"), max_size=20)
ANY_TIME = some.none() | some.floats(0, 1e6, allow_nan=False)


def test_rows_go_into_a_frame_and_come_back_as_they_were() -> None:
    assert list(TURNS.rows(TURNS.frame([TURN]))) == [TURN]


@pytest.mark.parametrize("answer", ["None", "NA", "nan", "", "007", "1e5", "TRUE", "=1+1", "👍", "ŵyr", " ", "a\nb"])
def test_an_answer_that_looks_like_something_else_is_kept_to_the_letter(answer: str, tmp_path: Path) -> None:
    TURNS.write(TURNS.frame([replace(TURN, text=answer)]), tmp_path)
    assert [turn.text for turn in TURNS.rows(TURNS.read(tmp_path))] == [answer]


@given(text=ANY_TEXT, name=ANY_TEXT, start=ANY_TIME, end=ANY_TIME)
@settings(max_examples=25, deadline=None)
def test_any_turn_comes_back_as_it_was(text: str, name: str, start: float | None, end: float | None) -> None:
    turn = SourceTurn("rt1:t0000", "rt1", 0, name, text, start, end, "line 1")
    assert list(SOURCE_TURNS.rows(SOURCE_TURNS.frame([turn]))) == [turn]


def test_a_list_comes_back_in_its_order_from_disk(tmp_path: Path) -> None:
    THEMES.write(THEMES.frame([THEME, replace(THEME, theme_id="e-x", keywords=())]), tmp_path)
    assert [theme.keywords for theme in THEMES.rows(THEMES.read(tmp_path))] == [(), ("trust", "belief")]


def test_a_time_that_is_not_known_is_none_and_not_nan(tmp_path: Path) -> None:
    TURNS.write(TURNS.frame([TURN]), tmp_path)
    assert [(turn.start_s, turn.end_s) for turn in TURNS.rows(TURNS.read(tmp_path))] == [(0.0, None)]


def test_a_table_with_no_rows_has_its_columns() -> None:
    assert list(QUOTES.empty().columns) == list(QUOTES.columns)


def test_a_table_with_no_rows_comes_back_from_disk(tmp_path: Path) -> None:
    QUOTES.write(QUOTES.empty(), tmp_path)
    assert list(QUOTES.rows(QUOTES.read(tmp_path))) == []


def test_a_frame_is_in_the_order_of_its_key_whatever_the_order_of_rows() -> None:
    later = replace(STATEMENT, statement_id="rt1:t0000:s01")
    assert STATEMENTS.frame([later, STATEMENT]).equals(STATEMENTS.frame([STATEMENT, later]))


def test_the_same_rows_in_another_order_give_the_same_bytes(tmp_path: Path) -> None:
    later = replace(STATEMENT, statement_id="rt1:t0000:s01")
    frame = STATEMENTS.frame([STATEMENT, later])
    one = STATEMENTS.write(frame, tmp_path / "one").read_bytes()
    other = STATEMENTS.write(frame.iloc[::-1], tmp_path / "other").read_bytes()
    assert one == other


def test_two_rows_with_one_key_are_refused() -> None:
    with pytest.raises(pandera.errors.SchemaError):
        STATEMENTS.frame([STATEMENT, STATEMENT])


def test_a_missing_column_is_refused() -> None:
    with pytest.raises(pandera.errors.SchemaError):
        STATEMENTS.check(STATEMENTS.frame([STATEMENT]).drop(columns="kind"))


def test_a_text_that_is_missing_is_refused() -> None:
    frame = STATEMENTS.frame([STATEMENT])
    frame.loc[0, "text"] = None
    with pytest.raises(pandera.errors.SchemaError):
        STATEMENTS.check(frame)


def test_a_number_where_a_text_belongs_is_refused() -> None:
    frame = STATEMENTS.frame([STATEMENT])
    frame["text"] = pd.Series([7], dtype="int64")
    with pytest.raises(pandera.errors.SchemaError):
        STATEMENTS.check(frame)


def test_a_further_column_is_let_through_and_kept(tmp_path: Path) -> None:
    STATEMENTS.write(STATEMENTS.frame([STATEMENT]).assign(note="x"), tmp_path)
    assert list(STATEMENTS.read(tmp_path)["note"]) == ["x"]


def test_a_table_of_another_version_is_refused_when_it_is_read(tmp_path: Path) -> None:
    path = STATEMENTS.write(STATEMENTS.frame([STATEMENT]), tmp_path)
    pd.read_parquet(path).drop(columns="kind").to_parquet(path)
    with pytest.raises(RunError, match=r"statements\.parquet was made by another version"):
        STATEMENTS.read(tmp_path)


def test_a_key_that_stands_twice_is_refused_when_a_table_is_read_in_any_order(tmp_path: Path) -> None:
    other = replace(STATEMENT, statement_id=f"{STATEMENT.statement_id}b")
    path = STATEMENTS.write(STATEMENTS.frame([STATEMENT, other]), tmp_path)
    written = pd.read_parquet(path)
    for rows in ([0, 0, 1], [1, 0, 1]):
        written.iloc[rows].to_parquet(path)
        with pytest.raises(RunError, match="was made by another version"):
            STATEMENTS.read(tmp_path)
    written.iloc[[1, 0]].to_parquet(path)
    assert len(STATEMENTS.read(tmp_path)) == 2


def test_a_key_of_several_columns_may_repeat_each_of_them() -> None:
    keys = [("rt1:a", "trust"), ("rt1:a", "risk"), ("rt1:b", "risk")]
    rows = [Assignment(statement, theme, "codebook", False, 0.5) for statement, theme in keys]
    frame = ASSIGNMENTS.frame(rows)
    assert ASSIGNMENTS.check(frame.iloc[::-1]) is not None
    with pytest.raises(pandera.errors.SchemaError):
        ASSIGNMENTS.check(pd.concat([frame, frame.iloc[[1]]], ignore_index=True))


def test_a_key_of_three_columns_that_stands_twice_apart_is_refused() -> None:
    keys = [("rt1:b", 5, 1), ("rt1:a", 5, 2)]
    told = ("Nia", "[P01]", "PERSON", "", "roster", 1.0, "replaced", "")
    rows = [Redaction(turn, start, end, *told) for turn, start, end in keys]
    frame = REDACTIONS.frame(rows)
    with pytest.raises(pandera.errors.SchemaError):
        REDACTIONS.check(frame.iloc[[1, 0, 1]].reset_index(drop=True))


def test_what_holds_names_stands_apart_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    path = PEOPLE.write(PEOPLE.frame([SIAN]), tmp_path)
    assert path.relative_to(tmp_path) == Path("private/people.parquet")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(("mask", "rights"), [(0o077, 0o600), (0o022, 0o644), (0o002, 0o664)])
def test_what_holds_no_names_has_the_rights_that_the_umask_leaves(tmp_path: Path, mask: int, rights: int) -> None:
    before = os.umask(mask)
    try:
        paths = [THEMES.write(THEMES.empty(), tmp_path), tmp_path / "report.html"]
        write_aside(paths[1], lambda path: path.write_text("a report"))
        kept = PEOPLE.write(PEOPLE.frame([SIAN]), tmp_path)
    finally:
        os.umask(before)
    assert [stat.S_IMODE(path.stat().st_mode) for path in (*paths, kept)] == [rights, rights, 0o600]


def test_a_table_that_is_not_there_is_said_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"has no tables/quotes\.parquet: run `roundtable run` on it first"):
        QUOTES.read(tmp_path)


def test_a_full_disk_leaves_what_was_there_and_nothing_half_written(tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    target.write_text("yesterday's")

    def fill(path: Path) -> None:
        path.write_text("half")
        raise OSError(28, "No space left on device")

    with pytest.raises(DiskFull, match="no space left to write"):
        write_aside(target, fill)
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]
    assert target.read_text() == "yesterday's"


def test_an_interruption_leaves_nothing_half_written(tmp_path: Path) -> None:
    def interrupted(path: Path) -> None:
        path.write_text("half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_aside(tmp_path / "report.html", interrupted)
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_leaves_no_half_written_file_whenever_it_comes(tmp_path: Path) -> None:
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    try:
        for microseconds in range(5, 300):
            with suppress(KeyboardInterrupt):
                signal.setitimer(signal.ITIMER_REAL, microseconds / 1e6)
                write_aside(tmp_path / "people.csv", lambda path: None)
                time.sleep(0.01)  # it comes after the file is there
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert {path.name for path in tmp_path.iterdir()} <= {"people.csv"}


def test_a_hash_over_content_changes_with_a_word_a_number_and_an_order() -> None:
    frame = pd.DataFrame({"turn_id": ["a", "b"], "start": [1, 2]})
    array = np.arange(4.0)
    first = content_hash(frame, array, "words")
    assert content_hash(frame.copy(), array.copy(), "words") == first
    others = [
        (frame.assign(start=[1, 3]), array, "words"),
        (frame.rename(columns={"start": "end"}), array, "words"),
        (frame.iloc[::-1], array, "words"),
        (frame, array.reshape(2, 2), "words"),
        (frame, array, "word"),
    ]
    assert first not in {content_hash(*other) for other in others}


def test_a_damaged_table_is_said_with_what_to_do(tmp_path: Path) -> None:
    path = PEOPLE.write(PEOPLE.frame([SIAN]), tmp_path)
    whole = path.read_bytes()
    for damaged in (whole[:100], whole[:-200] + 200 * b"?", b""):
        path.write_bytes(damaged)
        for read in (PEOPLE.read, lambda folder: PEOPLE.read_columns(folder, "name")):
            with pytest.raises(RunError, match=r"people\.parquet is damaged: remove it"):
                read(tmp_path)


def test_a_column_that_was_of_another_kind_is_of_another_version(tmp_path: Path) -> None:
    theirs = ASSIGNMENTS.path(tmp_path)
    theirs.parent.mkdir()
    pd.DataFrame(
        {"statement_id": ["a"], "theme_id": ["e01"], "origin": ["emergent"], "primary": [True], "confidence": ["high"]}
    ).to_parquet(theirs)
    with pytest.raises(RunError, match=r"assignments\.parquet was made by another version"):
        ASSIGNMENTS.read(tmp_path)


def test_a_table_has_no_more_in_it_than_its_columns(tmp_path: Path) -> None:
    """What pandas would add names its version, and the same rows would not be the same bytes."""
    path = PEOPLE.write(PEOPLE.frame([SIAN]), tmp_path)
    assert b"pandas" not in path.read_bytes()


def test_a_drawing_that_is_no_longer_made_is_gone(tmp_path: Path) -> None:
    PICTURES.write({"themes": "<svg/>", "series": "<svg></svg>"}, tmp_path)
    PICTURES.write({"themes": "<svg/>"}, tmp_path)
    assert PICTURES.read(tmp_path) == {"themes": "<svg/>"}
    assert sorted(path.name for path in PICTURES.files(tmp_path)) == ["index.json", "themes.svg"]


@pytest.mark.skipif(sys.platform == "win32", reason="there files are locked in another way")
@pytest.mark.parametrize("code", [errno.ENOLCK, errno.EOPNOTSUPP])
def test_a_file_system_without_locks_is_named(code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a network's may be."""

    def refuse(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr("fcntl.flock", refuse)
    with pytest.raises(OSError, match=r"\.lock") as found, locked(tmp_path / ".lock"):
        pytest.fail("nobody was kept out")
    told = of_the_machine(found.value)
    assert isinstance(told, Inaccessible)
    assert str(told).startswith(f"{tmp_path}/.lock: the file system there can't ")


def test_who_asks_for_a_lock_that_is_held_is_told_at_once_or_waits(tmp_path: Path) -> None:
    with locked(tmp_path / ".lock"), pytest.raises(Timeout), locked(tmp_path / ".lock", seconds=0):
        pytest.fail("both went on")
    with locked(tmp_path / ".lock", seconds=0):
        assert (tmp_path / ".lock").exists()
