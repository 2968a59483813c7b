"""Loads a campaign for its owners and readers.

A missing campaign and a campaign of other people cause the same error, status 404. A reader gets
this error too, on every page except the report.
"""

from flask import abort

from fitquiz.store.campaigns.campaigns import OWNER, Campaign
from fitquiz.store.campaigns.own_campaigns import find_own_campaign
from fitquiz.store.engine.paging import LARGEST_ID
from fitquiz.web.security.current_staff import get_staff
from fitquiz.web.site.database_session import get_session


def load_campaign(campaign_id: int, role: str = OWNER) -> Campaign:
    """Return a campaign in which the signed-in staff member has at least `role`.

    Abort with 404 if the staff member has no such role in a campaign with this id.
    """
    if campaign_id > LARGEST_ID:
        abort(404)
    campaign = find_own_campaign(get_session(), get_staff().id, campaign_id, role)
    if campaign is None:
        abort(404)
    return campaign


def is_owner(campaign: Campaign) -> bool:
    """Return whether the signed-in staff member is an owner of the campaign."""
    staff = get_staff()
    found = find_own_campaign(get_session(), staff.id, campaign.id, OWNER)
    return found is not None
