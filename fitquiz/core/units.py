"""A group's units as a tree, at most three deep: read from what somebody pastes, with every fault at once.

One unit a line: `Sales > Oslo`, or indented under the unit above, or a column a level, as a spreadsheet copies it. A
last number tells how many people work there: `Sales > Oslo; 24`. Units that are only implied are added.
"""

import csv
import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

Path = tuple[str, ...]
"""Labels from the top down; () is the whole group."""

DEEPEST, MOST_UNITS, LONGEST_LABEL, MOST_PEOPLE = 3, 1000, 80, 1_000_000
_PEOPLE = re.compile(r"-?\d+\Z")


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


def parse_units(text: str) -> tuple[tuple[UnitDraft, ...], tuple[UnitFault, ...]]:
    """Return the units of a text, in its order, and all faults. With a fault the units are not to be used.

    Names that differ only in case or in what cannot be seen are the same name; the first spelling stands.
    """
    units: dict[Path, UnitDraft] = {}
    spellings: dict[Path, Path] = {}
    named: set[Path] = set()
    faults: list[UnitFault] = []
    for line, cells in _read_rows(text):
        path, people = _split_people(cells)
        folded = tuple(label.casefold() for label in path)
        fault = _find_fault(path, people) or ("duplicate" if folded in named else None)
        if fault:
            faults.append(UnitFault(line, fault, write_label(path)))
            continue
        named.add(folded)
        for depth in range(1, len(path) + 1):
            above = spellings.get(folded[: depth - 1], ())
            spelt = spellings.setdefault(folded[:depth], (*above, path[depth - 1]))
            units.setdefault(spelt, UnitDraft(spelt))
        units[spellings[folded]] = UnitDraft(spellings[folded], people)
    if len(units) > MOST_UNITS:
        faults.insert(0, UnitFault(0, "too-many", str(len(units))))
    return tuple(units.values()), tuple(faults)


def write_units(units: Sequence[UnitDraft]) -> str:
    """Return units as text that `parse_units` reads, each with all its levels; one alone ends with a `;`."""
    return "\n".join(f"{write_label(each.path)}{_write_people(each.people)}" for each in units)


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


def _write_people(people: int | None) -> str:
    return ";" if people is None else f"; {people}"


def _read_rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the number and the cells of each line that is not empty, levels first; the last may be a number."""
    lines = [(number, line.rstrip()) for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1)]
    lines = [(number, line) for number, line in lines if line.strip(" \t,;")]
    if any(">" in line for _, line in lines):
        yield from ((number, _read_path_line(line)) for number, line in lines)
    elif any(line[0] in " \t" and line.strip() for _, line in lines):
        yield from _read_indented(lines)
    else:
        yield from _read_columns(lines)


def _read_path_line(line: str) -> list[str]:
    levels, _, people = line.partition(";")
    return [*levels.split(">"), *([people] if people.strip() else [])]


def _read_indented(lines: list[tuple[int, str]]) -> Iterator[tuple[int, list[str]]]:
    above: list[tuple[int, str]] = []
    for number, line in lines:
        label, _, people = line.partition(";")
        width = len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip())
        above = [each for each in above if each[0] < width] + [(width, label)]
        yield number, [*(label for _, label in above), *([people] if people.strip() else [])]


def _read_columns(lines: list[tuple[int, str]]) -> Iterator[tuple[int, list[str]]]:
    """Where the first cells of a row are empty, as merged cells are, those of the row above hold."""
    delimiter = next((each for each in "\t;," if any(each in line for _, line in lines)), ",")
    above: list[str] = []
    for number, line in lines:
        (cells,) = csv.reader([line], delimiter=delimiter, skipinitialspace=True)
        while cells and not cells[-1].strip():
            cells.pop()
        empty = next((at for at, cell in enumerate(cells) if cell.strip()), 0)
        above = [*above[:empty], *cells[len(above[:empty]) :]]
        yield number, above


def _split_people(cells: Sequence[str]) -> tuple[Path, int | None]:
    labels = [_tidy(cell) for cell in cells]
    if len(labels) > 1 and _PEOPLE.match(labels[-1]):
        return tuple(labels[:-1]), int(labels[-1]) if len(labels[-1]) < 20 else MOST_PEOPLE + 1
    return tuple(labels), None


def _tidy(label: str) -> str:
    """Without what cannot be seen, and with single spaces."""
    seen = "".join(each for each in unicodedata.normalize("NFC", label) if unicodedata.category(each) != "Cf")
    return " ".join(seen.split())


def _find_fault(path: Path, people: int | None) -> str | None:
    if not all(path):
        return "empty"
    if len(path) > DEEPEST:
        return "too-deep"
    if any(len(label) > LONGEST_LABEL for label in path):
        return "too-long"
    if any(unicodedata.category(each) in ("Cc", "Cs", "Co") or each in ">;" for label in path for each in label):
        return "forbidden"
    if len({label.casefold() for label in path}) < len(path):
        return "inside-itself"
    return "people" if people is not None and not 0 <= people <= MOST_PEOPLE else None
