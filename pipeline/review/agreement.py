"""What the page shows of agreement: the figures for each two coders and all people, and what they don't agree on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from pipeline.decisions import ApprovedQuote, Conflict, Decision, sharing_words
from pipeline.decisions.agreement import VERDICTS, Agreement, Codes, Figures, judged


def agreement_data(
    found: Figures, placed: Sequence[Mapping[str, Any]], *, held_back: Collection[str] = ()
) -> dict[str, Any]:
    """What the page shows: the figures for each two coders and all people, and what they don't agree on.

    `placed` are decisions with their items, as rows.place gives them; `held_back` the decisions that contradict each
    other, as `contradicting` gives them.
    """
    return {
        "coders": sorted(found.verdicts),
        "rows": [_row(one, found.verdicts) for one in found.on_verdicts],
        "codes": [_row(one, found.codings) for one in found.on_codings],
        "disagreements": _disagreements(_latest(placed), held_back),
    }


def contradicting(conflicts: Iterable[Conflict]) -> frozenset[str]:
    """The decisions on quotes that no report follows, because they contradict each other: those that it counts."""
    return frozenset(
        made.decision_id for conflict in conflicts if conflict.subject[0] == "quote" for made in conflict.decisions
    )


def printed_twice(approved: Sequence[ApprovedQuote], placed: Sequence[Mapping[str, Any]]) -> list[list[dict[str, Any]]]:
    """Each two accepted quotes that have words in common, in the order of the talk: their items, who and what."""
    items = {row["decision_id"]: row.get("item", "") for row in placed}
    told = [
        {"item": items[quote.decision_id], "by": quote.by, "pieces": [span.text for span in quote.spans]}
        for quote in approved
    ]
    return [
        [told[one], told[other]]
        for one, other in sharing_words([[span.place for span in quote.spans] for quote in approved])
    ]


def theme_disagreements(
    conflicts: Iterable[Conflict],
    called: Callable[[Decision], str],
    *,
    kinds: Collection[str] = ("theme", "evidence"),
) -> list[dict[str, Any]]:
    """Themes, and papers for them, on which people decided differently, so that neither holds; the earliest first.

    `called` gives what the theme of a decision is called now. Of the kind "coding" it is statements and their codes.
    """
    return [
        {
            "theme": called(conflict.decisions[0]),
            "words": _words(conflict.decisions[0]),
            "said": [
                {
                    "id": made.decision_id,
                    "by": made.by,
                    "action": made.action,
                    "told": _told(made),
                    "paper": str(made.value.get("passage", "")),
                }
                for made in conflict.decisions
            ],
        }
        for conflict in conflicts
        if conflict.subject[0] in kinds
    ]


def _words(decision: Decision) -> str:
    """The statement that a code was confirmed or refused for; a theme is called by its name."""
    return " … ".join(span.text for span in decision.subject) if decision.kind == "coding" else ""


def _told(decision: Decision) -> str:
    """What somebody chose for a theme, in their own words where there are any."""
    value = decision.value
    if decision.action == "place":
        return f"{value.get('part', '')}, {value.get('order', '')}"
    if decision.kind == "coding":
        return str(value.get("theme_name", ""))
    return str(value.get("name") or value.get("text") or value.get("into_name") or value.get("code") or "")


def _row(found: Agreement, said: Mapping[str, Codes]) -> dict[str, Any]:
    told = {"coders": list(found.coders), "prevalence": dict(found.prevalence), "judged": judged(found, said)}
    return {**vars(found), **told}


def _latest(placed: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Mapping[str, Any]]]:
    """Each person's latest verdict on each item, without those that were undone."""
    undone = _undone(placed)
    latest: dict[str, dict[str, Mapping[str, Any]]] = {}
    for row in sorted(placed, key=lambda row: (row["at"], row["decision_id"])):
        if row["kind"] == "quote" and row.get("item") and row["decision_id"] not in undone:
            latest.setdefault(row["by"], {})[row["item"]] = row
    return {by: {item: row for item, row in rows.items() if row["action"] in VERDICTS} for by, rows in latest.items()}


def _undone(placed: Sequence[Mapping[str, Any]]) -> set[str]:
    undone: set[str] = set()
    for row in sorted(placed, key=lambda row: (row["at"], row["decision_id"]), reverse=True):
        if row["action"] == "undo" and row["decision_id"] not in undone:
            undone.add(str(row["value"].get("undoes", "")))
    return undone


def _disagreements(
    latest: Mapping[str, Mapping[str, Mapping[str, Any]]], held_back: Collection[str]
) -> list[dict[str, Any]]:
    """The candidates of which people say different things; `held_back` where the report prints none of it.

    Where one accepts or rejects and another says "maybe", the verdict stands.
    """
    settled = {
        str(other) for rows in latest.values() for row in rows.values() for other in row["value"].get("settles") or ()
    }
    by_item: dict[str, list[Mapping[str, Any]]] = {}
    for rows in latest.values():
        for item, row in rows.items():
            by_item.setdefault(item, []).append(row)
    found = []
    for item, rows_of_item in sorted(by_item.items()):
        held = any(row["decision_id"] in held_back for row in rows_of_item)
        if held or len({row["action"] for row in rows_of_item}) > 1:
            open_rows = [row for row in rows_of_item if row["decision_id"] not in settled]
            said = [{"by": row["by"], "action": row["action"], "reason": row["reason"]} for row in rows_of_item]
            settled_now = not held and len({row["action"] for row in open_rows}) < 2
            found.append({"item": item, "said": said, "settled": settled_now, "held_back": held})
    return found
