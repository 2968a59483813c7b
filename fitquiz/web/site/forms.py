"""The base of all forms. A form checks the shape of its input and never uses the database."""

import hashlib
import secrets
from collections.abc import Collection, Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import Regexp


def offer_values(values: Sequence[str]) -> list[SelectChoice]:
    """Return the choices of a field whose labels stand in the template."""
    return [SelectChoice(value, value) for value in values]


def read_fields(form: FlaskForm, names: Collection[str]) -> dict[str, Any]:
    """Return the values of the form's visible fields that have one of these names.

    Hidden fields, such as the CSRF token, belong to the form itself and are left out.
    """
    visible = [field for field in form if not isinstance(field, HiddenField)]
    return {field.name: field.data for field in visible if field.name in names}


class ButtonForm(FlaskForm):
    """A form that consists of its button."""


class MakingForm(FlaskForm):
    """A form that creates something.

    If it is sent twice, its hidden seed shows that it is the same form.
    """

    seed = HiddenField(validators=[Regexp(r"[0-9a-f]{32}\Z")])

    def __init__(self, *arguments: Any, **values: Any) -> None:
        values.setdefault("seed", secrets.token_hex(16))
        super().__init__(*arguments, **values)

    @property
    def fingerprint(self) -> str:
        """The hash of the seed and all input.

        A form that is changed and sent again creates something new.
        """
        fields = sorted(self.data.items())
        typed = [(name, str(value)) for name, value in fields if name != "csrf_token"]
        return hashlib.sha256(repr(typed).encode()).hexdigest()
