"""JSON of speech recognisers becomes turns: one function a shape, and every string of the file accounted for."""

from __future__ import annotations

import json
import math
import re
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from pipeline.errors import UnreadableFile
from pipeline.ingest.account import NAMELESS, Account
from pipeline.ingest.labels import is_unknown, seconds, tidy_name, time_unit
from pipeline.ingest.text import clean

AGAIN = "the same words once more, in another form"
ABOUT = "about the recording, or of the program that wrote it"

# Azure counts in ticks of 100 nanoseconds.
_TICKS = 1e-7
_MILLI = 1e-3
_WORDY = frozenset(
    (
        "text", "transcript", "word", "punctuated_word", "display", "lexical", "itn", "maskedITN", "content",
        "sentence", "full_transcript", "raw_text",
    )
)  # fmt: skip
_TIMED = frozenset(["start_time", "end_time", "startTime", "endTime", "startOffset", "endOffset", "offset", "duration"])
_SPEAKERS = (
    "speaker",
    "speaker_name",
    "speakerName",
    "speaker_label",
    "speakerLabel",
    "speaker_id",
    "speakerId",
    "speakerDisplayName",
    "speakerDesignation",
    "participant",
    "participantName",
    "display_name",
    "displayName",
    "user_name",
    "author",
    "name",
)
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
# A silence of a second ends what somebody says on a channel of their own; shorter ones are in every sentence.
_BREATH_S = 1.0
# Of a recogniser's parts of words, so many hold a space; of whole words with none between them, none does.
_SPACED_SHARE = 1 / 3
# A few short texts may be turns in which somebody typed a space too many.
_FEWEST_PARTS = 20
# Eleven days.
_LONGEST_S = 1e6
_DATED = re.compile(r"\d{4}-\d{2}-\d{2}")


class Script:
    """A JSON file's strings, each passed on to the account once."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self._passed: set[tuple[int, object]] = set()
        self._speaker = ""

    def say(
        self,
        speaker: Any,
        holder: Any,
        key: Any,
        place: object,
        times: tuple[Any, Any],
        *,
        glued: bool = False,
    ) -> None:
        """Words of a speaker that stand at `key` of `holder`; `glued` words follow without a space."""
        words = holder[key] if isinstance(holder, list) else holder.get(key)
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
        document = _document(text)
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
        "Azure, Google, Rev, Speechmatics, a list of objects with `speaker` and `text`): export it as .vtt or .txt"
    )


def _document(text: str) -> Any:
    """What stands in the file, or in JSON Lines the list of it."""
    try:
        return json.loads(text)
    except ValueError:
        lines = [line for line in text.split("\n") if line.strip()]
        if len(lines) < 2 or not lines[0].lstrip().startswith("{"):
            raise
        return [json.loads(line) for line in lines]


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
    names = _names(document)
    # Where the speakers stand with the words only, a segment may hold two people's.
    worded = not any("speaker" in segment for segment in segments)
    for number, segment in enumerate(segments):
        words = [word for word in _dicts(segment.get("words")) if isinstance(word.get("word"), str)]
        if worded and any("speaker" in word for word in words):
            for word in words:
                times = (_number(word.get("start")), _number(word.get("end")))
                script.say(word.get("speaker"), word, "word", number, times)
            continue
        times = (_number(segment.get("start")), _number(segment.get("end")))
        script.say(_who(segment.get("speaker"), names), segment, "text", number, times)
    return True


def _watson(document: Any, script: Script) -> bool:
    """IBM Watson: the words of `timestamps`, lists of word, start and end; `speaker_labels` say by time who spoke."""
    labels = _dicts(_get(document, "speaker_labels"))
    results = _dicts(_get(document, "results"))
    bests = [next(iter(_dicts(result.get("alternatives"))), {}) for result in results]
    if not labels or not any(isinstance(best.get("timestamps"), list) for best in bests):
        return False
    spans = sorted(
        (start, label.get("speaker")) for label in labels if (start := _number(label.get("from"))) is not None
    )
    for number, best in enumerate(bests):
        for word in best.get("timestamps") or ():
            if isinstance(word, list) and len(word) > 2 and isinstance(word[0], str):
                times = (_number(word[1]), _number(word[2]))
                script.say(_at(spans, times[0]), word, 0, number, times)
    return True


def _one_text(document: Any, script: Script) -> bool:
    """A recogniser's text by itself: nobody is told apart, and nothing timed."""
    text = _get(document, "text")
    if not isinstance(text, str) or not text.strip():
        return False
    script.say(None, document, "text", 0, (None, None))
    return True


def _whisper_cpp(document: Any, script: Script) -> bool:
    """whisper.cpp: `transcription`, in milliseconds under `offsets`."""
    segments = _dicts(_get(document, "transcription"))
    if not any("offsets" in segment and isinstance(segment.get("text"), str) for segment in segments):
        return False
    for number, segment in enumerate(segments):
        offsets = segment.get("offsets")
        times = (_number(_get(offsets, "from"), _MILLI), _number(_get(offsets, "to"), _MILLI))
        script.say(segment.get("speaker"), segment, "text", number, times)
    return True


def _youtube(document: Any, script: Script) -> bool:
    """YouTube's own captions (json3): `events` of pieces that hold their spaces and line breaks."""
    events = [event for event in _dicts(_get(document, "events")) if "segs" in event]
    for number, event in enumerate(events):
        start = _number(event.get("tStartMs"), _MILLI)
        lasts = _number(event.get("dDurationMs"), _MILLI)
        times = (start, None if start is None or lasts is None else round(start + lasts, 3))
        for place, piece in enumerate(_dicts(event.get("segs"))):
            script.say(None, piece, "utf8", number, times, glued=bool(place))
    return bool(events)


def _speechmatics(document: Any, script: Script) -> bool:
    """Speechmatics: `results`, each a word or a punctuation mark that follows without a space."""
    results = _dicts(_get(document, "results"))
    if not any(result.get("type") == "word" for result in results):
        return False
    for number, result in enumerate(results):
        best = next(iter(_dicts(result.get("alternatives"))), {})
        speaker = best.get("speaker")
        times = (_number(result.get("start_time")), _number(result.get("end_time")))
        glued = result.get("type") == "punctuation" and result.get("attaches_to", "previous") in ("previous", "both")
        script.say(None if speaker == "UU" else speaker, best, "content", number, times, glued=glued)
    return True


def _assemblyai(document: Any, script: Script) -> bool:
    """AssemblyAI: `utterances`, in milliseconds; null where nobody was told apart, then `words`, or only `text`."""
    if paragraphs := [piece for piece in _dicts(_get(document, "paragraphs")) if isinstance(piece.get("text"), str)]:
        for number, piece in enumerate(paragraphs):
            first = next(iter(_dicts(piece.get("words"))), {})
            times = (_number(piece.get("start"), _MILLI), _number(piece.get("end"), _MILLI))
            script.say(first.get("speaker", piece.get("speaker")), piece, "text", number, times)
        return True
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
    bests = [next(iter(_dicts(channel.get("alternatives"))), None) for channel in channels]
    _say_channels([_deepgram_words(best, at if several else None) for at, best in enumerate(bests) if best], script)
    return any(best is not None for best in bests)


def _deepgram_words(best: dict[str, Any], place: int | None) -> list[_Piece]:
    pieces = []
    for word in _dicts(best.get("words")):
        key = "punctuated_word" if isinstance(word.get("punctuated_word"), str) else "word"
        times = (_number(word.get("start")), _number(word.get("end")))
        pieces.append(_Piece(_voice(word.get("speaker"), place), word, key, times))
    return (
        pieces or _deepgram_paragraphs(best, place) or [_Piece(_voice(None, place), best, "transcript", (None, None))]
    )


def _deepgram_paragraphs(best: dict[str, Any], place: int | None) -> list[_Piece]:
    return [
        _Piece(
            _voice(paragraph.get("speaker"), place),
            sentence,
            "text",
            (_number(sentence.get("start")), _number(sentence.get("end"))),
        )
        for paragraph in _dicts(_get(best.get("paragraphs"), "paragraphs"))
        for sentence in _dicts(paragraph.get("sentences"))
    ]


class _Piece(NamedTuple):
    """Words that stand at `key` of `holder`, and who said them when."""

    voice: Any
    holder: dict[str, Any]
    key: str
    times: tuple[float | None, float | None]
    glued: bool = False


def _say_channels(channels: Sequence[Sequence[_Piece]], script: Script) -> None:
    """What was said on several channels, as it was said: by the times at which each began after a silence."""
    stretches = [stretch for channel in channels for stretch in _stretches(channel)]
    if len(channels) > 1:
        stretches.sort(key=lambda stretch: stretch[0].times[0] or 0.0)
    for number, piece in enumerate(piece for stretch in stretches for piece in stretch):
        script.say(piece.voice, piece.holder, piece.key, number, piece.times, glued=piece.glued)


def _stretches(pieces: Sequence[_Piece]) -> Iterator[list[_Piece]]:
    open_: list[_Piece] = []
    last: float | None = None
    for piece in pieces:
        start, end = piece.times
        if open_ and start is not None and last is not None and start - last >= _BREATH_S:
            yield open_
            open_ = []
        open_.append(piece)
        last = end if end is not None else last
    if open_:
        yield open_


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
        labels = [channel.get("channel_label", f"ch_{place}") for place, channel in enumerate(channels)]
        _say_channels(
            [
                list(_aws_items(_dicts(channel.get("items")), label))
                for channel, label in zip(channels, labels, strict=True)
            ],
            script,
        )
        return True
    spans = _aws_spans(_dicts(_get(_get(results, "speaker_labels"), "segments")))
    _say_channels([list(_aws_items(items, None, spans))], script)
    return True


def _aws_items(
    items: Sequence[dict[str, Any]], speaker: Any, spans: Sequence[tuple[float, Any]] = ()
) -> Iterator[_Piece]:
    """The items: each said by whom it names, or by who spoke then, or else by the one before."""
    for item in items:
        best = next(iter(_dicts(item.get("alternatives"))), {})
        punctuation = item.get("type") == "punctuation"
        if spans or "speaker_label" in item:
            named = item.get("speaker_label") or _at(spans, _number(item.get("start_time")))
            speaker = speaker if punctuation else named
        times = (_number(item.get("start_time")), _number(item.get("end_time")))
        yield _Piece(speaker, best, "content", times, glued=punctuation)


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
    batch, quick = (_dicts(_get(document, key)) for key in ("recognizedPhrases", "phrases"))
    bests = [(phrase, next(iter(_dicts(phrase.get("nBest"))), {})) for phrase in batch]
    _azure_phrases(bests, "display", "InTicks", _TICKS, script)
    _azure_phrases([(phrase, phrase) for phrase in quick], "text", "Milliseconds", _MILLI, script)
    return bool(batch or quick)


def _azure_phrases(
    phrases: Sequence[tuple[dict[str, Any], dict[str, Any]]], key: str, suffix: str, unit: float, script: Script
) -> None:
    """Each phrase and what holds its words at `key`, in their order; several channels are told apart."""
    several = len({str(phrase.get("channel")) for phrase, _ in phrases}) > 1
    ordered = sorted(phrases, key=lambda one: _number(one[0].get(f"offset{suffix}")) or 0.0)
    for number, (phrase, holder) in enumerate(ordered):
        voice = _voice(phrase.get("speaker"), phrase.get("channel") if several else None)
        script.say(voice, holder, key, number, _azure_times(phrase, suffix, unit))


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
    """A list of objects with words and, mostly, speakers, wherever it stands: what other programs and people write.

    The words are a text, or a list of words. Of several lists it is the one that holds most.
    """
    names = _names(document)
    found = [turns for pieces in _lists(document) if (turns := _turns(pieces, names))]
    if not found:
        return False
    # max takes the first of equals, which is the outermost.
    for number, piece in enumerate(max(found, key=lambda turns: sum(len(turn.holder[turn.key]) for turn in turns))):
        script.say(piece.voice, piece.holder, piece.key, number, piece.times, glued=piece.glued)
    return True


def _turns(pieces: Sequence[dict[str, Any]], names: dict[str, Any]) -> list[_Piece]:
    """The words of a list's objects with who said them; none if it isn't a list of what people said."""
    who = next((key for key in _SPEAKERS if any(_who(piece.get(key), names) is not None for piece in pieces)), "")
    text = next((key for key in _TEXTS if key != who and any(isinstance(piece.get(key), str) for piece in pieces)), "")
    if not who:
        return []
    turns = []
    for piece in pieces:
        inner = [] if text else _dicts(piece.get("words"))
        for place, holder in enumerate(inner or [piece]):
            key = next((key for key in _WORDS if isinstance(holder.get(key), str)), "") if inner else text
            if key and isinstance(holder.get(key), str):
                turns.append((_who(piece.get(who), names), holder, key, bool(place) or not inner))
    texts = [holder[key] for _, holder, key, _ in turns]
    if who in _WEAK and sum(len(words.split()) for words in texts) < 2 * len(texts):
        return []
    start, end = (
        next((key for key in keys if any(key in holder for _, holder, _, _ in turns)), "") for keys in (_STARTS, _ENDS)
    )
    unit = time_unit(start, [(holder.get(start), holder[key]) for _, holder, key, _ in turns])
    parts = _hold_their_spaces(texts) and (not text or len(texts) >= _FEWEST_PARTS)
    return [
        _Piece(voice, holder, key, _times(holder, start, end, unit), glued=parts and goes_on)
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
    from_s, to_s = _number(first, unit), _number(last, unit)
    return (None, None) if max(from_s or 0.0, to_s or 0.0) > _LONGEST_S else (from_s, to_s)


def _who(speaker: Any, names: dict[str, Any]) -> Any:
    if isinstance(speaker, dict):
        speaker = next((speaker[key] for key in (*_CALLED, "id") if speaker.get(key)), None)
    return names.get(str(speaker), speaker) if isinstance(speaker, (str, int)) else None


def _names(document: Any) -> dict[str, Any]:
    """Who a speaker's number or label is, where the file lists them beside the talk."""
    by_key = _get(document, "speakers")
    if isinstance(by_key, dict):
        by_key = {key: _get(one, "name") if isinstance(one, dict) else one for key, one in by_key.items()}
        return {key: name for key, name in by_key.items() if isinstance(name, str)}
    listed = _dicts(by_key)
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
        if isinstance(holder, list) and (pieces := _dicts(holder)):
            yield pieces
        inside = holder.values() if isinstance(holder, dict) else holder if isinstance(holder, list) else ()
        waiting.extend(value for value in inside if isinstance(value, (dict, list)))


_VENDORS: tuple[tuple[str, Callable[[Any, Script], bool]], ...] = (
    ("AWS Transcribe", _aws),
    ("Deepgram", _deepgram),
    ("IBM Watson", _watson),
    ("Google", _google),
    ("Azure", _azure),
    ("Rev", _rev),
    ("Speechmatics", _speechmatics),
    ("whisper.cpp", _whisper_cpp),
    ("YouTube", _youtube),
    ("AssemblyAI", _assemblyai),
    ("Whisper", _whisper),
    ("a list of turns", _anyones),
    ("a text without speakers", _one_text),
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
        if "relative" in value:
            return _number(value["relative"], unit)
        whole, nanos = _number(value.get("seconds", 0)), _number(value.get("nanos", 0), 1e-9)
        return None if whole is None else round(whole + (nanos or 0.0), 3)
    if isinstance(value, str):
        if _DATED.match(value):
            return None
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
