"""A staff member at a browser. A row in the database signs the browser in, as after a right password."""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask

from fitquiz.core.groups.unit_lists import parse_units
from fitquiz.core.secrets.tokens import hash_token
from fitquiz.store.accounts.sign_ins import open_sign_in
from fitquiz.store.accounts.staff import Staff, add_staff, set_password_hash
from fitquiz.store.campaigns.campaigns import Campaign, create_campaign, find_campaign
from fitquiz.web.accounts.password_hashes import hash_password
from fitquiz.web.hr.invitation_links import make_open_link
from fitquiz.web.site.database_session import writing
from tests.store.support.ledger_cast import make_new_campaign
from tests.web.support.answering import PACK
from tests.web.support.clock import find_today
from tests.web.support.respondent import Respondent

PASSWORD = "seven green herons waiting"
UNITS = "Sales > Oslo; 12\nSales > Bergen; 8\nIT; 9"
_HASH = hash_password(PASSWORD)


class StaffMember(Respondent):
    """A staff member who is signed in at an own browser."""

    def __init__(self, app: Flask, name: str, *permissions: str) -> None:
        super().__init__(app.test_client())
        self.app = app
        self.staff = add(app, name, *permissions)
        token, now = secrets.token_urlsafe(32), datetime.now(UTC)
        with app.app_context(), writing() as session:
            open_sign_in(session, hash_token(token), self.staff.id, now)
        self.client.set_cookie("staff", token)

    def create(self, title: str = "Spring", **changes: Any) -> Campaign:
        """Store a campaign that belongs to this person and is open today, with units and open links."""
        return create(self.app, self.staff, title, **changes)


def add(app: Flask, name: str, *permissions: str) -> Staff:
    """Store an account with the password PASSWORD."""
    with app.app_context(), writing() as session:
        staff = add_staff(
            session, name, f"{name.lower()}@example.org", permissions, datetime.now(UTC)
        )
        assert staff is not None
        set_password_hash(session, staff.id, _HASH)
    return staff


def create(app: Flask, owner: Staff, title: str, units: str = UNITS, **changes: Any) -> Campaign:
    """Store a campaign with units. If the campaign has no personal invitations, also store open links."""
    now = datetime.now(UTC)
    today = find_today()
    days = {"opens_on": today - timedelta(1), "closes_on": today + timedelta(10)}
    new = make_new_campaign(title=title, **(days | changes))
    with app.app_context(), writing() as session:
        drafts, _ = parse_units(units)
        campaign_id = create_campaign(session, owner, new, PACK, drafts, make_open_link, now)
        campaign = find_campaign(session, campaign_id)
    assert campaign is not None
    return campaign
