"""An own device collects answers for one request. The answers are sent before anybody could miss them."""

import json
import time
from collections.abc import Callable
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Page, Request, expect

from fitquiz.core.packs import Pack
from tests.benchmarks.collecting import READING_SECONDS, plan_batches, read_constant
from tests.browser.support.answering_person import AnsweringPerson
from tests.browser.support.planting import Plan, Planted
from tests.browser.support.reading import hold
from tests.browser.support.taking import answer

pytestmark = pytest.mark.browser
engines = pytest.mark.parametrize(
    "engine", ["chromium", pytest.param("firefox", marks=pytest.mark.long)], indirect=True
)
COLLECT_MS = read_constant("COLLECT_MS")
REFUSE_STORAGE = """() => {
  const refuse = () => { throw new DOMException("refused", "SecurityError"); };
  Object.defineProperty(window, "localStorage", { get: refuse });
}"""
SEND_EVENT = "name => { dispatchEvent(new Event(name)); }"


def collect(person: AnsweringPerson) -> None:
    """Answer three statements, so that the server has the first answer, and the others wait."""
    person.come_to(4)
    person.answer_from(4, 1)
    person.expect_saved()
    person.answer_from(5, 2, 3)
    assert person.find_stored()[3:6] == [1, 0, 0]


@engines
def test_the_third_answer_that_waits_is_sent_with_the_others(person: AnsweringPerson) -> None:
    collect(person)
    person.expect_line("")
    assert not person.is_saved()
    assert not person.would_warn()
    person.answer_from(7, 4)
    person.expect_saved()
    assert person.find_stored()[3:8] == [1, 2, 3, 4, 0]


WAYS: dict[str, Callable[[AnsweringPerson], object]] = {
    "look away": lambda person: person.look_away(),
    "leave the page": lambda person: person.page.open("/en/privacy"),
    "close the tab": lambda person: person.page.close_tab(),
    "reload": lambda person: person.page.reload(),
    "switch the language": lambda person: person.page.tap("nav a[hreflang=nb]"),
    "come online": lambda person: person.page.run_script(SEND_EVENT, "online"),
    "come back to the page": lambda person: person.page.run_script(SEND_EVENT, "pageshow"),
    "open the check": lambda person: person.page.open(f"{person.base}/check"),
}


@engines
@pytest.mark.parametrize("way", WAYS)
def test_collected_answers_are_sent_at_once_if_the_person(
    person: AnsweringPerson, way: str
) -> None:
    person.page.new_tab()
    collect(person)
    began = time.monotonic()
    WAYS[way](person)
    person.expect_stored(4, 1, 2, 3, 0)
    assert time.monotonic() - began < COLLECT_MS / 2000


@engines
@pytest.mark.parametrize("plan", [Plan(answered=25, sent=False)], indirect=True)
def test_the_last_answers_are_sent_before_the_check(person: AnsweringPerson) -> None:
    person.come_to(26)
    person.answer_from(26, 1)
    person.expect_saved()
    person.answer_from(27, 2)
    assert person.find_stored()[25:] == [1, 0, 0]
    person.answer(3)
    person.page.wait_until_path("*/check*")
    assert person.find_stored()[25:] == [1, 2, 3]


@engines
@pytest.mark.parametrize("kind_of_device", ["own", "shared"])
def test_answers_that_a_closed_tab_would_lose_are_sent_at_once(person: AnsweringPerson) -> None:
    person.come_to(4)
    if person.device == "own":
        person.page.run_script(REFUSE_STORAGE)
    began = time.monotonic()
    for number, choice in ((4, 1), (5, 2), (6, 3)):
        person.answer_from(number, choice)
        person.expect_stored(number, choice)
    assert time.monotonic() - began < COLLECT_MS / 2000


@engines
@pytest.mark.parametrize("plan", [Plan(answered=28, sent=False)], indirect=True)
def test_after_a_deletion_elsewhere_a_collected_answer_leads_to_the_page_that_says_so(
    person: AnsweringPerson,
) -> None:
    collected = person.page
    collect_changed(person)
    collected.new_tab()
    collected.open(f"{person.base}/delete")
    collected.tap("main form button")
    collected.wait_until_path("*/deleted")
    collected.close_tab()
    person.look_away()
    collected.wait_until_text("These answers have been deleted", "h1")
    assert person.find_stored() == [0] * 28


def collect_changed(person: AnsweringPerson) -> None:
    """Change two stored answers, so that the second new answer waits."""
    person.come_to(4)
    person.answer_from(4, 1)
    person.expect_saved()
    before = person.find_stored()[4]
    person.answer_from(5, 1 if before != 1 else 2)
    assert person.find_stored()[4] == before


@pytest.fixture
def batches(alice: Page) -> list[list[str]]:
    """The items of each request with answers that Alice's tab sends."""
    sent: list[list[str]] = []

    def note(request: Request) -> None:
        if request.method == "POST" and request.url.endswith("/items.json"):
            form = parse_qs(request.post_data or "")
            sent.append([each["item"] for each in json.loads(form["answers"][0])])

    alice.on("request", note)
    return sent


@pytest.fixture
def slow_alice(alice: Page, plant_attempt: Callable[[Plan], Planted], base_url: str) -> Page:
    """Alice's tab, whose clock the test moves, with the first statement before her."""
    planted = plant_attempt(Plan(answered=0, sent=False))
    hold(alice.context, base_url, planted)
    alice.clock.install()
    with alice.expect_response("**/items.json"):
        alice.goto(f"/en/attempts/{planted.handle}/")
    alice.clock.pause_at(alice.evaluate("Date.now()") / 1000 + 1)
    return alice


def test_an_answer_waits_no_longer_than_the_time_after_the_last_request(
    slow_alice: Page, batches: list[list[str]], pack: Pack
) -> None:
    items = [item.id for item in pack.items_of(pack.first_parts)]
    saved = slow_alice.locator(".saved")
    answer(slow_alice, "3")
    expect(saved).to_be_visible()
    slow_alice.clock.run_for(1000)
    answer(slow_alice, "3")
    slow_alice.clock.run_for(COLLECT_MS - 2000)
    expect(saved).to_be_hidden()
    assert batches == [items[:1]]
    slow_alice.clock.run_for(2000)
    expect(saved).to_be_visible()
    assert batches == [items[:1], items[1:2]]


def test_somebody_who_reads_causes_the_batches_of_the_benchmark(
    slow_alice: Page, batches: list[list[str]], pack: Pack
) -> None:
    items = [item.id for item in pack.items_of(pack.first_parts)]
    replies: list[Request] = []
    slow_alice.on(
        "requestfinished",
        lambda request: replies.append(request) if request.method == "POST" else None,
    )
    for item in items:
        slow_alice.wait_for_url(f"**/items/{item}*")
        answer(slow_alice, "3")
        slow_alice.clock.run_for(int(READING_SECONDS * 1000))
        # On a slow machine, a reply can need more time than the moved clock gives.
        while len(replies) < len(batches):
            slow_alice.wait_for_timeout(20)
    slow_alice.wait_for_url("**/check*")
    sizes = [len(batch) for batch in batches]
    assert sizes == plan_batches(len(items))
    sent = [item for batch in batches for item in batch]
    assert sorted(sent) == sorted(items)
