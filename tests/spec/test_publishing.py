"""Publishing: what an edited paper may say, and what `roundtable verify` calls it when it says something else.

Two invented roundtables. Approved are six quotes, among them:

    P01, local government     Trust is built at the front desk, not in a strategy.
    P04, no attribution       It’s the silence that costs us.
    P05, local government     I’d rather have half the money for twice as long.
    P09, third sector         Trust leaves on horseback and comes back on foot.

Six of nine participants spoke about "Trust is built in person" and about "Short-term money", one about "Leadership
and risk"; a dissent is printed under "Short-term money". P08 may not be quoted.
"""

from __future__ import annotations

import io
import zipfile
from functools import cache

import openpyxl
import pytest

from pipeline.synthesis.publish import RELEASE_FILES, draft_files, release_files, write_release
from pipeline.synthesis.verify.check import Run, verify_document
from pipeline.synthesis.wording import Scale
from tests.unit.synthesis.invented import ACCEPTED, decided, material

SAID = """
what the paper says                                                                  | what it is
“Trust leaves on horseback and comes back on foot.”                                  | true
As one participant said, “Trust leaves on horseback and comes back on foot”, and so. | typography_only
"Trust leaves on horseback and comes back on foot."                                  | true
“Trust leaves on a horse and comes back on foot.”                                    | changed
“Trust leaves on horseback and comes back.”                                          | changed
“trust leaves on horseback and comes back on foot.”                                  | changed
“Trust does not leave on horseback and comes back on foot.”                          | changed
“I’d rather have half the money for three times as long.”                            | changed
“It’s the silence that costs us”                                                     | changed
“It’s the silence that costs us” — one participant                                   | changed
“Trust is built at the front desk, not twelve months is no time at all.”             | spliced
“Trust leaves on horseback and the same faces are the service.”                      | spliced
“People remember how you treated them when it went wrong.”                           | not_approved
“I don’t think honesty costs us anything. It’s the silence that costs us.”           | not_approved
We heard that people remember how you treated them when it went wrong.               | not_approved
“100 % of it comes down to whether somebody rings back.”                             | no_consent
“Three-year money let us keep, and the same faces are the service.”                  | changed
“We told the families the truth, and they stayed with us.”                           | spliced
“The moon is made of very old green cheese, as everybody knows.”                     | unknown
They called for ‘radical candour’ in public services.                                | typography_only
"""


def rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split(" | ")] for line in table.strip().splitlines()[1:]]


@cache
def run() -> Run:
    return Run(decided(), Scale())


def verified(text: str) -> list[str]:
    report = verify_document("paper.md", text.encode(), decided(), run=run())
    return [found.kind for found in report.findings] or [found.kind for found in report.checked]


@pytest.mark.parametrize(("text", "kind"), rows(SAID))
def test_what_is_quoted_is_called_what_it_is(text: str, kind: str) -> None:
    assert verified(text) == [kind]


CREDITED = """
what the paper says                                                                                  | what it is
“Trust leaves on horseback and comes back on foot.” — a participant from the third sector            | true
“Trust leaves on horseback and comes back on foot.” — one participant                                | true
“Trust leaves on horseback and comes back on foot.” — a participant from health                      | misattributed
“Trust leaves on horseback and comes back on foot.” — P09                                            | true
“Trust leaves on horseback and comes back on foot.” — P01                                            | misattributed
As the facilitator put it, “Trust leaves on horseback and comes back on foot.”                       | misattributed
A participant from local government said: “Trust leaves on horseback and comes back on foot.”        | misattributed
“It’s the silence that costs us.” — a participant from the third sector                              | misattributed
“Mae’r arian yn dod i ben cyn i’r gwaith ddechrau.” — cyfranogwr o faes health                       | true
“Mae’r arian yn dod i ben cyn i’r gwaith ddechrau.” — cyfranogwr o faes police                       | misattributed
"""


@pytest.mark.parametrize(("text", "kind"), rows(CREDITED))
def test_a_credit_may_be_coarser_than_agreed_and_never_finer_or_wrong(text: str, kind: str) -> None:
    assert verified(text) == [kind]


COUNTED = """
theme                    | what the paper says                                     | earned
Trust is built in person | Some participants spoke about this.                     | yes
Trust is built in person | Most participants spoke about this.                     | yes
Trust is built in person | The majority felt this.                                 | yes
Trust is built in person | There was a shared sense that this is so.               | yes
Trust is built in person | All participants agreed.                                | no
Trust is built in person | Everyone present agreed.                                | no
Trust is built in person | Not everyone agreed.                                    | yes
Trust is built in person | Six of nine participants raised it.                     | yes
Trust is built in person | Seven participants raised it.                           | no
Trust is built in person | Six of eight participants raised it.                    | no
Trust is built in person | Five of ten participants raised it.                     | no
Trust is built in person | “All participants are tired”, we heard nobody say.      | unknown
Trust is built in person | Two thirds spoke about this.                            | yes
Trust is built in person | More than half the participants spoke about this.       | yes
Trust is built in person | More than two thirds of participants spoke about this.  | no
Trust is built in person | Three-quarters of those present raised it.              | no
Trust is built in person | It was raised by 67% of participants.                   | yes
Trust is built in person | It was raised by 68 per cent of the participants.       | no
Leadership and risk      | A third of participants raised it.                      | no
Leadership and risk      | A third said that it was slow.                          | yes
Leadership and risk      | Half of the services are closed.                        | yes
Leadership and risk      | Siaradodd hanner y cyfranogwyr am hyn.                  | no
Short-term money         | Most participants spoke about this.                     | yes
Short-term money         | There was a shared sense that this is so.               | no
Short-term money         | Siaradodd pob cyfranogwr am hyn.                        | no
Short-term money         | Siaradodd y rhan fwyaf o gyfranogwyr am hyn.            | yes
Leadership and risk      | One participant spoke about this.                       | yes
Leadership and risk      | Some participants spoke about this.                     | no
Leadership and risk      | Participants reflected on it.                           | no
Leadership and risk      | Several people use the service.                         | yes
Summary                  | Most participants spoke about short-term money.         | yes
Summary                  | Many participants spoke about leadership and risk.      | no
Summary                  | All participants want change.                           | no
Summary                  | 90% of participants want change.                        | no
Summary                  | 78% of respondents to a survey agreed.                  | yes
Summary                  | Two thirds of participants want change.                 | yes
Summary                  | Six of nine participants want change.                   | yes
Summary                  | Nine participants sat there, all of them for an hour.   | yes
Summary                  | Three quarters of participants worked in the police.    | untold
Summary                  | Most participants came from local government.           | untold
Summary                  | Six participants attended both.                         | untold
Summary                  | Nine participants attended.                             | yes
Summary                  | Ten participants attended.                              | no
Leadership and risk      | All participants worked in Wales.                       | untold
Leadership and risk      | Almost all participants worked in Wales.                | untold
Leadership and risk      | Not all participants worked in Wales.                   | yes
Leadership and risk      | Nine participants worked in Wales.                      | untold
Leadership and risk      | Six of twelve participants worked in Wales.             | no
Leadership and risk      | Eight participants attended and said so.                | no
Leadership and risk      | Most participants who work in health agreed.            | no
Leadership and risk      | All participants joined in the praise.                  | no
Leadership and risk      | All told, there were three, all raised by one person.   | yes
Trust is built in person | Almost all participants agreed.                         | yes
Short-term money         | All agreed.                                             | no
Leadership and risk      | There was a strong consensus.                           | no
Leadership and risk      | There was no clear consensus.                           | yes
Leadership and risk      | Participants from both tables told us this.             | no
"""


@pytest.mark.parametrize(("theme", "text", "earned"), rows(COUNTED))
def test_a_number_of_participants_is_earned_by_those_who_spoke(theme: str, text: str, earned: str) -> None:
    untold = "unchecked_quantifier"  # told, and no finding
    expected = {"yes": [], "no": ["unearned_quantifier"], "unknown": ["unknown"], "untold": [untold]}[earned]
    paper = f"# Trust in public services\n\n## {theme}\n\n{text}\n"
    report = verify_document("paper.md", paper.encode(), decided(), run=run())
    assert [found.kind for found in report.checked if found.is_finding or found.kind == untold] == expected
    assert bool(report.findings) == (earned in {"no", "unknown"})


UNDER = """
under                    | what the paper says there                                                      | what it is
Trust is built in person | “Trust leaves on horseback and comes back on foot.”                            | true
Short-term money         | “Trust leaves on horseback and comes back on foot.”                            | other_theme
Leadership and risk      | > Trust leaves on horseback and comes back on foot.                            | other_theme
Short-term money         | One said, “Trust leaves on horseback and comes back on foot”, and so it is.    | other_theme
Short-term money         | Trust is built in person: “Trust leaves on horseback and comes back on foot.”  | true
Short-term money         | “Trust leaves on horseback and comes back by train.”                           | changed
Summary                  | “Trust leaves on horseback and comes back on foot.”                            | true
Our own reflections      | “Trust leaves on horseback and comes back on foot.”                            | true
"""


@pytest.mark.parametrize(("theme", "text", "kind"), rows(UNDER))
def test_a_quote_stands_under_the_theme_that_it_was_accepted_for(theme: str, text: str, kind: str) -> None:
    paper = f"# Trust in public services\n\n## Short-term money\n\nWell.\n\n## {theme}\n\n{text}\n"
    report = verify_document("paper.md", paper.encode(), decided(), run=run())
    assert [found.kind for found in report.checked if "horseback" in found.text] == [kind]


def test_a_release_holds_six_files_and_only_approved_words() -> None:
    files = release_files(decided())
    assert sorted(files) == sorted(RELEASE_FILES)
    approved = {text for _, text in ACCEPTED}
    others = {text for text in material().statements["text"] if len(text) > 25} - approved
    for name, content in files.items():
        readable = _text(name, content)
        assert not [text for text in others if text in readable], name


def _text(name: str, content: bytes) -> str:
    if name.endswith(".xlsx"):
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        assert sheet is not None
        return "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row)
    if zipfile.is_zipfile(io.BytesIO(content)):
        archive = zipfile.ZipFile(io.BytesIO(content))
        return "\n".join(archive.read(entry).decode("utf-8", "replace") for entry in archive.namelist())
    return content.decode()


def test_a_draft_is_written_before_anybody_decides_and_a_release_is_not(tmp_path):  # type: ignore[no-untyped-def]
    assert sorted(draft_files(material())) == ["report.docx", "report.html"]
    assert write_release(material(), tmp_path / "release").empty
    assert not list((tmp_path / "release").glob("*"))


def test_what_is_taken_back_leaves_the_release(tmp_path):  # type: ignore[no-untyped-def]
    folder = tmp_path / "release"
    assert len(write_release(decided(), folder).files) == 6
    assert write_release(material(), folder).empty
    assert list(folder.iterdir()) == []
