"""The form for a job rating. The form has one field for each trait of a pack."""

from functools import cache

from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.validators import Optional

from fitquiz.core.packs import Pack
from fitquiz.store.attempts.job_ratings import Ratings
from fitquiz.web.forms.forms import offer_values

UNKNOWN = "unknown"
_FIELD = "trait-"


class JobRatingForm(FlaskForm):
    """The base class of job rating forms. A subclass has one field for each trait of a pack.

    The name of a field is `trait-` followed by the id of the trait.
    """

    @property
    def ratings(self) -> Ratings:
        """The raw rating of each trait. None means that the respondent did not rate the trait."""
        ratings: dict[str, int | None] = {}
        for name, value in self.data.items():
            if not name.startswith(_FIELD):
                continue
            trait = name.removeprefix(_FIELD)
            chosen = (value or "").strip()  # The validator `Optional` accepts spaces.
            if chosen in ("", UNKNOWN):
                ratings[trait] = None
            else:
                ratings[trait] = int(chosen)
        return ratings

    def refuse_empty(self) -> None:
        """Add the error for a form in which no trait is rated. The error belongs to the first trait."""
        first = next(field for field in self if field.name.startswith(_FIELD))
        first.errors = ["rate-one"]


@cache
def make_job_rating_form(traits: tuple[str, ...], points: int) -> type[JobRatingForm]:
    """Return the form class for these traits. Each field offers `points` answers and UNKNOWN."""
    values = [str(point) for point in range(points)]
    choices = offer_values([*values, UNKNOWN])
    fields = {}
    for trait in traits:
        fields[f"{_FIELD}{trait}"] = RadioField(
            choices=choices, validators=[Optional()]
        )
    return type("JobRatingFormOfPack", (JobRatingForm,), fields)


def fill_job_rating_form(pack: Pack, ratings: Ratings) -> JobRatingForm:
    """Return the form for a pack, filled with the earlier ratings of the respondent."""
    traits = tuple(trait.id for trait in pack.traits)
    form_class = make_job_rating_form(traits, pack.answer_points)
    earlier = {}
    for trait, value in ratings.items():
        earlier[f"{_FIELD}{trait}"] = UNKNOWN if value is None else str(value)
    return form_class(data=earlier)
