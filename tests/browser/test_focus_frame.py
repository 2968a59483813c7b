"""A frame around the statement shows the focus to who uses a keyboard, and disturbs nobody who taps."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.support.answering_person import AnsweringPerson
from tests.browser.support.taking import LEAST_READING_MS

pytestmark = pytest.mark.browser
FRAME = """() => {
  const { outlineStyle, outlineWidth } = getComputedStyle(document.getElementById("statement"));
  return outlineStyle === "none" ? 0 : parseFloat(outlineWidth);
}"""
TOUCH = """choice => {
  const button = document.querySelectorAll(".answers button")[choice - 1];
  button.dispatchEvent(new PointerEvent("pointerdown", { pointerType: "touch", bubbles: true }));
  button.focus();
  button.click();
}"""


@pytest.mark.parametrize("engine", ["chromium", "firefox", "webkit"], indirect=True)
def test_the_frame_goes_with_a_touch_and_comes_with_a_key(person: AnsweringPerson) -> None:
    person.come_to(4)
    person.expect_focus("#statement")
    person.read()
    person.page.run_script(TOUCH, 2)
    person.expect(5)
    person.expect_focus("#statement")
    assert person.page.run_script(FRAME) == 0
    person.read()
    person.page.press("3")
    person.expect(6)
    person.expect_focus("#statement")
    assert person.page.run_script(FRAME) == 2
    person.page.run_script(TOUCH, 2)
    person.expect(7)
    assert person.page.run_script(FRAME) == 0


def test_a_phone_never_shows_the_frame_until_a_key_is_pressed(
    new_context: Callable[..., BrowserContext],
) -> None:
    page = new_context(has_touch=True, is_mobile=True).new_page()
    page.goto("/en/")
    page.locator("main .button").first.tap()
    page.locator("main form button").first.tap()
    expect_frame(page, 0)
    for _ in range(2):
        page.wait_for_timeout(LEAST_READING_MS)
        page.locator(".answers button").first.tap()
        expect_frame(page, 0)
    page.wait_for_timeout(LEAST_READING_MS)
    page.keyboard.press("3")
    expect_frame(page, 2)


def expect_frame(page: Page, width: int) -> None:
    expect(page.locator("#statement")).to_be_focused()
    page.wait_for_timeout(100)
    assert page.evaluate(FRAME) == width
