"""A day of a page begins and ends at midnight in FITQUIZ_TIMEZONE, in another zone and in summer too."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from fitquiz.config.settings import read_settings
from fitquiz.core.days import find_moment
from fitquiz.server.housekeeping import run_housekeeping_once, seal_due
from tests.web.support.app_fixtures import MAIL_SETTINGS, MakeApp
from tests.web.support.campaigning import send
from tests.web.support.clock import Clock
from tests.web.support.counselling import find_address, find_shared, make_link, share, take
from tests.web.support.inviting import open_link
from tests.web.support.inviting import take as take_invited
from tests.web.support.records import change_behind, read_database, read_records
from tests.web.support.respondent import Respondent
from tests.web.support.staff_member import StaffMember

SECOND = timedelta(seconds=1)
NEW_YORK = "America/New_York"
OSLO = "Europe/Oslo"
LAST_DAYS = [
    (OSLO, "2026-12-02"),
    (NEW_YORK, "2026-12-02"),
    (OSLO, "2026-03-29"),
    (OSLO, "2026-10-25"),
    (NEW_YORK, "2026-03-08"),
    (NEW_YORK, "2026-11-01"),
]
"""On the last four days, the clocks change."""

SetClock = Callable[[datetime], datetime]


@pytest.fixture
def set_clock(app: Flask, monkeypatch: pytest.MonkeyPatch) -> SetClock:
    """Return a function that stops the clock of all apps at a moment."""
    clock = Clock(monkeypatch)

    def stop_at(moment: datetime) -> datetime:
        clock.stopped_at = moment
        return moment

    return stop_at


def make_zone_app(make_app: MakeApp, zone: str) -> Flask:
    mail = {name.removeprefix("FITQUIZ_"): value for name, value in MAIL_SETTINGS.items()}
    return make_app(timezone=zone, **mail)


def hire(app: Flask, name: str, permission: str, now: datetime) -> StaffMember:
    """Add a staff member who has signed in at `now`."""
    person = StaffMember(app, name, permission)
    moment = now.strftime("%Y-%m-%d %H:%M:%S.%f")
    change_behind(app, f"UPDATE sign_in SET signed_in_at = '{moment}', seen_at = '{moment}'")
    return person


def find_time(day: date, zone: str, clock_time: str = "00:00") -> datetime:
    return find_moment(day, time.fromisoformat(clock_time), ZoneInfo(zone))


@pytest.mark.parametrize(("zone", "text"), LAST_DAYS)
def test_a_campaign_is_open_from_midnight_to_midnight(
    make_app: MakeApp, set_clock: SetClock, zone: str, text: str
) -> None:
    day = date.fromisoformat(text)
    begins = find_time(day, zone)
    ends = find_time(day + timedelta(1), zone)
    app = make_zone_app(make_app, zone)
    settings = read_settings({"FITQUIZ_TIMEZONE": zone})
    set_clock(begins)
    hana = StaffMember(app, "Hana", "hr")
    campaign = hana.create(opens_on=day, closes_on=day)
    address = f"/en/invitations/{open_link(app, campaign)}"
    alice = Respondent(app.test_client())

    set_clock(begins - SECOND)
    assert "This survey opens on" in alice.open(address).text
    set_clock(begins)
    assert alice.open(address).find_link("/begin")
    last = set_clock(ends - SECOND)
    assert alice.open(address).find_link("/begin")
    assert seal_due(read_database(app), settings, last) == []
    set_clock(ends)
    assert alice.client.get(address).status_code == 404
    assert len(seal_due(read_database(app), settings, ends)) == 1


def test_answers_count_in_the_evening_of_the_last_day_in_new_york(
    make_app: MakeApp, set_clock: SetClock
) -> None:
    app = make_zone_app(make_app, NEW_YORK)
    day = date(2026, 12, 2)
    set_clock(find_time(day, NEW_YORK, "20:30"))
    hana = StaffMember(app, "Hana", "hr")
    campaign = hana.create(opens_on=day - timedelta(9), closes_on=day)
    take_invited(Respondent(app.test_client()), open_link(app, campaign))
    assert len(read_records(app)["pending"]) == 1


def test_answers_count_half_an_hour_into_the_first_day_in_oslo(
    app: Flask, hana: StaffMember, set_clock: SetClock
) -> None:
    day = date(2026, 6, 2)
    set_clock(find_time(day, OSLO, "00:30"))
    hana = StaffMember(app, "Henny", "hr")
    campaign = hana.create(opens_on=day, closes_on=day)
    take_invited(Respondent(app.test_client()), open_link(app, campaign))
    assert len(read_records(app)["pending"]) == 1


def test_the_link_and_the_share_of_a_counsellor_end_at_midnight(
    make_app: MakeApp, set_clock: SetClock
) -> None:
    app = make_zone_app(make_app, NEW_YORK)
    settings = read_settings({"FITQUIZ_TIMEZONE": NEW_YORK})
    day = date(2026, 10, 2)
    ends = find_time(day + timedelta(31), NEW_YORK)
    now = set_clock(find_time(day, NEW_YORK, "22:00"))
    carl = hire(app, "Carl", "counsellor", now)
    link = make_link(carl, expires_on=str(day + timedelta(30)))
    address = find_address(carl, link)
    alice = Respondent(app.test_client())
    take(alice, address)
    share(alice, "link")
    (shared,) = find_shared(alice.page)
    assert "until 1 November 2026" in alice.page.text

    bob = Respondent(app.test_client())
    last = set_clock(ends - SECOND)
    run_housekeeping_once(read_database(app), settings, last)
    assert bob.open(address).find_link("/begin")
    assert bob.client.get(shared).status_code == 200
    set_clock(ends)
    run_housekeeping_once(read_database(app), settings, ends)
    assert f"{address}/begin" not in bob.client.get(address).text
    assert bob.client.get(shared).status_code == 410


def test_invitations_and_reminders_are_due_at_eight_in_the_morning(
    make_app: MakeApp, set_clock: SetClock
) -> None:
    app = make_zone_app(make_app, NEW_YORK)
    day = date(2026, 10, 29)
    now = set_clock(find_time(day - timedelta(2), NEW_YORK, "22:00"))
    hana = hire(app, "Hana", "hr", now)
    campaign = hana.create(is_personal=True, opens_on=day, closes_on=day + timedelta(20))
    given = {
        "addresses": "kari@example.org",
        "first_reminder_on": str(day + timedelta(4)),
        "second_reminder_on": "",
        "seed": "0" * 32,
        "step": "send",
    }
    send(hana, f"/en/campaigns/{campaign.id}/mailings/new", given)
    with read_database(app).engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT next_try_at FROM outbox ORDER BY number")
        moments = [str(row[0])[:16] for row in rows]
    assert moments == ["2026-10-29 12:00", "2026-11-02 13:00"]


def test_pages_say_whose_midnight_it_is_where_days_are_chosen(make_app: MakeApp) -> None:
    app = make_zone_app(make_app, NEW_YORK)
    hana = StaffMember(app, "Hana", "hr")
    carl = StaffMember(app, "Carl", "counsellor")
    campaign = hana.create(is_personal=True)
    for person, address in (
        (hana, "/en/campaigns/new"),
        (hana, f"/en/campaigns/{campaign.id}/edit"),
        (hana, f"/en/campaigns/{campaign.id}/mailings/new"),
        (carl, "/en/links/new"),
        (carl, f"/en/links/{make_link(carl).id}/edit"),
    ):
        assert "in New York." in person.open(address).text, address


def test_an_hour_that_comes_twice_is_told_apart_in_the_log(app: Flask, set_clock: SetClock) -> None:
    for hour in (0, 1):
        now = set_clock(datetime.fromisoformat(f"2026-10-25T0{hour}:30+00:00"))
        carl = hire(app, f"Carl{hour}", "counsellor", now)
        make_link(carl, expires_on="2026-12-01")
    ada = hire(app, "Ada", "admin", now)
    text = ada.open("/en/staff/log").text
    assert "25 October 2026 02:30 CEST" in text
    assert "25 October 2026 02:30 CET" in text
    assert "The times are those of Oslo." in text
