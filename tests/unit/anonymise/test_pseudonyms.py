"""Numbers that tell nothing, and stay."""

from pipeline.anonymise.pseudonyms import Numbered, letters, number
from pipeline.anonymise.roster import Somebody
from pipeline.tables import Person

NIA = Somebody("label nia", "Nia Pugh", roundtables=("rt1",))
TEGID = Somebody("label tegid", "Tegid Moss", role="facilitator", roundtables=("rt1",))
CADI = Somebody("third cadi", "Cadi Wynne", role="third_party", roundtables=("rt1",))


def _person(number_, pseudonym, name, roundtables=("rt1",)):
    return Person(f"person-{number_:04d}", pseudonym, name, (), "participant", "", "", "quote_with_role", roundtables)


def test_each_role_has_a_letter_of_its_own():
    shown = {key: one.pseudonym for key, one in number([NIA, TEGID, CADI], seed=1).items()}
    assert shown == {NIA.key: "P01", TEGID.key: "F01", CADI.key: "person A"}


def test_the_order_is_the_seeds_and_not_the_lists():
    many = [Somebody(f"label {place}", f"Name {place}") for place in range(9)]
    assert number(many, seed=3) == number(many[::-1], seed=3)
    assert number(many, seed=3) != number(many, seed=4)


def test_who_was_numbered_before_keeps_the_number_and_new_people_come_after():
    numbered = number([NIA, TEGID, CADI], seed=1, previous=[_person(7, "P04", "Nia Pugh")])
    assert numbered[NIA.key] == Numbered("person-0007", "P04")
    assert {one.person_id for one in numbered.values()} == {"person-0007", "person-0008", "person-0009"}


def test_a_number_is_not_given_again_when_its_person_has_gone():
    numbered = number([NIA], seed=1, previous=[_person(7, "P01", "Somebody Else")])
    assert numbered[NIA.key].pseudonym == "P02"


def test_of_two_of_one_name_each_is_known_by_where_they_sat():
    other = Somebody("label nia 2", "Nia Pugh", roundtables=("rt2",))
    previous = [_person(1, "P01", "Nia Pugh", ("rt2",)), _person(2, "P02", "Nia Pugh", ("rt1",))]
    numbered = number([NIA, other], seed=1, previous=previous)
    assert (numbered[NIA.key].pseudonym, numbered[other.key].pseudonym) == ("P02", "P01")


def test_one_of_the_previous_run_is_known_again_once_and_the_first_of_two():
    twins = [Somebody(f"roster nia {place}", "Nia Pugh", roundtables=("rt1",)) for place in range(3)]
    previous = [_person(9, "P09", "Nia Pugh"), _person(4, "P04", "Nia Pugh")]
    numbered = number(twins, seed=1, previous=previous)
    assert sorted(one.pseudonym for one in numbered.values()) == ["P04", "P09", "P10"]
    assert number(twins[:1], seed=1, previous=previous)[twins[0].key] == Numbered("person-0004", "P04")


def test_new_people_come_after_the_last_of_their_kind_whatever_the_order():
    previous = [_person(3, "P12", "Somebody Else"), _person(5, "P02", "Another One"), _person(6, "person B", "A Third")]
    shown = {key: one.pseudonym for key, one in number([NIA, CADI, TEGID], seed=1, previous=previous).items()}
    assert shown == {NIA.key: "P13", CADI.key: "person C", TEGID.key: "F01"}


def test_who_comes_back_in_another_role_is_numbered_anew():
    numbered = number([TEGID], seed=1, previous=[_person(1, "P01", "Tegid Moss")])
    assert numbered[TEGID.key] == Numbered("person-0002", "F01")


def test_who_sits_elsewhere_now_is_known_by_the_roster_and_not_by_a_label():
    moved = ("rt2",)
    previous = [_person(1, "P01", "Nia Pugh")]
    told = Somebody("roster nia", "Nia Pugh", roundtables=moved)
    guessed = Somebody("label nia", "Nia Pugh", roundtables=moved)
    assert number([told], seed=1, previous=previous)[told.key].pseudonym == "P01"
    assert number([guessed], seed=1, previous=previous)[guessed.key].pseudonym == "P02"


def test_who_is_told_apart_by_an_alias_is_known_by_it_at_the_same_table():
    married = Somebody("label nia moss", "Nia Moss", aliases=("Nia Pugh",), roundtables=("rt1",))
    assert number([married], seed=1, previous=[_person(1, "P01", "Nia Pugh")])[married.key].pseudonym == "P01"


def test_letters_go_on_after_z():
    assert [letters(count) for count in (1, 26, 27, 52, 53, 702, 703)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]
