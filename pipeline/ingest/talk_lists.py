"""A list of objects with words and speakers, wherever it stands in a JSON file, becomes turns: any program's."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any

from pipeline.ingest.script import SPEAKERS, Piece, Script, dicts, folded, get, number_of
from pipeline.ingest.times import time_unit

# What a speaker who is an object of their own is called by.
_CALLED = (
    "name", "displayName", "display_name", "fullName", "full_name", "label", "username", "speaker_name", "speakerName",
    "diarization_label", "source",
)  # fmt: skip
# Where a file lists its speakers beside the talk, and how that list numbers them.
_LISTED = ("speakers", "parties")
_NUMBERED = ("speakerId", "speaker_id", "id", "spkid", "speaker")
# Settings have names and values too; what stands beside these is talk only if it is sentences.
_WEAK = frozenset(("author", "user_name", "display_name", "displayName", "name"))
_TEXTS = (
    "text", "content", "transcript", "sentence", "utterance", "words", "speech", "value", "message", "spokenText",
    "body", "display_text",
)  # fmt: skip
_WORDS = ("punctuated_word", "text", "word", "value")
_STARTS = (
    "start", "start_s", "start_time", "startTime", "begin", "from", "offset", "timestamp", "ts", "startOffset",
    "start_timestamp", "start_ms", "startMs", "time", "beginOffsetMillis",
)  # fmt: skip
_ENDS = (
    "end", "end_s", "end_time", "endTime", "to", "end_ts", "endOffset", "end_timestamp", "end_ms", "endMs",
    "endOffsetMillis",
)  # fmt: skip
# The pieces of a turn that holds its words in a list.
_INNER = ("words", "sentences")
# What recognisers put beside words and is nobody.
_PLAIN = ("words", "tokens", "timestamps", "offsets")
# Of two sources Granola hears one by the microphone: other things have sources that are nobody.
_SOURCES = frozenset(("microphone", "mic", "system", "speaker"))
# Nobody says a word in a hundred seconds: such numbers count something else (ticks of 100 nanoseconds).
_SLOWEST = 0.01
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
    return _say_longest([turns for pieces in _lists(document) if (turns := _turns(pieces, names))], script)


def read_timed(document: Any, script: Script) -> bool:
    """A list of objects with words and times, in which nobody is told apart: `chunks`, or segments by themselves."""
    plain = (pieces for pieces in _lists(document) if not any(map(_may_name, pieces)))
    found = [turns for pieces in plain if (turns := _turns(pieces, {}, named=False))]
    return _say_longest([turns for turns in found if any(turn.times[0] is not None for turn in turns)], script)


def _may_name(piece: dict[str, Any]) -> bool:
    """Whether an object holds others beside its words and times: who spoke may stand there."""
    others = (value for key, value in piece.items() if key not in (*_PLAIN, *_STARTS, *_ENDS))
    return any(isinstance(value, dict) or dicts(value) for value in others)


def _say_longest(found: Sequence[list[Piece]], script: Script) -> bool:
    """What is said in the list that holds most, the outermost of equals; whether there is one."""
    if not found:
        return False
    longest = max(found, key=_size)
    for number, piece in enumerate(longest):
        script.say(piece.voice, piece.holder, piece.key, number, piece.times, glued=piece.glued)
    words = " ".join(_texts(longest))
    others = [turns for turns in found if len(turns) > 1 and not any(text.strip() in words for text in _texts(turns))]
    if others:
        script.account.doubt("", "it holds more than one list of turns, and the longest was read: part the file?")
    return True


def _texts(turns: Sequence[Piece]) -> list[str]:
    return [turn.holder[turn.key] for turn in turns]


def _size(turns: Sequence[Piece]) -> int:
    return sum(map(len, _texts(turns)))


def _turns(pieces: Sequence[dict[str, Any]], names: dict[str, Any], *, named: bool = True) -> list[Piece]:
    """The words of a list's objects with who said them; none if it isn't a list of what people said."""
    spelled: dict[str, str] = {}
    for piece in pieces:
        for key in piece:
            spelled.setdefault(folded(key), key)

    def keys(wanted: Sequence[str]) -> Iterator[str]:
        return (key for one in wanted if (key := one if one in spelled.values() else spelled.get(folded(one), "")))

    who = next(
        (key for key in keys(SPEAKERS) if any(called(piece.get(key), names) is not None for piece in pieces)), ""
    )
    text = next(
        (key for key in keys(_TEXTS) if key != who and any(isinstance(piece.get(key), str) for piece in pieces)), ""
    )
    if bool(who) != named or (folded(who) == "source" and any(piece.get(who) not in _SOURCES for piece in pieces)):
        return []
    turns = []
    for piece in pieces:
        inner = [] if text else next((words for key in keys(_INNER) if (words := dicts(piece.get(key)))), [])
        for place, holder in enumerate(inner or [piece]):
            key = next((key for key in _WORDS if isinstance(holder.get(key), str)), "") if inner else text
            if key and isinstance(holder.get(key), str):
                turns.append((called(piece.get(who), names), holder, key, bool(place) or not inner))
    return _timed(turns, who, parts=bool(text))


def _timed(turns: Sequence[tuple[Any, dict[str, Any], str, bool]], who: str, *, parts: bool) -> list[Piece]:
    """Who says what, with the times that stand beside it; none if it is a list of settings."""
    texts = [holder[key] for _, holder, key, _ in turns]
    words = sum(len(said.split()) for said in texts)
    if who in _WEAK and words < 2 * len(texts):
        return []
    there = {key.casefold(): key for _, holder, _, _ in turns for key in holder}
    start, end = (
        next((there[key.casefold()] for key in keys if key.casefold() in there), "") for keys in (_STARTS, _ENDS)
    )
    unit = time_unit(start, [(holder.get(start), holder[key]) for _, holder, key, _ in turns])
    together = _hold_their_spaces(texts) and (not parts or len(texts) >= _FEWEST_PARTS)
    made = [
        Piece(voice, holder, key, _times(holder, start, end, unit), glued=together and goes_on)
        for voice, holder, key, goes_on in turns
    ]
    last = max((piece.times[0] or 0.0 for piece in made), default=0.0)
    return [piece._replace(times=(None, None)) for piece in made] if unit < 1 and words < _SLOWEST * last else made


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
    """What a speaker is called: by what their object or the file's own list says, else as they stand; None for none."""
    if isinstance(speaker, dict):
        speaker = next((speaker[key] for key in (*_CALLED, "id") if speaker.get(key)), None)
    return names.get(str(speaker), speaker) if isinstance(speaker, (str, int)) else None


def names_of(document: Any) -> dict[str, Any]:
    """Who a speaker's number or label is, where the file lists them beside the talk."""
    return next((names for holder in _objects(document) for key in _LISTED if (names := _names(holder.get(key)))), {})


def _names(listed: Any) -> dict[str, Any]:
    if isinstance(listed, dict):
        by_key = {key: get(one, "name") if isinstance(one, dict) else one for key, one in listed.items()}
        return {key: name for key, name in by_key.items() if isinstance(name, str)}
    people = dicts(listed)
    pairs = ((next((one[key] for key in _NUMBERED if one.get(key) is not None), None), one) for one in people)
    named = ((key, next((one[name] for name in _CALLED if one.get(name)), None)) for key, one in pairs)
    return {str(key): name for key, name in named if key is not None and isinstance(name, str)}


def _lists(document: Any) -> Iterator[list[dict[str, Any]]]:
    """Every list of objects, outermost first."""
    return (pieces for holder in _holders(document) if isinstance(holder, list) and (pieces := dicts(holder)))


def _objects(document: Any) -> Iterator[dict[str, Any]]:
    """Every object, outermost first."""
    return (holder for holder in _holders(document) if isinstance(holder, dict))


def _holders(document: Any) -> Iterator[Any]:
    """Every list and object, outermost first; without recursion, because a file may be nested deep."""
    waiting: deque[Any] = deque([document])
    while waiting:
        holder = waiting.popleft()
        yield holder
        inside = holder.values() if isinstance(holder, dict) else holder if isinstance(holder, list) else ()
        waiting.extend(value for value in inside if isinstance(value, (dict, list)))
