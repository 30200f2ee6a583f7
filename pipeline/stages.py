"""The pipeline: the stages in their order, each with the tables that it takes and makes; reads as a table of contents.

Config and models stop here: a stage's function gets tables and plain arguments.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from pipeline import tables as t
from pipeline.backends.models import sha256
from pipeline.backends.protocols import Encoder, Linguist, Memory
from pipeline.config import Config
from pipeline.decisions import Decision
from pipeline.errors import ConfigError, RunError
from pipeline.store import Document
from pipeline.withdrawal import tombstones, without_withdrawn

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.anonymise.leaks import Needles
    from pipeline.synthesis.publish import Style, Written


class Artefact(Protocol):
    """What a stage takes or makes: a table, the vectors, a page for people."""

    @property
    def name(self) -> str:
        """Its name, unique in a run."""

    def path(self, run_folder: Path) -> Path:
        """Where it stands in a run folder."""

    def write(self, value: Any, run_folder: Path) -> Path:
        """Write it to its place."""

    def read(self, run_folder: Path) -> Any:
        """What stands there."""


class Tools(Protocol):
    """The models that a run may use, each loaded when first asked for."""

    def linguist(self, run_folder: Path) -> Linguist:
        """Reads texts; what it has read is kept in the run's private/ folder."""

    def encoder(self) -> Encoder:
        """Turns texts into vectors; what it has made is kept over all runs."""

    def welsh_encoder(self) -> Encoder | None:
        """The same for what was said in Welsh, its vectors beside the others'; None where there is none."""

    def opinions(self) -> Encoder | None:
        """The same for opinions that stand alone, which it tells apart better; None where there is none."""

    def quote_encoder(self) -> Encoder | None:
        """Tells how a statement reads, for the quotes' ranker; None where there is none."""

    def closer_encoder(self) -> Encoder | None:
        """Reads the best of them again, more closely; None where there is none."""

    def memory(self, run_folder: Path, *, code: str) -> Memory:
        """Keeps what stages worked out on the way; `code` is the hash of theirs."""

    def forget(self, run_folder: Path, *, source_texts: Sequence[str], texts: Sequence[str]) -> None:
        """Take what was kept of these texts out of every cache."""


@dataclass(frozen=True)
class Inputs:
    """What a stage's work is given."""

    corpus: Path
    run_folder: Path
    config: Config
    tools: Tools
    taken: Mapping[str, Any]  # by the artefact's name
    decisions: tuple[Decision, ...]  # of the kinds that the stage heeds
    previous_people: pd.DataFrame | None  # so that pseudonyms stay when a transcript is added
    memory: Memory

    def __getitem__(self, artefact: Artefact) -> Any:
        return self.taken[artefact.name]


@dataclass(frozen=True)
class Made:
    """What came of a stage; rows in = rows out + rows left out, and those stand in `omissions`."""

    artefacts: Mapping[str, Any]
    unit: str  # what is counted: "transcripts", "turns", "statements" ...
    rows_in: int
    rows_out: int
    omissions: pd.DataFrame = field(default_factory=t.OMISSIONS.empty)
    told: str = ""  # the counts in words, where the plain ones would be misread


@dataclass(frozen=True)
class Stage:
    """A stage's declaration."""

    name: str
    does: str
    takes: tuple[Artefact, ...]
    makes: tuple[Artefact, ...]
    settings: Callable[[Config], dict[str, Any]]
    work: Callable[[Inputs], Made]
    code: tuple[str, ...]  # the modules and packages of ours that its result depends on
    models: Callable[[Config], tuple[str, ...]] = lambda config: ()
    decisions: tuple[str, ...] = ()  # the kinds of decisions that it heeds
    reads_corpus: str = ""  # the folder of the corpus whose files it reads: "." for the transcripts
    gated: bool = True  # what it makes is searched for names
    looks_at: Callable[[Config], object] = lambda config: None  # reads what people wrote for it, and says what is wrong


def _ingest(given: Inputs) -> Made:
    import pandas as pd

    from pipeline.ingest import read_corpus

    read = read_corpus(given.corpus, previous=_codes_before(given.run_folder), **given.config.ingest.model_dump())
    source_turns, roster, withdrawn = without_withdrawn(read.source_turns, read.roster, tombstones(given.run_folder))
    artefacts = {
        t.SOURCES.name: read.sources,
        t.GIVEN_CODES.name: read.given_codes,
        t.SOURCE_TURNS.name: source_turns,
        t.ROSTER.name: roster,
        t.SOURCE_ROUNDTABLES.name: read.roundtables,
        t.OMITTED_TEXTS.name: read.omitted_texts,
        IMPORT_REPORT.name: read.report.html().encode("utf-8"),
    }
    characters = int(read.sources["characters"].sum())
    omissions = pd.concat([read.omissions, withdrawn], ignore_index=True)
    left_out = int(omissions["characters"].sum())
    words = int(read.omitted_texts["text"].str.len().sum())
    told = f"{characters - left_out:,} characters of speech; {left_out - words:,} of names, times and marks"
    told += f"; {words:,} left out with a reason" if words else ""
    return Made(artefacts, "characters", characters, characters - left_out, omissions, told)


def _codes_before(run_folder: Path) -> pd.DataFrame | None:
    """The codes that the run gave its transcripts so far; None where there were none that can be read."""
    from pipeline.ingest import codes_of

    with suppress(RunError):
        return t.GIVEN_CODES.read(run_folder)
    with suppress(RunError):  # an older version made it: it knew those that are here
        return codes_of(t.SOURCES.read(run_folder))
    return None


def _anonymise(given: Inputs) -> Made:
    from pipeline.anonymise import anonymise
    from pipeline.anonymise.kept import with_kept

    source_turns = given[t.SOURCE_TURNS]
    settings = given.config.anonymise.model_dump(exclude={"model", "vault", "key_file"})
    made = anonymise(
        source_turns,
        given[t.ROSTER],
        given[t.SOURCE_ROUNDTABLES],
        given[t.SOURCES],
        linguist=given.tools.linguist(given.run_folder),
        overrides=given.decisions,
        previous_people=given.previous_people,
        seed=given.config.seed,
        memory=given.memory,
        **settings,
    )
    redactions = made.redactions
    if not settings["already_anonymised"]:  # else nothing was looked at, and nothing let be: the gate excuses no name
        redactions = with_kept(redactions, source_turns, made.people)
    artefacts = {
        t.TURNS.name: made.turns,
        t.TOKENS.name: made.tokens,
        t.PEOPLE.name: made.people,
        t.REDACTIONS.name: redactions,
        t.PARTICIPANTS.name: made.participants,
        t.ROUNDTABLES.name: made.roundtables,
    }
    return Made(artefacts, "turns", len(source_turns), len(made.turns), made.omissions)


def _segment(given: Inputs) -> Made:
    from pipeline.segment import segment

    turns = given[t.TURNS]
    made = segment(turns, given[t.TOKENS], memory=given.memory)
    return Made(
        {t.STATEMENTS.name: made.statements},
        "turns",
        len(turns),
        made.statements["turn_id"].nunique(),
        made.omissions,
    )


def _embed(given: Inputs) -> Made:
    from pipeline.embed import embed

    statements = given[t.STATEMENTS]
    tools = given.tools
    vectors = embed(statements, given[t.TURNS], encoder=tools.encoder(), welsh_encoder=tools.welsh_encoder())
    return Made({t.VECTORS.name: vectors}, "statements", len(statements), len(vectors.ids))


def _themes(given: Inputs) -> Made:
    from pipeline.themes import find_themes
    from pipeline.themes.codebook import read_codebook
    from pipeline.themes.pictures import drawn

    settings = given.config.themes
    statements = given[t.STATEMENTS]
    made = find_themes(
        statements,
        given[t.TURNS],
        given[t.VECTORS],
        given[t.ROUNDTABLES],
        encoder=given.tools.encoder(),
        opinions=given.tools.opinions(),
        codebook=None if (path := codebook_path(given.config)) is None else read_codebook(path),
        decisions=given.decisions,
        tokens=given[t.TOKENS],
        memory=given.memory,
        **settings.model_dump(exclude={"codebook"}),
    )
    artefacts = {
        t.THEMES.name: made.themes,
        t.ASSIGNMENTS.name: made.assignments,
        t.THEME_PEOPLE.name: made.people,
        t.THEME_NOTES.name: made.notes,
        t.THEME_SERIES.name: made.series,
        t.THEME_OVERLAPS.name: made.overlaps,
        t.PICTURES.name: {
            name: picture.svg for name, picture in drawn(made, statements, given[t.TURNS], given[t.ROUNDTABLES]).items()
        },
    }
    primary = made.assignments[made.assignments["primary"] & (made.assignments["origin"] == "emergent")]
    return Made(artefacts, "statements", len(statements), len(primary), made.omissions)


def _quotes(given: Inputs) -> Made:
    from pipeline.quotes import find_quotes

    made = find_quotes(
        given[t.STATEMENTS],
        given[t.TURNS],
        given[t.TOKENS],
        given[t.VECTORS],
        given[t.THEMES],
        given[t.ASSIGNMENTS],
        given[t.PARTICIPANTS],
        decisions=given.decisions,
        encoder=given.tools.quote_encoder(),
        closer=given.tools.closer_encoder(),
        memory=given.memory,
        **given.config.quotes.model_dump(exclude={"model", "closer_model"}),
    )
    considered = len(made.quotes) + len(made.omissions)
    artefacts = {
        t.QUOTES.name: made.quotes,
        t.QUOTE_REASONS.name: made.reasons,
        t.QUOTE_THEMES.name: made.themes,
        t.QUOTE_CONTEXTS.name: made.contexts,
        t.THEME_HEARINGS.name: made.theme_hearings,
        t.HEARINGS.name: made.hearings,
    }
    return Made(artefacts, "candidates", considered, len(made.quotes), made.omissions)


def _evidence(given: Inputs) -> Made:
    from pipeline.synthesis.evidence import propose, read_papers

    settings = given.config.report
    folder = given.corpus / EVIDENCE
    files = {path.name: path.read_bytes() for path in sorted(folder.glob("*")) if path.is_file()}
    papers = read_papers(files, style=settings.citation_style)
    taken = given[t.THEMES], given[t.ASSIGNMENTS], given[t.VECTORS]
    passages = propose(papers, *taken, encoder=given.tools.encoder(), per_theme=settings.passages)
    return Made({t.PASSAGES.name: passages}, "papers", len(papers), len(papers))


def gate(run_folder: Path, files: Sequence[Path], *, root: Path | None = None) -> None:
    """Nothing, if no name and no original of a redaction stands in these files of a run, or of the folder `root`.

    Raises:
        LeakFound: says where, and whose, without the name.
    """
    from pipeline.anonymise.leaks import hold

    sought, called = _sought(run_folder), _pseudonyms(run_folder)
    hold(files, sought, root=root or run_folder, listed=t.LEAKS.path(run_folder), called=called)


def _pseudonyms(run_folder: Path) -> dict[str, str]:
    return dict(t.PEOPLE.read_columns(run_folder, "person_id", "pseudonym"))


def _sought(run_folder: Path) -> Needles:
    named = (t.PEOPLE, t.REDACTIONS, t.TURNS, t.TOKENS)
    made = tuple(sha256(path) for path in (table.path(run_folder) for table in named) if path.is_file())
    return _needles(run_folder, made)


@lru_cache(maxsize=1)
def _needles(run_folder: Path, made: tuple[str, ...]) -> Needles:
    """What the gate seeks; `made` is the hashes of what it is built from, so that it is built once, not every stage."""
    from pipeline.anonymise.leaks import needles

    taken = [table.read(run_folder) for table in (t.PEOPLE, t.REDACTIONS, t.TURNS, t.TOKENS)]
    return needles(*taken, own_texts=_own_texts(), labels=_own_labels())


def _own_texts() -> Iterator[str]:
    """The words that our reports and pages are made of."""
    ours = Path(__file__).parent
    for folder in (ours / "synthesis", ours / "review", ours / "themes", ours.parent / "configs"):
        for path in sorted(folder.rglob("*")):
            if path.suffix in (".toml", ".html", ".css", ".js", ".json", ".txt"):
                yield path.read_text(encoding="utf-8")


def _own_labels() -> Iterator[str]:
    """The names of the codes of the codebook that is shipped, and what heads a report's tables but is no given name."""
    from pipeline.anonymise.forms import fold, is_given
    from pipeline.themes.codebook import read_codebook

    for words in sorted((Path(__file__).parent / "synthesis" / "words").glob("*.toml")):
        sections = tomllib.loads(words.read_text(encoding="utf-8")).values()
        said = [text for section in sections if isinstance(section, dict) for text in section.values()]
        # "Roundtable {n}" heads a column where roundtables have no titles, and a device at the table may be called so.
        heads = (text.removesuffix(" {n}") for text in said if isinstance(text, str))
        yield from (text for text in heads if text.istitle() and not is_given(fold(text)))
    if (path := codebook_path(Config())) is not None and path.is_file():
        for code in read_codebook(path).codes:
            yield from (code.name, code.name_cy)


def _synthesis(given: Inputs) -> Made:
    from pipeline.synthesis.material import read_material
    from pipeline.synthesis.publish import draft_files

    material, style = read_material(given.run_folder, taken=given.taken), report_style(given.config)
    quotes = given[t.QUOTES]
    written = draft_files(material, style=style)
    pages = {DRAFT_DOCX.name: written["report.docx"], DRAFT_HTML.name: written["report.html"]}
    return Made(pages, "candidates", len(quotes), len(quotes))


def release(run_folder: Path, config: Config) -> Written:
    """Write release/ from what people approved, and hold the gate over every file in it.

    Raises:
        LeakFound: a name stands in one of them; then release/ is emptied.
    """
    from pipeline.synthesis.material import read_material
    from pipeline.synthesis.publish import write_release

    written = write_release(read_material(run_folder), run_folder / "release", style=report_style(config))
    passed = False
    try:
        gate(run_folder, written.files)
        passed = True
    finally:
        # Whatever stopped the gate, what it has not passed is not released.
        for path in () if passed else written.files:
            path.unlink()
    return written


def name_finder(run_folder: Path) -> Callable[[str], Sequence[str]]:
    """Says whose names, or which kind of redaction's originals, stand in a text; never the name itself."""
    from pipeline.anonymise.leaks import find

    sought, called = _sought(run_folder), _pseudonyms(run_folder)
    return lambda text: [called.get(whose, whose) for whose in find(text, sought)]


def report_style(config: Config) -> Style:
    """How the report reads and looks, as the config says."""
    from pipeline.synthesis.publish import style_of

    return style_of(**config.report.model_dump(), scale=config.scale.model_dump())


def codebook_path(config: Config) -> Path | None:
    """Where the codebook stands: as the config says it, or beside the package where that is relative to the project."""
    if not config.themes.codebook:
        return None
    given = Path(config.themes.codebook)
    ours = Path(__file__).parent.parent / given
    return ours if not given.exists() and ours.exists() else given


def code_descriptions(config: Config) -> dict[str, str]:
    """What the codebook says of each code, by its id; nothing where there is none, or it isn't there any more."""
    from pipeline.themes.codebook import described, read_codebook

    path = codebook_path(config)
    if path is None or not path.is_file():
        return {}
    return {code.id: described(code) for code in read_codebook(path).codes}


def require_files(config: Config) -> None:
    """Nothing, if the files that a config names are there: a run would miss them only after its longest stages.

    Raises:
        ConfigError: says which isn't.
    """
    codebook, template = codebook_path(config), config.report.template
    if codebook is not None and not codebook.is_file():
        raise ConfigError(f"themes.codebook: no file {codebook}; give a .toml, .csv or .qdc, or leave it empty")
    if template and not Path(template).is_file():
        raise ConfigError(f"report.template: no file {template}; give a .docx, or leave it empty")


def _look_at_codebook(config: Config) -> None:
    from pipeline.themes.codebook import read_codebook

    if (path := codebook_path(config)) is not None:
        read_codebook(path)


def _themes_settings(config: Config) -> dict[str, Any]:
    path = codebook_path(config)
    content = sha256(path) if path is not None and path.is_file() else ""
    return {**config.themes.model_dump(), "codebook's SHA-256": content}


def _report_settings(config: Config) -> dict[str, Any]:
    template = Path(config.report.template) if config.report.template else None
    content = sha256(template) if template is not None and template.is_file() else ""
    return {**config.report.model_dump(), **config.scale.model_dump(), "template's SHA-256": content}


# What makes vectors, beside the model that the config names.
_ENCODERS = (
    "backends/minilm_onnx.py", "backends/minilm_torch.py", "backends/bert_onnx.py", "backends/onnx_texts.py",
    "backends/onnx_session.py", "backends/whole_products.py", "backends/adapter.py", "backends/bridge.py",
    "backends/plain_encoder.py",
)  # fmt: skip

EVIDENCE = "evidence"
IMPORT_REPORT = Document("private/import.html")
DRAFT_HTML = Document("draft/report.html")
DRAFT_DOCX = Document("draft/report.docx")

STAGES: tuple[Stage, ...] = (
    Stage(
        name="ingest",
        does="reads every transcript, and accounts for every character",
        takes=(),
        makes=(
            t.SOURCES,
            t.GIVEN_CODES,
            t.SOURCE_TURNS,
            t.ROSTER,
            t.SOURCE_ROUNDTABLES,
            t.OMITTED_TEXTS,
            IMPORT_REPORT,
        ),
        settings=lambda config: config.ingest.model_dump(),
        work=_ingest,
        code=("ingest", "facilitator.py", "withdrawal.py"),
        reads_corpus=".",
        gated=False,
    ),
    Stage(
        name="anonymise",
        does="finds who is named, and puts a pseudonym in the place of each name",
        takes=(t.SOURCES, t.SOURCE_TURNS, t.ROSTER, t.SOURCE_ROUNDTABLES),
        makes=(t.TURNS, t.TOKENS, t.PEOPLE, t.REDACTIONS, t.PARTICIPANTS, t.ROUNDTABLES),
        settings=lambda config: config.anonymise.model_dump(exclude={"vault", "key_file"}),
        work=_anonymise,
        code=(
            "anonymise",
            "decisions",
            "facilitator.py",
            "welsh.py",
            "backends/spacy_linguist.py",
            "backends/spacy_ruler.py",
            "backends/parts.py",
            "backends/plain.py",
        ),
        models=lambda config: (config.anonymise.model,),
        decisions=("redaction",),
    ),
    Stage(
        name="segment",
        does="cuts the turns into statements",
        takes=(t.TURNS, t.TOKENS),
        makes=(t.STATEMENTS,),
        settings=lambda config: {},
        work=_segment,
        code=("segment.py",),
    ),
    Stage(
        name="embed",
        does="gives each statement its meaning, alone and in its conversation",
        takes=(t.STATEMENTS, t.TURNS),
        makes=(t.VECTORS,),
        settings=lambda config: config.embed.model_dump(),
        work=_embed,
        code=("embed.py", "backends/e5_onnx.py", "backends/data", *_ENCODERS),
        models=lambda config: tuple(name for name in (config.embed.model, config.embed.reads_welsh) if name),
    ),
    Stage(
        name="themes",
        does="finds the themes, and applies the codebook",
        takes=(t.STATEMENTS, t.TURNS, t.TOKENS, t.VECTORS, t.ROUNDTABLES),
        makes=(t.THEMES, t.ASSIGNMENTS, t.THEME_PEOPLE, t.THEME_NOTES, t.THEME_SERIES, t.THEME_OVERLAPS, t.PICTURES),
        settings=_themes_settings,
        looks_at=_look_at_codebook,
        work=_themes,
        code=("themes", "decisions", "welsh.py", *_ENCODERS),
        models=lambda config: (config.embed.model,),
        decisions=("theme", "coding"),
    ),
    Stage(
        name="quotes",
        does="looks for the sentences worth printing",
        takes=(t.STATEMENTS, t.TURNS, t.TOKENS, t.VECTORS, t.THEMES, t.ASSIGNMENTS, t.PARTICIPANTS),
        makes=(t.QUOTES, t.QUOTE_REASONS, t.QUOTE_THEMES, t.QUOTE_CONTEXTS, t.THEME_HEARINGS, t.HEARINGS),
        settings=lambda config: config.quotes.model_dump(),
        work=_quotes,
        code=(
            "quotes",
            "decisions",
            "backends/bge_onnx.py",
            "backends/bert_onnx.py",
            "backends/bridge.py",
            "backends/smollm_onnx.py",
            "backends/llama_onnx.py",
            "backends/onnx_texts.py",
            "backends/onnx_session.py",
            "backends/whole_products.py",
        ),
        models=lambda config: tuple(name for name in (config.quotes_model, config.closer_model) if name),
        decisions=("quote",),
    ),
    Stage(
        name="evidence",
        does="looks in the papers beside the transcripts for what may support a theme",
        takes=(t.THEMES, t.ASSIGNMENTS, t.VECTORS),
        makes=(t.PASSAGES,),
        settings=lambda config: {"citation_style": config.report.citation_style, "passages": config.report.passages},
        work=_evidence,
        code=("synthesis/evidence", "decisions", *_ENCODERS),
        models=lambda config: (config.embed.model,),
        reads_corpus=EVIDENCE,
        # Papers are published: their authors' names are meant to be seen.
        gated=False,
    ),
    Stage(
        name="synthesis",
        does="drafts the report: everything proposed, for the people who decide",
        takes=(
            t.ROUNDTABLES,
            t.PARTICIPANTS,
            t.TURNS,
            t.STATEMENTS,
            t.THEMES,
            t.ASSIGNMENTS,
            t.QUOTES,
            t.PASSAGES,
            t.PICTURES,
        ),
        makes=(DRAFT_HTML, DRAFT_DOCX),
        settings=_report_settings,
        looks_at=report_style,
        work=_synthesis,
        code=("synthesis", "decisions"),
        decisions=("quote", "theme", "coding", "report", "evidence"),
    ),
)
