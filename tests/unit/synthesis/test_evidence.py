"""Papers: read from what libraries export, cited in one style, and their closest passages proposed."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

import docx
import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline.errors import UnreadableFile
from pipeline.synthesis.evidence import propose, read_papers
from pipeline.synthesis.evidence.references import Reference, cite, read_bib, read_csv, read_ris
from pipeline.tables import VectorSet
from tests.unit.synthesis.invented import material

BIB = r"""
@comment{nothing}
@article{hughes2021,
  author = {Hughes, Anna Mair and B{\'e}nard, Luc},
  title  = {Trust, {Face} to Face \& Elsewhere},
  journal = "Invented Studies", year = 2021,
  file = {papers/hughes.txt}
}
@report{oecd, author={{Office of Examples}}, title={Steering}, date={2024-03-01}, institution={Example Press}, url={https://example.org}}
"""
RIS = """TY  - RPRT
ID  - rees
AU  - Rees, Bethan
AU  - Price, Carys
AU  - Owen, Dai
AU  - Ellis, Eira
PY  - 2020/01
TI  - Money by the year
PB  - Example Press
AB  - Annual money makes short promises and hurried people.
ER  -
"""
CSV = 'key,authors,year,title,publisher\nnotes,"Lloyd, Ffion; Morgan, Gwen",2019,Listening,Example Press\n'


def test_bibtex_is_read_with_its_accents_and_braces() -> None:
    first, second = read_bib(BIB)
    assert first.authors == ("Hughes, Anna Mair", "Bénard, Luc")
    assert (first.title, first.year, first.files) == ("Trust, Face to Face & Elsewhere", "2021", ("hughes.txt",))
    assert (second.authors, second.container, second.year) == (("Office of Examples",), "Example Press", "2024")


STYLES = {
    "author-date": "Hughes, A. M. and Bénard, L. (2021) Trust, Face to Face & Elsewhere. Invented Studies.",
    "numeric": "Hughes, A. M. and Bénard, L. Trust, Face to Face & Elsewhere. Invented Studies. 2021.",
}


@pytest.mark.parametrize("style", STYLES)
def test_a_footnote_is_written_in_the_stated_style(style: str) -> None:
    assert cite(read_bib(BIB)[0], style) == STYLES[style]  # type: ignore[arg-type]


ISSUE = "Journal of Invented Rivers, 12(3), pp. 44–61. https://doi.org/10.9999/jr.44"


def test_a_paper_of_a_journal_says_in_which_volume_and_on_which_pages() -> None:
    bib = "@article{a, journal={Journal of Invented Rivers}, volume=12, number=3, pages={44--61}, doi={10.9999/jr.44}}"
    ris = (
        "ID  - a\nJO  - Journal of Invented Rivers\nVL  - 12\nIS  - 3\nSP  - 44\nEP  - 61\nDO  - 10.9999/jr.44\nER  -\n"
    )
    table = "key,journal,volume,issue,pages,doi\na,Journal of Invented Rivers,12,3,44–61,10.9999/jr.44\n"
    for read in (read_bib(bib), read_ris(ris), read_csv(table)):
        assert cite(read[0], "author-date") == f"a {ISSUE}"


@pytest.mark.parametrize(
    ("read", "text", "cited"),
    [
        (read_ris, "ID  - a\nPB  - Example Press\nSP  - 320\nER  -\n", "a Example Press."),
        (read_bib, "@book{a, publisher={Example Press}, pages={320}}", "a Example Press."),
        (read_ris, "ID  - a\nJO  - Rivers\nSP  - 5\nEP  - 5\nER  -\n", "a Rivers, p. 5."),
        (read_csv, "key,journal,pages\na,Rivers,pp. 44-61\n", "a Rivers, pp. 44-61."),
    ],
)
def test_how_many_pages_a_book_has_is_no_place_in_it_and_a_place_is_told_once(
    read: Callable[[str], list[Reference]], text: str, cited: str
) -> None:
    assert cite(read(text)[0], "author-date") == cited


def test_many_authors_are_the_first_and_others() -> None:
    assert cite(read_ris(RIS)[0], "author-date") == "Rees, B. and others (2020) Money by the year. Example Press."


def test_a_table_of_papers_is_read() -> None:
    assert cite(read_csv(CSV)[0], "author-date") == "Lloyd, F. and Morgan, G. (2019) Listening. Example Press."


def test_a_text_is_matched_with_its_reference_and_keeps_its_pages() -> None:
    papers = read_papers(
        {"library.bib": BIB.encode(), "hughes.txt": b"First page.\fSecond page.", "loose-paper.txt": b"Text."}
    )
    assert [(paper.key, len(paper.pages)) for paper in papers] == [("hughes2021", 2), ("loosepaper", 1), ("oecd", 0)]
    assert papers[0].pages[1] == ("2", "Second page.")
    assert papers[1].citation == "loose paper"


def test_a_word_file_is_read() -> None:
    document = docx.Document()
    document.add_paragraph("People who are heard come back.")
    stream = io.BytesIO()
    document.save(stream)
    assert read_papers({"a.docx": stream.getvalue()})[0].pages == (("", "People who are heard come back."),)


@pytest.mark.parametrize("name", ["a.pdf", "a.docx"])
def test_a_file_that_is_not_what_it_says_is_refused(name: str) -> None:
    with pytest.raises(UnreadableFile):
        read_papers({name: b"not that"})


class ByWords:
    """An encoder that knows three words."""

    revision = "by words"

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = np.array([[text.lower().count(word) + 0.01 for word in ("trust", "money", "rain")] for text in texts])
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


TRUST = b"Trust grows where people meet, and trust is lost where nobody rings back at all. It takes many years of it."
RAIN = b"The rain in the hills falls on the sheep and on the walls, and rain it does, for most of the long winter."


def test_the_closest_passages_are_proposed_for_each_theme_and_none_that_are_far() -> None:
    whole = material()
    ids = tuple(sorted(whole.statements["statement_id"]))
    texts = dict(zip(whole.statements["statement_id"], whole.statements["text"], strict=True))
    vectors = VectorSet(ids, *[ByWords().encode([texts[name] + " trust" for name in ids])] * 2, "m", "r")
    papers = read_papers({"trust.txt": TRUST, "rain.txt": RAIN})
    found = propose(papers, whole.themes, whole.assignments, vectors, encoder=ByWords(), per_theme=2)
    assert set(found["key"]) == {"trust"}
    again = propose(tuple(reversed(papers)), whole.themes, whole.assignments, vectors, encoder=ByWords(), per_theme=2)
    assert found.equals(again)


def test_without_papers_nothing_is_proposed() -> None:
    whole = material()
    none = VectorSet((), np.zeros((0, 3), np.float32), np.zeros((0, 3), np.float32), "m", "r")
    assert propose((), whole.themes, whole.assignments, none, encoder=ByWords()).empty
