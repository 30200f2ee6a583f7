"""What stands in the paper, by what people decided."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import docx
import pytest

from pipeline.decisions import Decision, Span
from pipeline.synthesis.choices import choices
from pipeline.synthesis.compose import compose
from pipeline.synthesis.material import Picture
from pipeline.synthesis.paper import Paper
from pipeline.synthesis.publish import release_files
from pipeline.synthesis.series import voices
from pipeline.tables import (
    ASSIGNMENTS,
    OMISSIONS,
    PARTICIPANTS,
    PASSAGES,
    QUOTES,
    ROUNDTABLES,
    THEMES,
    Assignment,
    Omission,
    Participant,
    Passage,
    Roundtable,
    Theme,
)
from tests.unit.synthesis.invented import ACCEPTED, decide, decided, decisions, material, span

BENCH = span("rt1:t0001", "Trust is built at the front desk, not in a strategy.")
TRUTH = span("rt1:t0008", "We told the families the truth, all of it, at [organisation: health board]")


def test_a_release_prints_the_accepted_quotes_and_no_other() -> None:
    paper = compose(decided(), kind="release")
    assert sorted(quote.text for quote in paper.quotes) == sorted(words for _, words in ACCEPTED)


def test_a_draft_prints_candidates_and_marks_what_is_decided() -> None:
    paper = compose(decided(), kind="draft")
    accepted = {quote.text for quote in paper.quotes if quote.decided}
    assert accepted == {words for _, words in ACCEPTED}
    assert any(not quote.decided for quote in paper.quotes)


def test_what_a_machine_calls_a_theme_stands_in_the_draft_alone() -> None:
    release, draft = (compose(decided(), kind=kind) for kind in ("release", "draft"))  # type: ignore[arg-type]
    assert any(section.keywords for section in draft.sections)
    assert [section.keywords for section in release.sections] == [()] * len(release.sections)


def test_without_decisions_there_is_nothing_to_release() -> None:
    paper = compose(material(), kind="release")
    assert paper.sections == ()
    assert paper.quotes == ()


def test_a_rejected_candidate_is_not_proposed_again() -> None:
    paper = compose(decided(), kind="draft")
    assert "Short money makes short promises." not in {quote.text for quote in paper.quotes}


def test_a_quote_that_reviewers_dispute_is_not_printed_and_is_counted() -> None:
    no = decide(30, "quote", "reject", BENCH).model_copy(update={"by": "reviewer-2"})
    paper = compose(material((decide(1, "quote", "accept", BENCH), no)), kind="release")
    assert paper.quotes == ()


def test_words_of_somebody_who_may_not_be_quoted_stay_out_of_draft_and_release() -> None:
    rings = span("rt1:t0009", "100 % of it comes down to whether somebody rings back.")
    chosen = (decide(1, "quote", "accept", rings), *decisions())
    for kind in ("draft", "release"):
        paper = compose(material(chosen), kind=kind)  # type: ignore[arg-type]
        assert not any("rings back" in quote.text for quote in paper.quotes)
    outcomes = next(
        annex for annex in compose(material(chosen), kind="release").annexes if "became" in annex.title[0][1]
    )
    told = {row[0][0][1]: row[1] for row in outcomes.grids[0].rows}  # type: ignore[index]
    assert told["Accepted, but not printed: no consent to quote"] == "1"


def test_a_transcript_that_changed_takes_the_quote_out_until_somebody_looks() -> None:
    changed = decided()
    turns = changed.turns.copy()
    turns.loc[turns["turn_id"] == "rt2:t0005", "text"] = "Trust leaves on foot and comes back on horseback."
    paper = compose(replace(changed, turns=turns), kind="release")
    assert not any("horseback" in quote.text for quote in paper.quotes)


def test_attribution_is_as_fine_as_consent_risk_and_the_table_allow() -> None:
    paper = compose(decided(), kind="release")
    told = {quote.text[:12]: dict(quote.attribution).get("en", "") for quote in paper.quotes}
    assert told["Trust is bui"] == "a participant from local government"
    assert told["It’s the sil"] == "", "consent is to quote without attribution"
    assert told["Mae’r arian "] == "a participant from health"
    police = span("rt1:t0006", "Nobody was ever sacked for doing nothing.")
    paper = compose(material((decide(1, "quote", "accept", police),)), kind="release")
    assert dict(paper.quotes[0].attribution)["en"] == "one participant", "only one sat there from the police"


def test_an_observer_is_credited_as_one_and_nobody_beyond_their_consent() -> None:
    def told(role: str, consent: str, **chosen: str) -> str:
        whole = material((decide(1, "quote", "accept", BENCH, **chosen),))
        mine = whole.participants["pseudonym"] == "P01"
        people = whole.participants.assign(
            role=whole.participants["role"].mask(mine, role), consent=whole.participants["consent"].mask(mine, consent)
        )
        (quote,) = compose(replace(whole, participants=people), kind="release").quotes
        return dict(quote.attribution).get("en", "")

    assert told("observer", "quote_with_role") == "an observer"
    assert told("facilitator", "quote_with_role") == "the facilitator"
    assert told("facilitator", "quote_without_attribution") == ""
    assert told("facilitator", "quote_with_role", attribution="none") == ""


def test_a_reviewer_may_choose_a_coarser_attribution() -> None:
    paper = compose(material((decide(1, "quote", "accept", BENCH, attribution="participant"),)), kind="release")
    assert dict(paper.quotes[0].attribution)["en"] == "one participant"


def test_two_spans_of_a_turn_are_one_quote_with_an_ellipsis() -> None:
    second = span("rt1:t0001", "no strategy repairs it.")
    paper = compose(material((decide(1, "quote", "accept", BENCH, second),)), kind="release")
    assert paper.quotes[0].text == f"{BENCH.text} […] {second.text}"


def test_the_paper_says_what_its_square_brackets_stand_for() -> None:
    def intro(*spans: Span) -> str:
        return compose(material((decide(1, "quote", "accept", *spans),)), kind="release").intro[0][1]

    assert intro(BENCH).endswith("stands as it was said.")
    assert intro(BENCH, span("rt1:t0001", "no strategy repairs it.")).endswith(
        "[…] stands where words were left out of a quotation."
    )
    assert "Words in square brackets stand where a name" in intro(TRUTH)


def test_participants_by_roundtable_are_told_beside_how_many_spoke_there() -> None:
    annexes = compose(decided(), kind="release").annexes
    [grid] = [
        grid for annex in annexes for grid in annex.grids if annex.title[0][1] == "The themes over the roundtables"
    ]
    turns = decided().turns[decided().turns["role"] == "participant"]
    *_, last = grid.rows
    assert last[0] == (("en", "How many spoke there"),)
    assert last[1:] == tuple(
        str(turns.loc[turns["roundtable_id"] == code, "speaker"].nunique()) for code in ("rt1", "rt2")
    )


def test_an_annex_gives_reasons_in_words_and_not_in_codes() -> None:
    omissions = OMISSIONS.frame(
        [
            Omission("quotes", "rt1:t0001:s00", "0-9", "may not be quoted: no_quotes", 9),
            Omission("themes", "rt1:t0001:s01", "", "no theme: backchannel", 3),
            Omission("ingest", "rt1", "line 40", "a note of the recording", 31),
        ]
    )
    no = decide(2, "quote", "reject", span("rt2:t0004", "Short money makes short promises."), reason="not_alone")
    whole = material((decide(1, "quote", "accept", BENCH), no), omissions=omissions)

    def told(language: str) -> list[str]:
        annexes = compose(whole, kind="release", languages=(language,)).annexes
        rows = (row for annex in annexes for grid in annex.grids for row in grid.rows)
        return [cell if isinstance(cell, str) else cell[0][1] for row in rows for cell in row]

    assert {
        "Rejected: it does not stand alone",
        "Candidate quotes",
        "said by somebody who does not want to be quoted",
        "in no theme: a short answer, yes or mm",
        "a note of the recording",
    } <= set(told("en"))
    assert not {"not_alone", "no theme: backchannel", "Rejected: not_alone"} & {*told("en"), *told("cy")}
    stages = ["Reading", "Themes", "Candidate quotes"]
    assert [cell for cell in told("en") if cell in stages][-3:] == stages, "in the order of the stages"


def test_themes_stand_in_the_parts_and_the_order_decided() -> None:
    money = span("rt2:t0003", "I’d rather have half the money for twice as long.")
    placed = (
        *decisions(),
        decide(31, "theme", "place", money, part="1", order=1),
        decide(32, "theme", "place", BENCH, part="2", order=1),
    )
    paper = compose(material(placed), kind="release")
    assert [[section.name for section in part.sections] for part in paper.parts] == [
        ["Short-term money"],
        ["Trust is built in person"],
    ]


def test_parts_are_told_by_the_names_that_people_gave_and_the_rest_by_a_name_of_its_own() -> None:
    def titles(*places: str) -> list[str]:
        money = span("rt2:t0003", "I’d rather have half the money for twice as long.")
        made = [
            decide(31 + n, "theme", "place", where, part=part, order=1)
            for n, (where, part) in enumerate(zip((BENCH, money), places, strict=False))
        ]
        return [dict(part.title)["en"] for part in compose(material((*decisions(), *made)), kind="release").parts]

    assert titles() == ["Themes"]
    assert titles("What holds") == ["Part One: What holds", "Part Two: Further themes"]
    assert titles("10. What is left", "2 What holds") == ["Part One: 2 What holds", "Part Two: 10. What is left"]
    assert titles("2 What is left", "1. What holds") == ["Part One: What holds", "Part Two: What is left"]
    assert titles("10 years on", "1") == ["Part One", "Part Two: 10 years on"]
    assert titles("1.5 million people") == ["Part One: 1.5 million people", "Part Two: Further themes"]


def test_people_name_describe_and_reject_themes() -> None:
    chosen = (
        *decisions(),
        decide(31, "theme", "rename", BENCH, name="Trust, face to face"),
        decide(33, "theme", "reject", span("rt1:t0006", "Nobody was ever sacked for doing nothing.")),
    )
    release, draft = (compose(material(chosen), kind=kind) for kind in ("release", "draft"))  # type: ignore[arg-type]
    assert [section.name for section in release.sections] == ["Trust, face to face", "Short-term money"]
    assert release.sections[1].description == "Money comes by the year."
    assert "Leadership and risk" not in {section.name for section in draft.sections}


def test_a_merged_theme_gives_its_quotes_to_the_other() -> None:
    nobody = span("rt1:t0006", "Nobody was ever sacked for doing nothing.")
    chosen = (
        decide(1, "quote", "accept", nobody),
        decide(2, "theme", "merge", nobody, into=[BENCH.model_dump()]),
    )
    paper = compose(material(chosen), kind="release")
    assert [(section.theme_id, len(section.quotes)) for section in paper.sections] == [("trust", 1)]


def test_a_theme_merged_into_one_that_was_merged_itself_gives_its_quotes_to_the_last() -> None:
    nobody = span("rt1:t0006", "Nobody was ever sacked for doing nothing.")
    money = span("rt2:t0003", "I’d rather have half the money for twice as long.")
    chosen = (
        decide(1, "quote", "accept", nobody),
        decide(2, "theme", "merge", nobody, into=[money.model_dump()]),
        decide(3, "theme", "merge", money, into=[BENCH.model_dump()]),
    )
    paper = compose(material(chosen), kind="release")
    assert [(section.theme_id, len(section.quotes)) for section in paper.sections] == [("trust", 1)]


def test_a_merged_theme_stands_in_the_report_when_the_next_run_has_made_it_one() -> None:
    loss = span("rt1:t0004", "It’s the silence that costs us.")
    chosen = (decide(1, "quote", "accept", BENCH), decide(2, "theme", "merge", loss, into=[BENCH.model_dump()]))
    for kind in ("draft", "release"):
        paper = compose(material(chosen), kind=kind)  # type: ignore[arg-type]
        [trust] = [section for section in paper.sections if section.theme_id == "trust"]
        assert [quote.text for quote in trust.quotes if quote.decided] == [BENCH.text]


def test_a_theme_that_another_was_merged_into_is_decided_though_no_quote_of_it_is_accepted() -> None:
    nobody = span("rt1:t0006", "Nobody was ever sacked for doing nothing.")
    loss = span("rt1:t0004", "It’s the silence that costs us.")
    for merged in (nobody, loss):  # before the next run, and after it has made one of the two
        chosen = (decide(1, "theme", "merge", merged, into=[BENCH.model_dump()]),)
        draft, release = (compose(material(chosen), kind=kind) for kind in ("draft", "release"))
        assert [section.theme_id for section in release.sections] == ["trust"]
        assert [section.theme_id for section in draft.sections if section.decided] == ["trust"]


def test_merges_and_splits_wait_for_the_next_run_and_are_counted_till_then() -> None:
    nobody, loss = (
        span(turn, words)
        for turn, words in (
            ("rt1:t0006", "Nobody was ever sacked for doing nothing."),
            ("rt1:t0004", "It’s the silence that costs us."),
        )
    )
    merged = decide(1, "theme", "merge", nobody, into=[BENCH.model_dump()])
    made = decide(2, "theme", "merge", loss, into=[BENCH.model_dump()])
    split = decide(3, "theme", "split", BENCH, spans=[loss.model_dump()], name="Silence")
    whole = material()
    emergent = whole.assignments.assign(origin="emergent")
    apart = emergent.assign(theme_id=emergent["theme_id"].where(emergent["statement_id"] != "rt1:t0004:s01", "risk"))
    assert [choices(material((found,))).unmade for found in (merged, made)] == [1, 0]
    # Somebody picked what stood for the theme, too: it doesn't any more.
    both = decide(3, "theme", "split", BENCH, loss, spans=[loss.model_dump()], name="Silence")
    for found in (split, both):
        assert [choices(material((found,), assignments=run)).unmade for run in (emergent, apart)] == [1, 0]


def test_a_theme_that_people_split_off_is_decided_though_no_quote_of_it_is_accepted() -> None:
    silence = span("rt1:t0004", "It’s the silence that costs us.")
    split = decide(1, "theme", "split", BENCH, spans=[silence.model_dump()], name="Silence", origin="emergent")
    emergent = material().assignments.assign(origin="emergent")
    made = emergent.assign(theme_id=emergent["theme_id"].where(emergent["statement_id"] != "rt1:t0004:s01", "risk"))
    paper = compose(material((split,), assignments=made), kind="release")
    assert {section.theme_id for section in paper.sections} == {"trust", "risk"}
    # Its name is the new theme's, and what it was split off from keeps its own.
    assert "trust" not in choices(material((split,), assignments=made)).names


def test_a_merge_of_what_was_split_off_waits_for_the_next_run_and_moves_nothing_else() -> None:
    silence, nobody = (
        span("rt1:t0004", "It’s the silence that costs us."),
        span("rt1:t0006", "Nobody was ever sacked for doing nothing."),
    )
    emergent = material().assignments.assign(origin="emergent")
    split = decide(1, "theme", "split", BENCH, spans=[silence.model_dump()], name="Silence", origin="emergent")
    merge = decide(2, "theme", "merge", silence, into=[nobody.model_dump()], origin="emergent")
    waiting = choices(material((split, merge), assignments=emergent))
    assert ("trust" in waiting.gone, waiting.unmade) == (False, 1)
    made = emergent.assign(theme_id=emergent["theme_id"].where(emergent["statement_id"] != "rt1:t0004:s01", "risk"))
    assert choices(material((split, merge), assignments=made)).unmade == 0


def test_a_merged_code_of_which_nothing_is_said_any_more_waits_for_nothing() -> None:
    nobody = span("rt1:t0006", "Nobody was ever sacked for doing nothing.")
    codes = {"origin": "codebook", "theme_code": "risk", "into_code": "trust"}
    merge = decide(1, "theme", "merge", nobody, into=[BENCH.model_dump()], **codes)
    apart = material().assignments
    made = apart.assign(theme_id=apart["theme_id"].replace("risk", "trust"))
    assert [choices(material((merge,), assignments=found)).unmade for found in (apart, made)] == [1, 0]


def test_what_was_said_of_a_theme_before_it_was_merged_is_not_said_of_the_other() -> None:
    """Its statements are the other's, once the next run has made them one."""
    loss = span("rt1:t0004", "It’s the silence that costs us.")
    made = (
        decide(1, "theme", "rename", BENCH, name="Trust at the desk"),
        decide(2, "theme", "rename", loss, name="Silence"),
        decide(3, "theme", "describe", loss, text="What nobody says."),
        decide(4, "theme", "merge", loss, into=[BENCH.model_dump()], into_name="Trust at the desk"),
    )
    chosen = choices(material(made))
    assert (chosen.names, chosen.descriptions) == ({"trust": "Trust at the desk"}, {})


def test_what_reviewers_call_a_theme_differently_is_counted_and_not_heeded() -> None:
    money = span("rt1:t0003", "We get eleven months of money and spend three of them hiring.")
    one = decide(1, "theme", "rename", money, name="Money by the year")
    other = decide(2, "theme", "rename", money, name="Twelve months").model_copy(update={"by": "reviewer-2"})
    chosen = choices(material((one, other)))
    assert (chosen.names, chosen.disputed) == ({}, 1)


def test_a_code_that_one_confirms_and_another_refuses_is_counted() -> None:
    made = (decide(1, "coding", "confirm", BENCH, code="trust"), decide(2, "coding", "refuse", BENCH, code="trust"))
    other = made[1].model_copy(update={"by": "reviewer-2"})
    assert choices(material((made[0], other))).codings == 1
    assert choices(material((made[0], made[0].model_copy(update={"by": "reviewer-2"})))).codings == 0


def test_an_accepted_quote_that_no_theme_holds_is_counted_as_not_printed() -> None:
    nobody = span("rt1:t0006", "Nobody was ever sacked for doing nothing.")
    chosen = (*decisions(), decide(30, "quote", "accept", nobody), decide(31, "theme", "reject", nobody))
    told = {row[0][0][1]: row[1] for row in rows_of("Candidates, and what became of them", chosen)}
    assert (told["Accepted and printed"], told["Not decided"]) == ("6", str(len(material().quotes) - 8))
    assert told["Accepted, but not printed: no theme holds it, or the theme was rejected"] == "1"


def test_what_people_chose_beside_the_candidates_is_no_candidate_decided() -> None:
    """And a candidate of which they took a part is one, and so is one on which they differ."""
    own = span("rt1:t0000", "What does trust look like from where you sit?")
    whole = span("rt1:t0003", "We get eleven months of money and spend three of them hiring.")
    part = span("rt1:t0003", "We get eleven months of money")
    no = decide(4, "quote", "reject", BENCH).model_copy(update={"by": "reviewer-2"})
    chosen = (
        decide(1, "quote", "accept", own),
        decide(2, "quote", "accept", part, candidate=whole.model_dump()),
        decide(3, "quote", "accept", BENCH),
        no,
        decide(5, "quote", "undecided", span("rt1:t0005", "By the time a pilot works, it’s over.")),
    )
    [annex] = [
        annex
        for annex in compose(material(chosen), kind="release").annexes
        if dict(annex.title)["en"] == "Candidates, and what became of them"
    ]
    told = {row[0][0][1]: int(row[1]) for row in annex.grids[0].rows}  # type: ignore[arg-type]
    candidates = len(material().quotes)
    assert told["Not decided"] == candidates - 2
    assert sum(told.values()) == candidates + 1
    assert dict(annex.paragraphs[0])["en"].startswith(f"Candidates of this run: {candidates}. Quotes besides")
    assert dict(annex.paragraphs[0])["en"].endswith(": 1.")


def test_a_quote_stays_under_the_code_that_people_saw_though_its_statements_are_more_about_others() -> None:
    nobody = span("rt1:t0006", "Nobody was ever sacked for doing nothing.")
    own = {"theme_anchor": [BENCH.model_dump()], "theme_name": "Fear", "origin": "codebook", "theme_code": "risk"}
    paper = compose(material((decide(1, "quote", "accept", nobody, **own),)), kind="release")
    assert [(section.theme_id, len(section.quotes)) for section in paper.sections] == [("risk", 1)]


def test_a_quote_accepted_before_codes_were_kept_stays_under_its_theme_by_name() -> None:
    nobody = span("rt1:t0006", "Nobody was ever sacked for doing nothing.")
    own = {"theme_anchor": [BENCH.model_dump()], "theme_name": "Leadership and risk", "origin": "codebook"}
    paper = compose(material((decide(1, "quote", "accept", nobody, **own),)), kind="release")
    assert [(section.theme_id, len(section.quotes)) for section in paper.sections] == [("risk", 1)]


def test_whoever_is_quoted_under_a_theme_is_counted_among_those_who_spoke_about_it() -> None:
    bench = decide(1, "quote", "accept", BENCH, theme_code="risk", theme_name="Leadership and risk")
    later = span("rt2:t0004", "Short money makes short promises.")
    also = decide(2, "quote", "accept", later, theme_code="risk", theme_name="Leadership and risk")
    paper = compose(material((bench, also)), kind="release")
    [risk] = paper.sections
    # P06 of themselves, and P01 by that quote; P06's second quote brings the latest roundtable, and nobody more.
    assert (risk.people, dict(risk.spoke)["en"]) == (2, "Some participants spoke about this.")
    assert dict(risk.change)["en"] == "As in the first roundtable, this was spoken about."
    assert next(iter(rows_of("The themes over the roundtables", (bench, also))))[1:] == ("2", "1")
    assert [row[1:4] for row in rows_of("How widely each theme was shared", (bench, also))] == [("2", "9", "2")]


def test_the_themes_of_a_paper_are_those_that_somebody_spoke_to() -> None:
    silent = Theme("data", "Data", "codebook", "", (), 0, 0, 0, 1.0)
    themes = THEMES.frame([*THEMES.rows(material().themes), silent])
    [counts, *_] = compose(material(themes=themes), kind="draft").annexes[0].grids
    assert {row[0][0][1]: row[1] for row in counts.rows}["Themes proposed"] == "3"


def test_a_further_candidate_says_its_theme_though_nobody_spoke_to_that() -> None:
    silent = Theme("data", "Data", "codebook", "", (), 0, 0, 0, 1.0)
    quotes = material().quotes.assign(theme_id=["data", "", *material().quotes["theme_id"][2:]])
    themes = THEMES.frame([*THEMES.rows(material().themes), silent])
    whole = material(themes=themes, quotes=QUOTES.frame(QUOTES.rows(quotes)))
    [further] = [annex for annex in compose(whole, kind="draft").annexes if annex.title[0][1] == "Further candidates"]
    assert {row[0] for row in further.grids[0].rows} >= {"Data", (("en", "no theme"),)}


def test_a_theme_holds_as_well_in_the_report_as_on_the_page_and_a_code_was_given() -> None:
    found = [Theme(f"e{at}", f"{at} %", "emergent", "", (), 2, 1, 1, at / 100) for at in (59, 60, 84, 85)]
    paper = compose(material(themes=THEMES.frame([*THEMES.rows(material().themes), *found])), kind="draft")
    [shared] = [annex for annex in paper.annexes if annex.title[0][1] == "How widely each theme was shared"]
    told = {row[0]: dict(row[5])["en"] for row in shared.grids[0].rows}  # type: ignore[arg-type]
    assert told["Short-term money"] == "a code: given"
    # As docs/method-themes.md says, and the page.
    assert [told[theme.name] for theme in found] == ["fragile (0.59)", "fair (0.60)", "fair (0.84)", "strong (0.85)"]


def test_how_a_theme_holds_is_no_figure_where_nobody_was_left_out() -> None:
    found = [Theme("e1", "Of one voice", "emergent", "", (), 2, 1, 1, 0.0)]
    paper = compose(material(themes=THEMES.frame([*THEMES.rows(material().themes), *found])), kind="draft")
    [shared] = [annex for annex in paper.annexes if annex.title[0][1] == "How widely each theme was shared"]
    assert {dict(row[5])["en"] for row in shared.grids[0].rows if row[0] == "Of one voice"} == {"not known"}  # type: ignore[arg-type]


def test_a_roundtable_where_no_participant_spoke_is_none_that_a_theme_was_absent_from() -> None:
    whole = material()
    empty = Roundtable("rt3", 3, "", "", "en", ())
    later = replace(whole, roundtables=ROUNDTABLES.frame([*ROUNDTABLES.rows(whole.roundtables), empty]))
    changes = [[section.change for section in compose(found, kind="draft").sections] for found in (whole, later)]
    assert changes[0] == changes[1]


def test_what_was_accepted_and_is_not_printed_is_counted_by_its_reason() -> None:
    accepted = [
        ("rt1:t0009", "Honestly, None."),
        ("rt1:t0009", "100 % of it comes down to whether somebody rings back."),
        ("rt1:t0000", "What does trust look like from where you sit?"),
        ("rt1:t0001", BENCH.text),
    ]
    made = tuple(decide(at, "quote", "accept", span(*words)) for at, words in enumerate(accepted, start=1))
    found = choices(material(made))
    assert found.unprinted == {"no_quotes": 2, "no_theme": 1}
    assert [quote.spans[0].text for quote in found.approved] == [accepted[2][1], BENCH.text]


def test_whoever_is_quoted_under_a_theme_is_counted_there_but_nobody_who_leads_and_nowhere_without_a_theme() -> None:
    asked = span("rt1:t0000", "What does trust look like from where you sit?")
    sacked = span("rt1:t0006", "Nobody was ever sacked for doing nothing.")
    whole = material()
    before = {tuple(row) for row in voices(whole, ()).itertuples(index=False)}

    def more(*made: Decision, assignments: Any = whole.assignments) -> set[tuple[str, ...]]:
        decided = material(made, assignments=assignments)
        return {tuple(row) for row in voices(decided, choices(decided).approved).itertuples(index=False)} - before

    assert more(decide(1, "quote", "accept", sacked, theme_code="trust")) == {("trust", "rt1", "P06")}
    assert more(decide(1, "quote", "accept", asked, theme_code="trust")) == set()
    silent = whole.assignments[whole.assignments["theme_id"] != "risk"]
    assert more(decide(1, "quote", "accept", sacked), assignments=silent) == set()


def test_themes_that_people_merged_in_a_ring_are_each_gone_and_nothing_waits_for_ever() -> None:
    sacked = span("rt1:t0006", "Nobody was ever sacked for doing nothing.")
    there = decide(1, "theme", "merge", BENCH, into=[sacked.model_dump()], into_code="risk", theme_code="trust")
    back = decide(2, "theme", "merge", sacked, into=[BENCH.model_dump()], into_code="trust", theme_code="risk")
    assert choices(material((there, back))).gone == {"trust": "", "risk": ""}


def test_a_draft_proposes_what_stands_beside_an_accepted_quote_and_nothing_of_its_words_again() -> None:
    apart = "I don’t think honesty costs us anything."
    both = f"{apart} It’s the silence that costs us."
    for words, proposed in [
        ("It’s the silence that costs us.", [apart]),
        (apart, [both[len(apart) + 1 :]]),
        (both, []),
    ]:
        quote = decide(1, "quote", "accept", span("rt1:t0004", words), theme_code="trust")
        [section] = [one for one in compose(material((quote,)), kind="draft").sections if one.theme_id == "trust"]
        mine = [one for one in section.quotes if one.spans[0].turn_id == "rt1:t0004"]
        assert [one.text for one in mine] == [words, *proposed]


def test_one_roundtable_is_compared_with_none() -> None:
    whole = material()
    one = replace(whole, roundtables=whole.roundtables[whole.roundtables["roundtable_id"] == "rt2"])
    told = [{section.change for section in compose(found, kind="draft").sections} for found in (whole, one)]
    assert () not in told[0]
    assert told[1] == {()}


def test_roundtables_without_a_date_are_told_without_the_latest() -> None:
    whole = material()
    undated = replace(whole, roundtables=whole.roundtables.assign(date=""))
    told = [dict(compose(found, kind="draft").intro)["en"] for found in (whole, undated)]
    assert "roundtables, the latest on " in told[0]
    assert "what was said at 2 roundtables, with " in told[1]


def test_one_participant_with_a_quote_is_told_in_the_same_words_as_more() -> None:
    paper = compose(material((decide(1, "quote", "accept", BENCH),)), kind="release")
    [heard] = [annex for annex in paper.annexes if annex.title[0][1] == "Who was heard"]
    assert dict(heard.paragraphs[0])["en"].startswith("Participants with an accepted quote: 1 of 9.")


def test_a_draft_says_who_has_a_candidate_and_not_who_is_printed() -> None:
    for kind, told in (("draft", "With a candidate quote"), ("release", "With a quote printed")):
        paper = compose(material(decisions()), kind=kind)  # type: ignore[arg-type]
        [heard] = [annex for annex in paper.annexes if annex.title[0][1] == "Who was heard"]
        assert dict(heard.grids[0].headers[2])["en"] == told  # type: ignore[arg-type]


def test_many_roundtables_are_columns_by_their_number() -> None:
    later = [Roundtable(f"rt{n}", n, f"Subject {n}", "", "en", ()) for n in range(3, 13)]
    roundtables = ROUNDTABLES.frame([*ROUNDTABLES.rows(material().roundtables), *later])
    paper = compose(material(decisions(), roundtables=roundtables), kind="release")
    [series] = [annex for annex in paper.annexes if annex.title[0][1] == "The themes over the roundtables"]
    assert [dict(header)["en"] for header in series.grids[0].headers[1:]] == [str(n) for n in range(1, 13)]  # type: ignore[arg-type]


def rows_of(title: str, chosen: tuple[Decision, ...]) -> tuple[tuple[Any, ...], ...]:
    """The rows of the first table of an annex to the release that these decisions make."""
    annexes = compose(material(chosen), kind="release").annexes
    return next(annex.grids[0].rows for annex in annexes if annex.title[0][1] == title)


def test_dissent_stands_apart_and_takes_the_shared_sense_away() -> None:
    paper = compose(decided(), kind="release")
    money = next(section for section in paper.sections if section.theme_id == "cycles")
    assert [quote.text for quote in money.dissents] == [ACCEPTED[-1][1]]
    assert not money.shared_sense
    assert dict(money.spoke)["en"] == "Most participants spoke about this."


@pytest.mark.parametrize("beside", [True, False])
def test_a_dissent_is_called_so_beside_what_it_differs_from_and_not_alone(beside: bool) -> None:
    plain = [span(turn, words) for turn, words in ACCEPTED if turn in ("rt1:t0007", "rt2:t0003")]
    refused = [] if beside else [decide(40 + n, "quote", "reject", one, reason="-") for n, one in enumerate(plain)]
    files = release_files(material((*decisions(), *refused)))
    words = [line.text for line in docx.Document(io.BytesIO(files["report.docx"])).paragraphs]
    assert any(ACCEPTED[-1][1] in line for line in words)
    assert ("A different view" in words) == beside
    assert (b"A different view" in files["report.html"]) == beside


def test_what_changed_since_the_last_roundtable_is_said_in_people() -> None:
    paper = compose(material(), kind="draft")
    assert {section.theme_id: dict(section.change)["en"] for section in paper.sections} == {
        "trust": "As in the first roundtable, though by fewer participants than before.",
        "cycles": "As in the first roundtable, and by more participants than before.",
        "risk": "Heard in the first roundtable, and not in the latest.",
    }


def test_a_theme_of_one_voice_says_so() -> None:
    paper = compose(material(), kind="draft")
    risk = next(section for section in paper.sections if section.theme_id == "risk")
    assert dict(risk.spoke)["en"] == "One participant spoke about this."


def test_only_accepted_evidence_is_cited_and_only_for_its_theme() -> None:
    rows = [
        Passage(name, theme, "hughes", "Hughes, A. (2021) Trust. Press.", "12", "Trust is local.", 0.6)
        for name in ("one", "two")
        for theme in ("cycles", "trust")
    ]
    passages = tuple(PASSAGES.rows(PASSAGES.frame(rows)))
    chosen = (*decisions(), decide(40, "evidence", "accept", BENCH, passage="one"))
    paper = compose(material(chosen, passages=passages), kind="release")
    cited = [(section.theme_id, passage.passage_id) for section in paper.sections for passage in section.sources]
    assert cited == [("trust", "one")]


def test_evidence_is_cited_for_no_theme_where_none_is_left_of_the_words_that_it_was_accepted_for() -> None:
    passages = tuple(
        Passage("one", theme, "hughes", "Hughes, A. (2021) Trust. Press.", "12", "Trust is local.", 0.6)
        for theme in ("cycles", "risk", "trust")
    )
    asked = span("rt1:t0000", "What does trust look like from where you sit?")
    for chosen, themes in (
        (decide(40, "evidence", "accept", asked, passage="one"), []),
        (decide(40, "evidence", "accept", BENCH, passage="one", origin="codebook"), ["trust"]),
        (decide(40, "evidence", "accept", BENCH, passage="one", origin="emergent"), []),
        (decide(40, "evidence", "accept", asked, passage="one", theme_code="cycles"), ["cycles"]),
    ):
        paper = compose(material((*decisions(), chosen), passages=passages), kind="release")
        assert [section.theme_id for section in paper.sections if section.sources] == themes


def test_evidence_of_a_code_that_people_merged_is_cited_for_the_one_that_it_is_part_of() -> None:
    passages = (Passage("one", "trust", "hughes", "Hughes, A. (2021) Trust. Press.", "12", "Trust is local.", 0.6),)
    codes = {"theme_code": "risk", "into_code": "trust"}
    merged = decide(40, "theme", "merge", BENCH, into=[BENCH.model_dump()], origin="codebook", **codes)
    cited = decide(41, "evidence", "accept", BENCH, passage="one", origin="codebook", theme_code="risk")
    paper = compose(material((*decisions(), merged, cited), passages=passages), kind="release")
    assert [section.theme_id for section in paper.sections if section.sources] == ["trust"]


def test_a_welsh_paper_keeps_each_quote_in_its_own_language() -> None:
    paper = compose(decided(), kind="release", languages=("cy",))
    assert {quote.language for quote in paper.quotes} == {"en", "cy"}
    assert paper.sections[0].spoke[0][0] == "cy"


def test_a_translation_is_printed_only_if_a_person_gave_one() -> None:
    money = span("rt1:t0007", "Mae’r arian yn dod i ben cyn i’r gwaith ddechrau.")
    given = decide(1, "quote", "accept", money, translation={"text": "The money ends first.", "by": "a translator"})
    paper = compose(material((given,)), kind="release")
    assert (paper.quotes[0].translation, paper.quotes[0].translated_by) == ("The money ends first.", "a translator")


def test_the_order_of_rows_and_decisions_changes_nothing() -> None:
    straight = decided()
    shuffled = replace(
        material(tuple(reversed(decisions()))),
        statements=straight.statements.iloc[::-1],
        assignments=straight.assignments.iloc[::-1],
        themes=straight.themes.iloc[::-1],
        quotes=straight.quotes.iloc[::-1],
    )
    for kind in ("draft", "release"):
        assert compose(straight, kind=kind) == compose(shuffled, kind=kind)  # type: ignore[arg-type]


def test_a_theme_that_only_the_facilitator_raised_says_so() -> None:
    alone = THEMES.frame([Theme("risk", "Risk", "codebook", "", (), 1, 0, 1, 0.5)])
    asked = ASSIGNMENTS.frame([Assignment("rt1:t0000:s01", "risk", "codebook", True, 0.8)])
    paper = compose(material(themes=alone, assignments=asked), kind="draft")
    assert "facilitator only" in dict(paper.sections[0].spoke)["en"]


def test_a_code_that_nobody_spoke_to_is_no_matter_of_the_facilitators_and_keeps_what_people_wrote() -> None:
    silent = Theme("data", "Data", "codebook", "", (), 0, 0, 0, 1.0)
    themes = THEMES.frame([*THEMES.rows(material().themes), silent])
    wrote = decide(1, "theme", "describe", text="Nobody brought it up.", origin="codebook", theme_code="data")
    [data] = compose(material((wrote,), themes=themes), kind="release").sections
    assert (data.name, data.description) == ("Data", "Nobody brought it up.")
    assert dict(data.spoke)["en"] == "Nothing was found that is first of all about this."


def test_a_seed_that_all_stages_share_is_said_once() -> None:
    stages = {name: {"settings": {"seed": 7, "keep": []}} for name in ("themes", "quotes")}
    paper = compose(material(manifest={"pipeline": "0.1.0", "stages": stages}), kind="draft")
    rows = [row for grid in paper.annexes[0].grids for row in grid.rows]
    assert ("pipeline", "seed", "7") in rows
    assert [row for row in rows if row[0] in stages] == []


def test_a_draft_that_is_made_again_is_the_same_though_the_manifest_tells_of_the_first() -> None:
    stages = {"themes": {"settings": {"min_share": 0.02}}}
    again = stages | {"synthesis": {"settings": {"citation_style": "author-date"}}}
    first, second = (material(manifest={"pipeline": "0.1.0", "stages": given}) for given in (stages, again))

    assert compose(first, kind="draft") == compose(second, kind="draft")
    assert compose(decided(), kind="release") != compose(replace(decided(), manifest=second.manifest), kind="release")


def test_a_theme_whose_candidates_stand_under_another_says_where_they_are() -> None:
    found = Theme("e01", "Front desks", "emergent", "", (), 1, 1, 1, 0.9)
    desk = Assignment("rt1:t0001:s00", "e01", "emergent", True, 0.9)
    whole = material(
        themes=THEMES.frame([*THEMES.rows(material().themes), found]),
        assignments=ASSIGNMENTS.frame([*ASSIGNMENTS.rows(material().assignments), desk]),
    )
    told = {section.name: section.whereabouts for section in compose(whole, kind="draft").sections}
    where = "The candidate quotes that speak of this stand under: Trust is built in person"
    assert told["Front desks"] == (("en", where),)
    assert told["Trust is built in person"] == ()


def test_a_theme_most_of_whose_candidates_stand_under_another_says_so_beside_its_own() -> None:
    straight = material()
    found = Theme("e01", "Front desks", "emergent", "", (), 1, 1, 1, 0.9)
    of_all = [Assignment(row, "e01", "emergent", True, 0.9) for row in sorted(straight.statements["statement_id"])]
    [own, *others] = QUOTES.rows(straight.quotes)
    whole = replace(
        straight,
        themes=THEMES.frame([*THEMES.rows(straight.themes), found]),
        assignments=ASSIGNMENTS.frame([*ASSIGNMENTS.rows(straight.assignments), *of_all]),
        quotes=QUOTES.frame([replace(own, theme_id="e01"), *others]),
    )
    told = {section.name: section for section in compose(whole, kind="draft").sections}
    assert len(told["Front desks"].quotes) == 1
    assert dict(told["Front desks"].whereabouts)["en"].startswith(
        "More candidate quotes that speak of this stand under"
    )
    assert told["Trust is built in person"].whereabouts == ()


def test_further_candidates_stand_in_the_order_of_the_themes() -> None:
    straight = material()
    [quote, *_] = QUOTES.rows(straight.quotes)
    themes = [section.theme_id for section in compose(straight, kind="draft").sections]
    many = [
        replace(quote, quote_id=f"{theme}{n}", theme_id=theme, rank=n, text=f"{theme} {n}.")
        for theme in sorted(themes)
        for n in range(1, 8)
    ]
    annexes = compose(replace(straight, quotes=QUOTES.frame(many)), kind="draft").annexes
    [further] = [annex for annex in annexes if annex.title[0][1] == "Further candidates"]
    names = [row[2].strip("“”").split()[0] for row in further.grids[0].rows]  # type: ignore[union-attr]
    assert list(dict.fromkeys(names)) == themes


def test_names_that_stay_as_they_are_said_are_counted_in_the_annex_and_not_printed() -> None:
    """One may be of somebody at the table, and the gate then stopped every draft."""
    settings = {"keep": ["Seren Dean", "Cantref"], "policy": "names"}
    whole = material(manifest={"stages": {"anonymise": {"settings": settings}}})
    rows = [row for annex in compose(whole, kind="draft").annexes for grid in annex.grids for row in grid.rows]
    assert ("anonymise", "keep", "(2)") in rows
    assert "Seren" not in str(rows)


def test_a_rejection_without_a_reason_is_told_from_the_sum_of_all() -> None:
    no = decide(2, "quote", "reject", span("rt2:t0004", "Short money makes short promises."))
    annexes = compose(material((decide(1, "quote", "accept", BENCH), no)), kind="release").annexes
    [became] = [annex for annex in annexes if annex.title[0][1] == "Candidates, and what became of them"]
    assert ((("en", "Rejected, without a reason given"),), "1") in became.grids[0].rows


def test_a_code_has_its_welsh_name_in_a_welsh_paper_unless_people_gave_it_another() -> None:
    def paper(languages: tuple[str, ...], *made: Decision) -> Paper:
        trust = next(theme for theme in THEMES.rows(material().themes) if theme.theme_id == "trust")
        known = [replace(trust, name_cy="Ymddiriedaeth")]
        whole = material((*decisions(), *made), themes=THEMES.frame(known))
        return compose(whole, kind="draft", languages=languages)

    def names(languages: tuple[str, ...], *made: Decision) -> list[str]:
        return [section.name for section in paper(languages, *made).sections]

    [own] = names(("en",))
    assert names(("cy",)) == ["Ymddiriedaeth"]
    assert names(("en", "cy")) == [f"{own} / Ymddiriedaeth"]
    assert [text.split(":")[0] for _, text in paper(("en", "cy")).points[0]] == [own, "Ymddiriedaeth"]
    assert names(("cy",), decide(31, "theme", "rename", BENCH, name="Trust, face to face")) == ["Trust, face to face"]


def test_the_pictures_of_a_welsh_paper_speak_welsh() -> None:
    svg = (
        "<svg><title>Themes along the meeting: Cost &amp; care</title>"
        "<desc>1 by 2, participants: from 0, empty, to 4, the strongest shade.</desc>"
        '<text data-theme="e01">new, emergent</text><text data-theme="e02">statements</text>'
        "<text>Roundtable 2</text><text>Roundtable on buses</text></svg>"
    )
    drawn = Picture(
        "Themes along the meeting: Cost & care", svg, "1 by 2, participants: from 0, empty, to 4, the strongest shade."
    )
    [welsh] = compose(material(pictures=(drawn,)), kind="draft", languages=("cy",)).annexes[1].pictures
    assert welsh.title == "Themâu ar hyd y cyfarfod: Cost & care"
    assert welsh.description == "1 wrth 2, cyfranogwyr: o 0, gwag, i 4, yr arlliw cryfaf."
    assert welsh.svg == (
        "<svg><title>Themâu ar hyd y cyfarfod: Cost &amp; care</title>"
        "<desc>1 wrth 2, cyfranogwyr: o 0, gwag, i 4, yr arlliw cryfaf.</desc>"
        # What a theme is called is nobody's to translate.
        '<text data-theme="e01">newydd, o’r sgwrs</text><text data-theme="e02">statements</text>'
        "<text>Bord gron 2</text><text>Roundtable on buses</text></svg>"
    )
    [both] = compose(material(pictures=(drawn,)), kind="draft", languages=("en", "cy")).annexes[1].pictures
    assert both.title == "Themes along the meeting: Cost & care / Themâu ar hyd y cyfarfod: Cost & care"
    [english] = compose(material(pictures=(drawn,)), kind="draft").annexes[1].pictures
    assert english == drawn


def test_who_is_on_the_roster_and_has_no_word_in_it_is_told_with_those_present() -> None:
    silent = Participant("P10", "participant", False, "", "quote_with_role", ("rt1",))
    people = PARTICIPANTS.frame([*PARTICIPANTS.rows(material().participants), silent])
    made, whole = (
        {dict(label)["en"]: value for label, value in compose(found, kind="release").annexes[0].grids[0].rows}  # type: ignore[arg-type]
        for found in (material(participants=people), material())
    )
    told = "Participants of whom no word is in it: silent, or withdrawn"
    assert (made["Participants"], made[told], told in whole) == ("10", "1", False)


def test_what_people_wrote_for_a_place_stands_there_their_last_words_alone() -> None:
    made = (
        decide(1, "report", "write", place="summary", text="Trust came first."),
        decide(2, "report", "write", place="summary", text="Trust came first, money second."),
        decide(3, "report", "write", place="closing", text="We meet again."),
        decide(4, "report", "write", place="closing", text="  "),
    )
    paper = compose(material(made), kind="release")
    assert (paper.summary, paper.closing) == ("Trust came first, money second.", "")


def test_a_point_for_the_summary_counts_the_accepted_quotes_of_its_theme() -> None:
    loss = span("rt1:t0004", "It’s the silence that costs us.")
    short = span("rt2:t0004", "Short money makes short promises.")
    made = (
        decide(1, "quote", "accept", BENCH),
        decide(2, "quote", "accept", loss),
        decide(3, "quote", "accept", short),
    )
    points = [dict(point)["en"] for point in compose(material(made), kind="release").points]
    assert points == [
        "Trust is built in person: most participants; 2 accepted quotes",
        "Short-term money: most participants; 1 accepted quote",
    ]
    undecided = [dict(point)["en"] for point in compose(material(), kind="draft").points]
    assert not any("accepted" in point for point in undecided)


def test_one_participant_is_not_one_participants() -> None:
    one = material().participants.query("pseudonym in ('F01', 'P01')").reset_index(drop=True)
    intros = [dict(compose(found, kind="draft").intro)["en"] for found in (material(), material(participants=one))]
    assert "with 9 participants in all." in intros[0]
    assert "with one participant in all." in intros[1]


def test_a_candidate_that_begins_where_an_accepted_quote_ends_is_proposed_beside_it() -> None:
    first = span("rt1:t0001", "Trust is built at the front desk, not in a strategy. ")
    [trust] = [
        section
        for section in compose(material((decide(1, "quote", "accept", first),)), kind="draft").sections
        if section.theme_id == "trust"
    ]
    assert "If the first call goes unanswered, no strategy repairs it." in [quote.text for quote in trust.quotes]
