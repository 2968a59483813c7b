"""The forms of staff. They check shape; what is wrong is a key, which templates put into words."""

from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, PasswordField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import EqualTo, InputRequired, Length, Regexp

from fitquiz.core.passwords import LONGEST
from fitquiz.store.staff import PERMISSIONS

REQUIRED = InputRequired("required")
_EMAIL = Regexp(r"[^@\s]+@[^@\s]+\.[^@\s]+\Z", message="not-an-email")


class SignInForm(FlaskForm):
    """E-mail and password; anything may be typed, since only the account says what is right."""

    email = EmailField(validators=[REQUIRED, Length(max=254, message="too-long")])
    password = PasswordField(validators=[REQUIRED, Length(max=1000, message="too-long")])
    onward = HiddenField()


class NewPasswordForm(FlaskForm):
    """A password of one's own, twice."""

    password = PasswordField(validators=[REQUIRED])
    again = PasswordField(validators=[EqualTo("password", message="not-the-same")])


class SetupForm(NewPasswordForm):
    """The first account of all."""

    name = StringField(validators=[REQUIRED, Length(max=100, message="too-long")])
    email = EmailField(validators=[REQUIRED, _EMAIL, Length(max=254, message="too-long")])


class ChangePasswordForm(NewPasswordForm):
    """A new password instead of the present one."""

    present = PasswordField(validators=[REQUIRED, Length(max=LONGEST, message="too-long")])


class PermissionsForm(FlaskForm):
    """What somebody may do."""

    permissions = SelectMultipleField(
        choices=[SelectChoice(each, each) for each in PERMISSIONS], validators=[InputRequired("choose-one")]
    )


class InviteForm(PermissionsForm):
    """A new member of staff."""

    name = StringField(validators=[REQUIRED, Length(max=100, message="too-long")])
    email = EmailField(validators=[REQUIRED, _EMAIL, Length(max=254, message="too-long")])
