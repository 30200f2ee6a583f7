"""JSON of speech recognisers becomes turns: one function a shape, and every string of the file accounted for."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from pipeline.errors import UnreadableFile
from pipeline.ingest.account import Account
from pipeline.ingest.script import Piece, Script, dicts, get, keys, number_of
from pipeline.ingest.talk_lists import called, names_of, read_list, read_timed

# Azure counts in ticks of 100 nanoseconds.
_TICKS = 1e-7
_MILLI = 1e-3
# So many words of a segment that are another's are no slip at its edge.
_FEWEST_ANOTHERS = 3
# A silence of a second ends what somebody says on a channel of their own; shorter ones are in every sentence.
_BREATH_S = 1.0


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


def _whisper(document: Any, script: Script) -> bool:
    """Whisper and WhisperX: `segments` of `text`, with `speaker` where it was diarised."""
    segments = dicts(get(document, "segments"))
    if not any(isinstance(segment.get("text"), str) for segment in segments):
        return False
    names = names_of(document)
    # Where the speakers stand with the words only, a segment may hold two people's.
    worded = not any("speaker" in segment for segment in segments)
    for number, segment in enumerate(segments):
        words = [word for word in dicts(segment.get("words")) if isinstance(word.get("word"), str)]
        if worded and any("speaker" in word for word in words):
            for word in words:
                times = (number_of(word.get("start")), number_of(word.get("end")))
                script.say(word.get("speaker"), word, "word", number, times)
            continue
        times = (number_of(segment.get("start")), number_of(segment.get("end")))
        script.say(called(segment.get("speaker"), names), segment, "text", number, times)
    _doubt_of_others(segments, script)
    return True


def _doubt_of_others(segments: Sequence[dict[str, Any]], script: Script) -> None:
    """A doubt of segments whose words are another's than the segment: at its edges a word may be, several are not."""
    told = [
        sum(
            word.get("speaker", segment.get("speaker")) != segment.get("speaker")
            for word in dicts(segment.get("words"))
        )
        for segment in segments
    ]
    held = [place for place, words in enumerate(told) if segments[place].get("speaker") and words >= _FEWEST_ANOTHERS]
    if held:
        script.account.doubt(
            str(held[0]),
            f"some of its words were heard from another speaker, and stand with the segment's; so in {len(held):,} "
            "segments",
        )


def _watson(document: Any, script: Script) -> bool:
    """IBM Watson: the words of `timestamps`, lists of word, start and end; `speaker_labels` say by time who spoke."""
    labels = dicts(get(document, "speaker_labels"))
    results = dicts(get(document, "results"))
    bests = [next(iter(dicts(result.get("alternatives"))), {}) for result in results]
    if not labels or not any(isinstance(best.get("timestamps"), list) for best in bests):
        return False
    spans = sorted(
        (start, label.get("speaker")) for label in labels if (start := number_of(label.get("from"))) is not None
    )
    for number, best in enumerate(bests):
        for word in best.get("timestamps") or ():
            if isinstance(word, list) and len(word) > 2 and isinstance(word[0], str):
                times = (number_of(word[1]), number_of(word[2]))
                script.say(_at(spans, times[0]), word, 0, number, times)
    return True


def _one_text(document: Any, script: Script) -> bool:
    """A recogniser's text by itself: nobody is told apart, and nothing timed."""
    text = get(document, "text")
    if not isinstance(text, str) or not text.strip():
        return False
    script.say(None, document, "text", 0, (None, None))
    return True


def _whisper_cpp(document: Any, script: Script) -> bool:
    """whisper.cpp: `transcription`, in milliseconds under `offsets`."""
    segments = dicts(get(document, "transcription"))
    if not any("offsets" in segment and isinstance(segment.get("text"), str) for segment in segments):
        return False
    for number, segment in enumerate(segments):
        offsets = segment.get("offsets")
        times = (number_of(get(offsets, "from"), _MILLI), number_of(get(offsets, "to"), _MILLI))
        script.say(segment.get("speaker"), segment, "text", number, times)
    return True


def _youtube(document: Any, script: Script) -> bool:
    """YouTube's own captions (json3): `events` of pieces that hold their spaces and line breaks."""
    events = [event for event in dicts(get(document, "events")) if "segs" in event]
    for number, event in enumerate(events):
        start = number_of(event.get("tStartMs"), _MILLI)
        lasts = number_of(event.get("dDurationMs"), _MILLI)
        times = (start, None if start is None or lasts is None else round(start + lasts, 3))
        for place, piece in enumerate(dicts(event.get("segs"))):
            script.say(None, piece, "utf8", number, times, glued=bool(place))
    return bool(events)


def _speechmatics(document: Any, script: Script) -> bool:
    """Speechmatics: `results`, each a word or a punctuation mark that follows without a space."""
    results = dicts(get(document, "results"))
    if not any(result.get("type") == "word" for result in results):
        return False
    channels = list(dict.fromkeys(str(result.get("channel")) for result in results))
    by_channel = [
        list(_speechmatics_pieces([one for one in results if str(one.get("channel")) == channel], len(channels) > 1))
        for channel in channels
    ]
    _say_channels(by_channel, script)
    return True


def _speechmatics_pieces(results: Sequence[dict[str, Any]], several: bool) -> Iterator[Piece]:
    for result in results:
        best = next(iter(dicts(result.get("alternatives"))), {})
        speaker = None if best.get("speaker") == "UU" else best.get("speaker")
        times = (number_of(result.get("start_time")), number_of(result.get("end_time")))
        glued = result.get("type") == "punctuation" and result.get("attaches_to", "previous") in ("previous", "both")
        yield Piece(_voice(speaker, result.get("channel") if several else None), best, "content", times, glued)


def _assemblyai(document: Any, script: Script) -> bool:
    """AssemblyAI: `utterances`, in milliseconds; null where nobody was told apart, then `words`, or only `text`."""
    if paragraphs := [piece for piece in dicts(get(document, "paragraphs")) if isinstance(piece.get("text"), str)]:
        for number, piece in enumerate(paragraphs):
            first = next(iter(dicts(piece.get("words"))), {})
            times = (number_of(piece.get("start"), _MILLI), number_of(piece.get("end"), _MILLI))
            script.say(first.get("speaker", piece.get("speaker")), piece, "text", number, times)
        return True
    if "utterances" not in keys(document) or "results" in keys(document):
        return False
    pieces = dicts(document["utterances"]) or dicts(document.get("words"))
    for number, piece in enumerate(pieces):
        times = (number_of(piece.get("start"), _MILLI), number_of(piece.get("end"), _MILLI))
        script.say(piece.get("speaker"), piece, "text", number, times)
    if not pieces:
        script.say(None, document, "text", 0, (None, None))
    return bool(script.account.characters)


def _deepgram(document: Any, script: Script) -> bool:
    """Deepgram: `results.utterances`, or the words of each channel's best alternative."""
    results = get(document, "results")
    channels = dicts(get(results, "channels"))
    utterances = dicts(get(results, "utterances"))
    if not channels and not utterances:
        return False
    several = len(channels) > 1
    if utterances:
        for number, piece in enumerate(utterances):
            speaker = _voice(piece.get("speaker"), piece.get("channel") if several else None)
            script.say(
                speaker, piece, "transcript", number, (number_of(piece.get("start")), number_of(piece.get("end")))
            )
        return True
    bests = [next(iter(dicts(channel.get("alternatives"))), None) for channel in channels]
    _say_channels([_deepgram_words(best, at if several else None) for at, best in enumerate(bests) if best], script)
    return any(best is not None for best in bests)


def _deepgram_words(best: dict[str, Any], place: int | None) -> list[Piece]:
    pieces = []
    for word in dicts(best.get("words")):
        key = "punctuated_word" if isinstance(word.get("punctuated_word"), str) else "word"
        times = (number_of(word.get("start")), number_of(word.get("end")))
        pieces.append(Piece(_voice(word.get("speaker"), place), word, key, times))
    return pieces or _deepgram_paragraphs(best, place) or [Piece(_voice(None, place), best, "transcript", (None, None))]


def _deepgram_paragraphs(best: dict[str, Any], place: int | None) -> list[Piece]:
    return [
        Piece(
            _voice(paragraph.get("speaker"), place),
            sentence,
            "text",
            (number_of(sentence.get("start")), number_of(sentence.get("end"))),
        )
        for paragraph in dicts(get(best.get("paragraphs"), "paragraphs"))
        for sentence in dicts(paragraph.get("sentences"))
    ]


def _say_channels(channels: Sequence[Sequence[Piece]], script: Script) -> None:
    """What was said on several channels, as it was said: by the times at which each began after a silence."""
    stretches = [stretch for channel in channels for stretch in _stretches(channel)]
    if len(channels) > 1:
        stretches.sort(key=lambda stretch: stretch[0].times[0] or 0.0)
    for number, piece in enumerate(piece for stretch in stretches for piece in stretch):
        script.say(piece.voice, piece.holder, piece.key, number, piece.times, glued=piece.glued)


def _stretches(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    open_: list[Piece] = []
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
    results = get(document, "results")
    items = dicts(get(results, "items"))
    if not items or not any("alternatives" in item for item in items):
        return False
    if channels := dicts(get(get(results, "channel_labels"), "channels")):
        labels = [channel.get("channel_label", f"ch_{place}") for place, channel in enumerate(channels)]
        _say_channels(
            [
                list(_aws_items(dicts(channel.get("items")), label))
                for channel, label in zip(channels, labels, strict=True)
            ],
            script,
        )
        return True
    spans = _aws_spans(dicts(get(get(results, "speaker_labels"), "segments")))
    _say_channels([list(_aws_items(items, None, spans))], script)
    return True


def _aws_items(
    items: Sequence[dict[str, Any]], speaker: Any, spans: Sequence[tuple[float, Any]] = ()
) -> Iterator[Piece]:
    """The items: each said by whom it names, or by who spoke then, or else by the one before."""
    for item in items:
        best = next(iter(dicts(item.get("alternatives"))), {})
        punctuation = item.get("type") == "punctuation"
        if spans or "speaker_label" in item:
            named = item.get("speaker_label") or _at(spans, number_of(item.get("start_time")))
            speaker = speaker if punctuation else named
        times = (number_of(item.get("start_time")), number_of(item.get("end_time")))
        yield Piece(speaker, best, "content", times, glued=punctuation)


def _aws_spans(segments: Sequence[dict[str, Any]]) -> list[tuple[float, Any]]:
    spans = [(number_of(segment.get("start_time")), segment.get("speaker_label")) for segment in segments]
    return sorted(((start, label) for start, label in spans if start is not None), key=lambda span: span[0])


def _at(spans: Sequence[tuple[float, Any]], time: float | None) -> Any:
    """Who spoke at a time: the last who began by then."""
    if time is None or not spans:
        return None
    place = bisect_right(spans, time + 1e-6, key=lambda span: span[0])
    return spans[max(place - 1, 0)][1]


def _azure(document: Any, script: Script) -> bool:
    """Azure: `recognizedPhrases` in ticks (batch), or `phrases` in milliseconds (fast transcription)."""
    batch, quick = (dicts(get(document, key)) for key in ("recognizedPhrases", "phrases"))
    bests = [(phrase, next(iter(dicts(phrase.get("nBest"))), {})) for phrase in batch]
    _azure_phrases(bests, "display", "InTicks", _TICKS, script)
    _azure_phrases([(phrase, phrase) for phrase in quick], "text", "Milliseconds", _MILLI, script)
    return bool(batch or quick)


def _azure_phrases(
    phrases: Sequence[tuple[dict[str, Any], dict[str, Any]]], key: str, suffix: str, unit: float, script: Script
) -> None:
    """Each phrase and what holds its words at `key`, in their order; several channels are told apart."""
    several = len({str(phrase.get("channel")) for phrase, _ in phrases}) > 1
    ordered = sorted(phrases, key=lambda one: number_of(one[0].get(f"offset{suffix}")) or 0.0)
    for number, (phrase, holder) in enumerate(ordered):
        voice = _voice(phrase.get("speaker"), phrase.get("channel") if several else None)
        script.say(voice, holder, key, number, _azure_times(phrase, suffix, unit))


def _azure_times(phrase: dict[str, Any], suffix: str, unit: float) -> tuple[float | None, float | None]:
    start = number_of(phrase.get(f"offset{suffix}"), unit)
    lasted = number_of(phrase.get(f"duration{suffix}"), unit)
    return start, None if start is None or lasted is None else round(start + lasted, 3)


def _google(document: Any, script: Script) -> bool:
    """Google: results of alternatives; where speakers were told apart in the first API, the last one has all."""
    results = dicts(get(get(document, "response"), "results") or get(document, "results"))
    bests = [next(iter(dicts(result.get("alternatives"))), {}) for result in results]
    if not any("transcript" in best or "words" in best for best in bests):
        return False
    last = dicts(bests[-1].get("words"))
    tagged = any(_google_voice(word) for word in last)
    earlier = [word for best in bests[:-1] for word in dicts(best.get("words"))]
    if tagged and not any(_google_voice(word) for word in earlier):
        results, bests = results[-1:], bests[-1:]
    tags = [result.get("channelTag", result.get("channel_tag")) for result in results]
    several = len(set(tags)) > 1
    for place, (best, tag) in enumerate(zip(bests, tags, strict=True)):
        _google_best(best, place, script, tag if several else None)
    return True


def _google_best(best: dict[str, Any], place: int, script: Script, channel: Any) -> None:
    words = [word for word in dicts(best.get("words")) if isinstance(word.get("word"), str)]
    if not any(_google_voice(word) for word in words):
        times = (
            _google_time(next(iter(words), None), _GOOGLE_STARTS),
            _google_time(words[-1] if words else None, _GOOGLE_ENDS),
        )
        script.say(_voice(None, channel), best, "transcript", place, times)
        return
    for number, word in enumerate(words):
        times = (_google_time(word, _GOOGLE_STARTS), _google_time(word, _GOOGLE_ENDS))
        script.say(_voice(_google_voice(word), channel), word, "word", number, times)


# By its two APIs, and as its Python client writes the first.
_GOOGLE_STARTS = ("startTime", "startOffset", "start_time", "start_offset")
_GOOGLE_ENDS = ("endTime", "endOffset", "end_time", "end_offset")


def _google_voice(word: dict[str, Any]) -> Any:
    keys = ("speakerLabel", "speakerTag", "speaker_label", "speaker_tag")
    return next((word[key] for key in keys if word.get(key)), None)


def _google_time(word: Any, keys: Sequence[str]) -> float | None:
    return number_of(next((word[key] for key in keys if key in word), None)) if word else None


def _rev(document: Any, script: Script) -> bool:
    """Rev: monologues of elements, whose punctuation holds the spaces too."""
    monologues = dicts(get(document, "monologues"))
    names = {str(speaker.get("id")): speaker.get("name") for speaker in dicts(get(document, "speakers"))}
    for number, monologue in enumerate(monologues):
        speaker = monologue.get("speaker")
        known = get(monologue.get("speaker_info"), "display_name") or monologue.get("speaker_name")
        speaker = names.get(str(speaker)) or known or speaker
        for element in dicts(monologue.get("elements")):
            times = (number_of(element.get("ts")), number_of(element.get("end_ts")))
            script.say(speaker, element, "value", number, times, glued=True)
    return bool(monologues)


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
    ("a list of turns", read_list),
    ("a list of times and words", read_timed),
    ("a text without speakers", _one_text),
)
