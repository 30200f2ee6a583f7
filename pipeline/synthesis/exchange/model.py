"""A qualitative project as REFI-QDA knows it: users, codes, sources with coded selections, cases, notes and sets.

Positions count Unicode code points of the plain text, from 0, end exclusive (REFI-QDA 1.0); line ends are "\\n".
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

# Everything that we name gets the same identifier in every export, so that a second export updates the first.
_NAMESPACE = uuid.UUID("6e0c4a3e-5b0d-5c58-9b1f-2f1f0f6f7a11")


def guid(*parts: str) -> str:
    """The identifier of a thing, made of what it is and is called."""
    return str(uuid.uuid5(_NAMESPACE, "\x1f".join(parts)))


@dataclass(frozen=True)
class User:
    """Somebody, or some program, that codes."""

    guid: str
    name: str


@dataclass(frozen=True)
class Code:
    """A code of the codebook; `parent` is its parent's guid, empty at the top."""

    guid: str
    name: str
    description: str = ""
    parent: str = ""
    codable: bool = True
    color: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Coding:
    """A code on a selection, by a user."""

    guid: str
    code: str  # guid
    user: str = ""  # guid
    at: str = ""  # ISO 8601; empty for the machine, whose coding has no time of its own


@dataclass(frozen=True)
class Selection:
    """Words of a source."""

    guid: str
    start: int
    end: int
    name: str = ""
    user: str = ""  # guid
    description: str = ""
    codings: tuple[Coding, ...] = ()
    notes: tuple[str, ...] = ()  # guids


@dataclass(frozen=True)
class Source:
    """A transcript, anonymised, with its selections in the order of the text."""

    guid: str
    name: str
    text: str
    selections: tuple[Selection, ...] = ()
    description: str = ""


@dataclass(frozen=True)
class Note:
    """Something that a person or the machine remarked."""

    guid: str
    name: str
    text: str
    user: str = ""


@dataclass(frozen=True)
class Case:
    """A participant, by pseudonym, with what may be said of them and where they speak."""

    guid: str
    name: str
    variables: tuple[tuple[str, str], ...] = ()  # (variable's name, text)
    selections: tuple[str, ...] = ()  # guids


@dataclass(frozen=True)
class CodeSet:
    """Codes that belong together: the codebook's, the emergent ones."""

    guid: str
    name: str
    codes: tuple[str, ...]  # guids


@dataclass(frozen=True)
class Project:
    """A project, whole."""

    name: str
    origin: str = ""
    description: str = ""
    users: tuple[User, ...] = ()
    codes: tuple[Code, ...] = ()
    sources: tuple[Source, ...] = ()
    notes: tuple[Note, ...] = ()
    cases: tuple[Case, ...] = ()
    sets: tuple[CodeSet, ...] = ()
