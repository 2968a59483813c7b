"""Guesses what the columns of a table contain: the address, the units, or something else.

HR sees each guess, and can change each guess.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from fitquiz.core.groups.unit_lists import MAX_LEVELS
from fitquiz.core.mail.pasted_addresses import find_typed_addresses
from fitquiz.core.name_spelling import fold_name
from fitquiz.core.people_lists import column_words
from fitquiz.core.people_lists.tables import TableRow

SEPARATORS = (">", "\\", "|", "/")
"""The characters that can separate the levels of a unit in one cell."""

_MAX_ROWS_ABOVE = 10
"""The heading is looked for in this number of rows above the first address."""
_MANY_ROWS = 20
_LETTERS = str.maketrans({"æ": "a", "ø": "o", "å": "a", "ö": "o", "ä": "a", "é": "e"})


@dataclass(frozen=True, slots=True)
class Layout:
    """What the rows and columns of a table contain. The first column is 0.

    - `heading_line`: the line of the heading. 0 means that there is no heading. The lines above the
      heading are left out.
    - `address_column`: the column with the address. None means that each line can contain several
      addresses, and no units.
    - `unit_columns`: the columns with units, the largest unit first.
    - `separator`: the character that separates levels in one cell. An empty text means none.
    - `fills_blanks`: whether an empty cell means the same unit as the line above.
    """

    heading_line: int
    address_column: int | None
    unit_columns: tuple[int, ...] = ()
    separator: str = ""
    fills_blanks: bool = False


@dataclass(frozen=True, slots=True)
class _Column:
    """The heading and the cells of a column. `role` is what the heading means."""

    number: int
    heading: str
    cells: tuple[str, ...]

    @property
    def role(self) -> str:
        return column_words.say_role(self.heading)

    @property
    def filled(self) -> list[str]:
        return [cell for cell in self.cells if cell]

    @property
    def distinct(self) -> int:
        folded = {fold_name(cell) for cell in self.filled}
        return len(folded)


def guess_layout(
    rows: Sequence[TableRow],
    unit_labels: Collection[str] = (),
    has_heading: bool | None = None,
) -> Layout:
    """Return a guess of what a table contains.

    `unit_labels` contains the labels of the campaign's units. If `has_heading` is None, the
    function also guesses whether there is a heading.
    """
    heading = _find_heading(rows, has_heading)
    body = [row for row in rows if heading is None or row.line > heading.line]
    heading_line = heading.line if heading else 0
    columns = _list_columns(heading, body)
    address = _find_address_column(columns, body, heading)
    if address is None:
        return Layout(heading_line, None)

    units = _find_unit_columns(columns, address, unit_labels)
    unit_numbers = tuple(column.number for column in units)
    return Layout(
        heading_line=heading_line,
        address_column=address.number,
        unit_columns=unit_numbers,
        separator=guess_separator(body, unit_numbers),
        fills_blanks=guess_blanks(body, unit_numbers),
    )


def count_columns(rows: Sequence[TableRow]) -> int:
    """Return the number of columns of a table."""
    lengths = [len(row.cells) for row in rows]
    return max(lengths, default=0)


def guess_separator(rows: Sequence[TableRow], unit_columns: Sequence[int]) -> str:
    """Return the character that separates the levels in the only column with units."""
    if len(unit_columns) != 1:
        return ""
    [number] = unit_columns
    cells = (row.read_cell(number) for row in rows)
    filled = [cell for cell in cells if cell]
    for separator in SEPARATORS:
        count = sum(separator in cell for cell in filled)
        # No label can contain the first separator. The others can be a part of a name.
        if count and (separator == SEPARATORS[0] or count * 2 >= len(filled)):
            return separator
    return ""


def guess_blanks(rows: Sequence[TableRow], unit_columns: Sequence[int]) -> bool:
    """Return whether an empty cell seems to mean the same unit as the line above.

    In a spreadsheet with merged cells, only the first line of each unit contains its label.
    """
    if not unit_columns or not rows:
        return False
    cells = [row.read_cell(unit_columns[0]) for row in rows]
    filled = [fold_name(cell) for cell in cells if cell]
    is_each_once = len(set(filled)) == len(filled)
    has_many_blanks = len(filled) * 2 <= len(cells)
    return bool(cells[0]) and is_each_once and has_many_blanks


def _find_heading(
    rows: Sequence[TableRow], has_heading: bool | None
) -> TableRow | None:
    if has_heading is False or not rows:
        return None
    above = []
    for row in rows[: _MAX_ROWS_ABOVE + 1]:
        if find_typed_addresses(row.text):
            break
        above.append(row)
    if has_heading:
        return above[-1] if above else rows[0]
    if not above or len(above) == len(rows) or len(above) > _MAX_ROWS_ABOVE:
        return None

    last = above[-1]
    has_word = any(column_words.is_heading_word(cell) for cell in last.cells)
    filled = [cell for cell in last.cells if cell]
    return last if has_word or len(filled) > 1 else None


def _list_columns(heading: TableRow | None, body: Sequence[TableRow]) -> list[_Column]:
    columns = []
    for number in range(count_columns(body)):
        title = heading.read_cell(number) if heading else ""
        cells = tuple(row.read_cell(number) for row in body)
        columns.append(_Column(number, title, cells))
    return columns


def _find_address_column(
    columns: Sequence[_Column], body: Sequence[TableRow], heading: TableRow | None
) -> _Column | None:
    """Return the column with the addresses. Return None for a list from a mail program."""
    found = {}
    for column in columns:
        counts = []
        for cell in column.cells:
            typed = find_typed_addresses(cell)
            counts.append(len(typed))
        found[column.number] = counts
    candidates = [column for column in columns if any(found[column.number])]
    if not candidates:
        return None
    if heading is None and _is_mail_list(body, candidates, found):
        return None

    def rate(column: _Column) -> tuple[bool, bool, int, int]:
        return (
            not column_words.is_second_choice(column.heading),
            column.role == column_words.ADDRESS,
            sum(map(bool, found[column.number])),
            -column.number,
        )

    return max(candidates, key=rate)


def _is_mail_list(
    body: Sequence[TableRow],
    candidates: Sequence[_Column],
    found: dict[int, list[int]],
) -> bool:
    """Return whether a line contains several addresses, and the table has no fixed columns."""
    numbers = [column.number for column in candidates]
    if any(count > 1 for number in numbers for count in found[number]):
        return True
    per_row = [sum(found[number][at] for number in numbers) for at in range(len(body))]
    has_several = max(per_row) > 1
    is_regular = len(body) > 2 and all(all(found[number]) for number in numbers)
    return has_several and not is_regular


def _find_unit_columns(
    columns: Sequence[_Column], address: _Column, unit_labels: Collection[str]
) -> list[_Column]:
    """Return the columns with units, the largest unit first."""
    locals_ = [cell.partition("@")[0] for cell in address.cells]
    folded_locals = [_fold_letters(each) for each in locals_]
    others = [each for each in columns if each is not address and each.filled]
    units = [each for each in others if each.role == column_words.UNIT]
    if not units:
        units = [each for each in others if each.role == column_words.PLACE]
    if not units:
        known = {fold_name(label) for label in unit_labels}
        unknown = [each for each in others if each.role == column_words.UNKNOWN]
        units = [
            each
            for each in unknown
            if _looks_like_units(each, address, folded_locals, known)
        ]

    def rate(column: _Column) -> tuple[int, int, int]:
        level = column_words.find_level(column.heading)
        return level, column.distinct, column.number

    return sorted(units, key=rate)[:MAX_LEVELS]


def _looks_like_units(
    column: _Column, address: _Column, locals_: Sequence[str], known: Collection[str]
) -> bool:
    """Return whether the cells of a column without a known heading look like units."""
    filled = column.filled
    if any(find_typed_addresses(cell) for cell in filled):
        return False
    labels = [fold_name(_last_label(cell)) for cell in filled]
    if sum(label in known for label in labels) * 2 >= len(labels):
        return True
    if sum(_is_number(cell) for cell in filled) * 2 >= len(filled):
        return False
    pairs = list(zip(column.cells, locals_, strict=True))
    if sum(_is_name_of(cell, local) for cell, local in pairs) * 2 >= len(filled):
        return False
    if column.distinct * 2 <= len(filled):
        return True
    return column.number > address.number and len(filled) <= _MANY_ROWS


def _last_label(cell: str) -> str:
    label = cell.rpartition(SEPARATORS[0])[2]
    return label.strip()


def _is_number(cell: str) -> bool:
    digits = sum(each.isdigit() for each in cell)
    return digits * 2 >= len(cell)


def _is_name_of(cell: str, local: str) -> bool:
    """Return whether a part of the name stands in the address, for example `kari` in `kari.n`."""
    parts = _fold_letters(cell).replace(",", " ").split()
    return any(len(part) > 2 and part in local for part in parts)


def _fold_letters(text: str) -> str:
    folded = text.casefold().translate(_LETTERS)
    return folded.replace("aa", "a").replace("oe", "o").replace("ae", "a")
