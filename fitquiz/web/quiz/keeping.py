"""What a respondent does with an attempt held by this device: delete it, come back to it, let the device forget it."""

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from fitquiz.config.settings import BACKUP_DAYS
from fitquiz.core.secrets.tickets import open_ticket
from fitquiz.core.secrets.tokens import TOKEN, hash_token, name_token
from fitquiz.store.attempts.attempts import delete_attempt, find_attempt, find_receipt, token_exists
from fitquiz.store.upkeep.erasure import truncate_wal
from fitquiz.web.quiz.device import let_go, load_deleted, load_visit, read_hold, take_hold
from fitquiz.web.quiz.sending import withdraw
from fitquiz.web.site.clock import get_now
from fitquiz.web.site.db import get_database, get_session, writing
from fitquiz.web.site.forms import ButtonForm

blueprint = Blueprint("keeping", __name__)
_ATTEMPT = "/attempts/<handle>"
WIPE_SECONDS = 0.05
"""How long a deletion waits for readers that keep the deleted bytes in the log; writers wait with it."""


@blueprint.get(f"{_ATTEMPT}/link")
def link(handle: str) -> str:
    """Show the secret link by which the respondent comes back from any device."""
    visit = load_visit(handle)
    address = url_for("keeping.come_back", token=visit.token, _external=True)
    return render_template("quiz/keeping/link.html", visit=visit, address=address)


@blueprint.route(f"{_ATTEMPT}/delete", methods=["GET", "POST"])
def delete(handle: str) -> str | Response:
    """Name what goes; delete it. Asking twice deletes once and shows the same receipt."""
    token, form = load_deleted(handle), ButtonForm()
    if form.validate_on_submit():
        attempt = find_attempt(get_session(), hash_token(token))
        with writing() as session:
            if attempt and delete_attempt(session, hash_token(token), get_now()):
                withdraw(
                    session, token, open_ticket(attempt.ticket, token)
                )  # Afterwards: no other tab can send now.
        truncate_wal(
            get_database(), WIPE_SECONDS
        )  # Should a reader be in the way, housekeeping does it.
        return redirect(url_for("keeping.deleted", handle=handle), 303)
    visit = load_visit(handle)
    answers = len(visit.attempt.answers)
    return render_template(
        "quiz/keeping/delete.html", visit=visit, answers=answers, backup_days=BACKUP_DAYS
    )


@blueprint.get(f"{_ATTEMPT}/deleted")
def deleted(handle: str) -> str:
    """Show the receipt of a deletion."""
    receipt = find_receipt(get_session(), hash_token(load_deleted(handle))) or abort(404)
    return render_template(
        "quiz/keeping/deleted.html", receipt=receipt, handle=handle, backup_days=BACKUP_DAYS
    )


@blueprint.route("/return/<token>", methods=["GET", "POST"])
def come_back(token: str) -> str | Response:
    """Open one's own attempt by its secret link. Looking at the link opens nothing; the button does."""
    if not TOKEN.match(token):
        abort(404)
    if not token_exists(get_session(), hash_token(token)):
        abort(410 if find_receipt(get_session(), hash_token(token)) else 404)
    form = ButtonForm()
    if form.validate_on_submit():
        take_hold(token, is_kept=token in read_hold().kept)
        return redirect(url_for("answering.go_on", handle=name_token(token)), 303)
    return render_template("quiz/keeping/come_back.html", token=token)


@blueprint.route("/clear", methods=["GET", "POST"])
def clear() -> str | Response:
    """Finish on this device: it forgets every attempt, and the browser's back button shows nothing."""
    if request.method != "POST" and not read_hold().tokens:
        return render_template("quiz/keeping/clear.html", holds=0)  # No form, and so no cookie.
    form = ButtonForm()
    if form.validate_on_submit():
        let_go()
        response = make_response(redirect(url_for("keeping.cleared"), 303))
        response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
        return response
    return render_template("quiz/keeping/clear.html", holds=len(read_hold().tokens))


@blueprint.get("/cleared")
def cleared() -> str:
    """Say that this device has forgotten everything."""
    return render_template("quiz/keeping/cleared.html")
