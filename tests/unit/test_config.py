"""A run is told what to do by a file that can't be misread in silence."""

from __future__ import annotations

import re
import tomllib
from inspect import signature
from pathlib import Path
from typing import Any, get_args

import pytest

from pipeline.anonymise import anonymise
from pipeline.config import Config, Level, Settings, commented_defaults, load_config
from pipeline.errors import ConfigError
from pipeline.ingest import read_corpus
from pipeline.quotes import find_quotes
from pipeline.synthesis.evidence import propose
from pipeline.synthesis.wording import LEVELS, Scale
from pipeline.themes import find_themes

DEFAULTS = Path(__file__).parents[2] / "configs" / "default.toml"
COMMAND = "from pipeline.config import commented_defaults as defaults; print(defaults(), end='')"
REWRITE = f'.venv/bin/python -c "{COMMAND}" > configs/default.toml'


def config_file(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_file_the_defaults_hold() -> None:
    assert load_config(None) == Config()


def test_the_shipped_file_holds_every_default() -> None:
    assert DEFAULTS.read_text(encoding="utf-8") == commented_defaults(), f"write it again: {REWRITE}"


def test_the_shipped_file_is_the_defaults_when_read() -> None:
    assert load_config(DEFAULTS) == Config()


def test_every_setting_says_what_it_does() -> None:
    sections = [Config, *(type(section) for _, section in Config() if isinstance(section, Settings))]
    silent = [
        f"{section.__name__}.{name}"
        for section in sections
        for name, field in section.model_fields.items()
        if not field.description and not isinstance(field.default, Settings)
    ]
    assert silent == []


@pytest.mark.parametrize(
    ("given", "settings"),
    [
        (read_corpus, Config().ingest),
        (anonymise, Config().anonymise),
        (find_themes, Config().themes),
        (find_quotes, Config().quotes),
        (propose, Config().report),
        (Scale, Config().scale),
    ],
    ids=lambda given: getattr(given, "__name__", ""),
)
def test_what_is_left_out_of_a_call_is_the_default_of_the_setting(given: Any, settings: Settings) -> None:
    """So that a figure, which is measured by calls, is one of the defaults; `propose` calls `passages` per_theme."""
    own = {"per_theme" if name == "passages" else name: value for name, value in settings}
    parts = [
        part for part in signature(given).parameters.values() if part.name in own and part.default is not part.empty
    ]
    assert parts
    assert {part.name: part.default for part in parts} == {part.name: own[part.name] for part in parts}


def test_a_file_changes_only_what_it_says(tmp_path: Path) -> None:
    config = load_config(config_file(tmp_path, 'seed = 7\n[anonymise]\npolicy = "all"\n'))
    assert (config.seed, config.anonymise.policy, config.quotes) == (7, "all", Config().quotes)


def test_an_unknown_setting_is_answered_with_the_nearest_known_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"unknown setting anonymise\.polcy; did you mean policy\?"):
        load_config(config_file(tmp_path, '[anonymise]\npolcy = "all"\n'))


def test_an_unknown_section_is_answered_with_the_nearest_known_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"unknown setting theme; did you mean themes\?"):
        load_config(config_file(tmp_path, '[theme]\ncodebook = ""\n'))


def test_a_setting_like_no_other_is_answered_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"unknown setting ingest\.zzz; known here: .*encoding"):
        load_config(config_file(tmp_path, "[ingest]\nzzz = 1\n"))


def test_a_setting_out_of_range_is_named_with_what_it_says(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"quotes\.per_theme: .*greater than or equal to 1 \(it says 0\)"):
        load_config(config_file(tmp_path, "[quotes]\nper_theme = 0\n"))


@pytest.mark.parametrize(
    ("said", "setting"),
    [
        ("[themes]\nn_themes = true", "themes.n_themes"),
        ('[themes]\nn_themes = "3"', "themes.n_themes"),
        ("[themes]\nstability = 1", "themes.stability"),
        ("[scale]\nmany = true", "scale.many"),
        ("seed = true", "seed"),
        ('[anonymise]\nkeep = "Ofcom"', "anonymise.keep"),
        ("[anonymise]\nkeep = [1]", "anonymise.keep.0"),
    ],
)
def test_what_is_no_number_is_none(tmp_path: Path, said: str, setting: str) -> None:
    with pytest.raises(ConfigError, match=rf"{re.escape(setting)}: .* \(it says"):
        load_config(config_file(tmp_path, said))


def test_a_whole_number_is_a_share_too_and_a_list_of_names_is_read(tmp_path: Path) -> None:
    read = load_config(config_file(tmp_path, '[scale]\nmany = 1\n[anonymise]\nkeep = ["Ofcom"]'))
    assert (read.scale.many, read.anonymise.keep) == (1.0, ("Ofcom",))


def test_a_word_of_number_that_the_scale_does_not_have_is_refused(tmp_path: Path) -> None:
    """`sone = ...` was taken, and the report went on saying "some participants"."""
    with pytest.raises(ConfigError, match=r"scale\.en\.sone.*'some'.*\(it says 'sone'\)"):
        load_config(config_file(tmp_path, '[scale]\nen = { sone = "several people" }\n'))
    assert get_args(Level) == LEVELS


@pytest.mark.parametrize("model", ["anonymise", "embed"])
def test_a_model_that_every_run_needs_is_named(tmp_path: Path, model: str) -> None:
    with pytest.raises(ConfigError, match=rf"{model}\.model: .*at least 1 character"):
        load_config(config_file(tmp_path, f'[{model}]\nmodel = ""\n'))


def test_nothing_plain_reads_welsh_and_a_config_says_so_before_a_run(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"embed: .*no welsh_model is plain"):
        load_config(config_file(tmp_path, '[embed]\nwelsh_model = "plain"\n'))
    assert load_config(config_file(tmp_path, '[embed]\nmodel = "plain"\n')).embed.reads_welsh == ""


def test_a_vault_that_a_key_file_locks_needs_its_place(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"anonymise: .*say where the file is, in anonymise\.key_file"):
        load_config(config_file(tmp_path, '[anonymise]\nvault = "key_file"\n'))


def test_a_file_that_windows_has_saved_is_read(tmp_path: Path) -> None:
    assert load_config(config_file(tmp_path, "\ufeffseed = 7\n")).seed == 7


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"seed.*; .*policy"):
        load_config(config_file(tmp_path, 'seed = -1\n[anonymise]\npolicy = "some"\n'))


def test_a_file_that_is_not_toml_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"config\.toml is not TOML: .*line 1"):
        load_config(config_file(tmp_path, "seed: 7\n"))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no config file .*nowhere\.toml"):
        load_config(tmp_path / "nowhere.toml")


def test_a_config_cannot_be_changed_on_the_way() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Config().anonymise.policy = "all"  # type: ignore[misc]


def test_the_shipped_file_is_plain_toml() -> None:
    assert set(tomllib.loads(DEFAULTS.read_text(encoding="utf-8"))) == set(Config.model_fields)
