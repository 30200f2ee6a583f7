"""Anonymising: who is replaced by what, as tables of invented talk."""

import re

import pandas as pd
import pytest
from anonymise_talk import names, person, run, shown, turns, with_model

from pipeline.anonymise.leaks import find, needles
from pipeline.decisions import Decision, Span, text_hash
from pipeline.tables import Roundtable

TABLE = [
    person("Siân Pugh-Rees", organisation="Gwent Care Trust"),
    person("Mark Harries", aliases=("Harry",)),
    person("Dr Rose Tudor"),
    person("Robert Will"),
    person("Nia Pryce", role="facilitator"),
]

# What Nia says, and what of it is anybody's name.
NAMED = [
    ("Thank you, Siân.", "Thank you, <Siân Pugh-Rees>."),
    ("Sian's right, and SIÂN said it first.", "<Siân Pugh-Rees>'s right, and <Siân Pugh-Rees> said it first."),
    ("I asked Mrs Pugh-Rees and Ms Rees.", "I asked <Siân Pugh-Rees> and <Siân Pugh-Rees>."),
    ("So Pugh Rees, or S. Pugh-Rees, agreed.", "So <Siân Pugh-Rees>, or <Siân Pugh-Rees>, agreed."),
    ("As siân pugh-rees told us, yes.", "As <Siân Pugh-Rees> told us, yes."),
    ("Then Shan Pugh-Reese told us.", "Then <Siân Pugh-Rees> told us."),
    ("Over to you, Mark. Mark my words.", "Over to you, <Mark Harries>. Mark my words."),
    ("Mark's point was that it will rain.", "<Mark Harries>'s point was that it will rain."),
    ("What did Harry say about the mark?", "What did <Mark Harries> say about the mark?"),
    ("Rose, prices rose. Thanks Dr Tudor.", "<Dr Rose Tudor>, prices rose. Thanks <Dr Rose Tudor>."),
    ("Thank you, Bob. Will you begin?", "Thank you, <Robert Will>. Will you begin?"),
    ("Mr Will said that the will is there.", "<Robert Will> said that the will is there."),
    ("Pryces everywhere.", "<Nia Pryce>s everywhere."),
    ("my colleague Olu Bakare, and then Bakare again", "my colleague <Olu Bakare>, and then <Olu Bakare> again"),
    ("It was Baroness Ellwood. Lady Ellwood wrote.", "It was <Ellwood>. <Ellwood> wrote."),
]
LEFT = [
    "The Chair asked the Minister about Brexit, the NHS and the Bacc.",
    "The White Paper and the Education Bill will mark a dawn.",
    "Grant funding rose in Wales.",
    "Bore da. Diolch yn fawr iawn.",
    "None.",
    "🙂",
]


@pytest.mark.parametrize(("said", "expected"), NAMED, ids=[said for said, _ in NAMED])
def test_a_name_is_replaced_however_it_is_said(said, expected):
    made = run(turns([("Nia Pryce", f"We begin. {said}")]), roster=TABLE)
    assert shown(made) == [f"We begin. {expected}"]


@pytest.mark.parametrize("said", LEFT)
def test_what_is_no_name_stays(said):
    assert shown(run(turns([("Nia Pryce", said)]), roster=TABLE)) == [said]


SMALL = [
    ("thank you, mark. it will mark a dawn", "thank you, <Mark Harries>. it will mark a dawn"),
    (
        "sian said that prices rose, and rose said so too",
        "<Siân Pugh-Rees> said that prices rose, and <Dr Rose Tudor> said so too",
    ),
    ("the last question is from mark", "the last question is from <Mark Harries>"),
    ("robert will and dr tudor are here", "<Robert Will> and <Dr Rose Tudor> are here"),
]


@pytest.mark.parametrize(("said", "expected"), SMALL, ids=[said for said, _ in SMALL])
def test_text_without_capitals_keeps_no_name_either(said, expected):
    filler = ("Nia Pryce", "and so we went on to talk about the way in which people wait for a long time to be seen")
    assert shown(run(turns([("Nia Pryce", said), filler]), roster=TABLE))[0] == expected


WELSH_TABLE = [
    person("Beth Morris"),
    person("Daniel Pugh"),
    person("Timothy Rees"),
    person("Pam Owen"),
    person("Bob Ellis"),
    person("Ella Wyn"),
]
# Names that Welsh is full of as words, and what of it is anybody's name.
EVERYDAY_WELSH = [
    ("Wel, beth nesaf i ni, a beth am yr arian?", "Wel, beth nesaf i ni, a beth am yr arian?"),
    ("Beth sydd ar y rhestr, a pham?", "Beth sydd ar y rhestr, a pham?"),
    ("Pam mae'r tîm dan bwysau? Tîm bach ydyn ni.", "Pam mae'r tîm dan bwysau? Tîm bach ydyn ni."),
    ("Dan ni'n gwybod bod pawb allan.", "Dan ni'n gwybod bod pawb allan."),
    ("Bob dydd mae hyn yn digwydd, ella.", "Bob dydd mae hyn yn digwydd, ella."),
    ("Ella fod Bob wedi dweud, ac Ella hefyd.", "Ella fod <Bob Ellis> wedi dweud, ac <Ella Wyn> hefyd."),
    ("Mae Beth yn iawn, ac mae Dan wedi dweud.", "Mae <Beth Morris> yn iawn, ac mae <Daniel Pugh> wedi dweud."),
    ("Beth a Tim sydd nesaf, diolch.", "<Beth Morris> a <Timothy Rees> sydd nesaf, diolch."),
    ("Diolch, Pam. Beth, wyt ti yna?", "Diolch, <Pam Owen>. <Beth Morris>, wyt ti yna?"),
    ("What beth said was right, and dan agreed.", "What <Beth Morris> said was right, and <Daniel Pugh> agreed."),
    ("diolch beth mae'r tîm dan bwysau", "diolch <Beth Morris> mae'r tîm dan bwysau"),
    ("gofynnodd dan i ni pam mae beth yn bwysig", "gofynnodd <Daniel Pugh> i ni pam mae <Beth Morris> yn bwysig"),
    ("beth bynnag mae dan wedi dweud", "beth bynnag mae <Daniel Pugh> wedi dweud"),
    ("Gofynnais beth, a phryd, ac i Dan.", "Gofynnais beth, a phryd, ac i <Daniel Pugh>."),
    ("Beth yn dweud hynny? Pam sy'n iawn.", "<Beth Morris> yn dweud hynny? <Pam Owen> sy'n iawn."),
    ("Beth says mae hyn yn dda.", "<Beth Morris> says mae hyn yn dda."),
    ("i am dan", "i am <Daniel Pugh>"),
    ("diolch yn fawr dan, a da iawn pam", "diolch yn fawr <Daniel Pugh>, a da iawn <Pam Owen>"),
    ("bore da beth a dan", "bore da <Beth Morris> a <Daniel Pugh>"),
    ("dywedodd beth bod hyn yn wir", "dywedodd <Beth Morris> bod hyn yn wir"),
    ("mae dan ddim yma", "mae <Daniel Pugh> ddim yma"),
]


@pytest.mark.parametrize(("said", "expected"), EVERYDAY_WELSH, ids=[said for said, _ in EVERYDAY_WELSH])
def test_a_word_of_welsh_is_nobody_though_somebody_is_called_so(said, expected):
    filler = (
        "Mae hyn yn bwysig i ni, ac mae pobl wedi dweud hynny." if said != said.lower() else "mae hyn yn bwysig i ni"
    )
    assert shown(run(turns([("Beth Morris", said), ("Beth Morris", filler)]), roster=WELSH_TABLE))[0] == expected


SMALL_WELSH_TABLE = [
    person("Mai Treharne"),
    person("Daniel Pugh"),
    person("Les Tegwared"),
    person("Bob Ellis"),
    person("Haf Prydderch"),
    person("Gwyn Pryce"),
    person("Catrin Hafgan"),
]
SMALL_WELSH = [
    ("mai ydw i a dwi'n cytuno gyda mai", "<Mai Treharne> ydw i a dwi'n cytuno gyda <Mai Treharne>"),
    ("mae pobl yn dweud mai arian yw e ym mis mai", "mae pobl yn dweud mai arian yw e ym mis mai"),
    ("gyda dan achos mae'r bws dan bwysau", "gyda <Daniel Pugh> achos mae'r bws dan bwysau"),
    ("ti'n iawn dan mae'r bws o dan y bont", "ti'n iawn <Daniel Pugh> mae'r bws o dan y bont"),
    ("les dw i ac er lles pawb dwi yma", "<Les Tegwared> dw i ac er lles pawb dwi yma"),
    ("wedodd bob hynny wrtha i bob dydd", "wedodd <Bob Ellis> hynny wrtha i bob dydd"),
    ("diolch haf ond mae'r haf drosodd", "diolch <Haf Prydderch> ond mae'r haf drosodd"),
    ("papur gwyn oedd e ac mae gwyn yn cytuno", "papur gwyn oedd e ac mae <Gwyn Pryce> yn cytuno"),
    ("roedd hi'n siarad gyda dan a gwyn", "roedd hi'n siarad gyda <Daniel Pugh> a <Gwyn Pryce>"),
    ("ces i'r stori gan gatrin wedyn", "ces i'r stori gan <Catrin Hafgan> wedyn"),
]


@pytest.mark.parametrize(("said", "expected"), SMALL_WELSH, ids=[said for said, _ in SMALL_WELSH])
def test_in_welsh_captions_a_name_that_is_a_word_goes_where_somebody_is_meant(said, expected):
    filler = ("Mai Treharne", "mae hyn yn bwysig i ni ac mae pobl wedi dweud hynny")
    assert shown(run(turns([("Mai Treharne", said), filler]), roster=SMALL_WELSH_TABLE))[0] == expected


def test_welsh_captions_keep_no_third_party_and_every_word_beside_them():
    said = [
        "diolch gwyn reit te beth yw'r broblem",
        "roedd mam gethin yn aros gyda mrs jones y post",
        "a welais i anti mari yn llefen ac mae carys o'r cyngor yn gwybod",
        "a nia a llew yn y gegin hefyd",
    ]
    made = run(
        turns([("Gwyn Pryce", text) for text in said]),
        linguist=with_model(),
        roster=SMALL_WELSH_TABLE,
    )
    assert [re.sub(r"<[^>]+>|\[[^]]+\]", "<>", text) for text in shown(made)] == [
        "diolch <> reit te beth yw'r broblem",
        "roedd mam <> yn aros gyda <> y post",
        "a welais i anti <> yn llefen ac mae <> o'r cyngor yn gwybod",
        "a <> a <> yn y gegin hefyd",
    ]


def test_a_welsh_county_is_no_knight_and_a_knight_is_one():
    said = "Mae Cyngor Sir Ddinbych yn gwybod, ac mae Sir Benfro hefyd. Roedd Syr Idris Cwmbwrla yno."
    assert shown(run(turns([("Nia Pryce", said)]), roster=TABLE)) == [
        "Mae Cyngor Sir Ddinbych yn gwybod, ac mae Sir Benfro hefyd. Roedd <Idris Cwmbwrla> yno."
    ]


def test_a_name_changed_after_the_word_that_opens_a_sentence_goes():
    said = "Mae Mair yma, ac mae hi'n wych. Heb Fair fyddai dim byd yn digwydd i ni."
    assert shown(run(turns([("Nia Pryce", said)]), roster=[*TABLE, person("Mair Ogwen")])) == [
        "Mae <Mair Ogwen> yma, ac mae hi'n wych. Heb <Mair Ogwen> fyddai dim byd yn digwydd i ni."
    ]


def test_the_gate_lets_big_stand_where_somebody_is_called_so():
    said = [("Nia Pryce", "Mae Len Wern Fawr yn byw yno."), ("Nia Pryce", "Pwy oedd yn yr ysgol fawr, ai hi?")]
    made = run(turns(said), roster=TABLE, linguist=with_model())
    sought = needles(made.people, made.redactions, made.turns, made.tokens)
    assert [find(text, sought) for text in made.turns["text"]] == [[], []]


# Names that are words of English, or months, in Welsh talk.
IN_WELSH = [
    ("Diolch i Huw a Mark.", "Diolch i <Huw> a <Mark Harries>."),
    ("Gofynnais i Mark, a Rose a Will hefyd.", "Gofynnais i <Mark Harries>, a <Rose Tudor> a <Will Pugh> hefyd."),
    ("Ie, wedyn Rose. Gyda Will a Mai.", "Ie, wedyn <Rose Tudor>. Gyda <Will Pugh> a <Mai Evans>."),
    ("Ym mis Mai, ac ers Mai 2024, roedd Mai yno.", "Ym mis Mai, ac ers Mai 2024, roedd <Mai Evans> yno."),
    ("Mae Mai yn dod ym Mai.", "Mae <Mai Evans> yn dod ym Mai."),
    ("Mae'r Bil Rose yn dod, medd Rose.", "Mae'r Bil Rose yn dod, medd <Rose Tudor>."),
]
THEM = [person("Mark Harries"), person("Rose Tudor"), person("Will Pugh"), person("Mai Evans")]


@pytest.mark.parametrize(("said", "expected"), IN_WELSH, ids=[said for said, _ in IN_WELSH])
def test_in_welsh_a_is_and_and_a_capital_inside_a_sentence_is_a_name(said, expected):
    filler = "Mae hyn yn bwysig i ni, ac mae pobl wedi dweud hynny. It will mark a rose."
    found = shown(run(turns([("Mai Evans", said), ("Mai Evans", filler)]), roster=THEM))
    assert (found[0].replace("<person A>", "<Huw>"), found[1]) == (expected, filler)


def test_the_gate_lets_a_word_of_welsh_stand_and_no_name():
    said = "Beth nesaf i'r tîm dan bwysau, ac ar ben hynny beth am yr arian? Mae Dan wedi dweud."
    made = run(turns([("Beth Morris", said), ("Ben Hill", "Diolch, Tim, ac mae Ben yn iawn.")]), roster=WELSH_TABLE)
    sought = needles(made.people, made.redactions, made.turns, made.tokens)
    assert [find(text, sought) for text in made.turns["text"]] == [[], []]
    assert find("Tîm, cyllideb\n", sought) == []
    assert len(find("Tim, wyt ti am ddechrau?", sought)) == 1
    assert len(find("Tim, diolch.", sought)) == 1
    assert len(find("Yn ôl Beth mae hyn yn iawn.", sought)) == 1


POLICIES = [
    ("names", "As chief executive of Gwent Care Trust I met the Minister for Health in Llanelli."),
    ("employers", "As chief executive of [organisation: charity] I met the Minister for Health in Llanelli."),
    ("all", "As [role] of [organisation: charity] I met [role] in [place]."),
]


@pytest.mark.parametrize(("policy", "expected"), POLICIES)
def test_a_policy_has_three_levels(policy, expected):
    made = run(turns([("Siân Pugh-Rees", POLICIES[0][1])]), roster=TABLE, policy=policy)
    assert shown(made) == [expected]


@pytest.mark.parametrize("policy", ["names", "employers", "all"])
def test_contact_details_go_under_every_policy(policy):
    said = "Ring 029 2018 0000, or write to nia at example dot org, or to CF10 3NP."
    made = run(turns([("Nia Pryce", said)]), roster=TABLE, policy=policy)
    assert shown(made) == ["Ring [phone number], or write to [e-mail address], or to [postcode]."]


def test_a_number_that_was_told_to_be_one_goes_wherever_it_stands_again():
    said = [
        ("Nia Pryce", "It is under reference AB000274. Could we see it?"),
        ("Nia Pryce", "ab000274, on the screen."),
    ]
    assert shown(run(turns(said), roster=TABLE)) == [
        "It is under reference [reference A]. Could we see it?", "[reference A], on the screen.",
    ]  # fmt: skip


def test_what_people_also_write_small_is_no_employer():
    said = [("Nia Pryce", "I work for Local Government, as local government goes. I work for Hafren Council.")]
    made = run(turns(said), roster=TABLE, linguist=with_model(), policy="employers")
    assert shown(made) == ["I work for Local Government, as local government goes. I work for [organisation: council]."]


def test_the_words_of_an_office_are_no_name_and_no_question():
    said = [
        ("The Witness", "The Inquiry met the witness."),
        ("Counsel to the Inquiry", "The Inquiry thanks the Witness."),
    ]
    made = run(turns(said))
    assert shown(made) == [text for _, text in said]
    assert made.redactions.empty


def test_a_turn_without_any_capital_is_read_as_what_writes_none():
    said = [
        ("Nia Pryce", "so the thing is nobody told carys, or the carers, what was coming"),
        ("Siân Pugh-Rees", "Mrs Carys Nantlais was in tears. She told nobody that we were short of money this year."),
    ]
    made = run(turns(said), roster=TABLE)
    assert shown(made)[0] == "so the thing is nobody told <Carys Nantlais>, or the carers, what was coming"


def test_welsh_places_are_known_by_their_mutations():
    said = "Mi es i i Gaerdydd, ac yng Nghaerdydd y bues i, ac o Abertawe a Chaerdydd."
    made = run(turns([("Nia Pryce", said)]), roster=TABLE, policy="all")
    assert shown(made) == ["Mi es i i [place], ac yng [place] y bues i, ac o [place] a [place]."]
    assert list(made.turns["language"]) == ["cy"]


def test_an_institution_that_bears_a_participants_name_goes_as_a_whole():
    said = "She taught at Trinity Saint Robert for years."
    assert shown(run(turns([("Nia Pryce", said)]), roster=TABLE)) == ["She taught at [organisation] for years."]


def test_people_are_numbered_by_their_role_and_not_by_when_they_speak():
    talk = [("Nia Pryce", "We begin."), ("Mark Harries", "Yes."), ("Siân Pugh-Rees", "No.")]
    made, turned = run(turns(talk), roster=TABLE), run(turns(talk[::-1]), roster=TABLE)
    assert names(made) == names(turned)
    assert sorted(names(made)) == ["F01", "P01", "P02", "P03", "P04"]
    assert names(made)["F01"] == "Nia Pryce"
    assert any(names(run(turns(talk), roster=TABLE, seed=seed)) != names(made) for seed in range(5))


def test_a_pseudonym_stays_when_a_transcript_is_added():
    first = turns([("Cadi Wynne", "We begin with Osian Prys."), ("Tegid Moss", "Yes.")])
    before = run(first)
    more = turns([("Mabli Stone", "Another day."), ("Gwern Lloyd", "Indeed.")], transcript="rt0")
    after = run(pd.concat([first, more]), previous_people=before.people)
    assert names(before).items() <= names(after).items()
    assert len(names(after)) == 5


def test_the_same_name_at_two_roundtables_is_two_people_and_a_question():
    made = run(pd.concat([turns([("Cadi Wynne", "Yes.")]), turns([("Cadi Wynne", "No.")], transcript="rt2")]))
    assert len(set(made.turns["speaker"])) == 2
    ids = list(made.people["person_id"])
    assert [list(one) for one in made.people["may_be"]] == [[ids[1]], [ids[0]]]


def test_the_same_name_at_two_roundtables_is_one_person_if_the_roster_says_so():
    talk = pd.concat([turns([("Siân Pugh-Rees", "Yes.")]), turns([("Sian Pugh-Rees", "No.")], transcript="rt2")])
    assert len(set(run(talk, roster=TABLE).turns["speaker"])) == 1


def test_people_can_say_that_two_are_one():
    talk = pd.concat([turns([("Cadi Wynne", "Yes.")]), turns([("Cadi Wynne", "Cadi here.")], transcript="rt2")])
    ids = list(run(talk).people["person_id"])
    said = _decision("same_person", [], person_id=ids[1], same_as=ids[0])
    made = run(talk, overrides=[said])
    assert set(made.turns["speaker"]) == {made.people["pseudonym"][0]}
    assert shown(made) == ["Yes.", "<Cadi Wynne> here."]


def test_unknown_speakers_are_kept_and_not_merged():
    talk = pd.concat(
        [turns([("SPEAKER_00", "Yes.")]), turns([("SPEAKER_00", "Speaker or no speaker.")], transcript="rt2")]
    )
    made = run(talk)
    assert len(set(made.turns["speaker"])) == 2
    assert list(made.turns["text"]) == ["Yes.", "Speaker or no speaker."]


def test_who_withdrew_is_left_out_and_said():
    roster = [person("Nia Pryce", role="facilitator"), person("Mark Harries", consent="withdrawn")]
    made = run(turns([("Nia Pryce", "Thank you, Mark."), ("Mark Harries", "I went home.")]), roster=roster)
    assert shown(made) == ["Thank you, <Mark Harries>."]
    assert made.omissions[["subject_id", "reason", "characters"]].values.tolist() == [
        ["rt1:t0001", "who spoke has withdrawn", 12]
    ]


def test_titles_and_questions_of_the_guide_are_cleaned_too():
    asked = ("What did Dr Tudor mean?", "And then?")
    guide = Roundtable("rt1", 1, "Siân and friends", "", "en", asked, "Trust, for Siân")
    made = run(turns([("Nia Pryce", "We begin.")]), roster=TABLE, roundtables=[guide])
    told = made.roundtables.iloc[0]
    assert "Siân" not in told["title"]
    assert told["series"].startswith("Trust, for [P")
    assert [question[:9] for question in told["questions"]] == ["What did ", "And then?"]
    assert "Tudor" not in told["questions"][0]


def test_a_welsh_number_at_the_head_of_a_title_is_nobody():
    guide = Roundtable("rt1", 1, "Tri bwrdd", "", "cy", ("Tri pheth i'w newid?",), "Tri bwrdd, un gwasanaeth")
    told = run(turns([("Nia Pryce", "We begin.")]), roster=TABLE, roundtables=[guide]).roundtables.iloc[0]
    assert (told["title"], *told["questions"], told["series"]) == (guide.title, *guide.questions, guide.series)


def test_transcripts_that_come_anonymised_are_left_as_they_are():
    talk = turns([("Company 1", "Company 2 and Cadi said so."), ("Company 2", "Yes.")])
    made = run(talk, already_anonymised=True)
    assert list(made.turns["text"]) == list(talk["text"])
    assert made.redactions.empty
    assert sorted(made.turns["speaker"]) == ["P01", "P02"]


# --- what people decided -------------------------------------------------------------------------------------------


def _decision(action: str, spans: list[tuple[str, int, int, str]], **value: object) -> Decision:
    subject = tuple(
        Span(turn_id=turn, start=start, end=end, text=text, sha256=text_hash(text)) for turn, start, end, text in spans
    )
    return Decision(
        decision_id=f"d-{action}", at="2026-01-01T00:00:00Z", by="ab", kind="redaction", action=action, subject=subject,
        value=value,
    )  # fmt: skip


OVERRULED = [
    ("keep", (0, 4, "Cadi"), {}, "Cadi knows the Big Lamp."),
    ("replace", (0, 4, "Cadi"), {"replacement": "a friend"}, "[a friend] knows the Big Lamp."),
    ("add", (15, 23, "Big Lamp"), {"entity_type": "PLACE"}, "[person A] knows the [place]."),
    ("different_person", (0, 4, "Cadi"), {}, "[name] knows the Big Lamp."),
]


@pytest.mark.parametrize(("action", "span", "value", "expected"), OVERRULED, ids=[row[0] for row in OVERRULED])
def test_what_people_decided_holds(action, span, value, expected):
    said = turns([("Nia Pryce", "Cadi knows the Big Lamp."), ("Nia Pryce", "I asked Cadi then.")])
    made = run(said, roster=TABLE, overrides=[_decision(action, [("rt1:t0000", *span)], **value)])
    assert made.turns["text"][0] == expected


def test_a_decision_for_everywhere_holds_everywhere():
    said = turns([("Nia Pryce", "So the Big Lamp."), ("Nia Pryce", "At the Big Lamp, and the Big Lamps.")])
    decision = _decision("add", [("rt1:t0000", 7, 15, "Big Lamp")], entity_type="PLACE", everywhere=True)
    made = run(said, roster=TABLE, overrides=[decision])
    assert list(made.turns["text"]) == ["So the [place].", "At the [place], and the Big Lamps."]


def test_a_decision_whose_words_have_changed_is_passed_over():
    said = turns([("Nia Pryce", "Another text altogether.")])
    made = run(said, roster=TABLE, overrides=[_decision("add", [("rt1:t0000", 0, 4, "Cadi")], entity_type="PERSON")])
    assert list(made.turns["text"]) == ["Another text altogether."]


def test_a_mention_can_be_given_to_somebody_else():
    said = turns([("Nia Pryce", "I met Cadi there."), ("Mark Harries", "Yes.")])
    mark = next(row for row in run(said, roster=TABLE).people.itertuples() if row.name == "Mark Harries")
    decision = _decision("same_person", [("rt1:t0000", 6, 10, "Cadi")], person_id=mark.person_id)
    assert shown(run(said, roster=TABLE, overrides=[decision]))[0] == "I met <Mark Harries> there."


def test_names_that_the_config_keeps_stay():
    said = turns([("Nia Pryce", "We went to see Cadi Wynne there.")])
    assert shown(run(said, roster=TABLE, keep=["Cadi Wynne"])) == ["We went to see Cadi Wynne there."]


def test_who_speaks_is_no_part_of_a_name():
    said = "Well, Gethin I know, and when I'd Maureen beside me it was better; so I'll Talbot say."
    everybody = set(run(turns([("Ann Rees", said), ("Bob Price", "Yes.")])).people["name"])
    assert "Maureen" in everybody
    assert not [name for name in everybody if " I" in name or name.startswith("I")]


def test_a_title_in_small_letters_tells_a_surname_where_others_write_capitals():
    said = [("Nia Pryce", "We begin. Who was it?"), ("Mark Tudor", "My mate waited and mrs pryce sorted it.")]
    assert shown(run(turns(said)))[1] == "My mate waited and mrs <Nia Pryce> sorted it."


def test_a_device_or_an_employer_beside_a_name_is_no_part_of_it():
    said = [("Siôn | Cwm Housing", "We begin with Housing, Bryn."), ("Bryn's iPhone", "I lost an iPhone once, Siôn.")]
    assert shown(run(turns(said))) == ["We begin with Housing, <Bryn>.", "I lost an iPhone once, <Siôn>."]


def test_a_modal_verb_before_and_is_somebody_who_sits_here():
    said = [("Mark Tudor", "We begin."), ("Rose Pugh", "Will and Mark had the easy bit."), ("Will Huws", "Aye.")]
    made = run(turns(said), linguist=with_model())
    assert shown(made)[1] == "<Will Huws> and <Mark Tudor> had the easy bit."


def test_somebody_is_called_by_the_first_letters_of_their_name():
    said = [
        ("Nia Pryce", "Over to you, Leight, as we said. We asked Leight."),
        ("Leighton Dacey", "Mar, the letters say."),
    ]
    made = run(turns(said), roster=TABLE)
    assert shown(made)[0] == "Over to you, <Leighton Dacey>, as we said. We asked <Leighton Dacey>."
    assert {"third_party"}.isdisjoint(made.people["role"])


def test_an_exclamation_is_nobody_whose_name_begins_so():
    said = [("Nia Pryce", "Man, that was hard. Did it help? Ever? Fair. Cheers, Tam.")]
    roster = [person("Mandy Rees"), person("Everett Coe"), person("Fairuza Din"), person("Tamsin Gale")]
    made = run(turns(said), roster=roster, linguist=with_model())
    assert shown(made) == ["Man, that was hard. Did it help? Ever? Fair. Cheers, <Tamsin Gale>."]


def test_letters_that_label_who_sits_here_are_theirs_wherever_they_stand():
    lettered = person("Lloyd Bosanquet", aliases=("LB",))
    said = turns([("Nia Pryce", "No objection. LB to circulate it, and the LB form with it.")])
    made = run(said, roster=[*TABLE, lettered], linguist=with_model())
    assert shown(made) == ["No objection. <Lloyd Bosanquet> to circulate it, and the LB form with it."]


def test_a_date_that_answers_who_asks_for_a_birth_goes():
    asked = [("Nia Pryce", "What's your date of birth?"), ("Rose Tudor", "Ha. The third of May sixty-one.")]
    made = run(turns([*asked, ("Nia Pryce", "His DOB? No: on 3 May 2024 we wrote.")]), roster=TABLE, policy="names")
    assert shown(made)[1:] == ["Ha. The [date of birth].", "His DOB? No: on 3 May 2024 we wrote."]


def test_what_its_placeholder_says_anyway_stops_no_run():
    said = turns([("Nia Pryce", "We had the Fire Service at Rhos-y-Bont. The Fire Service went home to Trefan.")])
    made = run(said, roster=TABLE, policy="all", linguist=with_model())
    assert "[organisation: fire service]" in made.turns["text"].iloc[0]
    sought = needles(made.people, made.redactions, made.turns, made.tokens)
    assert not find(made.turns["text"].iloc[0], sought)


# What Mark Harries says he is called, and what somebody else says later.
CALLED = [
    ("Mark, but everyone calls me Taff.", "As Taff said, yes.", "As <Mark Harries> said, yes."),
    ("I go by Big Sparks at work.", "Thanks, Big Sparks.", "Thanks, <Mark Harries>."),
    ("Please call me Sunny.", "Sunny said it was never sunny.", "<Mark Harries> said it was never sunny."),
    (
        "At work they call me May.",
        "Thanks, May. It's the one May in ten.",
        "Thanks, <Mark Harries>. It's the one May in ten.",
    ),
    ("Mae pawb yn fy ngalw i'n Marcs.", "Diolch, Marcs.", "Diolch, <Mark Harries>."),
]


@pytest.mark.parametrize(("told", "said", "expected"), CALLED, ids=[said for _, said, _ in CALLED])
def test_a_nickname_that_somebody_tells_of_themselves_is_theirs(told, said, expected):
    made = run(turns([("Mark Harries", told), ("Nia Pryce", said)]), roster=TABLE)
    assert shown(made)[1] == expected
    assert {"third_party"}.isdisjoint(made.people["role"])


NOT_CALLED = [
    "They call me Love there, and call me Boss. Love is what we need.",
    "They call me Monday mornings, or call me Welsh.",
    "She said call me Tudor.",
    "People call me Doctor, and the children call me Mam.",
    "I go by bus, and they know me as Support Worker.",
    "You can call me Siân.",
    "I go by Stagecoach when I can.",
    "And then the manager said to me: call me Tudorwen.",
    "She stood up. “I'm Elizabeth. Call me Lizbet.”",
    "Maen nhw'n ngalw i'n Gymraes.",
]


@pytest.mark.parametrize("told", NOT_CALLED)
def test_what_is_no_nickname_is_nobodys(told):
    made = run(turns([("Mark Harries", told)]), roster=TABLE)
    assert {row.name: list(row.aliases) for row in made.people.itertuples()}["Mark Harries"] == ["Harry"]


HOMES = [
    ("I spoke to Gwyn Tŷ Canol about the lane.", "I spoke to <Gwyn> about the lane."),
    ("John Hafod Farm has sheep.", "<John> has sheep."),
    ("Then Mrs Parri Tŷ Capel came with us.", "Then <Parri> came with us."),
    ("Huw Maes y Deri said so.", "<Huw> said so."),
    ("Dwedodd Elin Hafod hynny, ac mae Osian Gilfach Goch yma.", "Dwedodd <Elin> hynny, ac mae <Osian> yma."),
    ("Osian Gilfach Goch sy'n dweud bod y bws yn hwyr iawn.", "<Osian> sy'n dweud bod y bws yn hwyr iawn."),
    ("Thanks to Mark Harries Cefn Coch for all that.", "Thanks to <Mark Harries> for all that."),
    ("So I asked Mark Harries, Fferm Bryn Llus, about all of it.", "So I asked <Mark Harries>, about all of it."),
    ("We rang Mark Harries, Cwm Taf's lead.", "We rang <Mark Harries>, Cwm Taf's lead."),
    ("Mark Harries. Tŷ Canol is open, and Hafod Farm.", "<Mark Harries>. Tŷ Canol is open, and Hafod Farm."),
]


@pytest.mark.parametrize(("said", "expected"), HOMES)
def test_the_farm_or_house_behind_a_name_goes_with_it(said, expected):
    made = run(turns([("Nia Pryce", said)]), roster=TABLE, linguist=with_model())
    assert shown(made) == [expected]


def test_what_anybody_is_called_is_a_question():
    said = [("Mark Harries", "They call me Love there. Love is what we need."), ("Nia Pryce", "Thanks, Mark.")]
    made = run(turns(said), roster=TABLE, linguist=with_model())
    assert shown(made)[0] == said[0][1]
    assert [row.original for row in made.redactions.itertuples() if row.status == "doubtful"] == ["Love"]


def test_a_nickname_that_somebody_else_is_quoted_with_goes_too():
    said = [("Mark Harries", "She stood up. “I'm Elizabeth. Call me Lizbet.” So Lizbet went on.")]
    made = run(turns(said), roster=TABLE, linguist=with_model())
    assert "Lizbet" not in shown(made)[0].replace("<Lizbet>", "")
    assert "Lizbet" in set(made.people["name"])


def test_a_nickname_in_small_letters_is_theirs_or_a_question():
    filler = ("Nia Pryce", "and so we went on to talk about the way in which people wait for a long time to be seen")
    said = [("Mark Harries", "people call me gethin and people call me lazy"), ("Nia Pryce", "thanks gethin"), filler]
    made = run(turns(said), roster=TABLE)
    assert shown(made)[:2] == ["people call me <Mark Harries> and people call me lazy", "thanks <Mark Harries>"]


def test_a_name_that_is_a_word_is_one_in_small_letters_where_it_is_or_does_what_people_do():
    filler = ("Nia Pryce", "and so we went on to talk about the way in which people wait for a long time to be seen")
    said = ["rose has a point", "rose was late again", "well rose was asking about the ramp", "then the prices rose"]
    made = run(
        turns([*(("Mark Harries", one) for one in said), filler]),
        roster=TABLE,
        linguist=with_model(),
    )
    assert [one.replace("<Dr Rose Tudor>", "<>") for one in shown(made)[:4]] == [
        "<> has a point",
        "<> was late again",
        "well <> was asking about the ramp",
        "then the prices rose",
    ]
