"""The forms of a counsellor's desk."""

from collections.abc import Sequence

from flask_wtf import FlaskForm
from wtforms import SelectField

from fitquiz.store.shares import Share


class CompareForm(FlaskForm):
    """Which of the other shared results to set beside this one; `shares` has them by value, for the words."""

    other = SelectField()

    def offer(self, shares: Sequence[Share]) -> None:
        """Set the results that there are to choose from."""
        self.shares = {str(each.id): each for each in shares}
        self.other.choices = [(value, value) for value in self.shares]
