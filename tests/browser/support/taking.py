"""Takes the quiz in a browser: with the keyboard, by touch, or with whatever is quickest."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from fitquiz.core.packs import Item, Pack

Answering = Callable[[Item], str]
LEAST_READING_MS = 320
"""A digit or a tap that comes sooner than 300 ms after a statement is taken for a part of a double tap."""


def expect_item(page: Page, pack: Pack, item: Item) -> None:
    """Wait for an item's page, in the language of the address."""
    language = page.url.split("/")[3]
    expect(page.locator("h1")).to_have_text(pack.words_in(language)["items"][item.id])
    expect(page.locator("#statement")).to_be_focused()


def begin(page: Page, language: str, device: str = "own") -> None:
    """Start an attempt and come to its first item."""
    page.goto(f"/{language}/packs/front-back-office/begin")
    page.locator(f"button[name=device][value={device}]").press("Enter")


def answer(page: Page, value: str) -> None:
    """Press an answer's button, or `skip`, with the keyboard: no waiting for the hold against double clicks."""
    page.locator(f"button[name=answer][value='{value}']").press("Enter")


def answer_items(page: Page, items: tuple[Item, ...], choose: Answering) -> None:
    """Answer items, from the one that is open on, and wait for what comes after the last."""
    for item in items:
        page.wait_for_url(f"**/items/{item.id}*")
        answer(page, choose(item))


def send(page: Page) -> None:
    """Send the answers from the check, and come to the result."""
    page.locator("main form[action$='/check'] button").first.press("Enter")
    page.wait_for_url("**/result*")


class Keyboard:
    """Presses keys and counts them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.keys = 0

    def press(self, key: str) -> None:
        """Press a key once."""
        self.keys += 1
        self.page.keyboard.press(key)

    def tab_to(self, selector: str) -> None:
        """Press Tab until the focus is on what the selector names."""
        for _ in range(60):
            self.press("Tab")
            if self.page.locator(selector).first.evaluate(
                "each => each === document.activeElement"
            ):
                return
        raise AssertionError(f"Tab never came to {selector}")

    def answer_with_digits(self, pack: Pack, items: tuple[Item, ...]) -> None:
        """Answer every item with one digit, at the pace of somebody who at least glances at it."""
        for at, item in enumerate(items):
            expect_item(self.page, pack, item)
            self.page.wait_for_timeout(LEAST_READING_MS)
            self.press(str(at % 5 + 1))


class Finger:
    """Taps and counts the taps."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.taps = 0

    def tap(self, selector: str) -> None:
        """Tap the first thing that the selector names."""
        self.taps += 1
        self.page.locator(selector).first.tap()
