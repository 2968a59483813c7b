"""A limit on wrong tokens per address: too many get a 429. Right tokens always work.

A token has 256 random bits, so the limit need not keep guesses out. It is generous, because many
people may share one address. It is kept in memory, so that a wrong token costs no database write.
"""

import threading
import time
from collections.abc import Callable
from datetime import timedelta

from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import TooManyRequests

from fitquiz.store.accounts.rate_limits import RateLimit
from fitquiz.web.security.access import ACCESS, BEARER
from fitquiz.web.security.rate_limits import address_key, count_seconds

WRONG_TOKENS = RateLimit("token", 120, 10)
MAX_ADDRESSES = 10_000


class WrongTokenLimit:
    """Counts wrong tokens in this process, with the same algorithm as the limits in the database.

    Several processes count separately, so together they allow several times the limit.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._full_at: dict[str, float] = {}
        """For each address, the time at which it has its whole allowance again."""

    def count(self, address: str) -> timedelta | None:
        """Count one wrong token. Return None if the limit allows it, or how long to wait."""
        now = self._clock()
        pace = WRONG_TOKENS.pace / 1000
        with self._lock:
            if len(self._full_at) >= MAX_ADDRESSES:
                self._make_room(now)
            full_at = max(self._full_at.get(address, now), now) + pace
            wait = full_at - now - WRONG_TOKENS.tries * pace
            if wait <= 0:
                self._full_at[address] = full_at
                return None
        return timedelta(seconds=wait)

    def _make_room(self, now: float) -> None:
        """Forget the addresses that have their whole allowance; if all are in use, forget all."""
        used = {
            address: full_at
            for address, full_at in self._full_at.items()
            if full_at > now
        }
        if len(used) >= MAX_ADDRESSES:
            used = {}
        self._full_at = used


def init_wrong_token_limit(app: Flask) -> None:
    """Check the response of every page with a token in its address.

    Call this after `init_headers`, so that the 429 page gets the headers too.
    """
    limit = WrongTokenLimit()
    app.after_request(lambda response: _check(response, limit))


def note_wrong_token() -> None:
    """Count the token of this request as wrong although the response is no 404."""
    g.is_wrong_token = True


def _check(response: Response, limit: WrongTokenLimit) -> Response:
    is_wrong = response.status_code == 404 or g.get("is_wrong_token", False)
    has_token = ACCESS.get(request.endpoint or "") == BEARER
    if not is_wrong or not has_token:
        return response

    wait = limit.count(address_key())
    if wait is None:
        return response
    error = TooManyRequests(retry_after=count_seconds(wait))
    page = current_app.handle_http_exception(error)
    return current_app.make_response(page)
