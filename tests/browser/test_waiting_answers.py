"""Answers that wait in Chromium and Firefox: none is lost, and none is called saved before the server has it."""

import pytest

from fitquiz.core.packs import Pack
from fitquiz.store.engine.database import open_database
from tests.browser.support.answering_person import AnsweringPerson
from tests.browser.support.engines import Engine
from tests.browser.support.network import open_network
from tests.browser.support.other_server import serve_page
from tests.browser.support.planting import Plan, plant
from tests.browser.support.spots import FILLED
from tests.reliability.support.server import Server
from tests.reliability.support.visitor import Visitor

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("engine", ["chromium", "firefox"], indirect=True),
]
ONE_KEPT = "Not saved yet. 1 answer is kept here and will be sent."
TWO_KEPT = "Not saved yet. 2 answers are kept here and will be sent."
TWO_KEPT_IN_TAB = "Not saved yet: 2 answers. Keep this page open."
ONE_KEPT_IN_TAB = "Not saved yet: 1 answer. Keep this page open."
KEY = "key => Object.keys(localStorage).filter(each => each.startsWith('fitquiz-answers-'))"
WITHOUT_STORAGE = {
    "full": """() => {
      for (let size = 2 ** 22; size >= 1; size /= 2) {
        try {
          for (let at = 0; ; at++) localStorage.setItem(`other-${size}-${at}`, "x".repeat(size));
        } catch {
        }
      }
    }""",
    "off": """() => {
      const refuse = () => { throw new DOMException("refused", "SecurityError"); };
      Object.defineProperty(window, "localStorage", { get: refuse });
    }""",
}


@pytest.fixture
def visitor(base_url: str, person: AnsweringPerson) -> Visitor:
    """Another browser that has opened the own link of the attempt."""
    visitor = Visitor(int(base_url.rpartition(":")[2]))
    link = f"/en/return/{person.planted.token}"
    visitor.get(link)
    assert visitor.post(link, device="own").status == 303
    return visitor


@pytest.mark.parametrize("kind_of_device", ["own", "shared"])
def test_answers_wait_for_the_network_and_are_then_sent(person: AnsweringPerson) -> None:
    person.come_to(4)
    person.answer_from(4, 1)
    person.expect_saved()
    person.page.set_network(offline=True)
    person.answer_from(5, 2, 3)
    person.look_away()
    person.expect_line(TWO_KEPT_IN_TAB if person.device == "shared" else TWO_KEPT)
    assert not person.is_saved()
    assert person.find_stored()[3:6] == [1, 0, 0]
    person.page.set_network(offline=False)
    person.expect_saved()
    assert person.find_stored()[3:7] == [1, 2, 3, 0]


def test_an_answer_is_saved_only_after_the_reply_has_come(person: AnsweringPerson) -> None:
    person.come_to(4)
    person.page.network.set_loses_answers(True)
    person.answer_from(4, 1)
    person.expect_stored(4, 1)
    person.expect_line(ONE_KEPT)
    assert not person.is_saved()
    person.page.network.set_loses_answers(False)
    person.expect_saved()
    person.expect_stored(4, 1, 0)


def test_a_reload_without_network_loses_no_answer(person: AnsweringPerson) -> None:
    person.come_to(4)
    person.page.set_network(offline=True)
    person.answer_from(4, 1, 2)
    person.page.reload()
    assert person.page.count("#statement") == 0
    person.page.set_network(offline=False)
    person.page.open(f"{person.base}/items/{person.items[5].id}")
    person.expect_saved()
    person.expect_stored(4, 1, 2, 0)
    person.expect(6)


@pytest.mark.parametrize("plan", [FILLED], indirect=True)
def test_an_answer_is_refused_after_the_answers_were_sent_elsewhere(
    person: AnsweringPerson, visitor: Visitor
) -> None:
    before = person.find_stored()
    person.come_to(4)
    person.page.set_network(offline=True)
    person.answer_from(4, 3)
    person.expect_line(ONE_KEPT)
    visitor.get(f"{person.base}/check")
    assert visitor.post(f"{person.base}/check").status == 303
    person.page.set_network(offline=False)
    person.page.wait_until_path("*/refused")
    assert person.page.text("h1") == "What you answered last was not saved"
    assert person.find_stored() == before
    assert person.page.run_script(KEY) == []
    person.page.tap_text("See your result")
    person.page.wait_until_path("*/result")


def test_after_a_deletion_elsewhere_the_page_says_so(
    person: AnsweringPerson, visitor: Visitor
) -> None:
    person.come_to(4)
    person.page.set_network(offline=True)
    person.answer_from(4, 3)
    person.expect_line(ONE_KEPT)
    visitor.get(f"{person.base}/delete")
    assert visitor.post(f"{person.base}/delete").status == 303
    person.page.set_network(offline=False)
    person.page.wait_until_text("These answers have been deleted", "h1")
    assert person.page.run_script(KEY) == []


def test_a_device_without_cookies_says_so_and_sends_after_the_own_link(
    person: AnsweringPerson,
) -> None:
    person.come_to(4)
    person.page.set_network(offline=True)
    person.answer_from(4, 3)
    person.expect_line(ONE_KEPT)
    person.page.clear_cookies()
    person.page.set_network(offline=False)
    person.page.wait_until_text("This device does not have these answers", "h1")
    assert person.find_stored()[3] == 0
    person.page.open(f"/en/return/{person.planted.token}")
    person.page.tap("main form button")
    person.expect(5)
    person.expect_stored(4, 3, 0)
    person.expect_saved()


@pytest.mark.parametrize("way", WITHOUT_STORAGE)
def test_without_storage_answers_wait_in_the_page_and_the_page_warns(
    person: AnsweringPerson, way: str
) -> None:
    person.come_to(4)
    person.page.run_script(WITHOUT_STORAGE[way])
    person.answer_from(4, 1)
    person.expect_saved()
    person.page.set_network(offline=True)
    person.answer_from(5, 2)
    person.expect_line(ONE_KEPT_IN_TAB)
    assert person.would_warn()
    person.page.set_network(offline=False)
    person.expect_saved()
    person.expect_stored(4, 1, 2, 0)
    assert not person.would_warn()


def test_the_next_statement_is_shown_before_the_stored_answers_have_come(
    person: AnsweringPerson,
) -> None:
    person.page.network.hold_requests(f"GET {person.base}/items.json")
    person.page.open(f"{person.base}/items/{person.items[3].id}")
    person.expect(4)
    person.answer_from(4, 1, 2)
    person.look_away()
    person.expect_stored(4, 1, 2, 0)
    person.page.network.hold_requests(None)
    person.page.back()
    person.expect(5)
    person.expect_chosen(2)


def test_with_full_storage_a_changed_answer_is_not_lost(person: AnsweringPerson) -> None:
    person.come_to(4)
    person.page.set_network(offline=True)
    person.answer_from(4, 1)
    person.page.run_script(WITHOUT_STORAGE["full"])
    person.page.back()
    person.expect(4)
    person.read()
    person.page.tap_text("Skip this one")
    person.expect(5)
    person.page.set_network(offline=False)
    person.expect_saved()
    person.expect_stored(4, None, 0)


def test_an_answer_that_only_the_page_keeps_is_never_called_saved_or_safe(
    person: AnsweringPerson,
) -> None:
    person.come_to(4)
    person.page.set_network(offline=True)
    person.answer_from(4, 1)
    person.expect_line(ONE_KEPT)
    person.page.run_script("() => localStorage.clear()")
    person.answer_from(5, 2)
    person.expect_line(TWO_KEPT_IN_TAB)
    assert not person.is_saved()
    assert person.would_warn()
    person.page.set_network(offline=False)
    person.expect_saved()
    person.expect_stored(4, 1, 2, 0)


@pytest.mark.parametrize("missing", ["", "/items.json"], ids=["login page", "old server"])
def test_a_server_that_does_not_know_the_address_saves_nothing_and_loses_nothing(
    person: AnsweringPerson, base_url: str, missing: str
) -> None:
    person.come_to(4)
    person.answer_from(4, 1)
    person.expect_saved()
    with serve_page(200, missing) as portal:
        person.page.network.set_server(portal.address)
        person.answer_from(5, 2)
        person.look_away()
        person.expect_line(ONE_KEPT)
        assert not person.is_saved()
        person.page.network.set_server(base_url)
        person.expect_saved()
    person.expect_stored(4, 1, 2, 0)


@pytest.mark.long
def test_answers_wait_while_the_server_is_killed_and_starts_again(
    engine: Engine, server: Server, pack: Pack
) -> None:
    database = open_database(f"sqlite:///{server.instance / 'fitquiz.db'}")
    planted = plant(database, pack, Plan(answered=3, sent=False))
    with open_network(f"http://127.0.0.1:{server.port}") as network:
        page = engine.open_page(network)
        person = AnsweringPerson(page, database, pack, planted)
        person.hold()
        person.come_to(4)
        person.answer_from(4, 1)
        person.expect_saved()
        server.kill()
        person.answer_from(5, 2, 3)
        person.look_away()
        person.expect_line(TWO_KEPT)
        server.start()
        person.expect_saved()
        person.expect_stored(4, 1, 2, 3, 0)
        page.close()
    database.engine.dispose()
