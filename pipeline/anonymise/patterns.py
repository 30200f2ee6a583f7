"""Contact details and numbers that point at one person, found by their form: replaced under every policy."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from importlib import metadata
from string import ascii_lowercase
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.anonymise.keep import read_keep_list
from pipeline.backends.protocols import Memory
from pipeline.store import content_hash


class Found(NamedTuple):
    """A span of a text and what it is."""

    start: int
    end: int
    kind: str  # email, phone, nhs, nino, postcode, vehicle, bank, address, born, handle, url, reference, ip, spelled
    confidence: float


def find_patterns(text: str) -> list[Found]:
    """The spans that have the form of a contact detail or an identifying number, in order of place.

    Spans may overlap; the longer, then the more confident, is the one to take.
    """
    finders = _FINDERS + _WITH_AT * ("@" in text) + _WITH_DIGITS * (_DIGIT.search(text) is not None)
    finders += _WITH_DOTS * (_DOTTED.search(text) is not None)
    found = [item for finder in finders for item in finder(text)]
    return sorted(found, key=lambda item: (item.start, -item.end, item.kind))


def patterns_of_each(texts: Sequence[str], memory: Memory | None) -> list[list[Found]]:
    """What `find_patterns` gives of each of these texts; with a memory, the same texts are not searched twice."""

    def work() -> dict[str, NDArray[Any]]:
        found = [(number, one) for number, text in enumerate(texts) for one in find_patterns(text)]
        return {
            "places": np.array([(number, one.start, one.end) for number, one in found], dtype=np.int64).reshape(-1, 3),
            "kinds": np.array([one.kind for _, one in found], dtype=np.str_),
            "confidences": np.array([one.confidence for _, one in found], dtype=np.float64),
        }

    # Which numbers are given out is that package's to know: a newer one is asked anew.
    asked = content_hash(repr(texts), metadata.version("phonenumbers"))
    kept = work() if memory is None else memory.recall(asked, work)
    listed: list[list[Found]] = [[] for _ in texts]
    columns = (kept[name].tolist() for name in ("places", "kinds", "confidences"))
    for (number, start, end), kind, confidence in zip(*columns, strict=True):
        listed[number].append(Found(start, end, kind, confidence))
    return listed


_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.UNICODE)
# Of an address spoken or written, a part is no longer than that (RFC 1035, section 2.3.4), and it hasn't more of them:
# could there be any number, "x dot x dot x ..." would be read anew from each x to its end.
_PART = "{1,63}"
_PARTS = 12
# "jo dot bloggs at powys dot gov dot uk", "j.bloggs at gmail.com"; the domain must be spelt as one.
_DOMAIN_END = r"(?:com|org|net|uk|wales|cymru|scot|eu|info|gov|edu|io|ie|co)"
# What stands before "at" and an address of the web, and is nobody's box there: "it's at", "look at".
_NO_BOX = (
    r"(?!(?:(?:it|that|there|what|which)['’]s|is|was|are|were|be|being|been|it|that|look|looks|looked|looking|us|me|them|him"
    r"|online|page|website|site|live|available|based|published|posted|up|petition|form|survey|report)\s+at\s)"
)
# A hyphen and "_" stand in the words only: could they part them too, "no-no-no ..." would be tried in every way.
_SPOKEN_EMAIL = re.compile(
    # "g pryce at ...": an initial by itself goes with the name after it.
    r"\b(?:(?<!['’])[b-hj-z]\s+)?(?<!['’])"
    rf"{_NO_BOX}(?!['-])[\w'-]{_PART}"
    rf"(?:(?:\s+(?:dot|full stop|underscore|dash|hyphen)\s+|\.)[\w'-]{_PART}){{0,{_PARTS}}}\s+at\s+"
    rf"[\w-]{_PART}(?:(?:\s+(?:dot|full stop|dash|hyphen)\s+|\.)[\w-]{_PART}){{0,{_PARTS}}}"
    rf"(?:\s+(?:dot|full stop)\s+|\.){_DOMAIN_END}\b"
    # "nia dot pugh at tair afon dot org": a domain of several words, after what can't be but an address.
    rf"|\b[\w'-]{_PART}(?:\s+(?:dot|underscore)\s+[\w'-]{_PART}){{1,4}}\s+at(?:\s+(?!dot\b)[\w-]{_PART}){{2,4}}"
    rf"(?:\s+dot\s+[\w-]{_PART}){{0,{_PARTS}}}\s+dot\s+{_DOMAIN_END}\b",
    re.IGNORECASE,
)
_URL = re.compile(
    r"(?:https?://|\bwww\.)[^\s<>()\[\]\"']+[^\s<>()\[\]\"'.,;:!?]"
    rf"|\b(?:[a-z0-9-]{_PART}\.){{1,{_PARTS}}}(?:com|org|net|gov|ac|co|wales|cymru|uk|io|tv)(?:\.uk)?"
    r"(?:/[^\s<>()\[\]\"',;]*)?(?![\w@])",
    re.IGNORECASE,
)
# Speech recognition writes a pause as a comma: "open door, dot org, dot uk".
_DOT = r",?\s+dot\s+"
_SPOKEN_URL = re.compile(
    rf"\b(?:www|w w w|double-?u double-?u double-?u){_DOT}[\w-]+(?:{_DOT}[\w-]+)+"
    rf"|\b[\w-]{_PART}(?:{_DOT}[\w-]{_PART}){{0,{_PARTS}}}{_DOT}(?:(?:co|gov|org|ac){_DOT}uk|com|org|net|wales|cymru)\b",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w@./])@[A-Za-z_][\w.]{1,29}\b")
_PLATFORM = (
    r"\b(?:twitter|instagram|insta|facebook|tiktok|linkedin|bluesky|skype|snapchat|snap|discord|telegram|threads|username"
    r"|user name|handle)\b"
)
# "Insta is seren.m", "Skype: seren.m", "my username is serenm", "on twitter at serenm underscore cymru"; not "Facebook
# is where they go".
_SPOKEN_HANDLE = re.compile(
    rf"{_PLATFORM}(?:\s+handle)?(?:\s*:|\s+(?:is|as|under))\s*"
    r"(?P<span>(?=[\w-]*(?:[._]\w|\d))[\w.-]{2,29}\w)"
    # "I'm on Snap, tiegz_08", "on Instagram, it's seren_draws": after a comma it must look like nothing else.
    rf"|{_PLATFORM},\s+(?P<told>(?=[a-z][a-z.]*_\w*\d)[\w.-]{{3,29}}\w)"
    rf"|{_PLATFORM},\s+(?:it['’]s|I['’]m)\s+(?P<mine>(?=[a-z][a-z.]*(?:_|\d\d))[\w.-]{{3,29}}\w)"
    r"|\b(?:user ?name|handle)\s+(?:is|was)\s+(?:at\s+)?(?P<name>[\w.]{3,30})"
    rf"|{_PLATFORM}(?:\s+(?:is|as|under))?\s+at\s+(?P<said>\w{{3,30}}(?:\s+(?:underscore|dot|dash|hyphen)\s+\w+)+)",
    re.IGNORECASE,
)
# "tegid_pugh_1961", "xx_dewi_xx": with two of these, or one and a number, nobody writes a word of talk;
# "community_page" may be anything, "SPEAKER_00" is a label, and "minutes_2_final.docx" a file.
_ACCOUNT_NAME = re.compile(
    r"(?<![\w@#./\\-])(?!(?i:covid|draft|figure|file|image|img|page|participant|person|respondent|slide|speaker|spk|table)_)"
    r"(?=\w*[A-Za-z]{3})[A-Za-z][A-Za-z\d]*(?:(?:_[A-Za-z\d]+){2,}|_[A-Za-z]*\d{2,})(?![\w@-]|\.\w)"
)
# A name as somebody spells it: "S-I-O-B-H-A-N", "P R Y C E". Shorter ones are abbreviations.
_SPELLED = re.compile(
    r"(?<![\w'’-])(?:[A-Z](?:-[A-Z]){3,}|[A-Z](?: [A-Z]){4,}|[A-Z](?:, [A-Z]){3,}|[a-z](?: [a-z]){4,})(?![\w-])"
)
# "20 Public Rights of Way", "6 Local Place Plans" are what a council counts.
_NO_HOUSES = r"(?:Public )?Rights? [Oo]f |Points? [Oo]f |(?:\w+ )?Place Plan"
# A house: its number, and a street's name in capitals. Of "10 Downing Street" everybody knows who lives there.
_CAPITAL = r"[A-ZÀ-ÞŴŶ][\w'’.-]*"
_ADDRESS = re.compile(
    r"\b(?:(?:[Ff]lat|[Aa]partment|[Uu]nit|[Rr]oom) \d{1,3}[A-Za-z]?,? )?\d{1,3}[A-Za-z]?,? "
    rf"(?!Downing |{_NO_HOUSES})(?:{_CAPITAL} (?:(?:{_CAPITAL}|of|the|y|yr) ){{0,2}}"
    r"(?:Road|Rd|Street|St|Lane|Avenue|Ave|Close|Drive|Terrace|Crescent|Gardens|Grove|Row|Mews|Walk|Parade|Villas|Cottages|Way|Square"
    r"|Hill|Place|Rise|View)"
    r"|(?:Heol|Stryd|Ffordd|Lôn|Lon|Clos|Rhes|Rhodfa|Teras|Cilgant|Maes|Bryn|Llys|Erw|Trem)"
    rf"(?: (?:y|yr|ap|ab))?(?: {_CAPITAL}){{1,2}})\b"
)
# Whatever it is called, where somebody lives there: "We live in 14 The Paddocks", "they moved her to 3 Bryn Awel"; and
# not "live in 22 Wales counties", "moved to 3 GPs".
_AFTER_A_HOME = "and|at|because|before|but|for|from|in|just|near|now|on|since|so|then|until|when|where|with"
_NO_HOMES = "(?:Downing|(?:Minute|Hour|Day|Week|Month|Year|Local|Welsh|Health)s?)"
_NUMBERED = rf"\d{{1,3}}[A-Za-z]?,? (?!{_NO_HOMES}\b)"
_NAMED = r"[A-ZÀ-ÞŴŶ][a-zà-ÿŵŷ]['’\w]*"
_HOME = re.compile(
    r"\b(?:liv(?:e|es|ed|ing)|moved(?: (?:her|him|them|back|in|out))?) "
    rf"(?:at (?:number )?(?P<at>{_NUMBERED}{_NAMED}(?:[ -](?:{_NAMED}|y|yr)){{0,3}})"
    rf"|(?:in|to) (?:number )?(?P<span>{_NUMBERED}{_NAMED}(?:[ -](?:{_NAMED}|y|yr)){{1,3}})"
    rf"(?![\w'’-]| (?!(?:{_AFTER_A_HOME})\b)[a-z]))"
)
# A house that has a name instead, with its street: "lives in The Old Rectory, Penrallt Road".
_NAMED_HOME = re.compile(
    rf"\bliv(?:e|es|ed|ing) (?:in|at) (?P<span>(?:{_CAPITAL} ){{0,3}}{_CAPITAL}, (?:{_CAPITAL} ){{1,2}}"
    r"(?:Road|Rd|Street|St|Lane|Avenue|Ave|Close|Drive|Terrace|Crescent|Gardens|Grove|Row|Mews|Walk|Hill))\b"
)
# The same in small letters, and with its number in words: "home to twenty three inkerman street".
_ONES = "(?:one|two|three|four|five|six|seven|eight|nine)"
_TENS = "(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
# What a street is, and is not called: "in thirty residential streets", "to 2 main road".
_NO_STREETS = (
    "of|the|downing|high|main|side|back|busy|residential|local|quiet|narrow|single|separate|more|other|different|whole|way"
    "|new|mph|years?|days?|hours?|miles?|minutes?|percent|per|pound|metres?"
)
_HOUSE = rf"(?:number (?:{_ONES}|ten|eleven|twelve)|(?:number )?(?:{_TENS}(?:[ -]{_ONES})?|\w+teen|\d{{1,3}}[a-z]?))"
_SPOKEN_ADDRESS = re.compile(
    r"\b(?:(?:at|to|of|from|in|near|is) |(?<!\bmy )(?<!\bthe )(?<!\bour )(?=number (?!one|two)))"
    rf"(?P<span>{_HOUSE},? (?!(?:{_NO_STREETS})\b)[a-z'’]{{3,}}"
    r"(?: (?!(?:of|in|on|the)\b)[a-z'’]+)? (?:street|road|avenue|terrace|crescent|gardens|grove))\b"
)
_NHS = re.compile(r"(?<![\d-])\d{3}[ \-]?\d{3}[ \-]?\d{4}(?![\d-])")
# Said to be one: then an invented or mistyped one, whose check digit is wrong, is replaced too.
_TOLD_NHS = re.compile(rf"\bNHS\s+(?:number|no\.?)\D{{0,12}}(?P<span>{_NHS.pattern})", re.IGNORECASE)
# The form of a British number, whether or not it is given out: Ofcom's numbers for drama are not, and are what people
# put in the place of a real one.
_BRITISH_PHONE = re.compile(r"(?<![\w/.,-])(?:\+?44[ -]?(?:\(0\)[ -]?)?|\(?0)(?:\)?[ -]?\d){9,10}(?![\d/-]|[.,]\d)")
_NINO = re.compile(
    # QQ is never given out: it stands in every form's example, and in its place people write their own.
    r"\b(?!BG|GB|NK|KN|TN|NT|ZZ)(?:[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]|QQ)[ -]?(?:\d[ -]?){6}[A-D]\b",
    re.IGNORECASE,
)
# A driver's number (DVLA, INF45): five letters of the family name, filled up with 9, a date of birth, initials.
_DRIVER = re.compile(r"\b(?=[A-Z]{2})[A-Z9]{5} ?\d[0156]\d(?:[0-2]\d|3[01])\d ?[A-Z][A-Z9] ?\d ?[A-Z]{2}\b")
_POSTCODE = re.compile(
    r"\b(?:GIR ?0AA|(?:[A-PR-UWYZ][0-9][0-9A-HJKPSTUW]?|[A-PR-UWYZ][A-HK-Y][0-9][0-9ABEHMNPRVWXY]?)"
    r" ?[0-9][ABD-HJLNP-UW-Z]{2})\b"
)
_LOWER_POSTCODE = re.compile(_POSTCODE.pattern.replace(" ?[0-9][ABD", " [0-9][ABD"), re.IGNORECASE)
_VEHICLE = re.compile(r"\b(?:[A-HJ-PR-Y]{2}\d{2} ?[A-HJ-PR-Z]{3}|[A-HJ-NPR-TV-Y]\d{1,3} ?[A-HJ-PR-Y]{3})\b")
_SORT_CODE = re.compile(r"(?<![\d-])\d{2}-\d{2}-\d{2}(?![\d-])")
_TOLD_SORT_CODE = re.compile(r"\bsort code(?:\s+(?:is|was))?:?\s+(?P<span>\d{2}[ -]?\d{2}[ -]?\d{2})\b", re.IGNORECASE)
_ACCOUNT = re.compile(
    r"\b(?:account|a/c|card)(?:\s+(?:number|no\.?))?(?:\s+is)?:?\s+(?P<span>\d[\d -]{6,22}\d)\b", re.IGNORECASE
)
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b")
_IP = re.compile(r"(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?!\d|\.\d)")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DATE = (
    rf"(?:\d{{1,2}}[/.-]\d{{1,2}}[/.-](?:19|20)?\d{{2}}|\d{{1,2}}(?:st|nd|rd|th)?(?:\s+of)?\s+{_MONTH},?(?:\s+(?:19|20)\d{{2}})?"
    rf"|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?(?:\s+(?:19|20)\d{{2}})?)"
)
# "The fourteenth of May nineteen eighty-two", "twenty-third of the ninth fifty-nine": digits may stand for any word.
_ORDINAL = (
    r"(?:(?:twenty|thirty)[ -])?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth"
    r"|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth)"
)
_SPOKEN_YEAR = (
    rf"(?:\s+(?:(?:19|20)?\d{{2}}|(?:nineteen|twenty|two thousand)(?:\s+(?:hundred|and|oh))*|{_TENS})"
    rf"(?:[ -](?:\w+teen|ten|eleven|twelve|{_TENS}(?:[ -]{_ONES})?|{_ONES}))?\b)"
)
_SPOKEN_DATE = rf"{_ORDINAL}(?:\s+of)?(?:\s+the)?\s+(?:{_MONTH}|{_ORDINAL})\b,?{_SPOKEN_YEAR}?"
# Mutated too: "yr wythfed o Fawrth" is written "8fed o Fawrth".
_WELSH_MONTH = (
    r"(?:ionawr|chwefror|[mf]awrth|ebrill|[mf]ai|[mf]ehefin|g?orffennaf|awst|[mf]edi|hydref|[td]achwedd|rh?agfyr)"
)
_WELSH_DATE = rf"\d{{1,2}}(?:af|ail|ydd|fed|eg|ain)?(?:\s+o)?\s+{_WELSH_MONTH},?(?:\s+(?:19|20)\d{{2}})?"
_BORN = re.compile(
    rf"\b(?:born|d\.?o\.?b|date of birth|birthday)\b(?:['’]s)?\.?[\s:,]*(?:(?:is|was|on|in|the)\s+)*"
    rf"(?P<span>{_SPOKEN_DATE}|{_DATE})"
    # "I'll be eighty on the second of February", "her birthday's the same as mine, the ninth of May"
    rf"|\b(?:be|turns?|turned|turning)\s+(?:{_TENS}(?:[ -]{_ONES})?|\w+teen|\d{{2}})\s+on\s+(?:the\s+)?"
    rf"(?P<turning>{_SPOKEN_DATE}|{_DATE})"
    rf"|\bbirthdays?\b[^.?!\n]{{0,40}}?\bthe\s+(?P<same>{_SPOKEN_DATE}|{_DATE})"
    r"|\b(?:[gn]?eni|dyddiad geni|[bp]en-?blwydd)\b[\s:,]*(?:(?:ydy|yw|oedd|ar|yr?)\s+)*"
    rf"(?P<welsh>{_WELSH_DATE}|{_DATE})",
    re.IGNORECASE,
)
# "Their date of birth is at page six as 14/2/1990": the next whole date of that sentence.
_TOLD_BIRTH = re.compile(
    r"\b(?:dates? of birth|d\.?o\.?b|dyddiad(?:au)? geni)\b\.?(?=(?P<told>(?:[^.?!\n]|\.(?=\d)){0,120}))", re.IGNORECASE
)
# Before the date of something else, "and moved in on"; not "and the second child's", "and at page nine".
_DATED = re.compile(r"\b(?:on|ar|since|ers|from|until|till|by)\s+(?:the\s+)?$", re.IGNORECASE)
_WHOLE_DATE = re.compile(
    rf"\b(?:\d{{1,2}}[/.-]\d{{1,2}}[/.-](?:19|20)?\d{{2}}|\d{{1,2}}(?:st|nd|rd|th)?(?:\s+of)?\s+{_MONTH},?\s+(?:19|20)\d{{2}}"
    rf"|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+(?:19|20)\d{{2}}|{_WELSH_DATE.removesuffix('?')}"
    rf"|{_SPOKEN_DATE.removesuffix('?')})\b",
    re.IGNORECASE,
)
# "What's her date of birth?", and what is said next: "The third of May sixty-one".
_ASKS_BIRTH = re.compile(
    r"\b(?:dates? of birth|d\.?o\.?b\.?|when (?:were|was) (?:\w+ ){1,2}born|birthday|dyddiad geni)(?!\w)"
    r"[^.?!\n]{0,60}\?\s*",
    re.IGNORECASE,
)
_ANSWER = 60  # letters before the date that answers
_ANY_DATE = re.compile(rf"\b(?:{_SPOKEN_DATE}|{_WELSH_DATE}|{_DATE})\b", re.IGNORECASE)
_REFERENCE = re.compile(
    r"\b(?:application|applications|case|reference|ref|file|claim|docket|crime|incident|passport|licence|membership|staff|"
    r"employee|payroll|patient|hospital|student|policy|tenancy|bail|badge|collar|shoulder|log(?= n)|warrant|uprn|urn"
    r"|extension|extn?\.?)"
    r"(?:\s+(?:number|no|nos|numbers|ref)\.?|\s*#|\s*:)?\s*\(?(?:number|no|nos)?\.?\s*"
    r"(?:(?<=number)['’]s\s+|(?:is|was|of)\s+)?(?P<span>(?:[A-Z]{1,5}[-/]){0,2}[A-Z]{0,4}[-/]?\d[\dA-Z]*(?:[-/][\dA-Z]{1,8}|\.\d+)*)",
    re.IGNORECASE,
)
# A constable's number, "PC 2217", and what was rung in on a day: "log 417 of 9 November", "CAD 417".
_POLICE_NUMBER = re.compile(
    r"\b(?:W?PC|PCSO|DC|PS|Sgt|Sergeant|Constable) (?P<span>\d{3,5})\b(?![%.,:/]\d)"
    r"|\b(?:CAD|[Ll]og|[Oo]ccurrence|[Ii]ncident)(?: (?:number|no\.?|ref\.?))? "
    rf"(?P<log>\d{{1,5}} of (?:the )?(?i:{_DATE}|{_ORDINAL} of {_MONTH})\b)"
    r"|\bCAD(?: (?:number|no\.?|ref\.?))? (?P<call>(?!(?:19|20)\d\d\b)\d{2,5})\b"
)
# "Crime number 2100 347 118", "reference is TC 0044817": in pieces, where it is said to be a number.
_IN_PIECES = re.compile(
    r"\b(?:(?:number|no\.|reference|ref|urn|uprn|(?:account|case|customer|meeting|membership|patient|student|user) ID)"
    r"(?:['’]s|\s+(?:is|was))?:?|(?:case|complaint|application)(?=\s+(?-i:[A-Z]{2,5} \d{5})))\s+"
    r"(?P<span>\d{3,}(?: \d{2,}){1,4}|(?-i:(?!NHS|ISO)[A-Z]{1,5}) (?:\d{5,}|\d{3,}(?: \d{2,}){1,4}))\b",
    re.IGNORECASE,
)
# "INC0093812", "FPO-3371-B", "LX/0093/25", "ADT/2021/0093", "W184420" are a register's, wherever they stand; ISO27001
# is a standard, and WHC/2018/041 a circular: but for the Commission's, what is published has no four figures after its
# year.
_CODE = re.compile(
    r"(?<![\w/-])(?!ISO|PAS|BS|EN)(?:[A-Z]{2,5}"
    r"(?:\d{5,}|-\d{4,}(?:-[A-Z\d]{1,4})?|-(?:19|20)\d{2}-\d{3,}|/(?!(?:19|20)\d\d/)\d{3,}/(?:\d{2,4}|[A-Z]{1,2})"
    r"|(?<!COM)(?<!SEC)(?<!SWD)(?<!WSI)/(?:19|20)\d{2}/\d{4,6})|[A-Z]\d{6,})(?![\w/-])"
)
# Numbers of court applications, "18403/91": a serial number and a year.
_SERIAL = re.compile(r"(?<![\w/.-])\d{3,6}/(?:\d{2}|(?:19|20)\d{2})(?![\w/-])")
# "our policy 2019", "the staff 2018/19 survey": a year, or a financial one, is nobody's number.
_YEAR = re.compile(r"(?P<year>(?:19|20)\d{2})(?:[/-](?P<next>(?:(?:19|20)?\d)?\d))?")

_DIGITS = (
    "zero|oh|o|nought|one|two|three|four|five|six|seven|eight|nine|double|triple|hundred"
    "|sero|dim|un|dau|dwy|tri|tair|pedwar|pedair|pump|chwech|saith|wyth|naw"
)
# Eight and more digits said one by one are a number that somebody is reached or known by.
# A car's plate, a National Insurance number, a postcode as one reads them out: "c v one nine x k l".
_TEENS = "(?:ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen)"
# What letters are called: "whiskey x-ray six six, lima papa uniform".
_LETTERS_CALLED = (
    "alpha|alfa|bravo|charlie|delta|echo|foxtrot|golf|hotel|india|juliett?|kilo|lima|mike|november|oscar|papa|quebec|romeo"
    "|sierra|tango|uniform|victor|whisk(?:e)?y|x-ray|xray|yankee|zulu|zed"
)
_ONE_OF_A_CODE = rf"(?:[a-z](?: for (?:{_LETTERS_CALLED}))?|{_LETTERS_CALLED}|\d{{1,2}}|{_DIGITS}|{_TEENS}|{_TENS})"
_SPOKEN_CODE = re.compile(
    rf"(?<!['’])\b(?:{_ONE_OF_A_CODE}[ ,-]+){{5,}}{_ONE_OF_A_CODE}\b",
    re.IGNORECASE,
)
# Its letters and figures stand together: "at 20 mph" is no plate.
_TOLD_VEHICLE = re.compile(
    r"\b(?:number ?plates?|registration|reg|licence plate|car|van|vehicle)\b[^.?!\n]{0,20}?\s"
    r"(?P<span>[A-HJ-PR-Y]{2}\d{2} ?[A-HJ-PR-Z]{3})\b",
    re.IGNORECASE,
)
# An older or a private plate, where it is told to be one: "the reg is TAT 3E", "H0CK4, it's on the plate".
_PLATE = (
    r"(?:(?=[A-Z ]{0,8}\d)(?=[\d ]{0,8}[A-Z])[A-Z\d]{1,4} [A-Z\d]{1,4}"
    r"|(?=[A-Z]{0,6}\d)(?=\d{0,6}[A-Z])[A-Z\d]{2,7})(?![A-Z\d])"
)
_OTHER_VEHICLE = re.compile(
    r"\b(?i:(?:number|licence) ?plates?|reg(?:istration)?(?: (?:number|plate))?)(?:['’]s| is| was|:) "
    rf"(?P<span>{_PLATE})(?![\w/])"
    rf"|(?<![\w/-])(?P<plate>(?!MOT\b){_PLATE}),?(?: (?:is|was)|,? it['’]s)?(?: on)? "
    r"(?:(?:the|his|her|their|my)|a (?=number|private))(?: ?(?:car|van|number|licence|private))* ?plate\b"
    r"(?! (?:camera|read|recog))"
)
_SPOKEN_DIGITS = re.compile(rf"\b(?:(?:{_DIGITS})[\s,.-]+){{7,}}(?:{_DIGITS})\b", re.IGNORECASE)
# A number within its own exchange, "five double four, oh one seven": nobody counts in doubles.
_SPOKEN_LOCAL = re.compile(
    rf"\b(?=(?:(?:{_DIGITS})[ ,-]+){{0,5}}(?:double|triple)\b)(?:(?:{_DIGITS})[ ,-]+){{5,}}(?:{_DIGITS})\b",
    re.IGNORECASE,
)
# As recognisers write a number that is read out: "01632 960 0 1 2", "0 1 6 3 2, 9 6 0 7 7 7".
_DIGITS_APART = re.compile(r"(?<![\w/.,-])0(?:,? ?\d){8,}(?![\d/-]|[.,]\d)")


def _plain(pattern: re.Pattern[str], kind: str, confidence: float) -> Callable[[str], Iterator[Found]]:
    """A finder by a pattern; its named groups are ways to say the thing, of which the one that fits is the span."""
    ways = tuple(pattern.groupindex)

    def finder(text: str) -> Iterator[Found]:
        for found in pattern.finditer(text):
            way = next((name for name in ways if found[name] is not None), 0)
            yield Found(found.start(way), found.end(way), kind, confidence)

    return finder


def _nhs_numbers(text: str) -> Iterator[Found]:
    for found in _NHS.finditer(text):
        if nhs_check_digit(re.sub(r"\D", "", found.group())):
            yield Found(found.start(), found.end(), "nhs", 0.95)


def nhs_check_digit(digits: str) -> bool:
    """Whether ten digits are a valid NHS number (modulus 11, NHS Data Dictionary)."""
    remainder = 11 - sum(int(digit) * (10 - place) for place, digit in enumerate(digits[:9])) % 11
    return remainder != 10 and remainder % 11 == int(digits[9])


def _phones(text: str) -> Iterator[Found]:
    if not re.search(r"\d\D{0,3}\d\D{0,3}\d\D{0,3}\d", text):
        return
    import phonenumbers

    matcher = phonenumbers.PhoneNumberMatcher(text, "GB", leniency=phonenumbers.Leniency.VALID)
    for match in matcher:
        yield Found(match.start, match.end, "phone", 0.95)


def _births(text: str) -> Iterator[Found]:
    for told in _TOLD_BIRTH.finditer(text):
        last = 0
        for found in _WHOLE_DATE.finditer(text, *told.span("told")):
            if last and _DATED.search(text[last : found.start()]):
                continue
            last = found.end()
            yield Found(found.start(), last, "born", 0.8)


def births_answered(texts: Sequence[str]) -> Iterator[tuple[int, Found]]:
    """The dates that answer who asks for a date of birth, in what is said next, with the number of their text."""
    for number, text in enumerate(texts):
        for asked in _ASKS_BIRTH.finditer(text):
            here = number + (asked.end() == len(text))
            start = asked.end() if here == number else 0
            answer = texts[here] if here < len(texts) else ""
            told = _ANY_DATE.search(answer, start)
            if told and told.start() - start <= _ANSWER and not _DATED.search(answer[start : told.start()]):
                yield here, Found(told.start(), told.end(), "born", 0.8)


# Of a code read out, so many are letters and so many figures: of "a b c d one two" nothing tells.
_LEAST_OF_EACH = 2
# What is a word as much as a letter.
_LETTER_WORDS = frozenset("aio")


def _spoken_codes(text: str) -> Iterator[Found]:
    for found in _SPOKEN_CODE.finditer(text):
        told_so = " for " in found.group()  # "r for romeo four four": nobody says so of anything else
        said = re.sub(r"\b([a-z]) for \w+", r"\1", found.group().casefold())
        said = re.sub(rf"\b({_LETTERS_CALLED})\b", lambda called: called[0][0], said)
        told = re.split("[ ,-]+", said)
        letters = [one for one in told if len(one) == 1 and one.isalpha() and one not in _LETTER_WORDS]
        figures = sum(1 + (re.fullmatch(_TEENS, one) is not None) for one in told if len(one) > 1 or one.isdigit())
        counted = len(letters) > 1 and "".join(letters) in ascii_lowercase  # "options a, b, c, 1, 2, 3"
        # "the n h s twenty four seven"; what ends in a letter is a plate
        body = len(told[-1]) > 1 and read_keep_list().keeps("".join(letters), bodies=True)
        if min(len(letters) + told_so, figures) >= _LEAST_OF_EACH and not (counted or body):
            yield Found(found.start(), found.end(), "reference", 0.7)


def _digits_apart(text: str) -> Iterator[Found]:
    for found in _DIGITS_APART.finditer(text):
        digits = re.sub(r"\D", "", found.group())
        pieces = found.group().split(",")
        a_list = len(pieces) > _MOST_PIECES and any(len(piece.strip()) > 1 for piece in pieces)  # "0, 2, 5, 10, 12"
        counted = "0123456789".startswith(digits[:6])
        # British numbers begin so.
        if digits[1] in "12378" and len(digits) <= _LONGEST_PHONE and not (a_list or counted):
            yield Found(found.start(), found.end(), "phone", 0.8)


# Of a number that is read out in pieces.
_MOST_PIECES = 5
# A recogniser writes a digit twice, or somebody slips.
_LONGEST_PHONE = 13

_handles = _plain(_SPOKEN_HANDLE, "handle", 0.7)


def _spelled(text: str) -> Iterator[Found]:
    for found in _SPELLED.finditer(text):
        letters = re.sub("[-, ]", "", found.group())
        in_order = list(letters) == sorted(letters)  # "tables A, B, C, D"
        if not (in_order or read_keep_list().keeps(letters, bodies=True)):
            yield Found(found.start(), found.end(), "spelled", 0.8)


def _codes(text: str) -> Iterator[Found]:
    for found in _CODE.finditer(text):
        if not _is_year(re.sub(r"\D", "", found.group())):
            yield Found(found.start(), found.end(), "reference", 0.7)


def _references(text: str) -> Iterator[Found]:
    for found in _REFERENCE.finditer(text):
        digits = sum(letter.isdigit() for letter in found.group("span"))
        # "case 2" and "file 12" are places in a list, and TN/88 is none.
        if (digits >= 3 or "/" in found.group("span")) and not _is_year(found.group("span")):
            yield Found(found.start("span"), found.end("span"), "reference", 0.8)


def _serials(text: str) -> Iterator[Found]:
    for found in _SERIAL.finditer(text):
        if not _is_year(found.group()):
            yield Found(found.start(), found.end(), "reference", 0.8)


def _is_year(text: str) -> bool:
    """Whether it is a year of the last century or this, or two that follow each other: "2018/19", "1999-2000"."""
    found = _YEAR.fullmatch(text)
    if found is None or found["next"] is None:
        return found is not None
    return f"{int(found['year']) + 1}".endswith(found["next"])


# In a text without an "@", a digit, or a dot inside a word or told as one, most find nothing: they aren't even tried.
_WITH_AT: tuple[Callable[[str], Iterator[Found]], ...] = (
    _plain(_EMAIL, "email", 0.99),
    _plain(_HANDLE, "handle", 0.9),
)
_DIGIT = re.compile(r"\d")
_WITH_DIGITS: tuple[Callable[[str], Iterator[Found]], ...] = (
    _nhs_numbers,
    _plain(_TOLD_NHS, "nhs", 0.9),
    _plain(_NINO, "nino", 0.95),
    _plain(_DRIVER, "reference", 0.9),
    _plain(_POSTCODE, "postcode", 0.95),
    _plain(_LOWER_POSTCODE, "postcode", 0.85),
    _plain(_VEHICLE, "vehicle", 0.8),
    _plain(_TOLD_VEHICLE, "vehicle", 0.8),
    _plain(_OTHER_VEHICLE, "vehicle", 0.8),
    _plain(_POLICE_NUMBER, "reference", 0.8),
    _plain(_ADDRESS, "address", 0.85),
    _plain(_HOME, "address", 0.7),
    _plain(_SORT_CODE, "bank", 0.85),
    _plain(_TOLD_SORT_CODE, "bank", 0.9),
    _plain(_ACCOUNT, "bank", 0.9),
    _plain(_IBAN, "bank", 0.85),
    _plain(_IP, "ip", 0.8),
    _references,
    _plain(_IN_PIECES, "reference", 0.8),
    _codes,
    _serials,
    _plain(_BRITISH_PHONE, "phone", 0.9),
    _digits_apart,
    _phones,
)
_DOTTED = re.compile(r"\.\w|dot|full stop|://|www\.", re.IGNORECASE)
_WITH_DOTS: tuple[Callable[[str], Iterator[Found]], ...] = (
    _plain(_SPOKEN_EMAIL, "email", 0.9),
    _plain(_URL, "url", 0.9),
    _plain(_SPOKEN_URL, "url", 0.85),
)
_FINDERS: tuple[Callable[[str], Iterator[Found]], ...] = (
    _handles,
    _plain(_ACCOUNT_NAME, "handle", 0.7),
    _spelled,
    _plain(_SPOKEN_ADDRESS, "address", 0.7),
    _plain(_NAMED_HOME, "address", 0.7),
    _plain(_BORN, "born", 0.9),
    _births,
    _spoken_codes,
    _plain(_SPOKEN_DIGITS, "phone", 0.8),
    _plain(_SPOKEN_LOCAL, "phone", 0.7),
)

# What stands in the place of each kind.
SHOWN = {
    "email": "e-mail address", "phone": "phone number", "nhs": "NHS number", "nino": "National Insurance number",
    "postcode": "postcode", "address": "address", "vehicle": "vehicle registration", "bank": "bank details",
    "born": "date of birth", "handle": "account name", "url": "web address", "reference": "reference",
    "ip": "network address", "spelled": "spelled name",
}  # fmt: skip
