"""The vault: what names somebody is encrypted, and comes back byte by byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.anonymise.vault import (
    Key,
    export,
    is_locked,
    key_file,
    lock,
    passphrase,
    unlock,
)
from pipeline.errors import VaultError
from pipeline.store import VAULT
from pipeline.tables import PEOPLE, Person

# A key file's content, so that no test but one waits for scrypt.
KEY = Key("key_file", b"an invented key of more than thirty-two bytes")
OTHER = Key("key_file", b"another key of more than thirty-two bytes, too")
PEOPLE_SAID = [
    Person(
        "person-0001", "P01", "Siân Tregarth", ("Sian",), "participant", "Open Door", "housing", "no_quotes", ("rt1",)
    ),
    Person("person-0002", "P02", "=HYPERLINK(1)", (), "participant", "+44", "", "withdrawn"),
]


@pytest.fixture
def run_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "run"
    PEOPLE.write(PEOPLE.frame(PEOPLE_SAID), folder)
    (folder / "private" / "cache").mkdir()
    (folder / "private" / "cache" / "analyses.sqlite").write_bytes(bytes(range(256)) * 50_000)
    (folder / "private" / "withdrawals.json").write_text("[]")
    (folder / "private" / "empty.txt").write_text("")
    (folder / "tables").mkdir()
    (folder / "tables" / "turns.parquet").write_bytes(b"public")
    return folder


def everything(folder: Path) -> dict[str, bytes]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_what_was_locked_comes_back_to_the_byte(run_folder: Path) -> None:
    before = everything(run_folder)
    assert lock(run_folder, KEY) == 4
    assert unlock(run_folder, KEY) == 4
    assert everything(run_folder) == before


def test_a_locked_run_has_one_private_file_that_tells_no_name_and_its_owner_alone_may_read(run_folder: Path) -> None:
    lock(run_folder, KEY)
    assert sorted(everything(run_folder)) == [VAULT, "tables/turns.parquet"]
    content = (run_folder / VAULT).read_bytes()
    assert not any(told in content for told in (b"Tregarth", "Siân".encode(), b"people", b"withdrawals"))
    assert (run_folder / VAULT).stat().st_mode & 0o777 == 0o600


def test_what_comes_back_its_owner_alone_may_read(run_folder: Path) -> None:
    lock(run_folder, KEY)
    unlock(run_folder, KEY)
    assert {path.stat().st_mode & 0o777 for path in (run_folder / "private").rglob("*") if path.is_file()} == {0o600}


def test_two_vaults_of_the_same_files_have_nothing_in_common(run_folder: Path) -> None:
    lock(run_folder, KEY)
    first = (run_folder / VAULT).read_bytes()
    unlock(run_folder, KEY)
    lock(run_folder, KEY)
    second = (run_folder / VAULT).read_bytes()
    assert len(first) == len(second)
    assert sum(a == b for a, b in zip(first[100:10_100], second[100:10_100], strict=True)) < 200


@pytest.mark.parametrize("wrong", [OTHER, Key("passphrase", b"an invented key")])
def test_another_key_opens_nothing_and_harms_nothing(run_folder: Path, wrong: Key) -> None:
    lock(run_folder, KEY)
    before = everything(run_folder)
    with pytest.raises(VaultError, match=r"the key file is not the one|was locked with a key file"):
        unlock(run_folder, wrong)
    assert everything(run_folder) == before


def test_a_passphrase_opens_what_it_locked_and_another_one_does_not(run_folder: Path) -> None:
    before = everything(run_folder)
    lock(run_folder, passphrase("nine slow herons"))
    with pytest.raises(VaultError, match="the passphrase is not the one it was locked with"):
        unlock(run_folder, passphrase("nine slow heron"))
    unlock(run_folder, passphrase("nine slow herons"))
    assert everything(run_folder) == before


def test_no_passphrase_is_none(run_folder: Path) -> None:
    with pytest.raises(VaultError, match="is empty"):
        passphrase("  ")


def test_a_short_passphrase_opens_a_vault_and_makes_none(run_folder: Path) -> None:
    with pytest.raises(VaultError, match="fewer than 15 characters"):
        passphrase("two slow herons"[:-1], new=True)
    before = everything(run_folder)
    lock(run_folder, passphrase("heron"))
    unlock(run_folder, passphrase("heron"))
    assert everything(run_folder) == before
    assert passphrase("two slow herons", new=True) == passphrase("two slow herons")


FRAME = 4 * 1024 * 1024 + 16


@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: whole[:-1],
        lambda whole: whole[: 45 + FRAME],
        lambda whole: whole[:30],
        lambda whole: whole[:200] + bytes([whole[200] ^ 1]) + whole[201:],
        lambda whole: whole[:40] + bytes([whole[40] ^ 1]) + whole[41:],
        lambda whole: whole[:44] + whole[44 + FRAME : 44 + 2 * FRAME] + whole[44:][:FRAME] + whole[44 + 2 * FRAME :],
        lambda whole: b"not a vault at all" * 9,
    ],
    ids=["a byte short", "cut at a frame", "cut in the header", "a bit", "a bit of the header", "swapped", "another"],
)  # fmt: skip
def test_a_damaged_vault_is_said_and_nothing_of_it_is_written(run_folder: Path, damage: object) -> None:
    lock(run_folder, KEY)
    path = run_folder / VAULT
    path.write_bytes(damage(path.read_bytes()))  # type: ignore[operator]
    before = everything(run_folder)
    with pytest.raises(VaultError):
        unlock(run_folder, KEY)
    assert everything(run_folder) == before


def test_a_lock_killed_before_all_clear_files_were_gone_is_ended_by_the_next(run_folder: Path) -> None:
    before = everything(run_folder)
    lock(run_folder, KEY)
    (run_folder / "private" / "withdrawals.json").write_text("[]")
    lock(run_folder, KEY)
    assert sorted(everything(run_folder)) == [VAULT, "tables/turns.parquet"]
    unlock(run_folder, KEY)
    assert everything(run_folder) == before


def test_an_unlock_killed_half_way_is_ended_by_the_next(run_folder: Path) -> None:
    before = everything(run_folder)
    lock(run_folder, KEY)
    (run_folder / "private" / "empty.txt").write_text("")
    unlock(run_folder, KEY)
    assert everything(run_folder) == before


def test_a_file_changed_since_is_neither_overwritten_nor_removed(run_folder: Path) -> None:
    lock(run_folder, KEY)
    (run_folder / "private" / "withdrawals.json").write_text("[1]")
    for act in (lock, unlock):
        with pytest.raises(VaultError, match="is another than the one in the vault"):
            act(run_folder, KEY)
    assert (run_folder / "private" / "withdrawals.json").read_text() == "[1]"


def test_a_file_made_since_is_not_removed_by_locking_again(run_folder: Path) -> None:
    lock(run_folder, KEY)
    (run_folder / "private" / "new.txt").write_text("new")
    with pytest.raises(VaultError, match=r"new\.txt was made while the run was locked"):
        lock(run_folder, KEY)
    unlock(run_folder, KEY)
    assert (run_folder / "private" / "new.txt").read_text() == "new"


def test_a_private_table_in_the_vault_says_how_to_get_it(run_folder: Path) -> None:
    lock(run_folder, KEY)
    with pytest.raises(VaultError, match="roundtable vault unlock"):
        PEOPLE.read(run_folder)


def test_a_folder_without_private_files_is_no_run(tmp_path: Path) -> None:
    with pytest.raises(VaultError, match="is it the folder of a run"):
        lock(tmp_path, KEY)
    with pytest.raises(VaultError, match="isn't locked"):
        unlock(tmp_path, KEY)
    assert not is_locked(tmp_path)


EXPORTED = (
    "\ufeffpseudonym,name,aliases,role,organisation,sector,consent,roundtables\r\n"
    "P01,Siân Tregarth,Sian,participant,Open Door,housing,no_quotes,rt1\r\n"
    "P02,'=HYPERLINK(1),,participant,'+44,,withdrawn,\r\n"
)


def test_people_and_pseudonyms_are_exported_and_no_cell_is_a_formula(run_folder: Path) -> None:
    assert export(run_folder).decode() == EXPORTED


def test_a_locked_run_is_exported_with_its_key_and_stays_locked(run_folder: Path) -> None:
    lock(run_folder, KEY)
    with pytest.raises(VaultError, match="is locked"):
        export(run_folder)
    assert export(run_folder, KEY).decode() == EXPORTED
    assert is_locked(run_folder)


def test_a_new_key_file_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    with pytest.raises(VaultError, match="no key file"):
        key_file(tmp_path / "key")
    made = key_file(tmp_path / "key", make=True)
    assert key_file(tmp_path / "key", make=True) == made
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    assert repr(made) == "Key(kind='key_file')"


def test_a_key_is_not_kept_among_what_it_locks(run_folder: Path, tmp_path: Path) -> None:
    for make in (True, False):
        with pytest.raises(VaultError, match="lies among the files that it locks"):
            key_file(run_folder / "private" / "key", make=make, run_folder=run_folder)
    assert not (run_folder / "private" / "key").exists()
    assert key_file(tmp_path / "key", make=True, run_folder=run_folder).kind == "key_file"


def test_a_file_of_a_few_bytes_is_no_key(tmp_path: Path) -> None:
    for content in (b"secret", bytes(31)):
        (tmp_path / "key").write_bytes(content)
        with pytest.raises(VaultError, match="too short for a key"):
            key_file(tmp_path / "key")
    (tmp_path / "key").write_bytes(bytes(32))
    assert key_file(tmp_path / "key").kind == "key_file"
