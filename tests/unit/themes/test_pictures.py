"""Pictures of themes: each with its table, safe against what a name may hold, readable in greyscale."""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree import ElementTree

import pandas as pd

from pipeline.synthesis.material import Picture as Material
from pipeline.synthesis.retold import retold
from pipeline.tables import (
    ASSIGNMENTS,
    ROUNDTABLES,
    THEME_OVERLAPS,
    THEME_PEOPLE,
    THEME_SERIES,
    THEMES,
    Assignment,
    Roundtable,
    Theme,
    ThemeOverlap,
    ThemePerson,
    ThemeSeries,
)
from pipeline.themes.pictures import (
    Picture,
    codes_by_themes,
    meetings,
    new_by_roundtable,
    themes_along_time,
    themes_by_participants,
    themes_by_roundtable,
)
from pipeline.themes.pictures import drawn as drawn_pictures
from tests.unit.themes.invented_talk import tables, talk

THEMES_FOUND = THEMES.frame(
    [
        Theme("e01", "Trust & <b>neighbours</b>", "emergent", "", ("trust",), 20, 2, 2, 0.9),
        Theme("e02", "Buses", "emergent", "", ("buses",), 8, 1, 1, 0.7),
        Theme("risk", "Risk", "codebook", "", (), 4, 1, 1, 1.0),
    ]
)
PEOPLE = THEME_PEOPLE.frame(
    [ThemePerson("e01", "P01", 12, 200), ThemePerson("e01", "P02", 8, 90), ThemePerson("e02", "P02", 8, 70)]
)
SERIES = THEME_SERIES.frame(
    [
        ThemeSeries("e01", "rt1", 1, 12, 1, 2, "new"),
        ThemeSeries("e01", "rt2", 2, 8, 2, 2, "grown"),
        ThemeSeries("e02", "rt2", 2, 8, 1, 2, "new"),
    ]
)
OVERLAPS = THEME_OVERLAPS.frame([ThemeOverlap("e02", "risk", 3, 0.375, 0.75)])


def cells(picture: Picture) -> list[list[str]]:
    rows = ElementTree.fromstring(picture.table).findall("./tbody/tr")
    return [["".join(cell.itertext()) for cell in row] for row in rows]


def drawn(picture: Picture) -> list[str]:
    return [
        "".join(text.itertext()) for text in ElementTree.fromstring(picture.svg).iter() if text.tag.endswith("text")
    ]


def test_who_spoke_of_what_is_in_the_picture_and_in_its_table() -> None:
    picture = themes_by_participants(THEMES_FOUND, PEOPLE)

    assert cells(picture) == [["Trust & <b>neighbours</b>", "12", "8"], ["Buses", "0", "8"]]
    assert drawn(picture) == ["P01", "P02", "Trust & <b>neighbours</b>", "12", "8", "Buses", "8"]


def test_a_theme_at_a_roundtable_is_counted_by_people() -> None:
    assert cells(themes_by_roundtable(THEMES_FOUND, SERIES)) == [
        ["Trust & <b>neighbours</b>", "1", "2"],
        ["Buses", "0", "1"],
    ]


def test_what_is_heard_for_the_first_time_is_told_of_themes_and_of_codes() -> None:
    risk = THEME_SERIES.frame([ThemeSeries("risk", "rt1", 1, 4, 1, 2, "new")])

    assert cells(new_by_roundtable(THEMES_FOUND, SERIES)) == [["new, emergent", "1", "1"]]
    assert cells(new_by_roundtable(THEMES_FOUND, pd.concat([SERIES, risk]))) == [
        ["new, emergent", "1", "1"],
        ["new, of the codebook", "1", "0"],
    ]


def test_a_theme_stands_under_the_one_it_hangs_under() -> None:
    themes = THEMES.frame(
        Theme(name, name.title(), "emergent", parent, (), size, 2, 1, 0.9)
        for name, parent, size in [("large", "", 9), ("middle", "", 5), ("small", "large", 2), ("least", "small", 1)]
    )

    rows = [row[0] for row in cells(themes_by_participants(themes, PEOPLE))]

    assert rows == ["Large", "– Small", "– – Least", "Middle"]


def test_no_name_runs_out_of_its_picture() -> None:
    long = THEMES_FOUND.assign(name=["T" * 30, "B" * 30, "R" * 60])

    picture = codes_by_themes(long, OVERLAPS)

    width, height = map(float, ElementTree.fromstring(picture.svg).attrib["viewBox"].split()[2:])
    heads = [text for text in ElementTree.fromstring(picture.svg).iter() if "rotate" in text.get("transform", "")]
    reach = [34 * 6.5 * 0.7 for _ in heads]  # of 34 letters, to the right and up
    assert all(float(text.get("x", 0)) + far <= width for text, far in zip(heads, reach, strict=True))
    assert all(0 <= float(text.get("y", 0)) - far <= height for text, far in zip(heads, reach, strict=True))


def test_codes_lie_beside_what_emerged() -> None:
    assert cells(codes_by_themes(THEMES_FOUND, OVERLAPS)) == [["Trust & <b>neighbours</b>", "0"], ["Buses", "3"]]


def test_a_theme_has_a_mark_for_each_of_its_statements_along_the_meeting() -> None:
    statements, turns, _ = tables({"rt2": talk(("money",)), "rt1": talk(("trust",))})
    carried = ASSIGNMENTS.frame(
        Assignment(name, "e01", "emergent", True, 0.9)
        for name in statements.loc[statements["transcript_id"] == "rt1", "statement_id"].tail(5)
    )

    along = themes_along_time(THEMES_FOUND, statements, turns, carried)

    picture = along["rt1"]
    assert list(along) == ["rt1", "rt2"]
    assert cells(along["rt2"]) == []
    assert cells(picture)[0][-1] != "0"  # the last tenth of the meeting
    assert [row[:2] for row in cells(picture)] == [["Trust & <b>neighbours</b>", "5"]]
    assert picture.svg.count("v14") == 5


def test_a_picture_says_which_meeting_it_is_of() -> None:
    statements, turns, _ = tables({"rt2": talk(("money",)), "rt1": talk(("trust",))})
    table = ROUNDTABLES.frame(
        [Roundtable("rt1", 1, "Public trust", "2026-02-24", "en", ()), Roundtable("rt2", 2, "", "", "en", ())]
    )
    called = meetings(table)
    one_title = meetings(table.assign(title="Public trust"))

    along = themes_along_time(THEMES_FOUND, statements, turns, ASSIGNMENTS.empty(), called=called)

    assert [picture.title for picture in along.values()] == [
        "Themes along the meeting: Public trust",
        "Themes along the meeting: Roundtable 2",
    ]
    assert "<title>Themes along the meeting: Public trust</title>" in along["rt1"].svg
    assert drawn(themes_by_roundtable(THEMES_FOUND, SERIES, called=called))[:2] == ["Public trust", "Roundtable 2"]
    assert drawn(new_by_roundtable(THEMES_FOUND, SERIES, called=called))[:2] == ["Public trust", "Roundtable 2"]
    assert list(one_title.values()) == ["Public trust 1", "Public trust 2"], "two of one name are told apart"


def test_pictures_use_greys_alone_and_fetch_nothing() -> None:
    for picture in (themes_by_participants(THEMES_FOUND, PEOPLE), codes_by_themes(THEMES_FOUND, OVERLAPS)):
        greys = re.findall(r"rgb\((\d+),(\d+),(\d+)\)", picture.svg)
        assert greys
        assert all(red == green == blue for red, green, blue in greys)
        assert "href" not in picture.svg
        assert "<b>" not in picture.svg + picture.table


def test_the_number_in_a_cell_is_readable_by_day_and_turned_round_by_night() -> None:
    def light(grey: int) -> float:  # WCAG 2.2, relative luminance
        return grey / 255 / 12.92 if grey <= 10 else ((grey / 255 + 0.055) / 1.055) ** 2.4

    def contrast(one: int, other: int) -> float:
        low, high = sorted((light(one), light(other)))
        return (high + 0.05) / (low + 0.05)

    people = THEME_PEOPLE.frame([ThemePerson("e01", f"P{n:03}", n, n) for n in range(1, 300)])
    svg = themes_by_participants(THEMES_FOUND, people).svg
    cells = [
        (int(grey), 255 if ink == "#fff" else 0)
        for grey, ink in re.findall(r'fill="rgb\((\d+),[^>]*><text[^>]*fill="(#\w+)"', svg)
    ]
    assert (cells[0], cells[-1], len(cells)) == ((244, 0), (60, 255), 299)
    assert [grey for grey, _ in cells] == sorted((grey for grey, _ in cells), reverse=True)
    assert min(contrast(grey, ink) for grey, ink in cells) >= 4.5
    assert min(contrast(255 - grey, 255 - ink) for grey, ink in cells) >= 4.5


def test_a_run_without_themes_has_empty_pictures() -> None:
    none: pd.DataFrame = THEMES.empty()

    assert cells(themes_by_participants(none, THEME_PEOPLE.empty())) == []
    assert cells(themes_by_roundtable(none, THEME_SERIES.empty())) == []


def test_a_picture_that_counts_themes_says_which_they_are() -> None:
    svg = new_by_roundtable(THEMES_FOUND, SERIES).svg
    assert re.findall('data-theme="([^"]*)"', svg) == ["e01 e02"]


@dataclass(frozen=True)
class Themed:
    """What the themes stage gives, as far as it is drawn."""

    themes: pd.DataFrame
    assignments: pd.DataFrame
    people: pd.DataFrame
    series: pd.DataFrame
    overlaps: pd.DataFrame


def every_picture(overlaps: pd.DataFrame, *held: str) -> dict[str, Picture]:
    statements, turns, roundtables = tables({name: talk(("money",)) for name in held or ("rt2", "rt1")})
    rows = [Assignment(name, "e01", "emergent", True, 1.0) for name in statements["statement_id"]]
    themed = Themed(THEMES_FOUND, ASSIGNMENTS.frame(rows), PEOPLE, SERIES, overlaps)
    return drawn_pictures(themed, statements, turns, roundtables)


def test_a_codebook_that_nothing_was_said_of_is_not_drawn() -> None:
    assert "4-codebook" in every_picture(OVERLAPS)
    assert "4-codebook" not in every_picture(THEME_OVERLAPS.empty())


def test_what_was_heard_first_is_drawn_where_there_is_more_than_one_roundtable() -> None:
    assert "3-first-heard" in every_picture(OVERLAPS)
    assert "3-first-heard" not in every_picture(OVERLAPS, "rt1")


def test_the_words_of_every_picture_are_known_to_a_report_in_welsh() -> None:
    for name, picture in every_picture(OVERLAPS).items():
        told = re.findall("<(?:title|desc)>([^<]*)<", picture.svg)
        welsh = retold(Material(picture.title, picture.svg, told[1]), ("cy",))
        assert (welsh.title.split()[0], any(one in welsh.description for one in (" wrth ", "o’r cyntaf"))) in (
            ("Themâu", True),
            ("Y", True),
        ), name
        assert not re.search("statements|participants|themes|new,", re.sub("data-theme|<[^>]*>", "", welsh.svg)), name
