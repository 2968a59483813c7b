"""The whole quiz with the screen reader Orca in Firefox, by its keys alone."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from fitquiz.core.packs import Pack
from tests.browser.support.browser_programs import MissingBrowser
from tests.browser.support.screen_reader import Listener, open_listener
from tests.browser.support.taking import LEAST_READING_MS

pytestmark = [pytest.mark.browser, pytest.mark.long]


@pytest.fixture
def listener(tmp_path: Path) -> Iterator[Listener]:
    """Somebody who hears the page. Orca and Firefox end after the test."""
    try:
        with open_listener(tmp_path) as opened:
            opened.wait_to_hear("Screen reader on.")
            yield opened
    except MissingBrowser as missing:
        pytest.fail(str(missing), pytrace=False)


def test_the_whole_quiz_is_heard_and_taken_with_a_screen_reader(
    listener: Listener, base_url: str, pack: Pack
) -> None:
    listener.driver.get(f"{base_url}/en/packs/{pack.id}/begin")
    listener.wait_to_hear("Before you begin")
    listener.go_to("button[value=own]")
    listener.press("Return")
    texts = pack.words_in("en")["items"]
    items = pack.items_of(pack.first_parts)
    for number, item in enumerate(items, 1):
        before = len(listener.hear())
        if number > 1:
            listener.press("Return")
        listener.wait_to_hear(texts[item.id], before)
        listener.wait_to_hear(f"Statement {number} of {len(items)}", before)
        time.sleep(LEAST_READING_MS / 1000)
        listener.go_to(".answers button:nth-of-type(4)")
    listener.press("Return")
    listener.wait_to_hear("Check your answers")
    before = len(listener.hear())
    listener.go_to("main form[action$='/check'] button")
    listener.press("Return")
    suggestion = pack.words_in("en")["suggestions"]["too-close"]["headline"]
    listener.wait_to_hear(suggestion, before)


def test_a_refused_form_is_heard_at_once(listener: Listener, base_url: str) -> None:
    listener.driver.get(f"{base_url}/en/code")
    listener.wait_to_hear("Type your code")
    assert "invalid" not in listener.hear().lower()
    listener.go_to("main form button")
    before = len(listener.hear())
    listener.press("Return")
    listener.wait_to_hear("Please fill this in.", before)
    listener.wait_to_hear("Error: Type your code", before)
    heard = listener.hear()[before:]
    assert "The code from your invitation" not in heard[: heard.index("Please fill this in.")]
