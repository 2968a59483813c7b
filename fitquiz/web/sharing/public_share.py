"""A shared result at its unguessable address: a button to open it, then the result, and nothing of its owner's."""

from flask import Blueprint, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from fitquiz.core.secrets.tokens import TOKEN, hash_token
from fitquiz.store.attempts.shares import find_share
from fitquiz.web.sharing.shared_result import is_opened, load_shown, open_share
from fitquiz.web.site.clock import get_now
from fitquiz.web.site.db import get_session
from fitquiz.web.site.forms import ButtonForm

blueprint = Blueprint("public_share", __name__)


@blueprint.route("/shared/<token>", methods=["GET", "POST"])
def shared(token: str) -> str | Response | tuple[str, int]:
    """Show a shared result to who has pressed the button; a link preview sees the button alone, and counts nothing."""
    now, form = get_now(), ButtonForm()
    share = find_share(get_session(), hash_token(token) if TOKEN.match(token) else b"") or abort(
        404
    )
    shown = load_shown(share, now)
    if isinstance(shown, tuple):
        return shown
    if form.validate_on_submit():
        open_share(share, now)
        return redirect(url_for("public_share.shared", token=token), 303)
    if not is_opened(share):
        return render_template("sharing/public_share/closed.html", token=token, share=share)
    return render_template("sharing/public_share/shared.html", shown=shown, share=share)
