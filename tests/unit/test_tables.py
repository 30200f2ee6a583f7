"""Every table has its place, and stands where only who may sees it; the vectors come back as they were."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import RunError
from pipeline.store import Privacy, Table
from pipeline.tables import ALL_TABLES, VectorSet, stretches


def test_stretches_are_the_runs_of_equal_neighbours() -> None:
    assert list(stretches([])) == []
    assert list(stretches(["rt1", "rt1", "rt2", "rt1"])) == [slice(0, 2), slice(2, 3), slice(3, 4)]


def test_every_table_that_holds_a_name_is_private() -> None:
    naming = {"name", "speaker_name", "aliases", "original", "organisation", "path"}
    told = {table.name for table in ALL_TABLES if naming & set(table.columns) and table.privacy is Privacy.PUBLIC}
    # A theme has a name too, but nobody's.
    assert told - {"themes"} == set()


def test_no_two_tables_stand_in_one_place() -> None:
    places = [table.path(Path("run")) for table in ALL_TABLES]
    assert len(set(places)) == len(places)


@pytest.mark.parametrize("table", ALL_TABLES, ids=lambda table: f"{table.privacy.value}/{table.name}")
def test_every_table_can_be_made_written_and_read_with_no_rows(table: Table[object], tmp_path: Path) -> None:
    table.write(table.empty(), tmp_path)
    assert list(table.read(tmp_path).columns) == list(table.columns)


@pytest.mark.parametrize("table", ALL_TABLES, ids=lambda table: f"{table.privacy.value}/{table.name}")
def test_every_key_is_of_columns_that_are_there(table: Table[object]) -> None:
    assert set(table.key) <= set(table.columns)


def test_vectors_come_back_as_they_were_and_to_the_byte(tmp_path: Path) -> None:
    rows = np.eye(2, dtype=np.float32)
    vectors = VectorSet(("rt1:t0000:s00", "rt1:t0000:s01"), rows, rows[::-1].copy(), "plain", "plain 1", "welsh 1")
    one, other = vectors.write(tmp_path / "one"), vectors.write(tmp_path / "other")
    read = VectorSet.read(tmp_path / "one")
    assert one.read_bytes() == other.read_bytes()
    assert (read.ids, read.model, read.revision, read.welsh_revision) == (vectors.ids, "plain", "plain 1", "welsh 1")
    assert np.array_equal(read.own, vectors.own)
    assert np.array_equal(read.context, vectors.context)


def test_vectors_of_before_there_was_an_encoder_for_welsh_are_read(tmp_path: Path) -> None:
    row = np.eye(1, dtype=np.float32)
    path = VectorSet(("rt1:t0000:s00",), row, row, "plain", "plain 1").write(tmp_path)
    with np.load(path) as stored:
        older = {name: stored[name] for name in stored.files if name != "welsh_revision"}
    np.savez(path, **older)
    assert VectorSet.read(tmp_path).welsh_revision == ""


def test_vectors_that_are_not_there_are_said_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"has no tables/vectors\.npz"):
        VectorSet.read(tmp_path)


def test_damaged_vectors_are_said_with_what_to_do(tmp_path: Path) -> None:
    row = np.eye(1, dtype=np.float32)
    path = VectorSet(("rt1:t0000:s00",), row, row, "plain", "plain 1").write(tmp_path)
    whole = path.read_bytes()
    for damaged in (whole[:100], b"", whole.replace(b"revision", b"reversal")):
        path.write_bytes(damaged)
        with pytest.raises(RunError, match=r"vectors\.npz is damaged: remove it"):
            VectorSet.read(tmp_path)
