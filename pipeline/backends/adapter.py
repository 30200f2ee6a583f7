"""A small change to an embedding model's weights, trained for one task: low-rank adaptation (LoRA; Hu et al. 2021).

A changed weight is W + up @ down. A file holds nothing else: the model it is for, and those two for each weight.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

# For one-sentence opinions that stand alone: docs/model-card-opinions.md.
OPINIONS = Path(__file__).parents[1] / "themes" / "data" / "opinions.npz"


@dataclass(frozen=True)
class Adapter:
    """What to add to a model's weights."""

    model: str  # the model's name, as in the settings: no other model's weights fit
    checksum: str  # of the file, so that a vector's revision names the adapter that made it
    changes: Mapping[str, NDArray[np.float32]]  # by the weight's name, each of the weight's shape


def read_adapter(path: Path) -> Adapter:
    """The adapter in an .npz of `model`, and `<weight>.down` (rank, inputs) and `<weight>.up` (outputs, rank) each."""
    with np.load(path, allow_pickle=False) as stored:
        names = sorted(name.removesuffix(".up") for name in stored.files if name.endswith(".up"))
        changes = {name: _product(stored[f"{name}.up"], stored[f"{name}.down"]) for name in names}
        return Adapter(str(stored["model"]), hashlib.sha256(path.read_bytes()).hexdigest()[:12], changes)


def write_adapter(path: Path, *, model: str, factors: Mapping[str, tuple[Any, Any]]) -> None:
    """Write (up, down) of each changed weight, as half floats: their last bits are noise of the training."""
    parts = {"model": np.array(model)}
    for name, (up, down) in sorted(factors.items()):
        parts[f"{name}.up"] = np.asarray(up, dtype=np.float16)
        parts[f"{name}.down"] = np.asarray(down, dtype=np.float16)
    with path.open("wb") as stream:
        np.savez(stream, **parts)  # type: ignore[arg-type]


def _product(up: NDArray[Any], down: NDArray[Any]) -> NDArray[np.float32]:
    # In doubles and rounded: the order of a sum of eight products must not reach the weights.
    return (up.astype(np.float64) @ down.astype(np.float64)).astype(np.float32)
