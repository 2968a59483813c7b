"""The browsers that the tests know, and the few things that a story does in any of them."""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from fnmatch import fnmatchcase
from pathlib import Path
from urllib.parse import urlsplit

from tests.browser.support.network import Network

ENGINES = ("chromium", "firefox", "webkit")
WAIT_SECONDS = 15
PAUSE_SECONDS = 0.05
DOUBLE_TAP_SECONDS = 0.1
"""Between two taps, so that the page can show something else in the meantime."""
_CLEAR_STORAGE = "() => { localStorage.clear(); sessionStorage.clear(); }"


class EnginePage(ABC):
    """One device that has never been here, with one tab or more. The methods work in its current tab.

    A page that cannot be loaded is no error: the tab then shows the error page of the browser.
    """

    def __init__(self, network: Network) -> None:
        self.network = network
        self.address = network.address

    @abstractmethod
    def open(self, path: str) -> None:
        """Open an address, given by its path, and wait until it is loaded."""

    @abstractmethod
    def tap(self, css: str) -> None:
        """Press the first visible element that CSS finds. Wait until it can be pressed."""

    @abstractmethod
    def double_tap(self, css: str) -> None:
        """Press the first visible element twice, as fast as a finger does."""

    @abstractmethod
    def tap_text(self, words: str) -> None:
        """Press the first visible link or button with exactly these words."""

    @abstractmethod
    def fill(self, css: str, value: str) -> None:
        """Replace what is in a field."""

    @abstractmethod
    def press(self, keys: str) -> None:
        """Press a key, for example "Enter", "3" or "Alt+ArrowLeft", where the focus is."""

    @abstractmethod
    def text(self, css: str = "body") -> str:
        """Return the visible text of the first element that CSS finds, or nothing if it finds none."""

    @abstractmethod
    def count(self, css: str) -> int:
        """Return how many elements CSS finds, visible or not."""

    @property
    @abstractmethod
    def url(self) -> str:
        """The address that the browser shows."""

    @abstractmethod
    def back(self) -> None:
        """Press the Back button of the browser."""

    @abstractmethod
    def forward(self) -> None:
        """Press the Forward button of the browser."""

    @abstractmethod
    def reload(self) -> None:
        """Load the page again."""

    @abstractmethod
    def new_tab(self) -> None:
        """Open an empty tab on the same device and go there."""

    @abstractmethod
    def close_tab(self) -> None:
        """Close the current tab and go to the tab that was opened before it."""

    @abstractmethod
    def run_script(self, function: str, argument: object = None) -> object:
        """Call a JavaScript function in the page, for example "name => document[name]", and return its value."""

    @abstractmethod
    def screenshot(self, path: Path) -> None:
        """Write what the tab shows into a PNG file."""

    @abstractmethod
    def cookies(self) -> dict[str, str]:
        """Return the cookies that the device holds for this site, by their names."""

    @abstractmethod
    def set_cookie(self, name: str, value: str) -> None:
        """Set or replace a cookie of this site, even one that scripts cannot change."""

    @abstractmethod
    def clear_cookies(self) -> None:
        """Delete the cookies of this site. The storage stays."""

    @abstractmethod
    def close(self) -> None:
        """Close all tabs and forget the device."""

    @property
    def path(self) -> str:
        """The path and query of the address, without the fragment."""
        parts = urlsplit(self.url)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path

    def clear(self) -> None:
        """Delete the cookies and the storage of this site."""
        self.clear_cookies()
        if self.url.startswith(self.address):
            self.run_script(_CLEAR_STORAGE)

    def pause(self) -> None:
        """Wait a moment, before a story looks again."""
        time.sleep(PAUSE_SECONDS)

    def set_network(self, offline: bool) -> None:
        """Cut the network of the device, or connect it again. `network` can do more."""
        self.network.set_offline(offline)

    def wait_until(self, is_so: Callable[[], object], what: str) -> None:
        """Wait until something is so. If it stays untrue, say what the tab shows."""
        deadline = time.monotonic() + WAIT_SECONDS
        while not is_so():
            assert time.monotonic() < deadline, f"not {what} at {self.url}:\n{self.text()}"
            self.pause()

    def wait_until_text(self, words: str, css: str = "body") -> None:
        """Wait until the visible text of an element contains these words."""
        self.wait_until(lambda: words in self.text(css), f"the text {words!r} in {css}")

    def wait_until_path(self, pattern: str) -> None:
        """Wait until the path and query match a pattern with *, for example "*/check*"."""
        self.wait_until(lambda: fnmatchcase(self.path, pattern), f"the path {pattern}")


class Engine(ABC):
    """A browser process. It runs for many tests."""

    name: str

    @abstractmethod
    def open_page(self, network: Network) -> EnginePage:
        """Return a device that has never been here, behind a network."""

    @abstractmethod
    def close(self) -> None:
        """End the process."""
