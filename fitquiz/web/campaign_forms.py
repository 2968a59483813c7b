"""The forms of campaigns and invitations. They check shape; what is wrong is a key, which templates put into words."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from fitquiz.core.counting import make_plan, offered_statistics, write_plan
from fitquiz.core.languages import LANGUAGES
from fitquiz.core.packs import Pack
from fitquiz.core.sealing import AT_CLOSE, FEWEST, MONTHLY, SPLIT_FROM, WEEKLY

REQUIRED = InputRequired("required")
OPEN_LINK, PERSONAL = "open", "personal"
MOST_AT_ONCE, MOST_INVITATIONS = 5000, 20000


def _offer(values: Sequence[str]) -> list[SelectChoice]:
    return [SelectChoice(value, value) for value in values]


def _number(least: int, most: int) -> NumberRange:
    return NumberRange(least, most, message="out-of-range")


class Number(IntegerField):
    """A whole number, whose fault is a key."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed; digits of any script count, anything else is a fault."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("not-a-number") from None


class Day(DateField):
    """A date, whose fault is a key."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("not-a-date") from None


class CampaignForm(FlaskForm):
    """What may be changed as long as a campaign lasts."""

    title = StringField(validators=[REQUIRED, Length(max=120, message="too-long")])
    inviter = StringField(validators=[REQUIRED, Length(max=120, message="too-long")])
    languages = SelectMultipleField(choices=_offer(LANGUAGES), validators=[InputRequired("choose-one")])
    opens_on = Day(validators=[REQUIRED])
    closes_on = Day(validators=[REQUIRED])
    cap = Number(validators=[Optional(), _number(1, 10_000_000)])

    def check_days(self, today: date) -> bool:
        """Whether the days are in order; if not, the fault is noted at the last day."""
        opens_on, closes_on = self.opens_on.data or today, self.closes_on.data or today
        if closes_on < opens_on:
            self.closes_on.errors = ["before-opening"]
        elif closes_on < today:
            self.closes_on.errors = ["in-the-past"]
        return not self.closes_on.errors

    def read(self) -> dict[str, Any]:
        """Return the fields of a campaign that the form asks for."""
        return {
            "title": " ".join(str(self.title.data).split()),
            "inviter": " ".join(str(self.inviter.data).split()),
            "languages": tuple(each for each in LANGUAGES if each in (self.languages.data or ())),
            "opens_on": self.opens_on.data,
            "closes_on": self.closes_on.data,
            "cap": self.cap.data,
        }


class CountingForm(CampaignForm):
    """The same with all that freezes when the first response is counted."""

    statistics = SelectMultipleField(validators=[InputRequired("choose-one")])
    sealing = RadioField(
        choices=_offer((AT_CLOSE, WEEKLY, MONTHLY)), default=AT_CLOSE, validators=[InputRequired("choose-one")]
    )
    threshold = Number(default=FEWEST, validators=[REQUIRED, _number(FEWEST, 50)])
    split_from = Number(default=SPLIT_FROM, validators=[REQUIRED, _number(0, 1_000_000)])

    def offer(self, pack: Pack) -> None:
        """Set the statistics that there are to choose from."""
        self.statistics.choices = _offer([statistic.name for statistic in offered_statistics(pack)])

    def read(self) -> dict[str, Any]:
        """Return the fields of a campaign that the form asks for, the statistics with today's noise."""
        counting = {name: self[name].data for name in ("sealing", "threshold", "split_from")}
        return super().read() | counting | {"statistics": write_plan(make_plan(self.statistics.data or ()))}


class NewCampaignForm(CountingForm):
    """A new campaign, with its pack, its way of inviting and its units."""

    kind = RadioField(
        choices=_offer((OPEN_LINK, PERSONAL)), default=OPEN_LINK, validators=[InputRequired("choose-one")]
    )
    pack = SelectField(validators=[REQUIRED])
    units = TextAreaField()


class UnitsForm(FlaskForm):
    """The tree of units, as text."""

    units = TextAreaField()


class MakeInvitationsForm(FlaskForm):
    """So many personal invitations for one unit, or for the whole."""

    unit = SelectField(coerce=int, default=0)
    number = Number(validators=[REQUIRED, _number(1, MOST_AT_ONCE)])


class RevokeForm(FlaskForm):
    """Links or short codes of personal invitations, one a line."""

    named = TextAreaField(validators=[REQUIRED])


class CodeForm(FlaskForm):
    """A short code as somebody types it."""

    code = StringField(validators=[REQUIRED, Length(max=60, message="too-long")])
