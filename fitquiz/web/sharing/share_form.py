"""The form by which a respondent shares a result. It checks shape; what is wrong is a key, which templates word."""

import hashlib
import secrets
from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, StringField
from wtforms.validators import InputRequired, Length, Regexp

from fitquiz.store.accounts.staff import Staff
from fitquiz.web.site.form_fields import Name
from fitquiz.web.site.forms import offer_values

BY_LINK = "link"
DAYS = ("7", "30", "90")
PREVIEW, SHARE, CHANGE = "preview", "share", "change"


class ShareForm(FlaskForm):
    """For whom, under which name, how much and for how long. Its seed makes the same form, sent twice, one share.

    `step` is the button that was pressed, and `seen` what the preview was of.
    """

    to = RadioField(validators=[InputRequired("choose")])
    name = Name(validators=[Length(max=80, message="too-long")])
    has_answers = BooleanField()
    together = BooleanField()
    days = RadioField(
        choices=offer_values(DAYS), default="30", validators=[InputRequired("choose-one")]
    )
    seed = HiddenField(validators=[Regexp(r"[0-9a-f]{32}\Z")])
    step = StringField()
    seen = HiddenField()

    def __init__(self, counsellors: Sequence[Staff], came_by: Staff | None, **known: Any) -> None:
        super().__init__(**{"seed": secrets.token_hex(16), "together": came_by is not None} | known)
        self.counsellors = {str(each.id): each for each in counsellors}
        self.came_by = came_by
        self.to.choices = offer_values((*self.counsellors, BY_LINK))
        if len(self.to.choices) == 1 and not self.is_submitted():
            self.to.data = BY_LINK

    @property
    def counsellor(self) -> Staff | None:
        """The counsellor that it is for; None for a link of one's own."""
        return self.counsellors.get(self.to.data or "")

    @property
    def share_seed(self) -> bytes:
        """The form's seed with all that was chosen in it: changed, it is another share."""
        chosen = (self.to, self.name, self.has_answers, self.together, self.days, self.seen)
        texts = (str(self.seed.data), *(str(field.data or "") for field in chosen))
        return hashlib.sha256("\n".join(texts).encode()).digest()[:16]

    def renew_seed(self) -> None:
        """Let the form share once more what it has shared before."""
        self.seed.data = secrets.token_hex(16)
