"""Everything that a stage's result depends on, by content and never by time; and what of it has changed.

The stamp of a stage goes into the manifest; where the next run's is another, or what the stage made isn't there, the
stage is made again for that reason.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pipeline
from pipeline.backends import models
from pipeline.config import Config
from pipeline.decisions import log_files, read_log
from pipeline.errors import stop_at
from pipeline.stages import EVIDENCE, Stage
from pipeline.withdrawal import TOMBSTONES

# What a result may depend on besides our own code; the manifest names their versions.
PACKAGES = (
    "bertopic", "gguf", "jellyfish", "jinja2", "lxml", "numpy", "onnx", "onnxruntime", "pandas", "phonenumbers",
    "pyarrow", "pypdf", "python-docx", "rapidfuzz", "scikit-learn", "scipy", "sentence-transformers", "spacy", "thinc",
    "tokenizers", "torch",
)  # fmt: skip
_CODE = Path(pipeline.__file__).parent
_CODE_FILES = (".py", ".toml", ".npz", ".json", ".csv", ".txt")


def stamp_of(stage: Stage, corpus: Path, run_folder: Path, config: Config) -> dict[str, Any]:
    """Everything that a stage's result depends on, by content: hashes of its inputs and its code, settings, models."""
    paths = {artefact.name: artefact.path(run_folder) for artefact in stage.takes}
    inputs = {name: models.sha256(path) for name, path in paths.items() if path.is_file()}
    if stage.reads_corpus:
        inputs.update(corpus_hashes(corpus / stage.reads_corpus))
        withdrawals = run_folder / TOMBSTONES
        inputs.update({"withdrawals": models.sha256(withdrawals)} if withdrawals.is_file() else {})
    for path in log_files(run_folder) if stage.decisions else ():
        kinds = [
            json.dumps(found.model_dump(), sort_keys=True)
            for found in read_log([path])
            if found.kind in stage.decisions
        ]
        if kinds:
            # A person's two files have one name, and neither may hide that the other has changed.
            name = path.relative_to(run_folder) if path.parent.name == "private" else path.name
            inputs[f"decisions {name}"] = hashlib.sha256("\n".join(kinds).encode()).hexdigest()
    return {
        "inputs": inputs,
        "settings": settings_for(stage, config),
        "code": _code_hash(stage.code),
        "models": {name: models.version(name) for name in stage.models(config)},
    }


def reasons_for(stage: Stage, stamp: Mapping[str, Any], manifest: Mapping[str, Any], run_folder: Path) -> Iterator[str]:
    """Why a stage must be made again, in words; nothing where it is as it would be made."""
    record = manifest["stages"].get(stage.name)
    if record is None:
        yield "never run"
        return
    if not record.keys() >= {"settings", "models", "inputs", "code", "outputs"}:
        yield "what is recorded of it is not whole"
        return
    yield from differences(record["settings"], stamp["settings"], "")
    yield from differences(record["models"], stamp["models"], "model ")
    for name in sorted({*record["inputs"], *stamp["inputs"]}):
        if record["inputs"].get(name) != stamp["inputs"].get(name):
            yield f"input {name} {_what_happened(name, record['inputs'], stamp['inputs'])}"
    if record["code"] != stamp["code"]:
        yield "its code changed"
    for artefact in stage.makes:
        path = artefact.path(run_folder)
        if not path.is_file() or models.sha256(path) != record["outputs"].get(artefact.name):
            yield f"{path.relative_to(run_folder).as_posix()} is missing or was changed"


def settings_for(stage: Stage, config: Config) -> Any:
    """What a stage is told, as the manifest will give it back, where a tuple is a list."""
    return json.loads(json.dumps({**stage.settings(config), "seed": config.seed}))


def differences(before: Mapping[str, Any], now: Mapping[str, Any], kind: str) -> Iterator[str]:
    """What changed from one mapping to the other, by name; `kind` opens each line."""
    for name in sorted({*before, *now}):
        if before.get(name) != now.get(name):
            yield f"{kind}{name} changed from {before.get(name)} to {now.get(name)}"


def surroundings(config: Config) -> dict[str, Any]:
    """What the manifest says of the whole run: our version, Python, the machine, the libraries, the settings."""
    return {
        "pipeline": pipeline.__version__,
        "python": platform.python_version(),
        "machine": {
            "system": platform.system(),
            "processor": platform.machine(),
            "model": processor_model(_told_of_processors()),
        },
        "packages": {name: models.version(name) for name in PACKAGES},
        "config": config.model_dump(mode="json"),
    }


# By these a processor's sums, and what eight bits make of them, may be others than another's.
_INSTRUCTIONS = ("avx2", "fma", "avx512f", "avx_vnni", "avx512_vnni", "amx_int8", "asimddp", "i8mm", "sve")


def processor_model(told: str) -> str:
    """Which processor it is and which of `_INSTRUCTIONS` it has, of what Linux tells of it; empty where it doesn't."""
    said = dict(re.findall(r"^([^\t:]+?)\s*: *(.*)$", told, flags=re.MULTILINE)[::-1])
    has = (said.get("flags") or said.get("Features") or "").split()
    there = (said.get("model name", ""), *(name for name in _INSTRUCTIONS if name in has))
    return " ".join(word for word in there if word)


def _told_of_processors() -> str:
    path = Path("/proc/cpuinfo")
    if not path.is_file():
        return ""
    with path.open(encoding="utf-8", errors="replace") as stream:
        return stream.read(4_096)  # the first one's: of a hundred processors Linux asks each how fast it is


def corpus_hashes(corpus: Path) -> dict[str, str]:
    """A hash over content and path of each file of a corpus folder, by its first digits; without the evidence in it.

    The manifest isn't private and a file's name may hold a participant's, so a file is named by its hash.
    """
    found = os.walk(corpus, onerror=stop_at) if corpus.is_dir() else ()
    paths = [Path(folder) / name for folder, _, names in found for name in names if not name.startswith(".")]
    paths = [path for path in paths if path.is_file()]
    places = {path: path.relative_to(corpus) for path in paths}
    whole = (
        f"{models.sha256(path)} ".encode() + os.fsencode(at.as_posix())
        for path, at in places.items()
        if at.parts[0] != EVIDENCE
    )
    hashes = sorted(hashlib.sha256(told).hexdigest() for told in whole)
    return {f"file {found[:12]}": found for found in hashes}


def _what_happened(name: str, before: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    if name not in before:
        return "is new"
    return "is gone" if name not in now else "changed"


def _code_hash(parts: Sequence[str]) -> str:
    """One hash over the source of these modules and packages of ours, and of what every stage rests on."""
    digest = hashlib.sha256()
    for part in sorted({*parts, "store.py", "tables.py", "stages.py"}):
        place = _CODE / part
        files = [place] if place.is_file() else sorted(path for path in place.rglob("*") if path.suffix in _CODE_FILES)
        for path in files:
            digest.update(path.relative_to(_CODE).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
