"""Trains pipeline/backends/data/welsh.npz: `python -m benchmarks.train_welsh --hearings ...`, some minutes.

A ridge regression (Hoerl and Kennard 1970) from multilingual-e5-small's vectors of English sentences to
all-MiniLM-L6-v2's of the same, and where Welsh lies beside English in the first. The sentences are those of the
hearings that the quotes' ranker learned from too (docs/model-card-quotes.md says where they are had). What comes of it
is measured on other Welsh, by `python -m benchmarks codebook`; docs/adr/0030 has why.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.codebook import CODEBOOK
from benchmarks.quote_talk import hearings
from pipeline.backends.bridge import WELSH, write_bridge
from pipeline.backends.e5_onnx import E5Encoder
from pipeline.backends.models import embedding_folder
from pipeline.backends.protocols import Encoder
from pipeline.backends.toolbox import Toolbox, cache_folder
from pipeline.config import Config, EmbedSettings
from pipeline.themes.codebook import Codebook, read_codebook

# Invented, by models: none of them stands in benchmarks/data/codebook/welsh.csv, which measures.
LESSONS = Path(__file__).parent / "data" / "codebook" / "welsh_lessons.csv"
SENTENCES = 8_000
# Of the mean variance of a dimension. From .001 to .3 a sentence is found among 1,000 by its own vector as often.
_RIDGE = 0.03
_FEWEST_WORDS, _MOST_WORDS = 6, 60

Rows = NDArray[np.float64]


def train(folder: Path) -> tuple[Rows, Rows]:
    """The map's weights (384, 384) and offset (384,)."""
    settings = EmbedSettings()
    graphs = cache_folder() / "graphs"
    many = E5Encoder(
        embedding_folder(settings.welsh_model), revision="e5, to learn a bridge", graphs=graphs, bridge=None
    )
    english = Toolbox.of(Config()).encoder()
    texts = _sentences(folder)
    given, wanted = many.encode(texts).astype(np.float64), english.encode(texts).astype(np.float64)
    weights = _ridge(given - given.mean(axis=0), wanted - wanted.mean(axis=0))
    start = given.mean(axis=0) + _beside_english(many, read_codebook(CODEBOOK))
    return weights, wanted.mean(axis=0) - start @ weights


def _sentences(folder: Path) -> list[str]:
    """Of every hearing, evenly."""
    every = [text for hearing in hearings(folder).values() for text in _of_length(hearing["meeting_transcripts"])]
    step = max(1, len(every) // SENTENCES)
    return every[::step][:SENTENCES]


def _of_length(turns: list[dict[str, str]]) -> Iterator[str]:
    for turn in turns:
        for text in re.split(r"(?<=[.?!])\s+", turn["content"]):
            if _FEWEST_WORDS <= len(text.split()) <= _MOST_WORDS:
                yield text


def _ridge(given: Rows, wanted: Rows) -> Rows:
    """The map between centred rows, drawn out again to the spread of what it learned from.

    A regression foretells only what it can, and its rows would all lie near the middle.
    """
    spread = given.T @ given
    prior = _RIDGE * np.trace(spread) / len(spread)
    weights = np.linalg.solve(spread + prior * np.eye(len(spread)), given.T @ wanted)
    return np.asarray(weights * np.linalg.norm(wanted) / np.linalg.norm(given @ weights))


def _beside_english(many: Encoder, codebook: Codebook) -> Rows:
    """How far Welsh lies from English of the same subject: the model knows a sentence's language as well."""
    lessons = pd.read_csv(LESSONS, keep_default_na=False)
    welsh = [many.encode(lessons.loc[lessons["code"] == code.id, "statement"].tolist()) for code in codebook.codes]
    english = [many.encode(code.examples) for code in codebook.codes]
    far = [ours.mean(axis=0) - theirs.mean(axis=0) for ours, theirs in zip(welsh, english, strict=True)]
    return np.asarray(np.mean(far, axis=0), dtype=np.float64)


def main() -> None:
    """Train it, and write it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--hearings", type=Path, required=True, help="a clone of dracos/uk-covid19-inquiry")
    weights, offset = train(parser.parse_args().hearings)
    write_bridge(WELSH, model=EmbedSettings().model, weights=weights, offset=offset)


if __name__ == "__main__":
    main()
