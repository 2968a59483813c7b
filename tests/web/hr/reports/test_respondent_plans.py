"""The plans that respondents read: a stale page overwrites nothing, and no text is cut off."""

import pytest
from flask import Flask

from fitquiz.store.campaigns.campaigns import Campaign
from fitquiz.store.campaigns.respondent_reports import close_respondent_report
from fitquiz.web.site.database_session import writing
from tests.web.support.campaigning import read_values
from tests.web.support.page import Page
from tests.web.support.records import read_records
from tests.web.support.sealing import fill, seal
from tests.web.support.staff_member import StaffMember

STALE = "Somebody has changed this since you opened the page."


@pytest.fixture
def address(app: Flask, hana: StaffMember) -> str:
    campaign: Campaign = hana.create(units="")
    fill(app, campaign)
    seal(app, campaign)
    return f"/en/reports/{campaign.id}/respondents"


def save(hana: StaffMember, page: Page, plans: str, status: int = 200) -> Page:
    return hana.send(page.find_form("/respondents"), status, plans=plans)


def test_a_stale_page_does_not_overwrite_the_plans(hana: StaffMember, address: str) -> None:
    stale = hana.open(address)
    save(hana, hana.open(address), "We will hire.")
    before = read_records(hana.app)["respondent_report"]

    page = save(hana, stale, "We will wait.", 400)
    assert STALE in page.text
    assert "We will hire." in page.text
    assert read_values(page)["plans"].strip() == "We will wait."
    assert read_records(hana.app)["respondent_report"] == before

    page = save(hana, page, "We will hire and wait.")
    assert "Saved." in page.text


def test_the_same_plans_sent_twice_are_saved_once(hana: StaffMember, address: str) -> None:
    page = hana.open(address)
    for _ in range(2):
        assert "Saved." in save(hana, page, "We will hire.").text
    assert repr(read_records(hana.app)["audit"]).count("report-shown") == 1


def test_a_stale_page_does_not_show_a_report_again(
    app: Flask, hana: StaffMember, address: str
) -> None:
    save(hana, hana.open(address), "We will hire.")
    stale = hana.open(address)
    with app.app_context(), writing() as session:
        assert close_respondent_report(session, int(address.split("/")[3]))
    assert STALE in save(hana, stale, "We will hire!", 400).text


def test_plans_that_are_too_long_are_refused_and_kept(hana: StaffMember, address: str) -> None:
    page = hana.open(address)
    assert "maxlength" not in page.response.text
    text = "x" * 1001
    page = save(hana, page, text, 400)
    assert "Shorten it to at most 1,000 characters." in page.text
    assert read_values(page)["plans"].strip() == text


@pytest.mark.parametrize("path", ["campaigns/new", "links/new"])
def test_no_field_of_staff_is_cut_off_by_the_browser(
    hana: StaffMember, carl: StaffMember, path: str
) -> None:
    person = hana if path.startswith("campaigns") else carl
    assert "maxlength" not in person.open(f"/en/{path}").response.text
