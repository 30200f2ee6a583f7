"""Finds the way in which a text names who speaks, and with it each line's label: a way is judged by the whole text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence

from pipeline.ingest.account import NAMELESS
from pipeline.ingest.alone import names_alone
from pipeline.ingest.label_forms import BEFORE_A_COLON, GAPPED
from pipeline.ingest.labels import Label, label_of, loose_label, name_line, odd_label
from pipeline.ingest.likely_names import name_grade
from pipeline.ingest.lines import LONGEST_MARK, PROGRAM_LINES, TIME_LINE, Line, is_all, no_label, times_of, wordless
from pipeline.ingest.records import are_fields, field_labels
from pipeline.ingest.settle import settle
from pipeline.ingest.times import TIME

# What stands above a transcript about it: `Date: 3 March`, and in lines beside it who was there.
_ABOVE = re.compile(
    r"\W*(?:date|time|place|location|venue|duration|length|language|file(?:name)?|recording"
    r"|interview (?:date|id|number)"
    r"|dyddiad|lleoliad|hyd)\s*:",
    re.IGNORECASE,
)
_LONGEST_ABOVE = 6
# What a meeting was and who was there takes this share of a file's words at most.
_MOST_ABOVE = 0.2
# One who is named more often speaks alone.
_FEW = 2
# If fewer of the times stand beside a name, that is no name.
_FEW_TIMES = 1 / 3
# So many times as many names that stand otherwise than before a colon: that is the file's way.
_MANY_MORE = 3
# A dash after a name is believed where so many paragraphs have one.
_LOOSE_SHARE = 0.6
_ASKED = re.compile(r"\s*[QA]\.\s")
# Where so many paragraphs begin with "Q." or "A.", those letters are who speaks, whoever else is named.
_ASKED_SHARE = 0.4
_BRACKET_AFTER = re.compile(rf"\s*(?:[\[(]\s*{TIME}|[\[(][^\[\]()]{{1,80}}[\])]\s*:)")
_IN_BOLD = "name in bold"
_BEGINS = "[A-ZÀ-ÞŴŶ\\d“‘\"'(\\[]"
# By which captioners show that another speaks; fewer in a text without names may be anything.
_ANOTHER = re.compile(r"\s*>{2,3}(?=[^>\n])\s*")
_FEWEST_MARKS = 3
UNNAMED = ">> words"


def best_labels(lines: Sequence[Line], noted: Sequence[bool], known: frozenset[str]) -> list[Label | None]:
    """The labels of the way of naming that this file has.

    What stands before a colon may be said ("Budget Reality: we have none") in a file that names people otherwise: a way
    in which more come again is the file's, many more where several stand before colons and again. Where there is but
    one name, far down, or hardly one of many times has any, nobody is named: what is above would be lost.
    """
    texts = ["" if none or line.aside else line.text for line, none in zip(lines, noted, strict=True)]
    if are_fields(texts, known):
        return field_labels(texts, known)
    labels = _with_questions(_labels(lines, noted, known), lines, noted)
    sure, named = _sure(labels, known), _named(labels)
    # There is no room for many more.
    if sure and _MANY_MORE * named >= sum(bool(line.text.strip()) for line in lines):
        return labels
    for others in (
        _loose_labels(lines, noted, known, timed=True),
        names_alone(lines, noted, known),
        _loose_labels(lines, noted, known, timed=False),
    ):
        if (any(others) and not named) or _again(others) > named * (_MANY_MORE if sure else 1):
            return others
    if sure:
        return labels
    one = len({label.key for label in labels if label}) == 1
    lone = (one and named <= _FEW and _much_above(lines, labels)) or (
        named < _FEW_TIMES * times_of(lines) and not _opens(lines, labels)
    )
    return [None] * len(lines) if lone else labels


def with_unnamed(labels: list[Label | None], lines: Sequence[Line], noted: Sequence[bool]) -> list[Label | None]:
    """The labels, and one of nobody's wherever a captioner's `>>` says that another speaks, and not who: beside names
    with the same marks, or in a text that names nobody."""
    marks = [_ANOTHER.match(line.text[:LONGEST_MARK]) for line in lines]
    beside = any(label and mark for label, mark in zip(labels, marks, strict=True))
    # A mail that answers a mail that answers one has single marks too.
    answers = any(line.text.startswith(">") and not mark for line, mark in zip(lines, marks, strict=True))
    if not beside and (any(labels) or answers or sum(map(bool, marks)) < _FEWEST_MARKS):
        return labels
    return [
        label or (Label(UNNAMED, NAMELESS, None, mark.end(), 0, False) if mark and not none else None)
        for label, mark, none in zip(labels, marks, noted, strict=True)
    ]


def _named(labels: Sequence[Label | None]) -> int:
    return sum(label is not None for label in labels)


def _again(labels: Sequence[Label | None]) -> int:
    """How many of these names stand there more than once; none where all are one, as a heading that comes again is."""
    counts = Counter(label.key for label in labels if label)
    return sum(count for count in counts.values() if count > 1) if len(counts) > 1 else 0


def _sure(labels: Sequence[Label | None], known: frozenset[str]) -> bool:
    """Whether two are named, one of them twice, or somebody as a recogniser or the roster does."""
    return _again(labels) > 0 or any(label and (label.grade == 3 or label.key in known) for label in labels)


def _much_above(lines: Sequence[Line], labels: Sequence[Label | None]) -> bool:
    """Whether more stands above the first label than what a transcript has above it."""
    first = next(place for place, label in enumerate(labels) if label)
    above, all_words = (sum(len(line.text.split()) for line in part) for part in (lines[:first], lines))
    return above > _MOST_ABOVE * all_words


def _opens(lines: Sequence[Line], labels: Sequence[Label | None]) -> bool:
    """Whether the first words of all stand beside a name."""
    first = next((place for place, label in enumerate(labels) if label), 0)
    return all(wordless(lines[:first]))


def _labels(lines: Sequence[Line], noted: Sequence[bool], known: frozenset[str]) -> list[Label | None]:
    above = _above(lines)
    none = [noted[place] or place < above or no_label(line) for place, line in enumerate(lines)]
    candidates = _candidates(lines, none, known)
    odd = [
        None if no or found else odd_label(line.text) for line, no, found in zip(lines, none, candidates, strict=True)
    ]
    settled = settle(candidates, [line.starts for line in lines], wordless(lines), odd=odd)
    settled = _with_slips(settled, candidates, lines, none)
    # Who speaks here speaks in other capitals too: `nia cadwallen:`.
    names = frozenset(label.key for label in settled if label and " " in label.name)
    return [
        label or (None if no or candidate else _variant(line.text, names))
        for line, no, candidate, label in zip(lines, none, candidates, settled, strict=True)
    ]


def _with_slips(
    settled: list[Label | None], candidates: Sequence[Label | None], lines: Sequence[Line], none: Sequence[bool]
) -> list[Label | None]:
    """The labels, and those of paragraphs below the first that begin with one of their names where the typist's colon
    isn't: `Nia;`, `Nia:words`, a tab or a gap. After `P2` a space is enough, where words begin there.
    """
    colons = [label if label and label.form == BEFORE_A_COLON else None for label in candidates]
    names = {label.name for label in (*settled, *colons) if label and label.form == BEFORE_A_COLON}
    first = next((place for place, label in enumerate(settled) if label), len(lines))
    dense = sum(line.starts and bool(line.text.strip()) for line in lines) < _FEW
    slip = _slip(names, dense=dense) if names else None
    slips = {
        place: Label(BEFORE_A_COLON, name, None, found.end(), name_grade(name), False)
        for place, line in enumerate(lines)
        if slip and place > first and not (settled[place] or none[place]) and (line.starts or dense)
        if (found := slip.match(line.text[:LONGEST_MARK])) and (name := found["name"])
    }
    # Whose colon is there once, and isn't once, comes again.
    again = {label.name for label in slips.values()}
    once = [
        colon if colon and colon.name in again and (dense or line.starts) else None
        for colon, line in zip(colons, lines, strict=True)
    ]
    return [here or slips.get(place) or colon for place, (here, colon) in enumerate(zip(settled, once, strict=True))]


def _slip(names: Collection[str], *, dense: bool) -> re.Pattern[str]:
    """How a line begins with one of these names and no colon as it should be; a wrapped line may begin with `Nia;`."""
    either = "|".join(re.escape(name) for name in sorted(names, key=lambda name: (-len(name), name)))
    # In justified print a gap is between any two words.
    marks = rf"\s*[:：](?=\w)|\s*\t\s*|[ \u00a0]{{2,}}(?={_BEGINS})" + ("" if dense else r"|\s*;\s+")
    return re.compile(rf"\s*(?P<name>{either})(?:(?<=\d)\s+(?={_BEGINS})|{marks})(?=\S)")


def _candidates(lines: Sequence[Line], none: Sequence[bool], known: frozenset[str]) -> list[Label | None]:
    """What may be a label in each line; bold words are emphasis where others come again that have a colon or a time."""
    found = [
        None if no else _bold_label(line, known) or label_of(line.text, known=known)
        for line, no in zip(lines, none, strict=True)
    ]
    bare = [
        bool(label and label.form == _IN_BOLD and ":" not in line.text[: label.words_at])
        for line, label in zip(lines, found, strict=True)
    ]
    others = [None if by_bold else label for label, by_bold in zip(found, bare, strict=True)]
    if _MANY_MORE * _again(others) <= sum(bare):
        return found
    sure = {label.key for label in others if label} | known
    return [
        label_of(line.text, known=known) if label and by_bold and label.key not in sure else label
        for line, label, by_bold in zip(lines, found, bare, strict=True)
    ]


def _variant(text: str, names: frozenset[str]) -> Label | None:
    """The label that a line begins with, if it is one of these names, case folded."""
    found = label_of(text, known=names) if text.lstrip().casefold().startswith(tuple(names)) else None
    return found if found and found.key in names else None


def _above(lines: Sequence[Line]) -> int:
    """How many lines at the top say what was recorded, when and who with: short ones, of which one is `Date:` or so."""
    last = 0
    for place, line in enumerate(lines):
        text = line.text.strip()
        if len(text.split()) > _LONGEST_ABOVE or text.endswith((".", "?", "!")):
            break
        if _ABOVE.match(text) or (last == place and text and place):
            last = place + 1
    return last


def _loose_labels(
    lines: Sequence[Line], noted: Sequence[bool], known: frozenset[str], *, timed: bool
) -> list[Label | None]:
    """Labels that look like speech too; believed where they come again, those without a time all through the file."""
    candidates = [
        None if noted[place] or no_label(line) else loose_label(line.text, timed=timed, known=known)
        for place, line in enumerate(lines)
    ]
    counts = Counter(label.key for label in candidates if label)
    labels = [label if label and (counts[label.key] > 1 or label.grade > 1) else None for label in candidates]
    paragraphs = sum(line.starts and not none for line, none in zip(lines, wordless(lines), strict=True))
    labelled = sum(label is not None for label in labels)
    enough = max(0.0 if timed else _LOOSE_SHARE * paragraphs, 3)
    again = len(counts) > 1 and any(label and counts[label.key] > 1 for label in labels)
    gapped = 2 * sum(label.form == GAPPED for label in labels if label) > labelled
    # A gap may be anywhere: it is believed where the first words have one, and lines that wrap are few.
    spread = not gapped or (_opens(lines, labels) and 3 * labelled >= sum(bool(line.text.strip()) for line in lines))
    return labels if again and spread and labelled >= enough else [None] * len(lines)


def _with_questions(labels: list[Label | None], lines: Sequence[Line], noted: Sequence[bool]) -> list[Label | None]:
    """The labels, and the "Q." and "A." of a hearing where others than these two are named in another form."""
    if not any(labels):
        return labels
    asked = [
        loose_label(line.text, timed=False)
        if not (label or noted[place] or no_label(line)) and _ASKED.match(line.text)
        else None
        for place, (line, label) in enumerate(zip(lines, labels, strict=True))
    ]
    counts = Counter(label.name for label in asked if label)
    paragraphs = sum(line.starts and not none for line, none in zip(lines, wordless(lines), strict=True))
    enough = min(counts["Q"], counts["A"]) > 1 and counts.total() >= _ASKED_SHARE * paragraphs
    return [label or other for label, other in zip(labels, asked, strict=True)] if enough else labels


def _bold_label(line: Line, known: frozenset[str]) -> Label | None:
    """`Nia Cadwallen I think` with the name in bold; a colon may belong to either."""
    if not 0 < line.bold < len(line.text) or is_all(PROGRAM_LINES, line.text):
        return None
    name, rest = line.text[: line.bold], line.text[line.bold :]
    found = None if ":" in name.rstrip(" :") else name_line(name, known=known)
    # A time or what somebody is belongs to the label, and a form of labels knows where it ends.
    if found is None or rest.startswith("\t") or is_all(TIME_LINE, rest) or _BRACKET_AFTER.match(rest[:LONGEST_MARK]):
        return None
    after = re.compile(r"\s*:?\s*").match(line.text, line.bold)
    words_at = after.end() if after else line.bold
    return Label(_IN_BOLD, found.name, None, words_at, found.grade, False)
