"""The time of a request.

It is read once, so that one page never shows two different times or days.
"""

from datetime import UTC, date, datetime

from flask import g


def get_now() -> datetime:
    """Return the moment, in UTC, at which the request first asked for the time."""
    if "now" not in g:
        g.now = datetime.now(UTC)
    now: datetime = g.now
    return now


def get_today() -> date:
    """Return the day of `get_now`, in UTC."""
    return get_now().date()
