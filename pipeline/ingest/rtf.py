"""Rich text (.rtf): its words out of its control words, paragraph by paragraph, and apart from them what nobody said.

Control words are those of the Rich Text Format Specification 1.9.1; one that isn't known changes nothing.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from pipeline.errors import UnreadableFile
from pipeline.ingest.account import Account
from pipeline.ingest.document import DELETED, HIDDEN, TEXT_BOX, Block, Paragraph, read_document

_TOKEN = re.compile(
    rb"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})?[ ]?|\\'(?P<hex>[0-9a-fA-F]{2})|\\(?P<sign>[^a-zA-Z])"
    rb"|(?P<brace>[{}])|(?P<plain>[^\\{}\r\n]+)|[\r\n]+|\\"
)
_SIGNS = {
    "par": "\n\n", "sect": "\n\n", "page": "\n\n", "row": "\n\n", "line": "\n", "lbr": "\n", "tab": "\t", "cell": "\t",
    "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "bullet": "•",
    "emspace": " ", "enspace": " ", "qmspace": " ",
}  # fmt: skip
_SYMBOLS = {b"~": "\u00a0", b"_": "‑", b"\\": "\\", b"{": "{", b"}": "}", b"\t": "\t"}
# Groups that hold words which nobody said at the table.
_ASIDES = {
    "header": "the head of a page", "headerl": "the head of a page", "headerr": "the head of a page",
    "headerf": "the head of a page", "footer": "the foot of a page", "footerl": "the foot of a page",
    "footerr": "the foot of a page", "footerf": "the foot of a page", "footnote": "a footnote",
    "annotation": "a comment in the margin", "shptxt": TEXT_BOX,
}  # fmt: skip
# Groups that hold no words at all.
_NO_WORDS = frozenset(
    """fonttbl colortbl stylesheet info pict object objdata themedata listtable listoverridetable rsidtbl generator
    xmlnstbl mmathPr datastore latentstyles fldinst bkmkstart bkmkend filetbl revtbl listtext pntext pn template
    atnid atnauthor atndate atnref atrfstart atrfend colorschememapping shpinst sp sn sv nonshppict""".split()
)
# A style of paragraphs by its number, called "heading 2" or "Title".
_HEADING_STYLE = re.compile(rb"\{\\s(\d{1,4})\\[^{};]{0,1000} (?:heading|title|subtitle)[ \d]{0,3};\}", re.IGNORECASE)
# Groups nest a handful deep; a file that nests deeper was made to exhaust memory.
_DEEPEST = 2_000


@dataclass(frozen=True, slots=True)
class _State:
    """What holds until the end of a group."""

    bold: bool = False
    silent: bool = False  # no words here
    aside: str = ""  # words here, but nobody's
    fallback: int = 1  # how many characters stand in for one that is given as Unicode


def read_rtf(content: bytes, name: str, account: Account, *, known: frozenset[str] = frozenset()) -> str:
    """Pass a document's text on to the account; returns the layout that was recognised.

    Raises:
        UnreadableFile: it isn't rich text.
    """
    if not content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{\\rtf"):
        raise UnreadableFile(f"{name} is not rich text, whatever its ending says: save it again as .rtf or .docx")
    blocks: list[Block] = list(_Document(content, name).paragraphs())
    return read_document(blocks, account, known=known)


class _Document:
    """The control words in their order, and what they make of the words between them."""

    def __init__(self, content: bytes, name: str) -> None:
        self.content = content
        self.name = name
        self.codepage = _codepage(content)
        self.headings = frozenset(int(number) for number in _HEADING_STYLE.findall(content))
        self.state = _State()
        self.outer: list[_State] = []
        self.starred = False  # the group is one that a reader may not know
        self.skip = 0
        self.bytes = bytearray()
        self.paragraph = Paragraph("1")
        self.done: list[Paragraph] = []

    def paragraphs(self) -> Iterator[Paragraph]:
        """The paragraphs, in their order."""
        for token in _TOKEN.finditer(self.content):
            self._take(token)
        self._end()
        yield from self.done

    def _take(self, token: re.Match[bytes]) -> None:
        if token["hex"]:
            self._byte(bytes.fromhex(token["hex"].decode("ascii")))
        elif token["plain"]:
            self._plain(token["plain"])
        elif token["brace"]:
            self._flush()
            self._group(token["brace"] == b"{")
        elif token["sign"]:
            self._flush()
            self._sign(token["sign"])
        elif token["word"]:
            self._flush()
            number = token["number"]
            self._word(token["word"].decode("ascii"), int(number) if number else None)

    def _group(self, opens: bool) -> None:
        self.skip = 0
        self.starred = False
        if opens:
            if len(self.outer) > _DEEPEST:
                raise UnreadableFile(f"{self.name} nests its groups deeper than any document; it was not opened")
            self.outer.append(self.state)
        elif self.outer:
            self.state = self.outer.pop()

    def _word(self, word: str, number: int | None) -> None:
        starred, self.starred = self.starred, False
        if word in _NO_WORDS or (starred and word not in _ASIDES and word not in ("shptxt", "shpinst", "fldrslt")):
            self.state = replace(self.state, silent=True)
        elif word in _ASIDES:
            self.state = replace(self.state, silent=False, aside=_ASIDES[word])
        elif word in ("b", "plain", "pard"):
            self.state = replace(self.state, bold=word == "b" and number != 0)
            self.paragraph.heading = self.paragraph.heading and word != "pard"
        elif word == "s" and not self.state.silent:
            self.paragraph.heading = number in self.headings
        elif word in ("deleted", "v"):
            reason = DELETED if word == "deleted" else HIDDEN
            self.state = replace(self.state, aside=reason if number != 0 else "")
        elif word == "uc":
            self.state = replace(self.state, fallback=min(max(number or 0, 0), 8))
        elif word == "u" and number is not None:
            self._words(chr(number % 0x10000))
            self.skip = self.state.fallback
        elif word == "bin" and number:
            self.skip = 0
        elif word in _SIGNS:
            self._words(_SIGNS[word])

    def _sign(self, sign: bytes) -> None:
        if sign == b"*":
            self.starred = True
        elif sign in (b"\n", b"\r"):
            self._words("\n\n")
        else:
            self._words(_SYMBOLS.get(sign, ""))

    def _byte(self, byte: bytes) -> None:
        if self.skip:
            self.skip -= 1
        else:
            self.bytes += byte

    def _plain(self, words: bytes) -> None:
        skipped = min(self.skip, len(words))
        self.skip -= skipped
        self.bytes += words[skipped:]

    def _flush(self) -> None:
        if self.bytes:
            words, self.bytes = self.bytes, bytearray()
            self._words(words.decode(self.codepage, errors="replace"))

    def _words(self, words: str) -> None:
        if self.state.silent:
            return
        if self.state.aside:
            self.paragraph.asides.append((self.state.aside, words))
        elif words == "\n\n":
            self._end()
        else:
            self.paragraph.pieces.append((words, self.state.bold))

    def _end(self) -> None:
        self._flush()
        paragraph = self.paragraph
        paragraph.asides = _together(paragraph.asides)
        # Two halves of a character outside the first plane are written as two.
        paragraph.pieces = [(_paired(words), bold) for words, bold in _merged(paragraph.pieces)]
        self.done.append(paragraph)
        self.paragraph = Paragraph(str(len(self.done) + 1))


def _merged(pieces: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """Neighbours of one kind as one piece."""
    groups = groupby(pieces, key=lambda piece: piece[1])
    return [("".join(words for words, _ in group), bold) for bold, group in groups]


def _together(asides: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The words of one kind as one, in their order."""
    whole: dict[str, list[str]] = {}
    for reason, words in asides:
        whole.setdefault(reason, []).append(words)
    return [(reason, "".join(words)) for reason, words in whole.items()]


def _paired(words: str) -> str:
    return words.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _codepage(content: bytes) -> str:
    found = re.search(rb"\\ansicpg(\d{3,5})", content[:4000])
    encoding = f"cp{found[1].decode('ascii')}" if found else "cp1252"
    if found and found[1] == b"10000":
        return "mac_roman"  # which Python knows by this name alone
    try:
        codecs.lookup(encoding)
    except LookupError:
        return "cp1252"
    return encoding
