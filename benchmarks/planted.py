"""Names planted in every form and every kind of place of a release: how many the gate finds. All invented."""

from __future__ import annotations

import io
import json
import sqlite3
import tempfile
import unicodedata
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks import Figure
from pipeline.anonymise.leaks import Needles, find, leaks, needles
from pipeline.tables import PEOPLE, REDACTIONS, TOKENS, TURNS, Person, Redaction, Token, Turn


def measure(gold: Path) -> list[Figure]:
    """The share of planted names that the gate finds; the gold data has no part in it."""
    sought = sought_names()
    found = [bool(find(f"It was agreed, {form} and all that.", sought)) for form in FORMS.values()]
    with tempfile.TemporaryDirectory() as folder:
        for file_name, make in PLACES.values():
            path = Path(folder) / file_name
            for name in PLANTED:
                path.write_bytes(make(name))
                found.append(bool(list(leaks([path], sought, root=Path(folder)))))
    share = sum(found) / len(found)
    return [Figure("planted", "planted leaks found by the gate", share, f"{len(found)} places and forms", floor=1.0)]


def sought_names() -> Needles:
    """What the gate looks for in an invented run."""
    return needles(PEOPLE_OF_THE_RUN, REDACTIONS_OF_THE_RUN, TURNS_OF_THE_RUN, TOKENS_OF_THE_RUN)


PEOPLE_OF_THE_RUN = PEOPLE.frame(
    [
        Person("person-0001", "P01", "Siân Llwyd-Tregarth", ("Sian",), "participant", "", "health", "quote_with_role"),
        Person("person-0002", "P02", "Mark Oyelaran", (), "participant", "", "housing", "quote_with_role"),
        Person("person-0003", "P03", "Angharad O'Brannagh", (), "participant", "", "", "quote_with_role"),
        Person("person-0004", "person A", "Zbigniew Łukowicz", (), "third_party", "", "", "no_quotes"),
    ]
)
TEXT = "[P02] said the mark of trust is small. Mark my words, said [P01] of [organisation: health board], near [place]."
TURNS_OF_THE_RUN = TURNS.frame([Turn("rt1:t0000", "rt1", "rt1", 0, "P03", "participant", "en", TEXT, None, None)])
REDACTIONS_OF_THE_RUN = REDACTIONS.frame(
    [
        Redaction("rt1:t0000", 0, 4, "Mark", "[P02]", "PERSON", "person-0002", "roster", 1.0, "replaced"),
        Redaction("rt1:t0000", 60, 64, "Siân", "[P01]", "PERSON", "person-0001", "roster", 1.0, "replaced"),
        Redaction("rt1:t0000", 68, 88, "Morlan Health Board", "[organisation]", "ORG", "", "roster", 1.0, "replaced"),
        Redaction("rt1:t0000", 90, 99, "Caerwedros", "[place]", "PLACE", "", "model", 0.9, "replaced"),
        Redaction("rt1:t0000", 99, 112, "01632 960 417", "[phone]", "CONTACT", "", "pattern", 1.0, "replaced"),
    ]
)  # fmt: skip
TOKENS_OF_THE_RUN = TOKENS.frame([Token("rt1:t0000", 15, 19, "NOUN", "NN", "mark", "nsubj", 0, False)])

FORMS = {
    "as the roster has it": "Siân Llwyd-Tregarth",
    "without accent": "Sian Llwyd-Tregarth",
    "in capitals": "SIÂN LLWYD-TREGARTH",
    "in small letters": "sian llwyd tregarth",
    "the given name": "Siân",
    "an alias": "Sian",
    "possessive": "Siân's",
    "possessive, typographic": "Sian’s",
    "half of a double name": "Tregarth",
    "the other half": "Mrs Llwyd",
    "surname first": "Llwyd-Tregarth, Siân",
    "initial and surname": "S. Llwyd-Tregarth",
    "accents apart": unicodedata.normalize("NFD", "Siân"),
    "no-break space": "Siân Llwyd",
    "soft hyphen": "Si\u00adân",
    "zero-width space": "Si\u200bân",
    "run together": "SianTregarth",
    "underscores": "sian_tregarth",
    "percent": "Si%C3%A2n",
    "in an address": "sian.tregarth@example.org",
    "a word that is a name, with its surname": "Mark Oyelaran",
    "a word that is a name, alone where anonymise did not see it": "from Mark, with thanks",
    "the surname of one": "Oyelaran's",
    "an Irish name": "Angharad O’Brannagh",
    "an Irish name, half": "O'Brannagh",
    "a third party": "Zbigniew Lukowicz",
    "an employer": "Morlan Health Board",
    "a place": "Caerwedros",
    "a place, nasal": "Nghaerwedros",
    "a place, soft": "Gaerwedros",
    "a place, aspirate": "Chaerwedros",
    "a telephone number": "01632 960417",
    "a telephone number, run together": "01632960417",
    "a telephone number, with brackets": "(01632) 960 417",
}  # fmt: skip


def _docx(name: str, *, into: str) -> bytes:
    """A minimal Word file with the name at one place."""
    texts = dict.fromkeys(_WORD_PLACES, "words")
    texts[into] = name
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    middle = len(texts["two runs"]) // 2
    body = (
        f"<w:document {w}><w:body><w:p><w:r><w:t>{texts['body']}</w:t></w:r></w:p>"
        f"<w:p><w:r><w:t>{texts['two runs'][:middle]}</w:t></w:r>"
        f"<w:r><w:t>{texts['two runs'][middle:]}</w:t></w:r></w:p>"
        f'<w:del w:author="{texts["author of a change"]}"><w:r><w:delText>{texts["deleted"]}</w:delText></w:r></w:del>'
        f'<w:bookmarkStart w:name="{texts["bookmark"]}"/><wp:docPr descr="{texts["alt text"]}" title="x"/>'
        f'<w:sdt><w:sdtPr><w:alias w:val="{texts["content control"]}"/></w:sdtPr></w:sdt>'
        f"<!-- {texts['xml comment']} --></w:body></w:document>"
    )
    members = {
        "word/document.xml": body,
        "word/header1.xml": f"<w:hdr {w}><w:p><w:r><w:t>{texts['header']}</w:t></w:r></w:p></w:hdr>",
        "word/footer1.xml": f"<w:ftr {w}><w:p><w:r><w:t>{texts['footer']}</w:t></w:r></w:p></w:ftr>",
        "word/footnotes.xml": f"<w:footnotes {w}><w:t>{texts['footnote']}</w:t></w:footnotes>",
        "word/comments.xml": f'<w:comments {w}><w:comment w:author="{texts["author of a comment"]}"><w:t>'
        f"{texts['comment']}</w:t></w:comment></w:comments>",
        "word/people.xml": f'<w15:person w15:author="{texts["people part"]}"/>',
        "word/_rels/document.xml.rels": f'<Relationship Target="https://example.org/{texts["link"]}"/>',
        "docProps/core.xml": f"<cp:coreProperties><dc:creator>{texts['creator']}</dc:creator>"
        f"<cp:lastModifiedBy>{texts['last modified by']}</cp:lastModifiedBy></cp:coreProperties>",
        "docProps/app.xml": f"<Properties><Manager>{texts['manager']}</Manager></Properties>",
        "docProps/custom.xml": f'<property name="{texts["custom property"]}"><vt:lpwstr>x</vt:lpwstr></property>',
        "customXml/item1.xml": f"<data>{texts['custom xml']}</data>",
        f"word/media/{texts['member name']}.png": "x",
        "word/embeddings/inner.zip": "",
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for member, content in members.items():
            archive.writestr(
                member, content if member != "word/embeddings/inner.zip" else _zip(texts["archive within"])
            )
        archive.comment = texts["zip comment"].encode()
    return buffer.getvalue()


def _zip(text: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("note.txt", text)
    return buffer.getvalue()


_WORD_PLACES = (
    "body", "two runs", "author of a change", "deleted", "bookmark", "alt text", "content control", "xml comment",
    "header", "footer", "footnote", "author of a comment", "comment", "people part", "link", "creator",
    "last modified by", "manager", "custom property", "custom xml", "member name", "archive within", "zip comment",
)  # fmt: skip


def _parquet(name: str, place: str) -> bytes:
    column = "speaker" if place != "column name" else name
    values: list[object] = [name if place == "cell" else "words", "other words"]
    if place == "list":
        values = [[name], []]
    table = pa.table({column: values})
    if place == "metadata":
        table = table.replace_schema_metadata({"made by": name})
    buffer = io.BytesIO()
    pq.write_table(table, buffer)
    return buffer.getvalue()


def _npz(name: str) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, ids=np.array([name, "rt1:t0000:s00"]))
    return buffer.getvalue()


def _sqlite(name: str) -> bytes:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE kept (key BLOB, value TEXT)")
    connection.execute("INSERT INTO kept VALUES (?, ?)", (b"k", name))
    connection.commit()
    content = connection.serialize()
    connection.close()
    return content


Maker = Callable[[str], bytes]
PLACES: dict[str, tuple[str, Maker]] = {
    "a text": ("a.txt", lambda name: f"so {name} said".encode()),
    "a UTF-16 text": ("a.txt", lambda name: f"so {name} said".encode("utf-16")),
    "Markdown": ("a.md", lambda name: f"# Report\n\n> “yes” — {name}\n".encode()),
    "a log": ("run.log", lambda name: f"12:00 could not read {name}.docx\n".encode()),
    "CSV": ("themes.csv", lambda name: f"theme,who\ntrust,{name}\n".encode()),
    "JSON value": ("manifest.json", lambda name: json.dumps({"a": [name]}).encode()),
    "JSON key": ("manifest.json", lambda name: json.dumps({name: 1}, ensure_ascii=False).encode()),
    "decisions": ("decisions.jsonl", lambda name: (json.dumps({"note": name}) + "\n").encode()),
    "HTML text": ("r.html", lambda name: f"<p>so {name} said</p>".encode()),
    "HTML cut by a tag": ("r.html", lambda name: f"<p>so {name[:2]}<b>{name[2:]}</b> said</p>".encode()),
    "HTML entities": ("r.html", lambda name: ("<p>" + "".join(f"&#{ord(c)};" for c in name) + "</p>").encode()),
    "HTML attribute": ("r.html", lambda name: f'<p data-speaker="{name}" title="x">x</p>'.encode()),
    "HTML title": ("r.html", lambda name: f"<title>{name}</title>".encode()),
    "HTML comment": ("r.html", lambda name: f"<p>x</p><!-- {name} -->".encode()),
    "HTML script": ("r.html", lambda name: f"<script>const a = {json.dumps(name)};</script>".encode()),
    "SVG title": ("p.svg", lambda name: f"<svg><title>{name}</title></svg>".encode()),
    "SVG label": ("p.svg", lambda name: f'<svg><text x="1">{name}</text></svg>'.encode()),
    "a table's cell": ("t.parquet", lambda name: _parquet(name, "cell")),
    "a table's list": ("t.parquet", lambda name: _parquet(name, "list")),
    "a table's column": ("t.parquet", lambda name: _parquet(name, "column name")),
    "a table's metadata": ("t.parquet", lambda name: _parquet(name, "metadata")),
    "vectors' ids": ("v.npz", _npz),
    "a cache": ("c.sqlite", _sqlite),
    "a REFI-QDA project": ("p.qdpx", lambda name: _zip(f'<Project><Users><User name="{name}"/></Users></Project>')),
    "a workbook": ("q.xlsx", lambda name: _zip(f"<sst><si><t>{name}</t></si></sst>")),
    **{f"Word: {place}": ("r.docx", partial(_docx, into=place)) for place in _WORD_PLACES},
}  # fmt: skip
PLANTED = ["Siân Llwyd-Tregarth", "Sian", "Oyelaran", "Zbigniew Łukowicz", "Morlan Health Board", "Nghaerwedros"]
