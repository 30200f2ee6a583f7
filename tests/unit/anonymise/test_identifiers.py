"""Organisations, places and roles."""

import pytest
from anonymise_talk import person, run, turns, with_model

from pipeline.anonymise.identifiers import organisation_shown
from pipeline.anonymise.keep import is_of_a_law


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Gwent Valley Health Board", "[organisation: health board]"),
        ("Hafren Vale Health Trust", "[organisation: health board]"),
        ("Hafren Care Trust", "[organisation: charity]"),
        ("Prifysgol Bro Hafren", "[organisation: university]"),
        ("Big Lamp Ltd", "[organisation: company]"),
        ("Cyngor Bro Hafren", "[organisation: council]"),
        ("Hafren", "[organisation]"),
    ],
)
def test_what_an_organisation_is_stays_readable(name, shown):
    assert organisation_shown(name) == shown


EMPLOYERS = [
    "I work for Hafren Care Trust, and Hafren Care Trust is small.",
    "As deputy director of Hafren Care Trust I know: HCT is small.",
    "Here at Hafren Care Trust we know.",
]


@pytest.mark.parametrize("said", EMPLOYERS)
def test_an_employer_is_found_by_what_is_said_and_then_everywhere(said):
    text = run(turns([("Nia Pugh", said), ("Tegid Moss", "Is Hafren Care Trust big?")])).turns["text"]
    assert "Hafren" not in " ".join(text)
    assert "HCT" not in " ".join(text)


def test_what_one_says_of_oneself_next_is_no_part_of_an_employers_name():
    said = "I'm a ward sister at Ysbyty Glan Elwy and I've been there nineteen years."
    text = run(turns([("Nia Pugh", said)]), linguist=with_model()).turns["text"].iloc[0]
    assert text == "I'm a ward sister at [organisation] and I've been there nineteen years."


OWN = [
    ("I'm one of the partners at Brynlas Mill Bakery, and Brynlas Mill Bakery is small.", "Brynlas"),
    ("I'm with Llwybr Facilitation, by the way. Llwybr Facilitation is small.", "Llwybr"),
    ("Hi, yes, I'm chief exec of Cwtch Carers Hafren, which is four of us.", "Cwtch"),
    ("I drive for Brynlas Haulage, nights.", "Brynlas"),
]


@pytest.mark.parametrize(("said", "name"), OWN)
def test_what_somebody_says_that_they_work_for_is_their_employer_whatever_it_is_called(said, name):
    made = run(turns([("Nia Pugh", said)]), linguist=with_model())
    assert name not in made.turns["text"].iloc[0]
    assert set(made.redactions["entity_type"]) == {"ORG"}


@pytest.mark.parametrize(
    ("body", "said", "wanted"),
    [
        ("Hafan Hill Homes", "I chair the panel at Hafan Hill.", "I chair the panel at [organisation]."),
        ("Hafan Hill Homes", "It is on Hafan Hill Road.", "It is on Hafan Hill Road."),
        ("Cantref Bay Council", "We live by Cantref Bay.", "We live by Cantref Bay."),
        ("Age Cymru", "At that Age nobody asks.", "At that Age nobody asks."),
    ],
)
def test_an_employer_of_the_roster_goes_as_people_call_it_in_short(body, said, wanted):
    made = run(turns([("Nia Pugh", said)]), roster=[person("Nia Pugh", organisation=body)])
    assert list(made.turns["text"]) == [wanted]


def test_an_employer_of_the_roster_goes_even_where_everybody_knows_the_body():
    roster = [person("Nia Pugh", organisation="Public Health Wales")]
    said = turns([("Nia Pugh", "Public Health Wales wrote to Estyn. PHW did.")])
    assert list(run(said, roster=roster).turns["text"]) == ["[organisation] wrote to Estyn. [organisation] did."]


@pytest.mark.parametrize(
    "said",
    [
        "I'm a carer for Ann Hafren.",
        "I'm a GP at Port Talbot.",
        "I'm with the Welsh Government.",
        "I'm the mother of a child with Down Syndrome.",
        "I work with Looked After Children, and I'm head of Adult Services.",
        "I'm the lead for Adverse Childhood Experiences.",
        "I'm with the Minister for Education on that.",
    ],
)
def test_somebody_or_some_place_is_no_employer(said):
    made = run(turns([("Nia Pugh", said)]), linguist=with_model())
    assert "ORG" not in set(made.redactions["entity_type"])


def test_a_body_that_nobody_works_for_stays():
    said = turns([("Nia Pugh", "We wrote to the Hafren Care Trust and to the Welsh Government.")])
    assert list(run(said).turns["text"]) == ["We wrote to the Hafren Care Trust and to the Welsh Government."]


ROLES = [
    ("the Minister for Education said so", "[role] said so"),
    ("our chief executive and the children's commissioner", "[role]"),
    ("she is head of a school", "she is head of a school"),
    ("the directors met the ministers", "the directors met the ministers"),
]


@pytest.mark.parametrize(("said", "shown"), ROLES)
def test_an_office_of_one_person_is_a_role(said, shown):
    assert list(run(turns([("Nia Pugh", f"So {said}.")]), policy="all").turns["text"]) == [f"So {shown}."]


LISTS = [
    ("we wrote to the Minister for Health, play and early years", "we wrote to [role]"),
    ("we wrote to the Minister for Health, Wales", "we wrote to [role], Wales"),
    ("we met the Minister for Health, 9 of us", "we met [role], 9 of us"),
]


@pytest.mark.parametrize(("said", "shown"), LISTS)
def test_all_that_an_office_is_for_goes_with_it(said, shown):
    linguist = with_model()
    made = run(turns([("Nia Pugh", f"And {said}.")]), policy="all", linguist=linguist)
    assert list(made.turns["text"]) == [f"And {shown}."]


PLACES = [
    ("in north Wales and in south-east Wales", "in [place] and in [place]"),
    ("from Llanelli to Wrexham", "from [place] to [place]"),
    ("across Wales and England", "across Wales and England"),
    ("in Llanmorfudd-y-Cwm, by Pont Rhyd-y-groes", "in [place], by [place]"),
    ("from Craig-cefn-parc and Llanmorfudd", "from [place] and [place]"),
    ("at Meddygfa'r Bont, in Gwernant ward", "at [place], in [place]"),
    ("a Year-on-year rise", "a Year-on-year rise"),
    ("by Cwmnïau, Ynysoedd, Aberrations", "by Cwmnïau, Ynysoedd, Aberrations"),
]


@pytest.mark.parametrize(("said", "shown"), PLACES)
def test_a_place_goes_and_a_country_stays(said, shown):
    assert list(run(turns([("Nia Pugh", f"We met {said}.")]), policy="all").turns["text"]) == [f"We met {shown}."]


def test_words_before_no_law_are_told_at_once_however_many_have_capitals():
    # A law's name of any number of words would be read anew from each of these to the end: minutes.
    text = "WE ALL WENT ON AND ON " * 10_000 + "(Wales) Act"
    assert not any(is_of_a_law(text, place) for place in range(2, len(text) - 200, 22))
    assert is_of_a_law(text, text.index(" (Wales)"))


def test_captions_in_capitals_throughout_are_read_at_once():
    # A name of an organisation that could have any number of words is sought anew from each word to the end.
    said = turns([("Nia Pugh", "WE ALL WENT ON AND ON " * 3_000), ("Tegid Moss", "I work for Hafren Care Trust.")])
    assert "Hafren" not in list(run(said).turns["text"])[1]
