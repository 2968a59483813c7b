"""The page that shows whether a campaign counts the attempt.

On this page the respondent can withdraw a pending response.
"""

from flask import Blueprint, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from fitquiz.core.secrets.tickets import (
    ASKED,
    COUNTED,
    REFUSED,
    WITHDRAWN,
    key_of_response,
)
from fitquiz.store.campaigns.campaigns import find_campaign
from fitquiz.store.ledger.pending_responses import is_pending
from fitquiz.web.device.held_attempts import HeldAttempt, load_held_attempt
from fitquiz.web.quiz.sending import is_refused_already, withdraw_for_good
from fitquiz.web.site.database_session import get_session
from fitquiz.web.site.forms import ButtonForm

blueprint = Blueprint("group_count", __name__)
_STATES = {
    ASKED: "asked",
    WITHDRAWN: "withdrawn",
    REFUSED: "refused",
}


@blueprint.route("/attempts/<handle>/counted", methods=["GET", "POST"])
def counted(handle: str) -> str | Response:
    """Show whether the campaign counts the attempt. On POST, withdraw the response.

    A sealed response cannot be withdrawn. Abort with 404 if the attempt belongs to no campaign.
    """
    held = load_held_attempt(handle)
    if not held.ticket.campaign_id:
        abort(404)

    form = ButtonForm()
    if form.validate_on_submit():
        withdraw_for_good(held)
        return redirect(url_for("group_count.counted", handle=handle), 303)

    return render_template(
        "quiz/group_count.html",
        held=held,
        campaign=find_campaign(get_session(), held.ticket.campaign_id),
        state=_name_state(held),
    )


def _name_state(held: HeldAttempt) -> str:
    if is_refused_already(held):
        return "refused-already"
    if held.ticket.state != COUNTED:
        return _STATES[held.ticket.state]
    if is_pending(get_session(), key_of_response(held.token)):
        return "pending"
    return "sealed"
