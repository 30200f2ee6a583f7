"""A turn as the search for names sees it: its words, its grammar, and what the whole series says about a word."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from pipeline.anonymise.forms import SHORT_TITLES, TITLES, Word, is_usual, is_usual_mutated, is_word, words
from pipeline.anonymise.language import language_between, language_of, running
from pipeline.anonymise.lists import listed
from pipeline.backends.protocols import Analysis, Entity

# Of the words of normal English text, some 5 % open with a capital; speech recognition that writes none has about 0.
UNCASED_SHARE = 0.01
# In capitals throughout, a capital says nothing either.
SHOUTED_SHARE = 0.7
# A sentence has a capital: so many words without any were written by what writes none.
_WORDS_WITHOUT = 6
SPACE = (" ", "\u00a0")
SUBJECTS = ("nsubj", "nsubjpass")
_ENDS = frozenset(".?!")
_DOTTED = (". ", ".\u00a0")


@dataclass(frozen=True)
class Reading:
    """A turn with its words and its linguistic analysis."""

    turn_id: str
    transcript_id: str
    roundtable_id: str
    index: int
    speaker: str  # key of who speaks; empty for a title or a question
    text: str
    analysis: Analysis
    cased: bool = True  # whether capitals tell names here
    words: tuple[Word, ...] = field(default=(), compare=False)
    usual: str = ""  # the language that holds where no little word tells

    @cached_property
    def capitals(self) -> tuple[int, ...]:
        """The places of the words that open with a capital."""
        return tuple(place for place, word in enumerate(self.words) if word.capital)

    @cached_property
    def said(self) -> frozenset[str]:
        """Its words, folded."""
        return frozenset(word.folded for word in self.words)

    def shown(self, first: Word, last: Word | None = None) -> str:
        """A word, or the words from one to another, as they stand in the text."""
        return self.text[first.start : (last or first).end]

    @cached_property
    def language(self) -> str:
        """The language of the whole turn."""
        return language_of(self.words, self.usual)

    def language_from(self, place: int) -> str:
        """The language of the words from one to the next stop: people change it between sentences."""
        stop = bisect_right(self._stops, place)
        last = self._stops[stop] if stop < len(self._stops) else len(self.words)
        return language_between(self._leaning, place, last, self.language)

    @cached_property
    def _leaning(self) -> tuple[int, ...]:
        return running(self.words)

    @cached_property
    def _stops(self) -> tuple[int, ...]:
        """The places of the words before which a sentence stops."""
        return tuple(place for place in range(1, len(self.words)) if not _ENDS.isdisjoint(self.gap(place)))

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        return tuple(word.start for word in self.words)

    def place_of(self, word: Word) -> int:
        """Which of its words this one is; looked up, since a turn of an hour has ten thousand."""
        return bisect_left(self._starts, word.start)

    def within(self, start: int, end: int) -> tuple[Word, ...]:
        """The words that stand wholly between two offsets."""
        first = bisect_left(self._starts, start)
        inside = self.words[first : bisect_left(self._starts, end)]
        return inside if not inside or inside[-1].end <= end else inside[:-1]

    @cached_property
    def _entities(self) -> dict[int, list[Entity]]:
        found: dict[int, list[Entity]] = {}
        for entity in self.analysis.entities:
            for start in self._starts[bisect_left(self._starts, entity.start) : bisect_left(self._starts, entity.end)]:
                found.setdefault(start, []).append(entity)
        return found

    def entities_at(self, word: Word) -> Sequence[Entity]:
        """What the model takes for names that a word begins in."""
        return self._entities.get(word.start, ())

    def gap(self, place: int) -> str:
        """What stands between a word and the one before it; empty before the first."""
        return self.text[self.words[place - 1].end : self.words[place].start] if place else ""

    def token(self, word: Word) -> int:
        """The index of the token that a word stands in; -1 for none."""
        return bisect_right(self.analysis.starts, word.start) - 1

    def pos(self, word: Word) -> str:
        """The universal part of speech of a word; "X" where it isn't known."""
        token = self.token(word)
        return self.analysis.pos[token] if token >= 0 else "X"

    def may_name(self, word: Word) -> bool:
        """Whether grammar takes a word for a name; or, of one that opens a sentence, the model does: a name that it has
        never seen, "Oluwasheun had", is a noun to it."""
        if self.pos(word) in ("PROPN", "X"):
            return True
        named = any(
            entity.label in ("PERSON", "ORG") and (entity.start, entity.end) == (word.start, word.end)
            for entity in self.analysis.entities
        )
        return named and self.opens(word) and self.analysis.dep[self.token(word)] in SUBJECTS

    def opens_by_grammar(self, word: Word) -> bool:
        """Whether a word opens a sentence, as the linguist sees it."""
        token = self.token(word)
        return token >= 0 and self.analysis.sent_start[token] and self.analysis.starts[token] == word.start

    def opens(self, word: Word) -> bool:
        """Whether a word opens a sentence, so that its capital tells nothing."""
        if self.opens_by_grammar(word):
            return True
        before = self.text[max(0, word.start - 40) : word.start].rstrip(" \u00a0\"'“‘([")
        return not before or before[-1] in ".?!…\n"

    def next_to(self, place: int) -> Word | None:
        """The word after a word, where only a space stands between them."""
        near = place + 1 < len(self.words) and self.gap(place + 1) in SPACE
        return self.words[place + 1] if near else None

    def before(self, place: int) -> Word | None:
        """The word before a word, where only a space stands between them."""
        return self.words[place - 1] if place and self.gap(place) in SPACE else None

    def title(self, place: int) -> tuple[int, str]:
        """Where a name starts with its titles ("Professor Dame"), and the title nearest to it, folded; or no title."""
        start, title = self.words[place].start, ""
        while place and self.words[place - 1].folded in TITLES:
            before = self.words[place - 1]
            if before.folded in _NUMBERED and before.capital and _A_NUMBER.fullmatch(self.gap(place)):
                return start, title or before.folded  # "PC 2217 Rees", whose number goes by itself
            # "Prof. Rees", but of "thank you, my Lady. We" no We is called Lady.
            dotted = self.gap(place) in _DOTTED and before.folded in SHORT_TITLES
            if not (dotted or self.gap(place) in SPACE) or (self.cased and not before.capital):
                break
            if before.folded == "sir" and self.language_from(place - 1) == "cy":
                break  # "Sir Benfro" is a county; a knight is "Syr"
            start, title, place = before.start, title or before.folded, place - 1
        return start, title


# Ranks that a number may follow.
_NUMBERED = frozenset("pc wpc pcso dc ps sgt sergeant constable".split())
_A_NUMBER = re.compile(r" \d{3,5} ")


def read(
    turns: Iterable[tuple[str, str, str, int, str, str]],
    analyses: Sequence[Analysis],
    usual: Mapping[str, str] = MappingProxyType({}),
) -> list[Reading]:
    """Readings of (turn_id, transcript_id, roundtable_id, index, speaker, text), with transcripts' usual languages.

    Case is judged by transcript; but some of its turns may come from what writes no capitals, as a chat's do.
    """
    listed = list(turns)
    told = [words(turn[-1]) for turn in listed]
    capitals: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for turn, found in zip(listed, told, strict=True):
        total[turn[1]] += len(found)
        capitals[turn[1]] += sum(word.capital for word in found)
    cased = {name: UNCASED_SHARE < capitals[name] / max(1, total[name]) < SHOUTED_SHARE for name in total}
    return [
        Reading(*turn, analysis, cased[turn[1]] and not _without_capitals(found), found, usual.get(turn[1], ""))
        for turn, analysis, found in zip(listed, analyses, told, strict=True)
    ]


def _without_capitals(found: Sequence[Word]) -> bool:
    return len(found) >= _WORDS_WITHOUT and not any(word.capital for word in found)


_REVIEWS = listed("reviews")
_ARTICLES = ("the", "a", "an")
# A lone name that has an article before it this often is a people's or a thing's: "the Sami".
ARTICLE_SHARE = 0.2


def is_article(before: Word, word: Word) -> bool:
    """Whether a word is an article of the next: in "Rhys a Catrin", in Welsh, it is "and"."""
    name = is_usual_mutated(word.folded) or (is_usual(word.folded) and not is_word(word.folded))
    joins = before.folded == "a" and name
    return before.folded in _ARTICLES and not joins


_DETERMINERS = listed("determiners")
_BEFORE_A_VERB = ("PRON", "PART", "AUX", "ADV")


def _plain_words(reading: Reading) -> Iterator[str]:
    """The words that are nouns after a determiner, or verbs after a pronoun."""
    for place, word in enumerate(reading.words):
        before = reading.before(place)
        if before is None:
            continue
        pos = reading.pos(word)
        thing = pos in ("NOUN", "ADJ") and before.folded in _DETERMINERS
        if thing or (pos == "VERB" and reading.pos(before) in _BEFORE_A_VERB):
            yield word.folded


class Lore:
    """What the series itself says about a word: how it is written, and what the model takes it for."""

    def __init__(self, readings: Iterable[Reading]) -> None:
        self._small: Counter[str] = Counter()
        self._capital: Counter[str] = Counter()
        self._article: Counter[str] = Counter()
        self._abbreviated: Counter[str] = Counter()
        self._labels: Counter[tuple[str, bool]] = Counter()
        self._plain: set[str] = set()
        for reading in readings:
            if reading.cased:
                self._small.update(word.folded for word in reading.words if not word.capital)
                self._count_labels(reading)
                self._count_articles(reading)
            elif reading.language != "cy":  # "a nia" is "and Nia" there, and no noun with its article
                self._plain.update(_plain_words(reading))

    def _count_articles(self, reading: Reading) -> None:
        for place in reading.capitals:
            word, before, following = reading.words[place], reading.before(place), reading.next_to(place)
            called_after = following is not None and following.folded in _REVIEWS
            self._capital[word.folded] += not called_after
            article = before is not None and is_article(before, word)
            self._article[word.folded] += article and not called_after
            alone = before is None or not before.capital
            self._abbreviated[word.folded] += alone and len(word.folded) > 1 and reading.shown(word).isupper()

    def _count_labels(self, reading: Reading) -> None:
        by_start = {word.start: word for word in reading.words}
        for entity in reading.analysis.entities:
            word = by_start.get(entity.start)
            if word is not None and word.end == entity.end:
                self._labels[word.folded, entity.label == "PERSON"] += 1

    def is_word(self, folded: str) -> bool:
        """Whether a folded name is also a word, by the shipped list or by how people write it here."""
        return is_word(folded) or (self.is_written_small(folded) and not is_usual(folded))

    def is_written_small(self, folded: str) -> bool:
        """Whether people write a word without a capital here, more than by a slip."""
        return self._small[folded] > 1

    def is_plain(self, folded: str) -> bool:
        """Whether what has no capitals uses a word as no name is used: "it rings out", "the date"."""
        return folded in self._plain

    def is_ever_small(self, folded: str) -> bool:
        """Whether a word stands without a capital anywhere."""
        return self._small[folded] > 0

    def mostly_person(self, folded: str) -> bool:
        """Whether the model takes a lone word for a person at least as often as for something else."""
        return self._labels[folded, True] >= self._labels[folded, False]

    def is_abbreviation(self, folded: str) -> bool:
        """Whether a word stands in capitals throughout by itself, as the surname of "Mary LEE" doesn't."""
        return self._abbreviated[folded] > 0

    def takes_article(self, folded: str) -> bool:
        """Whether a capitalised word often stands with an article, as a person's name doesn't."""
        return self._article[folded] > ARTICLE_SHARE * self._capital[folded]
