"""What people decided about themes, laid over what a run found: names, merges, splits, moved statements, codes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from pipeline.decisions import Decision
from pipeline.decisions.record import spans_of
from pipeline.decisions.standing import Locator, ThemeDecision, in_force, theme_decisions
from pipeline.tables import ASSIGNMENTS, Assignment
from pipeline.themes.codebook import Code, Codebook, add_code, code_id, with_examples

_EXAMPLES = 20  # of a theme that becomes a code: with as many the codes were measured (docs/method-codebook.md)


class Decided(NamedTuple):
    """The emergent assignments as people want them, and the names they gave, by theme_id."""

    assignments: pd.DataFrame
    names: Mapping[str, str]


def as_decided(assignments: pd.DataFrame, statements: pd.DataFrame, decisions: Sequence[Decision]) -> Decided:
    """Merges, splits and moves applied; a theme that was merged away is gone.

    A split-off theme takes the id of the one it came from and a letter, or two after the 26th. What people moved
    stands with confidence 1.
    Each decision is read on the themes as they were found and as others had been split off before, so that whom it
    points at doesn't change with what else was merged or moved.
    """
    if not decisions:
        return Decided(ASSIGNMENTS.check(assignments), {})
    made = theme_decisions(decisions, statements, assignments, as_found=True)
    splits = [one for one in made if one.action == "split" and one.statement_ids]
    known = {*assignments["theme_id"], *(one.into for one in splits)}
    made = [one for one in made if one.theme_id in known]
    into = _merged(made)
    names = _names(made, into)
    picked: dict[str, str] = {}
    for _, theme, statement_ids in sorted([*_splits(splits), *_moves(decisions, statements, assignments, splits)]):
        picked.update(dict.fromkeys(statement_ids, into.get(theme, theme)))
    changed = assignments.assign(theme_id=assignments["theme_id"].map(lambda theme: into.get(theme, theme)))
    return Decided(_moved(changed, picked), names)


def codebook_as_decided(
    codebook: Codebook | None, decided: Decided, placed: pd.DataFrame, decisions: Sequence[Decision]
) -> Codebook | None:
    """The codebook with the themes that people added to it, each a code whose examples are the theme's statements.

    They are the surest that participants said; of a code that is there already they are further examples. A code whose
    theme is found no more, or was merged with that of another code, stays, and has the words that it was added by.

    Args:
        decided: the themes as people want them.
        placed: the statements, with the role of whoever said them.
    """
    for code in _codes_added(decided, placed, decisions):
        codebook = _with_code(codebook, code)
    return codebook


def _codes_added(decided: Decided, placed: pd.DataFrame, decisions: Sequence[Decision]) -> Iterator[Code]:
    said = placed[placed["role"] == "participant"]
    held = decided.assignments[decided.assignments["primary"]].merge(said[["statement_id", "text"]], on="statement_id")
    held = held.sort_values(["confidence", "statement_id"], ascending=[False, True])
    locator = Locator(placed, decided.assignments)
    found = {one.decision.decision_id: one.theme_id for one in theme_decisions(decisions, placed, decided.assignments)}
    themes = in_force(decision for decision in decisions if decision.kind == "theme")
    added = [(decision, _code_of(decision)) for decision in themes if decision.action == "add_to_codebook"]
    for decision, code in added:
        theme, name = found.get(decision.decision_id, ""), str(decision.value.get("name") or code.replace("_", " "))
        if {other for one, other in added if found.get(one.decision_id) == theme} == {code}:
            name = decided.names.get(theme) or name
            texts = held.loc[held["theme_id"] == theme, "text"]
        else:
            texts = said.loc[said["statement_id"].isin(locator.statement_ids(decision.subject)), "text"]
        yield Code(code, name, "", examples=tuple(dict.fromkeys(texts.tolist()[:_EXAMPLES])))


def _code_of(decision: Decision) -> str:
    return code_id(str(decision.value.get("code", "")))


def _with_code(codebook: Codebook | None, code: Code) -> Codebook:
    if codebook is None:
        return Codebook("", (code,))
    if code.id in codebook.ids:
        return with_examples(codebook, {code.id: code.examples})
    return add_code(codebook, code)


def codes_as_decided(
    coded: pd.DataFrame, statements: pd.DataFrame, decisions: Sequence[Decision], *, codes: Sequence[str]
) -> pd.DataFrame:
    """The assignments of codes as people want them: merged codes under the one they went into, and statements moved.

    A statement that carried both of two merged codes keeps the surer row. One that was moved has the code as its
    primary one, with confidence 1, in the place of the primary code that it had.
    """
    made = theme_decisions(decisions, statements, coded, codebook=codes)
    into = _merged([one for one in made if one.value.get("origin") == "codebook"])
    moved = _moved_to_codes(decisions, statements, coded, codes)
    if not into and not moved:
        return coded
    replaced = coded["statement_id"].isin(moved) & coded["primary"]
    new = [Assignment(name, code, "codebook", True, 1.0) for name, code in moved.items()]
    whole = pd.concat([coded[~replaced], ASSIGNMENTS.frame(new)], ignore_index=True)
    whole = whole.assign(theme_id=whole["theme_id"].map(lambda code: into.get(code, code)))
    first = whole.sort_values(["primary", "confidence"], ascending=False, kind="stable")
    once = first.drop_duplicates(["statement_id", "theme_id"])
    return ASSIGNMENTS.check(once.sort_values(["statement_id", "theme_id"], ignore_index=True))


def _moved_to_codes(
    decisions: Sequence[Decision], statements: pd.DataFrame, coded: pd.DataFrame, codes: Sequence[str]
) -> dict[str, str]:
    """statement_id to the code that people moved it to, the last of several."""
    locator = Locator(statements, coded)
    moved: dict[str, str] = {}
    for decision in in_force(one for one in decisions if one.kind == "coding" and one.action == "move"):
        code = str(decision.value.get("theme_code", ""))
        if code in codes:
            moved.update(dict.fromkeys(locator.statement_ids(decision.subject), code))
    return moved


def _names(made: Sequence[ThemeDecision], into: Mapping[str, str]) -> dict[str, str]:
    """What people called the themes that are left, the last of several.

    What another theme was merged into keeps the name that it was chosen by: with twice the statements the program
    would call it something else, and nobody would know it again.
    """
    names: dict[str, str] = {}
    for one in made:
        target = one.into if one.action == "split" else one.theme_id
        if name := one.value.get(_NAMED_BY.get(one.action, "")):
            names[into.get(target, target)] = str(name)
    return names


_NAMED_BY = {"rename": "name", "merge": "into_name", "split": "name"}


def _merged(made: Sequence[ThemeDecision]) -> dict[str, str]:
    """Where each merged theme went, followed to the end.

    What is merged later, by words of a theme that was merged before, is all that this one is part of by then.
    """
    into: dict[str, str] = {}
    for one in made:
        if one.action != "merge" or not one.into:
            continue
        target = one.into
        while target in into:
            target = into[target]
        source = into.get(one.theme_id, one.theme_id)
        if target != source:
            into[source] = target
            into.update({theme: target for theme, other in into.items() if other == source})
    return into


_Picked = tuple[tuple[str, str], str, tuple[str, ...]]  # when it was decided, the theme_id, the statement_ids


def _splits(splits: Sequence[ThemeDecision]) -> Iterator[_Picked]:
    yield from ((one.decision.order, one.into, one.statement_ids) for one in splits)


def _moves(
    decisions: Sequence[Decision], statements: pd.DataFrame, assignments: pd.DataFrame, splits: Sequence[ThemeDecision]
) -> Iterator[_Picked]:
    """The statements that people moved to another theme, which may be one that was split off before."""
    locator = Locator(statements, assignments)
    apart: dict[tuple[str, str], str] = {}
    waiting = list(splits)
    for decision in in_force(one for one in decisions if one.kind == "coding" and one.action == "move"):
        while waiting and waiting[0].decision.order < decision.order:
            split = waiting.pop(0)
            apart.update({(name, "emergent"): split.into for name in split.statement_ids})
        if decision.value.get("origin", "emergent") == "emergent":
            anchor = spans_of(decision.value.get("theme_anchor"))
            if theme := locator.theme_id(anchor, origin="emergent", apart=apart):
                yield decision.order, theme, locator.statement_ids(decision.subject)


def _moved(assignments: pd.DataFrame, picked: Mapping[str, str]) -> pd.DataFrame:
    primary = assignments["primary"] & assignments["statement_id"].isin(set(picked))
    moved = assignments.assign(
        theme_id=assignments["theme_id"].where(~primary, assignments["statement_id"].map(picked)),
        confidence=assignments["confidence"].where(~primary, 1.0),
    )
    # A merge or a move can bring a statement's further theme onto its primary one: the primary row stays.
    ordered = moved.sort_values(["statement_id", "theme_id", "primary"], ascending=[True, True, False], kind="stable")
    once = ordered.drop_duplicates(["statement_id", "theme_id"], ignore_index=True)
    return ASSIGNMENTS.check(once.astype({"theme_id": "str"}))
