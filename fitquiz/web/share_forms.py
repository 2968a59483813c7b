"""The form by which a respondent shares a result. It checks shape; what is wrong is a key, which templates word."""

import secrets
from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField
from wtforms.validators import InputRequired, Length, Regexp

from fitquiz.store.staff import Staff
from fitquiz.web.campaign_forms import Name, offer_values

BY_LINK = "link"
DAYS = ("7", "30", "90")
PREVIEW, SHARE, CHANGE = "preview", "share", "change"


class ShareForm(FlaskForm):
    """For whom, under which name, how much and for how long. Its seed makes the same form, sent twice, one share."""

    to = RadioField(validators=[InputRequired("choose")])
    name = Name(validators=[Length(max=80, message="too-long")])
    has_answers = BooleanField()
    together = BooleanField(default=True)
    days = RadioField(choices=offer_values(DAYS), default="30", validators=[InputRequired("choose-one")])
    seed = HiddenField(validators=[Regexp(r"[0-9a-f]{32}\Z")])
    step = HiddenField()
    parts = HiddenField()

    def __init__(self, counsellors: Sequence[Staff], **known: Any) -> None:
        super().__init__(**{"seed": secrets.token_hex(16)} | known)
        self.counsellors = {str(each.id): each for each in counsellors}
        self.to.choices = offer_values((*self.counsellors, BY_LINK))
        if len(self.to.choices) == 1 and not self.is_submitted():
            self.to.data = BY_LINK

    @property
    def counsellor(self) -> Staff | None:
        """The counsellor that it is for; None for a link of one's own."""
        return self.counsellors.get(self.to.data or "")
