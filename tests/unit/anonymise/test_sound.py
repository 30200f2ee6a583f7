"""Names heard or typed wrong."""

import pytest
from anonymise_talk import names, run, shown, turns, with_model

from pipeline.anonymise.sound import alike


@pytest.mark.parametrize(
    ("heard", "name"),
    [
        ("gwenlian", "gwenllian"),
        ("shaun", "shawn"),
        ("stephen", "steven"),
        ("reese", "rees"),
        ("katharine", "katherine"),
        ("griffths", "griffiths"),
        ("mcarthy", "mccarthy"),
    ],
)
def test_a_name_heard_wrong_is_alike(heard, name):
    assert alike(heard, name)


@pytest.mark.parametrize(
    ("heard", "name"),
    [
        ("rees", "reid"),
        ("mark", "mary"),
        ("nia", "nia"),
        ("pughs", "pugh"),
        ("ann", "ian"),
        ("wales", "wells"),
        ("jo", "joe"),
    ],
)
def test_another_name_or_the_name_itself_is_not(heard, name):
    assert not alike(heard, name)


SMALL = [
    "teggid said so, and so did tegid moss and tegyd mos",
    "thank you teggid. i met a man called tegidd, and tegid moss",
]


@pytest.mark.parametrize("said", SMALL)
def test_one_whose_name_is_heard_wrong_in_several_ways_is_one_person_without_capitals_too(said):
    made = run(turns([("Tegid Moss", "we need more buses and better roads here"), ("Nia Pugh", said)]))
    assert sorted(names(made).values()) == ["Nia Pugh", "Tegid Moss"]
    assert "teg" not in made.turns["text"].iloc[1]


def test_a_word_that_looks_like_a_name_stays_without_capitals():
    said = "the wine made us late, and wine is a mass of its own"
    made = run(turns([("Wynne Moss", "we need more buses and better roads here"), ("Nia Pugh", said)]))
    assert shown(made)[1] == said


def test_an_adverb_that_looks_like_a_name_stays_without_capitals():
    talk = turns([("Sally Moss", "we need more buses here"), ("Nia Pugh", "we all, sadly, witnessed it")])
    assert shown(run(talk, linguist=with_model()))[1] == "we all, sadly, witnessed it"


def test_a_little_word_of_welsh_that_sounds_like_a_name_stays_without_capitals():
    talk = turns([("Dawn Moss", "we need more buses here"), ("Nia Pugh", "ydan, gethin, go ahead, ti'n glir rŵan")])
    assert shown(run(talk))[1].startswith("ydan, ")


def test_a_welsh_word_that_opens_a_sentence_and_stands_in_small_letters_too_is_nobody_heard_wrong():
    said = "Saith cenhedlaeth, medden nhw. Rydw i'n hapus os caf i saith mis."
    talk = [("Faith Moss", "We need more buses and better roads here."), ("Nia Pugh", said)]
    made = run(turns(talk), linguist=with_model())
    assert shown(made)[1] == said
    heard = [("Gwenllian Moss", "We need more buses here."), ("Nia Pugh", "Gwenlian, mae hynny wedi bod yn dda iawn.")]
    made = run(turns(heard), linguist=with_model())
    assert "Gwenlian" not in shown(made)[1]
