"""The page on which a recipient of e-mails stops all further e-mails of a campaign.

The page works for people who have answered and for people who have not. The page shows the same for
every token. Therefore nobody can find out whether an address is stored.
"""

from flask import Blueprint, abort, current_app, render_template, request
from flask_wtf import CSRFProtect

from fitquiz.core.secrets.tokens import TOKEN, hash_token
from fitquiz.store.mailings.outbox import stop_messages
from fitquiz.web.site.database_session import writing

blueprint = Blueprint("mail_stop", __name__)


@blueprint.route("/stop-mail/<token>", methods=["GET", "POST"])
def stop(token: str) -> str:
    """Show a button. On POST, delete the address of the recipient.

    Opening the page changes nothing, because mail programs open links in advance.

    A mail program can also send the form itself (RFC 8058). Such a form has no form token, but
    contains the field `List-Unsubscribe`.
    """
    if not TOKEN.match(token):
        abort(404)
    if request.method != "POST":
        return render_template("landing/mail_stop/stop.html", token=token)

    if request.form.get("List-Unsubscribe") != "One-Click":
        csrf: CSRFProtect = current_app.extensions["csrf"]
        csrf.protect()
    with writing() as session:
        stop_messages(session, hash_token(token))
    return render_template("landing/mail_stop/stopped.html")
