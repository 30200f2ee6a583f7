"""What the gate reads of XML is the same by either parser, and nothing that only one of them sees is lost."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from pypdf import PdfWriter
from pypdf.annotations import FreeText

from pipeline.anonymise.contents import _of_any_markup, _of_xml, content_of, texts
from pipeline.backends.cache import Store
from pipeline.errors import UnreadableFile
from tests.unit.ingest.files import pdf

HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
WORD = 'xmlns:w="urn:w"'


@pytest.mark.parametrize(
    "body",
    [
        f"<w:p {WORD}><w:r><w:t>Anw</w:t></w:r><w:r><w:t>en Prosser</w:t></w:r></w:p>",
        f"<w:p {WORD}><w:t>Anwen</w:t><w:tab/><w:t>Prosser</w:t><w:br></w:br><w:t/></w:p>",
        "<a><b/></a><!-- Anwen Prosser -->",
        "<a>1 /></a>",
        '<svg xmlns="urn:s"><Title ID="One">Siân &amp; Rh&#xFB;s</Title><text anchor="Siân\u00a0Rhys">ŵ</text></svg>',
        "<a><?note Anwen Prosser?>\n  <b>\n</b></a>",
    ],
)
def test_xml_is_read_as_any_markup_is(body: str) -> None:
    fast, slow = _of_xml(HEAD + body), _of_any_markup(HEAD + body)

    assert fast is not None
    assert "".join(fast.read) == "".join(slow.read)
    assert (fast.attributes, fast.comments) == (slow.attributes, slow.comments)


def test_a_picture_is_read_as_any_markup_is() -> None:
    picture = (
        '<svg xmlns="urn:s" CLASS="Mark"><path d="M0"/><title>Siân &amp; Rh&#xFB;s</title><g><b>An</b>wen</g></svg>'
    )
    fast, slow = _of_xml(picture), _of_any_markup(picture)

    assert fast is not None
    assert "".join(fast.read) == "".join(slow.read)
    assert fast.attributes == slow.attributes == ["urn:s", "mark", "M0"]
    assert fast.comments == slow.comments == []


@pytest.mark.parametrize(
    "body",
    [
        '<!DOCTYPE a [<!ENTITY who "Anwen Prosser">]><a/>',
        "<a><![CDATA[Anwen Prosser]]></a>",
        "<a>Anwen Prosser",
        "<a>Anwen Prosser &x;</a>",
    ],
)
def test_what_is_no_plain_xml_is_read_as_any_markup(body: str, tmp_path: Path) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("word/document.xml", HEAD + body)
    (tmp_path / "report.docx").write_bytes(content.getvalue())

    assert _of_xml(HEAD + body) is None
    found = [text for _, text in texts(tmp_path / "report.docx")]
    assert any("Anwen Prosser" in text for text in found)


def test_what_is_escaped_is_read_as_it_is_meant_too_and_nothing_is_read_twice(tmp_path: Path) -> None:
    (tmp_path / "one.js").write_text(r'"Si\u00e2n"', encoding="utf-8")
    (tmp_path / "two.json").write_text(r'TOC \o "1-3" \u', encoding="utf-8")

    assert list(texts(tmp_path / "one.js"))[1:] == [("", r'"Si\u00e2n"'), ("unescaped", '"Siân"')]
    assert list(texts(tmp_path / "two.json"))[1:] == [("", r'TOC \o "1-3" \u')]


def test_what_a_format_calls_itself_by_is_nobodys_name(tmp_path: Path) -> None:
    written = (
        f'{HEAD}<w:p {WORD} xmlns:mo="http://schemas.microsoft.com/office/mac/office/2008/main" '
        'xmlns:mv="urn:schemas-microsoft-com:mac:vml" w:who="Mac said http://schemas.microsoft.com/mac"/>'
    )
    path = tmp_path / "document.xml"
    path.write_text(written, encoding="utf-8")

    assert dict(texts(path))["attributes"] == "urn:w\x1eMac said http://schemas.microsoft.com/mac"


def test_a_sheet_and_json_that_are_none_are_read_as_they_stand(tmp_path: Path) -> None:
    for name, content in [("a.csv", 'Anwen "Prosser" \r\n"Rhys'), ("a.json", '{"said": Anwen Prosser')]:
        (tmp_path / name).write_text(content, newline="")
        assert ("", content) in list(texts(tmp_path / name))


def test_of_a_drawing_nothing_is_lost_that_is_no_text(tmp_path: Path) -> None:
    """A file may call itself a drawing, and one may hold more than its texts."""
    for content in (b"Anwen Prosser", b"\x46\0\0\0\x18\0\0\0Anwen Prosser...", b"\x54\0\0\0\0\0\0\0Anwen Prosser"):
        (tmp_path / "a.emf").write_bytes(content)
        assert any("Anwen Prosser" in text for _, text in texts(tmp_path / "a.emf"))


def test_of_a_pdf_pages_properties_and_notes_are_read(tmp_path: Path) -> None:
    writer = PdfWriter(clone_from=io.BytesIO(pdf(["So it goes."], ["Anwen Prosser said it."])))
    writer.add_metadata({"/Author": "Beca Tegid"})
    writer.add_annotation(0, FreeText(text="ask Nia Pugh", rect=(0, 0, 90, 20)))
    writer.write(tmp_path / "a.pdf")

    found = {place: text.strip() for place, text in texts(tmp_path / "a.pdf")}

    assert found["the document's properties"] == "Beca Tegid"
    assert (found["page 1"], found["page 2"]) == ("So it goes.", "Anwen Prosser said it.")
    assert found["a note on page 1"] == "ask Nia Pugh"


@pytest.mark.parametrize("ending", ["pdf", "docx", "npz", "parquet", "sqlite"])
def test_what_is_damaged_is_read_as_it_stands_and_says_that_it_could_not_be_opened(tmp_path: Path, ending: str) -> None:
    (tmp_path / f"cut.{ending}").write_bytes(b"PK\3\4 Anwen Prosser")
    found = texts(tmp_path / f"cut.{ending}")
    assert [next(found), next(found)] == [("the file's name", f"cut.{ending}"), ("", "PK\3\4 Anwen Prosser")]
    with pytest.raises(UnreadableFile, match=rf"cut\.{ending}: can't be opened, it is damaged"):
        next(found)


def test_a_pdf_with_a_password_says_so_after_its_name(tmp_path: Path) -> None:
    locked = PdfWriter(clone_from=io.BytesIO(pdf(["Anwen Prosser said it."])))
    locked.encrypt("winter")
    locked.write(tmp_path / "Anwen.pdf")
    found = texts(tmp_path / "Anwen.pdf")
    assert next(found) == ("the file's name", "Anwen.pdf")
    with pytest.raises(UnreadableFile, match="damaged or has a password"):
        list(found)


def test_a_cache_that_was_searched_is_still_in_use_to_whoever_closes_it_elsewhere(tmp_path: Path) -> None:
    """The last to close a cache clears away SQLite's journal: under somebody who reads, that damages the cache."""
    store = Store(tmp_path / "kept.sqlite")
    store.put([(b"a", b"first")])
    for path in sorted(tmp_path.iterdir()):
        assert len(content_of(path)) == path.stat().st_size
        list(texts(path))
    another = "from pathlib import Path; from pipeline.backends.cache import Store; import sys; "
    another += "Store(Path(sys.argv[1])).put([(b'b', b'second')])"
    subprocess.run([sys.executable, "-c", another, tmp_path / "kept.sqlite"], check=True)
    assert (tmp_path / "kept.sqlite-wal").exists()
    assert store.get([b"a", b"b"]) == {b"a": b"first", b"b": b"second"}
