"""Whether a turn is in English or Welsh, by its little words."""

from __future__ import annotations

from pipeline.anonymise.forms import Word
from pipeline.anonymise.lists import listed

_WELSH = listed("little_welsh")
_ENGLISH = listed("little_english")


def language_of(words: tuple[Word, ...], usual: str = "") -> str:
    """`en` or `cy`: the one whose little words are more; where neither has any, the roundtable's, else `en`."""
    said = [word.folded for word in words]
    welsh, english = sum(map(_WELSH.__contains__, said)), sum(map(_ENGLISH.__contains__, said))
    if welsh == english:
        return usual or "en"
    return "cy" if welsh > english else "en"
