"""What users do wrong is said in a line, with what to do, by an exit code of its own; and nothing half-made stays."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.anonymise import vault
from pipeline.errors import (
    ConfigError,
    CorpusError,
    DecisionError,
    DiskFull,
    Inaccessible,
    LeakFound,
    MissingModel,
    PipelineError,
    RunError,
    VaultError,
)
from tests.conftest import ROOT, Command

PLAIN = '[anonymise]\nmodel = "plain"\n[embed]\nmodel = "plain"\n'
TALK = """Facilitator: What gets in the way of trust?
Anwen Prosser: We promise people a call on Thursday and then nobody rings them until the week after.
Ifor Bellamy: It is the money. Every project of ours ends in March, and people have learned to expect that.
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, roundtable: Command) -> Path:
    """A folder with a corpus, a config, and the run of both; to be read."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "talk.txt").write_text(TALK, encoding="utf-8")
    (folder / "plain.toml").write_text(PLAIN, encoding="utf-8")
    done = roundtable("run", folder / "corpus", "--out", folder / "run", "--config", folder / "plain.toml")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def house(made: Path, tmp_path: Path) -> Path:
    """The same, to be changed."""
    return Path(shutil.copytree(made, tmp_path / "a house with â ŵ"))


def refused(done: subprocess.CompletedProcess[str], cause: type[PipelineError], words: str) -> None:
    """One line, the cause's own exit code, and no traceback."""
    assert done.returncode == cause.exit_code, done.stderr
    assert "Traceback" not in done.stderr
    last = done.stderr.splitlines()[-1]
    assert last.startswith("roundtable: ")
    assert words in last


@pytest.mark.parametrize(
    ("arguments", "cause", "words"),
    [
        (("gone", "--out", "new"), CorpusError, "no folder"),
        (("gone", "--out", "new", "--plan"), CorpusError, "no folder"),
        (("corpus/talk.txt", "--out", "new"), CorpusError, "name the folder that holds the transcripts"),
        (("corpus", "--out", "new", "--until", "clusters"), RunError, "no stage is called clusters"),
        (("corpus", "--out", "corpus/new"), RunError, "lies among the transcripts"),
        (("corpus", "--out", "corpus"), RunError, "lies among the transcripts"),
        (("corpus", "--out", "link"), RunError, "is a link to a folder that isn't there"),
        (("corpus", "--out", "plain.toml", "--plan"), RunError, "is a file; give a new folder"),
        (("corpus", "--out", "strange", "--plan"), RunError, "holds letter.txt and no run"),
        (("corpus", "--out", "plain.toml/new"), Inaccessible, "a part of this path is a file"),
        (("corpus", "--out", "/proc/new"), Inaccessible, "there: name another place"),
        (("corpus", "--out", "new", "--config", "corpus"), Inaccessible, "this is a folder"),
        (("corpus", "--out", "new", "--config", "codes.toml"), ConfigError, "themes.codebook: no file gone.csv"),
        (("corpus", "--out", "new", "--config", "style.toml"), ConfigError, "report.template: no file gone.docx"),
        (("corpus", "--out", "new", "--config", "badcodes.toml"), ConfigError, "bad.csv, line 1: a codebook's columns"),
        (("corpus", "--out", "run", "--config", "badcodes.toml", "--plan"), ConfigError, "bad.csv, line 1"),
        (("corpus", "--out", "new", "--config", "badstyle.toml"), ConfigError, "bad.csv is not a .docx file"),
        (("corpus", "--out", "new", "--config", "model.toml"), MissingModel, "no model BAAI/bge-small-en-v1.5, which"),
        (("corpus", "--out", "new", "--config", "model.toml", "--plan"), MissingModel, "which quotes needs"),
        (("corpus", "--out", "new", "--config", "none.toml"), ConfigError, "embed.model: "),
        (("--from-manifest", "corpus", "--out", "new"), RunError, "there is no run in"),
    ],
)
def test_a_run_that_cannot_begin_makes_nothing(
    arguments: tuple[str, ...], cause: type[PipelineError], words: str, house: Path, roundtable: Command
) -> None:
    (house / "link").symlink_to(house / "gone")
    (house / "strange").mkdir()
    (house / "strange" / "letter.txt").touch()
    (house / "codes.toml").write_text('[themes]\ncodebook = "gone.csv"\n', encoding="utf-8")
    (house / "style.toml").write_text('[report]\ntemplate = "gone.docx"\n', encoding="utf-8")
    (house / "bad.csv").write_text("title,notes\nTrust,\n", encoding="utf-8")
    (house / "badcodes.toml").write_text(f'[themes]\ncodebook = "{house}/bad.csv"\n', encoding="utf-8")
    (house / "badstyle.toml").write_text(f'[report]\ntemplate = "{house}/bad.csv"\n', encoding="utf-8")
    (house / "model.toml").write_text('[quotes]\nmodel = "BAAI/bge-small-en-v1.5"\n', encoding="utf-8")
    (house / "none.toml").write_text('[embed]\nmodel = ""\n', encoding="utf-8")
    before = sorted(house.rglob("*"))
    given = [word if word.startswith("--") or word == "clusters" else house / word for word in arguments]
    refused(roundtable("run", *given), cause, words)
    assert sorted(house.rglob("*")) == before


def test_a_run_is_not_told_of_a_corpus_that_is_not_there(house: Path, roundtable: Command) -> None:
    """A typing error would else cost what `withdraw` needs: where the transcripts are."""
    before = (house / "run" / "private" / "corpus.json").read_bytes()
    refused(roundtable("run", house / "corpora", "--out", house / "run"), CorpusError, "no folder")
    assert (house / "run" / "private" / "corpus.json").read_bytes() == before


@pytest.mark.parametrize("named", ["As Anwen Prosser said, nobody rings.", "As Anwen said, nobody rings."])
def test_a_name_in_transcripts_that_are_said_to_come_anonymised_stops_the_run(
    house: Path, roundtable: Command, named: str
) -> None:
    (house / "corpus" / "talk.txt").write_text(f"{TALK}Ifor Bellamy: {named}\n", encoding="utf-8")
    new = ("--out", house / "new", "--config", house / "plain.toml", "--already-anonymised")
    refused(roundtable("run", house / "corpus", *new), LeakFound, "tables/turns.parquet (column text): P0")
    assert not (house / "new" / "tables" / "turns.parquet").exists()


@pytest.mark.parametrize("further", ["--plan", "--already-anonymised", "corpus"])
def test_a_repetition_is_told_nothing_that_it_would_not_heed(further: str, house: Path, roundtable: Command) -> None:
    done = roundtable("run", "--from-manifest", house / "run", "--out", house / "new", further)
    assert done.returncode == 2
    assert not (house / "new").exists()


def test_a_run_is_repeated_from_its_folder_too(house: Path, roundtable: Command) -> None:
    done = roundtable("run", "--from-manifest", house / "run", "--out", house / "new")
    assert done.returncode == 0, done.stderr


def test_check_says_of_a_model_that_is_not_ours_what_would_be_right(house: Path, roundtable: Command) -> None:
    """`make install` brings no model that somebody else has named."""
    (house / "model.toml").write_text('[embed]\nmodel = "bge"\n', encoding="utf-8")
    done = roundtable("check", house / "corpus", "--config", house / "model.toml")
    refused(done, MissingModel, "bge: not there; give an installed package's name or a folder")


def test_check_says_that_a_codebook_would_stop_a_run(house: Path, roundtable: Command) -> None:
    (house / "codes.csv").write_text("title,notes\nTrust,\n", encoding="utf-8")
    (house / "codes.toml").write_text(f'[themes]\ncodebook = "{house}/codes.csv"\n', encoding="utf-8")
    refused(roundtable("check", house / "corpus", "--config", house / "codes.toml"), ConfigError, "codes.csv, line 1")


def test_check_tells_which_columns_of_a_codebook_are_not_read(house: Path, roundtable: Command) -> None:
    (house / "wide.csv").write_text("name,colour,memo\nTrust,red,ask Nia\n", encoding="utf-8")
    (house / "wide.toml").write_text(f'[themes]\ncodebook = "{house}/wide.csv"\n', encoding="utf-8")
    done = roundtable("check", house / "corpus", "--config", house / "wide.toml")
    assert done.returncode == 0, done.stderr
    assert "wide.csv: not read of it: colour, memo" in done.stdout


@pytest.mark.parametrize(
    ("command", "cause"),
    [
        (("report", "gone"), RunError),
        (("review", "gone", "--no-browser"), RunError),
        (("decisions", "merge", "gone", "talk.jsonl"), RunError),
        (("withdraw", "gone", "P01"), RunError),
        (("vault", "lock", "gone", "--key-file", "key"), VaultError),
        (("redactions", "run", "--out", "plain.toml/new.csv"), Inaccessible),
        (("redactions", "run", "--out", "corpus/.."), Inaccessible),
        (("review", "run", "--pack", "corpus/.."), Inaccessible),
        (("export", "run", "--format", "csv", "--out", "corpus"), Inaccessible),
        (("redactions", "run", "--take", "run/tables/turns.parquet"), DecisionError),
        (("vault", "lock", "run", "--key-file", "run/private/key"), VaultError),
    ],
)
def test_a_command_on_what_is_not_there_makes_nothing(
    command: tuple[str, ...], cause: type[PipelineError], house: Path, roundtable: Command
) -> None:
    (house / "talk.jsonl").write_text("", encoding="utf-8")
    before = sorted(house.rglob("*"))
    paths = {"gone", "talk.jsonl", "key", "run", "corpus", "plain.toml"}
    refused(roundtable(*(house / word if word.split("/")[0] in paths else word for word in command)), cause, "")
    assert sorted(house.rglob("*")) == before


def test_a_passphrase_that_could_be_guessed_locks_nothing(
    house: Path, roundtable: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = sorted(house.rglob("*"))
    monkeypatch.setenv("ROUNDTABLE_PASSPHRASE", "heron")
    refused(roundtable("vault", "lock", house / "run"), VaultError, "could be guessed")
    assert sorted(house.rglob("*")) == before


def damage(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:20])


def of_another_version(path: Path) -> None:
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["config"]["embed"]["of_old"] = 1
    path.write_text(json.dumps(manifest), encoding="utf-8")


@pytest.mark.parametrize(
    ("place", "spoil", "command", "words"),
    [
        ("tables/quotes.parquet", damage, ("report",), "is damaged: remove it"),
        ("tables/vectors.npz", damage, ("export", "--format", "bertopic"), "is damaged: remove it"),
        ("manifest.json", damage, ("report",), "is not JSON: remove it"),
        ("manifest.json", of_another_version, ("report",), "another version made"),
        ("private/corpus.json", damage, ("withdraw", "P01"), "the transcripts of"),
    ],
)
def test_a_spoilt_run_says_what_to_do(
    place: str, spoil: Callable[[Path], None], command: tuple[str, ...], words: str, house: Path, roundtable: Command
) -> None:
    spoil(house / "run" / place)
    name, *further = command
    refused(roundtable(name, house / "run", *further), RunError, words)


@pytest.mark.parametrize("place", ["manifest.json", "tables/omissions.parquet", "private/cache/arrays.sqlite"])
def test_what_people_are_told_to_remove_may_be_removed(place: str, house: Path, roundtable: Command) -> None:
    damage(house / "run" / place)
    (house / "run" / "tables" / "turns.parquet").unlink()
    (house / "run" / "tables" / "themes.parquet").unlink()
    run = ("run", house / "corpus", "--out", house / "run", "--config", house / "plain.toml")
    refused(roundtable(*run), RunError, "remove it")
    (house / "run" / place).unlink()
    done = roundtable(*run)
    assert done.returncode == 0, done.stderr
    assert (house / "run" / "tables" / "omissions.parquet").is_file()


def test_omissions_that_are_gone_are_said_again_by_every_stage(house: Path, roundtable: Command) -> None:
    omissions = house / "run" / "tables" / "omissions.parquet"
    before = omissions.read_bytes()
    omissions.unlink()
    done = roundtable("run", house / "corpus", "--out", house / "run", "--config", house / "plain.toml")
    assert done.returncode == 0, done.stderr
    assert omissions.read_bytes() == before


def test_a_run_moves_with_its_folder(house: Path, roundtable: Command) -> None:
    (house / "run").rename(house / "rhediad newydd")
    done = roundtable(
        "run", house / "corpus", "--out", house / "rhediad newydd", "--config", house / "plain.toml", "--plan"
    )
    assert done.returncode == 0, done.stderr
    assert all(line.endswith("kept") for line in done.stdout.splitlines())


def started(*arguments: str | Path) -> subprocess.Popen[str]:
    """The command, running; it hears Ctrl-C also where the tests themselves were started in the background."""
    command = [sys.executable, "-m", "pipeline", *map(str, arguments)]
    surroundings = {**os.environ, "OMP_NUM_THREADS": "1"}
    heard = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return subprocess.Popen(
            command, cwd=ROOT, env=surroundings, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
    finally:
        signal.signal(signal.SIGINT, heard)


def wait_for(path: Path, process: subprocess.Popen[str]) -> None:
    while process.poll() is None and not path.exists():
        time.sleep(0.01)


def test_ctrl_c_says_that_the_same_command_goes_on(house: Path) -> None:
    process = started("run", house / "corpus", "--out", house / "new", "--config", house / "plain.toml")
    wait_for(house / "new" / "tables" / "turns.parquet", process)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    # Where Ctrl-C meets Python in an `exec` of some library's import, Python ends by the signal itself: a shell tells
    # both as 130.
    assert process.returncode in (130, -signal.SIGINT)
    assert "the same command goes on from there" in told
    assert "Traceback" not in told
    assert not list((house / "new").rglob("*.part"))


def test_a_run_that_is_told_to_end_locks_what_names_people(house: Path) -> None:
    """As a machine does that shuts down."""
    (house / "locking.toml").write_text(
        PLAIN.replace("[embed]", f'vault = "key_file"\nkey_file = "{house}/key"\n[embed]'), encoding="utf-8"
    )
    process = started("run", house / "corpus", "--out", house / "new", "--config", house / "locking.toml")
    wait_for(house / "new" / "tables" / "turns.parquet", process)
    process.send_signal(signal.SIGTERM)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 128 + signal.SIGTERM, told
    assert "the same command goes on from there" in told
    assert vault.is_locked(house / "new")
    assert [path.name for path in (house / "new" / "private").iterdir()] == ["vault.bin"]


def test_what_a_killed_run_left_half_written_goes_at_the_next(house: Path, roundtable: Command) -> None:
    left = [house / "run" / folder / ".turns.parquet.k1l7ed.part" for folder in ("private", "tables", "draft")]
    for path in left:
        path.write_text("half")
    assert roundtable("run", house / "corpus", "--out", house / "run", "--until", "ingest").returncode == 0
    assert [path for path in left if path.exists()] == []


def without_rights(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """The command of somebody whom the file system stops: root too, once it has laid that power down."""
    command = [sys.executable, "-m", "pipeline", *map(str, arguments)]
    if os.geteuid() == 0:
        if shutil.which("setpriv") is None:
            pytest.skip("root may write anywhere, and there is no setpriv to lay that down")
        rights = "-dac_override,-dac_read_search"
        command = ["setpriv", "--bounding-set", rights, "--inh-caps", rights, *command]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("closed", ["", "run/tables", "run/private/cache"])
def test_a_place_that_may_not_be_written_is_named(closed: str, house: Path) -> None:
    place = house / closed
    if closed:
        (house / "run/tables/statements.parquet").unlink()
        shutil.rmtree(house / "run/private/cache")
        (house / "run/private/cache").mkdir()
    else:
        shutil.rmtree(house / "run")
    mode = place.stat().st_mode
    place.chmod(0o500)
    try:
        done = without_rights("run", house / "corpus", "--out", house / "run", "--config", house / "plain.toml")
    finally:
        place.chmod(mode)
    refused(done, Inaccessible, "right to it")


def test_a_corpus_that_may_only_be_read_is_enough(house: Path) -> None:
    (house / "corpus").chmod(0o500)
    try:
        done = without_rights("run", house / "corpus", "--out", house / "new", "--config", house / "plain.toml")
    finally:
        (house / "corpus").chmod(0o700)
    assert done.returncode == 0, done.stderr


def test_a_run_that_may_only_be_read_can_be_exported_elsewhere_and_says_so_of_its_own_place(house: Path) -> None:
    closed = [house / "run", *(path for path in (house / "run").rglob("*") if path.is_dir())]
    modes = [path.stat().st_mode for path in closed]
    for path in closed:
        path.chmod(0o500)
    try:
        here = without_rights("export", house / "run", "--format", "csv")
        there = without_rights("export", house / "run", "--format", "csv", "--out", house / "themes.csv")
    finally:
        for path, mode in zip(closed, modes, strict=True):
            path.chmod(mode)
    refused(here, Inaccessible, "export/roundtable.csv: ")
    assert there.returncode == 0, there.stderr
    assert (house / "themes.csv").is_file()


@pytest.mark.parametrize("size", [2_000, 9_000, 30_000])
def test_a_disk_that_fills_stops_a_run_that_then_goes_on(size: int, house: Path, roundtable: Command) -> None:
    def no_more() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    run = ("run", house / "corpus", "--out", house / "new", "--config", house / "plain.toml")
    command = [sys.executable, "-m", "pipeline", *map(str, run)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, preexec_fn=no_more)
    refused(done, DiskFull, "free some, then run the same")
    assert not list((house / "new").rglob("*.part"))
    done = roundtable(*run)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("command", [("trace", "money", "--run"), ("export", "--format", "csv"), ("compare", "run")])
def test_a_manifest_that_was_cut_is_said_by_every_command(
    command: tuple[str, ...], house: Path, roundtable: Command
) -> None:
    (house / "run" / "manifest.json").write_text("{", encoding="utf-8")
    given = [house / word if word == "run" else word for word in command]
    refused(roundtable(*given, house / "run"), RunError, "remove it")


@pytest.mark.parametrize("command", [("check",), ("run", "--out", "run", "--config", "plain.toml")])
def test_a_folder_among_the_transcripts_that_may_not_be_opened_is_not_passed_over(
    command: tuple[str, ...], house: Path
) -> None:
    closed = house / "corpus" / "second"
    closed.mkdir()
    shutil.copy(house / "corpus" / "talk.txt", closed / "other.txt")
    closed.chmod(0)
    given = [word if word.startswith("--") else house / word for word in command[1:]]
    try:
        done = without_rights(command[0], house / "corpus", *given)
    finally:
        closed.chmod(0o700)
    refused(done, Inaccessible, "second: you have no right to it")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no file can have such a name")
def test_a_name_of_bytes_that_are_no_letters_is_said(house: Path, roundtable: Command) -> None:
    """As an old archive leaves them."""
    Path(os.fsdecode(os.fsencode(house / "corpus") + b"/Si\xe2n.txt")).write_text(TALK, encoding="utf-8")
    for command in (("check", house / "corpus"), ("run", house / "corpus", "--out", house / "run")):
        refused(roundtable(*command), CorpusError, "no letters in UTF-8")


def test_a_file_says_nothing_in_our_name_and_nothing_to_the_terminal(house: Path, roundtable: Command) -> None:
    (house / "corpus" / "a\nNothing would stop a run.\x1b[2J.xyz").touch()
    done = roundtable("check", house / "corpus")
    assert done.returncode == 0, done.stderr
    assert r"a\nNothing would stop a run.\x1b[2J.xyz: passed over" in done.stdout
    assert done.stdout.splitlines().count("Nothing would stop a run.") == 1


def test_a_letter_that_the_machine_does_not_have_is_spelt(
    house: Path, roundtable: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    (house / "corpus" / "sŵn.xyz").touch()
    monkeypatch.setenv("PYTHONIOENCODING", "latin-1")
    done = roundtable("check", house / "corpus")
    assert done.returncode == 0, done.stderr
    assert r"s\u0175n.xyz: passed over" in done.stdout


def test_what_is_no_file_keeps_nobody_waiting(house: Path, roundtable: Command) -> None:
    os.mkfifo(house / "corpus" / "pipe.txt")
    done = roundtable("check", house / "corpus")
    assert "pipe.txt: passed over" in done.stdout


def test_a_corpus_is_called_alike_from_within(house: Path) -> None:
    command = [sys.executable, "-m", "pipeline", "run", ".", "--out", "../run", "--config", "../plain.toml"]
    before = (house / "run" / "private" / "import.html").read_bytes()
    (house / "run" / "private" / "import.html").unlink()
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run(command, cwd=house / "corpus", env=surroundings, check=True, capture_output=True)
    assert (house / "run" / "private" / "import.html").read_bytes() == before


@pytest.mark.parametrize(("closing", "code"), [("| true", 141), (">&-", 0), ("2>&- <&-", 0)])
def test_who_reads_may_go_and_may_never_have_been(closing: str, code: int, house: Path) -> None:
    script = f'set -o pipefail; "{sys.executable}" -m pipeline check "{house}/corpus" {closing}'
    done = subprocess.run(["bash", "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (code, "")
