"""Begins an attempt, by whatever way the respondent came: told first what is stored and who sees it."""

import secrets
from datetime import datetime

from flask import abort, current_app, redirect, render_template
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from fitquiz.core.packs import Pack
from fitquiz.core.secrets.tickets import Ticket
from fitquiz.core.secrets.tokens import hash_token, name_token
from fitquiz.store.attempts.attempts import find_receipt, start_attempt
from fitquiz.store.attempts.counsellor_links import use_link
from fitquiz.store.attempts.kept_packs import keep_pack
from fitquiz.store.campaigns.campaigns import note_burst
from fitquiz.web.quiz.device import take_hold
from fitquiz.web.quiz.item_pages import address_of_item
from fitquiz.web.quiz.quiz_forms import BeginForm
from fitquiz.web.quiz.sending import close_new_ticket
from fitquiz.web.security.rate_limits import is_burst, take_beginning
from fitquiz.web.site.clock import get_now
from fitquiz.web.site.db import writing
from fitquiz.web.site.languages import get_language


class LinkUsedUpError(Exception):
    """The counsellor's link took its last start, or was closed, while somebody was about to begin."""


def show_begin(pack: Pack, address: str, back: str, **came_by: object) -> str:
    """Say what is stored, who sees it and how it is deleted, before anything is."""
    return render_template(
        "quiz/answering/begin.html",
        token=secrets.token_urlsafe(32),
        pack=pack,
        address=address,
        back=back,
        words=pack.words_in(get_language()),
        settings=current_app.extensions["fitquiz_settings"],
        **came_by,
    )


def begin_attempt(pack: Pack, parts: tuple[str, ...], ticket: Ticket) -> Response:
    """Store a new attempt, let this device hold it and lead to its first item; sending the form twice starts one.

    By a counsellor's link it takes one use in the same transaction; raise LinkUsedUpError if there is none. Whoever has
    begun too many raises TooManyBegunError; in either case nothing is stored.
    """
    form = BeginForm()
    if not form.validate():
        abort(400)
    token, now = str(form.token.data), get_now()
    stored = close_new_ticket(ticket, token)
    with writing() as session:
        keep_pack(session, pack, now)
        is_new = start_attempt(
            session, hash_token(token), pack.content_hash, parts, form.may_improve.data, now, stored
        )
        if not is_new and find_receipt(session, hash_token(token)):
            abort(410)
        if is_new:
            _count_beginning(session, ticket, now)
        if is_new and ticket.link_id and not use_link(session, ticket.link_id, now.date()):
            raise LinkUsedUpError
    take_hold(token, is_kept=form.keep.data)
    return redirect(address_of_item(name_token(token), pack.items_of(parts)[0]), 303)


def _count_beginning(session: Session, ticket: Ticket, now: datetime) -> None:
    """Keep scripts from beginning without end; many by an open link of a campaign are told to its owner."""
    take_beginning(session, now)
    if (
        ticket.campaign_id
        and not ticket.invitation_id
        and is_burst(session, ticket.campaign_id, now)
    ):
        note_burst(session, ticket.campaign_id)
