"""A JSON file's strings as they are passed on to the account, each once, and what its readers find them by."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from pipeline.ingest.account import NAMELESS, Account
from pipeline.ingest.likely_names import is_unknown, tidy_name
from pipeline.ingest.text import clean
from pipeline.ingest.times import seconds

AGAIN = "the same words once more, in another form"
ABOUT = "about the recording, or of the program that wrote it"
_WORDY = frozenset(
    (
        "text", "transcript", "word", "punctuated_word", "display", "lexical", "itn", "maskedITN", "content",
        "sentence", "full_transcript", "raw_text",
    )
)  # fmt: skip
_TIMED = frozenset(["start_time", "end_time", "startTime", "endTime", "startOffset", "endOffset", "offset", "duration"])
SPEAKERS = (
    "speaker",
    "speaker_name",
    "speakerName",
    "speaker_label",
    "speakerLabel",
    "speaker_id",
    "speakerId",
    "speakerDisplayName",
    "speakerDesignation",
    "participant",
    "participantName",
    "participantRole",
    "participantId",
    "personName",
    "display_name",
    "displayName",
    "user_name",
    "author",
    "name",
    "source",
)
_DATED = re.compile(r"\d{4}-\d{2}-\d{2}")


def folded(key: str) -> str:
    """What all spellings of a key share: `SpeakerName`, `speaker_name`."""
    return "".join(letter for letter in key.casefold() if letter.isalnum())


_FOLDED_SPEAKERS = frozenset(map(folded, SPEAKERS))


class Script:
    """A JSON file's strings, each passed on to the account once."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self._passed: set[tuple[int, object]] = set()
        self._speaker = ""

    def say(
        self,
        speaker: Any,
        holder: Any,
        key: Any,
        place: object,
        times: tuple[Any, Any],
        *,
        glued: bool = False,
    ) -> None:
        """Words of a speaker that stand at `key` of `holder`; `glued` words follow without a space."""
        words = holder[key] if isinstance(holder, list) else holder.get(key)
        if not isinstance(words, str) or (id(holder), key) in self._passed:
            return
        self._passed.add((id(holder), key))
        name = self.account.speaker(speaker_name(speaker))
        if name != self._speaker:
            self.account.close()
            self._speaker = name
        fresh = is_unknown(name) and name != NAMELESS
        if not glued:
            self.account.space("\n")
        self.account.say(name, clean(words), str(place), start_s=times[0], end_s=times[1], fresh=fresh)
        if glued:
            self.account.spacing(1)

    def rest(self, document: Any) -> None:
        """Everything that nobody passed on yet: names, times, the same words again, what is about the file."""
        others: dict[str, list[str]] = {AGAIN: [], ABOUT: []}
        for holder, key, value in _strings(document):
            if (id(holder), key) in self._passed:
                continue
            if folded(str(key)) in _FOLDED_SPEAKERS:
                self.account.name(clean(value))
                self.account.space("\n")
            elif key in _TIMED:
                self.account.time(clean(value))
                self.account.space("\n")
            else:
                others[AGAIN if key in _WORDY else ABOUT].append(clean(value))
        for reason, strings in others.items():
            self.account.leave_out("\n".join(strings), "the whole file", reason)
            self.account.space("\n" if strings else "")


def speaker_name(speaker: Any) -> str:
    """A speaker as the file names them; a number is `Speaker 0`, and nothing is nobody known."""
    if speaker is None or speaker == "" or isinstance(speaker, (dict, list, bool)):
        return NAMELESS
    name = tidy_name(clean(str(speaker)))
    return f"Speaker {name}" if name.isdigit() else name or NAMELESS


def _strings(document: Any) -> Iterator[tuple[Any, object, str]]:
    """Every string value, with what holds it; without recursion, because a file may be nested deep."""
    waiting = [document]
    while waiting:
        holder = waiting.pop()
        inside = holder.items() if isinstance(holder, dict) else enumerate(holder) if isinstance(holder, list) else ()
        for key, value in inside:
            if isinstance(value, str):
                yield holder, key, value
            elif isinstance(value, (dict, list)):
                waiting.append(value)


class Piece(NamedTuple):
    """Words that stand at `key` of `holder`, and who said them when."""

    voice: Any
    holder: dict[str, Any]
    key: str
    times: tuple[float | None, float | None]
    glued: bool = False


def dicts(value: Any) -> list[dict[str, Any]]:
    """The objects of a list; anything else in a file that is not as its vendor writes it is no piece of talk."""
    return [piece for piece in value if isinstance(piece, dict)] if isinstance(value, list) else []


def get(value: Any, key: str) -> Any:
    """What an object has there; None of anything that is no object."""
    return value.get(key) if isinstance(value, dict) else None


def keys(value: Any) -> tuple[str, ...]:
    """An object's keys; none of anything else."""
    return tuple(value) if isinstance(value, dict) else ()


def number_of(value: Any, unit: float = 1.0) -> float | None:
    """Seconds of a number, of `"1.5"`, `"1.5s"`, `"0:01.5"`, or of seconds and nanoseconds."""
    if isinstance(value, dict):
        if "relative" in value:
            return number_of(value["relative"], unit)
        whole, nanos = number_of(value.get("seconds", 0)), number_of(value.get("nanos", 0), 1e-9)
        return None if whole is None else round(whole + (nanos or 0.0), 3)
    if isinstance(value, str):
        if _DATED.match(value):
            return None
        if ":" in value:
            return seconds(value[:40])
        try:
            value = float(value[:40].removesuffix("s"))
        except ValueError:
            return None
    if (
        isinstance(value, bool)
        or not isinstance(value, (int, float))
        or not 0 <= value < 1e18
        or not math.isfinite(value)
    ):
        return None
    return round(value * unit, 3)
