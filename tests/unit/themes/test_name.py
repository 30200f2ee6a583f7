"""Themes are named in the words of those who spoke, each differently, and people's names win."""

from __future__ import annotations

import pandas as pd
from invented_talk import tables, talk

from pipeline.backends.plain_encoder import PlainEncoder
from pipeline.tables import VectorSet
from pipeline.themes.name import Named, name_themes, phrases_of

TALK = {"rt1": talk(("trust", "money", "health"))}


def setting() -> tuple[pd.DataFrame, VectorSet, dict[str, list[str]]]:
    """Statements, their vectors, and the participants' statements on each of three subjects."""
    statements, turns, _ = tables(TALK)
    own = PlainEncoder().encode(statements["text"].tolist())
    vectors = VectorSet(tuple(statements["statement_id"]), own, own, "plain", "1")
    spoken = turns[turns["role"] == "participant"]
    third = len(turns) // 3
    subject = {
        turn: f"e{index // third + 1:02d}" for turn, index in zip(spoken["turn_id"], spoken["index"], strict=True)
    }
    mine = statements[statements["turn_id"].isin(subject)]
    members: dict[str, list[str]] = {}
    for name, turn in zip(mine["statement_id"], mine["turn_id"], strict=True):
        members.setdefault(subject[turn], []).append(name)
    return statements, vectors, members


def named(given: dict[str, str] | None = None) -> dict[str, Named]:
    statements, vectors, members = setting()
    return name_themes(statements, members, vectors, encoder=PlainEncoder(), given=given)


def test_a_name_is_made_of_words_that_were_spoken_in_the_theme() -> None:
    statements, _, members = setting()
    texts = dict(zip(statements["statement_id"], statements["text"], strict=True))
    for theme, one in named().items():
        spoken = " ".join(texts[name] for name in members[theme]).lower()
        for part in one.name.lower().replace(",", " and").split(" and "):
            assert part.strip() in spoken
        assert all(keyword.lower() in spoken for keyword in one.keywords)


def test_no_two_themes_share_a_name_not_even_with_the_same_statements() -> None:
    statements, vectors, members = setting()
    members = {**members, "e04": members["e01"], "e05": members["e01"]}
    names = [one.name.casefold() for one in name_themes(statements, members, vectors, encoder=PlainEncoder()).values()]
    assert len(names) == len(set(names)) == 5


def test_a_persons_name_stands_and_nobody_else_takes_it() -> None:
    ours = named()
    given = named({"e02": ours["e01"].name})
    assert given["e02"].name == ours["e01"].name
    assert given["e01"].name != ours["e01"].name


def test_a_name_of_a_code_is_taken_although_its_theme_is_not_among_them() -> None:
    ours = named()
    assert named({"trust": ours["e01"].name})["e01"].name != ours["e01"].name


def test_central_statements_are_the_themes_own_and_the_nearest_is_another() -> None:
    _, _, members = setting()
    for theme, one in named().items():
        assert one.central and set(one.central) <= set(members[theme])
        assert one.nearest in set(members) - {theme}
        assert one.differs


def test_the_order_of_statements_changes_no_name() -> None:
    statements, vectors, members = setting()
    mixed = {theme: list(reversed(ids)) for theme, ids in reversed(list(members.items()))}
    shuffled = statements.sample(frac=1.0, random_state=5)
    assert name_themes(shuffled, mixed, vectors, encoder=PlainEncoder()) == named()


def test_a_theme_without_a_nameable_word_still_has_a_name() -> None:
    statements, vectors, members = setting()
    made = name_themes(statements, {"e01": members["e01"], "e02": []}, vectors, encoder=PlainEncoder())
    assert made["e02"].name and made["e02"].central == ()


def test_no_phrase_crosses_a_mark_a_pseudonym_or_a_function_word() -> None:
    assert phrases_of("Waiting lists, [P07] and the crisis team") == [
        "Waiting", "Waiting lists", "lists", "crisis", "crisis team", "team",
    ]  # fmt: skip
    assert phrases_of("Well, yeah, I think so.") == []


def test_what_is_said_in_two_turns_names_a_theme_before_what_is_said_once() -> None:
    once_and_again = [
        ("P01", "participant", "Bus lanes on the bridge upset the marmalade factory."),
        ("P02", "participant", "We had a bus lane and nobody used it."),
        ("P03", "participant", "Potholes again. A pothole took my front wheel."),
        ("P04", "participant", "There is a pothole by the bridge."),
    ]
    statements, _, _ = tables({"rt1": once_and_again})
    own = PlainEncoder().encode(statements["text"].tolist())
    vectors = VectorSet(tuple(statements["statement_id"]), own, own, "plain", "1")
    made = name_themes(statements, {"e01": statements["statement_id"].tolist()}, vectors, encoder=PlainEncoder())
    assert {word.lower().rstrip("s") for word in made["e01"].keywords} == {"bus lane", "bridge", "pothole"}
