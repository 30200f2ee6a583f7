"""JSON of speech recognisers becomes turns: one function a shape, and every string of the file accounted for."""

from __future__ import annotations

import json
import math
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from pipeline.errors import UnreadableFile
from pipeline.ingest.account import NAMELESS, Account
from pipeline.ingest.labels import is_unknown, seconds, tidy_name
from pipeline.ingest.text import clean

AGAIN = "the same words once more, in another form"
ABOUT = "about the recording, or of the program that wrote it"

# Azure counts in ticks of 100 nanoseconds.
_TICKS = 1e-7
_MILLI = 1e-3
_WORDY = frozenset(
    ("text", "transcript", "word", "punctuated_word", "display", "lexical", "itn", "maskedITN", "content", "sentence")
)
_TIMED = frozenset(["start_time", "end_time", "startTime", "endTime", "startOffset", "endOffset", "offset", "duration"])
_SPEAKERS = (
    "speaker",
    "speaker_name",
    "speakerName",
    "speaker_label",
    "speakerLabel",
    "speaker_id",
    "speakerId",
    "name",
)
_TEXTS = ("text", "content", "transcript", "sentence", "utterance", "words", "speech", "value")
_STARTS = ("start", "start_s", "start_time", "startTime", "begin", "from", "offset", "timestamp", "ts")
_ENDS = ("end", "end_s", "end_time", "endTime", "to", "end_ts")


class Script:
    """A JSON file's strings, each passed on to the account once."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self._passed: set[tuple[int, object]] = set()
        self._speaker = ""

    def say(
        self,
        speaker: Any,
        holder: dict[str, Any],
        key: str,
        place: object,
        times: tuple[Any, Any],
        *,
        glued: bool = False,
    ) -> None:
        """Words of a speaker that stand at `key` of `holder`; `glued` words follow without a space."""
        words = holder.get(key)
        if not isinstance(words, str) or (id(holder), key) in self._passed:
            return
        self._passed.add((id(holder), key))
        name = self.account.speaker(speaker_name(speaker))
        if name != self._speaker:
            self.account.close()
            self._speaker = name
        fresh = is_unknown(name) and name != NAMELESS
        if not glued:
            self.account.space("\n")
        self.account.say(name, clean(words), str(place), start_s=times[0], end_s=times[1], fresh=fresh)
        if glued:
            self.account.spacing(1)

    def rest(self, document: Any) -> None:
        """Everything that nobody passed on yet: names, times, the same words again, what is about the file."""
        others: dict[str, list[str]] = {AGAIN: [], ABOUT: []}
        for holder, key, value in _strings(document):
            if (id(holder), key) in self._passed:
                continue
            if key in _SPEAKERS:
                self.account.name(clean(value))
                self.account.space("\n")
            elif key in _TIMED:
                self.account.time(clean(value))
                self.account.space("\n")
            else:
                others[AGAIN if key in _WORDY else ABOUT].append(clean(value))
        for reason, strings in others.items():
            self.account.leave_out("\n".join(strings), "the whole file", reason)
            self.account.space("\n" if strings else "")


def speaker_name(speaker: Any) -> str:
    """A speaker as the file names them; a number is `Speaker 0`, and nothing is nobody known."""
    if speaker is None or speaker == "" or isinstance(speaker, (dict, list, bool)):
        return NAMELESS
    name = tidy_name(clean(str(speaker)))
    return f"Speaker {name}" if name.isdigit() else name or NAMELESS


def read_json(text: str, name: str, account: Account) -> str:
    """Pass a recogniser's file on to the account; returns whose it was taken for.

    Raises:
        UnreadableFile: it isn't JSON, or holds no words in a shape that is known.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(f"{name} is not JSON that can be read: export the transcript again") from error
    script = Script(account)
    for vendor, read in _VENDORS:
        if read(document, script):
            account.close()
            script.rest(document)
            account.close()
            return vendor
    raise UnreadableFile(
        f"{name} holds no transcript in a form that is known (Whisper, WhisperX, AssemblyAI, Deepgram, AWS Transcribe, "
        "Azure, Google, Rev): export it as .vtt or .txt"
    )


def _strings(document: Any) -> Iterator[tuple[Any, object, str]]:
    """Every string value, with what holds it; without recursion, because a file may be nested deep."""
    waiting = [document]
    while waiting:
        holder = waiting.pop()
        inside = holder.items() if isinstance(holder, dict) else enumerate(holder) if isinstance(holder, list) else ()
        for key, value in inside:
            if isinstance(value, str):
                yield holder, key, value
            elif isinstance(value, (dict, list)):
                waiting.append(value)


# --- one function a shape: true if it is one and had words -------------------------------------------------------


def _whisper(document: Any, script: Script) -> bool:
    """Whisper and WhisperX: `segments` of `text`, with `speaker` where it was diarised."""
    segments = _dicts(_get(document, "segments"))
    if not any(isinstance(segment.get("text"), str) for segment in segments):
        return False
    for number, segment in enumerate(segments):
        times = (_number(segment.get("start")), _number(segment.get("end")))
        script.say(segment.get("speaker"), segment, "text", number, times)
    return True


def _assemblyai(document: Any, script: Script) -> bool:
    """AssemblyAI: `utterances`, in milliseconds; null where nobody was told apart, then `words`, or only `text`."""
    if "utterances" not in _keys(document) or "results" in _keys(document):
        return False
    pieces = _dicts(document["utterances"]) or _dicts(document.get("words"))
    for number, piece in enumerate(pieces):
        times = (_number(piece.get("start"), _MILLI), _number(piece.get("end"), _MILLI))
        script.say(piece.get("speaker"), piece, "text", number, times)
    if not pieces:
        script.say(None, document, "text", 0, (None, None))
    return bool(script.account.characters)


def _deepgram(document: Any, script: Script) -> bool:
    """Deepgram: `results.utterances`, or the words of each channel's best alternative."""
    results = _get(document, "results")
    channels = _dicts(_get(results, "channels"))
    utterances = _dicts(_get(results, "utterances"))
    if not channels and not utterances:
        return False
    several = len(channels) > 1
    if utterances:
        for number, piece in enumerate(utterances):
            speaker = _voice(piece.get("speaker"), piece.get("channel") if several else None)
            script.say(speaker, piece, "transcript", number, (_number(piece.get("start")), _number(piece.get("end"))))
        return True
    # Every channel is read, and not only those up to the first that held words.
    return sum(_deepgram_channel(channel, at if several else None, script) for at, channel in enumerate(channels)) > 0


def _deepgram_channel(channel: dict[str, Any], place: int | None, script: Script) -> bool:
    best = next(iter(_dicts(channel.get("alternatives"))), None)
    if best is None:
        return False
    words = _dicts(best.get("words"))
    for number, word in enumerate(words):
        key = "punctuated_word" if isinstance(word.get("punctuated_word"), str) else "word"
        times = (_number(word.get("start")), _number(word.get("end")))
        script.say(_voice(word.get("speaker"), place), word, key, number, times)
    if not words:
        script.say(_voice(None, place), best, "transcript", 0, (None, None))
    return True


def _voice(speaker: Any, channel: Any) -> Any:
    """Two channels have speakers of their own: `Speaker 0` of each is another person."""
    if channel is None:
        return speaker
    return f"Channel {channel}" if speaker is None else f"Channel {channel} speaker {speaker}"


def _aws(document: Any, script: Script) -> bool:
    """AWS Transcribe: items, each with its speaker, or told apart by the times of `speaker_labels` or by channel."""
    results = _get(document, "results")
    items = _dicts(_get(results, "items"))
    if not items or not any("alternatives" in item for item in items):
        return False
    if channels := _dicts(_get(_get(results, "channel_labels"), "channels")):
        for place, channel in enumerate(channels):
            label = channel.get("channel_label", f"ch_{place}")
            _aws_items(_dicts(channel.get("items")), partial(_same, label), script)
        return True
    spans = _aws_spans(_dicts(_get(_get(results, "speaker_labels"), "segments")))
    _aws_items(items, lambda item: item.get("speaker_label") or _at(spans, _number(item.get("start_time"))), script)
    return True


def _same(label: Any, item: dict[str, Any]) -> Any:
    return label


def _aws_items(items: Sequence[dict[str, Any]], voice: Callable[[dict[str, Any]], Any], script: Script) -> None:
    speaker: Any = None
    for number, item in enumerate(items):
        best = next(iter(_dicts(item.get("alternatives"))), {})
        punctuation = item.get("type") == "punctuation"
        speaker = speaker if punctuation else voice(item)
        times = (_number(item.get("start_time")), _number(item.get("end_time")))
        script.say(speaker, best, "content", number, times, glued=punctuation)


def _aws_spans(segments: Sequence[dict[str, Any]]) -> list[tuple[float, Any]]:
    spans = [(_number(segment.get("start_time")), segment.get("speaker_label")) for segment in segments]
    return sorted(((start, label) for start, label in spans if start is not None), key=lambda span: span[0])


def _at(spans: Sequence[tuple[float, Any]], time: float | None) -> Any:
    """Who spoke at a time: the last who began by then."""
    if time is None or not spans:
        return None
    place = bisect_right(spans, time + 1e-6, key=lambda span: span[0])
    return spans[max(place - 1, 0)][1]


def _azure(document: Any, script: Script) -> bool:
    """Azure: `recognizedPhrases` in ticks (batch), or `phrases` in milliseconds (fast transcription)."""
    phrases = _dicts(_get(document, "recognizedPhrases"))
    for number, phrase in enumerate(sorted(phrases, key=lambda phrase: _number(phrase.get("offsetInTicks")) or 0.0)):
        best = next(iter(_dicts(phrase.get("nBest"))), {})
        script.say(phrase.get("speaker"), best, "display", number, _azure_times(phrase, "InTicks", _TICKS))
    quick = _dicts(_get(document, "phrases"))
    for number, phrase in enumerate(quick):
        script.say(phrase.get("speaker"), phrase, "text", number, _azure_times(phrase, "Milliseconds", _MILLI))
    return bool(phrases or quick)


def _azure_times(phrase: dict[str, Any], suffix: str, unit: float) -> tuple[float | None, float | None]:
    start = _number(phrase.get(f"offset{suffix}"), unit)
    lasted = _number(phrase.get(f"duration{suffix}"), unit)
    return start, None if start is None or lasted is None else round(start + lasted, 3)


def _google(document: Any, script: Script) -> bool:
    """Google: results of alternatives; where speakers were told apart in the first API, the last one has all."""
    results = _dicts(_get(_get(document, "response"), "results") or _get(document, "results"))
    bests = [next(iter(_dicts(result.get("alternatives"))), {}) for result in results]
    if not any("transcript" in best or "words" in best for best in bests):
        return False
    last = _dicts(bests[-1].get("words"))
    tagged = [word for word in last if word.get("speakerTag")]
    earlier = [word for best in bests[:-1] for word in _dicts(best.get("words"))]
    if tagged and not any(word.get("speakerTag") for word in earlier):
        bests = bests[-1:]
    for place, best in enumerate(bests):
        _google_best(best, place, script)
    return True


def _google_best(best: dict[str, Any], place: int, script: Script) -> None:
    words = [word for word in _dicts(best.get("words")) if isinstance(word.get("word"), str)]
    if not any(_google_voice(word) for word in words):
        times = (
            _number(_get(next(iter(words), None), "startTime")),
            _number(_get(words[-1] if words else None, "endTime")),
        )
        script.say(None, best, "transcript", place, times)
        return
    for number, word in enumerate(words):
        times = (
            _number(word.get("startTime", word.get("startOffset"))),
            _number(word.get("endTime", word.get("endOffset"))),
        )
        script.say(_google_voice(word), word, "word", number, times)


def _google_voice(word: dict[str, Any]) -> Any:
    return word.get("speakerLabel") or word.get("speakerTag")


def _rev(document: Any, script: Script) -> bool:
    """Rev: monologues of elements, whose punctuation holds the spaces too."""
    monologues = _dicts(_get(document, "monologues"))
    names = {str(speaker.get("id")): speaker.get("name") for speaker in _dicts(_get(document, "speakers"))}
    for number, monologue in enumerate(monologues):
        speaker = monologue.get("speaker")
        speaker = names.get(str(speaker)) or monologue.get("speaker_name") or speaker
        for element in _dicts(monologue.get("elements")):
            times = (_number(element.get("ts")), _number(element.get("end_ts")))
            script.say(speaker, element, "value", number, times, glued=True)
    return bool(monologues)


def _anyones(document: Any, script: Script) -> bool:
    """A list of objects with words and, mostly, speakers: what people write themselves."""
    for pieces in _lists(document):
        text = next((key for key in _TEXTS if isinstance(pieces[0].get(key), str)), "")
        who = next((key for key in _SPEAKERS if any(key in piece for piece in pieces)), "")
        if text and who and text != who:
            start = next((key for key in _STARTS if key in pieces[0]), "")
            end = next((key for key in _ENDS if key in pieces[0]), "")
            for number, piece in enumerate(pieces):
                script.say(piece.get(who), piece, text, number, (_number(piece.get(start)), _number(piece.get(end))))
            return True
    return False


def _lists(document: Any) -> Iterator[list[dict[str, Any]]]:
    """The document if it is a list of objects, then those one level down, longest first."""
    found = [document] if isinstance(document, list) else list(document.values()) if isinstance(document, dict) else []
    lists = [_dicts(value) for value in found]
    yield from sorted((pieces for pieces in lists if pieces), key=len, reverse=True)


_VENDORS: tuple[tuple[str, Callable[[Any, Script], bool]], ...] = (
    ("AWS Transcribe", _aws),
    ("Deepgram", _deepgram),
    ("Google", _google),
    ("Azure", _azure),
    ("Rev", _rev),
    ("AssemblyAI", _assemblyai),
    ("Whisper", _whisper),
    ("a list of turns", _anyones),
)


def _dicts(value: Any) -> list[dict[str, Any]]:
    """The objects of a list; anything else in a file that is not as its vendor writes it is no piece of talk."""
    return [piece for piece in value if isinstance(piece, dict)] if isinstance(value, list) else []


def _get(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, dict) else None


def _keys(value: Any) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, dict) else ()


def _number(value: Any, unit: float = 1.0) -> float | None:
    """Seconds of a number, of `"1.5"`, `"1.5s"`, `"0:01.5"`, or of seconds and nanoseconds."""
    if isinstance(value, dict):
        whole, nanos = _number(value.get("seconds", 0)), _number(value.get("nanos", 0), 1e-9)
        return None if whole is None else round(whole + (nanos or 0.0), 3)
    if isinstance(value, str):
        if ":" in value:
            return seconds(value[:40])
        try:
            value = float(value[:40].removesuffix("s"))
        except ValueError:
            return None
    if (
        isinstance(value, bool)
        or not isinstance(value, (int, float))
        or not 0 <= value < 1e18
        or not math.isfinite(value)
    ):
        return None
    return round(value * unit, 3)
