"""Bytes become text: in the encoding that the file shows, or in the one that it was said to have."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

from pipeline.errors import ConfigError, UnreadableFile

# What an editor or a speech recogniser may write where a line ends.
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# No character of any text; a lone surrogate can't be written to a file.
_NO_TEXT = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f\ufeff\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
# Below this share of letters, digits, spaces and punctuation, bytes are no text that people wrote.
_MOSTLY_TEXT = 0.9
_NO_WRITING = frozenset(("Cc", "Cn", "Co", "Cs"))


@dataclass(frozen=True)
class Decoded:
    """A file's text, how it was decoded, and how many characters in it were no text."""

    text: str
    encoding: str
    dropped: int
    doubt: str = ""


def decode(content: bytes, name: str, *, encoding: str = "") -> Decoded:
    """The text of these bytes: in `encoding`, or else as UTF-8, UTF-16 (by its mark), or Windows-1252.

    Nothing is guessed by statistics: a guesser takes Welsh in Windows-1252 for Central European and damages names.

    Raises:
        UnreadableFile: the bytes are not text in that encoding, or no text at all.
    """
    if encoding:
        return _decoded(content, _known(encoding), name)
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _decoded(content, "utf-16", name)
    unmarked = _unmarked_utf16(content)
    if unmarked:
        return _decoded(content, unmarked, name)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        if mixed := _mostly_utf8(content):
            _must_be_text(mixed, name)
            made = cleaned(mixed, "utf-8")
            return Decoded(made.text, made.encoding, made.dropped, "not all of it UTF-8: look at accented letters")
        text = _cp1252(content)
    else:
        _must_be_text(text, name)
        return cleaned(text, "utf-8-sig" if content.startswith(codecs.BOM_UTF8) else "utf-8")
    _must_be_text(text, name)
    made = cleaned(text, "cp1252")
    doubt = "not UTF-8: read as Windows-1252; look at accented letters (another: [ingest] encoding, in the config)"
    return Decoded(made.text, made.encoding, made.dropped, doubt)


def cleaned(text: str, encoding: str) -> Decoded:
    """The text in NFC with one kind of line break, without what is no character of a text."""
    without, dropped = _NO_TEXT.subn("", _LINE_ENDS.sub("\n", text))
    return Decoded(unicodedata.normalize("NFC", without), encoding, dropped)


def clean(text: str) -> str:
    """The same, of a string from inside a file whose format has its own encoding."""
    return cleaned(text, "").text


def _decoded(content: bytes, encoding: str, name: str) -> Decoded:
    try:
        text = content.decode(encoding)
    except (UnicodeDecodeError, UnicodeError) as error:
        raise UnreadableFile(
            f"{name} is not text in {encoding}: save it as UTF-8, or name its encoding in the config (ingest.encoding)"
        ) from error
    _must_be_text(text, name)
    return cleaned(text, encoding)


def _known(encoding: str) -> str:
    try:
        # Python also knows codecs from bytes to bytes (base64), and one that refuses every text (undefined).
        "a".encode(encoding)
        return codecs.lookup(encoding).name
    except (LookupError, ValueError) as error:
        raise ConfigError(f"ingest.encoding: no encoding is called {encoding!r}; try utf-8 or cp1252") from error


def _unmarked_utf16(content: bytes) -> str:
    """UTF-16 without its mark shows in English by a zero at every other byte."""
    head = content[:2000]
    if len(head) < 8:
        return ""
    if head[1::2].count(0) > 0.4 * len(head) and not head[0::2].count(0):
        return "utf-16-le"
    if head[0::2].count(0) > 0.4 * len(head) and not head[1::2].count(0):
        return "utf-16-be"
    return ""


def _mostly_utf8(content: bytes) -> str:
    """UTF-8 into which something in Windows-1252 was pasted, as text; empty if it isn't so.

    Letters of several bytes that are right by chance are rare: more of them than of wrong bytes, and the file is UTF-8.
    """
    text = content.decode("utf-8-sig", errors="surrogateescape")
    wrong = sum("\udc80" <= character <= "\udcff" for character in text)
    right = sum(character > "\x7f" for character in text) - wrong
    if right <= wrong:
        return ""
    return re.sub("[\udc80-\udcff]", lambda found: _cp1252(bytes([ord(found[0]) - 0xDC00])), text)


def _cp1252(content: bytes) -> str:
    # Five bytes have no meaning in Windows-1252; browsers and editors let them through as controls, and so do we.
    return content.decode("latin-1").translate(_CP1252)


_CP1252 = {byte: bytes([byte]).decode("cp1252", errors="ignore") or chr(byte) for byte in range(0x80, 0xA0)}


def _must_be_text(text: str, name: str) -> None:
    sample = Counter(text[:20_000])
    fine = sum(
        times
        for character, times in sample.items()
        if character.isspace() or unicodedata.category(character) not in _NO_WRITING
    )
    if fine < _MOSTLY_TEXT * sample.total():
        raise UnreadableFile(f"{name} is not text: it may be another kind of file under a wrong name")
