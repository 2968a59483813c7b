"""Wrong tokens: who tries many is answered with 429 in the end. A right one always opens, whoever else tries.

A token has 256 bits, so that no limit is needed to keep guessers out; turning whole offices away because of one of them
would be all that a stricter one does. Nothing is written: a guess must not cost the database more than the guesser.
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
MOST_ADDRESSES = 10_000


class Guesses:
    """Counts, for this process, by the same rule as the limits in the database: each try comes back by itself.

    Where several processes answer, somebody may try as many times more as there are of them.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._full_at: dict[str, float] = {}

    def count(self, who: str) -> timedelta | None:
        """Use up one try; None if there was one, else how long there is none."""
        pace, now = WRONG_TOKENS.pace / 1000, self._clock()
        with self._lock:
            if len(self._full_at) >= MOST_ADDRESSES:
                self._forget(now)
            used = max(self._full_at.get(who, now), now) + pace
            wait = used - now - WRONG_TOKENS.tries * pace
            if wait <= 0:
                self._full_at[who] = used
                return None
        return timedelta(seconds=wait)

    def _forget(self, now: float) -> None:
        """Drop whoever has all tries again; if nobody has, everybody."""
        self._full_at = {who: full_at for who, full_at in self._full_at.items() if full_at > now}
        if len(self._full_at) >= MOST_ADDRESSES:
            self._full_at.clear()


def init_guesses(app: Flask) -> None:
    """Look at every answer on a token's page; this comes after the headers, so that they are put on it too."""
    guesses = Guesses()
    app.after_request(lambda response: _count(response, guesses))


def note_wrong_token() -> None:
    """Tell that the token in the address leads nowhere, where the answer itself does not."""
    g.is_wrong_token = True


def _count(response: Response, guesses: Guesses) -> Response:
    is_wrong = response.status_code == 404 or g.get("is_wrong_token", False)
    if not is_wrong or ACCESS.get(request.endpoint or "") != BEARER:
        return response
    wait = guesses.count(address_key())
    if wait is None:
        return response
    page = current_app.handle_http_exception(TooManyRequests(retry_after=count_seconds(wait)))
    return current_app.make_response(page)
