"""Reads .docx, .html, .md, .txt and .pdf into blocks; every text in the file is in one of them, hidden ones too."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from lxml import etree, html

from pipeline.errors import UnreadableFile
from pipeline.synthesis.verify.blocks import Block, Sort

MAX_BYTES = 256 * 1024 * 1024  # unpacked: a larger document is a bomb
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_PARTS: dict[str, Sort] = {
    "document": "body",
    "footnotes": "note",
    "endnotes": "note",
    "comments": "comment",
    "header": "furniture",
    "footer": "furniture",
}
Element = Any


def read_document(name: str, content: bytes) -> list[Block]:
    """The blocks of a document, in reading order, by the ending of its name.

    Raises:
        UnreadableFile: it isn't a document of that kind, or of none that is read.
    """
    ending = Path(name).suffix.lower()
    reader = READERS.get(ending)
    if reader is None:
        raise UnreadableFile(f"{name}: not one of {', '.join(sorted(READERS))}")
    return reader(name, content)


# --- Word


def _read_docx(name: str, content: bytes) -> list[Block]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        if sum(entry.file_size for entry in archive.infolist()) > MAX_BYTES:
            raise UnreadableFile(f"{name}: unpacked it is larger than {MAX_BYTES // 2**20} MB")
        parts = {entry: archive.read(entry) for entry in archive.namelist()}
    except (zipfile.BadZipFile, RuntimeError) as error:
        raise UnreadableFile(f"{name}: not a .docx (or one with a password)") from error
    if "word/document.xml" not in parts:
        raise UnreadableFile(f"{name}: not a .docx, it has no word/document.xml")
    styles = _styles(_xml(name, parts.get("word/styles.xml", b"<none/>")))
    blocks: list[Block] = []
    for part in sorted(parts, key=lambda part: (part != "word/document.xml", part)):
        sort = _PARTS.get(re.sub(r"\d*\.xml$", "", part.removeprefix("word/")))
        if part.endswith((".xml", ".rels")):
            root = _xml(name, parts[part])
            if part.startswith("word/") and sort:
                blocks += _word_part(root, sort, styles)
            blocks += _leftovers(root, part, told=sort is not None)
        elif part.endswith(".svg"):
            blocks.append(Block(part, " ".join(_xml(name, parts[part]).itertext()), "hidden"))
    return blocks


def _xml(name: str, content: bytes) -> Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableFile(f"{name}: a part of it is not XML") from error


def _styles(root: Element) -> dict[str, str]:
    """Style id to its name, in small letters."""
    found = {}
    for style in root.iter(f"{_W}style"):
        named = style.find(f"{_W}name")
        found[style.get(f"{_W}styleId", "")] = (named.get(f"{_W}val", "") if named is not None else "").lower()
    return found


def _word_part(root: Element, sort: Sort, styles: dict[str, str]) -> Iterator[Block]:
    """The paragraphs of a part; a table's row is one block, its cells parted by " | "."""
    label = {"body": "paragraph", "note": "note", "comment": "comment", "furniture": "header or footer"}[sort]
    number = 0
    for element in _paragraphs_and_rows(root):
        number += 1
        if element.tag == f"{_W}tr":
            cells = [" ".join(_word_text(found) for found in cell.iter(f"{_W}p")) for cell in element.iter(f"{_W}tc")]
            yield Block(f"table row, {label} {number}", " | ".join(cells), sort)
            continue
        yield _word_paragraph(element, f"{label} {number}", sort, styles)


def _paragraphs_and_rows(root: Element) -> Iterator[Element]:
    """In document order; a table that only sets two languages side by side counts as paragraphs."""
    for element in root.iter(f"{_W}p", f"{_W}tr"):
        rows = list(element.iterancestors(f"{_W}tr", _MC_FALLBACK))
        if any(above.tag == _MC_FALLBACK for above in rows):
            continue
        if element.tag == f"{_W}tr":
            if not _side_by_side(element):
                yield element
        elif not rows or all(_side_by_side(row) for row in rows):
            yield element


def _side_by_side(row: Element) -> bool:
    style = row.getparent().find(f"{_W}tblPr/{_W}tblStyle")
    return style is not None and "side" in style.get(f"{_W}val", "").lower()


def _word_paragraph(paragraph: Element, place: str, sort: Sort, styles: dict[str, str]) -> Block:
    style_of = paragraph.find(f"{_W}pPr/{_W}pStyle")
    identifier = style_of.get(f"{_W}val", "") if style_of is not None else ""
    style = styles.get(identifier, identifier.lower())
    marks = [found.get(f"{_W}name", "") for found in paragraph.iter(f"{_W}bookmarkStart")]
    heading = re.fullmatch(r"heading (\d)", style)
    return Block(
        place=place,
        text=_word_text(paragraph),
        sort=sort,
        quoted="quot" in style and not {"attribution", "translation", "note"} & set(style.split()),
        credits="attribution" in style,
        heading=int(heading[1]) if heading else (1 if style == "title" else 0),
        theme=next((mark.removeprefix("_theme_") for mark in marks if mark.startswith("_theme_")), ""),
        quote=next((mark.removeprefix("_quote_") for mark in marks if mark.startswith("_quote_")), ""),
        contents=style.startswith(("toc", "contents", "index")),
    )


_BREAKS = {
    f"{_W}tab": "\t",
    f"{_W}br": "\n",
    f"{_W}cr": "\n",
    f"{_W}noBreakHyphen": "-",
    f"{_W}softHyphen": "\u00ad",
}


def _word_text(paragraph: Element) -> str:
    """What a reader sees of a paragraph: insertions are in, deletions and fields' codes are out.

    So is a text box that hangs on it: what stands there are paragraphs of their own.
    """
    pieces = []
    for element in paragraph.iter():
        if element.tag == f"{_W}t" and _is_read_in(paragraph, element):
            pieces.append(element.text or "")
        elif element.tag in _BREAKS and element.getparent().tag == f"{_W}r" and _is_read_in(paragraph, element):
            pieces.append(_BREAKS[element.tag])
    return "".join(pieces)


def _is_read_in(paragraph: Element, element: Element) -> bool:
    above = [*element.iterancestors(f"{_W}p", _MC_FALLBACK)]
    return above[0] is paragraph and not any(one.tag == _MC_FALLBACK for one in above)


def _leftovers(root: Element, part: str, *, told: bool) -> Iterator[Block]:
    """Every other text and attribute of a part: properties, alternative texts, deleted words, authors, addresses."""
    sort: Sort = "property" if part.startswith("docProps/") else "hidden"
    for element in root.iter():
        if not isinstance(element.tag, str):
            yield Block(f"{part}, comment in the file", element.text or "", "hidden")
            continue
        name = etree.QName(element).localname
        text = (element.text or "").strip()
        if text and not (told and element.tag == f"{_W}t"):
            yield Block(f"{sort} {name} ({part})", text, sort)
        for key, value in element.attrib.items():
            if re.search(r"[^\W\d_]{2}", value):
                yield Block(f"{name} {etree.QName(key).localname} ({part})", value, "hidden")


# --- html

_BLOCKS = frozenset(
    "p h1 h2 h3 h4 h5 h6 li blockquote figcaption td th tr caption div section article header footer nav main aside "
    "table thead tbody ul ol dl dt dd figure pre body html summary details address".split()
)
_HIDDEN = frozenset(["script", "style", "template", "title", "noscript"])


def _read_html(name: str, content: bytes) -> list[Block]:
    try:
        root = html.document_fromstring(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, etree.ParserError, ValueError) as error:
        raise UnreadableFile(f"{name}: not html in UTF-8") from error
    blocks: list[Block] = []
    for element in root.iter():
        if not isinstance(element.tag, str):
            blocks.append(Block("comment in the file", element.text or "", "hidden"))
            continue
        for key, value in element.attrib.items():
            if re.search(r"[^\W\d_]{2}", value) and not value.startswith("data:"):
                blocks.append(Block(f"{element.tag} {key}", value, "hidden"))
        if element.tag in _HIDDEN:
            blocks.append(Block(element.tag, "".join(element.itertext()), "property"))
        elif element.tag in _BLOCKS and not (element.tag != "tr" and _in_row(element)):
            blocks += _html_block(element, len(blocks))
    return blocks


def _in_row(element: Element) -> bool:
    return any(True for _ in element.iterancestors("tr"))


def _html_block(element: Element, number: int) -> Iterator[Block]:
    if element.tag == "tr":
        cells = [" ".join(cell.itertext()) for cell in element]
        yield Block(f"table row, block {number}", " | ".join(cells))
        return
    text = _own_text(element)
    if not text.strip():
        return
    above = [element, *element.iterancestors()]
    theme = next((found.get("data-theme", "") for found in above if found.get("data-theme")), "")
    quote = next((found.get("data-sha256", "") for found in above if found.get("data-sha256")), "")
    yield Block(
        place=f"{element.tag}, block {number}",
        text=text,
        quoted=any(found.tag in ("blockquote", "q") for found in above),
        credits=element.tag == "figcaption",
        heading=int(element.tag[1]) if re.fullmatch(r"h[1-6]", element.tag) else 0,
        theme=theme,
        quote=quote,
        contents=any(found.tag == "nav" for found in above),
    )


def _own_text(element: Element) -> str:
    """The text of a block without that of the blocks in it."""
    pieces = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _BLOCKS and child.tag not in _HIDDEN:
            pieces.append(_inline(child))
        pieces.append(child.tail or "")
    return "".join(pieces)


def _inline(element: Element) -> str:
    if element.tag == "br":
        return "\n"
    return f"“{_own_text(element)}”" if element.tag == "q" else _own_text(element)


# --- plain text and Markdown


def _text(name: str, content: bytes) -> str:
    for encoding in ("utf-8-sig", "utf-16") if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError:
            continue
    raise UnreadableFile(f"{name}: neither UTF-8 nor Windows-1252")


def _read_txt(name: str, content: bytes) -> list[Block]:
    return [
        Block(f"paragraph {number}", text) for number, text in enumerate(_paragraphs(_text(name, content)), start=1)
    ]


def _paragraphs(text: str) -> list[str]:
    """Parted by empty lines; where there are none, each line is one, unless it ends within quotation marks."""
    parted = [found for found in re.split(r"\n[ \t]*\n", text) if found.strip()]
    if len(parted) > 1:
        return parted
    lines: list[str] = []
    for line in text.split("\n"):
        if lines and lines[-1].count("“") > lines[-1].count("”"):
            lines[-1] += "\n" + line
        elif line.strip():
            lines.append(line)
    return lines


_EMPHASIS = re.compile(r"(\*\*\*|\*\*|\*|___|__|(?<!\w)_(?=\S)|(?<=\S)_(?!\w)|`)")
_LINK = re.compile(r"!?\[([^\]]*)\]\(([^)]*)\)")


def _read_md(name: str, content: bytes) -> list[Block]:
    blocks: list[Block] = []
    text = _text(name, content)
    for comment in re.findall(r"<!--(.*?)-->", text, flags=re.DOTALL):
        blocks.append(Block("comment in the file", comment, "hidden"))
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    for number, paragraph in enumerate(_md_paragraphs(text), start=1):
        for shown, address in _LINK.findall(paragraph):
            blocks.append(Block(f"link in paragraph {number}", f"{shown} {address}", "hidden"))
        blocks.append(_md_block(paragraph, number))
    return blocks


def _md_paragraphs(text: str) -> Iterator[str]:
    """As a Markdown reader parts them: by empty lines, and at each heading, item and beginning or end of a quote."""
    for paragraph in re.split(r"\n[ \t]*\n", text):
        lines: list[str] = []
        for line in paragraph.split("\n"):
            quoted = line.lstrip().startswith(">")
            starts = re.match(r"\s*(#{1,6}\s|[-*+]\s|\d+[.)]\s|\|)", line)
            if lines and (starts or quoted != lines[-1].lstrip().startswith(">") or lines[-1].lstrip().startswith("#")):
                yield "\n".join(lines)
                lines = []
            lines.append(line)
        if "".join(lines).strip():
            yield "\n".join(lines)


def _md_block(paragraph: str, number: int) -> Block:
    quoted = paragraph.lstrip().startswith(">")
    lines = [re.sub(r"^\s*>\s?", "", line) if quoted else line for line in paragraph.split("\n")]
    heading = re.match(r"(#{1,6})\s+", lines[0])
    text = "\n".join(lines)
    text = re.sub(r"^\s*(#{1,6}\s+|[-*+]\s+(?=\S))", "", text)
    text = _EMPHASIS.sub("", _LINK.sub(r"\1", text))
    text = re.sub(r"\\([\\`*_{}\[\]()#+\-.!>\"'|])", r"\1", text)
    return Block(f"paragraph {number}", text, quoted=quoted, heading=len(heading[1]) if heading else 0)


# --- pdf


def _read_pdf(name: str, content: bytes) -> list[Block]:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(content))
        pages = [page.extract_text() or "" for page in reader.pages]
        properties = {str(key): str(value) for key, value in (reader.metadata or {}).items()}
        annotations = [str(found) for page in reader.pages for found in _annotations(page)]
    except (PyPdfError, ValueError, KeyError) as error:
        raise UnreadableFile(f"{name}: not a .pdf that can be read (or one with a password)") from error
    blocks = [Block(f"property {key.strip('/').lower()}", value, "property") for key, value in properties.items()]
    blocks += [Block("annotation", text, "comment") for text in annotations]
    blocks += [Block(f"page {number}", text, "hidden") for number, text in enumerate(pages, start=1)]
    return blocks + _pdf_lines(pages)


def _annotations(page: Any) -> Iterator[str]:
    for found in page.get("/Annots") or ():
        note = found.get_object()
        for key in ("/Contents", "/T"):
            if note.get(key):
                yield str(note[key])
        address = (note.get("/A") or {}).get("/URI")
        if address:
            yield str(address)


def _pdf_lines(pages: list[str]) -> list[Block]:
    """All pages' lines as one text, without those that stand on most pages, cut into paragraphs as a reader would.

    A pdf knows no paragraphs: a line that ends a sentence and is clearly shorter than the page is wide ends one.
    """
    lined = [page.split("\n") for page in pages]
    often = Counter(re.sub(r"\d+", "#", line.strip()) for lines in lined for line in {*lines})
    furniture = {line for line, count in often.items() if line and len(pages) > 2 and count >= len(pages) - 2}
    kept = [
        (number, line.strip())
        for number, lines in enumerate(lined, start=1)
        for line in lines
        if line.strip() and re.sub(r"\d+", "#", line.strip()) not in furniture
    ]
    width = max((len(line) for _, line in kept), default=0)
    blocks: list[Block] = []
    gathered: list[str] = []
    opened = 0
    ahead = _marks_ahead([line for _, line in kept])
    for index, (page, line) in enumerate(kept):
        opened = (opened if gathered else 0) + line.count("“") - line.count("”")
        gathered.append(line)
        following = kept[index + 1][1] if index + 1 < len(kept) else ""
        # A mark that nobody closes, or closes with a straight one, would take in all that follows, headings too.
        quoting = opened > 0 and ahead[index] == "”"
        if not following or _ends_paragraph(line, following, width, quoting=quoting):
            text = "\n".join(gathered)
            blocks.append(Block(f"page {page}, paragraph {len(blocks) + 1}", text, breaks=True))
            gathered = []
    return blocks


def _marks_ahead(lines: list[str]) -> list[str]:
    """For each line the first curly mark in those after it; empty where there is none."""
    ahead: list[str] = []
    mark = ""
    for line in reversed(lines):
        ahead.append(mark)
        found = re.search("[“”]", line)
        mark = found[0] if found else mark
    return ahead[::-1]


def _ends_paragraph(line: str, following: str, width: int, *, quoting: bool) -> bool:
    if quoting:  # a quote's sentence may end a short line, and its next line begin with a mark of its own
        return following.startswith(("“", "—", "•", "▪"))
    if following.startswith(("“", '"', "—", "•", "▪")):
        return True
    return len(line) < width * 0.7 and (line[-1] in '.!?”"’:' or following[:1].isupper())


READERS: dict[str, Callable[[str, bytes], list[Block]]] = {
    ".docx": _read_docx,
    ".html": _read_html,
    ".htm": _read_html,
    ".md": _read_md,
    ".txt": _read_txt,
    ".pdf": _read_pdf,
}
