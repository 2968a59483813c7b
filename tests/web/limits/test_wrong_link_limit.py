"""Wrong tokens are limited for each address, and right tokens always work."""

import secrets
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from fitquiz.store.campaigns.campaigns import Campaign
from fitquiz.web.limits.wrong_link_limit import WRONG_LINKS
from tests.web.support.inviting import open_link
from tests.web.support.page_checks import check_headers, check_page
from tests.web.support.promised_wait import read_wait
from tests.web.support.records import read_records
from tests.web.support.respondent import Respondent
from tests.web.support.staff_member import StaffMember
from tests.web.support.ways_to_begin import TOKENS


@pytest.fixture
def campaign(hana: StaffMember) -> Campaign:
    """A campaign with open links."""
    return hana.create()


def send_wrong_links(client: FlaskClient, number: int) -> Iterator[TestResponse]:
    for at in range(number):
        address = TOKENS[at % len(TOKENS)].format(secrets.token_urlsafe(32))
        yield client.get(address, environ_overrides={"REMOTE_ADDR": "203.0.113.9"})


@pytest.mark.parametrize("number", [300, pytest.param(10_000, marks=pytest.mark.long)])
def test_wrong_links_open_nothing_and_get_429_in_the_end(
    app: Flask, hana: StaffMember, campaign: Campaign, number: int
) -> None:
    right = f"/en/invitations/{open_link(app, campaign)}"
    before = read_records(app)
    responses = send_wrong_links(app.test_client(), number)
    statuses = [response.status_code for response in responses]
    assert set(statuses[: WRONG_LINKS.tries]) == {404, 303}
    # The limit allows one more every few seconds, so the last one may have been allowed.
    assert 429 in statuses[-2:]
    assert {404, 303, 429} == set(statuses)
    assert read_records(app) == before
    client = app.test_client()
    check_page(client.get(right, environ_overrides={"REMOTE_ADDR": "203.0.113.9"}))


def test_the_page_after_too_many_wrong_links_says_when_to_come_back(app: Flask) -> None:
    number = WRONG_LINKS.tries + len(TOKENS) * 4
    responses = list(send_wrong_links(app.test_client(), number))
    for response in responses:
        check_headers(response)
    refused = [response for response in responses if response.status_code == 429]
    page = check_page(refused[-1], 429)
    assert 0 < int(page.response.headers["Retry-After"]) <= 10
    assert read_wait(page) == int(page.response.headers["Retry-After"])


def test_right_links_can_be_opened_without_limit(app: Flask, campaign: Campaign) -> None:
    client = app.test_client()
    right = f"/en/invitations/{open_link(app, campaign)}"
    assert {client.get(right).status_code for _ in range(WRONG_LINKS.tries + 20)} == {200}


def test_a_missing_page_without_a_token_does_not_count(alice: Respondent) -> None:
    for _ in range(WRONG_LINKS.tries + 20):
        assert alice.client.get("/en/no-such-page").status_code == 404
    alice.open(f"/en/shared/{'A' * 43}", 404)
