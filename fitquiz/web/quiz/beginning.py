"""The page before an attempt, which says what is stored and who sees it; and beginning the attempt."""

import secrets
from datetime import datetime

from flask import (
    abort,
    current_app,
    redirect,
    render_template,
)
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from fitquiz.core.packs import Pack
from fitquiz.core.secrets.tickets import Ticket
from fitquiz.core.secrets.tokens import make_handle
from fitquiz.store.attempts.beginning import (
    AttemptDeletedError,
    NewAttempt,
    begin_attempt,
)
from fitquiz.store.campaigns.campaign_lifecycle import note_burst
from fitquiz.web.quiz.device import remember_attempt
from fitquiz.web.quiz.item_pages import address_of_item
from fitquiz.web.quiz.quiz_forms import BeginForm
from fitquiz.web.security.rate_limits import is_burst, take_beginning
from fitquiz.web.site.clock import get_now
from fitquiz.web.site.database_session import writing
from fitquiz.web.site.languages import get_language


def show_begin_page(pack: Pack, address: str, back: str, **arrival: object) -> str:
    """Say what is stored, who sees it and how to delete it.

    `arrival` is the campaign or the counsellor that the respondent arrived by.
    """
    return render_template(
        "quiz/begin.html",
        token=secrets.token_urlsafe(32),
        pack=pack,
        address=address,
        back=back,
        words=pack.words_in(get_language()),
        settings=current_app.extensions["fitquiz_settings"],
        **arrival,
    )


def begin_from_form(pack: Pack, parts: tuple[str, ...], ticket: Ticket) -> Response:
    """Begin an attempt and lead to its first item; a form that is sent twice begins one attempt.

    Raise TooManyBegunError if this address began too many, and LinkUsedUpError if the
    counsellor's link has no use left. Nothing is stored then.
    """
    form = BeginForm()
    if not form.validate():
        abort(400)
    token = str(form.token.data)
    new = NewAttempt(
        token=token,
        pack=pack,
        parts=parts,
        ticket=ticket,
        may_improve=form.may_improve.data,
    )

    now = get_now()
    try:
        with writing() as session:
            if begin_attempt(session, new, now):
                _limit_beginnings(session, ticket, now)
    except AttemptDeletedError:
        abort(410)

    remember_attempt(token, is_kept=form.keep.data)
    first_item = pack.items_of(parts)[0]
    return redirect(address_of_item(make_handle(token), first_item), 303)


def _limit_beginnings(session: Session, ticket: Ticket, now: datetime) -> None:
    """Count the attempt against its address's rate limit, and note a burst on the campaign."""
    take_beginning(session, now)
    is_by_open_link = ticket.campaign_id and not ticket.invitation_id
    if is_by_open_link and is_burst(session, ticket.campaign_id, now):
        note_burst(session, ticket.campaign_id)
