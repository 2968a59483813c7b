"""The browser tests' stage: a real server, the system's Chromium, planted attempts and a reader who opens any page."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from fitquiz.core.packs import Pack
from fitquiz.store.database import Database, open_database
from tests.browser.planting import Plan, Planted, plant, read_front_pack
from tests.browser.reading import Reader
from tests.browser.server import serve

_QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
)


@pytest.fixture(scope="session")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("instance")


@pytest.fixture(scope="session")
def base_url(instance: Path) -> Iterator[str]:
    with serve(instance) as address:
        yield address


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    assert chromium, "the browser tests need Chromium: put it on PATH, or name it with CHROMIUM=/path/to/it"
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return {"executable_path": chromium, "args": [*_QUIET, *(["--no-sandbox"] if is_root else [])]}


@pytest.fixture(scope="session")
def pack() -> Pack:
    return read_front_pack()


@pytest.fixture(scope="session")
def database(base_url: str, instance: Path) -> Iterator[Database]:
    opened = open_database(f"sqlite:///{instance / 'fitquiz.db'}")
    yield opened
    opened.engine.dispose()


@pytest.fixture(scope="session")
def plant_attempt(database: Database, pack: Pack) -> Callable[[Plan], Planted]:
    return lambda plan: plant(database, pack, plan)


@pytest.fixture(scope="session")
def reader(browser: Browser, base_url: str, plant_attempt: Callable[[Plan], Planted]) -> Iterator[Reader]:
    """Opens any page in one and the same tab, for tests that only look."""
    context = browser.new_context(base_url=base_url, locale="en-GB")
    yield Reader(context.new_page(), base_url, plant_attempt)
    context.close()


@pytest.fixture
def alice(new_context: Callable[..., BrowserContext]) -> Page:
    """A tab of a device that has never been here."""
    return new_context(viewport={"width": 375, "height": 667}).new_page()


@pytest.fixture
def record_figure(request: pytest.FixtureRequest) -> Callable[[str, object], None]:
    """Puts what was measured into the report of `pytest --junit-xml`."""
    return lambda name, value: request.node.user_properties.append((name, value))
