"""Settles which of a file's candidates are labels: each is judged by the file as a whole.

It asks who is on the roster, who speaks again, how the others are written, where in the paragraph names stand.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from pipeline.ingest.label_forms import TABBED
from pipeline.ingest.labels import Label
from pipeline.ingest.likely_names import IN_INITIALS, TOGETHER, are_initials_too, is_a_small_word, is_no_sentence

_ROLES = re.compile(
    r"(?:the\s+)?(?:chair|chairperson|chairman|chairwoman|facilitator|moderator|host|convenor|convener|clerk|interviewer"
    r"|president|minister|cadeirydd|hwylusydd)s?",
    re.IGNORECASE,
)
# Where the paragraphs of a file begin with a label so often, a single capitalised word is one too.
_NEARLY_ALL = 0.6
# Where so many do, what stands there is one though it looks like no name.
_NEARLY_EVERY = 0.9
# The same of captions, where those who speak once are still to be counted.
_MOST_CUES = 0.8
# So many labels show where in a paragraph they stand.
_ENOUGH = 5


def settle(
    candidates: Sequence[Label | None],
    at_start: Sequence[bool],
    empty: Sequence[bool],
    *,
    odd: Sequence[Label | None] = (),
    captions: bool = False,
) -> list[Label | None]:
    """Which of the candidates, one a line, are labels: judged by the file as a whole.

    `at_start` says which lines begin a paragraph, `empty` which hold no words; `odd` are what `odd_label` found where
    there is no candidate. In `captions` that name nearly everybody, who looks like no name may speak once.

    A label is believed that carries a time, is on the roster or of a recogniser, or comes again; one that comes once
    if it looks like a whole name, or if nearly every paragraph of the file begins with a label of its style.
    """
    candidates = _without_strays(candidates)
    counts = Counter(label.key for label in candidates if label)
    repeated = {key for key, count in counts.items() if count > 1}
    sure = [bool(label and (label.timed or label.key in repeated or label.grade == 3)) for label in candidates]
    timed = [label is not None and label.timed for label in candidates]
    # Where names stand with their times, a word before a colon that comes again doesn't show where names stand.
    style = _at_starts(candidates, timed if 2 * sum(timed) > sum(sure) else sure, at_start)
    starts = [start or not style for start in at_start]
    paragraphs = sum(start and not none for start, none in zip(at_start, empty, strict=True))
    labelled = sum(label is not None and start for label, start in zip(candidates, starts, strict=True))
    everywhere = labelled >= _NEARLY_ALL * max(paragraphs, 1)
    first = next((i for i, label in enumerate(candidates) if label and label.key in repeated), 0)
    styles = [_style(label) for label, certain in zip(candidates, sure, strict=True) if label and certain]
    settled: list[Label | None] = []
    for place, label in enumerate(candidates):
        # "All" is written as a word beside "P1" and in capitals beside "Nia".
        fits = (
            everywhere
            and label is not None
            and (len(styles) < _ENOUGH or _style(label) in styles or label.key in TOGETHER)
        )
        believed = label is not None and _believed(label, sure[place], starts[place], fits)
        if label and believed and place < first and counts[label.key] == 1:
            # "Facilitator: Nia Cadwallen" above the transcript says who, and nobody says it.
            believed = not (label.presents and _ROLES.fullmatch(label.name))
        settled.append(label if believed else None)
    untimed = _MOST_CUES if captions else _NEARLY_EVERY
    settled = _with_odd(settled, odd, starts, paragraphs, untimed=untimed) if any(odd) else settled
    return _with_lone(settled, candidates, odd, paragraphs) if captions else settled


def _without_strays(candidates: Sequence[Label | None]) -> list[Label | None]:
    """The candidates without those that are written otherwise than most of the file's.

    There a tab after a name parts the columns of a list, a time before a word ("10:30 Monday") is what was said, and so
    is a word before a colon ("Agreed: and risk?") where names stand with their times. NB and IT are somebody if a
    list of those present says so, or if they come again and others are called by their initials.
    """
    found = [label for label in candidates if label]
    counts = Counter(label.key for label in found)
    by_initials = {label.name for label in found if counts[label.key] > 1 and IN_INITIALS.fullmatch(label.name)}
    others = any(not are_initials_too(name) for name in by_initials)
    few_tabs = 2 * sum(label.form == TABBED for label in found) < len(found)
    times = sum(label.timed for label in found)
    few_times, most_times = 2 * times < len(found), 2 * times > len(found)

    def stray(label: Label) -> bool:
        lone = label.grade < 2 and counts[label.key] == 1
        otherwise = few_times if label.timed else most_times
        somebody = label.grade == 3 or (label.name in by_initials and others)
        note = are_initials_too(label.name) and not somebody
        return note or (few_tabs and label.form == TABBED) or (lone and otherwise)

    return [None if label is None or stray(label) else label for label in candidates]


def _with_odd(
    settled: list[Label | None],
    odd: Sequence[Label | None],
    starts: Sequence[bool],
    paragraphs: int,
    *,
    untimed: float,
) -> list[Label | None]:
    """The labels with those beside them that look like no name but come again, where that leaves hardly a paragraph;
    and with one small word that comes once, `gwyn:`, where others are called so and it leaves none.

    `untimed` is the share that must have one where labels carry no time.
    """
    counts = Counter(label.key for label in odd if label)
    at_start = [
        label if here is None and start else None for label, here, start in zip(odd, settled, starts, strict=True)
    ]
    found = [label if label and counts[label.key] > 1 else None for label in at_start]
    filled = [here or label for here, label in zip(settled, found, strict=True)]
    labelled = sum(label is not None and start for label, start in zip(filled, starts, strict=True))
    timed = all(label.timed for label in filled if label)
    if labelled < (_NEARLY_ALL if timed else untimed) * max(paragraphs, 1):
        return settled
    lone = [label if label and is_a_small_word(label.name) else None for label in at_start]
    small = {label.key for label in found if label and is_a_small_word(label.name)}
    whole = [here or label for here, label in zip(filled, lone, strict=True)]
    none_left = sum(label is not None and start for label, start in zip(whole, starts, strict=True)) >= paragraphs
    return whole if len(small) > 1 and none_left else filled


def _with_lone(
    settled: list[Label | None],
    candidates: Sequence[Label | None],
    odd: Sequence[Label | None],
    paragraphs: int,
) -> list[Label | None]:
    """The labels of captions, with those of people who speak once, where nearly every cue has one: Zoom repeats a name
    at each cue, so that a cue without any would be the words of somebody else."""
    if sum(label is not None for label in settled) < max(_ENOUGH, _MOST_CUES * paragraphs):
        return settled
    spare = [label or other for label, other in zip(candidates, odd, strict=True)]
    return [
        here or (label if label and is_no_sentence(label.name) else None)
        for here, label in zip(settled, spare, strict=True)
    ]


def _at_starts(candidates: Sequence[Label | None], sure: Sequence[bool], at_start: Sequence[bool]) -> bool:
    """Whether the sure labels stand at the start of paragraphs, so that one inside a paragraph is none."""
    placed = [start for label, certain, start in zip(candidates, sure, at_start, strict=True) if label and certain]
    return len(placed) >= _ENOUGH and sum(placed) >= 0.9 * len(placed)


def _style(label: Label) -> tuple[bool, bool]:
    """How a file writes its labels: in capitals, in several words."""
    return label.name.isupper(), " " in label.name


def _believed(label: Label, sure: bool, at_start: bool, fits: bool) -> bool:
    if label.timed or label.grade == 3:
        return True
    if sure:
        return at_start
    return at_start and (label.grade == 2 or fits)
