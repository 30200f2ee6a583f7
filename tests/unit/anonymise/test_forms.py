"""Forms of a name: what is searched for, and what the gate must not find."""

import pytest

from pipeline.anonymise.forms import (
    Runs,
    find_words,
    fold,
    forms_of,
    is_name,
    joined,
    parse_name,
    surfaces,
    words,
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Siân", "sian"), ("TŶ HAFAN", "ty hafan"), ("Łukasz", "lukasz"), ("O’Neill", "o'neill"), ("Weiß", "weiss")],
)
def test_accents_and_case_are_folded(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("label", "given", "family", "organisation"),
    [
        ("Prof. Nia Pugh-Rees OBE", ("nia",), ("pugh", "rees"), ""),
        ("Siôn | Cwm Housing", ("sion",), (), "Cwm Housing"),
        ("Nia Pryce – Powys Council", ("nia",), ("pryce",), "Powys Council"),
        ("Ann Llwyd - Parry", ("ann", "llwyd"), ("parry",), ""),
        ("Bryn's iPhone", ("bryn",), (), ""),
        ("Pugh, Nia [GCT]", ("nia",), ("pugh",), "GCT"),
        ("Nia Pugh (Gwent Care Trust)", ("nia",), ("pugh",), "Gwent Care Trust"),
        ("Dr Jan van der Berg", ("jan",), ("van", "der", "berg"), ""),
        ("Dafydd ap Rhys", ("dafydd",), ("ap", "rhys"), ""),
        ("Nia Pugh, MBE", ("nia",), ("pugh",), ""),
        ("Nia", ("nia",), (), ""),
        ("Sister Hafgan", ("hafgan",), (), ""),
        ("Nurse Oyelaran", ("oyelaran",), (), ""),
        ("Nan Ellis", ("nan",), ("ellis",), ""),
        ("Ward Manager (Sister Hafgan)", ("hafgan",), (), ""),
        ("HCA 2 [Blessing]", ("blessing",), (), ""),
        ("Nurse (Ward Four)", ("nurse",), (), "Ward Four"),
    ],
)
def test_a_label_is_taken_apart(label, given, family, organisation):
    name = parse_name(label)
    assert (name.given, name.family, name.organisation) == (given, family, organisation)


def test_a_number_in_a_label_is_no_part_of_a_name():
    assert {" ".join(form.words) for form in forms_of("Rees, 7")} == {"rees"}


def test_a_title_tells_the_sex_where_it_does():
    assert [parse_name(label).sex for label in ("Mrs Pugh", "Sir Ifor Pugh", "Dr Nia Pugh")] == ["she", "he", ""]


@pytest.mark.parametrize(
    "label",
    [
        "SPEAKER_00",
        "Unknown Speaker",
        "Chair",
        "Company 1",
        "P07",
        "A member of the audience",
        "?",
        "The Witness",
        "Social Worker 2",
        "Head of Service",
        "Young Person B",
        "Counsel to the Inquiry",
        "Swyddog",
        "iPad (2)",
        "Galaxy S21",
        "Head of Ysgol Aeron",
        "Chief Executive, Aeron Council",
        "Police and Crime Commissioner",
        "HCA 1",
        "Foster Carer",
        "Health Visitor",
        "Ward Manager",
        "Monitoring Officer",
        "Independent Reviewing Officer",
        "Leader of the Council",
        "Judge",
        "Ymwelydd Iechyd",
    ],
)
def test_a_label_that_names_nobody_is_no_name(label):
    assert not is_name(label)


@pytest.mark.parametrize(
    "label",
    [
        "Nia",
        "Will",
        "J Smith",
        "Nurse, Siobhan",
        "Ward Manager (Sister Hafgan)",
        "HCA 2 [Blessing]",
        "Chair Nia Pugh",
        "Rose Speaker-Hall",
        "Young",
        "Head",
        "Councillor Young",
        "Judge Ward",
    ],
)
def test_a_label_that_holds_a_name_is_one(label):
    assert is_name(label)


def test_a_double_barrelled_name_has_its_halves_short_forms_and_initials():
    forms = {form.words: form.kind for form in forms_of("Katherine Pugh-Rees")}
    expected = {
        ("katherine", "pugh", "rees"): "full",
        ("k", "pugh", "rees"): "initials",
        ("kate", "pugh", "rees"): "full",
        ("katherine", "rees"): "full",
        ("katherine",): "given",
        ("pugh", "rees"): "family",
        ("pugh",): "half",
        ("pughrees",): "half",
        ("kate",): "nickname",
    }
    assert expected.items() <= forms.items()


def test_a_form_that_is_also_a_word_says_so():
    told = {form.words: form.is_word for form in forms_of("Will Pugh")}
    assert told["will",]
    assert not told["pugh",]
    assert not told["will", "pugh"]


def test_the_gate_gets_every_form_but_nicknames():
    shown = dict(surfaces("William Pugh", ["Wilpugh"]))
    assert shown == {
        "william pugh": False, "w pugh": False, "wilpugh": False, "william": False, "pugh": False,
        "will pugh": False, "bill pugh": False, "billy pugh": False, "willy pugh": False, "liam pugh": False,
        "wil pugh": False,
    }  # fmt: skip


def test_words_are_runs_of_letters_and_a_possessive_is_apart():
    listed = words("Siân’s Pugh-Rees, 2")
    assert [word.folded for word in listed] == ["sian", "s", "pugh", "rees"]
    assert [word.capital for word in listed] == [True, False, True, True]
    assert joined("Siân’s Pugh-Rees, 2", listed[2], listed[3])


def test_a_sentence_end_parts_a_name():
    text = "Pugh. But, Rees"
    first, _, last = words(text)
    assert not joined(text, first, last)


@pytest.mark.parametrize("apart", [" ", " 1234567890 " * 9, f" {'o' * 60} "])
def test_a_word_is_found_with_those_beside_it_however_far(apart):
    texts = ["Nobody.", f"Siân{apart}Will, will{apart}you"]
    listed = words(texts[1])
    found = list(find_words(texts, {"will"}))
    assert [number for number, _, _ in found] == [1, 1]
    assert [near[place] for _, near, place in found] == [word for word in listed if word.folded == "will"]
    for _, near, place in found:
        at = listed.index(near[place])
        assert (near[place - 1], near[place + 1]) == (listed[at - 1], listed[at + 1])
    assert [place for _, _, place in find_words(["Will you?"], {"will"})] == [0]


def test_initials_alone_are_nobodys_name() -> None:
    names = {" ".join(form.words) for form in forms_of("T. R. Mortlake-Jones")}
    assert {"t r mortlake jones", "mortlake jones"} <= names
    assert "t r" not in names
    assert "j r" not in {" ".join(form.words) for form in forms_of("Jane R")}


def test_a_telephones_number_has_no_forms_of_a_name():
    assert forms_of("+44 7700 900123") == ()
    assert [form.words for form in forms_of("+44 7700 900123", ["Nia"])] == [("nia",)]


def test_where_a_word_of_a_long_text_stands_is_where_it_was_read() -> None:
    # Longer than a part, with a part that has no word, and a word longer than a part.
    text = "Siân, O'Neill a'r 3ydd… " * 300 + "1 2 3 " * 2_000 + "x" * 5_000 + " e\u0301lan \u0301Will"
    found = Runs(text)
    assert [found.start(number) for number in range(len(found.written))] == [word.start for word in words(text)]
    assert [text[found.start(number) :][: len(run)] for number, run in enumerate(found.written)] == found.written
    assert Runs("").written == Runs("1 ").written == []


def test_the_runs_of_letters_are_the_same_whatever_the_script() -> None:
    # Up to the punctuation of typographers, and beyond all of Windows-1252.
    texts = [f"a{chr(number)}b {chr(number)}" for number in range(0x2200)]
    assert [Runs(text).written for text in texts] == [
        [text[word.start : word.end] for word in words(text)] for text in texts
    ]


def test_who_is_called_by_a_place_has_no_family_name() -> None:
    forms = {form.words for form in forms_of("Nerys y Bont")}
    assert ("nerys", "y", "bont") in forms and ("nerys",) in forms
    assert forms.isdisjoint({("bont",), ("y", "bont")})
