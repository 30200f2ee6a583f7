"""Statements become themes: what the conversation was about, found in it and given by a codebook."""

from pipeline.themes.find import Themed, find_themes

__all__ = ["Themed", "find_themes"]
