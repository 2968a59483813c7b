"""The whole quiz in Chromium, Firefox and WebKit, and what the tests need of each browser."""

import time
from pathlib import Path

import pytest

from fitquiz.core.packs import Pack
from tests.browser.support.answering_person import AnsweringPerson
from tests.browser.support.engines import EnginePage
from tests.browser.support.planting import Plan
from tests.browser.support.taking import LEAST_READING_MS

pytestmark = pytest.mark.browser
FIRST = "*/items/autonomy-1*"
SECOND = "*/items/flexibility-1*"
WHOLE_QUIZ = [
    pytest.param("chromium", marks=pytest.mark.long),
    pytest.param("firefox", marks=pytest.mark.long),
    pytest.param("webkit", marks=pytest.mark.long),
]
"""The quiz takes 15 seconds and more. In the short run, `test_flows.py` takes it in Chromium."""


def begin(page: EnginePage) -> None:
    page.open("/en/")
    page.tap("main .button")
    page.wait_until_path("*/begin*")
    page.tap("main form button")
    page.wait_until_path(FIRST)


def answer(page: EnginePage, number: int) -> None:
    """Tap an answer after the time that the page takes for a double tap."""
    time.sleep(LEAST_READING_MS / 1000)
    page.tap(f".answers button:nth-of-type({number})")


@pytest.mark.parametrize("engine", WHOLE_QUIZ, indirect=True)
def test_the_whole_quiz_is_taken_by_tapping_through_two_tunnels(
    engine_page: EnginePage, pack: Pack
) -> None:
    begin(engine_page)
    for at, item in enumerate(pack.items_of(pack.first_parts)):
        engine_page.wait_until_path(f"*/items/{item.id}*")
        engine_page.network.set_silent(5 <= at < 8 or at == 27)
        answer(engine_page, at % 5 + 1)
    assert "/items/" in engine_page.path
    engine_page.wait_until_text("Not saved yet. 1 answer is kept here and will be sent.")
    leave_tunnel_and_send(engine_page)


@pytest.mark.parametrize("engine", ["firefox"], indirect=True)
@pytest.mark.parametrize("plan", [Plan(answered=25, sent=False)], indirect=True)
def test_the_last_answers_are_tapped_in_a_tunnel(person: AnsweringPerson) -> None:
    person.come_to(26)
    person.page.network.set_silent(True)
    for item in person.items[25:]:
        person.page.wait_until_path(f"*/items/{item.id}*")
        answer(person.page, 2)
    person.page.wait_until_text("Not saved yet. 3 answers are kept here and will be sent.")
    assert "/items/" in person.page.path
    leave_tunnel_and_send(person.page)
    assert person.find_stored()[25:] == [2, 2, 2]


def leave_tunnel_and_send(page: EnginePage) -> None:
    page.network.set_silent(False)
    page.wait_until_path("*/check*")
    assert page.count(".rows em") == 0
    page.tap("main form[action$='/check'] button")
    page.wait_until_path("*/result")
    assert page.text("h1")


def test_a_device_begins_without_cookies_and_forgets_them(engine_page: EnginePage) -> None:
    engine_page.open("/en/")
    assert engine_page.cookies() == {}
    begin(engine_page)
    assert [name for name in engine_page.cookies() if name.startswith("attempts-kept-")]
    engine_page.clear()
    assert engine_page.cookies() == {}


def test_another_tab_belongs_to_the_same_device(engine_page: EnginePage) -> None:
    begin(engine_page)
    address = engine_page.url
    engine_page.new_tab()
    engine_page.open("/en/")
    engine_page.wait_until_text("Continue where you left off")
    engine_page.close_tab()
    assert engine_page.url == address


def test_back_forward_and_reload_go_through_the_items(engine_page: EnginePage) -> None:
    begin(engine_page)
    answer(engine_page, 3)
    engine_page.wait_until_path(SECOND)
    engine_page.back()
    engine_page.wait_until_path(FIRST)
    engine_page.forward()
    engine_page.wait_until_path(SECOND)
    engine_page.reload()
    engine_page.wait_until_path(SECOND)
    assert engine_page.count(".answers button") > 0


def test_a_refused_form_has_the_focus_on_its_faults(engine_page: EnginePage) -> None:
    engine_page.open("/en/code")
    engine_page.tap("main form button")
    engine_page.wait_until_text("Please fill this in.")
    focused = "name => document.activeElement.id === name"
    engine_page.wait_until(lambda: engine_page.run_script(focused, "faults"), "the focus on faults")


def test_a_page_opens_again_after_the_network_was_cut(engine_page: EnginePage) -> None:
    begin(engine_page)
    path = engine_page.path
    engine_page.set_network(offline=True)
    engine_page.open(path)
    assert engine_page.count(".answers") == 0
    engine_page.set_network(offline=False)
    engine_page.open(path)
    assert engine_page.count(".answers") == 1


def test_a_key_answers_and_a_script_and_a_picture_see_the_page(
    engine_page: EnginePage, tmp_path: Path
) -> None:
    begin(engine_page)
    engine_page.wait_until(
        lambda: engine_page.run_script("name => document.activeElement.id === name", "statement"),
        "the focus on the statement",
    )
    time.sleep(LEAST_READING_MS / 1000)
    engine_page.press("3")
    engine_page.wait_until_path(SECOND)
    engine_page.screenshot(tmp_path / "seen.png")
    assert (tmp_path / "seen.png").read_bytes().startswith(b"\x89PNG")
