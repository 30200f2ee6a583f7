"""What is the same but for typography: quote marks, dashes, kinds of spaces, soft hyphens, ligatures, line breaks."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

_SAME = {
    **dict.fromkeys("‘’‚‛′`´ʼ＇", "'"),
    **dict.fromkeys("“”„‟″«»＂", '"'),
    **dict.fromkeys("‐‑‒–—―−﹣－", "-"),
    "…": "...",
    "\ufb00": "ff",
    "\ufb01": "fi",
    "\ufb02": "fl",
    "\ufb03": "ffi",
    "\ufb04": "ffl",
}
_WORD = re.compile(r"[^\W_]+(?:['’‑-][^\W_]+)*")


@dataclass(frozen=True)
class Folded:
    """A text without its typography, and where each of its characters stands in the text as given."""

    text: str
    places: tuple[int, ...]  # one a character, and one more: the end

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The place in the text as given of a part of the folded one."""
        if start >= end:
            return self.places[start], self.places[start]
        return self.places[start], self.places[end - 1] + 1


def fold(text: str) -> Folded:
    """The text as a reader would say it: one space for any run of spaces, plain marks, nothing invisible."""
    folded: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        for plain in _plain(letter):
            if plain == " " and (not folded or folded[-1] == " "):
                continue
            folded.append(plain)
            places.append(place)
    if folded and folded[-1] == " ":
        folded.pop()
        places.pop()
    return Folded("".join(folded), (*places, len(text)))


@cache
def _plain(letter: str) -> str:
    if letter in _SAME:
        return _SAME[letter]
    category = unicodedata.category(letter)
    if letter in "\t\n\r\x0b\x0c" or category in ("Zs", "Zl", "Zp"):
        return " "
    return "" if category in ("Cc", "Cf") else letter


def words_of(text: str) -> list[str]:
    """The words of a text, in small letters, without typography."""
    return [found.casefold().replace("’", "'").replace("‑", "-") for found in _WORD.findall(text)]
