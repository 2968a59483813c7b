"""The time of a request.

Each request reads the clock only once. Otherwise, one page could show two different days.
"""

from datetime import UTC, date, datetime

from flask import g


def get_now() -> datetime:
    """Return the time in UTC. All calls in one request return an equal time."""
    if "now" not in g:
        g.now = datetime.now(UTC)
    now: datetime = g.now
    return now


def get_today() -> date:
    """Return the date in UTC. All calls in one request return an equal date."""
    return get_now().date()


def to_ms(moment: datetime) -> int:
    """Return the whole milliseconds between 1970 and `moment`. Scripts measure time in this unit."""
    return int(moment.timestamp() * 1000)
