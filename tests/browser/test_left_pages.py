"""Pages that are left in Chromium and Firefox: their answers are stored, and nothing comes back later."""

from pathlib import Path

import pytest
from itsdangerous import TimestampSigner

from tests.browser.support.answering_person import AnsweringPerson

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("engine", ["chromium", "firefox"], indirect=True),
]
BEGIN = "/en/packs/front-back-office/begin"
NOT_HELD = "This device does not hold these answers"
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


@pytest.mark.parametrize("kind_of_device", ["own", "shared"])
def test_a_page_that_is_left_while_a_request_hangs_stores_its_answer_and_changes_no_cookie(
    person: AnsweringPerson, instance: Path
) -> None:
    page, network = person.page, person.page.network
    person.come_to(4)
    if person.device == "shared":
        make_shared_cookie_old(person, instance)
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
