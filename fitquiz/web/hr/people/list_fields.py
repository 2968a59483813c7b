"""The fields into which HR pastes or uploads a list of people."""

from typing import Any

from flask_wtf.file import FileField
from wtforms import Field, TextAreaField
from wtforms.validators import ValidationError

from fitquiz.core.mail.pasted_addresses import MAX_ADDRESSES
from fitquiz.core.people_lists.layouts import guess_layout
from fitquiz.core.people_lists.people import has_addresses, read_people
from fitquiz.core.people_lists.tables import MAX_ROWS, TableRow, parse_table
from fitquiz.web.forms.forms import StaffForm
from fitquiz.web.hr.people.uploads import UploadError, read_upload
from fitquiz.web.limits.form_limits import MAX_LIST_CHARACTERS

_UNPRINTABLE = dict.fromkeys(
    [*range(9), *range(11, 13), *range(14, 32), *range(127, 160)], "\ufffd"
)
_DIRECTIONS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
"""Characters that change the writing direction of the following text."""


class ListText(TextAreaField):
    """A field for a list as text. The list can be long, so each cell is checked later."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the text. Remove or replace characters that a page cannot show."""
        shown = [value.translate(_UNPRINTABLE | _DIRECTIONS) for value in valuelist]
        super().process_formdata(shown)


class ListFields(StaffForm):
    """A pasted list, or a file with a list. The text of a file replaces the pasted list.

    `rows` contains the rows of the list after the form was checked. `sheet` is the name of the
    sheet that the list comes from, if the file is a workbook.
    """

    addresses = ListText()
    file = FileField()
    rows: tuple[TableRow, ...] = ()
    sheet_read: str = ""
    _file_fault: str = ""

    @property
    def has_list(self) -> bool:
        """Whether HR has sent a list."""
        return bool((self.addresses.data or "").strip())

    def validate(self, *arguments: Any, **values: Any) -> bool:
        """Read the file, and check all fields."""
        self._take_file()
        return bool(super().validate(*arguments, **values))

    def validate_file(self, _field: Field) -> None:
        """Raise ValidationError if the file cannot be read."""
        if self._file_fault:
            raise ValidationError(self._file_fault)

    def validate_addresses(self, _field: Field) -> None:
        """Raise ValidationError if there is a list that contains no address."""
        if not self.has_list:
            return
        text = self.addresses.data or ""
        if len(text) > MAX_LIST_CHARACTERS:
            raise ValidationError("list-too-long")
        self.rows = parse_table(text)
        if not has_addresses(self.rows):
            raise ValidationError("no-addresses")
        self._check_size()

    def _check_size(self) -> None:
        """Raise ValidationError if there are too many rows or people. The error has their number."""
        if len(self.rows) > MAX_ROWS:
            raise ValidationError(f"too-many-lines:{len(self.rows)}")
        found = read_people(self.rows, guess_layout(self.rows))
        if len(found.people) > MAX_ADDRESSES:
            raise ValidationError(f"too-many-people:{len(found.people)}")

    def _take_file(self) -> None:
        file = self.file.data
        if not file:
            return
        try:
            uploaded = read_upload(file)
        except UploadError as error:
            self._file_fault = str(error)
            return
        self.addresses.data = uploaded.text
        self.sheet_read = uploaded.sheet
        if not self.has_list:
            self._file_fault = "no-addresses"
