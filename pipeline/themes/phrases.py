"""The phrases of talk that can name what it is about: up to four words between function words, mostly nouns.

Where a model of grammar has read the transcripts, a phrase ends in a noun, and nothing but adjectives and nouns stand
in it; what it took for a word's kind is counted over all talk, so that one wrong tag says nothing. Without it, and in
Welsh, which it does not know, any word but a function word may stand.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from itertools import groupby
from typing import NamedTuple

import pandas as pd

from pipeline.themes.words import folded, function_words

# A word, with its inner apostrophes and hyphens; or a break, which no phrase crosses: a mark, a pseudonym in brackets.
_PIECE = re.compile(r"\[[^\]]*\]|[^\W\d_](?:[\w'’-]*\w)?|[^\w\s]|\d\S*")
_WORDS_AT_MOST = 4  # in a phrase: a longer one is a clause, and is hardly said twice
# A word is what it was mostly taken for.
_MOSTLY = 0.5
_KINDS = {"NOUN": "noun", "PROPN": "name", "ADJ": "adjective"}
_OTHER = "other"


class Uttered(NamedTuple):
    """A phrase as somebody said it."""

    key: str  # folded
    written: str
    is_name: bool  # of a place, a house, a programme


def kinds_of_words(turns: pd.DataFrame, tokens: pd.DataFrame) -> dict[str, str]:
    """What each word of the English talk mostly is: noun, name, adjective, other; by the word in small letters.

    Nothing where no model of grammar read the talk.
    """
    said = zip(turns["turn_id"].tolist(), turns["text"].tolist(), turns["language"].tolist(), strict=True)
    texts = {turn: text for turn, text, language in said if language != "cy"}
    columns = zip(*(tokens[name].tolist() for name in ("turn_id", "start", "end", "pos")), strict=True)
    written = Counter((texts[turn][start:end], pos) for turn, start, end, pos in columns if turn in texts)
    seen, times = Counter[tuple[str, str]](), Counter[str]()
    for (word, pos), count in written.items():
        seen[word.lower(), pos] += count
        times[word.lower()] += count
    if not any(pos in _KINDS for _, pos in seen):
        return {}
    # At most one kind can be more than half of a word's uses, and a half goes to the noun before the name.
    mostly = dict.fromkeys(times, _OTHER)
    for pos in ("ADJ", "PROPN", "NOUN"):
        mostly.update({word: _KINDS[pos] for word in times if seen[word, pos] >= _MOSTLY * times[word]})
    return mostly


def phrases_said(statements: pd.DataFrame, kinds: Mapping[str, str] | None) -> dict[str, list[Uttered]]:
    """The candidate phrases of each statement, by statement_id; Welsh ones without regard to `kinds`."""
    english, welsh = _Finder(kinds), _Finder(None)
    columns = (statements[name].tolist() for name in ("statement_id", "text", "language"))
    return {
        name: (welsh if language == "cy" else english).phrases_of(text)
        for name, text, language in zip(*columns, strict=True)
    }


def phrases_of(text: str, kinds: Mapping[str, str] | None = None) -> list[Uttered]:
    """The candidate phrases of a statement as they stand in it; `kinds` is of words, without it any may stand."""
    return _Finder(kinds).phrases_of(text)


class _Finder:
    """Finds phrases; what one word or a run of words gives is worked out once, for people say the same again."""

    def __init__(self, kinds: Mapping[str, str] | None) -> None:
        self._kinds = kinds
        self._may_stand = cache(self._in_a_phrase)
        self._phrases = cache(self._phrases_of_run)

    def phrases_of(self, text: str) -> list[Uttered]:
        phrases: list[Uttered] = []
        for may_stand, run in groupby(_PIECE.findall(text), self._may_stand):
            if may_stand:
                phrases.extend(self._phrases(tuple(run)))
        return phrases

    def _in_a_phrase(self, piece: str) -> bool:
        if _breaks(piece):
            return False
        return self._kinds is None or self._kinds.get(piece.lower(), _hyphened(piece)) != _OTHER

    def _phrases_of_run(self, run: tuple[str, ...]) -> list[Uttered]:
        parts = (
            run[first:last]
            for first in range(len(run))
            for last in range(first + 1, min(first + _WORDS_AT_MOST, len(run)) + 1)
        )
        return [phrase for part in parts if (phrase := self._phrase(part)) is not None]

    def _phrase(self, words: tuple[str, ...]) -> Uttered | None:
        written = " ".join(words)
        if folded(written) in _pale_words():
            return None
        if self._kinds is None:
            # "people called": a clause that was cut, not a thing
            return None if written.lower().endswith("ed") else Uttered(folded(written), written, False)
        last = self._kinds.get(words[-1].lower(), _OTHER)
        if last not in ("noun", "name"):
            return None
        is_name = all(self._kinds.get(word.lower()) == "name" for word in words)
        return Uttered(folded(written), written, is_name)


def _hyphened(piece: str) -> str:
    """What a word is that the model of grammar never saw whole, because it cuts at hyphens."""
    return "noun" if "-" in piece else _OTHER


def _breaks(piece: str) -> bool:
    """Whether no phrase goes over this: a mark, a function word, a number, a contraction, an adverb."""
    word = piece.lower().replace("’", "'")
    return (
        not piece[0].isalpha()
        or len(piece) < 3
        or "'" in word
        or word in function_words()
        or (word.endswith("ly") and word not in _LY_NOUNS)
        or word in _MONTHS
        or _NUMBER.match(word) is not None
    )


def most_written(forms: Counter[tuple[str, str]]) -> dict[str, str]:
    """The way a phrase is mostly written, by its key; without a capital that it only has at a sentence's beginning."""
    best: dict[str, tuple[int, str]] = {}
    for (key, form), count in sorted(forms.items()):
        best[key] = max(best.get(key, (0, "")), (count, form))
    small = {word for _, form in forms for word in form.split() if word[0].islower()}
    return {key: _begun_small(form, small) for key, (_, form) in best.items()}


def _begun_small(form: str, small: set[str]) -> str:
    first, *rest = form.split()
    if rest and rest[0][0].isupper():
        return form  # "Qualifications Wales" is a name, though qualifications are spoken of too
    return first.lower() + form[len(first) :] if first.lower() in small else form


def parts_of_phrase(phrase: str) -> Iterable[str]:
    """The keys of the shorter phrases that stand in a phrase."""
    words = phrase.split()
    for first in range(len(words)):
        for last in range(first + 1, len(words) + 1):
            if last - first < len(words):
                yield folded(" ".join(words[first:last]))


@lru_cache(maxsize=1)
def _pale_words() -> frozenset[str]:
    return frozenset(folded(word) for word in _PALE.split())


_LY_NOUNS = frozenset({"family", "supply", "assembly", "reply", "anomaly", "elderly", "daily"})
_NUMBER = re.compile(
    r"(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
    r"|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|hundreds?|thousands?|millions?|half|third|quarter)(?:-|$)"
)
_MONTHS = frozenset(
    "january february march april june july august september october november december"
    " ionawr chwefror mawrth ebrill mehefin gorffennaf awst medi hydref tachwedd rhagfyr".split()
)
# Nouns that say something in company only: "a court case" may name a theme, "the case" may not.
_PALE = """
action advice amount answer approach area attempt attention background basis behalf beginning body bunch case cent
chance choice circumstance comment commitment concern conclusion connection consequence consideration context
conversation corner couple crowd danger decision definition degree detail difference difficulty dimension direction
discussion effect effort element emphasis event evening everyone evidence exception expectation experience explanation
eye face factor feeling figure focus form front future group guy hand head heart hope idea image impact implication
importance impression individual instance intention interest kind lad level life line list load luck majority manner
message method minute mistake mixture mouth name nature necessity noise none nothing notice one ones opinion opportunity
option order output outcome pair paragraph past pattern percentage period perspective phase phrase picture plan
position possibility possible potential practice present principle priority problem process progress proportion purpose
quality range reality reason reference relation remark report requirement respect response responsibility result
role round scale scope section sense sentence series session shape side sight sign sister situation size solution
somebody sound source speech spirit stage stance standard state statement step story strategy structure subject success
suggestion surprise system talk task tendency term thanks theme thought title tone topic total track trouble truth type
understanding value variety version view voice volume wall wave weight whole wish wonder worry writing world
arfer cael dach dweud dwi dw eistedd enghraifft gair gweld gwneud gwybod llawer maen meddwl mynd neb nhw nôl oedd pawb
peth petha pethau pobl roedd rhai rhaid rhan rhywbeth rhywun siarad sydd tro unrhyw ydi ydw ydy ychydig
"""
