"""Names that stand on lines of their own, words under each: judged by the times beside them and by coming again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from pipeline.ingest.labels import Label, name_line, odd_name_line
from pipeline.ingest.lines import Line, is_mark, is_time

# Where names stand on lines of their own, words under each, so much of this half of the lines are names.
_NEARLY_EVERY_OTHER = 0.9
# So many names that come again show how a text names people.
_FEWEST_AGAIN = 3
_SENTENCE_ENDS = re.compile(r"[.?!…][\"'”’)\]*]*\s*$")
# Who opens a talk greets or says "I": "Housing Panel" over "This is the record of what was said." is a title.
_SPEAKS = re.compile(
    r"\b(?:(?-i:I)|me|my|you|your|thanks?|welcome|hello|good (?:morning|afternoon|evening)"
    r"|(?:dw|rydw|ydw) i|fi|chi|eich|diolch|croeso|bore da|helo)\b",
    re.IGNORECASE,
)
# So many times under names are the way of a text.
_FEWEST_TIMES = 3


def names_alone(lines: Sequence[Line], noted: Sequence[bool], known: frozenset[str]) -> list[Label | None]:
    """Names on lines of their own, each with words under it; believed if they come again or look like whole names."""
    over_times = _over_times(lines, known)
    candidates = _with_odd_lines(lines, _lines_of_names(lines, noted, known, over_times=over_times))
    counts = Counter(label.key for label in candidates if label)
    timed = [_beside_time(lines, place) for place in range(len(lines))]
    again = [place for place, label in enumerate(candidates) if label and counts[label.key] > 1]
    if not again and not any(label and label.grade == 3 for label in candidates):
        candidates = [
            label if over_times or (place and is_time(lines[place - 1].text)) else None
            for place, label in enumerate(candidates)
        ]
    # Above the first who comes again stand titles; but where most times have a name, who has one speaks.
    most = 2 * sum(bool(label) and beside for label, beside in zip(candidates, timed, strict=True))
    by_time = most >= _stretches_of_times(lines) and all(timed[place] for place in again)
    first = again[0] if again else 0
    blocks = _in_blocks(lines, candidates, again)
    return [
        label
        if label
        and (_name_stands(label, counts[label.key], lines[place]) or place in blocks)
        and (place >= first or label.grade == 3 or (by_time and timed[place]) or place in blocks)
        else None
        for place, label in enumerate(candidates)
    ]


def _in_blocks(lines: Sequence[Line], candidates: Sequence[Label | None], again: Sequence[int]) -> frozenset[int]:
    """Who comes once and speaks all the same, where each paragraph from the first who comes again on is a name with
    its words right under it: `Gwyn`, and above the first those who say a sentence as people do."""
    paragraphs = [place for place, line in enumerate(lines) if line.starts and line.text.strip()]
    below = [place for place in paragraphs if again and place >= again[0] and not is_mark(lines[place].text)]
    named = [place for place in below if candidates[place] and lines[place + 1].text.strip()]
    if len(again) < _FEWEST_AGAIN or len(named) < _NEARLY_EVERY_OTHER * len(below):
        return frozenset()
    styles = {" " in label.name for place in again if (label := candidates[place])}
    above: list[int] = []
    for place in reversed([place for place in paragraphs if place < again[0]]):
        end = next((at for at in range(place, len(lines)) if not lines[at].text.strip()), len(lines))
        words = " ".join(line.text for line in lines[place + 1 : end])
        if not candidates[place] or not _SENTENCE_ENDS.search(words) or not _SPEAKS.search(words):
            break
        above.append(place)
    return frozenset(at for at in (*named, *above) if (label := candidates[at]) and (" " in label.name) in styles)


def _stretches_of_times(lines: Sequence[Line]) -> int:
    """How many times stand there; several in a row, as Teams writes one in words and in digits, are one."""
    times = [is_time(line.text) for line in lines if line.text.strip()]
    return sum(time and not before for before, time in pairwise([False, *times]))


def _lines_of_names(
    lines: Sequence[Line], noted: Sequence[bool], known: frozenset[str], *, over_times: bool
) -> list[Label | None]:
    """What may be a name on a line of its own: where a paragraph begins, under a time, or over one if all are."""
    candidates: list[Label | None] = []
    for place, line in enumerate(lines):
        after = lines[place + 1].text if place + 1 < len(lines) else ""
        below = after.strip() or (lines[place + 2].text.strip() if place + 2 < len(lines) else "")
        alone = is_time(after) if over_times else line.starts or (bool(place) and is_time(lines[place - 1].text))
        can = alone and below and not noted[place] and not line.aside and not is_time(line.text)
        candidates.append(name_line(line.text, known=known) or odd_name_line(line.text) if can else None)
    return candidates


def _beside_time(lines: Sequence[Line], place: int) -> bool:
    """Whether a time stands right under or over this line, an empty one aside."""
    near = (lines[max(place - 2, 0) : place][::-1], lines[place + 1 : place + 3])
    return any(is_time(next((line.text for line in side if line.text.strip()), "")) for side in near)


def _over_times(lines: Sequence[Line], known: frozenset[str]) -> bool:
    """Whether names stand right over the times of a text, as in what is copied from a program's page."""
    over = [before.text for before, line in pairwise(lines) if is_time(line.text) and not is_time(before.text)]
    named = sum(name_line(text, known=known) is not None for text in over)
    return named >= max(_FEWEST_TIMES, _NEARLY_EVERY_OTHER * len(over))


def _with_odd_lines(lines: Sequence[Line], candidates: Sequence[Label | None]) -> list[Label | None]:
    """The candidates; those that look like no name only if they come again and nearly every other paragraph is one."""
    counts = Counter(label.key for label in candidates if label)
    fits = [bool(label and (label.grade or counts[label.key] > 1)) for label in candidates]
    paragraphs = sum(line.starts and bool(line.text.strip()) and not is_mark(line.text) for line in lines)
    everywhere = 2 * sum(fits) >= _NEARLY_EVERY_OTHER * paragraphs
    return [
        label if label and (label.grade or (fit and everywhere)) else None
        for label, fit in zip(candidates, fits, strict=True)
    ]


def _name_stands(label: Label, count: int, line: Line) -> bool:
    # A line set as a heading is a name only if it comes again: "Public Trust" looks like one.
    return count > 1 or label.grade == 3 or (label.grade == 2 and not line.heading)
