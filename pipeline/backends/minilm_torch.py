"""MiniLM through sentence-transformers and PyTorch: the reference that the faster backend is held to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from pipeline.backends.adapter import Adapter
from pipeline.backends.protocols import Vectors

_BATCH = 64


class TorchEncoder:
    """An Encoder for a folder that holds a model of sentence-transformers."""

    def __init__(self, folder: Path, *, revision: str, precision: str = "fp32", adapter: Adapter | None = None) -> None:
        """Load the model; `precision` is fp32, or bf16 where the processor has it."""
        import torch
        from sentence_transformers import SentenceTransformer

        dtype = torch.bfloat16 if precision == "bf16" else torch.float32
        self._model = SentenceTransformer(
            str(folder), device="cpu", local_files_only=True, model_kwargs={"torch_dtype": dtype}
        )
        if adapter:
            weights = self._model[0].auto_model.state_dict()  # the tensors themselves, not copies
            for name, change in adapter.changes.items():
                weights[name] += torch.from_numpy(change).to(dtype)
        self._revision = revision

    @property
    def revision(self) -> str:
        """The model's name, version, checksum and precision."""
        return self._revision

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit rows of shape (len(texts), d), in the same order."""
        if not texts:
            return np.zeros((0, self._model.get_sentence_embedding_dimension() or 0), dtype=np.float32)
        found = self._model.encode(
            list(texts), batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=False, convert_to_tensor=True
        )
        return np.asarray(found.float().numpy(), dtype=np.float32)
