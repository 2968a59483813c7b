"""Base classes and functions for forms. A form checks its input without the database."""

import hashlib
import secrets
from collections.abc import Collection, Sequence
from typing import Any

from flask import g
from flask_wtf import FlaskForm
from wtforms import HiddenField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs lack SelectChoice
from wtforms.validators import Regexp

GIVEN_BACK = "given_back"
"""The name of the field that marks a form that is given back."""


def offer_values(values: Sequence[str]) -> list[SelectChoice]:
    """Return the choices of a field. The template contains the visible labels of the choices."""
    return [SelectChoice(value, value) for value in values]


def read_fields(form: FlaskForm, names: Collection[str]) -> dict[str, Any]:
    """Return the values of the form's visible fields in `names`, by field name.

    Ignore hidden fields, for example the CSRF token.
    """
    visible = [field for field in form if not isinstance(field, HiddenField)]
    return {field.name: field.data for field in visible if field.name in names}


def is_given_back() -> bool:
    """Return whether this request gives a form back that was sent after the end of a sign-in."""
    return bool(g.get("is_given_back"))


class StaffForm(FlaskForm):
    """A form of staff. A form that is given back is shown with what was typed, and not checked."""

    def is_submitted(self) -> bool:
        """Return whether the staff member has sent the form."""
        return super().is_submitted() and not is_given_back()


class ButtonForm(FlaskForm):
    """A form that has a button and no input fields."""


class MakingForm(StaffForm):
    """A form that creates something.

    Each page with this form contains a random seed in a hidden field. Two submissions with an
    equal seed and equal input have an equal fingerprint. The fingerprint lets a view ignore the
    second click of a double click.
    """

    seed = HiddenField(validators=[Regexp(r"[0-9a-f]{32}\Z")])

    def __init__(self, *arguments: Any, **values: Any) -> None:
        values.setdefault("seed", secrets.token_hex(16))
        super().__init__(*arguments, **values)

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the seed and all input, in hexadecimal.

        Changed input changes the fingerprint. Therefore, a form with changed input may create
        something again.
        """
        fields = sorted(self.data.items())
        typed = [(name, str(value)) for name, value in fields if name != "csrf_token"]
        text = repr(typed)
        digest = hashlib.sha256(text.encode())
        return digest.hexdigest()

    @property
    def token_seed(self) -> bytes:
        """A seed for the token of what the form creates.

        If a form is sent twice with equal input, both requests have the same seed.
        """
        return bytes.fromhex(self.fingerprint)[:16]
