"""A codebook: its codes with what they mean, read from TOML, CSV or REFI-QDA, and written as TOML for the next time.

    codebook = read_codebook(Path("configs/codebooks/public-services.toml"))
    codebook.code("trust").definition

A code's id is the theme_id of its theme. Only these files are read here; what a code does to statements is in assign.
"""

from __future__ import annotations

import csv
import io
import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, count
from pathlib import Path
from typing import Any

from pipeline.errors import ConfigError, ExchangeError, PipelineError

_ID = re.compile(r"[a-z][a-z0-9_]{0,63}")
# What a run calls the themes that emerge (e01, and e01a where people split it): no code may be called so, because both
# stand in the same tables.
_EMERGENT = re.compile(r"e\d{2,}[a-z]*")
_TEXTS = ("name", "definition", "name_cy", "parent")
_LISTS = ("include", "exclude", "examples", "phrases", "phrases_cy")
# What an entry of each is called in a REFI-QDA description.
_ENTRIES = {"examples": "Example", "phrases": "Phrase", "phrases_cy": "Welsh phrase"}
_KEYS = {_ENTRIES.get(key, key).lower(): key for key in _LISTS}
_COLUMNS = ", ".join(("id", *_TEXTS, *_LISTS))
# Excel writes semicolons where the comma is the decimal sign.
_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab"}
# In one cell of a CSV, and in a REFI-QDA description, several entries are parted by a bar or a line break.
_BETWEEN_ENTRIES = re.compile(r"\s*(?:\||\r?\n)\s*")
# Nobody says a semicolon, and participants.csv parts by it: a cell of "damp; mould" would be one phrase, never found.
_BETWEEN_PHRASES = re.compile(rf"{_BETWEEN_ENTRIES.pattern}|\s*;\s*")
_SECTION = re.compile(r"^(include|exclude|example|phrase|welsh phrase)s?\s*:\s*(.*)$", re.IGNORECASE)
# What REFI-QDA has no place for stands in a code's description, a line each.
_TOLD = re.compile(r"^(id|welsh name)\s*:\s*(\S.*)$", re.IGNORECASE)
_QDA_NAMESPACES = ("urn:QDA-XML:codebook:1.0", "urn:QDA-XML:project:1.0")


@dataclass(frozen=True, slots=True)
class Code:
    """One thing that a statement can be coded as."""

    id: str  # a theme_id: small letters, digits, underscores
    name: str  # as people read it
    definition: str
    include: tuple[str, ...] = ()  # notes: what belongs here although one might doubt it
    exclude: tuple[str, ...] = ()  # notes: what does not, and where it belongs
    examples: tuple[str, ...] = ()  # statements that carry the code
    phrases: tuple[str, ...] = ()  # words that point to it; a `*` at a word's end stands for any ending
    phrases_cy: tuple[str, ...] = ()  # the same in Welsh, unmutated, for what is said in Welsh
    name_cy: str = ""  # the name in Welsh; empty where not given
    parent: str = ""  # the id of the code above it; empty at the top


@dataclass(frozen=True, slots=True)
class Codebook:
    """The codes that a series is read with, in the order in which people wrote them."""

    title: str
    codes: tuple[Code, ...]
    uncoded: tuple[str, ...] = ()  # examples of statements that carry no code: procedure, thanks, plain facts
    version: str = ""  # the people's own word for it: "2", "frozen after roundtable 1"
    unread: tuple[str, ...] = field(default=(), compare=False)  # titles of a .csv's columns that stand for nothing here

    @property
    def ids(self) -> tuple[str, ...]:
        """The codes' ids, in order."""
        return tuple(code.id for code in self.codes)

    def code(self, code_id: str) -> Code:
        """The code with this id.

        Raises:
            KeyError: there is none.
        """
        for code in self.codes:
            if code.id == code_id:
                return code
        raise KeyError(code_id)


def read_codebook(path: Path) -> Codebook:
    """The codebook in a .toml, a .csv or a REFI-QDA .qdc file.

    Raises:
        ConfigError: there is no such file, or a .toml or .csv isn't a codebook; says where and what would be right.
        ExchangeError: a .qdc isn't a codebook.
    """
    readers: dict[str, Callable[[bytes, Path], Codebook]] = {
        ".toml": _read_toml,
        ".csv": _read_csv,
        ".qdc": _read_qdc,
    }
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise ConfigError(f"{path}: a codebook is a {', '.join(readers)} file")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"no codebook {path} ({error.strerror})") from error
    return reader(content, path)


def codebook_toml(codebook: Codebook) -> str:
    """The codebook as the text of a TOML file that `read_codebook` reads back as the same codebook."""
    lines = [f"title = {_quoted(codebook.title)}"]
    if codebook.version:
        lines.append(f"version = {_quoted(codebook.version)}")
    if codebook.uncoded:
        lines.extend(_toml_list("uncoded", codebook.uncoded))
    for code in codebook.codes:
        lines.extend(("", "[[code]]", f"id = {_quoted(code.id)}"))
        lines.extend(f"{key} = {_quoted(getattr(code, key))}" for key in _TEXTS if getattr(code, key))
        for key in _LISTS:
            if getattr(code, key):
                lines.extend(_toml_list(key, getattr(code, key)))
    return "\n".join(lines) + "\n"


def described(code: Code) -> str:
    """All that a code holds but its name, as the description of a REFI-QDA code that `read_codebook` reads back."""
    lines = [code.definition]
    lines += [f"{_ENTRIES.get(key, key.title())}: {entry}" for key in _LISTS for entry in getattr(code, key)]
    lines += [f"Welsh name: {code.name_cy}"] if code.name_cy else []
    return "\n".join(" ".join(line.split()) for line in (*lines, f"Id: {code.id}") if line)


def with_examples(codebook: Codebook, confirmed: Mapping[str, Iterable[str]], *, version: str = "") -> Codebook:
    """The codebook with further example statements by code id, each once; what it had stays first.

    This is how people's confirmed codings are frozen into the codebook of the next roundtable: their words become
    part of the file, so only those whose speakers agreed to be quoted should be passed.
    """
    codes = []
    for code in codebook.codes:
        further = dict.fromkeys(text for text in confirmed.get(code.id, ()) if text not in code.examples)
        codes.append(replace(code, examples=code.examples + tuple(further)))
    return replace(codebook, codes=tuple(codes), version=version or codebook.version)


def add_code(codebook: Codebook, code: Code) -> Codebook:
    """The codebook with one more code, for an emergent theme that people want to carry on.

    Raises:
        ConfigError: the code's id isn't one, or is taken.
    """
    return _checked(replace(codebook, codes=(*codebook.codes, code)), "the codebook", ConfigError)


def code_id(name: str) -> str:
    """An id made of a code's name: `The gap between policy & delivery` gives `the_gap_between_policy_delivery`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    fit = slug[:1].isalpha() and not _EMERGENT.fullmatch(slug)
    return (slug if fit else f"code_{slug}".rstrip("_"))[:64]


def _read_toml(content: bytes, path: Path) -> Codebook:
    try:
        found = tomllib.loads(content.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not TOML: {error}") from error
    unknown = sorted(set(found) - {"title", "version", "uncoded", "code"})
    if unknown:
        raise ConfigError(f"{path}: unknown key {unknown[0]} (known here: title, version, uncoded, [[code]])")
    entries = found.get("code", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ConfigError(f"{path}: codes stand under [[code]], one block a code")
    codes = tuple(_toml_code(entry, f"{path}, code {number}") for number, entry in enumerate(entries, start=1))
    top = _toml_code(
        {"id": "top", "name": str(found.get("title", path.stem)), "examples": found.get("uncoded", [])},
        f"{path}, uncoded",
    )
    book = Codebook(top.name, codes, top.examples, str(found.get("version", "")))
    return _checked(book, str(path), ConfigError)


def _toml_code(entry: dict[str, Any], where: str) -> Code:
    unknown = sorted(set(entry) - {"id", *_TEXTS, *_LISTS})
    if unknown:
        raise ConfigError(f"{where}: unknown key {unknown[0]} (known here: id, {', '.join(_TEXTS + _LISTS)})")
    for key in ("id", *_TEXTS):
        if not isinstance(entry.get(key, ""), str):
            raise ConfigError(f"{where}: {key} must be a text in quotes")
    fields: dict[str, Any] = {key: _nfc(entry.get(key, "")) for key in _TEXTS}
    for key in _LISTS:
        value = entry.get(key, [])
        value = [value] if isinstance(value, str) else value
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise ConfigError(f'{where}: {key} must be a list of texts, ["...", "..."]')
        fields[key] = _entries(value)
    return Code(id=entry.get("id") or code_id(fields["name"]), **fields)


def _read_csv(content: bytes, path: Path) -> Codebook:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} is not UTF-8: save it as CSV UTF-8") from error
    # Else Python stops at a cell of 131,072 characters, unless a transcript in a .csv was read before.
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))
    delimiter = max(_DELIMITERS, key=next(io.StringIO(text, newline=""), "").count)
    titles, *rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)) or [[]]
    keys = [_column(title) for title in titles]
    if "name" not in keys and "id" not in keys:
        raise ConfigError(f"{path}, line 1: a codebook's columns are {_COLUMNS}")
    codes = []
    for row in (row for row in rows if any(map(str.strip, row))):
        cells: dict[str, list[str]] = {}
        for at, cell in enumerate(map(_nfc, row)):
            # Mostly the end of a cell that its own comma cut in two.
            if cell and not (at < len(titles) and titles[at].strip()):
                told = f"column {at + 1} has words and no title: give it one of {_COLUMNS}, or put words with a"
                raise ConfigError(f"{path}, line 1: {told} {_DELIMITERS[delimiter]} in quotes")
            cells.setdefault(keys[at] if at < len(keys) else "", []).append(cell)
        codes.append(_csv_code(cells))
    unread = tuple(title.strip() for title, key in zip(titles, keys, strict=True) if title.strip() and not key)
    return _checked(Codebook(path.stem, tuple(codes), unread=unread), str(path), ConfigError)


def _column(title: str) -> str:
    """What a column's title stands for, empty if for nothing; a list may go over several: `Example 1`, `Example 2`."""
    key = " ".join(title.casefold().split())
    return _KEYS.get(re.sub(r"s?[ _]?\d*$", "", key), key if key in ("id", *_TEXTS, *_LISTS) else "")


def _csv_code(cells: Mapping[str, Sequence[str]]) -> Code:
    fields: dict[str, Any] = {key: " ".join(cells.get(key, ())).strip() for key in _TEXTS}
    for key in _LISTS:
        between = _BETWEEN_PHRASES if key.startswith("phrases") else _BETWEEN_ENTRIES
        fields[key] = _entries(entry for cell in cells.get(key, ()) for entry in between.split(cell))
    return Code(id="".join(cells.get("id", ())) or code_id(fields["name"]), **fields)


def _read_qdc(content: bytes, path: Path) -> Codebook:
    """The codes of a REFI-QDA codebook (or of a project's CodeBook part); nested codes keep their parent."""
    from defusedxml import ElementTree
    from defusedxml.common import DefusedXmlException

    try:
        root = ElementTree.fromstring(content)
    except (ElementTree.ParseError, DefusedXmlException, ValueError) as error:
        raise ExchangeError(f"{path} is not a REFI-QDA codebook: {error}") from error
    book = (
        root if _local(root.tag) == "CodeBook" else next((e for e in root.iter() if _local(e.tag) == "CodeBook"), None)
    )
    if book is None or not root.tag.startswith(tuple(f"{{{name}}}" for name in _QDA_NAMESPACES)):
        raise ExchangeError(f"{path} is not a REFI-QDA codebook: no CodeBook of {_QDA_NAMESPACES[0]} in it")
    codes: list[Code] = []
    told = {_told(element).get("id", "") for element in book.iter()}
    for top in book:
        if _local(top.tag) == "Codes":
            _walk_qdc(top, "", codes, told)
    return _checked(Codebook(path.stem, tuple(codes)), str(path), ExchangeError)


def _walk_qdc(element: Any, parent: str, codes: list[Code], told: Collection[str]) -> None:
    """Adds the codes; no id that is made of a name is one that another code is told to have."""
    for child in element:
        if _local(child.tag) != "Code":
            continue
        name = _nfc(child.get("name", ""))
        taken = {code.id for code in codes}
        mine = _told(child).get("id", "")
        own = _free(mine, taken) if mine else _free(code_id(name), taken.union(told))
        codes.append(_qdc_code(child, own, name, parent))
        _walk_qdc(child, own, codes, told)


def _described(element: Any) -> list[str]:
    """The lines of a code's description."""
    texts = (_nfc(child.text or "") for child in element if _local(child.tag) == "Description")
    return [line.strip() for line in "\n".join(texts).splitlines()]


def _told(element: Any) -> dict[str, str]:
    """What a code's description tells of it by a word of ours; an id only if it can be one."""
    lines = filter(None, map(_TOLD.match, _described(element)))
    told = {found[1].lower(): found[2] for found in lines}
    fit = _ID.fullmatch(told.get("id", "")) and not _EMERGENT.fullmatch(told["id"])
    return told if fit else {key: text for key, text in told.items() if key != "id"}


def _free(wanted: str, taken: Collection[str]) -> str:
    """An id that nobody has: two codes of the same name under different parents are allowed there, and common."""
    further = (f"{wanted[:60]}_{number}" for number in count(2))
    return next(name for name in chain([wanted], further) if name not in taken)


def _qdc_code(element: Any, own: str, name: str, parent: str) -> Code:
    definition: list[str] = []
    sections: dict[str, list[str]] = {key: [] for key in _LISTS}
    for line in _described(element):
        match = _SECTION.match(line)
        if match is None:
            definition.append("" if _TOLD.match(line) else line)
        else:
            sections[_KEYS[match[1].lower()]].extend(_BETWEEN_ENTRIES.split(match[2]))
    lists: dict[str, Any] = {key: _entries(values) for key, values in sections.items()}
    lists["name_cy"] = _told(element).get("welsh name", "")
    return Code(id=own, name=name, definition=" ".join(filter(None, definition)), parent=parent, **lists)


def _checked(book: Codebook, where: str, error: type[PipelineError]) -> Codebook:
    """The same codebook, if its ids can be theme ids, and each code can be told from the others."""
    if not book.codes:
        raise error(f"{where}: no code in it")
    counts = Counter(code.id for code in book.codes)
    for number, code in enumerate(book.codes, start=1):
        if not _ID.fullmatch(code.id):
            raise error(f"{where}, code {number}: the id {code.id!r} must be small letters, digits and underscores")
        if _EMERGENT.fullmatch(code.id):
            raise error(
                f"{where}, code {number}: a run calls its own themes {code.id}; take another id, c_{code.id} say"
            )
        if counts[code.id] > 1:
            raise error(
                f"{where}, code {number}: the id {code.id} stands there {counts[code.id]} times; give each its own"
            )
        if not code.name:
            raise error(f"{where}, code {code.id}: no name")
        if code.parent and code.parent not in counts:
            raise error(f"{where}, code {code.id}: its parent {code.parent} isn't in the codebook")
    _refuse_circles(book, where, error)
    return book


def _refuse_circles(book: Codebook, where: str, error: type[PipelineError]) -> None:
    parents = {code.id: code.parent for code in book.codes}
    for start, above in parents.items():
        seen, current = {start}, above
        while current:
            if current in seen:
                raise error(f"{where}, code {start}: it stands above itself")
            seen.add(current)
            current = parents[current]


def _entries(values: Iterable[str]) -> tuple[str, ...]:
    """The entries that say something, each once, in order."""
    return tuple(dict.fromkeys(entry for entry in map(_nfc, values) if entry))


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()


def _local(tag: Any) -> str:
    return str(tag).rpartition("}")[2]


def _toml_list(key: str, values: Iterable[str]) -> list[str]:
    return [f"{key} = [", *(f"    {_quoted(value)}," for value in values), "]"]


def _quoted(text: str) -> str:
    """A TOML basic string: quotes, backslashes and control characters escaped."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c >= " " and c != "\x7f" else f"\\u{ord(c):04x}" for c in escaped) + '"'
