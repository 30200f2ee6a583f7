"""Finds what a document presents as somebody's words, and what it says of who said them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.synthesis.verify.blocks import Block

_PAIRS = {"“": "”", "«": "»", "„": "“", "‟": "”", "”": "”"}
_LONG = 30  # characters: an opening mark without a closing one quotes all that follows, if it is this much
_WHO = re.compile(r"participant|cyfranogwr|facilitator|hwylusydd|observer|sylwedydd|[PFO]\d\d")
_DASH = re.compile(r"\s*[—–―]\s*|\s+--?\s+")


@dataclass(frozen=True)
class Quotation:
    """Words that a document presents as said."""

    block: int  # its index
    start: int  # of the words, in the block's text, marks out
    end: int
    text: str
    around: str  # what the document says around it, where it may say who said it
    marked: bool  # in quotation marks or set as a quote; false for words that merely stand there
    alone: bool  # nothing but its attribution follows in its paragraph
    block_quote: str = ""  # the hash that the report put beside it


def quotations(blocks: Sequence[Block], *, known: frozenset[str] = frozenset()) -> list[Quotation]:
    """All quotations of the blocks that people read, in order.

    `known` are texts in small letters that the document itself defines in quotation marks (“Many” is at least ...).
    """
    found: list[Quotation] = []
    for index, block in enumerate(blocks):
        if block.sort in ("property", "hidden") or block.contents or not block.text.strip():
            continue
        spans = marked_spans(block.text)
        if block.quoted and not _mostly_marked(block.text, spans):
            spans = [_without_credit(block.text)]
        for start, end in spans:
            words = block.text[start:end]
            if not re.search(r"\w", words) or words.strip(" .,").casefold() in known:
                continue
            around = _around(blocks, index, start, end)
            rest = block.text[end:].lstrip("”\"»’' ").strip()
            alone = not rest or bool(_DASH.match(block.text[end:].lstrip("”\"»’'")))
            found.append(Quotation(index, start, end, words, around, True, alone, block.quote))
    return found


def _mostly_marked(text: str, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether quotation marks part the words of a paragraph that is set as a quote from what is said about them."""
    stripped = text.strip()
    return bool(spans) and (stripped[:1] in "“\"«„‘'" or sum(end - start for start, end in spans) > len(stripped) / 2)


def _without_credit(text: str) -> tuple[int, int]:
    """The words of a paragraph set as a quote, without "— one participant" at its end."""
    credit = re.search(r"\s[—–―]\s*[^—–―]{3,60}$", text)
    end = credit.start() if credit and _WHO.search(credit[0]) else len(text)
    start = len(text) - len(text.lstrip())
    return start, len(text[:end].rstrip())


def marked_spans(text: str) -> list[tuple[int, int]]:
    """The places between quotation marks, marks out; a mark without its partner quotes to the paragraph's end."""
    spans: list[tuple[int, int]] = []
    place = 0
    while place < len(text):
        letter = text[place]
        if letter in _PAIRS and letter != "”":
            place = _close(text, place, _PAIRS[letter], letter, spans)
        elif letter == '"':
            place = _close(text, place, '"', "", spans)
        elif letter in "‘'" and _opens_single(text, place):
            place = _close_single(text, place, spans)
        elif letter in "”»" and place >= _LONG and not spans:
            # A closing mark whose partner was lost: what stands before it is presented as said.
            spans.append((_sentence_start(text, place), place))
            place += 1
        else:
            place += 1
    return [(start, end) for start, end in spans if end > start]


def _close(text: str, place: int, closing: str, opening: str, spans: list[tuple[int, int]]) -> int:
    end = text.find(closing, place + 1)
    again = text.find(opening, place + 1) if opening and opening != closing else -1
    if end < 0 or (0 <= again < end and "\n\n" in text[place:again]):
        if len(text) - place > _LONG or opening:
            spans.append((place + 1, len(text.rstrip())))
        return len(text)
    spans.append((place + 1, end))
    return end + 1


def _opens_single(text: str, place: int) -> bool:
    before = text[place - 1] if place else " "
    after = text[place + 1] if place + 1 < len(text) else " "
    return not before.isalnum() and not after.isspace() and before not in "’'"


def _close_single(text: str, place: int, spans: list[tuple[int, int]]) -> int:
    """To the last mark that can close before the next that opens: an apostrophe at a word's end looks the same."""
    ends = []
    for found in re.finditer(r"[’'](?!\w)", text[place + 1 :]):
        end = place + 1 + found.start()
        if "‘" in text[place + 1 : end]:
            break
        ends.append(end)
    if not ends:
        return place + 1
    # After punctuation a mark closes for certain; else the first that can.
    certain = [end for end in ends if text[end - 1] in ".,!?;:…"]
    end = certain[0] if certain else ends[0]
    spans.append((place + 1, end))
    return end + 1


def _sentence_start(text: str, place: int) -> int:
    starts = [found.end() for found in re.finditer(r"[.!?:]\s+", text[:place])]
    return 0 if len(text) == place + 1 or not starts else starts[0]


def _around(blocks: Sequence[Block], index: int, start: int, end: int) -> str:
    """What stands before the quotation in its sentence, after it in its paragraph, and its credit line."""
    text = blocks[index].text
    before = re.split(r"[.!?”\"]\s+", text[:start])[-1].strip("“\"‘'«„ ")
    after = re.split(r"(?<=[.!?])\s+|[“\"«„]", text[end:].lstrip("”\"’'» "))[0]
    following = next((block for block in blocks[index + 1 : index + 4] if block.text.strip()), None)
    credit = ""
    if following is not None and not text[end:].strip("”\"’'» .,\n"):
        said = following.text.strip()
        if following.credits or (_DASH.match(" " + said) and len(said) < 120):
            credit = said
    return " ⟨⟩ ".join((before, after, credit))
