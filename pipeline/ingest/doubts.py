"""What a person should look at in a typed text, told from its lines, its labels and what came of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.ingest.account import Account
from pipeline.ingest.label_forms import BEFORE_A_COLON
from pipeline.ingest.labels import Label, label_of
from pipeline.ingest.lines import BEFORE_FIRST, BY_A_MACHINE, Line, is_all, no_label

# How minutes tell what somebody said: "explained that", "gofynnodd".
_REPORTED = re.compile(
    r"(?:(?:then |also |briefly )?(?:explain|stat|suggest|report|rais|propos|ask|agree|confirm|thank|highlight|outlin"
    r"|present|remind|mention|clarif|emphasi[sz]|express|recommend|acknowledg|welcom|discuss|updat|advis|stress"
    r"|question|describ|observ)(?:i?ed|d)"
    r"|said|noted|felt|gave|spoke|told|dywedodd|esboniodd|gofynnodd|nododd|awgrymodd|cytunodd|diolchodd|cododd)\b"
)
# Of so many turns, so many are told so in minutes; one may begin with "said" where a line before was lost.
_FEWEST_TURNS = 4
_REPORTED_SHARE = 0.5
_LONGEST_LONE = 2  # words


def doubts_of(
    lines: Sequence[Line], labels: Sequence[Label | None], noted: Sequence[bool], account: Account
) -> Iterator[tuple[str, str]]:
    """Each with its place in the text, empty for all of it."""
    above = sum(len(left.text) for left in account.left_out if left.reason == BEFORE_FIRST)
    if above > sum(len(turn.text) for turn in account.turns) > 0:
        yield "", "more stands above the first speaker than anybody is said to say: are names written otherwise?"
    if any(is_all(BY_A_MACHINE, line.text) for line in lines):
        yield "", "it says that a machine generated some of it: are these notes, and not what was said?"
    reported = sum(_REPORTED.match(turn.text) is not None for turn in account.turns)
    if reported >= max(_FEWEST_TURNS, _REPORTED_SHARE * len(account.turns)):
        yield "", 'most turns begin as minutes do ("explained that"): are these notes, and not what was said?'
    if lone := _lone(lines, labels, noted):
        more = f", and so in {len(lone) - 1:,} more" if len(lone) > 1 else ""
        yield (
            lines[lone[0]].place,
            f"what stands before its colon comes once, and was read as said{more}: if it is somebody who speaks, "
            "list them in participants.csv",
        )


def _lone(lines: Sequence[Line], labels: Sequence[Label | None], noted: Sequence[bool]) -> list[int]:
    """The paragraphs that begin as one would in which a name stands before a colon, and that nobody's begins."""
    named = {label.key for label in labels if label and label.form == BEFORE_A_COLON}
    first = next((place for place, label in enumerate(labels) if label), len(lines))
    if not named:
        return []
    places = (
        place
        for place, line in enumerate(lines)
        if place > first and line.starts and not (labels[place] or noted[place] or no_label(line))
    )
    return [
        place
        for place in places
        if (found := label_of(lines[place].text))
        and found.form == BEFORE_A_COLON
        and found.key not in named
        and len(found.name.split()) <= _LONGEST_LONE
        and lines[place].text[found.words_at :].strip()
    ]
