"""What the page is given of a run: each decision with what it is about, and nothing that no longer fits."""

from pathlib import Path

import pytest

from pipeline.decisions import Decision, Span
from pipeline.review.rows import RunRows, page_data, picture, pictures
from pipeline.tables import (
    ASSIGNMENTS,
    PARTICIPANTS,
    QUOTES,
    THEME_NOTES,
    THEMES,
    TURNS,
    Assignment,
    Quote,
    Theme,
    ThemeNote,
)
from tests.review.invented import write_run


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> RunRows:
    return RunRows.read(write_run(tmp_path_factory.mktemp("rows") / "run", roundtables=1, turns_each=6))


def accept(rows: RunRows, place: tuple[str, int, int], **value: object) -> Decision:
    turn_id, start, end = place
    span = Span.cut(turn_id, rows.texts[turn_id], start, end)
    return Decision(decision_id="d", at="", by="megan", kind="quote", action="accept", subject=(span,), value=value)


def first(rows: RunRows) -> Quote:
    return next(QUOTES.rows(rows.quotes))


def test_a_decision_is_shown_with_its_candidate(rows: RunRows) -> None:
    quote = first(rows)
    [placed] = page_data(rows, [accept(rows, (quote.turn_id, quote.start, quote.end))])["decisions"]
    assert (placed["item"], placed["moved"], placed["look"]) == (
        f"{quote.turn_id}:{quote.start}-{quote.end}",
        False,
        "",
    )


def test_a_decision_on_nearly_the_same_words_is_shown_with_the_candidate_of_this_run(rows: RunRows) -> None:
    quote = first(rows)
    [placed] = page_data(rows, [accept(rows, (quote.turn_id, quote.start + 7, quote.end))])["decisions"]
    assert (placed["item"], placed["moved"]) == (f"{quote.turn_id}:{quote.start}-{quote.end}", True)


def test_words_that_this_run_does_not_propose_stay_on_the_table(rows: RunRows) -> None:
    quote = first(rows)
    data = page_data(rows, [accept(rows, (quote.turn_id, quote.start, quote.start + 20))])
    item = next(item for item in data["items"] if item["id"] == data["decisions"][0]["item"])
    assert (item["proposed"], item["end"]) == (False, quote.start + 20)
    assert item["theme"] == quote.theme_id


def test_words_that_people_chose_themselves_are_credited_as_their_speaker_agreed(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", roundtables=1, turns_each=6)
    turn, other = (one for one in TURNS.rows(TURNS.read(run)) if one.turn_id in ("rt1:t0002", "rt1:t0003"))
    assert turn.speaker != other.speaker
    people = PARTICIPANTS.read(run)
    PARTICIPANTS.write(
        people.assign(consent=people["consent"].mask(people["pseudonym"] == turn.speaker, "no_quotes")), run
    )
    read = RunRows.read(run)
    ways = [
        next(item["ways"] for item in data["items"] if item["id"] == data["decisions"][0]["item"])
        for said in (turn, other)
        for data in [page_data(read, [accept(read, (said.turn_id, 0, 20))])]
    ]
    assert ways == [[], ["sector", "participant", "none"]]


def test_words_that_are_gone_are_shown_as_they_were(rows: RunRows) -> None:
    made = Decision(
        decision_id="d", at="", by="megan", kind="quote", action="accept",
        subject=(Span.cut("rt9:t0001", "Nothing of the kind was said in this series, ever.", 0, 50),),
    )  # fmt: skip
    data = page_data(rows, [made])
    item = next(item for item in data["items"] if item["id"] == data["decisions"][0]["item"])
    assert (item["turn"], item["words"]) == (-1, "Nothing of the kind was said in this series, ever.")
    assert (item["proposed"], item["ways"]) == (False, [])
    assert data["decisions"][0]["look"] == "words_gone"


def test_decisions_on_names_are_not_among_the_pages_rows(rows: RunRows) -> None:
    quote = first(rows)
    private = accept(rows, (quote.turn_id, 0, 6)).model_copy(update={"kind": "redaction", "action": "keep"})
    assert page_data(rows, [private])["decisions"] == []


def test_candidates_that_no_longer_fit_the_turns_are_not_shown(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", roundtables=1, turns_each=4, private=False)
    turns = TURNS.read(run)
    gone, changed = turns["turn_id"].iloc[1], turns["turn_id"].iloc[2]
    turns.loc[turns["turn_id"] == changed, "text"] = "Something else altogether."
    TURNS.write(turns[turns["turn_id"] != gone], run)
    data = page_data(RunRows.read(run), [])
    assert len(data["items"]) == 4
    assert {data["turns"]["turn_id"][item["turn"]] for item in data["items"]}.isdisjoint({gone, changed})


def test_what_stands_for_a_theme_is_central_to_it_and_then_surest_of_it(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", roundtables=1, turns_each=6)
    sure = {1: 0.5, 2: 0.9, 3: 0.7, 4: 0.8, 5: 0.6, 6: 0.4}
    listed = [Assignment(f"rt1:t000{turn}:s00", "e01", "emergent", True, at) for turn, at in sure.items()]
    listed.append(Assignment("rt1:t0001:s01", "e01", "emergent", False, 0.95))
    ASSIGNMENTS.write(ASSIGNMENTS.frame(listed), run)

    def anchor() -> list[int]:
        read = RunRows.read(run)
        known = {row: name for name, row in read.statement_rows.items()}
        [theme] = [theme for theme in page_data(read, [])["themes"] if theme["theme_id"] == "e01"]
        return [int(known[row].removeprefix("rt1:t").removesuffix(":s00")) for row in theme["anchor"]]

    assert anchor() == [2, 4, 3, 5, 1]
    central = ("rt1:t0006:s00", "rt1:t0099:s00", "rt1:t0004:s00")
    note = ThemeNote("e01", "strong", 6, 1, 0.5, 0.0, False, central, "", ())
    THEME_NOTES.write(THEME_NOTES.frame([note]), run)
    assert anchor() == [6, 4, 2, 3, 5]


def test_a_picture_is_asked_for_by_its_name_and_by_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "tables" / "pictures"
    folder.mkdir(parents=True)
    svg = (
        "<svg><title>Themes &amp; people</title><text>new, emergent</text><text>Trust</text>"
        "<text data-theme='trust'>Trust</text></svg>"
    )
    (folder / "map.svg").write_text(svg, encoding="utf-8")
    (tmp_path / "tables" / "secret.svg").write_text("<svg/>", encoding="utf-8")
    assert pictures(tmp_path) == [{"name": "map.svg", "title": "Themes & people", "description": ""}]
    THEMES.write(
        THEMES.frame([Theme("trust", "Trust", "codebook", "", (), 4, 1, 1, 1.0, name_cy="Ymddiriedaeth")]), tmp_path
    )
    rows = RunRows.read(tmp_path)
    assert picture(rows, "map.svg") == svg.encode()
    welsh = picture(rows, "map.svg", "cy") or b""
    assert "<text>newydd, o’r sgwrs</text><text>Trust</text>" in welsh.decode(), "a roundtable keeps its name"
    assert "<text data-theme='trust'>Ymddiriedaeth</text>" in welsh.decode()
    assert picture(rows, "../secret.svg") is None
    assert picture(rows, "map.svg", "..") is None
