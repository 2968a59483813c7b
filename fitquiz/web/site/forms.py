"""The forms: they check the shape of what is sent, and never touch the database."""

import hashlib
import secrets
from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import Regexp


def offer_values(values: Sequence[str]) -> list[SelectChoice]:
    """Return choices whose words a template knows."""
    return [SelectChoice(value, value) for value in values]


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
        typed = sorted(
            (name, str(value)) for name, value in self.data.items() if name != "csrf_token"
        )
        return hashlib.sha256(repr(typed).encode()).hexdigest()
