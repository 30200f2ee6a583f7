"""Theming: what the conversation was about, the same however its files come, and counted by people."""

from __future__ import annotations

import random
from collections import Counter
from string import ascii_lowercase

import pandas as pd
import pytest

from pipeline.backends.plain_encoder import PlainEncoder
from pipeline.decisions import Decision, Span, theme_decisions
from pipeline.embed import embed
from pipeline.tables import (
    ASSIGNMENTS,
    CARRIED_FROM,
    STATEMENTS,
    THEME_OVERLAPS,
    THEME_PEOPLE,
    THEMES,
    Assignment,
    Statement,
    ThemePerson,
)
from pipeline.themes import Themed, find_themes
from pipeline.themes.codebook import Code, Codebook
from pipeline.themes.decided import as_decided, codes_as_decided
from pipeline.themes.people import one_voice, stretches
from tests.unit.themes.invented_talk import SUBJECTS, Said, tables, talk

FOUR = ("trust", "money", "health", "transport")


def themes_of(talks: dict[str, list[Said]], *, decisions: tuple[Decision, ...] = (), n_themes: int = 0) -> Themed:
    statements, turns, roundtables = tables(talks)
    return found(statements, turns, roundtables, decisions=decisions, n_themes=n_themes)


def found(
    statements: pd.DataFrame,
    turns: pd.DataFrame,
    roundtables: pd.DataFrame,
    *,
    decisions: tuple[Decision, ...] = (),
    n_themes: int = 0,
) -> Themed:
    encoder = PlainEncoder()
    vectors = embed(statements, turns, encoder=encoder)
    return find_themes(
        statements, turns, vectors, roundtables,
        encoder=encoder, codebook=None, decisions=decisions, n_themes=n_themes,
    )  # fmt: skip


def subject_by_theme(made: Themed, statements: pd.DataFrame) -> dict[str, Counter[str]]:
    """For each theme how many of its statements are of which subject, as they were invented."""
    texts = dict(zip(statements["statement_id"], statements["text"], strict=True))
    counts: dict[str, Counter[str]] = {}
    for row in made.assignments[made.assignments["primary"]].itertuples():
        words = texts[row.statement_id].lower().rstrip(".?").split()
        subject = max(SUBJECTS, key=lambda name: sum(word in SUBJECTS[name].split() for word in words))
        counts.setdefault(row.theme_id, Counter())[subject] += 1
    return counts


def test_each_subject_is_one_theme() -> None:
    statements, turns, roundtables = tables({"rt1": talk(FOUR)})

    counts = subject_by_theme(found(statements, turns, roundtables), statements)

    assert sorted(count.most_common(1)[0][0] for count in counts.values()) == sorted(FOUR)
    assert all(count.most_common(1)[0][1] >= 0.9 * count.total() for count in counts.values())


def test_a_subject_that_comes_back_an_hour_later_is_the_same_theme() -> None:
    statements, turns, roundtables = tables({"rt1": talk(("trust", "money", "health", "transport", "trust"))})

    made = found(statements, turns, roundtables)

    counts = subject_by_theme(made, statements)
    assert len(counts) == 4
    trust = next(theme for theme, count in counts.items() if count.most_common(1)[0][0] == "trust")
    assert made.notes.set_index("theme_id")["n_stretches"].to_dict() == {
        theme: 2 if theme == trust else 1 for theme in counts
    }


def test_a_subject_of_two_roundtables_is_one_theme_of_the_series() -> None:
    talks = {"rt1": talk(("trust", "money", "health")), "rt2": talk(("transport", "trust"), seed=2)}
    statements, turns, roundtables = tables(talks)

    made = found(statements, turns, roundtables)

    trust = next(
        theme for theme, count in subject_by_theme(made, statements).items() if count.most_common(1)[0][0] == "trust"
    )
    rows = made.series[made.series["theme_id"] == trust]
    assert rows[["roundtable_id", "n_participants", "n_present", "change"]].to_numpy().tolist() == [
        ["rt1", 4, 4, "new"],
        ["rt2", 4, 4, "steady"],
    ]


def test_the_order_of_rows_and_files_changes_nothing() -> None:
    talks = {"rt1": talk(FOUR), "rt2": talk(("trust", "health"), seed=2)}
    statements, turns, roundtables = tables(talks)
    first = found(statements, turns, roundtables)

    for seed in range(3):
        again = found(
            statements.sample(frac=1, random_state=seed),
            turns.sample(frac=1, random_state=seed),
            roundtables.sample(frac=1, random_state=seed),
        )
        for before, after in zip(first, again, strict=True):
            pd.testing.assert_frame_equal(before, after)


def test_every_statement_has_a_primary_theme_or_a_reason_for_none() -> None:
    said = [*talk(FOUR), ("P01", "participant", "Yes."), ("F01", "facilitator", "Thank you for coming, everyone.")]
    statements, turns, roundtables = tables({"rt1": [*said, ("P02", "participant", "Buses help.")]})

    made = found(statements, turns, roundtables)

    primary = made.assignments.loc[made.assignments["primary"], "statement_id"].tolist()
    omitted = made.omissions["subject_id"].tolist()
    assert sorted(primary + omitted) == statements["statement_id"].tolist()
    assert made.omissions["reason"].tolist() == [
        "no theme: backchannel",
        "no theme: procedural",
        "no theme: under 3 words",
    ]


def test_a_round_of_introductions_is_no_theme() -> None:
    round_of_names = [
        ("P01", "participant", "I'm [P01], I run the buses. Twenty years a driver."),
        ("P02", "participant", "[P02], from the hospital."),
        ("P03", "participant", "Thank you, [P01]. I know the wards too."),
    ]
    statements, turns, roundtables = tables({"rt1": [*round_of_names, *talk(FOUR)]})

    made = found(statements, turns, roundtables)

    omitted = made.omissions[made.omissions["reason"] == "no theme: introduction"]["subject_id"].tolist()
    assert omitted == ["rt1:t0000:s00", "rt1:t0000:s01", "rt1:t0001:s00"]


def test_whoever_names_a_code_in_an_introduction_or_in_procedure_did_not_speak_of_it_unless_people_say_so() -> None:
    opening = [
        ("P01", "participant", "I'm [P01], and trust is my job."),
        ("P02", "participant", "[P02], from the hospital."),
        ("F01", "facilitator", "We'll move on to item two, trust."),
    ]
    statements, turns, roundtables = tables({"rt1": [*opening, *talk(FOUR)]})
    encoder = PlainEncoder()
    book = Codebook("One", (Code("trust", "Trust", "", phrases=("trust",)),))

    def coded(*decisions: Decision) -> list[tuple[str, bool]]:
        made = find_themes(
            statements, turns, embed(statements, turns, encoder=encoder), roundtables,
            encoder=encoder, codebook=book, decisions=decisions,
        )  # fmt: skip
        rows = made.assignments[made.assignments["statement_id"].isin(["rt1:t0000:s00", "rt1:t0002:s00"])]
        assert (rows["confidence"] >= CARRIED_FROM).all()
        return list(zip(rows["statement_id"], rows["primary"].tolist(), strict=True))

    assert coded() == [("rt1:t0000:s00", False), ("rt1:t0002:s00", False)]
    said = statements["text"].iloc[0]
    confirmed = Decision(
        decision_id="d1", at="2026-04-22T10:00:00Z", by="mair", kind="coding", action="confirm",
        subject=(Span.cut("rt1:t0000", said, 0, len(said)),), value={"code": "trust"},
    )  # fmt: skip
    assert coded(confirmed)[0] == ("rt1:t0000:s00", True)


def test_who_says_their_name_and_goes_on_to_speak_is_left_out_with_the_name_alone() -> None:
    goes_on = " ".join(["buses trains timetables stations roads cycling"] * 10)
    said = [("P01", "participant", f"I'm [P01], I run the buses. We saw {goes_on}.")]
    statements, turns, roundtables = tables({"rt1": [*said, *talk(FOUR)]})

    made = found(statements, turns, roundtables)

    omitted = made.omissions[made.omissions["reason"] == "no theme: introduction"]["subject_id"].tolist()
    assert omitted == ["rt1:t0000:s00"]


def test_facilitators_have_themes_and_are_in_no_count() -> None:
    statements, turns, roundtables = tables({"rt1": talk(FOUR)})

    made = found(statements, turns, roundtables)

    asked = turns.loc[turns["role"] == "facilitator", "turn_id"]
    theirs = statements.loc[statements["turn_id"].isin(asked), "statement_id"]
    assert theirs.isin(made.assignments["statement_id"]).all()
    assert set(made.people["participant"]) == {"P01", "P02", "P03", "P04"}
    assert made.themes["n_statements"].sum() == len(statements) - len(theirs)
    assert made.themes["n_participants"].tolist() == [4, 4, 4, 4]


def test_what_only_one_person_says_is_noted_as_one_voice() -> None:
    chance = random.Random(3)
    words = SUBJECTS["transport"].split()
    alone: list[Said] = [
        ("P09" if turn % 2 else "F01", "participant" if turn % 2 else "facilitator",
         f"Then {' '.join(chance.sample(words, 4))}. Still {' '.join(chance.sample(words, 4))}.")
        for turn in range(16)
    ]  # fmt: skip
    statements, turns, roundtables = tables({"rt1": [*talk(("trust", "money")), *alone]})

    made = found(statements, turns, roundtables)

    voices = made.notes.set_index("theme_id")["one_voice"]
    counts = subject_by_theme(made, statements)
    assert {count.most_common(1)[0][0] for theme, count in counts.items() if voices[theme]} == {"transport"}


def test_a_theme_that_a_facilitator_opened_is_prompted() -> None:
    talk_of_trust = talk(("trust", "money"))
    unasked = [one for one in talk_of_trust if one[1] == "participant"]

    asked = themes_of({"rt1": talk_of_trust}).notes["prompted"]
    unprompted = themes_of({"rt1": unasked}).notes["prompted"]

    assert (asked > 0.9).all()
    assert (unprompted == 0).all()


def test_themes_that_hold_without_any_one_participant_are_strong() -> None:
    made = themes_of({"rt1": talk(FOUR)})

    assert made.notes["holds"].tolist() == ["strong"] * 4
    assert made.notes["n_left_out"].tolist() == [4] * 4
    assert made.themes["stability"].between(0.85, 1.0).all()


def test_a_number_of_themes_can_be_asked_for() -> None:
    assert len(themes_of({"rt1": talk(FOUR)}, n_themes=2).themes) == 2


@pytest.mark.parametrize("n_themes", [1, 2, 3])
def test_as_many_themes_as_are_asked_for_are_spoken_of_by_participants(n_themes: int) -> None:
    opening = [("F01", "facilitator", text) for _, _, text in talk(("transport",))]
    made = themes_of({"rt1": [*opening, *talk(("trust", "money", "health"))]}, n_themes=n_themes)
    assert len(made.themes) == n_themes
    assert (made.themes["n_participants"] > 0).all()


def test_answers_to_a_survey_are_themed_without_a_conversation() -> None:
    chance = random.Random(5)
    answers: list[Said] = []
    for number in range(60):
        words = SUBJECTS[FOUR[number % 4]].split()
        answers.append((f"P{number:02d}", "participant", f"It is {' '.join(chance.sample(words, 5))}"))
    statements, turns, roundtables = tables({"rt1": answers})

    counts = subject_by_theme(found(statements, turns, roundtables), statements)

    assert len(counts) >= 4
    assert sum(count.most_common(1)[0][1] for count in counts.values()) >= 0.9 * 60


def anchor(statements: pd.DataFrame, made: Themed, subject: str) -> tuple[Span, ...]:
    """The spans of a theme's statements, as a person's decision holds them."""
    theme = next(
        theme for theme, count in subject_by_theme(made, statements).items() if count.most_common(1)[0][0] == subject
    )
    return spans_of(statements, made, theme)


def spans_of(statements: pd.DataFrame, made: Themed, theme: str) -> tuple[Span, ...]:
    mine = made.assignments.loc[made.assignments["theme_id"] == theme, "statement_id"].head(5)
    rows = statements[statements["statement_id"].isin(mine)]
    return tuple(
        Span(turn_id=row.turn_id, start=row.start, end=row.end, text=row.text, sha256="") for row in rows.itertuples()
    )


def decided(action: str, subject: tuple[Span, ...], number: int = 1, **value: object) -> Decision:
    return Decision(
        decision_id=f"d{number}", at=f"2026-01-0{number}T00:00:00Z", by="ann", kind="theme", action=action,  # type: ignore[arg-type]
        subject=subject, value={"origin": "emergent", **value},
    )  # fmt: skip


def test_a_persons_name_for_a_theme_wins() -> None:
    statements, turns, roundtables = tables({"rt1": talk(FOUR)})
    before = found(statements, turns, roundtables)

    rename = decided("rename", anchor(statements, before, "trust"), name="Staying power")
    after = found(statements, turns, roundtables, decisions=(rename,))

    assert "Staying power" in after.themes["name"].tolist()
    assert after.themes["theme_id"].tolist() == before.themes["theme_id"].tolist()


def test_merged_themes_are_one() -> None:
    statements, turns, roundtables = tables({"rt1": talk(FOUR)})
    before = found(statements, turns, roundtables)
    into = anchor(statements, before, "money")

    merge = decided("merge", anchor(statements, before, "trust"), into=[span.model_dump() for span in into])
    after = found(statements, turns, roundtables, decisions=(merge,))

    assert len(after.themes) == 3
    assert after.themes["n_statements"].max() == 32


def test_a_theme_keeps_the_name_by_which_another_was_merged_into_it() -> None:
    statements, turns, roundtables = tables({"rt1": talk(FOUR)})
    before = found(statements, turns, roundtables)
    trust, money = anchor(statements, before, "trust"), anchor(statements, before, "money")
    into = [span.model_dump() for span in money]
    gone = decided("rename", trust, 1, name="Faith in each other")
    merge = decided("merge", trust, 2, into=into, into_name="Where the money goes")

    after = found(statements, turns, roundtables, decisions=(gone, merge))
    assert after.themes.loc[after.themes["n_statements"].idxmax(), "name"] == "Where the money goes"
    assert "Faith in each other" not in after.themes["name"].tolist()

    later = decided("rename", money, 3, name="Budgets")
    after = found(statements, turns, roundtables, decisions=(gone, merge, later))
    assert after.themes.loc[after.themes["n_statements"].idxmax(), "name"] == "Budgets"


def test_statements_split_off_are_a_theme_of_their_own() -> None:
    statements, turns, roundtables = tables({"rt1": talk(FOUR)})
    before = found(statements, turns, roundtables)
    spans = anchor(statements, before, "health")

    picked = [span.model_dump() for span in spans[:3]]
    after = found(
        statements, turns, roundtables, decisions=(decided("split", spans, name="On the wards", spans=picked),)
    )

    new = after.themes[after.themes["name"] == "On the wards"]
    assert len(after.themes) == 5
    assert after.assignments[after.assignments["theme_id"].isin(new["theme_id"])]["confidence"].tolist() == [1.0] * 3


def sizes(made: Themed) -> dict[str, int]:
    """How many statements are first of all of each theme, whoever made them, by its name."""
    first = made.assignments.loc[made.assignments["primary"], "theme_id"].value_counts()
    return {row.name: int(first[row.theme_id]) for row in THEMES.rows(made.themes)}


def test_what_is_decided_on_a_theme_that_was_split_off_is_on_that_theme() -> None:
    """And not on the one that it came from, where its statements are found again at the next run."""
    statements, turns, roundtables = tables({"rt1": talk(FOUR)})
    before = found(statements, turns, roundtables)
    spans, money = anchor(statements, before, "health"), anchor(statements, before, "money")
    whole = sorted(sizes(before).values())
    split = decided("split", spans[3:], 1, spans=[span.model_dump() for span in spans[:3]], name="On the wards")
    rename = decided("rename", spans[:3], 2, name="Nights on the wards")
    named = sizes(found(statements, turns, roundtables, decisions=(split, rename)))
    assert (named["Nights on the wards"], "On the wards" in named) == (3, False)
    assert sorted(named.values()) == [3, whole[0] - 3, *whole[1:]]

    merge = decided("merge", spans[:3], 2, into=[span.model_dump() for span in money], into_name="Budgets")
    merged = sizes(found(statements, turns, roundtables, decisions=(split, merge)))
    assert (merged["Budgets"], len(merged)) == (whole[0] + 3, 4)

    trust = anchor(statements, before, "trust")[:1]
    move = decided("move", trust, 2, theme_anchor=[span.model_dump() for span in spans[:3]])
    moved = found(statements, turns, roundtables, decisions=(split, move.model_copy(update={"kind": "coding"})))
    assert sizes(moved)["On the wards"] == 4


def test_a_statement_that_was_moved_and_then_split_off_is_where_it_was_put_last() -> None:
    statements, turns, roundtables = tables({"rt1": talk(FOUR)})
    before = found(statements, turns, roundtables)
    trust, money = anchor(statements, before, "trust"), anchor(statements, before, "money")
    move = decided("move", trust[:1], 1, theme_anchor=[span.model_dump() for span in money])
    split = decided("split", money[1:], 2, spans=[span.model_dump() for span in (trust[0], *money[:2])], name="Apart")
    made = (move.model_copy(update={"kind": "coding"}), split)
    assert sizes(found(statements, turns, roundtables, decisions=made))["Apart"] == 3


def test_a_merged_theme_that_is_merged_on_goes_whole_whichever_part_of_it_its_anchor_is() -> None:
    statements, turns, roundtables = tables({"rt1": talk(FOUR)})
    before = found(statements, turns, roundtables)
    trust, money, health = (anchor(statements, before, subject) for subject in ("trust", "money", "health"))
    first = decided("merge", trust, 1, into=[span.model_dump() for span in money])
    then = decided("merge", trust[:3], 2, into=[span.model_dump() for span in health])
    assert len(sizes(found(statements, turns, roundtables, decisions=(first, then)))) == 2


def test_what_was_decided_on_a_theme_stays_its_own_when_its_anchor_is_split_off() -> None:
    """The report reads the tables in which the split is made; a split of the whole anchor is made too."""
    statements, turns, roundtables = tables({"rt1": talk(FOUR)})
    before = found(statements, turns, roundtables)
    spans, money = anchor(statements, before, "health"), anchor(statements, before, "money")
    rename = decided("rename", spans, 1, name="Hospitals")
    merge = decided("merge", money, 1, into=[span.model_dump() for span in spans]).model_copy(
        update={"decision_id": "d0"}
    )
    for earlier in (rename, merge):
        for picked in (spans[:4], spans):
            split = decided("split", spans, 2, spans=[span.model_dump() for span in picked], name="On the wards")
            made = as_decided(before.assignments, statements, (earlier, split)).assignments
            first, then = theme_decisions((earlier, split), statements, made)
            named = first.theme_id if earlier is rename else first.into
            assert then.into != named == then.theme_id
            assert set(made.loc[made["theme_id"] == then.into, "statement_id"]) == set(then.statement_ids)


CODED = """
rt1:t0000  funding  trust     We get eleven months of money.
rt1:t0001  funding  -         Short money makes short promises.
rt1:t0002  trust    funding   Trust leaves on horseback.
rt1:t0003  risk     -         Nobody was ever sacked for doing nothing.
"""


def coded() -> tuple[pd.DataFrame, pd.DataFrame, dict[str, Span]]:
    """Statements, their first and further codes, and the span of each by its turn."""
    lines = [line.split(None, 3) for line in CODED.strip().splitlines()]
    spans = {turn: Span.cut(turn, text, 0, len(text)) for turn, _, _, text in lines}
    statements = STATEMENTS.frame(
        Statement(f"{turn}:s00", turn, "rt1", 0, len(text), text, "substantive", "en") for turn, _, _, text in lines
    )
    rows = [Assignment(f"{turn}:s00", code, "codebook", True, 0.8) for turn, code, _, _ in lines]
    rows += [Assignment(f"{turn}:s00", code, "codebook", False, 0.4) for turn, _, code, _ in lines if code != "-"]
    return statements, ASSIGNMENTS.frame(rows), spans


def test_what_is_said_of_a_merged_code_is_said_of_the_one_it_went_into() -> None:
    statements, assignments, spans = coded()
    into = [spans["rt1:t0002"].model_dump()]
    codes = {"origin": "codebook", "theme_code": "funding", "into_code": "trust"}
    merge = decided("merge", (spans["rt1:t0001"],), into=into, **codes)

    kept = codes_as_decided(assignments, statements, (merge,), codes=("funding", "risk", "trust"))

    assert kept[["theme_id", "primary", "confidence"]].to_numpy().tolist() == [
        ["trust", True, 0.8],
        ["trust", True, 0.8],
        ["trust", True, 0.8],
        ["risk", True, 0.8],
    ]


def test_a_statement_moved_to_another_code_has_it_first_and_keeps_the_theme_that_was_found() -> None:
    statements, assignments, spans = coded()
    value = {"origin": "codebook", "theme_code": "risk", "theme_anchor": [spans["rt1:t0003"].model_dump()]}
    move = decided("move", (spans["rt1:t0002"],), **value).model_copy(update={"kind": "coding"})

    kept = codes_as_decided(assignments, statements, (move,), codes=("funding", "risk", "trust"))
    mine = kept.loc[kept["statement_id"] == "rt1:t0002:s00", ["theme_id", "primary", "confidence"]]
    assert mine.to_numpy().tolist() == [["funding", False, 0.4], ["risk", True, 1.0]]

    emergent = assignments[assignments["primary"]].assign(origin="emergent")
    assert as_decided(emergent, statements, (move,)).assignments.equals(emergent.reset_index(drop=True))


def test_a_merge_in_a_circle_ends() -> None:
    statements, turns, roundtables = tables({"rt1": talk(FOUR)})
    before = found(statements, turns, roundtables)
    trust, money = anchor(statements, before, "trust"), anchor(statements, before, "money")

    there = decided("merge", trust, 1, into=[span.model_dump() for span in money])
    back = decided("merge", money, 2, into=[span.model_dump() for span in trust])

    assert len(found(statements, turns, roundtables, decisions=(there, back)).themes) == 3


@pytest.mark.parametrize("said", [[], [("P01", "participant", "Trust is earned slowly.")]])
def test_a_transcript_of_hardly_anything_has_at_most_one_theme(said: list[Said]) -> None:
    assert len(themes_of({"rt1": said}).themes) <= 1


def test_three_quarters_of_a_theme_by_one_person_are_one_voice() -> None:
    people = THEME_PEOPLE.frame(
        ThemePerson(theme, who, n, 10 * n)
        for theme, who, n in [("e01", "P01", 9), ("e01", "P02", 3), ("e02", "P01", 8), ("e02", "P02", 4)]
    )
    assert (one_voice(people, "e01"), one_voice(people, "e02"), one_voice(people, "e03")) == (True, False, False)


def test_what_a_facilitator_said_at_another_roundtable_prompts_nobody() -> None:
    """The words that open the second talk were a facilitator's last at the first."""
    asked = ("F01", "facilitator", "Budgets, grants, pounds and funding, treasury and invoices and spending?")
    unasked = [one for one in talk(("money",), seed=4) if one[1] == "participant"]
    statements, turns, roundtables = tables({"rt1": [*talk(("trust",)), asked], "rt2": unasked})
    made = found(statements, turns, roundtables)
    money = next(
        theme for theme, count in subject_by_theme(made, statements).items() if count.most_common(1)[0][0] == "money"
    )
    assert made.notes.set_index("theme_id")["prompted"][money] == 0


def test_what_only_a_facilitator_speaks_of_is_no_theme_and_it_is_said() -> None:
    chance = random.Random(7)
    words = SUBJECTS["transport"].split()
    alone: list[Said] = [
        ("F01", "facilitator", f"Then {' '.join(chance.sample(words, 5))}. Still {' '.join(chance.sample(words, 5))}.")
        for _ in range(12)
    ]
    statements, turns, roundtables = tables({"rt1": [*talk(("trust", "money")), *alone]})

    made = found(statements, turns, roundtables)

    reasons = Counter(made.omissions["reason"])
    assert reasons["no theme: only facilitators speak of it"] >= 20
    assert (made.themes["n_participants"] > 0).all()


def test_a_theme_is_named_by_what_participants_said_of_it() -> None:
    """Two facilitators' lanterns stand in every other turn on trust, and nobody takes them up."""
    said: list[Said] = []
    for turn, one in enumerate(talk(("trust", "money", "health"))):
        said.append(one)
        if turn < 9:
            said.append(
                (
                    f"F0{1 + turn % 2}",
                    "facilitator",
                    f"Lanterns and trust, and lanterns in the faith of neighbours: {turn}.",
                )
            )
    made = themes_of({"rt1": said})
    assert not [words for words in made.themes["keywords"] if {"lanterns", "Lanterns"} & set(words)]


@pytest.mark.parametrize(
    "merges", [[("trust", "money"), ("health", "trust")], [("trust", "money"), ("money", "health")]]
)
def test_a_theme_merged_into_one_that_is_merged_before_or_after_goes_all_the_way(merges: list[tuple[str, str]]) -> None:
    statements, turns, roundtables = tables({"rt1": talk(FOUR)})
    before = found(statements, turns, roundtables)
    stands = {subject: anchor(statements, before, subject) for subject in ("trust", "money", "health")}

    made = [
        decided("merge", stands[gone], at, into=[span.model_dump() for span in stands[into]])
        for at, (gone, into) in enumerate(merges, start=1)
    ]
    after = found(statements, turns, roundtables, decisions=tuple(made))

    assert sorted(after.themes["n_statements"]) == [16, 48]


def test_a_theme_may_be_split_more_often_than_there_are_letters() -> None:
    statements, turns, _ = tables({"rt1": talk(FOUR)})
    every = ASSIGNMENTS.frame(
        Assignment(name, "e01", "emergent", True, 0.9) for name in statements["statement_id"].tolist()
    )
    texts = dict(zip(turns["turn_id"], turns["text"], strict=True))
    places = statements[["turn_id", "start", "end"]].head(27).itertuples(index=False)
    picked = [Span.cut(turn, texts[turn], start, end) for turn, start, end in places]
    splits = tuple(
        decided("split", tuple(picked), number, spans=[one.model_dump()]) for number, one in enumerate(picked)
    )

    kept = as_decided(every, statements, splits).assignments

    assert sorted(set(kept["theme_id"]) - {"e01"}) == sorted([*(f"e01{letter}" for letter in ascii_lowercase), "e01aa"])


def test_a_statement_that_carried_both_of_two_merged_themes_keeps_its_first() -> None:
    statements, turns, roundtables = tables({"rt1": talk(FOUR)})
    made = found(statements, turns, roundtables)
    theme, other = made.themes["theme_id"].tolist()[:2]
    mine = made.assignments.loc[made.assignments["theme_id"] == theme, "statement_id"].iloc[0]
    further = ASSIGNMENTS.frame([Assignment(mine, other, "emergent", False, 0.2)])
    whole = pd.concat([made.assignments, further], ignore_index=True)
    into = [span.model_dump() for span in spans_of(statements, made, theme)]
    merge = decided("merge", spans_of(statements, made, other), into=into)

    kept = as_decided(whole, statements, (merge,)).assignments

    assert kept.loc[kept["statement_id"] == mine, ["theme_id", "primary"]].to_numpy().tolist() == [[theme, True]]


@pytest.mark.parametrize(("between", "stretches_of_trust"), [(10, 1), (11, 2)])
def test_an_aside_of_ten_statements_ends_no_stretch(between: int, stretches_of_trust: int) -> None:
    themes = ["e01", *["e02"] * between, "e01"]
    said = pd.DataFrame(
        {"theme_id": theme, "transcript_id": "rt1", "turn_id": f"rt1:t{place:04}", "index": place, "start": 0,
         "role": "participant", "text": "So we said."}
        for place, theme in enumerate(themes)
    )  # fmt: skip
    assert sum(theme == "e01" for theme, _ in stretches(said)) == stretches_of_trust


def test_a_theme_and_a_code_on_the_same_statements_are_each_told_by_their_share() -> None:
    statements, turns, roundtables = tables({"rt1": talk(FOUR)})
    encoder = PlainEncoder()
    made = find_themes(
        statements, turns, embed(statements, turns, encoder=encoder), roundtables,
        encoder=encoder, codebook=Codebook("One", (Code("trust", "Trust", "", phrases=("trust", "faith*")),)),
    )  # fmt: skip
    primary = made.assignments[made.assignments["primary"]].merge(statements, on="statement_id")
    mine = primary[primary["turn_id"].isin(turns.loc[turns["role"] == "participant", "turn_id"])]
    by_theme = {theme: set(rows["statement_id"]) for theme, rows in mine.groupby("theme_id")}
    rows = list(THEME_OVERLAPS.rows(made.overlaps))
    assert rows
    assert any(row.of_theme != row.of_code for row in rows)
    for row in rows:
        both = by_theme[row.theme_id] & by_theme[row.code]
        assert row.n_both == len(both)
        assert row.of_theme == pytest.approx(len(both) / len(by_theme[row.theme_id]), abs=1e-4)
        assert row.of_code == pytest.approx(len(both) / len(by_theme[row.code]), abs=1e-4)


def test_a_code_is_told_by_the_words_in_which_people_spoke_of_it_and_one_of_which_nobody_did_by_none() -> None:
    statements, turns, roundtables = tables({"rt1": talk(FOUR)})
    encoder = PlainEncoder()
    book = Codebook("Two", (Code("trust", "Trust", "", phrases=("trust", "faith*")), Code("moon", "Moon", "")))
    made = find_themes(
        statements, turns, embed(statements, turns, encoder=encoder), roundtables,
        encoder=encoder, codebook=book,
    )  # fmt: skip
    codes = {row.theme_id: row for row in THEMES.rows(made.themes) if row.origin == "codebook"}
    texts = " ".join(statements["text"]).lower()
    assert codes["trust"].keywords and all(word.lower() in texts for word in codes["trust"].keywords)
    assert (codes["moon"].n_statements, codes["moon"].keywords) == (0, ())
