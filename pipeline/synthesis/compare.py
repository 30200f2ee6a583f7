"""What moved between two runs, or two roundtables: themes by people, decisions, settings."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from pipeline.errors import RunError
from pipeline.synthesis.choices import choices
from pipeline.synthesis.material import ReportMaterial
from pipeline.synthesis.series import people_by_roundtable, spoke_at, voices
from pipeline.tables import moved

Change = Literal["came", "grew", "stayed", "faded", "joined", "went"]
ORDER: tuple[Change, ...] = ("came", "grew", "stayed", "faded", "joined", "went")
# Of the pairs of words of two emergent themes so many are shared: they are one theme, found again. With a word
# corrected in four lines of five it is .75, and of two themes of one talk .1 at most (by hand, once).
ALIKE = 0.3
_TAKEN_IN = 0.5  # of a theme's pairs of words are another's afterwards: it was merged into that one
_NOT_SETTINGS = {"seconds", "machine", "inputs", "outputs", "code", "rows", "told"}
# A stage is told what the config says; only the content of a file that the config names is its own.
_SAID_BY_CONFIG = re.compile(r"stages\.\w+\.settings\.(?!.*SHA-256$)")


@dataclass(frozen=True)
class ThemeChange:
    """A theme before and after, in numbers of participants."""

    change: Change
    name: str
    before: int
    after: int
    present_before: int
    present_after: int
    into: str = ""  # the theme that its words are in now, where it joined one


@dataclass(frozen=True)
class Comparison:
    """Everything that moved, in a fixed order."""

    themes: tuple[ThemeChange, ...]
    decisions: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()  # what the runs were made from, where that differs
    counted: str = "participants"  # those present; of two roundtables, those who spoke there

    def lines(self) -> list[str]:
        """For people."""
        lines = []
        for change in ORDER:
            for theme in self.themes:
                if theme.change == change and (theme.before or theme.after):
                    told = f"{theme.before} of {theme.present_before} to {theme.after} of {theme.present_after}"
                    into = f", now in “{theme.into}”" if theme.into else ""
                    lines.append(f"{change:6}  {theme.name}: {told} {self.counted}{into}")
        silent = [theme.name for theme in self.themes if not (theme.before or theme.after)]
        if silent:
            lines.append(f"silent  {'; '.join(silent)}: spoken of by no participant, before or after")
        lines += [f"decision: {told}" for told in self.decisions]
        lines += [f"setting: {told}" for told in self.settings]
        lines += self.inputs
        return lines or ["nothing differs"]

    def json(self) -> str:
        """For programs."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=2) + "\n"


def compare(before: ReportMaterial, after: ReportMaterial) -> Comparison:
    """Two runs: codebook themes are matched by their code, emergent ones by the words that they share."""
    words = _pairs_of_words(before), _pairs_of_words(after)
    pairs = _matched(before, after, words)
    present = _present(before), _present(after)
    people = _people(before), _people(after)
    names = _names(before), _names(after)
    into = _taken_in([first for first, second in pairs if not second], before, after, words)
    changes = ((pair, _change(pair, names, people, present, into.get(pair[0], ""))) for pair in pairs)
    # A code that another codebook has, and nobody spoke to, neither came nor went.
    themes = [change for pair, change in changes if all(pair) or change.before or change.after]
    return Comparison(
        tuple(sorted(themes, key=lambda theme: (ORDER.index(theme.change), -theme.after, -theme.before, theme.name))),
        tuple(_decisions(before, after)),
        tuple(_settings(before.manifest, after.manifest)),
        tuple(_inputs(before.manifest, after.manifest)),
    )


def compare_roundtables(material: ReportMaterial, first: str, second: str) -> Comparison:
    """Two roundtables of one run, by their ids.

    Raises:
        RunError: the run has no roundtable of that id, or no participant spoke there.
    """
    spoke = spoke_at(material.turns)
    known = sorted(material.roundtables["roundtable_id"])
    for asked in (first, second):
        if asked not in known:
            raise RunError(f"no roundtable is called {asked}; they are {', '.join(known)}")
        if not spoke.get(asked):
            # Or every theme of the other would have come, or gone, "to 0 of 0".
            raise RunError(f"no participant spoke at {asked}: nothing can be compared with it; give another")
    counts = people_by_roundtable(voices(material, choices(material).approved))
    names = _names(material)
    people = tuple({theme: found.get(asked, 0) for theme, found in counts.items()} for asked in (first, second))
    present = tuple(spoke[asked] for asked in (first, second))
    pairs = [
        (theme if people[0].get(theme) else "", theme if people[1].get(theme) else "")
        for theme in sorted(names)
        if people[0].get(theme) or people[1].get(theme)
    ]
    themes = [_change(pair, (names, names), (people[0], people[1]), (present[0], present[1])) for pair in pairs]
    return Comparison(
        tuple(sorted(themes, key=lambda theme: (ORDER.index(theme.change), -theme.after, -theme.before, theme.name))),
        counted="participants who spoke there",
    )


_Words = Mapping[str, frozenset[tuple[str, ...]]]  # as `_pairs_of_words` gives them


def _matched(before: ReportMaterial, after: ReportMaterial, words: tuple[_Words, _Words]) -> list[tuple[str, str]]:
    """Pairs of theme ids, before and after; "" where a theme has no other.

    Those of one name are paired first, or a theme would go under the name by which another came to be larger than it:
    of two that were merged the larger may have given up its name. Then the most alike.
    """
    old, new = words
    names = _names(before), _names(after)
    same = {theme for theme in old.keys() & new.keys() if _is_code(theme, before) and _is_code(theme, after)}
    pairs = [(theme, theme) for theme in sorted(same)]
    rest = [
        (names[0][first] != names[1][second], -alike, first, second)
        for first in old.keys() - same
        for second in new.keys() - same
        if (alike := _alike(old[first], new[second])) >= ALIKE
    ]
    taken: set[tuple[str, str]] = set()
    for *_, first, second in sorted(rest):
        if ("old", first) not in taken and ("new", second) not in taken:
            taken |= {("old", first), ("new", second)}
            pairs.append((first, second))
    paired = ({first for first, _ in pairs}, {second for _, second in pairs})
    pairs += [(first, "") for first in sorted(old.keys() - paired[0])]
    return pairs + [("", second) for second in sorted(new.keys() - paired[1])]


def _is_code(theme: str, material: ReportMaterial) -> bool:
    origins = dict(zip(material.themes["theme_id"], material.themes["origin"], strict=True))
    return origins.get(theme) == "codebook"


def _taken_in(
    gone: Sequence[str], before: ReportMaterial, after: ReportMaterial, words: tuple[_Words, _Words]
) -> dict[str, str]:
    """The theme that holds most of the words of each that is gone, by name; only those that took in half or more."""
    (old, new), names = words, _names(after)
    into: dict[str, str] = {}
    for theme in gone:
        kin = [other for other in sorted(new) if _is_code(other, after) == _is_code(theme, before)]
        held = {other: len(old[theme] & new[other]) for other in kin}
        best = max(kin, key=lambda other: held[other], default="")
        if best and old[theme] and held[best] >= _TAKEN_IN * len(old[theme]):
            into[theme] = names[best]
    return into


def _pairs_of_words(material: ReportMaterial) -> _Words:
    """theme_id to the words, two by two, that have it as their primary theme.

    Not to their places: in a transcript that was corrected those move, and another series has the same ones. Nor to
    whole statements, of which hardly one may stand as it was.
    """
    primary = material.assignments[material.assignments["primary"]]
    texts = dict(zip(material.statements["statement_id"].tolist(), material.statements["text"].tolist(), strict=True))
    found: dict[str, set[tuple[str, ...]]] = {str(theme): set() for theme in material.themes["theme_id"]}
    for name, theme in zip(primary["statement_id"].tolist(), primary["theme_id"].tolist(), strict=True):
        words = re.findall(r"\w+", texts[name].lower())
        found.setdefault(str(theme), set()).update(itertools.pairwise(words) if words[1:] else [tuple(words)])
    return {theme: frozenset(found[theme]) for theme in map(str, material.themes["theme_id"])}


def _alike(first: frozenset[tuple[str, ...]], second: frozenset[tuple[str, ...]]) -> float:
    """The share of all their pairs that both have; 0 where their sizes alone say that it is below `ALIKE`."""
    small, large = sorted((len(first), len(second)))
    if small < ALIKE * large or not large:
        return 0.0
    shared = len(first & second)
    return shared / (small + large - shared)


def _names(material: ReportMaterial) -> dict[str, str]:
    own = choices(material).names
    named = dict(zip(material.themes["theme_id"], material.themes["name"], strict=True))
    return {str(theme): own.get(str(theme), str(name)) for theme, name in named.items()}


def _people(material: ReportMaterial) -> dict[str, int]:
    counted = voices(material, choices(material).approved).groupby("theme_id")["speaker"].nunique()
    return {str(theme): int(count) for theme, count in counted.items()}


def _present(material: ReportMaterial) -> int:
    return int((material.participants["role"] == "participant").sum())


def _change(
    pair: tuple[str, str],
    names: tuple[Mapping[str, str], Mapping[str, str]],
    people: tuple[Mapping[str, int], Mapping[str, int]],
    present: tuple[int, int],
    into: str = "",
) -> ThemeChange:
    before, after = (counts.get(theme, 0) for counts, theme in zip(people, pair, strict=True))
    name = names[1].get(pair[1]) or names[0].get(pair[0], "")
    change: Change
    if not pair[0] or (before == 0 and after):
        change = "came"
    elif not pair[1] or (after == 0 and before):
        change = "joined" if into else "went"
    else:
        change = _MOVED[moved(before, present[0], after, present[1])]
    return ThemeChange(change, name, before, after, *present, into)


_MOVED: Mapping[int, Change] = {1: "grew", 0: "stayed", -1: "faded"}


def _decisions(before: ReportMaterial, after: ReportMaterial) -> Iterable[str]:
    """Approved quotes that came, went or stand under another theme."""
    names = _names(before), _names(after)
    old, new = ({quote.quote_id: quote for quote in choices(found).approved} for found in (before, after))
    for quote in sorted(old.keys() | new.keys()):
        if quote not in new:
            yield f"{quote} is no longer approved"
        elif quote not in old:
            yield f"{quote} is approved now"
        else:
            was, now = names[0].get(old[quote].theme_id, "no theme"), names[1].get(new[quote].theme_id, "no theme")
            if was != now:
                yield f"{quote} moved from “{was}” to “{now}”"


def _settings(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterable[str]:
    whole = "config" in before and "config" in after
    old, new = (
        {name: told for name, told in _flat(run) if not (whole and _SAID_BY_CONFIG.match(name))}
        for run in (before, after)
    )
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            yield f"{name}: {old.get(name, 'not set')} to {new.get(name, 'not set')}"


def _inputs(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterable[str]:
    read = (run.get("stages", {}).get("ingest", {}).get("inputs") for run in (before, after))
    if next(read) != next(read):
        yield "the transcripts, or what stands beside them, are others"


def _flat(value: Any, path: Sequence[str] = ()) -> Iterable[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key in value:
            if key not in _NOT_SETTINGS:
                yield from _flat(value[key], (*path, str(key)))
    else:
        yield ".".join(path), json.dumps(value, ensure_ascii=False)
