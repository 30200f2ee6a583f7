"""Under which theme's heading each block of a document stands; annexes and what is no running text are told apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.synthesis.paper import mark_of
from pipeline.synthesis.verify.blocks import Block
from pipeline.synthesis.verify.folding import fold
from pipeline.synthesis.wording import LANGUAGES, words


@dataclass(frozen=True)
class Standing:
    """Where a block stands."""

    theme: str  # of the section that it is in; empty outside of all, and in an annex
    marked: str  # the theme that the report's own mark beside it says; empty without one
    in_annex: bool
    is_title: bool  # a heading, or a line that is nothing but a theme's name


def standings(blocks: Sequence[Block], names: Mapping[str, str]) -> list[Standing]:
    """Where each block stands, in their order; `names` are the themes' names, by theme_id.

    A heading is known by the mark that the report put there, else by its words: one that people renamed and that lost
    its mark opens a section of no theme.
    """
    return list(_standings(blocks, names))


def _standings(blocks: Sequence[Block], names: Mapping[str, str]) -> Iterator[Standing]:
    by_name = {_title(name): key for key, name in names.items()}
    annexes = {_title(words(language)["annex"]["title"]) for language in LANGUAGES}
    outside = {_title(words(language)["body"]["closing"]) for language in LANGUAGES}
    theme, depth, in_annex = "", 0, False
    for block in blocks:
        title = _title(block.text)
        parts = {part.strip() for part in title.split(" / ")}
        marked = next((key for key in names if block.theme and mark_of(key) == mark_of(block.theme)), "")
        is_title = False
        if is_prose(block):
            is_title = bool(block.heading or parts & outside or title in by_name) and not parts & annexes
            if parts & annexes:
                in_annex, theme = True, ""
            elif block.heading or parts & outside:
                in_annex = in_annex and block.heading != 1
                if marked or title in by_name:
                    theme, depth = marked or by_name[title], block.heading
                elif block.heading <= max(depth, 2):
                    theme = ""
            elif title in by_name:  # a format without headings
                theme, depth, in_annex = by_name[title], 2, False
        # Notes, comments and a page's head are told after the text, and stand in no section of it.
        yield Standing("" if in_annex or block.sort != "body" else theme, marked, in_annex, is_title)


def is_prose(block: Block) -> bool:
    """Whether a block is the document's own running text: no quotation, no credit, no line of the contents."""
    return block.sort in ("body", "note") and not (block.contents or block.quoted or block.credits)


def _title(text: str) -> str:
    return fold(text).text.casefold()
