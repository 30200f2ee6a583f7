"""Names that are words too, and stand in one list with people: "Penny and Frank do it", "Rowan, Jewel and Clay"."""

from __future__ import annotations

from pipeline.anonymise.forms import Word, is_usual, is_word
from pipeline.anonymise.lists import listed
from pipeline.anonymise.places import gazetteer
from pipeline.anonymise.reading import Reading

# "Hope, and Huw agrees": behind a comma "and" may go on with something else.
_PARTED = frozenset({", ", ", and ", ", or ", " and ", " or ", " a ", " ac ", " neu "})
_NO_PEOPLE = listed("no_names") | listed("institutions") | listed("also_places")
# Of a longer list the rest tells nothing new, and a caption in capitals has thousands of words.
_LONGEST = 6


def is_in_company(reading: Reading, place: int) -> bool:
    """Whether a word is listed with somebody whose name is nothing else, by "and" or as one of three: "Joy and Huw";
    not "Patience, Huw" or "Hope, and Huw agrees"."""
    before, joined_before = _beside(reading, place, -1)
    after, joined_after = _beside(reading, place, 1)
    others = [*before, *after]
    if any(_is_no_person(reading, one) for one in (*others, reading.words[place])):
        return False
    listed_so = joined_before or joined_after or len(others) > 1
    return listed_so and any(_is_somebody(reading, one) for one in others)


def _is_somebody(reading: Reading, word: Word) -> bool:
    """Whether a word is a name for certain: a usual one that is no word, or that the model reads inside a sentence."""
    if not is_word(word.folded):
        return is_usual(word.folded)
    return not reading.opens(word) and any(one.label == "PERSON" for one in reading.entities_at(word))


def _beside(reading: Reading, place: int, step: int) -> tuple[list[Word], bool]:
    """The lone words in capitals that are listed on one side of a word, nearest first; and whether "and" joins any."""
    found: list[Word] = []
    joined = False
    while len(found) < _LONGEST:
        other, by_and = _next_listed(reading, place, step)
        if other < 0:
            break
        joined = joined or by_and
        found.append(reading.words[other])
        place = other
    return found, joined


def _next_listed(reading: Reading, place: int, step: int) -> tuple[int, bool]:
    """The place of the next lone word of a list, or -1; and whether "and" alone stands between, and no comma."""
    for other in (place + step, place + 2 * step):
        if not 0 <= other < len(reading.words) or not reading.words[other].capital:
            continue
        left, right = sorted((place, other))
        between = reading.text[reading.words[left].end : reading.words[right].start]
        if between in _PARTED and _is_lone(reading, other):
            return other, not between.startswith(",")
    return -1, False


def _is_lone(reading: Reading, place: int) -> bool:
    """Whether a word in capitals has none beside it: not "Huw Rees", "Tir Dewi"."""
    word, before, after = reading.words[place], reading.before(place), reading.next_to(place)
    alone = (after is None or not after.capital) and (before is None or not before.capital or reading.opens(before))
    return word.capital and alone and not reading.shown(word).isupper()


def _is_no_person(reading: Reading, word: Word) -> bool:
    a_place = word.folded in gazetteer() and not is_usual(word.folded)
    return a_place or word.folded in _NO_PEOPLE or not _is_lone(reading, reading.place_of(word))
