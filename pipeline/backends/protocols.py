"""What the stages ask of a model, and nothing of how a library answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Vectors: TypeAlias = "NDArray[np.float32]"
Arrays: TypeAlias = "Mapping[str, NDArray[Any]]"


@dataclass(frozen=True, slots=True)
class Entity:
    """A span that a model takes for a name."""

    start: int
    end: int
    label: str  # OntoNotes: PERSON, ORG, GPE, LOC, FAC, NORP, EVENT, LAW, DATE ...


@dataclass(frozen=True, slots=True)
class Analysis:
    """One linguistic pass over one text: parallel columns, one entry a token, and the names found."""

    starts: tuple[int, ...]  # code points
    ends: tuple[int, ...]
    pos: tuple[str, ...]
    tag: tuple[str, ...]
    lemma: tuple[str, ...]
    dep: tuple[str, ...]
    head: tuple[int, ...]  # index of the token it hangs on
    sent_start: tuple[bool, ...]
    entities: tuple[Entity, ...]


class Linguist(Protocol):
    """Reads a text once, for names, sentences and grammar."""

    @property
    def revision(self) -> str:
        """The model's name, version and checksum: the same revision gives the same analyses."""

    def analyse(self, texts: Sequence[str]) -> list[Analysis]:
        """One analysis a text, in the same order, whatever the batches."""


class Encoder(Protocol):
    """Turns texts into vectors."""

    @property
    def revision(self) -> str:
        """The model's name, version, checksum and precision: the same revision gives the same vectors."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit rows of shape (len(texts), d), in the same order; an empty list gives shape (0, d)."""


class Memory(Protocol):
    """Keeps what slow functions of ours gave, so that a run with another setting, or a transcript more, reuses it."""

    def recall(self, asked: bytes, make: Callable[[], Arrays]) -> Arrays:
        """What `make` gives, or gave before to the same question; `asked` holds everything that it depends on."""
