"""What a run says at its end of the names that wait for people."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from pipeline.tables import PEOPLE, REDACTIONS, ROSTER, THEMES, Person, Redaction, RosterEntry, Theme
from pipeline.waiting import ToDecide, codes_unheard, maybe_one, to_decide, unlisted


def person(number: int, *may_be: int) -> Person:
    ids = tuple(f"person-{other:04d}" for other in may_be)
    return Person(f"person-{number:04d}", f"P{number:02d}", "Nia Wyn", (), "participant", "", "", "", (), ids)


def hit(start: int, original: str, status: str) -> Redaction:
    return Redaction("rt1:t0000", start, start + 4, original, original, "PERSON", "", "model", 0.5, status)


def write_run(folder: Path) -> None:
    REDACTIONS.write(
        REDACTIONS.frame(
            [
                hit(0, "Dawn", "doubtful"),
                hit(9, "Dawn", "doubtful"),
                hit(20, "Rhys", "replaced"),
                hit(30, "Mold", "kept"),
            ]
        ),
        folder,
    )
    PEOPLE.write(PEOPLE.frame([person(1, 2, 3), person(2, 1, 3), person(3, 1, 2), person(4)]), folder)


def test_a_doubtful_word_counts_once_and_of_three_of_one_name_two_are_asked_for(tmp_path: Path) -> None:
    write_run(tmp_path)

    assert to_decide(tmp_path) == ToDecide(doubtful=1, questions=2)


def test_where_no_names_are_made_or_they_are_locked_nothing_waits(tmp_path: Path) -> None:
    write_run(tmp_path)
    PEOPLE.path(tmp_path).unlink()

    assert to_decide(tmp_path) == ToDecide(0, 0)


def test_codes_that_nothing_said_is_about_are_counted_among_the_codebooks_and_no_others(tmp_path: Path) -> None:
    assert codes_unheard(tmp_path) == (0, 0)
    said = {"homes": ("codebook", 3), "buses": ("codebook", 0), "e01": ("emergent", 0)}
    themes = [Theme(name, name, origin, "", (), n, n, 1, 1.0) for name, (origin, n) in said.items()]
    THEMES.write(THEMES.frame(themes), tmp_path)
    assert codes_unheard(tmp_path) == (2, 1)


def test_participants_whom_the_roster_forgot_are_counted_and_without_a_roster_nobody_is(tmp_path: Path) -> None:
    chair = Person("person-0003", "F01", "Gwen Hughes", (), "facilitator", "", "", "")
    sister = Person("person-0005", "P05", "Mali Wyn", (), "participant", "", "", "")
    PEOPLE.write(PEOPLE.frame([person(1), chair, sister]), tmp_path)
    assert unlisted(tmp_path) == 0
    facilitates = RosterEntry("Gwen Hughes", (), "facilitator", "", "", "quote_with_role", ())
    ROSTER.write(ROSTER.frame([facilitates]), tmp_path)
    assert unlisted(tmp_path) == 0
    sits = RosterEntry("Nia Wyn", (), "participant", "", "", "quote_with_role", ())
    ROSTER.write(ROSTER.frame([facilitates, sits]), tmp_path)
    assert unlisted(tmp_path) == 1


def test_somebody_who_is_gone_is_in_no_group() -> None:
    assert maybe_one({"person-0001": ("person-0002", "person-0009"), "person-0002": (), "person-0003": ()}) == [
        ("person-0001", "person-0002")
    ]


def test_it_is_counted_without_pandas(tmp_path: Path) -> None:
    write_run(tmp_path)
    told = (
        "import sys; from pathlib import Path; from pipeline.waiting import to_decide; to_decide(Path(sys.argv[1])); "
    )
    asked = [sys.executable, "-c", told + "sys.exit('pandas' in sys.modules)", str(tmp_path)]

    assert subprocess.run(asked, check=False).returncode == 0
