"""The annex on agreement: how far those who decided agree with each other, and with the machine's own ranking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.decisions import fold
from pipeline.decisions.agreement import MACHINE, Agreement, Codes, figures, judged
from pipeline.synthesis.desk import Desk
from pipeline.synthesis.paper import Annex, Grid
from pipeline.synthesis.wording import Line, percent

_HEADERS = ("judged", "coders", "agreed_n", "agreed", "kappa", "ac1", "prevalence")


def agreement(desk: Desk) -> Annex | None:
    """The figures with how many things each rests on; None before anybody decided on a candidate or a code.

    Who they are stays out of the paper: reviewers are A, B ... in the order of their short names.
    """
    state = fold(desk.material.decisions, desk.material.turns)
    ranks = {(quote.turn_id, quote.start, quote.end): quote.overall_rank for quote in desk.candidates}
    found = figures(state, ranks)
    people = sorted({*found.verdicts, *found.codings})
    if not people:
        return None
    letters = {by: chr(ord("A") + number) for number, by in enumerate(people)}
    rows = [_row(one, "quotes", found.verdicts, letters, desk) for one in found.on_verdicts]
    rows += [_row(one, "codes", found.codings, letters, desk) for one in found.on_codings]
    told = [desk.say("annex.agreement_text")]
    if len(people) == 1:
        told.insert(0, desk.say("annex.agreement_one"))
    grid = Grid(
        desk.say("annex.agreement_by"),
        tuple(desk.say(f"annex.{header}") for header in _HEADERS),
        tuple(rows),
        frozenset({2, 3, 4, 5}),
    )
    return Annex(desk.say("annex.agreement"), tuple(told), (grid,))


def _row(
    found: Agreement, what: str, said: Mapping[str, Codes], letters: Mapping[str, str], desk: Desk
) -> tuple[Line | str, ...]:
    """One line: what was judged, by whom, on how many of those that any of them judged, and the figures."""
    people = [name for name in found.coders if name != MACHINE]
    names = ", ".join(letters[name] for name in people)
    who = desk.say("annex.and_machine", who=names) if MACHINE in found.coders else names
    # With two it is Cohen's kappa, with more Krippendorff's alpha, of which kappa is no case.
    beyond_chance = found.kappa if len(found.coders) == 2 else found.alpha
    return (
        desk.say(f"annex.judged_{what}"),
        who,
        f"{found.n} / {judged(found, said)}",
        percent(found.per_cent) if found.n else "–",
        _figure(beyond_chance),
        _figure(found.ac1),
        _prevalence(found, desk) if found.n else "–",
    )


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}".replace("-", "−")


def _prevalence(found: Agreement, desk: Desk) -> Line:
    """How common each answer is: kappa falls where one is rare, however often two people agree."""
    parts: Sequence[Line] = [
        desk.say(f"annex.{category}", share=percent(share)) for category, share in found.prevalence.items() if share
    ]
    return tuple((language, ", ".join(dict(part)[language] for part in parts)) for language in desk.languages)
