"""Writes invented transcripts as the programs do whose files ingest reads; nobody in them exists."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

from pipeline.ingest import Ingested, read_corpus

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_ODT = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
    for short, long in (
        ("office", "office"),
        ("text", "text"),
        ("table", "table"),
        ("style", "style"),
        ("fo", "xsl-fo-compatible"),
        ("draw", "drawing"),
        ("svg", "svg-compatible"),
    )
)


def corpus(folder: Path, **files: str | bytes) -> Path:
    """A corpus of these files; `a_vtt` becomes `a.vtt`."""
    for name, content in files.items():
        path = folder / name.replace("_", ".")
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def read(folder: Path, **files: str | bytes) -> Ingested:
    """What is read of these files."""
    return read_corpus(corpus(folder, **files))


def turns(folder: Path, **files: str | bytes) -> list[tuple[str, str]]:
    """Who said what, in order; after a look that every character of the files is accounted for."""
    ingested = read(folder, **files)
    assert_accounted(ingested)
    ordered = ingested.source_turns.sort_values(["transcript_id", "index"])
    return list(zip(ordered["speaker_name"], ordered["text"], strict=True))


def left_out(folder: Path, **files: str | bytes) -> list[tuple[str, str]]:
    """What was left out, and why, in the order of the file."""
    report = read(folder, **files).report
    return [(left.text, left.reason) for file in report.files for left in file.left_out]


def assert_accounted(ingested: Ingested) -> None:
    """The file's text = characters in turns + characters in omissions, for each transcript."""
    for source in ingested.sources.itertuples():
        said = ingested.source_turns.loc[ingested.source_turns["transcript_id"] == source.transcript_id, "text"]
        omitted = ingested.omissions.loc[ingested.omissions["subject_id"] == source.transcript_id, "characters"]
        assert source.characters == said.str.len().sum() + omitted.sum()


def docx(body: str, **parts: str) -> bytes:
    """A Word document with this XML in its body; `header1="<w:p>..."` gives a further part."""
    written = {"word/document.xml": f"<w:document {_W}><w:body>{body}</w:body></w:document>"}
    for name, inner in parts.items():
        written[f"word/{name}.xml"] = f"<w:{name.rstrip('0123456789')} {_W}>{inner}</w:{name.rstrip('0123456789')}>"
    return zipped(written)


def paragraph(*runs: str) -> str:
    """A paragraph of these runs."""
    return f"<w:p>{''.join(runs)}</w:p>"


def run(text: str, *, bold: bool = False) -> str:
    """A run; a line break or a tab in the text becomes Word's own."""
    inner = escape(text).replace("\n", "</w:t><w:br/><w:t>").replace("\t", "</w:t><w:tab/><w:t>")
    return f"<w:r>{'<w:rPr><w:b/></w:rPr>' if bold else ''}<w:t>{inner}</w:t></w:r>"


def lines_docx(*lines: str) -> bytes:
    """A Word document of a paragraph a line."""
    return docx("".join(paragraph(run(line)) for line in lines))


def odt(body: str, *, styles: str = "") -> bytes:
    """An OpenDocument text with this XML in its body."""
    content = (
        f"<office:document-content {_ODT}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    return zipped({"content.xml": content})


def zipped(parts: dict[str, str]) -> bytes:
    """A zip of these parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return stream.getvalue()


def xlsx(*sheets: list[list[object]]) -> bytes:
    """A workbook of these sheets."""
    import openpyxl

    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for number, rows in enumerate(sheets, 1):
        sheet = workbook.create_sheet(f"Sheet{number}")
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def pdf(*pages: list[str]) -> bytes:
    """A PDF of these pages, each of these lines."""
    return _pdf(["50 780 Td " + " ".join(f"({_shown(line)}) Tj T*" for line in lines) for lines in pages])


def placed_pdf(*pages: list[tuple[int, int, str]]) -> bytes:
    """A PDF of these pages, each of words at a place (x, y) on it; those between two stars are bold."""
    return _pdf(
        [
            " ".join(
                f"/F{2 if words.startswith('*') else 1} 11 Tf 1 0 0 1 {x} {y} Tm ({_shown(words.strip('*'))}) Tj"
                for x, y, words in pieces
            )
            for pieces in pages
        ]
    )


def _shown(words: str) -> str:
    return words.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _pdf(pages: list[str]) -> bytes:
    kids = " ".join(f"{5 + 2 * number} 0 R" for number in range(len(pages)))
    fonts = [
        f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>"
        for name in ("Helvetica", "Helvetica-Bold")
    ]
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        *fonts,
    ]
    for number, shown in enumerate(pages):
        stream = f"BT /F1 11 Tf 14 TL {shown} ET"
        resources = "/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >>"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] {resources} /Contents {6 + 2 * number} 0 R >>"
        )
        objects.append(f"<< /Length {len(stream.encode('cp1252'))} >>\nstream\n{stream}\nendstream")
    return _pdf_file(objects)


def _pdf_file(objects: list[str]) -> bytes:
    content = b"%PDF-1.4\n"
    places = []
    for number, text in enumerate(objects, 1):
        places.append(len(content))
        content += f"{number} 0 obj\n{text}\nendobj\n".encode("cp1252")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    trailer = f"<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(content)}\n%%EOF"
    return content + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n{trailer}".encode()
