"""The form that begins an attempt, when it is sent twice, late, or on a shared device in use."""

import pytest
from flask import Flask

from tests.web.support.clock import Clock
from tests.web.support.inviting import open_link
from tests.web.support.kiosks import switch
from tests.web.support.respondent import Respondent
from tests.web.support.secret_link import read_link
from tests.web.support.staff_member import StaffMember

WARNING = "There is already a quiz on this shared device."
FULL = "remembers 10 quizzes"


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


def keep(alice: Respondent, count: int) -> list[str]:
    """Begin attempts on this own device, and return their addresses. The oldest comes first."""
    bases = []
    for _ in range(count):
        alice.start(device="own")
        bases.append(alice.base)
    return bases


def test_an_own_device_says_which_attempt_it_forgets_before_another_one_begins(
    alice: Respondent,
) -> None:
    bases = keep(alice, 9)
    assert FULL not in alice.open("/en/packs/front-back-office/begin").text
    bases += keep(alice, 1)
    page = alice.open("/en/packs/front-back-office/begin")
    assert FULL in page.text
    assert page.find_link("/link") == f"{bases[0]}/link"
    alice.open(f"{bases[0]}/check")
    link = read_link(alice)

    keep(alice, 1)
    alice.open(f"{bases[0]}/check", 404)
    alice.open(f"{bases[1]}/check")
    alice.send(alice.open(link).forms[0], device="own")
    alice.open(f"{bases[0]}/check")


def test_nothing_is_said_if_the_forgotten_attempt_is_deleted_already(alice: Respondent) -> None:
    bases = keep(alice, 10)
    alice.send(alice.open(f"{bases[0]}/delete").find_form("/delete"))
    assert FULL not in alice.open("/en/packs/front-back-office/begin").text


def test_a_kiosk_page_says_nothing_of_kept_attempts(
    app: Flask, alice: Respondent, hana: StaffMember
) -> None:
    keep(alice, 10)
    campaign = hana.create()
    token = open_link(app, campaign)
    assert FULL in alice.open(f"/en/invitations/{token}/begin").text
    switch(app, campaign, is_kiosk=True)
    assert FULL not in alice.open(f"/en/invitations/{token}/begin").text
