"""Who is at the table, by the roster and by the labels."""

import pytest
from anonymise_talk import person, turns

from pipeline.anonymise.roster import people_at_table
from pipeline.tables import SOURCE_TURNS


def _table(said, roster=(), transcript="rt1"):
    listed = list(SOURCE_TURNS.rows(turns(said, transcript=transcript)))
    return people_at_table(listed, roster, {transcript: transcript})


@pytest.mark.parametrize(
    "labels",
    [
        ("Siân Pugh", "Sian Pugh"),
        ("Dr Siân Pugh OBE", "SIÂN PUGH"),
        ("Pugh, Siân [GCT]", "Siân Pugh (GCT)"),
        ("Siân", "Siân Pugh"),
    ],
)
def test_two_spellings_of_a_label_are_one_person(labels):
    table = _table([(label, "Yes.") for label in labels])
    assert len(set(table.speaker_of.values())) == 1


@pytest.mark.parametrize("labels", [("Siân Pugh", "Siân Rees"), ("Siân", "Siôn Pugh"), ("SPEAKER_00", "SPEAKER_01")])
def test_two_names_are_two_people(labels):
    assert len(set(_table([(label, "Yes.") for label in labels]).speaker_of.values())) == 2


def test_a_given_name_that_two_have_is_nobodys_short_form():
    table = _table([("Siân Pugh", "Yes."), ("Siân Rees", "Yes."), ("Siân", "Yes.")])
    assert len(set(table.speaker_of.values())) == 3


def test_a_label_is_the_roster_line_it_has_the_name_alias_or_short_form_of():
    roster = [person("Katherine Pugh", aliases=("KP",)), person("Tegid Moss")]
    table = _table([("Kate Pugh", "Yes."), ("KP", "Yes."), ("Tegid", "Yes.")], roster)
    named = {somebody.key: somebody.name for somebody in table.people}
    assert [named[table.speaker_of["rt1", label]] for label in ("Kate Pugh", "KP", "Tegid")] == [
        "Katherine Pugh",
        "Katherine Pugh",
        "Tegid Moss",
    ]


@pytest.mark.parametrize(
    "listed",
    [
        person("Tomos Rees", aliases=("Tom",)),
        *map(person, ["Tom (Tomos) Rees", "Tomos (Tom) Rees", "Rees, Tomos (Tom)", "Tomos “Tom” Rees"]),
    ],
    ids=lambda listed: listed.name,
)
def test_whom_the_list_gives_two_given_names_is_one_person_by_either(listed):
    labels = ["Tom Rees", "Tomos Rees", "Tom", "Tomos", listed.name]
    assert len(_table([(label, "Yes.") for label in labels], [listed]).people) == 1


def test_another_given_name_in_a_label_is_an_alias_and_a_place_behind_it_is_none():
    table = _table([("Tomos (Tom) Rees", "Yes."), ("Ifor Ellis (Aeron)", "No."), ("(Tom)", "So.")])
    named = {somebody.name: (somebody.aliases, somebody.organisation) for somebody in table.people}
    assert named["Tomos Rees"] == (("Tom",), "")
    assert named["Ifor Ellis"] == ((), "Aeron")


@pytest.mark.parametrize("roster", [[], [person("Gwawr Elystan")]])
def test_initials_behind_a_name_are_another_name_and_no_organisation(roster):
    table = _table([("Gwawr Elystan (GE) (Chair)", "Yes."), ("Tegid Moss (Cantref Trust)", "No.")], roster)
    named = {somebody.name: somebody for somebody in table.people}
    assert (named["Gwawr Elystan"].aliases, named["Gwawr Elystan"].organisation) == (("GE",), "")
    assert (named["Tegid Moss"].aliases, named["Tegid Moss"].organisation) == ((), "Cantref Trust")


def test_a_roster_line_sits_only_where_it_says():
    roster = [person("Tegid Moss", roundtables=("rt2",))]
    table = _table([("Tegid Moss", "Yes.")], roster)
    assert len(table.people) == 2
    assert len(table.questions) == 1


def test_an_organisation_tells_two_of_one_name_apart():
    roster = [
        person("Tegid Moss", organisation="Gwent Care Trust", roundtables=("rt1",)),
        person("Tegid Moss", organisation="Big Lamp Ltd", roundtables=("rt1", "rt2")),
    ]
    table = _table([("Tegid Moss (Big Lamp Ltd)", "Yes.")], roster)
    spoke = table.speaker_of["rt1", "Tegid Moss (Big Lamp Ltd)"]
    assert next(one.organisation for one in table.people if one.key == spoke) == "Big Lamp Ltd"


def test_a_facilitator_is_guessed_by_what_facilitators_do_and_marked_as_a_guess():
    said = [
        ("Nia Pryce", "Welcome everybody. Who would like to begin?"),
        ("Tegid Moss", "It was hard."),
        ("Nia Pryce", "Thank you. Anyone else?"),
        ("Cadi Wynne", "It was easy."),
        ("Nia Pryce", "Thanks. Moving on: what do you think of this?"),
        ("Tegid Moss", "Little."),
    ]
    roles = {somebody.name: (somebody.role, somebody.role_is_guess) for somebody in _table(said).people}
    assert roles["Nia Pryce"] == ("facilitator", True)
    assert roles["Tegid Moss"] == ("participant", False)


def test_where_nobody_leads_nobody_is_guessed():
    said = [("Nia Pryce", "Well."), ("Tegid Moss", "Indeed."), ("Cadi Wynne", "Quite.")]
    assert {somebody.role for somebody in _table(said).people} == {"participant"}


def test_no_facilitator_is_guessed_where_the_roster_names_one():
    roster = [person("Tegid Moss", role="facilitator")]
    said = [("Nia Pryce", "Welcome. Thank you. Who would like to begin?")] * 5 + [("Tegid Moss", "Well.")]
    assert [one.name for one in _table(said, roster).people if one.role == "facilitator"] == ["Tegid Moss"]


@pytest.mark.parametrize("label", ["Facilitator", "Chair", "Moderator 1", "Hwylusydd", "Cadeirydd"])
def test_a_label_that_says_who_facilitates_is_no_participant_and_no_guess(label):
    said = [(label, "Well."), ("Tegid Moss", "Cadi? Nia?"), ("Cadi Wynne", "Yes."), ("Nia Pryce", "Yes.")]
    roles = {somebody.name: (somebody.role, somebody.role_is_guess) for somebody in _table(said).people}
    assert roles == {
        label: ("facilitator", False),
        "Tegid Moss": ("participant", False),
        "Cadi Wynne": ("participant", False),
        "Nia Pryce": ("participant", False),
    }


def test_who_chairs_by_their_label_is_known_by_their_name():
    table = _table([("Nia Pryce (Chair)", "Well."), ("Nia Pryce", "So."), ("Tegid Moss", "Quite.")])
    assert [(one.name, one.role, one.organisation) for one in table.people] == [
        ("Nia Pryce", "facilitator", ""),
        ("Tegid Moss", "participant", ""),
    ]


def test_a_roster_says_who_takes_part_whatever_a_label_says():
    table = _table([("Tegid Moss (Chair)", "Well.")], [person("Tegid Moss")])
    assert [(one.name, one.role) for one in table.people] == [("Tegid Moss", "participant")]
