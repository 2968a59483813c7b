"""The time of a request.

Each request reads the clock only once. Otherwise, one page could show two different days.
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from flask import current_app, g

from fitquiz.core.days import find_day


def get_now() -> datetime:
    """Return the time in UTC. All calls in one request return an equal time."""
    if "now" not in g:
        g.now = datetime.now(UTC)
    now: datetime = g.now
    return now


def get_today() -> date:
    """Return the day in the organisation's time zone. All calls in one request return an equal day."""
    return find_day(get_now(), get_zone())


def get_zone() -> ZoneInfo:
    """Return the time zone of the organisation."""
    zone: ZoneInfo = current_app.extensions["fitquiz_settings"].timezone
    return zone


def to_ms(moment: datetime) -> int:
    """Return the whole milliseconds between 1970 and `moment`. Scripts measure time in this unit."""
    return int(moment.timestamp() * 1000)
