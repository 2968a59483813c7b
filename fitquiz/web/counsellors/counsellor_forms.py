"""The forms of counsellors.

The forms check the input without the database. Each error is a key, such as `too-long`. The
templates contain the text for each key.
"""

from datetime import date, timedelta
from typing import Any

from wtforms import Field, IntegerField, RadioField, SelectField
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    ValidationError,
)

from fitquiz.core.languages import LANGUAGES
from fitquiz.core.name_spelling import is_printable_name
from fitquiz.store.attempts.counsellor_links import Link
from fitquiz.store.attempts.shares import ID_BITS
from fitquiz.store.engine.field_names import list_fields
from fitquiz.web.forms.form_fields import REQUIRED, Day, Lines, Name, Number, is_within
from fitquiz.web.forms.forms import MakingForm, StaffForm, offer_values, read_fields

DEFAULT_DAYS = 90
MAX_DAYS = 730
MAX_USES = 1000


class LinkForm(StaffForm):
    """The settings that a counsellor may change in a link.

    `started` is the number of people who have begun with the link. `uses` cannot be smaller than
    `started`. `expires_on` cannot be changed to a day before `today`.
    """

    name = Name(
        validators=[DataRequired("required"), Length(max=120, message="too-long")]
    )
    note = Lines(default="", validators=[Length(max=1000, message="text-too-long")])
    language = RadioField(
        choices=offer_values(LANGUAGES), validators=[InputRequired("choose-one")]
    )
    uses = Number(default=1, validators=[REQUIRED, is_within(1, MAX_USES)])
    expires_on = Day(validators=[REQUIRED])

    def __init__(self, today: date, started: int = 0, **values: Any) -> None:
        self.today = today
        self.started = started
        values.setdefault("expires_on", today + timedelta(DEFAULT_DAYS))
        super().__init__(**values)

    def validate_note(self, field: Field) -> None:
        """Refuse control characters. White space, for example a line break, is allowed."""
        text = "".join((field.data or "").split())
        if not is_printable_name(text):
            raise ValidationError("forbidden-character")

    def validate_uses(self, field: Field) -> None:
        """Refuse a number of uses that is smaller than `started`."""
        if field.data is not None and field.data < self.started:
            raise ValidationError("fewer-than-started")

    def validate_expires_on(self, field: Field) -> None:
        """Refuse a day that is more than MAX_DAYS days after today.

        Also refuse a day in the past if the day was changed.
        """
        if field.data is None:
            return  # Another validator reports the missing day.
        is_changed = field.data != field.object_data
        if field.data < self.today and is_changed:
            raise ValidationError("in-the-past")
        if field.data > self.today + timedelta(MAX_DAYS):
            raise ValidationError("too-late")

    def read(self) -> dict[str, Any]:
        """Return the values of the fields that `Link` also has, by name."""
        return read_fields(self, list_fields(Link))


class NewLinkForm(MakingForm, LinkForm):
    """The form that creates a link. The counsellor also chooses the pack of the link."""

    pack_id = SelectField(validators=[REQUIRED])


class CompareForm(StaffForm):
    """The form that chooses another share for a comparison. `other` is the id of the share."""

    other = IntegerField(validators=[InputRequired(), NumberRange(0, 2**ID_BITS)])
