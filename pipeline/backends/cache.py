"""What a model has answered once is kept: an encoder's vectors over all runs, a linguist's analyses in private/.

The store is SQLite, so that two runs may write to one at the same time and a killed one leaves it whole. Its keys are
hashes: no text stands in it but an analysis' lemmas, and those caches live in a run's private/ folder.
"""

from __future__ import annotations

import hashlib
import io
import json
import sqlite3
import weakref
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.backends.parts import parted
from pipeline.backends.protocols import Analysis, Arrays, Encoder, Entity, Linguist, Vectors
from pipeline.errors import DiskFull, Inaccessible, RunError
from pipeline.store import make_folder

# Long enough for another process' write of some thousand rows; SQLite waits instead of failing.
_BUSY_SECONDS = 120
# SQLite takes at most 32,766 values in one statement.
_KEYS_A_QUERY = 10_000
# A killed run loses at most this many texts' work, and whoever waits is told as often.
TEXTS_A_COMMIT = 2_048
# And at most so many characters that a linguist reads, which takes one of them some ten seconds.
CHARACTERS_A_COMMIT = 400_000

# What SQLite says of files that other processes use too where the file system (a network's, a virtual machine's) can't
# lock them or hold memory in common; to that of a lock it mostly says that it is busy.
_NOT_SHARED = frozenset(
    {
        sqlite3.SQLITE_IOERR_LOCK,
        sqlite3.SQLITE_IOERR_UNLOCK,
        sqlite3.SQLITE_IOERR_RDLOCK,
        sqlite3.SQLITE_IOERR_CHECKRESERVEDLOCK,
        sqlite3.SQLITE_IOERR_SHMOPEN,
        sqlite3.SQLITE_IOERR_SHMLOCK,
        sqlite3.SQLITE_IOERR_SHMMAP,
    }
)

Progress = Callable[[int, int], None]


def nobody_looks(done: int, total: int) -> None:
    """The progress of nobody who looks."""


class Store:
    """A map from hashes to bytes in one SQLite file; several processes may use it at once."""

    def __init__(self, path: Path) -> None:
        """Makes the file where there is none.

        Raises:
            DiskFull: nothing more can be written.
            Inaccessible: the file may not be written, or stands where no file can be locked or shared.
            RunError: the file is damaged.
        """
        make_folder(path.parent)
        self._path = path
        if not path.exists():
            path.touch(mode=0o600)  # an analysis holds words; the files that SQLite puts beside it take its rights
        with self._connected() as connection, connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("CREATE TABLE IF NOT EXISTS kept (key BLOB PRIMARY KEY, value BLOB) WITHOUT ROWID")

    def get(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """What is kept under these keys; a key that isn't there is left out."""
        found: dict[bytes, bytes] = {}
        with self._connected() as connection:
            for first in range(0, len(keys), _KEYS_A_QUERY):
                some = keys[first : first + _KEYS_A_QUERY]
                marks = ",".join("?" * len(some))
                found.update(connection.execute(f"SELECT key, value FROM kept WHERE key IN ({marks})", some))  # noqa: S608 - only question marks go in
        return found

    def put(self, items: Iterable[tuple[bytes, bytes]]) -> None:
        """Keep these values, in one transaction; the first writer of a key wins.

        Raises:
            DiskFull: nothing more can be written; what was kept before is still there.
        """
        with self._connected() as connection, connection:
            connection.executemany("INSERT OR IGNORE INTO kept VALUES (?, ?)", items)

    def forget(self, keys: Iterable[bytes]) -> None:
        """Remove these keys and wipe the bytes that they stood in."""
        with self._connected() as connection:
            with connection:
                connection.execute("PRAGMA secure_delete=ON")
                connection.executemany("DELETE FROM kept WHERE key = ?", [(key,) for key in keys])
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.execute("VACUUM")
            # What the file was before stands in neither of its two parts.
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @cached_property
    def _connection(self) -> sqlite3.Connection:
        """The store's own, as long as there is the store.

        Whenever the last connection to a file is closed SQLite waits for the disk, which takes twenty times as long as
        to keep an answer.
        """
        # Whoever collects garbage closes it, whichever thread that is.
        connection = sqlite3.connect(self._path, timeout=_BUSY_SECONDS, check_same_thread=False)
        weakref.finalize(self, connection.close)
        # A power cut may cost the last answers, which are asked again, and never the file (SQLite, on WAL).
        connection.execute("PRAGMA synchronous=NORMAL")
        return connection

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        """The connection, whose errors say what people can do."""
        try:
            yield self._connection
        except sqlite3.DatabaseError as error:
            whole = getattr(error, "sqlite_errorcode", 0)
            # The last byte of SQLite's extended code says enough of most.
            code = whole & 0xFF
            if whole in _NOT_SHARED or code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_PROTOCOL):
                raise Inaccessible(
                    f"{self._path} can't be locked or shared: another process holds it, or the file system there can't "
                    "do that; name a place on a disk of this machine"
                ) from error
            if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
                raise DiskFull(f"no space left to write {self._path}: free some, then run the same again") from error
            if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
                raise Inaccessible(f"{self._path} can't be written: ask for the right to it") from error
            if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
                raise RunError(f"{self._path} is damaged: remove it, what it kept is worked out again") from error
            raise


def key_of(revision: str, text: str) -> bytes:
    """The key of a text's answer by one revision of a model."""
    return hashlib.sha256(f"{revision}\0{text}".encode()).digest()


class CachedEncoder:
    """An Encoder that asks its model only for texts it has not seen; the model is made at the first such text."""

    def __init__(
        self,
        make: Callable[[], Encoder],
        *,
        revision: str,
        store: Store,
        texts_a_commit: int = TEXTS_A_COMMIT,
        progress: Progress = nobody_looks,
    ) -> None:
        """Fewer `texts_a_commit` for an encoder that takes long over each, and whose rows depend on no other text."""
        self._make = cache(make)
        self._revision = revision
        self._store = store
        self._texts_a_commit = texts_a_commit
        self._progress = progress

    @property
    def revision(self) -> str:
        """The revision of the encoder within."""
        return self._revision

    def encode(self, texts: Sequence[str]) -> Vectors:
        """As the encoder within; each different text is encoded once."""
        different = sorted(set(texts))
        keys = {text: key_of(self._revision, text) for text in different}
        kept = self._store.get(list(keys.values()))
        new = [text for text in different if keys[text] not in kept]
        if new:
            kept.update(self._encode_new(new, keys))
        if not texts:
            return np.zeros((0, 0), dtype=np.float32)
        return np.stack([np.frombuffer(kept[keys[text]], dtype=np.float32) for text in texts])

    def _encode_new(self, new: list[str], keys: dict[str, bytes]) -> dict[bytes, bytes]:
        encoder = self._make()
        # By length, so that a batch holds texts of one size and little is padded.
        new = sorted(new, key=lambda text: (len(text), text))
        made: dict[bytes, bytes] = {}
        for first in range(0, len(new), self._texts_a_commit):
            some = new[first : first + self._texts_a_commit]
            vectors = np.ascontiguousarray(encoder.encode(some), dtype=np.float32)
            answers = {keys[text]: vector.tobytes() for text, vector in zip(some, vectors, strict=True)}
            self._store.put(sorted(answers.items()))
            made.update(answers)
            self._progress(first + len(some), len(new))
        return made


class CachedLinguist:
    """A Linguist that asks its model only for texts it has not seen; the model is loaded at the first such text.

    `make` is told how many characters there are to read: for few of them no worker is worth its start.
    """

    def __init__(
        self, make: Callable[[int], Linguist], *, revision: str, store: Store, progress: Progress = nobody_looks
    ) -> None:
        self._make = make
        self._revision = revision
        self._store = store
        self._progress = progress

    @property
    def revision(self) -> str:
        """The revision of the linguist within."""
        return self._revision

    def analyse(self, texts: Sequence[str]) -> list[Analysis]:
        """As the linguist within; each different text is analysed once."""
        keys = {text: key_of(self._revision, text) for text in sorted(set(texts))}
        told: dict[str, str] = {}
        stored = self._store.get(list(keys.values()))
        kept = {key: _sharing(unpack(value), told) for key, value in stored.items()}
        new = [text for text in keys if keys[text] not in kept]
        if new:
            kept.update(self._analyse_new(new, keys, told))
        return [kept[keys[text]] for text in texts]

    def _analyse_new(self, new: list[str], keys: dict[str, bytes], told: dict[str, str]) -> dict[bytes, Analysis]:
        linguist = self._make(sum(map(len, new)))
        made: dict[bytes, Analysis] = {}
        # The longest first, so that those read together are of about one length, and no worker has a long one left
        # when the others are done.
        for some in parted(sorted(new, key=lambda text: (-len(text), text)), TEXTS_A_COMMIT, CHARACTERS_A_COMMIT):
            answers = {keys[text]: analysis for text, analysis in zip(some, linguist.analyse(some), strict=True)}
            self._store.put((key, pack(analysis)) for key, analysis in sorted(answers.items()))
            made.update((key, _sharing(analysis, told)) for key, analysis in answers.items())
            self._progress(len(made), len(new))
        return made


class KeptArrays:
    """A Memory: arrays by a hash of the question and of the code that answers it."""

    def __init__(self, store: Store, *, code: str) -> None:
        """`code` changes with whatever may change an answer to the same question."""
        self._store = store
        self._code = code.encode()

    def recall(self, asked: bytes, make: Callable[[], Arrays]) -> Arrays:
        """As it was made the first time, to the last bit."""
        key = hashlib.sha256(self._code + b"\0" + asked).digest()
        if kept := self._store.get([key]):
            with np.load(io.BytesIO(kept[key]), allow_pickle=False) as arrays:
                return dict(arrays)
        made, packed = make(), io.BytesIO()
        np.savez(packed, **made)  # type: ignore[arg-type]
        self._store.put([(key, packed.getvalue())])
        return made


def _sharing(analysis: Analysis, told: dict[str, str]) -> Analysis:
    """The same analysis, with one object for each different label and lemma of all that share `told`: as they come
    from JSON or a worker, a million statements' would be 70 million objects of 50 bytes."""

    def shared(words: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(map(told.setdefault, words, words))

    return replace(
        analysis,
        pos=shared(analysis.pos),
        tag=shared(analysis.tag),
        lemma=shared(analysis.lemma),
        dep=shared(analysis.dep),
    )


def pack(analysis: Analysis) -> bytes:
    """An analysis as bytes."""
    # Not by asdict, which copies each of a series' million values before JSON writes it.
    columns: dict[str, Any] = {column.name: getattr(analysis, column.name) for column in fields(analysis)}
    columns["entities"] = [{"start": name.start, "end": name.end, "label": name.label} for name in analysis.entities]
    return zlib.compress(json.dumps(columns, ensure_ascii=False).encode(), level=1)


def unpack(value: bytes) -> Analysis:
    """An analysis from its bytes."""
    columns = json.loads(zlib.decompress(value))
    entities = tuple(Entity(**entity) for entity in columns.pop("entities"))
    return Analysis(**{name: tuple(column) for name, column in columns.items()}, entities=entities)
