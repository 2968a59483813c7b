"""The form that shares a result.

The form checks the input without the database. Each error that this module
names is a key, such as `too-long`. The templates contain the text for each key.
"""

import secrets
from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, StringField
from wtforms.validators import InputRequired, Length

from fitquiz.store.accounts.staff import Staff
from fitquiz.store.attempts.shares import Terms
from fitquiz.store.engine.field_names import list_fields
from fitquiz.web.forms.form_fields import Name
from fitquiz.web.forms.forms import MakingForm, offer_values, read_fields

BY_LINK = "link"
DAYS = ("7", "30", "90")
PREVIEW = "preview"
SHARE = "share"
CHANGE = "change"


class ShareForm(MakingForm):
    """The respondent's choices for a share.

    `to` is the id of a counsellor, or BY_LINK. `name` is the name that the share shows. If
    `together` is true, the counsellor sees that this share and an earlier share come from one
    person. `step` is the value of the pressed button: PREVIEW, SHARE or CHANGE. `seen` is the
    fingerprint of the answers in the preview. `came_by` is the counsellor with whose link the
    attempt began, or None.
    """

    to = RadioField(validators=[InputRequired("choose")])
    name = Name(default="", validators=[Length(max=80, message="too-long")])
    has_answers = BooleanField()
    has_jobs = BooleanField()
    together = BooleanField()
    days = RadioField(
        choices=offer_values(DAYS),
        default="30",
        validators=[InputRequired("choose-one")],
    )
    step = StringField()
    seen = HiddenField()

    def __init__(
        self,
        counsellors: Sequence[Staff],
        came_by: Staff | None,
        **values: Any,
    ) -> None:
        values.setdefault("together", came_by is not None)
        super().__init__(**values)
        self.counsellors = {str(each.id): each for each in counsellors}
        self.came_by = came_by
        self.to.choices = offer_values((*self.counsellors, BY_LINK))
        if not counsellors and not self.is_submitted():
            self.to.data = BY_LINK

    @property
    def counsellor(self) -> Staff | None:
        """The chosen counsellor, or None for a share by link."""
        return self.counsellors.get(self.to.data or "")

    def read(self) -> dict[str, Any]:
        """Return the values of the fields that `Terms` also has, by name."""
        return read_fields(self, list_fields(Terms))

    def renew_seed(self) -> None:
        """Give the form another form seed.

        The form has already made a share, and this share has ended. With the earlier form seed, the
        form would derive the token of the ended share again.
        """
        self.seed.data = secrets.token_hex(16)
