"""Coming back to answers, taking them along, deleting them and clearing the device."""

import csv
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, expect
from sqlalchemy import delete

from fitquiz.core.packs import Pack
from fitquiz.core.secrets.tokens import hash_token
from fitquiz.store.attempts.deletion import delete_attempt
from fitquiz.store.engine.database import Database
from fitquiz.store.tables.attempt_tables import DeletedAttemptRow
from tests.browser.support.planting import Plan, Planted
from tests.browser.support.reading import hold
from tests.browser.support.spots import BACK
from tests.browser.support.tabs import go_back_without_seeing
from tests.browser.support.taking import answer, answer_items, begin, send

pytestmark = pytest.mark.browser
Plant = Callable[[Plan], Planted]
NewContext = Callable[..., BrowserContext]


@pytest.fixture
def done(alice: Page, plant_attempt: Plant, base_url: str) -> Page:
    """Alice's tab, with her result before her."""
    return show_result(alice, plant_attempt(BACK), base_url)


STORED = """() => [localStorage, sessionStorage].flatMap(store => Object.keys(store))
  .filter(key => key !== 'fitquiz-forgotten')"""


def store_answers(page: Page, *handles: str) -> None:
    """Let the browser store an answer of each of these attempts, on an own and on a shared device."""
    for store in ("localStorage", "sessionStorage"):
        for handle in handles:
            page.evaluate(f"{store}.setItem('fitquiz-answers-{handle}.a', 'x')")


def show_result(page: Page, planted: Planted, address: str) -> Page:
    """Open a planted attempt's result, and its parts that lead on."""
    hold(page.context, address, planted)
    page.goto(f"/nb/attempts/{planted.handle}/result")
    for part in ("numbers", "keeping"):
        page.locator(f"#{part} summary").click()
    return page


@pytest.mark.parametrize("device", ["own", "shared"])
def test_the_quiz_goes_on_after_the_browser_was_closed(
    browser_type: BrowserType,
    browser_type_launch_args: dict[str, Any],
    base_url: str,
    tmp_path: Path,
    device: str,
) -> None:
    arguments = {**browser_type_launch_args, "user_data_dir": tmp_path, "base_url": base_url}
    with browser_type.launch_persistent_context(**arguments) as context:
        begin(context.pages[0], "en", device)
        answer(context.pages[0], "3")
        context.pages[0].wait_for_url("**/flexibility-1*")
    with browser_type.launch_persistent_context(**arguments) as context:
        context.pages[0].goto("/en/")
        text = "Go on where you were (1 of 28)" if device == "own" else "Go on"
        context.pages[0].get_by_role("link", name=text, exact=True).click()
        context.pages[0].wait_for_url("**/flexibility-1*")


def test_an_undecided_result_is_sharpened(
    alice: Page, plant_attempt: Plant, pack: Pack, base_url: str
) -> None:
    show_result(alice, plant_attempt(Plan(same=2)), base_url)
    alice.locator("form[action$='/parts/sharpening'] button").click()
    answer_items(alice, pack.parts["sharpening"].items, lambda item: "3")
    send(alice)
    expect(alice.locator("main")).to_contain_text("40 svar")
    expect(alice.locator("form[action$='/parts/sharpening']")).to_have_count(0)


def test_leading_is_asked_when_wanted(done: Page, pack: Pack) -> None:
    suggestion = done.locator("h1").inner_text()
    leading = pack.words_in("nb")["modules"]["leading"]["name"]
    expect(done.get_by_role("heading", name=leading, exact=True)).to_have_count(0)
    done.locator("form[action$='/parts/leading'] button").click()
    answer_items(done, pack.parts["leading"].items, lambda item: "3")
    send(done)
    expect(done.get_by_role("heading", name=leading, exact=True)).to_be_visible()
    expect(done.locator("h1")).to_have_text(suggestion)


def test_a_retake_leaves_the_earlier_result_alone(done: Page) -> None:
    earlier = done.url
    done.locator(".actions a[href*='/begin']").click()
    done.locator("main form button").first.press("Enter")
    done.wait_for_url("**/items/autonomy-1*")
    assert earlier.split("/")[5] not in done.url
    response = done.goto(earlier)
    assert response is not None
    assert response.status == 200


def test_ones_own_link_opens_the_result_on_another_device(
    done: Page, new_context: NewContext
) -> None:
    suggestion = done.locator("h1").inner_text()
    done.locator(".actions a[href$='/link']").click()
    other = new_context().new_page()
    other.goto(done.locator("#link").input_value())
    expect(other.locator("body")).not_to_contain_text(suggestion)
    other.locator("main form button").first.click()
    expect(other.locator("h1")).to_have_text(suggestion)


def test_the_link_is_copied_by_a_button(done: Page) -> None:
    done.context.grant_permissions(["clipboard-write"])
    done.locator(".actions a[href$='/link']").click()
    done.locator("[data-copy]").click()
    expect(done.locator("[data-copy]")).to_have_text("Kopiert")
    link = done.locator("#link").input_value()
    done.set_content(
        "<textarea></textarea>"
    )  # Our own pages may write to the clipboard, and not read it.
    done.locator("textarea").press("Control+V")
    assert done.locator("textarea").input_value() == link


@pytest.mark.parametrize("ending", ["csv", "json"])
def test_ones_own_answers_are_downloaded(done: Page, ending: str) -> None:
    with done.expect_download() as begun:
        done.locator(f".actions a[href$='.{ending}']").click()
    assert begun.value.suggested_filename.endswith(f".{ending}")
    text = begun.value.path().read_text("utf-8-sig")
    if ending == "json":
        assert json.loads(text)
    else:
        assert len(list(csv.reader(text.splitlines()))) > 24


def test_deleting_gives_a_receipt_and_then_nothing_is_left(done: Page) -> None:
    address = done.url
    done.locator(".actions a[href$='/delete']").click()
    done.locator("main form button").click()
    done.wait_for_url("**/deleted")
    expect(done.locator("dl")).to_contain_text("28")
    expect(done.locator("dl")).to_contain_text(address.split("/")[5])
    response = done.goto(address)
    assert response is not None
    assert response.status == 410


@pytest.mark.parametrize(("way_out", "end"), [("clear", "cleared"), ("delete", "deleted")])
def test_letting_go_removes_our_stored_answers_and_nothing_else(
    done: Page, way_out: str, end: str
) -> None:
    handle = done.url.split("/")[5]
    own = (f"fitquiz-answers-{handle}.a", f"fitquiz-answers-{handle}.b")
    others = ["fitquiz-answers-2.a"] if way_out == "delete" else []
    for store in ("localStorage", "sessionStorage"):
        for key in (*own, "fitquiz-answers-2.a", "my-fitquiz-answers-", "intranet"):
            done.evaluate(f"{store}.setItem('{key}', 'x')")
    done.context.add_cookies([{"name": "intranet", "value": "x", "url": done.url}])
    done.locator(f".actions a[href$='/{way_out}']").click()
    done.locator("main form button").click()
    done.wait_for_url(f"**/{end}")
    for store in ("localStorage", "sessionStorage"):
        left = done.evaluate(f"Object.keys({store}).sort()")
        left = [key for key in left if key != "fitquiz-forgotten"]
        assert left == [*others, "intranet", "my-fitquiz-answers-"]
    assert "intranet" in [cookie["name"] for cookie in done.context.cookies()]


def test_a_link_to_the_cleared_page_removes_no_answer_that_waits(done: Page) -> None:
    handle = done.url.split("/")[5]
    key = f"fitquiz-answers-{handle}.a"
    for store in ("localStorage", "sessionStorage"):
        done.evaluate(f"{store}.setItem('{key}', 'x')")
    for forgotten in (handle[0], handle, "fitquiz"):
        done.goto(f"/en/cleared?forgotten={forgotten}")
        for store in ("localStorage", "sessionStorage"):
            assert done.evaluate(f"Object.keys({store})") == [key]


@pytest.mark.parametrize("is_purged", [True, False])
def test_the_page_about_an_attempt_that_is_gone_removes_only_its_stored_answers(
    alice: Page, plant_attempt: Plant, base_url: str, database: Database, is_purged: bool
) -> None:
    planted = plant_attempt(BACK)
    show_result(alice, planted, base_url)
    store_answers(alice, planted.handle, "another")
    token = hash_token(planted.token)
    with database.write_transaction() as session:
        delete_attempt(session, token, datetime.now(UTC))
        if is_purged:
            session.execute(delete(DeletedAttemptRow).where(DeletedAttemptRow.token_hash == token))
    alice.reload()
    assert alice.evaluate(STORED) == ["fitquiz-answers-another.a"] * 2


def test_the_clear_page_removes_stored_answers_of_attempts_that_are_not_held(alice: Page) -> None:
    alice.goto("/en/clear")
    remove = alice.get_by_role("link", name="Remove them from this browser")
    expect(remove).to_have_count(0)
    store_answers(alice, "another")
    alice.reload()
    remove.click()
    expect(alice.locator("h1")).to_have_text("This device has forgotten you")
    assert alice.evaluate(STORED) == []


def test_a_page_that_is_not_held_offers_to_remove_its_stored_answers(done: Page) -> None:
    handle = done.url.split("/")[5]
    done.context.clear_cookies()
    done.reload()
    remove = done.get_by_role("link", name="Fjern dem fra denne nettleseren")
    expect(remove).to_have_count(0)
    store_answers(done, handle)
    done.reload()
    assert len(done.evaluate(STORED)) == 2
    remove.click()
    done.wait_for_url("**/cleared*")
    assert done.evaluate(STORED) == []


def test_each_person_at_a_tablet_finds_an_empty_start_page(alice: Page, pack: Pack) -> None:
    for _ in range(2):
        begin(alice, "en", "shared")
        answer_items(alice, pack.items_of(pack.first_parts), lambda item: "3")
        send(alice)
        suggestion = alice.locator("h1").inner_text()
        alice.goto("/en/")
        expect(alice.locator("main")).not_to_contain_text(suggestion)
        expect(alice.locator("main .button").first).to_have_text("Start")
        expect(alice.get_by_role("link", name="See the result")).to_have_count(1)
    alice.get_by_role("button", name="Forget it").click()
    alice.wait_for_url("**/cleared*")
    alice.goto("/en/")
    expect(alice.get_by_role("link", name="See the result")).to_have_count(0)


@pytest.mark.parametrize(("way_out", "end"), [("clear", "cleared"), ("delete", "deleted")])
def test_the_back_button_shows_nothing_of_what_was_let_go(
    launch_browser: Callable[..., Browser],
    plant_attempt: Plant,
    base_url: str,
    way_out: str,
    end: str,
) -> None:
    browser = launch_browser(ignore_default_args=["--disable-back-forward-cache"])
    page = browser.new_context(base_url=base_url).new_page()
    show_result(page, plant_attempt(BACK), base_url)
    shown = page.locator("h1").inner_text()
    page.locator(".actions a[href$='/answers'], main a[href$='/answers']").first.click()
    page.wait_for_url("**/answers")
    page.go_back(wait_until="commit")
    page.wait_for_url("**/result", wait_until="commit")
    page.locator(f".actions a[href$='/{way_out}']").click()
    page.locator("main form button").click()
    page.wait_for_url(f"**/{end}")
    go_back_without_seeing(page, 3, shown, "Ganske enig")
    browser.close()


@pytest.mark.long
def test_a_page_from_the_memory_of_the_browser_shows_the_answer_that_was_given(
    launch_browser: Callable[..., Browser], base_url: str, pack: Pack
) -> None:
    browser = launch_browser(ignore_default_args=["--disable-back-forward-cache"])
    page = browser.new_context(base_url=base_url).new_page()
    begin(page, "en")
    first = pack.items_of(pack.first_parts)[0]
    page.wait_for_url(f"**/items/{first.id}*")
    answer(page, "3")
    page.wait_for_url(lambda address: first.id not in address)
    page.go_back(wait_until="commit")
    expect(page.locator("[aria-current=true]")).to_have_text("Agree")
    browser.close()
