"""A drawing as a metafile: records that a program can walk through, and everything drawn that the SVG has."""

from __future__ import annotations

import struct
from collections.abc import Iterator

import pytest

from pipeline.synthesis.metafile import metafile

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 120" font-size="12"><title>Themes</title>'
    '<rect x="10" y="20" width="34" height="34" fill="rgb(60,60,60)" stroke="#888"/>'
    '<rect x="44" y="20" width="34" height="34" fill="rgb(255,255,255)" stroke="#888"/>'
    '<text x="27" y="41" text-anchor="middle" fill="#fff">12</text>'
    '<text x="40" y="18" text-anchor="start" transform="rotate(-45 40 18)">Siân’s theme &amp; …</text>'
    '<path d="M10 100h200" stroke="#bbb"/><path d="M12.5 93v14M14.0 93v14" stroke="#000" stroke-width="1.5"/></svg>'
)
RECTANGLE, MOVE_TO, LINE_TO, TEXT, FONT, END = 43, 27, 54, 84, 82, 14


def records(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Each record's kind and content, as a program reads one after the other."""
    place = 0
    while place < len(content):
        kind, size = struct.unpack_from("<II", content, place)
        assert size >= 8
        assert size % 4 == 0
        yield kind, content[place + 8 : place + size]
        place += size
    assert place == len(content)


def texts(content: bytes) -> list[str]:
    found = []
    for kind, record in records(content):
        if kind == TEXT:
            letters, begins = struct.unpack_from("<II", record, 36)
            found.append(record[begins - 8 : begins - 8 + 2 * letters].decode("utf-16-le"))
    return found


def test_the_header_tells_the_length_and_the_number_of_records() -> None:
    content = metafile(SVG)
    assert content[40:44] == b" EMF"
    length, count = struct.unpack_from("<II", content, 48)
    listed = list(records(content))
    assert (length, count) == (len(content), len(listed))
    assert (listed[0][0], listed[-1][0]) == (1, END)


def test_every_shape_and_every_text_is_in_it() -> None:
    content = metafile(SVG)
    kinds = [kind for kind, _ in records(content)]
    assert (kinds.count(RECTANGLE), kinds.count(MOVE_TO), kinds.count(LINE_TO)) == (2, 3, 3)
    assert texts(content) == ["12", "Siân’s theme & …"]


def test_a_turned_text_rises_and_a_box_has_its_place_and_grey() -> None:
    found = list(records(metafile(SVG)))
    fonts = [struct.unpack_from("<5i", record, 4) for kind, record in found if kind == FONT]
    assert [(escapement, weight) for _, _, escapement, _, weight in fonts] == [(0, 400), (450, 400)]
    boxes = [struct.unpack("<4i", record) for kind, record in found if kind == RECTANGLE]
    assert boxes == [(200, 400, 880, 1080), (880, 400, 1560, 1080)]
    brushes = [struct.unpack("<4I", record)[2] for kind, record in found if kind == 39]
    assert brushes[:2] == [60 | 60 << 8 | 60 << 16, 0xFFFFFF]


@pytest.mark.parametrize("svg", ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 100"></svg>', "<svg/>"])
def test_a_drawing_with_nothing_in_it_is_a_metafile_too(svg: str) -> None:
    assert [kind for kind, _ in records(metafile(svg))][-1] == END


def test_the_same_drawing_gives_the_same_bytes() -> None:
    assert metafile(SVG) == metafile(SVG)
