"""Hashed words as vectors: an Encoder that needs no model, for tests and for machines that have none."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence

import numpy as np

from pipeline.backends.protocols import Vectors

_WIDTH = 256
_WORD = re.compile(r"[^\W\d_]+")
# Too common to say what a text is about.
_COMMON_TEXT = (
    "the and that this with for are was were have has had not but you they them their there what which who how "
    "can could would should will from been being about into very just more some than then when where also our "
    "its it's i'm we're don't because said say think know going get got one all any out your does did"
)
_COMMON = frozenset(_COMMON_TEXT.split())


class PlainEncoder:
    """Each word of three letters or more, and its first five letters, add to a place that their checksum names."""

    revision = "plain hashed words 1"

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit rows of shape (len(texts), 256), in the same order; a text without words is a row of its own kind."""
        vectors = np.zeros((len(texts), _WIDTH), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in _WORD.findall(text.lower()):
                if len(word) > 2 and word not in _COMMON:
                    self._add(vectors[row], word, 1.0)
                    self._add(vectors[row], f"{word[:5]}*", 1.0)
            self._add(vectors[row], "", 1e-3)  # so that no row is without a direction
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / norms, dtype=np.float32)

    @staticmethod
    def _add(vector: Vectors, feature: str, weight: float) -> None:
        checksum = zlib.crc32(feature.encode("utf-8"))
        vector[checksum % _WIDTH] += weight if checksum & 0x8000_0000 else -weight
