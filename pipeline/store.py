"""How what a run knows stands on disk: a table, a document, a folder of pictures; each checked, whole or not there.

The same content gives the same bytes. What the tables are is declared in `tables.py`, in the classes of this module.
"""

from __future__ import annotations

import dataclasses
import errno
import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, get_args, get_origin, get_type_hints

from pipeline.errors import DiskFull, Inaccessible, RunError, VaultError, is_full, typed

# Imported where they are used: a plan declares the tables and reads none, and must answer at once.
if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    from numpy.typing import NDArray

Row = TypeVar("Row")

# Where private/ is while it is encrypted (pipeline/anonymise/vault.py).
VAULT = "private/vault.bin"
# How a file's name ends until it is whole (it begins with a full stop).
ASIDE = ".part"


class Privacy(Enum):
    """Who may see a table: `PRIVATE` holds names and stays in private/, `PUBLIC` is anonymised."""

    PRIVATE = "private"
    PUBLIC = "tables"


@dataclass(frozen=True)
class Table(Generic[Row]):
    """A table's declaration: its row class, its key, and who may see it."""

    name: str
    row: type[Row]
    key: tuple[str, ...]
    privacy: Privacy

    _pandas: ClassVar[dict[Any, str]] = {str: "str", int: "int64", float: "float64", bool: "bool"}

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns' names, in their order on disk."""
        return tuple(field.name for field in dataclasses.fields(self.row))  # type: ignore[arg-type]

    def path(self, run_folder: Path) -> Path:
        """Where the table stands in a run folder."""
        return run_folder / self.privacy.value / f"{self.name}.parquet"

    def frame(self, rows: Iterable[Row]) -> pd.DataFrame:
        """A checked DataFrame of these rows, sorted by the table's key."""
        listed = list(rows)
        return self.of_columns({name: [getattr(row, name) for row in listed] for name in self.columns})

    def of_columns(self, columns: Mapping[str, Any]) -> pd.DataFrame:
        """The same of whole columns, which for a hundred thousand rows is quicker."""
        import pandas as pd

        frame = self._typed(pd.DataFrame(columns, columns=list(self.columns)))
        return self.check(frame.sort_values(list(self.key), kind="stable", ignore_index=True))

    def rows(self, frame: pd.DataFrame) -> Iterator[Row]:
        """The rows of a frame, typed; a number that isn't known is None."""
        import pandas as pd

        optional = [name for name, (_, nullable) in self._types.items() if nullable]
        lists = [name for name, (kind, _) in self._types.items() if kind not in self._pandas]
        values = {name: frame[name].tolist() for name in self.columns}
        for name in optional:
            values[name] = [None if pd.isna(value) else value for value in values[name]]
        for name in lists:
            values[name] = [tuple(value) for value in values[name]]
        for record in zip(*(values[name] for name in self.columns), strict=True):
            yield self.row(*record)

    def check(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The same frame, if it keeps to the declaration; further columns are let through.

        Raises:
            pandera.errors.SchemaError: a column is missing, of another type, or empty where it must not be;
                or the key isn't unique. This is our bug, not a user's.
        """
        if not self._is_kept_by(frame):
            self._schema().validate(frame)  # it says what is wrong, and is slow to load
        return frame

    def empty(self) -> pd.DataFrame:
        """The table with no row."""
        return self.frame([])

    def write(self, frame: pd.DataFrame, run_folder: Path) -> Path:
        """Write the table to its place, aside first and then renamed, in the order of its key.

        The same rows give the same bytes: the schema is explicit, and no pandas metadata goes in.
        """
        import pyarrow as pa
        import pyarrow.parquet as pq

        ordered = self.check(frame).sort_values(list(self.key), kind="stable", ignore_index=True)
        table = pa.Table.from_pandas(ordered, schema=self._arrow_schema(ordered), preserve_index=False)
        table = table.replace_schema_metadata(None)
        target = self.path(run_folder)
        mode = 0o600 if self.privacy is Privacy.PRIVATE else None
        write_aside(target, lambda path: pq.write_table(table, path, compression="zstd"), mode=mode)
        return target

    def read(self, run_folder: Path) -> pd.DataFrame:
        """The table as it stands in a run folder, checked.

        Raises:
            RunError: it isn't there, is damaged, or another version of the pipeline made it.
            VaultError: it is in the vault.
        """
        path = self.path(run_folder)
        if self.privacy is Privacy.PRIVATE and not path.is_file() and (run_folder / VAULT).is_file():
            unlock = f"roundtable vault unlock {typed(run_folder)}"
            raise VaultError(f"{path} is locked: `{unlock}` first, and lock it again after")
        if not path.is_file():
            raise RunError(f"{run_folder} has no {self.privacy.value}/{path.name}: run `roundtable run` on it first")
        frame = _parquet(path).to_pandas()
        with suppress(ValueError, TypeError):  # a column that was a text, say, and is a list now
            frame = self._typed(frame)
        if not self._is_kept_by(frame):
            raise RunError(f"{path} was made by another version: run `roundtable run` on {run_folder} again")
        return frame

    def read_columns(self, run_folder: Path, *names: str) -> list[tuple[Any, ...]]:
        """These columns of the table as it stands in a run folder, a tuple a row; unchecked, and without pandas.

        For a count at the end of a run that kept everything: to load pandas takes longer than all the rest of it.

        Raises:
            RunError: the table is damaged.
        """
        columns = _parquet(self.path(run_folder), columns=list(names)).to_pydict()
        return list(zip(*(columns[name] for name in names), strict=True))

    @cached_property
    def _types(self) -> dict[str, tuple[Any, bool]]:
        hints = get_type_hints(self.row)
        return {name: _unwrap(hints[name]) for name in self.columns}

    def _dtype(self, kind: Any, nullable: bool) -> str:
        if nullable:
            return "Float64" if kind is float else "Int64"
        return self._pandas.get(kind, "object")

    def _typed(self, frame: pd.DataFrame) -> pd.DataFrame:
        return frame.astype({name: self._dtype(*kind) for name, kind in self._types.items() if name in frame.columns})

    def _arrow_schema(self, frame: pd.DataFrame) -> pa.Schema:
        import pyarrow as pa

        lists = pa.list_(pa.string())
        plain = {str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_()}
        known = {name: plain.get(kind, lists) for name, (kind, _) in self._types.items()}
        further = pa.Schema.from_pandas(frame, preserve_index=False)
        return pa.schema([pa.field(name, known.get(name, further.field(name).type)) for name in frame.columns])

    def _is_kept_by(self, frame: pd.DataFrame) -> bool:
        """Whether a frame keeps to the declaration, as `_schema` has it."""
        for name, (kind, nullable) in self._types.items():
            if name not in frame.columns or str(frame[name].dtype) != self._dtype(kind, nullable):
                return False
            if not nullable and frame[name].hasnans:
                return False
        # A table as it is written rises, which is seen at once; to hash its keys takes several times as long.
        return self._rises(frame) or not frame.duplicated(subset=list(self.key)).any()

    def _rises(self, frame: pd.DataFrame) -> bool:
        """Whether each row's key comes after the key before it, so that no two are the same."""
        import numpy as np

        pairs = max(len(frame) - 1, 0)
        rises, same = np.zeros(pairs, dtype=bool), np.ones(pairs, dtype=bool)
        for name in self.key:
            here, before = frame[name].array[1:], frame[name].array[:-1]
            rises |= same & np.asarray(here > before, dtype=bool)
            same &= np.asarray(here == before, dtype=bool)
        return bool(rises.all())

    def _schema(self) -> Any:
        import pandera.pandas as pandera

        columns = {}
        for name, (kind, nullable) in self._types.items():
            columns[name] = pandera.Column(self._dtype(kind, nullable), nullable=nullable)
        return pandera.DataFrameSchema(columns, unique=list(self.key), strict=False)


@dataclass(frozen=True)
class Document:
    """A page or a document that a stage makes, for people: written whole, read back by nobody but them."""

    name: str  # the path in the run folder: "private/import.html"

    def path(self, run_folder: Path) -> Path:
        """Where it stands in a run folder."""
        return run_folder / self.name

    def write(self, content: bytes, run_folder: Path) -> Path:
        """Write it to its place, aside first and then renamed."""
        target = self.path(run_folder)
        mode = 0o600 if self.name.startswith("private/") else None
        write_aside(target, lambda path: path.write_bytes(content), mode=mode)
        return target

    def read(self, run_folder: Path) -> bytes:
        """Its bytes."""
        return self.path(run_folder).read_bytes()


@dataclass(frozen=True)
class PictureFolder:
    """The drawings of a stage: one SVG each, and an index with the hash of each, by which a run knows them again."""

    name: str  # the path in the run folder: "tables/pictures"

    def path(self, run_folder: Path) -> Path:
        """Where the index stands."""
        return run_folder / self.name / "index.json"

    def files(self, run_folder: Path) -> list[Path]:
        """The index and every drawing."""
        return [self.path(run_folder), *sorted((run_folder / self.name).glob("*.svg"))]

    def write(self, drawings: Mapping[str, str], run_folder: Path) -> Path:
        """Write the drawings by name, and remove those that are no longer among them."""
        folder = run_folder / self.name
        for old in folder.glob("*.svg"):
            if old.stem not in drawings:
                old.unlink()
        for name, svg in sorted(drawings.items()):
            Document(f"{self.name}/{name}.svg").write(svg.encode("utf-8"), run_folder)
        index = {name: hashlib.sha256(svg.encode("utf-8")).hexdigest() for name, svg in sorted(drawings.items())}
        listed = json.dumps(index, indent=2) + "\n"
        return Document(f"{self.name}/index.json").write(listed.encode("utf-8"), run_folder)

    def read(self, run_folder: Path) -> dict[str, str]:
        """The drawings by name."""
        return {path.stem: path.read_text(encoding="utf-8") for path in self.files(run_folder)[1:]}


def make_folder(folder: Path) -> None:
    """The folder, and those that it lies in, where they aren't there yet.

    Raises:
        Inaccessible: none can be made there.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileNotFoundError as error:
        # Of a folder that the system alone fills, as /proc: it doesn't find what isn't there, where others make it.
        raise Inaccessible(f"{folder}: nothing can be made there: name another place") from error


@contextmanager
def locked(path: Path, *, seconds: float = -1) -> Iterator[None]:
    """Nobody else who asks for this lock goes on meanwhile; -1 waits as long as it takes.

    Raises:
        filelock.Timeout: somebody else has it.
        OSError: the file system there has no locks.
    """
    from filelock import FileLock

    lock = FileLock(path, timeout=seconds)
    try:
        lock.acquire()
    except OSError as error:
        # The call names no file, and whoever is told needs a place.
        error.filename = error.filename or str(path)
        raise
    try:
        yield
    finally:
        lock.release()


def write_aside(target: Path, write: Any, *, mode: int | None = None) -> None:
    """Call `write` with a path beside `target`, then rename it there, so that no file is ever half-written.

    Its rights are `mode`, or what the umask leaves of any new file's.

    Raises:
        DiskFull: nothing more can be written; what was there before is still there.
        Inaccessible: no folder can be made for it.
        IsADirectoryError: the target is a folder.
    """
    if target.is_dir():
        # Renaming onto `.` or `..` fails in words of its own, and onto an empty folder names the file aside.
        raise IsADirectoryError(errno.EISDIR, "a folder", str(target))
    make_folder(target.parent)
    # Called so before it is made: Ctrl-C may come while it is, and would leave a file that nobody knows the name of.
    aside = target.with_name(f".{target.name}.{secrets.token_hex(8)}{ASIDE}")
    try:
        try:
            aside.touch(mode=0o666 if mode is None else 0o600, exist_ok=False)
            write(aside)
            if mode is not None:
                aside.chmod(mode)
            aside.replace(target)
        finally:
            # Renamed, it is no longer there; whatever else happened, nothing half-written stays.
            aside.unlink(missing_ok=True)
    except OSError as error:
        if is_full(error):
            raise DiskFull(f"no space left to write {target}: free some, then run the same command again") from error
        if str(error.filename).endswith(ASIDE):
            # Told by the name that people know.
            error.filename, error.filename2 = str(target), None
        raise


def content_hash(*parts: pd.DataFrame | NDArray[Any] | str) -> bytes:
    """A hash over these tables, arrays and words: what a Memory is asked by.

    Tables must hold numbers and texts only; the order of their rows and columns counts.
    """
    import pandas as pd

    digest = hashlib.sha256()
    for part in parts:
        if isinstance(part, str):
            found = part.encode()
        elif isinstance(part, pd.DataFrame):
            found = (
                repr(list(part.columns)).encode() + pd.util.hash_pandas_object(part, index=False).to_numpy().tobytes()
            )
        else:
            found = f"{part.shape} {part.dtype}".encode() + part.tobytes()
        digest.update(hashlib.sha256(found).digest())
    return digest.digest()


def damaged(path: Path) -> RunError:
    """What to say of a file in a run folder that can't be read: `roundtable run` makes all of them again."""
    return RunError(f"{path} is damaged: remove it, and `roundtable run` makes it again")


def _parquet(path: Path, *, columns: Sequence[str] | None = None) -> pa.Table:
    """A Parquet file's columns, all or those named.

    Raises:
        RunError: it is damaged.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        # As one file: to load what `read_table` needs for a folder of them takes longer than to read a run's tables.
        with pq.ParquetFile(path) as file:
            return file.read(columns=columns)
    except (pa.ArrowException, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # the file system's own: no right to it
        raise damaged(path) from error


def _unwrap(hint: Any) -> tuple[Any, bool]:
    """The plain type of a field, and whether it may be unknown."""
    if get_origin(hint) is tuple:
        return hint, False
    arguments = get_args(hint)
    if type(None) in arguments:
        return next(kind for kind in arguments if kind is not type(None)), True
    return hint, False
