"""Loads a campaign for its owner.

A missing campaign and another owner's campaign cause the same error, status 404.
"""

from flask import abort

from fitquiz.store.campaigns.campaigns import Campaign, find_own_campaign
from fitquiz.store.engine.paging import LARGEST_ID
from fitquiz.web.security.current_staff import get_staff
from fitquiz.web.site.database_session import get_session


def load_campaign(campaign_id: int) -> Campaign:
    """Return a campaign that the signed-in staff member owns.

    Abort with 404 if the staff member owns no campaign with this id.
    """
    if campaign_id > LARGEST_ID:
        abort(404)
    campaign = find_own_campaign(get_session(), get_staff().id, campaign_id)
    if campaign is None:
        abort(404)
    return campaign
