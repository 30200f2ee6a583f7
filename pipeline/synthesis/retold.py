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
# A roundtable may be called as a code is; what names a theme says so.
_NAME = re.compile(r"(<text[^>]* data-theme=[^>]*>)([^<]*)(?=</text>)")
_NONE: Mapping[str, str] = {}
_VALUE = re.compile(r"\\\{(\w+)\\\}")


def retold(picture: Picture, languages: tuple[str, ...], in_welsh: Mapping[str, str] = _NONE) -> Picture:
    """The picture with its title, its description and its own labels in these languages.

    Names of themes stay, but for codes that have a Welsh name: `in_welsh`, by their own.
    """
    if languages == (_DRAWN,):
        return picture

    def title(text: str) -> str:
        return _BETWEEN.join(dict.fromkeys(told_in(language, text) for language in languages))

    def description(text: str) -> str:
        return " ".join(dict.fromkeys(told_in(language, text) for language in languages))

    def label(text: str) -> str:
        # There is no room for two.
        ours = any(re.fullmatch(_pattern(fixed), text) for fixed in _labels())
        return told_in(languages[0], text) if ours else text

    def name(text: str) -> str:
        return in_welsh.get(text, text) if languages[0] == "cy" else text

    svg = picture.svg
    for place, told in ((_TITLE, title), (_DESCRIPTION, description), (_LABEL, label), (_NAME, name)):
        svg = place.sub(_put(told), svg)
    return replace(picture, title=title(picture.title), description=description(picture.description), svg=svg)


def told_in(language: str, text: str) -> str:
    """What a picture says, as another language has it: by the template that it was made with, and so each value."""
    for key, template in words(_DRAWN)["pictures"].items():
        found = re.fullmatch(_pattern(template), text)
        if found:
            values = {name: told_in(language, value) for name, value in found.groupdict().items()}
            return str(words(language)["pictures"][key]).format(**values)
    return text


def _pattern(template: str) -> str:
    """What a template makes; its {number} is one, so that "Roundtable on buses" is nobody's number."""
    digits = re.escape(template).replace(r"\{number\}", r"(?P<number>\d+)")
    return _VALUE.sub(r"(?P<\1>.+?)", digits)


def _put(told: Callable[[str], str]) -> Callable[[re.Match[str]], str]:
    return lambda found: found[1] + escape(told(unescape(found[2])))


def _labels() -> frozenset[str]:
    fixed: dict[str, str] = words(_DRAWN)["pictures"]
    return frozenset(text for key, text in fixed.items() if key.startswith("label_"))
