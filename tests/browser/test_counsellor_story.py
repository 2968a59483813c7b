"""Carl makes a link; Kari scans it, answers, shares, and shares again after a month; Carl compares; she stops.

Two browsers, each on its own: Carl's without JavaScript, Kari's on a phone.
"""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from fitquiz.core.packs import Pack
from fitquiz.store.engine.database import open_database
from tests.browser.support.company import Company
from tests.browser.support.counsellor_steps import make_link, share, take
from tests.browser.support.qr_reader import read_code
from tests.browser.support.tabs import NewTab

pytestmark = pytest.mark.browser
_MOMENTS = {
    "attempt": ("id", "started_at", "finished_at"),
    "answer": ("attempt_id", "answered_at"),
    "share": ("attempt_id", "shared_at"),
}
"""Where it stands when something happened: the table, what names the attempt there, and the moments."""


@pytest.fixture
def carl(company: Company, new_tab: NewTab) -> Page:
    page = new_tab(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    company.visit(page, "counsellor")
    return page


@pytest.fixture
def kari(new_tab: NewTab) -> Page:
    return new_tab(viewport={"width": 375, "height": 667}, has_touch=True, reduced_motion="reduce")


def let_a_month_pass(company: Company) -> None:
    """Move what Kari has done so far into the past."""
    database = open_database(f"sqlite:///{company.instance / 'fitquiz.db'}")
    with database.write_lock(), database.engine.begin() as connection:
        newest = text("SELECT attempt_id FROM share ORDER BY shared_at DESC LIMIT 1")
        attempt = connection.execute(newest).scalar_one()
        for table, (key, *columns) in _MOMENTS.items():
            moved = ", ".join(f"{each} = datetime({each}, '-31 days')" for each in columns)
            connection.execute(text(f"UPDATE {table} SET {moved} WHERE {key} = {attempt}"))
    database.engine.dispose()


def test_a_counsellor_and_a_client_from_the_first_link_to_the_stop(
    carl: Page, kari: Page, company: Company, pack: Pack
) -> None:
    make_link(carl)
    address = read_code(carl.locator(".qr svg"))
    take(kari, address, pack, 1)
    kari.get_by_role("link", name="Keep", exact=True).tap()
    own = kari.get_by_label("Keep it secret").input_value()
    kari.go_back()
    share(kari)

    let_a_month_pass(company)
    kari.context.clear_cookies()
    kari.goto(own)
    kari.locator("main form button").first.tap()
    kari.wait_for_url("**/result")
    take(kari, address, pack, 4)
    share(kari)

    carl.goto("/en/clients")
    person = carl.locator("main .rows > li").first
    expect(person).to_contain_text("Kari Nordmann")
    expect(person.get_by_role("link")).to_have_count(2)
    person.get_by_role("link").first.click()
    carl.get_by_role("button", name="Open the result").click()
    expect(carl.locator("h1")).to_contain_text("front office")
    expect(carl.locator("main")).to_contain_text("To start the conversation")
    carl.get_by_role("button", name="Compare").click()
    expect(carl.locator("h1")).to_have_text("What has changed?")
    expect(carl.locator("main")).to_contain_text(
        "more than the margin of error: Contact with people, Solving things on the spot, Listening and talking."
    )
    expect(carl.locator("main")).to_contain_text(
        "The overall direction was −25 and is now +50. Difference +75, margin of error 28."
    )

    kari.reload()
    expect(kari.locator("#shared")).to_contain_text("opened 1 time")
    kari.get_by_role("button", name="Stop").tap()
    expect(kari.locator("main")).not_to_contain_text("opened")
    carl.reload()
    expect(carl.locator("h1")).to_have_text("This is no longer shared")
    carl.goto("/en/clients")
    expect(
        carl.locator("main .rows > li", has_text="Nordmann").first.get_by_role("link")
    ).to_have_count(1)
    carl.goto("/en/links")
    expect(carl.locator("main")).to_contain_text("Open · 1 of 1 used")


def test_a_code_that_is_read_aloud_leads_to_the_counsellors_link(carl: Page, kari: Page) -> None:
    make_link(carl)
    code = re.search(r"[0-9A-Z]{5}-[0-9A-Z]{5}", carl.locator(".poster").inner_text())
    assert code is not None
    kari.goto("/code")
    kari.locator("main input[name=code]").fill(code[0].lower().replace("-", " "))
    kari.keyboard.press("Enter")
    expect(kari.locator("main")).to_contain_text("Carl invites you")
