# ruff: noqa: E501 - a file that is read stands here as it is
"""Typed transcripts are read as the turns that a person would write down."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import NoSpeakers
from tests.unit.ingest.files import left_out, read, turns

EXPECTED = [
    ("Nia Cadwallen", "Nobody had read the file."),
    ("Will Adeyinka", "Ours is in a drawer. It's locked: twice."),
    ("Nia Cadwallen", "Who has the key?"),
]

LAYOUTS = {
    "a line a turn": """
Nia Cadwallen: Nobody had read the file.
Will Adeyinka: Ours is in a drawer. It's locked: twice.
Nia Cadwallen: Who has the key?
""",
    "wrapped, with empty lines": """
Nia Cadwallen: Nobody had read
the file.

Will Adeyinka: Ours is in a drawer.
It's locked: twice.

Nia Cadwallen: Who has the key?
""",
    "Otter": """
Nia Cadwallen  0:01
Nobody had read the file.

Will Adeyinka  0:09
Ours is in a drawer. It's locked: twice.

Nia Cadwallen  1:02:21
Who has the key?

Transcribed by https://otter.ai
""",
    "Rev": """
Nia Cadwallen (00:01):
Nobody had read the file.
Will Adeyinka (00:09):
Ours is in a drawer. It's locked: twice.
Nia Cadwallen (01:02:21):
Who has the key?
""",
    "time before": """
[00:00:01] Nia Cadwallen: Nobody had read the file.
[00:00:09] Will Adeyinka: Ours is in a drawer. It's locked: twice.
[01:02:21] Nia Cadwallen: Who has the key?
""",
    "time and name on a line": """
00:00:01 Nia Cadwallen
Nobody had read the file.

00:00:09 Will Adeyinka
Ours is in a drawer. It's locked: twice.

01:02:21 Nia Cadwallen
Who has the key?
""",
    "tabs": "Nia Cadwallen\tNobody had read the file.\nWill Adeyinka\tOurs is in a drawer. It's locked: twice.\nNia Cadwallen\tWho has the key?\n",
    "names on their own line": """
Nia Cadwallen
Nobody had read the file.

Will Adeyinka
Ours is in a drawer. It's locked: twice.

Nia Cadwallen
Who has the key?
""",
    "cue times": """
0:0:0.0 --> 0:0:4.120
Nia Cadwallen
Nobody had read the file.

0:0:4.120 --> 0:0:9.0
Will Adeyinka
Ours is in a drawer. It's locked: twice.

0:0:9.0 --> 0:0:12.0
Nia Cadwallen
Who has the key?
""",
    "Sonix and Descript": """
Nia Cadwallen: [00:00:01] Nobody had read the file.

Will Adeyinka: [00:00:09] Ours is in a drawer. It's locked: twice.

Nia Cadwallen: [01:02:21] Who has the key?

""",
    "Rev, the older one": """
Nia Cadwallen: (00:00:01)
Nobody had read the file.

Will Adeyinka: (00:00:09)
Ours is in a drawer. It's locked: twice.

Nia Cadwallen: (01:02:21)
Who has the key?

""",
    "captions saved from Zoom": """
[Nia Cadwallen] 00:00:01
Nobody had read the file.

[Will Adeyinka] 00:00:09
Ours is in a drawer. It's locked: twice.

[Nia Cadwallen] 01:02:21
Who has the key?

""",
    "a chat saved from Zoom": "00:00:01 From Nia Cadwallen to Everyone:\n\tNobody had read the file.\n00:00:09 From Will Adeyinka to Everyone:\n\tOurs is in a drawer. It's locked: twice.\n01:02:21 From Nia Cadwallen to Everyone:\n\tWho has the key?\n",
    "an older chat saved from Zoom": "00:00:01\t From  Nia Cadwallen : Nobody had read the file.\n00:00:09\t From  Will Adeyinka : Ours is in a drawer. It's locked: twice.\n01:02:21\t From  Nia Cadwallen : Who has the key?\n",
    "from when to when, without brackets": """
00:00:01 --> 00:00:01 Nia Cadwallen: Nobody had read the file.
00:00:09 --> 00:00:09 Will Adeyinka: Ours is in a drawer. It's locked: twice.
01:02:21 --> 01:02:21 Nia Cadwallen: Who has the key?
""",
    "from when to when, the name under it": """
00:00:01 - 00:00:01
Nia Cadwallen
Nobody had read the file.

00:00:09 - 00:00:09
Will Adeyinka
Ours is in a drawer. It's locked: twice.

01:02:21 - 01:02:21
Nia Cadwallen
Who has the key?

""",
    "a bar between": """
00:00:01 | Nia Cadwallen | Nobody had read the file.
00:00:09 | Will Adeyinka | Ours is in a drawer. It's locked: twice.
01:02:21 | Nia Cadwallen | Who has the key?
""",
    "names, times and words with spaces between": """
Nia Cadwallen 00:00:01 Nobody had read the file.

Will Adeyinka 00:00:09 Ours is in a drawer. It's locked: twice.

Nia Cadwallen 01:02:21 Who has the key?

""",
    "Markdown": """
**Nia Cadwallen:** Nobody had read the file.

**Will Adeyinka:** Ours is in a drawer. It's locked: twice.

**Nia Cadwallen:** Who has the key?

""",
    "a dash after the name": """
Nia Cadwallen – Nobody had read the file.

Will Adeyinka – Ours is in a drawer. It's locked: twice.

Nia Cadwallen – Who has the key?

""",
    "f4 and MAXQDA": """
Nia Cadwallen: Nobody had read the file. #00:00:01-5#
Will Adeyinka: Ours is in a drawer. It's locked: twice. #00:00:09-5#
Nia Cadwallen: Who has the key? #01:02:21-5#
""",
    "numbered paragraphs": """
[1] Nia Cadwallen: Nobody had read the file.

[2] Will Adeyinka: Ours is in a drawer. It's locked: twice.

[3] Nia Cadwallen: Who has the key?

""",
    "numbered questions": """
Q1 Nia Cadwallen: Nobody had read the file.

Q2 Will Adeyinka: Ours is in a drawer. It's locked: twice.

Q3 Nia Cadwallen: Who has the key?

""",
    "a wide colon": """
Nia Cadwallen： Nobody had read the file.
Will Adeyinka： Ours is in a drawer. It's locked: twice.
Nia Cadwallen： Who has the key?
""",
    "NVivo": "Timespan\tContent\tSpeaker\n00:00:01.0 - 00:00:01.9\tNobody had read the file.\tNia Cadwallen\n00:00:09.0 - 00:00:09.9\tOurs is in a drawer. It's locked: twice.\tWill Adeyinka\n01:02:21.0 - 01:02:21.9\tWho has the key?\tNia Cadwallen\n",
    "ELAN": "Nia Cadwallen\t\t00:00:01\t1.5\t00:00:01.9\t1.9\tNobody had read the file.\nWill Adeyinka\t\t00:00:09\t2.5\t00:00:09.9\t2.9\tOurs is in a drawer. It's locked: twice.\nNia Cadwallen\t\t01:02:21\t3.5\t01:02:21.9\t3.9\tWho has the key?\n",
    "ELAN, tier by tier": "Nia Cadwallen\t\t00:00:01\t1.5\t00:00:01.9\t1.9\tNobody had read the file.\nNia Cadwallen\t\t01:02:21\t3.5\t01:02:21.9\t3.9\tWho has the key?\nWill Adeyinka\t\t00:00:09\t2.5\t00:00:09.9\t2.9\tOurs is in a drawer. It's locked: twice.\n",
    "a spreadsheet saved as text": 'Time\tSpeaker\tText\n0:01\tNia Cadwallen\tNobody had read the file.\n0:09\tWill Adeyinka\t"Ours is in a drawer. It\'s locked: twice."\n0:12\tNia Cadwallen\tWho has the key?\n',
    "Fathom": "@0:01 - Nia Cadwallen\nNobody had read the file.\n\n@0:09 - Will Adeyinka\nOurs is in a drawer. It's locked: twice.\n\n@1:02:21 - Nia Cadwallen\nWho has the key?\n",
    "MAXQDA, times before": "#00:00:01-2# Nia Cadwallen: Nobody had read the file.\n#00:00:09-0# Will Adeyinka: Ours is in a drawer. It's locked: twice.\n#01:02:21-0# Nia Cadwallen: Who has the key?\n",
    "Markdown, without a colon": "**Nia Cadwallen** Nobody had read the file.\n\n**Will Adeyinka** Ours is in a drawer. It's locked: twice.\n\n**Nia Cadwallen** Who has the key?\n",
    "a list's numbers without a space": "9. Nia Cadwallen: Nobody had read the file.\n10.Will Adeyinka: Ours is in a drawer. It's locked: twice.\n11.Nia Cadwallen: Who has the key?\n",
    "a dash after the time and after the name": "00:00:01 - Nia Cadwallen - Nobody had read the file.\n00:00:09 - Will Adeyinka - Ours is in a drawer. It's locked: twice.\n01:02:21 - Nia Cadwallen - Who has the key?\n",
    "Jitsi": "<Nia Cadwallen>: Nobody had read the file.\n<Will Adeyinka>: Ours is in a drawer. It's locked: twice.\n<Nia Cadwallen>: Who has the key?\n",
    "names in round brackets": "(Nia Cadwallen) Nobody had read the file.\n\n(Will Adeyinka) Ours is in a drawer. It's locked: twice.\n\n(Nia Cadwallen) Who has the key?\n",
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_gives_the_same_turns(tmp_path: Path, layout: str) -> None:
    assert turns(tmp_path, a_txt=LAYOUTS[layout]) == EXPECTED


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("SPEAKER_00: We did.", "SPEAKER_00"),
        ("Unknown Speaker: We did.", "Unknown Speaker"),
        ("Siân Tregarth (Cantref Bay Council): We did.", "Siân Tregarth (Cantref Bay Council)"),
        ("Mr Hopcyn (Aberdaron, Independent): We did.", "Mr Hopcyn (Aberdaron, Independent)"),
        ("Llwyd-Parry, Gethin [FIRE]: We did.", "Llwyd-Parry, Gethin [FIRE]"),
        ("Dr. A. B. Yorath: We did.", "Dr. A. B. Yorath"),
        ("ROSE: We did.", "ROSE"),
        ("Dawn ap Gwilym: We did.", "Dawn ap Gwilym"),
        ("Participant 12: We did.", "Participant 12"),
        ("P3: We did.", "P3"),
        ("Cadeirydd: We did.", "Cadeirydd"),
        ("[00:12] [p1] We did.", "p1"),
        ("Will: We did.", "Will"),
        ("N.C.: We did.", "N.C."),
        ("Page Williams: We did.", "Page Williams"),
        ("Voice from the floor: We did.", "Voice from the floor"),
        ("012  Siân Tregarth: We did.", "Siân Tregarth"),
        ("P1 (F, 34): We did.", "P1 (F, 34)"),
        ("Participant #3: We did.", "Participant #3"),
        ("3.4 Siân Tregarth: We did.", "Siân Tregarth"),
        ("3.4\tSiân Tregarth: We did.", "Siân Tregarth"),
        (
            "Siân Tregarth, Head of Adult Services, Cantref Bay County Borough Council: We did.",
            "Siân Tregarth, Head of Adult Services, Cantref Bay County Borough Council",
        ),
        ("[Interviewer] We did.", "Interviewer"),
        ("SPEAKER: S1\nWe did.", "S1"),
        ("nia.cadwallen@cantref.example: We did.", "nia.cadwallen@cantref.example"),
        ("Catrin | Cantref Bay: We did.", "Catrin | Cantref Bay"),
        ("Rhys “Rocky” Morgan: We did.", "Rhys “Rocky” Morgan"),
        ("\u200eSiân Tregarth\u200f: We did.", "Siân Tregarth"),
    ],
)
def test_a_label_is_kept_as_it_stands_in_the_file(tmp_path: Path, line: str, name: str) -> None:
    text = f"{line}\nNia Cadwallen: I know.\n{line}\n"
    assert [who for who, _ in turns(tmp_path, a_txt=text)] == [name, "Nia Cadwallen", name]


def test_a_colon_in_speech_makes_no_speaker(tmp_path: Path) -> None:
    text = """Nia Cadwallen: Three things.

Note: none of them is money.

The first thing: nobody rings back. I said: "Who has the key?"

Will Adeyinka: So it's this: we wait.

Nia Cadwallen: Yes.
"""
    assert turns(tmp_path, a_txt=text) == [
        (
            "Nia Cadwallen",
            'Three things. Note: none of them is money. The first thing: nobody rings back. I said: "Who has the key?"',
        ),
        ("Will Adeyinka", "So it's this: we wait."),
        ("Nia Cadwallen", "Yes."),
    ]


def test_a_word_before_a_colon_is_no_speaker_where_names_are_written_otherwise(tmp_path: Path) -> None:
    text = """INTERVIEWER: What is trust?

PARTICIPANT 1: It means: they listen.

PARTICIPANT 2: For me it's this.

Respect: they look at you.

PARTICIPANT 1: Yes.

INTERVIEWER: And money?

PARTICIPANT 2: No.
"""
    assert turns(tmp_path, a_txt=text)[2] == ("PARTICIPANT 2", "For me it's this. Respect: they look at you.")


def test_who_was_there_is_a_list_and_not_a_turn(tmp_path: Path) -> None:
    text = "Attendees:\nNia Cadwallen\nWill Adeyinka\n\nFacilitator: Welcome.\n\nNia: Hello.\n\nFacilitator: So.\n"
    assert [who for who, _ in turns(tmp_path, a_txt=text)] == ["Facilitator", "Nia", "Facilitator"]


def test_what_stands_above_the_first_speaker_is_left_out_with_that_reason(tmp_path: Path) -> None:
    text = "One public service\n24 February 2026\nPresent: Nia Cadwallen, Will Adeyinka\nFacilitator: Rose Delahaye\n\nNia: Hello.\nWill: Hello.\nNia: Right.\n"
    reason = "before the first speaker: nobody is said to have said it"
    assert turns(tmp_path, a_txt=text) == [("Nia", "Hello."), ("Will", "Hello."), ("Nia", "Right.")]
    assert left_out(tmp_path) == [
        ("One public service", reason),
        ("24 February 2026", reason),
        ("Present: Nia Cadwallen, Will Adeyinka", reason),
        ("Facilitator: Rose Delahaye", reason),
    ]


def test_a_note_on_a_line_of_its_own_is_nobodys_and_one_in_a_sentence_stays(tmp_path: Path) -> None:
    text = "Nia: Is it minuted? [Laughter.]\n[Pause.]\nWill: [Inaudible.]\n\n[Laughter.]\n\nNia: Right.\n"
    assert turns(tmp_path, a_txt=text) == [
        ("Nia", "Is it minuted? [Laughter.]"),
        ("Will", "[Inaudible.]"),
        ("Nia", "Right."),
    ]
    assert [words for words, _ in left_out(tmp_path)] == ["[Pause.]", "[Laughter.]"]


def test_a_heading_between_turns_is_put_in_nobodys_mouth(tmp_path: Path) -> None:
    text = "Nia: Yes.\n\nWill: No.\n\nItem 2, Trust and data\n\nNia: So.\n\nWill: Well.\n\nNia: Then.\n"
    assert turns(tmp_path, a_txt=text)[1] == ("Will", "No.")
    assert left_out(tmp_path) == [("Item 2, Trust and data", "a heading: nobody is said to have said it")]


def test_paragraphs_of_one_speaker_are_one_turn_whether_or_not_the_name_comes_again(tmp_path: Path) -> None:
    text = "Nia: One.\n\nTwo.\n\nNia: Three.\n\nWill: Four.\n"
    assert turns(tmp_path, a_txt=text) == [("Nia", "One. Two. Three."), ("Will", "Four.")]


def test_two_unknown_speakers_in_a_row_may_be_two_people(tmp_path: Path) -> None:
    text = "Unknown Speaker  0:01\nOne.\n\nUnknown Speaker  0:05\nTwo.\n\nNia  0:09\nThree.\n"
    assert turns(tmp_path, a_txt=text) == [("Unknown Speaker", "One."), ("Unknown Speaker", "Two."), ("Nia", "Three.")]


def test_who_is_named_but_said_nothing_parts_the_turns_around(tmp_path: Path) -> None:
    text = "Nia: One.\nWill:\nNia: Two.\nWill: Three.\n"
    assert turns(tmp_path, a_txt=text) == [("Nia", "One."), ("Nia", "Two."), ("Will", "Three.")]


def test_prose_without_a_speaker_is_refused_with_what_would_be_right(tmp_path: Path) -> None:
    with pytest.raises(NoSpeakers, match='expected "Name: what they said"'):
        read(tmp_path, a_txt="It was a good meeting.\nPeople spoke of trust and of the money: there is none.\n")


def test_a_file_of_two_people_who_each_speak_once_has_two_speakers(tmp_path: Path) -> None:
    assert turns(tmp_path, a_txt="Alys: The contract renews.\nBedwyr: Does it?\n") == [
        ("Alys", "The contract renews."),
        ("Bedwyr", "Does it?"),
    ]


def test_a_name_on_the_roster_is_a_speaker_wherever_it_stands(tmp_path: Path) -> None:
    text = "Dawn: Morning.\nnote: I was late.\nDawn: Sorry.\n"
    roster = "name,aliases\nNote Harries,note\nDawn Ashworth-Pugh,Dawn\n"
    assert [who for who, _ in turns(tmp_path, a_txt=text, participants_csv=roster)] == ["Dawn", "note", "Dawn"]


def test_an_answer_that_is_none_and_a_turn_that_is_one_emoji_stand(tmp_path: Path) -> None:
    assert turns(tmp_path, a_txt="Nia: None\nWill: 👍🏽\nNia: NA\n") == [
        ("Nia", "None"),
        ("Will", "👍🏽"),
        ("Nia", "NA"),
    ]


def test_words_are_never_retyped(tmp_path: Path) -> None:
    said = "“It’s”  a\u00a0café — 007…  isn't  it?"
    assert turns(tmp_path, a_txt=f"Nia: {said}\nWill: Yes.\nNia: Ie.\n")[0] == ("Nia", said)


def test_what_looks_like_no_name_is_one_only_where_every_paragraph_has_one(tmp_path: Path) -> None:
    text = "Nia: We have a rule.\n\nRule 24/7 says: be there.\n\nWill: Says who?\n\nNia: The rule.\n\nIt is on the wall.\n\nRule 24/7 says: be there.\n\nWill: Ah.\n"
    assert [who for who, _ in turns(tmp_path, a_txt=text)] == ["Nia", "Will"] * 2
    everywhere = "02920 123456: We did.\n\nNia: When?\n\n02920 123456: In May.\n\nNia: Ah.\n"
    assert [who for who, _ in turns(tmp_path, a_txt=everywhere)] == ["02920 123456", "Nia"] * 2


def test_a_word_after_a_time_is_somebodys_and_no_name(tmp_path: Path) -> None:
    text = "[00:00:01 --> 00:00:03]   Nobody had read it.\n[00:00:03 --> 00:00:04]   Exactly.\n[00:00:04 --> 00:00:06]   So.\n"
    assert turns(tmp_path, a_txt=text) == [("Unknown speaker 1", "Nobody had read it. Exactly. So.")]
    assert list(read(tmp_path).source_turns["start_s"]) == [1]


def test_words_under_times_are_read_though_nobody_is_named(tmp_path: Path) -> None:
    text = "0:00\nnobody had read it\n0:05\nours is in a drawer\n0:09\nwho has the key\n"
    assert turns(tmp_path, a_txt=text) == [
        ("Unknown speaker 1", "nobody had read it ours is in a drawer who has the key")
    ]


def test_what_was_recorded_and_with_whom_is_no_turn_though_it_looks_like_one(tmp_path: Path) -> None:
    text = "Interview 4\nDate: 3 March 2026\nInterviewer: NC\nLocation: Bangor\nParticipant: P04\n\nInterviewer: Why?\n\nParticipant: Money.\n\nInterviewer: Ah.\n"
    assert turns(tmp_path, a_txt=text) == [("Interviewer", "Why?"), ("Participant", "Money."), ("Interviewer", "Ah.")]
    assert len(left_out(tmp_path)) == 5


def test_a_list_of_members_with_tabs_is_no_talk_where_names_have_colons(tmp_path: Path) -> None:
    text = "Nia Pryce MS\tCommittee Chair\n\nThe meeting began at 09:31.\n\n1. Introductions\n\nNia Pryce MS: Welcome.\n\nAlys Rhun MS: Diolch.\n\n2. Papers to Note\n\nNia Pryce MS: Thanks.\n\nThe meeting ended at 11:58.\n"
    assert turns(tmp_path, a_txt=text) == [
        ("Nia Pryce MS", "Welcome."),
        ("Alys Rhun MS", "Diolch."),
        ("Nia Pryce MS", "Thanks."),
    ]


def test_when_a_meeting_began_is_minuted_and_that_it_began_late_is_said(tmp_path: Path) -> None:
    text = "Nia: Right.\n\nDaeth y cyfarfod i ben am 11:58.\n\nThe meeting resumed at 13:02.\n\nWill Adeyinka: Why?\n\nThe meeting started late.\n\nNia: Ah.\n"
    assert turns(tmp_path, a_txt=text) == [
        ("Nia", "Right."),
        ("Will Adeyinka", "Why? The meeting started late."),
        ("Nia", "Ah."),
    ]


def test_an_hour_that_somebody_names_is_said(tmp_path: Path) -> None:
    text = "Nia: We start at\n\n10:30 Monday\n\nWill: Fine.\n\nNia: Or later.\n\nWill: Yes.\n"
    assert turns(tmp_path, a_txt=text)[0] == ("Nia", "We start at 10:30 Monday")


def test_what_looks_like_no_name_may_stand_on_a_line_of_its_own(tmp_path: Path) -> None:
    names = ["nia.cadwallen@cantref.example", "Table 3 – Voice 2"] * 2
    text = "".join(f"{name}\n\nNobody had read it.\n\n" for name in names)
    assert [who for who, _ in turns(tmp_path, a_txt=text)] == names


def test_one_wrong_byte_does_not_damage_the_letters_of_all_others(tmp_path: Path) -> None:
    text = "Siân: Mae'r dŵr a'r tŷ'n oer.\nŴan: Caf".encode() + b"\xe9" + ".\nSiân: Ie.\nŴan: Na.\n".encode()
    assert turns(tmp_path, a_txt=text)[:2] == [("Siân", "Mae'r dŵr a'r tŷ'n oer."), ("Ŵan", "Café.")]
    assert "not all of it UTF-8" in read(tmp_path).report.files[0].doubts[0].what


def test_a_line_of_many_spaces_keeps_nobody_waiting(tmp_path: Path) -> None:
    text = f"Nia: One.\n{' ' * 290}x\nWill: Two.\nNia: Three.\nWill: Four.\n"
    assert turns(tmp_path, a_txt=text)[0] == ("Nia", "One. x")


@pytest.mark.parametrize("to", ["Nia Cadwallen(Direct Message)", "Nia Cadwallen (Privately)"])
def test_what_was_written_to_one_person_is_left_out_and_said(tmp_path, to):
    chat = (
        "00:00:01 From Nia Cadwallen to Everyone:\n\tNobody had read the file.\n"
        f"00:00:05 From Will Adeyinka to {to}:\n\tIs she always like this?\n\n\tSay nothing.\n"
        "00:00:09 From Will Adeyinka to Everyone:\n\tOurs is in a drawer.\n"
    )
    said = turns(tmp_path, chat_txt=chat)
    assert said == [("Nia Cadwallen", "Nobody had read the file."), ("Will Adeyinka", "Ours is in a drawer.")]
    assert [(text.strip(), reason) for text, reason in left_out(tmp_path)] == [
        ("Is she always like this?", "written to one person, and not to all"),
        ("Say nothing.", "written to one person, and not to all"),
    ]


def test_a_wide_gap_behind_a_label_is_space(tmp_path):
    gap = " " * 40
    text = (
        f"Nia Cadwallen:{gap}Nobody had read it.\nWill Adeyinka: Ours is in a drawer.\nNia Cadwallen: Who{gap}asked?\n"
    )
    said = turns(tmp_path, gap_txt=text)
    assert [who for who, _ in said] == ["Nia Cadwallen", "Will Adeyinka", "Nia Cadwallen"]
    assert said[0][1].strip() == "Nobody had read it."


@pytest.mark.parametrize("words", ["Who is next, then?", "Welcome everyone", "Good morning, all."])
def test_a_chair_who_speaks_once_before_everybody_is_heard(tmp_path: Path, words: str) -> None:
    said = [("Chair", words), ("Nia Cadwallen", "Nobody had read it."), ("Will Adeyinka", "Who has the key?")]
    text = "\n\n".join(f"{name}: {what}" for name, what in [*said, said[1]])

    assert turns(tmp_path, a_txt=text) == [*said, said[1]]


@pytest.mark.parametrize("who", ["Nia Cadwallen", "Nia Cadwallen and Rose Delahaye", "Dr. Nia Cadwallen, Powys"])
def test_who_chairs_is_told_above_the_transcript_and_said_by_nobody(tmp_path: Path, who: str) -> None:
    said = [("Nia Cadwallen", "Nobody had read it."), ("Will Adeyinka", "Who has the key?")] * 2
    text = "\n\n".join([f"Chair: {who}", *(f"{name}: {what}" for name, what in said)])

    assert turns(tmp_path, a_txt=text) == said


@pytest.mark.parametrize("above", ["Elin Powys\n24 February 2026", "Trust Roundtable\nWhat people told us."])
def test_an_author_or_a_title_above_the_names_says_nothing(tmp_path: Path, above: str) -> None:
    text = f"{above}\n\nNIA BOWEN\nSomebody.\n\nWIL TUDUR\nMoney.\n\nNIA BOWEN\nYes.\n"

    assert turns(tmp_path, a_txt=text) == [("NIA BOWEN", "Somebody."), ("WIL TUDUR", "Money."), ("NIA BOWEN", "Yes.")]


CHATS = {
    "on Android": "24/02/2026, 10:02 - Messages are end-to-end encrypted.\n"
    "24/02/2026, 10:02 - Elin Powys added Gareth Tudor\n"
    "24/02/2026, 10:03 - Nia Bowen: We lost three staff\nin March\n"
    "24/02/2026, 10:05 - Nia Bowen: <Media omitted>\n"
    "24/02/2026, 10:06 - +44 7700 900123: I rang: nobody answered\n"
    "24/02/2026, 10:07 - Nia Bowen: Yes\n"
    "24/02/2026, 10:08 - +44 7700 900123: Not once\n",
    "on an iPhone": "\u200e[24/02/2026, 10:02:11] Elin Powys added Gareth Tudor\n"
    "[24/02/2026, 10:03:15] Nia Bowen: We lost three staff\nin March\n"
    "\u200e[24/02/2026, 10:05:15] Nia Bowen: \u200eimage omitted\n"
    "[24/02/2026, 10:06:01] +44 7700 900123: I rang: nobody answered\n"
    "[24/02/2026, 10:07:01] Nia Bowen: Yes\n"
    "[24/02/2026, 10:08:59] +44 7700 900123: Not once\n",
    "in America": "[2/24/26, 10:03:15 AM] Nia Bowen: We lost three staff\nin March\n"
    "[2/24/26, 10:06:01 AM] +44 7700 900123: I rang: nobody answered\n"
    "[2/24/26, 10:07:01 AM] Nia Bowen: Yes\n"
    "[2/24/26, 10:08:59 AM] +44 7700 900123: Not once\n",
}


@pytest.mark.parametrize("phone", CHATS)
def test_a_chat_is_read_as_whatsapp_exports_it(tmp_path: Path, phone: str) -> None:
    assert turns(tmp_path, a_txt=CHATS[phone]) == [
        ("Nia Bowen", "We lost three staff in March"),
        ("+44 7700 900123", "I rang: nobody answered"),
        ("Nia Bowen", "Yes"),
        ("+44 7700 900123", "Not once"),
    ]
    assert read(tmp_path).source_turns["start_s"].isna().all()  # the time of day is no place in a recording


def test_a_word_before_a_colon_is_said_where_names_stand_with_their_times(tmp_path: Path) -> None:
    text = """
Nia Cadwallen  0:01
Nobody had read the file.

Will Adeyinka  0:09
Agreed: and who has the key? Own it, please.
It's locked.

Nia Cadwallen  0:21
Own it: yes.
"""
    assert turns(tmp_path, a_txt=text) == [
        ("Nia Cadwallen", "Nobody had read the file."),
        ("Will Adeyinka", "Agreed: and who has the key? Own it, please. It's locked."),
        ("Nia Cadwallen", "Own it: yes."),
    ]


def test_initials_that_a_list_of_those_present_explains_are_labels_though_they_come_once(tmp_path: Path) -> None:
    text = """Present: Will Adeyinka (WA), Nia Cadwallen (NC), Lowri Gethin-Mai (LGM, chair)
1. Welcome
LGM: Welcome everybody.
NC: Can I raise the buses?
2. Transport
WA: They went in March -
OK: that was the last straw -
and nobody asked us.
NC: They did.
LGM: Thank you.
"""
    assert turns(tmp_path, a_txt=text) == [
        ("Lowri Gethin-Mai (LGM) (chair)", "Welcome everybody."),
        ("Nia Cadwallen (NC)", "Can I raise the buses?"),
        ("Will Adeyinka (WA)", "They went in March - OK: that was the last straw - and nobody asked us."),
        ("Nia Cadwallen (NC)", "They did."),
        ("Lowri Gethin-Mai (LGM) (chair)", "Thank you."),
    ]


def test_initials_that_two_share_or_that_the_roster_lists_stay_as_they_are(tmp_path: Path) -> None:
    text = "Present: Nia Cadwallen (NC), Nesta Coed (NC), Will Adeyinka (WA)\n\nNC: Yes.\nWA: No.\nNC: Yes.\nWA: So.\n"
    assert {who for who, _ in turns(tmp_path, a_txt=text)} == {"NC", "Will Adeyinka (WA)"}
    listed = turns(tmp_path, a_txt=text, participants_csv="name,aliases\nWilliam Adeyinka,WA\n")
    assert {who for who, _ in listed} == {"NC", "WA"}


def test_a_line_for_each_persons_initials_explains_them_too(tmp_path: Path) -> None:
    text = "NC = Nia Cadwallen, Cantref Trust\nWA – Will Adeyinka\n\nNC: Yes.\nWA: No.\nNC: Yes.\nWA: So.\n"
    assert {who for who, _ in turns(tmp_path, a_txt=text)} == {"Nia Cadwallen (NC)", "Will Adeyinka (WA)"}


@pytest.mark.parametrize("form", ["{}  {}", "{:>3}  {}", "{}\t{}"])
def test_numbers_that_count_a_files_lines_are_said_by_nobody(tmp_path: Path, form: str) -> None:
    lines = [
        "Nia Cadwallen: Nobody had",
        "read the file.",
        "Will Adeyinka: Ours is in a drawer.",
        "It's locked: twice.",
        "Nia Cadwallen: Who has the key?",
    ]
    text = "\n".join(form.format(number, line) for number, line in enumerate(lines, 9))
    assert turns(tmp_path, a_txt=text) == EXPECTED


def test_numbers_that_somebody_says_stay(tmp_path: Path) -> None:
    text = "Nia Cadwallen: We had\n12 letters,\n13 calls and\n15 visits.\nWill Adeyinka: How many?\nNia Cadwallen: Forty.\n"
    assert turns(tmp_path, a_txt=text)[0][1] == "We had 12 letters, 13 calls and 15 visits."


def test_questions_and_answers_of_a_hearing_stand_beside_whoever_else_speaks(tmp_path: Path) -> None:
    text = """
Q. When did you first hear of it?
A. In the spring.
Q. From whom?
A. From the manager. He said nothing more.
THE CHAIR: We'll break there.
"""
    assert turns(tmp_path, a_txt=text) == [
        ("Q", "When did you first hear of it?"),
        ("A", "In the spring."),
        ("Q", "From whom?"),
        ("A", "From the manager. He said nothing more."),
        ("THE CHAIR", "We'll break there."),
    ]


def test_a_name_in_other_capitals_is_a_label(tmp_path: Path) -> None:
    text = """Nia Cadwallen: Nobody had read the file.
WILL ADEYINKA: Ours is in a drawer.
nia cadwallen: Who has the key?
Will adeyinka: It is lost.
Nia Cadwallen: I see.
WILL ADEYINKA: And nobody asked: nobody.
"""
    assert turns(tmp_path, a_txt=text) == [
        ("Nia Cadwallen", "Nobody had read the file."),
        ("WILL ADEYINKA", "Ours is in a drawer."),
        ("nia cadwallen", "Who has the key?"),
        ("Will adeyinka", "It is lost."),
        ("Nia Cadwallen", "I see."),
        ("WILL ADEYINKA", "And nobody asked: nobody."),
    ]


def test_nb_is_somebody_where_people_are_called_by_initials(tmp_path: Path) -> None:
    text = "NB: Shall we start?\nGT: Yes.\nTR: Yes.\nNB: Who begins?\nGT: I do.\nTR: Good.\n"
    assert [who for who, _ in turns(tmp_path, a_txt=text)] == ["NB", "GT", "TR", "NB", "GT", "TR"]
    once = "LP: Shall we start?\nGT: Yes.\nNB: it rained.\nLP: Who begins?\nGT: I do.\nLP: Good.\n"
    noted = "Nia Cadwallen: Yes.\nNB: it rained.\nWill Adeyinka: No.\nNB: it stopped.\nNia Cadwallen: So.\nWill Adeyinka: So.\n"
    assert [who for who, _ in turns(tmp_path, a_txt=once)] == ["LP", "GT", "LP", "GT", "LP"]
    assert {who for who, _ in turns(tmp_path, a_txt=noted)} == {"Nia Cadwallen", "Will Adeyinka"}


def test_names_in_small_letters_are_speakers_where_hardly_a_paragraph_has_none(tmp_path: Path) -> None:
    said = [("seren madog", "so who has it"), ("gwyn pask", "i do"), ("seren madog", "right"), ("gwyn pask", "yes")]
    assert turns(tmp_path, a_txt="\n".join(f"{who}: {words}" for who, words in said)) == said


def test_small_words_before_a_colon_are_said_where_paragraphs_have_no_names(tmp_path: Path) -> None:
    said = "Nia Pryce: We met.\n\nmain point: trust.\n\nAnd risk.\n\nBo Tan: Aye.\n\nmain point: both.\n\nNia Pryce: Good.\n"
    assert {who for who, _ in turns(tmp_path, a_txt=said)} == {"Nia Pryce", "Bo Tan"}


@pytest.mark.parametrize("line", ["- : and trust.", "[00:12] : and trust."])
def test_a_colon_with_nobody_before_it_is_read(tmp_path: Path, line: str) -> None:
    made = turns(tmp_path, a_txt=f"Nia Pryce: We met.\n\n{line}\n\nBo Tan: Aye.\n\nNia Pryce: Good.\n")
    assert {who for who, _ in made} >= {"Nia Pryce", "Bo Tan"}
    assert "and trust." in " ".join(words for _, words in made)


SAID = [
    ("Nia Cadwallen", "Who has read the file, and who has a key to the drawer?"),
    ("Ifor Treharne", "Nobody has."),
    ("Nia Cadwallen", "And why is that? We sent it to everybody in March."),
    ("Ifor Treharne", "Budget Reality: we have one copy and one key."),
    ("Nia Cadwallen", "I see."),
    ("Ifor Treharne", "Budget Reality: there it lies."),
]


@pytest.mark.parametrize(
    "form",
    [
        "{who}\n{words}", "{who}\n\n{words}", "{who} – {words}", "{who}—{words}", "{who}- {words}", "{who}：{words}",
        "{who}:{words}", "{who}:- {words}", "{who}:\u200b {words}", "[{who}:] {words}", "[00.12] {who}: {words}",
        "{who} (1m 09s): {words}", "**[00:00:03]** **{who}:** {words}", "**{who}** _00:12_\n{words}",
        "{who}\n0 minutes 3 seconds\n0:03\n{who} 0 minutes 3 seconds\n{words}",
        "7\n00:00:03,120 --> 00:00:09,080\n{who}: {words}",
    ],
)  # fmt: skip
def test_a_colon_in_one_sentence_hides_no_other_way_of_naming(tmp_path: Path, form: str) -> None:
    """All above the sentence was left out, and all below it said by "Budget Reality"."""
    assert turns(tmp_path, a_txt="\n\n".join(form.format(who=who, words=words) for who, words in SAID)) == SAID


def test_a_recogniser_may_number_its_speakers_in_brackets(tmp_path: Path) -> None:
    text = "\n".join(f"[Speaker:{number % 2}] {words}" for number, (_, words) in enumerate(SAID))
    assert {who for who, _ in turns(tmp_path, a_txt=text)} == {"Speaker:0", "Speaker:1"}


def test_prose_in_which_one_colon_stands_far_down_names_nobody(tmp_path: Path) -> None:
    with pytest.raises(NoSpeakers):
        read(tmp_path, a_txt="\n\n".join(words for _, words in SAID))


def test_words_under_times_stay_nobodys_though_a_colon_is_said(tmp_path: Path) -> None:
    text = "\n\n".join(f"[00:0{minute}] {words}" for minute, (_, words) in enumerate(SAID))
    assert turns(tmp_path, a_txt=text) == [("Unknown speaker 1", " ".join(words for _, words in SAID))]


def test_names_that_come_once_are_heeded_where_a_name_opens_a_text_with_times(tmp_path: Path) -> None:
    """All of it was said by nobody, names and all."""
    said = {0: "Nia Cadwallen: ", 4: "Ifor Treharne: "}
    text = "\n\n".join(f"[00:0{at}:00]\n{said.get(at, '')}We waited {at} weeks for it." for at in range(8))
    assert [who for who, _ in turns(tmp_path, a_txt=text)] == ["Nia Cadwallen", "Ifor Treharne"]


def test_a_heading_that_comes_again_names_nobody_where_people_speak_once(tmp_path: Path) -> None:
    said = [(who, "We waited for it.") for who in ("Nia Cadwallen", "Ifor Treharne", "Mair Bevan")]
    text = "\n\n".join(f"Next Statement\n\n{who}: {words}" for who, words in said) + "\n\nNext Statement\n\nNone."
    assert [who for who, _ in turns(tmp_path, a_txt=text)] == [who for who, _ in said]


def test_more_above_the_first_speaker_than_below_is_pointed_at(tmp_path: Path) -> None:
    text = "What was agreed before. " * 9 + "\n\nNia Cadwallen: Yes.\n\nIfor Treharne: No.\n\nNia Cadwallen: So.\n"
    doubts = [doubt.what for file in read(tmp_path, a_txt=text).report.files for doubt in file.doubts]
    assert doubts == ["more stands above the first speaker than anybody is said to say: are names written otherwise?"]


@pytest.mark.parametrize("form", ["{}: {}", "{}\t{}"])
def test_it_is_somebody_where_people_are_called_by_initials(tmp_path: Path, form: str) -> None:
    """What Ifor Treharne said was said by whoever spoke before him."""
    said = [("NC", "Who begins?"), ("IT", "I do."), ("NC", "Do."), ("GT", "Good."), ("IT", "It rained."), ("GT", "So.")]
    assert turns(tmp_path, a_txt="\n".join(form.format(*one) for one in said)) == said
    once = "NC: Who begins?\nGT: I do.\nIT: it rained.\nNC: Good.\nGT: So.\n"
    assert [who for who, _ in turns(tmp_path, a_txt=once)] == ["NC", "GT", "NC", "GT"]


def test_initials_that_are_a_word_too_are_somebody_where_a_list_or_the_roster_says_so(tmp_path: Path) -> None:
    """What Ifor Treharne said was said by whoever spoke before him, or by nobody where he spoke first."""
    listed = "IT = Ifor Treharne\nGR = Glesni Roe\n\n"
    talk = "IT: We waited.\nGR: A year.\nIT: Who knew?\n"
    named = [("Ifor Treharne (IT)", "We waited."), ("Glesni Roe (GR)", "A year."), ("Ifor Treharne (IT)", "Who knew?")]
    assert turns(tmp_path, a_txt=listed + talk) == named
    roster = "name,aliases\nIfor Treharne,IT\n"
    assert [who for who, _ in turns(tmp_path, a_txt=talk, participants_csv=roster)] == ["IT", "GR", "IT"]


@pytest.mark.parametrize("who", ["All", "Ifor?", "Ifor Treharne (?)", "Both"])
def test_several_at_once_and_who_is_not_sure_keep_their_own_words(tmp_path: Path, who: str) -> None:
    said = [("Nia", "Is it locked?"), (who, "Yes."), ("Will", "It is."), (who, "Aye."), ("Nia", "So."), ("Will", "So.")]
    assert turns(tmp_path, a_txt="\n".join(f"{name}: {words}" for name, words in said)) == said


@pytest.mark.parametrize("end", ["End of transcript", "Diwedd y trawsgrifiad"])
def test_the_line_that_ends_a_transcript_is_said_by_nobody(tmp_path: Path, end: str) -> None:
    text = "\n\n".join([*(f"{who}: {words}" for who, words in SAID), end])
    assert turns(tmp_path, a_txt=text) == SAID


def test_a_line_that_a_paragraph_goes_on_with_is_no_minute(tmp_path: Path) -> None:
    first = "Gwyn Rees: They had promised us some\nAction: a word on every poster."
    text = "\n\n".join([first, *(f"{who}: {words}" for who, words in SAID)])
    assert turns(tmp_path, a_txt=text) == [
        ("Gwyn Rees", "They had promised us some Action: a word on every poster."),
        *SAID,
    ]
    assert left_out(tmp_path) == []


@pytest.mark.parametrize("between", ["\n", "\n\n"])
@pytest.mark.parametrize("noted", ["Action: Ifor to have the key copied.", "Cam gweithredu: Ifor i gopïo'r allwedd."])
def test_an_action_that_is_minuted_between_turns_is_said_by_nobody(tmp_path: Path, noted: str, between: str) -> None:
    text = between.join([*(f"{who}: {words}" for who, words in SAID), noted])
    assert turns(tmp_path, a_txt=text) == SAID
    assert left_out(tmp_path) == [
        (noted, "an action or a decision, as somebody noted it"),
    ]


@pytest.mark.parametrize("day", ["Yesterday ", "12/03/2026 ", "Monday ", "12/03 "])
def test_messages_copied_from_teams_are_read_without_a_time_of_the_recording(tmp_path: Path, day: str) -> None:
    text = "\n\n".join(f"[{day}10:0{at}] {who}\n{words}" for at, (who, words) in enumerate(SAID))
    assert turns(tmp_path, a_txt=text) == SAID
    assert read(tmp_path).source_turns["start_s"].isna().all()


def test_an_hour_in_the_margin_is_said_by_nobody(tmp_path: Path) -> None:
    lines = [f"{who}: {words}" for who, words in SAID]
    assert turns(tmp_path, a_txt="\n\n".join([*lines[:3], "2.45 pm", *lines[3:]])) == SAID


def test_one_who_speaks_alone_under_a_long_preface_is_read(tmp_path: Path) -> None:
    said = "\n\n".join(f"Nia Cadwallen: {words}" for _, words in SAID)
    assert {who for who, _ in turns(tmp_path, a_txt=f"{'What was agreed before. ' * 9}\n\n{said}")} == {"Nia Cadwallen"}


def test_times_within_what_somebody_says_are_none_of_their_words(tmp_path: Path) -> None:
    text = "Nia: We met [00:01:02] and left.\n[00:01:09] Then it rained.\nWill: At [about 00:02:00] noon.\nNia: Yes [01:30].\nWill: (00:01:40) Not for (00:01:42)the bus (10:30).\n"
    assert turns(tmp_path, a_txt=text) == [
        ("Nia", "We met and left. Then it rained."),
        ("Will", "At [about 00:02:00] noon."),
        ("Nia", "Yes."),
        ("Will", "Not for the bus (10:30)."),
    ]


@pytest.mark.parametrize(
    "echo",
    ['Replying to "Nobody had read..."', 'Reacted to "My view: none" with 👍', 'Removed a 👍 reaction from "Nobody"'],
)
def test_what_zoom_repeats_of_another_is_not_said_by_who_answers(tmp_path: Path, echo: str) -> None:
    text = "10:00:01 From Nia Cadwallen to Everyone:\n\tNobody had read it.\n10:00:09 From Will Rees to Everyone:\n"
    assert turns(tmp_path, a_txt=f"{text}\t{echo}\n\t\n\tWho has it?\n")[1] == ("Will Rees", "Who has it?")
    old = text.replace("Will Rees to Everyone:\n", f"Will Rees to Everyone : {echo}\n")
    assert turns(tmp_path, a_txt=old) == [("Nia Cadwallen", "Nobody had read it.")]


def test_the_number_of_a_page_between_dashes_is_said_by_nobody(tmp_path: Path) -> None:
    text = "Nia: We waited a\nyear for it.\n\n  - 3 -\n\nWill: Did you?\nNia: Yes.\n"
    assert turns(tmp_path, a_txt=text)[0] == ("Nia", "We waited a year for it.")


def test_a_recognisers_speaker_in_brackets_on_a_line_of_its_own_is_the_same_without(tmp_path: Path) -> None:
    text = "[SPEAKER_00]\nWe did.\n\n[SPEAKER_01]\nDid you?\n\n[SPEAKER_00]\nYes.\n"
    assert turns(tmp_path, a_txt=text)[:2] == [("SPEAKER_00", "We did."), ("SPEAKER_01", "Did you?")]


def test_names_under_times_of_their_own_are_speakers_though_each_comes_once(tmp_path: Path) -> None:
    text = "00:01\nNia Cadwallen\nWe waited.\n\n00:09\nWill Adeyinka\nA year.\n"
    assert turns(tmp_path, a_txt=text) == [("Nia Cadwallen", "We waited."), ("Will Adeyinka", "A year.")]


def test_one_who_is_on_the_roster_speaks_though_much_stands_above(tmp_path: Path) -> None:
    above = "We met in the hall and had much to say of the bus.\n\nSo we wrote down what each of us had seen.\n\n"
    text = 3 * above + "Nia Cadwallen: We waited.\n\nThen the bus came.\n"
    with pytest.raises(NoSpeakers):
        read(tmp_path, a_txt=text)
    found = turns(tmp_path, a_txt=text, participants_csv="name\nNia Cadwallen\n")
    assert found == [("Nia Cadwallen", "We waited. Then the bus came.")]


def test_lines_with_tabs_that_are_no_table_are_lines(tmp_path: Path) -> None:
    text = "00:01\t\tNia Cadwallen: We waited.\n00:05\t\tWill Adeyinka: A year.\n00:09\t\tNia Cadwallen: Two.\n"
    said = [("Nia Cadwallen", "We waited."), ("Will Adeyinka", "A year."), ("Nia Cadwallen", "Two.")]
    assert turns(tmp_path, a_txt=text) == said


def test_what_is_quoted_in_talk_is_no_echo_of_a_chat(tmp_path: Path) -> None:
    words = 'Replying to "we will see you" took a year, and then they said "no"'
    text = f'Nia: {words}\nWill: They kept\nreplying to "what now" with "nothing"\nNia: Yes.\n'
    said = [("Nia", words), ("Will", 'They kept replying to "what now" with "nothing"'), ("Nia", "Yes.")]
    assert turns(tmp_path, a_txt=text) == said


def test_words_in_stars_are_emphasis_where_names_stand_before_colons(tmp_path: Path) -> None:
    text = "Nia Rees: We waited.\n\n**Council Tax** went up.\n\nWill Hall: So it did.\n\n"
    assert turns(tmp_path, a_txt=text * 2) == 2 * [
        ("Nia Rees", "We waited. **Council Tax** went up."),
        ("Will Hall", "So it did."),
    ]


@pytest.mark.parametrize("row", ['"We waited a year.\nWill\tHe said no."', '"No way" is what they said.'])
def test_quotation_marks_after_a_tab_make_no_spreadsheet_of_what_is_typed(tmp_path: Path, row: str) -> None:
    text = f"Time\tSpeaker\tText\n0:01\tNia\t{row}\n".replace("\nWill", "\n0:04\tWill")
    said = [cells.split("\t")[-1] for cells in text.splitlines()[1:]]
    assert [words for _, words in turns(tmp_path, a_txt=text)] == said


@pytest.mark.parametrize(
    "form",
    [
        "[{time}.020] - {who}\n{words}\n", "{who} ({time}.234)\n{words}\n", "{who} [{time}.02]\n{words}\n",
        "[{time}.000 --> 01:09:00.000] {who}: {words}\n", "[{time}.5] {who}: {words}\n",
    ],
)  # fmt: skip
def test_a_part_of_a_second_is_no_minute_and_second(tmp_path: Path, form: str) -> None:
    """Happy Scribe, Riverside and Trint write 00:00:14.02, which was taken for 14 minutes and 2 seconds."""
    times = ("00:00:03", "00:00:14", "01:02:05")
    text = "\n".join(form.format(time=at, who=who, words=said) for at, (who, said) in zip(times, EXPECTED, strict=True))
    assert turns(tmp_path, a_txt=text) == EXPECTED
    assert [int(start) for start in read(tmp_path).source_turns["start_s"]] == [3, 14, 3725]


def test_a_captioners_marks_without_a_name_begin_somebody_elses_words(tmp_path: Path) -> None:
    text = ">> NIA: Who has\nthe key?\n>> Nobody.\n>> I don't.\n>> WILL: Nor do I.\n>> NIA: Right.\n>> WILL: So.\n"
    assert turns(tmp_path, a_txt=text) == [
        ("NIA", "Who has the key?"),
        ("Unknown speaker 1", "Nobody."),
        ("Unknown speaker 1", "I don't."),
        ("WILL", "Nor do I."),
        ("NIA", "Right."),
        ("WILL", "So."),
    ]


def test_a_captioners_marks_part_the_words_of_a_text_that_names_nobody(tmp_path: Path) -> None:
    text = "Live captions\n\n>> Who has\nthe key?\n>> Nobody.\n>> And the file?\n"
    assert turns(tmp_path, a_txt=text) == [
        ("Unknown speaker 1", words) for words in ("Who has the key?", "Nobody.", "And the file?")
    ]


def test_a_mail_with_what_it_answers_is_no_talk(tmp_path: Path) -> None:
    with pytest.raises(NoSpeakers):
        read(tmp_path, a_txt="Fine by me.\n\n> Shall we meet?\n>\n>> We could meet.\n>> In March.\n>> Or in May.\n")


@pytest.mark.parametrize("who", ["P1/P2", "P1&P2", "P1 and P3", "All", "Several", "Multiple speakers"])
def test_several_who_speak_at_once_and_only_once_keep_their_words(tmp_path: Path, who: str) -> None:
    said = [
        ("I", "Is it locked?"),
        ("P1", "Yes."),
        ("P2", "It is."),
        ("I", "And lost?"),
        ("P1", "Quite."),
        ("I", "So."),
    ]
    said[4:4] = [(who, "Aye.")]
    assert turns(tmp_path, a_txt="\n\n".join(f"{name}: {words}" for name, words in said)) == said


def test_two_letters_with_a_mark_between_them_are_no_people(tmp_path: Path) -> None:
    text = (
        "Nia: How was it?\n\nWill: Long.\n\nA&E: that was the worst.\n\nNia: And then?\n\nWill: Home.\n\nNia: Good.\n"
    )
    assert {who for who, _ in turns(tmp_path, a_txt=text)} == {"Nia", "Will"}


WAITED = "NC: Nobody had read\nthe file, and nobody\nknew where it was.\nWA: Ours is in\na drawer.\nNC: Since when, and\nwho put it there, and\nwhy is it\nlocked?\nWA: Nobody\nknows. We asked\nat ten, and then\nat eleven.\nNC: I see.\nWA: We wait.".split(
    "\n"
)
SAID_IN_LINES = [
    ("NC", "Nobody had read the file, and nobody knew where it was."),
    ("WA", "Ours is in a drawer."),
    ("NC", "Since when, and who put it there, and why is it locked?"),
    ("WA", "Nobody knows. We asked at ten, and then at eleven."),
    ("NC", "I see."),
    ("WA", "We wait."),
]


@pytest.mark.parametrize("form", ["{n:<4}{line}", "{n}\t{line}"])
def test_numbers_of_every_fifth_line_are_said_by_nobody(tmp_path: Path, form: str) -> None:
    """5 WA: was somebody of that name, and 10 stood in the words."""
    counted = [form.format(n="" if n % 5 else n, line=line) for n, line in enumerate(WAITED, 1)]
    assert turns(tmp_path, a_txt="\n".join(counted)) == SAID_IN_LINES


def test_numbers_that_begin_anew_on_each_page_are_said_by_nobody_on_a_short_page_either(tmp_path: Path) -> None:
    pages = [WAITED[:6], WAITED[6:12], WAITED[12:]]
    rows = [
        row
        for number, page in enumerate(pages, 1)
        for row in (f"{number:>40}", *(f"{n:>2}  {line}" for n, line in enumerate(page, 1)))
    ]
    assert turns(tmp_path, a_txt="\n".join(rows)) == SAID_IN_LINES


def test_fives_that_somebody_counts_are_said(tmp_path: Path) -> None:
    lines = list(WAITED)
    lines[1], lines[7], lines[12] = "5 of us, and nobody", "10 of them", "15 times."
    assert "15 times." in turns(tmp_path, a_txt="\n".join(lines))[3][1]


def test_a_dash_after_a_word_and_its_time_is_said(tmp_path: Path) -> None:
    said = [
        "Well - we met.",
        "It rained.",
        "Trust - that went.",
        "We left.",
        "Well - in May.",
        "And then?",
        "Trust me.",
    ]
    text = "\n".join(f"[00:0{n}] {words}" for n, words in enumerate(said))
    assert turns(tmp_path, a_txt=text) == [("Unknown speaker 1", " ".join(said))]


PAGES = {
    "name, time, words": "{who}\n{time}\n{words}",
    "name, time, words, lines between": "{who}\n{time}\n{words}\n",
    "time, name, words": "{time}\n{who}\n{words}\n",
    "each a paragraph": "{who}\n\n{time}\n\n{words}\n",
    "Teams, with initials for a picture": "{badge}\n{who}\n0 minutes 3 seconds\n{time}\n{who} 0 minutes 3 seconds\n{words}",
}


@pytest.mark.parametrize("page", PAGES)
def test_what_is_copied_from_a_page_has_its_names_beside_its_times(tmp_path: Path, page: str) -> None:
    """Without empty lines all was said by nobody, names and all; and who spoke once before the others was left out."""
    said = [("Rose Delahaye", "Who has read the file?"), *SAID[1:], ("Gwyn Pask", "Mm")]
    text = "\n".join(
        PAGES[page].format(who=who, words=words, time=f"0:0{n}", badge="".join(part[0] for part in who.split()))
        for n, (who, words) in enumerate(said)
    )
    assert turns(tmp_path, a_txt=text) == said
    assert list(read(tmp_path).source_turns["start_s"]) == list(range(len(said)))


def test_names_under_few_of_the_times_are_speakers_and_a_title_above_them_is_none(tmp_path: Path) -> None:
    """A page may give each paragraph its time, and a name only where another begins."""
    said = [("Nia Bowen", "We met.", "It rained."), ("Wil Tudur", "It did.", "All day."), ("Nia Bowen", "So.", "Well.")]
    text = "0:00\nBudget Reality\n\n" + "".join(
        f"{who}\n0:01\n{one}\n\n0:02\n{two}\n\n0:03\nMm.\n\n" for who, one, two in said
    )
    assert turns(tmp_path, a_txt=text) == [(who, f"{one} {two} Mm.") for who, one, two in said]


@pytest.mark.parametrize(
    "noted",
    [
        "  ACTION ITEM: Find the key - WATCH: https://fathom.example/share/a?timestamp=56",
        "SCREEN SHARING: Nia started screen sharing - WATCH: https://fathom.example/share/a?timestamp=9.9",
    ],
)
def test_what_fathom_puts_among_the_words_is_said_by_nobody(tmp_path: Path, noted: str) -> None:
    text = f"0:03 - Nia Cadwallen (Cantref Bay)\n  Who has it?\n{noted}\n\n0:09 - Will Adeyinka\n  I don't.\n"
    assert turns(tmp_path, a_txt=text) == [
        ("Nia Cadwallen (Cantref Bay)", "Who has it?"),
        ("Will Adeyinka", "I don't."),
    ]


def test_notes_that_say_a_machine_made_them_are_pointed_at_and_the_line_is_said_by_nobody(tmp_path: Path) -> None:
    text = "Nia Pryce: explained that it rained.\n\nWill Tan: said that it did.\n\nAI-generated content may be incorrect.\n"
    assert turns(tmp_path, a_txt=text)[-1] == ("Will Tan", "said that it did.")
    assert ["a machine" in doubt.what for doubt in read(tmp_path).report.files[0].doubts] == [True]


def _printed(foot: str) -> str:
    """Three pages of nine lines each, with a foot."""
    words = "we waited and it rained so they sent a letter and nobody came then someone rang us".split()
    lines = [
        f"{'Nia' if n % 2 else 'Will'}: {words[n % 17]} {words[(n * 5) % 17]}\nand {words[n * 3 % 17]}"
        for n in range(15)
    ]
    rows = "\n".join(lines).split("\n")
    return "\n".join("\n".join(rows[at * 10 : at * 10 + 10]) + f"\n\n{foot.format(n=at + 7)}\n" for at in range(3))


@pytest.mark.parametrize(
    "foot", ["Cantref Bay Inquiry      24 February 2026\n          {n}", "- {n} -\n\x0cDay 2 of the Inquiry", "{n}"]
)
def test_the_edges_of_printed_pages_are_said_by_nobody(tmp_path: Path, foot: str) -> None:
    made = " ".join(words for _, words in turns(tmp_path, a_txt=_printed(foot)))
    assert not any(edge in made for edge in ("Inquiry", "7", "8", "9"))
    assert {reason for _, reason in left_out(tmp_path)} == {"the head or foot of a page"}


def test_numbers_and_words_that_come_again_are_said_where_no_pages_are_counted(tmp_path: Path) -> None:
    made = " ".join(words for _, words in turns(tmp_path, a_txt=_printed("we waited {n}")))
    assert [f"we waited {n}" in made for n in (7, 8, 9)] == [True] * 3


def test_a_name_that_stands_at_the_top_of_each_page_speaks(tmp_path: Path) -> None:
    page = "\n\n".join(f"{who}\n{words}." for who, words in [("Nia Bowen", "One"), ("Wil Tudur", "Two")] * 3)
    made = turns(tmp_path, a_txt="\n\n".join(f"{page}\n\n{number}" for number in (1, 2, 3)))
    assert made == [("Nia Bowen", "One."), ("Wil Tudur", "Two.")] * 9


def test_sounds_in_brackets_before_the_words_are_nobody(tmp_path: Path) -> None:
    with pytest.raises(NoSpeakers):
        read(
            tmp_path, a_txt="(Laughter) We met.\n\n(Applause) It rained.\n\n(Laughter) So we left.\n\n(Applause) Yes.\n"
        )


MIXED = [
    ("INT", "Who has it?"),
    ("R1", "Nobody had. It's locked."),
    ("R2", "We waited."),
    ("INT", "So?"),
    ("R1", "So."),
]


@pytest.mark.parametrize("mark", [":\t", "\t", "   ", ";  ", ":", "; "])
@pytest.mark.parametrize("which", [0, 2, 3, 4])
def test_a_name_without_its_colon_begins_that_persons_words(tmp_path: Path, mark: str, which: int) -> None:
    """They were said by whoever spoke before."""
    said = [*MIXED, *MIXED]
    text = "\n\n".join(f"{who}{mark if n == which + 5 else ': '}{words}" for n, (who, words) in enumerate(said))
    assert turns(tmp_path, a_txt=text) == said


def test_a_number_after_a_letter_is_who_speaks_where_only_the_colon_is_forgotten(tmp_path: Path) -> None:
    text = "INT: Who has it?\n\nR1: Nobody.\n\nR2 It's locked.\n\nINT: So?\n\nR2 said it first: it is.\n\nR2: Yes.\n"
    assert turns(tmp_path, a_txt=text) == [
        ("INT", "Who has it?"),
        ("R1", "Nobody."),
        ("R2", "It's locked."),
        ("INT", "So? R2 said it first: it is."),
        ("R2", "Yes."),
    ]


def test_a_name_that_a_line_begins_with_is_said_where_no_paragraph_begins(tmp_path: Path) -> None:
    text = "Nia: I told\nWill; he knew, and\nWill  knew why.\n\nWill: Did I?\n\nNia: You did.\n\nWill was late.\n\nWill: No.\n"
    assert turns(tmp_path, a_txt=text) == [
        ("Nia", "I told Will; he knew, and Will  knew why."),
        ("Will", "Did I?"),
        ("Nia", "You did. Will was late."),
        ("Will", "No."),
    ]


@pytest.mark.parametrize("whole", [True, False])
def test_who_speaks_once_under_a_name_on_a_line_of_its_own_has_their_words(tmp_path: Path, whole: bool) -> None:
    """Above those who come again they were left out; below, a first name and its words were in another's mouth."""
    said = [
        ("Rose Delahaye", "Welcome to all."),
        ("Nia Rees", "We met."),
        ("Will Hall", "It rained."),
        ("Nia Rees", "So."),
        ("Gwyn Pask", "Mm, twice."),
        ("Will Hall", "Yes."),
    ]
    said = [(who if whole else who.split()[0], words) for who, words in said]
    text = "Public Trust\n\n" + "\n\n".join(f"{who}\n{words}" for who, words in said)
    assert turns(tmp_path, a_txt=text) == said
    assert [words for words, _ in left_out(tmp_path)] == ["Public Trust"]


def test_a_title_over_a_sentence_about_the_meeting_is_nobody(tmp_path: Path) -> None:
    said = "Nia\nWe met.\n\nWill\nIt rained.\n\nNia\nSo.\n\nWill\nYes.\n"
    for above in (
        "Panel\nHeld in the library on 3 March.",
        "Housing\nThis is the record of what was said.",
        "Pawb\nCofnod i bawb o'r hyn a ddywedwyd.",  # "i" is "to" in Welsh
    ):
        assert turns(tmp_path, a_txt=f"{above}\n\n{said}")[0] == ("Nia", "We met.")
        assert [words for words, _ in left_out(tmp_path)] == above.split("\n")


def test_a_word_on_a_line_of_its_own_is_said_where_paragraphs_go_without_names(tmp_path: Path) -> None:
    text = "Nia\nWe met.\n\nAnd so.\nAll day.\n\nWill\nIt rained.\n\nNia\nSo.\n\nTrust\nis all.\n\nWill\nYes.\n\nNia\nSo.\n"
    assert turns(tmp_path, a_txt=text)[2] == ("Nia", "So. Trust is all.")


@pytest.mark.parametrize("gap", ["  ", "      ", " "])
@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_a_gap_after_the_name_is_the_way_of_a_file_that_has_it_throughout(
    tmp_path: Path, gap: str, between: str
) -> None:
    said = [*MIXED, *MIXED]
    assert turns(tmp_path, a_txt=between.join(f"{who}{gap}{words}" for who, words in said)) == said


@pytest.mark.parametrize(
    "text",
    [
        "NIA REES Who has it?\n\nWILL HALL Nobody.\n\nNIA REES So?\n\nWILL HALL So.\n",
        "Agenda  for May\n\nWe met  and it rained.\n\nAgenda  for June\n\nIt rained.\n\nAnd more.\n",
        "We met. It rained\nMonday  and Tuesday\nand more\nthen Will\nMonday  again\nTuesday  too\n",
    ],
)
def test_a_gap_or_a_word_in_capitals_is_nobody_by_itself(tmp_path: Path, text: str) -> None:
    with pytest.raises(NoSpeakers):
        read(tmp_path, a_txt=text)


@pytest.mark.parametrize("point", [".", ","])
def test_audacitys_labels_are_words_at_their_times_with_or_without_names(tmp_path: Path, point: str) -> None:
    rows = [f"{n}{point}500000\t{n + 1}{point}000000\t{who}: {words}" for n, (who, words) in enumerate(EXPECTED)]
    assert turns(tmp_path, a_txt="\n".join(rows)) == EXPECTED
    assert list(read(tmp_path).source_turns["start_s"]) == [0.5, 1.5, 2.5]
    bare = "\n".join(f"{n}{point}500000\t{n + 1}{point}000000\t{words}" for n, (_, words) in enumerate(EXPECTED))
    assert turns(tmp_path, a_txt=bare) == [("Unknown speaker 1", " ".join(words for _, words in EXPECTED))]


def test_whisper_cpp_tells_two_channels_apart_in_round_brackets(tmp_path: Path) -> None:
    """Both were one speaker, with (speaker 0) in what they said."""
    text = "".join(
        f"[00:00:0{n}.000 --> 00:00:0{n}.900]  (speaker {who}) {words}\n"
        for n, (who, words) in enumerate([("0", "Who has it?"), ("1", "Nobody."), ("?", "So."), ("1", "We wait.")])
    )
    assert turns(tmp_path, a_txt=text) == [
        ("speaker 0", "Who has it?"),
        ("speaker 1", "Nobody."),
        ("speaker", "So."),
        ("speaker 1", "We wait."),
    ]


def test_in_small_letters_a_name_that_is_a_word_speaks_and_so_does_who_speaks_once(tmp_path: Path) -> None:
    """ "will:" opens a sentence elsewhere: all of it was in the mouth of who spoke before."""
    said = [
        ("nia", "who has read the file?"),
        ("will", "ours was in a drawer."),
        ("nia", "and what came of it?"),
        ("gwyn", "mm, we had two."),
        ("will", "a letter came."),
    ]
    assert turns(tmp_path, a_txt="\n".join(f"{who}: {words}" for who, words in said)) == said


def test_in_small_letters_a_word_before_a_colon_is_said_where_a_paragraph_goes_without(tmp_path: Path) -> None:
    many = "nia: we met.\n\nifor: it rained.\n\n" * 12
    text = f"{many}nia: so.\n\nall day.\n\ntrust: that's all.\n\nifor: yes.\n"
    assert turns(tmp_path, a_txt=text)[-2:] == [("nia", "so. all day. trust: that's all."), ("ifor", "yes.")]
