"""A script runs into the rate limits; an office behind one address does not."""

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from fitquiz.store.campaigns.campaigns import Campaign, find_campaign
from fitquiz.web.security.rate_limits import ATTEMPTS_PER_ADDRESS, BURST, MAX_BURST_OFFSET
from fitquiz.web.security.wrong_link_limit import MAX_ADDRESSES, WRONG_LINKS, WrongLinkLimit
from fitquiz.web.site.database_session import get_session
from tests.web.support.clock import Clock
from tests.web.support.counselling import find_address, make_link
from tests.web.support.inviting import invite, open_link, read_pending
from tests.web.support.page_checks import check_headers, check_page
from tests.web.support.records import change_behind, read_database, read_records
from tests.web.support.respondent import Respondent
from tests.web.support.staff_member import StaffMember
from tests.web.support.ways_to_begin import HONEST, SCRIPTED, TOKENS

PLAIN = "/en/packs/front-back-office/begin"


class Script:
    """Begins many attempts with one form, by default from one address."""

    def __init__(self, app: Flask, address: str) -> None:
        self.client = app.test_client()
        self.address = address
        page = check_page(self.client.get(address))
        self.fields = page.find_form("/begin").press()

    def begin(self, peer: str = "203.0.113.9") -> TestResponse:
        """Begin one attempt."""
        fields = {**self.fields, "token": secrets.token_urlsafe(32)}
        return self.client.post(self.address, data=fields, environ_overrides={"REMOTE_ADDR": peer})

    def begin_often(self, number: int, peer: str = "203.0.113.9") -> list[TestResponse]:
        """Begin many attempts, and return the responses of those that were allowed."""
        responses = [self.begin(peer) for _ in range(number)]
        return [response for response in responses if response.status_code == 303]


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Stop the clock, so that no time slot ends in the middle of a test."""
    clock = Clock(monkeypatch)
    clock.stop()
    return clock


@pytest.fixture
def campaign(hana: StaffMember) -> Campaign:
    """A campaign with open links."""
    return hana.create()


@pytest.fixture(params=["plain", "open", "personal", "guided"])
def address(
    request: pytest.FixtureRequest, app: Flask, hana: StaffMember, carl: StaffMember
) -> str:
    """The address of the form that begins an attempt, for each way to begin one."""
    if request.param == "plain":
        return PLAIN
    if request.param == "guided":
        return f"{find_address(carl, make_link(carl, uses='200'))}/begin"
    if request.param == "open":
        return f"/en/invitations/{open_link(app, hana.create())}/begin"
    personal_campaign = hana.create(is_personal=True)
    return f"/en/invitations/{invite(app, personal_campaign)}/begin"


def read_burst(app: Flask, campaign: Campaign) -> bool:
    with app.app_context():
        found = find_campaign(get_session(), campaign.id)
    assert found is not None
    return found.has_burst


def test_an_office_behind_one_address_can_begin_in_every_way(app: Flask, address: str) -> None:
    assert len(Script(app, address).begin_often(HONEST)) == HONEST
    assert len(read_records(app)["attempt"]) == HONEST


def test_a_script_is_limited_in_every_way(app: Flask, address: str) -> None:
    script = Script(app, address)
    change_behind(app, "UPDATE link SET uses = 5000")
    assert len(script.begin_often(ATTEMPTS_PER_ADDRESS.tries + 2)) == ATTEMPTS_PER_ADDRESS.tries
    before = read_records(app)
    page = check_page(script.begin(), 429)
    assert 0 < int(page.response.headers["Retry-After"]) <= 61
    assert "Nothing is lost" in page.text
    assert "press the button again" in page.text
    assert read_records(app) == before


def test_a_refused_form_works_later_and_from_another_address(app: Flask, clock: Clock) -> None:
    script = Script(app, PLAIN)
    script.begin_often(ATTEMPTS_PER_ADDRESS.tries + 10)
    assert script.begin().status_code == 429
    assert script.begin("203.0.113.10").status_code == 303
    clock.turn(minutes=1)
    assert script.begin().status_code == 303


def test_a_form_sent_again_does_not_count(app: Flask) -> None:
    script = Script(app, PLAIN)
    fields = {**script.fields, "token": secrets.token_urlsafe(32)}
    statuses = {
        script.client.post(PLAIN, data=fields).status_code
        for _ in range(ATTEMPTS_PER_ADDRESS.tries + 10)
    }
    assert statuses == {303}


@pytest.mark.parametrize(
    ("first", "second", "is_same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("198.51.100.1", "::ffff:198.51.100.1", True),
        ("198.51.100.1", "198.51.100.2", False),
    ],
)
def test_an_ipv6_network_counts_as_one_visitor(
    app: Flask, first: str, second: str, is_same: bool
) -> None:
    script = Script(app, PLAIN)
    script.begin(first)
    script.begin(second)
    expected = 1 if is_same else 2
    assert len(read_records(app)["throttle"]) == expected


def test_the_stored_address_depends_on_the_secret_key(app: Flask) -> None:
    keys = []
    for secret in ("a" * 40, "b" * 40):
        change_behind(app, "DELETE FROM throttle")
        script = Script(app, PLAIN)
        app.config["SECRET_KEY"] = secret
        script = Script(app, PLAIN)
        script.begin()
        keys.append(read_records(app)["throttle"][0][0])
    assert keys[0] != keys[1]


def test_a_script_cannot_get_more_counted_than_the_cap(app: Flask, hana: StaffMember) -> None:
    campaign = hana.create(cap=20)
    script = Script(app, f"/en/invitations/{open_link(app, campaign)}/begin")
    token = script.fields["csrf_token"]
    for _ in range(SCRIPTED):
        begun = script.begin()
        if begun.status_code == 303:
            check = begun.location.partition("/items/")[0] + "/check"
            assert script.client.post(check, data={"csrf_token": token}).status_code == 303
    assert len(read_records(app)["attempt"]) == ATTEMPTS_PER_ADDRESS.tries
    assert 0 < len(read_pending(app)) <= 20


def test_the_owner_gets_a_warning_of_a_burst_by_an_open_link(
    app: Flask, hana: StaffMember, campaign: Campaign
) -> None:
    script = Script(app, f"/en/invitations/{open_link(app, campaign)}/begin")
    script.begin_often(HONEST)
    assert not read_burst(app, campaign)
    script.begin_often(MAX_BURST_OFFSET + 5)
    assert read_burst(app, campaign)
    for address in (f"campaigns/{campaign.id}", f"reports/{campaign.id}"):
        # An early warning would tell how many have begun.
        assert "from one place" not in hana.open(f"/en/{address}").text
    change_behind(app, "UPDATE campaign SET ticked_on = '2026-01-01'")
    for address in (f"campaigns/{campaign.id}", f"reports/{campaign.id}"):
        assert "Unusually many began from one place" in hana.open(f"/en/{address}").text
        assert "fra ett og samme sted" in hana.open(f"/nb/{address}").text


def test_a_campaign_without_a_burst_has_no_warning(
    app: Flask, hana: StaffMember, campaign: Campaign
) -> None:
    other = hana.create("Autumn")
    Script(app, f"/en/invitations/{open_link(app, campaign)}/begin").begin_often(
        BURST.tries + MAX_BURST_OFFSET + 5
    )
    change_behind(app, "UPDATE campaign SET ticked_on = '2026-01-01'")
    assert read_burst(app, campaign)
    assert not read_burst(app, other)
    assert "from one place" not in hana.open(f"/en/campaigns/{other.id}").text


@pytest.mark.parametrize("address", ["plain", "personal", "guided"], indirect=True)
def test_no_other_way_makes_a_burst(app: Flask, address: str) -> None:
    Script(app, address).begin_often(BURST.tries + 5)
    with read_database(app).engine.connect() as connection:
        assert not connection.execute(text("SELECT id FROM campaign WHERE has_burst")).all()
    assert len(read_records(app)["throttle"]) == 1


def test_no_row_of_a_limit_reveals_when_an_attempt_was_begun(
    app: Flask, campaign: Campaign, clock: Clock
) -> None:
    script = Script(app, f"/en/invitations/{open_link(app, campaign)}/begin")
    gaps = set()
    for _ in range(4):
        change_behind(app, "DELETE FROM throttle")
        clock.turn(milliseconds=7)
        script.begin()
        with read_database(app).engine.connect() as connection:
            started = (
                connection.execute(text("SELECT started_at FROM attempt ORDER BY id DESC"))
                .scalars()
                .first()
            )
            rows = sorted(connection.execute(text("SELECT full_at FROM throttle")).scalars())
        at = datetime.fromisoformat(str(started)).replace(tzinfo=UTC).timestamp() * 1000
        gaps |= {(number, round(full_at - at)) for number, full_at in enumerate(rows)}
    # With a constant gap, the time of an attempt could be computed from the row.
    assert len(gaps) == 4 * 2


def test_many_attempts_from_different_addresses_are_no_burst(
    app: Flask, campaign: Campaign
) -> None:
    script = Script(app, f"/en/invitations/{open_link(app, campaign)}/begin")
    for number in range(BURST.tries + 5):
        assert script.begin(f"198.51.100.{number}").status_code == 303
    assert not read_burst(app, campaign)


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
    assert "Wait a few minutes" in page.text


def test_right_links_can_be_opened_without_limit(app: Flask, campaign: Campaign) -> None:
    client = app.test_client()
    right = f"/en/invitations/{open_link(app, campaign)}"
    assert {client.get(right).status_code for _ in range(WRONG_LINKS.tries + 20)} == {200}


def test_a_missing_page_without_a_token_does_not_count(alice: Respondent) -> None:
    for _ in range(WRONG_LINKS.tries + 20):
        assert alice.client.get("/en/no-such-page").status_code == 404
    alice.open(f"/en/shared/{'A' * 43}", 404)


def test_the_limit_recovers_with_time_and_is_separate_for_each_address() -> None:
    now = [1000.0]
    limit = WrongLinkLimit(lambda: now[0])
    for _ in range(WRONG_LINKS.tries):
        assert limit.count("a") is None
    wait = limit.count("a")
    assert wait is not None
    assert 0 < wait.total_seconds() <= WRONG_LINKS.pace / 1000
    assert limit.count("b") is None
    now[0] += WRONG_LINKS.pace / 1000
    assert limit.count("a") is None
    assert limit.count("a") is not None


def test_the_number_of_remembered_addresses_is_limited() -> None:
    limit = WrongLinkLimit(lambda: 1000.0)
    for number in range(MAX_ADDRESSES + 10):
        limit.count(str(number))
    assert len(limit._full_at) <= MAX_ADDRESSES
