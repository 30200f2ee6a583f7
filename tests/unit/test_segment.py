"""Where a statement ends, and what kind of talk it is."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from pipeline.segment import LONGEST_SENTENCE, LONGEST_UNPUNCTUATED, cut, kind_of, segment
from pipeline.tables import TOKENS, TURNS, Turn
from tests.counting_memory import CountingMemory


def pieces(text: str, starts: tuple[int, ...] = ()) -> list[str]:
    return [text[start:end] for start, end in cut(text, starts)]


def test_a_no_keeps_its_full_stop() -> None:
    text = "No. We never were asked. No."

    assert pieces(text, (0, 2, 4)) == ["No.", "We never were asked.", "No."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("That was it. [Laughter.] And then we left.", ["That was it.", "[Laughter.]", "And then we left."]),
        ("We asked Dr. Ifans. She agreed.", ["We asked Dr. Ifans.", "She agreed."]),
        ("See para. 3 of it. It is clear.", ["See para. 3 of it.", "It is clear."]),
        ("We see [P07]. We see [person A] too.", ["We see [P07].", "We see [person A] too."]),
        ("It rose by 3.5 per cent. Why? Nobody knows.", ["It rose by 3.5 per cent.", "Why?", "Nobody knows."]),
        ("[Laughter.] and then we left.", ["[Laughter.]", "and then we left."]),
        ("First line\nsecond line", ["First line", "second line"]),
        ("She said ‘Stop.’ Then she left.", ["She said ‘Stop.’", "Then she left."]),
        ("\u00a0 Space around.\u00a0 ", ["Space around."]),
        ("What I would—. We tried.", ["What I would—.", "We tried."]),
        ("🙂", ["🙂"]),
        ("", []),
    ],
)
def test_a_statement_ends_where_a_reader_ends_it(text: str, expected: list[str]) -> None:
    assert pieces(text) == expected


def test_a_parser_that_splits_a_bracket_is_overruled() -> None:
    text = "We saw it [Interruption. Again.] and left."

    assert pieces(text, (0, 10, 25)) == [text]


def test_a_sentence_that_does_not_end_is_cut_at_its_clauses() -> None:
    text = "We had planned it for a long time with many people, " * 12 + "and so it went."

    found = pieces(text)

    assert len(found) > 1
    assert all(len(piece.split()) <= LONGEST_SENTENCE for piece in found)
    assert all(piece.endswith((",", ".")) for piece in found)


def test_a_sentence_with_its_full_stop_may_be_longer_than_talk_without_one() -> None:
    words = "We had planned it for years with all of the people there, "
    whole = words * 5 + "and then it went."

    assert LONGEST_UNPUNCTUATED < len(whole.split()) < LONGEST_SENTENCE
    assert pieces(whole) == [whole]
    assert len(pieces(whole.rstrip("."))) > 1


def test_talk_without_a_full_stop_is_cut_before_and() -> None:
    text = "we went to the place where they keep the boats and " * 20

    found = pieces(text.strip())

    assert all(len(piece.split()) <= LONGEST_UNPUNCTUATED for piece in found)
    assert all(piece.startswith(("we", "and")) for piece in found)


@pytest.mark.parametrize(("before", "first"), [(7, 26), (8, 8), (9, 9)])
def test_a_cut_leaves_eight_words_on_either_side(before: int, first: int) -> None:
    text = " ".join(["bus"] * before) + ", " + " ".join(["boat"] * (52 - before))

    found = pieces(text)

    assert len(found[0].split()) == first
    mirrored = " ".join(["boat"] * (52 - before)) + ", " + " ".join(["bus"] * before)
    assert len(pieces(mirrored)[-1].split()) == first


def test_a_long_sentence_is_not_cut_inside_a_bracket() -> None:
    text = (
        "we went to see them, " * 8
        + "[role of the head, and of the deputy, and of the clerk] "
        + "as they asked us, " * 30
    )

    found = pieces(text.strip() + ".")

    assert len(found) > 1
    assert [piece for piece in found if piece.count("[") != piece.count("]")] == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Yes, indeed.", "backchannel"),
        ("[Laughter.]", "backchannel"),
        ("Diolch.", "backchannel"),
        ("Thank you very much, Chair.", "procedural"),
        ("Diolch yn fawr iawn i chi i gyd am ddod.", "procedural"),
        ("Bore da, bawb.", "procedural"),
        ("We'll move on to questions from [P03].", "procedural"),
        ("Item 3 is papers to note.", "procedural"),
        ("Who pays for the buses?", "question"),
        ("Thank you for that, but trust was built over years by people who stayed and is lost in one.", "substantive"),
        ("Let's move on to trust: what is it that builds the confidence of neighbours?", "question"),
        ("We moved on because nobody listened.", "substantive"),
        ("Trust is earned.", "substantive"),
    ],
)  # fmt: skip
def test_what_kind_of_talk_a_statement_is(text: str, kind: str) -> None:
    assert kind_of(text) == kind


def _turns(*said: tuple[str, str]) -> pd.DataFrame:
    return TURNS.frame(
        Turn(f"{talk}:t{number:04d}", talk, talk, number, "P01", "participant", "en", text, None, None)
        for number, (talk, text) in enumerate(said)
    )


def test_a_transcript_is_cut_once_and_the_same_with_a_memory(tmp_path: Path) -> None:
    first = ("rt1", "We waited. Nobody came."), ("rt1", " "), ("rt1", "Thank you. Why was that?")
    grown = _turns(*first, ("rt2", "We waited. Nobody came."))
    memory = CountingMemory(tmp_path)

    segment(_turns(*first), TOKENS.empty(), memory=memory)
    again = segment(grown, TOKENS.empty(), memory=memory)

    assert memory.made == 2
    alone = segment(grown, TOKENS.empty())
    pd.testing.assert_frame_equal(again.statements, alone.statements)
    pd.testing.assert_frame_equal(again.omissions, alone.omissions)
    assert alone.statements["kind"].tolist() == ["substantive"] * 2 + ["backchannel", "question"] + ["substantive"] * 2
    assert alone.omissions["subject_id"].tolist() == ["rt1:t0001"]
