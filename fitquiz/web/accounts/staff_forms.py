"""The forms of staff. They check shape; what is wrong is a key, which templates put into words."""

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


class Address(Name):
    """An e-mail address, without what cannot be seen."""

    widget = EmailInput()


class SignInForm(FlaskForm):
    """E-mail and password; anything may be typed, since only the account says what is right."""

    email = Address(validators=[REQUIRED, Length(max=254, message="too-long")])
    password = PasswordField(validators=[REQUIRED, Length(max=1000, message="too-long")])
    onward = HiddenField()


class NewPasswordForm(FlaskForm):
    """A password of one's own, twice."""

    password = PasswordField(validators=[REQUIRED])
    again = PasswordField(validators=[EqualTo("password", message="not-the-same")])


class SetupForm(NewPasswordForm):
    """The first account of all."""

    name = Name(validators=[DataRequired("required"), Length(max=100, message="too-long")])
    email = Address(validators=[REQUIRED, _EMAIL, Length(max=254, message="too-long")])


class PresentPasswordForm(FlaskForm):
    """The present password, before something that matters."""

    present = PasswordField(validators=[REQUIRED, Length(max=MAX_LENGTH, message="too-long")])


class ChangePasswordForm(PresentPasswordForm, NewPasswordForm):
    """A new password instead of the present one."""


class SecondFactorForm(PresentPasswordForm):
    """An authenticator app that is being set up: what its secret is made of, and the code that it shows."""

    seed = HiddenField(validators=[Regexp(r"[0-9a-f]{32}\Z")])
    code = StringField(validators=[REQUIRED, Length(max=60, message="too-long")])


class OneTimeCodeForm(FlaskForm):
    """The code of an app, or a recovery code."""

    code = StringField(validators=[REQUIRED, Length(max=60, message="too-long")])
    onward = HiddenField()


class PermissionsForm(FlaskForm):
    """What somebody may do."""

    permissions = SelectMultipleField(
        choices=offer_values(PERMISSIONS), validators=[InputRequired("choose-one")]
    )


class InviteForm(PermissionsForm):
    """A new member of staff."""

    name = Name(validators=[DataRequired("required"), Length(max=100, message="too-long")])
    email = Address(validators=[REQUIRED, _EMAIL, Length(max=254, message="too-long")])
