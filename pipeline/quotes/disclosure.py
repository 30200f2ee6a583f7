"""How likely a printed quote is to give its speaker away, why, and which coarser attribution would lower that.

Two things give a speaker away: attributes that few at the table share, and what the words themselves say. At a table
of eight the honest advice is usually to say less. The rules are a first reading for people, not a guarantee: they
know English and the usual words of Welsh, and nothing of who could be reading.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.tables import Participant

# Somebody who is one of so few with an attribute, at their table, can be guessed by the others who sat there.
FEW = 3
# At a table this small, being "one participant" is little to hide behind.
SMALL_TABLE = 4
_SEVERAL = 3  # so many slight clues together are as good as a grave one

_KIN = (
    "son|daughter|husband|wife|mother|father|mum|mam|dad|partner|brother|sister|child|children|baby|boy|girl|grandson|"
    "granddaughter|nephew|niece|twins|family"
)
_HEALTH = (
    "cancer|stroke|diagnosis|diagnosed|depress\\w+|anxiety|breakdown|addict\\w*|alcoholi\\w+|miscarr\\w+|pregnan\\w+|"
    "suicid\\w+|disab\\w+|autis\\w+|epilep\\w+|dementia|hiv|transplant|illness|overdose|self-harm\\w*"
)
_OFFICE = (
    "chief executive|chief constable|chief officer|director|head|headteacher|chair|chairman|chairwoman|founder|"
    "commissioner|minister|mayor|leader|manager|consultant|principal|vice-chancellor|secretary|coroner|bishop"
)

_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"

# The same in Welsh, as they are and as they are changed after "my" and in a sentence.
_WELSH_KIN = (
    "mab|merch|ferch|n?gŵr|n?gwraig|wraig|mam|fam|nhad|tad|dad|brawd|mrawd|frawd|chwaer|plentyn|mhlentyn|blentyn|"
    "plant|mhlant|blant|mabi|babi|fabi|partner|mhartner|bartner|nheulu|teulu|deulu|nai|nith|ŵyr|wyres|nain|nhaid|taid|"
    "daid|mam-gu|tad-cu|nhad-cu|modryb|ewythr"
)
_WELSH_HEALTH = (
    "(?:[cg]h?|ngh)anser|strôc|(?:dd?|n)iagnosis|iselder|(?:n?g)?orbryder|(?:dd?|n)ementia|awtis\\w*|epilepsi|"
    "[bfm]eichiog\\w*|anabl\\w*|anabledd|hunanladdiad|salwch|erthyl\\w*|camesgor\\w*|gaeth i"
)
_WELSH_OFFICE = (
    "[pb]rif weithredwr\\w*|[pb]rif gwnstabl|[pb]rif swyddog|[cg]yfarwyddwr\\w*|[pb]ennaeth|[pb]rifathr\\w+|"
    "[cg]adeirydd|sylfaenydd|[cg]omisiynydd|g?weinidog|[mf]aer|arweinydd|rh?eolwr\\w*|ysgrifennydd|c?rwner|grwner|esgob"
)
_WELSH_I_AM = "fel|dw i'n|dwi'n|rydw i'n|rwy'n|rwyf yn|wi'n|o'n i'n|oeddwn i'n|roeddwn i'n|fi (?:yw|ydi|ydy|oedd)"
_WELSH_MONTHS = (
    "ionawr|chwefror|mawrth|ebrill|mai|mehefin|gorffennaf|awst|medi|hydref|tachwedd|rhagfyr|fawrth|fai|fehefin|"
    "orffennaf|fedi|dachwedd|ragfyr"
)
# "The only way that we find out" is no person, and no place that points to one.
_NOBODY = r"(?:thing|way|reason|time|point|difference|problem|question|answer)s?\b"
_MY = "fy|'y|ein"


@dataclass(frozen=True, slots=True)
class _Clue:
    pattern: re.Pattern[str]
    grave: bool  # enough by itself for a high risk
    words: str
    coarser: str


def _clue(pattern: str, *, grave: bool, words: str, coarser: str) -> _Clue:
    # Searched in lower case: to ask for either case takes twice as long.
    return _Clue(re.compile(pattern), grave, words, coarser)


_CLUES: tuple[_Clue, ...] = (
    _clue(
        r"\b(as|being|i am|i'm|i was|we are|we're|we were) (the|one of the) (only|sole|first|last|youngest|oldest|"
        r"few)\b|"
        rf"\bthe only (?!{_NOBODY})\w+ (in|at|from|of|who|that|on|for)\b|\bnobody else (in|does|has)\b|"
        r"\b(fi|ni) (yw|ydi|ydy|oedd)('r| yr) unig\b|\b(yr|fel yr|fi oedd yr) unig \w+ (yn|yng|ym|sy|sydd|oedd|o|ar)\b|"
        r"\bneb arall (yn|yng|ym|sy|sydd)\b",
        grave=True,
        words="says that the speaker is the only one of a kind",
        coarser="leave the place or the role out of the quote",
    ),
    _clue(
        rf"\b(as|i am|i'm|i was|i've been|being|my (job|role|post) (as|is)) (a |an |"
        rf"the )?([\w-]+ ){{0,2}}({_OFFICE})\b|\b(?:{_WELSH_I_AM}) (y |yr |'r )?({_WELSH_OFFICE})(?!\w)",
        grave=True,
        words="names the speaker's own office",
        coarser="choose a part without the office",
    ),
    _clue(
        rf"\b(my|i have|i had|i was|i've|i'm|i am|we lost|our)( [\w'-]+){{0,4}} ({_HEALTH})\b|\bi (lost|buried) my\b|"
        r"\bwhen i was (ill|sectioned|in care|homeless|arrested|in prison|made redundant|evicted|abused)\b|"
        rf"(?<!\w)({_MY}|mae (?:gen i|gynna i|gyda fi)|[cg]es i|gafodd|gawson ni|o'n i'n|roeddwn i'n)( [\w'-]+){{0,4}} "
        rf"({_WELSH_HEALTH})(?!\w)|\b(c|g|ch)oll(ais|es|odd|on|odden) (i|ni) (fy|ein|'n)\b|"
        r"\bpan o(edd|'|')?(wn|n) i('n| yn)? (sâl|ddigartref|y carchar|gofal|mewn gofal)\b",
        grave=True,
        words="tells of the speaker's own or family's health or hardship",
        coarser="ask the speaker before printing",
    ),
    _clue(
        rf"\b(my|our) (own )?(late )?(\w+ )?({_KIN})\b|(?<!\w)({_MY}) ({_WELSH_KIN})(?!\w)|"
        r"\b(roedd|oedd|mae|bu|ddudodd|ddywedodd|wedodd) (mam|dad|nain|taid|mam-gu|tad-cu)\b",
        grave=False,
        words="speaks of the speaker's family",
        coarser="print as one participant",
    ),
    _clue(
        r"\b(my|our) (village|town|parish|island|valley|constituency|ward|street|estate|farm|practice|surgery|school|"
        r"hospital|council|charity|company|organisation|health board|service|team)\b|"
        rf"(?<!\w)({_MY}) (pentre\w*|mhentre\w*|tre|nhre|plwyf|mhlwyf|ynys|cwm|nghwm|stryd|stad|fferm|ysgol|ysbyty|"
        r"cyngor|nghyngor|elusen|cwmni|nghwmni|mudiad|bwrdd iechyd|gwasanaeth|ngwasanaeth|tîm|nhîm|practis|"
        r"meddygfa)(?!\w)",
        grave=False,
        words="speaks of the speaker's own place or organisation",
        coarser="print as one participant",
    ),
    _clue(
        r"\[(p|f|o)\d+\]",
        grave=False,
        words="speaks of somebody at the table",
        coarser="choose a part that doesn't name them",
    ),
    _clue(
        r"\[(person|place|organisation|contact|role)\b[^\]]*\]",
        grave=False,
        words="has words replaced in it, which those who know may fill in",
        coarser="choose a part without the brackets",
    ),
    _clue(
        r"£\s?\d|(?<![\w.,])(?!100\b|(?:19|20)\d\d\b)(\d{1,3}(,\d{3})+|\d+\.\d+|\d{3,})\b",
        grave=False,
        words="gives an exact number",
        coarser="check that the number is public, or leave it out",
    ),
    _clue(
        rf"\b(on (the )?\d{{1,2}}(st|nd|rd|th)?( of)? ({_MONTHS})|in (19|20)\d\d|(last|this) ({_MONTHS}))\b|"
        rf"\b(yn|ym|mis) ((19|20)\d\d|({_WELSH_MONTHS}) (diwethaf|dwetha|hwn|yma))\b|"
        rf"\b\d{{1,2}}(af|il|ydd|ed|fed|eg|ain)? (o )?(fis )?({_WELSH_MONTHS})\b",
        grave=False,
        words="gives a date",
        coarser="leave the date out",
    ),
)
_PLACE = re.compile(
    r"\b(?:in|at|from|near|around|across|outside|yn|yng|ym|o|i|ger)\s+((?:[A-ZÂÊÎÔÛŴŶ][\w'’-]+)(?:\s+[A-ZÂÊÎÔÛŴŶ][\w'’-]+)*)"
)
# Names so wide that they give nobody away.
_WIDE = frozenset(
    "Wales England Scotland Ireland Northern Britain UK United Kingdom Europe London Cymru Government Parliament Welsh "
    "English British European Union EU NHS Westminster January February March April May June July August September "
    "October November December Monday Tuesday Wednesday Thursday Friday Saturday Sunday I "
    "Gymru Nghymru Lloegr Loegr Alban Iwerddon Prydain Brydain Mhrydain Ewrop Llundain Lundain Senedd Llywodraeth "
    "Lywodraeth Cymraeg Gymraeg Saesneg Mam Dad Nain Taid Ionawr Chwefror Mawrth Ebrill Mai Mehefin Gorffennaf Awst "
    "Medi Hydref Tachwedd Rhagfyr Fawrth Fai Fehefin Orffennaf Ngorffennaf Fedi Dachwedd Nhachwedd Ragfyr Llun "
    "Mercher Iau Gwener Sadwrn Sul Lun Fercher Wener".split()
)


@dataclass(frozen=True, slots=True)
class Disclosure:
    """A candidate's risk of giving its speaker away."""

    risk: str  # none, low, high
    reasons: tuple[str, ...]  # why, and last what would lower it
    coarser: str  # the attribution that would lower it; empty where the risk is none


def disclosure(
    text: str, *, speaker: Participant | None, table: Sequence[Participant], same_language: int | None = None
) -> Disclosure:
    """The risk of printing `text` with the finest attribution that its speaker's consent allows.

    `table` are the participants (no facilitators) who sat at the roundtable, the speaker among them; `same_language`
    says how many of them spoke the quote's language there, None where all did.
    """
    found = [*_of_attributes(speaker, table, same_language), *_of_words(text)]
    if not found:
        return Disclosure("none", (), "")
    grave = any(clue_grave for clue_grave, _, _ in found) or len(found) >= _SEVERAL
    coarser = "; ".join(_advice(advice for _, _, advice in found))
    reasons = tuple(dict.fromkeys(words for _, words, _ in found))
    return Disclosure("high" if grave else "low", (*reasons, f"to lower it: {coarser}"), coarser)


def _advice(given: Iterable[str]) -> list[str]:
    """Each piece of advice once; where one says another and more ("..., without the sector"), the one alone."""
    once = list(dict.fromkeys(given))
    return [one for one in once if not any(other.startswith(f"{one},") for other in once)]


_Found = tuple[bool, str, str]


def _of_attributes(
    speaker: Participant | None, table: Sequence[Participant], same_language: int | None
) -> list[_Found]:
    found: list[_Found] = []
    plain = "print as one participant, without the sector"
    if speaker is not None and speaker.sector and speaker.consent == "quote_with_role":
        sharing = sum(person.sector == speaker.sector for person in table)
        if sharing <= 1:
            found.append((True, "nobody else at this roundtable is of the speaker's sector", plain))
        elif sharing <= FEW:
            found.append((False, f"only {sharing} at this roundtable are of the speaker's sector", plain))
    if same_language is not None and same_language <= FEW:
        words = f"only {same_language} at this roundtable spoke this language"
        found.append((same_language <= 1, words, "print a translation beside or instead of it"))
    if 0 < len(table) <= SMALL_TABLE:
        found.append((False, f"only {len(table)} sat at this roundtable", "don't say which roundtable it was"))
    return found


def _of_words(text: str) -> list[_Found]:
    plain = text.replace("’", "'").lower()
    found = [(clue.grave, clue.words, clue.coarser) for clue in _CLUES if clue.pattern.search(plain)]
    places = [name for name in _PLACE.findall(text) if not set(name.split()) <= _WIDE]
    if places:
        found.append((False, "names a place or a body: check", "name a wider place, or leave it out"))
    return found
