"""A return code leads back to the unfinished attempt of a counsellor's link, in any browser, until it is sent.

Whoever has only the link learns nothing from the form for the code.
"""

import pytest
from flask import Flask

from tests.web.support.counselling import (
    find_address,
    make_link,
    read_links,
    read_return_code,
)
from tests.web.support.inviting import open_link
from tests.web.support.kiosks import begin as begin_on_kiosk
from tests.web.support.kiosks import switch
from tests.web.support.records import change_behind
from tests.web.support.respondent import Respondent
from tests.web.support.returning import (
    Begun,
    begin_by,
    come_back,
    end,
    list_devices,
    post_code,
    type_code,
)
from tests.web.support.staff_member import StaffMember

NOTHING = "We cannot find unfinished answers with this link and this code"
WRONG = "ABCD-EFGH"


@pytest.fixture
def bob(app: Flask) -> Respondent:
    """Has another browser than Alice."""
    return Respondent(app.test_client())


@pytest.fixture(params=["1", "9"])
def begun(alice: Respondent, carl: StaffMember, request: pytest.FixtureRequest) -> Begun:
    """An attempt with one answer, by a link for one person and by a link for several."""
    return begin_by(alice, find_address(carl, make_link(carl, uses=request.param)))


@pytest.fixture
def for_one(alice: Respondent, carl: StaffMember) -> Begun:
    """An attempt with one answer, by a link for one person."""
    return begin_by(alice, find_address(carl, make_link(carl, uses="1")))


# The right code


@pytest.mark.parametrize("device", ["own", "shared"])
def test_the_code_leads_back_to_where_the_client_stopped_and_takes_no_use(
    bob: Respondent, carl: StaffMember, begun: Begun, device: str
) -> None:
    come_back(bob, begun.link, begun.code.lower().replace("-", " "), device)
    assert (bob.base, bob.item) == (begun.base, "flexibility-1")
    assert list_devices(bob) == {device}
    assert read_links(carl)[0].started == 1
    end(bob, begun)
    assert (read_links(carl)[0].started, read_links(carl)[0].finished) == (1, 1)


def test_the_page_before_beginning_shows_the_code_of_the_attempt(
    alice: Respondent, for_one: Begun, bob: Respondent
) -> None:
    page = bob.open(f"{for_one.link}/begin")
    (shown,) = page.list_texts("strong", **{"class": "return-code"})
    bob.send(page.find_form("/begin"))
    assert read_return_code(bob) == shown != for_one.code


def test_a_link_for_several_finds_the_right_attempt_by_the_code_alone(
    alice: Respondent, bob: Respondent, app: Flask, carl: StaffMember
) -> None:
    link = find_address(carl, make_link(carl, uses="2"))
    first, second = begin_by(alice, link), begin_by(bob, link)
    for begun in (second, first):
        other = Respondent(app.test_client())
        assert "used up" in other.open(link, 410).h1
        other.open(other.page.find_link("/return"))
        other.send(other.page.find_form("/return"), code=begun.code)
        other.send(other.page.find_form("/return"))
        assert other.base == begun.base


def test_a_browser_that_holds_the_attempt_needs_no_code(alice: Respondent, for_one: Begun) -> None:
    assert not [link for link in alice.open(for_one.link).links if link.endswith("/return")]


@pytest.mark.parametrize("uses", ["1", "9"])
def test_the_page_of_the_link_says_the_same_before_and_after_a_client_has_begun(
    alice: Respondent, bob: Respondent, carl: StaffMember, uses: str
) -> None:
    link = find_address(carl, make_link(carl, uses=uses))
    before = bob.open(link).text
    assert "return code" in before
    begin_by(alice, link)
    assert bob.open(link).text == before


# What opens nothing


def test_whatever_the_counsellor_types_the_page_says_the_same(
    bob: Respondent, alice: Respondent, carl: StaffMember, for_one: Begun
) -> None:
    fresh = find_address(carl, make_link(carl, name="Fresh", uses="1"))
    answers = {post_code(bob, for_one.link, WRONG)}
    unbegun = post_code(bob, fresh, WRONG)
    of_other_link = post_code(bob, fresh, for_one.code)
    alice.send(alice.open(f"{for_one.base}/delete").find_form("/delete"))
    answers.add(post_code(bob, for_one.link, for_one.code))
    change_behind(carl.app, "DELETE FROM deleted_attempt")
    answers.add(post_code(bob, for_one.link, for_one.code))
    assert len(answers) == 1
    assert of_other_link == unbegun
    for status, text in (*answers, unbegun):
        assert status == 400
        assert NOTHING in text
    assert list_devices(bob) == set()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE link SET is_closed = 1",
        "UPDATE link SET expires_on = '2026-01-01'",
        "UPDATE staff SET is_disabled = 1",
        "DELETE FROM link",
    ],
)
def test_by_a_link_that_has_ended_a_right_code_is_like_a_wrong_one(
    bob: Respondent, carl: StaffMember, for_one: Begun, change: str
) -> None:
    change_behind(carl.app, change)
    assert post_code(bob, for_one.link, for_one.code) == post_code(bob, for_one.link, WRONG)
    assert NOTHING in post_code(bob, for_one.link, for_one.code)[1]
    assert bob.client.get(f"{for_one.link}/return").location == for_one.link
    assert "/return" not in bob.client.get(for_one.link).text


def test_a_code_that_would_open_nothing_is_not_shown(
    alice: Respondent, carl: StaffMember, for_one: Begun
) -> None:
    change_behind(carl.app, "UPDATE link SET is_closed = 1")
    alice.open(f"{for_one.base}/")
    assert read_return_code(alice) == ""
    change_behind(carl.app, "UPDATE link SET is_closed = 0")
    assert read_return_code(alice) == for_one.code
    end(alice, for_one)
    assert read_return_code(alice) == ""


def test_after_sending_the_code_opens_nothing_and_offers_another_attempt(
    alice: Respondent, bob: Respondent, begun: Begun
) -> None:
    end(alice, begun)
    page = type_code(bob, begun.link, begun.code, 410)
    assert page.h1 == "You have sent these answers"
    assert "the return code no longer works" in page.text
    assert page.find_link("/begin") == f"{begun.link}/begin"
    assert list_devices(bob) == set()
    bob.open(f"{begun.base}/result", 404)


def test_an_attempt_that_was_opened_again_after_sending_stays_closed_to_the_code(
    alice: Respondent, bob: Respondent, for_one: Begun
) -> None:
    alice.open(f"{for_one.base}/check")
    alice.finish()
    alice.send(alice.page.find_form("/reopen"))
    type_code(bob, for_one.link, for_one.code, 410)


def test_an_attempt_from_before_there_were_codes_goes_on_as_before(
    alice: Respondent, bob: Respondent, carl: StaffMember
) -> None:
    link = find_address(carl, make_link(carl, uses="1"))
    alice.open(f"{link}/begin")
    alice.send(alice.page.find_form("/begin"), token="7K3P9XQ2" + "A" * 35)
    page = alice.open(f"{alice.base}/link")
    assert page.h1 == "Your own link"
    assert page.list_texts("strong", **{"class": "return-code"}) == []
    assert post_code(bob, link, "7K3P-9XQ2")[0] == 400
    assert alice.open(link).find_link("/attempts/")


def test_who_began_without_a_link_has_no_code(alice: Respondent) -> None:
    alice.start()
    assert read_return_code(alice) == ""


def test_a_link_of_a_kiosk_has_no_code_and_no_form(
    app: Flask, hana: StaffMember, bob: Respondent
) -> None:
    campaign = hana.create()
    switch(app, campaign, is_kiosk=True)
    token = open_link(app, campaign)
    tablet = Respondent(app.test_client())
    begin_on_kiosk(tablet, token)
    assert read_return_code(tablet) == ""
    assert NOTHING in post_code(bob, f"/en/guided/{token}", WRONG)[1]
    assert post_code(bob, f"/en/invitations/{token}", WRONG)[0] == 404


# The form


def test_looking_at_the_link_still_sets_no_cookie(bob: Respondent, for_one: Begun) -> None:
    assert "Set-Cookie" not in bob.client.get(for_one.link).headers


@pytest.mark.parametrize("language", ["en", "nb"])
def test_a_wrong_code_stays_in_its_field(bob: Respondent, for_one: Begun, language: str) -> None:
    link = for_one.link.replace("/en/", f"/{language}/")
    page = type_code(bob, link, WRONG, 400)
    (field,) = page.find_all("input", name="code")
    assert (field.get("value"), field.get("aria-invalid")) == (WRONG, "true")
    type_code(bob, link, "", 400)
    type_code(bob, link, "x" * 3000, 400)


@pytest.mark.parametrize("device", ["", "mine"])
def test_who_has_not_said_whose_device_it_is_is_asked_and_opens_nothing(
    bob: Respondent, for_one: Begun, device: str
) -> None:
    page = type_code(bob, for_one.link, for_one.code)
    page = bob.send(page.find_form("/return"), device=device)
    assert "do others use it too?" in page.text
    assert list_devices(bob) == set()


def test_a_tablet_of_a_kiosk_offers_no_own_device(
    app: Flask, hana: StaffMember, for_one: Begun
) -> None:
    campaign = hana.create()
    switch(app, campaign, is_kiosk=True)
    tablet = Respondent(app.test_client())
    begin_on_kiosk(tablet, open_link(app, campaign))
    page = type_code(tablet, for_one.link, for_one.code)
    assert [each.get("value") for each in page.find_all("button", name="device")] == ["shared"]
    tablet.send(page.find_form("/return"))
    assert tablet.base == for_one.base
    assert list_devices(tablet) == {"shared"}


@pytest.mark.parametrize("typed", ["ABCD-EFG", "ABCD-EFGHJ", "hello"])
def test_a_code_of_a_wrong_length_is_told_so_whether_somebody_has_begun_or_not(
    bob: Respondent, carl: StaffMember, for_one: Begun, typed: str
) -> None:
    fresh = find_address(carl, make_link(carl, name="Fresh", uses="1"))
    for link in (for_one.link, fresh):
        status, text = post_code(bob, link, typed)
        assert status == 400
        assert "A return code has eight letters and digits" in text
        assert NOTHING not in text
