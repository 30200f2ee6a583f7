"""Who comes in: one browser, by a link that works once; whoever else asks is refused."""

import json
import shutil
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.decisions import Decision, Span, append, log_files, read_log
from pipeline.errors import DecisionError, RunError
from pipeline.review.server import Session, listen, make_app, open_desk, serve
from pipeline.tables import LEAKS, TURNS
from tests.review.conftest import Served, serving


class Clock:
    """A clock that stands still until it is told."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def cookie(served: Served) -> dict[str, str]:
    """The headers of somebody who was let in."""
    return let_in(served)


def let_in(served: Served) -> dict[str, str]:
    status, headers, _ = served.ask(served.links[0].partition(served.host)[2])
    assert status == 303
    return {"Cookie": headers["set-cookie"].partition(";")[0]}


@dataclass
class Door:
    """A served run in which somebody sits: for tests that change nothing, since all they do is refused."""

    served: Served
    cookie: dict[str, str]
    run: Path


@pytest.fixture(scope="module")
def door(written_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    run = Path(shutil.copytree(written_run, tmp_path_factory.mktemp("door") / "series"))
    with serving(run) as served:
        yield Door(served, let_in(served), run)
    assert log_files(run) == [], "whatever was refused left nothing behind"


def quote(run: Path, **changes: object) -> dict[str, object]:
    turn = next(turn for turn in TURNS.rows(TURNS.read(run)) if turn.index == 1)
    span = Span.cut(turn.turn_id, turn.text, 0, 30).model_dump()
    return {"decision_id": "d1", "kind": "quote", "action": "accept", "subject": [span], "value": {}, **changes}


def post(served: Served, headers: dict[str, str], *rows: dict[str, object]) -> tuple[int, str]:
    body = json.dumps({"decisions": rows, "seen": 0})
    status, _, text = served.ask("/api/decisions", method="POST", body=body, headers=headers)
    return status, text


def with_token(served: Served, cookie: dict[str, str]) -> dict[str, str]:
    return {**cookie, "X-CSRF-Token": served.desk.session.csrf}


def test_the_link_works_once_and_gives_a_cookie_that_scripts_and_other_sites_never_see(served: Served) -> None:
    link = served.links[0].partition(served.host)[2]
    status, headers, _ = served.ask(link)
    assert status == 303
    assert "HttpOnly" in headers["set-cookie"] and "samesite=strict" in headers["set-cookie"].casefold()
    assert served.ask(link)[0] == 403


@pytest.mark.parametrize("path", ["/", "/static/app.js", "/api/names", "/api/decisions", "/api/agreement"])
def test_without_the_cookie_nothing_is_handed_out(door: Door, path: str) -> None:
    served = door.served
    status, _, text = served.ask(path)
    assert status == 401
    assert "Prydderch" not in text and "trust" not in text


def test_who_is_not_let_in_is_told_in_both_languages_where_the_link_is(served: Served) -> None:
    for path, status in (("/", 401), ("/open?link=x", 403)):
        given, headers, text = served.ask(path)
        assert (given, headers["content-type"]) == (status, "text/html; charset=utf-8")
        assert text.count("The window in which roundtable review runs shows the") == 1
        assert text.count("Mae’r ffenestr lle mae roundtable review yn rhedeg yn dangos y") == 1
        assert "script-src 'none'; style-src 'sha256-" in headers["content-security-policy"]


def test_a_link_that_was_used_leads_its_browser_back_and_others_to_a_new_link(served: Served) -> None:
    link = served.links[0].partition(served.host)[2]
    cookie = served.ask(link)[1]["set-cookie"].partition(";")[0]
    status, headers, _ = served.ask(link, headers={"Cookie": cookie})
    assert (status, headers["location"], len(served.links)) == (303, "/", 1)
    assert served.ask(link)[0] == 403
    assert len(served.links) == 2, "the window shows the one that works, as it says"
    assert served.ask(link)[0] == 403 and len(served.links) == 2
    assert served.ask(served.links[1].partition(served.host)[2])[0] == 303


@pytest.mark.parametrize("site", ["same-site", "cross-site"])
def test_another_page_that_asks_for_a_link_does_not_keep_the_door_open(door: Door, site: str) -> None:
    """A page of another port of this machine is of the same site, and a browser sends the cookie with it."""
    session = door.served.desk.session
    before = session.last_used
    headers = {**door.cookie, "Sec-Fetch-Site": site}
    assert door.served.ask("/open?link=x", headers=headers)[0] == 403
    assert session.last_used == before


@pytest.mark.parametrize("link", ["", "x", "../", "%00", "é"])
def test_a_guessed_link_opens_nothing(door: Door, link: str) -> None:
    served = door.served
    assert served.ask(f"/open?link={link.encode().hex() if link == 'é' else link}")[0] == 403


def test_a_stolen_cookie_is_of_no_use_after_the_lock(served: Served, cookie: dict[str, str]) -> None:
    assert served.ask("/api/decisions", headers=cookie)[0] == 200
    assert served.ask("/api/lock", method="POST", body="{}", headers=with_token(served, cookie))[0] == 200
    assert served.ask("/api/decisions", headers=cookie)[0] == 401
    assert len(served.links) == 2, "and the window shows a new link"
    assert served.ask(served.links[1].partition(served.host)[2])[0] == 303


def test_a_page_left_alone_locks_itself(run: Path) -> None:
    clock = Clock()
    session = Session(idle_seconds=60, clock=clock)
    link = session.link
    assert session.open(link)
    cookie = session.cookie
    clock.now = 59
    assert session.knows(cookie)
    clock.now = 118
    assert session.knows(cookie), "each use starts the time anew"
    clock.now = 179
    assert not session.knows(cookie)
    clock.now = 180
    assert not session.knows(cookie), "and it does not come back"
    assert session.link not in ("", link)


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:{port}", "localhost:{port}", "127.0.0.1", "127.0.0.1.evil.example:{port}", ""],
)
def test_a_rebinding_host_is_refused(door: Door, host: str) -> None:
    served, cookie = door.served, door.cookie
    named = host.format(port=served.host.partition(":")[2])
    status, _, text = served.ask("/", headers={**cookie, "Host": named})
    assert status == 421
    assert "trust" not in text


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:8000"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_another_origin_is_refused_even_with_cookie_and_token(door: Door, headers: dict[str, str]) -> None:
    served, cookie, run = door.served, door.cookie, door.run
    assert post(served, {**with_token(served, cookie), **headers}, quote(run))[0] == 403
    assert log_files(run) == []


@pytest.mark.parametrize("token", [None, "", "wrong", "é"])
def test_a_missing_or_wrong_token_changes_nothing(door: Door, token: str | None) -> None:
    served, cookie, run = door.served, door.cookie, door.run
    headers = cookie if token is None else {**cookie, "X-CSRF-Token": token}
    assert post(served, headers, quote(run))[0] == 403
    assert log_files(run) == []


@pytest.mark.parametrize(
    "path",
    [
        "/static/../server.py", "/static/..%2f..%2fserver.py", "/static/%2e%2e/page.py", "/static//etc/passwd",
        "/static/en.json",
        "/pictures/../themes.parquet", "/pictures/..%2f..%2fprivate%2fpeople.parquet", "/pictures/%2fetc%2fpasswd",
        "/private/people.parquet", "/../private/people.parquet", "/docs", "/redoc", "/openapi.json",
    ],
)  # fmt: skip
def test_a_path_that_climbs_finds_nothing(door: Door, path: str) -> None:
    served, cookie = door.served, door.cookie
    assert served.ask(path, headers=cookie)[0] == 404


def test_only_this_machine_is_listened_to(run: Path) -> None:
    desk = open_desk(run, reviewer="megan", announce=lambda link: None)
    with listen(desk) as listening:
        assert listening.getsockname()[0] == "127.0.0.1"


def test_a_port_that_is_taken_says_so(door: Door) -> None:
    served, run = door.served, door.run
    desk = open_desk(run, reviewer="megan", announce=lambda link: None)
    with pytest.raises(RunError, match="is taken"):
        listen(desk, port=int(served.host.partition(":")[2]))


def test_a_run_has_its_usual_port_for_each_reviewer_and_takes_another_where_that_is_taken(run: Path) -> None:
    def taken(reviewer: str) -> str:
        desk = open_desk(run, reviewer=reviewer, announce=lambda link: None)
        with listen(desk):
            return min(desk.hosts)

    assert taken("megan") == taken("megan") != taken("nesta")
    with socket.create_server(("127.0.0.1", int(taken("megan").partition(":")[2]))):
        assert taken("megan") != taken("nesta")


def test_a_run_whose_folder_has_letters_of_no_encoding_has_a_port_too(run: Path) -> None:
    odd = run.with_name("Si\udce2n")
    desk = open_desk(Path(shutil.copytree(run, odd)), reviewer="megan", announce=lambda link: None)
    listen(desk).close()


def test_what_one_program_counted_of_the_log_is_no_count_for_the_next(run: Path) -> None:
    """The next may have read the files in another order, and what somebody else decided was never shown."""
    with serving(run) as served:
        cookie = let_in(served)
        post(served, with_token(served, cookie), quote(run))
        seen = json.loads(served.ask("/api/decisions", headers=cookie)[2])["seen"]
        assert json.loads(served.ask(f"/api/decisions?seen={seen}", headers=cookie)[2])["decisions"] == []
    append(run, [Decision.model_validate({**quote(run, decision_id="d2"), "at": "", "by": "aled"})])
    with serving(run) as served:
        told = json.loads(served.ask(f"/api/decisions?seen={seen}", headers=let_in(served))[2])["decisions"]
    assert sorted(row["by"] for row in told) == ["aled", "megan"]


def test_a_page_of_the_program_before_is_not_locked_while_the_new_link_is_followed(run: Path) -> None:
    """What it held was lost where it asked between the link's being followed and the browser's having the cookie."""
    with serving(run) as served:
        before, port = let_in(served), int(served.host.partition(":")[2])
    with serving(run, port=port) as served:
        assert served.ask("/api/decisions", headers=before)[::2] == (401, '{"locked":false}')
        now = let_in(served)
        assert served.ask("/api/decisions", headers=before)[::2] == (401, '{"locked":false}')
        served.desk.session.lock()
        assert served.ask("/api/decisions", headers=now)[::2] == (401, '{"locked":true}')


def test_a_port_that_a_page_was_open_on_can_be_had_again_at_once(run: Path) -> None:
    desk = open_desk(run, reviewer="megan", announce=lambda link: None)
    with listen(desk) as listening, socket.create_connection(listening.getsockname(), timeout=5) as page:
        port = listening.getsockname()[1]
        listening.accept()[0].close()
        assert page.recv(1) == b""
    listen(desk, port=port).close()


def test_every_answer_forbids_what_the_page_does_not_need(door: Door) -> None:
    served, cookie = door.served, door.cookie
    for path in ("/", "/static/app.js", "/api/decisions", "/nowhere"):
        _, headers, _ = served.ask(path, headers=cookie)
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self';")
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"


def test_a_decision_is_written_under_the_reviewers_name_whatever_the_page_says(
    served: Served, cookie: dict[str, str], run: Path
) -> None:
    status, text = post(served, with_token(served, cookie), quote(run, by="somebody else", at="1999-01-01T00:00:00Z"))
    assert status == 200
    [kept] = read_log(log_files(run))
    assert kept.by == "megan"
    assert kept.at > "2026"
    assert json.loads(text)["decisions"][0]["item"].startswith("rt1:t0001:0-")


def test_words_are_never_retyped_not_even_by_the_page(door: Door) -> None:
    served, cookie, run = door.served, door.cookie, door.run
    true = quote(run)
    [span] = true["subject"]  # type: ignore[misc]
    forged = Span.cut(span["turn_id"], "x" * 400, 0, 30).model_dump()
    status, text = post(served, with_token(served, cookie), quote(run, subject=[forged]))
    assert (status, json.loads(text)) == (409, {"stale": ["d1"]})
    assert post(served, with_token(served, cookie), quote(run, subject=[{**span, "sha256": "0" * 64}]))[0] == 409
    assert log_files(run) == []


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", '{"decisions": 3}', '{"decisions": [{}]}', '{"decisions": [{"kind": "x"}]}', "{"]
)
def test_what_is_no_decision_is_refused(door: Door, body: str) -> None:
    served, cookie, run = door.served, door.cookie, door.run
    status, _, _ = served.ask("/api/decisions", method="POST", body=body, headers=with_token(served, cookie))
    assert status == 422
    assert log_files(run) == []


def test_more_than_anybody_can_decide_at_once_is_refused(door: Door) -> None:
    served, cookie = door.served, door.cookie
    headers = {**with_token(served, cookie), "Content-Length": "99999999"}
    assert served.ask("/api/decisions", method="POST", headers=headers)[0] == 413


def test_what_another_window_decided_comes_with_the_next_answer(
    served: Served, cookie: dict[str, str], run: Path
) -> None:
    post(served, with_token(served, cookie), quote(run))
    status, text = post(served, with_token(served, cookie), quote(run, decision_id="d2", action="reject"))
    assert status == 200
    assert [row["decision_id"] for row in json.loads(text)["decisions"]] == ["d1", "d2"]


def test_names_are_shown_by_the_server_and_never_in_what_is_public(door: Door) -> None:
    served, cookie = door.served, door.cookie
    _, _, names = served.ask("/api/names", headers=cookie)
    groups = json.loads(names)["groups"]
    assert [group["original"] for group in groups] == ["Dawn", "Siân Prydderch"], "the doubtful first"
    for path in ("/", "/api/decisions", "/api/agreement"):
        _, _, text = served.ask(path, headers=cookie)
        assert "Prydderch" not in text


def test_a_missed_name_is_found_whatever_its_accents(door: Door) -> None:
    served, cookie = door.served, door.cookie
    _, _, text = served.ask("/api/names/find?text=sian%20prydderch", headers=cookie)
    found = json.loads(text)["places"]
    assert {place["span"]["text"] for place in found} == {"Siân Prydderch"}
    assert len(found) == 3


def test_no_run_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="roundtable run CORPUS --out"):
        open_desk(tmp_path / "nothing", reviewer="megan", announce=lambda link: None)


def test_an_empty_folder_is_served_and_says_what_to_do(tmp_path: Path) -> None:
    with serving(tmp_path) as served:
        _, headers, _ = served.ask(served.links[0].partition(served.host)[2])
        _, _, text = served.ask("/", headers={"Cookie": headers["set-cookie"].partition(";")[0]})
        assert '"advice":"advice_no_run"' in text


def test_a_first_run_that_the_gate_stopped_shows_its_names_and_where_it_stopped(run: Path) -> None:
    for path in (run / "tables").glob("*"):
        path.unlink()
    LEAKS.path(run).write_text(
        "\ufefffile,place,whose,words\ntables/turns.parquet,column text,person A,at dawn we met\n", encoding="utf-8"
    )
    with serving(run) as served:
        _, headers, _ = served.ask(served.links[0].partition(served.host)[2])
        cookie = {"Cookie": headers["set-cookie"].partition(";")[0]}
        assert '"advice":"advice_held_back"' in served.ask("/", headers=cookie)[2]
        names = json.loads(served.ask("/api/names", headers=cookie)[2])
    assert [group["original"] for group in names["groups"]] == ["Dawn", "Siân Prydderch"]
    (stopped,) = names["stopped"]
    assert (stopped["whose"], stopped["words"]) == ("person A", "at dawn we met")


def test_nothing_is_reported_to_a_collector_whatever_the_environment_says(
    run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FASTAPI_OTEL_AUTO_CONFIGURE", "true")
    app = make_app(open_desk(run, reviewer="megan", announce=lambda link: None))
    assert not any(
        getattr(app, "_telemetry", {}).get(name, False) for name in ("tracing", "metrics", "logs", "auto_configure")
    )


def test_a_log_that_can_not_be_read_is_said_before_anybody_is_sent_to_the_page(run: Path) -> None:
    (run / "review").mkdir()
    (run / "review" / "decisions-x.jsonl").write_text("spoilt\n{}\n", encoding="utf-8")
    with pytest.raises(DecisionError, match="not a decision"):
        serve(run, reviewer="megan", announce=lambda link: None, open_browser=False)


def test_whoever_follows_the_link_before_the_server_is_up_waits_and_is_not_refused(run: Path) -> None:
    desk = open_desk(run, reviewer="megan", announce=lambda link: None)
    with listen(desk) as listening:
        socket.create_connection(listening.getsockname(), timeout=5).close()
