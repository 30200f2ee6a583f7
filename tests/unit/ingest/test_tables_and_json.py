# ruff: noqa: E501 - a file that is read stands here as it is
"""Tables and recognisers' JSON are read as the turns that a person would write down."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import NoSpeakers, UnreadableFile
from tests.unit.ingest.files import left_out, read, turns, xlsx

EXPECTED = [
    ("Nia Cadwallen", "Nobody had read the file."),
    ("Will Adeyinka", 'Ours is in a drawer, "locked".'),
    ("Nia Cadwallen", "Who has the key?"),
]


@pytest.mark.parametrize(
    "text",
    [
        'speaker,text\nNia Cadwallen,Nobody had read the file.\nWill Adeyinka,"Ours is in a drawer, ""locked""."\nNia Cadwallen,Who has the key?\n',
        '\ufeffStart Time;Speaker Name;Transcript\r\n0:01;Nia Cadwallen;Nobody had read the file.\r\n0:04;Will Adeyinka;"Ours is in a drawer, ""locked""."\r\n0:09;Nia Cadwallen;Who has the key?\r\n',
        'Nia Cadwallen\tNobody had read the file.\nWill Adeyinka\t"Ours is in a drawer, ""locked""."\nNia Cadwallen\tWho has the key?\n',
    ],
)  # fmt: skip
def test_columns_of_a_csv_are_found_by_title_or_by_what_stands_in_them(tmp_path: Path, text: str) -> None:
    assert turns(tmp_path, a_csv=text) == EXPECTED


def test_columns_of_other_titles_are_told_in_the_series(tmp_path: Path) -> None:
    text = "a,b,c\n1,Nia,One thing.\n2,Will,Two things.\n"
    series = 'columns = {speaker = "b", text = "c"}\n'
    assert turns(tmp_path, a_csv=text, series_toml=series) == [("Nia", "One thing."), ("Will", "Two things.")]
    assert left_out(tmp_path)[0] == ("a", "a column's title")


def test_a_table_without_such_columns_is_refused_with_what_would_be_right(tmp_path: Path) -> None:
    with pytest.raises(NoSpeakers, match="title them `speaker` and `text`"):
        read(tmp_path, a_csv="year,sum\n2024,7\n2025,9\n")


def test_a_list_of_who_was_invited_is_no_transcript(tmp_path: Path) -> None:
    with pytest.raises(NoSpeakers):
        read(tmp_path, a_csv="Nia Cadwallen,Lleisiau Ifanc\nWill Adeyinka,Bridgeway Homes\nRose Delahaye,Open Door\n")


def test_a_workbook_keeps_its_times_and_leaves_other_sheets_out(tmp_path: Path) -> None:
    sheet = [
        ["One public service"],
        ["Time", "Speaker", "Text", "Notes"],
        [dt.time(0, 0, 1), "Nia Cadwallen", "Nobody had read the file.", "check"],
        [dt.time(0, 0, 4), "Will Adeyinka", 'Ours is in a drawer, "locked".', None],
        [dt.timedelta(seconds=9), "Nia Cadwallen", "Who has the key?", None],
    ]
    content = xlsx([["Budget", 7]], sheet)
    assert turns(tmp_path, a_xlsx=content) == EXPECTED
    assert list(read(tmp_path).source_turns["start_s"]) == [1, 4, 9]
    assert ("check", "in a column that holds no words of a speaker") in left_out(tmp_path)
    assert ("Budget", "on a sheet that holds no transcript") in left_out(tmp_path)


AB = [("A", "Can you hear me?"), ("B", "Yes.")]
NUMBERED = [("Speaker 0", "Can you hear me?"), ("Speaker 1", "Yes.")]


def _words(key: str, speaker: str, start: str, values: tuple[object, object] = (0, 1)) -> list[dict[str, Any]]:
    said = [("Can", 0), ("you", 0), ("hear", 0), ("me?", 0), ("Yes.", 1)]
    return [{key: word, speaker: values[who], start: f"{n}.5s"} for n, (word, who) in enumerate(said)]


def _aws_items() -> list[dict[str, Any]]:
    said = [("Can", 0), ("you", 0), ("hear", 0), ("me", 0), ("?", None), ("Yes", 1), (".", None)]
    return [
        {"type": "punctuation", "alternatives": [{"content": word}]}
        if who is None
        else {
            "type": "pronunciation",
            "start_time": str(n),
            "end_time": str(n + 0.9),
            "alternatives": [{"content": word}],
        }
        for n, (word, who) in enumerate(said)
    ]


VENDORS: dict[str, tuple[Any, list[tuple[str, str]]]] = {
    "Whisper": (
        {"text": " Can you hear me? Yes.", "segments": [{"text": " Can you hear me?"}, {"text": " Yes."}]},
        [("Unknown speaker 1", "Can you hear me? Yes.")],
    ),
    "WhisperX": (
        {"segments": [{"text": " Can you", "speaker": "A"}, {"text": " hear me?", "speaker": "A"}, {"text": " Yes.", "speaker": "B"}]},
        AB,
    ),
    "AssemblyAI": ({"utterances": [{"speaker": "A", "text": AB[0][1], "start": 500}, {"speaker": "B", "text": "Yes."}]}, AB),
    "AssemblyAI without utterances": ({"utterances": None, "words": _words("text", "speaker", "start", ("A", "B"))}, AB),
    "AssemblyAI without speakers": ({"utterances": None, "text": "Yes. No."}, [("Unknown speaker 1", "Yes. No.")]),
    "Deepgram": (
        {"results": {"channels": [], "utterances": [{"speaker": n, "transcript": said} for n, (_, said) in enumerate(AB)]}},
        NUMBERED,
    ),
    "Deepgram without utterances": (
        {"results": {"channels": [{"alternatives": [{"transcript": "x", "words": _words("punctuated_word", "speaker", "start")}]}]}},
        NUMBERED,
    ),
    "AWS": (
        {"results": {
            "items": _aws_items(),
            "transcripts": [{"transcript": "Can you hear me? Yes."}],
            "speaker_labels": {"segments": [
                {"start_time": "0.0", "end_time": "4", "speaker_label": "spk_0"},
                {"start_time": "5.0", "end_time": "6", "speaker_label": "spk_1"},
            ]},
        }},
        [("spk_0", "Can you hear me?"), ("spk_1", "Yes.")],
    ),
    "Azure": (
        {"combinedRecognizedPhrases": [{"display": "x"}], "recognizedPhrases": [
            {"speaker": 1, "offsetInTicks": 70000000, "nBest": [{"display": "Yes.", "lexical": "yes"}]},
            {"speaker": 0, "offsetInTicks": 5000000, "nBest": [{"display": "Can you hear me?", "lexical": "can you hear me"}]},
        ]},
        NUMBERED,
    ),
    "Google, first version": (
        {"results": [
            {"alternatives": [{"transcript": "Can you hear me? Yes.", "words": [{"word": "Can"}]}]},
            {"alternatives": [{"words": _words("word", "speakerTag", "startTime", (1, 2))}]},
        ]},
        [("Speaker 1", "Can you hear me?"), ("Speaker 2", "Yes.")],
    ),
    "Google, second version": (
        {"results": [{"alternatives": [{"transcript": "x", "words": _words("word", "speakerLabel", "startOffset", ("1", "2"))}]}]},
        [("Speaker 1", "Can you hear me?"), ("Speaker 2", "Yes.")],
    ),
    "Rev": (
        {"speakers": [{"id": 0, "name": "Nia"}], "monologues": [
            {"speaker": 0, "elements": [{"type": "text", "value": "Can", "ts": 0.5}, {"type": "punct", "value": " "}, {"type": "text", "value": "you"}, {"type": "punct", "value": "?"}]},
            {"speaker": 1, "elements": [{"type": "text", "value": "Yes"}, {"type": "punct", "value": "."}]},
        ]},
        [("Nia", "Can you?"), ("Speaker 1", "Yes.")],
    ),
    "a list of one's own": ([{"who": 1, "speaker": "Nia", "content": "Yes?"}, {"speaker": "Will", "content": "No."}], [("Nia", "Yes?"), ("Will", "No.")]),
}  # fmt: skip


@pytest.mark.parametrize("vendor", VENDORS)
def test_each_recognisers_json_gives_its_turns(tmp_path: Path, vendor: str) -> None:
    document, expected = VENDORS[vendor]
    assert turns(tmp_path, a_json=json.dumps(document)) == expected


@pytest.mark.parametrize(
    ("document", "seconds"),
    [
        ({"utterances": [{"speaker": "A", "text": "Yes.", "start": 2100, "end": 5400}]}, (2.1, 5.4)),
        (
            {"recognizedPhrases": [{"offsetInTicks": 5e7, "durationInTicks": 1e7, "nBest": [{"display": "Yes."}]}]},
            (5, 6),
        ),
        ({"phrases": [{"offsetMilliseconds": 500, "durationMilliseconds": 250, "text": "Yes."}]}, (0.5, 0.75)),
        ({"segments": [{"text": "Yes.", "start": 1.5, "end": 2}]}, (1.5, 2)),
    ],
)
def test_each_recogniser_counts_time_its_own_way(
    tmp_path: Path, document: dict[str, Any], seconds: tuple[float, float]
) -> None:
    first = next(read(tmp_path, a_json=json.dumps(document)).source_turns.itertuples())
    assert (first.start_s, first.end_s) == seconds


@pytest.mark.parametrize("text", ["{", "[" * 100_000, '{"segments": []}', "[1, 2]", '"words"', "null", "1" * 5000])
def test_json_without_a_transcript_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(UnreadableFile):
        read(tmp_path, a_json=text)
