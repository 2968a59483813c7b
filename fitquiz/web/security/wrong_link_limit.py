"""A limit on the number of wrong tokens that one IP address may send.

An IP address above the limit gets a 429 for a wrong token. A right token always works.

The limit is high, because many people may share one IP address. A high limit is safe, because
nobody can guess a token of 256 random bits.

The counts are stored in memory. Otherwise, each wrong token would cause a database write.
"""

import threading
import time
from collections.abc import Callable
from datetime import timedelta

from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import TooManyRequests

from fitquiz.store.accounts.rate_limit_counters import RateLimit
from fitquiz.web.security.access import ACCESS, BEARER
from fitquiz.web.security.rate_limits import address_key, count_seconds

WRONG_LINKS = RateLimit("token", 120, 10)
MAX_ADDRESSES = 10_000


class WrongLinkLimit:
    """Counts the wrong tokens of each IP address with the generic cell rate algorithm.

    Each process counts separately. Therefore, three processes together allow three times the limit.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._full_at: dict[str, float] = {}
        """By IP address, the time in seconds at which the IP address has all its tries again."""

    def count(self, address: str) -> timedelta | None:
        """Count one wrong token, and return None.

        If the IP address has no try left, return the time until the next try instead.
        """
        now = self._clock()
        pace = WRONG_LINKS.pace / 1000
        with self._lock:
            if len(self._full_at) >= MAX_ADDRESSES:
                self._make_room(now)
            full_at = max(self._full_at.get(address, now), now) + pace
            wait = full_at - now - WRONG_LINKS.tries * pace
            if wait <= 0:
                self._full_at[address] = full_at
                return None
        return timedelta(seconds=wait)

    def _make_room(self, now: float) -> None:
        """Delete the IP addresses that have all their tries.

        If at least MAX_ADDRESSES IP addresses remain, delete all IP addresses.
        """
        used = {
            address: full_at
            for address, full_at in self._full_at.items()
            if full_at > now
        }
        if len(used) >= MAX_ADDRESSES:
            used = {}
        self._full_at = used


def init_wrong_link_limit(app: Flask) -> None:
    """Check the response to every request whose URL contains a token.

    Call this after `init_headers`. Otherwise, the 429 page would lack the security headers.
    """
    limit = WrongLinkLimit()
    app.after_request(lambda response: _check(response, limit))


def note_wrong_link() -> None:
    """Count the token of this request as wrong, although the response is not a 404."""
    g.is_wrong_link = True


def _check(response: Response, limit: WrongLinkLimit) -> Response:
    is_wrong = response.status_code == 404 or g.get("is_wrong_link", False)
    has_token = ACCESS.get(request.endpoint or "") == BEARER
    if not is_wrong or not has_token:
        return response

    wait = limit.count(address_key())
    if wait is None:
        return response
    error = TooManyRequests(retry_after=count_seconds(wait))
    page = current_app.handle_http_exception(error)
    return current_app.make_response(page)
