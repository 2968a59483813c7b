"""Shows the page that begins an attempt, and begins the attempt."""

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
from fitquiz.web.security.invitation_limit import take_personal_beginning
from fitquiz.web.security.rate_limits import is_burst, take_beginning
from fitquiz.web.site.clock import get_now
from fitquiz.web.site.database_session import writing
from fitquiz.web.site.page_language import get_language


def show_begin_page(pack: Pack, address: str, back: str, **arrival: object) -> str:
    """Return the page with the form that begins an attempt.

    The page shows which data is stored, who sees the data and how to delete the data. The form on
    the page is sent to `address`. The link to the previous page has the address `back`. `arrival`
    contains the `campaign` of an invitation, or a counsellor's `link` and its `counsellor`, or
    nothing.
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


def begin_from_form(
    pack: Pack,
    parts: tuple[str, ...],
    ticket: Ticket,
    *,
    is_for_one: bool = False,
    is_again: bool = False,
) -> Response:
    """Begin an attempt and redirect to its first item.

    If the form is sent twice, only one attempt begins. Abort with 400 if the form is invalid, and
    with 410 if the form's attempt was deleted. Raise TooManyBegunError if too many attempts began
    from this network address. Raise LinkUsedUpError if the counsellor's link is used up, closed,
    expired or deleted. After an abort or an error, nothing is stored.

    With `is_for_one`, the attempt begins with the link of one person. The network address then has
    no limit. Raise TooManyBegunByOneError if too many attempts began with this link.

    `is_again` is true if the respondent has begun with the same counsellor's link before.
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
        is_again=is_again,
    )

    now = get_now()
    try:
        with writing() as session:
            if begin_attempt(session, new, now):
                _limit_beginnings(session, ticket, is_for_one, now)
    except AttemptDeletedError:
        abort(410)

    remember_attempt(token, is_kept=form.is_kept)
    first_item = pack.items_of(parts)[0]
    return redirect(address_of_item(make_handle(token), first_item), 303)


def _limit_beginnings(
    session: Session, ticket: Ticket, is_for_one: bool, now: datetime
) -> None:
    """Count the attempt in the rate limit of its personal link, or of the network address.

    If unusually many attempts of one campaign began from this network address, record a burst for
    the campaign. Only attempts that began with an open link count for a burst.
    """
    if is_for_one:
        take_personal_beginning(ticket)
        return

    take_beginning(session, now)
    if ticket.campaign_id and is_burst(session, ticket.campaign_id, now):
        note_burst(session, ticket.campaign_id)
