"""Finds the label that a line may begin with, or be: who speaks, as it says there, and when.

A line by itself can't settle it ("Note: a colon in speech is not a name"), so each line gets a candidate with a
grade, and the file as a whole decides (`settle.py`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.ingest.label_forms import FORMS, IN_BRACKETS, LOOSE_FORMS, NAMING, SPACED_FORMS, ZOOM_CHAT, Form, matches
from pipeline.ingest.likely_names import (
    NAMES_TOO,
    in_small_letters,
    is_no_name,
    name_grade,
    reads_like_speech,
    tidy_name,
)
from pipeline.ingest.times import label_seconds, seconds

# `catrin.price@council.example`, `Rhiannon (she/her) - Cyngor Gwynedd`; a longer one is a sentence.
_LONGEST_ODD = 60
# Who rings in is shown by number; a shorter one is a part of a time.
_SHORTEST_NUMBER = 6
# People who are presented in a list; more letters than this are no list.
_LISTED = re.compile(r"\s*(?:[,;&|/]|\band\b|\ba\b|\bac\b)\s*")
_LONGEST_LIST = 200


@dataclass(frozen=True, slots=True)
class Label:
    """A possible label: the name, a time if there is one, and where in the line the words begin."""

    form: str
    name: str
    start_s: float | None
    words_at: int
    grade: int  # 3 certain, 2 looks like a name, 1 may be one
    timed: bool
    presents: bool = False  # no words follow, but who somebody is: "Facilitator: Nia Cadwallen"

    @property
    def key(self) -> str:
        """Two labels with the same key are the same spelling of a name."""
        return self.name.casefold()

    @property
    def in_chat(self) -> bool:
        """Whether it is as Zoom saves a chat, in which what others said is repeated."""
        return self.form == ZOOM_CHAT


def label_of(line: str, *, known: frozenset[str] = frozenset()) -> Label | None:
    """The label that this line may begin with, or None; `known` are names from the roster, case folded."""
    return _label(line, FORMS, known)


def odd_label(line: str) -> Label | None:
    """What stands where a label would, and looks like no name: `02920 123456: words`, `catrin@x.example: words`.

    Of grade 0: only a file that names everybody so can make it one.
    """
    for form, timed, found in matches(line, FORMS):
        if form not in NAMING:
            continue
        name = tidy_name(found["name"])
        says = any(letter.isalpha() for letter in name) or sum(digit.isdigit() for digit in name) >= _SHORTEST_NUMBER
        if not says or len(name) > _LONGEST_ODD:
            continue
        if not reads_like_speech(name) or in_small_letters(name) or name in NAMES_TOO:
            return Label(form, name, seconds(found["time"]) if timed else None, found.start("rest"), 0, timed)
    return None


def loose_label(line: str, *, timed: bool, known: frozenset[str] = frozenset()) -> Label | None:
    """A label that looks like speech too: `Nia 00:12 words` if timed, or `Nia – words`; for a file without others."""
    return _label(line, SPACED_FORMS if timed else LOOSE_FORMS, known)


def name_line(line: str, *, known: frozenset[str] = frozenset()) -> Label | None:
    """The label that a line may be which holds a name and nothing else."""
    name = _alone(line)
    if len(name) > 50 or _ends_a_sentence(line, name):
        return None
    grade = 3 if name.casefold() in known else name_grade(name)
    return Label("name alone", name, None, len(line), grade, False) if grade else None


def odd_name_line(line: str) -> Label | None:
    """A line that holds what looks like no name, and no sentence either: `catrin@x.example`, `Table 3 – Voice 2`."""
    name = _alone(line)
    if not name or len(name) > _LONGEST_ODD or len(name.split()) > 5 or _ends_a_sentence(line, name):
        return None
    return None if reads_like_speech(name) or name.isdigit() else Label("name alone", name, None, len(line), 0, False)


def _alone(line: str) -> str:
    """The name that is all of a line; `[SPEAKER_00]` is one in brackets, and `[Laughter]` is none."""
    name = tidy_name(line.rstrip(" :"))
    inner = name[1:-1] if name.startswith("[") and name.endswith("]") else ""
    return inner if name_grade(inner) == 3 else name


def _label(line: str, forms: Sequence[Form], known: frozenset[str]) -> Label | None:
    for form, timed, found in matches(line, forms):
        name = tidy_name(found["name"])
        grade = 3 if name.casefold() in known else name_grade(name)
        # "[Laughter] Nia did." and "[00:39] Exactly." are somebody's words.
        if (form == IN_BRACKETS and grade < 3) or (form == "time name" and _ends_a_sentence(found["name"], name)):
            continue
        if grade and not (timed and is_no_name(name)):
            time = label_seconds(found["time"]) if timed else None
            return Label(form, name, time, found.start("rest"), grade, timed, _presents(line[found.start("rest") :]))
    return None


def _presents(words: str) -> bool:
    """Whether this is a name, or a list of names, and no sentence."""
    first = _LISTED.split(words[:_LONGEST_LIST].strip(), maxsplit=1)[0]
    ends = words.rstrip().endswith(("?", "!", "…")) or (words.rstrip().endswith(".") and not name_grade(words.strip()))
    return not first or (len(words) < _LONGEST_LIST and not ends and name_grade(tidy_name(first)) > 0)


def _ends_a_sentence(text: str, name: str) -> bool:
    return text.rstrip().endswith((".", "!", "?", ",", ";", "…")) and not name.endswith(".")
