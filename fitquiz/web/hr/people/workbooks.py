"""Reads the texts in an uploaded XLSX file.

The module reads the few parts of the file that contain texts, and nothing else: no styles, formulas
or links. Therefore a file with unusual styles can be read, and no other file is opened.
"""

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from fitquiz.core.people_lists.tables import MAX_ROWS, tidy_cell
from fitquiz.web.hr.people.workbook_parts import (
    Attributes,
    PartReader,
    Parts,
    WorkbookError,
    local_name,
)
from fitquiz.web.limits.form_limits import MAX_LIST_CHARACTERS

_MAX_COLUMNS = 60
_MAX_SHEETS = 20
_MAX_MERGED_ROWS = 100_000
"""The largest number of rows of all merged cells together. Further merged cells are not filled."""
_BOOK = "xl/workbook.xml"
_CELL_NAME = re.compile(r"([A-Z]{1,3})([0-9]{1,7})\Z")
_MERGED = re.compile(r"([A-Z]{1,3}[0-9]{1,7}):([A-Z]{1,3}[0-9]{1,7})\Z")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a sheet with addresses, and the name of the sheet."""

    name: str
    rows: list[list[str]]


def read_workbook(data: bytes) -> Sheet:
    """Return the first visible sheet that contains an address, or else the first visible sheet.

    Raise WorkbookError if the file cannot be read.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _read_sheets(Parts(archive))
    except (zipfile.BadZipFile, zlib.error, expat.ExpatError) as error:
        raise WorkbookError("broken-workbook") from error
    except (EOFError, KeyError, NotImplementedError, RuntimeError) as error:
        # The file lacks a part, or uses an unknown compression or a password.
        raise WorkbookError("broken-workbook") from error
    except (ValueError, OverflowError, LookupError) as error:
        raise WorkbookError("broken-workbook") from error


class _BookReader(PartReader):
    """Reads the names of the visible sheets, by the id of their parts."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str]] = []

    def start(self, name: str, attributes: Attributes) -> None:
        if (
            local_name(name) != "sheet"
            or attributes.get("state", "visible") != "visible"
        ):
            return
        for key, value in attributes.items():
            if local_name(key) == "id" and ":" in key:
                self.sheets.append((attributes.get("name", ""), value))


class _RelationReader(PartReader):
    """Reads the names of the parts, by their ids, and the name of the part with shared texts."""

    def __init__(self) -> None:
        self.targets: dict[str, str] = {}
        self.texts = ""

    def start(self, name: str, attributes: Attributes) -> None:
        if local_name(name) != "Relationship":
            return
        folder = posixpath.dirname(_BOOK)
        target = posixpath.join(folder, attributes.get("Target", ""))
        part = posixpath.normpath(target).lstrip("/")
        self.targets[attributes.get("Id", "")] = part
        if attributes.get("Type", "").endswith("/sharedStrings"):
            self.texts = part


class _TextReader(PartReader):
    """Joins the texts of each element with the local name `around`.

    Notes on pronunciation, in elements named `rPh`, are no part of a text.
    """

    def __init__(self, around: str, done: Callable[[str], None]) -> None:
        self._around = around
        self._done = done
        self._parts: list[str] = []
        self._is_text = False
        self._is_note = False

    def start(self, name: str, attributes: Attributes) -> None:
        local = local_name(name)
        if local == self._around:
            self._parts = []
        elif local == "rPh":
            self._is_note = True
        self._is_text = local == "t" and not self._is_note

    def end(self, name: str) -> None:
        local = local_name(name)
        self._is_text = False
        if local == "rPh":
            self._is_note = False
        elif local == self._around:
            self._done(tidy_cell("".join(self._parts)))

    def add_text(self, text: str) -> None:
        if self._is_text:
            self._parts.append(text)


@dataclass
class _SheetReader(PartReader):
    """Reads the cells of a sheet into `rows`, by the number of the row and of the column."""

    texts: list[str]
    rows: dict[int, dict[int, str]] = field(default_factory=dict)
    row: int = 0
    column: int = -1
    kind: str = ""
    parts: list[str] = field(default_factory=list)
    is_value: bool = False
    is_note: bool = False
    characters_left: int = MAX_LIST_CHARACTERS
    merged_rows_left: int = _MAX_MERGED_ROWS

    def start(self, name: str, attributes: Attributes) -> None:
        local = local_name(name)
        if local == "row":
            self.row = int(attributes.get("r", self.row + 1))
            self.column = -1
        elif local == "c":
            named = _CELL_NAME.match(attributes.get("r", ""))
            self.column = _number(named[1]) if named else self.column + 1
            self.kind = attributes.get("t", "n")
            self.parts = []
        elif local == "rPh":
            self.is_note = True
        elif local == "mergeCell":
            self._fill_merged(attributes.get("ref", ""))
        self.is_value = local in ("v", "t") and not self.is_note

    def end(self, name: str) -> None:
        local = local_name(name)
        self.is_value = False
        if local == "rPh":
            self.is_note = False
        if local == "c" and self.parts:
            text = "".join(self.parts)
            value = self._read_value(text)
            self._store(value)

    def add_text(self, text: str) -> None:
        if self.is_value:
            self.parts.append(text)

    def _read_value(self, value: str) -> str:
        if self.kind == "s":
            return self.texts[int(value)]
        if self.kind == "e":
            return ""
        if self.kind == "n":
            return _write_number(value)
        return tidy_cell(value)

    def _store(self, value: str) -> None:
        if not value or self.column >= _MAX_COLUMNS:
            return
        if not 0 < self.row <= MAX_ROWS:
            raise WorkbookError("too-many-rows")
        self._take(value)
        self.rows.setdefault(self.row, {})[self.column] = value

    def _fill_merged(self, reference: str) -> None:
        """Write the text of a merged cell into each of its rows. Fill only its first column."""
        corners = _MERGED.match(reference)
        if not corners:
            return
        first = _CELL_NAME.match(corners[1])
        last = _CELL_NAME.match(corners[2])
        if not first or not last:
            return
        column = _number(first[1])
        top = int(first[2])
        text = self.rows.get(top, {}).get(column)
        if not text:
            return
        bottom = min(int(last[2]), MAX_ROWS)
        self.merged_rows_left -= max(0, bottom - top)
        if self.merged_rows_left < 0:
            return
        for row in range(top + 1, bottom + 1):
            if row in self.rows and column not in self.rows[row]:
                self._take(text)
                self.rows[row][column] = text

    def _take(self, text: str) -> None:
        """Count a text. Many cells can contain the same long text, so a small file can be large."""
        self.characters_left -= len(text)
        if self.characters_left < 0:
            raise WorkbookError("list-too-long")


def _read_sheets(parts: Parts) -> Sheet:
    if _BOOK not in parts.names:
        raise WorkbookError("not-a-workbook")
    book = _BookReader()
    parts.parse(_BOOK, book)
    relations = _RelationReader()
    parts.parse("xl/_rels/workbook.xml.rels", relations)
    texts: list[str] = []
    if relations.texts in parts.names:
        parts.parse(relations.texts, _TextReader("si", texts.append))

    first: Sheet | None = None
    for name, part_id in book.sheets[:_MAX_SHEETS]:
        reader = _SheetReader(texts)
        parts.parse(relations.targets[part_id], reader)
        sheet = Sheet(name, _list_rows(reader.rows))
        if any("@" in cell for row in sheet.rows for cell in row):
            return sheet
        first = first or sheet
    if first is None:
        raise WorkbookError("broken-workbook")
    return first


def _list_rows(cells: Mapping[int, Mapping[int, str]]) -> list[list[str]]:
    """Return all rows up to the last, so that the place of a row in the list is its number."""
    rows = []
    for number in range(1, max(cells, default=0) + 1):
        row = cells.get(number, {})
        width = max(row, default=-1) + 1
        rows.append([row.get(column, "") for column in range(width)])
    return rows


def _write_number(value: str) -> str:
    """Return a number as a reader writes it, for example `24` for `24.0`."""
    number = float(value)
    if number.is_integer() and abs(number) < 10**15:
        return str(int(number))
    return repr(number)


def _number(letters: str) -> int:
    """Return the number of a column. The column A has the number 0."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
