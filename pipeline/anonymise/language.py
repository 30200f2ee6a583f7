"""Whether a turn is in English or Welsh, by its little words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate

from pipeline.anonymise.forms import Word
from pipeline.anonymise.lists import listed

LITTLE_WELSH = listed("little_welsh")
_ENGLISH = listed("little_english")
# Welsh has these too: "i" is to, "a" is and; English has "I am" and "o'clock". They tell only where nothing else does.
_OF_BOTH = frozenset("a i o am pan".split())
_SURE = 1000  # times as much as a word of both: more than a sentence has


def language_of(words: tuple[Word, ...], usual: str = "") -> str:
    """`en` or `cy`: the one whose little words are more; where neither has any, the roundtable's, else `en`."""
    return _language(running(words)[-1], usual)


def language_between(leaning: Sequence[int], first: int, last: int, usual: str) -> str:
    """The language of the words from one place up to another, by what `running` gives of them all."""
    return _language(leaning[last] - leaning[first], usual)


def running(words: Iterable[Word]) -> tuple[int, ...]:
    """How much more the little words before each word are Welsh than English, and in all."""
    listed = tuple(words)
    before = ("", *(word.folded for word in listed))
    return (0, *accumulate(map(_leaning, listed, before)))


def _leaning(word: Word, before: str) -> int:
    if word.capital and word.folded == "will":
        return 0  # perhaps somebody: "a Will hefyd"
    if before == "i" and word.folded == "am":
        return -1  # "I am Dan"; in "dw i am ddweud" another word tells
    return ((word.folded in LITTLE_WELSH) - (word.folded in _ENGLISH)) * (1 if word.folded in _OF_BOTH else _SURE)


def _language(more_welsh: int, usual: str) -> str:
    if not more_welsh:
        return usual or "en"
    return "cy" if more_welsh > 0 else "en"
