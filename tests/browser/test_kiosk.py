"""A shared tablet: it asks whether somebody is there, finishes for the next person, and keeps nothing."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from fitquiz.core.packs import Pack
from tests.browser.support.campaign_steps import make_campaign
from tests.browser.support.company import Company
from tests.browser.support.reading import list_violations
from tests.browser.support.tabs import NewTab, go_back_without_seeing
from tests.browser.support.taking import answer, answer_items, send

pytestmark = pytest.mark.browser
FINISH = "Finish, next person"
STORED = "Object.keys(sessionStorage).filter(key => key.startsWith('fitquiz-answers-'))"


@pytest.fixture(scope="module")
def link(company: Company, browser: Browser) -> str:
    """The link of a kiosk, which Hana has switched on."""
    context = browser.new_context(base_url=company.address, locale="en-GB")
    page = context.new_page()
    company.visit(page, "hr")
    address = make_campaign(page)
    page.get_by_role("button", name="Use on a shared tablet").nth(1).click()
    expect(page.get_by_role("button", name="Stop using it on a shared tablet")).to_have_count(1)
    context.close()
    return address


@pytest.fixture
def tablet(new_tab: NewTab) -> Page:
    return new_tab(viewport={"width": 768, "height": 1024})


def begin(page: Page, link: str) -> None:
    """Begin by the link of a kiosk, and come to the first item."""
    page.goto(link)
    page.get_by_role("link", name="Start", exact=True).click()
    page.get_by_role("button", name="Begin", exact=True).click()
    page.wait_for_url("**/items/autonomy-1*")


def begin_and_stop_the_clock(page: Page, link: str) -> None:
    """Begin, and let the time of the page go on only when the test says so."""
    page.clock.install()
    begin(page, link)
    page.clock.pause_at(page.evaluate("Date.now() + 1000") / 1000)


def press_finish(page: Page, link: str) -> None:
    page.get_by_role("button", name=FINISH).first.click()
    page.wait_for_url(f"**{link}")


def expect_start(page: Page) -> None:
    """The page offers only to start, and the tab keeps nothing."""
    expect(page.get_by_role("link", name="Start", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name=FINISH)).to_have_count(0)
    assert page.evaluate(STORED) == []


def test_three_minutes_without_use_ask_and_half_a_minute_later_finish(
    tablet: Page, link: str
) -> None:
    begin_and_stop_the_clock(tablet, link)
    attempt = tablet.url
    dialog = tablet.get_by_role("alertdialog", name="Are you still there?")
    stay = dialog.get_by_role("button", name="I am still here")

    tablet.clock.fast_forward("02:50")
    expect(dialog).to_be_hidden()
    tablet.keyboard.press("Tab")
    tablet.clock.fast_forward("02:59")
    expect(dialog).to_be_hidden()
    tablet.clock.fast_forward("00:02")
    expect(dialog).to_be_visible()
    expect(stay).to_be_focused()
    expect(dialog).to_contain_text("in 30 seconds")

    tablet.clock.fast_forward("00:15")
    expect(dialog).to_contain_text("in 20 seconds")
    tablet.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    tablet.wait_for_timeout(300)  # The event that ends the question comes a moment later.
    tablet.clock.fast_forward("02:59")
    expect(dialog).to_be_hidden()

    tablet.clock.fast_forward("00:02")
    expect(dialog).to_be_visible()
    tablet.mouse.move(5, 5)
    tablet.clock.fast_forward("00:30")
    tablet.wait_for_url(f"**{link}")
    expect_start(tablet)
    response = tablet.goto(attempt)
    assert response is not None
    assert response.status == 404


def test_the_question_is_accessible(tablet: Page, link: str) -> None:
    tablet.clock.install()
    begin(tablet, link)
    tablet.clock.fast_forward("03:01")
    expect(tablet.get_by_role("alertdialog")).to_be_visible()
    assert list_violations(tablet) == []


def test_a_tablet_that_slept_finishes_at_once(tablet: Page, link: str) -> None:
    begin_and_stop_the_clock(tablet, link)
    tablet.clock.set_system_time(tablet.evaluate("Date.now() + 600000") / 1000)
    tablet.keyboard.press("Tab")
    tablet.wait_for_url(f"**{link}")
    expect_start(tablet)


def test_an_old_tablet_finishes_without_use_too(tablet: Page, link: str) -> None:
    tablet.add_init_script("delete HTMLFormElement.prototype.requestSubmit")
    begin_and_stop_the_clock(tablet, link)
    tablet.clock.fast_forward("03:00")
    expect(tablet.get_by_role("alertdialog")).to_be_visible()
    tablet.clock.fast_forward("00:31")
    tablet.wait_for_url(f"**{link}")
    expect_start(tablet)


@pytest.mark.parametrize("is_connected", [True, False])
def test_finish_first_saves_what_waits_and_then_keeps_nothing(
    tablet: Page, link: str, is_connected: bool
) -> None:
    begin(tablet, link)
    tablet.route("**/items.json", lambda route: route.abort())
    answer(tablet, "3")
    expect(tablet.locator(".saving")).to_contain_text("Not saved yet")
    assert len(tablet.evaluate(STORED)) == 1
    if not is_connected:
        tablet.get_by_role("button", name=FINISH).click()
        expect(tablet.locator("body")).to_contain_text("Finished. Waiting for the network …")
        assert len(tablet.evaluate(STORED)) == 1
    with tablet.expect_response("**/items.json") as sent:
        tablet.unroute("**/items.json")
        if is_connected:
            tablet.get_by_role("button", name=FINISH).click()
    assert sent.value.ok
    tablet.wait_for_url(f"**{link}")
    expect_start(tablet)


def test_finish_is_sent_again_until_the_network_is_back(tablet: Page, link: str) -> None:
    begin(tablet, link)
    tablet.context.set_offline(True)
    tablet.get_by_role("button", name=FINISH).click()
    expect(tablet.locator("body")).to_contain_text("Finished. Waiting for the network …")
    tablet.context.set_offline(False)
    tablet.wait_for_url(f"**{link}")
    expect_start(tablet)


@pytest.mark.long
def test_finish_gives_up_after_some_minutes_if_the_server_takes_no_answers(
    tablet: Page, link: str
) -> None:
    begin_and_stop_the_clock(tablet, link)
    tablet.route("**/items.json", lambda route: route.abort())
    answer(tablet, "3")
    tablet.clock.run_for(2000)
    tablet.locator("#finish button").click()
    tablet.clock.run_for(2000)
    expect(tablet.get_by_role("status")).to_have_text("Finished. Waiting for the network …")
    for _ in range(60):
        tablet.clock.run_for(15000)
        tablet.wait_for_timeout(30)  # The clock of the page does not move the replies.
    expect_start(tablet)


def test_finish_works_when_the_form_is_too_old(tablet: Page, link: str) -> None:
    begin(tablet, link)
    attempt = tablet.url
    tablet.context.clear_cookies(name="form")
    press_finish(tablet, link)
    expect_start(tablet)
    response = tablet.goto(attempt)
    assert response is not None
    assert response.status == 404


def test_another_tab_of_the_same_person_keeps_the_attempt(tablet: Page, link: str) -> None:
    begin_and_stop_the_clock(tablet, link)
    other = tablet.context.new_page()
    other.goto(tablet.url)
    tablet.clock.fast_forward("02:50")
    other.keyboard.press("Tab")
    tablet.clock.fast_forward("00:20")
    expect(tablet.get_by_role("alertdialog")).to_be_hidden()
    tablet.clock.fast_forward("02:45")
    expect(tablet.get_by_role("alertdialog")).to_be_visible()


def test_the_back_button_shows_the_next_person_nothing(
    launch_browser: Callable[..., Browser], company: Company, link: str, pack: Pack
) -> None:
    browser = launch_browser(ignore_default_args=["--disable-back-forward-cache"])
    page = browser.new_context(base_url=company.address).new_page()
    begin(page, link)
    answer_items(page, pack.items_of(pack.first_parts), lambda item: "3")
    send(page)
    shown = page.locator("h1").inner_text()
    press_finish(page, link)
    go_back_without_seeing(page, 4, shown, "Agree")
    browser.close()
