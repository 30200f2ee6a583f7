"""What the command line prints fits the window that it is printed in."""

from __future__ import annotations

import pytest

from pipeline.cli import hung

LINE = "  left out: a note in brackets on a line of its own: 55 characters at line 18, line 80"


@pytest.mark.parametrize("width", [20, 40, 60, 200])
def test_a_line_is_broken_between_words_and_loses_none(width: int) -> None:
    broken = hung(LINE, width).split("\n")
    assert all(len(part) <= width for part in broken)
    assert " ".join(part.strip() for part in broken) == LINE.strip()
    assert broken[0].startswith("  left")
    assert all(part.startswith("    ") and part[4] != " " for part in broken[1:])


def test_a_word_longer_than_the_window_stays_whole() -> None:
    assert hung(f"ok       a model: SHA-256 {64 * 'f'}, as known", 40, hang=9).split("\n") == [
        "ok       a model: SHA-256",
        f"         {64 * 'f'},",
        "         as known",
    ]


@pytest.mark.parametrize("line", ["", "short", "  indented"])
def test_what_fits_is_left_as_it_is(line: str) -> None:
    assert hung(line, 60) == line
