"""Reads hearings of a public inquiry into the gold's layout: further talk to learn quotes from, of other people.

The words stay outside the repository: a folder with the transcripts in reStructuredText, a file a day, as
dracos/uk-covid19-inquiry publishes them (see docs/model-card-quotes.md). A section of a day, one witness or more,
counts as a meeting.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

_SECTION = re.compile(r"^(?P<heading>\S[^\n]*)\n-{4,}$", re.MULTILINE)
_TURN = re.compile(r"^\*\*(?P<speaker>[^*\n]+)\*\*: ", re.MULTILINE)
# What the typist noted between the turns: headings, times, oaths, the indexes at the end.
_ASIDE = re.compile(r"^(\*[^*\n]+\*|\.\. [^\n]*|[^\n]+\n[-=^~]{4,}|[-=^~]{4,})$", re.MULTILINE)
# Who asks: counsel and the chair. Their questions run over pages, and none is a quote.
_ASKS = re.compile(r"^(Lead|Counsel|Lady Hallett|Questions)|\bKC$")
_ANSWERS = frozenset({"The Witness"})
WITNESS_SHARE = 0.08  # of a hearing's words: whoever else rises to ask a few questions says less


def hearings(folder: Path) -> dict[str, dict[str, Any]]:
    """The sections of every day by name, sorted; `meeting_transcripts` as the gold has them."""
    found = {}
    for path in sorted(folder.rglob("*.rst")):
        for number, turns in enumerate(_sections(path.read_text(encoding="utf-8")), start=1):
            found[f"{path.parent.name}/{path.stem}/{number}"] = {"meeting_transcripts": turns}
    return found


def witnesses(hearing: Mapping[str, Any]) -> frozenset[str]:
    """Those who answer in a hearing: who says enough there and doesn't put the questions."""
    said: Counter[str] = Counter()
    for turn in hearing["meeting_transcripts"]:
        said[turn["speaker"]] += len(turn["content"].split())
    least = WITNESS_SHARE * said.total()
    return frozenset(name for name in said if name in _ANSWERS or (said[name] > least and not _ASKS.search(name)))


def _sections(text: str) -> Iterator[list[dict[str, str]]]:
    starts = [match.end() for match in _SECTION.finditer(text)]
    for start, end in pairwise([*starts, len(text)]):
        turns = list(_turns(_ASIDE.sub("", text[start:end])))
        if turns:
            yield turns


def _turns(text: str) -> Iterator[dict[str, str]]:
    found = list(_TURN.finditer(text))
    ends = [match.start() for match in found[1:]] + [len(text)]
    for match, end in zip(found, ends, strict=False):
        # The gold's dash, so that a break in a sentence is counted as one.
        content = re.sub(r"\s*--\s*", "—", " ".join(text[match.end() : end].split()))
        if content:
            yield {"speaker": match["speaker"], "content": content}
