"""A hearing's page, as the second kind of talk that the ranker learns from."""

from __future__ import annotations

from pathlib import Path

from benchmarks.quote_talk import hearings, witnesses

PAGE = """6 May 2031
==========

*(10.30 am)*

**Lady Ashgrove**: Good morning.

Ms Rowan Tree
-------------

*MS ROWAN TREE (sworn).*

Questions From Lead Counsel to the Inquiry
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

**Lead Counsel**: What did the ferry school do -- if anything --
in the first week?

**Ms Rowan Tree**: We printed everything. We had forty children and
one printer.

And then the toner ran out.

*(A short break)*

**Lead Counsel**: I see.

Mr Hazel Dell
-------------

**Mr Hazel Dell**: I was the one who bought the toner, out of my own pocket, and I would do it again.
"""


def read(folder: Path) -> dict[str, list[tuple[str, str]]]:
    (folder / "module-1").mkdir()
    (folder / "module-1" / "2031-05-06.rst").write_text(PAGE, encoding="utf-8")
    return {
        name: [(turn["speaker"], turn["content"]) for turn in hearing["meeting_transcripts"]]
        for name, hearing in hearings(folder).items()
    }


def test_each_witness_is_a_hearing_and_what_the_typist_noted_is_nobodys_words(tmp_path: Path) -> None:
    assert read(tmp_path) == {
        "module-1/2031-05-06/1": [
            ("Lead Counsel", "What did the ferry school do—if anything—in the first week?"),
            (
                "Ms Rowan Tree",
                "We printed everything. We had forty children and one printer. And then the toner ran out.",
            ),
            ("Lead Counsel", "I see."),
        ],
        "module-1/2031-05-06/2": [
            (
                "Mr Hazel Dell",
                "I was the one who bought the toner, out of my own pocket, and I would do it again.",
            )
        ],
    }


def test_who_asks_is_no_witness_nor_who_says_little(tmp_path: Path) -> None:
    turns = [{"speaker": name, "content": content} for name, content in read(tmp_path)["module-1/2031-05-06/1"]]
    turns.append({"speaker": "Mr Alder", "content": "Thanks."})

    assert witnesses({"meeting_transcripts": turns}) == {"Ms Rowan Tree"}
