"""Reads e-mail addresses, with or without units, from pasted text.

The text can come from a spreadsheet, a CSV file or a mail program. Examples of lines:

- `kari@example.org`
- `Kari Nordmann <kari@example.org>; Ola Nordmann <ola@example.org>`
- `kari@example.org; Sales > Oslo`
- a row of a spreadsheet with a name, an address and a unit

Text before an address is a display name, unless the text names a unit. Text after the only address
of a line must name a unit, if the campaign has units.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fitquiz.core.groups.unit_lists import Path, write_label
from fitquiz.core.name_spelling import fold_name, tidy_name

MAX_ADDRESSES = 10_000
MAX_LENGTH = 254
"""The largest number of characters of an address, from RFC 5321."""

_MAX_LOCAL_LENGTH = 64
_LINE_END = re.compile(r"\r\n|\r|\n")
_ADDRESS = re.compile(r"[^\s<>;,\"()\[\]]*@[^\s<>;,\"()\[\]]*")
_CELL_END = re.compile(r"[\t;,]")
_LOCAL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*\Z"
)
_DOMAIN_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\Z")
_HEADINGS = ("mail", "post", "address", "adresse")
"""A first line without an address is a heading if the line contains one of these words."""

UnitIds = Mapping[Path, int]
"""The ids of a campaign's units, by path."""


@dataclass(frozen=True, slots=True)
class PastedAddress:
    """An address from a pasted text. If `unit_id` is None, the address names no unit."""

    address: str
    unit_id: int | None = None


@dataclass(frozen=True, slots=True)
class AddressFault:
    """A fault in a line. The first line is 1. A fault of the whole text has `line` 0.

    `key` names the kind of fault. `text` contains the part of the line that is wrong.
    """

    line: int
    key: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class PastedList:
    """What a pasted text contains. The addresses are usable only if there are no faults.

    `duplicates` is the number of addresses that an earlier line contains too.
    """

    addresses: tuple[PastedAddress, ...]
    faults: tuple[AddressFault, ...]
    duplicates: int
    has_heading: bool


class _UnitNames:
    """Finds a unit by its label, its last label, or cells that contain one label each."""

    def __init__(self, unit_ids: UnitIds) -> None:
        self.has_units = bool(unit_ids)
        self._by_label: dict[str, int] = {}
        last_labels = Counter(_fold_label(path[-1]) for path in unit_ids)
        for path, unit_id in unit_ids.items():
            label = _fold_label(write_label(path))
            self._by_label[label] = unit_id
        for path, unit_id in unit_ids.items():
            last_label = _fold_label(path[-1])
            if last_labels[last_label] == 1:
                self._by_label.setdefault(last_label, unit_id)

    def find(self, cells: list[str]) -> int | None:
        """Return the id of the unit that `cells` name, or None."""
        for start in range(len(cells)):
            for end in range(len(cells), start, -1):
                label = _fold_label(" > ".join(cells[start:end]))
                if label in self._by_label:
                    return self._by_label[label]
        return None


def parse_addresses(text: str, unit_ids: UnitIds) -> PastedList:
    """Return the addresses of a text, in the order of the lines, and all faults.

    Addresses that differ only in case are equal.
    """
    units = _UnitNames(unit_ids)
    found: dict[str, PastedAddress] = {}
    faults: list[AddressFault] = []
    duplicates = 0
    has_heading = False

    for number, line in _read_lines(text):
        read = _read_line(number, line, units)
        if isinstance(read, AddressFault):
            if not found and not faults and _is_heading(read, line):
                has_heading = True
            else:
                faults.append(read)
            continue
        for each in read:
            known = found.setdefault(each.address.lower(), each)
            if known is each:
                continue
            duplicates += 1
            if known.unit_id != each.unit_id:
                faults.append(AddressFault(number, "two-units", each.address))

    if len(found) > MAX_ADDRESSES:
        faults.insert(0, AddressFault(0, "too-many"))
    return PastedList(tuple(found.values()), tuple(faults), duplicates, has_heading)


def tidy_address(typed: str) -> str | None:
    """Return an address as mail servers expect the address, or None if the address is not valid.

    A domain with letters such as `ø` becomes an ASCII domain.
    """
    bare = typed.strip(".'").removeprefix("mailto:")
    local, _, domain = bare.rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode().lower()
    except UnicodeError:
        return None
    labels = ascii_domain.split(".")
    is_domain = len(labels) > 1 and all(_DOMAIN_LABEL.match(label) for label in labels)
    is_local = len(local) <= _MAX_LOCAL_LENGTH and _LOCAL.match(local)
    address = f"{local}@{ascii_domain}"
    if not is_domain or not is_local or len(address) > MAX_LENGTH:
        return None
    return address


def _read_lines(text: str) -> Iterator[tuple[int, str]]:
    lines = _LINE_END.split(text.lstrip("\ufeff"))
    for number, line in enumerate(lines, 1):
        if tidy_name(line).strip(" ,;"):
            yield number, line


def _read_line(
    number: int, line: str, units: _UnitNames
) -> list[PastedAddress] | AddressFault:
    typed = _ADDRESS.findall(line)
    if not typed:
        return AddressFault(number, "no-address", tidy_name(line))

    addresses = []
    for each in typed:
        address = tidy_address(tidy_name(each))
        if address is None:
            return AddressFault(number, "bad-address", each)
        addresses.append(address)
    if len(addresses) > 1:
        return [PastedAddress(address) for address in addresses]

    before, _, after = line.partition(typed[0])
    before_cells = _split_cells(before)
    after_cells = _split_cells(after)
    unit_id = units.find(after_cells) or units.find(before_cells)
    if unit_id is None and units.has_units and after_cells:
        return AddressFault(number, "unknown-unit", tidy_name(after).strip(' ;,<>"'))
    return [PastedAddress(addresses[0], unit_id)]


def _split_cells(text: str) -> list[str]:
    cells = []
    for part in _CELL_END.split(text):
        cell = tidy_name(part).strip(' "<>()[]')
        if cell:
            cells.append(cell)
    return cells


def _is_heading(fault: AddressFault, line: str) -> bool:
    if fault.key != "no-address":
        return False
    folded = line.lower()
    return any(word in folded for word in _HEADINGS)


def _fold_label(label: str) -> str:
    parts = [tidy_name(part) for part in label.split(">")]
    joined = " > ".join(parts)
    return fold_name(joined)
