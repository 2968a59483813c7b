"""Counts an attempt for its campaign when it is sent, and takes it out again.

The response waits in the ledger under a key that only the attempt's token gives.
"""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from fitquiz.core.groups.counting import count_response, read_plan
from fitquiz.core.secrets.tickets import (
    ASKED,
    COUNTED,
    REFUSED,
    WITHDRAWN,
    Ticket,
    key_of_response,
)
from fitquiz.store.attempts.attempts import change_ticket, send_parts
from fitquiz.store.attempts.beginning import close_new_ticket
from fitquiz.store.attempts.counsellor_links import note_finished
from fitquiz.store.campaigns.campaigns import Campaign, find_campaign
from fitquiz.store.campaigns.invitations import free_invitation, spend_invitation
from fitquiz.store.ledger.pending_responses import (
    add_response,
    replace_response,
    withdraw_response,
)
from fitquiz.web.quiz.device import HeldAttempt
from fitquiz.web.site.database_session import get_session, writing


def send_and_count(held: HeldAttempt, now: datetime) -> None:
    """Send the open parts, and count the result or change what is counted.

    All of it is one transaction. What two browsers send at the same moment is counted once.
    """
    ticket = held.ticket
    campaign = None
    cells = ""
    if ticket.state in (ASKED, COUNTED):
        campaign = find_campaign(get_session(), ticket.campaign_id)
    if campaign:
        cells = _choose_cells(held, campaign)

    new_ticket = None
    if ticket.state == ASKED:
        new_ticket = close_new_ticket(replace(ticket, state=COUNTED), held.token)

    with writing() as session:
        if not send_parts(session, held.attempt, now, new_ticket):
            return

        if ticket.link_id and held.attempt.finished_at is None:
            note_finished(session, ticket.link_id)

        if ticket.state == ASKED:
            is_counted = campaign and _count(session, held, campaign, cells, now)
            if not is_counted:
                refused = replace(ticket, state=REFUSED)
                change_ticket(
                    session, held.attempt, close_new_ticket(refused, held.token)
                )
        if ticket.state == COUNTED and campaign:
            replace_response(session, key_of_response(held.token), campaign.id, cells)


def withdraw(session: Session, token: str, ticket: Ticket) -> bool:
    """Take a response out and free its invitation; False if it is not counted or is sealed."""
    if ticket.state not in (ASKED, COUNTED):
        return False
    if not withdraw_response(session, key_of_response(token), ticket.campaign_id):
        return False
    if ticket.invitation_id:
        free_invitation(session, ticket.invitation_id)
    return True


def withdraw_for_good(held: HeldAttempt) -> None:
    """Take the response out, and note on the attempt that it is never counted again."""
    with writing() as session:
        if withdraw(session, held.token, held.ticket):
            withdrawn = replace(held.ticket, state=WITHDRAWN)
            change_ticket(
                session, held.attempt, close_new_ticket(withdrawn, held.token)
            )


def _choose_cells(held: HeldAttempt, campaign: Campaign) -> str:
    """Return the cells of the campaign's statistics that the answers count in."""
    attempt = held.attempt
    tie_breaker = int.from_bytes(key_of_response(held.token)[:8])
    return count_response(
        read_plan(campaign.statistics),
        held.pack,
        attempt.answers,
        (*attempt.sent_parts, *attempt.open_parts),
        tie_breaker,
    )


def _count(
    session: Session,
    held: HeldAttempt,
    campaign: Campaign,
    cells: str,
    now: datetime,
) -> bool:
    """Spend the invitation and add the response; False if either is refused."""
    ticket = held.ticket
    if ticket.invitation_id and not spend_invitation(session, ticket.invitation_id):
        return False

    is_added = add_response(
        session,
        key_of_response(held.token),
        campaign,
        ticket.unit_id,
        cells,
        now.date(),
    )
    if not is_added and ticket.invitation_id:
        free_invitation(session, ticket.invitation_id)
    return is_added
