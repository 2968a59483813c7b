"""Steps of the campaign story, in a browser."""

from playwright.sync_api import Page, expect

from fitquiz.core.packs import Pack
from tests.browser.support.taking import answer_items, send


def make_campaign(page: Page) -> str:
    """Make a campaign with two units and return the link for the first of them."""
    page.goto("/en/campaigns")
    page.get_by_role("link", name="New campaign").click()
    page.get_by_label("Title").fill("Winter round")
    page.get_by_label("Who invites").fill("HR at Fjord")
    page.get_by_label("Last day").fill("2030-01-31")
    page.get_by_label("Units", exact=True).fill("Sales; 12\nIT; 9")
    page.locator("main form button").last.click()
    expect(page.locator("h1")).to_have_text("Winter round")
    page.get_by_role("link", name="Links and posters").click()
    return page.locator("a.address").nth(1).get_attribute("href") or ""


def answer(page: Page, link: str, pack: Pack) -> None:
    """Come by a link, let oneself be counted, and answer everything."""
    page.goto(link)
    expect(page.locator("main")).to_contain_text("HR at Fjord invites you")
    expect(page.locator("main")).to_contain_text("counted for Sales")
    page.get_by_role("link", name="Start", exact=True).tap()
    page.locator("main form button").first.tap()
    answer_items(page, pack.items_of(pack.first_parts), lambda item: str(len(item.id) % 5))
    send(page)
