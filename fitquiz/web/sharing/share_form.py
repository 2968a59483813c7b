"""The form that shares a result. It checks shape; templates put its error keys into words."""

import secrets
from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, StringField
from wtforms.validators import InputRequired, Length

from fitquiz.store.accounts.staff import Staff
from fitquiz.store.attempts.shares import Terms
from fitquiz.web.site.form_fields import Name
from fitquiz.web.site.forms import MakingForm, offer_values, read_fields

BY_LINK = "link"
DAYS = ("7", "30", "90")
PREVIEW = "preview"
SHARE = "share"
CHANGE = "change"


class ShareForm(MakingForm):
    """Who may see the result, under which name, with which answers and for how long.

    `step` is the pressed button. `seen` is the fingerprint of the answers in the preview.
    """

    to = RadioField(validators=[InputRequired("choose")])
    name = Name(default="", validators=[Length(max=80, message="too-long")])
    has_answers = BooleanField()
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

    @property
    def share_seed(self) -> bytes:
        """The seed of the share's token. A form that is sent twice gives the same seed."""
        return bytes.fromhex(self.fingerprint)[:16]

    def read(self) -> dict[str, Any]:
        """Return the chosen values, by the names that `Terms` has for them."""
        return read_fields(self, Terms.__slots__)

    def renew_seed(self) -> None:
        """Let the form create another share with the same choices."""
        self.seed.data = secrets.token_hex(16)
