"""The forms of the quiz: for an answer, a device, a beginning, and a code or a link."""

from flask import abort, request
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField
from wtforms.validators import AnyOf, DataRequired, Length, Regexp

from fitquiz.core.packs import DOES_NOT_APPLY, Pack
from fitquiz.core.secrets.tokens import TOKEN
from fitquiz.web.forms.form_fields import Name
from fitquiz.web.site.pasted_addresses import MAX_CHARACTERS

LEFT_OUT = "skip"
OWN = "own"
SHARED = "shared"


def read_answer(pack: Pack) -> int | None:
    """Return the raw answer from the form of an item's page, or None for an item that is left out.

    Abort with 400 for an answer that the pack does not offer. This function takes 3 µs, and a WTForms
    class would take 28 µs.
    """
    given = request.form.get("answer", "")
    points = range(pack.answer_points)
    answers: dict[str, int | None] = {str(point): point for point in points}
    answers[LEFT_OUT] = None
    if pack.offers_does_not_apply:
        answers[str(DOES_NOT_APPLY)] = DOES_NOT_APPLY
    if given not in answers:
        abort(400)
    return answers[given]


class DeviceForm(FlaskForm):
    """The choice between an own device and a shared device. Each choice is a button."""

    class Meta:
        """Turns off the CSRF check of the form, because the app checks CSRF tokens before views."""

        csrf = False

    device = HiddenField(validators=[AnyOf((OWN, SHARED))])

    @property
    def is_kept(self) -> bool:
        """Return whether the respondent chose an own device."""
        return self.device.data == OWN


class BeginForm(DeviceForm):
    """The form that begins an attempt.

    `token` is the token of the new attempt. If the form is sent twice, both requests contain the
    same token. Therefore, the form begins only one attempt. The template contains the HTML of the
    fields, because rendering by WTForms would take a sixth of the page's time.
    """

    token = HiddenField(validators=[Regexp(TOKEN)])
    may_improve = BooleanField()


class CodeForm(FlaskForm):
    """The form where a visitor types a short code or a return code, or pastes a link."""

    code = Name(
        validators=[
            DataRequired("required"),
            Length(max=MAX_CHARACTERS, message="too-long"),
        ]
    )
