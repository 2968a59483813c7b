"""Reads the people of a table: each person's address and unit, and each fault with its line."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from fitquiz.core.groups.unit_lists import (
    MAX_UNITS,
    Path,
    UnitDraft,
    find_fault_of_path,
    write_label,
)
from fitquiz.core.mail.pasted_addresses import (
    MAX_ADDRESSES,
    find_fault_of_address,
    find_typed_addresses,
    tidy_address,
)
from fitquiz.core.name_spelling import fold_name, tidy_name
from fitquiz.core.people_lists.layouts import Layout
from fitquiz.core.people_lists.tables import TableRow

_MAX_FAULT_TEXT = 120
WHOLE_LIST_KEYS = frozenset({"too-many", "too-many-units"})
"""The faults of a whole list. A line that is left out does not remove such a fault."""


class HasPath(Protocol):
    """A person with the path of a unit."""

    @property
    def path(self) -> Path:
        """The path of the person's unit. An empty path means the whole campaign."""


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """The address and the unit of a person. An empty path means that the list names no unit."""

    line: int
    address: str
    path: Path = ()


@dataclass(frozen=True, slots=True)
class ListFault:
    """A fault in a line. A fault of the whole list has `line` 0.

    `key` names the kind of fault. `text` contains the part of the line that is wrong.
    """

    line: int
    key: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class PeopleList:
    """What a list contains.

    - `units`: the units of the people and all units above, each unit before the units below.
      `people` of a unit is the number of people in the list, including the units below.
    - `duplicates`: the number of addresses that an earlier line contains too.
    - `lines_above`: the lines above the heading, which are left out.
    """

    people: tuple[ListedPerson, ...]
    units: tuple[UnitDraft, ...]
    faults: tuple[ListFault, ...]
    duplicates: int
    lines_above: tuple[int, ...]

    @property
    def has_whole_fault(self) -> bool:
        """Whether there is a fault that no left out line removes."""
        keys = {fault.key for fault in self.faults}
        return not keys.isdisjoint(WHOLE_LIST_KEYS)


class _Units:
    """Finds the unit of a line among the units of the campaign and of earlier lines."""

    def __init__(self, known: Sequence[Path], may_add: bool) -> None:
        self._known = known
        self._may_add = may_add
        self._spellings: dict[Path, Path] = {}
        labels = Counter(fold_name(path[-1]) for path in known)
        self._by_last_label = {}
        for path in known:
            last_label = fold_name(path[-1])
            self._spellings[_fold(path)] = path
            if labels[last_label] == 1:
                self._by_last_label[last_label] = path

    def find(self, path: Path) -> Path | str:
        """Return the path in its first spelling, or the key of a fault."""
        if not path:
            return ()
        folded = _fold(path)
        if folded in self._spellings:
            return self._spellings[folded]
        if len(path) == 1 and folded[0] in self._by_last_label:
            return self._by_last_label[folded[0]]
        if not self._may_add:
            return "unknown-unit" if self._known else ()
        fault = find_fault_of_path(path)
        if fault is not None:
            return fault
        return self._add(path, folded)

    def _add(self, path: Path, folded: Path) -> Path:
        above: Path = ()
        for depth, label in enumerate(path, 1):
            above = self._spellings.setdefault(folded[:depth], (*above, label))
        return above


def read_people(
    rows: Sequence[TableRow],
    layout: Layout,
    known_units: Sequence[Path] = (),
    may_add_units: bool = True,
) -> PeopleList:
    """Return the people of a table, and all faults.

    `known_units` contains the units of the campaign. If `may_add_units` is false, a person's unit
    must be one of them. If there are none then, units in the list are ignored.

    Addresses that differ only in case are equal.
    """
    body = [row for row in rows if row.line > layout.heading_line]
    above = [row.line for row in rows if row.line < layout.heading_line]
    units = _Units(known_units, may_add_units)
    found: dict[str, ListedPerson] = {}
    faults: list[ListFault] = []
    duplicates = 0

    for read in _read_rows(body, layout, units):
        if isinstance(read, ListFault):
            faults.append(read)
            continue
        first = found.setdefault(read.address.lower(), read)
        if first is read:
            continue
        if first.path == read.path:
            duplicates += 1
        else:
            faults.append(ListFault(read.line, "two-units", read.address))

    people = tuple(found.values())
    drafts = count_units(people)
    if len(drafts) > MAX_UNITS:
        faults.insert(0, ListFault(0, "too-many-units"))
    if len(people) > MAX_ADDRESSES:
        faults.insert(0, ListFault(0, "too-many"))
    return PeopleList(people, drafts, tuple(faults), duplicates, tuple(above))


def has_addresses(rows: Sequence[TableRow]) -> bool:
    """Return whether a table contains anything that looks like an address."""
    return any(find_typed_addresses(row.text) for row in rows)


def count_units(people: Iterable[HasPath]) -> tuple[UnitDraft, ...]:
    """Return the units of the people and all units above, in the order of a tree.

    `people` of each unit is the number of people in the unit and in the units below.
    """
    counts: Counter[Path] = Counter()
    for person in people:
        for depth in range(1, len(person.path) + 1):
            counts[person.path[:depth]] += 1
    places = {path: place for place, path in enumerate(counts)}

    def find_place(path: Path) -> list[int]:
        place = []
        for depth in range(1, len(path) + 1):
            upper_path = path[:depth]
            place.append(places[upper_path])
        return place

    ordered = sorted(counts, key=find_place)
    return tuple(UnitDraft(path, counts[path]) for path in ordered)


def _read_rows(
    rows: Sequence[TableRow], layout: Layout, units: _Units
) -> Iterator[ListedPerson | ListFault]:
    column = layout.address_column
    if column is None:
        for row in rows:
            yield from _read_all_addresses(row)
        return
    above: list[str] = []
    for row in rows:
        labels = [row.read_cell(number) for number in layout.unit_columns]
        if layout.fills_blanks:
            labels = above = _fill_blanks(labels, above)
        yield _read_person(row, column, labels, layout.separator, units)


def _read_all_addresses(row: TableRow) -> Iterator[ListedPerson | ListFault]:
    typed = find_typed_addresses(row.text)
    if not typed:
        yield _make_fault(row, "no-address", row.text)
    for each in typed:
        address = tidy_address(tidy_name(each))
        if address is None:
            yield _make_fault(row, find_fault_of_address(each), each)
        else:
            yield ListedPerson(row.line, address)


def _read_person(
    row: TableRow, column: int, labels: Sequence[str], separator: str, units: _Units
) -> ListedPerson | ListFault:
    cell = row.read_cell(column)
    typed = find_typed_addresses(cell)
    if not typed:
        filled = [each for each in row.cells if each]
        return _make_fault(row, "no-address", cell or ", ".join(filled))
    if len(typed) > 1:
        return _make_fault(row, "two-addresses", cell)
    address = tidy_address(typed[0])
    if address is None:
        return _make_fault(row, find_fault_of_address(typed[0]), cell)

    path = _read_path(labels, separator)
    if path is None:
        return _make_fault(row, "no-unit-above", ", ".join(filter(None, labels)))
    unit = units.find(path)
    if isinstance(unit, str):
        return _make_fault(row, unit, write_label(path))
    return ListedPerson(row.line, address, unit)


def _read_path(labels: Sequence[str], separator: str) -> Path | None:
    """Return the path that the cells name. Return None if an upper unit is missing.

    HR systems repeat the label of a unit that has no lower units, for example `IT` and `IT`.
    """
    parts = list(labels)
    if separator and len(parts) == 1:
        parts = [part.strip() for part in parts[0].split(separator)]
    while parts and not parts[-1]:
        parts.pop()
    if not all(parts):
        return None
    path: list[str] = []
    for part in parts:
        if not path or fold_name(part) != fold_name(path[-1]):
            path.append(part)
    return tuple(path)


def _fill_blanks(labels: list[str], above: list[str]) -> list[str]:
    """Return the labels, with the labels of the line above in the empty cells at the beginning."""
    filled = list(labels)
    for at, label in enumerate(above[: len(labels)]):
        if labels[at]:
            break
        filled[at] = label
    return filled


def _make_fault(row: TableRow, key: str, text: str) -> ListFault:
    tidy_text = tidy_name(text)
    return ListFault(row.line, key, tidy_text[:_MAX_FAULT_TEXT])


def _fold(path: Path) -> Path:
    return tuple(fold_name(label) for label in path)
