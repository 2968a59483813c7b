"""The forms for invitations.

The forms check input without the database. Each error is a key, such as `required`. The templates
contain the text for each key.
"""

from collections.abc import Mapping

from wtforms import SelectField
from wtforms.validators import DataRequired, InputRequired

from fitquiz.web.forms.form_fields import Lines, Number, is_within
from fitquiz.web.forms.forms import MakingForm, StaffForm

MAX_AT_ONCE = 5000
MAX_INVITATIONS = 20000


class MakeInvitationsForm(MakingForm):
    """The number of personal invitations to make, and the unit of these invitations.

    If `unit` is 0, the invitations are for the whole campaign.
    """

    unit = SelectField(coerce=int, default=0)
    number = Number(validators=[InputRequired("required"), is_within(1, MAX_AT_ONCE)])

    def offer(self, units: Mapping[int | None, str]) -> None:
        """Offer `units` as choices. `units` maps the id of each unit to the label of the unit."""
        self.unit.choices = [(unit_id or 0, label) for unit_id, label in units.items()]

    @property
    def numbers(self) -> dict[int | None, int]:
        """The number of invitations to make, keyed by the unit's id.

        The key None means the whole campaign.
        """
        unit_id = self.unit.data or None
        return {unit_id: self.number.data or 0}


class RevokeForm(StaffForm):
    """The personal invitations to revoke.

    Each line of `named` contains the link or the short code of one invitation.
    """

    named = Lines(validators=[DataRequired("required")])

    @property
    def lines(self) -> list[str]:
        """The lines that contain text, without leading and trailing spaces."""
        lines = [line.strip() for line in (self.named.data or "").splitlines()]
        return [line for line in lines if line]
