"""Divides a pasted text, or the text of a CSV file, into rows and cells."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass

from fitquiz.core.name_spelling import tidy_name

MAX_COLUMNS = 60
MAX_ROWS = 10_100
"""The largest number of rows. A list has at most 10,000 people, and some rows above them."""
_DELIMITERS = "\t;,"
_LINE_END = re.compile(r"\r\n|\r|\n")
_QUOTED = re.compile(r'"[^"]*"')
_MAX_LINES_OF_ROW = 20
"""A quoted cell can contain line ends. After this number of lines, the quotation mark is text."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row with content. `line` is the number of its first line. The first line is 1."""

    line: int
    text: str
    cells: tuple[str, ...]

    def read_cell(self, column: int) -> str:
        """Return the text of a cell. Return an empty text for a missing cell."""
        if column >= len(self.cells):
            return ""
        return self.cells[column]


def parse_table(text: str) -> tuple[TableRow, ...]:
    """Return the rows of a text. Rows without content are left out.

    The cells are separated by tabs, semicolons or commas. Empty cells at the end of a row are left
    out.
    """
    lines = _LINE_END.split(text.lstrip("\ufeff"))
    delimiter = _find_delimiter(lines)
    rows = []
    start = 0
    while start < len(lines):
        end = _find_end_of_row(lines, start, delimiter)
        whole = "\n".join(lines[start:end])
        cells = _split_cells(whole, delimiter)
        if cells:
            row = TableRow(start + 1, whole, cells)
            rows.append(row)
        start = end
    return tuple(rows)


def write_rows(rows: Sequence[Sequence[str]]) -> str:
    """Return rows as text that `parse_table` can read. Each row becomes one line."""
    return "\n".join(_write_row(row) for row in rows)


def _write_row(row: Sequence[str]) -> str:
    cells = [_write_cell(cell) for cell in row]
    return "\t".join(cells)


def _write_cell(cell: str) -> str:
    tidied = tidy_cell(cell)
    if '"' not in tidied:
        return tidied
    doubled = tidied.replace('"', '""')
    return f'"{doubled}"'


def tidy_cell(cell: str) -> str:
    """Return a cell with single spaces and without invisible characters."""
    if cell.isascii() and cell.isprintable():
        # `tidy_name` looks at each character, which takes long for a large table.
        return " ".join(cell.split())
    return tidy_name(cell)


def _find_delimiter(lines: Sequence[str]) -> str:
    """Return the delimiter that the largest number of lines contains."""
    bare = [_QUOTED.sub("", line) for line in lines]
    counts = {}
    for delimiter in _DELIMITERS:
        counts[delimiter] = sum(delimiter in line.strip() for line in bare)
    # Of delimiters in equally many lines, `max` returns the first.
    return max(_DELIMITERS, key=lambda delimiter: counts[delimiter])


def _find_end_of_row(lines: Sequence[str], start: int, delimiter: str) -> int:
    """Return the number of lines up to the end of the row that begins at `start`."""
    first = lines[start]
    opens = any(cell.lstrip().startswith('"') for cell in first.split(delimiter))
    if not opens:
        return start + 1
    marks = 0
    for end in range(start, min(start + _MAX_LINES_OF_ROW, len(lines))):
        marks += lines[end].count('"')
        if marks % 2 == 0:
            return end + 1
    return start + 1


def _split_cells(row: str, delimiter: str) -> tuple[str, ...]:
    try:
        parts = next(csv.reader([row], delimiter=delimiter, skipinitialspace=True), [])
    except csv.Error:
        parts = row.split(delimiter)
    cells = [tidy_cell(part) for part in parts[:MAX_COLUMNS]]
    while cells and not cells[-1].strip(" ,;"):
        cells.pop()
    return tuple(cells)
