"""Counts an attempt for its campaign as it is sent, and takes it out again, by the key that its token gives."""

import secrets
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from fitquiz.core.groups.counting import count_response, read_plan
from fitquiz.core.secrets.tickets import (
    ASKED,
    COUNTED,
    NONCE_BYTES,
    REFUSED,
    WITHDRAWN,
    Ticket,
    close_ticket,
    key_of_response,
)
from fitquiz.store.attempts.attempts import change_ticket, send_parts
from fitquiz.store.attempts.counsellor_links import note_finished
from fitquiz.store.campaigns.campaigns import Campaign, find_campaign
from fitquiz.store.campaigns.invitations import free_invitation, spend_invitation
from fitquiz.store.ledger.pending import add_response, replace_response, withdraw_response
from fitquiz.web.quiz.device import Visit
from fitquiz.web.site.db import get_session, writing


def close_new_ticket(ticket: Ticket, token: str) -> bytes:
    """Return a ticket as it is stored, with a fresh nonce."""
    return close_ticket(ticket, token, secrets.token_bytes(NONCE_BYTES))


def send_and_count(visit: Visit, now: datetime) -> None:
    """Send the open parts; if that is what the respondent was asked for, count the result, or change what is counted.

    Everything happens at once or not at all: what two browsers send at the same moment is counted once.
    """
    ticket = visit.ticket
    campaign = (
        find_campaign(get_session(), ticket.campaign_id)
        if ticket.state in (ASKED, COUNTED)
        else None
    )
    cells = _count(visit, campaign) if campaign else ""
    counted = (
        close_new_ticket(replace(ticket, state=COUNTED), visit.token)
        if ticket.state == ASKED
        else None
    )
    with writing() as session:
        if not send_parts(session, visit.attempt, now, counted):
            return
        if ticket.link_id and visit.attempt.finished_at is None:
            note_finished(session, ticket.link_id)
        if ticket.state == ASKED and not (campaign and _add(session, visit, campaign, cells, now)):
            refused = replace(ticket, state=REFUSED)
            change_ticket(session, visit.attempt, close_new_ticket(refused, visit.token))
        elif ticket.state == COUNTED and campaign:
            replace_response(session, key_of_response(visit.token), campaign.id, cells)


def withdraw(session: Session, token: str, ticket: Ticket) -> bool:
    """Take a counted response out before it is sealed; False if there is none (any more). Frees the invitation."""
    if ticket.state not in (ASKED, COUNTED) or not withdraw_response(
        session, key_of_response(token), ticket.campaign_id
    ):
        return False
    if ticket.invitation_id:
        free_invitation(session, ticket.invitation_id)
    return True


def withdraw_for_good(visit: Visit) -> None:
    """Take the response out and note it on the attempt, so that sending it again does not count it."""
    with writing() as session:
        if withdraw(session, visit.token, visit.ticket):
            gone = replace(visit.ticket, state=WITHDRAWN)
            change_ticket(session, visit.attempt, close_new_ticket(gone, visit.token))


def _count(visit: Visit, campaign: Campaign) -> str:
    attempt, lot = visit.attempt, int.from_bytes(key_of_response(visit.token)[:8])
    parts = (*attempt.sent_parts, *attempt.open_parts)
    return count_response(read_plan(campaign.statistics), visit.pack, attempt.answers, parts, lot)


def _add(session: Session, visit: Visit, campaign: Campaign, cells: str, now: datetime) -> bool:
    ticket = visit.ticket
    if ticket.invitation_id and not spend_invitation(session, ticket.invitation_id):
        return False
    if add_response(
        session, key_of_response(visit.token), campaign, ticket.unit_id, cells, now.date()
    ):
        return True
    if ticket.invitation_id:
        free_invitation(session, ticket.invitation_id)
    return False
