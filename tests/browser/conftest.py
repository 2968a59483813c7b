"""The browser tests' stage: a real server, the system's browsers, planted attempts and a reader who opens any page."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright

from fitquiz.core.packs import Pack
from fitquiz.store.engine.database import Database, open_database
from tests.browser.support.answering_person import AnsweringPerson
from tests.browser.support.browser_programs import MissingBrowser
from tests.browser.support.company import Company, open_company
from tests.browser.support.engines import ENGINES, Engine, EnginePage
from tests.browser.support.network import Network, open_network
from tests.browser.support.planting import Plan, Planted, plant, read_front_pack
from tests.browser.support.playwright_engine import Chromium
from tests.browser.support.reading import Reader
from tests.browser.support.selenium_engines import FirefoxEngine, WebKitEngine
from tests.browser.support.server import serve
from tests.browser.support.staff_spots import STAFF_PAGES
from tests.browser.support.tabs import NewTab, opening_tabs
from tests.reliability.support.server import Server, open_server

Open = Callable[..., Page]
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
    assert chromium, (
        "the browser tests need Chromium: put it on PATH, or name it with CHROMIUM=/path/to/it"
    )
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
def reader(
    browser: Browser, base_url: str, plant_attempt: Callable[[Plan], Planted]
) -> Iterator[Reader]:
    """Opens any page in one and the same tab, for tests that only look."""
    context = browser.new_context(base_url=base_url, locale="en-GB")
    yield Reader(context.new_page(), base_url, plant_attempt)
    context.close()


@pytest.fixture
def alice(new_context: Callable[..., BrowserContext]) -> Page:
    """A tab of a device that has never been here."""
    return new_context(viewport={"width": 375, "height": 667}).new_page()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server of the test's own, which the test may kill and start."""
    with open_server(tmp_path / "instance") as server:
        yield server


@pytest.fixture
def record_figure(request: pytest.FixtureRequest) -> Callable[[str, object], None]:
    """Puts what was measured into the report of `pytest --junit-xml`."""
    return lambda name, value: request.node.user_properties.append((name, value))


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    with open_company(tmp_path_factory.mktemp("company")) as opened:
        yield opened


@pytest.fixture(scope="session")
def tab(browser: Browser, company: Company) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=company.address, locale="en-GB", reduced_motion="reduce")
    context.new_page()
    yield context
    context.close()


@pytest.fixture
def open_page(company: Company, tab: BrowserContext) -> Open:
    """Opens a page of staff's by its name, as whoever may."""

    def open_it(name: str, language: str, width: int = 320) -> Page:
        page, spot = tab.pages[0], STAFF_PAGES[name]
        company.visit(page, spot.who)
        page.set_viewport_size({"width": width, "height": 667})
        page.emulate_media(media="null", color_scheme="light")
        response = page.goto(f"/{language}{spot.path.format(**company.values)}")
        assert response is not None
        status = response.status
        if spot.opens:
            page.locator("main form button").first.click()
            page.wait_for_load_state()
        if spot.form:
            form = spot.form.format(**company.values)
            status = type(spot)(spot.path, spot.who, form, spot.typed).press(page)
        assert status == spot.status
        return page

    return open_it


@pytest.fixture
def new_tab(browser: Browser, company: Company) -> Iterator[NewTab]:
    """Opens tabs of devices that have never been here, each on its own."""
    with opening_tabs(browser, company.address) as open_tab:
        yield open_tab


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests in a browser that the options name."""
    left_out = {name for name in ENGINES[1:] if config.getoption(f"--without-{name}")}
    unwanted = [item for item in items if find_engine(item) in left_out]
    if unwanted:
        items[:] = [item for item in items if item not in unwanted]
        config.hook.pytest_deselected(items=unwanted)


def find_engine(item: pytest.Item) -> str | None:
    """Return the name of the browser that a test of `engine_page` uses."""
    call = getattr(item, "callspec", None)
    return call.params.get("engine") if call else None


@pytest.fixture(scope="session", params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory):
    """A running browser. Its start takes seconds, so it is started once."""
    folder = tmp_path_factory.mktemp(request.param)
    try:
        opened = start_engine(request, folder)
    except MissingBrowser as missing:
        pytest.fail(str(missing), pytrace=False)
    yield opened
    opened.close()


def start_engine(request: pytest.FixtureRequest, folder: Path) -> Engine:
    """Start the browser that a parameter names."""
    if request.param == "firefox":
        return FirefoxEngine(folder)
    if request.param == "webkit":
        return WebKitEngine(folder)
    playwright: Playwright = request.getfixturevalue("playwright")
    return Chromium(playwright, request.getfixturevalue("browser_type_launch_args"))


@pytest.fixture
def network(base_url: str) -> Iterator[Network]:
    """The network between the browser and the server, with an address of its own for each test."""
    with open_network(base_url) as opened:
        yield opened


@pytest.fixture
def engine_page(engine: Engine, network: Network) -> Iterator[EnginePage]:
    """A device that has never been here, in each of the browsers, behind the network."""
    page = engine.open_page(network)
    yield page
    page.close()


@pytest.fixture
def plan(request: pytest.FixtureRequest) -> Plan:
    """The attempt of `person`. A test can ask for another one by a parameter."""
    return getattr(request, "param", Plan(answered=3, sent=False))


@pytest.fixture
def kind_of_device() -> str:
    """The kind of the device of `person`."""
    return "own"


@pytest.fixture
def person(
    engine_page: EnginePage, database: Database, pack: Pack, plan: Plan, kind_of_device: str
) -> AnsweringPerson:
    """Somebody whose device holds an attempt, three answers of which are stored."""
    planted = plant(database, pack, plan)
    person = AnsweringPerson(engine_page, database, pack, planted, kind_of_device)
    person.hold()
    return person
