"""The page at the secret address of a share. The page first shows a button, and then the result."""

from flask import Blueprint, abort, render_template, url_for
from werkzeug.wrappers import Response

from fitquiz.core.secrets.tokens import TOKEN, hash_token
from fitquiz.store.attempts.shares import Share, find_share
from fitquiz.web.sharing.shared_result import SharedResult, ask_before_opening
from fitquiz.web.site.database_session import get_session

blueprint = Blueprint("public_share", __name__)


@blueprint.route("/shared/<token>", methods=["GET", "POST"])
def shared(token: str) -> str | Response | tuple[str, int]:
    """Show a button that opens the share. After the button is pressed, show the shared result.

    Without the button, each program that fetches a preview of the link would open the share.
    """
    share = _load_share(token)
    address = url_for("public_share.shared", token=token)
    shown = ask_before_opening(share, address, "sharing/public_share/closed.html")
    if not isinstance(shown, SharedResult):
        return shown
    return render_template("sharing/public_share/shared.html", shown=shown, share=share)


def _load_share(token: str) -> Share:
    """Return the share with this token, or abort with 404. The share may be stopped or expired."""
    if not TOKEN.match(token):
        abort(404)
    share = find_share(get_session(), hash_token(token))
    if share is None:
        abort(404)
    return share
