"""The clock jumps while people are at it: no page breaks, and nothing that was over begins again."""

import sqlite3
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from fitquiz.config.settings import read_settings
from fitquiz.server.housekeeping import run_housekeeping_once
from fitquiz.server.setup_link import make_setup_link
from fitquiz.store.campaigns.invitations import list_open_links
from fitquiz.web.security.link_tokens import token_of
from fitquiz.web.site.database_session import get_session
from tests.web.support.answering import FIRST, agree
from tests.web.support.clock import Clock
from tests.web.support.counselling import find_address, find_shared, make_link, share
from tests.web.support.page_checks import check_page
from tests.web.support.records import read_database, read_records
from tests.web.support.respondent import Respondent
from tests.web.support.secret_link import read_link
from tests.web.support.signing_in import sign_in
from tests.web.support.staff_member import StaffMember

JUMPS = [{"hours": 1}, {"hours": -1}, {"days": 40}, {"days": -2}]


@pytest.fixture
def clock(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of the app. It runs on, unlike the clock of other tests."""
    return Clock(monkeypatch)


def keep_house(app: Flask, clock: Clock) -> None:
    run_housekeeping_once(read_database(app), read_settings({}), datetime.now(UTC) + clock.off)


@pytest.mark.parametrize("jump", JUMPS, ids=str)
def test_a_respondent_goes_on_whatever_the_clock_does(
    app: Flask, clock: Clock, alice: Respondent, jump: dict[str, float]
) -> None:
    alice.start()
    for number in range(10):
        alice.answer(number % 5)
    clock.turn(**jump)
    if jump != {"days": 40}:
        keep_house(app, clock)
    alice.answer_all(agree())
    alice.finish()
    for page in ("result", "answers", "share", "link", "delete"):
        alice.open(f"{alice.base}/{page}")
    clock.turn(**{name: -by for name, by in jump.items()})
    alice.open(f"{alice.base}/result")
    assert len(read_records(app)["answer"]) == len(FIRST)


@pytest.mark.parametrize("jump", JUMPS, ids=str)
def test_staff_see_pages_and_never_an_error(
    app: Flask,
    clock: Clock,
    hana: StaffMember,
    carl: StaffMember,
    ada: StaffMember,
    jump: dict[str, float],
) -> None:
    hana.create()
    make_link(carl)
    clock.turn(**jump)
    for person, places in (
        (hana, ["campaigns", "campaigns/1"]),
        (carl, ["links", "clients"]),
        (ada, ["staff/log"]),
    ):
        for place in places:
            response = person.client.get(f"/en/{place}")
            assert response.status_code in (200, 303), response.status
            assert response.status_code == 200 or jump in ({"hours": 1}, {"days": 40}, {"days": -2})
    keep_house(app, clock)


def test_nobody_is_signed_out_by_a_clock_that_goes_back_a_little(
    app: Flask, clock: Clock, hana: StaffMember
) -> None:
    for _ in range(3):
        clock.turn(hours=-1)
        keep_house(app, clock)
        check_page(hana.client.get("/en/campaigns"))


def test_a_sign_in_is_not_lengthened_by_a_clock_that_goes_back_far(
    app: Flask, clock: Clock, hana: StaffMember
) -> None:
    clock.turn(days=-2)
    assert hana.client.get("/en/campaigns").status_code == 303
    keep_house(app, clock)
    clock.turn(days=2)
    assert hana.client.get("/en/campaigns").status_code == 303


def test_a_sign_in_that_was_over_does_not_begin_again(
    app: Flask, clock: Clock, hana: StaffMember
) -> None:
    clock.turn(hours=1)
    keep_house(app, clock)
    clock.turn(hours=-1)
    assert hana.client.get("/en/campaigns").status_code == 303


def test_one_time_links_that_expired_or_were_used_stay_dead(
    app: Flask, clock: Clock, mallory: Respondent
) -> None:
    link = str(make_setup_link(app))
    mallory.open(link)
    clock.turn(days=2)
    keep_house(app, clock)
    mallory.open(link, 404)
    clock.turn(days=-2)
    mallory.open(link, 404)


def test_a_share_that_was_over_stays_over(
    app: Flask, clock: Clock, alice: Respondent, mallory: Respondent
) -> None:
    alice.take(agree(people=4))
    (own,) = find_shared(share(alice, "link", name="Kari"))
    mallory.open(own)
    clock.turn(days=31)
    keep_house(app, clock)
    clock.turn(days=-31)
    mallory.open(own, 410)
    assert "Kari" not in str(read_records(app)["share"])


def test_a_purged_attempt_stays_away(app: Flask, clock: Clock, alice: Respondent) -> None:
    alice.take(agree())
    link = read_link(alice)
    clock.turn(days=181)
    keep_house(app, clock)
    clock.turn(days=-181)
    alice.open(link, 404)


def test_a_counsellors_link_that_expired_stays_closed_until_its_owner_opens_it(
    app: Flask, clock: Clock, carl: StaffMember, mallory: Respondent
) -> None:
    address = find_address(carl, link := make_link(carl))
    clock.turn(days=31)
    keep_house(app, clock)
    clock.turn(days=-31)
    mallory.open(address, 410)
    again = StaffMember(app, "Ola", "counsellor")
    with sqlite3.connect(str(read_database(app).engine.url.database)) as file:
        file.execute("UPDATE link SET owner_id = ?", [again.staff.id])
    again.open(f"/en/links/{link.id}")
    again.send(again.page.find_form("/reopen"))
    mallory.open(address)


def test_a_sealed_campaign_takes_no_more_when_the_clock_goes_back(
    app: Flask, clock: Clock, hana: StaffMember, alice: Respondent
) -> None:
    hana.create()
    with app.test_request_context():
        address = f"/en/invitations/{token_of(list_open_links(get_session(), 1)[0].seed)}"
    alice.open(address)
    alice.send(alice.open(alice.page.find_link("/begin")).find_form("/begin"))
    clock.turn(days=12)
    keep_house(app, clock)
    clock.turn(days=-12)
    alice.answer_all(agree())
    alice.finish()
    assert read_records(app)["pending"] == []
    assert "were not counted" in alice.page.text
    alice.open(address, 404)


def test_tries_are_not_used_up_for_days_when_the_clock_goes_back(
    app: Flask, clock: Clock, hana: StaffMember, mallory: Respondent
) -> None:
    for _ in range(10):
        sign_in(mallory, password="wrong", status=400)
    sign_in(mallory, status=429)
    clock.turn(days=-2)
    sign_in(mallory)


def test_a_clock_a_little_off_gives_no_tries_back(
    app: Flask, clock: Clock, hana: StaffMember, mallory: Respondent
) -> None:
    for _ in range(10):
        sign_in(mallory, password="wrong", status=400)
    clock.turn(minutes=-5)
    sign_in(mallory, status=429)


def test_the_clock_is_really_turned(clock: Clock, app: Flask) -> None:
    clock.turn(days=-2)
    make_setup_link(app)
    expires = datetime.fromisoformat(str(read_records(app)["staff_link"][0][3]))
    assert abs(expires - datetime.now(UTC).replace(tzinfo=None) + timedelta(days=1)) < timedelta(
        hours=1
    )
