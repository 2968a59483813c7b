"""Drives Chromium by Playwright, with the methods that all browsers of the tests have."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Error, Locator, Page, Playwright

from tests.browser.support.engines import (
    DOUBLE_TAP_SECONDS,
    PAUSE_SECONDS,
    WAIT_SECONDS,
    Engine,
    EnginePage,
)
from tests.browser.support.network import Network

_FAILED = "net::ERR_"
_GOES = "Execution context was destroyed"
_ERROR_PAGE = "chrome-error://chromewebdata/"
_PRESSABLE = "self::a or self::button or self::summary or self::label"


class PlaywrightPage(EnginePage):
    """A device in Chromium: one browser context."""

    def __init__(self, context: BrowserContext, network: Network) -> None:
        super().__init__(network)
        self.context = context
        self.context.set_default_timeout(WAIT_SECONDS * 1000)
        self.tabs = [context.new_page()]

    @property
    def page(self) -> Page:
        """The current tab, for what only Playwright can do."""
        return self.tabs[-1]

    def open(self, path: str) -> None:
        with self._error_pages():
            self.page.goto(f"{self.address}{path}")

    def tap(self, css: str) -> None:
        self._find(css).click()

    def double_tap(self, css: str) -> None:
        # The pointer is down for as long as the pause before the second tap should be.
        self._find(css).dblclick(delay=DOUBLE_TAP_SECONDS * 1000)

    def tap_text(self, words: str) -> None:
        self.page.locator(
            f'xpath=//*[{_PRESSABLE}][normalize-space()="{words}"] >> visible=true'
        ).first.click()

    def fill(self, css: str, value: str) -> None:
        self._find(css).fill(value)

    def press(self, keys: str) -> None:
        self.page.keyboard.press(keys)

    def text(self, css: str = "body") -> str:
        """Return a no-break space as a space, as Selenium does."""
        text = next(iter(self.page.locator(css).all_inner_texts()), "")
        return text.replace("\xa0", " ")

    def count(self, css: str) -> int:
        return self.page.locator(css).count()

    @property
    def url(self) -> str:
        return self.page.url

    def back(self) -> None:
        with self._error_pages():
            self.page.go_back()

    def forward(self) -> None:
        with self._error_pages():
            self.page.go_forward()

    def reload(self) -> None:
        with self._error_pages():
            self.page.reload()

    def new_tab(self) -> None:
        self.tabs.append(self.context.new_page())

    def close_tab(self) -> None:
        tab = self.tabs.pop()
        tab.on("dialog", lambda dialog: dialog.accept())
        # `close` alone could wait forever if the page goes elsewhere meanwhile.
        with tab.expect_event("close"):
            tab.close(run_before_unload=True)
        self.page.bring_to_front()

    def run_script(self, function: str, argument: object = None) -> object:
        # Unlike the method of a page, the method of a locator has a time limit.
        return self.page.locator(":root").evaluate(
            f"(root, argument) => ({function})(argument)", argument
        )

    def screenshot(self, path: Path) -> None:
        self.page.screenshot(path=path)

    def cookies(self) -> dict[str, str]:
        held = self.context.cookies(self.address)
        return {cookie["name"]: cookie["value"] for cookie in held}

    def set_cookie(self, name: str, value: str) -> None:
        self.context.add_cookies([{"name": name, "value": value, "url": self.address}])

    def clear_cookies(self) -> None:
        self.context.clear_cookies()

    def pause(self) -> None:
        # Playwright learns of a new address only while it waits itself.
        self.page.wait_for_timeout(PAUSE_SECONDS * 1000)

    def wait_until(self, is_so: Callable[[], object], what: str) -> None:
        super().wait_until(lambda: self._look(is_so), what)

    def close(self) -> None:
        self.context.close()

    def _look(self, is_so: Callable[[], object]) -> object:
        """Look at the page. While another page comes, there is nothing to see."""
        try:
            return is_so()
        except Error as error:
            if _GOES not in error.message:
                raise
            return False

    @contextmanager
    def _error_pages(self) -> Iterator[None]:
        """If a page cannot be loaded, wait until the tab shows the error page."""
        try:
            yield
        except Error as error:
            if _FAILED not in error.message:
                raise
            self.page.wait_for_url(_ERROR_PAGE)

    def _find(self, css: str) -> Locator:
        return self.page.locator(f"css={css} >> visible=true").first


class Chromium(Engine):
    """Chromium, started by Playwright."""

    name = "chromium"

    def __init__(self, playwright: Playwright, arguments: Mapping[str, Any]) -> None:
        self.browser: Browser = playwright.chromium.launch(**arguments)

    def open_page(self, network: Network) -> PlaywrightPage:
        context = self.browser.new_context(
            locale="en-GB", viewport={"width": 500, "height": 800}, reduced_motion="reduce"
        )
        return PlaywrightPage(context, network)

    def close(self) -> None:
        self.browser.close()
