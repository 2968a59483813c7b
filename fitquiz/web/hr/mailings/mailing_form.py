"""The form for a mailing.

The form checks input without the database. Each error is a key, such as `required`. The templates
contain the text for each key.
"""

from datetime import date, timedelta

from wtforms import Field
from wtforms.validators import Length, Optional, ValidationError

from fitquiz.store.campaigns.campaigns import Campaign
from fitquiz.web.forms.form_fields import Day, Lines
from fitquiz.web.hr.people.list_form import ListForm

MAX_OWN_WORDS = 1000
_FIRST_AFTER = timedelta(days=7)
_SECOND_BEFORE_END = timedelta(days=2)
_BETWEEN = timedelta(days=3)
"""The smallest distance between two suggested reminders."""


class MailingForm(ListForm):
    """A list of people, a paragraph by HR, and the days of the reminders."""

    own_words = Lines(validators=[Length(max=MAX_OWN_WORDS, message="text-too-long")])
    first_reminder_on = Day(validators=[Optional()])
    second_reminder_on = Day(validators=[Optional()])

    def offer_days(self, campaign: Campaign, today: date) -> None:
        """Store the campaign's days, with which the form is checked."""
        self.starts_on = max(today, campaign.opens_on)
        self.closes_on = campaign.closes_on

    @property
    def reminder_days(self) -> tuple[date, ...]:
        """The days of the reminders, the first reminder first."""
        fields = (self.first_reminder_on, self.second_reminder_on)
        days = [field.data for field in fields]
        return tuple(day for day in days if day)

    def validate_first_reminder_on(self, field: Field) -> None:
        """Raise ValidationError if the reminder is outside the campaign."""
        self._check_reminder(field.data)

    def validate_second_reminder_on(self, field: Field) -> None:
        """Raise ValidationError if the day is wrong, or if there is no earlier first reminder."""
        self._check_reminder(field.data)
        first = self.first_reminder_on.data
        second = field.data
        if second is None:
            return
        if first is None or second <= first:
            raise ValidationError("reminder-order")

    def _check_reminder(self, day: date | None) -> None:
        if day is None:
            return
        is_inside = self.starts_on < day <= self.closes_on
        if not is_inside:
            raise ValidationError("reminder-outside")


def suggest_reminders(campaign: Campaign, today: date) -> dict[str, date | None]:
    """Return the days of reminders that a new form contains."""
    first = max(today, campaign.opens_on) + _FIRST_AFTER
    second = campaign.closes_on - _SECOND_BEFORE_END
    return {
        "first_reminder_on": first if first <= campaign.closes_on else None,
        "second_reminder_on": second if second >= first + _BETWEEN else None,
    }
