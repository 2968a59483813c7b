"""Sends an attempt's answers, and adds, changes or withdraws the response for a campaign.

The pending response is stored under a key that can be computed only from the attempt's token.
"""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from fitquiz.core.groups.counting import count_response, read_plan
from fitquiz.core.result.scoring import Answers
from fitquiz.core.secrets.tickets import (
    AGAIN,
    ASKED,
    COUNTED,
    REFUSED,
    WITHDRAWN,
    Ticket,
    key_of_response,
)
from fitquiz.store.attempts.attempts import change_ticket, find_attempt, send_parts
from fitquiz.store.attempts.beginning import close_new_ticket
from fitquiz.store.attempts.counsellor_links import note_finished
from fitquiz.store.campaigns.campaigns import (
    CLOSED,
    NOT_OPEN,
    Campaign,
    find_campaign,
)
from fitquiz.store.campaigns.invitations import (
    free_invitation,
    is_standing,
    use_invitation,
)
from fitquiz.store.ledger.pending_responses import (
    add_response,
    replace_response,
    withdraw_response,
)
from fitquiz.web.device.held_attempts import HeldAttempt
from fitquiz.web.device.link_attempts import find_link_attempts
from fitquiz.web.site.clock import get_today
from fitquiz.web.site.database_session import get_session, writing


def send_and_count(held: HeldAttempt, now: datetime) -> None:
    """Send the open parts, and add or change the response for the campaign.

    All writes are one transaction. If two browsers send the attempt at the same time, the campaign
    counts one response.
    """
    ticket = held.ticket
    campaign = None
    if ticket.state in (ASKED, COUNTED):
        campaign = find_campaign(get_session(), ticket.campaign_id)

    new_ticket = None
    if ticket.state == ASKED:
        new_ticket = close_new_ticket(replace(ticket, state=COUNTED), held.token)

    is_first_of_link = _is_first_of_link(held)
    with writing() as session:
        if not send_parts(session, held.attempt, now, new_ticket):
            return

        if is_first_of_link:
            note_finished(session, ticket.link_id)

        cells = ""
        if campaign:
            answers = _read_answers(session, held)
            cells = _choose_cells(held, campaign, answers)
        if ticket.state == ASKED:
            is_counted = campaign and _count(session, held, campaign, cells)
            if not is_counted:
                refused = replace(ticket, state=REFUSED)
                refused_ticket = close_new_ticket(refused, held.token)
                change_ticket(session, held.attempt, refused_ticket)
        if ticket.state == COUNTED and campaign:
            replace_response(session, key_of_response(held.token), campaign.id, cells)


def is_refused_already(held: HeldAttempt) -> bool:
    """Return whether the campaign will refuse the response of an attempt that is not sent yet.

    The personal invitation is revoked, or the campaign is not open any more. Do not look at whether
    the invitation is used up, because that reveals whether the invited person has answered. Do not
    look at the cap of the campaign, because a full campaign reveals how many people have answered.
    """
    ticket = held.ticket
    if ticket.state != ASKED:
        return False
    campaign = find_campaign(get_session(), ticket.campaign_id)
    if campaign is None or campaign.state(get_today()) in (CLOSED, NOT_OPEN):
        return True
    if not ticket.invitation_id:
        return False
    return not is_standing(get_session(), ticket.invitation_id)


def withdraw(session: Session, token: str, ticket: Ticket) -> bool:
    """Delete the attempt's pending response, and make its personal invitation usable again.

    Return False if the attempt has no pending response, for example after the seal.
    """
    if ticket.state not in (ASKED, COUNTED):
        return False
    if not withdraw_response(session, key_of_response(token), ticket.campaign_id):
        return False
    if ticket.invitation_id:
        free_invitation(session, ticket.invitation_id)
    return True


def withdraw_for_good(held: HeldAttempt) -> None:
    """Withdraw the pending response, and change the ticket so that no campaign counts the attempt.

    If the attempt has no pending response, change nothing.
    """
    with writing() as session:
        if withdraw(session, held.token, held.ticket):
            withdrawn = replace(held.ticket, state=WITHDRAWN)
            change_ticket(
                session, held.attempt, close_new_ticket(withdrawn, held.token)
            )


def _is_first_of_link(held: HeldAttempt) -> bool:
    """Return whether this is the first attempt of a counsellor's link that the respondent sends.

    The link counts how many people have finished. Therefore, an attempt that was sent before does
    not count. An attempt also does not count if the respondent has sent another attempt of the link.
    """
    ticket = held.ticket
    if not ticket.link_id or ticket.state == AGAIN or held.attempt.finished_at:
        return False
    return not find_link_attempts(ticket).was_sent


def _read_answers(session: Session, held: HeldAttempt) -> Answers:
    """Return the answers of the sent attempt.

    While the request waited for the transaction, another request may have stored an answer. After
    the parts are sent, no request can store an answer.
    """
    attempt = find_attempt(session, held.attempt.token_hash)
    return attempt.answers if attempt else {}


def _choose_cells(held: HeldAttempt, campaign: Campaign, answers: Answers) -> str:
    """Return a text with a one or a zero for each cell of the campaign's statistics."""
    attempt = held.attempt
    tie_breaker = int.from_bytes(key_of_response(held.token)[:8])
    return count_response(
        read_plan(campaign.statistics),
        held.pack,
        answers,
        (*attempt.sent_parts, *attempt.open_parts),
        tie_breaker,
    )


def _count(
    session: Session,
    held: HeldAttempt,
    campaign: Campaign,
    cells: str,
) -> bool:
    """Mark a personal invitation as used, and store the pending response.

    Return False if the invitation is used or revoked, or if the campaign refuses the response.
    After a refused response, the invitation is usable again.
    """
    ticket = held.ticket
    if ticket.invitation_id and not use_invitation(session, ticket.invitation_id):
        return False

    is_added = add_response(
        session,
        key_of_response(held.token),
        campaign,
        ticket.unit_id,
        cells,
        get_today(),
    )
    if not is_added and ticket.invitation_id:
        free_invitation(session, ticket.invitation_id)
    return is_added
