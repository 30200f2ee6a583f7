"""Organisations, places and roles that point at a person without naming one."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.anonymise.forms import Word, fold, is_given, words
from pipeline.anonymise.keep import KeepList, is_of_a_law
from pipeline.anonymise.places import VILLAGE, gazetteer
from pipeline.anonymise.reading import Reading
from pipeline.anonymise.roster import Somebody
from pipeline.backends.protocols import Entity


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
    (
        "health board",
        r"health board|bwrdd iechyd|\b(?:nhs|health(?:care)?)\b.*trust|foundation trust"
        r"|hospital|hospice|clinic|surgery",
    ),
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


# What stands before the organisation that somebody works for: a post ("chief executive of"), or what they say of
# themselves ("I work for", "here at", "on behalf of").
_EMPLOYED = re.compile(
    r"(?:\b(?:chief executive(?: officer)?|chief officer|(?:deputy |assistant |executive |managing )?director"
    r"(?: general)?|head|chair|(?:deputy )?leader|president|principal|vice-chancellor|headteacher|chief constable"
    r"|general secretary|manager|lecturer|professor|consultant|trustee)(?: (?:of|for) [a-z ,]{3,50})?,?"
    r" (?:of|at|for|in|with)"
    r"|\b(?:i|we)(?: currently| also| now)? (?:work|worked|volunteer|manage|lead|run|am employed|are employed)"
    r"(?: for| at| with| by| in)?"
    r"|\b(?:i'm|i am|we're|we are)(?: here)? (?:from|with|representing|speaking for)"
    r"|\b(?:my|our) (?:employer|organisation|company|charity|trust|health board|council|university|school|college)"
    r"(?: is|,)"
    r"|\b(?:here at|us at|we at|on behalf of|my (?:job|role|post|work) (?:at|with|in|for)))\s+(?:the\s+)?$",
    re.IGNORECASE,
)


# And no "I've", of "Ysbyty Glan Elwy and I've been there".
_WORD = r"(?!I(?:['’]|\b))[A-ZÀ-ÖØ-ÞŴŶ][\w&-]{0,40}(?:['’](?!s\b)\w+)?"
# The same, where what somebody says of themselves leaves no doubt: then two words in capitals are an employer, whatever
# it is called: "I'm with Llwybr Hafren", "I'm one of the partners at Hafren Road". Not whom or what they work with, are
# head of, or have: "Looked After Children", "Adult Services", "a child with Down Syndrome".
_OWN_EMPLOYER = re.compile(
    rf"(?:\b[Ii](?:['’]m| am) (?:here |currently |also )?with"
    rf"|\b[Ii] (?:currently |also |now )?(?:(?:work|drive|teach|nurse) (?:for|at)|volunteer (?:for|at|with))"
    rf"|\b[Ii](?:['’]m| am) (?:a|an|the|one of the) [a-z][a-z -]{{2,40}} at"
    rf"|\b[Ii](?:['’]m| am) (?:the )?(?:chief exec(?:utive)?(?: officer)?|founder|owner|trustee) (?:of|at|for))"
    rf" (?:the )?(?P<name>{_WORD}(?: (?:(?:of|for|and|the|y|yr|&) )?{_WORD}){{1,5}})"
)


def _own_employers(reading: Reading) -> Iterator[str]:
    """What people say that they work for; somebody's or some place's name is none."""
    for found in _OWN_EMPLOYER.finditer(reading.text):
        named = reading.within(*found.span("name"))
        entities = [one for word in named for one in reading.entities_at(word)]
        person = any(one.label == "PERSON" for one in entities) or (len(named) == 2 and is_given(named[0].folded))
        place = any(one.label in ("GPE", "LOC") and one.end - one.start >= len(found["name"]) for one in entities)
        place = place or any(word.folded in gazetteer() for word in named)
        # One works at, but not for, a town.
        told = reading.text[found.start() : found.start("name")].removesuffix("the ")
        somewhere = place and told.endswith((" at ", " of "))
        # "I'm with the Minister for Education on that": of one mind.
        agrees = told.endswith(" with ") and reading.text.startswith(" on ", found.end())
        if not (person or somewhere or agrees):
            yield found["name"]


def employers(readings: Iterable[Reading], people: Iterable[Somebody]) -> dict[str, str]:
    """Organisations that somebody at the table works for, and how that is known (roster, model).

    They come from the roster and the labels, and from what is said: "as chief executive of ...", "I work for ...".
    """
    found = {}
    for somebody in people:
        if somebody.at_table and somebody.organisation:
            found[somebody.organisation] = "roster"
    for reading in readings:
        for name in _own_employers(reading):
            found.setdefault(name, "pattern")
        for start, end in _organisation_spans(reading):
            shown = reading.text[start:end]
            told = sort_of(shown) or (shown.isupper() and len(shown) > 2)
            if told and _EMPLOYED.search(reading.text[max(0, start - 120) : start]):
                found.setdefault(shown, "model")
    return found


def _bare(name: str) -> str:
    return re.sub(r"^(?:the|The|y|Y|yr|Yr)\s+|['’]s?$", "", name)


class Phrases:
    """Names of several words, to be found wherever they stand, with their initials; a roster's in short too."""

    _gap = re.compile(r"[\s,.&'’/()–-]{0,3}")

    def __init__(self, names: Mapping[str, str]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str, str]]] = {}
        for name, how in sorted(names.items()):
            for form in dict.fromkeys((name, _initials(name), _in_short(name) if how == "roster" else "")):
                parts = tuple(word.folded for word in words(form))
                if len("".join(parts)) > 2:
                    self._by_first.setdefault(parts[0], []).append((parts, name, how))
        for listed in self._by_first.values():
            listed.sort(key=lambda item: (-len(item[0]), item))

    def find(self, reading: Reading, *, small: bool = False) -> Iterator[tuple[int, int, str, str]]:
        """Start, end, name and how it is known, of each place; none overlaps another.

        With `small` only the places where it opens without a capital in a text that has them.
        """
        if self._by_first.keys().isdisjoint(reading.said):
            return
        place = 0
        while place < len(reading.words):
            taken = 1
            for parts, name, how in self._by_first.get(reading.words[place].folded, ()):
                found = reading.words[place : place + len(parts)]
                if self._stands(reading, found, parts, small):
                    yield found[0].start, found[-1].end, name, how
                    taken = len(parts)
                    break
            place += taken

    def _stands(self, reading: Reading, found: Sequence[Word], parts: tuple[str, ...], small: bool) -> bool:
        if tuple(word.folded for word in found) != parts or (reading.cased and found[0].capital is small):
            return False
        if small and not reading.cased:
            return False
        gaps = (reading.text[left.end : right.start] for left, right in itertools.pairwise(found))
        return all(self._gap.fullmatch(gap) for gap in gaps)


def _initials(name: str) -> str:
    """The initials of a name of three words and more: "HEFCW"; empty for a shorter one."""
    parts = [word.folded for word in words(name) if len(word.folded) > 1]
    parts = [part for part in parts if part not in ("of", "the", "and", "for", "in", "yr")]
    return "".join(part[0] for part in parts).upper() if len(parts) > 2 else ""


# What bodies are, which people leave out; not of those that are called after the place where they are, a council or a
# health board: "in Swansea Bay" is said of a place.
_SORT_WORDS = frozenset(
    "association bureau care centre charity cic community cymru federation foundation group homes hospice housing"
    " limited ltd network partnership services society trust wales".split()
)


def _in_short(name: str) -> str:
    """What people call a body by: "Hafan Hill" of "Hafan Hill Homes"; empty where that is one word ("Age Cymru")."""
    whole = _bare(name).split()
    parts = whole.copy()
    while parts and fold(parts[-1]) in _SORT_WORDS:
        parts.pop()
    short = " ".join(parts)
    told = 1 < len(parts) < len(whole) and not {"and", "for", "of"} & {fold(part) for part in parts}
    return short if told and fold(short) not in gazetteer() else ""


def find_employers(readings: Sequence[Reading], known: Mapping[str, str], keep: KeepList) -> Iterator[Identifier]:
    """Every place where an employer is named, whole, by its initials or, if it is on the roster, in short.

    A body that everybody knows, or that people also write small ("local government"), only if it is on the roster.
    """
    sought = {name: how for name, how in known.items() if how == "roster" or not keep.keeps(name, bodies=True)}
    for name in _common_nouns(readings, {name: how for name, how in sought.items() if how != "roster"}):
        del sought[name]
    yield from _everywhere(readings, sought)


def _everywhere(readings: Iterable[Reading], names: Mapping[str, str]) -> Iterator[Identifier]:
    phrases = Phrases(names)
    for reading in readings:
        for start, end, name, how in phrases.find(reading):
            # "It comes to mind", in small letters, is no charity.
            lone = reading.within(start, end)[:2]
            if how == "keep list" and not reading.cased and len(lone) == 1 and reading.pos(lone[0]) != "PROPN":
                continue
            shown = organisation_shown(name)
            in_short = fold(reading.text[start:end]) == fold(_in_short(name))
            following = reading.next_to(reading.place_of(reading.within(start, end)[-1]))
            if in_short and following is not None and following.capital and reading.cased:
                continue  # "Hafan Hill Road"
            confidence = 0.6 if in_short else 0.95 if how == "roster" else 0.8
            yield Identifier(reading.turn_id, start, end, "ORG", shown, how, confidence)


_TAIL = (
    r"(?:University|College|School|Council|Committee|Government|Board|Trust|Foundation|Association|Agency|Authority"
    r"|Service|Commission|Company|Institute|Society|Union|Department|Ministry|Federation|Confederation|Network"
    r"|Parliament|Assembly|Hospital|Hospice|Academy|Church|Group|Partnership|Consortium|Office|Inspectorate|Centre"
    r"|Forum|Alliance|Ltd|Limited|plc|LLP|Met|Cymru|Wales)"
)
# More words before what it is no organisation's name has: read any further, captions in capitals throughout would be
# read anew from each word to their end.
_WORDS_BEFORE = 20
_ORG_PATTERN = re.compile(
    rf"\b{_WORD}(?:(?:, |,? and |,? and the | of | of the | for | for the | y | yr | ){_WORD}){{0,{_WORDS_BEFORE}}}"
    rf" {_TAIL}\b"
    rf"(?: (?:of|for) (?:the )?{_WORD}(?: {_WORD})*)?"
    rf"|\b(?:University|College|Bank|Council|Institute|Prifysgol|Coleg|Ysgol|Cyngor|Heddlu) (?:of |for |y |yr )?"
    rf"(?:the )?{_WORD}(?: {_WORD})*"
    rf"|\b(?:{_WORD} )?Saint {_WORD}"
)

_TWO_ORGANISATIONS = re.compile(
    r"(?:(?<=Trust)|(?<=Board)|(?<=Council)|(?<=University)|(?<=College)|(?<=Government))(?:, (?:and )?| and )(?:the )?"
)


def find_organisations(readings: Sequence[Reading], keep: KeepList) -> Iterator[Identifier]:
    """Every organisation that the model or its form gives, whoever works there, but for the keep list's `always`."""
    names = dict.fromkeys(keep.shown_bodies, "keep list")
    for reading in readings:
        for start, end in _organisation_spans(reading):
            name = reading.text[start:end]
            if not _no_organisation(name, keep):
                names.setdefault(name, "model")
    for name in _common_nouns(readings, names):
        del names[name]
    yield from _everywhere(readings, names)
    for reading in readings:
        for found in _OUR_BODY.finditer(reading.text):
            shown = organisation_shown(found.group("body"))
            yield Identifier(reading.turn_id, found.start(), found.end(), "ORG", shown, "pattern", 0.6)


def _common_nouns(readings: Sequence[Reading], names: Mapping[str, str]) -> list[str]:
    """Of the names, those that people also write without a capital: "social services" is no organisation's name."""
    phrases = Phrases(names)
    return sorted({name for reading in readings for _, _, name, _ in phrases.find(reading, small=True)})


# A parliament is somebody's employer only where it is theirs.
_OUR_BODY = re.compile(r"\b[Oo]ur (?P<body>Parliament|Assembly|Council|Health Board|University|Trust|Department)\b")


def _organisation_spans(reading: Reading) -> Iterator[tuple[int, int]]:
    for entity in reading.analysis.entities:
        if entity.label == "ORG":
            text = reading.text[entity.start : entity.end]
            bare = _bare(text)
            start = entity.start + text.index(bare)
            if not (_is_a_word_alone(reading, entity) or is_of_a_law(reading.text, start + len(bare))):
                yield start, start + len(bare)
    for found in _ORG_PATTERN.finditer(reading.text):
        # "Hafren Care Trust and Gwent Council" are two.
        start = found.start()
        for parted in _TWO_ORGANISATIONS.finditer(reading.text, start, found.end()):
            yield start, parted.start()
            start = parted.end()
        yield start, found.end()


def _is_a_word_alone(reading: Reading, entity: Entity) -> bool:
    """Whether one word opens a sentence, and grammar takes it for no name: "Fair enough"."""
    inside = reading.within(entity.start, entity.end)
    return len(inside) == 1 and reading.opens(inside[0]) and reading.pos(inside[0]) not in ("PROPN", "X")


_NO_ORGANISATION = re.compile(
    r"\b(?:Acts?|Bills?|Orders?|Standing|Item|Amendment|Assent|section|GCSEs?|level|Minister|Member)\b|[—\[\]]"
)


def _no_organisation(name: str, keep: KeepList) -> bool:
    if keep.keeps(name, bodies=False) or len(name) < 3 or not name[0].isupper():
        return True
    return is_given(fold(name)) or fold(name) in gazetteer() or _NO_ORGANISATION.search(name) is not None


_REGION = re.compile(
    r"\b(?:(?:[Nn]orth|[Ss]outh|[Ww]est|[Ee]ast|[Mm]id|[Cc]entral)(?:[- ](?:[Nn]orth|[Ss]outh|[Ww]est|[Ee]ast))?[- ])+"
    r"(?:Wales|England|Scotland|Ireland|London|[A-Z]\w+shire|[Ww]est|[Ee]ast)\b"
)
# A constituency: "Vale of Glamorgan", "Rhondda Cynon Taf", "Clwyd West and South Arfon".
_SEAT = re.compile(
    r"\b(?:[Mm]ember for|constituency of|MP for|AM for|MS for) (?P<span>[A-Z]\w+(?:,? (?:and |of )?[A-Z]\w+)*)"
)


# A farm, a surgery, a ward: "Fferm Bryn Llus", "Meddygfa'r Bont", "Hafod Las Farm", "Penrhos ward".
_PREMISES = re.compile(
    r"\b(?:Fferm|[MF]eddygfa|(?:C|G|Ch)anolfan|[CG]apel|Neuadd|[TD]afarn|[TD]yddyn|Ysbyty)"
    rf"(?:['’]r| yr?)? {_WORD}(?: (?:yr? )?{_WORD}){{0,2}}"
    rf"|\b(?P<name>{_WORD}(?: {_WORD}){{0,2}}) (?:Farm|Cottage|Surgery|Practice|ward|estate)\b"
)


def _premises(reading: Reading) -> Iterator[tuple[int, int]]:
    for found in _PREMISES.finditer(reading.text):
        named = reading.within(*found.span("name")) if found["name"] else ()
        if all(reading.pos(word) == "PROPN" for word in named):
            yield found.span()


def find_places(readings: Sequence[Reading], keep: KeepList) -> Iterator[Identifier]:
    """Every place that the model, the gazetteer or its form gives, mutated too, but for the keep list's `always`.

    What the model takes for a place once is one everywhere, unless people also write it without a capital.
    """
    names = {reading.text[start:end]: "model" for reading in readings for start, end in _place_spans(reading, keep)}
    for name in _common_nouns(readings, names):
        del names[name]
    phrases = Phrases(names)
    for reading in readings:
        spans = [(start, end, "model", 0.75) for start, end, _, _ in phrases.find(reading)]
        spans += [(*found.span(), "pattern", 0.85) for found in _REGION.finditer(reading.text)]
        spans += [(*found.span("span"), "pattern", 0.85) for found in _SEAT.finditer(reading.text)]
        spans += [(*found.span(), "pattern", 0.7) for found in VILLAGE.finditer(reading.text)]
        spans += [(*span, "pattern", 0.7) for span in _premises(reading)]
        for word in reading.words:
            if word.folded in gazetteer() and (word.capital or not reading.cased):
                spans.append((word.start, word.end, "gazetteer", 0.9))
        for start, end, how, sure in spans:
            yield Identifier(reading.turn_id, start, end, "PLACE", "[place]", how, sure)


def _place_spans(reading: Reading, keep: KeepList) -> Iterator[tuple[int, int]]:
    for entity in reading.analysis.entities:
        if entity.label not in ("GPE", "LOC", "FAC"):
            continue
        text = reading.text[entity.start : entity.end]
        bare = _bare(text)
        if keep.keeps(text, bodies=False) or is_given(fold(bare)) or not bare[:1].isupper():
            continue
        if not re.search(r"[\d—\[\]]|Government|Minister|^Item", bare):
            start = entity.start + text.index(bare)
            yield start, start + len(bare)


# An office that one person holds at a time in one body: alone ("the Minister"), or what it needs beside it to be one
# person's ("director of education").
_OFFICE = re.compile(
    r"(?:\b(?:the|our|a|an)\s+)?\b(?:(?:former|current|new|previous|acting|interim|deputy|vice|shadow|assistant|first"
    r"|prime|executive|managing|finance|medical|clinical|education|health|economy|environment|housing|culture|transport"
    r"|justice|brexit|different|relevant|rural affairs|skills|social care|home|foreign|national|regional"
    r"|children['’]s|older people['’]s|future generations|police and crime|welsh language|cabinet|permanent)\s+)*"
    r"(?P<office>minister|secretary of state|secretary|commissioner|chief (?:executive(?: officer)?|nurse"
    r"|nursing officer|medical officer|whip|constable|inspector|officer|scientific adviser|economist|social worker"
    r"|dental officer|pharmaceutical officer|of staff)|director(?:[- ]general)?|vice[- ]chancellor|chancellor"
    r"|president|principal|ombudsman|auditor general|counsel general|lord chief justice|llywydd|assembly member"
    r"|member of parliament"
    r"|headteacher|attorney general|head|leader|lead|chair|manager|chairman|chairwoman)\b",
    re.IGNORECASE,
)
# These are one person's without a word more, where "the" or a capital says so; the others need what they are of.
_ALONE = re.compile(
    r"minister|secretary of state|commissioner|chief|vice|chancellor|ombudsman|auditor|counsel|llywydd|whip|attorney"
    r"|lord|assembly member|member of parliament",
    re.IGNORECASE,
)


def find_roles(readings: Iterable[Reading]) -> Iterator[Identifier]:
    """Offices that one person holds at a time: "the Minister for Education", "chief executive of ..."."""
    for reading in readings:
        spans: list[tuple[int, int]] = []
        offices = list(_OFFICE.finditer(reading.text))
        # Once for all of them: a long turn has hundreds.
        named = (
            [span for span in _organisation_spans(reading) if sort_of(reading.text[slice(*span)])] if offices else []
        )
        for found in offices:
            end = _with_what_it_is_of(reading, found.end(), named)
            if end > found.end() or _ALONE.search(found.group("office")):
                spans.append((found.start(), end))
        for start, end in _together(reading.text, spans):
            yield Identifier(reading.turn_id, start, end, "ROLE", "[role]", "pattern", 0.7)


def _with_what_it_is_of(reading: Reading, end: int, bodies: Sequence[tuple[int, int]]) -> int:
    """Where an office ends with what it is of or for: "for Health and Social Services", ", childcare and play"."""
    opening = re.match(r"(?:,? (?:of|for)|,) ", reading.text[end : end + 6])
    if opening is None:
        return end
    analysis = reading.analysis
    token = bisect_left(analysis.starts, end + opening.end())
    after_comma = opening.group().startswith(", ") and len(opening.group()) == 2
    if after_comma and not (token < len(analysis.pos) and analysis.pos[token] == "NOUN"):
        return end
    people = [(entity.start, entity.end) for entity in analysis.entities if entity.label == "PERSON"]
    last = end
    for number in range(token, min(token + 14, len(analysis.starts))):
        start, text = analysis.starts[number], reading.text[analysis.starts[number] : analysis.ends[number]]
        if any(left <= start < right for left, right in (*bodies, *people)) or (
            is_given(fold(text)) and text[0].isupper()
        ):
            break
        if analysis.pos[number] in ("NOUN", "PROPN", "ADJ") or text in ("'s", "’s"):
            last = analysis.ends[number]
        elif (text == "," and not _list_goes_on(reading, number)) or text not in (
            ",",
            "and",
            "of",
            "the",
            "for",
            "&",
            "-",
        ):
            break
    return last


def _list_goes_on(reading: Reading, comma: int) -> bool:
    """Whether a comma is inside what an office is for: ", play and early years", ", Regeneration and Heritage"."""
    starts, ends = (listed[comma + 1 : comma + 6] for listed in (reading.analysis.starts, reading.analysis.ends))
    following = [reading.text[start:end] for start, end in zip(starts, ends, strict=True)]
    if not following or not following[0].isalpha():
        return False
    soon = following.index("and") if "and" in following else len(following)
    return following[0].islower() or ("," not in following[:soon] and soon < len(following))


def _together(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans joined that only an "and" parts: "the Deputy Minister and chief whip"."""
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif merged and text[merged[-1][1] : start] == " and ":
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged
