"""How Welsh words begin: what names are found by, and the words of a codebook."""

from __future__ import annotations

_MUTATIONS = {  # soft, nasal, aspirate; "" where the letter falls away
    "p": ("b", "mh", "ph"), "t": ("d", "nh", "th"), "c": ("g", "ngh", "ch"), "b": ("f", "m"), "d": ("dd", "n"),
    "g": ("", "ng"), "m": ("f",), "ll": ("l",), "rh": ("r",),
}  # fmt: skip


def mutations(word: str) -> tuple[str, ...]:
    """The Welsh mutations of a folded word: caerdydd gives gaerdydd, nghaerdydd and chaerdydd."""
    for start in (word[:2], word[:1]):
        if start in _MUTATIONS and not (start == word[:1] and word[1:2] == "h"):
            return tuple(change + word[len(start) :] for change in _MUTATIONS[start])
    return ()
