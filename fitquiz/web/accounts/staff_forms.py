"""The forms of staff pages. Error messages are keys; the templates hold the texts."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, EqualTo, InputRequired, Length, Regexp
from wtforms.widgets import EmailInput

from fitquiz.core.secrets.passwords import MAX_LENGTH
from fitquiz.store.accounts.staff import PERMISSIONS
from fitquiz.web.site.form_fields import Name
from fitquiz.web.site.forms import offer_values

REQUIRED = InputRequired("required")
_EMAIL = Regexp(r"[^@\s]+@[^@\s]+\.[^@\s]+\Z", message="not-an-email")


class EmailField(Name):
    """An e-mail address. Invisible characters are removed."""

    widget = EmailInput()


class SignInForm(FlaskForm):
    """E-mail address and password. The form accepts any text; the account decides."""

    email = EmailField(validators=[REQUIRED, Length(max=254, message="too-long")])
    password = PasswordField(
        validators=[REQUIRED, Length(max=1000, message="too-long")]
    )
    onward = HiddenField()


class NewPasswordForm(FlaskForm):
    """A new password, typed twice."""

    password = PasswordField(validators=[REQUIRED])
    again = PasswordField(validators=[EqualTo("password", message="not-the-same")])


class SetupForm(NewPasswordForm):
    """The first account, with the setup link of a new server."""

    name = Name(
        validators=[DataRequired("required"), Length(max=100, message="too-long")]
    )
    email = EmailField(
        validators=[REQUIRED, _EMAIL, Length(max=254, message="too-long")]
    )


class PresentPasswordForm(FlaskForm):
    """The present password, typed again before an important change."""

    present = PasswordField(
        validators=[REQUIRED, Length(max=MAX_LENGTH, message="too-long")]
    )


class ChangePasswordForm(PresentPasswordForm, NewPasswordForm):
    """The present password and a new one."""


class SecondFactorForm(PresentPasswordForm):
    """An authenticator app that is being set up: the seed of its secret, and the code it shows."""

    seed = HiddenField(validators=[Regexp(r"[0-9a-f]{32}\Z")])
    code = StringField(validators=[REQUIRED, Length(max=60, message="too-long")])


class OneTimeCodeForm(FlaskForm):
    """The code of the app, or a recovery code."""

    code = StringField(validators=[REQUIRED, Length(max=60, message="too-long")])
    onward = HiddenField()


class PermissionsForm(FlaskForm):
    """What a staff member may do."""

    permissions = SelectMultipleField(
        choices=offer_values(PERMISSIONS),
        validators=[InputRequired("choose-one")],
    )


class InviteForm(PermissionsForm):
    """A new staff member."""

    name = Name(
        validators=[DataRequired("required"), Length(max=100, message="too-long")]
    )
    email = EmailField(
        validators=[REQUIRED, _EMAIL, Length(max=254, message="too-long")]
    )
