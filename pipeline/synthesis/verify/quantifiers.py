"""Finds how many participants a sentence claims, and whether its theme has earned it; English and Welsh."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.synthesis.verify.blocks import Block
from pipeline.synthesis.verify.folding import fold
from pipeline.synthesis.verify.quotations import marked_spans
from pipeline.synthesis.verify.sections import is_prose, standings
from pipeline.synthesis.wording import LEVELS, Level, Scale

# Who is counted: a number of "people" or "services" is no claim about the table.
_WHO = r"(?:participants?|attendees|contributors|respondents|roundtable members|those (?:present|who took part)|voices)"
_SAID = (
    r"(?:agreed|said|felt|thought|believed|noted|reflected|suggested|argued|described|raised|spoke|mentioned|saw|wanted|"
    r"shared|questioned|stressed|told|recognised|talked|called|reported|acknowledged|emphasised|highlighted|supported)"
)
# Not "all told", nor what may be a participle: "three concerns, all raised by one person".
_OF_ONESELF = r"(?:agreed|felt|thought|believed|argued|wanted|spoke)\b"
_OF_WHERE = r"(?:from|at|in|across|around) (?:\w+ ){1,4}?"
_CLAIMS: tuple[tuple[str, Level | str], ...] = (
    (rf"\bnot (?:all|every|everyone|everybody|many|most)\b(?: (?:of )?(?:the )?{_WHO})?", "nothing"),
    (r"\b(?:no|not|without|hardly) (?:an? |any )?(?:\w+ )?consensus\b", "nothing"),
    # Before "all participants", which stands in it.
    (rf"\b(?:almost|nearly|virtually) (?:all|every) (?:of )?(?:the )?{_WHO}", "most"),
    (rf"\b(?:all|every one|each) (?:of )?(?:the |our )?{_WHO}|(?:^|(?<=[;,] ))all (?={_OF_ONESELF})", "all"),
    (rf"\bevery participant\b|\b(?:everyone|everybody)\b(?= (?:{_SAID}|present|around the table|in the room))", "all"),
    (r"\bunanim\w+|\bwithout exception\b|\bparticipants were agreed\b", "all"),
    (r"\b(?:a|broad|clear|strong|wide) consensus\b", "all"),
    (rf"\bmost (?:of )?(?:the |those )?{_WHO}|\bmost (?={_SAID})", "most"),
    (r"\b(?:the|a|a large|a clear|the vast|the great) majority\b", "most"),
    (rf"\b(?:many|a large number|a great many) (?:of )?(?:the |those )?{_WHO}|\bmany (?={_SAID})", "many"),
    (rf"\b(?:some|several|a few|few|a number|a couple|a handful) (?:of )?(?:the |those )?{_WHO}", "some"),
    (rf"\b(?:some|several|others) (?={_SAID})", "some"),
    (r"\b(?:a|the) (?:shared|common|collective|general) (?:sense|view|feeling|understanding)\b", "shared"),
    (rf"(?:^|(?<=[.;] )|\b(?:that|and|but|which) )participants (?:{_OF_WHERE})?(?={_SAID})", "some"),
    (r"\bpob (?:un o'r )?cyfranogw\w+|\byr holl gyfranogwyr\b|\bpawb\b|\bunfrydol\b", "all"),
    (r"\by rhan fwyaf o(?:'r)? gyfranogwyr\b|\by rhan fwyaf o'r cyfranogwyr\b|\bmwyafrif\b|\by mwyafrif\b", "most"),
    (r"\bllawer o(?:'r)? (?:gyfranogwyr|cyfranogwyr)\b", "many"),
    (r"\brhai (?:o'r )?cyfranogwyr\b|\bnifer o(?:'r)? (?:gyfranogwyr|cyfranogwyr)\b|\bsawl cyfranogwr\b", "some"),
    (r"\b(?:ymdeimlad|teimlad) cyffredin\b", "shared"),
)
_NUMBERS = tuple(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty".split()
)
_NUMBER = rf"(\d{{1,4}}|{'|'.join(_NUMBERS[2:])})"
_COUNT = re.compile(rf"\b{_NUMBER}\s+(?:(?:out )?of (?:the )?{_NUMBER}\s+)?{_WHO}", re.IGNORECASE)
# A share of those present: in words, which may be rounded, or per cent.
_PARTS: dict[str, float] = {
    r"three[ -]quarters|tri chwarter": 3 / 4,
    r"two[ -]thirds|dwy ran o dair": 2 / 3,
    r"(?:a |one )?half|hanner": 1 / 2,
    r"(?:a|one) third|traean": 1 / 3,
    r"(?:a|one) quarter|chwarter": 1 / 4,
}
_ROUNDED = 0.05
_PART = re.compile(
    rf"\b(?P<over>more than |over |mwy na )?(?:(?P<part>{'|'.join(_PARTS)})"
    r"|(?P<cent>\d{1,3})\s?(?:%|per ?cent\b|y cant\b))"
    rf" (?:(?:of )?(?:all |our )?(?:the |those )?{_WHO}|of them\b|(?:o'r |y )?[cg]yfranogwyr|(?={_SAID}|spoke))",
    re.IGNORECASE,
)
# "A third said": somebody, after two others.
_THE_NEXT = re.compile(r"a (?:third|quarter) $", re.IGNORECASE)
# May be a survey's and not the table's.
_OF_OTHERS = re.compile(r"respondents?$|of them$| $", re.IGNORECASE)
# Who people are, and not what they said: no theme's count can tell. "Eight participants attended and said" is of both,
# and "most participants who work in health said" of what they said.
_OF_THEMSELVES = re.compile(
    r"(?P<who> who)?(?: had)? (?:work(?:ed|s)? (?:in|for|at|with)|c[ao]mes? from|(?:were|are) (?:from|based|employed|"
    r"women|men|female|male|new)|represent(?:ed|s)?|lived?|(?P<there>attended|joined(?! in)|took part)|yn gweithio|"
    rf"yn dod|yn cynrychioli)\b(?![^,;]{{0,99}} and (?:also |all )?{_SAID}\b)(?(who)(?![^,;]{{0,99}} {_SAID}\b))",
    re.IGNORECASE,
)
_COMPILED = tuple((re.compile(pattern, re.IGNORECASE), level) for pattern, level in _CLAIMS)


@dataclass(frozen=True)
class Earned:
    """What is known of a theme: who spoke of it, of how many, and whether a dissent is printed."""

    name: str
    people: int
    present: int
    dissent: bool


@dataclass(frozen=True)
class Claim:
    """A number of participants that a sentence claims and its theme hasn't earned, or that no theme can tell."""

    block: int
    text: str  # the words that claim it
    detail: str
    known: bool = True  # False where it is of who people are, which nothing here can tell


def unearned(blocks: Sequence[Block], themes: Mapping[str, Earned], scale: Scale) -> list[Claim]:
    """The claims that no theme supports: in a theme's section by its count, elsewhere by that of the theme named.

    Where no theme is named, a claim is let be that any theme has earned. What says who people are ("most participants
    came from the police") is told as unknown, unless it is of more than were there. Annexes and quotations are passed
    over, except for the rows of their tables that begin with a theme's name.
    """
    found: list[Claim] = []
    for index, block, theme in _in_sections(blocks, themes):
        text = _without_quotations(block.text)
        for sentence in re.split(r"(?<=[.!?])\s+(?=[A-ZÀ-ŽŴŶ“])|\n", text):
            folded = fold(sentence).text
            candidates = _about(folded, theme, themes)
            told = [*candidates, *_all_present(candidates)] if len(candidates) == len(themes) else candidates
            if candidates:
                found += [Claim(index, claim, _why(candidates)) for claim in _unearned(folded, candidates, told, scale)]
                found += [Claim(index, claim, _UNTOLD, known=False) for claim in _of_themselves(folded, candidates[0])]
    return found


_UNTOLD = "of who participants are, which no theme's count can tell: check it by hand"


def _of_themselves(sentence: str, any_theme: Earned) -> Iterator[str]:
    """The claims that are of who people are; not a number of people that is known for right or wrong."""
    worded = (match for match, level in _worded(sentence) if level != "nothing")
    for match in (*_COUNT.finditer(sentence), *_PART.finditer(sentence), *worded):
        own = _OF_THEMSELVES.match(sentence, match.end())
        if own and not (match.re is _COUNT and _is_known(match, own, any_theme.present)):
            yield match[0]


def _is_known(counted: re.Match[str], own: re.Match[str], present: int) -> bool:
    """Whether a number is of more people than were there, or of others, and so wrong; or of all who came, and right."""
    people, among = _counted(counted)
    return people > present or among not in (None, present) or (people == present and own["there"] is not None)


def _in_sections(blocks: Sequence[Block], themes: Mapping[str, Earned]) -> Iterator[tuple[int, Block, str]]:
    """Each block of running text, with the theme whose section it stands in; of annexes the tables' rows only."""
    where = standings(blocks, {key: earned.name for key, earned in themes.items()})
    for index, (block, stands) in enumerate(zip(blocks, where, strict=True)):
        row = block.place.startswith("table row")
        if is_prose(block) and not stands.is_title and (row or not stands.in_annex):
            yield index, block, stands.marked or ("" if row else stands.theme)


def _about(sentence: str, theme: str, themes: Mapping[str, Earned]) -> list[Earned]:
    """The themes that a sentence may be about: those it names, else its section's, else any."""
    small = sentence.casefold()
    named = [
        earned
        for earned in themes.values()
        if any(fold(name).text.casefold() in small for name in earned.name.split(" / "))  # of a paper of two languages
    ]
    if named:
        return named
    return [themes[theme]] if theme in themes else list(themes.values())


def _all_present(candidates: Sequence[Earned]) -> list[Earned]:
    """Where no theme is spoken of, a number of participants may be that of all who were there."""
    return [replace(earned, people=earned.present) for earned in candidates[:1]]


def _unearned(sentence: str, candidates: Sequence[Earned], counted: Sequence[Earned], scale: Scale) -> Iterable[str]:
    """The claims that none of the candidates has earned; of people in figures, those that none of `counted` has.

    So too of a share of others, who may be a survey's.
    """
    for match, level in _worded(sentence):
        if level == "nothing" or _OF_THEMSELVES.match(sentence, match.end()):
            continue
        if not any(_earns(level, earned, scale) for earned in candidates):
            yield match[0]
    for match in _COUNT.finditer(sentence):
        people, present = _counted(match)
        known = _all_present(candidates) if _OF_THEMSELVES.match(sentence, match.end()) else counted
        if not any(people <= earned.people and present in (None, earned.present) for earned in known):
            yield match[0]
    for match in _PART.finditer(sentence):
        if _OF_THEMSELVES.match(sentence, match.end()):
            continue
        known = counted if _OF_OTHERS.search(match[0]) else candidates
        if not _THE_NEXT.fullmatch(match[0]) and not any(_is_share(match, earned) for earned in known):
            yield match[0].strip()


def _worded(sentence: str) -> Iterator[tuple[re.Match[str], str]]:
    """The claims in words with their levels; what stands within an earlier one's words is none of its own."""
    taken: list[tuple[int, int]] = []
    for pattern, level in _COMPILED:
        for match in pattern.finditer(sentence):
            if not any(start < match.end() and match.start() < end for start, end in taken):
                taken.append(match.span())
                yield match, level


def _is_share(claimed: re.Match[str], earned: Earned) -> bool:
    """Whether so large a share of those who were there spoke of a theme, as people round."""
    share = earned.people / max(earned.present, 1)
    if claimed["cent"]:
        least = float(claimed["cent"]) / 100 - 0.005
    else:
        least = next(part for words, part in _PARTS.items() if re.fullmatch(words, claimed["part"], re.IGNORECASE))
        least -= 0.0 if claimed["over"] else _ROUNDED
    return share > least if claimed["over"] else share >= least


def _earns(level: str, earned: Earned, scale: Scale) -> bool:
    if level == "shared":
        return scale.earns_shared_sense(earned.people, earned.present, dissent=earned.dissent)
    assert level in LEVELS
    return scale.earns(level, earned.people, earned.present)


def _counted(match: re.Match[str]) -> tuple[int, int | None]:
    """Of how many people a count is, and of how many that were there, where it says so."""
    return _number(match[1]), _number(match[2]) if match[2] else None


def _number(text: str) -> int:
    return int(text) if text.isdigit() else _NUMBERS.index(text.casefold())


def _why(candidates: Sequence[Earned]) -> str:
    best = max(candidates, key=lambda earned: earned.people)
    if len(candidates) > 1:
        return f"no theme it may be about was spoken of by more than {best.people} of {best.present} participants"
    return f"{best.people} of {best.present} participants spoke about “{best.name}”"


def _without_quotations(text: str) -> str:
    """The text with its quotations blanked, so that a participant's "most participants" claims nothing."""
    for start, end in marked_spans(text):
        if not re.search(r"[.!?]\s", text[start:end]) or text[start - 1 : start] in "“«„":
            text = text[:start] + " " * (end - start) + text[end:]
    return text
