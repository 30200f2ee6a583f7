"""Turns become statements: spans of a turn that cover each of its letters once, marked with their kind of talk.

Where a sentence ends is first what the linguistic pass says (`sent_start`), then mended by rules, because a parser
splits a `No` from its full stop, a `[Laughter.]` in two, and leaves speech recognition's text without punctuation
whole. A boundary is only ever moved: nothing is deleted, and no letter is changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.backends.protocols import Memory
from pipeline.store import content_hash
from pipeline.tables import OMISSIONS, STATEMENTS, TOKENS, TURNS, Omission, Statement, Token, Turn, stretches

# A sentence of more words than this is cut at its clauses. Speech of committees has 20 words a sentence; at 90 a
# sentence fills half a page of a report, and a vector of it is a mean of several thoughts.
LONGEST_SENTENCE = 90
# The same where nothing ends a sentence at all: text of speech recognition, whose "sentences" are guesses.
LONGEST_UNPUNCTUATED = 40
# A cut leaves at least so many words on either side.
SHORTEST_CLAUSE = 8

_ABBREVIATIONS = (
    "mr mrs ms miss dr prof rev hon st sir cllr gen col capt lt sgt jr sr vs etc cf eg ie viz no nos vol pp para "
    "paras art fig figs approx est dept jan feb mar apr jun jul aug sep sept oct nov dec ltd inc plc co"
)
_ABBREVIATION = re.compile(
    rf"(?:^|[\s(\['\"‘“])(?:(?:{'|'.join(_ABBREVIATIONS.split())})\.|(?:[A-Za-z]\.)+)$", re.IGNORECASE
)
# These stand before a figure or a name; at the end of a sentence they are words ("No.", "co.").
_ONLY_BEFORE_FIGURE = re.compile(r"(?:^|\s)(?:no|nos|vol|pp|para|paras|art|fig|figs|approx|est)\.$", re.IGNORECASE)
_END = r"[.!?…]+[\"'”’)\]]*"
_ENDS = re.compile(rf"{_END}$")
_BOUNDARY = re.compile(rf"({_END})(\s+)(?=[\"'“‘(\[]*[A-ZÀ-ÞŴŶ0-9\[])")
_NOTE_WORDS = (
    "laughter|laughs|laughing|chuckles|inaudible|unclear|indistinct|interruption|applause|crosstalk|cross talk|pause|"
    "silence|music|coughs?|sighs?|noise|background noise|overlapping|translated|foreign|blank_audio|"
    "chwerthin|anghlywadwy|torri ar draws|cymeradwyaeth|saib"
)
_NOTE = re.compile(rf"[\[(]\s*(?:{_NOTE_WORDS})\s*\.?\s*[\])]\.?", re.IGNORECASE)
# Where a long sentence may be cut: the stronger first.
_CUTS = (
    re.compile(r"[;:]\s+|\s+[–—-]{1,2}\s+"),
    re.compile(r",\s+(?=(?:and|but|so|because|which|or|where|while|although|then|ond|achos|felly)\b)", re.IGNORECASE),
    re.compile(r"\s+(?=(?:and|but|so|because|then|okay|um|uh|ond|achos|felly)\s)", re.IGNORECASE),
    re.compile(r",\s+"),
    re.compile(r"\s+"),
)


class Segmented(NamedTuple):
    """What segmenting gives."""

    statements: pd.DataFrame
    omissions: pd.DataFrame


def segment(turns: pd.DataFrame, tokens: pd.DataFrame, *, memory: Memory | None = None) -> Segmented:
    """The statements of these turns; each letter of a turn is in exactly one of them.

    A statement's text is cut out of its turn's text and has no space at either end. A turn without a letter is an
    omission. Turns without tokens are cut by rules alone. With a `memory`, no transcript is cut twice.
    """
    starts = _sentence_starts(TOKENS.rows(tokens[tokens["sent_start"]]))
    rows = list(TURNS.rows(turns))
    statements: list[Statement] = []
    omissions: list[Omission] = []
    for talk in stretches([turn.transcript_id for turn in rows]):
        said = [(turn.text, starts.get(turn.turn_id, [])) for turn in rows[talk]]
        for turn, pieces in zip(rows[talk], _remembered(said, memory), strict=True):
            statements.extend(_statement(turn, number, piece) for number, piece in enumerate(pieces))
            if not pieces:
                omissions.append(Omission("segment", turn.turn_id, "", "a turn without words", len(turn.text)))
    return Segmented(STATEMENTS.frame(statements), OMISSIONS.frame(omissions))


def cut(text: str, starts: Sequence[int] = ()) -> Iterator[tuple[int, int]]:
    """The statements' spans in a turn's text, in order; `starts` are offsets at which a sentence may start."""
    bounds = sorted({0, len(text), *_kept(text, starts), *_missed(text)})
    for start, end in pairwise(_mended(text, bounds)):
        for piece_start, piece_end in _shortened(text, start, end):
            trimmed = _trim(text, piece_start, piece_end)
            if trimmed[0] < trimmed[1]:
                yield trimmed


class _Piece(NamedTuple):
    """A statement to be, in its turn's text."""

    start: int
    end: int
    kind: int  # its place among _KINDS


_KINDS = ("substantive", "question", "procedural", "backchannel")


def _remembered(said: Sequence[tuple[str, Sequence[int]]], memory: Memory | None) -> list[list[_Piece]]:
    """The pieces of each of these texts with their sentences' starts: a transcript's, which is cut once."""

    def work() -> dict[str, NDArray[np.int64]]:
        found = [
            (number, *span, _KINDS.index(kind_of(text[slice(*span)])))
            for number, (text, starts) in enumerate(said)
            for span in cut(text, starts)
        ]
        return {"pieces": np.array(found, dtype=np.int64).reshape(-1, 4)}

    arrays = work() if memory is None else memory.recall(content_hash(repr(said)), work)
    pieces: list[list[_Piece]] = [[] for _ in said]
    for number, start, end, kind in arrays["pieces"].tolist():
        pieces[number].append(_Piece(start, end, kind))
    return pieces


def kind_of(text: str) -> str:
    """What kind of talk a statement is: substantive, question, procedural or backchannel; by rules, for en and cy."""
    words = _WORD.findall(_NOTE.sub(" ", text).lower().replace("’", "'"))
    if not words or (len(words) <= _LONGEST_BACKCHANNEL and all(word in _BACKCHANNELS for word in words)):
        return "backchannel"
    asks = text.rstrip("\"'”’)] ").endswith("?")
    # "Let's move on to trust: what builds it?" asks; "Shall we move on?" doesn't.
    longest = _LONGEST_PROCEDURAL_QUESTION if asks else _LONGEST_PROCEDURAL
    if len(words) <= longest and _PROCEDURAL.match(" ".join(words)):
        return "procedural"
    return "question" if asks else "substantive"


_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
_LONGEST_BACKCHANNEL = 6
_BACKCHANNELS_TEXT = (
    "yes yeah yep yup no nope okay ok right mm mmm mhm hmm hm uh um er erm ah oh aha indeed exactly absolutely "
    "sure certainly definitely fine good great lovely brilliant excellent perfect super true correct agreed well "
    "so very and i see it is that's that quite too fair enough of course you know all thanks thank please sorry "
    "ie do ydw ydy oes na nac oes iawn ocê gwych diolch da wir yn union siŵr"
)
_BACKCHANNELS = frozenset(_BACKCHANNELS_TEXT.split())
# A whole statement of one of these is procedure, however it ends (a name, "Chair", "very much indeed").
_ADDRESS = r"(?:chair|cadeirydd|minister|cabinet secretary|everyone|everybody|all|both|committee|members|colleagues)"
_PROCEDURAL = re.compile(
    r"^(?:(?:okay|ok|right|well|and|so|yes|lovely|great|but|now|just|good|brilliant|excellent|iawn|wel|ie) )*(?:"
    r"(?:thank you|thanks|many thanks|diolch|bore da|prynhawn da|noswaith dda|croeso|good (?:morning|afternoon|evening)"
    r"|welcome|hello|hi|hiya|helo|shwmae|goodbye|bye|hwyl)\b"
    r"|(?:i'd|i would|can i|could i|may i|i) (?:like to |also |just )*(?:thank|welcome)\b"
    r"|(?:we'll|we will|we're going to|shall we|let's|can we|i'll|i will|i'm going to|i want to|we)"
    r" (?:now |just |then |also )*(?:move on|go on|come back|come on|bring|take a|break|pause|start|begin|turn)\b"
    r"|(?:item|agenda item|the next item|the first item|the next question|next question|moving on|apologies)\b"
    r"|(?:are|is) there any (?:other |further |more )?(?:questions|declarations|apologies|comments)\b"
    r"|(?:did|does|do) (?:you|anyone|anybody|members) (?:want|wish) to (?:come in|add|speak|comment)\b"
    r"|(?:i (?:now )?propose|i move) (?:that|in accordance|a motion)\b"
    r"|(?:the )?(?:meeting|session|public part of the meeting) (?:began|ended|will|is)\b"
    r"|(?:i )?(?:call|invite) (?:on )?\b"
    r"|over to|your turn|go ahead|carry on|can you hear|you're on mute|you are on mute|next slide"
    r"|please (?:introduce|go ahead|carry on|come in)\b)"
)
# Beyond this a statement that opens with thanks or a welcome goes on to say something.
_LONGEST_PROCEDURAL = 16
_LONGEST_PROCEDURAL_QUESTION = 9


def _statement(turn: Turn, number: int, piece: _Piece) -> Statement:
    return Statement(
        statement_id=f"{turn.turn_id}:s{number:02d}",
        turn_id=turn.turn_id,
        transcript_id=turn.transcript_id,
        start=piece.start,
        end=piece.end,
        text=turn.text[piece.start : piece.end],
        kind=_KINDS[piece.kind],
        language=turn.language,
    )


def _sentence_starts(opening: Iterable[Token]) -> dict[str, list[int]]:
    starts: dict[str, list[int]] = {}
    for token in opening:
        starts.setdefault(token.turn_id, []).append(token.start)
    return starts


def _kept(text: str, starts: Sequence[int]) -> Iterator[int]:
    """The parser's boundaries that the text bears out: after an end, or before a capital where there is none."""
    for start in starts:
        before = text[:start].rstrip()
        if _ENDS.search(before) or before.endswith("\n") or not _punctuated(text):
            yield start


def _punctuated(text: str) -> bool:
    """Whether the text ends its sentences: speech recognition often doesn't."""
    words = len(text.split())
    return len(re.findall(_END + r"(?:\s|$)", text)) * LONGEST_UNPUNCTUATED * 2 >= words


def _missed(text: str) -> Iterator[int]:
    """Boundaries that the typography shows, and stage notes' own ends."""
    for found in _BOUNDARY.finditer(text):
        yield found.end()
    for found in re.finditer(r"\n\s*", text):
        yield found.end()
    for note in _NOTE.finditer(text):
        if not text[: note.start()].strip() or _ENDS.search(text[: note.start()].rstrip()):
            yield from (note.start(), note.end())


def _mended(text: str, bounds: Sequence[int]) -> list[int]:
    """The bounds without those inside brackets, after an abbreviation, or that leave punctuation alone."""
    kept = [0]
    for bound, following in pairwise([*bounds[1:], len(text)]):
        if bound < len(text) and not _false_bound(text, kept[-1], bound, following):
            kept.append(bound)
    return [*kept, len(text)]


def _false_bound(text: str, start: int, bound: int, following: int) -> bool:
    before, after = text[start:bound].rstrip(), text[bound:following]
    if not _has_letters(after) or not _has_letters(before):
        return True
    if before.count("[") > before.count("]") or before.count("(") > before.count(")"):
        return _ends_nearby(text, bound)
    # Looked for where it can only stand: through a whole sentence would take as long as all else of cutting it.
    last = before.rsplit(maxsplit=1)[-1]
    if last.endswith(".") and _ABBREVIATION.search(last):
        return not _ONLY_BEFORE_FIGURE.search(last) or after[:1].isdigit()
    return False


# A bracket that is opened and not closed within this many letters is a typist's slip, not a bracket.
_LONGEST_BRACKET = 400


def _ends_nearby(text: str, bound: int) -> bool:
    return re.search(r"[\])]", text[bound : bound + _LONGEST_BRACKET]) is not None


def _has_letters(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _shortened(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The span, or where it is too long to be one statement its parts, cut as near its middle as its clauses allow."""
    words = [found.start() + start for found in re.finditer(r"\S+", text[start:end])]
    longest = LONGEST_SENTENCE if _punctuated(text[start:end]) else LONGEST_UNPUNCTUATED
    if len(words) <= longest:
        yield start, end
        return
    middle = _cut_place(text, start, end, words)
    yield from _shortened(text, start, middle)
    yield from _shortened(text, middle, end)


def _cut_place(text: str, start: int, end: int, words: Sequence[int]) -> int:
    first, last = words[SHORTEST_CLAUSE], words[-SHORTEST_CLAUSE]
    centre = words[len(words) // 2]
    for pattern in _CUTS:
        places = [start + found.end() for found in pattern.finditer(text[start:end])]
        fitting = [place for place in places if first <= place <= last and not _inside_bracket(text, start, place)]
        if fitting:
            return min(fitting, key=lambda place: (abs(place - centre), place))
    return centre


def _inside_bracket(text: str, start: int, place: int) -> bool:
    before = text[start:place]
    return before.count("[") > before.count("]")


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip()))
