"""The figures that the issues ask for, each with its floor, its baseline and its denominator."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One measured number."""

    stage: str  # the module it comes from
    measure: str  # what was measured, in words
    value: float
    n: str  # the denominator, in words: "21 meetings", "312 spans"
    floor: float | None = None  # what the issue asks for
    at_most: bool = False  # true where smaller is better
    baseline: float | None = None  # the same, measured for what a user would do instead
    interval: tuple[float, float] | None = None  # bootstrap, 95 %

    @property
    def reached(self) -> bool | None:
        """Whether the floor is reached; None where there is none."""
        if self.floor is None:
            return None
        return self.value <= self.floor if self.at_most else self.value >= self.floor
