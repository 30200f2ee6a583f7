"""A run knows what to do again, and never half-does it."""

from __future__ import annotations

import gc
import json
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from filelock import FileLock

from pipeline.backends.models import version
from pipeline.backends.toolbox import Toolbox
from pipeline.config import Config
from pipeline.decisions import Decision, Span, append
from pipeline.errors import LeakFound, RunError, RunInUse
from pipeline.runs import MANIFEST, _Shelf, execute, plan, read_manifest
from pipeline.stages import STAGES, Inputs
from pipeline.stamps import corpus_hashes, processor_model
from pipeline.tables import OMISSIONS, PICTURES, SOURCE_TURNS, SOURCES, TURNS, VectorSet

PLAIN = Config.model_validate({"anonymise": {"model": "plain"}, "embed": {"model": "plain"}})
NAMES = [stage.name for stage in STAGES]
TALK = """Facilitator: What gets in the way of trust?
Anwen Prosser: We promise people a call on Thursday and then nobody rings them until the week after.
Ifor Bellamy: It is the money. Every project of ours ends in March, and people have learned to expect that.
Anwen Prosser: People trust the nurse in front of them and they distrust the building behind her.
Ifor Bellamy: I asked Anwen about that last year, and she said that nobody had ever asked the staff.
Facilitator: Thank you both.
"""


@dataclass
class Notes:
    """What a run told people."""

    kept_stages: list[str] = field(default_factory=list)
    begun: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def kept(self, stage: str) -> None:
        self.kept_stages.append(stage)

    def begins(self, stage: str, reasons: Sequence[str]) -> None:
        self.begun[stage] = tuple(reasons)

    def advances(self, done: int, total: int) -> None:
        """Nobody waits."""

    def ends(self, stage: str, record: Mapping[str, Any]) -> None:
        assert record["rows"]["in"] == record["rows"]["out"] + record["rows"]["left_out"], stage


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "anwen-prosser.txt").write_text(TALK, encoding="utf-8")
    return folder


def run(corpus: Path, run_folder: Path, config: Config = PLAIN, *, until: str = "segment") -> Notes:
    notes = Notes()
    tools = Toolbox(config.anonymise, config.embed, progress=notes.advances)
    execute(corpus, run_folder, config, tools=tools, reporter=notes, until=until)
    return notes


def test_a_plan_of_a_new_run_says_that_every_stage_was_never_run(corpus: Path, tmp_path: Path) -> None:
    assert [step.stage for step in plan(corpus, tmp_path / "run", PLAIN)] == NAMES
    assert all(step.reasons for step in plan(corpus, tmp_path / "run", PLAIN))


def test_a_plan_makes_nothing(corpus: Path, tmp_path: Path) -> None:
    plan(corpus, tmp_path / "run", PLAIN)
    assert not (tmp_path / "run").exists()


def test_a_second_run_keeps_everything(corpus: Path, tmp_path: Path) -> None:
    run(corpus, tmp_path / "run")
    assert run(corpus, tmp_path / "run").kept_stages == ["ingest", "anonymise", "segment"]


def test_a_changed_setting_is_the_reason_and_no_stage_before_it_runs(corpus: Path, tmp_path: Path) -> None:
    run(corpus, tmp_path / "run")
    other = PLAIN.model_copy(update={"anonymise": PLAIN.anonymise.model_copy(update={"policy": "all"})})
    steps = {step.stage: step.reasons for step in plan(corpus, tmp_path / "run", other, until="segment")}
    assert steps == {
        "ingest": (),
        "anonymise": ("policy changed from employers to all",),
        "segment": ("anonymise runs again",),
    }


def test_what_will_be_made_again_is_not_also_told_as_an_input_that_changed(corpus: Path, tmp_path: Path) -> None:
    run(corpus, tmp_path / "run")
    turns = TURNS.read(tmp_path / "run")
    TURNS.write(turns.assign(text=turns["text"] + " Yes."), tmp_path / "run")
    segment = plan(corpus, tmp_path / "run", PLAIN, until="segment")[-1]
    assert segment.reasons == ("anonymise runs again",)


def test_other_styles_in_the_template_are_another_setting_of_the_report(tmp_path: Path) -> None:
    template = tmp_path / "house.docx"
    config = PLAIN.model_copy(update={"report": PLAIN.report.model_copy(update={"template": str(template)})})
    told = []
    for content in (b"blue headings", b"green headings"):
        template.write_bytes(content)
        told.append(STAGES[-1].settings(config))
    assert told[0] != told[1]
    assert {name for name in told[0] if told[0][name] != told[1][name]} == {"template's SHA-256"}


def test_a_new_transcript_is_read_and_named_by_its_content_only(corpus: Path, tmp_path: Path) -> None:
    run(corpus, tmp_path / "run")
    (corpus / "ifor-bellamy.txt").write_text(TALK.replace("Thursday", "Friday"), encoding="utf-8")
    ingest = plan(corpus, tmp_path / "run", PLAIN)[0]
    assert len(ingest.reasons) == 1
    assert ingest.reasons[0].startswith("input file ")
    assert "ifor" not in ingest.reasons[0]


def test_a_renamed_file_is_read_again(corpus: Path, tmp_path: Path) -> None:
    before = corpus_hashes(corpus)
    (corpus / "anwen-prosser.txt").rename(corpus / "b.txt")
    assert corpus_hashes(corpus) != before


def test_the_manifest_names_no_file_of_the_corpus(corpus: Path, tmp_path: Path) -> None:
    run(corpus, tmp_path / "run")
    assert "anwen" not in (tmp_path / "run" / MANIFEST).read_text(encoding="utf-8").lower()


def test_a_table_that_somebody_removed_is_made_again(corpus: Path, tmp_path: Path) -> None:
    run(corpus, tmp_path / "run")
    TURNS.path(tmp_path / "run").unlink()
    begun = run(corpus, tmp_path / "run").begun
    assert begun == {"anonymise": ("tables/turns.parquet is missing or was changed",)}


def test_circular_garbage_is_looked_for_less_often_only_while_a_run_works(corpus: Path, tmp_path: Path) -> None:
    usual, meanwhile = gc.get_threshold(), []

    class Watching(Notes):
        def kept(self, stage: str) -> None:
            meanwhile.append(gc.get_threshold()[0])
            raise RunError("stopped in the middle")

    run(corpus, tmp_path / "run")
    with pytest.raises(RunError, match="stopped"):
        execute(corpus, tmp_path / "run", PLAIN, tools=Toolbox(PLAIN.anonymise, PLAIN.embed), reporter=Watching())

    assert meanwhile[0] > usual[0]
    assert gc.get_threshold() == usual


def test_two_runs_at_once_on_one_folder_are_refused(corpus: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    run(corpus, folder, until="ingest")
    with FileLock(folder / ".lock"), pytest.raises(RunInUse, match="another process works in"):
        run(corpus, folder)


def test_a_folder_that_holds_something_else_is_left_alone(corpus: Path, tmp_path: Path) -> None:
    folder = tmp_path / "holiday"
    folder.mkdir()
    (folder / "photo.jpg").write_bytes(b"")
    with pytest.raises(RunError, match=r"holds photo\.jpg and no run"):
        run(corpus, folder)
    assert [path.name for path in folder.iterdir()] == ["photo.jpg"]


def test_a_file_in_the_place_of_a_folder_is_said(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "run").write_text("")
    with pytest.raises(RunError, match="is a file; give a new folder"):
        run(corpus, tmp_path / "run")


def test_an_unknown_stage_is_answered_with_the_known_ones(corpus: Path, tmp_path: Path) -> None:
    with pytest.raises(RunError, match="no stage is called clusters; they are ingest, anonymise"):
        plan(corpus, tmp_path / "run", PLAIN, until="clusters")


def test_a_manifest_that_cannot_be_read_is_said_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_text("{")
    with pytest.raises(RunError, match="is not JSON: remove it"):
        read_manifest(tmp_path)


def test_the_manifest_says_what_everything_was_made_from(corpus: Path, tmp_path: Path) -> None:
    run(corpus, tmp_path / "run")
    manifest = json.loads((tmp_path / "run" / MANIFEST).read_text(encoding="utf-8"))
    assert set(manifest["stages"]) == {"ingest", "anonymise", "segment"}
    assert manifest["config"] == PLAIN.model_dump(mode="json")
    wanted = {"inputs", "settings", "code", "models", "outputs", "rows", "seconds"}
    assert [name for name, record in manifest["stages"].items() if not wanted <= set(record)] == []


def test_a_leak_holds_back_what_was_made_and_no_other_stage_s_omissions(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pipeline.stages

    run(corpus, tmp_path / "run", until="ingest")
    before = OMISSIONS.path(tmp_path / "run").read_bytes()

    def find_a_leak(run_folder: Path, files: Sequence[Path]) -> None:
        raise LeakFound("tables/turns.parquet (column text): person-0001")

    monkeypatch.setattr(pipeline.stages, "gate", find_a_leak)
    with pytest.raises(LeakFound):
        run(corpus, tmp_path / "run")
    assert not TURNS.path(tmp_path / "run").exists()
    assert OMISSIONS.path(tmp_path / "run").read_bytes() == before
    assert set(read_manifest(tmp_path / "run")["stages"]) == {"ingest"}


def reasons(corpus: Path, run_folder: Path, stage: str) -> tuple[str, ...]:
    return next(step.reasons for step in plan(corpus, run_folder, PLAIN, until="segment") if step.stage == stage)


def test_other_code_another_model_or_a_changed_table_is_a_reason(corpus: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    run(corpus, folder)
    written = (folder / MANIFEST).read_text(encoding="utf-8")
    for key, value, reason in (
        ("code", "of old", "its code changed"),
        ("models", {"plain": "of old"}, f"model plain changed from of old to {version('plain')}"),
    ):
        manifest = json.loads(written)
        manifest["stages"]["anonymise"][key] = value
        (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
        assert reasons(corpus, folder, "anonymise") == (reason,)
    (folder / MANIFEST).write_text(written, encoding="utf-8")
    TURNS.path(folder).write_bytes(b"somebody's own")
    assert reasons(corpus, folder, "anonymise") == ("tables/turns.parquet is missing or was changed",)


def test_what_a_program_hides_beside_the_transcripts_is_no_reason_to_read_them_again(corpus: Path) -> None:
    before = corpus_hashes(corpus)
    (corpus / ".DS_Store").write_bytes(b"where the windows stand")
    assert corpus_hashes(corpus) == before


def test_a_paper_beside_the_transcripts_is_no_reason_to_read_them_again(corpus: Path, tmp_path: Path) -> None:
    run(corpus, tmp_path / "run")
    (corpus / "evidence").mkdir()
    (corpus / "evidence" / "paper.txt").write_text("A paper.", encoding="utf-8")
    assert {step.reasons for step in plan(corpus, tmp_path / "run", PLAIN, until="segment")} == {()}


def decision(run_folder: Path, kind: Any, action: str, words: str) -> Decision:
    table = SOURCE_TURNS if kind == "redaction" else TURNS
    row = next(turn for turn in table.rows(table.read(run_folder)) if words in turn.text)
    span = Span.cut(row.turn_id, row.text, row.text.index(words), row.text.index(words) + len(words))
    value = {"entity_type": "PLACE", "everywhere": True} if action == "add" else {}
    return Decision(
        decision_id=f"{kind} {words}", at="2026-04-22T09:00:00Z", by="megan", kind=kind, action=action,
        subject=(span,), value=value,
    )  # fmt: skip


def test_only_a_stage_that_heeds_a_decision_is_made_again(corpus: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    run(corpus, folder)
    append(folder, [decision(folder, "quote", "accept", "the building behind her")])
    assert reasons(corpus, folder, "anonymise") == ()
    undo = {"decision_id": "undo", "action": "undo", "value": {"undoes": "quote the building behind her"}}
    append(folder, [decision(folder, "quote", "accept", "the building behind her").model_copy(update=undo)])
    assert reasons(corpus, folder, "anonymise") == (), "nor one that takes it back"
    append(folder, [decision(folder, "redaction", "add", "Thursday")])
    assert reasons(corpus, folder, "anonymise") == ("input decisions private/decisions-megan.jsonl is new",)


def test_a_name_that_somebody_marked_is_replaced_though_they_took_something_else_back(
    corpus: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    run(corpus, folder)
    accepted = decision(folder, "quote", "accept", "the building behind her")
    undone = accepted.model_copy(
        update={"decision_id": "undo", "action": "undo", "value": {"undoes": accepted.decision_id}, "subject": ()}
    )
    append(folder, [accepted, undone])
    run(corpus, folder)
    append(folder, [decision(folder, "redaction", "add", "Thursday")])

    run(corpus, folder)

    assert not any("Thursday" in text for text in TURNS.read(folder)["text"])


def test_a_name_that_somebody_marked_is_replaced_where_its_turn_was_corrected(corpus: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    run(corpus, folder)
    append(folder, [decision(folder, "redaction", "add", "Thursday")])
    path = corpus / "anwen-prosser.txt"
    heard = "We promise people a call on Thursday and then nobody rings them until the week after."
    path.write_text(TALK.replace(heard, "So much for all that, because Thursday went by."), encoding="utf-8")

    run(corpus, folder)

    assert any("went by" in text for text in TURNS.read(folder)["text"])
    assert not any("Thursday" in text for text in TURNS.read(folder)["text"])


def test_a_mark_that_was_undone_replaces_nothing(corpus: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    run(corpus, folder)
    mark = decision(folder, "redaction", "add", "Thursday")
    append(folder, [mark])
    run(corpus, folder)
    assert not any("Thursday" in text for text in TURNS.read(folder)["text"])
    undo = {"decision_id": "undo", "action": "undo", "value": {"undoes": mark.decision_id}}
    append(folder, [mark.model_copy(update={**undo, "at": "2026-04-22T10:00:00Z"})])
    run(corpus, folder)
    assert any("Thursday" in text for text in TURNS.read(folder)["text"])


def test_a_stage_that_runs_again_says_what_it_leaves_out_once(corpus: Path, tmp_path: Path) -> None:
    (corpus / "anwen-prosser.txt").write_text(f"A note of the meeting.\n\n{TALK}", encoding="utf-8")
    run(corpus, tmp_path / "run")
    before = OMISSIONS.read(tmp_path / "run")
    SOURCES.path(tmp_path / "run").unlink()
    run(corpus, tmp_path / "run")
    assert "ingest" in set(before["stage"])
    assert OMISSIONS.read(tmp_path / "run").equals(before)


def test_what_is_private_is_for_its_owner_alone(corpus: Path, tmp_path: Path) -> None:
    run(corpus, tmp_path / "run")
    private = tmp_path / "run" / "private"
    assert stat.S_IMODE(private.stat().st_mode) == 0o700
    open_to_others = [path.name for path in private.glob("*.*") if stat.S_IMODE(path.stat().st_mode) & 0o077]
    assert open_to_others == []


@dataclass
class _Counted:
    """An artefact that counts how often it is read."""

    name: str
    reads: int = 0

    def read(self, run_folder: Path) -> str:
        self.reads += 1
        return self.name


def test_what_several_stages_take_is_read_once_and_again_where_it_was_made_anew(tmp_path: Path) -> None:
    kept, remade, early = _Counted("kept"), _Counted("remade"), _Counted("early")
    stages = (
        replace(STAGES[0], takes=(kept, remade, early), makes=()),
        replace(STAGES[1], takes=(kept, remade), makes=(remade,)),
        replace(STAGES[2], takes=(kept, remade), makes=()),
    )
    shelf = _Shelf(tmp_path, stages)
    held = []
    for stage in stages:
        assert shelf.take(stage) == {one.name: one.name for one in stage.takes}
        shelf.clear(stage)
        held.append(sorted(shelf._there))
    assert (kept.reads, remade.reads, early.reads) == (1, 2, 1)
    assert held == [["kept", "remade"], ["kept"], []]


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, pd.DataFrame):
        return one.equals(other)
    if isinstance(one, VectorSet):
        return (
            one.ids == other.ids and np.array_equal(one.own, other.own) and np.array_equal(one.context, other.context)
        )
    return bool(one == other)


def test_no_stage_changes_what_it_takes(corpus: Path, tmp_path: Path) -> None:
    # The stage after it is given the same.
    run_folder, tools = tmp_path / "run", Toolbox(PLAIN.anonymise, PLAIN.embed)
    run(corpus, run_folder, until="")
    for stage in STAGES:
        taken = {artefact.name: artefact.read(run_folder) for artefact in stage.takes}
        memory = tools.memory(run_folder, code=stage.name)
        stage.work(Inputs(corpus, run_folder, PLAIN, tools, taken, (), None, memory))
        assert all(_same(taken[artefact.name], artefact.read(run_folder)) for artefact in stage.takes), stage.name


class Looked(dict[str, Any]):
    """Knows what of it was asked for."""

    def __init__(self, given: dict[str, Any]) -> None:
        super().__init__(given)
        self.at: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.at.add(name)
        return super().__getitem__(name)


def test_a_stage_looks_at_everything_that_it_takes(corpus: Path, tmp_path: Path) -> None:
    """The themes took the participants and never looked: another consent on the roster made all of them again."""
    run_folder, tools = tmp_path / "run", Toolbox(PLAIN.anonymise, PLAIN.embed)
    run(corpus, run_folder, until="")
    for stage in STAGES:
        taken = Looked({artefact.name: artefact.read(run_folder) for artefact in stage.takes})
        stage.work(Inputs(corpus, run_folder, PLAIN, tools, taken, (), None, tools.memory(run_folder, code=stage.name)))
        # The synthesis reads the pictures from their folder.
        assert taken.at == set(taken) - {PICTURES.name}, stage.name


INTEL = """processor\t: 0
model\t\t: 85
model name\t: A Processor @ 2.00GHz
flags\t\t: fpu avx2 fma avx512f avx512_vnni

processor\t: 1
model name\t: Another
"""
ARM = """processor\t: 0
Features\t: fp asimd asimddp
"""


@pytest.mark.parametrize(
    ("told", "model"),
    [(INTEL, "A Processor @ 2.00GHz avx2 fma avx512f avx512_vnni"), (ARM, "asimddp"), ("", ""), (INTEL[:20], "")],
)
def test_a_manifest_says_which_processor_made_a_run(told: str, model: str) -> None:
    """Two of one architecture may sum in another order, and nothing else would say why two runs differ."""
    assert processor_model(told) == model
