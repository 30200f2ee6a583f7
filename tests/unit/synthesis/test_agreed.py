"""The annex on agreement: the figures of two reviewers and of the machine, each with what it rests on."""

from __future__ import annotations

from pipeline.decisions import Decision
from pipeline.synthesis.compose import compose
from pipeline.synthesis.paper import Annex, Grid, Paper
from pipeline.synthesis.publish import Style, release_files
from pipeline.synthesis.verify.check import verify_document
from tests.unit.synthesis.invented import ACCEPTED, decide, decisions, material, quotes, span


def by(reviewer: str, decision: Decision) -> Decision:
    return decision.model_copy(update={"by": reviewer, "decision_id": f"{reviewer}-{decision.decision_id}"})


# Of the first four that reviewer-1 accepted, the second reviewer accepts two, sets one aside, and rejects one; they
# both reject the slogan.
VERDICTS = ("accept", "accept", "maybe", "reject")
SECOND = (
    by("a-second", decide(50, "quote", "reject", span("rt2:t0004", "Short money makes short promises."))),
    *(
        by("a-second", decide(40 + number, "quote", action, span(*said)))
        for number, (action, said) in enumerate(zip(VERDICTS, ACCEPTED, strict=False))
    ),
)


def annex(paper: Paper) -> Annex | None:
    return next((found for found in paper.annexes if "Agreement" in dict(found.title).get("en", "")), None)


def cells(grid: Grid) -> list[list[str]]:
    return [[cell if isinstance(cell, str) else dict(cell)["en"] for cell in row] for row in grid.rows]


def test_two_reviewers_and_the_program_stand_side_by_side_with_what_each_figure_rests_on() -> None:
    found = annex(compose(material((*decisions(), *SECOND)), kind="release"))
    assert found is not None
    assert cells(found.grids[0])[0] == [
        "Candidates", "A, B", "5 / 7", "60%", "0.33", "0.45", "accepted 60%, perhaps 10%, not accepted 30%",
    ]  # fmt: skip
    assert [row[:3] for row in cells(found.grids[0])[1:]] == [
        ["Candidates", "A and the program", "5 / 5"],
        ["Candidates", "B and the program", "7 / 7"],
    ]


def test_of_three_reviewers_the_figures_rest_on_what_two_of_them_decided_and_say_so() -> None:
    third = by("c-third", decide(60, "quote", "accept", span(*ACCEPTED[0])))
    found = annex(compose(material((*decisions(), *SECOND, third)), kind="release"))
    assert found is not None
    assert [row[:3] for row in cells(found.grids[0]) if row[1] == "A, B, C"] == [["Candidates", "A, B, C", "5 / 7"]]
    assert dict(found.grids[0].headers[2])["en"] == "Two or more decided, of"  # type: ignore[arg-type]
    assert "two of them or more decided" in dict(found.paragraphs[0])["en"]


def test_the_program_accepts_as_many_as_a_reviewer_did_those_that_it_ranks_best() -> None:
    best, worst = quotes()[0], quotes()[-1]
    choice = (
        decide(1, "quote", "reject", span(best.turn_id, best.text)),
        decide(2, "quote", "accept", span(worst.turn_id, worst.text)),
    )
    found = annex(compose(material(choice), kind="release"))
    assert found is not None
    assert cells(found.grids[0]) == [
        ["Candidates", "A and the program", "2 / 2", "0%", "−1.00", "−1.00", "accepted 50%, not accepted 50%"]
    ]
    assert dict(found.paragraphs[0])["en"].startswith("One person decided")


def test_codes_that_people_confirmed_or_refused_have_lines_of_their_own() -> None:
    place = span("rt1:t0006", "Nobody was ever sacked for doing nothing.")
    coded = decide(60, "coding", "confirm", place, code="risk"), decide(61, "coding", "refuse", place, code="trust")
    found = annex(compose(material((*coded, by("a-second", coded[0]))), kind="release"))
    assert found is not None
    assert [row[:4] for row in cells(found.grids[0])] == [
        ["Codes of statements", "A, B", "1 / 2", "100%"],
        ["Codes of statements", "A and the program", "1 / 1", "100%"],
        ["Codes of statements", "B and the program", "2 / 2", "50%"],
    ]


def test_before_anybody_decides_there_is_nothing_to_compare() -> None:
    assert annex(compose(material(), kind="draft")) is None


def test_no_reviewer_is_named_and_the_paper_still_quotes_truly() -> None:
    whole = material((*decisions(), *SECOND))
    files = release_files(whole, style=Style(languages=("en", "cy")))
    page = files["report.html"].decode()
    assert "Agreement between reviewers" in page
    assert "Cytundeb rhwng adolygwyr" in page
    assert "a-second" not in page
    assert "reviewer-1" not in page
    for name in ("report.docx", "report.html"):
        kinds = {found.kind for found in verify_document(name, files[name], whole).findings}
        assert kinds == set()
