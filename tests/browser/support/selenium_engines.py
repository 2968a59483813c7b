"""Drives Firefox and WebKit by Selenium, with the methods that all browsers of the tests have."""

import os
import re
import time
import warnings
from collections.abc import Callable
from pathlib import Path

from selenium.common.exceptions import (
    ElementClickInterceptedException,
    ElementNotInteractableException,
    NoSuchElementException,
    StaleElementReferenceException,
    TimeoutException,
    WebDriverException,
)
from selenium.webdriver import (
    ActionChains,
    Firefox,
    FirefoxOptions,
    Keys,
    WebKitGTK,
    WebKitGTKOptions,
)
from selenium.webdriver.common.by import By
from selenium.webdriver.firefox.service import Service as FirefoxService
from selenium.webdriver.remote.remote_connection import RemoteConnection
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.webkitgtk.service import Service as WebKitService

from tests.browser.support.browser_programs import (
    Screen,
    find_firefox,
    find_webkit_driver,
    unpack_geckodriver,
)
from tests.browser.support.engines import DOUBLE_TAP_SECONDS, WAIT_SECONDS, Engine, EnginePage
from tests.browser.support.network import Network

LOAD_SECONDS = 30
_WINDOW = (500, 900)
COMMAND_SECONDS = 45
"""A driver that hangs fails a test, and does not stop all tests."""
_NOT_YET = (
    ElementClickInterceptedException,
    ElementNotInteractableException,
    NoSuchElementException,
    StaleElementReferenceException,
)
_PRESSABLE = "self::a or self::button or self::summary or self::label"
_FIREFOX_SETTINGS: dict[str, str | int | bool] = {
    "intl.accept_languages": "en-GB, en",
    "ui.prefersReducedMotion": 1,
    # With one process for all pages, Firefox starts faster.
    "dom.ipc.processCount": 1,
    "browser.sessionstore.resume_from_crash": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
}


class SeleniumPage(EnginePage):
    """A device in Firefox or WebKit: new tabs, no cookies, and the new origin of its network."""

    def __init__(self, driver: WebDriver, network: Network, kind_of_tab: str = "tab") -> None:
        super().__init__(network)
        self._kind_of_tab = kind_of_tab
        self.driver = driver
        self._waiting_tab = driver.current_window_handle
        self.tabs: list[str] = []
        self.new_tab()

    def open(self, path: str) -> None:
        self._load(lambda: self.driver.get(f"{self.address}{path}"))

    def tap(self, css: str) -> None:
        self._press(By.CSS_SELECTOR, css)

    def double_tap(self, css: str) -> None:
        element = self._find_visible(By.CSS_SELECTOR, css)
        taps = ActionChains(self.driver, duration=0)
        taps.click(element).pause(DOUBLE_TAP_SECONDS).click().perform()

    def tap_text(self, words: str) -> None:
        self._press(By.XPATH, f'//*[{_PRESSABLE}][normalize-space()="{words}"]')

    def fill(self, css: str, value: str) -> None:
        field = self.driver.find_element(By.CSS_SELECTOR, css)
        field.clear()
        field.send_keys(value)

    def press(self, keys: str) -> None:
        *held, key = [_name_key(part) for part in re.split(r"(?<=.)\+", keys)]
        actions = ActionChains(self.driver, duration=0)
        for each in held:
            actions.key_down(each)
        actions.send_keys(key)
        for each in reversed(held):
            actions.key_up(each)
        self._load(actions.perform)

    def text(self, css: str = "body") -> str:
        try:
            found = self.driver.find_elements(By.CSS_SELECTOR, css)
            return found[0].text if found else ""
        except StaleElementReferenceException:
            return ""

    def count(self, css: str) -> int:
        return len(self.driver.find_elements(By.CSS_SELECTOR, css))

    @property
    def url(self) -> str:
        return self.driver.current_url

    def back(self) -> None:
        self._load(self.driver.back)

    def forward(self) -> None:
        self._load(self.driver.forward)

    def reload(self) -> None:
        self._load(self.driver.refresh)

    def new_tab(self) -> None:
        self.driver.switch_to.new_window(self._kind_of_tab)
        self.driver.set_window_size(*_WINDOW)
        self.tabs.append(self.driver.current_window_handle)

    def close_tab(self) -> None:
        self.driver.close()
        self.tabs.pop()
        self.driver.switch_to.window(self.tabs[-1] if self.tabs else self._waiting_tab)

    def run_script(self, function: str, argument: object = None) -> object:
        return self.driver.execute_script(f"return ({function})(arguments[0])", argument)

    def screenshot(self, path: Path) -> None:
        self.driver.save_screenshot(str(path))

    def cookies(self) -> dict[str, str]:
        return {cookie["name"]: cookie["value"] for cookie in self.driver.get_cookies()}

    def set_cookie(self, name: str, value: str) -> None:
        self.driver.add_cookie({"name": name, "value": value})

    def clear_cookies(self) -> None:
        self.driver.delete_all_cookies()

    def close(self) -> None:
        """Leave no cookie. A browser shares cookies between all ports of a host."""
        self.set_network(offline=False)
        self.network.set_silent(False)
        self.network.set_speed()
        self.network.set_loses_answers(False)
        self.open("/robots.txt")
        self.clear()
        while self.tabs:
            self.close_tab()

    def _press(self, by: str, value: str) -> None:
        deadline = time.monotonic() + WAIT_SECONDS
        while True:
            try:
                self._press_once(self._find_visible(by, value))
            except _NOT_YET:
                if time.monotonic() > deadline:
                    raise
                self.pause()
            else:
                return

    def _press_once(self, element: WebElement) -> None:
        """Press an element that stays where it is. Otherwise, WebKit could press beside it."""
        before = element.rect
        self.pause()
        is_loaded = self.driver.execute_script("return document.readyState") == "complete"
        if element.rect != before or not is_loaded:
            raise ElementNotInteractableException(f"the page does not stand still at {self.url}")
        self._load(element.click)

    def _find_visible(self, by: str, value: str) -> WebElement:
        for element in self.driver.find_elements(by, value):
            if element.is_displayed():
                return element
        raise NoSuchElementException(f"no visible {value} at {self.url}:\n{self.text()}")

    def _load(self, act: Callable[[], None]) -> None:
        """Do what loads a page. If the page cannot be loaded, let the tab show the error page."""
        try:
            act()
        except (*_NOT_YET, TimeoutException):
            raise
        except WebDriverException as error:
            if not _is_about_loading(error):
                raise


class FirefoxEngine(Engine):
    """Firefox without a window, started by geckodriver."""

    name = "firefox"

    def __init__(self, folder: Path) -> None:
        options = FirefoxOptions()
        options.binary_location = find_firefox()
        options.add_argument("-headless")
        for name, value in _FIREFOX_SETTINGS.items():
            options.set_preference(name, value)
        service = FirefoxService(
            str(unpack_geckodriver(folder)), log_output=str(folder / "geckodriver.log")
        )
        self.driver = Firefox(options=options, service=service)
        _prepare(self.driver)

    def open_page(self, network: Network) -> SeleniumPage:
        return SeleniumPage(self.driver, network)

    def close(self) -> None:
        self.driver.quit()


class WebKitEngine(Engine):
    """WebKit in the window of the small browser that comes with it, on a screen in memory."""

    name = "webkit"

    def __init__(self, folder: Path) -> None:
        program = find_webkit_driver()
        self.screen = Screen()
        environment = {**os.environ, "DISPLAY": self.screen.name, "LIBGL_ALWAYS_SOFTWARE": "1"}
        service = WebKitService(
            program, env=environment, log_output=str(folder / "webkitdriver.log")
        )
        try:
            with warnings.catch_warnings():
                # Selenium's class for WebKit calls Selenium in an old way, and Selenium warns.
                warnings.simplefilter("ignore", DeprecationWarning)
                self.driver = WebKitGTK(options=WebKitGTKOptions(), service=service)
            _prepare(self.driver)
        except BaseException:
            self.screen.close()
            raise

    def open_page(self, network: Network) -> SeleniumPage:
        # WebKit paints only the front tab of a window, and a new tab is not in front.
        return SeleniumPage(self.driver, network, "window")

    def close(self) -> None:
        self.driver.quit()
        self.screen.close()


def _prepare(driver: WebDriver) -> None:
    driver.set_page_load_timeout(LOAD_SECONDS)
    executor = driver.command_executor
    assert isinstance(executor, RemoteConnection)
    executor.client_config.timeout = COMMAND_SECONDS
    # Only new connections use the new time limit.
    executor._conn = executor._get_connection_manager()


def _name_key(name: str) -> str:
    """Return the character that Selenium uses for a key, for example "ArrowLeft"."""
    if len(name) == 1:
        return name
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name)
    key: str = getattr(Keys, words.upper())
    return key


def _is_about_loading(error: WebDriverException) -> bool:
    message = error.msg or ""
    return "about:neterror" in message or "NS_ERROR_" in message
