"""The annexes: how the paper was made, how widely each theme was shared, who was heard, and what was left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.synthesis.agreed import agreement
from pipeline.synthesis.desk import Desk
from pipeline.synthesis.paper import Annex, Grid, Section
from pipeline.synthesis.retold import retold
from pipeline.synthesis.series import people_by_roundtable, spoke_at
from pipeline.synthesis.wording import Line, percent, words
from pipeline.tables import NOT_QUOTED, Participant, Quote, Theme, holds

MOST_NAMED = 4  # columns of "Roundtable 1: Public trust" that a page holds beside the themes
FEWEST_TOLD = 3  # participants of a sector: with fewer, "one of two was quoted" says nearly who
_NOT_NAMED = {"no_sector", "other_sectors"}
# What may change from run to run with the same result stays out of the paper, or its bytes would change too.
_UNPRINTED_KEYS = {"seconds", "outputs", "inputs", "code", "machine", "started", "finished"}
# Names that stay as they are said may be of people at the table: a paper says how many, and the manifest which.
_COUNTED_KEYS = {"keep"}


def annexes(sections: Sequence[Section], desk: Desk) -> tuple[Annex, ...]:
    """All annexes, those with nothing to say left out."""
    built = [_made(desk), _shared(sections, desk), _series(sections, desk), _heard(sections, desk)]
    built += [_outcomes(sections, desk), agreement(desk), _omissions(desk)]
    if desk.kind == "draft":
        built.append(_further(sections, desk))
    return tuple(annex for annex in built if annex is not None)


def _made(desk: Desk) -> Annex:
    material = desk.material
    roles = Counter(person.role for person in desk.people.values())
    counts: list[tuple[str, int]] = [
        ("roundtables", len(desk.roundtables)),
        ("participants", desk.present),
        ("facilitators", roles["facilitator"] + roles["observer"]),
        ("turns", len(material.turns)),
        ("statements", len(material.statements)),
        # Of a codebook most codes may not have come up: those have no line in any table of the paper.
        ("themes", sum(theme.n_statements > 0 for theme in desk.themes.values())),
        ("candidates", len(material.quotes)),
        ("decisions", len(material.decisions)),
        ("accepted", len(desk.chosen.approved)),
    ]
    speakers = set(material.turns["speaker"])
    silent = sum(person.role == "participant" and person.pseudonym not in speakers for person in desk.people.values())
    if silent:  # they were present, and no theme can have been shared by all
        counts.insert(2, ("silent", silent))
    rows = tuple((desk.say(f"annex.{key}"), f"{count:,}") for key, count in counts)
    grids = [_grid(desk, "counts", ("item", "value"), rows, numeric={1})]
    # Of the run before, and in a first draft none: a draft says nothing of its own making.
    own = "synthesis" if desk.kind == "draft" else ""
    settings = tuple(row for row in _settings(material.manifest) if row[0] != own)
    if settings:
        grids.append(_grid(desk, "models", ("stage", "item", "value"), settings))
    paragraphs = [desk.say("annex.made_text")]
    return Annex(desk.say("annex.made"), tuple(paragraphs), tuple(grids))


def _settings(manifest: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Versions, models and settings of each stage, flat; what differs between equal runs is left out."""
    stages = manifest.get("stages") or {}
    seeds = {str(record["settings"]["seed"]) for record in stages.values() if "seed" in (record.get("settings") or {})}
    # Every stage has the run's seed: said once, and stage by stage only where they differ.
    once = {"seed"} if len(seeds) == 1 else set()
    rows = [("pipeline", key, str(manifest[key])) for key in ("pipeline", "python") if key in manifest]
    rows += [("pipeline", "seed", seed) for seed in seeds if once]
    rows += [
        ("packages", name, str(version))
        for name, version in sorted((manifest.get("packages") or {}).items())
        if version
    ]
    for stage, record in stages.items():
        for group in ("models", "settings"):
            for key, value in sorted((record.get(group) or {}).items()):
                if (
                    key not in _UNPRINTED_KEYS | once
                    and not isinstance(value, dict)
                    and value not in ("", None, [], ())
                ):
                    rows.append((stage, key, f"({len(value)})" if key in _COUNTED_KEYS else _plain(value)))
    return rows


def _plain(value: Any) -> str:
    return ", ".join(str(part) for part in value) if isinstance(value, list | tuple) else str(value)


def _shared(sections: Sequence[Section], desk: Desk) -> Annex:
    rows = []
    for section in sections:
        theme = desk.themes[section.theme_id]
        wording = desk.level(section.level)
        rows.append(
            (
                section.name,
                str(section.people),
                str(section.present),
                str(desk.reach_of(theme).roundtables),
                wording,
                _stability(theme, desk),
            )
        )
    scale = desk.scale
    text = desk.say(
        "annex.shared_text",
        many=percent(scale.many),
        most=percent(scale.most),
        shared=percent(scale.shared_sense),
    )
    headers = ("theme", "people", "present", "in_roundtables", "wording", "stability")
    grid = _grid(desk, "by_theme", headers, tuple(rows), numeric={1, 2, 3})
    # What nobody approved is for those who decide: so are a theme's own name, and who spoke of it by pseudonym.
    names, own = desk.chosen.names, {theme.theme_id: theme.name for theme in desk.themes.values()}
    approved = {found.theme_id for found in sections if names.get(found.theme_id, "") in ("", own[found.theme_id])}
    pictures = tuple(
        found
        for found in desk.material.pictures
        if desk.kind == "draft" or (found.themes <= approved and not found.by_person)
    )
    in_welsh = {theme.name: theme.name_cy for theme in desk.themes.values() if theme.name_cy}
    told = tuple(retold(found, desk.languages, in_welsh) for found in pictures)
    return Annex(desk.say("annex.shared"), (text,), (grid,), told)


def _stability(theme: Theme, desk: Desk) -> Line:
    """How surely a theme comes back; a code is there because people gave it, which says nothing of how it holds."""
    if theme.origin == "codebook":
        return desk.say("annex.given")
    if not theme.stability:
        # What is left of a theme always has something in common with some theme: at 0 nobody was left out.
        return desk.say("annex.untried")
    return desk.say(f"annex.{holds(theme.stability)}", value=f"{theme.stability:.2f}")


def _series(sections: Sequence[Section], desk: Desk) -> Annex | None:
    if len(desk.roundtables) < 2:
        return None
    people = people_by_roundtable(desk.spoke)
    order = [roundtable.roundtable_id for roundtable in desk.roundtables]
    rows: tuple[tuple[Line | str, ...], ...] = tuple(
        (section.name, *(str(people.get(section.theme_id, {}).get(found, 0)) for found in order))
        for section in sections
    )
    spoke = spoke_at(desk.material.turns)
    # A number of people says nothing without how many there were.
    rows += ((desk.say("annex.spoke"), *(str(spoke.get(found, 0)) for found in order)),)
    headers = (desk.say("annex.theme"), *(_roundtable(number, desk) for number in range(1, len(desk.roundtables) + 1)))
    numbered = len(desk.roundtables) > MOST_NAMED
    grid = Grid(
        desk.say("annex.people_numbered" if numbered else "annex.people"),
        headers,
        rows,
        frozenset(range(1, len(headers))),
    )
    return Annex(desk.say("annex.series"), (), (grid,))


def _roundtable(number: int, desk: Desk) -> Line:
    """The heading of a roundtable's column: its name, or only its number where as many names don't fit a page."""
    if len(desk.roundtables) > MOST_NAMED:
        return desk.say("annex.nth", n=number)
    title = desk.roundtables[number - 1].title
    said = desk.say("title.roundtable", n=number)
    return tuple((language, f"{text}: {title}" if title else text) for language, text in said)


def _heard(sections: Sequence[Section], desk: Desk) -> Annex:
    speakers = _quoted_speakers(sections, desk)
    participants = [person for person in desk.people.values() if person.role == "participant"]
    unquotable = sum(person.consent in NOT_QUOTED for person in participants)
    quoted = sum(person.pseudonym in speakers for person in participants)
    key = "annex.heard_draft" if desk.kind == "draft" else "annex.heard_text"
    text = desk.say(key, quoted=quoted, n=desk.present, unquotable=unquotable)
    sectors = sorted({_told_sector(person, desk) for person in participants})
    rows = tuple(
        (
            desk.say(f"annex.{sector}") if sector in _NOT_NAMED else sector,
            str(sum(_told_sector(person, desk) == sector for person in participants)),
            str(sum(_told_sector(found, desk) == sector and found.pseudonym in speakers for found in participants)),
        )
        for sector in sectors
    )
    quoted_column = "quoted_draft" if desk.kind == "draft" else "quoted"
    grid = _grid(desk, "sector", ("sector", "in_sector", quoted_column), rows, numeric={1, 2})
    # A table of one line, "not given", says nothing that the sentence doesn't.
    return Annex(desk.say("annex.heard"), (text,), (grid,) if set(sectors) - _NOT_NAMED else ())


def _told_sector(person: Participant, desk: Desk) -> str:
    """A participant's sector, or a key of [annex] where it isn't given or so few sat there that it would name them."""
    if not person.sector:
        return "no_sector"
    return person.sector if desk.sectors.get(person.sector, 0) >= FEWEST_TOLD else "other_sectors"


def _quoted_speakers(sections: Sequence[Section], desk: Desk) -> set[str]:
    speakers = dict(zip(desk.material.turns["turn_id"], desk.material.turns["speaker"], strict=True))
    if desk.kind == "draft":
        proposed = {quote.speaker for quote in desk.candidates if desk.may_be_quoted(quote)}
        return proposed | {quote.speaker for quote in desk.chosen.approved}
    printed = (quote for section in sections for quote in (*section.quotes, *section.dissents))
    return {speakers[span.turn_id] for quote in printed for span in quote.spans}


def _outcomes(sections: Sequence[Section], desk: Desk) -> Annex:
    printed = sum(quote.decided for section in sections for quote in (*section.quotes, *section.dissents))
    rows: list[tuple[Line | str, ...]] = [(desk.say("annex.accepted_n"), str(printed))]
    for reason, count in desk.chosen.unprinted.items():
        rows.append((desk.say("annex.unprinted_n", reason=desk.say(f"unprinted.{reason}")), str(count)))
    for (action, reason), count in desk.chosen.outcomes.items():
        if action == "reject":
            why = desk.in_words("rejected", reason)
            label = desk.say("annex.rejected_for", reason=why) if reason else desk.say("annex.rejected_n")
            rows.append((label, str(count)))
    maybe = sum(count for (action, _), count in desk.chosen.outcomes.items() if action == "maybe")
    decided = sum(int(row[1]) for row in rows if isinstance(row[1], str)) + maybe
    rows.append((desk.say("annex.maybe_n"), str(maybe)))
    judged = sum(quote.quote_id in desk.chosen.judged for quote in desk.candidates)
    rows.append((desk.say("annex.undecided_n"), str(len(desk.candidates) - judged)))
    # People choose words that nothing proposed, and what they decided on an earlier run may be no candidate of this.
    text = desk.say("annex.rejected_text", n=len(desk.candidates), own=decided - judged)
    grid = _grid(desk, "candidates", ("outcome", "number"), tuple(rows), numeric={1})
    return Annex(desk.say("annex.rejected"), (text,), (grid,))


def _omissions(desk: Desk) -> Annex:
    omissions = desk.material.omissions
    # "near-duplicate of rt3:t0134:281-298" is one reason, however many it is a duplicate of.
    reasons = omissions["reason"].str.replace(r"(?: of)? \S+:t\d{4}\S*", "", regex=True)
    grouped = (
        omissions.assign(reason=reasons).groupby(["stage", "reason"], sort=True)["characters"].agg(["size", "sum"])
    )
    in_order = {stage: number for number, stage in enumerate(words("en")["stages"])}
    rows = tuple(
        (
            desk.in_words("stages", str(stage)),
            desk.in_words("left_out", str(reason)),
            str(int(row["size"])),
            f"{int(row['sum']):,}",
        )
        for (stage, reason), row in sorted(grouped.iterrows(), key=lambda found: in_order.get(found[0][0], 0))
    )
    headers = ("stage", "reason", "number", "characters")
    grids = (_grid(desk, "omissions", headers, rows, numeric={2, 3}),) if rows else ()
    paragraphs = (desk.say("annex.omissions_text"),) if rows else (desk.say("annex.none"),)
    return Annex(desk.say("annex.omissions"), paragraphs, grids)


def _further(sections: Sequence[Section], desk: Desk) -> Annex | None:
    """The candidates that have no place under their theme in the draft, in the order of its themes."""
    shown = {quote.quote_id for section in sections for quote in (*section.quotes, *section.dissents)}
    # A code that nobody spoke to has no section, and may have candidates all the same.
    names = {theme_id: desk.name(theme) for theme_id, theme in desk.themes.items()}
    places = {section.theme_id: place for place, section in enumerate(sections)}

    def now(quote: Quote) -> str:
        return desk.chosen.gone.get(quote.theme_id, quote.theme_id)

    def placed(quote: Quote) -> tuple[int, str, int, str]:
        return places.get(now(quote), len(places)), now(quote), quote.rank, quote.quote_id

    rows = tuple(
        (names.get(now(quote)) or desk.say("annex.no_theme"), quote.turn_id, f"“{quote.text}”")
        for quote in sorted(desk.candidates, key=placed)
        if quote.quote_id not in shown and desk.may_be_quoted(quote)
    )
    if not rows:
        return None
    return Annex(desk.say("annex.further"), (), (_grid(desk, "further", ("theme", "place", "quote"), rows),))


def _grid(
    desk: Desk,
    caption: str,
    headers: Sequence[str],
    rows: tuple[tuple[Line | str, ...], ...],
    *,
    numeric: set[int] | None = None,
) -> Grid:
    return Grid(
        desk.say(f"annex.{caption}"),
        tuple(desk.say(f"annex.{header}") for header in headers),
        rows,
        frozenset(numeric or ()),
    )
