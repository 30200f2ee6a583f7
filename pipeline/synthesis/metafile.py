"""Our SVG drawings as Enhanced Metafiles: what programs show of a Word document's picture that can't draw SVG.

Only what our drawings are made of is known: rectangles, texts (anchored, turned) and paths of moves and straight
lines. Records are those of [MS-EMF]; numbers are little-endian, lengths in twentieths of a pixel.
"""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

from lxml import etree

from pipeline.synthesis.letters import letter_width

_UNITS = 20  # a pixel: marks along a line stand closer to each other than one
_HUNDREDTHS_MM = 2540 / 96  # a pixel of 96 an inch
_FONT = "Arial"
_ANCHORS = {"start": 0, "end": 2, "middle": 6}  # TA_LEFT, TA_RIGHT, TA_CENTER
_BASELINE = 24
_PATH = re.compile(r"([Mhv])\s*(-?[\d.]+)(?:[ ,]+(-?[\d.]+))?")
_TURNED = re.compile(r"rotate\((-?[\d.]+)")


def metafile(svg: str) -> bytes:
    """The drawing as an EMF; the same drawing gives the same bytes, and what is not known of it is left out."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(svg.encode("utf-8"), parser)
    _, _, width, height = (float(part) for part in root.get("viewBox", "0 0 700 350").replace(",", " ").split())
    size = float(root.get("font-size", "12"))
    body = [*_frame(width, height), *(record for element in root.iter() for record in _drawn(element, size))]
    body.append(_record(14, 0, 16, 20))  # EOF
    return _header(width, height, body) + b"".join(body)


def _record(kind: int, *numbers: int, rest: bytes = b"") -> bytes:
    content = struct.pack(f"<{len(numbers)}i", *numbers) + rest
    content += b"\0" * (-len(content) % 4)
    return struct.pack("<II", kind, len(content) + 8) + content


def _header(width: float, height: float, body: list[bytes]) -> bytes:
    bounds = (0, 0, round(width), round(height))
    frame = (0, 0, round(width * _HUNDREDTHS_MM), round(height * _HUNDREDTHS_MM))
    length = 88 + sum(map(len, body))
    # A reference device of 96 pixels an inch: 960 of them are 254 mm.
    return struct.pack(
        "<II4i4i4sIIIHHIIIiiii", 1, 88, *bounds, *frame, b" EMF", 0x10000, length, len(body) + 1, 4, 0, 0, 0, 0,
        960, 960, 254, 254,
    )  # fmt: skip


def _frame(width: float, height: float) -> list[bytes]:
    """The drawing's own units, transparent behind texts."""
    return [
        _record(17, 8),  # SETMAPMODE, anisotropic
        _record(10, 0, 0),  # SETWINDOWORGEX
        _record(9, round(width * _UNITS), round(height * _UNITS)),  # SETWINDOWEXTEX
        _record(12, 0, 0),  # SETVIEWPORTORGEX
        _record(11, round(width), round(height)),  # SETVIEWPORTEXTEX
        _record(18, 1),  # SETBKMODE
    ]


def _drawn(element: Any, size: float) -> Iterator[bytes]:
    name = etree.QName(element).localname if isinstance(element.tag, str) else ""
    if name == "rect":
        left, top, width, height = (float(element.get(key, "0")) for key in ("x", "y", "width", "height"))
        corners = (_units(left), _units(top), _units(left + width), _units(top + height))
        yield from _with_pen_and_brush(element, [_record(43, *corners)])
    elif name == "path":
        yield from _with_pen_and_brush(element, list(_lines(element.get("d", ""))))
    elif name == "text" and element.text:
        yield from _text(element, size)


def _with_pen_and_brush(element: Any, records: list[bytes]) -> Iterator[bytes]:
    yield from _pen_and_brush(element.get("stroke-width", "1"), element.get("stroke", ""), element.get("fill", "none"))
    yield from records
    yield from _released(1, 2)


@lru_cache(maxsize=256)
def _pen_and_brush(width: str, stroke: str, fill: str) -> tuple[bytes, ...]:
    # A picture has thousands of marks and few colours.
    pen_style = 0 if stroke else 5  # PS_SOLID, PS_NULL
    brush_style = 0 if fill != "none" else 1  # BS_SOLID, BS_NULL
    return (
        _record(38, 1, pen_style, _units(float(width)), 0, _colour(stroke)),  # CREATEPEN
        _record(39, 2, brush_style, _colour(fill), 0),  # CREATEBRUSHINDIRECT
        *(_record(37, handle) for handle in (1, 2)),  # SELECTOBJECT
    )


@cache
def _released(*handles: int) -> tuple[bytes, ...]:
    # A stock pen, brush and font first: an object that is in use isn't deleted.
    stock = (_record(37, stock - 2**31) for stock in (7, 5, 13))
    return (*stock, *(_record(40, handle) for handle in handles))  # DELETEOBJECT


def _lines(path: str) -> Iterator[bytes]:
    x = y = 0.0
    for command, first, second in _PATH.findall(path):
        if command == "M":
            x, y = float(first), float(second)
        elif command == "h":
            x += float(first)
        else:
            y += float(first)
        yield _record(27 if command == "M" else 54, _units(x), _units(y))  # MOVETOEX, LINETO


def _text(element: Any, size: float) -> Iterator[bytes]:
    turned = _TURNED.search(element.get("transform", ""))
    tenths = round(-10 * float(turned[1])) if turned else 0  # against the clock; SVG counts with it
    place = (_units(float(element.get("x", "0"))), _units(float(element.get("y", "0"))))
    words = element.text.encode("utf-16-le")
    steps = [_step(words[at : at + 2], size) for at in range(0, len(words), 2)]
    yield _font(tenths, size)
    yield _record(37, 3)
    yield _record(22, _BASELINE | _ANCHORS.get(element.get("anchor", element.get("text-anchor", "start")), 0))
    yield _record(24, _colour(element.get("fill", "#000")))  # SETTEXTCOLOR
    padded = words + b"\0" * (-len(words) % 4)
    begins = 8 + 28 + 40  # of the words: after the record's head, its bounds and scale, and the text's own head
    yield _record(
        84, 0, 0, -1, -1, 1,
        rest=struct.pack("<ff2iIII4iI", 1.0, 1.0, *place, len(steps), begins, 0, 0, 0, -1, -1, begins + len(padded))
        + padded + struct.pack(f"<{len(steps)}I", *steps),
    )  # fmt: skip
    yield from _released(3)


def _font(tenths: int, size: float) -> bytes:
    """EXTCREATEFONTINDIRECTW with a LogFontPanose, of which all but the LogFont is empty."""
    face = _FONT.encode("utf-16-le").ljust(64, b"\0")
    logical = struct.pack("<5i8B", -_units(size), 0, tenths, tenths, 400, 0, 0, 0, 0, 0, 0, 0, 0) + face
    return _record(82, 3, rest=logical.ljust(320, b"\0"))


def _step(letter: bytes, size: float) -> int:
    """How far a letter moves the pen; of a pair of surrogates, each half of it."""
    return math.ceil(letter_width(letter.decode("utf-16-le", errors="replace")) / 1000 * size * _UNITS)


def _units(pixels: float) -> int:
    return round(pixels * _UNITS)


def _colour(told: str) -> int:
    """`#888`, `#1f2937` or `rgb(92,92,92)` as a COLORREF: red in the lowest byte."""
    if found := re.fullmatch(r"rgb\((\d+),\s*(\d+),\s*(\d+)\)", told):
        red, green, blue = (int(part) for part in found.groups())
    else:
        digits = told.removeprefix("#")
        digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
        if not re.fullmatch(r"[0-9a-fA-F]{6}", digits):
            return 0
        red, green, blue = (int(digits[at : at + 2], 16) for at in (0, 2, 4))
    return red | green << 8 | blue << 16
