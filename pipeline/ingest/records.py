"""Fields that say who speaks, when and what: `Speaker: Nia`, `Time: 0:01`, `Text: words`, each on a line of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.ingest.labels import Label
from pipeline.ingest.likely_names import name_grade, tidy_name
from pipeline.ingest.times import TIME, seconds

_FORM = "Speaker: name"
# Of few spaces: a line of hundreds would be tried with each way to share them out.
_MARKS = r"\s{0,8}(?:[-•*_#>]{1,3}\s{0,4})?"
_SPEAKER = re.compile(
    rf"{_MARKS}(?:speaker(?: name)?|name|siaradwr|enw)\s*:[*_]*\s*(?P<name>\S.{{0,119}})", re.IGNORECASE
)
_TIME = re.compile(
    rf"{_MARKS}(?:(?:start|end)(?: time)?|time(?:stamp|code)?|amser|dechrau|diwedd)\s*:[*_]*\s*[\[(]?{TIME}"
    rf"(?:\s*(?:-->|[-–—]|to)\s*{TIME})?[\])]?\s*",
    re.IGNORECASE,
)
_WORDS = re.compile(
    rf"{_MARKS}(?:text|transcript|words|content|said|utterance|testun|geiriau)\s*:[*_]*\s*", re.IGNORECASE
)
# Fewer may be a list of who was there.
_FEWEST = 3
_NEARLY_ALL = 0.9
# So much of a text may stand under its last field: more is what was said, under a list of those present.
_MOST_BELOW = 1 / 3
_LONGEST_NAME = 6  # words


def speaker_field(line: str, known: frozenset[str] = frozenset()) -> Label | None:
    """The label that a line is which says who speaks and nothing else: "Speaker: Nia Cadwallen"."""
    found = _SPEAKER.fullmatch(line.rstrip()[:200])
    name = tidy_name(found["name"]) if found else ""
    if not name or line.rstrip().endswith((".", "?", "!", "…", ",")) or len(name.split()) > _LONGEST_NAME:
        return None
    grade = 3 if name.casefold() in known else name_grade(name)
    return Label(_FORM, name, None, len(line), grade, False) if grade else None


def are_fields(lines: Sequence[str], known: frozenset[str] = frozenset()) -> bool:
    """Whether all that "Speaker:" stands before in these lines are names, of several people, throughout the text."""
    filled = [line for line in lines if line.strip()]
    asked = [at for at, line in enumerate(filled) if _SPEAKER.match(line[:200])]
    named = [label for at in asked if (label := speaker_field(filled[at], known))]
    if len(asked) < _FEWEST or len(named) < _NEARLY_ALL * len(asked) or len({label.key for label in named}) < 2:
        return False
    below = len(filled) - 1 - asked[-1]
    # With nothing between them they are a list.
    return asked[-1] - asked[0] >= len(asked) and below <= max(_MOST_BELOW * len(filled), _FEWEST)


def field_labels(lines: Sequence[str], known: frozenset[str] = frozenset()) -> list[Label | None]:
    """The labels of a text of such fields: those of its times and of its words are the speaker's of their record."""
    names = [speaker_field(line, known) for line in lines]
    times = [_TIME.fullmatch(line[:200]) is not None for line in lines]
    first = next((place for place, field in enumerate(zip(names, times, strict=True)) if any(field)), 0)
    labels: list[Label | None] = [None] * len(lines)
    begins = [_record_begins(place, times if times[first] else [], lines) for place, name in enumerate(names) if name]
    for begin, end in pairwise([*begins, len(lines)]):
        who = next(name for name in names[begin:end] if name)
        start = next((seconds(lines[place].partition(":")[2]) for place in range(begin, end) if times[place]), None)
        for place in range(begin, end):
            words = _WORDS.match(lines[place][:200])
            at = len(lines[place]) if names[place] or times[place] else words.end() if words else -1
            labels[place] = replace(who, start_s=start, timed=start is not None, words_at=at) if at >= 0 else None
    return labels


def _record_begins(place: int, times: Sequence[bool], lines: Sequence[str]) -> int:
    """Where the record of a speaker's name begins: at the times above it, if these stand above names."""
    above = place
    while above and times and (times[above - 1] or not lines[above - 1].strip()):
        above -= 1
    while not lines[above].strip():
        above += 1
    return above
