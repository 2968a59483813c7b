"""The forms of counsellors' links. They check shape; what is wrong is a key, which templates put into words."""

from datetime import date, timedelta
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, RadioField, SelectField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from fitquiz.core.languages import LANGUAGES
from fitquiz.core.names import is_printable_name
from fitquiz.web.site.form_fields import REQUIRED, Day, Lines, Name, Number, is_within
from fitquiz.web.site.forms import MakingForm, offer_values

USUAL_DAYS, MOST_DAYS, MOST_USES = 90, 730, 1000


class LinkForm(FlaskForm):
    """What a counsellor chooses of a link. A form is told what day it is, and how many have started already."""

    name = Name(validators=[DataRequired("required"), Length(max=120, message="too-long")])
    note = Lines(default="", validators=[Length(max=1000, message="too-long")])
    language = RadioField(choices=offer_values(LANGUAGES), validators=[InputRequired("choose-one")])
    uses = Number(default=1, validators=[REQUIRED, is_within(1, MOST_USES)])
    expires_on = Day(validators=[REQUIRED])

    def __init__(self, today: date, started: int = 0, **known: Any) -> None:
        self.today, self.started = today, started
        super().__init__(**{"expires_on": today + timedelta(USUAL_DAYS)} | known)

    def validate_note(self, field: Field) -> None:
        """Refuse control characters; ends of lines are none."""
        if not is_printable_name("".join((field.data or "").split())):
            raise ValidationError("forbidden-character")

    def validate_uses(self, field: Field) -> None:
        """Uses that are taken stay taken."""
        if field.data is not None and field.data < self.started:
            raise ValidationError("fewer-than-started")

    def validate_expires_on(self, field: Field) -> None:
        """The last day is from today on, unless it was past before, and within two years."""
        if field.data is None:
            return  # Which is a fault of its own.
        if field.data < self.today and field.data != field.object_data:
            raise ValidationError("in-the-past")
        if field.data > self.today + timedelta(MOST_DAYS):
            raise ValidationError("too-late")

    def read(self) -> dict[str, Any]:
        """Return the fields of a link that the form asks for."""
        return {
            name: self[name].data for name in ("name", "note", "language", "uses", "expires_on")
        }


class NewLinkForm(MakingForm, LinkForm):
    """A new link, with its pack."""

    pack_id = SelectField(validators=[REQUIRED])

    def read(self) -> dict[str, Any]:
        """Return the fields of a link that the form asks for."""
        return super().read() | {"pack_id": self.pack_id.data}

    @property
    def link_seed(self) -> bytes:
        """What the link's token and code are made of; the same form makes the same ones."""
        return bytes.fromhex(self.fingerprint)[:16]
