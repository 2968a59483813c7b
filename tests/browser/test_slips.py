"""What slips, wandering and second thoughts do to answers: nothing that was not meant."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from fitquiz.core.packs import Pack
from fitquiz.core.secrets.tokens import hash_token
from fitquiz.store.attempts.attempts import find_attempt
from fitquiz.store.engine.database import Database
from tests.browser.support.planting import Plan, Planted
from tests.browser.support.reading import hold
from tests.browser.support.spots import FILLED
from tests.browser.support.taking import answer, begin, expect_item

pytestmark = pytest.mark.browser
Plant = Callable[[Plan], Planted]
MOST_TRIES, SLACK_MS = 10, 80
NOTE_CLICKS = """() => {
  window.clicks = [];
  addEventListener("click", () => clicks.push(performance.now()), true);
}"""
WAITING = "Object.keys(localStorage).filter(key => key.startsWith('fitquiz-answers-'))"
AFTER_THREE = Plan(answered=3, sent=False)


@pytest.fixture
def come_to_fourth(alice: Page, plant_attempt: Plant, base_url: str) -> Callable[[], Page]:
    """Gives Alice's tab a new attempt, with three items answered and the fourth before her."""

    def come() -> Page:
        planted = plant_attempt(AFTER_THREE)
        hold(alice.context, base_url, planted)
        alice.goto(f"/nb/attempts/{planted.handle}/")
        return alice

    return come


@pytest.fixture
def answering(come_to_fourth: Callable[[], Page]) -> Page:
    return come_to_fourth()


@pytest.mark.parametrize("pause", [0, 60, 120, 180])
def test_a_double_click_answers_one_item_only(
    come_to_fourth: Callable[[], Page], database: Database, base_url: str, pause: int
) -> None:
    for _ in range(MOST_TRIES):
        page = come_to_fourth()
        page.evaluate(NOTE_CLICKS)
        page.locator(".answers button").nth(2).click()
        page.wait_for_timeout(pause)
        page.mouse.down()
        page.mouse.up()
        first, second = page.evaluate("clicks")
        if second - first < pause + SLACK_MS:
            break  # A busy machine may have made two single clicks of it.
    page.wait_for_timeout(600)
    assert "/items/listening-1" in page.url
    assert count_answers(page, database, base_url) == 4


def test_a_second_click_is_held_back_after_the_next_item_has_come(
    answering: Page, database: Database, base_url: str
) -> None:
    answering.emulate_media(reduced_motion="reduce")
    browser = answering.context.new_cdp_session(answering)
    browser.send("Animation.enable")
    answering.locator(".answers button").nth(2).hover()
    browser.send("Animation.setPlaybackRate", {"playbackRate": 0.05})
    answering.mouse.down()
    answering.mouse.up()
    answering.wait_for_url("**/items/listening-1*")
    expect(answering.locator(".answers")).to_have_css("animation-duration", "0.35s")
    answering.mouse.down()
    answering.mouse.up()
    answering.wait_for_timeout(600)
    assert "/items/listening-1" in answering.url
    assert count_answers(answering, database, base_url) == 4


def count_answers(page: Page, database: Database, address: str) -> int:
    """Return how many answers the server has of the attempt that this tab's device holds."""
    token = next(
        each["value"] for each in page.context.cookies(address) if "attempts-kept" in each["name"]
    ).split(".")[1]
    with database.sessions() as session:
        attempt = find_attempt(session, hash_token(token))
    assert attempt is not None
    return len(attempt.answers)


def test_a_held_down_digit_answers_one_item_only(
    answering: Page, database: Database, base_url: str
) -> None:
    expect(answering.locator("#statement")).to_be_focused()
    answering.wait_for_timeout(300)
    for _ in range(25):
        answering.keyboard.down("3")
        answering.wait_for_timeout(30)
    answering.keyboard.up("3")
    assert "/items/listening-1" in answering.url
    assert count_answers(answering, database, base_url) == 4


def test_going_back_shows_the_answer_that_was_given(answering: Page, pack: Pack) -> None:
    answer(answering, "1")
    answering.wait_for_url("**/items/listening-1*")
    answering.go_back()
    expect_item(answering, pack, pack.items["problem-solving-1"])
    expect(answering.locator("[aria-current=true]")).to_have_text("Ganske uenig")
    answering.locator(".below a").click()
    expect_item(answering, pack, pack.items["listening-1"])
    answering.locator(".back").click()
    expect(answering.locator("[aria-current=true]")).to_have_text("Ganske uenig")


def test_reloading_an_item_changes_nothing(
    answering: Page, pack: Pack, database: Database, base_url: str
) -> None:
    answer(answering, "1")
    answering.wait_for_url("**/items/listening-1*")
    answering.reload()
    expect_item(answering, pack, pack.items["listening-1"])
    expect(answering.locator("[aria-current]")).to_have_count(0)
    assert count_answers(answering, database, base_url) == 4


def test_of_two_tabs_the_later_answer_counts(answering: Page) -> None:
    other = answering.context.new_page()
    with other.expect_response("**/items.json"):
        other.goto(answering.url)
    answer(answering, "0")
    answering.wait_for_url("**/items/listening-1*")
    answer(other, "4")
    other.wait_for_url("**/items/listening-1*")
    expect(other.locator(".saved")).to_be_visible()
    answering.go_back()
    expect(answering.locator("[aria-current=true]")).to_have_text("Helt enig")


def test_an_answer_stays_marked_if_the_statements_come_after_it_is_saved(
    answering: Page, pack: Pack
) -> None:
    held = []

    def hold_back(route: Route) -> None:
        held.append((route, route.fetch() if route.request.method == "GET" else None))

    answering.route("**/items.json", hold_back)
    answer(answering, "1")
    expect_item(answering, pack, pack.items["listening-1"])
    answering.go_back()
    expect_item(answering, pack, pack.items["problem-solving-1"])
    while len(held) < 2:
        answering.wait_for_timeout(20)
    (sent, _), (read, early) = held
    sent.continue_()
    expect(answering.locator(".saved")).to_be_visible()
    with answering.expect_event("requestfinished"):
        read.fulfill(response=early)
    answering.wait_for_timeout(100)
    expect(answering.locator("[aria-current=true]")).to_have_text("Ganske uenig")


def test_a_tab_left_open_cannot_answer_what_has_been_sent(
    alice: Page, plant_attempt: Plant, base_url: str
) -> None:
    planted = plant_attempt(FILLED)
    hold(alice.context, base_url, planted)
    left_open = alice.context.new_page()
    left_open.goto(f"/nb/attempts/{planted.handle}/items/autonomy-1")
    alice.goto(f"/nb/attempts/{planted.handle}/check")
    alice.locator("main form[action$='/check'] button").first.click()
    alice.wait_for_url("**/result")
    answer(left_open, "0")
    left_open.wait_for_url("**/refused")
    left_open.get_by_role("link", name="Se resultatet ditt").click()
    left_open.wait_for_url("**/result")


def test_an_answer_is_changed_from_the_check(
    alice: Page, plant_attempt: Plant, base_url: str
) -> None:
    planted = plant_attempt(FILLED)
    hold(alice.context, base_url, planted)
    alice.goto(f"/nb/attempts/{planted.handle}/check")
    row = alice.locator("#focus-1")
    expect(row.locator("strong")).to_have_text("Ganske enig")
    row.locator("a").click()
    expect(alice.locator("[aria-current=true]")).to_have_text("Ganske enig")
    answer(alice, "0")
    alice.wait_for_url("**/check#focus-1")
    expect(row.locator("strong")).to_have_text("Helt uenig")
    expect(row).to_be_in_viewport()


def test_a_skipped_item_is_marked_and_can_still_be_answered(answering: Page) -> None:
    answer(answering, "skip")
    answering.wait_for_url("**/items/listening-1*")
    answering.locator(".back").click()
    expect(answering.locator("#earlier")).to_have_text("Du hoppet over denne.")
    answer(answering, "2")
    answering.wait_for_url("**/items/listening-1*")
    answering.go_back()
    expect(answering.locator("[aria-current=true]")).to_have_text("Verken enig eller uenig")


def test_the_quiz_goes_on_in_another_language_where_it_was(alice: Page, pack: Pack) -> None:
    begin(alice, "nb")
    answer(alice, "3")
    alice.wait_for_url("**/nb/**/flexibility-1*")
    alice.locator("a[hreflang=en]").click()
    alice.wait_for_url("**/en/**/flexibility-1*")
    expect(alice.locator("h1")).to_have_text(pack.words_in("en")["items"]["flexibility-1"])
