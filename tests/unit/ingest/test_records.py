"""A text that says in fields who speaks is read by its fields, and no field is somebody's name."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.ingest.files import read, turns

SAID = [
    ("Nia Cadwallen", "Who has read the file?"),
    ("Will Adeyinka", "Nobody: it's locked."),
    ("Rose Delahaye", "We waited a year."),
    ("Nia Cadwallen", "So."),
]

FIELDS = {
    "names": "Speaker: {who}\n{words}\n",
    "names, times and words": "Speaker: {who}\nTime: {time}\nText: {words}\n",
    "times above": "Timestamp: [{time}]\nSpeaker: {who}\n{words}\n",
    "from when to when": "Name: {who}\nStart: {time}\nEnd: 0:59\nTranscript: {words}\n",
    "bold in Markdown": "**Speaker:** {who}\n**Text:** {words}\n",
    "Welsh": "Siaradwr: {who}\nAmser: {time}\nTestun: {words}\n",
}


@pytest.mark.parametrize("fields", FIELDS)
def test_a_speaker_after_the_word_speaker_is_who_speaks(tmp_path: Path, fields: str) -> None:
    """All was said by somebody called Speaker, names and all."""
    text = "\n".join(FIELDS[fields].format(who=who, words=words, time=f"0:0{n}") for n, (who, words) in enumerate(SAID))
    assert turns(tmp_path, a_txt=text) == SAID
    if "{time}" in FIELDS[fields]:
        assert list(read(tmp_path).source_turns["start_s"]) == [0, 1, 2, 3]


def test_a_line_of_a_cue_that_says_who_the_speaker_is_names_them(tmp_path: Path) -> None:
    cues = "\n".join(
        f"00:0{n}.000 --> 00:0{n}.900\nSpeaker: {who.split()[0]}\n{words}\n" for n, (who, words) in enumerate(SAID)
    )
    assert turns(tmp_path, a_vtt=f"WEBVTT\n\n{cues}") == [(who.split()[0], words) for who, words in SAID]


def test_speaker_before_what_is_said_is_a_label(tmp_path: Path) -> None:
    text = "Speaker: We met.\nSpeaker: Mm hm\nSpeaker: It rained all day.\nSpeaker: Nia Rees\nSpeaker: She did.\n"
    assert {who for who, _ in turns(tmp_path, a_txt=text)} == {"Speaker"}


def test_a_list_of_speakers_above_the_talk_is_no_talk_of_fields(tmp_path: Path) -> None:
    text = (
        "Speaker: Nia\nSpeaker: Will\nSpeaker: Rose\n\nNia: Who has it?\n\nWill: Nobody.\n\nNia: So.\n\nRose: Well.\n"
    )
    assert [who for who, _ in turns(tmp_path, a_txt=text)][-4:] == ["Nia", "Will", "Nia", "Rose"]
