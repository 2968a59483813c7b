"""The page that shows whether a campaign counts the attempt.

On this page the respondent can withdraw a pending response.
"""

from flask import Blueprint, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from fitquiz.web.device.held_attempts import load_held_attempt
from fitquiz.web.forms.forms import ButtonForm
from fitquiz.web.quiz.counted_group import find_counted_group
from fitquiz.web.quiz.sending import withdraw_for_good

blueprint = Blueprint("group_count", __name__)


@blueprint.route("/attempts/<handle>/counted", methods=["GET", "POST"])
def counted(handle: str) -> str | Response:
    """Show whether the campaign counts the attempt. On POST, withdraw the response.

    A sealed response cannot be withdrawn. Abort with 404 if the attempt belongs to no campaign.
    """
    held = load_held_attempt(handle)
    group = find_counted_group(held)
    if group is None:
        abort(404)

    form = ButtonForm()
    if form.validate_on_submit():
        withdraw_for_good(held)
        address = url_for("group_count.counted", handle=handle, done="withdrawn")
        return redirect(address, 303)

    return render_template(
        "quiz/group_count.html",
        held=held,
        campaign=group.campaign,
        state=group.state,
    )
