"""Limits the return codes that visitors type on the page of one link.

The counsellor and other people may know the link. The limit stops them from guessing a return code.
Therefore the limit applies to right codes too. A right code gives its try back.

The counts are stored in memory only. A row in the database would reveal when a client has come back
to the link. This time would reveal which attempt belongs to the client.
"""

from flask import Flask, current_app
from werkzeug.exceptions import TooManyRequests

from fitquiz.store.accounts.rate_limit_counters import RateLimit
from fitquiz.web.limits.memory_limits import MemoryLimit
from fitquiz.web.limits.rate_limits import count_seconds

RETURNS_BY_LINK = RateLimit("return", 60, 60)
"""The limit on the return codes that can be tried with one link, in each process."""

_EXTENSION = "fitquiz_return_limit"


def init_return_limit(app: Flask) -> None:
    """Add the counts of this process to the app."""
    app.extensions[_EXTENSION] = MemoryLimit(RETURNS_BY_LINK)


def take_return(link_id: int) -> None:
    """Take one try to type a return code of this link. Answer 429 if the link has no try left."""
    wait = _get_limit().count(str(link_id))
    if wait is not None:
        raise TooManyRequests(retry_after=count_seconds(wait))


def give_back_return(link_id: int) -> None:
    """Give the try of a right return code back."""
    _get_limit().give_back(str(link_id))


def _get_limit() -> MemoryLimit:
    limit: MemoryLimit = current_app.extensions[_EXTENSION]
    return limit
