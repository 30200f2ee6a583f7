"""Contact details and numbers: what is found, and what only looks like one."""

from importlib import metadata
from pathlib import Path

import pytest

from pipeline.anonymise.patterns import find_patterns, nhs_check_digit, patterns_of_each
from tests.counting_memory import CountingMemory

FOUND = [
    ("write to nia.pugh@example.org please", "nia.pugh@example.org", "email"),
    ("it's nia dot pugh at example dot org", "nia dot pugh at example dot org", "email"),
    ("nia at example.co.uk is best", "nia at example.co.uk", "email"),
    ("see https://example.org/nia?x=1.", "https://example.org/nia?x=1", "url"),
    ("it is on www.example.org", "www.example.org", "url"),
    ("go to example dot wales", "example dot wales", "url"),
    ("it is open door, dot org, dot uk, I think", "door, dot org, dot uk", "url"),
    ("I'm @niapugh there", "@niapugh", "handle"),
    ("my twitter is nia_pugh", "nia_pugh", "handle"),
    ("her number is 943 476 5919", "943 476 5919", "nhs"),
    ("my NI is AB 12 34 56 C", "AB 12 34 56 C", "nino"),
    ("at CF10 3NP now", "CF10 3NP", "postcode"),
    ("at sy23 3by now", "sy23 3by", "postcode"),
    ("ring 029 2018 0000 later", "029 2018 0000", "phone"),
    ("ring 07700 900123 later", "07700 900123", "phone"),
    ("ring +44 7700 900123", "+44 7700 900123", "phone"),
    ("oh two nine two oh one eight oh it is", "oh two nine two oh one eight oh", "phone"),
    ("my car is AB12 CDE", "AB12 CDE", "vehicle"),
    ("she's at 14 Heol y Felin, still", "14 Heol y Felin", "address"),
    ("of 3 Stryd Fawr", "3 Stryd Fawr", "address"),
    ("at 5 Maes ap Ifan.", "5 Maes ap Ifan", "address"),
    ("at 22b Old Station Road now", "22b Old Station Road", "address"),
    ("number 7, St Non's Close", "7, St Non's Close", "address"),
    ("sort code 12-34-56", "12-34-56", "bank"),
    ("account number 12345678", "12345678", "bank"),
    ("I was born on 3 May 1971", "3 May 1971", "born"),
    ("DOB: 03/05/1971", "03/05/1971", "born"),
    ("case number 4471/B", "4471/B", "reference"),
    ("my case number was HB/4471902", "HB/4471902", "reference"),
    ("with a case reference of 4471902", "4471902", "reference"),
    ("application no. 18403/91", "18403/91", "reference"),
    ("born on the fourteenth of May nineteen eighty-two, so", "fourteenth of May nineteen eighty-two", "born"),
    ("date of birth twenty-third of the ninth fifty-nine", "twenty-third of the ninth fifty-nine", "born"),
    ("her DOB's 2.3.74", "2.3.74", "born"),
    ("wedi ei eni ar yr 8fed o Fawrth 1961.", "8fed o Fawrth 1961", "born"),
    ("sort code 20 30 40", "20 30 40", "bank"),
    (
        "oh seven seven double oh nine hundred one two three",
        "oh seven seven double oh nine hundred one two three",
        "phone",
    ),
    ("o-double-seven-double-o nine-hundred two-two-two", "o-double-seven-double-o nine-hundred two-two-two", "phone"),
    ("sero un chwech tri dau naw chwech sero", "sero un chwech tri dau naw chwech sero", "phone"),
    ("it is S-I-O-B-H-A-N, and so", "S-I-O-B-H-A-N", "spelled"),
    ("it is P R Y C E, and so", "P R Y C E", "spelled"),
    ("ticket INC0093812 is open", "INC0093812", "reference"),
    ("the other is FPO-3371-B.", "FPO-3371-B", "reference"),
    ("ring the ward on ext. 2213 now", "2213", "reference"),
    ("it is extn 4471", "4471", "reference"),
    ("tenancy ref: TN/88", "TN/88", "reference"),
    ("his bail number is 99812", "99812", "reference"),
    ("UPRN 100101234567", "100101234567", "reference"),
    ("crime number 2100 347 118.", "2100 347 118", "reference"),
    ("my insta is seren.m7", "seren.m7", "handle"),
    ("Skype: seren.madog, please", "seren.madog", "handle"),
    ("on twitter at serenm underscore cymru", "serenm underscore cymru", "handle"),
    ("it is nia dot pugh at tri mor dot example dot org", "nia dot pugh at tri mor dot example dot org", "email"),
    ("the plate was c v one nine x k l and", "c v one nine x k l", "reference"),
    ("her NI is q q one two three four five six c", "q q one two three four five six c", "reference"),
    ("his car was ck07 xzb", "ck07 xzb", "vehicle"),
    ("the date of birth is at page six as the 14th of February 1991", "14th of February 1991", "born"),
    ("a date of birth at page six, 2 May 1991, and at page nine 14/2/1990", "14/2/1990", "born"),
    ("dates of birth 3 May 1990 and 4 June 2015", "4 June 2015", "born"),
    ("dates of birth: the first child's 3 May 2010, the second's 4 June 2015", "4 June 2015", "born"),
    ("date of birth 3 May 1990, moved on 4 June 2015, and the child's 5 July 2016", "5 July 2016", "born"),
    ("D.O.B. 2.3.74, so", "2.3.74", "born"),
    ("home to twenty three inkerman street and", "twenty three inkerman street", "address"),
    ("the IP was 192.0.2.7. And", "192.0.2.7", "ip"),
    ("it's 01632 960 0 1 2. It goes to a machine", "01632 960 0 1 2", "phone"),
    ("it's 01632 960 0 1 2 2 3. It goes to a machine", "01632 960 0 1 2 2 3", "phone"),
    ("it's, um, 0 1 6 3 2, 9 6 0 7 7 7 now", "0 1 6 3 2, 9 6 0 7 7 7", "phone"),
    ("Five double four, oh one seven. Everybody", "Five double four, oh one seven", "phone"),
    ("it's g pryce at hwb dot example dot org", "g pryce at hwb dot example dot org", "email"),
    ("spell it: O, Y, I, N. Not hard", "O, Y, I, N", "spelled"),
    ("it's p r y c e, so", "p r y c e", "spelled"),
    ("it is p r y c e with a y", "p r y c e", "spelled"),
    ("reference HBC/TR/20417/EC, it says", "HBC/TR/20417/EC", "reference"),
    ("my collar number's 4471.", "4471", "reference"),
    ("for that address. NWP-2025-0098812.", "NWP-2025-0098812", "reference"),
    ("I'll be eighty on the second of February", "second of February", "born"),
    ("his birthday's the same as my daughter's the sixteenth of june", "sixteenth of june", "born"),
    ("DOB 02.07.1938, and hers 2/7/1940", "2/7/1940", "born"),
    ("she's at Flat 4, 22 Bryn Terrace.", "Flat 4, 22 Bryn Terrace", "address"),
    ("at 12 Cathedral Way now", "12 Cathedral Way", "address"),
    ("and at 3 Bryn Awel now", "3 Bryn Awel", "address"),
    ("we live in 14 The Paddocks. My boy", "14 The Paddocks", "address"),
    ("she lives at 14 Glanafon now", "14 Glanafon", "address"),
    ("they moved her to 12a Maes-y-Dre", "12a Maes-y-Dre", "address"),
    ("she lives by me number twelve tennyson road", "number twelve tennyson road", "address"),
    ("my tenancy reference is TC 0044817.", "TC 0044817", "reference"),
    ("the claim number is AB 123 456 if", "AB 123 456", "reference"),
    ("a number, LX/0093/25.", "LX/0093/25", "reference"),
    ("Datix is W184420. Go", "W184420", "reference"),
    ("his shoulder number's 2218.", "2218", "reference"),
    ("PC 2217 attended", "2217", "reference"),
    ("it's log 417 of 9 November.", "417 of 9 November", "reference"),
    ("that was CAD 88, I think", "88", "reference"),
    ("the reg is NIA 1, and", "NIA 1", "vehicle"),
    ("H4FOD, it's on the plate", "H4FOD", "vehicle"),
    ("TAF 3E is the number plate.", "TAF 3E", "vehicle"),
    ("it's c r m four four one nine seven", "c r m four four one nine seven", "reference"),
    ("whiskey x-ray six six, lima papa uniform it was", "whiskey x-ray six six, lima papa uniform", "reference"),
    ("c v nineteen x k l it was", "c v nineteen x k l", "reference"),
    ("S Y twenty one nine zed zed", "S Y twenty one nine zed zed", "reference"),
    ("I'm on Snap, seren_08, so", "seren_08", "handle"),
    ("on Instagram, it's seren_draws, so", "seren_draws", "handle"),
    ("it is nia at tri dash mor dot example dot org", "nia at tri dash mor dot example dot org", "email"),
    ("that was ADT/2021/0093, closed", "ADT/2021/0093", "reference"),
    ("case OMB 202104417, for the record", "OMB 202104417", "reference"),
    ("the meeting ID is 812 4470 9913.", "812 4470 9913", "reference"),
    ("his licence says TEGID 708124 T99AB, I", "TEGID 708124 T99AB", "reference"),
    ("it was k for kilo two seven seven oh nine", "k for kilo two seven seven oh nine", "reference"),
    ("tegid_pugh_1961 wrote it", "tegid_pugh_1961", "handle"),
    ("it's oO_dewz_Oo again", "oO_dewz_Oo", "handle"),
    ("she lives in The Old Rectory, Penrallt Road.", "The Old Rectory, Penrallt Road", "address"),
]


@pytest.mark.parametrize(("text", "span", "kind"), FOUND, ids=[kind + " " + span for _, span, kind in FOUND])
def test_a_contact_detail_is_found_whole(text, span, kind):
    assert (span, kind) in {(text[found.start : found.end], found.kind) for found in find_patterns(text)}


@pytest.mark.parametrize(
    "text",
    [
        "we met at three, and at half past one",
        "between 2016 and 2021 it fell by 12.5 per cent",
        "a 60/40 split, and 70/80 of them",
        "£1,234,567 for 22 councils",
        "article 3 and section 17.42",
        "we looked at dot plots and at the board",
        "one, two, three",
        "on 3 May we agreed",
        "the A-L-N code, the N-H-S and G-C-S-E",
        "I had about 20 30 40 calls a day",
        "one two three hundred people",
        "COVID-19, ISO27001, the A487, GCSE-2019 and form AB12",
        "born second, and in the second year of the scheme",
        "Facebook is where they go. Twitter is great. Instagram is full of it",
        "the tenancy 2024/25, and a ticket of 150 pounds",
        "case 2 and file 12",
        "the hospital's 100 beds, and the patient's 450 pounds",
        "943 476 5918 is out by one",
        "crime in 2018/19 and 1999/2000",
        "15 people on Station Road, 3 of them in Heol Fawr",
        "10 Downing Street said so, and 40 Close calls came",
        "a or b, one or two a levels, plan c or d or 3",
        "a dot on the map at the end of the line",
        "in thirty residential streets, to two main roads, in 20 high street shops",
        "the date of birth is asked for. On 3 May 2019 it was",
        "our policy 2019, the staff 2018-19 survey",
        "their car at 20 mph, a van up to 30 mph, car use fell by 10 per cent, registration by 31 Mar",
        "of 20 mph road signs, a 20 mph road",
        "options a, b, c, 1, 2, 3, and no others",
        "tables A, B, C, D and E, or a b c d e",
        "from 0, 1, 2, 3, 4, 5, 6, 7, 8, 9",
        "scores of 0, 0, 2, 4, 1, 3, 0, 2, 1, 4",
        "at weeks 0, 2, 5, 10, 12, 4, 5, 6, 7, 8",
        "one two three four five six, and in double figures",
        "we'll be thirty on the day, and the birthday of the NHS was marked in July",
        "they live in 22 Local Authority areas, and it moved to 24 Hour Care",
        "COM/2019/20, the B4560 and the reference is NHS 111",
        "on Facebook, community_page was quiet, and on Twitter, covid19 was everywhere",
        "they live in 22 Wales counties, moved to 5 GP surgeries and then moved to 365 Teams",
        "I lived in 3 Different flats, and there are 20 Public Rights of Way and 6 Local Place Plans",
        "my number one shopping street, number one potholes street, the number nine queens road bus",
        "the reference is KPI 100, the number is GP 111, and WHC/2018/041 is a circular",
        "we log 200 calls a day, and who lives at 10 Downing Street?",
        "d w p ten twenty thirty times",
        "we log 12 of 30 in, incident 3 of the 12, CAD 2024 was on a plate, M4 on the number plate camera",
        "the registration is open, in reg 14 B, registration is 20 pounds, handed to GP2 on a plate",
        "nine, ten, eleven, twelve, a canteen, and Hotel India in the golf, charlie",
        "COM/2019/0640 and WHC/2018/041, case WHSSC 2021, the meeting ID is 2, a for alpha, one two",
        "minutes_2_final.docx, SPEAKER_00, covid_19 and community_page",
    ],
)
def test_ordinary_numbers_are_left_alone(text):
    assert find_patterns(text) == []


@pytest.mark.parametrize("said", ["It's at example.org, I think", "look at example.org", "The form is at example.org"])
def test_what_stands_before_an_address_of_the_web_is_nobodys_box_there(said):
    assert {said[found.start : found.end] for found in find_patterns(said)} == {"example.org"}


def test_a_stammer_beside_an_address_is_read_at_once():
    # Tried in every way, forty hyphens take longer than anybody lives.
    text = "Well, no" + "-no" * 40 + ". It is on nia.example.org."
    assert [text[found.start : found.end] for found in find_patterns(text)] == ["nia.example.org"]


@pytest.mark.parametrize(
    "said",
    [
        "Her date of birth is 3 May 1990 and she moved in on 4 June 2015.",
        "Her date of birth is at page six as 3 May 1990, and the tenancy began on 4/6/2015.",
        "Ei dyddiad geni hi ydy 3 Mai 1990, a symudodd ar 4/6/2015.",
    ],
)
def test_of_the_dates_after_a_date_of_birth_only_the_next_is_one(said):
    assert {said[found.start : found.end] for found in find_patterns(said)} <= {"3 May 1990", "3 Mai 1990"} != set()


@pytest.mark.parametrize("again", ["x dot ", "x.", "a-", "x underscore ", "www dot ", "0 1 2 3 "])
def test_what_goes_on_and_on_like_an_address_or_a_number_is_read_at_once(again):
    # Read anew from each part to the end, the address behind it takes minutes.
    text = again * 12_000 + "and so on. It is nia at example.org"
    assert "nia at example.org" in {text[found.start : found.end] for found in find_patterns(text)}


@pytest.mark.parametrize(("digits", "valid"), [("9434765919", True), ("9434765918", False), ("1234567890", False)])
def test_an_nhs_number_has_a_check_digit(digits, valid):
    assert nhs_check_digit(digits) is valid


def test_a_transcript_is_searched_once_and_the_same_with_a_memory(tmp_path: Path) -> None:
    texts = ["it is so", "nia.pugh@example.org, or ring 07700 900123", "", "at CF10 3NP now"]
    memory = CountingMemory(tmp_path)

    for asked in (texts, texts, []):
        expected = [find_patterns(text) for text in asked]
        assert patterns_of_each(asked, memory) == patterns_of_each(asked, None) == expected
    assert memory.made == 2


def test_a_newer_package_of_numbers_is_asked_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    memory, asked = CountingMemory(tmp_path), ["Ring 029 2018 0999."]
    for version in ("9.0.1", "9.0.2", "9.0.2"):
        monkeypatch.setattr(metadata, "version", lambda package, version=version: version)
        patterns_of_each(asked, memory)
    assert memory.made == 2
