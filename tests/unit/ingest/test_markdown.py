"""A table of Markdown is read as any table, and what stands beside it is told as left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import NoSpeakers
from tests.unit.ingest.files import left_out, read, turns

SAID = [("Nia Rees", "Who has it?"), ("Will Hall", "Nobody, it's locked."), ("Nia Rees", "So we wait.")]
TABLES = {
    "with edges": ("| Speaker | Time | Text |\n| :--- | :---: | ---: |\n", "| {who} | 0:0{n} | {words} |\n"),
    "without edges": ("Time | Speaker | Text\n--- | --- | ---\n", "0:0{n} | {who} | {words}\n"),
    "names in bold": ("|Time|Speaker|Text|\n|--|--|--|\n", "|0:0{n}|**{who}**|{words}|\n"),
}


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("ending", ["md", "txt"])
def test_a_table_of_markdown_gives_its_turns_without_bars(tmp_path: Path, table: str, ending: str) -> None:
    """Bars stood in what people said, and its titles were somebody's."""
    head, row = TABLES[table]
    rows = "".join(row.format(who=who, words=words, n=n) for n, (who, words) in enumerate(SAID))
    text = f"# Notes\n\n{head}{rows}\nThe end.\n"
    assert turns(tmp_path, **{f"a_{ending}": text}) == SAID
    assert list(read(tmp_path).source_turns["start_s"]) == [0, 1, 2]
    beside = "beside the table that holds the transcript"
    assert [words for words, why in left_out(tmp_path) if why == beside] == ["# Notes", "The end."]
    assert list(read(tmp_path).sources["characters"]) == [len(text)]


def test_a_small_table_in_a_talk_makes_no_table_of_it(tmp_path: Path) -> None:
    talk = "\n\n".join(f"{who}: {words}" for who, words in SAID * 3)
    text = f"{talk}\n\n| Name | Text |\n|---|---|\n| Nia Rees | yes |\n"
    assert [who for who, _ in turns(tmp_path, a_md=text)][:2] == ["Nia Rees", "Will Hall"]


def test_a_table_of_other_things_is_no_talk(tmp_path: Path) -> None:
    rows = "| Papers | What was asked before |\n| Letters | What was agreed in the end |\n"
    with pytest.raises(NoSpeakers):
        read(tmp_path, a_md=f"| Folder | Holds |\n|---|---|\n{rows}")
