"""Going on with an attempt in Chromium and Firefox: what is counted, and what a reload without network keeps."""

import time

import pytest

from tests.browser.support.answering_person import AnsweringPerson
from tests.browser.support.planting import Plan
from tests.browser.support.spots import HALF

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("engine", ["chromium", "firefox"], indirect=True),
]
STORE = """([handle, items, given]) => {
  for (const item of items) {
    localStorage.setItem(`fitquiz-answers-${handle}.${item}`, JSON.stringify({ answer: 3, given }));
  }
}"""
BUTTON = "a[href$='/attempts/HANDLE/']"
PLACE = """() => {
  const bar = document.getElementById("progress");
  return [document.getElementById("position").textContent, document.title, bar.value, bar.max];
}"""
CONTINUE = "Continue where you left off"


def let_wait(person: AnsweringPerson, *numbers: int) -> None:
    """Put answers to these statements into the storage of the browser, as if they could not be sent."""
    person.page.open("/robots.txt")
    items = [person.items[number - 1].id for number in numbers]
    given = round(time.time() * 1000)
    person.page.run_script(STORE, [person.planted.handle, items, given])


def read_button(person: AnsweringPerson) -> str:
    return person.page.text(BUTTON.replace("HANDLE", person.planted.handle))


@pytest.mark.parametrize("plan", [Plan(answered=0, sent=False)], indirect=True)
def test_the_start_page_counts_the_answers_that_wait(person: AnsweringPerson) -> None:
    person.page.open("/en/")
    assert read_button(person) == CONTINUE
    let_wait(person, 1, 2, 3)
    person.page.open("/en/")
    assert read_button(person) == f"{CONTINUE} (3 of 28)"
    let_wait(person, *range(1, 29))
    person.page.open("/en/")
    assert read_button(person) == "All 28 done: see my result"
    person.page.tap(BUTTON.replace("HANDLE", person.planted.handle))
    person.page.wait_until_path("*/check")
    person.expect_stored(1, *[4] * 28)


@pytest.mark.parametrize("plan", [HALF], indirect=True)
def test_the_start_page_counts_no_answer_twice(person: AnsweringPerson) -> None:
    let_wait(person, 13, 14, 15)
    person.page.open("/en/")
    assert read_button(person) == f"{CONTINUE} (15 of 28)"


@pytest.mark.parametrize("plan", [Plan(sent=False, opened=("leading",))], indirect=True)
def test_the_script_counts_an_opened_part_by_itself(person: AnsweringPerson) -> None:
    last, first = person.items[-1].id, "leading-1"
    person.page.open(f"{person.base}/items/{first}")
    person.answer(3)
    person.page.wait_until_path("*/items/leading-2*")
    words = "Leadership: 2 of 8"
    assert person.page.run_script(PLACE) == [words, f"{words} – Fitquiz", 2, 8]
    person.page.tap(".back")
    person.page.wait_until_path(f"*/items/{first}*")
    person.page.tap(".back")
    person.page.wait_until_path(f"*/items/{last}*")
    words = "Statement 28 of 28"
    assert person.page.run_script(PLACE) == [words, f"{words} – Fitquiz", 28, 28]
    person.page.tap(".onward")
    person.page.wait_until_path(f"*/items/{first}*")
    words = "Leadership: 1 of 8"
    assert person.page.run_script(PLACE) == [words, f"{words} – Fitquiz", 1, 8]


@pytest.mark.parametrize("kind_of_device", ["own", "shared"])
def test_after_a_reload_without_network_the_next_reload_goes_on_where_it_was(
    person: AnsweringPerson,
) -> None:
    person.come_to(4)
    person.page.set_network(offline=True)
    person.answer_from(4, 1, 2)
    person.page.reload()
    assert person.page.count("#statement") == 0
    person.page.set_network(offline=False)
    person.page.reload()
    person.expect(6)
    person.expect_stored(4, 1, 2, 0)
    person.expect_saved()
