"""A document as blocks: paragraphs, table rows, notes, comments, properties, each with its place and what marks it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Sort = Literal["body", "note", "comment", "furniture", "property", "hidden"]


@dataclass(frozen=True)
class Block:
    """Some text of a document that belongs together."""

    place: str  # "paragraph 12", "footnote 2", "comment 1", "property title"
    text: str
    sort: Sort = "body"
    quoted: bool = False  # set as a quotation, whether or not it has quote marks
    credits: bool = False  # says who said the quotation before it
    heading: int = 0  # its level; 0 for none
    theme: str = ""  # a mark that the report put there: the theme's id as a bookmark or attribute holds it
    quote: str = ""  # the same for a quote: its hash, whole or its first letters
    contents: bool = False  # a line of the table of contents
    breaks: bool = False  # lines of it may be broken with hyphens (pdf)
