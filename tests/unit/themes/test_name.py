"""Themes are named in the words of those who spoke, each differently, and people's names win."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd
from invented_talk import tables, talk

from pipeline.backends.plain_encoder import PlainEncoder
from pipeline.backends.protocols import Vectors
from pipeline.tables import TOKENS, TURNS, Token, Turn, VectorSet
from pipeline.themes.name import Named, _possible_names, _share_a_word, name_themes
from pipeline.themes.phrases import kinds_of_words, most_written, phrases_of, phrases_said
from pipeline.themes.speech import speech_of

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


def names(
    statements: pd.DataFrame,
    vectors: VectorSet,
    members: dict[str, list[str]],
    *,
    given: dict[str, str] | None = None,
    kinds: dict[str, str] | None = None,
    speakers: dict[str, str] | None = None,
) -> dict[str, Named]:
    """The themes' names; each turn is another participant's where it isn't said."""
    speech = speech_of(statements, phrases_said(statements, kinds), speakers or {})
    return name_themes(speech, members, vectors, encoder=PlainEncoder(), given=given)


def named(given: dict[str, str] | None = None) -> dict[str, Named]:
    statements, vectors, members = setting()
    return names(statements, vectors, members, given=given)


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
    made = [one.name.casefold() for one in names(statements, vectors, members).values()]
    assert len(made) == len(set(made)) == 5


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
    assert names(shuffled, vectors, mixed) == named()


def test_a_theme_without_a_nameable_word_still_has_a_name() -> None:
    statements, vectors, members = setting()
    made = names(statements, vectors, {"e01": members["e01"], "e02": []})
    assert made["e02"].name and made["e02"].central == ()


def written(text: str, kinds: dict[str, str] | None = None) -> list[str]:
    return [one.written for one in phrases_of(text, kinds)]


def test_no_phrase_crosses_a_mark_a_pseudonym_or_a_function_word() -> None:
    assert written("Waiting lists, [P07] and the crisis team") == [
        "Waiting", "Waiting lists", "crisis", "crisis team", "team",
    ]  # fmt: skip
    assert written("Well, yeah, I think so.") == []


def test_a_month_a_number_and_a_word_that_says_nothing_alone_are_no_phrase() -> None:
    assert written("In March the case of thirty buses and a county court case") == [
        "buses", "county", "county court", "county court case", "court", "court case",
    ]  # fmt: skip


WORDS = {"compassionate": "adjective", "leave": "noun", "invented": "other", "swansea": "name", "court": "noun"}


def test_with_grammar_a_phrase_is_adjectives_and_nouns_and_ends_in_a_noun() -> None:
    assert written("She invented compassionate leave", WORDS) == ["compassionate leave", "leave"]
    assert [one.written for one in phrases_of("Swansea court, Swansea", WORDS) if one.is_name] == ["Swansea", "Swansea"]


def test_a_word_is_what_it_was_mostly_taken_for_in_english_turns() -> None:
    turns = TURNS.frame(
        [
            Turn("t1", "rt1", "rt1", 0, "P01", "participant", "en", "work work", None, None),
            Turn("t2", "rt1", "rt1", 1, "P01", "participant", "cy", "Work gwaith", None, None),
        ]
    )
    tags = (("t1", 0, 4, "NOUN"), ("t1", 5, 9, "NOUN"), ("t2", 0, 4, "PROPN"), ("t2", 5, 11, "PROPN"))
    tokens = TOKENS.frame(Token(turn, start, end, pos, "", "", "", 0, False) for turn, start, end, pos in tags)

    assert kinds_of_words(turns, tokens) == {"work": "noun"}
    assert kinds_of_words(turns, tokens.assign(pos="X")) == {}


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
    made = names(statements, vectors, {"e01": statements["statement_id"].tolist()})
    assert {word.lower().rstrip("s") for word in made["e01"].keywords[:3]} == {"bus lane", "bridge", "pothole"}


def table(said: list[tuple[str, str]]) -> tuple[pd.DataFrame, VectorSet, dict[str, str]]:
    """Statements of who said what, their vectors, and the speakers by turn."""
    statements, turns, _ = tables({"rt1": [(speaker, "participant", text) for speaker, text in said]})
    own = np.full((len(statements), 256), 1 / 16, dtype=np.float32)  # all mean the same: only words tell them apart
    vectors = VectorSet(tuple(statements["statement_id"]), own, own, "plain", "1")
    return statements, vectors, dict(zip(turns["turn_id"], turns["speaker"], strict=True))


def test_what_two_people_speak_of_names_a_theme_before_what_one_speaks_of_more_often() -> None:
    hobby = [("P01", "The marmalade was late."), ("P01", "More marmalade."), ("P01", "Marmalade, marmalade.")]
    statements, vectors, speakers = table([*hobby, ("P02", "A pothole there."), ("P03", "That pothole grew.")])

    made = names(statements, vectors, {"e01": statements["statement_id"].tolist()}, speakers=speakers)

    assert made["e01"].keywords[:2] == ("pothole", "marmalade")


def test_a_word_that_every_theme_has_names_none_of_them_first() -> None:
    said = [(f"P{at}", f"The council has the {word}.") for word in ("ferry", "orchard", "library") for at in range(4)]
    statements, vectors, speakers = table(said)
    ids = statements["statement_id"].tolist()

    made = names(statements, vectors, {f"e{at}": ids[4 * at : 4 * at + 4] for at in range(3)}, speakers=speakers)

    assert [made[f"e{at}"].keywords[0] for at in range(3)] == ["ferry", "orchard", "library"]


def test_a_sentences_first_letter_is_no_part_of_a_phrase_but_a_names_is() -> None:
    statements, vectors, speakers = table([("P01", "Hedges matter."), ("P02", "Our hedges."), ("P03", "Hedges again.")])

    made = names(statements, vectors, {"e01": statements["statement_id"].tolist()}, speakers=speakers)

    assert "hedges" in made["e01"].keywords
    assert most_written(Counter({("llanfair", "Llanfair"): 1})) == {"llanfair": "Llanfair"}
    forms = Counter({("qualification", "qualifications"): 9, ("qualifications bala", "Qualifications Bala"): 2})
    assert most_written(forms)["qualifications bala"] == "Qualifications Bala"


def test_what_the_central_statements_speak_of_names_a_theme_before_what_is_said_at_its_edge() -> None:
    said = [("P01", "Hedges."), ("P02", "Hedges."), ("P03", "Ferries."), ("P04", "Ferries."), ("P05", "Badgers.")]
    statements, _, speakers = table(said)
    own = np.zeros((len(said), 256), dtype=np.float32)
    own[:, :3] = [(1, 0, 0), (1, 0, 0), (0.6, 0.8, 0), (0.6, -0.8, 0), (0, 0, 1)]
    ids = statements["statement_id"].tolist()

    made = names(
        statements, VectorSet(tuple(ids), own, own, "plain", "1"), {"e01": ids[:4], "e02": ids[4:]}, speakers=speakers
    )

    assert made["e01"].central[:2] == tuple(ids[:2])
    assert made["e01"].keywords == ("Hedges", "Ferries")


def test_a_word_is_what_it_mostly_was_taken_for() -> None:
    """Of five uses of "plan" one was a noun: it names nothing."""
    texts = ["We plan it.", "They plan it.", "You plan it.", "I plan it.", "The plan."]
    turns = TURNS.frame(
        Turn(f"rt1:t{at:04d}", "rt1", "rt1", at, "P01", "participant", "en", text, None, None)
        for at, text in enumerate(texts)
    )
    tokens = TOKENS.frame(
        Token(f"rt1:t{at:04d}", text.index("plan"), text.index("plan") + 4, pos, "", "plan", "", 0, False)
        for at, (text, pos) in enumerate(zip(texts, ["VERB"] * 4 + ["NOUN"], strict=True))
    )
    assert kinds_of_words(turns, tokens) == {"plan": "other"}


def test_a_name_of_short_phrases_has_a_third_and_of_long_ones_has_no_more_than_say_enough() -> None:
    assert [
        next(iter(_possible_names(words, " and ")))
        for words in (
            ["grain", "switchboard", "coordinating", "doors"],
            ["foster carers", "vulnerable children", "contact"],
            ["free school meals", "funding"],
            ["voting"],
        )
    ] == [
        "Grain, switchboard and coordinating",
        "Foster carers and vulnerable children",
        "Free school meals",
        "Voting",
    ]


def test_a_form_of_a_word_that_stands_in_a_name_does_not_stand_there_again() -> None:
    assert [
        _share_a_word(set(one.split()), set(other.split()))
        for one, other in (
            ("vulnerable children", "child"),
            ("Cardiff university", "universitie"),
            ("form", "formula"),
            ("police", "policy"),
        )
    ] == [True, True, False, False]


def test_phrases_that_mean_the_same_are_one_keyword() -> None:
    class Alike(PlainEncoder):
        """Takes "child" and "children" for one."""

        def encode(self, texts: Sequence[str]) -> Vectors:
            return super().encode([text.replace("children", "child") for text in texts])

    said = [f"The child and the children of {place}." for place in ("Bryn", "Cwm", "Glyn", "Nant", "Pant", "Rhyd")]
    statements, turns, _ = tables({"rt1": [(f"P{at}", "participant", text) for at, text in enumerate(said)]})
    own = Alike().encode(statements["text"].tolist())
    vectors = VectorSet(tuple(statements["statement_id"]), own, own, "plain", "1")
    speech = speech_of(
        statements, phrases_said(statements, None), dict(zip(turns["turn_id"], turns["speaker"], strict=True))
    )

    made = name_themes(speech, {"e01": statements["statement_id"].tolist()}, vectors, encoder=Alike())

    assert len({"child", "children"} & set(made["e01"].keywords)) == 1


def test_a_theme_that_was_talked_of_in_welsh_has_no_english_and_in_its_name() -> None:
    statements, vectors, members = setting()
    speech = speech_of(statements, phrases_said(statements, None), {})
    made = name_themes(speech, members, vectors, encoder=PlainEncoder(), welsh=frozenset(members["e01"]))
    assert " and " not in made["e01"].name
    assert ", " in made["e01"].name
    assert " and " in made["e02"].name
