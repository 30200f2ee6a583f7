"""What people decided, as the report needs it: quotes that stand, words that people wrote, the order of parts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.decisions import (
    ApprovedQuote,
    Decision,
    Locator,
    Span,
    ThemeDecision,
    approved_quotes,
    fold,
    in_force,
    needing_another_look,
    spans_of,
    theme_decisions,
)
from pipeline.synthesis.material import ReportMaterial
from pipeline.tables import NOT_QUOTED, PARTICIPANTS, QUOTES, THEMES, TURNS, Participant, Passage, Quote, Theme, Turn

_VERDICTS = ("accept", "reject", "maybe")


@dataclass(frozen=True)
class Approved:
    """A quote that people accepted, and where its words stand in this run."""

    quote_id: str  # made of its place: `rt1:t0012:0-48`
    spans: tuple[Span, ...]
    speaker: str
    transcript_id: str
    roundtable_id: str
    language: str
    theme_id: str  # empty where none of this run's themes holds it
    attribution: str  # what the reviewer chose, one of decisions.ATTRIBUTIONS; empty for the finest that is allowed
    risk: str  # of the candidate that it was made of; none where people found it themselves
    translation: str
    translated_by: str
    decision_id: str
    dissent: bool


@dataclass(frozen=True)
class Choices:
    """The decisions' present state, for the report."""

    approved: tuple[Approved, ...]
    unprinted: Mapping[str, int]  # accepted quotes that can't be printed, by reason (a key of [unprinted])
    outcomes: Mapping[tuple[str, str], int]  # (action, reason) of candidates that weren't accepted
    judged: frozenset[str]  # quote_id of the candidates that somebody's verdict is on, disputed ones too
    rejected_places: frozenset[tuple[str, int, int]]
    names: Mapping[str, str]  # theme_id to people's name for it
    descriptions: Mapping[str, str]
    places: Mapping[str, tuple[str, int]]  # theme_id to part and order
    gone: Mapping[str, str]  # theme_id of a rejected or merged theme, to the theme that it became; "" for none
    disputed: int  # decisions on themes, and papers for them, in which people differ, and which hold for none of them
    codings: int  # statements and codes, or where to move a statement, on which people differ: neither is learned from
    unmade: int  # merges and splits that the next run makes: until then nobody is counted by them
    touched: frozenset[str]  # themes on which people decided anything but to reject, those that took another in too
    written: Mapping[str, str]  # place in the report to people's words
    passages: Mapping[
        str, frozenset[str]
    ]  # accepted evidence: passage_id to the themes that it may be cited for; "" for any

    def cites(self, passage: Passage) -> bool:
        """Whether people accepted this passage for this theme."""
        return bool(self.passages.get(passage.passage_id, frozenset()) & {"", passage.theme_id})


def choices(material: ReportMaterial) -> Choices:
    """The present state of what people decided, held against this run's turns and consent."""
    standing = in_force(material.decisions, material.turns)
    codes = material.themes.loc[material.themes["origin"] == "codebook", "theme_id"].tolist()
    on_themes = _of_their_own(theme_decisions(standing, material.statements, material.assignments, codebook=codes))
    gone = _gone(on_themes)
    conflicts = fold(material.decisions, material.turns).conflicts
    differing = Counter(conflict.subject[0] for conflict in conflicts)
    run = _Run(material)
    approved, unprinted = _approved(material, run, gone, disputed=differing["quote"])
    return Choices(
        approved=approved,
        unprinted=unprinted,
        outcomes=_outcomes(standing),
        judged=_judged([*standing, *(one for conflict in conflicts for one in conflict.decisions)], run),
        rejected_places=_rejected(standing),
        names=_names(on_themes),
        descriptions=_descriptions(on_themes, standing, material),
        places={
            found.theme_id: (str(found.value.get("part") or 1), int(found.value.get("order") or 0))
            for found in _of(on_themes, "place")
        },
        gone=gone,
        disputed=differing["theme"] + differing["evidence"],
        codings=differing["coding"],
        unmade=_unmade(on_themes, gone, material),
        touched=_touched(on_themes, gone),
        written=_written(standing),
        passages=_passages(standing, material, gone),
    )


def _of_their_own(on_themes: Sequence[ThemeDecision]) -> list[ThemeDecision]:
    """Without what was said of themes that this run has made part of another: it was not said of the other."""
    away = {_places(found) for found in on_themes if found.action == "merge" and found.into == found.theme_id}
    return [found for found in on_themes if found.action == "merge" or _places(found) not in away]


def _places(found: ThemeDecision) -> tuple[tuple[str, int, int], ...]:
    return tuple(span.place for span in found.decision.subject)


def _names(on_themes: Iterable[ThemeDecision]) -> dict[str, str]:
    """The last of several; what another theme was merged into keeps the name by which it was chosen, as in the run."""
    names: dict[str, str] = {}
    for found in on_themes:
        # What the merged theme was called before would else be the name of both, once the run has made one of them.
        made = found.action == "merge" and found.into == found.theme_id
        if name := found.value.get("into_name" if made else "name") if made or found.action == "rename" else "":
            names[found.theme_id] = str(name)
    return names


def _gone(on_themes: Iterable[ThemeDecision]) -> dict[str, str]:
    """theme_id of each rejected or merged theme to the one that it ended in, through every merge; "" for none."""
    # A merge that this run has made points from the theme to itself: that theme is here to stay.
    ended = (found for found in on_themes if found.action == "reject" or found.into != found.theme_id)
    into = {found.theme_id: found.into for found in ended if found.action in ("reject", "merge")}
    return {theme: _end(theme, into) for theme in into}


def _touched(on_themes: Iterable[ThemeDecision], gone: Mapping[str, str]) -> frozenset[str]:
    """The themes that people shaped; who merges one theme into another, or splits one off, decides on the other too."""
    kept = [found for found in on_themes if found.action != "reject"]
    shaped = [found.theme_id for found in kept if found.action != "merge"]
    shaped += [found.into for found in kept if found.action in ("merge", "split")]
    return frozenset(gone.get(theme, theme) for theme in shaped) - {""}


def _unmade(on_themes: Iterable[ThemeDecision], gone: Mapping[str, str], material: ReportMaterial) -> int:
    locator = Locator(material.statements, material.assignments)
    # A merged code stays in the codebook: what waits is what is said of it.
    spoken = set(material.assignments.loc[material.assignments["primary"], "theme_id"])
    merges = sum(bool(into) and theme in spoken for theme, into in gone.items())
    splits = (found for found in on_themes if found.action == "split" and found.into not in {"", *spoken})
    places = ((gone.get(found.into, found.into), spans_of(found.value.get("spans"))) for found in splits)
    return merges + sum(locator.theme_id(spans, origin="emergent") != theme for theme, spans in places if theme)


def _end(theme: str, into: Mapping[str, str]) -> str:
    passed: set[str] = set()
    while theme in into:
        if theme in passed:
            # Merged in a ring: the next run makes one theme of them, and until then none of them is left.
            return ""
        passed.add(theme)
        theme = into[theme]
    return theme


def _of(decisions: Iterable[ThemeDecision], action: str) -> list[ThemeDecision]:
    return [found for found in decisions if found.action == action]


class _Run:
    """This run's rows, to hold an accepted quote against."""

    def __init__(self, material: ReportMaterial) -> None:
        self.turns: dict[str, Turn] = {turn.turn_id: turn for turn in TURNS.rows(material.turns)}
        people: Iterable[Participant] = PARTICIPANTS.rows(material.participants)
        self.consent = {person.pseudonym: person.consent for person in people}
        self.candidates: dict[str, list[Quote]] = defaultdict(list)  # by turn_id
        for quote in QUOTES.rows(material.quotes):
            self.candidates[quote.turn_id].append(quote)
        self.themes: dict[str, Theme] = {theme.theme_id: theme for theme in THEMES.rows(material.themes)}
        self.locator = Locator(material.statements, material.assignments)
        self.values = {decision.decision_id: decision.value for decision in material.decisions}

    def candidate(self, spans: Sequence[Span]) -> Quote | None:
        """The candidate that shares most with these words; ties by quote_id."""
        shared = [
            (-sum(_overlap(span, quote) for span in spans if span.turn_id == turn), quote.quote_id, quote)
            for turn in {span.turn_id for span in spans}
            for quote in self.candidates.get(turn, ())
        ]
        overlap, _, best = min(shared, key=lambda found: found[:2], default=(0, "", None))
        return best if overlap else None

    def theme_id(self, quote: ApprovedQuote, candidate: Quote | None) -> str:
        """The theme that a quote was accepted for, as it is called now.

        By its code, which people gave and which stays; else the candidate's, if that has the name that it had then;
        else by its anchor, in the origin where a theme has that name; else the candidate's, if the anchor knows it;
        else the one that its own statements carry.
        """
        anchor = quote.theme_anchor or quote.spans
        by_origin = [self.locator.theme_id(anchor, origin=origin) for origin in ("codebook", "emergent")]
        # A small code's anchor is of statements that carry it beside another theme, and would find that one.
        proposed = [candidate.theme_id] if candidate else []
        named = [name for name in (*proposed, *by_origin) if name in self.themes and self._named(name, quote)]
        named.insert(0, quote.theme_code)
        if candidate and candidate.theme_id in by_origin:
            named.append(candidate.theme_id)
        if not quote.theme_anchor and candidate:
            named.insert(1, candidate.theme_id)
        return next((name for name in (*named, *by_origin) if name in self.themes), "")

    def _named(self, theme_id: str, quote: ApprovedQuote) -> bool:
        return self.themes[theme_id].name == quote.theme_name


def _overlap(span: Span, quote: Quote) -> int:
    return max(0, min(span.end, quote.end) - max(span.start, quote.start))


def _approved(
    material: ReportMaterial, run: _Run, gone: Mapping[str, str], *, disputed: int
) -> tuple[tuple[Approved, ...], dict[str, int]]:
    kept = []
    unprinted = Counter(
        "another_look"
        for look in needing_another_look(material.decisions, material.turns)
        if (look.decision.kind, look.decision.action) == ("quote", "accept")
    )
    unprinted["disputed"] = disputed
    for quote in approved_quotes(material.decisions, material.turns):
        consents = {run.consent.get(run.turns[span.turn_id].speaker, "no_quotes") for span in quote.spans}
        refused = next((consent for consent in NOT_QUOTED if consent in consents), "")
        if refused:
            unprinted[refused] += 1
        else:
            kept.append(_approve(quote, run, gone))
    # Approved all the same: `verify` knows these words, but no section of the paper holds them.
    unprinted["no_theme"] = sum(not quote.theme_id for quote in kept)
    return tuple(kept), {reason: count for reason, count in sorted(unprinted.items()) if count}


def _approve(quote: ApprovedQuote, run: _Run, gone: Mapping[str, str]) -> Approved:
    turn = run.turns[quote.spans[0].turn_id]
    candidate = run.candidate(quote.spans)
    theme = run.theme_id(quote, candidate)
    translation = run.values.get(quote.decision_id, {}).get("translation") or {}
    return Approved(
        quote_id=f"{quote.spans[0].turn_id}:{quote.spans[0].start}-{quote.spans[-1].end}",
        spans=quote.spans,
        speaker=turn.speaker,
        transcript_id=turn.transcript_id,
        roundtable_id=turn.roundtable_id,
        language=turn.language,
        theme_id=gone.get(theme, theme),
        attribution=quote.attribution,
        risk=candidate.risk if candidate else "none",
        translation=str(translation.get("text", "")),
        translated_by=str(translation.get("by", "")),
        decision_id=quote.decision_id,
        dissent=bool(candidate and candidate.dissent),
    )


def _outcomes(standing: Iterable[Decision]) -> dict[tuple[str, str], int]:
    counted = Counter((found.action, found.reason) for found in standing if found.kind == "quote")
    return {key: count for key, count in sorted(counted.items()) if key[0] != "accept"}


def _judged(decisions: Iterable[Decision], run: _Run) -> frozenset[str]:
    verdicts = (found for found in decisions if found.kind == "quote" and found.action in _VERDICTS)
    candidates = (run.candidate(spans_of(found.value.get("candidate")) or found.subject) for found in verdicts)
    return frozenset(found.quote_id for found in candidates if found is not None)


def _rejected(standing: Iterable[Decision]) -> frozenset[tuple[str, int, int]]:
    return frozenset(
        span.place for found in standing if found.kind == "quote" and found.action == "reject" for span in found.subject
    )


def _descriptions(
    on_themes: Iterable[ThemeDecision], standing: Iterable[Decision], material: ReportMaterial
) -> dict[str, str]:
    found = {decision.theme_id: str(decision.value.get("text", "")) for decision in _of(on_themes, "describe")}
    locator = Locator(material.statements, material.assignments)
    for decision in standing:
        if decision.kind == "report" and decision.subject:
            theme = locator.theme_id(decision.subject, origin=str(decision.value.get("origin", "")))
            found[theme] = str(decision.value.get("text", ""))
    return {theme: text for theme, text in found.items() if theme and text.strip()}


def _written(standing: Iterable[Decision]) -> dict[str, str]:
    return {
        str(decision.value.get("place", "")): str(decision.value.get("text", ""))
        for decision in standing
        if decision.kind == "report" and not decision.subject and str(decision.value.get("text", "")).strip()
    }


def _passages(
    standing: Iterable[Decision], material: ReportMaterial, gone: Mapping[str, str]
) -> dict[str, frozenset[str]]:
    locator = Locator(material.statements, material.assignments)
    found: dict[str, frozenset[str]] = {}
    for decision in standing:
        if (decision.kind, decision.action) == ("evidence", "accept"):
            passage = str(decision.value.get("passage", ""))
            found[passage] = found.get(passage, frozenset()) | _cited_for(decision, locator, gone)
    return found


def _cited_for(decision: Decision, locator: Locator, gone: Mapping[str, str]) -> frozenset[str]:
    """The themes that a paper was accepted for: none where its words have none any more, and any where it had none.

    What was accepted for a code that people merged is cited for the one that it is part of.
    """
    if not decision.subject:
        return frozenset({""})
    code, origin = (str(decision.value.get(key, "")) for key in ("theme_code", "origin"))
    # Earlier pages didn't say among which themes to look.
    origins = (origin,) if origin else ("codebook", "emergent")
    themes = {gone.get(code, code)} if code else {locator.theme_id(decision.subject, origin=one) for one in origins}
    return frozenset(themes - {""})
