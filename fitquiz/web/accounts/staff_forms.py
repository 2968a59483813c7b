"""The forms for staff accounts.

Each error that this module names is a key, such as `required`. The templates contain the text for
each key.
"""

from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, EqualTo, InputRequired, Length, Regexp
from wtforms.widgets import EmailInput

from fitquiz.store.accounts.staff import PERMISSIONS
from fitquiz.web.accounts.password_rules import MAX_LENGTH
from fitquiz.web.forms.form_fields import Name
from fitquiz.web.forms.forms import StaffForm, offer_values

REQUIRED = InputRequired("required")
_EMAIL = Regexp(r"[^@\s]+@[^@\s]+\.[^@\s]+\Z", message="not-an-email")


class EmailField(Name):
    """A field for an e-mail address. The field removes invisible characters."""

    widget = EmailInput()


class SignInForm(FlaskForm):
    """The e-mail address and the password for a sign-in.

    The form checks only that the texts are present and not too long. The view compares the texts
    with the account. `kept` is the encrypted form that the sign-in interrupts, or an empty text.
    """

    email = EmailField(validators=[REQUIRED, Length(max=254, message="too-long")])
    password = PasswordField(
        validators=[REQUIRED, Length(max=1000, message="too-long")]
    )
    onward = HiddenField()
    kept = HiddenField()


class NewPasswordForm(StaffForm):
    """A new password, typed twice."""

    password = PasswordField(validators=[REQUIRED])
    again = PasswordField(validators=[EqualTo("password", message="not-the-same")])


class NewAccountForm(StaffForm):
    """The name and the e-mail address of a new account."""

    name = Name(
        validators=[DataRequired("required"), Length(max=100, message="too-long")]
    )
    email = EmailField(
        validators=[REQUIRED, _EMAIL, Length(max=254, message="too-long")]
    )


class SetupForm(NewAccountForm, NewPasswordForm):
    """The name, the e-mail address and the password of the server's first account."""


class PresentPasswordForm(StaffForm):
    """The present password, typed again before an important change."""

    present = PasswordField(
        validators=[REQUIRED, Length(max=MAX_LENGTH, message="too-long")]
    )


class ChangePasswordForm(PresentPasswordForm, NewPasswordForm):
    """The present password and the new password."""


class SecondFactorForm(PresentPasswordForm):
    """The form that adds an authenticator app.

    `seed` is the seed of the app's secret. `code` is the code that the app shows.
    """

    seed = HiddenField(validators=[Regexp(r"[0-9a-f]{32}\Z")])
    code = StringField(validators=[REQUIRED, Length(max=60, message="too-long")])


class OneTimeCodeForm(FlaskForm):
    """A code from the app, or a recovery code."""

    code = StringField(validators=[REQUIRED, Length(max=60, message="too-long")])
    onward = HiddenField()
    kept = HiddenField()


class PermissionsForm(StaffForm):
    """The permissions of a staff member."""

    permissions = SelectMultipleField(
        choices=offer_values(PERMISSIONS),
        validators=[InputRequired("choose-one")],
    )


class InviteForm(NewAccountForm, PermissionsForm):
    """The name, the e-mail address and the permissions of a new staff member."""
