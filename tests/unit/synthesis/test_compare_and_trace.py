"""What moved between two runs, and the way back from a printed quote."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pipeline.errors import RunError
from pipeline.synthesis.compare import compare, compare_roundtables
from pipeline.synthesis.compose import compose
from pipeline.synthesis.trace import trace
from pipeline.tables import THEMES, TURNS, Theme, Turn
from tests.unit.synthesis.invented import decide, decided, material, span


def test_nothing_differs_from_itself() -> None:
    found = compare(decided(), decided())
    assert {theme.change for theme in found.themes} == {"stayed"}
    assert (found.decisions, found.settings) == ((), ())


def test_themes_that_nobody_spoke_of_are_told_in_one_line() -> None:
    whole = material()
    spoken = whole.assignments[whole.assignments["theme_id"] == "cycles"]
    quiet = replace(whole, assignments=spoken)
    assert compare(quiet, quiet).lines() == [
        "stayed  Short-term money: 6 of 9 to 6 of 9 participants",
        "silent  Leadership and risk; Trust is built in person: spoken of by no participant, before or after",
    ]


def test_two_roundtables_are_compared_by_people() -> None:
    found = compare_roundtables(material(), "rt1", "rt2")
    assert found.lines() == [
        "grew    Short-term money: 3 of 8 to 5 of 7 participants who spoke there",
        "faded   Trust is built in person: 5 of 8 to 2 of 7 participants who spoke there",
        "went    Leadership and risk: 1 of 8 to 0 of 7 participants who spoke there",
    ]


def test_whom_a_roster_puts_at_a_roundtable_is_not_counted_there_before_they_speak() -> None:
    """A roster without roundtables means all of them, and everybody would have sat everywhere."""
    whole = material()
    everywhere = whole.participants.assign(roundtable_ids=[("rt1", "rt2")] * len(whole.participants))
    found = compare_roundtables(replace(whole, participants=everywhere), "rt1", "rt2")
    assert {(theme.present_before, theme.present_after) for theme in found.themes} == {(8, 7)}


def test_an_unknown_roundtable_names_those_that_are_known() -> None:
    with pytest.raises(RunError, match="rt1, rt2"):
        compare_roundtables(material(), "rt1", "rt9")


def test_a_roundtable_where_no_participant_spoke_is_not_compared() -> None:
    whole = material()
    led = whole.turns["role"].mask(whole.turns["roundtable_id"] == "rt2", "facilitator")
    with pytest.raises(RunError, match="no participant spoke at rt2"):
        compare_roundtables(replace(whole, turns=whole.turns.assign(role=led)), "rt1", "rt2")


def test_an_emergent_theme_that_is_found_again_is_the_same() -> None:
    before = material()
    emergent = before.themes.assign(origin="emergent")
    renamed = emergent.assign(theme_id="e-" + emergent["theme_id"], name="New " + emergent["name"])
    after = replace(
        before, themes=renamed, assignments=before.assignments.assign(theme_id="e-" + before.assignments["theme_id"])
    )
    found = compare(replace(before, themes=emergent), after)
    assert {theme.change for theme in found.themes} == {"stayed"}


def test_themes_of_another_series_are_others_though_their_places_are_the_same() -> None:
    before = material()
    emergent = before.themes.assign(origin="emergent")
    other = before.statements.assign(text=["Rywbeth arall, " + text[::-1] for text in before.statements["text"]])
    found = compare(replace(before, themes=emergent), replace(before, themes=emergent, statements=other))
    assert {theme.change for theme in found.themes} == {"came", "went"}


def test_an_emergent_theme_is_the_same_where_a_word_of_every_statement_was_corrected() -> None:
    before = material()
    corrected = before.statements.assign(text=[text.rsplit(" ", 1)[0] + " now." for text in before.statements["text"]])
    emergent = before.themes.assign(origin="emergent")
    found = compare(replace(before, themes=emergent), replace(before, themes=emergent, statements=corrected))
    assert {theme.change for theme in found.themes} == {"stayed"}


def test_emergent_themes_that_share_few_statements_are_two() -> None:
    """One in five of theirs is the other's: one went, and another came."""
    before = material()
    theme = before.themes.assign(origin="emergent").head(1)
    one = before.assignments.assign(theme_id=theme["theme_id"].iloc[0], primary=True, origin="emergent")
    one = one.drop_duplicates("statement_id", ignore_index=True)
    ids = sorted(one["statement_id"])
    share = len(ids) // 5
    first = one[one["statement_id"].isin(ids[: len(ids) // 2 + share // 2])]
    second = one[one["statement_id"].isin(ids[len(ids) // 2 - share // 2 :])].assign(theme_id="e99")
    found = compare(
        replace(before, themes=theme, assignments=first),
        replace(before, themes=theme.assign(theme_id="e99"), assignments=second),
    )
    assert sorted(theme.change for theme in found.themes) == ["came", "went"]


def test_a_code_that_nobody_speaks_to_any_more_went_and_one_that_somebody_does_came() -> None:
    whole = material()
    code = whole.themes.loc[whole.themes["origin"] == "codebook", "theme_id"].iloc[0]
    silent = replace(whole, assignments=whole.assignments[whole.assignments["theme_id"] != code].reset_index(drop=True))
    name = whole.themes.set_index("theme_id")["name"][code]
    went, came = (
        next(theme.change for theme in compare(*runs).themes if theme.name == name)
        for runs in ((whole, silent), (silent, whole))
    )
    assert (went, came) == ("went", "came")


def test_a_code_of_another_codebook_that_nobody_speaks_to_neither_came_nor_went() -> None:
    whole = material()
    silent = Theme("buses", "Buses", "codebook", "", (), 0, 0, 0, 1.0)
    more = replace(whole, themes=THEMES.frame([*THEMES.rows(whole.themes), silent]))
    for runs in ((whole, more), (more, whole)):
        assert "Buses" not in {theme.name for theme in compare(*runs).themes}


def test_a_code_and_a_theme_that_emerged_are_two_though_they_have_one_id() -> None:
    whole = material()
    mine = whole.themes["theme_id"] == "risk"
    themes = whole.themes.assign(
        origin=whole.themes["origin"].mask(mine, "emergent"), name=whole.themes["name"].mask(mine, "Delays")
    )
    rows = whole.assignments["theme_id"] == "risk"
    elsewhere = whole.assignments.assign(statement_id=whole.assignments["statement_id"].mask(rows, "rt2:t0004:s00"))
    emerged = replace(whole, themes=themes, assignments=elsewhere)
    for runs, came, went in [
        ((whole, emerged), "Delays", "Leadership and risk"),
        ((emerged, whole), "Leadership and risk", "Delays"),
    ]:
        told = {theme.name: theme.change for theme in compare(*runs).themes}
        assert (told[came], told[went]) == ("came", "went")


def test_decisions_and_settings_that_moved_are_told() -> None:
    manifest = {"stages": {"themes": {"settings": {"seed": 8}, "seconds": 3}}}
    found = compare(material(), replace(decided(), manifest=manifest))
    assert "rt2:t0005:0-49 is approved now" in found.decisions
    assert "stages.themes.settings.seed: 7 to 8" in found.settings
    assert not any("seconds" in told for told in found.settings)


def test_what_the_config_says_is_told_once_and_other_transcripts_are_told() -> None:
    def run(seed: int, book: str, file: str) -> dict[str, Any]:
        told = {"settings": {"seed": seed, "codebook's SHA-256": book}, "told": f"{seed} characters"}
        ingest = {"settings": {"seed": seed}, "inputs": {f"file {file}": file}}
        return {"config": {"seed": seed}, "stages": {"ingest": ingest, "themes": told}}

    before, after = (replace(material(), manifest=manifest) for manifest in (run(7, "a", "c"), run(8, "b", "d")))
    found = compare(before, after)
    assert found.inputs == ("the transcripts, or what stands beside them, are others",)
    assert found.lines()[-1] == found.inputs[0]
    assert found.settings == (
        "config.seed: 7 to 8",
        'stages.themes.settings.codebook\'s SHA-256: "a" to "b"',
    )
    assert compare(before, before).settings == compare(before, before).inputs == ()


def test_a_quote_is_traced_to_its_turn_and_file() -> None:
    lines = "\n".join(trace("rt2:t0005:0-49", decided(), locators={"rt2:t0005": "line 12"})[0].lines())
    for told in (
        "“Trust leaves on horseback",
        "trust: Trust is built in person",
        "accept by reviewer-1",
        "rt2:t0005:s00",
    ):
        assert told in lines
    for told in ("characters 0 to 49", "line 12", "rt2, number 2 of the series"):
        assert told in lines


def test_a_quote_may_be_asked_for_by_its_hash_or_its_words() -> None:
    whole = decided()
    by_id = trace("rt2:t0005:0-49", whole)
    assert trace("Trust leaves on horseback and comes back on foot.", whole) == by_id
    assert trace({step.name: step.value for step in by_id[0].steps}["sha256"][:12], whole) == by_id


@pytest.mark.parametrize("asked", ["", "a", "nobody said this", "rt9:t0000:0-4"])
def test_what_nobody_said_has_no_way_back(asked: str) -> None:
    with pytest.raises(RunError):
        trace(asked, decided())


def test_a_theme_that_took_another_in_is_compared_with_itself() -> None:
    before = material()
    emergent = before.themes.assign(origin="emergent")
    # The next run has merged the larger of the two into the other, which keeps its name.
    merged = before.assignments.assign(
        theme_id=["cycles" if theme == "trust" else theme for theme in before.assignments["theme_id"]]
    )
    after = replace(before, themes=emergent[emergent["theme_id"] != "trust"], assignments=merged)
    told = compare(replace(before, themes=emergent), after).lines()
    assert [line.split(":")[0] for line in told] == [
        "grew    Short-term money",
        "stayed  Leadership and risk",
        "joined  Trust is built in person",
    ]
    assert told[-1].endswith("to 0 of 9 participants, now in “Short-term money”")


def test_the_theme_of_a_trace_is_the_one_that_the_quote_is_printed_under_as_people_call_it() -> None:
    cycles = span("rt1:t0003", "We get eleven months of money and spend three of them hiring.")
    trust = span("rt2:t0005", "Trust leaves on horseback and comes back on foot.")
    made = (
        decide(1, "quote", "accept", trust, theme_code="cycles", theme_name="Short-term money"),
        decide(2, "theme", "rename", cycles, name="Money by the year", theme_code="cycles"),
    )
    steps = [(step.name, step.value) for step in trace("rt2:t0005:0-49", material(made))[0].steps]
    assert [step for step in steps if step[0] in ("theme", "also of")] == [
        ("theme", "cycles: Money by the year"),
        ("also of", "trust: Trust is built in person"),
    ]


def test_a_trace_tells_no_decision_that_was_taken_back() -> None:
    trust = span("rt2:t0005", "Trust leaves on horseback and comes back on foot.")
    accepted = decide(1, "quote", "accept", trust)
    undone = decide(2, "quote", "undo", undoes=accepted.decision_id)
    rejected = decide(3, "quote", "reject", trust, reason="not_alone")
    steps = trace("Trust leaves on horseback", material((accepted, undone, rejected)))[0].steps
    [told] = [step.value for step in steps if step.name == "decision"]
    assert told.startswith("reject by ")
    assert told.endswith(": it does not stand alone")


def test_more_people_of_many_more_who_were_there_are_no_growth() -> None:
    """As on the page: of eight at the first roundtable three spoke of money, of sixteen at the second five."""
    whole = material()
    extra = [
        Turn(f"rt2:t{number:04d}", "rt2", "rt2", number, f"P{number}", "participant", "en", "Yes.", None, None)
        for number in range(11, 20)
    ]
    more = replace(whole, turns=TURNS.frame([*TURNS.rows(whole.turns), *extra]))
    changes = {theme.name: theme.change for theme in compare_roundtables(more, "rt1", "rt2").themes}
    told = {
        section.name: dict(section.change)["en"] for section in compose(more, kind="draft").sections if section.change
    }
    assert (changes["Short-term money"], told["Short-term money"]) == (
        "stayed",
        "As in the first roundtable, this was spoken about.",
    )
    assert (changes["Trust is built in person"], told["Trust is built in person"]) == (
        "faded",
        "As in the first roundtable, though by fewer participants than before.",
    )


def test_six_letters_of_a_hash_are_enough_and_five_are_not() -> None:
    whole = decided()
    steps = {step.name: step.value for step in trace("rt2:t0005:0-49", whole)[0].steps}
    assert trace(steps["sha256"][:6], whole) == trace("rt2:t0005:0-49", whole)
    with pytest.raises(RunError):
        trace(steps["sha256"][:5], whole)
