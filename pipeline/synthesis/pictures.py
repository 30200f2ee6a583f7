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
from pipeline.synthesis.metafile import metafile

WIDTH_CM = 16.0
_CM_A_PIXEL = 2.54 / 96
_IMAGE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
_SVG_EXTENSION = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"


def add_svg(document: Document, picture: Picture) -> None:
    """Put the drawing in a paragraph of its own, no wider than the text, with its description as alternative text.

    Word from 2016 on draws the SVG; older programs, LibreOffice before 24 and who makes a PDF with it show the metafile
    beside it, which holds the same drawing.
    """
    width, height = _size(picture.svg)
    paragraph = document.add_paragraph(style="Body Text")
    shape = paragraph.add_run().add_picture(io.BytesIO(_blank()), width=Cm(width), height=Cm(height))
    number = 1 + sum("/drawing" in str(part.partname) for part in document.part.related_parts.values()) // 2
    relation = _related(document, f"drawing{number}.svg", "image/svg+xml", picture.svg.encode("utf-8"))
    fallback = _related(document, f"drawing{number}.emf", "image/x-emf", metafile(picture.svg))
    _describe(shape, picture)
    blip: Any = shape._inline.graphic.graphicData.pic.blipFill.blip
    blank = blip.embed
    blip.embed = fallback
    document.part.drop_rel(blank)
    blip.append(
        parse_xml(
            '<a:extLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
            'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
            f'<a:ext uri="{_SVG_EXTENSION}"><asvg:svgBlip '
            'xmlns:asvg="http://schemas.microsoft.com/office/drawing/2016/SVG/main" '
            f'r:embed="{relation}"/></a:ext></a:extLst>'
        )
    )


def _related(document: Document, name: str, kind: str, content: bytes) -> str:
    """A part of the document, and the id by which a paragraph speaks of it."""
    part = Part(PackURI(f"/word/media/{name}"), kind, content, document.part.package)
    return str(document.part.relate_to(part, _IMAGE))


def _describe(shape: Any, picture: Picture) -> None:
    for properties in (shape._inline.docPr, shape._inline.find(f".//{qn('pic:cNvPr')}")):
        properties.set("descr", picture.description)
        properties.set("title", picture.title)


def _size(svg: str) -> tuple[float, float]:
    """Width and height in centimetres: as drawn at 96 pixels an inch, or smaller where that is wider than the text.

    As wide as the text and half as high where the drawing doesn't say.
    """
    box = re.search(r'viewBox="[\d.\-]+[ ,]+[\d.\-]+[ ,]+([\d.]+)[ ,]+([\d.]+)"', svg)
    if not box or not float(box[1]):
        return WIDTH_CM, WIDTH_CM / 2
    width = min(WIDTH_CM, float(box[1]) * _CM_A_PIXEL)
    return width, width * float(box[2]) / float(box[1])


def _blank() -> bytes:
    """A white PNG of one pixel: python-docx makes a frame for no metafile, so the frame is made for this."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixel = zlib.compress(b"\x00\xff\xff\xff", 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixel) + chunk(b"IEND", b"")
