"""What holds of anonymised turns whatever is said, by whomever, in whatever order."""

from itertools import pairwise

import pandas as pd
from anonymise_talk import person, run, turns
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.anonymise.discover import discover
from pipeline.anonymise.forms import fold, words
from pipeline.anonymise.keep import read_keep_list
from pipeline.anonymise.reading import Lore, read
from pipeline.backends.plain import PlainLinguist
from pipeline.tables import REDACTIONS, TOKENS

ROSTER = [person("Siân Pugh-Rees"), person("Mark Will"), person("Tegid Moss", organisation="Hafren Care Trust")]
PIECES = [
    "Siân", "SIAN'S", "Pugh-Rees", "Mr Will", "Mark,", "mark", "will", "Tegid Moss", "Moss.", "Hafren Care Trust",
    "Dr Olu Bakare", "Bakare", "nia@example.org", "CF10 3NP", "the White Paper", "\u00a0", "\n", "🙂", "e\u0301",
    "[Laughter.]", "and", "said", "'s", "—",
]  # fmt: skip
SPEAKERS = ["Siân Pugh-Rees", "Mark Will", "Tegid Moss", "SPEAKER_00"]
SAID = st.lists(st.sampled_from(PIECES), max_size=9)
TALK = st.lists(st.tuples(st.sampled_from(SPEAKERS), SAID), min_size=1, max_size=4)
FEW = settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


def _turns(talk):
    return turns([(who, " ".join(said)) for who, said in talk])


@FEW
@given(TALK)
def test_a_turn_is_the_source_turn_with_its_replacements_applied(talk):
    source = _turns(talk)
    made = run(source, roster=ROSTER, policy="all")
    hits = list(REDACTIONS.rows(made.redactions))
    for turn_id, before, after in zip(source["turn_id"], source["text"], made.turns["text"], strict=True):
        mine = [hit for hit in hits if hit.turn_id == turn_id]
        assert all(before[hit.start : hit.end] == hit.original for hit in mine)
        mine = [hit for hit in mine if hit.status == "replaced"]
        assert all(left.end <= right.start for left, right in pairwise(mine))
        expected = before
        for hit in reversed(mine):
            expected = expected[: hit.start] + hit.replacement + expected[hit.end :]
        assert after == expected


@FEW
@given(TALK)
def test_tokens_stand_in_the_anonymised_text_and_hold_no_space(talk):
    made = run(_turns(talk), roster=ROSTER, policy="all")
    told = dict(zip(made.turns["turn_id"], made.turns["text"], strict=True))
    counts = made.tokens.groupby("turn_id").size().to_dict()
    for token in TOKENS.rows(made.tokens):
        shown = told[token.turn_id][token.start : token.end]
        assert shown
        assert shown.startswith("[") or not any(letter.isspace() for letter in shown)
        assert 0 <= token.head < counts[token.turn_id]


@FEW
@given(TALK)
def test_no_name_of_the_roster_that_is_no_word_stays(talk):
    made = run(_turns(talk), roster=ROSTER)
    left = {word.folded for text in made.turns["text"] for word in words(text)}
    assert left.isdisjoint({"sian", "tegid"})
    assert "hafren care trust" not in " ".join(fold(text) for text in made.turns["text"])


@FEW
@given(TALK, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(talk, chance):
    source = _turns(talk)
    shuffled = source.sample(frac=1, random_state=chance.randint(0, 99))
    rows = list(ROSTER)
    chance.shuffle(rows)
    before, after = run(source, roster=ROSTER), run(shuffled, roster=rows)
    for left, right in zip(before, after, strict=True):
        pd.testing.assert_frame_equal(left, right)


STRANGERS = [
    "Joy cooked",
    "Nurse Ní Bhriain",
    "called Star",
    "Hughes-Lacey",
    "Conceição dos Santos",
    "Auntie Bet",
    "Bill",
]


@FEW
@given(st.lists(st.lists(st.sampled_from([*PIECES, *STRANGERS]), max_size=9), min_size=1, max_size=4))
def test_whatever_is_found_is_replaced_or_listed(talk):
    source = _turns([("Siân Pugh-Rees", said) for said in talk])
    made = run(source, roster=ROSTER)
    listed = [(hit.turn_id, hit.start, hit.end) for hit in REDACTIONS.rows(made.redactions)]
    told = [(one.turn_id, "rt1", "rt1", one.index, "x", one.text) for one in source.itertuples()]
    readings = read(told, PlainLinguist().analyse(list(source["text"])))
    for found in discover(readings, Lore(readings), read_keep_list([])):
        if found.confidence > 0:
            for word in words(found.text):
                place = found.start + word.start
                assert any(turn == found.turn_id and start <= place < end for turn, start, end in listed), found
