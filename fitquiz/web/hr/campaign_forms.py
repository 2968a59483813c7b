"""The forms of campaigns. They check shape; an error is a key, which templates put into words."""

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
from fitquiz.core.groups.sealing import (
    AT_CLOSE,
    MIN_THRESHOLD,
    MONTHLY,
    SPLIT_FROM,
    WEEKLY,
)
from fitquiz.core.groups.units import UnitDraft, UnitFault, parse_units
from fitquiz.core.languages import LANGUAGES
from fitquiz.core.packs import Pack
from fitquiz.store.campaigns.campaigns import Campaign
from fitquiz.web.site.form_fields import REQUIRED, Day, Lines, Name, Number, is_within
from fitquiz.web.site.forms import MakingForm, offer_values, read_fields

OPEN_LINK = "open"
PERSONAL = "personal"


class UnitTree(Lines):
    """Units as text, together with the units and faults that were found in it."""

    drafts: tuple[UnitDraft, ...] = ()
    faults: tuple[UnitFault, ...] = ()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the text and parse it."""
        super().process_formdata(valuelist)
        self.drafts, self.faults = parse_units(self.data or "")

    def pre_validate(self, form: BaseForm) -> None:
        """Refuse a text that has faults."""
        if self.faults:
            raise ValidationError("units")


class NamesForm(FlaskForm):
    """The settings that may change at any time, even after the campaign."""

    title = Name(
        validators=[DataRequired("required"), Length(max=120, message="too-long")]
    )
    inviter = Name(
        validators=[DataRequired("required"), Length(max=120, message="too-long")]
    )
    languages = SelectMultipleField(
        choices=offer_values(LANGUAGES), validators=[InputRequired("choose-one")]
    )

    def __init__(self, today: date, **values: Any) -> None:
        self.today = today
        super().__init__(**values)

    def read(self) -> dict[str, Any]:
        """Return the chosen values, by the names that a `Campaign` has for them."""
        values = read_fields(self, Campaign.__slots__)
        chosen = values["languages"] or ()
        values["languages"] = tuple(
            language for language in LANGUAGES if language in chosen
        )
        return values


class CampaignForm(NamesForm):
    """The settings that may change until the campaign is over."""

    opens_on = Day(validators=[REQUIRED])
    closes_on = Day(validators=[REQUIRED])
    cap = Number(validators=[Optional(), is_within(1, 10_000_000)])

    def validate_closes_on(self, field: Field) -> None:
        """Refuse a last day before the first day, and one in the past, unless it is unchanged."""
        if field.data is None:
            return  # Another validator reports it.
        if self.opens_on.data and field.data < self.opens_on.data:
            raise ValidationError("before-opening")
        is_changed = field.data != field.object_data
        if field.data < self.today and is_changed:
            raise ValidationError("in-the-past")


class CountingForm(CampaignForm):
    """All settings. The first counted response freezes those that are declared here."""

    statistics = SelectMultipleField(validators=[InputRequired("choose-one")])
    sealing = RadioField(
        choices=offer_values((AT_CLOSE, WEEKLY, MONTHLY)),
        default=AT_CLOSE,
        validators=[InputRequired("choose-one")],
    )
    threshold = Number(
        default=MIN_THRESHOLD, validators=[REQUIRED, is_within(MIN_THRESHOLD, 50)]
    )
    split_from = Number(
        default=SPLIT_FROM, validators=[REQUIRED, is_within(0, 1_000_000)]
    )

    def offer(self, pack: Pack) -> None:
        """Offer the statistics that the pack has."""
        names = [statistic.name for statistic in offered_statistics(pack)]
        self.statistics.choices = offer_values(names)

    def read(self) -> dict[str, Any]:
        """Return the chosen values. Each statistic gets the noise that is current today."""
        values = super().read()
        plan = make_plan(values["statistics"] or ())
        values["statistics"] = write_plan(plan)
        return values


class NewCampaignForm(MakingForm, CountingForm):
    """A new campaign, with its pack, its kind of invitation and its units."""

    kind = RadioField(
        choices=offer_values((OPEN_LINK, PERSONAL)),
        default=OPEN_LINK,
        validators=[InputRequired("choose-one")],
    )
    pack = SelectField(validators=[REQUIRED])
    units = UnitTree()


class UnitsForm(FlaskForm):
    """All units of a campaign, as text."""

    units = UnitTree()
