"""The forms: they check the shape of what is sent, and never touch the database."""

import hashlib
import secrets
from collections.abc import Sequence
from typing import Any

from flask import abort, request
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import Regexp

from fitquiz.web.hold import TOKEN

LEFT_OUT = "skip"


def offer_values(values: Sequence[str]) -> list[SelectChoice]:
    """Return choices whose words a template knows."""
    return [SelectChoice(value, value) for value in values]


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
