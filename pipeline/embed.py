"""Statements become vectors: what each says alone, and what it says in its conversation.

A statement of a conversation means little alone ("Yes, and that is the problem in the north as well"). Its context
vector is a weighted mean of its neighbours' own vectors in the same transcript, its own among them; the weights fall
with the distance in statements as a Gaussian does. The facilitator's words are part of the conversation and so of
the context. Transcripts never mix.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.backends.protocols import Encoder, Vectors
from pipeline.tables import STATEMENTS, TURNS, WELSH, VectorSet, stretches

# Standard deviation of the Gaussian, in statements. On committee talk of 500 statements widths of 3 to 8 agree about
# equally with what people called the topics.
CONTEXT_WIDTH = 4.0
# Beyond this many widths a neighbour's weight is under a thousandth of the statement's own.
_REACH = 4


def embed(
    statements: pd.DataFrame, turns: pd.DataFrame, *, encoder: Encoder, welsh_encoder: Encoder | None = None
) -> VectorSet:
    """One row a statement, by statement_id: its own vector and its context's, both of length 1.

    What was said in Welsh is read by the `welsh_encoder`, where there is one. The model's name, as people know it, is
    the first word of the encoder's revision.
    """
    ordered = in_order(statements, turns)
    if not (ordered["language"] == WELSH).any():
        welsh_encoder = None
    own = _own(ordered, encoder, welsh_encoder)
    context = blend(own, ordered["transcript_id"].tolist(), width=CONTEXT_WIDTH)
    by_id = np.argsort(ordered["statement_id"].to_numpy(dtype=str), kind="stable")
    ids = tuple(ordered["statement_id"].iloc[by_id])
    read_by = encoder.revision, welsh_encoder.revision if welsh_encoder else ""
    return VectorSet(ids, own[by_id], context[by_id], encoder.revision.split()[0], *read_by)


def _own(ordered: pd.DataFrame, encoder: Encoder, welsh_encoder: Encoder | None) -> Vectors:
    if welsh_encoder is None:
        return encoder.encode(ordered["text"].tolist())
    welsh = (ordered["language"] == WELSH).to_numpy()
    in_welsh = welsh_encoder.encode(ordered.loc[welsh, "text"].tolist())
    own = np.zeros((len(ordered), in_welsh.shape[1]), dtype=np.float32)
    own[welsh] = in_welsh
    if not welsh.all():
        own[~welsh] = encoder.encode(ordered.loc[~welsh, "text"].tolist())
    return own


def in_order(statements: pd.DataFrame, turns: pd.DataFrame) -> pd.DataFrame:
    """The statements as they were said: by transcript, turn and place in it."""
    STATEMENTS.check(statements)
    index = TURNS.check(turns).set_index("turn_id")["index"]
    placed = statements.assign(_turn=statements["turn_id"].map(index))
    ordered = placed.sort_values(["transcript_id", "_turn", "start"], kind="stable", ignore_index=True)
    return ordered.drop(columns="_turn")


def blend(own: Vectors, transcripts: list[str], *, width: float) -> Vectors:
    """Each row's Gaussian mean over its neighbours of the same transcript, of length 1; rows stand as said.

    `width` is the Gaussian's standard deviation, in rows; 0 leaves them as they are.
    """
    blended = np.array(own, dtype=np.float32)
    if width <= 0:
        return blended
    for rows in stretches(transcripts):
        blended[rows] = _smooth(own[rows], width)
    norms = np.linalg.norm(blended, axis=1, keepdims=True)
    return np.asarray(blended / np.where(norms > 0, norms, 1), dtype=np.float32)


def _smooth(own: Vectors, width: float) -> NDArray[np.float64]:
    reach = int(np.ceil(_REACH * width))
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / width) ** 2)
    padded = np.pad(own.astype(np.float64), ((reach, reach), (0, 0)))
    # One addition a distance, always in the same order: the sum doesn't depend on threads or on BLAS.
    total = np.zeros(own.shape, dtype=np.float64)
    for weight, first in zip(kernel, range(2 * reach + 1), strict=True):
        total += weight * padded[first : first + len(own)]
    return total
