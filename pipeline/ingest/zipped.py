"""Office files are zips of XML: opened here with bounds, because a small zip can unpack to fill a disk."""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from typing import Any

from pipeline.errors import UnreadableFile

# A day of talk is 1 MB of document.xml; 200 MB of text is more than any transcript, and is still held in memory.
MOST_BYTES = 200_000_000
# Text repeats itself and packs to a tenth; a part that packs to a thousandth is a bomb.
MOST_RATIO = 400
MOST_PARTS = 20_000

# "Strict" documents are the same under other names.
_STRICT = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    b"http://purl.oclc.org/ooxml/spreadsheetml/main": b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": (
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    ),
}
# What zipfile raises at damaged archives isn't only its own: a place before the start is a ValueError.
_FLAWS = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, NotImplementedError, RuntimeError, OSError,
    ValueError, OverflowError,
)  # fmt: skip
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Package:
    """The parts of an office file, each read within bounds."""

    def __init__(self, content: bytes, name: str) -> None:
        self._name = name
        if content.startswith(_OLD_OFFICE):
            raise UnreadableFile(
                f"{name} is an old Office file or has a password: open it, and save it as .docx or .xlsx without one"
            )
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except _FLAWS as error:
            raise UnreadableFile(f"{name} is damaged, or isn't what its ending says: save it again") from error
        self._parts = {part.filename: part for part in self._zip.infolist()}
        if len(self._parts) > MOST_PARTS:
            raise UnreadableFile(f"{name} holds more parts than any document has; it was not opened")

    def __contains__(self, part: str) -> bool:
        return part in self._parts

    def names(self, prefix: str, suffix: str = ".xml") -> list[str]:
        """The parts whose names begin and end so, sorted."""
        return sorted(name for name in self._parts if name.startswith(prefix) and name.endswith(suffix))

    def read(self, part: str) -> bytes:
        """A part's bytes.

        Raises:
            UnreadableFile: it isn't there, is damaged, has a password, or would unpack to more than a transcript can.
        """
        found = self._parts.get(part)
        if found is None:
            raise UnreadableFile(f"{self._name} lacks {part}: it is damaged, or isn't what its ending says")
        if found.flag_bits & 1:
            raise UnreadableFile(f"{self._name} has a password: save it without one")
        try:
            with self._zip.open(found) as stream:
                content = stream.read(MOST_BYTES + 1)
        except _FLAWS as error:
            raise UnreadableFile(f"{self._name} is damaged (in {part}): save it again") from error
        ratio = len(content) / max(found.compress_size, 1)
        if len(content) > MOST_BYTES or (ratio > MOST_RATIO and len(content) > 10_000_000):
            raise UnreadableFile(f"{self._name} unpacks to more than any transcript has; it was not opened")
        return content

    def xml(self, part: str) -> Any:
        """A part's root element; entities and outside references are refused."""
        content = self.read(part)
        for strict, usual in _STRICT.items():
            content = content.replace(strict, usual)
        return parse_xml(content, self._name)


def parse_xml(content: bytes, name: str) -> Any:
    """The root element (lxml); nothing outside is looked up, and no entity is expanded.

    Raises:
        UnreadableFile: it isn't XML, declares entities, or is nested too deep.
    """
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableFile(f"{name} is damaged: its XML can't be read; save it again") from error
    document = root.getroottree().docinfo
    if document.internalDTD is not None:
        raise UnreadableFile(f"{name} declares its own entities, as no office program does; it was not opened")
    return root
