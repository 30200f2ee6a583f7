"""Finds again, in the turns of another run, the words that a decision was made on.

Words that still stand to the letter are found wherever they went, if only one place can be meant. Words that were
corrected are found by what is left of them and of what stood around them; a quote approved in the old words is then
not approved in the new ones, and says so. Nothing is attached to words that somebody else said, or that are merely
like them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from pipeline.decisions.record import CONTEXT, SPANS_IN_VALUE, Decision, Span, spans_of

if TYPE_CHECKING:
    import pandas as pd

# Below this many code points, words like "Yes, I think so." are said by everybody: only their own turn can be meant.
_DISTINCTIVE = 24
# How like the old words the new ones must be (1 = the same; a word changed in twenty leaves about 0.95), alone and
# with what stands around them.
_LIKE = 0.62
_LIKE_AROUND = 0.70
# How much better the best place must be than the second, or either could be meant.
_MARGIN = 0.08
# Where corrected words are looked for outside their own turn: the turns that share the rarest words, and, because a
# turn split in two moves the numbers of those after it, the turns next to the one that now has its number.
_SHARING_TURNS = 6
_NEXT_TURNS = 4  # on either side

# How like what stood around exact words must be to what stands around them now, where they are short or moved to
# another turn: the same words may have been said twice, by two people. What stands around two sentences that have
# nothing to do with each other is as like as .4 in a fifth of the cases, as .5 in one of a hundred (sample series).
_SAME_SURROUNDINGS = 0.5
_SAME_SURROUNDINGS_SHORT = 0.65

Reason = Literal["words_changed", "words_gone", "several_places", "elsewhere"]


@dataclass(frozen=True)
class AnotherLook:
    """A decision that can't stand as it is until somebody has looked at it again."""

    decision: Decision
    reason: Reason
    present: tuple[Span, ...]  # where its words stand now, as they now read; empty where they weren't found


class Reanchored(NamedTuple):
    """Each decision is in one of the two, in the order given."""

    anchored: tuple[Decision, ...]  # their spans stand, to the letter, in the turns given
    needs_another_look: tuple[AnotherLook, ...]


class _Found(NamedTuple):
    span: Span | None
    reason: Reason | None  # None: to the letter


@dataclass(frozen=True)
class _Turn:
    turn_id: str
    transcript_id: str
    index: int
    text: str
    speaker: str = ""  # empty where the turns don't say


def reanchor(decisions: Sequence[Decision], turns: pd.DataFrame) -> Reanchored:
    """Each decision with its spans where they stand in these turns, or listed as needing another look.

    `turns` needs the columns turn_id, transcript_id, index and text (the source turns, for redactions); where it has
    the speakers, an accepted quote that says who spoke passes to no other turn of somebody else. Decisions without
    spans are anchored as they are. Of a theme's anchor or a split, which are several statements, spans that
    are gone are let go while at least one is left. Where words were corrected, decisions on coding, themes and
    rejected quotes follow them; an accepted quote or a redaction does not, but says where its words would be.
    """
    searcher = _Searcher(_rows(turns))
    anchored: list[Decision] = []
    looks: list[AnotherLook] = []
    for decision in decisions:
        outcome = _again(decision, searcher)
        if isinstance(outcome, AnotherLook):
            looks.append(outcome)
        else:
            anchored.append(outcome)
    return Reanchored(tuple(anchored), tuple(looks))


def _rows(turns: pd.DataFrame) -> Iterable[_Turn]:
    known = ("turn_id", "transcript_id", "index", "text", *(("speaker",) if "speaker" in turns.columns else ()))
    columns = [turns[name].tolist() for name in known]
    return (_Turn(*row) for row in zip(*columns, strict=True))


def _again(decision: Decision, searcher: _Searcher) -> Decision | AnotherLook:
    if not decision.subject:
        return decision
    found = [searcher.find(span) for span in decision.subject]
    present = tuple(place.span for place in found if place.span is not None)
    reasons = [place.reason for place in found if place.reason is not None]
    exacting = decision.kind == "redaction" or (decision.kind == "quote" and decision.action == "accept")
    whole = decision.kind in ("quote", "coding")
    lost = [place for place in found if place.span is None]
    if not present or (whole and lost):
        return AnotherLook(decision, lost[0].reason or "words_gone", ())
    if exacting and (reasons or searcher.of_another(decision, present)):
        return AnotherLook(decision, (*reasons, "elsewhere")[0], present)
    value = _value_again(decision.value, searcher)
    if present == decision.subject and value == decision.value:
        return decision
    return decision.model_copy(update={"subject": present, "value": value})


def _value_again(value: Mapping[str, Any], searcher: _Searcher) -> dict[str, Any]:
    """A decision's value with its spans where they stand now; those that are gone stay as they were."""
    renewed = dict(value)
    for key in SPANS_IN_VALUE:
        spans = spans_of(value.get(key))
        if spans:
            found = [searcher.find(span).span or span for span in spans]
            present = [span.model_dump(mode="json", exclude_defaults=True) for span in found]
            renewed[key] = present[0] if isinstance(value[key], dict) else present
    return renewed


class _Searcher:
    """Looks for spans in turns; what it needs for the harder cases is made when first asked for."""

    def __init__(self, turns: Iterable[_Turn]) -> None:
        self._turns = {turn.turn_id: turn for turn in turns}
        self._by_transcript: dict[str, list[_Turn]] = {}
        for turn in self._turns.values():
            self._by_transcript.setdefault(turn.transcript_id, []).append(turn)
        self._index: dict[str, list[_Turn]] = {}
        self._found: dict[Span, _Found] = {}

    def find(self, span: Span) -> _Found:
        """Where a span's words stand now."""
        if span not in self._found:
            self._found[span] = self._find(span)
        return self._found[span]

    def of_another(self, decision: Decision, present: Sequence[Span]) -> bool:
        """Whether words moved to a turn of somebody else than who said them when they were decided on.

        In their own turn another speaker is a label that was put right.
        """
        said = str(decision.value.get("speaker", ""))
        moved = {span.turn_id for span in present} - {span.turn_id for span in decision.subject}
        return bool(said) and any(self._turns[name].speaker not in ("", said) for name in moved)

    def _find(self, span: Span) -> _Found:
        own = self._turns.get(span.turn_id)
        if not span.text:
            return _Found(None, "words_gone")
        if own is not None and own.text[span.start : span.end] == span.text and _told_apart(span, own, span.start):
            return _Found(span, None)
        exact = self._to_the_letter(span, own)
        return (
            exact if exact is not None and not self._corrected_at_home(span, own, exact) else self._corrected(span, own)
        )

    def _corrected_at_home(self, span: Span, own: _Turn | None, exact: _Found) -> bool:
        """Whether their own turn, with a word corrected, is meant rather than the same words in another one."""
        if own is None or span.text in own.text:
            return False
        home = _closest(span, own.text)
        if home is None or exact.span is None:
            return home is not None
        away = _likeness(span, self._turns[exact.span.turn_id].text, (exact.span.start, exact.span.end))
        return home.score > away.score

    def _to_the_letter(self, span: Span, own: _Turn | None) -> _Found | None:
        """The one place where the same words stand; None where they stand nowhere."""
        if own is not None:
            places = [(own, start) for start in _occurrences(span.text, own.text)]
            if places:
                return self._only(span, places)
        if len(span.text) < _DISTINCTIVE:
            return None
        others = self._sharing(span.text)
        places = [(turn, start) for turn in others for start in _occurrences(span.text, turn.text)]
        return self._only(span, places) if places else None

    def _only(self, span: Span, places: Sequence[tuple[_Turn, int]]) -> _Found:
        if len(places) > 1:
            # The same words twice: what stands around them tells which are meant.
            scores = [_around(span, turn.text, start) for turn, start in places]
            best = max(scores)
            places = [place for place, score in zip(places, scores, strict=True) if score > best - _MARGIN]
        if len(places) > 1:
            return _Found(None, "several_places")
        turn, start = places[0]
        place = Span.cut(turn.turn_id, turn.text, start, start + len(span.text))
        return _Found(place, None if _told_apart(span, turn, start) else "elsewhere")

    def _corrected(self, span: Span, own: _Turn | None) -> _Found:
        """The one place where most of the words stand; a turn of its own comes first, then those that share words."""
        if own is not None:
            place = _closest(span, own.text)
            if place is not None:
                return _Found(Span.cut(own.turn_id, own.text, place.start, place.end), "words_changed")
        if len(span.text) < _DISTINCTIVE:
            return _Found(None, "words_gone")
        places = []
        for turn in self._likely(span, own):
            place = _closest(span, turn.text)
            if place is not None:
                places.append((place.score, turn, place))
        if not places:
            return _Found(None, "words_gone")
        places.sort(key=lambda found: -found[0])
        if len(places) > 1 and places[0][0] - places[1][0] < _MARGIN:
            return _Found(None, "several_places")
        _, turn, place = places[0]
        return _Found(Span.cut(turn.turn_id, turn.text, place.start, place.end), "words_changed")

    def _likely(self, span: Span, own: _Turn | None) -> list[_Turn]:
        likely = self._sharing(span.text)[:_SHARING_TURNS]
        if own is not None:
            likely += [
                turn
                for turn in self._by_transcript.get(own.transcript_id, ())
                if 0 < abs(turn.index - own.index) <= _NEXT_TURNS
            ]
        return list(dict.fromkeys(likely))

    def _sharing(self, text: str) -> list[_Turn]:
        """The turns that share words with a text, those that share the rarest first; ties by turn_id."""
        if not self._index:
            for turn in self._turns.values():
                for word in sorted(set(_words(turn.text))):
                    self._index.setdefault(word, []).append(turn)
        weights: dict[str, float] = defaultdict(float)
        for word in sorted(set(_words(text))):
            holding = self._index.get(word, [])
            for turn in holding:
                weights[turn.turn_id] += 1 / len(holding)
        ranked = sorted(weights, key=lambda turn_id: (-weights[turn_id], turn_id))
        return [self._turns[turn_id] for turn_id in ranked]


def _told_apart(span: Span, turn: _Turn, start: int) -> bool:
    """Whether the same words at a place can be taken for the ones that were meant."""
    if (turn.turn_id, start) == (span.turn_id, span.start) and not (span.prefix or span.suffix):
        return True  # whoever noted no surroundings has no other sign than the place
    if len(span.text) < _DISTINCTIVE:
        return _around(span, turn.text, start) >= _SAME_SURROUNDINGS_SHORT
    if turn.turn_id == span.turn_id or not (span.prefix or span.suffix):
        return True
    return _around(span, turn.text, start) >= _SAME_SURROUNDINGS


class _Place(NamedTuple):
    start: int
    end: int
    score: float


def _closest(span: Span, text: str) -> _Place | None:
    """The place in a text that is most like a span and what stood around it, cut at words; None if none is."""
    from rapidfuzz import fuzz

    whole = span.prefix + span.text + span.suffix
    rough = fuzz.partial_ratio_alignment(whole, text)
    if rough is None:
        return None
    slack = max(24, len(span.text) // 4)
    if len(whole) <= len(text):
        low, high = max(0, rough.dest_start - slack), min(len(text), rough.dest_end + slack)
    else:
        low, high = 0, len(text)
    place = _project(span, text, _cut_at_words(text, low, high))
    if place is None:
        return None
    found = _likeness(span, text, place)
    return _Place(*place, found.score) if found.alone >= _LIKE and found.around >= _LIKE_AROUND else None


class _Likeness(NamedTuple):
    alone: float  # of the words, 0 to 1
    around: float  # of the words with what stands around them

    @property
    def score(self) -> float:
        return (self.alone + self.around) / 2


def _likeness(span: Span, text: str, place: tuple[int, int]) -> _Likeness:
    from rapidfuzz import fuzz

    start, end = place
    around = text[max(0, start - len(span.prefix)) : end + len(span.suffix)]
    alone = fuzz.ratio(span.text, text[start:end]) / 100
    return _Likeness(alone, fuzz.ratio(span.prefix + span.text + span.suffix, around) / 100)


def _project(span: Span, text: str, window: tuple[int, int]) -> tuple[int, int] | None:
    """Where the ends of a span come to stand in a window of a text, when the words of both are aligned."""
    from rapidfuzz.distance import Levenshtein

    old = _pieces(span.prefix) + _pieces(span.text) + _pieces(span.suffix)
    first = len(_pieces(span.prefix))
    last = first + len(_pieces(span.text))
    new = [(match.start() + window[0], match.end() + window[0]) for match in _PIECE.finditer(text[slice(*window)])]
    pieces = [text[start:end] for start, end in new]
    moved: dict[int, int] = {}
    for tag, i1, i2, j1, j2 in Levenshtein.opcodes(old, pieces):
        if tag in ("equal", "replace"):
            moved.update(zip(range(int(i1), int(i2)), range(int(j1), int(j2)), strict=False))
    held = [moved[index] for index in range(first, last) if index in moved]
    return (new[held[0]][0], new[held[-1]][1]) if held else None


# Words and marks apart, because a span may end before the full stop that its last word carries.
_PIECE = re.compile(r"\w+(?:['’-]\w+)*|[^\w\s]")


def _pieces(text: str) -> list[str]:
    return _PIECE.findall(text)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _cut_at_words(text: str, low: int, high: int) -> tuple[int, int]:
    while low > 0 and not text[low - 1].isspace():
        low -= 1
    while high < len(text) and not text[high].isspace():
        high += 1
    return low, high


def _occurrences(part: str, whole: str) -> list[int]:
    found, at = [], whole.find(part)
    while at >= 0:
        found.append(at)
        at = whole.find(part, at + 1)
    return found


def _around(span: Span, text: str, start: int) -> float:
    """How like the old surroundings the new ones of a place are (0 to 1)."""
    from rapidfuzz import fuzz

    end = start + len(span.text)
    before = text[max(0, start - CONTEXT) : start]
    after = text[end : end + CONTEXT]
    return float(fuzz.ratio(f"{span.prefix}|{span.suffix}", f"{before}|{after}")) / 100
