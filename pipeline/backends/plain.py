"""The Linguist without a model: words, sentences and capitalised runs, by rule."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.backends.protocols import Analysis, Entity

_TOKEN = re.compile(r"n['’]t\b|['’](?:s|m|d|re|ve|ll)\b|\w+?(?=n['’]t\b)|\w+(?:[-.]\w+)*|[^\w\s]")
_SENTENCE_END = re.compile(r"[.?!…]+")
# After these a full stop ends no sentence.
_SHORT = frozenset(
    ["mr", "mrs", "ms", "dr", "prof", "rev", "st", "no", "e.g", "i.e", "etc", "vs", "cllr", "hon", "jr", "sr"]
)
_NAME = re.compile(
    r"\b[^\W\d_a-zà-öø-ÿ][\w'’-]*(?:[ \u00a0](?:(?:de|van|von|der|ap|ab)[ ])?[^\W\d_a-zà-öø-ÿ][\w'’-]*)+"
)


class PlainLinguist:
    """Knows no grammar: every word hangs on itself, and is PROPN where a capital inside a sentence says so, else X."""

    revision = "plain 1"

    def analyse(self, texts: Sequence[str]) -> list[Analysis]:
        """One analysis a text, in the same order."""
        return [_analysis(text) for text in texts]


def _analysis(text: str) -> Analysis:
    spans = [found.span() for found in _TOKEN.finditer(text)]
    words = [text[start:end] for start, end in spans]
    opens = tuple(_openings(words))
    pos = tuple(_pos(word, opening) for word, opening in zip(words, opens, strict=True))
    return Analysis(
        starts=tuple(start for start, _ in spans),
        ends=tuple(end for _, end in spans),
        pos=pos,
        tag=tuple({"PROPN": "NNP", "NUM": "CD", "PUNCT": "."}.get(kind, "XX") for kind in pos),
        lemma=tuple(word.lower() for word in words),
        dep=("dep",) * len(words),
        head=tuple(range(len(words))),
        sent_start=opens,
        entities=tuple(_names(text, {start: opening for (start, _), opening in zip(spans, opens, strict=True)})),
    )


def _openings(words: Sequence[str]) -> Iterator[bool]:
    """Whether each word opens a sentence."""
    ended = True
    for number, word in enumerate(words):
        closing = word in "\"'”’)]"
        yield ended and not (closing and number > 0)
        if _SENTENCE_END.fullmatch(word):
            ended = number == 0 or (words[number - 1].lower() not in _SHORT and len(words[number - 1]) > 1)
        elif not closing:
            ended = False


def _pos(word: str, opens: bool) -> str:
    if not any(letter.isalnum() for letter in word):
        return "PUNCT"
    if word[0].isdigit():
        return "NUM"
    return "PROPN" if word[0].isupper() and not opens and word != "I" else "X"


def _names(text: str, opens: dict[int, bool]) -> Iterator[Entity]:
    """Runs of capitalised words: a name of somebody or something; which, the rules that follow must tell."""
    for found in _NAME.finditer(text):
        if not opens.get(found.start(), False):
            yield Entity(found.start(), found.end(), "PERSON")
