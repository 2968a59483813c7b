"""The page where a client types a return code, to go on with an unfinished attempt in this browser."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from fitquiz.core.secrets.return_codes import read_return_code
from fitquiz.core.secrets.tickets import Ticket
from fitquiz.core.secrets.tokens import hash_token, make_handle
from fitquiz.store.attempts.attempts import Attempt, find_attempt
from fitquiz.store.attempts.counsellor_links import OPEN, USED_UP
from fitquiz.web.device.held_attempts import remember_attempt
from fitquiz.web.landing.arrivals import (
    LinkArrival,
    find_link_arrival,
    find_link_ticket,
)
from fitquiz.web.limits.rate_limits import take_code
from fitquiz.web.limits.return_limit import give_back_return, take_return
from fitquiz.web.limits.wrong_link_limit import note_wrong_link
from fitquiz.web.quiz.quiz_forms import CodeForm, DeviceForm
from fitquiz.web.security.return_codes import attempt_token_of
from fitquiz.web.site.clock import get_now, get_today
from fitquiz.web.site.database_session import get_session

blueprint = Blueprint("link_return", __name__)


@blueprint.route("/guided/<token>/return", methods=["GET", "POST"])
def come_back(token: str) -> str | Response | tuple[str, int]:
    """Show the form for a return code. On POST, open the attempt of the code in this browser.

    If no unfinished attempt has the code, the page always says the same. Otherwise, the counsellor
    could find out whether the client has begun or has deleted the attempt.

    A form with a right code can come without a device, because the Enter key sends the code. The
    next page then asks whether the device is shared.
    """
    arrival = _find_usable_arrival(token)
    form = CodeForm()
    if request.method != "POST":
        if arrival is None:
            return redirect(url_for("link_landing.start", token=token), 303)
        return _show_form(token, form)

    if not form.validate():
        return _show_form(token, form), 400

    code = read_return_code(str(form.code.data))
    if code is None:
        form.code.errors = ["return-code-length"]
        return _show_form(token, form), 400

    found = _find_attempt(arrival, code)
    if arrival is None or found is None:
        form.code.errors = ["unknown-return-code"]
        return _show_form(token, form), 400

    attempt_token, attempt = found
    if attempt.finished_at:
        return _show_sent(arrival), 410
    device = DeviceForm()
    if not device.validate():
        return render_template(
            "landing/link_return/choose_device.html", token=token, code=form.code.data
        )
    remember_attempt(attempt_token, device.is_kept)
    handle = make_handle(attempt_token)
    return redirect(url_for("answering.go_on", handle=handle), 303)


def _find_usable_arrival(token: str) -> LinkArrival | None:
    """Return the counsellor's link with this token. Return None if no client can begin again with it."""
    arrival = find_link_arrival(token)
    if arrival and arrival.link.state(get_today()) in (OPEN, USED_UP):
        return arrival
    if find_link_ticket(token) == Ticket():
        note_wrong_link()
    return None


def _find_attempt(arrival: LinkArrival | None, code: str) -> tuple[str, Attempt] | None:
    """Return the token and the attempt of a return code.

    Return None if no attempt of this link has the code. Each code takes one try of the link. A
    right code gives the try back. A wrong code also takes one try of the network address.
    """
    if arrival is None:
        return None

    link_id = arrival.link.id
    take_return(link_id)
    attempt_token = attempt_token_of(link_id, code)
    attempt = find_attempt(get_session(), hash_token(attempt_token))
    if attempt is None:
        take_code(get_now())
        return None
    give_back_return(link_id)
    return attempt_token, attempt


def _show_form(token: str, form: CodeForm) -> str:
    return render_template("landing/link_return/come_back.html", token=token, form=form)


def _show_sent(arrival: LinkArrival) -> str:
    return render_template(
        "landing/link_return/sent.html",
        arrival=arrival,
        pack=arrival.pack,
        is_open=arrival.link.state(get_today()) == OPEN,
    )
