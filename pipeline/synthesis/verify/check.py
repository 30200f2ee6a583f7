"""Checks one document: each quotation, the credit beside it, each number of participants claimed, each name."""

from __future__ import annotations

import difflib
import itertools
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from pipeline.errors import UnreadableFile
from pipeline.synthesis.choices import Approved, choices
from pipeline.synthesis.compose import compose
from pipeline.synthesis.desk import called
from pipeline.synthesis.material import ReportMaterial
from pipeline.synthesis.paper import PrintedQuote
from pipeline.synthesis.verify.blocks import Block
from pipeline.synthesis.verify.credits import Credit, misattribution
from pipeline.synthesis.verify.findings import Checked, Kind, VerifyReport
from pipeline.synthesis.verify.folding import fold, words_of
from pipeline.synthesis.verify.quantifiers import Earned, unearned
from pipeline.synthesis.verify.quotations import Quotation, quotations
from pipeline.synthesis.verify.reading import read_document
from pipeline.synthesis.verify.sections import standings
from pipeline.synthesis.verify.speech import Place, Speech
from pipeline.synthesis.wording import LANGUAGES, Scale, words
from pipeline.tables import NOT_QUOTED, PARTICIPANTS, THEMES, TURNS, Participant, Theme, Turn

FindNames = Callable[[str], Sequence[str]]  # whose names stand in a text, one entry a place; never the name itself
NEARLY = 0.85  # as like as this, words are one place's, changed; below, they may come from two
ALIKE = 0.6  # below, nobody said anything like it
UNMARKED = 8  # words in a row: so many are nobody's own wording by chance
_ELLIPSIS = re.compile(r"\s*(?:\[(?:\.\.\.|…)\]|\(\.\.\.\)|(?<!\.)\.\.\.(?!\.)|…)\s*")
_LAST_STOP = re.compile(r"[.,;]$")
_SHORT = 2  # words: “good enough” may be the document's own term


def verify(
    path: Path,
    material: ReportMaterial,
    *,
    find_names: FindNames | None = None,
    scale: Scale | None = None,
    languages: tuple[str, ...] = ("en",),
) -> VerifyReport:
    """Every quotation, credit, number and name in a .docx, .html, .md, .txt or .pdf, checked against a run.

    Args:
        languages: the report's, in which its themes are named.
        find_names: says whose names, or what redactions replaced, stand in a text; given by whoever may see names.

    Raises:
        UnreadableFile: it isn't there, or can't be read as what its name says it is.
    """
    if not path.is_file():
        raise UnreadableFile(f"{path}: no such file")
    run = Run(material, scale or Scale(), languages)
    return verify_document(path.name, path.read_bytes(), material, find_names=find_names, run=run)


def verify_document(
    name: str,
    content: bytes,
    material: ReportMaterial,
    *,
    find_names: FindNames | None = None,
    run: Run | None = None,
) -> VerifyReport:
    """As `verify`, of a document's bytes; `run` saves reading the material again for many documents."""
    blocks = read_document(name, content)
    run = run or Run(material, Scale())
    found = list(quotations(blocks, known=_own_terms()))
    checked = [_check(quotation, blocks, run) for quotation in found]
    checked = _under_their_themes(checked, found, blocks, run)
    checked += _unmarked(blocks, run)
    for claim in unearned(blocks, run.earned, run.scale):
        kind: Kind = "unearned_quantifier" if claim.known else "unchecked_quantifier"
        checked.append(Checked(kind, blocks[claim.block].place, claim.text, claim.detail))
    checked += _names(blocks, find_names) if find_names else []
    return VerifyReport(name, tuple(checked))


def _own_terms() -> frozenset[str]:
    """Words that the annex defines in quotation marks."""
    terms = set()
    for language in LANGUAGES:
        terms |= {
            found.strip(" .,").casefold() for found in re.findall("“(.*?)”", words(language)["annex"]["shared_text"])
        }
    return frozenset(terms)


class Run:
    """What was said and decided in a run, ready to be searched."""

    def __init__(self, material: ReportMaterial, scale: Scale, languages: tuple[str, ...] = ("en",)) -> None:
        self.scale = scale
        self.turns: dict[str, Turn] = {turn.turn_id: turn for turn in TURNS.rows(material.turns)}
        self.people: dict[str, Participant] = {
            found.pseudonym: found for found in PARTICIPANTS.rows(material.participants)
        }
        self.speech = Speech((turn.turn_id, turn.text) for turn in self.turns.values())
        self.paper = compose(material, kind="release", scale=scale)
        chosen = choices(material)
        self.approved: tuple[Approved, ...] = chosen.approved
        self.printed: dict[str, PrintedQuote] = {quote.quote_id: quote for quote in self.paper.quotes}
        self.own = _own_words(material, self.paper.summary, self.paper.closing)
        themes = list(THEMES.rows(material.themes))
        self.names = {theme.theme_id: called(theme, chosen.names, languages) for theme in themes}
        self.earned = _earned(themes, self)

    @cached_property
    def folded(self) -> dict[str, tuple[str, ...]]:
        """Each approved quote's spans, folded."""
        return {found.quote_id: tuple(fold(span.text).text for span in found.spans) for found in self.approved}

    def approved_at(self, places: Iterable[Place]) -> list[Approved]:
        """The approved quotes that share words with these places."""
        listed = list(places)
        return [
            quote
            for quote in self.approved
            if any(Place(*span.place).overlaps(place) for span in quote.spans for place in listed)
        ]


def _own_words(material: ReportMaterial, *written: str) -> str:
    """Texts that the tables hold besides the talk: questions, titles and people's words; no quotation of anybody."""
    questions = [question for listed in material.roundtables["questions"] for question in listed]
    titles = [
        *material.roundtables["title"],
        *material.themes["name"],
        *material.themes["name_cy"],
        *(p.citation for p in material.passages),
    ]
    return "\n".join(fold(text).text for text in (*questions, *titles, *written)).casefold()


def _earned(themes: Iterable[Theme], run: Run) -> dict[str, Earned]:
    present = sum(person.role == "participant" for person in run.people.values())
    dissenting = {section.theme_id for section in run.paper.sections if section.dissents}
    people = {section.theme_id: section.people for section in run.paper.sections}
    return {
        theme.theme_id: Earned(
            run.names[theme.theme_id],
            people.get(theme.theme_id, theme.n_participants),
            present,
            theme.theme_id in dissenting,
        )
        for theme in themes
    }


# --- quotations


def _check(quotation: Quotation, blocks: Sequence[Block], run: Run) -> Checked:
    """What one quotation is; the first of these that holds: approved, nearly approved, said, spliced, nearly said."""
    folded = fold(quotation.text).text
    place = blocks[quotation.block].place
    for attempt in (_as_approved, _as_said, _as_changed):
        found = attempt(folded, quotation, place, run)
        if found is not None:
            return found
    return Checked("unknown", place, quotation.text, "nothing like it was said")


def _as_approved(folded: str, quotation: Quotation, place: str, run: Run) -> Checked | None:
    """An approved quote, to the letter or but for typography; its credit is held against what was agreed.

    Two people may have said the same words: who is credited rightly for one of them is credited rightly.
    """
    same = [quote for quote in run.approved if _same_words(folded, run.folded[quote.quote_id], quotation)]
    if not same:
        return None
    wrong = [misattribution(quotation.around, _credit(quote, run), run.people) for quote in same]
    at = next((number for number, told in enumerate(wrong) if not told), 0)
    quote = same[at]
    if wrong[at]:
        return _found("misattributed", quotation, place, quote.spans[0].place, wrong[at], quote.quote_id)
    exact = quotation.text == run.printed[quote.quote_id].text if quote.quote_id in run.printed else False
    return _found("true" if exact else "typography_only", quotation, place, quote.spans[0].place, "", quote.quote_id)


def _same_words(folded: str, spans: Sequence[str], quotation: Quotation) -> bool:
    """Whether these are the approved words; within a sentence a quote may lose its last stop, or end in a comma."""
    pieces = [piece for piece in _ELLIPSIS.split(folded) if piece] if len(spans) > 1 else [folded]
    if len(pieces) != len(spans):
        return False
    if pieces == list(spans):
        return True
    if quotation.alone or pieces[:-1] != list(spans[:-1]):
        return False
    return _LAST_STOP.sub("", pieces[-1]) == re.sub(r"\.$", "", spans[-1])


def _credit(quote: Approved, run: Run) -> Credit:
    printed = run.printed.get(quote.quote_id)
    person = run.people.get(quote.speaker)
    fine = printed is not None and person is not None and any(person.sector in text for _, text in printed.attribution)
    return Credit(frozenset([quote.speaker]), bool(person and person.sector and fine))


def _as_said(folded: str, quotation: Quotation, place: str, run: Run) -> Checked | None:
    """Words that somebody said to the letter, but that aren't an approved quote."""
    places = run.speech.find(folded, whole_words=True)
    if not places:
        return None
    if len(words_of(folded)) <= _SHORT and not quotation.block_quote:
        return _found("typography_only", quotation, place, _tuple(places[0]), "")
    near = run.approved_at(places)
    if near:
        return _cut_short(folded, near[0], quotation, place, run)
    speakers = {run.turns[found.turn_id].speaker for found in places}
    consents = {run.people[name].consent for name in speakers if name in run.people}
    if consents and consents <= {*NOT_QUOTED}:
        return _found("no_consent", quotation, place, _tuple(places[0]), "its speaker may not be quoted")
    wrong = misattribution(quotation.around, Credit(frozenset(speakers), True), run.people)
    detail = "nobody accepted it in review" + (f"; and {wrong}" if wrong else "")
    return _found("not_approved", quotation, place, _tuple(places[0]), detail)


def _cut_short(folded: str, quote: Approved, quotation: Quotation, place: str, run: Run) -> Checked:
    """A part of an approved quote, or more than it: said, but these are not the words that people approved."""
    approved = " [...] ".join(run.folded[quote.quote_id])
    where = quote.spans[0].place
    if folded in approved:
        return _found("changed", quotation, place, where, f"cut: {difference(approved, folded)}", quote.quote_id)
    detail = f"more than was approved: {difference(approved, folded)}"
    return _found("not_approved", quotation, place, where, detail, quote.quote_id)


def _as_changed(folded: str, quotation: Quotation, place: str, run: Run) -> Checked | None:
    """Words that nobody said just so: near an approved quote, near what was said, or put together from two places."""
    quote, score = _nearest_approved(folded, run)
    pieces = _pieces(folded, run)
    if quote is not None and (score >= NEARLY or (score >= ALIKE and not _spliced(pieces))):
        return _changed_quote(folded, quote, quotation, place, run)
    if _spliced(pieces):
        told = "; ".join(f"“{text}” from {found.turn_id}" for text, found in pieces)
        return _found("spliced", quotation, place, _tuple(pieces[0][1]), told)
    nearest = run.speech.nearest(folded)
    if nearest is None or nearest[1] < ALIKE or len(words_of(folded)) <= _SHORT:
        if len(words_of(folded)) <= _SHORT and not quotation.block_quote:
            return _found("typography_only", quotation, place, ("", 0, 0), "")
        return None
    said = run.turns[nearest[0].turn_id].text[nearest[0].start : nearest[0].end]
    return _found("changed", quotation, place, _tuple(nearest[0]), difference(fold(said).text, folded))


def _changed_quote(folded: str, quote: Approved, quotation: Quotation, place: str, run: Run) -> Checked:
    approved = " [...] ".join(run.folded[quote.quote_id])
    detail = difference(approved, folded)
    wrong = misattribution(quotation.around, _credit(quote, run), run.people)
    told = detail + (f"; and {wrong}" if wrong else "")
    return _found("changed", quotation, place, quote.spans[0].place, told, quote.quote_id)


def _nearest_approved(folded: str, run: Run) -> tuple[Approved | None, float]:
    from rapidfuzz import fuzz

    best: tuple[Approved | None, float] = (None, 0.0)
    for quote in run.approved:
        score = fuzz.ratio(folded.casefold(), " [...] ".join(run.folded[quote.quote_id]).casefold()) / 100
        if score > best[1]:
            best = (quote, score)
    return best


def _pieces(folded: str, run: Run) -> list[tuple[str, Place]]:
    pieces = run.speech.pieces(folded)
    covered = sum(len(words_of(text)) for text, _ in pieces)
    return pieces if covered >= 0.8 * len(words_of(folded)) else []


def _spliced(pieces: Sequence[tuple[str, Place]]) -> bool:
    """Whether pieces that were said come from places that don't follow each other."""
    if len(pieces) < 2:
        return False
    return any(
        first.turn_id != second.turn_id or not 0 <= second.start - first.end <= _GAP
        for (_, first), (_, second) in itertools.pairwise(pieces)
    )


_GAP = 40  # characters: a word or two left out is a change, a sentence left out is a splice


def difference(said: str, printed: str) -> str:
    """How printed words differ from those that were said, word by word: "“not” left out; “ten” for “eleven”"."""
    before, after = re.findall(r"\S+", said), re.findall(r"\S+", printed)
    told = []
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for operation, a, b, c, d in matcher.get_opcodes():
        old, new = " ".join(before[a:b]), " ".join(after[c:d])
        if operation == "delete":
            told.append(f"“{old}” left out")
        elif operation == "insert":
            told.append(f"“{new}” put in")
        elif operation == "replace":
            told.append(f"“{new}” for “{old}”")
    return "; ".join(told) or "spaces between letters changed"


def _found(
    kind: Kind, quotation: Quotation, place: str, said: tuple[str, int, int], detail: str, quote_id: str = ""
) -> Checked:
    return Checked(kind, place, quotation.text, detail, *said, quote_id)


def _tuple(place: Place) -> tuple[str, int, int]:
    return place.turn_id, place.start, place.end


# --- under which theme


def _under_their_themes(
    checked: Sequence[Checked], found: Sequence[Quotation], blocks: Sequence[Block], run: Run
) -> list[Checked]:
    """The same, where a quote that is true but stands in another theme's section is a finding.

    A document without any heading has no sections. What is said under one theme of another by its name, with a quote
    of that other, is no finding.
    """
    if not any(block.heading for block in blocks):
        return list(checked)
    themes = [standing.theme for standing in standings(blocks, run.names)]
    return [
        _held_to(themes[quotation.block], quotation, one, run) if one.quote_id and not one.is_finding else one
        for one, quotation in zip(checked, found, strict=True)
    ]


def _held_to(theme: str, quotation: Quotation, one: Checked, run: Run) -> Checked:
    words_of_it = run.folded[one.quote_id]
    accepted = [quote.theme_id for quote in run.approved if run.folded[quote.quote_id] == words_of_it]
    names = [run.names[name] for name in accepted if name in run.names]
    around = fold(quotation.around).text.casefold()
    # Two themes may have one name, a code's and an emergent one's.
    told_so = any(fold(name).text.casefold() in around for name in names)
    if not theme or theme in accepted or not names or run.names[theme] in names or told_so:
        return one
    told = f"accepted for “{names[0]}”, and stands under “{run.names[theme]}”"
    return replace(one, kind="other_theme", detail=told)


# --- words without marks, and names


def _unmarked(blocks: Sequence[Block], run: Run) -> list[Checked]:
    """Runs of a transcript's words that stand in a document as if they were its own."""
    found = []
    for block in blocks:
        if block.sort not in ("body", "note", "comment") or block.quoted or block.contents:
            continue
        rest = block.text
        for quotation in quotations([block]):
            rest = rest[: quotation.start] + "\n" * (quotation.end - quotation.start) + rest[quotation.end :]
        for part in re.split(r"\n+|(?<=[.!?])\s+", rest):
            found += _unmarked_in(part, block, run)
    return found


def _unmarked_in(part: str, block: Block, run: Run) -> list[Checked]:
    folded = fold(part).text
    if len(words_of(folded)) < UNMARKED or folded.strip(" .?!").casefold() in run.own:
        return []
    for text, place in run.speech.pieces(folded):
        if len(words_of(text)) < UNMARKED or text.casefold() in run.own:
            continue
        turn = run.turns[place.turn_id]
        if run.approved_at([place]):
            detail, kind = "an approved quote, but without quotation marks", "changed"
        elif run.people.get(turn.speaker) and run.people[turn.speaker].consent in NOT_QUOTED:
            detail, kind = "without quotation marks; its speaker may not be quoted", "no_consent"
        else:
            detail, kind = "words of a transcript without quotation marks", "not_approved"
        return [Checked(kind, block.place, text, detail, *_tuple(place))]  # type: ignore[arg-type]
    return []


def _names(blocks: Sequence[Block], find_names: FindNames) -> list[Checked]:
    """A finding for each name in each block; the same hidden text is read once."""
    seen: dict[str, list[str]] = {}
    found = []
    for block in blocks:
        if block.text not in seen:
            seen[block.text] = list(find_names(block.text))
            place = block.place if not find_names(block.place) else "a place whose name is one"
            found += [Checked("name_leak", place, "", f"of {whose}") for whose in seen[block.text]]
    return found
