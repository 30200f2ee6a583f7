"""Whatever is said, a candidate is a span of its turn, and no two overlap."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as some
from invented_quotes import listed, talk

from pipeline.quotes.candidates import tidied
from pipeline.quotes.disclosure import disclosure

PIECES = some.sampled_from(
    ["No.", "Yes. ", " ", "Um, ", "[Laughter.]", "[P07]", "I don't th—. ", "— ", "? ", "Trust is earned. ", "you know.",
     "They said: 'no'. ", "Nobody asks, ", "and then we wait; ", "Diolch. ", "🙂", "£4,000 ", "…", "as it is hard. "]
)  # fmt: skip
TEXTS = some.lists(PIECES, min_size=1, max_size=25).map("".join).filter(lambda text: text.strip())


@settings(max_examples=12, deadline=None, derandomize=True)
@given(some.lists(TEXTS, min_size=1, max_size=5))
def test_each_candidate_is_its_turns_own_words_and_overlaps_no_other(said: list[str]) -> None:
    lines = "\n".join(f"P{number % 3:02d}: {' '.join(text.split())}" for number, text in enumerate(said))
    made = talk(lines)

    turns = dict(zip(made.turns["turn_id"], made.turns["text"], strict=True))
    taken: dict[str, list[tuple[int, int]]] = {}
    for quote in listed(made.quoted()):
        assert quote.text == turns[quote.turn_id][quote.start : quote.end]
        assert quote.text == quote.text.strip() != ""
        assert all(quote.end <= start or quote.start >= end for start, end in taken.get(quote.turn_id, []))
        taken.setdefault(quote.turn_id, []).append((quote.start, quote.end))


@settings(max_examples=200, deadline=None, derandomize=True)
@given(TEXTS)
def test_a_tidied_span_lies_within_and_is_tidy(text: str) -> None:
    start, end = tidied(text, 0, len(text))

    assert 0 <= start <= end <= len(text)
    assert tidied(text, start, end) == (start, end)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(TEXTS)
def test_a_risk_has_its_reasons_and_no_risk_has_none(text: str) -> None:
    found = disclosure(text, speaker=None, table=())

    assert (found.risk == "none") == (not found.reasons) == (not found.coarser)
