"""An app with a mail server, and a campaign with personal invitations."""

import pytest
from flask import Flask

from fitquiz.store.campaigns.campaigns import Campaign
from tests.web.support.app_fixtures import MAIL_SETTINGS, MakeApp
from tests.web.support.staff_member import StaffMember


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    """An app with a mail server."""
    settings = {name.removeprefix("FITQUIZ_"): value for name, value in MAIL_SETTINGS.items()}
    return make_app(**settings)


@pytest.fixture
def campaign(hana: StaffMember) -> Campaign:
    return hana.create(is_personal=True)
