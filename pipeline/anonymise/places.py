"""Places of Wales and of the United Kingdom that a text without capitals hides, with their Welsh mutations."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from pipeline.anonymise.forms import fold
from pipeline.welsh import mutations


@cache
def gazetteer() -> frozenset[str]:
    """Folded names of one word, and of the Welsh ones their mutated forms: caerdydd, gaerdydd, nghaerdydd."""
    found: set[str] = set()
    welsh = False
    text = (files("pipeline.anonymise") / "data" / "places.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.startswith("["):
            welsh = line.strip() == "[cy]"
        elif not line.startswith("#"):
            for name in line.split():
                found.add(fold(name))
                # A mutation of four letters and fewer would be an ordinary word: "y Rhyl", "i'r Bala".
                found |= {changed for changed in mutations(fold(name)) if welsh and len(changed) > 4}
    return frozenset(found)
