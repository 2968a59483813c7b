"""Fields that several forms use. A fault is a key, which templates put into words."""

from wtforms import DateField, Field, IntegerField, StringField, TextAreaField
from wtforms.form import BaseForm
from wtforms.validators import InputRequired, NumberRange, ValidationError

from fitquiz.core.names import is_printable_name, mark_unprintable, tidy_name

REQUIRED = InputRequired("required")
_LARGEST = 10**15
"""WTForms turns what it compares into a float, which not every number can be."""


class Within(NumberRange):
    """Checks the range of a number; where there is none, that is a fault of its own."""

    def __call__(self, form: BaseForm, field: Field) -> None:
        """Refuse a number outside the range, however long it is."""
        if field.data is not None and abs(field.data) > _LARGEST:
            raise ValidationError(str(self.message))
        if field.data is not None:
            super().__call__(form, field)


def is_within(least: int, most: int) -> NumberRange:
    """Return a validator of a number."""
    return Within(least, most, message="out-of-range")


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


class Name(StringField):
    """A line that others will read, kept tidy."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed, without what cannot be seen."""
        super().process_formdata([mark_unprintable(tidy_name(value)) for value in valuelist])

    def pre_validate(self, form: BaseForm) -> None:
        """Refuse control characters."""
        if not is_printable_name(self.data or ""):
            raise ValidationError("forbidden-character")


class Lines(TextAreaField):
    """Lines as they were typed."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed."""
        super().process_formdata([mark_unprintable(value) for value in valuelist])
