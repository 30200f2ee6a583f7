"""How far people agree with each other, and the machine with them: four figures, each with its prevalence and n.

A coder gives a unit one of some categories. Per cent agreement flatters where one category is rare or common, kappa
and alpha punish it: so all stand side by side, with how common the category is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from pipeline.decisions.record import Kind
from pipeline.decisions.standing import State

Codes = Mapping[str, str]  # unit to category, of one coder
MACHINE = "machine"
# What may be said of a candidate, and of a code that a statement carries.
VERDICTS = ("accept", "maybe", "reject")
CODED = ("confirm", "refuse")


@dataclass(frozen=True)
class Agreement:
    """How far some coders agree on the units that at least two of them coded."""

    coders: tuple[str, ...]
    n: int  # units
    per_cent: float  # of pairs of codes on one unit, those that are the same
    kappa: float | None  # Cohen's, for two coders only
    alpha: float | None  # Krippendorff's, nominal
    ac1: float | None  # Gwet's
    prevalence: Mapping[str, float]  # category to its share of all codes


@dataclass(frozen=True)
class Figures:
    """What people said of candidates and of codes, and how far they agree: as the page and the report tell it."""

    verdicts: Mapping[str, Codes]  # by person
    codings: Mapping[str, Codes]
    on_verdicts: tuple[Agreement, ...]  # each two people, all where there are more, and each beside the machine
    on_codings: tuple[Agreement, ...]


def figures(state: State, ranks: Mapping[tuple[str, int, int], int]) -> Figures:
    """The figures of what stands; `ranks` are the candidates' places, 1 the best, by turn, start and end."""
    verdicts, codings = _said_of(state, "quote", VERDICTS), _said_of(state, "coding", CODED)
    ranked = {str(("quote", "verdict", (place,))): rank for place, rank in ranks.items()}
    beside = (with_machine(by, codes, ranked) for by, codes in verdicts.items())
    # What people confirm or refuse is what the machine had coded: it said yes to each.
    coded = (confirmed(by, said) for by, said in codings.items())
    return Figures(verdicts, codings, (*among(verdicts, VERDICTS), *beside), (*among(codings, CODED), *coded))


def judged(found: Agreement, said: Mapping[str, Codes]) -> int:
    """On how many units any of these people said something: the whole of which `n` is the part that two or more did."""
    return len(set().union(*(said[name] for name in found.coders if name != MACHINE)))


def agree(coders: Mapping[str, Codes], categories: Sequence[str]) -> Agreement:
    """The figures for these coders; one that is undefined (no unit, or only one category in use) is None."""
    units = _units(coders)
    counts = Counter(code for codes in units.values() for code in codes)
    total = sum(counts.values())
    kappa = None
    if len(coders) == 2:
        first, second = (coders[name] for name in sorted(coders))
        kappa = cohens_kappa([(first[unit], second[unit]) for unit in units])
    return Agreement(
        coders=tuple(sorted(coders)),
        n=len(units),
        per_cent=_observed(units.values()),
        kappa=kappa,
        alpha=krippendorffs_alpha(units.values()),
        ac1=gwets_ac1(units.values(), categories),
        prevalence={category: counts[category] / total if total else 0.0 for category in categories},
    )


def among(people: Mapping[str, Codes], categories: Sequence[str]) -> list[Agreement]:
    """The figures of each two people, and of all where there are more."""
    pairs = [agree({one: people[one], other: people[other]}, categories) for one, other in combinations(people, 2)]
    return [*pairs, agree(people, categories)] if len(people) > 2 else pairs


def with_machine(by: str, codes: Codes, ranks: Mapping[str, int]) -> Agreement:
    """A person's verdicts beside the machine's, both as accepted or not: the machine has no "maybe".

    The machine "accepts" as many of the candidates that the person decided on as that person did, those that it ranks
    best; `ranks` are the candidates' places, 1 the best.
    """
    said = {unit: "accept" if code == "accept" else "reject" for unit, code in codes.items()}
    judged = sorted((unit for unit in codes if unit in ranks), key=lambda unit: ranks[unit])
    wanted = sum(codes[unit] == "accept" for unit in judged)
    machine = {unit: "accept" if place < wanted else "reject" for place, unit in enumerate(judged)}
    return agree({by: said, MACHINE: machine}, ("accept", "reject"))


def confirmed(by: str, said: Codes) -> Agreement:
    """What a person said of codes beside the machine, which had given each of them."""
    return agree({by: said, MACHINE: dict.fromkeys(said, "confirm")}, CODED)


def cohens_kappa(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Agreement of two coders beyond chance, each with their own habits (Cohen 1960, eq. 1)."""
    if not pairs:
        return None
    n = len(pairs)
    observed = sum(one == other for one, other in pairs) / n
    first, second = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    expected = sum(first[category] * second[category] for category in first) / n**2
    return None if expected == 1 else (observed - expected) / (1 - expected)


def krippendorffs_alpha(units: Iterable[Sequence[str]]) -> float | None:
    """Agreement beyond chance of any number of coders, with gaps (Krippendorff 2011, nominal, section C).

    Each unit is the codes that it was given; units with fewer than two are left out.
    """
    coincidences: Counter[tuple[str, str]] = Counter()
    for codes in units:
        if len(codes) < 2:
            continue
        for i, one in enumerate(codes):
            for j, other in enumerate(codes):
                if i != j:
                    coincidences[one, other] += 1 / (len(codes) - 1)  # type: ignore[assignment]
    totals: Counter[str] = Counter()
    for (one, _), weight in coincidences.items():
        totals[one] += weight
    n = sum(totals.values())
    differing = sum(weight for (one, other), weight in coincidences.items() if one != other)
    expected = sum(totals[one] * totals[other] for one in totals for other in totals if one != other)
    return None if not expected else 1 - (n - 1) * differing / expected


def gwets_ac1(units: Iterable[Sequence[str]], categories: Sequence[str]) -> float | None:
    """Agreement beyond chance that stays steady when a category is rare (Gwet 2008, eq. 8, for several coders)."""
    coded = [codes for codes in units if len(codes) >= 2]
    if not coded or len(categories) < 2:
        return None
    shares = [sum(Counter(codes)[category] / len(codes) for codes in coded) / len(coded) for category in categories]
    expected = sum(share * (1 - share) for share in shares) / (len(categories) - 1)
    observed = sum(_same(codes) for codes in coded) / len(coded)
    return None if expected == 1 else (observed - expected) / (1 - expected)


def _said_of(state: State, kind: Kind, categories: Sequence[str]) -> dict[str, dict[str, str]]:
    """What each person said of each thing of a kind (a candidate; a statement and a code), by person and unit."""
    found: dict[str, dict[str, str]] = {}
    for subject, latest in state.by_person.items():
        for by, decision in latest.items():
            if subject[0] == kind and decision.action in categories:
                found.setdefault(by, {})[str(subject)] = decision.action
    return dict(sorted(found.items()))


def _units(coders: Mapping[str, Codes]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in sorted(coders):
        for unit, code in coders[name].items():
            found.setdefault(unit, []).append(code)
    return {unit: codes for unit, codes in sorted(found.items()) if len(codes) >= 2}


def _observed(units: Iterable[Sequence[str]]) -> float:
    shares = [_same(codes) for codes in units]
    return sum(shares) / len(shares) if shares else 0.0


def _same(codes: Sequence[str]) -> float:
    """Of the pairs of codes on one unit, the share that are the same."""
    pairs = list(combinations(codes, 2))
    return sum(one == other for one, other in pairs) / len(pairs)
