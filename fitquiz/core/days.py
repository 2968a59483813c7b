"""Days of the organisation.

Every day that people choose or read is a day in the time zone of the organisation. Moments are
stored in UTC. Only the functions of this module turn moments into days, and days into moments.
"""

from datetime import UTC, date, datetime, time, timedelta, tzinfo


def find_day(moment: datetime, zone: tzinfo) -> date:
    """Return the day of a moment in the time zone."""
    return moment.astimezone(zone).date()


def find_moment(day: date, clock_time: time, zone: tzinfo) -> datetime:
    """Return the moment, in UTC, at which clocks in the time zone show this time on this day.

    If clocks show the time twice, return the first moment.
    """
    moment = datetime.combine(day, clock_time, zone)
    return moment.astimezone(UTC)


def end_of_day(day: date, zone: tzinfo) -> datetime:
    """Return the last moment of a day, in UTC."""
    next_day = day + timedelta(days=1)
    its_start = find_moment(next_day, time.min, zone)
    return its_start - timedelta(microseconds=1)
