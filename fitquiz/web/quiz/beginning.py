"""Shows the page that begins an attempt, and begins the attempt."""

import secrets
from datetime import datetime, timedelta

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
from fitquiz.core.secrets.tokens import hash_token, make_handle
from fitquiz.store.attempts.attempts import find_attempt
from fitquiz.store.attempts.beginning import (
    AttemptDeletedError,
    NewAttempt,
    begin_attempt,
)
from fitquiz.store.campaigns.campaign_lifecycle import note_burst
from fitquiz.store.campaigns.campaigns import find_campaign
from fitquiz.web.device.device_cookies import MAX_TOKENS
from fitquiz.web.device.held_attempts import (
    NotHeldError,
    find_next_forgotten,
    holds_attempt,
    holds_shared_attempt,
    list_held_attempts,
    remember_attempt,
)
from fitquiz.web.device.kiosk import find_kiosk
from fitquiz.web.limits.invitation_limit import take_personal_beginning
from fitquiz.web.limits.rate_limits import is_burst, take_beginning
from fitquiz.web.quiz.item_pages import address_of_item
from fitquiz.web.quiz.quiz_forms import BeginForm
from fitquiz.web.site.clock import get_now, get_today
from fitquiz.web.site.database_session import get_session, writing
from fitquiz.web.site.foreign_texts import written_in

SAME_FORM = timedelta(minutes=1)
"""If a form is sent twice within this time, fitquiz assumes that one person sent both."""


def show_begin_page(
    pack: Pack,
    address: str,
    back: str,
    is_kiosk: bool = False,
    token: str | None = None,
    **arrival: object,
) -> str:
    """Return the page with the form that begins an attempt.

    The page shows which data is stored, who sees the data and how to delete the data. The form on
    the page is sent to `address`. The link to the previous page has the address `back`. `arrival`
    contains the `campaign` of an invitation, or the `earlier_campaigns` of attempts that began with
    an invitation, or nothing. For a counsellor's link, `arrival` contains the `link`, the
    `counsellor` and the `return_code` of the attempt. `token` is the token
    of the attempt with this return code. Without `token`, the attempt gets a random token.

    If `is_kiosk` is true, or if this device is a kiosk, the page offers no own device.
    """
    return render_template(
        "quiz/begin.html",
        token=token or secrets.token_urlsafe(32),
        pack=pack,
        address=address,
        back=back,
        is_kiosk=is_kiosk or find_kiosk() is not None,
        holds_shared=holds_shared_attempt(),
        next_forgotten=find_next_forgotten(),
        max_kept=MAX_TOKENS,
        settings=current_app.extensions["fitquiz_settings"],
        **arrival,
    )


def list_earlier_campaigns(handle: str) -> dict[str, bool]:
    """Return the titles of the campaigns whose invitations began the attempts of this device.

    The value of a title is true if the campaign counts an attempt. The attempt of a shared device
    may belong to another person. Therefore look at this attempt only if it has this handle.
    """
    titles: dict[str, bool] = {}
    for held in list_held_attempts():
        ticket = held.ticket
        is_own = held.is_kept or held.handle == handle
        if not is_own or not ticket.campaign_id:
            continue
        campaign = find_campaign(get_session(), ticket.campaign_id)
        if campaign:
            title = written_in(campaign.title, campaign.languages)
            was_counted = titles.get(title, False)
            titles[title] = was_counted or ticket.is_counted
    return titles


def begin_from_form(
    pack: Pack,
    parts: tuple[str, ...],
    ticket: Ticket,
    *,
    is_for_one: bool = False,
    is_again: bool = False,
    kiosk: str | None = None,
) -> Response:
    """Begin an attempt and redirect to its first item.

    If the form is sent twice, only one attempt begins. Raise NotHeldError if the form is sent again
    after SAME_FORM and this device has forgotten the attempt. Abort with 400 if the form is
    invalid, and with 410 if the form's attempt was deleted. Raise TooManyBegunError if too many
    attempts began from this network address. Raise LinkUsedUpError if the counsellor's link is used
    up, closed, expired or deleted. After an abort or an error, nothing is stored.

    With `is_for_one`, the attempt begins with a link for one person. The limit of the network
    address then does not apply. Raise TooManyBegunByOneError if too many attempts began with this
    link.

    `is_again` is true if the respondent has begun with the same counsellor's link before. `kiosk`
    is the token of a kiosk's link, or None.
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
            is_new = begin_attempt(session, new, now, get_today())
            if is_new:
                _limit_beginnings(session, ticket, is_for_one, now)
    except AttemptDeletedError:
        abort(410)

    if not is_new:
        _refuse_old_form(token, now)
    remember_attempt(token, is_kept=form.is_kept, kiosk=kiosk)
    first_item = pack.items_of(parts)[0]
    return redirect(address_of_item(make_handle(token), first_item), 303)


def _refuse_old_form(token: str, now: datetime) -> None:
    """Raise NotHeldError if this device has forgotten the attempt that the form began earlier.

    Accept a form that is sent again within SAME_FORM. Without the error, an old form in the
    browser's history would bring back a forgotten attempt.
    """
    attempt = find_attempt(get_session(), hash_token(token))
    is_late = attempt is not None and now - attempt.started_at > SAME_FORM
    if is_late and not holds_attempt(token):
        raise NotHeldError


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
