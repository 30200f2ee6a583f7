"""Zip files (docx, xlsx, qdpx) whose bytes depend on their content alone."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable

EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can say
_FIRST = ("[Content_Types].xml", "mimetype", "project.qde")  # what a reader expects to meet first


def zip_bytes(entries: Iterable[tuple[str, bytes]]) -> bytes:
    """A zip of these entries, in a fixed order, stamped with no time and no machine."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(entries, key=lambda entry: (entry[0] not in _FIRST, entry[0])):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3  # or Windows and Linux would write different bytes
            archive.writestr(entry, content)
    return stream.getvalue()


def restamp(content: bytes) -> bytes:
    """The same zip without the times that its writer put in."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return zip_bytes([(entry.filename, archive.read(entry)) for entry in archive.infolist()])
