"""The times that a transcript gives: how they are written beside names, and how many seconds they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

TIME = r"(?:\d{1,3}:)?\d{1,3}:\d{2}(?:[.,:]\d{1,3})?(?!\d)(?:\s?[AaPp]\.?[Mm]\.?)?"
SPAN = rf"{TIME}(?:\s*(?:-->|[-–—]|to)\s*{TIME})?"
# `1h 2m 3s`, `0 minutes 3 seconds`.
IN_LETTERS = r"(?:\d{1,2}\s?h(?:(?:ou)?rs?)?,?\s?)?\d{1,3}\s?m(?:in(?:ute)?s?)?,?\s?\d{1,2}\s?s(?:ec(?:ond)?s?)?\b"
_WITH_STOPS = r"\d{2}\.\d{2}(?:\.\d{2})?"
# A message copied from Teams has its day: `[Yesterday 10:05]`, `[12/03 10:05]`.
_DAY = r"(?:(?:(?i:yesterday|today)|[^\W\d_]{3,12}day|\d{1,4}[./-]\d{1,2}(?:[./-]\d{2,4})?),?\s+)?"
BRACKETED_TIME = (
    rf"[*_]{{0,2}}@?(?:[\[(<{{]\s*(?:{_DAY}{SPAN}|\d{{1,6}}(?:\.\d{{1,3}})?\s?s|{IN_LETTERS}|{_WITH_STOPS})\s*[\])>}}]"
    rf"|{SPAN})[*_]{{0,2}}"
)
# Of a caption. Teams wrote them without leading zeros once: 0:0:4.120.
CUE_CLOCK = r"(?:\d{1,3}:)?\d{1,3}:\d{1,2}(?:[.,]\d{1,3})?"
# Where MAXQDA and f4 note a place in the recording.
HASHED_TIME = r"#\d{1,2}:\d{2}:\d{2}(?:[-.,]\d{1,3})?#"
# When a message of a chat was sent, as WhatsApp exports it, with a mark of direction before it on a phone: the time of
# day is no place in a recording.
SENT = (
    r"[\u200e\u200f\s]*\[?\d{1,4}[./-]\d{1,2}[./-]\d{2,4},?\s+\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s?[AaPp]\.?[Mm]\.?)?\]?"
    r"\s+(?:-\s+)?"
)
# Nobody says a word in ten seconds through a whole meeting.
_SLOWEST = 0.1


def seconds(text: str) -> float | None:
    """Seconds of a time such as `1:02:21`, `0:35`, `[00:01.5]`; None for a time of day, which starts nowhere."""
    if re.search(r"[ap]\.?m", text, re.IGNORECASE):
        return None
    found = re.search(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2})(?:[.,:](\d{1,3}))?", text)
    if found is None:
        return None
    hours, minutes, whole, fraction = found.groups()
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(whole) + (float(f"0.{fraction}") if fraction else 0.0)


def label_seconds(text: str) -> float | None:
    """Seconds of a label's time; None beside a day, of which no recording knows."""
    # Without a colon: the stop of `[00:00:14.020]` stands before a part of a second.
    if found := re.search(IN_LETTERS, text) or re.fullmatch(rf"\W*{_WITH_STOPS}\W*", text):
        return float(sum(int(part) * 60**place for place, part in enumerate(reversed(re.findall(r"\d+", found[0])))))
    if re.match(rf"\W*{_DAY[:-1]}\d", text):
        return None
    found = re.search(r"(\d+(?:\.\d+)?)\s?s\b", text)
    return float(found[1]) if found else seconds(text)


def time_unit(title: str, told: Sequence[tuple[Any, str]]) -> float:
    """What numbers of times count, in seconds, given each with the words said then.

    Milliseconds if they are called so, or if nobody could speak so slowly as they would say.
    """
    if re.search(r"(?:_|\(|\b|[a-z]M)ms\)?$|[a-z]Ms$|[Mm]illis", title):
        return 1e-3
    times = [time for time, _ in told if isinstance(time, (int, float)) and not isinstance(time, bool)]
    words = sum(len(text.split()) for _, text in told)
    whole = bool(times) and all(abs(time) < 1e15 and float(time).is_integer() for time in times)
    return 1e-3 if whole and words < _SLOWEST * max(times) else 1.0
