"""Models in several processes, or on the workers of a Dask cluster, behind the same Protocols as one model here.

Texts go out in parts of a fixed size, whatever the number of workers, and come back in their order: a text's answer
does not depend on the texts beside it, so the tables are the same bytes. A worker that dies is replaced, and the
parts it had are asked again.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from functools import cache, partial
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeAlias, TypeVar

import numpy as np

from pipeline.backends.cores import cores
from pipeline.backends.parts import parted
from pipeline.backends.protocols import Analysis, Encoder, Linguist, Vectors
from pipeline.errors import WorkerError

Answer = TypeVar("Answer")
Reads: TypeAlias = Literal["minilm", "e5", "bge", "smollm"]  # kinds of encoders
_How: TypeAlias = tuple[str, str, str, str, str]  # kind, folder, revision, precision, graphs
# Small enough that a killed worker costs little, and large enough that sending costs nothing beside the model.
_TEXTS_A_PART = 64
_CHARACTERS_A_PART = 60_000
# Characters: a model takes some seconds to load, in which one process reads about as much.
_LONG_TALK = 400_000
# Each holds a model of half a gigabyte; who has more memory says so with --workers.
_MOST_UNASKED = 4
# Dask's TCP is open to whoever can reach it, and takes code from them: beyond these, only TLS.
_THIS_MACHINE = ("127.0.0.1", "localhost", "::1")
# Dask tells who is there every other second.
_LOOK_AGAIN_SECONDS = 3.0
# Workers die of a full memory or an operator's hand; one that dies so often dies of the texts.
_TRIES = 3


class Opened(NamedTuple):
    """Workers that are there."""

    executor: Executor
    close: Callable[[], Any]
    # Whether one that has work to do came back under another address, so that its work waits for nobody.
    moved: Callable[[], bool] = lambda: False


class _Moved(Exception):
    """A worker that had work came back under another address."""


class ManyLinguists:
    """A Linguist whose texts are read by several workers."""

    def __init__(self, model: str, *, revision: str, pool: Pool) -> None:
        self._model = model
        self._revision = revision
        self._pool = pool

    @property
    def revision(self) -> str:
        """The revision of each of them."""
        return self._revision

    def analyse(self, texts: Sequence[str]) -> list[Analysis]:
        """One analysis a text, in the same order."""
        answers = self._pool.ask(_analyse, self._model, list(texts))
        return [analysis for part in answers for analysis in part]


class ManyEncoders:
    """An Encoder whose texts are encoded by several workers."""

    def __init__(self, kind: Reads, folder: Path, *, revision: str, precision: str, graphs: Path, pool: Pool) -> None:
        self._how: _How = (kind, str(folder), revision, precision, str(graphs))
        self._pool = pool

    @property
    def revision(self) -> str:
        """The revision of each of them."""
        return self._how[2]

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit rows, in the same order."""
        answers = self._pool.ask(_encode, self._how, list(texts))
        return np.concatenate(answers) if answers else np.zeros((0, 0), dtype=np.float32)


class Pool:
    """Workers that answer parts of a list: processes of this machine, or those of a Dask cluster."""

    def __init__(self, open_executor: Callable[[], Opened], *, least: int = 0) -> None:
        """`least` is how many characters are worth the workers' start."""
        self.least = least
        self._open = open_executor
        self._opened: Opened | None = None

    def ask(self, work: Callable[[Any, list[str]], Answer], how: Any, texts: list[str]) -> list[Answer]:
        """`work(how, part)` for each part of the texts, in the order of the parts.

        Raises:
            WorkerError: workers died again and again.
        """
        parts = list(parted(texts, _TEXTS_A_PART, _CHARACTERS_A_PART))
        answers: dict[int, Answer] = {}
        for _ in range(_TRIES):
            waiting = [number for number in range(len(parts)) if number not in answers]
            if not waiting:
                break
            try:
                answers.update(self._ask_once(work, how, {number: parts[number] for number in waiting}))
            except (BrokenProcessPool, _Moved):
                self.close()
        if len(answers) < len(parts):
            raise WorkerError(f"workers died {_TRIES} times; give fewer with --workers, or them more memory")
        return [answers[number] for number in range(len(parts))]

    def _ask_once(
        self, work: Callable[[Any, list[str]], Answer], how: Any, parts: dict[int, list[str]]
    ) -> Iterator[tuple[int, Answer]]:
        opened = self._opened = self._opened or self._open()
        futures = {opened.executor.submit(work, how, part): number for number, part in parts.items()}
        waiting = set(futures)
        while waiting:
            done, waiting = wait(waiting, timeout=_LOOK_AGAIN_SECONDS, return_when=FIRST_COMPLETED)
            for future in done:
                yield futures[future], future.result()
            if not done and opened.moved():
                raise _Moved

    def close(self) -> None:
        """Let the workers go; the next question opens new ones."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None


def processes(count: int, *, least: int = 0) -> Pool:
    """Workers that are processes of this machine.

    They are spawned: a forked process would share the threads of a model that this one has already loaded, and hang.
    """

    def open_processes() -> Opened:
        executor = ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn"))
        return Opened(executor, partial(executor.shutdown, cancel_futures=True))

    return Pool(open_processes, least=least)


def all_cores() -> Pool:
    """As many processes as there are cores, up to four, for texts long enough that each earns its start."""
    count = min(cores(), _MOST_UNASKED)
    # A pool of one would only move the work elsewhere.
    return processes(count, least=_LONG_TALK if count > 1 else sys.maxsize)


def cluster(address: str, *, only: Sequence[str] = (), timeout: str = "10s") -> Pool:
    """The workers of a Dask cluster, or only those named (by name or address), and no others.

    Raises:
        WorkerError: it is no address; no scheduler answers there; or it is on another machine, and not behind TLS.
    """
    scheme, _, place = address.rpartition("://")
    if not place.rpartition(":")[2].isdigit() or ":" not in place:
        raise WorkerError(f"{address} is no scheduler's address: give it as tcp://127.0.0.1:8786")
    if scheme != "tls" and place.rsplit(":", 1)[0].strip("[]") not in _THIS_MACHINE:
        raise WorkerError(
            f"{address} is another machine, and what people said would go there in clear: set up TLS as docs/scale.md "
            "says, and give the address as tls://..."
        )
    return Pool(lambda: _dask_executor(address, tuple(only), timeout))


def _dask_executor(address: str, only: tuple[str, ...], timeout: str) -> Opened:
    from dask.utils import parse_timedelta
    from distributed import Client

    try:
        client = Client(address, timeout=timeout, set_as_default=False)
    except (OSError, TimeoutError) as error:
        raise WorkerError(f"no Dask scheduler answers at {address}; start one with `dask scheduler`") from error
    if not only:
        return Opened(client.get_executor(retries=_TRIES, pure=False), client.close)
    addresses = _addresses(client, only, parse_timedelta(timeout))
    executor = client.get_executor(retries=_TRIES, pure=False, workers=addresses, allow_other_workers=False)
    return Opened(executor, client.close, lambda: not set(addresses) <= set(_there(client)))


def _there(client: Any) -> dict[str, str]:
    """The workers' names, by address."""
    return {address: str(worker["name"]) for address, worker in client.scheduler_info()["workers"].items()}


def _addresses(client: Any, only: Sequence[str], seconds: float) -> list[str]:
    """Where the workers of these names or addresses are; one that died is back in some seconds.

    Raises:
        WorkerError: none of them is there after so many seconds; Dask would wait for ever, without a word.
    """
    until = time.monotonic() + seconds
    while True:
        there = _there(client)
        if found := sorted(address for address, name in there.items() if {address, name} & set(only)):
            return found
        if time.monotonic() > until:
            break
        time.sleep(0.2)
    raise WorkerError(
        f"the cluster has no worker of those that [workers] private names ({', '.join(only)}); "
        f"it has: {', '.join(sorted(there.values())) or 'none'}"
    )


def _analyse(model: str, texts: list[str]) -> list[Analysis]:
    return _linguist(model).analyse(texts)


def _encode(how: _How, texts: list[str]) -> Vectors:
    return _encoder(*how).encode(texts)


@cache
def _linguist(model: str) -> Linguist:
    """This worker's own model, loaded at its first text, on one thread as the encoder is."""
    from threadpoolctl import threadpool_limits

    from pipeline.backends.spacy_linguist import SpacyLinguist

    threadpool_limits(limits=1)
    return SpacyLinguist(model)


@cache
def _encoder(kind: str, folder: str, revision: str, precision: str, graphs: str) -> Encoder:
    """This worker's own model, on one thread: the others belong to the workers beside it."""
    from pipeline.backends.bge_onnx import BgeEncoder
    from pipeline.backends.e5_onnx import E5Encoder
    from pipeline.backends.minilm_onnx import OnnxEncoder
    from pipeline.backends.smollm_onnx import SmolLmEncoder

    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    if kind != "minilm":
        makers: dict[str, Callable[..., Encoder]] = {"e5": E5Encoder, "bge": BgeEncoder, "smollm": SmolLmEncoder}
        return makers[kind](Path(folder), revision=revision, graphs=Path(graphs), threads=1)
    return OnnxEncoder(Path(folder), revision=revision, precision=precision, graphs=Path(graphs), threads=1)
