"""The page in a real browser: what a facilitator does with it, by the keyboard, in two languages, and what is kept."""

from __future__ import annotations

import dataclasses
import json
import re
import shutil
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline.decisions import (
    Decision,
    Span,
    append,
    approved_quotes,
    in_force,
    log_files,
    merge,
    read_log,
    theme_decisions,
)
from pipeline.review import pack_data, packed
from pipeline.review.page import static_file
from pipeline.tables import (
    ASSIGNMENTS,
    LEAKS,
    PARTICIPANTS,
    PASSAGES,
    PEOPLE,
    QUOTES,
    REDACTIONS,
    ROUNDTABLES,
    SOURCE_TURNS,
    STATEMENTS,
    THEMES,
    TURNS,
    Passage,
    Person,
    Redaction,
)
from pipeline.waiting import ToDecide, to_decide
from tests.review.conftest import Served, Watched, serving
from tests.review.invented import write_run

Opener = Callable[..., Watched]
VIEWS = ("Quotes", "Themes", "Names", "Agreement")
HOSTILE = (
    "<script>document.title='owned'</script>",
    "<img src=x onerror=\"document.title='owned'\">",
    "</script><script>document.title='owned'</script>",
    "<!--<script>",
    "\u202eevil is live\u202c",
    "🏴󠁧󠁢󠁷󠁬󠁳󠁿 👩‍👩‍👧‍👦 e\u0301",
    "None NA 007 {{7*7}} ${7*7} =1+1 &lt;b&gt;",
    "very " * 2000,
)


def load_file(watched: Watched, file: Path) -> None:
    """Have a pack load a file of decisions."""
    with watched.page.expect_file_chooser() as chooser:
        watched.page.click("button:text-is('Load decisions')")
    chooser.value.set_files(file)


def write_pack(run: Path, target: Path) -> Path:
    target.write_text(packed(pack_data(run)), encoding="utf-8")
    return target


def decided(run: Path) -> list[Decision]:
    return in_force(read_log(log_files(run)))


def show(watched: Watched, view: str) -> None:
    watched.page.click(f".tab:has-text('{view}')")


def drawn(watched: Watched, selector: str, text: str | list[str] | re.Pattern[str]) -> None:
    """What people see there is this text, be it a little later: a busy browser draws a long list piece by piece."""
    from playwright.sync_api import expect

    expect(watched.page.locator(selector)).to_have_text(text, use_inner_text=True)


def holds(watched: Watched, selector: str, text: str) -> None:
    """The field has this text, be it a little later."""
    from playwright.sync_api import expect

    expect(watched.page.locator(selector)).to_have_value(text)


def restart(run: Path, opener: Opener, check: Callable[[Watched], None]) -> None:
    with serving(run) as served:
        check(opener(served.links[0]))


# --- quotes ----------------------------------------------------------------------------------------------------------


def test_a_hundred_candidates_are_decided_by_keyboard_alone_and_are_there_when_it_is_opened_again(
    run: Path, open_page: Opener
) -> None:
    with serving(run) as served:
        it = open_page(served.links[0])
        it.press(*"am" * 48)
        while not it.page.inner_text(".progress label").startswith("100 of 120"):
            # One of them doesn't want to be quoted: there "a" does nothing, and the next key decides.
            it.press("a", "m")
        it.press("k", "r", "3")
        it.saved()
        before = it.page.inner_text(".progress label")
    actions = Counter(decision.action for decision in decided(run))
    assert sum(actions.values()) in (100, 101)
    assert min(actions["accept"], actions["maybe"]) > 40
    assert actions["reject"] == 1

    def same(again: Watched) -> None:
        assert again.page.inner_text(".progress label") == before

    restart(run, open_page, same)


def test_undo_takes_back_the_last_decision_and_the_one_before(served: Served, open_page: Opener, run: Path) -> None:
    it = open_page(served.links[0])
    first = it.words()
    it.press("a", "r", "u", "u")
    assert it.words() == first
    assert "Undecided" in it.status()
    it.saved()
    assert decided(run) == []
    assert [found.action for found in read_log(log_files(run))] == ["accept", "reject", "undo", "undo"], (
        "the log only grows"
    )


def test_a_rejection_has_a_reason_and_a_note_is_kept_as_it_is_typed(
    served: Served, open_page: Opener, run: Path
) -> None:
    it = open_page(served.links[0])
    it.press("r")
    assert it.page.is_visible("text=Why?")
    it.press("2", "k", "n")
    it.page.keyboard.type("ask Bethan – she was there")
    it.page.wait_for_timeout(600)
    it.saved()
    [kept] = decided(run)
    assert (kept.action, kept.reason, kept.note) == ("reject", "identifies", "ask Bethan – she was there")
    it.press("Escape", "j")
    assert it.page.input_value("#note") == ""


def test_the_ends_of_a_quote_move_word_by_word_within_its_turn(served: Served, open_page: Opener, run: Path) -> None:
    it = open_page(served.links[0])
    it.press("]", "]", "{", "{", "a", "k")
    text = TURNS.read(run).set_index("turn_id")["text"]["rt1:t0001"]
    assert it.words() == "us when somebody who has lived it is in the room, and that was before the"
    for _ in range(12):
        it.press("[")
    for _ in range(60):
        it.press("}")
    assert it.words() == text, "not beyond the turn"
    it.saved()
    [quote] = approved_quotes(read_log(log_files(run)), TURNS.read(run))
    assert quote.text == text


def test_words_cut_out_of_the_middle_leave_two_spans_with_an_ellipsis_between_them(
    run: Path, open_page: Opener
) -> None:
    whole = "People trust us when somebody who has lived it is in the room, and that was before the second lockdown."

    def cut_still_there(again: Watched) -> None:
        assert again.words() == "People trust us […] and that was before the second lockdown."

    with serving(run) as served:
        it = open_page(served.links[0])
        assert it.words() == whole
        it.press("x")
        assert it.words() == whole.replace(" in the", " […] the")
        it.press(*"(((((((", ">", ">")
        cut_still_there(it)
        assert it.page.inner_text(".cut del") == "when somebody who has lived it is in the room,"
        it.press("a", "k")
        cut_still_there(it)
        it.press("c")
        assert it.page.locator(".context mark").all_inner_texts() == [
            "People trust us",
            "and that was before the second lockdown.",
        ]
        it.saved()
    [quote] = approved_quotes(read_log(log_files(run)), TURNS.read(run))
    assert [span.text for span in quote.spans] == ["People trust us", "and that was before the second lockdown."]
    restart(run, open_page, cut_still_there)


def test_no_key_is_lost_while_the_program_answers_slowly(served: Served, open_page: Opener) -> None:
    it = open_page(served.links[0])
    last_words = it.words().split(maxsplit=3)[3]
    held: list[Any] = []
    it.page.route("**/api/decisions", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks what it is given
    it.press("]", "]")
    held[0].continue_()  # kept, and stamped later than the second key was pressed
    while len(held) < 2:
        it.page.wait_for_timeout(20)
    it.press("]")
    assert it.words() == last_words, "three keys, three words"
    it.page.unroute("**/api/decisions")
    it.saved()
    assert it.words() == last_words


def test_words_marked_with_the_mouse_are_cut_out_and_can_be_put_back(served: Served, open_page: Opener) -> None:
    it = open_page(served.links[0])
    whole = it.words()
    mark = """words => {
        const node = document.querySelector('.words [data-start]').firstChild;
        const at = node.data.indexOf(words);
        getSelection().setBaseAndExtent(node, at, node, at + words.length);
    }"""
    it.page.evaluate(mark, "ebody who has liv")
    it.page.click("text=Cut words out")
    assert it.words() == whole.replace("somebody who has lived", "[…]"), "whole words only"
    it.page.evaluate(mark, "People")
    it.press("x")
    assert it.words().startswith("trust us when […] it is"), "at an end there is nothing to stand in for"
    it.page.click("text=Put back")
    assert it.words() == whole.removeprefix("People ")
    it.press("u", "u")
    assert it.words() == whole.replace("somebody who has lived", "[…]")
    it.page.click("text=As proposed")
    assert it.words() == whole


def test_a_cut_that_takes_a_not_away_is_warned_of(served: Served, open_page: Opener) -> None:
    it = open_page(served.links[0])
    it.page.fill("#search", "stopping a programme that did not work, and that")
    it.press("Escape", "x")
    assert it.page.inner_text(".cut del") == "did"
    assert not it.page.is_visible(".cut .warning")
    it.press(">")
    assert it.page.inner_text(".cut del") == "did not"
    assert "does the quote still say" in it.page.inner_text(".cut .warning")


def test_what_was_cut_out_stays_out_when_the_transcript_is_corrected(run: Path, open_page: Opener) -> None:
    with serving(run) as served:
        it = open_page(served.links[0])
        it.press("x", *"(((((((", ">", ">", "a")
        it.saved()
    for table in (TURNS, STATEMENTS, QUOTES):
        frame = table.read(run)
        words = frame["text"].str.replace("before the second lockdown", "before the third! lockdown", regex=False)
        table.write(frame.assign(text=words), run)

    def look(again: Watched) -> None:
        again.page.click(".missing >> text=1 decision needs another look")
        assert again.words() == "People trust us […] and that was before the third! lockdown."

    restart(run, open_page, look)


def test_attribution_goes_only_as_far_as_consent_and_risk_allow(served: Served, open_page: Opener, run: Path) -> None:
    it = open_page(served.links[0])
    ways = lambda: it.page.locator(".attribution label").all_inner_texts()  # noqa: E731
    assert ways() == ["“a participant from local government”", "“one participant”", "no attribution"]
    it.press("t", "t", "a")
    it.press("j", "j", "j")
    assert ways() == ["“one participant”", "no attribution"], "a high risk takes the sector away"
    it.saved()
    assert decided(run)[0].value["attribution"] == "sector"


def test_a_sector_is_named_as_english_does_and_no_risk_is_told_twice(run: Path, open_page: Opener) -> None:
    quotes = QUOTES.read(run)
    twice = {"reasons": [("stands alone", "check: names a place")] * len(quotes), "risk": "low"}
    QUOTES.write(quotes.assign(**twice, risk_reasons=[("names a place",)] * len(quotes)), run)
    with serving(run) as served:
        it = open_page(served.links[0])
        it.page.fill("#search", "P06")
        assert it.page.inner_text(".attribution label >> nth=0") == "“a participant from the police”"
        told = it.page.locator(".reasons li").all_inner_texts()
        assert (told.count("names a place"), told.count("check: names a place")) == (1, 0)


def test_somebody_who_does_not_want_to_be_quoted_can_not_be(served: Served, open_page: Opener, run: Path) -> None:
    it = open_page(served.links[0])
    it.press("/")
    it.page.keyboard.type("P05")
    it.press("Escape", "a")
    assert it.page.is_visible(".verdicts >> text=does not want to be quoted")
    assert it.page.is_disabled("button.accept")
    assert decided(run) == []


def test_filters_and_search_narrow_the_list(served: Served, open_page: Opener) -> None:
    it = open_page(served.links[0])
    count = lambda: it.page.inner_text("#n-shown")  # noqa: E731
    it.page.fill("#search", "WARD sister")
    assert count() == "10 quotes"
    it.page.click("text=More filters")
    it.page.select_option("select >> nth=1", "rt2")
    assert count() in ("3 quotes", "4 quotes")
    it.page.fill("#search", "no such words anywhere")
    assert it.page.is_visible("text=No quote here")
    it.page.fill("#search", "")
    it.page.select_option("select >> nth=0", "open")
    it.press("Escape", "a")
    assert "Accepted" not in it.status()


def test_beside_the_quotes_the_theme_with_most_to_read_comes_first(run: Path, open_page: Opener) -> None:
    quotes, themes = QUOTES.read(run), THEMES.read(run)
    last = themes["theme_id"].max()
    QUOTES.write(quotes.assign(theme_id=quotes["theme_id"].where(quotes["overall_rank"] % 3 == 0, last)), run)
    with serving(run) as served:
        it = open_page(served.links[0])
        counted = it.page.locator(".side .theme-count").all_inner_texts()
    everything, *each = (int(text.split("/")[-1]) for text in counted)
    assert sum(each) == everything
    assert each == sorted(each, reverse=True)
    assert each[0] > each[1] > 0


def test_a_filter_of_what_is_there_no_longer_is_let_go(run: Path, open_page: Opener) -> None:
    with serving(run) as served:
        it = open_page(served.links[0])
        it.page.click("summary:has-text('More filters')")
        it.page.select_option("label:has-text('Speaker') select", label="P02")
        assert it.page.inner_text("#n-shown") != "120 quotes"
        quotes = QUOTES.read(run)
        QUOTES.write(quotes[quotes["speaker"] != "P02"], run)
        it.page.reload()
        drawn(it, "#n-shown", f"{(quotes['speaker'] != 'P02').sum()} quotes")


def test_what_is_searched_for_is_searched_in_words_that_are_gone_too(run: Path, open_page: Opener) -> None:
    with serving(run) as served:
        it = open_page(served.links[0])
        it.press("a")
        it.saved()
    turns = TURNS.read(run)
    TURNS.write(turns[turns["turn_id"] != "rt1:t0001"], run)
    with serving(run) as served:
        it = open_page(served.links[0])
        it.page.fill("#search", "LIVED it is in the room, and that was before")
        drawn(it, "#n-shown", "1 quote")
        it.page.fill("#search", "nobody said this")
        drawn(it, "#n-shown", "0 quotes")


def test_of_a_theme_that_is_merged_or_rejected_the_list_does_not_stay_empty(served: Served, open_page: Opener) -> None:
    it = open_page(served.links[0])
    it.page.click(".side .theme:has-text('Short cycles')")
    drawn(it, "#n-shown", "20 quotes")
    show(it, "Themes")
    it.page.click(".side .theme:has-text('Short cycles')")
    it.page.click("text=Merge into …")
    it.page.select_option("dialog select", label="Risk and permission")
    it.page.click("dialog .primary")
    show(it, "Quotes")
    drawn(it, "#n-shown", "40 quotes")
    assert "Risk and permission" in it.page.inner_text(".side .theme[aria-current]")
    show(it, "Themes")
    it.page.click(".side .theme:has-text('Risk and permission')")
    it.page.click("button:text-is('Reject theme')")
    show(it, "Quotes")
    drawn(it, "#n-shown", "120 quotes")


def test_what_is_missing_is_as_visible_as_what_is_there(served: Served, open_page: Opener) -> None:
    it = open_page(served.links[0])
    assert it.page.is_visible("text=Themes without an accepted quote: 6 of 6")
    assert it.page.is_visible("text=Participants not heard: 8 of 8")
    it.press("a")
    assert it.page.is_visible("text=Themes without an accepted quote: 5 of 6")
    assert it.page.is_visible("text=Participants not heard: 7 of 8")


def test_context_folds_out_around_the_quote(served: Served, open_page: Opener) -> None:
    it = open_page(served.links[0])
    it.press("c")
    assert it.page.inner_text(".context mark") == it.words()
    assert "What gets in the way" in it.page.inner_text(".context")


def test_what_waits_behind_another_decision_is_sent_as_the_page_closes(
    served: Served, open_page: Opener, run: Path
) -> None:
    it = open_page(served.links[0])
    it.press("a", "a", "m")
    it.page.close(run_before_unload=False)
    for _ in range(50):
        if len(read_log(log_files(run))) == 3:
            break
        time.sleep(0.1)
    assert [found.action for found in read_log(log_files(run))] == ["accept", "accept", "maybe"]


def test_two_windows_lose_nothing_and_hear_of_each_other(served: Served, open_page: Opener, run: Path) -> None:
    one = open_page(served.links[0])
    two = open_page(f"http://{served.host}/", context=one.page.context)
    one.press("a")
    one.saved()
    two.press("j", "r", "4")
    two.saved()
    assert [found.action for found in decided(run)] == ["accept", "reject"]
    assert two.page.inner_text(".progress label").startswith("2 of 120")
    one.page.evaluate("window.dispatchEvent(new Event('focus'))")
    one.page.wait_for_selector("text=2 of 120 decided")


def _stayed_open_meanwhile(served: Served, open_page: Opener) -> Watched:
    """A window that stayed open while another was locked, and opened again by the next link."""
    one = open_page(served.links[0])
    other = open_page(f"http://{served.host}/", context=one.page.context)
    one.page.click("text=Lock")
    one.page.wait_for_selector(".locked")
    one.page.goto(served.links[-1])
    one.page.wait_for_selector("#view")
    return other


def test_a_window_that_stayed_open_while_another_was_locked_and_opened_again_goes_on(
    served: Served, open_page: Opener, run: Path
) -> None:
    other = _stayed_open_meanwhile(served, open_page)
    other.press("a")
    drawn(other, ".progress label", "1 of 120 decided")
    other.saved()
    assert [found.action for found in decided(run)] == ["accept"]
    other.complaints.clear()  # the browser tells of the refusal


def test_a_window_that_stayed_open_meanwhile_locks_the_server_and_not_only_itself(
    served: Served, open_page: Opener
) -> None:
    other = _stayed_open_meanwhile(served, open_page)
    other.page.click("text=Lock")
    other.page.wait_for_selector(".locked")
    assert not served.desk.session.cookie
    other.complaints.clear()  # as above


def test_what_is_decided_while_the_program_is_away_is_kept_until_it_is_back(run: Path, open_page: Opener) -> None:
    with serving(run) as served:
        it = open_page(served.links[0])
        it.page.context.set_offline(True)
        it.press("a")
        it.page.wait_for_selector("text=Not saved yet")
        it.page.context.set_offline(False)
        it.saved()
    it.complaints.clear()  # the browser itself complains of requests that failed
    assert [found.action for found in decided(run)] == ["accept"]


def test_what_waits_for_a_program_that_is_away_can_be_carried_to_it(run: Path, open_page: Opener) -> None:
    with serving(run) as served:
        it = open_page(served.links[0])
        assert not it.page.is_visible("text=Download decisions")
        it.page.context.set_offline(True)
        it.press("a", "m")
        it.page.wait_for_selector("text=Not saved yet")
        with it.page.expect_download() as download:
            it.page.click("text=Download decisions")
        carried = Path(download.value.path())
        assert merge(run, [carried]).added == 2
        it.page.context.set_offline(False)
        it.saved()
        assert not it.page.is_visible("text=Download decisions")
        it.press("j", "a")
        it.saved()
        assert merge(run, [carried]).already_there == 2
    it.complaints.clear()  # the browser itself complains of requests that failed
    assert [found.action for found in decided(run)] == ["accept", "maybe", "accept"]


def test_what_waits_for_a_program_that_was_ended_is_saved_by_the_next_once_its_link_is_followed(
    run: Path, open_page: Opener
) -> None:
    with serving(run) as served:
        it = open_page(served.links[0])
        it.page.click("text=Cymraeg")
    it.press("a", "m")
    it.page.wait_for_selector("text=Heb ei gadw eto")
    with serving(run) as served:
        it.page.wait_for_timeout(2000)  # it asks again meanwhile, and must not take this for a lock
        assert it.page.is_visible(".words")
        again = open_page(served.links[0], context=it.page.context)
        assert again.page.is_visible("text=English"), "a browser keeps what was set by the port"
        it.saved()
    it.complaints.clear()  # the browser itself complains of requests that failed
    assert [found.action for found in decided(run)] == ["accept", "maybe"]


def test_a_page_of_one_run_writes_into_no_other_run_that_has_its_port_by_now(
    run: Path, open_page: Opener, tmp_path: Path
) -> None:
    other = Path(shutil.copytree(run, tmp_path / "other"))
    with serving(run) as served:
        it = open_page(served.links[0])
        port = int(served.host.partition(":")[2])
    it.press("a")
    for reviewer in ("megan", "nesta"):
        with serving(other if reviewer == "megan" else run, reviewer=reviewer, port=port) as served:
            second = open_page(served.links[0], context=it.page.context)
            it.page.wait_for_timeout(2000)
            second.complaints.clear()
    assert decided(other) == decided(run) == []
    with serving(run, port=port) as served:
        open_page(served.links[0], context=it.page.context)
        it.saved()
    it.complaints.clear()
    assert [(found.by, found.action) for found in decided(run)] == [("megan", "accept")]


def test_why_nothing_can_be_written_is_said_and_it_is_written_once_it_can_be(run: Path, open_page: Opener) -> None:
    with serving(run) as served:
        it = open_page(served.links[0])
        (run / "review").write_text("in the way", encoding="utf-8")
        it.press("a")
        it.page.wait_for_selector("#saved >> text=a file stands where a folder should be")
        (run / "review").unlink()
        it.saved()
    it.complaints.clear()  # the browser itself complains of requests that failed
    assert [found.action for found in decided(run)] == ["accept"]


def test_a_page_that_is_locked_says_so_where_something_could_not_be_saved(run: Path, open_page: Opener) -> None:
    with serving(run) as served:
        it = open_page(served.links[0])
        (run / "review").write_text("in the way", encoding="utf-8")
        it.press("a")
        it.page.click(".tools button:text-is('Lock')")
        it.page.click("dialog >> text=Cancel")
        assert it.page.is_visible(".words"), "nobody loses what they decided without being asked"
        it.page.click(".tools button:text-is('Lock')")
        it.page.click("dialog button:text-is('Lock')")
        it.page.wait_for_selector(".locked >> text=What you decided last could not be saved")
        assert "Everything you decided is saved" not in it.page.inner_text(".locked")
        assert it.page.locator(".locked button").count() == 0, "who locks it says that it may go"
    it.complaints.clear()  # the browser itself complains of requests that failed


def test_what_a_page_could_not_save_before_it_was_locked_can_be_carried_home(run: Path, open_page: Opener) -> None:
    with serving(run) as served:
        it = open_page(served.links[0])
        it.page.context.set_offline(True)
        it.press("a", "m")
        it.page.wait_for_selector("text=Not saved yet")
        open_page(served.fresh_link())
        it.page.context.set_offline(False)
        it.page.wait_for_selector(".locked >> text=What you decided last could not be saved")
        with it.page.expect_download() as download:
            it.page.click("text=Download decisions")
    it.complaints.clear()  # the browser itself complains of requests that failed
    assert merge(run, [Path(download.value.path())]).added == 2


def test_when_the_run_changes_under_the_page_what_still_stands_is_kept(run: Path, open_page: Opener) -> None:
    quote = next(QUOTES.rows(QUOTES.read(run)))
    with serving(run) as served:
        it = open_page(served.links[0])
        turns = TURNS.read(run)
        changed = turns["text"].where(turns["turn_id"] != quote.turn_id, turns["text"].str.upper())
        TURNS.write(turns.assign(text=changed), run)
        it.press("a")
        it.page.wait_for_selector("#saved >> text=What you decided on words that have changed was not saved")
        it.page.fill("#search", "ward sister")
        it.press("Escape", "m", "r")
        for _ in range(200):
            it.page.wait_for_timeout(20)
            if len(decided(run)) == 2:
                break
        it.page.wait_for_selector("#saved[data-state=stale]")  # and it goes on saying so
    it.complaints.clear()  # the browser itself complains of requests that were refused
    assert [found.action for found in decided(run)] == ["maybe", "reject"]


def test_what_is_being_typed_is_kept_when_the_page_is_reloaded_or_locked(run: Path, open_page: Opener) -> None:
    with serving(run) as served:
        it = open_page(served.links[0])
        show(it, "Themes")
        it.page.fill(".form textarea", "typed, and the page was reloaded")
        it.page.reload()
        it.page.wait_for_selector("#view")
        show(it, "Themes")
        # The page may be asked for before the words are on the disk; it hears of them a moment later.
        holds(it, ".form textarea", "typed, and the page was reloaded")
        it.page.fill(".form textarea", "typed, and the page was locked")
        it.page.click("text=Lock")
        it.page.wait_for_selector(".locked")
    assert [found.value["text"] for found in decided(run)] == ["typed, and the page was locked"]


def test_single_keys_can_be_switched_off(served: Served, open_page: Opener, run: Path) -> None:
    it = open_page(served.links[0])
    it.press("?")
    it.page.uncheck("text=Single keys work")
    it.page.click("text=Close")
    it.press("a", "r")
    assert decided(run) == []


# --- themes ----------------------------------------------------------------------------------------------------------


def test_themes_are_renamed_described_placed_and_rejected_and_it_holds(run: Path, open_page: Opener) -> None:
    with serving(run) as served:
        it = open_page(served.links[0])
        show(it, "Themes")
        it.page.fill(".form input >> nth=0", "Data, and who it follows")
        it.page.fill(".form textarea", "Nobody should tell their story twice.")
        it.page.fill(".form input >> nth=1", "1 What we heard")
        it.page.click(".actions >> text=Reject theme")
        it.page.click(".actions >> text=Restore theme")
        it.saved()

    def same(again: Watched) -> None:
        show(again, "Themes")
        assert again.page.inner_text("h1") == "Data, and who it follows"
        assert again.page.input_value(".form textarea") == "Nobody should tell their story twice."
        assert again.page.inner_text(".side h2 >> nth=0") == "1 What we heard"

    restart(run, open_page, same)


def test_a_theme_of_the_codebook_takes_its_place_in_a_part_among_the_others(
    served: Served, open_page: Opener, run: Path
) -> None:
    it = open_page(served.links[0])
    show(it, "Themes")
    names = it.page.locator(".side .theme-name").all_inner_texts()
    emergent, code = names[0], names[-1]
    for name in (code, emergent):
        it.page.click(f".side .theme-name >> text='{name}'")
        it.page.fill(".form input >> nth=1", "What we heard")
        it.page.keyboard.press("Tab")
    first_two = ".side ul:first-of-type .theme-name"
    drawn(it, first_two, [code, emergent])
    it.page.click("text=Later")  # it is the last already
    drawn(it, first_two, [code, emergent])
    it.page.click("text=Earlier")
    drawn(it, first_two, [emergent, code])
    it.saved()
    places = {
        str(found.value.get("theme_code", "")): found.value["order"]
        for found in decided(run)
        if found.kind == "theme" and found.action == "place"
    }
    assert places == {"": 1, "trust": 2}


def split_off(it: Watched, count: int, name: str) -> None:
    """Make a theme of the first statements of the one that is shown."""
    for number in range(count):
        it.page.check(f".statements input >> nth={number}")
    it.page.click("text=Split off as a new theme")
    it.page.fill("dialog input", name)
    it.page.click("dialog .primary")


def test_a_split_and_a_merge_are_carried_over_to_a_run_whose_themes_have_other_numbers(
    run: Path, open_page: Opener
) -> None:
    with serving(run) as served:
        it = open_page(served.links[0])
        show(it, "Themes")
        split_off(it, 3, "Stories told twice")
        assert it.page.is_visible(".side >> text=Stories told twice")
        it.page.click(".side >> text=Short cycles")
        it.page.click("text=Merge into …")
        it.page.select_option("dialog select", label="Risk and permission")
        it.page.click("dialog .primary")
        assert not it.page.is_visible(".side >> text=Short cycles")
        it.saved()
    themes, assignments = THEMES.read(run), ASSIGNMENTS.read(run)
    numbers = {f"e0{n}": f"e{n * 7}" for n in range(1, 7)}
    for table, frame in ((THEMES, themes), (ASSIGNMENTS, assignments)):
        table.write(frame.assign(theme_id=frame["theme_id"].replace(numbers)), run)  # type: ignore[attr-defined]
    found = theme_decisions(read_log(log_files(run)), STATEMENTS.read(run), ASSIGNMENTS.read(run))
    names = dict(zip(THEMES.read(run)["theme_id"], THEMES.read(run)["name"], strict=True))
    assert [
        (change.action, names[change.theme_id], names.get(change.into, ""), len(change.statement_ids))
        for change in found
    ] == [
        ("split", "Data that travels", "", 3),
        ("merge", "Short cycles", "Risk and permission", 0),
    ]
    assert found[1].value["into_name"] == "Risk and permission"

    def same(again: Watched) -> None:
        show(again, "Themes")
        sides = again.page.locator(".side .theme").all_inner_texts()
        assert any(text.startswith("Stories told twice") for text in sides)
        assert not any(text.startswith("Short cycles") for text in sides)

    restart(run, open_page, same)


def test_a_split_that_the_next_run_has_made_is_not_made_twice(run: Path, open_page: Opener) -> None:
    with serving(run) as served:
        it = open_page(served.links[0])
        show(it, "Themes")
        split_off(it, 6, "Stories told twice")
        it.saved()
    themes, assignments = THEMES.read(run), ASSIGNMENTS.read(run)
    [change] = theme_decisions(read_log(log_files(run)), STATEMENTS.read(run), assignments)
    moved = assignments["statement_id"].isin(change.statement_ids) & (assignments["origin"] == "emergent")
    ASSIGNMENTS.write(assignments.assign(theme_id=assignments["theme_id"].mask(moved, "e50")), run)
    made = [dataclasses.replace(row, theme_id="e50", name="Stories told twice") for row in THEMES.rows(themes)][:1]
    THEMES.write(THEMES.frame([*THEMES.rows(themes), *made]), run)

    def once(again: Watched) -> None:
        show(again, "Themes")
        sides = again.page.locator(".side .theme").all_inner_texts()
        assert [text.split("\n")[-1] for text in sides if text.startswith("Stories told twice")] == ["6"]
        assert sum(text.startswith("Data that travels") for text in sides) == 1

    restart(run, open_page, once)


def test_where_there_is_no_other_theme_nothing_is_moved_into_one(served: Served, open_page: Opener) -> None:
    it = open_page(served.links[0])
    show(it, "Themes")
    it.page.click(".side .theme >> nth=0")
    assert it.page.is_visible(".picked button:has-text('Move to')")
    it.page.click(".side .theme:text-matches('^Trust *[0-9]')")
    it.page.wait_for_selector(".statements >> text=Fits")
    assert it.page.locator(".picked, .statements input").count() == 0, "it is the codebook's only one"
    assert it.page.get_attribute(".statements button >> nth=0", "aria-describedby") == it.page.get_attribute(
        ".statements .statement >> nth=0", "id"
    )


def test_a_theme_is_added_to_the_codebook_under_whatever_somebody_types(
    served: Served, open_page: Opener, run: Path
) -> None:
    it = open_page(served.links[0])
    show(it, "Themes")
    it.page.click("text=Add to the codebook")
    it.page.fill("dialog input", "Fares & (late) buses")
    it.press("Enter")
    it.saved()
    assert it.page.is_visible("text=In the codebook as fares_late_buses")
    assert decided(run)[0].value["name"] == it.page.inner_text("h1 >> nth=-1")


def test_codes_are_confirmed_and_refused_statement_by_statement(served: Served, open_page: Opener, run: Path) -> None:
    it = open_page(served.links[0])
    show(it, "Themes")
    it.page.click(".side .theme:has-text('Trust') >> nth=-1")
    drawn(it, ".statements li >> nth=0", re.compile("Roundtable 1"))  # by its name, and not by its code
    it.page.click(".statements li >> nth=0 >> text=Fits")
    it.page.click(".statements li >> nth=1 >> text=Doesn’t fit")
    it.saved()
    assert [(found.action, found.value["code"]) for found in decided(run)] == [
        ("confirm", "trust"),
        ("refuse", "trust"),
    ]


def test_a_quote_keeps_its_code_though_the_statements_behind_it_are_more_about_other_themes(
    run: Path, open_page: Opener
) -> None:
    first = QUOTES.read(run).sort_values("overall_rank").iloc[0]
    put = QUOTES.read(run).assign(theme_id=lambda quotes: quotes["theme_id"].where(quotes.index != first.name, "trust"))
    QUOTES.write(QUOTES.frame(QUOTES.rows(put)), run)

    def accept(it: Watched) -> None:
        it.press("a")
        it.saved()

    restart(run, open_page, accept)
    [kept] = decided(run)
    assert (kept.value["theme_name"], kept.value["theme_code"]) == ("Trust", "trust")


def test_a_theme_counts_what_the_report_counts_and_says_what_it_leaves_out(run: Path, open_page: Opener) -> None:
    spoken = ASSIGNMENTS.read(run)
    coded = spoken.index[spoken["theme_id"] == "trust"]
    spoken.loc[coded[2:], "primary"] = False
    ASSIGNMENTS.write(ASSIGNMENTS.frame(ASSIGNMENTS.rows(spoken)), run)

    def counted(it: Watched) -> None:
        show(it, "Themes")
        assert it.page.inner_text(".side .theme:has-text('Trust') >> nth=-1").split("\n")[-1] == "2"
        it.page.click(".side .theme:has-text('Trust') >> nth=-1")
        drawn(it, ".facts .fact >> nth=0", re.compile(r"2\s*statements"))
        drawn(it, ".facts .fact >> nth=1", re.compile(r"[1-8] of 8\s*participants"))
        drawn(it, ".facts .fact >> nth=2", re.compile(r"[1-3] of 3\s*roundtables"))
        drawn(it, ".facts + p", re.compile(rf"^{len(coded) - 2} more statements carry it"))
        assert "stability" not in it.page.inner_text(".facts"), "a code was given, and can't fail to come back"

    restart(run, open_page, counted)


def test_a_quote_that_no_theme_holds_says_that_the_report_leaves_it_out(run: Path, open_page: Opener) -> None:
    put = QUOTES.read(run).assign(theme_id="")
    QUOTES.write(QUOTES.frame(QUOTES.rows(put)), run)

    def told(it: Watched) -> None:
        assert it.page.is_visible("text=No theme holds this: the report leaves it out")

    restart(run, open_page, told)


def test_what_no_theme_holds_has_its_own_place_beside_the_quotes(run: Path, open_page: Opener) -> None:
    quotes = QUOTES.read(run)
    put = quotes.assign(theme_id=quotes["theme_id"].where(quotes["overall_rank"] > 2, ""))
    QUOTES.write(QUOTES.frame(QUOTES.rows(put)), run)
    with serving(run) as served:
        it = open_page(served.links[0])
        everything, *each = it.page.locator(".side .theme-count").all_inner_texts()
        it.page.click(".side .theme:has-text('No theme')")
        shown = it.page.inner_text("#n-shown")
        assert "of its theme" not in it.page.inner_text(".card")
    assert shown == "2 quotes"
    assert sum(int(text.split("/")[-1]) for text in each) == int(everything.split("/")[-1])


def test_the_candidates_of_a_rejected_theme_are_counted_as_those_of_none(served: Served, open_page: Opener) -> None:
    it = open_page(served.links[0])
    before = it.page.locator(".side .theme-count").all_inner_texts()
    show(it, "Themes")
    rejected = it.page.inner_text("h1")
    it.page.click(".actions >> text=Reject theme")
    show(it, "Quotes")
    assert not it.page.is_visible(f".side .theme:has-text('{rejected}')")
    it.page.click(".side .theme:has-text('No theme')")
    assert it.page.is_visible("text=No theme holds this: the report leaves it out")
    after = it.page.locator(".side .theme-count").all_inner_texts()
    assert sorted(after) == sorted(before)


# --- names -----------------------------------------------------------------------------------------------------------


def test_doubtful_names_come_first_and_what_is_decided_stays_private(
    served: Served, open_page: Opener, run: Path
) -> None:
    it = open_page(served.links[0])
    show(it, "Names")
    it.page.wait_for_selector(".hit")
    drawn(it, ".hit h2", ["Dawn"])
    it.page.click(".hit >> text=Keep the words")
    assert it.page.is_visible("text=Nothing left to decide here")
    it.page.fill("#missed", "ffion maredudd")
    it.page.click(".missed form button")
    it.page.wait_for_selector(".missed >> text=0 places")
    it.page.fill("#missed", "sian prydderch")
    it.page.click(".missed form button")
    it.page.click("text=Replace everywhere")
    assert it.page.is_visible("text=sian prydderch: It will be replaced everywhere in the next run")
    it.saved()
    assert [path.parent.name for path in log_files(run)] == ["private"]
    assert [(found.action, len(found.subject)) for found in decided(run)] == [("keep", 6), ("add", 3)]
    with serving(run) as again:
        other = open_page(again.links[0])
        show(other, "Names")
        other.page.wait_for_selector("text=1 of 1 decided")


def test_the_arrow_keys_go_through_whose_name_it_may_be_and_only_the_button_decides(
    served: Served, open_page: Opener, run: Path
) -> None:
    it = open_page(served.links[0])
    show(it, "Names")
    it.page.wait_for_selector(".hit")
    assert it.page.is_disabled(".hit button:text-is('Confirm')")
    it.page.focus(".hit select")
    it.press("ArrowDown", "ArrowDown", "Tab")
    drawn(it, ".hit h2", ["Dawn"])
    it.press("Enter")
    it.page.wait_for_selector("text=1 of 1 decided")
    it.saved()
    assert [(found.action, found.value) for found in decided(run)] == [("same_person", {"person_id": "person-0002"})]


def test_a_decision_on_a_name_is_taken_back_without_a_keyboard(served: Served, open_page: Opener, run: Path) -> None:
    it = open_page(served.links[0])
    show(it, "Names")
    it.page.click(".hit >> text=Keep the words")
    assert it.page.is_visible("text=Nothing left to decide here")
    it.page.click("#names-undo")
    drawn(it, ".hit h2", ["Dawn"])
    it.saved()
    assert decided(run) == []


def test_a_name_decided_before_the_page_was_loaded_again_is_taken_back(
    served: Served, open_page: Opener, run: Path
) -> None:
    it = open_page(served.links[0])
    show(it, "Names")
    it.page.click("text=Keep the words")
    it.saved()
    it.page.reload()
    it.page.wait_for_selector(".names")
    it.page.click("#names-undo")
    it.page.wait_for_selector("text=Keep the words")
    assert it.page.inner_text("#live") == "Undone: Words kept. Dawn"
    assert decided(run) == []


def test_a_name_is_shown_among_whole_words_and_says_how_sure_the_finding_is(served: Served, open_page: Opener) -> None:
    it = open_page(served.links[0])
    show(it, "Names")
    drawn(it, ".hit .hit-head p", "person · doubtful · 6 places · 48% sure · found by a model that knows names")
    words = it.page.locator(".hit-words").first.inner_text()
    assert words.startswith("As Dawn told us, it is hard."), "nothing is left out before it"
    assert words.endswith(" …")
    texts = [turn.text for turn in SOURCE_TURNS.rows(SOURCE_TURNS.read(served.desk.run_folder))]
    assert any(text.startswith(f"{words[:-2]} ") for text in texts), "and no word is cut in two"


def test_where_the_gate_stopped_a_first_run_is_told_and_what_to_do_about_it(run: Path, open_page: Opener) -> None:
    for path in (run / "tables").glob("*"):
        path.unlink()
    LEAKS.path(run).write_text(
        "\ufefffile,place,whose,words\ntables/turns.parquet,column text,person A,at dawn we met\n", encoding="utf-8"
    )
    with serving(run) as served:
        it = open_page(served.links[0])
        assert it.page.inner_text(".nothing h1") == "The last run was stopped"
        assert "Under Names stands where" in it.page.inner_text("main")
        show(it, "Names")
        drawn(it, "#stopped-title", "The last run was stopped here")
        assert "at dawn we met" in it.page.inner_text("section:has(#stopped-title)")
        it.page.click(".hit >> text=Keep the words")
        it.saved()
    assert [found.action for found in decided(run)] == ["keep"]


def test_a_narrow_list_cuts_a_roundtables_name_and_never_a_warning(run: Path, open_page: Opener) -> None:
    meetings = ROUNDTABLES.read(run)
    ROUNDTABLES.write(meetings.assign(title="Getting about, and being cared for at the end of the lane"), run)
    with serving(run) as served:
        it = open_page(served.links[0], viewport={"width": 360, "height": 860})
        it.page.fill("#search", "We lost the trust of that estate")
        it.page.wait_for_selector(".flag")
        flags = it.page.locator(".flag").evaluate_all(
            "flags => flags.map(it => [it.getBoundingClientRect().right, it.offsetWidth, it.scrollWidth])"
        )
        assert flags and all(right <= 360 and width >= wanted for right, width, wanted in flags), flags


@pytest.mark.parametrize("locale", ["en-GB", "cy"])
@pytest.mark.parametrize("width", [360, 1360])
def test_whichever_status_is_chosen_its_name_is_whole(
    served: Served, open_page: Opener, width: int, locale: str
) -> None:
    it = open_page(served.links[0], viewport={"width": width, "height": 860}, locale=locale)
    it.page.locator("#search").scroll_into_view_if_needed()
    shown, wanted = it.page.evaluate(
        """() => {
          const select = document.querySelector(".filters select");
          const shown = select.offsetWidth;
          select.style.width = "max-content";
          return [shown, select.offsetWidth];
        }"""
    )
    assert shown >= wanted > 0
    assert it.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


ONE_NAME = [
    Person("person-0001", "P01", "Nia Wyn", (), "participant", "", "", "no_quotes", ("rt1",), ("person-0002",)),
    Person("person-0002", "P02", "Nia Wyn", (), "participant", "", "", "no_quotes", ("rt2",), ("person-0001",)),
]


def test_after_a_reload_the_chosen_quote_is_whole_in_the_list(served: Served, open_page: Opener) -> None:
    it = open_page(served.links[0])
    it.press(*"jjjjjjjjjj")
    it.page.reload()
    bottom = "document.querySelector('{}').getBoundingClientRect().bottom"
    chosen, shown = (it.page.evaluate(bottom.format(name)) for name in (".option[aria-selected=true]", ".list"))
    assert chosen <= shown + 1


def test_a_list_that_is_put_away_comes_back_by_mouse_and_for_a_search(served: Served, open_page: Opener) -> None:
    it = open_page(served.links[0])
    it.press("l")
    it.page.reload()
    assert not it.page.is_visible(".list")
    it.press("/")
    assert it.page.is_visible(".list") and it.page.evaluate("document.activeElement.id") == "search"
    it.page.click("text=One at a time or as a list")
    assert not it.page.is_visible(".list")
    first = it.words()
    assert it.page.get_by_label("Previous quote").is_disabled()
    it.page.get_by_label("Next quote").click()
    assert it.words() != first
    it.page.get_by_label("Previous quote").click()
    assert it.words() == first
    it.page.click("text=One at a time or as a list")
    assert it.page.is_visible(".list")


def test_a_roundtable_without_a_title_or_with_anothers_has_its_number(run: Path, open_page: Opener) -> None:
    titles = iter(["", "Trust", "Trust"])
    rows = [dataclasses.replace(row, title=next(titles)) for row in ROUNDTABLES.rows(ROUNDTABLES.read(run))]
    ROUNDTABLES.write(ROUNDTABLES.frame(rows), run)
    with serving(run) as served:
        it = open_page(served.links[0])
        assert it.page.is_visible(".said-by >> text=Roundtable 1")
        it.page.click("summary:has-text('More filters')")
        assert it.page.locator(".more select >> nth=0").inner_text().split("\n") == [
            "All",
            "Roundtable 1",
            "Trust 2",
            "Trust 3",
        ]
        it.page.click("text=Cymraeg")
        assert it.page.is_visible(".said-by >> text=Bord gron 1")


def test_a_long_quote_is_scrolled_by_keyboard(tmp_path: Path, open_page: Opener) -> None:
    from playwright.sync_api import expect

    with serving(write_run(tmp_path / "run", seed_words=["very " * 2000])) as served:
        it = open_page(served.links[0])
        it.page.focus(".words blockquote")
        it.press("End")
        expect(it.page.locator(".words blockquote")).not_to_have_js_property("scrollTop", 0)


def test_whether_two_of_one_name_are_one_person_is_asked_and_the_answer_stays(
    served: Served, open_page: Opener, run: Path
) -> None:
    PEOPLE.write(PEOPLE.frame(ONE_NAME), run)
    assert to_decide(run) == ToDecide(doubtful=1, questions=1)
    it = open_page(served.links[0])
    show(it, "Names")
    it.page.wait_for_selector(".questions >> text=Nia Wyn")
    it.page.click("#question-0-same_person")
    it.saved()
    (made,) = in_force(decided(run), SOURCE_TURNS.read(run))
    assert (made.action, made.value) == ("same_person", {"person_id": "person-0002", "same_as": "person-0001"})
    assert len(made.subject) == 2
    with serving(run) as again:
        other = open_page(again.links[0])
        show(other, "Names")
        other.page.wait_for_selector(".questions >> text=Made one person")


def test_a_word_that_may_stand_alone_though_it_is_a_third_partys_name_is_listed(
    served: Served, open_page: Opener, run: Path
) -> None:
    turns = TURNS.read(run)
    for row, text in enumerate(("By Easter it shut.", "After Easter, no.", "Not at Easter, then.")):
        turns.loc[row, "text"] = text
    TURNS.write(turns, run)
    people = [Person("person-0009", "person A", "Lowri Easter", (), "third_party", "", "", "no_quotes")]
    PEOPLE.write(PEOPLE.frame(people), run)
    kept = Redaction(turns.loc[0, "turn_id"], 3, 9, "Easter", "", "PERSON", "", "model", 0.3, "kept")
    REDACTIONS.write(REDACTIONS.frame([kept]), run)
    it = open_page(served.links[0])
    show(it, "Names")
    it.page.wait_for_selector(".let-pass >> text=“easter”: also in the name of person A · 3 places")


# --- several people --------------------------------------------------------------------------------------------------


def test_people_decide_apart_and_settle_what_they_differ_on(run: Path, open_page: Opener) -> None:
    with serving(run, reviewer="aled") as served:
        first = open_page(served.links[0])
        first.press("a", "a", "r", "1", "a")
        first.saved()
    with serving(run, reviewer="bethan") as served:
        it = open_page(served.links[0])
        assert it.page.inner_text(".progress label").startswith("0 of 120"), "what others decided isn't seen at first"
        it.press("a", "r", "4", "r", "1", "a")
        it.saved()
        assert len(approved_quotes(read_log(log_files(run)), TURNS.read(run))) == 2
        show(it, "Agreement")
        it.page.wait_for_selector("table")
        assert it.page.locator("tbody tr").count() == 3, "the two of them, and the machine with each"
        assert "75%" in it.page.inner_text("tbody tr >> nth=0")
        assert it.page.is_visible("text=1 quote to settle")
        it.page.click("text=Settle it")
        assert "People differ" in it.status()
        it.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        assert "People differ" in it.page.text_content(".paper"), "what is still open is on paper too"
        it.press("a")
        it.saved()
        show(it, "Agreement")
        it.page.wait_for_selector("text=Nothing to settle")
    assert len(approved_quotes(read_log(log_files(run)), TURNS.read(run))) == 3


def test_a_note_overrules_nobody_and_a_maybe_only_where_people_differ(run: Path, open_page: Opener) -> None:
    approved = lambda: len(approved_quotes(read_log(log_files(run)), TURNS.read(run)))  # noqa: E731
    with serving(run, reviewer="aled") as served:
        first = open_page(served.links[0])
        first.press("a", "a", "a")
        first.saved()
    with serving(run, reviewer="bethan") as served:
        it = open_page(served.links[0])
        it.press("j", "j", "r", "1")
        it.page.check("text=Show others’ decisions")
        it.page.locator(".option >> nth=0").click()
        it.page.fill("#note", "a good one")
        it.press("Escape", "j", "m")
        it.saved()
        assert approved() == 2
        it.page.locator(".option >> nth=2").click()
        it.page.fill("#note", "we differ")
        it.press("Escape")
        it.saved()
        assert approved() == 2
        it.page.wait_for_selector(".card-head >> text=People differ")
        it.press("a", "k")
        it.page.fill("#note", "we did differ")
        it.press("Escape")
        it.saved()
        assert "Accepted" in it.status(), "what was settled stays so"
    assert approved() == 3


# --- re-runs ---------------------------------------------------------------------------------------------------------


def test_what_people_call_a_theme_differently_is_told_and_one_name_is_taken(run: Path, open_page: Opener) -> None:
    for reviewer, name in (("aled", "Bridges"), ("bethan", "Ferries")):
        with serving(run, reviewer=reviewer) as served:
            it = open_page(served.links[0])
            show(it, "Themes")
            it.page.fill(".form input >> nth=0", name)
            it.page.keyboard.press("Tab")
            it.saved()
    assert decided(run) == [], "neither holds"
    with serving(run, reviewer="megan") as served:
        it = open_page(served.links[0])
        show(it, "Agreement")
        it.page.wait_for_selector("text=Themes on which people differ")
        drawn(it, ".differences p", ["aled: Name · “Bridges”", "bethan: Name · “Ferries”"])
        it.page.click("text=Take this one >> nth=1")
        it.page.wait_for_selector("text=Themes on which people differ", state="detached")
        it.saved()
        show(it, "Themes")
        assert it.page.inner_text("h1") == "Ferries"
    [taken] = decided(run)
    assert (taken.by, taken.value["name"]) == ("megan", "Ferries")


def test_a_paper_that_one_accepts_and_another_rejects_is_settled_there_too(run: Path, open_page: Opener) -> None:
    theme = next(THEMES.rows(THEMES.read(run)))
    paper = Passage("p1", theme.theme_id, "desks", "Ebsworthy (2019) Desks.", "3", "Desks are trusted.", 0.9)
    PASSAGES.write(PASSAGES.frame([paper]), run)
    for reviewer, said in (("aled", "Accept"), ("bethan", "Reject")):
        with serving(run, reviewer=reviewer) as served:
            it = open_page(served.links[0])
            show(it, "Themes")
            it.page.click(f".side .theme-name >> text='{theme.name}'")
            it.page.click(f".papers button:has-text('{said}')")
            it.saved()
    assert decided(run) == []
    with serving(run, reviewer="megan") as served:
        it = open_page(served.links[0])
        show(it, "Agreement")
        told = ["aled: Accept · “Ebsworthy (2019) Desks.”", "bethan: Reject · “Ebsworthy (2019) Desks.”"]
        drawn(it, ".differences p", told)
        it.page.click("text=Take this one >> nth=0")
        it.page.wait_for_selector("text=Themes on which people differ", state="detached")
        it.saved()
    assert [(found.by, found.action) for found in decided(run)] == [("megan", "accept")]


def test_a_paper_that_is_accepted_for_one_theme_is_not_shown_as_accepted_for_another(
    run: Path, open_page: Opener, tmp_path: Path
) -> None:
    themes = [theme for theme in THEMES.rows(THEMES.read(run)) if theme.origin == "emergent"][:2]
    rows = [
        Passage("p1", theme.theme_id, "k", "Ebsworthy (2019) Desks.", "", "Desks stand between.", 0.5)
        for theme in themes
    ]
    PASSAGES.write(PASSAGES.frame(rows), run)

    def pressed(it: Watched) -> list[bool]:
        show(it, "Themes")
        shown = []
        for theme in themes:
            it.page.click(f".side .theme:has-text('{theme.name}')")
            shown.append(it.page.get_attribute(".papers button.accept", "aria-pressed") == "true")
        return shown

    with serving(run) as served:
        it = open_page(served.links[0])
        assert pressed(it) == [False, False]
        it.page.click(".papers button.accept")
        it.saved()
        assert pressed(it) == [False, True]
        it.page.reload()
        assert pressed(it) == [False, True]
    pack = open_page(write_pack(run, tmp_path / "pack.html").as_uri())
    pack.page.keyboard.type("megan")
    pack.press("Enter")
    assert pressed(pack) == [False, True]


def test_a_code_on_which_two_differ_is_settled_there_and_a_maybe_is_told_apart(run: Path, open_page: Opener) -> None:
    theme = next(THEMES.rows(THEMES.read(run)))
    first, second = (
        Span.cut(row.turn_id, row.text, 0, len(row.text)) for row in list(TURNS.rows(TURNS.read(run)))[1:3]
    )
    said = [
        ("coding", "confirm", "refuse", first),
        ("quote", "accept", "reject", first),
        ("quote", "accept", "maybe", second),
    ]
    for number, (kind, mine, other, words) in enumerate(said):
        for by, action in (("aled", mine), ("bethan", other)):
            made: dict[str, Any] = {"kind": kind, "action": action, "value": {"code": theme.theme_id}}
            append(
                run,
                [Decision(decision_id=f"{by}{number}", at=f"2026-05-0{number + 1}", by=by, subject=(words,), **made)],
            )
    with serving(run, reviewer="megan") as served:
        it = open_page(served.links[0])
        show(it, "Agreement")
        it.page.wait_for_selector("text=1 quote to settle: until then it isn’t printed.")
        assert it.page.is_visible("text=Of 1 quote somebody says “maybe”: there the other’s verdict stands.")
        assert it.page.is_visible("text=Codes on which people differ")
        assert it.page.inner_text(".differences h3") == theme.name
        drawn(it, ".differences ul p", ["aled: Fits", "bethan: Doesn’t fit"])
        it.page.click("text=Take this one >> nth=1")
        it.page.wait_for_selector("text=Codes on which people differ", state="detached")
        it.saved()
    [taken] = [found for found in decided(run) if found.kind == "coding"]
    assert (taken.by, taken.action) == ("megan", "refuse")


def test_a_quote_of_which_two_accept_other_words_is_held_back_and_settled(run: Path, open_page: Opener) -> None:
    quote = next(QUOTES.rows(QUOTES.read(run)))
    text = next(row.text for row in TURNS.rows(TURNS.read(run)) if row.turn_id == quote.turn_id)
    proposed = Span.cut(quote.turn_id, text, quote.start, quote.end)
    shorter = Span.cut(quote.turn_id, text, quote.start, quote.start + text[quote.start :].index(" ", 20))
    for by, words in (("aled", proposed), ("bethan", shorter)):
        value = {"candidate": proposed.model_dump()} if words != proposed else {}
        made: dict[str, Any] = {"kind": "quote", "action": "accept", "value": value}
        append(run, [Decision(decision_id=by, at="2026-05-01", by=by, subject=(words,), **made)])
    assert decided(run) == []
    with serving(run, reviewer="megan") as served:
        it = open_page(served.links[0])
        show(it, "Agreement")
        it.page.wait_for_selector("text=1 quote to settle")
        assert "Not the same words of it." in it.page.inner_text(".differences")
        it.page.click("text=Settle it")
        assert "People differ" in it.status()
        it.press("a")
        it.saved()
    assert [found.by for found in decided(run)] == ["megan"]


def test_quotes_that_have_words_in_common_are_pointed_at_before_they_are_printed_twice(
    run: Path, open_page: Opener
) -> None:
    first, second, *_ = QUOTES.rows(QUOTES.read(run))
    text = next(row.text for row in TURNS.rows(TURNS.read(run)) if row.turn_id == first.turn_id)
    proposed, other = (Span.cut(quote.turn_id, text, quote.start, quote.end) for quote in (first, second))
    longer = Span.cut(first.turn_id, text, first.start, second.start + text[second.start :].index(" ", 20))
    for by, words, value in (("aled", longer, {"candidate": proposed.model_dump()}), ("bethan", other, {})):
        made: dict[str, Any] = {"kind": "quote", "action": "accept", "value": value}
        append(run, [Decision(decision_id=by, at="2026-05-01", by=by, subject=(words,), **made)])
    with serving(run, reviewer="megan") as served:
        it = open_page(served.links[0])
        show(it, "Agreement")
        it.page.wait_for_selector("text=Printed twice")
        drawn(it, ".differences blockquote", [longer.text, other.text])
        # The two decided nothing that the other did: of nothing no answer is common.
        assert it.page.inner_text("tbody tr >> nth=0").split("\t")[1:] == ["0 / 2", "–", "–", "–", "–", "–"]
        it.page.click(".differences >> text=Settle it >> nth=0")
        drawn(it, ".words blockquote", longer.text)
        it.page.click(f".warning >> text={other.text}")
        drawn(it, ".words blockquote", other.text)
        assert it.page.is_visible(f".warning >> text={longer.text}")
        it.press("r", "1")
        it.saved()
        show(it, "Agreement")
        it.page.wait_for_selector("text=Disagreements")
        assert not it.page.is_visible("text=Printed twice")


def test_every_decision_is_there_after_a_run_with_a_transcript_more(
    run: Path, open_page: Opener, tmp_path: Path
) -> None:
    with serving(run) as served:
        it = open_page(served.links[0])
        it.press("a", "r", "1", "m", "]", "a")
        it.saved()
    before = {(found.action, found.subject[0].text) for found in decided(run)}
    longer = write_run(tmp_path / "longer", roundtables=4)
    shutil.copytree(run / "review", longer / "review")

    def same(again: Watched) -> None:
        assert again.page.inner_text(".progress label") == f"{len(before)} of 160 decided"

    assert {
        (found.action, found.subject[0].text) for found in in_force(read_log(log_files(longer)), TURNS.read(longer))
    } == before
    restart(longer, open_page, same)


def test_a_quote_whose_transcript_was_corrected_asks_for_another_look(run: Path, open_page: Opener) -> None:
    with serving(run) as served:
        it = open_page(served.links[0])
        it.press("a", "a")
        it.saved()
    for table in (TURNS, STATEMENTS, QUOTES):
        frame = table.read(run)
        # As long as it was, so that what stands after it keeps its place in the tables.
        words = frame["text"].str.replace(
            "when somebody who has lived it", "when somebody who had lived it", regex=False
        )
        table.write(frame.assign(text=words), run)
    assert len(approved_quotes(read_log(log_files(run)), TURNS.read(run))) == 1

    def look(again: Watched) -> None:
        again.page.click(".missing >> text=1 decision needs another look")
        assert "Needs another look" in again.status()
        assert again.page.inner_text(".was del >> nth=0").strip() == "has"
        again.press("a")
        again.saved()

    restart(run, open_page, look)
    assert len(approved_quotes(read_log(log_files(run)), TURNS.read(run))) == 2


# --- the pack --------------------------------------------------------------------------------------------------------


def test_a_pack_works_from_a_file_keeps_what_is_decided_and_gives_it_back(
    run: Path, open_page: Opener, tmp_path: Path
) -> None:
    pack = write_pack(run, tmp_path / "pack.html")
    it = open_page(pack.as_uri())
    it.page.fill("dialog input", "Carys")
    it.press("Enter", "x", "a", "r", "2", "]", "a", "m")
    assert it.page.inner_text(".progress label").startswith("4 of 120")
    it.page.reload()
    it.page.wait_for_selector(".progress")
    assert it.page.inner_text(".progress label").startswith("4 of 120"), "kept in the browser"
    with it.page.expect_download() as download:
        it.page.click("text=Download decisions")
    merged = merge(run, [Path(download.value.path())])
    assert (merged.by, merged.already_there) == (("Carys",), 0)
    assert sorted(found.action for found in decided(run)) == ["accept", "accept", "maybe", "reject"]
    assert " … " in approved_quotes(read_log(log_files(run)), TURNS.read(run))[0].text, "with what was cut out"
    assert download.value.suggested_filename == "decisions-carys.jsonl"

    elsewhere = open_page(pack.as_uri())
    elsewhere.page.fill("dialog input", "Dewi")
    elsewhere.press("Enter")
    with elsewhere.page.expect_file_chooser() as chooser:
        elsewhere.page.click("button:text-is('Load decisions')")
    chooser.value.set_files(download.value.path())
    elsewhere.page.wait_for_selector("text=Show others’ decisions")
    elsewhere.page.check("text=Show others’ decisions")
    assert elsewhere.page.inner_text(".progress label").startswith("4 of 120")


def test_two_windows_of_one_pack_lose_nothing(run: Path, open_page: Opener, tmp_path: Path) -> None:
    pack = write_pack(run, tmp_path / "pack.html")
    one = open_page(pack.as_uri())
    one.page.fill("dialog input", "Carys")
    one.press("Enter")
    two = open_page(pack.as_uri(), context=one.page.context)
    one.press("a", "a")
    two.press("j", "j", "r", "1")
    assert two.page.inner_text(".progress label").startswith("3 of 120")
    one.page.evaluate("window.dispatchEvent(new Event('focus'))")
    one.page.wait_for_selector("text=3 of 120 decided")
    one.page.close()
    with two.page.expect_download() as download:
        two.page.click("text=Download decisions")
    merge(run, [Path(download.value.path())])
    assert sorted(found.action for found in decided(run)) == ["accept", "accept", "reject"]


def test_a_pack_whose_browser_was_killed_has_what_was_decided_last(
    run: Path, open_page: Opener, tmp_path: Path
) -> None:
    pack = write_pack(run, tmp_path / "pack.html")
    it = open_page(pack.as_uri())
    it.page.fill("dialog input", "Carys")
    it.press("Enter", "a", "a", "r")
    drawn(it, ".progress label", "3 of 120 decided")
    # A browser writes this to the disk some seconds later, and one that is killed before it doesn't.
    it.page.evaluate("localStorage.clear()")
    again = open_page(pack.as_uri(), context=it.page.context)
    it.page.close()
    drawn(again, ".progress label", "3 of 120 decided")
    assert again.page.is_visible("text=Deciding as Carys")
    again.press("u")
    drawn(again, ".progress label", "2 of 120 decided")


def test_a_pack_takes_in_no_file_that_holds_something_else(run: Path, open_page: Opener, tmp_path: Path) -> None:
    it = open_page(write_pack(run, tmp_path / "pack.html").as_uri())
    it.page.fill("dialog input", "Carys")
    it.press("Enter", "a")
    (tmp_path / "other.jsonl").write_text('{"said": "something"}\n', encoding="utf-8")
    with it.page.expect_file_chooser() as chooser:
        it.page.click("button:text-is('Load decisions')")
    chooser.value.set_files(tmp_path / "other.jsonl")
    it.page.click("dialog:has-text('Line 1 of this file is not a decision') >> text=Close")
    with it.page.expect_download() as download:
        it.page.click("text=Download decisions")
    assert merge(run, [Path(download.value.path())]).added == 1


@pytest.mark.parametrize(
    "by_hand", [{"at": "yesterday"}, {"action": "acept"}, {"by": ""}, {"subject": "words"}, {"value": []}, {"note": 5}]
)
def test_a_pack_takes_in_no_file_that_would_be_refused_at_home(
    run: Path, open_page: Opener, tmp_path: Path, by_hand: dict[str, Any]
) -> None:
    it, file, _ = next_pack(run, open_page, tmp_path / "pack.html")
    good, other = (json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()[:2])
    file = tmp_path / "by_hand.jsonl"
    for second in ({**other, **by_hand}, {**good, "action": "maybe"}):
        file.write_text(f"{json.dumps(good)}\n{json.dumps(second)}\n", encoding="utf-8")
        load_file(it, file)
        it.page.click("dialog:has-text('Line 2 of this file is not a decision') >> text=Close")
    file.write_text("", encoding="utf-8")
    load_file(it, file)
    it.page.click("dialog:has-text('Line 1 of this file is not a decision') >> text=Close")


def test_a_file_of_another_run_is_asked_about_before_a_pack_takes_it_in(
    run: Path, open_page: Opener, tmp_path: Path
) -> None:
    _, file, _ = next_pack(run, open_page, tmp_path / "pack.html")
    elsewhere = write_run(tmp_path / "elsewhere", seed_words=["Whereas"] * 120)
    it = open_page(write_pack(elsewhere, tmp_path / "elsewhere.html").as_uri())
    it.page.fill("dialog input", "Carys")
    it.press("Enter", "j", "m")
    load_file(it, file)
    it.page.click("dialog:has-text('None of these decisions is about words in this page') >> text=Cancel")
    with it.page.expect_download() as download:
        it.page.click("text=Download decisions")
    assert merge(elsewhere, [Path(download.value.path())]).added == 1


def test_somebody_else_at_the_same_browser_decides_for_themselves(run: Path, open_page: Opener, tmp_path: Path) -> None:
    it = open_page(write_pack(run, tmp_path / "pack.html").as_uri())
    it.page.fill("dialog input", "Carys")
    it.press("Enter", "a")
    it.page.reload()
    it.page.click("text=Deciding as Carys")
    it.page.fill("dialog input", "Dewi")
    it.press("Enter")
    it.page.wait_for_selector("text=0 of 120 decided")
    it.press("j", "r", "1")
    with it.page.expect_download() as download:
        it.page.click("text=Download decisions")
    assert merge(run, [Path(download.value.path())]).by == ("Carys", "Dewi")
    assert {(found.by, found.action) for found in decided(run)} == {("Carys", "accept"), ("Dewi", "reject")}


def test_whoever_gives_no_name_leaves_the_one_who_decides(run: Path, open_page: Opener, tmp_path: Path) -> None:
    it = open_page(write_pack(run, tmp_path / "pack.html").as_uri())
    it.page.fill("dialog input", "Carys")
    it.press("Enter")
    it.page.click("text=Deciding as Carys")
    it.page.fill("dialog input", "  ")
    it.press("Enter", "Escape", "a")
    with it.page.expect_download() as download:
        it.page.click("text=Download decisions")
    assert [found.by for found in read_log([Path(download.value.path())])] == ["Carys"]


def test_a_pack_made_again_after_a_correction_still_has_what_was_decided_in_the_first(
    run: Path, open_page: Opener, tmp_path: Path
) -> None:
    pack = write_pack(run, tmp_path / "pack.html")
    it = open_page(pack.as_uri())
    it.page.fill("dialog input", "Carys")
    it.press("Enter", "a", "m")
    it.page.close()
    turns = TURNS.read(run)
    turns.loc[30, "text"] += " Thank you."
    TURNS.write(turns, run)
    again = open_page(write_pack(run, pack).as_uri(), context=it.page.context)
    again.page.wait_for_selector("text=2 of 120 decided")
    with again.page.expect_download() as download:
        again.page.click("text=Download decisions")
    assert merge(run, [Path(download.value.path())]).by == ("Carys",)
    assert len(decided(run)) == 2


def test_a_pack_made_again_after_a_withdrawal_brings_none_of_the_words_back(
    run: Path, open_page: Opener, tmp_path: Path
) -> None:
    pack = write_pack(run, tmp_path / "pack.html")
    it = open_page(pack.as_uri())
    it.page.fill("dialog input", "Carys")
    it.press("Enter", "a", "j", "m")
    with it.page.expect_download() as download:
        it.page.click("text=Download decisions")
    gone, other = read_log([Path(download.value.path())])
    it.page.close()
    turn_id = gone.subject[0].turn_id
    turns, quotes, statements = TURNS.read(run), QUOTES.read(run), STATEMENTS.read(run)
    TURNS.write(turns[turns["turn_id"] != turn_id], run)
    QUOTES.write(quotes[quotes["turn_id"] != turn_id], run)
    STATEMENTS.write(statements[statements["turn_id"] != turn_id], run)
    again = open_page(write_pack(run, pack).as_uri(), context=it.page.context)
    with again.page.expect_download() as download:
        again.page.click("text=Download decisions")
    brought = Path(download.value.path())
    assert [found.decision_id for found in read_log([brought])] == [other.decision_id]
    assert f'"{turn_id}"' not in brought.read_text(encoding="utf-8")


def test_a_pack_takes_in_the_log_of_a_run(run: Path, open_page: Opener, tmp_path: Path) -> None:
    pack = write_pack(run, tmp_path / "pack.html")
    with serving(run) as served:
        here = open_page(served.links[0])
        here.press("a", "r", "u", "m")
        here.saved()
    it = open_page(pack.as_uri())
    it.page.fill("dialog input", "Carys")
    it.press("Enter")
    with it.page.expect_file_chooser() as chooser:
        it.page.click("button:text-is('Load decisions')")
    chooser.value.set_files(log_files(run))
    it.page.check("text=Show others’ decisions")
    assert it.page.inner_text(".progress label").startswith("2 of 120")


def next_pack(run: Path, open_page: Opener, pack: Path) -> tuple[Watched, Path, dict[str, Any]]:
    """Carys, whose name is in the talk, decides two quotes in a pack: her window, her file, the next pack's data."""
    it = open_page(write_pack(run, pack).as_uri())
    it.page.fill("dialog input", "Carys")
    it.press("Enter", "a", "r", "1")
    with it.page.expect_download() as download:
        it.page.click("text=Download decisions")
    merge(run, [Path(download.value.path())])
    data = pack_data(run, find_names=lambda text: ["person-0001"] if text == "Carys" else [])
    pack.write_text(packed(data), encoding="utf-8")
    return it, Path(download.value.path()), data


def test_who_has_a_name_of_the_talk_knows_their_decisions_in_the_next_pack(
    run: Path, open_page: Opener, tmp_path: Path
) -> None:
    pack = tmp_path / "pack.html"
    it, _, data = next_pack(run, open_page, pack)
    assert {row["by"] for row in data["decisions"]} == {"reviewer 1"}
    again = open_page(pack.as_uri(), context=it.page.context)
    again.press("j", "j", "m")
    again.page.reload()
    again.page.wait_for_selector("text=3 of 120 decided")


def test_whose_decisions_a_pack_holds_is_known_once_they_are_loaded(
    run: Path, open_page: Opener, tmp_path: Path
) -> None:
    pack = tmp_path / "pack.html"
    _, file, _ = next_pack(run, open_page, pack)
    elsewhere = open_page(pack.as_uri())
    elsewhere.page.fill("dialog input", "Carys")
    elsewhere.press("Enter")
    assert elsewhere.page.inner_text(".progress label").startswith("0 of 120")
    with elsewhere.page.expect_file_chooser() as chooser:
        elsewhere.page.click("button:text-is('Load decisions')")
    chooser.value.set_files(file)
    elsewhere.page.wait_for_selector("text=2 of 120 decided")


def test_a_browser_that_keeps_nothing_asks_before_a_pack_is_closed(
    run: Path, open_page: Opener, tmp_path: Path
) -> None:
    it = open_page(write_pack(run, tmp_path / "pack.html").as_uri())
    it.page.evaluate("void (Storage.prototype.setItem = () => { throw new Error('full'); })")
    it.page.fill("dialog input", "Carys")
    it.press("Enter", "a")
    it.page.wait_for_selector("text=This browser keeps nothing: download")
    with it.page.expect_download():
        it.page.click("text=Download decisions")
    assert it.page.inner_text("#saved") == "This browser keeps nothing; everything so far is downloaded"
    it.press("m")
    it.page.wait_for_selector("text=This browser keeps nothing: download")
    with it.page.expect_event("dialog") as asked:
        it.page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.accept()


def test_a_pack_holds_no_name(run: Path, tmp_path: Path) -> None:
    with serving(run):
        pass
    text = write_pack(run, tmp_path / "pack.html").read_text(encoding="utf-8")
    assert "Prydderch" not in text
    assert "private/" not in text


# --- hostile words ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["served", "packed"])
def test_words_made_of_markup_stay_words(tmp_path: Path, open_page: Opener, kind: str) -> None:
    run = write_run(tmp_path / "hostile", roundtables=1, seed_words=HOSTILE)
    for table in (THEMES,):
        frame = table.read(run)
        table.write(frame.assign(name=f"{HOSTILE[0]}{HOSTILE[2]}"), run)

    def check(it: Watched) -> None:
        for words in HOSTILE:
            assert words.strip() in it.words()
            it.press("m")
        it.page.click(".tab:has-text('Themes')")
        assert HOSTILE[0] in it.page.inner_text("h1")
        assert "owned" not in it.page.title()
        assert it.page.locator("main script, main img").count() == 0

    if kind == "packed":
        it = open_page(write_pack(run, tmp_path / "pack.html").as_uri())
        it.page.fill("dialog input", HOSTILE[0][:60])
        it.press("Enter")
        check(it)
        return
    with serving(run) as served:
        it = open_page(served.links[0])
        check(it)
        it.saved()
    spans = [found.subject[0] for found in decided(run)]
    texts = dict(zip(TURNS.read(run)["turn_id"], TURNS.read(run)["text"], strict=True))
    assert all(texts[span.turn_id][span.start : span.end] == span.text for span in spans)
    assert len(spans) == len(HOSTILE)


# --- everybody -------------------------------------------------------------------------------------------------------


def axe(it: Watched) -> list[str]:
    """What axe-core finds against WCAG 2.2 AA and its own best practices."""
    from axe_core_python.base import AXE_SCRIPT

    it.page.evaluate(AXE_SCRIPT)
    found = it.page.evaluate("axe.run().then((results) => results.violations)")
    return [f"{rule['id']}: {rule['nodes'][0]['html'][:160]} {rule['nodes'][0]['failureSummary']}" for rule in found]


def with_two_reviewers(run: Path) -> Path:
    quotes = list(QUOTES.rows(QUOTES.read(run)))
    texts = dict(zip(TURNS.read(run)["turn_id"], TURNS.read(run)["text"], strict=True))
    rows = [
        Decision(
            decision_id=f"{by}{number}", at="", by=by, kind="quote",
            action=("accept", "reject", "maybe")[(number + len(by)) % 3],
            subject=(Span.cut(quote.turn_id, texts[quote.turn_id], quote.start, quote.end),),
        )
        for by in ("aled", "bethan", "megan") for number, quote in enumerate(quotes[:9])
    ]  # fmt: skip
    append(run, rows)
    pictures = run / "tables" / "pictures"
    pictures.mkdir()
    (pictures / "map.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><title>A map</title><desc>Two dots</desc>'
        '<circle cx="10" cy="10" r="5"/><circle cx="30" cy="10" r="5"/></svg>',
        encoding="utf-8",
    )
    return run


@pytest.mark.parametrize(
    ("width", "scheme"),
    [(1360, "light"), (640, "light"), (1360, "dark")],
    ids=["a desk", "a window at 200 %", "by night"],
)
def test_axe_finds_nothing_in_any_view(run: Path, open_page: Opener, width: int, scheme: str) -> None:
    PEOPLE.write(PEOPLE.frame(ONE_NAME), run)
    with serving(with_two_reviewers(run)) as served:
        # axe itself is a script from elsewhere, which the page's policy would refuse.
        it = open_page(
            served.links[0],
            viewport={"width": width, "height": 860},
            bypass_csp=True,
            reduced_motion="reduce",
            color_scheme=scheme,
        )
        it.page.check("text=Show others’ decisions")
        it.press("c", "x")
        for view in VIEWS:
            show(it, view)
            it.page.wait_for_selector({"Names": ".hit", "Agreement": "table"}.get(view, "h2, .words"))
            if view == "Themes":
                it.page.click("summary:has-text('Pictures')")
            assert axe(it) == [], view
            overflow = it.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert overflow <= 0, f"{view} has to be scrolled sideways"
        it.press("?")
        assert axe(it) == [], "help"
        it.page.click("text=Close")
        it.page.click("text=Lock")
        it.page.wait_for_selector(".locked")
        assert axe(it) == [], "lock"
        it.complaints.clear()


@pytest.mark.parametrize("width", [1360, 360])
def test_axe_finds_nothing_in_a_pack(run: Path, open_page: Opener, tmp_path: Path, width: int) -> None:
    pack = write_pack(run, tmp_path / "pack.html")
    it = open_page(
        pack.as_uri(), viewport={"width": width, "height": 740}, bypass_csp=True, reduced_motion="reduce", locale="cy"
    )
    assert axe(it) == [], "who decides"
    it.page.fill("dialog input", "Carys Angharad")
    it.press("Enter", "a")
    assert axe(it) == []
    it.page.click("text=Yn penderfynu: Carys Angharad")
    assert axe(it) == [], "somebody else"
    overflow = it.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0
    it.complaints.clear()


def test_everything_can_be_reached_by_tab_and_focus_is_seen(served: Served, open_page: Opener) -> None:
    it = open_page(served.links[0])
    seen = set()
    for _ in range(80):
        it.press("Tab")
        tag, name, outline = it.page.evaluate(
            "(() => { const it = document.activeElement; "
            "return [it.tagName, it.id || it.textContent.slice(0, 20), getComputedStyle(it).outlineStyle]; })()"
        )
        assert tag == "BODY" or outline != "none", name
        seen.add(name)
    for wanted in ("Skip to the content", "Quotes", "Accepta", "Rejectr", "Undou", "In contextc", "note", "search"):
        assert any(name.startswith(wanted[:19]) for name in seen), wanted


def test_what_is_pressed_by_keyboard_keeps_the_keyboard(served: Served, open_page: Opener, run: Path) -> None:
    it = open_page(served.links[0])
    focused = lambda: it.page.evaluate("document.activeElement.textContent || document.activeElement.value")  # noqa: E731
    for selector, key, then in (
        (".verdicts .accept", "Enter", "Accepta"),
        (".verdicts .reject", "Enter", "Rejectr"),
        (".ends button >> nth=1", "Enter", "→]"),
        (".attribution input >> nth=0", "ArrowRight", "participant"),
        (".undo", "Enter", "Undou"),
        (".context summary", "Enter", "In contextc"),
    ):
        it.page.locator(selector).focus()
        it.press(key)
        it.page.wait_for_timeout(50)
        assert focused() == then, selector
    it.page.click(".verdicts .maybe")
    assert it.page.evaluate("document.activeElement.tagName") == "BODY", "after the mouse the space bar scrolls"
    show(it, "Themes")
    it.page.locator(".actions .reject").focus()
    it.press("Enter")
    it.page.locator(".side .theme >> nth=1").focus()
    it.press("Enter")
    assert it.page.evaluate("document.activeElement.getAttribute('aria-current')") == "true"


def held(it: Watched) -> str:
    """What has the keyboard, by its words or its name."""
    return str(
        it.page.evaluate(
            "((it) => it.tagName === 'BODY' ? 'nothing' : it.ariaLabel || it.labels?.[0]?.textContent "
            "|| it.textContent)(document.activeElement)"
        )
    )


def pressed(it: Watched, selector: str, key: str = "Enter") -> str:
    """What has the keyboard after something was pressed with it."""
    it.page.locator(selector).first.focus()
    it.press(key)
    it.page.wait_for_timeout(80)
    return held(it)


def told(it: Watched) -> str:
    """What a screen reader says last."""
    it.page.wait_for_timeout(60)
    return str(it.page.inner_text("#live"))


def test_where_what_was_pressed_is_gone_the_keyboard_is_at_what_comes_next(served: Served, open_page: Opener) -> None:
    it = open_page(served.links[0])
    it.press("r")
    assert pressed(it, ".why .chip >> nth=2") == "Accepta", "of the next quote"
    assert told(it).startswith("Said better elsewhere. 2 of 120. ")
    assert pressed(it, ".ends button >> nth=1") == "Start a word later"
    assert pressed(it, "text=As proposed") == "Start a word earlier"
    it.press("x")
    assert pressed(it, "text=Put back") == "Start a word earlier"
    assert pressed(it, "#note", "Escape") == "Quote"
    assert pressed(it, "#search", "Escape") == "Candidate quotes"
    it.press("l")
    assert held(it) == "Quote", "the list is out of sight"
    it.page.locator("button:text-is('Lock')").focus()
    it.press("Enter")
    it.page.wait_for_selector(".locked")
    assert held(it).startswith("This page is locked")


def test_of_a_theme_too_the_keyboard_is_at_what_comes_next(run: Path, open_page: Opener) -> None:
    with serving(write_run(run.parent / "long", roundtables=4, turns_each=120)) as served:
        it = open_page(served.links[0])
        show(it, "Themes")
        assert pressed(it, ".actions .reject") == "Restore theme"
        assert pressed(it, "text=Restore theme") == "Reject theme"
        it.page.locator(".statements input").nth(1).check()
        pressed(it, "text=Split off as a new theme")
        it.page.fill("dialog input", "Told again")
        it.press("Enter")
        it.page.wait_for_selector(".side >> text=Told again")
        assert "story to seven services" in held(it), "the first of the statements that are left"
        it.page.locator(".statements input").nth(1).check()
        pressed(it, "text=Move to …")
        pressed(it, "dialog .primary")
        assert "story to seven services" in held(it)
        shown = it.page.locator(".statements input").count()
        it.page.locator("button:has-text(' more')").focus()
        it.press("Enter")
        inputs = "[...document.querySelectorAll('.statements input')]"
        assert it.page.evaluate(f"{inputs}.indexOf(document.activeElement)") == shown, "the first that was not shown"


def test_of_names_and_differences_too_the_keyboard_is_at_what_comes_next(run: Path, open_page: Opener) -> None:
    with serving(with_two_reviewers(run), reviewer="carys") as served:
        it = open_page(served.links[0])
        show(it, "Names")
        it.page.wait_for_selector(".hit")
        assert pressed(it, ".hit button:text-is('Keep the words')").startswith("Show"), "none is left to decide"
        it.saved()
        assert pressed(it, "#names-undo") == "Undou"
        show(it, "Agreement")
        it.page.wait_for_selector(".differences")
        assert pressed(it, "text=Settle it") == "Accepta"


def test_undo_says_what_it_took_back(served: Served, open_page: Opener) -> None:
    it = open_page(served.links[0])
    it.press("]", "t", "a", "k", "r", "2")
    it.page.fill("#search", "trust us when")
    assert told(it) == "10 quotes"
    it.page.fill("#note", "ask her")
    it.press("Escape")
    for what in ("Note", "Points to somebody", "Rejected", "Accepted", "Attribution", "Words of the quote"):
        it.press("u")
        assert told(it).startswith(f"Undone: {what}. "), what
    show(it, "Themes")
    it.page.click(".actions .reject")
    it.page.click(".side .theme >> nth=2")
    it.press("u")
    assert told(it) == "Undone: Theme rejected. Data that travels"
    assert it.page.inner_text("h1") == "Data that travels", "nothing is undone out of sight"


def test_a_theme_that_is_gone_to_is_said_and_keeps_its_name_when_the_field_is_emptied(
    served: Served, open_page: Opener
) -> None:
    it = open_page(served.links[0])
    show(it, "Themes")
    it.press("j")
    assert told(it) == it.page.inner_text("h1") == "Leadership across borders"
    it.page.fill(".form input >> nth=0", " ")
    it.press("Tab")
    assert it.page.input_value(".form input >> nth=0") == "Leadership across borders"


def test_one_undo_takes_back_what_one_press_did(served: Served, open_page: Opener, run: Path) -> None:
    it = open_page(served.links[0])
    show(it, "Themes")
    for number in (0, 1, 2):
        it.page.locator(".statements input").nth(number).check()
    it.page.click("text=Move to …")
    it.page.click("dialog .primary")
    assert it.page.inner_text(".fact dd >> nth=0") == "17"
    it.saved()
    it.page.reload()
    assert it.page.inner_text(".fact dd >> nth=0") == "17"
    it.press("u")
    assert it.page.inner_text(".fact dd >> nth=0") == "20"
    for number in (0, 1, 2):
        it.page.click(f".side .theme >> nth={number}")
        it.page.fill(".form input >> nth=1", "1 Heard")
        it.press("Tab")
    before = it.page.locator(".side .theme-name").all_inner_texts()
    it.page.click(".side .theme >> nth=2")
    it.page.click("text=Earlier")
    it.press("u")
    assert it.page.locator(".side .theme-name").all_inner_texts() == before
    it.saved()


def test_a_reload_and_the_way_back_lead_to_where_one_was(served: Served, open_page: Opener) -> None:
    it = open_page(served.links[0])
    it.page.click(".side .theme >> nth=3")
    it.press("j", "j", "a")
    words = it.words()
    show(it, "Themes")
    it.page.click(".side .theme >> nth=2")
    theme = it.page.inner_text("h1")
    it.page.reload()
    it.page.wait_for_selector("#view h1")
    assert it.page.inner_text("h1") == theme
    it.page.go_back()
    it.page.wait_for_selector(".words")
    assert (it.words(), it.page.inner_text("#n-shown")) == (words, "20 quotes")
    it.page.go_forward()
    it.page.wait_for_selector(".theme-page")


def test_what_is_decided_next_is_in_sight_on_a_small_screen(served: Served, open_page: Opener) -> None:
    it = open_page(served.links[0], viewport={"width": 640, "height": 360})
    it.page.locator("#note").scroll_into_view_if_needed()
    top = "document.querySelector('blockquote').getBoundingClientRect().top"
    it.page.evaluate(f"window.scrollBy(0, {top} + 200)")
    assert it.page.evaluate(top) < 0
    it.press("a")
    assert it.page.evaluate(top) > -1
    it.page.set_viewport_size({"width": 340, "height": 215})
    it.page.evaluate("window.scrollTo(0, 0)")
    assert it.page.evaluate(top) > 215
    it.press("j")
    assert -1 < it.page.evaluate(top) < 215
    show(it, "Themes")
    it.page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    it.press("j")
    assert it.page.evaluate("document.querySelector('.theme-page').getBoundingClientRect().top") > -1


@pytest.mark.parametrize("width", [1360, 960, 360])
def test_many_themes_make_the_page_no_longer_than_what_it_shows(run: Path, open_page: Opener, width: int) -> None:
    themes = THEMES.read(run)
    more = [themes.iloc[[0]].assign(theme_id=f"e{nth}", name=f"Theme {nth}") for nth in range(100, 300)]
    THEMES.write(pd.concat([themes, *more]), run)
    quotes = QUOTES.read(run)
    quotes["theme_id"] = [f"e{nth}" for nth in range(100, 100 + len(quotes))]
    QUOTES.write(quotes, run)
    with serving(run) as served:
        it = open_page(served.links[0], viewport={"width": width, "height": 860})
        for view in ("Quotes", "Themes"):
            show(it, view)
            assert it.page.evaluate(
                "document.documentElement.scrollHeight - Math.ceil(document.getElementById('page').clientHeight)"
            ) in (0, 1)
            assert it.page.evaluate("document.documentElement.scrollHeight") < 4000


def test_by_night_the_page_and_its_pictures_are_dark_and_what_is_printed_is_not(run: Path, open_page: Opener) -> None:
    with serving(with_two_reviewers(run)) as served:
        it = open_page(served.links[0], color_scheme="dark")
        ground = "getComputedStyle(document.body).backgroundColor"
        assert it.page.evaluate(ground) == "rgb(21, 25, 30)"
        show(it, "Themes")
        it.page.click(".pictures summary")
        assert it.page.evaluate("getComputedStyle(document.querySelector('figure img')).filter") == "invert(1)"
        it.page.emulate_media(media="print")
        assert it.page.evaluate(ground) == "rgb(255, 255, 255)"
        it.page.emulate_media(media="screen", forced_colors="active")
        picture = "getComputedStyle(document.querySelector('figure img'))"
        assert it.page.evaluate(f"{picture}.backgroundColor + {picture}.filter") == "rgb(255, 255, 255)none"


def test_in_forced_colours_what_is_chosen_is_told_apart(served: Served, open_page: Opener) -> None:
    it = open_page(served.links[0], forced_colors="active")
    it.press("r")
    colours = lambda selector, name: it.page.evaluate(  # noqa: E731
        f"[...document.querySelectorAll('{selector}')].slice(0, 3).map((it) => getComputedStyle(it).{name})"
    )
    chosen, other, _ = colours(".tab", "borderBottomColor")
    assert chosen != other
    accept, _, reject = colours(".verdicts button", "backgroundColor")
    assert accept != reject


def test_the_page_speaks_welsh_and_writes_its_numbers(served: Served, open_page: Opener) -> None:
    it = open_page(served.links[0], locale="cy-GB")
    assert it.page.evaluate("document.documentElement.lang") == "cy"
    assert it.page.inner_text(".tab >> nth=0") == "Dyfyniadau"
    assert "15 Ionawr 2026" in it.page.inner_text(".said-by")
    assert it.page.is_visible("text=Themâu heb ddyfyniad a dderbyniwyd: 6 o 6")
    it.page.click("text=English")
    assert it.page.inner_text(".tab >> nth=0") == "Quotes"


def test_in_welsh_what_speaks_for_a_quote_is_told_in_welsh(run: Path, open_page: Opener) -> None:
    quotes = [dataclasses.replace(quote, reasons=("but: abstract",)) for quote in QUOTES.rows(QUOTES.read(run))]
    QUOTES.write(QUOTES.frame(quotes), run)
    with serving(run) as served:
        it = open_page(served.links[0], locale="cy-GB")
        assert it.page.is_visible(".reasons >> text=ond: haniaethol")
        it.page.click("text=English")
        assert it.page.is_visible(".reasons >> text=but: abstract")


def test_in_welsh_a_code_has_its_welsh_name(run: Path, open_page: Opener) -> None:
    themes = list(THEMES.rows(THEMES.read(run)))
    named = dataclasses.replace(themes[0], name_cy="Ymddiriedaeth")
    THEMES.write(THEMES.frame([named, *themes[1:]]), run)
    with serving(run) as served:
        it = open_page(served.links[0], locale="cy")
        assert it.page.is_visible(".theme-name >> text=Ymddiriedaeth")
        it.page.click(".tab:has-text('Themâu')")
        assert it.page.is_visible(".theme-name >> text=Ymddiriedaeth")
        it.page.click(".theme-name >> text=Ymddiriedaeth")
        holds(it, ".form input >> nth=0", "Ymddiriedaeth")
        it.page.click("text=English")
        assert it.page.is_visible(f".theme-name >> text={named.name}")
        holds(it, ".form input >> nth=0", named.name)


def test_who_names_a_code_that_has_a_welsh_name_is_told_that_theirs_is_for_both(run: Path, open_page: Opener) -> None:
    themes = THEMES.read(run)
    THEMES.write(themes.assign(name_cy=["Ymddiriedaeth" if name == "Trust" else "" for name in themes["name"]]), run)
    with serving(run) as served:
        it = open_page(served.links[0], locale="cy-GB")
        it.page.click(".tab >> nth=1")
        it.page.click(".side .theme:has-text('Ymddiriedaeth')")
        assert "“Trust / Ymddiriedaeth”" in it.page.inner_text(".form label >> nth=0")
        it.page.click(".side .theme >> nth=0")
        assert it.page.inner_text(".form label >> nth=0").strip() == "Enw"


@pytest.mark.parametrize("width", [390, 1280])
def test_a_picture_is_not_drawn_smaller_than_it_can_be_read_on_a_phone(
    run: Path, open_page: Opener, width: int
) -> None:
    folder = run / "tables" / "pictures"
    folder.mkdir()
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="90"><title>{0}</title></svg>'
    for wide in (600, 898):
        (folder / f"{wide}.svg").write_text(svg.format(wide), encoding="utf-8")
    with serving(run) as served:
        it = open_page(served.links[0], viewport={"width": width, "height": 800})
        show(it, "Themes")
        it.page.click(".pictures summary")
        pictures = it.page.locator("figure img")
        pictures.evaluate_all("(them) => Promise.all(them.map((one) => ((one.loading = 'eager'), one.decode())))")
        wide = pictures.evaluate_all("(them) => them.map((one) => one.width)")
        assert wide == [600, 898] if width == 390 else wide[1] <= 898
        assert it.page.evaluate("document.documentElement.scrollWidth") <= width


def test_in_welsh_the_buttons_of_a_decision_stand_in_a_row(run: Path, open_page: Opener) -> None:
    with serving(run) as served:
        it = open_page(served.links[0], locale="cy-GB", viewport={"width": 1280, "height": 800})
        tops = "[...document.querySelectorAll('.verdicts .row button')].map((one) => one.getBoundingClientRect().top)"
        assert len(set(it.page.evaluate(tops))) == 1


def test_in_welsh_a_picture_is_told_in_welsh(run: Path, open_page: Opener) -> None:
    drawing = run / "tables" / "pictures" / "roundtables.svg"
    drawing.parent.mkdir()
    drawing.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>Themes by roundtable</title>'
        "<text>new, emergent</text></svg>",
        encoding="utf-8",
    )
    with serving(run) as served:
        it = open_page(served.links[0], locale="cy")
        it.page.click(".tab:has-text('Themâu')")
        it.page.click(".pictures summary")
        drawn(it, "figcaption", "Themâu fesul bord gron")
        assert it.page.get_attribute("figure img", "alt") == "Themâu fesul bord gron"
        source = "fetch(document.querySelector('figure img').src).then((answer) => answer.text())"
        assert "newydd, o’r sgwrs" in it.page.evaluate(source)
        it.page.click("text=English")
        assert "new, emergent" in it.page.evaluate(source)


def test_both_languages_have_the_same_words() -> None:
    from pipeline.review.page import words

    plurals = ("_zero", "_one", "_two", "_few", "_many", "_other")
    known = {
        language: {key.rsplit("_", 1)[0] if key.endswith(plurals) else key for key in strings}
        for language, strings in words().items()
    }
    assert known["en"] - known["cy"] <= {"reason"} and known["cy"] - known["en"] == set()


@pytest.mark.parametrize("language", ["en", "cy"])
def test_no_words_of_the_page_are_given_twice(language: str) -> None:
    keys = [key for key, _ in json.loads(static_file(f"{language}.json"), object_pairs_hook=list)]
    assert [key for key, count in Counter(keys).items() if count > 1] == []


def test_the_print_view_has_the_accepted_quotes_and_says_that_it_is_not_published(
    served: Served, open_page: Opener
) -> None:
    it = open_page(served.links[0])
    words = it.words()
    it.press("a", "r", "1")
    it.page.emulate_media(media="print")
    it.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert words in it.page.inner_text(".paper")
    assert "Not published" in it.page.inner_text(".paper")
    assert it.page.locator(".paper article").count() == 1


def test_an_empty_run_says_what_to_do(tmp_path: Path, open_page: Opener) -> None:
    with serving(tmp_path) as served:
        it = open_page(served.links[0])
        assert it.page.is_visible("text=There is no run in this folder yet")
        assert it.page.is_visible("text=roundtable run CORPUS --out RUN")


def test_a_half_made_run_says_how_to_go_on(run: Path, open_page: Opener) -> None:
    for table in (QUOTES, THEMES, ASSIGNMENTS):
        table.path(run).unlink()
    with serving(run) as served:
        it = open_page(served.links[0])
        assert it.page.is_visible("text=The same command goes on where it stopped")


def test_a_series_in_which_nobody_wants_to_be_quoted_says_so_and_heeds_no_key(run: Path, open_page: Opener) -> None:
    silent = [dataclasses.replace(person, consent="no_quotes") for person in PARTICIPANTS.rows(PARTICIPANTS.read(run))]
    PARTICIPANTS.write(PARTICIPANTS.frame(silent), run)
    QUOTES.write(QUOTES.empty(), run)
    with serving(run) as served:
        it = open_page(served.links[0])
        assert it.page.is_visible("text=Nobody at these roundtables wants to be quoted")
        assert not it.page.is_visible("text=roundtable run CORPUS --out RUN")
        it.press(*"arcxtu.j/")
        show(it, "Themes")
        it.press("j")
        assert it.page.is_visible(".form input")


def test_the_page_locks_itself_and_takes_its_words_with_it(served: Served, open_page: Opener) -> None:
    it = open_page(served.links[0])
    words = it.words()
    it.page.clock.install()
    it.press("j")
    it.page.clock.fast_forward("19:00")
    assert it.page.is_visible(".words")
    it.page.clock.fast_forward("02:00")
    it.page.wait_for_selector(".locked")
    assert words[:30] not in it.page.content()
    assert len(served.links) == 2, "a new link is in the window"


def test_neither_the_way_back_nor_the_printer_brings_the_words_again(served: Served, open_page: Opener) -> None:
    it = open_page(served.links[0])
    it.press("a")
    it.saved()
    show(it, "Themes")
    it.page.click("text=Lock")
    it.page.wait_for_selector(".locked")
    it.page.evaluate("history.back()")
    it.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    it.page.wait_for_timeout(100)
    assert it.page.locator("body").inner_text().startswith("This page is locked")
    assert "People trust us" not in it.page.content()


def test_sha256_of_the_page_is_that_of_python(served: Served, open_page: Opener) -> None:
    import hashlib

    it = open_page(served.links[0])
    for text in ("", "abc", "ŵyr Siân 🙂", "x" * 55, "x" * 56, "x" * 64, "é" * 1000):
        theirs = it.page.evaluate("async (text) => (await import('/static/text.js')).sha256(text)", text)
        assert theirs == hashlib.sha256(text.encode()).hexdigest()


def test_words_that_deny_are_known_in_both_languages(served: Served, open_page: Opener) -> None:
    """ "Rhaid i ni beidio â chau" without its "beidio" is the opposite."""
    it = open_page(served.links[0])
    asked = "async (texts) => { const { denies } = await import('/static/text.js'); return texts.map(denies); }"
    said = ["do not", "they didn’t", "beidio â", "Peidiwch", "i pheidio", "nac unrhyw", "dim ond", "peint o", "all"]
    assert it.page.evaluate(asked, said) == [True] * 7 + [False] * 2


def test_the_data_in_the_page_can_not_end_its_script(run: Path) -> None:
    from pipeline.review.page import as_json

    hostile: dict[str, Any] = {"text": "</script><!--<script>\u2028\u2029"}
    assert "<" not in as_json(hostile)
    assert json.loads(as_json(hostile)) == hostile
