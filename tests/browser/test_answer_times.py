"""The time of each answer in Chromium and Firefox: the answer that was given last counts."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from fitquiz.core.secrets.tokens import hash_token
from fitquiz.store.attempts.answers import list_moments
from fitquiz.store.attempts.attempts import find_attempt
from tests.browser.support.answering_person import AnsweringPerson

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize(
        "engine", ["chromium", pytest.param("firefox", marks=pytest.mark.long)], indirect=True
    ),
]
FAR_FUTURE = """hours => {
  const key = Object.keys(localStorage).find(each => each.startsWith("fitquiz-answers-"));
  const entry = JSON.parse(localStorage.getItem(key));
  entry.given += hours * 3600 * 1000;
  localStorage.setItem(key, JSON.stringify(entry));
}"""
TURN_CLOCK = "hours => { const real = Date.now; Date.now = () => real() + hours * 3600 * 1000; }"
COME_ONLINE = "() => { dispatchEvent(new Event('online')); }"


def read_moments(person: AnsweringPerson) -> Mapping[str, datetime]:
    with person.database.sessions() as session:
        attempt = find_attempt(session, hash_token(person.planted.token))
        assert attempt is not None
        return list_moments(session, attempt)


@pytest.mark.parametrize("hours", [-5, pytest.param(5, marks=pytest.mark.long)])
def test_a_wrong_clock_of_the_device_changes_nothing(person: AnsweringPerson, hours: int) -> None:
    began = datetime.now(UTC)
    person.come_to(4)
    person.page.run_script(TURN_CLOCK, hours)
    person.page.set_network(offline=True)
    person.answer_from(4, 1)
    person.page.back()
    person.expect(4)
    person.answer_from(4, 5)
    person.page.set_network(offline=False)
    person.expect_saved()
    person.expect_stored(4, 5, 0)
    moment = read_moments(person)[person.items[3].id]
    assert began - timedelta(seconds=2) < moment < datetime.now(UTC)


def test_a_stored_time_in_the_future_does_not_stop_a_newer_answer(person: AnsweringPerson) -> None:
    person.come_to(4)
    person.page.set_network(offline=True)
    person.answer_from(4, 1)
    person.page.run_script(FAR_FUTURE, 5)
    person.page.reload()
    person.page.set_network(offline=False)
    person.page.open(f"{person.base}/items/{person.items[3].id}")
    person.expect_stored(4, 1, 0)
    person.expect_saved()
    person.come_to(4)
    person.answer_from(4, 3)
    person.expect_stored(4, 3, 0)
    assert read_moments(person)[person.items[3].id] < datetime.now(UTC)


def test_a_request_that_arrives_late_does_not_replace_a_newer_answer(
    person: AnsweringPerson,
) -> None:
    network = person.page.network
    person.come_to(4)
    network.delay_one_request(f"POST {person.base}/items.json")
    person.answer_from(4, 1)
    person.page.wait_until(lambda: network.held_requests == 1, "the answer under way")
    person.page.back()
    person.expect(4)
    person.answer_from(4, 5)
    person.page.run_script(COME_ONLINE)
    person.expect_saved()
    person.expect_stored(4, 5, 0)
    network.deliver_late_request()
    person.expect_stored(4, 5, 0)
