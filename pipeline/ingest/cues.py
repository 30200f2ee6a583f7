"""Captions (.vtt, .srt, .sbv) become turns: cue by cue, with voices from tags or from names before a colon."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import unescape
from itertools import pairwise

from pipeline.ingest.account import NAMELESS, Account
from pipeline.ingest.label_forms import IN_BRACKETS
from pipeline.ingest.labels import Label, label_of, loose_label, name_line, odd_label
from pipeline.ingest.likely_names import is_unknown, name_grade, tidy_name
from pipeline.ingest.records import are_fields, speaker_field
from pipeline.ingest.settle import settle
from pipeline.ingest.text import clean
from pipeline.ingest.times import CUE_CLOCK

UNTIMED = "outside every cue: it has no time"
COMMENT = "a comment of the file"
REPEATED = "said in the cue before already (rolling captions)"

# A silence after which nameless captions are no longer taken for one person's.
SILENCE_S = 5.0
# Captions roll if this share of neighbours repeat a line; below it, somebody said "yes" twice.
ROLLING_SHARE = 0.4

_TIMING = re.compile(
    rf"\s*(?P<start>{CUE_CLOCK})\s*"
    rf"(?:-->\s*(?P<end>{CUE_CLOCK})(?:[ \t].*)?|,\s*(?P<sbv>\d{{1,3}}:\d{{2}}:\d{{2}}\.\d{{1,3}}))\s*$"
)
# A cue's time that somebody broke: the words under it are a cue's all the same.
_BROKEN = re.compile(r".{0,40}-->.{0,60}$|\s*\d[\w:.]{5,12}\s*,\s*\d[\w:.]{5,12}\s*$")
# Of so many letters at most, or a long line of tags that nothing closes would keep it busy for minutes.
_TAG = re.compile(
    r"<(?:/?(?P<tag>v|c|i|b|u|s|em|strong|ruby|rt|lang|font|span)"
    r"(?P<kind>\.[^\s>]{0,99})?(?:[ \t]{1,9}(?P<note>[^>]{0,400}))?/?"
    r"|\d{1,3}:[\d:.]+)>|\{\\[^}]{0,400}\}",
    re.IGNORECASE,
)
_STYLE = re.compile(r"</?(?:b|i|u|c|em|strong|font|span)(?:[.\s][^<>]*)?>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|lrm|rlm|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")
_UTTERANCE = re.compile(r"(?P<prefix>\S*/)?(?P<utterance>\d+)-(?P<part>\d+)\s*$")
_BLOCK = re.compile(r"(NOTE|STYLE|REGION)(?:\s|$)")
# Captioners write >> where another begins, and >>> where another subject does.
_ANOTHER = re.compile(r"\s*(?:>|&gt;){2,3}\s*")
_DASH = re.compile(rf"\s*[-–]\s*(?=[^\s\-–—])|{_ANOTHER.pattern}")
# Webex names the voice beside the cue's number, and numbers the voice too: `12 "Nia Cadwallen" (3741234)`.
_NAMED_CUE = re.compile(r"\s*(?:\d{1,6}\s*[-–.:)]?\s*)?(?P<name>[^\W\d].{0,59})")
_BRACKETED = re.compile(r"\s*[\[(](?P<name>[^\[\]()<>:]{1,60})[\])]\s*:?")
# A few cues may lack the name that the others have.
_NEARLY_ALL = 0.9
_NUMBERED_VOICE = re.compile(r"\s*\d+\s+\"(?P<name>[^\"]{1,80})\"\s+\(\d+\)\s*")


@dataclass(slots=True)
class Cue:
    """A cue as it stands in the file."""

    start_s: float | None
    end_s: float | None
    identifier: str = ""
    head: list[int] = field(default_factory=list)  # lines with its identifier and time
    body: list[int] = field(default_factory=list)  # lines with its words

    @property
    def utterance(self) -> tuple[str, str] | None:
        """Teams gives the pieces of one utterance one number: `<guid>/12-0`, `<guid>/12-1`."""
        found = _UTTERANCE.fullmatch(self.identifier.strip())
        return (found["prefix"] or "", found["utterance"]) if found else None

    @property
    def voice(self) -> str:
        """Who speaks, where the identifier says so."""
        found = _NUMBERED_VOICE.fullmatch(self.identifier) or _NAMED_CUE.fullmatch(self.identifier)
        name = tidy_name(_resolved(found["name"])) if found else ""
        return name if found and (found.re is _NUMBERED_VOICE or name_grade(name)) else ""

    @property
    def part(self) -> int:
        """Which piece of its utterance it is."""
        found = _UTTERANCE.fullmatch(self.identifier.strip())
        return int(found["part"]) if found else 0


@dataclass(frozen=True, slots=True)
class _Loose:
    """Lines that belong to no cue."""

    lines: list[int]
    kind: str  # markup, comment, untimed


def read_cues(text: str, account: Account, *, known: frozenset[str] = frozenset()) -> str:
    """Pass a caption file's text on to the account; returns who its voices are known by."""
    lines = text.split("\n")
    items = list(_items(lines))
    cues = _in_utterances([item for item in items if isinstance(item, Cue)])
    reader = _Voices(lines, cues, account, known)
    for item in items:
        if isinstance(item, _Loose):
            reader.loose(item)
    for cue in cues:
        reader.take(cue)
    account.close()
    return reader.layout


def _items(lines: Sequence[str]) -> Iterator[Cue | _Loose]:
    """The file in blocks; a block ends at an empty line, or where a time shows that another cue begins."""
    place = 0
    if lines[0].lstrip().startswith("WEBVTT"):
        place = _block_ends(lines, 1, before_cue=True)
        yield _Loose(list(range(place)), "markup")
    while place < len(lines):
        if not lines[place].strip():
            yield _Loose([place], "markup")
            place += 1
        elif _cue_begins(lines, place):
            cue = _cue(lines, place)
            yield cue
            place = (cue.body or cue.head)[-1] + 1
        else:
            block = _BLOCK.match(lines[place])
            kind = "untimed" if not block else "comment" if block[1] == "NOTE" else "markup"
            end = _block_ends(lines, place + 1, before_cue=block is None)
            yield _Loose(list(range(place, end)), kind)
            place = end


def _block_ends(lines: Sequence[str], place: int, *, before_cue: bool) -> int:
    """The first line from `place` on that is empty, or at which a cue begins."""
    while place < len(lines) and lines[place].strip() and not (before_cue and _cue_begins(lines, place)):
        place += 1
    return place


def _timed(line: str) -> bool:
    return bool(_TIMING.match(line[:200]) or _BROKEN.match(line[:200]))


def _cue_begins(lines: Sequence[str], place: int) -> bool:
    """Whether a time stands here, or under this line as under an identifier."""
    if _timed(lines[place]):
        return True
    return place + 1 < len(lines) and _timed(lines[place + 1]) and bool(lines[place].strip())


def _cue(lines: Sequence[str], place: int) -> Cue:
    head = [place] if _timed(lines[place]) else [place, place + 1]
    identifier = lines[place] if len(head) > 1 else ""
    found = _TIMING.match(lines[head[-1]][:200])
    start = _seconds(found["start"]) if found else None
    end = _seconds(found["end"] or found["sbv"]) if found else None
    cue = Cue(start, end, identifier, head)
    at = head[-1] + 1
    while at < len(lines) and lines[at] and not _ends(lines, at):
        cue.body.append(at)
        at += 1
    return cue


def _ends(lines: Sequence[str], at: int) -> bool:
    """Whether a cue's words end before this line, though it isn't empty.

    YouTube writes lines of one space within a cue; so white space ends it only before another cue. Without an empty
    line between, only a number is taken for the next cue's identifier: a line of words belongs to this one.
    """
    if not lines[at].strip():
        after = next((line for line in range(at, min(at + 3, len(lines))) if lines[line].strip()), None)
        return after is None or _cue_begins(lines, after) or bool(_BLOCK.match(lines[after]))
    if _timed(lines[at]):
        return True
    return lines[at].strip().isdigit() and _cue_begins(lines, at)


def _seconds(clock: str) -> float:
    value = 0.0
    for part in clock.replace(",", ".").split(":"):
        value = value * 60 + float(part)
    return round(value, 3)


def _in_utterances(cues: Sequence[Cue]) -> list[Cue]:
    """The cues, with those of one utterance together, where another's words were put between them."""
    pieces: dict[tuple[str, str], list[Cue]] = {}
    for cue in cues:
        if cue.utterance:
            pieces.setdefault(cue.utterance, []).append(cue)
    ordered: list[Cue] = []
    for cue in cues:
        if not cue.utterance:
            ordered.append(cue)
        elif pieces[cue.utterance][0] is cue:
            ordered += sorted(pieces[cue.utterance], key=lambda piece: piece.part)
    return ordered


class _Voices:
    """Goes through the cues and remembers who speaks."""

    def __init__(self, lines: Sequence[str], cues: Sequence[Cue], account: Account, known: frozenset[str]) -> None:
        self.lines = lines
        self.cues = cues
        self.account = account
        self.voices = _named_cues(cues)
        tagged = any("<v" in lines[at] or _spoken(lines[at]) for cue in cues for at in cue.body)
        self.voiced = tagged or bool(self.voices)
        self.labels = {} if self.voiced else self._labels(cues, known)
        self.named = self.voiced or bool(self.labels)
        self.repeats = self.voiced or self._named_each_time(cues)
        self.rolled = {} if self.named else _rolled([[self._plain(at) for at in cue.body] for cue in cues], cues)
        self.speaker = ""
        self.last: Cue | None = None

    @property
    def layout(self) -> str:
        """Who the voices are known by."""
        return "voices" if self.voiced else "names" if self.labels else "rolling" if self.rolled else "no speakers"

    def loose(self, item: _Loose) -> None:
        """Pass on lines that are in no cue."""
        for at in item.lines:
            line = self.lines[at]
            if item.kind == "markup":
                self.account.space(line) if not line.strip() else self.account.markup(line)
            else:
                self.account.leave_out(line, f"line {at + 1}", COMMENT if item.kind == "comment" else UNTIMED)
            self._line_break(at)

    def take(self, cue: Cue) -> None:
        """Pass one cue on."""
        for at in cue.head:
            named = at != cue.head[-1] and cue.head[0] in self.voices
            self.account.name(self.lines[at]) if named else self.account.time(self.lines[at])
            self._line_break(at)
        place = self._place(cue)
        if cue.start_s is None:
            self.account.doubt(place, "its time can't be read; its words were kept")
        name = self.voices.get(cue.head[0])
        voice, fresh = self._change(name) if name else self._voice_before(cue)
        for at in cue.body:
            if at in self.rolled:
                self._roll(at, place)
            else:
                voice, fresh = self._line(at, cue, place, voice, fresh)
            self._line_break(at)
        self.last = cue

    def _voice_before(self, cue: Cue) -> tuple[str, bool]:
        """Whose a cue's words are until it says so, and whether they begin another turn."""
        last = self.last
        if last and cue.utterance and cue.utterance == last.utterance:
            return self.speaker, False
        if self.speaker and self.named and not self.repeats:
            return self.speaker, False
        pause = bool(
            last and last.end_s is not None and cue.start_s is not None and cue.start_s - last.end_s >= SILENCE_S
        )
        return self.account.speaker(NAMELESS), pause

    def _line(self, at: int, cue: Cue, place: str, voice: str, fresh: bool) -> tuple[str, bool]:
        line = self.lines[at]
        if spoken := _spoken(line):
            voice, fresh = self._change(spoken[0])
            said = clean(spoken[1])
            self.account.markup(" " * max(len(line) - len(said), 0))
            return voice, self._words(said, cue, place, voice, fresh)
        label = self.labels.get(at)
        if label:
            voice, fresh = self._change(label.name)
            self.account.name(_resolved(line[: label.words_at]))
            line = line[label.words_at :]
        elif not (self.voiced and self._has_voice(cue)) and (dash := self._dash(line, self._parts(at, cue))):
            voice = self._change(NAMELESS)[0] if self.named else voice
            self.account.markup(_resolved(line[: dash.end()]))
            line, fresh = line[dash.end() :], True
        done = 0
        for tag in _TAG.finditer(line):
            fresh = self._words(line[done : tag.start()], cue, place, voice, fresh)
            if (tag["tag"] or "").lower() == "v" and not tag[0].startswith("</"):
                voice, fresh = self._change(tidy_name(_resolved(tag["note"] or "")) or NAMELESS)
                self.account.name(tag[0])
            else:
                self.account.markup(tag[0])
            done = tag.end()
        return voice, self._words(line[done:], cue, place, voice, fresh)

    def _has_voice(self, cue: Cue) -> bool:
        return cue.head[0] in self.voices or any("<v" in self.lines[at] for at in cue.body)

    def _parts(self, at: int, cue: Cue) -> re.Pattern[str]:
        """By what a line shows that another speaks: where others are named a dash does beside another dash only."""
        dashed = [self.labels.get(one) is None and self._dash(self.lines[one], _DASH) for one in cue.body]
        return _DASH if not self.named or sum(map(bool, dashed)) > 1 else _ANOTHER

    def _dash(self, line: str, dash: re.Pattern[str]) -> re.Match[str] | None:
        """The dash or marks by which captions without a name show that another speaks, after the tags of the line."""
        at = 0
        while tag := _TAG.match(line, at):
            at = tag.end()
        return dash.match(line, at)

    def _change(self, name: str) -> tuple[str, bool]:
        """Another begins, even if the cue gives them no words; whether their words begin another turn anyway."""
        name = self.account.speaker(name)
        if name != self.speaker:
            self.account.close()
            self.speaker = name
        return name, is_unknown(name)

    def _words(self, text: str, cue: Cue, place: str, voice: str, fresh: bool) -> bool:
        if text:
            said = _resolved(text)
            self.account.say(voice, said, place, start_s=cue.start_s, end_s=cue.end_s, fresh=fresh)
            if said.strip():
                self.speaker, fresh = voice, False
        return fresh

    def _roll(self, at: int, place: str) -> None:
        line, done = self.lines[at], 0
        for tag in _TAG.finditer(line):
            self.account.leave_out(_resolved(line[done : tag.start()]), place, REPEATED)
            self.account.markup(tag[0])
            done = tag.end()
        self.account.leave_out(_resolved(line[done:]), place, REPEATED)

    def _line_break(self, at: int) -> None:
        if at < len(self.lines) - 1:
            self.account.space("\n")

    def _place(self, cue: Cue) -> str:
        found = _UTTERANCE.fullmatch(cue.identifier.strip())
        if found:
            return f"{found['utterance']}-{found['part']}"
        # Only digits: an identifier may be anything, a name too.
        number = cue.identifier.strip()
        return number if number.isascii() and number.isdigit() else f"line {cue.head[-1] + 1}"

    def _plain(self, at: int) -> str:
        return " ".join(_resolved(_TAG.sub("", self.lines[at])).split())

    def _labels(self, cues: Sequence[Cue], known: frozenset[str]) -> dict[int, Label]:
        """Names before a colon: at the start of a cue; and on its further lines if the name is known from a start."""
        starts = [cue.body[0] for cue in cues if cue.body]
        if fields := self._fields(starts, known):
            return fields
        candidates = [self._label(at, known) for at in starts]
        odd = [
            None if found else self._with_colon(odd_label(self._unmarked(at)), at)
            for at, found in zip(starts, candidates, strict=True)
        ]
        settled = settle(candidates, [True] * len(starts), [False] * len(starts), odd=odd, captions=True)
        labels = {at: label for at, label in zip(starts, settled, strict=True) if label}
        otherwise = self._bracketed(starts) or self._above(cues, known) or self._loosely(starts, known)
        if len(otherwise) > len(labels) or _strays(labels, starts):
            return otherwise | self._further(otherwise, cues)
        if not labels:
            return {}
        names = {label.key for label in labels.values()}
        capitals = all(label.name.isupper() for label in labels.values())
        for cue in cues:
            for at in cue.body[1:]:
                label = self._label(at, known)
                if label and (label.key in names or (capitals and label.name.isupper())):
                    labels[at] = label
        return labels

    def _fields(self, starts: Sequence[int], known: frozenset[str]) -> dict[int, Label]:
        """Names after "Speaker:" on a line of their own above the words."""
        if not are_fields([self.lines[at] for cue in self.cues for at in cue.body], known):
            return {}
        return {at: label for at in starts if (label := speaker_field(self.lines[at], known))}

    def _further(self, labels: Mapping[int, Label], cues: Sequence[Cue]) -> dict[int, Label]:
        """Names in brackets on further lines of cues, of whom one at the start of a cue is called so."""
        known = {label.key: label for at, label in labels.items() if _BRACKETED.match(self.lines[at])}
        found = {at: _BRACKETED.match(self.lines[at]) for cue in cues if known for at in cue.body[1:]}
        named = {at: (match.end(), tidy_name(match["name"]).casefold()) for at, match in found.items() if match}
        return {at: replace(known[key], words_at=end) for at, (end, key) in named.items() if key in known}

    def _bracketed(self, starts: Sequence[int]) -> dict[int, Label]:
        """Names in brackets before the words, or on a line above them, where that is how most cues begin."""
        labels: dict[int, Label] = {}
        for at in starts:
            found = _BRACKETED.match(self.lines[at])
            name = tidy_name(found["name"]) if found else ""
            grade = name_grade(name) if name else 0
            if found and grade > 1:
                labels[at] = Label(IN_BRACKETS, name, None, found.end(), grade, False)
        counts = Counter(label.key for label in labels.values())
        return labels if 2 * len(labels) >= len(starts) and max(counts.values(), default=0) > 1 else {}

    def _loosely(self, starts: Sequence[int], known: frozenset[str]) -> dict[int, Label]:
        """Names before a dash or a bar, right before the words or alone in brackets, where nearly all cues begin so."""
        found = {at: loose_label(self._unmarked(at), timed=False, known=known) for at in starts}
        labels = {at: label for at, label in found.items() if label}
        counts = Counter(label.key for label in labels.values())
        again = len(counts) > 1 and max(counts.values()) > 1
        return labels if again and len(labels) >= _NEARLY_ALL * len(starts) else {}

    def _above(self, cues: Sequence[Cue], known: frozenset[str]) -> dict[int, Label]:
        """Names on a line of their own above the words, where that is how nearly all cues begin."""
        labels: dict[int, Label] = {}
        for cue in cues:
            found = name_line(self.lines[cue.body[0]], known=known) if len(cue.body) > 1 else None
            if found and found.grade > 1:
                labels[cue.body[0]] = found
        again = len({label.key for label in labels.values()}) < len(labels)
        return labels if again and len(labels) >= _NEARLY_ALL * len(cues) else {}

    def _label(self, at: int, known: frozenset[str]) -> Label | None:
        return self._with_colon(label_of(self._unmarked(at), known=known), at)

    def _unmarked(self, at: int) -> str:
        """A line whose marks around or before a name ("<b>Nia:</b>", "&gt;&gt; Nia:") have what can't be seen in their
        place: they are none of it."""
        line = _STYLE.sub(lambda tag: "\u200b" * len(tag[0]), self.lines[at])
        return _ANOTHER.sub(lambda marks: "\u200b" * len(marks[0]), line, count=1) if _ANOTHER.match(line) else line

    def _with_colon(self, found: Label | None, at: int) -> Label | None:
        return found if found and ":" in self.lines[at][: found.words_at] and "<" not in found.name else None

    def _named_each_time(self, cues: Sequence[Cue]) -> bool:
        """Whether a cue says its speaker even if the one before was the same speaker's."""
        firsts = [self.labels.get(cue.body[0]) for cue in cues if cue.body]
        return any(a and b and a.key == b.key for a, b in pairwise(firsts))


def _strays(labels: Mapping[int, Label], starts: Sequence[int]) -> bool:
    """Whether what stands before colons is said in captions that name nobody: the first cue hasn't it, hardly another
    has, and it comes once or is always the same. All that follows would be its words.
    """
    names = {label.key for label in labels.values()}
    alike = len(names) in (1, len(labels)) and all(label.grade < 3 for label in labels.values())
    return bool(labels) and alike and starts[0] not in labels and 2 * len(labels) < len(starts)


def _named_cues(cues: Sequence[Cue]) -> dict[int, str]:
    """Who speaks by the line at which a cue begins, where the identifiers of most cues are people's names."""
    named = {cue.head[0]: cue.voice for cue in cues if cue.voice}
    again = len(set(named.values())) < len(named)
    return named if len(named) >= _NEARLY_ALL * len(cues) and again else {}


def _rolled(bodies: Sequence[Sequence[str]], cues: Sequence[Cue]) -> dict[int, bool]:
    """Lines that repeat what the cue before showed; empty if the file isn't of that kind."""
    rolled: dict[int, bool] = {}
    pairs = repeats = 0
    for place in range(1, len(bodies)):
        before, body = [text for text in bodies[place - 1] if text], bodies[place]
        filled = [(at, text) for at, text in zip(cues[place].body, body, strict=True) if text]
        overlap = _overlap(before, [text for _, text in filled])
        pairs += bool(before and filled)
        repeats += bool(overlap)
        rolled.update((at, True) for at, _ in filled[:overlap])
    return rolled if repeats > 1 and repeats >= ROLLING_SHARE * pairs else {}


def _overlap(before: Sequence[str], after: Sequence[str]) -> int:
    """How many of the last lines before are the first lines after."""
    for count in range(min(len(before), len(after)), 0, -1):
        if list(before[-count:]) == list(after[:count]):
            return count
    return 0


def _spoken(line: str) -> tuple[str, str] | None:
    """Who speaks and what they say, of a line as Teams gives it to programs that ask for more than the words."""
    if not line.startswith("{") or "spokenText" not in line:
        return None
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        return None
    name, words = (told.get(key) for key in ("speakerName", "spokenText")) if isinstance(told, dict) else (None, None)
    return (tidy_name(str(name or "")) or NAMELESS, words) if isinstance(words, str) else None


def _resolved(text: str) -> str:
    """Words with their character references resolved."""
    return clean(_ENTITY.sub(lambda found: unescape(found[0]), text)) if "&" in text else text
