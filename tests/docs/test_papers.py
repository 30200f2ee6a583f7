"""What the papers say is there, is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline.config import Config
from pipeline.ingest.readers import READERS
from pipeline.stages import STAGES

ROOT = Path(__file__).parents[2]
PAPERS = sorted(
    [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "corpora/README.md", ROOT / "outputs/README.md"]
)


def paper(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("path", PAPERS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(path: Path) -> None:
    links = re.findall(r"\]\(([^)\s#]+)", path.read_text(encoding="utf-8"))
    inside = [link for link in links if "://" not in link]
    assert [link for link in inside if not (path.parent / link).exists()] == []


@pytest.mark.parametrize("path", PAPERS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_make_target_that_is_named_exists(path: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", paper("Makefile"), flags=re.MULTILINE))
    named = set(re.findall(r"(?:^|`)make ([a-z-]+)", path.read_text(encoding="utf-8"), flags=re.MULTILINE))
    assert named - targets == set()


def test_the_architecture_names_every_module() -> None:
    package = ROOT / "pipeline"
    modules = {path.name for path in package.glob("*.py") if not path.name.startswith("_")}
    packages = {f"{path.name}/" for path in package.iterdir() if (path / "__init__.py").is_file()}
    told = set(re.findall(r"^\| `([a-z_.]+/?)` \|", paper("ARCHITECTURE.md"), flags=re.MULTILINE))
    assert told == modules | packages


def test_the_architecture_names_every_table_of_a_run() -> None:
    made = {artefact.name for stage in STAGES for artefact in stage.makes if "/" not in artefact.name}
    told = set(re.findall(r"[a-z_]+", paper("ARCHITECTURE.md")))
    assert sorted(made - told) == []


def test_every_ending_that_is_read_stands_in_the_paper_on_formats() -> None:
    told = set(re.findall(r"`(\.\w+)`", paper("docs/formats.md")))
    assert READERS.keys() - told == set(), "docs/formats.md says what can be read: add the ending to its table"


def test_the_architecture_names_every_stage_in_its_order() -> None:
    text = paper("ARCHITECTURE.md")
    places = [text.index(f"   {stage.name} ") for stage in STAGES]
    assert places == sorted(places)


def test_every_decision_is_listed() -> None:
    there = {path.name for path in (ROOT / "docs/adr").glob("0*.md")}
    listed = re.findall(r"\]\((0[^)]+)\)", paper("docs/adr/README.md"))
    assert listed == sorted(there)


@pytest.mark.parametrize("path", sorted((ROOT / "docs/adr").glob("0*.md")), ids=lambda path: path.stem)
def test_every_decision_has_a_reason_and_consequences(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    number = path.name[:4]
    assert text.startswith(f"# {number}: ")
    assert [part for part in ("**Decided.**", "**Why.**", "**Consequences.**") if part not in text] == []


def test_the_glossary_has_each_word_once() -> None:
    entries = re.findall(r"^\| \*\*(.+?)\*\* \|", paper("GLOSSARY.md"), flags=re.MULTILINE)
    words = [word for entry in entries for word in re.split(r"\*\*, \*\*", entry)]
    assert sorted(words) == sorted(set(words))


def test_the_glossary_has_the_words_for_what_the_code_counts_and_makes() -> None:
    text = paper("GLOSSARY.md").lower()
    words = {stage.name for stage in STAGES} | {"turn", "statement", "quote", "theme", "decision", "participant"}
    assert sorted(word for word in words if word not in text) == []


def test_the_readme_tells_every_policy_and_setting_file() -> None:
    text = paper("README.md")
    assert "configs/default.toml" in text
    assert Config().themes.codebook in text


def test_the_changelog_keeps_its_form() -> None:
    text = paper("CHANGELOG.md")
    headings = re.findall(r"^### (.+)$", text, flags=re.MULTILINE)
    assert "## [Unreleased]" in text
    assert set(headings) <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_no_paper_is_about_the_machine_it_was_written_on() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}: {found}"
        for path in PAPERS
        for found in re.findall(r"/(?:work|tmp|root|home)/\S*", path.read_text(encoding="utf-8"))
    ]
    assert wrong == []
