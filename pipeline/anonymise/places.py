"""Places of Wales and of the United Kingdom that a text without capitals hides, with their Welsh mutations."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from pipeline.anonymise.forms import fold
from pipeline.welsh import mutations

# No list has all villages, but most of Wales' are built so: "Llanfair-y-Cwm", "Pont Rhyd-y-groes", "Llanmorfudd".
HYPHENED = re.compile(
    r"\b(?:(?:Pont|Rhyd|Tal|Nant|Pentre) )?"
    r"[A-ZŴŶ][^\W\d_]+-(?:y|yr|ar|yn|cefn|uwch|is(?=-)|fach|fawr|goch|ddu|las|wen|isaf|uchaf|newydd)\b(?:-[^\W\d_]+)*"
)
# Not "Aberration", "Pontificating", "Cwmnïau", "Ynysoedd".
VILLAGE = re.compile(
    rf"{HYPHENED.pattern}"
    r"|\b(?:Llan|Aber(?!r)|Pont(?!if)|Pwll|Ynys(?!oedd)|Cwm(?!n[iï]|pas))[^\W\d_]{4,}(?:-[^\W\d_]+)*"
)


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
