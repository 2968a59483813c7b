"""Fills in and sends Hana's forms for campaigns, and reads the stored campaigns."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from fitquiz.store.campaigns.campaigns import Campaign, find_campaign
from fitquiz.store.campaigns.own_campaigns import list_campaigns
from fitquiz.web.hr.changed_settings import list_settings
from fitquiz.web.hr.versions import write_version
from fitquiz.web.site.database_session import get_session
from tests.web.support.answering import PACK
from tests.web.support.clock import find_today
from tests.web.support.page import Page
from tests.web.support.page_checks import check_page
from tests.web.support.staff_member import StaffMember


def today() -> date:
    return find_today()


def fill(**changes: Any) -> dict[str, Any]:
    """Return the fields of a form that creates a campaign, with these changes."""
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
    """Send fields to a page of staff. Return the page of the response, or None for a redirect."""
    response = person.post(address, {"csrf_token": person.read_token(), **fields})
    assert response.status_code == status, response.text
    return check_page(response, status) if status != 303 else None


def send_wrong(person: StaffMember, address: str, fields: Mapping[str, Any]) -> Page:
    """Send fields that the app refuses, and return the page with the error."""
    page = send(person, address, fields, 400)
    assert page is not None
    assert page.find_all("div", role="alert")
    return page


def read_campaigns(person: StaffMember) -> list[Campaign]:
    with person.app.app_context():
        return list_campaigns(get_session(), person.staff.id)


def see(person: StaffMember, campaign: Campaign) -> Campaign:
    """Read a campaign from the database again."""
    with person.app.app_context():
        found = find_campaign(get_session(), campaign.id)
    assert found is not None
    return found


def edit(campaign: Campaign, **changes: Any) -> dict[str, Any]:
    """Return the fields of the edit form of a campaign without frozen settings, with these changes."""
    known = {
        "version": write_version(list_settings(campaign)),
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
    """Return the values of the input fields and text areas of a page, by name."""
    typed = {each.get("name", ""): each.get("value", "") for each in page.find_all("input")}
    return typed | {each.get("name", ""): each.text or "" for each in page.find_all("textarea")}
