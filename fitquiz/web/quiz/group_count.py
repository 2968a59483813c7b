"""What a respondent sees of being counted: where, whether it can still be taken out, and the button that does it."""

from flask import Blueprint, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from fitquiz.core.secrets.tickets import (
    ASKED,
    COUNTED,
    NOWHERE,
    REFUSED,
    WITHDRAWN,
    key_of_response,
)
from fitquiz.store.campaigns.campaigns import find_campaign
from fitquiz.store.ledger.pending import is_waiting
from fitquiz.web.quiz.device import Visit, load_visit
from fitquiz.web.quiz.sending import withdraw_for_good
from fitquiz.web.site.db import get_session
from fitquiz.web.site.forms import ButtonForm

blueprint = Blueprint("group_count", __name__)
_STATES = {ASKED: "asked", WITHDRAWN: "withdrawn", REFUSED: "refused"}


@blueprint.route("/attempts/<handle>/counted", methods=["GET", "POST"])
def counted(handle: str) -> str | Response:
    """Show whether the result is counted for a group; take it out, as long as it is not sealed."""
    visit, form = load_visit(handle), ButtonForm()
    if visit.ticket.state == NOWHERE:
        abort(404)
    if form.validate_on_submit():
        withdraw_for_good(visit)
        return redirect(url_for("group_count.counted", handle=handle), 303)
    campaign = find_campaign(get_session(), visit.ticket.campaign_id)
    return render_template(
        "quiz/group_count.html", visit=visit, campaign=campaign, state=_name_state(visit)
    )


def _name_state(visit: Visit) -> str:
    if visit.ticket.state == COUNTED:
        return "waiting" if is_waiting(get_session(), key_of_response(visit.token)) else "sealed"
    return _STATES[visit.ticket.state]
