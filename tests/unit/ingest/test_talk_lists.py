"""Whatever program wrote a JSON file: who speaks in it is told as it tells it, or it is not read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import UnreadableFile
from tests.unit.ingest.files import read, turns

SAID = [("Nia", "Who has read it?"), ("Will", "Nobody: it's locked."), ("Nia", "So we wait."), ("Will", "A year.")]
NUMBER = {"Nia": 1, "Will": 2}


def _google_words(number: int, who: str, words: str) -> list[dict[str, Any]]:
    return [
        {"word": word, "speaker_tag": NUMBER[who], "start_time": {"seconds": number}, "end_time": {"seconds": number}}
        for word in words.split()
    ]


def _speechmatics(number: int, who: str, words: str) -> list[dict[str, Any]]:
    return [
        {"type": "word", "channel": who, "start_time": number + at / 9, "end_time": number + at / 9 + 0.1,
         "alternatives": [{"content": word}]}
        for at, word in enumerate(words.split())
    ]  # fmt: skip


TALK = list(enumerate(SAID))
PROGRAMS: dict[str, tuple[Any, dict[str, str]]] = {
    "Contact Lens": (
        {"Participants": [{"ParticipantId": "AGENT", "ParticipantRole": "AGENT"}], "Transcript": [
            {"ParticipantId": who, "Content": words, "BeginOffsetMillis": n * 1000, "EndOffsetMillis": n * 1000 + 900}
            for n, (who, words) in TALK]},
        {},
    ),
    "Call Analytics": (
        {"Transcript": [{"ParticipantRole": who, "Content": words, "BeginOffsetMillis": n * 1000,
                         "Items": [{"Content": word} for word in words.split()]} for n, (who, words) in TALK]},
        {},
    ),
    "Gong": (
        {"callTranscripts": [{"callId": "7", "transcript": [
            {"speakerId": str(NUMBER[who]), "sentences": [{"start": n * 1000, "end": n * 1000 + 900, "text": words}]}
            for n, (who, words) in TALK]}]},
        {"Nia": "Speaker 1", "Will": "Speaker 2"},
    ),
    "Granola": (
        {"transcript": [{"source": ("microphone", "system")[who == "Will"], "text": words}
                        for _, (who, words) in TALK]},
        {"Nia": "microphone", "Will": "system"},
    ),
    "Otter": (
        {"speech": {"speakers": [{"id": 1, "speaker_name": "Nia"}, {"id": 2, "speaker_name": "Will"}], "transcripts": [
            {"speaker_id": NUMBER[who], "transcript": words} for _, (who, words) in TALK]}},
        {},
    ),
    "Video Indexer": (
        {"videos": [{"insights": {"speakers": [{"id": 1, "name": "Nia"}, {"id": 2, "name": "Will"}], "transcript": [
            {"speakerId": NUMBER[who], "text": words} for _, (who, words) in TALK]}}]},
        {},
    ),
    "keys in capitals": ([{"Speaker": who, "Text": words, "Start": n} for n, (who, words) in TALK], {}),
    "Webex": ({"items": [{"personName": who, "text": words} for _, (who, words) in TALK]}, {}),
    "Google, in Python": (
        {"results": [{"alternatives": [{"transcript": words, "words": _google_words(n, who, words)}]}
                     for n, (who, words) in TALK]},
        {"Nia": "Speaker 1", "Will": "Speaker 2"},
    ),
    "Google, by channel": (
        {"results": [{"channelTag": NUMBER[who], "alternatives": [{"transcript": words}]} for _, (who, words) in TALK]},
        {"Nia": "Channel 1", "Will": "Channel 2"},
    ),
    "Speechmatics, by channel": (
        {"results": [word for n, (who, words) in TALK for word in _speechmatics(n, who, words)]},
        {"Nia": "Channel Nia", "Will": "Channel Will"},
    ),
    "Rev, with whom it knows": (
        {"monologues": [{"speaker": NUMBER[who], "speaker_info": {"display_name": who},
                         "elements": [{"type": "text", "value": words}]} for _, (who, words) in TALK]},
        {},
    ),
}  # fmt: skip


@pytest.mark.parametrize("program", PROGRAMS)
def test_each_program_tells_its_speakers_apart(tmp_path: Path, program: str) -> None:
    document, names = PROGRAMS[program]
    assert turns(tmp_path, a_json=json.dumps(document)) == [(names.get(who, who), words) for who, words in SAID]


@pytest.mark.parametrize("key", ["BeginOffsetMillis", "Start_Time"])
def test_times_are_found_however_their_keys_are_spelled(tmp_path: Path, key: str) -> None:
    unit = 1000 if key.endswith("Millis") else 1
    turns(tmp_path, a_json=json.dumps([{"Speaker": who, "Text": words, key: n * unit} for n, (who, words) in TALK]))
    assert list(read(tmp_path).source_turns["start_s"]) == [0, 1, 2, 3]


def test_ticks_are_no_times(tmp_path: Path) -> None:
    pieces = [{"SpeakerId": who, "Text": words, "Offset": n * 10_000_000} for n, (who, words) in enumerate(SAID, 1)]
    assert turns(tmp_path, a_json=json.dumps(pieces)) == SAID
    assert read(tmp_path).source_turns["start_s"].isna().all()


@pytest.mark.parametrize("times", [{"timestamp": [1, 2]}, {"start": 1.0, "end": 2.0}])
def test_words_with_times_and_without_names_are_nobodys(tmp_path: Path, times: dict[str, Any]) -> None:
    document = {
        "text": "Who has it? Nobody.",
        "chunks": [{"text": words, **times} for words in ("Who has it?", "Nobody.")],
    }
    assert turns(tmp_path, a_json=json.dumps(document)) == [("Unknown speaker 1", "Who has it? Nobody.")]
    assert list(read(tmp_path).source_turns["start_s"]) == [1]


def test_words_beside_people_in_a_form_that_is_not_known_are_not_nobodys(tmp_path: Path) -> None:
    document = [{"ts": "00:01", "users": [{"username": who}], "text": words} for who, words in SAID]
    with pytest.raises(UnreadableFile, match="in a form that is known"):
        read(tmp_path, a_json=json.dumps(document))


def test_sources_that_are_no_microphones_are_nobody(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile):
        read(tmp_path, a_json=json.dumps([{"source": "a.pdf", "text": "We met in May."}] * 3))


def test_a_file_of_two_talks_says_that_one_was_read(tmp_path: Path) -> None:
    calls = [
        [{"speaker": who, "text": words} for who, words in said]
        for said in (SAID, [("Rose", "We met."), ("Nia", "So.")])
    ]
    assert turns(tmp_path, a_json=json.dumps({"calls": calls})) == SAID
    assert "more than one list" in read(tmp_path).report.files[0].doubts[0].what


def test_a_segment_with_several_words_of_another_is_pointed_at(tmp_path: Path) -> None:
    words = [{"word": word, "speaker": "SPEAKER_01"} for word in "it was locked".split()]
    segments = [{"text": "Who? It was locked.", "speaker": "SPEAKER_00", "words": words, "start": 0, "end": 3}]
    turns(tmp_path, a_json=json.dumps({"segments": segments}))
    assert "another speaker" in read(tmp_path).report.files[0].doubts[0].what
