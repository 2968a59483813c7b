"""The campaign for which an attempt began, and whether the campaign counts the attempt."""

from dataclasses import dataclass

from fitquiz.core.secrets.tickets import (
    ASKED,
    COUNTED,
    REFUSED,
    WITHDRAWN,
    key_of_response,
)
from fitquiz.store.campaigns.campaigns import Campaign, find_campaign
from fitquiz.store.ledger.pending_responses import is_pending
from fitquiz.web.device.held_attempts import HeldAttempt
from fitquiz.web.quiz.sending import is_refused_already
from fitquiz.web.site.database_session import get_session

_STATES = {
    ASKED: "asked",
    WITHDRAWN: "withdrawn",
    REFUSED: "refused",
}


@dataclass(frozen=True, slots=True)
class CountedGroup:
    """The campaign of an attempt, and the state of the attempt's response.

    `campaign` is None if the campaign is deleted. `state` is `asked`, `refused-already`,
    `pending`, `sealed`, `withdrawn` or `refused`.
    """

    campaign: Campaign | None
    state: str


def find_counted_group(held: HeldAttempt) -> CountedGroup | None:
    """Return the campaign and the state of an attempt, or None if the attempt has no campaign."""
    ticket = held.ticket
    if not ticket.campaign_id:
        return None
    campaign = find_campaign(get_session(), ticket.campaign_id)
    return CountedGroup(campaign, _name_state(held))


def _name_state(held: HeldAttempt) -> str:
    if is_refused_already(held):
        return "refused-already"
    if held.ticket.state != COUNTED:
        return _STATES[held.ticket.state]
    if is_pending(get_session(), key_of_response(held.token)):
        return "pending"
    return "sealed"
