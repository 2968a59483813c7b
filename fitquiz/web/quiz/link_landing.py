"""Where a counsellor's link leads: who invites, what the counsellor sees and does not see, and the button to begin."""

from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from fitquiz.store.attempts.counsellor_links import OPEN
from fitquiz.web.quiz.beginning import LinkUsedUpError, begin_attempt, show_begin
from fitquiz.web.quiz.device import find_open_visit, find_visit_of_link
from fitquiz.web.quiz.guidance import find_guidance
from fitquiz.web.security.wrong_token_limit import note_wrong_token
from fitquiz.web.site.clock import get_today
from fitquiz.web.site.languages import get_language

blueprint = Blueprint("link_landing", __name__)
_LINK = "/guided/<token>"


@blueprint.get(_LINK)
def start(token: str) -> str | tuple[str, int]:
    """Show what a link is for. Looking at it uses nothing up and sets no cookie."""
    guidance = find_guidance(token)
    if guidance is None:
        return render_template(
            "quiz/invitation_landing/dead_end.html", visit=find_open_visit()
        ), 404
    state, pack = guidance.link.state(_today()), guidance.pack
    page = render_template(
        "quiz/link_landing/start.html" if state == OPEN else "quiz/link_landing/closed.html",
        guidance=guidance,
        state=state,
        visit=find_visit_of_link(guidance.link.id),
        count=len(pack.items_of(pack.first_parts)),
        pack=pack,
        words=pack.words_in(get_language()),
    )
    return page, 200 if state == OPEN else 410


@blueprint.route(f"{_LINK}/begin", methods=["GET", "POST"])
def begin(token: str) -> str | Response:
    """Say what is stored and who sees it; start an attempt, which takes one use of the link."""
    guidance, back = find_guidance(token), redirect(url_for("link_landing.start", token=token), 303)
    if guidance is None:
        note_wrong_token()
        return back  # Which says what the matter is.
    if request.method == "POST":
        try:  # Whatever the link's state: a form that is sent twice has taken its use already.
            return begin_attempt(guidance.pack, guidance.pack.first_parts, guidance.ticket)
        except LinkUsedUpError:
            return back
    if guidance.link.state(_today()) != OPEN:
        return back
    addresses = (
        url_for("link_landing.begin", token=token),
        url_for("link_landing.start", token=token),
    )
    return show_begin(guidance.pack, *addresses, guidance=guidance)


def _today() -> date:
    return get_today()
