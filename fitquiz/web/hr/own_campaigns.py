"""A campaign as its owner asks for it: another's, and one that is not there, are the same 404."""

from flask import abort

from fitquiz.store.campaigns.campaigns import Campaign, find_own_campaign
from fitquiz.store.engine.paging import LARGEST_ID
from fitquiz.web.security.current_staff import get_staff
from fitquiz.web.site.db import get_session


def load_campaign(campaign_id: int) -> Campaign:
    """Return a campaign of whoever is signed in, or answer that there is none."""
    found = (
        find_own_campaign(get_session(), get_staff().id, campaign_id)
        if campaign_id <= LARGEST_ID
        else None
    )
    return found or abort(404)
