"""The command line: parse, call one function, print what came of it; the only place that prints or exits.

Heavy libraries are imported inside the commands that need them, so that --help answers at once.
"""

from __future__ import annotations

import gc
import io
import json
import os
import re
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, TYPE_CHECKING, Annotated, Any, NoReturn, Protocol

import typer

from pipeline.errors import (
    CorpusError,
    DecisionError,
    Inaccessible,
    LeakFound,
    PipelineError,
    RunError,
    VaultError,
    of_the_machine,
    typed,
)

if TYPE_CHECKING:
    from pipeline.anonymise.vault import Key
    from pipeline.backends.workers import Pool
    from pipeline.config import Config
    from pipeline.runs import Reporter
    from pipeline.synthesis.publish import Written

# Nothing leaves the machine: these libraries would otherwise look for a newer model, or report on us.
for _name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_DISABLE_TELEMETRY", "DO_NOT_TRACK"):
    os.environ[_name] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"
# Our matrices are small: a second thread of numpy's spends as much time waiting for the first as both of them work.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

app = typer.Typer(
    help="From roundtable transcripts to themes and quotes that people curate. Nothing leaves this machine.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

decisions_app = typer.Typer(help="What people decided.", no_args_is_help=True)
app.add_typer(decisions_app, name="decisions")
vault_app = typer.Typer(help="The files of a run that name somebody: encrypted, and back.", no_args_is_help=True)
app.add_typer(vault_app, name="vault")

CorpusArgument = Annotated[Path, typer.Argument(help="A folder of transcripts (corpora/<series>).")]
RunArgument = Annotated[Path, typer.Argument(help="The folder of a run (outputs/<run>).")]
KeyFileOption = Annotated[
    Path | None,
    typer.Option("--key-file", help="A file as the key; without it, a passphrase ($ROUNDTABLE_PASSPHRASE)."),
]
ConfigOption = Annotated[Path | None, typer.Option("--config", help="A .toml file; without it, the defaults.")]


def main() -> None:
    """The command `roundtable`: exit code 0, or one for each cause that a user can mend (see pipeline/errors.py)."""
    for told in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(told) != signal.SIG_IGN:  # as nohup has it
            signal.signal(told, _end)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A letter that the locale of this machine doesn't have (ŵ in Latin-1) is spelt, as Python does for errors.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        app()
    except PipelineError as error:
        _give_up(error)
    except SystemExit as ended:
        if isinstance(ended.__context__, BrokenPipeError):
            # Whoever read us (head, less) has gone, of which Typer makes a 1: a run may be half done, and is no bug.
            sys.exit(128 + signal.SIGPIPE)
        raise
    except OSError as error:
        cause = of_the_machine(error)
        if cause is None:
            raise
        _give_up(cause)
    finally:
        # Python would look once more through all that a run held for circular garbage, half a second long, to free
        # what the machine takes back anyway.
        gc.freeze()


def _give_up(error: PipelineError) -> NoReturn:
    _tell(f"roundtable: {error}", err=True)
    sys.exit(error.exit_code)


def _end(number: int, _: object) -> NoReturn:
    # A window that is closed, or a machine that shuts down: as after Ctrl-C, what is open is locked and put away.
    sys.exit(128 + number)


@app.command()
def run(
    out: Annotated[
        Path, typer.Option("--out", help="The run's folder; made if it isn't there, gone on with if it is.")
    ],
    corpus: Annotated[Path | None, typer.Argument(help="A folder of transcripts (corpora/<series>).")] = None,
    config: ConfigOption = None,
    until: Annotated[str, typer.Option(help="Stop after this stage.")] = "",
    plan: Annotated[
        bool, typer.Option("--plan", help="Say what would be made again and why, and make nothing.")
    ] = False,
    already_anonymised: Annotated[
        bool, typer.Option("--already-anonymised", help="Replace nothing; the gate and the disclosure check still run.")
    ] = False,
    workers: Annotated[
        int, typer.Option("--workers", min=0, help="Read and encode in so many processes; 0: where it pays.")
    ] = 0,
    scheduler: Annotated[str, typer.Option("--scheduler", help="Or on the workers of this Dask cluster.")] = "",
    from_manifest: Annotated[
        Path | None,
        typer.Option("--from-manifest", help="Repeat the run of this manifest.json, and compare every table."),
    ] = None,
) -> None:
    """Make everything from a folder of transcripts to a draft report, or what has changed since the last time."""
    from pipeline.runs import execute
    from pipeline.runs import plan as make_plan

    if from_manifest is not None:
        if corpus or config or until or plan or already_anonymised:
            raise typer.BadParameter("it repeats a run as that was made: beside it only --out and who works are said")
        before = from_manifest if from_manifest.is_dir() else from_manifest.parent
        _repeat(before, out, workers=workers, scheduler=scheduler)
        return
    if corpus is None:
        raise CorpusError("no folder of transcripts: roundtable run CORPUS --out RUN")
    settings = _settings(config, already_anonymised=already_anonymised)
    if plan:
        for step in make_plan(corpus, out, settings, until=until):
            _tell(f"{step.stage:<10} {'; '.join(step.reasons) if step.reasons else 'kept'}", hang=11)
        return
    from pipeline.backends.toolbox import Toolbox

    with _opened(out, settings), _reporter() as reporter, _pools(workers, scheduler, settings) as pools:
        tools = Toolbox.of(settings, **pools, progress=reporter.advances)
        try:
            execute(corpus, out, settings, tools=tools, reporter=reporter, until=until)
        except (KeyboardInterrupt, SystemExit):
            _tell("Stopped; the stages that are done are kept, and the same command goes on from there.", err=True)
            raise
    typer.echo("")
    # One that can't be read has stopped the run, unless that went on only to a stage before.
    with suppress(PipelineError):
        for line in _unread_columns(settings):
            _tell(line)
    for line in _what_to_open(out):
        _tell(line)


def _tell(line: str, *, hang: int | None = None, err: bool = False) -> None:
    """Print a line: in a terminal as wide as that is, in a pipe as it is."""
    line = harmless(line)
    if _is_terminal(sys.stderr if err else sys.stdout):
        import shutil

        line = hung(line, shutil.get_terminal_size().columns, hang=hang)
    typer.echo(line, err=err)


def _is_terminal(stream: IO[str] | None) -> bool:
    # Python has no stream where whoever started us had closed it.
    return stream is not None and stream.isatty()


# All but the tab and the new line, which words have; and what turns the direction of writing about.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def harmless(line: str) -> str:
    """The line with its control characters spelt: of a file's name, they would tell the terminal what to do."""
    return _CONTROLS.sub(lambda found: found[0].encode("unicode_escape").decode(), line)


def hung(line: str, width: int, *, hang: int | None = None) -> str:
    """The line broken between words, what follows hung under its beginning, or `hang` characters in."""
    import textwrap

    under = " " * (hang if hang is not None else len(line) - len(line.lstrip()) + 2)
    broken = textwrap.wrap(
        line, width, subsequent_indent=under, break_long_words=False, break_on_hyphens=False, replace_whitespace=False
    )
    return "\n".join(broken) or line


class _Told(Protocol):
    def lines(self) -> list[str]: ...

    def json(self) -> str: ...


def _tell_all(found: _Told, *, as_json: bool) -> None:
    """What was found: for programs, or line by line for people."""
    if as_json:
        typer.echo(found.json())
        return
    for line in found.lines():
        _tell(line)


def _repeat(before: Path, out: Path, *, workers: int, scheduler: str) -> None:
    from pipeline.backends.toolbox import Toolbox
    from pipeline.runs import repeat, settings_of

    settings = settings_of(before)
    opened = _opened(before, settings), _opened(out, settings)
    with opened[0], opened[1], _reporter() as reporter, _pools(workers, scheduler, settings) as pools:
        tools = Toolbox.of(settings, **pools, progress=reporter.advances)
        unlike = repeat(before, out, tools=tools, reporter=reporter)
    if unlike:
        raise RunError(f"{out} is not the same as {before}: {'; '.join(unlike)}")
    typer.echo(f"Every table of {out} is the same, byte by byte, as in {before}.")


@app.command()
def check(corpus: CorpusArgument, config: ConfigOption = None) -> None:
    """Look for what would stop a run, without running it: the files, the roster, the settings, the models."""
    from pipeline.doctor import require_models
    from pipeline.ingest import check_corpus
    from pipeline.stages import require_files

    settings = _settings(config)
    report = check_corpus(corpus, **settings.ingest.model_dump())
    for line in report.lines():
        # A file whose name has two lines would say the second one in our name.
        _tell(line.replace("\n", "\\n"))
    require_files(settings)
    for line in _unread_columns(settings):
        _tell(line)
    require_models(settings)
    typer.echo("Nothing would stop a run.")


@app.command()
def doctor(config: ConfigOption = None) -> None:
    """Say what is installed, which models and with which checksums, and what is missing."""
    from pipeline.doctor import examine

    findings = examine(_settings(config))
    for finding in findings:
        _tell(f"{'ok     ' if finding.well else 'MISSING'}  {finding.what}: {finding.detail}", hang=9)
    if not all(finding.well for finding in findings):
        from pipeline.errors import MissingModel

        raise MissingModel("something is missing (see above); `make install` sets everything up")


@app.command()
def review(
    run_folder: RunArgument,
    pack: Annotated[Path | None, typer.Option("--pack", help="Write the page as one file for a USB stick.")] = None,
    reviewer: Annotated[str, typer.Option(help="Your short name in the log of decisions.")] = "",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes the usual one of this run, or a free one.")] = 0,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page in the browser.")] = True,
) -> None:
    """Open the page where people decide, on this machine only; or write it as one file with --pack."""
    from pipeline.review import pack_data, packed, serve
    from pipeline.runs import settings_of
    from pipeline.stages import gate, name_finder

    # Says so where there is no run.
    settings_of(run_folder)
    if pack is not None:
        # As files, for in the page they are in a code that the gate doesn't read.
        gate(run_folder, sorted((run_folder / "tables").rglob("*.svg")))
        data = pack_data(run_folder, find_names=name_finder(run_folder))
        # Our own words on the page, "Lock" and "Hope", are nobody: only what the run put there is held against names.
        _write_gated(run_folder, pack, packed(data).encode(), told=json.dumps(data).encode())
        typer.echo(f"{pack}: open it in any browser, decide, and download the decisions")
        typer.echo(f"Then take them in:  roundtable decisions merge {typed(run_folder)} FILE")
        return
    who = reviewer.strip() or _login()
    typer.echo(f"Deciding as {who}. What you decide is saved at once; Ctrl+C in this window ends the program.")
    serve(run_folder, reviewer=who, announce=_tell_link, port=port, open_browser=browser)


def _tell_link(link: str) -> None:
    typer.echo(f"If no page opens by itself, open this link in a browser on this machine; it works once:\n{link}")


@decisions_app.command("merge")
def merge_decisions(
    run_folder: RunArgument, files: Annotated[list[Path], typer.Argument(help="Files of decisions, from packs.")]
) -> None:
    """Add decisions made elsewhere to a run; giving a file twice does no harm."""
    from pipeline.decisions import merge
    from pipeline.runs import settings_of

    # Says so where there is no run, and makes none.
    settings_of(run_folder)
    merged = merge(run_folder, files)
    there = f"{merged.already_there:,} {'was' if merged.already_there == 1 else 'were'} there already"
    by = f"; by {', '.join(merged.by)}" if merged.by else ": no decision is in what you gave"
    typer.echo(f"{_count(merged.added, 'decision')} added, {there}{by}")
    if merged.withdrawn:
        typer.echo(f"{_count(merged.withdrawn, 'decision')} left out: on words of somebody who has withdrawn")
    if merged.elsewhere:
        are = "is about words that are" if merged.elsewhere == 1 else "are about words that are"
        typer.echo(f"{merged.elsewhere:,} of them {are} not in this run: is the file another run's?")


@app.command()
def redactions(
    run_folder: RunArgument,
    out: Annotated[Path | None, typer.Option("--out", help="Write all hits as a .csv, the doubtful first.")] = None,
    take: Annotated[
        Path | None,
        typer.Option("--take", exists=True, dir_okay=False, help="Take in what people decided in that .csv."),
    ] = None,
    reviewer: Annotated[str, typer.Option(help="Your short name in the log of decisions.")] = "",
) -> None:
    """Give the list of what was replaced or kept as a spreadsheet, or take one back in; it holds names."""
    from pipeline.anonymise.sheet import decided, sheet
    from pipeline.decisions import append, now
    from pipeline.store import write_aside
    from pipeline.tables import REDACTIONS, SOURCE_TURNS

    if take is not None:
        source = SOURCE_TURNS.read(run_folder)
        turns = dict(zip(source["turn_id"], source["text"], strict=True))
        taken = decided(_spreadsheet(take), turns, by=reviewer.strip() or _login(), at=now(), name=str(take))
        made = len(append(run_folder, taken.decisions))
        typer.echo(f"{_count(made, 'decision')} on names; `roundtable run` again heeds them")
        if taken.changed:
            lines = ", ".join(map(str, taken.changed[:_LINES_TOLD])) + (" ..." if taken.changed[_LINES_TOLD:] else "")
            typer.echo(f"Not taken, as other words stand there since it was written: line {lines}. Write it anew")
        return
    target = out or run_folder / "private" / "redactions.csv"
    text = sheet(REDACTIONS.rows(REDACTIONS.read(run_folder)))
    write_aside(target, lambda path: path.write_text(text, encoding="utf-8-sig"), mode=0o600)
    back = f"roundtable redactions {typed(run_folder)} --take {typed(target)}"
    typer.echo(f"{target}: decide in its column, then `{back}`")


@app.command()
def report(run_folder: RunArgument) -> None:
    """Write release/ from what people approved: the report, the quotes, the themes, the project, the provenance."""
    from pipeline.runs import settings_of
    from pipeline.stages import release

    written = release(run_folder, settings_of(run_folder))
    if written.empty:
        typer.echo(f"Nobody has approved anything yet: roundtable review {typed(run_folder)}")
        return
    for line in released(written):
        _tell(line)


def released(written: Written) -> Iterator[str]:
    """What came of a release, and in words what it leaves out."""
    from pipeline.synthesis.wording import words

    why = words("en")["unprinted"]
    quotes = f"{_count(written.quotes, 'quote')} in {_count(written.themes, 'theme')}"
    yield f"{quotes if written.quotes else 'What was decided on the themes, and no quotes yet'}:"
    for path in written.files:
        yield f"  {path}"
    for reason, count in written.unprinted.items():
        yield f"  {_count(count, 'accepted quote')} not printed: {why[reason]}"
    for one, other in written.twice:
        yield f"Some words are printed twice, in {one} and in {other}: see Agreement in `roundtable review`"
    for differing, what in ((written.disputed, "themes"), (written.codings, "codes of statements")):
        if differing:
            yield (
                f"{_count(differing, 'decision')} on {what} not heeded, as reviewers differ: "
                "take one under Agreement in `roundtable review`"
            )
    if written.unmade:
        themes = _count(written.unmade, "theme")
        yield f"Merged or split since the run: {themes}. `roundtable run` again, then this, counts their people anew"


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(help="A .docx, .html, .md, .txt or .pdf that people have edited.")],
    run_folder: Annotated[Path, typer.Option("--run", help="The run that it quotes from.")],
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Hold every quotation, credit, number and name in a document against what was said and approved."""
    from pipeline.runs import settings_of
    from pipeline.stages import name_finder, report_style
    from pipeline.synthesis.material import read_material
    from pipeline.synthesis.verify import verify as hold_against

    style = report_style(settings_of(run_folder))
    material, finder = read_material(run_folder), name_finder(run_folder)
    found = hold_against(file, material, find_names=finder, scale=style.scale, languages=style.languages)
    _tell_all(found, as_json=as_json)
    found.hold()


@app.command()
def trace(
    quote: Annotated[str, typer.Argument(help="A quote's id, the first letters of its hash, or its words.")],
    run_folder: Annotated[Path, typer.Option("--run", help="The run that it was said in.")],
) -> None:
    """Print the way back from a quote to its place in the transcript."""
    from pipeline import tables
    from pipeline.synthesis.material import read_material
    from pipeline.synthesis.trace import trace as way_back

    places = {turn.turn_id: turn.locator for turn in tables.SOURCE_TURNS.rows(tables.SOURCE_TURNS.read(run_folder))}
    for found in way_back(quote, read_material(run_folder), locators=places):
        for line in found.lines():
            _tell(line)


def _write_gated(run_folder: Path, target: Path, content: bytes, *, told: bytes = b"") -> None:
    """Write a file that leaves the house, if no name is in it; else what stood there before stays.

    `told` is what the gate reads instead of the content, as JSON, where all else is the same in every run.

    Raises:
        LeakFound: a name is in it, or in the file's own name.
        Inaccessible: there is a folder of that name.
        VaultError: the private files are locked, so that nobody can tell.
    """
    from pipeline.stages import gate, name_finder
    from pipeline.store import write_aside

    if target.is_dir():
        raise Inaccessible(f"{target}: this is a folder, and should be a file")
    if name_finder(run_folder)(re.sub(r"[_.-]", " ", target.name)):
        raise LeakFound("the name of the file that you asked for is somebody's: give another. Nothing was written")
    with _aside(run_folder, target) as folder:
        made = Path(folder) / (f"{target.name} data.json" if told else target.name)
        made.write_bytes(told or content)
        gate(run_folder, [made], root=Path(folder))
    write_aside(target, lambda path: path.write_bytes(content))


def _aside(run_folder: Path, target: Path) -> TemporaryDirectory[str]:
    """A folder for its owner only, for what no name may be in: in the run, or beside the target where that may not be.

    A run that may only be read can be exported from.
    """
    private = run_folder / "private"
    place = private if os.access(private, os.W_OK) or not target.parent.is_dir() else target.parent
    try:
        return TemporaryDirectory(dir=place)
    except OSError as error:
        error.filename = str(target)  # told by the name that people know
        raise


# Lines of a spreadsheet that a message names.
_LINES_TOLD = 8
_ENDINGS = {"bertopic": "bertopic.zip"}


@app.command()
def export(
    run_folder: RunArgument,
    form: Annotated[str, typer.Option("--format", help="qdpx, qdc, xlsx, csv, or bertopic.")],
    out: Annotated[Path | None, typer.Option("--out", help="The file to write.")] = None,
) -> None:
    """Write a run for another program: a REFI-QDA project or codebook, a workbook, a table, a BERTopic model."""
    from pipeline.topics import bertopic_archive

    target = out or run_folder / "export" / f"roundtable.{_ENDINGS.get(form, form)}"
    content = bertopic_archive(run_folder) if form == "bertopic" else _exported(run_folder, form)
    _write_gated(run_folder, target, content)
    typer.echo(f"{target}: for analysts; release/ is what may be published")


def _exported(run_folder: Path, form: str) -> bytes:
    from pipeline.runs import settings_of
    from pipeline.stages import code_descriptions
    from pipeline.synthesis.exchange import export as exported
    from pipeline.synthesis.material import read_material

    descriptions = code_descriptions(settings_of(run_folder)) if form == "qdc" else {}
    return exported(read_material(run_folder), format=form, descriptions=descriptions)


@app.command()
def compare(
    before: Annotated[Path, typer.Argument(help="A run.")],
    after: Annotated[Path | None, typer.Argument(help="Another run of the same series.")] = None,
    roundtables: Annotated[
        tuple[str, str] | None, typer.Option(help="Two roundtables of one run instead, as rt1 rt2.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Say what moved between two runs (themes by people, decisions, settings), or two roundtables of one run."""
    from pipeline.synthesis.compare import compare as compared
    from pipeline.synthesis.compare import compare_roundtables
    from pipeline.synthesis.material import read_material

    if after is not None and roundtables is None:
        found = compared(read_material(before), read_material(after))
    elif after is None and roundtables is not None:
        found = compare_roundtables(read_material(before), *roundtables)
    else:
        raise typer.BadParameter("give two runs, or one run and --roundtables rt1 rt2")
    _tell_all(found, as_json=as_json)


@app.command()
def withdraw(
    run_folder: RunArgument, pseudonym: Annotated[str, typer.Argument(help="Whose words are withdrawn, as P07.")]
) -> None:
    """Take a participant's words out of every table, cache, decision and release; make the rest again, and prove it."""
    from pipeline.backends.toolbox import Toolbox, cache_folder
    from pipeline.decisions import now
    from pipeline.runs import settings_of
    from pipeline.runs import withdraw as take_out

    settings = settings_of(run_folder)
    with _reporter() as reporter:
        tools = Toolbox.of(settings, progress=reporter.advances)
        caches = [cache_folder()]
        how: dict[str, Any] = {"tools": tools, "reporter": reporter, "at": now(), "caches": caches}
        done = take_out(run_folder, pseudonym, settings, **how)
    typer.echo(f"The words of {pseudonym} are gone: {done.files} files searched, byte by byte and text by text.")
    if done.unopened:
        listed = ", ".join(map(str, done.unopened))
        typer.echo(f"Not searched, damaged or with a password: {listed}. Remove what may hold these words.")
    typer.echo(f"With them went {_count(done.decisions, 'decision')} on these words; all others stand.")
    typer.echo("Still to do by hand: the transcripts themselves, packs and copies that were given away.")
    typer.echo(f"What had been released was removed; make it again with `roundtable report {typed(run_folder)}`.")


@vault_app.command("lock")
def lock_vault(run_folder: RunArgument, key_file: KeyFileOption = None) -> None:
    """Encrypt every private file of a run into one; a key file that isn't there yet is made."""
    from pipeline.anonymise import vault
    from pipeline.runs import occupied
    from pipeline.store import VAULT

    if not (run_folder / "private").is_dir():
        # Before a key is made for it.
        raise VaultError(f"{run_folder} has no private files to lock: is it the folder of a run?")
    key = _key(key_file, run_folder, new=not vault.is_locked(run_folder))
    with occupied(run_folder):
        files = vault.lock(run_folder, key)
    typer.echo(f"{files} private files are in {run_folder / VAULT}; without the {_shown(key)} nobody can read them.")
    typer.echo("The anonymised tables, the review page and the draft go on working.")


@vault_app.command("unlock")
def unlock_vault(run_folder: RunArgument, key_file: KeyFileOption = None) -> None:
    """Put the private files of a run back."""
    from pipeline.anonymise import vault
    from pipeline.runs import occupied

    key = _key(key_file, run_folder, new=False)
    with occupied(run_folder):
        files = vault.unlock(run_folder, key)
    typer.echo(f"{files} private files are back in {run_folder / 'private'}: lock them again when you are done.")


@vault_app.command("export")
def export_vault(
    run_folder: RunArgument,
    out: Annotated[Path, typer.Option("--out", help="The .csv to write, for its owner alone; away from the run.")],
    key_file: KeyFileOption = None,
) -> None:
    """Write who has which pseudonym, as a spreadsheet; a locked run stays locked."""
    from pipeline.anonymise import vault
    from pipeline.store import write_aside

    key = _key(key_file, run_folder, new=False) if vault.is_locked(run_folder) else None
    content = vault.export(run_folder, key)
    write_aside(out, lambda path: path.write_bytes(content), mode=0o600)
    typer.echo(f"{out}: it names people; delete it when you are done")


def _shown(key: Key) -> str:
    return key.kind.replace("_", " ")


def _key(path: Path | None, run_folder: Path, *, new: bool) -> Key:
    """From a file, from $ROUNDTABLE_PASSPHRASE, or asked for: twice, where it is a new one."""
    from pipeline.anonymise import vault

    if path is not None:
        return vault.key_file(path, make=new, run_folder=run_folder)
    words = os.environ.get("ROUNDTABLE_PASSPHRASE", "")
    if not words and not _is_terminal(sys.stdin):
        raise VaultError("no passphrase: set $ROUNDTABLE_PASSPHRASE, or give a key with --key-file")
    words = words or typer.prompt("Passphrase", hide_input=True, confirmation_prompt=new)
    return vault.passphrase(words, new=new)


@contextmanager
def _opened(run_folder: Path, settings: Config) -> Iterator[None]:
    """A run's private files in clear while a command works, where the config says that they are locked after it."""
    how = settings.anonymise.vault
    if how == "off":
        yield
        return
    from pipeline.anonymise import vault
    from pipeline.runs import occupied

    locked = vault.is_locked(run_folder)
    # Asked for now: nobody waits for a run to be asked at its end.
    key = _key(Path(settings.anonymise.key_file) if how == "key_file" else None, run_folder, new=not locked)
    if locked:
        with occupied(run_folder):
            vault.unlock(run_folder, key)
    try:
        yield
    finally:
        # Whatever stopped the command, what names people is not left in clear.
        if any((run_folder / "private").glob("*")):
            with occupied(run_folder):
                vault.lock(run_folder, key)


def _settings(path: Path | None, *, already_anonymised: bool = False) -> Config:
    from pipeline.config import load_config

    config = load_config(path)
    if already_anonymised:
        anonymise = config.anonymise.model_copy(update={"already_anonymised": True})
        config = config.model_copy(update={"anonymise": anonymise})
    return config


@contextmanager
def _pools(workers: int, scheduler: str, settings: Config) -> Iterator[dict[str, Pool]]:
    """Who reads and who encodes, where it isn't this process; a cluster reads names only where the config says so."""
    from pipeline.backends.workers import all_cores, cluster, processes

    pools: dict[str, Pool] = {}
    if scheduler:
        pools["encoders"] = cluster(scheduler)
        if settings.workers.private:
            pools["readers"] = cluster(scheduler, only=settings.workers.private)
    elif workers > 1:
        pools["encoders"] = pools["readers"] = processes(workers)
    elif not workers:
        # The encoder's own threads are on every core already; the linguist has one.
        pools["readers"] = all_cores()
    try:
        yield pools
    finally:
        for pool in pools.values():
            pool.close()


def _spreadsheet(path: Path) -> str:
    """A .csv's text: as we wrote it, or as an older Excel saves it.

    Raises:
        DecisionError: it is no text, as a workbook is none.
    """
    for encoding in ("utf-8-sig", "cp1252"):
        with suppress(UnicodeDecodeError):
            return path.read_text(encoding=encoding)
    raise DecisionError(f"{path} is not text: give back the .csv that was written, saved as .csv (UTF-8)")


def _login() -> str:
    import getpass

    return getpass.getuser()


def _what_to_open(out: Path) -> Iterator[str]:
    from pipeline.waiting import MANY_UNHEARD, codes_unheard, to_decide, unlisted

    shown = {
        "draft/report.html": "the draft report: everything proposed, and what is decided marked so",
        "draft/report.docx": "the same, for Word",
        "private/import.html": "what was read of each file, and what was left out (private: it holds names)",
    }
    there = {place: what for place, what in shown.items() if (out / place).is_file()}
    if there:
        yield "Open:"
    for place, what in there.items():
        yield f"  {out / place}  {what}"
    waiting = to_decide(out)
    if "draft/report.html" in there or waiting.doubtful or waiting.questions:
        yield f"Then decide:  roundtable review {typed(out)}"
    if looks := _another_look(out):
        yield f"  under Quotes and Themes: {_count(looks, 'decision')} to look at again, as the words changed or went"
    if waiting.doubtful:
        yield f"  under Names: {_count(waiting.doubtful, 'word')} that may be somebody's name, to keep or replace"
    if waiting.questions:
        yield f"  under Names: {_count(waiting.questions, 'name')} at several roundtables: one person or two?"
    if missing := unlisted(out):
        yield (
            f"  in participants.csv: {_count(missing, 'participant')} not listed, and so quoted without attribution; "
            "private/import.html shows who speaks"
        )
    codes, silent = codes_unheard(out)
    if silent > MANY_UNHEARD * codes:
        yield f"  in the codebook: {silent} of {codes} codes have no statement; more examples and phrases may find some"


def _another_look(out: Path) -> int:
    """How many decisions the transcripts as they are now left without their words."""
    from pipeline.decisions import log_files, needing_another_look, read_log
    from pipeline.tables import TURNS

    decided = [decision for decision in read_log(log_files(out)) if decision.kind != "redaction"]
    if not decided or not TURNS.path(out).is_file():
        return 0
    return len(needing_another_look(decided, TURNS.read(out)))


def _unread_columns(settings: Config) -> Iterator[str]:
    from pipeline.stages import codebook_path
    from pipeline.themes.codebook import read_codebook

    path = codebook_path(settings)
    if path is not None and (unread := read_codebook(path).unread):
        yield f"{path}: not read of it: {', '.join(unread)}; no columns of a codebook (docs/method-codebook.md)"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


@contextmanager
def _reporter() -> Iterator[Reporter]:
    if _is_terminal(sys.stderr):
        with _Bars() as bars:
            yield bars
    else:
        yield _Lines()


# Columns of a terminal.
_ROOM_FOR_BARS = 90
# Fewer texts than these are through a model before anybody reads a line about it.
_LONG_WORK = 500


class _Lines:
    """A run's progress as plain lines, for a pipe or a log."""

    def __init__(self) -> None:
        self._told = 0

    def kept(self, stage: str) -> None:
        typer.echo(f"{stage}: kept", err=True)

    def begins(self, stage: str, reasons: Sequence[str]) -> None:
        typer.echo(f"{stage}: {_why(reasons)}", err=True)

    def advances(self, done: int, total: int) -> None:
        if done <= self._told:  # other texts, or another model's
            self._told = 0
        if total >= _LONG_WORK and (done == total or done - self._told >= _LONG_WORK):
            typer.echo(f"  {done:,} of {total:,}", err=True)
            self._told = done

    def ends(self, stage: str, record: Mapping[str, Any]) -> None:
        typer.echo(f"{stage}: {_result(record)}", err=True)


class _Bars:
    """A run's progress as a bar a stage, for people who wait."""

    def __enter__(self) -> _Bars:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
        from rich.table import Column

        console = Console(stderr=True)
        name = TextColumn("{task.description:<10}", table_column=Column(min_width=10, no_wrap=True))
        # In a narrow window what a stage says of itself is worth more than its bar.
        bars = (BarColumn(bar_width=24),) if console.width >= _ROOM_FOR_BARS else ()
        note = TextColumn("{task.fields[note]}", table_column=Column(ratio=1, overflow="fold"))
        self._progress = Progress(SpinnerColumn(), name, *bars, TimeElapsedColumn(), note, console=console, expand=True)
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def kept(self, stage: str) -> None:
        # Made and then finished: a task that begins finished keeps its spinner.
        self._progress.update(self._progress.add_task(stage, total=1, note="kept"), completed=1)

    def begins(self, stage: str, reasons: Sequence[str]) -> None:
        self._task = self._progress.add_task(stage, total=None, note=_why(reasons))

    def advances(self, done: int, total: int) -> None:
        self._progress.update(self._task, completed=done, total=total)

    def ends(self, stage: str, record: Mapping[str, Any]) -> None:
        self._progress.update(self._task, total=1, completed=1, note=_result(record))


def _why(reasons: Sequence[str]) -> str:
    more = f" (and {len(reasons) - 1} more)" if len(reasons) > 1 else ""
    return f"{reasons[0]}{more}"


def _result(record: Mapping[str, Any]) -> str:
    rows = record["rows"]
    if record.get("told"):
        return f"{record['told']}, {record['seconds']} s"
    left_out = f", {rows['left_out']:,} left out" if rows["left_out"] else ""
    return f"{rows['out']:,} of {rows['in']:,} {rows['unit']}{left_out}, {record['seconds']} s"
