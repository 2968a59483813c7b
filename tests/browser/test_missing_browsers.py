"""A machine without Firefox or WebKit is told what to install, or which option leaves the tests out."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.support.browser_programs import (
    MissingBrowser,
    find_firefox,
    find_webkit_driver,
    unpack_geckodriver,
)

ROOT = Path(__file__).parents[2]


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder in which programs are found. It is empty."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("FIREFOX", raising=False)
    return tmp_path


def make_program(path: Path) -> None:
    path.write_text("#!/bin/sh\n")
    path.chmod(0o700)


def test_a_missing_firefox_is_named_with_the_option(programs: Path) -> None:
    with pytest.raises(MissingBrowser, match=r"apt install firefox-esr.*--without-firefox"):
        find_firefox()


def test_firefox_is_found_by_its_name_or_by_the_variable(
    programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_program(programs / "firefox")
    assert find_firefox() == str(programs / "firefox")
    make_program(programs / "own")
    monkeypatch.setenv("FIREFOX", str(programs / "own"))
    assert find_firefox() == str(programs / "own")


@pytest.mark.parametrize("missing", ["WebKitWebDriver", "Xvfb"])
def test_a_missing_program_of_webkit_is_named_with_the_option(programs: Path, missing: str) -> None:
    for name in {"WebKitWebDriver", "Xvfb"} - {missing}:
        make_program(programs / name)
    with pytest.raises(MissingBrowser, match=rf"{missing} is missing.*--without-webkit"):
        find_webkit_driver()


def test_geckodriver_runs_from_a_folder_of_the_tests(tmp_path: Path) -> None:
    program = unpack_geckodriver(tmp_path)
    printed = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    assert printed.stdout.startswith("geckodriver ")


@pytest.mark.parametrize("name", ["webkit", pytest.param("firefox", marks=pytest.mark.long)])
def test_an_option_leaves_out_the_tests_in_a_browser(name: str) -> None:
    collected = collect("--without-" + name)
    assert f"[{name}]" not in collected
    assert "[chromium]" in collected
    assert {"[firefox]", "[webkit]"} & set(collected)


def collect(*options: str) -> list[str]:
    """Return the parameters of the tests in `test_engines.py` that pytest would run."""
    listing = ["--collect-only", "-q", "-p", "no:cacheprovider", "-n0"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *listing, *options, "tests/browser/test_engines.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    tests = [line for line in done.stdout.splitlines() if "::" in line]
    return [f"[{line.rpartition('[')[2]}" for line in tests]
