"""A statement is a span of its turn, and no letter of a turn is lost or told twice."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as some

from pipeline.segment import cut, segment
from pipeline.tables import TOKENS, TURNS, Token, Turn

PIECES = some.sampled_from(
    ["No", "No.", ". ", " ", "\n", "\u00a0", "Mr. ", "Dr. Ifans ", "[Laughter.]", "[P07]", "(", ")", "? ", "—", "…",
     "and ", "but ", "yes ", "Trust is earned ", "e.g. ", "3.5 ", "Diolch", ", ", "; ", "‘so’ ", "🙂", "Caerdydd "]
)  # fmt: skip
TEXTS = some.lists(PIECES, max_size=60).map("".join) | some.text(max_size=200)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(TEXTS, some.lists(some.integers(0, 200), max_size=8))
def test_each_letter_is_in_exactly_one_span_and_no_span_ends_in_space(text: str, starts: list[int]) -> None:
    spans = list(cut(text, [start for start in starts if start < len(text)]))

    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    inside = {at for start, end in spans for at in range(start, end)}
    outside = [letter for at, letter in enumerate(text) if at not in inside]
    assert not "".join(outside).strip()
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in spans)


@settings(max_examples=20, deadline=None, derandomize=True)
@given(some.lists(TEXTS, min_size=1, max_size=4))
def test_a_statement_is_cut_out_of_its_turn_by_its_offsets(texts: list[str]) -> None:
    turns = TURNS.frame(
        Turn(f"rt1:t{at:04d}", "rt1", "rt1", at, "P01", "participant", "en", text, None, None)
        for at, text in enumerate(texts)
    )
    tokens = TOKENS.frame(
        Token(f"rt1:t{at:04d}", 0, 1, "X", "", "", "", 0, True) for at, text in enumerate(texts) if text
    )

    made = segment(turns, tokens)

    for row in made.statements.itertuples():
        assert texts[int(row.turn_id[-4:])][row.start : row.end] == row.text
    silent = {turn for turn, text in zip(turns["turn_id"], turns["text"], strict=True) if not text.strip()}
    assert set(made.omissions["subject_id"]) == silent
