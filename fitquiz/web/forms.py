"""The forms: they check the shape of what is sent, and never touch the database."""

import hashlib
import secrets
from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import Regexp

from fitquiz.web.hold import TOKEN

LEFT_OUT = "skip"


def offer_values(values: Sequence[str]) -> list[SelectChoice]:
    """Return choices whose words a template knows."""
    return [SelectChoice(value, value) for value in values]


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


class MakingForm(FlaskForm):
    """A form that makes something new. Its seed makes the same form, sent twice, make it once."""

    seed = HiddenField(validators=[Regexp(r"[0-9a-f]{32}\Z")])

    def __init__(self, *given: Any, **known: Any) -> None:
        super().__init__(*given, **{"seed": secrets.token_hex(16)} | known)

    @property
    def mark(self) -> str:
        """The form's seed with all that was typed into it: changed, it makes something else."""
        typed = sorted((name, str(value)) for name, value in self.data.items() if name != "csrf_token")
        return hashlib.sha256(repr(typed).encode()).hexdigest()
