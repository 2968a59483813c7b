"""The forms of campaigns. They check shape; what is wrong is a key, which templates put into words."""

from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    Field,
    RadioField,
    SelectField,
    SelectMultipleField,
)
from wtforms.form import BaseForm
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    Optional,
    ValidationError,
)

from fitquiz.core.groups.counting import make_plan, offered_statistics, write_plan
from fitquiz.core.groups.sealing import AT_CLOSE, MIN_THRESHOLD, MONTHLY, SPLIT_FROM, WEEKLY
from fitquiz.core.groups.units import UnitDraft, UnitFault, parse_units
from fitquiz.core.languages import LANGUAGES
from fitquiz.core.packs import Pack
from fitquiz.web.site.form_fields import REQUIRED, Day, Lines, Name, Number, is_within
from fitquiz.web.site.forms import MakingForm, offer_values

OPEN_LINK, PERSONAL = "open", "personal"


class UnitTree(Lines):
    """Units as text, with what it was read as."""

    drafts: tuple[UnitDraft, ...] = ()
    faults: tuple[UnitFault, ...] = ()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed."""
        super().process_formdata(valuelist)
        self.drafts, self.faults = parse_units(self.data or "")

    def pre_validate(self, form: BaseForm) -> None:
        """Refuse a text with faults in it."""
        if self.faults:
            raise ValidationError("units")


class NamesForm(FlaskForm):
    """What may be changed even when a campaign is over. A form is told what day it is."""

    title = Name(validators=[DataRequired("required"), Length(max=120, message="too-long")])
    inviter = Name(validators=[DataRequired("required"), Length(max=120, message="too-long")])
    languages = SelectMultipleField(
        choices=offer_values(LANGUAGES), validators=[InputRequired("choose-one")]
    )

    def __init__(self, today: date, **known: Any) -> None:
        self.today = today
        super().__init__(**known)

    def read(self) -> dict[str, Any]:
        """Return the fields of a campaign that the form asks for."""
        languages = tuple(each for each in LANGUAGES if each in (self.languages.data or ()))
        return {"title": self.title.data, "inviter": self.inviter.data, "languages": languages}


class CampaignForm(NamesForm):
    """What may be changed as long as a campaign lasts."""

    opens_on = Day(validators=[REQUIRED])
    closes_on = Day(validators=[REQUIRED])
    cap = Number(validators=[Optional(), is_within(1, 10_000_000)])

    def validate_closes_on(self, field: Field) -> None:
        """The last day comes after the first, and is not past already unless it was so before."""
        if field.data is None:
            return  # Which is a fault of its own.
        if self.opens_on.data and field.data < self.opens_on.data:
            raise ValidationError("before-opening")
        if field.data < self.today and field.data != field.object_data:
            raise ValidationError("in-the-past")

    def read(self) -> dict[str, Any]:
        """Return the fields of a campaign that the form asks for."""
        return super().read() | {name: self[name].data for name in ("opens_on", "closes_on", "cap")}


class CountingForm(CampaignForm):
    """The same with all that freezes when the first response is counted."""

    statistics = SelectMultipleField(validators=[InputRequired("choose-one")])
    sealing = RadioField(
        choices=offer_values((AT_CLOSE, WEEKLY, MONTHLY)),
        default=AT_CLOSE,
        validators=[InputRequired("choose-one")],
    )
    threshold = Number(default=MIN_THRESHOLD, validators=[REQUIRED, is_within(MIN_THRESHOLD, 50)])
    split_from = Number(default=SPLIT_FROM, validators=[REQUIRED, is_within(0, 1_000_000)])

    def offer(self, pack: Pack) -> None:
        """Set the statistics that there are to choose from."""
        self.statistics.choices = offer_values(
            [statistic.name for statistic in offered_statistics(pack)]
        )

    def read(self) -> dict[str, Any]:
        """Return the fields of a campaign that the form asks for, the statistics with today's noise."""
        counting = {name: self[name].data for name in ("sealing", "threshold", "split_from")}
        return (
            super().read()
            | counting
            | {"statistics": write_plan(make_plan(self.statistics.data or ()))}
        )


class NewCampaignForm(MakingForm, CountingForm):
    """A new campaign, with its pack, its way of inviting and its units."""

    kind = RadioField(
        choices=offer_values((OPEN_LINK, PERSONAL)),
        default=OPEN_LINK,
        validators=[InputRequired("choose-one")],
    )
    pack = SelectField(validators=[REQUIRED])
    units = UnitTree()


class UnitsForm(FlaskForm):
    """The tree of units, as text."""

    units = UnitTree()
