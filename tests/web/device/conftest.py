"""A campaign whose open link is for a kiosk."""

import pytest
from flask import Flask

from fitquiz.store.campaigns.campaigns import Campaign
from tests.web.support.inviting import open_link
from tests.web.support.kiosks import switch
from tests.web.support.staff_member import StaffMember


@pytest.fixture
def campaign(hana: StaffMember) -> Campaign:
    """A campaign without units."""
    return hana.create(units="")


@pytest.fixture
def token(app: Flask, campaign: Campaign) -> str:
    """The token of a kiosk's link."""
    switch(app, campaign, is_kiosk=True)
    return open_link(app, campaign)
