"""The vault: everything in a run's private/ folder, encrypted into one file that only a passphrase or a key opens.

The map from people to pseudonyms is there, and so is every other file that names somebody: the tables, the import
report, what the linguist kept, decisions on names, withdrawals. Without the key nothing else of a run is lost: the
anonymised tables, the review page and the draft need no private file.

The file is AES-256-GCM in frames, as in STREAM (Hoang, Reyhanitabar, Rogaway, Vizár 2015, section 7): a frame's nonce
holds its number and whether it is the last, so that frames can't be left out, doubled, put in another order or cut
off unnoticed. A passphrase becomes a key by scrypt, whose cost stands in the file.
"""

from __future__ import annotations

import csv
import io
import os
import struct
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any, Literal, cast

from pipeline.errors import VaultError
from pipeline.store import VAULT, write_aside
from pipeline.tables import PEOPLE, Person

_MAGIC = b"roundtable vault 1\n"
# What a key is made from, the cost of scrypt as log2 of N, the salt, and the first bytes of every nonce.
_HEADER = struct.Struct(">cB16s7s")
_KINDS: dict[str, bytes] = {"passphrase": b"p", "key_file": b"k"}
# 128 MB and about half a second for each guess, as OWASP's password storage cheat sheet asks of scrypt.
_COST = 17
# A file that says it is dearer isn't ours, and would take all memory.
_DEAREST = 22
_FRAME = 4 * 1024 * 1024
_TAG = 16
_SHORTEST_KEY = 32
# NIST SP 800-63B-4 (2025), section 3.1.1.2: where a passphrase stands alone.
_SHORTEST_PASSPHRASE = 15
# A spreadsheet takes a cell that begins like this for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Key:
    """What opens a vault."""

    kind: Literal["passphrase", "key_file"]
    secret: bytes = field(repr=False)


def passphrase(text: str, *, new: bool = False) -> Key:
    """A key from words.

    Raises:
        VaultError: there are none, or, where a vault is yet to be made with it, it is short enough to be guessed.
    """
    if not text.strip():
        raise VaultError("the passphrase is empty: give several words, in $ROUNDTABLE_PASSPHRASE or when asked")
    if new and len(text.strip()) < _SHORTEST_PASSPHRASE:
        raise VaultError(
            f"the passphrase has fewer than {_SHORTEST_PASSPHRASE} characters and could be guessed: give three or four "
            "words that don't belong together, and keep them where you keep passwords"
        )
    return Key("passphrase", text.encode())


def key_file(path: Path, *, make: bool = False, run_folder: Path | None = None) -> Key:
    """A key from a file; with `make`, a new one of random bytes where there is none, which only its owner can read.

    Raises:
        VaultError: it isn't there, is too short to be a key, or lies in the private/ of the run that it locks.
    """
    if run_folder is not None and path.resolve().is_relative_to((run_folder / "private").resolve()):
        # Locked away with all that stands there, it would open nothing any more.
        raise VaultError(f"{path} lies among the files that it locks: keep the key outside {run_folder / 'private'}")
    if make and not path.exists():
        write_aside(path, lambda aside: aside.write_bytes(os.urandom(2 * _SHORTEST_KEY)), mode=0o600)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise VaultError(f"no key file {path} that can be read: put it back, or say where it is") from error
    if len(content) < _SHORTEST_KEY:
        raise VaultError(f"{path} is too short for a key: it needs {_SHORTEST_KEY} random bytes or more")
    return Key("key_file", content)


def is_locked(run_folder: Path) -> bool:
    """Whether a run's private files are in its vault."""
    return (run_folder / VAULT).is_file()


def lock(run_folder: Path, key: Key) -> int:
    """Put every private file into the vault, read it back to be sure, remove the clear files; gives how many.

    Raises:
        VaultError: there is nothing to lock, or it is locked already and a file beside the vault isn't in it.
    """
    files = _private_files(run_folder)
    if not is_locked(run_folder):
        if not files:
            raise VaultError(f"{run_folder} has no private files to lock: is it the folder of a run?")
        write_aside(run_folder / VAULT, lambda path: _seal(run_folder, files, key, path), mode=0o600)
    # Also where a lock, or an unlock, was killed half-way: then the vault is whole and some files stand beside it.
    kept = _require_same(run_folder, key)
    strange = [path for path in files if path.relative_to(run_folder).as_posix() not in kept]
    if strange:
        raise VaultError(f"{strange[0]} was made while the run was locked: unlock the run, then lock it again")
    for path in files:
        path.unlink()
    for folder in sorted((path for path in (run_folder / "private").rglob("*") if path.is_dir()), reverse=True):
        folder.rmdir()
    return len(kept)


def unlock(run_folder: Path, key: Key) -> int:
    """Put every private file back, byte by byte as it was, and remove the vault; gives how many.

    Raises:
        VaultError: there is no vault, the key is another, the vault was damaged, or a file of the same name has been
            made since; then the vault stays as it is.
    """
    if not is_locked(run_folder):
        raise VaultError(f"{run_folder} has no {VAULT}: it isn't locked")
    # Read twice, so that nothing is written before the last frame was found whole.
    kept = _require_same(run_folder, key)
    for name, content in _contents(run_folder, key):
        write_aside(run_folder / name, _writer(content), mode=0o600)
    (run_folder / VAULT).unlink()
    return len(kept)


def export(run_folder: Path, key: Key | None = None) -> bytes:
    """People and their pseudonyms as CSV for a spreadsheet, which will take no cell for a formula.

    Raises:
        VaultError: the run is locked, and there is no key or another.
        RunError: the run has no table of people yet.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(["pseudonym", "name", "aliases", "role", "organisation", "sector", "consent", "roundtables"])
    for person in sorted(_people(run_folder, key), key=lambda person: (person.pseudonym, person.person_id)):
        row = [
            person.pseudonym, person.name, "; ".join(person.aliases), person.role, person.organisation, person.sector,
            person.consent, "; ".join(person.roundtable_ids),
        ]  # fmt: skip
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row])
    # With its mark, or Excel takes UTF-8 for the machine's own encoding.
    return text.getvalue().encode("utf-8-sig")


def _people(run_folder: Path, key: Key | None) -> Iterator[Person]:
    if key is None or not is_locked(run_folder):
        return PEOPLE.rows(PEOPLE.read(run_folder))
    import pyarrow.parquet as pq

    wanted = PEOPLE.path(run_folder).relative_to(run_folder).as_posix()
    for name, content in _contents(run_folder, key):
        if name == wanted:
            return PEOPLE.rows(pq.read_table(io.BytesIO(content)).to_pandas())
    raise VaultError(f"the vault of {run_folder} has no table of people: it was locked before anybody was found")


def _private_files(run_folder: Path) -> list[Path]:
    found = (path for path in (run_folder / "private").rglob("*") if path.is_file())
    return sorted(path for path in found if path != run_folder / VAULT and not path.name.endswith(".part"))


def _require_same(run_folder: Path, key: Key) -> frozenset[str]:
    """The places of the files in a vault, of which none stands beside it with another content."""
    kept = set()
    for name, content in _contents(run_folder, key):
        path = run_folder / name
        if path.is_file() and path.read_bytes() != content:
            raise VaultError(f"{path} is another than the one in the vault: move it away, and try again")
        kept.add(name)
    return frozenset(kept)


def _writer(content: bytes) -> Any:
    return lambda path: path.write_bytes(content)


def _seal(run_folder: Path, files: list[Path], key: Key, target: Path) -> None:
    header = _HEADER.pack(_KINDS[key.kind], _COST, os.urandom(16), os.urandom(7))
    with target.open("wb") as stream:
        stream.write(_MAGIC + header)
        sealer = _Sealer(stream, header, key)
        with tarfile.open(fileobj=cast("IO[bytes]", sealer), mode="w|") as archive:
            for path in files:
                archive.add(path, arcname=path.relative_to(run_folder).as_posix())
        sealer.finish()
        stream.flush()
        # Before a clear file goes: a machine that loses power must not have lost both.
        os.fsync(stream.fileno())


def _contents(run_folder: Path, key: Key) -> Iterator[tuple[str, bytes]]:
    """The files of a vault by their place in the run.

    Raises:
        VaultError: the key is another, or the vault was damaged.
    """
    with (run_folder / VAULT).open("rb") as stream:
        opener = _Opener(stream, key)
        with tarfile.open(fileobj=cast("IO[bytes]", opener), mode="r|") as archive:
            for member in archive:
                found = archive.extractfile(member)
                place = PurePosixPath(member.name)
                if found is None or place.is_absolute() or ".." in place.parts or place.parts[0] != "private":
                    raise VaultError(f"{run_folder / VAULT} holds something that no run puts there")
                yield member.name, found.read()


class _Sealer:
    """What is written to it goes on in frames, encrypted."""

    def __init__(self, stream: IO[bytes], header: bytes, key: Key) -> None:
        self._stream = stream
        self._cipher, self._prefix = _cipher(header, key)
        self._header = header
        self._waiting = bytearray()
        self._frames = 0

    def write(self, content: bytes) -> int:
        self._waiting += content
        while len(self._waiting) > _FRAME:
            self._put(bytes(self._waiting[:_FRAME]), last=False)
            del self._waiting[:_FRAME]
        return len(content)

    def finish(self) -> None:
        self._put(bytes(self._waiting), last=True)

    def _put(self, frame: bytes, *, last: bool) -> None:
        nonce = _nonce(self._prefix, self._frames, last=last)
        self._stream.write(self._cipher.encrypt(nonce, frame, self._header))
        self._frames += 1


class _Opener:
    """What is read from it comes from frames, decrypted."""

    def __init__(self, stream: IO[bytes], key: Key) -> None:
        if stream.read(len(_MAGIC)) != _MAGIC:
            raise VaultError(f"{stream.name} is no vault of this version")
        self._header = stream.read(_HEADER.size)
        self._stream = stream
        self._key = key
        self._cipher, self._prefix = _cipher(self._header, key)
        self._read = io.BytesIO()
        self._next = stream.read(_FRAME + _TAG)
        self._frames = 0

    def read(self, size: int) -> bytes:
        """So many bytes, or what is left; tarfile asks for no more than it needs."""
        found = self._read.read(size)
        while len(found) < size and self._next:
            self._read = io.BytesIO(self._get())
            found += self._read.read(size - len(found))
        return found

    def _get(self) -> bytes:
        from cryptography.exceptions import InvalidTag

        frame, self._next = self._next, self._stream.read(_FRAME + _TAG)
        nonce = _nonce(self._prefix, self._frames, last=not self._next)
        self._frames += 1
        try:
            return bytes(self._cipher.decrypt(nonce, frame, self._header))
        except InvalidTag as error:
            what = self._key.kind.replace("_", " ")
            raise VaultError(
                f"{self._stream.name} does not open: the {what} is not the one it was locked with, or the file was "
                "damaged; without it, `roundtable run` makes private/ again from the transcripts, into a new folder"
            ) from error


def _nonce(prefix: bytes, frame: int, *, last: bool) -> bytes:
    return prefix + struct.pack(">IB", frame, last)


def _cipher(header: bytes, key: Key) -> tuple[Any, bytes]:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    if len(header) != _HEADER.size:
        raise VaultError("the vault was cut off: take it from a backup")
    kind, cost, salt, prefix = _HEADER.unpack(header)
    if kind != _KINDS[key.kind]:
        other = next((name for name, letter in _KINDS.items() if letter == kind), "something else")
        raise VaultError(
            f"the vault was locked with a {other.replace('_', ' ')}, not with a {key.kind.replace('_', ' ')}"
        )
    if cost > _DEAREST:
        raise VaultError("the vault was damaged: take it from a backup")
    return AESGCM(_derived(key, salt, cost)), prefix


def _derived(key: Key, salt: bytes, cost: int) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    if key.kind == "key_file":
        # Random already: a dear derivation would add nothing.
        return HKDF(SHA256(), length=32, salt=salt, info=_MAGIC).derive(key.secret)
    return Scrypt(salt=salt, length=32, n=2**cost, r=8, p=1).derive(key.secret)
