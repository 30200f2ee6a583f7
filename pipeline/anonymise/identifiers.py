"""Organisations, places and roles that point at a person without naming one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.anonymise.forms import fold
from pipeline.anonymise.keep import KeepList, plain_name
from pipeline.anonymise.reading import Reading
from pipeline.anonymise.roster import Somebody


@dataclass(frozen=True, slots=True)
class Identifier:
    """A span that points at a person or their employer."""

    turn_id: str
    start: int
    end: int
    entity_type: str  # ORG, PLACE, ROLE
    replacement: str
    found_by: str  # roster, model, pattern, propagation
    confidence: float


# What an organisation is, by a word of its name; the first that fits.
_SORTS = (
    ("health board", r"health board|bwrdd iechyd|\bnhs\b.*trust|foundation trust|hospital|hospice|clinic|surgery"),
    ("council", r"council|cyngor|borough|local authority"),
    ("university", r"universit|prifysgol"),
    ("college", r"college|coleg"),
    ("school", r"school|ysgol|academy|nursery"),
    ("police", r"police|heddlu|constabulary"),
    ("fire service", r"fire (?:and|&) rescue|fire service"),
    ("court", r"\bcourt|tribunal"),
    ("parliament", r"parliament|senedd|assembly|house of"),
    ("committee", r"committee|pwyllgor"),
    ("government", r"government|llywodraeth|ministry|department|treasury|office"),
    ("charity", r"trust|charit|foundation|society|care|voices|network"),
    ("union", r"union|undeb"),
    ("housing association", r"housing|cartrefi|tai\b"),
    ("company", r"\bltd|limited|\bplc|\bllp|\binc\b|company|\bag\b|gmbh|group"),
    ("association", r"association|federation|confederation|institute|cymdeithas"),
)


def sort_of(name: str) -> str:
    """What an organisation is, by its name: "health board"; empty where the name doesn't say."""
    folded = fold(name)
    return next((sort for sort, pattern in _SORTS if re.search(pattern, folded)), "")


def organisation_shown(name: str) -> str:
    """What stands in an organisation's place."""
    sort = sort_of(name)
    return f"[organisation: {sort}]" if sort else "[organisation]"


_POST = (
    r"(?:chief executive(?: officer)?|chief officer|(?:deputy |assistant |executive |managing )?director(?: general)?|head|chair|"
    r"(?:deputy )?leader|president|principal|vice-chancellor|headteacher|chief constable|general secretary|manager|lecturer|"
    r"professor|consultant|trustee)"
)
# What stands before the organisation that somebody works for: a post ("chief executive of"), or what they say of
# themselves ("I work for", "here at", "on behalf of").
_EMPLOYED = re.compile(
    rf"(?:\b{_POST}(?: (?:of|for) [a-z ,]{{3,50}})?,? (?:of|at|for|in|with)|"
    r"\b(?:i|we)(?: currently| also| now)? (?:work|worked|volunteer|manage|lead|run|am employed|are employed)(?: for| at| with| by| in)?|"
    r"\b(?:i'm|i am|we're|we are)(?: here)? (?:from|with|representing|speaking for)|"
    r"\b(?:my|our) (?:employer|organisation|company|charity|trust|health board|council|university|school|college)(?: is|,)|"
    r"\b(?:here at|us at|we at|on behalf of|my (?:job|role|post|work) (?:at|with|in|for)))\s+(?:the\s+)?$",
    re.IGNORECASE,
)


def employers(readings: Iterable[Reading], people: Iterable[Somebody]) -> dict[str, str]:
    """Organisations that somebody at the table works for, folded, and how that is known (roster, model).

    They come from the roster and the labels, and from what is said: "as chief executive of ...", "I work for ...".
    """
    found = {}
    for somebody in people:
        if somebody.at_table and somebody.organisation:
            found[plain_name(somebody.organisation)] = "roster"
    for reading in readings:
        for entity in reading.analysis.entities:
            if entity.label == "ORG" and _EMPLOYED.search(reading.text[max(0, entity.start - 120) : entity.start]):
                shown = _bare(reading.text[entity.start : entity.end])
                if sort_of(shown) or (shown.isupper() and len(shown) > 2):
                    found.setdefault(plain_name(shown), "model")
    return found


def _bare(name: str) -> str:
    return re.sub(r"^(?:the|The|y|Y|yr|Yr)\s+|['’]s?$", "", name)


def find_employers(readings: Iterable[Reading], known: Mapping[str, str], keep: KeepList) -> Iterator[Identifier]:
    """Every place where an employer is named, whole or by its initials."""
    names = {name: how for name, how in known.items() if how == "roster" or not keep.keeps(name, bodies=True)}
    if not names:
        return
    acronyms = {short: name for name in sorted(names) if (short := _initials(name))}
    pattern = re.compile(
        r"(?<!\w)(?:"
        + "|".join(re.escape(name) for name in sorted(names, key=lambda one: (-len(one), one)))
        + r")(?!\w)"
    )
    for reading in readings:
        folded = _aligned(reading.text)
        for found in pattern.finditer(folded):
            shown = reading.text[found.start() : found.end()]
            if reading.cased and not shown[0].isupper() and not shown[0].isdigit():
                continue
            by = names[found.group()]
            yield _organisation(
                reading, found.start(), found.end(), shown, "roster" if by == "roster" else "propagation"
            )
        for found in re.finditer(r"\b[A-Z]{3,8}\b", reading.text):
            if found.group() in acronyms and not keep.keeps(found.group(), bodies=False):
                name = acronyms[found.group()]
                yield Identifier(
                    reading.turn_id, found.start(), found.end(), "ORG", organisation_shown(name), "propagation", 0.8
                )


def _aligned(text: str) -> str:
    """The text folded letter by letter, of the same length, so that its offsets are the text's own."""
    return "".join(fold(letter)[:1] or letter for letter in text)


def _initials(name: str) -> str:
    """The initials of a name of three words and more, capitals: "HEFCW"; empty for a shorter one."""
    parts = [part for part in name.split() if part not in ("of", "the", "and", "for", "in", "&", "y", "yr", "a")]
    return "".join(part[0] for part in parts).upper() if len(parts) > 2 else ""


def _organisation(reading: Reading, start: int, end: int, name: str, by: str) -> Identifier:
    return Identifier(reading.turn_id, start, end, "ORG", organisation_shown(name), by, 0.95 if by == "roster" else 0.8)


_ORG_TAIL = (
    r"(?:University|College|School|Council|Committee|Government|Board|Trust|Foundation|Association|Agency|Authority|Service|"
    r"Commission|Company|Institute|Society|Union|Department|Ministry|Federation|Confederation|Network|Parliament|Assembly|Hospital|"
    r"Hospice|Academy|Church|Group|Partnership|Consortium|Office|Inspectorate|Office|Centre|Forum|Alliance|Ltd|Limited|plc|LLP|"
    r"Met|Cymru|Wales)"
)
_WORD = r"[A-ZÀ-ÖØ-ÞŴŶ][\w'’&-]*"
_ORG_PATTERN = re.compile(
    rf"\b{_WORD}(?:,? (?:and |of |for |the |in |y |yr )*{_WORD})* {_ORG_TAIL}\b(?: (?:of|for) (?:the )?{_WORD}(?: {_WORD})*)?"
    rf"|\b(?:University|College|Bank|Council|Institute|Prifysgol|Coleg|Ysgol|Cyngor|Heddlu) (?:of |for |y |yr )?(?:the )?{_WORD}(?: {_WORD})*"
)


def find_organisations(readings: Sequence[Reading], keep: KeepList) -> Iterator[Identifier]:
    """Every organisation that the model or its form gives, whoever works there, but for the keep list's `always`."""
    names: set[str] = set()
    for reading in readings:
        for start, end in _organisation_spans(reading):
            name = reading.text[start:end]
            if not _no_organisation(name, keep):
                names.add(plain_name(name))
    names |= keep.bodies
    yield from _everywhere(readings, names)


def _organisation_spans(reading: Reading) -> Iterator[tuple[int, int]]:
    for entity in reading.analysis.entities:
        if entity.label == "ORG":
            text = reading.text[entity.start : entity.end]
            bare = _bare(text)
            start = entity.start + text.index(bare)
            yield start, start + len(bare)
    for found in _ORG_PATTERN.finditer(reading.text):
        yield found.span()


def _no_organisation(name: str, keep: KeepList) -> bool:
    if keep.keeps(name, bodies=False) or len(name) < 3 or not any(letter.isupper() for letter in name):
        return True
    return bool(re.search(r"\b(?:Act|Bill|Order|Standing|Item|Amendment|Assent|section|GCSE|level)\b|[—\[\]]", name))


def _everywhere(readings: Iterable[Reading], names: Iterable[str]) -> Iterator[Identifier]:
    listed = sorted({name for name in names if len(name) > 2}, key=lambda name: (-len(name), name))
    if not listed:
        return
    pattern = re.compile(r"(?<!\w)(?:" + "|".join(re.escape(name) for name in listed) + r")(?!\w)")
    for reading in readings:
        folded = _aligned(reading.text)
        for found in pattern.finditer(folded):
            shown = reading.text[found.start() : found.end()]
            if not reading.cased or shown[0].isupper():
                yield _organisation(reading, found.start(), found.end(), shown, "model")


_REGION = re.compile(
    r"\b(?:(?:[Nn]orth|[Ss]outh|[Ww]est|[Ee]ast|[Mm]id|[Cc]entral)(?:[- ](?:[Nn]orth|[Ss]outh|[Ww]est|[Ee]ast))?[- ])+"
    r"(?:Wales|England|Scotland|Ireland|London|[A-Z]\w+shire|[Ww]est|[Ee]ast)\b"
)


def find_places(readings: Sequence[Reading], gazetteer: frozenset[str], keep: KeepList) -> Iterator[Identifier]:
    """Every place that the model, the gazetteer or its form gives, mutated too, but for the keep list's `always`."""
    for reading in readings:
        for entity in reading.analysis.entities:
            text = reading.text[entity.start : entity.end]
            if entity.label in ("GPE", "LOC", "FAC") and text[:1].isalpha() and not keep.keeps(text, bodies=False):
                bare = _bare(text)
                if bare[:1].isupper() and not re.search(r"[\d—\[\]]|Government|Minister|^Item", bare):
                    start = entity.start + text.index(bare)
                    yield Identifier(reading.turn_id, start, start + len(bare), "PLACE", "[place]", "model", 0.75)
        for found in _REGION.finditer(reading.text):
            yield Identifier(reading.turn_id, found.start(), found.end(), "PLACE", "[place]", "pattern", 0.85)
        for word in reading.words:
            if word.folded in gazetteer and (word.capital or not reading.cased):
                yield Identifier(reading.turn_id, word.start, word.end, "PLACE", "[place]", "gazetteer", 0.9)


_OFFICE = (
    r"(?:minister|secretary of state|cabinet secretary|permanent secretary|commissioner|chief (?:executive|nurse|nursing officer|"
    r"medical officer|whip|constable|inspector|officer|scientific adviser|economist|social worker|dental officer|pharmaceutical officer)|"
    r"director(?: general)?|vice[- ]chancellor|chancellor|president|principal|ombudsman|auditor general|counsel general|"
    r"lord chief justice|children's commissioner|police and crime commissioner|first minister|prime minister|llywydd|"
    r"assembly member|member of parliament|head|leader|headteacher|permanent secretary|attorney general)"
)
_QUALIFIER = (
    r"(?:(?:former|current|new|previous|acting|interim|deputy|vice|shadow|assistant|first|prime|chief|executive|managing|finance|medical|"
    r"clinical|education|health|economy|finance|environment|housing|children's|older people's|future generations|culture|transport|"
    r"justice|brexit|rural affairs|skills|social care|home|foreign|national|strategic|corporate|programme|regional|operations)\s+)*"
)
_ROLE = re.compile(
    rf"(?:\b(?:the|our|a|an)\s+)?\b{_QUALIFIER}{_OFFICE}\b(?!s\b)"
    r"(?:,? (?:of|for|at|in)(?: the)? [A-Za-z'’-]+(?:(?:,? (?:and|of|the|for))* (?:[A-Z][\w'’-]*|health|services|education|social|care|"
    r"groups|group|economy|children|equality|skills|family|division|vulnerable|misuse|substance|play|early|years|whip|chief))*)?",
    re.IGNORECASE,
)


def find_roles(readings: Iterable[Reading]) -> Iterator[Identifier]:
    """Offices that one person holds at a time: "the Minister for Education", "chief executive of ..."."""
    for reading in readings:
        for found in _ROLE.finditer(reading.text):
            yield Identifier(reading.turn_id, found.start(), found.end(), "ROLE", "[role]", "pattern", 0.7)
