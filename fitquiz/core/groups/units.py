"""A group's units as a tree, at most three deep: read from what somebody pastes, with every fault at once.

One unit a line: `Sales > Oslo`, or indented under the unit above, or a column a level, as a spreadsheet copies it. A
last number tells how many people work there: `Sales > Oslo; 24`. Units that are only implied are added.
"""

import csv
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fitquiz.core.names import fold_name, is_printable_name, tidy_name

Path = tuple[str, ...]
"""Labels from the top down; () is the whole group."""

DEEPEST, MOST_UNITS, LONGEST_LABEL, MOST_PEOPLE = 3, 1000, 80, 1_000_000
_LONGEST_LINE = 1000
"""Three labels and a number come nowhere near it."""
_LOOKS_LIKE_A_NUMBER = re.compile(r"[-\u2212+]?[0-9][0-9 .,]*\Z")
_WHOLE_NUMBER = re.compile(r"[-\u2212+]?[0-9]{1,12}\Z")


@dataclass(frozen=True, slots=True)
class UnitDraft:
    """A department or team; `people` is how many work there, with the units below, or None."""

    path: Path
    people: int | None = None


@dataclass(frozen=True, slots=True)
class UnitFault:
    """What is wrong in a line (from 1; 0 is the whole): the key of a sentence, and the text that it is about."""

    line: int
    key: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class _Row:
    """A line with its levels from the top down, and what stands where the number of people belongs."""

    line: int
    path: Path
    people: str = ""


def parse_units(text: str) -> tuple[tuple[UnitDraft, ...], tuple[UnitFault, ...]]:
    """Return the units of a text, in its order, and all faults. With a fault the units are not to be used.

    Names that differ only in case or in what cannot be seen are the same name; the first spelling stands.
    """
    units: dict[Path, UnitDraft] = {}
    spellings: dict[Path, Path] = {}
    named: set[Path] = set()
    faults: list[UnitFault] = []
    for row in _read_rows(text):
        folded = tuple(fold_name(label) for label in row.path)
        fault = _find_fault(row, folded) or ("duplicate" if folded in named else None)
        if fault:
            faults.append(UnitFault(row.line, fault, write_label(row.path)[:_LONGEST_LINE]))
            continue
        named.add(folded)
        for depth in range(1, len(row.path) + 1):
            above = spellings.get(folded[: depth - 1], ())
            spelt = spellings.setdefault(folded[:depth], (*above, row.path[depth - 1]))
            units.setdefault(spelt, UnitDraft(spelt))
        units[spellings[folded]] = UnitDraft(spellings[folded], _read_number(row.people))
    if len(units) > MOST_UNITS:
        faults.insert(0, UnitFault(0, "too-many"))
    return tuple(units.values()), tuple(faults)


def write_units(units: Sequence[UnitDraft]) -> str:
    """Return units as text that `parse_units` reads, each with all its levels; `;` stands before the people."""
    has_levels = any(len(unit.path) > 1 for unit in units)
    return "\n".join(_write_unit(unit, has_levels) for unit in units)


def write_label(path: Path) -> str:
    """Return a unit's labels in one line, as `Sales > Oslo`."""
    return " > ".join(path)


def write_path(path: Path) -> str:
    """Return a path as it is stored."""
    return json.dumps(list(path), ensure_ascii=False, separators=(",", ":"))


def read_path(text: str) -> Path:
    """Return the path that `write_path` wrote."""
    return tuple(json.loads(text))


def parent_of(path: Path) -> Path:
    """Return the path one level up; ValueError for the whole group, which has none."""
    if not path:
        raise ValueError("the whole group has no parent")
    return path[:-1]


def _write_unit(unit: UnitDraft, has_levels: bool) -> str:
    label = write_label(unit.path)
    if label.startswith('"') and not has_levels:  # It would open a quoted cell.
        label = '"' + label.replace('"', '""') + '"'
    return f"{label};" if unit.people is None else f"{label}; {unit.people}"


def _read_rows(text: str) -> Iterator[_Row]:
    """Yield each line that is not empty, by what the text as a whole looks like."""
    numbered = enumerate(re.split(r"\r\n|\r|\n", text.lstrip("\ufeff")), 1)
    lines = [(number, line.rstrip()) for number, line in numbered if tidy_name(line).strip(" ,;")]
    if any(">" in line for _, line in lines):
        yield from (_read_levels(number, line) for number, line in lines)
    elif any(line[0] in " \t" for _, line in lines) and not any(
        "\t" in line.strip() for _, line in lines
    ):
        yield from _read_indented(lines)
    else:
        yield from _read_columns(lines)


def _read_levels(number: int, line: str) -> _Row:
    labels, _, people = line.partition(";")
    return _Row(number, tuple(map(tidy_name, labels.split(">"))), tidy_name(people))


def _read_indented(lines: list[tuple[int, str]]) -> Iterator[_Row]:
    above: list[tuple[int, str]] = []
    for number, line in lines:
        label, _, people = line.partition(";")
        width = len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip())
        above = [each for each in above if each[0] < width] + [(width, tidy_name(label))]
        yield _Row(number, tuple(label for _, label in above), tidy_name(people))


def _read_columns(lines: list[tuple[int, str]]) -> Iterator[_Row]:
    """Where the first cells of a row are empty, as merged cells are, those of the row above hold."""
    delimiter = next((each for each in "\t;," if any(each in line for _, line in lines)), ",")
    above: list[str] = []
    for number, line in lines:
        if len(line) > _LONGEST_LINE:
            yield _Row(number, (line,))
            continue
        cells = [
            tidy_name(cell)
            for cell in next(csv.reader([line], delimiter=delimiter, skipinitialspace=True))
        ]
        while cells and not cells[-1]:
            cells.pop()
        people = cells.pop() if len(cells) > 1 and _LOOKS_LIKE_A_NUMBER.match(cells[-1]) else ""
        empty = next((at for at, cell in enumerate(cells) if cell), 0)
        above = [*above[:empty], *cells[len(above[:empty]) :]]
        yield _Row(number, tuple(above), people)


def _read_number(people: str) -> int | None:
    """A number of people as it is typed, with spaces between thousands or not; None for nothing."""
    return int(people.replace(" ", "").replace("\u2212", "-")) if people else None


def _find_fault(row: _Row, folded: Path) -> str | None:
    if not row.path or not all(row.path):
        return "empty"
    if any(len(label) > LONGEST_LABEL for label in row.path):
        return "too-long"
    if len(row.path) > DEEPEST:
        return "too-deep"
    if not all(map(is_printable_name, row.path)) or any(
        each in label for label in row.path for each in ">;"
    ):
        return "forbidden"
    if len(set(folded)) < len(folded):
        return "inside-itself"
    return _find_fault_of_people(row.people)


def _find_fault_of_people(people: str) -> str | None:
    if not people:
        return None
    if not _WHOLE_NUMBER.match(people.replace(" ", "")):
        return "not-a-number"
    return None if 0 <= (_read_number(people) or 0) <= MOST_PEOPLE else "people"
