"""Themes → candidate quotes: spans of turns, ranked by what people print, each with what speaks for and against it."""

from pipeline.quotes.find import Quoted, find_quotes

__all__ = ["Quoted", "find_quotes"]
