"""A linear map from one encoder's vectors to another's, for texts of which the other understands nothing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

# From multilingual-e5-small's vectors of Welsh to all-MiniLM-L6-v2's of English: docs/adr/0030.
WELSH = Path(__file__).parent / "data" / "welsh.npz"


@dataclass(frozen=True)
class Bridge:
    """A row of the one, times `weights` and with `offset` added, points to where the other would put its meaning."""

    model: str  # whose vectors come out, named as in the settings: they lie beside no other model's
    weights: NDArray[np.float32]  # (of the one, of the other)
    offset: NDArray[np.float32]  # (of the other,)
    checksum: str  # of the file, so that a vector's revision names the bridge that it came over


def read_bridge(path: Path) -> Bridge:
    """The bridge in an .npz of `model`, `weights` and `offset`."""
    with np.load(path, allow_pickle=False) as stored:
        weights, offset = stored["weights"].astype(np.float32), stored["offset"].astype(np.float32)
        return Bridge(str(stored["model"]), weights, offset, hashlib.sha256(path.read_bytes()).hexdigest()[:12])


def write_bridge(path: Path, *, model: str, weights: NDArray[np.float64], offset: NDArray[np.float64]) -> None:
    """Write a bridge, as half floats: what they lose is far below what the map itself misses."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        np.savez(stream, model=np.array(model), weights=weights.astype(np.float16), offset=offset.astype(np.float16))
