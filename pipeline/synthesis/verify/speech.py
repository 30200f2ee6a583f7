"""All that was said, indexed, to find words in it: to the letter, nearly, or in pieces."""

from __future__ import annotations

import bisect
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline.synthesis.verify.folding import Folded, fold, words_of

_MIN_PIECE = 3  # words: shorter pieces are in every transcript
_CANDIDATES = 25  # turns looked at closely for words that stand nowhere to the letter
_SEPARATOR = "\n"  # stands in no folded text, so that nothing is found across two turns


@dataclass(frozen=True)
class Place:
    """A span of a turn, in its own text."""

    turn_id: str
    start: int
    end: int

    def overlaps(self, other: Place) -> bool:
        """Whether two places share a character."""
        return self.turn_id == other.turn_id and self.start < other.end and other.start < self.end


class Speech:
    """The turns of a run, folded, with one long text to search and an index of words."""

    def __init__(self, turns: Iterable[tuple[str, str]]) -> None:
        self.ids: list[str] = []
        self.texts: dict[str, str] = {}
        self.folded: dict[str, Folded] = {}
        starts, pieces, length = [], [], 0
        for turn_id, text in turns:
            folded = fold(text)
            self.ids.append(turn_id)
            self.texts[turn_id] = text
            self.folded[turn_id] = folded
            starts.append(length)
            pieces.append(folded.text)
            length += len(folded.text) + len(_SEPARATOR)
        self._starts = starts
        self._whole = _SEPARATOR.join(pieces)
        self._small = self._whole.lower() if len(self._whole.lower()) == len(self._whole) else self._whole

    def find(self, folded: str, *, limit: int = 50, whole_words: bool = False, small: bool = False) -> list[Place]:
        """Where these folded words stand to the letter; the first `limit` places."""
        found: list[Place] = []
        text, sought = (self._small, folded.lower()) if small else (self._whole, folded)
        at = text.find(sought) if sought else -1
        while at >= 0 and len(found) < limit:
            if not whole_words or _at_word_ends(text, at, at + len(sought)):
                found.append(self._place(at, at + len(sought)))
            at = text.find(sought, at + 1)
        return found

    def _place(self, start: int, end: int) -> Place:
        index = bisect.bisect_right(self._starts, start) - 1
        turn_id = self.ids[index]
        begins = self._starts[index]
        return Place(turn_id, *self.folded[turn_id].span(start - begins, end - begins))

    @cached_property
    def _turns_with(self) -> dict[str, list[int]]:
        index: dict[str, list[int]] = defaultdict(list)
        for number, turn_id in enumerate(self.ids):
            for word in dict.fromkeys(words_of(self.folded[turn_id].text)):
                index[word].append(number)
        return index

    def nearest(self, folded: str) -> tuple[Place, float] | None:
        """The place whose words are most like these, and how like (0 to 1); None where nothing is alike."""
        from rapidfuzz import fuzz

        best: tuple[float, Place] | None = None
        for turn_id in self._candidates(folded):
            text = self.folded[turn_id].text
            found = fuzz.partial_ratio_alignment(folded, text, score_cutoff=50)
            if found is None or found.dest_start == found.dest_end:
                continue
            start, end = _to_word_ends(text, found.dest_start, found.dest_end)
            score = found.score / 100 if len(text) >= len(folded) else fuzz.ratio(folded, text) / 100
            if best is None or score > best[0]:
                best = (score, Place(turn_id, *self.folded[turn_id].span(start, end)))
        return None if best is None else (best[1], best[0])

    def _candidates(self, folded: str) -> list[str]:
        """Turns that share rare words with these; ties in the order of the talk."""
        votes: Counter[int] = Counter()
        for word in dict.fromkeys(words_of(folded)):
            turns = self._turns_with.get(word, ())
            for number in turns:
                # The rarer a word, the more it tells: its share of the vote is one over the turns that have it.
                votes[number] += 1 / len(turns)  # type: ignore[assignment]
        ranked = sorted(votes, key=lambda number: (-votes[number], number))
        return [self.ids[number] for number in ranked[:_CANDIDATES]]

    def pieces(self, folded: str) -> list[tuple[str, Place]]:
        """The words cut into the longest pieces that stand somewhere to the letter (but for capitals), in order.

        Words that stand nowhere in a run of three are in no piece.
        """
        cuts = _cuts(folded)
        heard = [word in self._threes for word in _threes(folded, cuts)]
        pieces: list[tuple[str, Place]] = []
        first = 0
        while first < len(cuts):
            if first < len(heard) and not heard[first]:
                first += 1
                continue
            last = self._reach(folded, cuts, first)
            if last - first + 1 >= min(_MIN_PIECE, len(cuts)):
                text = folded[cuts[first][0] : cuts[last][1]]
                pieces.append((text, self.find(text, limit=1, whole_words=True, small=True)[0]))
                first = last + 1
            else:
                first += 1
        return pieces

    @cached_property
    def _threes(self) -> set[str]:
        """All runs of three words: most words of a document begin none, and need no search."""
        return {three for found in self.folded.values() for three in _threes(found.text, _cuts(found.text))}

    def _reach(self, folded: str, cuts: Sequence[tuple[int, int]], first: int) -> int:
        """The last word so that all from `first` to it stand together somewhere; first - 1 where none does."""
        low, high = first - 1, len(cuts) - 1
        while low < high:
            middle = (low + high + 1) // 2
            text = folded[cuts[first][0] : cuts[middle][1]]
            if self.find(text, limit=1, whole_words=True, small=True):
                low = middle
            else:
                high = middle - 1
        return low


def _cuts(folded: str) -> list[tuple[int, int]]:
    """Where each word begins and ends."""
    cuts, start = [], -1
    for place, letter in enumerate(folded + " "):
        inside = letter.isalnum() or (letter in "'-" and start >= 0)
        if inside and start < 0:
            start = place
        elif not inside and start >= 0:
            cuts.append((start, place))
            start = -1
    return cuts


def _threes(folded: str, cuts: Sequence[tuple[int, int]]) -> list[str]:
    """Each run of three words, in small letters, whatever stands between them."""
    listed = [folded[start:end].lower() for start, end in cuts]
    return [" ".join(listed[place : place + _MIN_PIECE]) for place in range(len(listed) - _MIN_PIECE + 1)]


def _at_word_ends(text: str, start: int, end: int) -> bool:
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    return not (before.isalnum() and text[start].isalnum()) and not (after.isalnum() and text[end - 1].isalnum())


def _to_word_ends(text: str, start: int, end: int) -> tuple[int, int]:
    """The span with the words whole at both its ends."""
    while start > 0 and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while start < end and text[start] == " ":
        start += 1
    while end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    if end < len(text) and text[end] in ".!?":
        end += 1
    return start, end
