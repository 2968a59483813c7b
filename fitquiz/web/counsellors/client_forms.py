"""The forms of a counsellor's desk."""

from flask_wtf import FlaskForm
from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

from fitquiz.store.attempts.shares import ID_BITS


class CompareForm(FlaskForm):
    """Which of the other shared results to set beside this one."""

    other = IntegerField(validators=[InputRequired(), NumberRange(0, 2**ID_BITS)])
