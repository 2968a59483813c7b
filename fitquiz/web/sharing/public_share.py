"""The page at the secret address of a share. The page first shows a button, and then the result."""

from flask import Blueprint, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from fitquiz.core.secrets.tokens import TOKEN, hash_token
from fitquiz.store.attempts.shares import Share, find_share
from fitquiz.web.sharing.shared_result import is_opened, load_shared_result, open_share
from fitquiz.web.site.clock import get_now
from fitquiz.web.site.database_session import get_session
from fitquiz.web.site.forms import ButtonForm

blueprint = Blueprint("public_share", __name__)


@blueprint.route("/shared/<token>", methods=["GET", "POST"])
def shared(token: str) -> str | Response | tuple[str, int]:
    """Show a button that opens the share. After the button is pressed, show the shared result.

    Without the button, each program that fetches a preview of the link would open the share.
    """
    share = _load_share(token)
    now = get_now()
    shown = load_shared_result(share, now)
    if isinstance(shown, tuple):
        return shown

    form = ButtonForm()
    if form.validate_on_submit():
        open_share(share, now)
        return redirect(url_for("public_share.shared", token=token), 303)
    if not is_opened(share):
        return render_template(
            "sharing/public_share/closed.html", token=token, share=share
        )
    return render_template("sharing/public_share/shared.html", shown=shown, share=share)


def _load_share(token: str) -> Share:
    """Return the share with this token, or abort with 404. The share may be stopped or expired."""
    if not TOKEN.match(token):
        abort(404)
    share = find_share(get_session(), hash_token(token))
    if share is None:
        abort(404)
    return share
