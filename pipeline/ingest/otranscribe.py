"""oTranscribe (.otr): a web page inside JSON becomes lines, with its times where the typist set them."""

from __future__ import annotations

import json
import re
from html import unescape

from pipeline.errors import UnreadableFile
from pipeline.ingest.account import Account
from pipeline.ingest.lines import text_lines
from pipeline.ingest.script import ABOUT
from pipeline.ingest.text import clean
from pipeline.ingest.typed import read_lines

_BREAK = re.compile(r"<br\s*/?>\s*|</(?:p|div|li)>\s*", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")


def read_otr(text: str, name: str, account: Account, *, known: frozenset[str] = frozenset()) -> str:
    """Pass the page's words on to the account; returns the layout that was recognised.

    Raises:
        UnreadableFile: it isn't what oTranscribe writes.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(f"{name} is not a file of oTranscribe: export it from there as .txt") from error
    page = document.get("text") if isinstance(document, dict) else None
    if not isinstance(page, str):
        raise UnreadableFile(f"{name} holds no transcript of oTranscribe: export it from there as .txt")
    words = clean(unescape(_TAG.sub("", _BREAK.sub("\n", page))))
    layout = read_lines(text_lines(words), account, known=known)
    others = [value for key, value in document.items() if key != "text" and isinstance(value, str)]
    account.leave_out(clean("\n".join(others)), "the whole file", ABOUT)
    account.close()
    return layout
