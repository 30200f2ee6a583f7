"""The plan of a report, composed by people's decisions and fixed wording; no sentence is written by a model."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from pipeline.decisions import allowed_attributions, text_hash
from pipeline.synthesis.annexes import annexes
from pipeline.synthesis.choices import Approved
from pipeline.synthesis.dates import long_date
from pipeline.synthesis.desk import Desk, sit_down
from pipeline.synthesis.material import ReportMaterial
from pipeline.synthesis.paper import Kind, Paper, Part, PrintedQuote, PrintedSpan, Section
from pipeline.synthesis.reasons import reason_in
from pipeline.synthesis.wording import Level, Line, Scale, say, with_article, words
from pipeline.tables import Participant, Passage, Quote, Theme

FEWEST_IN_SECTOR = 2  # "a participant from the police", where only one sat, is a name
KEYWORDS = 8  # of a theme, in the draft: a code of the codebook may have fifty
_PLACEHOLDER = re.compile(r"\[[^\]\[…]+\]")
_NUMBERED = re.compile(r"\s*(\d+)(?:[.):](?!\d)\s*|\s+|$)")  # as people put parts in order: "2 What gets in the way"
DRAFT_QUOTES = 5  # candidates shown under a theme; the others stand in an annex


def compose(
    material: ReportMaterial, *, kind: Kind, languages: tuple[str, ...] = ("en",), scale: Scale | None = None
) -> Paper:
    """The paper that this material and these decisions make.

    In a release each theme has been decided on or holds an accepted quote, and each quote was accepted, still reads
    in its turn as it was accepted, and has its speaker's consent.
    """
    desk = sit_down(material, kind, languages, scale or Scale())
    sections = [_section(theme, desk) for theme in _themes(desk)]
    parts = _parts(sections, desk)
    ordered = [section for part in parts for section in part.sections]
    return Paper(
        kind=kind,
        languages=languages,
        title=material.series or _only_title(desk),
        subtitle=_subtitle(desk),
        date=max((roundtable.date for roundtable in desk.roundtables), default=""),
        stamp=max((decision.at for decision in material.decisions), default=""),
        notice=desk.say("title.draft") if kind == "draft" else (),
        intro=_intro(ordered, desk),
        questions=_questions(desk),
        summary=_written(desk, "summary", "executive_summary"),
        points=tuple(_point(section, desk) for section in ordered),
        parts=parts,
        closing=_written(desk, "closing", "conclusion"),
        annexes=annexes(ordered, desk),
    )


def _only_title(desk: Desk) -> str:
    titles = sorted({roundtable.title for roundtable in desk.roundtables if roundtable.title})
    return titles[0] if len(titles) == 1 else say(desk.languages[:1], "title.untitled")[0][1]


def _subtitle(desk: Desk) -> Line:
    count = len(desk.roundtables)
    return desk.say("title.series_of_one") if count == 1 else desk.say("title.series_of", n=count)


def _intro(sections: Sequence[Section], desk: Desk) -> Line:
    count = len(desk.roundtables)
    date = max((roundtable.date for roundtable in desk.roundtables), default="")
    key = "body.held" if count == 1 else "body.held_last"
    held = desk.say(key, date=long_date(date, desk.languages)) if date else desk.say("body.undated")
    people = desk.say("body.people_one" if desk.present == 1 else "body.people_more", n=desk.present)
    intro = desk.say("body.intro_one" if count == 1 else "body.intro_more", n=count, held=held, people=people)
    return tuple((language, f"{text}{_signs(sections, language)}") for language, text in intro)


def _signs(sections: Sequence[Section], language: str) -> str:
    """What the square brackets in the printed quotes stand for, each said only where there is one."""
    quotes = [quote for section in sections for quote in (*section.quotes, *section.dissents)]
    replaced = any(_PLACEHOLDER.search(span.text) for quote in quotes for span in quote.spans)
    cut = any(len(quote.spans) > 1 for quote in quotes)
    told = [key for key, here in (("body.brackets", replaced), ("body.left_out", cut)) if here]
    return "".join(f" {say((language,), key)[0][1]}" for key in told)


def _questions(desk: Desk) -> tuple[str, ...]:
    asked = (question for roundtable in desk.roundtables for question in roundtable.questions)
    return tuple(dict.fromkeys(asked))


def _written(desk: Desk, *places: str) -> str:
    return next((desk.chosen.written[place] for place in places if place in desk.chosen.written), "")


def _themes(desk: Desk) -> list[Theme]:
    """The themes that have a section, the most widely shared first."""
    quoted = {quote.theme_id for quote in desk.chosen.approved}
    kept = [
        theme
        for theme in desk.themes.values()
        if theme.theme_id not in desk.chosen.gone
        and (theme.theme_id in quoted | desk.chosen.touched or (desk.kind == "draft" and theme.n_statements > 0))
    ]
    return sorted(kept, key=lambda theme: (-desk.reach_of(theme).people, -theme.n_statements, theme.theme_id))


def _section(theme: Theme, desk: Desk) -> Section:
    quotes = _quotes(theme.theme_id, desk)
    people = desk.reach_of(theme).people
    level = desk.scale.level(people, desk.present)
    plain = tuple(quote for quote in quotes if not quote.dissent)
    dissents = tuple(quote for quote in quotes if quote.dissent)
    shared = desk.scale.earns_shared_sense(people, desk.present, dissent=bool(dissents))
    return Section(
        theme_id=theme.theme_id,
        name=desk.name(theme),
        level=level,
        people=people,
        present=desk.present,
        spoke=_spoke(theme, level, shared, desk),
        shared_sense=shared,
        description=desk.chosen.descriptions.get(theme.theme_id, ""),
        change=desk.changes.get(theme.theme_id, ()),
        quotes=plain,
        dissents=dissents,
        sources=_sources(theme.theme_id, desk),
        keywords=theme.keywords[:KEYWORDS] if desk.kind == "draft" else (),
        decided=theme.theme_id in desk.chosen.touched,
        whereabouts=_whereabouts(theme, len(quotes), desk),
    )


def _whereabouts(theme: Theme, here: int, desk: Desk) -> Line:
    """That a theme has no quote; in the draft also where most of its quotes stand, if that isn't here."""
    if desk.kind == "release":
        return () if here else desk.say("body.no_quotes")
    elsewhere = _elsewhere(theme, desk)
    if sum(elsewhere.values()) <= len(desk.proposed.get(theme.theme_id, ())):
        return () if here else desk.say("body.no_candidates")
    which = "body.more_elsewhere" if here else "body.candidates_elsewhere"
    return desk.say(which, themes="; ".join(elsewhere))


def _elsewhere(theme: Theme, desk: Desk) -> dict[str, int]:
    """The names of the other themes under which this theme's statements are proposed as quotes, most of them first.

    A quote stands under one theme, a code if one is near, and its statements are of an emergent theme besides.
    """
    primary = desk.material.assignments[desk.material.assignments["primary"]]
    mine = set(primary.loc[primary["theme_id"] == theme.theme_id, "statement_id"])
    held = {
        other: sum(not mine.isdisjoint(quote.statement_ids) for quote in quotes)
        for other, quotes in desk.proposed.items()
        if other in desk.themes and other not in desk.chosen.gone and other != theme.theme_id
    }
    ordered = sorted(held, key=lambda name: (-held[name], name))
    return {desk.name(desk.themes[name]): held[name] for name in ordered if held[name]}


def _spoke(theme: Theme, level: Level, shared: bool, desk: Desk) -> Line:
    if level == "none" and theme.theme_id not in desk.carried:
        return desk.say("body.spoke_nobody")
    if level in ("none", "one"):
        return desk.say(f"body.spoke_{level}")
    phrase = desk.level(level)
    if shared:
        return desk.say("body.shared_sense", level=phrase)
    return tuple(
        (language, text[:1].upper() + text[1:]) for language, text in desk.say("body.spoke_some", level=phrase)
    )


def _sources(theme_id: str, desk: Desk) -> tuple[Passage, ...]:
    of_theme = [passage for passage in desk.material.passages if passage.theme_id == theme_id]
    return tuple(passage for passage in of_theme if desk.chosen.cites(passage))


def _quotes(theme_id: str, desk: Desk) -> list[PrintedQuote]:
    accepted = [_accepted(quote, desk) for quote in desk.chosen.approved if quote.theme_id == theme_id]
    if desk.kind == "release":
        return accepted
    proposed = [quote for quote in _proposed(theme_id, desk) if not _overlaps(quote, accepted)]
    return [*accepted, *_shortlist(proposed)]


def _shortlist(proposed: Sequence[PrintedQuote]) -> list[PrintedQuote]:
    """The first few, and the best that dissents, if it isn't among them."""
    first = list(proposed[:DRAFT_QUOTES])
    dissent = next((quote for quote in proposed if quote.dissent), None)
    return first if dissent is None or dissent in first else [*first, dissent]


def _proposed(theme_id: str, desk: Desk) -> list[PrintedQuote]:
    return [_candidate(quote, desk) for quote in desk.proposed.get(theme_id, ())]


def _overlaps(quote: PrintedQuote, others: Iterable[PrintedQuote]) -> bool:
    return any(
        mine.turn_id == its.turn_id and mine.start < its.end and its.start < mine.end
        for other in others
        for its in other.spans
        for mine in quote.spans
    )


def _accepted(quote: Approved, desk: Desk) -> PrintedQuote:
    return PrintedQuote(
        quote_id=quote.quote_id,
        spans=tuple(PrintedSpan(s.turn_id, s.start, s.end, s.text, s.sha256) for s in quote.spans),
        language=quote.language,
        roundtable_id=quote.roundtable_id,
        transcript_id=quote.transcript_id,
        theme_id=quote.theme_id,
        attribution=_attribution(desk.people.get(quote.speaker), quote.risk, quote.attribution, desk),
        translation=quote.translation,
        translated_by=quote.translated_by,
        dissent=quote.dissent,
        decided=True,
        notes=(quote.spans[0].turn_id, quote.speaker) if desk.kind == "draft" else (),
    )


def _candidate(quote: Quote, desk: Desk) -> PrintedQuote:
    turn = desk.turns[quote.turn_id]
    told = partial(reason_in, desk.languages[0])
    risk = told(f"risk: {quote.risk}")
    risk += f" ({'; '.join(map(told, quote.risk_reasons))})" if quote.risk_reasons else ""
    # What to check because of the risk stands with the risk.
    reasons = [reason for reason in quote.reasons if reason.removeprefix("check: ") not in quote.risk_reasons]
    return PrintedQuote(
        quote_id=quote.quote_id,
        spans=(PrintedSpan(quote.turn_id, quote.start, quote.end, quote.text, text_hash(quote.text)),),
        language=turn.language,
        roundtable_id=turn.roundtable_id,
        transcript_id=turn.transcript_id,
        theme_id=quote.theme_id,
        attribution=_attribution(desk.people.get(quote.speaker), quote.risk, "", desk),
        dissent=quote.dissent,
        notes=tuple(note for note in (quote.turn_id, quote.speaker, "; ".join(map(told, reasons)), risk) if note),
    )


def _attribution(person: Participant | None, risk: str, wanted: str, desk: Desk) -> Line:
    """Who said it, as finely as the reviewer wanted and consent, risk and the number at the table allow."""
    if person is None:
        return ()
    allowed = allowed_attributions(person.consent, risk=risk, sector=person.sector)
    if desk.sectors.get(person.sector, 0) < FEWEST_IN_SECTOR:
        allowed = tuple(way for way in allowed if way != "sector")
    way = wanted if wanted in allowed else next(iter(allowed), "none")
    if way == "none":
        return ()
    if person.role != "participant":
        return desk.say(f"attribution.{person.role}")
    if way == "participant":
        return desk.say("attribution.one")
    in_words = tuple((language, with_article(person.sector, language)) for language in desk.languages)
    return desk.say("attribution.sector", sector=in_words)


def _point(section: Section, desk: Desk) -> Line:
    head = desk.say("body.point", theme=desk.named(section.theme_id), level=desk.level(section.level))
    accepted = sum(quote.decided for quote in (*section.quotes, *section.dissents))
    if not accepted:
        return head
    tail = desk.say("body.point_quote") if accepted == 1 else desk.say("body.point_quotes", n=accepted)
    return tuple((language, f"{text}; {dict(tail)[language]}") for language, text in head)


def _parts(sections: Sequence[Section], desk: Desk) -> tuple[Part, ...]:
    """The parts in the order decided, and last the themes without a place: in a draft the codebook's and the emergent.

    A reader of the release is told nothing by which of the two a theme is.
    """
    placed: dict[str, list[Section]] = {}
    unplaced: dict[str, list[Section]] = {}
    for section in sections:
        place = desk.chosen.places.get(section.theme_id)
        if place:
            placed.setdefault(place[0], []).append(section)
        else:
            unplaced.setdefault(desk.themes[section.theme_id].origin, []).append(section)
    groups = [
        (key, sorted(found, key=lambda section: desk.chosen.places[section.theme_id][1]))
        for key, found in sorted(placed.items(), key=lambda item: _natural(item[0]))
    ]
    if desk.kind == "release" and unplaced:
        rest = [section for section in sections if section.theme_id not in desk.chosen.places]
        groups.append(("further" if placed else "themes", rest))
    else:
        groups += sorted(unplaced.items())
    return tuple(
        Part(_part_title(number, key, placed, desk), _written(desk, f"part:{key}"), tuple(found))
        for number, (key, found) in enumerate(groups, start=1)
    )


def _natural(key: str) -> tuple[int, str]:
    """A part's place by the number before its name, if it has one, and the name."""
    number = _NUMBERED.match(key)
    return (int(number[1]), key[number.end() :]) if number else (10**6, key)


def _part_title(number: int, key: str, placed: Mapping[str, object], desk: Desk) -> Line:
    numbers = {language: words(language)["parts"]["numbers"] for language in desk.languages}
    numbered = tuple(
        (
            language,
            words(language)["parts"]["name"].format(number=names[number - 1] if number <= len(names) else number),
        )
        for language, names in numbers.items()
    )
    if key in placed:
        # The number by which it was put in order is said already; any other belongs to its name ("10 years on").
        place, name = _natural(key)
        name = name if place == number or not name else key.strip()
        return tuple((language, f"{text}: {name}") for language, text in numbered) if name else numbered
    kind = dict(desk.say(f"parts.{key}"))
    if key == "themes":
        return tuple(kind.items())
    return tuple((language, f"{text}: {kind[language]}") for language, text in numbered)
