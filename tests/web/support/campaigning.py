"""Hana's campaign forms: fill them in, send them and read what came of it."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from fitquiz.store.campaigns.campaigns import Campaign, find_campaign, list_campaigns
from fitquiz.web.site.database_session import get_session
from tests.web.support.answering import PACK
from tests.web.support.page import Page
from tests.web.support.page_checks import check_page
from tests.web.support.staff_member import StaffMember


def today() -> date:
    return datetime.now(UTC).date()


def fill(**changes: Any) -> dict[str, Any]:
    """Return what somebody types who creates a campaign."""
    whole = {
        "title": "Spring round",
        "inviter": "HR at Fjord",
        "languages": ["nb", "en"],
        "opens_on": str(today()),
        "closes_on": str(today() + timedelta(20)),
        "cap": "",
        "pack": PACK.id,
        "kind": "open",
        "units": "Sales > Oslo; 12\nIT",
        "statistics": ["lean", "strongest"],
        "threshold": "5",
        "sealing": "close",
        "split_from": "30",
    }
    return whole | changes


def send(
    person: StaffMember, address: str, fields: Mapping[str, Any], status: int = 303
) -> Page | None:
    """Send fields to a page of staff's; return the page that comes back, unless it leads on."""
    response = person.post(address, {"csrf_token": person.read_token(), **fields})
    assert response.status_code == status, response.text
    return check_page(response, status) if status != 303 else None


def send_wrong(person: StaffMember, address: str, fields: Mapping[str, Any]) -> Page:
    """Send what is refused, and return the page that says so."""
    page = send(person, address, fields, 400)
    assert page is not None
    assert page.find_all("div", role="alert")
    return page


def read_campaigns(person: StaffMember) -> list[Campaign]:
    with person.app.app_context():
        return list_campaigns(get_session(), person.staff.id)


def see(person: StaffMember, campaign: Campaign) -> Campaign:
    """Return a campaign as it stands now."""
    with person.app.app_context():
        found = find_campaign(get_session(), campaign.id)
    assert found is not None
    return found


def edit(campaign: Campaign, **changes: Any) -> dict[str, Any]:
    """Return what the form of a campaign that nothing freezes sends."""
    known = {
        "title": campaign.title,
        "inviter": campaign.inviter,
        "languages": list(campaign.languages),
    }
    days = {
        "opens_on": str(campaign.opens_on),
        "closes_on": str(campaign.closes_on),
        "cap": campaign.cap or "",
    }
    counting = {"statistics": ["lean"], "threshold": "5", "sealing": "close", "split_from": "0"}
    return {**known, **days, **counting, **changes}


def read_values(page: Page) -> dict[str, str]:
    """What stands in the lines and boxes of a page."""
    typed = {each.get("name", ""): each.get("value", "") for each in page.find_all("input")}
    return typed | {each.get("name", ""): each.text or "" for each in page.find_all("textarea")}
