"""The forms: they check the shape of what is sent, and never touch the database."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import Regexp

from fitquiz.web.hold import TOKEN

LEFT_OUT = "skip"


class BeginForm(FlaskForm):
    """Starts an attempt. The token comes with the form, so that sending it twice starts only one."""

    token = HiddenField(validators=[Regexp(TOKEN)])
    may_improve = BooleanField()
    keep = BooleanField()


class AnswerForm(FlaskForm):
    """One answer to one item: a point of the scale, or left out. It is read, and never shown."""

    class Meta:
        """The form's token has been checked before any view; another one would be made here that no page shows."""

        csrf = False

    answer = RadioField()

    def offer(self, points: int) -> None:
        """Set the answers that there are to choose from."""
        self.answer.choices = [SelectChoice(value, value) for value in (*map(str, range(points)), LEFT_OUT)]

    @property
    def value(self) -> int | None:
        """The raw answer, or None when the item is left out."""
        return None if self.answer.data == LEFT_OUT else int(self.answer.data)


class ButtonForm(FlaskForm):
    """A form with nothing but its button."""
