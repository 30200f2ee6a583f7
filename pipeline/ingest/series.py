"""series.toml: what can't be guessed from the transcripts of a series."""

from __future__ import annotations

import datetime as dt
import difflib
import tomllib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.errors import CorpusError

NAME = "series.toml"


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RoundtableEntry(_Section):
    """One meeting: its code goes into every ID, so it may hold no name."""

    code: str = Field(pattern=r"^[a-z][a-z0-9]{0,11}$")
    files: tuple[str, ...] = ()  # relative to the folder; patterns such as `2026-02/*.vtt` too
    title: str = ""
    date: dt.date | None = None
    place: str = ""
    language: str = Field("", pattern="^(en|cy|)$")
    facilitators: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()  # the discussion guide, in its order
    columns: dict[str, str] = Field(default_factory=dict)  # of a table: speaker, text, start, end → the column's title
    speakers: dict[str, str] = Field(default_factory=dict)  # a label in the files → the name of who it is


class Series(_Section):
    """Everything that series.toml can say."""

    title: str = ""
    language: str = Field("", pattern="^(en|cy|)$")
    columns: dict[str, str] = Field(default_factory=dict)
    speakers: dict[str, str] = Field(default_factory=dict)
    leave_out: tuple[str, ...] = ()  # files that are no transcripts; patterns too
    roundtables: tuple[RoundtableEntry, ...] = ()


def read_series(corpus: Path) -> Series:
    """What series.toml says, or nothing if there is none.

    Raises:
        CorpusError: it isn't TOML, says something that nobody knows, or gives a code twice.
    """
    path = corpus / NAME
    if not path.is_file():
        return Series()
    try:
        series = Series.model_validate(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        where = f" ({error})" if isinstance(error, tomllib.TOMLDecodeError) else ""
        raise CorpusError(f"{path} is not TOML{where}") from error
    except ValidationError as error:
        raise CorpusError(f"{path}: {'; '.join(_explain(problem) for problem in error.errors())}") from error
    codes = [entry.code for entry in series.roundtables]
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        raise CorpusError(f"{path}: the code {twice[0]} is given to two roundtables; each needs its own")
    return series


def _explain(problem: Any) -> str:
    """What is wrong and where, without repeating a value: a title or a facilitator may be a name."""
    *outer, key = problem["loc"]
    where = ".".join(str(part + 1) if isinstance(part, int) else str(part) for part in problem["loc"])
    if problem["type"] == "extra_forbidden":
        known = sorted((RoundtableEntry if "roundtables" in outer else Series).model_fields)
        nearest = difflib.get_close_matches(str(key), known, n=1, cutoff=0.5)
        return f"unknown key {where}; " + (f"did you mean {nearest[0]}?" if nearest else f"known: {', '.join(known)}")
    if problem["type"] == "missing":
        which = next((str(part + 1) for part in outer if isinstance(part, int)), "")
        return f'[[roundtables]] number {which} has no {key}: give it one, such as {key} = "rt1", or take it out'
    if key == "code":
        return f"{where}: a code is a small letter and then up to 11 small letters or digits, such as rt1"
    return f"{where}: {problem['msg']}"
