"""Killed, crowded, out of space, spread over workers: a run loses nothing, and its tables are the same bytes."""

from __future__ import annotations

import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock

from benchmarks.reproduce import files
from pipeline.backends.cache import Store
from pipeline.backends.toolbox import Toolbox
from pipeline.backends.workers import Pool, cluster, processes
from pipeline.config import Config
from pipeline.errors import DiskFull, Inaccessible, PipelineError, RunError, RunInUse, VaultError, WorkerError
from pipeline.store import VAULT, write_aside
from pipeline.tables import OMISSIONS, TURNS
from tests.conftest import ROOT, Command

PLAIN = '[anonymise]\nmodel = "plain"\n[embed]\nmodel = "plain"\n'
SUBJECTS = ("the bus", "the surgery", "the school", "the letters", "the money")
WHO = ("Facilitator", "Anwen Prosser", "Ifor Bellamy", "Gwilym Tanat")


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Talk about five subjects, one after the other, long enough for themes."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    turns = [
        f"{WHO[place % 4]}: What people say of {subject} in week {place} is that nobody asked them about {subject}."
        for subject in SUBJECTS
        for place in range(12)
    ]
    (folder / "talk.txt").write_text("\n\n".join(turns), encoding="utf-8")
    (folder / "plain.toml").write_text(PLAIN, encoding="utf-8")
    return folder


def told(part: str) -> str:
    return part.upper()


def answer(how: str, texts: list[str]) -> list[str]:
    """The work of a worker; `how` is a place where the first one to come dies, or nothing."""
    if how:
        try:
            os.close(os.open(how, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return [told(text) for text in texts]
        os.kill(os.getpid(), signal.SIGKILL)
    return [told(text) for text in texts]


def always_dies(how: str, texts: list[str]) -> list[str]:
    os.kill(os.getpid(), signal.SIGKILL)
    return texts


TEXTS = [f"text {number:03}" for number in range(300)]


def asked(pool: Pool, how: str) -> list[str]:
    try:
        return [text for part in pool.ask(answer, how, TEXTS) for text in part]
    finally:
        pool.close()


def test_processes_give_every_answer_in_order_and_a_killed_one_loses_none(tmp_path: Path) -> None:
    assert asked(processes(2), str(tmp_path / "killed")) == [told(text) for text in TEXTS]
    assert (tmp_path / "killed").exists()


def test_processes_that_always_die_are_given_up_with_advice() -> None:
    pool = processes(1)
    with pytest.raises(WorkerError, match="workers died 3 times; give fewer"):
        pool.ask(always_dies, "", TEXTS[:1])
    pool.close()


@contextmanager
def dask_cluster() -> Iterator[str]:
    from distributed import LocalCluster

    told_nobody = {"dashboard_address": None, "silence_logs": 50}
    with LocalCluster(2, threads_per_worker=1, processes=True, host="127.0.0.1", **told_nobody) as made:
        yield made.scheduler_address


@pytest.mark.filterwarnings("ignore")  # of the workers' deaths, which are the test
def test_two_dask_workers_give_every_answer_in_order_and_a_killed_one_loses_none(tmp_path: Path) -> None:
    with dask_cluster() as address:
        assert asked(cluster(address), str(tmp_path / "killed")) == [told(text) for text in TEXTS]
    assert (tmp_path / "killed").exists()


@pytest.mark.filterwarnings("ignore")  # of the workers' deaths, which are no matter here
def test_workers_are_named_or_said_to_be_missing(tmp_path: Path) -> None:
    with dask_cluster() as address:
        assert asked(cluster(address, only=["1"]), str(tmp_path / "killed")) == [told(text) for text in TEXTS]
        with pytest.raises(WorkerError, match=r"no worker of those .* \(reader-1\); it has: 0, 1"):
            cluster(address, only=["reader-1"], timeout="500ms").ask(answer, "", TEXTS)


def test_a_scheduler_that_nobody_answers_at_is_said(tmp_path: Path) -> None:
    pool = cluster("tcp://127.0.0.1:9", timeout="200ms")
    with pytest.raises(WorkerError, match="no Dask scheduler answers"):
        pool.ask(answer, "", TEXTS)


@pytest.mark.parametrize("address", ["8786", "127.0.0.1", "tcp://localhost", "tcp://127.0.0.1:port"])
def test_what_is_no_address_is_not_taken_for_another_machine(address: str) -> None:
    with pytest.raises(WorkerError, match=r"is no scheduler's address: give it as tcp://127\.0\.0\.1:8786"):
        cluster(address)


@pytest.mark.parametrize("address", ["tcp://10.0.0.5:8786", "node7:8786", "tcp://[fe80::1]:8786"])
def test_another_machine_is_spoken_to_over_tls_only(address: str) -> None:
    with pytest.raises(WorkerError, match=r"give the address as tls://"):
        cluster(address)
    cluster("tls://10.0.0.5:8786").close()


def test_a_run_killed_at_any_stage_goes_on_and_gives_the_same_bytes(corpus: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pipeline", "run", str(corpus), "--config", str(corpus / "plain.toml"), "--out"]
    subprocess.run([*command, str(tmp_path / "whole")], cwd=ROOT, check=True, capture_output=True)
    killed = tmp_path / "killed"
    for table in (TURNS.path(killed), killed / "tables" / "vectors.npz"):
        process = subprocess.Popen([*command, str(killed)], cwd=ROOT, stderr=subprocess.DEVNULL)
        while process.poll() is None and not table.exists():
            time.sleep(0.01)
        process.kill()
        process.wait()
    assert not [path for path in killed.rglob("*.parquet") if path.stat().st_size == 0]
    subprocess.run([*command, str(killed)], cwd=ROOT, check=True, capture_output=True)
    left = {name: content for name, content in files(killed).items() if not name.endswith(".part")}
    assert left == files(tmp_path / "whole")


def test_a_second_run_in_one_folder_is_refused_by_its_exit_code(
    corpus: Path, tmp_path: Path, roundtable: Command
) -> None:
    (tmp_path / "run").mkdir()
    with FileLock(tmp_path / "run" / ".lock"):
        done = roundtable("run", corpus, "--out", tmp_path / "run", "--config", corpus / "plain.toml")
    assert done.returncode == RunInUse.exit_code
    assert "another process works in" in done.stderr


def test_a_run_repeated_from_its_manifest_is_the_same(corpus: Path, tmp_path: Path, roundtable: Command) -> None:
    first, again = tmp_path / "first", tmp_path / "again"
    assert roundtable("run", corpus, "--out", first, "--config", corpus / "plain.toml").returncode == 0
    done = roundtable("run", "--from-manifest", first / "manifest.json", "--out", again)
    assert done.returncode == 0, done.stderr
    assert "is the same, byte by byte" in done.stdout
    omissions = OMISSIONS.read(first)
    OMISSIONS.write(omissions.assign(characters=omissions["characters"] + 1), first)
    done = roundtable("run", "--from-manifest", first / "manifest.json", "--out", tmp_path / "second")
    assert done.returncode == RunError.exit_code
    assert "omissions differs" in done.stderr
    (corpus / "talk.txt").write_text("Anwen Prosser: Something else was said.\n", encoding="utf-8")
    manifest = json.loads((first / "manifest.json").read_text(encoding="utf-8"))
    manifest["machine"]["model"] = "A processor of 2014 avx2"
    (first / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    done = roundtable("run", "--from-manifest", first / "manifest.json", "--out", tmp_path / "third")
    assert done.returncode != 0
    assert "the transcripts are others" in done.stderr
    assert "model changed from A processor of 2014 avx2 to " in done.stderr


def test_a_run_that_grew_is_repeated_with_its_codes_and_pseudonyms(
    corpus: Path, tmp_path: Path, roundtable: Command
) -> None:
    grown = tmp_path / "grown"
    run = ("run", corpus, "--out", grown, "--config", corpus / "plain.toml")
    assert roundtable(*run, "--until", "segment").returncode == 0
    text = "Anwen Prosser: The library is shut.\nTudur Bevan: Anwen is right.\n"
    (corpus / "a talk before the others.txt").write_text(text, encoding="utf-8")
    assert roundtable(*run).returncode == 0
    done = roundtable("run", "--from-manifest", grown / "manifest.json", "--out", tmp_path / "again")
    assert done.returncode == 0, done.stderr


def test_a_run_whose_config_has_a_vault_is_locked_at_its_end_and_opened_at_its_start(
    corpus: Path, tmp_path: Path, roundtable: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = tmp_path / "key"
    locking = corpus / "locking.toml"
    locking.write_text(PLAIN.replace("[embed]", f'vault = "key_file"\nkey_file = "{key}"\n[embed]'), encoding="utf-8")
    run = ("run", corpus, "--out", tmp_path / "run", "--until", "segment", "--config", locking)
    for _ in range(2):
        done = roundtable(*run)
        assert done.returncode == 0, done.stderr
        assert [path.name for path in (tmp_path / "run" / "private").iterdir()] == [Path(VAULT).name]
    assert "segment: kept" in done.stderr
    refused = roundtable("run", corpus, "--out", tmp_path / "run", "--config", corpus / "plain.toml")
    assert refused.returncode == VaultError.exit_code
    assert "roundtable vault unlock" in refused.stderr


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file may grow beyond this many bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_leaves_what_was_there_and_nothing_half_written(tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    target.write_text("before")
    with room_for(1_000), pytest.raises(DiskFull, match="free some, then run the same command again"):
        write_aside(target, lambda path: path.write_bytes(b"x" * 10_000))
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]
    assert target.read_text() == "before"


def test_a_full_disk_under_a_cache_is_said_and_what_was_kept_stays(tmp_path: Path) -> None:
    store = Store(tmp_path / "kept.sqlite")
    store.put([(b"a", b"first")])
    with room_for(100_000), pytest.raises(DiskFull, match="no space left to write"):
        store.put([(b"b", b"x" * 1_000_000)])
    assert store.get([b"a", b"b"]) == {b"a": b"first"}


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        (sqlite3.SQLITE_IOERR_WRITE, DiskFull),
        (sqlite3.SQLITE_IOERR_SHMSIZE, DiskFull),
        (sqlite3.SQLITE_IOERR_SHMMAP, Inaccessible),
        (sqlite3.SQLITE_IOERR_LOCK, Inaccessible),
        (sqlite3.SQLITE_BUSY, Inaccessible),
        (sqlite3.SQLITE_PROTOCOL, Inaccessible),
    ],
)
def test_a_cache_where_nothing_can_be_locked_or_shared_is_no_full_disk(
    code: int, cause: type[PipelineError], tmp_path: Path
) -> None:
    """As on some networks, and where a virtual machine shows a folder of its host's."""
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = code
    store = Store(tmp_path / "kept.sqlite")
    with pytest.raises(cause, match=r"kept\.sqlite"), store._connected():
        raise error


def test_what_is_forgotten_leaves_what_was_worked_out_of_it_too(tmp_path: Path) -> None:
    settings = Config()
    tools = Toolbox(settings.anonymise, settings.embed)
    tools.memory(tmp_path, code="one").recall(b"a talk", lambda: {"labels": np.arange(3)})
    kept = tmp_path / "private" / "cache" / "arrays.sqlite"
    assert kept.is_file()
    tools.forget(tmp_path, source_texts=[], texts=[])
    assert not list(kept.parent.glob("arrays.sqlite*"))
