"""The local server: one person, one browser, this machine; whoever else asks is refused.

Only 127.0.0.1 is listened on. A link that works once gives the browser a cookie; each request is held against that
cookie, the Host it was addressed to and where it comes from, and each change against a token that only the page has.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse
from pydantic import ValidationError

from pipeline.decisions import Decision, LogReader, Span, append, approved_quotes, fold, retyped, spans_of
from pipeline.decisions.agreement import figures
from pipeline.errors import PipelineError, RunError, no_run, of_the_machine
from pipeline.review.agreement import agreement_data, contradicting, printed_twice, theme_disagreements
from pipeline.review.names import find_name, is_source_text, names_data
from pipeline.review.page import (
    MODULES,
    STYLE,
    closed_page,
    closed_policy,
    served_page,
    served_policy,
    static_file,
    words,
)
from pipeline.review.rows import RunRows, page_data, picture, place
from pipeline.synthesis.wording import LANGUAGES

IDLE_MINUTES = 20  # a laptop left open in a meeting room: long enough to read a page, short enough for a coffee
_PORTS = range(20_000, 30_000)  # below those that an operating system gives out by itself
_MOST_BYTES = 8_000_000  # of one request: a split of a very large theme has some hundred thousand
_SAFE = frozenset({"GET", "HEAD"})
# Later versions of FastAPI report requests and errors to whatever collector the environment names.
_NO_TELEMETRY: Any = {
    "tracing": False, "metrics": False, "logs": False, "operation_spans": False, "auto_configure": False,
}  # fmt: skip


@dataclass
class Session:
    """Who may come in: a link that works once, then a cookie, until nothing has been done for a while."""

    idle_seconds: float
    clock: Callable[[], float] = time.monotonic
    link: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    cookie: str = ""
    csrf: str = ""
    last_used: float = 0.0
    given: set[str] = field(default_factory=set)  # every cookie since the program began, those taken back too

    def open(self, link: str) -> bool:
        """Whether this link lets somebody in; it does so once."""
        if not self.link or not secrets.compare_digest(link.encode(), self.link.encode()):
            return False
        self.link = ""
        self.cookie, self.csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        self.given.add(self.cookie)
        self.last_used = self.clock()
        return True

    def knows(self, cookie: str) -> bool:
        """Whether this is the browser that was let in, and it was in use lately."""
        if not self.cookie or not secrets.compare_digest(cookie.encode(), self.cookie.encode()):
            return False
        if self.clock() - self.last_used > self.idle_seconds:
            self.lock()
            return False
        self.last_used = self.clock()
        return True

    def renew_link(self) -> bool:
        """Have a link for somebody whose browser has lost its cookie; whether a new one had to be made."""
        if self.link:
            return False
        self.link = secrets.token_urlsafe(32)
        return True

    def lock(self) -> None:
        """Let nobody in but by a new link."""
        self.cookie = self.csrf = ""
        self.link = secrets.token_urlsafe(32)


@dataclass
class Desk:
    """A run on the table, and who sits at it."""

    run_folder: Path
    reviewer: str
    session: Session
    announce: Callable[[str], None]
    hosts: frozenset[str] = frozenset()  # "127.0.0.1:8123": what a request may be addressed to
    rows: RunRows | None = None
    # What one program counted of the log is no count for the next, which may have read the files in another order.
    counts_from: int = field(default_factory=lambda: secrets.randbelow(2**40))
    _stamp: tuple[Any, ...] = ()
    _log: LogReader = field(init=False)
    _writing: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._log = LogReader(self.run_folder)

    @property
    def address(self) -> str:
        """Where the page is."""
        return f"http://{min(self.hosts)}"

    @property
    def cookie_name(self) -> str:
        """With the port in it, because a browser takes all ports of this machine for one place."""
        return f"roundtable-{min(self.hosts).rpartition(':')[2]}"

    @property
    def key(self) -> str:
        """The same for one run and one reviewer, whenever the program is started."""
        told = os.fsencode(self.run_folder.resolve()) + b"\n" + os.fsencode(self.reviewer)
        return hashlib.sha256(told).hexdigest()[:16]

    def tell_link(self) -> None:
        """Tell whoever sits at the terminal the link that works once."""
        self.announce(f"{self.address}/open?link={self.session.link}")

    def knows(self, request: Request) -> bool:
        """Whether this is the browser that was let in; if not, the terminal has a link that works."""
        was_open = bool(self.session.cookie)
        # What another page on this machine asks for comes with the cookie, too, and must not keep the door open.
        known = _from_the_page(request) and self.session.knows(request.cookies.get(self.cookie_name, ""))
        if not known and (self.session.renew_link() or (was_open and not self.session.cookie)):
            self.tell_link()
        return known

    def run_rows(self) -> RunRows:
        """The run's tables, read again when the pipeline has written them anew."""
        files = sorted((self.run_folder / "tables").glob("*.parquet"))
        stamp = tuple((path.name, path.stat().st_mtime_ns) for path in files)
        if self.rows is None or stamp != self._stamp:
            self.rows, self._stamp = RunRows.read(self.run_folder), stamp
        return self.rows

    def decisions(self) -> list[Decision]:
        """All decisions, in the order in which they came to be known here; what others wrote is read first."""
        with self._writing:
            return self._log.read()

    def write(self, decisions: list[Decision]) -> None:
        """Add decisions to the log, one request after the other."""
        with self._writing:
            append(self.run_folder, decisions)


def make_app(desk: Desk) -> FastAPI:
    """The server as an application; `desk.hosts` may be set afterwards, when the port is known."""
    # Their documentation would load scripts from elsewhere.
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, telemetry=_NO_TELEMETRY)
    _add_pages(app, desk)
    _add_decisions(app, desk)
    _add_private(app, desk)

    @app.exception_handler(PipelineError)
    async def mend(request: Request, error: PipelineError) -> Response:
        return PlainTextResponse(str(error), 503)

    @app.exception_handler(OSError)
    async def mend_machine(request: Request, error: OSError) -> Response:
        cause = of_the_machine(error)
        if cause is None:
            raise error
        return PlainTextResponse(str(cause), 503)

    @app.middleware("http")
    async def guard(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
        refusal = _refusal(request, desk)
        response = refusal if refusal is not None else await answer(request)
        if "content-security-policy" not in response.headers:
            response.headers["Content-Security-Policy"] = served_policy()
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        response.headers["Cache-Control"] = "no-store"
        return response

    return app


def _refusal(request: Request, desk: Desk) -> Response | None:
    """Why a request is refused; None if it isn't."""
    told = next((reason for reason in _objections(request, desk)), None)
    if told is not None:
        return PlainTextResponse(*told)
    if request.url.path == "/open":
        return None
    if not desk.knows(request):
        return _locked(request, desk)
    token = request.headers.get("x-csrf-token", "")
    if request.method not in _SAFE and not secrets.compare_digest(token.encode(), desk.session.csrf.encode()):
        return PlainTextResponse("The token is missing or wrong.", 403)
    return None


def _objections(request: Request, desk: Desk) -> Iterator[tuple[str, int]]:
    """What speaks against a request before anybody asks who sent it."""
    headers = request.headers
    if headers.get("host", "") not in desk.hosts:
        # A name that somebody points at 127.0.0.1 ("DNS rebinding") isn't ours.
        yield "This page answers only to its own address.", 421
    if headers.get("x-desk", desk.key) != desk.key:
        # A page of another run that was open on this port waits for its own program.
        yield "This page is of another run, or of another reviewer.", 421
    if headers.get("origin") not in {None, *(f"http://{host}" for host in desk.hosts)}:
        yield "This page answers only to itself.", 403
    # A link that is clicked in a mail program comes from elsewhere; everything else comes from the page.
    if request.url.path != "/open" and not _from_the_page(request):
        yield "This page answers only to itself.", 403
    if request.method not in _SAFE and not headers.get("content-length", "").isdigit():
        yield "How long is it?", 411
    if int(headers.get("content-length") or 0) > _MOST_BYTES:
        yield "Too much at once.", 413


def _from_the_page(request: Request) -> bool:
    """Whether the page itself asks, or whoever sits at the browser."""
    return request.headers.get("sec-fetch-site", "none") in ("none", "same-origin")


def _locked(request: Request, desk: Desk) -> Response:
    if request.url.path.startswith("/api/"):
        # A page of a program that has ended waits for this one's link, and may ask while it is being followed; one that
        # was locked must not.
        return JSONResponse({"locked": request.cookies.get(desk.cookie_name, "") in desk.session.given}, 401)
    return _closed("locked_open", 401)


def _closed(why: str, status: int) -> Response:
    return HTMLResponse(closed_page(why), status, headers={"Content-Security-Policy": closed_policy()})


def _add_pages(app: FastAPI, desk: Desk) -> None:
    @app.get("/open")
    def enter(request: Request, link: str = "") -> Response:
        if not desk.session.open(link):
            if desk.knows(request):
                # Somebody closed the page, and pressed the same link again.
                return RedirectResponse("/", 303)
            return _closed("link_used", 403)
        response = RedirectResponse("/", 303)
        response.set_cookie(desk.cookie_name, desk.session.cookie, httponly=True, samesite="strict", path="/")
        return response

    @app.get("/")
    def page() -> Response:
        known = desk.decisions()
        data = page_data(desk.run_rows(), known)
        for row in data["pictures"]:
            row["src"] = {language: f"/pictures/{language}/{row['name']}" for language in LANGUAGES}
        own = {"mode": "server", "reviewer": desk.reviewer, "csrf": desk.session.csrf, "strings": words()}
        seen = {"desk": desk.key, "seen": desk.counts_from + len(known), "idle_seconds": desk.session.idle_seconds}
        return HTMLResponse(served_page({**data, **own, **seen}))

    @app.get("/static/{name}")
    def static(name: str) -> Response:
        # From a list, never from a path that somebody asks for.
        if name not in (*MODULES, STYLE):
            return PlainTextResponse("There is no such file.", 404)
        kind = "text/css" if name == STYLE else "text/javascript"
        return Response(static_file(name), media_type=f"{kind}; charset=utf-8")

    @app.get("/pictures/{language}/{name}")
    def drawing(language: str, name: str) -> Response:
        content = picture(desk.run_rows(), name, language)
        if content is None:
            return PlainTextResponse("There is no such picture.", 404)
        policy = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox"}
        return Response(content, media_type="image/svg+xml", headers=policy)


def _add_decisions(app: FastAPI, desk: Desk) -> None:
    @app.post("/api/decisions")
    async def decide(request: Request) -> Response:
        try:
            body = await request.json()
            given = [Decision.model_validate({**row, "at": "", "by": desk.reviewer}) for row in body["decisions"]]
            told = _retold(desk, given)
        except (ValueError, KeyError, TypeError, ValidationError):
            return PlainTextResponse("Not a list of decisions.", 422)
        if told:
            return JSONResponse({"stale": told}, 409)
        desk.write(given)
        return _news(desk, int(body.get("seen", 0)))

    @app.get("/api/decisions")
    def news(seen: int = 0) -> Response:
        return _news(desk, seen)

    @app.get("/api/agreement")
    def agreement() -> Response:
        rows = desk.run_rows()
        items = dict(rows.items)
        decisions = [decision for decision in desk.decisions() if decision.kind != "redaction"]
        placed = place(rows, decisions, items)
        state = fold(decisions, rows.turns)
        conflicts = state.conflicts
        themes = theme_disagreements(conflicts, rows.theme_called)
        codings = theme_disagreements(conflicts, rows.theme_called, kinds=("coding",))
        data = agreement_data(figures(state, rows.ranks), placed, held_back=contradicting(conflicts))
        twice = printed_twice(approved_quotes(decisions, rows.turns), placed)
        return JSONResponse({**data, "themes": themes, "codings": codings, "twice": twice})

    @app.post("/api/lock")
    def lock() -> Response:
        desk.session.lock()
        desk.tell_link()
        return JSONResponse({"locked": True})


def _add_private(app: FastAPI, desk: Desk) -> None:
    @app.get("/api/names")
    def names() -> Response:
        return JSONResponse(names_data(desk.run_folder, desk.decisions()))

    @app.get("/api/names/find")
    def find(text: str = "") -> Response:
        return JSONResponse({"places": find_name(desk.run_folder, text)})


def _news(desk: Desk, seen: int) -> Response:
    """What was decided since, in any window and by anybody; names are not among it."""
    log = desk.decisions()
    known = seen - desk.counts_from
    fresh = log[known:] if 0 <= known <= len(log) else log
    rows = desk.run_rows()
    items = dict(rows.items)
    before = set(items)
    placed = place(rows, fresh, items)
    new_items = [vars(item) for name, item in items.items() if name not in before]
    return JSONResponse({"seen": desk.counts_from + len(log), "decisions": placed, "items": new_items})


def _retold(desk: Desk, decisions: list[Decision]) -> list[str]:
    """The decisions whose words aren't those of this run's turns: a page that is older than the run, or a forgery."""
    texts = desk.run_rows().texts
    wrong = []
    for decision in decisions:
        spans: list[Span] = [*decision.subject, *spans_of(decision.value.get("candidate"))]
        if decision.kind == "redaction":
            stands = is_source_text(desk.run_folder, spans)
        else:
            stands = all(texts.get(span.turn_id, "")[span.start : span.end] == span.text for span in spans)
        if retyped(decision) or not (stands or _lets_go(decision)):
            wrong.append(decision.decision_id)
    return wrong


def _lets_go(decision: Decision) -> bool:
    """Words that are gone can't be held against the run; what may still be said of them is that they are let go."""
    return decision.action == "undo" or (decision.kind == "quote" and decision.action in ("reject", "undecided"))


def open_desk(
    run_folder: Path, *, reviewer: str, announce: Callable[[str], None], idle_minutes: float = IDLE_MINUTES
) -> Desk:
    """A desk for a run.

    Raises:
        RunError: there is no such folder.
    """
    if not run_folder.is_dir():
        raise no_run(run_folder)
    return Desk(run_folder, reviewer, Session(idle_minutes * 60), announce)


def listen(desk: Desk, *, port: int = 0) -> socket.socket:
    """A socket on 127.0.0.1, and nowhere else; port 0 takes the desk's usual one, or a free one where that is taken.

    Raises:
        RunError: the port is taken.
    """
    try:
        listening = _bound(port or _usual_port(desk))
    except OSError as error:
        if port:
            raise RunError(f"port {port} is taken: give another with --port, or leave it out for a free one") from error
        listening = _bound(0)
    desk.hosts = frozenset({f"127.0.0.1:{listening.getsockname()[1]}"})
    return listening


def _usual_port(desk: Desk) -> int:
    """What a page holds that waits for a program that was ended finds the next by it, and the browser, which keeps a
    page's settings by its port, has them again."""
    return _PORTS[int(desk.key, 16) % len(_PORTS)]


def _bound(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if os.name == "posix":
        # Or a port that was given would be taken for a minute after the program was ended with a page open.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
        listening.listen()
    except OSError:
        listening.close()
        raise
    return listening


def serve(
    run_folder: Path,
    *,
    reviewer: str,
    announce: Callable[[str], None],
    port: int = 0,
    open_browser: bool = True,
) -> None:
    """Serve a run's review page until the process is interrupted; `announce` is told each link that lets somebody in.

    Raises:
        RunError: there is no run, or one that another version made; or the port is taken.
        DecisionError: a log of decisions that can't be read.
    """
    import uvicorn

    desk = open_desk(run_folder, reviewer=reviewer, announce=announce)
    # Read before anybody is sent to the page, so that what is wrong is said where the command was given.
    desk.run_rows()
    desk.decisions()
    with listen(desk, port=port) as listening:
        link = f"{desk.address}/open?link={desk.session.link}"
        desk.tell_link()
        if open_browser:
            _open_soon(link)
        config = uvicorn.Config(make_app(desk), log_level="warning", access_log=False, server_header=False)
        uvicorn.Server(config).run(sockets=[listening])


def _open_soon(link: str) -> None:
    import webbrowser

    # The socket listens already, so that the browser waits for us rather than the other way round.
    threading.Timer(0.3, webbrowser.open, [link]).start()
