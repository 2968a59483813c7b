"""The form that begins an attempt, when it is sent twice, late, or on a shared device in use."""

import pytest

from tests.web.support.clock import Clock
from tests.web.support.respondent import Respondent

WARNING = "This shared device already holds an attempt."


def test_an_old_form_does_not_bring_back_a_forgotten_attempt(
    alice: Respondent, clock: Clock
) -> None:
    alice.open("/en/packs/front-back-office/begin")
    form = alice.page.find_form("/begin")
    fields = {**form.press(""), "device": "shared"}
    assert alice.post(form.action, fields).status_code == 303
    clock.turn(seconds=30)
    assert alice.post(form.action, fields).status_code == 303
    clock.turn(minutes=31)
    assert alice.post(form.action, fields).status_code == 404
    assert not [link for link in alice.open("/en/").links if "/attempts/" in link]


@pytest.mark.parametrize(("device", "is_warned"), [("shared", True), ("own", False)])
def test_who_begins_again_on_a_shared_device_is_warned(
    alice: Respondent, device: str, is_warned: bool
) -> None:
    alice.start(device=device)
    page = alice.open("/en/packs/front-back-office/begin")
    assert (WARNING in page.text) == is_warned
