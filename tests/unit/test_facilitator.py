"""Who facilitates is told by a label, else guessed from whom somebody gives the floor to."""

from __future__ import annotations

import pytest

from pipeline.facilitator import Guess, likely_facilitator, says_so, without_role

NIA, TEGID, CADI, EDWY = "Nia Pryce", "Tegid Moss", "Cadi Wynne", "Edwy Bellan"
NAMES = {name: name for name in (NIA, TEGID, CADI, EDWY)}

# Tegid asks Cadi most of the questions, as a member of a committee would; Nia brings everybody in.
COMMITTEE = [
    (NIA, "Welcome. Tegid has the first questions. Tegid."),
    *[(TEGID, "And what did that cost?"), (CADI, "A good deal.")] * 9,
    (NIA, "Tegid, one more."),
    (TEGID, "None."),
    (NIA, "Thank you. Edwy, would you come in here."),
    (EDWY, "Only to agree."),
    (NIA, "Cadi wanted a word."),
    (CADI, "Just one."),
    (NIA, "Thank you all."),
]


def test_who_calls_on_people_opens_and_closes_facilitates_however_much_another_asks() -> None:
    assert likely_facilitator(COMMITTEE, NAMES) == Guess(NIA, handed_over=3, asked=0, opened=True, closed=True)


def test_without_names_it_is_told_from_opening_closing_and_from_how_many_people_answer() -> None:
    said = [("A", "Shall we begin?"), ("B", "Yes."), ("A", "And you?"), ("C", "Yes."), ("A", "Good.")]
    assert likely_facilitator(said, {}) == Guess("A", handed_over=0, asked=2, opened=True, closed=True)


def test_one_who_joins_before_the_meeting_opens_does_not_hide_who_leads_it() -> None:
    early = [(EDWY, "Is this working?"), *COMMITTEE]
    found = likely_facilitator(early, NAMES)
    assert found is not None
    assert (found.who, found.opened) == (NIA, False)


def test_people_are_counted_and_not_times() -> None:
    """Who asks one witness nine questions asks one person."""
    found = likely_facilitator([(TEGID, "Shall we?"), *COMMITTEE[1:-1], (TEGID, "Good.")], NAMES)
    assert found is None or (found.who, found.asked) == (TEGID, 1)


def test_who_is_hardly_ahead_of_the_next_is_not_marked() -> None:
    """Five signs for Nia and four for Tegid: two people who lead."""
    said = [
        (NIA, "Tegid, will you begin?"), (TEGID, "Cadi knows this better than I."), (CADI, "I do."),
        (NIA, "And Edwy?"), (EDWY, "Nothing."), (TEGID, "Edwy, and you, Nia?"), (NIA, "Later."),
        (TEGID, "What about you, Edwy?"), (EDWY, "Nothing."), (TEGID, "Goodbye."),
    ]  # fmt: skip
    assert likely_facilitator(said, NAMES) is None


def test_who_is_named_only_at_the_opening_of_a_long_turn_is_not_called_on() -> None:
    talk = "Cadi said this before. " + "It went on for a long while. " * 12
    said = [(NIA, "Welcome."), (TEGID, "Yes."), (NIA, talk), (CADI, "Yes."), (EDWY, "Yes."), (NIA, "Thank you.")]
    found = likely_facilitator(said, NAMES)
    assert found == Guess(NIA, handed_over=0, asked=0, opened=True, closed=True)


def test_a_short_part_of_a_name_calls_nobody() -> None:
    """ "ap" and "Jo" stand in too much of what people say."""
    names = {"A": "Nia Pryce", "B": "Jo ap Rhys", "C": "Cadi Wynne"}
    said = [("A", "Let us begin, with ap and jo."), ("B", "Yes."), ("C", "Yes."), ("A", "Good.")]
    found = likely_facilitator(said, names)
    assert found == Guess("A", handed_over=0, asked=0, opened=True, closed=True)


def test_turns_of_one_person_that_follow_each_other_are_one() -> None:
    """A question that the same person goes on after is answered by who speaks next."""
    said = [
        ("A", "Shall we begin?"),
        ("A", "I think so."),
        ("B", "Yes."),
        ("A", "And you?"),
        ("C", "Yes."),
        ("A", "Good."),
    ]
    assert likely_facilitator(said, {}) == Guess("A", handed_over=0, asked=1, opened=True, closed=True)


@pytest.mark.parametrize(
    "said",
    [
        [],
        [(NIA, "Well?"), (TEGID, "Indeed.")],
        [(NIA, "Well."), (TEGID, "Indeed."), (CADI, "Quite.")],
        # Two who lead alike, and a third who has the first and the last word.
        [(EDWY, "Well."), (NIA, "Tegid?"), (TEGID, "Cadi?"), (CADI, "Nia?"), (NIA, "Cadi?"), (CADI, "No."),
         (TEGID, "Edwy?"), (EDWY, "Yes.")],
    ],
)  # fmt: skip
def test_where_nobody_leads_nobody_is_guessed(said: list[tuple[str, str]]) -> None:
    assert likely_facilitator(said, NAMES) is None


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("Chair", ""),
        ("The Chair", ""),
        ("FACILITATOR", ""),
        ("Facilitator 2", ""),
        ("Co-facilitator", ""),
        ("Moderator_1", ""),
        ("Hwylusydd", ""),
        ("Cadeirydd", ""),
        ("Nia Pryce (Chair)", "Nia Pryce"),
        ("Nia Pryce [Hwylusydd]", "Nia Pryce"),
        ("Facilitator - Nia Pryce", "Nia Pryce"),
        ("Nia Pryce – Cadeirydd", "Nia Pryce"),
    ],
)
def test_a_label_may_say_that_somebody_facilitates(label: str, name: str) -> None:
    assert says_so(label)
    assert without_role(label) == name


@pytest.mark.parametrize(
    "label", ["Nia Host", "Nia Pryce (Chair of governors)", "Participant 1", "SPEAKER_00", "Minister", "Chairs Ltd", ""]
)
def test_a_label_that_only_has_the_word_says_nothing(label: str) -> None:
    assert not says_so(label)
    assert without_role(label) == label
