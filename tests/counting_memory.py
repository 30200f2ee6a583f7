"""A memory for tests that counts what had to be worked out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pipeline.backends.cache import KeptArrays, Store
from pipeline.backends.protocols import Arrays


class CountingMemory(KeptArrays):
    """Keeps arrays in a folder, as a run does."""

    def __init__(self, folder: Path, *, code: str = "one") -> None:
        super().__init__(Store(folder / "arrays.sqlite"), code=code)
        self.made = 0

    def recall(self, asked: bytes, make: Callable[[], Arrays]) -> Arrays:
        """As a run's memory does."""

        def counted() -> Arrays:
            self.made += 1
            return make()

        return super().recall(asked, counted)
