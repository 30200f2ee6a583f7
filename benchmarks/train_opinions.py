"""Trains pipeline/themes/data/opinions.npz: `python -m benchmarks.train_opinions --gold ../shared/gold`.

A linear discriminant over many questions at once: the directions in which the arguments for different key points of
one question lie apart, against those in which the arguments for one key point do. See docs/model-card-opinions.md.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.themes import argkp
from pipeline.backends.protocols import Encoder
from pipeline.backends.toolbox import Toolbox
from pipeline.config import Config
from pipeline.themes.opinions import PROJECTION, centred

Matrix = NDArray[np.float64]

WIDTH = 64  # directions kept
# How far the within-scatter is drawn towards a ball: 384 directions from some thousand opinions are noisy.
SHRINKAGE = 0.5
_FEWEST = 3  # opinions for a key point to have a mean


def train(questions: Sequence[Sequence[tuple[str, str]]], encoder: Encoder) -> Matrix:
    """The projection (d, WIDTH) from questions, each with its opinions and the key point of each, or none."""
    within: Matrix | None = None
    between: Matrix | None = None
    inside = outside = 0
    for opinions in questions:
        vectors = centred(encoder.encode([text for text, _ in opinions]))
        vectors = vectors - vectors.mean(0)
        keys = np.array([key for _, key in opinions])
        if within is None or between is None:
            within = np.zeros((vectors.shape[1], vectors.shape[1]))
            between = np.zeros_like(within)
        for key in sorted(set(keys) - {""}):
            mine = vectors[keys == key]
            if len(mine) < _FEWEST:
                continue
            middle = mine.mean(0)
            within += (mine - middle).T @ (mine - middle)
            between += np.outer(middle, middle) * len(mine)
            inside, outside = inside + len(mine) - 1, outside + len(mine)
    if within is None or between is None:
        raise ValueError("no question to train on")
    return _directions(within / inside, between / outside)


def _directions(within: Matrix, between: Matrix) -> Matrix:
    from scipy.linalg import eigh

    ball = np.trace(within) / len(within) * np.eye(len(within))
    values, vectors = eigh(between, (1 - SHRINKAGE) * within + SHRINKAGE * ball)
    return np.asarray(vectors[:, ::-1][:, :WIDTH] * np.sqrt(np.maximum(values[::-1][:WIDTH], 1e-9)))


def main() -> None:
    """Train on all questions and write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gold", type=Path, default=Path("../shared/gold"))
    config = Config()
    encoder = Toolbox(config.anonymise, config.embed).encoder()
    projection = train([opinions for _, opinions in argkp(parser.parse_args().gold)], encoder)
    with PROJECTION.open("wb") as stream:
        np.savez(stream, projection=projection.astype(np.float16), model=np.array(config.embed.model))


if __name__ == "__main__":
    main()
