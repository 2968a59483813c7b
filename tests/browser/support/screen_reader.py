"""Firefox with the screen reader Orca, on a screen in memory. What Orca says is read from its debug log."""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from selenium.webdriver import Firefox, FirefoxOptions
from selenium.webdriver.firefox.service import Service

from tests.browser.support.browser_programs import (
    MissingBrowser,
    Screen,
    find_firefox,
    unpack_geckodriver,
)

WAIT_SECONDS = 60
_PROGRAMS = ("Xvfb", "dbus-daemon", "openbox", "orca", "xdotool")
_BUS_LAUNCHER = "/usr/libexec/at-spi-bus-launcher"
_MISSING = (
    "The test needs the screen reader Orca, and the program {} is missing. Install it (Debian: sudo apt"
    " install xvfb dbus openbox orca at-spi2-core xdotool), or leave the test out: -k 'not screen_reader'."
)
_SAID = re.compile(r"SPEECH OUTPUT: '(.*)'(?:\{.*)?$", re.MULTILINE)


class Listener:
    """A person who hears the page and presses keys."""

    def __init__(self, driver: Firefox, log: Path, environment: dict[str, str]) -> None:
        self.driver = driver
        self._log = log
        self._environment = environment

    def press(self, *keys: str) -> None:
        """Press keys as a keyboard does, so that the screen reader gets them first."""
        for key in keys:
            subprocess.run(["xdotool", "key", key], env=self._environment, check=True)

    def hear(self) -> str:
        """Return all that was said until now, in one line."""
        said = _SAID.findall(self._log.read_text("utf-8", "replace")) if self._log.exists() else []
        return " ".join(" ".join(said).split())

    def wait_to_hear(self, words: str, since: int = 0) -> None:
        """Wait until these words are said. `since` is the length of what was heard before."""
        deadline = time.monotonic() + WAIT_SECONDS
        while words not in self.hear()[since:]:
            assert time.monotonic() < deadline, f"not heard: {words!r} in {self.hear()[since:]!r}"
            time.sleep(0.1)

    def go_to(self, css: str) -> None:
        """Press Tab until an element has the focus."""
        is_there = "return document.activeElement.matches(arguments[0])"
        for _ in range(60):
            if self.driver.execute_script(is_there, css):
                return
            self.press("Tab")
            time.sleep(0.2)
        raise AssertionError(f"Tab never came to {css} on {self.driver.current_url}")


@contextmanager
def open_listener(folder: Path) -> Iterator[Listener]:
    """Start a screen, a window manager, Orca and Firefox. End all of them afterwards."""
    for name in (*_PROGRAMS, _BUS_LAUNCHER):
        if not shutil.which(name):
            raise MissingBrowser(_MISSING.format(name))
    screen = Screen()
    started: list[subprocess.Popen[bytes]] = []
    try:
        environment = _start_session(folder, screen, started)
        log = folder / "orca.log"
        _start(started, environment, "orca", f"--debug-file={log}", "--replace")
        driver = _open_firefox(folder, environment)
        try:
            yield Listener(driver, log, environment)
        finally:
            driver.quit()
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait()
        screen.close()


def _start_session(
    folder: Path, screen: Screen, started: list[subprocess.Popen[bytes]]
) -> dict[str, str]:
    """Start what a desktop session has, and return the environment of its programs."""
    for name in ("home", "run"):
        (folder / name).mkdir(mode=0o700)
    environment = {
        **os.environ,
        "DISPLAY": screen.name,
        "HOME": str(folder / "home"),
        "XDG_RUNTIME_DIR": str(folder / "run"),
        "GNOME_ACCESSIBILITY": "1",
    }
    environment["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={folder / 'run' / 'bus'}"
    bus = environment["DBUS_SESSION_BUS_ADDRESS"]
    _start(started, environment, "dbus-daemon", "--session", "--nofork", f"--address={bus}")
    _wait_for(folder / "run" / "bus")
    _start(started, environment, "openbox")
    _start(started, environment, _BUS_LAUNCHER, "--launch-immediately")
    return environment


def _start(
    started: list[subprocess.Popen[bytes]], environment: dict[str, str], *command: str
) -> None:
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    started.append(process)


def _wait_for(path: Path) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not path.exists():
        assert time.monotonic() < deadline, f"{path} does not come"
        time.sleep(0.05)


def _open_firefox(folder: Path, environment: dict[str, str]) -> Firefox:
    options = FirefoxOptions()
    options.binary_location = find_firefox()
    options.set_preference("accessibility.force_disabled", -1)
    options.set_preference("intl.accept_languages", "en-GB, en")
    service = Service(
        str(unpack_geckodriver(folder)),
        env=environment,
        log_output=str(folder / "geckodriver.log"),
    )
    return Firefox(options=options, service=service)
