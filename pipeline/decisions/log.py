"""The log on disk: one file a person, one decision a line, only ever added to.

Each line is on the disk before `append` returns, so a power cut costs at most the line that was being written.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from pydantic import ValidationError

from pipeline.decisions.record import ACTIONS, SPANS_IN_VALUE, Decision, Span, spans_of, text_hash, without_turns
from pipeline.errors import DecisionError, DiskFull, is_full
from pipeline.store import locked, write_aside
from pipeline.tables import OMISSIONS, TURNS, WITHDRAWN

_TIME = re.compile(rb'"at": "([^"]*)"')  # in a line that `_line` wrote
# Without a choice at each letter: of 5,000 lines that takes five times as long, at each key.
_ID = re.compile(rb'"decision_id": ("[^"\\]*(?:\\.[^"\\]*)*")')
_NAME_LENGTH = 40  # of a file's name; file systems allow 255 bytes, people read about this many


@dataclass(frozen=True)
class Merged:
    """What came of a merge."""

    added: int
    already_there: int
    by: tuple[str, ...]  # whose decisions were in the files, sorted
    elsewhere: int = 0  # of those added: about words none of which is in the run
    withdrawn: int = 0  # left out: on words of somebody who has withdrawn


def read_log(paths: Iterable[Path]) -> list[Decision]:
    """All decisions in these files, each once, in order of time (then by decision_id).

    A last line cut short by a power cut is passed over; any other line that isn't a decision is an error.

    Raises:
        DecisionError: says which file and line.
    """
    found: dict[str, Decision] = {}
    for path in sorted(paths):
        # As bytes, because a line cut short may end in half a letter.
        lines = path.read_bytes().split(b"\n")
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                decision = _parse(line, path, number)
            except DecisionError:
                if number < len(lines):
                    raise
                continue
            found.setdefault(decision.decision_id, decision)
    return sorted(found.values(), key=lambda decision: decision.order)


def log_files(run_folder: Path) -> list[Path]:
    """Where a run's decisions stand: in review/, and those that may hold a name in private/."""
    return sorted([*run_folder.glob("review/decisions*.jsonl"), *run_folder.glob("private/decisions*.jsonl")])


def log_path(run_folder: Path, decision: Decision) -> Path:
    """The file that a decision belongs in: its reviewer's, in private/ if it is about a name."""
    folder = "private" if decision.kind == "redaction" else "review"
    return run_folder / folder / f"decisions-{reviewer_slug(decision.by)}.jsonl"


def reviewer_slug(reviewer: str) -> str:
    """A reviewer's name as part of a file's name: never a path, never empty, two people never the same."""
    plain = re.sub(r"[^a-z0-9]+", "-", reviewer.casefold()).strip("-")[:_NAME_LENGTH]
    return plain if plain and plain == reviewer else f"{plain or 'reviewer'}-{text_hash(reviewer)[:6]}"


class LogReader:
    """A run's log while people write to it: each reading takes only the lines that are new."""

    def __init__(self, run_folder: Path) -> None:
        self._run_folder = run_folder
        self._known: dict[str, Decision] = {}
        self._read_to: dict[Path, int] = {}
        self._files: dict[Path, int] = {}

    def read(self) -> list[Decision]:
        """All decisions, in the order in which they came to be read: what was read before stays where it was.

        Unless a file was written anew, as when somebody withdrew: then all is read from the beginning.
        """
        self._forget_what_was_rewritten()
        for path in log_files(self._run_folder):
            known = self._read_to.get(path, 0)
            with path.open("rb") as stream:
                stream.seek(known)
                fresh = stream.read()
            whole = fresh[: fresh.rfind(b"\n") + 1]
            for number, line in enumerate(whole.split(b"\n"), start=1):
                if line.strip():
                    decision = _parse(line, path, None if known else number)
                    self._known.setdefault(decision.decision_id, decision)
            # Not before: or what stands after a line that can't be read would be passed over the next time.
            self._read_to[path] = known + len(whole)
        return list(self._known.values())

    def _forget_what_was_rewritten(self) -> None:
        present = {path: path.stat() for path in log_files(self._run_folder)}
        same = all(
            path in present and present[path].st_ino == inode and present[path].st_size >= self._read_to.get(path, 0)
            for path, inode in self._files.items()
        )
        if not same:
            self._known.clear()
            self._read_to.clear()
        self._files = {path: found.st_ino for path, found in present.items()}


def append(run_folder: Path, decisions: Sequence[Decision]) -> list[Decision]:
    """Add decisions to the log and return those that were new, as written.

    A decision whose id is in its file already isn't written again, so that a request can be repeated. Times never
    go back within a file: if the clock was set back, a later line still gets a later time.

    Raises:
        DiskFull: nothing more can be written; what was there before is still there.
    """
    added: list[Decision] = []
    for path in dict.fromkeys(log_path(run_folder, decision) for decision in decisions):
        mine = [decision for decision in decisions if log_path(run_folder, decision) == path]
        added += _append_to(path, mine, restamp=True)
    return added


def merge(run_folder: Path, files: Iterable[Path]) -> Merged:
    """Add the decisions in these files (packs' downloads, other people's logs) to a run; twice is as good as once.

    A pack that was given away before somebody withdrew brings none of their words back, as `forget` leaves none.

    Raises:
        DecisionError: a file isn't there or isn't a log; nobody knows what an action means; words don't fit their
            hash, so somebody retyped them; or one decision_id stands for two decisions. Then nothing is added.
    """
    read = [decision for path in sorted(files) for decision in _read_given(path)]
    gone = _withdrawn(run_folder)
    given = [left for decision in read if (left := without_turns(decision, gone))] if gone else read
    there = {decision.decision_id: decision for decision in read_log(log_files(run_folder))}
    unique: dict[str, Decision] = {}
    for decision in given:
        known = unique.get(decision.decision_id) or there.get(decision.decision_id)
        # A page that couldn't reach the program gives what waits as a file, and may still have had it written, later.
        if known is not None and known.model_copy(update={"at": decision.at}) != decision:
            raise DecisionError(f"decision {decision.decision_id} stands for two different things; nothing was added")
        unique[decision.decision_id] = decision
    new = [decision for decision in unique.values() if decision.decision_id not in there]
    elsewhere = _elsewhere(run_folder, new)
    for path in dict.fromkeys(log_path(run_folder, decision) for decision in new):
        _append_to(path, [decision for decision in new if log_path(run_folder, decision) == path], restamp=False)
    by = tuple(sorted({decision.by for decision in read}))
    return Merged(len(new), len(given) - len(new), by, elsewhere, len(read) - len(given))


def forget(run_folder: Path, turn_ids: Collection[str]) -> int:
    """Take all that points at these turns out of the logs: the one case in which a log is not append-only.

    Gives how many decisions were about these words, and are gone.
    """
    gone = 0
    for path in log_files(run_folder):
        with locked(path.with_suffix(".lock")):
            # As bytes: of a text, a separator of lines within somebody's words would end a line too.
            lines = path.read_bytes().splitlines(keepends=True)
            kept = [_without(line, turn_ids) for line in lines]
            if kept != lines:
                write_aside(path, partial(Path.write_bytes, data=b"".join(kept)), mode=path.stat().st_mode)
        gone += kept.count(b"")
    return gone


def _without(line: bytes, turn_ids: Collection[str]) -> bytes:
    """A line without these turns; nothing where it is about no others, or was cut short."""
    if not any(f'"{turn_id}"'.encode() in line for turn_id in turn_ids):
        return line
    try:
        left = without_turns(Decision.model_validate_json(line), turn_ids)
    except ValidationError:
        return b""
    return _line(left) if left else b""


def retyped(decision: Decision) -> bool:
    """Whether any words in a decision are not those that its hash was made of."""
    spans: list[Span] = list(decision.subject)
    for key in SPANS_IN_VALUE:
        spans += spans_of(decision.value.get(key))
    return any(text_hash(span.text) != span.sha256 or len(span.text) != span.end - span.start for span in spans)


def now(after: str = "") -> str:
    """The time in UTC to the microsecond, as decisions write it; later than `after` whatever the clock says."""
    moment = datetime.now(UTC)
    if after:
        moment = max(moment, datetime.fromisoformat(after) + timedelta(microseconds=1))
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def _parse(line: bytes, path: Path, number: int | None = None) -> Decision:
    try:
        # A file that was opened in an editor may begin with its mark of the encoding.
        decision = Decision.model_validate(json.loads(line.decode("utf-8-sig")))
        # A time that isn't one would stand before or after all others for ever, and nothing could be added after it.
        if datetime.fromisoformat(decision.at).utcoffset() != timedelta(0):
            raise ValueError
        return decision
    except (ValueError, ValidationError) as error:
        place = f"{path}, line {number}" if number else str(path)
        raise DecisionError(f"{place}: not a decision; put back a copy of the file, or take the line out") from error


def _read_given(path: Path) -> list[Decision]:
    if not path.is_file():
        raise DecisionError(f"there is no file {path}")
    try:
        # The last one too: of a run's own log a power cut may have taken its end, of a file that was sent its copying.
        lines = path.read_bytes().split(b"\n")
        decisions = [_parse(line, path, number) for number, line in enumerate(lines, start=1) if line.strip()]
    except DecisionError as error:
        raise DecisionError(f"{error}. `merge` takes the .jsonl files that the review page saves") from error
    for decision in decisions:
        if decision.action not in {*ACTIONS[decision.kind], "undo"}:
            known = ", ".join(sorted(ACTIONS[decision.kind]))
            raise DecisionError(
                f'{path}: decision {decision.decision_id} says "{decision.action}" of a {decision.kind}; what can be '
                f"said is {known} or undo. Nothing was added"
            )
        try:
            wrong = retyped(decision)
        except ValidationError as error:
            raise DecisionError(f"{path}: decision {decision.decision_id} points at no words") from error
        if wrong:
            raise DecisionError(f"{path}: the words in decision {decision.decision_id} don't fit their hash")
    return decisions


def _withdrawn(run_folder: Path) -> frozenset[str]:
    """The turns that the run left out because who spoke has withdrawn."""
    if not OMISSIONS.path(run_folder).is_file():
        return frozenset()
    left_out = OMISSIONS.read_columns(run_folder, "subject_id", "reason")
    return frozenset(turn_id for turn_id, reason in left_out if reason == WITHDRAWN)


def _elsewhere(run_folder: Path, decisions: Sequence[Decision]) -> int:
    if not TURNS.path(run_folder).is_file():
        return 0
    talk = "\n".join(text for (text,) in TURNS.read_columns(run_folder, "text"))
    about = [decision.subject for decision in decisions if decision.kind != "redaction" and decision.subject]
    return sum(not any(span.text in talk for span in subject) for subject in about)


def _append_to(path: Path, decisions: Sequence[Decision], *, restamp: bool) -> list[Decision]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with locked(path.with_suffix(".lock")):
        content = path.read_bytes() if path.is_file() else b""
        whole = content[: content.rfind(b"\n") + 1]
        latest = _latest_time(whole, path)
        # A search in bytes, because to read 5,000 decisions at each key would take too long; and once for all, because
        # a merge of thousands would search thousands of times.
        written = set(_ID.findall(whole))
        new: list[Decision] = []
        for given in decisions:
            if (name := json.dumps(given.decision_id, ensure_ascii=False).encode()) in written:
                continue
            written.add(name)
            latest = now(latest) if restamp else latest
            new.append(given.model_copy(update={"at": latest}) if restamp else given)
        if new:
            _write_lines(path, len(whole), [_line(decision) for decision in new])
    return new


def _latest_time(whole: bytes, path: Path) -> str:
    last = whole.rstrip().rpartition(b"\n")[2]
    if not last:
        return ""
    # What a merge added last may be older than what stands before it. The last line is held to be one, all the same.
    times = _TIME.findall(whole)
    return max(_parse(last, path, whole.rstrip().count(b"\n") + 1).at, max(times, default=b"").decode())


def _line(decision: Decision) -> bytes:
    content = decision.model_dump(mode="json", exclude_defaults=True)
    return json.dumps(content, ensure_ascii=False, sort_keys=True).encode("utf-8") + b"\n"


def _write_lines(path: Path, end: int, lines: Sequence[bytes]) -> None:
    """Add lines after the last whole one: what a power cut left of a line after it would spoil the next."""
    fresh = not path.exists()
    try:
        with path.open("ab") as stream:
            stream.truncate(end)
            stream.write(b"".join(lines))
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        if is_full(error):
            raise DiskFull(f"no space left to write {path}: free some, then try again") from error
        raise
    if fresh:
        if path.parent.name == "private":
            path.chmod(0o600)
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    # Or the new file's name may be lost in a power cut, though its content was written.
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
