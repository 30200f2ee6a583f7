"""Which words of a statement are about something: not those that hold a sentence together or that all talk has."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from scipy.sparse import csr_array

# What stands in brackets is a mark or a pseudonym; a word of two letters is hardly ever a subject.
_BRACKETED = re.compile(r"\[[^\]]*\]")
_WORD = re.compile(r"[^\W\d_]{3,}")
_LETTERS_WITHOUT_PLURAL = 4  # "bus" and "gas" end in an s of their own


def content_words(text: str) -> tuple[str, ...]:
    """The words of a statement that say what it is about, folded; each once, in the order of the alphabet."""
    keys = map(_key, _WORD.findall(_BRACKETED.sub(" ", text)))
    return tuple(sorted({key for key in keys if key}))


# Kept, because talk has a hundred times as many words as different ones.
@lru_cache(maxsize=1 << 16)
def _key(word: str) -> str:
    small = word.lower()
    return "" if small in function_words() else folded(small)


def words_of_each(texts: Sequence[str]) -> csr_array:
    """(texts, vocabulary): 1 where a content word stands in a text; the words are in the order of the alphabet."""
    from scipy.sparse import csr_array

    said = [content_words(text) for text in texts]
    number = {word: at for at, word in enumerate(sorted(set().union(*said)))}
    ends = np.cumsum([0, *map(len, said)])
    columns = np.array([number[word] for words in said for word in words], dtype=np.int64)
    return csr_array((np.ones(len(columns)), columns, ends), shape=(len(texts), len(number)))


def folded(phrase: str) -> str:
    """One key for a phrase in capitals or not, in the singular or the plural."""
    word = phrase.lower()
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > _LETTERS_WITHOUT_PLURAL else word


@lru_cache(maxsize=1)
def function_words() -> frozenset[str]:
    """English and Welsh words that people speak with, not about."""
    return grammar_words() | frozenset(_TALK.split()) | frozenset(_WELSH.split())


@lru_cache(maxsize=1)
def grammar_words() -> frozenset[str]:
    """English words that hold a sentence together."""
    return frozenset(_GRAMMAR.split())


# The list of Glasgow's Information Retrieval Group as scikit-learn has it; to import it from there takes a second.
_GRAMMAR = """
a about above across after afterwards again against all almost alone along already also although always am among
amongst amoungst amount an and another any anyhow anyone anything anyway anywhere are around as at back be became
because become becomes becoming been before beforehand behind being below beside besides between beyond bill both
bottom but by call can cannot cant co con could couldnt cry de describe detail do done down due during each eg eight
either eleven else elsewhere empty enough etc even ever every everyone everything everywhere except few fifteen fifty
fill find fire first five for former formerly forty found four from front full further get give go had has hasnt have
he hence her here hereafter hereby herein hereupon hers herself him himself his how however hundred i ie if in inc
indeed interest into is it its itself keep last latter latterly least less ltd made many may me meanwhile might mill
mine more moreover most mostly move much must my myself name namely neither never nevertheless next nine no nobody
none noone nor not nothing now nowhere of off often on once one only onto or other others otherwise our ours ourselves
out over own part per perhaps please put rather re same see seem seemed seeming seems serious several she should show
side since sincere six sixty so some somehow someone something sometime sometimes somewhere still such system take ten
than that the their them themselves then thence there thereafter thereby therefore therein thereupon these they thick
thin third this those though three through throughout thru thus to together too top toward towards twelve twenty two
un under until up upon us very via was we well were what whatever when whence whenever where whereafter whereas
whereby wherein whereupon wherever whether which while whither who whoever whole whom whose why will with within
without would yet you your yours yourself yourselves
"""
# Words that people speak with, not about; beside English function words.
_TALK = """
a able absolutely actually again ago ah all almost already also although always and another any anybody anyone
anything anyway are aren't around ask asked asking aspect aspects bit but came can can't certain certainly clear
clearly come comes coming could couldn't course did didn't different do does doesn't doing don't done easy else er erm
even ever every everybody everyone everything exactly example extent fact fair far feel felt find first fully general
get gets getting give given gives giving go goes going gone good got great had hadn't happen happened happening
happens hard has hasn't have haven't he he'd he'll he's hear heard help here's hi hope i i'd i'll i'm i've important
in indeed instance interesting is isn't issue issues it it'd it'll it's its just keen kind knew know known knows let
let's like likely little look looked looking lot lots made main make makes making matter may maybe mean means meant
mentioned might moment morning much must my need needed needs never new next nice no nobody nothing now number
obviously of oh ok okay one only or order other others ought our out over own part particular particularly people
perhaps person piece place point points possible potentially probably put putting question questions quite quickly
rather real really regard right said saw say saying says second see seeing seen seems sense set she she'd she'll she's
should shouldn't similar simply since so some somebody someone something sometimes somewhere sorry sort specific start
started stuff suggest suppose sure take taken takes taking talk talked talking tell tend terms thank thanks that
that'll that's the their them then there there'd there'll there're there's these they they'd they'll they're they've
thing things think thinking third this those though thought three through time times to today told too took tried true
try trying two um understand up us use used using usually various very want wanted wants was wasn't way ways we we'd
we'll we're we've week well went were weren't what what's when where whether which who who's why will wish with within
without won't word words work worked working would wouldn't yeah year years yes yesterday yet you you'd you'll you're
you've monday tuesday wednesday thursday friday saturday sunday call called big small old long short best better bad
worse whole early late later month months weeks day days hour hours night half end side job man woman chap lady last
room table door believe agree happy welcome add hand mind left ready open close turn turned chair chairman minister
cabinet secretary committee member members gentleman colleague colleagues honest fine ensure bring brought bringing
offer offers offering meet meeting seeking continue continues provide provides providing develop include includes
including consider considering increase increasing drive wider wide position personal seek show shows shown send sent
stop stopped stand sit sat write wrote read run running mention worth remember changing wait
"""
# Welsh ones of both kinds, as they are written and said, with their mutations; but for those that are English nouns
# ("pump", "draw", "math").
_WELSH = """
mae maen maent ydw ydy ydi ydyn ydym ydych ydach ydan wyt rydw rwyf rydyn rydym rydych rydan dydw dydy dydi dyw dydyn
dydan yw sydd sy roedd oedd oeddwn oeddet oedden oeddem oeddech oeddent roeddwn roedden roeddem roeddech roeddent
doedd doeddwn doedden buodd bues buon buom buont bydd bydda byddaf byddi byddwn byddwch byddan byddant byddai byddech
byddent bydden fydd fydda fyddaf fyddi fyddwn fyddwch fyddan fyddant fyddai fyddech fyddent fydden bu fu basa basai
baswn basen basech fasa fasai faswn fasen fasech oes nad nag nac naci nage does bod fod mod wedi wedyn ar at o dan
dros trwy drwy wrth gan gen rhag hyd rhwng erbyn ers ger gyda gydag efo mewn yng ynghylch ynglŷn ynglyn oherwydd arna
arnaf arnat arno arni arnon arnom arnoch arnyn arnynt amdana amdano amdani amdanyn amdanon amdanom amdanoch ata ato
ati aton atom atoch atyn atynt imi iti iddo iddi inni ichi iddyn iddynt ohona ohono ohoni ohonon ohonom ohonoch ohonyn
ohonynt wrtha wrthyf wrtho wrthi wrthon wrthom wrthoch wrthyn wrthynt ganddo ganddi gennyf gennym gennych ganddyn
ganddynt gynno gynni gynnon gynna gynnoch gynnyn drosto drosti drostyn drostom drwyddo drwyddi ynddo ynddi ynddyn
rhyngddyn rhyngom hebddo hebddi heb fewn finnau innau minnau tithau yntau hithau ninnau chithau nhwthau hwythau hwy
nhw chi hwn hon hyn hwnnw honno hynny hwnna honna hynna rhain rheini rheiny rheina yma yna yno acw fama fanna dyna
dyma wele rhai rai rhyw ryw rhywun rywun rhywbeth rywbeth rhywle rywle rhywfaint unrhyw neb pawb phawb bawb popeth
bopeth pob bob phob mhob holl hunan hunain hun gilydd ein eich eu ei peth pethau beth bethau be pwy bwy ble lle pryd
bryd pam sut faint sawl pan pa ond neu os oni onid tra felly achos fel mai taw hefyd eto eisoes dal rŵan rwan nawr
heddiw ddoe yfory iawn mor rhy eitha eithaf reit jyst mond dim ddim mwy fwy mwyaf fwyaf llai lai lleiaf leiaf bach
fach mawr fawr da dda gwell gorau orau llawer lawer digon ddigon gormod ormod cymaint gymaint ychydig tipyn dipyn
efallai falle ella hwyrach siŵr siwr gwir wir gwrs hollol union cwbl gwbl weithiau wastad byth erioed bellach allan
lawr fyny nôl ôl tu cyn nes ac na nid mo fo hi ni fe dweud ddweud deud ddeud dywed dywedodd ddywedodd dudodd ddudodd
wedodd medd meddai meddwl feddwl gwybod wybod gwn wn gwyddoch gweld weld mynd fynd aeth aethon dod ddod daeth ddaeth
cael gael chael cafodd gafodd gawn cawn gwneud wneud neud gwneir gwna gwnaeth wnaeth wnes nath naeth rhoi gallu allu
gall gallai allai gallwn allwn gallwch allwch gallan medru fedru medr fedra fedrwch fedr rhaid raid isio eisiau isie
moyn angen dylai ddylai dylen ddylen dylwn ddylwn dylid cofio gofio cofiwch edrych siarad gofyn ofyn digwydd ddigwydd
teimlo deimlo clywed glywed credu gredu cytuno gytuno diolch ddiolch trafod dechrau ddechrau chwarae dau ddau dwy ddwy
tri dri tair dair pedwar bedwar pedair bedair chwech saith wyth naw deg ail drydydd cyntaf gyntaf blwyddyn flwyddyn
blynyddoedd flynyddoedd mlynedd mis misoedd wythnos wythnosau diwrnod dydd ddydd amser tro dro ffordd pwynt bwynt gair
eiriau geiriau fath rhan pobl bobl phobl mhobl
"""
