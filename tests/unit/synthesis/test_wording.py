"""How many is "some": the scale, its words in two languages, and a house's own."""

from __future__ import annotations

import re
from importlib import import_module
from pkgutil import iter_modules

import pytest

import pipeline.ingest
from pipeline.ingest import label_forms
from pipeline.review.page import words as page_words
from pipeline.synthesis.wording import LEVELS, Scale, percent, say, with_article, words

LADDER = """
people present  level
0      12       none
1      12       one
2      12       some
4      12       some
5      12       many
6      12       many
7      12       most
11     12       most
12     12       all
3      4        most
2      3        some
2      2        some
1      1        one
3      30       some
"""


@pytest.mark.parametrize("line", LADDER.strip().splitlines()[1:])
def test_a_count_of_people_earns_a_word(line: str) -> None:
    people, present, level = line.split()
    assert Scale().level(int(people), int(present)) == level


@pytest.mark.parametrize("present", range(1, 15))
def test_one_voice_is_never_some(present: int) -> None:
    assert Scale().level(1, present) == "one"
    assert not Scale().earns("some", 1, present)


@pytest.mark.parametrize("people", range(13))
def test_a_weaker_word_is_true_of_more(people: int) -> None:
    earned = [Scale().earns(level, people, 12) for level in LEVELS]
    assert earned == sorted(earned, reverse=True)


def test_a_shared_sense_needs_two_thirds_and_no_dissent() -> None:
    assert Scale().earns_shared_sense(8, 12, dissent=False)
    assert not Scale().earns_shared_sense(8, 12, dissent=True)
    assert not Scale().earns_shared_sense(7, 12, dissent=False)
    assert not Scale().earns_shared_sense(3, 3, dissent=False), "three people are few, however small the table"


def test_nobody_present_earns_nothing() -> None:
    assert Scale().level(0, 0) == "none"


def test_a_house_may_have_words_of_its_own() -> None:
    scale = Scale(phrases={"en": {"some": "several participants"}})
    assert scale.phrase("some", "en") == "several participants"
    assert scale.phrase("some", "cy") == "rhai cyfranogwyr"


@pytest.mark.parametrize(
    ("sector", "said"),
    [
        ("health", "health"),
        ("local government", "local government"),
        ("voluntary sector", "the voluntary sector"),
        ("the third sector", "the third sector"),
        ("police", "the police"),
        ("NHS", "the NHS"),
    ],
)
def test_a_sector_reads_as_english_does_after_from(sector: str, said: str) -> None:
    assert with_article(sector, "en") == said
    assert with_article(sector, "cy") == sector


def test_a_sentence_is_said_in_each_language() -> None:
    said = dict(say(("en", "cy"), "body.spoke_some", level=(("en", "some participants"), ("cy", "rhai cyfranogwyr"))))
    assert said == {"en": "some participants spoke about this.", "cy": "Siaradodd rhai cyfranogwyr am hyn."}


def test_both_languages_have_the_same_sentences_with_the_same_gaps() -> None:
    import string

    def gaps(text: object) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name} if isinstance(text, str) else set()

    english, welsh = words("en"), words("cy")
    assert english.keys() == welsh.keys()
    for section in english:
        if isinstance(english[section], dict):
            assert english[section].keys() == welsh[section].keys(), section
            for key in english[section]:
                assert gaps(english[section][key]) == gaps(welsh[section][key]), f"{section}.{key}"


def test_a_half_per_cent_is_rounded_up_as_on_the_page() -> None:
    assert [percent(share) for share in (0.0, 1 / 8, 5 / 8, 0.4, 1.0)] == ["0%", "13%", "63%", "40%", "100%"]
    # Not "all the same" where one of 300 isn't, nor "none" of the one.
    assert [percent(share) for share in (1 / 300, 299 / 300)] == ["1%", "99%"]


def reasons_of_ingest() -> set[str]:
    """Why something of a file is left out, as the readers say it: their constants that are sentences."""
    modules = (import_module(f"pipeline.ingest.{found.name}") for found in iter_modules(pipeline.ingest.__path__))
    constants = (item for module in modules for item in vars(module).items())
    ways_of_naming = {value for value in vars(label_forms).values() if isinstance(value, str)}
    found = {
        value
        for name, value in constants
        if name.isupper()
        and not name.startswith("_")
        and isinstance(value, str)
        and " " in value
        and value[0].islower()
    }
    return found - ways_of_naming


def test_why_something_of_a_file_was_left_out_has_words_in_both_languages() -> None:
    """The annex of a Welsh report gave most of these reasons in English."""
    assert len(reasons_of_ingest()) > 25
    for language in ("en", "cy"):
        assert sorted(reasons_of_ingest() - set(words(language)["left_out"])) == []
    assert set(words("en")["left_out"]) == set(words("cy")["left_out"])


def welsh_sentences() -> dict[str, str]:
    groups = {name: group for name, group in words("cy").items() if isinstance(group, dict)}
    told = {f"{name}.{key}": text for name, group in groups.items() for key, text in group.items()}
    return {key: text for key, text in told.items() if isinstance(text, str)}


def test_no_welsh_noun_stands_after_a_number_that_could_change_it() -> None:
    """ "2 dyfyniad" is "2 ddyfyniad", "3 cyfranogwr" "3 chyfranogwr"; and "gyda" before "un" is "gydag"."""
    changed = re.compile(r"\{(?:n|count|themes|quoted|own)\} (?:[bcdgmpt]|ll|rh)|\bgyda \{")
    assert [key for key, text in welsh_sentences().items() if changed.search(text)] == []


@pytest.mark.parametrize(
    ("meant", "other"),
    [
        ("dyfyniad posibl", "ymgeis"),  # who applies for a post
        ("sylwedydd", "arsylw"),  # as verify knows an observer's credit
        ("ford gron", "bwrdd"),  # a health board
    ],
)
def test_the_welsh_of_the_report_and_of_the_page_has_one_word_for_one_thing(meant: str, other: str) -> None:
    told = [text.lower() for text in (*welsh_sentences().values(), *page_words()["cy"].values())]
    assert any(meant in text for text in told)
    assert [text for text in told if other in text] == []


def test_fixed_welsh_says_what_the_english_says() -> None:
    said = welsh_sentences()
    assert said["annex.wording"] == "Geiriad a gyfiawnheir", "not: that was won"
    # Without quotation marks, or verify reads a quotation.
    assert said["annex.maybe_n"] == "Rhoddwyd o’r neilltu: efallai", "not: put away"
    assert "llinell doriad" in said["annex.agreement_text"], "not: a line"
    # "Nid yn fath" is no Welsh.
    assert said["left_out.not a kind of transcript that is read"] == "nid yw’n fath o drawsgrifiad a ddarllenir"


def test_apostrophes_of_the_welsh_in_print_are_curly() -> None:
    assert [key for key, text in welsh_sentences().items() if "'" in text] == []
