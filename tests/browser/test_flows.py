"""The whole quiz, from the start page to the result: by keyboard alone, by touch, and without JavaScript."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from fitquiz.core.packs import Pack
from tests.browser.support.planting import Plan, Planted
from tests.browser.support.reading import hold
from tests.browser.support.spots import NB_AT_ONCE
from tests.browser.support.taking import (
    LEAST_READING_MS,
    Finger,
    Keyboard,
    answer,
    answer_items,
    begin,
    send,
)

pytestmark = pytest.mark.browser
every_language = pytest.mark.parametrize("language", NB_AT_ONCE)
MOST_KEYS = 80
MOST_TAPS = 30
"""Counted after Start has been pressed."""
Record = Callable[[str, object], None]


@pytest.mark.long
@every_language
def test_the_whole_quiz_takes_at_most_80_keys(
    alice: Page, pack: Pack, record_figure: Record, language: str
) -> None:
    alice.goto(f"/{language}/")
    keyboard = Keyboard(alice)
    keyboard.tab_to("main .button")
    keyboard.press("Enter")
    alice.wait_for_url("**/begin")
    keyboard.tab_to("main form button")
    keyboard.press("Enter")
    keyboard.answer_with_digits(pack, pack.items_of(pack.first_parts))
    alice.wait_for_url("**/check*")
    expect(alice.locator(".rows em")).to_have_count(0)
    keyboard.tab_to("main form[action$='/check'] button")
    keyboard.press("Enter")
    alice.wait_for_url("**/result")
    record_figure("keys", keyboard.keys)
    assert keyboard.keys <= MOST_KEYS


@every_language
def test_the_whole_quiz_takes_at_most_30_taps(
    new_context: Callable[..., BrowserContext], pack: Pack, record_figure: Record, language: str
) -> None:
    page = new_context(
        viewport={"width": 320, "height": 568}, has_touch=True, is_mobile=True
    ).new_page()
    finger = Finger(page)
    page.goto(f"/{language}/")
    page.locator("main .button").tap()
    finger.tap("main form button")
    for at, item in enumerate(pack.items_of(pack.first_parts)):
        page.wait_for_url(f"**/items/{item.id}*")
        page.wait_for_timeout(LEAST_READING_MS)
        finger.tap(f".answers button:nth-of-type({at % 5 + 1})")
    finger.tap("main form[action$='/check'] button")
    page.wait_for_url("**/result")
    record_figure("taps", finger.taps)
    assert finger.taps <= MOST_TAPS


@every_language
def test_the_whole_quiz_works_without_javascript(
    new_context: Callable[..., BrowserContext], pack: Pack, language: str
) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"/{language}/")
    page.locator("main .button").click()
    page.locator("main form button").first.click()
    answer_items(
        page, pack.items_of(pack.first_parts), lambda item: "skip" if item.id == "focus-1" else "3"
    )
    expect(page.locator(".rows em")).to_have_count(1)
    send(page)
    expect(page.locator(".outcome figcaption")).to_be_visible()
    for button in page.locator("button[data-print], button[data-copy]").all():
        expect(button).to_be_hidden()


@pytest.mark.parametrize("width", [320, 1280])
def test_after_the_last_answer_the_button_to_send_is_in_view(
    alice: Page, plant_attempt: Callable[[Plan], Planted], base_url: str, width: int
) -> None:
    planted = plant_attempt(Plan(answered=27, sent=False))
    hold(alice.context, base_url, planted)
    alice.set_viewport_size({"width": width, "height": 568})
    alice.goto(f"/nb/attempts/{planted.handle}/")
    answer(alice, "3")
    alice.wait_for_url("**/check*")
    expect(alice.locator("main form[action$='/check'] button").first).to_be_in_viewport()


def test_digits_do_nothing_while_the_focus_is_outside_the_form(alice: Page) -> None:
    begin(alice, "nb")
    expect(alice.locator("#statement")).to_be_focused()
    address = alice.url
    alice.wait_for_timeout(LEAST_READING_MS)
    for selector in (".back", ".brand"):
        alice.locator(selector).focus()
        alice.keyboard.press("3")
    alice.wait_for_timeout(LEAST_READING_MS)
    assert alice.url == address
    alice.locator(".answers button").first.focus()
    alice.keyboard.press("3")
    alice.wait_for_url("**/items/flexibility-1*")


def test_the_first_tab_on_an_item_lands_on_the_first_answer(alice: Page) -> None:
    begin(alice, "nb")
    expect(alice.locator("#statement")).to_be_focused()
    alice.keyboard.press("Tab")
    expect(alice.locator(".answers button").first).to_be_focused()


def test_the_focus_is_on_the_statement_however_an_item_was_come_to(alice: Page) -> None:
    begin(alice, "nb")
    answer(alice, "3")
    alice.wait_for_url("**/flexibility-1*")
    statement = alice.locator("#statement")
    alice.reload()
    expect(statement).to_be_focused()
    alice.go_back()
    alice.wait_for_url("**/autonomy-1*")
    expect(statement).to_be_focused()
    alice.locator("a[hreflang=en]").click()
    alice.wait_for_url("**/en/**")
    expect(statement).to_be_focused()


def test_alt_and_a_digit_answer_without_javascript(
    new_context: Callable[..., BrowserContext],
) -> None:
    page = new_context(java_script_enabled=False).new_page()
    begin(page, "en")
    before = page.url
    page.wait_for_timeout(400)
    devtools = page.context.new_cdp_session(page)
    key = {
        "type": "keyDown",
        "modifiers": 1,
        "key": "2",
        "code": "Digit2",
        "text": "2",
        "unmodifiedText": "2",
    }
    devtools.send("Input.dispatchKeyEvent", {**key, "windowsVirtualKeyCode": 50})
    expect(page).not_to_have_url(before)
