"""The forms for campaigns.

The forms check input without the database. Each error is a key, such as `required`. The templates
contain the text for each key.
"""

from datetime import date, timedelta
from typing import Any

from wtforms import (
    Field,
    HiddenField,
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

from fitquiz.core.groups.counting import offered_statistics
from fitquiz.core.groups.factor_budgets import BUDGETS, STRONG
from fitquiz.core.groups.seal_rules import (
    AT_CLOSE,
    MAX_THRESHOLD,
    MIN_THRESHOLD,
    MONTHLY,
    SPLIT_FROM,
    WEEKLY,
)
from fitquiz.core.groups.unit_lists import (
    MAX_LABEL_LENGTH,
    UnitDraft,
    UnitFault,
    parse_units,
)
from fitquiz.core.languages import LANGUAGES
from fitquiz.core.packs import Pack
from fitquiz.store.campaigns.campaigns import Campaign
from fitquiz.store.engine.field_names import list_fields
from fitquiz.web.forms.form_fields import (
    REQUIRED,
    Day,
    Lines,
    Name,
    Number,
    Version,
    is_within,
)
from fitquiz.web.forms.forms import MakingForm, StaffForm, offer_values, read_fields
from fitquiz.web.hr.people.list_fields import ListFields

_LONGEST = timedelta(days=5 * 366)
"""A last day is at most so long after today. A later day is probably a slip."""

OPEN_LINK = "open"
PERSONAL = "personal"
_SHOWN_AT_ONCE = frozenset(
    {"title", "inviter", "opens_on", "closes_on", "addresses", "file", "units"}
)
"""The fields of a new campaign that are not folded."""


class UnitTree(Lines):
    """A field with the units of a campaign as text.

    `drafts` contains the units in the text. `faults` contains the mistakes in the text.
    """

    drafts: tuple[UnitDraft, ...] = ()
    faults: tuple[UnitFault, ...] = ()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Store the sent text, the units in the text, and the faults in the text."""
        super().process_formdata(valuelist)
        self.drafts, self.faults = parse_units(self.data or "")

    def pre_validate(self, form: BaseForm) -> None:
        """Raise ValidationError if the text has faults."""
        if self.faults:
            raise ValidationError("units")


class NamesForm(StaffForm):
    """The title, the inviter and the languages of a campaign.

    The owner may change these settings at any time, even after the campaign is over. `version` is
    the version of the settings that the form was made from.
    """

    version = Version()

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
        """Return the settings in the form, keyed by the field names of `Campaign`."""
        values = read_fields(self, list_fields(Campaign))
        chosen = values["languages"] or ()
        values["languages"] = tuple(
            language for language in LANGUAGES if language in chosen
        )
        return values


class CampaignForm(NamesForm):
    """The settings in `NamesForm`, together with the last day and the cap.

    The cap is the largest number of responses that the campaign counts. The owner may change the
    last day and the cap until the campaign is over.
    """

    closes_on = Day(validators=[REQUIRED])
    cap = Number(validators=[Optional(), is_within(1, 10_000_000)])

    def validate_closes_on(self, field: Field) -> None:
        """Raise ValidationError if the last day is in the past, unless the last day is unchanged."""
        if field.data is None:
            return  # The field has already reported the missing or malformed day.
        is_changed = field.data != field.object_data
        if field.data < self.today and is_changed:
            raise ValidationError("in-the-past")
        if field.data > self.today + _LONGEST and is_changed:
            raise ValidationError("too-long-survey")


class CountingForm(CampaignForm):
    """All settings of a campaign.

    The first day of the campaign freezes the settings that this class adds to `CampaignForm`.
    """

    opens_on = Day(validators=[REQUIRED])
    statistics = SelectMultipleField(validators=[InputRequired("choose-one")])
    anonymity = RadioField(
        choices=offer_values(tuple(BUDGETS)), default=STRONG, validators=[Optional()]
    )
    seen = HiddenField()
    """The plan whose price HR has seen."""
    sealing = RadioField(
        choices=offer_values((AT_CLOSE, WEEKLY, MONTHLY)),
        default=AT_CLOSE,
        validators=[InputRequired("choose-one")],
    )
    threshold = Number(
        default=MIN_THRESHOLD,
        validators=[REQUIRED, is_within(MIN_THRESHOLD, MAX_THRESHOLD)],
    )
    split_from = Number(
        default=SPLIT_FROM, validators=[REQUIRED, is_within(0, 1_000_000)]
    )

    def validate_closes_on(self, field: Field) -> None:
        """Raise ValidationError if the last day is before the first day or in the past."""
        if field.data and self.opens_on.data and field.data < self.opens_on.data:
            raise ValidationError("before-opening")
        super().validate_closes_on(field)

    def offer(self, pack: Pack) -> None:
        """Offer only the statistics for which `pack` has cells."""
        names = [statistic.name for statistic in offered_statistics(pack)]
        self.statistics.choices = offer_values(names)


class NewCampaignForm(ListFields, MakingForm, CountingForm):
    """The settings, the pack, the kind of invitation, the units and the people of a new campaign.

    Each person in the list gets a personal invitation. The next page shows the list.
    """

    kind = RadioField(
        choices=offer_values((OPEN_LINK, PERSONAL)),
        default=OPEN_LINK,
        validators=[InputRequired("choose-one")],
    )
    pack = SelectField(validators=[REQUIRED])
    units = UnitTree()

    @property
    def is_personal(self) -> bool:
        """Whether the campaign has personal invitations."""
        return self.has_list or self.kind.data == PERSONAL

    @property
    def has_folded_fault(self) -> bool:
        """Whether a field outside `_SHOWN_AT_ONCE` has an error. The page then shows all fields."""
        return bool(set(self.errors) - _SHOWN_AT_ONCE)


class UnitsForm(StaffForm):
    """All units of a campaign as text, and the version of the units that the form was made from.

    `step` is REMOVE if the owner has confirmed that links end, and CHANGE if the owner wants to
    change the text instead.
    """

    version = Version()
    step = HiddenField()
    units = UnitTree()


class SpellingForm(StaffForm):
    """The label of a unit, and the label that the form was made from."""

    version = Version()
    label = Name(
        validators=[
            DataRequired("required"),
            Length(max=MAX_LABEL_LENGTH, message="too-long"),
        ]
    )
