"""A counsellor's link: looking takes no use of it, and an attempt remembers by which link it began."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from fitquiz.core.secrets.tickets import open_ticket
from fitquiz.store.attempts.counsellor_links import Link
from tests.web.support.campaigning import today
from tests.web.support.counselling import begin, find_address, make_link, read_links, take
from tests.web.support.page_checks import check_page
from tests.web.support.records import change_behind, read_database, read_records
from tests.web.support.respondent import Respondent
from tests.web.support.staff_member import StaffMember


@pytest.fixture
def link(carl: StaffMember) -> Link:
    """A link for one client."""
    return make_link(carl, uses="1")


@pytest.fixture
def address(carl: StaffMember, link: Link) -> str:
    """Return the path of a link."""
    return find_address(carl, link)


def test_looking_uses_nothing_up_and_sets_no_cookie(
    app: Flask, carl: StaffMember, address: str
) -> None:
    preview = app.test_client()
    for method in ("GET", "HEAD"):
        for _ in range(3):
            response = preview.open(address, method=method)
            assert response.status_code == 200
            assert "Set-Cookie" not in response.headers
            preview.open(f"{address}/begin", method=method)
    assert read_links(carl)[0].started == 0


def test_the_form_sent_twice_begins_once_and_leads_on(
    alice: Respondent, carl: StaffMember, address: str
) -> None:
    alice.open(f"{address}/begin")
    form = alice.page.find_form("/begin")
    for _ in range(2):
        alice.send(form)
        assert alice.item == "autonomy-1"
    assert read_links(carl)[0].started == 1
    assert len(read_records(carl.app)["attempt"]) == 1


@pytest.mark.parametrize(
    ("change", "h1"),
    [
        ("is_closed = 1", "This link is closed"),
        ("expires_on = '2026-01-01'", "This link has expired"),
    ],
)
def test_a_link_that_has_ended_says_so(
    alice: Respondent, carl: StaffMember, address: str, change: str, h1: str
) -> None:
    alice.open(f"{address}/begin")
    form = alice.page.find_form("/begin")
    change_behind(carl.app, f"UPDATE link SET {change}")
    assert alice.open(address, 410).h1 == h1
    alice.open(f"{address}/begin", 410)
    alice.send(form, 410)
    assert alice.page.h1 == h1
    assert read_links(carl)[0].started == 0


def test_a_link_is_good_through_its_last_day(
    alice: Respondent, carl: StaffMember, address: str
) -> None:
    change_behind(carl.app, f"UPDATE link SET expires_on = '{today().isoformat()}'")
    alice.open(address)
    change_behind(
        carl.app, f"UPDATE link SET expires_on = '{(today() - timedelta(1)).isoformat()}'"
    )
    alice.open(address, 410)


@pytest.mark.parametrize("change", ["is_disabled = 1", "permissions = 'hr'"])
def test_a_link_of_who_counsels_no_more_answers_like_a_random_one(
    alice: Respondent, carl: StaffMember, address: str, change: str
) -> None:
    change_behind(carl.app, f"UPDATE staff SET {change}")
    texts = [
        alice.open(each, 404).text for each in (address, f"/en/guided/{'A' * 43}", "/en/guided/x")
    ]
    assert len(set(texts)) == 1
    alice.open(f"{address}/begin", 404)


def test_the_attempt_alone_knows_by_which_link_it_came(
    alice: Respondent, carl: StaffMember, address: str
) -> None:
    begin(alice, address)
    with read_database(carl.app).engine.connect() as connection:
        stored = connection.execute(text("SELECT ticket FROM attempt")).scalar_one()
    assert open_ticket(stored, alice.find_token()).link_id == 1
    assert open_ticket(stored, "A" * 43).link_id != 1


def test_nobody_counts_an_attempt_by_a_counsellors_link(
    alice: Respondent, carl: StaffMember, address: str
) -> None:
    take(alice, address)
    assert read_records(carl.app)["pending"] == []
    alice.open(f"{alice.base}/counted", 404)


def test_the_welcome_says_what_the_counsellor_sees_in_both_languages(
    alice: Respondent, address: str
) -> None:
    assert "only if you share it, until you stop" in alice.open(address).text
    assert (
        "bare hvis du deler det, og til du stopper"
        in alice.open(address.replace("/en/", "/nb/")).text
    )
    assert "Carl sees none of this" in alice.open(f"{address}/begin").text


def test_an_unknown_code_leads_nowhere(alice: Respondent) -> None:
    alice.open("/en/code")
    page = alice.send(alice.page.find_form("/code"), 400, code="00000-00000")
    assert "We cannot find this code" in page.text


def test_search_engines_are_kept_away(app: Flask, address: str) -> None:
    response = app.test_client().get(address)
    check_page(response)
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
