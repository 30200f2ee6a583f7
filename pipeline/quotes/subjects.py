"""Which themes a candidate speaks for: those that its statements carry, and the codebook's theme that it is nearest.

A statement carries a code that a coder would as likely give as not, and one quote in five carries none. Its main
theme is nevertheless asked for, and what the people around it speak of tells much of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.quotes.candidates import Candidate
from pipeline.quotes.features import Numbers
from pipeline.tables import CARRIED_FROM, Statement, Theme

# A codebook theme less likely than this in all of a candidate's statements is none of its themes.
LEAST = 0.05
# What the statements so near on either side are about counts half of what the best statement is about; how common a
# theme is in the whole run counts against it, or a quote on anything would be about what all talk is about. Chosen on
# what coder D coded, 1,800 statements and 160 quotes: docs/method-quotes.md has what other values do.
_BESIDE, _CONTEXT, _USUAL = 3, 0.5, 0.7
_SMALLEST = 0.004  # a confidence that isn't in the table: half of the least that is


class Subjects:
    """The themes of candidates."""

    def __init__(self, rows: Sequence[Statement], themes: Iterable[Theme], assignments: pd.DataFrame) -> None:
        """`rows` in the order of the candidates' rows; `assignments` whole, with the less likely ones."""
        self._rows = rows
        known = {theme.theme_id: theme.origin for theme in themes}
        self._codes = sorted(name for name, origin in known.items() if origin == "codebook")
        place = {row.statement_id: index for index, row in enumerate(rows)}
        here = assignments.assign(row=assignments["statement_id"].map(place))
        here = here[here["row"].notna() & here["theme_id"].isin(list(known))].astype({"row": "int64"})
        coded = here[here["theme_id"].isin(self._codes)]
        columns = coded["theme_id"].map({code: column for column, code in enumerate(self._codes)})
        self._confidence = np.zeros((len(rows), len(self._codes)))
        self._confidence[coded["row"].to_numpy(), columns.to_numpy(dtype=np.int64)] = coded["confidence"].to_numpy()
        self._carried: dict[int, list[tuple[str, float]]] = defaultdict(list)
        carried = here[(here["origin"] != "codebook") | (here["confidence"] >= CARRIED_FROM)]
        weights = carried["primary"] + carried["confidence"]
        told = (carried["row"].tolist(), carried["theme_id"].tolist(), weights.tolist())
        for row, theme, weight in zip(*told, strict=True):
            self._carried[row].append((theme, weight))
        self._log_odds = _log_odds(self._confidence)
        self._usual = _log_odds(self._confidence.mean(axis=0)) if len(rows) else np.zeros(len(self._codes))
        # A code that no statement carries has no place in a report.
        self._spoken_of: NDArray[np.bool_] = np.any(self._confidence >= CARRIED_FROM, axis=0)

    def carried(self, candidate: Candidate) -> tuple[str, ...]:
        """The themes that its statements carry, codebook themes first, each by what it adds up to; ties by theme_id."""
        weight: dict[str, float] = defaultdict(float)
        for row in candidate.rows:
            for theme, value in self._carried.get(row, ()):
                weight[theme] += value
        return tuple(sorted(weight, key=lambda theme: (theme not in self._codes, -round(weight[theme], 9), theme)))

    def of(self, candidate: Candidate) -> tuple[str, ...]:
        """Its themes, its main one first: the nearest of the codes that anybody speaks of, else the first theme that
        its statements carry, else the nearest code."""
        carried = self.carried(candidate)
        main = self._nearest(candidate, self._spoken_of)
        if main is None and not carried:
            main = self._nearest(candidate, ~self._spoken_of)
        return carried if main is None else (main, *(theme for theme in carried if theme != main))

    def _nearest(self, candidate: Candidate, among: NDArray[np.bool_]) -> str | None:
        """The one of these codes that it speaks of more than the talk usually does; None where none is likely."""
        rows = list(candidate.rows)
        likely = np.where(among, self._confidence[rows].max(axis=0, initial=0.0), 0.0)
        if not (likely >= LEAST).any():
            return None
        near = self._log_odds[self._around(rows)].mean(axis=0)
        score = self._log_odds[rows].max(axis=0) + _CONTEXT * near - _USUAL * self._usual
        # What people confirmed stands, whatever else is near.
        confirmed = likely == 1.0
        able = np.flatnonzero(confirmed if confirmed.any() else likely >= LEAST)
        return self._codes[max(able, key=lambda code: (round(float(score[code]), 9), -code))]

    def _around(self, rows: Sequence[int]) -> list[int]:
        """The rows of its statements and of those beside them in the transcript."""
        transcript = self._rows[rows[0]].transcript_id
        low, high = max(0, rows[0] - _BESIDE), min(len(self._rows), rows[-1] + _BESIDE + 1)
        return [row for row in range(low, high) if self._rows[row].transcript_id == transcript]


def _log_odds(confidence: Numbers) -> Numbers:
    kept = np.clip(confidence, _SMALLEST, 1 - _SMALLEST)
    return np.asarray(np.log(kept / (1 - kept)), dtype=np.float64)
