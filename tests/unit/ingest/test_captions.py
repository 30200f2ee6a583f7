# ruff: noqa: E501, W293 - a file that is read stands here as it is
"""Captions are read as the turns that a person would write down."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import UnreadableFile
from tests.unit.ingest.files import left_out, read, turns

GUID = "3f2a9c10-7b4e-4d11-9c55-0a1b2c3d4e5f"

TEAMS = f"""WEBVTT

{GUID}/12-0
00:00:03.258 --> 00:00:05.418
<v Cadwallen, Nia [Lleisiau]>Nobody had read the file. Nobody</v>

{GUID}/12-1
00:00:05.418 --> 00:00:08.100
<v Cadwallen, Nia [Lleisiau]>ever does.</v>

{GUID}/18-0
00:00:09.002 --> 00:00:13.540
<v Will Adeyinka>Ours is in a drawer &amp; locked.</v>
"""


def test_cues_that_teams_cut_out_of_one_utterance_are_one_turn(tmp_path: Path) -> None:
    assert turns(tmp_path, a_vtt=TEAMS) == [
        ("Cadwallen, Nia [Lleisiau]", "Nobody had read the file. Nobody ever does."),
        ("Will Adeyinka", "Ours is in a drawer & locked."),
    ]


def test_a_turn_says_its_cues_and_its_times(tmp_path: Path) -> None:
    first = next(read(tmp_path, a_vtt=TEAMS).source_turns.itertuples())
    assert (first.locator, first.start_s, first.end_s) == ("cue 12-0 to 12-1", 3.258, 8.1)


def test_an_utterance_is_one_though_another_spoke_between_its_cues(tmp_path: Path) -> None:
    text = f"""WEBVTT

{GUID}/1-0
0:0:0.0 --> 0:0:2.0
<v Nia>The file says that

{GUID}/2-0
0:0:1.0 --> 0:0:1.5
<v Will>Mm.</v>

{GUID}/1-1
0:0:2.0 --> 0:0:4.0
<v Nia>I can't be trusted.</v>
"""
    assert turns(tmp_path, a_vtt=text) == [("Nia", "The file says that I can't be trusted."), ("Will", "Mm.")]


def test_line_ends_marks_and_headers_change_nothing(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    windows = tmp_path / "windows"
    plain.mkdir(), windows.mkdir()
    header = "WEBVTT - a meeting\nKind: captions\nLanguage: en"
    marked = TEAMS.replace("WEBVTT", header).replace("\n", "\r\n").encode("utf-8-sig")
    assert turns(windows, a_vtt=marked) == turns(plain, a_vtt=TEAMS)


def test_zoom_names_stand_before_a_colon_and_a_cue_without_one_is_nobody_known(tmp_path: Path) -> None:
    text = """WEBVTT

1
00:00:00.050 --> 00:00:01.790
Nia Cadwallen: Shwmae, bawb.

2
00:00:02.000 --> 00:00:04.000
Will Adeyinka: So here's the thing: nobody rings

3
00:00:04.100 --> 00:00:06.000
Will Adeyinka: back.

4
00:00:07.000 --> 00:00:07.400
Hmm.

5
00:00:08.000 --> 00:00:12.000
Rose: Well. Note: a colon is not a name.
"""
    assert turns(tmp_path, a_vtt=text) == [
        ("Nia Cadwallen", "Shwmae, bawb."),
        ("Will Adeyinka", "So here's the thing: nobody rings back."),
        ("Unknown speaker 1", "Hmm."),
        ("Rose", "Well. Note: a colon is not a name."),
    ]


def test_a_name_that_comes_only_when_the_speaker_changes_holds_until_the_next(tmp_path: Path) -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\nNIA: We were told\n\n2\n00:00:02,000 --> 00:00:03,000\nnothing at all.\n\n3\n00:00:03,000 --> 00:00:04,000\nWILL: Same.\n"
    assert turns(tmp_path, a_srt=text) == [("NIA", "We were told nothing at all."), ("WILL", "Same.")]


def test_two_voices_in_a_cue_are_two_turns(tmp_path: Path) -> None:
    text = """WEBVTT

00:01.000 --> 00:04.000
<v.loud Nia>Is it minuted?</v>
<v Will>No.

00:05.000 --> 00:06.000
<v Will>It never is.
"""
    assert turns(tmp_path, a_vtt=text) == [("Nia", "Is it minuted?"), ("Will", "No. It never is.")]


def test_somebody_who_was_given_a_cue_but_no_words_still_parts_two_turns(tmp_path: Path) -> None:
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Nia>Before.</v>\n\n00:02.000 --> 00:03.000\n<v Will></v>\n\n00:03.000 --> 00:04.000\n<v Nia>After.</v>\n"
    assert turns(tmp_path, a_vtt=text) == [("Nia", "Before."), ("Nia", "After.")]


def test_rolling_captions_say_each_line_once(tmp_path: Path) -> None:
    text = """WEBVTT
Kind: captions
Language: en

00:00:00.560 --> 00:00:02.870 align:start position:0%
 
the first<00:00:01.000><c> question is</c>

00:00:02.870 --> 00:00:02.880 align:start position:0%
the first question is
 

00:00:02.880 --> 00:00:05.199 align:start position:0%
the first question is
who<00:00:03.000><c> carries the bag</c>

00:00:05.199 --> 00:00:08.030 align:start position:0%
who carries the bag
and who pays
"""
    assert turns(tmp_path, a_vtt=text) == [
        ("Unknown speaker 1", "the first question is who carries the bag and who pays")
    ]
    assert {reason for _, reason in left_out(tmp_path)} == {"said in the cue before already (rolling captions)"}


def test_who_says_yes_twice_said_it_twice(tmp_path: Path) -> None:
    text = "WEBVTT\n\n" + "".join(
        f"00:0{at}.000 --> 00:0{at}.900\n{words}\n\n"
        for at, words in enumerate(("Yes.", "Yes.", "It was.", "All of it."))
    )
    assert turns(tmp_path, a_vtt=text) == [("Unknown speaker 1", "Yes. Yes. It was. All of it.")]


def test_a_long_silence_parts_captions_without_names(tmp_path: Path) -> None:
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\nThis doesn't.\n\n00:40.000 --> 00:42.000\nAnd these are the steps.\n"
    assert turns(tmp_path, a_vtt=text) == [
        ("Unknown speaker 1", "This doesn't."),
        ("Unknown speaker 1", "And these are the steps."),
    ]


def test_dashes_show_that_another_speaks(tmp_path: Path) -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\n<i>- Who pays?</i>\n- We do.\n"
    assert [said for _, said in turns(tmp_path, a_srt=text)] == ["Who pays?", "We do."]


def test_comments_styles_and_regions_are_nobodys_words(tmp_path: Path) -> None:
    text = """WEBVTT

NOTE
made by hand

STYLE
::cue { color: lime }

REGION
id:left

00:01.000 --> 00:02.000
<v Nia>Only this.</v>
"""
    assert turns(tmp_path, a_vtt=text) == [("Nia", "Only this.")]
    assert left_out(tmp_path) == [("NOTE", "a comment of the file"), ("made by hand", "a comment of the file")]


def test_a_broken_time_costs_no_words_and_is_reported(tmp_path: Path) -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\nOne.\n\n2\n00:00:02,000 --> 00:00:x3\nTwo.\n\n3\n00:00:04,000 --> 00:00:05,000\nThree.\n"
    ingested = read(tmp_path, a_srt=text)
    assert list(ingested.source_turns["text"]) == ["One. Two. Three."]
    assert [doubt.locator for doubt in ingested.report.files[0].doubts] == ["cue 2"]


def test_words_outside_every_cue_are_left_out_with_that_reason(tmp_path: Path) -> None:
    text = "0:00:01.000,0:00:02.000\nOne.\n\nAstray.\n\n0:00:04.000,0:00:05.000\nTwo.\n"
    assert turns(tmp_path, a_sbv=text) == [("Unknown speaker 1", "One. Two.")]
    assert left_out(tmp_path) == [("Astray.", "outside every cue: it has no time")]


def test_cues_need_no_empty_line_between_them(tmp_path: Path) -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\nOne.\n2\n00:00:02,000 --> 00:00:03,000\nTwo.\n00:00:03,000 --> 00:00:04,000\nThree.\n"
    assert turns(tmp_path, a_srt=text) == [("Unknown speaker 1", "One. Two. Three.")]


@pytest.mark.parametrize("text", ["WEBVTT\n", "WEBVTT\n\nonly words\n", "1\n"])
def test_a_file_without_a_cue_is_refused_with_what_is_missing(tmp_path: Path, text: str) -> None:
    with pytest.raises(UnreadableFile, match=r"a\.vtt holds no captions"):
        read(tmp_path, a_vtt=text)


def test_an_identifier_that_may_be_a_name_stands_in_no_locator(tmp_path: Path) -> None:
    text = "WEBVTT\n\nNia's cue\n00:01.000 --> 00:02.000\n<v Nia>Yes.</v>\n"
    assert list(read(tmp_path, a_vtt=text).source_turns["locator"]) == ["line 4"]


def test_webex_names_the_voice_beside_the_number_of_the_cue(tmp_path: Path) -> None:
    text = """WEBVTT

1 "Nia Cadwallen" (3741234)
00:00:01.000 --> 00:00:03.000
Nobody had

2 "Nia Cadwallen" (3741234)
00:00:03.000 --> 00:00:05.000
read the file.

3 "Will Adeyinka" (3745678)
00:00:05.000 --> 00:00:07.000
Ours: it's locked.
"""
    assert turns(tmp_path, a_vtt=text) == [
        ("Nia Cadwallen", "Nobody had read the file."),
        ("Will Adeyinka", "Ours: it's locked."),
    ]


def test_teams_may_tell_a_cues_voice_and_words_as_json(tmp_path: Path) -> None:
    text = """WEBVTT

00:00:01.000 --> 00:00:03.000
{"speakerName":"Siân Tregarth","spokenText":"Nobody said \\"no\\".","spokenLanguage":"en-gb"}

00:00:03.000 --> 00:00:05.000
{"speakerName":"Will Adeyinka","spokenText":"Note: I did.","spokenLanguage":"en-gb"}
"""
    assert turns(tmp_path, a_vtt=text) == [("Siân Tregarth", 'Nobody said "no".'), ("Will Adeyinka", "Note: I did.")]


def test_two_marks_before_the_words_say_that_another_speaks(tmp_path: Path) -> None:
    text = "WEBVTT\n\n0:01.000 --> 0:03.000\nis it locked\n\n0:03.000 --> 0:05.000\n&gt;&gt; twice\n"
    assert [words for _, words in turns(tmp_path, a_vtt=text)] == ["is it locked", "twice"]


@pytest.mark.parametrize(
    "name", ["iPhone (2)", "02920123456", "Rhiannon (she/her) - Cyngor Môn", "Siôn | Hywel #3", "rhiannon môn"]
)
def test_whatever_somebody_calls_themselves_in_zoom_is_their_name(tmp_path: Path, name: str) -> None:
    cues = [(name, "So the thing is:"), (name, "who pays?"), ("Nia Cadwallen", "Nobody."), (name, "Ah.")]
    text = "WEBVTT\n\n" + "".join(
        f"{n}\n00:00:0{n}.000 --> 00:00:0{n + 1}.000\n{who}: {words}\n\n" for n, (who, words) in enumerate(cues, 1)
    )
    assert turns(tmp_path, a_vtt=text) == [
        (name, "So the thing is: who pays?"),
        ("Nia Cadwallen", "Nobody."),
        (name, "Ah."),
    ]


@pytest.mark.parametrize("cue", ["{n}\n{t}\n[{who}] {words}", "{n}\n{t}\n({who})\n{words}", "{n} - {who}\n{t}\n{words}", "{who}\n{t}\n{words}"])  # fmt: skip
def test_a_cues_speaker_may_stand_in_brackets_or_above_its_time(tmp_path: Path, cue: str) -> None:
    said = [("Nia Cadwallen", "Who has it?"), ("Will Adeyinka", "I do."), ("Nia Cadwallen", "[Laughter] Good.")]
    cues = [
        cue.format(n=n, t=f"00:00:0{n},000 --> 00:00:0{n + 1},000", who=who, words=words)
        for n, (who, words) in enumerate(said, 1)
    ]
    assert turns(tmp_path, a_srt="\n\n".join(cues)) == said


def test_a_name_in_brackets_before_a_few_words_is_nobody_speaking(tmp_path: Path) -> None:
    """[Siân Rees] here is who is spoken to, or what a typist put in; most cues begin otherwise."""
    said = ["[Siân Rees] Who has it?", "Nobody.", "We did.", "[Siân Rees] Now it is lost.", "I see.", "So do I."]
    assert turns(tmp_path, a_srt=_srt(said)) == [("Unknown speaker 1", " ".join(said))]


def test_in_capitals_a_name_within_a_cue_is_one(tmp_path: Path) -> None:
    text = "1\n00:00:01,000 --> 00:00:03,000\nNIA: Who has it?\nWILL: I do.\n\n2\n00:00:05,000 --> 00:00:07,000\nNIA: Good.\n"
    assert turns(tmp_path, a_srt=text) == [("NIA", "Who has it?"), ("WILL", "I do."), ("NIA", "Good.")]


def test_who_speaks_once_and_looks_like_no_name_keeps_their_own_words(tmp_path: Path) -> None:
    said = [
        ("Nia Cadwallen", "Can you all hear me?"),
        ("Will Adeyinka", "I can."),
        ("Dr. Ann de Vries-Okafor, Consultant Paediatrician", "So can I."),
        ("Nia Cadwallen", "Good."),
        ("p.okonjo@example.org", "Sorry I'm late."),
        ("Will Adeyinka", "No matter."),
        ("Nia Cadwallen", "So to the plan."),
        ("Will Adeyinka", "It has three parts."),
        ("Siôn | Cwm Taf", "Which?"),
        ("Rhys (he/him) - Cyngor Aeron", "We wrote them."),
        ("Siôn | Cwm Taf", "I mean the parts."),
        ("Rhys (he/him) - Cyngor Aeron", "Most of them."),
    ]
    cues = (f"00:00:{n:02}.000 --> 00:00:{n:02}.900\n{who}: {what}\n" for n, (who, what) in enumerate(said))
    assert turns(tmp_path, a_vtt="WEBVTT\n\n" + "\n".join(cues)) == said


def test_a_sentence_with_a_colon_is_nobody_though_all_others_are_named(tmp_path: Path) -> None:
    said = [("Nia Cadwallen", "One."), ("Will Adeyinka", "Two."), ("Nia Cadwallen", "Three.")] * 4
    cues = [f"00:00:{n:02}.000 --> 00:00:{n:02}.900\n{who}: {what}\n" for n, (who, what) in enumerate(said)]
    cues.append("00:00:20.000 --> 00:00:21.000\nRecruitment and retention in Gwent: that's the issue.\n")
    assert turns(tmp_path, a_vtt="WEBVTT\n\n" + "\n".join(cues))[-1][1].endswith("that's the issue.")
    assert "Recruitment" in turns(tmp_path, a_vtt="WEBVTT\n\n" + "\n".join(cues))[-1][1]


NAMED = [("Nia Cadwallen", "Who has it?"), ("Gwyn Pask", "I do."), ("Nia Cadwallen", "Right."), ("Gwyn Pask", "Yes.")]


def _srt(said: list[str]) -> str:
    return "\n\n".join(f"{n}\n00:00:0{n},000 --> 00:00:0{n},900\n{words}" for n, words in enumerate(said, 1))


@pytest.mark.parametrize("form", ["<b>{}</b>: {}", '<font color="#fff">{}:</font> {}', "({}) {}", "{}\n{}"])
def test_a_name_may_be_set_in_bold_in_brackets_or_above_the_words(tmp_path: Path, form: str) -> None:
    assert turns(tmp_path, a_srt=_srt([form.format(*one) for one in NAMED])) == NAMED


@pytest.mark.parametrize("again", [False, True])
def test_a_colon_that_is_said_in_captions_without_names_gets_nobody_the_rest(tmp_path: Path, again: bool) -> None:
    """Half of a talk that a recogniser wrote down was said by "Budget Reality"."""
    said = ["Who has it?", "Nobody.", "Budget Reality: we have one.", "And it's lost.", "I see.", "So."]
    said += ["Budget Reality: we had one."] * again
    assert turns(tmp_path, a_srt=_srt(said)) == [("Unknown speaker 1", " ".join(said))]


def test_people_who_each_speak_once_and_long_keep_their_words(tmp_path: Path) -> None:
    said = ["Nia Cadwallen: We met.", "It rained.", "It did.", "Gwyn Pask: And then?", "We left.", "All of us."]
    assert turns(tmp_path, a_srt=_srt(said)) == [
        ("Nia Cadwallen", "We met. It rained. It did."),
        ("Gwyn Pask", "And then? We left. All of us."),
    ]


@pytest.mark.parametrize("marks", ["&gt;&gt; ", ">> ", ">>> "])
def test_a_name_after_a_captioners_marks_speaks_and_marks_alone_are_somebody_else(tmp_path: Path, marks: str) -> None:
    said = [*NAMED[:2], ("Unknown speaker 1", "Nobody told me."), *NAMED[2:]]
    cues = [f"{marks}{what}" if who.startswith("Unknown") else f"{marks}{who}: {what}" for who, what in said]
    assert turns(tmp_path, a_srt=_srt(cues)) == said


@pytest.mark.parametrize("form", ["{} - {}", "{} | {}", "{}:{}", "[{}] {}", "{}— {}"])
def test_names_that_nearly_every_cue_begins_with_are_names_in_whatever_form(tmp_path: Path, form: str) -> None:
    """They stood in the words of somebody unknown, where a text in the same form has them as speakers."""
    said = [(who.split()[0].upper(), what) for who, what in NAMED]
    assert turns(tmp_path, a_srt=_srt([form.format(*one) for one in said])) == said


def test_a_dash_that_few_cues_have_parts_no_name_from_the_words(tmp_path: Path) -> None:
    said = ["Trust - that is it.", "So we wait.", "Trust - and then?", "We wait - all of us.", "Trust goes."]
    assert turns(tmp_path, a_srt=_srt(said)) == [("Unknown speaker 1", " ".join(said))]


@pytest.mark.parametrize(
    "named", ["WEBVTT\n\n00:01.000 --> 00:02.000\n<v Nia>{}</v>\n", "00:01.000 --> 00:02.000\nNIA: {}\n"]
)
def test_two_dashes_in_a_cue_that_names_nobody_are_two_people(tmp_path: Path, named: str) -> None:
    """Both were one turn of one unknown speaker, dashes and all, where other cues have names."""
    cue = "\n00:03.000 --> 00:05.000\n- I haven't.\n- Nor have I - nobody has.\n\n"
    text = named.format("Who has it?") + cue + named.removeprefix("WEBVTT\n\n").format("So?")
    nia = "Nia" if "<v" in named else "NIA"
    assert turns(tmp_path, a_vtt=text) == [
        (nia, "Who has it?"),
        ("Unknown speaker 1", "I haven't."),
        ("Unknown speaker 1", "Nor have I - nobody has."),
        (nia, "So?"),
    ]


def test_a_dash_in_a_cue_that_names_its_speaker_is_in_their_words(tmp_path: Path) -> None:
    cues = ["<v Nia>We had two\n- or three.</v>", "<v Will>Two:\n- a letter\n- a call</v>", "<v Nia>So.</v>"]
    text = "WEBVTT\n\n" + "\n\n".join(f"00:0{n}.000 --> 00:0{n}.900\n{cue}" for n, cue in enumerate(cues))
    assert turns(tmp_path, a_vtt=text)[:2] == [("Nia", "We had two - or three."), ("Will", "Two: - a letter - a call")]


def test_a_name_in_brackets_on_a_cues_second_line_begins_that_persons_words(tmp_path: Path) -> None:
    said = [
        "[Nia Rees] Who has it?",
        "[Will Hall] I haven't.\n[Nia Rees] Nor have I.",
        "[Will Hall] So.\n[Laughter] Mm.",
    ]
    text = "\n\n".join(f"{n}\n00:00:0{n},000 --> 00:00:0{n},900\n{cue}" for n, cue in enumerate(said))
    assert turns(tmp_path, a_srt=text) == [
        ("Nia Rees", "Who has it?"),
        ("Will Hall", "I haven't."),
        ("Nia Rees", "Nor have I."),
        ("Will Hall", "So. [Laughter] Mm."),
    ]
