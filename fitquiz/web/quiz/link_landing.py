"""The page that a counsellor's link opens, and the page that begins an attempt with the link."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from fitquiz.store.attempts.beginning import LinkUsedUpError
from fitquiz.store.attempts.counsellor_links import OPEN
from fitquiz.web.quiz.arrivals import find_link_arrival
from fitquiz.web.quiz.beginning import begin_from_form, show_begin_page
from fitquiz.web.quiz.device import find_attempt_by_link, find_open_attempt
from fitquiz.web.security.wrong_link_limit import note_wrong_link
from fitquiz.web.site.clock import get_today
from fitquiz.web.site.page_language import get_language

blueprint = Blueprint("link_landing", __name__)
_LINK = "/guided/<token>"


@blueprint.get(_LINK)
def start(token: str) -> str | tuple[str, int]:
    """Show who invites and what the counsellor sees.

    If no attempt can begin with the link, show a page that says so. Opening the page takes no use
    of the link and sets no cookie.
    """
    arrival = find_link_arrival(token)
    if arrival is None:
        held = find_open_attempt()
        return render_template("quiz/invitation_landing/dead_end.html", held=held), 404

    link = arrival.link
    pack = arrival.pack
    state = link.state(get_today())
    is_open = state == OPEN
    page = render_template(
        "quiz/link_landing/start.html" if is_open else "quiz/link_landing/closed.html",
        arrival=arrival,
        state=state,
        held=find_attempt_by_link(link.id),
        count=len(pack.items_of(pack.first_parts)),
        pack=pack,
        words=pack.words_in(get_language()),
    )
    return page, 200 if is_open else 410


@blueprint.route(f"{_LINK}/begin", methods=["GET", "POST"])
def begin(token: str) -> str | Response:
    """Show the page that begins an attempt.

    On POST, begin the attempt and take one use of the link.
    """
    landing_page = url_for("link_landing.start", token=token)
    arrival = find_link_arrival(token)
    if arrival is None:
        note_wrong_link()
        # The landing page shows that the link cannot be used.
        return redirect(landing_page, 303)

    pack = arrival.pack
    if request.method == "POST":
        # Do not check the link's state here, because a form may be sent twice. The first request
        # may take the last use of the link, and the second request must still redirect to the
        # first item.
        try:
            return begin_from_form(
                pack,
                pack.first_parts,
                arrival.ticket,
                is_for_one=arrival.link.uses == 1,
            )
        except LinkUsedUpError:
            return redirect(landing_page, 303)

    if arrival.link.state(get_today()) != OPEN:
        return redirect(landing_page, 303)
    return show_begin_page(
        pack,
        address=url_for("link_landing.begin", token=token),
        back=landing_page,
        counsellor=arrival.counsellor,
    )
