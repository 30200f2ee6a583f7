"""What stands in paragraphs set wholly in bold over which nobody is named: a heading, or the questions of who asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.facilitator import says_so
from pipeline.ingest.account import NAMELESS
from pipeline.ingest.labels import Label
from pipeline.ingest.lines import PROGRAM_LINES, Line, is_all, is_mark

ASKER, ANSWERER = "Interviewer", "Participant"
BY_BOLD = "[bold] question"
# Fewer questions may be words that somebody stressed; two beside speakers that are named.
_FEWEST = 3
_FEWEST_BESIDE_NAMES = 2
# Who asks asks in so many of the paragraphs that are theirs.
_ASKING = 0.5
# Where more of a text is bold, bold sets nothing apart.
_MOST_BOLD = 0.6
_BY_BOLD = (
    f"nobody is named: its questions are in bold, and were read as {ASKER}'s, the rest as {ANSWERER}'s. Did several "
    f'answer? Say in series.toml who they are (speakers = {{{ASKER} = "..."}})'
)
_UNNAMED = (
    f"questions in bold that no name stands over were read as {NAMELESS}'s: say in series.toml who asks "
    f'(speakers = {{"{NAMELESS}" = "..."}})'
)


@dataclass(frozen=True, slots=True)
class Emphasis:
    """What bold says of a text beside its names."""

    labels: list[Label | None]
    headings: frozenset[int] = frozenset()  # lines that nobody said
    doubt: str = ""


def told_by_bold(lines: Sequence[Line], labels: Sequence[Label | None]) -> Emphasis:
    """The labels, with those of questions in bold that stand under nobody's name.

    Without names who asks is the interviewer, and who answers the participant. Beside names questions in bold are
    somebody's who isn't named, or of a facilitator's guide if one is; and a line in bold right above a name that ends
    as no sentence does is a heading. Other words in bold are stressed by whose they are.
    """
    found = [place for place, line in enumerate(lines) if _is_bold(line) and not labels[place]]
    if not found or len(found) > _MOST_BOLD * sum(bool(line.text.strip()) for line in lines):
        return Emphasis(list(labels))
    said = [place for place in found if _ends_as_a_sentence(lines[place].text)]
    asked = [place for place in said if lines[place].text.rstrip(" *_”\"').").endswith("?")]
    asks = len(asked) >= _ASKING * len(said)
    if asks and len(asked) >= _FEWEST and _names_nobody(labels, asked[0]):
        headings = frozenset(found).difference(said)
        return Emphasis(_by_bold(lines, said, headings), headings, _BY_BOLD)
    headings = frozenset(place for place in found if place not in said and _over_a_name(lines, labels, place))
    if not asks or len(asked) < _FEWEST_BESIDE_NAMES or not any(labels):
        return Emphasis(list(labels), headings)
    if any(label and says_so(label.name) for label in labels):
        return Emphasis(list(labels), headings.union(asked))
    return Emphasis(_beside_names(lines, labels, said), headings, _UNNAMED)


def _is_bold(line: Line) -> bool:
    text = line.text.strip(" *_")
    return line.all_bold and bool(text) and not _is_nobodys(line, text)


def _is_nobodys(line: Line, text: str) -> bool:
    """Whether a line shows by its form, or by how it is set, that nobody said it."""
    return bool(line.aside or line.heading or is_mark(text) or is_all(PROGRAM_LINES, text))


def _ends_as_a_sentence(text: str) -> bool:
    return text.rstrip(" *_”\"')]").endswith((".", "?", "!", "…"))


def _names_nobody(labels: Sequence[Label | None], first: int) -> bool:
    """Whether nobody is named, or only above the first question, as who the two are: "Interviewer: Nia"."""
    counts = Counter(label.key for label in labels if label)
    return all(
        label is None or (place < first and label.presents and counts[label.key] == 1)
        for place, label in enumerate(labels)
    )


def _by_bold(lines: Sequence[Line], said: Sequence[int], headings: frozenset[int]) -> list[Label | None]:
    """Two speakers, of whom one is in bold; from the first that is said in bold on, and without the headings."""
    labels: list[Label | None] = [None] * len(lines)
    last = ""
    for place in range(said[0], len(lines)):
        line = lines[place]
        who = ASKER if place in said else ANSWERER
        speaks = line.text.strip() and not _is_nobodys(line, line.text) and place not in headings
        if who != last and speaks:
            labels[place] = _label(who, line, marked=who == ASKER)
            last = who
    return labels


def _beside_names(lines: Sequence[Line], labels: Sequence[Label | None], said: Sequence[int]) -> list[Label | None]:
    """The labels, with nobody's over what is in bold; who spoke before goes on in the paragraph after it."""
    filled, speaks = list(labels), frozenset(said)
    last: Label | None = None
    for place, line in enumerate(lines):
        before = place - 1
        while before >= 0 and not lines[before].text.strip():
            before -= 1
        if place in speaks:
            filled[place] = _label(NAMELESS, line, marked=True)
        elif last and before in speaks and not labels[place] and line.text.strip():
            filled[place] = _label(last.name, line, marked=False)
        last = labels[place] or last
    return filled


def _label(name: str, line: Line, *, marked: bool) -> Label:
    """A label that takes nothing from the line but the marks before words in bold."""
    marks = len(line.text) - len(line.text.lstrip(" *_")) if marked else 0
    return Label(BY_BOLD, name, None, marks, 0, False)


def _over_a_name(lines: Sequence[Line], labels: Sequence[Label | None], place: int) -> bool:
    below = next((at for at in range(place + 1, len(lines)) if lines[at].text.strip()), None)
    return below is not None and labels[below] is not None
