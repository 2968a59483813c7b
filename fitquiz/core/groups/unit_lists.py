"""Functions that read the units of a campaign from pasted text, and write units as text.

The units form a tree of at most three levels. Each line of the text describes one unit. A unit has
a label, for example `Oslo`. The text has one of three forms:

- Each line contains the labels from the top level down to the unit, for example `Sales > Oslo`.
- Each line is indented below the line of the unit one level up.
- Each line has one column for each level, as in text from a spreadsheet.

A number at the end of a line is the head-count, for example `Sales > Oslo; 24`. If an upper unit
has no line of its own, `parse_units` adds the upper unit.
"""

import csv
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from fitquiz.core.name_spelling import fold_name, is_printable_name, tidy_name

Path = tuple[str, ...]
"""The labels from the top level down to a unit. The empty path means the whole campaign."""

MAX_LEVELS = 3
MAX_UNITS = 1000
MAX_LABEL_LENGTH = 80
MAX_PEOPLE = 1_000_000
_MAX_LINE_LENGTH = 1000
"""The largest number of characters in a line with columns.

A line with three labels and a head-count is much shorter.
"""

_LOOKS_LIKE_A_NUMBER = re.compile(r"[-\u2212+]?[0-9][0-9 .,]*\Z")
_WHOLE_NUMBER = re.compile(r"[-\u2212+]?[0-9]{1,12}\Z")
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class UnitDraft:
    """A unit from a pasted text.

    `people` is the head-count of the unit, including all units below the unit. `people` is None if
    the head-count is unknown.
    """

    path: Path
    people: int | None = None


@dataclass(frozen=True, slots=True)
class UnitFault:
    """A fault in a line.

    `line` is the number of the line. The first line is 1. A fault of the whole text has `line` 0.
    `key` names the kind of fault. `text` contains the labels in the line.
    """

    line: int
    key: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class _Row:
    """The path and the text of the head-count in one line, before any check."""

    line: int
    path: Path
    people: str = ""


def parse_units(text: str) -> tuple[tuple[UnitDraft, ...], tuple[UnitFault, ...]]:
    """Return the units of a text, in the order of the lines, and all faults.

    The units are usable only if the text has no faults. Paths that differ only in case or in
    invisible characters name the same unit. Each unit gets the spelling that occurs first in the
    text.
    """
    units: dict[Path, UnitDraft] = {}
    spellings: dict[Path, Path] = {}
    seen: set[Path] = set()
    faults: list[UnitFault] = []
    for row in _read_rows(text):
        folded = tuple(fold_name(label) for label in row.path)
        fault = _find_fault(row)
        if fault is None and folded in seen:
            fault = "duplicate"
        if fault is not None:
            faults.append(
                UnitFault(row.line, fault, write_label(row.path)[:_MAX_LINE_LENGTH])
            )
            continue

        seen.add(folded)
        for depth in range(1, len(row.path) + 1):
            above = spellings.get(folded[: depth - 1], ())
            label = row.path[depth - 1]
            path = spellings.setdefault(folded[:depth], (*above, label))
            units.setdefault(path, UnitDraft(path))
        path = spellings[folded]
        units[path] = UnitDraft(path, _read_number(row.people))

    if len(units) > MAX_UNITS:
        faults.insert(0, UnitFault(0, "too-many"))
    return tuple(units.values()), tuple(faults)


def write_units(units: Sequence[UnitDraft]) -> str:
    """Return units as text that `parse_units` can read.

    Each line contains the path of a unit and a semicolon. If the unit has a head-count, the line
    ends with the head-count.
    """
    has_levels = any(len(unit.path) > 1 for unit in units)
    return "\n".join(_write_unit(unit, has_levels) for unit in units)


def write_label(path: Path) -> str:
    """Return the labels of a path in one line, such as `Sales > Oslo`."""
    return " > ".join(path)


def write_path(path: Path) -> str:
    """Return a path as a JSON list. The database stores paths as JSON lists."""
    return json.dumps(list(path), ensure_ascii=False, separators=(",", ":"))


# The cache saves time, because a report reads the path of each unit several times.
@lru_cache(4096)
def read_path(text: str) -> Path:
    """Return the path from a text that `write_path` returned."""
    return tuple(json.loads(text))


def parent_of(path: Path) -> Path:
    """Return the path one level up. Raise ValueError for the empty path."""
    if not path:
        raise ValueError("the whole campaign has no parent")
    return path[:-1]


def find_fault_of_path(path: Path) -> str | None:
    """Return the key of what is wrong with a path of tidied labels, or None."""
    if not path or not all(path):
        return "empty"
    if any(len(label) > MAX_LABEL_LENGTH for label in path):
        return "too-long"
    if len(path) > MAX_LEVELS:
        return "too-deep"
    if any(_is_forbidden(label) for label in path):
        return "forbidden"
    folded = {fold_name(label) for label in path}
    if len(folded) < len(path):
        return "inside-itself"
    return None


def _write_unit(unit: UnitDraft, has_levels: bool) -> str:
    label = write_label(unit.path)
    # In text with columns, a quotation mark before a label opens a quoted cell.
    if label.startswith('"') and not has_levels:
        label = '"' + label.replace('"', '""') + '"'
    if unit.people is None:
        return f"{label};"
    return f"{label}; {unit.people}"


def _read_rows(text: str) -> Iterator[_Row]:
    """Yield a row for each line with content. All lines together determine the form of the text."""
    numbered = enumerate(_LINE_END.split(text.lstrip("\ufeff")), 1)
    lines = [(number, line.rstrip()) for number, line in numbered if _has_content(line)]
    has_levels = any(">" in line for _, line in lines)
    has_indents = any(line[0] in " \t" for _, line in lines)
    has_columns = any("\t" in line.strip() for _, line in lines)
    if has_levels:
        yield from (_read_levels(number, line) for number, line in lines)
    elif has_indents and not has_columns:
        yield from _read_indented(lines)
    else:
        yield from _read_columns(lines)


def _has_content(line: str) -> bool:
    return bool(tidy_name(line).strip(" ,;"))


def _read_levels(number: int, line: str) -> _Row:
    labels, _, people = line.partition(";")
    path = tuple(tidy_name(label) for label in labels.split(">"))
    return _Row(number, path, tidy_name(people))


def _read_indented(lines: list[tuple[int, str]]) -> Iterator[_Row]:
    above: list[tuple[int, str]] = []
    for number, line in lines:
        label, _, people = line.partition(";")
        spaced = line.expandtabs(4)
        width = len(spaced) - len(spaced.lstrip())
        above = [each for each in above if each[0] < width]
        above.append((width, tidy_name(label)))
        path = tuple(label for _, label in above)
        yield _Row(number, path, tidy_name(people))


def _read_columns(lines: list[tuple[int, str]]) -> Iterator[_Row]:
    """Yield a row for each line of columns.

    Each empty cell before the first label of a line gets the label of the line above, in the same
    column. In text from a spreadsheet, only the first line of a merged cell contains the label.
    """
    delimiter = _find_delimiter(lines)
    above: list[str] = []
    for number, line in lines:
        if len(line) > _MAX_LINE_LENGTH:
            yield _Row(number, (line,))
            continue
        cells = _split_cells(line, delimiter)
        people = ""
        if len(cells) > 1 and _LOOKS_LIKE_A_NUMBER.match(cells[-1]):
            people = cells.pop()
        empty = next((at for at, cell in enumerate(cells) if cell), 0)
        inherited = above[:empty]
        above = [*inherited, *cells[len(inherited) :]]
        yield _Row(number, tuple(above), people)


def _find_delimiter(lines: list[tuple[int, str]]) -> str:
    for delimiter in "\t;,":
        if any(delimiter in line for _, line in lines):
            return delimiter
    return ","


def _split_cells(line: str, delimiter: str) -> list[str]:
    row = next(csv.reader([line], delimiter=delimiter, skipinitialspace=True))
    cells = [tidy_name(cell) for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _read_number(people: str) -> int | None:
    """Return a typed head-count, or None for an empty text.

    The function ignores spaces, for example in `1 200`.
    """
    if not people:
        return None
    return int(people.replace(" ", "").replace("\u2212", "-"))


def _find_fault(row: _Row) -> str | None:
    return find_fault_of_path(row.path) or _find_fault_of_people(row.people)


def _is_forbidden(label: str) -> bool:
    return not is_printable_name(label) or ">" in label or ";" in label


def _find_fault_of_people(people: str) -> str | None:
    if not people:
        return None
    if not _WHOLE_NUMBER.match(people.replace(" ", "")):
        return "not-a-number"
    number = _read_number(people) or 0
    if not 0 <= number <= MAX_PEOPLE:
        return "people"
    return None
