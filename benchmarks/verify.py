"""1,000 random tampers of released reports on the coded meetings: how many does `verify` find, and name rightly?

The same .docx is checked as it was tampered with, and again after LibreOffice has opened and saved it. It runs for
about two minutes, five with LibreOffice.
"""

from __future__ import annotations

import io
import random
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

from benchmarks import Figure
from benchmarks.gold import coding, meetings
from pipeline.decisions import Decision, Span
from pipeline.synthesis.material import ReportMaterial
from pipeline.synthesis.paper import mark_of
from pipeline.synthesis.publish import release_files
from pipeline.synthesis.verify import VerifyReport
from pipeline.synthesis.verify.check import Run, verify_document
from pipeline.synthesis.wording import Scale
from pipeline.tables import (
    ASSIGNMENTS,
    OMISSIONS,
    PARTICIPANTS,
    QUOTES,
    ROUNDTABLES,
    STATEMENTS,
    THEMES,
    TURNS,
    Assignment,
    Participant,
    Roundtable,
    Statement,
    Theme,
    Turn,
)

TAMPERS = 1000
TOGETHER = 6  # in one document, so that LibreOffice opens a few hundred documents and not a thousand
SEED = 7
NAME = "Rhodri Penllyn"  # invented; planted as the name that must not come back
SECTORS = ("local government", "health", "the third sector")
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@dataclass(frozen=True)
class Tamper:
    """A change made to a document, and the kinds that would name it for what it is."""

    sort: str
    named: tuple[str, ...]
    text: str  # as it stands in the document now; empty where the place alone tells


def measure(gold: Path) -> list[Figure]:
    """The share of tampers found and named, straight and after LibreOffice; false findings where there is nothing."""
    reports = list(_reports(gold))
    untouched = sum(len(_checked(report.docx, report).findings) for report in reports)
    typographic = sum(
        len(_checked(typeset(report.docx, number), report).findings) for number, report in enumerate(reports)
    )
    documents = list(_tampered(reports))
    straight = [_named(_checked(content, report), tampers) for report, content, tampers in documents]
    quotes = sum(len(report.run.approved) for report in reports)
    figures = [
        Figure("verify", "findings in untouched reports", untouched, f"{quotes} quotes", 0, at_most=True),
        Figure("verify", "findings where typography alone changed", typographic, f"{quotes} quotes", 0, at_most=True),
        *_figures("tampers found and named", straight, documents),
    ]
    if shutil.which("soffice"):
        through = _through_libreoffice([content for _, content, _ in documents])
        again = [
            _named(_checked(content, report), tampers)
            for content, (report, _, tampers) in zip(through, documents, strict=True)
        ]
        figures += _figures("the same after LibreOffice saved it", again, documents)
    return figures


def _figures(measure: str, named: Sequence[Sequence[bool]], documents: Sequence[Any]) -> list[Figure]:
    pairs = [
        (tamper.sort, found)
        for founds, (_, _, tampers) in zip(named, documents, strict=True)
        for tamper, found in zip(tampers, founds, strict=True)
    ]
    whole = sum(found for _, found in pairs) / len(pairs)
    figures = [Figure("verify", measure, whole, f"{len(pairs)} tampers", 0.99)]
    for sort in sorted({sort for sort, _ in pairs}):
        mine = [found for kind, found in pairs if kind == sort]
        figures.append(Figure("verify", f"{measure}: {sort}", sum(mine) / len(mine), f"{len(mine)} tampers"))
    return figures


# --- reports on the coded meetings


@dataclass(frozen=True)
class Report:
    """A released report, and the run that it must be true to."""

    docx: bytes
    run: Run
    material: ReportMaterial


def _reports(gold: Path) -> Iterator[Report]:
    for name, meeting in meetings(gold).items():
        if (gold / "senedd" / "coding" / f"{name}.json").is_file():
            material = _material(meeting, coding(gold, name))
            yield Report(release_files(material)["report.docx"], Run(material, Scale()), material)


def _material(meeting: Mapping[str, Any], coded: Mapping[str, Any]) -> ReportMaterial:
    """A run on one meeting, with one coder's codes as themes and their quotes accepted."""
    coder = coded["coders"][min(coded["coders"])]
    spoken = meeting["meeting_transcripts"]
    speakers = {turn["speaker"]: None for turn in spoken}
    names = {speaker: "F01" if index == 0 else f"P{index:02d}" for index, speaker in enumerate(speakers)}
    turns = [_turn(number, names[turn["speaker"]], turn["content"]) for number, turn in enumerate(spoken)]
    statements = {
        found["id"]: Statement(
            f"rt1:t{found['turn']:04d}:s{found['id'].split('.')[-1]}",
            f"rt1:t{found['turn']:04d}", "rt1", found["start"], found["end"],
            turns[found["turn"]].text[found["start"] : found["end"]], "substantive", "en",
        )
        for found in coded["statements"]
    }  # fmt: skip
    carried = {key: codes for key, codes in coder["codes"].items() if codes}
    return ReportMaterial(
        series="A committee",
        roundtables=ROUNDTABLES.frame([Roundtable("rt1", 1, "A committee", "", "en", ())]),
        participants=PARTICIPANTS.frame(_people(names.values())),
        turns=TURNS.frame(turns),
        statements=STATEMENTS.frame(statements.values()),
        themes=THEMES.frame(_themes(carried, statements, turns)),
        assignments=ASSIGNMENTS.frame(
            Assignment(statements[key].statement_id, codes[0], "codebook", True, 1.0) for key, codes in carried.items()
        ),
        quotes=QUOTES.empty(),
        omissions=OMISSIONS.empty(),
        decisions=tuple(_accept(number, quote, statements, turns) for number, quote in enumerate(coder["quotes"])),
    )


def _turn(number: int, pseudonym: str, text: str) -> Turn:
    return Turn(f"rt1:t{number:04d}", "rt1", "rt1", number, pseudonym, _role(pseudonym), "en", text, None, None)


def _role(pseudonym: str) -> str:
    return "facilitator" if pseudonym.startswith("F") else "participant"


def _people(pseudonyms: Any) -> list[Participant]:
    return [
        Participant(name, _role(name), False, SECTORS[number % len(SECTORS)], "quote_with_role", ("rt1",))
        for number, name in enumerate(pseudonyms)
    ]


def _themes(carried: Mapping[str, Any], statements: Mapping[str, Statement], turns: Sequence[Turn]) -> Iterator[Theme]:
    speakers = {turn.turn_id: turn.speaker for turn in turns}
    for code in sorted({codes[0] for codes in carried.values()}):
        mine = [statements[key] for key, codes in carried.items() if codes[0] == code]
        people = {speakers[found.turn_id] for found in mine} - {"F01"}
        yield Theme(code, code.replace("_", " "), "codebook", "", (), len(mine), len(people), 1, 0.8)


def _accept(
    number: int, quote: Mapping[str, Any], statements: Mapping[str, Statement], turns: Sequence[Turn]
) -> Decision:
    said = [statements[key] for key in quote["ids"]]
    turn = next(turn for turn in turns if turn.turn_id == said[0].turn_id)
    span = Span.cut(turn.turn_id, turn.text, said[0].start, said[-1].end)
    return Decision(
        decision_id=f"d{number:03d}", at="2026-04-29T10:00:00Z", by="coder", kind="quote", action="accept",
        subject=(span,), value={"theme_name": quote["code"].replace("_", " ")},
    )  # fmt: skip


def _checked(content: bytes, report: Report) -> VerifyReport:
    return verify_document("report.docx", content, report.material, find_names=_find_name, run=report.run)


def _find_name(text: str) -> list[str]:
    return ["person-0001"] * len(re.findall(r"\bRhodri\b|\bPenllyn\b", text, re.IGNORECASE))


def _named(found: VerifyReport, tampers: Sequence[Tamper]) -> list[bool]:
    """For each tamper whether a finding of its kind stands where it was made."""
    squeezed = [(finding.kind, _squeeze(finding.text)) for finding in found.findings]
    return [
        any(kind in tamper.named and (not tamper.text or text == _squeeze(tamper.text)) for kind, text in squeezed)
        for tamper in tampers
    ]


def _squeeze(text: str) -> str:
    return " ".join(text.split())


# --- tampering


def _tampered(reports: Sequence[Report]) -> Iterator[tuple[Report, bytes, list[Tamper]]]:
    chance = random.Random(SEED)  # noqa: S311
    made = 0
    while made < TAMPERS:
        report = reports[chance.randrange(len(reports))]
        document = Editable(report.docx)
        tampers: list[Tamper] = []
        sorts = chance.sample(sorted(SORTS), k=TOGETHER)
        for sort in sorts:
            if made + len(tampers) < TAMPERS:
                tamper = SORTS[sort](document, report, chance)
                tampers += [tamper] if tamper else []
        made += len(tampers)
        if tampers:
            yield report, document.save(), tampers


class Editable:
    """A .docx whose paragraphs can be changed as an editor would."""

    def __init__(self, content: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            self.parts = {name: archive.read(name) for name in archive.namelist()}
        self.root = etree.fromstring(self.parts["word/document.xml"])
        self.free = self.styled("Quote")

    def styled(self, style: str) -> list[Any]:
        """The paragraphs of a style."""
        return [
            found
            for found in self.root.iter(f"{_W}p")
            if found.find(f"{_W}pPr/{_W}pStyle") is not None
            and found.find(f"{_W}pPr/{_W}pStyle").get(f"{_W}val") == style
        ]

    def take(self, chance: random.Random, fits: Callable[[str], bool] = bool) -> Any:
        """A quote that nothing was done to yet; None where there is none."""
        fitting = [found for found in self.free if fits(words(found))]
        if not fitting:
            return None
        chosen = fitting[chance.randrange(len(fitting))]
        self.free.remove(chosen)
        return chosen

    def save(self) -> bytes:
        """The document as it is now."""
        self.parts["word/document.xml"] = etree.tostring(self.root, xml_declaration=True, encoding="UTF-8")
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, part in self.parts.items():
                archive.writestr(name, part)
        return stream.getvalue()


def words(paragraph: Any) -> str:
    """What a quote's paragraph says, its marks out."""
    return "".join(found.text or "" for found in paragraph.iter(f"{_W}t")).strip("“”")


def rewrite(paragraph: Any, text: str) -> None:
    """Put other words into a paragraph."""
    texts = list(paragraph.iter(f"{_W}t"))
    texts[0].text = text
    texts[0].set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    for rest in texts[1:]:
        rest.text = ""


def typeset(content: bytes, seed: int) -> bytes:
    """The same document with other quote marks, spaces that don't break, and soft hyphens; no letter changed."""
    chance = random.Random(seed)  # noqa: S311
    document = Editable(content)
    for paragraph in document.free:
        text = words(paragraph).replace("’", chance.choice("’'")).replace("'", chance.choice("’'"))
        spaced = "".join("\u00a0" if letter == " " and chance.random() < 0.2 else letter for letter in text)
        softened = re.sub(
            r"(\w{4})(\w{4})", lambda m: m[1] + ("\u00ad" if chance.random() < 0.3 else "") + m[2], spaced
        )
        marks = chance.choice([("“", "”"), ('"', '"'), ("«", "»")])
        if "“" in text or '"' in text or "«" in text:
            marks = ("“", "”")
        rewrite(paragraph, f"{marks[0]}{softened}{marks[1]}")
    return document.save()


def _edit(change: Callable[[str, random.Random], str], fits: Callable[[str], bool] = bool) -> Any:
    def tamper(sort: str) -> Callable[[Editable, Report, random.Random], Tamper | None]:
        def apply(document: Editable, report: Report, chance: random.Random) -> Tamper | None:
            paragraph = document.take(chance, fits)
            if paragraph is None:
                return None
            before = words(paragraph)
            after = change(before, chance)
            if after == before:
                return None
            rewrite(paragraph, f"“{after}”")
            return Tamper(sort, ("changed",), after)

        return apply

    return tamper


def _character(text: str, chance: random.Random) -> str:
    places = [place for place, letter in enumerate(text) if letter.isalnum()]
    at = places[chance.randrange(len(places))]
    other = chance.choice([letter for letter in "abcdefghijklmnoprstuwy" if letter != text[at].lower()])
    return chance.choice(
        [text[:at] + text[at + 1 :], text[:at] + other + text[at + 1 :], text[:at] + other + text[at:]]
    )


def _word(text: str, chance: random.Random) -> str:
    listed = text.split(" ")
    at = chance.randrange(len(listed))
    other = chance.choice(["always", "money", "people", "services", "perhaps"])
    if listed[at].casefold().strip(".,") == other:
        other = "rarely"
    edits = [
        [*listed[:at], *listed[at + 1 :]],
        [*listed[:at], other, *listed[at + 1 :]],
        [*listed[:at], other, *listed[at:]],
    ]
    return " ".join(chance.choice(edits))


_NUMBER = re.compile(r"\b(\d+|two|three|four|five|six|seven|eight|nine|ten|twelve|hundred)\b", re.IGNORECASE)


def _number(text: str, chance: random.Random) -> str:
    found = chance.choice(list(_NUMBER.finditer(text)))
    other = str(int(found[0]) + chance.randint(1, 9)) if found[0].isdigit() else "eleven"
    return text[: found.start()] + other + text[found.end() :]


_VERB = re.compile(r"\b(is|are|was|were|can|could|will|would|should|has|have|do|does|did)\b(?! not\b)(?!n)")


def _negation(text: str, chance: random.Random) -> str:
    if re.search(r" not\b", text) and chance.random() < 0.5:
        return re.sub(r" not\b", "", text, count=1)
    found = chance.choice(list(_VERB.finditer(text)))
    return text[: found.end()] + " not" + text[found.end() :]


def _splice(document: Editable, report: Report, chance: random.Random) -> Tamper | None:
    """The first half of one quote with the second half of another, or of something else that was said."""
    first = document.take(chance, lambda text: len(text.split()) >= 10)
    if first is None:
        return None
    listed = words(first).split()
    turns = (turn.text for turn in report.run.turns.values() if turn.text[:40] not in words(first))
    said = [listed for listed in map(str.split, turns) if len(listed) >= 12]
    other = said[chance.randrange(len(said))]
    begin = chance.randrange(len(other) - 7)
    text = " ".join([*listed[: len(listed) // 2], *other[begin : begin + max(6, len(listed) // 2)]])
    if text in words(first):  # the second half of the same turn, by chance: nothing was put together
        return None
    rewrite(first, f"“{text}”")
    return Tamper("splice", ("spliced",), text)


def _swap(document: Editable, report: Report, chance: random.Random) -> Tamper | None:
    """The credits of two quotes from different sectors, exchanged; the first of them is looked for."""
    credits = [(found, _credit_of(found)) for found in document.free]
    known = [(found, credit) for found, credit in credits if credit is not None and " from " in words(credit)]
    pairs = [(first, one, second, two) for first, one in known for second, two in known if words(one) != words(two)]
    if not pairs:
        return None
    first, one, second, two = pairs[chance.randrange(len(pairs))]
    before, after = words(one), words(two)
    rewrite(one, after)
    rewrite(two, before)
    document.free.remove(first)
    document.free.remove(second)
    return Tamper("swapped speaker", ("misattributed",), words(first))


def _credit_of(paragraph: Any) -> Any:
    following = paragraph.getnext()
    style = following.find(f"{_W}pPr/{_W}pStyle") if following is not None else None
    return following if style is not None and style.get(f"{_W}val") == "QuoteAttribution" else None


def _name(document: Editable, report: Report, chance: random.Random) -> Tamper | None:
    """A name put back, in a quote or in the running text."""
    paragraphs = [found for found in document.styled("BodyText") if words(found)]
    chosen = paragraphs[chance.randrange(len(paragraphs))]
    listed = words(chosen).split(" ")
    listed.insert(chance.randrange(len(listed) + 1), chance.choice([NAME, "Rhodri", f"{NAME}’s", NAME.upper()]))
    rewrite(chosen, " ".join(listed))
    return Tamper("name put back", ("name_leak",), "")


def _unapproved(document: Editable, report: Report, chance: random.Random) -> Tamper | None:
    """Something that was said, and that nobody approved, in the place of a quote."""
    paragraph = document.take(chance)
    if paragraph is None:
        return None
    approved = [span for quote in report.run.approved for span in quote.spans]
    statements = [
        found
        for found in STATEMENTS.rows(report.material.statements)
        if len(found.text.split()) >= 5
        and not any(
            span.turn_id == found.turn_id and span.start < found.end and found.start < span.end for span in approved
        )
    ]
    text = statements[chance.randrange(len(statements))].text
    rewrite(paragraph, f"“{text}”")
    return Tamper("unapproved quote", ("not_approved", "no_consent"), text)


def _quantifier(document: Editable, report: Report, chance: random.Random) -> Tamper | None:
    """A stronger word for how many: "most" for "some"."""
    weaker = {
        "one participant": "some",
        "some participants": "most",
        "many participants": "all",
        "most participants": "all",
    }
    found = [
        (paragraph, phrase)
        for paragraph in document.root.iter(f"{_W}p")
        for phrase in weaker
        if words(paragraph).casefold().startswith(phrase + " spoke") and not paragraph.get("done")
    ]
    if not found:
        return None
    paragraph, phrase = found[chance.randrange(len(found))]
    stronger = f"{weaker[phrase].capitalize()} participants"
    rewrite(paragraph, stronger + words(paragraph)[len(phrase) :])
    return Tamper("quantifier", ("unearned_quantifier",), stronger)


def _moved(document: Editable, report: Report, chance: random.Random) -> Tamper | None:
    """A quote, word for word, put with its credit right under the heading of another theme."""
    paragraph = document.take(chance)
    if paragraph is None:
        return None
    text, credit = words(paragraph), _credit_of(paragraph)
    mine = {quote.theme_id for quote in report.run.approved if text in " […] ".join(span.text for span in quote.spans)}
    others = [
        mark.getparent()
        for mark in document.root.iter(f"{_W}bookmarkStart")
        if (theme := mark.get(f"{_W}name", "").removeprefix("_theme_")) != mark.get(f"{_W}name", "")
        and theme not in {mark_of(name) for name in mine}
    ]
    if not others or not mine:
        return None
    heading = others[chance.randrange(len(others))]
    for moved in (credit, paragraph):
        if moved is not None:
            heading.addnext(moved)
    return Tamper("moved to another theme", ("other_theme",), text)


SORTS: dict[str, Callable[[Editable, Report, random.Random], Tamper | None]] = {
    "character": _edit(_character)("character"),
    "word": _edit(_word)("word"),
    "number": _edit(_number, lambda text: bool(_NUMBER.search(text)))("number"),
    "negation": _edit(_negation, lambda text: bool(_VERB.search(text)))("negation"),
    "splice": _splice,
    "swapped speaker": _swap,
    "name put back": _name,
    "unapproved quote": _unapproved,
    "quantifier": _quantifier,
    "moved to another theme": _moved,
}


# --- LibreOffice


def _through_libreoffice(documents: Sequence[bytes]) -> list[bytes]:
    """The documents as LibreOffice saves them, all in one call of it."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "in").mkdir()
        for number, content in enumerate(documents):
            (place / "in" / f"{number:04d}.docx").write_bytes(content)
        files = sorted(str(path) for path in (place / "in").iterdir())
        profile = f"-env:UserInstallation=file://{place}/profile"
        command = ["soffice", "--headless", profile, "--convert-to", "docx", "--outdir", str(place / "out"), *files]
        subprocess.run(command, check=True, capture_output=True, timeout=1800)
        return [(place / "out" / f"{number:04d}.docx").read_bytes() for number in range(len(documents))]
