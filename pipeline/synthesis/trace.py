"""The way back from a printed quote to where it was said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.decisions import in_force, text_hash
from pipeline.errors import RunError
from pipeline.synthesis.choices import choices
from pipeline.synthesis.material import ReportMaterial
from pipeline.synthesis.verify.folding import fold
from pipeline.synthesis.verify.speech import Place, Speech
from pipeline.synthesis.wording import words
from pipeline.tables import QUOTES, ROUNDTABLES, STATEMENTS, TURNS, Turn

AROUND = 160  # characters of the turn shown on either side
FEWEST_LETTERS = 6  # of words or a hash by which a quote may be asked for


@dataclass(frozen=True)
class Step:
    """One step of the way back: what it is, and what it is called."""

    name: str
    value: str


@dataclass(frozen=True)
class Trace:
    """A quote's way back, from the words to the file."""

    steps: tuple[Step, ...]

    def lines(self) -> list[str]:
        """For people."""
        width = max(len(step.name) for step in self.steps)
        return [f"{step.name:{width}}  {step.value}" for step in self.steps]


def trace(asked: str, material: ReportMaterial, *, locators: Mapping[str, str] | None = None) -> list[Trace]:
    """The way back of a quote that is asked for by its id, by its hash or the first letters of it, or by its words.

    Words that were said in several places have several ways back, in the order of the talk. `locators` says, for each
    turn, where it stands in its file (from private/source_turns).

    Raises:
        RunError: nothing of this run is called so, or reads so.
    """
    speech = Speech((turn.turn_id, turn.text) for turn in TURNS.rows(material.turns))
    places = _named(asked, material) or speech.find(fold(asked).text.strip(' "'), whole_words=True)
    if not places or len(asked.strip()) < FEWEST_LETTERS:
        raise RunError("no quote of this run has that id or hash, and nobody said those words to the letter")
    return [_trace(place, material, locators or {}) for place in places]


def _named(asked: str, material: ReportMaterial) -> list[Place]:
    """Where the quotes with this id or hash stand."""
    asked = asked.strip()
    places = []
    for quote in choices(material).approved:
        whole = text_hash("\n".join(span.text for span in quote.spans))
        hashes = (whole, *(span.sha256 for span in quote.spans))
        if asked == quote.quote_id or any(_begins(found, asked) for found in hashes):
            places += [Place(*span.place) for span in quote.spans]
    for candidate in QUOTES.rows(material.quotes):
        if asked == candidate.quote_id or _begins(text_hash(candidate.text), asked):
            places.append(Place(candidate.turn_id, candidate.start, candidate.end))
    return list(dict.fromkeys(places))


def _begins(sha256: str, asked: str) -> bool:
    return len(asked) >= FEWEST_LETTERS and sha256.startswith(asked)


def _trace(place: Place, material: ReportMaterial, locators: Mapping[str, str]) -> Trace:
    turn: Turn = next(found for found in TURNS.rows(material.turns) if found.turn_id == place.turn_id)
    roundtable = next(
        (found for found in ROUNDTABLES.rows(material.roundtables) if found.roundtable_id == turn.roundtable_id), None
    )
    said = turn.text[place.start : place.end]
    statements = [
        found.statement_id
        for found in STATEMENTS.rows(material.statements)
        if found.turn_id == turn.turn_id and found.start < place.end and place.start < found.end
    ]
    before, after = turn.text[max(0, place.start - AROUND) : place.start], turn.text[place.end : place.end + AROUND]
    steps = [
        Step("words", f"“{said}”"),
        Step("sha256", text_hash(said)),
        *_themes(place, statements, material),
        *(Step("decision", told) for told in _decisions(place, material)),
        Step("statements", ", ".join(statements)),
        Step("turn", f"{turn.turn_id}, characters {place.start} to {place.end}, said by {turn.speaker} ({turn.role})"),
        Step("around it", f"{before}⟦{said}⟧{after}"),
        Step("transcript", turn.transcript_id),
    ]
    if turn.turn_id in locators:
        steps.append(Step("in the file", locators[turn.turn_id]))
    if roundtable is not None:
        told = " ".join(part for part in (roundtable.title, roundtable.date) if part)
        steps.append(Step("roundtable", f"{roundtable.roundtable_id}, number {roundtable.order} of the series. {told}"))
    return Trace(tuple(steps))


def _themes(place: Place, statements: list[str], material: ReportMaterial) -> list[Step]:
    """The theme under which the words are printed, or proposed, and those that their statements are of besides."""
    chosen = choices(material)
    named = dict(zip(material.themes["theme_id"], material.themes["name"], strict=True)) | dict(chosen.names)
    approved = [
        quote.theme_id for quote in chosen.approved if any(Place(*span.place).overlaps(place) for span in quote.spans)
    ]
    proposed = [
        quote.theme_id
        for quote in QUOTES.rows(material.quotes)
        if Place(quote.turn_id, quote.start, quote.end).overlaps(place)
    ]
    own = set(approved or proposed) & named.keys()
    carried = material.assignments[material.assignments["statement_id"].isin(statements)]
    beside = (set(carried["theme_id"]) & named.keys()) - own - chosen.gone.keys()
    told = [*(("theme", theme) for theme in sorted(own)), *(("also of", theme) for theme in sorted(beside))]
    return [Step(step, f"{theme}: {named[theme]}") for step, theme in told]


def _decisions(place: Place, material: ReportMaterial) -> list[str]:
    """What stands of what people decided: what somebody took back is none of it."""
    why = words("en")["rejected"]
    return [
        f"{found.action} by {found.by}, {found.at}"
        + (f": {why.get(found.reason, found.reason)}" if found.reason else "")
        for found in in_force(material.decisions, material.turns)
        if found.kind == "quote" and any(Place(*span.place).overlaps(place) for span in found.subject)
    ]
