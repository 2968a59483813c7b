"""Pages where a respondent uses an own link, deletes an attempt, or clears a device."""

from flask import (
    Blueprint,
    abort,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from werkzeug.wrappers import Response

from fitquiz.config.settings import BACKUP_DAYS
from fitquiz.core.secrets.tickets import open_ticket
from fitquiz.core.secrets.tokens import HANDLE, TOKEN, hash_token, make_handle
from fitquiz.store.attempts.attempts import find_attempt, token_exists
from fitquiz.store.attempts.counsellor_links import may_begin_again
from fitquiz.store.attempts.deletion import delete_attempt, find_receipt
from fitquiz.store.upkeep.erasure import truncate_wal
from fitquiz.web.device.device_cookies import send_kiosk_cookie
from fitquiz.web.device.held_attempts import (
    HeldAttempt,
    NotStoredError,
    count_held_tokens,
    forget_all_attempts,
    forget_attempt,
    holds_handle,
    keeps_attempt,
    list_held_attempts,
    load_held_attempt,
    load_token,
    remember_attempt,
)
from fitquiz.web.device.kiosk import Kiosk, find_kiosk
from fitquiz.web.forms.forms import ButtonForm
from fitquiz.web.quiz.quiz_forms import DeviceForm
from fitquiz.web.quiz.sending import withdraw
from fitquiz.web.security.return_codes import return_code_of
from fitquiz.web.site.clock import get_now, get_today
from fitquiz.web.site.database_session import get_database, get_session, writing

blueprint = Blueprint("keeping", __name__)
_ATTEMPT = "/attempts/<handle>"
MAX_WIPE_SECONDS = 0.05
"""The longest time that a deletion waits for readers of SQLite's write-ahead log, in seconds.

The log contains the deleted answers until the log is emptied. The log can be emptied only while
no reader uses the log. While the deletion waits, all other writers wait too.
"""


@blueprint.get(f"{_ATTEMPT}/link")
def link(handle: str) -> str:
    """Show the own link, which opens the attempt in any browser, and the return code if it has one."""
    held = load_held_attempt(handle)
    address = url_for("keeping.come_back", token=held.token, _external=True)
    return render_template(
        "quiz/keeping/link.html",
        held=held,
        address=address,
        return_code=_find_return_code(held),
    )


@blueprint.route(f"{_ATTEMPT}/delete", methods=["GET", "POST"])
def delete(handle: str) -> str | Response:
    """Show what will be deleted. On POST, delete the attempt and redirect to the receipt.

    If the form is sent twice, the second response also redirects to this receipt.
    """
    token = load_token(handle)
    form = ButtonForm()
    if form.validate_on_submit():
        _delete(token)
        return _leave_no_page(url_for("keeping.deleted", handle=handle))

    held = load_held_attempt(handle)
    return render_template(
        "quiz/keeping/delete.html",
        held=held,
        answers=len(held.attempt.answers),
        backup_days=BACKUP_DAYS,
    )


@blueprint.get(f"{_ATTEMPT}/deleted")
def deleted(handle: str) -> str:
    """Show the receipt of a deleted attempt. Abort with 404 if the receipt does not exist."""
    token = load_token(handle)
    receipt = find_receipt(get_session(), hash_token(token))
    if receipt is None:
        abort(404)
    return render_template(
        "quiz/keeping/deleted.html",
        receipt=receipt,
        handle=handle,
        backup_days=BACKUP_DAYS,
    )


@blueprint.route("/return/<token>", methods=["GET", "POST"])
def come_back(token: str) -> str | Response:
    """Show the buttons that open the attempt of an own link. On POST, open the attempt.

    A GET request changes nothing. Abort with 410 if the attempt is deleted. Raise NotStoredError if
    the token is unknown. Abort with 400 if a form does not say whether the device is shared.
    """
    if not TOKEN.match(token):
        abort(404)
    token_hash = hash_token(token)
    if not token_exists(get_session(), token_hash):
        if find_receipt(get_session(), token_hash):
            abort(410)
        raise NotStoredError

    is_kept = keeps_attempt(token)
    if request.method != "POST":
        return render_template(
            "quiz/keeping/come_back.html", token=token, is_kept=is_kept
        )

    if not is_kept:
        form = DeviceForm()
        if not form.validate():
            abort(400)
        remember_attempt(token, form.is_kept)
    return redirect(url_for("answering.go_on", handle=make_handle(token)), 303)


@blueprint.post(f"{_ATTEMPT}/forget")
def forget(handle: str) -> Response:
    """Let this device forget one attempt. The answers stay on the server."""
    forget_attempt(load_token(handle))
    return _leave_no_page(url_for("keeping.cleared", forgotten=handle))


@blueprint.post("/invitations/<token>/finish")
def finish(token: str) -> Response:
    """Let a kiosk forget its attempt, and redirect to the start of the kiosk's link.

    If the form is sent twice, the second request changes nothing. A form that belongs to the
    attempt of an earlier person also changes nothing. The device stays a kiosk.
    """
    handle = request.form.get("handle", "")
    if find_kiosk() == Kiosk(handle, token):
        forget_attempt(load_token(handle))
        send_kiosk_cookie(token)
    return _leave_no_page(url_for("invitation_landing.start", token=token))


@blueprint.route("/clear", methods=["GET", "POST"])
def clear() -> str | Response:
    """Show a button that clears this device. On POST, delete all tokens from this device."""
    count = count_held_tokens()
    if request.method != "POST" and count == 0:
        # This page sets no cookie, because the page has no form.
        return render_template("quiz/keeping/clear.html", holds=0)

    form = ButtonForm()
    if form.validate_on_submit():
        forget_all_attempts()
        # The browser session contains the ids of shares that somebody has opened here.
        session.clear()
        return _leave_no_page(url_for("keeping.cleared"))
    attempts = list_held_attempts()
    return render_template("quiz/keeping/clear.html", holds=count, attempts=attempts)


@blueprint.get("/cleared")
def cleared() -> str:
    """Show that this device has forgotten an attempt or all attempts.

    The query argument `forgotten` is the handle of the forgotten attempt. The script of the page
    removes the answers of this attempt from the browser. Anybody can make a link to this page.
    Therefore the page ignores the handle of an attempt that this device still holds.
    """
    handle = request.args.get("forgotten", "")
    is_forgotten = HANDLE.match(handle) and not holds_handle(handle)
    return render_template(
        "quiz/keeping/cleared.html",
        holds=count_held_tokens(),
        handle=handle if is_forgotten else None,
    )


def _find_return_code(held: HeldAttempt) -> str | None:
    """Return the return code that opens the attempt at the page of its counsellor's link.

    Return None if no return code opens the attempt: the attempt began in another way or was sent,
    or the link has ended.
    """
    link_id = held.ticket.link_id
    if held.attempt.finished_at:
        return None
    if not may_begin_again(get_session(), link_id, get_today()):
        return None
    return return_code_of(link_id, held.token)


def _leave_no_page(address: str) -> Response:
    """Redirect to `address`, and clear the browser's cache.

    Without clearing, the Back button of the browser could show answers. The header must not contain
    `cookies` or `storage`. With these words, browsers would delete the cookies of all sites in the
    same domain. People would be signed out of their other services.
    """
    response = redirect(address, 303)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def _delete(token: str) -> None:
    token_hash = hash_token(token)
    attempt = find_attempt(get_session(), token_hash)
    with writing() as database_session:
        if attempt and delete_attempt(database_session, token_hash, get_now()):
            # Delete the attempt before withdrawing its response. Otherwise, another tab could send
            # the answers between the withdrawal and the deletion.
            ticket = open_ticket(attempt.ticket, token)
            withdraw(database_session, token, ticket)

    # If a reader uses the log for too long, housekeeping empties the log later.
    truncate_wal(get_database(), MAX_WIPE_SECONDS)
