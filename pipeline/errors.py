"""What a user can do wrong: one small tree, with an exit code for each cause that a user can mend.

* PipelineError               (never raised itself)
  + ConfigError          10   a setting that is unknown or out of range
  + CorpusError          11   no transcripts, or a series.toml or participants.csv that can't be used
  + UnreadableFile       12   a transcript that can't be read as what it says it is
  + NoSpeakers           13   a transcript in which nobody is said to speak
  + MissingModel         14   a model that isn't installed, or isn't the one whose checksum is known
  + DiskFull             15   nothing more can be written
  + RunInUse             16   another process works in this run folder
  + RunError             17   a run folder that lacks what the command needs
  + LeakFound            18   the gate found a name, or what a redaction replaced
  + DecisionError        19   decisions that can't be read or merged
  + VerificationFailed   20   a document that doesn't quote truly
  + VaultError           21   a vault that can't be opened, or would be lost
  + WorkerError          22   workers that can't be reached or died too often
  + ExchangeError        23   a file of another program that can't be read
  + Inaccessible         24   a file or folder that can't be opened or written

Exit code 0 is done, 1 is our own bug (with its traceback), 2 is a command line that Typer refuses, and from 128 on a
signal that stopped it (130: Ctrl-C).
"""

from __future__ import annotations

import errno
import shlex
from pathlib import Path
from typing import NoReturn


def typed(path: Path) -> str:
    """A path as a command takes it in a shell, so that one with a space in it can be copied from a message."""
    return shlex.quote(str(path))


class PipelineError(Exception):
    """Something that a user can mend; the message says what is wrong, where, and what would be right.

    A message never repeats what a private row says: it names the file and the place in it.
    """

    exit_code = 1


class ConfigError(PipelineError):
    """A setting that is unknown or out of range."""

    exit_code = 10


class CorpusError(PipelineError):
    """No transcripts, or a series.toml or participants.csv that can't be used."""

    exit_code = 11


class UnreadableFile(PipelineError):
    """A transcript that can't be read as what it says it is."""

    exit_code = 12


class NoSpeakers(PipelineError):
    """A transcript in which nobody is said to speak."""

    exit_code = 13


class MissingModel(PipelineError):
    """A model that isn't installed, or isn't the one whose checksum is known."""

    exit_code = 14


class DiskFull(PipelineError):
    """Nothing more can be written."""

    exit_code = 15


class RunInUse(PipelineError):
    """Another process works in this run folder."""

    exit_code = 16


class RunError(PipelineError):
    """A run folder that lacks what the command needs."""

    exit_code = 17


class LeakFound(PipelineError):
    """The gate found a name, or what a redaction replaced."""

    exit_code = 18


class DecisionError(PipelineError):
    """Decisions that can't be read or merged."""

    exit_code = 19


class VerificationFailed(PipelineError):
    """A document that doesn't quote truly."""

    exit_code = 20


class VaultError(PipelineError):
    """A vault that can't be opened, or would be lost."""

    exit_code = 21


class WorkerError(PipelineError):
    """Workers that can't be reached or died too often."""

    exit_code = 22


class ExchangeError(PipelineError):
    """A file of another program that can't be read."""

    exit_code = 23


class Inaccessible(PipelineError):
    """A file or folder that can't be opened or written."""

    exit_code = 24


# A quota that is used up and a limit to a file's size are a full disk to whoever has them.
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_WHY = {
    errno.EACCES: "you have no right to it: ask for it, or name another place",
    errno.EPERM: "you have no right to it: ask for it, or name another place",
    errno.EROFS: "nothing can be written there: name another place",
    errno.EEXIST: "a file stands where a folder should be",
    errno.ENOTDIR: "a part of this path is a file and no folder",
    errno.EISDIR: "this is a folder, and should be a file",
    errno.ELOOP: "its links lead in a circle",
    errno.ENAMETOOLONG: "its name is too long: give a shorter one",
    errno.ENOLCK: "the file system there can't lock files: name a place on a disk of this machine",
    errno.EOPNOTSUPP: "the file system there can't do what is asked: name a place on a disk of this machine",
}


def no_run(run_folder: Path) -> RunError:
    """What a command says that is asked about a run, where none was made."""
    return RunError(f"there is no run in {run_folder}: make one with `roundtable run CORPUS --out {typed(run_folder)}`")


def is_full(error: OSError) -> bool:
    """Whether it says that nothing more can be written."""
    return error.errno in _FULL


def stop_at(error: OSError) -> NoReturn:
    """For `os.walk`, which would pass over a folder that may not be looked into, without a word."""
    raise error


def of_the_machine(error: OSError) -> PipelineError | None:
    """What a user can mend behind an error of the file system's; None where it may as well be our bug."""
    place = error.filename2 or error.filename
    if is_full(error):
        return DiskFull(f"no space left to write {place or 'more'}: free some, then run the same command again")
    if place is None or error.errno not in _WHY:
        return None
    return Inaccessible(f"{place}: {_WHY[error.errno]}")
