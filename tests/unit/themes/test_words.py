"""Which words say what a statement is about."""

from __future__ import annotations

from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from pipeline.themes.words import content_words, grammar_words


def test_the_words_of_grammar_are_those_of_scikit_learn() -> None:
    assert grammar_words() == ENGLISH_STOP_WORDS


def test_what_a_statement_is_about_is_said_once_and_without_marks_and_pseudonyms() -> None:
    said = "[P04] told us the Buses, the bus lanes and the BUS - well, lanes [inaudible] were what mattered."
    assert content_words(said) == ("bus", "buse", "lane", "mattered")


def test_welsh_words_that_hold_a_sentence_together_say_nothing_either() -> None:
    said = "Roedd pawb yn glên, ond doedd neb yn gwrando: rhaid i'r gwasanaeth ofyn beth ydan ni'n ei golli efo nhw."
    assert content_words(said) == ("glên", "golli", "gwasanaeth", "gwrando")
