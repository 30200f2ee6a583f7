"""What gives a speaker away, and what would lower it."""

from __future__ import annotations

import pytest

from pipeline.quotes.disclosure import _CLUES, disclosure
from pipeline.quotes.fair import _DISSENT
from pipeline.tables import Participant

CONSENT = "quote_with_role"


def person(name: str, sector: str = "", consent: str = CONSENT) -> Participant:
    return Participant(name, "participant", False, sector, consent, ("rt1",))


TEN = [person(f"P{number:02d}", "health") for number in range(1, 11)]


@pytest.mark.parametrize(
    ("text", "risk", "reason"),
    [
        ("Good policy is policy that somebody can deliver.", "none", ""),
        ("I was the only vet in the valley for a year.", "high", "the only one of a kind"),
        ("A flu jab is the only thing in it for us.", "none", ""),
        ("As chief executive of a board, I see it daily.", "high", "own office"),
        ("I had a breakdown and nobody rang.", "high", "health or hardship"),
        ("When I was homeless, the form asked for an address.", "high", "health or hardship"),
        ("My daughter waits, like every child.", "low", "family"),
        ("In my village the bus stopped.", "low", "own place"),
        ("As [P07] said, it takes years.", "low", "at the table"),
        ("We asked [organisation: health board] twice.", "low", "words replaced"),
        ("We lost £40,000 that year.", "low", "exact number"),
        ("It was 1,347 people.", "low", "exact number"),
        ("On 3 March they closed it.", "low", "date"),
        ("They shut the clinic in Llanfair.", "low", "a place"),
        ("Nobody in Wales plans for ten years.", "none", ""),
        ("I am 100 per cent sure that it takes 10 years.", "none", ""),
        ("Mae polisi da yn bolisi y gall rhywun ei gyflawni.", "none", ""),
        ("Fi oedd yr unig filfeddyg yn y cwm am flwyddyn.", "high", "the only one of a kind"),
        ("Fel prif weithredwr, dw i'n gweld hyn bob dydd.", "high", "own office"),
        ("Dw i'n bennaeth ysgol fach yn y wlad.", "high", "own office"),
        ("Mi gafodd fy nhad strôc a ddaeth neb.", "high", "health or hardship"),
        ("Ddaeth fy nghanser i yn ôl, a chlywodd neb.", "high", "health or hardship"),
        ("Collais waith ar ôl fy niagnosis, fel pawb.", "high", "health or hardship"),
        ("Chafodd neb wybod am fy ngorbryder.", "high", "health or hardship"),
        ("Roedd fy meichiogrwydd yn broblem iddyn nhw.", "high", "health or hardship"),
        ("Pan o'n i'n ddigartref, roedd y ffurflen isio cyfeiriad.", "high", "health or hardship"),
        ("Mae fy merch yn aros, fel pob plentyn arall.", "low", "family"),
        ("Roedd Mam yn yr ysbyty am wythnos.", "low", "family"),
        ("Yn ein pentre ni mae'r bws wedi darfod.", "low", "own place"),
        ("Ar 3 Mawrth mi gaeon nhw'r lle.", "low", "date"),
        ("Ar y 5ed o Dachwedd mi gaeon nhw'r lle.", "low", "date"),
        ("Erbyn 2 o Fai roedd y lle ar gau.", "low", "date"),
        ("Mi gaeon nhw'r clinig yng Nghaernarfon.", "low", "a place"),
        ("Does neb yng Nghymru yn cynllunio am ddeng mlynedd.", "none", ""),
        ("Mae'n well gen i siarad yn Gymraeg.", "none", ""),
        ("Mae'r lle ar agor o Lun i Wener, ac ar gau o Dachwedd ymlaen.", "none", ""),
        ("Daeth llythyr o Lywodraeth Cymru, a neb yn ei ddeall.", "none", ""),
    ],
)
def test_what_a_quote_says_can_give_its_speaker_away(text: str, risk: str, reason: str) -> None:
    found = disclosure(text, speaker=TEN[0], table=TEN)

    assert found.risk == risk
    assert any(reason in words for words in found.reasons) or not reason


def test_advice_that_other_advice_holds_is_not_given_beside_it() -> None:
    table = [person("P01", "farming"), *TEN[1:]]
    found = disclosure("My daughter waits, like every child.", speaker=table[0], table=table)
    assert found.coarser == "print as one participant, without the sector"


def test_several_slight_clues_are_as_good_as_a_grave_one() -> None:
    found = disclosure("My son and I left our village on 3 March.", speaker=TEN[0], table=TEN)

    assert found.risk == "high"


@pytest.mark.parametrize(("sharing", "risk"), [(1, "high"), (2, "low"), (3, "low"), (4, "none")])
def test_a_sector_that_few_at_the_table_share_is_a_risk(sharing: int, risk: str) -> None:
    table = [person(f"P{number:02d}", "farming" if number <= sharing else "health") for number in range(1, 11)]

    found = disclosure("It takes years.", speaker=table[0], table=table)

    assert found.risk == risk
    assert ("without the sector" in found.coarser) == (risk != "none")


def test_a_sector_that_will_not_be_printed_is_no_risk() -> None:
    alone = person("P11", "farming", "quote_without_attribution")

    assert disclosure("It takes years.", speaker=alone, table=[*TEN, alone]).risk == "none"


def test_at_a_small_table_even_one_participant_says_much() -> None:
    found = disclosure("It takes years.", speaker=TEN[0], table=TEN[:3])

    assert found.risk == "low"
    assert "which roundtable" in found.coarser


def test_the_only_one_who_spoke_a_language_is_known_by_it() -> None:
    assert disclosure("Mae'n cymryd amser.", speaker=TEN[0], table=TEN, same_language=1).risk == "high"
    for speakers in (2, 3):
        assert disclosure("Mae'n cymryd amser.", speaker=TEN[0], table=TEN, same_language=speakers).risk == "low"
    assert disclosure("It takes years.", speaker=TEN[0], table=TEN, same_language=9).risk == "none"


def test_each_risk_comes_with_what_would_lower_it() -> None:
    found = disclosure("I was the only vet in the valley.", speaker=TEN[0], table=TEN)

    assert found.reasons[-1].startswith("to lower it: ")
    assert found.coarser


def test_what_is_looked_for_in_lower_case_is_written_in_lower_case() -> None:
    written = [_DISSENT.pattern, *(clue.pattern.pattern for clue in _CLUES)]

    assert [pattern for pattern in written if pattern != pattern.lower()] == []
