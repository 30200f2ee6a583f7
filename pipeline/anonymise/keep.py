"""What stays as it is said: a list that anybody can edit, by policy."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from pipeline.anonymise.forms import fold
from pipeline.errors import ConfigError


@dataclass(frozen=True)
class KeepList:
    """Names that point at nobody (`always`), and bodies that only the strictest policy replaces."""

    always: frozenset[str]
    bodies: frozenset[str]

    def keeps(self, name: str, *, bodies: bool) -> bool:
        """Whether a name stays, as a whole; `bodies` where public bodies stay too."""
        plain = plain_name(name)
        return plain in self.always or (bodies and plain in self.bodies)


def plain_name(name: str) -> str:
    """A name as the list compares it: folded, without "the", a possessive and what is no letter or digit."""
    folded = re.sub(r"[^\w&+ ]+", " ", re.sub(r"'s?$", "", fold(name).strip()))
    return re.sub(r"^(?:the|y|yr) ", "", re.sub(r"\s+", " ", folded).strip())


def read_keep_list(extra: Path | None = None) -> KeepList:
    """The shipped list, with that of a further file of the same form where one is given.

    Raises:
        ConfigError: the further file isn't there, or isn't of that form.
    """
    shipped = _shipped()
    if extra is None:
        return shipped
    try:
        return _merged(shipped, tomllib.loads(extra.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise ConfigError(f"no keep list {extra}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, TypeError, AttributeError) as error:
        raise ConfigError(f'{extra} is not a keep list: it needs lines like always = ["NHS", "Brexit"]') from error


@cache
def _shipped() -> KeepList:
    text = (files("pipeline.anonymise") / "data" / "keep.toml").read_text(encoding="utf-8")
    return _merged(KeepList(frozenset(), frozenset()), tomllib.loads(text))


def _merged(base: KeepList, lists: dict[str, Iterable[str]]) -> KeepList:
    return KeepList(
        base.always | {plain_name(name) for name in lists.get("always", ())},
        base.bodies | {plain_name(name) for name in lists.get("bodies", ())},
    )
