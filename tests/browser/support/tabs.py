"""Opens tabs of several devices in one browser."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page

NewTab = Callable[..., Page]


@contextmanager
def opening_tabs(browser: Browser, address: str) -> Iterator[NewTab]:
    """Yield a function that opens a tab of a new device. Close all tabs when the block ends."""
    contexts = []

    def open_tab(**options: Any) -> Page:
        context = browser.new_context(base_url=address, locale="en-GB", **options)
        contexts.append(context)
        return context.new_page()

    yield open_tab
    for context in contexts:
        context.close()


def go_back_without_seeing(page: Page, times: int, *hidden: str) -> None:
    """Press the Back button several times. No page may show one of these texts."""
    for _ in range(times):
        page.go_back(wait_until="commit")
        page.wait_for_timeout(200)
        shown = page.locator("body").inner_text()
        for text in hidden:
            assert text not in shown
