"""Spans replaced, and tokens carried over."""

from dataclasses import replace

from anonymise_talk import run, turns

from pipeline.anonymise.replace import carried_tokens, replaced
from pipeline.backends.protocols import Analysis
from pipeline.tables import Redaction, Token

TEXT = "So Nia Pugh's Sians go."
#       0  3   7   11 14    20
ANALYSIS = Analysis(
    starts=(0, 3, 7, 11, 14, 20, 22),
    ends=(2, 6, 11, 13, 19, 22, 23),
    pos=("ADV", "PROPN", "PROPN", "PART", "NOUN", "VERB", "PUNCT"),
    tag=("RB", "NNP", "NNP", "POS", "NNS", "VBP", "."),
    lemma=("so", "Nia", "Pugh", "'s", "sian", "go", "."),
    dep=("advmod", "compound", "poss", "case", "nsubj", "ROOT", "punct"),
    head=(5, 2, 4, 2, 5, 5, 5),
    sent_start=(True, False, False, False, False, False, False),
    entities=(),
)


def _hit(start, end, shown, status="replaced"):
    return Redaction("t", start, end, TEXT[start:end], shown, "PERSON", "p", "roster", 1.0, status)


def _tokens(hits):
    return [Token("t", *row) for row in zip(*carried_tokens(TEXT, ANALYSIS, hits), strict=True)]


def test_only_what_is_marked_replaced_is_replaced():
    hits = [_hit(14, 18, "[P02]"), _hit(3, 11, "[P01]"), _hit(20, 22, "[x]", "kept"), _hit(0, 2, "[y]", "doubtful")]
    assert replaced(TEXT, hits) == "So [P01]'s [P02]s go."


def test_a_replacement_is_one_token_that_hangs_where_the_name_hung():
    tokens = _tokens([_hit(3, 11, "[P01]")])
    shown = replaced(TEXT, [_hit(3, 11, "[P01]")])
    assert [shown[token.start : token.end] for token in tokens] == ["So", "[P01]", "'s", "Sians", "go", "."]
    name = tokens[1]
    assert (name.pos, name.tag, name.lemma, name.dep, name.head) == ("PROPN", "NNP", "[P01]", "poss", 3)
    assert [token.head for token in tokens] == [4, 3, 1, 4, 4, 4]
    assert [token.sent_start for token in tokens] == [True, False, False, False, False, False]


def test_what_is_left_of_a_cut_token_stays_and_its_lemma_holds_no_name():
    hits = [_hit(14, 18, "[P02]")]
    tokens = _tokens(hits)
    shown = replaced(TEXT, hits)
    assert [shown[token.start : token.end] for token in tokens] == ["So", "Nia", "Pugh", "'s", "[P02]", "s", "go", "."]
    assert [token.lemma for token in tokens] == ["", "", "", "'s", "[P02]", "", "go", "."]


def test_a_replacement_that_opens_a_sentence_opens_it():
    tokens = _tokens([_hit(0, 6, "[P01]")])
    assert tokens[0].sent_start
    assert not any(token.sent_start for token in tokens[1:])
    assert tokens[tokens[0].head].lemma == "go"


def test_of_a_token_that_is_cut_only_its_beginning_opens_the_sentence():
    opens = (True, False, False, False, True, False, False)
    hits = [_hit(14, 18, "[P02]")]
    carried = carried_tokens(TEXT, replace(ANALYSIS, sent_start=opens), hits)
    assert list(carried.sent_start) == [True, False, False, False, True, False, False, False]


def test_a_replacement_of_the_sentence_s_root_is_its_root():
    tokens = _tokens([_hit(14, 22, "[P02]")])
    assert (tokens[4].lemma, tokens[4].dep, tokens[4].head) == ("[P02]", "ROOT", 4)


def test_where_nothing_is_replaced_the_tokens_stay_and_lemmas_hold_no_name():
    tokens = _tokens([_hit(3, 11, "[P01]", "kept")])
    assert [(token.start, token.end, token.head) for token in tokens] == list(
        zip(ANALYSIS.starts, ANALYSIS.ends, ANALYSIS.head, strict=True)
    )
    assert [token.lemma for token in tokens] == ["", "", "", "'s", "", "go", "."]


def test_a_turn_of_thousands_of_names_is_read_at_once():
    # Each held against each, it takes a minute.
    told = "Nia Pugh saw Tegid Moss, or J.P., there. " * 2_000
    made = run(turns([("Nia Pugh", told), ("Tegid Moss", "Yes.")]), policy="all")
    assert not {"Nia", "Pugh", "Tegid", "Moss"} & set(made.turns["text"].iloc[0].split())
    assert list(made.redactions["replacement"]).count("[person A]") == 2_000
