"""The form by which a respondent rates a job: one statement a trait, with the pack's own answers."""

from functools import cache

from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.validators import Optional

from fitquiz.core.packs import Pack
from fitquiz.store.attempts.job_ratings import Ratings
from fitquiz.web.site.forms import offer_values

UNKNOWN = "unknown"
_FIELD = "trait-"


class OfferForm(FlaskForm):
    """The fields are made for a pack's traits, and named by them."""

    @property
    def ratings(self) -> Ratings:
        """The raw rating of each trait, or None for what the respondent cannot say."""
        given = {
            name.removeprefix(_FIELD): value
            for name, value in self.data.items()
            if name.startswith(_FIELD)
        }
        said = {
            trait: (value or "").strip() for trait, value in given.items()
        }  # Blanks alone pass as nothing chosen.
        return {
            trait: int(value) if value and value != UNKNOWN else None
            for trait, value in said.items()
        }


@cache
def make_offer_form(traits: tuple[str, ...], points: int) -> type[OfferForm]:
    """Return the form for these traits."""
    choices = [*offer_values([str(point) for point in range(points)]), *offer_values([UNKNOWN])]
    fields = {
        f"{_FIELD}{trait}": RadioField(choices=choices, validators=[Optional()]) for trait in traits
    }
    return type("OfferFormOfPack", (OfferForm,), fields)


def fill_offer_form(pack: Pack, ratings: Ratings) -> OfferForm:
    """Return the form for a pack, showing earlier ratings."""
    form = make_offer_form(tuple(trait.id for trait in pack.traits), pack.answer_points)
    known = {
        f"{_FIELD}{trait}": UNKNOWN if value is None else str(value)
        for trait, value in ratings.items()
    }
    return form(data=known)
