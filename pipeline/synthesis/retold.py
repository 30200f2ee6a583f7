"""The fixed words of a picture in the languages of the paper; what it says of this series stands as it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from html import escape, unescape

from pipeline.synthesis.material import Picture
from pipeline.synthesis.wording import words

_DRAWN = "en"  # the language in which the themes stage draws
_BETWEEN = " / "  # in a paper of two languages
_TITLE, _DESCRIPTION = (re.compile(rf"(<{tag}[^>]*>)([^<]*)(?=</{tag}>)") for tag in ("title", "desc"))
_LABEL = re.compile(r"(<text[^>]*>)([^<]*)(?=</text>)")
_VALUE = re.compile(r"\\\{(\w+)\\\}")


def retold(picture: Picture, languages: tuple[str, ...]) -> Picture:
    """The picture with its title, its description and its own labels in these languages; names of themes stay."""
    if languages == (_DRAWN,):
        return picture

    def title(text: str) -> str:
        return _BETWEEN.join(dict.fromkeys(told_in(language, text) for language in languages))

    def description(text: str) -> str:
        return " ".join(dict.fromkeys(told_in(language, text) for language in languages))

    def label(text: str) -> str:
        # There is no room for two.
        return told_in(languages[0], text) if text in _labels() else text

    svg = picture.svg
    for place, told in ((_TITLE, title), (_DESCRIPTION, description), (_LABEL, label)):
        svg = place.sub(_put(told), svg)
    return replace(picture, title=title(picture.title), description=description(picture.description), svg=svg)


def told_in(language: str, text: str) -> str:
    """What a picture says, as another language has it: by the template that it was made with, and so each value."""
    for key, template in words(_DRAWN)["pictures"].items():
        found = re.fullmatch(_VALUE.sub(r"(?P<\1>.+?)", re.escape(template)), text)
        if found:
            values = {name: told_in(language, value) for name, value in found.groupdict().items()}
            return str(words(language)["pictures"][key]).format(**values)
    return text


def _put(told: Callable[[str], str]) -> Callable[[re.Match[str]], str]:
    return lambda found: found[1] + escape(told(unescape(found[2])))


def _labels() -> frozenset[str]:
    fixed: dict[str, str] = words(_DRAWN)["pictures"]
    return frozenset(text for key, text in fixed.items() if key.startswith("label_"))
