"""What is set in bold without a name is in nobody's mouth by mistake, and read where bold alone tells who asks."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import NoSpeakers
from tests.unit.ingest.files import docx, left_out, paragraph, read, run, turns

HEADING = "a heading: nobody is said to have said it"
ASKED = [
    ("Interviewer", "Who has read the file?"),
    ("Participant", "Nobody had. It was locked."),
    ("Interviewer", "And what came of it?"),
    ("Participant", "A letter."),
    ("Interviewer", "Thank you. Anything else?"),
    ("Participant", "No."),
]


def _bold(text: str) -> str:
    return paragraph(run(text, bold=True))


def _plain(*lines: str) -> str:
    return "".join(paragraph(run(line)) for line in lines)


def test_who_asks_in_bold_and_who_answers_are_two_people_where_nobody_is_named(tmp_path: Path) -> None:
    body = _bold("Interview with a patient") + "".join(
        _bold(words) if who == "Interviewer" else _plain(*words.split(". ", 1)) for who, words in ASKED
    )
    said = [(who, words.replace("had. It", "had It")) for who, words in ASKED]
    assert turns(tmp_path, a_docx=docx(body)) == said
    assert "nobody is named" in read(tmp_path).report.files[0].doubts[0].what
    assert [words for words, _ in left_out(tmp_path)] == ["Interview with a patient"]


def test_questions_between_stars_are_the_interviewers_without_their_stars(tmp_path: Path) -> None:
    text = "\n\n".join(f"**{words}**" if who == "Interviewer" else words for who, words in ASKED)
    assert turns(tmp_path, a_md=text) == ASKED


def test_who_asks_in_bold_is_who_a_line_above_says(tmp_path: Path) -> None:
    """The line `Participant: P4` above the talk took in all of it, the questions too."""
    body = _plain("Interviewer: Nia Pryce", "Participant: P4") + "".join(
        _bold(words) if who == "Interviewer" else _plain(words) for who, words in ASKED
    )
    assert turns(tmp_path, a_docx=docx(body)) == ASKED


def test_questions_in_bold_are_not_said_by_the_participant_who_spoke_before(tmp_path: Path) -> None:
    body = _plain("Will: It began in May.") + _bold("And then?") + _plain("Rose: We waited.", "For a year.")
    body += _bold("A year?") + _plain("We did.", "Will: Yes.", "Rose: So.")
    assert turns(tmp_path, a_docx=docx(body)) == [
        ("Will", "It began in May."),
        ("Unknown speaker 1", "And then?"),
        ("Rose", "We waited. For a year."),
        ("Unknown speaker 1", "A year?"),
        ("Rose", "We did."),
        ("Will", "Yes."),
        ("Rose", "So."),
    ]
    assert "questions in bold" in read(tmp_path).report.files[0].doubts[0].what


def test_a_guides_questions_in_bold_are_headings_where_a_facilitator_speaks(tmp_path: Path) -> None:
    body = _plain("Facilitator: Welcome.") + _bold("What is trust?") + _plain("Nia: It is.", "Will: So.")
    body += _bold("And what is lost?") + _plain("Nia: All.", "Facilitator: Ah.", "Will: Mm.")
    assert [who for who, _ in turns(tmp_path, a_docx=docx(body))] == [
        "Facilitator", "Nia", "Will", "Nia", "Facilitator", "Will",
    ]  # fmt: skip
    assert left_out(tmp_path) == [("What is trust?", HEADING), ("And what is lost?", HEADING)]


def test_a_topic_in_bold_above_a_name_is_in_nobodys_mouth_though_turns_have_paragraphs(tmp_path: Path) -> None:
    body = _plain("Nia: We met.", "It rained.", "All day.") + _bold("Waiting times and access")
    body += _plain("Will: We waited.", "A year.", "Nia: So.", "Well.", "Will: Yes.")
    assert turns(tmp_path, a_docx=docx(body))[0] == ("Nia", "We met. It rained. All day.")
    assert left_out(tmp_path) == [("Waiting times and access", HEADING)]


def test_a_heading_of_markdown_is_in_nobodys_mouth(tmp_path: Path) -> None:
    text = "Nia: We met.\n\nAnd more.\n\n## Waiting times\n\nWill: We waited.\n\nAnd so.\n\nNia: Yes."
    text += "\n\nWill: No.\n\n## Next steps\n"
    assert turns(tmp_path, a_md=text) == [
        ("Nia", "We met. And more."),
        ("Will", "We waited. And so."),
        ("Nia", "Yes."),
        ("Will", "No."),
    ]
    assert left_out(tmp_path) == [("## Waiting times", HEADING), ("## Next steps", HEADING)]


@pytest.mark.parametrize("stressed", ["And nobody came.", "Was it ever mended?"])
def test_what_somebody_stressed_in_what_was_said_stays_theirs(tmp_path: Path, stressed: str) -> None:
    body = _plain("Nia: We met.", "Will: It rained.") + _bold(stressed) + _plain("Nia: So.", "Will: No.")
    assert turns(tmp_path, a_docx=docx(body))[1] == ("Will", f"It rained. {stressed}")


def test_a_report_with_headings_in_bold_is_no_interview(tmp_path: Path) -> None:
    body = "".join(_bold(title) + _plain("It was found that all had waited.") for title in ("Aims", "Waiting", "Cost"))
    with pytest.raises(NoSpeakers):
        read(tmp_path, a_docx=docx(body))
