"""Between two people, a shared tablet stays a kiosk by a cookie of its own, and opens nothing of an earlier person."""

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from fitquiz.store.campaigns.campaigns import Campaign
from tests.web.support.clock import Clock
from tests.web.support.kiosks import (
    FINISH,
    STATES,
    begin,
    find_finish,
    finish,
    list_attempts,
    switch,
    take,
)
from tests.web.support.records import change_behind
from tests.web.support.respondent import Respondent
from tests.web.support.secret_link import read_link

OTHERS = "This device also has other answers"
BEGIN = "/en/packs/front-back-office/begin"
PLACES = ("/en/", "/en/privacy", "/en/code", "/en/clear", "/en/nothing", BEGIN)


def list_devices(person: Respondent) -> list[str]:
    """Return the buttons of the form that begins without a link."""
    return list(person.open(BEGIN).find_form("/begin").buttons)


def is_kiosk(person: Respondent, token: str) -> bool:
    """Return whether a page offers a shared device only, and leads back to the link of the kiosk."""
    is_shared = list_devices(person) == ["Begin"]
    assert (f"/en/invitations/{token}" in person.page.links) == is_shared
    return is_shared


def test_every_page_leads_back_to_the_start_of_the_kiosk(alice: Respondent, token: str) -> None:
    begin(alice, token)
    start = f"/en/invitations/{token}"
    for address in (alice.address, f"{alice.base}/check", *PLACES):
        assert start in alice.open(address, 404 if "nothing" in address else 200).links
    finish(alice, alice.open("/en/").find_form(FINISH))
    for address in PLACES:
        page = alice.open(address, 404 if "nothing" in address else 200)
        assert page.links.count(start) >= 2
        assert not find_finish(page)
    assert alice.open(start).links.count(start) == 1


def test_after_finish_every_way_to_begin_offers_a_shared_device_only(
    alice: Respondent, token: str
) -> None:
    take(alice, token)
    finish(alice, alice.page.find_form(FINISH))
    assert is_kiosk(alice, token)
    alice.send(alice.page.find_form("/begin"), device="own")
    assert not alice.read_kept()
    finish(alice, alice.page.find_form(FINISH))
    assert is_kiosk(alice, token)


def test_kept_attempts_are_neither_listed_nor_opened_between_two_people(
    alice: Respondent, app: Flask, campaign: Campaign, token: str
) -> None:
    alice.start(device="own")
    kept = alice.base
    form = alice.page.find_form(f"/items/{alice.item}")
    take(alice, token)
    finish(alice, alice.page.find_form(FINISH))
    for address in ("/en/", f"/en/invitations/{token}"):
        page = alice.open(address)
        assert list_attempts(page) == []
        assert OTHERS not in page.text
    for part in ("/", "/check", "/link", "/delete", "/items.json"):
        assert alice.client.get(f"{kept}{part}").status_code == 404
    assert alice.post(form.action, {**form.fields, "answer": "1"}).status_code == 404
    assert alice.post(f"{kept}/forget", form.fields).status_code == 404
    switch(app, campaign, is_kiosk=False)
    assert list_attempts(alice.open("/en/"))
    alice.open(f"{kept}/check")


def test_an_own_link_that_is_opened_between_two_people_is_not_kept(
    alice: Respondent, mallory: Respondent, token: str
) -> None:
    mallory.start(device="own")
    link = read_link(mallory)
    take(alice, token)
    finish(alice, alice.page.find_form(FINISH))
    page = alice.open(link)
    assert list(page.forms[0].buttons) == ["Open on this tablet"]
    alice.send(page.forms[0], device="own")
    assert not alice.read_kept()
    finish(alice, alice.page.find_form(FINISH))
    alice.open(f"{mallory.base}/check", 404)


def test_the_kiosk_ends_twelve_hours_after_the_last_begin_finish_or_visit(
    alice: Respondent, token: str, clock: Clock
) -> None:
    begin(alice, token)
    clock.turn(hours=11)
    assert is_kiosk(alice, token)
    begin(alice, token)
    clock.turn(minutes=20)
    finish(alice, alice.open(f"{alice.base}/check").find_form(FINISH))
    clock.turn(hours=11, minutes=50)
    assert is_kiosk(alice, token)
    alice.open(f"/en/invitations/{token}")
    clock.turn(hours=11, minutes=50)
    assert is_kiosk(alice, token)
    clock.turn(minutes=11)
    assert not is_kiosk(alice, token)


def test_beginning_without_a_link_makes_the_kiosk_last_too(
    alice: Respondent, token: str, clock: Clock
) -> None:
    begin(alice, token)
    clock.turn(hours=11)
    alice.send(alice.open(BEGIN).find_form("/begin"))
    clock.turn(hours=11)
    assert is_kiosk(alice, token)


@pytest.mark.parametrize("state", STATES)
def test_a_link_that_is_closed_or_replaced_ends_the_kiosk(
    alice: Respondent, app: Flask, token: str, state: str
) -> None:
    take(alice, token)
    finish(alice, alice.page.find_form(FINISH))
    if STATES[state]:
        change_behind(app, STATES[state])
    assert is_kiosk(alice, token) == (state not in ("closed", "replaced"))


def test_the_switch_of_hr_ends_the_kiosk(
    alice: Respondent, app: Flask, campaign: Campaign, token: str
) -> None:
    take(alice, token)
    finish(alice, alice.page.find_form(FINISH))
    switch(app, campaign, is_kiosk=False)
    assert not is_kiosk(alice, token)


def test_opening_the_link_of_a_kiosk_makes_no_kiosk(
    alice: Respondent, mallory: Respondent, token: str
) -> None:
    alice.open(f"/en/invitations/{token}")
    assert not is_kiosk(alice, token)
    form = begin(mallory, token).find_form(FINISH)
    own = alice.page.find_form("/begin").fields["csrf_token"]
    response = alice.post(form.action, {**form.fields, "csrf_token": own})
    assert response.status_code == 303
    assert not is_kiosk(alice, token)


def test_a_cookie_of_an_attempt_from_before_still_makes_the_tablet_a_kiosk(
    alice: Respondent, token: str
) -> None:
    begin(alice, token)
    alice.client.delete_cookie("kiosk")
    assert is_kiosk(alice, token)
    finish(alice, alice.page.find_form(FINISH))
    assert is_kiosk(alice, token)


def test_the_cookie_of_the_kiosk_is_signed(
    alice: Respondent, mallory: Respondent, token: str
) -> None:
    begin(alice, token)
    cookie = alice.client.get_cookie("kiosk")
    attempt = alice.client.get_cookie("attempts")
    assert cookie
    assert attempt
    assert cookie.max_age == 12 * 60 * 60
    assert cookie.http_only
    link, stamp, signature = cookie.value.split(".")
    assert link == token
    for value in (link, f"{link}.{stamp}", f"{link}.{stamp}.{signature}x", attempt.value):
        mallory.client.set_cookie("kiosk", value)
        assert not is_kiosk(mallory, token)
    mallory.client.set_cookie("kiosk", cookie.value)
    assert is_kiosk(mallory, token)
    mallory.client.set_cookie("attempts", cookie.value)
    assert not find_finish(mallory.open("/en/"))


def test_while_the_database_is_out_of_reach_the_tablet_stays_a_kiosk(
    alice: Respondent, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(alice, token)
    finish(alice, alice.page.find_form(FINISH))

    def fail(*_arguments: object) -> None:
        raise OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr("fitquiz.web.device.kiosk.find_invitation", fail)
    assert is_kiosk(alice, token)
