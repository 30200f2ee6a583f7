"""Measures the review page with 5,000 candidates, and how decisions survive corrections of real transcripts.

Takes about a minute, without a browser half of that: then the page's figures are left out, and it says so.
"""

from __future__ import annotations

import os
import random
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks import Figure
from benchmarks.gold import coding, meetings
from pipeline.decisions import Decision, Span, append, reanchor

SEED = 20260422
SHARE = 0.05  # of a transcript's words that are changed
ROUNDS = 500
KEYS = 60


def measure(gold: Path) -> list[Figure]:
    """The figures of the review stage."""
    return [*_survival(gold), _writing(), *_page()]


def _survival(gold: Path) -> Iterator[Figure]:
    """Decisions on what readers would quote, after the transcripts were corrected at random, 500 times in all."""
    chance = random.Random(SEED)  # noqa: S311
    transcripts = meetings(gold)
    coded = [name for name in sorted(transcripts) if (gold / "senedd" / "coding" / f"{name}.json").is_file()]
    found = listed = astray = same_ends = to_the_letter = total = 0
    for number in range(ROUNDS):
        name = coded[number % len(coded)]
        before = _turns([turn["content"] for turn in transcripts[name]["meeting_transcripts"]])
        made = _made(before, coding(gold, name), chance)
        changed = [_corrected(text, chance) for text in before["text"]]
        # In every other round a turn has come in before them, so that none has the number it had.
        moved = number % 2
        after = _turns([*["Sorry, I was on mute."] * moved, *(text for text, _ in changed)])
        texts = after["text"].tolist()
        reanchored = reanchor(made, after)
        total += len(made)
        listed += len(reanchored.anchored) + len(reanchored.needs_another_look)
        places = {one.decision_id: one.subject for one in reanchored.anchored}
        places |= {look.decision.decision_id: look.present for look in reanchored.needs_another_look}
        for decision in made:
            [span] = decision.subject
            row = int(span.turn_id[-4:])
            to_the_letter += span.text in texts[row + moved]
            if places[decision.decision_id]:
                found += 1
                overlap = _overlap(places[decision.decision_id][0], row + moved, _place_now(span, changed[row][1]))
                astray += overlap < 0.5
                same_ends += overlap == 1
    n = f"{total} decisions over {ROUNDS} corrected transcripts, {SHARE:.0%} of the words changed"
    yield Figure("review", "decisions that re-attach", found / total, n, 0.95, baseline=to_the_letter / total)
    yield Figure(
        "review", "decisions attached to other words (less than half in common)", astray / total, n, 0.0, at_most=True
    )
    yield Figure("review", "re-attached decisions with the very same ends", same_ends / found, n)
    yield Figure("review", "decisions that re-attach or are listed", listed / total, n, 1.0)


def _turns(texts: Sequence[str]) -> pd.DataFrame:
    rows = [(f"rt1:t{row:04d}", "rt1", row, text) for row, text in enumerate(texts)]
    return pd.DataFrame(rows, columns=["turn_id", "transcript_id", "index", "text"])


def _made(turns: pd.DataFrame, coded: dict[str, Any], chance: random.Random) -> list[Decision]:
    """An accept on each statement that a reader would quote, ten of them at a time."""
    wanted = sorted({name for coder in coded["coders"].values() for quote in coder["quotes"] for name in quote["ids"]})
    statements = {statement["id"]: statement for statement in coded["statements"]}
    texts = turns["text"].tolist()
    made = []
    for name in chance.sample(wanted, min(10, len(wanted))):
        place = statements[name]
        row = int(place["turn"])
        span = Span.cut(f"rt1:t{row:04d}", texts[row], place["start"], place["end"])
        made.append(Decision(decision_id=str(name), at="", by="x", kind="quote", action="accept", subject=(span,)))
    return made


def _corrected(text: str, chance: random.Random) -> tuple[str, list[tuple[int, int, int, int]]]:
    """A text with some words misspelt, changed, dropped or added, and where each word was and is."""
    words = text.split(" ")
    pieces: list[str] = []
    places, at, now = [], 0, 0
    for word in words:
        new = word
        if word and chance.random() < SHARE:
            new = chance.choice([word[::-1], "", f"{chance.choice(words)} {word}", chance.choice(words), word[:-1]])
        places.append((at, at + len(word), now, now + len(new)))
        pieces.append(new)
        at, now = at + len(word) + 1, now + len(new) + 1
    return " ".join(pieces), places


def _place_now(span: Span, places: Sequence[tuple[int, int, int, int]]) -> tuple[int, int]:
    inside = [place for place in places if place[0] < span.end and span.start < place[1]]
    return inside[0][2], inside[-1][3]


def _overlap(span: Span, row: int, place: tuple[int, int]) -> float:
    """What the two have in common, over what they have together."""
    if int(span.turn_id[-4:]) != row:
        return 0.0
    shared = min(span.end, place[1]) - max(span.start, place[0])
    return max(0, shared) / (max(span.end, place[1]) - min(span.start, place[0]))


def _writing() -> Figure:
    """How long a decision takes to be on the disk when thousands are there already."""
    text = "It is not good policy if nobody can deliver it."
    span = Span.cut("rt1:t0001", text, 0, len(text))
    with tempfile.TemporaryDirectory() as folder:
        many = [
            Decision(decision_id=f"d{n}", at="", by="x", kind="quote", action="accept", subject=(span,))
            for n in range(5050)
        ]
        append(Path(folder), many[:5000])
        times = []
        for decision in many[5000:]:
            started = time.perf_counter()
            append(Path(folder), [decision])
            times.append(1000 * (time.perf_counter() - started))
    return Figure(
        "review", "ms until a decision is on the disk, after 5,000 others (95th percentile)",
        float(np.percentile(times, 95)), "50 decisions", 100, at_most=True,
    )  # fmt: skip


def _page() -> Iterator[Figure]:
    from playwright.sync_api import sync_playwright

    names = (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, (shutil.which(name) for name in names if name)), None)
    if found is None:
        print("no Chromium: the page's figures are left out (apt-get install chromium)", file=sys.stderr)
        return
    with tempfile.TemporaryDirectory() as folder, _served(Path(folder)) as link, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1360, "height": 860})
        started = time.perf_counter()
        page.goto(link)
        page.wait_for_selector(".words")
        opened = time.perf_counter() - started
        times = [page.evaluate(_KEY, "amjkjrj1cj[}"[n % 12]) for n in range(KEYS)]
        count = page.inner_text("#n-shown")
        browser.close()
    yield Figure(
        "review", "ms from a key to its answer on the screen (95th percentile)", float(np.percentile(times, 95)),
        f"{KEYS} keys with {count}", 100, at_most=True,
    )  # fmt: skip
    yield Figure("review", "seconds until the page can be used", opened, count, 10, at_most=True)


# From the key to the frame after it is drawn.
_KEY = """(key) => new Promise((resolve) => {
  const started = performance.now();
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - started)));
})"""


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    import uvicorn

    from pipeline.review.server import listen, make_app, open_desk
    from tests.review.invented import write_run

    links: list[str] = []
    run = write_run(folder / "run", roundtables=25, turns_each=100, private=False)
    desk = open_desk(run, reviewer="x", announce=links.append)
    with listen(desk) as listening:
        desk.tell_link()
        server = uvicorn.Server(uvicorn.Config(make_app(desk), log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield links[0]
        server.should_exit = True
        thread.join()
