"""What speaks for a candidate and against it, as the quotes stage says it, in another language."""

from __future__ import annotations

import re
from functools import cache

from pipeline.synthesis.wording import words

_NUMBER = re.compile(r"\b\d+\b")
_LISTED = "; "


def reason_in(language: str, reason: str) -> str:
    """A reason in a language; as it stands where the language has no other words for it."""
    known = _known(language)
    for prefix in ("but: ", "check: ", "to lower it: "):
        if reason.startswith(prefix):
            parts = reason.removeprefix(prefix).split(_LISTED)
            return known.get(prefix.strip(), prefix.strip()) + " " + _LISTED.join(_one(part, known) for part in parts)
    return _one(reason, known)


def _one(reason: str, known: dict[str, str]) -> str:
    """By its words; a number in it stands as `{n}` among those that are known."""
    number = _NUMBER.search(reason)
    if reason not in known and number:
        return known.get(_NUMBER.sub("{n}", reason, count=1), reason).replace("{n}", number[0])
    return known.get(reason, reason)


@cache
def _known(language: str) -> dict[str, str]:
    return dict(words(language).get("reasons", {}))
