"""Spreadsheets (.csv, .xlsx) give rows of cells; columns.py finds out which say who, what and when."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pipeline.errors import NoSpeakers, UnreadableFile
from pipeline.ingest.account import Account
from pipeline.ingest.columns import Row, find_columns, leave_row, read_table
from pipeline.ingest.text import clean
from pipeline.ingest.zipped import MOST_BYTES, Package

OTHER_SHEET = "on a sheet that holds no transcript"

_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
# Further columns hold nothing of a transcript; a cell's reference may name the sixteen-thousandth.
_MOST_COLUMNS = 256
# Excel's own numbers of formats that show a time, or a date with a time.
_TIME_FORMATS = frozenset((18, 19, 20, 21, 22, 45, 46, 47))
# So many characters of a text show what parts its cells.
_SAMPLE = 20_000
_SECONDS_A_DAY = 86_400


def read_csv(text: str, name: str, account: Account, *, told: Mapping[str, str], known: frozenset[str]) -> str:
    """Pass a table of text on to the account; returns how its columns were found.

    A delimiter counts as the tab that parts two cells, quotes around cells as marks of the format.

    Raises:
        NoSpeakers: no column holds words of speakers.
        UnreadableFile: it is no table.
    """
    rows = list(_csv_rows(text, name))
    layout = read_table(rows, account, told=told, known=known)
    if not layout:
        raise NoSpeakers(_no_columns(name, told))
    _require_whole_rows(rows, name, told, known)
    account.markup(text[: max(len(text) - account.characters, 0)])
    return layout


def _require_whole_rows(rows: Sequence[Row], name: str, told: Mapping[str, str], known: frozenset[str]) -> None:
    """Nothing, if no row holds more cells than there are titles: its words would be cut at their first comma.

    Raises:
        UnreadableFile: says in which line.
    """
    columns = find_columns(rows, told=told, known=known)
    below = columns.title_row + 1 if columns else 0
    # What stands above the titles may be wider, and under a form's questions less than a row.
    titles = max((len(row.cells) for row in rows[:below]), default=0)
    for row in rows[below:] if titles else ():
        if any(cell.strip() for cell in row.cells[titles:]):
            raise UnreadableFile(
                f"{name}, line {row.place}: {len(row.cells)} cells for {titles} columns; "
                'put words that hold a comma into "quotes", or give every column a title'
            )


def _csv_rows(text: str, name: str) -> Iterator[Row]:
    csv.field_size_limit(MOST_BYTES)
    reader = csv.reader(io.StringIO(text), delimiter=_delimiter(text[:_SAMPLE]))
    before = 0
    try:
        for cells in reader:
            yield Row(tuple(cells), str(before + 1))
            before = reader.line_num
    except csv.Error as error:
        raise UnreadableFile(f"{name}, line {reader.line_num}: not a table that can be read ({error})") from error


def _delimiter(sample: str) -> str:
    """The character that cuts most rows into equally many cells: talk has more commas than a table has semicolons."""

    def fit(delimiter: str) -> tuple[float, int]:
        rows = csv.reader(io.StringIO(sample), delimiter=delimiter)
        widths = Counter(len(cells) for cells in rows if any(cells))
        width, count = widths.most_common(1)[0] if widths else (1, 0)
        return (count / widths.total(), width) if width > 1 else (0.0, sample.count(delimiter))

    return max(",;\t|", key=fit)


def _no_columns(name: str, told: Mapping[str, str]) -> str:
    if told:
        return f"{name} has no columns titled as series.toml says (columns): look at its first rows"
    return (
        f"{name}: no columns of speakers and words were found; title them `speaker` and `text`, "
        'or name them in series.toml: columns = {speaker = "...", text = "..."}'
    )


def read_xlsx(content: bytes, name: str, account: Account, *, told: Mapping[str, str], known: frozenset[str]) -> str:
    """Pass a workbook's text on to the account, sheet by sheet; returns how the columns were found.

    Raises:
        NoSpeakers: no sheet has columns that hold words of speakers.
        UnreadableFile: it isn't a workbook, or is damaged.
    """
    workbook = _Workbook(Package(content, name))
    layout = ""
    for number, part in enumerate(workbook.sheets, 1):
        rows = [Row(row.cells, f"sheet {number} row {row.place}") for row in workbook.rows(part)]
        if number > 1:
            account.space("\n")
        if find_columns(rows, told=told, known=known):
            layout = read_table(rows, account, told=told, known=known)
            continue
        for row in rows:
            leave_row(row, account, OTHER_SHEET)
            account.space("\n")
    account.close()
    if not layout:
        raise NoSpeakers(_no_columns(name, told))
    return layout


class _Workbook:
    """A workbook's visible text: of each sheet the rows, of each cell what Excel shows, nearly."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.strings = [_text_of(item) for item in self._all("xl/sharedStrings.xml", "si")]
        self.timed = self._timed_styles()
        self.sheets = self._sheet_parts()

    def rows(self, part: str) -> Iterator[Row]:
        """The rows of a sheet that hold anything."""
        for number, row in enumerate(self._all(part, "row"), 1):
            cells: dict[int, str] = {}
            for cell in row.iterfind(f"{_S}c"):
                at = _column(cell.get("r", ""), len(cells))
                if at < _MOST_COLUMNS:
                    cells[at] = clean(self._value(cell))
            if any(cells.values()):
                width = max(cells) + 1
                yield Row(tuple(cells.get(at, "") for at in range(width)), row.get("r", str(number)))

    def _all(self, part: str, tag: str) -> Sequence[Any]:
        return list(self.package.xml(part).iter(f"{_S}{tag}")) if part in self.package else []

    def _sheet_parts(self) -> list[str]:
        """The sheets in the order of their tabs."""
        targets = {}
        if "xl/_rels/workbook.xml.rels" in self.package:
            for relation in self.package.xml("xl/_rels/workbook.xml.rels"):
                targets[relation.get("Id")] = "xl/" + relation.get("Target", "").removeprefix("/xl/")
        ordered = [targets.get(sheet.get(f"{_R}id"), "") for sheet in self._all("xl/workbook.xml", "sheet")]
        return [part for part in ordered if part in self.package] or self.package.names("xl/worksheets/")

    def _timed_styles(self) -> frozenset[int]:
        formats = self._all("xl/styles.xml", "numFmt")
        own = {form.get("numFmtId") for form in formats if re.search(r"[hs]", form.get("formatCode", "").lower())}
        timed = set()
        for styles in self._all("xl/styles.xml", "cellXfs"):
            for number, style in enumerate(styles):
                form = style.get("numFmtId", "0")
                if form in own or (form.isdigit() and int(form) in _TIME_FORMATS):
                    timed.add(number)
        return frozenset(timed)

    def _value(self, cell: Any) -> str:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            return _text_of(cell)
        value = cell.findtext(f"{_S}v") or ""
        if kind == "s":
            place = int(value) if value.isdigit() and len(value) < 10 else -1
            return self.strings[place] if 0 <= place < len(self.strings) else ""
        style = cell.get("s", "")
        if kind == "n" and style.isdigit() and int(style) in self.timed:
            return _clock(value)
        return value


def _text_of(item: Any) -> str:
    """The runs of a string; not how it is pronounced (rPh)."""
    runs = [item, *item.iterfind(f"{_S}is"), *item.iterfind(f"{_S}r"), *item.iterfind(f"{_S}is/{_S}r")]
    return "".join(text.text or "" for run in runs for text in run.iterfind(f"{_S}t"))


def _column(reference: str, following: int) -> int:
    """0 for A1, 26 for AA7."""
    letters = re.match(r"[A-Z]{1,3}", reference)
    if letters is None:
        return following
    number = 0
    for letter in letters[0]:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _clock(value: str) -> str:
    """A part of a day as h:mm:ss, or to the millisecond; whole days are a date and say nothing of the recording."""
    try:
        thousandths = round(float(value) % 1 * _SECONDS_A_DAY * 1000)
    except (ValueError, OverflowError):
        return value
    whole, rest = divmod(thousandths, 1000)
    clock = f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"
    return f"{clock}.{rest:03}" if rest else clock
