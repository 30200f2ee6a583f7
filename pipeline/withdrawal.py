"""A participant withdraws: their words leave every table, cache, decision and release of a run, and a proof is given.

What stays is a tombstone in private/ (who, when, which voices), because a later run must leave the same words out
and must go on replacing the name when others say it. The transcript itself is not ours to change: people are told.
`runs.withdraw` takes the steps in their order; the logs are cleaned by `decisions.forget`.
"""

from __future__ import annotations

import json
import re
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import tables as t
from pipeline.errors import LeakFound, RunError, UnreadableFile
from pipeline.store import write_aside

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
    """Who has withdrawn from a run.

    Raises:
        RunError: the list of them is damaged; a run without it would take their words in again.
    """
    path = run_folder / TOMBSTONES
    if not path.is_file():
        return ()
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return tuple(Tombstone(**{name: _tuples(value) for name, value in one.items()}) for one in found)
    except (ValueError, TypeError, AttributeError) as error:
        raise RunError(f"{path} is damaged: put it back from a copy, it says who has withdrawn") from error


def without_withdrawn(
    source_turns: pd.DataFrame, roster: pd.DataFrame, withdrawn: Sequence[Tombstone]
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Source turns without theirs, the roster with their consent withdrawn, and the omissions; texts are nowhere."""
    voices = {voice for tombstone in withdrawn for voice in tombstone.voices}
    kept, left_out = [], []
    for turn in t.SOURCE_TURNS.rows(source_turns):
        if (turn.transcript_id, turn.speaker_name) in voices:
            left_out.append(t.Omission("ingest", turn.turn_id, turn.locator, t.WITHDRAWN, len(turn.text)))
        else:
            kept.append(turn)
    gone = {(entry.name, entry.organisation): entry for entry in _roster_entries(withdrawn)}
    entries = [entry for entry in t.ROSTER.rows(roster) if (entry.name, entry.organisation) not in gone]
    entries += gone.values()
    return t.SOURCE_TURNS.frame(kept), t.ROSTER.frame(entries), t.OMISSIONS.frame(left_out)


def spoken_by(run_folder: Path, pseudonym: str) -> Words:
    """What somebody said in a run: what must be forgotten when they withdraw.

    Raises:
        RunError: nobody in the run has that pseudonym, or they have withdrawn before.
    """
    turns, source_turns = t.TURNS.read(run_folder), t.SOURCE_TURNS.read(run_folder)
    said = turns[turns["speaker"] == pseudonym]
    if said.empty:
        if any(one.pseudonym == pseudonym for one in tombstones(run_folder)):
            raise RunError(f"{pseudonym} has withdrawn already: `roundtable run` makes again what still lacks")
        known = sorted(set(turns["speaker"]))
        raise RunError(
            f"nobody in {run_folder} speaks as {pseudonym}; its voices are {', '.join(known)}. Whose they are stands "
            "under Names in `roundtable review`, and in private/people.parquet"
        )
    turn_ids = frozenset(said["turn_id"])
    statements = t.STATEMENTS.read(run_folder)
    texts = statements[statements["turn_id"].isin(turn_ids)]["text"]
    source_texts = source_turns[source_turns["turn_id"].isin(turn_ids)]["text"]
    return Words(turn_ids, tuple(source_texts), (*texts, *said["text"]))


def bury(run_folder: Path, pseudonym: str, words: Words, *, at: str) -> None:
    """Write the tombstone by which each later run leaves the words out.

    It comes last: whoever is stopped before it finds the run as it was, and withdraws again.
    """
    person = next(one for one in t.PEOPLE.rows(t.PEOPLE.read(run_folder)) if one.pseudonym == pseudonym)
    turns, source_turns = t.TURNS.read(run_folder), t.SOURCE_TURNS.read(run_folder)
    theirs = source_turns[source_turns["turn_id"].isin(words.turn_ids)]
    sat = turns[turns["turn_id"].isin(words.turn_ids)]["roundtable_id"]
    voices = sorted(set(zip(theirs["transcript_id"], theirs["speaker_name"], strict=True)))
    tombstone = Tombstone(
        pseudonym, at, person.name, person.aliases, person.organisation, person.sector, person.role,
        tuple(sorted(set(sat))), tuple(voices),
    )  # fmt: skip
    # Stopped after it, a withdrawal may be asked for again: once is enough.
    others = [one for one in tombstones(run_folder) if (one.name, one.voices) != (tombstone.name, tombstone.voices)]
    _write_tombstones(run_folder, [*others, tombstone])


def clear_away(run_folder: Path) -> None:
    """Remove what can be made again and may hold anybody's words: drafts, releases, exports, what the gate found."""
    t.LEAKS.path(run_folder).unlink(missing_ok=True)
    for name in ("draft", "release", "export"):
        shutil.rmtree(run_folder / name, ignore_errors=True)


def prove(run_folder: Path, words: Words, *, caches: Sequence[Path] = ()) -> tuple[int, tuple[Path, ...]]:
    """How many files were searched, each byte and each text in it, and hold none of these words.

    And those that can't be opened, of which that is known of their bytes alone.

    Words that somebody else said too, or that are too short to be anybody's, prove nothing and are not searched.

    Raises:
        LeakFound: says in which files they still stand.
    """
    said_by_others = "\n".join([*t.TURNS.read(run_folder)["text"], *t.SOURCE_TURNS.read(run_folder)["text"]])
    sought = {text for text in (*words.source_texts, *words.texts) if len(text) >= _SHORTEST_PROOF}
    sought = {text for text in sought if text not in said_by_others}
    files = [path for place in (run_folder, *caches) for path in sorted(place.rglob("*")) if path.is_file()]
    # One pattern for all, because the cache of a year's vectors is a gigabyte: each text by itself takes minutes.
    any_of = re.compile("|".join(map(re.escape, sorted(sought))))
    held = {path: _holds(path, any_of) for path in files} if sought else {}
    if found := [path for path, holds in held.items() if holds]:
        listed = ", ".join(str(path) for path in found)
        raise LeakFound(f"words of the withdrawn participant still stand in {listed}: remove those files")
    unopened = tuple(path for path, holds in held.items() if holds is None)
    return len(files) - len(unopened), unopened


def _holds(path: Path, any_of: re.Pattern[str]) -> bool | None:
    """Whether one of these texts stands in the file's bytes, or in a text in it; None where it can't be opened."""
    from pipeline.anonymise.contents import content_of, texts

    in_bytes = re.compile(any_of.pattern.encode())
    try:
        return in_bytes.search(content_of(path)) is not None or any(any_of.search(text) for _, text in texts(path))
    except FileNotFoundError:
        return False  # SQLite's own, beside a cache that another run has just closed
    except UnreadableFile:
        return None


def _roster_entries(withdrawn: Iterable[Tombstone]) -> Iterator[t.RosterEntry]:
    """One entry for all who share a name and an organisation: without a roster, somebody is another at each table."""
    alike: dict[tuple[str, str], list[Tombstone]] = defaultdict(list)
    for tombstone in withdrawn:
        alike[tombstone.name, tombstone.organisation].append(tombstone)
    for (name, organisation), those in alike.items():
        first = those[0]
        aliases = tuple(dict.fromkeys(alias for one in those for alias in one.aliases))
        sat = tuple(sorted({place for one in those for place in one.roundtables}))
        yield t.RosterEntry(name, aliases, first.role, organisation, first.sector, "withdrawn", sat)


def _write_tombstones(run_folder: Path, listed: Sequence[Tombstone]) -> None:
    text = json.dumps([asdict(tombstone) for tombstone in listed], ensure_ascii=False, indent=2)
    write_aside(run_folder / TOMBSTONES, lambda path: path.write_text(text, encoding="utf-8"), mode=0o600)


def _tuples(value: Any) -> Any:
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value
