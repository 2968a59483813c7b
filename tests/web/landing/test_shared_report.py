"""HR can show the report of a sealed campaign to everybody who has a link of the campaign."""

import re

import pytest
from flask import Flask

from fitquiz.core.secrets.tokens import hash_token
from fitquiz.store.campaigns.campaigns import Campaign
from fitquiz.store.campaigns.invitations import (
    add_invitations,
    list_open_links,
    list_personal,
    revoke_invitations,
    use_invitation,
)
from fitquiz.web.hr.invitation_links import make_invitations
from fitquiz.web.security.link_tokens import code_of
from fitquiz.web.site.database_session import get_session, writing
from tests.web.support.clock import find_today
from tests.web.support.inviting import token_of_in
from tests.web.support.page import Page, read_text
from tests.web.support.records import listing_statements
from tests.web.support.respondent import Respondent
from tests.web.support.sealing import fill, seal
from tests.web.support.staff_member import StaffMember

PLANS = "We will talk about <b>working hours</b>.\nThen we decide in May."


@pytest.fixture
def sealed(app: Flask, hana: StaffMember) -> Campaign:
    campaign = hana.create("Spring", statistics="lean:1/3 strongest:1/2")
    fill(app, campaign, cells="1100000")
    seal(app, campaign)
    return campaign


def find_link(app: Flask, campaign: Campaign) -> str:
    """Return the address of the open link of the whole campaign."""
    with app.app_context():
        link = list_open_links(get_session(), campaign.id)[0]
    return f"/en/invitations/{token_of_in(app, link.seed)}"


def switch_on(hana: StaffMember, campaign: Campaign, plans: str = PLANS) -> Page:
    hana.open(f"/en/reports/{campaign.id}/respondents")
    return hana.send(hana.page.find_form("/respondents"), plans=plans)


def list_cells(page: Page) -> list[str]:
    """Return the texts of all cells of all tables."""
    cells = [each for table in page.tree.iter("table") for each in table.iter("td")]
    return [" ".join("".join(cell.itertext()).split()) for cell in cells]


def test_a_report_is_not_shown_unless_hr_switches_it_on(
    app: Flask, hana: StaffMember, sealed: Campaign, alice: Respondent
) -> None:
    link = find_link(app, sealed)
    alice.open(link, 404)
    alice.open(f"{link}/report", 404)


def test_everybody_with_the_link_sees_the_figures_of_hr(
    app: Flask, hana: StaffMember, sealed: Campaign, alice: Respondent
) -> None:
    page = switch_on(hana, sealed)
    assert "Saved." in page.text
    page = alice.open(find_link(app, sealed))
    assert page.h1 == "Spring"
    assert "We will talk about <b>working hours</b>." in page.text
    assert f"Written on {find_today():%-d %B %Y}" in page.text
    of_hr = hana.open(f"/en/reports/{sealed.id}")
    assert list_cells(page) == list_cells(of_hr)
    assert len(list_cells(page)) > 20
    for only_hr in ("Download", "Compare", "Summary", "Questions to take along"):
        assert only_hr not in page.text

    unit = alice.open(page.find_link("unit="))
    of_hr = hana.open(of_hr.find_link("unit="))
    assert list_cells(unit) == list_cells(of_hr)
    assert "/reports/" not in re.sub(r"/reports/anonymity", "", unit.response.text)


def test_the_page_of_a_unit_leads_to_the_plans(
    app: Flask, hana: StaffMember, sealed: Campaign, alice: Respondent
) -> None:
    switch_on(hana, sealed)
    page = alice.open(find_link(app, sealed))
    unit = alice.open(page.find_link("unit="))
    assert "We will talk" not in unit.text
    page = alice.open(unit.find_link("#plans").removesuffix("#plans"))
    (plans,) = [each for each in page.find_all("section") if each.get("id") == "plans"]
    assert "We will talk" in read_text(plans)


def test_changes_since_an_earlier_campaign_stay_with_hr_and_hr_is_told(
    app: Flask, hana: StaffMember, sealed: Campaign, alice: Respondent
) -> None:
    later = hana.create("Summer", statistics="lean:1/3 strongest:1/2")
    fill(app, later, cells="0000010")
    seal(app, later)
    page = switch_on(hana, later)
    assert "Changes since an earlier survey stay with you." in page.text
    of_hr = hana.open(f"/en/reports/{later.id}?compare={sealed.id}")
    assert "Changes since Spring" in of_hr.text
    link = find_link(app, later)
    assert "Spring" not in alice.open(f"{link}/report").text
    alice.open(f"{link}/report?compare={sealed.id}", 404)


def test_the_figures_are_read_with_the_connection_of_hr(
    app: Flask, hana: StaffMember, sealed: Campaign, alice: Respondent
) -> None:
    switch_on(hana, sealed)
    address = f"{find_link(app, sealed)}/report"
    with listing_statements(app) as statements:
        alice.open(address)
    for statement in statements:
        assert not re.search(r"\b(ledger\w*|pending|answer)\b", statement)


def test_a_switched_off_report_is_gone_and_its_text_stays(
    app: Flask, hana: StaffMember, sealed: Campaign, alice: Respondent, ada: StaffMember
) -> None:
    page = switch_on(hana, sealed)
    page = hana.send(page.find_form("/hide"))
    assert "can no longer see the report" in page.text
    assert "We will talk" in page.response.text
    alice.open(find_link(app, sealed), 404)
    alice.open(f"{find_link(app, sealed)}/report", 404)
    log = ada.open("/en/staff/log").text
    assert "showed a report to those who answered" in log
    assert "stopped showing a report to those who answered" in log


def test_the_text_can_be_changed_and_is_at_most_1000_characters(
    app: Flask, hana: StaffMember, sealed: Campaign, alice: Respondent
) -> None:
    switch_on(hana, sealed)
    hana.open(f"/en/reports/{sealed.id}/respondents")
    form = hana.page.find_form("/respondents")
    for wrong in ("x" * 1001, "  \n "):
        refused = hana.send(form, 400, plans=wrong)
        assert wrong.strip() in refused.response.text
    switch_on(hana, sealed, "x" * 1000)
    page = alice.open(f"{find_link(app, sealed)}/report")
    assert "x" * 1000 in page.text
    assert "We will talk" not in page.text


def test_a_personal_invitation_shows_the_report_whether_it_was_used_or_not(
    app: Flask, hana: StaffMember, alice: Respondent
) -> None:
    campaign = hana.create("Autumn", is_personal=True, units="", statistics="lean:1/3")
    with app.app_context():
        with writing() as session:
            add_invitations(session, campaign.id, make_invitations(None, 3, is_personal=True))
        used, unused, revoked = list_personal(get_session(), campaign.id)
        with writing() as session:
            assert use_invitation(session, used.id)
            revoke_invitations(session, campaign.id, [hash_token(token_of_in(app, revoked.seed))])
    fill(app, campaign)
    seal(app, campaign)
    switch_on(hana, campaign)
    pages = []
    for invitation in (used, unused):
        token = token_of_in(app, invitation.seed)
        page = alice.open(f"/en/invitations/{token}/report")
        pages.append(page.response.text.replace(token, ""))
    assert pages[0] == pages[1]
    alice.open(f"/en/invitations/{token_of_in(app, revoked.seed)}/report", 404)


def test_the_code_of_a_poster_leads_to_the_report(
    app: Flask, hana: StaffMember, sealed: Campaign, alice: Respondent
) -> None:
    switch_on(hana, sealed)
    with app.app_context():
        code = code_of(list_open_links(get_session(), sealed.id)[0].seed)
    alice.open("/en/code")
    page = alice.send(alice.page.find_form("/code"), code=code)
    assert "What HR at Fjord will do now" in page.text


def test_an_open_campaign_has_no_report_to_show(
    app: Flask, hana: StaffMember, sealed: Campaign, alice: Respondent
) -> None:
    campaign = hana.create("Autumn", sealing="weekly")
    page = hana.open(f"/en/reports/{campaign.id}/respondents")
    assert "when the survey is closed" in page.text
    hana.open(f"/en/reports/{sealed.id}/respondents")
    fields = {**hana.page.find_form("/respondents").fields, "plans": PLANS}
    hana.post(f"/en/reports/{campaign.id}/respondents", fields)
    alice.open(f"{find_link(app, campaign)}/report", 404)
    fill(app, campaign)
    seal(app, campaign)
    alice.open(f"{find_link(app, campaign)}/report", 404)
