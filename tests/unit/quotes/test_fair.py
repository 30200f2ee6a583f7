"""A theme's list: everybody's turn, every roundtable, and who sees it otherwise."""

from __future__ import annotations

import numpy as np
import pytest
from invented_quotes import listed, talk

from pipeline import tables as t
from pipeline.quotes.fair import Pool, leanings, side

THEMES = {"letter": "waiting"}


def lines(count: int, speaker: str = "P01", start: int = 0) -> str:
    return "\n".join(
        f"{speaker}: A letter {word(n)} that {word(n + 50)} never {word(n + 100)} the {word(n + 150)}."
        for n in range(start, start + count)
    )


def word(number: int) -> str:
    """A word that nobody knows, another for each number: what is said differs, and no list of words has it."""
    return "".join("bdfgklmnprstvz"[number // 14**place % 14] + "aeiou"[(number + place) % 5] for place in range(3))


@pytest.mark.parametrize(
    ("text", "leaning", "dissents"),
    [
        ("I don't agree that letters help.", 0, True),
        ("On the other hand, a letter is something to hold.", 0, True),
        ("I’m not convinced that it will ever change.", 0, True),
        ("We wait for a letter.", 0, False),
        ("Dw i ddim yn cytuno bod llythyr yn helpu.", 0, True),
        ("Ar y llaw arall, mae llythyr yn rhywbeth i afael ynddo.", 0, True),
        ("Dw i yn cytuno bod llythyr yn helpu.", 0, False),
        ("Mae'n rhaid inni anghytuno weithiau.", 0, False),
        ("It is a great and fantastic success.", -1, True),
        ("It is a great and fantastic success.", 1, False),
        ("It is not a great success, nor fantastic.", -1, False),
    ],
)
def test_dissent_is_announced_or_takes_the_other_side_of_a_theme_that_leans(
    text: str, leaning: int, dissents: bool
) -> None:
    pool = Pool([], [text], np.zeros((1, 2), dtype=np.float32), [], [], [], [], [])

    assert pool.dissents(0, leaning) is dissents


def test_a_negated_word_counts_for_the_other_side() -> None:
    assert side("a great success") == 2
    assert side("not a great success") == -2
    assert side("we wait for a letter") == 0


def test_a_theme_says_what_one_participant_may_have_and_keeps_to_it() -> None:
    made = talk(f"{lines(30)}\n{lines(6, 'P02', 40)}", themes=THEMES).quoted(per_theme=6)

    (hearing,) = t.THEME_HEARINGS.rows(made.theme_hearings)
    first = made.themes[made.themes["rank"] <= 6]["quote_id"]
    speakers = made.quotes.set_index("quote_id").loc[first]["speaker"].value_counts()
    assert hearing.n_quotes == 6
    assert hearing.cap == 3
    assert set(speakers) == {3}


def test_a_dissenting_candidate_is_in_the_list_and_marked() -> None:
    other = "P02: I don't agree that a letter is late when nobody asks for it."

    made = talk(f"{lines(30)}\n{other}", themes=THEMES).quoted(per_theme=4)

    (hearing,) = t.THEME_HEARINGS.rows(made.theme_hearings)
    marked = [quote for quote in listed(made) if quote.dissent]
    assert [quote.text for quote in marked] == [other.removeprefix("P02: ")]
    assert hearing.dissent_quote_id == marked[0].quote_id


def test_one_who_dissents_is_in_the_list_whatever_its_score_and_the_next_by_its_own() -> None:
    """Or a theme would be told by those who see it otherwise."""
    dull = "I'm not convinced that paper 2 is a letter under item 3 of the agenda."
    others = f"P02: I don't agree that a letter is late.\nP03: {dull}"
    made = talk(f"{lines(30)}\n{others}\n{lines(6, 'P04', 40)}", themes=THEMES).quoted(per_theme=4)

    theme = made.themes[made.themes["theme_id"] == "waiting"]
    assert theme[theme["rank"] <= 4]["dissent"].sum() == 1
    assert theme["dissent"].sum() == 2


def test_where_nobody_dissents_none_is_found() -> None:
    made = talk(lines(10), themes=THEMES).quoted()

    (hearing,) = t.THEME_HEARINGS.rows(made.theme_hearings)
    assert hearing.dissent_quote_id == ""


def test_every_roundtable_that_spoke_of_a_theme_has_a_candidate_in_it() -> None:
    elsewhere = "rt2 P09: A letter came."

    made = talk(f"{lines(30)}\n{elsewhere}", themes=THEMES).quoted(per_theme=4)

    (hearing,) = t.THEME_HEARINGS.rows(made.theme_hearings)
    first = set(made.themes[made.themes["rank"] <= 4]["quote_id"])
    assert hearing.roundtables_missing == ()
    assert any(quote_id.startswith("rt2:") for quote_id in first)


def leaning(praise: int, complaint: int) -> dict[str, int]:
    said = [*["It is a great success."] * praise, *["It is a dreadful failure."] * complaint]
    texts = {f"s{number:02d}": text for number, text in enumerate(said)}
    carried = t.ASSIGNMENTS.frame(t.Assignment(name, "waiting", "codebook", True, 0.8) for name in texts)
    return leanings(texts, carried)


@pytest.mark.parametrize(
    ("praise", "complaint", "found"),
    [
        (7, 1, {"waiting": 1}),
        (1, 7, {"waiting": -1}),
        (13, 7, {"waiting": 1}),
        (7, 13, {"waiting": -1}),
        (4, 4, {}),
        (4, 0, {}),
    ],
)
def test_a_theme_leans_to_where_two_thirds_of_five_or_more_stand(
    praise: int, complaint: int, found: dict[str, int]
) -> None:
    assert leaning(praise, complaint) == found


def test_a_roundtable_that_found_no_room_in_a_list_is_named() -> None:
    tables = "\n".join(f"rt{number} {lines(1, 'P01', 10 * number)}" for number in range(1, 6))
    (hearing,) = t.THEME_HEARINGS.rows(talk(tables, themes=THEMES).quoted(per_theme=3).theme_hearings)
    assert (hearing.n_quotes, len(hearing.roundtables_missing)) == (3, 2)


def test_who_is_cut_off_by_the_length_of_the_list_still_has_a_best_candidate() -> None:
    """Of four hundred good lines by others none is worth theirs."""
    weak = "P02: Er, the, um, paper of item nine is, you know, as I said, with the clerk, and so on."
    made = talk(f"{lines(30)}\n{weak}", themes=THEMES).quoted(per_theme=1, per_roundtable=1)
    assert "P02" in {quote.speaker for quote in listed(made)}
