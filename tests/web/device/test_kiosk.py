"""A shared tablet that uses a kiosk's link: each person starts afresh, and Finish shows nothing to the next person."""

from collections.abc import Callable

import pytest
from flask import Flask

from fitquiz.store.campaigns.campaigns import Campaign
from tests.web.support.answering import agree
from tests.web.support.clock import Clock
from tests.web.support.inviting import open_link
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
from tests.web.support.page import Form
from tests.web.support.page_checks import check_page
from tests.web.support.records import change_behind, read_records
from tests.web.support.respondent import Respondent
from tests.web.support.secret_link import read_link
from tests.web.support.staff_member import StaffMember

SHARED = "A quiz on this shared device"
OTHERS = "This device holds other answers"
PARTS = ("/", "/check", "/result", "/answers", "/link", "/delete", "/share", "/compare", "/counted")


# --- What the tablet offers ---


def test_the_tablet_offers_one_way_to_start_and_one_to_begin(alice: Respondent, token: str) -> None:
    page = alice.open(f"/en/invitations/{token}")
    begins = [link for link in page.links if link.endswith("/begin")]
    assert begins == [f"/en/invitations/{token}/begin"]
    page = alice.open(begins[0])
    assert list(page.find_form("/begin").buttons) == ["Begin"]
    assert "normally three and a half minutes, at most 30 minutes" in page.text


def test_a_usual_open_link_offers_what_it_did_and_has_no_finish(
    alice: Respondent, app: Flask, campaign: Campaign
) -> None:
    begin(alice, open_link(app, campaign), "own")
    assert not find_finish(alice.page)
    page = alice.open(f"/en/invitations/{open_link(app, campaign)}/begin")
    assert len(page.find_form("/begin").buttons) == 2


@pytest.mark.parametrize("state", STATES)
def test_no_page_of_the_link_shows_an_attempt_of_an_earlier_person(
    alice: Respondent, app: Flask, token: str, campaign: Campaign, state: str
) -> None:
    switch(app, campaign, is_kiosk=False)
    begin(alice, token, "own")
    switch(app, campaign, is_kiosk=True)
    alice.start(device="own")
    begin(alice, token)
    if STATES[state]:
        change_behind(app, STATES[state])
    status = 404 if state in ("closed", "replaced") else 200
    page = alice.open(f"/en/invitations/{token}", status)
    assert list_attempts(page) == []
    assert SHARED not in page.text
    assert OTHERS not in page.text
    assert find_finish(page)


def test_who_forges_the_choice_of_an_own_device_keeps_nothing(
    alice: Respondent, token: str
) -> None:
    begin(alice, token, "own")
    assert not alice.read_kept()
    assert find_finish(alice.page)


# --- Finish ---


def test_every_page_of_the_attempt_can_finish(alice: Respondent, token: str) -> None:
    begin(alice, token)
    assert find_finish(alice.page)
    alice.answer(2)
    alice.answer_all(agree())
    assert find_finish(alice.page)
    alice.finish()
    base = alice.base
    for part in PARTS:
        page = alice.open(f"{base}{part}")
        forms = find_finish(page)
        assert [form.action for form in forms] == [f"/en/invitations/{token}/finish"]
        assert "/en/clear" not in page.links
    for address in ("/en/", "/en/privacy", "/en/nothing"):
        assert find_finish(alice.open(address, 404 if "nothing" in address else 200))


def test_the_result_can_finish_at_its_top_and_at_its_end(alice: Respondent, token: str) -> None:
    take(alice, token)
    page = alice.page
    tops = [each.get("form", each.tag) for each in page.find_all("h1", "button")]
    assert tops[:2] == ["finish", "h1"]
    assert list(find_finish(page)[0].buttons) == ["Finish, next person"]
    assert "This tablet is shared" in page.text


def test_the_next_person_starts_and_finds_nothing(alice: Respondent, token: str) -> None:
    first = take(alice, token)
    address = finish(alice, alice.page.find_form(FINISH))
    assert address == f"/en/invitations/{token}"
    assert list_attempts(alice.open(address)) == []
    assert not find_finish(alice.page)
    assert SHARED not in alice.open("/en/").text
    for part in PARTS:
        alice.open(f"{first}{part}", 404)
    second = take(alice, token)
    assert second != first
    alice.open(f"{second}/result")


def test_beginning_closes_what_an_earlier_person_left(alice: Respondent, token: str) -> None:
    first = take(alice, token)
    begin(alice, token)
    for part in PARTS:
        alice.open(f"{first}{part}", 404)


def test_finish_deletes_nothing_and_the_own_link_still_opens(
    alice: Respondent, mallory: Respondent, app: Flask, token: str
) -> None:
    base = take(alice, token)
    link = read_link(alice)
    before = read_records(app)
    finish(alice, alice.open(f"{base}/result").find_form(FINISH))
    assert read_records(app) == before
    mallory.send(mallory.open(link).forms[0], device="own")
    mallory.open(f"{base}/result")


def test_finish_leaves_other_attempts_and_cookies_alone(
    alice: Respondent, app: Flask, campaign: Campaign, token: str
) -> None:
    alice.start(device="own")
    own = alice.base
    alice.client.set_cookie("intranet", "x")
    take(alice, token)
    kept = alice.read_kept()
    finish(alice, alice.page.find_form(FINISH))
    assert alice.read_kept() == kept
    assert alice.client.get_cookie("intranet")
    switch(app, campaign, is_kiosk=False)
    alice.open(f"{own}/check")


def test_finish_twice_leads_to_the_start_twice(alice: Respondent, token: str) -> None:
    take(alice, token)
    form = alice.page.find_form(FINISH)
    assert finish(alice, form) == finish(alice, form) == f"/en/invitations/{token}"


def test_an_old_page_of_an_earlier_person_finishes_nobody_else(
    alice: Respondent, token: str
) -> None:
    take(alice, token)
    old = alice.page.find_form(FINISH)
    finish(alice, old)
    second = take(alice, token)
    finish(alice, old)
    alice.open(f"{second}/result")


WRONG: dict[str, Callable[[Form], tuple[str, dict[str, str]]]] = {
    "another link": lambda form: (f"/en/invitations/{'A' * 43}/finish", dict(form.fields)),
    "no link": lambda form: ("/en/invitations/x/finish", dict(form.fields)),
    "another handle": lambda form: (form.action, {**form.fields, "handle": "A" * 12}),
    "no handle": lambda form: (form.action, {"csrf_token": form.fields["csrf_token"]}),
}


@pytest.mark.parametrize("kind", WRONG)
def test_a_wrong_finish_forgets_nothing(alice: Respondent, token: str, kind: str) -> None:
    base = take(alice, token)
    address, fields = WRONG[kind](alice.page.find_form(FINISH))
    response = alice.post(address, fields)
    assert response.status_code == 303
    assert response.location == address.removesuffix(FINISH)
    alice.open(f"{base}/result")


def test_finish_needs_a_form_token(alice: Respondent, token: str) -> None:
    base = take(alice, token)
    form = alice.page.find_form(FINISH)
    page = check_page(alice.post(form.action, {"handle": form.fields["handle"]}), 400)
    assert find_finish(page)
    alice.open(f"{base}/result")


# --- How long the tablet is a kiosk ---


def test_other_ways_to_begin_stay_in_the_kiosk(alice: Respondent, token: str) -> None:
    first = take(alice, token)
    page = alice.open("/en/packs/front-back-office/begin")
    assert list(page.find_form("/begin").buttons) == ["Begin"]
    alice.send(page.find_form("/begin"), device="own")
    assert find_finish(alice.page)
    assert not alice.read_kept()
    alice.open(f"{first}/result", 404)


def test_an_own_link_that_is_opened_in_the_kiosk_stays_in_it(
    alice: Respondent, mallory: Respondent, token: str
) -> None:
    mallory.start(device="own")
    base = mallory.base
    link = read_link(mallory)
    take(alice, token)
    page = alice.open(link)
    assert list(page.forms[0].buttons) == ["Open on this tablet"]
    alice.send(page.forms[0], device="own")
    assert find_finish(alice.page)
    finish(alice, find_finish(alice.page)[0])
    alice.open(f"{base}/check", 404)


def test_who_is_answering_can_finish_when_hr_switches_the_kiosk_off_meanwhile(
    alice: Respondent, app: Flask, campaign: Campaign, token: str
) -> None:
    begin(alice, token)
    switch(app, campaign, is_kiosk=False)
    finish(alice, alice.open(f"{alice.base}/check").find_form(FINISH))
    assert SHARED not in alice.open(f"/en/invitations/{token}").text


def test_without_a_script_thirty_minutes_end_the_attempt(
    alice: Respondent, token: str, clock: Clock
) -> None:
    base = take(alice, token)
    form = alice.page.find_form(FINISH)
    clock.turn(minutes=29)
    assert find_finish(alice.open(f"{base}/result"))
    clock.turn(minutes=31)
    page = alice.open(f"{base}/result", 404)
    assert not find_finish(page)
    assert f"/en/invitations/{token}" in page.links
    assert finish(alice, form) == f"/en/invitations/{token}"


def test_pages_of_staff_have_no_finish(hana: StaffMember, token: str) -> None:
    take(hana, token)
    assert not find_finish(hana.open("/en/campaigns"))


def test_the_cookie_is_signed_with_the_link(
    alice: Respondent, mallory: Respondent, token: str
) -> None:
    begin(alice, token)
    cookie = alice.client.get_cookie("attempts")
    assert cookie
    attempt, link, stamp, signature = cookie.value.split(".")
    assert link == token
    for value in (f"{attempt}.{stamp}.{signature}", f"{attempt}.{'A' * 43}.{stamp}.{signature}"):
        mallory.client.set_cookie("attempts", value)
        mallory.open(f"{alice.base}/check", 404)


def test_each_way_to_the_start_leads_to_the_start_of_the_kiosk(
    alice: Respondent, token: str
) -> None:
    begin(alice, token)
    for is_between_two_people in (False, True):
        if is_between_two_people:
            finish(alice, find_finish(alice.page)[0])
        for address in ("/en/nothing", "/en/cleared", "/en/return/wrong"):
            page = alice.open(address, 200 if address == "/en/cleared" else 404)
            assert "/en/" not in page.links
            assert page.links.count(f"/en/invitations/{token}") >= 2
