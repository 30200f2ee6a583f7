"""Every table: its columns, what they mean, their unit, and who may see them; read this first.

A table is a pandas DataFrame in memory and a Parquet file on disk (CSV would turn a participant's "None" into
nothing and "007" into 7). It is declared once, as a frozen row class whose fields are its columns, and `store.py`
checks, writes and reads it:

    statements = STATEMENTS.frame(rows)          # typed rows to a checked DataFrame
    for statement in STATEMENTS.rows(statements): ...  # and back, so that mypy sees the fields
    STATEMENTS.write(statements, run_folder)     # to the one place in a run folder where it belongs

Absence is an absent row, or an empty text where a column's meaning says so; only numbers that may not be known
(times) are nullable. IDs say where a thing is and are never renumbered: `rt1:t0012:s03` is the fourth statement
of the thirteenth turn of transcript `rt1`. Offsets count Unicode code points, from 0, end exclusive.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import RunError
from pipeline.store import Document, PictureFolder, Privacy, Table, damaged, write_aside

# Imported where they are used: a plan declares the tables and reads none, and must answer at once.
if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

# --- private: what only ingest and anonymise may see -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Source:
    """A transcript file as it was found."""

    transcript_id: str  # its code: from series.toml, or neutral (`rt1`); never made from a file's name
    roundtable_id: str  # which roundtable it is a transcript of; often the same as transcript_id
    path: str  # relative to the corpus folder
    sha256: str  # of the file's bytes
    format: str  # what it was recognised as: "teams-docx", "zoom-vtt", "otter-txt" ...
    encoding: str  # "utf-8-sig", "cp1252" ...; empty where the format has its own
    characters: int  # of the text in the file, as the reader saw it = in turns + in omissions


@dataclass(frozen=True, slots=True)
class GivenCode:
    """A code that a transcript was given: no other ever gets it, also when its file is gone."""

    transcript_id: str
    path_sha256: str  # of its path relative to the corpus folder, which may hold a name
    sha256: str  # of the file's bytes when it was last read


@dataclass(frozen=True, slots=True)
class SourceTurn:
    """What one person said in one go, as it stands in the file."""

    turn_id: str  # `rt1:t0012`
    transcript_id: str
    index: int  # 0-based, order of speaking
    speaker_name: str  # as the file says it; "Unknown speaker 1" where it says nothing
    text: str  # NFC
    start_s: float | None  # seconds from the start of the recording
    end_s: float | None
    locator: str  # line, paragraph or cue in the file: "line 12", "paragraph 3", "cue 12-0 to 12-3"


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """A line of participants.csv."""

    name: str
    aliases: tuple[str, ...]
    role: str  # participant, facilitator, observer
    organisation: str  # empty where not given
    sector: str  # empty where not given
    consent: str  # quote_with_role, quote_without_attribution, no_quotes, withdrawn
    roundtables: tuple[str, ...]  # where this person sat; empty for all


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who spoke, is on the roster, or was spoken of: the map back."""

    person_id: str  # `person-0001`, in a seeded order
    pseudonym: str  # `P07`, `F01`, `O01`; `person A` for a third party
    name: str
    aliases: tuple[str, ...]
    role: str  # participant, facilitator, observer, third_party
    organisation: str
    sector: str
    consent: str
    roundtable_ids: tuple[str, ...] = ()  # where they sat; of a third party, where they were spoken of; sorted
    may_be: tuple[str, ...] = ()  # person_ids of the same name at other roundtables: one person? people say


@dataclass(frozen=True, slots=True)
class Redaction:
    """Something replaced in a turn, or found and kept for people to look at."""

    turn_id: str
    start: int  # in the source turn's text
    end: int
    original: str
    replacement: str
    entity_type: str  # PERSON, ORG, PLACE, ROLE, CONTACT, QUASI ...
    person_id: str  # empty where it isn't a person
    found_by: str  # roster, speaker, model, propagation, pattern, people ...
    confidence: float  # 0 to 1
    status: str  # replaced, kept, doubtful
    reason: str = ""  # in words, for who looks at it; holds no name


# --- public: everything made after anonymise ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Roundtable:
    """One meeting of the series."""

    roundtable_id: str
    order: int  # 1 for the first of the series
    title: str  # anonymised; empty where not given
    date: str  # ISO, or empty
    language: str  # en, cy, or empty
    questions: tuple[str, ...]  # the discussion guide, in its order, or what a form asked; anonymised
    series: str = ""  # the title of the series that it belongs to


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody at the table, by pseudonym, with what may be said of them."""

    pseudonym: str
    role: str  # participant, facilitator, observer
    role_is_guess: bool  # true where the facilitator was guessed from behaviour
    sector: str  # empty where not given
    consent: str  # quote_with_role, quote_without_attribution, no_quotes, withdrawn
    roundtable_ids: tuple[str, ...]  # where they sat (on the roster, or spoke), sorted


@dataclass(frozen=True, slots=True)
class Turn:
    """What one person said in one go, anonymised."""

    turn_id: str
    transcript_id: str
    roundtable_id: str
    index: int
    speaker: str  # pseudonym
    role: str  # participant, facilitator, observer
    language: str  # en, cy
    text: str
    start_s: float | None
    end_s: float | None


@dataclass(frozen=True, slots=True)
class Token:
    """A token of an anonymised turn, as the one linguistic pass saw it; a replacement is one PROPN token."""

    turn_id: str
    start: int  # in the anonymised turn's text
    end: int
    pos: str  # universal part of speech: NOUN, VERB ...; "X" without a model
    tag: str  # Penn tag: VBD ...
    lemma: str  # of the anonymised text
    dep: str  # dependency label
    head: int  # index, within the turn, of the token it hangs on; its own for a root
    sent_start: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence, or what stands for one in talk: the unit that is coded."""

    statement_id: str  # `rt1:t0012:s03`
    turn_id: str
    transcript_id: str
    start: int  # in the anonymised turn's text
    end: int
    text: str
    kind: str  # substantive, question, procedural, backchannel
    language: str


@dataclass(frozen=True, slots=True)
class Theme:
    """What several statements are about."""

    theme_id: str  # `e01` emergent; a codebook's theme has the code's own id, `trust`
    name: str
    origin: str  # emergent, codebook
    parent_id: str  # empty at the top
    keywords: tuple[str, ...]
    n_statements: int  # with this primary theme
    n_participants: int  # distinct, facilitators and observers out
    n_roundtables: int
    stability: float  # 0 to 1; 0 where nobody was left out to find it, and 1 of a code, which people gave
    name_cy: str = ""  # a code's name in Welsh; empty where its codebook gives none, and of emergent themes


@dataclass(frozen=True, slots=True)
class Assignment:
    """How likely it is that a statement carries a theme; see `carried` for where it does."""

    statement_id: str
    theme_id: str
    origin: str  # emergent, codebook
    primary: bool  # at most one true per statement and origin
    confidence: float  # 0 to 1


@dataclass(frozen=True, slots=True)
class ThemePerson:
    """Who carries a theme: participants only, no facilitator and no observer."""

    theme_id: str
    participant: str  # pseudonym
    n_statements: int  # theirs with this primary theme
    n_words: int  # in these statements


@dataclass(frozen=True, slots=True)
class ThemeNote:
    """What a reader should know before they rely on an emergent theme."""

    theme_id: str
    holds: str  # strong, fair, fragile: how it holds when participants are left out
    n_left_out: int  # how many times somebody was left out to find that
    n_stretches: int  # in how many separate stretches of talk it occurs
    share_of_talk: float  # of the participants' words that have a theme
    prompted: float  # share of its statements made where a facilitator had brought it up, or in their words
    one_voice: bool  # one participant made three quarters of its statements or more
    central: tuple[str, ...]  # statement ids nearest to its middle, nearest first
    nearest: str  # theme_id of the emergent theme that is most like it; empty where there is none
    differs: tuple[str, ...]  # phrases that it has and the nearest has not


@dataclass(frozen=True, slots=True)
class ThemeSeries:
    """A theme at a roundtable, by people."""

    theme_id: str
    roundtable_id: str
    order: int  # of the roundtable in the series
    n_statements: int
    n_participants: int
    n_present: int  # participants who spoke at that roundtable
    change: str  # since the roundtable before: new at its first one; grown, steady, faded, absent, returned


@dataclass(frozen=True, slots=True)
class ThemeOverlap:
    """An emergent theme and a code on the same statements."""

    theme_id: str  # emergent
    code: str  # theme_id of the codebook
    n_both: int  # statements that carry both as primary
    of_theme: float  # share of the emergent theme's statements
    of_code: float  # share of the code's statements


@dataclass(frozen=True, slots=True)
class Quote:
    """A candidate: a span of a turn that may be worth printing."""

    quote_id: str
    theme_id: str  # its main one; empty where it speaks for none
    rank: int  # 1 = best, within the theme: among the candidates whose main one it is
    overall_rank: int  # 1 = best, in the run
    score: float
    statement_ids: tuple[str, ...]
    turn_id: str
    start: int
    end: int
    text: str
    speaker: str
    reasons: tuple[str, ...]
    risk: str  # none, low, high
    risk_reasons: tuple[str, ...]
    dissent: bool


@dataclass(frozen=True, slots=True)
class QuoteReason:
    """What lifted a candidate or held it back, a group of features at a time."""

    quote_id: str
    group: str  # stands alone, makes a claim, tells an experience, vivid ...
    score: float  # above 0 lifted it, below 0 held it back; a quote's sum is its score, but for the constant
    words: str  # the reason as a reader would say it; empty where it hardly mattered


@dataclass(frozen=True, slots=True)
class QuoteTheme:
    """A candidate speaks for a theme: its main one, and each further theme that its statements carry."""

    quote_id: str
    theme_id: str
    rank: int  # 1 = best, within the theme, diverse in what is said and in who says it
    score: float
    dissent: bool  # says something else than most of the theme, or complicates it


@dataclass(frozen=True, slots=True)
class QuoteContext:
    """What stands around a candidate in its transcript."""

    quote_id: str
    question_turn_id: str  # the question it answers; empty where none was found
    question_start: int
    question_end: int
    turn_before: str  # empty at the start of the transcript
    turn_after: str  # empty at its end
    start_s: float | None  # seconds from the start of the recording, of the turn
    language: str


@dataclass(frozen=True, slots=True)
class ThemeHearing:
    """How fairly a theme's candidates stand for who spoke of it."""

    theme_id: str
    n_quotes: int  # in the theme's own list, `quotes.per_theme` at most; in quote_themes others follow it
    n_participants: int  # distinct, among these
    cap: int  # candidates one participant may have here at most, unless they stand for more roundtables
    roundtables_missing: tuple[str, ...]  # spoke of the theme, but have no candidate here
    dissent_quote_id: str  # the best candidate that dissents or complicates; empty: none found


@dataclass(frozen=True, slots=True)
class Hearing:
    """Whether a participant is heard among the candidates, and if not, why."""

    pseudonym: str
    n_statements: int  # substantive ones and questions
    n_quotes: int  # candidates
    best_quote_id: str  # empty where not heard
    reason: str  # why not heard; empty where heard


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of a paper that may support a theme: proposed by the machine, cited only when people accept it."""

    passage_id: str  # `oecd2024:p12:1f0c9a3b`: the paper's key, the page, and the hash of the words
    theme_id: str
    key: str  # of the paper in the evidence folder
    citation: str  # as it stands in a footnote, in the stated style
    page: str  # empty where the paper has none
    text: str
    score: float  # cosine of the passage and the theme's mean statement, -1 to 1


@dataclass(frozen=True, slots=True)
class Omission:
    """Something left out, and why; the text itself stands only in private/."""

    stage: str
    subject_id: str  # a transcript's, turn's, statement's or quote's id
    locator: str  # the place in it
    reason: str
    characters: int  # how many


@dataclass(frozen=True, slots=True)
class OmittedText:
    """The words of an omission made by ingest, for people who may see names."""

    subject_id: str
    locator: str
    text: str


SOURCES = Table("sources", Source, ("transcript_id",), Privacy.PRIVATE)
GIVEN_CODES = Table("given_codes", GivenCode, ("transcript_id",), Privacy.PRIVATE)
SOURCE_TURNS = Table("source_turns", SourceTurn, ("turn_id",), Privacy.PRIVATE)
ROSTER = Table("roster", RosterEntry, ("name", "organisation"), Privacy.PRIVATE)
PEOPLE = Table("people", Person, ("person_id",), Privacy.PRIVATE)
REDACTIONS = Table("redactions", Redaction, ("turn_id", "start", "end"), Privacy.PRIVATE)
OMITTED_TEXTS = Table("omitted_texts", OmittedText, ("subject_id", "locator"), Privacy.PRIVATE)
SOURCE_ROUNDTABLES = Table("source_roundtables", Roundtable, ("roundtable_id",), Privacy.PRIVATE)
ROUNDTABLES = Table("roundtables", Roundtable, ("roundtable_id",), Privacy.PUBLIC)
PARTICIPANTS = Table("participants", Participant, ("pseudonym",), Privacy.PUBLIC)
TURNS = Table("turns", Turn, ("turn_id",), Privacy.PUBLIC)
TOKENS = Table("tokens", Token, ("turn_id", "start", "end"), Privacy.PUBLIC)
STATEMENTS = Table("statements", Statement, ("statement_id",), Privacy.PUBLIC)
THEMES = Table("themes", Theme, ("theme_id",), Privacy.PUBLIC)
ASSIGNMENTS = Table("assignments", Assignment, ("statement_id", "theme_id"), Privacy.PUBLIC)
THEME_PEOPLE = Table("theme_people", ThemePerson, ("theme_id", "participant"), Privacy.PUBLIC)
THEME_NOTES = Table("theme_notes", ThemeNote, ("theme_id",), Privacy.PUBLIC)
THEME_SERIES = Table("theme_series", ThemeSeries, ("theme_id", "roundtable_id"), Privacy.PUBLIC)
THEME_OVERLAPS = Table("theme_overlaps", ThemeOverlap, ("theme_id", "code"), Privacy.PUBLIC)
QUOTES = Table("quotes", Quote, ("quote_id",), Privacy.PUBLIC)
QUOTE_REASONS = Table("quote_reasons", QuoteReason, ("quote_id", "group"), Privacy.PUBLIC)
QUOTE_THEMES = Table("quote_themes", QuoteTheme, ("quote_id", "theme_id"), Privacy.PUBLIC)
QUOTE_CONTEXTS = Table("quote_contexts", QuoteContext, ("quote_id",), Privacy.PUBLIC)
THEME_HEARINGS = Table("theme_hearings", ThemeHearing, ("theme_id",), Privacy.PUBLIC)
HEARINGS = Table("hearings", Hearing, ("pseudonym",), Privacy.PUBLIC)
PASSAGES = Table("passages", Passage, ("theme_id", "passage_id"), Privacy.PUBLIC)
WITHDRAWN = "who spoke has withdrawn"  # the reason for which a turn is left out
OMISSIONS = Table("omissions", Omission, ("stage", "subject_id", "locator", "reason"), Privacy.PUBLIC)

# Hennig's reading of the index: from .85 a group is highly stable, from .6 it shows a pattern; below, don't rely on it.
STRONG, FAIR = 0.85, 0.6


def holds(stability: float) -> str:
    """strong, fair or fragile: how a theme of this stability holds, on the page and in the report alike."""
    return "strong" if stability >= STRONG else "fair" if stability >= FAIR else "fragile"


# A theme has grown or faded where its share of the participants moves by so much, and by two people or more: at a
# table of twelve, one person more is chance; two more of twice as many are no more, and four of five no more than six
# of twelve.
CHANGED_SHARE, CHANGED_PEOPLE = 0.15, 2


def moved(before: int, of_before: int, now: int, of_now: int) -> int:
    """1 where a theme has grown, -1 where it has faded, else 0; in participants, of how many there were."""
    share = now / max(of_now, 1) - before / max(of_before, 1)
    way = 1 if share > 0 else -1
    return way if abs(share) >= CHANGED_SHARE and way * (now - before) >= CHANGED_PEOPLE else 0


def stretches(values: Sequence[str]) -> Iterator[slice]:
    """The runs of equal neighbours: each transcript's rows, where rows stand as they were said."""
    end = 0
    for _, alike in groupby(values):
        yield slice(end, end := end + sum(1 for _ in alike))


WELSH = "cy"  # in the columns called `language`
NOT_QUOTED = ("no_quotes", "withdrawn")  # in those called `consent`: nothing that they say is printed as a quote

# A code that a coder would give is as often above as below this: there the codes found agree best with a coder's
# (F1 over the development meetings is flat from .15 to .3, and the higher the fewer are wrong).
CARRIED_FROM = 0.2


def carried(assignments: pd.DataFrame) -> pd.DataFrame:
    """The assignments that say a statement carries a theme: every emergent one, and codes from CARRIED_FROM on.

    The table itself holds a code's less likely statements too, so that its whole ranking can be judged.
    """
    likely = (assignments["origin"] != "codebook") | (assignments["confidence"] >= CARRIED_FROM)
    return assignments[likely].reset_index(drop=True)


ALL_TABLES: Sequence[Table[Any]] = (
    SOURCES, GIVEN_CODES, SOURCE_TURNS, SOURCE_ROUNDTABLES, ROSTER, PEOPLE, REDACTIONS, OMITTED_TEXTS, ROUNDTABLES,
    PARTICIPANTS, TURNS, TOKENS, STATEMENTS, THEMES, ASSIGNMENTS, THEME_PEOPLE, THEME_NOTES, THEME_SERIES,
    THEME_OVERLAPS, QUOTES, QUOTE_REASONS, QUOTE_THEMES, QUOTE_CONTEXTS, THEME_HEARINGS, HEARINGS, PASSAGES, OMISSIONS,
)  # fmt: skip


@dataclass(frozen=True)
class VectorSet:
    """Each statement's meaning, alone and in its conversation; not a DataFrame, because it is two matrices."""

    ids: tuple[str, ...]  # statement ids, sorted; the rows' order
    own: NDArray[np.float32]  # (n, d), unit rows: the statement's own words
    context: NDArray[np.float32]  # (n, d), unit rows: blended with its neighbours in the transcript
    model: str
    revision: str  # what the encoder says of itself: name, version, checksum, precision
    welsh_revision: str = ""  # the same of the one that read what was said in Welsh; empty where none did

    @staticmethod
    def path(run_folder: Path) -> Path:
        """Where the vectors stand in a run folder."""
        return run_folder / Privacy.PUBLIC.value / "vectors.npz"

    def write(self, run_folder: Path) -> Path:
        """Write the vectors to their place, aside first and then renamed; the same vectors give the same bytes."""
        import numpy as np

        target = self.path(run_folder)
        arrays = {
            "ids": np.array(self.ids, dtype=np.str_),
            "own": self.own,
            "context": self.context,
            "model": np.array(self.model),
            "revision": np.array(self.revision),
            "welsh_revision": np.array(self.welsh_revision),
        }
        write_aside(target, lambda path: _save_npz(path, arrays))
        return target

    @classmethod
    def read(cls, run_folder: Path) -> VectorSet:
        """The vectors as they stand in a run folder.

        Raises:
            RunError: they aren't there, or are damaged.
        """
        import numpy as np

        path = cls.path(run_folder)
        if not path.is_file():
            raise RunError(f"{run_folder} has no tables/{path.name}: run `roundtable run` on it first")
        try:
            # Through an open file: numpy leaves one that it opened and can't read to be closed by nobody.
            with path.open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
                ids = tuple(str(name) for name in stored["ids"])
                # The last is not in runs of before there was an encoder for Welsh.
                told = str(stored["model"]), str(stored["revision"]), str(stored.get("welsh_revision", ""))
                return cls(ids, stored["own"], stored["context"], *told)
        except (zipfile.BadZipFile, zlib.error, ValueError, KeyError, EOFError) as error:
            raise damaged(path) from error


def _save_npz(path: Path, arrays: dict[str, Any]) -> None:
    import numpy as np

    # Through an open file, because numpy adds ".npz" to a name that lacks it; np.savez stamps every entry 1980.
    with path.open("wb") as stream:
        np.savez(stream, **arrays)


class VectorFile:
    """The vectors of a run as an artefact, like a table."""

    name = "vectors"

    def path(self, run_folder: Path) -> Path:
        """Where they stand in a run folder."""
        return VectorSet.path(run_folder)

    def write(self, vectors: VectorSet, run_folder: Path) -> Path:
        """Write them to their place."""
        return vectors.write(run_folder)

    def read(self, run_folder: Path) -> VectorSet:
        """The vectors as they stand in a run folder."""
        return VectorSet.read(run_folder)


VECTORS = VectorFile()
LEAKS = Document("private/leaks.csv")  # where the gate stopped a run, what it found; no stage makes it
PICTURES = PictureFolder("tables/pictures")
