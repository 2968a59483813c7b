"""The page that a counsellor's link opens, and the page that begins an attempt with the link."""

from dataclasses import replace

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from fitquiz.core.secrets.tickets import AGAIN, Ticket
from fitquiz.store.attempts.beginning import LinkUsedUpError
from fitquiz.store.attempts.counsellor_links import OPEN, USED_UP
from fitquiz.web.device.link_attempts import (
    LinkAttempts,
    find_link_attempts,
    show_dead_end,
)
from fitquiz.web.landing.arrivals import (
    LinkArrival,
    find_link_arrival,
    find_link_ticket,
)
from fitquiz.web.limits.wrong_link_limit import note_wrong_link
from fitquiz.web.quiz.beginning import begin_from_form, show_begin_page
from fitquiz.web.security.return_codes import attempt_token_of, draw_return_code
from fitquiz.web.site.clock import get_today
from fitquiz.web.site.foreign_texts import page_words

blueprint = Blueprint("link_landing", __name__)
_LINK = "/guided/<token>"


@blueprint.get(_LINK)
def start(token: str) -> str | tuple[str, int]:
    """Show who invites and what the counsellor sees.

    If no attempt can begin with the link, show a page that names the reason. Opening the page takes
    no use of the link, and sets no cookie.
    """
    arrival = find_link_arrival(token)
    if arrival is None:
        return show_dead_end(find_link_ticket(token))

    pack = arrival.pack
    attempts = find_link_attempts(arrival.ticket)
    may_begin = _may_begin(arrival, attempts)
    page = render_template(
        "landing/link_landing/start.html"
        if may_begin
        else "landing/link_landing/closed.html",
        arrival=arrival,
        state=arrival.link.state(get_today()),
        attempts=attempts,
        count=len(pack.items_of(pack.first_parts)),
        pack=pack,
        words=page_words(pack),
    )
    return page, 200 if may_begin else 410


@blueprint.route(f"{_LINK}/begin", methods=["GET", "POST"])
def begin(token: str) -> str | Response:
    """Show the page that begins an attempt.

    On POST, begin the attempt and take one use of the link. A respondent who has begun with the
    link on this own device before takes no other use.
    """
    landing_page = url_for("link_landing.start", token=token)
    arrival = find_link_arrival(token)
    if arrival is None:
        if find_link_ticket(token) == Ticket():
            note_wrong_link()
        # The landing page shows that the link cannot be used.
        return redirect(landing_page, 303)

    pack = arrival.pack
    attempts = find_link_attempts(arrival.ticket)
    if request.method == "POST":
        # Do not check the link's state here, because a form may be sent twice. The first request
        # may take the last use of the link. The second request must still redirect to the first
        # item.
        ticket = arrival.ticket
        if attempts.was_sent:
            ticket = replace(ticket, state=AGAIN)
        try:
            return begin_from_form(
                pack,
                pack.first_parts,
                ticket,
                is_for_one=arrival.link.is_for_one,
                is_again=bool(attempts.kept),
            )
        except LinkUsedUpError:
            return redirect(landing_page, 303)

    if not _may_begin(arrival, attempts):
        return redirect(landing_page, 303)
    return_code = draw_return_code()
    return show_begin_page(
        pack,
        address=url_for("link_landing.begin", token=token),
        back=landing_page,
        token=attempt_token_of(arrival.link.id, return_code),
        counsellor=arrival.counsellor,
        link=arrival.link,
        return_code=return_code,
    )


def _may_begin(arrival: LinkArrival, attempts: LinkAttempts) -> bool:
    """Return whether an attempt can begin with the link in this browser.

    A respondent who has begun with the link on this own device before can begin again here. The
    respondent can begin again even if the link is used up.
    """
    state = arrival.link.state(get_today())
    return state == OPEN or (state == USED_UP and bool(attempts.kept))
