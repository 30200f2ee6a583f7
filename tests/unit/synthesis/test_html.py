"""The html report: one file that asks for nothing, escapes everything, and that axe finds nothing in."""

from __future__ import annotations

import os
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import pytest
from lxml import html

from pipeline.synthesis.material import Picture
from pipeline.synthesis.publish import Style, draft_files, release_files
from tests.unit.synthesis.invented import decide, decisions, material, span

PICTURE = Picture("Themes", '<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', "Two bars: 6 and 6.")
BROWSER = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or ""


@cache
def released(languages: tuple[str, ...] = ("en",)) -> str:
    whole = material(decisions(), pictures=(PICTURE,))
    return release_files(whole, style=Style(languages=languages))["report.html"].decode()


def test_it_asks_for_nothing() -> None:
    page = html.fromstring(released())
    addresses = [value for element in page.iter() for key, value in element.attrib.items() if key in ("src", "href")]
    assert all(address.startswith(("#", "data:image/svg+xml;base64,")) for address in addresses)
    assert not page.findall(".//script")
    policy = page.find(".//meta[@http-equiv='Content-Security-Policy']")
    assert policy is not None and "default-src 'none'" in policy.get("content", "")


def test_a_picture_that_names_a_theme_nobody_approved_stays_in_the_draft() -> None:
    named = '<svg xmlns="http://www.w3.org/2000/svg"><text data-theme="{}">A name</text></svg>'
    pictures = tuple(
        Picture(title, named.format(theme), title, themes=frozenset({theme}))
        for title, theme in (("Approved", "trust"), ("Renamed", "cycles"), ("Not approved", "no-section"))
    )
    money = span("rt2:t0003", "I’d rather have half the money for twice as long.")
    whole = material((*decisions(), decide(40, "theme", "rename", money, name="Money by the year")), pictures=pictures)

    def shown(files: dict[str, bytes]) -> list[str]:
        return [figure.text_content() for figure in html.fromstring(files["report.html"].decode()).iter("figcaption")]

    assert [title for title in ("Approved", "Renamed", "Not approved") if title in shown(release_files(whole))] == [
        "Approved"
    ]
    assert {"Approved", "Renamed", "Not approved"} <= set(shown(draft_files(whole)))


def test_whatever_was_said_is_text() -> None:
    page = draft_files(material(series="<script>alert(1)</script>"))["report.html"].decode()
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_quote_says_its_language_and_where_it_comes_from() -> None:
    page = html.fromstring(released())
    quote = next(found for found in page.iter("figure") if found.get("data-quote") == "rt1:t0007:0-49")
    assert quote.get("data-roundtable") == "rt1"
    assert quote.find("blockquote").get("lang") == "cy"
    assert quote.find(".//span[@data-turn]").attrib["data-start"] == "0"


def test_every_link_within_leads_somewhere_and_no_id_is_twice() -> None:
    page = html.fromstring(released())
    ids = [element.get("id") for element in page.iter() if element.get("id")]
    links = [element.get("href")[1:] for element in page.iter("a")]
    assert len(ids) == len(set(ids))
    assert set(links) <= set(ids)


def test_the_draft_marks_everything_that_nobody_decided() -> None:
    page = html.fromstring(draft_files(material())["report.html"])
    quotes = [figure for figure in page.iter("figure") if "quote" in (figure.get("class") or "").split()]
    assert quotes
    assert all("Proposed, not yet decided" in "".join(figure.itertext()) for figure in quotes)


def test_the_same_decisions_give_the_same_page() -> None:
    assert draft_files(material())["report.html"] == draft_files(material())["report.html"]


@pytest.mark.skipif(not BROWSER, reason="no Chromium was found: install one, or name it in CHROMIUM")
def test_axe_finds_nothing(tmp_path: Path) -> None:
    # In a thread of its own, because another test of this process may keep Playwright's loop running in this one.
    with ThreadPoolExecutor(max_workers=1) as apart:
        apart.submit(_look_with_axe, tmp_path).result()


def _look_with_axe(folder: Path) -> None:
    from axe_core_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    pages = {
        "english": released(),
        "both": released(("en", "cy")),
        "draft": draft_files(material())["report.html"].decode(),
    }
    asked: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox", "--disable-gpu"])
        # axe is put into the page by a script, which the page's own policy forbids.
        page = browser.new_context(bypass_csp=True).new_page()
        page.on("request", lambda request: asked.append(request.url))
        for name, content in pages.items():
            file = folder / f"{name}.html"
            file.write_text(content, encoding="utf-8")
            page.goto(file.as_uri())
            found = Axe().run(page)["violations"]
            assert [(rule["id"], rule["nodes"][0]["html"][:120]) for rule in found] == []
        browser.close()
    assert all(re.match(r"file:|data:", address) for address in asked)
