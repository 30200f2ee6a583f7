"""Dates as a reader writes them; no locale of the machine, no clock."""

from __future__ import annotations

from datetime import date

from pipeline.synthesis.wording import Line, words


def long_date(iso: str, languages: tuple[str, ...]) -> Line:
    """ "22 April 2026", "22 Ebrill 2026"; a text that isn't an ISO date stays as it is."""
    try:
        found = date.fromisoformat(iso)
    except ValueError:
        return tuple((language, iso) for language in languages)
    return tuple(
        (language, f"{found.day} {words(language)['months'][found.month - 1]} {found.year}") for language in languages
    )
