"""The figures of agreement against worked examples that others have published."""

from functools import partial

import pytest

from pipeline.decisions import fold
from pipeline.decisions.agreement import Figures, agree, cohens_kappa, figures, gwets_ac1, krippendorffs_alpha
from pipeline.review.agreement import agreement_data, contradicting, theme_disagreements
from pipeline.synthesis.choices import choices
from pipeline.synthesis.compose import compose
from tests.unit.synthesis.invented import decide, material, span


def pairs(*counts: tuple[str, str, int]) -> list[tuple[str, str]]:
    return [(one, other) for one, other, count in counts for _ in range(count)]


def test_cohens_kappa_of_a_table_of_fifty() -> None:
    assert cohens_kappa(pairs(("y", "y", 20), ("y", "n", 5), ("n", "y", 10), ("n", "n", 15))) == pytest.approx(0.4)


def test_krippendorffs_alpha_of_his_own_example_with_gaps() -> None:
    """Krippendorff (2011), section C: four observers, twelve units, nominal data."""
    a = "123321412..."
    b = "1233224125.3"
    c = ".3332342251."
    d = "12332441251."
    units = [[code for code in codes if code != "."] for codes in zip(a, b, c, d, strict=True)]
    assert krippendorffs_alpha(units) == pytest.approx(0.743, abs=0.0005)


def test_gwets_ac1_stays_high_where_one_answer_is_rare() -> None:
    """Gwet (2002), the table of 125 in which kappa falls below 0 at 94 per cent agreement."""
    table = pairs(("+", "+", 118), ("+", "-", 5), ("-", "+", 2))
    assert gwets_ac1(table, ("+", "-")) == pytest.approx(0.9408, abs=0.0001)
    assert cohens_kappa(table) == pytest.approx(-0.0234, abs=0.0001)


def test_agreement_that_is_whole_is_one_by_every_figure() -> None:
    codes = {"q1": "accept", "q2": "reject", "q3": "maybe"}
    found = agree({"aled": codes, "megan": codes}, ("accept", "maybe", "reject"))
    assert (found.per_cent, found.kappa, found.alpha, found.ac1) == (1, 1, 1, 1)


def test_figures_that_nothing_defines_are_left_open() -> None:
    nobody = agree({"aled": {"q1": "accept"}, "megan": {"q2": "reject"}}, ("accept", "reject"))
    assert (nobody.n, nobody.kappa, nobody.alpha, nobody.ac1) == (0, None, None, None)
    alike = agree({"aled": {"q1": "accept"}, "megan": {"q1": "accept"}}, ("accept", "reject"))
    assert (alike.per_cent, alike.kappa, alike.alpha, alike.ac1) == (1, None, None, 1)


def test_prevalence_is_of_all_codes_on_units_that_two_coded() -> None:
    found = agree(
        {"a": {"1": "accept", "2": "accept", "3": "reject"}, "b": {"1": "accept", "2": "reject"}}, ("accept", "reject")
    )
    assert found.n == 2
    assert found.prevalence == {"accept": 0.75, "reject": 0.25}


def row(number: int, by: str, item: str, action: str, **value: object) -> dict[str, object]:
    return {
        "decision_id": f"d{number}",
        "at": f"2026-04-22T09:{number:02d}:00Z",
        "by": by,
        "kind": "quote",
        "item": item,
        "action": action,
        "reason": "",
        "value": value,
    }


NOBODY = Figures({}, {}, (), ())

SAID = ("Trust is built at the front desk, not in a strategy.", "It’s the silence that costs us.")
PLACES = [span(turn, text) for turn, text in zip(("rt1:t0001", "rt1:t0004"), SAID, strict=True)]
RANKS = {place.place: rank for rank, place in enumerate(PLACES, start=1)}


def test_the_machine_is_one_more_coder_and_never_mixed_up_with_people() -> None:
    made = [decide(n, "quote", action, PLACES[n]) for n, action in enumerate(("reject", "accept"))]
    found = figures(fold(made), RANKS)
    data = agreement_data(found, [])
    assert data["coders"] == ["reviewer-1"]
    [machine] = data["rows"]
    assert machine["coders"] == ["machine", "reviewer-1"]
    assert (machine["n"], machine["per_cent"]) == (2, 0.0)


def test_what_people_decide_of_themes_is_no_verdict_on_a_candidate() -> None:
    made = [decide(1, "quote", "accept", PLACES[0]), decide(2, "theme", "reject", PLACES[1])]
    made.append(decide(3, "evidence", "reject", PLACES[1], passage="one"))
    made += [one.model_copy(update={"by": "reviewer-2", "decision_id": f"{one.decision_id}b"}) for one in made]
    rows = agreement_data(figures(fold(made), RANKS), [])["rows"]
    assert {row["n"] for row in rows} == {1}
    assert ["reviewer-1", "reviewer-2"] in [row["coders"] for row in rows]


def test_the_page_and_the_report_tell_the_same_figures() -> None:
    """Also of a quote whose end one of two had moved in a run that proposed other words."""
    shorter = PLACES[0].model_copy(update={"end": PLACES[0].end - 20})
    made = [decide(1, "quote", "accept", PLACES[0]), decide(2, "quote", "reject", PLACES[1])]
    others = [decide(3, "quote", "accept", shorter), decide(4, "quote", "accept", PLACES[1])]
    whole = material((*made, *(one.model_copy(update={"by": "reviewer-2"}) for one in others)))
    quotes = zip(*(whole.quotes[name] for name in ("turn_id", "start", "end", "overall_rank")), strict=True)
    ranks = {(turn, start, end): rank for turn, start, end, rank in quotes}
    page = agreement_data(figures(fold(whole.decisions, whole.turns), ranks), [])
    [annex] = [one for one in compose(whole, kind="release").annexes if "Agreement" in dict(one.title)["en"]]
    assert [f"{row['n']} / {row['judged']}" for row in page["rows"]] == [row[2] for row in annex.grids[0].rows]


def test_an_undone_verdict_does_not_count() -> None:
    placed = [row(0, "megan", "a", "accept"), row(1, "megan", "a", "reject"), row(2, "megan", "a", "undo", undoes="d1")]
    placed += [row(3, "aled", "a", "accept")]
    assert agreement_data(NOBODY, placed)["disagreements"] == []


def test_disagreements_are_listed_until_somebody_settles_them() -> None:
    placed = [row(0, "megan", "a", "accept"), row(1, "aled", "a", "reject")]
    [open_one] = agreement_data(NOBODY, placed)["disagreements"]
    assert (open_one["item"], open_one["settled"]) == ("a", False)
    placed += [row(2, "aled", "a", "accept", settles=["d0", "d1"])]
    assert all(found["settled"] for found in agreement_data(NOBODY, placed)["disagreements"])


def test_a_quote_that_one_accepts_and_another_is_not_sure_of_is_told_from_one_that_is_not_printed() -> None:
    """The report counts the second as not printed, and prints the first; of the third two accept other words."""
    placed = [row(0, "megan", "a", "accept"), row(1, "aled", "a", "maybe")]
    placed += [row(2, "megan", "b", "accept"), row(3, "aled", "b", "reject")]
    placed += [row(4, "megan", "c", "accept"), row(5, "aled", "c", "accept")]
    found = agreement_data(NOBODY, placed, held_back={"d2", "d3", "d4", "d5"})["disagreements"]
    assert [(one["item"], one["settled"], one["held_back"]) for one in found] == [
        ("a", False, False),
        ("b", False, True),
        ("c", False, True),
    ]


def test_the_page_holds_back_what_the_report_counts_as_disputed() -> None:
    bench = span("rt1:t0001", "Trust is built at the front desk, not in a strategy.")
    loss = span("rt1:t0004", "It’s the silence that costs us.")
    mine = [decide(1, "quote", "accept", bench), decide(2, "quote", "accept", loss)]
    said = {"by": "reviewer-2"}
    others = [decide(3, "quote", "maybe", bench), decide(4, "quote", "reject", loss)]
    whole = material((*mine, *(one.model_copy(update=said) for one in others)))
    assert contradicting(fold(whole.decisions, whole.turns).conflicts) == {"d002", "d004"}
    assert choices(whole).unprinted == {"disputed": 1}


def test_a_code_that_one_confirms_and_another_refuses_is_listed_with_its_statement() -> None:
    bench = span("rt1:t0001", "Trust is built at the front desk, not in a strategy.")
    mine = decide(1, "coding", "confirm", bench, code="trust")
    other = decide(2, "coding", "refuse", bench, code="trust").model_copy(update={"by": "reviewer-2"})
    listed = partial(
        theme_disagreements, fold((mine, other), material().turns).conflicts, lambda made: str(made.value["code"])
    )
    assert listed() == []
    [found] = listed(kinds=("coding",))
    assert (found["theme"], found["words"]) == ("trust", bench.text)
    assert [(said["by"], said["action"]) for said in found["said"]] == [
        ("reviewer-1", "confirm"),
        ("reviewer-2", "refuse"),
    ]


def test_codes_that_people_confirm_or_refuse_are_held_against_the_machines() -> None:
    lines = [span("rt1:t0001", word) for word in ("Trust", "is", "built", "at")]
    mine = [decide(n, "coding", "refuse" if n == 3 else "confirm", at, code="trust") for n, at in enumerate(lines)]
    others = [decide(10 + n, "coding", "confirm", at, code="trust") for n, at in enumerate(lines)]
    made = [*mine, *(one.model_copy(update={"by": "reviewer-2"}) for one in others)]
    pair, first, second = agreement_data(figures(fold(made), {}), [])["codes"]
    assert (pair["coders"], pair["n"], pair["per_cent"]) == (["reviewer-1", "reviewer-2"], 4, 0.75)
    assert (second["coders"], second["per_cent"]) == (["machine", "reviewer-2"], 1.0)
    assert (first["per_cent"], first["prevalence"]["refuse"]) == (0.75, 0.125)
