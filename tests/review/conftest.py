"""A served run, a browser to open it in, and an eye on everything that the browser asks for and complains of."""

from __future__ import annotations

import http.client
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from pipeline.review.server import Desk, listen, make_app, open_desk
from tests.review.invented import write_run

NO_BROWSER = (
    "no Chromium was found, so the review page was not tried in a browser: install one "
    "(`apt-get install chromium`, or `python -m playwright install chromium`), or name it in CHROMIUM"
)
_QUIET = [
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync", "--no-first-run"),
    # Of lists of this name only the last counts, so it has what Playwright leaves out and matters here too. The address
    # bar's own pages, which no test opens, took half of the browser's time.
    "--disable-features=PaintHolding,HttpsUpgrades,MediaRouter,OptimizationHints,"
    "WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup",
]


@dataclass
class Served:
    """A run's page while it is served."""

    desk: Desk
    links: list[str]

    @property
    def host(self) -> str:
        return min(self.desk.hosts)

    def fresh_link(self) -> str:
        """A link that lets somebody in."""
        self.desk.session.renew_link()
        self.desk.tell_link()
        return self.links[-1]

    def ask(
        self, path: str, *, method: str = "GET", body: str | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], str]:
        """Status, headers and text of an answer, to a request exactly as given."""
        connection = http.client.HTTPConnection(self.host, timeout=10)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in {"Host": self.host, **(headers or {})}.items():
                connection.putheader(name, value)
            if body is not None:
                connection.putheader("Content-Length", str(len(body.encode())))
            connection.endheaders(body.encode() if body is not None else None)
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read().decode()
        finally:
            connection.close()


@contextmanager
def serving(run: Path, *, reviewer: str = "megan", idle_minutes: float = 20, port: int = 0) -> Iterator[Served]:
    """Serve a run as `roundtable review` does, for as long as the block lasts."""
    links: list[str] = []
    desk = open_desk(run, reviewer=reviewer, announce=links.append, idle_minutes=idle_minutes)
    with listen(desk, port=port) as listening:
        desk.tell_link()
        server = uvicorn.Server(uvicorn.Config(make_app(desk), log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield Served(desk, links)
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="session")
def written_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of three roundtables with 120 candidates, to be copied and not to be touched."""
    return write_run(tmp_path_factory.mktemp("written") / "series")


@pytest.fixture
def run(written_run: Path, tmp_path: Path) -> Path:
    """A run of one's own."""
    return Path(shutil.copytree(written_run, tmp_path / "series"))


@pytest.fixture
def served(run: Path) -> Iterator[Served]:
    """That run, served."""
    with serving(run) as it:
        yield it


@dataclass
class Watched:
    """A page, and what it did that it should not."""

    page: Any
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def saved(self) -> None:
        """Wait until everything is on the disk."""
        self.page.wait_for_selector("#saved[data-state=saved]")

    def words(self) -> str:
        """The words of the quote on the table."""
        return str(self.page.inner_text(".words blockquote"))

    def status(self) -> str:
        """Its status, as shown."""
        return str(self.page.inner_text(".card-head .pill"))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A Chromium, started once."""
    from playwright.sync_api import sync_playwright

    names = (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, (shutil.which(name) for name in names if name)), None)
    with sync_playwright() as playwright:
        if found is None and not Path(playwright.chromium.executable_path).exists():
            pytest.skip(NO_BROWSER)
        browser = playwright.chromium.launch(executable_path=found, args=_QUIET)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Any) -> Iterator[Callable[..., Watched]]:
    """Opens pages; at the end nothing may have been asked of another host, and nothing stand in the console."""
    contexts = []
    pages: list[Watched] = []

    def opener(address: str, *, context: Any = None, **options: Any) -> Watched:
        if context is None:
            context = chromium.new_context(**{"viewport": {"width": 1360, "height": 860}, "locale": "en-GB", **options})
            contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(8000)
        watched = Watched(page)
        pages.append(watched)
        page.on("request", lambda request: watched.asked.append(request.url))
        page.on("console", lambda message: watched.complaints.append(message.text))
        page.on("pageerror", lambda error: watched.complaints.append(str(error)))
        page.goto(address)
        page.wait_for_selector("#view, .locked")
        return watched

    yield opener
    strangers = [
        url for it in pages for url in it.asked if not url.startswith(("http://127.0.0.1:", "file:", "data:", "blob:"))
    ]
    complaints = [text for it in pages for text in it.complaints]
    for context in contexts:
        context.close()
    assert strangers == []
    assert complaints == []
