"""Kari goes on in another browser with her return code. Carl, who has the link too, cannot."""

import pytest
from playwright.sync_api import Page, expect

from fitquiz.core.packs import Pack
from tests.browser.support.company import Company
from tests.browser.support.counsellor_steps import make_link
from tests.browser.support.qr_reader import read_code
from tests.browser.support.tabs import NewTab
from tests.browser.support.taking import answer_items, expect_item, send

pytestmark = pytest.mark.browser
PUT_AWAY = "document.dispatchEvent(new Event('visibilitychange'))"
"""The phone goes into the pocket. Then its page sends the answers that it has collected."""
BEFORE = 3
"""The number of items that Kari answers in her first browser."""


@pytest.fixture
def carl(company: Company, new_tab: NewTab) -> Page:
    page = new_tab(java_script_enabled=False)
    company.visit(page, "counsellor")
    return page


def type_code(page: Page, link: str, code: str) -> None:
    """Open the link, and send a return code with the keyboard."""
    page.goto(link)
    page.get_by_role("link", name="Continue with your return code").press("Enter")
    page.get_by_label("Your return code").fill(code)
    page.keyboard.press("Enter")


def test_a_client_goes_on_in_another_browser_with_the_code_and_the_counsellor_cannot(
    carl: Page, new_tab: NewTab, pack: Pack
) -> None:
    make_link(carl)
    link = read_code(carl.locator(".qr svg"))
    items = pack.items_of(pack.first_parts)
    phone, laptop = new_tab(), new_tab()

    phone.goto(link)
    phone.get_by_role("link", name="Start").click()
    code = phone.locator("main .return-code").inner_text()
    phone.locator("main button[value=own]").press("Enter")
    answer_items(phone, items[:BEFORE], lambda _: "3")
    phone.evaluate(PUT_AWAY)
    expect(phone.locator(".saved")).to_be_visible()

    type_code(carl, link, "ABCD-EFGH")
    expect(carl.locator("main")).to_contain_text("We cannot find unfinished answers")
    carl.goto(phone.url)
    expect(carl.locator("h1")).to_have_text("This device does not have these answers")

    type_code(laptop, link, code.lower().replace("-", " "))
    laptop.get_by_role("button", name="Open on my own device").press("Enter")
    expect_item(laptop, pack, items[BEFORE])
    answer_items(laptop, items[BEFORE:], lambda _: "3")
    send(laptop)

    type_code(carl, link, code)
    expect(carl.locator("h1")).to_have_text("You have sent these answers")
    expect(carl.get_by_role("link", name="Take the quiz again")).to_be_visible()
