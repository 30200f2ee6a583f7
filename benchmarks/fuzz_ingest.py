"""Reads thousands of damaged files of every family: each is read with every character accounted for, or refused.

`python -m benchmarks.fuzz_ingest --each 10000` is the long run (about 20 minutes); the test suite has a short one.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from benchmarks.ingest import WRITERS
from pipeline.errors import PipelineError
from pipeline.ingest.readers import Given, Read, read_file
from pipeline.ingest.text import decode

# No file of a few kilobytes may keep anybody waiting.
SLOWEST_S = 5.0

_TALK = [
    ("Nia Cadwallen", "Nobody had read the file. [Laughter.] It's locked: twice."),
    ("Llwyd-Parry, Gethin [FIRE]", "“Ours” is in a drawer, 5 < 6 & so on — tŷ bach."),
    ("Nia Cadwallen", "Who has the key?"),
    ("Unknown Speaker", "None"),
]
# What readers look for, put where it doesn't belong.
_ODD = (
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\n\n", b"-->", b"00:00:01.000 --> 00:00:02.000\n", b"<v ", b"</v>",
    b"<", b"&amp;", b"&#0;", b"&#xD800;", b"{", b"}", b"[", b'"', b"\\", b"\\'e2", b"\\u-10179?", b"\\par ", b":",
    b": ", b"\t", b",", b";", b"Name: ", b"[00:01] [p1] ",
    b"9" * 50, b"a" * 3000, b"\xe2\x80\xa8", b"\xcc\x81", b"null",
    b"1e999", b"NOTE\n", b"WEBVTT\n", b"<w:p>", b"<!DOCTYPE x>",
)  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """What came of one damaged file."""

    kind: str  # read, refused, or what went wrong
    detail: str = ""


def samples() -> dict[str, tuple[str, list[bytes]]]:
    """Whole files by family: an ending, and their bytes."""
    written: dict[str, list[bytes]] = {}
    for kind, write in WRITERS.items():
        written.setdefault(kind.split()[0].rstrip(","), []).append(write(_TALK))
    cues = "\n\n".join(f"0:00:0{n}.000,0:00:0{n}.900\n{who}: {said}" for n, (who, said) in enumerate(_TALK))
    table = "time,speaker,text\n" + "".join(f'0:0{n},"{who}","{said}"\n' for n, (who, said) in enumerate(_TALK))
    written["sbv"] = [cues.encode()]
    written["csv"] = [table.encode(), table.replace(",", "\t").encode("cp1252", "replace")]
    written["json"] = [json.dumps(document).encode() for document in _documents()]
    written["rtf"] = [_rtf().encode("ascii")]
    written["odt"] = [_odt()]
    written["xlsx"] = [_xlsx()]
    written["pdf"] = [_pdf()]
    return {family: (f".{family}", files) for family, files in written.items()}


def _documents() -> Iterator[object]:
    pieces = [
        {"speaker": who, "text": said, "start": n, "end": n + 0.5, "words": [{"word": "x"}]}
        for n, (who, said) in enumerate(_TALK)
    ]
    words = [
        {
            "word": word,
            "punctuated_word": word,
            "start": n,
            "speaker": n // 4,
            "speakerTag": n // 4,
            "startTime": "1.5s",
        }
        for n, word in enumerate(_TALK[0][1].split())
    ]
    yield {"text": "x", "segments": pieces, "language": "en"}
    yield {"utterances": pieces, "words": words, "text": "x"}
    yield {"utterances": None, "words": None, "text": "What was said."}
    yield {"results": {"channels": [{"alternatives": [{"transcript": "x", "words": words}]}]}}
    yield {"results": [{"alternatives": [{"transcript": "x", "words": words}]}]}
    yield {"recognizedPhrases": [{"speaker": 1, "offsetInTicks": 1e7, "nBest": [{"display": "Yes."}]}]}
    yield {"monologues": [{"speaker": 0, "elements": [{"type": "text", "value": "Yes", "ts": 1.5}]}]}
    items = [{"type": "pronunciation", "start_time": "0.5", "alternatives": [{"content": "Yes"}]}] * 3
    yield {"results": {"items": items, "speaker_labels": {"segments": [{"start_time": "0", "speaker_label": "spk_0"}]}}}


def _rtf() -> str:
    said = "".join(rf"{{\b {who}:}} {text}\par " for who, text in _TALK)
    plain = "".join(letter if ord(letter) < 128 else rf"\u{ord(letter)}?" for letter in said)
    return rf"{{\rtf1\ansi\ansicpg1252{{\fonttbl{{\f0 Calibri;}}}}{{\header DRAFT\par}}\pard {plain}}}"


def _odt() -> bytes:
    office, text = "urn:oasis:names:tc:opendocument:xmlns:office:1.0", "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
    said = "".join(f"<t:p>{who}<t:tab/>0:0{n}<t:line-break/>so it is</t:p>" for n, (who, _) in enumerate(_TALK))
    body = f"<o:body><o:text>{said}</o:text></o:body>"
    content = f'<o:document-content xmlns:o="{office}" xmlns:t="{text}">{body}</o:document-content>'
    return _zipped({"content.xml": content.encode()})


def _xlsx() -> bytes:
    import xlsxwriter

    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False}) as workbook:
        sheet = workbook.add_worksheet()
        for row, cells in enumerate([("speaker", "text"), *_TALK]):
            sheet.write_row(row, 0, cells)
    return stream.getvalue()


def _pdf() -> bytes:
    shown = " ".join(f"({who}: so it is) Tj T*" for who, _ in _TALK)
    stream = f"BT /F1 11 Tf 14 TL 50 780 Td {shown} ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R "
        "/Resources << /Font << /F1 3 0 R >> >> >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
    ]
    content, places = "%PDF-1.4\n", []
    for number, text in enumerate(objects, 1):
        places.append(len(content))
        content += f"{number} 0 obj\n{text}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    trailer = f"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n{len(content)}\n%%EOF"
    return f"{content}xref\n0 6\n0000000000 65535 f \n{table}{trailer}".encode()


def _zipped(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return stream.getvalue()


def damaged(content: bytes, chance: random.Random) -> bytes:
    """The same file with one to four accidents; of a zip, mostly inside one of its parts; of JSON, in its values."""
    if content.startswith((b'{"', b"[{")) and chance.random() < 0.7:
        return json.dumps(_swapped(json.loads(content), chance)).encode()
    if content.startswith(b"PK") and chance.random() < 0.8:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = {name: package.read(name) for name in package.namelist()}
        wordy = [name for name in parts if name.endswith(".xml")]
        name = chance.choice(wordy)
        if chance.random() < 0.05:
            del parts[name]
        else:
            parts[name] = _damaged(parts[name], chance)
        return _zipped(parts)
    return _damaged(content, chance)


def _swapped(value: object, chance: random.Random) -> object:
    """The same document with some values of another kind."""
    if chance.random() < 0.05:
        return chance.choice((None, True, -1, 1e300, "", "x", "1:00", "\ud800", [], {}, [[]], {"a": 1}, ["x"], [None]))
    if isinstance(value, dict):
        return {key: _swapped(inner, chance) for key, inner in value.items() if chance.random() > 0.02}
    if isinstance(value, list):
        return [_swapped(inner, chance) for inner in value]
    return value


def _damaged(content: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.randint(1, 4)):
        content = chance.choice(_ACCIDENTS)(content, chance)
    return content


def _cut(content: bytes, chance: random.Random) -> tuple[bytes, bytes, bytes]:
    start = chance.randrange(len(content) + 1)
    end = min(len(content), start + int(chance.expovariate(1 / 30)))
    return content[:start], content[start:end], content[end:]


def _delete(content: bytes, chance: random.Random) -> bytes:
    before, _, after = _cut(content, chance)
    return before + after


def _repeat(content: bytes, chance: random.Random) -> bytes:
    before, inside, after = _cut(content, chance)
    return before + inside * chance.choice((2, 3, 50)) + after


def _insert(content: bytes, chance: random.Random) -> bytes:
    before, inside, after = _cut(content, chance)
    return before + inside + chance.choice(_ODD) + after


def _flip(content: bytes, chance: random.Random) -> bytes:
    before, inside, after = _cut(content, chance)
    return before + bytes(byte ^ (1 << chance.randrange(8)) for byte in inside) + after


def _truncate(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(len(content) + 1)]


def _move(content: bytes, chance: random.Random) -> bytes:
    before, inside, after = _cut(content, chance)
    place = chance.randrange(len(after) + 1)
    return before + after[:place] + inside + after[place:]


_ACCIDENTS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _delete, _repeat, _insert, _insert, _flip, _truncate, _move,
)  # fmt: skip


def outcome(content: bytes, ending: str) -> Outcome:
    """What comes of reading these bytes."""
    started = time.perf_counter()
    try:
        read = read_file(Given(f"fuzzed{ending}", content), ending)
    except PipelineError as error:
        return Outcome("refused", str(error)) if time.perf_counter() - started < SLOWEST_S else Outcome("slow")
    except Exception as error:  # noqa: BLE001 - what else may come is what this program looks for
        return Outcome(type(error).__name__, str(error))
    if time.perf_counter() - started > SLOWEST_S:
        return Outcome("slow")
    return Outcome("read") if accounted(read, content, ending) else Outcome("not accounted for")


def accounted(read: Read, content: bytes, ending: str) -> bool:
    """Whether the file's text is in turns and omissions: as many characters, and no letter that the file lacks."""
    account = read.account
    if ending == ".txt":
        text = decode(content, "fuzzed").text
        letters = Counter(text.replace("\n", " "))
        kept = Counter("".join(turn.text for turn in account.turns)) + Counter(
            "".join(left.text for left in account.left_out)
        )
        if not text.startswith("WEBVTT") and (account.characters != len(text) or kept - letters):
            return False
    return all(count >= 0 for count in account.structure.values()) and all(_sound(turn.text) for turn in account.turns)


def _sound(text: str) -> bool:
    """A turn's text is not empty, has no white space around it, and can be written to a file."""
    return bool(text) and text == text.strip() and "\n" not in text and bool(text.encode("utf-8"))


def fuzz(family: str, *, each: int, seed: int) -> Counter[Outcome]:
    """How `each` damaged files of a family came out; the same seed damages them in the same way."""
    ending, files = samples()[family]
    chance = random.Random(f"{seed} {family}")  # noqa: S311 - accidents, not secrets
    outcomes: Counter[Outcome] = Counter()
    for _ in range(each):
        found = outcome(damaged(chance.choice(files), chance), ending)
        outcomes[found if found.kind not in ("read", "refused") else Outcome(found.kind)] += 1
    return outcomes


def main() -> None:
    """Parse, damage, count; a failure's details follow its family."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("families", nargs="*", default=sorted(samples()))
    parser.add_argument("--each", type=int, default=10_000, help="damaged files a family")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    for family in asked.families:
        started = time.perf_counter()
        outcomes = fuzz(family, each=asked.each, seed=asked.seed)
        print(f"{family:<5} {time.perf_counter() - started:>6.0f} s", flush=True)
        for found, count in outcomes.most_common():
            print(f"      {count:>6,} {found.kind} {found.detail[:160]}", flush=True)


if __name__ == "__main__":
    main()
