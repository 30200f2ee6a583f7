"""Every character of a file goes through an `Account`, in order and once: to a turn, or to what is left out.

A reader takes a file apart and says of each stretch what it is. So the sum holds by construction, and a reader that
skips a stretch shows at once: the characters it passed on aren't those that it was given.

    the file's text = characters in turns + characters left out

"The file's text" is the text as a reader sees it: decoded, Unicode NFC, one kind of line break, markup's character
references resolved; of formats that aren't text (docx, xlsx, JSON) their strings, one a line. Where two lines or two
cues are joined in one turn, the line break between them becomes the space.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

# What is in every file and is nobody's words: counted by kind and file, and not listed place by place.
NAMES = "names of speakers (they stand in speaker_name)"
TIMES = "times and numbers of cues or turns"
MARKUP = "marks of the file's format"
SPACING = "line breaks and spaces between the words of two turns"
STRUCTURE = (NAMES, TIMES, MARKUP, SPACING)

# What a file doesn't say.
UNKNOWN = "Unknown speaker"
NAMELESS = f"{UNKNOWN} 1"


@dataclass(frozen=True, slots=True)
class Spoken:
    """A turn as it was read: what one person said in one go."""

    speaker: str
    text: str
    start_s: float | None
    end_s: float | None
    locator: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A stretch of the file that is in no turn."""

    locator: str
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something about a file that a person should look at; it holds no word of the file."""

    locator: str  # empty for the whole file
    what: str


@dataclass(slots=True)
class _Open:
    """The turn that is being made."""

    speaker: str
    first: str
    last: str
    start_s: float | None
    end_s: float | None
    pieces: list[str] = field(default_factory=list)


class Account:
    """Takes the stretches of one file in their order; makes its turns and says what is in none of them.

    Stretches of one speaker with nobody in between become one turn, whatever the format: an exporter cuts a turn
    where its captions were full, a typist where a paragraph ended, and neither says that somebody stopped speaking.
    """

    def __init__(self, unit: str, told: Mapping[str, str] | None = None) -> None:
        self.unit = unit  # what places are counted in: "line", "cue", "paragraph", "row"
        self.told = told or {}  # who a label of the file is, where people said so
        self.presented: dict[str, str] = {}  # who initials are, case folded, where the file itself says so
        self.turns: list[Spoken] = []
        self.left_out: list[LeftOut] = []
        self.structure: dict[str, int] = dict.fromkeys(STRUCTURE, 0)
        self.doubts: list[Doubt] = []
        self.asked: tuple[str, ...] = ()  # the questions of a form, whose answers the turns are
        self.joined: int = 0  # stretches that were added to the turn before them
        self._open: _Open | None = None
        self._gap = 0  # white space since the last word, not yet given to anything

    def speaker(self, label: str) -> str:
        """Who a label of the file is: what it says, or what people said of it, or else the file where it names all."""
        return self.told.get(label) or self.presented.get(label.casefold(), label)

    def present(self, names: Mapping[str, str]) -> None:
        """Who the initials, case folded, are that the labels of this file may be."""
        self.presented.update(names)

    @property
    def characters(self) -> int:
        """How many characters the file's text has, as far as it was passed on."""
        in_turns = sum(len(turn.text) for turn in self.turns)
        return in_turns + sum(len(left.text) for left in self.left_out) + sum(self.structure.values())

    def say(
        self,
        speaker: str,
        text: str,
        place: str,
        *,
        start_s: float | None = None,
        end_s: float | None = None,
        fresh: bool = False,
    ) -> None:
        """Words of a speaker; they continue the open turn if it is the same speaker's and nothing asks for another."""
        words = text.strip()
        if not words:
            self.space(text)
            return
        self.space(text[: len(text) - len(text.lstrip())])
        opened = self._open
        if opened is None or opened.speaker != speaker or fresh:
            self.close()
            opened = self._open = _Open(speaker, place, place, start_s, end_s)
        else:
            self.joined += opened.last != place
            self._bridge(opened)
        opened.pieces.append(words.replace("\n", " "))
        opened.last = place
        opened.end_s = end_s if end_s is not None else opened.end_s
        self.space(text[len(text.rstrip()) :])

    def _bridge(self, opened: _Open) -> None:
        if self._gap:
            opened.pieces.append(" ")
            self.structure[SPACING] += self._gap - 1
            self._gap = 0

    def space(self, text: str) -> None:
        """White space: one character of it becomes the space between two stretches of one turn."""
        self._gap += len(text)

    def spacing(self, count: int) -> None:
        """White space that never stands between words, as between a word and its full stop in a list of words."""
        self.structure[SPACING] += count

    def name(self, text: str) -> None:
        """A speaker's name with what belongs to it; it ends nothing by itself."""
        self.structure[NAMES] += len(text)

    def time(self, text: str) -> None:
        """A time, or the number or name of a cue."""
        self.structure[TIMES] += len(text)

    def markup(self, text: str) -> None:
        """Marks of the format: a header, a tag."""
        self.structure[MARKUP] += len(text)

    def leave_out(self, text: str, place: str, reason: str) -> None:
        """Words that nobody said, or that can't be read; white space around them is spacing."""
        words = text.strip()
        self.space(text[: len(text) - len(text.lstrip())])
        if words:
            self.left_out.append(LeftOut(self.at(place), reason, words))
            self.space(text[len(text.rstrip()) :])

    def doubt(self, place: str, what: str) -> None:
        """Something that a person should look at."""
        self.doubts.append(Doubt(self.at(place) if place else "", what))

    def close(self) -> None:
        """End the open turn: what follows is another one, even if the same person goes on."""
        self.structure[SPACING] += self._gap
        self._gap = 0
        opened, self._open = self._open, None
        if opened is None:
            return
        place = self.at(opened.first) if opened.first == opened.last else f"{self.at(opened.first)} to {opened.last}"
        # Two stretches that are each NFC may not be so together: a tag stood between a letter and its accent.
        text = unicodedata.normalize("NFC", "".join(opened.pieces))
        self.turns.append(Spoken(opened.speaker, text, opened.start_s, opened.end_s, place))

    def at(self, place: str) -> str:
        """A place with its unit: `line 12`."""
        return f"{self.unit} {place}" if place[:1].isdigit() else place
