"""Whatever a file holds: every character of it is in a turn or left out, and nothing is said that it lacks."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.fuzz_ingest import fuzz, samples
from pipeline.errors import PipelineError
from pipeline.ingest.account import Account
from pipeline.ingest.cues import read_cues
from pipeline.ingest.lines import text_lines
from pipeline.ingest.readers import Given, read_file
from pipeline.ingest.text import clean, decode
from pipeline.ingest.typed import read_lines

# How long a call takes says nothing here: the first of a kind imports its reader.
unhurried = settings(deadline=None)

NAMES = st.sampled_from(
    ["Nia Cadwallen", "Will", "ROSE", "Llwyd-Parry, Gethin [FIRE]", "SPEAKER_00", "Unknown Speaker"]
)
WORDS = st.text(st.sampled_from("aâŵ é.:,;?!-–—“”’'\"[]()<>&#/0127\u00a0\u0301👍\t"), max_size=40)
LINES = st.one_of(
    st.builds("{}: {}".format, NAMES, WORDS),
    st.builds("{}   0:0{}".format, NAMES, st.integers(0, 9)),
    st.builds("[00:01] [p{}] {}".format, st.integers(1, 3), WORDS),
    st.sampled_from(["", " ", "Note: no name", "[Laughter.]", "Summary", "Transcript", "00:05:00", "-----", "Item 2"]),
    WORDS,
)
DIGITS = st.integers(0, 9)
CUES = st.one_of(
    st.builds("{}\n00:00:0{}.000 --> 00:00:0{}.500\n<v {}>{}</v>\n".format, WORDS, DIGITS, DIGITS, NAMES, WORDS),
    st.builds("00:0{}.000 --> 00:0{}.500\n{}: {}\n{}\n".format, DIGITS, DIGITS, NAMES, WORDS, WORDS),
    st.builds("{}\n".format, LINES),
)


def letters(text: str) -> Counter[str]:
    """The characters of a text but its white space, composed and taken apart alike."""
    return Counter("".join(unicodedata.normalize("NFD", text).split()))


def kept(account: Account) -> Counter[str]:
    """The characters of all turns and of all words left out."""
    return letters("\n".join([turn.text for turn in account.turns] + [left.text for left in account.left_out]))


@unhurried
@given(st.lists(LINES, max_size=30))
def test_every_character_of_a_typed_text_is_accounted_for(lines: list[str]) -> None:
    text = clean("\n".join(lines))
    account = Account("line")
    read_lines(text_lines(text), account)
    assert account.characters == len(text)
    assert not kept(account) - letters(text)


@unhurried
@given(st.lists(CUES, max_size=12), st.booleans())
def test_every_character_of_captions_is_accounted_for(cues: list[str], headed: bool) -> None:
    text = clean(("WEBVTT\n\n" if headed else "") + "\n".join(cues)).replace("&", "+")  # so that none is resolved
    account = Account("cue")
    read_cues(text, account)
    assert account.characters == len(text)
    assert not kept(account) - letters(text)


@unhurried
@given(st.lists(st.tuples(NAMES, WORDS.filter(str.strip)), min_size=1, max_size=12))
def test_what_was_said_comes_back_from_json_to_the_letter(said: list[tuple[str, str]]) -> None:
    content = json.dumps([{"speaker": who, "text": words} for who, words in said]).encode()
    read = read_file(Given("a.json", content), ".json")
    whole = " ".join(clean(words).strip() for _, words in said if clean(words).strip())
    assert " ".join(turn.text for turn in read.account.turns) == whole.replace("\n", " ")


@unhurried
@given(st.binary(max_size=300), st.sampled_from(sorted(samples())))
def test_bytes_of_any_kind_are_read_or_refused(content: bytes, family: str) -> None:
    try:
        read = read_file(Given("a", content), f".{family}")
    except PipelineError:
        return
    assert all(turn.text == turn.text.strip() and turn.text for turn in read.account.turns)


@unhurried
@given(st.lists(LINES, max_size=10))
def test_a_text_is_the_same_however_its_lines_end(lines: list[str]) -> None:
    ends = [decode(end.join(lines).encode(), "a", encoding="utf-8").text for end in ("\n", "\r\n", "\r", "\u2028")]
    assert len(set(ends)) == 1


@pytest.mark.parametrize("family", sorted(samples()))
def test_damaged_files_are_read_with_every_character_or_refused(family: str) -> None:
    outcomes = fuzz(family, each=60, seed=20260422)
    assert {outcome.kind for outcome in outcomes} <= {"read", "refused"}, outcomes
