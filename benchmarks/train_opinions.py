"""Trains pipeline/themes/data/opinions.npz: `python -m benchmarks.train_opinions --gold ../shared/gold`.

A low-rank change (LoRA; Hu et al. 2021) to the last layers of the embedding model, taught that opinions which people
matched to one key point lie together and those of other key points of the same question do not (supervised
contrastive loss; Khosla et al. 2020, equation 2). `--folds` trains the benchmark's adapters, each without the topics
that it is judged on, into benchmarks/data/opinions/. About a minute of one core a round; see
docs/model-card-opinions.md.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import log_softmax, normalize
from transformers import AutoModel, AutoTokenizer

from benchmarks.argkp import FOLDER, FOLDS, Question, held_out, questions_of
from pipeline.backends.adapter import OPINIONS, write_adapter
from pipeline.backends.models import embedding_folder
from pipeline.config import Config

# The last layers are changed: the first ones know words, which are the same in every question.
LAYERS = 3
RANK = 8
CHANGED = ("query", "value")
ROUNDS = 2  # over all questions; a third and a fourth learn these topics and nothing for others
RATE = 1e-3  # rises over the first steps, and falls to nothing
_STEPS_RISING = 20
TEMPERATURE = 0.1
DROPOUT = 0.1
_DECAY = 0.01
_MOST_TOKENS = 128
_BATCH = 64
_SEED = 0


def train(questions: Sequence[Question], model: str) -> dict[str, tuple[Tensor, Tensor]]:
    """The factors (up, down) of each changed weight, by its name."""
    torch.manual_seed(_SEED)
    torch.set_num_threads(1)
    reader = Reader(embedding_folder(model))
    factors = reader.adaptable()
    optimiser = torch.optim.AdamW([one for pair in factors.values() for one in pair], lr=RATE, weight_decay=_DECAY)
    taught = [question for question in questions if len(_keys(question)) > 1]
    chance = np.random.default_rng(_SEED)
    steps, step = ROUNDS * len(taught), 0
    for _ in range(ROUNDS):
        for at in chance.permutation(len(taught)):
            rate = RATE * min(1.0, (step + 1) / _STEPS_RISING) * (steps - step) / steps
            for group in optimiser.param_groups:
                group["lr"] = rate
            loss = _loss(taught[at], reader)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            step += 1
            sys.stderr.write(f"\r{step}/{steps} {float(loss):.2f} ")
    return {name: (up.detach(), down.detach()) for name, (up, down) in factors.items()}


def _keys(question: Question) -> set[str]:
    return {key for _, key in question.opinions} - {""}


def _loss(question: Question, reader: Reader) -> Tensor:
    """How far opinions of one key point, and the key points themselves, are from lying together."""
    known = [(text, key) for text, key in question.opinions if key]
    vectors = reader([text for text, _ in known] + list(question.points.values()))
    # As in use: what all opinions of a question have in common says nothing.
    vectors = normalize(vectors - vectors[: len(known)].mean(0))
    opinions, points = vectors[: len(known)], vectors[len(known) :]
    own = torch.eye(len(known), dtype=torch.bool)
    same = torch.tensor([[one == other for _, other in known] for _, one in known]) & ~own
    among = log_softmax((opinions @ opinions.T / TEMPERATURE).masked_fill(own, -1e9), dim=1)
    right = torch.tensor([[key == point for point in question.points] for _, key in known])
    to_points = log_softmax(opinions @ points.T / TEMPERATURE, dim=1)
    return _mean_of(among, same) + _mean_of(to_points, right)


def _mean_of(logs: Tensor, right: Tensor) -> Tensor:
    """The mean over rows of what each gives to its right answers; rows without one are left out."""
    counts = right.sum(1)
    each = -(logs.masked_fill(~right, 0.0)).sum(1) / counts.clamp(min=1)
    return each[counts > 0].mean()


class Changed(nn.Module):  # type: ignore[misc]  # torch is skipped
    """A linear layer with a low-rank change, nothing at first."""

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        self.linear = linear
        self.down = nn.Parameter(torch.randn(RANK, linear.in_features) / math.sqrt(linear.in_features))
        self.up = nn.Parameter(torch.zeros(linear.out_features, RANK))
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, rows: Tensor) -> Tensor:
        changed: Tensor = self.linear(rows) + self.dropout(rows) @ self.down.T @ self.up.T
        return changed


class Reader:
    """The embedding model, whose first layers read each text once: nothing in them changes."""

    def __init__(self, folder: Path) -> None:
        self._tokenizer = AutoTokenizer.from_pretrained(folder)
        self._model: Any = AutoModel.from_pretrained(folder)
        self._model.requires_grad_(False)
        self._model.eval()
        self._read: dict[str, Tensor] = {}

    def adaptable(self) -> dict[str, tuple[Tensor, Tensor]]:
        """Makes the last layers changeable; gives the factors by the name of their weight."""
        layers = self._model.encoder.layer
        factors = {}
        for number in range(len(layers) - LAYERS, len(layers)):
            attention = layers[number].attention.self
            for part in CHANGED:
                changed = Changed(getattr(attention, part))
                setattr(attention, part, changed)
                factors[f"encoder.layer.{number}.attention.self.{part}.weight"] = (changed.up, changed.down)
            layers[number].train()
        return factors

    def __call__(self, texts: Sequence[str]) -> Tensor:
        """Unit rows: the mean of the last layer's tokens."""
        for first in range(0, len(texts), _BATCH):
            self._read_below([text for text in texts[first : first + _BATCH] if text not in self._read])
        # By length, so that little is padded.
        order = sorted(range(len(texts)), key=lambda row: (len(self._read[texts[row]]), row))
        rows = [
            self._above([texts[row] for row in order[first : first + _BATCH]]) for first in range(0, len(order), _BATCH)
        ]
        return normalize(torch.cat(rows))[torch.argsort(torch.tensor(order))]

    def _read_below(self, texts: list[str]) -> None:
        if not texts:
            return
        tokens = self._tokenizer(texts, padding=True, truncation=True, max_length=_MOST_TOKENS, return_tensors="pt")
        with torch.no_grad():
            hidden = self._through(self._model.embeddings(tokens["input_ids"]), tokens["attention_mask"], below=True)
        for text, row, mask in zip(texts, hidden, tokens["attention_mask"], strict=True):
            self._read[text] = row[: int(mask.sum())].clone()

    def _above(self, texts: list[str]) -> Tensor:
        hidden = nn.utils.rnn.pad_sequence([self._read[text] for text in texts], batch_first=True)
        mask = nn.utils.rnn.pad_sequence([torch.ones(len(self._read[text])) for text in texts], batch_first=True)
        last = self._through(hidden, mask, below=False)
        return (last * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)

    def _through(self, hidden: Tensor, mask: Tensor, *, below: bool) -> Tensor:
        layers = self._model.encoder.layer
        unseen = (1.0 - mask[:, None, None, :].float()) * -1e9
        for layer in layers[:-LAYERS] if below else layers[-LAYERS:]:
            hidden = layer(hidden, attention_mask=unseen)
            hidden = hidden[0] if isinstance(hidden, tuple) else hidden
        return hidden


def main() -> None:
    """Train on all questions, or for each fold on those of other topics, and write the files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gold", type=Path, default=Path("../shared/gold"))
    parser.add_argument("--folds", action="store_true", help="the benchmark's adapters instead of the shipped one")
    given = parser.parse_args()
    model, questions = Config().embed.model, list(questions_of(given.gold))
    if not given.folds:
        write_adapter(OPINIONS, model=model, factors=train(questions, model))
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    for fold in range(FOLDS):
        held = held_out(questions, fold)
        factors = train([question for question in questions if question.topic not in held], model)
        write_adapter(FOLDER / f"fold{fold}.npz", model=model, factors=factors)


if __name__ == "__main__":
    main()
