"""Hana makes a campaign, a respondent answers on a phone and is counted, and the report tells that one is too few."""

import re

import pytest
from playwright.sync_api import Page, expect

from fitquiz.core.packs import Pack
from tests.browser.support.campaign_steps import answer, make_campaign
from tests.browser.support.company import Company, run_command
from tests.browser.support.tabs import NewTab

pytestmark = pytest.mark.browser


@pytest.fixture
def hana(company: Company, new_tab: NewTab) -> Page:
    """A tab of Hana's, without JavaScript."""
    page = new_tab(java_script_enabled=False)
    company.visit(page, "hr")
    return page


def test_a_campaign_from_its_first_link_to_a_report_that_tells_of_nobody(
    hana: Page, company: Company, new_tab: NewTab, pack: Pack
) -> None:
    link = make_campaign(hana)
    phone = new_tab(viewport={"width": 375, "height": 667}, has_touch=True)
    answer(phone, link, pack)
    phone.goto(re.sub("/result.*", "/counted", phone.url))
    expect(phone.locator("main")).to_contain_text("sealed together")
    campaign = re.sub(".*/campaigns/(\\d+)/.*", "\\1", hana.url)
    hana.goto(f"/en/reports/{campaign}")
    expect(hana.locator("main")).to_contain_text("no figures yet")
    hana.goto(f"/en/campaigns/{campaign}/close")
    hana.locator("main form button").click()
    assert "0 responses in 0 batches" in run_command(company.instance, "seal", "--due")
    hana.goto(f"/en/reports/{campaign}")
    expect(hana.locator("main")).to_contain_text("Too few answered")
    phone.goto(link)
    expect(phone.locator("h1")).not_to_have_text("Winter round")


def test_a_code_from_a_poster_leads_to_the_same_invitation(
    hana: Page, company: Company, new_tab: NewTab
) -> None:
    alice = new_tab()
    hana.goto(f"/en/campaigns/{company.values['new']}/links/{company.values['poster']}")
    words = hana.locator(".poster").inner_text()
    code = re.search(r"[0-9A-Z]{5}-[0-9A-Z]{5}", words)
    assert code is not None
    alice.goto("/en/code")
    alice.locator("main input[name=code]").fill(code[0].lower().replace("-", ""))
    alice.keyboard.press("Enter")
    expect(alice.locator("h1")).to_have_text("Nyansatte")


def test_how_exact_the_figures_become_is_told_at_once(company: Company, new_tab: NewTab) -> None:
    alice = new_tab()
    company.visit(alice, "hr")
    alice.goto("/en/campaigns/new")
    alice.get_by_text("More choices").click()
    not_ticked = alice.locator("[data-cost] th small")
    expect(not_ticked).to_have_count(4)
    alice.locator("[name=statistics][value=suggestion]").check()
    expect(not_ticked).to_have_count(3)
    for box in alice.locator("[name=statistics]").all():
        box.uncheck()
    expect(not_ticked).to_have_count(6)
    alice.locator("[name=anonymity][value=medium]").check()
    alice.locator("[name=statistics][value=lean]").check()
    expect(not_ticked).to_have_count(5)
