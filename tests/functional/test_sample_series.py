"""The sample series is what its README says, and goes the whole way."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from conftest import Command

from pipeline.ingest import Ingested, read_corpus
from pipeline.tables import (
    ASSIGNMENTS,
    PARTICIPANTS,
    PEOPLE,
    QUOTE_REASONS,
    QUOTES,
    REDACTIONS,
    ROSTER,
    ROUNDTABLES,
    SOURCE_TURNS,
    SOURCES,
    STATEMENTS,
    THEMES,
    TURNS,
)

SAMPLE = Path(__file__).parents[2] / "corpora" / "sample"
# Names that are also words say nothing by themselves; the surnames do.
ALSO_WORDS = {"Will", "Rose", "Dawn", "Mark", "Ed"}


@pytest.fixture(scope="module")
def read() -> Ingested:
    return read_corpus(SAMPLE)


def words(text: str) -> int:
    return len(text.split())


def test_it_is_three_roundtables_in_three_formats_of_five_thousand_words_or_more(read: Ingested) -> None:
    sources, turns = list(SOURCES.rows(read.sources)), list(SOURCE_TURNS.rows(read.source_turns))
    spoken = {source.transcript_id: 0 for source in sources}
    for turn in turns:
        spoken[turn.transcript_id] += words(turn.text)
    assert [source.transcript_id for source in sources] == ["rt1", "rt2", "rt3"]
    assert len({Path(source.path).suffix for source in sources}) == 3
    assert min(spoken.values()) >= 5000, spoken


def test_everybody_who_speaks_is_on_the_roster(read: Ingested) -> None:
    known = {name for person in ROSTER.rows(read.roster) for name in (person.name, *person.aliases)}
    assert {turn.speaker_name for turn in SOURCE_TURNS.rows(read.source_turns)} - known == set()


def test_each_roundtable_has_a_facilitator_and_eight_to_ten_participants(read: Ingested) -> None:
    seats = Counter((place, person.role) for person in ROSTER.rows(read.roster) for place in person.roundtables)
    for code in ("rt1", "rt2", "rt3"):
        assert seats[code, "facilitator"] == 1
        assert 8 <= seats[code, "participant"] <= 10


def test_its_telephone_numbers_and_addresses_belong_to_nobody(read: Ingested) -> None:
    text = " ".join(turn.text for turn in SOURCE_TURNS.rows(read.source_turns))
    numbers = re.findall(r"\b0\d[\d ]{7,}\d", text)
    assert numbers
    # Ofcom's numbers for drama: 07700 900000 to 900999, 029 2018 0000 to 0999.
    assert [number for number in numbers if not re.match(r"07700 ?900|029 ?2018 ?0", number)] == []
    assert {address.split("@")[1].split(".", 1)[1] for address in re.findall(r"\S+@[\w.]+\w", text)} == {"example.org"}


def test_nothing_longer_than_a_phrase_is_said_twice(read: Ingested) -> None:
    """Repeated sentences would be themes by themselves."""
    turns = [turn.text for turn in SOURCE_TURNS.rows(read.source_turns)]
    sentences = Counter(s.strip() for text in turns for s in re.split(r"(?<=[.?!])\s", text) if words(s) > 8)
    assert [sentence for sentence, times in sentences.items() if times > 1] == []


def test_no_full_name_and_no_contact_is_in_anything_made_after_anonymising(sample_run: Path) -> None:
    people = list(PEOPLE.rows(PEOPLE.read(sample_run)))
    names = {name for person in people for name in (person.name, *person.aliases)} - ALSO_WORDS
    turns = [turn.text for turn in TURNS.rows(TURNS.read(sample_run))]
    report = re.sub(r"<[^>]+>", " ", (sample_run / "draft/report.html").read_text(encoding="utf-8"))
    everything = "\n".join([*turns, report])
    assert [name for name in sorted(names) if re.search(rf"\b{re.escape(name)}\b", everything)] == []
    assert [part for part in ("07700", "2018 0372", "@", "example.org") if part in "\n".join(turns)] == []


def test_everybody_at_the_table_has_one_pseudonym_over_the_series(sample_run: Path) -> None:
    seated = [person for person in PARTICIPANTS.rows(PARTICIPANTS.read(sample_run)) if person.role != "observer"]
    assert Counter(person.role for person in seated) == {"participant": 13, "facilitator": 1}
    everywhere = ("rt1", "rt2", "rt3")
    assert sum(person.roundtable_ids == everywhere for person in seated) == 6


def test_welsh_turns_are_known_as_welsh(sample_run: Path) -> None:
    turns = list(TURNS.rows(TURNS.read(sample_run)))
    welsh = [turn.text for turn in turns if turn.language == "cy"]
    assert any("pan dach chi'n gofyn i bobl ifanc" in text for text in welsh)
    assert len(welsh) < len(turns) / 20


def test_every_replacement_is_where_its_row_says(sample_run: Path) -> None:
    source = {turn.turn_id: turn.text for turn in SOURCE_TURNS.rows(SOURCE_TURNS.read(sample_run))}
    for redaction in REDACTIONS.rows(REDACTIONS.read(sample_run)):
        assert source[redaction.turn_id][redaction.start : redaction.end] == redaction.original


def test_every_statement_and_quote_is_cut_out_of_its_turn(sample_run: Path) -> None:
    turns = {turn.turn_id: turn.text for turn in TURNS.rows(TURNS.read(sample_run))}
    for statement in STATEMENTS.rows(STATEMENTS.read(sample_run)):
        assert turns[statement.turn_id][statement.start : statement.end] == statement.text
    for quote in QUOTES.rows(QUOTES.read(sample_run)):
        assert turns[quote.turn_id][quote.start : quote.end] == quote.text


def test_its_quotes_are_ranked_by_how_they_read(sample_run: Path) -> None:
    reasons = [row for row in QUOTE_REASONS.rows(QUOTE_REASONS.read(sample_run)) if row.group == "how it reads"]
    assert len(reasons) == len(QUOTES.read(sample_run))
    assert all(row.score for row in reasons)


def test_nobody_is_proposed_who_may_not_be_quoted_or_leads_the_talk(sample_run: Path) -> None:
    people = list(PARTICIPANTS.rows(PARTICIPANTS.read(sample_run)))
    silent = {person.pseudonym for person in people if person.role != "participant" or person.consent == "no_quotes"}
    assert len(silent) == 2
    assert {quote.speaker for quote in QUOTES.rows(QUOTES.read(sample_run))} & silent == set()


def test_the_codes_come_back_in_later_roundtables(sample_run: Path) -> None:
    themes = list(THEMES.rows(THEMES.read(sample_run)))
    assert sum(theme.origin == "codebook" and theme.n_roundtables >= 2 for theme in themes) >= 8


def test_subjects_come_back_at_later_roundtables_and_none_is_as_wide_as_one(sample_run: Path) -> None:
    emergent = [theme for theme in THEMES.rows(THEMES.read(sample_run)) if theme.origin == "emergent"]
    spoken = sum(theme.n_statements for theme in emergent)
    assert sum(theme.n_roundtables > 1 for theme in emergent) >= 4
    assert max(theme.n_statements for theme in emergent) < spoken / 5


def test_emergent_themes_are_named_apart_and_without_a_month_or_a_pseudonym(sample_run: Path) -> None:
    names = [theme.name for theme in THEMES.rows(THEMES.read(sample_run)) if theme.origin == "emergent"]
    assert len(set(names)) == len(names)
    assert [name for name in names if re.search(r"March|January|Unnamed|\bP\d\d\b|[\[\]]", name)] == []


def test_no_statement_has_two_primary_themes_of_one_origin(sample_run: Path) -> None:
    primary = Counter(
        (row.statement_id, row.origin) for row in ASSIGNMENTS.rows(ASSIGNMENTS.read(sample_run)) if row.primary
    )
    assert max(primary.values()) == 1


def test_the_roundtables_come_in_their_order_with_their_questions(sample_run: Path) -> None:
    roundtables = sorted(ROUNDTABLES.rows(ROUNDTABLES.read(sample_run)), key=lambda roundtable: roundtable.order)
    assert [(roundtable.title, roundtable.date, len(roundtable.questions)) for roundtable in roundtables] == [
        ("Public trust", "2026-02-24", 4),
        ("Collaboration", "2026-04-21", 4),
        ("Leadership and risk", "2026-06-16", 4),
    ]


def test_two_roundtables_of_one_run_are_compared_by_people(sample_run: Path, roundtable: Command) -> None:
    done = roundtable("compare", sample_run, "--roundtables", "rt1", "rt2")
    assert re.search(r"^came +\S.*: 0 of \d+ to \d+ of \d+ participants who spoke there$", done.stdout, re.MULTILINE), (
        done.stderr
    )
    neither = roundtable("compare", sample_run)
    assert neither.returncode == 2
    assert "give two runs" in neither.stderr
