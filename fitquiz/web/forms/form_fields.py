"""Form fields and validators that several forms use.

The text of an error is a key, for example `out-of-range`. Templates show a sentence for each key.
"""

from wtforms import (
    DateField,
    Field,
    HiddenField,
    IntegerField,
    StringField,
    TextAreaField,
)
from wtforms.form import BaseForm
from wtforms.validators import InputRequired, NumberRange, ValidationError

from fitquiz.core.name_spelling import is_printable_name, mark_unprintable, tidy_name

REQUIRED = InputRequired("required")

_MAX_COMPARED = 10**15
"""The validator `Within` refuses every larger number before WTForms compares the number.

WTForms converts a number to a float before the comparison. Python raises OverflowError if a number
is too large for a float.
"""


class Within(NumberRange):
    """Validates that a number is within a range. A missing number is valid."""

    def __call__(self, form: BaseForm, field: Field) -> None:
        """Raise ValidationError if the number is outside the range."""
        number = field.data
        if number is None:
            return
        if abs(number) > _MAX_COMPARED:
            raise ValidationError(str(self.message))
        super().__call__(form, field)


def is_within(minimum: int, maximum: int) -> NumberRange:
    """Return a validator that accepts numbers from `minimum` to `maximum`."""
    return Within(minimum, maximum, message="out-of-range")


class Number(IntegerField):
    """A field for a whole number."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number. Raise ValueError if the text is no number.

        Digits of every writing system are valid, for example Arabic digits.
        """
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("not-a-number") from None


class Day(DateField):
    """A field for a date."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the date. Raise ValueError if the text is no date."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("not-a-date") from None


class Name(StringField):
    """A field for a name: one line of text that other people will read."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the line.

        Remove invisible characters and surplus spaces. Replace each unprintable character with
        U+FFFD, which marks the place of the error.
        """
        tidied = [tidy_name(value) for value in valuelist]
        super().process_formdata([mark_unprintable(value) for value in tidied])

    def pre_validate(self, form: BaseForm) -> None:
        """Raise ValidationError if `process_formdata` has put U+FFFD into the line.

        Also raise ValidationError if the line contained U+FFFD when the form was sent.
        """
        if not is_printable_name(self.data or ""):
            raise ValidationError("forbidden-character")


class Lines(TextAreaField):
    """A field for several lines of text."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the lines.

        Remove characters that change the writing direction. Replace each unprintable character
        with U+FFFD.
        """
        super().process_formdata([mark_unprintable(value) for value in valuelist])


class Version(HiddenField):
    """A hidden field with the version of the values that the form was made from."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the version. A form without a version never has the present version."""
        self.data = valuelist[0] if valuelist else ""
