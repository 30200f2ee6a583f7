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
        'Wedi dweud;Pwy\nNobody had read the file.;Nia Cadwallen\n"Ours is in a drawer, ""locked"".";Will Adeyinka\nWho has the key?;Nia Cadwallen\n',
        'Wann,Was,Wer\n0:01,Nobody had read the file.,Nia Cadwallen\n0:04,"Ours is in a drawer, ""locked"".",Will Adeyinka\n0:09,Who has the key?,Nia Cadwallen\n',
        'Siaradwr / Speaker,Geiriau / Words\nNia Cadwallen,Nobody had read the file.\nWill Adeyinka,"Ours is in a drawer, ""locked""."\nNia Cadwallen,Who has the key?\n',
        'TC in,Who?,Dialogue (verbatim)\n0:01,Nia Cadwallen,Nobody had read the file.\n0:04,Will Adeyinka,"Ours is in a drawer, ""locked""."\n0:09,Nia Cadwallen,Who has the key?\n',
        'Nia Cadwallen\tNobody had read the file.\nWill Adeyinka\t"Ours is in a drawer, ""locked""."\nNia Cadwallen\tWho has the key?\n',
    ],
)  # fmt: skip
def test_columns_of_a_csv_are_found_by_title_or_by_what_stands_in_them(tmp_path: Path, text: str) -> None:
    assert turns(tmp_path, a_csv=text) == EXPECTED


@pytest.mark.parametrize("mark", [";", "\t", "|"])
def test_talk_with_more_commas_than_its_table_has_marks_is_read(tmp_path: Path, mark: str) -> None:
    words = "Well, yes, we did, what we could, with what, frankly, we had."
    text = f"Speaker{mark}Text\n" + "".join(f"{who} Rees{mark}{words}\n" for who in ("Nia", "Will", "Nia"))
    assert turns(tmp_path, a_csv=text) == [("Nia Rees", words), ("Will Rees", words), ("Nia Rees", words)]


def test_titles_that_come_again_at_the_top_of_a_page_are_no_turn(tmp_path: Path) -> None:
    text = "Speaker,Text\nNia,One thing.\nSpeaker,Text\nNia,Two things.\n"
    assert turns(tmp_path, a_csv=text) == [("Nia", "One thing. Two things.")]


def test_rows_that_stand_speaker_by_speaker_are_read_as_they_were_said(tmp_path: Path) -> None:
    text = "Speaker,Start,Text\nNia,0:09,Who has it?\nNia,0:01,Nobody read it.\nWill,0:04,Ours is locked.\n"
    assert turns(tmp_path, a_csv=text) == [
        ("Nia", "Nobody read it."),
        ("Will", "Ours is locked."),
        ("Nia", "Who has it?"),
    ]
    doubts = [doubt.what for file in read(tmp_path).report.files for doubt in file.doubts]
    assert doubts == ["its rows stand speaker by speaker: they were put in the order of their times"]


def test_rows_of_two_recordings_are_not_put_in_one_order(tmp_path: Path) -> None:
    text = "Recording,Speaker,Start,Text\n1,Nia,0:01,We met.\n1,Nia,0:09,We left.\n2,Will,0:04,So did we.\n"
    assert turns(tmp_path, a_csv=text) == [("Nia", "We met. We left."), ("Will", "So did we.")]


@pytest.mark.parametrize("first", ["-", "n/a"])
def test_a_first_row_without_a_time_is_somebodys(tmp_path: Path, first: str) -> None:
    text = f"{first},Nia,Hello.\n0:04,Will,Hello to you all here.\n0:05,Nia,Right we begin now.\n"
    assert turns(tmp_path, a_csv=text)[0] == ("Nia", "Hello.")


def test_one_column_is_not_who_and_what(tmp_path: Path) -> None:
    with pytest.raises(NoSpeakers):
        read(tmp_path, a_csv="Who - said,Here\nNia,We waited a year.\nWill,So did we.\n")


def test_a_form_in_welsh_is_one(tmp_path: Path) -> None:
    """The language of each answer was its speaker, and only the last question was read."""
    text = "Stamp amser,Iaith / Language,What works well?,Beth fyddech chi'n ei newid?\n"
    rows = "1/3/2026,Cymraeg,The staff do.,Mwy o amser i ni.\n2/3/2026,Cymraeg,Not much.,Popeth yn y lle.\n"
    assert [words for _, words in turns(tmp_path, a_csv=text + rows)] == [
        "The staff do.", "Mwy o amser i ni.", "Not much.", "Popeth yn y lle.",
    ]  # fmt: skip


def test_columns_of_other_titles_are_told_in_the_series(tmp_path: Path) -> None:
    text = "a,b,c\n1,Nia,One thing.\n2,Will,Two things.\n"
    series = 'columns = {speaker = "b", text = "c"}\n'
    assert turns(tmp_path, a_csv=text, series_toml=series) == [("Nia", "One thing."), ("Will", "Two things.")]
    assert left_out(tmp_path)[0] == ("a", "a column's title")


def test_a_table_without_such_columns_is_refused_with_what_would_be_right(tmp_path: Path) -> None:
    with pytest.raises(NoSpeakers, match="title them `speaker` and `text`"):
        read(tmp_path, a_csv="year,sum\n2024,7\n2025,9\n")


def test_who_is_named_beside_an_empty_cell_parts_the_turns_around_them(tmp_path: Path) -> None:
    text = "speaker,text\nNia,We waited.\nWill,\nNia,A year.\nNia,Then two.\n"
    assert turns(tmp_path, a_csv=text) == [("Nia", "We waited."), ("Nia", "A year. Then two.")]


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


FORM = """ID,Email,How satisfied are you?,What works well?,What would you change?,Anything else?
R1,nia@example.org,Very,"The reception, always.",Stop reorganising.,None
R2,,Very,Nothing works.,"IT. I wait, and wait.",Do call me.
R3,,Not very,My manager is kind.,,Not at all.
"""


def test_each_answer_in_own_words_of_a_form_is_a_turn_of_its_respondent(tmp_path: Path) -> None:
    """Its first row asks: only one of the questions was read, and the questions were a respondent's words."""
    answers = [
        ("R1", "The reception, always."), ("R1", "Stop reorganising."), ("R1", "None"),
        ("R2", "Nothing works."), ("R2", "IT. I wait, and wait."), ("R2", "Do call me."),
        ("R3", "My manager is kind."), ("R3", "Not at all."),
    ]  # fmt: skip
    assert turns(tmp_path, a_csv=FORM) == answers
    left = dict(left_out(tmp_path))
    assert left["What works well?"] == "a column's title"
    assert left["Very"] == left["nia@example.org"] == "in a column that holds no words of a speaker"


def test_respondents_whom_a_form_does_not_tell_apart_are_one_a_row(tmp_path: Path) -> None:
    text = "Timestamp,What works well?,What would you change?\n1/3/2026,The staff do.,Pay us more.\n2/3/2026,Not much.,All of it.\n"
    assert [who for who, _ in turns(tmp_path, a_csv=text)] == [
        "Respondent 2",
        "Respondent 2",
        "Respondent 3",
        "Respondent 3",
    ]


def test_two_columns_of_which_the_first_row_asks_are_no_form_where_people_speak_in_them(tmp_path: Path) -> None:
    text = "Nia Pryce,Who has got the key?,Gan bwy mae'r allwedd?\nWill Rees,It was in the drawer.,Roedd o yn y drôr.\nNia Pryce,And is it there?,Ac ydi o yno?\n"
    assert turns(tmp_path, a_csv=text)[0] == ("Nia Pryce", "Who has got the key?")


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
    "Deepgram, a channel each": (
        {"results": {"channels": [
            {"alternatives": [{"words": [{"word": "Why?", "start": 0, "end": 1}, {"word": "Ah.", "start": 9, "end": 10}]}]},
            {"alternatives": [{"words": [{"word": "Money.", "start": 2, "end": 3}]}]},
        ]}},
        [("Channel 0", "Why?"), ("Channel 1", "Money."), ("Channel 0", "Ah.")],
    ),
    "AWS, a channel each": (
        {"results": {"items": [{"alternatives": [{"content": "Why"}]}], "channel_labels": {"channels": [
            {"channel_label": "ch_0", "items": [
                {"start_time": "0", "end_time": "1", "alternatives": [{"content": "Why"}]},
                {"type": "punctuation", "alternatives": [{"content": "?"}]},
                {"start_time": "9", "end_time": "10", "alternatives": [{"content": "Ah"}]},
            ]},
            {"channel_label": "ch_1", "items": [{"start_time": "2", "end_time": "3", "alternatives": [{"content": "Money"}]}]},
        ]}}},
        [("ch_0", "Why?"), ("ch_1", "Money"), ("ch_0", "Ah")],
    ),
    "AssemblyAI, paragraphs": (
        {"paragraphs": [{"text": said, "start": 500, "words": [{"text": "x", "speaker": who}]} for who, said in AB]},
        AB,
    ),
    "Speechmatics": (
        {"format": "2.9", "results": [
            {"type": "word", "start_time": 0.5, "alternatives": [{"content": "Yes", "speaker": "S1"}]},
            {"type": "punctuation", "attaches_to": "previous", "alternatives": [{"content": "?", "speaker": "S1"}]},
            {"type": "word", "start_time": 2, "alternatives": [{"content": "No", "speaker": "S2"}]},
        ]},
        [("S1", "Yes?"), ("S2", "No")],
    ),
    "whisper.cpp": (
        {"transcription": [{"offsets": {"from": 500, "to": 900}, "timestamps": {"from": "00:00:00,500"}, "text": " Yes."}, {"text": " No."}]},
        [("Unknown speaker 1", "Yes. No.")],
    ),
    "YouTube": (
        {"events": [{"tStartMs": 0, "id": 1}, {"tStartMs": 500, "segs": [{"utf8": "is"}, {"utf8": " it"}]}, {"segs": [{"utf8": "\n"}]}, {"segs": [{"utf8": "locked"}]}]},
        [("Unknown speaker 1", "is it locked")],
    ),
    "Gladia": (
        {"result": {"transcription": {"full_transcript": "x", "utterances": [{"text": said, "speaker": n, "start": 0.5, "words": [{"word": "x"}]} for n, (_, said) in enumerate(AB)]}}},
        NUMBERED,
    ),
    "ElevenLabs": (
        {"text": "Yes. No.", "words": [{"text": "Yes.", "type": "word", "speaker_id": "speaker_0"}, {"text": " ", "type": "spacing", "speaker_id": "speaker_0"}, {"text": "No.", "type": "word", "speaker_id": "speaker_1"}]},
        [("speaker_0", "Yes."), ("speaker_1", "No.")],
    ),
    "Amberscript": (
        {"speakers": [{"spkid": "spk1", "name": "Nia"}], "segments": [{"speaker": "spk1", "words": [{"text": "Who", "start": 0.5}, {"text": "knows?", "start": 1}]}, {"speaker": "spk2", "words": [{"text": "Nobody."}]}]},
        [("Nia", "Who knows?"), ("spk2", "Nobody.")],
    ),
    "Fireflies": (
        {"data": {"transcript": {"title": "One", "summary": {"overview": "They spoke."}, "sentences": [{"speaker_name": "Nia", "speaker_id": 0, "text": "Who knows?", "raw_text": "who knows", "start_time": 0.5}]}}},
        [("Nia", "Who knows?")],
    ),
    "a meeting bot": (
        [{"participant": {"id": 7, "name": "Nia"}, "words": [{"text": "Who", "start_timestamp": {"relative": 0.5}}, {"text": "knows?"}]}],
        [("Nia", "Who knows?")],
    ),
    "Teams, as metadata": (
        {"entries": [{"id": "g/1", "text": "Who knows?", "speakerDisplayName": "Nia", "startOffset": "00:00:00.5000000"}]},
        [("Nia", "Who knows?")],
    ),
    "IBM Watson": (
        {"results": [{"alternatives": [{"transcript": "yes no ", "timestamps": [["yes", 1.0, 1.2], ["no", 3.0, 3.2]]}]}],
         "speaker_labels": [{"from": 1.0, "to": 1.2, "speaker": 0}, {"from": 3.0, "to": 3.2, "speaker": 1}]},
        [("Speaker 0", "yes"), ("Speaker 1", "no")],
    ),
    "Azure, a channel each": (
        {"recognizedPhrases": [
            {"channel": 0, "offsetInTicks": 1e7, "nBest": [{"display": "Why?"}]},
            {"channel": 1, "offsetInTicks": 4e7, "nBest": [{"display": "Money."}]},
        ]},
        [("Channel 0", "Why?"), ("Channel 1", "Money.")],
    ),
    "Deepgram, paragraphs without words": (
        {"results": {"channels": [{"alternatives": [{"transcript": "x", "paragraphs": {"paragraphs": [
            {"speaker": n, "sentences": [{"text": said, "start": n}]} for n, (_, said) in enumerate(AB)
        ]}}]}]}},
        NUMBERED,
    ),
    "WhisperX, speakers with the words": (
        {"segments": [{"text": "Why? Money.", "words": [{"word": "Why?", "speaker": "A"}, {"word": "Money.", "speaker": "B"}]}]},
        [("A", "Why?"), ("B", "Money.")],
    ),
    "names beside the segments": (
        {"speakers": {"0": "Nia"}, "segments": [{"speaker": "0", "text": "Why?"}, {"speaker": "1", "text": "Money."}]},
        [("Nia", "Why?"), ("Speaker 1", "Money.")],
    ),
    "paragraphs with speakers of their own": (
        {"paragraphs": [{"speaker": "A", "text": "Can you hear me?"}, {"speaker": "B", "text": "Yes."}], "words": [{"text": "Can"}]},
        AB,
    ),
    "speakers in an object of objects": (
        {"speakers": {"0": {"name": "A"}, "1": {"name": "B"}}, "segments": [{"speaker": "0", "text": "Can you hear me?"}, {"speaker": "1", "text": "Yes."}]},
        AB,
    ),
    "a text only": ({"text": "Why? Money."}, [("Unknown speaker 1", "Why? Money.")]),
    "names and messages": ([{"name": "Nia", "message": "Who knows, then?"}, {"name": "Will", "message": "Nobody."}], [("Nia", "Who knows, then?"), ("Will", "Nobody.")]),
    "DOTE": ({"lines": [{"startTime": "00:00:00,500", "speakerDesignation": "Speaker 0", "text": "Can you hear me?"}, {"startTime": "00:00:02,500", "speakerDesignation": "Speaker 1", "text": "Yes."}]}, NUMBERED),
    "words with their spaces": ([{"speaker": "Nia", "words": [{"text": "Who "}, {"text": "knows?"}]}, {"speaker": "Nia", "words": [{"text": "Nobody "}, {"text": "does"}, {"text": "."}]}, {"speaker": "Will", "words": [{"text": "No."}]}], [("Nia", "Who knows? Nobody does."), ("Will", "No.")]),
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
        ({"transcription": [{"offsets": {"from": 500, "to": 900}, "text": " Yes."}]}, (0.5, 0.9)),
        ([{"speaker": "A", "text": "Yes.", "start": 2100, "end": 5400}], (2.1, 5.4)),
        ([{"speaker": "A", "text": "Yes.", "start": 1, "end": 2}], (1, 2)),
        ({"speakers": [{"speaker": "A", "text": "Yes.", "timestamp": [2.1, 5.4]}]}, (2.1, 5.4)),
        ([{"speaker": "A", "text": "Yes.", "startOffset": "00:00:02.1000000", "endOffset": "00:00:03"}], (2.1, 3)),
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


def test_json_may_stand_an_object_a_line(tmp_path: Path) -> None:
    lines = '{"speaker": "Nia", "text": "Who knows?"}\n\n{"speaker": "Will", "text": "Nobody."}\n'
    assert turns(tmp_path, a_jsonl=lines) == [("Nia", "Who knows?"), ("Will", "Nobody.")]


def test_a_list_of_settings_is_no_talk(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile):
        read(
            tmp_path,
            a_json='{"job": {"tags": [{"name": "language", "value": "en"}, {"name": "model", "value": "big"}]}}',
        )


@pytest.mark.parametrize("date", ["2026-02-24T10:03:12Z", 1771927203000, "1771927203000", 1771927203.5])
def test_a_date_is_no_time_of_the_recording(tmp_path: Path, date: object) -> None:
    document = [{"speaker": "Nia", "text": "Yes.", "startTime": date}]
    assert read(tmp_path, a_json=json.dumps(document)).source_turns["start_s"].isna().all()


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("Timespan,Content,Speaker\n0:03.2 - 0:09.0,Nobody had read it.,Nia\n0:09.5 - 0:12.0,Who has the key?,Will\n", 3.2),
        ("start,end,speaker,text\n3200,9000,Nia,Nobody had read it.\n62500,64000,Will,Who has the key?\n", 3.2),
        ("start_ms,speaker,text\n200,Nia,Nobody had read it.\n900,Will,Who has the key?\n", 0.2),
        ("start,end,speaker,text\n3,9,Nia,Nobody had read it.\n12,14,Will,Who has the key?\n", 3),
    ],
)  # fmt: skip
def test_a_column_of_times_is_read_in_its_own_unit(tmp_path: Path, text: str, start: float) -> None:
    assert [who for who, _ in turns(tmp_path, a_csv=text)] == ["Nia", "Will"]
    assert read(tmp_path).source_turns["start_s"].iloc[0] == start


def test_a_workbook_keeps_parts_of_a_second(tmp_path: Path) -> None:
    content = xlsx([["Time", "Speaker", "Text"], [dt.timedelta(seconds=9.5), "Nia Cadwallen", "Who has the key?"]])
    assert list(read(tmp_path, a_xlsx=content).source_turns["start_s"]) == [9.5]


def test_otranscribes_page_is_read_with_its_times(tmp_path: Path) -> None:
    page = (
        '<p><span class="timestamp" data-timestamp="3.2">00:03</span>&nbsp;<b>Nia</b>: Who&nbsp;knows?<br />'
        '<span class="timestamp">00:09</span>&nbsp;<b>Will</b>: Nobody &amp; everybody.</p><p>00:12 Nia: Ah.</p>'
    )
    content = json.dumps({"text": page, "media": "one.mp3", "media-time": 12})
    assert turns(tmp_path, a_otr=content) == [
        ("Nia", "Who\u00a0knows?"),
        ("Will", "Nobody & everybody."),
        ("Nia", "Ah."),
    ]
    assert list(read(tmp_path).source_turns["start_s"]) == [3, 9, 12]
    assert ("one.mp3", "about the recording, or of the program that wrote it") in left_out(tmp_path)


@pytest.mark.parametrize("text", ["{", "[]", '{"text": 1}'])
def test_what_otranscribe_did_not_write_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(UnreadableFile, match="oTranscribe"):
        read(tmp_path, a_otr=text)


def test_an_answer_column_is_read_and_not_the_question_beside_it(tmp_path: Path) -> None:
    text = "Participant ID;Question;Answer\nP01;What would help?;Somebody who answers.\nP02;What would help?;Money.\n"

    assert turns(tmp_path, a_csv=text) == [("P01", "Somebody who answers."), ("P02", "Money.")]


def test_a_translation_in_a_column_beside_names_and_words_is_not_what_was_said(tmp_path: Path) -> None:
    rows = [
        ("Nia", "Mae'r arian yn dod i ben.", "The money runs out, every single year that we have been here."),
        ("Wil", "Nobody rang us back.", "Nobody rang us back."),
        ("Nia", "Ac mae'r staff yn mynd.", "And the staff go with it, and they do not come back to us."),
    ]

    found = turns(tmp_path, a_csv="\n".join(";".join(row) for row in rows) + "\n")

    assert found == [(name, said) for name, said, _ in rows]


def test_a_column_of_which_one_row_is_in_the_other_language_is_no_original(tmp_path: Path) -> None:
    rows = [
        ("Nia", "Mae'r arian yn dod i ben.", "The money runs out every year we have."),
        ("Wil", "We ask about the bus here.", "Nobody rang us back for a whole year."),
        ("Nia", "We ask about the staff here.", "And they go and do not come back."),
    ]
    found = turns(tmp_path, a_csv="\n".join(";".join(row) for row in rows) + "\n")
    assert found == [(name, said) for name, _, said in rows]


def test_a_table_of_times_and_words_names_nobody_and_is_read(tmp_path: Path) -> None:
    text = "Start,Text\n0:01,One thing.\n0:09,Two things.\n"
    assert turns(tmp_path, a_csv=text) == [("Unknown speaker 1", "One thing. Two things.")]


def test_words_in_a_column_of_times_are_told_as_left_out(tmp_path: Path) -> None:
    text = "Start,Speaker,Text\n0:01,Nia,We waited.\ninaudible,Will,A year.\n0:09,Nia,Then two.\n"
    assert [said for _, said in turns(tmp_path, a_csv=text)] == ["We waited.", "A year.", "Then two."]
    assert left_out(tmp_path)[-1] == ("inaudible", "in a column that holds no words of a speaker")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Respondent ID,Start Date,What works?,What would you change?\n,,Open-Ended Response,Open-Ended Response\n"
            "118,1/3,The staff do.,Pay us more.\n119,2/3,Not much.,\n",
            [("118", "The staff do."), ("118", "Pay us more."), ("119", "Not much.")],
        ),
        (
            'StartDate,ResponseId,Q1,Q2\nStart Date,Response ID,What works?,And what not?\n"{""ImportId"":""a""}",'
            '"{""ImportId"":""b""}","{""ImportId"":""c""}","{""ImportId"":""d""}"\n1/3,R_1,The staff do.,The bus.\n',
            [("R_1", "The staff do."), ("R_1", "The bus.")],
        ),
        (
            "Timestamp,What would you change?\n1/3,Pay us more.\n2/3,Very little.\n",
            [("Respondent 2", "Pay us more."), ("Respondent 3", "Very little.")],
        ),
        (
            "Session,1\n\nVoter,What works?,And what not?\n1,The staff do.,The bus.\n2,Not much.,All else.\n",
            [("1", "The staff do."), ("1", "The bus."), ("2", "Not much."), ("2", "All else.")],
        ),
    ],
    ids=["SurveyMonkey", "Qualtrics", "one question", "Mentimeter"],
)
def test_a_form_may_say_more_above_or_under_its_questions(
    tmp_path: Path, text: str, expected: list[tuple[str, str]]
) -> None:
    assert turns(tmp_path, a_csv=text) == expected


def test_one_question_beside_names_that_come_again_is_no_form(tmp_path: Path) -> None:
    text = "Name,What did they say there?\nNia Pryce,Who has the key?\nWill Rees,Nobody has.\nNia Pryce,I see now.\n"
    assert [who for who, _ in turns(tmp_path, a_csv=text)] == ["Nia Pryce", "Will Rees", "Nia Pryce"]


def test_an_answer_says_its_column_so_that_its_question_can_be_found(tmp_path: Path) -> None:
    made = read(tmp_path, a_csv=FORM).source_turns.sort_values("index")
    assert list(made["locator"])[:3] == ["line 2 column 4", "line 2 column 5", "line 2 column 6"]


@pytest.mark.parametrize("text", ["Speaker,English,Cymraeg", "Author,Sticky,Colour"])
def test_a_title_that_is_known_is_nobody_though_the_words_stand_under_another(tmp_path: Path, text: str) -> None:
    """A turn of somebody called Speaker said "English"."""
    rows = "\nNia Pryce,Who has got the key to it?,Pwy?\nWill Rees,It is in the drawer.,Yma.\nNia Pryce,Then we are done.,Iawn.\n"
    assert [who for who, _ in turns(tmp_path, a_csv=text + rows)] == ["Nia Pryce", "Will Rees", "Nia Pryce"]


def test_a_speaker_of_their_own_object_is_called_by_their_name_and_not_by_their_number(tmp_path: Path) -> None:
    said = [{"speaker": {"id": "1", "label": name}, "text": "Can you hear me now?"} for name in ("Nia", "Will")]
    assert [who for who, _ in turns(tmp_path, a_json=json.dumps(said))] == ["Nia", "Will"]


def test_a_forms_questions_are_the_roundtables_unless_the_series_says_others(tmp_path: Path) -> None:
    asked = ("What works well?", "What would you change?", "Anything else?")
    assert list(read(tmp_path, a_csv=FORM).roundtables["questions"]) == [asked]
    series = '[[roundtables]]\ncode = "rt1"\nfiles = ["a.csv"]\nquestions = ["How is it?"]\n'
    assert list(read(tmp_path, series_toml=series).roundtables["questions"]) == [("How is it?",)]


def test_words_that_an_unquoted_comma_would_cut_are_not_read(tmp_path: Path) -> None:
    with pytest.raises(
        UnreadableFile, match=r'line 3: 4 cells for 2 columns; put words that hold a comma into "quotes"'
    ):
        read(tmp_path, a_csv="Speaker,Text\nNia,Who has it?\nWill,It was here, I think, once.\nNia,So.\n")


@pytest.mark.parametrize("text", ["Text", "Views"])
def test_a_surname_in_a_column_of_its_own_is_part_of_the_name(tmp_path: Path, text: str) -> None:
    """Two people of one first name were one."""
    rows = "Nia,Pryce,Who has got the key to it?\nNia,Rees,It is in the drawer.\nNia,Pryce,Then we are done.\n"
    made = turns(tmp_path, a_csv=f"Forename,Surname,{text}\n{rows}")
    assert [who for who, _ in made] == ["Nia Pryce", "Nia Rees", "Nia Pryce"]


@pytest.mark.parametrize("names", ["Name,Surname", "Speaker,Last name"])
def test_a_surname_that_stands_in_the_name_is_not_said_twice(tmp_path: Path, names: str) -> None:
    text = f"{names},Text\nNia Rees,Rees,The bus is late.\nWill Price,Rice,It never comes.\n"
    assert [who for who, _ in turns(tmp_path, a_csv=text)] == ["Nia Rees", "Will Price Rice"]


@pytest.mark.parametrize("titles", ["", "Speaker,Text,Welsh\n", "ID,Speaker,Text,What the coder thought of it\n"])
def test_a_column_beside_what_people_said_makes_no_form_of_it(tmp_path: Path, titles: str) -> None:
    """A first answer "no" was taken for a form's number, and a note's title for its question: no name was left."""
    said = [(f"{who} Rees", f"We waited {number} weeks for it") for number, who in enumerate(("Nia", "Will") * 3)]
    rows = (
        f"{number},{who},{words},code it {number}" if "ID" in titles else f"{who},{words},no"
        for number, (who, words) in enumerate(said)
    )
    assert turns(tmp_path, a_csv=titles + "\n".join(rows)) == said


@pytest.mark.parametrize("above", ["Roundtable,Cantref Bay,3 March,Room 5\n", "Roundtable\n"])
def test_what_stands_above_the_titles_may_be_wider(tmp_path: Path, above: str) -> None:
    assert turns(tmp_path, a_csv=f"{above}Speaker,Text\nNia,It was cold.\n") == [("Nia", "It was cold.")]


def test_a_first_row_of_speech_is_no_title_though_words_stand_for_its_time(tmp_path: Path) -> None:
    table = "Start of the day,Will Adeyinka,Nobody told any of us where it was.\n0:01,Nia Cadwallen,Who has the key?\n"
    rows = "".join(
        f"0:0{at},Will Adeyinka,It is in a drawer.\n0:0{at},Nia Cadwallen,Which one?\n" for at in range(2, 5)
    )
    assert turns(tmp_path, a_csv=table + rows)[0] == ("Will Adeyinka", "Nobody told any of us where it was.")


@pytest.mark.parametrize("numbers", ["12345", "33333"])
def test_the_numbers_of_rows_and_of_a_session_are_no_times(tmp_path: Path, numbers: str) -> None:
    said = [
        ("Nia Cadwallen", "Who has the key?"),
        ("Will Adeyinka", "Nobody has it."),
        ("Nia Cadwallen", "And the file?"),
    ]
    rows = zip(numbers, [*said, ("Will Adeyinka", "It is in there."), ("Nia Cadwallen", "So we wait.")], strict=True)
    text = "".join(f"{number},{who},{words}\n" for number, (who, words) in rows)
    assert turns(tmp_path, a_csv=text)[:3] == said
    assert read(tmp_path).source_turns["start_s"].isna().all()


def test_parts_of_words_are_put_together_again(tmp_path: Path) -> None:
    parts = [
        "Can",
        " you",
        " h",
        "ear",
        " me",
        "?",
        " No",
        "body",
        " can",
        " h",
        "ear",
        " you",
        ".",
        " Not",
        " one",
        ".",
    ]
    answer = [" Y", "es", ",", " we", " can", "."]
    tokens = [
        {"text": part, "speaker": str(int(n >= len(parts))), "start_ms": n} for n, part in enumerate([*parts, *answer])
    ]
    assert turns(tmp_path, a_json=json.dumps({"tokens": tokens})) == [
        ("Speaker 0", "Can you hear me? Nobody can hear you. Not one."),
        ("Speaker 1", "Yes, we can."),
    ]
