"""Open pages in Chromium and Firefox: a device that has forgotten an attempt shows nothing of the attempt."""

from pathlib import Path

import pytest
from itsdangerous import TimestampSigner

from tests.browser.support.answering_person import AnsweringPerson
from tests.browser.support.spots import BACK

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("engine", ["chromium", "firefox"], indirect=True),
]
NOT_HELD = "This device does not have these answers"
MINUTE_MS = 60 * 1000
MOVE_CLOCK = """ms => {
  const clock = window.Date;
  const now = clock.now.bind(clock);
  clock.now = () => now() + ms;
  document.dispatchEvent(new Event("visibilitychange"));
}"""
"""The page looks at the clock as if the device had slept."""
IS_LOADED = "() => document.readyState === 'complete'"
IS_EMPTY = "() => document.body.hidden"
LEAVES_UNASKED = """ms => {
  const ask = () => dispatchEvent(new Event("beforeunload", { cancelable: true }));
  const before = ask();
  const clock = window.Date;
  clock.now = () => performance.timeOrigin + performance.now() + ms;
  document.dispatchEvent(new Event("visibilitychange"));
  return [before, ask()];
}"""
"""Whether the page closes without a question: before it is emptied, and as an empty page."""
USE = "() => { dispatchEvent(new Event('pointermove')); }"
WAITING = "() => Object.keys(sessionStorage).filter(each => each.startsWith('fitquiz-answers-'))"

shared = pytest.mark.parametrize("kind_of_device", ["shared"])
result = pytest.mark.parametrize("plan", [BACK], indirect=True)


def let_cookie_expire(person: AnsweringPerson, instance: Path) -> None:
    """Replace the shared cookie by one that nobody has used for 31 minutes."""

    class OldSigner(TimestampSigner):
        def get_timestamp(self) -> int:
            return super().get_timestamp() - 31 * 60

    key = (instance / "secret_key").read_text("utf-8").strip()
    signer = OldSigner(key, salt="fitquiz.attempt-on-shared-device")
    person.page.set_cookie("attempts", signer.sign(person.planted.token).decode())


@result
@pytest.mark.parametrize("kind_of_device", ["own", "shared"])
def test_a_cleared_device_shows_the_answers_in_no_tab(person: AnsweringPerson) -> None:
    page = person.page
    page.open(f"{person.base}/result")
    suggestion = page.text("h1")
    page.new_tab()
    page.open("/en/clear")
    page.tap("main form button")
    page.wait_until_path("*/cleared")
    page.wait_until(lambda: page.run_script(IS_LOADED), "loaded")
    page.close_tab()
    page.wait_until_text(NOT_HELD, "h1")
    assert suggestion not in page.text()


@result
@shared
def test_a_shared_device_empties_a_page_after_30_minutes_without_use(
    person: AnsweringPerson, instance: Path
) -> None:
    page = person.page
    page.open(f"{person.base}/result")
    let_cookie_expire(person, instance)
    expired = page.cookies()["attempts"]
    page.run_script(MOVE_CLOCK, 25 * MINUTE_MS)
    page.run_script(USE)
    page.run_script(MOVE_CLOCK, 30 * MINUTE_MS)
    assert not page.run_script(IS_EMPTY)
    page.run_script(MOVE_CLOCK, MINUTE_MS)
    page.wait_until_text(NOT_HELD, "h1")
    assert page.cookies()["attempts"] == expired


@result
def test_an_own_device_keeps_a_page_for_a_day(person: AnsweringPerson) -> None:
    person.page.open(f"{person.base}/result")
    person.page.run_script(MOVE_CLOCK, 24 * 60 * MINUTE_MS)
    assert not person.page.run_script(IS_EMPTY)


@shared
def test_an_emptied_page_keeps_the_answers_that_wait(
    person: AnsweringPerson, instance: Path
) -> None:
    page = person.page
    person.come_to(4)
    page.network.hold_requests(f"POST {person.base}/items.json")
    person.answer_from(4, 1)
    let_cookie_expire(person, instance)
    page.run_script(MOVE_CLOCK, 31 * MINUTE_MS)
    page.wait_until_text(NOT_HELD, "h1")
    page.wait_until_text("This browser still has such answers")
    waiting = page.run_script(WAITING)
    assert waiting == [f"fitquiz-answers-{person.planted.handle}.{person.items[3].id}"]


@shared
def test_an_emptied_page_asks_nobody_whether_to_leave(person: AnsweringPerson) -> None:
    person.come_to(4)
    person.page.network.set_offline(True)
    person.answer_from(4, 1)
    person.page.wait_until(person.would_warn, "the page asks")
    assert person.page.run_script(LEAVES_UNASKED, 31 * MINUTE_MS) == [False, True]


@result
@shared
@pytest.mark.parametrize("next_device", ["shared", "own"])
def test_the_page_of_an_earlier_person_is_emptied_when_the_next_person_begins(
    person: AnsweringPerson, next_device: str
) -> None:
    page = person.page
    page.open(f"{person.base}/result")
    page.new_tab()
    page.open("/en/packs/front-back-office/begin")
    page.tap(f"button[value={next_device}]")
    page.wait_until_path("*/items/autonomy-1*")
    page.wait_until(lambda: page.run_script(IS_LOADED), "loaded")
    page.close_tab()
    page.wait_until_text(NOT_HELD, "h1")
