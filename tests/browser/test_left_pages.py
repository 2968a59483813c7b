"""Pages that are left in Chromium and Firefox: their answers are stored, and nothing comes back later."""

from pathlib import Path

import pytest
from itsdangerous import TimestampSigner

from fitquiz.core.packs import Pack
from fitquiz.store.engine.database import Database
from tests.browser.support.answering_person import LINE, AnsweringPerson
from tests.browser.support.engines import EnginePage
from tests.browser.support.planting import plant
from tests.browser.support.spots import BACK, FILLED

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("engine", ["chromium", "firefox"], indirect=True),
]
BEGIN = "/en/packs/front-back-office/begin"
NOT_HELD = "This device does not have these answers"
WAITING = "() => Object.keys(localStorage).filter(each => each.startsWith('fitquiz-'))"
LEAVE_WITHOUT_WARNING = """() => {
  addEventListener("beforeunload", event => event.stopImmediatePropagation(), true);
}"""
"""On a busy machine, a request that hangs for seconds would make the page of a shared device warn."""
OLD_SECONDS = 15 * 60
"""The age of a cookie that an answer in the background renews."""


def make_shared_cookie_old(person: AnsweringPerson, instance: Path) -> None:
    """Let the shared cookie look as if nobody had used the attempt for some minutes."""

    class OldSigner(TimestampSigner):
        def get_timestamp(self) -> int:
            return super().get_timestamp() - OLD_SECONDS

    key = (instance / "secret_key").read_text("utf-8").strip()
    signer = OldSigner(key, salt="fitquiz.attempt-on-shared-device")
    person.page.set_cookie("attempts", signer.sign(person.planted.token).decode())


devices = pytest.mark.parametrize("kind_of_device", ["own", "shared"])


@devices
def test_a_page_that_is_left_while_a_request_hangs_stores_its_answer_and_changes_no_cookie(
    person: AnsweringPerson, instance: Path
) -> None:
    page, network = person.page, person.page.network
    person.come_to(4)
    if person.device == "shared":
        make_shared_cookie_old(person, instance)
    page.run_script(LEAVE_WITHOUT_WARNING)
    network.hold_requests(f"POST {person.base}/items.json")
    person.answer(2)
    page.wait_until(lambda: network.held_requests == 1, "the answer under way")
    page.open(BEGIN)
    page.wait_until(lambda: network.held_requests == 2, "the request of the page that was left")
    page.tap(f"button[value={person.device}]")
    page.wait_until_path("*/items/autonomy-1*")
    next_attempt = page.path

    network.hold_requests(None)
    person.expect_stored(4, 2, 0)
    page.open("/en/privacy")
    page.open(next_attempt)
    page.wait_until_path(next_attempt)
    assert page.count(".answers button")
    page.open(f"{person.base}/check")
    page.wait_until_text(NOT_HELD if person.device == "shared" else "Check your answers", "h1")


def test_two_tabs_keep_the_waiting_answers_of_each_other(person: AnsweringPerson) -> None:
    page = person.page
    person.come_to(4)
    page.new_tab()
    person.come_to(10)
    page.set_network(offline=True)
    person.answer_from(10, 5, 4)
    page.close_tab()
    person.answer_from(4, 1, 2)
    waiting = page.run_script(WAITING)
    assert isinstance(waiting, list)
    assert len(waiting) == 4
    page.set_network(offline=False)
    person.expect_saved()
    person.expect_stored(4, 1, 2, 0)
    person.expect_stored(10, 5, 4, 0)
    assert page.run_script(WAITING) == []


@pytest.mark.parametrize("plan", [FILLED], indirect=True)
@devices
def test_the_check_sends_waiting_answers_before_the_result_is_shown(
    person: AnsweringPerson,
) -> None:
    page, network = person.page, person.page.network
    person.come_to(4)
    before = person.find_stored()
    page.run_script(LEAVE_WITHOUT_WARNING)
    network.hold_requests(f"POST {person.base}/items.json")
    person.answer(1)
    page.wait_until(lambda: network.held_requests == 1, "the answer under way")
    page.open(f"{person.base}/check")
    page.wait_until(lambda: page.text(LINE), "the answer waits")
    page.tap("main form[action$='/check'] button")
    page.wait_until(lambda: page.text(LINE), "the answer waits")
    assert page.path == f"{person.base}/check"
    assert person.find_stored() == before

    network.hold_requests(None)
    person.expect_stored(4, 1)
    page.wait_until(lambda: page.text(LINE) == "", "nothing waits")
    page.wait_until_text("Strongly disagree", f"#{person.items[3].id}")
    page.tap("main form[action$='/check'] button")
    page.wait_until_path("*/result")
    assert person.find_stored()[3] == 1


def test_the_own_link_stays_neither_in_the_address_nor_behind_the_back_button(
    engine_page: EnginePage, database: Database, pack: Pack
) -> None:
    planted = plant(database, pack, BACK)
    link = f"/en/return/{planted.token}"
    engine_page.open("/en/privacy")
    engine_page.open(link)
    engine_page.tap("button[value=own]")
    engine_page.wait_until_path("*/result")
    assert planted.token not in engine_page.url
    engine_page.back()
    engine_page.wait_until_path("/en/")
    assert planted.token not in engine_page.url
    engine_page.back()
    engine_page.wait_until_path("/en/privacy")


@pytest.mark.parametrize("plan", [BACK], indirect=True)
@pytest.mark.parametrize("kind_of_device", ["shared"])
def test_after_forget_it_here_the_back_button_shows_nothing_of_the_attempt(
    person: AnsweringPerson,
) -> None:
    page = person.page
    page.open(f"{person.base}/answers")
    page.open(f"{person.base}/result")
    suggestion = page.text("h1")
    page.tap("form[action$='/forget'] button")
    page.wait_until_path("*/cleared*")
    for _ in range(2):
        page.back()
        page.wait_until_text(NOT_HELD, "h1")
        assert suggestion not in page.text()
    page.open("/en/")
    assert person.planted.handle not in str(page.run_script("() => document.body.innerHTML"))
