"""The forms of the quiz: a short code, the start of an attempt, and an answer."""

from flask import abort, request
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField
from wtforms.validators import DataRequired, Length, Regexp

from fitquiz.core.secrets.tokens import TOKEN
from fitquiz.web.site.form_fields import Name

LEFT_OUT = "skip"


def read_answer(points: int) -> int | None:
    """Return the raw answer that an item's page has sent, None if the item is left out; 400 if it is neither.

    Written out for the one form that is sent again and again: with a class of its own it took 28 µs, so it takes 3.
    """
    answers = {LEFT_OUT: None} | {str(point): point for point in range(points)}
    given = request.form.get("answer", "")
    return answers[given] if given in answers else abort(400)


class BeginForm(FlaskForm):
    """Starts an attempt. The token comes with the form, so that sending it twice starts only one.

    It is read, and never shown: three fields that never change cost a sixth of their page.
    """

    class Meta:
        """The form's token has been checked before any view; like the fields it stands in the template."""

        csrf = False

    token = HiddenField(validators=[Regexp(TOKEN)])
    may_improve = BooleanField()
    keep = BooleanField()


class CodeForm(FlaskForm):
    """A short code as somebody types it."""

    code = Name(validators=[DataRequired("required"), Length(max=60, message="too-long")])
