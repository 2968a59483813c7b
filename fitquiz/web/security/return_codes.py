"""Return codes, and a limit on the return codes that visitors type on the page of one link.

The counsellor and other people may know the link. The limit stops them from guessing a return code.
Therefore the limit applies to right codes too. A right code gives its try back.

The counts are stored in memory only. A row in the database would reveal when a client has come back
to the link. This time would reveal which attempt belongs to the client.
"""

import secrets

from flask import Flask, current_app
from werkzeug.exceptions import TooManyRequests

from fitquiz.core.secrets import return_codes
from fitquiz.store.accounts.rate_limit_counters import RateLimit
from fitquiz.web.limits.memory_limits import MemoryLimit
from fitquiz.web.limits.rate_limits import count_seconds
from fitquiz.web.security.secret_key import get_secret_key

RETURNS_BY_LINK = RateLimit("return", 60, 60)
"""The limit on the return codes that can be tried with one link, in each process."""

_EXTENSION = "fitquiz_return_limit"


def init_return_limit(app: Flask) -> None:
    """Add the counts of this process to the app."""
    app.extensions[_EXTENSION] = MemoryLimit(RETURNS_BY_LINK)


def draw_return_code() -> str:
    """Return a new random return code."""
    random_bytes = secrets.token_bytes(return_codes.RANDOM_BYTES)
    return return_codes.make_return_code(random_bytes)


def attempt_token_of(link_id: int, code: str) -> str:
    """Return the token of the attempt that has this return code and began with this link."""
    return return_codes.derive_attempt_token(get_secret_key(), link_id, code)


def return_code_of(link_id: int, token: str) -> str | None:
    """Return the return code of an attempt's token, or None if the attempt has no return code."""
    return return_codes.find_return_code(get_secret_key(), link_id, token)


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
