"""Names of people who aren't at the table, most of them in no list, in talk as the model reads it."""

from __future__ import annotations

import pandas as pd
import pytest
from anonymise_talk import run, turns, with_model

from pipeline.anonymise import Anonymised
from pipeline.anonymise.forms import words
from pipeline.anonymise.leaks import find, needles
from pipeline.tables import Roundtable

# What was said, and the words of it that are somebody's name. All are invented.
CASED = [
    ("I asked, and nobody knew. Will told me that she might come back.", "Will"),
    ("Thank you for that. Let's not talk about Will. Anything else?", "Will"),
    ("Somebody had better ask Rose. The keys are in the hall.", "Rose"),
    ("We told Rose, and nothing was done.", "Rose"),
    ("Dawn, my colleague, was up before anybody.", "Dawn"),
    ("I should say that Kwabena sends his apologies; he's at a funeral.", "Kwabena"),
    ("I look after the volunteers, with Pete. Thanks Pete. And is there something that worked, Pete?", "Pete"),
    ("She isn't the same. People still ask for Emeka.", "Emeka"),
    ("It was Wil Tŷ Isaf's idea, God rest him. Wil said nobody leaves until the thing is fixed.", "Wil Isaf"),
    ("The car broke down on the hill. Bronagh said she would ring from the road.", "Bronagh"),
    ("Zbyszek, the kids call him. He opened the hall every night of the flood.", "Zbyszek"),
    ("And Bethan fach, who does the minutes. Without Bethan fach there'd be no record.", "Bethan"),
    ("My line manager says we should stop calling it a pilot. Oyin's right.", "Oyin"),
    ('She said "none of you, love, but I trust Sister Immaculata". Immaculata laughed.', "Immaculata"),
    ("I work in the hub with Shanelle and Big Vern, if anybody's been there.", "Shanelle Vern"),
    ("When the sprinklers failed it was Marlon that rang me before he rang his own boss.", "Marlon"),
    ("At our place it is Ottoline's name on the form. Ottoline signs, and so nobody has to think.", "Ottoline"),
    ("There's a lady, Zsófi néni we call her, who does it for the Hungarians.", "Zsófi"),
    ("Over to you, Xanthippe. It was Quillon's mum who began it.", "Xanthippe Quillon"),
    ("We asked young Thaddow twice. Mister Ravenglass never answered.", "Thaddow Ravenglass"),
    ("Mr Bedford never rang, and it wasn't like Bedford.", "Bedford"),
    (
        "It was in Jorane Freeman's report. Ms Freeman said so, and from Jorane Freeman's point of view it went well.",
        "Jorane Freeman",
    ),
    ("There isn't a lot of case law, as Chris Hall said. And Hall said it again.", "Chris Hall"),
    ("Poor Ketterly waited, and Uncle Brannoc drove him home.", "Ketterly Brannoc"),
    ("Mr Hall agreed. I rang Mrs Lane, Dr Young and Mr May about it.", "Hall Lane Young May"),
    ("It was Emily Park who said so, and Simon West, and Terrence March.", "Emily Park Simon West Terrence March"),
    ("Him and his cousin Moss did it. My daughter Bramble knew. My sister Joy rang.", "Moss Bramble Joy"),
    ("Thanks all. Petra, you can hang up now. Tegryn, have you seen it?", "Petra Tegryn"),
    ("It's only Big Al left, and Al's knees are gone. We asked Piers, and Vi told me.", "Al Piers Vi"),
    ("PC 2217 Tuftworth came, and DC 412 Penhaligon with her.", "Tuftworth Penhaligon"),
    ("And Auntie Nesta, everybody knows Nesta, does the prescriptions.", "Nesta"),
    ("Maricel dela Cruz taught half of the ward.", "Maricel dela Cruz"),
    ("Two lads from recycling, Mo and Big Harri, were told. Then Jo came.", "Mo Harri Jo"),
    (
        "The one who comes, Blessing, she's very good. It's Patricia, and we call her Pat.",
        "Blessing Patricia Pat",
    ),
    ("Rhys a Catrin live next door. Wedyn mi ffoniodd o Ddafydd fy mrawd.", "Rhys Catrin Ddafydd"),
    ("I told Bill Evans, and Mr Bill Rosser. It was June Pritchard who rang, and April Havard.", "Bill Evans Rosser"),
    ("June Davies told me worse than that. I asked June Pritchard and April Havard.", "June Davies Pritchard Havard"),
    ("Bill said that he had asked for help long before.", "Bill"),
    ("Hope, who runs the food bank, was never asked.", "Hope"),
    ("Wiremu Parata-Jenkins sends his regards. Stradling and Parata are a double act.", "Wiremu Parata Jenkins"),
    ("Somebody called Philippa Onslow-Crane came. It was Onslow crane again.", "Philippa Onslow"),
    (
        "It's a new phone. my mate gurpreet waited nine weeks for it, and so did my nan beryl and her son iestyn.",
        "gurpreet iestyn",
    ),
    ("A man called Osgar rang. Barney, was that Osgar Adeyemi-Rees? Either way.", "Osgar Adeyemi Rees"),
    ("Stephen Rhoswen came. Steve said no, and Will is the director, William Trefor.", "Stephen Steve Will William"),
    ("We met Lupe dela Cruz. Cruz said it was late.", "Lupe Cruz"),
    ("Chance Moyo took us on. Charity is her daughter.", "Chance Moyo Charity"),
    ("A young lad, Tyrone, came. Nobody could ask for Elin.", "Tyrone Elin"),
    ("It's quiet here. n little dave came in, and nan says Agnes Flat 9 has it, big Dave too.", "dave Agnes"),
    ("Then Abu Bakr bin Yusuf came, and de la Cruz, and Mr van der Westhuizen.", "Abu Bakr bin Yusuf de la Cruz van"),
    (
        "It was the Hartnolls who sued, after Mrs Hartnoll lost. Dr Brockless rang the Brocklesses.",
        "Hartnolls Brocklesses",
    ),
    ("Joy cooked for us on Fridays. Gene retired, and Pearl phoned nobody.", "Joy Gene Pearl"),
    ("Nurse Ní Bhriain came, and Nurse Joy was kind.", "Bhriain Joy"),
    ("His name was Junior. Her name's Destiny, and a lady called Star rang.", "Junior Destiny Star"),
    ("There's one vet, and she's a Hughes-Lacey.", "Hughes Lacey"),
    ("Conceição dos Santos looked after them.", "Conceição Santos"),
    ("Ihuomasinachi had her hand up.", "Ihuomasinachi"),
    (
        "I met Mark and Bill. The letter was signed P. Ellingworth-Price.",
        "Mark Bill Ellingworth Price",
    ),
    ("Thank you Bill. We named her Star, and the Okafor-Price boys came.", "Bill Star Okafor Price"),
    ("Thank you all. Verity, do you want to come in? Matron Devereux was there.", "Verity Devereux"),
    ("The girl Ayesha and her boy Abdirahman came.", "Ayesha Abdirahman"),
    ("Nobody is proud. Will who does our books says so.", "Will"),
    ("My Joy, she's our outreach worker, and my Grace, my daughter, does the forms.", "Joy Grace"),
    ("I know you do. Mark in your complaints team told me so.", "Mark"),
    ("It was Emrys Ty'n Llwyn who ploughed it.", "Emrys Llwyn"),
    ("Thanks everybody. Bye Tomasz, and safe home.", "Tomasz"),
    ("Magi told her over the counter. Penny Waters. She's at the fire service now.", "Magi Penny Waters"),
    ("It was a man from the old bakery, Emlynwyn, that told us.", "Emlynwyn"),
    ("Olwen's brother Will told us, and I rang her daughter Grace about it.", "Olwen Will Grace"),
    ("Marius and Florica I know from the school gate.", "Marius Florica"),
    ("It was Bronwen St. John-Trefor who had doubts.", "Bronwen John Trefor"),
    ("I saw Mr Bell's wife at the surgery.", "Bell"),
    ("We all asked bill the caretaker, and then mark the driver came.", "bill mark"),
    ("She's a carer for Uncle Des. We saw Auntie Joy, and Auntie May rang.", "Des Joy May"),
    ("It is my son-in-law, who's called Art. Art was the one who shouted.", "Art"),
    ("Everybody knows that his wife's name was June. My daughter's called Summer.", "June Summer"),
    ("She calls me Bill, and I think Bill was her husband.", "Bill"),
    ("We knew it. Grace and I went up there. Hope and me were late.", "Grace Hope"),
    ("Nobody said. Mercy, the TA, goes and fetches him. Pearl, the nurse on nights, said so.", "Mercy Pearl"),
    ("Ffi she's called by all. Spud they call him, and he lives by the bridge.", "Ffi Spud"),
    ("We spoke to Insp Tangye, Supt Marrack, PCSO Gollop and DS Winter.", "Tangye Marrack Gollop Winter"),
    ("It's dark from September to April. April who does my Saturdays was followed. Hope Addo, too, was.", "Addo"),
    ("Before her it was her Big Mike. So every year the kids start again.", "Mike"),
    ("No, she did. Charity Banks, she was the chaplain there.", "Charity Banks"),
    ("That is how it is. Coral and I sit together at lunch, so you can imagine.", "Coral"),
    ("I've asked Ridgeway for the bridge. Ridgeway in Highways, he says 2027.", "Ridgeway"),
    ("There was before him a lady, Shanthi. She spoke for us.", "Shanthi"),
    ("That was the Nowak twins. Which Mo? Mo Dirie came, and Mo said so.", "Nowak Mo Dirie"),
    ("That is so. Ivy Arkwright-Tew, eighty-one, looks after him.", "Ivy Arkwright Tew"),
    ("We are here. Will sends his apologies for that.", "Will"),
    ("Sergeant Major Hartnoll ran it. sergeant major hartnoll, as he was to us.", "hartnoll"),
    ("Macsen was late. Macsen R again, and he's well.", "Macsen R"),
    ("It's Tita Corazon who cooks.", "Corazon"),
    ("Pearl told us, with her sister Maureen. We need more Pearls and more Maureens.", "Pearl Pearls Maureens Maureen"),
]
# May be somebody: of these people are asked.
ASKED = [
    ("Bill paid the deposit for us. Faith works nights.", "Bill Faith"),
    ("Hope came with the leaflets. Harmony and her sister share a room.", "Hope Harmony"),
    ("Nothing goes on without Patience these days.", "Patience"),
    ("Penny never saw a penny of it.", "Penny"),
    ("It was late when they gave it to Flint and said so. Is it still Slate?", "Flint Slate"),
    ("Will sold his car to pay for it.", "Will"),
    ("It was signed J. Fisher.", "J. Fisher"),
    ("The Okonkwos moved out.", "Okonkwos"),
    ("Rose from Estyn here as well, is she?", "Rose"),
    ("Dot from domestics made toast for us all.", "Dot"),
    ("Joy from the Samaritans. She sat with him.", "Joy"),
    ("Coach Delaney keeps them off the street.", "Delaney"),
    ("We never sat down with Mr J. He said that he would go, and he went.", "J"),
    ("I'm told that April will send the papers out before the next meeting.", "April"),
    ("and i had the case where a councillor blakemore he put it all on facebook with my name", "blakemore"),
]
SMALL = [
    ("and also mister okafor from the tenants group did okafor ever get an answer", "okafor"),
    ("he got a letter from somebody called gwenllian pritchard and then gwenllian left", "gwenllian"),
    ("a chap called leszek kowalczyk fixed the ramp himself so leszek did it for free", "leszek kowalczyk"),
    ("we rang a man named ignatius at the depot and ignatius came himself with two heaters", "ignatius"),
    ("there's a nurse called precious mutasa who will go and find people", "precious mutasa"),
    ("yeah sue pritchard was the duty officer", "sue pritchard"),
    ("he lives with his nan beryl and imam bilal was cooking rice", "beryl bilal"),
    ("and mr gittins the head at the school he just knew and when gittins left it fell apart", "gittins"),
    ("my daughter had a teacher called miss trimble and trimble got nothing for it", "trimble"),
    ("so councillor bassey and councillor o'leary never agree and mr mcbride said so", "bassey leary mcbride"),
    ("i asked about terry mrs lipscombe her name is and mrs frost was there too", "terry lipscombe frost"),
    ("so then joy phoned us and there is a lady called precious she does the meals", "joy precious"),
    ("sergeant okafor came in to the club and her nephew danilo did too", "okafor danilo"),
    ("and the lad tyrone he was only fifteen when they moved him", "tyrone"),
    ("it's samantha at the surgery or it's olwen in the post office", "samantha olwen"),
    ("yeah kian dolwen he was four and then christina gwyther-birch she's the director", "kian dolwen christina birch"),
    ("and then councillor faye sterling came in and she wanted it back", "faye sterling"),
    ("so it's abi and precious and they have a contract and his manager carol turned a blind eye", "precious carol"),
    ("if you ask precious she would say no", "precious"),
    ("and then precious had already taken a job and bill trefelyn rang", "precious bill trefelyn"),
    ("yes gemma o'shaughnessy is on the list and there was a young lad who left", "gemma shaughnessy"),
    ("so bill the caretaker rang and nobody came and then mark the driver did", "bill mark"),
    ("we had the meeting and will said that he was tired of it", "will"),
    ("we had a worker joy she was brilliant and joy came every week", "joy"),
    ("bring back the caretaker ossie he'd keep an eye on it", "ossie"),
    ("i'll tell you who's good is mark from the foodbank", "mark"),
    ("it's doctor price now she's very good and we wrote to councillor bell", "price bell"),
    ("my girl had miss hopcraft and she stayed behind", "hopcraft"),
    ("my name's sandy and i'm from the home", "sandy"),
    ("hello i'm rose and that is all", "rose"),
    ("when we met with police it's sergeant penfold and the mental health team", "penfold"),
    ("paula hartnoll she's in the other office now", "paula hartnoll"),
    ("she would have come but she's got tyler-jay he's got chicken pox", "tyler jay"),
    ("joy put it up my deputy joy mukherjee she said we ought to look at it", "joy mukherjee"),
    ("we had a guy spud he was called and when spud died we had no number for anybody", "spud"),
    ("in the office me and gareth and mo", "gareth mo"),
    (
        "so deolinda does his forms and rosamund and abdirashid came with kseniia",
        "deolinda rosamund abdirashid kseniia",
    ),
]
WELSH = [
    ("Meinir oedd ei henw hi, gyda llaw.", "Meinir"),
    ("Mi oedd pawb yn ei galw'n Nansi bob amser.", "Nansi"),
    ("Haf oedd hi, ac roedd hi'n braf iawn yno.", ""),
    ("Mi ddylian ni ofyn i Ddewi hefyd. A be am Fererid, ydach chi'n meddwl?", "Ddewi Fererid"),
    ("Rŵan mae 'na rywun o'r enw Kasimir yn dod, ac mae Kasimir yn iawn.", "Kasimir"),
    ("Roedd Heulwen yno, a chyn hynny Ithel Gwyndaf oedd yn ateb ei ffôn.", "Heulwen Ithel Gwyndaf"),
    ("Marian y Siop ddwedodd hynny, ac wedyn mi ddaeth Tegwyn'r Felin.", "Marian Siop Tegwyn Felin"),
    ("Dw i'n cofio Gwilym Bryn-y-grug yn iawn, a'i dad, Ifan Maes-yr-helyg.", "Gwilym Bryn grug Ifan helyg"),
    ("Priyanka ydy hi, a Gethin yw'r gyrrwr. Mae o a Glenys am werthu.", "Priyanka Gethin Glenys"),
    ("Mae'r ffurflen yn gofyn am Decwyn Arthur Foulkes a'r dystysgrif.", "Decwyn Arthur Foulkes"),
    ("Fe ddwedodd Gwenllian wrth Dewi Crwys fod rhaid newid, a dwi'n cytuno gyda Gwenllian.", "Gwenllian Dewi Crwys"),
    ("Mi wnes i ofyn i Fleddyn ac i Gatrin am help, a wrth Fair hefyd.", "Fleddyn Gatrin Fair"),
    ("Gwnes i siarad â Ddafydd ap Llwyd ddoe. Roedd Myfanwy ferch Rhys yno.", "Ddafydd ap Llwyd Myfanwy ferch Rhys"),
    ("Mae'r Cynghorydd Gethin Wyn ab Iorwerth wedi addo, a'r Athro Mair Bonner.", "Gethin Wyn Iorwerth Mair Bonner"),
    ("Yn ôl Mrs Parri Tŷ Capel mae'r clinig yn cau.", "Parri"),
    ("A does neb yn siarad. Llŷr o'r mudiad, a Lleucu o'r pentref. Fe ffoniais i Gapten Rosser.", "Llŷr Lleucu Rosser"),
    ("Beth yw hynny? Beth am weithwyr?", ""),
    ("Beth wyt ti'n feddwl?", ""),
    ("Roedd yr haf yn braf, a doedd yr heulwen na Siôn Corn ddim yn help i neb.", ""),
    ("Beth bynnag, roedd pawb yn iawn efo hynny. Oes rhywun arall yno?", ""),
]
# Nothing of this is anybody's name.
NOBODY = [
    "The Directors of Llanbrynmair met in Lancaster, and Estyn reported in March.",
    "We moved to Teams in the spring and to Zoom after that.",
    "We met in Aberhosan Hall, behind Saint Michael's Church, near Victoria Park and the Church House.",
    "My sister in law, and my uncle, waited for the doctor.",
    "Thank you, Professor. Just one thing, my Lady. We go on. Good morning, Inspector. Would you begin?",
    "In May we met in the North, in Victoria Hall near Catherine Street.",
    "Will she come? It went from Bill to Act. Sadly, my colleague left us, and we hope for the best.",
    "In June Wales voted, and the Bill Committee met. Last April Labour led. The Bill said so, as did this June.",
    "We miss school, and we miss trust. Faith made him whole. Grace Period applies.",
    "We asked for Universal Credit, and the Bishop of the diocese wrote to us.",
    "Thank you, Commissioner. They said so to Gyngor Bro Heli.",
    "Storm Dennis came, and after it the Urdd cleared the field.",
    "Patience is what we need, and faith sells. It was good to see Mam.",
    "Will used cars be sold? Will broken lifts be mended? Will those asked to come be paid?",
    "The Nurse Practitioner posts and the Nurse Endoscopist role went.",
    "Beth sy angen newid? What would have to happen for that to be different?",
    "Right then, croeso i'r Neuadd. Thank you all for coming out on a wet night.",
    "Bye everybody. The app told her in Bangla, and Mummy said to ask Hywel Dda or Llais on Insta.",
    "It is so within the Aneurin Bevan health board area, and with the Hywel Dda board.",
    "Rose from 20 to 30 per cent. Our hope, she said, is that our will, my colleagues, is done.",
    "She spoke of a man with PTSD, Depression, and so on.",
    "My brother, he's Down's, and she has Parkinson's. It is Crohn's, they said.",
    "Will the caretaker come? Well, they bill the tenant each month, and we mark the teacher's work.",
    "The Non-Executive Directors said no, and the Pro-Vice-Chancellor agreed with all of them.",
    "The price is up from September to April, they say. Yesterday she was called. Then they called him.",
    "So hope, the staff said, is what Marie Curie gives.",
    "We used Tir Dewi. Menter Elin paid, and Clwb Rhys met in Neuadd Mair by Capel Gwyn and Theatr Elin.",
    "Aethon ni i Gapel Elin, ac wedyn i Gronfa Dewi.",
    "He was in Plas Gwilym, and before that in Hafan Wen. Mind how you go by Pont Gwenllian and past Rhiw-las.",
    "She was from NRW, I think, or Coed Cadw, and wrote of Cwm Elan and Esgair Wen.",
    "Our partner Shelter agreed, his sister College closed and her mother Church met us.",
    "Great, would you like that? Apologies, you were saying. Mate, can you hear me? Alright, you can go.",
    "He added me on Snap, and it was good. Pizza came from Domino's.",
    "Peg the price. Cherry picking won't do, Ash dieback spreads, and Cliff erosion is seen. We saw it on Al Jazeera.",
]
# And nobody is asked about any of these.
UNASKED = [
    "June and I think July too.",
    "We heard from Voices from Care, and before Stage 1 we had the Flint of it.",
    "A lady, Tuesday, was told so, and so was the Royal family.",
    "The Nurse Staffing Levels (Wales) Act, where is it at night?",
    "The Department for Work and Pensions had stopped it, and so did Transport for Wales.",
    "The Universal Credit came, and Marie Curie were good to her.",
    "Grace, the manager told us, is all that one needs. Patience, the nurse said, is what it takes.",
    "We met on May Day and it was good.",
    "We rang the Old Bill. There was a Big Grant and the Young Hope scheme. They have Big Hopes.",
    "Grant from the lottery ended. Joy from the children was seen at once. Rose from the ashes, that one.",
]
# Nor is anybody named in these, where nothing has capitals.
NOBODY_SMALL = [
    "what we need is hope from somebody and the risk is amber from day one",
    "the problem is grant from the government and it was joy from start to finish",
    "it was the worker support she needed",
    "the nurse training she did was good",
    "the doctor appointment he had was cancelled",
    "the carer assessment she had was late",
    "i'm rose-tinted about it",
    "she saw miss today",
    "the brand name is grace and the scheme name is hope",
    "the n h s twenty four seven support is there",
    "we do councillor training and at councillor level nobody knows",
    "a sergeant post was cut and it was police sergeant stuff",
    "we met on christmas eve at saint dewi's and they bin them",
    "the nurse call he had was late and the carer support he was given went",
]
FILLER = "And so we went on to talk about the way in which people wait for a long time to be seen by anybody at all."


@pytest.fixture(scope="module")
def cased() -> Anonymised:
    said = [("Facilitator", FILLER), *(("Participant 1", said) for said, _ in CASED)]
    return _read([*said, *(("Participant 1", said) for said in NOBODY)])


@pytest.fixture(scope="module")
def small() -> Anonymised:
    return _read([("speaker 1", FILLER.lower()), *(("speaker 2", said) for said, _ in SMALL)])


def _read(said: list[tuple[str, str]]) -> Anonymised:
    return run(turns(said), linguist=with_model())


def _left(made: Anonymised, place: int, names: str) -> set[str]:
    there = {word.folded for word in words(made.turns["text"].iloc[place])}
    return {word.folded for word in words(names)} & there


@pytest.mark.parametrize("place", range(len(CASED)), ids=[names for _, names in CASED])
def test_a_name_that_is_in_no_list_goes_by_what_people_do(cased: Anonymised, place: int) -> None:
    assert _left(cased, place + 1, CASED[place][1]) == set()


@pytest.mark.parametrize(("said", "names"), ASKED, ids=[names for _, names in ASKED])
def test_a_word_that_may_be_a_name_where_it_stands_is_a_question(said: str, names: str) -> None:
    made = _read([("Facilitator", FILLER), ("Participant 1", said)])
    assert " ".join(made.redactions["original"]) == names
    assert set(made.redactions["status"]) == {"doubtful"}


def test_the_letters_of_a_name_in_notes_are_whose_name_it_is() -> None:
    notes = (
        "Present: Owain Glyn, Rosalind Achebe. RA: she has had four. The OT said no, TJ said so. RA left. NB: no AOB."
    )
    made = _read([("Facilitator", FILLER), ("Table 2", notes)])
    told = [(row.original, row.replacement, row.status) for row in made.redactions.itertuples()]
    assert told == [
        ("Owain Glyn", "[person B]", "replaced"),
        ("Rosalind Achebe", "[person A]", "replaced"),
        ("RA", "[person A]", "replaced"),
        ("TJ", "[name]", "doubtful"),
        ("RA", "[person A]", "replaced"),
    ]


def test_letters_that_are_a_thing_somewhere_are_a_question_where_they_speak() -> None:
    """A practice is no Gwen Price."""
    made = _read([("Gwen Price", FILLER), ("Nia Pugh", "My GP has no time, GP practices close, and GP said so.")])
    assert [(row.original, row.start, row.status) for row in made.redactions.itertuples()] == [("GP", 43, "doubtful")]


@pytest.mark.parametrize("place", range(len(SMALL)), ids=[names for _, names in SMALL])
def test_a_name_in_small_letters_goes_too(small: Anonymised, place: int) -> None:
    assert _left(small, place + 1, SMALL[place][1]) == set()


@pytest.fixture(scope="module")
def welsh() -> Anonymised:
    filler = "Ac felly mi aethon ni ymlaen i siarad am y ffordd y mae pobl yn aros am amser hir iawn."
    return _read([("Hwylusydd", filler), *(("Cyfranogwr 1", said) for said, _ in WELSH)])


@pytest.mark.parametrize("place", range(len(WELSH)), ids=[names for _, names in WELSH])
def test_a_name_in_welsh_goes_mutated_or_not(welsh: Anonymised, place: int) -> None:
    said, names = WELSH[place]
    assert _left(welsh, place + 1, names) == set()
    assert names or welsh.turns["text"].iloc[place + 1] == said


@pytest.mark.parametrize("said", NOBODY)
def test_what_names_nobody_stays(cased: Anonymised, said: str) -> None:
    assert said in set(cased.turns["text"])


@pytest.mark.parametrize("said", UNASKED)
def test_a_law_and_a_public_body_are_no_question(said: str) -> None:
    assert _read([("Facilitator", FILLER), ("Participant 1", said)]).redactions.empty


def test_a_rank_that_is_much_else_is_a_question_before_a_word() -> None:
    said = "PCSO Numbers fell, Sr Managers went, DC Power is a power, and DS Hughes left."
    made = _read([("Facilitator", FILLER), ("Participant 1", said)])
    sure = made.redactions[made.redactions["status"] == "replaced"]
    assert list(sure["original"]) == ["DS Hughes"]


@pytest.mark.parametrize("said", NOBODY_SMALL)
def test_what_names_nobody_in_small_letters_stays(said: str) -> None:
    made = run(turns([("speaker 1", FILLER.lower()), ("speaker 2", said)]), linguist=with_model())
    assert made.redactions.empty


def test_what_a_hospital_has_is_no_initial() -> None:
    made = _read([("Facilitator", FILLER), ("Participant 1", "He was in A and E. Aoife O'Driscoll took him there.")])
    assert made.turns["text"].iloc[1] == "He was in A and E. [person A] took him there."


def test_words_in_small_letters_that_are_a_body_too_stay_under_every_policy() -> None:
    said = "nothing comes to mind and we need a shelter for the bus"
    talk = turns([("speaker 1", FILLER.lower()), ("speaker 2", said)])
    made = run(talk, linguist=with_model(), policy="all")
    assert made.turns["text"].iloc[1] == said


@pytest.mark.parametrize(
    "said", ["Dot Faraday, I'm with the council as was.", "I'm Dot Faraday.", "I'm Dot. Dot Farraday."]
)
def test_who_says_their_own_name_is_named_whole_however_it_was_heard(said: str) -> None:
    made = _read([("Facilitator", FILLER), ("Dot Ferriday", said)])
    assert not {"dot", "faraday", "farraday"} & {word.folded for word in words(made.turns["text"].iloc[1])}


@pytest.mark.parametrize("said", ["Grace Church, I think.", "I'm with Grace Church."])
def test_a_church_is_nobodys_own_name(said: str) -> None:
    made = _read([("Facilitator", FILLER), ("Grace Holt", said)])
    assert "Church" in made.turns["text"].iloc[1]


def test_who_is_called_by_their_first_letters_and_an_s_is_who_they_are() -> None:
    made = _read([("Ibrahim Jallow", FILLER), ("B", "Ibs, I've to report that now. So Ibs is sorry.")])
    whose = made.turns["speaker"].iloc[0]
    assert made.turns["text"].iloc[1] == f"[{whose}], I've to report that now. So [{whose}] is sorry."


@pytest.mark.parametrize("language", ["en", "cy"])
def test_what_a_welsh_title_asks_is_nobody(language: str) -> None:
    """It is too short for little words to tell the language, in which "Beth" is no name but "what"."""
    told = Roundtable("rt1", 1, "Beth nesaf", "", language, ("Beth fyddai’r pentref yn ei golli?",))
    said = turns([("Hwylusydd", "Croeso i bawb. Beth fyddai’r pentref yn ei golli?")])
    made = run(said, roundtables=[told], linguist=with_model())
    assert (made.roundtables["title"][0], *made.roundtables["questions"][0]) == (told.title, *told.questions)
    assert made.turns["text"][0] == said["text"][0]


def test_in_welsh_talk_who_is_spoken_of_in_a_few_english_words_is_somebody() -> None:
    said = turns([("Hwylusydd", "Croeso i bawb."), ("A", "Bethan agreed. Tomasz rang.")])
    told = [Roundtable("rt1", 1, "Beth nesaf", "", "cy", ())]
    made = run(said, roundtables=told, linguist=with_model())
    assert made.turns["text"][1] == "[person A] agreed. [person B] rang."
    assert list(made.turns["language"]) == ["cy", "cy"]


def test_what_comes_over_people_or_is_done_to_a_thing_is_nobody() -> None:
    said = "Joy washed over the whole hall. Grant signed off by the board never came. Nurse Practitioners left."
    made = _read([("Facilitator", FILLER), ("Participant 1", said)])
    assert list(made.turns["text"])[1] == said
    assert "Practitioners" not in set(made.redactions["original"])


def test_what_somebody_did_in_welsh_is_no_part_of_their_name() -> None:
    made = _read([("Hwylusydd", "Fe glywes i. Gwrthododd Guto arian ganddi hi, a dyna ni.")])
    assert [row.original for row in made.redactions.itertuples()] == ["Guto"]


def test_a_long_welsh_verb_is_no_part_of_a_name_beside_a_few_english_words() -> None:
    made = _read([("Hwylusydd", "Fe glywes i. Esboniodd Guto at y bwrdd, on'd do fe?")])
    assert [row.original for row in made.redactions.itertuples()] == ["Guto"]


def test_a_given_name_that_is_a_word_goes_with_a_family_name_that_is_one_and_known() -> None:
    said = "Miss Swift was his teacher. It was swift. Ivy Swift. She was in early."
    made = _read([("Facilitator", FILLER), ("Participant 1", said)])
    assert "Ivy" not in made.turns["text"].iloc[1]


def test_a_whole_name_is_somebody_where_it_is_all_that_is_said() -> None:
    made = _read(
        [("Facilitator", FILLER), ("Participant 1", "Somebody should ask. Faith Trewhella? She has the keys.")]
    )
    assert made.turns["text"].iloc[1] == "Somebody should ask. [person A]? She has the keys."


def test_i_is_no_farm() -> None:
    made = _read([("Facilitator", FILLER), ("Nesta Gronow", "It is Emrys Cwm Hafod I mean. Emrys knows.")])
    assert made.turns["text"].iloc[1].endswith(" I mean. [person A] knows.")


@pytest.mark.parametrize(
    ("who", "said", "left"),
    [
        ("Solveig Marr", "My name is Solveig. You say it Sol-vay-g.", "vay"),
        ("Oyinkan Bello", "It's Oyinkan. O-yin-kan.", "yin"),
    ],
)
def test_a_name_said_in_its_syllables_goes(who: str, said: str, left: str) -> None:
    made = _read([("Facilitator", FILLER), (who, said)])
    assert left not in made.turns["text"].iloc[1]


def test_what_has_as_many_parts_as_a_name_stays() -> None:
    said = "It's a well-to-do co-op, and day-to-day we say it up-front, so-so."
    assert _read([("Facilitator", FILLER), ("Solveig Marr", said)]).turns["text"].iloc[1] == said


def test_who_says_in_small_letters_who_they_are_is_known_however_they_were_heard() -> None:
    said = [
        ("Cadi Morwenna", "okay i'm cadie and i'm in the chair so thank you all for coming"),
        ("Zbigniew Rak", "i'm sure it's fine and i'm late and that's all there is to say"),
        ("Cadi Morwenna", "right then that was all from me what do you think zbigniev"),
    ]
    made = _read(said)
    assert {"cadie", "zbigniev"}.isdisjoint(" ".join(made.turns["text"]).split())
    assert made.turns["text"].iloc[1] == said[1][1]


def test_what_greets_or_opens_a_sentence_is_no_part_of_the_name_after_it() -> None:
    made = _read(
        [("Facilitator", FILLER), ("Aled Wyn", "Ddudodd Gwyn wrtha i that it was."), ("A", "Diolch Aled. Hope so.")]
    )
    assert list(made.turns["text"])[1].startswith("Ddudodd [person A] wrtha")
    assert list(made.turns["text"])[2] == f"Diolch [{made.turns['speaker'].iloc[1]}]. Hope so."


def test_a_family_is_named_by_a_plural_though_their_name_is_a_word() -> None:
    made = _read(
        [
            ("Facilitator", FILLER),
            ("Olwen Tanner", "The Tanners are known. The Bishop of it wrote."),
            ("B", "Tanners tan."),
        ]
    )
    assert made.turns["text"].iloc[1].startswith("The [P") and "The Bishop of it" in made.turns["text"].iloc[1]
    assert made.turns["text"].iloc[2] == "Tanners tan."


def test_where_somebody_works_is_a_question_and_nobody_beside_who_works_there() -> None:
    said = "Ruth in Legal told me so. It's Ruth in Finance or Huw in Housing."
    made = _read([("Facilitator", FILLER), ("A", said)])
    told = made.redactions
    assert sorted(told["original"][told["status"] == "replaced"]) == ["Huw", "Ruth", "Ruth"]
    assert set(told["original"][told["status"] == "doubtful"]) == {"Legal", "Finance", "Housing"}


def test_a_husband_and_a_wife_of_whom_only_the_family_name_is_said_are_two_people() -> None:
    said = "Mr Cadwgan told us no. It was Mrs Cadwgan that rang. And Cadwgan was late, he is always late."
    made = _read([("Facilitator", FILLER), ("A", said)])
    told = made.turns["text"].iloc[1]
    assert "Cadwgan" not in told
    assert len({told.split(" told")[0], told.split("was ")[1].split(" that")[0]}) == 2


def test_a_short_form_of_somebody_spoken_of_is_them_where_it_is_a_name() -> None:
    made = _read([("Facilitator", FILLER), ("A", "Stephen Rhoswen came. Steve said no. Then Steve left.")])
    assert list(made.people["name"]).count("Stephen Rhoswen") == 1
    assert made.turns["text"].iloc[1] == "[person A] came. [person A] said no. Then [person A] left."


def test_a_short_form_of_a_stranger_is_first_of_all_who_sits_there() -> None:
    made = _read(
        [("Facilitator", FILLER), ("Hefin David", "I met Dai Crwys. David is my name."), ("A", "Thanks, David.")]
    )
    assert made.turns["text"].iloc[2] == f"Thanks, [{made.turns['speaker'].iloc[1]}]."


def test_a_greeting_in_small_letters_is_no_part_of_a_name() -> None:
    made = _read([("a", FILLER.lower()), ("b", "okay thanks gwyneth thanks hamza did you want to add anything")])
    assert made.turns["text"].iloc[1] == "okay thanks [person B] thanks [person A] did you want to add anything"


def test_a_word_of_welsh_that_somebody_is_called_by_stays_in_small_letters() -> None:
    said = "Dw i'n cofio'r haf diwethaf, ac roedd Haf yno, yn yr haf."
    made = _read([("Hwylusydd", FILLER), ("Meinir Haf Puw", said), ("Tudur", "Ie, ie.")])
    assert made.turns["text"].iloc[1].count("haf ") + made.turns["text"].iloc[1].count("haf.") == 2
    assert _left(made, 1, "Haf") == {"haf"} and "roedd [P" in made.turns["text"].iloc[1]


def test_a_word_in_capitals_of_which_nothing_tells_is_a_question() -> None:
    made = _read([("Facilitator", FILLER), ("Participant 1", "We were six again, since it was known to Cadfanog too.")])
    asked: pd.DataFrame = made.redactions[made.redactions["original"] == "Cadfanog"]
    assert list(asked["status"]) == ["doubtful"]


def test_an_abbreviation_after_a_name_is_no_surname() -> None:
    said = "They declined Annest ITU admission. Nobody told us why ITU said so, and Mared LEWIS never asked LEWIS."
    made = _read([("Facilitator", FILLER), ("Participant 1", said)])
    text = made.turns["text"].iloc[1]
    assert _left(made, 1, "Annest Mared") == set()
    assert "] ITU admission" in text
    assert "why ITU said" in text


def test_what_is_used_as_a_word_in_small_letters_is_no_surname_after_a_name() -> None:
    said = "bernie rings people all day and when i ask for the date it rings out and gwyneth date of birth is missing"
    made = _read([("a", FILLER.lower()), ("b", said)])
    assert _left(made, 1, "bernie gwyneth") == set()
    assert "rings people" in made.turns["text"].iloc[1] and "it rings out" in made.turns["text"].iloc[1]


def test_welsh_changes_the_name_of_who_sits_there_and_it_is_theirs() -> None:
    said = (
        "Diolch i Fair am rannu hynna. It's a very strong example, fair play. And Gatrin was there, fe wnes i lawer "
        "dros Gatrin. Fair play to her."
    )
    made = _read([("Hwylusydd", FILLER), ("Mair Llywarch", "I am glad of it. Catrin will know."), ("A", said)])
    mair = made.turns["speaker"].iloc[1]
    text = made.turns["text"].iloc[2]
    assert text.startswith(f"Diolch i [{mair}] am rannu hynna. It's a very strong example, fair play.")
    assert text.count("[person A]") == 2 and "Catrin" in set(made.people["name"])
    sought = needles(made.people, made.redactions, made.turns, made.tokens)
    assert find(text, sought) == []


def test_a_town_is_nobody_who_sits_there() -> None:
    made = _read([("Hwylusydd", FILLER), ("Glyn Hafesp", "Mi es i'r dre."), ("A", "Mi es i i Lyn Ebwy ac yn ôl.")])
    assert made.turns["speaker"].iloc[1] not in made.turns["text"].iloc[2]


def test_a_name_in_small_letters_that_is_a_word_is_a_question_where_the_model_reads_somebody() -> None:
    made = _read([("a", FILLER.lower()), ("b", "she fell and lee was on a plan for six months and nobody walked")])
    asked: pd.DataFrame = made.redactions[made.redactions["original"] == "lee"]
    assert list(asked["status"]) == ["doubtful"]


def test_a_saint_is_nobody_where_somebody_of_the_same_name_is_spoken_of() -> None:
    made = _read([("Facilitator", FILLER), ("A", "Dewi Rowlands told me. Dewi Sant would have asked, as Dewi did.")])
    assert made.turns["text"].iloc[1] == "[person A] told me. Dewi Sant would have asked, as [person A] did."


def test_a_title_and_a_letter_end_where_their_sentence_does() -> None:
    made = _read([("Facilitator", FILLER), ("A", "The children all like Mr T. Mr Tomkinson lets them say so.")])
    assert made.turns["text"].iloc[1] == "The children all like Mr T. [person A] lets them say so."


def test_a_month_is_nobody_where_somebody_is_called_so() -> None:
    made = _read([("Facilitator", FILLER), ("A", "April Havard rang. The figures in April were late, and April rang.")])
    assert made.turns["text"].iloc[1] == "[person A] rang. The figures in April were late, and [person A] rang."


# Names that are words too, in one list with people, and what may be listed so and is nobody.
LISTED = [
    ("We go on. Daisy and Osian open the hall on Mondays.", "Daisy", "replaced"),
    ("It was at the door of Meinir and Violet, as we said.", "Violet", "replaced"),
    ("They came in one van. Thatcher, Flint, Osian: three of them and a dog.", "Thatcher Flint", "doubtful"),
    ("Patience, Osian. Honestly, Osian and Meinir are late.", "", ""),
    ("They had hope. We met in May and Osian came, in Gwent and Meinir too.", "", ""),
]


@pytest.mark.parametrize(("said", "names", "status"), LISTED, ids=[names or said[:9] for said, names, _ in LISTED])
def test_a_name_that_is_a_word_is_somebody_in_a_list_of_people(said: str, names: str, status: str) -> None:
    made = _read([("Facilitator", FILLER), ("Participant 1", said)])
    rows = made.redactions[~made.redactions["original"].isin(["Osian", "Meinir"])]
    assert " ".join(rows["original"]) == names
    assert set(rows["status"]) == ({status} if status else set())


def test_a_welsh_month_is_nobody_where_little_else_is_welsh() -> None:
    made = _read([("Facilitator", FILLER), ("A", "Mai Havard rang. Daeth Mai i'r cyfarfod ym mis Mai.")])
    assert made.turns["text"].iloc[1] == "[person A] rang. Daeth [person A] i'r cyfarfod ym mis Mai."


# In talk without capitals, names that are words too where a thing would have an article; and things that have none.
BARE = [
    ("yeah violet phoned me on the way and nobody was in", "violet", "replaced"),
    ("we had daisy over is that okay daisy is my cousin you see", "daisy", "replaced"),
    ("it was dawn who opened the hall for us and it was rose who's in charge", "dawn rose", "replaced"),
    ("they waited and then it was violet's husband that came round", "violet", "replaced"),
    ("my neighbour's called rose and rose's been waiting for a year", "rose rose", "replaced"),
    ("so i wanted to thank daisy for the petition and the tea", "daisy", "replaced"),
    ("well robin is late he's stuck behind a lorry on the bridge", "robin", "doubtful"),
    ("hope is all she had left in the end and faith was gone she said", "", ""),
    ("dawn broke and she went out to work at the mill", "", ""),
    ("the grace of it is my cousin says and her hope is my hope too", "", ""),
    ("yeah patience ran out and they thank faith groups for their work", "", ""),
]


@pytest.mark.parametrize(("said", "names", "status"), BARE, ids=[said[:14] for said, _, _ in BARE])
def test_a_word_in_small_letters_is_somebody_where_a_thing_has_an_article(said: str, names: str, status: str) -> None:
    made = _read([("a", FILLER.lower()), ("b", said)])
    rows = made.redactions[made.redactions["original"].isin(names.split())]
    found = sorted(set(rows["original"])) if status == "replaced" else list(made.redactions["original"])
    assert found == sorted(set(names.split()))
    assert set(rows["status"]) == ({status} if status else set())


def test_who_is_known_in_small_letters_goes_where_they_do_or_are_asked_about() -> None:
    told = "there is a lady called daisy she does the meals"
    said = ["is daisy still there then", "oh daisy never complained", "daisy yes she did", "daisy's all right we think"]
    kept = [
        "the daisy was white and so was the door",
        "we picked a daisy and made a daisy chain",
        "they sell daisy seeds here",
    ]
    made = _read([("a", FILLER.lower()), ("b", told), *(("c", one) for one in (*said, *kept))])
    texts = list(made.turns["text"])[2:]
    assert ["daisy" in text for text in texts] == [False] * len(said) + [True] * len(kept)
