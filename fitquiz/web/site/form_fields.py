"""Fields that several forms use. An error is a key, which templates turn into a sentence."""

from wtforms import DateField, Field, IntegerField, StringField, TextAreaField
from wtforms.form import BaseForm
from wtforms.validators import InputRequired, NumberRange, ValidationError

from fitquiz.core.name_spelling import is_printable_name, mark_unprintable, tidy_name

REQUIRED = InputRequired("required")

_MAX_COMPARED = 10**15
"""WTForms turns a number into a float to compare it, which raises an error for very long numbers.
"""


class Within(NumberRange):
    """Checks the range of a number. A missing number is left to other validators."""

    def __call__(self, form: BaseForm, field: Field) -> None:
        """Raise ValidationError for a number outside the range."""
        number = field.data
        if number is None:
            return
        if abs(number) > _MAX_COMPARED:
            raise ValidationError(str(self.message))
        super().__call__(form, field)


def is_within(minimum: int, maximum: int) -> NumberRange:
    """Return a validator for a number from `minimum` to `maximum`."""
    return Within(minimum, maximum, message="out-of-range")


class Number(IntegerField):
    """A whole number."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; its digits may be of any script."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("not-a-number") from None


class Day(DateField):
    """A date."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the date."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("not-a-date") from None


class Name(StringField):
    """One line of text that other people will read."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the line, with tidy spaces and with invisible characters made visible."""
        tidied = [tidy_name(value) for value in valuelist]
        super().process_formdata([mark_unprintable(value) for value in tidied])

    def pre_validate(self, form: BaseForm) -> None:
        """Raise ValidationError for control characters."""
        if not is_printable_name(self.data or ""):
            raise ValidationError("forbidden-character")


class Lines(TextAreaField):
    """Several lines of text, as they were typed."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the lines, with invisible characters made visible."""
        super().process_formdata([mark_unprintable(value) for value in valuelist])
