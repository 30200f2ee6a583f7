"""What the log comes to: the latest of each person, nothing that was undone, and no quote that people differ on."""

import pandas as pd
import pytest

from pipeline.decisions import (
    Decision,
    Span,
    allowed_attributions,
    approved_quotes,
    coding_examples,
    fold,
    in_force,
    needing_another_look,
    sharing_words,
    theme_decisions,
    without_undone,
)

TEXT = "It is not good policy if nobody can deliver it. We tried for a year, and then we asked the families."
FIRST, SECOND = (0, 47), (48, len(TEXT))
TURNS = pd.DataFrame([("rt1:t0001", "rt1", 1, TEXT)], columns=["turn_id", "transcript_id", "index", "text"])
STATEMENTS = pd.DataFrame(
    [("rt1:t0001:s00", "rt1:t0001", *FIRST, TEXT[:47]), ("rt1:t0001:s01", "rt1:t0001", *SECOND, TEXT[48:])],
    columns=["statement_id", "turn_id", "start", "end", "text"],
)
ASSIGNMENTS = pd.DataFrame(
    [
        ("rt1:t0001:s00", "e1", "emergent", True, 0.9),
        ("rt1:t0001:s01", "e2", "emergent", True, 0.9),
        ("rt1:t0001:s00", "trust", "codebook", True, 0.9),
    ],
    columns=["statement_id", "theme_id", "origin", "primary", "confidence"],
)


def span(start: int, end: int) -> Span:
    return Span.cut("rt1:t0001", TEXT, start, end)


def test_each_two_quotes_that_have_words_in_common_are_found() -> None:
    quotes = [
        [("rt1:t0001", 0, 10), ("rt1:t0001", 20, 30)],
        [("rt1:t0001", 10, 20)],
        [("rt1:t0001", 29, 40), ("rt1:t0002", 0, 9)],
        [("rt1:t0002", 8, 12)],
        [("rt1:t0003", 0, 10)],
    ]
    assert sharing_words(quotes) == [(0, 2), (2, 3)]
    assert sharing_words([]) == []


class Log:
    """Decisions, a minute apart."""

    def __init__(self) -> None:
        self.made: list[Decision] = []

    def __call__(
        self, by: str, action: str, *places: tuple[int, int], kind: str = "quote", **value: object
    ) -> Decision:
        made = Decision(
            decision_id=f"d{len(self.made)}",
            at=f"2026-04-22T09:{len(self.made):02d}:00Z",
            by=by,
            kind=kind,
            action=action,
            subject=tuple(span(*place) for place in places),
            value=value,
        )
        self.made.append(made)
        return made


@pytest.fixture
def log() -> Log:
    return Log()


def standing(log: Log) -> list[tuple[str, str]]:
    return [(found.by, found.action) for found in in_force(log.made)]


def test_a_persons_later_decision_replaces_the_earlier(log: Log) -> None:
    log("megan", "accept", FIRST)
    log("megan", "reject", FIRST)
    assert standing(log) == [("megan", "reject")]


def test_the_order_of_the_list_does_not_matter(log: Log) -> None:
    log("megan", "accept", FIRST)
    log("megan", "reject", FIRST)
    log("megan", "maybe", SECOND)
    assert in_force(log.made[::-1]) == in_force(log.made)


def test_an_undo_brings_back_what_stood_before(log: Log) -> None:
    log("megan", "accept", FIRST)
    wrong = log("megan", "reject", FIRST)
    log("megan", "undo", undoes=wrong.decision_id)
    assert standing(log) == [("megan", "accept")]


def test_an_undo_can_itself_be_undone(log: Log) -> None:
    made = log("megan", "accept", FIRST)
    undo = log("megan", "undo", undoes=made.decision_id)
    assert without_undone(log.made) == []
    log("megan", "undo", undoes=undo.decision_id)
    assert standing(log) == [("megan", "accept")]


def test_nobody_undoes_what_somebody_else_decided(log: Log) -> None:
    made = log("megan", "accept", FIRST)
    log("aled", "undo", undoes=made.decision_id)
    assert standing(log) == [("megan", "accept")]


def test_moved_ends_are_filed_under_the_candidate_they_were_moved_from(log: Log) -> None:
    log("megan", "accept", FIRST)
    log("megan", "accept", (6, 47), candidate=span(*FIRST).model_dump())
    [quote] = approved_quotes(log.made, TURNS)
    assert quote.text == "not good policy if nobody can deliver it."


def test_what_two_people_differ_on_is_a_conflict_and_not_published(log: Log) -> None:
    log("megan", "accept", FIRST)
    log("aled", "reject", FIRST)
    assert approved_quotes(log.made, TURNS) == []
    [conflict] = fold(log.made).conflicts
    assert [found.by for found in conflict.decisions] == ["megan", "aled"]


def test_a_maybe_does_not_stand_against_an_accept(log: Log) -> None:
    log("megan", "accept", FIRST)
    log("aled", "maybe", FIRST)
    assert [quote.by for quote in approved_quotes(log.made, TURNS)] == ["megan"]


def test_two_who_accept_other_words_of_one_candidate_differ(log: Log) -> None:
    log("megan", "accept", FIRST)
    log("aled", "accept", (6, 47), candidate=span(*FIRST).model_dump())
    assert len(fold(log.made).conflicts) == 1


def test_whoever_settles_a_conflict_names_what_they_overrule(log: Log) -> None:
    log("megan", "accept", FIRST)
    log("aled", "reject", FIRST)
    log("aled", "reject", FIRST, settles=["d0"])
    assert fold(log.made).conflicts == ()
    assert standing(log) == [("aled", "reject")]
    log("megan", "accept", FIRST, settles=["d2"])
    assert [quote.by for quote in approved_quotes(log.made, TURNS)] == ["megan"]


def test_what_was_decided_on_words_that_have_moved_counts_with_what_is_decided_on_them_now(log: Log) -> None:
    log("megan", "accept", FIRST)
    now = TURNS.assign(text=["Well then. " + TEXT])
    later = Span.cut("rt1:t0001", "Well then. " + TEXT, 11, 58)
    rejected = log("aled", "reject").model_copy(update={"subject": (later,)})
    assert len(fold([log.made[0], rejected], now).conflicts) == 1


def test_an_approved_quote_carries_what_the_report_needs(log: Log) -> None:
    anchor = span(*SECOND).model_dump()
    log("megan", "accept", FIRST, attribution="sector", theme_name="Delivery", theme_anchor=[anchor])
    [quote] = approved_quotes(log.made, TURNS)
    assert (quote.text, quote.attribution, quote.theme_name) == (TEXT[:47], "sector", "Delivery")
    assert quote.theme_anchor[0].text == TEXT[48:]
    assert (quote.by, quote.at, quote.decision_id) == ("megan", "2026-04-22T09:00:00Z", "d0")


def test_two_spans_of_one_quote_are_shown_as_such(log: Log) -> None:
    log("megan", "accept", (0, 21), SECOND)
    assert approved_quotes(log.made, TURNS)[0].text == f"It is not good policy … {TEXT[48:]}"


def test_a_quote_whose_words_changed_is_listed_and_not_published(log: Log) -> None:
    log("megan", "accept", FIRST)
    now = TURNS.assign(text=[TEXT.replace("nobody", "no one")])
    assert approved_quotes(log.made, now) == []
    [look] = needing_another_look(log.made, now)
    assert look.present[0].text == "It is not good policy if no one can deliver it."


def test_what_was_replaced_or_undone_needs_no_other_look(log: Log) -> None:
    log("megan", "accept", FIRST)
    log("megan", "reject", FIRST)
    now = TURNS.assign(text=["Nothing of the kind was ever said by anybody here."])
    assert [look.decision.action for look in needing_another_look(log.made, now)] == ["reject"]


@pytest.mark.parametrize(
    ("consent", "risk", "sector", "allowed"),
    [
        ("quote_with_role", "none", "health", ("sector", "participant", "none")),
        ("quote_with_role", "low", "health", ("sector", "participant", "none")),
        ("quote_with_role", "high", "health", ("participant", "none")),
        ("quote_with_role", "none", "", ("participant", "none")),
        ("quote_without_attribution", "none", "health", ("none",)),
        ("no_quotes", "none", "health", ()),
        ("withdrawn", "none", "health", ()),
        ("something else", "none", "health", ()),
    ],
)
def test_attribution_goes_as_far_as_consent_and_risk_allow(
    consent: str, risk: str, sector: str, allowed: tuple[str, ...]
) -> None:
    assert allowed_attributions(consent, risk=risk, sector=sector) == allowed


def test_decisions_on_a_theme_find_it_whatever_its_number(log: Log) -> None:
    log("megan", "rename", FIRST, kind="theme", name="Delivery first", origin="emergent")
    log("megan", "merge", SECOND, kind="theme", into=[span(*FIRST).model_dump()], origin="emergent")
    renumbered = ASSIGNMENTS.assign(theme_id=["e7", "e9", "trust"])
    found = theme_decisions(log.made, STATEMENTS, renumbered)
    assert [(change.action, change.theme_id, change.into) for change in found] == [
        ("rename", "e7", ""),
        ("merge", "e9", "e7"),
    ]


def test_a_merge_into_a_code_goes_by_the_code_wherever_its_words_went(log: Log) -> None:
    elsewhere = [span(*SECOND).model_dump()]
    for into in ([], elsewhere):
        log("megan", "merge", FIRST, kind="theme", into=into, into_code="money", origin="codebook")
        [made] = theme_decisions(log.made, STATEMENTS, ASSIGNMENTS, codebook={"money"})
        assert (made.theme_id, made.into) == ("trust", "money")


def test_a_split_names_the_statements_that_were_picked(log: Log) -> None:
    log("megan", "split", FIRST, kind="theme", spans=[span(*SECOND).model_dump()], name="Families", origin="emergent")
    [change] = theme_decisions(log.made, STATEMENTS, ASSIGNMENTS)
    assert (change.theme_id, change.statement_ids) == ("e1", ("rt1:t0001:s01",))


def test_a_theme_of_the_codebook_without_a_statement_is_found_by_its_code(log: Log) -> None:
    log("megan", "describe", kind="theme", text="x", origin="codebook", theme_code="trust")
    assert [change.theme_id for change in theme_decisions(log.made, STATEMENTS, ASSIGNMENTS)] == ["trust"]


def test_to_describe_a_theme_does_not_undo_its_name(log: Log) -> None:
    log("megan", "rename", FIRST, kind="theme", name="Delivery")
    log("megan", "describe", FIRST, kind="theme", text="...")
    log("megan", "rename", FIRST, kind="theme", name="Delivery first")
    assert [found.action for found in in_force(log.made)] == ["describe", "rename"]


def test_confirmed_and_refused_codes_become_examples(log: Log) -> None:
    log("megan", "confirm", FIRST, kind="coding", code="trust")
    log("megan", "refuse", SECOND, kind="coding", code="trust")
    log("megan", "move", SECOND, kind="coding", theme_name="x")
    examples = coding_examples(log.made, STATEMENTS)
    assert [(example.text, example.code, example.holds) for example in examples] == [
        (TEXT[:47], "trust", True),
        (TEXT[48:], "trust", False),
    ]
