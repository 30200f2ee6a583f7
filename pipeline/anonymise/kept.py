"""What looks like part of a name and was let be inside another name ("Trinity Saint David"): for people to see.

Each becomes a redaction with status "kept", so that the list of hits is whole and the gate knows where it may stand.
A lone name that was let be has no such excuse: it is not recorded, and the gate stops the run.
"""

from __future__ import annotations

from collections import defaultdict

import pandas as pd

from pipeline.anonymise.forms import Word, find_words, is_name, joined, surfaces
from pipeline.tables import PEOPLE, REDACTIONS, SOURCE_TURNS, Redaction, SourceTurn

# Less than any hit that is replaced: it is listed for people, not believed.
_CONFIDENCE = 0.3


def with_kept(redactions: pd.DataFrame, source_turns: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """The redactions, and one more with status "kept" for each part of a name that stands inside another name."""
    owners = _owners(people)
    covered: dict[str, list[tuple[int, int]]] = defaultdict(list)
    listed = list(REDACTIONS.rows(redactions))
    for row in listed:
        covered[row.turn_id].append((row.start, row.end))
    turns = list(SOURCE_TURNS.rows(source_turns))
    for number, near, place in find_words((turn.text for turn in turns), owners.keys(), after=2):
        turn, word = turns[number], near[place]
        if any(start < word.end and word.start < end for start, end in covered[turn.turn_id]):
            continue
        if _inside_another_name(turn.text, near, place):
            listed.append(_kept(turn, word, owners[word.folded]))
    return REDACTIONS.frame(listed)


def _owners(people: pd.DataFrame) -> dict[str, str]:
    """Whose each lone form is that is no ordinary word; of several people the first."""
    found: dict[str, str] = {}
    for person in filter(lambda person: is_name(person.name), PEOPLE.rows(people)):
        for surface, is_word in surfaces(person.name, person.aliases):
            if " " not in surface and not is_word:
                found.setdefault(surface, person.person_id)
    return found


def _kept(turn: SourceTurn, word: Word, whose: str) -> Redaction:
    return Redaction(
        turn.turn_id, word.start, word.end, turn.text[word.start : word.end], "", "PERSON", whose, "form",
        _CONFIDENCE, "kept", "part of another name",
    )  # fmt: skip


def _inside_another_name(text: str, listed: tuple[Word, ...], place: int) -> bool:
    before = place > 0 and listed[place - 1].capital and joined(text, listed[place - 1], listed[place])
    after = place + 1 < len(listed) and _next_of_the_name(text, listed, place)
    return before or after


def _next_of_the_name(text: str, listed: tuple[Word, ...], place: int) -> bool:
    following = place + 1
    # "St David's Day": the possessive is no word of the name.
    if listed[following].folded == "s" and following + 1 < len(listed):
        following += 1
    return listed[following].capital and joined(text, listed[following - 1], listed[following])
