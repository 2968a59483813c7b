"""A script runs into the rate limits; an office behind one address does not."""

import secrets
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.test import TestResponse

from fitquiz.config.settings import read_settings
from fitquiz.store.accounts.rate_limit_counters import RateLimit
from fitquiz.store.campaigns.campaigns import Campaign, find_campaign
from fitquiz.web.limits import rate_limits
from fitquiz.web.limits.rate_limits import ATTEMPTS_PER_ADDRESS, BURST, MAX_BURST_OFFSET
from fitquiz.web.site.database_session import get_session
from tests.web.support.app_fixtures import MakeApp
from tests.web.support.clock import Clock
from tests.web.support.counselling import find_address, make_link
from tests.web.support.inviting import open_link, read_pending
from tests.web.support.page_checks import check_page
from tests.web.support.promised_wait import read_wait
from tests.web.support.records import change_behind, read_database, read_records
from tests.web.support.respondent import Respondent
from tests.web.support.sealing import seal
from tests.web.support.staff_member import StaffMember
from tests.web.support.ways_to_begin import HONEST, SCRIPTED

# The clock stands still, so that no time slot ends in the middle of a test.
pytestmark = pytest.mark.usefixtures("clock")
PLAIN = "/en/packs/front-back-office/begin"
LIMIT = 120
"""The setting FITQUIZ_BEGINNINGS in these tests. The default is larger."""


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


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    """An app with a small limit."""
    return make_app(beginnings=LIMIT)


@pytest.fixture
def campaign(hana: StaffMember) -> Campaign:
    """A campaign with open links."""
    return hana.create()


@pytest.fixture(params=["plain", "open", "guided"])
def address(
    request: pytest.FixtureRequest, app: Flask, hana: StaffMember, carl: StaffMember
) -> str:
    """The address of the form that begins an attempt, for each way that several people can use."""
    if request.param == "plain":
        return PLAIN
    if request.param == "guided":
        return f"{find_address(carl, make_link(carl, uses='200'))}/begin"
    return f"/en/invitations/{open_link(app, hana.create())}/begin"


def use_up(script: Script) -> TestResponse:
    """Begin until the address has no try left, and return the refusal."""
    response = script.begin()
    while response.status_code == 303:
        response = script.begin()
    return response


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
    assert len(script.begin_often(LIMIT + 2)) == LIMIT
    before = read_records(app)
    page = check_page(script.begin(), 429)
    seconds = int(page.response.headers["Retry-After"])
    assert 0 < seconds <= 66
    assert read_wait(page) in (seconds, 60, 120)
    assert "Nothing is lost" in page.text
    assert "press the button again" in page.text
    assert read_records(app) == before


def test_a_refused_form_works_later_and_from_another_address(app: Flask, clock: Clock) -> None:
    script = Script(app, PLAIN)
    script.begin_often(LIMIT + 10)
    assert script.begin().status_code == 429
    assert script.begin("203.0.113.10").status_code == 303
    clock.turn(minutes=1)
    assert script.begin().status_code == 303


@pytest.mark.parametrize("limit", [1, 7, 300])
def test_the_promised_wait_is_never_too_short(make_app: MakeApp, clock: Clock, limit: int) -> None:
    app = make_app(beginnings=limit)
    script = Script(app, PLAIN)
    script.begin()
    pace = 600_000 // limit
    change_behind(app, f"UPDATE throttle SET full_at = full_at + {(limit - 1) * pace}")
    for _ in range(3):
        page = check_page(use_up(script), 429)
        seconds = int(page.response.headers["Retry-After"])
        shown = read_wait(page)
        assert shown == seconds if seconds < 60 else 0 <= shown - seconds < 60
        assert seconds <= 600 // limit + 61

        clock.turn(seconds=seconds - 1)
        early = script.begin()
        clock.turn(seconds=1)
        assert 303 in (early.status_code, script.begin().status_code)


def test_a_sign_in_works_at_the_promised_moment(
    app: Flask, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_limits, "SIGN_INS_PER_ACCOUNT", RateLimit("account", 1, 1))
    monkeypatch.setattr(rate_limits, "SIGN_INS_PER_ADDRESS", RateLimit("address", 2, 15))
    person = Respondent(app.test_client())
    fields = {"csrf_token": person.read_token(), "email": "x@example.org", "password": "wrong"}
    assert person.post("/en/sign-in", fields).status_code == 400
    page = check_page(person.post("/en/sign-in", fields), 429)
    clock.turn(seconds=read_wait(page))
    assert person.post("/en/sign-in", fields).status_code == 400


@pytest.mark.parametrize("limit", [1, 3])
def test_the_setting_is_the_number_of_attempts_in_ten_minutes(
    make_app: MakeApp, limit: int
) -> None:
    script = Script(make_app(beginnings=limit), PLAIN)
    assert [script.begin().status_code for _ in range(limit + 1)] == [303] * limit + [429]


def test_by_default_six_hundred_can_begin_from_one_address() -> None:
    assert read_settings({}).beginnings == 600 == ATTEMPTS_PER_ADDRESS.tries
    assert ATTEMPTS_PER_ADDRESS.minutes == 10


def test_a_form_sent_again_does_not_count(app: Flask) -> None:
    script = Script(app, PLAIN)
    fields = {**script.fields, "token": secrets.token_urlsafe(32)}
    statuses = {script.client.post(PLAIN, data=fields).status_code for _ in range(LIMIT + 10)}
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
    assert len(read_records(app)["attempt"]) == LIMIT
    assert len(read_pending(app)) > 20
    seal(app, campaign)
    assert read_pending(app) == []
    assert [row[5] for row in read_records(app)["ledger"]] == [20]


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


@pytest.mark.parametrize("address", ["plain", "guided"], indirect=True)
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
