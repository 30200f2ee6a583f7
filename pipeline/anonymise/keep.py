"""What stays as it is said: a list that anybody can edit, by policy."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files

from pipeline.anonymise.forms import fold


@dataclass(frozen=True)
class KeepList:
    """Names that point at nobody (`always`), and bodies that only the strictest policy replaces."""

    always: frozenset[str]
    bodies: frozenset[str]
    shown_bodies: tuple[str, ...] = ()  # as the list writes them, with capitals

    @cached_property
    def words_of_several(self) -> frozenset[str]:
        """The words of the names that have several."""
        return frozenset(word for name in self.always | self.bodies if " " in name for word in name.split())

    def keeps(self, name: str, *, bodies: bool) -> bool:
        """Whether a name stays, as a whole; `bodies` where public bodies stay too."""
        plain = plain_name(name)
        return plain in self.always or (bodies and plain in self.bodies)


def plain_name(name: str) -> str:
    """A name as the list compares it: folded, without "the", a possessive and what is no letter or digit."""
    folded = re.sub(r"[^\w&+ ]+", " ", re.sub(r"'s?$", "", fold(name).strip()))
    return re.sub(r"^(?:the|y|yr) ", "", re.sub(r"\s+", " ", folded).strip())


# With a bound: in captions that are capitals throughout any number of words would be read anew from each to the end.
_OF_A_LAW = re.compile(
    r"(?:(?: (?:of|and|for|to|in)){0,2} [A-Z][\w'’-]*){0,12} \((?:Wales|England|Scotland|Northern Ireland)\)"
    r" (?:Act|Measure|Bill|Order|Regulations|Rules)\b"
)


def is_of_a_law(text: str, end: int) -> bool:
    """Whether words that end there are the beginning of a law's name: "Nurse Staffing Levels (Wales) Act"."""
    return _OF_A_LAW.match(text, end) is not None


def read_keep_list(further: Sequence[str] = ()) -> KeepList:
    """The shipped list, and further names that stay."""
    shipped = _shipped()
    always = shipped.always | {plain_name(name) for name in further}
    return KeepList(always, shipped.bodies, shipped.shown_bodies)


@cache
def _shipped() -> KeepList:
    lists = tomllib.loads((files("pipeline.anonymise") / "data" / "keep.toml").read_text(encoding="utf-8"))
    always = frozenset(plain_name(name) for name in lists["always"])
    return KeepList(always, frozenset(plain_name(name) for name in lists["bodies"]), tuple(sorted(lists["bodies"])))
