"""Puts an SVG drawing into a Word document, with the words that stand for it."""

from __future__ import annotations

import io
import re
import struct
import zlib
from typing import Any

from docx.document import Document
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Cm

from pipeline.synthesis.material import Picture

WIDTH_CM = 16.0
_IMAGE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
_SVG_EXTENSION = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"


def add_svg(document: Document, picture: Picture) -> None:
    """Put the drawing in a paragraph of its own, as wide as the text, with its description as alternative text.

    Word from 2016 on and LibreOffice draw the SVG; older programs show an empty frame with the description.
    """
    ratio = _ratio(picture.svg)
    run = document.add_paragraph(style="Body Text").add_run()
    shape = run.add_picture(io.BytesIO(_blank()), width=Cm(WIDTH_CM), height=Cm(WIDTH_CM * ratio))
    number = len([name for name in document.part.rels if document.part.rels[name].reltype == _IMAGE])
    part = Part(
        PackURI(f"/word/media/drawing{number}.svg"), "image/svg+xml", picture.svg.encode("utf-8"), document.part.package
    )
    relation = document.part.relate_to(part, _IMAGE)
    _describe(shape, picture)
    blip: Any = shape._inline.graphic.graphicData.pic.blipFill.blip
    blip.append(
        parse_xml(
            '<a:extLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
            'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
            f'<a:ext uri="{_SVG_EXTENSION}"><asvg:svgBlip '
            'xmlns:asvg="http://schemas.microsoft.com/office/drawing/2016/SVG/main" '
            f'r:embed="{relation}"/></a:ext></a:extLst>'
        )
    )


def _describe(shape: Any, picture: Picture) -> None:
    for properties in (shape._inline.docPr, shape._inline.find(f".//{qn('pic:cNvPr')}")):
        properties.set("descr", picture.description)
        properties.set("title", picture.title)


def _ratio(svg: str) -> float:
    """Height over width, from the viewBox or the sizes; a square half where neither is said."""
    box = re.search(r'viewBox="[\d.\-]+[ ,]+[\d.\-]+[ ,]+([\d.]+)[ ,]+([\d.]+)"', svg)
    if box and float(box[1]):
        return float(box[2]) / float(box[1])
    return 0.5


def _blank() -> bytes:
    """A white PNG of one pixel: what stands behind the SVG for programs that can't draw one."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixel = zlib.compress(b"\x00\xff\xff\xff", 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixel) + chunk(b"IEND", b"")
