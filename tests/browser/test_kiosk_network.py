"""Finish on a shared tablet in Chromium and Firefox: without network, in a second tab, and with the Back button."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from fitquiz.core.secrets.tokens import hash_token
from fitquiz.store.engine.database import open_database
from tests.browser.support.company import Company
from tests.browser.support.engines import EnginePage
from tests.browser.support.network import Network, open_network

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("engine", ["chromium", "firefox"], indirect=True),
]
FINISH = "#finish button"
WAITING = "Finished. Waiting for the network …"
ANSWER = "() => document.querySelector('.answers button').click()"
ANSWER_LAST = "() => document.querySelector('.answers button:last-of-type').click()"
COUNT_BOXES = "() => document.body.getClientRects().length"
SEND_EVENT = "name => { dispatchEvent(new PageTransitionEvent(name, { persisted: true })); }"
SET_STATE = "name => sessionStorage.setItem(name, 'left')"
NEWEST_ANSWERS = text(
    "SELECT item, value FROM answer WHERE attempt_id = (SELECT max(id) FROM attempt)"
)
SWITCH = text("UPDATE invitation SET is_kiosk = :on WHERE token_hash = :hash")


@pytest.fixture
def network(company: Company) -> Iterator[Network]:
    """The network between the browser and the company's server."""
    with open_network(company.address) as opened:
        yield opened


@pytest.fixture
def start(company: Company) -> Iterator[str]:
    """The address of a kiosk's link. Afterwards, the link is a usual open link again."""
    token = str(company.values["invitation"])
    database = open_database(f"sqlite:///{company.instance / 'fitquiz.db'}")
    with database.write_transaction() as session:
        session.execute(SWITCH, {"on": True, "hash": hash_token(token)})
    yield f"/en/invitations/{token}"
    with database.write_transaction() as session:
        session.execute(SWITCH, {"on": False, "hash": hash_token(token)})
    database.engine.dispose()


def begin(page: EnginePage, start: str) -> str:
    """Begin by the kiosk's link, answer the first statement, and return the address of the first statement."""
    page.open(start)
    page.tap_text("Start")
    page.tap_text("Begin")
    page.wait_until_path("*/items/autonomy-1*")
    page.wait_until(lambda: page.count("form.with-keys"), "the script works")
    first = page.path
    page.run_script(ANSWER)
    page.wait_until_path("*/items/flexibility-1*")
    page.wait_until(lambda: page.count(".saved:not([hidden])"), "saved")
    page.open(first)
    page.wait_until_text("You answered")
    return first


def expect_start(page: EnginePage, start: str) -> None:
    page.wait_until(lambda: page.path == start, "the start of the kiosk")
    page.wait_until_text("invites you")
    assert page.count("#finish") == 0


def expect_nothing(page: EnginePage) -> None:
    """The page shows nothing about an attempt."""
    shown = page.text()
    assert "You answered:" not in shown
    assert "Statement" not in shown


def test_finish_without_network_empties_the_page_and_goes_on_by_itself(
    engine_page: EnginePage, start: str, company: Company
) -> None:
    first = begin(engine_page, start)
    engine_page.set_network(offline=True)
    engine_page.run_script(ANSWER_LAST)
    engine_page.wait_until_text("Not saved yet")
    engine_page.tap(FINISH)
    engine_page.wait_until(lambda: engine_page.text() == WAITING, "the empty page")
    assert engine_page.run_script("() => document.title") == "Fitquiz"
    engine_page.set_network(offline=False)
    expect_start(engine_page, start)
    database = open_database(f"sqlite:///{company.instance / 'fitquiz.db'}")
    with database.sessions() as session:
        stored = [tuple(row) for row in session.execute(NEWEST_ANSWERS)]
    database.engine.dispose()
    assert stored == [("autonomy-1", 4)]
    for _ in range(3):
        engine_page.back()
        expect_nothing(engine_page)
    engine_page.open(first)
    engine_page.wait_until_text("This device does not have these answers")


def test_a_page_that_comes_back_after_finish_without_network_finishes(
    engine_page: EnginePage, start: str
) -> None:
    first = begin(engine_page, start)
    engine_page.open("/en/privacy")
    engine_page.set_network(offline=True)
    engine_page.tap(FINISH)
    engine_page.wait_until(lambda: engine_page.text() == WAITING, "the empty page")
    engine_page.back()
    expect_nothing(engine_page)
    engine_page.set_network(offline=False)
    engine_page.open(first)
    expect_start(engine_page, start)


def test_a_page_from_the_memory_of_the_browser_is_empty_and_finishes(
    engine_page: EnginePage, start: str
) -> None:
    handle = begin(engine_page, start).split("/")[3]
    engine_page.run_script(SEND_EVENT, "pagehide")
    assert engine_page.run_script(COUNT_BOXES) == 0
    engine_page.run_script(SET_STATE, f"fitquiz-finish-{handle}")
    engine_page.run_script(SEND_EVENT, "pageshow")
    expect_start(engine_page, start)


def test_finish_empties_the_second_tab_too(engine_page: EnginePage, start: str) -> None:
    first = begin(engine_page, start)
    engine_page.new_tab()
    engine_page.open(first)
    engine_page.wait_until_text("You answered")
    engine_page.tap(FINISH)
    expect_start(engine_page, start)
    engine_page.close_tab()
    expect_start(engine_page, start)


@pytest.mark.long
def test_the_second_tab_is_empty_before_the_server_answers(
    engine_page: EnginePage, start: str
) -> None:
    first = begin(engine_page, start)
    engine_page.new_tab()
    engine_page.open(first)
    engine_page.wait_until_text("You answered")
    engine_page.set_network(offline=True)
    engine_page.tap(FINISH)
    engine_page.wait_until(lambda: engine_page.text() == WAITING, "the empty page")
    engine_page.close_tab()
    engine_page.wait_until(lambda: engine_page.text() == WAITING, "the empty page")
    engine_page.set_network(offline=False)
    engine_page.reload()
    expect_start(engine_page, start)


@pytest.mark.long
def test_the_own_link_opens_the_attempt_again_in_the_same_tab(
    engine_page: EnginePage, start: str
) -> None:
    first = begin(engine_page, start)
    base = first.partition("/items/")[0]
    engine_page.open(f"{base}/link")
    link = str(engine_page.run_script("() => document.getElementById('link').value"))
    engine_page.tap(FINISH)
    expect_start(engine_page, start)
    engine_page.open(link.partition(engine_page.address)[2])
    engine_page.tap_text("Open on this tablet")
    engine_page.wait_until_path(f"{base}/*")
    engine_page.open(first)
    engine_page.wait_until_text("You answered")
    engine_page.reload()
    engine_page.wait_until_text("You answered")
