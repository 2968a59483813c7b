"""Days begin and end at midnight of the organisation, also on the days on which the clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from fitquiz.core.days import end_of_day, find_day, find_moment

OSLO = ZoneInfo("Europe/Oslo")
NEW_YORK = ZoneInfo("America/New_York")
HAVANA = ZoneInfo("America/Havana")
"""In Havana, the clocks change at midnight."""


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "moment", "day"),
    [
        (OSLO, "2026-12-01T22:59:59", "2026-12-01"),
        (OSLO, "2026-12-01T23:00:00", "2026-12-02"),
        (OSLO, "2026-06-01T21:59:59", "2026-06-01"),
        (OSLO, "2026-06-01T22:00:00", "2026-06-02"),
        (NEW_YORK, "2026-12-02T01:30:00", "2026-12-01"),
        (NEW_YORK, "2026-12-02T05:00:00", "2026-12-02"),
        (NEW_YORK, "2026-06-02T03:59:59", "2026-06-01"),
        (NEW_YORK, "2026-06-02T04:00:00", "2026-06-02"),
    ],
)
def test_a_moment_belongs_to_the_day_of_the_zone(zone: ZoneInfo, moment: str, day: str) -> None:
    assert find_day(at(moment), zone) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        (OSLO, "2026-03-29", 23),
        (OSLO, "2026-10-25", 25),
        (OSLO, "2026-12-01", 24),
        (NEW_YORK, "2026-03-08", 23),
        (NEW_YORK, "2026-11-01", 25),
        (HAVANA, "2026-03-08", 23),
        (HAVANA, "2026-11-01", 25),
    ],
)
def test_days_follow_each_other_without_a_gap(zone: ZoneInfo, day: str, hours: int) -> None:
    present = date.fromisoformat(day)
    first = end_of_day(present - timedelta(1), zone) + timedelta(microseconds=1)
    last = end_of_day(present, zone)
    assert last - first + timedelta(microseconds=1) == timedelta(hours=hours)
    assert find_day(first, zone) == find_day(last, zone) == present
    assert find_day(first - timedelta(microseconds=1), zone) == present - timedelta(1)


def test_a_time_of_the_day_stays_the_same_when_the_clocks_change() -> None:
    morning = time(8)
    assert find_moment(date(2026, 3, 28), morning, OSLO) == at("2026-03-28T07:00:00")
    assert find_moment(date(2026, 3, 29), morning, OSLO) == at("2026-03-29T06:00:00")
    assert find_moment(date(2026, 10, 25), morning, OSLO) == at("2026-10-25T07:00:00")
    assert find_moment(date(2026, 11, 1), morning, NEW_YORK) == at("2026-11-01T13:00:00")
