"""The forms of invitations. They check shape; what is wrong is a key, which templates put into words."""

from collections.abc import Mapping

from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.validators import DataRequired, InputRequired

from fitquiz.web.site.form_fields import Lines, Number, is_within
from fitquiz.web.site.forms import MakingForm

MOST_AT_ONCE, MOST_INVITATIONS = 5000, 20000


class MakeInvitationsForm(MakingForm):
    """So many personal invitations for one unit, or for the whole."""

    unit = SelectField(coerce=int, default=0)
    number = Number(validators=[InputRequired("required"), is_within(1, MOST_AT_ONCE)])

    def offer(self, units: Mapping[int | None, str]) -> None:
        """Set the units that there are to choose from."""
        self.unit.choices = [(unit_id or 0, name) for unit_id, name in units.items()]

    @property
    def wanted(self) -> tuple[int | None, int]:
        """The unit, None for the whole, and the number."""
        return self.unit.data or None, self.number.data or 0


class RevokeForm(FlaskForm):
    """Links or short codes of personal invitations, one a line."""

    named = Lines(validators=[DataRequired("required")])

    @property
    def lines(self) -> list[str]:
        """The lines that are not empty."""
        return [line.strip() for line in (self.named.data or "").splitlines() if line.strip()]
