"""The review page as one file, for a USB stick: it holds what is public in a run and nothing else."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline.decisions import Decision, fold, log_files, read_log
from pipeline.errors import no_run
from pipeline.review.page import packed_page, words
from pipeline.review.rows import RunRows, page_data, picture
from pipeline.synthesis.wording import LANGUAGES

# What a theme was called at the time; it is found by its words.
_AS_IT_READ = ("theme_name", "into_name")
FindNames = Callable[[str], Sequence[str]]  # whose names stand in a text; never the name itself


def pack_data(run_folder: Path, *, find_names: FindNames | None = None) -> dict[str, Any]:
    """What a run's review page holds as a file that works without a server and without a network; as data for JSON.

    The anonymised transcripts, the themes, the candidates and what was decided so far; neither a name nor a decision
    on a name. What is decided in it comes back as a .jsonl file, for `merge`.

    Args:
        find_names: given by whoever may see names: a reviewer who was at the table is then called by a letter, and a
            note that names somebody stays at home. Without it nobody knows.

    Raises:
        RunError: there is no run in the folder.
    """
    if not run_folder.is_dir():
        raise no_run(run_folder)
    decisions = read_log(log_files(run_folder))
    rows = RunRows.read(run_folder)
    data = page_data(rows, nameless(decisions, find_names) if find_names else decisions)
    for row in data["pictures"]:
        row["src"] = {language: _packed_picture(rows, row["name"], language) for language in LANGUAGES}
    return data


def _packed_picture(rows: RunRows, name: str, language: str) -> str:
    content = picture(rows, name, language) or b""
    return "data:image/svg+xml;base64," + base64.b64encode(content).decode("ascii")


def packed(data: Mapping[str, Any]) -> str:
    """The pack's HTML: its data, and what is the same for every run."""
    return packed_page({**data, "mode": "pack", "reviewer": "", "strings": words()})


def nameless(decisions: Sequence[Decision], find_names: FindNames) -> list[Decision]:
    """The decisions without the names of people at the table: who facilitates a roundtable often decides, too.

    What names somebody and was taken back or replaced since, as a theme's name, is left out: it can't be mended.
    No more can what a theme was called when a quote was accepted for it.
    """
    latest = {one.decision_id for by_person in fold(decisions).by_person.values() for one in by_person.values()}
    named = [by for by in sorted({decision.by for decision in decisions}) if find_names(by)]
    called = {by: f"reviewer {number}" for number, by in enumerate(named, start=1)}
    return [
        decision.model_copy(
            update={
                "by": called.get(decision.by, decision.by),
                "note": "" if find_names(decision.note) else decision.note,
                "value": {
                    key: told
                    for key, told in decision.value.items()
                    if key not in _AS_IT_READ or not find_names(str(told))
                },
            }
        )
        for decision in decisions
        if decision.decision_id in latest or not any(find_names(text) for text in _written(decision))
    ]


def _written(decision: Decision) -> list[str]:
    """What a person wrote in a decision: a theme's name, a text."""
    return [told for told in decision.value.values() if isinstance(told, str)]
