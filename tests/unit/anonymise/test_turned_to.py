"""In talk without capitals who speaks beside a turn tells whom one turns to, though their name is a word."""

from __future__ import annotations

import pytest
from anonymise_talk import run, turns, with_model

BEFORE = ("Rose Tillotson", "i rent out four flats by the river and i have done so for years")
AFTER = ("Rose Tillotson", "it is what it is and we get on with it")


@pytest.mark.parametrize(
    "said",
    [
        "we can't {}", "that's great and last but not least {}", "{} what about from your side", "what do you think {}",
        "nobody's the baddie {} okay so first one", "{} can you hear me",
    ],
)  # fmt: skip
def test_who_speaks_next_or_spoke_before_is_called_at_a_turns_end_or_asked_where_it_opens(
    said: str,
) -> None:
    assert _between(said) == said.format("[name]")


@pytest.mark.parametrize(
    "said",
    ["what we saw is that the prices {}", "we need a {}", "it all {}", "they bought {}", "a {} is what we plant"],
)
def test_a_word_that_ends_or_opens_a_turn_as_a_word_is_nobody_though_they_speak_next(
    said: str,
) -> None:
    assert _between(said) == said.format("rose")


def test_who_does_not_speak_beside_a_turn_is_not_called_there() -> None:
    made = run(
        turns([BEFORE, ("Lorna", "it goes on"), ("Desmond", "we can't rose"), ("Lorna", "no")]), linguist=with_model()
    )
    assert made.turns["text"].iloc[2] == "we can't rose"


def _between(said: str) -> str:
    made = run(turns([BEFORE, ("Lorna Vickery", said.format("rose")), AFTER]), linguist=with_model())
    rose = next(row.pseudonym for row in made.people.itertuples() if row.name == "Rose Tillotson")
    return made.turns["text"].iloc[1].replace(f"[{rose}]", "[name]")
