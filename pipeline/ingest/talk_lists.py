"""A list of objects with words and speakers, wherever it stands in a JSON file, becomes turns: any program's."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any

from pipeline.ingest.labels import time_unit
from pipeline.ingest.script import SPEAKERS, Piece, Script, dicts, get, number_of

# What a speaker who is an object of their own is called by.
_CALLED = ("name", "displayName", "display_name", "fullName", "full_name", "label", "username")
# Settings have names and values too; what stands beside these is talk only if it is sentences.
_WEAK = frozenset(("author", "user_name", "display_name", "displayName", "name"))
_TEXTS = (
    "text", "content", "transcript", "sentence", "utterance", "words", "speech", "value", "message", "spokenText",
    "body",
)  # fmt: skip
_WORDS = ("punctuated_word", "text", "word", "value")
_STARTS = (
    "start", "start_s", "start_time", "startTime", "begin", "from", "offset", "timestamp", "ts", "startOffset",
    "start_timestamp", "start_ms", "startMs", "time",
)  # fmt: skip
_ENDS = (
    "end", "end_s", "end_time", "endTime", "to", "end_ts", "endOffset", "end_timestamp", "end_ms", "endMs",
)  # fmt: skip
# Of a recogniser's parts of words, so many hold a space; of whole words with none between them, none does.
_SPACED_SHARE = 1 / 3
# A few short texts may be turns in which somebody typed a space too many.
_FEWEST_PARTS = 20
# Eleven days.
_LONGEST_S = 1e6


def read_list(document: Any, script: Script) -> bool:
    """A list of objects with words and, mostly, speakers, wherever it stands: what other programs and people write.

    The words are a text, or a list of words. Of several lists it is the one that holds most.
    """
    names = names_of(document)
    found = [turns for pieces in _lists(document) if (turns := _turns(pieces, names))]
    if not found:
        return False
    # max takes the first of equals, which is the outermost.
    for number, piece in enumerate(max(found, key=lambda turns: sum(len(turn.holder[turn.key]) for turn in turns))):
        script.say(piece.voice, piece.holder, piece.key, number, piece.times, glued=piece.glued)
    return True


def _turns(pieces: Sequence[dict[str, Any]], names: dict[str, Any]) -> list[Piece]:
    """The words of a list's objects with who said them; none if it isn't a list of what people said."""
    who = next((key for key in SPEAKERS if any(called(piece.get(key), names) is not None for piece in pieces)), "")
    text = next((key for key in _TEXTS if key != who and any(isinstance(piece.get(key), str) for piece in pieces)), "")
    if not who:
        return []
    turns = []
    for piece in pieces:
        inner = [] if text else dicts(piece.get("words"))
        for place, holder in enumerate(inner or [piece]):
            key = next((key for key in _WORDS if isinstance(holder.get(key), str)), "") if inner else text
            if key and isinstance(holder.get(key), str):
                turns.append((called(piece.get(who), names), holder, key, bool(place) or not inner))
    texts = [holder[key] for _, holder, key, _ in turns]
    if who in _WEAK and sum(len(words.split()) for words in texts) < 2 * len(texts):
        return []
    start, end = (
        next((key for key in keys if any(key in holder for _, holder, _, _ in turns)), "") for keys in (_STARTS, _ENDS)
    )
    unit = time_unit(start, [(holder.get(start), holder[key]) for _, holder, key, _ in turns])
    parts = _hold_their_spaces(texts) and (not text or len(texts) >= _FEWEST_PARTS)
    return [
        Piece(voice, holder, key, _times(holder, start, end, unit), glued=parts and goes_on)
        for voice, holder, key, goes_on in turns
    ]


def _hold_their_spaces(texts: Sequence[str]) -> bool:
    """Whether these are words and parts of words with the spaces that stand between them: `Righ`, `t`, ` good`."""
    spaced = sum(text != text.strip() for text in texts)
    return spaced >= _SPACED_SHARE * len(texts) and sum(len(text.split()) for text in texts) < 2 * len(texts)


def _times(holder: dict[str, Any], start: str, end: str, unit: float) -> tuple[float | None, float | None]:
    """From when to when; both may stand in a list. None where they count from 1970, of which no recording knows."""
    told = holder.get(start)
    first, last = told if isinstance(told, list) and len(told) == 2 else (told, holder.get(end))
    from_s, to_s = number_of(first, unit), number_of(last, unit)
    return (None, None) if max(from_s or 0.0, to_s or 0.0) > _LONGEST_S else (from_s, to_s)


def called(speaker: Any, names: dict[str, Any]) -> Any:
    if isinstance(speaker, dict):
        speaker = next((speaker[key] for key in (*_CALLED, "id") if speaker.get(key)), None)
    return names.get(str(speaker), speaker) if isinstance(speaker, (str, int)) else None


def names_of(document: Any) -> dict[str, Any]:
    """Who a speaker's number or label is, where the file lists them beside the talk."""
    by_key = get(document, "speakers")
    if isinstance(by_key, dict):
        by_key = {key: get(one, "name") if isinstance(one, dict) else one for key, one in by_key.items()}
        return {key: name for key, name in by_key.items() if isinstance(name, str)}
    listed = dicts(by_key)
    pairs = (
        (next((one[key] for key in ("id", "spkid", "speaker_id", "speaker") if key in one), None), one)
        for one in listed
    )
    called = ((key, next((one[name] for name in _CALLED if one.get(name)), None)) for key, one in pairs)
    return {str(key): name for key, name in called if key is not None and isinstance(name, str)}


def _lists(document: Any) -> Iterator[list[dict[str, Any]]]:
    """Every list of objects, outermost first; without recursion, because a file may be nested deep."""
    waiting: deque[Any] = deque([document])
    while waiting:
        holder = waiting.popleft()
        if isinstance(holder, list) and (pieces := dicts(holder)):
            yield pieces
        inside = holder.values() if isinstance(holder, dict) else holder if isinstance(holder, list) else ()
        waiting.extend(value for value in inside if isinstance(value, (dict, list)))
