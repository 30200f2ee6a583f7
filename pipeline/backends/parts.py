"""Many texts in parts: for a model's batch, a worker, a commit to the cache."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


def parted(texts: Iterable[str], most: int, characters: int) -> Iterator[list[str]]:
    """The texts in their order, in parts of at most so many, and of so many characters where it is more than one."""
    part: list[str] = []
    held = 0
    for text in texts:
        if part and (len(part) == most or held + len(text) > characters):
            yield part
            part, held = [], 0
        part.append(text)
        held += len(text)
    if part:
        yield part
