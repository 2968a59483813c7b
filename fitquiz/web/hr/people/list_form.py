"""The form for a list of people, with HR's choices of what its columns contain.

The form checks input without the database. Each error is a key, such as `required`. The templates
contain the text for each key.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from wtforms import BooleanField, Field, StringField
from wtforms.validators import ValidationError

from fitquiz.core.groups.unit_lists import MAX_LEVELS, Path
from fitquiz.core.people_lists.layouts import (
    SEPARATORS,
    Layout,
    count_columns,
    guess_layout,
)
from fitquiz.core.people_lists.people import PeopleList, read_people
from fitquiz.web.forms.forms import MakingForm
from fitquiz.web.hr.people.list_fields import ListFields

ALL_ADDRESSES = "all"
"""The choice that each line can contain several addresses."""
YES = "yes"
NO = "no"


@dataclass(frozen=True, slots=True)
class ColumnName:
    """The number of a column, its heading if there is one, and its first cell."""

    number: int
    heading: str
    example: str


class ListForm(ListFields, MakingForm):
    """A list of people, and what its columns contain.

    The form guesses what the columns contain, until the page has shown the guesses. `shown` contains
    what the page has shown.
    """

    heading = StringField()
    address_column = StringField()
    unit_column_1 = StringField()
    unit_column_2 = StringField()
    unit_column_3 = StringField()
    separator = StringField()
    blanks = StringField()
    leave_out = BooleanField()
    shown = StringField()
    sheet = StringField()

    layout: Layout = Layout(0, None)
    found: PeopleList = PeopleList((), (), (), 0, ())
    known_units: Sequence[Path] = ()
    can_add_units: bool = False

    def offer_units(self, known_units: Sequence[Path], can_add_units: bool) -> None:
        """Store the units of the campaign, and whether the list can add units."""
        self.known_units = known_units
        self.can_add_units = can_add_units

    def validate_addresses(self, field: Field) -> None:
        """Read the list. Raise ValidationError if there is no list, or no address in the list."""
        if not self.has_list and not self._file_fault:
            raise ValidationError("required")
        super().validate_addresses(field)
        self.sheet.data = self.sheet_read or self.sheet.data
        self.layout = self._choose_layout()
        self.found = read_people(
            self.rows,
            self.layout,
            self.known_units,
            self.can_add_units,
        )

    @property
    def layout_name(self) -> str:
        """A short text that differs for each layout."""
        return repr(self.layout)

    @property
    def is_changed(self) -> bool:
        """Whether HR has changed a choice since the page has shown the choices."""
        shown_layout = self.shown.data
        if not shown_layout:
            return False
        return shown_layout != self.layout_name

    @property
    def has_open_fault(self) -> bool:
        """Whether there is a fault, and HR has not chosen to leave its line out."""
        if self.found.has_whole_fault:
            return True
        if self.leave_out.data:
            return False
        return bool(self.found.faults)

    @property
    def without_unit(self) -> int:
        """The number of people without a unit."""
        people = self.found.people
        without = [person for person in people if not person.path]
        return len(without)

    @property
    def columns(self) -> list[ColumnName]:
        """All columns of the list."""
        names = []
        rows = {row.line: row for row in self.rows}
        heading = rows.get(self.layout.heading_line)
        body = [row for row in self.rows if row.line > self.layout.heading_line]
        for number in range(count_columns(self.rows)):
            cells = [row.read_cell(number) for row in body]
            example = next((cell for cell in cells if cell), "")
            title = heading.read_cell(number) if heading else ""
            names.append(ColumnName(number, title, example))
        return names

    @property
    def address_name(self) -> ColumnName | None:
        """The column with the address, or None if an address can stand anywhere in a line."""
        number = self.layout.address_column
        return None if number is None else self.columns[number]

    @property
    def unit_names(self) -> list[ColumnName]:
        """The columns with units, the largest unit first."""
        columns = self.columns
        return [columns[number] for number in self.layout.unit_columns]

    @property
    def left_out(self) -> list[ColumnName]:
        """The columns that are not read, for example the names of the people."""
        if self.layout.address_column is None:
            return []
        used = {self.layout.address_column, *self.layout.unit_columns}
        unused = [each for each in self.columns if each.number not in used]
        return [each for each in unused if each.example]

    def _choose_layout(self) -> Layout:
        """Return a guess for a new list. Otherwise, return what HR has chosen."""
        has_heading = {YES: True, NO: False}.get(self.heading.data or "")
        labels = [path[-1] for path in self.known_units]
        guess = guess_layout(self.rows, labels, has_heading)
        if not self.shown.data:
            return guess
        width = count_columns(self.rows)
        chosen_address = self.address_column.data
        address = _read_number(chosen_address, width)
        if chosen_address == ALL_ADDRESSES:
            return Layout(guess.heading_line, None)
        if address is None:
            return guess

        chosen = [
            self[f"unit_column_{level}"].data for level in range(1, MAX_LEVELS + 1)
        ]
        units: list[int] = []
        for text in chosen:
            number = _read_number(text, width)
            if number is not None and number not in (address, *units):
                units.append(number)
        separator = self.separator.data or ""
        return Layout(
            heading_line=guess.heading_line,
            address_column=address,
            unit_columns=tuple(units),
            separator=separator if separator in SEPARATORS and len(units) == 1 else "",
            fills_blanks=self.blanks.data == YES,
        )


def _read_number(text: str | None, width: int) -> int | None:
    """Return the number of a column, or None."""
    numbers = {str(number): number for number in range(width)}
    return numbers.get(text or "")
