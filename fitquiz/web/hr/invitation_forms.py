"""The forms of invitations. They check shape; an error is a key, which templates put into words."""

from collections.abc import Mapping

from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.validators import DataRequired, InputRequired

from fitquiz.web.site.form_fields import Lines, Number, is_within
from fitquiz.web.site.forms import MakingForm

MAX_AT_ONCE = 5000
MAX_INVITATIONS = 20000


class MakeInvitationsForm(MakingForm):
    """A number of personal invitations for one unit, or for the whole campaign (0)."""

    unit = SelectField(coerce=int, default=0)
    number = Number(validators=[InputRequired("required"), is_within(1, MAX_AT_ONCE)])

    def offer(self, units: Mapping[int | None, str]) -> None:
        """Offer these units, which are labels by id."""
        self.unit.choices = [(unit_id or 0, label) for unit_id, label in units.items()]

    @property
    def numbers(self) -> dict[int | None, int]:
        """The wanted number of invitations by unit. None stands for the whole campaign."""
        unit_id = self.unit.data or None
        return {unit_id: self.number.data or 0}


class RevokeForm(FlaskForm):
    """Links or short codes of personal invitations, one on each line."""

    named = Lines(validators=[DataRequired("required")])

    @property
    def lines(self) -> list[str]:
        """The lines that are not empty, without spaces around them."""
        lines = [line.strip() for line in (self.named.data or "").splitlines()]
        return [line for line in lines if line]
