"""A participant withdraws: their words leave every table, cache, decision and release of a run, and a proof is given.

What stays is a tombstone in private/ (who, when, which voices), because a later run must leave the same words out
and must go on replacing the name when others say it. The transcript itself is not ours to change: people are told.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import tables as t
from pipeline.errors import LeakFound, RunError

if TYPE_CHECKING:
    import pandas as pd

TOMBSTONES = "private/withdrawals.json"
# Shorter words ("Thank you, Chair.") are anybody's.
_SHORTEST_PROOF = 25


@dataclass(frozen=True)
class Tombstone:
    """Who has withdrawn from a run, and by which labels the transcripts know them; private."""

    pseudonym: str
    at: str  # UTC, ISO 8601
    name: str
    aliases: tuple[str, ...]
    organisation: str
    sector: str
    role: str
    roundtables: tuple[str, ...]
    voices: tuple[tuple[str, str], ...]  # (transcript_id, speaker_name)


@dataclass(frozen=True)
class Words:
    """What somebody said, in the transcript's words and in the anonymised ones."""

    turn_ids: frozenset[str]
    source_texts: tuple[str, ...]
    texts: tuple[str, ...]  # of their statements


def tombstones(run_folder: Path) -> tuple[Tombstone, ...]:
    """Who has withdrawn from a run."""
    path = run_folder / TOMBSTONES
    if not path.is_file():
        return ()
    found = json.loads(path.read_text(encoding="utf-8"))
    return tuple(Tombstone(**{name: _tuples(value) for name, value in one.items()}) for one in found)


def without_withdrawn(
    source_turns: pd.DataFrame, roster: pd.DataFrame, withdrawn: Sequence[Tombstone]
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Source turns without theirs, the roster with their consent withdrawn, and the omissions; texts are nowhere."""
    voices = {voice for tombstone in withdrawn for voice in tombstone.voices}
    kept, left_out = [], []
    for turn in t.SOURCE_TURNS.rows(source_turns):
        if (turn.transcript_id, turn.speaker_name) in voices:
            left_out.append(t.Omission("ingest", turn.turn_id, turn.locator, "who spoke has withdrawn", len(turn.text)))
        else:
            kept.append(turn)
    names = {tombstone.name for tombstone in withdrawn}
    entries = [entry for entry in t.ROSTER.rows(roster) if entry.name not in names]
    entries += [_roster_entry(tombstone) for tombstone in withdrawn]
    return t.SOURCE_TURNS.frame(kept), t.ROSTER.frame(entries), t.OMISSIONS.frame(left_out)


def bury(run_folder: Path, pseudonym: str, *, at: str) -> Words:
    """Write the tombstone and take the words out of the decisions; gives what else must be forgotten.

    Raises:
        RunError: nobody in the run has that pseudonym.
    """
    turns, source_turns = t.TURNS.read(run_folder), t.SOURCE_TURNS.read(run_folder)
    person = next((one for one in t.PEOPLE.rows(t.PEOPLE.read(run_folder)) if one.pseudonym == pseudonym), None)
    said = turns[turns["speaker"] == pseudonym]
    if person is None or said.empty:
        known = sorted(set(turns["speaker"]))
        raise RunError(
            f"nobody in {run_folder} speaks as {pseudonym}; its voices are {', '.join(known)}. Whose they are stands "
            "under Names in `roundtable review`, and in private/people.parquet"
        )
    turn_ids = frozenset(said["turn_id"])
    theirs = source_turns[source_turns["turn_id"].isin(turn_ids)]
    voices = sorted(set(zip(theirs["transcript_id"], theirs["speaker_name"], strict=True)))
    tombstone = Tombstone(
        pseudonym, at, person.name, person.aliases, person.organisation, person.sector, person.role,
        tuple(sorted(set(said["roundtable_id"]))), tuple(voices),
    )  # fmt: skip
    _write_tombstones(run_folder, [*tombstones(run_folder), tombstone])
    statements = t.STATEMENTS.read(run_folder)
    texts = statements[statements["turn_id"].isin(turn_ids)]["text"]
    words = Words(turn_ids, tuple(theirs["text"]), (*texts, *said["text"]))
    _clean_decisions(run_folder, turn_ids)
    return words


def clear_away(run_folder: Path) -> None:
    """Remove what can be made again and may hold anybody's words: drafts, releases and exports."""
    for name in ("draft", "release", "export"):
        shutil.rmtree(run_folder / name, ignore_errors=True)


def prove(run_folder: Path, words: Words, *, caches: Sequence[Path] = ()) -> int:
    """How many files were searched, each byte and each text in it, and hold none of these words.

    Words that somebody else said too, or that are too short to be anybody's, prove nothing and are not searched.

    Raises:
        LeakFound: says in which files they still stand.
    """
    said_by_others = "\n".join([*t.TURNS.read(run_folder)["text"], *t.SOURCE_TURNS.read(run_folder)["text"]])
    sought = {text for text in (*words.source_texts, *words.texts) if len(text) >= _SHORTEST_PROOF}
    sought = {text for text in sought if text not in said_by_others}
    files = [path for place in (run_folder, *caches) for path in sorted(place.rglob("*")) if path.is_file()]
    found = [path for path in files if any(text in content for content in _contents(path) for text in sought)]
    if found:
        listed = ", ".join(str(path) for path in found)
        raise LeakFound(f"words of the withdrawn participant still stand in {listed}: remove those files")
    return len(files)


def _contents(path: Path) -> Iterator[str]:
    from pipeline.anonymise.contents import texts

    yield path.read_bytes().decode("utf-8", errors="replace")
    yield from (text for _, text in texts(path))


def _roster_entry(tombstone: Tombstone) -> t.RosterEntry:
    return t.RosterEntry(
        tombstone.name, tombstone.aliases, tombstone.role, tombstone.organisation, tombstone.sector, "withdrawn",
        tombstone.roundtables,
    )  # fmt: skip


def _write_tombstones(run_folder: Path, listed: Sequence[Tombstone]) -> None:
    text = json.dumps([asdict(tombstone) for tombstone in listed], ensure_ascii=False, indent=2)
    t.write_aside(run_folder / TOMBSTONES, lambda path: path.write_text(text, encoding="utf-8"), mode=0o600)


def _clean_decisions(run_folder: Path, turn_ids: frozenset[str]) -> None:
    """Take every line that points at these turns out of the logs: the one case in which a log is not append-only."""
    logs = [*run_folder.glob("review/decisions*.jsonl"), *run_folder.glob("private/decisions*.jsonl")]
    for path in sorted(logs):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not any(f'"{turn_id}"' in line for turn_id in turn_ids)]
        if kept != lines:
            _rewrite(path, kept)


def _rewrite(path: Path, lines: Sequence[str]) -> None:
    t.write_aside(path, lambda aside: aside.write_text("".join(lines), encoding="utf-8"), mode=0o600)


def _tuples(value: Any) -> Any:
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value
