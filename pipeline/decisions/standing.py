"""What the log comes to: for each thing that can be decided, what now stands, and on what people don't agree."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, combinations, count, product
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any

from pipeline.decisions.anchoring import AnotherLook, reanchor
from pipeline.decisions.record import Decision, Span, spans_of

if TYPE_CHECKING:
    import pandas as pd

Subject = tuple[Any, ...]
# Actions that can't both hold share a facet; each other action is a facet of its own, so that to rename a theme
# doesn't undo its description.
_FACETS = {
    ("theme", "keep"): "fate",
    ("theme", "reject"): "fate",
    ("theme", "merge"): "fate",
    ("redaction", "same_person"): "who",
    ("redaction", "different_person"): "who",
}
# What a page writes down beside what was chosen: the theme's name at the time; and earlier pages wrote neither.
_BESIDE = {
    ("theme", "add_to_codebook"): ("name",),
    ("evidence", "accept"): ("theme_code",),
    ("evidence", "reject"): ("theme_code",),
}
_FINAL = frozenset({"accept", "reject"})  # a quote's verdicts that contradict each other


@dataclass(frozen=True)
class Conflict:
    """Two or more people decided differently on one thing, and nobody has settled it."""

    subject: Subject
    decisions: tuple[Decision, ...]  # one a person, in order of time


@dataclass(frozen=True)
class State:
    """The present state by subject."""

    by_person: Mapping[Subject, Mapping[str, Decision]]  # subject to reviewer to that person's latest decision
    outcome: Mapping[Subject, Decision]  # what stands; nothing for a subject in conflict
    conflicts: tuple[Conflict, ...]


@dataclass(frozen=True)
class ApprovedQuote:
    """Words that people accepted and that still stand to the letter."""

    spans: tuple[Span, ...]
    text: str  # the spans' words, with " … " between two of them
    attribution: str  # one of ATTRIBUTIONS, as the reviewer chose it; empty where nothing was chosen
    theme_anchor: tuple[Span, ...]  # central statements of the theme that it was accepted for
    theme_name: str  # as it read then
    theme_code: str  # of the codebook; empty where it was another theme
    by: str
    at: str
    decision_id: str
    note: str = ""


@dataclass(frozen=True)
class ThemeDecision:
    """What stands on a theme, in the terms of a run's tables."""

    action: str
    theme_id: str
    value: Mapping[str, Any]  # as decided
    into: str  # merge: the theme_id of the other; split: of what was split off, new where the run hasn't made it
    statement_ids: tuple[str, ...]  # split: the statements picked, sorted
    decision: Decision


@dataclass(frozen=True)
class CodingExample:
    """A person said that a statement carries a code, or that it does not."""

    statement_id: str
    text: str
    code: str
    holds: bool
    by: str
    decision_id: str


# Finest first: "a participant from local government", "one participant", nothing.
ATTRIBUTIONS = ("sector", "participant", "none")
_BY_CONSENT: Mapping[str, tuple[str, ...]] = {
    "quote_with_role": ATTRIBUTIONS,
    "quote_without_attribution": ("none",),
    "no_quotes": (),
    "withdrawn": (),
}


def allowed_attributions(consent: str, *, risk: str, sector: str) -> tuple[str, ...]:
    """How a quote may be attributed, the finest first; empty where it may not be printed at all.

    Consent sets the limit; a high disclosure risk takes the sector away, and so does a sector that isn't known.
    """
    allowed = _BY_CONSENT.get(consent, ())
    return tuple(way for way in allowed if way != "sector" or (sector and risk != "high"))


def in_force(decisions: Iterable[Decision], turns: pd.DataFrame | None = None) -> list[Decision]:
    """The decisions that stand, in order of time: what a stage should be given.

    Left out are those that were undone, that the same person replaced, that somebody settled otherwise, and those
    on which people disagree until one of them settles it; of two people who agree, the later stands. With `turns`
    (the source turns, for redactions), each decision's spans are where its words stand there, and those that need
    another look are left out too.
    """
    return sorted(fold(decisions, turns).outcome.values(), key=lambda decision: decision.order)


def fold(decisions: Iterable[Decision], turns: pd.DataFrame | None = None) -> State:
    """The present state by subject, person by person and together; with `turns`, of what stands in them."""
    made = without_undone(decisions)
    if turns is not None:
        # Before they are folded: what two people decided in two runs may be one thing.
        made = list(reanchor(made, turns).anchored)
    settled = {str(other) for decision in made for other in decision.value.get("settles") or ()}
    by_person: dict[Subject, dict[str, Decision]] = {}
    for decision in made:
        by_person.setdefault(subject_of(decision), {})[decision.by] = decision
    outcome: dict[Subject, Decision] = {}
    conflicts: list[Conflict] = []
    for subject, latest in by_person.items():
        ordered = sorted(latest.values(), key=lambda decision: decision.order)
        standing = [decision for decision in ordered if decision.decision_id not in settled]
        if not standing:
            continue
        if _contradict(standing):
            conflicts.append(Conflict(subject, tuple(standing)))
        else:
            outcome[subject] = _weightiest(standing)
    return State(by_person, outcome, tuple(conflicts))


def without_undone(decisions: Iterable[Decision]) -> list[Decision]:
    """The decisions as if those that were undone had not been made; an undo can itself be undone."""
    ordered = sorted(decisions, key=lambda decision: decision.order)
    makers = {decision.decision_id: decision.by for decision in ordered}
    undone: set[str] = set()
    kept: list[Decision] = []
    for decision in reversed(ordered):
        if decision.decision_id in undone:
            continue
        if decision.action != "undo":
            kept.append(decision)
            continue
        target = str(decision.value.get("undoes", ""))
        if makers.get(target) == decision.by:
            undone.add(target)
    return kept[::-1]


def subject_of(decision: Decision) -> Subject:
    """What a decision is filed under: a later one of the same person with the same subject replaces it."""
    spans = spans_of(decision.value.get("candidate")) if decision.kind == "quote" else ()
    places = tuple(span.place for span in spans or decision.subject)
    facet = "verdict"
    if decision.kind in ("theme", "redaction"):
        facet = _FACETS.get((decision.kind, decision.action), decision.action)
    if decision.kind == "redaction" and facet in ("keep", "replace", "add"):
        facet = "verdict"
    if decision.kind == "theme" and decision.action == "split":
        facet = f"split {[span.place for span in spans_of(decision.value.get('spans'))]}"
    if decision.kind == "coding":
        facet = str(decision.value.get("code", "move"))
    if decision.kind in ("report", "evidence"):
        facet = str(decision.value.get("place", decision.value.get("passage", "")))
    return (decision.kind, facet, places)


def _contradict(standing: Sequence[Decision]) -> bool:
    if len(standing) < 2:
        return False
    if standing[0].kind != "quote":
        return len({_choice(decision) for decision in standing}) > 1
    final = [decision for decision in standing if decision.action in _FINAL]
    # Two who accept, but not the same words, would print one thing twice or in two ways.
    accepted = {tuple(span.place for span in decision.subject) for decision in final if decision.action == "accept"}
    return len({decision.action for decision in final}) > 1 or len(accepted) > 1


def _choice(decision: Decision) -> str:
    beside = {"settles", "origin", *_BESIDE.get((decision.kind, decision.action), ())}
    chosen = {key: value for key, value in decision.value.items() if key not in beside}
    return f"{decision.action} {sorted(chosen.items(), key=lambda item: item[0])!r}"


def _weightiest(standing: Sequence[Decision]) -> Decision:
    """The latest; but a verdict outweighs a later "maybe" or "undecided" of somebody else."""
    final = [decision for decision in standing if decision.action in _FINAL]
    return (final if standing[0].kind == "quote" and final else standing)[-1]


def approved_quotes(decisions: Iterable[Decision], turns: pd.DataFrame) -> list[ApprovedQuote]:
    """The quotes that may be printed, in the order of the talk: accepted, undisputed, and standing to the letter.

    Whoever prints them still holds them against the consent and risk of this run (`allowed_attributions`): both
    may have changed since.
    """
    standing = in_force((decision for decision in decisions if decision.kind == "quote"), turns)
    quotes = [_approved(decision) for decision in standing if decision.action == "accept" and decision.subject]
    return sorted(quotes, key=lambda quote: quote.spans[0].place)


def sharing_words(quotes: Sequence[Sequence[tuple[str, int, int]]]) -> list[tuple[int, int]]:
    """Each two of these quotes that have words in common, by their numbers: a report prints these words twice.

    A quote is the places of its pieces: turn_id, start and end.
    """
    by_turn: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for number, pieces in enumerate(quotes):
        for turn_id, start, end in pieces:
            by_turn[turn_id].append((number, start, end))
    return sorted(
        {
            (one, other)
            for held in by_turn.values()
            for (one, start, end), (other, begin, stop) in combinations(held, 2)
            if one != other and start < stop and begin < end
        }
    )


def needing_another_look(decisions: Iterable[Decision], turns: pd.DataFrame) -> list[AnotherLook]:
    """The decisions that would stand but for these turns, in order of time; nothing is dropped."""
    return list(reanchor(in_force(decisions), turns).needs_another_look)


def _approved(decision: Decision) -> ApprovedQuote:
    return ApprovedQuote(
        spans=decision.subject,
        text=" … ".join(span.text for span in decision.subject),
        attribution=str(decision.value.get("attribution", "")),
        theme_anchor=spans_of(decision.value.get("theme_anchor")),
        theme_name=str(decision.value.get("theme_name", "")),
        theme_code=str(decision.value.get("theme_code", "")),
        by=decision.by,
        at=decision.at,
        decision_id=decision.decision_id,
        note=decision.note,
    )


Place = tuple[str, str]  # a statement_id, and the origin of a theme that it may have
NOTHING_APART: Mapping[Place, str] = {}


@dataclass(frozen=True)
class Locator:
    """Finds the statements and themes of a run that spans stand for."""

    statements: pd.DataFrame
    assignments: pd.DataFrame

    @cached_property
    def _by_turn(self) -> Mapping[str, Sequence[tuple[str, int, int]]]:
        found: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
        columns = (self.statements[name].tolist() for name in ("turn_id", "statement_id", "start", "end"))
        for turn_id, statement_id, start, end in zip(*columns, strict=True):
            found[turn_id].append((statement_id, start, end))
        return found

    @cached_property
    def _themes(self) -> Mapping[str, Sequence[tuple[str, str]]]:
        found: dict[str, list[tuple[str, str]]] = defaultdict(list)
        primary = self.assignments[self.assignments["primary"].astype(bool)]
        columns = (primary[name].tolist() for name in ("statement_id", "origin", "theme_id"))
        for statement_id, origin, theme_id in zip(*columns, strict=True):
            found[statement_id].append((origin, theme_id))
        return found

    def statement_ids(self, spans: Iterable[Span]) -> tuple[str, ...]:
        """The statements that hold half of a span or more, or of which a span holds half or more, sorted."""
        found = {
            statement_id
            for span in spans
            for statement_id, start, end in self._by_turn.get(span.turn_id, ())
            if 2 * (min(end, span.end) - max(start, span.start)) >= min(end - start, span.end - span.start) > 0
        }
        return tuple(sorted(found))

    def theme_id(self, spans: Iterable[Span], *, origin: str = "", apart: Mapping[Place, str] = NOTHING_APART) -> str:
        """The theme that most of these statements have as their primary one; ties by theme_id; empty if none has.

        `apart` says of statements which other theme they stood in when it was decided: one that was split off since
        the run, or what they were split off from in it.
        """
        votes = Counter(
            apart.get((statement_id, found_in), theme_id)
            for statement_id in self.statement_ids(spans)
            for found_in, theme_id in self._themes.get(statement_id, ())
            if origin in ("", found_in)
        )
        return min(votes, key=lambda theme_id: (-votes[theme_id], theme_id), default="")

    def parent(self, theme_id: str, picked: Collection[str]) -> str:
        """What a theme of nothing but these statements was split off from, by its id; empty where it wasn't."""
        themes = set(self.assignments["theme_id"])
        held = {name for name, listed in self._themes.items() if any(theme == theme_id for _, theme in listed)}
        whole = held == set(picked)
        longest = range(len(theme_id) - 1, len(theme_id.rstrip(ascii_lowercase)) - 1, -1)
        return next((theme_id[:end] for end in longest if whole and theme_id[:end] in themes), "")


def theme_decisions(
    decisions: Iterable[Decision],
    statements: pd.DataFrame,
    assignments: pd.DataFrame,
    *,
    codebook: Collection[str] = (),
    as_found: bool = False,
) -> list[ThemeDecision]:
    """What stands on the themes of these tables, in order of time, each decision's anchor turned into a theme_id.

    Give decisions that were re-anchored to the turns that the statements are cut from. A decision whose anchor lies
    in no theme now is left out; `needing_another_look` lists what is gone. `codebook` is the codes that no assignment
    needs to name: people may decide on one that nobody spoke to. What is decided on a theme that was split off before
    is on that theme, be it made yet or not; with `as_found` the tables are as a program found them, and none is.
    """
    locator = Locator(statements, assignments)
    codes = frozenset(assignments.loc[assignments["origin"] == "codebook", "theme_id"]) | set(codebook)
    taken = {*assignments["theme_id"], *codes}
    ordered = in_force(decision for decision in decisions if decision.kind == "theme")
    stood, made = ({}, {}) if as_found else _made_splits(ordered, locator)
    waiting: dict[Place, str] = {}
    found = []
    for decision in ordered:
        apart = stood | waiting
        origin = str(decision.value.get("origin", ""))
        spans = spans_of(decision.value.get("spans"))
        staying = _staying(decision) or decision.subject
        theme_id = _coded(decision, "theme_code", codes) or locator.theme_id(staying, origin=origin, apart=apart)
        into = _coded(decision, "into_code", codes)
        into = into or locator.theme_id(spans_of(decision.value.get("into")), origin=origin, apart=apart)
        picked = locator.statement_ids(spans)
        if theme_id and picked and decision.decision_id in made:
            into, stood = made[decision.decision_id]
        elif theme_id and picked and decision.action == "split":
            into = _split_id(theme_id, taken)
            taken.add(into)
            waiting.update({(statement_id, origin or "emergent"): into for statement_id in picked})
        if theme_id:
            found.append(ThemeDecision(decision.action, theme_id, decision.value, into, picked, decision))
    return found


def _staying(decision: Decision) -> list[Span]:
    """The words of a theme's anchor without those that a split takes: once it is made, they stand for the new theme."""
    leaving = {span.place for span in spans_of(decision.value.get("spans"))}
    return [span for span in decision.subject if span.place not in leaving]


def _made_splits(
    ordered: Sequence[Decision], locator: Locator
) -> tuple[dict[Place, str], dict[str, tuple[str, dict[Place, str]]]]:
    """Where statements stood before the splits that these tables have made: what was decided then was on that theme.

    And by the decision_id of each such split: what it made, and where statements stood after it.
    """
    stood: dict[Place, str] = {}
    made = {}
    for decision in reversed(ordered):
        if decision.action == "split":
            origin = str(decision.value.get("origin", "")) or "emergent"
            spans = spans_of(decision.value.get("spans"))
            into = locator.theme_id(spans, origin=origin, apart=stood)
            left = locator.theme_id(_staying(decision), origin=origin, apart=stood)
            picked = locator.statement_ids(spans)
            left = left or locator.parent(into, picked)
            if into and left not in ("", into):
                made[decision.decision_id] = (into, dict(stood))
                stood.update({(statement_id, origin): left for statement_id in picked})
    return stood, made


def _split_id(theme: str, taken: Collection[str]) -> str:
    """The first of e01a to e01z, e01aa, e01ab ... that is free."""
    endings = chain.from_iterable(product(ascii_lowercase, repeat=length) for length in count(1))
    return next(name for ending in endings if (name := f"{theme}{''.join(ending)}") not in taken)


def _coded(decision: Decision, key: str, codes: frozenset[str]) -> str:
    """The code that a decision names; a code is a name that people gave, and so the same in every run."""
    code = str(decision.value.get(key, ""))
    return code if code in codes else ""


def coding_examples(decisions: Iterable[Decision], statements: pd.DataFrame) -> list[CodingExample]:
    """What people said of single statements and codes, in order of statement and code: examples to learn from."""
    import pandas as pd

    locator = Locator(statements, pd.DataFrame({"primary": [], "statement_id": [], "origin": [], "theme_id": []}))
    texts = dict(zip(statements["statement_id"], statements["text"], strict=True))
    examples = []
    for decision in in_force(decision for decision in decisions if decision.kind == "coding"):
        code = str(decision.value.get("code", ""))
        if decision.action not in ("confirm", "refuse") or not code:
            continue
        for statement_id in locator.statement_ids(decision.subject):
            examples.append(
                CodingExample(
                    statement_id, texts[statement_id], code, decision.action == "confirm",
                    decision.by, decision.decision_id,
                )
            )  # fmt: skip
    return sorted(examples, key=lambda example: (example.statement_id, example.code))
