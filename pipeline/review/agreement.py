"""How far people agree with each other, and the machine with them: four figures, each with its prevalence and n.

A coder gives a unit one of some categories. Per cent agreement flatters where one category is rare or common, kappa
and alpha punish it: so all stand side by side, with how common the category is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

Codes = Mapping[str, str]  # unit to category, of one coder
MACHINE = "machine"
_VERDICTS = ("accept", "maybe", "reject")
_CODED = ("confirm", "refuse")


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


def agreement_data(items: Iterable[Any], placed: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What the page shows: the figures for each two coders and all people, and what they don't agree on.

    `placed` are decisions with their items, as rows.place gives them. The machine is one more coder: it "accepts"
    as many of the candidates that a person decided on as that person did, those that it ranks best.
    """
    ranks = {item.id: item.overall for item in items if item.proposed}
    latest = _latest(placed)
    people = {by: {unit: row["action"] for unit, row in rows.items()} for by, rows in sorted(latest.items())}
    rows = _among(people, _VERDICTS)
    two = ("accept", "reject")
    rows += [_row({by: _as_two(codes), MACHINE: _machine(codes, ranks)}, two) for by, codes in people.items()]
    coding = _coding(placed)
    codes = _among(coding, _CODED)
    # What people confirm or refuse is what the machine had coded: it said yes to each.
    codes += [_row({by: said, MACHINE: dict.fromkeys(said, "confirm")}, _CODED) for by, said in coding.items()]
    return {"coders": sorted(people), "rows": rows, "codes": codes, "disagreements": _disagreements(latest)}


def _among(people: Mapping[str, Codes], categories: Sequence[str]) -> list[dict[str, Any]]:
    """The figures of each two people, and of all where there are more."""
    rows = [_row({one: people[one], other: people[other]}, categories) for one, other in combinations(people, 2)]
    return [*rows, _row(people, categories)] if len(people) > 2 else rows


def _coding(placed: Sequence[Mapping[str, Any]]) -> dict[str, Codes]:
    """What each person said of a statement and a code, the latest of each."""
    said: dict[str, dict[str, str]] = {}
    undone = _undone(placed)
    for row in sorted(placed, key=lambda row: (row["at"], row["decision_id"])):
        if row["kind"] == "coding" and row["action"] in _CODED and row["decision_id"] not in undone:
            for statement in row.get("anchor", ()):
                said.setdefault(row["by"], {})[f"{statement} {row['value'].get('code', '')}"] = row["action"]
    return dict(sorted(said.items()))


def _row(coders: Mapping[str, Codes], categories: Sequence[str]) -> dict[str, Any]:
    figures = vars(agree(coders, categories))
    return {**figures, "coders": list(figures["coders"]), "prevalence": dict(figures["prevalence"])}


def _as_two(codes: Codes) -> Codes:
    """Accepted or not: the machine has no "maybe"."""
    return {unit: "accept" if code == "accept" else "reject" for unit, code in codes.items()}


def _machine(codes: Codes, ranks: Mapping[str, int]) -> Codes:
    judged = sorted((unit for unit in codes if unit in ranks), key=lambda unit: ranks[unit])
    wanted = sum(codes[unit] == "accept" for unit in judged)
    return {unit: "accept" if place < wanted else "reject" for place, unit in enumerate(judged)}


def _latest(placed: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Mapping[str, Any]]]:
    """Each person's latest verdict on each item, without those that were undone."""
    undone = _undone(placed)
    latest: dict[str, dict[str, Mapping[str, Any]]] = {}
    for row in sorted(placed, key=lambda row: (row["at"], row["decision_id"])):
        if row["kind"] == "quote" and row.get("item") and row["decision_id"] not in undone:
            latest.setdefault(row["by"], {})[row["item"]] = row
    return {by: {item: row for item, row in rows.items() if row["action"] in _VERDICTS} for by, rows in latest.items()}


def _undone(placed: Sequence[Mapping[str, Any]]) -> set[str]:
    undone: set[str] = set()
    for row in sorted(placed, key=lambda row: (row["at"], row["decision_id"]), reverse=True):
        if row["action"] == "undo" and row["decision_id"] not in undone:
            undone.add(str(row["value"].get("undoes", "")))
    return undone


def _disagreements(latest: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> list[dict[str, Any]]:
    settled = {
        str(other) for rows in latest.values() for row in rows.values() for other in row["value"].get("settles") or ()
    }
    by_item: dict[str, list[Mapping[str, Any]]] = {}
    for rows in latest.values():
        for item, row in rows.items():
            by_item.setdefault(item, []).append(row)
    found = []
    for item, rows_of_item in sorted(by_item.items()):
        if len({row["action"] for row in rows_of_item}) > 1:
            open_rows = [row for row in rows_of_item if row["decision_id"] not in settled]
            said = [{"by": row["by"], "action": row["action"], "reason": row["reason"]} for row in rows_of_item]
            found.append({"item": item, "said": said, "settled": len({row["action"] for row in open_rows}) < 2})
    return found
