"""Source turns → turns: who speaks and who is spoken of becomes a pseudonym; the map back stays private."""

from __future__ import annotations

from pipeline.anonymise.stage import Anonymised, anonymise

__all__ = ["Anonymised", "anonymise"]
