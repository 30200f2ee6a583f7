"""A run as a qualitative project: anonymised transcripts, codes, and codings, the machine's apart from people's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipeline.decisions import Decision, Locator, Span, fold
from pipeline.synthesis.choices import choices
from pipeline.synthesis.exchange.model import Case, Code, CodeSet, Coding, Note, Project, Selection, Source, User, guid
from pipeline.synthesis.material import ReportMaterial
from pipeline.synthesis.paper import Paper
from pipeline.tables import (
    ASSIGNMENTS,
    PARTICIPANTS,
    QUOTES,
    ROUNDTABLES,
    STATEMENTS,
    THEMES,
    TURNS,
    Turn,
)

ORIGIN = "roundtable-pipeline"
MACHINE = "Machine (proposed)"
PEOPLE = "People (decided)"
PROPOSED, ACCEPTED = "Quote: proposed", "Quote: accepted"


def project(material: ReportMaterial) -> Project:
    """The whole run, for analysts: every anonymised turn, code, coding, candidate and accepted quote, and note.

    Not for publication: for that, `release_project`.
    """
    texts = _Texts(material)
    builder = _Builder(texts)
    machine = builder.user(MACHINE)
    for assignment in ASSIGNMENTS.rows(material.assignments):
        place = texts.statements.get(assignment.statement_id)
        if place:
            builder.code(place, _theme_guid(assignment.theme_id), machine, ("assignment", assignment.statement_id))
    for quote in QUOTES.rows(material.quotes):
        note = builder.note(
            f"Why {quote.quote_id} was proposed", "; ".join((*quote.reasons, f"risk: {quote.risk}")), machine
        )
        place = (quote.turn_id, quote.start, quote.end)
        builder.code(place, guid("code", PROPOSED), machine, ("quote", quote.quote_id), note=note)
    # Each person's own, also where another decided the same or otherwise: programs reckon from it how far they agree.
    latest = fold(material.decisions, material.turns).by_person.values()
    said = sorted((decision for people in latest for decision in people.values()), key=lambda made: made.order)
    accepted: dict[tuple[Place, ...], list[str]] = {}
    for decision in said:
        _decided(decision, material, builder)
        if decision.kind == "quote" and decision.action == "accept":
            places = tuple(span.place for span in decision.subject)
            accepted.setdefault(places, []).append(builder.user(decision.by))
    for approved in choices(material).approved:
        places = tuple(span.place for span in approved.spans)
        for by in accepted[places]:
            for place in places:
                builder.code(place, guid("code", ACCEPTED), by, ("accepted", approved.decision_id))
    return Project(
        name=material.series or "Roundtables",
        origin=ORIGIN,
        users=tuple(builder.users.values()),
        codes=_codes(material),
        sources=builder.sources(),
        notes=tuple(builder.notes),
        cases=_cases(material, texts),
        sets=_sets(material),
    )


def codebook(material: ReportMaterial, descriptions: Mapping[str, str]) -> tuple[Code, ...]:
    """The themes as codes, parents before children; what the codebook says of a code goes before what the run does."""
    told = {_theme_guid(theme): text for theme, text in descriptions.items()}
    return tuple(replace(code, description=told.get(code.guid, code.description)) for code in _themes(material))


def _decided(decision: Decision, material: ReportMaterial, builder: _Builder) -> None:
    """A person's coding, or the note that they left."""
    by = builder.user(decision.by)
    locator = Locator(material.statements, material.assignments)
    if decision.kind == "coding" and decision.action in ("confirm", "move"):
        anchor = [Span.model_validate(span) for span in decision.value.get("theme_anchor") or ()]
        code = str(decision.value.get("code") or decision.value.get("theme_code") or locator.theme_id(anchor))
        known = set(material.themes["theme_id"])
        for span in decision.subject if code in known else ():
            builder.code(span.place, _theme_guid(code), by, ("coding", decision.decision_id), at=decision.at)
    if decision.note and decision.subject:
        note = builder.note(f"Note on {decision.subject[0].turn_id}", decision.note, by)
        builder.select(decision.subject[0].place, by, note)


def release_project(paper: Paper) -> Project:
    """What may leave the house: only the printed quotes, each in the place of its transcript, and their themes."""
    user = User(guid("user", PEOPLE), PEOPLE)
    codes = tuple(Code(_theme_guid(found.theme_id), found.name, found.description) for found in paper.sections)
    transcripts = sorted({quote.transcript_id for quote in paper.quotes})
    sources = tuple(_excerpt(paper, transcript, user) for transcript in transcripts)
    return Project(paper.title, ORIGIN, "Only words that people approved.", (user,), codes, sources)


def _excerpt(paper: Paper, transcript: str, user: User) -> Source:
    """A transcript with everything left out but the printed words, in the order in which they were said."""
    spans = sorted(
        (span.turn_id, span.start, span.text, quote.theme_id, quote.quote_id)
        for quote in paper.quotes
        if quote.transcript_id == transcript
        for span in quote.spans
    )
    text, selections = "[…]\n\n", []
    for turn_id, start, words, theme, quote in spans:
        name = f"{turn_id}:{start}-{start + len(words)}"
        coding = Coding(guid("coding", "released", quote, name), _theme_guid(theme), user.guid)
        place = (len(text), len(text) + len(words))
        selections.append(Selection(guid("selection", "released", name), *place, name, user.guid, "", (coding,)))
        text += f"{words}\n\n[…]\n\n"
    return Source(guid("source", "released", transcript), transcript, text, tuple(selections))


Place = tuple[str, int, int]  # turn_id, start, end in the turn's text


class _Texts:
    """Each transcript as one text, a paragraph a turn, and where each turn begins in it."""

    def __init__(self, material: ReportMaterial) -> None:
        turns: list[Turn] = sorted(TURNS.rows(material.turns), key=lambda turn: (turn.transcript_id, turn.index))
        self.texts: dict[str, str] = {}
        self.begins: dict[str, tuple[str, int]] = {}  # turn_id to transcript and offset of its words
        self.speakers: dict[str, list[str]] = {}  # pseudonym to turn_ids
        self.lengths = {turn.turn_id: len(turn.text) for turn in turns}
        for turn in turns:
            before = self.texts.get(turn.transcript_id, "") + f"{turn.speaker}: "
            self.begins[turn.turn_id] = (turn.transcript_id, len(before))
            # A line end within a turn would be read back as "\n" by every program: so it is written as that.
            self.texts[turn.transcript_id] = before + turn.text.replace("\r", " ") + "\n\n"
            self.speakers.setdefault(turn.speaker, []).append(turn.turn_id)
        rows = STATEMENTS.rows(material.statements)
        self.statements = {found.statement_id: (found.turn_id, found.start, found.end) for found in rows}
        self.titles = {found.roundtable_id: found.title for found in ROUNDTABLES.rows(material.roundtables)}


@dataclass
class _Builder:
    """Collects selections, one for each place, with all codings and notes on it."""

    texts: _Texts
    users: dict[str, User] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    codings: dict[Place, dict[str, Coding]] = field(default_factory=dict)
    makers: dict[Place, str] = field(default_factory=dict)
    remarks: dict[Place, list[str]] = field(default_factory=dict)

    def user(self, name: str) -> str:
        found = self.users.setdefault(name, User(guid("user", name), name))
        return found.guid

    def note(self, name: str, text: str, by: str) -> str:
        made = Note(guid("note", name, text), name, text, by)
        if made not in self.notes:
            self.notes.append(made)
        return made.guid

    def select(self, place: Place, by: str, note: str = "") -> None:
        self.codings.setdefault(place, {})
        self.makers.setdefault(place, by)
        if note and note not in self.remarks.setdefault(place, []):
            self.remarks[place].append(note)

    def code(self, place: Place, code: str, by: str, made_of: Sequence[str], *, note: str = "", at: str = "") -> None:
        self.select(place, by, note)
        name = guid("coding", code, by, *made_of, *map(str, place))
        self.codings[place][name] = Coding(name, code, by, at)

    def sources(self) -> tuple[Source, ...]:
        """Each transcript with its selections, and one for each turn, to which the cases point."""
        by_transcript: dict[str, list[Selection]] = {name: [] for name in self.texts.texts}
        whole = {(turn, 0, length) for turn, length in self.texts.lengths.items()}
        for place in sorted({*self.codings, *whole}):
            transcript, begins = self.texts.begins[place[0]]
            by_transcript[transcript].append(self._selection(place, begins))
        ordered = {
            name: tuple(sorted(found, key=lambda selection: (selection.start, -selection.end)))
            for name, found in by_transcript.items()
        }
        return tuple(
            Source(guid("source", name), name, self.texts.texts[name], ordered[name]) for name in sorted(ordered)
        )

    def _selection(self, place: Place, begins: int) -> Selection:
        return Selection(
            guid=_place_guid(place),
            start=begins + place[1],
            end=begins + place[2],
            name=f"{place[0]}:{place[1]}-{place[2]}",
            user=self.makers.get(place, ""),
            codings=tuple(self.codings.get(place, {}).values()),
            notes=tuple(self.remarks.get(place, ())),
        )


def _place_guid(place: Place) -> str:
    return guid("selection", *map(str, place))


def _theme_guid(theme_id: str) -> str:
    return guid("theme", theme_id)


def _codes(material: ReportMaterial) -> tuple[Code, ...]:
    """The themes as codes, and the two codes that mark quotes."""
    return (*_themes(material), *(Code(guid("code", name), name) for name in (PROPOSED, ACCEPTED)))


def _themes(material: ReportMaterial) -> tuple[Code, ...]:
    """The themes as codes, parents before children."""
    chosen = choices(material)
    themes = {theme.theme_id: theme for theme in THEMES.rows(material.themes)}

    def below(parent: str) -> Iterable[Code]:
        for theme in themes.values():
            if (theme.parent_id if theme.parent_id in themes else "") == parent:
                name = chosen.names.get(theme.theme_id, theme.name)
                told = f"Words: {'; '.join(theme.keywords)}" if theme.keywords else ""
                description = chosen.descriptions.get(theme.theme_id, "") or told
                yield Code(_theme_guid(theme.theme_id), name, description, _theme_guid(parent) if parent else "")
                yield from below(theme.theme_id)

    return tuple(below(""))


def _sets(material: ReportMaterial) -> tuple[CodeSet, ...]:
    by_origin: dict[str, list[str]] = {}
    for theme in THEMES.rows(material.themes):
        by_origin.setdefault(theme.origin, []).append(_theme_guid(theme.theme_id))
    return tuple(CodeSet(guid("set", name), name, tuple(codes)) for name, codes in sorted(by_origin.items()))


def _cases(material: ReportMaterial, texts: _Texts) -> tuple[Case, ...]:
    cases = []
    for person in PARTICIPANTS.rows(material.participants):
        variables = (("role", person.role), ("sector", person.sector))
        turns = texts.speakers.get(person.pseudonym, [])
        places = tuple(_place_guid((turn, 0, texts.lengths[turn])) for turn in turns)
        cases.append(Case(guid("case", person.pseudonym), person.pseudonym, variables, places))
    return tuple(cases)
