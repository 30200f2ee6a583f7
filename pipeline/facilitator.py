"""Who facilitates a roundtable: by a label that says so, else guessed from whom they give the floor to."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

_ROLE = (
    r"(?:the\s+)?(?:co-?|cyd-?|lead\s+|main\s+)?(?:facilitator|moderator|chair(?:person|man|woman)?|host|conven[eo]r"
    r"|interviewer|hwylusydd|cadeirydd|cymedrolwr|cymedrolydd)"
)
# "Chair", "Facilitator 2"; "Ann Rees (Chair)", "Moderator - Ann Rees": not "Chair of the board", nor Ms Host.
_SAYS_SO = re.compile(
    rf"{_ROLE}(?:[\s_-]*(?:\d{{1,3}}|[A-Z]))?|(?P<name>.*\S)\s*(?:[(\[]\s*{_ROLE}\s*[)\]]|\s[-–—]\s+{_ROLE})"
    rf"|{_ROLE}\s+[-–—]\s+(?P<named>.+)",
    re.IGNORECASE,
)
# Where in a turn somebody is called to speak next: its last sentences.
_CALLING = 200
# Shorter parts of a name ("ap", "Jo") stand in too many words' company.
_SHORTEST = 3
# To open or to close is as much as to give the floor to two people. Fewer signs than these, or a smaller lead over the
# next, and nobody is marked: committee members and interested participants ask as well.
_FRAME = 2
_FEWEST_SIGNS = 4
_LEAD = 1.5
_FEWEST_SPEAKERS = 3


@dataclass(frozen=True)
class Guess:
    """Somebody who behaves as facilitators do."""

    who: str
    handed_over: int  # different people who spoke right after being named by them
    asked: int  # different people who spoke right after a question of theirs
    opened: bool
    closed: bool

    @property
    def signs(self) -> int:
        """How much speaks for it, in people and not in times: who asks one witness twenty questions doesn't chair."""
        return self.handed_over + self.asked + _FRAME * (self.opened + self.closed)


def says_so(label: str) -> bool:
    """Whether a speaker's label says that they facilitate: "Chair", "Facilitator 1", "Ann Rees (Hwylusydd)"."""
    return _SAYS_SO.fullmatch(label.strip()) is not None


def without_role(label: str) -> str:
    """What a label says beside that somebody facilitates: "Ann Rees" of "Ann Rees (Chair)", nothing of "Chair"."""
    found = _SAYS_SO.fullmatch(label.strip())
    return label if found is None else found["name"] or found["named"] or ""


def likely_facilitator(said: Sequence[tuple[str, str]], names: Mapping[str, str]) -> Guess | None:
    """Who gives the floor to more people than all others; None where nobody leads, or too little is to be seen.

    Args:
        said: who spoke and what they said, in order.
        names: the name of each who has one; without names it is told from questions, opening and closing alone.
    """
    spoken = list(_in_one_go(said))
    speakers = sorted({who for who, _ in spoken})
    if len(speakers) < _FEWEST_SPEAKERS:
        return None
    handed: dict[str, set[str]] = defaultdict(set)
    asked: dict[str, set[str]] = defaultdict(set)
    parts = {who: {part for part in _words(name) if len(part) >= _SHORTEST} for who, name in names.items()}
    for (who, text), (following, _) in pairwise(spoken):
        if parts.get(following, set()) & _words(text[-_CALLING:]):
            handed[who].add(following)
        if text.rstrip().endswith("?"):
            asked[who].add(following)
    first, last = spoken[0][0], spoken[-1][0]
    guesses = [Guess(who, len(handed[who]), len(asked[who]), who == first, who == last) for who in speakers]
    best, second = sorted(guesses, key=lambda guess: (-guess.signs, guess.who))[:2]
    leads = best.signs >= _FEWEST_SIGNS and best.signs >= _LEAD * second.signs
    return best if leads else None


def _in_one_go(said: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The same, where one person's turns that follow each other are one."""
    texts: list[str] = []
    for place, (who, text) in enumerate(said):
        texts.append(text)
        if place + 1 == len(said) or said[place + 1][0] != who:
            yield who, " ".join(texts)
            texts = []


def _words(text: str) -> set[str]:
    """The words of a text without accents and capitals: notes of a meeting write "Sian" where "Siân" is said."""
    apart = unicodedata.normalize("NFD", text)
    # Of the different letters, which are some dozens.
    accents = {ord(letter): None for letter in set(apart) if unicodedata.combining(letter)}
    return set(re.findall(r"\w+", (apart.translate(accents) if accents else apart).casefold()))
