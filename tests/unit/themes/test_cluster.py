"""Where a subject changes, what belongs together, and how a theme holds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from pipeline.backends.plain_encoder import PlainEncoder
from pipeline.tables import ROUNDTABLES, VectorSet
from pipeline.themes.cluster import ABSENT, _without_small, by_size, subjects_of
from pipeline.themes.context import Course, Talk, course_of, hands_over
from pipeline.themes.emergent import UNLIKE, Talks, _once, find_emergent, is_conversation, talks_of
from pipeline.themes.series import theme_series
from pipeline.themes.stability import Holding, holdings, left_out_in_turn
from pipeline.themes.without import found_without
from tests.unit.themes.invented_talk import tables, talk

DIRECTIONS = np.eye(8, dtype=np.float32)


def talk_of(subjects: list[int], *, speakers: list[str] | None = None, texts: list[str] | None = None) -> Talk:
    """One statement a turn, each in the direction of its subject, none quite the same."""
    chance = np.random.default_rng(1)
    own = DIRECTIONS[subjects] + 0.1 * chance.normal(size=(len(subjects), 8)).astype(np.float32)
    said = texts or ["What we saw there was much the same as what the others had seen before us then."] * len(subjects)
    return Talk(
        transcript_id="rt1",
        own=(own / np.linalg.norm(own, axis=1, keepdims=True)).astype(np.float32),
        turns=np.arange(len(subjects)),
        speakers=speakers or [f"P{number % 3}" for number in range(len(subjects))],
        facilitator=np.zeros(len(subjects), dtype=bool),
        aside=np.zeros(len(subjects), dtype=bool),
        texts=said,
    )


def test_no_change_lies_within_a_stretch_and_one_lies_between_two() -> None:
    course = course_of(talk_of([0] * 20 + [1] * 20))

    assert course.same[15, 19] > 0.7
    assert course.same[17, 22] < 0.1
    assert course.same[2, 17] > 4 * course.same[17, 22]
    assert ((course.same >= 0) & (course.same <= 1)).all()
    assert np.allclose(course.same, course.same.T)


def test_a_long_turn_may_change_its_subject_at_a_block() -> None:
    monologue = talk_of([0] * 40 + [1] * 40)
    one_turn = Talk(**{**vars(monologue), "turns": np.zeros(80, dtype=np.int64)})

    labels = subjects_of(one_turn).labels

    assert labels[0] != labels[-1]


def test_a_subject_in_two_stretches_has_one_label() -> None:
    labels = subjects_of(talk_of([0] * 15 + [1] * 15 + [2] * 15 + [0] * 15)).labels

    assert labels[0] == labels[-1]
    assert len(set(labels.tolist())) == 3


def test_a_clear_place_has_more_confidence_than_one_at_the_edge() -> None:
    found = subjects_of(talk_of([0] * 20 + [3, 4, 5] + [1] * 20))

    assert found.confidence[5] > found.confidence[20:23].min()
    assert ((found.confidence >= 0) & (found.confidence <= 1)).all()


@pytest.mark.parametrize(
    ("text", "leads"),
    [
        ("Thank you. We've got questions now from [P03] on funding.", True),
        ("Let's move on to the second theme.", True),
        ("Mae gennym gwestiynau gan [P03] nawr; symud ymlaen.", True),
        ("Before we move on, could I ask one thing?", False),
        ("That is how the buses run.", False),
    ],
)
def test_what_hands_over_to_another_subject(text: str, leads: bool) -> None:
    assert hands_over(text) is leads


def test_a_hand_over_moves_a_change_that_is_unclear_to_where_it_was_said() -> None:
    # Between the two subjects stand turns about neither.
    subjects = [0] * 15 + [6, 7, 6, 7] + [1] * 15
    texts = ["We have seen this sort of thing there quite often, and it was much as others said."] * len(subjects)
    early, late = list(texts), list(texts)
    early[15] = late[19] = "Okay, so let us now move on to the next question that we have here for all of you."

    def change(said: list[str]) -> int:
        same = course_of(talk_of(subjects, texts=said)).same
        return 1 + int(np.argmin([same[at, at + 1] for at in range(14, 20)])) + 14

    assert change(early) == 15
    assert change(late) == 19


def test_groups_are_numbered_by_size_and_ties_by_who_comes_first() -> None:
    assert by_size(np.array([7, 3, 3, 9, 9, 9, -1, 5])).tolist() == [2, 1, 1, 0, 0, 0, -1, 3]


def test_where_each_statement_says_little_of_its_subject_a_boundary_costs_less() -> None:
    chance = np.random.default_rng(0)
    subjects = np.repeat(np.arange(8), 12)
    # Nine tenths of a statement are its own, as where people tell in short sentences what happened to them.
    faint = (np.eye(128)[subjects] + 0.35 * chance.normal(size=(96, 128))).astype(np.float32)
    told = Talk(**{**vars(talk_of([0] * 96)), "own": faint / np.linalg.norm(faint, axis=1, keepdims=True)})

    assert len(set(subjects_of(told).labels.tolist())) == 8


def test_a_list_of_answers_is_no_conversation() -> None:
    answers = talk_of([0, 1, 2, 3] * 10, speakers=[f"P{number}" for number in range(40)])
    same_voice = talk_of([0, 1, 2, 3] * 10, speakers=["Unknown"] * 40)
    conversation = talk_of([0] * 20 + [1] * 20)

    assert not is_conversation(answers)
    assert not is_conversation(same_voice)
    assert is_conversation(conversation)


def test_turns_of_more_than_a_statement_and_a_half_are_a_conversation_whatever_is_said() -> None:
    apart = talk_of([0, 1, 2, 3, 4, 5], speakers=["P01", "P01", "P02", "P01", "P01", "P02"])
    half = replace(apart, turns=np.array([0, 0, 1, 2, 2, 3]))
    more = replace(apart, turns=np.array([0, 0, 1, 1, 2, 2]))
    assert (is_conversation(half), is_conversation(more)) == (False, True)


def test_left_out_people_take_their_statements_with_them() -> None:
    statements, turns, _ = tables({"rt1": talk(("trust", "money"))})
    placed = statements.merge(turns[["turn_id", "index", "speaker", "role"]], on="turn_id")
    own = np.tile(DIRECTIONS, (len(statements) // 8 + 1, 1))[: len(statements)]
    talks = talks_of(placed, VectorSet(tuple(statements["statement_id"]), own, own, "plain", "plain"))

    rest = talks.without(frozenset({"P01", "P03"}))

    assert set(rest.talks[0].speakers) == {"F01", "P02", "P04"}
    assert len(rest.ids) == len(rest.in_theme) == len(rest.talks[0])


def test_up_to_twelve_people_are_left_out_one_by_one_and_more_in_groups() -> None:
    few = list(left_out_in_turn(["P2", "P1", "P1"]))
    many = list(left_out_in_turn([f"P{number:02d}" for number in range(30)]))

    assert few == [frozenset({"P1"}), frozenset({"P2"})]
    assert len(many) == 12
    assert sum(map(len, many)) == 30
    assert list(left_out_in_turn(["P1"])) == []


def test_a_theme_that_falls_in_two_without_somebody_is_no_longer_strong() -> None:
    found = ["e01", "e01", "e01", "e01", "e02", ""]
    same, halved = np.array([0, 0, 0, 0, 1, 1]), np.array([0, 0, 2, 2, 1, 1])

    held = holdings(found, [halved, same])

    assert held == {"e01": Holding(0.75, 2), "e02": Holding(1.0, 2)}
    assert (held["e01"].label, held["e02"].label, Holding(0.3, 2).label) == ("fair", "strong", "fragile")


def test_how_a_theme_holds_is_not_counted_where_all_who_spoke_of_it_are_left_out() -> None:
    assert holdings(["e01", "e01", "e02"], [np.array([4, 4, ABSENT]), np.array([0, UNLIKE, 1])]) == {
        "e01": Holding(1.0, 2), "e02": Holding(1.0, 1),
    }  # fmt: skip
    assert holdings(["e01"], []) == {"e01": Holding(0.0, 0)}


def series(*codes: str) -> Talks:
    """Roundtables on the same subjects, the people of each their own but for P01."""
    invented = {
        code: talk(("trust", "money", "health"), speakers=["P01", *(f"P{code[2:]}{at}" for at in range(3))], seed=at)
        for at, code in enumerate(codes)
    }
    statements, turns, _ = tables(invented)
    placed = statements.merge(turns[["turn_id", "index", "speaker", "role"]], on="turn_id")
    own = PlainEncoder().encode(statements["text"].tolist())
    return talks_of(placed, VectorSet(tuple(statements["statement_id"]), own, own, "plain", "plain"))


@pytest.mark.parametrize("codes", [("rt1", "rt2", "rt3"), ("rt1", "rt2"), ("rt1",)])
def test_themes_without_somebody_are_those_of_talks_in_which_they_never_were(codes: tuple[str, ...]) -> None:
    talks = series(*codes)
    everybody = frozenset({"F01", "P01", "P10", "P11", "P12"})  # of rt1
    groups = [frozenset({"P01"}), frozenset({"P11", "P20"}), everybody, frozenset({"nobody"})]
    for group, labels in zip(groups, found_without(talks, groups), strict=True):
        rows = talks.spoken_without(group)
        alone = find_emergent(talks.without(group)).labels
        pairs = set(zip(labels[rows].tolist(), alone.tolist(), strict=True))
        assert len(pairs) == len({label for label, _ in pairs}) == len({label for _, label in pairs})
        assert (labels[rows] >= 0).tolist() == (alone >= 0).tolist()
        assert set(np.delete(labels, rows).tolist()) <= {ABSENT}


@pytest.mark.parametrize("group", [{"P10", "P11", "P21"}, {"P10", "P11", "P12"}, {"P01"}])
def test_themes_without_somebody_do_not_go_by_whom_was_left_out_before(group: set[str]) -> None:
    talks, some = series("rt1", "rt2", "rt3"), frozenset(group)
    [alone] = found_without(talks, [some])
    [_, after] = found_without(talks, [frozenset({"nobody"}), some])
    assert after.tolist() == alone.tolist()


def test_a_theme_grows_by_people_and_not_by_lines() -> None:
    def spoken(table: str, people: int, lines: int) -> pd.DataFrame:
        names = [f"P{number % people}" for number in range(max(lines, people))]
        return pd.DataFrame({"theme_id": "e01", "roundtable_id": table, "speaker": names, "role": "participant"})

    tables_of = [("rt1", 1, 40), ("rt2", 4, 5), ("rt3", 5, 90), ("rt4", 1, 50)]
    carried = pd.concat([spoken(*one) for one in tables_of], ignore_index=True)
    names = [f"P{number}" for number in range(8)]
    turns = pd.DataFrame(
        [(name, table, "participant") for name in names for table in ("rt1", "rt2", "rt3", "rt4", "rt5")],
        columns=["speaker", "roundtable_id", "role"],
    )

    made = theme_series(carried, turns, ROUNDTABLES.empty())

    assert made["change"].tolist() == ["new", "grown", "steady", "faded", "absent"]
    assert made["n_participants"].tolist() == [1, 4, 5, 1, 0]


def test_one_person_more_is_chance_and_no_growth() -> None:
    """Of six people one and then two: a sixth of the table more, by one person."""
    said = [("rt1", "P0"), ("rt2", "P0"), ("rt2", "P1"), ("rt3", "P0"), ("rt3", "P1"), ("rt3", "P2"), ("rt3", "P3")]
    carried = pd.DataFrame(
        [("e01", table, name, "participant") for table, name in said],
        columns=["theme_id", "roundtable_id", "speaker", "role"],
    )
    turns = pd.DataFrame(
        [(f"P{number}", table, "participant") for number in range(6) for table in ("rt1", "rt2", "rt3")],
        columns=["speaker", "roundtable_id", "role"],
    )
    made = theme_series(carried, turns, ROUNDTABLES.empty())
    assert made["change"].tolist() == ["new", "steady", "grown"]


def test_a_theme_of_fewer_people_has_not_grown_however_small_the_table_became() -> None:
    """Six of twelve and then four of five: a larger share, and two people fewer."""
    people = {"rt1": (6, 12), "rt2": (4, 5), "rt3": (6, 12)}
    said = [(table, f"P{number}") for table, (spoke, _) in people.items() for number in range(spoke)]
    carried = pd.DataFrame(said, columns=["roundtable_id", "speaker"]).assign(theme_id="e01", role="participant")
    sat = [(table, f"P{number}") for table, (_, present) in people.items() for number in range(present)]
    turns = pd.DataFrame(sat, columns=["roundtable_id", "speaker"]).assign(role="participant")
    made = theme_series(carried, turns, ROUNDTABLES.empty())
    assert made["change"].tolist() == ["new", "steady", "steady"]


def test_a_roundtable_of_the_facilitator_alone_is_nothing_to_return_from() -> None:
    carried = pd.DataFrame({"theme_id": "e01", "roundtable_id": ["rt1", "rt3"], "speaker": "P0", "role": "participant"})
    turns = pd.DataFrame({"speaker": ["P0", "F01", "P0"], "roundtable_id": ["rt1", "rt2", "rt3"]})
    turns["role"] = ["participant", "facilitator", "participant"]
    made = theme_series(carried, turns, ROUNDTABLES.empty())
    assert made["change"].tolist() == ["new", "absent", "steady"]


def test_a_theme_that_comes_back_has_returned_which_says_nothing_of_growth() -> None:
    carried = pd.DataFrame({"theme_id": "e01", "roundtable_id": ["rt1", "rt3"], "speaker": "P0", "role": "participant"})
    turns = pd.DataFrame({"speaker": "P0", "roundtable_id": ["rt1", "rt2", "rt3"], "role": "participant"})
    made = theme_series(carried, turns, ROUNDTABLES.empty())
    assert made["change"].tolist() == ["new", "absent", "returned"]


def test_before_its_first_roundtable_a_theme_has_no_row() -> None:
    carried = pd.DataFrame({"theme_id": ["e01"], "roundtable_id": "rt2", "speaker": "P0", "role": "participant"})
    turns = pd.DataFrame({"speaker": "P0", "roundtable_id": ["rt1", "rt2"], "role": "participant"})
    made = theme_series(carried, turns, ROUNDTABLES.empty())
    assert made[["roundtable_id", "change"]].to_numpy().tolist() == [["rt2", "new"]]


def test_one_participant_more_joins_a_group_and_leaves_the_others_as_they_were() -> None:
    """P100 comes after P99, not after P10: or nearly every group would be another, and found anew."""
    names = [f"P{number:02d}" for number in range(1, 100)]
    before, after = set(left_out_in_turn(names)), set(left_out_in_turn([*names, "P100"]))
    assert len(before & after) == 11


def test_a_few_statements_unlike_all_others_are_in_no_subject() -> None:
    labels = subjects_of(talk_of([0] * 60 + [3] * 6 + [1] * 60)).labels
    assert set(labels[60:66].tolist()) == {UNLIKE}
    assert sorted({*labels[:60].tolist(), *labels[66:].tolist()}) == [0, 1]


def test_the_smallest_group_goes_first_and_may_make_the_next_large_enough() -> None:
    labels = np.repeat([0, 1, 2], [20, 7, 3])
    shared = np.array([[1, 0.5, 0.1], [0.5, 1, 0.4], [0.1, 0.4, 1]])
    course = Course(np.arange(30), np.ones(30), np.zeros((30, 1)), np.eye(30))
    assert _without_small(labels, shared[np.ix_(labels, labels)], course, 30).tolist() == 20 * [0] + 10 * [1]


def test_a_further_theme_of_two_subjects_has_the_confidence_of_the_surer() -> None:
    """Two subjects of one transcript may be one theme of the series."""
    assert _once([(3, 1, 0.4), (3, 1, 0.2), (2, 0, 0.1), (3, 1, 0.3)]) == ((2, 0, 0.1), (3, 1, 0.4))
