"""Opinions that stand alone, grouped without a number given: against the key points that people matched them to.

Each topic is read by an adapter that was trained without it (`python -m benchmarks.train_opinions --folds`).
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import Figure
from benchmarks.argkp import FOLDER, FOLDS, held_out, questions_of
from pipeline.backends.adapter import read_adapter
from pipeline.backends.minilm_onnx import OnnxEncoder
from pipeline.backends.models import embedding_folder
from pipeline.backends.protocols import Encoder
from pipeline.themes.opinions import opinions_of

_SEED = 7
_RESAMPLED = 2000
_MEASURES = (("V", 0.40), ("ARI", 0.25))  # and what the issue asks for


def judge_opinions(gold: Path, encoder: Encoder) -> Iterator[Figure]:
    """V and ARI over ArgKP's topics and stances; the baseline is k-means on `encoder`, told the number of groups."""
    from sklearn.cluster import KMeans

    questions = list(questions_of(gold))
    scores, base, counts = [], [], []
    for fold in range(FOLDS):
        adapted = _adapted(FOLDER / f"fold{fold}.npz")
        for question in (one for one in questions if one.topic in held_out(questions, fold)):
            texts = [text for text, _ in question.opinions]
            keys = np.array([key for _, key in question.opinions])
            n_points = len(set(keys) - {""})
            found = opinions_of(adapted.encode(texts), texts).labels
            means = KMeans(n_points, n_init=5, random_state=_SEED).fit_predict(encoder.encode(texts))
            scores.append(_both(keys, found))
            base.append(_both(keys, means))
            counts.append(len(set(found.tolist())) / n_points)
    n = f"{len(scores)} topics and stances, {np.median(counts):.1f} themes a key point; other topics trained on"
    for column, (name, floor) in enumerate(_MEASURES):
        mine, plain = np.array(scores)[:, column], np.array(base)[:, column]
        yield Figure(
            "themes", f"opinions without a conversation: {name}; number of themes not given", float(mine.mean()), n,
            floor=floor, baseline=float(plain.mean()), interval=_interval(mine),
        )  # fmt: skip


def _adapted(path: Path) -> Encoder:
    """The encoder with a fold's adapter; its graph of 90 MB is kept nowhere."""
    adapter = read_adapter(path)
    with tempfile.TemporaryDirectory() as graphs:
        folder = embedding_folder(adapter.model)
        return OnnxEncoder(folder, revision=path.stem, precision="fp32", graphs=Path(graphs), adapter=adapter)


def _both(keys: NDArray[np.str_], labels: NDArray[np.int64]) -> tuple[float, float]:
    """V and ARI over the opinions that have exactly one key point."""
    from sklearn.metrics import adjusted_rand_score, v_measure_score

    known = keys != ""
    return float(v_measure_score(keys[known], labels[known])), float(adjusted_rand_score(keys[known], labels[known]))


def _interval(values: NDArray[Any]) -> tuple[float, float]:
    """95 % of the means of questions drawn with replacement."""
    chance = np.random.default_rng(_SEED)
    means = [float(chance.choice(values, len(values)).mean()) for _ in range(_RESAMPLED)]
    return float(np.quantile(means, 0.025)), float(np.quantile(means, 0.975))
