"""What the command line prints: in words, and as wide as the window that it is printed in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.cli import _Lines, _what_to_open, harmless, hung, released
from pipeline.decisions import Decision, Span, append
from pipeline.synthesis.publish import Written
from pipeline.synthesis.wording import words
from pipeline.tables import THEMES, TURNS, Theme, Turn

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


def test_a_log_is_told_of_long_work_every_five_hundred_texts_and_at_its_end(capsys: pytest.CaptureFixture[str]) -> None:
    lines = _Lines()
    for done in (128, 256, 384, 499):
        lines.advances(done, 499)
    for done in (*range(128, 1_200, 128), 1_200):
        lines.advances(done, 1_200)
    lines.advances(600, 600)
    assert capsys.readouterr().err.split("\n") == [
        "  512 of 1,200",
        "  1,024 of 1,200",
        "  1,200 of 1,200",
        "  600 of 600",
        "",
    ]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("talk\x1b[2J.txt", r"talk\x1b[2J.txt"),
        ("talk\r.txt", r"talk\r.txt"),
        ("talk\u202etxt.exe", r"talk\u202etxt.exe"),
        ("Siân’s\ttalk – ŵ 😀.txt", "Siân’s\ttalk – ŵ 😀.txt"),
    ],
)
def test_the_name_of_a_file_tells_the_terminal_nothing(name: str, told: str) -> None:
    assert harmless(name) == told


def test_a_release_of_one_quote_is_told_in_the_singular_and_what_it_leaves_out_in_words() -> None:
    written = Written((Path("release/report.html"),), 1, 1, {"another_look": 1, "no_theme": 2}, unmade=1)
    assert list(released(written)) == [
        "1 quote in 1 theme:",
        "  release/report.html",
        "  1 accepted quote not printed: the transcript changed since it was approved, and it needs another look",
        "  2 accepted quotes not printed: no theme holds it, or the theme was rejected",
        "Merged or split since the run: 1 theme. `roundtable run` again, then this, counts their people anew",
    ]


def test_a_release_says_what_reviewers_differ_on_about_themes_and_codes() -> None:
    *_, themes, codes = released(Written((Path("release/report.html"),), 1, 1, {}, disputed=2, codings=1))
    assert themes == (
        "2 decisions on themes not heeded, as reviewers differ: take one under Agreement in `roundtable review`"
    )
    assert codes == (
        "1 decision on codes of statements not heeded, as reviewers differ: "
        "take one under Agreement in `roundtable review`"
    )


def test_a_release_says_which_two_quotes_print_the_same_words() -> None:
    *_, told = released(
        Written((Path("release/report.html"),), 2, 1, {}, twice=(("rt1:t0004:0-48", "rt1:t0004:20-80"),))
    )
    assert told == (
        "Some words are printed twice, in rt1:t0004:0-48 and in rt1:t0004:20-80: see Agreement in `roundtable review`"
    )


def test_each_reason_for_not_printing_a_quote_has_words_in_both_languages() -> None:
    assert set(words("en")["unprinted"]) == set(words("cy")["unprinted"])


def test_a_release_of_themes_alone_is_not_told_as_none() -> None:
    [first, *_] = released(Written((Path("release/report.html"),), 0, 0, {}))
    assert first == "What was decided on the themes, and no quotes yet:"


def test_a_codebook_that_hardly_finds_anything_is_told_at_the_end_of_a_run(tmp_path: Path) -> None:
    themes = [Theme(name, name, "codebook", "", (), n, n, 1, 1.0) for name, n in (("homes", 3), ("buses", 0))]
    THEMES.write(THEMES.frame(themes), tmp_path)
    told = "  in the codebook: 1 of 2 codes have no statement; more examples and phrases may find some"
    assert list(_what_to_open(tmp_path)) == [told]


def test_what_to_do_next_can_be_copied_though_the_run_s_path_has_a_space(tmp_path: Path) -> None:
    run = tmp_path / "my runs"
    (run / "draft").mkdir(parents=True)
    (run / "draft" / "report.html").touch()
    assert list(_what_to_open(run))[-1] == f"Then decide:  roundtable review '{run}'"


def test_a_run_says_at_its_end_how_many_decisions_lost_their_words_and_nothing_where_none_did(tmp_path: Path) -> None:
    said = "People trust whoever comes back."
    turn = Turn("rt1:t0000", "rt1", "rt1", 0, "P01", "participant", "en", said, None, None)
    TURNS.write(TURNS.frame([turn]), tmp_path)
    span = Span.cut(turn.turn_id, said, 0, len(said))
    append(tmp_path, [Decision(decision_id="1", at="", by="anna", kind="quote", action="accept", subject=(span,))])
    assert list(_what_to_open(tmp_path)) == []
    TURNS.write(TURNS.frame([replace(turn, text=said.replace("whoever", "who"))]), tmp_path)
    assert list(_what_to_open(tmp_path)) == [
        "  under Quotes and Themes: 1 decision to look at again, as the words changed or went"
    ]
