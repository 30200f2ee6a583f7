"""The fixed words of a picture in the languages of the paper; what it says of this series stands as it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from html import escape, unescape

from pipeline.synthesis.material import Picture
from pipeline.synthesis.wording import words

_DRAWN = "en"  # the language in which the themes stage draws
_BETWEEN = " / "  # in a paper of two languages
_TITLE, _DESCRIPTION = (re.compile(rf"(<{tag}[^>]*>)([^<]*)(?=</{tag}>)") for tag in ("title", "desc"))
_LABEL = re.compile(r"(<text[^>]*>)([^<]*)(?=</text>)")
_NONE: Mapping[str, str] = {}
_VALUE = re.compile(r"\\\{(\w+)\\\}")


def retold(picture: Picture, languages: tuple[str, ...], in_welsh: Mapping[str, str] = _NONE) -> Picture:
    """The picture with its title, its description and its own labels in these languages.

    Names of themes stay, but for codes that have a Welsh name: `in_welsh`, by their own.
    """
    if languages == (_DRAWN,):
        return picture

    def title(text: str) -> str:
        return _BETWEEN.join(dict.fromkeys(_said(text, language, in_welsh) for language in languages))

    def description(text: str) -> str:
        return " ".join(dict.fromkeys(_said(text, language, in_welsh) for language in languages))

    def label(text: str) -> str:
        # There is no room for two.
        return _said(text, languages[0], in_welsh) if text in _labels() | set(in_welsh) else text

    svg = picture.svg
    for place, told in ((_TITLE, title), (_DESCRIPTION, description), (_LABEL, label)):
        svg = place.sub(_put(told), svg)
    return replace(picture, title=title(picture.title), description=description(picture.description), svg=svg)


def _put(told: Callable[[str], str]) -> Callable[[re.Match[str]], str]:
    return lambda found: found[1] + escape(told(unescape(found[2])))


def _labels() -> frozenset[str]:
    fixed: dict[str, str] = words(_DRAWN)["pictures"]
    return frozenset(text for key, text in fixed.items() if key.startswith("label_"))


def _said(text: str, language: str, in_welsh: Mapping[str, str]) -> str:
    """A text as another language has it: by the template that it was made with, and so each of its values."""
    for key, template in words(_DRAWN)["pictures"].items():
        found = re.fullmatch(_VALUE.sub(r"(?P<\1>.+?)", re.escape(template)), text)
        if found:
            values = {name: _said(value, language, in_welsh) for name, value in found.groupdict().items()}
            return str(words(language)["pictures"][key]).format(**values)
    return in_welsh.get(text, text) if language == "cy" else text
