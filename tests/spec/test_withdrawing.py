"""Somebody takes their words back: they leave everything that a run made, and no later run takes them in again."""

from __future__ import annotations

import io
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfWriter

from pipeline.backends.toolbox import Toolbox
from pipeline.config import Config
from pipeline.decisions import Decision, Span, append, log_files, read_log
from pipeline.errors import LeakFound, RunError
from pipeline.runs import Withdrawn, execute, withdraw
from pipeline.tables import LEAKS, OMISSIONS, PARTICIPANTS, PEOPLE, ROSTER, SOURCE_TURNS, STATEMENTS, TURNS
from pipeline.withdrawal import TOMBSTONES, bury, spoken_by
from tests.unit.ingest.files import pdf

PLAIN = Config.model_validate({"anonymise": {"model": "plain"}, "embed": {"model": "plain"}})
AT = "2026-04-22T09:00:00.000000Z"
IFOR = "Every project of ours ends in March, and the lanterns are put away until nobody remembers them."
BOTH = "We were glad that anybody came to the hall at all."
TALK = f"""Facilitator: What gets in the way of trust?
Anwen Prosser: We promise people a call on Thursday and then nobody rings them until the week after.
Ifor Bellamy: {IFOR}
Anwen Prosser: People trust the nurse in front of them and they distrust the building behind her.
Ifor Bellamy: {BOTH}
Anwen Prosser: {BOTH} I said so to Ifor Bellamy.
Facilitator: Thank you both.
"""


class Silent:
    """A reporter of nothing."""

    def kept(self, stage: str) -> None:
        """Nobody is told."""

    def begins(self, stage: str, reasons: Sequence[str]) -> None:
        """Nobody is told."""

    def advances(self, done: int, total: int) -> None:
        """Nobody is told."""

    def ends(self, stage: str, record: Mapping[str, Any]) -> None:
        """Nobody is told."""


def tools() -> Toolbox:
    return Toolbox(PLAIN.anonymise, PLAIN.embed)


def make(corpus: Path, run: Path, *, until: str = "") -> None:
    execute(corpus, run, PLAIN, tools=tools(), reporter=Silent(), until=until)


def take_out(run: Path, pseudonym: str) -> Withdrawn:
    caches = [Path(os.environ["ROUNDTABLE_CACHE"])]
    return withdraw(run, pseudonym, PLAIN, tools=tools(), reporter=Silent(), at=AT, caches=caches)


def called(run: Path, name: str) -> list[str]:
    return [person.pseudonym for person in PEOPLE.rows(PEOPLE.read(run)) if person.name == name]


def said(run: Path) -> str:
    return "\n".join([*TURNS.read(run)["text"], *SOURCE_TURNS.read(run)["text"], *STATEMENTS.read(run)["text"]])


@pytest.fixture(scope="module", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A cache of our own: everything in it is searched."""
    with pytest.MonkeyPatch.context() as patched:
        folder = tmp_path_factory.mktemp("cache")
        patched.setenv("ROUNDTABLE_CACHE", str(folder))
        yield folder


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a corpus and the run of it."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "talk.txt").write_text(TALK, encoding="utf-8")
    make(folder / "corpus", folder / "run")
    return folder


@pytest.fixture
def run(made: Path, tmp_path: Path) -> Path:
    """The run by itself, to be changed."""
    return Path(shutil.copytree(made / "run", tmp_path / "run"))


@pytest.fixture(scope="module")
def withdrawn(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run on which people had decided, which was released and once killed, without Ifor Bellamy."""
    run = Path(shutil.copytree(made / "run", tmp_path_factory.mktemp("withdrawn") / "run"))
    append(run, [accepted(run, "theirs", "rt1:t0002"), accepted(run, "another's", "rt1:t0003")])
    for folder in ("release", "export"):
        (run / folder).mkdir()
        (run / folder / "roundtable.csv").write_text("anything")
    LEAKS.write(IFOR.encode(), run)
    (run / "private" / ".source_turns.parquet.k1l7ed.part").write_text(IFOR, encoding="utf-8")
    take_out(run, *called(run, "Ifor Bellamy"))
    return run


def accepted(run: Path, name: str, turn_id: str) -> Decision:
    [turn] = [turn for turn in TURNS.rows(TURNS.read(run)) if turn.turn_id == turn_id]
    span = Span.cut(turn_id, turn.text, 0, 20)
    return Decision(decision_id=name, at=AT, by="megan", kind="quote", action="accept", subject=(span,))


def test_their_words_are_nowhere_and_everybody_elses_stay(made: Path, withdrawn: Path) -> None:
    assert "lanterns" in said(made / "run")
    assert "lanterns" not in said(withdrawn)
    assert "the building behind her" in said(withdrawn)
    assert set(TURNS.read(withdrawn)["speaker"]) == {"F01", *called(withdrawn, "Anwen Prosser")}


def test_words_that_somebody_else_said_as_well_stay_and_prove_nothing(withdrawn: Path) -> None:
    assert BOTH in said(withdrawn)


def test_their_name_is_still_replaced_where_others_say_it(withdrawn: Path) -> None:
    [ifor] = called(withdrawn, "Ifor Bellamy")
    assert f"I said so to [{ifor}]." in said(withdrawn)
    consent = {person.pseudonym: person.consent for person in PARTICIPANTS.rows(PARTICIPANTS.read(withdrawn))}
    assert consent[ifor] == "withdrawn"


def test_what_was_left_out_is_said_without_the_words(withdrawn: Path) -> None:
    omissions = [row for row in OMISSIONS.rows(OMISSIONS.read(withdrawn)) if row.reason == "who spoke has withdrawn"]
    assert [(row.subject_id, row.characters) for row in omissions] == [
        ("rt1:t0002", len(IFOR)), ("rt1:t0004", len(BOTH)),
    ]  # fmt: skip


def test_what_people_decided_on_their_words_leaves_the_log_and_nothing_else_does(withdrawn: Path) -> None:
    assert [decision.decision_id for decision in read_log(log_files(withdrawn))] == ["another's"]


def test_what_others_decided_stands_where_their_words_were_only_beside_it(run: Path) -> None:
    """A theme is found by several people's words: every decision on it went with one of them."""
    [theirs, hers] = [accepted(run, turn, turn).subject for turn in ("rt1:t0002", "rt1:t0003")]
    both, told = (*theirs, *hers), [span.model_dump(mode="json") for span in (*theirs, *hers)]
    made: dict[str, Any] = {"at": AT, "by": "megan"}
    append(run, [
        Decision(decision_id="q", kind="quote", action="accept", subject=hers, value={"theme_anchor": told}, **made),
        Decision(decision_id="t", kind="theme", action="rename", subject=both, value={"name": "A\u2028B"}, **made),
        Decision(decision_id="m", kind="theme", action="merge", subject=hers, value={"into": told[:1]}, **made),
        Decision(decision_id="c", kind="coding", action="confirm", subject=theirs, value={"code": "trust"}, **made),
        Decision(decision_id="p", kind="quote", action="accept", subject=both, **made),  # goes with any of its pieces
    ])  # fmt: skip
    assert take_out(run, *called(run, "Ifor Bellamy")).decisions == 3
    left = read_log(log_files(run))
    assert [one.decision_id for one in left] == ["q", "t"]
    assert [one.subject for one in left] == [hers, hers]
    assert [span["turn_id"] for span in left[0].value["theme_anchor"]] == ["rt1:t0003"]
    assert left[1].value["name"] == "A\u2028B"


def test_what_may_have_been_sent_out_is_removed_and_so_is_what_a_killed_run_left(withdrawn: Path) -> None:
    assert not [*withdrawn.glob("release/*"), *withdrawn.glob("export/*")]
    assert not list(withdrawn.rglob(".*.part"))
    assert not LEAKS.path(withdrawn).exists()


def test_who_has_withdrawn_is_not_asked_for_twice_and_nobody_else_is_guessed(withdrawn: Path) -> None:
    [ifor] = called(withdrawn, "Ifor Bellamy")
    with pytest.raises(RunError, match=f"{ifor} has withdrawn already"):
        take_out(withdrawn, ifor)
    with pytest.raises(RunError, match=r"nobody in .* speaks as P77; its voices are F01, P\d\d\. "):
        take_out(withdrawn, "P77")


def test_no_later_run_takes_them_in_again(made: Path, withdrawn: Path, tmp_path: Path) -> None:
    corpus = Path(shutil.copytree(made / "corpus", tmp_path / "corpus"))
    run = Path(shutil.copytree(withdrawn, tmp_path / "run"))
    (corpus / "the second.txt").write_text("Anwen Prosser: The library is shut.\nTudur Bevan: It is.\n")

    make(corpus, run, until="segment")

    assert "The library is shut" in said(run)
    assert "lanterns" not in said(run)


def test_a_tombstone_alone_is_heeded(made: Path, run: Path) -> None:
    """As a withdrawal has it that was stopped before the run was made again."""
    [ifor] = called(run, "Ifor Bellamy")
    bury(run, ifor, spoken_by(run, ifor), at=AT)
    make(made / "corpus", run, until="segment")
    assert "lanterns" not in said(run)


def test_copies_that_somebody_put_in_the_run_or_a_cache_are_found_and_named(run: Path, cache: Path) -> None:
    (run / "notes.txt").write_text(f"Good: {IFOR}", encoding="utf-8")
    (cache / "old.txt").write_text(IFOR, encoding="utf-8")
    with pytest.raises(LeakFound, match=r"still stand in .*notes\.txt, .*old\.txt: remove those files"):
        take_out(run, *called(run, "Ifor Bellamy"))
    (cache / "old.txt").unlink()


def test_two_voices_of_one_name_may_both_withdraw(made: Path, tmp_path: Path) -> None:
    """Without a roster, somebody is another person at each roundtable."""
    corpus, run = Path(shutil.copytree(made / "corpus", tmp_path / "corpus")), tmp_path / "run"
    (corpus / "the second.txt").write_text(TALK.replace("lanterns", "candles").replace("Thursday", "Friday"))
    make(corpus, run, until="segment")
    first, second = called(run, "Ifor Bellamy")

    bury(run, first, spoken_by(run, first), at=AT)
    make(corpus, run, until="segment")
    bury(run, second, spoken_by(run, second), at=AT)
    make(corpus, run, until="segment")

    assert not re.search("lanterns|candles", said(run))
    entries = [entry for entry in ROSTER.rows(ROSTER.read(run)) if entry.name == "Ifor Bellamy"]
    assert [(entry.consent, entry.roundtables) for entry in entries] == [("withdrawn", ("rt1", "rt2"))]


def test_of_two_people_of_one_name_on_the_roster_the_other_stays(made: Path, tmp_path: Path) -> None:
    corpus, run = Path(shutil.copytree(made / "corpus", tmp_path / "corpus")), tmp_path / "run"
    (corpus / "participants.csv").write_text(
        "name,organisation,consent,roundtables\n"
        "Ifor Bellamy,Cantref Bay Council,quote with role,rt1\n"
        "Ifor Bellamy,Cwm Tanat Trust,quote with role,rt2\n",
        encoding="utf-8",
    )
    (corpus / "the second.txt").write_text(TALK.replace("lanterns", "candles").replace("Thursday", "Friday"))
    make(corpus, run, until="segment")
    [council] = [
        person.pseudonym
        for person in PEOPLE.rows(PEOPLE.read(run))
        if person.name == "Ifor Bellamy" and person.roundtable_ids == ("rt1",)
    ]

    bury(run, council, spoken_by(run, council), at=AT)
    make(corpus, run, until="segment")

    entries = {entry.organisation: entry.consent for entry in ROSTER.rows(ROSTER.read(run)) if "Ifor" in entry.name}
    assert entries == {"Cantref Bay Council": "withdrawn", "Cwm Tanat Trust": "quote_with_role"}
    assert "candles" in said(run)
    assert "lanterns" not in said(run)


def test_a_withdrawal_that_was_stopped_is_asked_for_again(run: Path) -> None:
    [ifor] = called(run, "Ifor Bellamy")
    bury(run, ifor, spoken_by(run, ifor), at=AT)  # and then the power went

    take_out(run, ifor)

    assert "lanterns" not in said(run)
    assert (run / TOMBSTONES).read_text(encoding="utf-8").count('"pseudonym"') == 1


def test_a_file_that_cannot_be_opened_is_told_and_not_counted_as_searched(run: Path) -> None:
    locked = PdfWriter(clone_from=io.BytesIO(pdf([IFOR])))
    locked.encrypt("winter")
    locked.write(run / "notes.pdf")

    done = take_out(run, *called(run, "Ifor Bellamy"))

    assert done.unopened == (run / "notes.pdf",)


def test_a_damaged_list_of_who_has_withdrawn_stops_the_run(made: Path, run: Path) -> None:
    (run / TOMBSTONES).write_text("{")
    with pytest.raises(RunError, match=r"withdrawals\.json is damaged: put it back from a copy"):
        make(made / "corpus", run)


def test_who_has_withdrawn_from_a_transcript_that_is_gone_silences_nobody_in_the_next(tmp_path: Path) -> None:
    """A file without names calls its voices by numbers, and the next one does too."""
    corpus, run = tmp_path / "corpus", tmp_path / "run"
    corpus.mkdir()
    theirs = "Speaker 1: The ferry is never on time.\nSpeaker 2: Yes, and we pay for it.\n"
    (corpus / "a.txt").write_text(TALK, encoding="utf-8")
    (corpus / "b.txt").write_text(theirs, encoding="utf-8")
    make(corpus, run, until="segment")
    take_out(run, *called(run, "Speaker 1"))
    (corpus / "b.txt").unlink()
    make(corpus, run, until="segment")
    (corpus / "c.txt").write_text("Speaker 1: The bus goes at six.\nSpeaker 2: Does it?\n", encoding="utf-8")
    make(corpus, run, until="segment")
    assert "The bus goes at six." in said(run)
    (corpus / "b.txt").write_text(theirs, encoding="utf-8")
    make(corpus, run, until="segment")
    assert "we pay for it" in said(run)
    assert "ferry" not in said(run)
